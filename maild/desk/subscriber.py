"""Who wants news, what is sent to them, and what becomes of both. Pure values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from maild.model import Address

ASK_AGAIN_AFTER = timedelta(days=7)  # whoever writes in somebody else's name makes us ask them once, not every day


@dataclass(frozen=True, kw_only=True)
class NewsPolicy:
    """What the organisation has said of news."""

    senders: frozenset[str]  # ids of the agents who may send them
    per_minute: int


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """An address that wants news, did once, or was asked whether it does."""

    id: int
    address: Address
    how: str  # "letter", "confirmed", "admin"
    since: datetime | None = None  # None: asked, and has not answered yet
    until: datetime | None = None  # since when it wants none any more
    why: str = ""  # likewise
    asked_at: datetime | None = None
    asked_in: int | None = None  # the letter that asked for news in their name

    @property
    def active(self) -> bool:
        """Whether news goes there."""
        return self.since is not None and self.until is None

    @property
    def asked(self) -> bool:
        """Whether a yes is waited for: they have been asked, and have not said it since."""
        return self.asked_at is not None and (self.since is None or self.since < self.asked_at)


@dataclass(frozen=True, kw_only=True)
class Speaks:
    """Which subscriber a letter's token is of, and what it is for."""

    kind: Literal["s", "u", "w"]  # tokens.NewsKind
    subscriber: Subscriber


@dataclass(frozen=True, kw_only=True)
class Edition:
    """News as they go out."""

    title: str
    text: str


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class AskThem:
    """Whether they want news has been asked of an address."""

    address: Address


@dataclass(frozen=True, kw_only=True)
class Subscribe:
    """An address gets news from now on."""

    address: Address
    how: str


@dataclass(frozen=True, kw_only=True)
class Unsubscribe:
    """A subscriber gets none from now on, not even what is on its way."""

    id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Publish:
    """News goes out to everybody who subscribed."""

    edition: Edition
    by: str  # an agent's id


@dataclass(frozen=True, kw_only=True)
class Stop:
    """What has not left of an edition stays here."""

    edition: int


NewsMove = AskThem | Subscribe | Unsubscribe | Publish | Stop
