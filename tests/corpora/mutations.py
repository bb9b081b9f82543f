"""Real letters damaged at random, the same ones for the same seed: what relays, gateways and disks do to mail, and worse."""

import base64
import quopri
import random
import re
from collections.abc import Callable, Iterator, Sequence

from tests.corpora.reading import Reading, find_unstorable, read

LARGEST = 400_000  # octets; parts that are doubled again and again do not grow beyond
CHARSETS = (
    "windows-1251",
    "koi8-r",
    "koi8-u",
    "cp866",
    "utf-16",
    "utf-7",
    "iso-2022-jp",
    "gb18030",
    "shift_jis",
    "utf-32",
)
LABELS = (
    b"utf-8",
    b"us-ascii",
    b"windows-1251",
    b"koi8-r",
    b"utf-7",
    b"utf-16",
    b"iso-2022-jp",
    b"gb2312",
    b"x-unknown",
    b"",
)
ENCODINGS = (b"base64", b"quoted-printable", b"8bit", b"7bit", b"binary", b"x-uuencode", b"nonsense", b"")
SHARDS = (
    b"\0", b"\r", b"\n", b"\r\n\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"=?", b"?=", b"=?utf-8?b?", b"=?utf-8?q?=D0?=",
    b"--", b"\n--", b"\nFrom ", b"\nContent-Type: multipart/mixed; boundary=\n", b"\nContent-Type: message/rfc822\n", b'"', b"<", b">", b"(", b"\\",
    b"&#xD800;", b"&#0;", b"<![CDATA[", b"<!--", b"=ED=A0=80", b"+2AA-", b"\x1b$B", b"begin 644 a\n", b"filename*0*=", b";;;", b"\n>", b"\n-- \n", b"%", b"'",
)  # fmt: skip

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(letters: Sequence[bytes], seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged letters without end, each with the names of what was done to it."""
    chance = random.Random(seed)
    while True:
        letter, names = chance.choice(letters), []
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            mutation = chance.choice(MUTATIONS)
            letter = mutation(chance, letter, letters)[:LARGEST]
            names.append(mutation.__name__)
        yield " ".join(names), letter


def find_offence(octets: bytes, reader: Callable[[bytes], Reading] = read) -> str | None:
    """Return in words what reading a letter did that it must never do, or None: raise, or make what cannot be stored."""
    try:
        unstorable = find_unstorable(reader(octets))
    except Exception as error:  # the question is whether there is one
        return f"{type(error).__name__}: {error}"
    return None if unstorable is None else f"not storable: {unstorable[:80]!r}"


def cut(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A download that broke off, or one that began late."""
    at = chance.randrange(len(letter) + 1)
    return chance.choice((letter[:at], letter[at:]))


def cut_out(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A block that is missing."""
    begin, end = sorted((chance.randrange(len(letter) + 1), chance.randrange(len(letter) + 1)))
    return letter[:begin] + letter[end:]


def splice(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Two letters run together."""
    other = chance.choice(others)
    return letter[: chance.randrange(len(letter) + 1)] + other[chance.randrange(len(other) + 1) :]


def cross(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """One letter's header over another's body."""
    head, blank, _ = _halves(letter)
    return head + blank + _halves(chance.choice(others))[2]


def flip(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Octets that changed on the way."""
    changed = bytearray(letter)
    for _ in range(chance.choice((1, 3, 30, 300))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def strip_bits(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A relay that knows seven bits only, or sets the eighth."""
    strip = chance.random() < 0.7
    return letter.translate(
        bytes(octet & 0x7F if strip else octet | 0x80 if octet > 0x40 else octet for octet in range(256))
    )


def strew(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Pieces of syntax where they do not belong."""
    for _ in range(chance.choice((1, 2, 10, 40))):
        at = chance.randrange(len(letter) + 1)
        letter = letter[:at] + chance.choice(SHARDS) * chance.choice((1, 1, 1, 50)) + letter[at:]
    return letter


def change_line_ends(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Other line ends, also of no system at all."""
    ends = (b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"", b"\n\n", b"\x0b", b"\xc2\x85", b"\xe2\x80\xa8")
    return letter.replace(b"\r\n", b"\n").replace(b"\n", chance.choice(ends))


def encode_transfer(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """The body really in a transfer encoding, the label true or not."""
    head, blank, body = _halves(letter)
    encode = chance.choice((base64.encodebytes, quopri.encodestring, base64.b64encode))
    return _relabelled(chance, head, rb"content-transfer-encoding", ENCODINGS) + blank + encode(body)


def relabel(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Other transfer encodings and charsets in all the labels."""
    letter = _relabelled(chance, letter, rb"content-transfer-encoding", ENCODINGS)
    return re.sub(rb'(?i)(charset=)"?[\w-]*"?', lambda match: match[1] + chance.choice(LABELS), letter)


def recode(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """All of it in another charset, or twice in UTF-8."""
    text = letter.decode(chance.choice(("utf-8", "latin-1", "windows-1251")), "replace")
    if chance.random() < 0.3:
        return text.encode("utf-8", "replace").decode("latin-1").encode("utf-8")
    head, blank, body = _halves(letter)
    charset = chance.choice(CHARSETS)
    if chance.random() < 0.5:
        return head + blank + body.decode("utf-8", "replace").encode(charset, "replace")
    return text.encode(charset, "replace")


def shuffle_header(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Fields in another order, some of them twice, some with the name or the value of another."""
    head, blank, body = _halves(letter)
    fields = re.split(rb"(?<=\n)(?![ \t])", head)
    fields = chance.sample(fields, len(fields)) + chance.choices(fields, k=chance.choice((0, 1, 5)))
    if chance.random() < 0.5:
        names = [field.partition(b":")[0] for field in fields]
        values = [field.partition(b":")[2] for field in fields]
        chance.shuffle(values)
        fields = [name + b":" + (value or b"\n") for name, value in zip(names, values, strict=True)]
    return b"".join(fields) + blank + body


def shuffle_lines(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A stretch of lines in another order."""
    lines = letter.splitlines(keepends=True)
    at = chance.randrange(len(lines) + 1)
    stretch = lines[at : at + chance.choice((2, 10, 100))]
    chance.shuffle(stretch)
    return b"".join([*lines[:at], *stretch, *lines[at + len(stretch) :]])


def repeat(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A stretch many times over."""
    at = chance.randrange(len(letter) + 1)
    stretch = letter[at : at + chance.choice((1, 5, 70, 500))]
    return letter[:at] + stretch * min(2_000, 100_000 // (len(stretch) + 1)) + letter[at:]


def repeat_parts(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """Parts of a multipart twice, left out, or in another order."""
    boundary = _boundary(chance, letter)
    if not boundary:
        return letter
    first, *parts = letter.split(b"--" + boundary)
    chance.shuffle(parts)
    return (b"--" + boundary).join([first, *parts, *chance.choices(parts or [b"\n"], k=chance.choice((0, 1, 20)))])


def damage_boundary(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """A boundary that is declared otherwise, lost, closed early, or that of another level."""
    boundary = _boundary(chance, letter)
    if not boundary:
        return letter
    line, another = b"--" + boundary, _boundary(chance, letter)
    return chance.choice(
        (
            letter.replace(boundary, boundary[:-1], 1),
            letter.replace(line, line + b"--", 1),
            letter.replace(line + b"--", b""),
            letter.replace(line, b"--" + another),
            letter.replace(line, b"  " + line),
            letter.replace(boundary, b"a"),
            letter.replace(boundary, b""),
            letter.replace(b"\n" + line, b"\n" + line * 2),
        )
    )


def wrap(chance: random.Random, letter: bytes, others: Sequence[bytes]) -> bytes:
    """The letter as part of another: a report, a forward, a digest."""
    kind = chance.choice((b"multipart/report; report-type=delivery-status", b"multipart/digest", b"multipart/alternative", b"multipart/signed", b"multipart/related"))  # fmt: skip
    part = chance.choice((b"message/rfc822", b"message/delivery-status", b"text/html", b"text/plain", b"text/calendar", b"application/ms-tnef", b"message/partial"))  # fmt: skip
    open_or_closed = chance.choice((b"\n--w--\n", b""))
    return b"Content-Type: " + kind + b"; boundary=w\n\n--w\nContent-Type: " + part + b"\n\n" + letter + open_or_closed


MUTATIONS: tuple[Mutation, ...] = (
    cut, cut_out, splice, cross, flip, strip_bits, strew, change_line_ends, encode_transfer, relabel, recode, shuffle_header,
    shuffle_lines, repeat, repeat_parts, damage_boundary, wrap,
)  # fmt: skip


def _halves(letter: bytes) -> tuple[bytes, bytes, bytes]:
    """Return header, blank line and body."""
    blank = re.search(rb"\r?\n\r?\n", letter)
    if blank is None:
        return letter, b"", b""
    return letter[: blank.start()] + b"\n", b"\n", letter[blank.end() :]


def _boundary(chance: random.Random, letter: bytes) -> bytes:
    found = re.findall(rb'(?i)boundary="?([^"\s;]+)', letter)
    return chance.choice(found) if found else b""


def _relabelled(chance: random.Random, octets: bytes, name: bytes, values: Sequence[bytes]) -> bytes:
    pattern = rb"(?im)^(" + name + rb":)[^\r\n]*"
    labelled, times = re.subn(pattern, lambda match: match[1] + b" " + chance.choice(values), octets)
    return labelled if times else name + b": " + chance.choice(values) + b"\n" + octets
