"""Included files: merged where the include stands, every disagreement told with both places."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.errors import ConfigError, Problem
from tests.config.conftest import GOOD, write

ProblemsOf = Callable[..., list[Problem]]
HEAD, _, _ = GOOD.partition("[organization.acme.agent.ivanov]")
AGENT = '[agent.ivanov]\nname = "Иванов"\naddress = "ivanov@acme.example"\n'


def with_include(patterns: str) -> str:
    return HEAD.replace('name = "Acme"', f'name = "Acme"\ninclude = {patterns}')


def test_content_lands_where_the_include_stands(in_folder: Path) -> None:
    """A file included by an organization holds tables of that organization; at the top level, tables of the top level."""
    write(in_folder / "config.toml", 'include = ["smtp.toml", "organizations/*/organization.toml"]\n')
    write(in_folder / "smtp.toml", '[smtp]\nhost = "smtp.example.org"\n')
    text = with_include('["organizations/acme/agents.toml"]').partition("\n\n")[2]
    write(in_folder / "organizations/acme/organization.toml", text)
    write(in_folder / "organizations/acme/agents.toml", AGENT)
    loaded = load_config(Path("config.toml"))
    assert list(loaded.config.organization["acme"].agent) == ["ivanov"]
    names = ["config.toml", "smtp.toml", "organizations/acme/organization.toml", "organizations/acme/agents.toml"]
    assert [in_folder / name for name in names] == list(loaded.files)


def test_a_problem_in_an_included_file_is_told_there(problems_of: ProblemsOf) -> None:
    """File and line are those of the included file, the key is the whole path."""
    (problem,) = problems_of(with_include('["a.toml"]'), **{"a.toml": AGENT + "notify = 1\n"})
    assert (problem.file, problem.line, problem.key) == ("a.toml", 4, "organization.acme.agent.ivanov.notify")


def test_files_are_named_as_the_admin_named_the_first(in_folder: Path) -> None:
    """`maild check etc/config.toml` speaks of etc/agents.toml, not of an absolute path."""
    write(in_folder / "etc/config.toml", with_include('["agents.toml"]'))
    write(in_folder / "etc/agents.toml", "[agent.x\n")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("etc/config.toml"))
    assert [problem.file for problem in caught.value.problems] == ["etc/agents.toml"]


CASES = [
    pytest.param(
        '["a.toml"]', {"a.toml": 'name = "B"\n'}, "a.toml", 1, "the same key as in config.toml:5", id="key in two files"
    ),
    pytest.param(
        '["a.toml"]', {"a.toml": "[smtp]\nhost = 1\n"}, "a.toml", 1, "unknown key `smtp`", id="table of elsewhere"
    ),
    pytest.param(
        '["?.toml"]',
        {"a.toml": "mailbox = 3\n"},
        "a.toml",
        1,
        "the same key as in config.toml:8",
        id="table and number",
    ),
    pytest.param('["b/*.toml"]', {}, "config.toml", 6, '"b/*.toml", which matches no file', id="matches nothing"),
    pytest.param(
        '[\n"a.toml",\n"b.toml"]',
        {"a.toml": AGENT},
        "config.toml",
        8,
        '"b.toml", which',
        id="one of two matches nothing",
    ),
    pytest.param(
        '["a.toml"]',
        {"a.toml": 'include = ["a.toml"]'},
        "a.toml",
        1,
        "config.toml → a.toml → a.toml",
        id="includes itself",
    ),
    pytest.param(
        '["a.toml"]',
        {"a.toml": 'include = ["b.toml"]', "b.toml": 'include = ["a.toml"]'},
        "b.toml",
        1,
        "config.toml → a.toml → b.toml → a.toml",
        id="circle of two",
    ),
    pytest.param('["*.toml"]', {}, "config.toml", 6, "make the pattern narrower", id="pattern matches config.toml"),
    pytest.param(
        '["a.toml", "b.toml"]',
        {"a.toml": 'include = ["b.toml"]', "b.toml": AGENT},
        "config.toml",
        6,
        "b.toml, which is included here already",
        id="included twice",
    ),
    pytest.param('"a.toml"', {"a.toml": AGENT}, "config.toml", 6, "a list of paths in quotes", id="text for a list"),
    pytest.param(
        '["a.toml", 3]', {"a.toml": AGENT}, "config.toml", 6, "a list of paths in quotes", id="number in the list"
    ),
    pytest.param('["a\\u0000.toml"]', {}, "config.toml", 6, "which matches no file", id="NUL in a path"),
    pytest.param('["a.toml"]', {"a.toml": ""}, "a.toml", None, "an empty file", id="emptied file"),
    pytest.param('["a.toml"]', {"a.toml": "x = \n"}, "a.toml", 1, 'no value after "="', id="broken file"),
]


@pytest.mark.parametrize(("patterns", "others", "file", "line", "words"), CASES)
def test_one_include_problem(
    problems_of: ProblemsOf, *, patterns: str, others: dict[str, str], file: str, line: int | None, words: str
) -> None:
    """Each disagreement between files is told once, at the place to mend."""
    (problem,) = problems_of(with_include(patterns), **others)
    assert (file, line) == (problem.file, problem.line)
    assert words in str(problem)


def test_overlapping_patterns_read_a_file_once(problems_of: ProblemsOf) -> None:
    """`["agents.toml", "a*.toml"]` is no mistake."""
    assert problems_of(with_include('["agents.toml", "a*.toml"]'), **{"agents.toml": AGENT}) == []


def test_files_that_disagree_about_an_organization(problems_of: ProblemsOf) -> None:
    """A mount that another file has made into a number raises nothing but the problem itself."""
    others = {"a.toml": "organization = 3", "b.toml": '[organization.acme]\ninclude = ["c.toml"]', "c.toml": AGENT}
    problems = problems_of('include = ["a.toml", "b.toml"]\n', **others)
    assert {("b.toml", "organization"), ("a.toml", "organization")} >= {(p.file, p.key) for p in problems}


def test_the_first_of_two_values_is_the_one_judged(problems_of: ProblemsOf) -> None:
    """Where two files give a key, further problems of its value are told where that value stands."""
    problems = problems_of(with_include('["a.toml"]').replace('"Acme"', "7"), **{"a.toml": 'name = "B"\n'})
    assert [(problem.file, problem.line) for problem in problems] == [("a.toml", 1), ("config.toml", 5)]
