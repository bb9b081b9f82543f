"""The demo's SMTP server, on the loopback interface. The only file that knows aiosmtpd."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
LARGEST = 50_000_000  # octets of a letter, as much as maild reads by default

logging.getLogger("mail.log").setLevel(logging.ERROR)  # it warns of its own deprecations whenever a client signs in


class SmtpServer:
    """Takes letters for those whom `knows` knows and hands them to `take`; `async with` runs it.

    `take` gets envelope sender ("" is the null one), recipient and octets, once for each recipient, before the client
    gets its answer. Nobody has to sign in; a mail client that insists may do so with any of `users` and `password`.
    """

    def __init__(
        self,
        knows: Callable[[str], bool],
        take: Callable[[str, str, bytes], Awaitable[None]],
        users: frozenset[str],
        password: str,
    ) -> None:
        self.port = 0
        self._knows = knows
        self._take = take
        self._users = users
        self._password = password
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._protocol, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    def _protocol(self) -> SMTP:
        return SMTP(
            self, data_size_limit=LARGEST, hostname="demo.example", ident="maild demo",
            authenticator=self._authenticate, auth_require_tls=False, loop=asyncio.get_running_loop(),
        )  # fmt: skip

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, who: Any) -> AuthResult:
        good = (
            isinstance(who, LoginPassword)
            and who.login.decode("utf-8", "replace") in self._users
            and who.password.decode("utf-8", "replace") == self._password
        )
        return AuthResult(success=good, handled=False)  # aiosmtpd gives the answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        if not self._knows(address):
            return "550 5.1.1 nobody of this name takes part in the demo"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer the end of DATA."""
        assert isinstance(envelope.content, bytes), "decode_data is off"
        for recipient in envelope.rcpt_tos:
            await self._take(envelope.mail_from or "", recipient, envelope.content)
        return "250 2.0.0 filed"
