"""KR-9: what is noted by `#время` in letters, as `maild client usage` counts it: by hour, rounded per request, or by request."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.rehearsal import Rehearsal
from tests.cli.call import call
from tests.walk.stage import letter, reply, to

HERE = Path(__file__).parent
SUPPORT = "kr/support"
LENA = "Елена Орлова <lena@kryzhik-staff.example>"

Asked = tuple[str, str, str, str]  # when (Moscow), who, about what, the agent's answer; "": none

NOVEMBER: tuple[Asked, ...] = (
    ("2025-11-05T10:00", "buh@zarya.example", "НДС", "Исправили.\n#время 10м"),
    ("2025-11-05T11:00", "buh@zarya.example", "Банк", "Выписка загружается.\n#время 25 мин"),
    ("2025-11-30T23:59", "buh@zarya.example", "Зарплата", "#время 15м\n#время 0,5 ч\nПересчитали."),
    ("2025-11-06T10:00", "marina@zenit.example", "Отчёт", "Готово.\n#время 1ч50м"),
)


@contextmanager
def worked(tmp_path: Path, asked: tuple[Asked, ...], unit: str = "hours") -> Iterator[None]:
    """Play requests with their answers; inside, the commands of maild find what was written down."""
    text = (HERE / "config.toml").read_text("utf-8").replace('scenarios = "scenarios"\n', "")
    if unit != "hours":
        text = text.replace('unit = "hours"\nstep = "30m"', f'unit = "{unit}"')
        text = re.sub(r'package = { hours = "\d+h", price = \d+ }', "package = { requests = 1, price = 300 }", text)
    for part in ("rules.toml", "faq.toml"):
        shutil.copy(HERE / part, tmp_path)
    file = tmp_path / "maild.toml"
    file.write_text(text, "utf-8")
    moments = sorted(asked)
    start = datetime.fromisoformat(f"{moments[0][0]}+03:00")
    with Rehearsal(load_config(file), start=start) as desk:
        for when, author, subject, answer in moments:
            at = datetime.fromisoformat(f"{when}+03:00")
            question = letter(f"{subject}: не получается, помогите.", author=author, subject=subject)
            sent = desk.deliver(question, SUPPORT, at)
            if answer:
                notified = to([one for one in sent if subject == one.message.subject.partition("] ")[2]], LENA)
                desk.deliver(reply(notified, answer, author=LENA), SUPPORT)
        database = Path(desk._folder.name) / "maild.sqlite3"
        file.write_text(f'{text}\n[database]\nurl = "sqlite:///{database}"\n', "utf-8")
        yield


def usage(tmp_path: Path, *options: str) -> list[dict[str, object]]:
    """Return the rows of `maild client usage --json`."""
    rows = call("client", "usage", *options, "--config", str(tmp_path / "maild.toml"), "--json").json
    assert isinstance(rows, list)
    return rows


HOURS = {
    # 10, 25 and 45 minutes are half an hour, half an hour and one hour, not one and a half in sum (A4); no package: 2500 ₽
    "zarya": (3, 0, 2.0, 2.0, "5000.00"),
    # 1 h 50 min are two hours of ten
    "zenit": (1, 10.0, 2.0, 0, "0.00"),
}


@pytest.mark.parametrize("client", HOURS)
def test_hours_are_rounded_up_request_by_request(tmp_path: Path, client: str) -> None:
    """In steps of half an hour (KR-9, A4), against the tariff's package; the last minute of the month is still of it."""
    with worked(tmp_path, NOVEMBER):
        [row] = usage(tmp_path, client, "--month", "2025-11")
    hours = [float(str(row[name])) / 3600 for name in ("package", "used", "extra")]
    assert (row["requests"], *hours, row["price"]) == HOURS[client]


def test_what_is_refused_is_not_counted(tmp_path: Path) -> None:
    """A client who has not paid uses nothing (A9)."""
    with worked(tmp_path, (("2025-11-05T10:00", "info@luch.example", "НДС", ""),)):
        [row] = usage(tmp_path, "luch", "--month", "2025-11")
    assert (row["requests"], row["used"]) == (0, 0)


def test_requests_may_be_counted_instead(tmp_path: Path) -> None:
    """In steps of one (KR-9), whatever time they took; a month of nothing has nothing."""
    december = ("2025-12-01T00:00", "marina@zenit.example", "Склад", "Готово.\n#время 5м")
    more = ("2025-11-07T10:00", "marina@zenit.example", "НДФЛ", "Готово.\n#время 8ч")
    with worked(tmp_path, (*NOVEMBER, more, december), unit="requests"):
        rows = usage(tmp_path, "zenit", "--month", "2025-12", "--months", "3")
    assert [(row["month"], row["package"], row["used"], row["extra"], row["price"]) for row in rows] == [
        ("2025-10", 1, 0, 0, "0.00"),
        ("2025-11", 1, 2, 1, "300.00"),
        ("2025-12", 1, 1, 0, "0.00"),
    ]
