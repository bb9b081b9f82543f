"""Octets to text: the declared charset is a hint, the octets decide. Imports the standard library and `cyrillic`.

Everything here is total: any octets give a string that can be stored (no NUL, no lone surrogate).
"""

import codecs
import re

from maild.ingest.octets.cyrillic import ONE_BYTE, SAMPLE, best_reading, mend, score

MAX_CHARSET_NAME = 40  # characters; the longest registered name in use is half of that
REPLACED_AT_MOST = 0.1  # share of undecodable characters up to which text still counts as damaged
REPLACED_IN_UTF_8 = 0.34  # the same for UTF-8, which other charsets hardly ever look like: a short name cut at its end
REVISE_LETTERS = 3  # non-ASCII octets below which a label is always believed
REVISE_MARGIN = 1.0  # how much better, per character, another charset must read before the label is disbelieved
WIDE_SAMPLE = 1_000  # octets in which the zeros of UTF-16 are looked for
SURELY_UTF_8 = 6  # non-ASCII octets from which valid UTF-8 is no accident in a two-byte charset of East Asia

# what senders write → what they mean (the larger set where one contains the other)
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb-2312": "gb18030",
    "x-gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "x-big5": "cp950",
    "big5-eten": "cp950",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "koi8-r": "koi8-u",  # differs in eight frames only, which nobody mails, and carries Ukrainian
    "koi8r": "koi8-u",
    "koi8u": "koi8-u",
    "koi8-ru": "koi8-u",
    "koi8": "koi8-u",
    "koi": "koi8-u",
    "dos": "cp866",
    "oem": "cp866",
    "iso-ir-144": "iso8859-5",
    "iso_8859-5:1988": "iso8859-5",
}
# windows-1251, Windows1251, win-1251, x-cp1251, ms-1251, cp_1251, ibm866, x-cp866, dos-866, 866
_CODE_PAGE = re.compile(
    r"(?:x-)?(?:windows|win|cp|ms|ibm|dos|oem)?[-_ ]?(125[0-8]|866|855|85[0278]|437|874|93[26]|949|950)"
)
# Python calls these text encodings, but no mail is written in them, and some take quadratic time
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
STATEFUL = ("iso2022", "utf-7", "hz", "utf-16", "utf-32")  # pure ASCII octets may carry other letters
_EAST_ASIAN = ("gb", "cp93", "cp94", "cp95", "euc", "big5", "johab", "shift", "hkscs")
# Labels that are put on Cyrillic text by mistake: the defaults of western software
_DOUBTFUL = frozenset({*ONE_BYTE, "cp1250", "cp1254", "iso8859-2", "iso8859-15"})
# Each can say more than the one before; senders call all of them ISO-2022-JP
_JAPANESE = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004")

_JAPANESE_ESCAPE = re.compile(rb"\x1b(\([A-Z]|\$\(?[@-Z])")

_SINGLE_LINE_JUNK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # turn the reading direction: used to deceive
_TEXT_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` with LF line ends and without what a database cannot keep or a terminal would obey."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TEXT_JUNK.sub(lambda match: "\ufffd" if match[0] >= "\ud800" else "", text)


def single_line(text: str) -> str:
    """Return `text` on one line: control characters and line ends become blanks, blanks are not repeated."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip(" ")
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    return " ".join(_SINGLE_LINE_JUNK.sub(" ", text).split())


def find_codec(name: str | None) -> str | None:
    """Return Python's name for a charset that mail may be written in, or None."""
    if not name:
        return None
    plain = name.strip().strip("\"'<>;,").lower().partition("*")[0]  # RFC 2231 §5: a language may follow the asterisk
    if page := _CODE_PAGE.fullmatch(plain):
        plain = f"cp{page[1]}"
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
    text, guess = _decode(octets, declared)
    mended = text if text.isascii() else mend(text)
    return (text, guess) if mended == text else (mended, guess or "text encoded twice, the second time undone")


def _decode(octets: bytes, declared: str | None) -> tuple[str, str | None]:
    codec = find_codec(declared)
    for mark, marked in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if octets.startswith(mark):
            return octets.removeprefix(codecs.BOM_UTF8).decode(marked, "replace"), None
    if codec in ("utf-16", "utf-8", None) and b"\0" in octets[:WIDE_SAMPLE] and (wide := _byte_order(octets, codec)):
        return octets.decode(wide, "replace"), None if codec == "utf-16" else _told(declared, wide)
    if octets.isascii() and not (codec or "").startswith(STATEFUL):
        if b"\x1b$" in octets or b"\x1b(I" in octets:
            return _japanese(octets), "undeclared ISO-2022-JP"
        return octets.decode("ascii"), None
    if codec and codec.startswith("iso2022-jp") and (octets.isascii() or b"\x1b" in octets):
        japanese = _japanese(octets)
        return japanese, f"octets that are not {codec} replaced" if "\ufffd" in japanese else None
    text = _strictly(octets, codec) if codec else None
    if text is not None and codec is not None and not _is_one_byte(codec):
        if codec.startswith(_EAST_ASIAN) and sum(octet > 0x7F for octet in octets[:SAMPLE]) >= SURELY_UTF_8:
            unicode_text = _strictly(octets, "utf-8")
            return (text, None) if unicode_text is None else (unicode_text, _told(declared, "utf-8"))
        return text, None
    if octets.isascii() and codec:  # a damaged stateful charset: as UTF-8 it would be readable and wrong
        return octets.decode(codec, "replace"), f"octets that are not {codec} replaced"
    unicode_text = _strictly(octets, "utf-8")
    if unicode_text is not None:
        return unicode_text, _told(declared, "utf-8")
    if text is None or codec is None:
        return _guess(octets, declared, codec)
    best = best_reading(octets)
    if codec in _DOUBTFUL and codec != best:
        sample = octets[:SAMPLE]
        gain = score(sample.decode(best, "replace")) - score(sample.decode(codec, "replace"))
        letters = sum(octet > 0x7F for octet in sample)
        if letters >= REVISE_LETTERS and gain > REVISE_MARGIN * letters:
            return octets.decode(best, "replace"), _told(declared, best)
    return text, None


def _byte_order(octets: bytes, codec: str | None) -> str | None:
    """Return the UTF-16 in which octets without a byte order mark are written, by their zeros; None: it is not UTF-16.

    A blank or a line end has its zero in front in big-endian order, which is the default (RFC 2781 §4.3).
    """
    sample = octets[:WIDE_SAMPLE]
    front, back = sample[::2].count(0), sample[1::2].count(0)
    if codec == "utf-16":
        return "utf-16-le" if back > front else "utf-16-be"
    pairs = len(sample) // 2
    if pairs >= 4 and max(front, back) > 10 * min(front, back) and max(front, back) * 12 >= pairs:
        wide = "utf-16-le" if back > front else "utf-16-be"
        text = sample[: 2 * pairs].decode(wide, "replace")
        plausible = sum(letter in "\r\n\t" or " " <= letter < "\u0530" for letter in text)
        return wide if plausible > 0.9 * len(text) else None
    return None


def _japanese(octets: bytes) -> str:
    """Decode ISO-2022-JP in the first of its variants that knows all the letters, or in the plain one."""
    for codec in _JAPANESE:
        text = _strictly(octets, codec)
        if text is not None:
            return text
    first, *rest = _JAPANESE_ESCAPE.split(octets)
    runs = zip(rest[::2], rest[1::2], strict=True)
    return first.decode("cp932", "replace") + "".join(_japanese_run(escape, run) for escape, run in runs)


def _japanese_run(escape: bytes, octets: bytes) -> str:
    """Decode what stands between two escapes as Windows does, which has letters in ISO-2022-JP that no RFC knows (№, ①)."""
    if escape == b"(I":
        return bytes(octet | 0x80 for octet in octets).decode("cp932", "replace")
    if not escape.startswith(b"$"):
        return octets.decode("cp932", "replace")  # ASCII, and half-width letters where a client sent eight bits
    shifted = bytearray()
    for row, cell in zip(octets[::2], octets[1::2], strict=False):
        lead = (row - 0x21) // 2 + 0x81
        shifted.append((lead + 0x40 * (lead > 0x9F)) & 0xFF)
        shifted.append((cell + (0x1F + (cell >= 0x60) if row % 2 else 0x7E)) & 0xFF)
    return shifted.decode("cp932", "replace")


def _is_one_byte(codec: str) -> bool:
    return codec.startswith(
        ("cp125", "koi8", "iso8859", "mac-", "cp86", "cp85", "cp437", "cp874", "kz1048", "ptcp154", "tis")
    )


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
        if text.count("\ufffd") <= (REPLACED_IN_UTF_8 if candidate == "utf-8" else REPLACED_AT_MOST) * strange:
            return text, f"octets that are not {candidate} replaced"
    best = best_reading(octets)
    sample = octets[:SAMPLE]
    letters = sum(octet > 0x7F for octet in sample)
    if codec == "utf-8" and score(sample.decode(best, "replace")) < letters:  # no words in any charset
        return octets.decode(codec, "replace"), "octets that are not utf-8 replaced"
    return octets.decode(best, "replace"), _told(declared, best)
