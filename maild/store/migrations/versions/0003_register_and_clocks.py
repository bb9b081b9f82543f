"""Who the client is, what they are promised, and what was done: the register, clocks and work."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _widen_ticket()
    _create_register()
    _create_clocks()


def _widen_ticket() -> None:
    """Give tickets what they lack. Those that are there arrived when they were opened, as far as anybody knows."""
    columns: dict[str, tuple[sa.types.TypeEngine[Any], object]] = {
        "received_at": (Instant(), sa.column("opened_at")),
        "standing": (sa.String(length=20), ""),
        "client": (sa.Text(), ""),
        "client_name": (sa.Text(), ""),
        "level": (sa.Text(), ""),
        "category": (sa.Text(), ""),
        "severity": (sa.Text(), ""),
        "hours": (sa.String(length=20), "working"),
        "coupon": (sa.Text(), ""),
        "agent": (sa.Text(), ""),
        "rank": (sa.Integer(), 2),
        "counted": (sa.Boolean(), True),
    }
    for name, (kind, _) in columns.items():
        op.add_column("ticket", sa.Column(name, kind))
    ticket = sa.table("ticket", *(sa.column(name, kind) for name, (kind, _) in columns.items()))
    op.execute(sa.update(ticket).values({name: value for name, (_, value) in columns.items()}))
    with op.batch_alter_table("ticket") as batch:  # SQLite makes the table anew for it
        for name, (kind, _) in columns.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.create_index(
        op.f("ix_ticket_organization_client_received_at"), "ticket", ["organization", "client", "received_at"]
    )
    op.create_index(
        op.f("ix_ticket_organization_rank_received_at_id"),
        "ticket",
        ["organization", "rank", "received_at", "id"],
        **_where("status IN ('new', 'open', 'waiting')"),
    )


def _create_register() -> None:
    op.create_table(
        "client",
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("hours", sa.String(length=20), nullable=False),
        sa.Column("inn", sa.Text(), nullable=False),
        sa.Column("suspended", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("manager", sa.Text(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("agreements", sa.JSON(), nullable=False),
        sa.Column("periods", sa.JSON(), nullable=False),
        sa.Column("package", sa.JSON(none_as_null=True)),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("organization", "key", name=op.f("pk_client")),
    )
    op.create_table(
        "client_mark",
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("space", sa.String(length=20), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("shared_by", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization", "client"],
            ["client.organization", "client.key"],
            name=op.f("fk_client_mark_organization_client"),
        ),
        sa.PrimaryKeyConstraint("organization", "space", "key", "shared_by", name=op.f("pk_client_mark")),
    )
    op.create_index(op.f("ix_client_mark_organization_client"), "client_mark", ["organization", "client"])
    op.create_table(
        "coupon",
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("hours", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("revoked", sa.Date()),
        sa.Column("renews", sa.Text()),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "key", name=op.f("pk_coupon")),
        sa.UniqueConstraint("organization", "renews", name=op.f("uq_coupon_organization_renews")),
    )
    op.create_index(op.f("ix_coupon_organization_client"), "coupon", ["organization", "client"])
    op.create_table(
        "coupon_guess",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_guess")),
    )
    op.create_index(op.f("ix_coupon_guess_organization_at_who"), "coupon_guess", ["organization", "at", "who"])
    op.create_table(
        "register_version",
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organization", name=op.f("pk_register_version")),
    )


def _create_clocks() -> None:
    op.create_table(
        "clock",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.Column("calendar_name", sa.Text(), nullable=False),
        sa.Column("target", sa.JSON(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("extension", sa.JSON(none_as_null=True)),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("reminded", sa.JSON(), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("set_at", Instant()),
        sa.Column("met_at", Instant()),
        sa.Column("breached_at", Instant()),
        sa.Column("stopped_at", Instant()),
        sa.Column("next_at", Instant()),
        sa.Column("notice", sa.Text()),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_clock_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index(op.f("ix_clock_next_at_id"), "clock", ["next_at", "id"], **_where("next_at IS NOT NULL"))
    op.create_index(op.f("ix_clock_notice"), "clock", ["notice"])
    op.create_index(
        op.f("ix_clock_organization_calendar_name_id"),
        "clock",
        ["organization", "calendar_name", "id"],
        **_where("met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(op.f("ix_clock_ticket_id"), "clock", ["ticket_id"])
    op.create_index(
        op.f("ix_clock_ticket_id_until"),
        "clock",
        ["ticket_id", "until"],
        unique=True,
        **_where("met_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", _ID, nullable=False),
        sa.Column("clock_id", _ID, nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("term", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_reminder_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("clock_id", "threshold", "term", name=op.f("uq_reminder_clock_id_threshold_term")),
    )
    op.create_table(
        "calendar_version",
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "name", name=op.f("pk_calendar_version")),
    )
    op.create_table(
        "work",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_work_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
    )
    op.create_index(op.f("ix_work_organization_client_at"), "work", ["organization", "client", "at"])
    op.create_index(op.f("ix_work_ticket_id"), "work", ["ticket_id"])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
