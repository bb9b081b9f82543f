"""Every question put to every letter of some folders and to our own golden mail."""

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeGuard

from tests.corpora.apart import Outcome, apart
from tests.corpora.figures import Answer
from tests.corpora.questions import EVERY, QUESTIONS, Question
from tests.corpora.reading import Reading, read
from tests.corpora.samples import CORPORA, Sample, samples

SLOW = 2.0  # seconds of processor time for one letter
LARGE = 300_000_000  # octets of memory, the daemon counted, see `apart.RESIDENT`
SHOWN = 100  # characters of what was expected and got
BEFORE = 4  # words shown before the first that differs

Reader = Callable[[bytes], Reading]


def answers(folders: Iterable[Path] = (), reader: Reader = read) -> list[Answer]:
    """Return the answers about the letters of `folders`; without any, of the corpora and of our own golden mail."""
    folders = list(folders)
    letters = (sample for folder in folders or [CORPORA] for sample in samples(folder))
    found = [answer for sample in letters for answer in answers_about(sample, reader)]
    if not folders:
        from tests.corpora.golden import golden_answers  # loads all of maild: any earlier, that would be measured, too

        found += golden_answers()
    return found


def answers_about(sample: Sample, reader: Reader = read) -> Iterator[Answer]:
    """Yield all answers about one letter; where it could not be read, none of them is right."""
    asked = [(question, wanted) for question in QUESTIONS if (wanted := question.wanted(sample)) is not None]
    outcome = apart(lambda: _ask(sample, asked, reader))
    failure = outcome.died or outcome.result["failure"]
    if sample.kind != "vector":
        yield from _costs(sample, outcome, failure)
    for number, (question, wanted) in enumerate(asked):
        right, expected, got = (False, *_shown(wanted, failure)) if failure else outcome.result["answers"][number]
        yield _answer(sample, question.group, question.title, right=right, expected=expected, got=got)


def _ask(sample: Sample, asked: list[tuple[Question, object]], reader: Reader) -> dict[str, Any]:
    """Return whether each answer is right, what was expected and got. What the reader raises is a failure of the code under
    test; what a question raises is one of ours, and kills this process.
    """
    try:
        reading = reader(sample.octets)
    except Exception as error:
        return {"failure": f"{type(error).__name__}: {error}"}
    found = [(question, wanted, question.got(reading)) for question, wanted in asked]
    return {
        "failure": "",
        "answers": [(question.fits(wanted, got), *_shown(wanted, got)) for question, wanted, got in found],
    }


def _costs(sample: Sample, outcome: Outcome, failure: str) -> Iterator[Answer]:
    seconds, peak = f"{outcome.seconds:.1f} s", f"{outcome.peak // 1_000_000} MB"
    yield _answer(sample, EVERY, "no exception", right=not failure, expected="a reading", got=_line(failure))
    yield _answer(sample, EVERY, "under 2 s", right=outcome.seconds < SLOW, expected="under 2 s", got=seconds)
    yield _answer(sample, EVERY, "under 300 MB", right=outcome.peak < LARGE, expected="under 300 MB", got=peak)


def _answer(sample: Sample, group: str, title: str, *, right: bool, expected: str, got: str) -> Answer:
    wrong = {} if right else {"expected": expected, "got": got}
    return Answer(group=group, question=title, source=sample.source, name=sample.name, right=right, **wrong)


def _shown(expected: object, got: object) -> tuple[str, str]:
    """Return both shortened to a line each; of long lists of words, what stands round the first that differs."""
    if not (_is_words(expected) and _is_words(got)):
        return _line(expected), _line(got)
    same = next((at for at, pair in enumerate(zip_longest(expected, got)) if pair[0] != pair[1]), 0)
    begin = max(0, same - BEFORE)
    ellipsis = ["…"] if begin else []
    return _line([*ellipsis, *expected[begin:]]), _line([*ellipsis, *got[begin:]])


def _line(value: object) -> str:
    """Return a value on one line, shortened; words as they stand, everything else as Python writes it."""
    words = value if isinstance(value, str) else " ".join(value) if _is_words(value) else repr(value)
    line = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _is_words(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
