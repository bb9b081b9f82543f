"""HTML reads as its author saw it, and no page can hurt."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.html import html_to_text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Раз</p><p>Два</p>", "Раз\n\nДва"),
        ("a<br>b", "a\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ('<a href="https://x.example/a">сюда</a>', "сюда (https://x.example/a)"),
        ('<a href="https://x.example/a">https://x.example/a</a>', "https://x.example/a"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@x.example?subject=y">a@x.example</a>', "a@x.example"),
        ('<a href="javascript:alert(1)">нажми</a>', "нажми"),
        ('<a href="https://x.example/?a=1&amp;b=2">q</a>', "q (https://x.example/?a=1&b=2)"),
        ('<a href="https://x.example/"><img src="x.png"></a>', ""),
        ("<ul><li>раз</li><li>два</li></ul>", "* раз\n* два"),
        ("<ol><li>раз</li><li>два</li></ol>", "1. раз\n2. два"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("до<blockquote>раз<blockquote>два</blockquote></blockquote>после", "до\n\n> раз\n>\n> > два\n\nпосле"),
        ("<script>x</script><style>y</style><title>z</title>текст<!-- нет -->", "текст"),
        ('<span style="display: none">скрыто</span>видно', "видно"),
        ("&lt;b&gt; &amp;amp; 5&nbsp;&euro;", "<b> &amp; 5 €"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<?xml version="1.0" encoding="utf-8"?><p>x</p>', "x"),
        ("просто текст", "просто текст"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_pages(page: str, text: str) -> None:
    """Paragraphs, links, lists, tables and quotes stay recognisable; what nobody saw is not shown."""
    assert html_to_text(page) == text


HOSTILE = {
    "nested": "<div>" * 20_000 + "слова" + "</div>" * 20_000,
    "lists": "<ul>" * 200 + "<li>a" * 50_000,
    "wide cell": "<table>" + f"<tr><td>{'x' * 3000}</td><td>y</td></tr>" * 60,
    "margins": '<p style="margin-top:100000em;padding-left:100000em">a</p>' * 3000,
    "open tags": "<a " * 600_000,
    "comments": "<!--" * 500_000,
    "scripts": "<script>" * 250_000,
    "quotes": "<blockquote>" * 20_000 + "a",
    "large": "<p>слово</p>" * 150_000,
    "image in the text": f'<p>раз<img src="data:image/png;base64,{"A" * 2_000_000}">два</p>',
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages(page: str) -> None:
    """Nothing a stranger writes takes long or grows out of proportion."""
    started = time.monotonic()
    text = html_to_text(page)
    assert time.monotonic() - started < 5
    assert len(text) <= 3 * len(page)


def test_words_survive_deep_nesting() -> None:
    """What is nested deeper than we look, or stands beside an image of megabytes, is still read."""
    assert html_to_text(HOSTILE["nested"]) == "слова"
    assert html_to_text(HOSTILE["image in the text"]) == "раздва"


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<a href='http://x'>",
                "</a>",
                "<td>",
                "<blockquote>",
                "</blockquote>",
                "&#0;",
                "&#xd800;",
                "<",
                ">",
                "я",
                "\0",
                "<!--",
                "-->",
                "<br/>",
                "<li>",
                "<pre>",
            ]
        )
    ).map("".join)
    | st.text()
)
def test_any_page_gives_text(page: str) -> None:
    """Any string gives a string that can be stored."""
    text = html_to_text(page)
    text.encode("utf-8")
    assert "\0" not in text
