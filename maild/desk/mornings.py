"""Until when something is put off: to a day without a time means its morning, when people begin to work. Pure."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from maild.desk.arguments import Argument, read_instant_alone
from maild.desk.dates import find_day
from maild.sla.calendar import Calendar
from maild.sla.local import instant_of

MORNING = time(9)  # of who has no calendar, is off that day, or works through the night


def read_later(argument: Argument) -> datetime | date:
    """Return an instant, how long from now, or a day whose morning is meant; anything else raises ValueError."""
    day = find_day(argument.text.rstrip(",:; "), argument.now, argument.zone)
    return day or read_instant_alone(argument)


def morning_of(day: date, calendar: Calendar | None, zone: ZoneInfo) -> datetime:
    """Return when work begins on a day."""
    if calendar:
        midnight, end = calendar.bounds(day)
        opening = next((since for since, _ in calendar.openings(midnight, end)), midnight)
        if opening > midnight:
            return opening
        zone = calendar.zone
    return instant_of(day, MORNING, zone)
