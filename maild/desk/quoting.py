"""What of the customer's letter is quoted below an answer to it: their own last words, as every mail program does. Pure."""

from collections.abc import Collection

from maild.contracts.coupons import CODE
from maild.desk.case import Case, EarlierWords
from maild.model import Address, Direction
from maild.tokens import hide_tokens
from maild.wording.quoting import say_quoted

MAX_LINES = 15
MAX_TEXT = 500  # characters; the customer has their letter, this only says which


def quote_below(case: Case, readers: Collection[Address]) -> dict[str, object] | None:
    """Return what is quoted, `.said` (who wrote it, and when) and `.lines`; None where nothing is.

    They are words that nobody has answered yet, of somebody who reads the answer. Neither a colleague's note nor a unit's
    letter ever is; codes are hidden: others may read along.
    """
    if case.policy.quote == "none":
        return None
    last = next((one for one in reversed(case.past) if one.direction in (Direction.IN, Direction.OUT)), None)
    if last is None or last.direction is not Direction.IN or last.author.key not in {one.key for one in readers}:
        return None
    text = _own_words(last)
    if not text:
        return None
    service = case.policy.service
    zone = service.zone_of(case.orders.client)
    said = say_quoted(last.at, last.author.name or last.author.addr, zone, service.language)
    return {"said": said, "lines": text.splitlines()}


def _own_words(words: EarlierWords) -> str:
    """Return the words without what they quote themselves, cut short."""
    lines = [line for line in words.text.splitlines() if not line.lstrip().startswith(">")]
    whole = "\n".join(lines).strip()
    shown = "\n".join(whole.splitlines()[:MAX_LINES])[:MAX_TEXT].rstrip()
    cut = hide_tokens(CODE.sub("…", shown))
    return cut if shown == whole else f"{cut}…"
