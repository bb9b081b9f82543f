"""Dates as agents write them: what is understood, what is refused, each against an expectation worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.desk.dates import MAX_PHRASE, find_instant

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)  # Tuesday, noon in Moscow
MOSCOW = ZoneInfo("Europe/Moscow")
KYIV = ZoneInfo("Europe/Kyiv")


def local(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        ("завтра | до завтра | tomorrow | by tomorrow | Завтра", "2026-11-26 00:00"),  # its end
        ("сегодня | до сегодня", "2026-11-25 00:00"),
        ("сьогодні | today", "2026-11-25 00:00"),
        ("послезавтра | післязавтра", "2026-11-27 00:00"),
        ("завтра утром | завтра вранці | tomorrow morning | завтра в 10 | завтра к 10 | завтра в 10 утра", "2026-11-25 10:00"),
        ("завтра в полдень | завтра 12:00 | tomorrow at noon", "2026-11-25 12:00"),
        ("завтра днём | завтра 14:00 | tomorrow afternoon | завтра 2 дня | tomorrow 2pm", "2026-11-25 14:00"),
        ("завтра вечером | завтра ввечері | tomorrow evening | завтра о 18:00 | завтра в 6 вечера | tomorrow at 6 pm", "2026-11-25 18:00"),
        ("18:00 | до 18:00 | к 18:00 | at 18:00 | 6pm | by 6pm | сегодня 18:00 | сегодня вечером", "2026-11-24 18:00"),
        ("10:00 | к 10 утра", "2026-11-25 10:00"),  # has passed today
        ("до пятницы 18:00 | в пятницу в 18:00 | пт 18:00 | пятница, 18:00 | до п'ятниці 18:00 | в п’ятницю о 18:00 | by Friday 18:00 | friday 6pm", "2026-11-27 18:00"),
        ("до пятницы | к пятнице | on Friday | fri | до пʼятниці", "2026-11-28 00:00"),
        ("в понедельник | до понедельника | понедельник | в понеділок | до понеділка | on monday | пн", "2026-12-01 00:00"),
        ("среда | до среды | в среду | ср | середу | wed", "2026-11-26 00:00"),
        ("до четверга | четверг | до четверга", "2026-11-27 00:00"),
        ("до субботы | в субботу | суботи", "2026-11-29 00:00"),
        ("до воскресенья | неділя | sunday", "2026-11-30 00:00"),
        ("во вторник | до вторника | вівторок | tuesday", "2026-12-02 00:00"),  # its own name is not today
        ("через 3 дня | через три дня | in 3 days | через 3 дні", "2026-11-28 00:00"),
        ("через 3 дня в 18:00 | через 3 дня вечером", "2026-11-27 18:00"),
        ("через неделю | через тиждень | in a week | через 1 неделю | через 7 дней", "2026-12-02 00:00"),
        ("через 2 недели | in 2 weeks", "2026-12-09 00:00"),
        ("через месяц | через місяць | in a month", "2026-12-25 00:00"),
        ("через час | через годину | in an hour | in 1 hour | через 60 минут | через 60 хв", "2026-11-24 13:00"),
        ("через 90 минут | in 90 minutes", "2026-11-24 13:30"),
        ("15 декабря | до 15 декабря | 15 грудня | 15 december | December 15 | dec 15 | 15 дек | 15.12 | 15.12.26 | 15.12.2026", "2026-12-16 00:00"),
        ("15 декабря 18:00 | 15 декабря в 18:00 | 15 декабря, 18:00 | до 15 грудня о 18:00 | 15.12 18:00 | 2026-12-15 18:00 | Dec 15 6pm | 15 декабря 2026 18:00 | 15 декабря 2026 года в 18:00", "2026-12-15 18:00"),
        ("24 ноября | 24.11 | 24 листопада | november 24", "2026-11-25 00:00"),  # today still is one
        ("23 ноября | 23.11 | 23 листопада", "2027-11-24 00:00"),
        ("1 января | 1 січня | Jan 1", "2027-01-02 00:00"),
        ("29 февраля", "2028-03-01 00:00"),
        ("1 мая 2027", "2027-05-02 00:00"),
        ("22.11.2026 | 22 ноября 2026", "2026-11-23 00:00"),  # past, and the caller says so
    ],
)  # fmt: skip
def test_a_phrase_names_an_instant(phrases: str, expected: str) -> None:
    """In the organisation's zone, in the future, in three languages."""
    for phrase in phrases.split(" | "):
        assert (phrase, find_instant(phrase, NOW, MOSCOW)) == (phrase, local(expected).astimezone(UTC))


@pytest.mark.parametrize(
    "phrase",
    [
        "", "погоды", "мая", "март", "в марте", "2027", "5 минут", "завтра наверное", "до конца не знаю", "завтра или в пятницу", "31 ноября", "31.02", "15 числа",
        "27.11 25:00", "завтра 25:00", "завтра 13 вечера", "в пятницу 18:00 или позже", "через 3 рабочих дня", "через 99999 дней",
        "через 9999 дней", "вчера", "вчера 18:00", "yesterday", "3 дня назад", "27.11.2126", "31.12.9999 18:00", "0.0", "до", "в", ",", "на неделе",
        "следующая пятница", "пятница тринадцатое", "один", "a", "в 25", "27.11 18:00 19:00", "завтра утром вечером", "12/25", "через", "in", "x" * 10_000,
        "24.11.2005", "1 мая 2010", "may", "sat down", "second",
    ],
)  # fmt: skip
def test_what_names_none_is_refused(phrase: str) -> None:
    """A parser of dates is eager: one word too much, and nothing is guessed."""
    assert find_instant(phrase, NOW, MOSCOW) is None


WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(instants, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))
def test_weekdays_against_the_calendar(now: datetime, weekday: int, hour: int, minute: int) -> None:
    """The next day of that name, at that time there."""
    day = now.astimezone(KYIV).date() + timedelta(days=1)
    while day.weekday() != weekday:
        day += timedelta(days=1)
    expected = datetime.combine(day, time(hour, minute), KYIV).astimezone(UTC)
    assert find_instant(f"{WEEKDAYS[weekday]} {hour}:{minute:02}", now, KYIV) == expected


@settings(max_examples=60, deadline=None)
@given(instants, st.dates(date(2027, 1, 1), date(2027, 12, 31)))
def test_days_of_months_against_the_calendar(now: datetime, day: date) -> None:
    """The next such day, today included."""
    today = now.astimezone(KYIV).date()
    expected = today
    while (expected.month, expected.day) != (day.month, day.day):
        expected += timedelta(days=1)
    end = datetime.combine(expected + timedelta(days=1), time(0), KYIV).astimezone(UTC)
    assert find_instant(f"{day.day} {MONTHS[day.month - 1]}", now, KYIV) == end
    assert find_instant(f"{day.day}.{day.month:02}", now, KYIV) == end


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=MAX_PHRASE) | st.lists(st.sampled_from("до в через 3 12 дня завтра утром 18:00 27.11 мая пятницы in a week , 99".split()), max_size=7).map(" ".join))  # fmt: skip
def test_nothing_raises_and_nothing_is_past(phrase: str) -> None:
    """Whatever is written names an instant from today on, or none."""
    found = find_instant(phrase, NOW, MOSCOW)
    assert found is None or local("2026-11-24 00:00") <= found <= NOW + timedelta(days=3653)
