"""`maild rehearse` and `maild check --rehearse`: files, folders, an organisation's own; what is told, and the status."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.call import Done, call

MANUAL = (Path(__file__).parents[2] / "docs" / "ru" / "rehearse.md").read_text("utf-8")
CONFIG, PRINTER = re.findall(r"^```toml\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
SHOWN = re.findall(r"^```console\n\$ maild (.*?)\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)
FRIDGE = """
[[step]]
mailbox = "romashka/support"
from = "boris@client.example"
subject = "Холодильник"
text = "Гудит."
expect.outcome = "opened"
"""
WRONG = PRINTER.replace('expect.status = "waiting"', 'expect.status = "open"')

Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write a folder with the manual's configuration and two scenarios; return a way to call maild in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    own = CONFIG.replace('number_prefix = "RO"\n', 'number_prefix = "RO"\nscenarios = "scenarios"\n')
    Path("config.toml").write_text(own, "utf-8")
    Path("scenarios").mkdir()
    scenario("printer.toml", PRINTER)
    scenario("fridge.toml", FRIDGE)
    return call


def scenario(name: str, text: str) -> None:
    path = Path("scenarios", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace('config = "config.toml"\n', ""), "utf-8")


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_manual_shows_what_is_printed(run: Run, command: str, output: str) -> None:
    """Two scenarios, of which one has a step that ends otherwise."""
    scenario("printer.toml", WRONG)
    done = run(*command.split())
    assert (done.status, done.out, done.stderr) == (1, output, "")


def test_every_way_to_name_scenarios(run: Run) -> None:
    """Files, folders, folders in folders, the whole configuration folder, or nothing: each is played once."""
    scenario("more/lamp.toml", FRIDGE.replace("Холодильник", "Лампа"))
    scenario(".drafts/half.toml", "[[")
    scenario(".swap.toml", "[[")
    names = ["fridge.toml", "printer.toml", "more/lamp.toml"]
    for named in (["scenarios"], ["."], ["scenarios", "scenarios/fridge.toml"], []):
        done = run("rehearse", *named)
        assert (done.status, done.stderr) == (0, "")
        assert done.out.splitlines() == [
            *(f"ok  scenarios/{name}: {4 if 'printer' in name else 1} step(s)" for name in names),
            "3 scenario(s), 6 step(s), all as expected",
        ]


def test_steps_are_shown_on_request(run: Run) -> None:
    """Those of a single scenario always, those of several with --steps."""
    fridge, printer = (run("rehearse", f"scenarios/{name}.toml").out for name in ("fridge", "printer"))
    steps = [*fridge.splitlines()[:-1], *printer.splitlines()[:-1]]
    assert run("rehearse", "scenarios", "--steps").out.splitlines() == [
        *steps,
        "2 scenario(s), 5 step(s), all as expected",
    ]
    assert sum(" · " in line for line in steps) == 5


def test_the_words_of_letters_are_shown_on_request(run: Run) -> None:
    """What an admin has written into a template or a ground can be read before a customer does."""
    assert "│" not in run("rehearse", "scenarios", "--steps").out
    shown = run("rehearse", "scenarios", "--letters").out
    assert "→ boris@client.example" in shown
    assert "     │ Мы получили ваше письмо" in shown


def test_a_mistake_in_one_hides_no_other(run: Run) -> None:
    """All scenarios are played and all mistakes are told; the status is that of a wrong configuration."""
    scenario("broken.toml", FRIDGE.replace("expect.outcome", "expect.outcom"))
    scenario("printer.toml", WRONG)
    done = run("rehearse", "scenarios")
    assert done.status == 78
    assert "Did you mean `outcome`?" in done.stderr
    assert "ok  scenarios/fridge.toml" in done.out
    assert done.out.endswith("3 scenario(s), 5 step(s), 1 not as expected, 1 that cannot be played\n")
    answer = run("rehearse", "scenarios", "--json").json
    assert [one["file"] for one in answer["problems"]] == ["scenarios/broken.toml"]
    [failure] = answer["failures"]
    assert (failure["file"], failure["key"], failure["line"]) == ("scenarios/printer.toml", "step 2", 18)
    assert (failure["found"], failure["expected"]) == ("status: waiting", "status: open")
    assert "`maild rehearse scenarios/printer.toml`" in failure["remedy"]
    assert [(one["scenario"], one["ok"]) for one in answer["scenarios"]] == [
        ("scenarios/broken.toml", False), ("scenarios/fridge.toml", True), ("scenarios/printer.toml", False),
    ]  # fmt: skip


def test_letters_that_differ_are_one_failure(run: Run) -> None:
    """Told in short, however long they are."""
    scenario(
        "printer.toml",
        PRINTER.replace('text = ["Выключите и включите."], without', 'text = ["перезагрузите"], without'),
    )
    [failure] = run("rehearse", "scenarios", "--json").json["failures"]
    assert failure["expected"].startswith("to anna@client.example: (any subject) | перезагрузите")
    assert failure["found"].startswith("to anna@client.example: Re: [RO-1] Не печатает принтер | Выключите")
    assert len(failure["found"]) <= 201


def test_places_without_scenarios(run: Run) -> None:
    """A folder that holds none, a path that leads nowhere, no organisation that has any: each said, none a success."""
    Path("empty").mkdir()
    done = run("rehearse", "empty", "nowhere.toml", "scenarios/fridge.toml")
    assert done.status == 78
    assert "a folder without a scenario" in done.stderr
    assert "Check the path." in done.stderr
    Path("config.toml").write_text(CONFIG, "utf-8")
    done = run("rehearse")
    assert done.status == 1
    assert "name files or folders" in done.stderr


def test_check_plays_what_it_checks(run: Run, tmp_path: Path) -> None:
    """The copy that is being checked, not the configuration that a scenario names."""
    copy = tmp_path / "copy"
    (copy / "scenarios").mkdir(parents=True)
    text = Path("config.toml").read_text("utf-8").replace('"RO"', '"RX"')
    (copy / "config.toml").write_text(text, "utf-8")
    (copy / "scenarios" / "fridge.toml").write_text(
        f'config = "{tmp_path}/config.toml"\n{FRIDGE}expect.ticket = "RO-1"\n', "utf-8"
    )
    done = run("check", "--rehearse", "--config", "copy/config.toml")
    assert done.status == 1
    assert "    copy/scenarios/fridge.toml: step 1: + ticket: RX-1\n" in done.out
    answer = run("check", "--rehearse", "--json", "--config", "copy/config.toml").json
    assert not answer["ok"]
    assert [one["found"] for one in answer["problems"]] == ["ticket: RX-1"]
    assert run("check", "--rehearse").status == 0
    assert run("check", "--config", "copy/config.toml").status == 0, "nobody has asked for scenarios"


def test_check_tells_of_scenarios_that_cannot_be_played(run: Run) -> None:
    """As of any other file."""
    scenario("fridge.toml", FRIDGE.replace("romashka/support", "romashka/suport"))
    done = run("check", "--rehearse")
    assert done.status == 78
    assert 'Did you mean "romashka/support"?' in done.stderr


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        pytest.param(('scenarios = "scenarios"', 'scenarios = "scenarois"'), 9, "no folder", id="mistyped"),
        pytest.param(('scenarios = "scenarios"', 'scenarios = "empty"'), 9, "a folder without a scenario", id="empty"),
        pytest.param(('scenarios = "scenarios"', 'scenarios = "config.toml"'), 9, "no folder", id="file"),
        pytest.param(
            ('data_dir = "data"', 'data_dir = "data"\nrehearse_on_reload = true'),
            2,
            "scenarios to play",
            id="none to play",
        ),
    ],
)
def test_a_folder_of_scenarios_that_holds_none(run: Run, change: tuple[str, str], line: int, words: str) -> None:
    """Told at its line: otherwise every check would pass."""
    Path("empty").mkdir()
    text = Path("config.toml").read_text("utf-8")
    if "to play" in words:
        text = text.replace('scenarios = "scenarios"\n', "")
    Path("config.toml").write_text(text.replace(*change), "utf-8")
    [problem] = run("check", "--json").json["problems"]
    assert problem["line"] == line
    assert words in f"{problem['found']} {problem['expected']}"


def test_check_tells_of_toml_and_templates_together(run: Run) -> None:
    """A mistake in TOML hides none in a template, nor the other way round."""
    Path("words").mkdir()
    Path("words", "acknowledgement.txt").write_text("{{ number }}\n{{ nummer }}", "utf-8")
    Path("words", "refusal.txt").write_text("{% if standing %}", "utf-8")
    text = Path("config.toml").read_text("utf-8")
    text = text.replace('number_prefix = "RO"', 'number_prefix = "RO"\ntemplates = "words"') + "notfiy = true\n"
    Path("config.toml").write_text(text, "utf-8")
    done = run("check")
    assert done.status == 78
    for words in ("Did you mean `notify`?", "'nummer' is undefined", "Unexpected end of template"):
        assert words in done.stderr
    assert "3 problems in 3 files" in done.stderr
