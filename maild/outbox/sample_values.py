"""What the samples of several letters have in common: one ticket, its client, terms, coupons, files. Pure values."""

from collections.abc import Iterator

from maild.model import Address

COUPON: dict[str, object] = {"coupon": "", "coupon_code": "", "coupon_since": "", "coupon_until": ""}
CLIENT: dict[str, object] = {"client": "", "level": "", "standing": ""}

TICKET: dict[str, object] = {
    "organization": "Ромашка & Ко",
    "address": "support@example.org",
    "number": "ACME-1042",
    "subject": "Не печатает <принтер>",
    "customer": Address(name="Анна Петрова", addr="anna@example.com"),
    "token": "t1042.k7f3abcdefghijkl",
}
COPIED = tuple(Address(name="Анна Петрова", addr=f"{n}@example.com") for n in range(5))
STANDINGS = ("served", "unknown", "conflict", "suspended", "expired", "not-yet-valid", "level-unknown")
WHATS = ("answered", "resolved", "started")
KNOWN_BY = ((), ("name",), ("inn", "name"), ("coupon", "name"), ("coupon", "inn", "name"))
REGISTERED = "1 декабря 2026 года"
DUE = "18:00 вторника, 24 ноября (МСК)"
NEXT = "обращением занимается отдел <разработки>"
QUOTA: dict[str, object] = {"limit": 50, "number": 51, "offer": "Следующие обращения стоят <100> ₽."}
KNOWN: dict[str, object] = {"client": "ООО «Лютик» & Ко", "level": "Базовый"}
ASKED = ("шаги, после которых появляется <ошибка>", "снимок экрана")
CHOICES = tuple(
    {"word": word, "url": f"mailto:support@example.org?subject=%5BACME-1042%5D&body={number}"}
    for number, word in enumerate(("Отлично", "Нормально", "Плохо"), 1)
)
UNTAKEN = tuple(
    {"name": name, "why": why, "limit": limit}
    for name, why, limit in (
        ("видео <1>.mp4", "size", "10 МБ"),
        ("видео 2.mp4", "size", ""),
        ("сканы.pdf", "total", "25 МБ"),
        ("ещё сканы.pdf", "total", ""),
        ("setup.exe", "type", "изображения, pdf"),
        ("macro.docm", "type", ""),
        ("всё.zip", "archive", "внутри setup.exe"),
        ("всё.rar", "archive", ""),
        ("отчёт.pdf", "broken", ""),
    )
)


def coupons() -> Iterator[dict[str, object]]:
    """Yield every state of a coupon, with and without what may be unknown of it."""
    for state in ("valid", "expired", "not-yet-valid", "revoked", "renewed", "unknown", "unheard"):
        yield COUPON | {"coupon": state}
        dates = {"coupon_since": "1 декабря 2026 года", "coupon_until": "31 декабря 2026 года"}
        yield {"coupon": state, "coupon_code": "…9TR5", **dates}
