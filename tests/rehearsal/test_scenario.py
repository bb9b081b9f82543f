"""A scenario passes, fails readably, or is refused with every mistake named by its line."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.errors import ConfigError, Problem
from maild.scenario import Played, play
from maild.scenario_file import Expected, ExpectedLetter, Scenario, Step

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "ru" / "rehearse.md").read_text(encoding="utf-8")
CONFIG, EXAMPLE, OUTPUT, DIFF = re.findall(r"```(?:toml)?\n(?:\$ .*?\n)?(.*?)\n```", MANUAL, re.DOTALL)

Play = Callable[[str], list[Played]]


@pytest.fixture
def rehearse(tmp_path: Path) -> Play:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")

    def run(scenario: str) -> list[Played]:
        path = tmp_path / "printer.toml"
        path.write_text(scenario, encoding="utf-8")
        return list(play(path))

    return run


def problems(rehearse: Play, scenario: str) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        rehearse(scenario)
    return list(caught.value.problems)


def test_the_manuals_example_is_what_happens(rehearse: Play, tmp_path: Path) -> None:
    """The scenario in the manual passes, and the output printed there is the real one."""
    assert [step.differences for step in rehearse(EXAMPLE)] == [(), (), (), ()]
    command = [sys.executable, "-m", "maild", "rehearse", str(tmp_path / "printer.toml")]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert shown.stdout.decode().strip() == OUTPUT.strip()


def test_a_difference_is_shown_as_a_diff(rehearse: Play) -> None:
    """What was expected stands behind a minus, what came behind a plus; the manual shows the very same."""
    changed = EXAMPLE.replace('expect.status = "waiting"', 'expect.status = "open"')
    changed = changed.replace('text = ["Выключите и включите."], without', 'text = ["перезагрузите"], without')
    played = rehearse(changed)
    assert [bool(step.differences) for step in played] == [False, True, False, False]
    assert [f"   {line}" for line in played[1].differences] == DIFF.splitlines()[-len(played[1].differences) :]


STEP = """
[[step]]
mailbox = "romashka/support"
from = "anna@client.example"
text = "Горит лампочка."
"""


@pytest.mark.parametrize(
    ("expected", "differences"),
    [
        ('expect.outcome = "ignored"', ["- outcome: ignored", "+ outcome: opened"]),
        ('expect.ticket = "RO-2"', ["- ticket: RO-2", "+ ticket: RO-1"]),
        ('expect.reason = "автоответ"', ["- reason: … автоответ …", "+ reason: a new request; no token, no known Message-ID, no ticket number"]),
        ('expect.sent = [{ to = "anna@client.example" }, { to = "ivanov@romashka.example" }]', []),
        ('expect.sent = [{ to = "ivanov@romashka.example" }, { to = "ANNA@client.example" }]', []),
        ("", []),
    ],
)  # fmt: skip
def test_expectations(rehearse: Play, expected: str, differences: list[str]) -> None:
    """Only what is expected is looked at; letters in any order, addresses in any case."""
    (step,) = rehearse(STEP + expected)
    assert list(step.differences) == differences


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ("[]", ["+to anna@client.example: Re: [RO-1] Без темы", "+to ivanov@romashka.example: [RO-1] Без темы"]),
        ('[{ to = "anna@client.example" }]', [" to anna@client.example: (any subject)", "+to ivanov@romashka.example: [RO-1] Без темы"]),
        (
            '[{ to = "anna@client.example" }, { to = "ivanov@romashka.example", without = ["лампочка"] }]',
            ["-to ivanov@romashka.example: (any subject)", "-    without: лампочка", "+    Горит лампочка."],
        ),
        (
            '[{ to = "anna@client.example" }, { to = "ivanov@romashka.example" }, { to = "petr@romashka.example" }]',
            ["-to petr@romashka.example: (any subject)"],
        ),
    ],
    ids=["silence", "one too many", "a word that must not stand there", "one too few"],
)  # fmt: skip
def test_unexpected_letters(rehearse: Play, expected: str, lines: list[str]) -> None:
    """A letter too many, too few, or with other words, is shown with its words."""
    (step,) = rehearse(f"{STEP}expect.sent = {expected}")
    assert [line for line in step.differences if line in lines] == lines
    assert not [line for line in step.differences if line != line.rstrip()]


def test_letters_from_files(rehearse: Play, tmp_path: Path) -> None:
    """A raw letter beside the scenario is delivered octet for octet."""
    octets = "From: anna@client.example\r\nSubject: Привет\r\n\r\nтекст\r\n".encode("cp1251")
    (tmp_path / "letter.eml").write_bytes(octets)
    (step,) = rehearse('[[step]]\nmailbox = "romashka/support"\nfile = "letter.eml"\nexpect.outcome = "opened"\n')
    assert step.differences == ()
    assert "Привет" in step.sent[0].message.subject


MISTAKES = [
    ("unknown key", 'strat = 2026-11-23T09:00:00+03:00\n[[step]]\nadvance = "1h"', 1, "strat", "Did you mean `start`?"),
    ("key of a step", '[[step]]\nmailbox = "romashka/support"\nform = "a@b.example"\nfrom = "a@b.example"', 3, "step 1, form", "Did you mean `from`?"),
    ("key of a letter", STEP + 'expect.sent = [{ to = "a@b.example", txt = ["x"] }]', 6, "step 1, expect.sent.0.txt", "Did you mean `text`?"),
    ("outcome", STEP + 'expect.outcome = "openned"', 6, "step 1, expect.outcome", 'Did you mean "opened"?'),
    ("status", STEP + 'expect.status = "done"', 6, "step 1, expect.status", "Choose one of these."),
    ("start without offset", 'start = 2026-11-23T09:00:00\n[[step]]\nadvance = "1h"', 1, "start", "offset"),
    ("at in words", STEP + 'at = "in five minutes"', 6, "step 1, at", '"+5m"'),
    ("at without offset", STEP + "at = 2026-11-23T09:00:00", 6, "step 1, at", "offset"),
    ("advance in words", '[[step]]\nadvance = "an hour"', 2, "step 1, advance", '"1h30m"'),
    ("sender", '[[step]]\nmailbox = "romashka/support"\nfrom = "Анна"', 3, "step 1, from", "anna@example.com"),
    ("sender of two", '[[step]]\nmailbox = "romashka/support"\nfrom = "a@b.example\\nBcc: c@d.example"', 3, "step 1, from", "one line"),
    ("subject of two lines", STEP + 'subject = "a\\nBcc: x@y.example"', 6, "step 1, subject", "one line"),
    ("header's name", STEP + 'headers = { "Bcc: x@y.example\\nX" = "y" }', 6, "step 1, headers", "the name of a header"),
    ("neither letter nor time", '[[step]]\ntext = "x"', 1, "step 1", "`advance`"),
    ("letter and time", STEP + 'advance = "1h"', 2, "step 1", "a step with `advance` and without `from`, `mailbox`, `text`"),
    ("words beside a file", '[[step]]\nmailbox = "romashka/support"\nfile = "x.eml"\ntext = "x"', 1, "step 1", "without `text`"),
    ("no mailbox", '[[step]]\nfrom = "a@b.example"', 1, "step 1", "`mailbox`"),
    ("no steps", "step = []", 1, "step", "required"),
    ("unknown mailbox", STEP.replace("support", "suport"), 3, "step 1, mailbox", 'Did you mean "romashka/support"?'),
    ("no such file", '[[step]]\nmailbox = "romashka/support"\nfile = "no.eml"', 3, "step 1, file", "the folder of the scenario"),
    ("back in time", STEP + STEP + "at = 2026-01-01T00:00:00Z", 11, "step 2, at", "order"),
    ("nothing to answer", STEP.replace("anna@", "boris@") + "reply = true", 6, "step 1, reply", "without reply"),
    ("not TOML", "[[step]\nx", 1, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scenario", "line", "key", "words"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_mistakes(rehearse: Play, scenario: str, line: int, key: str, words: str) -> None:
    """One clear problem, at its line, with what to write instead."""
    (problem,) = problems(rehearse, scenario)
    assert (problem.line, problem.key) == (line, key)
    assert words in f"{problem.expected} {problem.remedy}"
    assert problem.file.endswith("printer.toml")


def test_all_mistakes_at_once(rehearse: Play) -> None:
    """Every problem in one go, in both passes over the file."""
    found = problems(rehearse, STEP + 'expect.outcome = "x"\n' + STEP + 'expect.status = "y"\nat = "z"')
    assert [(problem.line, problem.key) for problem in found] == [
        (6, "step 1, expect.outcome"), (12, "step 2, expect.status"), (13, "step 2, at"),
    ]  # fmt: skip
    impossible = STEP.replace("support", "sales") + STEP + "at = 2026-01-01T00:00:00Z"
    assert [problem.key for problem in problems(rehearse, impossible)] == ["step 1, mailbox", "step 2, at"]


def test_a_scenario_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is told as such."""
    with pytest.raises(ConfigError) as caught:
        list(play(tmp_path / "no.toml"))
    assert [problem.remedy for problem in caught.value.problems] == ["Check the path."]


def test_a_broken_configuration_is_told_by_its_own_file(rehearse: Play, tmp_path: Path) -> None:
    """The mistake is in config.toml, and that is the file named."""
    (tmp_path / "config.toml").write_text(CONFIG.replace("number_prefix", "number_prefiks"), encoding="utf-8")
    (tmp_path / "printer.toml").write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        list(play(tmp_path / "printer.toml"))
    assert {Path(problem.file).name for problem in caught.value.problems} == {"config.toml"}


@pytest.mark.parametrize("model", [Scenario, Step, Expected, ExpectedLetter], ids=lambda model: model.__name__)
def test_every_key_is_in_the_manual(model: type[Scenario | Step | Expected | ExpectedLetter]) -> None:
    """A key that an admin may write stands in docs/ru/rehearse.md, in a row of its own."""
    keys = [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in keys if f"| `{key}` |" not in MANUAL] == []
