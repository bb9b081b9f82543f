"""Whether a text says which version of the program its author has: "версия 8.3.22", "релиз 3.0.150", "v2.1".

The version of Windows or of a browser is another thing's; a date, an IP address, a clause, a price are no versions at all.
"""

import re

from maild.desk.evidence.common import MAX_SEARCHED, quote

_DOTTED = r"\d{1,4}(?:\.\d{1,6}){1,4}"
_NUMBER = rf"(?:{_DOTTED}|\d{{1,8}})"
# Which things have versions that nobody asked for
_OTHERS = re.compile(
    r"\b(?:windows|win|виндовс|винда|вин|ос|linux|ubuntu|debian|android|андроид|ios|macos|mac|chrome|хром|firefox|edge|opera|опера"
    r"|safari|браузер\w{0,3}|яндекс\.?\s?браузер\w{0,3}|office|офис|excel|эксель|word|ворд|java|php(?!-)|\.net|договор\w{0,3}|закон\w{0,3}"
    r"|документ\w{0,3}|регламент\w{0,3}|приказ\w{0,3}|устав\w{0,3}|файл\w{0,3}|ip|сервер\w{0,3})\b",
    re.IGNORECASE,
)
_KEYWORD = (
    r"верси(?:я|и|ю|ей|й)|версі(?:я|ї|ю|єю)|верс\.|версия|version|release|релиз\w{0,2}|реліз\w{0,2}|ver\b\.?|вер\.|сборк[аиуе]|збірк[аиу]|build"
    r"|билд\w{0,2}|прошивк[аиуе]"
)
_FAMILY = (
    r"платформ[аыеу]|редакци[яию]|редакці[яію]|конфигураци[яию]|обновлени[ея]|оновлення"  # only with a dotted number
)
_GAP = r"[^\d\n]{0,40}?"
_SAID = re.compile(rf"\b(?:{_KEYWORD})({_GAP})\bv?({_NUMBER})(?![\d.-]*\d)", re.IGNORECASE)
_SAID_OF = re.compile(rf"\b(?:{_FAMILY})({_GAP})\b({_DOTTED})(?![\d.-]*\d)", re.IGNORECASE)
_UPDATED = re.compile(
    rf"\b(?:обнов|оновл|updated|upgraded)\w{{0,8}}\s(?:до|на|to)\s({_DOTTED})(?![\d.]*\d)", re.IGNORECASE
)
_SHORT = re.compile(rf"(?<![\w.])v\.?\s?({_NUMBER})(?![\d.]*\d)", re.IGNORECASE)
_ONE_C = re.compile(rf"\b1[сc]\b[^\d\n]{{0,30}}({_DOTTED})(?![\d.]*\d)", re.IGNORECASE)
_SIGNING = re.compile(
    rf"\b(?:крипто-?\s?про|cryptopro|vipnet|випнет)\b[^\d\n]{{0,20}}({_DOTTED})(?![\d.]*\d)", re.IGNORECASE
)
_PART = re.compile(
    rf"\b(?:плагин|модул[ьяе]|приложени[еия]|программ[аыу]|клиент|расширени[ея]|драйвер|plugin|app|client|module)\s({_DOTTED})(?![\d.]*\d)",
    re.IGNORECASE,
)
_PRODUCT = re.compile(r"плагин|модул|приложени|программ|клиент|app|client|plugin|module", re.IGNORECASE)
_LONG = re.compile(
    r"(?<![\w.])(\d{1,4}(?:\.\d{1,6}){3})(?![\w.]*\d)"
)  # four parts, and no IP address: nothing else is numbered so
_BARE = re.compile(r"\b(?:с|на|до|у нас|стоит|from|to|on)\s(\d{1,4}\.\d{1,3}\.\d{1,6})(?![\d.]*\d)", re.IGNORECASE)
_QUOTED = re.compile(rf"[»\"”]\s({_DOTTED})(?![\d.]*\d)")
_NAMED = re.compile(rf"([^\W\d_][\w.:+-]{{1,30}}(?:\s[A-ZА-ЯЁІЇЄ]\w{{0,20}})?)\s({_DOTTED})(?![\d.]*\d)")
_UNIT = re.compile(
    r"\s?(?:дн|день|дні|час|раз|мин|хв|сек|недел|тижн|месяц|місяц|год|лет|рок|компьютер|комп|пользоват|рабоч|штук|шт\b|руб|процент|%|стол|заявк"
    r"|январ|феврал|март|апрел|ма[яй]\b|июн|июл|август|сентябр|октябр|ноябр|декабр|days?\b|hours?\b|times?\b|users?\b|pcs|weeks?\b|months?\b"
    r"|минут|от\s+перв)",
    re.IGNORECASE,
)
# "8.3.22" is a version of 1С, "08.03.22" is a day
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:(?:0[1-9]|1[0-2])\.\d{2}|(?:0?[1-9]|1[0-2])\.(?:19|20)\d{2})")
_STOPS = re.compile(
    r"[.!?;]\s|\bот\b|\bдо\b|\bиз\b|[=]", re.IGNORECASE
)  # behind which the number belongs to something else


def find_version(text: str) -> str | None:
    """Return the words that name a version, in one line, or None. Linear in the text, of which the first part is searched."""
    text = text[:MAX_SEARCHED].replace("\u00a0", " ")
    for pattern in (_SAID, _SAID_OF):
        for match in pattern.finditer(text):
            if _is_ours(text, match, match[1], match[2]):
                return quote(match[0])
    for pattern in (_UPDATED, _SHORT, _PART, _LONG, _BARE, _QUOTED, _ONE_C, _SIGNING):
        for match in pattern.finditer(text):
            if _is_ours(text, match, "", match[1]):
                return quote(match[0])
    for match in _NAMED.finditer(text):
        if _is_product(match[1]) and _is_ours(text, match, match[1], match[2]) and match[2].count(".") > 1:
            return quote(match[0])
    return None


def _is_ours(text: str, match: re.Match[str], gap: str, number: str) -> bool:
    """Whether a number is the version of the program that the request is about."""
    if _OTHERS.search(gap) or _STOPS.search(gap) or _UNIT.match(text, match.end()):
        return False
    if _PRODUCT.match(match[0]):
        return not _DATE.fullmatch(number)
    before = text[max(0, match.start() - 25) : match.start()]
    before = re.split(r"[,;.\n]\s", before)[-1]
    if _OTHERS.search(before) or re.match(
        r"\s?(?:закона|договора|регламента|приказа)\b", text[match.end() : match.end() + 20]
    ):
        return False
    return not (
        _DATE.fullmatch(number) or _is_address(number) or re.match(r"\s\d", text[match.end() : match.end() + 2])
    )


def _is_address(number: str) -> bool:
    """Whether it is an IP address of a private network, or one of a public one that no program is numbered like."""
    parts = [int(part) for part in number.split(".")]
    return len(parts) == 4 and max(parts) < 256 and (parts[0] in (10, 127, 172, 192) or min(parts) > 31)


def _is_product(name: str) -> bool:
    """Whether a word is the name of a program rather than what stands before clauses, dates and addresses."""
    return (name[0].isupper() or name.isascii()) and not re.match(
        r"(?:ip|п|пп|пункт\w*|раздел\w*|глав\w*|стать\w*|дата|дня|тел\w*|цена|сумм\w*|код|ошибк\w*|тариф|форм\w*|error|code|section|page|№)\b",
        name,
        re.IGNORECASE,
    )
