"""The shape of what an admin writes about how requests end. Imports only types."""

from datetime import timedelta
from typing import Literal

from maild.config.section import Section
from maild.config.types import Duration, Slug, Span, Switch


class ConfirmationEntry(Section):
    """What becomes of a request that an agent calls solved."""

    within: Span = timedelta(0)  # how long the customer may contradict before it is closed; "0s": they are not told
    calendar: Slug | None = None  # whose days off do not count; None: all days do
    tell: Switch = False  # whether they are written to once more when it is closed


class ChasingEntry(Section):
    """What becomes of a request whose author does not reply to an agent's answer."""

    remind: Span = timedelta(0)  # the customer, once; "0s": not at all
    close: Span = timedelta(0)  # then it is closed; "0s": never


class SatisfactionEntry(Section):
    """Whether customers are asked what they think of our work."""

    ask: Literal["never", "resolved", "closed"] = "never"  # when an agent calls it solved, or only when it is closed
    within: Duration = timedelta(days=14)  # so long an answer counts
