"""What the author wrote above the quote. Imports nothing of ours.

Only hides, never deletes: the whole text stays stored, and where nothing is left above the quote all of it shows.
Words of the author are worth more than a clean cut, so whatever is not plainly a quote stays.
"""

import re

REPLY_MARKER_PREFIX = "##- "  # begins the line at the top of our notifications above which the answer stands
MAX_ATTRIBUTION = 300  # characters of an attribution; a longer one is somebody's prose
ATTRIBUTION_LINES = 3  # lines over which mail clients wrap an attribution
HEADER_BLOCK_LINES = 8  # lines within which a quoted header block shows at least two more of its fields

_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:\d{2}|\b(?:19|20)\d\d\b")
_VERB = re.compile(
    r"\b(?:пишет|писала?|написала?(?:\(а\))?|пише|писав|написав|wrote|writes|schrieb|a écrit|escribió|ha scritto|napisał(?:\(a\))?)(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d{2}")
# the verb or the address stands last, or (in German) a name of a few words follows the verb
_ENDS_IN_VERB = re.compile(rf"{_VERB.pattern}(?: [\w.\"'<>@+-]+){{0,4}}\s*:$", re.IGNORECASE)
_ENDS_IN_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\s*:$")
_NAME_AND_VERB = re.compile(rf"(?:[\w.«»\"'-]+ ){{1,4}}{_VERB.pattern}\s*:", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"[ \t]*-{2,}\s*(?:original message|исходное сообщение|оригинальное сообщение|оригінальне повідомлення|вихідне повідомлення"
    r"|ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"[ \t]*(?:-{2,}\s*(?:forwarded message|переслан\w+ (?:сообщение|письмо|повідомлення)|пересыла\w+ (?:сообщение|письмо)"
    r"|переадресован\w+ (?:сообщение|письмо|повідомлення))|begin forwarded message:|начало переадресованного сообщения)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[ \t]*[_-]{5,}[ \t]*$")
_FIRST_FIELD = re.compile(r"[ \t*]*(?:от|від|from|von)[ \t*]*:[ \t*]*\S", re.IGNORECASE)
_OTHER_FIELD = re.compile(
    r"[ \t*]*(?:отправлено|дата|кому|копия|тема|надіслано|дата|копія|sent|date|to|cc|subject|gesendet|an|betreff)[ \t*]*:",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[ \t]*[>|]")
_QUOTE_MARKS = re.compile(r"^[\s>|\u200b\ufeff*]+")


def new_text(text: str) -> str:
    """Return what the author wrote above the quote, without blank lines around it; all of the text where that is nothing.

    Answers that stand between quoted lines stay where they are, quotes included. Takes time linear in the text.
    """
    lines = text.replace("\u00a0", " ").split("\n")
    marker = next((at for at, line in enumerate(lines) if _is_marker(line)), None)
    above = lines if marker is None else lines[:marker]
    above = above[: _quote_begins(above)]
    said = "\n".join(_without_tail(above)).strip("\n").rstrip()
    return said or text.strip("\n").rstrip()


def is_forwarded(text: str) -> bool:
    """Whether the text begins with the line that mail clients put above a letter they forward."""
    return _FORWARD.match(text.lstrip()) is not None


def _is_marker(line: str) -> bool:
    return REPLY_MARKER_PREFIX in line and _QUOTE_MARKS.sub("", line).startswith(REPLY_MARKER_PREFIX)


def _quote_begins(lines: list[str]) -> int:
    """Return where an unmarked quote begins (a separator, a header block, an attribution), the number of lines if nowhere."""
    last_marked = max((at for at, line in enumerate(lines) if _QUOTED.match(line)), default=-1)
    for at, line in enumerate(lines):
        if _FORWARD.match(line):
            return len(lines)  # what follows is what the author wants to be read
        if _SEPARATOR.match(line) or (_FIRST_FIELD.match(line) and _is_header_block(lines, at)):
            return at
        # the quote below an attribution may carry no marks; but where marked lines follow, words may stand among them
        if at > last_marked and line.rstrip().endswith(":"):
            begin = _attribution_begins(lines, at)
            if begin is not None and _is_unmistakable(" ".join(lines[begin : at + 1])):
                return begin
    return len(lines)


def _is_header_block(lines: list[str], at: int) -> bool:
    return sum(_OTHER_FIELD.match(line) is not None for line in lines[at + 1 : at + HEADER_BLOCK_LINES]) >= 2


def _attribution_begins(lines: list[str], last: int) -> int | None:
    """Return the first line of the attribution that ends with line `last`, or None when there is none."""
    joined = ""
    for first in range(last, max(-1, last - ATTRIBUTION_LINES), -1):
        line = lines[first].strip()
        if not line or len(line) + len(joined) > MAX_ATTRIBUTION or (joined and line.endswith((":", ".", "!", "?"))):
            return None
        joined = f"{line} {joined}".rstrip()
        if _is_attribution(joined):
            above = lines[first - 1].strip() if first else ""
            wrapped = (
                not _DATE.search(joined)
                and _DATE.search(above[:MAX_ATTRIBUTION])
                and not above.endswith((".", "!", "?"))
            )
            return first - 1 if wrapped else first
    return None


def _is_attribution(line: str) -> bool:
    """Tell whether a line ending with a colon says who wrote what follows: two of a date, an address and a verb."""
    if _NAME_AND_VERB.fullmatch(line):
        return True
    verb = _ENDS_IN_VERB.search(line) is not None
    address = _ENDS_IN_ADDRESS.search(line) is not None
    return (verb and "@" in line) or ((verb or address) and _DATE.search(line) is not None)


def _is_unmistakable(attribution: str) -> bool:
    """Tell an attribution from a person's "12.11.2026 he wrote:", whose next lines are the person's own."""
    return "@" in attribution or (_TIME.search(attribution) is not None and len(_DATE.findall(attribution)) > 1)


def _without_tail(lines: list[str]) -> list[str]:
    """Return the lines without the quote, attribution and rule that stand at their end."""
    end = len(lines)
    while end:
        line = lines[end - 1]
        if not line.strip() or _QUOTED.match(line) or _RULE.match(line):
            end -= 1
        elif line.rstrip().endswith(":") and (begin := _attribution_begins(lines, end - 1)) is not None:
            end = begin
        else:
            break
    return lines[:end]
