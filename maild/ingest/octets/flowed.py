"""format=flowed (RFC 3676): lines that the writing client broke are put together again. Imports nothing of ours."""

from itertools import pairwise

SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Return the text as it was written: a line that ends in a blank goes on in the next one of the same quote depth.

    Quote marks stay, as ">> " before each paragraph; the blank that protects a line (§4.4) is taken off. With
    `delete_space` (DelSp=yes, languages without blanks) the blank at the end is no part of the text.
    """
    if " \n" not in text and "\n " not in text and not text.startswith(" "):
        return text
    lines = [_read(line) for line in text.split("\n")]
    paragraphs: list[str] = []
    going_on = False
    for (depth, words), (next_depth, next_words) in pairwise([*lines, (-1, "")]):
        piece = words if going_on else f"{'>' * depth} {words}" if depth and words else ">" * depth + words
        flows = words.endswith(" ") and words != SIGNATURE and next_depth == depth and next_words != SIGNATURE
        if flows and delete_space:
            piece = piece[:-1]
        if going_on:
            paragraphs.append(piece)
        else:
            paragraphs += ["\n", piece]
        going_on = flows
    return "".join(paragraphs[1:])


def _read(line: str) -> tuple[int, str]:
    """Return a line's quote depth and what it says, the protecting blank taken off."""
    words = line.lstrip(">")
    depth = len(line) - len(words)
    if words.startswith(" >") and not depth:
        return depth, words  # no quote, and nobody after us may take it for one
    return depth, words.removeprefix(" ")
