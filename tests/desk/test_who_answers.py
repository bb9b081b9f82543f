"""Whose name a customer sees beside our address, who else gets the answer, and what the agent is told of it."""

import pytest

from maild.rehearsal import Rehearsal
from tests.walk.stage import CONFIG, IVAN, SUPPORT, events, letter, open_desk, reply, summary, ticket, to

TEAM = """
[organization.acme.team.first]
name = "Первая линия"
agents = ["ivan"]
[organization.acme.rule.printers]
when.words = "принтер"
then.team = "first"
"""
ANSWERED = "answer anna@client.example"


def config(**answers: str) -> str:
    keys = "".join(f"{key} = {value}\n" for key, value in answers.items())
    return f"{CONFIG}{TEAM}[organization.acme.answers]\n{keys}"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("agent", "Иван Иванов (ООО «Акме»)"),
        ("team", "Первая линия (ООО «Акме»)"),
        ("organization", "ООО «Акме»"),
    ],
)
def test_the_name_beside_our_address(sender: str, name: str) -> None:
    """As configured; the address is the mailbox's whoever writes, and the agent's own stands nowhere in the octets."""
    with open_desk(config(sender=f'"{sender}"')) as desk:
        notification = to(desk.deliver(letter(), SUPPORT), IVAN)
        (answer,) = desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT)
    author = answer.message.author
    assert author is not None, "our letters have a From"
    assert (author.name, author.addr) == (name, "support@acme.example")
    assert [one.name for one in answer.message.reply_to] == ["ООО «Акме»"]
    assert b"staff.example" not in answer.octets
    assert not {"sender", "received", "x-mailer", "return-path"} & {key for key, _ in answer.message.headers}


def test_a_request_without_a_team_is_the_organisations() -> None:
    """There is no name of a team then."""
    with open_desk(config(sender='"team"')) as desk:
        notification = to(desk.deliver(letter("Горит", subject="Лампа"), SUPPORT), IVAN)
        (answer,) = desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT)
    assert answer.message.author is not None
    assert answer.message.author.name == "ООО «Акме»"


def answered_with_copy(desk: Rehearsal, *copied: str) -> tuple[list[str], str]:
    """Answer with people in Cc; return who got what, and what the receipt says (empty: there is none)."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    octets = reply(notification, "Готово.\nПроверьте.", author=IVAN, headers=[("Cc", ", ".join(copied))])
    sent = desk.deliver(octets, SUPPORT)
    receipt = "".join(one.message.text for one in sent if one.purpose == "receipt")
    return summary(sent), receipt


def test_whom_an_agent_copies_takes_part(desk: Rehearsal) -> None:
    """They get the answer as everybody does, see who else got it, may write, and the receipt names them."""
    sent, receipt = answered_with_copy(desk, "Пётр <petr@supplier.example>", "anna@client.example", "help@acme.example")
    assert sent == [ANSWERED, "answer petr@supplier.example", "receipt ivan@staff.example"]
    assert (
        "Получатели: Анна Петрова <anna@client.example>, Пётр <petr@supplier.example>\n\nГотово.\nПроверьте." in receipt
    )
    assert "Текст вашего письма отправлен клиенту." in receipt
    assert "petr@supplier.example" in [one.address.addr for one in ticket(desk).participants]
    assert any("petr@supplier.example" in one.text for one in events(desk))


def test_whom_an_answer_with_commands_copies_takes_part_once(desk: Rehearsal) -> None:
    """What brings them along is the answer; the command beside it changes nothing about that."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    answer = reply(notification, "Готово.\n#время 5м", author=IVAN, headers={"Cc": "petr@supplier.example"}.items())
    assert summary(desk.deliver(answer, SUPPORT)) == [
        ANSWERED, "answer petr@supplier.example", "receipt ivan@staff.example"
    ]  # fmt: skip
    joined = [one.address.addr for one in ticket(desk).participants]
    assert joined.count("petr@supplier.example") == 1


@pytest.mark.parametrize("colleague", ["petra@staff.example", "boss@staff.example", "other@acme.example"])
def test_colleagues_in_copy_do_not(desk: Rehearsal, colleague: str) -> None:
    """Nobody of our domains becomes a participant: the customer would see a private address."""
    assert answered_with_copy(desk, colleague) == ([ANSWERED], "")


@pytest.mark.parametrize(("receipts", "expected"), [("true", True), ("false", False)])
def test_receipts_of_plain_answers(receipts: str, expected: bool) -> None:
    """Where they are wanted: exactly what the customer reads, and no line about commands."""
    with open_desk(config(receipts=receipts)) as desk:
        notification = to(desk.deliver(letter(), SUPPORT), IVAN)
        sent = desk.deliver(reply(notification, "Готово.\n\n-- \nИван\nivan@staff.example", author=IVAN), SUPPORT)
    assert (summary(sent) == [ANSWERED, "receipt ivan@staff.example"]) is expected
    if expected:
        receipt = to(sent, IVAN).message.text
        assert "Получатели: Анна Петрова <anna@client.example>\n\nГотово.\n\n-- \n" in receipt
        assert "Сделано" not in receipt


def test_a_receipt_of_commands_shows_the_words(desk: Rehearsal) -> None:
    """What stood beside the commands, as it was sent: without them."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    sent = desk.deliver(reply(notification, "#взять\nГотово.", author=IVAN), SUPPORT)
    assert "Остальной текст вашего письма отправлен клиенту." in to(sent, IVAN).message.text
    assert "Получатели: Анна Петрова <anna@client.example>\n\nГотово.\n" in to(sent, IVAN).message.text
    assert "взять" not in to(sent, "anna@client.example").message.text
