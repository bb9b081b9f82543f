"""Sample words of every letter to agents and to the admin. Pure."""

from collections.abc import Iterator
from itertools import product

from maild.model import Address
from maild.outbox.sample_values import (
    ASKED,
    COPIED,
    DUE,
    KNOWN,
    NEXT,
    QUOTA,
    STANDINGS,
    TICKET,
    UNTAKEN,
    WHATS,
    coupons,
)

_NOTICES = (
    "undelivered",
    "copy-undelivered",
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
    "note",
    "crossed",
    "handed-over",
    "merged",
    "snooze",
    "promise",
)


def receipts() -> Iterator[dict[str, object]]:
    """Yield the words of a receipt."""
    done = {"command": "взять", "done": True, "text": "исполнитель: никто → Иван <ivan@example.org>"}
    refused = {"command": "продлить до пятницы", "done": False, "text": "срок уже прошёл"}
    for lines, answered, hints in product(((), (done,), (done, refused)), (False, True), ((), ("взять", "ждать"))):
        yield {**TICKET, "lines": lines, "answered": answered, "help": hints}
    yield {**TICKET, "lines": (done,), "kept": True}
    for noticed in (
        "extension", "refusal", "postponement", "offer", "forwarding", "resolution", "acknowledgement", "closing", "planned",
    ):  # fmt: skip
        yield {**TICKET, "lines": (done,), "noticed": noticed, "letter": "Посмотрите, пожалуйста"}
    yield {**TICKET, "lines": (done, refused), "seen": True}
    for ready in (1, 2):
        yield {**TICKET, "lines": (done,), "answered": True, "ready": ready}
    yield {**TICKET, "lines": (done,), "answered": True, "released": True}
    yield {**TICKET, "lines": (done,), "undo": "#отмена"}
    sent = {"answered": True, "sent": "Перезагрузите <его>.\nИ напишите.", "sent_to": ("Анна <anna@example.com>",)}
    for some in ((), (done,)):
        yield {**TICKET, **sent, "lines": some}
        yield {**TICKET, **sent, "lines": some, "lost": ("OTP <1>", "2")}
    yield {**TICKET, "lines": (done,), "answered": False, "customer": Address(addr="")}
    for subject in ("Не печатает <принтер>", ""):
        unfiled = {"number": "", "subject": subject, "customer": None, "token": "", "unfiled": "Не <печатает>"}
        yield {**TICKET, **unfiled, "lines": (refused,)}


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
    for many in (1, 3, 5):
        yield letter | {"copied": COPIED[:many]}
    said_then = [
        {"kind": kind, "when": DUE, "who": "Иван <Иванов>", "text": "Перезагрузите <его>."}
        for kind in ("in", "out", "note", "unit")
    ]
    yield letter | {"first": False, "history": said_then}
    for number in ("ACME-7", ""):
        yield letter | {"recorded": {"by": "Иван <Иванов>", "number": number}}
    yield letter | {"note_address": "support+n1042.k7f3q2abcdefghij@example.org"}
    for standing, known in product(STANDINGS, ({}, KNOWN)):
        yield letter | known | {"standing": standing}
    lefts = [{"left": left, "over": "", "passed": False} for left in ("", "4 часа")]
    lefts += [{"left": "", "over": over, "passed": True} for over in ("", "2 часа")]
    for what, left in product(WHATS, lefts):
        yield letter | {"terms": [{"what": what, "due": DUE, **left}], "queue": (3, 12), "next": NEXT}
    for coupon in coupons():
        yield letter | coupon
    lines = ("«1. Не печатает <принтер>»", "«и ещё вопрос»")
    yield from (letter | steered for steered in _steered_notifications())
    yield (
        letter
        | KNOWN
        | {
            "notice": "assigned",
            "detail": "Иван <Иванов>",
            "status": "в работе",
            "latest": "Не <печатает>",
            "next": NEXT,
        }
    )
    for name, unproven, absent in (("Отдел <разработки>", False, False), ("", True, False), ("", False, True)):
        theirs = {"name": name, "command": "#переслать", "unproven": unproven, "absent": absent}
        yield letter | {"first": False, "theirs": theirs}
    for outdated, asked, words in product((False, True), (False, True), ("", "«да», «перезвоните»")):
        yield letter | {"first": False, "unclear": {"words": words, "outdated": outdated, "asked": asked}}
    for cover in ("", "Разберитесь, <пожалуйста>."):
        to_team = {"notice": "to-team", "detail": "Иван <Иванов>", "team": "Первая <линия>", "status": "в работе"}
        yield letter | KNOWN | to_team | {"latest": "Не <печатает>", "cover": cover}
    for notice in ("dealt", "recurring"):
        yield letter | KNOWN | {"notice": notice, "status": "новое", "latest": "Не <печатает>", "next": NEXT}
    for notice, latest in (("snooze", ""), ("promise", ""), ("promise", "Перезвонить <Анне>")):
        yield letter | {"notice": notice, "until": DUE, "latest": latest}
    yield letter | {"notice": "merged", "detail": "ACME-7", "latest": "Не <печатает>"}
    yield letter | {"notice": "given-up", "asked": ASKED}
    for text in ("Не печатает", ""):
        yield letter | {"notice": "rated", "detail": "Плохо", "status": "в работе", "text": text}
    yield letter | {"via": Address(addr="ivan@example.com"), "doubt": "no-token", "note": "Не <печатает>"}
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
        yield {"offer": {"name": "Настройка <принтера>", "price": "", "state": state}}
    cell = {
        "name": "Написание <кода>",
        "cell": "не входит в уровень «<Старт>»",
        "included": "no",
        "other": "#услуга НАЗВАНИЕ",
    }
    for included, commands in (("no", ("#предложить <Код>", "#отказать")), ("person", ("#отказать",)), ("yes", ())):
        yield {"service": cell | {"included": included, "commands": commands}}
    for effect, command in (("refuse", "#отказать"), ("postpone", "#отложить")):
        yield {"proposed": {"name": "Чужая <программа>", "effect": effect, "command": command}}
    for state in ("refused", "postponed"):
        yield {"ground": {"name": "Чужая <программа>", "state": state}}
    yield {"untaken": UNTAKEN}
    suggested: dict[str, object] = {"asked": ASKED, "faq": ("Не печатает <принтер>: что делать", "Второй ответ")}
    for name, value in suggested.items():
        yield {name: value}
    yield {
        **decided, **suggested, "offer": {"name": "Настройка <принтера>", "price": "1\u00a0500\u00a0₽\u00a0за\u00a0час", "state": "offered"}, "untaken": UNTAKEN,
        "proposed": {"name": "Чужая <программа>", "effect": "refuse", "command": "#отказать"}, **KNOWN,
    }  # fmt: skip


def confirmations() -> Iterator[dict[str, object]]:
    """Yield the words that ask whether a letter is an agent's."""
    token: dict[str, object] = {"token": "c17.k7f3abcdefghijkl", "letter": 17}
    kept = {"author": Address(name="Иван", addr="ivan@example.com"), "title": "Re: <принтер>", "until": DUE}
    for text in ("Готово, <проверьте>.\n#решено", ""):
        yield {**TICKET, **token, **kept, "state": "asked", "text": text}
    named = {"commands": ("#решено",), "files": ("<a>.pdf", "b.pdf"), "people": ("boris@example.com",)}
    for left in (0, 12):
        yield {
            **TICKET,
            **token,
            **kept,
            **named,
            "left": left,
            "state": "asked",
            "text": "Готово, <проверьте>.\n#решено",
        }
    yield {**TICKET, **token, "state": "asked", "author": Address(addr="ivan@example.com"), "until": DUE}
    new: dict[str, object] = {"number": "", "subject": "", "customer": None}
    yield {
        **TICKET,
        **token,
        **kept,
        **new,
        "subject": "Не печатает <принтер>",
        "state": "asked",
        "text": "Не <печатает>",
    }
    yield {**TICKET, **token, **kept, **new, "asking": True, "state": "asked", "text": "Не <печатает>"}
    for state in ("late", "used", "unclear", "disowned", "too-long"):
        yield {**TICKET, **token, "state": state}
        yield {**TICKET, **token, **new, "state": state}


def editions() -> Iterator[dict[str, object]]:
    """Yield the words about news that an agent sends."""
    head = {"organization": TICKET["organization"], "address": TICKET["address"], "token": "c17.k7f3abcdefghijkl"}
    shown = {"title": "Вышла <версия> 9", "text": "Добавлено <главное>.", "recipients": 120, "until": DUE}
    states = (
        "asked", "going", "stopped", "used", "late", "unclear", "disowned", "off", "not-allowed", "too-long", "no-title",
        "no-text", "files", "nobody",
    )  # fmt: skip
    for state in states:
        yield {**head, **shown, "letter": 17, "state": state, "sent": 30, "left": 90}


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


def overviews() -> Iterator[dict[str, object]]:
    """Yield the words of an answer to what an agent asks, and of a digest."""
    head = {"organization": TICKET["organization"], "address": TICKET["address"]}
    rest: dict[str, object] = {
        "line": "", "about": "", "near": [], "help": [], "client": None, "used": None, "history": [], "total": 0,
        "at_least": False, "more": 0, "tickets": [],
    }  # fmt: skip
    ticket: dict[str, object] = {
        **KNOWN, "number": "ACME-1042", "subject": "Не печатает <принтер>", "agent": "", "status": "новое",
        "address": "support+t1042.k7f3abcdefghijkl@example.org", "what": "", "due": "", "left": "", "over": "",
        "passed": False,
    }  # fmt: skip
    terms: tuple[dict[str, object], ...] = (
        {"left": "4 часа"},
        {"left": ""},
        {"passed": True},
        {"passed": True, "over": "2 часа"},
    )
    tickets: list[dict[str, object]] = [
        ticket,
        ticket | {"agent": "Иван <Иванов>", "level": "", "subject": "", "address": ""},
    ]
    tickets += [ticket | {"what": what, "due": DUE} | term for what, term in product(WHATS, terms)]
    client: dict[str, object] = {
        "key": "lutik", "name": "ООО «Лютик» & Ко", "level": "", "served": True, "standing": "обслуживается",
        "suspended": "", "until": "", "agreements": "", "manager": "",
    }  # fmt: skip
    whole = client | {"level": "Базовый", "suspended": "нет <оплаты>", "until": "31 декабря 2026 года"}
    whole |= {"agreements": "РМ-17/2026, <РМ-18>", "manager": "Иван <Иванов>"}
    used: dict[str, object] = {
        "month": "ноябрь 2026", "requests": 3, "quota": 0, "by": "", "allowance": "", "carried_in": "", "used": "",
        "left": "", "extra": "", "price": "",
    }  # fmt: skip
    spent = used | {"by": "hours", "quota": 50, "allowance": "10 часов", "carried_in": "2 часа", "used": "14 часов"}
    spent |= {"extra": "2 часа", "left": "1 час", "price": "3 000 ₽"}
    history = [
        {"at": "23 нояб. 09:10", "who": "Анна <Петрова>", "ours": False, "text": "Не <печатает>"},
        {"at": "23 нояб. 09:20", "who": "Иван", "ours": True, "text": "Смотрим"},
        {"at": "23 нояб. 09:20", "who": "", "ours": False, "text": "новое → в работе"},
    ]
    lists = ("mine", "backlog", "queue", "overdue", "today", "due", "unassigned", "waiting", "dealt")
    some = {"total": 34, "more": 12, "tickets": tickets}
    sections = [{"kind": kind, **found} for kind in lists[:5] for found in (some, {"total": 0})]
    sections += [{"kind": kind, **some, "at_least": True} for kind in lists]
    sections += [
        {"kind": "status", "about": "ACME-<7>"},
        {"kind": "status", "tickets": tickets[:1], "total": 1, "history": history},
    ]
    sections += [
        {"kind": kind, "about": about, "near": near}
        for kind, about, near in product(("client", "usage"), ("", "Лют<ик"), ([], ["lutik", "<пион>"]))
    ]
    sections += [
        {"kind": "client", "client": one, **found}
        for one, found in product((client, whole), (some, {}, some | {"at_least": True}))
    ]
    sections += [
        {"kind": "usage", "client": client, "used": one}
        for one in (used, used | {"by": "requests"}, spent, spent | {"price": ""})
    ]
    sections += [
        {"kind": "unclear", "line": "очер<едъ", "near": ["очередь"]},
        {"kind": "unclear", "line": "?!", "help": ["очередь"]},
    ]
    sections += [{"kind": "help", "help": ["очередь", "статус НОМЕР"]}]
    filled = [rest | one for one in sections]
    for section, direct in product(filled, (True, False)):
        yield head | {"sections": [section], "direct": direct}
    yield head | {"sections": filled, "unanswered": 3}
    yield head | {"sections": filled[:2], "before": True}
    digest = [one for one in filled if one["kind"] in lists and one["total"]]
    for daily, direct in product(("agent", "head"), (True, False)):
        yield head | {"sections": digest, "daily": daily, "direct": direct}
        yield head | {"sections": digest[:1], "daily": daily}


def admin() -> Iterator[dict[str, object]]:
    """Yield the words of a letter about maild itself."""
    for kind in ("quarantine", "undelivered", "config", "silence", "calendar", "unconfirmed", "rule"):
        lines = ("one <line>", "another")
        yield {"kind": kind, "summary": "letter 7", "lines": lines, "command": "maild quarantine show 7"}


def observed() -> Iterator[dict[str, object]]:
    """Yield the words of the daily letter about an organisation that only observes."""
    kinds = ("opened", "appended", "duplicate", "command", "bounce", "ignored", "quarantined")
    lists = ("requests", "customers", "staff", "rung", "answers")
    nothing: dict[str, object] = {
        "organization": TICKET["organization"], "address": TICKET["address"], "id": "acme",
        "began": DUE, "since": DUE, "until": DUE, "letters": 0, "counts": dict.fromkeys(kinds, 0), "ignored": [],
        **{name: [] for name in lists}, "more": dict.fromkeys(lists, 0), "total": {"customers": 0, "staff": 0},
        "unplaced": 0, "quarantined": [], "alarms": [], "unused": [], "unknown": [],
    }  # fmt: skip
    request = {"number": "ACME-1042", "subject": "Не печатает <принтер>", "who": "Анна Петрова", "due": DUE}
    letter = {"to": "anna@example.com", "subject": "Не печатает <принтер>", "number": "ACME-1042", "words": ""}
    term = {"number": "ACME-1042", "subject": "Не печатает <принтер>", "term": DUE}
    answer = {"number": "ACME-1042", "subject": "", "who": "Анна Петрова", "took": "", "due": "", "late": False}
    yield nothing | {
        "letters": 7, "counts": dict.fromkeys(kinds, 1),
        "ignored": [{"rule": "auto-reply", "count": 2}, {"rule": "<other>", "count": 1}],
        "requests": [request, request | {"subject": "", "due": ""}],
        "customers": [letter | {"purpose": "acknowledgement", "words": "Посмотрите, пожалуйста"}],
        "staff": [letter | {"purpose": "notification", "count": 1}, letter | {"purpose": "reminder", "count": 2}],
        "rung": [term | {"what": what, "kind": kind} for what, kind in product(WHATS, ("before", "term", "after"))],
        "answers": [answer, *(answer | {"took": "4 часа", "due": DUE, "late": late} for late in (False, True))],
        "more": dict.fromkeys(lists, 3), "total": {"customers": 1, "staff": 3}, "unplaced": 2,
        "quarantined": [7, 8], "alarms": ["<letter> 7"], "unused": ["<first>", "second"],
        "unknown": ["anna@example.com"],
    }  # fmt: skip
    yield nothing
