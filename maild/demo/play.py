"""The play: servers up, daemon up, one letter after the other, the balance; then, if wanted, everything stays up.

The daemon is the real one, with its real store, IMAP source and SMTP transport; only people and servers are ours.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from maild.clock import SystemClock
from maild.daemon import Daemon
from maild.demo.cast import ADMIN, IVAN, PASSWORD, SUPPORT
from maild.demo.conversation import SCRIPT, Scene, Stage
from maild.demo.post import HOST, Arrived, PostOffice
from maild.demo.report import Played, Report, Sent, differences, repeated, why_not_sent
from maild.errors import MaildError
from maild.ingest.parse import parse
from maild.model import Message, OutboxState, OutcomeKind, Purpose
from maild.pipeline import Settled
from maild.store import views

T = TypeVar("T")

PATIENCE = 15.0  # seconds for what takes a tenth of one; a machine under load gets its time
POLL = 0.02  # seconds between two looks at what nobody tells us of

CONFIG = """\
# Written by `maild demo`. The servers live as long as that command runs.
data_dir = "data"

[admin]
address = "{admin.addr}"

[smtp]
host = "{host}"
port = {smtp}
security = "none"

[organization.romashka]
name = "{support.name}"
number_prefix = "ROM"

[organization.romashka.mailbox.support]
address = "{support.addr}"
subaddress = true

[organization.romashka.mailbox.support.imap]
host = "{host}"
port = {imap}
security = "none"
username = "{support.addr}"
password = {{ file = "imap.password" }}
# The demo's IMAP server, unlike most, keeps quiet about a letter that came just before IDLE began.
poll = "1s"

[organization.romashka.agent.ivan]
name = "{agent.name}"
address = "{agent.addr}"
"""


class Audience(Protocol):
    """Who watches the play."""

    def opening(self, post: PostOffice) -> None:
        """The servers are up, the daemon is about to start."""

    def letter(self, title: str, message: Message, number: int | None = None) -> None:
        """A letter is on its way to support."""

    def settled(self, settled: Settled, ticket: str | None) -> None:
        """Maild has made up its mind about it."""

    def sent(self, sent: Sent, arrived: Arrived) -> None:
        """SMTP has taken a letter of maild's."""

    def not_sent(self, reasons: tuple[str, ...]) -> None:
        """What did not go out, and why not."""

    def problems(self, problems: tuple[str, ...]) -> None:
        """It did not go as the script says."""

    def summary(self, report: Report, config: Path, post: PostOffice, *, kept: bool) -> None:
        """The script is over; with `kept`, everything stays up."""


class Interrupted(MaildError):  # noqa: N818 - somebody's wish
    """The demo was stopped before its end."""


async def perform(
    folder: Path, audience: Audience, *, keep: bool = False, pace: float = 0, script: Sequence[Scene] = SCRIPT
) -> Report:
    """Play the script in an empty folder and return what was found; with `keep` stay up until SIGINT or SIGTERM.

    `pace` is the time in seconds that the audience has for reading before the next letter.
    Raises Interrupted when a signal ends the script early, MaildError when the daemon cannot start.
    """
    async with PostOffice(SystemClock()) as post:
        audience.opening(post)
        config = _write_config(folder, post)
        settled: asyncio.Queue[Settled] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def on_settled(one: Settled) -> None:  # in the daemon's writer thread
            loop.call_soon_threadsafe(settled.put_nowait, one)

        daemon = Daemon(config, on_settled=on_settled)
        play = _Play(post, daemon, settled, audience, script)
        running = asyncio.create_task(daemon.run(), name="daemon")
        try:
            report = await _unless_stopped(running, play.play(pace))
            audience.summary(report, config, post, kept=keep)
            if keep:
                with contextlib.suppress(Interrupted):
                    await _unless_stopped(running, play.follow())
        finally:
            daemon.stop()
            await running
        return report


class _Play:
    """One performance."""

    def __init__(
        self,
        post: PostOffice,
        daemon: Daemon,
        settled: asyncio.Queue[Settled],
        audience: Audience,
        script: Sequence[Scene],
    ) -> None:
        self._post = post
        self._daemon = daemon
        self._settled = settled
        self._audience = audience
        self._script = script
        self._ours: dict[str, Purpose] = {}  # by the Message-IDs of what maild has decided to send
        self._bounced = 0  # letters of ours that are failed in the outbox because their delivery report came

    async def play(self, pace: float) -> Report:
        """Play every scene, then draw the balance."""
        began = asyncio.get_running_loop().time()
        stage, played = Stage(post=self._post), []
        await self._first_look()
        for number, scene in enumerate(self._script, 1):
            played.append(await self._scene(number, scene, stage))
            await asyncio.sleep(pace)
            if played[-1].outcome is None:
                break  # what follows answers letters that never came
        await self._outbox_empty()
        return self._balance(played, asyncio.get_running_loop().time() - began)

    async def follow(self) -> None:
        """Show what becomes of the letters that people send by themselves, for ever."""
        while True:
            settled = await self._settled.get()
            if settled.message is not None:
                self._audience.letter("a letter", settled.message)
            await self._show(settled)

    async def _first_look(self) -> None:
        """Wait for it: letters that are there before count as old, and are not answered."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not any(state.alive_at for state in await self._daemon.office.flush_health()):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise MaildError(f"the daemon did not look at its mailbox within {PATIENCE:.0f} s") from None

    async def _scene(self, number: int, scene: Scene, stage: Stage) -> Played:
        try:
            envelope = scene.write(stage, SystemClock().now())
        except LookupError as error:
            return self._stuck(number, scene, "", str(error))
        stage.sent.append(envelope)
        message = parse(envelope.octets)
        self._audience.letter(scene.title, message, number)
        await self._post.send(envelope)
        try:
            async with asyncio.timeout(PATIENCE):
                settled = await self._settled.get()
        except TimeoutError:
            return self._stuck(number, scene, message.subject, f"no outcome within {PATIENCE:.0f} s")
        ticket, sent, not_sent = await self._show(settled)
        problems = differences(scene, settled, ticket, sent)
        if settled.message and settled.message.message_id != message.message_id:
            problems += ("another letter than the one just sent was settled",)
        self._audience.problems(problems)
        return Played(
            number=number, title=scene.title, author=str(scene.author), subject=message.subject, expected=scene.outcome,
            outcome=settled.outcome.kind, reason=settled.outcome.reason, ticket=ticket,
            sent=tuple(one for one, _ in sent), not_sent=not_sent, problems=problems,
        )  # fmt: skip

    def _stuck(self, number: int, scene: Scene, subject: str, problem: str) -> Played:
        self._audience.problems((problem,))
        return Played(
            number=number, title=scene.title, author=str(scene.author), subject=subject, expected=scene.outcome,
            outcome=None, reason="", ticket=None, sent=(), not_sent=(), problems=(problem,),
        )  # fmt: skip

    async def _show(self, settled: Settled) -> tuple[str | None, list[tuple[Sent, Arrived]], tuple[str, ...]]:
        """Show what became of a letter; return its ticket's number, what SMTP took because of it, and what not."""
        ticket, sent, not_sent = self._number(settled.ticket_id), [], why_not_sent(settled)
        self._audience.settled(settled, ticket)
        self._bounced += settled.decision is not None and settled.decision.bounced is not None
        for letter in settled.outgoing:
            self._ours[letter.message_id] = letter.purpose
            one = Sent(purpose=letter.purpose, to=letter.recipient, subject=letter.subject)
            try:
                async with asyncio.timeout(PATIENCE):
                    arrived = await self._post.wait_for(letter.message_id)
            except TimeoutError:
                not_sent += (f"{one.purpose} to {one.to} has not left: see maild outbox list",)
                continue
            sent.append((one, arrived))
            self._audience.sent(one, arrived)
        self._audience.not_sent(not_sent)
        return ticket, sent, not_sent

    def _number(self, ticket_id: int | None) -> str | None:
        with self._daemon.office.database.read() as connection:
            return next((t.number for t in views.all_tickets(connection) if t.id == ticket_id), None)

    async def _outbox_empty(self) -> None:
        """SMTP has the last letter a moment before the store knows it."""
        with contextlib.suppress(TimeoutError):  # the balance will tell
            async with asyncio.timeout(PATIENCE):
                while True:
                    with self._daemon.office.database.read() as connection:
                        counts = views.outbox_counts(connection)
                    if not counts[OutboxState.QUEUED] and not counts[OutboxState.SENDING]:
                        return
                    await asyncio.sleep(POLL)

    def _balance(self, played: list[Played], seconds: float) -> Report:
        with self._daemon.office.database.read() as connection:
            folders = views.ledger(connection)
            tickets = views.all_tickets(connection)
            outbox = views.outbox_counts(connection)
        outcomes: Counter[str] = Counter(dict.fromkeys(map(str, OutcomeKind), 0))
        for folder in folders:
            outcomes.update(folder.outcomes)
        letters = max(self._post.for_support, sum(folder.seen for folder in folders))
        unaccounted = letters - outcomes.total()
        twice = repeated(self._post.arrived, frozenset(self._ours))
        purposes = [self._ours.get(arrived.message.message_id or "") for arrived in self._post.arrived]
        outbox[OutboxState.FAILED] -= self._bounced
        wrong = (
            (len(self._script) - len(played), "of the script were not played"),
            (unaccounted, "have no outcome"),
            (twice, "went out twice"),
            *((n, f"are {state} in the outbox") for state, n in outbox.items() if state != OutboxState.SENT),
        )
        problems = tuple(f"{n} letter(s) {what}" for n, what in wrong if n)
        return Report(
            ok=not problems and not any(one.problems for one in played), letters=letters, outcomes=dict(outcomes),
            tickets=len(tickets), acknowledgements=purposes.count(Purpose.ACKNOWLEDGEMENT),
            sent=len(purposes) - purposes.count(None), unaccounted=unaccounted, repeated=twice,
            seconds=round(seconds, 2), problems=problems, script=tuple(played),
        )  # fmt: skip


async def _unless_stopped(running: asyncio.Task[None], work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, unless the daemon ends first: by a signal (Interrupted) or by a bug, which is raised."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait((running, task), return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            return await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # what it fails with now is only that the daemon is gone
    await running
    raise Interrupted("the demo was stopped before its end")


def _write_config(folder: Path, post: PostOffice) -> Path:
    (folder / "imap.password").write_text(PASSWORD, "utf-8")
    config = folder / "config.toml"
    text = CONFIG.format(admin=ADMIN, host=HOST, smtp=post.smtp.port, imap=post.imap.port, support=SUPPORT, agent=IVAN)
    config.write_text(text, "utf-8")
    return config
