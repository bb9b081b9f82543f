"""What of each table belongs to persons, and which records are kept of what was done with it.

Every column that holds text, JSON or octets stands in HOLDS; a test holds the list against `schema.py`, so that nobody
adds one without saying what becomes of it when a person is erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select

from maild.store.schema import personal_record

DOMAIN = "erased.invalid"  # of pseudonyms: RFC 2606 §2 lets nobody have it


class Holds(StrEnum):
    """What a column holds, which says what becomes of it."""

    OURS = "ours"  # ids, states, words of the configuration: it stays
    ADDRESS = "address"  # also inside ids and JSON: a pseudonym takes its place
    SENDER = "sender"  # of a letter: like an address, nothing where the letter itself is erased
    NAME = "name"  # of whoever's address stands in the column before it
    NOTE = "note"  # a line of ours: it stays without the person
    WORDS = (
        "words"  # what somebody wrote: of an erased letter or request nothing, of another's it stays without the person
    )
    MAIL = "mail"  # octets of a letter of ours
    REGISTER = "register"  # of clients: contacts are taken out of it one by one


class Action(StrEnum):
    """What is done with persons' data, and recorded."""

    EXPORT = "export"
    ERASE = "erase"
    RETAIN = "retention"


def _holds(ours: str = "", **others: Holds) -> dict[str, Holds]:
    return dict.fromkeys(ours.split(), Holds.OURS) | others


_ADDRESS, _SENDER, _NAME, _NOTE = Holds.ADDRESS, Holds.SENDER, Holds.NAME, Holds.NOTE
_WORDS, _MAIL, _REGISTER = Holds.WORDS, Holds.MAIL, Holds.REGISTER

HOLDS: Mapping[str, Mapping[str, Holds]] = {
    "calendar_version": _holds("organization name fingerprint"),
    "chase": {},
    "client": _holds(
        "organization level hours suspended zone manager agreements periods package source domains",
        key=_REGISTER, name=_REGISTER, inn=_REGISTER, contacts=_REGISTER,
    ),
    "client_mark": _holds("organization space shared_by kind client", key=_REGISTER),
    "clock": _holds(
        "organization until calendar_name target pauses extension spans doubts reminded calendar", notice=_ADDRESS
    ),
    "confirmation": _holds("agent"),
    "contact": _holds("organization", address_key=_ADDRESS, addr=_ADDRESS, name=_NAME),  # whole rows go: WHOLE
    "counter": _holds("name"),
    "coupon": _holds("organization key code client level hours renews source"),
    "coupon_guess": _holds("organization digest", who=_ADDRESS),  # likewise
    "digest": _holds("organization agent"),
    "erased_blob": _holds("sha256"),
    "edition": _holds("organization mailbox title text agent"),
    "edition_letter": _holds("message_id dropped"),
    "event": _holds("kind", detail=_NOTE),
    "folder": _holds("mailbox folder"),
    "health": _holds("component trouble"),
    "letter": _holds(
        "mailbox organization folder uid sha256 content confirmed outcome",
        envelope_sender=_SENDER, envelope_recipient=_SENDER, message_id=_ADDRESS, author_key=_SENDER, subject=_WORDS,
        files=_WORDS, no_repeat=_NOTE, dkim=_SENDER, reason=_NOTE, findings=_WORDS,
    ),
    "mentioned": _holds("organization", message_id=_ADDRESS),
    "message": _holds("direction", author=_ADDRESS, author_name=_NAME, text=_WORDS),
    "notice": _holds("key"),
    "observing": _holds("organization"),
    "occurrence": _holds("organization name client skipped"),
    "obeyed": _holds("agent", found=_ADDRESS),
    "outbox": _holds(
        "mailbox purpose state relay_key",
        message_id=_ADDRESS, envelope_sender=_ADDRESS, recipient=_ADDRESS, recipient_key=_ADDRESS, subject=_WORDS,
        octets=_MAIL, answer=_NOTE, error=_NOTE,
    ),
    "participant": _holds("role", address_key=_ADDRESS, addr=_ADDRESS, name=_NAME),
    "personal_record": _holds("organization action who why counts"),
    "quarantine": _holds(error=_WORDS, traceback=_WORDS),
    "recurring": _holds("organization name rhythm"),
    "register_version": _holds("organization fingerprint"),
    "release": _holds("organization name notes agent"),
    "reminder": _holds("threshold kind"),
    "report": _holds("organization client", sent_to=_ADDRESS, why=_NOTE),
    "subscriber": _holds("organization how", address_key=_ADDRESS, addr=_ADDRESS, name=_NAME, why=_NOTE),
    "suggestion": _holds("organization entry way"),
    "survey": _holds("organization agent team client"),
    "ticket": _holds(
        "number organization mailbox status standing client level category severity hours coupon agent team tags ground"
        " ground_state offer offer_state offer_name offer_price offer_currency offer_per unit faq variant"
        " service included release",
        subject=_WORDS, requester=_ADDRESS, requester_name=_NAME, client_name=_NOTE, asked=_ADDRESS,
    ),
    "ticket_was": _holds(was=_ADDRESS),
    "turn": _holds("organization agent"),
    "verdict": _holds("value", author=_ADDRESS),
    "wake": _holds("kind agent", words=_WORDS),
    "work": _holds("organization client agent", note=_WORDS),
}  # fmt: skip
NAMED = {"name": "addr", "requester_name": "requester", "author_name": "author"}  # whose name a column holds
WHOLE = {"contact": "address_key", "coupon_guess": "who"}  # rows that are about one address alone: they go

ENDED = {"subscriber": "until"}  # the instant that ends what is done for an address, before a pseudonym takes its place


def pseudonym(record: int, n: int) -> str:
    """Return what takes the place of the n-th address that a record tells of."""
    return f"erased-{record}-{n}@{DOMAIN}"


def is_pseudonym(address: str) -> bool:
    """Whether an address stands for somebody who was erased."""
    return address.endswith(f"@{DOMAIN}")


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was once done with the data of persons. It names none of them."""

    id: int
    at: datetime
    organization: str
    action: Action
    who: str  # the user of the machine; "maild" where it was retention
    why: str
    counts: Mapping[str, int]


def add_record(
    connection: Connection, organization: str, action: Action, who: str, why: str, counts: Mapping[str, int],
    now: datetime,
) -> int:  # fmt: skip
    """Write a record and return its id."""
    values: dict[str, Any] = {"organization": organization, "action": action, "who": who, "why": why}
    values |= {"counts": dict(counts), "at": now}
    return int(connection.execute(insert(personal_record).values(values).returning(personal_record.c.id)).scalar_one())


def records(connection: Connection, organization: str, limit: int) -> Sequence[Record]:
    """Return the latest records, the newest first."""
    of = select(personal_record).where(personal_record.c.organization == organization)
    rows = connection.execute(of.order_by(personal_record.c.id.desc()).limit(limit))
    return [
        Record(
            id=row.id, at=row.at, organization=row.organization, action=Action(row.action), who=row.who, why=row.why,
            counts=row.counts,
        )
        for row in rows
    ]  # fmt: skip
