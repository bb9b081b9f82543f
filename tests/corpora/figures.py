"""How many answers were right, of how many, and which were not; as values, as a Markdown table, and back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ALL = "all"
Counts = Mapping[tuple[str, str], tuple[int, int]]  # (question, source) to (right, of how many)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question about one letter, answered."""

    group: str
    question: str
    source: str
    name: str  # of the letter
    right: bool
    expected: str = ""  # these two only where it is not right
    got: str = ""


def count(answers: Iterable[Answer]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return right and total per question and source, the sum of all sources too."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for answer in answers:
        for source in (answer.source, ALL):
            right, total = counts.get((answer.question, source), (0, 0))
            counts[answer.question, source] = (right + answer.right, total + 1)
    return counts


def to_markdown(answers: Iterable[Answer]) -> str:
    """Return a table per group of questions with a row per source, then every miss by file."""
    answers = list(answers)
    counts, lines = count(answers), list[str]()
    for group in dict.fromkeys(answer.group for answer in answers):
        of_group = [answer for answer in answers if answer.group == group]
        titles = list(dict.fromkeys(answer.question for answer in of_group))
        sources = [*sorted({answer.source for answer in of_group}), ALL]
        rows = [["source", *titles]]
        rows += [[source, *(_cell(counts.get((title, source))) for title in titles)] for source in sources]
        lines += [f"## {group}", "", *_table(rows), ""]
    return "\n".join([*lines, *_misses(answers)]).rstrip() + "\n"


def from_markdown(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the counts that `to_markdown` wrote; what else stands in the text is passed over."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    titles: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == "source":
            titles = cells[1:]
        elif cells:
            for title, cell in zip(titles, cells[1:], strict=False):
                right, slash, total = cell.partition("/")
                if slash:
                    counts[title, cells[0]] = (int(right), int(total))
        else:
            titles = []
    return counts


def find_worse(written: Counts, now: Counts) -> list[str]:
    """Return in words every figure that is worse now than it is written; a figure no longer asked is worse as well."""
    worse = []
    for key, (right, total) in written.items():
        is_right, of = now.get(key, (0, 0))
        if total - right < of - is_right or is_right < right:
            worse.append(f"{key[0]}, {key[1]}: {is_right}/{of}, and it was {right}/{total}")
    return worse


def find_unwritten(written: Counts, now: Counts) -> list[str]:
    """Return in words every figure that has changed without being worse: the table lags behind."""
    worse = {line.partition(":")[0] for line in find_worse(written, now)}
    return [
        f"{question}, {source}: {right}/{total}"
        for (question, source), (right, total) in now.items()
        if written.get((question, source)) != (right, total) and f"{question}, {source}" not in worse
    ]


def _cell(count: tuple[int, int] | None) -> str:
    return f"{count[0]}/{count[1]}" if count else ""


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield f"| {' | '.join(cells)} |"
        if not number:
            yield f"|{'|'.join(['-' * (widths[0] + 2), *('-' * (width + 1) + ':' for width in widths[1:])])}|"


def _misses(answers: list[Answer]) -> Iterator[str]:
    missed = [answer for answer in answers if not answer.right]
    yield "## Misses"
    for question in dict.fromkeys(answer.question for answer in missed):
        yield from ("", f"### {question}", "")
        for answer in missed:
            if answer.question == question:
                expected, got = _code(answer.expected), _code(answer.got)
                yield f"- {_code(f'{answer.source}/{answer.name}')}: expected {expected}, got {got}"
    if not missed:
        yield from ("", "None.")


def _code(text: str) -> str:
    quoted = text.replace("`", "'")
    return f"`{quoted}`" if text else "nothing"
