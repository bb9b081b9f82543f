"""An answer that cannot be delivered: whoever wrote it hears at once, and the request is ours again."""

from datetime import timedelta

import pytest

from maild.errors import DeliveryError, Permanent, Transient
from maild.model import Outgoing, Purpose, Status
from maild.rehearsal import Rehearsal
from maild.sla.target import Moment
from maild.store.chases import find_chase
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, open_served, running, write
from tests.walk.stage import SUPPORT, letter, reply, summary, ticket, to
from tests.walk.test_machines import bounce

OLGA_ADDRESS = "olga@romashka.example"
HEAD = f"Петра <{HEAD_ADDRESS}>"
IVAN = f"Иван <{IVAN_ADDRESS}>"
TOLD = {IVAN: [f"notification {IVAN_ADDRESS}"], HEAD: [f"notification {HEAD_ADDRESS}"]}


def refused(out: Outgoing) -> DeliveryError | None:
    """What our own server says of an answer."""
    return Permanent("550 no such user", code=550) if out.purpose is Purpose.ANSWER else None


def undelivered(desk: Rehearsal, text: str, author: str, *, refuse: bool) -> list[str]:
    """Answer so that the answer does not arrive, refused at once or returned; return who hears of it, and see why."""
    sent = write(desk)
    mine = reply(to(sent, author.partition("<")[2].strip(">")), text, author=author)
    desk._stage.refuse = refused if refuse else lambda _out: None
    told = desk.deliver(mine, SUPPORT)
    if not refuse:
        told = desk.deliver(bounce(next(one for one in told if one.purpose is Purpose.ANSWER)), SUPPORT)
    told = [one for one in told if one.purpose is Purpose.NOTIFICATION]
    assert all("Ваш ответ клиенту не доставлен: " in one.message.text for one in told)
    assert all("550 no such user" in one.message.text for one in told)
    return summary(told)


@pytest.mark.parametrize("author", [IVAN, HEAD])
@pytest.mark.parametrize("refuse", [True, False])
@pytest.mark.parametrize("text", ["Замените картридж.", "Заменили.\n#решено", "Заменили.\n#закрыть"])
def test_its_writer_hears_and_the_request_is_ours_again(text: str, author: str, *, refuse: bool) -> None:
    """Whether our server refuses it or theirs returns it; nobody else hears, nobody waits for the customer."""
    with open_served() as desk:
        assert undelivered(desk, text, author, refuse=refuse) == TOLD[author]
        assert ticket(desk, 1).status is Status.OPEN
        with desk._office.database.read() as connection:
            assert find_chase(connection, 1) is None
        if text == "Замените картридж.":
            assert not any(one.resting for one in running(desk).values())
            assert Moment.RESOLVED in running(desk)


@pytest.mark.parametrize("refuse", [True, False])
def test_the_colleague_whose_request_it_is_not(refuse: bool) -> None:
    """The head answers in Ivan's request: it is the head's answer that is lost."""
    with open_served() as desk:
        sent = write(desk)
        desk.deliver(reply(to(sent, IVAN_ADDRESS), "#взять", author=IVAN), SUPPORT)
        desk._stage.refuse = refused if refuse else lambda _out: None
        told = desk.deliver(reply(to(sent, HEAD_ADDRESS), "Замените картридж.", author=HEAD), SUPPORT)
        if not refuse:
            told = desk.deliver(bounce(to(told, OLGA_ADDRESS)), SUPPORT)
        assert f"notification {HEAD_ADDRESS}" in summary(told)


@pytest.mark.parametrize("text", ["Замените картридж.", "Заменили.\n#решено"])
def test_an_answer_in_a_request_that_was_merged_since(text: str) -> None:
    """The one that it went into is ours again; the merged one stays closed."""
    with open_served() as desk:
        first, second = write(desk), write(desk, text="Мигает зелёная лампочка.", subject="Ещё вопрос")
        desk._stage.refuse = lambda out: Transient("451 later", code=451) if out.purpose is Purpose.ANSWER else None
        desk.deliver(reply(to(second, IVAN_ADDRESS), text, author=IVAN), SUPPORT)
        desk.deliver(reply(to(first, HEAD_ADDRESS), "#ждём клиента", author=HEAD), SUPPORT)
        desk.deliver(
            reply(to(second, IVAN_ADDRESS), "#открыть\n#взять" if "#" in text else "#взять", author=IVAN), SUPPORT
        )
        desk.deliver(reply(to(second, IVAN_ADDRESS), "#объединить с ACME-1", author=IVAN), SUPPORT)
        desk._stage.refuse = refused
        told = desk.advance(timedelta(hours=1))
        assert f"notification {IVAN_ADDRESS}" in summary(told)
        assert (ticket(desk, 1).status, ticket(desk, 2).status) == (Status.OPEN, Status.CLOSED)


VERA = "vera@romashka.example"


@pytest.mark.parametrize("refuse", [True, False])
@pytest.mark.parametrize("lost", [VERA, OLGA_ADDRESS])
@pytest.mark.parametrize(
    ("text", "stands"), [("Замените картридж.", Status.WAITING), ("Заменили.\n#решено", Status.RESOLVED)]
)
def test_the_request_is_ours_again_only_where_its_customer_has_no_answer(
    text: str, stands: Status, lost: str, *, refuse: bool
) -> None:
    """Whoever is copied goes without; the writer hears who did not get it, and the customer is waited for as before."""
    with open_served() as desk:
        raw = letter(author=OLGA, headers=[("Cc", VERA)])
        mine = reply(to(desk.deliver(raw, SUPPORT), IVAN_ADDRESS), text, author=IVAN)
        if refuse:
            desk._stage.refuse = lambda out: refused(out) if out.recipient == lost else None
        told = desk.deliver(mine, SUPPORT)
        if not refuse:
            answers = [one for one in told if one.purpose is Purpose.ANSWER]
            assert sorted(one.recipient for one in answers) == [OLGA_ADDRESS, VERA]
            told = desk.deliver(bounce(to(answers, lost)), SUPPORT)
        (notice,) = (one for one in told if one.purpose is Purpose.NOTIFICATION)
        assert notice.recipient == IVAN_ADDRESS
        first = notice.message.text.splitlines()
        if lost == OLGA_ADDRESS:
            assert any(line.startswith("Ваш ответ клиенту не доставлен: ") for line in first)
            assert ticket(desk, 1).status is Status.OPEN
        else:
            assert any(line.startswith(f"Копия вашего ответа не доставлена, {VERA}: ") for line in first)
            assert "550 no such user" in notice.message.text
            assert ticket(desk, 1).status is stands
            assert any(one.resting for one in running(desk).values()) is (stands is Status.WAITING)
