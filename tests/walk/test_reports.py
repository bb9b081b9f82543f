"""Reports of the month: what they say to the word, who gets them, and that each goes out once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from maild.contracts.tables import read_table
from maild.ingest.parse import read_attachment
from maild.model import Purpose
from maild.rehearsal import Rehearsal, SentLetter
from maild.reporting import month_before, send_reports
from maild.store import views
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, open_served, order, write
from tests.walk.stage import START, to

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OLGA_ADDRESS = "olga@romashka.example"
ACCOUNTING = """
[organization.acme.accounting]
price = "1500"
[organization.acme.level.base.package]
hours = "2h"
carry_over = true
[organization.acme.reports]
monthly = "{whom}"
note = "При оплате за шесть месяцев скидка 10 %."
{more}
"""


def open_desk(whom: str = "client", more: str = "", language: str = "ru") -> Rehearsal:
    return open_served(organization=f'language = "{language}"\n' + ACCOUNTING.format(whom=whom, more=more))


def reports(sent: Sequence[SentLetter]) -> list[SentLetter]:
    return [one for one in sent if one.purpose is Purpose.REPORT]


def work_on(desk: Rehearsal, *times: str) -> None:
    """Two requests of Olga's, the first of them solved, with time spent on them."""
    first = to(write(desk), IVAN_ADDRESS)
    second = to(write(desk, OLGA, "Факс молчит.", subject="Факс"), IVAN_ADDRESS)
    for notification, time in zip((first, second), times, strict=False):
        order(desk, notification, f"#time {time}")
    order(desk, first, "#close")


def about(sent: Sequence[SentLetter], who: str) -> SentLetter:
    (one,) = (each for each in reports(sent) if each.recipient == who)
    return one


# ── the words ────────────────────────────────────────────────────────────────────────────────────────────────────────

RUSSIAN = """\
Здравствуйте!

Отчёт о работах за ноябрь 2026: ООО «Ромашка»

ACME-1: Не печатает принтер
закрыто 23 ноября 2026 года
1 час 30 минут

ACME-2: Факс
новое
1 час

Обращений за месяц: 2
Пакет: 2 часа
Использовано: 2 часа 30 минут
Осталось: нет
Сверх пакета: 30 минут, к оплате 750\u00a0₽

При оплате за шесть месяцев скидка 10 %.

ООО «Акме»
support@acme.example

--\x20
Это письмо отправлено автоматически. Если в отчёте что-то не так, ответьте на него."""
UKRAINIAN = """\
Добрий день!

Звіт про роботи за листопад 2026: ООО «Ромашка»

ACME-1: Не печатает принтер
закрито 23 листопада 2026 року
1 година 30 хвилин

ACME-2: Факс
нове
1 година

Звернень за місяць: 2
Пакет: 2 години
Використано: 2 години 30 хвилин
Залишилося: немає
Понад пакет: 30 хвилин, до сплати 750\u00a0₽

При оплате за шесть месяцев скидка 10 %.

ООО «Акме»
support@acme.example

--\x20
Цей лист надіслано автоматично. Якщо у звіті щось не так, дайте на нього відповідь."""
ENGLISH = """\
Hello!

Report of work for November 2026: ООО «Ромашка»

ACME-1: Не печатает принтер
closed on 23 November 2026
1 hour 30 minutes

ACME-2: Факс
new
1 hour

Requests in the month: 2
Package: 2 hours
Used: 2 hours 30 minutes
Left: none
Beyond the package: 30 minutes, to be paid 750\u00a0₽

При оплате за шесть месяцев скидка 10 %.

ООО «Акме»
support@acme.example

--\x20
This letter was sent automatically. If anything in the report is wrong, please answer it."""


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        ("ru", "Отчёт за ноябрь 2026: ООО «Ромашка»", RUSSIAN),
        ("uk", "Звіт за листопад 2026: ООО «Ромашка»", UKRAINIAN),
        ("en", "Report for November 2026: ООО «Ромашка»", ENGLISH),
    ],
)
def test_a_client_reads_what_was_done_and_what_it_comes_to(language: str, subject: str, text: str) -> None:
    """Word for word: 70 minutes are an hour and a half, a request without an end has its status."""
    with open_desk(language=language) as desk:
        work_on(desk, "70m" if language == "en" else "70м", "1h" if language == "en" else "1ч")
        one = about(desk.advance(10 * DAY), OLGA_ADDRESS)
        assert one.at == datetime(2026, 12, 1, 6, tzinfo=UTC)
        assert (one.message.subject, one.message.text) == (subject, text)


def test_all_lines_come_as_a_table() -> None:
    """A spreadsheet, of texts and dates, with the hours as numbers are written."""
    with open_desk() as desk:
        work_on(desk, "70м", "1ч")
        one = about(desk.advance(10 * DAY), OLGA_ADDRESS)
        (file,) = one.message.attachments
        assert file.name == "2026-11.xlsx"
        table = read_table(read_attachment(one.octets, file.index), file.name)
        assert [row.cells[:5] for row in table.rows] == [
            ("Номер", "Тема", "Статус", "Закрыто", "Часы"),
            ("ACME-1", "Не печатает принтер", "закрыто", "2026-11-23", "1:30"),
            ("ACME-2", "Факс", "новое", "", "1"),
        ]


def test_what_is_left_goes_on() -> None:
    """An hour of November's two is carried into December, which used nothing."""
    with open_desk() as desk:
        work_on(desk, "1ч")
        november = about(desk.advance(10 * DAY), OLGA_ADDRESS).message.text
        assert "Осталось: 1 час\nПереходит на следующий месяц: 1 час\n" in november
        december = about(desk.advance(31 * DAY), OLGA_ADDRESS).message.text
        assert "Работ в этом месяце не было.\n\nОбращений за месяц: 0\nПакет: 2 часа\n" in december
        assert "Перенесено с прошлого месяца: 1 час\nИспользовано: нет\nОсталось: 3 часа\n" in december


def test_works_that_came_round_are_among_it_once_they_are_over() -> None:
    """Without time spent, too: the client reads that they were done."""
    backup = '[organization.acme.recurring.backup]\ntitle = "Копии"\ntext = "Проверить"\non = "every day"\nwhom = "clients"\nclient = "romashka"\nuntil = 2026-11-25'
    with open_desk(more=backup) as desk:
        sent = desk.advance(3 * DAY)
        order(desk, to(sent[:2], IVAN_ADDRESS), "#решено")
        text = about(desk.advance(7 * DAY), OLGA_ADDRESS).message.text
        assert "ACME-1: Копии\nзакрыто 26 ноября 2026 года\n" in text
        assert "ACME-2" not in text
        assert "Обращений за месяц: 0\n" in text


# ── who gets it ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_had_a_contract_gets_it() -> None:
    """Not who is suspended, nor whose contract is over or to come."""
    with open_desk() as desk:
        sent = reports(desk.advance(10 * DAY))
        assert [one.recipient for one in sent] == ["iris@iris.example", OLGA_ADDRESS]


def test_the_manager_checks_it_first() -> None:
    """Whose is one gets theirs, the head all others; the client gets nothing, and whoever checks reads whom it is for."""
    managed = '[organization.acme.client.rosa]\nname = "Роза"\naddresses = "rosa@rosa.example"\nmanager = "ivan"\npackage = { hours = "1h" }'
    with open_desk("manager", more=managed) as desk:
        sent = reports(desk.advance(10 * DAY))
        assert [one.recipient for one in sent] == [HEAD_ADDRESS, HEAD_ADDRESS, IVAN_ADDRESS]
        assert sent[1].message.text.startswith(
            "Отчёт для клиента ООО «Ромашка» за ноябрь 2026. Клиент его не получал.\n"
            "Проверьте и, если всё верно, перешлите: Ольга <olga@romashka.example>\n\n"
            "Здравствуйте!\n\nОтчёт о работах за ноябрь 2026: ООО «Ромашка»\n"
        )


def test_the_head_gets_all_where_that_is_wanted() -> None:
    managed = '[organization.acme.client.rosa]\nname = "Роза"\nmanager = "ivan"\npackage = { hours = "1h" }\ndomains = "rosa.example"'
    with open_desk("head", more=managed) as desk:
        sent = reports(desk.advance(10 * DAY))
        assert [one.recipient for one in sent] == [HEAD_ADDRESS] * 3
        assert "Контактов у клиента в реестре нет.\n" in sent[2].message.text


def test_nobody_gets_any_by_default() -> None:
    with open_served() as desk:
        assert reports(desk.advance(40 * DAY)) == []


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_month_that_was_missed_is_reported_late() -> None:
    """A daemon that was down from November to January sends November's and December's, each once."""
    with open_desk() as desk:
        desk.advance(HOUR)
        assert send_reports(desk._office.database, desk._policy, START + 60 * DAY) == 1
        assert send_reports(desk._office.database, desk._policy, START + 60 * DAY) == 0
        with desk._office.database.read() as connection:
            rows = views.outbox_rows(connection, limit=100)
        theirs = sorted(one.letter.subject for one in rows if one.letter.recipient == OLGA_ADDRESS)
        assert theirs == ["Отчёт за декабрь 2026: ООО «Ромашка»", "Отчёт за ноябрь 2026: ООО «Ромашка»"]


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 12, 1), "2026-11"),
        (date(2026, 12, 30), "2026-11"),
        (date(2026, 12, 31), "2026-12"),
        (date(2027, 1, 1), "2026-12"),
        (date(2028, 2, 28), "2028-01"),
        (date(2028, 2, 29), "2028-02"),
    ],
)
def test_which_month_a_day_reports(day: date, month: str) -> None:
    assert str(month_before(day)) == month
