"""Letters leave by SMTP: the only file that knows aiosmtplib, whose errors it translates.

May import the configuration's and our own values, the errors, access tokens and `retry`.

How far a letter got decides whether it may be sent again. Until the server has answered 354 to DATA it has nothing: a
repeat is safe. After that it may have the letter, whatever breaks: only its own answer counts (RFC 5321 §6.1).
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import cast

import structlog
from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from maild.config.model import Smtp
from maild.errors import Ambiguous, DeliveryError, Permanent, SignInError, Transient, Unreachable
from maild.model import Outgoing
from maild.oauth import Bearers

log = structlog.get_logger(__name__)

# Servers end a session after so many letters that are theirs to choose (commonly 100), and not always politely.
LETTERS_PER_CONNECTION = 50

# How long an unused connection stays open. Servers wait 5 minutes (RFC 5321 §4.5.3.2.7), under load much less.
IDLE = timedelta(seconds=20)

# How long we wait for the answer to QUIT, which tells us nothing.
FAREWELL = timedelta(seconds=3)

# What the library raises when something goes wrong outside (its own mistakes and ours are other types, and stay loud).
_FOREIGN = (SMTPException, OSError, ValueError)

# Answers about our login, wherever they come (RFC 4954 §6): every letter would be refused, so none is to blame.
_LOGIN_CODES = frozenset({530, 534, 535, 538})

_LOCAL_PART = re.compile(r"""[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+ | "(?:[ !\x23-\x5b\x5d-\x7e] | \\[\\"])+" """, re.VERBOSE)
_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


def filing_time(size: int) -> timedelta:
    """How long a server gets to take a letter of `size` octets and to answer it.

    The 10 minutes of RFC 5321 §4.5.3.2.6, because giving up early makes duplicates, and besides the time that the octets
    need on a slow line (10 KB/s), since aiosmtplib's wait begins when we begin to send.
    """
    return timedelta(minutes=10, seconds=size / 10_000)


class SmtpTransport:
    """One server and at most one connection to it, opened when needed and used for many letters.

    `helo` is our name in EHLO. `bearers` has the access tokens of settings with `oauth`. `filing` tells how long the server gets for a letter of so many octets, `idle` is how
    long an unused connection stays open. All calls may come at any time: they take turns.
    """

    def __init__(
        self,
        settings: Smtp,
        *,
        password: str | None,
        helo: str,
        bearers: Bearers | None = None,
        filing: Callable[[int], timedelta] = filing_time,
        idle: timedelta = IDLE,
    ) -> None:
        self._settings = settings
        self._password = password
        self._bearers = bearers
        self._helo = helo
        self._filing = filing
        self._idle = idle
        self._server = settings.host if settings.port is None else f"{settings.host}:{settings.port}"
        self._client: SMTP | None = None
        self._letters = 0  # sent or refused on this connection
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None  # a task nobody holds may vanish

    async def send(self, letter: Outgoing, before_data: Callable[[], Awaitable[None]]) -> str:
        """Send one letter and return the server's answer on one line.

        `before_data` is awaited when the server has accepted the recipient, right before DATA; what it raises is
        raised, and the letter is not sent. Raises Permanent, Transient (Unreachable when no letter is to blame) or
        Ambiguous; `code` is None where the server gave no answer to this letter. Nothing is sent after a cancellation.
        """
        sender = _path(letter.envelope_sender, "envelope sender") if letter.envelope_sender else ""
        recipient = _path(letter.recipient, "recipient")
        async with self._turn:
            self._stop_timer()
            try:
                with self._translated():
                    client = await self._mail(sender, letter.octets)
                    await client.rcpt(recipient)
                await before_data()
                with self._translated():
                    return await self._data(client, letter.octets)
            finally:
                self._letters += 1
                self._start_timer()

    async def close(self) -> None:
        """Say goodbye and close the connection, if there is one. The next letter opens a new one."""
        async with self._turn:
            self._stop_timer()
            await self._quit()

    async def probe(self) -> str:
        """Connect, log in and leave again; return in words what was found. Raises Unreachable with the remedy."""
        async with self._turn:
            self._stop_timer()
            await self._quit()
            client = await self._connect()
            found = _describe(client, self._settings)
            await self._quit()
            return f"{self._server}: {found}"

    # ── one letter ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _mail(self, sender: str, octets: bytes) -> SMTP:
        """Begin a letter on the open connection; on a new one if there is none or the server has given it up."""
        if self._letters >= LETTERS_PER_CONNECTION:
            await self._quit()
        if self._client is not None:
            try:
                await self._client.rset()
                return await self._mail_on(self._client, sender, octets)
            except SMTPSenderRefused as error:
                if error.code != 421:
                    raise
            except (SMTPException, OSError) as error:
                log.debug("smtp-connection-gone", server=self._server, error=type(error).__name__)
            self._abort()
        return await self._mail_on(await self._connect(), sender, octets)

    async def _mail_on(self, client: SMTP, sender: str, octets: bytes) -> SMTP:
        extensions, options = client.esmtp_extensions, []
        if "size" in extensions:
            limit = extensions["size"].strip()
            if limit.isdecimal() and 0 < int(limit) < len(octets):
                raise Permanent(f"{self._server} takes letters of up to {limit} octets, this one has {len(octets)}")
            options.append(f"SIZE={len(octets)}")
        if "8bitmime" in extensions and not octets.isascii():
            options.append("BODY=8BITMIME")
        await client.mail(sender, options=options)
        return client

    async def _data(self, client: SMTP, octets: bytes) -> str:
        """Send the letter itself. DATA and the letter go apart, which aiosmtplib's `data()` does not: see the module."""
        go_on = await client.execute_command(b"DATA")
        if go_on.code != 354 or client.protocol is None:
            raise SMTPDataError(go_on.code, go_on.message)
        wait = self._filing(len(octets)).total_seconds()
        client.protocol.write(_on_the_wire(octets))
        try:
            code, text = await client.protocol.read_response(timeout=wait)
        except (SMTPException, OSError) as error:
            self._abort()  # before anything else: a connection that is merely closed goes on sending the rest
            raise Ambiguous(f"{self._server} had the letter but never answered: {_one_line(str(error))}") from error
        if 400 <= code < 600:
            raise SMTPDataError(code, text)
        if not 200 <= code < 300:  # only the first digit counts (RFC 5321 §4.2.1), and this one means nothing here
            self._abort()
            raise Ambiguous(f"{self._server} had the letter and answered nonsense: {code} {_one_line(text)}")
        return f"{code} {_one_line(text)}"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn foreign errors into ours; give the connection up unless it is certain where the dialogue stands."""
        try:
            yield
        except DeliveryError:
            raise
        except _FOREIGN as error:
            failure = failure_of(error, self._server)
            if failure.code in {None, 421}:
                self._abort()
            raise failure from error
        except BaseException:  # cancelled, or a bug: an answer may be under way that nobody will read
            self._abort()
            raise

    # ── the connection ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _connect(self) -> SMTP:
        """Open a connection, encrypted as configured or not at all, and log in. Raises Unreachable."""
        settings = self._settings
        try:
            context = None if settings.security == "none" else await asyncio.to_thread(_tls_context, settings)
            self._client = SMTP(
                hostname=settings.host,
                port=settings.port,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",  # never None, which falls back to plain text in silence
                tls_context=context,
                local_hostname=_ascii_domain(self._helo),
                timeout=settings.timeout.total_seconds(),
            )
            self._letters = 0
            await self._client.connect()
            await self._client.ehlo()
            await self._login(self._client)
        except SignInError as error:
            self._abort()
            raise Unreachable(f"{self._server} is not asked: {error}") from None
        except _FOREIGN as error:
            self._abort()
            raise unreachable(error, self._server) from error
        except BaseException:
            self._abort()
            raise
        return self._client

    async def _login(self, client: SMTP) -> None:
        """Log in once. aiosmtplib's `login()` tries all mechanisms: three strikes for each wrong password."""
        if self._settings.username is None:
            return
        user, password = self._settings.username, self._password or ""
        mechanism = _choose_mechanism(client, self._settings)
        if self._settings.oauth is not None:
            await self._login_with_token(client, user, self._settings.oauth)
        elif mechanism == "plain":
            await client.auth_plain(user, password)
        elif mechanism == "login":
            await client.auth_login(user, password)
        elif mechanism == "cram-md5":
            await client.auth_crammd5(user, password)
        else:
            raise Unreachable(
                f"{self._server} offers no login that maild knows (PLAIN, LOGIN, CRAM-MD5): "
                "check security and port, or remove username if the server lets us in without one"
            )

    async def _login_with_token(self, client: SMTP, user: str, table: str) -> None:
        """Log in with an access token; where one that was kept is refused, with a new one."""
        assert self._bearers is not None, "whoever knows of [oauth.*] brings its tokens"
        if "xoauth2" not in client.server_auth_methods:
            raise Unreachable(
                f"{self._server} takes no access tokens (XOAUTH2): set password in the smtp settings, not oauth"
            )
        refusal: SMTPAuthenticationError | None = None
        async for token in self._bearers.tokens(table):
            try:
                await client.auth_xoauth2(user, token)
                return
            except SMTPAuthenticationError as error:
                if error.code < 500:  # the server's own trouble, whatever the token
                    raise
                refusal = error
        assert refusal is not None, "there is at least one token"
        raise Unreachable(
            f"{self._server} refused the access token: {_answer(refusal)}. "
            "Check username, scope, and that the application may send from this mailbox",
            code=refusal.code,
        )

    async def _quit(self) -> None:
        if self._client is not None:
            try:
                with suppress(SMTPException, OSError):
                    await self._client.quit(timeout=FAREWELL.total_seconds())
            finally:
                self._abort()

    def _abort(self) -> None:
        """Drop the connection, and all that is still waiting to be sent on it."""
        client, self._client = self._client, None
        if client is not None:
            if client.transport is not None:
                cast(asyncio.Transport, client.transport).abort()
            client.close()

    def _start_timer(self) -> None:
        if self._client is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._idle.total_seconds(), self._idle_too_long)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _idle_too_long(self) -> None:
        self._closing = asyncio.get_running_loop().create_task(self.close())


# ── translation ──────────────────────────────────────────────────────────────────────────────────────────────────────


def failure_of(error: Exception, server: str) -> DeliveryError:
    """Tell what an error of aiosmtplib in the middle of a letter, before its answer was due, means for the letter."""
    match error:
        case SMTPRecipientsRefused():
            return failure_of(error.recipients[0], server)
        case SMTPSenderRefused():
            return _refusal(error, f"{server} refused the envelope sender")
        case SMTPRecipientRefused():
            return _refusal(error, f"{server} refused the recipient")
        case SMTPDataError():
            return _refusal(error, f"{server} refused the letter")
        case SMTPResponseException():
            return Transient(f"{server} answered what nobody asked: {error.code} {_one_line(error.message)}")
        case SMTPNotSupported() | ValueError():
            return Permanent(f"the letter cannot be sent through {server}: {_one_line(str(error))}")
        case TimeoutError():
            return Transient(f"{server} stopped answering in the middle of the letter")
        case _:
            return Transient(
                f"the connection to {server} was lost in the middle of the letter: {_one_line(str(error))}"
            )


def _refusal(error: SMTPResponseException, what: str) -> DeliveryError:
    words = f"{what}: {error.code} {_one_line(error.message)}"
    if error.code in _LOGIN_CODES:
        return Unreachable(f"{words}. Check username and password in the smtp settings", code=error.code)
    if 400 <= error.code < 500:
        return Transient(words, code=error.code)
    if 500 <= error.code < 600:
        return Permanent(words, code=error.code)
    return Transient(words)


def unreachable(error: Exception, server: str) -> Unreachable:
    """Tell what an error of aiosmtplib before any letter means for the server's owner, with the remedy."""
    if isinstance(error, SMTPConnectError) and isinstance(error.__cause__, OSError):
        error = cast(Exception, error.__cause__)
    words = _one_line(str(error))
    match error:
        case SMTPAuthenticationError() if error.code < 500:
            return Unreachable(f"{server} cannot check the login for now: {_answer(error)}", code=error.code)
        case SMTPAuthenticationError():
            return Unreachable(
                f"{server} refused the login: {_answer(error)}. Check username and password in the smtp settings",
                code=error.code,
            )
        case SMTPResponseException():
            return Unreachable(
                f"{server} does not want to talk to us: {_answer(error)}. Check helo, and whether it knows this machine",
                code=error.code if 400 <= error.code < 600 else None,
            )
        case ssl.SSLCertVerificationError():
            return Unreachable(
                f"the certificate of {server} is not good: {error.verify_message}. Have it renewed, "
                "or name the host as the certificate does, or its authority's certificate in ca_file"
            )
        case ssl.SSLError():
            return Unreachable(f"no TLS with {server}: {words}. Check that security fits the port")
        case SMTPServerDisconnected():
            return Unreachable(f"{server} hung up: {words}. Check that security fits the port")
        case TimeoutError():
            return Unreachable(f"{server} does not answer. Check host, port, security and the firewall")
        case OSError():
            return Unreachable(f"{server} cannot be reached: {words}. Check host, port and the name service")
        case _:
            return Unreachable(f"{server} cannot be used: {words}. Check security, port and helo in the smtp settings")


def _answer(error: SMTPResponseException) -> str:
    return f"{error.code} {_one_line(error.message)}"


def _one_line(text: str, longest: int = 400) -> str:
    """Make a server's words fit to be stored and shown: one line, no control characters, no lone surrogates."""
    clean = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in clean).split())[:longest]


# ── small helpers ────────────────────────────────────────────────────────────────────────────────────────────────────


def _path(address: str, what: str) -> str:
    """Return an address as it goes into MAIL and RCPT, its domain in ASCII (RFC 5890). Raises Permanent.

    Strict, because aiosmtplib is not: of "a@b, c@d" it takes what it likes. SMTPUTF8 is not used: too few servers on
    the way to a customer have it.
    """
    local, _, domain = address.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or len(local) > 64:
        raise Permanent(f"the {what} is not an address that mail can be sent to")
    try:
        return f"{local}@{_ascii_domain(domain)}"
    except ValueError as error:
        raise Permanent(f"the {what} is not an address that mail can be sent to: bad domain") from error


def _ascii_domain(domain: str) -> str:
    """Return the domain in punycode where it is not ASCII. Raises ValueError if it is none."""
    ascii_domain = domain.encode("idna").decode("ascii")
    if not _DOMAIN.fullmatch(ascii_domain) or len(ascii_domain) > 253:
        raise ValueError(f"not a domain name: {_one_line(domain)}")
    return ascii_domain


def _on_the_wire(octets: bytes) -> bytes:
    """Return the letter with CR LF line ends only, leading dots doubled, and the final dot (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", octets.removesuffix(b"\n").removesuffix(b"\r"))
    return re.sub(rb"(?m)^\.", b"..", lines) + b"\r\n.\r\n"


def _tls_context(settings: Smtp) -> ssl.SSLContext:
    """Make a context that verifies certificate and name. Reads files, so it belongs in a thread."""
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(cafile=settings.ca_file)
        except OSError as error:
            raise Unreachable(f"ca_file {settings.ca_file} cannot be used: {error}. It must be a PEM file") from error
    return context


def _choose_mechanism(client: SMTP, settings: Smtp) -> str | None:
    """Choose how to log in: inside TLS the plainest, outside it the one that does not show the password."""
    if settings.oauth is not None:
        return "xoauth2"
    order = ("cram-md5", "plain", "login") if settings.security == "none" else ("plain", "login", "cram-md5")
    return next((mechanism for mechanism in order if mechanism in client.server_auth_methods), None)


def _describe(client: SMTP, settings: Smtp) -> str:
    tls = client.get_transport_info("ssl_object")
    limit = client.esmtp_extensions.get("size", "").strip()
    facts = [
        f"{tls.version()}, certificate verified" if tls else "not encrypted",
        f"logged in with {(_choose_mechanism(client, settings) or '').upper()}" if settings.username else "no login",
    ]
    if limit.isdecimal() and int(limit):
        facts.append(f"letters of up to {int(limit)} octets")
    return ", ".join(facts)
