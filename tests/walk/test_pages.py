"""A customer's HTML reaches the agents with its tables and pictures, and with nothing that runs, fetches or hides."""

import email
from email.message import EmailMessage
from email.policy import default

import pytest

from maild.outbox.serialize import serialize
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import find_tokens
from tests.walk.stage import ANNA, IVAN, SUPPORT, ended, letter, open_desk, outside, reply, to

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PAGE = """<html><head><style>.x{background:url(https://tracker.test/s)}</style></head><body onload="alert(1)">
<p>Ошибка в <b>отчёте</b>:</p><table><tr><td>Склад</td><td>Остаток</td></tr></table>
<img src="https://tracker.test/pixel.gif" width="1" height="1"><script>alert(2)</script>
<img src="cid:shot@mua.example" alt="снимок"><a href="javascript:alert(3)">сюда</a></body></html>"""

TEXT = "Ошибка в отчёте:\nСклад\tОстаток\nсюда"


def with_picture(page: str = PAGE, media_type: str = "png", cid: str = "shot@mua.example") -> bytes:
    """Return an HTML letter with a picture pasted into it."""
    message: EmailMessage = email.message_from_bytes(letter(TEXT, html=page), _class=EmailMessage, policy=default)
    body = message.get_body(("html",))
    assert body is not None
    body.add_related(PNG, "image", media_type, cid=f"<{cid}>", filename="shot.png", disposition="inline")
    return serialize(message)


def notification(sent: list[SentLetter]) -> EmailMessage:
    """Return what Ivan was sent, as his mail client reads it."""
    message = email.message_from_bytes(to(sent, IVAN).octets, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def shown(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def desk() -> Rehearsal:
    return open_desk()


def test_tables_and_pictures_are_shown_in_place(desk: Rehearsal) -> None:
    """The picture lies beside the page that shows it, and is no file beside the letter."""
    with desk:
        message = notification(desk.deliver(with_picture(), SUPPORT))
    assert "<td>Остаток</td>" in shown(message)
    assert 'src="cid:shot@mua.example"' in shown(message)
    (related,) = [part for part in message.walk() if part.get_content_type() == "multipart/related"]
    (picture,) = [part for part in related.iter_parts() if part.get_content_type() == "image/png"]
    assert (picture["Content-ID"], picture.get_content()) == ("<shot@mua.example>", PNG)
    assert list(message.iter_attachments()) == []


@pytest.mark.parametrize("bad", ["script", "onload", "tracker.test", "javascript", "<style>.x"])
def test_nothing_live_is_sent_on(desk: Rehearsal, bad: str) -> None:
    """Scripts, handlers, styles, counting pictures and links that run stay behind."""
    with desk:
        assert bad not in shown(notification(desk.deliver(with_picture(), SUPPORT)))


def test_a_picture_that_is_not_shown_stays_a_file(desk: Rehearsal) -> None:
    """Nothing that was attached is lost because the page does not show it; and what can run is never shown."""
    with desk:
        unseen = notification(desk.deliver(with_picture(page=f"<p>{TEXT}</p>"), SUPPORT))
        live = notification(desk.deliver(with_picture(media_type="svg+xml"), SUPPORT))
        odd = notification(desk.deliver(with_picture(cid="кадр@mua.example"), SUPPORT))
    for message in (unseen, live, odd):
        assert [part.get_filename() for part in message.iter_attachments()] == ["shot.png"]


def test_the_page_of_an_answer_hides_its_tokens(desk: Rehearsal) -> None:
    """The key in a customer's quotation is for the customer alone; the agent's own, for answers and notes, are all there are."""
    with desk:
        (ack,) = outside(desk.deliver(letter(), SUPPORT))
        (token,) = find_tokens(ack.message.text)
        page = f'<p>Да.</p><blockquote>Ваш код {token} <a href="mailto:support+{token}@acme.example">x</a></blockquote>'
        message = notification(desk.deliver(reply(ack, "Да.", author=ANNA, html=page), SUPPORT))
    assert "Да." in shown(message)
    assert str(token) not in shown(message)
    assert sorted(one.note for one in set(find_tokens(shown(message)))) == [False, True]


def test_an_answer_in_html_alone_quotes_nothing_to_the_customer(desk: Rehearsal) -> None:
    """The agent's client quotes the page, table included; the customer has the words above the marker."""
    with desk:
        got = to(desk.deliver(with_picture(), SUPPORT), IVAN)
        quoted = shown(email.message_from_bytes(got.octets, policy=default))
        html = f'<div>Уже чиним.</div><div>пн, 23 нояб. 2026 г. в 09:10, Анна:<br></div><blockquote type="cite">{quoted}</blockquote>'
        answer = reply(got, "", author=IVAN, quote=False, html=html).replace(
            b"multipart/alternative", b"multipart/mixed", 1
        )
        (sent,) = outside(desk.deliver(answer, SUPPORT))
        assert ended(desk) == "appended"
    assert "Уже чиним." in sent.message.text
    assert "Остаток" not in sent.message.text
    assert "Остаток" not in (sent.message.html or "")


def test_a_letter_without_html_is_shown_by_its_words(desk: Rehearsal) -> None:
    """Angle brackets and line breaks of plain text are shown as they are."""
    with desk:
        message = notification(desk.deliver(letter("Поле <b> пустое\nи всё"), SUPPORT))
    assert "Поле &lt;b&gt; пустое<br>и всё" in shown(message)


@pytest.mark.parametrize("page", ['<img src="https://x.test/words.png">', "<p>Ваша программа не показывает письма</p>"])
def test_words_that_the_page_does_not_show_are_shown(desk: Rehearsal, page: str) -> None:
    """The words are in the text only: whoever reads the HTML must see them all the same."""
    with desk:
        assert "Договор 77 расторгнут" in shown(
            notification(desk.deliver(letter("Договор 77 расторгнут.", html=page), SUPPORT))
        )


@pytest.mark.parametrize(("above", "sent"), [("", []), ('<img src="cid:pasted@outlook">', ["shot.png"])])
def test_a_quoted_picture_goes_to_nobody(desk: Rehearsal, above: str, sent: list[str]) -> None:
    """Clients send what they quote along with the answer: Anna's picture is not for Boris. What an agent pasted is."""
    with desk:
        told = to(desk.deliver(with_picture(), SUPPORT), IVAN)
        quote = shown(notification([told])).replace("shot@mua.example", "pasted@outlook")
        raw = reply(told, "Готово.", author=IVAN, html=f"<p>Готово.</p>{above}<blockquote>{quote}</blockquote>")
        answer = email.message_from_bytes(raw, _class=EmailMessage, policy=default)
        body = answer.get_body(("html",))
        assert body is not None
        body.add_related(PNG, "image", "png", cid="<pasted@outlook>", filename="shot.png", disposition="inline")
        (out,) = outside(desk.deliver(serialize(answer), SUPPORT))
    assert [attachment.name for attachment in out.message.attachments] == sent
