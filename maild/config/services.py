"""The shape of a regulation's table of services: what is included at which level, and what follows where it is not."""

from typing import Literal

from pydantic import Field

from maild.config.section import Section
from maild.config.types import Name, Slug, Words

Included = Literal["yes", "no", "person"]


class OutsideEntry(Section):
    """What is proposed, or done by a rule, where a service is not included: one of these."""

    offer: Name | None = None
    refuse: Name | None = None  # a ground
    route: Name | None = None  # a unit


class ServiceEntry(Section):
    """A row of the table. Rules, and agents by a command, say which requests are about it."""

    name: Words = Field(examples=["The example service"])
    included: dict[Slug, Included] = Field(default={})  # by level; where nothing stands, "person"
    outside: OutsideEntry | None = None  # None: an agent decides what becomes of it
