"""One letter on the way from its lines to the new words. Pure; the steps of `reply`.

The end of the words is found in two steps: from above, where a quote without marks begins, or a letter that is passed
on; then from below, what hangs on the end, one part after the other.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.ingest.clients.attribution import find_attribution, may_end
from maild.ingest.clients.footer import find_footer, find_legal_heading
from maild.ingest.clients.lines import Field, find_field, is_forward_line, is_original_line
from maild.ingest.clients.mobile import is_mobile_signature
from maild.ingest.clients.quote import (
    HEADER_LINES,
    cyrillic_initials,
    find_header,
    has_initials,
    is_delimiter,
    is_diff,
    is_marker,
    is_quoted,
    is_raw_field,
    is_rule,
)
from maild.ingest.clients.signature import SIGNATURE, find_closing, find_dashed_name, find_delimited

BRIEF = 2  # lines; what a client quotes has an attribution or a blank line above, or is longer
WRAPPED = range(64, 82)  # characters of a quoted line whose rest a client wrapped onto a line of its own
# "my answers are below, in red": then the author's words stand in a quote that has no marks
_POINTS_BELOW = re.compile(
    r"""(?:ответ|отвеч|коммент|замечан|пометк|відпов|відповід|комент|comment|answer|repl[iy]|respon[ds]|antwort|réponse|respuest|risposte|odpowied)\w{0,8}[^.\n]{0,40}
        (?:ниже|нижче|внутри|по\ тексту|в\ тексте|в\ письме|в\ вашем|у\ тексті|красн|син[ие]|зел[её]н|черв|цвет|жирн|капс|inline|in-line|below|in\ red|in\ blue|in\ bold|in\ caps|in\ the\ text|in\ your
        |unten|im\ text|in\ rot|ci-dessous|en\ rouge|más\ abajo|en\ rojo|sotto|in\ rosso|poniżej|na\ czerwono)
    |(?:см|смотрите|дивіться|see|siehe|voir|ver|vedi)\.?[ \t](?:мо[ий]\ |my\ )?(?:ответы\ |комментарии\ |answers?\ |comments?\ |replies\ )?(?:ниже\ в|в\ тексте|по\ тексту|у\ тексті|inline|in-line|below\ in|im\ text|dans\ le\ texte)""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_POINTS_TO_SIGNATURE = re.compile(
    r"\b(?:в|у|из|ниже в|под)(?: мо\w{1,3})? п[оі]дпис\w{1,3}|\bin (?:my|the) signature|\bin (?:meiner|der) signatur",
    re.IGNORECASE,
)
_DRAWN = frozenset("-_=–—>")  # what stands first in the separators of clients
_INTRODUCES = re.compile(r"(?:(?<!:)\b\w{2,40}[»\")\]]{0,2}|>)[ \t]?[:\uff1a][ \t]{0,9}$")  # and no ":smile:"
# the first label of the headers with which agents' clients were tried
_TRIED = re.compile(r"[ \t*]*(?:от|від|from|von|-)", re.IGNORECASE)
# "Anna <anna@client.example" and below it "> wrote:"
_CLOSES_BRACKET = re.compile(r">,?[ \t]?(?:[^\W\d]{1,12}(?:\(\w{1,3}\))?[ \t]?){0,3}[:\uff1a]")


class Part(StrEnum):
    """What may be hidden of a letter."""

    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"
    MOBILE_SIGNATURE = "mobile signature"
    DISCLAIMER = "disclaimer"


def _mend_brackets(lines: list[str]) -> list[str]:
    """Return the lines without the ">" that closes an address on the line above and looks like a mark of quotation."""
    for at in range(1, len(lines)):
        if lines[at][:1] == ">" and lines[at][-1:] in (":", "\uff1a") and _CLOSES_BRACKET.fullmatch(lines[at]):
            above = lines[at - 1]
            if "@" in above and above.rfind("<") > above.rfind(">"):
                lines[at] = lines[at][1:]
    return lines


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What a client put above a quote."""

    begin: int
    end: int
    sure: bool  # what follows is a quote without marks, too
    dated: bool = True  # no person ends a letter with it
    copied: bool = False  # a copied header or a separator: no attribution
    forward: bool = False  # what follows is what the author wants to be read


def _may_be_a_clients(line: str) -> bool:
    """Whether it is worth looking for what clients write: their lines have a colon, dashes, or end in a verb."""
    return ":" in line or "\uff1a" in line or line.lstrip()[:1] in _DRAWN or may_end(line)


class Reading:
    """One letter on the way from its lines to the words; `hidden` and `evidence` tell what was met."""

    def __init__(self, lines: list[str], *, strict: bool, forwarded: bool) -> None:
        self.lines = _mend_brackets(lines)
        self.marked = [is_quoted(line) for line in self.lines]
        self.initialled = False  # The Bat! marks the quote
        self.strict = strict
        self.forwarded = forwarded
        self.hidden: list[tuple[Part, int]] = []
        self.evidence: list[str] = []
        self.forward = False
        self.resumes = len(lines)  # where a forwarded letter begins, which shows to its end
        self.heads: dict[int, _Head] = {}  # by the line behind them
        self.cut = strict  # something stood below the words
        self.headless = strict  # a quote was cut off that has an attribution above
        self.keep_quotes = False
        self.keep_all = False

    def read(self) -> int:
        """Return the number of lines, from the top, that hold the new words; fills `hidden` from the top down."""
        end = self._from_above()
        if self.keep_all:
            return end
        below, self.hidden = self.hidden, []
        end = self._from_below(end)
        self.hidden = [*reversed(self.hidden), *below]
        return end

    # ── from above ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _from_above(self) -> int:
        """Return where a quote without marks, our marker or a forwarded letter begins; the number of lines if nowhere."""
        lines = self.lines
        marked_below = self._marked_below()
        at = 0
        while at < len(lines):
            line = lines[at]
            if is_marker(line):
                return self._cut(at, Part.QUOTE, "the marker line of our notification")
            within = self.marked[at] and at > 0 and self.marked[at - 1] and line[:4] != ">>> "
            head = self._head(at) if not within and _may_be_a_clients(line) else None
            if head is None:
                at += 1
                continue
            if head.forward:
                return self._forward(at, "a client's line above a forwarded letter")
            self.heads[head.end] = head
            below = self._next_written(head.end)
            if below < len(lines) and not self.marked[below] and has_initials(lines[below]):
                self.initialled = True
            if self.forwarded and head.sure:
                return self._forward(head.begin, "the subject says so, and a header was copied")
            if self.strict and head.copied:
                return self._cut_below(head)
            if head.sure and below < len(lines) and not self._is_marked(below) and not is_marker(lines[below]):
                if self.keep_quotes or (not head.copied and self._may_hold_words(head, marked_below[below])):
                    self.keep_quotes = True
                else:
                    return self._cut_below(head)
            at = max(at + 1, head.end)
        return len(lines)

    def _marked_header(self, at: int) -> _Head | None:
        """Return what only looks like a quote's first line `at`: a forward of Apple Mail's, or a header as Orange marks it."""
        passed_on = not self.strict and is_forward_line(self.lines[at].lstrip("> \t"))
        if passed_on and self._written(at) not in self.heads:
            return _Head(begin=at, end=at + 1, sure=True, forward=True)
        if ":" not in "".join(self.lines[at : at + 2]):
            return None
        end = at
        while end < len(self.lines) and end - at < HEADER_LINES and self.marked[end]:
            end += 1
        lines = [line.lstrip("> \t") for line in self.lines[at:end]]
        begin = next((n for n in range(min(2, len(lines))) if find_header(lines, n)), None)
        header = find_header(lines, begin) if begin is not None else None
        if header is None or any(line.strip() for line in lines[header:]):
            return None
        return _Head(begin=at, end=end, sure=True, copied=True)

    def _may_be_spaced(self, at: int) -> bool:
        """Whether a header with blank lines between its fields is cut. Of an agent's answer only in a tried language.

        In any other the whole answer is refused (`desk.relay.quotes_header`), which is safer than a cut at a guess.
        """
        return not self.strict or _TRIED.match(self.lines[at]) is not None

    def _marked_below(self) -> list[int]:
        """Return for each line the first marked line at or below it, the number of lines where there is none."""
        found = [len(self.lines)] * (len(self.lines) + 1)
        for at in range(len(self.lines) - 1, -1, -1):
            found[at] = at if self.marked[at] or has_initials(self.lines[at]) else found[at + 1]
        return found

    def _next_written(self, at: int) -> int:
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at

    def _is_marked(self, at: int) -> bool:
        return self.marked[at] or (self.initialled and has_initials(self.lines[at]))

    def _may_hold_words(self, head: _Head, marked: int) -> bool:
        """Whether somebody may have answered between an attribution and the marked lines that are quoted under it.

        Marked lines with an attribution of their own are the quote within the quote, which has no marks itself.
        """
        if marked == len(self.lines) or self.strict:
            return False
        above = marked - 1
        while not self.lines[above].strip():
            above -= 1
        return above < head.end or find_attribution(self.lines, above) is None

    def _forward(self, at: int, evidence: str) -> int:
        self.forward = True
        self.evidence.append(f"forward: {evidence}")
        self.resumes = at
        return at

    def _cut(self, at: int, part: Part, evidence: str) -> int:
        self.evidence.append(f"cut at {evidence}")
        self.cut = True
        self.headless = True
        self._hide(part, at, len(self.lines))
        return at

    def _cut_below(self, head: _Head) -> int:
        """Return where a quote without marks begins; where the words above point into it, it stays."""
        above = "\n".join(self.lines[max(0, head.begin - 30) : head.begin])
        pointer = _POINTS_BELOW.search(above)
        if not self.strict and (pointer or self._is_introduced(head.begin)):
            words = pointer[0] if pointer else above.strip().rpartition("\n")[2][-60:]
            self.evidence.append(f"the quote stays: the words above say {' '.join(words.split())!r}")
            self.keep_all = True
            return len(self.lines)
        self.evidence.append("a copied header" if head.copied else "an attribution that no person writes")
        self.cut = True
        self._hide(Part.QUOTE, head.end, len(self.lines))
        self._hide(Part.ATTRIBUTION, head.begin, head.end)
        self.hidden.reverse()
        return head.begin

    def _is_introduced(self, at: int) -> bool:
        """Whether the words above line `at` end with a colon: their author wants to be read what follows."""
        above = self._written(at)
        return above > 0 and _INTRODUCES.search(self.lines[above - 1][-80:]) is not None

    def _is_shown(self, at: int) -> bool:
        """Whether a person shows what hangs at line `at`: "take this out:"; a heading of its own is none of theirs."""
        return not self.strict and self._is_introduced(at) and find_legal_heading(self.lines, self._written(at)) is None

    def _hide(self, part: Part, begin: int, end: int) -> None:
        self.hidden.append((part, sum(1 for line in self.lines[begin:end] if line.strip())))

    def _head(self, at: int) -> _Head | None:
        """Return what a client put above a quote where that begins at line `at` (an attribution: where it ends there)."""
        lines = self.lines
        line = lines[at]
        if self.marked[at] and not line.startswith(">>> "):
            return self._marked_header(at)
        if is_forward_line(line):
            return _Head(begin=at, end=at + 1, sure=True, forward=True)
        if is_original_line(line):
            end = at + 1
            below = self._next_written(end)
            if below < len(lines) and not self._may_be_quoted(below):
                return None
            header = (
                find_header(lines, below, spaced=self._may_be_spaced(at), undated=True) if below < len(lines) else None
            )
            return _Head(begin=at, end=header or end, sure=True, copied=True)
        header = find_header(lines, at, spaced=self._may_be_spaced(at), undated=self.strict)
        if header is not None:
            return _Head(begin=at, end=header, sure=True, copied=True)
        found = find_attribution(lines, at)
        if found is None:
            return None
        begin, attribution = found
        if attribution.strong:
            begin = self._fields_begin(begin)
        return _Head(begin=begin, end=at + 1, sure=attribution.strong, dated=attribution.timed)

    def _may_be_quoted(self, below: int) -> bool:
        """Whether a separator may stand above this line: a field or an attribution of a client, or a mark."""
        line = self.lines[below]
        return not is_raw_field(line) and (self.marked[below] or ":" in line or "@" in line)

    def _fields_begin(self, at: int) -> int:
        """Return where the fields begin that Yandex copies above its attribution, "To" and "Subject"; `at` where none are."""
        begin, fields = at, set()
        while begin and (field := find_field(self.lines[begin - 1])) is not None:
            fields.add(field[0])
            begin -= 1
        return begin if {Field.TO, Field.SUBJECT} <= fields else at

    # ── from below ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _from_below(self, end: int) -> int:
        """Return where the words end above all that hangs on them."""
        finders = (self._rule, self._quote, self._attribution, self._mobile_signature, self._footer, self._signature)
        begin, end = end, self._written(end)
        while end:
            below = next((found for find in finders if (found := find(end)) < end), end)
            if below == end:
                break
            end = self._written(below)
        if self.forward and self.hidden and end < begin:
            end += not self.lines[end].strip()  # a blank line above the forwarded letter
        return end if self.hidden or not self.forward else begin

    def _ends_initialled(self, end: int) -> bool:
        """Whether what ends there is quoted by The Bat! without an attribution: more than a line or two with the same initials."""
        found: list[str] = []
        while (end := self._written(end)) and len(found) <= BRIEF:
            end -= 1
            found.append(cyrillic_initials(self.lines[end]))
        return not self.strict and len(set(found)) == 1 and found[0] != ""

    def _written(self, end: int) -> int:
        """Return `end` without the blank lines above it."""
        while end and not self.lines[end - 1].strip():
            end -= 1
        return end

    def _rule(self, end: int) -> int:
        """A drawn line above what is hidden goes with it."""
        line = self.lines[end - 1]
        drawn = (is_rule(line) and (self.cut or self.hidden)) or (is_delimiter(line) and self.hidden)
        return end - 1 if drawn else end

    def _quote(self, end: int) -> int:
        """The marked lines at the end, and the attribution above them."""
        if self.keep_quotes:
            return end
        self.initialled = self.initialled or self._ends_initialled(end)
        begin = self._run_begins(end)
        if begin == end:
            return end
        above = self._written(begin)
        head = self.heads.get(above)
        if head is None and above and not self.strict and self._may_be_a_sign(begin, end):
            return end
        if not self.strict and self._is_introduced(head.begin if head else above):
            return end  # a person shows what a machine printed, or somebody wrote
        self._hide(Part.QUOTE, begin, end)
        self.headless = self.strict
        if head is None:
            return above
        self._hide(Part.ATTRIBUTION, head.begin, head.end)
        return head.begin

    def _may_be_a_sign(self, begin: int, end: int) -> bool:
        """Whether the marks mean "more than", a difference or a way through menus: no attribution, nothing else is quoted."""
        if end - begin <= BRIEF and all(" > " in line.lstrip("> \t") for line in self.lines[begin:end]):
            return not any(self.marked[:begin])
        if not self.lines[begin - 1].strip():
            return False
        return is_diff(self.lines[begin - 1]) or (end - begin <= BRIEF and not any(self.marked[:begin]))

    def _run_begins(self, end: int) -> int:
        """Return where the marked lines begin that end before `end`, with blank lines and the rests of wrapped ones."""
        begin = end
        while begin:
            if self._is_marked(begin - 1):
                begin -= 1
                continue
            above = self._written(begin)
            if begin == end or not above:
                break
            if above < begin:
                if not self._is_marked(above - 1):
                    break
                begin = above
            elif begin > 1 and self._is_rest_of_wrapped(begin - 1):
                begin -= 1
            else:
                break
        return begin

    def _is_rest_of_wrapped(self, at: int) -> bool:
        """Whether a line without a mark is what did not fit into the marked line above it."""
        above, line = self.lines[at - 1].rstrip(), self.lines[at]
        fits = len(above) + 1 + len(line.partition(" ")[0])
        return (
            len(above) in WRAPPED
            and fits >= WRAPPED.stop - 9
            and self.marked[at - 1]
            and line[:1].islower()
            and len(line) < WRAPPED.start
            and not above.endswith((".", "?", "!", ":", ";"))
        )

    def _attribution(self, end: int) -> int:
        """An attribution whose quote was cut off, or is empty."""
        head = self.heads.get(end)
        if head is None or not (head.sure or head.dated or self.headless):
            return end
        self.headless = self.strict
        self._hide(Part.ATTRIBUTION, head.begin, head.end)
        return head.begin

    def _mobile_signature(self, end: int) -> int:
        for count in (2, 1):  # clients wrap the longer ones
            lines = self.lines[max(0, end - count) : end]
            if len(lines) == count and is_mobile_signature(" ".join(line.strip() for line in lines)):
                if self._is_shown(end - count):
                    return end
                self._hide(Part.MOBILE_SIGNATURE, end - count, end)
                return end - count
        return end

    def _footer(self, end: int) -> int:
        bottom = self._written(end - 1) if is_rule(self.lines[end - 1]) else end
        begin = find_footer(self.lines, bottom)
        if begin is None and self.hidden and self.hidden[-1][0] is Part.DISCLAIMER:
            begin = find_legal_heading(self.lines, end)
        if begin is None or self._is_shown(begin):
            return end
        self._hide(Part.DISCLAIMER, begin, end)
        return begin

    def _signature(self, end: int) -> int:
        for find in (find_delimited, find_closing, find_dashed_name):
            begin = find(self.lines, end)
            if begin is None or (find is find_delimited and self.lines[begin] != SIGNATURE and self._is_shown(begin)):
                continue
            above = "\n".join(self.lines[max(0, begin - 30) : begin])
            if pointer := _POINTS_TO_SIGNATURE.search(above):
                self.evidence.append(f"the signature stays: the words above say {pointer[0]!r}")
                return end
            self._hide(Part.SIGNATURE, begin, end)
            return begin
        return end
