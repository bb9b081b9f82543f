"""`maild template`, and that its guide shows what really happens."""

import re
import shlex
from pathlib import Path

import pytest

from maild.cli.output import Exit
from maild.model import Purpose
from maild.outbox.shelves import SENTENCES, TO_CUSTOMERS
from tests.cli.call import call
from tests.daemon.desk import Desk

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ru" / "templates.md").read_text("utf-8")
VARIABLES = " ".join((ROOT / "maild" / "templates" / "README.md").read_text("utf-8").split())
FILES = re.findall(r"(?ms)Файл `([^`]+)`:\n\n```jinja\n(.*?)^```", GUIDE)
SHOWN = re.findall(r"(?ms)^```\n\$ maild ([^\n]+)\n(.*?)^```", GUIDE)
TWO = """
[organization.beta]
name = "Beta"
language = "en"
number_prefix = "BETA"
[organization.beta.mailbox.help]
address = "help@beta.example"
"""


@pytest.fixture
def worded(desk: Desk) -> Desk:
    """The desk of the guide: its configuration and its files."""
    first, *more = re.findall(r"(?ms)^```toml\n(.*?)^```", GUIDE)
    key = first.partition("\n")[2]
    desk.tail = "\n".join(more)
    desk.file.write_text(desk.text().replace('number_prefix = "ACME"\n', f'number_prefix = "ACME"\n{key}'), "utf-8")
    for name, text in FILES:
        path = desk.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return desk


# ── the guide ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_the_guide_shows(worded: Desk) -> None:
    """Every command of the guide prints what stands below it, to the letter."""
    assert len(FILES) == 3
    assert len(SHOWN) == 7
    for command, output in SHOWN[:-1]:
        done = call(*shlex.split(command))
        assert (done.status, done.out, done.stderr) == (Exit.OK, output, ""), command


def test_the_mistake_that_the_guide_shows(worded: Desk) -> None:
    """With file, line, what is wrong and what to do; the status says so, too."""
    command, output = SHOWN[-1]
    (worded.path / "templates/variant/hotline/closing.txt").write_text("{{ nomer }}", "utf-8")
    done = call(*shlex.split(command))
    assert (done.status, done.out) == (Exit.CONFIG, "")
    assert done.stderr.replace(f"{worded.path}/", "").strip() == output.strip()


def test_the_guide_names_every_option_and_every_letter(worded: Desk) -> None:
    """So that nobody has to read the help besides."""
    options = set(re.findall(r"--[a-z]+", call("template", "render", "--help").out)) - {"--config", "--help"}
    assert options
    assert [option for option in options if f"`{option}" not in GUIDE] == []
    assert [name for name in (*TO_CUSTOMERS, *SENTENCES) if f"`{name}`" not in GUIDE] == []
    listed = re.search(r"This goes for (.+?), the frame and", VARIABLES)
    assert listed
    assert listed[1].split(", ") == list(TO_CUSTOMERS)


# ── list ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_of_all_files(worded: Desk) -> None:
    """Each letter in its three parts, and for whom there are other words."""
    rows = call("template", "list", "--json").json
    names = {row["name"] for row in rows}
    assert {f"{purpose}.{part}" for purpose in Purpose for part in ("subject.txt", "txt", "html")} <= names
    assert {"letter.html", "coupon.txt", "faq.txt"} <= names
    own = [(row["name"], row["for"]) for row in rows if not row["shipped"]]
    assert own == [("closing.txt", ""), ("closing.txt", "variant/hotline"), ("asked.txt", "level/extended")]
    assert all(Path(row["file"]).is_file() for row in rows)
    assert len(rows) == len({(row["name"], row["for"]) for row in rows})


def test_each_organisation_has_its_own(worded: Desk) -> None:
    """In its language; one of them can be asked for alone."""
    worded.file.write_text(worded.file.read_text("utf-8") + TWO, "utf-8")
    rows = call("template", "list", "--json").json
    assert {Path(row["file"]).parent.name for row in rows if row["organization"] == "beta"} == {"en", "templates"}
    (only,) = {row["organization"] for row in call("template", "list", "--organization", "beta", "--json").json}
    assert only == "beta"
    assert call("template", "list", "--organization", "beta", "--own").out == (
        "no files of your own: every letter is as it is shipped\n"
    )


# ── render ───────────────────────────────────────────────────────────────────────────────────────────────────────────


OF_NO_REQUEST = (Purpose.NEWS, Purpose.SUBSCRIPTION, Purpose.EDITION)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_letter_can_be_looked_at(desk: Desk, purpose: Purpose) -> None:
    """In every language; with the organisation's own name, address and numbers, and with as much in it as may be."""
    for language, lang in (("ru", "ru"), ("uk", "uk"), ("en", "en")):
        said = call("template", "render", purpose, "--language", language, "--json").json
        assert f'lang="{lang}"' in said["html"]
        assert 1 <= said["sample"] <= said["samples"]
        assert said["subject"]
        if purpose is not Purpose.ADMIN:
            assert "Ромашка & Ко" not in said["text"] + said["html"]
            assert ("ACME-1042" in said["text"]) is (purpose not in OF_NO_REQUEST)
        if language == "en":  # but for the organisation's name
            assert not re.search("[А-яЁё]", (said["subject"] + said["text"] + said["html"]).replace("Ромашка", ""))
        if language == "uk":  # letters that no Ukrainian word has
            assert not re.search("[ыэъёЫЭЪЁ]", said["subject"] + said["text"] + said["html"])
    shown = call("template", "render", purpose).out
    assert shown == "{subject}\n\n{text}".format_map(call("template", "render", purpose, "--json").json)
    assert (
        call("template", "render", purpose, "--text").out == call("template", "render", purpose, "--json").json["text"]
    )


def test_most_is_shown_where_nothing_else_is_asked_for(desk: Desk) -> None:
    """The first look at a letter is at all that it may say."""
    shown = call("template", "render", "acknowledgement").out
    for words in ("помогло", "согласен", "принять не смогли", "передано", "В обращении записано", "Купон"):
        assert words in shown
        assert words not in call("template", "render", "acknowledgement", "--sample", "1").out


OWN = """
[organization.acme.ground.abuse]
name = "Брань"
text = "Без брани, пожалуйста."
next = "Напишите ещё раз."
[organization.acme.ground.unclear]
name = "Мало сведений"
effect = "postpone"
[organization.acme.offer.visit]
name = "Выезд"
text = "Приедет мастер."
price = 900
per = "hour"
[organization.acme.unit.tax]
name = "Налоговая"
address = "office@tax.example"
text = "Она ответит вам сама."
close = true
"""


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (("refusal", "--ground", "abuse"), ("Без брани, пожалуйста.", "Напишите ещё раз.")),
        (("postponement", "--ground", "unclear"), ("Причина: «Мало сведений».",)),
        (("offer", "--offer", "visit"), ("Выезд", "Приедет мастер.", "900\u00a0₽\u00a0за\u00a0час")),
        (("forwarding", "--unit", "tax"), ("Она ответит вам сама.",)),
        (("acknowledgement", "--offer", "visit", "--unit", "tax"), ("Приедет мастер.", "Она ответит вам сама.")),
    ],
)
def test_a_letter_is_shown_with_the_organisations_own(
    desk: Desk, letter: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """What the configuration says instead of the samples."""
    desk.file.write_text(desk.file.read_text("utf-8") + OWN, "utf-8")
    shown = call("template", "render", "--text", *letter)
    assert shown.status == Exit.OK
    assert [one for one in words if one not in shown.out] == []
    samples = call("template", "render", "--text", letter[0]).out
    assert [one for one in words if one in samples] == []
    assert "Чужая <программа>" not in shown.out


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        (("refusal", "--ground", "unclear"), "no ground to refuse is called unclear; there are: abuse"),
        (("postponement", "--ground", "abuse"), "no ground to postpone is called abuse; there are: unclear"),
        (("closing", "--ground", "abuse"), "--ground is for refusal and postponement; closing tells of none"),
        (("offer", "--offer", "lamp"), "no offer is called lamp; there are: visit"),
        (("passing", "--unit", "tax"), "--unit is for forwarding and acknowledgement; passing tells of none"),
    ],
)
def test_what_a_letter_cannot_tell_of(desk: Desk, letter: tuple[str, ...], said: str) -> None:
    desk.file.write_text(desk.file.read_text("utf-8") + OWN, "utf-8")
    refused = call("template", "render", *letter)
    assert refused.status == Exit.USAGE
    assert said in " ".join(refused.stderr.replace("│", " ").split())


def test_the_html_is_written_for_a_browser(desk: Desk) -> None:
    """Whole, in UTF-8; where it cannot be written, the reason is told."""
    done = call("template", "render", "acknowledgement", "--html", "look.html", "--sample", "2")
    assert (
        done.out
        == f"look.html: acknowledgement, sample 2 of {call('template', 'render', 'acknowledgement', '--json').json['samples']}\n"
    )
    page = (desk.path / "look.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "Здравствуйте" in page
    refused = call("template", "render", "answer", "--html", "nowhere/look.html")
    assert (refused.status, refused.stderr) == (
        Exit.NO,
        "maild: nowhere/look.html cannot be written: No such file or directory\n",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("closng",), "did you mean closing?"),
        (("thanks",), "there are: acknowledgement,"),
        (("closing", "--sample", "0"), "--sample is 1 to 7"),
        (("closing", "--sample", "8"), "--sample is 1 to 7"),
        (("closing", "--language", "de"), "none of ru, uk, en"),
        (("closing", "--level", "gold"), "there are: extended"),
        (("closing", "--category", "printing"), "there are: none"),
        (("closing", "--variant", "brief"), "there are: hotline"),
    ],
)
def test_what_cannot_be_shown(worded: Desk, arguments: tuple[str, ...], told: str) -> None:
    """What there is instead is told."""
    done = call("template", "render", *arguments)
    assert done.status == Exit.USAGE
    assert told in " ".join(done.stderr.replace("│", " ").split())


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_problems_at_once(worded: Desk) -> None:
    """Of every file of every organisation; `render` does not show what would never be sent."""
    for name in ("answer.txt", "level/extended/asked.txt", "variant/hotline/refusal.html"):
        (worded.path / "templates" / name).write_text("\n{{ nothing }}", "utf-8")
    (worded.path / "templates" / "category" / "printing").mkdir(parents=True)
    done = call("template", "check", "--json")
    assert done.status == Exit.CONFIG
    assert done.json["ok"] is False
    places = [(Path(one["file"]).name, one["line"]) for one in done.json["problems"]]
    assert places == [("answer.txt", 2), ("printing", None), ("asked.txt", 2), ("refusal.html", 2)]
    assert call("template", "render", "closing").status == Exit.CONFIG
    assert call("check").status == Exit.CONFIG


def test_nothing_wrong(worded: Desk) -> None:
    """A word for people, an object for programs; the whole check has nothing to say against it either."""
    assert call("check").status == Exit.OK
    assert call("template", "check", "--json").json == {
        "ok": True,
        "problems": [],
        "organizations": [{"organization": "acme", "language": "ru", "own": 3}],
    }
