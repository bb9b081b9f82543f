"""How well the FAQ search does on labelled questions: a table, and every miss of the half that it was tuned on.

python -m tests.faq                        print it
python -m tests.faq --write docs/faq.md    write the page that the tests hold us to (make faq-table)
"""

import argparse
import sys
from pathlib import Path

from maild.faq.search import THRESHOLD
from tests.faq.figures import Figures, figures, misses, of_several
from tests.faq.questions import HELD_OUT, TUNED, entries

_PAGE = """\
# How well the FAQ is searched

`make faq-table` writes this page from the code as it is; `tests/faq/test_floors.py` fails where a figure falls below its
floor, or where the page says something else than what is measured.

## What is asked

`tests/faq/faq.toml` holds {entries} entries of a support desk for a bookkeeping program, in the format of the
configuration: title, link, words, one or two sample questions. `questions_tuned.txt` and `questions_held_out.txt` hold
{questions} letters as people write them: one-liners, no punctuation, slips of the keyboard, spoken words, rambling letters
with greeting and signature, brand names in Latin letters, some in Ukrainian and English. For {none} of them there is no
right entry; many of those are near misses ("какой принтер лучше купить", where an entry tells what to do when a printer
does not print). Entries were written first, then the questions, then the search. All were written by one author, who
knew the entries: real letters will find somewhat less, until their words have been added to the entries.

The questions were split by lot, entry by entry. One half was looked at while the search was built: its misses showed which
general words and synonyms were lacking, and its letters gave the weights. Of the other half only the figures have been
looked at, a handful of times; no word was added and no weight chosen for one of its letters. **The held-out half is what
to expect; the tuned half shows how much words that an admin adds from misses bring.**

## How

An entry is looked for in each passage of a letter (`maild/faq/passages.py`). Words count in any form, with words of the
same root, with general synonyms of Russian, Ukrainian and English office talk, with a slip or two of the keyboard, joined,
split, or typed in the wrong layout (`vocabulary.py`). What makes an entry likely is put into one figure between 0 and 1
(`search.py`) that means the same for every entry; below the threshold nothing is suggested, and beside a sure entry only one
that is as sure, or that rests on none of the same words: the letter asks something else besides. The weights come from a
logistic regression on the tuned half, with each answerable letter once more among the unanswerable ones, its own entries
removed: an entry that is merely the nearest one has to stay below the threshold.

Why no library: `bm25s` and `rank-bm25` need numpy (some 30 MB) and, like the ranking of SQLite's FTS5, return sums that mean
something else for each letter and each FAQ, so that no threshold fits. The sums are the small part; what decides whether
to speak at all had to be written in any case.

On one core of a small shared machine (`python bench/faq.py`): an index of 500 entries is built in 0.2 s and takes 6 MB, a
letter is looked up in 0.4 ms (95 % within 1.4 ms), one of 2,000 words in 32 ms; the first misspelt word after a start costs
0.4 s more; 10,000 requests are clustered (`maild faq stats`) in 2.5 s.

## Figures at the threshold of {threshold:.2f}

recall@3: a right entry is suggested. recall@1: it is the first one. wrong first: a wrong entry is the first one. wrong
beside: a wrong entry is suggested at all, most often second to the right one. wrong for unanswerable: anything is suggested
where there is no right entry.

{table}

## Letters that ask two things

`questions_several.txt` holds {several.letters} letters with two questions, each of which has an entry of its own. They were
written last and never used for a weight; that other words mean another question was thought of when they were first read.
Both entries are suggested for {several.both}, one of the two for {several.one}, an entry that answers neither for {several.wrong}.

## Other thresholds

{sweep}

## What the tuned half misses

{misses}
"""


def page() -> str:
    """Return docs/faq.md."""
    halves = {half: figures(half) for half in (TUNED, HELD_OUT, "all")}
    total = halves["all"]
    return _PAGE.format(
        entries=len(entries()),
        questions=total.answerable + total.unanswerable,
        none=total.unanswerable,
        threshold=THRESHOLD,
        table=_table(halves),
        several=of_several(),
        sweep=_sweep(),
        misses="\n".join(f"- {line}" for line in misses(TUNED)),
    )


def _table(halves: dict[str, Figures]) -> str:
    head = "| half | answerable | recall@3 | recall@1 | wrong first | wrong beside | unanswerable | wrong for unanswerable |"
    lines = [head, "|---|---:|---:|---:|---:|---:|---:|---:|"]
    for half, one in halves.items():
        shares = (_share(n, one.answerable) for n in (one.found, one.first, one.misled, one.beside))
        wrong = _share(one.unanswerable - one.silent, one.unanswerable)
        lines.append(f"| {half} | {one.answerable} | {' | '.join(shares)} | {one.unanswerable} | {wrong} |")
    return "\n".join(lines)


def _sweep() -> str:
    lines = [
        "| threshold | recall@3 tuned | held out | wrong for unanswerable tuned | held out |",
        "|---:|---:|---:|---:|---:|",
    ]
    for threshold in (0.2, 0.3, 0.35, 0.4, 0.5, 0.6):
        tuned, held = (figures(half, threshold=threshold) for half in (TUNED, HELD_OUT))
        recall = (_share(one.found, one.answerable) for one in (tuned, held))
        wrong = (_share(one.unanswerable - one.silent, one.unanswerable) for one in (tuned, held))
        lines.append(f"| {threshold:.2f} | {' | '.join((*recall, *wrong))} |")
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.1%}"


def main() -> int:
    """Print or write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faq", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there instead of printing it")
    wanted = parser.parse_args()
    if wanted.write:
        wanted.write.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
