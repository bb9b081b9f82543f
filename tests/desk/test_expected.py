"""What a notification says is expected next."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.desk.expected import Expected, Scene, find_expected
from maild.desk.verbs import VERBS
from maild.model import Address, Status, Ticket
from maild.sla.clock import Clock, Pause, Wait
from maild.sla.target import Moment, Target
from maild.wording.expected import NEXT, say_next

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(hours=3), NOW + timedelta(hours=3)


def ticket(status: Status = Status.NEW, **more: object) -> Ticket:
    """Return a ticket of a served client."""
    values: dict[str, object] = {
        "id": 7, "number": "ACME-7", "organization": "acme", "mailbox": "acme/support", "subject": "Принтер",
        "status": status, "requester": Address(addr="anna@client.example"), "participants": (), "opened_at": BEFORE,
        "standing": "served",
    }  # fmt: skip
    return Ticket(**(values | more))  # type: ignore[arg-type]


def clock(until: Moment, due: datetime | None = LATER, *, rests: Wait | None = None, met: bool = False) -> Clock:
    """Return a clock that has run since BEFORE."""
    return Clock(
        ticket_id=7, target=Target(name="promise", until=until), started_at=BEFORE, due_at=due,
        pauses=(Pause(since=BEFORE, reason=rests),) if rests else (), met_at=BEFORE if met else None,
    )  # fmt: skip


ANSWER, SOLUTION = clock(Moment.ANSWERED), clock(Moment.RESOLVED)
WAITING, OPEN = Status.WAITING, Status.OPEN


def scene(one: Ticket, *clocks: Clock, **more: object) -> Scene:
    """Return a scene at NOW."""
    return Scene(ticket=one, clocks=clocks, now=NOW, **more)  # type: ignore[arg-type]


def rests(why: Wait) -> Clock:
    """Return a solution's clock that waits."""
    return clock(Moment.RESOLVED, None, rests=why)


@pytest.mark.parametrize(
    ("what", "at", "scene"),
    [
        # ── a person has to decide ──
        pytest.param("whose", None, scene(ticket(standing="conflict")), id="it leads to several clients"),
        pytest.param("whose", None, scene(ticket(OPEN, standing="conflict", agent="ivan"), was=ticket(OPEN)), id="still so"),
        pytest.param("named", None, scene(ticket(standing="unknown"), asks=True), id="a stranger who is asked"),
        pytest.param("nobody", None, scene(ticket(standing="unknown")), id="a stranger who is served"),
        pytest.param("nobody", None, scene(ticket(standing="unknown"), ANSWER, asks=True), id="a machine is not asked"),
        pytest.param("unpromised", None, scene(ticket(standing="suspended")), id="a suspended client"),
        pytest.param("unpromised", None, scene(ticket(standing="expired")), id="whose contract has ended"),
        pytest.param("unpromised", None, scene(ticket(standing="not-yet-valid")), id="whose contract has not begun"),
        pytest.param("unpromised", None, scene(ticket(standing="level-unknown")), id="whose level there is not"),
        pytest.param("first-answer", None, scene(ticket(standing="expired", agent="ivan")), id="which somebody has taken"),
        pytest.param("refuse-it", None, scene(ticket(ground="alien", ground_state="proposed")), id="rules would refuse"),
        pytest.param(
            "postpone-it", None, scene(ticket(ground="parts", ground_state="proposed"), put_off=Wait.RELEASE),
            id="rules would put off",
        ),
        # ── nothing is to be done ──
        pytest.param("refused", None, scene(ticket(Status.CLOSED, ground_state="refused")), id="rules have refused"),
        pytest.param("refused", None, scene(ticket(Status.CLOSED, standing="unknown")), id="strangers are refused"),
        pytest.param("passed", None, scene(ticket(Status.CLOSED, unit="dev")), id="passed on for good"),
        pytest.param("closed", None, scene(ticket(Status.CLOSED), was=ticket(Status.CLOSED), wrote="machine"), id="closed"),
        pytest.param("solved", None, scene(ticket(Status.RESOLVED), wrote="nobody"), id="solved"),
        pytest.param("solved-asked", None, scene(ticket(Status.RESOLVED), confirms=True), id="which they may contradict"),
        pytest.param("solved-until", LATER, scene(ticket(Status.RESOLVED), confirms=True, until=LATER), id="until then"),
        # ── somebody else is to act ──
        pytest.param("customer-since", BEFORE, scene(ticket(WAITING), rests(Wait.CUSTOMER)), id="waits for the customer"),
        pytest.param("customer", None, scene(ticket(WAITING)), id="waits, and nothing was promised"),
        pytest.param("asked", None, scene(ticket(WAITING, asked=("version",)), rests(Wait.CUSTOMER)), id="asked for more"),
        pytest.param("approval", None, scene(ticket(WAITING), rests(Wait.APPROVAL)), id="waits for approval"),
        pytest.param("offered", None, scene(ticket(WAITING, offer_state="offered"), rests(Wait.APPROVAL)), id="offered"),
        pytest.param("third_party", None, scene(ticket(WAITING), rests(Wait.THIRD_PARTY)), id="waits for a third party"),
        pytest.param("unit", None, scene(ticket(WAITING, unit="dev"), rests(Wait.THIRD_PARTY)), id="waits for a unit"),
        pytest.param("unit", None, scene(ticket(WAITING, unit="dev")), id="waits for a unit, nothing was promised"),
        pytest.param("release", None, scene(ticket(WAITING), rests(Wait.RELEASE)), id="waits for a release"),
        pytest.param(
            "release", None, scene(ticket(WAITING, ground_state="postponed"), put_off=Wait.RELEASE), id="put off by rules"
        ),
        # ── we are to act ──
        pytest.param("nobody", None, scene(ticket(), ANSWER), id="nobody has taken it"),
        pytest.param("nobody", None, scene(ticket(OPEN), was=ticket(OPEN), answered=True), id="nobody has it, later"),
        pytest.param("first-answer-by", LATER, scene(ticket(agent="ivan"), ANSWER, SOLUTION), id="the first answer"),
        pytest.param("first-answer", None, scene(ticket(agent="ivan")), id="the first answer, nothing was promised"),
        pytest.param(
            "first-answer-late", None, scene(ticket(OPEN, agent="ivan"), clock(Moment.ANSWERED, NOW), was=ticket(OPEN)),
            id="the first answer, in its very second",
        ),
        pytest.param(
            "answer", None, scene(ticket(OPEN, agent="ivan"), SOLUTION, was=ticket(OPEN), answered=True), id="one more letter"
        ),
        pytest.param(
            "wait-over", BEFORE, scene(ticket(OPEN, agent="ivan"), was=ticket(WAITING), since=BEFORE, answered=True),
            id="the letter ends the wait",
        ),
        pytest.param("wait-over-now", None, scene(ticket(OPEN), was=ticket(WAITING)), id="a wait without a clock"),
        pytest.param(
            "incomplete", None,
            scene(ticket(OPEN, asked=("version",)), was=ticket(WAITING, asked=("version", "steps")), since=BEFORE),
            id="they have not sent all",
        ),
        pytest.param(
            "unagreed", None, scene(ticket(OPEN, offer_state="offered"), was=ticket(WAITING, offer_state="offered")),
            id="they write of the offer, without a yes",
        ),
        pytest.param("again", None, scene(ticket(OPEN), was=ticket(Status.RESOLVED), answered=True), id="not solved"),
        pytest.param("again", None, scene(ticket(OPEN), was=ticket(Status.CLOSED), answered=True), id="closed, and again"),
        pytest.param("unit-wrote", None, scene(ticket(OPEN, unit="dev"), was=ticket(WAITING), wrote="unit"), id="the unit"),
        pytest.param("yours", None, scene(ticket(OPEN, agent="ivan"), SOLUTION, wrote="nobody"), id="handed over"),
        pytest.param(
            "first-answer-by", LATER, scene(ticket(agent="ivan"), ANSWER, wrote="nobody"), id="handed over, not answered yet"
        ),
        # ── what looks like one of these and is another ──
        pytest.param(
            "nobody", None, scene(ticket(OPEN, standing="unknown"), asks=True, answered=True, was=ticket(OPEN)),
            id="a stranger who was answered",
        ),
        pytest.param(
            "nobody", None, scene(ticket(OPEN, standing="suspended"), answered=True, was=ticket(OPEN)),
            id="a suspended client who was answered",
        ),
        pytest.param("customer-since", BEFORE, scene(ticket(WAITING), rests(Wait.RESOLVED)), id="waits for their word"),
        pytest.param(
            "customer-since", BEFORE, scene(ticket(WAITING, asked=("version",)), rests(Wait.CUSTOMER), was=ticket(WAITING)),
            id="asked for more before this letter",
        ),
        pytest.param(
            "customer", None, scene(ticket(WAITING), clock(Moment.RESOLVED, None, rests=Wait.RELEASE, met=True)),
            id="what was met rests for nobody",
        ),
        pytest.param("release", None, scene(ticket(WAITING, unit="dev"), rests(Wait.RELEASE)), id="a unit's, till a release"),
        pytest.param(
            "answer", None,
            scene(ticket(OPEN, agent="ivan"), clock(Moment.ANSWERED, met=True), was=ticket(OPEN), answered=True),
            id="the first answer was given",
        ),
        pytest.param(
            "wait-over", BEFORE, scene(ticket(OPEN), was=ticket(WAITING, asked=("version",)), since=BEFORE),
            id="they have sent all",
        ),
        pytest.param(
            "yours", None, scene(ticket(OPEN, agent="ivan", offer_state="offered"), was=ticket(OPEN), wrote="nobody"),
            id="handed over while paid work is offered",
        ),
    ],
)  # fmt: skip
def test_what_is_expected_next(what: str, at: datetime | None, scene: Scene) -> None:
    """A decision before a wait, a wait before our own turn; of ours the most telling."""
    assert find_expected(scene) == Expected(what=what, at=at)


def test_a_machines_letter_changes_nothing() -> None:
    """Where it wakes nobody up there is nothing to say."""
    assert find_expected(scene(ticket(OPEN), was=ticket(OPEN), wrote="machine")) is None


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
@pytest.mark.parametrize("what", sorted(NEXT))
def test_each_sentence_is_short(what: str, language: str) -> None:
    """It is one line of a phone or two, with the commands as they are typed."""
    facts = {verb.name: verb.usage[language].partition(" [")[0] for verb in VERBS}
    facts |= dict.fromkeys(("since", "due", "until"), "18:00 вторника, 24 ноября (МСК)") | {"unit": "Отдел разработки"}
    said = say_next(what, language, facts)
    assert "{" not in said
    assert len(said) <= 110
    assert said[0].islower() or said.startswith("Отдел")
    assert not said.endswith(".")
