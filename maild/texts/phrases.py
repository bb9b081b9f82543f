"""Lists of words and phrases from files of lists/, and what of a text is on them.

A line is a phrase: words with blanks between them, all of which follow each other in one sentence.
    идиот* *бред     any letters at the end, at the beginning
    ты|вы            one or the other
    идиот(ы|ов)?     a part of a word, as in a regular expression
    @you             one of the words of the line "@you = ты|вы"
    [совсем]         may be missing
    ~3               up to three words of any kind, no comma among them
    ~~5              up to five words and commas
    /                a comma, or the beginning or end of a sentence; "." only the latter
    ! phrase         acquits the sentence in which it stands
    # comment
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from maild.language.patterns import CompiledPattern, compile_own
from maild.texts.sentences import Sentences

MAX_ACQUITTED = 20  # sentences of a text in which something is found and acquitted; after that the rest passes as well
_NAME = re.compile("@[a-z]+")
_GROUP = re.compile(r"\((?!\?)")
_NOTHING = compile_own("[^\\s\\S]")


@dataclass(frozen=True)
class Phrases:
    """Phrases to look for, and phrases that acquit."""

    offending: CompiledPattern
    acquitting: CompiledPattern

    def find(self, sentences: Sentences) -> str | None:
        """Return the words of the first phrase that is found, as they are written, or None."""
        rest, offset = sentences.plain, 0
        for _ in range(MAX_ACQUITTED):
            found = self.offending.find(rest)
            if found is None:
                return None
            at = offset + rest.index(found)
            sentence = sentences.sentence(at)
            if self.acquitting.find(sentence) is None:
                return sentences.written(at, at + len(found))
            offset = max(at + 1, sentences.plain.index(sentence, max(0, at - len(sentence))) + len(sentence) - 3)
            rest = sentences.plain[offset:]
        return None


def list_lines(name: str) -> Iterator[str]:
    """Yield the lines of a list without comments."""
    for line in (files("maild.texts") / "lists" / f"{name}.txt").read_text(encoding="utf-8").split("\n"):
        content = line.partition("#")[0].strip()
        if content:
            yield content


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the words of a list, several of which may stand in a line."""
    return frozenset(word for line in list_lines(name) for word in line.split())


@cache
def load_phrases(*names: str) -> Phrases:
    """Return the phrases of lists; names of words hold within their list. Raises ValueError for a broken one."""
    offending: list[str] = []
    acquitting: list[str] = []
    for name in names:
        named: dict[str, str] = {}
        for line in list_lines(name):
            if " = " in line:
                key, _, words = line.partition("=")
                named[key.strip()] = _alternatives(words.strip(), named)
            elif line.startswith("!"):
                acquitting.append(_phrase(line[1:], named))
            else:
                offending.append(_phrase(line, named))
    return Phrases(_any(offending), _any(acquitting))


def _any(phrases: list[str]) -> CompiledPattern:
    return compile_own(f" (?:{'|'.join(phrases)})") if phrases else _NOTHING


def _phrase(source: str, named: Mapping[str, str]) -> str:
    return "".join(_element(element, named) for element in _elements(source))


def _elements(source: str) -> Iterator[str]:
    """Yield what stands between blanks; those within brackets part nothing."""
    depth, element = 0, ""
    for character in source:
        depth += (character in "([") - (character in ")]")
        if character == " " and not depth:
            yield element
            element = ""
        else:
            element += character
    yield element


def _element(element: str, named: Mapping[str, str]) -> str:
    if not element:
        return ""
    if element.startswith("~~"):
        return f"(?:[^ .]+ ){{0,{int(element[2:])}}}"
    if element.startswith("~"):
        return f"(?:[^ .,]+ ){{0,{int(element[1:])}}}"
    if element == "/":
        return "[.,] "
    if element == ".":
        return r"\. "
    if element.startswith("["):
        return f"(?:{_alternatives(element[1:-1], named)} )?"
    return f"(?:{_alternatives(element, named)}) "


def _alternatives(source: str, named: Mapping[str, str]) -> str:
    def expanded(match: re.Match[str]) -> str:
        if match[0] not in named:
            raise ValueError(f"the list names {match[0]}, but says nowhere what that is")
        return f"(?:{named[match[0]]})"

    # groups that remember nothing are searched several times as fast
    plain = _GROUP.sub("(?:", source.replace("*", "[^ ]*").replace("ё", "е"))
    return f"(?:{_NAME.sub(expanded, plain)})"
