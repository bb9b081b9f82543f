"""Problems as text for a terminal or a letter to the admin."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from maild.config.lines import KeyPath
from maild.config.redact import show_line
from maild.config.schema import is_private
from maild.config.syntax import SyntaxProblem, decode
from maild.errors import Problem

_INDENT = " " * 8  # below the line number


def render_problems(problems: Sequence[Problem]) -> str:
    """Return several lines: the problems file by file, each with its source line (secrets masked), and a count at the end.

    `problems` come sorted by file, as ConfigError holds them; their files are read again for the source lines.
    """
    blocks = []
    for file, group in itertools.groupby(problems, key=lambda problem: problem.file):
        lines = _read_lines(file)
        blocks += [file, *(_render(problem, lines) for problem in group)]
    mistakes, questions = ([one for one in problems if one.question is kind] for kind in (False, True))
    if mistakes:
        blocks.append(f"{_count(len(mistakes), 'problem')} in {_count_files(mistakes)}")
    if questions:
        verb = "is" if len(questions) == 1 else "are"
        told = f"{_count(len(questions), 'question')} in {_count_files(questions)} {verb} still open"
        blocks.append(f"{told}: write each answer in the place of the text that begins with ?")
    return "\n\n".join(blocks) + "\n"


def _render(problem: Problem, lines: Sequence[str]) -> str:
    number = "" if problem.line is None else str(problem.line)
    rows = [
        f"{number:>6}  {problem.key or 'the file as a whole' if problem.line is None else problem.key or 'this line'}"
    ]
    if problem.line is not None and problem.line <= len(lines) and not problem.question:  # its words are the remedy
        path = _path(problem.key)
        private = any(is_private(path[:depth]) for depth in range(1, len(path) + 1))
        source = show_line(lines[problem.line - 1], known=bool(problem.key), private=private)
        rows += [f"{_INDENT}│ {source}"] if source else []
    rows += [f"{_INDENT}found {problem.found}", f"{_INDENT}expected {problem.expected}", f"{_INDENT}→ {problem.remedy}"]
    return "\n".join(rows)


def _path(key: str) -> KeyPath:
    """Undo `dotted`."""
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _read_lines(file: str) -> Sequence[str]:
    try:
        return decode(Path(file).read_bytes()).split("\n")
    except (OSError, SyntaxProblem):
        return ()


def _count_files(problems: Sequence[Problem]) -> str:
    return _count(len({problem.file for problem in problems}), "file")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
