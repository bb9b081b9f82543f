"""Everything known about one letter when it is decided upon. Pure values; knows `model` and the steps of `ingest`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

from maild.contracts.client import Client
from maild.contracts.recognition import Recognition
from maild.desk.author import Author
from maild.desk.behalf import Behalf
from maild.desk.catalogue import Catalogue
from maild.desk.commands import Command, Unknown
from maild.desk.files import SeenFile
from maild.desk.ruling import Ruling
from maild.desk.seen import Answered
from maild.desk.service import Service
from maild.desk.subscriber import Edition, NewsPolicy, Speaks, Subscriber
from maild.desk.survey import Question
from maild.desk.undoable import Undoable
from maild.faq.entry import Found
from maild.ingest.authentication import Signature
from maild.ingest.classify import OwnMail
from maild.ingest.clients.forms import Form
from maild.ingest.dedupe import Earlier, Fingerprint, Repeat
from maild.ingest.thread import Candidate, Thread
from maild.model import (
    Address,
    Agent,
    Classification,
    DeliveryReport,
    Direction,
    Finding,
    Message,
    Outgoing,
    RawMessage,
    Said,
    Ticket,
)
from maild.sla.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How much automatic mail may go out within `Facts`' window."""

    per_address: int
    per_ticket: int
    per_agent: int


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What proves that a letter in an agent's name is theirs."""

    authserv: tuple[str, ...] = ()  # the servers whose Authentication-Results are believed
    confirm_within: timedelta = timedelta(days=1)
    dkim: bool = False  # whether we verify the signatures of letters in agents' names ourselves


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
    reopen_within: timedelta = timedelta(days=14)  # after which a letter to a ticket that is over opens another one
    repeat_window: timedelta = timedelta(0)  # within which equal words of one author are one request; zero: never
    forms: tuple[Form, ...] = ()  # the more particular before the more general
    notifiers: frozenset[str] = frozenset()  # machines whose letters are requests: casefolded addresses or "@domain"
    service: Service = field(default_factory=Service)
    catalogue: Catalogue = field(default_factory=Catalogue)
    trust: Trust = Trust()
    assignment: Literal["manual", "round-robin", "least-open"] = "manual"
    answers_from: Literal["agent", "team", "organization"] = "agent"  # whose name stands beside our address
    followups: Literal["agent", "team"] = "agent"  # who hears of letters in a ticket that an agent has taken
    quote: Literal["none", "last"] = "last"  # what is quoted below an answer
    receipts: bool = False  # whether agents get one of answers without commands, too
    news: NewsPolicy | None = None  # None: there are none
    subaddress: bool = False  # whether answers come to an address with the token in it

    @cached_property
    def internal_domains(self) -> frozenset[str]:
        """The domains of our people and mailboxes, but for those where anybody may have an address."""
        domains = {agent.address.domain for agent in self.agents} | {
            one.rpartition("@")[2] for one in self.own.addresses
        }
        return frozenset(domains - self.service.public_domains)

    @cached_property
    def staff(self) -> frozenset[str]:
        """The agents' addresses, casefolded; those that they only write from, too."""
        return frozenset(key for agent in self.agents for key in (agent.address.key, *agent.aliases))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter of the ledger on its walk."""

    id: int
    raw: RawMessage
    old: bool = False  # it was in the mailbox before maild's first look
    no_repeat: str = ""  # who said that it repeats no other letter, whatever it looks like
    confirmed: str = ""  # the agent (their id) who has said that it is theirs
    # what we found of its signatures as it came, if anybody looked
    signature: Signature = field(default_factory=Signature)

    def at(self, now: datetime) -> datetime:
        """Return when what it says happens: its arrival at the mailbox server (D1), which is never in the future.

        What an agent had to confirm happens when they do: nobody has heard of it before.
        """
        return now if self.confirmed else min(self.raw.received_at, now)


@dataclass(frozen=True, kw_only=True)
class Read:
    """A letter as it was read, before anything that is known of it."""

    message: Message
    kind: Classification
    form: str  # the web form that it came through; "": none
    report: DeliveryReport | None
    said: Said
    # what it writes down for somebody else, where From names an agent; whether it is theirs is not known
    behalf: Behalf | None
    attachment: Callable[[int], bytes]  # the octets of an attachment by its index
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class OwnLetter:
    """A letter of ours that this one answers, reports on, or is."""

    outbox_id: int
    letter: Outgoing
    writer: str = ""  # the address (casefolded) of the agent whose answer it is


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A letter in an agent's name that waits for their word on whether it is theirs."""

    letter_id: int
    agent: str  # their id
    until: datetime
    ticket_id: int | None = None
    answered: bool = False
    news: bool = False  # whether it is news
    edition: int | None = None  # those that it has become …
    of: int = 0  # … for how many …
    left: int = 0  # … of whom so many have not got them yet


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the store knows that this letter's fate depends on; the only reads of the walk."""

    earlier: tuple[Fingerprint, ...] = ()  # letters with the same octets or Message-ID, oldest first
    lately: tuple[Earlier, ...] = ()  # what the same author has asked within the window for repeats, newest first
    repeat: int | None = None  # the resend (a letter's id) that the notification was about which this letter answers
    digest: bool = False  # whether it answers a letter of ours about several tickets, which leads into none
    kept: tuple[Kept, ...] = ()  # letters in agents' names about which this one may say whether they are theirs
    itself: OwnLetter | None = None  # a letter of ours with this very Message-ID
    reported: OwnLetter | None = None  # the letter of ours that a delivery report is about
    candidates: tuple[Candidate, ...] = ()
    clocks: Mapping[int, tuple[Clock, ...]] = field(default_factory=dict)  # of the tickets that may be concerned, by id
    # of a sent letter: the customer's latest besides those it answers
    heard_at: Mapping[int, datetime] = field(default_factory=dict)
    # sent letters (ids) that answer this one, which may be sent itself, and were read before it
    unplaced: tuple[int, ...] = ()
    next_ticket_id: int = 1
    next_number: int = 1
    outdated: frozenset[int] = frozenset()  # tickets (ids) of whose offers it answers one that is not the last
    answers_person: bool = False  # whether it answers an agent's own words while paid work is offered in the ticket
    merged: Mapping[int, Ticket] = field(default_factory=dict)  # where candidates went that were merged, by their ids
    over_since: Mapping[int, datetime] = field(default_factory=dict)  # when those of both that are over came to that
    questions: Mapping[int, Question] = field(default_factory=dict)  # whose customers were asked for a verdict, by id
    refused: frozenset[str] = frozenset()  # grounds that the author has been told of lately
    subscribers: tuple[Subscriber, ...] = ()  # those whose address or token the letter holds
    sent_to: Mapping[str, int] = field(default_factory=dict)  # automatic letters in the window by recipient key
    sent_about: Mapping[int, int] = field(default_factory=dict)  # automatic letters in the window by ticket id


MAX_COUNTED = 1_000  # tickets of a queue: a place beyond tells nobody anything, and counting costs every letter


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much there is to do already, when a new request comes."""

    requests: int = 0  # counted ones of the same client in this calendar month (C19)
    open: int = 0  # tickets in the organisation's queue, counted up to MAX_COUNTED
    by_rank: tuple[int, ...] = (0, 0, 0)  # of those that were counted, from the front: with rank 0, 1 and 2
    of_agents: Mapping[str, int] = field(default_factory=dict)  # open tickets by agent, where requests are dealt out
    turns: Mapping[str, int] = field(default_factory=dict)  # the newest ticket when each agent was dealt one last


@dataclass(frozen=True, kw_only=True)
class EarlierWords:
    """Words of a ticket's history, or their beginning."""

    direction: Direction
    author: Address
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The new words of a letter of a ticket's customer, and when it reached the mailbox server."""

    letter_id: int
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Who of ours has put a request into words that its requester has not sent as one."""

    by: Agent
    out_of: Ticket | None = None  # of whose letters it is a part


@dataclass(frozen=True, kw_only=True)
class EarlierLetter:
    """A letter of the ticket whose words and files go to somebody else now."""

    ticket_id: int  # in whose history it stands
    letter_id: int
    author: Address
    text: str  # the words that are in the history
    at: datetime
    message: Message  # without files, where the letter is not here any more
    cut: bool = False  # only its beginning was taken
    untaken: frozenset[int] = frozenset()  # indexes of the files that are not taken (C23) …
    with_tokens: frozenset[int] = frozenset()  # … and of those in which tokens stand
    read: Callable[[int], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a proven agent's letter says anew: commands, and words for the customer."""

    commands: tuple[Command | Unknown, ...] = ()
    words: str = ""
    named: Client | None = None  # whom a command names, if the register has them
    client: Client | None = None  # whose request it is so far
    undoable: Undoable | None = None  # what a command to undo is about
    other: Ticket | None = None  # which a command names …
    other_clocks: tuple[Clock, ...] = ()  # … and its clocks
    lost: tuple[str, ...] = ()  # lines that stand in the quotation and cannot be sent
    planned: tuple[Ticket, ...] = ()  # the requests that wait for the update which is out
    latest: str = ""  # what the customer wrote last, or the work is, for a colleague who gets the request
    work: str | None = None  # what is to be done, where the request is a work that came round; None: it is none
    kept: bool = False  # whether the words about such a work were kept as a note
    known: bool = False  # whether the customer has had a letter of ours in what is merged or split
    heard: tuple[Heard, ...] = ()  # what the customer wrote, oldest first, where a command takes a part of it out
    units_letter: EarlierLetter | None = (
        None  # what a unit answered last, that the agent has seen and the customer has not …
    )
    unseen: bool = False  # … and whether there is more of that, which the agent has not seen
    waiting: bool = False  # whether a unit's answer waits in a request that is merged or split
    passed: str = ""  # what units have been sent, which may stand quoted in what they answer
    customers_letters: tuple[EarlierLetter, ...] = ()  # what the customer wrote, oldest first, for a unit that gets it

    @property
    def verbs(self) -> frozenset[str]:
        """What the commands do that are understood."""
        return frozenset(one.verb for one in self.commands if isinstance(one, Command))

    def named_by(self, verb: str) -> str:
        """Return what stands behind the first command with this verb that is understood, as text; "" where there is none."""
        return next((str(one.value) for one in self.commands if isinstance(one, Command) and one.verb == verb), "")


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
    confirms: Kept | None = None  # the letter about which its agent says here whether it is theirs
    behalf: Behalf | None = None  # what an agent has written down for somebody else, in a letter of its own
    recorded: Recorded | None = None  # who has written the request down, where that is not its requester
    client: Recognition = field(default_factory=Recognition)
    known_by: frozenset[str] = frozenset()  # by what clients can be known: name, inn, coupon; empty: there are none
    load: Load = Load()
    past: tuple[EarlierWords, ...] = ()  # the latest words of the ticket before this letter, oldest first
    closes_at: datetime | None = None  # when a ticket that is solved is closed, unless its customer contradicts
    open_questions: int = 0  # unanswered ones in this ticket to the agent in whose name the letter is
    told: bool = False  # whether the agent who forwards a notification has been told of one in this ticket lately
    overtaken: bool = False  # whether the customer has written since the letter of ours that an agent's answers
    aware: bool = False  # whether that agent knew of the last answer in the ticket when they wrote
    orders: Orders = Orders()
    speaks: Speaks | None = None  # which subscriber's token the letter holds
    edition: Edition | None = None  # the news that an agent's letter is, if it is theirs …
    audience: int = 0  # … and to how many they would go
    asked: tuple[Answered, ...] = ()  # what a proven agent wants to know of the desk, with what was found
    ruling: Ruling = field(default_factory=Ruling)
    files: tuple[SeenFile, ...] = ()  # what is attached, and what of it is not taken
    faq: tuple[Found, ...] = ()  # what the search finds, the best first
    with_tokens: frozenset[int] = frozenset()  # indexes of the attachments that leave us in which tokens stand

    @property
    def at(self) -> datetime:
        """When what the letter says happened."""
        return self.letter.at(self.now)

    @property
    def staffs(self) -> bool:
        """Whether the letter is an agent's, or says that it is: then it is no customer's."""
        return bool(self.author.agent or self.author.claims or self.confirms)

    @property
    def today(self) -> date:
        """The day of that, in the organisation's zone (D10)."""
        return self.at.astimezone(self.policy.service.zone).date()
