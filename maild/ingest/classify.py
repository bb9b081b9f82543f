"""Who or what wrote a letter, with the evidence. Pure; asks a file of `machines` about each kind.

A person is what is left when nothing speaks for a machine. Words alone never make a machine: people write about
out-of-office replies and bounces too, so a wording counts only where a machine would put it and together with
something that a person's letter does not have. Each file says what that is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maild.ingest.machines.autoreply import (
    absence_wording,
    find_auto_reply,
    find_desk,
    find_maybe_automatic,
    says_auto_replied,
)
from maild.ingest.machines.challenge import find_challenge
from maild.ingest.machines.dsn_evidence import find_report_evidence, find_report_wording
from maild.ingest.machines.feedback import find_complaint
from maild.ingest.machines.fields import answers, auto_submitted, is_no_reply, precedence
from maild.ingest.machines.receipts import find_receipt
from maild.model import Classification, Kind, Message

__all__ = ["LOOP_HEADER", "OwnMail", "absence_wording", "classify", "is_no_reply"]

LOOP_HEADER = "x-maild-loop"

# Only Exchange and cron write these, into what a mailbox's rules or the server send by themselves
_MACHINE_FIELDS = ("x-cron-env", "x-fc-machinegenerated", "x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source")  # fmt: skip

Question = Callable[[Message], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class OwnMail:
    """What our own mail looks like."""

    addresses: frozenset[str]  # casefolded addresses and aliases of our mailboxes
    loop_id: str  # the value that we write into our own X-Maild-Loop field


def classify(
    message: Message, own: OwnMail, *, notifiers: frozenset[str] = frozenset(), form: str | None = None
) -> Classification:
    """Return the kind of a letter and why; for a person, what was looked for and not found.

    `notifiers` are casefolded addresses, or "@domain"s, whose machines' letters are requests: they are NOTIFICATIONs,
    which open a ticket and are not answered. `form` is the configured web form that the letter was recognised as: what
    a person typed there is that person's, however the form's machine sent it.

    The order matters: our own mail before all, a report before the auto-reply fields it also carries, a challenge
    before the auto-reply that it is worded as, an auto-reply before the Precedence that it shares with lists.
    """
    ours: tuple[tuple[Kind, Question], ...] = (
        (Kind.LOOP, lambda letter: _loop_header(letter, own)),
        (Kind.CHALLENGE, find_challenge if form is None and not _notifier(message, notifiers) else _nothing),
        (Kind.DSN, find_report_evidence),
    )
    reports: tuple[tuple[Kind, Question], ...] = (
        (Kind.LOOP, lambda letter: _own_author(letter, own)),
        (Kind.FEEDBACK, find_complaint),
        (Kind.MDN, find_receipt),
        (Kind.AUTO_REPLY, says_auto_replied),
    )
    machines: tuple[tuple[Kind, Question], ...] = (
        (Kind.AUTO_REPLY, find_auto_reply),
        (Kind.AUTO_GENERATED, _desk),
        (Kind.LIST, lambda letter: _list(letter, own)),
        (Kind.AUTO_GENERATED, _auto_generated),
    )
    if found := _first(message, ours):
        return found
    if form is not None:
        return _of_form(message, form)
    if found := _first(message, reports):
        return found
    found = _first(message, machines)
    if found and (sender := _notifier(message, notifiers)):
        evidence = (f"{sender} is configured as a sender of requests", *found.evidence)
        return Classification(kind=Kind.NOTIFICATION, evidence=evidence)
    return found or Classification(kind=Kind.PERSON, evidence=_nothing_found(message))


def _first(message: Message, questions: tuple[tuple[Kind, Question], ...]) -> Classification | None:
    for kind, question in questions:
        if evidence := question(message):
            return Classification(kind=kind, evidence=evidence)
    return None


def _nothing(_: Message) -> tuple[str, ...]:
    """No evidence: of what somebody typed into a form, or a configured machine says, nothing is a demand to us."""
    return ()


def _of_form(message: Message, form: str) -> Classification:
    """Return the kind of a web form's letter: its own auto-replies alone are no request."""
    if evidence := says_auto_replied(message):
        return Classification(kind=Kind.AUTO_REPLY, evidence=(f"from the web form {form!r}", *evidence))
    return Classification(kind=Kind.PERSON, evidence=(f"the web form {form!r} sent it",))


def _notifier(message: Message, notifiers: frozenset[str]) -> str | None:
    """Return the configured address or "@domain" that the author has, or None."""
    if not notifiers or message.author is None:
        return None
    return next((one for one in (message.author.key, f"@{message.author.domain}") if one in notifiers), None)


def _loop_header(message: Message, own: OwnMail) -> tuple[str, ...]:
    return ("our own X-Maild-Loop",) if own.loop_id in message.values(LOOP_HEADER) else ()


def _own_author(message: Message, own: OwnMail) -> tuple[str, ...]:
    return ("From is one of our own addresses",) if message.author and message.author.key in own.addresses else ()


def _desk(message: Message) -> tuple[str, ...]:
    """Return the evidence that another company's desk answers: people speak through it, so somebody has to look."""
    desk = find_desk(message) if answers(message) else None
    return (f"{desk} of another desk, on an answer",) if desk else ()


def _list(message: Message, own: OwnMail) -> tuple[str, ...]:
    """Return the evidence for a mailing list or bulk mail; a list that is our own address is none."""
    ids = message.values("list-id") + message.values("x-mailing-list") + message.values("mailing-list")
    ours = {address.replace("@", ".") for address in own.addresses} | own.addresses if ids else set()
    if any(name in value.casefold() for value in ids for name in ours):
        return ()
    if ids:
        return ("List-Id",) if message.header("list-id") else ("Mailing-List",)
    if found := precedence(message, "list", "bulk", "junk"):
        return (f"Precedence: {found}",)
    if message.header("list-unsubscribe") and (message.header("list-post") or message.header("feedback-id")):
        return ("List-Unsubscribe of a bulk sender",)
    return ()


def _auto_generated(message: Message) -> tuple[str, ...]:
    """Return the evidence that a machine wrote of its own accord."""
    submitted = auto_submitted(message)
    if submitted not in (None, "no"):
        return (f"Auto-Submitted: {submitted}",)
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
    return find_maybe_automatic(message) or find_report_wording(message)


def _nothing_found(message: Message) -> tuple[str, ...]:
    """Return what a machine's letter would have had."""
    submitted = auto_submitted(message)
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
