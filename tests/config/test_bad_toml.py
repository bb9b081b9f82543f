"""Whatever an admin writes: every mistake is told with its file, its line and a remedy, and nothing raises anything else.

`bad_toml.txt` holds the mistakes that can be seen, with the lines that are told; here are those that cannot.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.config.load import load_config
from maild.config.syntax import MAX_DEPTH, MAX_FILE, MOST_MISTAKES, parse_leniently
from maild.errors import ConfigError
from tests.config.conftest import GOOD, write

HEAD = GOOD.replace('name = "Acme"', 'name = "Acme"\ninclude = ["rules.toml"]')
RULE = '[rule.r]\nthen.tags = "a"\n'
SEEN = Path(__file__).with_name("bad_toml.txt").read_text("utf-8")

Told = Callable[..., list[str]]


def seen() -> Iterator[object]:
    for case in SEEN.split("\n=== ")[1:]:
        name, _, rest = case.partition("\n")
        text, _, told = rest.partition("\n---\n")
        lines = told.partition("\n\n")[0].splitlines()
        yield pytest.param(text + "\n", lines, id=name)


@pytest.fixture
def told(in_folder: Path) -> Told:
    """Write rules.toml, which an organisation includes, and other files; return what is told of them, line for line."""

    def told(rules: str | bytes | None, **others: str | bytes) -> list[str]:
        write(in_folder / "config.toml", HEAD)
        for name, text in {**({} if rules is None else {"rules.toml": rules}), **others}.items():
            write(in_folder / name, text)
        try:
            load_config(Path("config.toml"))
        except ConfigError as error:
            return [str(problem) for problem in error.problems]
        return []

    return told


@pytest.mark.parametrize(("text", "lines"), list(seen()))
def test_a_mistake_that_can_be_seen(told: Told, text: str, lines: list[str]) -> None:
    """Told once, at its line, with what stands there and what to write instead."""
    assert told(text) == lines


UNSEEN = [
    pytest.param('[rule.r]\nwhen.words = "a\tb"\n', 2, "one line of text without tabs", id="tab in a phrase"),
    pytest.param("[rule.r]\nthen.tags\u00a0= 'a'\n", 2, "a no-break space", id="no-break space"),
    pytest.param("[rule.r]\nthen.tags\u200b = 'a'\n", 2, "a zero-width space", id="zero-width space"),
    pytest.param("[rule.r]\nthen.tags =", 2, 'no value after "="', id="no value, no line end"),
    pytest.param("[suggestions]\nmost = " + "9" * 5000, 2, "a number of thousands of digits", id="endless number"),
    pytest.param('[rule.r]\nthen.hint = "a\0b"\n', 2, "a control character (U+0000)", id="NUL in a text"),
    pytest.param("[rule.r]\n" + "\0" * 4000, 2, "the file is damaged: take it back from a backup", id="NULs"),
    pytest.param(RULE.replace("\n", "\r"), 1, "a carriage return without a line feed", id="old Mac"),
    pytest.param(f"{RULE}\ufeff[rule.s]\n", 3, "a byte order mark in the middle", id="mark in the middle"),
    pytest.param("[rule.r]\nwhen = " + "{ not = " * 3000, 2, "nested too deeply", id="braces without end"),
    pytest.param(f"[rule.r]\nwhen.{'not.' * 3000}words = 'x'\n", 2, f"at most {MAX_DEPTH} levels", id="dots without end"),
    pytest.param(RULE.replace('"a"', '"Сбой"').encode("cp1251"), 2, "(windows-1251 perhaps)", id="windows-1251"),
    pytest.param("# Правила для заявок\n".encode("koi8-r"), 1, "(KOI8-R perhaps)", id="KOI8-R"),
    pytest.param("# Правила для заявок\n".encode("cp866"), 1, "(cp866, of DOS perhaps)", id="DOS"),
    pytest.param(RULE.encode("utf-16"), 1, "a file saved as UTF-16", id="UTF-16"),
    pytest.param(b"\xfe\xff" + RULE.encode("utf-16-be"), 1, "a file saved as UTF-16", id="UTF-16, big end first"),
    pytest.param(RULE.encode("utf-16-le"), 1, "a control character (U+0000)", id="UTF-16 without a mark"),
    pytest.param(RULE.encode() + "Сбой".encode()[:-1], 3, "not UTF-8", id="cut inside a letter"),
    pytest.param(b"", None, "an empty file", id="empty"),
    pytest.param(b"#" * (MAX_FILE + 1), None, f"at most {MAX_FILE:,}", id="huge"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), UNSEEN)
def test_a_mistake_that_cannot_be_seen(told: Told, text: str | bytes, line: int | None, words: str) -> None:
    """Invisible characters, other encodings, what is too large: named for what it is, once."""
    (problem,) = told(text)
    assert problem.startswith("rules.toml" if line is None else f"rules.toml:{line}:")
    assert words in problem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"\ufeff{RULE}", id="byte order mark"),
        pytest.param(RULE.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param('\t[rule.r]\n\tthen.tags\t=\t"a"\t# \tx\n', id="tabs"),
        pytest.param('[faq.x]\ntitle = "x"\nanswer = """\n\tодин\n\tдва\n"""\n', id="tabs in a long text"),
        pytest.param(
            'rule.r.then.tags = "a"\nrule.s = { when.words = "x", then = { tags = "b" } }\n', id="dots, braces"
        ),
        pytest.param('[rule.r]\nthen.tags = [\n  "a",\n  # и ещё\n  "b",\n]\n', id="list over several lines"),
        pytest.param("# Сегодня ещё без правил: “потом”\n", id="comment only"),
    ],
)
def test_what_is_no_mistake(told: Told, text: str) -> None:
    """Marks, line ends, tabs and every way to write a table that TOML has."""
    assert told(text) == []


def test_a_file_that_is_not_there(told: Told) -> None:
    """An include that leads nowhere, to a folder, or round in a circle: told at the include."""
    where = 'config.toml:6: organization.acme.include: found "rules.toml", '
    (missing,) = told(None)
    assert missing.startswith(f"{where}which matches no file")
    Path("rules.toml").mkdir()
    (folder,) = told(None)
    assert folder == f'{where}a folder, expected files. Write "rules.toml/*.toml" for every file in it.'
    Path("rules.toml").rmdir()
    Path("rules.toml").symlink_to("rules.toml")
    (loop,) = told(None)
    assert loop.startswith(where)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Take the right to read a file, from root as well."""
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_file_that_may_not_be_read(in_folder: Path) -> None:
    """Said with what to do about it."""
    write(in_folder / "config.toml", GOOD)
    with locked(in_folder / "config.toml"), pytest.raises(ConfigError, match="Let the user that runs maild read it"):
        load_config(Path("config.toml"))


def test_one_name_in_two_files(told: Told) -> None:
    """A copy that a file manager left beside the original is told with both places; what editors leave is not read."""
    write(Path("config.toml"), HEAD)
    config = HEAD.replace('"rules.toml"', '"rules*.toml"')
    beside = {".rules.toml.swp": b"b0VIM\0", "rules.toml~": "x", "#rules.toml#": "x", "4913": "", "rules.toml.bak": "x"}
    Path(".#rules.toml").symlink_to("admin@host.1234:1")  # what Emacs leaves
    assert told(RULE, **{"config.toml": config}, **beside) == []
    (twice,) = told(RULE, **{"config.toml": config, "rules — копия.toml": RULE})
    assert twice == (
        "rules.toml:2: organization.acme.rule.r.then.tags: found the same key as in rules — копия.toml:2, "
        "expected each key in one file only. Delete one of the two."
    )


def test_mistakes_in_several_files(told: Told) -> None:
    """Every file is read, whatever is wrong with another, and every line of it that can be judged is."""
    text = (
        "[rule.r]\nwhen.words = «не работает»\nwhen.matches = '(abc'\nstop = да\nthen.tags: \"a\"\nthen.catgory = 'x'\n"
    )
    config = HEAD.replace('"rules.toml"', '"rules.toml", "more.toml", "third.toml"') + "notfiy = true\n"
    problems = told(text, **{"config.toml": config, "more.toml": "[team.x\n", "third.toml": "[team.y]\nnmae = 'x'\n"})
    assert [problem.partition(" ")[0] for problem in problems] == [
        "config.toml:19:", "more.toml:1:", "rules.toml:2:", "rules.toml:3:", "rules.toml:4:", "rules.toml:5:",
        "rules.toml:6:", "third.toml:2:",
    ]  # fmt: skip


def test_a_torrent_of_mistakes_ends(told: Told) -> None:
    """A file of another language altogether fills no screen."""
    assert len(told("".join(f"key{n} = да\n" for n in range(1000)))) == MOST_MISTAKES


@pytest.mark.parametrize("line", ["password hunter2", "password: hunter2", "password = hunter2", "password = «hunter2»",
                                  'password = "hunter2', "hunter2", "пароль hunter2"])  # fmt: skip
def test_a_secret_is_never_told(told: Told, line: str) -> None:
    """Whatever its line looks like."""
    (problem,) = told(f"[mailbox.b.imap]\n{line}\n")
    assert problem.startswith("rules.toml:2:")
    assert "hunter2" not in problem


PIECES = ['"', "'", '"""', "'''", "[", "]", "{", "}", "=", "#", "\n", ",", ".", "\\", "“", "а", "\0", "\r", "x", "1", " ", "[a]", "\n[[b]]\n", "k = "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@example("a.b = 1\n[a]\nb.c = 2\n")
@example("[a]\n[a.b]\n[[a]]\n")
def test_any_text_ends_in_a_table_or_in_sentences(text: str) -> None:
    """Nothing is raised, and every line that is named is there."""
    parsed = parse_leniently(text)
    assert bool(parsed.mistakes) or parsed.text == text
    assert all(mistake.line is None or 1 <= mistake.line <= text.count("\n") + 1 for mistake in parsed.mistakes)
    assert all(mistake.found and mistake.expected and mistake.remedy for mistake in parsed.mistakes)
