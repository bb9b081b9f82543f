"""What is expected next, and of whom: the one line of a notification that tells agents what to do about it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.contracts.recognition import Standing
from maild.model import Status, Ticket
from maild.sla.clock import Clock, Wait
from maild.sla.target import Moment

# Standings of clients to whom nothing is promised: a person decides
_DOUBTFUL = frozenset({Standing.SUSPENDED, Standing.EXPIRED, Standing.NOT_YET_VALID, Standing.LEVEL_UNKNOWN})


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A request as agents are told of it."""

    ticket: Ticket  # as what they are told of has left it
    clocks: tuple[Clock, ...] = ()  # likewise
    now: datetime
    wrote: Literal["customer", "unit", "machine", "nobody"] = "customer"  # nobody: an agent has given it to another
    was: Ticket | None = None  # before the letter; None: the letter opened it
    since: datetime | None = None  # since when it had waited, if the letter has ended that
    answered: bool = False  # whether an agent's words have gone to the customer
    asks: bool = False  # whether strangers are asked who they are, and nothing is promised to them until they say
    put_off: Wait | None = None  # for what its ground puts it off
    confirms: bool = False  # whether a customer may say that what we call solved is not …
    until: datetime | None = None  # … until then, where that is known


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A sentence of `wording.expected`, and the instant in it."""

    what: str
    at: datetime | None = None


def find_expected(scene: Scene) -> Expected | None:
    """Return what is expected next; None where a machine's letter changes nothing of that."""
    ticket = scene.ticket
    if ticket.status is Status.CLOSED:
        refused = ticket.ground_state == "refused" or (scene.was is None and not ticket.unit)
        return Expected(what="refused" if refused else "passed" if ticket.unit else "closed")
    if ticket.status is Status.RESOLVED:
        return _solved(scene)
    if ticket.ground_state == "proposed":
        return Expected(what="postpone-it" if scene.put_off else "refuse-it")
    if ticket.status is Status.WAITING:
        return _waits(scene)
    return _undecided(scene) or _ours(scene)


def _solved(scene: Scene) -> Expected:
    if scene.until:
        return Expected(what="solved-until", at=scene.until)
    return Expected(what="solved-asked" if scene.confirms else "solved")


def _waits(scene: Scene) -> Expected:
    """Return whom the request waits for."""
    ticket = scene.ticket
    resting = next((one for one in scene.clocks if one.running and one.resting), None)
    pause = resting.pauses[-1] if resting else None
    if ticket.offer_state == "offered":
        return Expected(what="offered")
    if ticket.asked and scene.was is None:
        return Expected(what="asked")
    why = pause.reason if pause else scene.put_off or (Wait.THIRD_PARTY if ticket.unit else Wait.CUSTOMER)
    if why is Wait.THIRD_PARTY and ticket.unit:
        return Expected(what="unit")
    if why in (Wait.CUSTOMER, Wait.RESOLVED):
        return Expected(what="customer-since", at=pause.since) if pause else Expected(what="customer")
    return Expected(what=str(why))


def _undecided(scene: Scene) -> Expected | None:
    """Return what a person has to decide before anything is promised to the customer."""
    ticket = scene.ticket
    if ticket.standing == Standing.CONFLICT:
        return Expected(what="whose")
    if scene.asks and ticket.standing == Standing.UNKNOWN and not scene.clocks and not scene.answered:
        return Expected(what="named")
    if ticket.standing in _DOUBTFUL and not ticket.agent and not scene.answered:
        return Expected(what="unpromised")
    return None


def _ours(scene: Scene) -> Expected | None:
    """Return what is ours to do in a request that waits for nobody else."""
    ticket, was = scene.ticket, scene.was
    if scene.wrote == "machine":
        return None
    if scene.wrote == "unit":
        return Expected(what="unit-wrote")
    if was and scene.wrote == "customer" and ticket.offer_state == "offered":
        return Expected(what="unagreed")
    if was and was.asked and ticket.asked:
        return Expected(what="incomplete")
    if was and was.status is Status.WAITING:
        return Expected(what="wait-over", at=scene.since) if scene.since else Expected(what="wait-over-now")
    if was and was.status in (Status.RESOLVED, Status.CLOSED):
        return Expected(what="again")
    if not ticket.requester.addr:  # nobody is owed an answer
        return Expected(what="work" if ticket.agent else "work-nobody")
    if not ticket.agent:
        return Expected(what="nobody")
    first = next((one for one in scene.clocks if one.running and one.until is Moment.ANSWERED), None)
    if first and first.due_at:
        late = first.due_at <= scene.now
        return Expected(what="first-answer-late") if late else Expected(what="first-answer-by", at=first.due_at)
    if first or (not scene.answered and scene.wrote == "customer"):
        return Expected(what="first-answer")
    return Expected(what="yours" if scene.wrote == "nobody" else "answer")
