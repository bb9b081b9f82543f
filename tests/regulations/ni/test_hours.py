"""NIRIS's packages (NI-2), carry-over (NI-12) and extra hours (NI-5), from agents' `#время` to `maild client usage`."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.rehearsal import Rehearsal, SentLetter
from tests.cli.call import call
from tests.walk.stage import letter, reply, to

HERE = Path(__file__).parent
LIDIA, KOLESOV, VISITOR = "lidia@chay.example", "kolesov@mail.ru", "petr@remont.example"
DENIS = "denis@niris-staff.example"
HOURS = ("package", "carried_in", "used", "left", "carried_out", "extra")
COLUMNS = ("month", "requests", *HOURS, "price")


class Studio:
    """The desk of the configuration beside this file, and the command that reads its database."""

    def __init__(self, desk: Rehearsal, config: Path) -> None:
        """Let the commands find the rehearsed database."""
        self.desk, self.config = desk, config
        for part in ("rules.toml", "faq.toml"):
            shutil.copy(HERE / part, config.parent)
        text = (HERE / "config.toml").read_text(encoding="utf-8").replace('scenarios = "scenarios"\n', "")
        config.write_text(text.replace('data_dir = "data"', f'data_dir = "{desk.folder}"'), encoding="utf-8")

    def ask(self, at: str, author: str = LIDIA) -> SentLetter:
        """Let a customer write, and return what the agent is told."""
        octets = letter(f"Задача от {at}.", author=author, to="support@niris.example", subject=f"Задача {at}")
        return to(self._deliver(octets, at), DENIS)

    def note(self, notified: SentLetter, at: str, text: str) -> str:
        """Let the agent write time down, and return the receipt."""
        octets = reply(notified, text, author=f"Денис Ким <{DENIS}>")
        return to(self._deliver(octets, at), DENIS).message.text

    def _deliver(self, octets: bytes, at: str) -> list[SentLetter]:
        self.desk.advance(datetime.fromisoformat(at))  # what is reminded of meanwhile is not looked at here
        return self.desk.deliver(octets, "ni/support")

    def usage(self, client: str, last: str, months: int) -> list[tuple[object, ...]]:
        """Return the account of a client in hours."""
        span = ("--month", last, "--months", str(months))
        rows = call("client", "usage", client, "-c", str(self.config), *span, "--json").json
        return [tuple(row[name] / 3600 if name in HOURS else row[name] for name in COLUMNS) for row in rows]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """An empty desk on 1 October 2025, when the tea shop's term begins."""
    start = datetime.fromisoformat("2025-10-01T00:00+03:00")
    with Rehearsal(load_config(HERE / "config.toml"), start=start) as desk:
        yield Studio(desk, tmp_path / "config.toml")


def test_hours_carry_over_inside_the_term_and_no_further(studio: Studio) -> None:
    """Rounded request by request (A4); what is left is kept until the prepaid term ends; beyond it an hour costs 1 500 ₽."""
    first = studio.ask("2025-10-06T12:00+03:00")
    said = studio.note(first, "2025-10-06T14:00+03:00", "#время 1ч10м")
    assert "Сделано: #время 1ч10м" in said
    assert "1 час 10 минут" in said
    studio.note(studio.ask("2025-10-10T12:00+03:00"), "2025-10-10T13:00+03:00", "#время 20 мин")
    third = studio.ask("2025-10-20T12:00+03:00")
    studio.note(third, "2025-10-20T13:00+03:00", "#время 20 минут")
    studio.note(third, "2025-10-31T23:59+03:00", "#время 20 минут")  # 40 minutes: an hour
    studio.note(third, "2025-11-01T00:30+03:00", "#время 10 минут")  # 50: still that hour, none of it November's
    fourth = studio.ask("2025-11-05T12:00+03:00")
    studio.note(fourth, "2025-11-28T18:00+03:00", "#время 17,5 ч")
    assert studio.usage("chay", "2026-04", 7) == [
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


def test_extra_hours_cost_what_the_studio_asks(studio: Studio) -> None:
    """NI-5: hours beyond the package of the client's own tariff, as many as they like; the table says what is owed in all."""
    notified = studio.ask("2025-11-10T11:00+03:00", KOLESOV)
    studio.note(notified, "2025-11-10T18:00+03:00", "#время 6ч\nПервая часть готова.")
    studio.note(notified, "2025-11-11T18:00+03:00", "#время 1ч31м")
    studio.note(studio.ask("2025-11-12T11:00+03:00", VISITOR), "2025-11-12T12:00+03:00", "#время 3ч")
    # «Старт» has 5 hours; 7 h 31 min of one request are 8
    assert studio.usage("kolesa", "2025-11", 1) == [("2025-11", 1, 5, 0, 8, 0, 0, 3, "4500.00")]
    lines = call("client", "usage", "-c", str(studio.config), "--month", "2025-11").out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["kolesa"]  # the visitor's hours are in nobody's package
    assert lines[-1] == "extra in all: 4500.00 ₽"


def test_time_follows_the_client(studio: Studio) -> None:
    """An agent says later whose request it was: the hours go to that client's account."""
    notified = studio.ask("2025-11-12T11:00+03:00", VISITOR)
    studio.note(notified, "2025-11-12T12:00+03:00", "#время 1ч")
    assert studio.usage("kolesa", "2025-11", 1)[0][1:5] == (0, 5, 0, 0)
    assert "Сделано: #клиент kolesa" in studio.note(notified, "2025-11-12T13:00+03:00", "#клиент kolesa")
    assert studio.usage("kolesa", "2025-11", 1)[0][1:5] == (1, 5, 0, 1)


def test_time_that_is_none_is_not_written_down(studio: Studio) -> None:
    """A slip of the pen does nothing, and is told."""
    notified = studio.ask("2025-11-10T11:00+03:00")
    assert "Не сделано: #время недолго" in studio.note(notified, "2025-11-10T12:00+03:00", "#время недолго")
    assert "Не сделано: #время 0ч" in studio.note(notified, "2025-11-10T12:01+03:00", "#время 0ч")
    assert studio.usage("chay", "2025-11", 1)[0][4] == 0
