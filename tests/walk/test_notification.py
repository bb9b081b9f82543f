"""The whole notification, as agents read it: who reads a reply, whose request, which terms, what next, words and files."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest

from maild.outbox.serialize import serialize
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import hide_tokens
from tests.walk import stage
from tests.walk.served import open_served
from tests.walk.stage import ANNA, IVAN, SUPPORT, letter, reply, to
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


# ── whose request it is ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("identity", "client", "said"),
    [
        ("", "", False),
        ('unknown = "ask"', "", True),
        ("", '[organization.acme.client.lutik]\nname = "ИП Лютиков"\n', True),
    ],
    ids=["nobody can be known", "who are asked", "not one of the clients"],
)
def test_nobody_is_called_unknown_where_nobody_can_be_known(identity: str, client: str, said: bool) -> None:
    """A desk that serves everybody and has no register is not told with every letter that it does not know them."""
    config = f"{stage.CONFIG}\n[organization.acme.identity]\n{identity}\n{client}"
    with stage.open_desk(config) as desk:
        told = to(desk.deliver(letter("Не печатает.", author=ANNA), SUPPORT), "ivan@staff.example")
        assert ("Клиент не опознан" in told.message.text) is said


def test_a_stranger_is_asked_for_no_coupon_where_there_are_none() -> None:
    """Asked and refused alike, and what the register has decides it."""
    with open_served(identity='unknown = "ask"') as desk:  # coupons and no taxpayer numbers
        told = to(desk.deliver(letter("Не печатает.", author=ANNA), SUPPORT), "anna@client.example")
        assert "код купона, номер договора или название организации." in told.message.text
    for unknown in ("ask", "refuse"):
        client = '[organization.acme.client.lutik]\nname = "ИП Лютиков"\ninn = "7707083893"\n'
        config = f'{stage.CONFIG}\n[organization.acme.identity]\nunknown = "{unknown}"\n{client}'
        with stage.open_desk(config) as desk:
            told = to(desk.deliver(letter("Не печатает.", author=ANNA), SUPPORT), "anna@client.example")
            assert "номер договора или название организации и её ИНН." in told.message.text
            assert "купон" not in told.message.text
