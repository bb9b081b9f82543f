"""`#отправлено`: the customer reads how papers were sent and under which number; the history keeps it."""

import pytest

from maild.model import Status
from maild.rehearsal import SentLetter
from maild.sla.target import Moment
from tests.walk.served import IVAN_ADDRESS, OLGA, open_served, order, running
from tests.walk.stage import events, summary, ticket, to
from tests.walk.test_orders import RECEIPT, lines, opened

OLGA_ADDRESS = OLGA.partition("<")[2].rstrip(">")


def text_of(sent: list[SentLetter]) -> str:
    """The words of the answer, without what stands below them."""
    text = to(sent, OLGA_ADDRESS).message.text
    return text.partition("\n\nООО")[0].strip()


@pytest.mark.parametrize(
    ("language", "line", "words", "receipt"),
    [
        (
            "ru",
            "#отправлено заказным письмом, РПО 80084712345678",
            "Здравствуйте!\n\nДокументы отправлены заказным письмом. Номер отправления: 80084712345678.",
            "Сделано: #отправлено заказным письмом, РПО 80084712345678 (заказным письмом, 80084712345678)",
        ),
        (
            "uk",
            "#надіслано рекомендованим листом 0504312345678",
            "Вітаємо!\n\nДокументи надіслано рекомендованим листом. Номер відправлення: 0504312345678.",
            "Зроблено: #надіслано рекомендованим листом 0504312345678 (рекомендованим листом, 0504312345678)",
        ),
        (
            "en",
            "#dispatched by courier",
            "Hello!\n\nThe documents have been sent by courier.",
            "Done: #dispatched by courier (by courier)",
        ),
        (
            "ru",
            "#отправлено 80084712345678",
            "Здравствуйте!\n\nДокументы отправлены. Номер отправления: 80084712345678.",
            "Сделано: #отправлено 80084712345678 (80084712345678)",
        ),
    ],
)
def test_the_customer_gets_one_letter(language: str, line: str, words: str, receipt: str) -> None:
    """It is an answer like any other, and the agent sees what it says."""
    with open_served(organization=f'language = "{language}"') as desk:
        sent = order(desk, opened(desk), line)
        assert text_of(sent) == words
        told = to(sent, IVAN_ADDRESS).message.text
        assert receipt in told.splitlines()
        assert words.partition("\n\n")[2] in told
        assert Moment.ANSWERED not in running(desk)


def test_an_agents_own_words_come_first() -> None:
    """No second greeting; and with the command that resolves it all is said in one letter."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "Ольга, спасибо за работу!\n#отправлено курьером\n#решено")
        assert text_of(sent) == "Ольга, спасибо за работу!\n\nДокументы отправлены курьером."
        assert ticket(desk).status is Status.RESOLVED
        assert [one.text for one in events(desk) if one.kind == "dispatched"] == ["courier"]


def test_what_takes_the_words_for_itself_says_otherwise() -> None:
    """The customer would not hear of what was sent."""
    with open_served() as desk:
        sent = order(desk, opened(desk), "#отправлено курьером\n#продлить 72ч")
        assert lines(sent)[0].startswith("Не сделано: #отправлено курьером (этому противоречит #продлить")
        assert summary(sent) == [RECEIPT]
