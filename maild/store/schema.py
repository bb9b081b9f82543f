"""The tables (`design.md` §4). Times are UTC instants; migrations in `migrations/` lead here."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

from maild.clock import aware

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant. SQLite would forget the offset (10:00+03:00 comes back as 10:00), so it is UTC on both sides."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; a naive one raises ValueError."""
        if value is None:
            return None
        return aware(value) if dialect.name == "postgresql" else aware(value).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant with its offset."""
        if value is None:
            return None
        return aware(value) if value.tzinfo else value.replace(tzinfo=UTC)


_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts INTEGER PRIMARY KEY up by itself, BIGINT not


def _id() -> Column[Any]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _partial(*columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows only: the many that are done with neither make it large nor slow.

    A query uses it where its own condition says the same in literals; a bound parameter tells the planner nothing.
    """
    return Index(None, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


OPEN = "status IN ('new', 'open', 'waiting')"  # of tickets: those in the queue
GROUNDED = "ground_state <> ''"  # of tickets: those that a ground was found for
COUNTS = "NOT superseded"  # of verdicts: the latest of each ticket
RUNNING = "met_at IS NULL AND stopped_at IS NULL"  # of clocks: sla.clock.Clock.running


counter = Table(
    "counter",
    metadata,
    Column("name", String(80), primary_key=True),  # "ticket", "number:PREFIX"
    Column("value", BigInteger, nullable=False),  # the last one given out
)

folder = Table(
    "folder",
    metadata,
    Column("mailbox", String(80), primary_key=True),
    Column("folder", String(500), primary_key=True),
    Column("uidvalidity", BigInteger, primary_key=True),
    Column("last_uid", BigInteger, nullable=False),
    Column("first_uid", BigInteger),  # letters below it were there before the first look; null: those before opened_at
    Column("opened_at", Instant, nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # from `counter`, known before the insert
    Column("number", String(40), nullable=False, unique=True),
    Column("organization", String(40), nullable=False),
    Column("mailbox", String(80), nullable=False),
    Column("subject", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("requester", Text, nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("standing", String(20), nullable=False),  # contracts.recognition.Standing; "": older than the register
    Column("client", Text, nullable=False),  # its key; "": none. No foreign key: clients leave, tickets stay
    Column("client_name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("service", Text, nullable=False, server_default=text("''")),
    Column("included", String(20), nullable=False, server_default=text("''")),
    Column("severity", Text, nullable=False),
    Column("hours", String(20), nullable=False),
    Column("coupon", Text, nullable=False),  # shortened, never whole
    Column("agent", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("team", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("ground", Text, nullable=False),
    Column("ground_state", String(20), nullable=False),
    Column("offer", Text, nullable=False),
    Column("offer_state", String(20), nullable=False),
    Column("offer_name", Text, nullable=False, server_default=text("''")),
    Column("offer_price", String(40), nullable=False, server_default=text("''")),
    Column("offer_currency", String(20), nullable=False, server_default=text("''")),
    Column("offer_per", String(20), nullable=False, server_default=text("''")),
    Column("offer_asked", Boolean, nullable=False, server_default=false()),
    Column("backlog", Boolean, nullable=False, server_default=false()),
    Column("release", Text, nullable=False, server_default=text("''")),
    Column("unit", Text, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("faq", JSON, nullable=False),
    Column("variant", Text, nullable=False),
    Column("merged_into", BigInteger),  # the id of the ticket that it went into; null: it stands by itself
    Index(None, "organization", "status", "opened_at"),
    Index(None, "organization", "client", "received_at"),
    _partial("organization", "rank", "received_at", "id", where=OPEN),
    _partial("organization", "agent", "rank", "received_at", "id", where=OPEN),
    _partial("organization", "requester", where=GROUNDED),
    _partial("organization", "id", where="backlog"),
    _partial("merged_into", where="merged_into IS NOT NULL"),
)

ticket_was = (
    Table(  # what tickets were before each change, so that a letter can be decided upon as of then (`store.past`)
        "ticket_was",
        metadata,
        _id(),
        Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
        Column("letter_id", ForeignKey("letter.id")),  # the letter that changed it; null: time did, or the admin
        Column("at", Instant, nullable=False),
        Column("was", JSON, nullable=False),  # store.tickets.note_state
        Index(None, "ticket_id", "id"),
    )
)

obeyed = Table(  # what the last letter of commands in a ticket found: store.obeyed
    "obeyed",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    Column("letter_id", ForeignKey("letter.id"), nullable=False, unique=True),
    Column("agent", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("found", JSON, nullable=False),
)

participant = Table(
    "participant",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True),
    Column("address_key", Text, primary_key=True),
    Column("addr", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
)

letter = Table(
    "letter",
    metadata,
    _id(),
    Column("mailbox", String(80), nullable=False),
    Column("organization", String(40), nullable=False),
    Column("folder", String(500), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", String(255), nullable=False),
    Column("sha256", String(64)),  # null: gone from the server before it could be read
    Column("size", BigInteger, nullable=False),  # on the server; more than the blob has when it was cut
    Column("stored_size", BigInteger, nullable=False),  # octets of the blob
    Column("received_at", Instant, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("envelope_sender", Text),
    Column("envelope_recipient", Text),
    Column("message_id", Text),  # ingest.dedupe.identity
    Column("content", String(64)),
    Column("author_key", Text),  # ingest.dedupe.author_key: whose earlier letters a resend is compared with
    Column("subject", Text),  # of a letter that answers none; null: it answers one
    Column("files", JSON),  # SHA-256 of each attachment
    Column(
        "sent", Boolean, nullable=False, server_default=false()
    ),  # it lay in a folder with what our own people have sent
    Column("no_repeat", Text),  # who said that it repeats no other letter; null: nobody
    Column(
        "confirmed", Text
    ),  # the agent (their id) who has said that it is theirs; null: nobody was asked, or has answered
    Column("dkim", Text),  # ingest.signatures: what we found of its signatures as it came; null: nobody looked
    Column("walks", Integer, nullable=False),  # begun; a letter that kills the process is found out by it
    Column("outcome", String(20)),  # null: still to be walked
    Column("reason", Text),
    Column("findings", JSON),
    Column("ticket_id", ForeignKey("ticket.id")),
    Column("walked_at", Instant),
    Column("marked_at", Instant),  # null: the server has not been told yet
    Column("erased_by", BigInteger),  # the record (its id) of how its octets and words were erased; null: they are here
    UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
    Index(None, "organization", "message_id"),
    Index(None, "organization", "sha256"),
    Index(None, "organization", "author_key", "received_at"),
    Index(None, "outcome"),
    Index(None, "ticket_id"),
)

confirmation = Table(  # letters in an agent's name that are kept until the agent says whether they are theirs
    "confirmation",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("agent", Text, nullable=False),  # their id
    Column("expires_at", Instant, nullable=False),
    Column("answered_at", Instant),  # null: not yet
)

mentioned = Table(  # the ids in In-Reply-To and References of letters that belong to a ticket
    "mentioned",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("message_id", Text, primary_key=True),  # ingest.dedupe.id_key
    Column("organization", String(40), nullable=False),
    Index(None, "organization", "message_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("message_id", Text, nullable=False, unique=True),
    Column("mailbox", String(80), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("envelope_sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("recipient_key", Text, nullable=False),
    Column("ticket_id", ForeignKey("ticket.id")),
    Column("letter_id", ForeignKey("letter.id")),  # the letter that caused it; null for the daemon's own
    Column("subject", Text, nullable=False),
    Column("octets", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain", Integer, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("answer", Text),
    Column("relay_key", Text),  # outbox.relayed: what the relay that took it may have put in place of its Message-ID
    Column("error", Text),
    Index(None, "state", "next_attempt_at"),
    Index(None, "recipient_key", "queued_at"),
    Index(None, "relay_key"),
    Index(None, "ticket_id"),
    Index(None, "letter_id"),
)

message = Table(
    "message",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    Column("letter_id", ForeignKey("letter.id")),
    Column("direction", String(4), nullable=False),
    Column("author", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column(
        "released_by", BigInteger
    ),  # of a unit's: the letter (its id) with which an agent let the customer have them
    Index(None, "ticket_id", "id"),
)

event = Table(
    "event",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    Column("letter_id", ForeignKey("letter.id")),
    Column("kind", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "ticket_id", "id"),
)

contact = Table(
    "contact",
    metadata,
    _id(),
    Column("organization", String(40), nullable=False),
    Column("address_key", Text, nullable=False),
    Column("addr", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    UniqueConstraint("organization", "address_key"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("replayed_at", Instant),
)

notice = Table(
    "notice",
    metadata,
    Column("key", String(255), primary_key=True),  # what the admin was told of
    Column("at", Instant, nullable=False),
)

health = Table(
    "health",
    metadata,
    Column("component", String(120), primary_key=True),  # a mailbox, or "daemon"
    Column("alive_at", Instant),
    Column("trouble_at", Instant),
    Column("trouble", Text),
)

# ── the register: whom we serve ──────────────────────────────────────────────────────────────────────────────────────

client = Table(
    "client",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("hours", String(20), nullable=False),
    Column("inn", Text, nullable=False),
    Column("suspended", Text, nullable=False),
    Column("zone", Text),  # null: the organisation's
    Column("manager", Text, nullable=False),
    Column("contacts", JSON, nullable=False),  # these five as written and in their order; searched by client_mark
    Column("domains", JSON, nullable=False),
    Column("agreements", JSON, nullable=False),
    Column("periods", JSON, nullable=False),
    Column("package", JSON(none_as_null=True)),
    Column("source", String(10), nullable=False),  # store.register.Source
)

client_mark = Table(  # what in a letter leads to a client: contracts.keys.client_keys
    "client_mark",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("space", String(20), primary_key=True),  # the kind, but that addresses and aliases share one
    Column("key", Text, primary_key=True),
    # "": nobody else may have it, whoever else writes at the same time. Names may be several clients': their key.
    Column("shared_by", Text, primary_key=True),
    Column("kind", String(20), nullable=False),  # contracts.keys.Evidence
    Column("client", Text, nullable=False),
    ForeignKeyConstraint(["organization", "client"], ["client.organization", "client.key"]),
    Index(None, "organization", "client"),
)

coupon = Table(
    "coupon",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("key", Text, primary_key=True),  # contracts.coupons.fold
    Column("code", Text, nullable=False),
    Column("client", Text, nullable=False),  # its key; while no client has it, the coupon leads nowhere
    Column("level", Text, nullable=False),
    Column("hours", String(20), nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("revoked", Date),
    Column("renews", Text),  # the key of the one before
    Column("source", String(10), nullable=False),
    Column("issued_at", Instant, nullable=False),
    UniqueConstraint("organization", "renews"),  # so that a chain of renewals has no branches
    Index(None, "organization", "client"),
)

coupon_guess = Table(  # quoted coupons that do not exist, for the throttle
    "coupon_guess",
    metadata,
    _id(),
    Column("organization", String(40), nullable=False),
    Column("who", Text, nullable=False),  # contracts.providers.box_key of the author
    Column("digest", String(64), nullable=False),  # contracts.found.guess_digest
    Column("at", Instant, nullable=False),
    Index(None, "organization", "at", "who"),
)

register_version = Table(  # which clients and coupons of the configuration have been written
    "register_version",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)

# ── what is promised, and what was done ──────────────────────────────────────────────────────────────────────────────

clock = Table(
    "clock",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    Column("organization", String(40), nullable=False),
    Column("until", String(20), nullable=False),
    Column("calendar_name", Text, nullable=False),
    Column("target", JSON, nullable=False),  # these five: store.clock_json
    Column("pauses", JSON, nullable=False),
    Column("extension", JSON(none_as_null=True)),
    Column("spans", JSON, nullable=False),
    Column("doubts", JSON, nullable=False),
    Column("reminded", JSON, nullable=False),
    Column("calendar", String(80), nullable=False),  # fingerprint
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("set_at", Instant),
    Column("met_at", Instant),
    Column("breached_at", Instant),
    Column("stopped_at", Instant),
    Column("next_at", Instant),
    Column("notice", Text),  # Message-ID of the letter that an extension waits for
    Index(None, "ticket_id"),
    Index(None, "notice"),
    _partial("ticket_id", "until", where=RUNNING, unique=True),
    _partial("next_at", "id", where="next_at IS NOT NULL"),
    _partial("organization", "calendar_name", "id", where=RUNNING),
    _partial("organization", "due_at", "ticket_id", where=RUNNING),
)

reminder = Table(  # every threshold that was dealt with
    "reminder",
    metadata,
    _id(),
    Column("clock_id", ForeignKey("clock.id"), nullable=False),
    Column("threshold", Text, nullable=False),
    Column(
        "term", Instant, nullable=False
    ),  # the one that it was about: when the term moves, thresholds may come again
    Column("kind", String(20), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("sent", Boolean, nullable=False),  # false: passed over, because a later one of the clock was due as well
    Column("at", Instant, nullable=False),
    UniqueConstraint("clock_id", "threshold", "term"),
)

calendar_version = Table(  # with which rules the terms of open clocks were computed
    "calendar_version",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("fingerprint", String(80), nullable=False),
    Column("since", Instant, nullable=False),
)

suggestion = Table(  # answers of the FAQ that customers were shown, and which of them solved it (C14, C33)
    "suggestion",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    Column("organization", String(40), nullable=False),
    Column("entry", Text, nullable=False),  # its id in the configuration. Entries leave, what they did stays
    Column("way", String(10), nullable=False),  # desk.decision.Suggested
    Column("at", Instant, nullable=False),
    Column("helped", Float),  # 0 to 1: one of three that all may have helped has a third; null: nobody said so
    Column("helped_at", Instant),
    Index(None, "ticket_id"),
    Index(None, "organization", "at"),
)

survey = Table(  # customers who were asked what they think of our work: once about a ticket
    "survey",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True),
    Column("organization", String(40), nullable=False),
    Column("letter_id", ForeignKey("letter.id")),  # whose commands asked; null: time did
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("agent", Text, nullable=False),  # these three are the ticket's as of then
    Column("team", Text, nullable=False),
    Column("client", Text, nullable=False),
    Index(None, "organization", "at"),
)

verdict = Table(  # what they say, every word of it; the latest counts
    "verdict",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("survey.ticket_id"), nullable=False),
    Column("letter_id", ForeignKey("letter.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("value", String(10), nullable=False),  # model.Rating
    Column("author", Text, nullable=False),  # the address that it came from
    Column("superseded", Boolean, nullable=False),
    Index(None, "ticket_id", "id"),
    _partial("ticket_id", where=COUNTS, unique=True),
)

chase = Table(  # customers who were asked for something and have not answered yet (C22)
    "chase",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("remind_at", Instant),  # null: reminded already, or not to be
    Column("close_at", Instant),  # null: never
    Column("next_at", Instant),  # the earlier of the two
    Index(None, "next_at"),
)

wake = Table(  # agents who are to be reminded of what they put off or promised
    "wake",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),  # desk.decision.Wake
    Column("agent", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("term", Instant, nullable=False),
    Column("words", Text, nullable=False),
    Index(None, "at"),
)

turn = Table(  # whose turn it was, where requests are dealt out
    "turn",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("agent", String(80), primary_key=True),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),  # the newest of all when they were dealt one last
)

observing = Table(  # organisations that only observe, as long as they do
    "observing",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("told_until", Instant, nullable=False),  # until when the admin has read of it
)

digest = Table(  # who has had what the day brings, or would have, had it brought anything
    "digest",
    metadata,
    Column("day", Date, primary_key=True),  # of the agent's calendar
    Column("organization", String(40), primary_key=True),
    Column("agent", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
)

recurring = Table(  # works that come round, and up to when they have been seen to
    "recurring",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("rhythm", Text, nullable=False),  # as configured then: another one counts from when it is first seen
    Column("since", Instant, nullable=False),
)

occurrence = Table(  # what came of each time: a ticket, or why there is none
    "occurrence",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("client", Text, primary_key=True),  # its key; "": once for the desk
    Column("ticket_id", ForeignKey("ticket.id")),
    Column("skipped", Text, nullable=False),  # why; "": it was not
    Column("at", Instant, nullable=False),
)

subscriber = Table(  # who wants news, or has been asked (C29)
    "subscriber",
    metadata,
    _id(),
    Column("organization", String(40), nullable=False),
    Column("address_key", Text, nullable=False),
    Column("addr", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("how", String(20), nullable=False),  # desk.subscriber.Subscriber
    Column("since", Instant),  # null: asked, and has not answered yet
    Column("until", Instant),  # null: still
    Column("why", Text, nullable=False),
    Column("asked_at", Instant),
    Column("asked_in", ForeignKey("letter.id")),
    UniqueConstraint("organization", "address_key"),
    Index(None, "organization", "asked_in"),
)

release = Table(  # updates of which customers are told whose requests waited for them (C31)
    "release",
    metadata,
    _id(),
    Column("organization", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("agent", Text, nullable=False),  # who said that it is out; "": the admin
    Column("at", Instant, nullable=False),
    Column("next_at", Instant),  # when the next are told; null: all are
    Column("told", Integer, nullable=False, server_default=text("0")),
    _partial("next_at", "id", where="next_at IS NOT NULL"),
)

edition = Table(  # news that goes out, or has gone
    "edition",
    metadata,
    _id(),
    Column("organization", String(40), nullable=False),
    Column("mailbox", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("agent", Text, nullable=False),  # who sent it; "": the admin
    Column("letter_id", ForeignKey("letter.id"), unique=True),  # in which; null: a command of the admin's
    Column("at", Instant, nullable=False),
    Column("stopped_at", Instant),
    Column("next_at", Instant),  # when some more of it leaves; null: all has
    _partial("next_at", "id", where="next_at IS NOT NULL"),
)

edition_letter = Table(  # one letter to each who subscribed when it was sent
    "edition_letter",
    metadata,
    Column("edition_id", ForeignKey("edition.id"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscriber.id"), primary_key=True),
    Column("queued_at", Instant),  # null: not yet, or not to be
    Column("message_id", Text),  # in the outbox
    Column("dropped", Text, nullable=False),  # why it is not to be sent; "": it is
    Index(None, "subscriber_id"),
    _partial("edition_id", "subscriber_id", where="queued_at IS NULL AND dropped = ''"),
)

report = Table(  # what clients were told of their months
    "report",
    metadata,
    Column("organization", String(40), primary_key=True),
    Column("month", Date, primary_key=True),  # its first day
    Column("client", Text, primary_key=True),  # its key
    Column("sent_to", Text, nullable=False),  # addresses; "": nobody …
    Column("why", Text, nullable=False),  # … and why
    Column("at", Instant, nullable=False),
)

work = Table(  # time spent
    "work",
    metadata,
    _id(),
    Column("ticket_id", ForeignKey("ticket.id"), nullable=False),
    Column("organization", String(40), nullable=False),
    Column("client", Text, nullable=False),  # the ticket's
    Column("agent", Text, nullable=False),
    Column("spent", BigInteger, nullable=False),  # seconds
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "ticket_id"),
    Index(None, "organization", "client", "at"),
)

# ── data of persons ──────────────────────────────────────────────────────────────────────────────────────────────────

personal_record = (
    Table(  # what was handed out or erased of persons' data: written, never changed, and nothing of theirs
        "personal_record",
        metadata,
        _id(),
        Column("at", Instant, nullable=False),
        Column("organization", String(40), nullable=False),
        Column("action", String(10), nullable=False),  # store.personal.Action
        Column("who", Text, nullable=False),
        Column("why", Text, nullable=False),
        Column("counts", JSON, nullable=False),
        Index(None, "organization", "id"),
    )
)

erased_blob = Table(  # raw letters that no letter needs any more: store.tombstones
    "erased_blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("erased_at", Instant, nullable=False),
    Column("removed_at", Instant),  # null: its octets may be there yet
    _partial("sha256", where="removed_at IS NULL"),
)
