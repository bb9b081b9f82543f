"""What mail servers, lawyers and mailing lists hang below a letter. Pure; looks at the end of the lines it is given."""

import re

from maild.ingest.clients.contact import is_prose, judge
from maild.ingest.clients.quote import is_delimiter, is_rule

FOOTER_LINES = 40  # of one paragraph; what is longer is a letter
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
_ASKS = re.compile(r"\?|\b(?:я|мне|меня|мені|мене|I)\b")  # a person's; lawyers neither ask nor say "I"
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
    |.{0,40}(?:проверено\ (?:на\ (?:наличие\ )?вирус\w{1,3}|антивирус\w{1,4}|kaspersky|dr\.?\ ?web)|перевірено\ на\ (?:наявність\ )?вірус\w{1,3}|(?:been\ )?(?:checked|scanned)\ (?:for\ viruses|by)|auf\ viren\ geprüft).{0,500}
    |(?:(?:пожалуйста|будь\ ласка|please),?\ )?(?:прежде\ чем|перед\ тем,?\ как|перш\ ніж|подумайте|consider\ the\ environment|think)\b.{0,40}\b(?:печат|распеч|роздрук|друк|print).{0,100}
    |denken\ sie\ an\ die\ umwelt.{0,100}|pensez\ à\ l'environnement.{0,100}|piensa\ en\ el\ medio\ ambiente.{0,100}""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip


def is_disclaimer(paragraph: str) -> bool:
    """Whether a paragraph is a lawyer's: it opens as one, and names the recipient, the error, the secret, the ban."""
    opening = _LEGAL_OPENING.match(paragraph)
    if opening is None or len(paragraph) < _LEGAL_LENGTH or _LEGAL_CORE.search(paragraph[:4_000]) is None:
        return False
    if _ASKS.search(paragraph[:4_000]):
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
        named = not is_prose(" ".join(paragraph.split())) and any(judge(line) for line in paragraph.split("\n"))
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
    while begin and end - begin < FOOTER_LINES and lines[begin - 1].strip() and not is_rule(lines[begin - 1]):
        begin -= 1
    return None if begin == end or end - begin == FOOTER_LINES else begin


def _footer_begins(lines: list[str], begin: int) -> int | None:
    """Return the rule that sets a list's footer off from the words; without one it may be they."""
    if is_delimiter(lines[begin]):
        return begin
    above = lines[begin - 1] if begin else ""
    return begin - 1 if is_rule(above) or is_delimiter(above) else None
