"""Whether calendars, levels, targets and reminders fit together, so that every promise has a term and can be kept."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from maild.config.checks.common import Check, as_written, at, not_defined, organizations
from maild.config.hours import WEEKDAYS, OpeningHours, weekdays
from maild.config.lines import KeyPath
from maild.config.model import Config, Organization
from maild.config.promises import CalendarEntry, TargetEntry
from maild.config.schema import dotted
from maild.config.sources import Sources
from maild.config.types import format_duration
from maild.contracts.accounting import Unit
from maild.errors import Problem
from maild.sla.holidays import is_known
from maild.sla.target import Audience, Mode, Moment

_DAY = timedelta(days=1)
_WEEKS = 52  # of openings that a promise in working hours may take; what needs more was meant otherwise
_MARTIAL = "UA"
_MEANT = {"UK": "GB", "EN": "GB", "SU": "RU", "RF": "RU"}  # what people write for other codes
_FILTERS = (("level", "level"), ("category", "category"), ("severity", "severity"))  # key of a target, table it names
_DURATIONS = ("within", "up_to")


def _calendars(config: Config) -> Iterator[tuple[KeyPath, CalendarEntry]]:
    for base, organization in organizations(config):
        for name, calendar in organization.calendar.items():
            yield (*base, "calendar", name), calendar


def _targets(config: Config) -> Iterator[tuple[KeyPath, TargetEntry, Organization]]:
    for base, organization in organizations(config):
        for name, target in organization.target.items():
            yield (*base, "target", name), target, organization


# ── conflicts: calendars ─────────────────────────────────────────────────────────────────────────────────────────────


def _each_weekday_once(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, calendar in _calendars(config):
        first: dict[int, str] = {}
        for key in calendar.week:
            for day in weekdays(key):
                if (other := first.setdefault(day, key)) != key:
                    yield sources.problem(
                        (*path, "week", key),
                        found=f"{WEEKDAYS[day]}, which {at(sources, (*path, 'week', other))} names too",
                        expected="each day of the week once",
                        remedy=f"Take {WEEKDAYS[day]} out of one of the two, for example mon-thu and fri.",
                    )
                    break


def _openings_are_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, calendar in _calendars(config):
        for key, openings in calendar.week.items():
            for index, first, second in _overlaps(openings):
                yield _overlap(sources, (*path, "week", key, index), first, second)
        for key, rule in calendar.days.items():
            for _, first, second in _overlaps(rule or ()):
                yield _overlap(sources, (*path, "days", key), first, second)


def _overlaps(openings: tuple[OpeningHours, ...]) -> Iterator[tuple[int, OpeningHours, OpeningHours]]:
    """Yield the index of an opening, the one before it in the day, and itself, where they overlap."""
    in_order = sorted(enumerate(openings), key=lambda one: (one[1].start, one[1].minutes))
    for (_, first), (index, second) in pairwise(in_order):
        if first.end is None or second.start < first.end:
            yield index, first, second


def _overlap(sources: Sources, path: KeyPath, first: OpeningHours, second: OpeningHours) -> Problem:
    return sources.problem(
        path,
        found=f'"{second}", which overlaps "{first}"',
        expected="opening hours of one day that do not overlap",
        remedy="Join the two, or let one begin when the other ends.",
    )


def _countries_are_known(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, calendar in _calendars(config):
        if calendar.holidays and not is_known(calendar.holidays):
            meant = _MEANT.get(calendar.holidays)
            yield sources.problem(
                (*path, "holidays"),
                found=f'"{calendar.holidays}", a country whose holidays nobody knows',
                expected='the two letters of ISO 3166 for a country, such as "RU", "UA", "BY", "KZ"',
                remedy=f'Did you mean "{meant}"?' if meant else 'Correct it, or write "" and name days off in `days`.',
            )


def _holidays_have_a_country(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, calendar in _calendars(config):
        if calendar.martial_law is not None and calendar.holidays != _MARTIAL:
            yield sources.problem(
                (*path, "martial_law"),
                found=f'`martial_law` with holidays = "{calendar.holidays}"',
                expected=f'it only beside holidays = "{_MARTIAL}": it is about a law of Ukraine',
                remedy="Delete the line.",
            )
        if calendar.shorten_before_holidays and not calendar.holidays:
            yield sources.problem(
                (*path, "shorten_before_holidays"),
                found="days shortened before holidays, and no `holidays`",
                expected="a country whose holidays they are",
                remedy='Add holidays = "RU", or delete the line and give such days their hours in `days`.',
            )


# ── conflicts: targets ───────────────────────────────────────────────────────────────────────────────────────────────


def _targets_go_forward(config: Config, sources: Sources) -> Iterator[Problem]:
    order = list(Moment)
    for path, target, _ in _targets(config):
        if order.index(target.start) >= order.index(target.until):
            yield sources.problem(
                (*path, "until"),
                found=f'start = "{target.start}" and until = "{target.until}"',
                expected=f"an end that comes after the start, in the order {', '.join(order)}",
                remedy="Correct one of the two; without `start` a target begins when the request is registered.",
            )


def _durations_suit_the_mode(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, _ in _targets(config):
        for key in _DURATIONS:
            value: timedelta | None = getattr(target, key)
            if value is None:
                continue
            written = as_written(sources, (*path, key))
            if target.mode is Mode.NONE:
                yield sources.problem(
                    (*path, key),
                    found=f'`{key}` beside mode = "none"',
                    expected="no duration: such a target has no term until a person sets one",
                    remedy="Delete the line, or choose another mode.",
                )
            elif target.mode.in_days and value % _DAY:
                yield sources.problem(
                    (*path, key),
                    found=f'"{written}" in a mode that counts days',
                    expected='whole days such as "5d"',
                    remedy='Write days, or choose mode = "working" to count hours.',
                )
            elif target.mode is Mode.WORKING and isinstance(written, str) and ("d" in written or "w" in written):
                hours = value // timedelta(hours=1)
                yield sources.problem(
                    (*path, key),
                    found=f'"{written}" in a mode that counts opening hours, where a day is 24 of them',
                    expected='hours or minutes such as "8h"',
                    remedy=f'Write "{hours}h" if you mean {hours} opening hours; '
                    f'for days of any length choose mode = "working_days".',
                )


def _extensions_are_longer(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, _ in _targets(config):
        if target.up_to is not None and target.within is not None and target.up_to <= target.within:
            yield sources.problem(
                (*path, "up_to"),
                found=f"{format_duration(target.up_to)}, which is not more than `within` ({format_duration(target.within)})",
                expected="the whole time from the start, extension included",
                remedy="Write the total, or delete the line where nothing may be extended.",
            )


def _reminders_are_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, _ in _targets(config):
        first: dict[object, int] = {}
        for index, reminder in enumerate(target.remind):
            threshold = reminder.threshold
            before = -(threshold.offset or timedelta(0))
            if (other := first.setdefault((threshold.share, threshold.offset), index)) != index:
                yield sources.problem(
                    (*path, "remind", index, "at"),
                    found=f'"{reminder.at}", when {at(sources, (*path, "remind", other))} reminds already',
                    expected="each instant once",
                    remedy='Name everybody in one: to = ["agent", "team"].',
                )
            elif target.mode is Mode.WORKING and "d" in reminder.at:
                yield sources.problem(
                    (*path, "remind", index, "at"),
                    found=f'"{reminder.at}" in a mode that counts opening hours, where a day is 24 of them',
                    expected='hours or minutes such as "-8h"',
                    remedy="Write how many opening hours you mean.",
                )
            elif target.within is not None and before >= target.within:
                yield sources.problem(
                    (*path, "remind", index, "at"),
                    found=f'"{reminder.at}" of a target within {format_duration(target.within)}',
                    expected="an instant after the start",
                    remedy='Name a shorter time before the term, or a share such as "50%".',
                )


def _names_differ(config: Config, sources: Sources) -> Iterator[Problem]:
    """Agents say "#категория Авария", and letters name levels: what is called alike cannot be told apart."""
    for base, organization in organizations(config):
        for _, table in _FILTERS:
            first: dict[str, KeyPath] = {}
            for id_, entry in getattr(organization, table).items():
                path = (*base, table, id_, "name")
                if first.setdefault(entry.name.casefold(), path) != path:
                    yield sources.problem(
                        path,
                        found=f'"{entry.name}", which {at(sources, first[entry.name.casefold()])} has too',
                        expected="a name of its own",
                        remedy="Rename one of the two, or delete it.",
                    )


def _steps_suit_the_unit(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        accounting = organization.accounting
        if accounting and accounting.unit is Unit.REQUESTS and "step" in accounting.model_fields_set:
            yield sources.problem(
                (*base, "accounting", "step"),
                found='`step` beside unit = "requests"',
                expected="it only where hours are counted: a request is one request",
                remedy='Delete the line, or set unit = "hours".',
            )


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _targets_have_a_term(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, organization in _targets(config):
        if target.within is None and target.mode is not Mode.NONE:
            yield sources.problem(
                (*path, "within"),
                found="nothing",
                expected='how long it may take, or mode = "none" where nothing is promised or a person sets the term',
                remedy='Add within = "24h" or mode = "none".',
            )
        if target.calendar is None and target.mode.needs_calendar:
            names = sorted(organization.calendar)
            yield sources.problem(
                (*path, "calendar"),
                found=f'nothing, and mode = "{target.mode}"',
                expected="the calendar that says when there is work",
                remedy=f'Add calendar = "{names[0]}".'
                if names
                else f'Add a table [{dotted((*path[:2], "calendar", "office"))}] and calendar = "office" here.',
            )


def _names_of_targets_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, organization in _targets(config):
        if target.calendar is not None and target.calendar not in organization.calendar:
            yield not_defined(
                sources, (*path, "calendar"), target.calendar, organization.calendar, (*path[:2], "calendar")
            )
        for key, table in _FILTERS:
            for index, name in enumerate(getattr(target, key)):
                defined: Iterable[str] = getattr(organization, table)
                if name not in defined:
                    yield not_defined(sources, (*path, key, index), name, defined, (*path[:2], table))


def _people_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        if organization.head is not None and organization.head not in organization.agent:
            yield not_defined(sources, (*base, "head"), organization.head, organization.agent, (*base, "agent"))
        for name, target in organization.target.items():
            for index, reminder in enumerate(target.remind):
                if Audience.HEAD in reminder.to and organization.head is None:
                    yield sources.problem(
                        (*base, "target", name, "remind", index, "to"),
                        found='"head", and the organisation names none',
                        expected="somebody to tell",
                        remedy=f'Add head = "…", the name of an agent, to [{dotted(base)}], or remind the team.',
                    )


def _working_time_exists(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, target, organization in _targets(config):
        calendar = organization.calendar.get(target.calendar or "")
        if calendar is None or target.mode not in (Mode.WORKING, Mode.SKIP_DAYS_OFF, Mode.WORKING_DAYS):
            continue
        minutes = sum(one.minutes for key, day in calendar.week.items() for one in day for _ in weekdays(key))
        table = (*path[:2], "calendar", str(target.calendar))
        if not minutes:
            yield sources.problem(
                (*path, "calendar"),
                found=f'"{target.calendar}" ({sources.spot(table)}), which has no working minute in a week',
                expected=f'working days, which mode = "{target.mode}" counts',
                remedy=f'Write mon-fri = "09:00-18:00" into [{dotted((*table, "week"))}].',
            )
            continue
        year = timedelta(minutes=minutes * _WEEKS)
        for key in _DURATIONS:
            value: timedelta | None = getattr(target, key)
            if value is not None and target.mode is Mode.WORKING and value > year:
                yield sources.problem(
                    (*path, key),
                    found=f"{format_duration(value)}, more than {at(sources, table)} is open in a year",
                    expected=f"at most {format_duration(year)}",
                    remedy="Write fewer opening hours, or choose a mode that counts days.",
                )


def _every_target_can_apply(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        earlier: dict[Moment, list[tuple[str, TargetEntry]]] = {}
        for name, target in organization.target.items():
            for other, wider in earlier.setdefault(target.until, []):
                if _is_covered(target, wider):
                    yield sources.problem(
                        (*base, "target", name),
                        found=f'a target until "{target.until}" that never applies: '
                        f"{at(sources, (*base, 'target', other))} comes first and fits every ticket that it fits",
                        expected="the narrower target first",
                        remedy=f"Put [{dotted((*base, 'target', name))}] before it, narrow the other one, or delete one.",
                    )
                    break
            earlier[target.until].append((name, target))


def _is_covered(target: TargetEntry, wider: TargetEntry) -> bool:
    """Whether every ticket that `target` fits is one that `wider` fits; an empty filter fits all."""
    pairs = (
        (set(getattr(target, key)), set(getattr(wider, key))) for key in ("level", "category", "severity", "hours")
    )
    return all(not wide or (narrow and narrow <= wide) for narrow, wide in pairs)


CONFLICTS: tuple[Check, ...] = (
    _each_weekday_once,
    _openings_are_apart,
    _countries_are_known,
    _holidays_have_a_country,
    _targets_go_forward,
    _durations_suit_the_mode,
    _extensions_are_longer,
    _reminders_are_apart,
    _names_differ,
    _steps_suit_the_unit,
)
GAPS: tuple[Check, ...] = (
    _targets_have_a_term,
    _names_of_targets_are_defined,
    _people_are_defined,
    _working_time_exists,
    _every_target_can_apply,
)
