"""HTML reads as its author saw it and as mail programs write it in plain text, and no page can hurt.

The golden pages are `tests/mail/html/NNNN-lesson.html` beside `NNNN-lesson.expected.txt`.
"""

import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.html import MAX_PAGE, html_to_text
from maild.ingest.pages.layout import MAX_QUOTE_MARKS, RULE
from maild.ingest.parse import parse
from maild.ingest.sanitize import sanitize_html
from tests.pace import find_growth

MAIL = Path(__file__).parents[1] / "mail" / "html"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
PAGES = sorted(MAIL.glob("*.html"))

BREAKS = [
    ("<body>a<blockquote>b</body></html> c</blockquote>d</body>", "a\n\n> b c\n\nd"),
    ("<body><div style='font-size:0'>a</body></html><body>b", "b"),
    ('<span style="white-space:pre">a\n</span> b', "a\nb"),
    ("<textarea>a", "a"),
    ("<html><body><div>a</body></html><html><head></head><body>b</div></body></html>c", "a\nb\nc"),
    ('<p style="margin-bottom:0">a</p><div>b</div>', "a\nb"),
    ("a <b> </b> b", "a b"),
    ('a<span style="white-space:pre">b</span>', "ab"),
    ("a<textarea>b</textarea>c", "a\nb\nc"),
    ("<p>Раз</p><p>Два</p>", "Раз\n\nДва"),
    ("<p>раз<p>два", "раз\n\nдва"),
    ("a<br>b", "a\nb"),
    ("a<br><br>b", "a\n\nb"),
    ("a<br/>\n<br/>\n<br/>b", "a\n\nb"),
    ("<div>a</div><div>b</div>", "a\nb"),
    ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
    ("<div>a</div><div><br></div><div>\u00a0</div><div><br></div><div>b</div>", "a\n\nb"),
    ("<div>a<br></div><div>b</div>", "a\nb"),
    (
        "<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>c</p>",
        "a\nb\n\nc",
    ),
    ('<p style="margin:0">a</p><p style="margin:0 0 12px">b</p><p style="margin:0">c</p>', "a\nb\n\nc"),
    ('<div>a</div><div style="margin-top:1em">b</div>', "a\n\nb"),
    ("<style>P {margin-top:0;margin-bottom:0;}</style><p>a</p><p>b</p>", "a\nb"),
    ("<h1>Тема</h1>слова", "Тема\n\nслова"),
    ("a<hr>b", f"a\n\n{RULE}\nb"),
    ("a<hr><hr>b", f"a\n\n{RULE}\nb"),
    ("  a \n <b> b </b>  c", "a b c"),
    ("<p> </p>a<p></p>", "a"),
    ("a</p>b", "a\n\nb"),
    ("a</br>b", "a\nb"),
    ("<b>a</b><i>b</i>", "ab"),
    ("<pre>a\n  b\n\n\tc</pre>", "a\n  b\n\n\tc"),
    ("<pre>\na</pre>b", "a\n\nb"),
    ('<span style="white-space:pre-wrap">a\n  b</span>\nc', "a\n  b c"),
    ("<textarea>a\n b</textarea>", "a\n b"),
    ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"),
    ("просто текст\nбез тегов", "просто текст без тегов"),
    ("", ""),
]

CHARACTERS = [
    ("&lt;b&gt; &amp;amp; 5&nbsp;&euro;", "<b> &amp; 5 €"),
    ("за&shy;каз a&#8203;b\ufeffc", "заказ abc"),
    ("a\u00a0\u00a0b\u202fc", "a  b c"),
    ("👨\u200d👩\u200d👧 می\u200cخواهم \u200c\u200dx", "👨\u200d👩\u200d👧 می\u200cخواهم x"),
    ("a&#1;b&#0;c", "ab\ufffdc"),
    ("&#xd800;", "\ufffd"),
    (f"a&#{'1' * 5000};b", "a\ufffdb"),
    ("<span style='font-family:Wingdings'>J</span> J", "☺ J"),
    ("<font face=Wingdings>J</font> J", "☺ J"),
    ("<", "<"),
    ("a < b <3 и <c", "a < b <3 и <c"),
    ("<p>Пишите <ann@x.example>, <https://x.example/a></p>", "Пишите <ann@x.example>, <https://x.example/a>"),
    ('<p title="a > b">c</p>', "c"),
    ('<p title="a>b</p>c', "b\n\nc"),
    ("<![CDATA[x]]>a<?xml version='1.0'?>b<!DOCTYPE html>c", "abc"),
]

LINKS = [
    (
        '<a href="https://x.example/a">x.example/a</a> <a href="https://y.example/">q</a> <a href="https://x.example/a">r</a>',
        "x.example/a q (https://y.example/) r (https://x.example/a)",
    ),
    ('<a href="https://x.example/">x.example</a> <a href="https://x.example/">Х</a>', "x.example Х"),
    ('<a href="https://x.example/"></a><a href="https://x.example/">q</a>', "q (https://x.example/)"),
    ('<a href="https://x.example/">q<ul><li>r</ul></a>s', "q\n\n* r (https://x.example/)\n\ns"),
    ('<a href="https://x.example/a">сюда</a>', "сюда (https://x.example/a)"),
    ('<a href="https://x.example/a">https://x.example/a</a>', "https://x.example/a"),
    ('<a href="https://x.example/">x.example</a>', "x.example"),
    ('<a href="http://www.x.example">X.example</a>', "X.example"),
    ('<a href="https://x.example/%D0%B0%20b">x.example/а b</a>', "x.example/а b"),
    ('<a href="https://evil.example/">https://bank.example/</a>', "https://bank.example/ (https://evil.example/)"),
    (
        '<a href="https://safe.example/?u=https%3A%2F%2Fx.example%2Fa&d=1">https://x.example/a</a>',
        "https://x.example/a",
    ),
    ('<a href="mailto:a@x.example?subject=y">a@x.example</a>', "a@x.example"),
    ('<a href="mailto:a@x.example">Анна</a>', "Анна (mailto:a@x.example)"),
    ('<a href="tel:+74951234567">+7 (495) 123-45-67</a>', "+7 (495) 123-45-67"),
    ('<a href="javascript:alert(1)">нажми</a> <a href="#top">вверх</a> <a href="/a">a</a>', "нажми вверх a"),
    ('<a href="https://x.example/?a=1&amp;b=2&copy=3">q</a>', "q (https://x.example/?a=1&b=2&copy=3)"),
    ('<a href="https://x.example/a\n b">q</a>', "q (https://x.example/ab)"),
    ('<a href="https://x.example/a">q </a>r', "q (https://x.example/a) r"),
    ('<a href="https://x.example/a"><div>q</div></a><div>r</div>', "q (https://x.example/a)\nr"),
    ('<a href="https://x.example/a">q<p>r</a>s', "q\n\nr (https://x.example/a)\n\ns"),
    ('<a href="https://x.example/"><img src="x.png"></a>', ""),
    (
        '<a href="https://x.example/"><img src="x.png" alt="Лого"></a> <a href="https://x.example/">Х</a>',
        "[Лого] (https://x.example/) Х",
    ),
    (f'<a href="https://x.example/{"a" * 2000}">q</a>', f"q (https://x.example/{'a' * 982}…)"),
]

IMAGES = [
    ('<div style="visibility:hidden"><img alt="x"></div>a', "a"),
    ('<img style="display:none" alt="x">a<br style="display:none">b', "ab"),
    ('<input alt="x">a', "a"),
    ('<img src="cid:a" alt="Схема  сети">', "[Схема сети]"),
    ('<img src="cid:a">x<img src="cid:a" alt="">', "x"),
    ('a<img src="https://x.example/o.gif" alt="счётчик" width=1 height="1">b', "ab"),
    ('<img alt="😊" src="https://x.example/1f60a.png">', "😊"),
    ('<td style="font-size:0"><img alt="Лого" src="x.png" width=90></td>', "[Лого]"),
]

LISTS = [
    ('<ul><li style="list-style:none">a</ul>', "a"),
    ("a<p style='mso-list:l0 level2 lfo1'>b</p>", "a\n  b"),
    ("<ul><li>раз</li><li>два</li></ul>", "* раз\n* два"),
    ("<ol><li>раз<li>два</ol>", "1. раз\n2. два"),
    ("<ol start=9><li>a<li>b</ol>", "9. a\n10. b"),
    ("<ol type=a><li>x<li value=5>y</ol><ol type=I><li>x<li>y</ol>", "a. x\ne. y\n\nI. x\nII. y"),
    ("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>e", "* a\n  * b\n    1. c\n* d\n\ne"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "* a\n\n  b"),
    ("<ol><li>a<br>b</ol>", "1. a\n   b"),
    ('<ul style="list-style:none"><li>a</ul>', "a"),
    ("<li>a<li>b", "* a\n* b"),
    ("<ul><li></li><li>a</li></ul>", "* a"),
]

TABLES = [
    ("<table><tr><td><p>a</p> </td><td><br>b</td></tr></table>", "a | b"),
    ("a<table><tr></tr></table>b", "a\nb"),
    ("<table border=1><tr><td>a:</td><td></td><td>b<br>c</td></tr></table>", "a: b\nc"),
    (
        "<table><tr><td><table border=1><tr><td>x</table></td></tr><tr><td>a</td><td></td><td>b</td></tr></table>",
        "x\na | b",
    ),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
    ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b\nc | d"),
    ("<table><tr><td><p class=MsoNormal>a</p></td><td><p>b</p></td></tr></table>", "a | b"),
    ("<table><tr><td>a</td><td><br></td><td>b<br></td></tr></table>", "a | b"),
    ("<table border=1><tr><td>a</td><td></td><td>c</td></tr><tr><td></td><td>b</td></tr></table>", "a |  | c\n | b"),
    (
        "<table><tr><td>Имя:</td><td>Анна</td></tr><tr><td>Вопрос:</td><td>a<br>b</td></tr></table>",
        "Имя: Анна\nВопрос: a\nb",
    ),
    ("<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"),
    (f"<table><tr><td>{'слово ' * 60}</td><td>b</td></tr></table>", f"{'слово ' * 60}".rstrip() + "\nb"),
    ("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>", "a | b\nc"),
    ("<table>до<tr><td>a</td></tr></table>после", "до\na\nпосле"),
    ("<table><tr><td><div>a</td><td>b</div></td></tr></table>c", "a | b\nc"),
    ("<td>a<td>b", "a\nb"),
]

HIDDEN = [
    ("<script>x</script><style>y</style><title>z</title>текст<!-- нет -->", "текст"),
    ("<head><title>a</title></head><body>b", "b"),
    ('<span style="display: none">скрыто</span>видно', "видно"),
    ('<div style="DISPLAY:NONE !important">a<div style="display:block">b</div></div>c', "c"),
    ('<div style="max-height:0;overflow:hidden">a</div>b', "b"),
    ('<div style="width:0;min-width:100%;overflow:hidden">a</div>', "a"),
    ('<div style="opacity:0">a</div>b<div style="opacity:0.9">c</div>', "b\nc"),
    ('<div style="font-size:0px">a<span style="font-size:12px">b</span></div>', "b"),
    ('<div style="visibility:hidden">a<b style="visibility:visible">b</b></div>', "b"),
    ("<p hidden>a</p>b", "b"),
    ('<a href="https://x.example/" style="mso-hide:all">a</a>', "a (https://x.example/)"),
    ("<!--[if mso]>a<![endif]--><!--[if !mso]><!-->b<!--<![endif]--><![if !vml]>c<![endif]>", "bc"),
    ('<div style="display:none">только <b>это</b></div>', "только это"),
    ("<svg><title>a</title><text>b</text></svg>c<object>d<p>e</object>f", "cf"),
    ("<select><option>a<option>b</select>c", "c"),
    ("<title>a", "a"),
    ("<!-- a <b>b</b>", "a b"),
    ("a<style>b", "a"),
]

QUOTES = [
    ('<div style="border-left:1px solid"><div id=divRplyFwdMsg>From: Ann</div>a</div>', "> From: Ann\n> a"),
    ('<div class="yahoo_quoted">a<div>b</div></div>', "a\nb"),
    ('a<blockquote type="cite" style="margin:0">b</blockquote>c', "a\n\n> b\n\nc"),
    ("<table><tr><td width=2 bgcolor=#0000ff></td><td>a</td><td>b</td></tr></table>", "> a\nb"),
    ("<table><tr><td width=2 bgcolor=#0000ff></td></tr><tr><td>a</td></tr></table>", "a"),
    ("<table><tr><td width=2 bgcolor=#0000ff>1</td><td>a</td></tr></table>", "1 | a"),
    ("<table><tr><td width=90 bgcolor=#0000ff></td><td>a</td></tr></table>", "a"),
    ("<table><tr><td width=2></td><td>a</td></tr></table>", "a"),
    ("a<blockquote></blockquote>b", "a\n\nb"),
    ("до<blockquote>раз<blockquote>два</blockquote></blockquote>после", "до\n\n> раз\n>\n> > два\n\nпосле"),
    ("Анна пишет:<blockquote><p>раз</p><p>два</p></blockquote>", "Анна пишет:\n> раз\n>\n> два"),
    ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">отступ</blockquote>', "отступ"),
    (
        "<blockquote>---------- Forwarded message ----------<br>a</blockquote>",
        "---------- Forwarded message ----------\na",
    ),
    (
        '<blockquote type="cite">---------- Forwarded message ----------<br>a</blockquote>',
        "> ---------- Forwarded message ----------\n> a",
    ),
    (
        "-------- Пересылаемое сообщение --------<br>От: Анна<br>Тема: a<blockquote>b</blockquote>",
        "-------- Пересылаемое сообщение --------\nОт: Анна\nТема: a\n\nb",
    ),
    (
        "---------- Пересылаемое сообщение ----------<br>03.11.2026, 12:41, Анна:<blockquote>b</blockquote>",
        "---------- Пересылаемое сообщение ----------\n03.11.2026, 12:41, Анна:\n\nb",
    ),
    (
        f"---------- Forwarded message ---------<br>{'a<br>' * 9}<blockquote>b</blockquote>",
        "---------- Forwarded message ---------" + "\na" * 9 + "\n\n> b",
    ),
    ('a<div style="border-left:1px solid #ccc;padding-left:1ex">От: Анна<br>b</div>c', "a\n> От: Анна\n> b\nc"),
    ('a<div style="border-left:3px solid red">Внимание</div>', "a\nВнимание"),
    ('Важно:<div style="border-left:3px solid red">Внимание</div>', "Важно:\nВнимание"),
    (
        "Анна пишет:<blockquote>----- Forwarded message -----<br>a</blockquote>",
        "Анна пишет:\n> ----- Forwarded message -----\n> a",
    ),
    ('03.11.2026 Анна:<div style="border-left:1px solid #ccc">b</div>', "03.11.2026 Анна:\n> b"),
    ('<div class="yahoo_quoted">On 3 Nov 2026 Ann wrote:<div>a</div></div>b', "On 3 Nov 2026 Ann wrote:\n> a\nb"),
    (
        '<div class="yahoo_quoted">----- Forwarded Message -----<div>From: a</div></div>',
        "----- Forwarded Message -----\nFrom: a",
    ),
    ('a<div id="x_divRplyFwdMsg">From: Ann</div>', f"a\n\n{RULE}\nFrom: Ann"),
    ('a<hr><div id="divRplyFwdMsg">From: Ann</div>', f"a\n\n{RULE}\nFrom: Ann"),
    ('<div id="divRplyFwdMsg">From: Ann</div>', "From: Ann"),
    ("<ul><li>a<blockquote>b</blockquote></ul>c", "* a\n\n> b\n\nc".replace("> b", ">   b")),
    ("<blockquote>" * 30 + "a", "> " * MAX_QUOTE_MARKS + "a"),
]

SIGNATURES = [
    ('a<br><span class="gmail_signature">Анна</span>', "a\n-- \nАнна"),
    ('a<div class="gmail_signature">Анна</div>', "a\n-- \nАнна"),
    ('a<div id="x_Signature"><div class="signature">Анна</div></div>', "a\n-- \nАнна"),
    ('a<div class="moz-signature">-- <br>Анна</div>', "a\n-- \nАнна"),
    (
        '<div>a</div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Анна</div>',
        "a\n-- \nАнна",
    ),
    ('<div class="gmail_signature">Анна</div>', "Анна"),
    ('<blockquote>a<div class="gmail_signature">Анна</div></blockquote>', "> a\n> Анна"),
    ('a<div class="gmail_signature"></div>b', "a\nb"),
    ('a<div class="gmail_signature">Анна</div>b', "a\n\nАнна\nb"),
    ('a<div class="gmail_signature">Анна</div>Вопрос один:', "a\n\nАнна\nВопрос один:"),
    (
        'a<div class="gmail_signature">Анна</div>03.11.2026 Пётр:<blockquote>b</blockquote>',
        "a\n-- \nАнна\n03.11.2026 Пётр:\n> b",
    ),
    ('a<div class="gmail_signature">Анна</div><div id="appendonsend"></div>От кого-то', "a\n-- \nАнна\nОт кого-то"),
    ("a<br>--&nbsp;<br>Анна", "a\n-- \nАнна"),
    ('a<div class="signatures">b</div>', "a\nb"),
]

SIGNED = [
    *("class=gmail_signature", "class=moz-signature", "class='a signature'", "class=protonmail_signature_block"),
    *("class=tutanota_signature", "class=k9mail-signature", "class=ms-outlook-mobile-signature", "class=bloop_sign"),
    *("class=front-signature", "class=mb_sig", "id=Signature", "id=signature_old", "id=_rc_sig", "id=k9mail-signature"),
    *("id=ms-outlook-mobile-signature", "id=AppleMailSignature", "id=composer_signature", "id=ymail_signature"),
    *(
        "id=mail-app-auto-default-signature",
        "id=Zm-_Id_-Sgn",
        "data-smartmail=gmail_signature",
        "data-marker=__SIG_PRE__",
    ),
    *("data-marker=__SIG_POST__", "data-signature-widget=container", "name=messageSignatureSection"),
    *(
        "class=x_x_gmail_signature",
        "class=m_-123456gmail_signature",
        "class=ydp1a2b3c4dgmail_signature",
        "id=x_x_Signature",
    ),
    *("class=gmail_signature_mr_css_attr", "class=gmail-gmail_signature", "class=yiv12345signature"),
]
REPLIES = [
    *(
        "class=gmail_quote",
        "class=gmail_quote_container",
        "class=gmail_attr",
        "class=gmail_extra",
        "class=moz-cite-prefix",
    ),
    *(
        "class=moz-forward-container",
        "class=zmail_extra",
        "class=quoted-text",
        "class=ms-outlook-mobile-reference-message",
    ),
    *(
        "id=appendonsend",
        "id=reply-intro",
        "id=replyHeader",
        "id=composer_quoted",
        "id=replySplit",
        "id=mail-app-auto-quote",
    ),
    *("id=mail-editor-reference-message-container", "id=OLK_SRC_BODY_SECTION", "id=x_appendonsend"),
]
HEADERS = [
    "id=divRplyFwdMsg",
    "style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'",
    "style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in'",
    "style='border-right:none;border-bottom:none;border-left:none;border-image:initial;border-top:1pt solid rgb(225, 225, 225)'",
    "style='padding:3pt 0in 0in; border-width:1pt medium medium; border-style:solid none none; border-color:rgb(181,196,223) black'",
]

CASES = BREAKS + CHARACTERS + LINKS + IMAGES + LISTS + TABLES + HIDDEN + QUOTES + SIGNATURES


@pytest.mark.parametrize(("page", "text"), CASES, ids=[page[:60] for page, _ in CASES])
def test_pages(page: str, text: str) -> None:
    """Paragraphs, links, lists, tables and quotes stay recognisable; what nobody saw is not shown."""
    assert html_to_text(page) == text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_golden_pages(page: Path) -> None:
    """What mail programs write reads as their own plain text does."""
    text = html_to_text(page.read_text(encoding="utf-8"))
    lines = "\n".join(line.rstrip() for line in text.split("\n")) + "\n"
    assert lines == page.with_suffix(".expected.txt").read_text(encoding="utf-8")


def test_golden_pages_are_pairs() -> None:
    """None is half a pair."""
    assert {page.stem for page in PAGES} == {page.name.removesuffix(".expected.txt") for page in MAIL.glob("*.txt")}
    assert len(PAGES) >= 25


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_golden_pages_sent_on(page: Path) -> None:
    """A letter made fit to be sent on says the same words, and is fit for good."""
    sent = sanitize_html(page.read_text(encoding="utf-8"))
    assert sanitize_html(sent) == sent
    assert words(html_to_text(page.read_text(encoding="utf-8"))) <= words(html_to_text(sent)) | MARKED


MARKED = {"J", "o"}  # letters of a picture font, whose name is not sent on
WORD = re.compile(r"\w+")


def words(text: str) -> set[str]:
    return set(WORD.findall(text))


@pytest.mark.parametrize("attribute", SIGNED)
def test_signatures_of_mail_programs(attribute: str) -> None:
    """Where a program marks the signature, the line stands above it that plain text has."""
    assert html_to_text(f"a<div {attribute}>Анна</div>") == "a\n-- \nАнна"


@pytest.mark.parametrize("attribute", REPLIES)
def test_replies_of_mail_programs(attribute: str) -> None:
    """What a program marks as what is answered may follow a signature; other words may not."""
    assert html_to_text(f"a<div class=signature>Анна</div><div {attribute}>b</div>") == "a\n-- \nАнна\nb"
    assert html_to_text("a<div class=signature>Анна</div><div>b</div>") == "a\n\nАнна\nb"


@pytest.mark.parametrize("attribute", HEADERS)
def test_header_blocks_of_mail_programs(attribute: str) -> None:
    """Above the header block of an unmarked quote stands a rule, as in the plain text of these programs."""
    assert html_to_text(f"a<div {attribute}>Von: Ann</div>b") == f"a\n\n{RULE}\nVon: Ann\nb"


@pytest.mark.parametrize(
    "line",
    [
        *(
            "---------- Forwarded message ---------",
            "-------- Forwarded Message --------",
            "----- Пересылаемое сообщение -----",
        ),
        *(
            "-------- Перенаправленное сообщение --------",
            "---- Пересланное письмо ----",
            "-------- Переслане повідомлення --------",
        ),
        *(
            "-------- Weitergeleitete Nachricht --------",
            "---------- Message transféré ---------",
            "--- Mensaje reenviado ---",
        ),
        *(
            "-------- Messaggio inoltrato --------",
            "---------- Przekazana wiadomość ---------",
            "--- Переадресоване повідомлення ---",
        ),
    ],
)
def test_forwards_in_all_languages(line: str) -> None:
    """What a line says is forwarded is no quote; it would be one without the line."""
    assert html_to_text(f"{line}<blockquote>a</blockquote>") == f"{line}\n\na"
    assert html_to_text("---------- Original ---------<blockquote>a</blockquote>").endswith("> a")


# ── real mail ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Letters(HTMLParser):
    """All letters and digits that a page shows, by the standard library's parser, which knows nothing of style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"script", "style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style", "title"} and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found += filter(str.isalnum, data)


def lost(page: str, text: str) -> int:
    """How many letters of the page do not come, in their order, in the text."""
    at, missed = 0, 0
    for letter in Letters(page).found:
        found = text.find(letter, at)
        if found < 0:
            missed += 1
        else:
            at = found + 1
    return missed


def corpus_pages() -> Iterator[str]:
    for manifest in sorted(CORPORA.glob("*/manifest.json")):
        told = json.loads(manifest.read_text(encoding="utf-8"))
        for name in told.get("messages", []):
            if page := parse((manifest.parent / name).read_bytes()).html:
                yield page
        yield from (
            (manifest.parent / name).read_text(encoding="utf-8")
            for name in told.get("bodies", [])
            if name.endswith(".html")
        )


def test_real_mail_loses_no_letter() -> None:
    """Of the HTML of real mail, each letter is in the text, in its place; all but nothing, where pages are broken or hide."""
    if not CORPORA.is_dir():
        message = "not run: the corpora are not here; they lie in ../shared/corpora beside the project"
        if os.environ.get("MAILD_REQUIRE_SERVERS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    pages = list(corpus_pages())
    assert len(pages) > 100
    share = [(lost(page, html_to_text(page)), len(Letters(page).found)) for page in pages]
    assert sum(1 for missed, _ in share if missed) <= 2
    assert sum(1 for page in pages if lost(page, html_to_text(sanitize_html(page)))) <= 2


# ── any page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = "p div b a td th tr table li ul ol span blockquote h1 center font dd pre i form o:p unknown".split()
TOKENS = st.one_of(
    st.sampled_from(
        [f"<{name}>" for name in NAMES] + [f"</{name}>" for name in NAMES] + ["<br>", "<hr>", "<!-- -->", "\n"]
    ),
    st.sampled_from(
        ["<a href='https://x.example/'>", "<p class=MsoNormal>", "<td bgcolor=red width=2>", "<div id=Signature>"]
    ),
    st.sampled_from(
        ["<div class=yahoo_quoted>", "<div style='border-left:1px solid'>", "<ol type=i start=3>", "<table border=1>"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=40))
def test_no_tags_lose_or_reorder_words(tags: list[str]) -> None:
    """Whatever tags stand between them, opened, closed or neither, all words come, in their order and apart."""
    said = [f"слово{at}" for at in range(len(tags))]
    page = "".join(f"{tag} {word} " for tag, word in zip(tags, said, strict=True))
    assert re.findall(r"слово[0-9]+", html_to_text(page)) == said


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "<p>",
                    "</p>",
                    "<a href='http://x'>",
                    "</a>",
                    "<td>",
                    "<blockquote>",
                    "</blockquote>",
                    "<li>",
                    "<pre>",
                    "<br/>",
                ),
                *(
                    "&#0;",
                    "&#xd800;",
                    "&#99999999999;",
                    "&",
                    "&nbsp;",
                    "<",
                    ">",
                    "я",
                    "\0",
                    "<!--",
                    "-->",
                    "'",
                    '"',
                    "=",
                    "<style>",
                ),
                *(
                    "<title>",
                    "</title>",
                    "<svg>",
                    "<p style='display:none",
                    "<p style='margin:",
                    "<img alt=a>",
                    "\ud800",
                    "\x1f",
                ),
            ]
        )
    ).map("".join)
    | st.text()
)
def test_any_page_gives_text(page: str) -> None:
    """Any string gives a string that can be stored, without blank lines around it or more than one within."""
    text = html_to_text(page)
    text.encode("utf-8")
    assert not set(text) & {"\0", "\r", "\x1f"}
    assert text == text.strip("\n")
    assert "\n\n\n" not in text


SIZE = 150_000
HOSTILE = {
    "nested": "<div>" * 20_000 + "слова" + "</div>" * 20_000,
    "nested paragraphs": "<div><p>word</p>" * (SIZE // 16),
    "lists": "<ul>" * 200 + "<li>a" * 32_000,
    "wide cell": "<table>" + f"<tr><td>{'x' * 3000}</td><td>y</td></tr>" * 160,
    "cells": "<table><tr>" + "<td>a" * (SIZE // 5),
    "tables": "<table><tr><td>" * (SIZE // 15) + "a",
    "margins": '<p style="margin-top:100000em;padding-left:100000em">a</p>' * 8_000,
    "styles": "".join(f'<p style="color:#{at:06x};font-size:0">' for at in range(12_000)),
    "open tags": "<a " * 50_000,
    "open tags and quotes": "<a ='\"" * 13_000,
    "open attributes": "<a " + "x=" * 80_000 + ">",
    "comments": "<!--" * 40_000,
    "declarations": "<!a" * 50_000,
    "end tags": "</" * 80_000,
    "end tags of nothing": "<span>" * 190 + "<div></span>" * 13_000,
    "scripts": "<script>" * 80_000,
    "titles": "<title>" * 24_000,
    "addresses": "<a@" * 50_000,
    "references": "&" * SIZE,
    "a long reference": "&#" + "1" * SIZE,
    "quotes": "<blockquote>" * 5_000 + "a" + "<br>b" * 24_000,
    "undecided quotes": "<div style='border-left:1px solid'>" * 12_000,
    "signatures": "a<div class=signature>x</div>b" * 16_000,
    "links": "<p><a href='https://x.example/" + "x" * 15_000 + "'>" + "<p>x" * 60_000,  # in a quarter, too
    "large": "<p>слово</p>" * 250_000,
    "one line": "слово " * 500_000,
    "image in the text": f'<p>раз<img src="data:image/png;base64,{"A" * 2_000_000}">два</p>',
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages(page: str) -> None:
    """Nothing a stranger writes takes long or grows out of proportion."""
    assert find_growth(html_to_text, page, slow=8) == ""
    assert len(html_to_text(page)) <= 10 * min(len(page), MAX_PAGE)


def test_words_survive_deep_nesting() -> None:
    """What is nested deeper than we look, or stands beside an image of megabytes, is still read."""
    assert html_to_text(HOSTILE["nested"]) == "слова"
    assert html_to_text(HOSTILE["image in the text"]) == "раздва"
    assert html_to_text("<div>" * 500 + "a</div>b" + "</div>" * 499 + "c") == "a\nb\nc"


def test_a_letter_of_html_is_read_through() -> None:
    """`parse` gives the text of an HTML letter as it is read here."""
    octets = b"From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n<p>a</p><blockquote>b</blockquote>"
    assert parse(octets).text == "a\n\n> b"
