"""News: who wants them, what goes out to whom, and what has gone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from maild.desk.case import Letter
from maild.desk.subscriber import AskThem, Edition, NewsMove, Publish, Stop, Subscribe, Subscriber, Unsubscribe
from maild.model import Address, OutboxState, Purpose
from maild.store.schema import edition, edition_letter, outbox, subscriber

_ACTIVE = (subscriber.c.since.is_not(None), subscriber.c.until.is_(None))
_WAITS = (edition_letter.c.queued_at.is_(None), edition_letter.c.dropped == "")


@dataclass(frozen=True, kw_only=True)
class Sending:
    """An edition on its way."""

    id: int
    organization: str
    mailbox: str
    edition: Edition


@dataclass(frozen=True, kw_only=True)
class Edited:
    """An edition as people see it."""

    id: int
    at: datetime
    title: str
    agent: str  # who sent it; "": the admin
    recipients: int
    sent: int  # with the outbox, or gone
    left: int
    stopped_at: datetime | None


# ── who wants them ───────────────────────────────────────────────────────────────────────────────────────────────────


def find_subscribers(
    connection: Connection, organization: str, keys: Collection[str], ids: Collection[int], asked_in: Collection[int]
) -> tuple[Subscriber, ...]:
    """Return those with one of these addresses (casefolded), ids, or letters that asked for news, active or not."""
    found: dict[int, Subscriber] = {}
    named = ((subscriber.c.address_key, keys), (subscriber.c.id, ids), (subscriber.c.asked_in, asked_in))
    for column, values in named:  # one question each: with "or" SQLite reads everybody who subscribed
        if values:
            query = select(subscriber).where(subscriber.c.organization == organization, column.in_(values))
            found |= {row.id: _subscriber_of(row) for row in connection.execute(query)}
    return tuple(found[id_] for id_ in sorted(found))


def count_subscribers(connection: Connection, organization: str) -> int:
    """Return how many want news."""
    query = select(func.count()).select_from(subscriber).where(subscriber.c.organization == organization, *_ACTIVE)
    return int(connection.execute(query).scalar() or 0)


def all_subscribers(connection: Connection, organization: str, *, gone: bool = False) -> list[Subscriber]:
    """Return those who want news, by their addresses; with `gone` also who did once and who was asked."""
    query = select(subscriber).where(subscriber.c.organization == organization, *(() if gone else _ACTIVE))
    return [_subscriber_of(row) for row in connection.execute(query.order_by(subscriber.c.address_key))]


def subscribe(connection: Connection, organization: str, one: Subscribe, now: datetime) -> bool:
    """Let an address get news; whether it is new among those who do."""
    of = (subscriber.c.organization == organization, subscriber.c.address_key == one.address.key)
    if connection.execute(select(subscriber.c.id).where(*of, *_ACTIVE)).first():
        return False
    _save(connection, organization, one.address, {"how": one.how, "since": now, "until": None, "why": ""})
    return True


def unsubscribe(connection: Connection, id_: int, why: str, now: datetime) -> bool:
    """Let a subscriber get none, not even what has not left yet; whether they got any."""
    ended = update(subscriber).where(subscriber.c.id == id_, *_ACTIVE).values(until=now, why=why[:500])
    if connection.execute(ended).rowcount == 0:
        return False
    theirs = edition_letter.c.subscriber_id == id_
    connection.execute(update(edition_letter).where(theirs, *_WAITS).values(dropped="they want none any more"))
    _withdraw(connection, select(edition_letter.c.message_id).where(theirs), "they want no news any more")
    return True


def apply_move(connection: Connection, letter: Letter, move: NewsMove, now: datetime) -> None:
    """Write what a letter has brought about."""
    organization = letter.raw.place.mailbox.partition("/")[0]
    match move:
        case AskThem(address=address):
            _save(connection, organization, address, {"asked_at": now, "asked_in": letter.id}, how="letter")
        case Subscribe():
            subscribe(connection, organization, move, now)
        case Unsubscribe(id=id_, why=why):
            unsubscribe(connection, id_, why, now)
        case Publish(edition=one, by=by):
            publish(connection, letter.raw.place.mailbox, one, now, by=by, letter_id=letter.id)
        case Stop(edition=id_):
            stop(connection, id_, now)


def _save(
    connection: Connection, organization: str, address: Address, values: dict[str, Any], how: str = ""
) -> None:  # fmt: skip
    of = (subscriber.c.organization == organization, subscriber.c.address_key == address.key)
    if connection.execute(update(subscriber).where(*of).values(values)).rowcount == 0:
        known = {"organization": organization, "address_key": address.key, "addr": address.addr, "name": address.name}
        connection.execute(insert(subscriber).values({"how": how, "why": "", **known, **values}))


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def publish(
    connection: Connection, mailbox: str, one: Edition, now: datetime, *, by: str = "", letter_id: int | None = None
) -> int:  # fmt: skip
    """Begin to send news to everybody who wants them now; return its id."""
    organization = mailbox.partition("/")[0]
    values = {"organization": organization, "mailbox": mailbox, "title": one.title, "text": one.text, "agent": by}
    added = connection.execute(insert(edition).values(**values, letter_id=letter_id, at=now, next_at=now))
    assert added.inserted_primary_key is not None, "it has one"
    (id_,) = added.inserted_primary_key
    whom = select(subscriber.c.id).where(subscriber.c.organization == organization, *_ACTIVE)
    rows = [{"edition_id": id_, "subscriber_id": one, "dropped": ""} for one in connection.execute(whom).scalars()]
    if rows:
        connection.execute(insert(edition_letter), rows)
    return int(id_)


def stop(connection: Connection, id_: int, now: datetime) -> int:
    """Send no more of an edition, nor what has not left yet; return how many get none of it."""
    values = {"stopped_at": now, "next_at": None}
    connection.execute(update(edition).where(edition.c.id == id_, edition.c.stopped_at.is_(None)).values(values))
    of = edition_letter.c.edition_id == id_
    kept = connection.execute(update(edition_letter).where(of, *_WAITS).values(dropped="stopped")).rowcount
    return kept + _withdraw(connection, select(edition_letter.c.message_id).where(of), "the news was stopped")


def forget_asked(connection: Connection, organization: str, since: datetime) -> None:
    """Forget who was asked since then whether they want news: the question never reached them."""
    asked = (subscriber.c.organization == organization, subscriber.c.asked_at >= since)
    connection.execute(update(subscriber).where(*asked).values(asked_at=None, asked_in=None))


def next_edition(connection: Connection) -> datetime | None:
    """Return when some more news is to leave; None: none waits."""
    query = select(func.min(edition.c.next_at)).where(edition.c.next_at.is_not(None))
    return connection.execute(query).scalar()


def due_editions(connection: Connection, now: datetime) -> list[Sending]:
    """Return the oldest edition of each organisation of which some more may leave."""
    query = select(edition).where(edition.c.next_at.is_not(None), edition.c.next_at <= now).order_by(edition.c.id)
    first: dict[str, Sending] = {}
    for row in connection.execute(query):
        one = Edition(title=row.title, text=row.text)
        first.setdefault(
            row.organization, Sending(id=row.id, organization=row.organization, mailbox=row.mailbox, edition=one)
        )
    return list(first.values())


def waiting(connection: Connection, id_: int, limit: int) -> Sequence[Subscriber]:
    """Return the next who get an edition."""
    query = (
        select(subscriber)
        .join(edition_letter, edition_letter.c.subscriber_id == subscriber.c.id)
        .where(edition_letter.c.edition_id == id_, *_WAITS)
        .order_by(edition_letter.c.subscriber_id)
        .limit(limit)
    )
    return [_subscriber_of(row) for row in connection.execute(query)]


def note_queued(connection: Connection, edition_id: int, subscriber_id: int, message_id: str, now: datetime) -> None:
    """Remember that the letter of one subscriber is in the outbox: they get no second one."""
    where = (edition_letter.c.edition_id == edition_id, edition_letter.c.subscriber_id == subscriber_id, *_WAITS)
    values = {"queued_at": now, "message_id": message_id}
    if connection.execute(update(edition_letter).where(*where).values(values)).rowcount != 1:
        raise RuntimeError(f"subscriber {subscriber_id} has edition {edition_id} already")


def drop(connection: Connection, edition_id: int, subscriber_id: int, why: str) -> None:
    """Remember that a subscriber does not get an edition."""
    where = (edition_letter.c.edition_id == edition_id, edition_letter.c.subscriber_id == subscriber_id, *_WAITS)
    connection.execute(update(edition_letter).where(*where).values(dropped=why))


def put_off(connection: Connection, sending: Sending, at: datetime) -> None:
    """Let the organisation's news go on at an instant: one pace for all of it; what is through is over."""
    going = (edition.c.organization == sending.organization, edition.c.next_at.is_not(None), edition.c.next_at < at)
    connection.execute(update(edition).where(*going).values(next_at=at))
    left = select(edition_letter.c.edition_id).where(edition_letter.c.edition_id == sending.id, *_WAITS).exists()
    connection.execute(update(edition).where(edition.c.id == sending.id, ~left).values(next_at=None))


def try_again(connection: Connection, sending: Sending, at: datetime) -> None:
    """Let an edition go on at an instant; others of the organisation do not wait for it."""
    connection.execute(update(edition).where(edition.c.id == sending.id).values(next_at=at))


def all_editions(connection: Connection, organization: str) -> list[Edited]:
    """Return everything that was sent, the newest first."""
    rows = connection.execute(
        select(edition).where(edition.c.organization == organization).order_by(edition.c.id.desc())
    ).all()
    counted = _counted(connection, [row.id for row in rows])
    return [
        Edited(
            id=row.id, at=row.at, title=row.title, agent=row.agent, stopped_at=row.stopped_at,
            recipients=counted[row.id][0], left=counted[row.id][1], sent=counted[row.id][2],
        )
        for row in rows
    ]  # fmt: skip


def news_of(connection: Connection, letters: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return of those letters that are news, by their ids, what has become of them: fields of `desk.case.Kept`."""
    if not letters:
        return {}
    shown = select(outbox.c.letter_id).where(outbox.c.letter_id.in_(letters), outbox.c.purpose == Purpose.EDITION)
    found: dict[int, dict[str, Any]] = {one: {"news": True} for one in connection.execute(shown).scalars()}
    rows = connection.execute(select(edition.c.letter_id, edition.c.id).where(edition.c.letter_id.in_(letters))).all()
    counted = _counted(connection, [row.id for row in rows])
    for row in rows:
        found[row.letter_id] = {"news": True, "edition": row.id, "of": counted[row.id][0], "left": counted[row.id][1]}
    return found


def _counted(connection: Connection, editions: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """Return for how many each edition was, how many of them can still be spared it, and how many have it or will."""
    counted = dict.fromkeys(editions, (0, 0, 0))
    if not counted:
        return {}
    queued = and_(outbox.c.message_id == edition_letter.c.message_id, outbox.c.purpose == Purpose.NEWS)
    waits = or_(and_(*_WAITS), outbox.c.state == OutboxState.QUEUED)
    gone = outbox.c.state.in_((OutboxState.SENDING, OutboxState.SENT, OutboxState.FAILED, OutboxState.WITHHELD))
    query = (
        select(edition_letter.c.edition_id, func.count(), func.count().filter(waits), func.count().filter(gone))
        .select_from(edition_letter.outerjoin(outbox, queued))
        .where(edition_letter.c.edition_id.in_(editions))
        .group_by(edition_letter.c.edition_id)
    )
    for row in connection.execute(query):
        counted[row[0]] = (row[1], row[2], row[3])
    return counted


def _withdraw(connection: Connection, ids: Any, why: str) -> int:
    """Keep letters of news from leaving, where they have not left yet; return how many."""
    where = (outbox.c.message_id.in_(ids), outbox.c.purpose == Purpose.NEWS, outbox.c.state == OutboxState.QUEUED)
    return connection.execute(update(outbox).where(*where).values(state=OutboxState.WITHDRAWN, error=why)).rowcount


def names_the_address(error: str) -> bool:
    """Whether a server will not take a letter because of its recipient; what else it refuses may be about us."""
    return error.startswith(("550", "551", "553")) and "5.7." not in error


def unsubscribe_lost(connection: Connection, organization: str, key: str, why: str, now: datetime) -> None:
    """Let an address that a server will not take get no more news."""
    for one in find_subscribers(connection, organization, {key}, (), ()):
        unsubscribe(connection, one.id, why, now)


def _subscriber_of(row: Row[Any]) -> Subscriber:
    return Subscriber(
        id=row.id, address=Address(name=row.name, addr=row.addr), how=row.how, since=row.since, until=row.until,
        why=row.why, asked_at=row.asked_at, asked_in=row.asked_in,
    )  # fmt: skip


PACE = timedelta(minutes=1)  # in which so many letters of news leave as the configuration says
