"""`maild init --regulation`, `--list`, `maild rehearse --pack`: regulations that are shipped, written out and played."""

import re
import stat
from pathlib import Path

import pytest

from maild.packs import shelf
from maild.packs.shelf import shipped_packs, write_packs
from tests.cli.call import call

MANUAL = (Path(__file__).parents[2] / "docs" / "ru" / "packs.md").read_text("utf-8")
SHOWN = re.findall(r"^```console\n\$ maild (.*?)\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
LITTLE = """
[organization.ID]
name = "Стол"
number_prefix = "PREFIX"
zone = "? По какому времени?"
scenarios = "organizations/ID/scenarios"
rehearsal = "organizations/ID/rehearsal.toml"
[organization.ID.mailbox.support]
address = "support@ID.example"
[organization.ID.agent.operator]
name = "? Как зовут сотрудника?"
address = "? Куда ему писать?"
"""
OVERLAY = 'zone = "Europe/Kyiv"\n[agent.operator]\nname = "Иван"\naddress = "ivan@staff.example"\n'
STEP = '[[step]]\nmailbox = "ID/support"\nfrom = "anna@client.example"\nsubject = "Вопрос"\ntext = "Как?"\nexpect.ticket = "NUMBER"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def little_shelf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two little packs, of which the second has a scenario that ends otherwise."""
    for name, prefix, number in (("good", "GO", "GO-1"), ("wrong", "WR", "WR-7")):
        pack = folder / "shelf" / name
        own = pack / "organizations" / name
        (own / "scenarios").mkdir(parents=True)
        (pack / "pack.toml").write_text(f'title = "{name}"\nabout = "…."\nclauses = ["{prefix}"]\n', "utf-8")
        for file, text in {"organization.toml": LITTLE, "rehearsal.toml": OVERLAY, "scenarios/one.toml": STEP}.items():
            (own / file).write_text(
                text.replace("ID", name).replace("PREFIX", prefix).replace("NUMBER", number), "utf-8"
            )
    monkeypatch.setattr(shelf, "SHELF", folder / "shelf")
    return folder


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_manual_shows_what_is_printed(folder: Path, command: str, output: str) -> None:
    """In its order, with "…" for what is left out."""
    if command.startswith("check"):
        write_packs([shipped_packs()["sysclick"]], Path("desk"))
        Path("desk/secrets/smtp").write_text("secret", "utf-8")
        Path("desk/secrets/sysclick").write_text("secret", "utf-8")
    done = call(*command.split())
    printed = (done.out + done.stderr).rstrip() + "\n"
    assert re.fullmatch(".*".join(map(re.escape, output.split("…\n"))), printed, re.DOTALL), printed


def test_a_regulation_is_written_out(little_shelf: Path) -> None:
    """Its files as they are shipped, with the shared ones around them; secrets closed to others; nothing overwritten."""
    done = call("init", "--regulation", "good", "desk", "--json")
    assert done.status == 0
    assert sorted(done.json["files"]) == [
        "desk/.gitignore", "desk/config.toml", "desk/organizations/good/organization.toml",
        "desk/organizations/good/rehearsal.toml", "desk/organizations/good/scenarios/one.toml", "desk/secrets/README.txt",
    ]  # fmt: skip
    assert stat.S_IMODE(Path("desk/secrets").stat().st_mode) == 0o700
    assert all(
        Path("shelf/good", path[5:]).read_bytes() == Path(path).read_bytes()
        for path in done.json["files"]
        if "/good/" in path
    )
    again = call("init", "--regulation", "good", "--regulation", "wrong", "desk")
    assert (again.status, again.stderr.count("a file that is there already")) == (78, 4)
    assert not Path("desk/organizations/wrong").exists()


def test_several_share_a_folder(little_shelf: Path) -> None:
    """One daemon for both: all their questions are asked together, and all scenarios are played."""
    assert call("init", "--regulation", "good", "--regulation", "wrong", "--regulation", "good", "desk").status == 0
    Path("desk/secrets/smtp").write_text("secret", "utf-8")
    asked = [problem["key"] for problem in call("check", "-c", "desk/config.toml", "--json").json["problems"]]
    own = [
        f"organization.{name}.{key}"
        for name in ("good", "wrong")
        for key in ("zone", "agent.operator.name", "agent.operator.address")
    ]
    assert sorted(asked) == sorted([*own, "admin.address", "smtp.host", "smtp.username"])
    assert len(call("rehearse", "-c", "desk/config.toml", "--json").json["scenarios"]) == 2


def test_the_questions_are_told_to_programs(little_shelf: Path) -> None:
    """Apart from mistakes."""
    call("init", "--regulation", "good", "desk")
    problems = call("check", "-c", "desk/config.toml", "--json").json["problems"]
    told = {problem["key"]: (problem["question"], problem["remedy"]) for problem in problems}
    assert told["organization.good.zone"] == (True, "По какому времени?")
    assert told["smtp.password"][0] is False


def test_check_rehearses_what_it_has_found_good(little_shelf: Path) -> None:
    """Questions first; once they are answered the scenarios are played on the example people, whoever works there."""
    call("init", "--regulation", "good", "desk")
    config = Path("desk/organizations/good/organization.toml")
    assert "По какому времени?" in call("check", "--rehearse", "-c", "desk/config.toml").stderr
    text = config.read_text("utf-8").replace("? По какому времени?", "Europe/Moscow")
    text = text.replace("? Как зовут сотрудника?", "Пётр").replace("? Куда ему писать?", "petr@real.example")
    config.write_text(text, "utf-8")
    main = Path("desk/config.toml")
    answered = re.sub(r'"\?.*?"', '"admin@real.example"', main.read_text("utf-8"), count=1)
    main.write_text(
        re.sub(r'host = "\?.*?"', 'host = "h.example"', answered).replace('username = "? ', 'username = "'), "utf-8"
    )
    Path("desk/secrets/smtp").write_text("secret", "utf-8")
    done = call("check", "--rehearse", "-c", "desk/config.toml")
    assert (done.status, done.stderr) == (0, "")
    assert "ok  good: scenarios: 1 scenario(s), 1 step(s), all as expected" in done.out
    Path("desk/organizations/good/rehearsal.toml").write_text('zone = "Kyiv"', "utf-8")
    assert call("check", "-c", "desk/config.toml").status == 0
    assert (
        "rehearsal.toml\n\n     1  organization.good.zone"
        in call("check", "--rehearse", "-c", "desk/config.toml").stderr
    )


def test_packs_are_played_as_they_are_shipped(little_shelf: Path) -> None:
    """Each with a line of its own; a step that ends otherwise, or a broken pack, is told by the pack's name."""
    done = call("rehearse", "--pack", "all")
    assert done.status == 1
    assert "ok  good/organizations/good/scenarios/one.toml: 1 step(s)\n" in done.out
    assert "good: 1 scenario(s), 1 step(s), all as expected\n" in done.out
    assert "   - ticket: WR-7\n   + ticket: WR-1\nwrong: 1 scenario(s), 1 step(s), 1 not as expected\n" in done.out
    as_json = call("rehearse", "--pack", "good", "--pack", "wrong", "--json").json
    assert [(one["pack"], one["ok"], one["failed"]) for one in as_json["packs"]] == [
        ("good", True, 0),
        ("wrong", False, 1),
    ]
    assert (as_json["ok"], len(as_json["scenarios"])) == (False, 2)
    Path("shelf/good/organizations/good/rehearsal.toml").write_text('zone = "Kyiv"', "utf-8")
    done = call("rehearse", "--pack", "all")
    assert done.status == 78
    assert "good/organizations/good/rehearsal.toml" in done.stderr
    assert "good: 0 scenario(s), 0 step(s), not playable\n" in done.out
    assert "wrong: 1 scenario(s)" in done.out, "the others are played"


def test_the_list(little_shelf: Path) -> None:
    """For people and for programs; nothing is written."""
    assert call("init", "--list").out == "good: good\n    ….\nwrong: wrong\n    ….\n"
    first = call("init", "--list", "--json").json["regulations"][0]
    assert first == {"name": "good", "title": "good", "about": "….", "organizations": ["good"], "clauses": ["GO"]}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ("init --regulation godo desk", 1, "there is no regulation godo; did you mean good? `maild init --list`"),
        ("init --regulation xyz desk --json", 1, "there are: good, wrong"),
        ("rehearse --pack wrnog", 1, "did you mean wrong?"),
        ("rehearse --pack good some.toml", 2, "--pack"),
        ("init --regulation good --address a@b.example --prefix X desk", 2, "takes no --address, --prefix beside it"),
        ("init --list desk", 2, "--list writes nothing"),
        ("init --list --regulation good", 2, "takes no --regulation"),
        ("init", 2, "name the folder to write"),
    ],
)
def test_what_makes_no_sense_is_refused(little_shelf: Path, arguments: str, status: int, said: str) -> None:
    """In words that say what to do; nothing is written."""
    done = call(*arguments.split())
    assert done.status == status
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr).split())
    assert not Path("desk").exists()
