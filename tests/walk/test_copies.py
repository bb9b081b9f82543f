"""A letter counts once, however often and wherever it arrives; two letters stay two, whatever they share."""

import pytest

from maild.ingest.dedupe import MAX_ID, identity
from maild.ingest.parse import parse
from maild.model import Message, OutcomeKind
from maild.rehearsal import Rehearsal
from tests.walk.stage import BETA, CONFIG, PLAIN, SUPPORT, ended, events, last, letter, open_desk, summary, ticket

OPENED, DUPLICATE = OutcomeKind.OPENED, OutcomeKind.DUPLICATE


def relayed(octets: bytes) -> bytes:
    """The same letter by another way: other trace headers, other line ends at its end."""
    return (
        b"Received: from a by b; Mon, 23 Nov 2026 06:00:00 +0000\r\nDelivered-To: desk@acme.example\r\n"
        + octets
        + b"\r\n"
    )


def without(octets: bytes, *names: bytes) -> bytes:
    """The letter without some headers."""
    head, _, body = octets.partition(b"\r\n\r\n")
    lines = [
        line for line in head.split(b"\r\n") if not line.lower().startswith(tuple(n.lower() + b":" for n in names))
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("change", "mailbox"),
    [(bytes, SUPPORT), (bytes, PLAIN), (relayed, SUPPORT), (relayed, PLAIN)],
    ids=["same octets", "same octets, other mailbox", "relayed", "relayed, other mailbox"],
)
def test_once_in_an_organisation(desk: Rehearsal, change, mailbox: str) -> None:  # type: ignore[no-untyped-def]
    """The second arrival is a duplicate: no ticket, no letter, a line in the history of the first."""
    octets = letter()
    desk.deliver(octets, SUPPORT)
    first = last(desk).ticket_id
    assert desk.deliver(change(octets), mailbox) == []
    assert (ended(desk), last(desk).ticket_id) == (DUPLICATE, first)
    assert "duplicate" in [line.kind for line in events(desk)]


def test_once_in_each_organisation(desk: Rehearsal) -> None:
    """A letter to two organisations is two requests; neither's customer number or staff shows in the other."""
    octets = letter(to="support@acme.example, help@beta.example")
    here = desk.deliver(octets, SUPPORT)
    there = desk.deliver(octets, BETA)
    assert ended(desk) is OPENED
    assert summary(here) == [
        "acknowledgement anna@client.example", "notification ivan@staff.example", "notification petra@staff.example",
    ]  # fmt: skip
    assert summary(there) == ["acknowledgement anna@client.example", "notification olga@beta-staff.example"]
    assert [ticket(desk, one.ticket_id).organization for one in desk.settled[-2:]] == ["acme", "beta"]
    assert {p.address.addr for p in ticket(desk).participants} == {"anna@client.example"}


@pytest.mark.parametrize("field", ["text", "subject", "author", "attachments"])
def test_one_message_id_for_two_letters(desk: Rehearsal, field: str) -> None:
    """A gateway reuses an id: other words, another subject, author or file make another letter."""
    same = [("Message-ID", f"<gateway-{field}@x.example>")]
    desk.deliver(letter(attachments={"a.pdf": b"1"}, headers=same), SUPPORT)
    other = {"text": "Иначе", "subject": "Другое", "author": "other@client.example", "attachments": {"a.pdf": b"2"}}
    desk.deliver(letter(**{"attachments": {"a.pdf": b"1"}, field: other[field]}, headers=same), SUPPORT)  # type: ignore[arg-type]
    # the id of the first is no proof of anything: the second opens a ticket or joins its author's own
    assert ended(desk) in (OPENED, OutcomeKind.APPENDED)
    assert last(desk).message is not None


NO_ID = [(b"Message-ID",), (b"Message-ID", b"Date")]


@pytest.mark.parametrize("names", NO_ID, ids=["without an id", "without id and date"])
def test_without_a_message_id(desk: Rehearsal, names: tuple[bytes, ...]) -> None:
    """Imported once, and never merged with another that has none either."""
    octets = without(letter("Один"), *names)
    desk.deliver(octets, SUPPORT)
    assert ended(desk) is OPENED
    desk.deliver(octets, PLAIN)
    assert ended(desk) is DUPLICATE
    desk.deliver(without(letter("Другой"), *names), SUPPORT)
    assert ended(desk) is OPENED


def test_without_an_id_by_another_way(desk: Rehearsal) -> None:
    """Date and words tell a relayed copy; without a date too, only the same octets do: two letters may be alike."""
    octets = without(letter("Дата"), b"Message-ID")
    desk.deliver(octets, SUPPORT)
    desk.deliver(relayed(octets), SUPPORT)
    assert ended(desk) is DUPLICATE
    octets = without(letter("Без даты"), b"Message-ID", b"Date")
    desk.deliver(octets, SUPPORT)
    desk.deliver(relayed(octets), SUPPORT)
    assert ended(desk) is OPENED


@pytest.mark.parametrize("octets", [b"", b"\r\n", b"Subject: \r\n\r\n"])
def test_letters_of_nothing(desk: Rehearsal, octets: bytes) -> None:
    """An empty letter is a letter: a ticket without an answer, and once."""
    sent = desk.deliver(octets, SUPPORT)
    assert summary(sent) == ["notification ivan@staff.example", "notification petra@staff.example"]
    assert ended(desk) is OPENED
    desk.deliver(octets, SUPPORT)
    assert ended(desk) is DUPLICATE


def test_reading_a_mailbox_twice_changes_nothing() -> None:
    """All of it again, in another order: the same tickets, and not one letter more."""
    letters = [letter(f"{n}", author=f"c{n}@client.example") for n in range(8)] + [
        without(letter("x"), b"Message-ID"),
        b"",
    ]
    with open_desk() as desk:
        for octets in letters:
            desk.deliver(octets, SUPPORT)
        tickets = desk.tickets()
        again = [one for octets in reversed(letters) for one in desk.deliver(octets, SUPPORT)]
        assert again == []
        assert desk.tickets() == tickets
        assert {one.outcome.kind for one in desk.settled[len(letters) :]} == {DUPLICATE}


def test_a_resend_in_two_mailboxes_is_told_once() -> None:
    """The very same octets once more are a copy of the resend, which repeats a letter itself."""
    with open_desk(CONFIG.replace('window = "0s"', 'window = "7d"', 1)) as desk:
        desk.deliver(letter(), SUPPORT)
        again = letter()
        assert len(desk.deliver(again, SUPPORT)) == 2  # to both agents
        assert desk.deliver(again, PLAIN) == []


def test_identities_fit_an_index() -> None:
    """An id too long for any index is replaced by its digest; one at the limit is kept."""
    long, longest = "x" * (MAX_ID + 1), "x" * MAX_ID
    assert identity(Message(message_id=longest)) == longest
    assert identity(Message(message_id=long)).startswith("long:")
    assert identity(Message(message_id=long)) != identity(Message(message_id=long + "y"))
    assert identity(parse(b"")) == ""
