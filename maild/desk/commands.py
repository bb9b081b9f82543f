"""What an agent tells us to do with a ticket: lines that begin with "#" in the answer to a notification. Pure.

    #взять            #ждём согласования        #срок 27.11 18:00        #продлить 72ч

What can be said is the table in `verbs`. What becomes of a letter with a line that is not understood is `orders`' business.
Nothing here looks at quotations: the caller hands in the agent's new words only.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from maild.desk.arguments import Argument, read_nothing
from maild.desk.arguments import plain as plain_word
from maild.desk.verbs import Verb, find_similar, find_verb

# Of a line as `plain_line` gives it. Before the "#" may stand a list's mark or another "#", but no quote's: those are not the agent's
_LINE = re.compile(r"([-–—*•·# ]*)#( ?)([^\W\d_]\S*)(?: (.*?))?[ .!…*_]*")
_BARE = re.compile(r"([^\W\d_]+)(?: ([^.!?…]+(?:[.,]\d+[^.!?…]*)?))?([.!]*)")
_NUMBER_SIGN = re.compile(r"№([^\W\d_]+)")  # what Shift+3 types on a Russian keyboard
_QUOTES = "«»„“”‟\"'‘’ "
_DASHED = re.compile(r"(?<=\d)[–—‑](?=\d)")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")  # what editors of HTML leave between letters
MAX_COMMANDS = 20
MAX_QUOTED = 3  # lines that may be a customer's are named; they may write hundreds
MAX_LINE = 500  # characters in which a command is looked for


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of an agent's, understood; `value` has the type that the verb's grammar gives."""

    verb: str
    line: str  # as written, for the receipt
    value: object = None


class Slip(StrEnum):
    """Why a line that looks like a command is none; `wording` has the sentences."""

    UNKNOWN = "unknown"
    MISSPELT = "misspelt"
    ARGUMENT = "argument"
    ALONE = "alone"  # something stands behind a verb that stands alone
    TOO_MANY = "too-many"
    QUOTED = "quoted"  # it may be somebody else's line


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A line that begins like a command and is none."""

    line: str
    slip: Slip
    verb: str = "help"  # whose usage helps


def parse_commands(
    words: str, now: datetime, zone: tzinfo, *, signature: str = "", doubted: Collection[int] = ()
) -> tuple[tuple[Command | Unknown, ...], str]:
    """Return the commands of an agent's new words, in order, and the words without them.

    `now` and `zone` say what "27.11 18:00" means. In the agent's `signature` only commands that are understood count, for it
    may say anything; without "#" a line is a command only at the top (`_bare_lines`). `doubted` are the lines, the signature's
    behind the words', that may be somebody else's (`theirs`): they stay words, and are named as what is not obeyed.
    """
    lines = words.splitlines()
    bare = _bare_lines(lines, now, zone)
    found: list[Command | Unknown] = []
    rest, others = [], []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if at - 1 in doubted:
            rest.append(line)
            others.append(line)
            continue
        match = _find(f"#{line}" if at - 1 in bare else line)
        if match is None:
            rest.append(line)
            continue
        verb, argument = find_verb(match[3]), match[4] or ""
        if verb and verb.block and not (verb.whole and verb.whole.fullmatch(argument.strip())):
            end = next((n for n in range(at, len(lines)) if _find(lines[n])), len(lines))
            argument = "\n".join([plain_line(line)[match.start(4) :] if match[4] else "", *lines[at:end]])
            at = end
        shown = plain_line(line[:MAX_LINE])
        found.append(_parse(shown, verb, match[3], argument, now, zone))
    for n, line in enumerate(signature.splitlines(), len(lines)):
        if command := _signed(line, now, zone):
            if n in doubted:
                others.append(line)
            else:
                found.append(command)
    if len(found) > MAX_COMMANDS:  # one more tells enough: none of them will be carried out
        found[MAX_COMMANDS:] = [Unknown(line=found[MAX_COMMANDS].line, slip=Slip.TOO_MANY)]
    quoted = (Unknown(line=plain_line(line[:MAX_LINE]), slip=Slip.QUOTED) for line in others[:MAX_QUOTED])
    return (*found, *quoted), "\n".join(rest).strip()


def _bare_lines(lines: list[str], now: datetime, zone: tzinfo) -> frozenset[int]:
    """Return which lines are commands without "#": those of the first block, where each of its lines is a command.

    A line must be nothing but the verb and an argument that fits. "взять" is said to nobody but us; "решено" may be the
    whole answer's first word, so it counts only where the letter says nothing else, and not with a full stop, as a sentence has.
    """
    begin = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    end = next((n for n in range(begin, len(lines)) if not lines[n].strip()), len(lines))
    found = set()
    alone = False
    for n in range(begin, end):
        if _find(lines[n]):
            continue
        plain = plain_line(lines[n][:MAX_LINE])
        match = _BARE.fullmatch(plain)
        verb = find_verb(match[1]) if match else None
        if match is None or verb is None or not _fits(verb, match[2] or "", now, zone):
            return frozenset()
        if plain_word(match[1]) not in verb.bare:
            if plain_word(match[1]) not in verb.alone or match[3]:
                return frozenset()
            alone = True
        found.add(n)
    said = any(line.strip() and not _find(line) for line in lines[end:])
    return frozenset() if alone and said else frozenset(found)


def _fits(verb: Verb, argument: str, now: datetime, zone: tzinfo) -> bool:
    try:
        verb.read(Argument(text=argument, now=now, zone=zone))
    except ValueError:
        return False
    return True


def _signed(line: str, now: datetime, zone: tzinfo) -> Command | None:
    """Return the command that a line of a signature is, if it is plainly one."""
    match = _find(line)
    verb = find_verb(match[3]) if match else None
    if match is None or verb is None or verb.block:
        return None
    command = _parse(match[0], verb, match[3], match[4] or "", now, zone)
    return command if isinstance(command, Command) else None


def looks_like_command(line: str) -> bool:
    """Whether a line begins as commands do, understood or not."""
    return _find(line) is not None


def _find(line: str) -> re.Match[str] | None:
    """Return a line's verb and what stands behind it, where it looks like a command.

    "# systemctl restart" is what an agent tells a customer to type; "#закртыо" is a slip of the pen.
    """
    plain = plain_line(line[:MAX_LINE])
    if (number := _NUMBER_SIGN.match(plain)) and find_verb(number[1]):
        plain = f"#{plain[1:]}"
    match = _LINE.fullmatch(plain)
    known = match is None or not (match[1] or match[2]) or find_verb(match[3])
    return match if known else None


def plain_line(line: str) -> str:
    """Return a line with plain single spaces and composed letters: phones and editors of HTML write others."""
    return " ".join(
        unicodedata.normalize("NFC", _INVISIBLE.sub("", line)).replace("＃", "#").replace("﹟", "#").split()
    )


def _parse(line: str, verb: Verb | None, word: str, argument: str, now: datetime, zone: tzinfo) -> Command | Unknown:
    if verb is None:
        near = find_similar(word)
        return Unknown(line=line, slip=Slip.MISSPELT, verb=near.name) if near else Unknown(line=line, slip=Slip.UNKNOWN)
    try:
        text = argument.strip() if verb.block else _tidy(argument)
        return Command(verb=verb.name, line=line, value=verb.read(Argument(text=text, now=now, zone=zone)))
    except ValueError:
        slip = Slip.ALONE if verb.read is read_nothing else Slip.ARGUMENT
        return Unknown(line=line, slip=slip, verb=verb.name)


def _tidy(argument: str) -> str:
    """Return an argument without what phones and office programs make of quotes and dashes."""
    argument = argument.strip()
    if argument[:1] in ("-", "–", "—") and argument[1:2] == " ":  # "#важность — критическая"
        argument = argument[2:]
    return _DASHED.sub("-", argument).strip(_QUOTES)
