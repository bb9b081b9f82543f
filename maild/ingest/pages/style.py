"""What little of CSS decides whether and how words are seen. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

MAX_STYLE = 1_000  # characters of one style attribute that are looked at
REMEMBERED = 1_000  # styles: mail programs repeat theirs in each paragraph of each letter
MAX_SHEET = 50_000  # characters of style sheets that are looked at

LIGHT = 0xC0  # of red, green and blue each, from which on a colour is too light to be read on white

_HEX_COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_RGB_COLOUR = re.compile(r"rgba?\(\s?([0-9]{1,3})\s?,\s?([0-9]{1,3})\s?,\s?([0-9]{1,3})")
_LENGTH = re.compile(r"\s*\+?([0-9]*\.?[0-9]*)")
# "P {margin-top:0;margin-bottom:0;}", which Outlook on the web puts into each letter
_TIGHT_PARAGRAPHS = re.compile(
    r"(?:^|[\s,}])p\s{0,9}\{[^{}]{0,300}?margin(?:-top|-bottom)?\s{0,9}:\s{0,9}0", re.IGNORECASE
)


class Look(NamedTuple):
    """How the words of an element look, as far as it is inherited."""

    hidden: bool = False  # not there at all, whatever its children say
    unseen: bool = False  # invisible unless its children say otherwise
    tiny: bool = False  # letters of no size unless its children say otherwise
    kept: bool = False  # blanks and line ends are kept
    symbols: bool = False  # Wingdings: letters are pictures


def read_style(style: str) -> Mapping[str, str]:
    """Return the declarations of a style attribute, all lower case without blanks around; the last of a kind counts."""
    return _read_style(style[:MAX_STYLE])


@lru_cache(maxsize=REMEMBERED)
def _read_style(style: str) -> Mapping[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return MappingProxyType(
        {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}
    )


def styled(look: Look, style: str) -> Look:
    """Return how an element with this style attribute looks inside one that looks as `look`.

    `mso-hide:all` alone hides nothing: it keeps from Outlook what everybody else is shown.
    """
    return _styled(look, style[:MAX_STYLE])


@lru_cache(maxsize=REMEMBERED)
def _styled(look: Look, style: str) -> Look:
    css = _read_style(style)
    if css.get("display", "").startswith("none") or is_zero(css.get("opacity")):
        return look._replace(hidden=True)
    if "hidden" in css.get("overflow", "") and (is_zero(css.get("max-height")) or is_zero(css.get("height"))):
        return look._replace(hidden=True)  # preheaders
    if visibility := css.get("visibility"):
        look = look._replace(unseen=visibility in ("hidden", "collapse"))
    if (size := css.get("font-size")) and not size.endswith("%"):
        look = look._replace(tiny=is_zero(size))
    if space := css.get("white-space"):
        look = look._replace(kept=space.startswith(("pre", "break-spaces")))
    if family := css.get("font-family") or css.get("font"):
        look = look._replace(symbols="wingdings" in family)
    return look


def margins(style: str, *, usual: bool) -> tuple[bool, bool]:
    """Whether there is space above and below a block with this style attribute, which `usual` says of others."""
    css = read_style(style)
    above = below = usual
    if sides := css.get("margin", "").split():
        above, below = _is_long(sides[0]), _is_long(sides[2] if len(sides) > 2 else sides[0])
    for name, value in css.items():
        if name == "margin-top":
            above = _is_long(value)
        elif name == "margin-bottom":
            below = _is_long(value)
    return above, below


def has_tight_paragraphs(sheet: str) -> bool:
    """Whether a style sheet takes the space between paragraphs away."""
    return _TIGHT_PARAGRAPHS.search(sheet[:MAX_SHEET]) is not None


def is_light(colour: str) -> bool:
    """Whether words of this colour cannot be read on white."""
    colour = colour.strip().lower()
    if match := _HEX_COLOUR.fullmatch(colour):
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        parts = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    elif match := _RGB_COLOUR.match(colour):
        parts = [int(part) for part in match.groups()]
    else:
        return colour in ("white", "snow", "ivory", "whitesmoke", "ghostwhite", "lightyellow", "transparent")
    return min(parts) >= LIGHT


def is_zero(length: str | None) -> bool:
    """Whether a length or a share is given and none at all."""
    match = _LENGTH.match(length or "")
    return bool(match and match[1].strip(".") and float(match[1]) == 0)


def _is_long(length: str) -> bool:
    """Whether a length is seen at all; Word writes ".0001pt"."""
    match = _LENGTH.match(length)
    return bool(match and match[1].strip(".") and float(match[1]) > 0.1)
