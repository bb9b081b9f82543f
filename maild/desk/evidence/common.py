"""What all looks for evidence share: how much is searched, how it is quoted."""

MAX_SEARCHED = 20_000  # characters of a text; what a person writes to a desk is a tenth of that
MAX_QUOTED = 100  # characters of evidence


def quote(words: str) -> str:
    """Return words of a letter in one line, shortened."""
    line = " ".join(words.split())
    return line if len(line) <= MAX_QUOTED else line[: MAX_QUOTED - 1] + "…"
