"""Works that come round: a request opens by itself, agents are told, the customer hears nothing, nothing comes twice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from maild.model import Purpose, Status
from maild.recurring import open_due
from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.target import Moment
from maild.store.recurring import last_came
from maild.store.schema import event, work
from maild.store.views import history
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, open_served, order, running, write
from tests.walk.stage import START, outside
from tests.walk.test_assigning import open_dealt

DAY = timedelta(days=1)
DOCS = Path(__file__).parents[2] / "docs" / "ru" / "recurring.md"
BACKUP = """
[organization.acme.recurring.backup]
title = "Проверка резервных копий"
text = "Восстановите последнюю копию.\\nЗапишите, сколько это заняло."
on = "{on}"
calendar = "office"
{more}
"""


def open_desk(on: str = "day 1", more: str = 'agent = "ivan"', organization: str = "") -> Rehearsal:
    return open_served(organization=organization + BACKUP.format(on=on, more=more))


def told(sent: Sequence[SentLetter]) -> list[str]:
    """Who hears of a work when, in Moscow."""
    found = [one for one in sent if "регулярной работы" in one.message.text]
    return [f"{one.at + timedelta(hours=3):%d.%m %H:%M} {one.recipient.partition('@')[0]}" for one in found]


def events(desk: Rehearsal, ticket_id: int = 1) -> list[str]:
    with desk._office.database.read() as connection:
        rows = connection.execute(select(event).where(event.c.ticket_id == ticket_id).order_by(event.c.id))
        return [f"{row.kind}: {row.detail}" for row in rows]


# ── what is opened ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_opens_by_itself_and_its_agent_reads_what_to_do() -> None:
    """Word for word; the category's target runs from then."""
    with open_desk(more='agent = "ivan"\ncategory = "outage"') as desk:
        sent = desk.advance(9 * DAY)
        assert told(sent) == ["01.12 09:00 ivan"]
        one = sent[0]
        assert one.message.subject == "[ACME-1] Проверка резервных копий"
        assert one.message.text == (
            "##- Эту работу завёл сам maild, ответ останется у нас -##\n\n"
            "Подошёл срок регулярной работы ACME-1: Проверка резервных копий\n"
            "Статус: новое\n"
            "Ответить до 10:00 вторника, 1 декабря (МСК) (через 1 час)\n"
            "Дальше: сделать работу и написать #решено\n\n"
            "Что сделать:\n"
            "Восстановите последнюю копию.\nЗапишите, сколько это заняло.\n\n"
            "-- \nЗаметка для коллег, которую клиент не увидит: support+n1.zg4qrfqorvy52op3@acme.example\n"
            "Обращение ACME-1, ваш код t1.c43dc4xfl5rrcgth"
        )
        assert running(desk)[Moment.ANSWERED].due_at == datetime(2026, 12, 1, 7, tzinfo=UTC)
        assert events(desk)[:2] == [
            "opened: recurring work backup, of 2026-12-01",
            "to do: Восстановите последнюю копию.\nЗапишите, сколько это заняло.",
        ]


def test_one_for_each_client_under_contract() -> None:
    """Who is suspended or whose contract is over has none, and it is recorded why; the level's promises hold."""
    with open_desk(more='whom = "clients"\nlevel = "base"\nagent = "ivan"') as desk:
        assert told(desk.advance(9 * DAY)) == ["01.12 09:00 ivan"] * 3
        tickets = desk.tickets()
        assert [(one.client, one.client_name, one.level, one.counted) for one in tickets] == [
            ("iris", "ООО «Ирис»", "base", False),
            ("romashka", "ООО «Ромашка»", "base", False),
            ("tulip", "ООО «Тюльпан»", "base", False),
        ]
        assert set(running(desk, tickets[0].id)) == {Moment.ANSWERED, Moment.RESOLVED}
        with desk._office.database.read() as connection:
            came = {one.client: one.skipped or one.number for one in last_came(connection, "acme", "backup")}
        assert came == {
            "iris": "ACME-1",
            "lutik": "suspended: нет оплаты",
            "pion": "the contract's last day was 2026-10-31",
            "romashka": "ACME-2",
            "tulip": "ACME-3",
        }


def test_only_the_clients_that_are_named() -> None:
    """By key, and by level: both must fit."""
    with open_desk(more='whom = "clients"\nclient = ["romashka", "pion"]') as desk:
        desk.advance(9 * DAY)
        assert [one.client for one in desk.tickets()] == ["romashka"]
    with open_desk(more='whom = "clients"\nclient = "romashka"\nlevel = "gold"') as desk:
        desk.advance(9 * DAY)
        assert desk.tickets() == []


def test_the_customer_never_hears_of_it() -> None:
    """Neither when it opens, nor when it is worked on, solved and closed, though customers are asked for their word."""
    asks = '[organization.acme.confirmation]\nwithin = "5d"\n[organization.acme.satisfaction]\nask = "resolved"\n'
    with open_desk(more='whom = "clients"\nclient = "romashka"\nagent = "ivan"', organization=asks) as desk:
        sent = desk.advance(9 * DAY)
        notification = sent[0]
        for words in ("Копия восстановлена за 20 минут.", "#время 30м", "#решено", "#открыть", "#закрыть"):
            sent += order(desk, notification, words)
        sent += desk.advance(14 * DAY)
        assert not [one for one in sent if one.recipient not in (IVAN_ADDRESS, HEAD_ADDRESS)]
        assert desk.tickets()[0].status is Status.CLOSED
        with desk._office.database.read() as connection:
            done = connection.execute(select(work)).one()
        assert (done.client, done.spent) == ("romashka", 1800)  # the time is the client's all the same


def test_words_about_a_work_are_kept_as_a_note() -> None:
    """There is nobody to send them to, and that keeps no command from being obeyed."""
    with open_desk() as desk:
        (told,) = desk.advance(9 * DAY)
        (receipt,) = order(desk, told, "Копия восстановлена за 20 минут.\n#решено")
        assert "Сделано: #решено" in receipt.message.text
        kept = "Остальной текст вашего письма записан заметкой, видят её только сотрудники."
        assert kept in receipt.message.text
        assert desk.tickets()[0].status is Status.RESOLVED
        with desk._office.database.read() as connection:
            lines = [(one.kind, one.text) for one in history(connection, desk.tickets()[0].id)]
        assert ("note", "Копия восстановлена за 20 минут.") in lines


def test_a_colleague_who_gets_a_work_reads_what_to_do() -> None:
    with open_desk() as desk:
        (told,) = desk.advance(9 * DAY)
        sent = order(desk, told, "#назначить petra")
        (given,) = [one for one in sent if one.purpose is Purpose.NOTIFICATION]
        assert "Восстановите последнюю копию.\nЗапишите, сколько это заняло." in given.message.text
        assert "Дальше: сделать работу и написать #решено" in given.message.text


@pytest.mark.parametrize("day", ["2026-11-30", "2026-12-01"], ids=["back again", "away"])
def test_where_its_agent_is_away_all_hear(day: str) -> None:
    """It stays the agent's."""
    work = BACKUP.format(on="day 1", more='agent = "ivan"')
    with open_dealt("manual", ivan=f'absent = "{day}"', more=work) as desk:
        hear = ["ivan", "petra", "zoya"] if day == "2026-12-01" else ["ivan"]
        assert told(desk.advance(9 * DAY)) == [f"01.12 09:00 {one}" for one in hear]
        assert desk.tickets()[0].agent == "ivan"


def test_nobodys_work_is_everybodys_news() -> None:
    with open_desk(more="") as desk:
        assert told(desk.advance(9 * DAY)) == ["01.12 09:00 ivan", "01.12 09:00 petra"]


def test_it_is_dealt_out_where_requests_are() -> None:
    """In turn, as letters are: the first to whoever has the least, the next to the other."""
    way = '[organization.acme.assignment]\nway = "round-robin"\n'
    with open_desk(on="mon", more="", organization=way) as desk:
        assert told(desk.advance(15 * DAY)) == ["30.11 09:00 ivan", "07.12 09:00 petra"]
        assert [one.agent for one in desk.tickets()] == ["ivan", "petra"]


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_days_off_are_those_of_the_calendar() -> None:
    """The year begins on the 11th of January; on a Saturday nothing, where days off are left out."""
    with open_desk(more='agent = "ivan"\noff_day = "next"') as desk:
        assert told(desk.advance(80 * DAY)) == ["01.12 09:00 ivan", "11.01 09:00 ivan", "01.02 09:00 ivan"]
    with open_desk(on="day 5", more='agent = "ivan"\noff_day = "skip"') as desk:
        assert told(desk.advance(80 * DAY)) == ["05.02 09:00 ivan"]


def test_what_was_before_the_first_look_is_not_made_up_for() -> None:
    """The desk begins on a Monday at nine: this Monday's is not opened, the next one's is."""
    with open_desk(on="mon") as desk:
        assert told(desk.advance(8 * DAY)) == ["30.11 09:00 ivan"]


def test_what_was_missed_is_made_up_for_once_and_says_so() -> None:
    """A daemon that was down for a month opens the latest only."""
    with open_desk(on="mon") as desk:
        office = desk._office
        desk.advance(DAY)
        assert open_due(office.database, desk._policy, START + 29 * DAY) == 1
        assert [one.number for one in desk.tickets()] == ["ACME-1"]
        assert events(desk)[0] == (
            "opened: recurring work backup, of 2026-12-21; missed before while maild did not run: "
            "2026-11-30, 2026-12-07, 2026-12-14"
        )
        assert open_due(office.database, desk._policy, START + 29 * DAY) == 0


def test_another_rhythm_counts_from_when_it_is_first_seen() -> None:
    """Moved from the 1st to the 20th on the 25th of December: nothing opens for the 20th, the next is in January."""
    with open_desk() as desk, open_desk(on="day 20") as other, open_desk(more='agent = "petra"') as third:
        database, at = desk._office.database, datetime(2026, 12, 25, 12, tzinfo=UTC)
        desk.advance(20 * DAY)
        assert open_due(database, other._policy, at) == 1
        assert len(desk.tickets()) == 1
        assert open_due(database, other._policy, at + 27 * DAY) == 1
        assert [events(desk, one.id)[0] for one in desk.tickets()] == [
            "opened: recurring work backup, of 2026-12-01",
            "opened: recurring work backup, of 2027-01-20",
        ]
        assert open_due(database, desk._policy, at + 28 * DAY) == 1  # back again: nothing of the 1st of January
        assert open_due(database, third._policy, at + 40 * DAY) == 1  # whose it is is no rhythm
        assert events(desk, 3)[0] == "opened: recurring work backup, of 2027-02-01"
        assert desk.tickets()[-1].agent == "petra"


def test_nothing_comes_round_where_nothing_is_configured() -> None:
    with open_served() as desk:
        assert outside(desk.advance(40 * DAY)) == []
        assert open_due(desk._office.database, desk._policy, START + 41 * DAY) == 0


def test_a_quota_is_the_customers_own_requests() -> None:
    """What nobody asked for does not count."""
    quota = "[organization.acme.quota]\nper_month = 1\n"
    with open_desk(more='whom = "clients"\nclient = "romashka"', organization=quota) as desk:
        desk.advance(9 * DAY)
        sent = write(desk)
        assert Purpose.ACKNOWLEDGEMENT in {one.purpose for one in sent}
        assert not any("over quota" in line for line in events(desk, 2))


def test_documents_are_due_five_working_days_after_the_month() -> None:
    """Report, act and invoice (IN-10): as the page shows it, December's are due on the fifth working day of January's."""
    shown = DOCS.read_text("utf-8").partition("## Документы после окончания услуг")[2]
    tables = shown.partition("```toml\n")[2].partition("```")[0]
    with open_served(organization=tables) as desk:
        desk.advance(datetime(2027, 1, 1, tzinfo=UTC))
        opened = {one.id: one for one in desk.tickets() if one.client == "romashka"}
        assert [one.opened_at for one in opened.values()] == [
            datetime(2026, 11, 30, 15, tzinfo=UTC),
            datetime(2026, 12, 31, 15, tzinfo=UTC),
        ]
        terms = [due for id_ in opened if (due := running(desk, id_)[Moment.RESOLVED].due_at)]
        assert terms == [datetime(2026, 12, 7, 21, tzinfo=UTC), datetime(2027, 1, 15, 21, tzinfo=UTC)]
