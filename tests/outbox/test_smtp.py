"""Promises of the SMTP transport, kept before a real server on loopback that misbehaves on purpose."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosmtplib.errors as foreign
import pytest
from aiosmtplib.email import quote_address
from hypothesis import given
from hypothesis import strategies as st

from maild.config.model import Smtp
from maild.errors import Ambiguous, DeliveryError, Permanent, Transient, Unreachable
from maild.model import Outgoing, Purpose
from maild.outbox.smtp import LETTERS_PER_CONNECTION, SmtpTransport, _on_the_wire, _path, failure_of, unreachable
from tests.servers.certs import Certificate, make_certificate
from tests.servers.smtp import HANG_UP, KEEP_AND_HANG_UP, STALL, Answer, SmtpServer, Stage

LINE = b"Subject: =?utf-8?b?0L7RgtCy0LXRgg==?=\r\n\r\n.one dot\r\n..two\r\nend\r\n"
SHORT = timedelta(milliseconds=200)  # for answers that never come
LONG = timedelta(seconds=5)  # for answers that come


def letter(
    recipient: str = "customer@example.org", *, sender: str = "support+v1@example.com", octets: bytes = LINE
) -> Outgoing:
    return Outgoing(
        message_id="m1@example.com",
        mailbox="acme/support",
        purpose=Purpose.ANSWER,
        envelope_sender=sender,
        recipient=recipient,
        octets=octets,
    )


def transport(
    server: SmtpServer, *, password: str | None = None, filing: timedelta = LONG, **settings: Any
) -> SmtpTransport:
    given: dict[str, Any] = {"host": server.host, "port": server.port, "security": "none", "timeout": LONG}
    return SmtpTransport(
        Smtp(**(given | settings)), password=password, helo="desk.example.com", filing=lambda _: filing
    )


class Begun:
    """The caller's side of `before_data`: counts, and fails on demand."""

    def __init__(self, error: Exception | None = None) -> None:
        self.times = 0
        self.error = error

    async def __call__(self) -> None:
        self.times += 1
        if self.error is not None:
            raise self.error


async def nothing() -> None:
    """For tests that do not care about `before_data`."""


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that a real server is about to do."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for, the server may live in a thread
            await asyncio.sleep(0.005)


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("good"))


# ── the good day ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_letter_arrives_octet_for_octet(server: SmtpServer) -> None:
    """Envelope and octets arrive as they were given, dots and all, and the server's answer comes back."""
    begun, smtp = Begun(), transport(server)
    answer = await smtp.send(letter(), begun)
    await smtp.close()
    [arrived] = server.letters
    assert (arrived.sender, arrived.recipient, arrived.octets) == (
        "support+v1@example.com",
        "customer@example.org",
        LINE,
    )
    assert answer == "250 2.0.0 filed as 1"
    assert begun.times == 1
    assert server.commands[-1] == "QUIT"


async def test_null_sender_and_punycode(server: SmtpServer) -> None:
    """The null reverse-path and a Cyrillic domain are sent as every server understands them."""
    smtp = transport(server)
    await smtp.send(letter("Customer@почта.рф", sender=""), nothing)
    await smtp.close()
    assert [(a.sender, a.recipient) for a in server.letters] == [("", "Customer@xn--80a1acny.xn--p1ai")]


async def test_size_and_8bit_are_declared(server: SmtpServer) -> None:
    """The server learns the size, and that a letter is not plain ASCII, only when it is so."""
    smtp = transport(server)
    await smtp.send(letter(), nothing)
    await smtp.send(letter(octets="Привет\r\n".encode()), nothing)
    await smtp.close()
    assert [f"SIZE={len(LINE)}", "SIZE=14 BODY=8BITMIME"] == [arrived.options for arrived in server.letters]


@given(octets=st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"a", b"..", b"\xd0"]), max_size=20).map(b"".join))
def test_nothing_in_a_letter_can_end_it_early(octets: bytes) -> None:
    """Whatever line ends a letter has (SMTP smuggling included), a receiver that follows RFC 5321 sees one letter, whole."""
    wire = _on_the_wire(octets)
    *lines, dot, end = wire.split(b"\r\n")
    assert (dot, end) == (b".", b"")
    assert not set(b"\r\n") & set(b"".join(lines))
    assert b"." not in lines
    plain = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("latin-1").removesuffix("\n")
    assert plain.split("\n") == [line.removeprefix(b".").decode("latin-1") for line in lines]


# ── connections ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_connection_for_many_letters(server: SmtpServer) -> None:
    """Letters share a connection, RSET between them, until it has carried its share."""
    smtp = transport(server)
    for _ in range(LETTERS_PER_CONNECTION + 1):
        await smtp.send(letter(), nothing)
    await smtp.close()
    assert server.connections == 2
    assert len(server.letters) == LETTERS_PER_CONNECTION + 1
    assert server.commands.count("RSET") == LETTERS_PER_CONNECTION - 1


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda server: server.hang_up(), id="closed-while-idle"),
        pytest.param(lambda server: server.on("RSET", HANG_UP, times=1), id="closed-at-RSET"),
        pytest.param(
            lambda server: server.on("RSET", Answer(421, "4.4.2 idle for too long"), times=1), id="421-at-RSET"
        ),
        pytest.param(lambda server: server.on("MAIL", HANG_UP, times=1), id="closed-at-MAIL"),
        pytest.param(
            lambda server: server.on("MAIL", Answer(421, "4.7.0 too many letters"), times=1), id="421-at-MAIL"
        ),
    ],
)
async def test_a_connection_that_went_stale_is_opened_anew(
    server: SmtpServer, spoil: Callable[[SmtpServer], None]
) -> None:
    """A server that gave up an idle connection costs the next letter nothing."""
    smtp = transport(server)
    await smtp.send(letter(), nothing)
    spoil(server)
    await smtp.send(letter(), nothing)
    await smtp.close()
    assert [arrived.connection for arrived in server.letters] == [1, 2]


async def test_a_fresh_connection_is_not_opened_again(server: SmtpServer) -> None:
    """A server that hangs up on a new connection too is left alone."""
    server.on("MAIL", HANG_UP)
    smtp = transport(server)
    with pytest.raises(Transient):
        await smtp.send(letter(), nothing)
    assert server.connections == 1


async def test_an_idle_connection_is_closed_politely(server: SmtpServer) -> None:
    """We do not sit on a server's connections."""
    settings = Smtp(host=server.host, port=server.port, security="none")
    smtp = SmtpTransport(settings, password=None, helo="desk.example.com", idle=timedelta(milliseconds=50))
    await smtp.send(letter(), nothing)
    await until(lambda: server.open == 0)
    assert server.commands[-1] == "QUIT"


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(
    ("code", "expected"), [(450, Transient), (421, Transient), (550, Permanent), (530, Unreachable)]
)
async def test_a_refusal_is_temporary_or_final_as_its_code_says(
    server: SmtpServer, stage: Stage, code: int, expected: type[DeliveryError]
) -> None:
    """4xx waits, 5xx fails, a missing login is no letter's fault; and the next letter goes through."""
    server.on(stage, Answer(code, "4.2.0 слово\x01сервера"), times=1)
    smtp = transport(server)
    with pytest.raises(DeliveryError) as caught:
        await smtp.send(letter(), nothing)
    assert (type(caught.value), caught.value.code) == (expected, code)
    assert f"{code} 4.2.0 слово сервера" in str(caught.value)
    await smtp.send(letter("next@example.org"), nothing)
    await smtp.close()
    assert [arrived.recipient for arrived in server.letters] == ["next@example.org"]
    assert server.connections == (2 if code == 421 else 1)


async def test_nothing_is_begun_for_a_refused_recipient(server: SmtpServer) -> None:
    """`before_data` is for letters that are about to leave, and only those."""
    server.on("RCPT", Answer(550, "no such user"))
    begun, smtp = Begun(), transport(server)
    with pytest.raises(Permanent):
        await smtp.send(letter(), begun)
    await smtp.close()
    assert (begun.times, "DATA" in server.commands) == (0, False)


async def test_what_before_data_raises_stops_the_letter(server: SmtpServer) -> None:
    """If the state cannot be committed the letter does not leave, even when the error looks like a network's."""
    smtp = transport(server)
    with pytest.raises(OSError, match="disk full"):
        await smtp.send(letter(), Begun(OSError("disk full")))
    await smtp.send(letter("next@example.org"), nothing)
    await smtp.close()
    assert [arrived.recipient for arrived in server.letters] == ["next@example.org"]


async def test_too_large_for_the_server() -> None:
    """A letter beyond the advertised SIZE fails at once instead of being uploaded in vain."""
    async with SmtpServer(size=len(LINE) - 1) as server:
        smtp = transport(server)
        with pytest.raises(Permanent, match=rf"letters of up to {len(LINE) - 1} octets, this one has {len(LINE)}"):
            await smtp.send(letter(), nothing)
        await smtp.send(letter(octets=LINE[:-1]), nothing)
        await smtp.close()


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "@example.org", "a@", "a@b, c@d", "a@b@c", "x@y>\r\nRCPT TO:<z@z", "a b@example.org", "<a@example.org>",
        "a@exa mple.org", "a@example..org", "a@.org", "a@" + "x" * 64 + ".org", "клиент@example.org", "a@b\0.org",
        "x" * 65 + "@example.org", "Name <a@example.org>", '"a"b@example.org', "a@example.org\n",
    ],
)  # fmt: skip
async def test_a_bad_address_fails_before_the_server_hears_of_it(server: SmtpServer, address: str) -> None:
    """What is not exactly one address is nobody's: the letter has failed, and nothing was said to the server."""
    smtp = transport(server)
    with pytest.raises(Permanent, match="not an address"):
        await smtp.send(letter(address), nothing)
    if address:
        with pytest.raises(Permanent, match="envelope sender"):
            await smtp.send(letter(sender=address), nothing)
    assert server.connections == 0


quoted = st.text(" !#,;@<>()ab", max_size=8).map(lambda text: f'"{text}\\"\\\\{text}"')
local_parts = st.text("abAB09.!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=64) | quoted
labels = st.text("abAB09-", min_size=1, max_size=20)


@given(local=local_parts, domain=st.lists(labels, min_size=1, max_size=4).map(".".join))
def test_what_passes_goes_out_unchanged(local: str, domain: str) -> None:
    """An address that we let through is the one that the library puts on the wire."""
    try:
        path = _path(f"{local}@{domain}", "recipient")
    except Permanent:
        return
    assert path == f"{local}@{domain}"
    assert quote_address(path) == f"<{path}>"


# ── silence and hanging up ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("action", [STALL, HANG_UP], ids=["stall", "hang-up"])
@pytest.mark.parametrize(
    ("stage", "expected", "begun"),
    [
        ("CONNECT", Unreachable, 0), ("EHLO", Unreachable, 0), ("MAIL", Transient, 0), ("RCPT", Transient, 0),
        ("DATA", Transient, 1), ("BODY", Ambiguous, 1), ("DOT", Ambiguous, 1),
    ],
)  # fmt: skip
async def test_silence_and_hang_up_at_each_stage(
    server: SmtpServer, action: Any, stage: Stage, expected: type[DeliveryError], begun: int
) -> None:
    """Before the letter itself goes out a repeat is safe; from then on it is a matter of doubt. The next letter arrives."""
    server.on(stage, action, times=1)
    counted, smtp = Begun(), transport(server, timeout=SHORT, filing=SHORT)
    with pytest.raises(DeliveryError) as caught:
        await smtp.send(letter(), counted)
    assert (type(caught.value), caught.value.code, counted.times) == (expected, None, begun)
    assert not server.letters
    await smtp.send(letter("next@example.org"), nothing)
    await smtp.close()
    assert [arrived.recipient for arrived in server.letters] == ["next@example.org"]


async def test_an_answer_lost_behind_a_filed_letter_is_in_doubt(server: SmtpServer) -> None:
    """This is the one repeat that SMTP makes unavoidable, so it must not pass for a plain failure."""
    server.on("DOT", KEEP_AND_HANG_UP)
    smtp = transport(server)
    with pytest.raises(Ambiguous, match="never answered"):
        await smtp.send(letter(), nothing)
    assert len(server.letters) == 1


@pytest.mark.parametrize(("code", "sent"), [(252, True), (354, False)])
async def test_odd_answers_to_a_letter(server: SmtpServer, code: int, sent: bool) -> None:
    """Of an answer the first digit counts; one that means nothing leaves the letter in doubt."""
    server.on("DOT", Answer(code, "well"))
    smtp = transport(server)
    if sent:
        assert await smtp.send(letter(), nothing) == f"{code} well"
    else:
        with pytest.raises(Ambiguous, match="nonsense"):
            await smtp.send(letter(), nothing)
    await smtp.close()


def _unsent(smtp: SmtpTransport) -> int:
    """How many octets wait for room in the socket."""
    pipe = smtp._client and smtp._client.transport
    return pipe.get_write_buffer_size() if isinstance(pipe, asyncio.WriteTransport) else 0


@pytest.mark.parametrize("how", ["cancelled", "timed out"])
async def test_a_letter_given_up_in_the_middle_is_not_delivered_behind_our_back(server: SmtpServer, how: str) -> None:
    """What was not yet on the wire when we gave up never goes there: the server sees the end of the connection."""
    server.on("BODY", STALL)
    large = letter(octets=b"x" * 70 + b"\r\n" + (b"y" * 76 + b"\r\n") * 200_000)  # far more than the sockets can hold
    smtp = transport(server, filing=SHORT if how == "timed out" else LONG)
    sending = asyncio.create_task(smtp.send(large, nothing))
    if how == "cancelled":
        await until(lambda: _unsent(smtp) > 1_000_000)
        sending.cancel()
    with pytest.raises((Ambiguous, asyncio.CancelledError)):
        await sending
    server.resume()
    await until(lambda: server.cut_short == 1)
    assert not server.letters


async def test_a_cancelled_dialogue_is_not_continued(server: SmtpServer) -> None:
    """After a cancellation the next letter gets its own answers, not the late ones of the letter before."""
    server.on("RCPT", STALL, times=1)
    smtp = transport(server)
    sending = asyncio.create_task(smtp.send(letter("first@example.org"), nothing))
    await until(lambda: "RCPT" in server.commands)
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending
    server.resume()
    await smtp.send(letter("second@example.org"), nothing)
    await smtp.close()
    assert [(arrived.connection, arrived.recipient) for arrived in server.letters] == [(2, "second@example.org")]


# ── login and encryption ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("security", "offered", "chosen"),
    [
        ("starttls", ("LOGIN", "PLAIN", "CRAM-MD5"), "PLAIN"),
        ("tls", ("LOGIN",), "LOGIN"),
        ("none", ("PLAIN", "LOGIN", "CRAM-MD5"), "CRAM-MD5"),
    ],
)
async def test_encrypted_and_logged_in(
    certificate: Certificate, security: str, offered: tuple[str, ...], chosen: str
) -> None:
    """TLS from the first octet, STARTTLS, or none; the certificate checked; logged in once, by one mechanism."""
    accounts = {"support@example.com": "пароль"}
    async with SmtpServer(tls=certificate, implicit=security == "tls", accounts=accounts, mechanisms=offered) as server:
        settings: dict[str, Any] = {
            "security": security,
            "ca_file": certificate.cert,
            "username": "support@example.com",
        }
        smtp = transport(server, password="пароль", **settings)
        found = await smtp.probe()
        await smtp.send(letter(), nothing)
        await smtp.close()
        assert f"logged in with {chosen}" in found
        assert ("TLSv1.3, certificate verified" in found) == (security != "none")
        assert [(chosen, True)] * 2 == server.logins
        assert len(server.letters) == 1


async def test_a_wrong_password_is_tried_once(certificate: Certificate) -> None:
    """A wrong password is ours to mend: the letter waits, the message says what to do, the account is not locked."""
    async with SmtpServer(tls=certificate, accounts={"support": "right"}) as server:
        settings: dict[str, Any] = {"security": "starttls", "ca_file": certificate.cert, "username": "support"}
        smtp = transport(server, password="s3cret-wrong", **settings)
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:\d+ refused the login: 535 .*Check username") as caught:
            await smtp.send(letter(), nothing)
        assert server.logins == [("PLAIN", False)]
        assert caught.value.code == 535
        assert "s3cret" not in str(caught.value)


def _expired(directory: Path) -> tuple[Certificate, dict[str, Any]]:
    made = make_certificate(directory, expired=True)
    return made, {"ca_file": made.cert}


def _unknown(directory: Path) -> tuple[Certificate, dict[str, Any]]:
    return make_certificate(directory), {}


def _misnamed(directory: Path) -> tuple[Certificate, dict[str, Any]]:
    made = make_certificate(directory)
    return made, {"ca_file": made.cert, "host": "127.0.0.2"}


def _bad_authority(directory: Path) -> tuple[Certificate, dict[str, Any]]:
    return make_certificate(directory), {"ca_file": Path(__file__)}


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        pytest.param(_expired, "certificate has expired. Have it renewed", id="expired"),
        pytest.param(_unknown, "self-signed certificate.*ca_file", id="unknown-authority"),
        pytest.param(_misnamed, "certificate is not valid for '127.0.0.2'.*name the host", id="other-name"),
        pytest.param(_bad_authority, "ca_file .* must be a PEM file", id="ca-file-is-not-pem"),
    ],
)
async def test_a_bad_certificate_never_gets_a_letter(
    tmp_path: Path, security: str, arrange: Callable[[Path], tuple[Certificate, dict[str, Any]]], words: str
) -> None:
    """A server that cannot prove who it is gets neither letters nor passwords; the message says what to do."""
    certificate, settings = arrange(tmp_path)
    async with SmtpServer(tls=certificate, implicit=security == "tls", accounts={"support": "right"}) as server:
        server.host = settings.pop("host", server.host)
        smtp = transport(server, password="right", username="support", security=security, **settings)
        if server.host == "127.0.0.2":
            async with _forwarded(server):
                with pytest.raises(Unreachable, match=words):
                    await smtp.send(letter(), nothing)
        else:
            with pytest.raises(Unreachable, match=words):
                await smtp.send(letter(), nothing)
        assert not server.logins


@contextlib.asynccontextmanager
async def _forwarded(server: SmtpServer) -> AsyncIterator[None]:
    """Make the server reachable under its second address on loopback, too."""
    assert server._server is not None
    context = server._tls if server._implicit else None
    second = await asyncio.start_server(server._connected, "127.0.0.2", server.port, ssl=context)
    try:
        yield
    finally:
        second.close()


async def test_starttls_is_not_optional(server: SmtpServer) -> None:
    """A server (or somebody in between) that offers no STARTTLS does not get the letter in clear."""
    smtp = transport(server, security="starttls")
    with pytest.raises(Unreachable, match="STARTTLS"):
        await smtp.send(letter(), nothing)
    assert "MAIL" not in server.commands


@pytest.mark.parametrize("stage", ["STARTTLS", "AUTH"])
@pytest.mark.parametrize("action", [STALL, HANG_UP, Answer(454, "4.7.0 not now")], ids=["stall", "hang-up", "454"])
async def test_trouble_before_the_first_letter(certificate: Certificate, stage: Stage, action: Any) -> None:
    """Whatever goes wrong before the first letter is the server's trouble, no letter's."""
    async with SmtpServer(tls=certificate, accounts={"support": "right"}) as server:
        server.on(stage, action)
        settings: dict[str, Any] = {
            "security": "starttls",
            "ca_file": certificate.cert,
            "username": "support",
            "timeout": SHORT,
        }
        with pytest.raises(Unreachable):
            await transport(server, password="right", **settings).send(letter(), nothing)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"host": "no-such-host.invalid"}, "cannot be reached: .*Check host, port and the name service"),
        ({"port": 1}, "127.0.0.1:1 cannot be reached: .*Check host"),
        ({"security": "tls"}, "no TLS with .*security fits the port"),
        ({"username": "support"}, "offers no login that maild knows"),
    ],
)
async def test_trouble_names_the_server_and_the_remedy(
    server: SmtpServer, settings: dict[str, Any], words: str
) -> None:
    """An admin who reads the message knows which server it is about and what to try."""
    with pytest.raises(Unreachable, match=words):
        await transport(server, **settings).probe()


async def test_a_server_that_refuses_to_talk(server: SmtpServer) -> None:
    """A 5xx greeting is about us, so letters wait for the admin."""
    server.on("CONNECT", Answer(554, "5.7.1 blacklisted"))
    with pytest.raises(Unreachable, match=r"554 5\.7\.1 blacklisted") as caught:
        await transport(server).send(letter(), nothing)
    assert caught.value.code == 554


def test_the_server_runs_in_a_thread_too() -> None:
    """Tests of other processes and synchronous ones use the same server."""
    with SmtpServer().in_thread() as server:

        async def send() -> None:
            smtp = transport(server)
            await smtp.send(letter(), nothing)
            await smtp.close()

        asyncio.run(send())
        assert len(server.letters) == 1


# ── completeness ─────────────────────────────────────────────────────────────────────────────────────────────────────

REFUSED = foreign.SMTPRecipientRefused(550, "no", "a@example.org")
IN_A_LETTER: dict[Exception, type[DeliveryError]] = {
    foreign.SMTPException("x"): Transient,
    foreign.SMTPServerDisconnected("x"): Transient,
    foreign.SMTPConnectError("x"): Transient,
    foreign.SMTPTimeoutError("x"): Transient,
    foreign.SMTPConnectTimeoutError("x"): Transient,
    foreign.SMTPReadTimeoutError("x"): Transient,
    foreign.SMTPNotSupported("x"): Permanent,
    foreign.SMTPResponseException(-1, "x"): Transient,
    foreign.SMTPConnectResponseError(554, "x"): Transient,
    foreign.SMTPHeloError(550, "x"): Transient,
    foreign.SMTPDataError(554, "x"): Permanent,
    foreign.SMTPDataError(250, "x"): Transient,
    foreign.SMTPAuthenticationError(535, "x"): Transient,
    foreign.SMTPSenderRefused(451, "x", "a@example.org"): Transient,
    REFUSED: Permanent,
    foreign.SMTPRecipientsRefused([REFUSED]): Permanent,
    ValueError("x"): Permanent,
    ssl.SSLError("x"): Transient,
    ConnectionResetError("x"): Transient,
}


def test_every_error_of_the_library_is_known() -> None:
    """A new release that brings a new error fails here, and somebody decides what it means."""
    theirs = {
        thing for thing in vars(foreign).values() if isinstance(thing, type) and thing.__module__ == foreign.__name__
    }
    assert theirs == {type(error) for error in IN_A_LETTER if type(error).__module__ == foreign.__name__}
    assert set(foreign.__all__) == {kind.__name__ for kind in theirs}


@pytest.mark.parametrize(
    ("error", "expected"), IN_A_LETTER.items(), ids=lambda x: getattr(x, "__name__", type(x).__name__)
)
def test_every_error_of_the_library_has_a_meaning(error: Exception, expected: type[DeliveryError]) -> None:
    """In the middle of a letter it concerns the letter; before any letter it concerns the server."""
    failure = failure_of(error, "smtp.example.org")
    assert isinstance(failure, expected)
    assert "smtp.example.org" in str(failure)
    assert "smtp.example.org" in str(unreachable(error, "smtp.example.org"))
