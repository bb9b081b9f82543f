"""`init`, `check` and `db`: a folder to begin with, problems told with their remedies, a memory that can be kept safe."""

import re
import stat
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.store import open_database
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

PAGE = (Path(__file__).parents[2] / "docs" / "ru" / "services.md").read_text("utf-8")


def test_init_in_ones_own_words(tmp_path: Path) -> None:
    """Options become the configuration; what is written checks once the password is where the folder says."""
    folder = tmp_path / "desk"
    done = call(
        "init", str(folder), "--address", "help@romashka.example", "--name", "ООО «Ромашка»", "--organization", "romashka",
        "--prefix", "RO", "--imap", "mail.romashka.example", "--smtp", "relay.romashka.example",
    )  # fmt: skip
    assert done.status == 0
    assert f"maild check --connect --config {folder}/config.toml" in done.out
    config = load_config(folder / "config.toml").config
    organization = config.organization["romashka"]
    assert (organization.name, organization.number_prefix) == ("ООО «Ромашка»", "RO")
    box = organization.mailbox["support"]
    assert box.imap is not None
    assert config.smtp is not None
    assert (box.address, box.imap.host, config.smtp.host) == (
        "help@romashka.example", "mail.romashka.example", "relay.romashka.example"
    )  # fmt: skip
    checked = call("check", "-c", str(folder / "config.toml"))
    assert checked.status == 78
    assert "secrets/mail does not exist" in checked.stderr
    (folder / "secrets" / "mail").write_text("secret")
    checked = call("check", "-c", str(folder / "config.toml"))
    assert checked.status == 0
    assert "no [admin]" in checked.out


def test_init_refuses(tmp_path: Path) -> None:
    """Values that cannot be used, and a folder that is taken; in JSON as in words."""
    done = call("init", str(tmp_path), "--address", "nobody", "--prefix", "-", "--json")
    assert done.status == 78
    assert "address" in done.stderr
    assert [problem["key"] for problem in done.json["problems"]] == ["address", "prefix"]
    assert list(tmp_path.iterdir()) == []
    assert "config.toml" in call("init", str(tmp_path), "--json").json["files"][-1]
    assert "Nothing was written" in call("init", str(tmp_path)).stderr


def test_check_tells_every_problem(desk: Desk) -> None:
    """All at once, with file, line, key and remedy; status 78; as JSON for programs. Nothing is made on disk."""
    assert call("check").status == 0
    assert call("check", "--json").json["ok"] is True
    assert not desk.data.exists()
    desk.write(top='silence_after = "soon"\n[log]\nlevle = "info"')
    done = call("check", "--json")
    assert (done.status, done.json["ok"]) == (78, False)
    keys = {problem["key"]: problem for problem in done.json["problems"]}
    assert keys.keys() == {"silence_after", "log.levle"}
    assert keys["log.levle"]["line"] == 4
    assert "Did you mean `level`?" in keys["log.levle"]["remedy"]
    for part in ("config.toml", "     4  log.levle", "2 problems in 1 file"):
        assert part in done.stderr


def test_check_tells_which_cells_a_person_decides(desk: Desk) -> None:
    """As the guide to the table shows it, of the guide's own example; nothing where there is no table."""
    assert "service" not in call("check").out
    desk.write(tail="\n".join(re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE)))
    (said,) = (line for line in call("check").out.splitlines() if "service(s)" in line)
    assert said in PAGE
    assert said.endswith("a person decides in 2 of 6 cell(s): fixing at start, code at reliable")


def test_check_asks_the_register(served: Desk) -> None:
    """A client that an imported one contradicts would keep the daemon from starting: it is told beforehand."""
    (served.path / "clients.csv").write_text("Ключ;Название;Адреса\nzeus;АО «Зевс»;a@zeus.example\n", "utf-8")
    assert call("client", "import", "clients.csv", "--yes").status == 0
    assert call("check").status == 0
    served.write(tail='[organization.acme.client.apollo]\nname = "Аполлон"\naddresses = "A@zeus.example"\n')
    done = call("check")
    assert done.status == 78
    assert "client apollo (configured)" in done.stderr
    assert "client zeus (imported)" in done.stderr
    assert [line.split()[0] for line in call("client", "list").out.splitlines()[1:]] == [
        "debtor", "former", "vasilek", "zeus"
    ]  # fmt: skip


def test_check_tries_secrets_and_templates(desk: Desk) -> None:
    """Whatever would keep the daemon from starting is found beforehand, a token key that is too short, too."""
    (desk.path / "words").mkdir()
    (desk.path / "words" / "answer.txt").write_text("{{ txet }}", "utf-8")
    (desk.path / "key").write_text("short")
    good = desk.text()
    desk.write(top='tokens.key = { file = "key" }')
    assert "32 are needed" in call("check").stderr
    desk.file.write_text(good.replace('number_prefix = "ACME"', 'number_prefix = "ACME"\ntemplates = "words"'), "utf-8")
    done = call("check")
    assert done.status == 78
    assert "txet" in done.stderr
    desk.write(
        top="", mailboxes={"support": 'host = "127.0.0.1"\nusername = "u"\npassword = { env = "MAILD_NO_SUCH" }'}
    )
    assert "MAILD_NO_SUCH is not set" in call("check").stderr


def test_the_schema(desk: Desk) -> None:
    """Its version before, without and after a database; an upgrade waits for the daemon to end."""
    assert call("db", "version").out == "none\n"
    assert not desk.data.exists()
    revision = call("db", "upgrade", "--json").json["revision"]
    assert call("db", "version", "--json").json == {"revision": revision}
    daemons = open_database(load_config(desk.file).config)
    daemons.lock()
    done = call("db", "upgrade")
    assert done.status == 1
    assert "stop it first" in done.stderr
    daemons.close()


def test_a_backup_can_be_restored(desk: Desk) -> None:
    """Copied beside a running desk, closed to others; a desk on the copy has everything, tokens included."""
    assert call("db", "backup", "copy").status == 1, "nothing to back up yet"
    call("receive", "-m", "acme/support", stdin=letter())
    (desk.data / "oauth-m365.json").write_text("{}")
    files = call("db", "backup", "copy", "--json").json["files"]
    assert [Path(path).name for path in files] == ["maild.sqlite3", "token.key", "oauth-m365.json", "blobs"]
    assert stat.S_IMODE((desk.path / "copy").stat().st_mode) == 0o700
    assert "is not empty" in call("db", "backup", "copy").stderr
    desk.file.write_text(desk.text().replace('data_dir = "data"', 'data_dir = "copy"'), "utf-8")
    assert call("ledger").status == 0
    assert call("explain", "1", "--again", "--json").status == 0
    assert call("receive", "-m", "acme/support", "--json", stdin=letter()).json[0]["outcome"]["kind"] == "duplicate"


@pytest.mark.parametrize("command", ["ledger", "status", "ticket list", "outbox list", "quarantine list", "replay 1"])
def test_before_the_first_start(desk: Desk, command: str) -> None:
    """There is nothing to look at, which is said; nothing is made by looking."""
    done = call(*command.split(), "--json")
    assert done.status == 1
    assert "maild run" in done.stderr
    assert done.json == {"ok": False, "error": done.stderr.removeprefix("maild: ").rstrip("\n"), "problems": []}
    assert not (desk.data / "maild.sqlite3").exists()
