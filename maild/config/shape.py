"""From the merged table to a `Config`, or to every problem with its shape. Pydantic finds them, this file puts them in words."""

import copy
import difflib
import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from maild.config.letters import retype, to_latin
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.open_keys import OpenKey, find_open_keys, named, without
from maild.config.redact import show_value
from maild.config.schema import (
    dotted,
    fields_of,
    find_field,
    find_type,
    is_private,
    is_secret,
    marks,
    places_of_keys,
    words_of,
)
from maild.config.secret import SecretRef
from maild.config.sources import Sources
from maild.config.steering import ConditionEntry
from maild.config.types import format_duration
from maild.errors import Problem

_BY_REFERENCE = '{ env = "NAME" }, { file = "secrets/name" } or { credential = "name" }'
_ABSENT = ("missing", "too_short")
_CHOICES = ("literal_error", "enum")
_TYPES = {  # pydantic's error → what was expected, how to mend it
    "string_type": ("text in quotes", 'Put the value in quotes: "…".'),
    "path_type": ("a path in quotes", 'Put the path in quotes: "…".'),
    "int_type": ("a whole number without quotes", "Write digits only, without quotes."),
    "bool_type": ("true or false", "Write true or false, in small letters and without quotes."),
    "float_type": ("a number without quotes", "Write a number such as 0.35."),
}


def validate(sources: Sources, base: Path) -> tuple[Config | None, list[Problem]]:
    """Return the configuration with its paths counted from `base`, and everything wrong with its shape.

    Where something is wrong, the configuration is what is left without it (None if nothing is), good for further checks
    only.
    """
    questions = list(find_open_keys(sources.data))
    data = without(sources.data, questions)
    config, details = _attempt(data, base)
    told = [one for one in details if not _is_asked(one, questions)]
    problems = _asked(questions, sources, base)
    problems += [_problem(detail, sources) for detail in _worth_telling(told, complete=not sources.problems)]
    while details:
        patched = [_patch(data, detail, number) for number, detail in enumerate(details)]
        if not any(patched):
            return None, problems
        config, details = _attempt(data, base)
    return config, problems


def _asked(questions: list[OpenKey], sources: Sources, base: Path) -> list[Problem]:
    """Say each open question; what its key takes is what would be said of its text, were it the value."""
    if not questions:
        return []
    _, details = _attempt(copy.deepcopy(sources.data), base)
    takes = {
        _path(detail)[:depth]: _problem(detail, sources).expected
        for detail in reversed(details)
        for depth in (-1, None)
    }
    return [
        replace(
            sources.problem(
                one.path,
                found="a question that is still open",
                expected=takes.get(one.path, "text in quotes"),
                remedy=one.question,
            ),
            question=True,
        )
        for one in questions
    ]


def _is_asked(detail: ErrorDetails, questions: list[OpenKey]) -> bool:
    """Whether something is wrong only because an open question was left out: the key itself, or the table that it is of."""
    path = _path(detail)
    return detail["loc"][-1:] != ("[key]",) and any(named(one.path)[: len(path)] == path for one in questions)


def _worth_telling(details: list[ErrorDetails], *, complete: bool) -> list[ErrorDetails]:
    """Leave out what is missing only because it is misspelt, or may stand in a file that could not be read."""
    misspelt = {(*_path(d)[:-1], _near(_path(d))) for d in details if d["type"] == "extra_forbidden"}
    holding = {
        _path(d)[:depth] for d in details for depth in range(len(_path(d)))
    }  # a list is short of what is wrong in it
    worth = [
        d
        for d in details
        if d["type"] not in _ABSENT or (complete and _path(d) not in misspelt and _path(d) not in holding)
    ]
    once = {_find_nameless(d) or (_path(d), d["type"] in _CHOICES): d for d in reversed(worth)}  # the first of equals
    return [d for d in worth if d in once.values()]


def _attempt(data: dict[str, Any], base: Path) -> tuple[Config | None, list[ErrorDetails]]:
    try:
        return Config.model_validate(data, context={"base": base}), []
    except ValidationError as errors:
        return None, errors.errors(include_url=False)


def _patch(data: dict[str, Any], detail: ErrorDetails, number: int) -> bool:
    """Delete the key that an error is about, or make up the one that is missing; False when nothing could be done.

    What is made up is unlike anything else, so that it cannot collide; where that is not possible the whole table goes.
    """
    keys = list(itertools.takewhile(lambda part: isinstance(part, str), _path(detail)))
    table: Any = data
    for key in keys[:-2]:
        table = table.get(key, {})
    if detail["type"] == "missing" and len(keys) == len(_path(detail)):  # of a table in a list: the list goes
        example = _example(tuple(keys))
        if "example" in example and keys[:-1]:
            table.get(keys[-2], {})[keys[-1]] = example.replace("example", f"missing{number}")
            return True
        keys.pop()
    elif len(keys) > 1:
        table = table.get(keys[-2], {})
    return bool(keys) and table.pop(keys[-1], None) is not None


def _example(path: KeyPath) -> str:
    field = find_field(path)
    return str(field.examples[0]) if field and field.examples else "…"


def _path(detail: ErrorDetails) -> KeyPath:
    """Return where an error is, without pydantic's own words.

    It appends "[key]" when a table's name is wrong, not what it holds, and names the type that it tried of several.
    """
    return tuple(part for part in detail["loc"] if not (isinstance(part, str) and _OWN_WORDS.fullmatch(part)))


_OWN_WORDS = re.compile(r"\[key\]|(literal|str-enum)\[.*\]")


def _find_nameless(detail: ErrorDetails) -> KeyPath | None:
    """Return the table of named tables that an error is about because a name is missing: [….rule] instead of [….rule.<id>]."""
    path, kind = _path(detail), detail["type"]
    for depth in range(1, len(path) + 1):
        named = find_type(path[:depth])
        if get_origin(named) is not dict or not isinstance(entry := find_type((*path[:depth], "…")), type):
            continue
        if not issubclass(entry, BaseModel):
            continue
        inside = path[depth:]
        if kind == "dict_type" and not inside and isinstance(detail["input"], list):
            return path  # [[….rule]]
        if kind == "model_type" and len(inside) == 1 and inside[0] in fields_of(entry):
            return path[:depth]
        if kind == "extra_forbidden" and len(inside) == 2 and inside[0] in fields_of(entry):
            table = find_type((*path[:depth], "…", inside[0]))
            if isinstance(table, type) and issubclass(table, BaseModel) and inside[1] in fields_of(table):
                return path[:depth]
    return None


def _problem(detail: ErrorDetails, sources: Sources) -> Problem:
    path = _path(detail)
    kind = detail["type"]
    if (nameless := _find_nameless(detail)) is not None:
        path = nameless
        brackets = "[[{}]]" if kind == "dict_type" else "[{}]"
        found = f"{brackets.format(dotted(path))}, a table without a name"
        expected = f"a name for each: [{dotted(path)}.<id>]"
        remedy = f"Write [{dotted((*path, 'example'))}], with a name of your own for each."
    elif kind == "extra_forbidden":
        found, expected, remedy = _unknown(path)
    elif kind in _ABSENT:
        found, expected, remedy = _absent(path, sources, missing=kind == "missing")
    elif find_type(path) is SecretRef:
        found, expected, remedy = _not_a_reference(detail["input"], path)
    elif detail["loc"][-1] == "[key]":
        what = "table" if isinstance(find_type(path), type) else "key"
        found, expected, remedy = f'the name "{path[-1]}"', str(detail["ctx"]["error"]), f"Rename the {what}."
        if to_latin(str(path[-1])):
            remedy = retype(str(path[-1]))
    else:
        found = show_value(detail["input"], path)
        expected, remedy = _expected(detail, path)
        if isinstance(detail["input"], str) and to_latin(detail["input"]) and not is_private(path):
            remedy = retype(detail["input"])
    return sources.problem(path, found=found, expected=expected, remedy=remedy)


def _unknown(path: KeyPath) -> tuple[str, str, str]:
    """Describe an unknown key; its value is not shown, since `pasword = "…"` is an unknown key too."""
    table, key = path[:-1], str(path[-1])
    expected = f"a key of [{dotted(table)}]" if table else "a key of the top level"
    if is_secret(table):
        remedy = f"Name where the secret is kept: {_BY_REFERENCE}."
    elif key == "include":
        remedy = "Put it at the top of a file or into [organization.<id>]."
    elif to_latin(key):
        remedy = retype(key)
    elif near := _near(path):
        remedy = f"Did you mean `{near}`?"
    elif key in places_of_keys():
        remedy = f"It belongs {_join(places_of_keys()[key])}."
    else:
        remedy = f"Delete it; there is {_join(_allowed(table), 'and')}."
    return f"the unknown key `{key}`", expected, remedy


def _near(path: KeyPath) -> str | None:
    """Find the key that an unknown one may be a misspelling of."""
    key = str(path[-1]).lower().replace("-", "_")
    return next(iter(difflib.get_close_matches(key, _allowed(path[:-1]), n=1, cutoff=0.7)), None)


def _allowed(table: KeyPath) -> list[str]:
    kind = find_type(table)
    return sorted([*fields_of(kind), "include"] if kind in (Config, Organization) else fields_of(kind))


def _absent(path: KeyPath, sources: Sources, *, missing: bool) -> tuple[str, str, str]:
    example = _example(path)
    table = get_origin(find_type(path)) is dict
    if missing and not table:
        where = f"[{dotted(path[:-1])}] ({sources.spot(path[:-1])})"
        return "nothing", f"the key `{path[-1]}`, which is required", f'Add {path[-1]} = "{example}" to {where}.'
    if table:
        return "nothing", f"at least one table [{dotted(path)}.<id>]", f"Add a table [{dotted((*path, example))}]."
    if (field := find_field(path)) and field.is_required():
        return "an empty list", "at least one element", f'Write {path[-1]} = "{example}".'
    return "an empty list", "at least one element", "Add an element, or delete the line to get the default."


def _not_a_reference(value: object, path: KeyPath) -> tuple[str, str, str]:
    """Describe a secret written out, or a reference that names none or several places."""
    example = f'{path[-1]} = {{ env = "MAILD_{str(path[-1]).upper()}" }}'
    if isinstance(value, dict):
        found = _join(sorted(value), "and") if value else "an empty table"
        return found, "exactly one of env, file, credential", f"Keep one: {example}."
    remedy = f"Keep the secret outside the configuration and name its place: {example}, or {{ file = … }}. Change the secret if others could read this file."
    return show_value(value, path), f"a reference: {_BY_REFERENCE}", remedy


def _expected(detail: ErrorDetails, path: KeyPath) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "tuple_type":
        element = find_type((*path, 0))
        is_table = isinstance(element, type) and issubclass(element, BaseModel)
        shown = "{ key = value, … }" if is_table else '"…"'
        return "a list", f"Put it in square brackets: [{shown}]."
    if kind == "model_type" and any(isinstance(part, int) for part in path):
        return "a table", "Write it in braces, { key = value, … }."
    if kind == "model_type" and isinstance(detail["input"], list) and find_type(path) is ConditionEntry:
        return "one table", f"Put several into `any` or `all`: {path[-1]}.any = [{{ … }}, {{ … }}]."
    if kind in ("dict_type", "model_type"):
        return "a table", f"Open it with a line [{dotted(path)}] and write its keys below."
    if kind in _CHOICES:
        expected = _choices(path) or str(context["expected"]).replace("'", '"')
        choices = [choice for choice in expected.split('"')[1::2] if isinstance(detail["input"], str)]
        near = difflib.get_close_matches(str(detail["input"]).lower(), choices, n=1)
        return expected, f'Did you mean "{near[0]}"?' if near else "Choose one of these."
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return _range(path), "Choose a value in this range, or delete the line to get the default."
    if kind == "value_error":
        return str(context["error"]), getattr(context["error"], "remedy", "Write it in this form.")
    return detail["msg"], "Compare it with config.example.toml."


def _choices(path: KeyPath) -> str | None:
    """Return what may stand at `path` where pydantic speaks of one of several types only."""
    field = find_field(path) or find_field(path[:-1])
    names = list(dict.fromkeys(words_of(field.annotation))) if field else []
    return _join(f'"{name}"' for name in names) if names else None


_BOUNDS = {"gt": "more than {}", "ge": "{} or more", "le": "at most {}"}


def _range(path: KeyPath) -> str:
    """Say between which bounds the number or duration at `path` must lie."""
    field = find_field(path)
    bounds = {
        name: getattr(bound, name)
        for bound in reversed(marks(field) if field else [])  # a field's own bounds win over those of its type
        for name in _BOUNDS
        if hasattr(bound, name)
    }
    low, high = (bounds.get("ge"), bounds.get("le"))
    if low is not None and high is not None:
        return f"{'' if isinstance(low, timedelta) else 'a number '}from {_bound(low)} to {_bound(high)}"
    return " and ".join(words.format(_bound(bounds[name])) for name, words in _BOUNDS.items() if name in bounds)


def _bound(value: object) -> str:
    return format_duration(value) if isinstance(value, timedelta) else str(value)


def _join(words: Iterable[str], last: str = "or") -> str:
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final
