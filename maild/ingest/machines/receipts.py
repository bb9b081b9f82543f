"""Read receipts (RFC 8098), and those of mail programs that write them as text alone. Pure."""

from maild.ingest.machines.autoreply_wordings import RECEIPT_SUBJECTS, RECEIPTS
from maild.ingest.machines.phrases import squeeze
from maild.model import Message

MAX_RECEIPT = 1_200  # characters; a receipt names the letter and the time
_DELIMITERS = (":", "：", "-", "–")


def find_receipt(message: Message) -> tuple[str, ...]:
    """Return the evidence that a mail program confirms that a letter was read, or thrown away."""
    content = (message.header("content-type") or "").lower()
    whole = content.startswith("multipart/report")
    if message.report is not None and message.report.type == "disposition-notification" and (whole or not message.text):
        return ("disposition-notification part (RFC 8098)",)
    if whole and "disposition-notification" in content:
        return ("multipart/report of type disposition-notification (RFC 8098)",)
    if len(message.text) > MAX_RECEIPT or "?" in message.text:
        return ()
    head = next(
        (message.subject.partition(mark)[0] for mark in _DELIMITERS if mark in message.subject), message.subject
    )
    if not RECEIPT_SUBJECTS.is_one(squeeze(head)):
        return ()
    wording = RECEIPTS.find(squeeze(message.text))
    if not wording:
        return ()
    return (f"subject {message.subject[:60]!r}", f"wording {wording!r}", "nothing else in it")
