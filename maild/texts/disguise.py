"""The words of a text as they may be meant: look-alike letters, digits, stars, dots, blanks between letters undone. Pure.

A spelling is only ever compared with words that are profane in full, so that undoing too much does no harm.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from maild.texts.phrases import load_words
from maild.texts.sentences import INVISIBLE, MAX_WORD

MAX_CHUNKS = 5_000  # pieces between blanks that are looked at
MAX_HIDDEN = 6  # letters that a row of stars may stand for
MAX_SPACED = 30  # letters with blanks between them
LEAST_SPACED = 3

_CHUNK = re.compile(r"\S+")
_MASKS = "*#@$_•✱×"
_MASKED = re.compile(rf"[^\W\d_](?:[^\W\d_]*[{re.escape(_MASKS)}]+)+[^\W\d_]*")
_DOUBLE_NAME = re.compile(r"[A-ZА-ЯЁІЇЄ][a-zа-яёіїє]+-[A-ZА-ЯЁІЇЄ][a-zа-яёіїє]+")
_SURNAME = re.compile(r"[А-ЯЁІЇЄ][а-яёіїє]+(?:ов|ев|ёв|ин|енко|ский|ская|(?:ов|ев|ёв|ин)(?:а|у|ой|ым|е))")
_EDGES = re.compile(r"^[^\w*@$]+|[^\w*@$]+$")
_SPLIT = re.compile(r"[^\w'’]+")
_INNER = re.compile(r"(?<=\w)[.\-_·•~=+|/\\,:!]+(?=\w)")
_REPEATED = re.compile(r"(.)\1+")
_TRIPLED = re.compile(r"(.)\1{2,}")
_PLAIN = re.compile("[a-zA-Z]+|[а-яА-ЯёЁ]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_FOREIGN = re.compile("[a-z0-9@$]")
_TO_CYRILLIC = str.maketrans("abcdehijklmnoprtuxyz0346@9", "авсденійклмпоргтихузозчбая")
_SURE_TWINS = frozenset("aceopxyktmh")  # Latin letters that look like Cyrillic ones so well that nobody sees it
_LEET = str.maketrans({"1": "i", "!": "i", "3": "e", "0": "o", "@": "a", "$": "s", "5": "s", "4": "a"})


@dataclass(frozen=True)
class Spelling:
    """A word as it may be meant, and as it is written."""

    plain: str
    written: str


def spellings(line: str) -> Iterator[Spelling]:
    """Yield each word of a line in the spellings that it may stand for."""
    chunks = [match[0] for match in islice(_CHUNK.finditer(line), MAX_CHUNKS)]
    before = ""
    for chunk in chunks:
        if before and before[-1] not in ".!?…" and _SURNAME.fullmatch(chunk.strip(".,;:!?()")):
            before = chunk.casefold()
            continue
        yield from (Spelling(plain, chunk) for plain in _chunk_spellings(chunk[: 2 * MAX_WORD]))
        if "*" in chunk and before in ("на", "по", "ни", "до", "в"):
            yield from (Spelling(plain, f"{before} {chunk}") for plain in _unmasked(f"{before}{chunk}".casefold()))
        before = chunk.casefold()
    yield from _spaced(chunks)


def _chunk_spellings(chunk: str) -> set[str]:
    if chunk.isalpha() and _PLAIN.fullmatch(chunk):
        small = chunk.casefold().replace("ё", "е")
        return _word_spellings(small) if _REPEATED.search(small) or _SURE_TWINS.issuperset(small) else {small}
    chunk = _EDGES.sub("", INVISIBLE.sub("", unicodedata.normalize("NFKC", chunk)))
    if not chunk or _is_code(chunk) or _DOUBLE_NAME.fullmatch(chunk):
        return set()
    small = chunk.casefold().replace("ё", "е")
    found = set[str]()
    for word in {*_SPLIT.split(small), *(_INNER.sub("", small) for _ in "1" if _INNER.search(small))}:
        found |= _word_spellings(word.strip("_"))
    if "@" in small or "$" in small:
        found |= _word_spellings(small)
    if _MASKED.search(small):
        found |= _unmasked(small)
    return found


def _is_code(chunk: str) -> bool:
    """Whether a piece is a number of a document, a hash, a key: nobody writes words so."""
    digits = sum(map(str.isdigit, chunk))
    return digits > 2 or (digits > 0 and any(part.isdigit() for part in re.split(r"[-/.]", chunk)))


def _word_spellings(word: str) -> set[str]:
    if not word:
        return set()
    written = {word[:MAX_WORD]}
    if _TRIPLED.search(word):
        written |= {_TRIPLED.sub(r"\1", word)[:MAX_WORD], _REPEATED.sub(r"\1", word)[:MAX_WORD]}
    elif _REPEATED.search(word):
        written.add(_REPEATED.sub(r"\1", word)[:MAX_WORD])
    return {spelling for one in written for spelling in _in_one_script(one)}


def _in_one_script(word: str) -> set[str]:
    found = {word}
    if _CYRILLIC.search(word):
        if _FOREIGN.search(word):
            found |= {word.translate(_TO_CYRILLIC), word.replace("u", "у").replace("y", "у").translate(_TO_CYRILLIC)}
    elif _LATIN.search(word):
        if not word.isalpha():
            found.add(word.translate(_LEET))
        if _SURE_TWINS.issuperset(word):
            found.add(word.translate(_TO_CYRILLIC))
    return found


def _unmasked(chunk: str) -> set[str]:
    """Return the words that a piece with stars may stand for."""
    match = _MASKED.search(chunk)
    if match is None:
        return set()
    word = match[0].replace("ё", "е")
    word = word.translate(_TO_CYRILLIC) if _CYRILLIC.search(word) and _LATIN.search(word) else word
    parts = re.split(rf"([{re.escape(_MASKS)}]+)", word)
    if sum(map(len, parts[::2])) < 2:
        return set()
    pattern = re.compile("".join(_hidden(len(part)) if at % 2 else re.escape(part) for at, part in enumerate(parts)))
    return {word for word in load_words("masked") if pattern.fullmatch(word)}


def _hidden(stars: int) -> str:
    """Return a pattern for what stars hide: few of them are counted, many are a row."""
    return f"\\w{{{stars}}}" if stars <= 2 else f"\\w{{{min(stars, MAX_HIDDEN) - 1},{MAX_HIDDEN}}}"


def _spaced(chunks: list[str]) -> Iterator[Spelling]:
    """Yield what single letters with blanks between them make together."""
    run: list[str] = []
    for chunk, following in pairwise([*chunks, "", ""]):
        letter = chunk.strip(".,!?-*_")
        if len(letter) == 1 and letter.isalnum() and len(run) < MAX_SPACED:
            run.append(letter)
            if len(following.strip(".,!?-*_")) == 1:
                continue
        for word in _ends_of(run):
            yield from (Spelling(plain, " ".join(word)) for plain in _word_spellings("".join(word).casefold()))
        run = []


def _ends_of(run: list[str]) -> Iterator[list[str]]:
    """Yield a run of letters, and it without some at one end: "с у к а и" has a word of one letter beside it."""
    for length in range(LEAST_SPACED, len(run) + 1):
        yield run[:length]
        yield run[len(run) - length :]
