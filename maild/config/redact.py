"""What of the configuration may be shown: values shortened, secrets never.

A secret can stand where no secret belongs (`pasword = "…"`), so a value is shown only where every key is known to be harmless.
"""

import datetime as dt
import json
import re

from maild.config.lines import KeyPath
from maild.config.schema import is_private, is_secret, public_keys
from maild.config.types import format_duration
from maild.contracts.coupons import shorten

_LONGEST = 60  # characters of a value that still read well inside a sentence
_SUSPICIOUS = re.compile(
    r"pass|pwd|secret|token|key|cred|url|endpoint|парол|секрет|coupon|купон|://|host.*@", re.IGNORECASE
)  # `coupon` may stand for `coupons`
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"
)  # keys of a calendar
_KEY = re.compile(r"""["']?([\w.-]+)["']?\s*=""")
_FIRST_KEY = re.compile(r"[\w-]+ ?=")


def show_value(value: object, path: KeyPath) -> str:
    """Describe what stands at `path` in a few words."""
    if isinstance(value, dict):
        return "a table"
    if is_secret(path):
        return "a password written out" if path[-1] == "password" else "a secret written out"
    if is_private(path) and not isinstance(value, list):
        return f'"{shorten(value)}"' if isinstance(value, str) else "a value that is not shown"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    if isinstance(value, dt.timedelta):
        return f'"{format_duration(value)}"'
    if isinstance(value, dt.date | dt.time):
        return f"the date or time {value.isoformat()}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = re.sub(r"://.*", '://…"', text)  # an URL may carry a password
    if path[-1] == "host" and "@" in text:  # so may "user:password@mail.example.org"
        return "a host name with a login before it"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def show_line(line: str, *, known: bool, private: bool = False) -> str | None:
    """Return a source line fit to be printed, its values masked where they could be secret; None where all of it could be.

    `known` says that a key or a list element stands there, not the middle of a text that somebody forgot to close;
    `private` that it may hold what is shown to nobody whole, such as an element of a list of coupons.
    """
    line = " ".join(line.split())
    if private and not _FIRST_KEY.match(line):
        return None
    keys = _KEY.findall(line)
    names = [key.rpartition(".")[2] for key in keys]
    harmless = all(name in public_keys() or _TIME.fullmatch(name) for name in names) and not _SUSPICIOUS.search(line)
    if "=" in line:
        return line if harmless and len(keys) == line.count("=") else line.partition("=")[0] + "= …"
    if line.startswith("["):
        return line
    return line if harmless and (known or line.partition(" ")[0] in public_keys()) else None
