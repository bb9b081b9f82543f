"""What plainly belongs to another letter: marked lines, copied headers, separators. Pure; decides line by line."""

import re

from maild.ingest.clients.lines import Field, find_field, is_original_line

REPLY_MARKER_PREFIX = "##- "  # begins the line at the top of our notifications above which the answer stands
HEADER_LINES = 14  # within which the fields of a copied header stand, wrapped ones and blank lines counted
_LONG = 2_000  # characters of a line that are looked at; no mark or label stands behind them

_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF], ""
) | dict.fromkeys([0xA0, 0x2007, 0x202F, 0x3000], " ")
_UNUSUAL = re.compile("[" + "".join(map(chr, _INVISIBLE)) + "]")
_QUOTED = re.compile(r"[ \t]{0,8}(?:>|\|(?![^|]*\|))")
_INITIALS = re.compile(r"[ \t]{0,2}[A-ZА-ЯЁІЇЄҐ]{1,4}>{1,8}(?:[ \t]|$)")
_CYRILLIC = re.compile(r"[ \t]{0,2}([А-ЯЁІЇЄҐ]{2,3})>{1,9}[ \t]")
_MARKS = re.compile(r"[\s>|*]+")
_RULE = re.compile(r"[ \t]*(?:[_=—–*-]{4,400}|(?:[_*=—–-][ \t]){4,100}[_*=—–-]?)[ \t]*")
_DELIMITER = re.compile(r"[ \t]{0,2}(?:--|—|–|_{2,4}|-{3,4})[ \t]*")
_DIFF = re.compile(r"<[ \t]|-{3}|[+-]{3}[ \t]|\d{1,6}(?:,\d{1,6})?[acd]\d|@@ |diff ")
_SENT_LABELS = re.compile(
    r"[ \t*_]*(?:отправлено|надіслано|відправлено|sent|gesendet|envoyé|enviad[oa]|inviato|wysłano|verzonden|sendt|skickat|lähetetty|odesláno)\b",
    re.IGNORECASE,
)
_RAW = re.compile(
    r"(?:received|mime-version|content-[a-z-]{4,30}|message-id|x-[\w-]{2,40}|in-reply-to|references|return-path|dkim-signature|delivered-to|errors-to|list-[a-z-]{2,20}|precedence)[ \t]*:",
    re.IGNORECASE,
)
_FORM_LINE = re.compile(r"[^\W\d_][^:\n]{0,24}:[ \t]")
_TIME = re.compile(r"\d{1,2}[:h]\d{2}")


def clean(line: str) -> str:
    """Return a line as a person sees it: without invisible characters, unusual spaces made usual; a long one cut.

    All others here take lines from this one.
    """
    line = line[:_LONG]
    return line if line.isascii() or _UNUSUAL.search(line) is None else line.translate(_INVISIBLE)


def is_marker(line: str) -> bool:
    """Whether a line is the marker of our notifications, however it is quoted."""
    if REPLY_MARKER_PREFIX not in line:
        return False
    marks = _MARKS.match(line)
    return line.startswith(REPLY_MARKER_PREFIX, marks.end() if marks else 0)


def is_raw_field(line: str) -> bool:
    """Whether a line is a field of a header that clients do not copy, so that somebody shows a header as it travelled."""
    return _RAW.match(line) is not None


def is_quoted(line: str) -> bool:
    """Whether a line bears a mark of quotation: ">" or "|", but no row of a table."""
    return line[:1] in "> \t|" and _QUOTED.match(line) is not None


def has_initials(line: str) -> bool:
    """Whether a line begins as The Bat! marks a quote, "AP> "; only below an attribution is it one."""
    return _INITIALS.match(line[:16]) is not None


def cyrillic_initials(line: str) -> str:
    """Return the initials with which The Bat! marks a quote, "АП", where they are Cyrillic: no shell has such a prompt."""
    match = _CYRILLIC.match(line[:16])
    return match[1] if match else ""


def is_rule(line: str) -> bool:
    """Whether a line is nothing but a drawn rule."""
    return line[:1] in " \t_=—–*-" and _RULE.fullmatch(line) is not None


def is_delimiter(line: str) -> bool:
    """Whether a line is a short dash or rule by which words are set off from a signature, or from other words."""
    return _DELIMITER.fullmatch(line[:20]) is not None


def is_diff(line: str) -> bool:
    """Whether a line is a comparison's, in which ">" marks no quotation."""
    return _DIFF.match(line) is not None


_A_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d\d\b")


def find_header(lines: list[str], at: int, *, spaced: bool = True, undated: bool = False) -> int | None:
    """Return where the header that a client copied from another letter ends, or None where none begins at line `at`.

    At least three fields, the author's among them; `spaced`: with blank lines between, as HTML leaves them; `undated`:
    without a date, which no client leaves out, but a person who shows what a machine sent may. A person's own form is
    told by its plain dates and lack of addresses.
    """
    first = find_field(lines[at])
    if first is None or lines[at].lstrip().startswith(("* ", "- ")):
        return None
    above = lines[at - 1].strip() if at else ""
    fields, end, between, dated = {first[0]}, at + 1, 0, False
    drawn = sure = "*" in lines[at][:4] or is_rule(above) or is_original_line(above)
    for n in range(at, min(len(lines), at + HEADER_LINES)):
        line = lines[n]
        found = find_field(line) if n > at else first
        if found is None:
            between += 1
            if between > 1 or not (spaced or line.strip()) or line.endswith((".", "!", "?")):
                break
            continue
        if found[0] is not Field.OTHER and found[0] in fields and n > at:
            break  # the header of the next letter
        between, end = 0, n + 1
        fields.add(found[0])
        sure = sure or any("@" in within for within in lines[max(at, n - 1) : n + 1])
        dated = dated or (found[0] is Field.DATE and _is_clients_date(line, found[1], first[0]))
    dated = dated and _FORM_LINE.match(above) is None
    if any(map(is_raw_field, lines[max(0, at - 2) : end + 4])):
        return None  # somebody shows a header as it travelled
    fields.discard(Field.OTHER)
    if Field.FROM not in fields or len(fields) < 3 or not (sure or (dated and Field.SUBJECT in fields)):
        return None
    if not (
        undated
        or drawn
        or Field.DATE in fields
        or any(_A_DATE.search(line[:_LONG]) for line in lines[max(0, at - 1) : end])
    ):
        return None  # the label of a date may be unknown
    for n in range(end, min(len(lines), end + 2)):  # a wrapped list of recipients
        if "@" not in lines[n] or not lines[n].strip().endswith((">", ";", ",")):
            break
        end = n + 1
    return end


def _is_clients_date(line: str, value: str, first: Field) -> bool:
    """Whether a date has a label or a time as clients give it; in a form of a person's the author does not come first."""
    return _SENT_LABELS.match(line) is not None or (first is Field.FROM and _TIME.search(value) is not None)
