"""An organisation that only observes: everything is decided and recorded, and nobody but the admin is sent anything."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import maild
from maild.config.load import load_config
from maild.desk.decision import Release
from maild.errors import ConfigError, Transient
from maild.model import TO_OUR_OWN, OutboxState, OutcomeKind, Purpose, Status
from maild.notices import Notice
from maild.persons import erase_person
from maild.policy import Policy, load_policy
from maild.rehearsal import KEY, Rehearsal, SentLetter
from maild.sla.clock import Clock
from maild.sla.target import Moment
from maild.store import queue, releases, views
from maild.store.observed import who_observe
from tests.walk import stage
from tests.walk.served import IVAN_ADDRESS, OLGA, PROMISES, due, order, write
from tests.walk.stage import IVAN, START, SUPPORT, ended, events, last, letter, reply, ticket, to
from tests.walk.test_backlog import SUGGESTIONS
from tests.walk.test_shared_mailbox import answer, put

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OBSERVE = 'mode = "observe"\n'
ADMIN = "admin@staff.example"
EIGHT = START - HOUR + DAY  # Tuesday, 8:00 in Moscow
MORE = """
[organization.acme.chasing]
remind = "2d"
close = "5d"
[organization.acme.unit.maker]
name = "Разработчик"
address = "dev@maker.example"
[organization.acme.rule.printers]
when.words = ["принтер"]
then.category = "outage"
[organization.acme.rule.scanners]
when.words = ["сканер"]
then.category = "outage"
"""


def config(mode: str = OBSERVE) -> str:
    """Return the served desk's configuration, which chases and has two rules, in a mode."""
    own = f'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n{mode}'
    plain = stage.CONFIG.replace("[organization.acme]\n", "", 1)
    plain = plain.replace('name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', "")
    return plain + PROMISES.format(organization=own, identity="") + MORE


def open_observing(mode: str = OBSERVE) -> Rehearsal:
    return stage.open_desk(config(mode))


def policy(mode: str) -> Policy:
    return load_policy(stage.loaded(config(mode)), key=KEY)


def switch(desk: Rehearsal, mode: str) -> list[SentLetter]:
    """Let the running desk take over another mode; return what goes out within the next minute."""
    taken = policy(mode)
    desk._policy = desk._office.policy = taken
    desk._runner.run(desk._office.follow(taken))
    desk._see_next_look()
    return desk.advance(timedelta(minutes=1))


def left(sent: list[SentLetter]) -> list[SentLetter]:
    """Return what really went out."""
    return [one for one in sent if not one.withheld]


def written(sent: list[SentLetter]) -> list[tuple[str, str, str]]:
    """Return what was written to whom, but for the admin's daily letter."""
    found = [one for one in sent if one.purpose is not Purpose.OBSERVED]
    return sorted((one.purpose, one.recipient, one.message.subject) for one in found)


def outbox(desk: Rehearsal, state: OutboxState) -> int:
    with desk._office.database.read() as connection:
        return views.outbox_counts(connection)[state]


# ── nothing leaves ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_is_written_and_nothing_is_sent() -> None:
    """The request is opened, its letters lie in the outbox as withheld, in the ticket and the clocks as if they had left."""
    with open_observing() as desk:
        sent = write(desk)
        assert (ended(desk), ticket(desk).number, ticket(desk).client_name) == (
            OutcomeKind.OPENED, "ACME-1", "ООО «Ромашка»",
        )  # fmt: skip
        assert left(sent) == []
        assert [one.purpose for one in sent] == ["acknowledgement", "notification", "notification"]
        assert outbox(desk, OutboxState.WITHHELD) == 3
        assert outbox(desk, OutboxState.SENT) == outbox(desk, OutboxState.QUEUED) == 0


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "stranger", "again", "sent", "sent-cold", "command", "wait", "note", "bounce", "time"]
        ),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)
COMMANDS = ("#взять", "#ждём клиента", "#продлить 36ч", "#решено", "Готово, проверьте.", "#отказать нет")


def play(desk: Rehearsal, steps: list[Step]) -> tuple[list[SentLetter], object]:
    """Play the steps; return all letters, and everything the desk keeps of its requests."""
    sent: list[SentLetter] = []
    asked: list[bytes] = []
    for n, (kind, value) in enumerate(steps):
        ids = {"Message-ID": f"<{n}@mua.example>"}
        notifications = [one for one in sent if one.purpose is Purpose.NOTIFICATION and one.recipient == IVAN_ADDRESS]
        told = [one for one in sent if one.recipient == "olga@romashka.example"]
        if kind == "write":
            asked.append(letter(f"Не печатает принтер {n}", author=OLGA, subject=f"Принтер {n}", headers=ids.items()))
            sent += desk.deliver(asked[-1], SUPPORT)
        elif kind == "stranger":
            sent += desk.deliver(
                letter(f"Здравствуйте {n}", author=f"a{n}@nowhere.example", headers=ids.items()), SUPPORT
            )
        elif kind == "again" and told:
            sent += desk.deliver(reply(told[value % len(told)], f"Ещё {n}", author=OLGA, headers=ids.items()), SUPPORT)
        elif kind in ("sent", "sent-cold") and asked:
            more = {"In_Reply_To": "", "References": ""} if kind == "sent-cold" else {}
            sent += put(desk, answer(asked[value % len(asked)], f"Замените картридж {n}.", **ids_of(n), **more))
        elif kind in ("command", "wait") and notifications:
            words = COMMANDS[value % len(COMMANDS)] if kind == "command" else "#ждём клиента"
            found = notifications[value % len(notifications)]
            sent += desk.deliver(reply(found, words, author=IVAN, headers=ids.items()), SUPPORT)
        elif kind == "time":
            sent += desk.advance((value + 1) * 7 * HOUR)
    sent += desk.advance(8 * DAY)
    kept = [(one, _comparable(desk.clocks(one.id))) for one in desk.tickets()]
    return sent, kept


def ids_of(n: int) -> dict[str, str]:
    return {"Message_ID": f"<sent{n}@mua.example>"}


def _comparable(clocks: tuple[Clock, ...]) -> list[tuple[object, ...]]:
    return [(one.until, one.due_at, one.met_at, one.breached_at, one.stopped_at, one.pauses) for one in clocks]


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_it_writes_what_a_live_desk_would_send(steps: list[Step]) -> None:
    """Whatever customers, agents, the folder of sent letters and time do: the same letters, requests and terms to the second,
    and none of the letters leaves but the daily one to the admin."""
    with open_observing() as observing, open_observing(mode="") as live:
        seen, kept = play(observing, steps)
        sent, known = play(live, steps)
    assert {(one.purpose, one.recipient) for one in left(seen)} <= {(Purpose.OBSERVED, ADMIN)}
    assert written(seen) == written(sent)
    assert kept == known


def test_an_extension_counts_as_if_the_customer_had_been_told() -> None:
    """The term moves with the command, as it would once the letter had left; the history says so."""
    with open_observing() as desk:
        sent = write(desk, subject="Счёт", text="Где счёт?")
        before = due(desk, Moment.RESOLVED)
        desk.advance(HOUR)
        ordered = order(desk, to(sent, IVAN_ADDRESS), "#продлить 36ч")
        assert [one.purpose for one in ordered] == ["extension", "receipt"]
        assert left(ordered) == []
        after = due(desk, Moment.RESOLVED)
        assert before
        assert after
        assert after > before
        assert any("extended" in one.text for one in events(desk, 1))


def test_another_organisation_works_as_before() -> None:
    """Beside one that observes the others send."""
    text = stage.CONFIG.replace('name = "ООО «Акме»"\n', f'name = "ООО «Акме»"\n{OBSERVE}')
    with stage.open_desk(text) as desk:
        sent = desk.deliver(letter(author=stage.ANNA, to="help@beta.example"), stage.BETA)
        assert [one.purpose for one in left(sent)] == ["acknowledgement", "notification"]
        assert left(desk.deliver(letter(author=stage.BORIS), SUPPORT)) == []


@pytest.mark.parametrize(("beta", "leaves"), [("live", True), ("observe", False)])
def test_alarms_of_maild_itself(beta: str, leaves: bool) -> None:
    """They go out through an organisation that sends; where none does the admin reads of them in the daily letter."""
    text = stage.CONFIG.replace('name = "ООО «Акме»"\n', f'name = "ООО «Акме»"\n{OBSERVE}')
    with stage.open_desk(text.replace('name = "Beta"\n', f'name = "Beta"\nmode = "{beta}"\n')) as desk:
        notice = Notice(kind="config", key="k", summary="config.toml", lines=("broken",), command="maild check")
        desk._runner.run(desk._office.tell_admin(notice, again_after=HOUR))
        sent = desk.advance(DAY)
        assert [one.purpose for one in left(sent) if one.purpose is Purpose.ADMIN] == [Purpose.ADMIN] * leaves
        daily = [one for one in left(sent) if one.purpose is Purpose.OBSERVED and "Акме" in one.message.subject]
        told = "Сообщение maild о себе: maild: новая конфигурация не принята: config.toml"
        assert (told in daily[0].message.text) is not leaves


# ── people answer in their mail clients ──────────────────────────────────────────────────────────────────────────────


def test_peoples_answers_stop_the_clocks() -> None:
    """An answer straight to a letter that was never acknowledged is found by the customer's own Message-ID."""
    with open_observing() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        desk.advance(HOUR)
        put(desk, answer(asked, author="Иван Иванов <support@acme.example>"))
        assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.APPENDED, 1)
        assert (ticket(desk).status, ticket(desk).agent) == (Status.WAITING, "ivan")
        assert [one.met_at for one in desk.clocks(1) if one.until is Moment.ANSWERED] == [START + HOUR]
        back = letter("Спасибо, заменили, всё равно нет.", author=OLGA, subject="Re: Не печатает принтер", headers=[
            ("In-Reply-To", f"<{desk.settled[-1].message.message_id}>"),  # type: ignore[union-attr]
        ])  # fmt: skip
        desk.deliver(back, SUPPORT)
        assert (ended(desk), last(desk).ticket_id, ticket(desk).status) == (OutcomeKind.APPENDED, 1, Status.OPEN)


def test_what_people_send_opens_nothing() -> None:
    """A letter of ours to somebody who has asked nothing is no request, nor a stranger's letter in the daily one."""
    with open_observing() as desk:
        put(desk, letter("Счёт во вложении.", author="support@acme.example", to="zoya@shop.example", subject="Счёт"))
        assert (ended(desk), desk.tickets()) == (OutcomeKind.IGNORED, [])
        (daily,) = left(desk.advance(DAY))
        text = daily.message.text
        assert "Пришло: 0 писем." in text
        assert "Отправленных писем, которые не относятся ни к одному обращению: 1." in text


# ── the daily letter ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_daily_letter() -> None:
    """It says what would have been sent to whom, who has answered and how soon, which terms rang, what to look at."""
    with open_observing() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        desk.deliver(letter("Не включается монитор.", author="petr@nowhere.example", subject="Монитор"), SUPPORT)
        desk.deliver(letter("Я в отпуске.", author=OLGA, headers=[("Auto-Submitted", "auto-replied")]), SUPPORT)
        desk.advance(HOUR * 3 / 4)
        put(desk, answer(asked, author="Иван Иванов <support@acme.example>"))
        (daily,) = left(desk.advance(EIGHT))
        assert (daily.at, daily.recipient, daily.message.subject) == (
            EIGHT, ADMIN, "ООО «Акме»: за сутки 3 письма, не отправлено 6, только наблюдение",
        )  # fmt: skip
        assert daily.message.text.strip() == DAILY.strip()


DAILY = """\
Наблюдение: никому, кроме вас, ничего не отправлено.
С 09:00 понедельника, 23 ноября (МСК) до 08:00 вторника, 24 ноября (МСК). Наблюдаем с 09:00 понедельника, 23 ноября (МСК).

Пришло: 3 письма. Из них новых обращений: 2, оставлено без ответа: 1 (автоответы: 1).

Ушло бы клиентам:
* подтверждение → olga@romashka.example: Re: [ACME-1] Не печатает принтер
  Здравствуйте, Ольга! Мы получили ваше письмо и завели по нему обращение ACME-1. Специалист прочитает его и ответит вам до 10:00 понедельника, 23 ноября (МСК). В…
* подтверждение → petr@nowhere.example: Re: [ACME-2] Монитор
  Здравствуйте! Мы получили ваше письмо и завели по нему обращение ACME-2. Специалист прочитает его и ответит вам на это же письмо. Если захотите что-нибудь добав…

Ответили люди:
* ACME-1: Иван Иванов, через 45 минут: в срок, срок был 10:00 понедельника, 23 ноября (МСК)

Открылись бы обращения:
* ACME-1: Не печатает принтер (ООО «Ромашка»)
* ACME-2: Монитор (petr@nowhere.example)

Ушло бы сотрудникам:
* уведомление → ivan@staff.example, petra@staff.example: [ACME-1] Не печатает принтер
* уведомление → ivan@staff.example, petra@staff.example: [ACME-2] Монитор

На что посмотреть:
* Не узнаны клиенты: petr@nowhere.example
* Правила, под которые с начала наблюдения не подошло ни одно письмо: scanners

--{space}
Всё подробно: maild observed, сами письма: maild outbox list --state withheld. Чтобы начать отправлять, уберите mode = "observe" у организации acme.
""".format(space=" ")


@pytest.mark.parametrize("language", ["ru", "uk", "en"])
@pytest.mark.parametrize("part", ["txt", "html"])
def test_every_letter_has_a_name(language: str, part: str) -> None:
    """What is withheld is called by words, among those to customers or those to agents, never by our own name for it."""
    text = (Path(maild.__file__).parent / "templates" / language / f"observed.{part}").read_text("utf-8")
    customers, staff = (
        set(re.findall(r'"(\w+)": ', one)) for one in re.findall(r"\{([^{}]*)\}\.get\(one\.purpose", text)
    )
    assert customers == set(Purpose) - TO_OUR_OWN
    assert staff == TO_OUR_OWN - {Purpose.ADMIN, Purpose.OBSERVED}


def test_it_comes_every_day_at_eight_also_where_nothing_was() -> None:
    """The hour is the organisation's; days without letters say so, and each day is told once."""
    with open_observing() as desk:
        sent = left(desk.advance(3 * DAY))
        assert [one.at for one in sent] == [EIGHT, EIGHT + DAY, EIGHT + 2 * DAY]
        assert all("Писем не было, и отправлять было нечего." in one.message.text for one in sent)


def test_days_away_are_told_at_once_and_only_once() -> None:
    """After a weekend without maild one letter tells of all of it; asking again tells nothing more."""
    with open_observing() as desk:
        write(desk)
        desk._clock.move_to(EIGHT + 2 * DAY + HOUR)
        sent: list[SentLetter] = []
        for _ in range(2):
            desk._runner.run(desk._office.remind())
            desk._runner.run(desk._dispatch())
        sent = [one for one in desk._stage.sent if one.purpose is Purpose.OBSERVED]
        assert len(sent) == 1
        assert "С 09:00 понедельника, 23 ноября (МСК) до 08:00 четверга, 26 ноября (МСК)" in sent[0].message.text
        assert "ACME-1" in sent[0].message.text


# ── from one mode to the other ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_withheld_never_leaves() -> None:
    """Not once the desk is live, not by the admin's retries, not after a crash."""
    with open_observing() as desk:
        write(desk)
        assert switch(desk, "") == []
        with desk._office.database.write() as connection:
            assert not queue.again(connection, 1, desk.now)
            assert queue.recover(connection, desk.now) == 0
            assert not queue.begin(connection, 1)
            assert views.failed_ids(connection) == []
        assert [one for one in desk.advance(DAY) if one.recipient == "olga@romashka.example"] == []
        assert outbox(desk, OutboxState.WITHHELD) == 3


def test_what_was_written_live_still_leaves() -> None:
    """A letter keeps the mode in which it was written: people rely on what was decided then."""
    with open_observing(mode="") as desk:
        write(desk)
        refuse = desk._stage.refuse
        desk._stage.refuse = lambda _letter: Transient("451 later")
        desk.deliver(letter("Второе.", author=OLGA, subject="Второе"), SUPPORT)
        desk._stage.refuse = refuse
        switch(desk, OBSERVE)
        sent = desk.advance(HOUR)
        assert [one.recipient for one in left(sent) if one.purpose is Purpose.ACKNOWLEDGEMENT] == [
            "olga@romashka.example"
        ]
        assert left(write(desk, subject="Третье", text="Третье.")) == []


def test_on_going_live_what_people_have_answered_is_over_without_a_word() -> None:
    """Its clocks stop, nobody is chased or asked; the customer's next letter opens it again as it would any."""
    with open_observing() as desk:
        asked = letter(author=OLGA)
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked))
        assert ticket(desk).status is Status.WAITING
        assert switch(desk, "") == []
        assert ticket(desk, 1).status is Status.CLOSED
        assert not any(one.running for one in desk.clocks(1))
        assert [one for one in desk.advance(30 * DAY) if one.recipient == "olga@romashka.example"] == []


def test_on_going_live_what_nobody_has_answered_is_ours() -> None:
    """It stays open with its terms; agents are reminded of it, and the customer hears once a person answers."""
    with open_observing() as desk:
        sent = write(desk, subject="Счёт", text="Где счёт?")
        order(desk, to(sent, IVAN_ADDRESS), "#ждём клиента")  # so it says, and nobody has asked the customer
        assert ticket(desk).status is Status.WAITING
        assert switch(desk, "") == []
        assert ticket(desk, 1).status is Status.OPEN
        assert [one.until for one in desk.clocks(1) if one.running and not one.resting] != []
        later = desk.advance(3 * DAY)
        assert "reminder" in {one.purpose for one in later}
        assert [one for one in later if one.recipient == "olga@romashka.example"] == []
        assert [one.text for one in events(desk, 1) if one.kind == "went live"] == ["nothing of it was sent so far"]


def test_on_going_live_an_answer_through_maild_was_none() -> None:
    """Which an agent may have sent all the same: it stayed here, and the request is not over."""
    with open_observing() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "Замените картридж.")
        assert ticket(desk, 1).status is Status.WAITING
        assert switch(desk, "") == []
        assert ticket(desk, 1).status is Status.OPEN


def test_on_going_live_what_waits_for_an_update_still_does() -> None:
    """Where a person has told the customer: they hear once it is out. Where nobody has, people see it among what is open."""
    with stage.open_desk(config() + SUGGESTIONS) as desk:
        asked = letter("Добавьте импорт.", author=OLGA, subject="Предложение")
        desk.deliver(asked, SUPPORT)
        put(desk, answer(asked, "Внесли в план."))
        write(desk, subject="Другое предложение", text="Добавьте экспорт.")
        switch(desk, "")
        first, second = desk.tickets()
        assert [(one.status, one.backlog) for one in (first, second)] == [(Status.WAITING, True), (Status.OPEN, True)]


def test_on_going_live_word_of_an_update_stays_here() -> None:
    """One that was said to be out by a command, a moment before: nobody hears of it until it is said again."""
    with open_observing() as desk:
        order(desk, to(write(desk, subject="Импорт", text="Добавьте импорт."), IVAN_ADDRESS), "#доработка 5.2")
        for told in ([], ["olga@romashka.example"]):
            with desk._office.database.write() as connection:
                releases.ship(connection, "acme", Release(name="5.2", notes=""), desk.now)
            sent = switch(desk, "")
            assert [one.recipient for one in sent if one.purpose is Purpose.UPDATED] == told


def test_on_going_live_who_never_read_the_question_is_asked_again() -> None:
    """Whether they want news: else a week would pass in which they ask for them in vain."""
    news = "[organization.acme.news]\nsenders = []\n"
    with stage.open_desk(config() + news) as desk:
        desk.deliver(letter("Подписаться на новости", author=OLGA), SUPPORT)
        taken = load_policy(stage.loaded(config("") + news), key=KEY)
        desk._policy = desk._office.policy = taken
        desk._runner.run(desk._office.follow(taken))
        sent = desk.deliver(letter("Подписаться на новости", author=OLGA), SUPPORT)
        assert [(one.purpose, one.recipient) for one in left(sent)] == [("subscription", "olga@romashka.example")]


def test_on_going_live_an_answer_that_stayed_here_is_owed() -> None:
    """An agent has answered an old notification, which nobody was sent: the request is not the customer's, but ours again."""
    with open_observing(mode="") as desk:
        first = to(write(desk), IVAN_ADDRESS)
        second = to(write(desk, subject="Второе", text="Второе."), IVAN_ADDRESS)
        third = to(write(desk, subject="Третье", text="Третье."), IVAN_ADDRESS)
        order(desk, third, "Перезагрузите.")
        fourth = to(write(desk, subject="Четвёртое", text="Четвёртое."), IVAN_ADDRESS)
        fifth = to(write(desk, subject="Пятое", text="Пятое."), IVAN_ADDRESS)
        sixth = to(write(desk, author="petr@other.example", subject="Шестое", text="Шестое."), IVAN_ADDRESS)
        desk.advance(HOUR)
        switch(desk, OBSERVE)
        assert left(order(desk, first, "Замените картридж.")) == []
        assert left(order(desk, second, "Исправили.\n#решено")) == []
        assert left(order(desk, fourth, "#передать разработчику")) == []
        assert left(order(desk, fifth, "Заменили.\n#закрыть")) == []
        assert left(order(desk, sixth, "Заменили.\n#закрыть")) == []
        office = desk._office
        erase_person(
            office.database, office.blobs, "acme", ["petr@other.example"], who="root", why="asked", now=desk.now
        )
        waiting = [Status.WAITING, Status.RESOLVED, Status.WAITING, Status.WAITING, Status.CLOSED, Status.CLOSED]
        assert [one.status for one in desk.tickets()] == waiting
        assert "chaser" in {one.purpose for one in desk.advance(timedelta(days=3))}  # about the third, too
        assert switch(desk, "") == []
        assert [one.status for one in desk.tickets()] == [
            Status.OPEN, Status.OPEN, Status.WAITING, Status.OPEN, Status.OPEN, Status.CLOSED,
        ]  # fmt: skip
        assert all(any(one.running and not one.resting for one in desk.clocks(n)) for n in (1, 2, 4, 5))


def test_on_going_live_nobody_was_silent_who_never_read_the_answer() -> None:
    """What was closed for silence meanwhile is open again, its solution owed with the time that was left."""
    with open_observing(mode="") as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        desk.advance(HOUR)
        switch(desk, OBSERVE)
        order(desk, notification, "Выключите и включите, помогло?")
        desk.advance(timedelta(days=10))
        assert ticket(desk, 1).status is Status.CLOSED
        assert switch(desk, "") == []
        assert ticket(desk, 1).status is Status.OPEN
        assert [one.until for one in desk.clocks(1) if one.running and not one.resting] == [Moment.RESOLVED]


def test_the_caps_begin_anew() -> None:
    """Whom nothing was sent is written to at once after going live, however much was withheld before."""
    with stage.open_desk(config().replace("per_address = 1000", "per_address = 2")) as desk:
        for n in range(3):
            write(desk, subject=f"Письмо {n}", text=f"Вопрос {n}")
        with desk._office.database.read() as connection:
            assert list(who_observe(connection)) == ["acme"]
        taken = load_policy(stage.loaded(config("").replace("per_address = 1000", "per_address = 2")), key=KEY)
        desk._policy = desk._office.policy = taken
        desk._runner.run(desk._office.follow(taken))
        sent = write(desk, subject="Письмо 3", text="Вопрос 3")
        assert "acknowledgement" in {one.purpose for one in left(sent)}


def test_back_and_forth() -> None:
    """Live again, observing again, live again: each letter by the mode in which it was written, each beginning told anew."""
    with open_observing(mode="") as desk:
        modes = ["", OBSERVE, "", OBSERVE]
        got = []
        for n, mode in enumerate(modes):
            switch(desk, mode)
            got.append(len(left(write(desk, subject=f"Письмо {n}", text=f"Вопрос {n}"))))
        assert [count > 0 for count in got] == [True, False, True, False]
        (daily,) = (one for one in desk.advance(EIGHT) if one.purpose is Purpose.OBSERVED)
        assert [f"* ACME-{n}: Письмо {n - 1} (" in daily.message.text for n in (2, 4)] == [False, True]


@pytest.mark.parametrize("bad", ["quiet", "off"])
def test_no_other_mode(bad: str) -> None:
    """A mode that is misspelt is refused: nobody goes live by a slip."""
    with pytest.raises(ConfigError, match="mode"):
        open_observing(mode=f'mode = "{bad}"\n')


def test_the_manual_shows_the_real_letter(tmp_path: Path) -> None:
    """The configuration on the page works, and the daily letter printed there is what it makes of these letters."""
    page = (Path(__file__).parents[2] / "docs" / "ru" / "going-live.md").read_text("utf-8")
    config_, shown = (re.search(rf"(?ms)^```{kind}\n(.*?)^```", page) for kind in ("toml", "text"))
    assert config_
    assert shown
    (tmp_path / "config.toml").write_text(config_[1], "utf-8")
    box, us = "romashka/support", "support@romashka.example"
    with Rehearsal(load_config(tmp_path / "config.toml"), start=START) as desk:
        asked = letter(
            "Добрый день! Пришлите, пожалуйста, счёт за декабрь.", author="Анна Петрова <anna@client.example>",
            subject="Счёт за декабрь", to=us,
        )  # fmt: skip
        broken = letter("Пишет «нет лицензии».", author="Борис <boris@client.example>", subject="Не запускается", to=us)
        away = letter("Я в отпуске.", author="vera@client.example", to=us, headers=[("Auto-Submitted", "auto-replied")])
        for n, octets in enumerate((asked, broken, away)):
            desk.deliver(octets, box, START + HOUR + n * HOUR / 2)
        answered = answer(asked, "Счёт во вложении.", author=f"Иван Иванов <{us}>", to="anna@client.example")
        desk.deliver(answered, box, START + 5 * HOUR / 2, sent=True)
        (daily,) = left(desk.advance(DAY))
    assert daily.message.text.strip() == shown[1].strip()
    assert daily.message.subject in page
