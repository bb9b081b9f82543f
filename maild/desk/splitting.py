"""A further request is made out of a part of one, by an agent's word (CB-28, KR-10): one request is one task. Pure.

It is its customer's as much as the first one is: whoever takes part there takes part here, the same client is owed the
same, and the terms run from when the customer's own letter came, because nobody loses time by our splitting (D1). It counts
as a request of its own (KR-9). The customer is told with its number, so that it cannot be taken back.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from maild.contracts.recognition import Recognition, Standing
from maild.desk.acknowledgement import reply_to_author
from maild.desk.acts import (
    Act,
    State,
    agent_name,
    cannot,
    noted,
    proven_agent,
    refuse_if_over,
    say_changed,
    with_terms,
)
from maild.desk.admission import Admission, Verdict, over_quota, say_over_quota
from maild.desk.author import Author
from maild.desk.case import Case, Facts, Load, Recorded
from maild.desk.dealing import deal
from maild.desk.decision import Opened
from maild.desk.notifications import write_notifications
from maild.desk.releasing import say_waiting
from maild.desk.several import find_several
from maild.desk.silence import reason_for_silence
from maild.desk.steering import Steered
from maild.ingest.thread import Thread
from maild.model import PASSED_ON, Direction, Draft, Entry, Participant, Role, Said, Status, Ticket, TicketEvent
from maild.sla.clocks import begin, happened
from maild.sla.moves import Change
from maild.sla.target import Moment
from maild.tokens import hide_tokens
from maild.wording.receipts import say_phrase

MAX_SUBJECT = 100  # characters of the first line: a longer one is no heading
MIN_SAME = 12  # characters that tell whose words these are: a shorter line may stand in any letter


def _split(case: Case, state: State, value: object) -> tuple[State, str]:
    refuse_if_over(case, state)
    words = _words(case, value)
    part = _part(case, state, words)
    opened, drafts, told = _open(part, state.ticket, _received(case, state.ticket, words))
    one, was = opened.ticket, state.ticket
    state = replace(state, split=(*state.split, opened), announced=(*state.announced, *drafts))
    state = noted(state, "split", f"{one.number} was made out of it, by agent {proven_agent(case).id}")
    before = ", ".join((was.number, *(other.ticket.number for other in state.split[:-1])))
    said = [say_changed(case, "split", before, f"{before}, {one.number} («{one.subject}»)")]
    said += [say_changed(case, "agent", agent_name(case, ""), agent_name(case, one.agent))] if one.agent else []
    said += [] if told else [say_phrase("untold", case.policy.service.language)]
    return state, with_terms(case, "; ".join((*said, *say_waiting(case))), opened.clocks)


def _words(case: Case, value: object) -> str:
    """Return what the further request says: the agent's words, or the part of the customer's letter that they mean.

    Parts are counted as the notification of the first letter has shown them (`desk.several`). Raises CannotError.
    """
    if not isinstance(value, int):
        return hide_tokens(str(value))
    parts = find_several(case.orders.heard[0].text).parts if case.orders.heard else ()
    if not 1 < value <= len(parts):  # the first is what the request itself is about
        raise cannot(case, "no-part", number=str(value))
    return hide_tokens(parts[value - 1])


def _received(case: Case, was: Ticket, words: str) -> datetime:
    """Return when the customer wrote this: with the letter in which it stands, else with the first."""
    sought = _plain(_first_line(words))
    found = (one.at for one in case.orders.heard if len(sought) >= MIN_SAME and sought in _plain(one.text))
    return min(next(found, was.received_at or was.opened_at), case.at)


def _first_line(words: str) -> str:
    return next(iter(words.splitlines()), "")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _part(case: Case, state: State, words: str) -> Case:
    """Return the case of the further request, as if its customer had written it in a letter of its own."""
    was, agent = state.ticket, proven_agent(case)
    client = state.client or case.orders.client
    return replace(
        case,
        said=Said(wrapped="split", author=was.requester, subject=_subject(words, state), text=words),
        message=replace(case.message, attachments=()),  # they went with the answer
        thread=Thread(ticket=None),
        author=Author(address=was.requester if was.requester.addr else None),
        client=Recognition(client=client),
        recorded=Recorded(by=agent, out_of=was),
        past=(),
        load=_load(case.load, state.split),
        facts=_facts(case.facts, state.announced, len(state.split)),
    )


def _subject(words: str, state: State) -> str:
    first = _first_line(words).strip(" \t-–—•*")
    return first if 0 < len(first) <= MAX_SUBJECT else f"{state.ticket.subject} ({len(state.split) + 2})".strip()


def _load(load: Load, split: tuple[Opened, ...]) -> Load:
    """Return how much there is to do once those before it are there."""
    agents = Counter(one.ticket.agent for one in split if one.ticket.agent)
    ranks = Counter(one.ticket.rank for one in split)
    return replace(
        load,
        requests=load.requests + len(split),
        open=load.open + len(split),
        by_rank=tuple(count + ranks[rank] for rank, count in enumerate(load.by_rank)),
        of_agents=Counter(load.of_agents) + agents,
        turns={**load.turns, **{one.turn: one.ticket.id for one in split if one.turn}},
    )


def _facts(facts: Facts, announced: tuple[Draft, ...], number: int) -> Facts:
    had = Counter(one.recipient.key for one in announced)
    return replace(
        facts,
        next_ticket_id=facts.next_ticket_id + number,
        next_number=facts.next_number + number,
        sent_to=Counter(facts.sent_to) + had,
    )


def _open(part: Case, was: Ticket, received: datetime) -> tuple[Opened, tuple[Draft, ...], bool]:
    """Return the further request, who hears of it, and whether its customer does."""
    assert part.recorded is not None, "an agent makes it"
    agent = part.recorded.by
    theirs = bool(agent.id) and was.agent == agent.id
    ticket = replace(
        was,
        id=part.facts.next_ticket_id, number=f"{part.policy.prefix}-{part.facts.next_number}",
        subject=part.said.subject, status=Status.OPEN if theirs else Status.NEW, agent=agent.id if theirs else "",
        participants=_people(was), opened_at=part.now, received_at=received, counted=True, answers=None,
        ground="", ground_state="", offer="", offer_state="", offer_name="", offer_price="", offer_currency="", offer_per="",
        offer_asked=False, service="", included="", unit="", tags=(), asked=(), faq=(),
    )  # fmt: skip
    dealt = deal(part, ticket)
    ticket = dealt.ticket
    change = _promised(part, ticket, received, started=theirs)
    over = over_quota(part, ticket)
    by = f"made out of {was.number} by agent {agent.id}"
    events = [
        TicketEvent(kind="opened", detail=f"{by}; its words came on {received:%Y-%m-%d %H:%M} UTC"),
        TicketEvent(kind="split", detail=by),
        TicketEvent(kind=PASSED_ON, detail="the letter is the agent's, the request is not"),
        *([say_over_quota(over)] if over else []),
        *change.events,
        *dealt.events,
    ]
    admission = Admission(verdict=_verdict(part, ticket), ticket=ticket, clocks=change.clocks, over=over)
    drafts: tuple[Draft, ...] = ()
    silence = reason_for_silence(part, ticket)
    if not part.orders.known:
        silence = silence or f"no letter of ours has gone to its author in {was.number}"  # they may be a machine
    if silence:
        events.append(TicketEvent(kind="not acknowledged", detail=silence))
    else:
        letter = reply_to_author(part, Steered(admission=admission))
        drafts = (replace(letter, in_reply_to=was.answers, references=()),)  # in the customer's own thread
    owner = tuple(one for one in part.policy.agents if one.id == ticket.agent)
    notices, held = write_notifications(part, ticket, to=owner, admission=admission, clocks=change.clocks)
    entry = Entry(direction=Direction.IN, author=was.requester, text=part.said.text)
    opened = Opened(
        ticket=ticket, turn=dealt.turn, clocks=change.clocks, entries=(entry,), events=(*events, *held)
    )  # fmt: skip
    return opened, (*drafts, *notices), silence is None


def _people(was: Ticket) -> tuple[Participant, ...]:
    """Return who takes part: neither a unit, to which this was not passed on, nor agents, who are of every request."""
    return tuple(one for one in was.participants if one.role in (Role.REQUESTER, Role.COPIED))


def _verdict(part: Case, ticket: Ticket) -> Verdict:
    asks = ticket.standing == Standing.UNKNOWN and part.policy.service.identity.unknown == "ask"
    return "ask" if asks else "serve"


def _promised(part: Case, ticket: Ticket, received: datetime, *, started: bool) -> Change:
    """Return the clocks of the further request; whoever works on the first one has begun with this one, too."""
    if ticket.standing == Standing.UNKNOWN and part.policy.service.identity.unknown != "serve":
        return Change(clocks=())  # terms run once they have said who they are
    plan = part.policy.service.plan(ticket)
    begun = begin(plan, received)
    if not started:
        return begun
    taken = happened(begun.clocks, plan, Moment.STARTED, part.at)
    return Change(clocks=taken.clocks, events=begun.events + taken.events)


ACTS: Mapping[str, Act] = {"split": _split}
