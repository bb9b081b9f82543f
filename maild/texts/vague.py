"""Texts that say nothing concrete: no thing, no action, no number, no file (FN-16, TK-14). The subject counts."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from maild.texts.phrases import list_lines
from maild.texts.prose import Written
from maild.texts.sentences import plain_word, shorten

MAX_WORDS = 60  # that are looked at; who needs more to say nothing is not understood by counting words
MAX_SIGNED = 4  # lines from "С уважением" to the end

_CLOSING = re.compile(
    r"^\s*(?:--\s*$|(?:с\s+(?:наилучшими\s+)?(?:уважением|пожеланиями)|з\s+повагою|(?:best|kind|warm)?\s*regards|sincerely|отправлено\s+(?:из|с)|sent\s+from)\b).*",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w/])(?:тел\.?|т\.|моб\.?|phone|tel\.?)?:?\s*\+?\d(?:[\s()-]{0,3}\d){6,13}(?![\w/])")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_NO_SUBJECT = re.compile(r"[(<\[]?\s*(?:без темы|без теми|no subject|нет темы|без заголовка)\s*[)>\]]?", re.IGNORECASE)
_YES_OR_NO = re.compile(r"\s*(?:да|нет|yes|no|ні|так)\s*[,.!]\s*\w", re.IGNORECASE)  # "нет, не помогло"
_PICTURE = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]|(?:[:;]-?[)(D])|[)(]{2,}")


@dataclass(frozen=True)
class _Vocabulary:
    whole: frozenset[str]
    beginnings: tuple[str, ...]
    answers: frozenset[str]
    answering: tuple[str, ...]

    def says_nothing(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)

    def is_answer(self, word: str) -> bool:
        return word in self.answers or word.startswith(self.answering)


def find_vague(written: Written) -> str | None:
    """Return the text that says nothing, as it is written, or None."""
    if len(written.text) > 100 * MAX_WORDS:
        return None
    subject = _NO_SUBJECT.sub("", written.any_subject)
    text = _PHONE.sub(" ", unsigned(written.text))
    words = [plain_word(match[0]) for match in islice(_WORD.finditer(f"{subject}\n{text}"), MAX_WORDS + 1)]
    known = _vocabulary()
    if len(words) > MAX_WORDS or not all(map(known.says_nothing, words)):
        return None
    said = [plain_word(word) for word in _WORD.findall(text)]
    if _YES_OR_NO.match(text):
        return None
    if _only_answers(said) or (not words and _PICTURE.search(text)):
        return None
    return shorten(f"{subject} {text}") or "nothing is written"


def unsigned(text: str) -> str:
    """Return a text without a closing and the name below it."""
    lines = text.rstrip().split("\n")
    for at in range(max(0, len(lines) - MAX_SIGNED), len(lines)):
        if _CLOSING.match(lines[at]):
            return "\n".join(lines[:at])
    return text


def _only_answers(words: list[str]) -> bool:
    """Whether words answer a question or thank: those of somebody who needs nothing."""
    known = _vocabulary()
    return any(map(known.is_answer, words)) and all(known.is_answer(word) or word in _BESIDE for word in words)


# words that may stand beside an answer: "всё заработало, спасибо вам"
_BESIDE = frozenset("все всё уже вам вас очень большое и it now works work вы мы что за помощь you very much for help your the".split())  # fmt: skip


@cache
def _vocabulary() -> _Vocabulary:
    whole, beginnings, answers, answering = set[str](), set[str](), set[str](), set[str]()
    for line in list_lines("vague"):
        for word in line.removeprefix("~").split():
            if word.endswith("*"):
                (answering if line.startswith("~") else beginnings).add(word[:-1])
            else:
                (answers if line.startswith("~") else whole).add(word.replace("ё", "е"))
    return _Vocabulary(
        frozenset(whole | answers), tuple(sorted(beginnings | answering)), frozenset(answers), tuple(sorted(answering))
    )
