"""Octets to text: the declared charset is a hint, the octets decide. Imports only the standard library.

Everything here is total: any octets give a string that can be stored (no NUL, no lone surrogate).
"""

import binascii
import codecs
import re

MAX_CHARSET_NAME = 40  # characters; the longest registered name in use is half of that
SAMPLE = 20_000  # octets looked at to tell one-byte charsets apart; more changes no verdict and costs time
REPLACED_AT_MOST = 0.1  # share of undecodable characters up to which text still counts as damaged UTF-8
REVISE_LETTERS = 3  # non-ASCII octets below which a label is always believed
REVISE_MARGIN = 1.0  # how much better, per character, another charset must read before the label is disbelieved

# what senders write → what they mean (the larger set where one contains the other)
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "x-cp1251": "cp1251",
    "win-1251": "cp1251",
    "cp-1251": "cp1251",
    "x-mac-cyrillic": "mac-cyrillic",
    "koi8-r": "koi8-u",  # differs in eight frames only, which nobody mails, and carries Ukrainian
    "koi8r": "koi8-u",
    "koi8u": "koi8-u",
}
# Python calls these text encodings, but no mail is written in them, and some take quadratic time
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_ONE_BYTE = ("cp1251", "koi8-u", "cp866", "iso8859-5", "cp1252")  # in the order in which ties are broken
_STATEFUL = ("iso2022", "utf-7", "hz", "utf-16", "utf-32")  # pure ASCII octets may carry other letters

_SINGLE_LINE_JUNK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # turn the reading direction: used to deceive
_TEXT_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_WORD = re.compile(rb"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_WORD_GAP = re.compile(rb"[ \t\r\n]*")


def storable(text: str) -> str:
    """Return `text` with LF line ends and without what a database cannot keep or a terminal would obey."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TEXT_JUNK.sub(lambda match: "\ufffd" if match[0] >= "\ud800" else "", text)


def single_line(text: str) -> str:
    """Return `text` on one line: control characters and line ends become blanks, blanks are not repeated."""
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    return " ".join(_SINGLE_LINE_JUNK.sub(" ", text).split())


def find_codec(name: str | None) -> str | None:
    """Return Python's name for a charset that mail may be written in, or None."""
    if not name:
        return None
    plain = name.strip().strip("\"'").lower().partition("*")[0]  # RFC 2231 §5: a language may follow the asterisk
    if not re.fullmatch(r"[a-z0-9._:+-]{1,40}", plain):
        return None
    try:
        info = codecs.lookup(_MEANT.get(plain, plain))
    except (LookupError, ValueError):
        return None
    codec = info.name.replace("_", "-")
    return codec if info._is_text_encoding and codec not in _NOT_FOR_MAIL else None  # noqa: SLF001 - has no public name


def decode(octets: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """Return the text of `octets`, and in words what had to be guessed or repaired (None: the label was right).

    The text may still hold NUL and control characters: see `storable`. Never raises.
    """
    codec = find_codec(declared)
    for mark, marked in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if octets.startswith(mark):
            return octets.removeprefix(codecs.BOM_UTF8).decode(marked, "replace"), None
    if octets.isascii() and not (codec or "").startswith(_STATEFUL):
        if b"\x1b$" in octets:
            return octets.decode("iso2022_jp_2", "replace"), "undeclared ISO-2022-JP"
        return octets.decode("ascii"), None
    text = _strictly(octets, codec) if codec else None
    if text is not None and codec is not None and not _is_one_byte(codec):
        return text, None
    if octets.isascii() and codec:  # a damaged stateful charset: as UTF-8 it would be readable and wrong
        return octets.decode(codec, "replace"), f"octets that are not {codec} replaced"
    unicode_text = _strictly(octets, "utf-8")
    if unicode_text is not None:
        return unicode_text, _told(declared, "utf-8")
    if text is None or codec is None:
        return _guess(octets, declared, codec)
    best = _best_reading(octets)
    if codec in _ONE_BYTE and codec != best:
        sample = octets[:SAMPLE]
        gain = _score(sample.decode(best, "replace")) - _score(sample.decode(codec, "replace"))
        letters = sum(octet > 0x7F for octet in sample)
        if letters >= REVISE_LETTERS and gain > REVISE_MARGIN * letters:
            return octets.decode(best, "replace"), _told(declared, best)
    return text, None


def decode_header(octets: bytes, hint: str | None = None) -> str:
    """Return a header value as text: RFC 2047 words decoded, raw 8-bit letters too (`hint`: the body's charset).

    Adjacent words of one charset are joined as octets before decoding, because senders split inside a character.
    """
    pieces: list[str] = []
    run: list[tuple[str, str, bytes]] = []  # adjacent encoded words: charset, encoding, text
    at = 0
    for match in _WORD.finditer(octets):
        gap = octets[at : match.start()]
        if not (run and _WORD_GAP.fullmatch(gap)):
            pieces.append(_decode_run(run))
            pieces.append(decode(gap, hint)[0])
            run = []
        run.append((match[1].decode("latin-1"), match[2].decode("latin-1").lower(), match[3]))
        at = match.end()
    pieces.append(_decode_run(run))
    pieces.append(decode(octets[at:], hint)[0])
    return "".join(pieces)


def _decode_run(run: list[tuple[str, str, bytes]]) -> str:
    """Decode adjacent encoded words, those of the same charset together."""
    text = []
    at = 0
    while at < len(run):
        charset = run[at][0].lower()
        end = at
        while end < len(run) and run[end][0].lower() == charset:
            end += 1
        text.append(decode(_word_octets(run[at:end]), charset)[0])
        at = end
    return "".join(text)


def _word_octets(words: list[tuple[str, str, bytes]]) -> bytes:
    """Return what the words encode. Base64 that was cut at any place is joined before it is decoded."""
    if all(encoding == "b" for _, encoding, _ in words) and any(len(word[2]) % 4 for word in words[:-1]):
        return decode_base64(b"".join(text for _, _, text in words))
    return b"".join(
        decode_base64(text) if encoding == "b" else binascii.a2b_qp(text.replace(b" ", b"_"), header=True)
        for _, encoding, text in words
    )


def decode_base64(text: bytes | memoryview) -> bytes:
    """Decode base64 with foreign characters, missing padding or a cut end; never raises."""
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        digits = bytes(text).translate(None, _NOT_BASE64)
        whole = len(digits) - (len(digits) % 4 == 1)  # a single left-over digit carries no octet
        return binascii.a2b_base64(digits[:whole] + b"==")


def _is_one_byte(codec: str) -> bool:
    return codec.startswith(("cp125", "koi8", "iso8859", "mac-", "cp86", "cp85", "cp437", "kz1048", "ptcp154", "tis"))


def _strictly(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _told(declared: str | None, codec: str) -> str | None:
    """Say that another charset was taken than the one declared, None where the label was as good."""
    if find_codec(declared) == codec:
        return None
    return (
        f"charset {declared[:MAX_CHARSET_NAME]!r} read as {codec}"
        if declared
        else f"undeclared charset read as {codec}"
    )


def _guess(octets: bytes, declared: str | None, codec: str | None) -> tuple[str, str | None]:
    """Decode octets that are not valid in their label's charset, nor valid UTF-8."""
    for candidate in dict.fromkeys(filter(None, (codec, "utf-8"))):
        if _is_one_byte(candidate):
            continue
        text = octets.decode(candidate, "replace")
        strange = sum(character > "\x7f" for character in text)
        if text.count("\ufffd") <= REPLACED_AT_MOST * strange:
            return text, f"octets that are not {candidate} replaced"
    best = _best_reading(octets)
    return octets.decode(best, "replace"), _told(declared, best)


def _best_reading(octets: bytes) -> str:
    """Return the one-byte charset in which the octets read most like words. Ties go to the more usual charset."""
    strange = bytes(octet for octet in octets[:SAMPLE] if octet > 0x7F)
    sample = octets[:SAMPLE]
    if not strange:
        return "cp1251"
    return max(_ONE_BYTE, key=lambda codec: _score(sample.decode(codec, "replace")))


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
_HARMLESS = frozenset("\u00a0\u00ad№«»—–“”„’‘…•°©®€₴±²³µ½¼¾×÷§¿¡£¥")


def _score(text: str) -> float:
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
    return total - 6.0 * len(_MIXED_WORD.findall(text))


def _shapely(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()
