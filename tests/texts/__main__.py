"""The page docs/text-checks.md: what counts as what, and how often each check is right.

python -m tests.texts                               print it (figures of the code as it is)
python -m tests.texts --write docs/text-checks.md   write it (make text-table)
"""

import argparse
import sys
from pathlib import Path

from maild.texts import capitals, unsplit
from maild.texts.flaw import Check
from tests.texts.floors import BLIND, FLOORS
from tests.texts.labelled import labelled
from tests.texts.measure import Count, count, find_wrong, golden_alarms

_PAGE = """\
# How well texts are checked

`make text-table` writes this page; `tests/texts/test_figures.py` holds its figures to what is measured, and each check
to its floor. {texts} texts are labelled in `tests/texts/labelled/`, {innocent} of which are no offence at all; {held}
of them were held back while the checks were made. All are written for this purpose by hand, after letters that people
write to support desks; none is a customer's.

Precision: how many of those called so are so. Recall: how many of those that are so were called so.

| check | texts | precision | recall | held back: texts | precision | recall | floor, precision | recall |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}

{letters} letters of people from `tests/mail/` are asked as well: {alarms}.

{blind}

## What counts as what

What a person did not write is looked at by no check: quoted lines, what stands between quotation marks, code, logs,
stack traces, addresses, names of files, hashes, numbers of documents. The first 20,000 characters are read. A text that
cannot be read is called that, and nothing else but abuse or a threat.

- **abuse** (CB-15, FN-12, TK-14): profanity in Russian, Ukrainian and English, whoever is meant, and in disguise: look-alike
  letters (xуй), digits (6ля), stars (п***ц), dots (х.у.й), blanks (х у й), repeated letters (сууука), Latin letters (blyat).
  Insults when they are aimed at people: "вы идиоты", "тупые операторы", "чтоб вы сдохли". In evidence the middle of a
  profane word is masked. No abuse: anger ("ужас", "фигня", "хрень", "достали", "дурацкая программа"), accusations ("мошенники",
  "обманщики"), what one says of oneself ("я, наверное, дурак"), what is reported ("назвал меня идиотом"), ordinary words
  and names with something inside ("застрахуй", "Скунс", "Scunthorpe"), a bitch of a kennel.
- **threat** (FN-12): to life, health, property: "найду и убью", "подожгу офис", "знаю, где ты живёшь". No threat: a court, a
  complaint, a bad review, "уничтожу вашу репутацию", leaving; processes, servers and one's own printer; what is reported.
  Threats in words of their own ("взлетите на воздух", "у меня двустволка") are found as far as the lists have them: of all
  checks this one misses most. It never stands for reading the letter.
- **capitals** (FN-15): the letter as a whole: at least {capitals:.0%} of its letters. No offence: abbreviations, requisites,
  names, a shouted word, a message or SQL that is quoted, a heading.
- **translit** (FN-15): Russian or Ukrainian in Latin letters. No offence: any other language, names, addresses, products, code,
  a Latin word in a Russian letter.
- **unsplit** (FN-15): more than {unsplit} words without the end of a sentence make up most of the letter. No offence: lists, logs,
  requisites, short lines, one long sentence among others, all sentences of up to {unsplit} words.
- **vague** (FN-16, TK-14): neither subject nor text has a word that says something: no thing, no action, no number, no file.
  "Программа не работает" is vague, "не работает принтер" is not; a telephone number and a signature say nothing. No offence:
  an answer ("да", "спасибо, заработало"). It reads words, not sense: idioms pass for something concrete.
- **unreadable** (FN-10): a wrong keyboard layout or charset, letters at random, question marks. No offence: any language in
  its letters, code, a quoted sample, errors of spelling. Parsing mends most wrong charsets before this check sees them.

The lists lie in `maild/texts/lists/`; each says at its top what may be added. After a change: `make text-table`.

## Where the checks are wrong

{wrong}
"""


def page() -> str:
    """Return the page for the code as it is."""
    texts = labelled()
    everything, held = count(texts), count(text for text in texts if text.held)
    letters, alarms = golden_alarms()
    return _PAGE.format(
        texts=len(texts),
        innocent=sum(not text.expected for text in texts),
        held=sum(text.held for text in texts),
        rows="\n".join(_row(check, everything[check], held[check]) for check in Check),
        letters=letters,
        alarms="; ".join(f"`{place}` {check}, {evidence}" for place, check, evidence in alarms)
        or "none is called abusive, a threat, unreadable, translit, unsplit or all capitals",
        blind=BLIND,
        capitals=capitals.LEAST_SHARE,
        unsplit=unsplit.LEAST_WORDS,
        wrong="\n".join(f"- {wrong}{' (held back)' * wrong.text.held}" for wrong in find_wrong(texts)) or "Nowhere.",
    )


def _row(check: Check, everything: Count, held: Count) -> str:
    cells = [check, _texts(everything), *_shares(everything), _texts(held), *_shares(held)]
    cells += [f"{floor:.0%}" for floor in FLOORS[check]]
    return f"| {' | '.join(map(str, cells))} |"


def _texts(counted: Count) -> int:
    return counted.found + counted.missed


def _shares(counted: Count) -> tuple[str, str]:
    called, are = counted.found + counted.false, counted.found + counted.missed
    return f"{counted.found}/{called} {counted.precision:.1%}", f"{counted.found}/{are} {counted.recall:.1%}"


def main() -> int:
    """Print the page or write it, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.texts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
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
