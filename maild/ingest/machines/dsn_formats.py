"""What a delivery report written for people says: the addresses that failed, status and diagnostic. Pure.

No format is known by name. Every mail system since sendmail has said the same things by the same means: a sentence that
announces recipients, lines that begin with an address, labels before one ("Recipient:", "RCPT TO:"), an SMTP reply
behind one. Each line is weighed for these, and the addresses of the strongest means win: a weaker one also catches the
sender, the postmaster to turn to, and whoever is named in passing.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from maild.ingest.machines.dsn_wordings import FAILURES
from maild.ingest.machines.phrases import Phrases, squeeze

EXPLANATION = 20_000  # characters at the beginning of a report that can be its own words
MAX_LINES = 400  # lines of them looked at; a report on fifty recipients has about 150
MAX_SPOKEN = 5  # addresses on a line whose sentences are looked at one by one
MAX_LINE = 1_000  # characters of one line
LIST_GAP = 8  # lines without an address within a list of recipients: reasons and blank lines
MAX_DIAGNOSTIC = 500  # characters; enough for the remote server's words, too short for a returned letter

_COPY_FOLLOWS = re.compile(
    r"""^[ \t>*=_#~-]{0,80}(?:
    below\ this\ line\ is | this\ is\ a\ copy\ of | (?:included|attached|enclosed)\ (?:is|below)\b.{0,30}(?:copy|header|message|original)
    | (?:the\ )?(?:headers?|body|text|copy|contents?|first\ \d+\ lines)\s.{0,30}(?:original|returned|your|undelivered|source|message)
    | (?:your\ )?(?:original|returned|returning|unsent|undelivered|old|bounced|rejected|failed)\ (?:e-?)?(?:message|mail|text|header)s?\b.{0,20}(?:follow|header|details|attached|$|below|-|:)
    | (?:your\ )?(?:original\ )?message\ (?:text\ |headers?\ |body\ |contents?\ )?(?:follows|suppressed|attached)
    | исходн\w+\ (?:письм|сообщени|заголовк) | текст\ (?:исходного|вашего|письма|сообщения) | копия\ (?:письма|сообщения|вашего|исходного)
    | заголовк\w+\ (?:исходного|вашего|письма|сообщения) | оригинал\w*\ (?:письма|листа|сообщения|повідомлення) | (?:текст|копія|заголовки)\ (?:листа|вашого)
    | (?:ursprüngliche|originale?)\ (?:nachricht|mail) | (?:kopie|kopfzeilen|header)\ der\ (?:ursprünglichen|original|nachricht)
    | (?:message|en-têtes?)\ (?:d['’]origine|original) | mensaje\ original | messaggio\ originale | oryginalna\ wiadomość | mensagem\ original
    | (?:received|return-path):\ ?.
    )""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
# "=" and "+" stand in the addresses that lists and desks write from; a label in front is taken off afterwards
_ADDRESS = re.compile(
    r"(?<![^\s<>()\[\]\\,;:\"'`*|«»“”])[^\s<>()\[\]\\,;:\"'`*|@«»“”]{1,120}@(?:\[?[\w-]{1,63}\.?){1,20}+", re.UNICODE
)
_GLUED_LABEL = re.compile(r".{0,60}(?:smtp|mailto|rfc822)=", re.IGNORECASE)
_LIST_MARK = re.compile(
    r"[\s>*•·#=_.-]{0,40}(?:\d{1,3}[.)]\s)?[<\"'(\[«`]{0,3}(?:mailto:|smtp:|rfc822;\s?)?", re.IGNORECASE
)
_LABEL = re.compile(
    r"""[\s>*•·-]{0,40}(?:
    (?:final|original|failed|x-actual|intended|delivery)[-\ ]?recipients?(?:\ address)? | recipients?(?:\ (?:e-?mail\ )?address(?:es)?)? | rcpt\ to | (?:failed|e-?mail|undeliverable|invalid|bad|destination)?\s?address(?:es)?(?:ed\ to)?
    | addressee | mailbox | user | to | for | could\ not\ be\ delivered\ to | failed\ to\ deliver\ to | unknown\ user | user\ unknown
    | (?:адрес\s)?получател\w+ | получател\w+ | адресат\w* | адрес\w* | кому | пользователь | почтовый\ ящик | отримувач\w* | адреса | для
    | empfänger(?:adresse)? | an | destinataires? | destinatari[oa]s? | odbiorc[ay] | adres(?:at)? | ontvanger | geadresseerde | mottagare | modtager | mottaker | vastaanottaja | příjemce | címzett | alıcı | para
    )\s?:\s?(?:rfc822\s?;|smtp:)?\s?[<\"'(\[«]{0,3}(?:mailto:|smtp:)?""",
    re.IGNORECASE | re.VERBOSE,
)
# A few lines of the returned letter's header that a report shows to say which letter it means
_DETAIL = re.compile(
    r"[\s>*•·-]{0,40}(?:subject|subj|sent|date|from|message-id|sender|mail from|size|cc|received on|envelope-from|x-[\w-]{1,40}"
    r"|тема|отправлено|дата|от|отправитель|від|надіслано|betreff|gesendet|datum|von|objet|envoyé|de|asunto|enviado|oggetto|inviato|temat|wysłano|assunto)\s?:",
    re.IGNORECASE,
)
_TO = re.compile(r"[\s>*•·-]{0,40}(?:to|cc|кому|копия|an|à|a|para|do|aan|till|til)\s?:", re.IGNORECASE)
_REPLY = re.compile(r"(?<![\w.:/-])[45]\d\d(?:[ -]|$)|(?<![\w.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\w)")
_SMTP_REPLY = re.compile(r"^.{0,500}?(?<![\w.:/])[45]\d\d[ -].*$", re.MULTILINE)
_STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_SPOKEN = re.compile(
    r"\b(?:to|address(?:es)?|recipients?|users?|account|mailbox|for|addressed|адрес\w*|получател\w*|отримувач\w*|ящик\w*|скринь\w*|пользовател\w*"
    r"|an|für|à|pour|a|para|per|do|dla|aan|voor|till|til)\W{1,20}(?:\w{1,20}\W{1,5}){0,3}$",
    re.IGNORECASE,
)
_ID = re.compile(
    r"(?:message-?id|in-reply-to|references|идентификатор\w*|ідентифікатор\w*)\s?[:=]?\s?<?$", re.IGNORECASE
)
_EXPANDED = re.compile(r"\((?:expanded|generated) from:?\s?<?$", re.IGNORECASE)
_BARE_NAME = re.compile(r"[ \t]{1,20}([\w][\w.+-]{0,63})[ \t]*$")
_TURN_TO = Phrases("""
en: contact | please send | send mail to | for assistance | for help | further assistance | for more information | if you believe | if you feel | questions | report this | postmaster | abuse | administrator | support | mail from | envelope sender | sent by | from your | accepting mail from | a message from | message from | the address from | because you
ru: обратитесь | обращайтесь | пишите | свяжитесь | сообщите | за помощью | по вопросам | поддержк* | администратор* | отправителя | от имени | от адреса
uk: зверніться | звертайтеся | пишіть | підтримк* | адміністратор* | відправника
de: wenden sie sich | kontaktieren | absender* | von ihnen
fr: contactez | veuillez contacter | expéditeur | administrateur
es: póngase en contacto | contacte | remitente | administrador
it: contattare | mittente | amministratore
pl: skontaktuj | kontakt | nadawca | nadawcy | administrator*
""")
_RECIPIENTS_FOLLOW = Phrases("""
en: recipient* | following address* | following user* | address failed | addresses failed | to the following | these addresses | this address | to: | failed addresses | delivered to | deliver to | deliver your message | deliver message to | deliver the message | had errors | had delivery* | had permanent* | had transient* | had problems | delivery errors | distribution list*
ru: получател* | адресат* | адрес* | следующим | доставить сообщение | доставить письмо | пользовател*
uk: отримувач* | одержувач* | адрес* | наступним
de: empfänger* | adresse* | zugestellt
fr: destinataire* | adresse*
es: destinatario* | dirección | direcciones
it: destinatari* | indirizz*
pl: odbiorc* | adres*
pt: destinatário* | endereço*
nl: ontvanger* | adres* | geadresseerde*
sv: mottagare* | adress*
da: modtager* | adresse*
no: mottaker* | adresse*
fi: vastaanottaj* | osoit*
cs: příjemc* | adres*
hu: címzett* | cím*
tr: alıcı* | adres*
""")

_FOLLOWING = Phrases("""
en: following | below | these
ru: следующ* | ниже
uk: наступн* | нижче
de: folgende*
fr: suivant*
es: siguiente*
it: seguent*
pl: następując*
""")


class Means(IntEnum):
    """By what a report names a recipient, the strongest first."""

    LABELLED = 0  # "Final-Recipient: rfc822; a@x.example", "RCPT TO:<a@x.example>"
    LISTED = 1  # the first on its line, or in the list that a sentence announces
    WITH_REPLY = 2  # on a line with an SMTP reply, or with words of failure
    SPOKEN = 3  # "to a@x.example", "mailbox a@x.example"
    DETAIL = 4  # To: of the letter that the report means


@dataclass(frozen=True)
class Named:
    """An address in a report and by what means it is named."""

    addr: str
    means: Means


def explanation(text: str) -> str:
    """Return what the mail system says itself, without the copy of the returned letter."""
    text = text[:EXPLANATION]
    copy = next((one for one in _COPY_FOLLOWS.finditer(text) if text[: one.start()].strip()), None)
    return text[: copy.start()] if copy else text


def find_recipients(said: str, ours: Collection[str]) -> tuple[str, ...]:
    """Return the addresses that a report speaks of, each once, as written; none that is in `ours` (casefolded)."""
    named = [one for one in _named(said) if one.addr.casefold() not in ours]
    strongest = min((one.means for one in named), default=None)
    if strongest is None:
        return ()
    strong = (Means.LABELLED, Means.LISTED) if strongest <= Means.LISTED else (strongest,)
    return unique(one.addr for one in named if one.means in strong)


def lists_recipients(said: str, ours: Collection[str]) -> bool:
    """Whether an address that is not in `ours` stands as forms have it: behind a label, or first on its line."""
    return any(one.means <= Means.LISTED and one.addr.casefold() not in ours for one in _named(said))


def find_local_names(said: str, domain: str) -> tuple[str, ...]:
    """Return the bare names that stand alone below a sentence that announces recipients, at `domain`, the report's own.

    AOL named its own people so. Without a domain there are none.
    """
    if not domain:
        return ()
    found: list[str] = []
    announced = False
    for line in said.split("\n", MAX_LINES)[:MAX_LINES]:
        name = _BARE_NAME.fullmatch(line[:100])
        if announced and name:
            found.append(f"{name[1]}@{domain}")
        elif line.strip():
            announced = _announces(line[:MAX_LINE], squeeze(line[:MAX_LINE]))
    return unique(found)


def find_reply(said: str) -> str | None:
    """Return the first SMTP reply code or status code in words, or None."""
    found = _REPLY.search(said)
    return found[0].strip(" -") if found else None


def find_status(said: str) -> str | None:
    """Return the first status code (RFC 3463) in words, or None."""
    found = _STATUS.search(said)
    return found[1] if found else None


def find_diagnostic(said: str) -> str:
    """Return the line with the SMTP reply, and those that continue it further in; "" where there is none."""
    reply = _SMTP_REPLY.search(said)
    if reply is None:
        return ""
    lines = [reply[0]]
    indent = _indent(reply[0])
    for line in said[reply.end() + 1 : reply.end() + 2 * MAX_DIAGNOSTIC].split("\n"):
        further = _indent(line) > indent or 0 < indent == _indent(line)
        if not line.strip() or not further or _ADDRESS.match(line.strip(" <\t")):
            break
        lines.append(line)
    return " ".join(" ".join(lines).split())[:MAX_DIAGNOSTIC]


def unique(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return addresses in their order, each once, whatever its case."""
    return tuple({addr.casefold(): addr for addr in reversed(list(addresses))}.values())[::-1]


def addresses_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each address begins, and the address without what is glued to it."""
    for match in _ADDRESS.finditer(text):
        addr = match[0]
        if label := _GLUED_LABEL.match(addr):
            addr = addr[label.end() :]
        yield match.end() - len(addr), addr.rstrip(".-_")


def _named(said: str) -> Iterator[Named]:
    lines = [line[:MAX_LINE] for line in said.split("\n", MAX_LINES)[:MAX_LINES]]
    details = _detail_lines(lines)
    announced = 0  # lines more in which a list is looked for, after a sentence that announces one
    for at, line in enumerate(lines):
        squeezed = squeeze(line)
        found = list(addresses_in(line)) if "@" in line else []
        for nth, (position, addr) in enumerate(found):
            means = _means(line, position, squeezed, detail=at in details, listed=announced > 0 and nth == 0)
            if means is not None and "//" not in addr and "?" not in addr:
                yield Named(addr, means)
        if (found and announced > 0) or (_announces(line, squeezed) and (not found or line.rstrip().endswith(":"))):
            announced = LIST_GAP
        else:
            announced = 0 if at in details else announced - 1


def _means(line: str, position: int, squeezed: str, *, detail: bool, listed: bool) -> Means | None:
    """Return by what means a line names the address at `position`; None where it names it as something else."""
    before = line[:position]
    if _EXPANDED.search(before) or before[-5:].lower() == "smtp=":  # an X.400 address with ours in it
        return Means.LISTED
    if _ID.search(before[-60:]):
        return None
    if detail and _TO.match(line):
        return Means.DETAIL
    if _LABEL.fullmatch(before):
        return Means.LABELLED
    if detail or _DETAIL.match(line):
        return None
    if _LIST_MARK.fullmatch(before):
        return Means.LISTED
    if _TURN_TO.find(squeezed) and (line.count("@") > MAX_SPOKEN or _TURN_TO.find(squeeze(_sentence(line, position)))):
        return None
    if listed:
        return Means.LISTED
    if _REPLY.search(line) or FAILURES.find(squeezed):
        return Means.WITH_REPLY
    spoken = before.rstrip(" \t\"'").endswith(("<", ":")) or _SPOKEN.search(before[-100:])
    return Means.SPOKEN if spoken else None


def _sentence(line: str, position: int) -> str:
    """Return the sentence of a line that `position` is in: "Your message to … was blocked." but not what follows."""
    begin = line.rfind(". ", 0, position) + 1
    end = line.find(". ", position)
    return line[begin : end if end >= 0 else None]


def _announces(line: str, squeezed: str) -> bool:
    """Whether a line says that recipients follow: "... the following addresses:", "--- could not be delivered to 2 recipients ---"."""
    if not _RECIPIENTS_FOLLOW.find(squeezed):
        return False
    end = line.rstrip(" \t-*=")
    if end.endswith("."):
        return _FOLLOWING.find(squeezed) is not None
    return end.endswith(":") or FAILURES.find(squeezed) is not None


def _detail_lines(lines: list[str]) -> frozenset[int]:
    """Return which lines show header fields of the returned letter: at least two together, one of them no To."""
    fields = [at for at, line in enumerate(lines) if _DETAIL.match(line) or _TO.match(line)]
    blocks: list[list[int]] = []
    for at in fields:
        if blocks and at - blocks[-1][-1] <= 2:
            blocks[-1].append(at)
        else:
            blocks.append([at])
    told = (block for block in blocks if len(block) > 1 and any(_DETAIL.match(lines[at]) for at in block))
    return frozenset(at for block in told for at in block)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
