"""Whether a text says what its author does until the error comes: "захожу …, нажимаю …, появляется …".

What they did against the error ("перезагрузил") is no step to it, nor is what they want us to do ("откройте доступ"), nor
what the program does ("не сохраняет"): acts count in the first person and in the past, as orders only in instructions.
Where it is not clear, a text has steps: whoever told them should not be asked for them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from maild.desk.evidence import steps_words as words
from maild.desk.evidence.common import MAX_SEARCHED, quote
from maild.language.words import fold, forms, inflections, split_words

NEAR = 200  # characters between what is done and what comes of it, or is done next
MAX_ACTS = 200  # of a text; what is longer is a log

# Forms of verbs, by their ends: I do, we did; not "нажатую"; to do, do!
_PRESENT = re.compile(r"(?:[юу](?:сь)?|[еиє]м(?:ся|о|ось)?)$")
_PAST = re.compile(r"(?:л[аио]?(?:с[ья])?|в(?:ся)?|шла|шов)$")
_PARTICIPLE = re.compile(r"(?:нн|[тм]|[уюая]щ|вш)(?:ую|[еиоы]м|ему|ому|ею|ою)$|ш$|вши(?:сь)?$")
_TOLD = re.compile(r"(?:т[ьи](?:с[ья])?|й(?:те)?(?:с[ья])?|[иі](?:те|ть)?(?:с[ья])?|ь(?:те)?)$")
_INFINITIVE = ("ть", "ти", "чь", "ться", "тись", "тися")
_VAGUE = re.compile(r"став|дела|указ|снима|подключ|запис", re.IGNORECASE)  # these say too little to stand alone


def _words(source: str) -> str:
    """One expression of a table, without the blanks that it is laid out with."""
    return "(?:" + re.sub(r"\s+", "", source) + ")"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){source}(?!\w)", re.IGNORECASE)


_HAPPENS = _pattern(_words(words.RESULT))
_DOES = _pattern(_words(words.DOES))
_TURNED_OUT = re.compile(r"\b\w{3,20}л[аои]?с[ья]\b", re.IGNORECASE)
_ERROR = _pattern("(?:ошибк[аиу]|помилк[аиу]|error)")
_SEQUENCE = _pattern(_words(words.ORDER))
_WHILE = _pattern(_words(words.WHILE))
_WHEN = re.compile(
    r"\b(?:когда|если|как\s+только|стоит|после\s+того,?\s+как|коли|якщо|щоразу|після\s+того,?\s+як)\b[^.!?\n]{0,60}$",
    re.IGNORECASE,
)
_I_DO = re.compile(words.I_DO, re.IGNORECASE)
_DO = re.compile(words.DO, re.IGNORECASE)
_INSTRUCTION = re.compile(words.INSTRUCTION, re.IGNORECASE)
_PATH = re.compile(
    r"[«\"]?\w[\w ]{1,30}[»\"]?\s{0,2}(?:->|→|=>|>|»)\s{0,2}[«\"]?\w"
    r"|[«\"]?[A-ZА-ЯЁ][\w ]{1,30}[»\"]?\s[—–-]\s[«\"]?[A-ZА-ЯЁ\d][\w -]{1,30}[»\"]?\s[—–-]\s[«\"]?[A-ZА-ЯЁ\d]"
)
_NUMBERED = re.compile(
    r"^[ \t]{0,8}(?:шаг\s*|крок\s*|step\s*)?\d{1,2}\s?[.):]\s?(\S.{0,200})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class _Act:
    """Something that is done, and where the text says so."""

    start: int
    end: int
    strong: bool = False  # with a program for sure
    listed: bool = True  # with a program, perhaps
    said: bool = True  # by whoever did it, not as an order or in the infinitive
    present: bool = False


@cache
def _spellings() -> dict[str, bool]:
    """How acts are spelt, in all their forms, and whether they are strong."""
    spelt = {fold(form): False for verb in words.WEAK.split() for form in inflections(verb)}
    return spelt | {fold(form): True for verb in words.STRONG.split() for form in inflections(verb)}


@cache
def _spoken() -> frozenset[str]:
    """How letter-speak is spelt, in all its forms."""
    return frozenset(fold(form) for verb in words.LETTER_SPEAK.split() for form in inflections(verb))


def _find_acts(text: str) -> list[_Act]:
    """Return the acts of a text in order."""
    acts = [_Act(start=match.start(), end=match.end(), strong=True, present=True) for match in _I_DO.finditer(text)]
    said_until = max((act.end for act in acts), default=0)
    acts += [
        _Act(start=match.start(), end=match.end(), strong=True, said=False)
        for match in _DO.finditer(text)
        if match.start() >= said_until
    ]
    for token in split_words(text):
        if (act := _read_act(fold(token.text), token.start, token.end)) is not None:
            acts.append(act)
    return sorted(acts, key=lambda act: act.start)[:MAX_ACTS]


def _read_act(word: str, start: int, end: int) -> _Act | None:
    if word.isascii() or "-" in word or _PARTICIPLE.search(word):
        return None
    strong, present = _spellings().get(word), _PRESENT.search(word) is not None
    if strong is None:
        acted = present and word not in _spoken() and any(lemma.endswith(_INFINITIVE) for lemma in forms(word))
        return _Act(start=start, end=end, listed=False, present=True) if acted else None
    if present or _PAST.search(word):
        return _Act(start=start, end=end, strong=strong, present=present)
    return _Act(start=start, end=end, strong=strong, said=False) if _TOLD.search(word) else None


def find_steps(text: str) -> str | None:
    """Return the words that tell a step, in one line, or None. Linear in the text, of which the first part is searched."""
    text = text[:MAX_SEARCHED]
    acts = _find_acts(text)
    happens, errors = _places(_HAPPENS, text), _places(_ERROR, text)
    listed = [act for act in acts if act.listed]
    if found := _in_list(text, listed, bool(happens or errors)):
        return found
    if listed and (match := _INSTRUCTION.search(text)):
        return _quoted(text, match.start(), match.end())
    conditions = [(match.start(), match.end()) for match in _WHILE.finditer(text)][:MAX_ACTS]
    conditions += [(act.start, act.end) for act in listed if _WHEN.search(text[max(0, act.start - 90) : act.start])]
    for start, end in conditions:
        if any(start - NEAR < at < start or end <= at < end + NEAR for at in happens) or _DOES.search(
            text, end, end + NEAR
        ):
            return _quoted(text, start, end)
    if (match := _PATH.search(text)) and (happens or errors or any(act.said for act in listed)):
        return quote(match[0])
    told = [act for act in listed if act.strong and not act.said]
    if len(told) > 1 and happens and told[0].start < happens[-1]:
        return _quoted(text, told[0].start, told[0].end)
    return _told_in_order(text, [act for act in acts if act.said], happens, errors)


def _places(pattern: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in pattern.finditer(text)][:MAX_ACTS]


def _in_list(text: str, acts: list[_Act], errs: bool) -> str | None:
    """Return the first line of a numbered list of steps: a list of wishes has no acts, a list of orders to us no error."""
    lines = [(match.start(1), match.end(1)) for match in _NUMBERED.finditer(text)][:50]
    inside = [act for act in acts if any(start <= act.start < end for start, end in lines)]
    said = [act for act in inside if act.said]
    if len(lines) < 2 or not inside:
        return None
    if (said and (len(said) > 1 or errs)) or (len(inside) > 1 and any(act.strong for act in inside) and errs):
        return _quoted(text, inside[0].start, inside[0].end)
    return None


def _told_in_order(text: str, acts: list[_Act], happens: list[int], errors: list[int]) -> str | None:
    """Return the first of several acts, or of one and what came of it."""
    listed = [act for act in acts if act.listed]
    present = [act for act in acts if act.present]
    telling = [act for act in acts if act.strong or (act.present and not _VAGUE.match(text, act.start))]
    if (
        (listed and any(act.strong for act in listed) and len(acts) > 1)
        or len(listed) > 2
        or (len(listed) > 1 and (happens or errors))
        or any(after.start - before.end < NEAR for before, after in pairwise(present))
        or (listed and present and len(_SEQUENCE.findall(text)) > 1)
        or _followed(telling, [*happens, *errors])
        or _followed([act for act in listed if act.strong], _places(_TURNED_OUT, text))
        or any(_DOES.search(text, act.end, act.end + NEAR) for act in telling if act.present)
    ):
        return _quoted(text, acts[0].start, acts[0].end)
    return None


def _followed(acts: Iterable[_Act], places: list[int]) -> bool:
    return any(act.end < at < act.end + NEAR for act in acts for at in places)


def _quoted(text: str, start: int, end: int) -> str:
    return quote(text[start : end + 80])
