"""The shape of what an admin writes about news. Imports only types."""

from pydantic import Field

from maild.config.section import Section
from maild.config.types import Count, Names


class NewsEntry(Section):
    """Who sends news to those who subscribed, and how fast they leave."""

    senders: Names = ()  # agents who may besides the head
    per_minute: Count = Field(default=30, ge=1)
