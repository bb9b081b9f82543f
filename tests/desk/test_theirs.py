"""Which lines of an agent's letter may be a customer's."""

import pytest

from maild.desk.commands import looks_like_command
from maild.desk.theirs import doubted_lines, squeeze

THEIRS = squeeze("Прошу всё проверить, а потом #Закрыть  заявку.\n*№взять*\n# срок 27.11")
NAMES = frozenset({"анна", "петрова"})


@pytest.mark.parametrize(
    ("letter", "doubted"),
    [
        ("Готово.\n#решено", []),
        ("#закрыть\nГотово.", []),  # above everything else
        ("\n#решено\n\n#закрыть", []),
        ("Готово.\n#закрыть", [1]),
        ("Готово.\n- #закрыть заявку!", [1]),
        ("Готово.\n#взять", [1]),
        ("Готово.\n#срок 27.11", [1]),
        ("Готово.\n#срок 28.11", []),
        ("Готово.\n#закрыть вопрос", []),
        ("Анна Петрова 27.11\n#решено", []),  # whose client it is shows in no letter that we showed ourselves
    ],
)
def test_what_the_customer_wrote_orders_nothing(letter: str, doubted: list[int]) -> None:
    """Whatever marks, blanks and line ends became of it; the agent's own lines do."""
    assert sorted(doubted_lines(letter.split("\n"), looks_like_command, THEIRS, None)) == doubted


@pytest.mark.parametrize(
    "head",
    [
        "Анна Петрова 27.11.2026",
        "Анна пишет:",
        "x@y.example 10:15",
        "27.11.2026, 10:15:",
        "Od: x@y.example\nData: 27.11.2026",
        "-----",
        "* * *",
        "<x@y.example>",
    ],
)
def test_below_a_likely_head_nothing_is_an_order(head: str) -> None:
    """Two signs of one, or a drawn line."""
    lines = f"#взять\n\nГотово.\n\n{head}\n\nПомогите\n#решено".split("\n")
    assert doubted_lines(lines, looks_like_command, "", NAMES) == {len(lines) - 1}


@pytest.mark.parametrize(
    "words",
    [
        "Анна, всё готово.",
        "Здравствуйте, Анна!",
        "Приедем 27.11.2026 в 10:15.",
        "Сделайте так:",
        "Напишите на x@y.example",
        "Анна\n\n27.11.2026",
        "- раз\n- два",
    ],
)
def test_what_agents_write_is_no_head(words: str) -> None:
    """One sign alone is nothing."""
    assert doubted_lines(f"{words}\n#решено".split("\n"), looks_like_command, "", NAMES) == frozenset()
