"""A scenario passes, fails readably, or is refused with every mistake named by its line."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maild.errors import ConfigError, Problem
from maild.ingest.parse import parse
from maild.rehearsal import Rehearsal, SentLetter
from maild.scenario import Played, play
from maild.scenario_file import Expected, ExpectedLetter, Scenario, Step, find_config

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "ru" / "rehearse.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(?:\$ .*?\n)?(.*?)\n```$", MANUAL, re.DOTALL | re.MULTILINE)
CONFIG, EXAMPLE, OUTPUT, DIFF = [text for kind, text in BLOCKS if kind != "console"][:4]

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


def test_an_answer_from_the_mailbox_itself(rehearse: Play) -> None:
    """A step may be what an agent sent from there, written in the scenario or kept in a file."""
    played = rehearse(
        """
        [[step]]
        mailbox = "romashka/support"
        from = "anna@client.example"
        headers = { Message-ID = "<asked@client.example>" }
        [[step]]
        mailbox = "romashka/support"
        from = "support@romashka.example"
        sent = true
        text = "Замените картридж."
        headers = { To = "anna@client.example", In-Reply-To = "<asked@client.example>" }
        expect = { outcome = "appended", status = "waiting", sent = [] }
        """
    )
    assert [step.differences for step in played] == [(), ()]


@pytest.mark.parametrize(("mode", "withheld"), [("observe", True), ("live", False)])
def test_a_desk_that_only_observes(tmp_path: Path, mode: str, withheld: bool) -> None:
    """Its letters are those of a live one, so scenarios pass in either mode, and a scenario may ask which it is."""
    text = CONFIG.replace('name = "Ромашка"\n', f'name = "Ромашка"\nmode = "{mode}"\n', 1)
    (tmp_path / "config.toml").write_text(f'{text}\n[admin]\naddress = "admin@romashka.example"\n', encoding="utf-8")
    letter = '[[step]]\nmailbox = "romashka/support"\nfrom = "anna@client.example"\nsubject = "Принтер"\ntext = "Лампочка."\n'
    wanted = '[{ to = "anna@client.example" MORE}, { to = "ivanov@romashka.example" MORE}]'
    for more, good in (("", True), (", withheld = true", withheld), (", withheld = false", not withheld)):
        path = tmp_path / "observing.toml"
        path.write_text(f"{letter}expect.sent = {wanted.replace(' MORE', more)}\n", encoding="utf-8")
        (step,) = play(path)
        assert (step.differences == ()) is good
        assert [one.withheld for one in step.sent] == [withheld] * 2


def test_the_daily_letter_of_a_desk_that_observes_may_be_expected_but_need_not_be(tmp_path: Path) -> None:
    """A scenario that was written for a live desk and lasts until the morning passes while it observes."""
    text = CONFIG.replace('name = "Ромашка"\n', 'name = "Ромашка"\nmode = "observe"\n', 1)
    (tmp_path / "config.toml").write_text(f'{text}\n[admin]\naddress = "admin@romashka.example"\n', encoding="utf-8")
    path = tmp_path / "observing.toml"
    daily = '{ to = "admin@romashka.example", subject = "писем не было", withheld = false }'
    for expected, good in (("[]", True), (f"[{daily}]", True), (f"[{daily}, {daily}]", False)):
        path.write_text(
            f'start = 2026-11-23T18:00:00+03:00\n[[step]]\nadvance = "16h"\nexpect.sent = {expected}\n',
            encoding="utf-8",
        )
        (step,) = play(path)
        assert (step.differences == ()) is good
        assert [one.recipient for one in step.sent] == ["admin@romashka.example"]


def test_the_config_is_named_without_detours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems name its files by this path; where a link makes the detour matter, it stays."""
    (tmp_path / "desk" / "scenarios").mkdir(parents=True)
    (tmp_path / "desk" / "config.toml").touch()
    (tmp_path / "link").symlink_to(tmp_path / "desk" / "scenarios")
    monkeypatch.chdir(tmp_path)
    assert find_config(Path("desk/scenarios/late.toml")) == Path("desk/config.toml")
    assert find_config(Path("desk/late.toml")) == Path("desk/config.toml")
    assert str(find_config(Path("link/late.toml"))) == "link/../config.toml"
    monkeypatch.chdir(tmp_path / "desk" / "scenarios")
    assert str(find_config(Path("late.toml"))) == "../config.toml"


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


@pytest.mark.parametrize(("written", "wanted"), [(r"1\u00a0500\u202f₽", "1 500 ₽"), ("1 500 ₽", r"1\u00a0500\u202f₽")])
def test_a_space_is_a_space(rehearse: Play, written: str, wanted: str) -> None:
    """Our letters write "1 500 ₽" with spaces that do not break; nobody can see that, nor types them."""
    letter = f'[[step]]\nmailbox = "romashka/support"\nfrom = "anna@client.example"\nsubject = "{written}"\ntext = "{written}"\n'
    sent = f'{{ to = "anna@client.example" }}, {{ to = "ivanov@romashka.example", subject = "{wanted}", text = ["{wanted}"] }}'
    (step,) = rehearse(f"{letter}expect.sent = [{sent}]")
    assert step.differences == ()
    (step,) = rehearse(
        f'{letter}expect.sent = [{{ to = "anna@client.example" }}, {{ to = "ivanov@romashka.example", without = ["{wanted}"] }}]'
    )
    assert step.differences


def test_a_domain_in_its_own_letters(rehearse: Play) -> None:
    """People write почта.рф, mail programs what stands for it; both are one address."""
    step = STEP.replace("anna@client.example", "Анна <anna@почта.рф>")
    played = rehearse(f"{step}{step}reply = true\n")
    assert played[0].sent[0].recipient == "anna@xn--80a1acny.xn--p1ai"
    assert played[1].outcome == "appended"


ANSWERED = f"""{STEP}
[[step]]
mailbox = "romashka/support"
from = "Иван Иванов <ivanov@romashka.example>"
reply = true
text = "#взять\\nВыключите."
"""
WHOLE = """
Выключите.  \n\nРомашка\nsupport@romashka.example\n\n12.01.2026 12:00, anna@client.example пишет:\n> Горит лампочка.\n\n--\nОбращение RO-1, код t1.z4orixfxpzz6zfvz
"""


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (WHOLE, []),
        (f"\n{WHOLE}\n", []),
        (WHOLE.replace("Выключите.", "Выключите"), ["-    Выключите", "+    Выключите."]),
        (WHOLE.replace("Ромашка\n", ""), ["+    Ромашка"]),
        (f"Здравствуйте!\n{WHOLE}", ["-    Здравствуйте!"]),
    ],
)
def test_a_whole_letter(rehearse: Play, text: str, wrong: list[str]) -> None:
    """One text instead of a list is all that the letter says; what nobody sees of it is not looked at."""
    sent = f'[{{ to = "anna@client.example", text = """{text}""" }}, {{ to = "ivanov@romashka.example" }}]'
    differences = rehearse(f"{ANSWERED}expect.sent = {sent}")[1].differences
    assert [line for line in differences if line.startswith(("-    ", "+    "))] == wrong


TWO = f"{STEP}{STEP.replace('anna@', 'boris@')}"


@pytest.mark.parametrize(
    ("reply", "ticket"),
    [
        ("true", "RO-2"),
        ('"[RO-1]"', "RO-1"),
        ('"Ответ выше этой строки прочитает клиент: anna@"', "RO-1"),
        ('"RO-"', "RO-2"),
    ],
)
def test_which_letter_is_answered(rehearse: Play, reply: str, ticket: str) -> None:
    """The latest that came to this address, or the latest whose subject or text has the words."""
    step = STEP.replace("anna@client", "ivanov@romashka")
    played = rehearse(f'{TWO}{step}reply = {reply}\nexpect.ticket = "{ticket}"')
    assert played[-1].differences == ()


def test_a_reply_without_a_quotation(rehearse: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """As some phones write it; it says what it answers all the same."""
    came = []
    deliver = Rehearsal.deliver

    def see(self: Rehearsal, raw: bytes, *rest: Any, **more: Any) -> list[SentLetter]:
        came.append(parse(raw))
        return deliver(self, raw, *rest, **more)

    monkeypatch.setattr(Rehearsal, "deliver", see)
    rehearse(f"{STEP}{STEP}reply = true\n{STEP}reply = true\nquote = false\n")
    assert ["пишет:" in one.text for one in came] == [False, True, False]
    assert came[2].in_reply_to


def test_letters_from_files(rehearse: Play, tmp_path: Path) -> None:
    """A raw letter beside the scenario is delivered octet for octet."""
    octets = "From: anna@client.example\r\nSubject: Привет\r\n\r\nтекст\r\n".encode("cp1251")
    (tmp_path / "letter.eml").write_bytes(octets)
    (step,) = rehearse('[[step]]\nmailbox = "romashka/support"\nfile = "letter.eml"\nexpect.outcome = "opened"\n')
    assert step.differences == ()
    assert "Привет" in step.sent[0].message.subject


STEERING = """
[organization.romashka.team.print]
name = "Печать"
agents = "ivanov"
[organization.romashka.category.fault]
name = "Неисправность"
ask = "screenshot"
[organization.romashka.severity.high]
name = "Высокая"
[organization.romashka.severity.low]
name = "Низкая"
[organization.romashka.missing.screenshot]
text = "снимок экрана"
[organization.romashka.ground.foreign]
name = "Не наше"
text = "Это не к нам."
[organization.romashka.ground.abuse]
name = "Брань"
decided = "rule"
text = "Без брани, пожалуйста."
[organization.romashka.offer.visit]
name = "Выезд"
price = 1000
per = "hour"
[organization.romashka.unit.print]
name = "Отдел печати"
team = "print"
[organization.romashka.faq.lamp]
title = "Горит красная лампочка"
url = "https://romashka.example/lamp"
words = ["красная лампочка"]
[organization.romashka.rule.printer]
when.words = "принтер"
then = { category = "fault", severity = "high", agent = "ivanov", tags = ["печать", "срочно"], route = "print" }
[organization.romashka.rule.visit]
when.words = "выезд"
then = { offer = "visit" }
[organization.romashka.rule.rude]
when.words = "дурак"
then = { refuse = "abuse" }
[organization.romashka.rule.foreign]
when.words = "чайник"
then = { refuse = "foreign" }
"""
DECIDED = [
    ("принтер", "category", '"fault"', '""', "fault"),
    ("принтер", "severity", '"high"', '"low"', "high"),
    ("принтер", "agent", '"ivanov"', '""', "ivanov"),
    ("принтер", "team", '"print"', '""', "print"),
    ("принтер", "unit", '"print"', '""', "print"),
    ("принтер", "tags", '["срочно", "печать"]', '"печать"', "[печать, срочно]"),
    ("принтер", "asked", '"screenshot"', "[]", "[screenshot]"),
    ("принтер", "rules", '"printer"', '["printer", "visit"]', "[printer]"),
    ("принтер, выезд", "rules", '["printer", "visit"]', '["visit", "printer"]', "[printer, visit]"),
    ("выезд", "offer", '"visit"', '""', "visit"),
    ("выезд", "offer_state", '"offered"', '"accepted"', "offered"),
    ("дурак", "ground", '"abuse"', '"foreign"', "abuse"),
    ("дурак", "ground_state", '"refused"', '"proposed"', "refused"),
    ("чайник", "ground_state", '"proposed"', '""', "proposed"),
    ("красная лампочка", "faq", '"lamp"', "[]", "[lamp]"),
    ("ничего такого", "rules", "[]", '"printer"', "[]"),
    ("ничего такого", "category", '""', '"fault"', ""),
]


@pytest.mark.parametrize(
    ("text", "key", "right", "wrong", "shown"), DECIDED, ids=[f"{text} {key}" for text, key, *_ in DECIDED]
)
def test_what_rules_decide_may_be_expected(
    rehearse: Play, tmp_path: Path, *, text: str, key: str, right: str, wrong: str, shown: str
) -> None:
    """Fields of the ticket, suggested answers, rules that matched: as a word, as a list, or as none."""
    (tmp_path / "config.toml").write_text(CONFIG + STEERING, encoding="utf-8")
    letter = STEP.replace("Горит лампочка.", text)
    (step,) = rehearse(f"{letter}expect.{key} = {right}\n")
    assert step.differences == ()
    (step,) = rehearse(f"{letter}expect.{key} = {wrong}\n")
    assert step.differences[1] == f"+ {key}: {shown}".rstrip()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("category", '"foult"', '"foult", which is not configured, expected one of fault. Did you mean "fault"?'),
        ("severity", '"urgent"', "expected one of high, low. Correct it here or in the configuration."),
        ("team", '"prnt"', 'Did you mean "print"?'),
        ("agent", '"ivanof"', 'Did you mean "ivanov"?'),
        ("level", '"gold"', "expected none: there is no level."),
        ("ground", '"typo"', "expected one of abuse, foreign."),
        ("offer", '"visits"', 'Did you mean "visit"?'),
        ("unit", '"prints"', 'Did you mean "print"?'),
        ("asked", '["steps", "scrinshot"]', '"scrinshot", which is not configured'),
        ("faq", '["lamp", "lampe"]', '"lampe", which is not configured, expected one of lamp'),
        ("rules", '"printers"', 'Did you mean "printer"?'),
    ],
)
def test_what_is_not_configured_cannot_be_expected(
    rehearse: Play, tmp_path: Path, *, key: str, value: str, words: str
) -> None:
    """It is told at its line with what there is, of a letter as of time that passes."""
    (tmp_path / "config.toml").write_text(CONFIG + STEERING, encoding="utf-8")
    found = problems(rehearse, f'{STEP}expect.{key} = {value}\n[[step]]\nadvance = "1h"\nexpect.{key} = {value}\n')
    assert [(one.line, one.key) for one in found] == [(6, f"step 1, expect.{key}"), (9, f"step 2, expect.{key}")]
    assert words in str(found[0])
    assert words in str(found[1])


def test_what_another_organization_has_cannot_be_expected(rehearse: Play, tmp_path: Path) -> None:
    """A letter is its mailbox's; where only time passes, the ticket may be anybody's."""
    beta = CONFIG[CONFIG.index("[organization.romashka]") :].replace("romashka", "beta").replace('"RO"', '"BE"')
    (tmp_path / "config.toml").write_text(CONFIG + STEERING + beta, encoding="utf-8")
    letter, expected = STEP.replace("romashka/", "beta/"), 'expect.ground = "abuse"\n'
    (problem,) = problems(rehearse, letter + expected)
    assert problem.expected == "none: there is no ground"
    assert len(rehearse(f'{letter}[[step]]\nadvance = "1h"\n{expected}')) == 2
    assert len(rehearse(f'{letter}expect.ground = ""\nexpect.asked = []\n')) == 1


def test_other_organizations_are_no_part_of_it(rehearse: Play, tmp_path: Path) -> None:
    """What comes round at a neighbour's, in the same folder, changes nothing; where letters reach both, both are there."""
    beta = CONFIG[CONFIG.index("[organization.romashka]") :].replace("romashka", "beta").replace('"RO"', '"BE"')
    works = '[organization.beta.recurring.backup]\ntitle = "Копии"\ntext = "Проверить"\non = "every day"\n'
    (tmp_path / "config.toml").write_text(f"{CONFIG}\n{beta}\n{works}", encoding="utf-8")
    alone, both = STEP, STEP + STEP.replace("romashka/", "beta/")
    passing = '[[step]]\nadvance = "1d"\n'
    assert [letter.message.subject for letter in rehearse(alone + passing)[-1].sent] == []
    assert "Копии" in str([letter.message.subject for letter in rehearse(both + passing)[-1].sent])
    assert "Копии" in str([letter.message.subject for letter in rehearse(passing)[-1].sent])


def test_files_are_attached(rehearse: Play, tmp_path: Path) -> None:
    """As a mail client would, by the name and with the type of the file beside the scenario."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "снимок.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4000))  # smaller ones are icons
    (tmp_path / "config.toml").write_text(CONFIG + STEERING, encoding="utf-8")
    letter = STEP.replace("Горит лампочка.", "Принтер")
    (without,) = rehearse(f'{letter}expect.asked = "screenshot"')
    (shown,) = rehearse(f'{letter}attach = "files/снимок.png"\nexpect.asked = []')
    assert without.differences == shown.differences == ()
    assert [attachment.name for attachment in shown.sent[-1].message.attachments] == ["снимок.png"]


def test_the_nearest_configuration_above(tmp_path: Path) -> None:
    """A scenario that names none is played on the config.toml in its folder, or in the nearest above."""
    deep = tmp_path / "organizations" / "romashka" / "scenarios"
    deep.mkdir(parents=True)
    (deep / "printer.toml").write_text(STEP + 'expect.ticket = "RO-1"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r'Name the configuration: config = "../config.toml"'):
        list(play(deep / "printer.toml"))
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    assert [step.differences for step in play(deep / "printer.toml")] == [()]
    (deep.parent / "config.toml").write_text(CONFIG.replace('"RO"', '"RX"'), encoding="utf-8")
    assert [step.differences for step in play(deep / "printer.toml")] == [("- ticket: RO-1", "+ ticket: RX-1")]


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
    ("nothing like it to answer", STEP + STEP + 'reply = "RO-7"', 11, "step 2, reply", "without reply"),
    ("neither true nor words", STEP + "reply = 3", 6, "step 1, reply", "words that stand in it"),
    ("empty words of a reply", STEP + 'reply = " "', 6, "step 1, reply", "words that stand in it"),
    ("neither a text nor words", STEP + 'expect.sent = [{ to = "a@b.example", text = 3 }]', 6, "step 1, expect.sent.0.text", "whole text"),
    ("state of a ground", STEP + 'expect.ground_state = "refuse"', 6, "step 1, expect.ground_state", 'Did you mean "refused"?'),
    ("no such attachment", STEP + 'attach = ["a.pdf"]', 6, "step 1, attach.0", "the folder of the scenario"),
    ("attachment of a file", '[[step]]\nmailbox = "romashka/support"\nfile = "x.eml"\nattach = "x"', 1, "step 1", "without `attach`"),
    ("number of tags", STEP + "expect.tags = 3", 6, "step 1, expect.tags", "a list"),
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
