"""An IMAP server on loopback that does what a test tells it to: stall, hang up, refuse, answer oddly.

    server = ScriptedImap({"INBOX": {7: b"Subject: ..."}})
    server.on("UID FETCH", drop)               # once; on(..., times=None): always
    async with server: ... server.port ... server.heard

Without a script it serves letters from memory as a small but honest server. Imports nothing of ours but UTF-7 names.
"""

import asyncio
import re
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

from maild.ingest.imap_grammar import decode_folder

CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS AUTH=PLAIN SASL-IR"
DATE = b'"17-Nov-2026 10:00:00 +0300"'


class Session:
    """One client's connection, as a script sees it."""

    def __init__(self, server: "ScriptedImap", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.folder = ""
        self.idling = ""

    async def say(self, *octets: bytes) -> None:
        """Send octets as they are."""
        self.writer.write(b"".join(octets))
        await self.writer.drain()

    @property
    def letters(self) -> dict[int, bytes]:
        """The letters of the selected folder, by UID."""
        return self.server.folders[self.folder]


Act = Callable[[Session, str, str], Awaitable[None]]  # session, tag, arguments


class ScriptedImap:
    """Serves `folders` (name → UID → octets); `on` replaces its answer to a command."""

    def __init__(
        self,
        folders: Mapping[str, Mapping[int, bytes]],
        *,
        capabilities: str = CAPABILITIES,
        greeting: bytes = b"* OK scripted\r\n",
        tls: ssl.SSLContext | None = None,
        start_tls: ssl.SSLContext | None = None,
    ) -> None:
        self.folders = {name: dict(letters) for name, letters in folders.items()}
        self.flags: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.uidvalidity = 1
        self.capabilities = capabilities
        self.heard: list[str] = []  # commands without tags
        self.connections = 0
        self.port = 0
        self._greeting = greeting
        self._tls = tls
        self._start_tls = start_tls
        self._script: dict[str, list[Act]] = defaultdict(list)
        self._always: dict[str, Act] = {}
        self._sessions: set[Session] = set()
        self._server: asyncio.Server | None = None
        self._quiet = asyncio.Event()  # no session is open
        self._quiet.set()

    def on(self, command: str, act: Act, *, times: int | None = 1) -> None:
        """Let `act` answer the next `times` commands of this name ("UID FETCH", "IDLE", ...); None: all of them."""
        if times is None:
            self._always[command] = act
        else:
            self._script[command] += [act] * times

    async def deliver(self, uid: int, octets: bytes, folder: str = "INBOX") -> None:
        """Put a letter into a folder and tell whoever sits in IDLE there."""
        self.folders[folder][uid] = octets
        for session in self._sessions:
            if session.idling and session.folder == folder:
                await session.say(b"* %d EXISTS\r\n" % len(session.letters))

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for session in list(self._sessions):
            session.writer.transport.abort()
        await self._quiet.wait()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        self._sessions.add(session)
        self._quiet.clear()
        self.connections += 1
        try:
            await session.say(self._greeting)
            while line := await reader.readline():
                await self._answer(session, line.decode().rstrip("\r\n"))
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass
        finally:
            self._sessions.discard(session)
            if not self._sessions:
                self._quiet.set()
            writer.transport.abort()

    async def _answer(self, session: Session, line: str) -> None:
        if line == "DONE":
            await session.say(session.idling.encode(), b" OK idled\r\n")
            session.idling = ""
            return
        tag, _, rest = line.partition(" ")
        self.heard.append(rest)
        words = rest.split(" ", 2) if rest.upper().startswith("UID ") else rest.split(" ", 1)
        name = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
        arguments = rest[len(name) + 1 :]
        script = self._script[name]
        act = script.pop(0) if script else self._always.get(name)
        if act is None:
            act = getattr(type(self), "_do_" + name.lower().replace(" ", "_"))
            await act(self, session, tag, arguments)
        else:
            await act(session, tag, arguments)

    async def _do_capability(self, session: Session, tag: str, _: str) -> None:
        await session.say(f"* CAPABILITY {self.capabilities}\r\n{tag} OK done\r\n".encode())

    async def _do_login(self, session: Session, tag: str, _: str) -> None:
        await session.say(f"{tag} OK logged in\r\n".encode())

    async def _do_authenticate(self, session: Session, tag: str, arguments: str) -> None:
        if " " not in arguments:
            await session.say(b"+ \r\n")
            self.heard.append((await session.reader.readline()).decode().rstrip())
        await session.say(f"{tag} OK logged in\r\n".encode())

    async def _do_starttls(self, session: Session, tag: str, _: str) -> None:
        assert self._start_tls is not None
        await session.say(f"{tag} OK begin\r\n".encode())
        await session.writer.start_tls(self._start_tls)

    async def _do_select(self, session: Session, tag: str, arguments: str) -> None:
        session.folder = decode_folder(arguments.strip('"'))
        if session.folder not in self.folders:
            await session.say(f"{tag} NO [NONEXISTENT] no such folder\r\n".encode())
            return
        uidnext = max(session.letters, default=0) + 1
        await session.say(
            f"* {len(session.letters)} EXISTS\r\n* OK [UIDVALIDITY {self.uidvalidity}] ok\r\n"
            f"* OK [UIDNEXT {uidnext}] ok\r\n{tag} OK [READ-WRITE] done\r\n".encode()
        )

    async def _do_noop(self, session: Session, tag: str, _: str) -> None:
        await session.say(f"{tag} OK done\r\n".encode())

    async def _do_uid_search(self, session: Session, tag: str, arguments: str) -> None:
        found = " ".join(map(str, self.chosen(session, arguments.removeprefix("UID "))))
        await session.say(f"* SEARCH {found}\r\n{tag} OK done\r\n".encode())

    async def _do_uid_fetch(self, session: Session, tag: str, arguments: str) -> None:
        uids, _, items = arguments.partition(" ")
        for uid in self.chosen(session, uids):
            await session.say(self.fetched(session, uid, items))
        await session.say(f"{tag} OK done\r\n".encode())

    async def _do_uid_store(self, session: Session, tag: str, arguments: str) -> None:
        uids, _, flags = arguments.split(" ", 2)
        for uid in self.chosen(session, uids):
            self.flags[session.folder, uid] |= set(flags.strip("()").split())
        await session.say(f"{tag} OK done\r\n".encode())

    async def _do_uid_copy(self, session: Session, tag: str, arguments: str) -> None:
        uids, _, quoted = arguments.partition(" ")
        target = decode_folder(quoted.strip('"'))
        if target not in self.folders:
            await session.say(f"{tag} NO [TRYCREATE] no such folder\r\n".encode())
            return
        for uid in self.chosen(session, uids):
            self.folders[target][max(self.folders[target], default=0) + 1] = session.letters[uid]
        await session.say(f"{tag} OK done\r\n".encode())

    async def _do_uid_move(self, session: Session, tag: str, arguments: str) -> None:
        chosen = self.chosen(session, arguments.partition(" ")[0])
        await self._do_uid_copy(session, tag, arguments)
        for uid in chosen:
            del session.letters[uid]

    async def _do_uid_expunge(self, session: Session, tag: str, arguments: str) -> None:
        for uid in self.chosen(session, arguments):
            if "\\Deleted" in self.flags[session.folder, uid]:
                del session.letters[uid]
        await session.say(f"{tag} OK done\r\n".encode())

    async def _do_idle(self, session: Session, tag: str, _: str) -> None:
        session.idling = tag
        await session.say(b"+ idling\r\n")

    async def _do_logout(self, session: Session, tag: str, _: str) -> None:
        await session.say(f"* BYE\r\n{tag} OK done\r\n".encode())
        session.writer.close()

    @staticmethod
    def chosen(session: Session, uids: str) -> list[int]:
        """Which letters of the folder a UID set means; `*` is the last one (RFC 3501 §6.4.8)."""
        last = max(session.letters, default=0)
        wanted: set[int] = set()
        for part in uids.split(","):
            ends = [last if end == "*" else int(end) for end in part.split(":")]
            wanted.update(uid for uid in session.letters if min(ends) <= uid <= max(ends))
        return sorted(wanted)

    @staticmethod
    def fetched(session: Session, uid: int, items: str) -> bytes:
        """One FETCH answer as an ordinary server gives it."""
        octets = session.letters[uid]
        number = sorted(session.letters).index(uid) + 1
        if "BODY.PEEK" not in items:
            return b"* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE %s)\r\n" % (number, uid, len(octets), DATE)
        origin = b""
        if window := re.search(r"<(\d+)\.(\d+)>", items):
            start, length = int(window[1]), int(window[2])
            octets, origin = octets[start : start + length], b"<%d>" % start
        return b"* %d FETCH (UID %d BODY[]%s {%d}\r\n%s)\r\n" % (number, uid, origin, len(octets), octets)


def say(text: str) -> Act:
    """Answer with `text`, in which {tag} is the command's tag; lines need no \\r."""

    async def act(session: Session, tag: str, _: str) -> None:
        await session.say(text.replace("{tag}", tag).replace("\n", "\r\n").encode())

    return act


async def drop(session: Session, _tag: str, _arguments: str) -> None:
    """Hang up without a word."""
    session.writer.transport.abort()


async def drop_mid_fetch(session: Session, _tag: str, _arguments: str) -> None:
    """Hang up in the middle of a literal."""
    await session.say(b"* 1 FETCH (UID 1 BODY[] {1000}\r\nSubject: half")
    session.writer.transport.abort()


async def stall(_session: Session, _tag: str, _arguments: str) -> None:
    """Say nothing and leave the connection open."""
