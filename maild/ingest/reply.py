"""What is new in a letter: its words without the quotes, signatures and lines of mail clients around them. Pure.

Our own code: of the kept libraries mail-parser-reply knows no Russian client and takes quadratic time over blank lines.

Only hides, never deletes: the whole text stays stored, and where nothing new is left all of it shows. A word of the
author's is worth more than a clean cut, so whatever is not plainly a quote or a signature stays, and answers between
quoted lines stay with the lines they answer.
"""

from dataclasses import dataclass

from maild.ingest.clients.lines import begins_forwarded, is_forward_line
from maild.ingest.clients.quote import REPLY_MARKER_PREFIX, clean
from maild.ingest.clients.reading import Part, Reading
from maild.model import Finding, Message

__all__ = ["REPLY_MARKER_PREFIX", "Hidden", "Part", "Reply", "is_forwarded", "new_text", "read_reply", "read_text"]


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """One part that is hidden, and its length in lines."""

    part: Part
    lines: int

    def __str__(self) -> str:
        return f"{self.part}, {self.lines} line{'s' * (self.lines != 1)}"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The new words of a letter, and what is hidden around them."""

    text: str  # never empty unless the letter is
    hidden: tuple[Hidden, ...] = ()  # from the top of the letter to its end
    forward: bool = False  # the letter passes on another letter, which is shown
    nothing_new: bool = False  # only quotes and signatures were there: `text` is the whole
    evidence: tuple[str, ...] = ()

    def finding(self) -> Finding:
        """Return what `explain` prints."""
        if self.nothing_new:
            verdict = "nothing new, shown whole"
        elif self.hidden:
            verdict = "a part is hidden"
        else:
            verdict = "all of it is new"
        evidence = self.evidence or ("neither a quote nor a signature was found",)
        return Finding(step="reply", verdict=f"forward, {verdict}" if self.forward else verdict, evidence=evidence)


def read_reply(message: Message) -> Reply:
    """Return the new words of a letter; its subject tells a forward whose client copies a header as in an answer."""
    return read_text(message.text, forwarded=begins_forwarded(message.subject))


def new_text(text: str) -> str:
    """Return the new words of a text; all of it where there are none."""
    return read_text(text).text


def is_forwarded(text: str) -> bool:
    """Whether the text begins with the line that mail clients put above a letter they forward."""
    return is_forward_line(clean(text.lstrip()[:400].partition("\n")[0]))


def read_text(text: str, *, forwarded: bool = False, strict: bool = False) -> Reply:
    """Return the new words of a text, each line as it stands there. Takes time linear in the text.

    `forwarded` is known from the subject. `strict` is for what is sent on: below the text a quote was cut off already.
    """
    lines = text.split("\n")
    reading = Reading([clean(line) for line in lines], strict=strict, forwarded=forwarded)
    end = reading.read()
    whole = _trim(lines)
    said = _trim(lines[:end] + lines[reading.resumes :])
    hidden = tuple(Hidden(part=part, lines=count) for part, count in reading.hidden if count)
    evidence = (*reading.evidence, *map(str, hidden))
    nothing_new = bool(whole) and not said
    return Reply(
        text=whole if nothing_new else said,
        hidden=() if nothing_new else hidden,
        forward=reading.forward,
        nothing_new=nothing_new,
        evidence=evidence,
    )


def _trim(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()
