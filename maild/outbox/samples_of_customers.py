"""Sample words of every letter to a customer, and of the one that passes a customer's request on. Pure."""

from collections.abc import Iterator
from itertools import product

from maild.model import Address
from maild.outbox.sample_values import (
    ASKED,
    CHOICES,
    COUPON,
    DUE,
    KNOWN,
    KNOWN_BY,
    QUOTA,
    REGISTERED,
    TICKET,
    UNTAKEN,
    WHATS,
    coupons,
)

_REFUSED = ("unknown", "suspended", "expired", "not-yet-valid", "level-unknown")
_ENTRY: dict[str, object] = {
    "number": 1,
    "title": "Не печатает <принтер>: что делать",
    "url": "https://help.example.org/printer?step=1&from=letter",
    "answer": "Выключите <его>.\nВключите снова.",
}
_OFFER: dict[str, object] = {
    "name": "Настройка <принтера>",
    "text": "Работу выполняет выездной мастер.\nВ цену входит дорога.",
    "price": "1\u00a0500\u00a0₽\u00a0за\u00a0час",
}
_UNIT: dict[str, object] = {"name": "отдел <разработки>", "text": "Обычно он отвечает за неделю.", "closed": False}
_GROUND: dict[str, object] = {
    "name": "Чужая <программа>",
    "text": "Мы обслуживаем только свои программы.\nЭта сделана не нами.",
    "next": "Напишите, пожалуйста, её <авторам>.",
}
_GROUNDS = tuple(
    _GROUND | {"text": text, "next": next_} for text, next_ in product((_GROUND["text"], ""), (_GROUND["next"], ""))
)
_OFFERS = tuple(
    _OFFER | {"text": text, "price": price} for text, price in product((_OFFER["text"], ""), (_OFFER["price"], ""))
)


def acknowledgements() -> Iterator[dict[str, object]]:
    """Yield the words of an acknowledgement."""
    yield {**TICKET}
    terms = [None, *({"text": DUE, "what": what} for what in WHATS)]
    parts = [("Клиент", "ООО «Лютик» & Ко"), ("Уровень", "Базовый")]
    for term, understood, missing, quota in product(terms, ((), parts), ((), ("identification",)), (None, QUOTA)):
        known: dict[str, object] = KNOWN if understood else {}
        yield {
            **TICKET, **known, "term": term, "understood": understood, "missing": missing, "quota": quota,
            "standing": "unknown" if missing else "served",
        }  # fmt: skip
    for known_by in KNOWN_BY:
        yield {**TICKET, "standing": "unknown", "missing": ("identification",), "known_by": known_by}
    for coupon, standing in product(coupons(), ("unknown", "conflict")):
        yield {**TICKET, **coupon, "standing": standing}
    yield {**TICKET, "quota": QUOTA | {"offer": ""}}
    yield {**TICKET, "first": False}
    yield {**TICKET, "term": {"text": DUE, "what": "answered"}, "registered": REGISTERED}
    yield {**TICKET, "first": True, "continues": "ACME-7"}
    for number in ("ACME-7", ""):
        yield {**TICKET, "recorded": {"number": number, "words": "Не печатает.\nСовсем <никак>."}}
    yield from _steered_acknowledgements()


def _steered_acknowledgements() -> Iterator[dict[str, object]]:
    """Yield what rules, FAQ and policies put into an acknowledgement."""
    term = {"text": DUE, "what": "answered"}
    for url, answer in product((_ENTRY["url"], ""), (_ENTRY["answer"], "")):
        yield {**TICKET, "faq": [_ENTRY | {"url": url, "answer": answer}]}
    several = [_ENTRY, {"number": 2, "title": "Второй ответ", "url": "", "answer": "Так."}]
    yield {**TICKET, "faq": several}
    for one_term, asked in product((None, term), (ASKED[:1], ASKED)):
        yield {**TICKET, "term": one_term, "asked": asked}
    for file in UNTAKEN:
        yield {**TICKET, "untaken": [file]}
    for offer in _OFFERS:
        yield {**TICKET, "offer": offer}
    for one_term, text, closed in product((None, term), (_UNIT["text"], ""), (False, True)):
        yield {**TICKET, "term": one_term, "unit": _UNIT | {"text": text, "closed": closed}}
    yield {
        **TICKET, **KNOWN, "standing": "served", "term": term, "coupon": "valid", "coupon_code": "…9TR5",
        "understood": [("Клиент", "ООО «Лютик» & Ко"), ("Вид обращения", "Печать"), ("Критичность", "Высокая")],
        "missing": ("identification",), "known_by": KNOWN_BY[-1], "quota": QUOTA, "faq": several, "asked": ASKED, "untaken": UNTAKEN,
        "offer": _OFFER, "unit": _UNIT,
    }  # fmt: skip


def refusals() -> Iterator[dict[str, object]]:
    """Yield the words of a refusal."""
    for standing in _REFUSED:
        yield {**TICKET, "standing": standing}
        yield {**TICKET, "standing": standing, "since": "1 декабря 2026 года", "until": "31 октября 2026 года"}
        for coupon in coupons():
            yield {**TICKET, **coupon, "standing": standing}
    for known_by in KNOWN_BY:
        yield {**TICKET, "standing": "unknown", "known_by": known_by}
    for ground in _GROUNDS:
        yield {**TICKET, "standing": "", "ground": ground}
    yield {**TICKET, "standing": "", "ground": _GROUND, **COUPON, "coupon": "valid"}
    yield {**TICKET, "standing": "unknown", "untaken": UNTAKEN}
    yield {**TICKET, "standing": "", "ground": _GROUND, "untaken": UNTAKEN}


def postponements() -> Iterator[dict[str, object]]:
    """Yield the words of a request put off."""
    for ground, asked in product(_GROUNDS, ((), ASKED)):
        yield {**TICKET, "ground": ground, "asked": asked}
    yield {**TICKET, "ground": _GROUND, "untaken": UNTAKEN, "registered": REGISTERED}


def offers() -> Iterator[dict[str, object]]:
    """Yield the words of an offer of paid work."""
    for offer, words in product(_OFFERS, ("", "Посмотрите <срочно>.")):
        yield {**TICKET, "offer": offer, "words": words}


def chasers() -> Iterator[dict[str, object]]:
    """Yield the words of a reminder to a customer."""
    for asked, until in product((ASKED, ()), (DUE, "")):
        yield {**TICKET, "asked": asked, "until": until}
    for offer in _OFFERS:
        yield {**TICKET, "unclear": offer}


def closings() -> Iterator[dict[str, object]]:
    """Yield the words of a closed request."""
    for asked in (ASKED, ()):
        yield {**TICKET, "why": "silence", "asked": asked}
    for offer in (_OFFER, None):
        yield {**TICKET, "why": "declined", "offer": offer}
    for choices in ((), CHOICES):
        yield {**TICKET, "why": "solved", "choices": choices}
    yield {**TICKET, "why": "merged", "into": "ACME-1041"}


def resolutions() -> Iterator[dict[str, object]]:
    """Yield the words of a request that we hold solved."""
    for choices in ((), CHOICES):
        yield {**TICKET, "until": DUE, "choices": choices}


def news() -> Iterator[dict[str, object]]:
    """Yield news."""
    head = {"organization": TICKET["organization"], "address": TICKET["address"]}
    yield {**head, "title": "Вышла <версия> 9", "text": "Добавлено <главное>.\nИсправлены ошибки."}


def subscriptions() -> Iterator[dict[str, object]]:
    """Yield the words to whoever wants news, or wants none."""
    head = {"organization": TICKET["organization"], "address": TICKET["address"]}
    yield {**head, "state": "asked", "token": "s17.k7f3abcdefghijkl"}
    for state in ("begun", "ended"):
        yield {**head, "state": state}


def planned() -> Iterator[dict[str, object]]:
    """Yield the words of a request that needs development."""
    for release in ("", "<5.2>"):
        yield {**TICKET, "release": release}


def updated() -> Iterator[dict[str, object]]:
    """Yield the words of a request whose update is out."""
    for notes, until, choices in product(("", "Добавлено <главное>.\nИсправлены ошибки."), ("", DUE), ((), CHOICES)):
        yield {**TICKET, "release": "<5.2>", "notes": notes, "until": until, "choices": choices}


def satisfactions() -> Iterator[dict[str, object]]:
    """Yield the words that only ask what a customer thinks of our work."""
    yield {**TICKET, "choices": CHOICES}


def answers() -> Iterator[dict[str, object]]:
    """Yield the words of an agent's answer."""
    page = "<p>Здравствуйте!</p><p><b>Перезагрузите</b> &lt;его&gt;.</p>"
    for left_out, laid_out in product(((), ("video.mp4",)), ("", page)):
        text = "Здравствуйте!\nПерезагрузите <его>."
        yield {**TICKET, "text": text, "page": laid_out, "agent": "Иван", "left_out": left_out}
    quote = {"said": "23.11.2026 09:10, Анна Петрова пишет:", "lines": ["Не <печатает>", "", "Посмотрите, пожалуйста"]}
    yield {**TICKET, "text": text, "agent": "Иван", "left_out": (), "quote": quote}
    for release in ("", "<5.2>"):
        yield {**TICKET, "text": text, "agent": "Иван", "left_out": (), "planned": {"release": release}}
    for until, choices in ((DUE, ()), (DUE, CHOICES), ("", CHOICES)):
        yield {**TICKET, "text": text, "agent": "Иван", "left_out": (), "solved_until": until, "choices": choices}


def extensions() -> Iterator[dict[str, object]]:
    """Yield the words of a new term."""
    for what, reason in product(WHATS, ("", "Ждём ответа\n<производителя>.")):
        yield {**TICKET, "term": {"text": DUE, "what": what}, "reason": reason}


def passings() -> Iterator[dict[str, object]]:
    """Yield the words of a request that goes to a unit outside."""
    customer = TICKET["customer"]
    for author, closed, left_out in product((customer, Address(addr="")), (False, True), ((), ("video.mp4",))):
        yield {
            **TICKET, "unit": "Отдел <разработки>", "author": author, "text": "Не печатает.\nСовсем <никак>.",
            "left_out": left_out, "closed": closed, "cover": "Посмотрите <срочно>." if left_out else "",
        }  # fmt: skip


def forwardings() -> Iterator[dict[str, object]]:
    """Yield the words that tell a customer to whom their request was passed on."""
    for text, closed in product(("", "Она ответит\n<сама>."), (False, True)):
        yield {**TICKET, "unit": {"name": "Отдел <разработки>", "text": text, "closed": closed}}


def reports() -> Iterator[dict[str, object]]:
    """Yield the words of a client's report of the month."""
    at_rest: dict[str, object] = {
        "organization": TICKET["organization"], "address": TICKET["address"],
        "client": "ООО «Лютик» & Ко", "month": "ноябрь 2026", "by": "", "requests": 0, "done": [], "more": 0,
        "allowance": "", "carried_in": "", "used": "", "left": "", "carried_out": "", "lapsed": "", "extra": "",
        "price": "", "note": "", "check": False, "forward": [],
    }  # fmt: skip
    line: dict[str, object] = {"number": "ACME-1042", "subject": "Не печатает <принтер>", "status": "в работе"}
    done = [
        line | {"over": over, "subject": subject, "time": time}
        for over, subject, time in product(("31 октября 2026 года", ""), (line["subject"], ""), ("1 час", ""))
    ]
    used: dict[str, object] = {"done": done, "requests": 3, "by": "hours", "used": "14 часов"}
    yield at_rest
    yield at_rest | used
    yield at_rest | used | {"more": 2, "by": ""}
    for by in ("hours", "requests"):
        amounts = {"allowance": "10 часов", "carried_in": "2 часа", "left": "1 час", "carried_out": "1 час"}
        yield at_rest | used | amounts | {"by": by, "lapsed": "2 часа", "note": "Не печатает <принтер>"}
        for price in ("3 000 ₽", ""):
            yield at_rest | used | {"by": by, "extra": "2 часа", "price": price}
    for forward in ([], ["anna@client.example", "olga@client.example"]):
        yield at_rest | used | {"check": True, "forward": forward}
