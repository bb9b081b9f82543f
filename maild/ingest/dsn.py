"""Delivery reports: which letters are some, and what they say (RFC 3464, and the formats before it). Imports only model.

A report without the standard's structure is recognised by a mail system's author or a null sender *together with* its
wording, because people write "Undeliverable" and "не доставлено" as well.
"""

import re
from collections.abc import Iterable, Mapping

from maild.model import DeliveryReport, Message

MAX_DIAGNOSTIC = 500  # characters; enough for the remote server's words, too short for a returned letter
MAX_RECIPIENTS = 1_000
EXPLANATION = 20_000  # characters at the beginning of a report without structure that speak of the failure

# From worst to best; a report about several recipients is as bad as the worst of them
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")

_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|postmaster|mailadmin|mail[-_.]?delivery[-_.]?\w*|microsoftexchange\w*)",
    re.IGNORECASE,
)
_MAILER_DAEMON = re.compile(r"mail(?:er)?[-_.]?daemon(?:@|$)", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]?(?:delivery|daemon|system|administrator)|delivery (?:subsystem|system|service)|postmaster"
    r"|system administrator|internet mail (?:service|connector)|smtp|mail[-_ ](?:service|server|gateway)|\bndr@|\bimss|почтов(?:ый|ая) (?:сервер|демон|система)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"""\s*(?:\W*(?:auto|external)\W*)?(?:
    undeliver(?:able|ed)\b | (?:mail\ )?deliver[ye]\ (?:status\ )?(?:notification|failure|report|has\ failed|problem|error)
    | (?:e-?mail|mail|message)\ (?:delivery\ )?(?:system\ )?(?:fail|error|status|delay|warning|could\ not|undeliver|not\ )
    | (?:returned|delayed|undelivered|bounced|rejected)\ (?:e-?mail|mail|message) | returned\ to\ sender | failure\ notice
    | (?:permanent\ |transient\ )?(?:delivery|failure)\ (?:fail|notice) | non[- ]?deliver | nondeliver | unzustellbar
    | warning:?\ (?:could\ not|message|mail)\ | unable\ to\ deliver | could\ not\ (?:be\ )?deliver | delivery\ delayed
    | message\ (?:delayed|status) | mail\ problem | couriers?\ not | failed\ mail | error\ sending | user\ unknown
    | (?:сообщение|письмо|почта)\ (?:\w+\ )?не\ (?:было\ )?(?:доставлен|может\ быть) | недоставлен | не\ доставлен | невозможно\ доставить
    | не\ уда(?:лось|[её]тся)\ доставить | ошибка\ (?:при\ )?доставк | сбой\ доставк | возвра[тщ]\w*\ (?:письм|сообщ|почт)
    | (?:уведомление|отч[её]т|сообщение)\ о\ (?:состоянии\ )?(?:не\ ?доставк|доставк|статусе)
    | (?:задержка|отложена)\ доставк | доставка\ \w*\ ?(?:задерж|отлож|невозмож|не\ удал)
    | (?:лист|повідомлення|пошту)\ (?:\w+\ )?не\ (?:було\ )?доставлен | не\ вдалося\ доставити | помилка\ доставк | збій\ доставк
    | (?:сповіщення|звіт)\ про\ (?:стан\ )?(?:не)?доставк
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WORDING = re.compile(
    r"""(?:
    (?:could\ not|couldn['’]t|cannot|can\ not|was\ not|has\ not|were\ not|unable\ to|not\ able\ to|did\ not|wasn['’]t\ able\ to)
      \s(?:\w+\s){0,3}(?:deliver|reach|sent\ to|send)
    | delivery\s(?:\w+\s){0,4}(?:failed|failure|delayed|aborted|unsuccessful) | undeliver(?:able|ed) | permanent\ (?:fatal\ )?error
    | returned\ (?:below|to\ (?:you|sender)|mail) | user\ unknown | unknown\ (?:user|recipient|address) | mailbox\ (?:is\ )?(?:full|unavailable)
    | no\ such\ (?:user|recipient|mailbox) | (?:account|mailbox|user)\s(?:\w+\s){0,3}(?:disabled|not\ found|does\ not\ exist) | quota\ exceeded
    | message\ (?:was\ )?rejected | rejected\ your\ message | \b[45]\.\d{1,3}\.\d{1,3}\b | \b5[0-5]\d[ -]
    | не\ (?:может|могут|могло|было|было\ бы|был|удалось|уда[её]тся|смог\w*)\s(?:\w+\s){0,2}(?:доставлен|доставить|отправлен)
    | не\ доставлен | сбой\ доставки | ошибка\ доставки | доставка\s(?:\w+\s){0,4}(?:невозможна|отложена|задерж|не\ удалась)
    | не\ (?:вдалося|може|можуть|було)\s(?:\w+\s){0,2}(?:достав|надісл) | помилка\ доставки
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_DELAYED = re.compile(
    r"""(?:
    has\ not\ yet\ been\ delivered | delivery\s(?:\w+\s){0,6}delayed | delayed\s(?:mail|delivery|message) | \bthis\ is\ a\ warning
    | will\s(?:\w+\s){0,3}(?:retry|retried|keep\ trying|be\ attempted|continue) | could\ not\ send\ message\ for\ past
    | (?:not|no)\ need\ to\ (?:resend|retry) | (?:задерж|отложен)\w* | попыт\w*\s(?:\w+\s){0,3}(?:продолж|повтор)\w* | затрим\w*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COPY_FOLLOWS = re.compile(
    r"""^[ \t>*=-]*(?:
    below\ this\ line\ is | this\ is\ a\ copy\ of | (?:the\ )?(?:header|body|text|copy|contents?)\s.{0,30}(?:original|returned|your|undelivered)
    | (?:original|returned|unsent|undelivered)\ (?:message|mail|text)\b.{0,20}(?:follow|header|$|below|-) | (?:your\ )?(?:original\ )?message\ (?:text\ )?follows
    | исходное\ (?:письмо|сообщение) | текст\ (?:исходного|вашего) | копия\ (?:письма|сообщения|вашего) | заголовки?\ (?:исходного|вашего|письма)
    | оригинал\ (?:письма|листа) | (?:received|return-path):\ .
    )""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_GREETING = re.compile(
    r"\b(?:здравствуй\w*|добр\w+ (?:день|утро|вечер|дня|ранку|вечора)|привет|вітаю|уважаем\w*|шановн\w*|помогите|hello|hi|dear (?!user))\b",
    re.IGNORECASE,
)
_WORD = r"[^\s<>()\[\]\\,;:\"'`*=|@]"
_ADDR = rf"{_WORD}{{1,100}}@{_WORD}{{0,255}}[\w-]"
_LEADING_ADDR = re.compile(
    rf"^[ \t>*-]{{0,40}}(?:to:|recipient:|rcpt to:|получатель:|кому:)?[ \t]{{0,10}}[<\"'(]{{0,3}}(?:mailto:|smtp:)?({_ADDR})",
    re.IGNORECASE | re.MULTILINE,
)
_SPOKEN_ADDR = re.compile(
    rf"(?:\bto\b|address(?:es)?|recipients?|users?|account|mailbox|for|rcpt to|адрес\w*|получател\w*|отримувач\w*|ящик\w*|пользовател\w*)"
    rf"[^\n@]{{0,60}}?[<\"'( :]({_ADDR})",
    re.IGNORECASE,
)
_BRACKETED_ADDR = re.compile(rf"<({_ADDR})>")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP_REPLY = re.compile(r"^.*\b[45]\d\d[ -].*$", re.MULTILINE)
_RETURNED_ID = re.compile(r"^[ \t>]*Message-ID:\s*<([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


def find_report_evidence(message: Message) -> tuple[str, ...]:
    """Return in words why the letter is a delivery report; empty when it is none."""
    daemon = _is_daemon(message)
    structured = message.report is not None and message.report.type == "delivery-status"
    if structured and (_is_multipart_report(message) or daemon or message.envelope_sender == ""):
        return ("delivery-status part (RFC 3464)", *daemon)
    if message.report is not None:
        return ()  # a read receipt or a complaint about spam, whatever it is worded like
    mechanical = list(daemon)
    if message.envelope_sender == "":
        mechanical.append("null reverse-path")
    elif message.envelope_sender and _MAILER_DAEMON.match(message.envelope_sender):
        mechanical.append("a mail system's reverse-path")
    if mechanical and message.header("x-failed-recipients"):
        return ("X-Failed-Recipients", *mechanical)
    subject = _SUBJECT.match(message.subject)
    wording = _WORDING.search(_explanation(message))
    said = [f"subject {message.subject[:60]!r}"] if subject else []
    said += [f"wording {' '.join(wording[0].split())!r}"] if wording else []
    if mechanical == [*daemon] and _may_be_a_person(message):
        return ()
    if mechanical and said and (subject or daemon):
        return (*mechanical, *said)
    if message.author and _MAILER_DAEMON.match(message.author.addr):
        return tuple(mechanical)  # that address sends nothing else, in whatever language
    author = message.author
    if author and subject and wording and _DAEMON_NAME.search(f"{author.name} {author.addr}"):
        return ("a mail system's name as author", *said)
    return ()


def find_report_wording(message: Message) -> tuple[str, ...]:
    """Return the words for which a postmaster's letter may be a report after all; people are postmasters, too."""
    wording = _WORDING.search(_explanation(message)) or _SUBJECT.match(message.subject)
    if wording is None or not _is_postmaster(message):
        return ()
    return ("a postmaster as author", f"wording {' '.join(wording[0].split())!r}")


def parse_delivery_report(message: Message) -> DeliveryReport | None:
    """Return what a delivery report says, or None when the letter is no delivery report.

    Recipients are the addresses as we wrote to them where the report tells (Original-Recipient), else as it names them.
    """
    if message.report is not None and message.report.type == "delivery-status":
        structured = _from_blocks(message.report.blocks, message)
        if structured.recipients or not find_report_evidence(message):
            return structured
    elif not find_report_evidence(message):
        return None
    return _from_text(message)


def _is_multipart_report(message: Message) -> bool:
    return (message.header("content-type") or "").lower().startswith("multipart/report")


def _is_postmaster(message: Message) -> bool:
    """Whether the author has the one address of mail systems that people write from, too (RFC 5321 §4.5.1)."""
    return message.author is not None and message.author.key.partition("@")[0] in ("postmaster", "mailadmin")


def _may_be_a_person(message: Message) -> bool:
    """Whether a postmaster's letter answers none and lacks a report's form: its subject, no greeting, no question."""
    answers = message.in_reply_to or message.references
    return (
        _is_postmaster(message)
        and not answers
        and (
            not _SUBJECT.match(message.subject)
            or "?" in message.subject
            or _GREETING.search(message.text[:300]) is not None
        )
    )


def _is_daemon(message: Message) -> tuple[str, ...]:
    """Return evidence that a mail system wrote the letter; its From is often no address at all."""
    raw = message.header("from") or ""
    author = message.author if message.author and message.author.addr else None
    local = author.key.partition("@")[0] if author else ""
    if _DAEMON.fullmatch(local) or (not author and (_DAEMON.search(raw) or _DAEMON_NAME.search(raw))):
        return ("a mail system as author",)
    if not author and re.search(r"<\s*>", raw):
        return ("the null address as author",)
    return ()


def _from_blocks(blocks: Iterable[Mapping[str, str]], message: Message) -> DeliveryReport:
    """Read the per-recipient blocks; only the recipients of the worst action are named."""
    by_action: dict[str, list[Mapping[str, str]]] = {}
    for block in blocks:
        if any(name in block for name in (*_FIELDS, "action", "status")):
            by_action.setdefault(_action(block), []).append(block)
    action = next((name for name in _ACTIONS if name in by_action), "unknown")
    worst = by_action.get(action, [])
    recipients = (next(filter(None, (_typed(block.get(name, "")) for name in _FIELDS)), "") for block in worst)
    diagnostics = (
        block[name].partition(";")[2] or block[name]
        for block in worst
        for name in ("diagnostic-code",)
        if name in block
    )
    diagnostic = next(diagnostics, "").strip()
    status = next((match[1] for block in worst if (match := _STATUS.search(block.get("status", "")))), None)
    found = _STATUS.search(diagnostic)
    return DeliveryReport(
        action=action,
        recipients=tuple(dict.fromkeys(filter(None, recipients)))[:MAX_RECIPIENTS],
        status=status or (found[1] if found else None),
        diagnostic=diagnostic[:MAX_DIAGNOSTIC],
        original_message_id=_original_id(message),
    )


def _action(block: Mapping[str, str]) -> str:
    """Return the Action of one recipient, from the class of its Status where the field is missing (RFC 3463 §2)."""
    given = re.match(r"[a-z]+", block.get("action", "").lower())
    if given and given[0] in _ACTIONS:
        return given[0]
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get(block.get("status", "").strip()[:1], "unknown")


def _typed(value: str) -> str:
    """Return the address of a `type; address` field, "" where there is none."""
    address = value.rpartition(";")[2] if ";" in value else value
    return address.strip().strip("<>\"' ").strip()


def _from_text(message: Message) -> DeliveryReport:
    """Read a report that was written for people."""
    explanation = _explanation(message)
    named = (message.header("x-failed-recipients") or "").replace(",", " ").split()
    status = _STATUS.search(explanation)
    reply = _SMTP_REPLY.search(explanation)
    delayed = _DELAYED.search(f"{message.subject}\n{explanation}") and not (status and status[1].startswith("5"))
    return DeliveryReport(
        action="delayed" if delayed else "failed",
        recipients=tuple(dict.fromkeys(named or _recipients_in(explanation, message)))[:MAX_RECIPIENTS],
        status=status[1] if status else None,
        diagnostic=reply[0].strip()[:MAX_DIAGNOSTIC] if reply else "",
        original_message_id=_original_id(message),
    )


def _explanation(message: Message) -> str:
    """Return what the mail system says itself, without the copy of the returned letter."""
    text = message.text[:EXPLANATION]
    copy = _COPY_FOLLOWS.search(text)
    return text[: copy.start()] if copy and copy.start() > 0 else text


def _recipients_in(explanation: str, message: Message) -> list[str]:
    """Return the addresses that a report speaks of: those that begin a line, else those it calls recipients."""
    ours = {address.key for address in (*message.to, *message.cc)} | {spec.casefold() for spec in message.delivered_to}
    if message.author:
        ours.add(message.author.key)
    for pattern in (_LEADING_ADDR, _SPOKEN_ADDR, _BRACKETED_ADDR):
        found = (match[1].rstrip(".") for match in pattern.finditer(explanation))
        strangers = [spec for spec in found if spec.casefold() not in ours and not _DAEMON.match(spec)]
        if strangers:
            return strangers
    return []


def _original_id(message: Message) -> str | None:
    """Return the id of the letter that the report is about, from wherever it stands."""
    if message.report and message.report.original_message_id:
        return message.report.original_message_id
    returned = _RETURNED_ID.search(message.text)
    if returned:
        return returned[1]
    return next(iter((*message.in_reply_to, *reversed(message.references))), None)
