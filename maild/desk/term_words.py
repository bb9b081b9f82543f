"""How a template is told of a term: what for, when it is due, and how long until then or since. Pure."""

from datetime import datetime, timedelta

from maild.desk.service import Service
from maild.sla.clock import Clock
from maild.wording import say_duration, say_instant

_TOLD = timedelta(minutes=1)  # what is left of a term, or has passed since, and is worth telling


def term_words(clock: Clock, service: Service, now: datetime) -> dict[str, object]:
    """Return the term of a clock that has one: `what`, `due`, `left` or `over` (may be empty), and `passed`."""
    assert clock.due_at is not None, "only clocks with a term are shown"
    left = clock.due_at - now
    said = say_duration(abs(left), service.language, accusative=True) if abs(left) >= _TOLD else ""
    passed = left <= timedelta(0)
    return {
        "what": clock.until,
        "due": say_instant(clock.due_at, service.zone, service.language, now),
        "left": "" if passed else said,
        "over": said if passed else "",
        "passed": passed,
    }
