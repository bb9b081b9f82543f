"""docs/ru/commands.md: its list is the table of verbs, its letters get the receipts that it shows."""

import re
from pathlib import Path

import pytest

from maild.desk.commands import Command, parse_commands
from maild.desk.verbs import VERBS, Verb
from tests.desk.test_commands import MOSCOW, NOW, plain_usages
from tests.walk.served import IVAN_ADDRESS, open_served, order
from tests.walk.stage import SUPPORT, reply
from tests.walk.test_orders import lines, opened
from tests.walk.test_passing_on import MAKER, to

PAGE = (Path(__file__).parents[2] / "docs" / "ru" / "commands.md").read_text("utf-8")
PLAYED = re.findall(
    r"(?:```подразделение\n(.*?)```\n\n)?```письмо\n(.*?)```\n\n```квитанция\n(.*?)```", PAGE, re.DOTALL
)
KNOWN = """
[organization.acme.unit.maker]
name = "Разработчик"
address = "dev@maker.example"
[organization.acme.offer.training]
name = "Обучение"
price = 1500
per = "hour"
"""


def rows(first: str) -> list[list[str]]:
    """The cells of the table whose first column is headed so."""
    table = PAGE[PAGE.index(f"| {first} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


def row_of(verb: Verb) -> list[str]:
    """The cells of a verb, but for what it does."""
    usages = plain_usages(verb, "ru")
    shown = {usage.split()[0].strip("#").casefold().replace("ё", "е") for usage in usages}
    without = [", ".join(f"`{word}`" for word in verb.bare)] if verb.bare else []
    without += ["одна: " + ", ".join(f"`{word}`" for word in verb.alone)] if verb.alone else []
    words = [word for word in verb.words if word not in shown]
    return [", ".join(f"`{usage}`" for usage in usages), ", ".join(f"`{word}`" for word in words), "; ".join(without)]


def test_the_list_is_the_table() -> None:
    """Every verb with all its words, in the order of the table, and what it does."""
    assert [row[:3] for row in rows("Команда")] == [row_of(verb) for verb in VERBS]
    assert all(row[3] for row in rows("Команда"))


@pytest.mark.parametrize(("written", "what"), rows("Письмо"))
def test_what_is_a_command_without_the_sign(written: str, what: str) -> None:
    """As the page's own table says."""
    words = "\n".join("" if line == "пустая строка" else line.strip("`") for line in written.split(" / "))
    commands, rest = parse_commands(words, NOW, MOSCOW)
    said = [*(["команда"] if commands else []), *(["ответ"] if rest else [])]
    assert " и ".join(said) == what.partition(":")[0]
    assert all(isinstance(one, Command) for one in commands)


@pytest.mark.parametrize(("unit", "written", "receipt"), PLAYED)
def test_a_letter_gets_the_receipt_that_the_page_shows(unit: str, written: str, receipt: str) -> None:
    """On Monday, 23 November 2026, at nine in the morning; where the page shows a unit's answer, that has come before."""
    with open_served(organization=KNOWN) as desk:
        notification = opened(desk)
        if unit:
            passing = to(order(desk, notification, "#направить разработчику"), MAKER)
            notification = to(desk.deliver(reply(passing, unit, author=MAKER), SUPPORT), IVAN_ADDRESS)
        said = [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines(order(desk, notification, written))]
        assert said == receipt.splitlines()


def test_all_of_them_were_played() -> None:
    """No example stands there that is not."""
    assert PAGE.count("```") == sum(4 if not unit else 6 for unit, _, _ in PLAYED)
    assert len(PLAYED) == 13
