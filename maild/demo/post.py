"""The demo's post office: what SMTP takes lands in the recipient's IMAP mailbox. Knows both servers and the cast."""

import asyncio
import contextlib
import smtplib
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from maild.clock import Clock
from maild.demo import imap, smtp
from maild.demo.cast import ACCOUNTS, PASSWORD, SUPPORT
from maild.ingest.parse import parse
from maild.model import Address, Message

HOST = imap.HOST


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A letter as SMTP carries it."""

    sender: str  # "" is the null reverse-path
    recipient: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A letter that SMTP took, and how its recipient reads it."""

    envelope: Envelope
    message: Message
    at: datetime


class PostOffice:
    """Both servers; `arrived` holds every letter that was taken, in order. `async with` runs them."""

    def __init__(self, clock: Clock) -> None:
        self.arrived: list[Arrived] = []
        self._clock = clock
        self._news = asyncio.Condition()
        self._users = {address.key for address in ACCOUNTS}
        users = frozenset(address.addr for address in ACCOUNTS)
        self.imap = imap.ImapServer(users, PASSWORD)
        self.smtp = smtp.SmtpServer(self._knows, self._take, users, PASSWORD)
        self._running = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._running.enter_async_context(self.imap)
        await self._running.enter_async_context(self.smtp)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()

    async def send(self, envelope: Envelope) -> None:
        """Send a letter over SMTP, as its author's mail client or server would."""

        def submit() -> None:
            with smtplib.SMTP(HOST, self.smtp.port, local_hostname="demo.example", timeout=10) as client:
                client.sendmail(envelope.sender, [envelope.recipient], envelope.octets, ["BODY=8BITMIME"])

        await asyncio.to_thread(submit)

    def latest(self, recipient: Address) -> Arrived:
        """Return the letter that reached somebody last. Raises LookupError when there is none."""
        for letter in reversed(self.arrived):
            if base(letter.envelope.recipient) == recipient.key:
                return letter
        raise LookupError(f"nothing has reached {recipient.addr} yet")

    async def wait_for(self, message_id: str) -> Arrived:
        """Return the letter with this Message-ID as soon as SMTP has taken it."""
        async with self._news:
            while True:
                found = next((letter for letter in self.arrived if letter.message.message_id == message_id), None)
                if found is not None:
                    return found
                await self._news.wait()

    @property
    def for_support(self) -> int:
        """How many letters were filed in the support mailbox."""
        return sum(base(letter.envelope.recipient) == SUPPORT.key for letter in self.arrived)

    def _knows(self, address: str) -> bool:
        """Whether SMTP takes letters for somebody: in our own domain for mailboxes that exist, elsewhere as a relay."""
        return base(address) in self._users or not address.casefold().endswith(f"@{SUPPORT.domain}")

    async def _take(self, sender: str, recipient: str, octets: bytes) -> None:
        """File a letter as a delivery agent does, with what it knows of the envelope (RFC 5321 §4.4).

        One for somebody who has no mailbox here goes nowhere, but has been taken all the same.
        """
        at, user = self._clock.now(), base(recipient)
        filed = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() + octets
        if user in self._users:
            await self.imap.deliver(user, filed, at)
        envelope = Envelope(sender=sender, recipient=recipient, octets=octets)
        message = parse(filed)
        async with self._news:
            self.arrived.append(Arrived(envelope=envelope, message=message, at=at))
            self._news.notify_all()


def base(address: str) -> str:
    """Return an address without case and subaddress: support+t1.abc@… is support@… (RFC 5233)."""
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
