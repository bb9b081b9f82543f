"""Questions about the shape of `Config`: what stands at a path, which keys a table has, where a key belongs."""

import types
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from maild.config.lines import KeyPath
from maild.config.model import Config
from maild.config.secret import SecretRef
from maild.config.types import Private


def dotted(path: KeyPath) -> str:
    """Write a path as an admin would: `organization.acme.mailbox.support.imap.folders.0`."""
    return ".".join(map(str, path))


def fields_of(table: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by the names that an admin writes: `not` is no name in Python."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


def find_field(path: KeyPath) -> FieldInfo | None:
    """Return the field that a path leads to, None where the model has no such key or the path ends in a name or an index."""
    table = find_type(path[:-1])
    return fields_of(table).get(str(path[-1])) if path and _is_model(table) else None


def find_type(path: KeyPath) -> Any:
    """Return the plain type of what a path leads to (`Imap`, `str`, `dict[…]`), None where the model has no such key."""
    found: Any = Config
    for key in path:
        if _is_model(found):
            field = fields_of(found).get(str(key))
            found = _plain(field.annotation) if field else None
        elif get_origin(found) is dict:
            found = _plain(get_args(found)[1])
        elif get_origin(found) is tuple:
            found = _plain(get_args(found)[0])
        else:
            return None
    return found


def is_private(path: KeyPath) -> bool:
    """Whether what stands at this path must not be shown whole, though it is no secret (`Private`).

    The last key on the way that there is decides: a coupon's level may be shown, a misspelt key beside it may not.
    """
    fields = (find_field(path[:depth]) for depth in range(len(path), 0, -1))
    return next((_is_marked(field) for field in fields if field is not None), False)


def is_secret(path: KeyPath) -> bool:
    """Whether a secret may have been written at or below this path by mistake."""
    return any(find_type(path[:depth]) is SecretRef for depth in range(1, len(path) + 1))


@cache
def places_of_keys() -> dict[str, tuple[str, ...]]:
    """Map every key that some table has to where it may stand: `"poll"` to `("in [organization.<id>.….imap]", …)`."""
    places: dict[str, list[str]] = {}
    for table, name, _ in _fields(Config, ()):
        place = f"in [{'.'.join(table)}]" if table else "at the top of config.toml, before the first [table]"
        places.setdefault(name, []).append(place)
    return {name: tuple(where) for name, where in places.items()}


@cache
def public_keys() -> frozenset[str]:
    """Return the names of all keys whose values may be shown to anybody who may read the configuration."""
    hidden = {name for _, name, one in _fields(Config, ()) if _plain(one.annotation) is SecretRef or _is_marked(one)}
    return frozenset(places_of_keys()) - hidden | {"include"}


def walk(value: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every field below `value` with its path, parents first; `dict` tables are entered, lists are not."""
    for attribute, field in type(value).model_fields.items():
        name, inner = field.alias or attribute, getattr(value, attribute)
        yield (*path, name), inner
        if isinstance(inner, BaseModel):
            yield from walk(inner, (*path, name))
        elif isinstance(inner, dict):
            for key, entry in inner.items():
                yield (*path, name, key), entry
                if isinstance(entry, BaseModel):
                    yield from walk(entry, (*path, name, key))


def _fields(
    table: type[BaseModel], path: tuple[str, ...], above: tuple[type[BaseModel], ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, FieldInfo]]:
    """Yield table path, key name and field of every key, a named table being `<id>` and a table in a list `<n>`.

    A table inside one of its own kind is not entered: conditions nest without end.
    """
    for name, field in fields_of(table).items():
        yield path, name, field
        kind = _plain(field.annotation)
        if get_origin(kind) is dict:
            inner, step = _plain(get_args(kind)[1]), ["<id>"]
        elif get_origin(kind) is tuple:
            inner, step = _plain(get_args(kind)[0]), ["<n>"]
        else:
            inner, step = kind, []
        if _is_model(inner) and inner not in (*above, table):
            yield from _fields(inner, (*path, name, *step), (*above, table))


def marks(field: FieldInfo) -> list[Any]:
    """Return a field's bounds and marks, its own before those of its type, which may be optional."""
    return [*field.metadata, *_inner_marks(field.annotation)]


def _inner_marks(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Annotated:
        inner, *found = get_args(annotation)
        return [
            *_inner_marks(inner),
            *(part for one in found for part in (one.metadata if isinstance(one, FieldInfo) else [one])),
        ]
    if get_origin(annotation) in (Union, types.UnionType):
        return [mark for part in get_args(annotation) for mark in _inner_marks(part)]
    return []


def words_of(annotation: Any) -> Iterator[str]:
    """Yield the words that a type lets one choose among; none for a type that takes any text."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from map(str, annotation)
    elif get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for part in get_args(annotation) if get_origin(annotation) is not dict else ():
            yield from words_of(part)


def _is_marked(field: FieldInfo) -> bool:
    return any(isinstance(mark, Private) for mark in marks(field))


def _plain(annotation: Any) -> Any:
    """Strip `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
