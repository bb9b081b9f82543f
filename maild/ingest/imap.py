"""One IMAP connection that cannot hang. Imports errors, the configuration's shape, access tokens, the IMAP grammar, and aioimaplib alone.

The library is used one layer below its client class, at its protocol, for reasons that were all seen happening: a
waiting caller is never told that the connection died, several calls have no timeout, a thousand lines in one read
overflow the stack, and its messages quote commands, passwords included. It is pinned to 2.0.3, whose internals the
subclass below relies on.
"""

import asyncio
import base64
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from aioimaplib import aioimaplib

from maild.config.model import Imap, Server
from maild.errors import SignInError, SignInRefused, SourceError, SourceRefused
from maild.ingest.imap_grammar import Item, encode_folder, parse_date, parse_fetch, parse_folders, quote, uid_set
from maild.oauth import Bearers

WINDOW = 1_000_000  # octets; a larger letter is read in pieces of this size, so that the loop is never blocked for long
UIDS_AT_ONCE = 200  # per command; the library's parsing is quadratic in the lines of one answer
SLOWEST = 16_384  # octets per second that a line must carry for a body to arrive in time

_LINE_LIMIT = 16_000_000  # octets without a line end; a SEARCH answer of a million UIDs is half of this
_LITERAL_LIMIT = 16_000_000  # octets; we never ask for more than a batch of small letters or a window
_TEMPORARY = (b"UNAVAILABLE", b"SERVERBUG", b"INUSE", b"LIMIT", b"EXPUNGEISSUED")  # RFC 5530 §3
_NUMBER = 2**32 - 1  # the most that a UID, a UIDVALIDITY or a count may be (RFC 3501 §9 `number`)
_SIZE = 2**63 - 1  # the most that a letter's size may be (RFC 9051 §9 `number64`)
_EXISTS = re.compile(rb"\d+ EXISTS")
_FLAG = re.compile(r"\\?[^\x00-\x20\x7f-\uffff(){%*\"\\\]]+")  # RFC 3501 §9 `flag`
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "HTTP_REQUEST")  # OpenSSL's names
_CERTIFICATE_REMEDIES = {  # OpenSSL's X509_V_ERR_* numbers
    9: "correct the clock of this machine or of the server: the certificate is not valid yet",
    10: "the certificate has expired: have it renewed on the server",
    62: "the certificate is for another name: set host to the name it is for",
    64: "the certificate is for another address: set host to the name it is for",
}

# At debug the library writes every octet of the conversation; nobody may turn that on by turning up the root logger.
logging.getLogger(aioimaplib.__name__).addFilter(lambda record: record.levelno >= logging.WARNING)


@dataclass(frozen=True, kw_only=True)
class Selected:
    """An opened folder."""

    uidvalidity: int
    uidnext: int | None  # None: the server does not say
    exists: int  # letters in the folder


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What is known of a letter before it is fetched."""

    uid: int
    size: int | None  # octets as the server counts them; None: it does not say
    received_at: datetime | None  # INTERNALDATE in UTC; None: absent or no date at all


class _Protocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc] # the library has no types
    """The library's protocol, made to tell everybody at once when the connection is gone."""

    current_command: Any
    pending_sync_command: Any
    pending_async_commands: dict[str, Any]

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.greeting: asyncio.Future[bytes] = loop.create_future()
        self.lost = asyncio.Event()
        self.news = asyncio.Event()  # a letter may have arrived, or the connection is gone: stop waiting
        self.idling = self._idle_event
        self.answers: list[bytes] = []  # to the server's `+` while authenticating
        self.last_words = ""  # why the connection ended, as far as we know

    def data_received(self, data: bytes) -> None:
        try:
            self._consume(self.incomplete_line + data)
        except Exception as error:  # raised on into asyncio, it would be logged with the command it quotes
            self.last_words = self.last_words or f"its answer is not IMAP ({type(error).__name__})"
            self.transport.abort()

    def _consume(self, data: bytes) -> None:
        """Do what the library's `_handle_responses` does, as a loop: there it recurses once per line."""
        command, offset = self.current_command, 0
        self.incomplete_line = b""
        while offset < len(data):
            if command is not None and command.wait_literal_data():
                missing = command._expected_size - len(command._resp_literal_data)  # noqa: SLF001 - pinned version
                command.append_literal_data(data[offset : offset + missing])
                offset += missing
                continue
            end = data.find(b"\r\n", offset)
            if end < 0:
                self.incomplete_line = data[offset:]
                break
            line, offset = data[offset:end], end + 2
            command = self._handle_line(line, command)
            if literal := aioimaplib.literal_data_re.match(line):
                command = command or aioimaplib.Command("NIL", "unused")
                command.begin_literal_data(_within(int(literal["size"]), _LITERAL_LIMIT))
            elif command is not None and not command.wait_data():
                command = None
        _within(len(self.incomplete_line), _LINE_LIMIT)
        self.current_command = command

    async def welcome(self, command: bytes) -> None:
        self.state = aioimaplib.AUTH if command.startswith(b"* PREAUTH") else aioimaplib.NONAUTH
        if not self.greeting.done():
            self.greeting.set_result(command)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.state = aioimaplib.LOGOUT
        error = ConnectionError(f"the server closed the connection{': ' if self.last_words else ''}{self.last_words}")
        commands = [self.pending_sync_command, *self.pending_async_commands.values()]
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        for command in filter(None, commands):
            command._exception = error  # noqa: SLF001 - pinned version
            command.close(b"connection lost", "KO")
        if not self.greeting.done():
            self.greeting.set_result(b"* BYE " + self.last_words.encode())
        self.lost.set()
        self.news.set()

    def _untagged_response(self, line: bytes) -> Any:
        """As the library does, but `* ` is removed only from the front of the line."""
        text = line.removeprefix(b"* ")
        if _EXISTS.fullmatch(text):
            self.news.set()
        if text.upper().startswith(b"BYE"):
            self.last_words = _printable(text)
        if self.pending_sync_command is not None:
            self.pending_sync_command.append_to_resp(text)
            return self.pending_sync_command
        if match := aioimaplib.message_data_re.match(text):
            name = match[1]
        else:
            name, _, text = text.partition(b" ")
        command = self.pending_async_commands.get(name.decode("ascii", "replace").upper())
        if command is not None:
            command.append_to_resp(text)
        return command

    def _continuation(self, _line: bytes) -> None:
        command = self.pending_sync_command
        if command is not None and command.name == "AUTHENTICATE":
            self.transport.write((self.answers.pop(0) if self.answers else b"") + b"\r\n")
        elif command is not None and command.name == "IDLE":
            self.idling.set()


class Connection:
    """A conversation with one IMAP server, one command at a time.

    Every method raises SourceError when the server does not answer in time or the connection breaks, and
    SourceRefused when it answers that it will not. After a timeout, a cancellation or nonsense from the server the
    connection is dropped, because its next answer would belong to the last question.
    """

    def __init__(self, protocol: _Protocol, where: str, timeout: timedelta) -> None:
        self._protocol = protocol
        self._where = where
        self._timeout = timeout.total_seconds()
        self._lock = asyncio.Lock()
        self._secrets: tuple[str, ...] = ()  # what the server's words must not repeat in our messages
        self.capabilities: frozenset[str] = frozenset()

    @classmethod
    async def open(cls, server: Server) -> Self:
        """Connect, with TLS verified as `server.security` asks, and hear what the server can do."""
        port = server.port or (993 if server.security == "tls" else 143)
        context = None if server.security == "none" else _tls_context(server.ca_file)
        loop = asyncio.get_running_loop()
        protocol = _Protocol(loop)
        connection = cls(protocol, f"{server.host}:{port}", server.timeout)
        try:
            async with connection._exchange(connection._timeout):
                direct = context if server.security == "tls" else None
                await loop.create_connection(lambda: protocol, server.host, port, ssl=direct)
                greeting = await protocol.greeting
                if not greeting.startswith((b"* OK", b"* PREAUTH")):
                    raise ConnectionError(f"the server does not greet us: {_printable(greeting)}")
            if server.security == "starttls" and context is not None:
                await connection._start_tls(context, server.host)
            await connection._read_capabilities()
        except BaseException:
            await connection.close()
            raise
        return connection

    async def login(self, username: str, password: str, method: Literal["login", "plain"] = "login") -> None:
        """Authenticate with LOGIN or AUTHENTICATE PLAIN (RFC 4616); nothing to do where the server trusts us already.

        A name or password outside ASCII cannot be said with LOGIN and goes with PLAIN.
        """
        if self._protocol.state == aioimaplib.AUTH:
            return
        self._secrets = (password, username)
        if method == "plain" or not (username + password).isascii():
            response = await self._authenticate("PLAIN", f"\0{username}\0{password}")
        elif "LOGINDISABLED" in self.capabilities:
            raise SourceRefused(
                f'{self._where}: the server takes no password here: set security = "tls" or "starttls", or auth = "plain"'
            )
        else:
            response = await self._run("LOGIN", quote(username), quote(password))
        self._expect(response, "the login is refused", "check username and password, and that IMAP is allowed for it")
        self._protocol.state = aioimaplib.AUTH
        await self._read_capabilities()

    async def login_with_token(self, username: str, tokens: AsyncIterator[str]) -> None:
        """Authenticate with the first of `tokens` that the server takes (XOAUTH2, as Google and Microsoft describe it)."""
        if self._protocol.state == aioimaplib.AUTH:
            return
        if "AUTH=XOAUTH2" not in self.capabilities:
            raise SourceRefused(f"{self._where}: the server takes no access tokens (XOAUTH2): set password, not oauth")
        async for token in tokens:
            self._secrets = (token, username)
            response = await self._authenticate("XOAUTH2", f"user={username}\1auth=Bearer {token}\1\1")
            if response.result == "OK":
                break
        remedy = "check username, scope, and that the application may read this mailbox by IMAP"
        self._expect(response, "the access token is refused", remedy)
        self._protocol.state = aioimaplib.AUTH
        await self._read_capabilities()

    async def select(self, folder: str, *, read_only: bool = False) -> Selected:
        r"""Open `folder` (its plain name) for reading and marking; opening it again refreshes what the server shows.

        `read_only`: for reading alone, so that letters stay \Recent for others (RFC 9051 §6.3.3).
        """
        response = await self._run("EXAMINE" if read_only else "SELECT", quote(encode_folder(folder)))
        if response.result != "OK":
            self._protocol.state = aioimaplib.AUTH
        self._expect(response, f"folder {folder!r} cannot be opened", "check its name in folders, or create it")
        self._protocol.state = aioimaplib.SELECTED
        said = b"\n".join(bytes(line) for line in response.lines)
        uidvalidity = re.search(rb"\[UIDVALIDITY (\d+)\]", said, re.IGNORECASE)
        uidnext = re.search(rb"\[UIDNEXT (\d+)\]", said, re.IGNORECASE)
        exists = re.search(rb"^(\d+) EXISTS", said, re.IGNORECASE | re.MULTILINE)
        if uidvalidity is None:
            raise SourceRefused(
                f"{self._where}: folder {folder!r} has no UIDVALIDITY: choose a folder with lasting UIDs"
            )
        return Selected(
            uidvalidity=self._bounded(uidvalidity[1], _NUMBER),
            uidnext=self._bounded(uidnext[1], _NUMBER) if uidnext else None,
            exists=self._bounded(exists[1], _NUMBER) if exists else 0,
        )

    async def find_sent(self) -> str:
        r"""Return the plain name of the one folder that the server marks as \Sent (RFC 6154)."""
        asked = ("RETURN (SPECIAL-USE)",) if {"SPECIAL-USE", "LIST-EXTENDED"} <= self.capabilities else ()
        response = await self._run("LIST", quote(""), quote("*"), *asked)
        self._expect(response, "folders cannot be listed", 'name the folder instead: sent = ["Sent"]')
        found = [name for flags, name in parse_folders(response.lines[:-1]) if "\\sent" in flags]
        if len(found) == 1:
            return found[0]
        said = f"marks {len(found)} folders as \\Sent" if found else "marks no folder as \\Sent"
        among = ", ".join(f'"{name}"' for name in found[:5]) or '"Sent"'
        raise SourceRefused(f'{self._where}: the server {said}, so sent = "auto" finds none: name it: sent = [{among}]')

    async def search(self, first: int) -> list[int]:
        """Return the UIDs from `first` on, ascending, and from now on take note of newer letters (see `wait`)."""
        self._protocol.news.clear()
        # `n:*` names the last letter even when its UID is below n (RFC 3501 §6.4.8)
        return [uid for uid in await self._search(f"{first}:*") if uid >= first]

    async def existing(self, uids: Sequence[int]) -> set[int]:
        """Return those of at most 200 `uids` that are in the folder now."""
        await self.noop()  # lets the server forget what others have expunged
        return set(await self._search(uid_set(uids)))

    async def list_letters(self, uids: Sequence[int]) -> dict[int, Listed]:
        """Return size and arrival of each of at most 200 letters that is still there, by UID."""
        answers = await self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)", len(uids) * 200)
        return {
            uid: Listed(
                uid=uid,
                size=self._number(items.get("RFC822.SIZE"), _SIZE),
                received_at=_date(items.get("INTERNALDATE")),
            )
            for uid, items in answers.items()
        }

    async def bodies(self, uids: Sequence[int], octets: int) -> dict[int, bytes]:
        r"""Return the letters, by UID, that the server hands out, \Seen untouched; `octets` is their sum, roughly.

        NIL counts as an empty letter. A letter may be missing because it is gone or because the server failed.
        """
        answers = await self._fetch(uids, "(UID BODY.PEEK[])", octets)
        return {uid: _octets(items["BODY[]"]) for uid, items in answers.items() if "BODY[]" in items}

    async def beginning(self, uid: int, octets: int) -> bytes | None:
        """Return the first `octets` of a letter, fewer where it is shorter; None where the server hands out nothing."""
        answers = await self._fetch([uid], f"(UID BODY.PEEK[]<0.{octets}>)", octets)
        return _octets(answers[uid]["BODY[]"]) if "BODY[]" in answers.get(uid, {}) else None

    async def large_body(self, uid: int, size: int, limit: int) -> bytes | None:
        """Return a letter of about `size` octets, read in windows; None where the server hands out nothing.

        It ends where the server has no more, for `size` may be a guess; past `limit` octets reading stops.
        """
        body = bytearray()
        while len(body) <= limit:
            answers = await self._fetch([uid], f"(UID BODY.PEEK[]<{len(body)}.{WINDOW}>)", WINDOW)
            if "BODY[]" not in answers.get(uid, {}):
                return None
            window = _octets(answers[uid]["BODY[]"])
            body += window
            if not window or (len(window) < WINDOW and len(body) >= size):
                break
        return bytes(body)

    async def add_flag(self, uids: Sequence[int], flag: str) -> None:
        r"""Set a flag (`\Seen`) or keyword on at most 200 letters."""
        if not _FLAG.fullmatch(flag):
            raise SourceRefused(f"{self._where}: {flag!r} is no IMAP flag: use one word such as \\Seen or $Ticket")
        response = await self._run("STORE", uid_set(uids), "+FLAGS.SILENT", f"({flag})", uid=True)
        self._expect(response, f"flag {flag} cannot be set", "check flag, and that the account may write to the folder")

    async def move(self, uids: Sequence[int], folder: str) -> None:
        """Move at most 200 letters to `folder`; where the server lacks MOVE (RFC 6851), copy and then delete them."""
        to, verb = quote(encode_folder(folder)), "MOVE" if "MOVE" in self.capabilities else "COPY"
        response = await self._run(verb, uid_set(uids), to, uid=True)
        self._expect(response, f"letters cannot be moved to {folder!r}", "check move_to, or create the folder")
        if verb == "COPY":
            await self.delete(uids)

    async def delete(self, uids: Sequence[int]) -> None:
        """Delete at most 200 letters; without UIDPLUS (RFC 4315) they are only marked, lest others' be expunged."""
        await self.add_flag(uids, "\\Deleted")
        if "UIDPLUS" in self.capabilities:
            response = await self._run("EXPUNGE", uid_set(uids), uid=True)
            self._expect(response, "letters cannot be expunged", "check that the account may delete in the folder")

    async def noop(self) -> None:
        """Let the server say what it has to say, and see that it is there."""
        self._expect(await self._run("NOOP"), "NOOP is refused", "look into the server's log")

    async def wait(self, wake: asyncio.Event, at_most: timedelta) -> bool:
        """Sit in IDLE (RFC 2177) until a letter arrived since the last `search`, `wake` is set or the time is over.

        Returns whether a letter arrived. `at_most` stays below the 29 minutes after which servers hang up.
        """
        protocol = self._protocol
        async with self._exchange(None):
            command = aioimaplib.Command("IDLE", protocol.new_tag(), loop=protocol.loop)
            idle = asyncio.create_task(protocol.execute(command))
            try:
                await _race(idle, protocol.idling.wait(), at_most=self._timeout)
                if protocol.idling.is_set() and not idle.done():
                    await _race(idle, protocol.news.wait(), wake.wait(), at_most=at_most.total_seconds())
                    protocol.idle_done()
                elif not idle.done():
                    raise TimeoutError
                async with asyncio.timeout(self._timeout):
                    response = await idle
            finally:
                idle.cancel()
        self._expect(response, "IDLE is refused", "set idle = false to poll instead")
        return protocol.news.is_set()

    async def logout(self) -> None:
        """Say goodbye and close; a server that has gone already is as good."""
        with suppress(SourceError):
            await self._run("LOGOUT")
        await self.close()

    async def close(self) -> None:
        """Drop the connection without a word. May be called twice."""
        if self._protocol.transport is not None:
            self._protocol.transport.abort()
            with suppress(TimeoutError):
                async with asyncio.timeout(1):  # the loss is reported in the loop's next round
                    await self._protocol.lost.wait()

    # ── one exchange ─────────────────────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def _exchange(self, seconds: float | None) -> AsyncIterator[None]:
        """One question and its answer; whatever comes between drops the connection.

        Errors are not chained: the library's quote the command, and a command may hold the password.
        """
        async with self._lock:
            try:
                async with asyncio.timeout(seconds):
                    yield
            except (OSError, ValueError, aioimaplib.AioImapException) as error:
                self._drop()
                raise self._translate(error) from None
            except BaseException:
                self._drop()
                raise

    def _drop(self) -> None:
        if self._protocol.transport is not None:
            self._protocol.transport.abort()

    async def _run(self, name: str, *args: str, uid: bool = False) -> Any:
        """Send any command but FETCH and return its `Response`, whatever its result."""
        return await self._send(partial(aioimaplib.Command, name), args, uid=uid, seconds=self._timeout)

    async def _send(self, make: Callable[..., Any], args: Sequence[str], *, uid: bool, seconds: float) -> Any:
        if any(re.search(r"[\0\r\n]", arg) for arg in args):  # would be read as a second command
            raise SourceRefused(f"{self._where}: a user name, password or folder holds a line end or NUL: remove it")
        async with self._exchange(seconds):
            command = make(self._protocol.new_tag(), *args, prefix="UID" if uid else "", loop=self._protocol.loop)
            return await self._protocol.execute(command)

    async def _fetch(self, uids: Sequence[int], items: str, octets: int) -> dict[int, dict[str, Item]]:
        """Return the items of each letter, by UID, whatever the server's result: what is missing shows by itself."""
        make = partial(aioimaplib.FetchCommand, timeout=self._timeout)  # restarted by each line and chunk that comes
        seconds = self._timeout + octets / SLOWEST
        response = await self._send(make, (uid_set(uids), items), uid=True, seconds=seconds)
        answers: dict[int, dict[str, Item]] = {}
        for answer in parse_fetch(response.lines[:-1]):
            uid = self._number(answer.get("UID"), _NUMBER)
            if uid is not None:
                answers.setdefault(uid, {}).update(answer)
        return answers

    async def _search(self, uids: str) -> list[int]:
        response = await self._run("SEARCH", "UID", uids, uid=True)
        self._expect(response, "SEARCH is refused", "look into the server's log")
        words = [word for line in response.lines[:-1] for word in bytes(line).split()]
        return sorted({self._bounded(word, _NUMBER) for word in words if word.isdigit()})

    def _number(self, item: Item, most: int) -> int | None:
        return self._bounded(item, most) if isinstance(item, bytes) and item.isdigit() else None

    def _bounded(self, digits: bytes, most: int) -> int:
        """Return the number; one that IMAP does not allow, nor any database, drops the connection."""
        if len(digits) > len(str(_SIZE)) or int(digits) > most:
            self._drop()
            raise SourceError(f"{self._where}: its answer is not IMAP (a number of {len(digits)} digits)")
        return int(digits)

    async def _read_capabilities(self) -> None:
        response = await self._run("CAPABILITY")
        self.capabilities = frozenset(
            b" ".join(map(bytes, response.lines[:-1])).decode("ascii", "replace").upper().split()
        )

    async def _start_tls(self, context: ssl.SSLContext, host: str) -> None:
        protocol = self._protocol
        await self._read_capabilities()
        if "STARTTLS" not in self.capabilities or protocol.state != aioimaplib.NONAUTH:
            raise SourceRefused(
                f'{self._where}: the server offers no STARTTLS: set security = "tls" and its port (993)'
            )
        self._expect(await self._run("STARTTLS"), "STARTTLS is refused", 'set security = "tls" and its port (993)')
        async with self._exchange(self._timeout):
            if protocol.incomplete_line or protocol.current_command is not None:
                raise ConnectionError("something was said in clear after STARTTLS")  # it would be taken as said inside
            protocol.transport = await protocol.loop.start_tls(
                protocol.transport, protocol, context, server_hostname=host
            )

    async def _authenticate(self, mechanism: str, proof: str) -> Any:
        """Say all in one go (RFC 4959) where the server lets us; whatever else it asks for is answered with nothing."""
        # surrogateescape: a secret from the environment may not be UTF-8, and goes out as the octets it came as
        encoded = base64.b64encode(proof.encode("utf-8", "surrogateescape"))
        if "SASL-IR" in self.capabilities:
            self._protocol.answers = []
            return await self._run("AUTHENTICATE", mechanism, encoded.decode("ascii"))
        self._protocol.answers = [encoded]
        return await self._run("AUTHENTICATE", mechanism)

    # ── what the server said, in our words ───────────────────────────────────────────────────────────────────────────

    def _expect(self, response: Any, what: str, remedy: str) -> None:
        """Raise unless the result is OK: SourceError where the server calls its trouble passing, else SourceRefused."""
        if response.result == "OK":
            return
        last = bytes(response.lines[-1]) if response.lines else b""
        said = _printable(last)
        for secret in filter(None, self._secrets):
            said = said.replace(secret, "…")
        if last.upper().startswith(tuple(b"[" + code + b"]" for code in _TEMPORARY)):
            raise SourceError(f"{self._where}: {what} for now (the server says: {said})")
        raise SourceRefused(f"{self._where}: {what} (the server says: {said}): {remedy}")

    def _translate(self, error: Exception) -> SourceError:
        """Turn the library's and the system's errors into ours. Never quotes the library: it quotes commands."""
        match error:
            case ssl.SSLCertVerificationError():
                remedy = _CERTIFICATE_REMEDIES.get(error.verify_code, "set ca_file to the PEM file of its authority")
                return SourceRefused(
                    f"{self._where}: its certificate is not trusted ({error.verify_message}): {remedy}"
                )
            case ssl.SSLError() if error.reason in _NO_TLS:
                return SourceRefused(
                    f"{self._where}: the server does not speak TLS here: check port and security (tls 993, starttls 143)"
                )
            case TimeoutError() | aioimaplib.CommandTimeout():
                return SourceError(f"{self._where}: no answer within {self._timeout:g} s")
            case socket.gaierror():
                return SourceError(
                    f"{self._where}: the name cannot be looked up ({error.strerror}): check host and DNS"
                )
            case OSError():
                return SourceError(f"{self._where}: {error}")
            case ValueError():  # UnicodeError among them: a name that DNS or TLS cannot say
                return SourceRefused(f"{self._where}: the connection cannot be made or used: check host and the login")
            case _:
                return SourceError(f"{self._where}: the conversation went wrong ({type(error).__name__})")


@asynccontextmanager
async def signed_in(settings: Imap, bearers: Bearers | None) -> AsyncIterator[Connection]:
    """Connect and log in as `settings` say; the connection is dropped at the end. The secret is read anew each time.

    `bearers` has the access tokens of settings with `oauth`; None: there are no such settings here.
    """
    if settings.username is None or (settings.password is None and settings.oauth is None):
        raise SourceRefused(f"{settings.host}: no login is configured: set username, and password or oauth")
    try:
        password = settings.password.read() if settings.password is not None else ""
    except LookupError as error:
        raise SourceRefused(f"{settings.host}: {error}") from None
    connection = await Connection.open(settings)
    try:
        if settings.oauth is None:
            await connection.login(settings.username, password, settings.auth)
        else:
            assert bearers is not None, "whoever knows of [oauth.*] brings its tokens"
            await _login_with_token(connection, settings.username, bearers.tokens(settings.oauth))
        yield connection
    finally:
        await connection.close()


async def _login_with_token(connection: Connection, username: str, tokens: AsyncIterator[str]) -> None:
    try:
        await connection.login_with_token(username, tokens)
    except SignInRefused as error:
        raise SourceRefused(str(error)) from None
    except SignInError as error:
        raise SourceError(str(error)) from None


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust the system's authorities, and the one in `ca_file` besides."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl.SSLError is one: no certificate in the file
            raise SourceRefused(
                f"ca_file {ca_file} cannot be used ({error.strerror or error}): give a PEM file"
            ) from None
    return context


async def _race(task: asyncio.Task[Any], *others: Coroutine[Any, Any, object], at_most: float) -> None:
    """Return when the first is done or the time is over; only `task` lives on."""
    waiting = [asyncio.ensure_future(other) for other in others]
    try:
        await asyncio.wait([task, *waiting], timeout=at_most, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for other in waiting:
            other.cancel()


def _within(value: int, limit: int) -> int:
    if value > limit:
        raise ValueError(f"{value} octets, more than we can have asked for")
    return value


def _printable(text: bytes) -> str:
    """Return the server's words, fit for one line of a log."""
    return "".join(c if c.isprintable() else "?" for c in text.decode("utf-8", "replace").strip())[:200]


def _octets(item: Item) -> bytes:
    return item if isinstance(item, bytes) else b""


def _date(item: Item) -> datetime | None:
    return parse_date(item.decode("ascii", "replace")) if isinstance(item, bytes) else None
