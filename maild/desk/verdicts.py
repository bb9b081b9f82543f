"""What an agent's word about a ground, an offer or an answer of the FAQ does to a ticket (C14, C15, C21). Pure.

The customer is told once: in the agent's own words where the letter has any, else in those of the configuration.
"""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.acknowledgement import say_ground
from maild.desk.acts import OVER, Act, State, cannot, changed, named, noted, proven_agent, say_changed
from maild.desk.attached import choose_attached
from maild.desk.case import Case
from maild.desk.catalogue import Ground
from maild.desk.chase import begin_chase
from maild.desk.commands import Command
from maild.desk.decision import Suggested
from maild.desk.offering import offer_of, proposed, say_offer, say_offered, with_offer
from maild.desk.sums import Proposal
from maild.faq.entry import Entry
from maild.ingest.classify import is_no_reply
from maild.model import Draft, Purpose, Status, Ticket
from maild.sla.clock import Wait
from maild.sla.clocks import begin, happened, rest, resume, stop
from maild.sla.moves import Change
from maild.sla.target import Moment
from maild.wording.receipts import say_phrase

# Commands that need the letter's words, or another letter, for themselves
_BESIDES = {"faq", "extend", "route", "release"}


def answers_of(case: Case) -> tuple[Entry, ...]:
    """Return the entries of the FAQ that an agent's commands name, in order. Raises CannotError for one that there is not."""
    faq = case.policy.catalogue.faq
    names = {id_: entry.title for id_, entry in faq.items()}
    wanted = [one.value for one in case.orders.commands if isinstance(one, Command) and one.verb == "faq"]
    return tuple(faq[named(case, str(value), names)] for value in wanted)


def say_answer(entry: Entry) -> str:
    """Return an entry as the words of an answer: its text and its link, or a link alone (CB-11)."""
    return "\n".join(filter(None, (entry.answer or f"{entry.title}:", entry.url)))


def _faq(case: Case, state: State, value: object) -> tuple[State, str]:
    """The words went out with the answer already; what is left is to count it, and to know what may have helped."""
    names = {id_: entry.title for id_, entry in case.policy.catalogue.faq.items()}
    id_ = named(case, str(value), names)
    shown = replace(state.ticket, faq=(*state.ticket.faq, id_))
    state = replace(state, ticket=shown, suggested=(*state.suggested, Suggested(entry=id_, way="agent")))
    return noted(state, "faq", id_), say_changed(case, "faq", "", names[id_])


def _refuse(case: Case, state: State, value: object) -> tuple[State, str]:
    _need_no_other_letter(case, state)
    ground = _ground(case, state, value, "refuse")
    _need_address(case, state)
    plan = case.policy.service.plan(state.ticket)
    met = happened(state.clocks, plan, Moment.ANSWERED, case.at)  # a person has answered, though with a no
    ended = stop(met.clocks, case.at, f"refused: {ground.id}")
    was = state.ticket
    ticket = replace(was, ground=ground.id, ground_state="refused", counted=ground.counted, asked=(), faq=())
    state = replace(state, ticket=ticket, chase=None)
    state = changed(case, state, Change(clocks=ended.clocks, events=met.events + ended.events), status=Status.CLOSED)
    state = _with_letter(case, state, Purpose.REFUSAL, say_ground(ground))
    return noted(state, "refused", ground.id), say_changed(case, "ground", _name_of(case, was), ground.name)


def _postpone(case: Case, state: State, value: object) -> tuple[State, str]:
    _need_no_other_letter(case, state)
    ground = _ground(case, state, value, "postpone")
    _need_address(case, state)
    if state.ticket.status in OVER:
        raise cannot(case, "decided")
    waits = rest(state.clocks, case.policy.service.plan(state.ticket), ground.wait, case.at)
    was = state.ticket
    chase = begin_chase(was.id, case.policy.catalogue.asking, case.now) if ground.wait is Wait.CUSTOMER else None
    put_off = replace(was, ground=ground.id, ground_state="postponed", faq=(), backlog=ground.wait is Wait.RELEASE)
    state = replace(state, ticket=put_off, chase=chase)
    state = changed(case, state, waits, status=Status.WAITING)
    state = _with_letter(case, state, Purpose.POSTPONEMENT, say_ground(ground) | {"asked": []})
    return noted(state, "postponed", ground.id), say_changed(case, "ground", _name_of(case, was), ground.name)


def _serve(case: Case, state: State, _value: object) -> tuple[State, str]:
    """Take a ground back: what was refused is served after all, from now on; what was put off goes on."""
    _need_no_other_letter(case, state)
    was = state.ticket
    if not was.ground_state:
        raise cannot(case, "no-ground")
    plan = case.policy.service.plan(was)
    change = Change(clocks=state.clocks)
    if was.ground_state == "refused":
        begun = begin(plan, case.at)  # what was stopped stays stopped
        change = Change(clocks=(*state.clocks, *begun.clocks), events=begun.events)
    elif was.ground_state == "postponed":
        change = resume(state.clocks, plan, case.at)
    moved = None if was.ground_state == "proposed" else Status.OPEN
    backlog = was.backlog and was.ground_state != "postponed"  # what is no longer put off waits for no update either
    state = replace(state, ticket=replace(was, ground="", ground_state="", counted=True, backlog=backlog), chase=None)
    state = changed(case, state, change, status=moved)
    nothing = say_phrase("nothing", case.policy.service.language)
    grounds = case.policy.catalogue.grounds
    before = grounds[was.ground].name if was.ground in grounds else was.ground
    return noted(state, "served", f"ground {was.ground} is taken back"), say_changed(case, "ground", before, nothing)


def _offer(case: Case, state: State, value: object) -> tuple[State, str]:
    """Offer paid work in one letter: the agent's words and files stand in it, and are an answer, too."""
    assert isinstance(value, Proposal), "the grammar gives one"
    language, plan = case.policy.service.language, case.policy.service.plan(state.ticket)
    _need_no_other_letter(case, state)
    if case.orders.verbs & _BESIDES:
        raise cannot(case, "written")
    offer = proposed(case, value)
    _need_address(case, state)
    if state.ticket.status in OVER:
        raise cannot(case, "decided")
    was = offer_of(state.ticket, case.policy.catalogue) if state.ticket.offer_state else None
    said = case.orders.words
    met = happened(state.clocks, plan, Moment.ANSWERED, case.at) if said else Change(clocks=state.clocks)
    waits = rest(met.clocks, plan, Wait.APPROVAL, case.at)
    waits = Change(clocks=waits.clocks, events=met.events + waits.events)
    ticket = replace(with_offer(state.ticket, offer), faq=())
    state = replace(state, ticket=ticket, chase=begin_chase(ticket.id, case.policy.catalogue.asking, case.now))
    agent = state.ticket.agent or (proven_agent(case).id if said else "")  # whoever answers makes it their own
    state = changed(case, state, waits, agent=agent, status=Status.WAITING)
    attached, _ = choose_attached(case, for_customer=True)
    letter = _letter(state.ticket, Purpose.OFFER, {"offer": say_offer(offer, language), "words": said})
    state = replace(state, drafts=(*state.drafts, replace(letter, attached=attached)))
    told = say_offered(offer, language)
    before = say_offered(was, language) if was else ""
    return noted(state, "offered", f"{offer.id or 'free'}: {told}"), say_changed(case, "offer", before, told)


def _ground(case: Case, state: State, value: object, effect: str) -> Ground:
    """Return the ground that an agent names, or the proposed one where they name none."""
    if state.ticket.status is Status.CLOSED:
        raise cannot(case, "decided")
    grounds = {id_: one for id_, one in case.policy.catalogue.grounds.items() if one.effect == effect}
    proposed = state.ticket.ground if state.ticket.ground_state == "proposed" else ""
    if value is None and proposed in grounds:
        return grounds[proposed]
    names = {id_: one.name for id_, one in grounds.items()}
    if value is None:
        if not names:
            raise cannot(case, "no-names")
        raise cannot(case, "which-ground", names=", ".join(names.values()))
    return grounds[named(case, str(value), names)]


def _need_no_other_letter(case: Case, state: State) -> None:
    """Raise CannotError where a command before has a letter for the customer, which this one would contradict."""
    if state.drafts:
        raise cannot(case, "written")


def _need_address(case: Case, state: State) -> None:
    if not state.ticket.requester.addr or is_no_reply(state.ticket.requester.addr):
        raise cannot(case, "no-address")


def _name_of(case: Case, ticket: Ticket) -> str:
    ground = case.policy.catalogue.grounds.get(ticket.ground)
    return ground.name if ground and ticket.ground_state != "proposed" else ""


def _with_letter(case: Case, state: State, purpose: Purpose, words: Mapping[str, object]) -> State:
    """Add the configuration's words to the customer, unless the agent has written their own."""
    if case.orders.words:
        return state
    return replace(state, drafts=(*state.drafts, _letter(state.ticket, purpose, words)))


def _letter(ticket: Ticket, purpose: Purpose, words: Mapping[str, object]) -> Draft:
    return Draft(
        purpose=purpose, recipient=ticket.requester, subject=ticket.subject, ticket=ticket, words=words,
        in_reply_to=ticket.answers,
    )  # fmt: skip


ACTS: Mapping[str, Act] = {"refuse": _refuse, "postpone": _postpone, "serve": _serve, "offer": _offer, "faq": _faq}
