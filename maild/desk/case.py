"""Everything known about one letter when it is decided upon. Pure values; knows `model` and the steps of `ingest`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from maild.contracts.client import Client
from maild.contracts.recognition import Recognition
from maild.desk.author import Author
from maild.desk.catalogue import Catalogue
from maild.desk.commands import Command, Unknown
from maild.desk.files import SeenFile
from maild.desk.ruling import Ruling
from maild.desk.service import Service
from maild.faq.entry import Found
from maild.ingest.classify import OwnMail
from maild.ingest.clients.forms import Form
from maild.ingest.dedupe import Earlier, Fingerprint, Repeat
from maild.ingest.thread import Candidate, Thread
from maild.model import Address, Agent, Classification, DeliveryReport, Message, Outgoing, RawMessage, Said
from maild.sla.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How much automatic mail may go out within `Facts`' window."""

    per_address: int
    per_ticket: int
    per_agent: int


@dataclass(frozen=True, kw_only=True)
class DeskPolicy:
    """What the organisation wants, as far as deciding needs to know."""

    mailbox: str  # "organization/mailbox"
    organization: str
    address: Address  # the mailbox's own, with its display name
    prefix: str  # of ticket numbers
    agents: tuple[Agent, ...]
    own: OwnMail
    caps: Caps
    old_letters: Literal["record", "open", "answer"]
    repeat_window: timedelta = timedelta(0)  # within which equal words of one author are one request; zero: never
    forms: tuple[Form, ...] = ()  # the more particular before the more general
    notifiers: frozenset[str] = frozenset()  # machines whose letters are requests: casefolded addresses or "@domain"
    service: Service = field(default_factory=Service)
    catalogue: Catalogue = field(default_factory=Catalogue)
    subaddress: bool = False  # whether answers come to an address with the token in it

    @cached_property
    def staff(self) -> frozenset[str]:
        """The agents' addresses, casefolded."""
        return frozenset(agent.address.key for agent in self.agents)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter of the ledger on its walk."""

    id: int
    raw: RawMessage
    old: bool = False  # it was in the mailbox before maild's first look
    no_repeat: str = ""  # who said that it repeats no other letter, whatever it looks like


@dataclass(frozen=True, kw_only=True)
class OwnLetter:
    """A letter of ours that this one answers, reports on, or is."""

    outbox_id: int
    letter: Outgoing


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the store knows that this letter's fate depends on; the only reads of the walk."""

    earlier: tuple[Fingerprint, ...] = ()  # letters with the same octets or Message-ID, oldest first
    lately: tuple[Earlier, ...] = ()  # what the same author has asked within the window for repeats, newest first
    repeat: int | None = None  # the resend (a letter's id) that the notification was about which this letter answers
    digest: bool = False  # whether it answers a letter of ours about several tickets, which leads into none
    itself: OwnLetter | None = None  # a letter of ours with this very Message-ID
    reported: OwnLetter | None = None  # the letter of ours that a delivery report is about
    candidates: tuple[Candidate, ...] = ()
    clocks: Mapping[int, tuple[Clock, ...]] = field(default_factory=dict)  # of the tickets that may be concerned, by id
    next_ticket_id: int = 1
    next_number: int = 1
    refused: frozenset[str] = frozenset()  # grounds that the author has been told of lately
    sent_to: Mapping[str, int] = field(default_factory=dict)  # automatic letters in the window by recipient key
    sent_about: Mapping[int, int] = field(default_factory=dict)  # automatic letters in the window by ticket id


MAX_COUNTED = 1_000  # tickets of a queue: a place beyond tells nobody anything, and counting costs every letter


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much there is to do already, when a new request comes."""

    requests: int = 0  # counted ones of the same client in this calendar month (C19)
    open: int = 0  # tickets in the organisation's queue, counted up to MAX_COUNTED
    by_rank: tuple[int, ...] = (0, 0, 0)  # of those that were counted, from the front: with rank 0, 1 and 2


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a proven agent's letter says anew: commands, and words for the customer."""

    commands: tuple[Command | Unknown, ...] = ()
    words: str = ""
    named: Client | None = None  # whom a command names, if the register has them
    client: Client | None = None  # whose request it is so far


@dataclass(frozen=True, kw_only=True)
class Case:
    """One letter with everything found out about it: what the rules decide upon."""

    letter: Letter
    message: Message
    said: Said
    kind: Classification
    report: DeliveryReport | None
    repeat: Repeat
    thread: Thread
    author: Author
    facts: Facts
    policy: DeskPolicy
    now: datetime
    client: Recognition = field(default_factory=Recognition)
    load: Load = Load()
    orders: Orders = Orders()
    ruling: Ruling = field(default_factory=Ruling)
    files: tuple[SeenFile, ...] = ()  # what is attached, and what of it is not taken
    faq: tuple[Found, ...] = ()  # what the search finds, the best first
    with_tokens: frozenset[int] = frozenset()  # indexes of the attachments that leave us in which tokens stand

    @property
    def at(self) -> datetime:
        """When what the letter says happened: its arrival at the mailbox server (D1), which is never in the future."""
        return min(self.letter.raw.received_at, self.now)

    @property
    def today(self) -> date:
        """The day of that, in the organisation's zone (D10)."""
        return self.at.astimezone(self.policy.service.zone).date()
