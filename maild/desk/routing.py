"""A request is passed on to a unit by an agent's word: the unit has it, the customer and our team are told. Pure.

The agent's words beside the command are for whoever gets the request: the customer reads the configuration's. They stay in
the ticket's history as a note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from maild.desk.acknowledgement import say_unit
from maild.desk.acts import Act, State, agent_name, cannot, changed, proven_agent, refuse_if_over, say_changed
from maild.desk.assigning import find_unit
from maild.desk.attached import choose_attached, enclose_earlier
from maild.desk.case import Case
from maild.desk.catalogue import Unit
from maild.desk.notifications import write_notifications
from maild.desk.passing import Request, hand_on, pass_on, why_not_passed_on
from maild.ingest.classify import is_no_reply
from maild.model import Address, Agent, Direction, Draft, Entry, Purpose, Role, Status, Ticket, TicketEvent
from maild.sla.clock import Wait
from maild.wording import say_instant
from maild.wording.receipts import say_phrase, say_status

_WRITING = {"faq", "extend"}  # commands whose words are for the customer, in the letter where these are for the unit


def _route(case: Case, state: State, value: object) -> tuple[State, str]:
    unit, was, agent = find_unit(case, str(value)), state.ticket, proven_agent(case)
    refuse_if_over(case, state)
    if state.drafts or case.orders.verbs & _WRITING:
        raise cannot(case, "written")
    if obstacle := why_not_passed_on(case, unit, was.requester, *_customers(was)):
        raise cannot(case, obstacle.reason, limit=str(case.policy.caps.per_agent))
    passed, change = hand_on(case, unit, was, state.clocks, f"by agent {agent.id}")
    owner = was.agent or ("" if unit.close or unit.team else agent.id)  # who is to hear of the unit's answer
    if unit.team and owner not in case.policy.catalogue.teams.get(unit.team, ()):
        owner = ""
    note = (Entry(direction=Direction.NOTE, author=agent.address, text=case.orders.words),) if case.orders.words else ()
    state = replace(state, ticket=replace(passed, status=was.status, agent=was.agent), notes=(*state.notes, *note))
    state = changed(case, state, change, agent=owner, status=passed.status)
    drafts = (*_notice(state.ticket, unit), *pass_on(unit, state.ticket, _request(case, was)))
    language = case.policy.service.language
    said = [say_changed(case, "unit", _name_of(case, was.unit), _shown(unit))]
    if passed.status is not was.status:
        wait = Wait.THIRD_PARTY if passed.status is Status.WAITING else ""
        now = say_status(passed.status, language, wait)
        said.append(say_changed(case, "status", say_status(was.status, language), now))
    if case.orders.words:
        said.append(say_phrase("cover", language))
    return replace(state, drafts=(*state.drafts, *drafts)), "; ".join(said)


def routed_to(case: Case, ticket: Ticket) -> Unit | None:
    """Return the unit to which a command of the letter has passed the request on; None: there is no such command."""
    return case.policy.catalogue.units.get(ticket.unit) if "route" in case.orders.verbs else None


def tell_team(case: Case, state: State) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Return word to our agents who work on what is passed on to them, but for the one who has ordered it.

    Where none of them wants notifications all get this one: nobody else would tell them.
    """
    unit = routed_to(case, state.ticket)
    team = case.policy.catalogue.teams.get(unit.team, ()) if unit else ()
    others: tuple[Agent, ...] = tuple(one for one in case.policy.agents if one.id in team and one != case.author.agent)
    members = tuple(one for one in others if one.notify) or others
    if unit is None or not members:
        return (), ()
    by = agent_name(case, proven_agent(case).id)
    return write_notifications(case, state.ticket, to=members, notice="to-team", detail=by, clocks=state.clocks)


def _notice(ticket: Ticket, unit: Unit) -> Iterator[Draft]:
    """The letter that tells the customer; nobody is told where there is no address for answers."""
    if ticket.requester.addr and not is_no_reply(ticket.requester.addr):
        yield Draft(
            purpose=Purpose.FORWARDING, recipient=ticket.requester, subject=ticket.subject, ticket=ticket,
            words={"unit": say_unit(unit)}, in_reply_to=ticket.answers,
        )  # fmt: skip


def _request(case: Case, ticket: Ticket) -> Request:
    """Return all that the customer wrote, each letter but a single one under its time, and their files."""
    told, service = case.orders.customers_letters, case.policy.service
    texts = [one.text for one in told]
    if len(told) > 1:
        whens = [say_instant(one.at, service.zone, service.language, case.now) for one in told]
        texts = [f"{when}:\n{text}" for when, text in zip(whens, texts, strict=True)]
    ours, without = choose_attached(case, outside=True)
    attached, left_out, earlier = enclose_earlier(ours, told, for_customer=False)
    return Request(
        author=ticket.requester, text="\n\n".join(texts), cover=case.orders.words, attached=attached,
        left_out=(*without, *left_out), earlier=earlier,
    )  # fmt: skip


def _customers(ticket: Ticket) -> Iterator[Address]:
    return (one.address for one in ticket.participants if one.role is Role.REQUESTER)


def _name_of(case: Case, unit: str) -> str:
    known = case.policy.catalogue.units.get(unit)
    return known.name if known else unit


def _shown(unit: Unit) -> str:
    return f"{unit.name} ({unit.address})" if unit.address else unit.name


ACTS: Mapping[str, Act] = {"route": _route}
