"""The numbers of lists, as browsers write them (HTML §4.4.5). Pure."""

import re
from collections.abc import Mapping


class Numbering:
    """A list being written: the number its next item gets, and how that is written."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.number = read_number(attributes.get("start"), 1)
        self.style = attributes.get("type", "1").strip()[:1] if name == "ol" else ""
        self.plain = "none" in attributes.get("style", "").partition("list-style")[2].partition(";")[0]

    def marker(self, attributes: Mapping[str, str]) -> str:
        """Return what stands before the next item."""
        if not self.style:
            return "" if self.plain else "* "
        number = read_number(attributes.get("value"), self.number)
        self.number = number + 1
        return f"{_numeral(number, self.style)}. "


def read_number(written: str | None, otherwise: int) -> int:
    """Return the whole number that an attribute begins with, or `otherwise`."""
    match = re.match(r"\s*(-?[0-9]{1,6})", written or "")
    return int(match[1]) if match else otherwise


def _numeral(number: int, style: str) -> str:
    """Return `number` as lists of this type write it: 1, a, A, i or I (HTML §4.4.5)."""
    written = str(number)
    if style in ("a", "A") and 1 <= number <= 26:
        written = chr(ord("a") + number - 1)
    elif style in ("i", "I") and 1 <= number <= 50:
        tens, ones = divmod(number, 10)
        written = ("", "x", "xx", "xxx", "xl", "l")[tens] + (
            "",
            "i",
            "ii",
            "iii",
            "iv",
            "v",
            "vi",
            "vii",
            "viii",
            "ix",
        )[ones]
    return written.upper() if style.isupper() else written
