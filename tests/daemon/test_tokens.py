"""A desk that signs in with access tokens: it works, and whoever can mend it hears of a secret that has expired."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.ingest.parse import parse
from tests.cli.call import call
from tests.daemon.desk import ROOT, Desk, letter, until
from tests.servers.certs import make_certificate
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.tokens import SECRET, Reply, TokenServer


@pytest.fixture
def provider() -> Iterator[TokenServer]:
    with TokenServer(rotating=True).in_thread() as server:
        yield server


@pytest.fixture
def tokens_only(tmp_path: Path, provider: TokenServer) -> Iterator[Dovecot]:
    (tmp_path / "dovecot").mkdir()
    server = Dovecot(tmp_path / "dovecot", introspection_url=provider.introspection_url)
    server.start()
    yield server
    server.close()


@pytest.fixture
def signed(tmp_path: Path, tokens_only: Dovecot, provider: TokenServer, smtp: SmtpServer) -> Desk:
    """A desk without a password."""
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "refresh").write_text("first-refresh")
    table = f"""
    [oauth.mail]
    token_url = "{provider.token_url}"
    client_id = "desk"
    client_secret = {{ file = "secret" }}
    refresh_token = {{ file = "refresh" }}
    """
    account = f"""
    host = "127.0.0.1"
    port = {tokens_only.port}
    security = "none"
    username = "support"
    oauth = "mail"
    poll = "1s"
    """
    return Desk(tmp_path, smtp.port, {"support": account}, top='silence_after = "3s"', tail=table)


def test_letters_come_with_tokens_and_trouble_is_told(
    signed: Desk, tokens_only: Dovecot, provider: TokenServer, smtp: SmtpServer
) -> None:
    """The secret expires, and the admin reads what to do; another one works at once. No secret is ever in the log."""
    with signed.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        tokens_only.append(letter(id_="tokens"))
        until(lambda: any(sent.recipient == "anna@b.example" for sent in smtp.letters), "an acknowledgement")
        provider.revoke()
        provider.on(Reply(401, {"error": "invalid_client", "error_description": f"{SECRET} expired"}))
        other = {name: table.replace('poll = "1s"', 'poll = "2s"') for name, table in signed.mailboxes.items()}
        signed.write(mailboxes=other)  # connections that stand need no token
        told = until(lambda: [sent for sent in smtp.letters if sent.recipient == "admin@hq.example"], "a letter")
        assert "invalid_client" in parse(told[0].octets).text
        until(
            lambda: "make a new one at the provider" in str(signed.read("status")["mailboxes"]), "trouble in the status"
        )
        provider.behave()
        (signed.path / "secret").write_text(f"{SECRET}\n")  # a changed secret is a changed configuration
        until(lambda: signed.ask("status").status == 0, "a good status")
    text = daemon.log.read_text("utf-8")
    secret = [SECRET, "first-refresh", *provider.given, *provider.refresh_tokens]
    assert [words for words in secret if words in text] == []
    assert '"refresh_token"' in (signed.data / "oauth-mail.json").read_text()


def test_what_the_guide_shows_is_what_is_printed(
    signed: Desk, provider: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/ru/mailboxes.md, for Microsoft 365: the same lines but for names and numbers."""
    chapter = (ROOT / "docs" / "ru" / "mailboxes.md").read_text("utf-8").partition("\n## Microsoft 365\n")[2]
    shown = re.findall(r"(?m)^ok  .*$", chapter.partition("\n## ")[0])
    certificate = make_certificate(tmp_path)
    server = SmtpServer(tls=certificate, accounts={"support": "token-1"}, mechanisms=("XOAUTH2",), size=1000)
    with server.in_thread():
        own = f"""
        [organization.acme.mailbox.support.smtp]
        host = "127.0.0.1"
        port = {server.port}
        security = "starttls"
        ca_file = "{certificate.cert}"
        username = "support"
        oauth = "mail"
        """
        signed.write(tail=signed.tail + own)
        monkeypatch.setenv("MAILD_CONFIG", str(signed.file))
        printed = [line for line in call("check", "--connect").out.splitlines() if "configuration:" not in line]
    assert len(shown) == 3
    assert [nameless(line) for line in printed] == [nameless(line) for line in shown]


def nameless(line: str) -> str:
    """A line of `maild check` without its own names and numbers."""
    line = re.sub(r"SMTP: \S+: ", "SMTP: …: ", re.sub(r"oauth\.\w+|\w+/support", "…", line))
    return re.sub(r"\d+", "1", line)


def test_check_connect_shows_it(signed: Desk, provider: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the provider, then what its tokens open."""
    monkeypatch.setenv("MAILD_CONFIG", str(signed.file))
    done = call("check", "--connect")
    assert done.status == 0, done
    assert "ok  oauth.mail: an access token, used for 54 minute(s)" in done.out.replace("55 minute", "54 minute")
    assert "ok  acme/support: IMAP INBOX: 0 letter(s)" in done.out
    provider.on(Reply(400, {"error": "invalid_scope"}))
    done = call("check", "--connect", "--json")
    assert done.status == 1
    found = {check["what"]: check["found"] for check in done.json["checks"] if not check["good"]}
    assert found.keys() == {"oauth.mail", "acme/support: IMAP INBOX"}
    assert all("check scope" in words for words in found.values())
