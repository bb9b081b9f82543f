"""What a letter of the past sees of its ticket: what was there before it, and nothing that came later."""

from maild.store.blobs import LocalBlobs
from maild.store.past import looking, stored_letters
from tests.walk.stage import ANNA, IVAN, START, SUPPORT, letter, open_desk, reply, to


def test_the_customers_latest_words_are_those_of_then() -> None:
    """Of a letter itself none are seen, nor of those after it."""
    with open_desk() as desk:
        first = to(desk.deliver(letter("Не печатает."), SUPPORT), ANNA)
        for words in ("И не сканирует.", "И не звонит."):
            desk.deliver(reply(first, words, author=ANNA), SUPPORT)
        database, blobs = desk._office.database, LocalBlobs(desk.folder / "blobs")
        with database.read() as connection:
            stored = stored_letters(connection, START)
        with looking(database, (None,), stored, blobs) as (look, _):
            seen = [past.latest_words(1) for one in stored for past in look.as_of(one)]
    assert seen == ["", "Не печатает.", "И не сканирует."]


def test_what_was_made_out_of_a_request_is_not_seen_before() -> None:
    """Neither by the letters between, nor by the one that did it."""
    with open_desk() as desk:
        first = desk.deliver(letter("Не печатает."), SUPPORT)
        desk.deliver(reply(to(first, ANNA), "И не сканирует.", author=ANNA), SUPPORT)
        desk.deliver(
            reply(to(first, "ivan@staff.example"), "#разделить Не сканирует.\n#split Scans.", author=IVAN), SUPPORT
        )
        desk.deliver(reply(to(first, ANNA), "И не звонит.", author=ANNA), SUPPORT)
        desk.deliver(letter("Другое."), SUPPORT)
        with desk._office.database.read() as connection:
            assert [one.then.tickets for one in stored_letters(connection, START)] == [0, 1, 1, 3, 3]
