"""What the templates of each letter may use: every variable, at rest and in samples that reach all of their words. Pure.

The one home of the variables' names: `Templates.load` tries every template on the samples, `Templates.render` fills in
what a draft leaves at rest, and the tests hold `templates/README.md` to both.
"""

from collections.abc import Iterator, Mapping
from itertools import product

from maild.model import Address, Purpose

_COUPON: dict[str, object] = {"coupon": "", "coupon_code": "", "coupon_since": "", "coupon_until": ""}
_CLIENT: dict[str, object] = {"client": "", "level": "", "standing": ""}

# What a draft need not say. A variable that is in no draft and not here is a mistake, and StrictUndefined tells of it.
AT_REST: Mapping[Purpose, Mapping[str, object]] = {
    Purpose.ACKNOWLEDGEMENT: _CLIENT
    | _COUPON
    | {"first": True, "term": None, "understood": (), "missing": (), "quota": None},
    Purpose.REFUSAL: _COUPON | {"since": "", "until": ""},
    Purpose.NOTIFICATION: _CLIENT
    | _COUPON
    | {"terms": (), "queue": None, "several": (), "conflict": (), "quota": None},
    Purpose.ANSWER: {},
    Purpose.EXTENSION: {"reason": ""},
    Purpose.RECEIPT: {"lines": (), "answered": False, "noticed": False, "help": ()},
    Purpose.REMINDER: {
        "more": 0,
        "customer": None,
        "token": "",
        "number": "",
        "subject": "",
    },  # both are there for one ticket alone
    Purpose.ADMIN: {},
}

_TICKET: dict[str, object] = {
    "organization": "Ромашка & Ко",
    "address": "support@example.org",
    "number": "ACME-1042",
    "subject": "Не печатает <принтер>",
    "customer": Address(name="Анна Петрова", addr="anna@example.com"),
    "token": "t1042.k7f3abcdefghijkl",
}
_NOTICES = (
    "undelivered",
    "not-extended",
    "empty-answer",
    "not-an-answer",
    "no-address",
    "too-large",
    "repeat",
    "nothing-to-undo",
)
_STANDINGS = ("served", "unknown", "conflict", "suspended", "expired", "not-yet-valid", "level-unknown")
_REFUSED = ("unknown", "suspended", "expired", "not-yet-valid", "level-unknown")
_WHATS = ("answered", "resolved", "started")
_DUE = "18:00 вторника, 24 ноября (МСК)"
_QUOTA: dict[str, object] = {"limit": 50, "number": 51, "offer": "Следующие обращения стоят <100> ₽."}
_KNOWN: dict[str, object] = {"client": "ООО «Лютик» & Ко", "level": "Базовый"}


def sample_words(purpose: Purpose) -> Iterator[dict[str, object]]:
    """Yield values for every variable a template of this purpose may use, in every combination that changes its words."""
    for words in _SAMPLES[purpose]():
        yield {**AT_REST[purpose], **words}


def _acknowledgements() -> Iterator[dict[str, object]]:
    yield {**_TICKET}
    terms = [None, *({"text": _DUE, "what": what} for what in _WHATS)]
    parts = [("Клиент", "ООО «Лютик» & Ко"), ("Уровень", "Базовый")]
    for term, understood, missing, quota in product(terms, ((), parts), ((), ("identification",)), (None, _QUOTA)):
        known: dict[str, object] = _KNOWN if understood else {}
        yield {
            **_TICKET, **known, "term": term, "understood": understood, "missing": missing, "quota": quota,
            "standing": "unknown" if missing else "served",
        }  # fmt: skip
    for coupon, standing in product(_coupons(), ("unknown", "conflict")):
        yield {**_TICKET, **coupon, "standing": standing}
    yield {**_TICKET, "quota": _QUOTA | {"offer": ""}}
    yield {**_TICKET, "first": False}


def _refusals() -> Iterator[dict[str, object]]:
    for standing in _REFUSED:
        yield {**_TICKET, "standing": standing}
        yield {**_TICKET, "standing": standing, "since": "1 декабря 2026 года", "until": "31 октября 2026 года"}
        for coupon in _coupons():
            yield {**_TICKET, **coupon, "standing": standing}


def _coupons() -> Iterator[dict[str, object]]:
    """Every state of a coupon, with and without what may be unknown of it."""
    for state in ("valid", "expired", "not-yet-valid", "revoked", "renewed", "unknown", "unheard"):
        yield _COUPON | {"coupon": state}
        dates = {"coupon_since": "1 декабря 2026 года", "coupon_until": "31 декабря 2026 года"}
        yield {"coupon": state, "coupon_code": "…9TR5", **dates}


def _answers() -> Iterator[dict[str, object]]:
    for left_out in ((), ("video.mp4",)):
        yield {**_TICKET, "text": "Здравствуйте!\nПерезагрузите <его>.", "agent": "Иван", "left_out": left_out}


def _extensions() -> Iterator[dict[str, object]]:
    for what, reason in product(_WHATS, ("", "Ждём ответа\n<производителя>.")):
        yield {**_TICKET, "term": {"text": _DUE, "what": what}, "reason": reason}


def _receipts() -> Iterator[dict[str, object]]:
    done = {"command": "взять", "done": True, "text": "исполнитель: никто → Иван <ivan@example.org>"}
    refused = {"command": "продлить до пятницы", "done": False, "text": "срок уже прошёл"}
    for lines, answered, hints in product(((), (done,), (done, refused)), (False, True), ((), ("взять", "ждать"))):
        yield {**_TICKET, "lines": lines, "answered": answered, "help": hints}
    yield {**_TICKET, "lines": (done,), "noticed": True}
    yield {**_TICKET, "lines": (done,), "answered": False, "customer": Address(addr="")}


def _notifications() -> Iterator[dict[str, object]]:
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
        yield {**_TICKET, **said, **extra, "page": page}
        yield {**_TICKET, **unsaid, **extra}
    letter = {**_TICKET, **said, **plain, "notice": "letter"}
    yield letter | {"customer": Address(addr="")}
    for standing, known in product(_STANDINGS, ({}, _KNOWN)):
        yield letter | known | {"standing": standing}
    lefts = [{"left": left, "over": "", "passed": False} for left in ("", "4 часа")]
    lefts += [{"left": "", "over": over, "passed": True} for over in ("", "2 часа")]
    for what, left in product(_WHATS, lefts):
        yield letter | {"terms": [{"what": what, "due": _DUE, **left}], "queue": (3, 12)}
    for coupon in _coupons():
        yield letter | coupon
    lines = ("«1. Не печатает <принтер>»", "«и ещё вопрос»")
    yield letter | _KNOWN | {"several": lines, "conflict": lines, "quota": _QUOTA, "queue": (1, 1)}


def _reminders() -> Iterator[dict[str, object]]:
    head = {"organization": _TICKET["organization"], "address": _TICKET["address"]}
    terms = (
        {"kind": "before", "left": "30 минут", "over": ""},
        {"kind": "before", "left": "", "over": ""},
        {"kind": "before", "left": "", "over": "1 час"},
        {"kind": "term", "left": "", "over": ""},
        {"kind": "after", "left": "", "over": "1 час"},
        {"kind": "after", "left": "", "over": ""},
    )
    tickets: tuple[dict[str, object], ...] = (
        {**_KNOWN, "number": "ACME-1042", "subject": "Не печатает <принтер>", "late": False, "agent": ""},
        {"client": "", "level": "", "number": "ACME-7", "subject": "", "late": True, "agent": "Иван <Иванов>"},
    )
    items = [
        {**ticket, **term, "what": what, "due": _DUE, "threshold": "50%" if term["kind"] == "before" else "0"}
        for term, what, ticket in product(terms, _WHATS, tickets)
    ]
    for item, ticket in product(items, ({}, _TICKET, _TICKET | {"customer": Address(addr="")})):
        number = ticket.get("number", item["number"])
        yield {**head, **ticket, "items": [item | {"number": number}], "role": "agent"}
    yield head | {"items": [], "role": "agent"}
    soon = [item for item in items if item["kind"] == "before" and not item["over"]]
    for some, more, role in product((items, soon, items[len(soon) :]), (0, 5), ("agent", "team", "manager", "head")):
        yield head | {"items": some, "more": more, "role": role}


def _admin() -> Iterator[dict[str, object]]:
    for kind in ("quarantine", "undelivered", "config", "silence", "calendar", "unconfirmed"):
        lines = ("one <line>", "another")
        yield {"kind": kind, "summary": "letter 7", "lines": lines, "command": "maild quarantine show 7"}


_SAMPLES = {
    Purpose.ACKNOWLEDGEMENT: _acknowledgements,
    Purpose.REFUSAL: _refusals,
    Purpose.NOTIFICATION: _notifications,
    Purpose.ANSWER: _answers,
    Purpose.EXTENSION: _extensions,
    Purpose.RECEIPT: _receipts,
    Purpose.REMINDER: _reminders,
    Purpose.ADMIN: _admin,
}
