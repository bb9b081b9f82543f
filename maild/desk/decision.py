"""Everything a letter causes, as one value: what deciding returns, the store applies and `explain` prints."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from maild.desk.chase import Chase
from maild.desk.subscriber import NewsMove
from maild.desk.survey import Question, Vote
from maild.model import Draft, Entry, Finding, Outcome, Outgoing, Participant, Status, Ticket, TicketEvent
from maild.sla.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Spent:
    """An agent's time on a ticket (C20)."""

    agent: str  # their id
    time: timedelta
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """An answer of the FAQ that a customer is shown (C14)."""

    entry: str  # its id
    way: Literal["search", "rule", "agent"]  # who thought of it


@dataclass(frozen=True, kw_only=True)
class Word:
    """What an agent says of a letter in their name."""

    letter_id: int
    agent: str  # their id
    theirs: bool


@dataclass(frozen=True, kw_only=True)
class Obeyed:
    """What an agent's letter of commands found, so that it can be taken back."""

    agent: str  # their id
    ticket: Ticket  # as it was before
    clocks: tuple[Clock, ...]  # likewise


@dataclass(frozen=True, kw_only=True)
class Wake:
    """When an agent is reminded of a ticket that they put off, or of what they promised."""

    kind: Literal["snooze", "promise"]
    agent: str  # their id
    at: datetime  # when they hear
    term: datetime  # until when it was put off, or promised
    words: str = ""  # what was promised


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What becomes of a ticket that another one goes into."""

    ticket: Ticket  # from now on
    joined: tuple[Participant, ...] = ()
    clocks: tuple[Clock, ...] = ()
    events: tuple[TicketEvent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A further ticket that a letter opens, besides the one that it is about, and all that it begins with."""

    ticket: Ticket
    turn: str = ""  # the agent whose turn it was to be dealt it
    clocks: tuple[Clock, ...] = ()
    entries: tuple[Entry, ...] = ()
    events: tuple[TicketEvent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Release:
    """An update that is out, of which everybody who waits for it is told."""

    name: str
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything a letter causes; `store` applies it in one transaction."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    ticket_id: int | None = None  # the ticket opened or touched
    opened: Ticket | None = None
    turn: str = ""  # the agent whose turn it was to be dealt it
    joined: tuple[Participant, ...] = ()
    status: Status | None = None
    merged: Merged | None = None  # into which ticket it goes
    split: tuple[Opened, ...] = ()  # the requests that were made out of parts of it, by their numbers
    became: Ticket | None = None  # the ticket from now on, where more of it than its status changes
    clocks: tuple[Clock, ...] = ()  # those of the ticket that are new or changed
    spent: tuple[Spent, ...] = ()
    obeyed: Obeyed | None = None  # the letter's commands were carried out
    released: int | None = None  # the letter of a unit whose words the customer has now
    shipped: Release | None = None  # an update of which those who wait for it are told
    taken_back: int | None = None  # the letter whose commands are undone
    question: Question | None = None  # what the customer is asked of our work
    vote: Vote | None = None  # … and says
    suggested: tuple[Suggested, ...] = ()
    helped: tuple[str, ...] = ()  # the entries of which one has solved it, as the customer says
    chase: Chase | None = None  # whom we wait for from now on
    wakes: tuple[Wake, ...] = ()  # each in place of the one of its kind that there was
    woken: bool = False  # whether what was put off is to be seen again
    chase_over: bool = False  # whether nobody is waited for any longer
    guessed: tuple[str, ...] = ()  # digests of coupons that do not exist and were quoted all the same …
    guessed_by: str = ""  # … by this author (`providers.box_key`)
    entries: tuple[Entry, ...] = ()
    events: tuple[TicketEvent, ...] = ()
    drafts: tuple[Draft, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()  # the drafts, composed
    bounced: int | None = None  # the outbox row whose delivery failed after it was sent
    broken: str = ""  # "rule: error": a rule that failed because of our bug, for the admin
    answered_already: bool = False  # whether the customer has an answer that did not go through us
    awaits: bool = False  # whether a letter that comes later may lead it into a ticket
    news: NewsMove | None = None  # what becomes of news, or of a subscriber
    ask: tuple[str, datetime] | None = None  # the agent who is asked whether the letter is theirs, and until when
    said: Word | None = None  # what an agent says of a letter that they were asked about
    undone: int | None = None  # the letter that is no repeat after all
    reached: tuple[int, ...] = ()  # letters that were left without a ticket, and have one now

    @property
    def again(self) -> tuple[int, ...]:
        """The letters that are walked once more because of this one, in order."""
        confirmed = (self.said.letter_id,) if self.said and self.said.theirs else ()
        return (*confirmed, *((self.undone,) if self.undone is not None else ()), *self.reached)
