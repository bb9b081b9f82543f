"""What stands below an agent's words as their signature, where some write commands; and words that say nothing."""

import pytest

from maild.desk.relay import says_nothing, signature_of
from tests.desk.test_relay import MARKER, SECRET

QUOTE = f"\n\n23.11.2026 9:10, Анна пишет:\n> {MARKER}\n> #закрыть {SECRET}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Готово.\n\n-- \nИван\n#решено", "Иван|#решено"),
        ("Готово.\n\n-- \nИван\n\n#решено", "Иван|#решено"),
        ("Готово.\n\nС уважением,\nИван Иванов\n+7 495 123-45-67", "С уважением,|Иван Иванов|+7 495 123-45-67"),
        ("Готово.", ""),
        ("Готово.\n\n> #закрыть", ""),
    ],
)
@pytest.mark.parametrize("below", ["", QUOTE, f"\n\n{MARKER}\n#закрыть {SECRET}"])
def test_the_signature_is_found_and_nothing_of_the_quote(text: str, expected: str, below: str) -> None:
    """Whatever is quoted below it is the customer's or ours."""
    lines = [line for line in signature_of(text + below).splitlines() if line != "-- "]
    assert "|".join(filter(None, lines)) == expected


@pytest.mark.parametrize(
    "words",
    ["", "Добрый день!", "С уважением,\nИван", "Здравствуйте, Ольга!\n\nС уважением,\nИван Иванов\nслужба поддержки", "Hello Olga,\n\nBest regards,\nIvan", "С уважением, Иван"],
)  # fmt: skip
def test_a_greeting_and_a_name_say_nothing(words: str) -> None:
    """A customer who gets no more than that would ask what it means."""
    assert says_nothing(words)


@pytest.mark.parametrize(
    "words",
    ["Готово", "Добрый день! Готово.", "Добрый день!\nГотово.", "С уважением,\nИван\n\nP. S. Проверьте, пожалуйста.", "Спасибо", "Привет, как дела?", "Иван", "Добрый день!\n\nПерезвоните мне"],
)  # fmt: skip
def test_whatever_else_is_said_is_an_answer(words: str) -> None:
    """Not a word of it may be lost."""
    assert not says_nothing(words)
