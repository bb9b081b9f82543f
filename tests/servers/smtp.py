"""A real SMTP server on loopback that can be told to misbehave. Standard library only.

In the test's own loop, or in a thread with a loop of its own (for tests of other processes and for synchronous tests):

    async with SmtpServer() as server: ...             # server.port is known from here on
    with SmtpServer(tls=certificate).in_thread() as server: ...

It records every letter that it accepted in `letters`, and misbehaves as told, stage by stage:

    server.on("RCPT", Answer(450, "4.2.0 greylisted"), times=1)  # then it behaves again
    server.on("DATA", STALL)                                     # for ever: says nothing until `resume()`
    server.on("DOT", KEEP_AND_HANG_UP, times=3)                  # files the letter, cuts the connection without a word
    server.behave()                                              # forget all that

Stages: CONNECT (instead of the greeting), the commands EHLO STARTTLS AUTH MAIL RCPT DATA RSET NOOP QUIT, BODY (when the
first line of the letter has come) and DOT (when the whole letter has come). Instructions of one stage are used up in
the order in which they were given. All methods may be called from any thread.
"""

import asyncio
import base64
import contextlib
import hmac
import itertools
import secrets
import ssl
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from tests.servers.certs import Certificate

LONGEST_LINE = 1_000_000  # octets; far beyond the 1000 of RFC 5321 §4.5.3.1.6, a test may have reasons

Stage = Literal[
    "CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT", "RSET", "NOOP", "QUIT"
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Answer with this instead of doing what was asked. After 421, and at BODY, the connection is cut as well."""

    code: int
    text: str


class Silence:
    """Say nothing until `SmtpServer.resume()`, then go on as if nothing had happened. At BODY: stop reading as well."""


class HangUp:
    """Cut the connection without an answer. At DOT the letter is forgotten."""


class KeepAndHangUp:
    """At DOT: file the letter, then cut the connection without an answer."""


STALL, HANG_UP, KEEP_AND_HANG_UP = Silence(), HangUp(), KeepAndHangUp()
Action = Answer | Silence | HangUp | KeepAndHangUp


@dataclass(frozen=True)
class Letter:
    """A letter that the server has taken responsibility for; one for each recipient."""

    sender: str  # "" is the null reverse-path
    recipient: str
    octets: bytes = field(repr=False)
    connection: int  # which connection brought it, counted from 1
    options: str  # what stood behind the address in MAIL, e.g. "SIZE=120 BODY=8BITMIME"


@dataclass
class _Envelope:
    sender: str
    options: str
    recipients: list[str] = field(default_factory=list)


class SmtpServer:
    """See the module. `tls` with `implicit` speaks TLS at once, without it offers STARTTLS.

    `accounts` (user to password, or with XOAUTH2 to access token) makes AUTH mandatory. `size` is the advertised limit in octets, not enforced.
    """

    def __init__(
        self,
        *,
        tls: Certificate | None = None,
        implicit: bool = False,
        accounts: Mapping[str, str] | None = None,
        mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN", "CRAM-MD5"),
        size: int | None = None,
        port: int = 0,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port  # 0 until started; kept over stop and start
        self.letters: list[Letter] = []
        self.commands: list[str] = []  # the verbs of all connections, in the order they came
        self.connections = 0  # how many there have been
        self.open = 0  # how many there are
        self.logins: list[tuple[str, bool]] = []  # mechanism, success
        self.cut_short = 0  # letters whose connection ended before their final dot
        self._tls = _server_context(tls) if tls else None
        self._implicit = implicit
        self._accounts = accounts
        self._mechanisms = mechanisms
        self._size = size
        self._script: dict[str, deque[tuple[Action, Iterator[object]]]] = {}
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._resumed = asyncio.Event()

    # ── what a test says ─────────────────────────────────────────────────────────────────────────────────────────────

    def on(self, stage: Stage, action: Action, *, times: int | None = None) -> None:
        """Do `action` the next `times` times that `stage` is reached; None: every time."""
        uses: Iterator[object] = iter(range(times)) if times is not None else itertools.repeat(None)
        self._script.setdefault(stage, deque()).append((action, uses))

    def behave(self) -> None:
        """Forget every instruction, and end every silence."""
        self._script.clear()
        self.resume()

    def resume(self) -> None:
        """End every silence there is; later ones are silent again."""

        def wake() -> None:
            self._resumed.set()
            self._resumed = asyncio.Event()

        self._call(wake)

    def hang_up(self) -> None:
        """Cut all open connections, as a server does with idle ones; new ones are welcome."""

        def cut() -> None:
            for writer in self._writers:
                writer.close()

        self._call(cut)

    def _call(self, act: Callable[[], object]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act)

    # ── start and stop ───────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Listen; the port stays the same when a stopped server is started again."""
        self._loop = asyncio.get_running_loop()
        context = self._tls if self._implicit else None
        self._server = await asyncio.start_server(
            self._connected, self.host, self.port, ssl=context, limit=LONGEST_LINE
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cut every connection and listen no more."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = self._loop = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[Self]:
        """Run in a thread with a loop of its own while the block lasts."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="smtp-server", daemon=True)
        thread.start()

        def run(work: Coroutine[object, object, None]) -> None:
            asyncio.run_coroutine_threadsafe(work, loop).result(10)

        try:
            run(self.start())
            yield self
        finally:
            run(self.stop())
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    # ── one connection ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        self.open += 1
        try:
            await _Session(self, reader, writer, self.connections).serve()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # the end of a connection, by either side, is all in a day's work
        finally:
            self.open -= 1
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.transport.abort()

    def instruction(self, stage: str) -> Action | None:
        """Take the next instruction for a stage, or None to behave."""
        waiting = self._script.get(stage)
        while waiting:
            action, uses = waiting[0]
            if next(uses, self) is not self:
                return action
            waiting.popleft()
        return None


class _HangUpError(ConnectionError):
    """We were told to cut the connection."""


class _Session:
    """The dialogue on one connection (RFC 5321 §3)."""

    def __init__(
        self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._number = number
        self._secure = server._implicit
        self._user = server._accounts is None
        self._envelope: _Envelope | None = None

    async def serve(self) -> None:
        """Talk until either side has had enough."""
        await self._answer(220, "loopback ready", stage="CONNECT")
        while line := await self._reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            verb = verb.upper()
            self._server.commands.append(verb)
            if verb == "QUIT":
                await self._answer(221, "bye", stage="QUIT")
                return
            handler = getattr(self, f"_{verb.lower()}", None)
            if verb in {"HELO", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP"} and handler:
                await handler(rest)
            else:
                await self._say(502, "unknown here")

    async def _ehlo(self, _name: str) -> None:
        lines = ["loopback", "8BITMIME", f"SIZE {self._server._size}" if self._server._size else "SIZE"]
        if self._server._tls and not self._secure:
            lines.append("STARTTLS")
        if self._server._accounts is not None:
            lines.append("AUTH " + " ".join(self._server._mechanisms))
        await self._answer(250, *lines, stage="EHLO")

    async def _helo(self, _name: str) -> None:
        await self._answer(250, "loopback", stage="EHLO")

    async def _starttls(self, _: str) -> None:
        if self._server._tls is None or self._secure:
            await self._say(502, "no TLS here")
        elif await self._answer(220, "go ahead", stage="STARTTLS"):
            await self._writer.start_tls(self._server._tls)
            self._secure, self._envelope = True, None

    async def _auth(self, rest: str) -> None:
        if action := await self._obey("AUTH"):
            await self._say(action.code, action.text)
            return
        mechanism, _, initial = rest.partition(" ")
        user, good = await self._prove(mechanism.upper(), initial)
        self._user = self._user or good
        self._server.logins.append((mechanism.upper(), good))
        await self._say(*((235, f"welcome {user}") if good else (535, "5.7.8 authentication failed")))

    async def _prove(self, mechanism: str, initial: str) -> tuple[str, bool]:
        """Hold the dialogue of a SASL mechanism; return the user's name and whether the password was right."""
        accounts = self._server._accounts or {}
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(initial).decode().split("\0")
            return user, accounts.get(user) == password
        if mechanism == "XOAUTH2":
            user, _, proof = base64.b64decode(initial).decode().removeprefix("user=").partition("\1auth=Bearer ")
            if user in accounts and accounts[user] == proof.removesuffix("\1\1"):
                return user, True
            await self._say(334, base64.b64encode(b'{"status":"401","schemes":"bearer"}').decode())
            await self._reader.readline()
            return user, False
        if mechanism == "LOGIN":
            user = base64.b64decode(initial).decode()
            password = await self._ask(b"Password:")
            return user, accounts.get(user) == password
        challenge = secrets.token_hex(8).encode()
        user, _, digest = (await self._ask(challenge)).rpartition(" ")
        expected = hmac.new(accounts.get(user, "").encode(), challenge, "md5").hexdigest()
        return user, user in accounts and hmac.compare_digest(expected, digest)

    async def _ask(self, challenge: bytes) -> str:
        await self._say(334, base64.b64encode(challenge).decode())
        return base64.b64decode(await self._reader.readline()).decode()

    async def _mail(self, rest: str) -> None:
        address, _, options = rest.partition(">")
        if not self._user:
            await self._say(530, "5.7.0 authentication required")
        elif self._envelope is not None:
            await self._say(503, "5.5.1 one letter at a time")
        elif await self._answer(250, "sender ok", stage="MAIL"):
            self._envelope = _Envelope(address.partition("<")[2], options.strip())

    async def _rcpt(self, rest: str) -> None:
        if self._envelope is None:
            await self._say(503, "5.5.1 MAIL first")
        elif await self._answer(250, "recipient ok", stage="RCPT"):
            self._envelope.recipients.append(rest.partition("<")[2].partition(">")[0])

    async def _data(self, _: str) -> None:
        if self._envelope is None or not self._envelope.recipients:
            await self._say(503, "5.5.1 RCPT first")
            return
        if not await self._answer(354, "go on", stage="DATA"):
            return
        lines = [line async for line in self._lines()]
        envelope, self._envelope = self._envelope, None
        instruction = self._server.instruction("DOT")
        if not isinstance(instruction, KeepAndHangUp) and (action := await self._follow(instruction)):
            await self._say(action.code, action.text)
            return
        octets = b"".join(lines)
        for recipient in envelope.recipients:
            self._server.letters.append(Letter(envelope.sender, recipient, octets, self._number, envelope.options))
        if isinstance(instruction, KeepAndHangUp):
            raise _HangUpError
        await self._say(250, f"2.0.0 filed as {len(self._server.letters)}")

    async def _lines(self) -> AsyncIterator[bytes]:
        """The lines of a letter, without the dots of RFC 5321 §4.5.2."""
        first = True
        while True:
            try:
                line = await self._reader.readline()
            except ConnectionError:
                line = b""
            if not line.endswith(b"\n"):
                self._server.cut_short += 1
                raise ConnectionResetError("the letter was cut short")
            if first and (action := await self._obey("BODY")):
                await self._say(action.code, action.text)
                raise _HangUpError
            first = False
            if line == b".\r\n":
                return
            yield line.removeprefix(b".")

    async def _rset(self, _: str) -> None:
        if await self._answer(250, "forgotten", stage="RSET"):
            self._envelope = None

    async def _noop(self, _: str) -> None:
        await self._answer(250, "still here", stage="NOOP")

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer(self, code: int, *lines: str, stage: str) -> bool:
        """Give the good answer, or do as told; return whether the answer was the good one."""
        if action := await self._obey(stage):
            await self._say(action.code, action.text)
            return False
        await self._say(code, *lines)
        return True

    async def _obey(self, stage: str) -> Answer | None:
        return await self._follow(self._server.instruction(stage))

    async def _follow(self, instruction: Action | None) -> Answer | None:
        """Be silent or cut the connection as told; return the answer to give, or None to go on as usual."""
        match instruction:
            case Silence():
                await self._server._resumed.wait()
                return None
            case HangUp():
                raise _HangUpError
            case KeepAndHangUp():
                raise AssertionError("KEEP_AND_HANG_UP is for DOT: elsewhere there is no letter to keep")
            case _:
                return instruction

    async def _say(self, code: int, *lines: str) -> None:
        for line in lines[:-1]:
            self._writer.write(f"{code}-{line}\r\n".encode())
        self._writer.write(f"{code} {lines[-1]}\r\n".encode())
        await self._writer.drain()
        if code == 421:
            raise _HangUpError


def _server_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    return context
