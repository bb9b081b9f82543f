"""Whether one letter looks like several requests (CB-28, KR-10): a hint for the agent, never a reason to split by itself. Pure.

It would rather say nothing than be wrong: a request counts as another one only where it asks for something, speaks of
something else, and does not lean on what was said before. Numbered steps, lists of goods and people, symptoms of one
fault, logs and courtesies are no requests.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from maild.desk import several_words as words

MAX_TEXT = 20_000  # characters that are looked at: whoever writes more tells one long story, or sends a log
MAX_UNITS = 60  # sentences or points that are compared with one another
MAX_QUOTE = 80  # characters of each quotation in the evidence

_POINT = re.compile(r"^\s*(?:\(?(?P<number>\d{1,2})[.):]|(?P<bullet>[-–—•*·]))\s+(?=\S)")
_WITHIN = re.compile(r"(?:^|(?<=[\s,;:]))\(?(\d{1,2})\)\s+")
_HEAD = re.compile(r"^\s*(?:по|щодо|про|regarding|about) [^\s:]{2,30}(?: [^\s:]{2,30})?:\s", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_ENDING = re.compile(
    r"(?<=\w\w\w)(?:ами|ями|ого|его|ому|ему|ыми|ими|ого|ться|ется|ится|ются|ятся|ют|ят|ет|ит|ает|ов|ев|ой|ей|ий|ый|ая|яя|ое|ее|ые|ие|ым|им|ую|юю|ах|ях|ам|ям|ом|ем|ть|а|я|о|е|ы|и|і|ї|у|ю|ь|й|s|ed|ing)$"
)
_LEANING = 4  # words at a sentence's beginning where a pronoun means what was said before
_WRAPPED = 55  # characters from which on a line was broken by a mail client, not by its author


def _cut(word: str) -> str:
    """Return the beginning that a word's forms have in common, near enough."""
    return _ENDING.sub("", word)[:5]


_COMMON = words.COMMON | {_cut(word) for word in words.COMMON}


@dataclass(frozen=True, kw_only=True)
class Several:
    """What makes a letter look like several requests, quoted from it; empty: it looks like one."""

    evidence: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()  # the same, none of it left out


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """A sentence, a point of a list, or a paragraph, folded for comparison."""

    text: str  # as written
    folded: str

    @property
    def question(self) -> bool:
        return "?" in self.folded or words.QUESTION.search(self.folded) is not None

    @property
    def task(self) -> bool:
        return words.TASK.search(self.folded) is not None or words.ASKING.search(self.folded) is not None

    @property
    def wrong(self) -> bool:
        return words.WRONG.search(self.folded) is not None

    @property
    def tells(self) -> bool:
        """Whether there is a question in it, a task, or something that is wrong."""
        return self.question or self.task or self.wrong

    @property
    def asks(self) -> bool:
        """Whether it is a request of its own, and not what goes along with one."""
        return self.tells and not words.BESIDE.search(self.folded)

    @property
    def matters(self) -> bool:
        """Whether it has a matter of its own; "какая комиссия?" asks about somebody else's."""
        loose = "?" in self.folded and not (self.task or self.wrong or words.QUESTION.search(self.folded))
        return len(self.topic) > (1 if loose else 0)

    @property
    def mends(self) -> bool:
        """Whether all it asks is to mend what was told before."""
        return words.MENDING.search(self.folded) is not None

    @property
    def leans(self) -> bool:
        return any(word in words.REFERRING for word in _WORD.findall(self.folded)[:_LEANING])

    @cached_property
    def topic(self) -> frozenset[str]:
        """The words that tell its matter, cut to what their forms have in common."""
        bare = words.TASK.sub(" ", self.folded)
        return frozenset(stem for word in _WORD.findall(bare) if len(stem := _cut(word)) > 2) - _COMMON


def find_several(text: str) -> Several:
    """Return what makes the new words of a letter look like several requests. Looks at `MAX_TEXT` characters."""
    paragraphs = list(_paragraphs(text[:MAX_TEXT]))
    for found in (_in_points(paragraphs), _in_words(paragraphs), _added(paragraphs), _asked(paragraphs)):
        if len(found) > 1:
            parts = tuple(unit.text.strip() for unit in found)
            return Several(evidence=tuple(map(_quote, parts)), parts=parts)
    return Several()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unit(text: str) -> _Unit:
    return _Unit(text=text, folded=_fold(text).strip())


def _fold(text: str) -> str:
    """Return the text as the words are written, of the same length: İ alone would grow in lower case."""
    return text.replace("İ", "I").lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'")


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield the lines of each paragraph, those that a mail client broke put together again; no logs, no signature."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        folded = _fold(line)
        if words.CLOSING.match(folded):
            break
        if not line.strip():
            if lines:
                yield lines
            lines = []
        elif words.MACHINE.match(folded):
            continue
        elif lines and len(lines[-1]) >= _WRAPPED and lines[-1].rstrip()[-1] not in ".!?:;" and not _POINT.match(line):
            lines[-1] += " " + line.strip()
        else:
            lines.append(_without_greeting(line))
    if lines:
        yield lines


def _without_greeting(line: str) -> str:
    found = words.GREETING.match(_fold(line))
    return line[found.end() :] if found else line


def _sentences(lines: Sequence[str]) -> list[_Unit]:
    found = (sentence for line in lines for sentence in _SENTENCE.split(_POINT.sub("", line)))
    return [_unit(sentence) for sentence in found if sentence.strip()]


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rstrip() + "…"


# ── the four ways to see it ──────────────────────────────────────────────────────────────────────────────────────────


def _in_points(paragraphs: Sequence[Sequence[str]]) -> list[_Unit]:
    """Numbered or dashed points that ask for different things."""
    for intro, points in (*_lists(paragraphs), *_lists_within(paragraphs)):
        found = _different(intro, points, [_unit(_POINT.sub("", point.text)) for point in points])
        if len(found) > 1:
            return found
    return []


def _in_words(paragraphs: Sequence[Sequence[str]]) -> list[_Unit]:
    """Points that are counted in words: "во-первых … во-вторых", "вопрос 1 … вопрос 2"."""
    text = "\n".join(line for lines in paragraphs for line in lines)
    folded = _unit(text).folded
    text = text.strip()
    for ordinals in words.POINTS:
        places = [place for ordinal in ordinals if (place := ordinal.search(folded))]
        starts = [place.start() for place in places]
        if len(places) < 2 or starts != sorted(starts):
            continue
        bounds = [*starts, len(text)]
        points = [_unit(text[start:end].strip(" \n,:;")) for start, end in pairwise(bounds)]
        bare = [
            _unit(text[place.end() : end].strip(" \n,:;.—–")) for place, end in zip(places, bounds[1:], strict=True)
        ]
        found = _different(_unit(text[: starts[0]]), points, bare)
        if len(found) > 1:
            return found
    return []


def _added(paragraphs: Sequence[Sequence[str]]) -> list[_Unit]:
    """A request, and then another one that begins with "также", "и ещё вопрос", "заодно"."""
    sentences = [sentence for lines in paragraphs for sentence in _sentences(lines)][:MAX_UNITS]
    for place, sentence in enumerate(sentences):
        added = words.ADDING.search(sentence.folded)
        if not place or not added or words.AGAIN.search(sentence.folded):
            continue
        rest = _rest(sentence, added)
        called = words.NAMED.search(sentence.folded[: added.end() + 20]) is not None
        shown = sentence
        if len(rest.topic) == 0 and place + 1 < len(sentences):  # "Ещё один вопрос." and the matter in its own sentence
            rest = shown = sentences[place + 1]
        before = [one for one in sentences[:place] if one.tells]
        further = rest.asks or (called and not words.BESIDE.search(rest.folded))
        if before and further and _is_apart(rest, sentences[:place], shared=1 if called else 0) and not rest.leans:
            return [before[0], shown]
    return []


def _asked(paragraphs: Sequence[Sequence[str]]) -> list[_Unit]:
    """Questions, or paragraphs with tasks, that have nothing in common."""
    sentences = [sentence for lines in paragraphs for sentence in _sentences(lines)][:MAX_UNITS]
    questions = [one for one in sentences if "?" in one.folded and words.QUESTION.search(one.folded)]
    found = _apart([one for one in questions if len(one.topic) > 1 and not one.leans and not one.mends])
    if len(found) > 1:
        return found
    express = [one for one in sentences if words.EXPRESS.search(one.folded) and one.task and one.asks]
    found = _apart([one for one in express if one.topic and not one.leans])
    further = [one for one in found[1:] if not one.mends]
    if further:
        return [found[0], *further]
    blocks = [_unit(" ".join(lines)) for lines in paragraphs][:MAX_UNITS]
    found = _apart([one for one in blocks if one.asks and len(one.topic) > 1 and not one.leans])
    tasks = [one for one in found[1:] if words.TASK.search(one.folded) and not one.mends]
    return [found[0], tasks[0]] if tasks else []


# ── telling apart ────────────────────────────────────────────────────────────────────────────────────────────────────


def _lists(paragraphs: Sequence[Sequence[str]]) -> Iterator[tuple[_Unit, list[_Unit]]]:
    """Yield every list that stands in lines: what introduces it, and its points with all their lines."""
    intro, points, number = "", list[str](), 0
    for lines in paragraphs:
        for place, line in enumerate(lines):
            found = _POINT.match(line) or _HEAD.match(line)
            given = found.groupdict().get("number") if found else None
            if found is None and points and place:
                points[-1] += "\n" + line
                continue
            if found is None or (given and int(given) != number + 1):  # plain words; another list, a date, a version
                yield _unit(intro), [_unit(point) for point in points]
                points, number = [], 0
                intro = line if found is None else intro
            if found and (given is None or int(given) == number + 1) and len(points) < MAX_UNITS:
                points.append(line)
                number = int(given or 0)
    yield _unit(intro), [_unit(point) for point in points]


def _lists_within(paragraphs: Sequence[Sequence[str]]) -> Iterator[tuple[_Unit, list[_Unit]]]:
    """Yield every list that stands in one line: "два вопроса: 1) … 2) …"."""
    for lines in paragraphs:
        text = " ".join(lines)
        places = list(_WITHIN.finditer(text))[:MAX_UNITS]
        if len(places) > 1 and [int(place[1]) for place in places] == list(range(1, len(places) + 1)):
            bounds = [*(place.start() for place in places), len(text)]
            yield _unit(text[: bounds[0]]), [_unit(text[start:end]) for start, end in pairwise(bounds)]


def _different(intro: _Unit, points: Sequence[_Unit], bare: Sequence[_Unit]) -> list[_Unit]:
    """Return the points that are requests of their own; fewer than two where it is one matter in points.

    `bare` are the points without their numbers.
    """
    if words.STEPS.search(intro.folded) or intro.folded.endswith("?"):  # what was done, or the choices of a question
        return []
    if any(words.STEP.search(point.folded) for point in bare):
        return []
    symptoms = intro.folded.endswith(":") and intro.wrong  # "не работает касса:" and how
    asking = [
        (point, whole)
        for point, whole in zip(bare, points, strict=True)
        if (point.question or point.task or words.INFINITIVE.search(point.folded) or (point.wrong and not symptoms))
        and not words.BESIDE.search(point.folded)
    ]
    if len(asking) * 3 < len(points) * 2:
        return []
    kept = _apart([point for point, _ in asking if point.matters and not point.leans])
    return [whole for point, whole in asking if point in kept]


def _apart(units: Sequence[_Unit]) -> list[_Unit]:
    """Return those that share no word with any kept before them."""
    kept: list[_Unit] = []
    seen: set[str] = set()
    for unit in units:
        if not unit.topic & seen:
            kept.append(unit)
            seen |= unit.topic
    return kept


def _is_apart(unit: _Unit, before: Sequence[_Unit], *, shared: int) -> bool:
    """Whether it has a matter, with at most so many words of those before it."""
    told = frozenset().union(*(one.topic for one in before))
    return len(unit.topic & told) <= shared and not unit.topic <= told


def _rest(sentence: _Unit, added: re.Match[str]) -> _Unit:
    """Return what stands around the words of adding, without the name of what is added."""
    head, tail = sentence.folded[: added.start()], sentence.folded[added.end() :]
    return _Unit(text=sentence.text, folded=f"{head}{words.ANNOUNCING.sub('', tail, count=1)}".strip())
