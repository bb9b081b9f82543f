"""What of a letter is quoted, forwarded or a signature, decided line by line as the page is read.

Rests on `mailers` for what markup and lines mean, and on `layout` for the lines.
"""

from collections.abc import Callable

from maild.ingest.pages import mailers
from maild.ingest.pages.layout import Lines
from maild.ingest.pages.mailers import Role

NEAR = 8  # lines within which a header block follows the line that says "forwarded"


class _Quote:
    """A quote that is open; `raised` is by how much it raises the level."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.raised = 0


def _nothing() -> None:
    """What ends a part that needs no end."""


class Parts:
    """The lines of a letter, with the marks that plain text has for its parts: "> ", "-- " and rules."""

    def __init__(self) -> None:
        self.lines = Lines(self._before_line)
        self._undecided: list[_Quote] = []  # how they are shown depends on their first line
        self._said = 0  # lines that are not blank
        self._forwarded = -NEAR - 1  # which of them said last that a forwarded letter follows
        self._signing = False  # a signature begins with the next line
        self._in_signature = 0
        self._signed_at: int | None = None  # where the mark stands that was put above a signature
        self._answering = False  # the rest is what the letter answers

    def begin(self, role: Role) -> Callable[[], None]:
        """Begin what `role` says; return what ends it."""
        if role is Role.SIGNATURE:
            return self._sign()
        if role in (Role.REPLY, Role.HEADERS):
            self._answering = True
            if role is Role.HEADERS:
                self._rule_off()
            return _nothing
        return self._quote(role)

    def _rule_off(self) -> None:
        """Draw the rule above a header block; a bar to the left of both is a quote's."""
        self.lines.settle()
        for quote in self._undecided:
            self._raise(quote)
        self._undecided.clear()
        if self._said:
            self.lines.rule()

    def _quote(self, role: Role) -> Callable[[], None]:
        self.lines.settle()
        quote = _Quote(role)
        above = self.lines.last
        attributed = above.endswith(":")
        forwarded = role is Role.BLOCKQUOTE and self._said - self._forwarded <= (2 if attributed else NEAR)
        if role is Role.BAR:
            attributed = mailers.is_attribution(above)
        if role is Role.QUOTE or (attributed and not forwarded and role is not Role.ATTRIBUTED):
            self._raise(quote)
        elif not forwarded:
            self._undecided.append(quote)

        def end() -> None:
            self.lines.settle()
            self.lines.level -= quote.raised
            if quote in self._undecided:
                self._undecided.remove(quote)

        return end

    def _raise(self, quote: _Quote) -> None:
        quote.raised = 1
        self.lines.level += 1

    def _sign(self) -> Callable[[], None]:
        """Begin a signature: "-- " stands above it (RFC 3676 §4.3), if anything does and it is not quoted."""
        self.lines.settle()
        if not self._said or self.lines.level or self._signed_at is not None or self._answering:
            return _nothing
        self._signing = True
        self._in_signature += 1

        def end() -> None:
            self.lines.settle()
            self._signing = False
            self._in_signature -= 1

        return end

    def _before_line(self, line: str) -> None:
        """Decide on what waited for a line, and remember what later lines depend on."""
        if self._signing:
            self._signing = False
            if not mailers.is_signature_mark(line) and not mailers.is_signature_mark(self.lines.last):
                self._signed_at = self.lines.mark_signature()
        elif self._signed_at is not None and not self._in_signature and not self.lines.level:
            if not self._answering and not self._undecided and not mailers.begins_quote(line):
                self.lines.done[self._signed_at] = ""  # the author goes on below: nothing may be hidden
            self._signed_at = None
        if self._undecided:
            self._decide(line)
        self._said += 1
        if mailers.is_forward_line(line):
            self._forwarded = self._said

    def _decide(self, line: str) -> None:
        undecided, self._undecided = self._undecided, []
        forwarded = mailers.is_forward_line(line)
        for quote in undecided:
            if quote.role is Role.ATTRIBUTED:
                if line.endswith(":") and not forwarded:
                    quote.role = Role.QUOTE  # from the next line on
                    self._undecided.append(quote)
            elif mailers.is_field(line) if quote.role is Role.BAR else (quote.role is Role.QUOTE or not forwarded):
                self._raise(quote)
