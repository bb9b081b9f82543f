"""What delivery reports say: which recipients, what became of the letter, which letter (RFC 3464, and the formats before it).

Pure; `dsn_evidence` says which letters are reports, and `dsn_formats` reads what is written for people.
"""

import re
from collections.abc import Iterable, Mapping

from maild.ingest.machines import dsn_formats as formats
from maild.ingest.machines.dsn_evidence import WORDING, addressed_in, find_report_evidence, is_daemon, ours_in
from maild.ingest.machines.dsn_wordings import DELAYS, DELIVERED, FAILURES
from maild.ingest.machines.phrases import squeeze
from maild.model import DeliveryReport, Message

MAX_RECIPIENTS = 1_000

# From worst to best; a report about several recipients is as bad as the worst of them
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_FIELDS = ("original-recipient", "final-recipient", "x-actual-recipient")

_RETURNED_ID = re.compile(
    r"^[ \t>*·-]{0,40}(?:Original[- ])?Message[- ]?ID\s?:\s{0,20}<([^<>\s]{1,998})>", re.IGNORECASE | re.MULTILINE
)
_RETURNED_TO = re.compile(
    r"^[ \t>]{0,20}(?:X-(?:Envelope|Original)-)?To:[ \t]{0,20}(.{1,1000})$", re.IGNORECASE | re.MULTILINE
)
_RETURNED_FOR = re.compile(r"\bfor <([^<>\s@]{1,100}@[^<>\s@]{1,255})>")


def parse_delivery_report(message: Message, own: frozenset[str] = frozenset()) -> DeliveryReport | None:
    """Return what a delivery report says, or None when the letter is no delivery report.

    Recipients are the addresses as we wrote to them where the report tells (Original-Recipient), else as it names them;
    never one of those that the report itself was sent to, nor of our `own` (casefolded).
    """
    if not find_report_evidence(message):
        return None
    reports = (message.report, *(one.report for one in message.enclosed))
    report = next((one for one in reports if one is not None and one.type == "delivery-status"), None)
    structured = _from_blocks(report.blocks, message, own) if report else None
    return structured if structured and structured.recipients else _from_text(message, own, structured)


def _from_blocks(blocks: Iterable[Mapping[str, str]], message: Message, own: frozenset[str]) -> DeliveryReport:
    """Read the per-recipient blocks; only the recipients of the worst action are named."""
    by_action: dict[str, list[Mapping[str, str]]] = {}
    for block in blocks:
        if any(name in block for name in (*_FIELDS, "action", "status")):
            by_action.setdefault(_action(block), []).append(block)
    action = next((name for name in _ACTIONS if name in by_action), "unknown")
    worst = by_action.get(action, [])
    if not any(name in block for block in worst for name in _FIELDS):
        worst = [block for same in by_action.values() for block in same]  # a stray blank line tore one in two
    ours = own | ours_in(message)
    recipients = [next(filter(None, (_typed(block.get(name, "")) for name in _FIELDS)), "") for block in worst]
    diagnostics = (
        block["diagnostic-code"].partition(";")[2] or block["diagnostic-code"]
        for block in worst
        if "diagnostic-code" in block
    )
    diagnostic = next(diagnostics, "").strip()
    statuses = (formats.find_status(block.get("status", "")) for block in worst)
    return DeliveryReport(
        action=action,
        recipients=formats.unique(one for one in recipients if one and one.casefold() not in ours)[:MAX_RECIPIENTS],
        status=next(filter(None, statuses), None) or formats.find_status(diagnostic),
        diagnostic=diagnostic[: formats.MAX_DIAGNOSTIC],
        original_message_id=_original_id(message),
    )


def _action(block: Mapping[str, str]) -> str:
    """Return the Action of one recipient, from the class of its Status where the field is missing (RFC 3463 §2)."""
    given = block.get("action", "").strip().lower()
    known = next((name for name in _ACTIONS if given[:4] == name[:4]), None)  # "Fail", "failure (bad mailbox)"
    by_class = {"5": "failed", "4": "delayed", "2": "delivered"}
    return known or by_class.get(block.get("status", "").strip()[:1], "unknown")


def _typed(value: str) -> str:
    """Return the address of a `type; address` field, "" where there is none; "+" and "=" as RFC 3461 §4 hides them."""
    address = value.rpartition(";")[2]
    found = next((addr for _, addr in formats.addresses_in(address)), address.strip().strip("<>\"' ").strip())
    return found.replace("+2B", "+").replace("+3D", "=") if "@" in found else ""


def _from_text(message: Message, own: frozenset[str], structured: DeliveryReport | None) -> DeliveryReport:
    """Read a report that was written for people; what its part for machines told all the same stands."""
    said = formats.explanation(message.text)
    status = formats.find_status(said)
    return DeliveryReport(
        action=structured.action
        if structured and structured.action in _ACTIONS
        else _told_action(message, said, status),
        recipients=formats.unique(_told_recipients(message, said, own))[:MAX_RECIPIENTS],
        status=(structured.status if structured else None) or status,
        diagnostic=(structured.diagnostic if structured else "") or formats.find_diagnostic(said),
        original_message_id=_original_id(message),
    )


def _told_recipients(message: Message, said: str, own: frozenset[str]) -> Iterable[str]:
    """Return the recipients by the surest of what a report tells."""
    if named := (message.header("x-failed-recipients") or "").replace(",", " ").split():
        return named
    for ours in (ours_in(message), addressed_in(message)):
        if found := formats.find_recipients(said, own | ours):
            return found
    domain = message.author.domain if message.author and is_daemon(message) else ""
    return formats.find_local_names(said, domain) or _returned_to(message, own)


def _told_action(message: Message, said: str, status: str | None) -> str:
    """Return the action by the words of a report; a permanent status outweighs them."""
    if status and status.startswith("5"):
        return "failed"
    squeezed = squeeze(f"{message.subject}\n{said[:WORDING]}")
    if DELAYS.find(squeezed):
        return "delayed"
    if DELIVERED.begins(squeeze(message.subject)) and not FAILURES.find(squeeze(said[:WORDING])):
        return "delivered"
    return "failed"


def _returned_to(message: Message, own: frozenset[str]) -> tuple[str, ...]:
    """Return the one recipient of the returned letter, for a report that does not say whom it could not reach."""
    ours = own | ours_in(message)
    values = [v for one in message.enclosed for v in one.values("x-failed-recipients", "x-envelope-to", "to", "cc")]
    copy = message.text[len(formats.explanation(message.text)) :][: formats.EXPLANATION]
    values += [match[1] for pattern in (_RETURNED_FOR, _RETURNED_TO) for match in pattern.finditer(copy)]
    found = formats.unique(
        addr for value in values for _, addr in formats.addresses_in(value) if addr.casefold() not in ours
    )
    return found if len(found) == 1 else ()


def _original_id(message: Message) -> str | None:
    """Return the id of the letter that the report is about, from wherever it stands."""
    enclosed = [one.report.original_message_id for one in message.enclosed if one.report]
    if found := next(filter(None, enclosed), None):
        return found  # the enclosed report's own id is not the one
    if message.report and message.report.original_message_id:
        return message.report.original_message_id
    returned = (value.strip("<> ") for one in message.enclosed for value in one.values("message-id"))
    if found := next(filter(None, returned), None):
        return found
    quoted = _RETURNED_ID.search(message.text)
    if quoted:
        return quoted[1]
    return next(iter((*message.in_reply_to, *reversed(message.references))), None)
