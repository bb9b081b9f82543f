"""Sample words of every letter to agents and to the admin. Pure."""

from collections.abc import Iterator
from itertools import product

from maild.model import Address
from maild.outbox.sample_values import ASKED, DUE, KNOWN, QUOTA, STANDINGS, TICKET, UNTAKEN, WHATS, coupons

_NOTICES = (
    "undelivered",
    "not-extended",
    "empty-answer",
    "not-an-answer",
    "no-address",
    "too-large",
    "repeat",
    "nothing-to-undo",
    "solved",
    "agreed",
    "declined",
    "given-up",
    "not-offered",
    "not-passed",
    "unheard",
)


def receipts() -> Iterator[dict[str, object]]:
    """Yield the words of a receipt."""
    done = {"command": "взять", "done": True, "text": "исполнитель: никто → Иван <ivan@example.org>"}
    refused = {"command": "продлить до пятницы", "done": False, "text": "срок уже прошёл"}
    for lines, answered, hints in product(((), (done,), (done, refused)), (False, True), ((), ("взять", "ждать"))):
        yield {**TICKET, "lines": lines, "answered": answered, "help": hints}
    for noticed in ("extension", "refusal", "postponement", "offer"):
        yield {**TICKET, "lines": (done,), "noticed": noticed}
    for ready in (1, 2):
        yield {**TICKET, "lines": (done,), "answered": True, "ready": ready}
    yield {**TICKET, "lines": (done,), "answered": False, "customer": Address(addr="")}


def notifications() -> Iterator[dict[str, object]]:
    """Yield the words of a notification."""
    author = Address(name="", addr="anna@example.com")
    said = {"author": author, "text": "Не печатает", "detail": "550 no such user", "page": ""}
    unsaid = {"author": Address(addr=""), "text": "", "detail": "", "page": ""}
    plain: dict[str, object] = {"first": True, "left_out": (), "doubt": "", "cut": False}
    plain |= {"note": "", "via": "", "linked": ()}
    cases = [("letter", *case) for case in product((True, False), ((), ("video.mp4",)), ("", "no-token", "reply-to"))]
    cases += [(notice, True, left_out, "") for notice, left_out in product(_NOTICES, ((), ("video.mp4",)))]
    for notice, first, left_out, doubt in cases:
        extra = plain | {"notice": notice, "first": first, "left_out": left_out, "doubt": doubt, "cut": bool(left_out)}
        if left_out:
            extra |= {"note": "Посмотрите, пожалуйста", "linked": ("ACME-7",)}
            extra |= {"via": Address(name="Сайт", addr="form@example.org")}
        page = "<p>Не <b>печатает</b></p>" if left_out else ""
        yield {**TICKET, **said, **extra, "page": page}
        yield {**TICKET, **unsaid, **extra}
    letter = {**TICKET, **said, **plain, "notice": "letter"}
    yield letter | {"customer": Address(addr="")}
    for standing, known in product(STANDINGS, ({}, KNOWN)):
        yield letter | known | {"standing": standing}
    lefts = [{"left": left, "over": "", "passed": False} for left in ("", "4 часа")]
    lefts += [{"left": "", "over": over, "passed": True} for over in ("", "2 часа")]
    for what, left in product(WHATS, lefts):
        yield letter | {"terms": [{"what": what, "due": DUE, **left}], "queue": (3, 12)}
    for coupon in coupons():
        yield letter | coupon
    lines = ("«1. Не печатает <принтер>»", "«и ещё вопрос»")
    yield from (letter | steered for steered in _steered_notifications())
    yield letter | {"notice": "given-up", "asked": ASKED}
    yield letter | {"notice": "not-passed", "unit": "Отдел <разработки>"}
    yield letter | KNOWN | {"several": lines, "conflict": lines, "quota": QUOTA, "queue": (1, 1)}


def _steered_notifications() -> Iterator[dict[str, object]]:
    """Yield what rules, FAQ and policies tell an agent."""
    decided: dict[str, object] = {
        "category": "Печать", "severity": "Высокая", "assigned": "Иван <Иванов>", "team": "Первая <линия>",
        "unit": "Отдел <разработки>", "tags": ("печать", "<склад>"), "hints": ("угроза: «в <суд>»", "звонить до 12"),
    }  # fmt: skip
    for name, value in decided.items():
        yield {name: value}
    for state in ("offered", "accepted", "declined", "lapsed"):
        yield {"offer": {"name": "Настройка <принтера>", "state": state}}
    for effect, command in (("refuse", "#отказать"), ("postpone", "#отложить")):
        yield {"proposed": {"name": "Чужая <программа>", "effect": effect, "command": command}}
    for state in ("refused", "postponed"):
        yield {"ground": {"name": "Чужая <программа>", "state": state}}
    yield {"untaken": UNTAKEN}
    suggested: dict[str, object] = {"asked": ASKED, "faq": ("Не печатает <принтер>: что делать", "Второй ответ")}
    for name, value in suggested.items():
        yield {name: value}
    yield {
        **decided, **suggested, "offer": {"name": "Настройка <принтера>", "state": "offered"}, "untaken": UNTAKEN,
        "proposed": {"name": "Чужая <программа>", "effect": "refuse", "command": "#отказать"}, **KNOWN,
    }  # fmt: skip


def reminders() -> Iterator[dict[str, object]]:
    """Yield the words of a reminder of terms."""
    head = {"organization": TICKET["organization"], "address": TICKET["address"]}
    terms = (
        {"kind": "before", "left": "30 минут", "over": ""},
        {"kind": "before", "left": "", "over": ""},
        {"kind": "before", "left": "", "over": "1 час"},
        {"kind": "term", "left": "", "over": ""},
        {"kind": "after", "left": "", "over": "1 час"},
        {"kind": "after", "left": "", "over": ""},
    )
    tickets: tuple[dict[str, object], ...] = (
        {**KNOWN, "number": "ACME-1042", "subject": "Не печатает <принтер>", "late": False, "agent": ""},
        {"client": "", "level": "", "number": "ACME-7", "subject": "", "late": True, "agent": "Иван <Иванов>"},
    )
    items = [
        {**ticket, **term, "what": what, "due": DUE, "threshold": "50%" if term["kind"] == "before" else "0"}
        for term, what, ticket in product(terms, WHATS, tickets)
    ]
    for item, ticket in product(items, ({}, TICKET, TICKET | {"customer": Address(addr="")})):
        number = ticket.get("number", item["number"])
        yield {**head, **ticket, "items": [item | {"number": number}], "role": "agent"}
    yield head | {"items": [], "role": "agent"}
    soon = [item for item in items if item["kind"] == "before" and not item["over"]]
    for some, more, role in product((items, soon, items[len(soon) :]), (0, 5), ("agent", "team", "manager", "head")):
        yield head | {"items": some, "more": more, "role": role}


def admin() -> Iterator[dict[str, object]]:
    """Yield the words of a letter about maild itself."""
    for kind in ("quarantine", "undelivered", "config", "silence", "calendar", "unconfirmed", "rule"):
        lines = ("one <line>", "another")
        yield {"kind": kind, "summary": "letter 7", "lines": lines, "command": "maild quarantine show 7"}
