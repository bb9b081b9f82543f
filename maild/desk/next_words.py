"""What a notification says of what is expected next, from all that is known of a letter. Pure."""

from datetime import datetime
from typing import Literal

from maild.desk.admission import clocks_of
from maild.desk.case import Case, DeskPolicy
from maild.desk.expected import Scene, find_expected
from maild.desk.passing import is_units
from maild.desk.verbs import VERBS
from maild.model import Direction, Kind, Ticket
from maild.sla.clock import Clock
from maild.sla.target import Moment
from maild.wording import say_instant
from maild.wording.expected import say_next


def say_expected(
    case: Case,
    ticket: Ticket,
    clocks: tuple[Clock, ...],
    *,
    wrote: Literal["nobody"] | None = None,
    until: datetime | None = None,
) -> str:
    """Return the sentence, "" where there is nothing to say; `wrote` where the letter is an agent's."""
    catalogue = case.policy.catalogue
    ground = catalogue.grounds.get(ticket.ground)
    before = clocks_of(case, ticket)
    scene = Scene(
        ticket=ticket,
        clocks=clocks,
        now=case.now,
        wrote=wrote or _writer(case, ticket),
        was=None if wrote else _before(case, ticket),
        since=next((one.pauses[-1].since for one in before if one.running and one.resting), None),
        answered=_answered(case, clocks),
        asks=case.policy.service.identity.unknown == "ask",
        put_off=ground.wait if ground and ground.effect == "postpone" else None,
        confirms=bool(catalogue.confirmation.within),
        until=until or case.closes_at,
    )
    return say_scene(scene, case.policy)


def say_scene(scene: Scene, desk: DeskPolicy) -> str:
    """Return what is expected next in a sentence, "" where there is nothing to say."""
    service, ticket, expected = desk.service, scene.ticket, find_expected(scene)
    if expected is None:
        return ""
    facts = {verb.name: verb.usage[service.language].partition(" [")[0] for verb in VERBS}
    unit = desk.catalogue.units.get(ticket.unit)
    facts |= {"unit": unit.name if unit else ticket.unit}
    if expected.at:
        facts |= dict.fromkeys(
            ("since", "due", "until"), say_instant(expected.at, service.zone, service.language, scene.now)
        )
    return say_next(expected.what, service.language, facts)


def _writer(case: Case, ticket: Ticket) -> Literal["customer", "unit", "machine"]:
    if is_units(case, ticket):
        return "unit"
    asks = case.kind.kind in (Kind.PERSON, Kind.NOTIFICATION)
    return "customer" if asks or ticket.id == case.facts.next_ticket_id else "machine"


def _before(case: Case, ticket: Ticket) -> Ticket | None:
    """Return the ticket as it was stored; None where the letter opens it."""
    resent = case.repeat.resend_of.ticket if case.repeat.resend_of else None
    return next((one for one in (case.thread.ticket, resent) if one and one.id == ticket.id), None)


def _answered(case: Case, clocks: tuple[Clock, ...]) -> bool:
    kept = any(one.until is Moment.ANSWERED and one.met_at for one in clocks)
    return kept or any(one.direction is Direction.OUT for one in case.past)
