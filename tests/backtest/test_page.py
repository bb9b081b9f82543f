"""The page of a backtest: strangers' words are text in it, nothing is fetched, and it can be filtered without scripts."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from maild.backtest.compare import Change, Compared
from maild.backtest.page import render_page
from maild.backtest.report import Report, report_on
from maild.backtest.verdict import Aspect

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
ONE = Compared(
    letter=17, received_at=AT, mailbox="acme/support", author="Анна <anna@b.example>", subject="Счёт", ticket="ACME-3",
    changes=(
        Change(aspect=Aspect.CATEGORY, before="", after="bill", why=("rule bills (new): yes",)),
        Change(aspect=Aspect.WORDS, before="", after="", lines=("-Было", "+Стало", "… and 3 more lines")),
    ),
)  # fmt: skip
TWO = replace(ONE, letter=18, subject="", ticket="", changes=(Change(aspect=Aspect.BROKEN, before="x", after=""),))
SAME = replace(ONE, letter=19, changes=())
LOST = replace(ONE, letter=20, changes=(), lost=True)


def report(*compared: Compared, notes: tuple[str, ...] = ()) -> Report:
    return report_on(compared, before="config.toml", after="new/config.toml", since=AT, notes=notes)


class _Reader(HTMLParser):
    """The words of a page outside of its style, and its tags; every tag is closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_counting() -> None:
    """Letters that end as they did are counted, lost ones named; each aspect with its moves, the most frequent first."""
    more = replace(ONE, changes=(Change(aspect=Aspect.CATEGORY, before="x", after="y"),))
    found = report(more, ONE, ONE, TWO, SAME, LOST)
    assert (found.letters, found.lost, len(found.changed)) == (5, (20,), 4)
    assert [(each.aspect, each.letters, each.moves) for each in found.counts] == [
        (Aspect.CATEGORY, 3, (("— → bill", 2), ("x → y", 1))),
        (Aspect.WORDS, 2, ()),
        (Aspect.BROKEN, 1, (("x → —", 1),)),
    ]


def test_the_page_tells_all_of_it() -> None:
    page = _Reader(render_page(report(ONE, TWO, SAME, notes=("data_dir is not looked at",))))
    for words in (
        "2 of 3 letters would end otherwise", "config.toml → new/config.toml", "data_dir is not looked at",
        "category 1 — → bill (1)", "Счёт Анна <anna@b.example> letter 17 · 2026-11-23 06:00 UTC · acme/support · ACME-3",
        "category : — → bill rule bills (new): yes", "words -Было +Стало … and 3 more lines", "(no subject)",
    ):  # fmt: skip
        assert words in page.text, page.text


def test_it_is_filtered_without_scripts() -> None:
    """A choice for each aspect hides the letters in which that stays the same; the label belongs to the choice."""
    source = render_page(report(ONE, TWO))
    page = _Reader(source)
    choices = {attrs["id"] for tag, attrs in page.tags if tag == "input"}
    assert choices == {"all", "a-category", "a-words", "a-broken-rule"}
    assert {attrs["for"] for tag, attrs in page.tags if tag == "label"} == choices
    articles = [str(attrs["class"]).split() for tag, attrs in page.tags if tag == "article"]
    assert articles == [["a-category", "a-words"], ["a-broken-rule"]]
    for choice in choices - {"all"}:
        assert f"#{choice}:checked ~ main article:not(.{choice}) {{ display: none; }}" in source


def test_nothing_is_fetched_or_run() -> None:
    """It may lie on a disk for years, and be sent on: no resource, no script, no address anywhere."""
    source = render_page(report(ONE, TWO, notes=("note",)))
    page = _Reader(source)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "form", "a", "object", "base"})
    assert {name for _, attrs in page.tags for name in attrs}.isdisjoint({"src", "href", "style", "action", "onclick"})
    assert re.search(r"url\(|@import|https?:", source) is None
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert 'name="viewport"' in source


HOSTILE = st.text(alphabet=st.sampled_from("<>\"'&/=ai \n\x1b\x9bscriptонклик-+"), max_size=40)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_strangers_words_stay_words(subject: str, author: str, line: str) -> None:
    """Whatever stands in a letter or a rule adds no tag to the page."""
    change = Change(aspect=Aspect.CATEGORY, before=line, after=subject, why=(line,), lines=(line,))
    hostile = replace(ONE, subject=subject, author=author, ticket=line, changes=(change,))
    plain = replace(
        hostile,
        subject="s",
        author="a",
        ticket="t",
        changes=(replace(change, before="b", after="c", why=("w",), lines=("l",)),),
    )
    tags = [_Reader(render_page(report(one, notes=(note,)))).tags for one, note in ((hostile, line), (plain, "n"))]
    with_lines = [[tag for tag in some if tag[0] not in ("ins", "del")] for some in tags]
    assert with_lines[0] == with_lines[1]
    assert not {"\x1b", "\x9b"} & set(render_page(report(hostile)))
