"""A request that an agent has written down for somebody else, as `on_behalf` has found it. Pure."""

from dataclasses import dataclass
from typing import Literal

from maild.desk.commands import Command, Unknown
from maild.model import Said

Problem = Literal["", "behalf-two", "behalf-agent", "behalf-ours", "behalf-no-reply", "behalf-address"]


@dataclass(frozen=True, kw_only=True)
class Behalf:
    """What an agent has written down, and for whom."""

    said: Said  # the request, as if its author had written it
    commands: tuple[Command | Unknown, ...]  # of the letter …
    place: int  # … and which of them names the author
    problem: Problem = ""  # why it cannot be theirs
