"""Address fields, ids and dates as people and programs write them; mail-parser reads what RFC 5322 allows."""

from datetime import UTC, datetime
from email.headerregistry import Address as StandardAddress
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.octets import addresses, ids
from maild.ingest.octets.dates import mended_date
from maild.ingest.octets.ids import find_ids
from maild.ingest.parse import parse
from maild.model import Address


def read(field: str, name: str = "To") -> tuple[Address, ...]:
    message = parse(f"{name}: {field}\n\nx".encode())
    return message.to if name == "To" else (message.author,) if message.author else ()


I = "i@x.example"  # noqa: E741 - stands in every row of the tables below


@pytest.mark.parametrize(
    ("field", "name", "addr"),
    [
        (f"Иванов, Иван <{I}>", "Иванов, Иван", I),
        (f"Last,First<{I}>", "Last, First", I),
        (f"=?utf-8?B?0JjQstCw0L3QvtCy?=, Ivan <{I}>", "Иванов, Ivan", I),
        (f"=?utf-8?Q?=D0=98=2C_=D0=9F?= <{I}>", "И, П", I),
        (f"Отдел: продаж <{I}>", "Отдел: продаж", I),
        (f"Re: Ivan <{I}>", "Re: Ivan", I),
        (f'ООО "Ромашка", отдел <{I}>', "ООО Ромашка, отдел", I),
        (f'"ООО \\"Ромашка\\"" <{I}>', 'ООО "Ромашка"', I),
        (f'"ООО "Ромашка"" <{I}>', "ООО Ромашка", I),
        (f"Ivan [{I}]", "Ivan", I),
        (f"Ivan {I}", "Ivan", I),
        (f'"Ivan" {I}', "Ivan", I),
        (f"Ivan {I}>", "Ivan", I),
        (f"Ivan <{I}", "Ivan", I),
        (f"Ivan <<{I}>>", "Ivan", I),
        (f"Ivan <mailto:{I}>", "Ivan", I),
        (f"mailto:{I}", "", I),
        (f"<{I}> Иван", "Иван", I),
        (f"<Ivan> <{I}>", "Ivan", I),
        (f"{I} <>", "", I),
        (f"{I} (Иван)", "Иван", I),
        (f"Иван (директор) <{I}>", "Иван (директор)", I),
        (f'"Ivan <{I}>" <{I}>', "Ivan", I),
        (f"'{I}' <{I}>", "", I),
        (f"'Ivan' <{I}>", "Ivan", I),
        (f"=?utf-8?B?0JjQstCw0L0gPGlAeC5leGFtcGxlPg==?= <{I}>", "Иван", I),
        ("=?utf-8?B?0JjQstCw0L0gPGlAeC5leGFtcGxlPg==?=", "Иван", I),
        (f"<@a.example,@b.example:{I}>", "", I),
        ('"john doe"@x.example', "", '"john doe"@x.example'),
        ("i@[192.168.0.1]", "", "i@[192.168.0.1]"),
        ("Иван <иван@почта.рф>", "Иван", "иван@почта.рф"),
        (f"Ivan <{I}>;", "Ivan", I),
        (f"Ivan\n \n\t<{I}>", "Ivan", I),
    ],
)
def test_one_mailbox(field: str, name: str, addr: str) -> None:
    """By the book or not, the same person stands there, in To as in From."""
    assert read(field) == (Address(name=name, addr=addr),)
    assert read(field, "From") == (Address(name=name, addr=addr),)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a@x.example, b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example; b@x.example;", ["a@x.example", "b@x.example"]),
        ("Doe, John <j@x.example>, Smith, Ann <a@x.example>", ["Doe, John <j@x.example>", "Smith, Ann <a@x.example>"]),
        (
            "A Group: Ed <c@x.example>, j@x.example; after@x.example",
            ["Ed <c@x.example>", "j@x.example", "after@x.example"],
        ),
        ("undisclosed-recipients:;", []),
        ("Список: ;", []),
        ("a@x.example,, ,b@x.example", ["a@x.example", "b@x.example"]),
        ('"a, b" <a@x.example>, c <c@x.example>', ["a, b <a@x.example>", "c <c@x.example>"]),
    ],
)
def test_many_mailboxes(field: str, expected: list[str]) -> None:
    """Commas, semicolons and groups part them; quotes and names do not."""
    assert [str(address) for address in read(field)] == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Whomever", Address(name="Whomever", addr="")),
        ("Сервер 1С", Address(name="Сервер 1С", addr="")),
        ("MAILER-DAEMON (Mail Delivery System)", Address(name="Mail Delivery System", addr="MAILER-DAEMON")),
        ("<>", None),
        ("undisclosed-recipients:;", None),
        ("@", None),
    ],
)
def test_author_without_an_address(field: str, expected: Address | None) -> None:
    """A name alone is still who wrote it; nothing is nobody."""
    message = parse(f"From: {field}\n\nx".encode())
    assert message.author == expected
    assert "no usable From address" in message.defects or (expected and expected.addr)


LETTERS = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)
NAME = st.lists(
    LETTERS | st.sampled_from([",", ".", "№", "(x)", "-", "a@b", '"', ":", ";", "<"]), min_size=1, max_size=6
).map(" ".join)


@settings(max_examples=200)
@given(st.lists(NAME, min_size=1, max_size=4))
def test_names_survive_their_encoding(names: list[str]) -> None:
    """What the standard library writes, whatever specials and scripts the names hold, comes back."""
    letter = EmailMessage()
    letter["To"] = [StandardAddress(f"Я {name} Z", f"u{number}", "x.example") for number, name in enumerate(names)]
    octets = letter.as_bytes(policy=SMTP.clone(max_line_length=0))  # its folding loses spaces (libraries.md §2.3)
    found = parse(octets).to
    assert [address.addr for address in found] == [f"u{number}@x.example" for number in range(len(names))]
    for address, name in zip(found, names, strict=True):
        assert address.name.replace('"', "") == " ".join(f"Я {name} Z".split()).replace('"', "")


SPECIALS = st.sampled_from([*'<>@,;:"()[]\\= ?ax.', "=?utf-8?q?a?=", "x@y.example", "mailto:"])


@given(st.lists(SPECIALS, max_size=40).map("".join))
def test_any_field(field: str) -> None:
    """No field raises; what is found has an address and a name of one line."""
    for address in read(field):
        assert address.addr
        assert len(address.addr) <= addresses.MAX_ADDRESS
        assert len(address.name) <= addresses.MAX_NAME


def test_fifty_thousand_recipients() -> None:
    """The first are read, the others are told."""
    field = ", ".join(f'"User {n}" <u{n}@x.example>' for n in range(50_000))
    message = parse(f"To: {field}\n\nx".encode())
    assert len(message.to) == addresses.MAX_RECIPIENTS
    assert message.to[-1].addr == f"u{addresses.MAX_RECIPIENTS - 1}@x.example"
    assert "to: about 50000 addresses, at most 1000 read" in message.defects


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@x>", ["a@x"]),
        ("<a@x> <b@x>", ["a@x", "b@x"]),
        ("<a@x><b@x>,<a@x>", ["a@x", "b@x"]),
        ("<a b@x>", ["ab@x"]),
        ("a@x", ["a@x"]),
        ("<a@x", ["a@x"]),
        ("a@x b@x", ["a@x", "b@x"]),
        ("m", ["m"]),
        ("a@x (added by postmaster@relay.example)", ["a@x"]),
        ('Your message of "Wed, 11 Nov 2026" <a@x>', ["a@x"]),
        ('Your message of "Wed, 11 Nov 2026" from anna@x', []),
        ("<>", []),
        ("", []),
    ],
)
def test_ids(value: str, expected: list[str]) -> None:
    """Ids are found without their brackets; the prose of old clients names people, not letters."""
    assert list(find_ids([value])) == expected


def test_long_thread_keeps_its_ends() -> None:
    """The first id and the newest ones are what threads hang on."""
    found = find_ids([" ".join(f"<{n}@x>" for n in range(1_000))])
    assert (len(found), found[0], found[1], found[-1]) == (ids.MAX_REFERENCES, "0@x", "801@x", "999@x")


# ── dates ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TEN_IN_MOSCOW = datetime(2026, 11, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "Thu, 12 Nov 2026 10:00:00 +0300",
        "Thu, 12 Nov 2026 10:00:00 +0300 (MSK)",
        "Thu, 12 Nov 26 10:00:00 +0300",
        "Thu,12 Nov 2026 10:00:00+0300",
        "Чт, 12 ноя 2026 10:00:00 +0300",
        "12 ноября 2026 г. в 10:00 MSK",
        "чт, 12 лист 2026 09:00:00 EET",
        "jeu., 12 nov. 2026 08:00:00 +0100",
        "Do, 12 Nov 2026 08:00:00 CET",
        "Thu, 12-Nov-2026 10:00:00 MSK",
        "Thu, 12 Nov 2026 10:00:00 +03:00",
        "Thu, 12 Nov 2026 10:00:00 GMT+3",
        "Thu, 12 Nov 2026 10.00.00 GMT+0300 (MSK)",
        "Thu, 12 Nov 2026 10:00 AM +0300",
        "Thu, 12 Nov 2026 5:00:00 PM +1000",
        "2026-11-12T10:00:00+03:00",
        "2026-11-12 10:00:00.123 +0300",
        "2026-11-12T07:00:00Z",
        "20261112T070000Z",
        "12.11.2026 10:00 +0300",
        "12.11.2026 7:00:00",
        "Thu Nov 12 07:00:00 2026",
        "Thu, 12 Nov 2026 02:00:00 EST",
    ],
)
def test_one_instant_in_many_forms(value: str) -> None:
    """The same time of the same day, in the language and form of any machine; without a zone it is UTC."""
    assert parse(f"Date: {value}\n\nx".encode()).date == TEN_IN_MOSCOW


@pytest.mark.parametrize(
    "value",
    ["вчера", "12", "Thu, 32 Nov 2026 10:00 +0300", "12 foo 2026 10:00", "2026-13-01 10:00", "12.11.2026 99:99"],
)
def test_what_is_no_date(value: str) -> None:
    """Nonsense is no date, and that is told."""
    message = parse(f"Date: {value}\n\nx".encode())
    assert message.date is None
    assert "Date is not a date" in message.defects


@given(st.text(st.sampled_from(list("0123456789 :.,-+TZnovюнGMT")), max_size=40))
def test_any_date(value: str) -> None:
    """No text raises, and what is well-formed is not touched again."""
    assert mended_date(mended_date(value)) == mended_date(value)
