"""The IMAP connection: what it says, what it understands, and that nothing makes it hang."""

import asyncio
import base64
import io
import logging
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import getmembers, isclass
from pathlib import Path

import pytest
from aioimaplib import aioimaplib
from hypothesis import example, given
from hypothesis import strategies as st

from maild.config.model import Imap, Server
from maild.config.secret import SecretRef
from maild.errors import SourceError, SourceRefused
from maild.ingest.imap import Connection, signed_in
from maild.ingest.imap_grammar import Item, decode_folder, encode_folder, parse_date, parse_fetch, uid_set
from tests.servers.certs import make_certificate
from tests.servers.dovecot import Dovecot
from tests.servers.imap_script import Act, ScriptedImap, Session, drop, drop_mid_fetch, say, stall

QUICK = timedelta(milliseconds=300)  # for a server that will not answer
PATIENT = timedelta(seconds=20)  # for one that does, on a machine that may be busy
AT_ONCE = 10  # seconds: long before a patient timeout


def plain(server: ScriptedImap, patience: timedelta = PATIENT) -> Server:
    return Server(host="127.0.0.1", port=server.port, security="none", timeout=patience)


async def opened(server: ScriptedImap, folder: str = "INBOX", patience: timedelta = PATIENT) -> Connection:
    connection = await Connection.open(plain(server, patience))
    await connection.login("support", "secret")
    await connection.select(folder)
    return connection


# ── grammar ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("INBOX", "INBOX"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # the RFC's own example
        ("Обращения", "&BB4EMQRABDAESQQ1BD0EOARP-"),
        ("A&B", "A&-B"),
        ("&", "&-"),
        ("", ""),
    ],
)
def test_folder_names_are_modified_utf_7(name: str, encoded: str) -> None:
    """RFC 3501 §5.1.3, and back."""
    assert encode_folder(name) == encoded
    assert decode_folder(encoded) == name


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("&-&")
def test_folder_names_survive_the_way_there_and_back(name: str) -> None:
    """Any name goes out in printable ASCII, and comes back as it was; Python's own UTF-7 agrees on the letters."""
    encoded = encode_folder(name)
    assert all(" " <= c <= "~" for c in encoded)
    assert decode_folder(encoded) == name


@pytest.mark.parametrize("broken", ["&", "&AAAA", "&!!!-", "&A-", "&2D0-"])
def test_a_name_that_is_not_utf_7_stays_as_it_is(broken: str) -> None:
    """A server's odd name is better than none."""
    assert decode_folder(broken) == broken


@given(st.sets(st.integers(1, 60)))
def test_uid_sets_name_exactly_the_given_uids(uids: set[int]) -> None:
    """A range never reaches over a UID that was not given: it may be somebody else's letter."""
    named: set[int] = set()
    for part in filter(None, uid_set(uids).split(",")):
        first, _, last = part.partition(":")
        named.update(range(int(first), int(last or first) + 1))
    assert named == uids


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (" 7-Feb-2026 21:52:25 +0300", datetime(2026, 2, 7, 18, 52, 25, tzinfo=UTC)),
        ("31-DEC-2025 23:30:00 -0100", datetime(2026, 1, 1, 0, 30, tzinfo=UTC)),
        ("31-Dec-9999 23:30:00 -0100", None),
        ("30-Feb-2026 21:52:25 +0300", None),
        ("7-Фев-2026 21:52:25 +0300", None),
        ("NIL", None),
        ("", None),
    ],
)
def test_internaldate_becomes_utc(text: str, instant: datetime | None) -> None:
    """The zone counts, the locale does not, and nonsense is None."""
    assert parse_date(text) == instant


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        pytest.param(
            [b"1 FETCH (UID 7 BODY[] {5}", bytearray(b"a\r\n)b"), b")"],
            [{"UID": b"7", "BODY[]": b"a\r\n)b"}],
            id="literal",
        ),
        pytest.param(
            [b"1 FETCH (BODY[] {3}", bytearray(b"abc"), b" UID 101)"],
            [{"UID": b"101", "BODY[]": b"abc"}],
            id="uid-behind",
        ),
        pytest.param(
            [b"1 FETCH (UID 7 BODY[] {0}", bytearray(b""), b")"], [{"UID": b"7", "BODY[]": b""}], id="empty-literal"
        ),
        pytest.param([b"1 FETCH (UID 7 BODY[] NIL)"], [{"UID": b"7", "BODY[]": None}], id="nil"),
        pytest.param(
            [rb'1 FETCH (UID 7 BODY[] "a \"q\" \\ ( * b NIL")'],
            [{"UID": b"7", "BODY[]": rb'a "q" \ ( * b NIL'}],
            id="quoted",
        ),
        pytest.param(
            [b"1 FETCH (body[]<0> {2}", bytearray(b"ab"), b" uid 7)"], [{"UID": b"7", "BODY[]": b"ab"}], id="partial"
        ),
        pytest.param(
            [b"3 FETCH (FLAGS (\\Seen $x))", b"1 FETCH (UID 7 FLAGS () RFC822.SIZE 12)"],
            [{"FLAGS": [b"\\Seen", b"$x"]}, {"UID": b"7", "FLAGS": [], "RFC822.SIZE": b"12"}],
            id="unsolicited",
        ),
        pytest.param(
            [b'1 FETCH (UID 7 BODY[] "(")', b'* 2 FETCH (UID 8 BODY[] "x")'],
            [{"UID": b"7", "BODY[]": b"("}, {"UID": b"8", "BODY[]": b"x"}],
            id="star-left-behind-a-parenthesis",
        ),
        pytest.param(
            [b"1 FETCH (UID 7 BODY[] {3}", bytearray(b"abc"), b"2 FETCH (UID 8)"], [{"UID": b"8"}], id="one-never-ends"
        ),
        pytest.param([b"1 FETCH (UID)"], [], id="odd"),
        pytest.param([b"OK done"], [], id="none"),
    ],
)
def test_fetch_answers(lines: list[bytes | bytearray], answers: list[dict[str, Item]]) -> None:
    """Whatever form and order a server chooses, each letter comes out with its own octets."""
    assert list(parse_fetch(lines)) == answers


@given(st.lists(st.one_of(st.binary(max_size=30), st.binary(max_size=30).map(bytearray)), max_size=8))
def test_no_answer_breaks_the_parser(lines: list[bytes | bytearray]) -> None:
    """Nonsense from a server yields nothing worse than fewer answers."""
    list(parse_fetch([b"1 FETCH (UID 1 ", *lines]))


# ── opening and logging in ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS and the authority that vouches for it."""
    made = make_certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    return context, made.cert


async def test_tls_is_accepted_with_the_configured_authority_and_only_with_it(tls: tuple[ssl.SSLContext, Path]) -> None:
    """An unknown authority is refused with the name of the key to set."""
    context, ca_file = tls
    async with ScriptedImap({"INBOX": {}}, tls=context) as server:
        trusted = Server(host="127.0.0.1", port=server.port, ca_file=ca_file, timeout=timedelta(seconds=5))
        await (await Connection.open(trusted)).logout()
        with pytest.raises(
            SourceRefused, match=rf"127\.0\.0\.1:{server.port}: its certificate is not trusted .*ca_file"
        ):
            await Connection.open(trusted.model_copy(update={"ca_file": None}))


async def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    """Even with its authority trusted; the message says who must do what."""
    made = make_certificate(tmp_path, expired=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    async with ScriptedImap({"INBOX": {}}, tls=context) as server:
        with pytest.raises(SourceRefused, match=r"expired.*have it renewed on the server"):
            await Connection.open(Server(host="127.0.0.1", port=server.port, ca_file=made.cert))


async def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    """A trusted authority is not enough: the name must be right."""
    made = make_certificate(tmp_path, name="elsewhere.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    async with ScriptedImap({"INBOX": {}}, tls=context) as server:
        with pytest.raises(SourceRefused, match="set host to the name it is for"):
            await Connection.open(Server(host="localhost", port=server.port, ca_file=made.cert))


async def test_a_ca_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Missing, or not PEM: the file is named before anything is sent."""
    (tmp_path / "no.pem").write_text("not a certificate")
    for name in ("missing.pem", "no.pem"):
        with pytest.raises(SourceRefused, match=rf"ca_file .*{name} cannot be used .*PEM"):
            await Connection.open(Server(host="127.0.0.1", port=1, ca_file=tmp_path / name))


async def test_starttls_encrypts_before_the_login(tls: tuple[ssl.SSLContext, Path]) -> None:
    """Capabilities are heard again inside, for those said in clear prove nothing."""
    context, ca_file = tls
    async with ScriptedImap({"INBOX": {}}, capabilities="IMAP4rev1 STARTTLS", start_tls=context) as server:
        settings = Server(host="127.0.0.1", port=server.port, security="starttls", ca_file=ca_file)
        connection = await Connection.open(settings)
        await connection.login("support", "secret")
        await connection.logout()
    assert server.heard == ["CAPABILITY", "STARTTLS", "CAPABILITY", 'LOGIN "support" "secret"', "CAPABILITY", "LOGOUT"]


@pytest.mark.parametrize("greeting", [b"* OK hello\r\n", b"* PREAUTH come in\r\n"], ids=["no-offer", "preauth"])
async def test_starttls_that_is_not_offered_is_refused(greeting: bytes) -> None:
    """Nothing secret is ever said in clear because somebody on the way removed an offer."""
    capabilities = "IMAP4rev1 STARTTLS" if b"PREAUTH" in greeting else "IMAP4rev1"
    async with ScriptedImap({"INBOX": {}}, capabilities=capabilities, greeting=greeting) as server:
        with pytest.raises(SourceRefused, match=r'offers no STARTTLS: set security = "tls"'):
            await Connection.open(Server(host="127.0.0.1", port=server.port, security="starttls"))
    assert server.heard == ["CAPABILITY"]


async def test_words_in_clear_behind_starttls_are_not_taken_for_words_inside(tls: tuple[ssl.SSLContext, Path]) -> None:
    """Half a line before the handshake would be glued to the first line inside (CVE-2011-0411's family)."""
    async with ScriptedImap({"INBOX": {}}, capabilities="IMAP4rev1 STARTTLS") as server:
        server.on("STARTTLS", say("{tag} OK begin\n* CAPABILITY IMAP4rev1 AUTH=EVIL"))
        with pytest.raises(SourceError, match="in clear after STARTTLS"):
            await Connection.open(Server(host="127.0.0.1", port=server.port, security="starttls", ca_file=tls[1]))


async def test_a_server_without_tls_on_the_port_is_refused() -> None:
    """The usual slip, port 143 with security = "tls", is named as such."""
    async with ScriptedImap({"INBOX": {}}) as server:
        with pytest.raises(SourceRefused, match="does not speak TLS here: check port and security"):
            await Connection.open(Server(host="127.0.0.1", port=server.port))


@pytest.mark.parametrize(
    ("greeting", "message"),
    [
        (b"* BYE too many connections\r\n", "too many connections"),
        (b"", "no answer within"),
        (b"220 smtp\r\n", "220 smtp"),
    ],
    ids=["bye", "silence", "not-imap"],
)
async def test_an_unfriendly_greeting_is_worth_another_try(greeting: bytes, message: str) -> None:
    """None of these hangs, and none is for ever."""
    async with ScriptedImap({"INBOX": {}}, greeting=greeting) as server:
        with pytest.raises(SourceError, match=message) as caught:
            await Connection.open(plain(server, QUICK))
    assert not isinstance(caught.value, SourceRefused)


async def test_nobody_there_is_worth_another_try() -> None:
    """A refused connection and an unknown name are told apart."""
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:1: "):
        await Connection.open(Server(host="127.0.0.1", port=1, security="none"))
    with pytest.raises(SourceError, match="cannot be looked up"):
        await Connection.open(Server(host="no-such-host.invalid", port=1, security="none"))


@pytest.mark.parametrize(
    "capabilities", ["IMAP4rev1 AUTH=PLAIN SASL-IR", "IMAP4rev1 AUTH=PLAIN"], ids=["at-once", "asked"]
)
async def test_plain_says_utf_8(capabilities: str) -> None:
    """AUTHENTICATE PLAIN, with and without initial response (RFC 4616, RFC 4959)."""
    async with ScriptedImap({"INBOX": {}}, capabilities=capabilities) as server:
        connection = await Connection.open(plain(server))
        await connection.login("support", "пароль", "plain")
        await connection.close()
    assert base64.b64decode(server.heard[-2].split(" ")[-1]).decode() == "\0support\0пароль"


async def test_login_goes_with_plain_where_ascii_is_not_enough() -> None:
    """A quoted string is ASCII (RFC 3501 §4.3)."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await Connection.open(plain(server))
        await connection.login("support", "пароль")
        await connection.close()
    assert any(said.startswith("AUTHENTICATE PLAIN ") for said in server.heard)


async def test_login_quotes() -> None:
    """Quotation marks and backslashes in a password are data."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await Connection.open(plain(server))
        await connection.login("me too", 'a"b\\c')
        await connection.close()
    assert r'LOGIN "me too" "a\"b\\c"' in server.heard


async def test_a_line_end_in_a_password_is_no_second_command() -> None:
    """It is refused before a word is sent."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await Connection.open(plain(server))
        with pytest.raises(SourceRefused, match="line end"):
            await connection.login("support", "secret\r\nx DELETE INBOX")
        await connection.close()
    assert server.heard == ["CAPABILITY"]


async def test_a_wrong_password_is_refused_without_repeating_it() -> None:
    """The server's words help, the secret and the name in them do not."""
    async with ScriptedImap({"INBOX": {}}) as server:
        server.on("LOGIN", say("{tag} NO [AUTHENTICATIONFAILED] ask me@example.org for pass-word\n"))
        connection = await Connection.open(plain(server))
        with pytest.raises(
            SourceRefused, match=rf"^127\.0\.0\.1:{server.port}: the login is refused .*check username"
        ) as caught:
            await connection.login("me@example.org", "pass-word")
        await connection.close()
    assert "pass-word" not in str(caught.value)
    assert "me@example.org" not in str(caught.value)


async def test_a_login_that_is_refused_for_now_is_worth_another_try() -> None:
    """RFC 5530's UNAVAILABLE says nothing against the password."""
    async with ScriptedImap({"INBOX": {}}) as server:
        server.on("LOGIN", say("{tag} NO [UNAVAILABLE] directory is down\n"))
        connection = await Connection.open(plain(server))
        with pytest.raises(SourceError, match="for now") as caught:
            await connection.login("support", "secret")
        await connection.close()
    assert not isinstance(caught.value, SourceRefused)


async def test_logindisabled_is_obeyed() -> None:
    """No password is said to a server that will not take it in clear (RFC 3501 §6.2.3)."""
    async with ScriptedImap({"INBOX": {}}, capabilities="IMAP4rev1 LOGINDISABLED STARTTLS") as server:
        connection = await Connection.open(plain(server))
        with pytest.raises(SourceRefused, match='set security = "tls"'):
            await connection.login("support", "secret")
        await connection.close()
    assert not any("secret" in said for said in server.heard)


async def test_a_missing_secret_says_what_to_do(tmp_path: Path) -> None:
    """Before the network is touched."""
    settings = Imap(host="127.0.0.1", port=1, username="x", password=SecretRef(file=tmp_path / "missing"))
    with pytest.raises(SourceRefused, match="missing"):
        async with signed_in(settings, None):
            pass
    with pytest.raises(SourceRefused, match="set username, and password or oauth"):
        async with signed_in(settings.model_copy(update={"username": None}), None):
            pass


async def test_the_librarys_log_stays_silent_at_debug() -> None:
    """Its messages hold passwords and letters; turning the root logger up must not show them."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        async with ScriptedImap({"INBOX": {7: b"very private"}}) as server:
            connection = await opened(server)
            assert await connection.bodies([7], 12) == {7: b"very private"}
            await connection.close()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert "secret" not in text.getvalue()
    assert "private" not in text.getvalue()


# ── reading and marking ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_select_tells_the_folder_or_refuses() -> None:
    """UIDVALIDITY, UIDNEXT and count; an unknown folder is named, and the connection is still good for another."""
    async with ScriptedImap({"Обращения": {7: b"a", 9: b"b"}}) as server:
        connection = await opened(server, "Обращения")
        selected = await connection.select("Обращения")
        assert (selected.uidvalidity, selected.uidnext, selected.exists) == (1, 10, 2)
        with pytest.raises(SourceRefused, match=r"folder 'Жалобы' cannot be opened .*check its name in folders"):
            await connection.select("Жалобы")
        assert (await connection.select("Обращения")).exists == 2
        await connection.close()


async def test_search_leaves_out_the_last_letter_that_star_always_finds() -> None:
    """`10:*` names UID 9 when 9 is the last (RFC 3501 §6.4.8)."""
    async with ScriptedImap({"INBOX": {7: b"a", 9: b"b"}}) as server:
        connection = await opened(server)
        assert await connection.search(1) == [7, 9]
        assert await connection.search(8) == [9]
        assert await connection.search(10) == []
        await connection.close()


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("* SEARCH 2 1\n* SEARCH 3\n{tag} OK found 4\n", [1, 2, 3]),
        ("{tag} OK 5 letters\n", []),
        ("* SEARCH\n{tag} OK 5 letters\n", []),
        ("* 9 EXISTS\n* SEARCH 1\n* OK [HIGHESTMODSEQ 8] 8\n{tag} OK done\n", [1]),
    ],
    ids=["several-lines", "no-line", "empty-line", "others-between"],
)
async def test_search_answers(answer: str, found: list[int]) -> None:
    """Numbers count in SEARCH lines, not in the text of the tagged one."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await opened(server)
        server.on("UID SEARCH", say(answer))
        assert await connection.search(1) == found
        await connection.close()


async def test_letters_come_whole_whatever_they_hold() -> None:
    """Octets that look like IMAP, bare line ends, NUL, 8-bit and emptiness arrive as they are."""
    letters = {1: b"", 2: b"a\r\n)\r\n* 1 FETCH (UID 9)\r\nA1 OK\r\n", 3: bytes(range(256)) * 40, 4: b"* {5}\r\n\0\n"}
    async with ScriptedImap({"INBOX": letters}) as server:
        connection = await opened(server)
        assert await connection.bodies([1, 2, 3, 4], 20_000) == letters
        assert {uid: found.size for uid, found in (await connection.list_letters([1, 3])).items()} == {1: 0, 3: 10_240}
        assert await connection.beginning(3, 5) == b"\0\1\2\3\4"
        assert await connection.large_body(3, 10_240, 20_000) == letters[3]
        assert await connection.beginning(77, 5) is None
        assert await connection.large_body(77, 5, 10) is None
        await connection.close()
    assert not any("BODY[" in said for said in server.heard)  # PEEK always


async def test_a_letter_beyond_a_window_is_read_in_pieces_whatever_its_size_was_said_to_be() -> None:
    """RFC822.SIZE is a guess on some servers: neither too small nor too large a guess loses octets."""
    letter = b"0123456789abcdef" * 150_000  # 2.4 MB
    async with ScriptedImap({"INBOX": {1: letter}}) as server:
        connection = await opened(server)
        for guess in (1, len(letter), len(letter) * 2):
            assert await connection.large_body(1, guess, 10_000_000) == letter
        cut = await connection.large_body(1, len(letter), 1_500_000)
        assert cut is not None
        assert letter.startswith(cut)
        assert len(cut) > 1_500_000  # so that the caller sees that it is too large
        await connection.close()


async def test_thousands_of_lines_in_one_answer() -> None:
    """The library alone overflows the stack at a thousand."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await opened(server)
        lines = "".join(f"* {n} FETCH (FLAGS ())\n" for n in range(1, 1501))
        server.on("NOOP", say(lines + "{tag} OK done\n"))
        await connection.noop()
        server.on("UID FETCH", say(lines.replace("FLAGS ()", "UID 5 BODY[] NIL") + "{tag} OK done\n"))
        assert await connection.bodies([5], 0) == {5: b""}
        await connection.close()


@pytest.mark.parametrize(
    ("capabilities", "said", "left"),
    [
        ("IMAP4rev1 MOVE UIDPLUS", ['UID MOVE 1:2 "Done"'], []),
        (
            "IMAP4rev1 UIDPLUS",
            ['UID COPY 1:2 "Done"', r"UID STORE 1:2 +FLAGS.SILENT (\Deleted)", "UID EXPUNGE 1:2"],
            [],
        ),
        ("IMAP4rev1", ['UID COPY 1:2 "Done"', r"UID STORE 1:2 +FLAGS.SILENT (\Deleted)"], [1, 2]),
    ],
    ids=["move", "uidplus", "neither"],
)
async def test_moving_expunges_nobody_elses_letters(capabilities: str, said: list[str], left: list[int]) -> None:
    """Letter 3 was marked deleted by a person who may think better of it."""
    async with ScriptedImap({"INBOX": {1: b"a", 2: b"b", 3: b"c"}, "Done": {}}, capabilities=capabilities) as server:
        server.flags["INBOX", 3].add("\\Deleted")
        connection = await opened(server)
        await connection.move([1, 2], "Done")
        await connection.close()
    assert server.heard[-len(said) :] == said
    assert sorted(server.folders["INBOX"]) == [*left, 3]
    assert sorted(server.folders["Done"].values()) == [b"a", b"b"]


@pytest.mark.parametrize("flag", ["two words", "(x", 'a"', "", "\\", "x\r\ny", "яркий", "*"])
async def test_a_flag_that_is_none_is_refused(flag: str) -> None:
    """It would end up as something else on the wire."""
    async with ScriptedImap({"INBOX": {1: b"a"}}) as server:
        connection = await opened(server)
        with pytest.raises(SourceRefused, match="is no IMAP flag"):
            await connection.add_flag([1], flag)
        await connection.close()


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_idle_ends_with_a_letter_a_wake_or_the_time() -> None:
    """And the connection is good for the next command each time."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await opened(server)
        wake = asyncio.Event()
        assert await connection.wait(wake, timedelta(milliseconds=5)) is True  # SELECT has just spoken of letters
        assert await connection.search(1) == []
        assert await connection.wait(wake, timedelta(milliseconds=5)) is False
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(connection.wait(wake, timedelta(seconds=20)))
            await asyncio.sleep(0.02)
            await server.deliver(1, b"hello")
        assert waiting.result() is True
        assert await connection.search(1) == [1]
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(connection.wait(wake, timedelta(seconds=20)))
            await asyncio.sleep(0.02)
            wake.set()
        assert waiting.result() is False
        await connection.noop()
        await connection.close()


async def test_a_letter_announced_between_search_and_idle_is_not_slept_through() -> None:
    """Servers say EXISTS once, with whatever answer comes next; IDLE would not repeat it."""
    async with ScriptedImap({"INBOX": {}}) as server:
        connection = await opened(server)
        await connection.search(1)
        server.on("NOOP", say("* 1 EXISTS\n{tag} OK done\n"))
        await connection.noop()
        assert await connection.wait(asyncio.Event(), timedelta(seconds=20)) is True
        await connection.close()


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def bye(session: Session, _tag: str, _arguments: str) -> None:
    await session.say(b"* BYE going down\r\n")
    session.writer.close()


async def wrong_tag(session: Session, _tag: str, _arguments: str) -> None:
    await session.say(b"A999 OK what was the question\r\n")


async def bye_in_idle(session: Session, _tag: str, _arguments: str) -> None:
    await session.say(b"+ idling\r\n* BYE Logged out for inactivity\r\n")
    session.writer.close()


async def endless_literal(session: Session, _tag: str, _arguments: str) -> None:
    await session.say(b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n")


CALLS: dict[str, Callable[[Connection], object]] = {
    "SELECT": lambda connection: connection.select("INBOX"),
    "UID SEARCH": lambda connection: connection.search(1),
    "UID FETCH": lambda connection: connection.bodies([1], 1),
    "UID STORE": lambda connection: connection.add_flag([1], "\\Seen"),
    "UID MOVE": lambda connection: connection.move([1], "Done"),
    "UID EXPUNGE": lambda connection: connection.delete([1]),
    "NOOP": lambda connection: connection.noop(),
    "IDLE": lambda connection: connection.wait(asyncio.Event(), timedelta(seconds=20)),
}


@pytest.mark.parametrize("act", [drop, bye, wrong_tag, stall], ids=lambda act: act.__name__)
@pytest.mark.parametrize("command", CALLS)
async def test_no_call_outlives_its_server(command: str, act: Act) -> None:
    """A drop is noticed at once, silence within the timeout, and the connection is not used again."""
    async with ScriptedImap({"INBOX": {1: b"a"}, "Done": {}}) as server:
        connection = await opened(server, patience=QUICK if act is stall else PATIENT)
        await connection.search(1)
        server.on(command, act)
        began = time.monotonic()
        with pytest.raises(SourceError):
            await CALLS[command](connection)  # type: ignore[misc]
        assert time.monotonic() - began < AT_ONCE
        with pytest.raises(SourceError):
            await connection.noop()
        await connection.close()


@pytest.mark.parametrize(
    ("command", "act"),
    [("UID FETCH", drop_mid_fetch), ("UID FETCH", endless_literal), ("IDLE", bye_in_idle)],
    ids=["drop-mid-fetch", "endless-literal", "bye-in-idle"],
)
async def test_half_an_answer_is_no_answer(command: str, act: Act) -> None:
    """Noticed at once, not after a timeout; a literal larger than anything asked for is not swallowed."""
    async with ScriptedImap({"INBOX": {1: b"a"}}) as server:
        connection = await opened(server)
        await connection.search(1)
        server.on(command, act)
        began = time.monotonic()
        with pytest.raises(SourceError):
            await CALLS[command](connection)  # type: ignore[misc]
        assert time.monotonic() - began < AT_ONCE
        await connection.close()


async def test_a_cancelled_call_drops_the_connection() -> None:
    """Its answer would otherwise be taken for the next one's."""
    async with ScriptedImap({"INBOX": {1: b"a"}}) as server:
        connection = await opened(server)
        server.on("NOOP", stall)
        call = asyncio.create_task(connection.noop())
        await asyncio.sleep(0.02)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(SourceError):
            await connection.search(1)
        await connection.close()


async def test_no_error_quotes_the_password() -> None:
    """The library's own messages repeat the command that failed."""
    for act in (wrong_tag, stall, drop):
        async with ScriptedImap({"INBOX": {}}) as server:
            server.on("LOGIN", act)
            connection = await Connection.open(plain(server, QUICK))
            with pytest.raises(SourceError) as caught:
                await connection.login("support", "pass-word")
            await connection.close()
        assert "pass-word" not in repr(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_every_error_of_the_library_is_translated() -> None:
    """When a new version adds one outside its base class, this fails."""
    errors = [cls for _, cls in getmembers(aioimaplib, isclass) if issubclass(cls, BaseException)]
    ours = [cls for cls in errors if cls.__module__ == aioimaplib.__name__]
    assert ours
    assert all(issubclass(cls, aioimaplib.AioImapException) for cls in ours)


# ── a real server ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
@pytest.mark.parametrize("auth", ["login", "plain"])
async def test_dovecot(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, security: str, auth: str) -> None:
    """Every way in, and a folder with a Cyrillic name behind it."""
    uid = dovecot.append(
        "Subject: привет\r\n\r\nя\r\n".encode(), "Обращения и «жалобы»", datetime(2026, 3, 1, 9, tzinfo=UTC)
    )
    secret = tmp_path_factory.mktemp("secret") / "password"
    secret.write_text(dovecot.password)
    settings = Imap.model_validate(
        {
            "host": "127.0.0.1",
            "port": dovecot.tls_port if security == "tls" else dovecot.port,
            "security": security,
            "auth": auth,
            "ca_file": dovecot.ca_file,
            "username": dovecot.user,
            "password": SecretRef(file=secret),
        }
    )
    async with signed_in(settings, None) as connection:
        assert {"IDLE", "MOVE", "UIDPLUS"} <= connection.capabilities
        await connection.select("Обращения и «жалобы»")
        assert uid in await connection.search(1)
        assert (await connection.bodies([uid], 100))[uid].endswith("я\r\n".encode())
        assert (await connection.list_letters([uid]))[uid].received_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
        assert dovecot.flags("Обращения и «жалобы»")[uid] == set()
        await connection.logout()


async def test_dovecot_refuses_a_wrong_password_and_speaks_again(tmp_path: Path, dovecot: Dovecot) -> None:
    """One clear refusal."""
    (tmp_path / "wrong").write_text("wrong")
    settings = Imap(
        host="127.0.0.1",
        port=dovecot.port,
        security="none",
        username="support",
        password=SecretRef(file=tmp_path / "wrong"),
    )
    with pytest.raises(SourceRefused, match="the login is refused"):
        async with signed_in(settings, None):
            pass


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> object:
    server = Dovecot(tmp_path_factory.mktemp("dovecot"))
    server.start()
    yield server
    server.close()


# ── numbers beyond all bounds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("digits", ["9" * 23, "9" * 5000, str(2**32)], ids=["23 digits", "5000 digits", "33 bits"])
@pytest.mark.parametrize("command", ["SELECT", "UID SEARCH", "UID FETCH"])
async def test_a_number_that_imap_does_not_allow_is_a_broken_answer(command: str, digits: str) -> None:
    """Neither a crash nor a value that no database can hold."""
    answers = {
        "SELECT": "* OK [UIDVALIDITY {n}] x\n{tag} OK done\n",
        "UID SEARCH": "* SEARCH 7 {n}\n{tag} OK done\n",
        "UID FETCH": "* 1 FETCH (UID {n} RFC822.SIZE 5)\n{tag} OK done\n",
    }
    async with ScriptedImap({"INBOX": {7: b"x"}}) as server:
        server.on(command, say(answers[command].replace("{n}", digits)))
        with pytest.raises(SourceError, match=r"its answer is not IMAP \(a number of \d+ digits\)"):  # noqa: PT012
            connection = await opened(server)
            await (connection.search(1) if command == "UID SEARCH" else connection.list_letters([7]))
        server.on("UID FETCH", say("* 1 FETCH (UID 7 RFC822.SIZE 99999999999999999999)\n{tag} OK done\n"))
        connection = await opened(server)
        with pytest.raises(SourceError, match="not IMAP"):
            await connection.list_letters([7])
        await connection.close()


async def test_a_name_that_dns_cannot_say_is_refused() -> None:
    """However it got past the configuration."""
    server = Server.model_construct(host="a" * 64 + ".example", port=9, security="none", timeout=QUICK, ca_file=None)
    with pytest.raises(SourceRefused, match="check host"):
        await Connection.open(server)
