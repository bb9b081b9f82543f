"""Access tokens open a real Dovecot and an SMTP server; what is refused is told with its remedy."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from maild.config.model import Imap, Smtp
from maild.errors import SourceError, SourceRefused, Unreachable
from maild.ingest.imap import signed_in
from maild.oauth import Bearers
from maild.outbox.smtp import SmtpTransport
from tests.oauth.conftest import Desk
from tests.outbox.test_smtp import letter, nothing
from tests.servers.dovecot import Dovecot
from tests.servers.imap_script import ScriptedImap, Session
from tests.servers.smtp import Answer, SmtpServer
from tests.servers.tokens import HANG, Reply, TokenServer


@pytest.fixture(scope="module")
def shared() -> Iterator[TokenServer]:
    with TokenServer().in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory, shared: TokenServer) -> Iterator[Dovecot]:
    server = Dovecot(tmp_path_factory.mktemp("dovecot"), introspection_url=shared.introspection_url)
    server.start()
    yield server
    server.close()


@pytest.fixture
def provider(shared: TokenServer) -> TokenServer:
    shared.behave()
    shared.user = "support"
    shared.given.clear()
    shared.requests.clear()
    return shared


def account(dovecot: Dovecot, **more: Any) -> Imap:
    values = {
        "host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": dovecot.user, "oauth": "mail"
    }  # fmt: skip
    return Imap.model_validate(values | more)


async def look(settings: Imap, bearers: Bearers) -> int:
    async with signed_in(settings, bearers) as connection:
        return (await connection.select("INBOX")).exists


# ── IMAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("capability", ["", "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2"], ids=["SASL-IR", "two steps"])
async def test_a_mailbox_is_opened(tmp_path_factory: pytest.TempPathFactory, desk: Desk, capability: str) -> None:
    """With the token in the first line, or asked for; no password is anywhere."""
    server = Dovecot(
        tmp_path_factory.mktemp("d"), introspection_url=desk.provider.introspection_url, capability=capability
    )
    server.start()
    try:
        server.append(b"Subject: a\r\n\r\nb\r\n")
        assert await look(account(server), desk.bearers()) == 1
    finally:
        server.close()


async def test_a_revoked_token_costs_nothing(desk: Desk, dovecot: Dovecot) -> None:
    """A new one is asked for at once, over the same connection."""
    bearers = desk.bearers()
    await look(account(dovecot), bearers)
    desk.provider.revoke()
    await look(account(dovecot), bearers)
    assert len(desk.provider.given) == 2


async def test_a_token_for_another_mailbox(desk: Desk, dovecot: Dovecot) -> None:
    """A new one would be the same, so it is refused at once and not waited for."""
    desk.provider.user = "somebody-else"
    with pytest.raises(SourceRefused) as caught:
        await look(account(dovecot), desk.bearers())
    assert "the access token is refused" in str(caught.value)
    assert "check username, scope, and that the application may read this mailbox by IMAP" in str(caught.value)
    assert len(desk.provider.given) == 1
    assert desk.provider.given[0] not in str(caught.value)


async def test_a_server_without_tokens(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No token is shown to it, none is asked for."""
    server = Dovecot(tmp_path_factory.mktemp("d"))
    server.start()
    try:
        with pytest.raises(SourceRefused, match=r"takes no access tokens .*: set password, not oauth"):
            await look(account(server), desk.bearers())
    finally:
        server.close()
    assert desk.provider.requests == []


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(500, ""), SourceError, "gives no access token for now"),
        (HANG, SourceError, "gives no access token within"),
        (Reply(401, {"error": "invalid_client"}), SourceRefused, "make a new one at the provider"),
    ],
)
async def test_trouble_with_the_provider_is_trouble_with_the_mailbox(
    desk: Desk, dovecot: Dovecot, *, reply: Any, kind: type[SourceError], words: str
) -> None:
    """It backs off as for any trouble, longer where only a person can help."""
    desk.configure(timeout=timedelta(milliseconds=200) if reply is HANG else timedelta(seconds=60))
    desk.provider.on(reply)
    with pytest.raises(SourceError) as caught:
        await look(account(dovecot), desk.bearers())
    assert type(caught.value) is kind
    assert words in str(caught.value)


async def test_what_a_server_is_told(desk: Desk) -> None:
    """XOAUTH2 as its authors describe it, and an empty line in answer to the error that comes before NO."""

    async def refuse(session: Session, tag: str, _: str) -> None:
        await session.say(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        assert await session.reader.readline() == b"\r\n"
        await session.say(f"{tag} NO [AUTHENTICATIONFAILED] not you, {desk.provider.given[-1]}\r\n".encode())

    bearers = desk.bearers()
    await bearers.try_out("mail")
    async with ScriptedImap({"INBOX": {}}, capabilities="IMAP4rev1 SASL-IR AUTH=XOAUTH2") as server:
        server.on("AUTHENTICATE", refuse, times=2)
        settings = Imap(
            host="127.0.0.1", port=server.port, security="none", username="поддержка@пример.рф", oauth="mail"
        )
        with pytest.raises(SourceRefused, match=r"the server says: .*AUTHENTICATIONFAILED. not you, …") as caught:
            await look(settings, bearers)
    said = [base64.b64decode(line.split()[-1]).decode() for line in server.heard if "XOAUTH2" in line]
    assert said == [f"user=поддержка@пример.рф\1auth=Bearer {token}\1\1" for token in desk.provider.given]
    assert len(said) == 2
    assert not [token for token in desk.provider.given if token in str(caught.value)]


# ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def way_out(server: SmtpServer, bearers: Bearers) -> SmtpTransport:
    settings = Smtp(host=server.host, port=server.port, security="none", username="support", oauth="mail")
    return SmtpTransport(settings, password=None, helo="desk.example.com", bearers=bearers)


async def test_a_letter_leaves_with_a_token(desk: Desk) -> None:
    """One that was revoked meanwhile is replaced over the same connection."""
    bearers, accounts = desk.bearers(), {"support": ""}
    await bearers.try_out("mail")
    revoked = desk.provider.given[-1]
    async with SmtpServer(accounts=accounts, mechanisms=("PLAIN", "XOAUTH2")) as server:
        transport = way_out(server, bearers)
        accounts["support"] = revoked
        await transport.send(letter(), nothing)
        await transport.close()
        accounts["support"] = f"token-{int(revoked.removeprefix('token-')) + 1}"  # what the provider gives next
        assert await transport.probe() == f"127.0.0.1:{server.port}: not encrypted, logged in with XOAUTH2"
        assert server.logins == [("XOAUTH2", True), ("XOAUTH2", False), ("XOAUTH2", True)]
        assert (len(server.letters), server.connections) == (1, 2)


async def test_a_token_that_may_not_send(desk: Desk) -> None:
    """No letter is to blame; what to check is said, the token is not."""
    async with SmtpServer(accounts={"support": "another"}, mechanisms=("XOAUTH2",)) as server:
        with pytest.raises(Unreachable) as caught:
            await way_out(server, desk.bearers()).probe()
    assert "refused the access token: 535" in str(caught.value)
    assert "Check username, scope, and that the application may send from this mailbox" in str(caught.value)
    assert len(desk.provider.given) == 1
    assert desk.provider.given[0] not in str(caught.value)


async def test_a_server_in_trouble_costs_no_token(desk: Desk) -> None:
    """It says nothing of the token, so that is kept."""
    async with SmtpServer(accounts={"support": "another"}, mechanisms=("XOAUTH2",)) as server:
        server.on("AUTH", Answer(454, "4.7.0 the directory is down"))
        bearers = desk.bearers()
        for _ in range(2):
            with pytest.raises(Unreachable, match="cannot check the login for now: 454"):
                await way_out(server, bearers).probe()
    assert len(desk.provider.given) == 1


async def test_a_way_out_without_tokens(desk: Desk) -> None:
    """No token is shown to it, none is asked for."""
    async with SmtpServer(accounts={"support": "secret"}) as server:
        with pytest.raises(
            Unreachable, match=r"takes no access tokens .*: set password in the smtp settings, not oauth"
        ):
            await way_out(server, desk.bearers()).probe()
        assert server.logins == []
    assert desk.provider.requests == []


async def test_no_token_no_letter(desk: Desk) -> None:
    """The letter waits as for a server that cannot be reached."""
    desk.provider.on(Reply(503, ""))
    async with SmtpServer(accounts={"support": ""}, mechanisms=("XOAUTH2",)) as server:
        with pytest.raises(Unreachable, match=r"is not asked: \[oauth.mail\]: .* gives no access token for now"):
            await way_out(server, desk.bearers()).send(letter(), nothing)
        assert server.letters == []
