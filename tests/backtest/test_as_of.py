"""What a letter of the past sees of its ticket: what was there before it, and nothing that came later."""

from maild.store.blobs import LocalBlobs
from maild.store.past import looking, stored_letters
from tests.walk.stage import ANNA, START, SUPPORT, letter, open_desk, reply, to


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
