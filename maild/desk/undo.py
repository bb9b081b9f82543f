"""The last letter of commands is taken back: its ticket is what it was before, where nothing has happened to it since. Pure.

What has left stays sent, and so an answer stays an answer: then the ticket is what the answer alone had made of it. Notes
stay, too: a ticket's history is never edited. Only the last letter can be taken back, by whoever wrote it, and only once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from maild.desk.acts import Act, State, agent_name, cannot, noted, proven_agent, say_changed, with_terms
from maild.desk.case import Case
from maild.desk.offering import offer_of, say_offered
from maild.desk.undoable import Undoable
from maild.model import Purpose, Status, Ticket
from maild.sla.clock import Clock, Wait
from maild.sla.clocks import happened, rest
from maild.sla.target import Moment
from maild.wording import say_duration
from maild.wording.receipts import say_phrase, say_status


def _undo(case: Case, state: State, _value: object) -> tuple[State, str]:
    was = case.orders.undoable
    if len(case.orders.commands) > 1 or case.orders.words:
        raise cannot(case, "undo-alone")
    if was is None:
        raise cannot(case, "nothing-to-undo")
    if was.agent != proven_agent(case).id:
        raise cannot(case, "not-yours", name=agent_name(case, was.agent))
    if was.touched:
        raise cannot(case, "touched")
    ticket, clocks = was.ticket, was.clocks
    if Purpose.ANSWER in was.left:
        plan = case.policy.service.plan(ticket)
        clocks = happened(clocks, plan, Moment.ANSWERED, was.at).clocks
        clocks = rest(clocks, plan, Wait.CUSTOMER, was.at).clocks
        ticket = replace(ticket, agent=ticket.agent or was.agent, status=Status.WAITING, faq=(), asked=())
    if (
        Purpose.OFFER in was.left and ticket.offer_state == "offered"
    ):  # they have two offers: a person reads what they say
        ticket = replace(ticket, offer_state="lapsed")
    kept = {one.id for one in clocks}
    begun = tuple(_unmade(one, case.at) for one in state.clocks if one.id not in kept)
    told = "; ".join((*_changes(case, state.ticket, ticket, was), *_remains(case, was)))
    state = replace(state, ticket=ticket, clocks=(*clocks, *begun), chase=was.chase, taken_back=was.letter_id)
    said = with_terms(case, told or say_phrase("as-before", case.policy.service.language), state.clocks)
    return noted(state, "taken back", f"letter {was.letter_id}, by agent {was.agent}"), said


def _unmade(clock: Clock, at: datetime) -> Clock:
    """Return a clock that the commands have started: it measures nothing, and nothing was met."""
    return replace(clock, met_at=None, breached_at=None, stopped_at=max(at, clock.started_at), next_at=None)


def _changes(case: Case, now: Ticket, then: Ticket, was: Undoable) -> Iterator[str]:
    """Say what of the ticket is another again, for the receipt."""
    service, language = case.policy.service, case.policy.service.language
    catalogue = case.policy.catalogue
    grounds, units = catalogue.grounds, catalogue.units
    severities = service.severities

    def name(of: Ticket, what: str) -> str:
        values = {
            "status": say_status(of.status, language),
            "agent": agent_name(case, of.agent),
            "client": of.client_name,
            "category": service.categories.get(of.category, of.category),
            "service": catalogue.services[of.service].name if of.service in catalogue.services else of.service,
            "severity": severities[of.severity].name if of.severity in severities else of.severity,
            "ground": grounds[of.ground].name if of.ground in grounds else of.ground,
            "offer": say_offered(offer, language) if of.offer_state and (offer := offer_of(of, catalogue)) else "",
            "backlog": (of.release or say_phrase("some-release", language)) if of.backlog else "",
            "unit": units[of.unit].name if of.unit in units else of.unit,
        }
        return values[what] or say_phrase("nothing", language)

    for what in ("status", "agent", "client", "category", "service", "severity", "ground", "offer", "backlog", "unit"):
        if name(now, what) != name(then, what):
            yield say_changed(case, what, name(now, what), name(then, what))
    if was.spent:
        yield say_changed(case, "time", say_duration(was.spent, language), say_phrase("nothing", language))


def _remains(case: Case, was: Undoable) -> Iterator[str]:
    """Say what cannot be taken back, and what did not leave."""
    language = case.policy.service.language
    if was.left:
        yield say_phrase("left", language)
    if was.queued:
        yield say_phrase("withdrawn", language)
    if was.noted:
        yield say_phrase("note-stays", language)


ACTS: Mapping[str, Act] = {"undo": _undo}
