"""Answers that an agent writes into the quotation: they reach the customer with what they answer, or the agent is told."""

import textwrap

import pytest

from maild.desk.theirs import squeeze
from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, open_served
from tests.walk.stage import SUPPORT, letter, open_desk, reply, reply_address, summary, ticket, to
from tests.walk.test_trust import PHONE, TRUSTING

ASKED = "Здравствуйте!\nГорит красная лампочка.\nИ сканер не берёт бумагу, хотя вчера он её брал, а позавчера и подавно брал.\nЧто делать?"
IVAN = f"Иван Иванов <{IVAN_ADDRESS}>"
OLGA_ADDRESS = "olga@romashka.example"
NOTE = "Клиент скандалит, осторожно."


def opened(desk: Rehearsal) -> SentLetter:
    """Return Ivan's notification of the customer's second letter, which holds a note for colleagues, too."""
    sent = desk.deliver(letter(ASKED, author=OLGA), SUPPORT)
    desk.deliver(reply(to(sent, HEAD_ADDRESS), f"#заметка {NOTE}", author=f"Петра <{HEAD_ADDRESS}>"), SUPPORT)
    again = desk.deliver(reply(to(sent, OLGA_ADDRESS), ASKED.replace("красная", "жёлтая"), author=OLGA), SUPPORT)
    notified = to(again, IVAN_ADDRESS)
    assert NOTE in notified.message.text
    return notified


def quoted(
    notification: SentLetter, answers: dict[str, str], *, mark: str = "> ", above: str = "", width: int = 500
) -> str:
    """Return the quotation of a notification, with answers below the lines that begin so; longer lines wrapped without a mark."""
    body = [f"{above}\n\n23.11.2026 09:10, ООО «Акме» пишет:"]
    for line in notification.message.text.splitlines():
        body += textwrap.wrap(f"{mark}{line}", width) or [mark.rstrip()]
        body += [answer for begins, answer in answers.items() if line.startswith(begins)]
    return "\n".join(body)


def answer(desk: Rehearsal, notification: SentLetter, body: str) -> list[SentLetter]:
    return desk.deliver(reply(notification, body, author=IVAN, quote=False), SUPPORT)


def words(sent: list[SentLetter]) -> str:
    """Return what the customer reads of the answer."""
    return to(sent, OLGA_ADDRESS).message.text.partition("\n\nООО «Акме»")[0].strip()


def not_sent(sent: list[SentLetter]) -> list[str]:
    """Return the lines that the receipt says were not sent."""
    receipt = next(one for one in sent if one.purpose is Purpose.RECEIPT).message
    told = receipt.text.partition("Не отправлено, потому что стоит внутри цитаты (строк: ")[2]
    count, _, rest = told.partition("). Если это для клиента, напишите выше цитаты:\n")
    lines = rest.partition("\n-- \n")[0].strip().splitlines()
    assert int(count) == len(lines)
    assert all(line in (receipt.html or "") for line in lines)
    return lines


ANSWERS = {
    "Горит жёлтая": "Замените картридж.\n\nОн в шкафу.",
    "Что делать": "Позвонить нам.\nДа, или подождать.",
    "Ваш ответ на": "Всего доброго!\n-- \nИван Иванов\n+7 495 000-00-00",
}


@pytest.mark.parametrize("mark", ["> ", ">", "| "])
@pytest.mark.parametrize("width", [500, 72, 40])
def test_answers_between_the_lines_reach_the_customer_in_order(mark: str, width: int) -> None:
    """With the customer's own lines above each; nothing else of the quotation, were it ever so wrapped, and no signature."""
    with open_served() as desk:
        notification = opened(desk)
        sent = answer(desk, notification, quoted(notification, ANSWERS, mark=mark, above="Добрый день!", width=width))
        assert summary(sent) == [f"answer {OLGA_ADDRESS}"]
        got = words(sent)
        assert got.startswith(
            "Добрый день!\n\n> Здравствуйте!\n> Горит жёлтая лампочка.\nЗамените картридж.\n\nОн в шкафу.\n\n> И сканер"
        )
        assert got.endswith("> Что делать?\nПозвонить нам.\nДа, или подождать.\n\nВсего доброго!")
        assert all(line in squeeze(ASKED) for line in map(squeeze, got.splitlines()) if line.startswith(">"))
        for internal in (NOTE, "Срок", "Ромашка", "support+", "495"):
            assert internal not in got


def test_below_the_quotation_alone() -> None:
    """Who answers at the bottom is heard, too."""
    with open_served() as desk:
        notification = opened(desk)
        sent = answer(desk, notification, quoted(notification, {"Ваш ответ на": "\nЗамените картридж."}))
        assert words(sent) == "Замените картридж."


def test_words_in_a_quotation_without_marks_come_back_to_the_agent() -> None:
    """Nobody can tell them from the rest for certain, so they are not sent, and the agent reads which; receipts or none."""
    with open_served() as desk:
        notification = opened(desk)
        body = quoted(notification, {"Горит жёлтая": "КАРТРИДЖ ПРИВЕЗУТ"}, mark="", above="Ответы внутри.")
        sent = answer(desk, notification, body)
        assert words(sent) == "Ответы внутри."
        assert not_sent(sent) == ["КАРТРИДЖ ПРИВЕЗУТ"]


def test_a_link_in_an_answer_is_no_noise() -> None:
    """It stands there as it was written; only what clients themselves put beside our addresses and pictures is left out."""
    with open_served() as desk:
        notification = opened(desk)
        answers = {
            "Горит жёлтая": "Смотрите https://acme.example/faq, там есть.",
            "Что делать": "https://acme.example/contacts",
            "От: ": "olga@romashka.example<mailto:olga@romashka.example>\n[cid:logo.png]\n<https://out.example/x>",
        }
        sent = answer(desk, notification, quoted(notification, answers))
        assert summary(sent) == [f"answer {OLGA_ADDRESS}"]
        assert [line for line in words(sent).splitlines() if line and not line.startswith(">")] == [
            "Смотрите https://acme.example/faq, там есть.",
            "https://acme.example/contacts",
        ]


@pytest.mark.parametrize("mark", ["> ", ""])
@pytest.mark.parametrize("width", [500, 72])
def test_an_answer_above_a_whole_quotation_is_nobodys_news(mark: str, width: int) -> None:
    """Wrapped or not, marked or not: nothing is missing, and no receipt comes."""
    with open_served() as desk:
        notification = opened(desk)
        sent = answer(desk, notification, quoted(notification, {}, mark=mark, above="Готово.", width=width))
        assert (summary(sent), words(sent)) == ([f"answer {OLGA_ADDRESS}"], "Готово.")


def test_a_command_in_the_quotation_orders_nothing() -> None:
    """It stays what it is, a line in a quotation; the agent hears of it."""
    with open_served() as desk:
        notification = opened(desk)
        sent = answer(desk, notification, quoted(notification, {"Горит жёлтая": "#закрыть"}, above="Готово."))
        assert (ticket(desk, 1).status, not_sent(sent)) == (Status.WAITING, ["#закрыть"])


def test_a_quotation_of_nobody_knows_which_letter() -> None:
    """Without our letter's id the rest of a wrapped line of ours might be taken for the agent's: nothing of it is sent."""
    with open_served() as desk:
        notification = opened(desk)
        body = quoted(notification, ANSWERS, above="Готово.")
        subject = f"Re: {notification.message.subject}"
        sent = desk.deliver(letter(body, author=IVAN, to=reply_address(notification.message), subject=subject), SUPPORT)
        assert words(sent) == "Готово."
        assert not_sent(sent)[:2] == ["Замените картридж.", "Он в шкафу."]


def test_of_a_very_long_letter_nothing_is_sent() -> None:
    """What stands at its end is not compared any more: a note that the client has wrapped might be taken for the agent's."""
    with open_served() as desk:
        sent = desk.deliver(
            letter("\n".join(f"{n} {'Очень длинная строка журнала. ' * 20}" for n in range(200)), author=OLGA), SUPPORT
        )
        desk.deliver(
            reply(to(sent, HEAD_ADDRESS), f"#заметка {NOTE}", author=f"Петра <{HEAD_ADDRESS}>", quote=False), SUPPORT
        )
        again = desk.deliver(
            reply(
                to(sent, OLGA_ADDRESS),
                "\n".join(f"{n} {'Ещё более длинная строка. ' * 20}" for n in range(250)),
                author=OLGA,
                quote=False,
            ),
            SUPPORT,
        )
        notification = to(again, IVAN_ADDRESS)
        lines = [f"> {line}" for line in notification.message.text.splitlines()]
        body = "\n".join(lines).replace(NOTE, f"\n{NOTE}")
        assert f"\n{NOTE}" in body
        sent = answer(desk, notification, f"Готово.\n\n23.11.2026 09:10, ООО «Акме» пишет:\n{body}")
        assert words(sent) == "Готово."


def test_a_yes_sends_no_word_of_the_quotation() -> None:
    """The question whether a letter is theirs showed the agent what stands above it."""
    with open_desk(TRUSTING) as desk:
        notification = to(desk.deliver(letter(ASKED), SUPPORT), "ivan@staff.example")
        body = quoted(notification, {"Горит красная": "Замените картридж."}, above="Готово.")
        asked = desk.deliver(reply(notification, body, author=PHONE, quote=False), SUPPORT)
        sent = desk.deliver(reply(to(asked, "ivan@staff.example"), "да", author="ivan@staff.example"), SUPPORT)
        assert "картридж" not in to(sent, "anna@client.example").message.text
        assert not_sent(sent) == ["Замените картридж."]
