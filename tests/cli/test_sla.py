"""`maild sla`: terms computed by hand and by the command are the same, and each is explained."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.call import Done, call
from tests.daemon.desk import Desk, letter
from tests.sla.by_hand import CALENDARS, CASES, Case

OFFICE = """
[organization.acme.calendar.office]
zone = "Europe/Moscow"
holidays = "RU"
confirmed_until = 2026-12-31
[organization.acme.calendar.office.week]
mon-fri = ["10:00-13:00", "14:00-18:00"]
"""


# ── due, against the tables ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def regulations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with the calendars of all organisations whose regulations the tables rest on."""
    file = tmp_path_factory.mktemp("regulations") / "config.toml"
    names = {case.organisation for case in CASES}
    desks = "".join(
        f'[organization.{name}]\nname = "{name}"\nnumber_prefix = "{name.upper()}"\n'
        f'[organization.{name}.mailbox.support]\naddress = "support@{name}.example"\n'
        for name in sorted(names)
    )
    file.write_text(f'data_dir = "data"\n[smtp]\nhost = "127.0.0.1"\n{desks}{CALENDARS}', "utf-8")
    return file


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_terms_worked_out_by_hand(regulations: Path, case: Case) -> None:
    """`maild sla due` gives the term that was worked out by hand, and spans that lead to it without a gap."""
    pauses = [option for since, until, _ in case.pauses for option in ("--pause", f"{since}/{until}")]
    done = call("sla", "due", "--config", str(regulations), "--calendar", f"{case.organisation}/{case.calendar}",
                "--mode", case.mode, "--from", case.start, "--for", case.within, *pauses, "--json")  # fmt: skip
    assert done.status == 0, done.stderr
    due = datetime.fromisoformat(done.json["due_at"])
    assert due == datetime.fromisoformat(case.due), case.working
    edges = [(span["start"], span["end"]) for span in done.json["spans"]]
    assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
    if edges:
        assert datetime.fromisoformat(edges[0][0]) == datetime.fromisoformat(case.start)
        assert datetime.fromisoformat(edges[-1][1]) == due


# ── due, for people ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A desk that opens from 10 to 18 in Moscow, with a lunch break; without a database."""
    desk.write(tail=OFFICE)
    return desk


def due(*options: str) -> Done:
    return call("sla", "due", *options)


def test_every_stretch_is_explained(office: Desk) -> None:
    """Due in the calendar's zone and in UTC; then each stretch, whether it counts, how much so far, and why."""
    done = due("--calendar", "office", "--from", "2026-11-03 17:00", "--for", "2h30m")
    assert done.out.splitlines() == [
        "due Thu 2026-11-05 11:30:00 MSK (2026-11-05 08:30:00 UTC)",
        "from                         to                           counts  so far  why",
        "Tue 2026-11-03 17:00:00 MSK  Tue 2026-11-03 18:00:00 MSK  1h      1h      open 14:00–18:00",
        "Tue 2026-11-03 18:00:00 MSK  Wed 2026-11-04 00:00:00 MSK  –       1h      closed",
        "Wed 2026-11-04 00:00:00 MSK  Thu 2026-11-05 00:00:00 MSK  –       1h      holiday: День народного единства",
        "Thu 2026-11-05 00:00:00 MSK  Thu 2026-11-05 10:00:00 MSK  –       1h      closed",
        "Thu 2026-11-05 10:00:00 MSK  Thu 2026-11-05 11:30:00 MSK  1h30m   2h30m   open 10:00–13:00",
    ]


def test_pauses_are_given_back(office: Desk) -> None:
    """Overlapping ones once; from one pause to the next it counts."""
    start = ("--calendar", "office", "--from", "2026-11-05T10:00+03:00", "--for", "2h")
    pauses = ("--pause", "2026-11-05 10:30/2026-11-05 11:30", "--pause", "2026-11-05 11:00/2026-11-05 12:00")
    done = due(*start, *pauses)
    assert done.out.startswith("due Thu 2026-11-05 14:30:00 MSK (2026-11-05 11:30:00 UTC)\n")
    assert "waiting" in done.out


def test_without_a_calendar(office: Desk) -> None:
    """A continuous term needs none, and is told in UTC."""
    done = due("--mode", "continuous", "--from", "2026-11-06 23:00", "--for", "3h")
    assert done.out.startswith("due Sat 2026-11-07 02:00:00 (2026-11-07 02:00:00 UTC)\n")


def test_what_is_not_certain_is_told(office: Desk) -> None:
    """A term past the last confirmed day carries its doubt, in words and in JSON."""
    options = ("--calendar", "office", "--from", "2026-12-31 10:00", "--for", "8h")
    assert "not confirmed" in due(*options).out.splitlines()[-1]
    assert len(due(*options, "--json").json["doubts"]) == 1


WRONG = [
    ("--calendar office --from 2026-11-05 --for 8", 2, '"8" is not a duration in quotes such as "30s"'),
    ("--calendar office --from yesterday --for 8h", 2, '"yesterday" is no time: write 2026-11-23 09:00'),
    ("--calendar office --from 2026-02-30T10:00 --for 8h", 2, '"2026-02-30T10:00" is no time'),
    ("--calendar office --from 2026-11-05T10:00 --for 8h --pause 2026-11-05", 2, '"2026-11-05" is no pause'),
    ("--calendar office --from 2026-11-05T10:00 --for 8h --pause 2026-11-06T10:00/2026-11-05T10:00", 2, "ends before it begins"),
    ("--calendar office --mode calendar_days --from 2026-11-05T10:00 --for 8h", 2, "days"),
    ("--calendar office --mode none --from 2026-11-05T10:00 --for 8h", 2, "there is nothing to compute"),
    ("--mode working --from 2026-11-05T10:00 --for 8h", 2, "--mode working counts in a calendar: name it with --calendar"),
    ("--calendar office --mode fast --from 2026-11-05T10:00 --for 8h", 2, "continuous"),
    ("--calendar office --from 2026-11-05T10:00", 2, "--for"),
    ("--calendar office --from 2026-11-05T10:00 --for 9999999h", 2, '"9999999h" is too long: the configuration takes at most'),
    ("--calendar home --from 2026-11-05T10:00 --for 8h", 1, "there is no calendar home; there are: acme/office"),
    ("--calendar other/office --from 2026-11-05T10:00 --for 8h", 1, "there is no calendar other/office"),
    ("--calendar office --from 9999-12-30T10:00 --for 80h", 1, "nothing would ever be due: "),
    ("--mode continuous --from 9999-12-30T10:00 --for 3000h", 1, "nothing would ever be due: "),
    ("--calendar office --from 0001-01-01T00:00 --for 8h", 2, "is at the end of the calendar"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "status", "words"), WRONG, ids=[options for options, *_ in WRONG])
def test_what_makes_no_term(office: Desk, options: str, status: int, words: str) -> None:
    """A word about what is wrong and how to say it right; never a traceback."""
    done = due(*options.split())
    assert (done.status, done.out) == (status, ""), done
    assert words in " ".join(done.stderr.replace("│", " ").split())


def test_a_name_that_two_organisations_have(office: Desk) -> None:
    """Has to be said with whose it is."""
    other = OFFICE.replace("acme", "other").replace("10:00-13:00", "08:00-13:00")
    desk = '[organization.other]\nname = "Другая"\nnumber_prefix = "OT"\n[organization.other.mailbox.box]\naddress = "a@o.example"\n'
    office.write(tail=OFFICE + desk + other)
    start = ("--from", "2026-11-05 10:00", "--for", "1h")
    done = due("--calendar", "office", *start)
    assert (done.status, done.stderr) == (
        1, "maild: several organisations have calendar office; there are: acme/office, other/office\n",
    )  # fmt: skip
    assert due("--calendar", "other/office", *start).status == 0


# ── explain ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TARGETS = """
[organization.acme.target.reaction]
until = "answered"
within = "8h"
mode = "continuous"
[organization.acme.target.solution]
until = "resolved"
mode = "none"
"""


def test_the_terms_of_a_ticket_are_explained(office: Desk) -> None:
    """Each promise with start, term and stretches, in the organisation's zone; one without a term says so."""
    office.write(tail=OFFICE + TARGETS)
    call("receive", "-m", "acme/support", stdin=letter())
    done = call("sla", "explain", "acme-1")
    assert done.status == 0
    head, *lines = done.out.splitlines()
    assert head == "ACME-1 · new · no client · times in Europe/Moscow"
    assert "reaction: registered → answered, within 8h, continuous" in lines
    assert "solution: registered → resolved, no term of its own, none" in lines
    assert [line.split()[0] for line in lines if line.startswith("  ")] == ["started", "due", "started"]
    found = call("sla", "explain", "ACME-1", "--json").json
    reaction, solution = found["clocks"]
    started, due_at = (datetime.fromisoformat(reaction[name]) for name in ("started_at", "due_at"))
    assert (due_at - started).total_seconds() == 8 * 3600
    assert solution["due_at"] is None


def test_a_ticket_that_nothing_was_promised_for(office: Desk) -> None:
    """Says so; a ticket that is not there, too."""
    call("receive", "-m", "acme/support", stdin=letter())
    assert "Nothing was promised" in call("sla", "explain", "ACME-1").out
    done = call("sla", "explain", "ACME-9")
    assert (done.status, done.stderr) == (1, "maild: there is no ticket ACME-9: `maild ticket list --all` shows them\n")
