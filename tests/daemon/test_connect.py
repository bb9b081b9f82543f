"""`maild check --connect` against real servers: what would work and what would not, each with its remedy."""

import pytest

from tests.cli.call import call
from tests.daemon.desk import Desk, imap
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


def test_each_server_is_tried(desk: Desk, dovecot: Dovecot, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each folder and each way out; status 1 when one is no good. Nothing is read or sent."""
    monkeypatch.setenv("MAILD_CONFIG", str(desk.file))
    done = call("check", "--connect")
    assert done.status == 0, done
    assert f"ok  acme/support: IMAP {folder}: 0 letter(s)" in done.out
    assert "ok  acme/support: SMTP" in done.out
    (desk.path / "bad").write_text("wrong")
    with SmtpServer().in_thread() as server:
        port = server.port
    desk.write(
        smtp_port=port,
        mailboxes={"support": imap(dovecot, folders='["NeverMade"]'), "sales": imap(dovecot, "bad", folders='["X"]')},
    )
    done = call("check", "--connect", "--json")
    assert (done.status, done.json["ok"]) == (1, False)
    found = {check["what"]: check["found"] for check in done.json["checks"] if not check["good"]}
    assert found.keys() == {
        "acme/support: IMAP NeverMade", "acme/support: SMTP", "acme/sales: IMAP X", "acme/sales: SMTP"
    }  # fmt: skip
    assert "NeverMade" in found["acme/support: IMAP NeverMade"]
    assert "password" in found["acme/sales: IMAP X"]
    assert str(port) in found["acme/support: SMTP"]
