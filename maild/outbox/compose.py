"""From a decided draft to the letter that will be sent: headers, token, text and HTML. Pure: `now` is handed in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import format_datetime
from html import unescape
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from maild.model import Address, Attachment, Draft, Outgoing, Purpose, Role, Ticket
from maild.outbox.choices import offer_choices
from maild.outbox.serialize import serialize
from maild.outbox.shelves import MARKED
from maild.outbox.templates import Rendered, Templates
from maild.tokens import DESK, Keyring, address_with

MAX_REFERENCES = 20  # RFC 5322 sets no limit; the first and the latest are what clients thread by
MAX_ID = 980  # characters of a foreign id; with the field's name it stays on a line of 998 (RFC 5322 §2.1.1)

AUTO_SUBMITTED = {  # RFC 3834 §5; an agent's own words carry none
    Purpose.ACKNOWLEDGEMENT: "auto-replied",
    Purpose.REFUSAL: "auto-replied",
    Purpose.POSTPONEMENT: "auto-replied",
    Purpose.OFFER: "auto-generated",  # these five by an agent's command, or because time has passed
    Purpose.CHASER: "auto-generated",
    Purpose.RESOLUTION: "auto-generated",
    Purpose.PLANNED: "auto-generated",
    Purpose.UPDATED: "auto-generated",
    Purpose.CLOSING: "auto-generated",
    Purpose.SATISFACTION: "auto-generated",
    Purpose.FORWARDING: "auto-generated",
    Purpose.REPORT: "auto-generated",
    Purpose.PASSING: "auto-generated",  # a unit's absence notice would go to the customer, where Reply-To is theirs
    Purpose.NOTIFICATION: "auto-generated",
    Purpose.EXTENSION: "auto-generated",  # our words, and no answer to the customer's letter: nobody's machine may answer
    Purpose.RECEIPT: "auto-replied",
    Purpose.CONFIRMATION: "auto-generated",
    Purpose.NEWS: "auto-generated",  # a person's words, but what sends them to everybody is a machine
    Purpose.SUBSCRIPTION: "auto-replied",
    Purpose.EDITION: "auto-generated",
    Purpose.REMINDER: "auto-generated",
    Purpose.OVERVIEW: "auto-generated",
    Purpose.ADMIN: "auto-generated",
    Purpose.OBSERVED: "auto-generated",
}


ASKING = (Purpose.CONFIRMATION, Purpose.EDITION)  # to agents, about a letter that waits for their word
ABOUT_SEVERAL = (Purpose.REMINDER, Purpose.OVERVIEW)  # to agents, about many tickets at once

_SEVEN_BITS = default.clone(cte_type="7bit")  # texts become quoted-printable or base64, whichever is shorter
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")  # RFC 6838 §4.2


_PICTURES = frozenset({"image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"})  # no SVG: it can run
_CONTENT_URL = re.compile(r'src="cid:([^"\s]{1,400})"')
_CONTENT_ID = re.compile(r"[A-Za-z0-9.@%+$=!#*/_-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every letter of one mailbox has in common."""

    mailbox: str  # "organization/mailbox"
    sender: Address
    organization: str  # its name, for the words
    subaddress: bool
    templates: Templates
    keyring: Keyring
    zone: ZoneInfo  # of the Date header: many clients show it as it is written
    observes: bool = False  # the organisation only observes: of its letters none leaves but the daily one to the admin


def compose(
    draft: Draft,
    head: Letterhead,
    *,
    unique: str,
    now: datetime,
    read_attachment: Callable[[int], bytes] | None = None,
) -> Outgoing:
    """Return the letter, ready for the outbox.

    `unique` tells this letter's Message-ID from every other one of the same ticket and recipient; `read_attachment`
    gives the octets of an attachment of the causing letter by its index.
    """
    ticket, token = draft.ticket, _token(draft, head)
    reply_to = _reply_to(token, head)
    message_id = f"{token or 'admin'}.{unique}@{ascii_domain(head.sender.domain)}"
    rendered = word(draft, head)

    message = EmailMessage(policy=_SEVEN_BITS)
    message["From"] = _header_address(_sender(draft, head))
    message["To"] = tuple(_header_address(address) for address in draft.shown_to or (draft.recipient,))
    if draft.shown_cc:
        message["Cc"] = tuple(_header_address(address) for address in draft.shown_cc)
    answers_to = _author_to_answer(draft) or replace(head.sender, addr=reply_to)
    if answers_to.addr != head.sender.addr:
        message["Reply-To"] = _header_address(answers_to)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(now.astimezone(head.zone))
    message["Message-ID"] = f"<{message_id}>"
    for name, value in _threading(draft, head).items():
        message[name] = value
    if draft.purpose in AUTO_SUBMITTED:
        message["Auto-Submitted"] = AUTO_SUBMITTED[draft.purpose]
        message["X-Auto-Response-Suppress"] = "All"  # what Exchange honours instead of RFC 3834
    if draft.purpose is Purpose.NEWS:
        for name, value in _list_fields(draft, head).items():
            message[name] = value
    message["X-Maild-Loop"] = head.keyring.loop_id
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    if read_attachment is not None or draft.earlier:
        pictures = _pictures(rendered.html, draft.attached)
        page = message.get_body(("html",))
        for attachment in draft.attached:
            earlier = draft.earlier.get(attachment.index)
            octets = earlier() if earlier else read_attachment(attachment.index) if read_attachment else b""
            if page is not None and attachment in pictures:
                _show(page, attachment, octets)
            else:
                _attach(message, attachment, octets)
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]  # RFC 2045 §4 wants it once, at the top
    return Outgoing(
        message_id=message_id,
        mailbox=head.mailbox,
        purpose=draft.purpose,
        # A bounce comes back to us, with the token of ticket and recipient where the mailbox has subaddresses. Not the
        # null sender, not even for acknowledgements: mail providers refuse it from a login, and we would never hear
        # that a customer's address is wrong. Reports are told apart by their form (`ingest.classify`).
        envelope_sender=reply_to,
        recipient=draft.recipient.addr,
        octets=serialize(message),
        ticket_id=ticket.id if ticket else None,
        subject=rendered.subject,
        withheld=head.observes and draft.purpose is not Purpose.OBSERVED,
    )


def word(draft: Draft, head: Letterhead) -> Rendered:
    """Return the words of a letter."""
    words = {**draft.words, **{name: make() for name, make in draft.costly.items()}}
    words |= {"organization": head.organization, "address": head.sender.addr}
    if draft.ticket or draft.purpose is Purpose.SUBSCRIPTION or draft.purpose in ASKING:
        words["token"] = _token(draft, head)
    if ticket := draft.ticket:
        words |= {
            "number": ticket.number,
            "subject": ticket.subject,
            "customer": ticket.requester,
        }
        if draft.purpose in MARKED:
            words["copied"] = tuple(one.address for one in ticket.participants if one.role is Role.COPIED)
        if draft.asks:
            token = _token(draft, head)
            local, _, domain = _reply_to(token, head).rpartition("@")
            to = f"{local}@{ascii_domain(domain)}"
            words["choices"] = offer_choices(ticket.number, token, to, head.templates.shelves.language)
        if draft.purpose is Purpose.NOTIFICATION:
            words["note_address"] = _note_address(ticket, draft.recipient, head)
    return head.templates.render(draft.purpose, words, ticket=draft.ticket)


def ascii_domain(domain: str) -> str:
    """Return the domain as SMTP without SMTPUTF8 can carry it (RFC 5890); an unencodable one comes back as it is."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _reply_to(token: str, head: Letterhead) -> str:
    """Return where the recipient's answer goes."""
    return address_with(token, head.sender.addr) if head.subaddress and token else head.sender.addr


def _note_address(ticket: Ticket, agent: Address, head: Letterhead) -> str:
    """Return where the agent writes what only colleagues read; "" where the mailbox has no subaddresses."""
    token = head.keyring.note_token(ticket.id, agent.addr)
    return address_with(token, head.sender.addr) if head.subaddress else ""


def _token(draft: Draft, head: Letterhead) -> str:
    """Return the recipient's token: for the ticket, for the desk where an agent reads of several, or for a question. The admin has none."""
    if draft.about_news:
        return str(head.keyring.news_token(*draft.about_news, draft.recipient.addr))
    if draft.purpose in ASKING:
        return head.keyring.confirmation(int(str(draft.words["letter"])), draft.recipient.addr)
    if draft.ticket is None and draft.purpose not in ABOUT_SEVERAL:
        return ""
    return str(head.keyring.token(draft.ticket.id if draft.ticket else DESK, draft.recipient.addr))


def _threading(draft: Draft, head: Letterhead) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322 §3.6.4); an agent's letters about one ticket share a made-up root."""
    if draft.purpose in MARKED and draft.ticket:
        root = f"<ticket.{draft.ticket.id}.{head.keyring.loop_id}@{ascii_domain(head.sender.domain)}>"
        return {"In-Reply-To": root, "References": root}
    if draft.in_reply_to is None or not _is_id(draft.in_reply_to):
        return {}
    known = [reference for reference in draft.references if _is_id(reference)]
    references = [*known[:1], *known[1:][1 - MAX_REFERENCES :], draft.in_reply_to]
    return {
        "In-Reply-To": f"<{draft.in_reply_to}>",
        "References": " ".join(f"<{reference}>" for reference in dict.fromkeys(references)),
    }


def _list_fields(draft: Draft, head: Letterhead) -> dict[str, str]:
    """What mail programs know news by, and end them with (RFC 2919, RFC 2369). By mail alone: RFC 8058 is for web pages."""
    _, id_ = draft.about_news or ("w", 0)
    token = head.keyring.news_token("u", id_, draft.recipient.addr)
    domain = ascii_domain(head.sender.domain)
    local, _, _ = (address_with(token, head.sender.addr) if head.subaddress else head.sender.addr).rpartition("@")
    return {
        "List-Id": f"<news.{head.mailbox.partition('/')[0]}.{domain}>",
        "List-Unsubscribe": f"<mailto:{quote(local, safe='+')}@{domain}?subject=unsubscribe%20{token}>",
        "Precedence": "bulk",
    }


def _is_id(text: str) -> bool:
    """Whether a stranger's id can be written into a header: visible ASCII on one line."""
    return re.fullmatch(r"[!-;=?-~]+", text) is not None and len(text) <= MAX_ID


def _sender(draft: Draft, head: Letterhead) -> Address:
    """From: the organisation; for an agent the customer's name is shown beside it, as in every shared inbox."""
    if draft.from_name:
        return replace(head.sender, name=f"{draft.from_name} ({head.organization})")
    author = draft.words.get("author")
    if draft.purpose is Purpose.NOTIFICATION and isinstance(author, Address) and (author.name or author.addr):
        return replace(head.sender, name=f"{author.name or author.addr} ({head.organization})")
    return head.sender


def _author_to_answer(draft: Draft) -> Address | None:
    """Return whom a unit outside answers instead of us: the customer, where the request is no longer ours."""
    author = draft.words.get("author")
    passed = draft.purpose is Purpose.PASSING and draft.words.get("closed")
    return author if passed and isinstance(author, Address) and author.addr else None


def _header_address(address: Address) -> HeaderAddress:
    """The address for a header; line breaks in a display name would be header injection, so none survives."""
    local, _, domain = address.addr.rpartition("@")
    return HeaderAddress(display_name=_printable(address.name), addr_spec=f"{local}@{ascii_domain(domain)}")


def _printable(name: str) -> str:
    """Return a stranger's name as one line of printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _pictures(html: str, attached: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the attached pictures that the HTML shows in place (RFC 2392), the first of each Content-ID."""
    shown = {unquote(unescape(url)) for url in _CONTENT_URL.findall(html)}
    pictures: dict[str, Attachment] = {}
    for attachment in attached:
        key = attachment.content_id
        if key in shown and _CONTENT_ID.fullmatch(key) and attachment.media_type in _PICTURES:
            pictures.setdefault(key, attachment)
    return tuple(pictures.values())


def _show(page: MIMEPart, picture: Attachment, octets: bytes) -> None:
    """Put a picture beside the HTML that shows it (RFC 2387)."""
    name = _printable(picture.name) or f"part-{picture.index}"
    subtype = picture.media_type.partition("/")[2]
    cid = f"<{picture.content_id}>"
    page.add_related(octets, maintype="image", subtype=subtype, cid=cid, disposition="inline", filename=name)


def _attach(message: EmailMessage, attachment: Attachment, octets: bytes) -> None:
    """Add a stranger's file as it is; a type that mail clients would unfold, show or not understand becomes octets."""
    media_type = attachment.media_type if _MEDIA_TYPE.fullmatch(attachment.media_type) else ""
    maintype, _, subtype = media_type.partition("/")
    if maintype in ("", "message", "multipart", "text"):
        maintype, subtype = "application", "octet-stream"
    name = _printable(attachment.name) or f"part-{attachment.index}"
    message.add_attachment(octets, maintype=maintype, subtype=subtype, filename=name)
