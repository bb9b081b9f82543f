"""Calendars, levels, targets and reminders that do not fit together are told, at their line, with what to do."""

from collections.abc import Callable

import pytest

from maild.errors import Problem
from tests.config.conftest import GOOD

ProblemsOf = Callable[..., list[Problem]]
ORG = "organization.acme"

DESK = (
    GOOD.replace('name = "Acme"\n', 'name = "Acme"\nhead = "ivanov"\n')
    + """
[organization.acme.calendar.office]
holidays = "RU"

[organization.acme.calendar.office.week]
mon-fri = ["09:00-13:00", "14:00-18:00"]

[organization.acme.calendar.zone_only]
zone = "Europe/Kyiv"

[organization.acme.level.base]
name = "Base"

[organization.acme.category.outage]
name = "Outage"

[organization.acme.severity.critical]
name = "Critical"

[organization.acme.target.urgent]
until = "answered"
within = "1h"
calendar = "office"
category = "outage"

[organization.acme.target.answer]
until = "answered"
within = "8h"
calendar = "office"
remind = ["50%", { at = "-30m", to = "team" }]
"""
)
CALENDAR, WEEK = f"{ORG}.calendar.office", f"{ORG}.calendar.office.week"
ANSWER = f"{ORG}.target.answer"
HOURS = '["09:00-13:00", "14:00-18:00"]'
MON_FRI = f"mon-fri = {HOURS}\n"
WITHIN = 'within = "8h"\ncalendar = "office"\n'  # of `answer`
REMIND = 'remind = ["50%", { at = "-30m", to = "team" }]'


def target(text: str, name: str = "more") -> str:
    return f"\n[{ORG}.target.{name}]\n{text}\n"


# (what is replaced, by what; key; words). "$" stands for the end of the file.
CASES = [
    pytest.param(HOURS, '["09:00-13:00", "12:59-18:00"]', f"{WEEK}.mon-fri.1", '"12:59-18:00", which overlaps "09:00-13:00"', id="overlapping spans"),
    pytest.param(HOURS, '["14:00-18:00", "09:00-15:00"]', f"{WEEK}.mon-fri.0", 'overlaps "09:00-15:00"', id="overlapping spans in any order"),
    pytest.param(HOURS, '["09:00-24:00", "23:00-24:00"]', f"{WEEK}.mon-fri.1", "overlaps", id="overlap until midnight"),
    pytest.param(HOURS, '["09:00-13:00", "09:00-13:00"]', f"{WEEK}.mon-fri.1", "Join the two", id="the same span twice"),
    pytest.param(MON_FRI, f"mon-fri = {HOURS}\nwed = []\n", f"{WEEK}.wed", f"wed, which {WEEK}.mon-fri (config.toml:24) names too", id="weekday twice"),
    pytest.param(MON_FRI, f"mon-fri = {HOURS}\nsat-mon = []\n", f"{WEEK}.sat-mon", "mon, which", id="weekday twice, over the week's end"),
    pytest.param("$", f'\n[{CALENDAR}.days]\n2026-12-31 = ["10:00-14:00", "13:00-15:00"]\n', f"{CALENDAR}.days.2026-12-31", "overlap", id="overlap on a single day"),
    pytest.param('holidays = "RU"', 'holidays = "XX"', f"{CALENDAR}.holidays", '"RU", "UA"', id="unknown country"),
    pytest.param('holidays = "RU"', 'holidays = "UK"', f"{CALENDAR}.holidays", 'Did you mean "GB"?', id="country under another name"),
    pytest.param('holidays = "RU"', 'holidays = "RUS"', f"{CALENDAR}.holidays", "the two letters", id="country of three letters"),
    pytest.param('holidays = "RU"', 'holidays = "RU"\nmartial_law = false', f"{CALENDAR}.martial_law", "a law of Ukraine", id="martial law elsewhere"),
    pytest.param('holidays = "RU"', 'shorten_before_holidays = "1h"', f"{CALENDAR}.shorten_before_holidays", 'Add holidays = "RU"', id="shortened before no holidays"),
    pytest.param("$", target('start = "answered"\nuntil = "started"\nmode = "none"'), f"{ORG}.target.more.until", "registered, started, answered, resolved", id="backwards"),
    pytest.param("$", target('until = "registered"\nmode = "none"'), f"{ORG}.target.more.until", "comes after the start", id="until the start"),
    pytest.param("$", target('until = "resolved"\nwithin = "1h"\nmode = "none"'), f"{ORG}.target.more.within", 'beside mode = "none"', id="within without a term"),
    pytest.param("$", target('until = "resolved"\nup_to = "1h"\nmode = "none"'), f"{ORG}.target.more.up_to", "until a person sets one", id="extension without a term"),
    pytest.param("$", target('until = "resolved"\ncalendar = "office"'), f"{ORG}.target.more.within", 'or mode = "none"', id="no duration"),
    pytest.param("$", target('until = "resolved"\nmode = "continuous"'), f"{ORG}.target.more.within", 'Add within = "24h"', id="no duration around the clock"),
    pytest.param("$", target('until = "resolved"\nwithin = "36h"\nmode = "working_days"\ncalendar = "office"'), f"{ORG}.target.more.within", '"36h" in a mode that counts days', id="hours in days"),
    pytest.param("$", target('until = "resolved"\nwithin = "30d"\nup_to = "59d1h"\nmode = "calendar_days"\ncalendar = "zone_only"'), f"{ORG}.target.more.up_to", 'such as "5d"', id="extension by hours in days"),
    pytest.param('"8h"', '"3d"', f"{ANSWER}.within", 'Write "72h" if you mean 72 opening hours', id="days of opening hours"),
    pytest.param('"8h"\ncal', '"1h"\nup_to = "1w"\ncal', f"{ANSWER}.up_to", 'mode = "working_days"', id="weeks of opening hours"),
    pytest.param('"8h"\ncal', '"8h"\nup_to = "8h"\ncal', f"{ANSWER}.up_to", "not more than `within` (8h)", id="extension by nothing"),
    pytest.param('"8h"', '"2081h"', f"{ANSWER}.within", "at most 12w2d16h", id="more than a year of opening hours"),
    pytest.param(WITHIN, 'within = "8h"\n', f"{ANSWER}.calendar", 'Add calendar = "office"', id="no calendar"),
    pytest.param(WITHIN, 'within = "30d"\nmode = "calendar_days"\n', f"{ANSWER}.calendar", 'mode = "calendar_days"', id="no calendar for days"),
    pytest.param(WITHIN, WITHIN.replace("office", "offise"), f"{ANSWER}.calendar", 'Did you mean "office"?', id="unknown calendar"),
    pytest.param(WITHIN, WITHIN.replace("office", "zone_only"), f"{ANSWER}.calendar", "no working minute", id="never open"),
    pytest.param(WITHIN, WITHIN.replace("office", "zone_only") + 'mode = "skip_days_off"\n', f"{ANSWER}.calendar", "(config.toml:26)", id="never a working day"),
    pytest.param(WITHIN, 'within = "5d"\ncalendar = "zone_only"\nmode = "working_days"\n', f"{ANSWER}.calendar", "no working minute", id="never a working day to count"),
    pytest.param('category = "outage"', 'category = ["outage", "outages"]', f"{ORG}.target.urgent.category.1", 'Did you mean "outage"?', id="unknown category"),
    pytest.param('category = "outage"', 'level = "gold"', f"{ORG}.target.urgent.level.0", "there is base", id="unknown level"),
    pytest.param('category = "outage"', 'severity = "x"', f"{ORG}.target.urgent.severity.0", "[organization.acme.severity.x]", id="unknown severity"),
    pytest.param('head = "ivanov"', 'head = "ivanoff"', f"{ORG}.head", 'Did you mean "ivanov"?', id="unknown head"),
    pytest.param(REMIND, 'remind = ["-90m", "-1h30m"]', f"{ANSWER}.remind.1.at", "reminds already", id="one instant twice"),
    pytest.param(REMIND, 'remind = ["50%", "50%"]', f"{ANSWER}.remind.1.at", "each instant once", id="one share twice"),
    pytest.param(REMIND, 'remind = ["-8h"]', f"{ANSWER}.remind.0.at", "after the start", id="reminded at the start"),
    pytest.param(REMIND, 'remind = ["+1d"]', f"{ANSWER}.remind.0.at", "24 of them", id="reminded after a day of opening hours"),
    pytest.param("$", target('until = "answered"\nwithin = "2h"\ncalendar = "office"'), f"{ORG}.target.more", f"{ANSWER} (config.toml:44)", id="second target for all"),
    pytest.param("$", target('until = "answered"\nmode = "none"\nlevel = "base"\nhours = "working"'), f"{ORG}.target.more", "never applies", id="narrower target second"),
    *[
        pytest.param("$", f'\n[{ORG}.{table}.other]\nname = "{name}"\n', f"{ORG}.{table}.other.name", "has too", id=f"{table} of one name")
        for table, name in (("level", "BASE"), ("category", "outage"), ("severity", "Critical"))
    ],
    pytest.param("$", f'\n[{ORG}.accounting]\nunit = "requests"\nstep = "1h"\n', f"{ORG}.accounting.step", 'unit = "hours"', id="step of requests"),
    pytest.param('name = "Base"', 'name = "Base"\npackage = { carry_over = true }', f"{ORG}.level.base.package", 'hours = "10h"', id="empty package"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), CASES)
def test_promises_that_do_not_fit_together(
    problems_of: ProblemsOf, *, old: str, new: str, key: str, words: str
) -> None:
    """Each contradiction is told once, at the key to change."""
    text = DESK + new if old == "$" else new.join(DESK.rsplit(old, 1))
    assert text != DESK
    (problem,) = problems_of(text)
    assert key == problem.key
    assert words in str(problem)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("$", "", id="as it is"),
        pytest.param(HOURS, '["14:00-18:00", "09:00-14:00"]', id="spans that touch, in any order"),
        pytest.param(MON_FRI, f'mon-thu = {HOURS}\nfri = "09:00-17:00"\nsat-sun = []\n', id="each day of the week once"),
        pytest.param('holidays = "RU"', 'holidays = "UA"\nmartial_law = false', id="martial law in Ukraine"),
        pytest.param('holidays = "RU"', 'holidays = ""', id="no holidays"),
        pytest.param("$", target('until = "resolved"\nmode = "none"'), id="no term"),
        pytest.param("$", target('until = "resolved"\nmode = "none"\nremind = ["-1d"]'), id="reminders of a term set by a person"),
        pytest.param("$", target('until = "resolved"\nwithin = "2d"\nmode = "continuous"'), id="around the clock without a calendar"),
        pytest.param("$", target('until = "resolved"\nwithin = "2d"\nmode = "skip_days_off"\ncalendar = "office"\nremind = ["-1d"]'), id="days of 24 hours"),
        pytest.param("$", target('until = "resolved"\nwithin = "720h"\nup_to = "60d"\nmode = "calendar_days"\ncalendar = "zone_only"'), id="days in hours, in a zone"),
        pytest.param('"8h"', '"2080h"', id="a year of opening hours"),
        pytest.param("$", target('until = "resolved"\nwithin = "2081h"\nmode = "skip_days_off"\ncalendar = "office"'), id="more days of 24 hours"),
        pytest.param(REMIND, 'remind = ["-7h59m", "+8h", "0"]', id="just after the start"),
        pytest.param("$", target('start = "started"\nuntil = "resolved"\nmode = "none"'), id="stages chain"),
        pytest.param('category = "outage"', 'category = []\nlevel = "base"', id="an empty filter is none"),
        pytest.param(REMIND, REMIND.replace("team", "head"), id="the head is told"),
        pytest.param("$", f'\n[{ORG}.accounting]\nunit = "requests"\n', id="requests are counted"),
    ],
)  # fmt: skip
def test_promises_that_fit(problems_of: ProblemsOf, old: str, new: str) -> None:
    """The other side of each edge is accepted."""
    text = DESK + new if old == "$" else new.join(DESK.rsplit(old, 1))
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [
        pytest.param("", "", True, id="all, then all"),
        pytest.param("", 'level = "base"', True, id="all, then some"),
        pytest.param('level = "base"', "", False, id="some, then all"),
        pytest.param('level = "base"', 'level = "base"', True, id="the same"),
        pytest.param('level = ["base", "gold"]', 'level = "gold"', True, id="more, then fewer"),
        pytest.param('level = "gold"', 'level = ["base", "gold"]', False, id="fewer, then more"),
        pytest.param('level = "gold"', 'level = "base"', False, id="others"),
        pytest.param('level = "base"', 'level = "base"\nhours = "working"', True, id="narrower by another filter"),
        pytest.param('level = "base"\nhours = "working"', 'level = "base"', False, id="wider by another filter"),
        pytest.param('hours = "working"', 'level = "base"', False, id="different filters"),
        pytest.param('severity = "critical"', 'severity = "critical"\ncategory = "outage"', True, id="severity"),
    ],
)
def test_a_target_that_never_applies(problems_of: ProblemsOf, first: str, second: str, *, covered: bool) -> None:
    """Only a target behind one that fits all of its tickets is refused: the order of the file decides between the others."""
    text = f'{DESK}\n[{ORG}.level.gold]\nname = "Gold"\n'
    text += target(f'until = "resolved"\nmode = "none"\n{first}', "a")
    text += target(f'until = "resolved"\nmode = "none"\n{second}', "b")
    assert ([f"{ORG}.target.b"] if covered else []) == [problem.key for problem in problems_of(text)]


def test_nobody_is_the_head(problems_of: ProblemsOf) -> None:
    """A reminder for the head needs one."""
    text = DESK.replace('head = "ivanov"\n', "").replace('to = "team"', 'to = ["team", "head"]')
    (problem,) = problems_of(text)
    assert f"{ANSWER}.remind.1.to" == problem.key
    assert f"to [{ORG}]" in problem.remedy


def test_what_is_left_of_a_broken_configuration_is_not_doubted(problems_of: ProblemsOf) -> None:
    """A level that is broken, or a filter that is, makes no second problem of the targets that name it."""
    text = DESK.replace(
        '[organization.acme.level.base]\nname = "Base"', '[organization.acme.level.base]\nnmae = "Base"'
    )
    text = text.replace('category = "outage"', 'category = "outage"\nlevel = "base"').replace("mon-fri", "mon-fry")
    assert [f"{WEEK}.mon-fry", f"{ORG}.level.base.nmae"] == [problem.key for problem in problems_of(text)]
