"""Where every key of a TOML text stands, which `tomllib` does not tell. The only file that imports tree-sitter."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]  # ("organization", "acme", "folders", 0): as one would index what tomllib returns

_LANGUAGE = Language(tree_sitter_toml.language())
_BARE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_BRACKETS = frozenset({"[", "]", "{", "}", ",", "comment"})


@dataclass(frozen=True)
class Mention:
    """One place where a text names a key, opens a table or holds an element of an array."""

    path: KeyPath
    line: int  # 1-based
    defines: bool  # False for the parents that a dotted key names on its way: naming those again is not a duplicate


def find_mentions(text: str) -> Iterator[Mention]:
    """Yield every mention in reading order. What cannot be read as TOML is passed over, the rest is still found."""
    lengths: dict[KeyPath, int] = {}  # arrays of tables so far; [a.b] after the second [[a]] means ("a", 1, "b")
    for node in Parser(_LANGUAGE).parse(text.encode()).root_node.named_children:
        if node.type == "pair":
            yield from _pair(node, ())
        elif node.type in ("table", "table_array_element"):
            yield from _table(node, lengths)


def find_lines(text: str) -> dict[KeyPath, int]:
    """Map every key, table and array element to the line where it is first mentioned."""
    lines: dict[KeyPath, int] = {}
    for mention in find_mentions(text):
        lines.setdefault(mention.path, mention.line)
    return lines


def _table(node: Node, lengths: dict[KeyPath, int]) -> Iterator[Mention]:
    header, *pairs = (child for child in node.named_children if child.type != "comment")
    line = _line(header)
    path: KeyPath = ()
    *parents, last = _parts(header)
    for parent in parents:
        path += (parent,)
        yield Mention(path, line, defines=False)
        if path in lengths:
            path += (lengths[path] - 1,)
    path += (last,)
    if node.type == "table_array_element":
        yield Mention(path, line, defines=False)
        lengths[path] = lengths.get(path, 0) + 1
        path += (lengths[path] - 1,)
    yield Mention(path, line, defines=True)
    for pair in pairs:
        if pair.type == "pair":
            yield from _pair(pair, path)


def _pair(node: Node, table: KeyPath) -> Iterator[Mention]:
    key, *rest = node.named_children
    parts = _parts(key)
    for depth in range(1, len(parts) + 1):
        yield Mention(table + parts[:depth], _line(key), defines=depth == len(parts))
    for value in rest:
        yield from _value(value, table + parts)


def _value(node: Node, path: KeyPath) -> Iterator[Mention]:
    children = [child for child in node.children if child.type not in _BRACKETS]
    if node.type == "inline_table":
        for pair in children:
            if pair.type == "pair":
                yield from _pair(pair, path)
    elif node.type == "array":
        for index, element in enumerate(children):
            yield Mention((*path, index), _line(element), defines=True)
            yield from _value(element, (*path, index))


def _parts(key: Node) -> tuple[str, ...]:
    """Split a bare, quoted or dotted key; tomllib itself undoes the quotes and escapes."""
    text = (key.text or b"").decode()
    if _BARE.fullmatch(text):  # as almost all are; tomllib is slow for thousands of clients
        return tuple(text.split("."))
    try:
        table: object = tomllib.loads(f"{text}=0")
    except tomllib.TOMLDecodeError:
        return ("?",)
    parts: list[str] = []
    while isinstance(table, dict):
        ((part, table),) = table.items()
        parts.append(part)
    return tuple(parts)


def _line(node: Node) -> int:
    return node.start_point.row + 1
