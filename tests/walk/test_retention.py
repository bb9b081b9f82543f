"""What is kept no longer is erased at night, in virtual time as in real, with a record, and nothing younger with it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from maild.config.retention import format_keep, parse_keep
from maild.model import Status
from maild.rehearsal import Rehearsal
from maild.retaining import erase_old, next_erasure, next_night
from maild.store import letters, views
from maild.store.letters import load
from maild.store.personal import is_pseudonym, records
from maild.store.schema import contact, letter, message, outbox, quarantine, ticket
from maild.store.views import ledger
from tests.walk.stage import ANNA, BETA, CONFIG, IVAN, START, SUPPORT, open_desk, reply, to
from tests.walk.stage import letter as written

KEPT = CONFIG + '\n[organization.acme.retention]\nclosed = "30d"\nignored = "10d"\nquarantine = "20d"\n'
DAY = timedelta(days=1)


def closed(desk: Rehearsal, author: str = ANNA, text: str = "Горит красная лампочка.") -> None:
    """A request that an agent closes at once."""
    sent = desk.deliver(written(text, author=author), SUPPORT)
    desk.deliver(reply(to(sent, IVAN), "Готово.\n#закрыть", author=IVAN), SUPPORT)


def left(desk: Rehearsal) -> list[str]:
    """Return the requesters of all requests, and whose words are still there."""
    with desk._office.database.read() as connection:
        words = connection.execute(select(message.c.ticket_id).where(message.c.text != "")).scalars().all()
    return [
        ("erased" if is_pseudonym(one.requester.addr) else one.requester.addr) + (" words" if one.id in words else "")
        for one in desk.tickets()
    ]


def found(desk: Rehearsal) -> list[tuple[str, str, dict[str, int]]]:
    """Return the records, oldest first: who, why, what besides rows."""
    with desk._office.database.read() as connection:
        return [
            (one.who, one.why, {what: n for what, n in one.counts.items() if n and what not in ("rows", "raw")})
            for one in reversed(records(connection, "acme", 100))
        ]


def test_closed_requests_go_when_they_are_old_enough() -> None:
    """At three in the morning of the thirtieth night, not before; the open one and the younger one stay."""
    with open_desk(KEPT) as desk:
        closed(desk)  # Monday, 9:00 in Moscow
        desk.deliver(written("Ещё не решено, ждём.", author="olga@other.example"), SUPPORT)
        desk.advance(DAY)
        closed(desk, author="boris@client.example", text="Второе обращение, другое.")
        desk.advance(START + 30 * DAY)
        desk.advance(datetime(2026, 12, 23, 23, 59, tzinfo=UTC))  # 2:59 in Moscow
        assert left(desk) == ["anna@client.example words", "olga@other.example words", "boris@client.example words"]
        desk.advance(timedelta(minutes=1))
        assert left(desk) == ["erased", "olga@other.example words", "boris@client.example words"]
        assert found(desk) == [("maild", "closed = 30d", {"requests": 1, "letters": 2, "outgoing": 5, "contacts": 1})]
        desk.advance(DAY)
        assert left(desk) == ["erased", "olga@other.example words", "erased"]
        assert [one.status for one in desk.tickets()] == [Status.CLOSED, Status.NEW, Status.CLOSED]
        with desk._office.database.read() as connection:
            assert load(connection, 1, desk._office.blobs) is None
            assert sum(one.unaccounted for one in ledger(connection)) == 0
        desk.advance(400 * DAY)
        assert len(found(desk)) == 2


def test_a_contact_stays_while_another_request_names_them() -> None:
    """Who has a younger request is still known; with the last of them they are not."""
    with open_desk(KEPT) as desk:
        closed(desk)
        desk.advance(5 * DAY)
        closed(desk, text="Второе обращение, другое.")
        people = select(contact.c.address_key).where(contact.c.organization == "acme")
        for days, expected in ((28, ["anna@client.example"]), (5, [])):
            desk.advance(days * DAY)
            with desk._office.database.read() as connection:
                assert connection.execute(people).scalars().all() == expected


def test_letters_without_a_request_go_by_terms_of_their_own() -> None:
    """Machines' after ten days, what was set aside after twenty; they stay in the ledger, and out of the quarantine."""
    with open_desk(KEPT) as desk:
        desk.deliver(written("Меня нет", headers=[("Auto-Submitted", "auto-replied")]), SUPPORT)
        office = desk._office
        desk.deliver(written("Ещё", headers=[("Auto-Submitted", "auto-replied")]), SUPPORT)
        with office.database.write() as connection:
            letters.set_aside(connection, 2, "KeyError", "Traceback of Анна", desk.now)
        for days, erased, aside in ((9, [], [2]), (2, [1], [2]), (10, [1, 2], [])):
            desk.advance(days * DAY)
            with office.database.read() as connection:
                rows = connection.execute(select(letter.c.id).where(letter.c.erased_by.is_not(None))).scalars().all()
                assert (rows, [one.letter_id for one in views.quarantined(connection)]) == (erased, aside)
        with office.database.write() as connection:
            assert not letters.release(connection, 2, desk.now)
            assert connection.execute(select(quarantine.c.traceback)).scalar() == ""
        assert [why for _, why, _ in found(desk)] == ["ignored = 10d", "quarantine = 20d"]


def test_what_went_into_another_stays_as_long_as_that() -> None:
    """However long it is closed: whoever works on the other one reads both. Then both go in one night."""
    with open_desk(KEPT) as desk:
        sent = [desk.deliver(written(f"Вопрос {n}.", subject=f"Вопрос {n}"), SUPPORT) for n in range(3)]
        for n in (1, 2):  # ACME-3 → ACME-2 → ACME-1
            desk.deliver(reply(to(sent[3 - n], IVAN), f"#объединить ACME-{3 - n}", author=IVAN), SUPPORT)
        desk.advance(40 * DAY)
        assert left(desk) == ["anna@client.example words"] * 3
        desk.deliver(reply(to(sent[0], IVAN), "Готово.\n#закрыть", author=IVAN), SUPPORT)
        desk.advance(29 * DAY)
        assert left(desk) == ["anna@client.example words"] * 3
        desk.advance(2 * DAY)
        assert left(desk) == ["erased"] * 3


def test_another_organisation_keeps_its_own() -> None:
    """Whoever says nothing keeps everything."""
    with open_desk(KEPT) as desk:
        sent = desk.deliver(written(to="help@beta.example"), BETA)
        desk.deliver(
            reply(to(sent, "olga@beta-staff.example"), "Done.\n#close", author="Olga <olga@beta-staff.example>"), BETA
        )
        desk.advance(100 * DAY)
        assert left(desk) == ["anna@client.example words"]


def test_many_go_a_few_at_a_time() -> None:
    """So that letters which come meanwhile do not wait for long: a transaction, and a record, for each fifty."""
    with open_desk(KEPT) as desk:
        closed(desk)
        office = desk._office
        with office.database.write() as connection:
            row = dict(connection.execute(select(ticket)).mappings().one())
            for n in range(2, 122):
                connection.execute(ticket.insert().values(row | {"id": n, "number": f"ACME-{n}"}))
        desk.advance(31 * DAY)
        assert [counts["requests"] for *_, counts in found(desk)] == [50, 50, 21]


def test_what_waits_to_be_sent_keeps_its_request() -> None:
    """A letter whose server is away for weeks still says what it was to say."""
    with open_desk(KEPT) as desk:
        closed(desk)
        with desk._office.database.write() as connection:
            connection.execute(
                outbox.update().where(outbox.c.id == 1).values(state="queued", next_attempt_at=START + 90 * DAY)
            )
        desk.advance(40 * DAY)
        assert left(desk) == ["anna@client.example words"]
        with desk._office.database.write() as connection:
            connection.execute(outbox.update().values(state="sent"))
        desk._see_next_look()
        desk.advance(2 * DAY)
        assert left(desk) == ["erased"]


def test_two_daemons_erase_once() -> None:
    """What is due is found in the transaction that erases it."""
    with open_desk(KEPT) as desk:
        closed(desk)
        office, night = desk._office, datetime(2027, 1, 10, 0, 30, tzinfo=UTC)
        assert erase_old(office.database, office.blobs, desk._policy, night) == 1
        assert erase_old(office.database, office.blobs, desk._policy, night) == 0
        assert next_erasure(office.database, desk._policy, night) is None


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-03-02T09:00+00:00", "2026-03-03T00:00+00:00"),
        ("2026-03-02T23:59:59+00:00", "2026-03-03T00:00+00:00"),
        ("2026-03-03T00:00+00:00", "2026-03-03T00:00+00:00"),
        ("2026-03-03T02:59:59+00:00", "2026-03-03T02:59:59+00:00"),
        ("2026-03-03T03:00+00:00", "2026-03-04T00:00+00:00"),
    ],
)
def test_nights(instant: str, expected: str) -> None:
    """Three hours from `at` on, by the zone."""
    at = datetime.min.replace(hour=3).time()
    assert next_night(at, ZoneInfo("Europe/Moscow"), datetime.fromisoformat(instant)) == datetime.fromisoformat(
        expected
    )


@pytest.mark.parametrize(("said", "days"), [("90d", 90), ("26w", 182), ("3y", 1098), (False, None), ("100y", 36600)])
def test_how_long(said: object, days: int | None) -> None:
    """Days, weeks, years; a year is never too short."""
    kept = parse_keep(said)
    assert (kept.days if kept else None) == days
    assert parse_keep(format_keep(kept)) == kept


@pytest.mark.parametrize("said", ["3m", "0d", "1h", "3 y", 3, True, "", "101y", "99999y"])
def test_what_is_no_such_time(said: object) -> None:
    """Months are minutes elsewhere, so nobody may write them here."""
    with pytest.raises(ValueError, match="90d"):
        parse_keep(said)
