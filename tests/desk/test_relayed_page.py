"""The HTML of an answer says the words of its text and not one more, or there is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.relayed_page import relayed_page
from maild.ingest.html import html_to_text

STAFF = frozenset({"ivan@staff.example"})
SECRET = "внутреннее"


@pytest.mark.parametrize(
    ("html", "words", "page"),
    [
        ("<p>Да, <b>верно</b>.</p>", "Да, верно.", "<p>Да, <b>верно</b>.</p>"),
        (f"<p>Да.</p><blockquote>{SECRET}</blockquote>", "Да.", "<p>Да.</p>"),
        (f"<div><p>Да.</p><p>{SECRET}</p></div>", "Да.", "<div><p>Да.</p></div>"),
        ("<ol><li>раз</li><li>два</li></ol>", "1. раз\n2. два", "<ol><li>раз</li><li>два</li></ol>"),
        ("<p>#взять</p><p>Да.</p>", "Да.", "<p></p><p>Да.</p>"),
        ('<p>Вот:</p><img src="cid:a@b"><hr><img src="cid:c@d">', "Вот:\n[cid:a@b]", '<p>Вот:</p><img src="cid:a@b">'),
        ('<p>На <a href="https://a.example/x">странице</a>.</p>', "На странице<https://a.example/x>.", None),
        ("<p>Звоните <i>8 800 200</i></p>", "Звоните 8 800 200", "<p>Звоните <i>8 800 200</i></p>"),
        ("<p>Да<script>alert(1)</script></p>", "Да", "<p>Да</p>"),
    ],
)  # fmt: skip
def test_the_layout_travels(html: str, words: str, page: str | None) -> None:
    """Emphasis, lists, links and pictures of the words that are sent; what follows them does not."""
    made = relayed_page(html, words, ["#взять"], STAFF)
    assert made == page if page is not None else 'href="https://a.example/x"' in made


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("#заметка см. https://in.example/7", '#заметка см. <a href="https://in.example/7">https://in.example/7</a>'),
        ("#заметка https://in.example/7", '<a href="https://in.example/7">#заметка https://in.example/7</a>'),
        ("#заметка in@secret.example", '#заметка <a href="mailto:in@secret.example">in@secret.example</a>'),
        ("#срок 27.11 18:07", "#срок <b>27.11</b> <i>18:07</i>"),
        ("#заметка 40700", "#заметка <b>40700</b>"),
    ],
)
def test_nothing_of_a_command_stays_in_the_page(line: str, html: str) -> None:
    """Neither its link, nor where that leads, nor an address, a date, a number; the answer's own do stay."""
    page = relayed_page(f"<p>{html}</p><p>Да, <b>12.12</b>.</p>", "Да, 12.12.", [line], STAFF)
    assert not any(one in page for one in ("in.example", "secret", "27.11", "18:07", "40700"))
    assert page.endswith("<p>Да, <b>12.12</b>.</p>")


@pytest.mark.parametrize(
    ("html", "words"),
    [
        (None, "Да."),
        ("<p>Да.</p>", ""),
        (f"<p>{SECRET}</p><p>Да.</p>", "Да."),
        (f"<p>Да, {SECRET}.</p>", "Да."),
        ("<p>Нет</p>", "Да"),
        ("<p>Да.</p>", "Да. И ещё два слова."),
        ('<p>Пишите <a href="mailto:ivan@staff.example">сюда</a></p>', "Пишите сюда"),
        ('<p>Пишите <a href="mailto:Ivan%20%3Civan&#64;staff.example%3E">сюда</a></p>', "Пишите сюда"),
        ('<p>Пишите <a href="mailto:ivan%40staff.example">сюда</a></p>', "Пишите сюда"),
        ("<p>Звоните</p><p>8 800 200</p><blockquote>x</blockquote>", "Звоните 8 800 300"),
        ("<p>Смотрите</p>", "Смотрите https://a.example/x"),
        ('<p>Да <span style="display:none">Да</span></p>', "Да Да"),
    ],
)
def test_where_they_differ_the_text_has_to_do(html: str | None, words: str) -> None:
    """Words that only one of them has, numbers and addresses that are lost, an agent's address behind a link."""
    assert relayed_page(html, words, [], STAFF) == ""


PIECES = st.lists(
    st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<ul><li>", "</ul>", "<blockquote>", "<!--", "-->",
                     "<table><tr><td>", "</table>", "<hr>", '<img src="cid:x@y">', "да", " нет ", "1", SECRET, "&lt;", "#взять"]),
    max_size=40,
)  # fmt: skip


def only_words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


@given(PIECES, st.lists(st.sampled_from(["да", "нет"]), min_size=1, max_size=6))
def test_never_another_word(pieces: list[str], words: list[str]) -> None:
    """Whatever the HTML, what is shown of it is what is said in the text, word for word."""
    page = relayed_page("".join(pieces), " ".join(words), ["#взять"], STAFF)
    assert page == "" or only_words(html_to_text(page)) == words
    assert SECRET not in page
