"""What may stand behind the verbs about updates: which one a request waits for, which one is out. Pure."""

from maild.desk.arguments import Argument, plain
from maild.desk.decision import Release

MAX_NAME = 60  # characters of a release's
_OUT = frozenset("снять убрать нет отменить зняти прибрати ні скасувати out none no".split())


def read_plan(argument: Argument) -> str | None:
    """Return the release's name, "" for any coming one; None: it is planned no longer. Several words raise ValueError."""
    name = " ".join(argument.text.split())
    if plain(name).rstrip(".!") in _OUT:
        return None
    if len(name) > MAX_NAME or " " in name:  # one word, as where it is out
        raise ValueError(f"not a release: {name[:MAX_NAME]!r}")
    return name


def read_release(argument: Argument) -> Release:
    """Return the release and what is said of it: the first word names it, the rest is for customers. None raises ValueError."""
    name, _, notes = argument.text.strip().partition(" ")
    name, newline, below = name.partition("\n")
    if not name or len(name) > MAX_NAME:
        raise ValueError(f"no release: {argument.text[:MAX_NAME]!r}")
    words = f"{below} {notes}" if newline and notes else below or notes
    return Release(name=name, notes=words.strip())
