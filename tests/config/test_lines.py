"""The scanner finds every key that tomllib finds, on the line where it stands."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.lines import KeyPath, find_lines, find_mentions

# ── any document: every leaf's value is the number of the line its key stands on, so tomllib itself is the oracle ─────

LINE = "@"  # in a value: to be replaced by the line of the key

bare = st.text("abcdefgh019_-", min_size=1, max_size=6)
quoted = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
keys = st.one_of(
    bare,
    quoted.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    quoted.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    st.just('"\\u0436\\t"'),
)
dotted = st.lists(keys, min_size=1, max_size=3).map(" . ".join) | keys
numbers = st.just(LINE)
multiline = st.sampled_from([f'"""\n[x]\ny = 1\n\n{LINE}"""', f"'''\n# no comment\n{LINE}'''", f'"""\\\n   {LINE}"""'])
arrays = st.sampled_from(
    [f"[{LINE}]", f"[ # first\n\n]\n# {LINE}", f'[\n  "]", # x = 3\n  {LINE},\n]', f"[[{LINE}], [], [\n]]"]
)


@st.composite
def inline_tables(draw: st.DrawFn) -> str:
    names = draw(st.lists(keys, max_size=3, unique_by=lambda key: key.strip("\"'")))
    return "{ " + ", ".join(f"{name} = {draw(numbers | st.just(f'[{{ z = {LINE} }}]'))}" for name in names) + " }"


@dataclass
class Writer:
    """A document under construction, which knows the line it is at."""

    lines: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.lines += text.replace(LINE, str(len(self.lines) + 1)).split("\n")


@st.composite
def documents(draw: st.DrawFn) -> str:
    writer = Writer()
    for _ in range(draw(st.integers(0, 8))):
        key = draw(dotted)
        value = draw(st.one_of(numbers, multiline, arrays, inline_tables()))
        kind = draw(st.sampled_from(["pair", "pair", "pair", "[{}]", "[[{}]]", " [ {} ] # [no]", "", "# a = 1 [b]"]))
        writer.add(f"{key} = {value}" if kind == "pair" else kind.format(key))
    return draw(st.sampled_from(["\n", "\r\n"])).join(writer.lines)


def walk(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every path below `value`, parents first."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*path, index))


@given(documents())
def test_every_key_has_its_line(text: str) -> None:
    """Every path that tomllib reports is found; a key directly holding a scalar is found on its very line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        list(find_mentions(text))  # broken text is passed over, it never raises
        return
    lines = find_lines(text)
    for path, value in walk(data):
        assert path in lines, path
        if isinstance(value, int | str) and not isinstance(path[-1], int):
            assert int(str(value).split()[-1]) == lines[path], path
    assert set(lines) == {path for path, _ in walk(data)}


@given(st.text(alphabet="a.[]{}='\"#\n ,1\\"))
def test_no_text_breaks_the_scanner(text: str) -> None:
    """Half-written text never raises."""
    list(find_mentions(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1", {("a",): 1}, id="bare key"),
        pytest.param("\n'a.b' = 1", {("a.b",): 2}, id="quoted key with a dot"),
        pytest.param("a.b = 1\na.c = 2", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}, id="dotted keys share a parent"),
        pytest.param("[a.b]\n[a]", {("a",): 1, ("a", "b"): 1}, id="parent named before it is opened"),
        pytest.param('a = """\nb = 1\n"""\nc = 2', {("a",): 1, ("c",): 4}, id="multi-line string"),
        pytest.param("a = [\n 1,\n 2]", {("a",): 1, ("a", 0): 2, ("a", 1): 3}, id="multi-line array"),
        pytest.param(
            "[[a]]\n[a.b]\nc=1\n[[a]]\nd=1",
            {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 0, "b", "c"): 3, ("a", 1): 4, ("a", 1, "d"): 5},
            id="array of tables",
        ),
        pytest.param('a = 1\r\n"б" = 2\r\n', {("a",): 1, ("б",): 2}, id="CRLF and Cyrillic"),
    ],
)
def test_positions(text: str, expected: dict[KeyPath, int]) -> None:
    """Each shape of TOML gives the lines that a reader would point at."""
    assert expected == find_lines(text)


def test_duplicates_are_told_apart_from_parents() -> None:
    """Two definitions of one key are two defining mentions; parents named on the way are not definitions."""
    mentions = [m for m in find_mentions("[a.b]\nx = 1\n[a]\ny = 1\n[a.c]\nx = 1\nx = 2\n") if m.defines]
    assert [m.line for m in mentions if m.path == ("a", "c", "x")] == [6, 7]
    assert [m.line for m in mentions if m.path == ("a",)] == [3]
