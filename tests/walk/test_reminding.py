"""Reminders and breaches: to whom, in one letter each, at what time, and once whatever happens."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from maild import reminding
from maild.duties import Duty
from maild.errors import Transient
from maild.model import Agent, OutcomeKind, Purpose, Status
from maild.policy import Policy
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.calendar import Calendar
from maild.sla.target import Moment
from maild.store import clocks as stored
from tests.store.tickets import reminders_of
from tests.walk.served import (
    CODE,
    HEAD_ADDRESS,
    IVAN,
    IVAN_ADDRESS,
    OLGA,
    STRANGER,
    open_served,
    order,
    running,
    write,
)
from tests.walk.stage import START, SUPPORT, ended, events, letter, reply, summary, ticket, to
from tests.walk.test_clocks import refusing

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def reminded(sent: Iterable[SentLetter]) -> list[SentLetter]:
    return [one for one in sent if one.purpose is Purpose.REMINDER]


def times(sent: Iterable[SentLetter]) -> list[str]:
    """Return when who was reminded, in Moscow's time: "23 13:00 ivan"."""
    return [f"{one.at + 3 * HOUR:%d %H:%M} {one.recipient.partition('@')[0]}" for one in reminded(sent)]


def numbers(one: SentLetter) -> list[str]:
    """Return which tickets a letter speaks of, in its order."""
    return [line.partition(":")[0] for line in one.message.text.splitlines() if line.startswith("ACME-")]


def breaches(desk: Rehearsal, ticket_id: int = 1) -> int:
    return [one.kind for one in events(desk, ticket_id)].count("breach")


def swap(desk: Rehearsal, policy: Policy) -> None:
    desk._office.policy = policy


def with_agents(policy: Policy, agents: tuple[Agent, ...], **service: object) -> Policy:
    """Return the policy with other agents, and with another head or the like."""
    boxes = {
        name: replace(
            box, desk=replace(box.desk, agents=agents, service=replace(box.desk.service, **service))  # type: ignore[arg-type]
        )
        for name, box in policy.mailboxes.items()
        if box.desk.organization == "acme"
    }  # fmt: skip
    return replace(policy, mailboxes={**policy.mailboxes, **boxes})


def agents_of(desk: Rehearsal) -> tuple[Agent, ...]:
    return desk._office.policy.mailboxes[SUPPORT].desk.agents


def remind(desk: Rehearsal, now: datetime) -> int:
    return reminding.remind(desk._office.database, desk._office.policy, now)


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_of_reminders() -> None:
    """At half the time, an hour before, and at the term; each once, to those whom it is for."""
    with open_served() as desk:
        write(desk)
        sent = desk.advance(DAY)
        assert times(sent) == [
            "23 13:00 ivan",
            "23 13:00 petra",
            "23 16:00 ivan",
            "23 16:00 petra",
            "23 17:00 petra",
        ]  # nobody's yet: the team stands in for the agent; the breach goes to the head
        assert breaches(desk) == 1
        assert "Срок ответа через 4 часа" in reminded(sent)[0].message.subject
        assert "Срок ответа наступил" in reminded(sent)[-1].message.subject


def test_an_agents_ticket_reminds_the_agent() -> None:
    """Not the team, where the threshold is for the agent alone."""
    with open_served() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "#взять")
        assert times(desk.advance(4 * HOUR)) == ["23 13:00 ivan"]


def test_nobody_is_reminded_at_night_or_on_a_holiday() -> None:
    """What falls there is told at the next opening; a term is told of beforehand where it can be."""
    with open_served() as desk:
        desk.advance(datetime(2026, 12, 30, 14, tzinfo=START.tzinfo))  # Wednesday 17:00; 31 Dec to 11 Jan are off
        write(desk)
        sent = desk.advance(datetime(2027, 1, 20, tzinfo=START.tzinfo))
        days = {one.at.date().isoformat() for one in reminded(sent)}
        assert all("2027-01-11" <= day <= "2027-01-15" for day in days), days
        assert all(6 <= one.at.hour < 15 for one in reminded(sent))


def test_downtime_is_one_late_letter() -> None:
    """Of everything that passed only the latest is told, marked late; the breach stands at its instant."""
    with open_served() as desk:
        write(desk)
        write(desk, subject="Второй")
        now = START + DAY + HOUR
        desk._clock.move_to(now)  # nobody ticked meanwhile
        sent = desk.advance(2 * MINUTE)
        assert sorted(one.recipient for one in reminded(sent)) == [IVAN_ADDRESS, HEAD_ADDRESS]
        for one in reminded(sent):
            assert numbers(one) == ["ACME-1", "ACME-2"]
            assert one.message.text.count("с опозданием") == 2
        assert [clock.breached_at for clock in (running(desk)[Moment.ANSWERED], running(desk, 2)[Moment.ANSWERED])] == [
            START + 8 * HOUR
        ] * 2
        assert reminded(desk.advance(8 * HOUR)) == []


def test_downtime_that_ends_at_night_waits_for_the_morning() -> None:
    """The breach is recorded at once, the letter goes out at the opening."""
    with open_served() as desk:
        write(desk)
        desk._clock.move_to(START + 14 * HOUR)  # 23:00
        sent = desk.advance(MINUTE)
        assert (reminded(sent), breaches(desk)) == ([], 1)
        sent = desk.advance(DAY)
        assert {one.at for one in reminded(sent)} == {START + DAY}


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ten_at_once_are_one_letter_each() -> None:
    """In the order of the queue: out of it, with a coupon, then by receipt, whenever their terms come."""
    with open_served() as desk:
        for n in range(8):
            sent = write(desk, subject=f"Вопрос {n}")
        order(desk, to(sent, IVAN_ADDRESS), "#важность критическая")  # ACME-8
        write(desk, text=f"Купон {CODE}. Не печатает.", subject="С купоном")  # ACME-9, in 3 hours
        write(desk, subject="Последний")
        desk._clock.move_to(START + 3 * HOUR)
        desk._clock.move_to(START + 8 * HOUR)
        sent = desk.advance(MINUTE)
        assert summary(reminded(sent)) == [f"reminder {IVAN_ADDRESS}", f"reminder {HEAD_ADDRESS}"]
        rest = [f"ACME-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 10)]
        assert numbers(to(reminded(sent), HEAD_ADDRESS)) == ["ACME-8", "ACME-9", *rest]
        assert "Просрочено: 10 (ACME-8 и другие)" in to(reminded(sent), HEAD_ADDRESS).message.subject


def test_more_than_a_letter_holds() -> None:
    """The first of the queue are told of, and how many are not; every breach is recorded all the same."""
    with open_served() as desk:
        for n in range(reminding.MAX_LINES + 3):
            write(desk, subject=f"Вопрос {n}")
        sent = desk.advance(9 * HOUR)
        told = reminded(sent)[-1]
        assert numbers(told) == [f"ACME-{n + 1}" for n in range(reminding.MAX_LINES)]
        assert "не поместилось: 3 срока" in told.message.text
        assert all(breaches(desk, n + 1) == 1 for n in range(reminding.MAX_LINES + 3))


STANDINS = {
    "no head: the team": ({"head": ""}, ("ivan", "petra"), ["ivan", "petra"]),
    "a head who has left: the team": ({"head": "gone"}, ("ivan", "petra"), ["ivan", "petra"]),
    "a head without notifications hears all the same": ({}, ("ivan",), ["petra"]),
    "nobody wants notifications: all of them": ({"head": ""}, (), ["ivan", "petra"]),
}


@pytest.mark.parametrize(("service", "wanting", "told"), STANDINS.values(), ids=STANDINS)
def test_somebody_always_hears_of_a_breach(
    service: dict[str, object], wanting: tuple[str, ...], told: list[str]
) -> None:
    """Whoever is missing is stood in for."""
    with open_served() as desk:
        write(desk)
        agents = tuple(replace(one, notify=one.id in wanting) for one in agents_of(desk))
        desk.advance(7 * HOUR + 30 * MINUTE)
        swap(desk, with_agents(desk._office.policy, agents, **service))
        assert times(desk.advance(HOUR)) == [f"23 17:00 {one}" for one in told]


def test_an_agent_who_has_left_is_stood_in_for() -> None:
    """Their ticket's reminders go to the team."""
    with open_served() as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "#взять")
        swap(desk, with_agents(desk._office.policy, agents_of(desk)[1:]))
        assert times(desk.advance(4 * HOUR)) == ["23 13:00 petra"]


MANAGERS = {
    "the client's own": ("romashka", "petra", "petra"),
    "none: the agent": ("romashka", "", "ivan"),
    "one who has left: the agent": ("romashka", "gone", "ivan"),
    "of no client: the agent": ("", "", "ivan"),
}


@pytest.mark.parametrize(("client", "manager", "told"), MANAGERS.values(), ids=MANAGERS)
def test_the_manager_and_who_stands_in(client: str, manager: str, told: str) -> None:
    """NI-13: the personal manager watches the terms."""
    remind = '\n[organization.acme.target.free-answer]\nuntil = "answered"\nwithin = "8h"\ncalendar = "office"\nlevel = "free"\nremind = [{ at = "-2h", to = "manager" }]'
    with open_served(identity=f'unknown_level = "free"{remind}') as desk:
        order(desk, to(write(desk, STRANGER), IVAN_ADDRESS), "#взять")
        with desk._office.database.write() as connection:
            connection.exec_driver_sql("update client set manager = ? where key = 'romashka'", (manager,))
            connection.exec_driver_sql("update ticket set client = ?", (client,))
        assert times(desk.advance(7 * HOUR)) == [f"23 15:00 {told}"]


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class PowerCutError(Exception):
    """Between the record and the commit."""


@contextmanager
def power_cut(desk: Rehearsal) -> Iterator[None]:
    """Let the next transaction that ends vanish."""
    write_ = desk._office.database.write

    @contextmanager
    def cut() -> Iterator[object]:
        with write_() as connection:
            yield connection
            raise PowerCutError

    desk._office.database.write = cut  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        desk._office.database.write = write_  # type: ignore[method-assign]


def test_a_crash_before_the_commit_sends_once_later() -> None:
    """Neither the record nor the letter is there; the next tick makes both."""
    with open_served() as desk:
        write(desk)
        desk._clock.move_to(START + 4 * HOUR)
        with power_cut(desk), pytest.raises(PowerCutError):
            remind(desk, desk.now)
        assert times(desk.advance(HOUR)) == ["23 13:01 ivan", "23 13:01 petra"]


def test_two_ticks_at_one_instant_send_once() -> None:
    """The second finds nothing."""
    with open_served() as desk:
        write(desk)
        desk._clock.move_to(START + 4 * HOUR)
        assert remind(desk, desk.now) == 1
        assert remind(desk, desk.now) == 0
        desk._note_queued()
        assert len(reminded(desk.advance(MINUTE))) == 2


def test_two_ticks_at_one_instant_with_something_new_between() -> None:
    """Each letter has its own id, though person and instant are the same."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        desk.advance(4 * HOUR - MINUTE)
        desk._clock.move_to(START + 4 * HOUR)
        assert remind(desk, desk.now) == 1
        order(desk, notification, "#категория авария")  # due three hours ago
        assert remind(desk, desk.now) == 1
        desk._note_queued()
        desk.advance(MINUTE)
        assert len(reminded(desk._stage.sent)) >= 3


def test_a_clock_that_is_set_back_and_forth() -> None:
    """Nothing is sent twice, nothing is lost, no breach is recorded twice."""
    with open_served() as desk:
        write(desk)
        for hours in (4, 2, 4, 7, 3, 8, 1, 9, 7, 10):
            remind(desk, START + hours * HOUR)
        found = _recorded(desk)
        assert found == [("50%", "before"), ("-1h", "before"), ("0", "term")]
        assert breaches(desk) == 1


def test_a_step_forward_that_is_taken_back_withdraws_nothing_and_repeats_nothing() -> None:
    """A clock that jumps a day ahead reminds early, and not once more when the day comes."""
    with open_served() as desk:
        write(desk)
        remind(desk, START + 4 * HOUR)
        remind(desk, START - DAY)
        desk._stage.refused = True  # the outbox is looked at each minute: the letters are queued for later
        desk._note_queued()
        desk._see_next_look()
        assert times(desk.advance(5 * HOUR)) == ["23 13:00 ivan", "23 13:00 petra"]


def _recorded(desk: Rehearsal) -> list[tuple[str, str]]:
    with desk._office.database.read() as connection:
        return [(one.threshold, one.kind) for one in reminders_of(connection, 1)]


# ── answers to reminders ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_to_a_reminder_of_one_ticket_reaches_the_customer() -> None:
    """Like an answer to a notification; commands work there, too."""
    with open_served() as desk:
        write(desk)
        (one, _) = reminded(desk.advance(4 * HOUR))
        assert one.recipient == IVAN_ADDRESS
        sent = order(desk, one, "Перезагрузите.\n#время 10 мин")
        assert summary(sent) == ["answer olga@romashka.example", f"receipt {IVAN_ADDRESS}"]
        assert (ticket(desk, 1).status, ticket(desk, 1).agent) == (Status.WAITING, "ivan")


def test_an_answer_to_several_goes_nowhere_and_says_so() -> None:
    """Neither into one of the tickets, nor to a customer, nor into a ticket of the agent's own."""
    with open_served() as desk:
        write(desk, subject="Первый")
        write(desk, subject="Второй")
        (one, _) = reminded(desk.advance(4 * HOUR))
        before = desk.tickets(), desk.clocks(1), desk.clocks(2)
        sent = desk.deliver(reply(one, "Перезагрузите.", author=IVAN), SUPPORT)
        assert summary(sent) == [f"reminder {IVAN_ADDRESS}"]
        assert "Ваш ответ никуда не отправлен" in sent[0].message.text
        assert ended(desk) is OutcomeKind.IGNORED
        sent = desk.deliver(
            reply(one, "#решено", author=IVAN), SUPPORT
        )  # no ticket is meant: it is no question, either
        assert summary(sent) == [f"overview {IVAN_ADDRESS}"]
        assert "Непонятно: «#решено»." in sent[0].message.text
        assert ended(desk) is OutcomeKind.COMMAND
        assert (desk.tickets(), desk.clocks(1), desk.clocks(2)) == before


def test_nobody_elses_answer_to_several_is_told_of() -> None:
    """Who is no agent learns nothing of the tickets; an agent's machine gets no answer."""
    with open_served() as desk:
        write(desk, subject="Первый")
        write(desk, subject="Второй")
        (one, _) = reminded(desk.advance(4 * HOUR))
        machine = reply(one, "Я в отпуске.", author=IVAN, headers=[("Auto-Submitted", "auto-replied")])
        assert desk.deliver(machine, SUPPORT) == []
        sent = desk.deliver(reply(one, "Что это?", author=STRANGER), SUPPORT)
        assert Purpose.REMINDER not in {one.purpose for one in sent}


# ── what the configuration has no more ───────────────────────────────────────────────────────────────────────────────


def test_an_organisation_that_is_gone_blocks_nobody_and_loses_nothing() -> None:
    """Others are reminded; its own terms wait, and are told of when it is put back."""
    with open_served() as desk:
        write(desk)
        whole = desk._office.policy
        boxes = {name: box for name, box in whole.mailboxes.items() if box.desk.organization != "acme"}
        organizations = {name: one for name, one in whole.config.organization.items() if name != "acme"}
        config = whole.config.model_copy(update={"organization": organizations})
        swap(desk, replace(whole, mailboxes=boxes, config=config))
        assert reminded(desk.advance(10 * HOUR)) == []
        assert remind(desk, desk.now) == 0  # and nobody looks at it each minute
        assert breaches(desk) == 0
        swap(desk, whole)
        sent = desk.advance(DAY)
        assert breaches(desk) == 1
        assert running(desk)[Moment.ANSWERED].breached_at == START + 8 * HOUR
        assert {one.recipient for one in reminded(sent)} >= {HEAD_ADDRESS}


def test_letters_of_an_organisation_that_is_gone_fail_without_harm() -> None:
    """An answer and a notice that cannot leave any more are recorded as lost; the desk goes on."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#продлить 36ч")
        order(desk, notification, "Какая версия?")
        whole = desk._office.policy
        boxes = {name: box for name, box in whole.mailboxes.items() if box.desk.organization != "acme"}
        organizations = {name: one for name, one in whole.config.organization.items() if name != "acme"}
        swap(
            desk,
            replace(whole, mailboxes=boxes, config=whole.config.model_copy(update={"organization": organizations})),
        )
        with desk._office.database.write() as connection:
            connection.exec_driver_sql("update outbox set state = 'queued' where purpose in ('answer', 'extension')")
            ids = connection.exec_driver_sql("select id from outbox where state = 'queued'").scalars().all()
        for row_id in ids:
            desk._runner.run(desk._office.failed(row_id, desk.now, "no way out"))
        assert [one.kind for one in events(desk, 1)].count("not sent") == 2
        assert ticket(desk, 1).status is Status.OPEN


def test_a_mailbox_that_is_gone_has_another_of_its_organisation() -> None:
    """The ticket's reminders leave through it."""
    with open_served() as desk:
        write(desk)
        whole = desk._office.policy
        swap(desk, replace(whole, mailboxes={name: box for name, box in whole.mailboxes.items() if name != SUPPORT}))
        (one, _) = reminded(desk.advance(4 * HOUR))
        assert one.message.author is not None
        assert one.message.author.addr == "desk@acme.example"


def test_an_unworded_reminder_stops_nothing() -> None:
    """OLGA's ticket is breached and recorded, whatever an override of the template breaks."""
    with open_served() as desk:
        write(desk, OLGA)
        desk.deliver(letter(author=OLGA, subject="Второй"), SUPPORT)
        desk.advance(9 * HOUR)
        assert (breaches(desk, 1), breaches(desk, 2)) == (1, 1)


class Poisoned(dict[str, Calendar]):
    """An organisation's calendars, one of which breaks our code."""

    def get(self, name: str, default: object = None) -> Any:
        if name == "poison":
            raise RuntimeError("a bug")
        return super().get(name, default)


def poison(desk: Rehearsal, ticket_id: int) -> None:
    """Let every look at the clocks of one ticket be a bug of ours."""
    policy = desk._office.policy
    boxes = {}
    for name, box in policy.mailboxes.items():
        service = replace(box.desk.service, calendars=Poisoned(box.desk.service.calendars))
        boxes[name] = replace(box, desk=replace(box.desk, service=service))
    swap(desk, replace(policy, mailboxes=boxes))
    with desk._office.database.write() as connection:
        clocks = stored.load_clocks(connection, [ticket_id])[ticket_id]
        stored.save(connection, [replace(one, target=replace(one.target, calendar="poison")) for one in clocks])


def test_a_clock_that_breaks_our_code_costs_only_itself() -> None:
    """The others' reminders go out at their time, and it is looked at again when the bug is mended."""
    with open_served() as desk:
        sound = desk._office.policy
        write(desk, subject="Первый")
        write(desk, subject="Второй")
        poison(desk, 1)
        sent = desk.advance(4 * HOUR)
        assert [numbers(one) for one in reminded(sent)] == [["ACME-2"]] * 2
        swap(desk, sound)
        with desk._office.database.write() as connection:
            clocks = stored.load_clocks(connection, [1])[1]
            stored.save(connection, [replace(one, target=replace(one.target, calendar="office")) for one in clocks])
        assert [numbers(one) for one in reminded(desk.advance(HOUR))] == [["ACME-1"]] * 2


def test_a_bug_behind_a_sent_letter_sends_it_no_second_time() -> None:
    """That the customer has the notice of a new term is recorded, whatever becomes of the term."""
    with open_served() as desk:
        notified = to(write(desk), IVAN_ADDRESS)
        desk._stage.refuse = refusing(Transient("451 later", code=451))
        order(desk, notified, "#продлить 36ч")
        poison(desk, 1)
        desk._stage.refuse = lambda _letter: None
        sent = desk.advance(3 * HOUR)
        assert [one.purpose for one in sent].count(Purpose.EXTENSION) == 1


def test_a_bug_in_one_duty_keeps_no_other_from_its_own() -> None:
    """It is told once the others are done; the reminder goes out."""

    def broken(*_: object) -> int:
        raise RuntimeError("a bug")

    with open_served() as desk:
        write(desk)
        office = desk._office
        office._duties = (Duty(broken, lambda *_: None), *office._duties)
        assert reminded(desk.advance(5 * HOUR))
        with pytest.raises(RuntimeError, match="a bug"):
            desk._runner.run(office.remind())
