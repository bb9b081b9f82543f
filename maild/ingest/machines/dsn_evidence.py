"""Which letters are delivery reports: by the standard's form, by a mail system's traces, by wording and form. Pure.

A report without the standard's structure is recognised by a mail system's author or a null sender *together with* its
wording, or by wording together with a form that no person's letter has, because people write "Undeliverable" and "не
доставлено" as well.
"""

import re
from collections.abc import Iterator

from maild.ingest.machines import dsn_formats as formats
from maild.ingest.machines.dsn_wordings import DELIVERED, FAILURES, SUBJECTS, YOURS
from maild.ingest.machines.fields import by_mail_program, untagged
from maild.ingest.machines.phrases import Phrases, squeeze
from maild.model import Message

WORDING = 6_000  # characters at the beginning of an explanation in which words of failure are looked for

_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|post[-_.]?master|mailadmin|mail[-_.]?delivery[-_.]?\w*|microsoftexchange\w*)",
    re.IGNORECASE,
)
_MAILER_DAEMON = re.compile(r"mail(?:er)?[-_.]?daemon(?:@|$)", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]?(?:delivery|daemon|system|administrator)|delivery (?:subsystem|system|service)|postmaster"
    r"|system administrator|internet mail (?:service|connector)|smtp|mail[-_ ](?:service|server|gateway)|\bndr@|\bimss"
    r"|системный администратор|почтов(?:ый|ая) (?:сервер|демон|система|служба)|поштов(?:ий|а) (?:сервер|система)|доставк[аи] почты|microsoft outlook",
    re.IGNORECASE,
)
_BANNER = re.compile(r"\s*[-*=#_~+]{2,}\s*[^\W\d_].{3,120}[^\W\d_].{0,4}?\s*[-*=#_~+]{2,}\s*")
_RULE = re.compile(r"\s*[-*=#_~]{5,}\s*")
_REJECTED = re.compile(r"\b(?:rejected|refused|deny|denied|отклонен\w*)\b", re.IGNORECASE)
_GREETING = Phrases("""
en: hello | hi | dear sir | dear madam | dear team | dear support | dear colleagues | good morning | good afternoon | good evening | please help | can you | could you | help me
ru: здравствуй* | добрый день | доброе утро | добрый вечер | доброго дня | доброго времени | привет | уважаем* | помогите | подскажите | прошу
uk: вітаю | добрий день | добрий ранок | добридень | доброго дня | шановн* | привіт | допоможіть | підкажіть
de: guten tag | hallo | sehr geehrte* | guten morgen
fr: bonjour | bonsoir
es: hola | buenos días | buenas tardes | estimad*
it: buongiorno | buonasera | salve | gentile
pl: dzień dobry | witam | szanown*
""")
_FORWARDED = Phrases("""
en: forwarded | original message | begin forwarded
ru: переслан* | пересыла* | перенаправ* | переадрес* | исходное сообщение
uk: переслан* | перенаправ*
de: weitergeleitet*
fr: transféré*
es: reenviad*
it: inoltrat*
pl: przekazan*
""")


def find_report_evidence(message: Message) -> tuple[str, ...]:
    """Return in words why the letter is a delivery report; empty when it is none."""
    daemon = is_daemon(message)
    if message.report is not None:
        return _standard_report(message, daemon)
    mechanical = [*daemon, *_mechanical(message)]
    if message.header("x-failed-recipients") and (mechanical or not by_mail_program(message)):
        return ("X-Failed-Recipients", *mechanical)
    if mechanical == [*daemon] and _may_be_a_person(message):
        return ()
    if mechanical and any(one.report and one.report.type == "delivery-status" for one in message.enclosed):
        return ("a delivery report enclosed", *mechanical)
    subject = _subject(message) or SUBJECTS.find(squeeze(message.subject))
    named = message.author is not None and _DAEMON_NAME.search(f"{message.author.name} {message.author.addr}")
    automatic = _automatic(message)
    if not (mechanical or subject or named):
        return ()
    said = formats.explanation(message.text)
    wording = _wording(said)
    words = [f"subject {message.subject[:60]!r}"] if subject else []
    words += [f"wording {wording!r}"] if wording else []
    if mechanical and words and (_subject(message) or daemon):
        return (*mechanical, *words)
    if message.author and _MAILER_DAEMON.match(message.author.addr):
        return tuple(mechanical)  # that address sends nothing else, in whatever language
    if mechanical and wording and formats.find_reply(said) and formats.lists_recipients(said, ours_in(message)):
        return (*mechanical, *words)
    if not (subject and wording):
        return ()
    if named and _subject(message):
        return ("a mail system's name as author", *words)
    if automatic and _subject(message) and formats.find_recipients(said, ours_in(message)):
        return (automatic, *words)
    form = _form(message, said)
    return (form, *words) if form else ()


def is_daemon(message: Message) -> tuple[str, ...]:
    """Return evidence that a mail system wrote the letter; its From is often no address at all."""
    raw = message.header("from") or ""
    local = message.author.key.partition("@")[0] if message.author else ""
    if _DAEMON.fullmatch(local.rstrip("\\")) or (not local and (_DAEMON.search(raw) or _DAEMON_NAME.search(raw))):
        return ("a mail system as author",)
    if not local and re.search(r"<\s*>", raw):
        return ("the null address as author",)
    return ()


def find_report_wording(message: Message) -> tuple[str, ...]:
    """Return the words for which a postmaster's letter may be a report after all; people are postmasters, too."""
    if not _is_postmaster(message):
        return ()
    wording = _wording(formats.explanation(message.text)) or _subject(message)
    return ("a postmaster as author", f"wording {wording!r}") if wording else ()


def ours_in(message: Message) -> frozenset[str]:
    """Return the addresses (casefolded) that cannot have failed: those that the report came to, or from, or turns to."""
    delivered = {spec.casefold() for spec in message.delivered_to}
    return addressed_in(message) | delivered | {_without_detail(addr) for addr in delivered}


def addressed_in(message: Message) -> frozenset[str]:
    """Return what is left of `_ours` where a gateway copied the returned letter's X-Original-To into its report."""
    told = {address.key for address in (*message.to, *message.cc, *message.reply_to)}
    told |= {address.key for address in (message.author, message.sender) if address}
    return frozenset(told | {_without_detail(addr) for addr in told})


def _without_detail(addr: str) -> str:
    """Return support@acme.example for support+token@acme.example (RFC 5233)."""
    local, at, domain = addr.partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _standard_report(message: Message, daemon: tuple[str, ...]) -> tuple[str, ...]:
    """Return the evidence of a report with a part for machines; people forward such parts, too."""
    assert message.report is not None, "the caller looked"
    if message.report.type == "delivery-status":
        whole = (
            _is_whole_report(message)
            or bool(daemon)
            or message.envelope_sender == ""
            or _automatic(message) is not None
            or (_subject(message) is not None and not by_mail_program(message))
        )
        return ("delivery-status part (RFC 3464)", *daemon) if whole else ()
    if message.report.type == "disposition-notification" and any(
        "deleted" in block.get("disposition", "").lower() for block in message.report.blocks
    ):
        # a filter that refuses a letter says so by a receipt (RFC 5429 §2.2); a person who deletes it unread does too
        refused = _REJECTED.search(message.header("auto-submitted") or "") or (
            _REJECTED.search(message.subject) and _REJECTED.search(message.text[:300])
        )
        return ("disposition-notification of a refusal (RFC 5429)", *daemon) if refused else ()
    return ()


def _mechanical(message: Message) -> Iterator[str]:
    """Yield what the envelope shows of a mail system."""
    if message.envelope_sender == "":
        yield "null reverse-path"
    elif message.envelope_sender and _MAILER_DAEMON.match(message.envelope_sender):
        yield "a mail system's reverse-path"


def _automatic(message: Message) -> str | None:
    """Return the Auto-Submitted of a letter that a machine wrote (RFC 3834 §5), or None."""
    value = message.header("auto-submitted")
    return None if not value or value.strip().lower().startswith("no") else f"Auto-Submitted: {value[:40]}"


def _subject(message: Message) -> str | None:
    """Return the words with which a report's subject begins, or None."""
    for subject in untagged(message.subject):
        squeezed = squeeze(subject)
        if begins := SUBJECTS.begins(squeezed) or DELIVERED.begins(squeezed):
            return begins
    return None


def _wording(said: str) -> str | None:
    code = formats.find_reply(said[:WORDING])
    return FAILURES.find(squeeze(said[:WORDING])) or code


def _form(message: Message, said: str) -> str | None:
    """Return what a letter with a report's subject and wording has that people's letters have not, or None.

    Gateways put their words about delivery behind the subject of the letter; then only a ruled form will do.
    """
    lines = [line for line in said.split("\n", 40)[:40] if line.strip()]
    opening = squeeze("\n".join(lines[:6])[:600])
    if not lines or _GREETING.find(opening) or "?" in message.subject or "?" in "".join(lines)[:600]:
        return None
    ruled = any(_RULE.fullmatch(line[:200]) for line in lines[:6])
    if not (_subject(message) or ruled):
        return None
    if _returns_a_letter_of(ours_in(message), message):
        return "it encloses a letter from the address that it is written to"
    banner = squeeze(lines[0]) if _BANNER.fullmatch(lines[0][:200]) else ""
    if banner and not _FORWARDED.find(banner):
        return "it begins with a mail system's banner"
    sentences = [line for line in lines if not _RULE.fullmatch(line[:200])][:3]
    if YOURS.find(squeeze(" ".join(sentences))) and formats.lists_recipients(said, ours_in(message)):
        return "it tells the sender of a recipient, on a line of its own"
    return None


def _returns_a_letter_of(ours: frozenset[str], message: Message) -> bool:
    told = (
        addr.casefold()
        for one in message.enclosed
        for value in one.values("from", "sender", "return-path")
        for _, addr in formats.addresses_in(value)
    )
    return any(addr in ours for addr in told)


def _is_whole_report(message: Message) -> bool:
    """Whether the letter is a report rather than carries one; some are no more than the part for machines."""
    kind = (message.header("content-type") or "").lower()
    return kind.startswith(("multipart/report", "message/delivery-status", "message/global-delivery-status"))


def _is_postmaster(message: Message) -> bool:
    """Whether the author has the one address of mail systems that people write from, too (RFC 5321 §4.5.1)."""
    return message.author is not None and message.author.key.partition("@")[0] in ("postmaster", "mailadmin")


def _may_be_a_person(message: Message) -> bool:
    """Whether a postmaster's letter answers none and lacks a report's form: no greeting, no question, and its subject.

    A subject in a language that nobody listed is made good by the letter of ours that comes back below a mail server's
    words.
    """
    if not _is_postmaster(message) or message.in_reply_to or message.references:
        return False
    said = formats.explanation(message.text)  # of the letter that comes back, the greeting is ours
    if "?" in message.subject or _GREETING.find(squeeze(said[:300])) is not None:
        return True
    returned = formats.find_reply(said) and "?" not in said and _returns_a_letter_of(ours_in(message), message)
    return not (_subject(message) or returned)
