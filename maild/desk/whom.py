"""Whom an agent means by a name, to whom a request goes: a colleague, or a unit. Pure."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from maild.desk.arguments import plain
from maild.desk.catalogue import Unit
from maild.desk.commands import Command, Unknown
from maild.model import Agent

MIN_STEM = 3  # letters that two forms of a name have in common at the least: "Ивану" is Иван
MAX_ENDING = 3  # letters that a form may end with: "Петровой" is Петрова
GIVING = ("assign", "route")  # verbs that give a request to somebody: who it is tells which of the two is meant
_TO = re.compile(r"^(?:в|во|у|до|to|for) ")  # "#передать в бухгалтерию"


@dataclass(frozen=True)
class Meant:
    """Everybody whom a name may mean."""

    agents: tuple[Agent, ...] = ()
    units: tuple[Unit, ...] = ()

    @property
    def names(self) -> list[str]:
        """How they are called."""
        return [one.address.name or one.id for one in self.agents] + [one.name for one in self.units]


def whom(word: str, agents: Sequence[Agent], units: Iterable[Unit]) -> Meant:
    """Return those whose id, address or name it is; else those whose name it begins; else those of whose name it is a form."""
    wanted = word.casefold().strip("<>@ ")
    name = _TO.sub("", _plain(wanted))
    people = [_Named(of=one, keys=(one.id, one.address.key), name=_plain(one.address.name)) for one in agents]
    people += [_Named(of=one, keys=(one.id, one.address.casefold()), name=_plain(one.name)) for one in units]
    exact = [one for one in people if wanted in (key.casefold() for key in one.keys if key) or name == one.name]
    parts = name.split()
    begun = [one for one in people if parts and all(any(n.startswith(p) for n in one.words) for p in parts)]
    found = [one.of for one in exact or begun or _nearest(parts, people)]
    return Meant(
        tuple(one for one in found if isinstance(one, Agent)), tuple(one for one in found if isinstance(one, Unit))
    )


def settle_givings(
    commands: tuple[Command | Unknown, ...], agents: Sequence[Agent], units: Mapping[str, Unit]
) -> tuple[Command | Unknown, ...]:
    """Return the commands, those that give the request to somebody with the verb that fits who it is.

    Who may be a unit is none of ours: what stands beside such a command is not for the customer, and does not go out to them
    when the name is mistaken.
    """

    def settled(one: Command | Unknown) -> Command | Unknown:
        if one.verb not in GIVING:
            return one
        if isinstance(one, Unknown):  # nobody is named
            return replace(one, verb="route") if units else one
        meant = whom(str(one.value), agents, units.values())
        ours = bool(meant.agents and not meant.units) or not units
        return replace(one, verb="assign" if ours else "route")

    return tuple(map(settled, commands))


@dataclass(frozen=True, kw_only=True)
class _Named:
    """Somebody, and what they are called."""

    of: Agent | Unit
    keys: tuple[str, ...]
    name: str

    @property
    def words(self) -> list[str]:
        return self.name.split()


def _nearest(parts: Sequence[str], people: Sequence[_Named]) -> list[_Named]:
    """Return those of whose name the words can be forms, those whose endings differ least."""
    far = [sum(min((_ending(name, part) for name in one.words), default=math.inf) for part in parts) for one in people]
    least = min(far, default=math.inf)
    return [one for one, ending in zip(people, far, strict=True) if parts and ending == least < math.inf]


def _ending(name: str, word: str) -> float:
    """Return how many letters two forms of one word differ in at their end: Ивану, Петровой; infinity: they are two words."""
    same = next((n for n, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    rest = max(len(name), len(word)) - same
    return rest if same >= MIN_STEM and rest <= MAX_ENDING else math.inf


def _plain(name: str) -> str:
    return " ".join(plain(name).split())
