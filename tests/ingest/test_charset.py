"""Octets become the words their author wrote, whatever the label says."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.octets.charset import decode, find_codec, single_line, storable
from maild.ingest.octets.words import decode_base64, decode_header

PHRASES = {
    "russian": "Не работает вход в личный кабинет, помогите, пожалуйста. Заказ №42",
    "ukrainian": "Доброго дня! Підкажіть, будь ласка, чому не приходять листи. Їжак, ґанок, є.",
    "short": "Привет, мир",
    "capitals": "СРОЧНО! Не работает почта",
    "more capitals": "ВХОДЯЩИЙ ЗВОНОК",
    "mixed": "RE: Счёт за Office 365",
}


def written(phrase: str, charset: str) -> bytes | None:
    try:
        return phrase.encode(charset)
    except UnicodeEncodeError:
        return None  # the charset has no letters for it


WRITTEN = {
    f"{name} in {charset}": (phrase, octets)
    for name, phrase in PHRASES.items()
    for charset in ("windows-1251", "koi8-u", "cp866", "utf-8")
    if (octets := written(phrase, charset)) is not None
}


@pytest.mark.parametrize("declared", [None, "us-ascii", "utf-8", "iso-8859-1", "nonsense", "x\0y"])
@pytest.mark.parametrize(("phrase", "octets"), WRITTEN.values(), ids=WRITTEN.keys())
def test_wrong_and_missing_labels(phrase: str, octets: bytes, declared: str | None) -> None:
    """Cyrillic text reads right under a missing, wrong or unknown label."""
    assert decode(octets, declared)[0] == phrase


@pytest.mark.parametrize(
    "phrase", ["Réunion à 10h, déjà vu", "Größe: 5 µm", "El niño comió ¿sí?", "½ ± ² ³ ×", "été", "100 ¤"]
)
def test_western_text_is_not_taken_for_cyrillic(phrase: str) -> None:
    """A right label is believed."""
    assert decode(phrase.encode("cp1252"), "iso-8859-1") == (phrase, None)


@pytest.mark.parametrize(
    ("phrase", "charset"),
    [
        ("こんにちは", "iso-2022-jp"),
        ("发票", "gb2312"),
        ("Привет", "utf-16"),
        ("Ελλάδα", "iso-8859-7"),
        ("Zażółć", "iso-8859-2"),
        ("Привет", "utf-7"),
        ("안녕", "euc-kr"),
    ],
)
def test_other_labels_are_believed(phrase: str, charset: str) -> None:
    """What decodes in its declared charset is not second-guessed."""
    assert decode(phrase.encode(charset), charset) == (phrase, None)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Windows-1251", "cp1251"),
        ("windows1251", "cp1251"),
        ("win-1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        ("ms-ansi", None),
        ('"koi8-r"', "koi8-u"),
        ("KOI8-RU", "koi8-u"),
        ("ibm866", "cp866"),
        ("x-cp866", "cp866"),
        ("dos-866", "cp866"),
        ("gb_2312-80", "gb18030"),
        ("x-sjis", "cp932"),
        ("x-windows-949", "cp949"),
        ("utf8", "utf-8"),
        ("utf-8*ru", "utf-8"),
        ("utf-8;", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("x-unknown", None),
    ],
)
def test_names_of_charsets(name: str, codec: str | None) -> None:
    """What senders write, and what they mean by it: the larger set where one contains the other."""
    assert find_codec(name) == codec


def misread(text: str, written: str, read: str) -> str:
    """What a gateway makes of a text that it takes for another charset; C1 controls stand for undefined octets."""
    return "".join(bytes([octet]).decode(read, "ignore") or chr(octet) for octet in text.encode(written))


TWICE = {
    f"{written} as {read}: {phrase}": (phrase, misread(phrase, written, read))
    for phrase in ("Не работает почта", "Привет, как дела?", "Доброго дня! Її листи не приходять", "Ответ: СРОЧНО")
    for written, read in (("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "cp1251"), ("utf-8", "koi8-r"), ("utf-8", "cp866"),
                          ("cp1251", "cp1252"), ("cp1251", "koi8-r"), ("koi8-r", "cp1251"))
    if written == "utf-8" or "ї" not in phrase
}  # fmt: skip


@pytest.mark.parametrize(("phrase", "octets"), TWICE.values(), ids=TWICE.keys())
def test_text_encoded_twice(phrase: str, octets: str) -> None:
    """What a gateway took for another charset is put right, line by line, and told."""
    assert decode(octets.encode(), "utf-8") == (phrase, "text encoded twice, the second time undone")
    around = decode(f"Здравствуйте!\n> {octets}\nОлег".encode(), "utf-8")[0]
    assert around == f"Здравствуйте!\n> {phrase}\nОлег"


@pytest.mark.parametrize(
    "phrase",
    [
        "Здравствуйте, Рівне! Сіль, РСФСР",
        "СРОЧНО! НЕ РАБОТАЕТ ПОЧТА",
        "иПад, кВт·ч, мВт, гПа, ДДУ №5",
        "ÄÖÜß äöü éèàù âêîôû ÀÉÈÊËÇ",
        "Ñandú, Ðuro, ÑÐ",
        "┌──────┐ │ Итого │ └──────┘",
        "ООО «Р°С»",
        "Ελλάδα 日本語 हिन्दी",
        "оК",
        "А:аАА, аААББ, вВГДаа",
    ],
)
def test_text_encoded_once_is_left_alone(phrase: str) -> None:
    """Capitals, frames, French and German are no accident."""
    assert decode(phrase.encode(), "utf-8") == (phrase, None)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), max_size=60))
def test_western_text_stays(text: str) -> None:
    """No text of Latin letters becomes anything but itself, unless all of it reads as Russian."""
    read, told = decode(text.encode(), "utf-8")
    assert read == text.removeprefix("\ufeff") or told is not None


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["utf-16", None, "utf-8"])
@pytest.mark.parametrize("phrase", ["Добрый день, документ готов", "Good day, the paper is ready"])
def test_utf_16_without_a_mark(phrase: str, declared: str | None, charset: str) -> None:
    """The zeros tell which octet comes first."""
    assert decode(phrase.encode(charset), declared)[0] == phrase


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x1b$B$3$s\x1b(B!", "こん!"),
        (b"\x1b$@$3$s\x1b(J!", "こん!"),
        (b"\x1b$B-b\x1b(B 7", "№ 7"),
        (b"\x1b$B'('%-b\x1b(B41", "ЖД№41"),
        (b"\x1b(I12\x1b(B", "ｱｲ"),
        (b"\x1b$B-b-!", "№①"),
    ],
)
@pytest.mark.parametrize("declared", ["iso-2022-jp", None])
def test_japanese_of_windows(octets: bytes, text: str, declared: str | None) -> None:
    """ISO-2022-JP has letters in mail that no RFC gives it; undeclared, its escapes give it away."""
    assert decode(octets, declared)[0] == text


def test_eight_bit_japanese() -> None:
    """Half-width letters as single octets among the escapes; without any escape the label is not believed."""
    assert decode(b"\x1b$B$3\x1b(B \xb1\xb2", "iso-2022-jp")[0] == "こ ｱｲ"
    assert decode("Привет, мир".encode("cp1251"), "iso-2022-jp")[0] == "Привет, мир"


def test_utf_8_under_an_east_asian_label() -> None:
    """Valid UTF-8 of some length is UTF-8, though each pair of its octets is a letter elsewhere."""
    assert decode("Не работает почта".encode(), "gb2312") == ("Не работает почта", "charset 'gb2312' read as utf-8")
    assert decode("发票见附件".encode("gb18030"), "gb2312") == ("发票见附件", None)


@pytest.mark.parametrize("name", ["Пр", "Счёт на оплату", "Ґанок"])
def test_a_name_cut_inside_a_letter(name: str) -> None:
    """However short, UTF-8 that lost its last octet is still UTF-8."""
    assert decode(name.encode() + b"\xd1", "utf-8")[0] == f"{name}\ufffd"
    assert decode(name.encode() + b"\xd1.pdf", None)[0] == f"{name}\ufffd.pdf"


def test_short_rubbish_is_not_read_as_words() -> None:
    """A few octets that are words in no charset stay undecodable."""
    assert decode(b"\x81\xaa\xdbj", "utf-8")[0] == "\ufffd\ufffd\ufffdj"


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "unicode_escape", "rot13", "zip", "undefined", "../utf-8", "a" * 99, ""]
)
def test_codecs_that_no_mail_is_written_in(name: str) -> None:
    """A stranger cannot choose a Python codec that is no charset, or a slow one."""
    assert find_codec(name) is None


@pytest.mark.parametrize(("octets", "declared"), [(b"~{~", "hz"), (b"a\0b", "utf-16-le")])
def test_damaged_stateful_text(octets: bytes, declared: str) -> None:
    """What cannot be decoded is replaced, not shown as the encoding's own letters, and that is told."""
    text, told = decode(octets, declared)
    assert "\ufffd" in text
    assert told == f"octets that are not {declared} replaced"


def test_guesses_are_told() -> None:
    """Whoever reads a letter's defects learns that its charset was guessed."""
    assert decode("Добрый день".encode("cp1251"), "utf-8")[1] == "charset 'utf-8' read as cp1251"
    assert decode("Добрый день".encode(), "utf-8")[1] is None


def b(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


SPLIT = "Подтверждение".encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b("Привет").encode(), "Привет"),
        (f"{b('Привет')} {b(', мир')}".encode(), "Привет, мир"),
        (f"{b('Привет')}\r\n\t{b(', мир')}".encode(), "Привет, мир"),
        (f"Re: {b('Привет')} (2)".encode(), "Re: Привет (2)"),
        (f"{b('раз', 'koi8-r')} {b('два', 'windows-1251')}".encode(), "раздва"),
        (
            b"=?utf-8?B?%s?= =?utf-8?B?%s?=" % (base64.b64encode(SPLIT[:7]), base64.b64encode(SPLIT[7:])),
            "Подтверждение",
        ),
        (
            b"=?utf-8?B?%s?= =?utf-8?B?%s?=" % (base64.b64encode(SPLIT)[:9], base64.b64encode(SPLIT)[9:]),
            "Подтверждение",
        ),
        (b"=?utf-8?Q?=D0=9F_=D0=9F?=", "П П"),
        (b"=?utf-8?q?a b?=", "a b"),
        (b"=?windows-1251?Q?=CF=F0=E8?=", "При"),
        (b"=?utf-8*ru?B?0J8=?=", "П"),
        (b"=?unknown?B?0J8=?=", "П"),
        (b"=?utf-8?B?0J8?=", "П"),
        (b"=?utf-8?X?0J8=?=", "=?utf-8?X?0J8=?="),
        (b"=?utf-8?B?", "=?utf-8?B?"),
        (b"=?utf-8?Q?=D0=9F??= x", "П? x"),
        (b"=?utf-8?Q?=D0=9F=3F=? ?=", "П?=? "),
        (b"=?utf-8?B?0J/RgNC4", "При"),
        (b"=?utf-8?B?0J/RgNC4?", "При"),
        (b"=?utf-8?B?0J/RgN", "Пр"),
        (b"=?utf-8?Q?=D0=9F=D1", "П\ufffd"),
        (b"=??Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        (b"=?utf-8?Q?lost =?utf-8?Q?=D0=9F?=", "=?utf-8?Q?lost П"),
        (b'"=?utf-8?B?0J/RgNC4?="', '"При"'),
        (b"=?iso-8859-1?Q?=CD=E5_=F0=E0=E1=EE=F2=E0=E5=F2?=", "Не работает"),
        ("Привет".encode("cp1251"), "Привет"),
        ("Привет".encode(), "Привет"),
        (b"=?utf-8?Q?" + "Привет".encode() + b"?=", "Привет"),
        (b"", ""),
    ],
)
def test_header_words(value: bytes, expected: str) -> None:
    """RFC 2047 words, also as real clients break them, and raw 8-bit headers."""
    assert decode_header(value) == expected


@pytest.mark.parametrize("hint", ["utf-16", "utf-7", "iso-2022-jp", "hz"])
def test_a_header_is_ascii_whatever_the_body_is(hint: str) -> None:
    """The body's charset is only a hint for raw letters: "+0300" is no UTF-7."""
    assert decode_header(b"Thu, 12 Nov 2026 10:00:00 +0300", hint) == "Thu, 12 Nov 2026 10:00:00 +0300"
    assert decode_header("Привет".encode("cp1251"), hint) == "Привет"


@given(st.text(), st.sampled_from(["utf-8", "utf-16"]))
def test_words_survive_their_encoding(text: str, charset: str) -> None:
    """What was encoded by the book comes back exactly, wherever the words are cut."""
    octets = text.encode(charset, "surrogatepass").decode(charset, "replace").encode(charset)
    word = b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(octets))
    expected = octets.decode(charset).removeprefix("\ufeff")
    assert decode_header(word).removeprefix("\ufeff") == expected


@given(
    st.binary(), st.one_of(st.none(), st.text(), st.sampled_from(["utf-8", "koi8-r", "iso-2022-jp", "utf-7", "gb2312"]))
)
def test_any_octets_decode(octets: bytes, declared: str | None) -> None:
    """No octets under no label raise, and what comes out can be stored."""
    storable(decode(octets, declared)[0]).encode("utf-8")
    line = single_line(decode_header(octets, declared))
    line.encode("utf-8")
    assert not set(line) & {"\n", "\r", "\0", "\x1b", "\u2028"}


@given(st.binary(), st.integers(0, 3))
def test_base64_in_any_state(octets: bytes, missing: int) -> None:
    """Missing padding costs at most the last octets; other damage never raises."""
    encoded = base64.b64encode(octets)
    assert octets.startswith(decode_base64(encoded[: len(encoded) - missing]))
    decode_base64(octets)


@given(st.text())
def test_storable(text: str) -> None:
    """No NUL, no lone surrogate, one kind of line end; clean text is left alone."""
    clean = storable(text)
    clean.encode("utf-8")
    assert "\0" not in clean
    assert "\r" not in clean
    assert storable(clean) == clean
