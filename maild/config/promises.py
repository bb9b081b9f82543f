"""The shape of what an organisation promises: calendars, levels, targets, quotas, accounting.

`examples` on a required field is what the remedy for its absence shows. What concerns more than one field is in `checks/`.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator

from maild.config.hours import DateKey, Day, DayRule, Openings, Weekdays
from maild.config.section import Section
from maild.config.types import Count, Country, Duration, Line, Name, Names, Price, Span, Switch, Words, Zone, as_list
from maild.contracts.accounting import HALF_AN_HOUR, Unit
from maild.sla.reminders import parse_threshold
from maild.sla.target import Audience, Hours, Mode, Moment, Threshold


class CalendarEntry(Section):
    """When there is work."""

    zone: Zone | None = None  # None: the organisation's
    holidays: Country = ""  # ISO code of a country of the `holidays` package; "": no holidays
    martial_law: Switch | None = None  # None: true for Ukraine, where its public holidays are working days meanwhile
    shorten_before_holidays: Span = Field(
        default=timedelta(0), le=timedelta(hours=12)
    )  # how much earlier the working day before a public holiday ends
    confirmed_until: Day | None = None  # last day whose nature is certain; None: what sla/holidays.py knows
    week: dict[Weekdays, Openings] = Field(default={})  # a weekday that is not named is off
    days: dict[DateKey, DayRule] = Field(default={})  # own rules for single days; they go before all others


class PackageEntry(Section):
    """Work paid beforehand (C20)."""

    hours: Duration | None = None  # per calendar month
    requests: Count | None = Field(default=None, ge=1)  # per calendar month
    carry_over: Switch = False  # whether what is left is kept for the next month of the prepaid term
    price: Price | None = None  # of an hour (a request) beyond it; None: the organisation's


class LevelEntry(Section):
    """A level of support."""

    name: Words = Field(examples=["The example level"])
    quota: Count | None = Field(default=None, ge=1)  # requests per client and calendar month; None: the organisation's
    package: PackageEntry | None = None


class CategoryEntry(Section):
    """What a request is about."""

    name: Words = Field(examples=["The example category"])
    ask: Names = ()  # what requests of this kind should have


class SeverityEntry(Section):
    """How bad it is."""

    name: Words = Field(examples=["The example severity"])
    out_of_queue: Switch = False  # whether it goes before all that came earlier (CB-4)


def _short_reminder(value: object) -> object:
    """Take a text for a reminder of the agent."""
    return {"at": value} if isinstance(value, str) else value


def _accept_threshold(value: object) -> str:
    """Accept when to remind, as it is written: the text is the reminder's name in the history."""
    return parse_threshold(value if isinstance(value, str) else "").text


class ReminderEntry(Section):
    """Who hears when."""

    at: Annotated[str, PlainValidator(_accept_threshold)] = Field(examples=["-30m"])
    to: Annotated[tuple[Audience, ...], BeforeValidator(as_list), Field(min_length=1)] = (Audience.AGENT,)

    @property
    def threshold(self) -> Threshold:
        """The same as the clocks have it."""
        return parse_threshold(self.at, self.to)


class TargetEntry(Section):
    """A promise. For each `until` the first one in the file that fits a ticket holds."""

    start: Moment = Moment.REGISTERED
    until: Moment = Field(examples=["answered"])
    within: Duration | None = None  # None: only with `mode = "none"`
    mode: Mode = Mode.WORKING
    calendar: Name | None = None
    level: Names = ()  # of which tickets; empty: of all
    category: Names = ()
    severity: Names = ()
    hours: Annotated[tuple[Hours, ...], BeforeValidator(as_list)] = ()
    up_to: Duration | None = None  # how far it may be extended with notice, in total from the start; None: not at all
    remind: tuple[Annotated[ReminderEntry, BeforeValidator(_short_reminder)], ...] = ()


class QuotaEntry(Section):
    """How many requests are served as agreed; what is beyond is paid work (CB-17)."""

    per_month: Count | None = Field(default=None, ge=1)  # per client and calendar month, for levels without `quota`
    offer: Line = ""  # what the customer is told about paid work


class AccountingEntry(Section):
    """How work is counted (KR-9)."""

    unit: Unit = Unit.HOURS
    step: Duration = HALF_AN_HOUR  # the time of each request is rounded up to it
    price: Price | None = None  # of an hour (a request) beyond the package
    currency: Line = "₽"
