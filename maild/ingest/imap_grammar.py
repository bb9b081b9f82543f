"""The words of IMAP (RFC 3501): folder names, UID sets, dates, FETCH answers. Pure; imports only the clock's `aware`."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from maild.clock import aware

Item = bytes | list["Item"] | None  # a string or atom, a parenthesised list, NIL

_FETCH = re.compile(rb"(?:\* )?\d+ FETCH \(", re.IGNORECASE)  # the library leaves "* " behind an unbalanced parenthesis
_TOKEN = re.compile(
    rb"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<literal>\{\d+\}$)|"(?P<quoted>(?:[^"\\]|\\.)*)"
             |(?P<section>BODY\[[^\]]*\])(?:<\d+>)?|(?P<atom>[^\s()"]+))""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_LISTED = re.compile(  # RFC 3501 §7.2.2, without the keyword
    rb'\((?P<flags>[^()]*)\) (?:NIL|"(?:[^"\\]|\\.)*") (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|\{\d+\}|(?P<atom>[^\s"{]+))\s*'
)
_DATE = re.compile(r"\s*(\d{1,2}-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})\s*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def encode_folder(name: str) -> str:
    """Return the folder's name in modified UTF-7 (RFC 3501 §5.1.3), not yet quoted."""
    return re.sub(r"&|[^\x20-\x7e]+", _shift, name)


def decode_folder(name: str) -> str:
    """Undo `encode_folder`; what is not modified UTF-7 stays as it is."""
    return re.sub(r"&([^-]*)-", _unshift, name)


def maildir_folder(name: str) -> str:
    """Return what IMAP calls the Maildir++ subfolder in a directory such as `.Sent`; "" where the directory is none."""
    return decode_folder(name[1:]) if name.startswith(".") else ""


def quote(text: str) -> str:
    """Return an IMAP quoted string (RFC 3501 §4.3); line ends and NUL have no place in one and are not looked for."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def uid_set(uids: Iterable[int]) -> str:
    """Return `1:3,7` for 1, 2, 3, 7: never a range over a UID that was not given."""
    ranges: list[list[int]] = []
    for uid in sorted(set(uids)):
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in ranges)


def parse_date(text: str) -> datetime | None:
    """Turn an INTERNALDATE such as ` 7-Feb-1994 21:52:25 -0800` into an aware instant in UTC; anything else into None."""
    if (match := _DATE.fullmatch(text)) is None:
        return None
    day, month, rest = match[1].split("-", 2)
    try:
        number = _MONTHS.index(month.lower()) + 1  # not %b: month names must not depend on the locale
        return aware(datetime.strptime(f"{day}-{number}-{rest}", "%d-%m-%Y %H:%M:%S %z"))
    except (ValueError, OverflowError):
        return None


def parse_fetch(lines: Sequence[bytes | bytearray]) -> Iterator[Mapping[str, Item]]:
    """Yield the items of each FETCH answer, names upper-case and without a partial's `<offset>`.

    `lines` is what aioimaplib collects: text as bytes, literals as bytearray in the place where they came. The order
    of items is the server's, UID may stand behind the body; unsolicited answers are yielded like any other. An answer
    that is not well-formed is left out: whoever asked for it will miss it and ask again.
    """
    starts = [at for at, line in enumerate(lines) if not isinstance(line, bytearray) and _FETCH.match(line)]
    for start, end in pairwise([*starts, len(lines)]):
        items = _read_list(lines[start:end])
        if items is not None and len(items) % 2 == 0:
            yield {name.decode("ascii", "replace").upper(): value
                   for name, value in zip(items[::2], items[1::2], strict=True) if isinstance(name, bytes)}  # fmt: skip


def parse_folders(lines: Sequence[bytes | bytearray]) -> Iterator[tuple[frozenset[str], str]]:
    """Yield the attributes (lower-case) and the plain name of each folder that LIST answers; what is no answer is left out."""
    for line, after in pairwise([*lines, b""]):
        if isinstance(line, bytearray) or (match := _LISTED.fullmatch(line)) is None:
            continue
        name = re.sub(rb"\\(.)", rb"\1", match["quoted"]) if match["quoted"] is not None else match["atom"] or after
        flags = match["flags"].decode("ascii", "replace").casefold().split()
        yield frozenset(flags), decode_folder(bytes(name).decode("utf-8", "replace"))


def _read_list(pieces: Sequence[bytes | bytearray]) -> list[Item] | None:
    """Return the list that `n FETCH (` opens in the first piece, or None where its end never comes."""
    items: list[Item] = []
    open_lists = [items]
    opening = _FETCH.match(pieces[0])
    offset = opening.end() if opening else 0
    for piece in pieces:
        if isinstance(piece, bytearray):
            open_lists[-1].append(bytes(piece))
            continue
        while token := _TOKEN.match(piece, offset):
            offset = token.end()
            match token.lastgroup:
                case "open":
                    deeper: list[Item] = []
                    open_lists[-1].append(deeper)
                    open_lists.append(deeper)
                case "close" if len(open_lists) == 1:
                    return items
                case "close":
                    open_lists.pop()
                case "quoted":
                    open_lists[-1].append(re.sub(rb"\\(.)", rb"\1", token["quoted"], flags=re.DOTALL))
                case "section":
                    open_lists[-1].append(token["section"])
                case "atom":
                    open_lists[-1].append(None if token["atom"].upper() == b"NIL" else token["atom"])
                case _:  # a literal's size: the literal itself is the next piece
                    pass
        offset = 0
    return None


def _shift(match: re.Match[str]) -> str:
    if match[0] == "&":
        return "&-"
    utf16 = match[0].encode("utf-16-be", "surrogatepass")
    return "&" + base64.b64encode(utf16, b"+,").decode("ascii").rstrip("=") + "-"


def _unshift(match: re.Match[str]) -> str:
    if not match[1]:
        return "&"
    try:
        padded = match[1] + "=" * (-len(match[1]) % 4)
        return base64.b64decode(padded, b"+,", validate=True).decode("utf-16-be")
    except (binascii.Error, ValueError):
        return match[0]
