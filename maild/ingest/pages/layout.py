"""Words, breaks, quotes and table cells to lines of plain text, as a browser would break them. Imports nothing of ours."""

import re
from collections.abc import Callable

MAX_QUOTE_MARKS = 20  # "> " before one line
MAX_INDENT = 24  # blanks before one line
MAX_CELL = 300  # characters; a row with a longer cell lays out a page and is no row of data
RULE = "_" * 32  # a horizontal line, as Outlook writes it in plain text

_CELL = "\x1f"  # between cells of the row being written; no text that can be stored holds it
_BLANK_CELLS = _CELL + " \t\u00a0"
_BLANKS = re.compile(r"[ \t\n\r\f]+")
# soft hyphens and what has no width; joiners only where they join nothing (emoji and Persian words need them)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u2060\ufeff]"
    "|(?<![\u200c\u200d])[\u200c\u200d]++(?=[\\s\u00a0]|$)|(?<![^\\s\u00a0])[\u200c\u200d]++"
)
_GAPS = re.compile(r"\n{3,}")
_SPACES = {0xA0: " ", 0x202F: " ", 0x2007: " "}


class Lines:
    """A text that grows at its end. Of several blank lines between lines one remains."""

    def __init__(self, before_line: Callable[[str], None]) -> None:
        """`before_line` is told each line that is not blank before it is added; it may change `level`."""
        self.level = 0  # how many quotes are open
        self.indent = 0  # blanks before each line
        self.marker = ""  # a bullet or number that the next line brings
        self.done: list[str] = []
        self.last = ""  # the last line that is not blank, without its marks
        self._before_line = before_line
        self._said: list[str] = []  # the line being written
        self._ended = 0  # 1 when the next words begin a line, 2 when a blank line comes before it
        self._gap = False  # a blank line is due
        self._last_level = 0
        self._one_line = False  # no line has ended since the row began

    # ── what a line is made of ───────────────────────────────────────────────────────────────────────────────────────

    def write(self, words: str) -> None:
        """Add words to the line; runs of blanks count as one, at its start as none."""
        words = _BLANKS.sub(" ", words)
        if words == " " and (self._ended or not self._said):
            return
        if self._ended:
            self.settle()
        said = self._said
        if words[:1] == " " and (not said or said[-1][-1] in (" ", _CELL)):
            words = words[1:]
        if words:
            said.append(words)

    def write_as_is(self, words: str) -> None:
        """Add preformatted words, line ends included."""
        first, *others = words.split("\n")
        self._append(first)
        for line in others:
            self.line_break()
            self._append(line)

    def attach(self, words: str) -> None:
        """Add words to what was written last, whether or not a line has ended since."""
        if self._said:
            blank = self._said[-1].endswith(" ")
            self._said[-1] = self._said[-1].rstrip(" ") + words
            if blank:
                self._said.append(" ")
        elif self.done:
            self.done[-1] += words

    def _append(self, words: str) -> None:
        if words:
            if self._ended:
                self.settle()
            self._said.append(words)

    # ── where a line ends ────────────────────────────────────────────────────────────────────────────────────────────

    def line_break(self) -> None:
        """End the line; an empty one counts as a blank line."""
        if not self._said or self._ended:
            self.settle()
            self._gap = True
        elif self._said[-1] != _CELL:
            self._ended = 1

    def block(self, *, gap: bool) -> None:
        """Let what follows begin a line, after a blank one if `gap`."""
        if self._said:
            if self._said[-1] != _CELL:  # where a cell begins, a line begins already
                self._ended = max(self._ended, 2 if gap else 1)
        elif gap:
            self._gap = True

    def settle(self) -> None:
        """End the line now if anything stands in it."""
        if self._said:
            self._end_line()
        if self._ended == 2:
            self._gap = True
        self._ended = 0

    def cell(self, *, empty_too: bool = False) -> None:
        """End a table's cell: the next one stands on the same line if this one is a single line."""
        self._ended = 0
        if empty_too or (self._said and self._said[-1] != _CELL):
            self._said.append(_CELL)

    def begin_row(self) -> None:
        """Begin a table's row."""
        self.settle()
        self._one_line = True

    def end_row(self) -> None:
        """End a table's row: it is one line if all its cells are."""
        if self._said:
            self._end_line(row=self._one_line)

    @property
    def at_start(self) -> bool:
        """Whether nothing stands in the line being written."""
        return not self._said

    def mark_signature(self) -> int:
        """Add the line that stands above a signature (RFC 3676 §4.3); return where it stands in `done`."""
        self._add("-- ")
        return len(self.done) - 1

    def rule(self) -> None:
        """Add a horizontal line."""
        self.settle()
        if self.last != RULE:
            self._gap = True
            self._add(RULE)

    # ── the finished text ────────────────────────────────────────────────────────────────────────────────────────────

    def _end_line(self, *, row: bool = False) -> None:
        line = "".join(self._said)
        self._said = []
        self._one_line = False
        if _CELL not in line:
            self._add(line)
            return
        cells = [cell.strip() for cell in line.rstrip(_BLANK_CELLS).split(_CELL)]
        row = row and all(len(cell) <= MAX_CELL for cell in cells)
        if not row:
            cells = list(filter(None, cells))  # a page is laid out in columns
        words = ""
        for cell in cells:
            if words.endswith(":"):  # the label of this cell
                words += f" {cell}"
            elif row:
                words += f" | {cell}" if words or cell is not cells[0] else cell
            else:
                if words:
                    self._add(words)
                words = cell
        self._add(words)

    def _add(self, line: str) -> None:
        line = _UNSEEN.sub("", line).translate(_SPACES).rstrip("\t\n\r\f\v") if not line.isascii() else line
        bare = line.rstrip()
        if not bare:
            self._gap = True
            return
        line = "-- " if bare == "--" and line != bare else bare
        self._before_line(bare)
        if self.level > self._last_level and self.last.endswith(":"):
            self._gap = False  # an attribution stands right above what it introduces
        if self._gap and self.done:
            self.done.append(("> " * min(self._last_level, self.level, MAX_QUOTE_MARKS)).rstrip())
        self._gap = False
        self._last_level = self.level
        lead = " " * min(self.indent - len(self.marker), MAX_INDENT) + self.marker
        self.marker = ""
        self.done.append("> " * min(self.level, MAX_QUOTE_MARKS) + lead + line)
        self.last = bare

    def text(self) -> str:
        """Return all that was written, without blank lines around it."""
        self.settle()
        return _GAPS.sub("\n\n", "\n".join(self.done)).strip("\n")
