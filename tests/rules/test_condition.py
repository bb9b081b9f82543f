"""Each condition says whether it holds of a letter and what it saw, in words that an admin can believe."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.config.steering import ConditionEntry
from maild.config.terms import calendars_of
from maild.contracts.coupons import issue_code
from maild.contracts.recognition import CouponState, Standing
from maild.desk.files import SeenFile
from maild.model import Address, Kind, Message
from maild.rules.condition import MAX_QUOTE, MAX_TOLD, Seen, compile_condition
from maild.rules.sight import MAX_HEADER, MAX_SUBJECT, MAX_TEXT, Decided, Sight, recipients_of
from tests.rules.conftest import file, organization, sight

CALENDARS = calendars_of(organization())


def seen(when: Mapping[str, object], letter: Sight, **decided: Any) -> Seen:
    return compile_condition(ConditionEntry.model_validate(when), CALENDARS)(letter, Decided(**decided))


PDF, PNG, LOGO = (
    file("act.pdf", "pdf", "document"),
    file("shot.png", "png", "image"),
    file("logo.png", "png", "image", decoration=True),
)
HEADERS = {"x-mailer": ("The Bat! 4", "second"), "list-id": ("",)}


def header(name: str) -> tuple[str, ...]:
    return HEADERS.get(name, ())


# (condition; what the letter has; what is told where it holds)
HOLDS = [
    pytest.param({}, {}, "it is for every letter", id="empty"),
    pytest.param({"kind": ["notification", "person"]}, {}, 'kind is "person"', id="kind"),
    pytest.param({"mailbox": "support"}, {}, 'mailbox is "support"', id="mailbox"),
    pytest.param({"form": "site"}, {"form": "site"}, 'form is "site"', id="form"),
    pytest.param({"client": "Acme-1"}, {"client": "Acme-1"}, 'client is "Acme-1"', id="client"),
    pytest.param({"standing": ["expired", "unknown"]}, {"standing": Standing.EXPIRED}, 'standing is "expired"', id="standing"),
    pytest.param({"level": ["base", "gold"]}, {"level": "gold"}, 'level is "gold"', id="level"),
    pytest.param({"coupon": "valid"}, {"coupon": CouponState.VALID}, 'coupon is "valid"', id="coupon"),
    pytest.param({"coupon": "none"}, {}, 'coupon is "none"', id="no coupon"),
    pytest.param({"over_quota": True}, {"over_quota": True}, "over the quota", id="over the quota"),
    pytest.param({"over_quota": False}, {}, "within the quota", id="within the quota"),
    pytest.param({"from": ["@EXAMPLE.com", "x@y.example"]}, {}, "from ann@example.com", id="from a domain"),
    pytest.param({"from": "ANN@example.com"}, {"author": Address(addr="Ann@Example.com", name="Ann")}, "from Ann@Example.com", id="from an address"),
    pytest.param({"to": "Sales@Acme.example"}, {"recipients": {"sales@acme.example", "b@x.example"}}, "to sales@acme.example", id="to an address"),
    pytest.param({"to": ["z@z.example", "@acme.example"]}, {"recipients": {"sales@acme.example", "all@acme.example", "b@x.example"}}, "to all@acme.example", id="to a domain"),
    pytest.param({"header": {"X-Mailer": "bat. \\d"}}, {"headers": header}, 'header x-mailer matches "bat. \\d": "Bat! 4"', id="header"),
    pytest.param({"header": {"X-Mailer": "^sec"}}, {"headers": header}, 'header x-mailer matches "^sec": "sec"', id="the second of two headers"),
    pytest.param({"header": {"List-Id": "^$"}}, {"headers": header}, 'header list-id matches "^$": ""', id="header that is empty"),
    pytest.param({"in_hours": "office"}, {}, 'received Fri 2026-11-27 13:00, in the hours of "office"', id="in the hours"),
    pytest.param({"out_of_hours": "office"}, {"at": datetime(2026, 11, 27, 15, tzinfo=UTC)}, 'received Fri 2026-11-27 18:00, out of the hours of "office"', id="out of the hours, at the moment of closing"),
    pytest.param({"words": ["сервер", "не открываться"]}, {}, 'words "не открываться": "не открывается" in the text', id="words in the text"),
    pytest.param({"words": ["открываться", "отчёты"]}, {}, 'words "отчёты": "Отчёт" in the subject', id="words in the subject, which is looked at first"),
    pytest.param({"subject_words": "отчётом"}, {}, 'subject_words "отчётом": "Отчёт" in the subject', id="words of the subject"),
    pytest.param({"text_words": "отчётом"}, {}, 'text_words "отчётом": "Отчёт" in the text', id="words of the text"),
    pytest.param({"matches": ["x\\d", "за \\w+"]}, {}, 'matches "за \\w+": "за март" in the text', id="a pattern"),
    pytest.param({"subject_matches": "^отч"}, {}, 'subject_matches "^отч": "Отч" in the subject', id="a pattern in the subject"),
    pytest.param({"text_matches": "отч.т$|я"}, {}, 'text_matches "отч.т$|я": "я" in the text', id="a pattern in the text"),
    pytest.param({"category": ["a", "outage"]}, {}, 'category is "outage"', id="category"),
    pytest.param({"severity": "low"}, {}, 'severity is "low"', id="severity"),
    pytest.param({"tag": ["a", "vip"]}, {}, 'tag "vip"', id="tag"),
    pytest.param({"attachments": True}, {"look": lambda: (PDF,)}, "something is attached", id="attachments"),
    pytest.param({"attachments": False}, {}, "nothing is attached", id="no attachments"),
    pytest.param({"attachments": False}, {"look": lambda: (LOGO,)}, "nothing is attached", id="a logo is nothing"),
    pytest.param({"attachment_types": ["exe", "image"]}, {"look": lambda: (PDF, PNG)}, '"shot.png" is "image"', id="type of a file"),
    pytest.param({"attachment_names": ["x+", "^ACT"]}, {"look": lambda: (PNG, PDF)}, 'attachment_names "^ACT": "act.pdf"', id="name of a file"),
    pytest.param({"several": False}, {}, "it looks like one request", id="one request"),
    pytest.param({"any": [{"level": "gold"}, {"kind": "person"}, {"words": "x"}]}, {}, 'kind is "person"', id="any"),
    pytest.param({"all": [{"kind": "person"}, {"mailbox": "support"}]}, {}, 'kind is "person"; mailbox is "support"', id="all"),
    pytest.param({"not": {"level": "gold"}}, {}, 'not: level is none, not "gold"', id="not"),
    pytest.param({"not": {"not": {"kind": "person"}}}, {}, 'not: it should not be that: kind is "person"', id="not not"),
    pytest.param({"words": "отчёт", "kind": "person", "attachments": False}, {}, 'kind is "person"; words "отчёт": "Отчёт" in the subject; nothing is attached', id="all keys, the cheap ones first"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "letter", "told"), HOLDS)
def test_what_is_told_of_a_condition_that_holds(when: dict[str, object], letter: dict[str, object], told: str) -> None:
    """The evidence: what was found, and where."""
    assert seen(when, sight(**letter), category="outage", severity="low", tags=("b", "vip")) == Seen(
        held=True, told=told
    )


FAILS = [
    pytest.param({"kind": "person"}, {"kind": Kind.NOTIFICATION}, 'kind is "notification", not "person"', id="kind"),
    pytest.param({"form": ["a", "b"]}, {}, 'form is none, not "a" or "b"', id="no form"),
    pytest.param({"client": ["a", "b", "c", "d", "e"]}, {"client": "f"}, 'client is "f", not "a", "b", "c" or 2 more', id="many clients"),
    pytest.param({"level": "gold"}, {"level": "basic"}, 'level is "basic", not "gold"', id="level"),
    pytest.param({"coupon": ["valid", "expired"]}, {}, 'coupon is "none", not "valid" or "expired"', id="coupon"),
    pytest.param({"over_quota": True}, {}, "within the quota", id="within the quota"),
    pytest.param({"over_quota": False}, {"over_quota": True}, "over the quota", id="over the quota"),
    pytest.param({"from": "@sub.example.com"}, {}, 'from ann@example.com, not "@sub.example.com"', id="another domain"),
    pytest.param({"from": "@x.example"}, {"author": None}, 'from nobody, not "@x.example"', id="from nobody"),
    pytest.param({"from": "@x.example"}, {"author": Address(name="Ann", addr="")}, 'from nobody, not "@x.example"', id="from a name"),
    pytest.param({"to": ["a@x.example", "@z.example"]}, {"recipients": {"b@x.example", "c@x.example"}}, 'to "b@x.example" and "c@x.example", not "a@x.example" or "@z.example"', id="to others"),
    pytest.param({"to": "@z.example"}, {}, 'to nobody, not "@z.example"', id="to nobody"),
    pytest.param({"header": {"X-Mailer": "x"}}, {}, 'no header x-mailer, where "x" should match', id="no header"),
    pytest.param({"header": {"X-Mailer": "x"}}, {"headers": header}, 'header x-mailer is "The Bat! 4" and "second", where "x" should match', id="header"),
    pytest.param({"header": {"X-Mailer": "bat", "List-Id": "."}}, {"headers": header}, 'header list-id is "", where "." should match', id="one of two headers"),
    pytest.param({"in_hours": "office"}, {"at": datetime(2026, 11, 28, 10, tzinfo=UTC)}, 'received Sat 2026-11-28 13:00, out of the hours of "office"', id="out of the hours"),
    pytest.param({"out_of_hours": "office"}, {}, 'received Fri 2026-11-27 13:00, in the hours of "office"', id="in the hours"),
    pytest.param({"words": ["сервер", "диск"]}, {}, 'no form of "сервер" or "диск" in the subject or the text', id="words"),
    pytest.param({"subject_words": "март"}, {}, 'no form of "март" in the subject', id="words of the subject"),
    pytest.param({"text_words": "сервер"}, {}, 'no form of "сервер" in the text', id="words of the text"),
    pytest.param({"matches": "сервер"}, {}, 'no match of "сервер" in the subject or the text', id="pattern"),
    pytest.param({"subject_matches": "март"}, {}, 'no match of "март" in the subject', id="pattern in the subject"),
    pytest.param({"text_matches": "^март"}, {}, 'no match of "^март" in the text', id="pattern in the text"),
    pytest.param({"category": "a"}, {}, 'category is "outage", not "a"', id="category"),
    pytest.param({"tag": ["a", "c"]}, {}, 'tags are "b" and "vip", not "a" or "c"', id="tags"),
    pytest.param({"attachments": True}, {"look": lambda: (LOGO,)}, "nothing is attached", id="a logo is nothing"),
    pytest.param({"attachments": False}, {"look": lambda: (PDF,)}, "something is attached", id="attachments"),
    pytest.param({"attachment_types": "pdf"}, {}, 'nothing is attached, not "pdf"', id="type of no file"),
    pytest.param({"attachment_types": "exe"}, {"look": lambda: (PDF, PNG)}, 'attached is "document", "image", "pdf" and 1 more, not "exe"', id="types of files"),
    pytest.param({"attachment_types": "exe"}, {"look": lambda: (file("x"),)}, 'attached is something unknown, not "exe"', id="no type"),
    pytest.param({"attachment_names": "x"}, {"look": lambda: (PDF, PNG)}, 'attached is "act.pdf" and "shot.png", where "x" should match', id="names of files"),
    pytest.param({"attachment_names": "x"}, {}, 'nothing is attached, where "x" should match', id="name of no file"),
    pytest.param({"several": True}, {}, "it looks like one request", id="one request"),
    pytest.param({"check": ["capitals", "vague"]}, {}, 'nothing wrong with the text by "capitals" or "vague"', id="checks"),
    pytest.param({"any": [{"level": "gold"}, {"kind": "notification"}]}, {}, 'none of these: level is none, not "gold"; kind is "person", not "notification"', id="any"),
    pytest.param({"all": [{"kind": "person"}, {"level": "gold"}, {"form": "x"}]}, {}, 'level is none, not "gold"', id="the first of all"),
    pytest.param({"not": {"kind": "person"}}, {}, 'it should not be that: kind is "person"', id="not"),
    pytest.param({"not": {}}, {}, "it should not be that: it is for every letter", id="not an empty one"),
    pytest.param({"words": "x", "level": "gold"}, {}, 'level is none, not "gold"', id="the cheap key first"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "letter", "told"), FAILS)
def test_what_is_told_of_a_condition_that_does_not_hold(
    when: dict[str, object], letter: dict[str, object], told: str
) -> None:
    """The first key that does not hold, and the value that it saw."""
    assert seen(when, sight(**letter), category="outage", severity="low", tags=("b", "vip")) == Seen(
        held=False, told=told
    )


def test_several_requests_are_quoted() -> None:
    """What looks like several requests is quoted from the letter."""
    text = "Здравствуйте.\n1. Как сменить пароль от почты?\n2. Почему не печатает принтер в бухгалтерии?\n"
    found = seen({"several": True}, sight(text=text))
    assert found.held
    assert "принтер" in found.told


def test_a_flaw_is_quoted() -> None:
    """A text check that holds says what it found."""
    found = seen(
        {"check": ["unreadable", "capitals"]}, sight(text="СРОЧНО ПОЧИНИТЕ НАМ ПРОГРАММУ, ОНА СНОВА НЕ ОТКРЫВАЕТСЯ.")
    )
    assert found.held
    assert found.told.startswith('check "capitals": ')


def test_evidence_is_one_short_line() -> None:
    """However long what was found is, and whatever line ends are in it."""
    long = "а" * 5_000
    for when, letter in (
        ({"matches": "а[\\s\\S]*"}, sight(text=f"{long}\n{long}")),
        ({"any": [{"matches": f"x{n}"} for n in range(100)]}, sight(text=long)),
        ({"all": [{"matches": "а+"}] * 100}, sight(text=long)),
        ({"not": {"any": [{"matches": f"x{n}"} for n in range(100)]}}, sight(text=long)),
        ({"header": {"X": "нет"}}, sight(headers=lambda _: (long, long, long, long))),
        ({"attachment_names": "x+"}, sight(look=lambda: (file(long), file(long)))),
    ):
        told = seen(when, letter).told
        assert len(told) <= MAX_TOLD + MAX_QUOTE
        assert told.isprintable()


def test_evidence_holds_no_coupon() -> None:
    """Evidence is kept and logged; whoever reads a coupon there could quote it."""
    code = issue_code(random.Random(3).randrange)
    letter = sight(subject=f"Купон {code}", text=f"Наш купон {code.lower()}.", headers=lambda _: (code,))
    for when in (
        {"matches": "\\S{14}"},
        {"text_matches": "купон .*"},
        {"header": {"X": "."}},
        {"header": {"X": "нет"}},
    ):
        told = seen(when, letter).told
        assert code.casefold() not in told.casefold()
    assert "…" in seen({"matches": "\\S{14}"}, letter).told


def test_nothing_is_looked_at_that_nobody_asks_for(never: Callable[[], tuple[SeenFile, ...]]) -> None:
    """A cheap key that does not hold spares the dear ones, wherever they stand in the file."""
    letter = sight(look=never)
    assert not seen({"attachment_types": "pdf", "several": True, "check": "vague", "words": "x"}, letter).held
    assert not {"files", "several", "_flaws"} & vars(letter).keys()
    assert not seen({"words": "отчёт", "level": "gold"}, sight(look=never)).held


def test_everything_is_looked_at_once() -> None:
    """However many rules ask."""
    looks = []

    def look() -> tuple[SeenFile, ...]:
        looks.append(1)
        return (PDF,)

    letter = sight(look=look)
    when = {"attachments": True, "attachment_types": "pdf", "any": [{"attachment_names": "x"}, {"attachments": True}]}
    assert all(seen(when, letter).held for _ in range(3))
    assert looks == [1]
    assert letter.text_words is letter.text_words


def test_only_so_much_is_looked_through() -> None:
    """Longer letters carry logs: what stands beyond the bound is not seen, what stands at it is."""
    for key, most in (("text", MAX_TEXT), ("subject", MAX_SUBJECT)):
        for before, held in ((most - 5, True), (most - 4, False)):
            letter = sight(**{"subject": "", "text": "", key: " " * before + "сбоит"})
            assert seen({"matches": "сбоит"}, letter).held is held
            assert seen({"words": "сбоит"}, letter).held is held
    for values, shown in (
        (("a" * (MAX_HEADER + 1), "b"), ("a" * MAX_HEADER,)),
        (("a" * (MAX_HEADER - 1), "b"), ("a" * (MAX_HEADER - 1),)),
        (("a" * (MAX_HEADER - 2), "bc", "d"), ("a" * (MAX_HEADER - 2), "b")),
    ):
        assert sight(headers=lambda _, values=values: values).header("x") == shown


def test_recipients() -> None:
    """Of To, Cc and delivery, in small letters, with the subaddress and without."""
    message = Message(
        to=(Address(addr="Support+t1.abc@Acme.example"), Address(name="nobody", addr="")),
        cc=(Address(addr="Ann@Example.com"),),
        delivered_to=("box@host", "root", "Sales+x@acme.example "),
    )
    assert recipients_of(message) == {
        "support+t1.abc@acme.example", "support@acme.example", "ann@example.com", "box@host",
        "sales+x@acme.example", "sales@acme.example",
    }  # fmt: skip
