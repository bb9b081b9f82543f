"""The tables worked out by hand: what every regulation promises, to the second."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from maild.sla.clock import Pause
from maild.sla.target import Mode
from maild.sla.terms import due, elapsed
from tests.sla.by_hand import CASES, Case
from tests.sla.desks import DESKS, length


def told(case: Case) -> tuple[datetime, datetime, list[Pause]]:
    pauses = [
        Pause(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until), reason=why)
        for since, until, why in case.pauses
    ]
    return datetime.fromisoformat(case.start), datetime.fromisoformat(case.due), pauses


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_term_falls_where_it_was_reckoned_by_hand(case: Case) -> None:
    """Start, duration and pauses of a regulation give the term of the table, and the time until it is the duration."""
    calendar = DESKS[case.organisation, case.calendar]
    start, expected, pauses = told(case)
    term = due(Mode(case.mode), calendar, start, length(case.within), pauses)
    assert term.due_at.astimezone(calendar.zone).isoformat() == expected.astimezone(calendar.zone).isoformat(), (
        case.working
    )
    assert term.due_at == expected, case.working
    if (case.mode, length(case.within)) != ("working_days", timedelta(0)):
        assert elapsed(Mode(case.mode), calendar, start, expected, pauses) == length(case.within)


def test_the_table_covers_every_organisation_and_mode() -> None:
    """Every regulation stands in the table at least thrice, every mode that has a term at least five times, each case once."""
    assert len({case.id for case in CASES}) == len(CASES) >= 80
    assert min(Counter(case.organisation for case in CASES).values()) >= 3
    modes = Counter(case.mode for case in CASES)
    assert {mode for mode in Mode if modes[mode] >= 5} == set(Mode) - {Mode.NONE}
