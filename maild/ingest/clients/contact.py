"""The lines of which signatures consist: names, telephones, addresses, offices, companies. Pure.

A name alone tells nothing that its author does not type by hand; the others are written once for all letters.
"""

import re

_LONGEST = 140  # characters of a line of a signature
_PHONE = re.compile(r"(?<![\w.])(?:\+|\(|8|0|[1-9])[\d ()\xa0.–/-]{6,24}\d(?!\w)")
_CONTACT = re.compile(
    r"""(?<![^\s<(:;,|])[^\s@<>]{1,64}@[^\s@<>]{2,200}|(?:https?://|www\.)\S{3,500}|@\w{3,32}\b
    |\b(?:тел|телефон|моб|мобильный|раб|факс|e-?mail|почта|эл\.\s?почта|адрес|сайт|скайп|skype|telegram|телеграм|whatsapp|viber|icq|тг
        |телефони?|адреса|пошта|tel|phone|mobile|mob|cell|fax|direct|office|web|website|address|telefon|handy|mobil|téléphone|portable
        |teléfono|móvil|cellulare|telefono|komórka|telefone|celular)\.?\s?:?\s?(?=[\w+(@/.]|$)
    |\b(?:доб|вн|ext)\.?\s?\d{2,6}|\b\d{6},\s|\b(?:ул|вул|пр-т|просп|г|м)\.\s?[А-ЯЁІЇЄҐ]|\b(?:ИНН|КПП|ОГРН|ЄДРПОУ|ЕДРПОУ|USt-IdNr|VAT)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OFFICE = re.compile(
    r"""\b(?:директор|менеджер|бухгалтер|инженер|інженер|специалист|спеціаліст|начальник|руководитель|керівник|заведующ|завідувач|администратор|адміністратор|секретарь|секретар
    |юрист|экономист|економіст|аналитик|аналітик|программист|програміст|разработчик|консультант|оператор|помощник|помічник|заместитель|заступник|ассистент|асистент|координатор
    |кладовщик|логист|логіст|снабжен|кадров|отдел|відділ|служба|департамент|управление|управління|бухгалтерия|бухгалтерія|кафедр|главный|головний|ведущий|провідний|старший
    |офис|офіс|филиал|філія|manager|director|engineer|specialist|accountant|assistant|officer|developer|consultant|analyst|administrator|coordinator|executive|founder|head\ of
    |president|partner|lead|sales|support|department|team|c[eft]o\b|vp\b|geschäftsführer|leiter|leitung|abteilung|vertrieb|buchhaltung|sachbearbeiter|directeur|directrice|responsable|chargé|chef
    |gerente|jefe|director[ae]?|responsabile|direttore|ufficio|kierownik|dyrektor|specjalista|księgow|dział|biuro|diretor|gestor)\w{0,8}""",
    re.IGNORECASE | re.VERBOSE,
)
_COMPANY = re.compile(
    r"""(?<!\w)(?:ООО|ОАО|ПАО|ЗАО|НАО|АО|ИП|ТОВ|ТОО|ФОП|ПрАТ|ПП|ГБУ|МБУ|ФГУП|ГУП|МУП|НКО|ГК|ТД|ЧП|ОДО|СООО|GmbH|AG|KG|UG|LLC|Ltd|Inc|Corp|PLC|LLP|S\.?A\.?S?|S\.?[rR]\.?[lL]|S\.?p\.?A|B\.?V|Oy|A/S|Sp\.\ z\ o\.?\ ?o|s\.r\.o|Co)\.?(?!\w)
    |(?:компани[яи]|компанія|фирма|фірма|завод|банк|группа|магазин|company|group|университет|університет|university|universität|institut\w?)\b""",
    re.VERBOSE,
)
# what an invoice is paid to, and what has changed: whoever writes that wants it to be read
_NEWS = re.compile(
    r"""\b\d{20}\b|\b(?:р/?с|р/?р|к/?с|бик|мфо|iban|bic|swift)\b[^\d\n]{0,20}[A-Z\d]
    |\b(?:нов(?:ый|ая|ое|ые|ого|ой|а|і)|теперь|тепер|new)\ (?:адрес|телефон|номер|почт|контакт|реквизит|пошт|address|phone|number|e-?mail|contact)""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME_WORD = r"(?:[^\W\d_a-zа-яёіїєґß][\w'’.-]{0,30}|(?:de|von|van|der|den|da|di|del|la|le|фон|оглы|кызы))"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}")
_STATEMENT = re.compile(r"[?!]|[.…]$|:$")
EMPHASIS = " \t*_|,"


def is_name(piece: str) -> bool:
    """Whether a piece of a line is a person's name: a few words with capitals, and nothing else."""
    return len(piece) <= 80 and _NAME.fullmatch(piece) is not None


def _tells(piece: str) -> bool:
    """Whether a piece of a line tells a telephone, an address, an office or a company, and hardly a sentence."""
    if len(piece.split()) > 12 or (_STATEMENT.search(piece) and _CONTACT.search(piece) is None):
        return False
    if _COMPANY.search(piece) or _CONTACT.search(piece):
        return len(_prose(piece)) <= 3
    if _PHONE.search(piece):
        return len(_prose(piece)) <= 2
    return _OFFICE.match(piece) is not None or (_OFFICE.search(piece) is not None and len(piece.split()) <= 6)


def _prose(piece: str) -> list[str]:
    """Return the words in lower case that are no contact, office or company of themselves."""
    return [
        word
        for word in _CONTACT.sub(" ", piece).split()
        if word[:1].islower() and not _OFFICE.match(word) and len(word) > 2
    ]


def judge(line: str) -> bool | None:
    """Return whether a line of a signature tells anything (a telephone, a company); None where it is no such line."""
    bare = line.strip(EMPHASIS)
    if len(bare) > _LONGEST or _NEWS.search(bare):
        return None
    if is_name(bare):
        return False
    if _tells(bare):
        return True
    pieces = [piece.strip(EMPHASIS) for piece in re.split(r"[,|•·;/]| [-–—] ", bare)]
    told = False
    for piece in filter(None, pieces):
        if _tells(piece):
            told = True
        elif not is_name(piece):
            return None
    return told


def is_prose(paragraph: str) -> bool:
    """Whether somebody tells or asks something in a paragraph, and tells no telephone or company with it."""
    told = sum(word[:1].islower() for word in paragraph.split())
    return told >= (3 if _STATEMENT.search(paragraph) else 4) and not judge(paragraph)
