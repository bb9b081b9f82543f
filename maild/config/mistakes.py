"""What people write where TOML wants something else: the sentence for a mistake that tomllib has met. Pure.

Many mistakes share a message of tomllib's, so the line is looked at too. What stands there is quoted, since a Cyrillic
letter looks like a Latin one, unless it may be a secret.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from maild.config.letters import cyrillic_in, to_latin
from maild.config.lines import KeyPath, Mention, find_mentions
from maild.config.redact import show_line
from maild.config.schema import dotted, public_keys
from maild.errors import Problem

_QUOTES = "“”„‟«»‘’‚‹›′″`´ʼ"
_INVISIBLE = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u200b": "a zero-width space",
    "\u200e": "an invisible mark of direction",
    "\u00ad": "a soft hyphen",
    "\ufeff": "a byte order mark in the middle of the file",
}
_COPIED = "Such characters come from a web page or a word processor: type the line again in a plain text editor."
_BOOLEAN = re.compile(r"(true|yes|on|да|вкл|истина|так|false|no|off|нет|выкл|ложь|ні)(?!\w)", re.IGNORECASE)
_LONGEST = 60  # characters of a line that still read well inside a sentence


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Why a text is not TOML, told so that its author can mend it."""

    line: int | None
    key: str = ""
    found: str
    expected: str
    remedy: str
    spreads: bool = False  # whether what follows may have another meaning than it seems to have

    def in_file(self, file: str) -> Problem:
        """Return the mistake as a problem of a file."""
        return Problem(
            file=file, line=self.line, key=self.key, found=self.found, expected=self.expected, remedy=self.remedy
        )


@dataclass(frozen=True)
class Place:
    """Where tomllib gave up, and on what."""

    text: str
    reason: str
    line: int  # 1-based; the last one with something on it where the text ended too early
    column: int | None  # 1-based; None where the text ended too early

    @cached_property
    def source(self) -> str:
        """The line."""
        return self.text.split("\n")[self.line - 1]

    @property
    def before(self) -> str:
        """What of the line was understood."""
        return self.source if self.column is None else self.source[: self.column - 1]

    @property
    def rest(self) -> str:
        """What was not."""
        return "" if self.column is None else self.source[self.column - 1 :]

    @property
    def word(self) -> str:
        """The bare word round the place, "" where there is none."""
        head = re.search(r"[\w.-]*$", self.before)
        tail = re.match(r"[\w.-]*", self.rest)
        return (head[0] if head else "") + (tail[0] if tail else "")

    @property
    def value(self) -> str:
        """What stands behind the line's first "=", without a comment."""
        return self.source.partition("=")[2].partition("#")[0].strip()

    @property
    def in_value(self) -> bool:
        """Whether a value was being read, not a key or a table's name."""
        return "=" in self.before

    def named(self, key: str) -> str:
        """Return a key as it may be told, "key" where it is no key of ours: it may be a line of a secret."""
        return key if key.rpartition(".")[2] in public_keys() else "key"

    def shown(self, words: str) -> str:
        """Return words of the line, quoted, with a colon before them; "" where they could be a secret."""
        if not words or show_line(self.source, known=True) != " ".join(self.source.split()):
            return ""
        return f": `{words}`" if len(words) <= _LONGEST else f": `{words[:_LONGEST]}…`"


def explain(text: str, message: str) -> Mistake:
    """Return what is wrong with a text that tomllib has refused with this message."""
    reason, _, where = message.rpartition(" (at ")
    numbers = [int(number) for number in re.findall(r"\d+", where)]  # none: "at end of document"
    place = Place(text, reason, *(numbers or (len(text.rstrip().split("\n")), None)))
    for look in _LOOKS:
        if said := look(place):
            return said if isinstance(said, Mistake) else _mistake(place, *said)
    found = f"text that is not TOML ({reason}){place.shown(place.source.strip())}"
    return _mistake(place, found, "key = value or [table]", "Compare the line with config.example.toml.")


_Said = tuple[str, str, str] | Mistake | None  # found, expected, remedy


def _mistake(place: Place, found: str, expected: str, remedy: str) -> Mistake:
    return Mistake(line=place.line, found=found, expected=expected, remedy=remedy)


def _twice(place: Place) -> _Said:
    """One key or table defined again, or written in two ways that do not go together."""
    if not place.reason.startswith(("Cannot", "Duplicate")):
        return None
    if (twice := _find_duplicate(place.text)) is not None:
        first, second = twice
        return Mistake(
            line=second.line,
            key=dotted(second.path),
            found=f"the same key or table again (first on line {first.line})",
            expected="each key and each table once",
            remedy="Delete one of the two, or join them.",
        )
    if (earlier := _find_earlier(place)) is None:
        return None
    return Mistake(
        line=place.line,
        key=dotted(earlier.path),
        found=f"more of what was begun in another way on line {earlier.line}",
        expected="a table written in one way: as [table], as { … } or with dots",
        remedy=f"Write the two together, as on line {earlier.line}.",
    )


def _find_duplicate(text: str) -> tuple[Mention, Mention] | None:
    """Return the first two definitions of one key, None where tomllib objects to something subtler."""
    first: dict[KeyPath, Mention] = {}
    for mention in find_mentions(text):
        if mention.defines and first.setdefault(mention.path, mention) is not mention:
            return first[mention.path], mention
    return None


def _find_earlier(place: Place) -> Mention | None:
    """Return where the table that tomllib speaks of was begun; without its name, the nearest that the line goes into."""
    named = re.search(r"\(.*\)", place.reason)
    mentions = list(find_mentions(place.text))
    if named:
        path: KeyPath = tuple(ast.literal_eval(named[0]))
        return next((mention for mention in mentions if mention.path == path and mention.line < place.line), None)
    here = {mention.path[:depth] for mention in mentions if mention.line == place.line for depth in range(1, 99)}
    earlier = [mention for mention in mentions if mention.line < place.line and mention.path in here]
    return max(earlier, key=lambda mention: len(mention.path), default=None)


def _typographic(place: Place) -> _Said:
    if place.rest[:1] and place.rest[0] in _QUOTES:
        quote = place.rest[0]
        return f"a typographic quote {quote}", 'plain quotes "…"', f'Replace {quote} by ". {_COPIED}'
    if place.rest[:1] in _INVISIBLE:
        return _INVISIBLE[place.rest[0]], "an ordinary space or nothing", _COPIED
    return None


def _cut_short(place: Place) -> _Said:
    """The text ends inside something."""
    if place.column is not None:
        return None
    if place.source.split("#")[0].rstrip().endswith("="):
        return _no_value(place)
    opened = find_open(place.text)
    if opened is None and (line := _find_unfinished(place.text)) is not None:
        return _unquoted(Place(place.text, place.reason, line, None))
    since = f" begun on line {opened[0]}" if opened and opened[0] != place.line else ""
    return (
        f"the end of the file in the middle of a value{since}",
        "a complete file",
        "Close the last quote, bracket or brace; if the file was cut short while it was saved or copied, save it again.",
    )


def _header(place: Place) -> _Said:
    """A [table] line that is not closed."""
    if not place.reason.startswith(("Expected ']'", "Expected ']]'")):
        return None
    if re.match(r"\s+\w", place.rest) or (place.before.endswith(" ") and re.match(r"\w", place.rest)):
        remedy = 'Write "-" or "_" instead of the space.'
        return f"a space in the name of a table{place.shown(place.source.strip())}", "a name without spaces", remedy
    if place.rest[:1].isalpha():
        return None  # a letter of another alphabet
    wanted = place.reason[len("Expected '") :].partition("'")[0]
    return (
        f"a table's name without its end{place.shown(place.source.strip())}",
        f"{wanted} behind the name",
        f"Add {wanted} at the end of the line.",
    )


def _in_list(place: Place) -> _Said:
    """A list or a { table } that goes on in a way that TOML does not know."""
    if place.reason.startswith("Invalid initial character for a key part") and (
        "{" in place.before and (not place.rest.strip() or place.rest[0] in "}#")
    ):
        return _braces(place)
    if place.reason.startswith("Unclosed inline table") and not place.rest.partition("#")[0].strip():
        return _braces(place)
    unclosed = place.reason.startswith("Unclosed")
    if not unclosed and (place.reason != "Invalid value" or place.in_value):
        return None
    if unclosed and place.before.rstrip().endswith('"') and re.match(r"[\w]", place.rest):
        return _quote_inside(place)
    begun = find_open("\n".join(place.text.split("\n")[: place.line - 1]))
    since = f" begun on line {begun[0]}" if begun else ""
    remedy = "Put text in quotes and a comma between two elements, and close the list with ] or the table with }."
    return (
        f"something that does not belong into a list{since}",
        "the next element or the end of the list",
        remedy,
    )


def _braces(_place: Place) -> _Said:
    remedy = "Write { … } on one line and without a comma before }, or open it as a [table] and put each key on a line."
    return "a table in braces over several lines, or a comma before its end", "{ key = value, key = value }", remedy


def _quote_inside(_place: Place) -> _Said:
    remedy = "Write «…» inside the text, or put the whole text in single quotes: 'ООО \"Ромашка\"'."
    return 'a quote " inside a text in quotes', "a text without its own quotes inside", remedy


def _name(place: Place) -> _Said:
    """A key or a table's name that is not in Latin letters, wholly or in a letter that looks the same."""
    if not (place.rest[:1].isalpha() and not place.rest[0].isascii()) or place.reason == "Invalid value":
        return None
    if place.in_value and (find_open(place.before) or (0, ""))[1] != "{":
        return None
    expected = 'a-z, 0-9, "-" and "_"'
    if (latin := to_latin(place.word)) is not None:
        letters = cyrillic_in(place.word)
        return f"`{place.word}`, in which {letters}", expected, f"Type `{latin}` again with the keyboard on English."
    named = f": `{place.word}`" if "=" in place.source or place.source.lstrip().startswith("[") else ""
    return f"a name that is not in Latin letters{named}", expected, "Rename the key or the table."


def _characters(place: Place) -> _Said:
    """What may stand in no text."""
    if "\r" in place.source:
        remedy = "Save the file again with the line ends of Windows (CRLF) or Unix (LF)."
        return "a carriage return without a line feed", "line ends of Windows or Unix", remedy
    if place.reason.startswith(("Illegal character", "Found invalid character")) and not place.rest:
        return _unquoted(place)
    control = next((one for one in place.rest[:1] if ord(one) < 32 or ord(one) == 127), None)
    if control is not None and control != "\t":
        remedy = "Delete it; if there are many, the file is damaged: take it back from a backup."
        return f"a control character (U+{ord(control):04X})", "text", remedy
    if place.reason.startswith(("Unescaped", "Invalid hex", "Escaped")):
        remedy = r"Double the backslash (\"\\Seen\") or use single quotes ('\Seen')."
        return "a single backslash between double quotes", "an escaped backslash", remedy
    return None


def _unquoted(place: Place) -> Mistake:
    typographic = next((one for one in reversed(place.source) if one in _QUOTES), None)
    return Mistake(
        line=place.line,
        found=f"a text without its closing quote{place.shown(place.source.strip())}",
        expected="a quote at both ends",
        remedy=f'Replace {typographic} by ".' if typographic else "Add the missing quote.",
        spreads=True,
    )


def _key(place: Place) -> _Said:
    """A line whose key is not followed by "="."""
    if place.reason.startswith("Invalid statement"):
        start = place.rest[:1]
        if place.rest.startswith("//") or start == ";":
            return f"a comment that begins with {'//' if start == '/' else ';'}", "a comment", "Begin it with #."
        if start == "=":
            return 'a line without a key before "="', "key = value", "Write the key, or delete the line."
        if start == "{":
            return "a { at the beginning of a line, as in JSON", "key = value or [table]", "Write it as TOML."
        return None
    if not place.reason.startswith("Expected '=' after a key"):
        return None
    rest, key = place.rest.lstrip(), place.before.strip()
    own = place.named(re.split(r"[{,]", key)[-1].strip()) if key != "-" else key
    if own == "-":
        return "a line that begins with -, as in YAML", "key = value", 'Write a list as key = ["…", "…"].'
    if rest.startswith(":"):
        return '":" after a key', '"="', f"Write `{own} = …`."
    if re.match(r"[\w.-]+\s*=", rest):
        whole = f"{key} {rest.partition('=')[0].strip()}"
        return (
            f"a space in the key `{whole}`",
            "a key without spaces",
            'Write "." or "_" instead, as the key is called.',
        )
    remedy = f"Write `{own} = …`; keys are written in Latin letters."
    return 'a line without "=" after its key', "key = value", remedy


def _no_value(place: Place) -> _Said:
    if place.reason == "Invalid value" and not place.rest.partition("#")[0].strip():
        return 'no value after "="', "a value", "Write the value, or delete the line to get the default."
    return None


def _value(place: Place) -> _Said:
    """A value that TOML does not know, or more than a value."""
    if place.reason == "Invalid date or datetime":
        return (
            f"a day or time that does not exist{place.shown(place.value)}",
            "a date such as 2026-12-31",
            "Correct it.",
        )
    after = place.reason == "Expected newline or end of document after a statement"
    if place.reason != "Invalid value" and not after:
        return None
    if place.in_value and (boolean := _BOOLEAN.match(place.value)):
        found = f"a yes or no of another language than TOML{place.shown(boolean[0])}"
        return found, "true or false", "Write true or false in small letters."
    for pattern, found, expected, remedy in _VALUES:
        if re.match(pattern, place.value, re.IGNORECASE) and place.in_value:
            return f"{found}{place.shown(place.value)}", expected, remedy
    if after and place.rest[:1] in (",", ";"):
        return f'a "{place.rest[0]}" behind a value', "one key on a line", f'Delete the "{place.rest[0]}".'
    if after and place.rest.startswith("//"):
        return "a comment that begins with //", "a comment", "Begin it with #."
    if after and place.before.rstrip().endswith('"') and re.match(r"\w[^=]*$", place.rest):
        return _quote_inside(place)
    return (
        f"a value without quotes, or two things on one line{place.shown(place.value)}",
        'text in "quotes", a number, true or false',
        'Put text, durations and sizes in quotes: "5m". Every key stands on a line of its own.',
    )


_NUMBER = "a number such as 0.35 or 1500"
_VALUES = (  # how the value begins; found, expected, remedy
    (r"(null|none|nil)\b", "a word for nothing", "a value", "Delete the line to get the default."),
    (
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$",
        "a date written by day, month, year",
        "a date such as 2026-12-31, without quotes",
        "Write year, month, day.",
    ),
    (r"[+-]?\d+,\d+$", "a number with a decimal comma", _NUMBER, "Write a point instead of the comma."),
    (r"[+-]?\d+( \d+)+$", "a number with spaces", _NUMBER, "Write the digits without spaces."),
    (r"[+-]?0\d+$", "a number that begins with 0", _NUMBER, "Leave the 0 out, or put the value in quotes."),
    (
        r"\d+([.,]\d+)?\s*[^\W\d_]+$",
        "a duration or size without quotes",
        'it in quotes: "3d", "5m", "10MB"',
        "Put it in quotes.",
    ),
    (r"\d+([.,]\d+)?\s*%$", "a percentage", _NUMBER, "Write 0.35 for 35 %, or put it in quotes if it is text."),
    (r"\(", "a list in parentheses", 'a list such as ["…", "…"]', "Write [ and ] instead of ( and )."),
    (r"=", 'two signs "="', "key = value", 'Write one "=".'),
)
_LOOKS: tuple[Callable[[Place], _Said], ...] = (
    _twice, _typographic, _cut_short, _header, _in_list, _characters, _name, _key, _no_value, _value,
)  # fmt: skip


def find_open(text: str) -> tuple[int, str] | None:
    """Return line and character of the innermost quote, bracket or brace that a text leaves open; None where it is whole.

    A quote that does not end on its line counts for that line only.
    """
    opened: list[tuple[int, str]] = []
    for line, token in _tokens(text):
        if token in ('"""', "'''"):
            return line, token  # only a text that does not end comes as a token
        if token in ("[", "{"):
            opened.append((line, token))
        elif opened:
            opened.pop()
    return opened[-1] if opened else None


def _find_unfinished(text: str) -> int | None:
    """Return the first line with a quote that does not end on it."""
    line = 1
    for match in _TOKEN.finditer(text):
        quoted = match[0][0] in "'\"" and not match["open"]
        if quoted and (len(match[0]) == 1 or match[0][-1] != match[0][0]):
            return line
        line += match[0].count("\n")
    return None


_TOKEN = re.compile(
    r"""
    \#[^\n]* | \"\"\"(?:[^\\]|\\.)*?\"{3,5} | '''.*?'{3,5}
    | (?P<open>\"\"\"|''') | "(?:[^"\\\n]|\\.)*"? | '[^'\n]*'? | (?P<bracket>[\[\]{}]) | (?P<line>\n)
    """,
    re.VERBOSE | re.DOTALL,
)


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for match in _TOKEN.finditer(text):
        if token := match["open"] or match["bracket"]:
            yield line, token
            if match["open"]:
                return
        line += match[0].count("\n")
