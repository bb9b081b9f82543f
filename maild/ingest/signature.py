"""What stands below the words and is written once for all letters: signatures, disclaimers, footers of lists. Pure.

Each finder looks at the end of the lines that it is given, and hides what is plainly not written for this letter. A
closing and a name that a person types stay; a block that tells a telephone, an office or a company is a signature.
"""

import re

from maild.ingest.quote import is_rule

SIGNATURE = "-- "  # RFC 3676 §4.3: the line that mail clients put above a signature
SIGNATURE_LINES = 40  # below the delimiter; what is longer is no signature
BLOCK_LINES = 14  # of a signature below a closing, or below a dash that a person may have typed
_LONGEST = 140  # characters of a line of a signature
_DELIMITER = re.compile(r"[ \t]{0,2}(?:--|—|–|_{2,4}|-{3,4})[ \t]*")

# ── the lines of a signature ─────────────────────────────────────────────────────────────────────────────────────────

_PHONE = re.compile(r"(?<![\w.])(?:\+|\(|8|0|[1-9])[\d ()\xa0.–/-]{6,24}\d(?!\w)")
_CONTACT = re.compile(
    r"""[^\s@<>]{1,64}@[^\s@<>]{2,200}|(?:https?://|www\.)\S{3,500}|@\w{3,32}\b
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
_NAME_WORD = r"(?:[^\W\d_a-zа-яёіїєґß][\w'’.-]{0,30}|(?:de|von|van|der|den|da|di|del|la|le|фон|оглы|кызы))"
_NAME = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}")
_STATEMENT = re.compile(r"[?!]|[.…]$|:$")
_WORD = re.compile(r"[^\W\d_]{2,20}")
_EMPHASIS = " \t*_|,"


def _is_name(piece: str) -> bool:
    return len(piece) <= 80 and _NAME.fullmatch(piece) is not None


def _tells(piece: str) -> bool:
    """Whether a piece of a line tells a telephone, an address, an office or a company, and hardly a sentence."""
    if len(piece.split()) > 12 or (_STATEMENT.search(piece) and _CONTACT.search(piece) is None):
        return False
    if _COMPANY.search(piece) or _CONTACT.search(piece):
        return len(_prose(piece)) <= 5
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


def _judge(line: str) -> bool | None:
    """Return whether a line of a signature tells anything (a telephone, a company); None where it is no such line."""
    bare = line.strip(_EMPHASIS)
    if len(bare) > _LONGEST:
        return None
    if _is_name(bare):
        return False
    if _tells(bare):
        return True
    pieces = [piece.strip(_EMPHASIS) for piece in re.split(r"[,|•·;/]| [-–—] ", bare)]
    told = False
    for piece in filter(None, pieces):
        if _tells(piece):
            told = True
        elif not _is_name(piece):
            return None
    return told


# ── below a delimiter ────────────────────────────────────────────────────────────────────────────────────────────────


def find_delimited(lines: list[str], end: int) -> int | None:
    """Return where the signature that ends before `end` begins with its delimiter, or None.

    Below "-- ", which only clients write, everything but prose is the signature; below a dash of another kind each line
    must be one of a signature.
    """
    for at in range(end - 1, max(-1, end - SIGNATURE_LINES), -1):
        line = lines[at]
        if line == SIGNATURE:
            return at if not any(map(is_prose, _paragraphs(lines[at + 1 : end])[1:])) else None
        if is_delimiter(line) and end - at <= BLOCK_LINES:
            return at if _is_block(lines[at + 1 : end], brief=len(line.strip()) <= 2) else None
    return None


def is_delimiter(line: str) -> bool:
    """Whether a line is one above which the words end and below which a signature stands."""
    return _DELIMITER.fullmatch(line[:20]) is not None


def _is_block(lines: list[str], *, brief: bool) -> bool:
    """Whether these lines are those of a signature, each of them; `brief`: they may be no more than "rick"."""
    written = [line for line in lines if line.strip()]
    if not written:
        return False
    if len(written) == 1:
        return bool(
            brief and lines[0].strip() and (_WORD.fullmatch(written[0].strip()) or _judge(written[0]) is not None)
        )
    return all(_judge(line) is not None or find_closing_line(line) is not None for line in written)


def _paragraphs(lines: list[str]) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in re.split(r"\n[ \t]*\n", "\n".join(lines))]


def is_prose(paragraph: str) -> bool:
    """Whether somebody tells or asks something in a paragraph, and it is no disclaimer or advertisement in a frame."""
    words = paragraph.split()
    told = sum(word[:1].islower() for word in words)
    return (
        told >= 3
        and _STATEMENT.search(paragraph) is not None
        and not is_disclaimer(paragraph)
        and not _judge(paragraph)
    )


# ── below a closing ──────────────────────────────────────────────────────────────────────────────────────────────────

_CLOSING = re.compile(
    r"""[ \t*_]{0,4}(?:(?:с|c)\ (?:(?:глубоким|большим|искренним|неизменным)\ )?уважением(?:\ и\ (?:наилучшими\ пожеланиями|благодарностью))?|с\ (?:наилучшими\ )?пожеланиями|с\ почтением
    |с\ (?:благодарностью|признательностью)|искренне\ ваш[аи]?|з\ (?:глибокою\ )?повагою|з\ найкращими\ побажаннями|з\ вдячністю
    |(?:thanks\ (?:and|&)\ )?(?:(?:best|kind|kindest|warm|warmest|with\ best|with\ kind|many)\ )?regards|sincerely(?:\ yours)?|yours\ (?:sincerely|faithfully|truly)|best\ wishes|respectfully
    |(?:mit\ )?(?:freundliche[nm]?|besten?|vielen?|lieben?|herzliche[nm]?)\ gr(?:ü|ue)(?:ß|ss)en?|mit\ freundlichem\ gru(?:ß|ss)|hochachtungsvoll|mfg|vg|lg
    |(?:bien\ )?cordialement|(?:bien\ )?à\ vous|sincères\ salutations|salutations\ distinguées|meilleures\ salutations
    |(?:un\ )?(?:cordial\ )?saludos?(?:\ cordial(?:es)?)?|atentamente|atte|cordiali\ saluti|distinti\ saluti|(?:un\ )?saluti|cordialmente
    |(?:z\ poważaniem|pozdrawiam(?:\ serdecznie)?|(?:serdecznie\ )?pozdrawiam|z\ wyrazami\ szacunku)|atenciosamente|(?:com\ os\ )?melhores\ cumprimentos|cumprimentos
    |(?:met\ )?(?:vriendelijke|hartelijke)\ groet(?:en)?|mvg|(?:med\ )?(?:vänlig(?:a)?|bästa|venlig|vennlig|bedste|beste)\ häls?n?i?n?g(?:ar)?|(?:med\ )?(?:venlig|vennlig)\ hilsen|mvh
    |ystävällisin\ terveisin|terveisin|s\ pozdravem|s\ úctou|üdvözlettel|tisztelettel|saygılarımla|cu\ stimă|с\ уважение)[ \t]*[,.!–—-]{0,2}""",
    re.IGNORECASE | re.VERBOSE,
)


def find_closing_line(line: str) -> str | None:
    """Return what stands behind the closing that a line begins with (may be empty), or None where none does."""
    match = _CLOSING.match(line[: 2 * _LONGEST])
    if match is None or line[match.end() : match.end() + 1].isalnum():
        return None
    return line[match.end() :].strip(_EMPHASIS)


def find_closing(lines: list[str], end: int) -> int | None:
    """Return where a closing with the writer's name and office, telephone or company begins that ends before `end`.

    None where another line stands among them, and where nothing but a name was signed: that a person types themselves.
    """
    told = False
    for at in range(end - 1, max(-1, end - BLOCK_LINES), -1):
        line = lines[at]
        rest = find_closing_line(line)
        if rest is not None:
            judged = _judge(rest) if rest else False
            return at if judged is not None and (told or judged) else None
        if line.strip():
            judged = _judge(line)
            if judged is None:
                return None
            told = told or judged
    return None


_DASHED_NAME = re.compile(r"[-–—/~]{1,2}[ ]?([^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30}){1,3})")


def find_dashed_name(lines: list[str], end: int) -> int | None:
    """Return the line "-Anna Petrova" that signs a letter by itself, or None: a list is no signature."""
    match = _DASHED_NAME.fullmatch(lines[end - 1].strip()) if end else None
    if match is None or not _is_name(match[1]) or (end > 1 and lines[end - 2].strip()):
        return None
    above = next((line for line in reversed(lines[: end - 1][-20:]) if line.strip()), "")
    dashed = sum(line.lstrip().startswith(("-", "–", "—", "*", "•")) for line in lines[max(0, end - 20) : end])
    return None if dashed > 1 or not above or above.rstrip().endswith(":") else end - 1


# ── below everything ─────────────────────────────────────────────────────────────────────────────────────────────────

_LEGAL_OPENING = re.compile(
    r"""[ \t*_>-]{0,4}(?:(?P<loud>внимание|важно|уведомление|предупреждение|увага|conf?identiality|disclaimer|notice|important|confidential|caution|legal|hinweis|vertraulichkeit|avis|aviso|avviso
        |nota|uwaga|advarsel|vastuuvapaus)\b
    |(?:настоящ|данн)\w{2,3}\ (?:электронн\w{2,3}\ )?(?:сообщени|письм|почтов|e-mail)|(?:это|этот)\ (?:электронное\ )?(?:сообщение|письмо|e-mail)|(?:информация|сведения),?\ (?:содержащ|изложенн)\w{2,4}\ в
    |(?:вся\ )?информация\ в\ (?:этом|данном|настоящем)|содержание\ (?:данного|настоящего|этого)|(?:це|дане)\ (?:електронне\ )?повідомлення|цей\ (?:електронний\ )?лист|інформація,?\ (?:що|яка)\ міститься
    |this\ (?:e-?mail|message|communication|electronic|transmission)|the\ (?:information|contents?)\ (?:contained\ |transmitted\ )?(?:in|of)\ this|the\ information\ transmitted|information\ (?:contained\ )?in\ this
    |diese\ (?:e-?mail|nachricht)|der\ inhalt\ dieser|ce\ (?:message|courriel|mail)|cet\ e-?mail|este\ (?:mensaje|correo|e-?mail)|la\ información\ (?:contenida|de\ este)|il\ (?:presente\ )?(?:messaggio|contenuto)
    |questo\ (?:messaggio|documento)|questa\ (?:e-?mail|comunicazione)|le\ informazioni\ (?:contenute|trasmesse)|niniejsz[aey]|ta\ wiadomość|treść\ (?:tej|niniejszej)|informacj[ea]\ zawarte|esta\ mensagem
    |dit\ (?:bericht|e-?mail)|deze\ e-?mail|de\ informatie|detta\ meddelande|denne\ (?:e-?mail|e-?post|meddelelse)|tento\ e-?mail|ez\ az\ (?:e-?mail|üzenet))""",
    re.IGNORECASE | re.VERBOSE,
)
_LEGAL_WORD = re.compile(
    r"""конфиденц\w+|предназнач\w+|адресат\w*|получател\w+|по\ ошибке|ошибочн\w+|разглаш\w+|раскрыт\w+|копирован\w+|распростран\w+|уничтож\w+|удалит\w*|уведомит\w*|запрещ\w+|отправител\w+|несанкционир\w+
    |конфіденц\w+|призначен\w+|одержувач\w*|помилков\w+|видаліть|знищ\w+|заборон\w+|розголош\w+|поширен\w+
    |confidential\w*|privileged|intended|recipients?|addressees?|disclos\w+|unauthori[sz]ed|in\ error|by\ mistake|delete|destroy|prohibited|distribut\w+|copying|notify|viruses|liab\w+
    |vertraulich\w*|bestimmt|empfänger\w*|irrtümlich\w*|unbefugt\w*|vernichten|löschen|confidentiel\w*|destinataires?|destin[ée]\w*|par\ erreur|interdite?|détruire|divulgation
    |confidenciale?s?|destinatari[oa]s?|por\ error|eliminar\w*|prohibid\w+|riservat\w+|per\ errore|cancellar\w*|vietat\w+|poufn\w+|adresat\w*|odbiorc\w+|omyłkow\w+|usunięci\w+|zabronion\w+
    |vertrouwelijk\w*|geadresseerde\w*|bestemd|abusievelijk|confidencia\w+|konfidentiell\w*|fortrolig\w*|důvěrn\w+|bizalmas\w*|titkos\w*""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_LEGAL_CORE = re.compile(
    r"""конфиденц|конфіденц|по\ ошибке|ошибочн|помилков|несанкционир|confiden|privileged|in\ error|by\ mistake|unauthori[sz]ed|not\ the\ intended|vertraulich|irrtümlich|unbefugt|par\ erreur|por\ error|por\ engano
    |riservat|per\ errore|poufn|omyłk|przez\ pomyłkę|vertrouwelijk|abusievelijk|konfidenti|fortrolig|důvěrn|bizalmas""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTER = re.compile(
    r"сообщени|письм|повідомленн|лист|e-?mail|message|\bmail|nachricht|courriel|mensaje|correo|messaggi|wiadomo|mensagem|bericht|meddelande|besked|communication",
    re.IGNORECASE,
)
_LEGAL_HEADING = re.compile(
    r"[ \t*_=-]{0,6}(?:disclaimer|confidentiality(?: (?:notice|statement|note))?|legal (?:notice|disclaimer)|уведомление о конфиденциальности|конфиденциальность|конфіденційність|avis de confidentialité|aviso legal|nota de confidencialidad|avviso di riservatezza|vertraulichkeitshinweis|haftungsausschluss|klauzula poufności)[ \t*_=:.-]{0,6}",
    re.IGNORECASE,
)
_LEGAL_PARAGRAPHS = 6  # of one disclaimer
_LEGAL_LENGTH = 90  # characters; shorter ones are a person's request to keep a secret
_FOOTER = re.compile(
    r"""mailing\ list|mailman/listinfo|/unsubscribe|unsubscribe|отписаться\ от|you\ are\ receiving\ this\ because|reply\ to\ this\ email\ directly|view\ it\ on\ github|to\ stop\ receiving|yahoo!?\ groups
    |(?:message\ was\ sent\ using|сообщение\ (?:было\ )?отправлено\ с\ помощью)\ (?:imp|horde|squirrelmail|rainloop|roundcube|webmail)\b
    |received\ this\ (?:message|email)\ because\ you\ are\ subscribed|вы\ получили\ это\ (?:письмо|сообщение),\ (?:так\ как|потому\ что)""",
    re.IGNORECASE | re.VERBOSE,
)
_SCANNED = re.compile(
    r"""[ \t*_]{0,4}(?:без\ вирусов|virus-?free|virenfrei|sans\ virus|libre\ de\ virus|wolny\ od\ wirusów|не\ содержит\ вирусов)\.?(?:[ \t<(\[]{1,3}\S{0,200}){0,2}
    |.{0,40}(?:проверено\ (?:на\ (?:наличие\ )?вирус\w{1,3}|антивирус\w{1,4}|kaspersky|dr\.?\ ?web)|перевірено\ на\ (?:наявність\ )?вірус\w{1,3}|(?:been\ )?(?:checked|scanned)\ (?:for\ viruses|by)|auf\ viren\ geprüft).{0,500}""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip


def is_disclaimer(paragraph: str) -> bool:
    """Whether a paragraph is a lawyer's: it opens as one, and names the recipient, the error, the secret, the ban."""
    opening = _LEGAL_OPENING.match(paragraph)
    if opening is None or len(paragraph) < _LEGAL_LENGTH or _LEGAL_CORE.search(paragraph[:4_000]) is None:
        return False
    if opening["loud"] and _LETTER.search(paragraph[:4_000]) is None:
        return False
    return len({word[:6].casefold() for word in _LEGAL_WORD.findall(paragraph[:4_000])}) >= 3


def find_footer(lines: list[str], end: int) -> int | None:
    """Return where a disclaimer, the footer of a mailing list or a virus scanner's line begins that ends before `end`."""
    at = end
    for _ in range(_LEGAL_PARAGRAPHS):
        begin = _paragraph_begins(lines, at)
        if begin is None:
            return None
        paragraph = _join(lines[begin:at])
        if at == end and len(paragraph) < 800 and _SCANNED.fullmatch(paragraph):
            return begin
        if at == end and (footer := _footer_begins(lines, begin)) is not None and _FOOTER.search(paragraph):
            return footer
        if _LEGAL_OPENING.match(paragraph) and is_disclaimer(_join(lines[begin:end])) and _is_legal(lines, at, end):
            return begin
        at = begin
        while at and (not lines[at - 1].strip() or is_rule(lines[at - 1])):
            at -= 1
    return None


def _is_legal(lines: list[str], begin: int, end: int) -> bool:
    """Whether each paragraph speaks as a disclaimer does, or names whoever sends it."""
    for paragraph in re.split(
        r"\n(?:[ \t]*\n)+", "\n".join("" if is_rule(line) else line for line in lines[begin:end])
    ):
        named = not is_prose(" ".join(paragraph.split())) and any(_judge(line) for line in paragraph.split("\n"))
        if paragraph.strip() and not named and _LEGAL_WORD.search(paragraph) is None:
            return False
    return True


def _join(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)[:4_000]


def find_legal_heading(lines: list[str], end: int) -> int | None:
    """Return the line above a disclaimer that says what it is, or None."""
    return end - 1 if end and _LEGAL_HEADING.fullmatch(lines[end - 1][:100]) else None


def _paragraph_begins(lines: list[str], end: int) -> int | None:
    begin = end
    while begin and end - begin < SIGNATURE_LINES and lines[begin - 1].strip() and not is_rule(lines[begin - 1]):
        begin -= 1
    return None if begin == end or end - begin == SIGNATURE_LINES else begin


def _footer_begins(lines: list[str], begin: int) -> int | None:
    """Return the rule that sets a list's footer off from the words; without one it may be they."""
    if is_delimiter(lines[begin]):
        return begin
    above = lines[begin - 1] if begin else ""
    return begin - 1 if is_rule(above) or is_delimiter(above) else None
