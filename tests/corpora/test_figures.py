"""The table says what was answered, and can be read back."""

from tests.corpora.__main__ import page
from tests.corpora.figures import Answer, count, find_unwritten, find_worse, from_markdown, to_markdown


def answer(question: str, source: str, name: str, *, right: bool, group: str = "Fields", got: str = "") -> Answer:
    return Answer(group=group, question=question, source=source, name=name, right=right, expected="Иван", got=got)


ANSWERS = [
    answer("name", "one", "1.eml", right=True),
    answer("name", "one", "2.eml", right=False, got="Ив`ан | пишет"),
    answer("name", "two", "1.eml", right=True),
    answer("subject", "two", "1.eml", right=True),
    answer("report", "two", "1.eml", right=False, group="Machines"),
]


def test_counts_are_per_source_and_in_all() -> None:
    """Right, of how many."""
    counts = count(ANSWERS)
    assert counts["name", "one"] == (1, 2)
    assert counts["name", "all"] == (2, 3)
    assert ("subject", "one") not in counts


def test_the_table_is_read_as_it_was_written() -> None:
    """Whatever the letters held, and with all the page's words around it."""
    assert from_markdown(to_markdown(ANSWERS)) == count(ANSWERS)
    assert from_markdown(page(ANSWERS)) == count(ANSWERS)


def test_other_tables_are_passed_over() -> None:
    """Wherever they stand."""
    other = "| who | how |\n|---|---|\n| one | 7/8 |\n"
    assert from_markdown(f"{other}\n{to_markdown(ANSWERS)}") == count(ANSWERS)
    assert from_markdown(f"| source | name |\n| one | 1/2 |\n\n{other}") == {("name", "one"): (1, 2)}


def test_every_miss_is_named() -> None:
    """By file, with what was expected and what came instead."""
    text = to_markdown(ANSWERS)
    assert "- `one/2.eml`: expected `Иван`, got `Ив'ан | пишет`" in text
    assert "- `two/1.eml`: expected `Иван`, got nothing" in text
    assert "one/1.eml" not in text


def test_goals_stand_at_the_head_of_the_page() -> None:
    """With the share that they are held against."""
    text = page([answer("from name", "one", "1.eml", right=True), answer("from name", "one", "2.eml", right=False)])
    assert "| from name | 98.0% | 50.0%, missed |" in text
    assert "| subject | 98.0% | nothing known |" in text


def test_worse_is_fewer_right_or_more_wrong() -> None:
    """A question that is asked of fewer letters than before is no way out, nor is one that is asked of none."""
    written = {("name", "all"): (8, 10)}
    assert find_worse(written, {("name", "all"): (8, 10)}) == []
    assert find_worse(written, {("name", "all"): (9, 10)}) == []
    assert find_worse(written, {("name", "all"): (18, 20)}) == []
    assert find_worse(written, {("name", "all"): (7, 9)}) == ["name, all: 7/9, and it was 8/10"]
    assert find_worse(written, {("name", "all"): (9, 12)}) == ["name, all: 9/12, and it was 8/10"]
    assert find_worse(written, {}) == ["name, all: 0/0, and it was 8/10"]


def test_better_and_new_figures_are_not_written_yet() -> None:
    """But a worse one is not among them: it is not to be written down."""
    written = {("name", "all"): (8, 10), ("subject", "all"): (5, 5)}
    now = {("name", "all"): (9, 10), ("subject", "all"): (4, 5), ("date", "all"): (1, 1)}
    assert find_unwritten(written, now) == ["name, all: 9/10", "date, all: 1/1"]
    assert find_unwritten(written, written) == []
