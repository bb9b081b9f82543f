"""Whether two letters of one author ask the same thing once more. Pure; the only file that imports rapidfuzz.

A resend differs from its first by what people put around it ("повторно отправляю, жду ответа") and by mended typing
errors. A different problem in nearly the same words differs by a word that stands *instead of* another one: a document
number, a date, a name, a device. So it is not the share of equal words that decides, but what the unequal ones are.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from maild.ingest.clients.lines import base_subject

LEAST_WORDS = (
    4  # words that say something; "спасибо, всё работает" and "не получается" come again without being a resend
)
WHOLE_REQUEST = 12  # words of a text that stands for itself, whatever its subject says
MAX_WORDS = 5_000  # words compared with allowances; of longer texts only equal ones are the same
MAX_PREFACE = 20  # words above or below a request in which its author says that it is sent once more
MAX_ADDED = 0.1  # share of words that an edit may add or take away
MAX_SHOWN = 8  # words quoted as evidence

_TOKEN = re.compile(r"[^\W_]+(?:[-./:,'’][^\W_]+)*")
_SENTENCE_ENDS = re.compile(r"^$|[.!?\n]")  # nothing, or the end of a sentence or line, before a word

# Words of courtesy: they come and go without changing what a letter asks
_COURTESY = frozenset(
    """здравствуйте здравствуй привет приветствую добрый доброго доброе день дня вечер вечера утро времени суток
    уважаемые уважаемый уважаемая коллеги господа команда поддержка спасибо благодарю заранее пожалуйста прошу просьба
    помогите помочь помощи уважением наилучшими пожеланиями с и а но же ли бы
    вітаю добрий день дня вечір ранок шановні шановний колеги дякую будь ласка прошу допоможіть повагою
    hello hi hey dear good morning afternoon evening colleagues team support thanks thank you please help me kind best
    regards sincerely""".split()
)
# How words begin with which people say that they write once more; only what was added is looked at
_ONCE_MORE = re.compile(
    r"""(?:повтор|дубл|отправ|посыла|посла|пересыла|пересла|присыла|направл|ещё|еще|раз$|втор|трет|четв|снова|опять|напом|письм|новост|сообщен|обращен|заявк|запрос
    |ответ|отвеч|отреаг|реакц|получ|дош|прише|ждём|ждем|жду$|ожида|пока$|сих$|пор$|забы|влож|прилож|прикреп|файл|скрин|сроч|важно|очень|крайне|вчера|сегодня|утром|ранее|прошл|предыдущ|перв|выше|ниже
    |моё|мое$|мой|моя|моего|сво|его$|ее$|наш|ваш|вам$|вас$|вы$|мне$|нам$|нас$|никто|никак|так$|уже|котор|день|дней|дня|час|недел|возможно|вероятно|видимо|может|быть|потер|затер
    |попал|спам|провер|убедит|прочит|прочт|просмотр|рассмотр|случай|на$|в$|от$|до$|по$|из$|за$|к$|о$|об$|для$|без$|не$|нет$|что$|это|если|или|тоже|того|адрес|копи|уточн|буду|признат
    |ще$|знову|надсил|надісл|лист|повідомл|звернен|відпов|отрим|чекаю|забу|вкладен|чекаємо|досі|терміново|вчора|сьогодні|раніше|попередн|мій|моє|наш|ваш|від$|до$|у$|й$|та$|немає
    |again|re-?sen[dt]|sen[dt]|repeat|duplicat|remind|follow|up$|second|twice|once|more|e?-?mail|messag|letter|request|ticket|repl|answer|response|respon|receiv|got|get|heard|hear|back
    |still|yet|wait|urgent|asap|yesterday|today|earlier|previous|last|first|below|above|my$|our|your|the$|this|that|it$|i$|we$|to$|from|of$|in$|on$|for$|a$|an$|as$|at$|is$|was|have|has|had|haven|hasn|not$|no$|didn|any
    |just$|case|news|update|forgot|attach|lost|spam|check|maybe|perhaps|possibl|sorry|apolog|and$|or$|if$|did)""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_ONCE_MORE = re.compile(
    r"повтор|дубл|еще|раз$|снова|опять|напом|пересыл|пересл|отправл|письм|ответ|отвеч|отреаг|знову|^ще$|надісл|лист|відпов"
    r"|again|re-?sen[dt]|duplicat|remind|follow|repl|answer|respon|heard"
)
_EXPRESSLY = re.compile(
    r"повторн|повторя|дублир|дубль$|повторю|дублю|повторно|re-?sen[dt]|duplicat"
)  # nobody says it of a new matter
_DATE_OR_TIME = re.compile(
    r"\d{1,2}(?:[./-]\d{1,2}){1,2}(?:[./-]\d{2,4})?|\d{4}-\d\d-\d\d|\d{1,2}:\d\d(?::\d\d)?|\d{1,2}|20\d\d"
)
_MONTH = re.compile(
    r"январ|феврал|марта|апрел|мая$|июн|июл|август|сентябр|октябр|ноябр|декабр|січн|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листоп|груд|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_NEGATIONS = frozenset("не нет нельзя без ні немає not no never cannot can't don't doesn't isn't".split())


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one letter asks, as far as likeness is concerned."""

    subject: str  # "" for a letter that answers one: its subject is not its author's
    text: str  # the new words


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How like two letters are: `same` is the verdict, `similarity` (0 to 1) the share of equal words, `why` in words."""

    same: bool
    similarity: float
    why: str


def compare(earlier: Asked, later: Asked) -> Likeness:
    """Tell whether `later` asks what `earlier` asked, once more. Takes time bounded by MAX_WORDS squared: some 30 ms."""
    first, then = _Words(earlier), _Words(later)
    if then.text.count < WHOLE_REQUEST or first.text.count < WHOLE_REQUEST:
        return _compare(first.all, then.all)
    found = _compare(first.text, then.text)
    if found.same and (other := _other_marks(first.subject.tokens, then.subject.tokens)):
        return Likeness(same=False, similarity=found.similarity, why=f"another number in the subject: {other}")
    return found


class _Tokens:
    """The words of a text in order, courtesy left out."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.names: set[str] = set()  # words with a capital letter where none had to be
        end = 0
        for match in _TOKEN.finditer(text):
            word = match[0].strip(".,:'’-/").casefold().replace("ё", "е")
            gap, end = text[end : match.start()], match.end()
            if word and word not in _COURTESY:
                self.tokens.append(word)
                if match[0][0].isupper() and not _SENTENCE_ENDS.search(gap):
                    self.names.add(word)

    @property
    def count(self) -> int:
        return len(self.tokens)


class _Words:
    def __init__(self, asked: Asked) -> None:
        subject = base_subject(asked.subject)
        self.subject = _Tokens(subject)
        self.text = _Tokens(asked.text)
        self.all = _Tokens(f"{subject}\n{asked.text}")


def _compare(earlier: _Tokens, later: _Tokens) -> Likeness:
    first, then = earlier.tokens, later.tokens
    if first == then:
        if len(first) < LEAST_WORDS:
            return Likeness(same=False, similarity=1.0, why=f"too short to tell: {_shown(then) or 'no words'}")
        return Likeness(same=True, similarity=1.0, why="the same words")
    if max(len(first), len(then)) > MAX_WORDS:
        return Likeness(same=False, similarity=0.0, why=f"more than {MAX_WORDS} words, and not the same ones")
    changes = [
        _Change(first[a:b], then[c:d], at_an_end=a in (0, len(first))) for a, b, c, d in _differences(first, then)
    ]
    same, why = _judge(changes, base=len(first), names=earlier.names | later.names)
    return Likeness(same=same, similarity=Indel.normalized_similarity(first, then), why=why)


class _Change:
    """One place where the texts differ: what stood there before, what stands there now."""

    def __init__(self, gone: Sequence[str], come: Sequence[str], *, at_an_end: bool) -> None:
        self.gone, self.come = list(gone), list(come)
        small_talk = any(map(_SAYS_ONCE_MORE.search, come)) and all(map(_once_more, come))
        expressly = at_an_end and any(map(_EXPRESSLY.match, come)) and len(come) <= MAX_PREFACE
        self.preface = not gone and (
            small_talk or (expressly and all(map(_DATE_OR_TIME.fullmatch, filter(_is_mark, come))))
        )
        self.small_talk = not (gone and come) and all(_ONCE_MORE.match(word) for word in (*gone, *come))

    def mends(self, names: set[str]) -> bool:
        """Whether one letter was mended behind the beginning of a word: beginnings and names carry meaning."""
        if len(self.gone) != 1 or len(self.come) != 1 or not names.isdisjoint(self.gone + self.come):
            return False
        (old,), (new,) = self.gone, self.come
        return old[:3] == new[:3] and min(len(old), len(new)) >= 5 and Indel.distance(old, new) <= 2


def _judge(changes: list[_Change], base: int, names: set[str]) -> tuple[bool, str]:
    """Return whether the changes of a text of `base` words leave the same request, and why."""
    mended: list[str] = []
    asides: list[str] = []
    edited: list[str] = []
    for change in changes:
        if change.preface:
            asides += change.come
        elif other := _other_marks(change.gone, change.come):
            return False, f"another number or date: {other}"
        elif change.mends(names):
            mended += change.come
        elif change.gone and change.come:
            return False, f"{_shown(change.come)!r} instead of {_shown(change.gone)!r}"
        elif not _NEGATIONS.isdisjoint(change.gone + change.come):
            return False, f"a negation came or went: {_shown(change.gone + change.come)!r}"
        elif not names.isdisjoint(change.gone + change.come):
            return False, f"a name came or went: {_shown(change.gone + change.come)!r}"
        elif change.small_talk:
            asides += change.come or change.gone
        else:
            edited += change.gone or change.come
    if len(edited) > MAX_ADDED * base:
        return False, f"too much was added or taken away: {_shown(edited)!r}"
    kept = base - sum(len(change.gone) for change in changes)
    if kept < LEAST_WORDS:
        return False, f"too few words in common: {kept}"
    parts = (("once more", asides), ("mended", mended), ("edited", edited))
    return True, "; ".join(f"{name}: {_shown(words)!r}" for name, words in parts if words)


def _differences(first: Sequence[str], then: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the unequal stretches [a:b] of `first` and [c:d] of `then` between the equal ones, in order."""
    blocks = [
        (block.src_start, block.dest_start, block.src_end - block.src_start)
        for block in Indel.opcodes(first, then)
        if block.tag == "equal"
    ]
    edges = [(0, 0, 0), *blocks, (len(first), len(then), 0)]
    gaps = [(a + n, b, c + n, d) for (a, c, n), (b, d, _) in pairwise(edges)]
    return [gap for gap in gaps if gap[0] < gap[1] or gap[2] < gap[3]]


def _other_marks(gone: Sequence[str], come: Sequence[str]) -> str | None:
    """Return the words with digits that came or went, or None."""
    old, new = Counter(filter(_is_mark, gone)), Counter(filter(_is_mark, come))
    if old == new:
        return None
    return (
        f"{_shown(list((new - old).elements())) or 'none'} instead of {_shown(list((old - new).elements())) or 'none'}"
    )


def _is_mark(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _once_more(word: str) -> bool:
    """Whether a word belongs into "this letter of 12 November once more": the date of the first may be named."""
    return _is_mark(word) or bool(_ONCE_MORE.match(word) or _MONTH.match(word))


def _shown(words: Sequence[str]) -> str:
    return " ".join(words[:MAX_SHOWN]) + (" …" if len(words) > MAX_SHOWN else "")
