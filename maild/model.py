"""The words of maild as frozen values; one meaning each. Imports nothing of ours.

What a stranger sent (`RawMessage`, `Message`) and what we decided (`Decision` and its parts) never share an object.
All instants are aware and in UTC; all durations are `timedelta`.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

MAX_ADDRESS = 254  # RFC 5321 §4.5.3.1.3: a path is at most 256 octets, two of them angle brackets
_SENDABLE = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[\w](?:[\w.-]*[\w])?", re.UNICODE
)


def _is_encodable(domain: str) -> bool:
    """Whether the domain name system can carry it (RFC 5890): no empty label, none over 63 octets once encoded."""
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return True


# ── what arrived ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Address:
    """A display name plus an addr-spec (RFC 5322 §3.4 calls this a mailbox; here a mailbox is what we watch)."""

    name: str = ""
    addr: str  # the addr-spec as written, without angle brackets

    @cached_property
    def key(self) -> str:
        """What two spellings of one address have in common. RFC 5321 allows case-sensitive local parts; nobody has them."""
        return self.addr.strip().casefold()

    @property
    def domain(self) -> str:
        """The part behind the last @, lower-case; "" where there is none."""
        return self.key.rpartition("@")[2] if "@" in self.key else ""

    @property
    def sendable(self) -> bool:
        """Whether SMTP without SMTPUTF8 can carry a letter there: an ASCII dot-atom, @, a domain (RFC 5321 §4.1.2)."""
        return (
            _SENDABLE.fullmatch(self.addr) is not None and len(self.addr) <= MAX_ADDRESS and _is_encodable(self.domain)
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.addr}>" if self.name and self.addr else self.name or self.addr


def without_detail(address: str) -> str:
    """Return an address without its subaddress: support+token@x is support@x (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_own(key: str, own: frozenset[str]) -> bool:
    """Whether a casefolded address is one of `own`, with a subaddress or without."""
    return key in own or without_detail(key) in own


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a letter was found: the key of progress, unique in the ledger.

    For IMAP `uidvalidity` and `uid` are the server's (RFC 9051 §2.3.1.1). A Maildir has uidvalidity 0 and the unique
    part of the file name as `uid`; standard input has uidvalidity 0 and a made-up `uid`.
    """

    mailbox: str  # "organization/mailbox", the key in the configuration
    folder: str  # decoded, "INBOX" for INBOX, "" for standard input
    uidvalidity: int
    uid: str

    def __str__(self) -> str:
        return f"{self.mailbox}:{self.folder}:{self.uidvalidity}:{self.uid}"


@dataclass(frozen=True, kw_only=True)
class RawMessage:
    """A letter's octets and where and when they reached the mailbox server."""

    octets: bytes = field(repr=False)
    place: Place
    received_at: (
        datetime  # INTERNALDATE, a file's mtime, or now for standard input (decision D1: never the Date header)
    )
    envelope_sender: str | None = None  # "" is the null reverse-path; None when the source does not tell
    envelope_recipient: str | None = None
    size: int | None = None  # the server's size in octets when `octets` were cut short, else None
    sent: bool = False  # it lay in a folder with what our own people have sent from the mailbox

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal digest of the octets: the name of their blob."""
        return hashlib.sha256(self.octets).hexdigest()

    @property
    def truncated(self) -> bool:
        """Whether the letter was too large and only its beginning was taken."""
        return self.size is not None and self.size > len(self.octets)


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One attached or inline part. Its octets are read back out of the raw letter with `ingest.parse.read_attachment`."""

    index: int  # position among the leaf parts of the letter, containers opened, depth first, from 0
    name: str  # safe: no path, no control characters; made up (reproducibly) where the letter gives none
    media_type: str  # "application/pdf", lower-case
    size: int  # decoded octets
    sha256: str
    inline: bool = False
    content_id: str | None = None  # without angle brackets


@dataclass(frozen=True, kw_only=True)
class Report:
    """The machine-readable half of a multipart/report (RFC 6522), as found; `ingest.dsn` interprets it."""

    type: str  # "delivery-status", "disposition-notification", "feedback-report"
    blocks: tuple[Mapping[str, str], ...]  # header blocks, names lower-case, values unfolded; the first is per-message
    original_message_id: str | None  # from the returned letter or its headers


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """The header of a letter that another one carries whole or in part: returned by a mail system, or attached by a person."""

    fields: tuple[tuple[str, str], ...] = ()  # in order, names lower-case, values decoded; only those of people and ids
    report: Report | None = None  # where the enclosed letter is a report itself

    def values(self, *names: str) -> list[str]:
        """The values of all fields of these lower-case names, in the order of the names, then of the letter."""
        return [value for name in names for key, value in self.fields if key == name]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A parsed RFC 5322 message. Every string can be stored: no NUL, no lone surrogate."""

    message_id: str | None = None  # ids never carry their angle brackets
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first
    author: Address | None = None  # the first From address; `addr` is "" where From gives only a name
    co_authored: bool = False  # From names somebody besides, or there are several From fields
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()  # Delivered-To, X-Original-To, Envelope-To, and the envelope recipient if known
    envelope_sender: str | None = None  # Return-Path; "" is the null reverse-path; None when unknown
    subject: str = ""  # decoded, unfolded, single-line
    date: datetime | None = None  # what the Date header claims, in UTC
    text: str = ""  # readable plain text, "\n" line ends; made from HTML where the letter has only that
    html: str | None = None  # as the author wrote it: never show or send it on unsanitised
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # in order, names lower-case, values decoded and unfolded
    report: Report | None = None
    enclosed: tuple[Enclosed, ...] = ()  # in the letter's order, the first few of a digest
    defects: tuple[str, ...] = ()  # what was repaired, guessed or cut, in words

    def header(self, name: str) -> str | None:
        """The first value of a header by its lower-case name, or None."""
        return self._values[name][0] if name in self._values else None

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a header by its lower-case name, in order."""
        return tuple(self._values.get(name, ()))

    @cached_property
    def _values(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def content(self) -> str:
        """Digest of author and Reply-To (a web form's requests have one author), subject, words and attachments: what a copy delivered by another way still has in common."""
        words = " ".join(self.text.split())
        people = [self.author.key if self.author else "", *(address.key for address in self.reply_to)]
        parts = [" ".join(people), " ".join(self.subject.split()), words]
        parts += sorted(attachment.sha256 for attachment in self.attachments)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who speaks in a letter and what they say anew: wrappings, quotes and signatures are taken off."""

    wrapped: str = ""  # what it came in: "form", "forward", "attached"; "": nothing was wrapped, see `Message.author`
    author: Address | None = None  # who wrote what was wrapped; None: nobody, or the wrapping does not tell
    subject: str = ""
    text: str = ""  # the new words; never empty unless the letter is
    note: str = ""  # what an agent wrote above the letter that they passed on: for agents only
    machine: str = ""  # what says that no person wrote what was wrapped, so that nothing may answer it by itself
    files: tuple[str, ...] = ()  # SHA-256 of what is attached to their words, inline pictures included, sorted
    whose: str = ""  # `ingest.dedupe.author_key`; "" where resends are not looked for


# ── what the steps of the walk find ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one step concluded, and on what evidence. `maild explain` prints these in order."""

    step: str  # "parse", "unwrap", "classify", "report" of a delivery report, "reply", "thread", "identify", "dedupe", "decide"
    verdict: str
    evidence: tuple[str, ...] = ()


class Kind(StrEnum):
    """Who or what wrote a letter."""

    PERSON = "person"
    AUTO_REPLY = "auto-reply"  # sent by a machine in answer to a letter (RFC 3834)
    AUTO_GENERATED = "auto-generated"  # sent by a machine of its own accord
    DSN = "dsn"  # delivery report (RFC 3464, and the formats before it)
    MDN = "mdn"  # read receipt (RFC 8098)
    FEEDBACK = "feedback"  # a reader's complaint, passed on by their provider (ARF, RFC 5965)
    CHALLENGE = "challenge"  # a machine asks the sender to prove that they are a person
    NOTIFICATION = "notification"  # a machine's request: from a sender that the configuration names
    LIST = "list"  # mailing list or bulk
    LOOP = "loop"  # our own mail come back


@dataclass(frozen=True, kw_only=True)
class Classification:
    """The kind with the evidence that we saw; the evidence for PERSON says what was looked for and not found."""

    kind: Kind
    evidence: tuple[str, ...]

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        return Finding(step="classify", verdict=self.kind, evidence=self.evidence)


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What a DSN, or a complaint, says about one letter of ours."""

    action: str  # "failed", "delayed", "delivered", "relayed", "expanded", "complaint"; "unknown" for formats that do not tell
    recipients: tuple[str, ...]  # the addresses concerned, may be empty
    status: str | None  # "5.1.1" (RFC 3463)
    diagnostic: str  # the remote server's words, shortened; may be ""
    original_message_id: str | None

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        evidence = [f"status {self.status}"] if self.status else []
        evidence += [f"words {self.diagnostic!r}"] if self.diagnostic else []
        about = self.original_message_id
        evidence.append(f"about <{about}>" if about else "it does not say about which letter")
        verdict = f"{self.action}: {', '.join(self.recipients) or 'it names no address'}"
        return Finding(step="report", verdict=verdict, evidence=tuple(evidence))


class OutcomeKind(StrEnum):
    """How a letter ended. Every letter has exactly one."""

    OPENED = "opened"
    APPENDED = "appended"
    COMMAND = "command"
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one letter ended, always with a reason that a person can read."""

    kind: OutcomeKind
    reason: str


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"  # on the contact
    RESOLVED = "resolved"
    CLOSED = "closed"


class Role(StrEnum):
    """Why somebody belongs to a ticket."""

    REQUESTER = "requester"
    COPIED = "copied"  # named in To or Cc by a participant
    AGENT = "agent"
    UNIT = "unit"  # somebody outside to whom the request was passed on: may write here, and is copied on nothing


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who belongs to a ticket and may enter it."""

    address: Address
    role: Role


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One of our staff."""

    id: str
    address: Address  # the registered one: where letters to them go
    notify: bool = True
    aliases: frozenset[str] = frozenset()  # casefolded addresses that they write from besides

    skills: frozenset[str] = frozenset()  # ids of categories and levels whose requests are theirs; empty: any
    calendar: str = ""  # when they are at work; "": always
    absent: tuple[tuple[date, date], ...] = ()  # first and last days, both included

    def writes_from(self, key: str) -> bool:
        """Whether a casefolded address is one of theirs."""
        return key == self.address.key or key in self.aliases


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A request of a customer, as stored."""

    id: int
    number: str  # "ACME-1042", what people see
    organization: str
    mailbox: str  # the one it was opened through; letters of the ticket go out from it
    subject: str
    status: Status
    requester: Address
    participants: tuple[Participant, ...]
    opened_at: datetime
    answers: str | None = None  # Message-ID of the customer's latest letter: what our next one answers
    received_at: datetime | None = None  # when the first letter reached the mailbox server (D1)
    standing: str = ""  # contracts.recognition.Standing; "": the ticket is older than the register
    client: str = ""  # the client's key in the register; "": none, or none yet
    client_name: str = ""
    level: str = ""  # ids of the configuration; "": none
    category: str = ""
    service: str = ""  # what of the table of services it is about …
    included: str = ""  # … and whether its level includes that: "yes", "no", "person" (decides); "": about none
    severity: str = ""
    hours: str = "working"  # sla.target.Hours
    coupon: str = ""  # the valid coupon it rests on, shortened for people
    agent: str = ""  # id of the agent whose ticket it is
    rank: int = (
        2  # place in the queue before the time of receipt: 0 out of queue, 1 with a coupon, 2 the rest (CB-3, 4, 22)
    )
    counted: bool = True  # against the quota: refusals are not
    team: str = ""  # whose it is; "": everybody's
    tags: tuple[str, ...] = ()
    ground: str = ""  # why it is refused or put off, or may be …
    ground_state: str = ""  # … "proposed" to a person, "refused", "postponed"; "": none
    offer: str = ""  # paid work …
    offer_state: str = ""  # … "offered", "accepted", "declined", "lapsed" (no answer); "": none
    offer_name: str = ""  # what was offered, as the customer was told …
    offer_price: str = ""  # … for how much: a decimal number, "" for no price …
    offer_currency: str = ""  # … in what, …
    offer_per: str = ""  # … and for what: "hour", "request"; "": the whole
    offer_asked: bool = False  # whether the customer was asked to say plainly if they agree
    backlog: bool = False  # whether it waits for an update, once it is not over …
    release: str = ""  # … and for which; "": a coming one
    unit: str = ""  # to whom it was passed on
    asked: tuple[str, ...] = ()  # what the customer was asked for and has not sent yet
    faq: tuple[str, ...] = ()  # entries suggested in the acknowledgement, in its order; none once a person has answered
    variant: str = ""  # of the templates of letters to the customer
    merged_into: int | None = None  # id of the ticket that it went into, where its letters lead


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


class Rating(StrEnum):
    """What a customer thinks of how they were served; the best first, as they are offered."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Purpose(StrEnum):
    """Why an outgoing letter exists. ANSWER alone is in a person's words."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REFUSAL = "refusal"  # to a customer: they cannot be served, why, and what they can do
    POSTPONEMENT = "postponement"  # to a customer: the request is put off, why, and what they can do
    OFFER = "offer"  # to a customer: what paid work would cost
    CHASER = "chaser"  # to a customer: we are still waiting for what we asked for
    RESOLUTION = "resolution"  # to a customer, by an agent's command: we hold it solved, unless they say otherwise
    PLANNED = "planned"  # to a customer, by an agent's command: it needs a coming update
    UPDATED = "updated"  # to a customer, by an agent's command: the update that their request waited for is out
    CLOSING = "closing"  # to a customer: the request is closed, and why
    SATISFACTION = "satisfaction"  # to a customer: what they think of our work, where no other letter asks
    REPORT = "report"  # to a customer, or to whoever checks it: what a client's month has come to
    PASSING = "passing"  # to a unit outside: a customer's request
    FORWARDING = "forwarding"  # to the customer, by an agent's command: to whom their request was passed on
    NOTIFICATION = "notification"  # to an agent
    ANSWER = "answer"  # an agent's words to the customer
    EXTENSION = "extension"  # to the customer, by an agent's command: more time is needed (D8)
    RECEIPT = "receipt"  # to an agent: what became of their commands
    CONFIRMATION = "confirmation"  # to an agent: whether a letter in their name is theirs
    OVERVIEW = "overview"  # to an agent: what they have asked about the desk, or what the day brings
    NEWS = "news"  # to a subscriber, in a person's words, the same to everybody
    SUBSCRIPTION = "subscription"  # to whoever wants news or wants none: whether it is they who ask, or that it is done
    EDITION = "edition"  # to an agent, about news that they send: what goes to how many, or that it does not
    REMINDER = "reminder"  # to an agent, a manager or the head: terms that come or have passed, of many tickets
    ADMIN = "admin"  # to the admin, about maild itself
    OBSERVED = "observed"  # to the admin, once a day: what an organisation that only observes would have sent


TO_OUR_OWN = frozenset(
    {
        Purpose.NOTIFICATION,
        Purpose.RECEIPT,
        Purpose.CONFIRMATION,
        Purpose.OVERVIEW,
        Purpose.EDITION,
        Purpose.REMINDER,
        Purpose.ADMIN,
        Purpose.OBSERVED,
    }
)  # letters that nobody outside ever reads


class OutboxState(StrEnum):
    """Where an outgoing letter stands. `sending` is on disk before DATA begins, so that a crash can be told apart."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"  # what it would have said was no longer true before it left
    WITHHELD = "withheld"  # written while its organisation only observed: it never leaves


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A composed letter on its way into the outbox; its Message-ID is fixed from here on."""

    message_id: str  # without angle brackets
    mailbox: str  # whose SMTP settings carry it
    purpose: Purpose
    envelope_sender: str  # "" is the null reverse-path
    recipient: str  # exactly one: every recipient has a letter and a token of their own
    octets: bytes = field(repr=False)
    ticket_id: int | None = None
    subject: str = ""
    withheld: bool = False  # it is kept and never leaves: its organisation only observes (`Letterhead.observes`)

    @property
    def automatic(self) -> bool:
        """Whether it may be held back: such letters are capped, and one that fails is no agent's business.

        An extension, an offer, a resolution and word of a passing on are in our words, but by an agent's command, and what it says rests on it.
        A request that is passed on is the customer's words on their way to who serves them: held back, nobody would.
        What the customer hears besides is held back like an acknowledgement: a postponement, as a refusal, answers what
        a stranger wrote, so a loop could run through it; a chaser only says again what was said; and a closing stands
        without it: it is in the ticket's history, and any letter of the customer opens the request again. News goes to
        whoever wants it, at a pace of its own, and takes away nobody's acknowledgement.
        """
        return self.purpose not in (
            Purpose.ANSWER,
            Purpose.EXTENSION,
            Purpose.OFFER,
            Purpose.RESOLUTION,
            Purpose.FORWARDING,
            Purpose.PASSING,
            Purpose.NEWS,
            Purpose.PLANNED,
            Purpose.UPDATED,
        )


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """An outgoing letter as stored."""

    id: int
    letter: Outgoing
    state: OutboxState
    attempts: int
    queued_at: datetime
    next_attempt_at: datetime
    uncertain: int = 0  # attempts whose answer never came: the letter may have been delivered that often already
    error: str | None = None
    sent_at: datetime | None = None
    answer: str | None = None  # the server's words when it took the letter


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An outgoing letter decided upon and not yet worded; `outbox.compose` renders the purpose's template."""

    purpose: Purpose
    recipient: Address
    subject: str = ""  # the template may put it in brackets, behind a number, …
    ticket: Ticket | None = None
    words: Mapping[str, object] = field(default_factory=dict)  # the template's variables beside the standing ones
    costly: Mapping[str, Callable[[], object]] = field(
        default_factory=dict, compare=False, repr=False
    )  # made when worded
    from_name: str = ""  # whose name stands beside our address, and the organisation's; "": the organisation's alone
    shown_to: tuple[Address, ...] = ()  # To header; empty: the recipient
    shown_cc: tuple[Address, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attached: tuple[Attachment, ...] = ()  # of the letter that caused it, but for those that are …
    earlier: Mapping[int, Callable[[], bytes]] = field(
        default_factory=dict, compare=False, repr=False
    )  # … of letters before it: their octets, by the index in `attached`
    about_news: tuple[Literal["s", "u", "w"], int] | None = None  # the kind and id of its token, where it is about news
    asks: bool = False  # whether it asks besides what the customer thinks of our work


# ── what was decided ─────────────────────────────────────────────────────────────────────────────────────────────────


class Direction(StrEnum):
    """Which way the words of a ticket's history went."""

    IN = "in"
    OUT = "out"
    NOTE = "note"  # it stays among agents
    UNIT = "unit"  # from somebody outside to whom it was passed on: it stays among agents until one of them releases it


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Words that belong to a ticket's history."""

    direction: Direction
    author: Address
    text: str


PASSED_ON = "passed on"  # the event of a letter that came through another hand than its author's


@dataclass(frozen=True, kw_only=True)
class TicketEvent:
    """One recorded move in a ticket's life; history is never edited."""

    kind: str  # "opened", "appended", "answered", "status", "bounced", "auto-reply", "linked", "duplicate", …
    detail: str = ""
