"""The demo's IMAP server: mailboxes in memory, on the loopback interface. The only file that knows pymap."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"


class _Config(Config):
    """pymap's settings with a greeting that does not look our host name up, which can take seconds."""

    @property
    def greeting(self) -> bytes:
        return b"maild demo"


class ImapServer:
    """One mailbox for each user name, all with the same password; `async with` runs it."""

    def __init__(self, users: Iterable[str], password: str) -> None:
        direct = ProxyProtocolNoop()
        config = _Config(
            Namespace(), host=HOST, port=0, demo_data=False, demo_user="", demo_password="", tls_enabled=False,
            proxy_protocol=direct, hash_context=Cleartext(), cpu_subsystem=Subsystem.for_asyncio(),
        )  # fmt: skip
        self.port = 0
        self._login = Login(config)
        self._connected = ProxyProtocolReader(direct).get_callback(IMAPServer(self._login, config))
        self._users = {user: UserMetadata(config, user, password=password) for user in users}
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        for user, metadata in self._users.items():
            await self._identity(user).set(metadata)
        self._server = await asyncio.start_server(self._connected, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()  # not wait_closed(): from Python 3.12 on that waits for clients to leave

    async def deliver(self, user: str, octets: bytes, at: datetime) -> None:
        """File a letter in the user's INBOX with `at` (aware) as its INTERNALDATE; clients that IDLE hear of it."""
        async with self._identity(user).new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
        await inbox.append(AppendMessage(octets, at), recent=True)

    def _identity(self, user: str) -> Identity:
        return Identity(user, self._login, None, frozenset())
