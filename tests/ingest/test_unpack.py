"""Containers in disguise are opened: nothing in them is lost, nothing that only looks like one is touched, none raises."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.octets import unpack
from maild.ingest.octets.cms import find_kind, read_signed
from maild.ingest.octets.rtf import read_rtf
from maild.ingest.octets.tnef import MAX_ATTACHMENTS, SIGNATURE, read_tnef
from maild.ingest.octets.uuencode import decode_body, take_files
from maild.ingest.parse import parse, read_attachment
from maild.model import Message

# ── uuencode ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def uuencoded(name: bytes, content: bytes) -> bytes:
    """What every uuencode program writes."""
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"".join([b"begin 644 ", name, b"\n", *lines, b"`\nend\n"])


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=3), st.sampled_from([b"\n", b"\r\n"]))
def test_files_are_taken_out_of_the_text(contents: list[bytes], line_end: bytes) -> None:
    """Every file comes back, and the words around them stay."""
    text = b"before\n" + b"between\n".join(uuencoded(b"a b.txt", content) for content in contents) + b"after\n"
    left, files = take_files(text.replace(b"\n", line_end))
    assert [(file.name, file.content) for file in files] == [(b"a b.txt", content) for content in contents]
    assert left.replace(line_end, b"\n") == b"before\n" + b"between\n" * (len(contents) - 1) + b"after\n"


WHOLE = uuencoded(b"x.txt", b"some content of a file that is long enough for two lines of it")


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace(b"end\n", b""),
        WHOLE.replace(b"\nend", b"\n> end"),
        WHOLE.replace(b"begin 644", b"begin the"),
        WHOLE.replace(b"begin 644 x.txt", b"> begin 644 x.txt"),
        WHOLE.replace(b"`\n", b"words between the lines\n"),
        WHOLE.replace(b"`\n", b"#0V%T AND MORE WORDS\n"),
        WHOLE.replace(b"`\n", b"c0V%T\n"),
        b"begin 644 x.txt\nend\n",
        b"let us begin 644 things\nand come to an end\n",
    ],
)
def test_words_about_uuencode_are_words(text: bytes) -> None:
    """Without an end, with other lines inside, quoted or empty: it stays where it is."""
    assert take_files(text) == (text, ())


def test_blanks_cut_off_by_a_relay() -> None:
    """A line that lost its blanks, which stand for zeros, still decodes."""
    content = bytes(45) + b"x"
    lines = uuencoded(b"x", content).replace(b"`", b" ").split(b"\n")
    text = b"\n".join(line.rstrip() for line in lines).replace(b"\nend", b"\n`\nend")
    assert [file.content for file in take_files(text)[1]] == [content]


@given(st.binary(max_size=300))
def test_uuencode_of_any_octets(octets: bytes) -> None:
    """Neither reader raises, and text without a file is not touched."""
    left, files = take_files(octets)
    assert files or left == octets
    decode_body(octets)


# ── S/MIME ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def tlv(tag: int, content: bytes) -> bytes:
    """A DER value."""
    size = len(content)
    count = (size.bit_length() + 7) // 8
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | count]) + size.to_bytes(count)) + content


def indefinite(tag: int, content: bytes) -> bytes:
    """A BER value without a length, as mail clients write while they sign."""
    return bytes([tag, 0x80]) + content + b"\0\0"


SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")


def in_pieces(content: bytes, size: int) -> bytes:
    pieces = b"".join(tlv(4, content[at : at + size]) for at in range(0, len(content), size))
    inner = indefinite(0x30, DATA + indefinite(0xA0, indefinite(0x24, pieces)))
    digests = indefinite(0x31, indefinite(0x30, tlv(6, b"\x2a\x03") + b"\5\0"))
    return indefinite(
        0x30, SIGNED + indefinite(0xA0, indefinite(0x30, tlv(2, b"\1") + digests + inner + tlv(0x31, b"")))
    )


@pytest.fixture(scope="module")
def signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna")])
    begin = datetime(2026, 11, 12, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=1))
    return builder.sign(key, SHA256()), key


def test_what_another_program_signed(signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]) -> None:
    """What a library for signing packs comes out again, as DER and in PEM's armour."""
    said = b"Content-Type: text/plain\r\n\r\nhello\r\n"
    builder = pkcs7.PKCS7SignatureBuilder().set_data(said).add_signer(*signer, SHA256())
    der = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    assert (find_kind(der), read_signed(der)) == ("signed", said)
    assert read_signed(builder.sign(Encoding.PEM, [pkcs7.PKCS7Options.Binary])) == said
    detached = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature])
    assert read_signed(detached) is None


@given(st.binary(min_size=1, max_size=300), st.integers(1, 300))
def test_content_in_pieces(content: bytes, size: int) -> None:
    """Pieces of any size without lengths around them are one content again; cut anywhere, nothing is raised."""
    octets = in_pieces(content, size)
    assert read_signed(octets) == content
    for end in range(0, len(octets), 7):
        found = read_signed(octets[:end])
        assert found is None or content.startswith(found)


@given(
    st.binary(max_size=100),
    st.sampled_from([b"", b"\x30\x80" + SIGNED, b"\x30\x80" + SIGNED + b"\xa0\x80\x30\x80\x02\x01\x01"]),
)
def test_cms_of_any_octets(octets: bytes, before: bytes) -> None:
    """No octets raise."""
    read_signed(before + octets)
    find_kind(before + octets)


def p7m(content: bytes, name: str = "smime.p7m", media_type: str = "application/pkcs7-mime") -> bytes:
    head = f'From: a@client.example\nContent-Type: {media_type}; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
    return head.encode() + base64.encodebytes(content)


INNER = "Content-Type: text/plain; charset=koi8-r\r\n\r\nПодписано\r\n".encode("koi8-r")


@pytest.mark.parametrize(
    "media_type", ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/octet-stream"]
)
def test_signed_letter_is_read_through(media_type: str) -> None:
    """The words are the letter's, and there is no attachment that nobody can open."""
    message = parse(p7m(in_pieces(INNER, 20), media_type=media_type))
    assert (message.text, message.attachments, message.defects) == ("Подписано", (), ())


def test_signed_file_stays_a_file() -> None:
    """A document signed by itself is an attachment with its own name."""
    message = parse(p7m(in_pieces(b"%PDF-1.4", 20), name="contract.pdf.p7m"))
    assert [part.name for part in message.attachments] == ["contract.pdf.p7m"]


def test_encrypted_letter_is_told() -> None:
    """Nobody here can open it: it stays an attachment, and the defects say why there are no words."""
    message = parse(p7m(tlv(0x30, ENVELOPED + tlv(0xA0, tlv(0x30, tlv(2, b"\0"))))))
    assert [part.name for part in message.attachments] == ["smime.p7m"]
    assert message.defects == ("encrypted with S/MIME: only the recipient's key opens it",)


def test_layers_end() -> None:
    """A letter signed over and over is opened only so often."""
    octets = INNER
    for _ in range(20):
        octets = p7m(in_pieces(octets, 100))
    message = parse(octets)
    assert (message.text, len(message.attachments)) == ("", 1)


# ── TNEF ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def text_property(kind: int, name: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(data)) + data + bytes(-len(data) % 4)


def properties(*values: bytes) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(values)


HEAD = SIGNATURE + b"\1\0" + attribute(1, 0x9007, struct.pack("<II", 1251, 0))
BEGIN = attribute(2, 0x9002, bytes(14))


def file(name: str, content: bytes, long_name: str = "") -> bytes:
    long = text_property(0x1F, 0x3707, long_name.encode("utf-16-le") + b"\0\0")
    named = attribute(2, 0x9005, properties(long)) if long_name else b""
    return BEGIN + attribute(2, 0x8010, name.encode("cp1251") + b"\0") + attribute(2, 0x800F, content) + named


def words(text: str) -> bytes:
    return attribute(1, 0x9003, properties(text_property(0x1E, 0x1000, text.encode("cp1251") + b"\0")))


def winmail(stream: bytes, said: str = "", media_type: str = "application/ms-tnef; name=winmail.dat") -> bytes:
    head = "From: a@client.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
    part = f"\n--b\nContent-Type: {media_type}\nContent-Transfer-Encoding: base64\n\n"
    return (head + said + part).encode() + base64.encodebytes(stream) + b"--b--\n"


def contents(message: Message, octets: bytes) -> list[tuple[str, bytes]]:
    return [(part.name, read_attachment(octets, part.index)) for part in message.attachments]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(["Акт.pdf", "a.txt", "Ёж"]), st.binary(min_size=1, max_size=50)), max_size=5))
def test_files_of_a_stream(files: list[tuple[str, bytes]]) -> None:
    """Every attachment comes out with its name, its octets, and an index that finds it again."""
    octets = winmail(HEAD + b"".join(file(name, content) for name, content in files), "Слова")
    assert contents(parse(octets), octets) == files
    assert parse(octets).text == "Слова"


def test_long_name_goes_before_the_short_one() -> None:
    """Outlook writes both; the short one is for DOS."""
    octets = winmail(HEAD + file("Догово~1.doc", b"x", "Договор поставки № 15.doc"))
    assert contents(parse(octets), octets) == [("Договор поставки № 15.doc", b"x")]


@pytest.mark.parametrize("said", ["", " \n\n"])
def test_words_of_a_stream(said: str) -> None:
    """They are the letter's where it has no others."""
    assert parse(winmail(HEAD + words("Слова внутри."), said)).text == "Слова внутри."


# the specification's own example (MS-OXRTFCP §4.1.1)
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def as_literals(rtf: bytes) -> bytes:
    """Compressed RTF without any pointer: a zero before every eight octets."""
    pieces = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    return struct.pack("<II4sI", len(pieces) + 12, len(rtf), b"LZFu", 0) + pieces


@pytest.mark.parametrize(
    ("rtf", "expected"),
    [
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\par two}", "При\ntwo"),
        (
            rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 \'cf\'f0\'e8\'e2\'e5\'f2, \'ea\'e0\'ea \'e4\'e5\'eb\'e0}",
            "Привет, как дела",
        ),
        (rb"{\rtf1\ansi\uc1\u1055?\u1088?\u1080 ?}", "При"),
        (rb"{\rtf1\ansi\uc1\u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 a\{b\}\\c\~d\emdash e}", "a{b}\\c d—e"),
        (rb"{\rtf1{\*\generator x;}{\info{\title y}}{\pict 00ff}words}", "words"),
        (
            rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}one{\*\htmltag72 </p>}\htmlrtf\par\htmlrtf0{\*\htmltag84 &nbsp;}two}",
            "one\n two",
        ),
        (b"{\\rtf1 one\\par\r\n\\'74wo}", "one\ntwo"),
        (b"no rtf", ""),
    ],
)
def test_words_in_rtf(rtf: bytes, expected: str) -> None:
    """Where a stream has its words as RTF only, they are the letter's; fonts, pictures and tags are not."""
    assert read_rtf(as_literals(rtf)) == expected
    value = as_literals(rtf)
    stream = attribute(1, 0x9003, properties(text_property(0x102, 0x1009, value)))
    assert parse(winmail(HEAD + stream)).text == expected


def test_compressed_rtf() -> None:
    """The example of the specification, pointers and all, and RTF that was not compressed."""
    assert read_rtf(HELLO) == "hello world"
    assert read_rtf(struct.pack("<II4sI", 20, 16, b"MELA", 0) + rb"{\rtf1 words}   ") == "words"


@given(st.binary(max_size=200))
def test_rtf_of_any_octets(octets: bytes) -> None:
    """No octets raise, compressed or not."""
    read_rtf(octets)
    read_rtf(bytes(8) + b"LZFu" + bytes(4) + octets).encode("utf-8")
    read_rtf(as_literals(b"{\\rtf1 " + octets)).encode("utf-8")


def test_words_are_not_said_twice() -> None:
    """Exchange sends the same words as plain text beside the stream."""
    assert parse(winmail(HEAD + words("Слова внутри."), "Слова снаружи.")).text == "Слова снаружи."


@pytest.mark.parametrize(
    "media_type", ["application/vnd.ms-tnef", "application/octet-stream", "application/octet-stream; name=winmail.dat"]
)
def test_streams_by_other_names(media_type: str) -> None:
    """A stream is known by its type, its name, or its first octets."""
    octets = winmail(HEAD + file("Акт.pdf", b"x"), "Слова", media_type)
    assert contents(parse(octets), octets) == [("Акт.pdf", b"x")]


def test_letter_attached_in_a_stream_does_not_leak() -> None:
    """An attached letter stays one attachment; its words are not ours."""
    inner = HEAD + words("Чужие слова")
    embedded = bytes.fromhex("0703020000000000c000000000000046") + inner
    data = properties(struct.pack("<HHII", 0x0D, 0x3701, 1, len(embedded)) + embedded + bytes(-len(embedded) % 4))
    message = parse(winmail(HEAD + BEGIN + attribute(2, 0x8010, b"fwd\0") + attribute(2, 0x9005, data), " "))
    assert message.text == ""
    assert [part.name for part in message.attachments] == ["fwd"]


def test_damage_costs_only_what_is_damaged() -> None:
    """A stream cut off in its second attachment still gives the first."""
    whole = HEAD + file("one.txt", b"first") + file("two.txt", b"second" * 10)
    octets = winmail(whole[:-70], "x")
    assert contents(parse(octets), octets)[0] == ("one.txt", b"first")


HOSTILE = {
    "more values than octets": attribute(
        1, 0x9003, struct.pack("<IHHI", 0xFFFFFFFF, 0x1002, 0x1234, 0xFFFFFFFF) + bytes(1000)
    ),
    "a count and nothing else": attribute(1, 0x9003, struct.pack("<I", 0xFFFFFFFF)),
    "many strings": attribute(1, 0x9003, struct.pack("<IHHI", 1, 0x1E, 0x1000, 0xFFFFFFFF) + bytes(100_000)),
    "many attachments": BEGIN * (MAX_ATTACHMENTS * 3),
    "many attributes": attribute(1, 0x8000, b"") * 200_000,
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE.keys())
def test_counts_are_not_believed(octets: bytes) -> None:
    """A few octets cannot ask for four thousand million values."""
    found = read_tnef(HEAD + octets)
    assert found is not None
    assert len(found.files) <= MAX_ATTACHMENTS


def test_too_many_attachments_are_told() -> None:
    """Those beyond the bound are left in the stream, and the defects say so."""
    message = parse(winmail(HEAD + file("a.txt", b"x") * (MAX_ATTACHMENTS + 1), "x"))
    assert len(message.attachments) == MAX_ATTACHMENTS
    assert f"attachments beyond {MAX_ATTACHMENTS} in winmail.dat left unread" in message.defects


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", HEAD, HEAD + BEGIN, HEAD + struct.pack("<BHHI", 1, 0x9003, 6, 60) + b"\2\0\0\0"]),
)
def test_tnef_of_any_octets(octets: bytes, before: bytes) -> None:
    """No octets raise."""
    read_tnef(before + octets)


def test_containers_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds too much stays an attachment, and that is told."""
    monkeypatch.setattr(unpack, "MAX_UNPACKED", 50)
    message = parse(winmail(HEAD + file("a.txt", b"x" * 100), "x"))
    assert [part.name for part in message.attachments] == ["winmail.dat"]
    assert "containers that hold too much left shut" in message.defects
