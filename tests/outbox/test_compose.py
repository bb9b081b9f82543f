"""From a draft to a sound letter: whose token, which headers, which words, and nothing a stranger smuggled in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.parse import parse
from maild.model import Address, Attachment, Draft, Outgoing, Participant, Purpose, Role, Status, Ticket
from maild.outbox.compose import MAX_ID, MAX_REFERENCES, Letterhead, ascii_domain, compose
from maild.outbox.samples import sample_words
from maild.outbox.templates import Templates
from maild.tokens import Keyring, find_tokens

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEYRING = Keyring(b"a key for tests, thirty-two octets long")
ANNA = Address(name="Анна Петрова", addr="anna@client.example")
BORIS = Address(addr="boris@client.example")
IVAN = Address(name="Иван", addr="ivan@staff.example")
TICKET = Ticket(
    id=17,
    number="ACME-17",
    organization="acme",
    mailbox="acme/support",
    subject="Не печатает принтер",
    status=Status.OPEN,
    requester=ANNA,
    participants=(Participant(address=ANNA, role=Role.REQUESTER),),
    opened_at=NOW,
)
TEMPLATES, _ = Templates.load("ru", None)


def head(**changes: Any) -> Letterhead:
    standing: dict[str, Any] = {
        "mailbox": "acme/support",
        "sender": Address(name="ООО «Акме»", addr="support@acme.example"),
        "organization": "ООО «Акме»",
        "subaddress": True,
        "templates": TEMPLATES,
        "keyring": KEYRING,
        "zone": ZoneInfo("Europe/Moscow"),
    }
    return Letterhead(**standing | changes)


def written(purpose: Purpose = Purpose.ACKNOWLEDGEMENT, letterhead: Letterhead | None = None, **draft: Any) -> Outgoing:
    words: Mapping[str, object] = {
        name: value
        for name, value in next(sample_words(purpose)).items()
        if name not in ("number", "token", "customer")
    }
    standing: dict[str, Any] = {"recipient": ANNA, "ticket": TICKET, "subject": TICKET.subject, "words": words}
    return compose(Draft(purpose=purpose, **standing | draft), letterhead or head(), unique="9-0-abc", now=NOW)


def read(outgoing: Outgoing) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(outgoing.octets)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@pytest.mark.parametrize(
    ("purpose", "submitted"),
    [
        (Purpose.ACKNOWLEDGEMENT, "auto-replied"),
        (Purpose.NOTIFICATION, "auto-generated"),
        (Purpose.ANSWER, None),
        (Purpose.ADMIN, "auto-generated"),
        (Purpose.REFUSAL, "auto-replied"),
        (Purpose.EXTENSION, "auto-generated"),
        (Purpose.RECEIPT, "auto-replied"),
        (Purpose.REMINDER, "auto-generated"),
        (Purpose.POSTPONEMENT, "auto-replied"),
        (Purpose.OFFER, "auto-generated"),
        (Purpose.CHASER, "auto-generated"),
        (Purpose.CLOSING, "auto-generated"),
        (Purpose.FORWARDING, "auto-generated"),
        (Purpose.PASSING, "auto-generated"),
        (Purpose.SATISFACTION, "auto-generated"),
    ],
)
def test_what_we_send_says_that_a_machine_wrote_it(purpose: Purpose, submitted: str | None) -> None:
    """Automatic letters carry Auto-Submitted and ask Exchange for silence; an agent's words do not; all carry the loop header."""
    message = read(written(purpose))
    assert message["Auto-Submitted"] == submitted
    assert message["X-Auto-Response-Suppress"] == ("All" if submitted else None)
    assert message["X-Maild-Loop"] == KEYRING.loop_id
    assert message["MIME-Version"] == "1.0"
    assert str(message["Date"]) == "Mon, 23 Nov 2026 12:30:00 +0300"


def test_only_what_an_agent_asked_for_is_never_held_back() -> None:
    """Caps hold what we write of our own accord; what an agent sends, and a request that is passed on, always leave."""
    always = {Purpose.ANSWER, Purpose.EXTENSION, Purpose.OFFER, Purpose.RESOLUTION, Purpose.FORWARDING, Purpose.PASSING, Purpose.NEWS, Purpose.PLANNED, Purpose.UPDATED}  # fmt: skip
    assert {one for one in Purpose if not written(one).automatic} == always


@pytest.mark.parametrize(
    ("closed", "author", "answered"),
    [
        (False, ANNA, None),  # they answer us
        (True, ANNA, ANNA),
        (True, Address(addr=""), None),  # nobody else to answer
    ],
)
def test_whom_a_unit_outside_answers(closed: bool, author: Address, answered: Address | None) -> None:
    """The customer, where the request is no longer ours; else us, by their own code. What cannot be delivered comes to us."""
    unit = Address(addr="dev@partner.example")
    words = {"unit": "Разработка", "author": author, "text": "Не печатает.", "closed": closed}
    outgoing = written(Purpose.PASSING, recipient=unit, words=words)
    message, ours = read(outgoing), f"support+{KEYRING.token(17, unit.addr)}@acme.example"
    assert message["From"].addresses[0].addr_spec == "support@acme.example"
    reply_to = message["Reply-To"].addresses[0]
    assert (reply_to.addr_spec, reply_to.display_name) == (
        (answered.addr, answered.name) if answered else (ours, "ООО «Акме»")
    )
    assert outgoing.envelope_sender == ours
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert (str(KEYRING.token(17, unit.addr)) in text) is not closed


def test_a_receipt_stands_beside_the_notifications() -> None:
    """An agent's mail client shows all letters of a ticket in one thread, and the customer's ids stay out of it."""
    (notification, receipt) = (
        read(written(purpose, in_reply_to="theirs@client.example"))
        for purpose in (Purpose.NOTIFICATION, Purpose.RECEIPT)
    )
    assert receipt["References"] == notification["References"]
    assert "theirs@client.example" not in receipt["References"]


def test_a_reminder_needs_no_ticket() -> None:
    """It speaks of many: no token to answer with, but whose desk it is."""
    words = next(sample_words(Purpose.REMINDER))
    words = {name: value for name, value in words.items() if name not in ("organization", "address")}
    outgoing = written(Purpose.REMINDER, ticket=None, words=words)
    assert outgoing.ticket_id is None
    assert "ООО «Акме»" in read(outgoing).get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize("subaddress", [True, False])
def test_the_token_stands_where_answers_find_it(subaddress: bool) -> None:
    """In Reply-To and the return path where plus addresses work; always in the Message-ID and once in each body."""
    outgoing = written(letterhead=head(subaddress=subaddress))
    message, token = read(outgoing), str(KEYRING.token(17, ANNA.addr))
    address = f"support+{token}@acme.example" if subaddress else "support@acme.example"
    assert outgoing.envelope_sender == address
    assert (message["Reply-To"].addresses[0].addr_spec if subaddress else message["Reply-To"]) == (
        address if subaddress else None
    )
    assert message["Message-ID"] == f"<{token}.9-0-abc@acme.example>" == f"<{outgoing.message_id}>"
    for part in message.iter_parts():
        assert [str(found) for found in find_tokens(part.get_content())] == [token]
        assert part.get_content().count(token) == 1
    assert message["From"].addresses[0].addr_spec == "support@acme.example"


def test_every_recipient_has_a_token_of_their_own() -> None:
    """Whoever has one letter cannot answer in another's name, and spelling an address differently changes nothing."""
    tokens = {written(recipient=one).message_id for one in (ANNA, BORIS, IVAN)}
    assert len(tokens) == 3
    shouted = Address(addr=ANNA.addr.upper())
    assert written(recipient=shouted).message_id == written(recipient=ANNA).message_id


def test_a_letter_to_the_admin_has_no_token() -> None:
    """It belongs to no ticket: no plus address, no code, and the plain return path for its bounces."""
    outgoing = written(Purpose.ADMIN, ticket=None)
    assert find_tokens(outgoing.octets.decode()) == ()
    assert (outgoing.envelope_sender, outgoing.ticket_id) == ("support@acme.example", None)


def test_people_in_copy_are_shown() -> None:
    """One recipient in the envelope, all in the header."""
    outgoing = written(Purpose.ANSWER, recipient=BORIS, shown_to=(ANNA,), shown_cc=(BORIS,))
    message = read(outgoing)
    assert outgoing.recipient == BORIS.addr
    assert [a.addr_spec for a in message["To"].addresses] == [ANNA.addr]
    assert [a.addr_spec for a in message["Cc"].addresses] == [BORIS.addr]
    assert message["Bcc"] is None


# ── threading ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answered", "references", "expected"),
    [
        (None, (), None),
        (None, ("a@x",), None),
        ("a@x", (), ("a@x",)),
        ("c@x", ("a@x", "b@x"), ("a@x", "b@x", "c@x")),
        ("a@x", ("a@x",), ("a@x",)),
        ("z@x", tuple(f"{n}@x" for n in range(50)), ("0@x", *(f"{n}@x" for n in range(31, 50)), "z@x")),
        ("ж@x", ("a@x",), None),
        ("a b@x", (), None),
        ("a@x>\r\nBcc: m@evil.example", (), None),
        ("x" * (MAX_ID + 1), (), None),
        ("x" * MAX_ID, (), ("x" * MAX_ID,)),
        ("a@x", ("ж@x", "b@x", "c d@x", "<@x"), ("b@x", "a@x")),
    ],
)
def test_references(answered: str | None, references: tuple[str, ...], expected: tuple[str, ...] | None) -> None:
    """Oldest first, the first and the latest of a long thread; ids that no header can carry are left out."""
    outgoing = written(in_reply_to=answered, references=references)
    assert parse(outgoing.octets).references == (expected or ())
    assert parse(outgoing.octets).in_reply_to == ((answered,) if expected else ())
    assert max(map(len, outgoing.octets.split(b"\r\n"))) <= 998
    assert len(expected or ()) <= MAX_REFERENCES + 1


def test_an_agents_letters_form_one_thread() -> None:
    """All notifications of a ticket answer one made-up letter, whoever wrote what caused them."""
    first, second = (
        written(Purpose.NOTIFICATION, recipient=IVAN),
        written(Purpose.NOTIFICATION, recipient=IVAN, in_reply_to="a@x"),
    )
    assert parse(first.octets).in_reply_to == parse(second.octets).in_reply_to != ()
    other = written(Purpose.NOTIFICATION, recipient=IVAN, ticket=Ticket(**{**vars(TICKET), "id": 18}))
    assert parse(other.octets).in_reply_to != parse(first.octets).in_reply_to


def test_a_notification_shows_who_wrote() -> None:
    """From is our address under the customer's name, so that the agent's list of letters reads like a list of people."""
    words = dict(next(sample_words(Purpose.NOTIFICATION))) | {"author": ANNA}
    message = parse(written(Purpose.NOTIFICATION, recipient=IVAN, words=words).octets)
    assert str(message.author) == "Анна Петрова (ООО «Акме») <support@acme.example>"


# ── what strangers smuggle ───────────────────────────────────────────────────────────────────────────────────────────

hostile = st.text(
    alphabet=st.sampled_from('aж \r\n\t\v\f\x00\x07\x1b\x85\u2028\u2029\u202e\ufeff:<>@,;"\\=?{}%$'), max_size=60
)
EXPECTED_FIELDS = {"from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
                   "x-maild-loop", "mime-version", "content-type"}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(subject=hostile, name=hostile, text=hostile, file_name=hostile)
def test_nothing_is_smuggled(subject: str, name: str, text: str, file_name: str) -> None:
    """Line breaks and control characters of a stranger make no header, no recipient and no part."""
    ticket = Ticket(**{**vars(TICKET), "subject": subject, "requester": Address(name=name, addr=ANNA.addr)})
    words = dict(next(sample_words(Purpose.NOTIFICATION))) | {"author": ticket.requester, "text": text}
    attachment = Attachment(
        index=0,
        name=file_name,
        media_type="application/pdf",
        size=1,
        sha256="",
    )
    draft = Draft(
        purpose=Purpose.NOTIFICATION,
        recipient=ticket.requester,
        ticket=ticket,
        subject=subject,
        words=words,
        attached=(attachment,),
    )
    outgoing = compose(draft, head(), unique="1", now=NOW, read_attachment=lambda _index: b"%PDF")
    fields = {
        line.split(b":")[0].decode().lower()
        for line in outgoing.octets.partition(b"\r\n\r\n")[0].split(b"\r\n")
        if line[:1] not in b" \t"
    }
    assert fields <= EXPECTED_FIELDS | {"in-reply-to", "references"}
    message = parse(outgoing.octets)
    assert [a.addr for a in message.to] == [ANNA.addr]
    assert [a.addr for a in message.reply_to] == [outgoing.envelope_sender]
    assert len(message.attachments) == 1
    assert "\n" not in outgoing.subject
    assert outgoing.octets.isascii()


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "message/rfc822",
        "multipart/mixed",
        "image",
        "",
        "ж/ж",
        "image/ж",
        "image/a b",
        "image/svg+xml",
        "application/" + "x" * 300,
        "a/b/c",
        "image/x\r\ny: z",
    ],
)
def test_attachments_are_carried_never_opened(media_type: str) -> None:
    """Whatever type a stranger's file claims, its octets and name arrive; what a client might run or unfold arrives as octets."""
    attachment = Attachment(index=3, name="счёт за ноябрь.pdf", media_type=media_type, size=4, sha256="")
    draft = Draft(purpose=Purpose.ACKNOWLEDGEMENT, recipient=ANNA, ticket=TICKET, attached=(attachment,))
    outgoing = compose(draft, head(), unique="1", now=NOW, read_attachment=lambda index: b"\x00\xff%d" % index)
    (part,) = list(read(outgoing).iter_attachments())
    assert part.get_payload(decode=True) == b"\x00\xff3"
    assert part.get_filename() == "счёт за ноябрь.pdf"
    assert part.get_content_maintype() not in ("text", "message", "multipart")
    assert "y" not in part


@pytest.mark.parametrize(
    ("domain", "ascii_form"),
    [
        ("acme.example", "acme.example"),
        ("почта.рф", "xn--80a1acny.xn--p1ai"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("a..b", "a..b"),
        ("", ""),
    ],
)
def test_domains(domain: str, ascii_form: str) -> None:
    """As SMTP can carry them; nonsense stays what it is."""
    assert ascii_domain(domain) == ascii_form


@pytest.mark.parametrize(
    ("addr", "sendable"),
    [
        ("anna@client.example", True),
        ("a" * 64 + "@client.example", True),
        ("anna@почта.рф", True),
        ("anna+tag@client.example", True),
        ("o'brien@client.example", True),
        ("a@localhost", True),
        ("анна@client.example", False),
        ("a b@client.example", False),
        ('"a b"@client.example', False),
        ("a..b@client.example", False),
        (".a@client.example", False),
        ("a@b@c", False),
        ("a@", False),
        ("@b", False),
        ("", False),
        ("a@b..c", False),
        ("a@[127.0.0.1]", False),
        ("a@" + "b" * 64 + ".example", False),
        ("a@" + "ж" * 60 + ".example", False),
        ("a" * 290 + "@client.example", False),
        ("a@b\r\nRCPT TO:<c@d>", False),
        ("a@b ", False),
    ],
)
def test_addresses_we_write_to(addr: str, sendable: bool) -> None:
    """Only what SMTP can carry is written to, and all of that can be composed."""
    assert Address(addr=addr).sendable is sendable
    if sendable:
        assert read(written(recipient=Address(name="А", addr=addr)))["To"].addresses


def test_what_costs_something_is_made_when_it_is_written() -> None:
    """Whoever decides, or compares decisions, does not pay for a page that nobody writes."""
    made: list[str] = []

    def page() -> str:
        made.append("page")
        return "<p>Дорогая <b>страница</b></p>"

    words = {**next(sample_words(Purpose.NOTIFICATION)), "text": "Дешёвый текст", "author": ANNA, "page": ""}
    draft = Draft(
        purpose=Purpose.NOTIFICATION, recipient=IVAN, ticket=TICKET, subject="Принтер", words=words, costly={"page": page}
    )  # fmt: skip
    assert made == []
    assert draft == Draft(purpose=Purpose.NOTIFICATION, recipient=IVAN, ticket=TICKET, subject="Принтер", words=words)
    html = read(compose(draft, head(), unique="9-0-abc", now=NOW)).get_body(("html",))
    assert made == ["page"]
    assert html is not None
    assert "<p>Дорогая <b>страница</b></p>" in html.get_content()
