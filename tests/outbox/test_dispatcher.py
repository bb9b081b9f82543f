"""Promises of the dispatcher: with a scripted way out and time moved by hand, and end to end with a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from maild.clock import ManualClock
from maild.config.model import Smtp
from maild.errors import Ambiguous, Permanent, StoreError, Transient, Unreachable
from maild.model import OutboxState, Outgoing
from maild.outbox.dispatcher import BATCH, Dispatched, Dispatcher, Transport
from maild.outbox.retry import UNCERTAIN_WAIT
from maild.outbox.smtp import SmtpTransport
from tests.outbox.contract import MINUTE, NOW, OutboxContract, letter, standing
from tests.servers.outbox import MemoryOutbox
from tests.servers.smtp import HANG_UP, KEEP_AND_HANG_UP, STALL, Answer, SmtpServer, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUEUED, SENDING, SENT, FAILED = OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT, OutboxState.FAILED
DEAD = Unreachable("smtp.example.org:587 refused the login: 535. Check username and password in [smtp]", code=535)
LATER = Transient("smtp.example.org refused the recipient: 450 greylisted", code=450)
NEVER = Permanent("smtp.example.org refused the recipient: 550 <customer@example.org> unknown", code=550)
LOST = Ambiguous("smtp.example.org had the letter but never answered: Connection lost")


class TestMemoryOutbox(OutboxContract):
    """The outbox of these tests is an honest one."""

    @pytest.fixture
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox()


class FakeTransport:
    """Ends letters as `ends` says, by the left half of their Message-ID or for "all"; the others are sent."""

    def __init__(self, **ends: Exception) -> None:
        self.ends = ends
        self.tried: list[str] = []
        self.closed = 0
        self.after_data: Callable[[], Awaitable[object]] | None = None  # for tests that hold a letter up

    async def send(self, letter: Outgoing, before_data: Callable[[], Awaitable[None]]) -> str:
        name = letter.message_id.partition("@")[0]
        self.tried.append(name)
        error = self.ends.get(name, self.ends.get("all"))
        if error is not None and not isinstance(error, Ambiguous | ZeroDivisionError):
            raise error
        await before_data()
        if error is not None:
            raise error
        if self.after_data is not None:
            await self.after_data()
        return "250 ok"

    async def close(self) -> None:
        self.closed += 1


class Desk:
    """An outbox, a clock, and a dispatcher between them and the given ways out."""

    def __init__(self, *, retry_for: timedelta = DAY, grace: timedelta = 5 * MINUTE, **ways_out: Transport) -> None:
        self.ways_out: dict[str, Transport] = dict(ways_out)
        self.outbox = MemoryOutbox()
        self.clock = ManualClock(NOW)
        self.dispatcher = Dispatcher(
            self.outbox, self.ways_out.__getitem__, lambda _: retry_for, self.clock, jitter=lambda: 0.0, grace=grace
        )

    async def queue(self, *names: str, mailbox: str = "support") -> list[int]:
        return [await self.outbox.add(letter(mailbox, name=name), self.clock.now()) for name in names]

    async def look(self, after: timedelta = timedelta(0)) -> Dispatched:
        self.clock.advance(after)
        return await self.dispatcher.run_once()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.dispatcher.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.002)


# ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_everything_due_is_sent() -> None:
    """Several mailboxes, more than a batch each: one look empties the outbox, each mailbox in the order of queueing."""
    one, two = FakeTransport(), FakeTransport()
    desk = Desk(support=one, sales=two)
    names = [f"m{n}" for n in range(BATCH + 5)]
    await desk.queue(*names)
    await desk.queue(*names, mailbox="sales")
    assert await desk.look() == Dispatched(sent=2 * len(names))
    assert one.tried == two.tried == names
    assert {SENT} == {row.state for row in desk.outbox.rows.values()}
    assert set(desk.outbox.answers.values()) == {"250 ok"}
    assert await desk.look() == Dispatched()


async def test_a_refused_recipient_costs_only_their_letter() -> None:
    """A letter that is refused for good fails once and is not tried again; the others go out."""
    way = FakeTransport(b=NEVER)
    desk = Desk(support=way)
    _, refused, _ = await desk.queue("a", "b", "c")
    assert await desk.look() == Dispatched(sent=2, failed=1)
    assert await desk.look(after=DAY) == Dispatched()
    assert (await standing(desk.outbox, refused), way.tried) == ((FAILED, 1, 0), ["a", "b", "c"])
    assert (await desk.outbox.read(refused)).error == str(NEVER)


async def test_a_temporary_refusal_is_retried_with_growing_waits_until_the_age_limit() -> None:
    """1, 5, 15 minutes, an hour, three, three…, a last time at the limit; then the letter has failed, and says why."""
    way = FakeTransport(a=LATER)
    desk = Desk(support=way)
    [row_id] = await desk.queue("a")
    ages = []
    while (await desk.outbox.read(row_id)).state is QUEUED:
        desk.clock.move_to((await desk.outbox.read(row_id)).next_attempt_at)
        ages.append(desk.clock.now() - NOW)
        await desk.look()
    minutes = [age / MINUTE for age in ages]
    assert minutes == [0, 1, 6, 21, 81, *range(81 + 180, 1440, 180), 1440]
    row = await desk.outbox.read(row_id)
    assert (row.state, row.attempts) == (FAILED, len(ages))
    assert row.error == f"{LATER}. Given up after 1 day, 0:00:00"


# ── servers that cannot be used ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_dead_server_is_asked_once() -> None:
    """With a wrong password no letter is worth a second login: the others are not tried and lose no attempt."""
    way = FakeTransport(all=DEAD)
    desk = Desk(support=way)
    first, *others = await desk.queue("a", "b", "c")
    assert await desk.look() == Dispatched(retried=1)
    assert await desk.look() == Dispatched()
    assert way.tried == ["a"]
    row = await desk.outbox.read(first)
    assert (row.error, row.next_attempt_at) == (str(DEAD), NOW + MINUTE)
    assert [await standing(desk.outbox, row_id) for row_id in others] == [(QUEUED, 0, 0)] * 2


@pytest.mark.parametrize("letters", ["a", "abcdefghij"], ids=["one-letter", "ten-letters"])
async def test_a_dead_server_is_asked_less_and_less_often(letters: str) -> None:
    """A day of wrong passwords is some hundred logins, not thousands, and never two in a minute: no account is locked."""
    desk = Desk(support=(way := FakeTransport(all=DEAD)), retry_for=2 * DAY)
    await desk.queue(*letters)
    asked = []
    for _ in range(24 * 60):
        before = len(way.tried)
        await desk.look(after=MINUTE)
        asked.append(len(way.tried) - before)
    assert set(asked) == {0, 1}
    assert asked[:8] == [1, 1, 0, 1, 0, 0, 0, 1]  # rests of 1, 2, 4, … minutes
    assert 24 * 4 <= sum(asked) <= 24 * 4 + 5


async def test_a_server_that_recovered_starts_afresh() -> None:
    """Rests grow with the failures in a row only: after a letter got through, the next failure rests a minute again."""
    desk = Desk(support=(way := FakeTransport(all=DEAD)))
    await desk.queue("a")
    assert [(await desk.look(after=MINUTE)).retried for _ in range(3)] == [1, 1, 0]
    way.ends = {}
    assert (await desk.look(after=MINUTE)).sent == 1
    way.ends = {"all": DEAD}
    await desk.queue("b")
    assert [(await desk.look(after=MINUTE)).retried for _ in range(3)] == [1, 1, 0]


async def test_letters_too_old_fail_even_when_they_are_not_tried() -> None:
    """A customer's letter does not wait in silence for ever behind a server that is never coming back."""
    desk = Desk(support=(way := FakeTransport(all=DEAD)), retry_for=2 * HOUR)
    rows = await desk.queue("a", "b", "c")
    total = Dispatched()
    for _ in range(150):
        total += await desk.look(after=MINUTE)
    assert {(FAILED, True)} == {
        (desk.outbox.rows[row_id].state, "535" in str(desk.outbox.rows[row_id].error)) for row_id in rows
    }
    assert total.failed == 3
    assert len(way.tried) < 20


async def test_a_letter_that_its_server_chokes_on_does_not_block_the_others() -> None:
    """A connection that breaks in one letter stops the round; next time the letters that never failed go first."""
    way = FakeTransport(a=Transient("the connection was lost in the middle of the letter"))
    desk = Desk(support=way)
    await desk.queue("a", "b", "c")
    assert await desk.look() == Dispatched(retried=1)
    assert await desk.look(after=MINUTE) == Dispatched(sent=2, retried=1)
    assert way.tried == ["a", "b", "c", "a"]


async def test_new_settings_end_the_rest_at_once() -> None:
    """An admin who mends the password does not wait; the connection of the old settings is closed."""
    desk = Desk(support=(old := FakeTransport(all=DEAD)))
    await desk.queue("a", "b")
    await desk.look()
    desk.ways_out["support"] = new = FakeTransport()
    assert await desk.look() == Dispatched(sent=1)
    assert await desk.look(after=MINUTE) == Dispatched(sent=1)
    assert (old.closed, new.closed, new.tried) == (1, 0, ["b", "a"])


async def test_rests_can_be_forgotten() -> None:
    """After the clock was set back they would last for hours."""
    desk = Desk(support=(way := FakeTransport(all=DEAD)))
    await desk.queue("a", "b")
    await desk.look()
    way.ends = {}
    assert await desk.look() == Dispatched()
    desk.dispatcher.forget_rests()
    assert await desk.look() == Dispatched(sent=1)


async def test_a_mailbox_without_a_way_out_waits() -> None:
    """Letters of a mailbox that is not configured (or whose password cannot be read) wait, and say what is missing."""
    desk = Desk(other=FakeTransport())
    [row_id] = await desk.queue("a")
    await desk.queue("b", mailbox="other")
    assert await desk.look() == Dispatched(sent=1, retried=1)
    assert "no way out for mailbox support" in str((await desk.outbox.read(row_id)).error)
    desk.ways_out["support"] = FakeTransport()
    assert await desk.look(after=MINUTE) == Dispatched(sent=1)


async def test_a_stalled_server_does_not_delay_other_mailboxes() -> None:
    """While one mailbox waits for its server, letters queued for others go out as they come."""
    stalled, lively = FakeTransport(), FakeTransport()
    stalled.after_data = asyncio.Event().wait
    desk = Desk(support=stalled, sales=lively, grace=timedelta(0))
    [stuck] = await desk.queue("a")
    async with desk.running():
        await until(lambda: stalled.tried == ["a"])
        for name in ("b", "c"):
            await desk.queue(name, mailbox="sales")
            desk.dispatcher.wake()
            await until(lambda name=name: lively.tried[-1:] == [name])  # type: ignore[misc]
    assert await standing(desk.outbox, stuck) == (SENDING, 0, 0)


# ── doubt ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_letter_in_doubt_is_repeated_twice_and_no_more() -> None:
    """Whether the customer has it nobody knows: three copies at most, a quarter of an hour apart, then a person decides."""
    desk = Desk(support=(way := FakeTransport(a=LOST)))
    [row_id] = await desk.queue("a")
    assert await desk.look() == Dispatched(retried=1)
    assert await desk.look(after=UNCERTAIN_WAIT - MINUTE) == Dispatched()
    assert await desk.look(after=MINUTE) == Dispatched(retried=1)
    assert await desk.look(after=UNCERTAIN_WAIT) == Dispatched(failed=1)
    assert await desk.look(after=DAY) == Dispatched()
    assert (await standing(desk.outbox, row_id), len(way.tried)) == ((FAILED, 2 + 1, 2), 3)
    assert "Uncertain: it may have been delivered, 3 times over" in str((await desk.outbox.read(row_id)).error)


async def test_crashes_in_the_middle_of_a_letter_are_counted() -> None:
    """A letter left under way by a crash goes out again; one that was there at three crashes does not."""
    desk = Desk(support=(way := FakeTransport()))
    [row_id] = await desk.queue("a")
    for _ in range(2):
        await desk.outbox.begin(row_id, NOW)
        await desk.outbox.recover(NOW)
    await desk.outbox.begin(row_id, NOW)
    assert await desk.look() == Dispatched(failed=1)
    assert way.tried == []
    row = await desk.outbox.read(row_id)
    assert row.state is FAILED
    assert "Uncertain" in str(row.error)


async def test_a_recovered_letter_goes_out_at_once() -> None:
    """One crash costs one possible repeat and no time. Recovery happens once, not at every look."""
    desk = Desk(support=FakeTransport())
    [row_id] = await desk.queue("a")
    await desk.outbox.begin(row_id, NOW)
    assert await desk.look() == Dispatched(sent=1)
    assert await standing(desk.outbox, row_id) == (SENT, 2, 1)
    [other] = await desk.queue("b")
    await desk.outbox.begin(other, NOW)  # as if another process were sending it
    assert await desk.look() == Dispatched()


@pytest.mark.parametrize("method", ["sent", "retry", "failed"])
async def test_what_the_store_could_not_record_is_not_done_again(method: str) -> None:
    """A full disk after the server's answer costs no second sending: the verdict is kept and recorded later."""
    ends: dict[str, dict[str, Exception]] = {"sent": {}, "retry": {"a": LATER}, "failed": {"a": NEVER}}
    desk = Desk(support=(way := FakeTransport(**ends[method])))
    row_id, waiting = await desk.queue("a", "b")
    desk.outbox.broken = {method}
    await _fails(desk)
    await _fails(desk, after=HOUR)
    assert way.tried == ["a"]
    assert (await desk.outbox.read(waiting)).state is QUEUED
    desk.outbox.broken = set()
    way.ends = {}
    await desk.look()
    assert {"sent": 1, "retry": 2, "failed": 1}[method] == way.tried.count("a")
    assert {"sent": SENT, "retry": SENT, "failed": FAILED}[method] == (await desk.outbox.read(row_id)).state
    assert (await desk.outbox.read(waiting)).state is SENT


async def _fails(desk: Desk, after: timedelta = timedelta(0)) -> None:
    with pytest.raises(StoreError, match="disk is full"):
        await desk.look(after=after)


async def test_a_letter_whose_beginning_cannot_be_committed_does_not_leave() -> None:
    """Without the state on disk a crash could not be told from a letter never sent."""
    desk = Desk(support=(way := FakeTransport()))
    [row_id] = await desk.queue("a")
    desk.outbox.broken = {"begin"}
    assert await desk.look() == Dispatched(retried=1)
    assert await standing(desk.outbox, row_id) == (QUEUED, 1, 0)
    assert not desk.outbox.answers
    desk.outbox.broken = set()
    assert await desk.look(after=MINUTE) == Dispatched(sent=1)
    assert way.tried == ["a", "a"]


async def test_a_letter_taken_by_somebody_else_is_left_to_them() -> None:
    """A row that is no longer queued when it is about to leave does not leave from here."""
    desk = Desk(support=(way := FakeTransport()))
    row_id, _ = await desk.queue("a", "b")
    due = desk.outbox.due
    rows = await due(NOW, 10)
    await desk.outbox.failed(row_id, NOW, "given up by the admin")
    answers = iter([rows])

    async def stale(*args: object, **kwargs: object) -> object:
        return next(answers, [])

    desk.outbox.due = stale  # type: ignore[assignment, method-assign]
    assert await desk.look() == Dispatched(sent=1)
    assert await standing(desk.outbox, row_id) == (FAILED, 1, 0)
    assert way.tried == ["a", "b"]


# ── bugs, stops and logs ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bug", "uncertain"),
    [
        pytest.param(KeyError("oops"), 0, id="before-the-letter-was-begun"),
        pytest.param(ZeroDivisionError("oops"), 1, id="after-it-was-begun"),
    ],
)
async def test_a_bug_costs_one_letter_a_try(bug: Exception, uncertain: int) -> None:
    """Our own mistake is shouted into the log and put off; the other letters of the mailbox go out."""
    desk = Desk(support=FakeTransport(a=bug))
    row_id, _ = await desk.queue("a", "b")
    with capture_logs() as logs:
        assert await desk.look() == Dispatched(sent=1, retried=1)
    assert await standing(desk.outbox, row_id) == (QUEUED, 1, uncertain)
    assert "oops" in str((await desk.outbox.read(row_id)).error)
    assert [entry["event"] for entry in logs if entry.get("exc_info")] == ["letter-bug"]


async def test_the_loop_outlives_a_broken_store() -> None:
    """A store that fails for a while is reported and tried again."""
    desk = Desk(support=(way := FakeTransport()))
    desk.outbox.broken = {"due", "recover"}
    with capture_logs() as logs:
        async with desk.running():
            await until(lambda: any(entry["event"] == "outbox-unusable" for entry in logs))
            desk.outbox.broken = set()
            await desk.queue("a")
            desk.dispatcher.wake()
            await until(lambda: len(desk.outbox.answers) == 1)
    assert way.closed == 1


async def test_a_stop_lets_the_letter_in_hand_finish() -> None:
    """A routine restart leaves no letter in doubt: the one under way is answered and recorded, the next not begun."""
    answer, way = asyncio.Event(), FakeTransport()
    way.after_data = answer.wait
    desk = Desk(support=way)
    first, second = await desk.queue("a", "b")

    async def answer_late() -> None:
        await until(lambda: all(worker.cancelling() for worker in desk.dispatcher._busy.values()))
        answer.set()

    async with desk.running():
        await until(lambda: desk.outbox.rows[first].state is SENDING)
        late = asyncio.create_task(answer_late())
    await late
    assert [await standing(desk.outbox, row_id) for row_id in (first, second)] == [(SENT, 1, 0), (QUEUED, 0, 0)]
    assert (way.tried, way.closed) == (["a"], 1)


async def test_a_stop_does_not_wait_for_ever() -> None:
    """A letter that is not answered within the grace stays marked as under way, for the next start to see."""
    way = FakeTransport()
    way.after_data = asyncio.Event().wait
    desk = Desk(support=way, grace=timedelta(milliseconds=20))
    [row_id] = await desk.queue("a")
    async with desk.running():
        await until(lambda: desk.outbox.rows[row_id].state is SENDING)
    assert await standing(desk.outbox, row_id) == (SENDING, 0, 0)
    assert way.closed == 1


async def test_the_log_names_no_addresses() -> None:
    """Servers repeat addresses in their answers; the outbox keeps them, the log does not."""
    desk = Desk(support=FakeTransport(a=NEVER, b=Transient("451 customer+t1.k7f3@example.org: try later", code=451)))
    await desk.queue("a", "b", "c")
    with capture_logs() as logs:
        await desk.look()
    assert {"letter-failed", "letter-waits", "letter-sent"} == {entry["event"] for entry in logs}
    assert "550 <…@…> unknown" in str(logs)
    assert "example.org:" not in str(logs).replace("smtp.example.org", "")
    assert "customer" not in str(logs)


# ── with a real server ───────────────────────────────────────────────────────────────────────────────────────────────


def way_out(server: SmtpServer, *, password: str | None = None, username: str | None = None) -> SmtpTransport:
    settings = Smtp(
        host=server.host, port=server.port, security="none", username=username, timeout=timedelta(milliseconds=300)
    )
    return SmtpTransport(
        settings, password=password, helo="desk.example.com", filing=lambda _: timedelta(milliseconds=300)
    )


async def test_a_server_gone_for_an_hour_and_back() -> None:
    """Nothing is lost, nothing is sent twice, and the letters leave soon after the server is back."""
    async with SmtpServer() as server:
        desk = Desk(support=way_out(server))
        await desk.queue("before")
        await desk.look()
        await server.stop()
        await desk.queue(*(f"m{n}" for n in range(20)))
        for _ in range(60):
            await desk.look(after=MINUTE)
        assert len(server.letters) == 1
        await server.start()
        for _ in range(20):
            await desk.look(after=MINUTE)
        await desk.dispatcher.close()
        assert len(server.letters) == 21
    assert {SENT} == {row.state for row in desk.outbox.rows.values()}
    assert max(row.uncertain for row in desk.outbox.rows.values()) == 0


async def test_a_wrong_password_for_an_hour() -> None:
    """An hour of a wrong password is a handful of logins, whatever number of letters waits."""
    async with SmtpServer(accounts={"support": "right"}) as server:
        desk = Desk(support=way_out(server, username="support", password="wrong"))
        await desk.queue(*(f"m{n}" for n in range(10)))
        for _ in range(60):
            await desk.look(after=MINUTE)
        assert {False} == {good for _, good in server.logins}
        assert len(server.logins) <= 8
        desk.ways_out["support"] = way_out(server, username="support", password="right")
        for _ in range(16):
            await desk.look(after=MINUTE)
        await desk.dispatcher.close()
        assert len(server.letters) == 10


async def test_a_bad_day_of_a_real_server() -> None:
    """Refusals, silence and cut connections at every stage: each letter arrives, and only the one that SMTP cannot help twice."""
    async with SmtpServer() as server:
        stages: tuple[Stage, ...] = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "DOT")
        for stage in stages:
            server.on(stage, HANG_UP, times=1)
            if stage not in {"CONNECT", "EHLO", "BODY"}:
                server.on(stage, Answer(451, "4.3.0 not now"), times=2)
        server.on("RCPT", STALL, times=1)
        server.on("DOT", KEEP_AND_HANG_UP, times=1)
        desk = Desk(support=way_out(server))
        await desk.queue(*(f"m{n}" for n in range(12)))
        for _ in range(90):
            await desk.look(after=2 * MINUTE)
        await desk.dispatcher.close()
        assert {SENT} == {row.state for row in desk.outbox.rows.values()}
        assert len(server.letters) == 12 + 1
        assert sum(row.uncertain for row in desk.outbox.rows.values()) == 3  # BODY, DOT, and the filed one
