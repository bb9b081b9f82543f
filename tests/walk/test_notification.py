"""The whole notification, as agents read it: who reads a reply, whose request, which terms, what next, words and files."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest

from maild.outbox.serialize import serialize
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import hide_tokens
from tests.walk.stage import IVAN, SUPPORT, letter, reply, to
from tests.walk.steered import open_steered

OLGA = "Ольга <olga@romashka.example>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)

FIRST = """\
##- Ответ выше этой строки прочитает клиент: Ольга <olga@romashka.example> -##

Новое обращение ACME-1: Не могу войти
От: Ольга <olga@romashka.example>
Клиент: ООО «Ромашка», уровень Базовый
Ответить до 17:00 понедельника, 23 ноября (МСК) (через 8 часов)
Решить до 15:00 среды, 25 ноября (МСК) (через 2 дня 6 часов)
Дальше: никто не взял: #взять или просто ответьте
Место в очереди: 1 из 1

Клиенту предложены готовые ответы:
– Как восстановить пароль

Письмо клиента:
Забыл пароль, вот что пишет:

--\x20
Заметка для коллег, которую клиент не увидит: support+…@acme.example
Ваш ответ на это письмо уйдёт клиенту без цитаты. Обращение ACME-1, ваш код …
"""
LATER = """\
##- Ответ выше этой строки прочитает клиент: Ольга <olga@romashka.example> -##

Новое письмо в обращении ACME-1: Не могу войти
От: Ольга <olga@romashka.example>
Клиент: ООО «Ромашка», уровень Базовый
Исполнитель: Иван Иванов
Ответить до 18:00 вторника, 24 ноября (МСК) (через 8 часов)
Решить до 15:00 четверга, 26 ноября (МСК) (через 2 дня 5 часов)
Дальше: ответа ждали с 10:00 понедельника, 23 ноября (МСК), он пришёл: теперь отвечать нам

Письмо не приходит.

Раньше в этом обращении:
09:00 понедельника, 23 ноября (МСК), Ольга: Забыл пароль, вот что пишет:
10:00 понедельника, 23 ноября (МСК), Иван Иванов: Нажмите «Забыли пароль?» и ждите письма.

--\x20
Заметка для коллег, которую клиент не увидит: support+…@acme.example
Ваш ответ на это письмо уйдёт клиенту без цитаты. Обращение ACME-1, ваш код …
"""


@pytest.fixture
def desk() -> Rehearsal:
    return open_steered()


def with_files() -> bytes:
    """Return a letter that shows a picture in its words and has a file beside them."""
    page = '<p>Забыл пароль, вот что пишет:</p><p><img src="cid:shot@mua.example" alt="снимок"></p>'
    octets = letter("Забыл пароль, вот что пишет:", author=OLGA, subject="Не могу войти", html=page)
    message: EmailMessage = email.message_from_bytes(octets, _class=EmailMessage, policy=default)
    body = message.get_body(("html",))
    assert body is not None
    body.add_related(PNG, "image", "png", cid="<shot@mua.example>", filename="shot.png", disposition="inline")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="договор.pdf")
    return serialize(message)


def text_of(sent: list[SentLetter]) -> str:
    """Return the words that Ivan reads, without tokens."""
    return hide_tokens(to(sent, IVAN).message.text) + "\n"


def test_all_that_an_agent_needs_stands_in_it_in_order(desk: Rehearsal) -> None:
    """Who reads a reply; the request, its client, terms, what next, its place; answers suggested; words; where notes go."""
    with desk:
        sent = desk.deliver(with_files(), SUPPORT)
        first = to(sent, IVAN)
        assert text_of(sent) == FIRST
        message = email.message_from_bytes(first.octets, policy=default)
        assert isinstance(message, EmailMessage)
        page = message.get_body(("html",))
        assert page is not None
        assert 'src="cid:shot@mua.example"' in page.get_content()
        assert "<br>Дальше: никто не взял: #взять или просто ответьте" in page.get_content()
        assert [one.get_filename() for one in message.iter_attachments()] == ["договор.pdf"]

        desk.advance(timedelta(hours=1))
        answered = desk.deliver(reply(first, "Нажмите «Забыли пароль?» и ждите письма.", author=IVAN), SUPPORT)
        desk.advance(timedelta(days=1))
        sent = desk.deliver(reply(to(answered, OLGA), "Письмо не приходит.", author=OLGA, quote=False), SUPPORT)
        assert text_of(sent) == LATER
