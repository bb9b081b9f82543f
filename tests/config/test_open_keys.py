"""Values that begin with "?" are questions to the admin: each is asked once, in its own words, and nothing else is said of it."""

from pathlib import Path

import pytest

from maild.config.load import load_config, read_config
from maild.config.render import render_problems
from maild.errors import ConfigError, Problem
from tests.config.conftest import GOOD

LEFT_OPEN = """
[admin]
address = "? Кому писать о неполадках?"
[smtp]
host = "? Через какой сервер уходят письма?"
[organization.acme]
name = "Acme"
zone = '? По какому времени вы работаете? Например "Europe/Moscow".'
language = "?На каком языке отвечать?"
notifiers = ["monitor@acme.example", "? Какие машины вам пишут?"]
reopen_within = "?"
text_hints = "? Что проверять?"
package = "? Такого ключа нет."
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.agent.ivanov]
name = "? Как зовут сотрудника?"
address = "? Куда ему писать?"
notify = "? Писать ему о новом?"
[organization.acme.calendar.office]
week.mon-fri = "? В какие часы вы работаете?"
[organization.acme.target.reaction]
until = "answered"
within = "? За сколько вы отвечаете?"
calendar = "office"
remind = [{ at = "50%", to = "? Кому напоминать?" }]
[organization.acme.calendar.night]
week = "? Кто дежурит ночью?"
[organization.acme.target.solution]
until = "resolved"
within = "8h"
calendar = "night"
[organization.acme.offer.works]
name = "Работы"
price = "? Сколько стоит час?"
per = "hour"
"""
A = "organization.acme."
ASKED = {
    "admin.address": (3, "Кому писать о неполадках?"),
    "smtp.host": (5, "Через какой сервер уходят письма?"),
    f"{A}zone": (8, 'По какому времени вы работаете? Например "Europe/Moscow".'),
    f"{A}language": (9, "На каком языке отвечать?"),
    f"{A}notifiers.1": (10, "Какие машины вам пишут?"),
    f"{A}reopen_within": (11, "Write the value of this key."),
    f"{A}text_hints": (12, "Что проверять?"),
    f"{A}agent.ivanov.name": (17, "Как зовут сотрудника?"),
    f"{A}agent.ivanov.address": (18, "Куда ему писать?"),
    f"{A}agent.ivanov.notify": (19, "Писать ему о новом?"),
    f"{A}calendar.office.week.mon-fri": (21, "В какие часы вы работаете?"),
    f"{A}target.reaction.within": (24, "За сколько вы отвечаете?"),
    f"{A}target.reaction.remind.0.to": (26, "Кому напоминать?"),
    f"{A}calendar.night.week": (28, "Кто дежурит ночью?"),
    f"{A}offer.works.price": (35, "Сколько стоит час?"),
}


def problems(text: str, folder: Path) -> list[Problem]:
    (folder / "config.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "config.toml")
    return caught.value.problems


def test_every_question_is_asked_at_once_where_it_stands(tmp_path: Path) -> None:
    """Whatever the type of its key; of the same key, and of what is missing for want of an answer, nothing else is said."""
    found = problems(LEFT_OPEN, tmp_path)
    assert {one.key: (one.line, one.remedy) for one in found if one.question} == ASKED
    assert [one.key for one in found if not one.question] == [f"{A}package"], "an unknown key asks nothing"


@pytest.mark.parametrize(
    ("key", "takes"),
    [
        ("admin.address", "a bare mail address such as"),
        ("smtp.host", "a host name"),
        (f"{A}zone", "Europe/Moscow"),
        (f"{A}language", '"ru", "uk" or "en"'),
        (f"{A}reopen_within", "a duration in quotes"),
        (f"{A}text_hints", "abuse"),
        (f"{A}agent.ivanov.name", "text in quotes"),
        (f"{A}agent.ivanov.notify", "true or false"),
        (f"{A}calendar.office.week.mon-fri", "opening hours"),
        (f"{A}target.reaction.within", "a duration in quotes"),
    ],
)
def test_it_says_what_the_key_takes(tmp_path: Path, key: str, takes: str) -> None:
    """As it would of any wrong value."""
    [one] = [one for one in problems(LEFT_OPEN, tmp_path) if one.key == key]
    assert one.found == "a question that is still open"
    assert takes in one.expected


def test_other_mistakes_are_told_beside(tmp_path: Path) -> None:
    """A question hides nothing that is wrong elsewhere, but what fits together is not judged before all is answered."""
    text = GOOD.replace('name = "Acme"', 'name = "? Чей это стол?"\nlanguage = "de"\nhead = "nobody"')
    assert [(one.key, one.question) for one in problems(text, tmp_path)] == [
        (f"{A}name", True),
        (f"{A}language", False),
    ]
    answered = text.replace("? Чей это стол?", "Acme").replace('"de"', '"ru"')
    assert [one.key for one in problems(answered, tmp_path)] == [f"{A}head"]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('host = "smtp.example.org"', 'host = "smtp.example.org"\npassword = "?hunter2"'),
        GOOD + '[organization.acme.client.x]\nname = "X"\ndomains = "x.example"\ncoupons = ["?hunter2"]\n',
        GOOD.replace('name = "Acme"', 'name = "Acme"\npasword = "?hunter2"'),
    ],
    ids=["a password", "a coupon", "an unknown key"],
)  # fmt: skip
def test_what_may_be_secret_is_no_question(tmp_path: Path, text: str) -> None:
    """It would be shown."""
    (tmp_path / "config.toml").write_text(text, "utf-8")
    found = read_config(tmp_path / "config.toml").problems
    assert not any(one.question for one in found)
    assert "hunter2" not in render_problems(found)


def test_a_text_may_begin_so_after_a_space(tmp_path: Path) -> None:
    """Who really wants the mark can have it."""
    (tmp_path / "config.toml").write_text(GOOD.replace('name = "Acme"', 'name = " ? Acme"'), "utf-8")
    assert load_config(tmp_path / "config.toml").config.organization["acme"].name.strip() == "? Acme"


def test_the_count_stands_at_the_end(tmp_path: Path) -> None:
    """Questions are counted apart from mistakes, and the source line, which holds the same words, is not repeated."""
    (tmp_path / "config.toml").write_text(GOOD.replace('name = "Acme"', 'name = "? Чей это стол?"'), "utf-8")
    shown = render_problems(list(read_config(tmp_path / "config.toml").problems))
    assert shown.count("Чей это стол?") == 1
    assert shown.endswith(
        "\n\n1 question in 1 file is still open: write each answer in the place of the text that begins with ?\n"
    )
    shown = render_problems(problems(LEFT_OPEN, tmp_path))
    assert "\n\n1 problem in 1 file\n\n15 questions in 1 file are still open: " in shown
