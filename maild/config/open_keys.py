"""What a configuration still asks of its admin: values that begin with "?" and go on with the question.

Whoever prepares a configuration for others cannot know everything: `zone = "? Which zone does the desk work in?"`. Any key may
have such a value, whatever its type, but for secrets and what is shown to nobody: a password may begin with "?" as well.
So may a text; one that really does is written with a space before it.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from maild.config.lines import KeyPath
from maild.config.schema import dotted, find_field, find_type, is_private, is_secret
from maild.config.sources import QUESTION

_IDLE = ("admin", "smtp", "imap")  # tables of what no rehearsal asks or writes to


@dataclass(frozen=True)
class OpenKey:
    """A key that waits for its value."""

    path: KeyPath
    question: str  # without the mark


def find_open_keys(data: object, path: KeyPath = ()) -> Iterator[OpenKey]:
    """Yield every key of a configuration whose value is a question, in the order of the files."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from find_open_keys(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from find_open_keys(value, (*path, index))
    elif isinstance(data, str) and data.startswith(QUESTION) and _may_ask(path):
        yield OpenKey(path, data.removeprefix(QUESTION).strip() or "Write the value of this key.")


def without(data: dict[str, Any], keys: Iterable[OpenKey]) -> dict[str, Any]:
    """Return a copy without these keys; a list goes whole where a part of it is open."""
    left = copy.deepcopy(data)
    for key in keys:
        path = named(key.path)
        table: Any = left
        for part in path[:-1]:
            table = table.get(part, {})
        table.pop(path[-1], None)
    return left


def named(path: KeyPath) -> KeyPath:
    """Return the part of a path that leads through named keys only: to the list, where it goes on in one."""
    return path[: next((depth for depth, part in enumerate(path) if isinstance(part, int)), len(path))]


def answer_idle(data: dict[str, Any]) -> None:
    """Answer what a rehearsal never uses, in place: the servers and the admin's address become those of the examples.

    Names of accounts become different ones: two mailboxes are not to seem one.
    """
    for key in list(find_open_keys(data)):
        if len(key.path) > 1 and key.path[-2] in _IDLE:
            field = find_field(key.path)
            table: Any = data
            for part in key.path[:-1]:
                table = table[part]
            table[key.path[-1]] = field.examples[0] if field and field.examples else dotted(key.path)


def _may_ask(path: KeyPath) -> bool:
    return find_type(path) is not None and not is_secret(path) and not is_private(path)
