"""Whether a text says how else its author can be reached: a phone number, a name in a messenger.

Whoever asks to be called and gives no number has not said it; nor does the number of an order, of an account, or our own.
"""

import re

from maild.desk.evidence.common import MAX_SEARCHED, quote

_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_GAP = r"[\s().-]{0,3}"
# Russia and Kazakhstan, Ukraine, Belarus, and the rest of the world with a plus
_WHOLE = re.compile(
    rf"(?<![\w.,/:№#-])(?:"
    rf"(?:\+7|\b7|\b8){_GAP}[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}"
    rf"|(?:\+7|\b8){_GAP}[3-9]\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}"
    rf"|(?:\+?38{_GAP})?0{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}"
    rf"|\+?375{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}"
    rf"|8{_GAP}0(?:25|29|33|44|17){_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}"
    rf"|\(\d{{3,5}}\)\s?\d{{1,3}}[\s-]?\d{{2}}[\s-]?\d{{2}}"
    rf"|\+[1-9]\d{{0,2}}(?:[\s-]?\(?\d{{2,8}}\)?){{2,5}}"
    rf")(?![\d/]|[-.]\d)"
)
_CALL = (
    r"тел(?:ефон(?:а|у|ом|е|ы|ов)?)?|т(?=\.\s?[\d(+])|моб(?:ильн\w{2,3})?|сот(?:ов\w{2,3})?|раб|контакт\w{0,4}|звоните|звонить|позвоните|перезвоните"
    r"|телефонуйте|зателефонуйте|наберите|набирайте|связаться|связи|зв['’]язку|phone|tel|cell|mobile|call"
)
_SHORT = re.compile(rf"\b(?:{_CALL})\b[^\d\n]{{0,40}}(\d[\d\s()-]{{3,14}}\d)(?![\d/]|[-.]\d)", re.IGNORECASE)
_EXTENSION = re.compile(r"\b(?:доб|внутр|вн|ext)(?:\w{0,12}\s+номер)?\.?\s?:?\s?(\d{3,5})\b", re.IGNORECASE)
_MESSENGER = r"телеграм\w{0,2}|телег[аеуи]|telegram|тг|tg|ватсап\w{0,2}|вотсап\w{0,2}|whatsapp|вайбер\w{0,2}|viber|ск[ау]йп\w{0,2}|skype|signal|сигнал"
_NICK = re.compile(
    rf"\b(?:{_MESSENGER})\b\s?[:—–-]?\s?(?:@\w[\w.]{{3,32}}|(?<=[:—–-]\s)[a-z][\w.:]{{3,40}}|live:[\w.]{{3,40}}|(?<=\s)[a-z][a-z.]{{1,30}}[\d_][\w.]{{0,30}})",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:t\.me|wa\.me|vk\.me|m\.me)/(\w[\w.]{3,32})", re.IGNORECASE)
_OTHER_MAIL = re.compile(
    rf"\b(?:резервн|запасн|дополнительн|друг|личн|вторую|втор|особист|інш)\w{{0,4}}\s+(?:почт\w{{1,2}}|пошт\w{{1,2}}|e-?mail|адрес\w{{0,2}})[^@\n]{{0,20}}?{_MAIL}",
    re.IGNORECASE,
)  # fmt: skip
# In front of numbers that are no phones, and of phones that are not the author's
_NOT_A_PHONE = re.compile(
    r"(?:инн|іпн|кпп|огрн|окпо|єдрпоу|снилс|бик|р/с|к/с|сч[её]т\w{0,3}|рахун\w{0,4}|лицев\w{0,4}|карт\w{0,3}|паспорт\w{0,3}|полис\w{0,3}|заказ\w{0,3}|заявк\w{0,3}"
    r"|договор\w{0,3}|документ\w{0,3}|акт\w{0,2}|код\w{0,3}|ключ\w{0,3}|лиценз\w{0,4}|трек\S{0,8}|накладн\w{0,4}|артикул\w{0,3}|штрих\S{0,6}|серийн\w{0,4}|уин"
    r"|кадастров\w{0,4}|индекс\w{0,3}|сумм\w{0,3}|дата|модел\w{0,3}|order|invoice|account|ticket|id|uid|№)(?:\s+номер\w{0,2})?\s?[:№#]{0,2}\s?$",
    re.IGNORECASE,
)  # fmt: skip
_NOT_THEIRS = re.compile(
    r"\b(?:дозвон(?:иться|ился|илась|ились|юсь)|дозванива\w{2,5}|додзвон(?:итися|ився|илась|илася)|звонил[аи]?\s+(?:вам|к вам|на)|звон(?:ю|им)\s+(?:вам|к вам|на)|удал\w{2,4}|убрать|уберите|неправильн\w{2,3}|неверн\w{2,3}|указан\w?|ваш\w{0,2}\s+(?:телефон|номер)|горяч\w{2,3}\s+лини\w|your\s+(?:phone|number))\b"
    r"[^\n]{0,30}$",
    re.IGNORECASE,
)  # fmt: skip
_TOLL_FREE = re.compile(r"^(?:\+?7|8)?\D{0,3}800\D|^0\D{0,3}800")
_BUSY = re.compile(r"[^\n.]{0,20}\b(?:занят\w{0,2}|не отвеча\w{2,4}|недоступ\w{2,4}|руб|коп)\b", re.IGNORECASE)


def find_contact(text: str) -> str | None:
    """Return the words that say how to reach the author, in one line, or None. Linear in the text, of which the first part is searched."""
    text = text[:MAX_SEARCHED].replace("\u00a0", " ")
    for match in _WHOLE.finditer(text):
        if _is_phone(text, match.start(), match[0], match.end()):
            return quote(match[0])
    for match in _SHORT.finditer(text):
        digits = sum(letter.isdigit() for letter in match[1])
        said = match[0][: -len(match[1])]
        if (
            5 <= digits <= 11
            and not _NOT_A_PHONE.search(said)
            and _is_phone(text, match.start(1), match[1], match.end())
        ):
            return quote(match[0])
    for match in _EXTENSION.finditer(text):
        return quote(match[0])
    for match in _NICK.finditer(text):
        if not match[0].lower().endswith("bot"):
            return quote(match[0])
    for match in _LINK.finditer(text):
        if not match[1].lower().endswith("bot"):
            return quote(match[0])
    found = _OTHER_MAIL.search(text)
    return quote(found[0]) if found else None


def _is_phone(text: str, start: int, number: str, end: int) -> bool:
    before = text[max(0, start - 60) : start]
    if _TOLL_FREE.match(number) or _NOT_A_PHONE.search(before) or _NOT_THEIRS.search(before) or _BUSY.match(text, end):
        return False
    return not re.fullmatch(r"\d{1,2}[-\s]\d{2}[-\s](?:19|20)\d{2}", number)
