"""Which of several readings of the same octets is words: one-byte charsets told apart, double encoding undone.

Russian and Ukrainian come first, because that is what our users write and what senders label wrongly most often. Pure
text work; imports nothing of ours.
"""

import re

SAMPLE = 20_000  # octets looked at to tell one-byte charsets apart; more changes no verdict and costs time
MEND_LETTERS = 4  # letters a line must gain before it is taken for doubly encoded; fewer can be an accident
MEND_LINES = 3_000  # lines of one text looked at; a longer letter is quoted many times over
MEND_MARGIN = 1.0  # how much better, per letter, the mended line must read
MEND_LATIN_MARGIN = 2.0  # the same where the line could be a French or German one: "éèàù" is no Russian
MEND_QUALITY = 2.5  # how well, per letter, a line must read where only odd capitals or accents speak for it
MEND_DISTINCT = 4  # different letters of the mended line; "аААА" is no word either way

ONE_BYTE = ("cp1251", "koi8-u", "cp866", "iso8859-5", "cp1252")  # in the order in which ties are broken

# How telling a letter is in Russian and Ukrainian text: about the logarithm of its frequency, shifted above zero
_WEIGHT = {
    letter: weight
    for letters, weight in (("оеаі", 4.0), ("интс", 3.6), ("рвл", 3.1), ("кмдпу", 2.5), ("яыьгзбчй", 1.9),
                            ("хжшюїєё", 1.2), ("цщэ", 0.3), ("фґ", 0.0), ("ъ", -1.5))
    for letter in letters
}  # fmt: skip
_VOWELS = frozenset("аеёиоуыэюяіїє")
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]+|[^\x00-\x7f\u0400-\u04ff]+")
_LATIN_NEIGHBOUR = re.compile("[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][A-Za-z]")
_MIXED_WORD = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
# Letters that never stand together in Russian or Ukrainian words: what capitals of one charset look like in another
_UNHEARD_OF = re.compile(
    "\\b[ьъы]|[аеёиоуыэюяіїє][ьъ]|ъ[^еёюяії]|[жшщч][ыяюэ]|[гкх]ы|[бвгджзйклмнпрстфхцчшщ]{6}", re.IGNORECASE
)
_HARMLESS = frozenset("\u00a0\u00ad№«»—–“”„’‘…•°©®€₴±²³µ½¼¾×÷§¿¡£¥")


def best_reading(octets: bytes) -> str:
    """Return the one-byte charset in which the octets read most like words. Ties go to the more usual charset."""
    sample = octets[:SAMPLE]
    if sample.isascii():
        return ONE_BYTE[0]
    return max(ONE_BYTE, key=lambda codec: score(sample.decode(codec, "replace")))


def score(text: str) -> float:
    """How much a reading looks like words: usual letters and shapes count for it, oddities against it."""
    total = 0.0
    for word in _CYRILLIC_WORD.findall(text):
        if len(word) == 1 and word.isalpha():
            total += 0.5  # "à" and "а" are words both: no evidence
        elif "\u0400" <= word[0] <= "\u04ff":
            small = word.lower()
            total += sum(_WEIGHT.get(letter, -2.0) for letter in small) if _shapely(word) else -2.0 * len(word)
            total -= 0.5 * len(word) * word.isupper() + 4.0 * (len(word) > 2 and _VOWELS.isdisjoint(small))
        else:
            total += sum(1.0 if c in _HARMLESS else 0.5 if "\u00c0" <= c <= "\u024f" else -3.0 for c in word)
    total += 4.0 * len(_LATIN_NEIGHBOUR.findall(text))
    total -= 6.0 * len(_UNHEARD_OF.findall(text))
    return total - 6.0 * len(_MIXED_WORD.findall(text))


def _shapely(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()


# ── double encoding ──────────────────────────────────────────────────────────────────────────────────────────────────

# What a gateway took the octets for → what they were. UTF-8 read as a one-byte charset leaves its two lead octets
# (D0, D1) before every second letter; koi8 and windows-1251 taken for one another turn small letters into capitals.
_SUSPECTS = (
    (re.compile("[ÐÑ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"), "cp1252", "utf-8", MEND_MARGIN),
    (re.compile("[РС][\u0402\u0403\u0409-\u040c\u040e\u040f\u0452\u0453\u0459-\u045c\u045e\u045f\u00a0-\u00bb‚„…†‡€‰‹‘’“”•–—™›Ѓѓ№ёіїєЄІЇҐґ]"), "cp1251", "utf-8", MEND_MARGIN),
    (re.compile("[\u2500-\u25a0][\u0410-\u044f\u2500-\u25a0]"), "cp866", "utf-8", MEND_MARGIN),
    (re.compile("[\u2500-\u25a0][\u0410-\u044f\u2500-\u25a0]"), "koi8-r", "utf-8", MEND_MARGIN),
    (re.compile("\\b[а-яё][А-ЯЁ]"), "koi8-r", "cp1251", MEND_MARGIN),
    (re.compile("\\b[а-яё][А-ЯЁ]"), "cp1251", "koi8-r", MEND_MARGIN),
    (re.compile("[À-ÿ]{3}"), "cp1252", "cp1251", MEND_LATIN_MARGIN),
)  # fmt: skip
_SUSPICIOUS = re.compile(
    "[ÐÑ][^\x00-\x7f]|[РС][^\x00-\x7fА-Яа-яё]|[\u2500-\u25a0][\u0410-\u044f\u2500-\u25a0]|\\b[а-яё][А-ЯЁ]|[À-ÿ]{3}"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def mend(text: str) -> str:
    """Return `text` with the lines that were encoded twice put right where that is certain; all else as it is.

    "Ð¿Ñ€Ð¸Ð²ÐµÑ‚" and "оПХБЕР" are what gateways and old web forms make of "привет" and "Привет": the octets are
    still there, and only one reading of them is words.
    """
    if not _SUSPICIOUS.search(text):
        return text
    lines = text.split("\n")
    suspicious = [at for at, line in enumerate(lines) if _SUSPICIOUS.search(line)]
    for at in suspicious[:MEND_LINES]:
        lines[at] = _mended(lines[at])
    return "\n".join(lines)


def _mended(line: str) -> str:
    best, gained = line, 0.0
    for mark, wrong, right, margin in _SUSPECTS:
        if not mark.search(line):
            continue
        try:
            octets = _octets(line, wrong)
            candidate = octets.decode(right)
        except UnicodeError:
            continue
        found = _CYRILLIC.findall(candidate)
        letters = len(found)
        quality = score(candidate[:SAMPLE])
        gain = quality - score(line[:SAMPLE])
        if right != "utf-8" and (letters <= MEND_LETTERS or quality < MEND_QUALITY * letters):
            continue  # UTF-8 is proof by itself
        if letters >= MEND_LETTERS and len(set(found)) >= MEND_DISTINCT and gain > max(gained, margin * letters):
            best, gained = candidate, gain
    return best


def _octets(line: str, codec: str) -> bytes:
    """Encode what a sloppy decoder made: C1 controls stand for octets that the charset leaves undefined."""
    try:
        return line.encode(codec)
    except UnicodeEncodeError:
        return b"".join(bytes([ord(letter)]) if "\x80" <= letter <= "\x9f" else letter.encode(codec) for letter in line)
