"""How well maild reads real mail: a table, and every miss by file.

python -m tests.corpora                            the corpora beside the project, and our own golden mail (make corpora)
python -m tests.corpora --write docs/corpora.md    the same into the page that the tests hold us to (make corpora-table)
python -m tests.corpora FOLDER …                   other mail with manifests of the same format
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from maild import logs
from tests.corpora.figures import ALL, Answer, count, to_markdown
from tests.corpora.goals import GOALS
from tests.corpora.questions import COLUMNS
from tests.corpora.run import answers
from tests.corpora.samples import CORPORA, MISSING

_PAGE = """\
# How well real mail is read

Right answers of how many, per source; `make corpora` prints this for the code as it is, `make corpora-table` writes it.
The sources lie in `../shared/corpora` beside the project; their README tells where each expected answer comes from: for
broken mail another reading can be as right, so that not every miss is a fault. `tests/corpora/test_floors.py` holds each
figure: none may get worse, and one that got better is written down. Seconds are processor time of all the reading of one
letter; memory is the peak of the daemon with the letter in its hands.

"""


def page(found: list[Answer]) -> str:
    """Return docs/corpora.md: goals, tables, misses."""
    counts, lines = count(found), ["| goal | at least | reached |", "|---|---:|---:|"]
    for goal in GOALS:
        right, total = counts.get((goal.question, ALL), (0, 0))
        share = f"{right / total:.1%}" if total else "nothing known"
        lines.append(f"| {goal.question} | {goal.least:.1%} | {share}{'' if goal.reached(counts) else ', missed'} |")
    return f"{_PAGE}## Goals\n\n" + "\n".join(lines) + f"\n\n{to_markdown(found)}"


def _column(answer: Answer) -> int:
    return COLUMNS.index(answer.question) if answer.question in COLUMNS else len(COLUMNS)


def main() -> int:
    """Ask everything, print or write, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.corpora", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="one source, or a folder of sources")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there instead of printing it")
    parser.add_argument("--json", action="store_true", help="print every answer as JSON")
    wanted = parser.parse_args()
    if not wanted.folders and not CORPORA.is_dir():
        print(MISSING, file=sys.stderr)
        return 1
    logs.configure("error", "console")  # the golden walks would tell of every letter
    found = sorted(answers(wanted.folders), key=_column)
    if not found:
        print("no manifest.json with messages, bodies or vectors found", file=sys.stderr)
        return 1
    if wanted.json:
        print(json.dumps([asdict(answer) for answer in found], ensure_ascii=False))
    elif wanted.write:
        wanted.write.write_text(page(found), encoding="utf-8")
    else:
        print(page(found), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
