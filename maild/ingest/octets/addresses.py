"""Address fields made well-formed before mail-parser reads them, and what to do with those that it refuses.

mail-parser reads what RFC 5322 §3.4 and §4.4 allow and gives up a member that is anything else. People and programs
write "Иванов, Иван <i@x>", "a@x; b@x", "Отдел: продаж <i@x>" and "Ivan [i@x]": the members are rewritten here, each on
its own, all others stay as they are.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.utils import getaddresses
from itertools import islice

from maild.ingest.octets.charset import single_line
from maild.ingest.octets.words import decode_header, decode_raw, find_words
from maild.model import Address

MAX_RECIPIENTS = 1_000  # addresses read from To, Cc or Reply-To, and ten times RFC 5321's least (§4.5.3.1.8)
MAX_ADDRESSES = 200_000  # octets of one address field looked at: MAX_RECIPIENTS with long names
MAX_ADDRESS = 320  # characters of an addr-spec: 64 + 1 + 255 (RFC 5321 §4.5.3.1)
MAX_NAME = 200  # characters of a display name
MAX_WORDS = 1_000  # characters of what may be one, with the address repeated behind it

# A quoted string, an angle address, a comment, a separator, a run of anything else; bounded, so that quotes which
# never close cost no more than their bound each
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,400}+"|<[^<>]*+>|\((?:[^()\\]|\\.){0,400}+\)|[,;:]|[^",;:<(]++|.', re.DOTALL)
# begins only where a word does, so that a long word without @ is looked at once; an encoded word is no address
_ADDR_SPEC = re.compile(r"(?<![^\s<>()\[\]\\,;:\"])(?!=\?)[^\s<>()\[\]\\,;:\"@]+@[^\s<>()\[\]\\,;:\"]+")
_ANGLE_ADDR = re.compile(r"<\s*([^<>\s]+)\s*>?\s*$")
_MAILTO = re.compile(r"(?:mailto|smtp):\s*", re.IGNORECASE)
_WRAPPED_SPEC = re.compile(r"^[<\[(]+([^\s<>\[\]()]+@[^\s<>\[\]()]+)[>\])]+$")
_NEEDS_WORD = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LOCAL_USER = re.compile(r"([A-Za-z0-9._+-]{1,64})\s*\(([^()]*)\)")  # how programs of one machine name themselves
_OWN_ADDRESS = re.compile(r"\s*[<\[(]\s*(\S+@\S+?)\s*[>\])]\s*$")


def plain_value(octets: bytes, hint: str | None) -> str:
    """Return an address field as one line of text, its encoded words as whole UTF-8 ones that hold no delimiters."""
    pieces: list[str] = []
    at = 0
    for begin, end in find_words(octets):
        pieces += [decode_raw(octets[at:begin], hint), _word(decode_header(octets[begin:end], hint))]
        at = end
    pieces.append(decode_raw(octets[at:], hint))
    return single_line("".join(pieces))


def mended(value: str) -> str:
    """Return a field value whose members are well-formed wherever it is plain what they were meant to be."""
    if "@" not in value and "<" not in value and "=?" in value:
        whole = single_line(decode_header(value.encode("utf-8", "replace")))
        value = whole if "@" in whole else value  # a client that encodes the address with the name
    if not re.search(r"[,;:<\[\s]", value):
        return value
    members: list[str] = []
    pending: list[str] = []  # words before a comma that belong to the name after it
    for tokens, separator in islice(_members(value), 3 * MAX_RECIPIENTS):  # names may hold commas
        text = "".join(tokens).strip()
        angle = any(token.startswith("<") for token in tokens)
        if separator == ":":  # the label of a group is nobody
            continue
        if text and not angle and "@" not in text and separator == ",":
            pending.append(text)
            continue
        if angle:
            members.append(_mended_member(tokens, pending))
        else:  # the words before are plain users of some machine, or nothing that anybody can tell
            members += [*pending, _mended_member(tokens, []) if "@" in text else text]
        pending = []
    return ",".join(filter(None, [*members, *pending]))


def _members(value: str) -> Iterator[tuple[list[str], str]]:
    """Yield the members of a field with what ends each: "," between members, ":" and ";" around those of a group."""
    last_end = value.rfind(";")
    pieces: list[str] = []
    group = False
    at = 0
    for match in _TOKEN.finditer(value):
        piece, at = match[0], match.end()
        if piece == "," or (piece == ";" and not group):
            yield pieces, ","
        elif piece == ";":
            group = False
            yield pieces, ";"
        elif piece == ":" and not group and at <= last_end and not any("@" in one or "<" in one for one in pieces):
            group = True
            yield pieces, ":"
        else:
            pieces.append(piece)
            continue
        pieces = []
    if pieces:
        yield pieces, ""


def _mended_member(tokens: list[str], before: list[str]) -> str:
    """Return one mailbox; `before` are words of its name that a comma had cut off."""
    text = "".join(tokens).strip()
    angles = [at for at, token in enumerate(tokens) if token.startswith("<") and token.endswith(">")]
    angles = [at for at in angles if tokens[at].strip("<> ")] or (angles if "@" not in text else [])
    at = next((at for at in angles if "@" in tokens[at]), angles[-1] if angles else None)
    if at is None:
        return _bare(text.replace("<>", "").strip())
    spec = _MAILTO.sub("", tokens[at].strip("<> ") if "@" in tokens[at] else tokens[at][1:-1]).strip()
    phrase = "".join(tokens[:at]).strip(" <>")
    after = "".join(token for token in tokens[at + 1 :] if not token.startswith(("(", "<"))).strip(" >")
    odd = bool(before or _NEEDS_WORD.search(_without_quoted(tokens[:at])) or _MAILTO.match(tokens[at][1:].strip()))
    if not phrase and after and _NEEDS_WORD.sub("", after):
        phrase, odd = after, True
    if not odd and len(angles) == 1:
        return text
    words = ", ".join(filter(None, (_without_quotes(_unquoted(word)) for word in [*before, phrase])))
    return f"{_word(words)} <{spec}>" if words else f"<{spec}>"


def _bare(text: str) -> str:
    """Return a mailbox written without angle brackets: "Ivan ivan@x", "Ivan [ivan@x]", "mailto:ivan@x"."""
    text = _MAILTO.sub("", text, count=1) if _MAILTO.match(text) else text
    words = text.split()
    if len(words) < 2 or "(" in text:
        return text
    specs = [word for word in words if "@" in word]
    if len(specs) != 1 or any(word in (".", "@") or word[0] == "." or word[-1] == "." for word in words):
        return text
    wrapped = _WRAPPED_SPEC.match(specs[0])
    spec = wrapped[1] if wrapped else specs[0].strip("<>,;[]")
    if not _ADDR_SPEC.fullmatch(spec):
        return text
    name = " ".join(word for word in words if word is not specs[0])
    return f"{_word(_unquoted(name))} <{spec}>"


def _without_quoted(tokens: list[str]) -> str:
    """Return what stands in a phrase outside quotes, comments and encoded words: only there are specials wrong."""
    bare = "".join(token for token in tokens if len(token) < 2 or token[0] not in '"(')
    return re.sub(r"=\?utf-8\?b\?[A-Za-z0-9+/=]*\?=", "", bare).replace(".", "")


def _unquoted(phrase: str) -> str:
    """Return the words of a phrase as a reader sees them."""
    tokens = (
        _ESCAPED.sub(r"\1", token[1:-1]) if len(token) > 1 and token[0] == '"' else token
        for token in _TOKEN.findall(phrase)
    )
    return single_line(decode_header("".join(tokens).encode("utf-8", "replace"))).strip('" ')


def _word(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="


# ── what was found ───────────────────────────────────────────────────────────────────────────────────────────────────


def usable_addresses(found: Iterable[tuple[str, str]], value: str) -> tuple[Address, ...]:
    """Return the addresses found, or what the standard library and then a plain look make of a field nobody reads."""
    people = [_address(words, addr) for words, addr in found if "@" in addr]
    if not people and value:
        with suppress(Exception):  # its parser has been broken by letters before, too
            people = [_address(words, addr) for words, addr in getaddresses([value]) if _ADDR_SPEC.fullmatch(addr)]
    if not people and (spec := _ADDR_SPEC.search(value) or _ANGLE_ADDR.search(value)):
        people = [_address(value[: spec.start()].strip(" <\"'"), spec[spec.lastindex or 0])]
    return tuple(people[:MAX_RECIPIENTS])


def name_only(value: str) -> Address | None:
    """Return who a field names that gives no address ("Mail Delivery System", "MAILER-DAEMON (…)"), or None."""
    if local := _LOCAL_USER.fullmatch(value.strip()):
        return Address(name=_unquoted(local[2])[:MAX_NAME], addr=local[1])
    name = _without_quotes(_unquoted(value).strip(" <>,;"))
    return None if not name or name.endswith(":") or "@" in name else Address(name=name[:MAX_NAME], addr="")


def _address(name: str, addr: str) -> Address:
    """Return an address with a name that is one line and is no more than the address again."""
    addr = single_line(addr)[:MAX_ADDRESS]
    name = _without_quotes(single_line(decode_header(name.encode("utf-8", "replace")))[:MAX_WORDS])
    if (again := _OWN_ADDRESS.search(name)) and again[1].casefold() == addr.casefold():
        name = name[: again.start()]
    return Address(name="" if name.casefold() == addr.casefold() else name[:MAX_NAME].strip(), addr=addr)


def _without_quotes(name: str) -> str:
    """Return a name without quotes around the whole, or one that lost its other half; 'ООО "Ромашка"' keeps both."""
    name = name.strip()
    while len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name.strip('" ') if name.count('"') % 2 else name


def recipients(values: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that the letter was delivered to, each once, as written."""
    specs = (spec for value in values for spec in _ADDR_SPEC.findall(single_line(value)))
    return tuple(dict.fromkeys(spec[:MAX_ADDRESS] for spec in specs))[:MAX_RECIPIENTS]


def reverse_path(known: str | None, return_paths: list[str]) -> str | None:
    """Return the envelope sender without angle brackets; "" is the null one, None when nobody tells."""
    if known is None and not return_paths:
        return None
    path = single_line(known if known is not None else return_paths[0])
    bracketed = re.search(r"<([^<>]*)>", path)
    return (bracketed[1].strip() if bracketed else path)[:MAX_ADDRESS]
