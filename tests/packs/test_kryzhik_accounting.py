"""KR-9: what agents of «Крыжик» note by `#время` in letters, counted by hour, rounded request by request, or by request."""

from pathlib import Path

import pytest

from tests.packs.accounts import Desk, desk_of, hours

LENA = "lena@kryzhik-staff.example"
ZARYA, MARINA = "buh@zarya.example", "marina@zenit.example"
BY_REQUEST = {
    'unit = "hours"\nprice = 2500': 'unit = "requests"\nprice = 300',
    'hours = "10h", price = 2200': "requests = 1",
}

NOVEMBER = (  # when they ask, who, what the agent answers
    ("2025-11-05T10:00", ZARYA, "Исправили.\n#время 10м"),
    ("2025-11-05T11:00", ZARYA, "Выписка загружается.\n#время 25 мин"),
    ("2025-11-06T10:00", MARINA, "Готово.\n#время 1ч50м"),
    ("2025-11-30T23:59", ZARYA, "#время 15м\n#время 0,5 ч\nПересчитали."),
)


def work(desk: Desk, *asked: tuple[str, str, str]) -> None:
    """Play requests with their answers, each given at once."""
    for at, author, answer in asked:
        desk.note(desk.ask(at, author), at, answer)


@pytest.mark.parametrize(
    ("client", "requests", "package", "used", "extra", "price"),
    [
        # 10, 25 and 45 minutes are half an hour, half an hour and an hour, not one and a half in sum (A4); no package
        ("zarya", 3, 0, 2, 2, "5000.00"),
        # 1 h 50 min are two hours of ten
        ("zenit", 1, 10, 2, 0, "0.00"),
    ],
)
def test_hours_are_rounded_up_request_by_request(
    tmp_path: Path, client: str, requests: int, package: int, used: int, extra: int, price: str
) -> None:
    """In steps of half an hour (KR-9, A4), against the package; the last minute of the month is still of it."""
    with desk_of("kryzhik", tmp_path, "2025-11-05T10:00", LENA) as desk:
        work(desk, *NOVEMBER)
        [(received, row)] = desk.account(client, "2025-11")
    assert row
    assert (received, *map(hours, (row.allowance, row.used, row.extra))) == (requests, package, used, extra)
    assert str(row.price) == price


def test_what_nobody_worked_on_uses_nothing(tmp_path: Path) -> None:
    """However many requests there were."""
    with desk_of("kryzhik", tmp_path, "2025-11-05T10:00", LENA) as desk:
        desk.ask("2025-11-05T10:00", MARINA)
        [(received, row)] = desk.account("zenit", "2025-11")
    assert row
    assert (received, hours(row.used)) == (1, 0)


def test_requests_may_be_counted_instead(tmp_path: Path) -> None:
    """In steps of one (KR-9), whatever time they took; a month of nothing has nothing."""
    more = (("2025-12-01T00:00", MARINA, "Готово.\n#время 8ч"), ("2025-12-08T10:00", MARINA, "Готово.\n#время 5м"))
    with desk_of("kryzhik", tmp_path, "2025-11-05T10:00", LENA, answers=BY_REQUEST) as desk:
        work(desk, *NOVEMBER, *more)
        rows = [row for _, row in desk.account("zenit", "2025-12", 3) if row]
    assert [(str(row.month), row.allowance, row.used, row.extra, str(row.price)) for row in rows] == [
        ("2025-10", 1, 0, 0, "0.00"),
        ("2025-11", 1, 1, 0, "0.00"),
        ("2025-12", 1, 2, 1, "300.00"),
    ]
