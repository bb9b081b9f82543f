"""The life of terms through real letters: what meets, rests, resumes and moves them, and what must not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.errors import DeliveryError, Permanent, Transient
from maild.model import Outgoing, Purpose, Status
from maild.policy import Policy, load_policy
from maild.rehearsal import KEY, Rehearsal, SentLetter
from maild.sla.clock import Clock, Wait
from maild.sla.target import Moment
from tests.walk import stage
from tests.walk.served import (
    HEAD_ADDRESS,
    IVAN_ADDRESS,
    OLGA,
    PROMISES,
    due,
    open_served,
    order,
    reminders,
    write,
)
from tests.walk.stage import START, SUPPORT, events, reply, summary, ticket, to
from tests.walk.test_machines import bounce

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOLUTION = timedelta(days=2, hours=6)  # 24 hours of 9-hour days, from Monday 9:00
ABSENCE = [("Auto-Submitted", "auto-replied"), ("Subject", "Автоответ: Не печатает принтер")]


def answered(desk: Rehearsal) -> tuple[list[SentLetter], SentLetter]:
    """Open a ticket, answer it an hour later; return the first letters and the answer."""
    sent = write(desk)
    desk.advance(HOUR)
    return sent, to(order(desk, to(sent, IVAN_ADDRESS), "Какая версия?"), OLGA)


def of(desk: Rehearsal, until: Moment) -> list[Clock]:
    return [clock for clock in desk.clocks(1) if clock.until is until]


def said(desk: Rehearsal, kind: str) -> list[str]:
    return [one.text for one in events(desk, 1) if one.kind == kind]


def refusing(error: DeliveryError) -> Callable[[Outgoing], DeliveryError | None]:
    """Return a mail server that takes no letter for Olga."""
    return lambda letter: error if letter.recipient == "olga@romashka.example" else None


def policy_with(before: str, after: str) -> Policy:
    """Return the desk's configuration with some words of it changed, as a reload would load it."""
    config = stage.CONFIG.replace("[organization.acme]\n", "", 1).replace(
        'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', ""
    ) + PROMISES.format(organization='name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', identity="")
    assert before in config
    return load_policy(stage.loaded(config.replace(before, after)), key=KEY)


def reload(desk: Rehearsal, policy: Policy) -> list[SentLetter]:
    """Let the desk follow another configuration; return what goes out within the next minute."""
    desk._office.policy = policy
    desk._runner.run(desk._office.follow(policy))
    desk._see_next_look()
    return desk.advance(timedelta(minutes=1))


# ── answers and rests ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_meets_and_rests() -> None:
    """The reaction is met when the agent's letter came; the solution rests; nobody is reminded meanwhile."""
    with open_served() as desk:
        answered(desk)
        assert [clock.met_at for clock in of(desk, Moment.ANSWERED)] == [START + HOUR]
        (solving,) = of(desk, Moment.RESOLVED)
        assert (solving.resting, solving.pauses[-1].since, solving.due_at) == (True, START + HOUR, None)
        assert reminders(desk.advance(14 * DAY)) == []


def test_the_customers_answer_resumes_and_is_owed_one() -> None:
    """The solution goes on with what it had left, and a fresh answer is due in its full time (D12)."""
    with open_served() as desk:
        _, answer = answered(desk)
        desk.advance(2 * HOUR)
        desk.deliver(reply(answer, "Пятая.", author=OLGA), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        assert due(desk, Moment.ANSWERED) == DAY + 2 * HOUR  # 12:00 + 8 h
        assert due(desk, Moment.RESOLVED) == SOLUTION + 2 * HOUR


def test_the_customers_letter_ends_a_wait_before_the_answer() -> None:
    """The ticket is open again and its solution goes on, though the first answer is owed still, in the time it had (D13)."""
    with open_served() as desk:
        sent = write(desk)
        desk.advance(HOUR)
        order(desk, to(sent, IVAN_ADDRESS), "#ждём клиента")
        desk.advance(2 * HOUR)
        desk.deliver(reply(to(sent, OLGA), "Вот снимок экрана.", author=OLGA), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        assert due(desk, Moment.RESOLVED) == SOLUTION + 2 * HOUR


def test_the_customers_letter_ends_no_wait_for_others_before_the_answer() -> None:
    """What a supplier has to do is not done by the customer's second letter (D13): the ticket waits as its clock does."""
    with open_served() as desk:
        sent = write(desk)
        order(desk, to(sent, IVAN_ADDRESS), "#ждём третью сторону")
        desk.advance(HOUR)
        assert to(desk.deliver(reply(to(sent, OLGA), "И ещё снимок.", author=OLGA), SUPPORT), IVAN_ADDRESS)
        assert ticket(desk).status is Status.WAITING
        (solving,) = of(desk, Moment.RESOLVED)
        assert solving.resting


def test_a_second_letter_resets_nothing() -> None:
    """Neither before the first answer nor after the customer's own: the oldest unanswered one counts (D13)."""
    with open_served() as desk:
        sent = write(desk)
        desk.advance(2 * HOUR)
        desk.deliver(reply(to(sent, OLGA), "И ещё: не горит зелёная.", author=OLGA), SUPPORT)
        assert (due(desk, Moment.ANSWERED), due(desk, Moment.RESOLVED)) == (8 * HOUR, SOLUTION)
        order(desk, to(sent, IVAN_ADDRESS), "Какая версия?")
        desk.deliver(reply(to(sent, OLGA), "Пятая.", author=OLGA), SUPPORT)
        before = desk.clocks(1)
        desk.advance(HOUR)
        desk.deliver(reply(to(sent, OLGA), "Точнее, 5.1.", author=OLGA), SUPPORT)
        assert desk.clocks(1) == before


def test_a_term_of_the_customers_silence_is_none() -> None:
    """A breach of what rests cannot be: the wait is the customer's."""
    with open_served() as desk:
        answered(desk)
        desk.advance(30 * DAY)
        assert "breach" not in [one.kind for one in events(desk, 1)]


@pytest.mark.parametrize("author", [OLGA, stage.IVAN], ids=["customer", "agent"])
def test_an_absence_ends_no_rest_and_meets_nothing(author: str) -> None:
    """Neither the customer's nor the agent's (D6, D7)."""
    with open_served() as desk:
        sent = write(desk)
        own = to(sent, OLGA if author is OLGA else IVAN_ADDRESS)
        desk.deliver(reply(own, "Я в отпуске до 7 декабря.", author=author, headers=ABSENCE), SUPPORT)
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        order(desk, to(sent, IVAN_ADDRESS), "Какая версия?")
        before = desk.clocks(1)
        desk.advance(HOUR)
        desk.deliver(reply(own, "Я в отпуске до 7 декабря.", author=author, headers=ABSENCE), SUPPORT)
        assert desk.clocks(1) == before
        assert ticket(desk, 1).status is Status.WAITING


def test_what_was_resolved_goes_on_with_what_it_had_left() -> None:
    """The time resolved counts as a pause, and a fresh answer is owed (D12)."""
    with open_served() as desk:
        sent = write(desk)
        desk.advance(HOUR)
        order(desk, to(sent, IVAN_ADDRESS), "Заменили.\n#решено")
        desk.advance(DAY)  # 24 hours, 9 of them working
        desk.deliver(reply(to(sent, OLGA), "Опять горит.", author=OLGA), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        assert due(desk, Moment.RESOLVED) == SOLUTION + DAY
        assert due(desk, Moment.ANSWERED) == DAY + 9 * HOUR
        (solving,) = of(desk, Moment.RESOLVED)
        assert [one.reason for one in solving.pauses] == [Wait.RESOLVED]


def test_a_late_answer_is_met_late() -> None:
    """The breach stands at the term, recorded once, whatever comes after."""
    with open_served() as desk:
        sent = write(desk)
        desk.advance(8 * HOUR)  # the term's very instant is too late (half-open)
        order(desk, to(sent, IVAN_ADDRESS), "Какая версия?")
        desk.advance(DAY)
        (reaction,) = of(desk, Moment.ANSWERED)
        assert (reaction.breached_at, reaction.met_at) == (START + 8 * HOUR, START + 8 * HOUR)
        assert len(said(desk, "breach")) == 1


# ── answers that do not arrive ───────────────────────────────────────────────────────────────────────────────────────


def test_a_bounced_answer_resumes() -> None:
    """The customer has read nothing, so the solution's time runs on from when that was known."""
    with open_served() as desk:
        _, answer = answered(desk)
        desk.advance(2 * HOUR)
        desk.deliver(bounce(answer), SUPPORT)
        assert ticket(desk, 1).status is Status.OPEN
        assert due(desk, Moment.RESOLVED) == SOLUTION + 2 * HOUR


def test_an_answer_that_never_leaves_resumes() -> None:
    """Refused by our own server for good: likewise, and the agents are told."""
    with open_served() as desk:
        sent = write(desk)
        desk._stage.refuse = refusing(Permanent("550 no such user", code=550))
        sent = order(desk, to(sent, IVAN_ADDRESS), "Какая версия?")
        assert ticket(desk, 1).status is Status.OPEN
        assert due(desk, Moment.RESOLVED) == SOLUTION
        assert f"notification {IVAN_ADDRESS}" in summary(sent)


# ── more time ────────────────────────────────────────────────────────────────────────────────────────────────────────


def extended(desk: Rehearsal) -> tuple[SentLetter, list[SentLetter]]:
    """Open a ticket and ask for 36 hours on it; return the agent's notification and what went out."""
    notification = to(write(desk), IVAN_ADDRESS)
    return notification, order(desk, notification, "#продлить 36ч")


LONGER = timedelta(days=3, hours=9)


def test_a_bounced_notice_extends_nothing() -> None:
    """The old term stands, agents hear why, and more time may be asked for again while there is any."""
    with open_served() as desk:
        notification, sent = extended(desk)
        assert due(desk, Moment.RESOLVED) == LONGER
        desk.advance(HOUR)
        told = desk.deliver(bounce(to(sent, OLGA)), SUPPORT)
        assert summary(told) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
        assert "Продление не состоялось, действует прежний срок" in to(told, IVAN_ADDRESS).message.text
        assert (due(desk, Moment.RESOLVED), ticket(desk, 1).status) == (SOLUTION, Status.NEW)
        order(desk, notification, "#продлить 36ч")
        assert due(desk, Moment.RESOLVED) == LONGER


def test_a_notice_that_bounces_after_the_old_term() -> None:
    """The breach is of the old term, and the head is told at once."""
    with open_served() as desk:
        _, sent = extended(desk)
        desk.advance(SOLUTION + HOUR)
        assert of(desk, Moment.RESOLVED)[0].breached_at is None
        told = desk.deliver(bounce(to(sent, OLGA)), SUPPORT) + desk.advance(timedelta(minutes=1))
        assert of(desk, Moment.RESOLVED)[0].breached_at == START + SOLUTION
        assert f"reminder {HEAD_ADDRESS}" in summary(told)


def test_a_notice_that_is_refused_extends_nothing() -> None:
    """Likewise where our own server refuses it for good; what waits goes on waiting."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        desk._stage.refuse = refusing(Permanent("550 no such user", code=550))
        told = order(desk, notification, "#продлить 36ч")
        assert due(desk, Moment.RESOLVED) == SOLUTION
        words = to([one for one in told if one.purpose == "notification"], IVAN_ADDRESS).message.text
        assert "Продление не состоялось, действует прежний срок" in words
        desk._stage.refuse = lambda _letter: None
        order(desk, notification, "#продлить 36ч")
        assert due(desk, Moment.RESOLVED) == LONGER


def test_a_refused_notice_ends_no_rest() -> None:
    """The ticket waits for a release, which the letter about its term has nothing to do with."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        desk._stage.refuse = refusing(Transient("451 later", code=451))
        order(desk, notification, "#продлить 36ч")
        order(desk, notification, "#ждём релиза")
        desk._stage.refuse = refusing(Permanent("550 no such user", code=550))
        desk.advance(HOUR)
        assert said(desk, "not sent")
        assert (ticket(desk, 1).status, of(desk, Moment.RESOLVED)[0].resting) == (Status.WAITING, True)


def test_a_notice_that_leaves_late_changes_nothing() -> None:
    """While our server is down the old term passes: that is a breach, told, and the notice that leaves then is too late."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#взять")
        desk._stage.refuse = refusing(Transient("451 later", code=451))
        order(desk, notification, "#продлить 36ч")
        assert due(desk, Moment.RESOLVED) == SOLUTION
        past = [one for one in desk.advance(SOLUTION) if one.at == START + SOLUTION]
        desk._stage.refuse = lambda _letter: None
        sent = desk.advance(DAY)
        assert Purpose.EXTENSION in {one.purpose for one in sent}
        (solving,) = of(desk, Moment.RESOLVED)
        assert (solving.breached_at, solving.due_at) == (START + SOLUTION, START + SOLUTION)
        assert "the notice of its extension had not left" in " ".join(said(desk, "breach"))
        assert [one.split(":")[0] for one in reminders(past)] == [HEAD_ADDRESS]


def test_the_new_term_is_told_in_the_clients_zone() -> None:
    """Like every term that customers are told (D11); the agent's receipt has the desk's."""
    with open_served() as desk:
        policy = policy_with('agreements = "РМ-17/2026"', 'agreements = "РМ-17/2026"\nzone = "Asia/Yekaterinburg"')
        reload(desk, policy)
        _, sent = extended(desk)
        assert "до 11:01 пятницы, 27 ноября (МСК+2, Екатеринбург)" in to(sent, OLGA).message.text
        assert "09:01 пятницы, 27 ноября (МСК)" in to(sent, IVAN_ADDRESS).message.text


# ── calendars that change ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_calendar_moves_open_terms_once() -> None:
    """The history says from what to what, the admin hears of it once, and what is met stays (D14)."""
    with open_served() as desk:
        sent = write(desk)
        desk.advance(HOUR)
        order(desk, to(sent, IVAN_ADDRESS), "#взять\n#ждём релиза\n#продолжить")
        policy = policy_with('mon-fri = "09:00-18:00"', 'mon-fri = "09:00-13:00"')
        told = reload(desk, policy)
        assert [one.recipient for one in told if one.purpose == "admin"] == ["admin@staff.example"]
        assert due(desk, Moment.ANSWERED) == DAY + 4 * HOUR
        assert [one for one in said(desk, "term") if "calendar office has changed: was due 2026-11-23T14:00" in one]
        assert reload(desk, policy) == []


def test_a_changed_calendar_moves_nothing_that_is_over() -> None:
    """A met clock keeps its term; one that rests gets its new one when it goes on."""
    with open_served() as desk:
        _, answer = answered(desk)
        reload(desk, policy_with('mon-fri = "09:00-18:00"', 'mon-fri = "09:00-13:00"'))
        assert of(desk, Moment.ANSWERED)[0].due_at == START + 8 * HOUR
        assert of(desk, Moment.RESOLVED)[0].due_at is None
        desk.deliver(reply(answer, "Пятая.", author=OLGA), SUPPORT)
        assert due(desk, Moment.RESOLVED) == 8 * DAY + timedelta(minutes=1)


def test_a_calendar_that_is_gone_leaves_terms_as_they_are() -> None:
    """What was promised stays promised, and is told of."""
    with open_served() as desk:
        write(desk)
        policy = desk._office.policy
        boxes = {name: replace(box, desk=replace(box.desk, service=replace(box.desk.service, calendars={}, targets=())))
                 for name, box in policy.mailboxes.items()}  # fmt: skip
        reload(desk, replace(policy, mailboxes=boxes))
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
        desk.advance(9 * HOUR)
        assert of(desk, Moment.ANSWERED)[0].breached_at == START + 8 * HOUR


def test_a_calendar_that_is_put_back_counts_again() -> None:
    """What went by plain time meanwhile is computed as if the calendar had always been there, though it is the same one."""
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        whole = desk._office.policy
        order(desk, notification, "#ждём релиза")
        boxes = {name: replace(box, desk=replace(box.desk, service=replace(box.desk.service, calendars={})))
                 for name, box in whole.mailboxes.items()}  # fmt: skip
        reload(desk, replace(whole, mailboxes=boxes))
        desk.advance(START + 12 * HOUR)  # three of them when nobody works
        order(desk, notification, "#продолжить")
        assert due(desk, Moment.RESOLVED) == 2 * DAY + 18 * HOUR
        reload(desk, whole)
        assert due(desk, Moment.RESOLVED) == 3 * DAY + 6 * HOUR
        assert of(desk, Moment.RESOLVED)[0].doubts == ()


def test_terms_beyond_what_is_confirmed_warn_once_a_day() -> None:
    """The admin learns that the calendar's days are not certain there."""
    with open_served() as desk:
        reload(desk, policy_with('holidays = "RU"', 'holidays = "RU"\nconfirmed_until = 2026-11-24'))
        warned = [write(desk, subject=f"Вопрос {n}") for n in range(3)]
        assert [sum(one.purpose == "admin" for one in sent) for sent in warned] == [1, 0, 0]
        (told,) = [one for one in warned[0] if one.purpose == "admin"]
        assert "24.11.2026" in told.message.text or "2026-11-24" in told.message.text
        desk.advance(DAY + HOUR)
        assert sum(one.purpose == "admin" for one in write(desk, subject="Вопрос 4")) == 1


def test_a_later_promise_warns_as_the_first_does() -> None:
    """A fresh answer is owed on a day that is not certain, though the ticket was opened long before."""
    with open_served() as desk:
        _, answer = answered(desk)
        reload(desk, policy_with('holidays = "RU"', 'holidays = "RU"\nconfirmed_until = 2026-11-24'))
        desk.advance(DAY)
        sent = desk.deliver(reply(answer, "Пятая.", author=OLGA), SUPPORT)
        (told,) = [one for one in sent if one.purpose == "admin"]
        assert "maild sla explain ACME-1" in told.message.text


# ── acts that reach us late ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_day_in_the_letter_moves_nothing() -> None:
    """Arrival counts, never the Date header (D1)."""
    with open_served() as desk:
        octets = stage.letter(author=OLGA, headers=[("Date", "Mon, 01 Jan 2001 00:00:00 +0000")])
        desk.deliver(octets, SUPPORT)
        assert due(desk, Moment.ANSWERED) == 8 * HOUR
