"""Complaints about our letters that a provider passes on: feedback reports (RFC 5965), and the forms before them. Pure."""

import re

from maild.ingest.machines.dsn_formats import MAX_DIAGNOSTIC, addresses_in, unique
from maild.ingest.machines.phrases import Phrases, squeeze
from maild.model import DeliveryReport, Message

# AOL's scomp, Microsoft's staff, Mail.ru's and everybody's fbl
_SENDERS = re.compile(
    r"(?:.{0,60}[-_.+])?(?:fbl|feedback|feedback-?loop|scomp|staff|abuse(?:-?reports?)?|complaints?|arf|postmaster)(?:[-_.+].{0,60})?"
)
_SUBJECTS = Phrases("""
en: email feedback report | client tos notification | complaint about message from | abuse report | spam report | spam complaint | feedback report | feedback loop | email abuse report
ru: жалоба на спам | жалоба на письмо | жалоба на рассылку | отчет о жалобе
uk: скарга на спам | скарга на лист
""")
_WORDINGS = Phrases("""
en: email abuse report for an email message | this is an email abuse report | marked as spam by | reported as spam | reported by its recipient | complaint about | complained about | user complained | has reported the | junk mail reporting | this is a spam report | abuse report
ru: пожаловался | пожаловались | пометил* письмо как спам | отмечено как спам | отметил* как спам | нажал* кнопку спам | жалоба
uk: поскаржився | позначено як спам | скарга
""")
_COMPLAINERS = ("original-rcpt-to", "removal-recipient", "redacted-address")
_QUOTED_ID = re.compile(r"\bmessage-id(?: of|:)?\s{0,5}<?([^<>\s]{3,300}@[^<>\s,;]{1,300})>?", re.IGNORECASE)


def find_complaint(message: Message) -> tuple[str, ...]:
    """Return the evidence for a complaint; people complain, too, but enclose no letter of ours from such an address."""
    if message.report is not None and message.report.type == "feedback-report":
        kind = next((block["feedback-type"] for block in message.report.blocks if "feedback-type" in block), "abuse")
        return ("feedback-report part (RFC 5965)", f"Feedback-Type: {kind[:60]}")
    content = (message.header("content-type") or "").lower()
    if content.startswith("multipart/report") and "feedback-report" in content:
        return ("multipart/report of type feedback-report (RFC 5965)",)
    if not message.enclosed or message.author is None:
        return ()
    if not _SENDERS.fullmatch(message.author.key.partition("@")[0]):
        return ()
    if message.header("x-hmxmroriginalrecipient") or any(
        one.values("x-hmxmroriginalrecipient") for one in message.enclosed
    ):
        return ("X-HmXmrOriginalRecipient (Microsoft's Junk Mail Reporting)",)
    said = _SUBJECTS.find(squeeze(message.subject)) or _WORDINGS.find(squeeze(message.text[:1_000]))
    return (f"wording {said!r}", "a letter enclosed", "a feedback loop's address as author") if said else ()


def parse_complaint(message: Message) -> DeliveryReport | None:
    """Return which letter a complaint is about and who complains, as far as the provider tells; None for other letters."""
    evidence = find_complaint(message)
    if not evidence:
        return None
    blocks = message.report.blocks if message.report else ()
    named = [block[name] for name in _COMPLAINERS for block in blocks if name in block]
    named += [value for one in message.enclosed for value in one.values("x-hmxmroriginalrecipient")]
    recipients = unique(addr for value in named for _, addr in addresses_in(value))
    return DeliveryReport(
        action="complaint",
        recipients=recipients,
        status=None,
        diagnostic="; ".join(evidence)[:MAX_DIAGNOSTIC],
        original_message_id=_original_id(message),
    )


def _original_id(message: Message) -> str | None:
    if message.report and message.report.original_message_id:
        return message.report.original_message_id
    enclosed = (value.strip("<> ") for one in message.enclosed for value in one.values("message-id"))
    if found := next(filter(None, enclosed), None):
        return found
    quoted = _QUOTED_ID.search(message.text[:5_000])
    return quoted[1] if quoted else None
