"""NIRIS's packages (NI-2), carry-over (NI-12) and extra hours (NI-5), from agents' `#время` to the account of a client."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packs.accounts import Desk, desk_of, hours

LIDIA, KOLESOV, VISITOR = "lidia@chay.example", "kolesov@mail.ru", "petr@remont.example"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on 1 October 2025, when the tea shop's term begins."""
    with desk_of("niris", tmp_path, "2025-10-01T00:00", "denis@niris-staff.example") as desk:
        yield desk


def account(studio: Desk, client: str, last: str, months: int = 1) -> list[tuple[object, ...]]:
    """Return the months of a client in hours and roubles."""
    return [
        (
            str(row.month),
            requests,
            *map(hours, (row.allowance, row.carried_in, row.used, row.left, row.carried_out, row.extra)),
            str(row.price),
        )
        for requests, row in studio.account(client, last, months)
        if row
    ]


def test_hours_carry_over_inside_the_term_and_no_further(studio: Desk) -> None:
    """Rounded request by request (A4); what is left is kept until the prepaid term ends; beyond it an hour costs 1 500 ₽."""
    first = studio.ask("2025-10-06T12:00", LIDIA)
    said = studio.note(first, "2025-10-06T14:00", "#время 1ч10м")
    assert "Сделано: #время 1ч10м" in said
    assert "1 час 10 минут" in said
    studio.note(studio.ask("2025-10-10T12:00", LIDIA), "2025-10-10T13:00", "#время 20 мин")
    third = studio.ask("2025-10-20T12:00", LIDIA)
    studio.note(third, "2025-10-20T13:00", "#время 20 минут")
    studio.note(third, "2025-10-31T23:59", "#время 20 минут")  # 40 minutes: an hour
    studio.note(third, "2025-11-01T00:30", "#время 10 минут")  # 50: still that hour, none of it November's
    fourth = studio.ask("2025-11-05T12:00", LIDIA)
    studio.note(fourth, "2025-11-28T18:00", "#время 17,5 ч")
    assert account(studio, "chay", "2026-04", 7) == [
        # October: 70, 20 and 40 minutes are 1.5, 0.5 and 1 hours, not 130 minutes rounded to 2.5
        ("2025-10", 3, 10, 0, 3, 7, 7, 0, "0.00"),
        ("2025-11", 1, 10, 7, 17.5, 0, 0, 0.5, "750.00"),
        ("2025-12", 0, 10, 0, 0, 10, 10, 0, "0.00"),
        ("2026-01", 0, 10, 10, 0, 20, 20, 0, "0.00"),
        ("2026-02", 0, 10, 20, 0, 30, 30, 0, "0.00"),
        # the term ends on 31 March: 40 hours lapse, and April has neither a package nor anything kept
        ("2026-03", 0, 10, 30, 0, 40, 0, 0, "0.00"),
        ("2026-04", 0, 0, 0, 0, 0, 0, 0, "0.00"),
    ]


def test_extra_hours_cost_what_the_studio_asks(studio: Desk) -> None:
    """NI-5: hours beyond the package of the client's own tariff, as many as they like; a visitor's are in nobody's package."""
    notified = studio.ask("2025-11-10T11:00", KOLESOV)
    studio.note(notified, "2025-11-10T18:00", "#время 6ч\nПервая часть готова.")
    studio.note(notified, "2025-11-11T18:00", "#время 1ч31м")
    studio.note(studio.ask("2025-11-12T11:00", VISITOR), "2025-11-12T12:00", "#время 3ч")
    # «Старт» has 5 hours; 7 h 31 min of one request are 8
    assert account(studio, "kolesa", "2025-11") == [("2025-11", 1, 5, 0, 8, 0, 0, 3, "4500.00")]
    assert account(studio, "chay", "2025-11") == [("2025-11", 0, 10, 10, 0, 20, 20, 0, "0.00")]


def test_time_follows_the_client(studio: Desk) -> None:
    """An agent says later whose request it was: the hours go to that client's account."""
    notified = studio.ask("2025-11-12T11:00", VISITOR)
    studio.note(notified, "2025-11-12T12:00", "#время 1ч")
    assert account(studio, "kolesa", "2025-11")[0][1:5] == (0, 5, 0, 0)
    assert "Сделано: #клиент kolesa" in studio.note(notified, "2025-11-12T13:00", "#клиент kolesa")
    assert account(studio, "kolesa", "2025-11")[0][1:5] == (1, 5, 0, 1)


def test_time_that_is_none_is_not_written_down(studio: Desk) -> None:
    """A slip of the pen does nothing, and is told."""
    notified = studio.ask("2025-11-10T11:00", LIDIA)
    assert "Не сделано: #время недолго" in studio.note(notified, "2025-11-10T12:00", "#время недолго")
    assert "Не сделано: #время 0ч" in studio.note(notified, "2025-11-10T12:01", "#время 0ч")
    assert account(studio, "chay", "2025-11")[0][4] == 0
