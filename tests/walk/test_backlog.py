"""What needs development: its customer hears that it is planned, and when the update is out; each of both once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from maild.desk.decision import Release
from maild.model import OutcomeKind, Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.store import releases
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, open_served
from tests.walk.stage import BORIS, SUPPORT, ended, events, letter, reply, summary, ticket, to
from tests.walk.test_orders import lines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIRMED = '[organization.acme.confirmation]\nwithin = "3d"\n'
OLGAS = "olga@romashka.example"


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    with open_served(organization=CONFIRMED) as desk:
        yield desk


def asked(desk: Rehearsal, author: str = OLGA, subject: str = "Импорт из Excel") -> SentLetter:
    """Return Ivan's notification of a suggestion."""
    return to(desk.deliver(letter("Добавьте, пожалуйста.", author=author, subject=subject), SUPPORT), IVAN)


def obey(desk: Rehearsal, notification: SentLetter, words: str) -> list[SentLetter]:
    return desk.deliver(reply(notification, words, author=IVAN), SUPPORT)


def body(sent: SentLetter) -> str:
    return sent.message.text.partition("\n-- \n")[0].rstrip()


def test_the_customer_hears_that_it_is_planned(desk: Rehearsal) -> None:
    """In words that promise no date; the request waits, its clocks rest, nobody is chased."""
    notification = asked(desk)
    sent = obey(desk, notification, "#доработка 5.2")
    assert summary(sent) == [f"planned {OLGAS}", f"receipt {IVAN_ADDRESS}"]
    told = to(sent, OLGA)
    assert told.message.subject == "Re: [ACME-1] Импорт из Excel"
    assert body(told) == (
        "Здравствуйте, Ольга!\n\n"
        "Пишем о вашем обращении ACME-1: для него нужна доработка. Мы внесли её в план обновления 5.2. Назвать срок пока не "
        "можем: когда обновление выйдет, мы сообщим вам об этом.\n\n"
        "Если вам есть что добавить, ответьте на это письмо.\n\n"
        "ООО «Акме»\nsupport@acme.example"
    )
    one = ticket(desk)
    assert (one.status, one.backlog, one.release) == (Status.WAITING, True, "5.2")
    assert all(clock.resting for clock in desk.clocks(one.id) if clock.running and clock.until == "resolved")
    assert summary(desk.advance(60 * DAY)) == []


def test_once(desk: Rehearsal) -> None:
    """Another release, or the same word again, tells nobody but the agent."""
    notification = asked(desk)
    obey(desk, notification, "#доработка")
    sent = obey(desk, notification, "#доработка 5.3")
    assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
    assert "доработка: в одном из обновлений → 5.3" in "\n".join(lines(sent))
    assert ticket(desk).release == "5.3"


def test_with_words_of_the_agents_own(desk: Rehearsal) -> None:
    """One letter says both."""
    sent = obey(desk, asked(desk), "Здравствуйте! Хорошая мысль.\n#доработка")
    assert summary(sent) == [f"answer {OLGAS}", f"receipt {IVAN_ADDRESS}"]
    assert body(to(sent, OLGA)) == (
        "Здравствуйте! Хорошая мысль.\n\n"
        "Для этого нужна доработка. Мы внесли её в план одного из следующих обновлений. Когда оно выйдет, мы сообщим вам об этом.\n\n"
        "ООО «Акме»\nsupport@acme.example"
    )
    assert (ticket(desk).status, ticket(desk).backlog) == (Status.WAITING, True)


def test_out_of_the_backlog(desk: Rehearsal) -> None:
    """It is worked on again, and no release tells of it."""
    notification = asked(desk)
    obey(desk, notification, "#доработка 5.2")
    sent = obey(desk, notification, "#доработка снять")
    assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
    assert (ticket(desk).status, ticket(desk).backlog) == (Status.OPEN, False)
    again = obey(desk, notification, "#доработка снять")
    assert "Не сделано: #доработка снять (обращение доработки не ждёт, снимать нечего)" in lines(again)
    refused = obey(desk, notification, "#выпуск 5.2")
    assert any("обновления 5.2 ни одно обращение не ждёт" in line for line in lines(refused))


def test_what_the_customer_writes_meanwhile(desk: Rehearsal) -> None:
    """A person reads it; it stays planned, and its customer hears of the update as all others."""
    told = to(obey(desk, asked(desk), "#доработка 5.2"), OLGA)
    sent = desk.deliver(reply(told, "А когда?", author=OLGA), SUPPORT)
    assert (ticket(desk).status, ticket(desk).backlog) == (Status.OPEN, True)
    obey(desk, to(sent, IVAN), "#выпуск 5.2")
    assert summary(desk.advance(HOUR)) == [f"updated {OLGAS}"]


def test_undo(desk: Rehearsal) -> None:
    """The command takes it back; the customer's letter has left, which the receipt says."""
    notification = asked(desk)
    obey(desk, notification, "#доработка 5.2")
    sent = obey(desk, notification, "#отмена")
    assert not ticket(desk).backlog
    assert any("доработка: 5.2 → нет" in line and "письмо уже ушло" in line for line in lines(sent))


def test_a_release(desk: Rehearsal) -> None:
    """Everybody who waits for it, in any spelling, hears in their own thread, and their requests are solved; others wait on."""
    first, second, third = asked(desk), asked(desk, BORIS), asked(desk, subject="Тёмная тема")
    obey(desk, first, "#доработка Лето-5")
    obey(desk, second, "#доработка лето-5")
    obey(desk, third, "#доработка 5.3")
    with desk._office.database.write() as connection:
        releases.ship(connection, "acme", Release(name="ЛЕТО-5", notes="Импорт на вкладке «Файл»."), desk.now)
        releases.ship(connection, "beta", Release(name="5.3"), desk.now)
    desk._see_next_look()
    sent = desk.advance(HOUR)
    assert summary(sent) == [f"updated {BORIS}", f"updated {OLGAS}"]
    told = to(sent, OLGA)
    assert told.message.subject == "Re: [ACME-1] Импорт из Excel"
    assert told.message.in_reply_to
    assert body(told) == (
        "Здравствуйте, Ольга!\n\n"
        "Пишем о вашем обращении ACME-1: вышло обновление ЛЕТО-5, в нём сделана доработка, которой вы ждали.\n\n"
        "Импорт на вкладке «Файл».\n\n"
        "Если вопрос не решён, ответьте на это письмо до 09:01 четверга, 26 ноября (МСК), и мы продолжим работу. Если всё в "
        "порядке, отвечать не нужно: потом мы закроем обращение.\n\n"
        "ООО «Акме»\nsupport@acme.example"
    )
    assert [one.status for one in desk.tickets()] == [Status.RESOLVED, Status.RESOLVED, Status.WAITING]
    assert "updated" in [line.kind for line in events(desk, 1)]
    desk.advance(4 * DAY)
    assert [one.status for one in desk.tickets()] == [Status.CLOSED, Status.CLOSED, Status.WAITING]
    assert [one.backlog for one in desk.tickets()] == [False, False, True]


def test_the_receipt_of_a_release(desk: Rehearsal) -> None:
    """It lists whose requests they are; what stands below the command is for customers, and for them all."""
    first, second = asked(desk), asked(desk, BORIS)
    obey(desk, first, "#доработка 5.2")
    obey(desk, second, "#доработка 5.2")
    other = asked(desk, subject="Другое")
    sent = obey(desk, other, "#выпуск 5.2\nДобавлен импорт.\nПодробности на сайте.")
    assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
    (line,) = lines(sent)[:1]
    assert "об обновлении 5.2 сейчас узнают: ACME-1 (ООО «Ромашка»), ACME-2 (boris@client.example)" in "\n".join(
        lines(sent)
    ), line
    assert ticket(desk).status is Status.NEW
    assert "#отмена" not in to(sent, IVAN).message.text  # no word of ours unsays what they read
    told = [one for one in desk.advance(HOUR) if one.purpose is Purpose.UPDATED]
    assert len(told) == 2
    assert all("Добавлен импорт.\nПодробности на сайте." in one.message.text for one in told)
    assert summary(desk.advance(HOUR)) == []
    again = obey(desk, other, "#выпуск 5.2")
    assert any("ни одно обращение не ждёт" in line for line in lines(again))


def test_nobody_but_an_agent_says_that_an_update_is_out(desk: Rehearsal) -> None:
    """A customer's line is words, also in an agent's name: the agent is asked whether the letter is theirs, nobody else hears."""
    sent = desk.deliver(letter("Добавьте, пожалуйста.", author=OLGA, subject="Импорт из Excel"), SUPPORT)
    notification = to(sent, IVAN)
    obey(desk, notification, "#доработка 5.2")
    desk.deliver(reply(to(sent, OLGA), "#выпуск 5.2\nВаши данные удалены.", author=OLGA), SUPPORT)
    forged = letter("#выпуск 5.2\nВаши данные удалены.", author=IVAN, subject="Re: [ACME-1] Импорт из Excel")
    assert summary(desk.deliver(forged, SUPPORT)) == [f"confirmation {IVAN_ADDRESS}"]
    assert [one for one in desk.advance(HOUR) if one.purpose is Purpose.UPDATED] == []
    obey(desk, notification, "#выпуск 5.2")
    assert [one.recipient for one in desk.advance(HOUR) if one.purpose is Purpose.UPDATED] == [OLGAS]


def test_words_above_a_release_are_for_nobody(desk: Rehearsal) -> None:
    """They may be meant for this customer or for all: nothing is done, and the agent reads why."""
    obey(desk, notification := asked(desk), "#доработка 5.2")
    sent = obey(desk, notification, "Готово!\n#выпуск 5.2")
    assert summary(sent) == [f"receipt {IVAN_ADDRESS}"]
    assert summary(desk.advance(HOUR)) == []


def test_a_customer_may_contradict(desk: Rehearsal) -> None:
    """Their answer opens the request again."""
    obey(desk, notification := asked(desk), "#доработка 5.2")
    obey(desk, notification, "#выпуск 5.2")
    told = to(desk.advance(HOUR), OLGA)
    desk.deliver(reply(told, "Не работает: файл не открывается.", author=OLGA), SUPPORT)
    assert (ticket(desk).status, ticket(desk).backlog, ended(desk)) == (Status.OPEN, False, OutcomeKind.APPENDED)


def test_what_is_over_hears_nothing(desk: Rehearsal) -> None:
    """Closed, or gone into another one: the other one's customer hears."""
    first, second, third = asked(desk), asked(desk), asked(desk)
    for one in (first, second, third):
        obey(desk, one, "#доработка 5.2")
    obey(desk, second, "#объединить с ACME-1")
    obey(desk, third, "#закрыть")
    obey(desk, first, "#выпуск 5.2")
    assert [one.message.subject[:11] for one in desk.advance(HOUR) if one.purpose is Purpose.UPDATED] == ["Re: [ACME-1"]


def test_an_update_that_is_out_is_not_taken_back(desk: Rehearsal) -> None:
    """Nor does the receipt say how."""
    obey(desk, notification := asked(desk), "#доработка 5.2")
    (receipt,) = [one for one in obey(desk, notification, "#выпуск 5.2") if one.purpose is Purpose.RECEIPT]
    assert "Сделано: #выпуск 5.2" in receipt.message.text
    assert "Отменить" not in receipt.message.text


def test_what_breaks_on_the_way(desk: Rehearsal) -> None:
    """It is told later, and nobody twice."""
    for author in (OLGA, BORIS):
        obey(desk, notification := asked(desk, author), "#доработка 5.2")
    obey(desk, notification, "#выпуск 5.2")
    with desk._office.database.write() as connection:
        fail = "CREATE TRIGGER crash BEFORE INSERT ON outbox WHEN NEW.ticket_id = 2 BEGIN SELECT RAISE(ABORT, 'x'); END"
        connection.execute(text(fail))
    assert summary(desk.advance(timedelta(minutes=1))) == [f"updated {OLGAS}"]
    assert [one.status for one in desk.tickets()] == [Status.RESOLVED, Status.WAITING]
    with desk._office.database.write() as connection:
        connection.execute(text("DROP TRIGGER crash"))
    assert summary(desk.advance(2 * HOUR)) == [f"updated {BORIS}"]


def test_what_waits(desk: Rehearsal) -> None:
    """The oldest first, for which update, and how many customers ask: those whose requests went into it count."""
    obey(desk, first := asked(desk), "#доработка 5.2")
    obey(desk, asked(desk, BORIS, "Тёмная тема"), "#доработка")
    obey(desk, asked(desk, "Пётр <petr@romashka.example>", "Загрузка из Excel"), "#объединить с ACME-1")
    sent = obey(desk, first, "#беклог")
    (overview,) = (one for one in sent if one.purpose is Purpose.OVERVIEW)
    assert overview.message.subject == "Ждут обновления: 2"
    said = overview.message.text
    assert said.index("ACME-1: Импорт из Excel") < said.index("ACME-2: Тёмная тема")
    assert "ждёт обновления (5.2), клиентов: 1" in said  # of one client
    assert "ждёт обновления (в одном из обновлений), клиентов: 1" in said


SUGGESTIONS = """
[organization.acme.ground.suggestion]
name = "Предложение"
effect = "postpone"
decided = "rule"
wait = "release"
text = "Спасибо за предложение, мы его записали."
[organization.acme.rule.suggestions]
when = { subject_words = "предложение" }
then = { postpone = "suggestion" }
"""


def test_a_rule_plans_suggestions() -> None:
    """What is put off for an update waits for it: its customer hears by the letter of that, and when the update is out."""
    with open_served(organization=SUGGESTIONS + CONFIRMED) as desk:
        sent = desk.deliver(letter("Добавьте тёмную тему.", author=OLGA, subject="Предложение"), SUPPORT)
        assert f"postponement {OLGAS}" in summary(sent)
        assert (ticket(desk).status, ticket(desk).backlog, ticket(desk).release) == (Status.WAITING, True, "")
        notification = to(sent, IVAN)
        assert summary(obey(desk, notification, "#доработка 5.2")) == [f"receipt {IVAN_ADDRESS}"]
        obey(desk, notification, "#выпуск 5.2")
        assert f"updated {OLGAS}" in summary(desk.advance(HOUR))
        assert (ticket(desk).status, ticket(desk).backlog, ticket(desk).ground_state) == (Status.RESOLVED, False, "")


def test_what_is_served_after_all_waits_for_no_update() -> None:
    """The verdict is taken back, and with it the plan; an agent's own plan is not."""
    with open_served(organization=SUGGESTIONS) as desk:
        notification = to(desk.deliver(letter("Добавьте тему.", author=OLGA, subject="Предложение"), SUPPORT), IVAN)
        obey(desk, notification, "#обслужить")
        assert (ticket(desk).status, ticket(desk).backlog) == (Status.OPEN, False)
        obey(desk, notification, "#отложить предложение")
        assert (ticket(desk).status, ticket(desk).backlog) == (Status.WAITING, True)
        obey(desk, notification, "#доработка снять")
        assert (ticket(desk).status, ticket(desk).backlog, ticket(desk).ground_state) == (Status.OPEN, False, "")


CHASING = '[organization.acme.chasing]\nremind = "3d"\nclose = "14d"\n'


def test_whoever_waits_for_us_is_not_chased() -> None:
    """An answer to a planned request waits for nothing of the customer's, nor is it closed after the update for their silence."""
    with open_served(organization=CHASING) as desk:
        obey(desk, notification := asked(desk), "#доработка 5.2")
        obey(desk, notification, "Здравствуйте! Работа идёт.")
        assert not {Purpose.CHASER, Purpose.CLOSING} & {one.purpose for one in desk.advance(30 * DAY)}
        assert (ticket(desk).status, ticket(desk).backlog) == (Status.WAITING, True)
        obey(desk, notification, "Здравствуйте! Осталась неделя.")
        obey(desk, notification, "#выпуск 5.2")
        assert f"updated {OLGAS}" in summary(desk.advance(HOUR))
        desk.advance(30 * DAY)
        assert ticket(desk).status is Status.RESOLVED
