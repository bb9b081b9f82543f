"""`maild backtest`: what an admin sees before a rule goes live."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from maild.cli.output import Exit
from maild.outbox.serialize import serialize
from tests.cli.call import Done, call
from tests.daemon.desk import ROOT, Desk, letter
from tests.pace import find_crowd

MANUAL = (ROOT / "docs" / "ru" / "backtest.md").read_text("utf-8")
BEFORE, AFTER = re.findall(r"(?s)```toml\n(.*?)```", MANUAL)
(SHOWN,) = re.findall(r"(?s)```\n\$ maild backtest new\n(.*?)```", MANUAL)
LETTERS = (
    ("Анна <anna@client.example>", "Печать", "Принтер не печатает, помогите."),
    ("Пётр <petr@buh.example>", "Акты за ноябрь", "Пришлите, пожалуйста, акты сверки."),
    ("Оптовик <opt@sales.example>", "Скидки", "Только сегодня выгодные предложения для вашей фирмы!"),
    ("Анна <anna@client.example>", "Счёт 117", "В счёте забыли скидку, исправьте."),
)
RULE = (
    '\n[organization.acme.category.help]\nname = "Помощь"\n[organization.acme.rule.help]\n{}\nthen.category = "help"\n'
)
HELP = RULE.format('when.words = "помогите"')


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk with three letters, and a folder `new` with the same configuration."""
    for n in range(3):
        call("receive", "-m", "acme/support", stdin=letter("Помогите!", sender=f"c{n}@b.example", id_=f"l{n}"))
    (desk.path / "new").mkdir()
    new(desk)
    return desk


def new(desk: Desk, more: str = "", *, data: str = "../data") -> None:
    text = desk.text().replace('data_dir = "data"', f'data_dir = "{data}"')
    (desk.path / "new" / "config.toml").write_text(text + more, "utf-8")


def test_nothing_changes(desk: Desk) -> None:
    done = call("backtest", "new")
    assert (done.status, done.stderr) == (Exit.OK, "")
    assert re.fullmatch(r"3 letter\(s\) since .* UTC, 0 would end otherwise\n", done.out)
    assert call("backtest", "new", "--json").json["changed"] == []


def test_something_changes(desk: Desk) -> None:
    """The counts first, then each letter; a script sees it by the status, and has all of it as JSON."""
    new(desk, HELP)
    done = call("backtest", "new/config.toml", "--limit", "1")
    assert done.status == Exit.NO
    for words in ("3 letter(s)", "3 would end otherwise", "category  3        — → help (3)", "… and 2 more: --limit 3"):
        assert words in done.out, done.out
    assert done.out.count("letter 1, ") == 1
    assert '    · rule help (new): words "помогите": "Помогите" in the text' in done.out.splitlines()
    assert "    +Вид обращения: Помощь" in done.out.splitlines()
    found = call("backtest", "new", "--json")
    assert found.status == Exit.NO
    assert [one["letter"] for one in found.json["changed"]] == [1, 2, 3]
    assert found.json["changed"][0]["changes"][0] | {"why": []} == {
        "aspect": "category", "before": "", "after": "help", "why": [], "lines": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "letters"),
    [
        (["--letters", "2"], [2, 3]),
        (["--since", "1h"], [1, 2, 3]),
        (["--since", "0s"], []),
        (["--organization", "acme"], [1, 2, 3]),
        (["--jobs", "2"], [1, 2, 3]),
    ],
)
def test_which_letters(desk: Desk, options: list[str], letters: list[int]) -> None:
    new(desk, HELP)
    done = call("backtest", "new", "--json", *options)
    assert [one["letter"] for one in done.json["changed"]] == letters
    assert done.json["letters"] == len(letters)


def test_what_does_not_count_is_told(desk: Desk) -> None:
    """A copy of the folder usually names another data_dir, and need not have the secrets."""
    smtp = '[organization.acme.mailbox.support.smtp]\nhost = "h"\nusername = "u"\npassword = { file = "nowhere" }\n'
    new(desk, HELP + smtp, data="data")
    done = call("backtest", "new")
    assert done.status == Exit.NO
    assert "data_dir of new/config.toml does not count: letters and tickets are those of" in done.out
    assert not (desk.path / "new" / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["nowhere"], Exit.CONFIG, "nowhere"),
        (["new", "--since", "soon"], Exit.USAGE, '"soon" is no span of time'),
        (["new", "--organization", "beta"], Exit.NO, "there are: acme"),
        (["new", "--html", "config.toml"], Exit.NO, "config.toml exists: give another name, or say --overwrite"),
        (["new", "--html", "no/such/folder.html"], Exit.NO, "cannot be written"),
    ],
)
def test_mistakes(desk: Desk, arguments: list[str], status: Exit, told: str) -> None:
    done = call("backtest", *arguments)
    assert done.status == status
    assert told in done.stderr


@pytest.mark.parametrize(
    "more", ["[organization.acme.rule.x]\n", RULE.format('when.word = "x"'), RULE.format('when.matches = "("')]
)
def test_a_wrong_configuration_is_told_as_check_does(desk: Desk, more: str) -> None:
    """The same words, and the same status."""
    new(desk, more)
    done, checked = call("backtest", "new"), call("check", "-c", "new/config.toml")
    assert done.status == checked.status == Exit.CONFIG
    assert done.stderr == checked.stderr
    assert done.stderr.startswith("new/config.toml\n")


def with_template(desk: Desk, text: str) -> None:
    """Give the other configuration an acknowledgement of its own."""
    (desk.path / "new" / "t").mkdir()
    (desk.path / "new" / "t" / "acknowledgement.txt").write_text(text, "utf-8")
    path = desk.path / "new" / "config.toml"
    path.write_text(path.read_text("utf-8").replace("number_prefix", 'templates = "t"\nnumber_prefix'), "utf-8")


def test_a_broken_template_is_told(desk: Desk) -> None:
    """Before any letter is looked at."""
    with_template(desk, "{{ nobody }}")
    done = call("backtest", "new")
    assert done.status == Exit.CONFIG
    assert "acknowledgement.txt" in done.stderr


def test_another_template_is_shown_by_its_lines(desk: Desk) -> None:
    """Nothing but the words changes, and they are told for each letter that would carry them."""
    with_template(desk, "Здравствуйте!\n{{ token }}\n")
    found = call("backtest", "new", "--json")
    assert [[change["aspect"] for change in one["changes"]] for one in found.json["changed"]] == [["words"]] * 3
    assert "+Здравствуйте!" in found.json["changed"][0]["changes"][0]["lines"]


def test_the_page(desk: Desk) -> None:
    """It has all letters, whatever --limit is, and belongs to nobody else; it is replaced only if one says so."""
    new(desk, HELP)
    done = call("backtest", "new", "--html", "report.html", "--limit", "0")
    assert done.status == Exit.NO
    assert done.out.rstrip().endswith("All of it: report.html")
    page = desk.path / "report.html"
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.read_text("utf-8").count("<article") == 3
    assert call("backtest", "new", "--html", "report.html").stderr.startswith("maild: report.html exists")
    assert call("backtest", "new", "--html", "report.html", "--overwrite").status == Exit.NO


def test_before_the_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to look back upon, and nothing is made."""
    desk = Desk(tmp_path / "fresh")
    monkeypatch.chdir(desk.path)
    done = call("backtest", ".")
    assert done.status == Exit.NO
    assert "no letter is stored" in done.stderr
    assert not desk.data.exists()


def run(desk: Desk, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "maild", "backtest", "new", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MAILD_CONFIG": str(desk.file)}
    return subprocess.Popen(command, cwd=desk.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_progress_is_for_terminals(desk: Desk) -> None:
    """A bar on a terminal's standard error; in a pipe not a word, and standard output has only the answer."""
    with run(desk, "--json") as process:
        out, err = process.communicate(timeout=60 * find_crowd())
    assert (json.loads(out)["letters"], err) == (3, b"")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "maild", "backtest", "new", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MAILD_CONFIG": str(desk.file), "TERM": "xterm"}
    with subprocess.Popen(command, cwd=desk.path, env=environment, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        out, _ = process.communicate(timeout=60 * find_crowd())
        seen = os.read(ours, 65536)
    os.close(ours)
    assert json.loads(out)["letters"] == 3
    assert b"letters" in seen


def test_ctrl_c_ends_it(desk: Desk) -> None:
    """The whole group gets the signal, as from a terminal: no traceback, and nobody is left who holds standard error."""
    new(desk, HELP)
    command = [sys.executable, "-c", INTERRUPTED, "backtest", "new", "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MAILD_CONFIG": str(desk.file)}
    with subprocess.Popen(
        command, cwd=desk.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"at work\n"
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60 * find_crowd())
    assert process.returncode not in (Exit.OK, Exit.NO, None)
    assert b"Traceback" not in err, err


# The same ledger a thousand times over, so that there is something to interrupt; it says when the first letters are being read.
INTERRUPTED = """
import signal, sys
from maild.cli import backtest, main
def again(*arguments, real=backtest.stored_letters, **more):
    return real(*arguments, **more) * 1000
def told(*arguments, real=backtest.report_on, **more):
    print("at work", flush=True)
    return real(*arguments, **more)
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is started deaf to it
    backtest.stored_letters, backtest.report_on = again, told
    main(sys.argv[1:])
"""


def answered(done: Done) -> str:
    """Return what was printed with every instant as in the manual."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2026-11-23 09:00 UTC", done.out)


def test_the_manual_shows_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configurations there are those of the run, and its output is printed there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "config.toml").write_text(BEFORE, "utf-8")
    (tmp_path / "new" / "config.toml").write_text(AFTER, "utf-8")
    for n, (author, subject, text) in enumerate(LETTERS):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = author, "support@romashka.example", subject
        message["Message-ID"] = f"<{n}@client.example>"
        message.set_content(text)
        assert call("receive", "-m", "romashka/support", stdin=serialize(message)).status == 0
    done = call("backtest", "new")
    assert done.status == Exit.NO
    assert answered(done).strip() == SHOWN.strip()
