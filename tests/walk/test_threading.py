"""A ticket is entered with a token, or by those who take part in it; everybody else opens one of their own."""

from itertools import count

import pytest

from maild.model import OutcomeKind, Role, Status
from maild.rehearsal import KEY, Rehearsal, SentLetter
from maild.tokens import Keyring, find_tokens
from tests.walk.stage import (
    BETA,
    BORIS,
    IVAN,
    MALLORY,
    PLAIN,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    outside,
    reply,
    reply_address,
    summary,
    ticket,
    to,
)

SECRET = "секрет-другого-обращения"
_people = count(1)


class Opened:
    """A ticket of its own customer with a secret in it, its acknowledgement and the agent's answer."""

    def __init__(self, desk: Rehearsal, mailbox: str = SUPPORT, *, answered: bool = True) -> None:
        self.customer = f"customer{next(_people)}@client.example"
        asked = letter(
            SECRET,
            author=self.customer,
            subject=SECRET,
            to={SUPPORT: "support", PLAIN: "desk"}[mailbox] + "@acme.example",
        )
        sent = desk.deliver(asked, mailbox)
        self.ticket = ticket(desk)
        self.ack = to(sent, self.customer)
        self.notification = to(sent, IVAN)
        if answered:
            self.answer = to(desk.deliver(reply(self.notification, SECRET, author=IVAN), mailbox), self.customer)


def bare(
    headers: dict[str, str], text: str = "Что там нового?", *, author: str, to: str = "support@acme.example"
) -> bytes:
    return letter(text, author=author, to=to, subject=headers.pop("Subject", "Вопрос"), headers=headers.items())


def ways_in(opened: Opened) -> dict[str, dict[str, str]]:
    """Every way a letter can speak of a ticket, each alone: headers to write it with."""
    ack = opened.ack.message
    return {
        "reply address": {"To": reply_address(ack)},
        "upper-case reply address": {"To": reply_address(ack).upper()},
        "In-Reply-To": {"In-Reply-To": f"<{ack.message_id}>"},
        "In-Reply-To in upper case": {"In-Reply-To": f"<{(ack.message_id or '').upper()}>"},
        "References": {"References": f"<x@y.example> <{ack.message_id}> <z@y.example>"},
        "the customer's own id": {"In-Reply-To": f"<{ack.in_reply_to[0]}>"},
        "the code in the body": {"body": f"> код {find_tokens(ack.text)[0]}"},
        "the number": {"Subject": f"Re: [{opened.ticket.number}] {SECRET}"},
        "the number in small letters": {"Subject": f"RE: {opened.ticket.number.lower()}"},
    }


WAYS = ["reply address", "upper-case reply address", "In-Reply-To", "In-Reply-To in upper case", "References",
        "the customer's own id", "the code in the body", "the number", "the number in small letters"]  # fmt: skip
TOKEN_WAYS = {"reply address", "upper-case reply address", "In-Reply-To", "In-Reply-To in upper case"}


@pytest.mark.parametrize("way", WAYS)
def test_a_participant_comes_back(desk: Rehearsal, way: str) -> None:
    """Whatever the mail client leaves of the trail, one piece is enough; the ticket is open again and whose it is knows."""
    opened = Opened(desk)
    headers = ways_in(opened)[way]
    body = headers.pop("body", "Что там нового?")
    sent = desk.deliver(bare(headers, body, author=opened.customer.upper()), SUPPORT)
    assert (ended(desk), ticket(desk).number) == (OutcomeKind.APPENDED, opened.ticket.number), last(desk).outcome.reason
    assert summary(sent) == ["notification ivan@staff.example"]
    assert ticket(desk).status is Status.OPEN


@pytest.mark.parametrize("way", sorted(set(WAYS) - TOKEN_WAYS))
def test_a_stranger_stays_outside(desk: Rehearsal, way: str) -> None:
    """A number, References or a quoted code opens a new ticket, linked to the other; its words reach the stranger never."""
    opened = Opened(desk)
    headers = ways_in(opened)[way]
    body = headers.pop("body", "Что там нового?")
    sent = desk.deliver(bare(headers, body, author=MALLORY), SUPPORT)
    assert_outside(desk, opened, sent)
    assert "linked" in [line.kind for line in events(desk)]
    # and an agent's answer to the stranger's ticket stays there
    answered = desk.deliver(reply(to(sent, IVAN), "Кто вы?", author=IVAN), SUPPORT)
    assert summary(answered) == ["answer mallory@evil.example"]
    assert_silent_about(opened, answered)


def assert_outside(desk: Rehearsal, opened: Opened, sent: list[SentLetter]) -> None:
    assert ended(desk) is OutcomeKind.OPENED
    assert last(desk).ticket_id != opened.ticket.id
    assert ticket(desk, opened.ticket.id).status is Status.WAITING
    assert {p.address.key for p in ticket(desk, opened.ticket.id).participants} == {opened.customer}
    assert {one.recipient for one in outside(sent)} <= {"mallory@evil.example"}
    assert_silent_about(opened, sent)


def assert_silent_about(opened: Opened, sent: list[SentLetter]) -> None:
    for one in outside(sent):
        said = one.message.text + (one.message.html or "") + one.octets.decode("ascii")
        said = said.replace(one.message.subject, "")  # a stranger may name the ticket themselves
        assert SECRET not in said
        assert opened.customer not in said


def test_whoever_was_given_the_letter_may_answer(desk: Rehearsal) -> None:
    """The customer passes our letter on to a colleague, who answers it: the token lets the words in, and nobody else."""
    opened = Opened(desk)
    sent = desk.deliver(reply(opened.answer, "Отвечаю за коллегу.", author="colleague@client.example"), SUPPORT)
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, opened.ticket.id)
    assert outside(sent) == []
    assert [p.address.key for p in ticket(desk).participants] == [opened.customer]


MACS = "abcdefghijklmnop"


def tokens_that_fit_nothing(opened: Opened, other: Opened, foreign: SentLetter) -> dict[str, str]:
    ours, theirs, abroad = (find_tokens(one.message.message_id or "")[0] for one in (opened.ack, other.ack, foreign))
    forged = Keyring(b"another key that is long enough too!").token(opened.ticket.id, "mallory@evil.example")
    return {
        "made up": f"t{opened.ticket.id}.{MACS}",
        "made with another key": str(forged),
        "of one ticket with the signature of another": f"t{ours.ticket_id}.{theirs.mac}",
        "of another organisation": str(abroad),
        "of a ticket that does not exist": str(Keyring(KEY).token(999_999_999_999, opened.customer)),
        "one letter changed": f"t{ours.ticket_id}.{ours.mac[:-1]}{'a' if ours.mac[-1] != 'a' else 'b'}",
        "cut short": f"t{ours.ticket_id}.{ours.mac[:-1]}",
        "letters that fold to ASCII": f"t{ours.ticket_id}." + "\u017f" * 16,
    }


@pytest.fixture(scope="module")
def three(desk: Rehearsal) -> tuple[Opened, Opened, SentLetter]:
    """Two tickets here, and the acknowledgement of one in another organisation."""
    opened, other = Opened(desk), Opened(desk, answered=False)
    return (
        opened,
        other,
        to(desk.deliver(letter(author=opened.customer, to="help@beta.example"), BETA), opened.customer),
    )


@pytest.mark.parametrize(
    "which",
    ["made up", "made with another key", "of one ticket with the signature of another", "of another organisation",
     "of a ticket that does not exist", "one letter changed", "cut short", "letters that fold to ASCII"],
)  # fmt: skip
@pytest.mark.parametrize("spot", ["address", "In-Reply-To", "body"])
def test_a_token_that_fits_nothing_opens_nothing(
    desk: Rehearsal, three: tuple[Opened, Opened, SentLetter], which: str, spot: str
) -> None:
    """A forged or foreign token is no key: the letter is a request of its own."""
    token = tokens_that_fit_nothing(*three)[which]
    head = {
        "address": f"Delivered-To: support+{token}@acme.example\r\n",
        "In-Reply-To": f"In-Reply-To: <{token}.1@acme.example>\r\n",
        "body": "",
    }[spot]
    raw = letter(f"код {token}" if spot == "body" else "Что нового?", author=MALLORY)
    assert_outside(desk, three[0], desk.deliver(head.encode() + raw, SUPPORT))


def test_a_customers_token_of_another_organisation(desk: Rehearsal) -> None:
    """A letter that reaches the wrong organisation opens a ticket there and touches nothing here."""
    opened = Opened(desk)
    sent = desk.deliver(reply(opened.answer, "Не туда.", author=opened.customer, to="help@beta.example"), BETA)
    assert (ended(desk), ticket(desk).organization) == (OutcomeKind.OPENED, "beta")
    assert summary(sent) == [f"acknowledgement {opened.customer}", "notification olga@beta-staff.example"]
    assert ticket(desk, opened.ticket.id).status is Status.WAITING


def test_a_colleague_in_copy_takes_part(desk: Rehearsal) -> None:
    """Whom the customer puts in Cc may answer with nothing but the number, and gets the agents' answers."""
    sent = desk.deliver(letter(author="head@client.example", headers=[("Cc", f"Борис <{BORIS}>")]), SUPPORT)
    number = ticket(desk).number
    assert {p.role: p.address.addr for p in ticket(desk).participants} == {
        Role.REQUESTER: "head@client.example",
        Role.COPIED: BORIS,
    }
    desk.deliver(bare({"Subject": f"Re: {number}"}, author=BORIS.upper()), SUPPORT)
    assert (ended(desk), ticket(desk).number) == (OutcomeKind.APPENDED, number)
    assert len(outside(sent)) == 1


def test_people_join_with_a_token_only(desk: Rehearsal) -> None:
    """From and a number are easily forged: they let words in, but nobody new; with a token the author may bring people."""
    opened = Opened(desk)
    forged = bare({"Subject": opened.ticket.number, "Cc": MALLORY}, author=opened.customer)
    desk.deliver(forged, SUPPORT)
    assert ended(desk) is OutcomeKind.APPENDED
    assert "not joined" in [line.kind for line in events(desk)]
    assert {p.address.key for p in ticket(desk).participants} == {opened.customer}
    sent = desk.deliver(reply(opened.answer, "+ Борис", author=opened.customer, headers=[("Cc", BORIS)]), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "Всем привет.", author=IVAN), SUPPORT)
    assert summary(answered) == [f"answer {BORIS}", f"answer {opened.customer}"]


def test_a_mailbox_without_subaddresses(desk: Rehearsal) -> None:
    """There the Message-ID and the body carry the token, and no address of ours has a plus in it."""
    opened = Opened(desk, PLAIN)
    assert b"+t" not in opened.ack.octets
    desk.deliver(reply(opened.answer, "Спасибо.", author=opened.customer), PLAIN)
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, opened.ticket.id)
    desk.deliver(reply(opened.answer, "Через другой ящик.", author=opened.customer, to="support@acme.example"), SUPPORT)
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, opened.ticket.id)


@pytest.mark.parametrize(
    "text",
    [
        "Reply to the whole quoted letter with its code in a line of its own: {token}",
        "> {token}",
        "<p>{token}</p>",
        "Код {token}.",
        "t{token}",
        "http://x.example/{token}/",
    ],
)
def test_tokens_are_found_where_they_stand(text: str) -> None:
    """A token between anything but letters and digits is one; glued to letters it is not."""
    token = Keyring(KEY).token(17, "anna@client.example")
    found = find_tokens(text.format(token=token))
    assert found == (() if text == "t{token}" else (token,))
    assert find_tokens(text.format(token=str(token).upper())) == found


def test_numbers_are_whole_words() -> None:
    """ACME-1 is not in ACME-12, XACME-1 or ACME-1x."""
    from maild.ingest.thread import find_clues
    from maild.model import Message

    for subject, numbers in {
        "Re: [ACME-1] x": ("ACME-1",),
        "acme-12": ("ACME-12",),
        "XACME-1": (),
        "ACME-1, ACME-1, ACME-2": ("ACME-1", "ACME-2"),
        "ACME-" + "9" * 13: (),
        "(ACME-7)": ("ACME-7",),
        "№ACME-7": ("ACME-7",),
    }.items():
        assert find_clues(Message(subject=subject), "ACME").numbers == numbers, subject
    many = " ".join(f"ACME-{n}" for n in range(100_000))
    assert len(find_clues(Message(subject=many), "ACME").numbers) == 20
