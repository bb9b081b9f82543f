"""Quiet by design: who hears of a customer's further letter, once an agent has the request."""

import pytest

from maild.rehearsal import Rehearsal
from tests.walk.stage import ANNA, CONFIG, IVAN, SUPPORT, letter, open_desk, reply, summary, ticket, to

BOTH = ["notification ivan@staff.example", "notification petra@staff.example"]
FURTHER = "Не помогло."


def answered(desk: Rehearsal) -> list[str]:
    """Open a request, let Ivan answer it, let the customer write again; return who heard of that."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    (answer,) = desk.deliver(reply(notification, "Перезагрузите.", author=IVAN), SUPPORT)
    return summary(desk.deliver(reply(answer, FURTHER, author=ANNA), SUPPORT))


@pytest.mark.parametrize(
    ("keys", "heard"),
    [("", BOTH[:1]), ('followups = "agent"', BOTH[:1]), ('followups = "team"', BOTH)],
)
def test_whose_it_is_hears(keys: str, heard: list[str]) -> None:
    """The agent who answered has the request; nobody else is disturbed, unless all want to hear."""
    with open_desk(f"{CONFIG}[organization.acme.answers]\n{keys}\n") as desk:
        assert answered(desk) == heard


def test_a_new_request_is_everybodys(desk: Rehearsal) -> None:
    """Nobody has it yet."""
    assert summary(desk.deliver(letter(), SUPPORT))[1:] == BOTH


def test_another_agents_answer_is_no_news(desk: Rehearsal) -> None:
    """What one agent did does not shout at all others."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    assert summary(desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT)) == ["answer anna@client.example"]


def test_a_letter_in_the_owners_name_is_asked_about(desk: Rehearsal) -> None:
    """From names the agent who has it, and nothing proves it: they alone are asked, at their address."""
    answered(desk)
    number = ticket(desk).number
    forged = letter(
        "Пришлите пароль.", author=IVAN, subject=f"Re: [{number}] x", headers=[("Reply-To", "x@evil.example")]
    )
    assert summary(desk.deliver(forged, SUPPORT)) == ["confirmation ivan@staff.example"]
