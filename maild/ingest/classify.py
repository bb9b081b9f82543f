"""Who or what wrote a letter, with the evidence. Imports model and the sibling `dsn`.

A person is what is left when nothing speaks for a machine. Words alone never make a machine: people write about
out-of-office replies and bounces too, so a wording counts only where a machine would put it (the subject's beginning)
and together with something that a person's letter does not have.
"""

import re
from dataclasses import dataclass

from maild.ingest.dsn import find_report_evidence, find_report_wording
from maild.model import Classification, Kind, Message

LOOP_HEADER = "x-maild-loop"

# Header fields that only autoresponders write; the value says no more than yes
_AUTO_REPLY_FIELDS = (
    "x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoresponse", "x-autoreply-from",
    "x-mail-autoreply", "x-vacation",
)  # fmt: skip
_DENIALS = frozenset({"no", "false", "0", "none"})

_AUTO_REPLY_SUBJECT = re.compile(
    r"""\s*(?:
    (?:автоответ(?:чик)?|автоматический\ ответ|нет\ на\ (?:рабочем\ )?месте|нет\ на\ работе|вне\ офиса|отсутствую(?:\ в\ офисе)?
    |автоматична\ відповідь|автовідповідь|поза\ офісом|відсутній(?:\ в\ офісі)?
    |automatic\ reply|auto(?:matic)?[-\ ]?(?:reply|response|responder|answer)|out\ of\ (?:the\ )?office(?:\ (?:auto-?)?reply)?|ooo|vacation\ (?:reply|message)
    |automatische\ antwort|abwesenheits(?:notiz|nachricht)|réponse\ automatique|absence\ du\ bureau|respuesta\ automática|fuera\ de\ la\ oficina
    |risposta\ automatica|fuori\ sede|automatyczna\ odpowiedź|resposta\ automática|מענה\ אוטומטי)\s*(?::|\uff1a|$|\ -|\ –|\ —)
    | out\ of\ (?:the\ )?office\ (?:auto-?reply|notification|message|re:)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_AUTO_REPLY_WORDING = re.compile(
    r"""(?:
    \bв\s(?:\w+\s){0,2}отпуске\b|отсутству[юе]\w*|\bв\ командировке\b|нахожусь\ вне|нет\ на\ (?:рабочем\ )?месте|автоматическ\w+\s(?:\w+\s)?(?:ответ|сообщени|письм|уведомлени)
    |\bу\s(?:\w+\s){0,2}відпустці\b|відсутн\w*|\bу\ відрядженні\b|автоматичн\w+\s(?:\w+\s)?(?:відповід|повідомлен|лист)
    |out\ of\ (?:the\ )?office|on\ (?:annual\ |maternity\ |sick\ |parental\ )?(?:vacation|leave|holiday)|away\ from\ (?:the\ office|my)|(?:automatic|automated|auto)[- ](?:reply|response|message)
    |limited\ access\ to|nicht\ im\ (?:büro|haus)|abwesend|absent\w*|fuera\ de\ la\ oficina|nieobecn\w*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Only Exchange writes these, into what a mailbox's rules or its server send by themselves
_MACHINE_FIELDS = ("x-cron-env", "x-fc-machinegenerated", "x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source")  # fmt: skip
_NO_REPLY = re.compile(
    r"(?:.*[-_.+])?(?:no|not|do[-_.]?not|don[-_.]?t)[-_.]?(?:reply|respond|answer|response)(?:[-_.+].*|\d*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class OwnMail:
    """What our own mail looks like."""

    addresses: frozenset[str]  # casefolded addresses and aliases of our mailboxes
    loop_id: str  # the value that we write into our own X-Maild-Loop field


def classify(message: Message, own: OwnMail) -> Classification:
    """Return the kind of a letter and why; for a person, what was looked for and not found.

    The order matters: our own mail before all, a report before the auto-reply fields it also carries, an auto-reply
    before the Precedence that it shares with lists.
    """
    questions = (
        (Kind.LOOP, _loop_header(message, own)),
        (Kind.DSN, find_report_evidence(message)),
        (Kind.LOOP, _own_author(message, own)),
        (Kind.MDN, _read_receipt(message)),
        (Kind.AUTO_REPLY, _auto_reply(message)),
        (Kind.LIST, _list(message, own)),
        (Kind.AUTO_GENERATED, _auto_generated(message)),
    )
    for kind, evidence in questions:
        if evidence:
            return Classification(kind=kind, evidence=evidence)
    return Classification(kind=Kind.PERSON, evidence=_nothing_found(message))


def absence_wording(text: str) -> str | None:
    """Return the words with which an autoresponder speaks of an absence, or None. People use them as well."""
    wording = _AUTO_REPLY_WORDING.search(text[:3000])
    return " ".join(wording[0].split()) if wording else None


def is_no_reply(address: str) -> bool:
    """Whether an address asks by its name not to be answered: no-reply@…, jira-donotreply@…."""
    return _NO_REPLY.fullmatch(address.strip().casefold().partition("@")[0]) is not None


def _values(message: Message, name: str) -> list[str]:
    return [value.strip() for key, value in message.headers if key == name]


def _precedence(message: Message, *wanted: str) -> str | None:
    """Return the first Precedence that is one of `wanted`; relays add a second field."""
    return next((value.lower() for value in _values(message, "precedence") if value.lower() in wanted), None)


def _loop_header(message: Message, own: OwnMail) -> tuple[str, ...]:
    return ("our own X-Maild-Loop",) if own.loop_id in _values(message, LOOP_HEADER) else ()


def _own_author(message: Message, own: OwnMail) -> tuple[str, ...]:
    return ("From is one of our own addresses",) if message.author and message.author.key in own.addresses else ()


def _read_receipt(message: Message) -> tuple[str, ...]:
    if message.report is not None and message.report.type == "disposition-notification":
        return ("disposition-notification part (RFC 8098)",)
    kind = (message.header("content-type") or "").lower()
    reported = kind.startswith("multipart/report") and "disposition-notification" in kind
    return ("multipart/report of type disposition-notification (RFC 8098)",) if reported else ()


def _auto_submitted(message: Message) -> str | None:
    """Return the keyword of Auto-Submitted (RFC 3834 §5), lower-case; "no" where it is all there is, None where nothing."""
    words = [re.split(r"[\s;(]", value.lower(), maxsplit=1)[0] for value in _values(message, "auto-submitted")]
    return next((word for word in words if word and word != "no"), "no" if words else None)


def _auto_reply(message: Message) -> tuple[str, ...]:
    """Return the evidence that a machine answered a letter."""
    submitted = _auto_submitted(message)
    subject = _AUTO_REPLY_SUBJECT.match(message.subject) is not None
    answers = bool(message.in_reply_to or message.references)
    if submitted == "auto-replied" or (submitted not in (None, "no") and (subject or answers)):
        return (f"Auto-Submitted: {submitted}",)
    for name in _AUTO_REPLY_FIELDS:
        if any(value.lower() not in _DENIALS for value in _values(message, name)):
            return (f"{name.title()} present",)
    if precedence := _precedence(message, "auto_reply", "auto-reply", "autoreply"):
        return (f"Precedence: {precedence}",)
    if "reply" in (message.header("x-autogenerated") or "").lower():
        return ("X-Autogenerated: Reply",)
    if any(
        "autoresponder" in value.lower()
        for name in ("x-post-messageclass", "delivered-to")
        for value in _values(message, name)
    ):
        return ("delivered by an autoresponder",)
    if message.envelope_sender == "" and (subject or answers):
        return ("null reverse-path on an answer",)
    return _auto_reply_subject(message) if subject and submitted != "no" else ()


def _auto_reply_subject(message: Message) -> tuple[str, ...]:
    """Return the evidence for a subject as autoresponders begin theirs: it counts together with any other sign."""
    signs = []
    if message.in_reply_to or message.references:
        signs.append("answers a letter")
    if precedence := _precedence(message, "bulk", "junk"):
        signs.append(f"Precedence: {precedence}")
    if message.header("x-auto-response-suppress"):
        # by itself a wish ("send me no auto-replies"), which Exchange and many notifiers write on people's mail, too
        signs.append("X-Auto-Response-Suppress")
    if not signs:
        return ()  # people put absence into subjects and words, too: `_auto_generated` looks at it
    if wording := absence_wording(message.text):
        signs.append(f"wording {wording!r}")
    return (f"subject {message.subject[:60]!r}", *signs)


def _list(message: Message, own: OwnMail) -> tuple[str, ...]:
    """Return the evidence for a mailing list or bulk mail; a list that is our own address is none."""
    ids = _values(message, "list-id") + _values(message, "x-mailing-list") + _values(message, "mailing-list")
    ours = {address.replace("@", ".") for address in own.addresses} | own.addresses
    if any(name in value.casefold() for value in ids for name in ours):
        return ()
    if ids:
        return ("List-Id",) if message.header("list-id") else ("Mailing-List",)
    if precedence := _precedence(message, "list", "bulk", "junk"):
        return (f"Precedence: {precedence}",)
    if message.header("list-unsubscribe") and (message.header("list-post") or message.header("feedback-id")):
        return ("List-Unsubscribe of a bulk sender",)
    return ()


def _auto_generated(message: Message) -> tuple[str, ...]:
    """Return the evidence that a machine wrote of its own accord."""
    submitted = _auto_submitted(message)
    if submitted not in (None, "no"):
        return (f"Auto-Submitted: {submitted}",)
    if message.report is not None:
        return (f"{message.report.type} part",)
    for name in _MACHINE_FIELDS:
        if message.header(name):
            return (f"{name.title()} present",)
    if message.envelope_sender == "":
        return ("null reverse-path",)
    answerable = any(not is_no_reply(address.key) for address in message.reply_to)
    if message.author and is_no_reply(message.author.key) and not answerable:
        return ("a no-reply address as author, and no other Reply-To",)
    if submitted == "no":
        return ()
    # Words alone may be a person's: an agent has to see the letter, and nothing may answer it by itself.
    wording = absence_wording(message.text)
    if wording and _AUTO_REPLY_SUBJECT.match(message.subject):
        return (f"subject {message.subject[:60]!r}", f"wording {wording!r}", "as autoresponders write, or a person")
    return find_report_wording(message)


def _nothing_found(message: Message) -> tuple[str, ...]:
    """Return what a machine's letter would have had."""
    submitted = _auto_submitted(message)
    path = "reverse-path not null" if message.envelope_sender else "no Return-Path to judge by"
    return (
        "Auto-Submitted: no" if submitted else "no Auto-Submitted",
        "no auto-reply field",
        "no auto-reply subject with other signs of a machine",
        path,
        "no delivery report or read receipt",
        "no list or bulk field",
        "no no-reply author",
    )
