"""An admin who answers whatever a configuration asks, with something that its key takes."""

import re
from pathlib import Path

from maild.config.load import load_config
from maild.errors import ConfigError, Problem

_ANSWERS = {  # how what a key takes begins → an answer, with a number where two must differ
    "a bare mail address": '"person{}@staff.example"',
    "a host name": '"mail.staff.example"',
    "a mail domain": '"staff{}.example"',
    "an IANA time zone": '"Europe/Moscow"',
    "the address of a page": '"https://desk.example/{}"',
    "a sum": "990",
    "a duration": '"5h"',
    "days, weeks or years": '"5y"',
    "an extension": '["pdf", "docx"]',
    "a size": '"5MB"',
    "opening hours": '"09:00-18:00"',
    "true or false": "true",
    "a whole number": "7",
    "a number": "7",
    "the two letters of a country": '"RU"',
    "text in quotes": '"Ответ {}"',
}


def answer_all(config: Path) -> None:
    """Write an answer in the place of every question, and a password into every file that is asked for."""
    for path in re.findall(
        r'file = "(secrets/.+?)"', "".join(p.read_text("utf-8") for p in config.parent.rglob("*.toml"))
    ):
        (config.parent / path).write_text("secret", "utf-8")
    for number, problem in enumerate(_asked(config)):
        assert problem.line is not None
        file = Path(problem.file)
        lines = file.read_text("utf-8").split("\n")
        question = re.search(r"""("\?[^"]*"|'\?[^']*')""", lines[problem.line - 1])
        assert question, f"{problem}: a question stands on one line"
        lines[problem.line - 1] = lines[problem.line - 1].replace(question[0], _answer(problem).format(number), 1)
        file.write_text("\n".join(lines), "utf-8")


def _asked(config: Path) -> list[Problem]:
    try:
        load_config(config)
    except ConfigError as error:
        return [problem for problem in error.problems if problem.question]
    return []


def _answer(problem: Problem) -> str:
    for takes, answer in _ANSWERS.items():
        if problem.expected.startswith(takes):
            return answer
    if problem.expected.startswith('"'):
        return problem.expected.split(" ")[0].rstrip(",")
    raise AssertionError(f"{problem.key}: what would an admin answer? It takes {problem.expected}")
