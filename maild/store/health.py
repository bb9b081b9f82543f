"""How each component does: the folders we read, each mailbox's way out. `maild status` and the watchdog look at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from maild.config.model import Mailbox
from maild.ingest.imap_grammar import maildir_folder
from maild.store.schema import health


@dataclass(frozen=True, kw_only=True)
class Health:
    """How one component does."""

    component: str
    alive_at: datetime | None
    trouble_at: datetime | None
    trouble: str | None  # None: the last look was good


def looks(mailbox: str, settings: Mailbox) -> list[str]:
    """Return what is watched of a mailbox: each IMAP folder, a Maildir, nothing where letters are handed in."""
    if settings.imap:
        return [f"{mailbox}:{folder}" for folder in settings.imap.watched]
    if settings.maildir:
        return [mailbox, *(f"{mailbox}:{maildir_folder(path.name) or path.name}" for path in settings.maildir.sent)]
    return []


def sending(mailbox: str) -> str:
    """Return the component that is a mailbox's way out."""
    return f"smtp {mailbox}"


def record(connection: Connection, notes: Iterable[tuple[str, datetime, str | None]]) -> list[Health]:
    """Write down what was noted, in order, and return how everything does.

    A note is a component, an instant and what is wrong (None: all was good, earlier trouble is over).
    """
    for component, at, words in notes:
        values = {"alive_at": at, "trouble": None} if words is None else {"trouble_at": at, "trouble": words}
        if connection.execute(update(health).where(health.c.component == component).values(values)).rowcount == 0:
            connection.execute(insert(health).values(**values, component=component))
    return all_health(connection)


def all_health(connection: Connection) -> list[Health]:
    """Return every component that was ever noted, by name."""
    rows = connection.execute(select(health).order_by(health.c.component))
    return [
        Health(component=r.component, alive_at=r.alive_at, trouble_at=r.trouble_at, trouble=r.trouble) for r in rows
    ]
