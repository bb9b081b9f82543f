"""Agents at work by mail."""

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _trust()
    _commands()
    _sent_folders()
    _queries()
    _answers()
    _tickets()
    _satisfaction()


def _trust() -> None:
    """Letters that wait for a confirmation."""
    op.add_column("letter", sa.Column("confirmed", sa.Text()))
    op.create_table(
        "confirmation",
        sa.Column("letter_id", _ID, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant()),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_confirmation_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_confirmation")),
    )


def _commands() -> None:
    """What can be undone."""
    op.create_table(
        "obeyed",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("letter_id", _ID, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_obeyed_ticket_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_obeyed_letter_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_obeyed")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_obeyed_letter_id")),
    )


def _sent_folders() -> None:
    """Answers that agents sent by themselves: which letters were found among what was sent."""
    op.add_column("letter", sa.Column("sent", sa.Boolean(), nullable=False, server_default=sa.false()))


def _queries() -> None:
    """What agents ask about the desk; digests that have been sent."""
    columns = ["organization", "agent", "rank", "received_at", "id"]
    is_open = sa.text("status IN ('new', 'open', 'waiting')")
    op.create_index(
        op.f("ix_ticket_organization_agent_rank_received_at_id"), "ticket", columns,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    runs = sa.text("met_at IS NULL AND stopped_at IS NULL")
    op.create_index(
        op.f("ix_clock_organization_due_at_ticket_id"), "clock", ["organization", "due_at", "ticket_id"],
        sqlite_where=runs, postgresql_where=runs,
    )  # fmt: skip
    op.create_table(
        "digest",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("organization", sa.String(40), primary_key=True),
        sa.Column("agent", sa.String(80), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
    )


def _answers() -> None:
    """How answers and notifications are threaded."""


def _tickets() -> None:
    """Merged and split tickets, whose turn it is."""
    op.create_table(
        "wake",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("term", Instant(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_wake_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "kind", name=op.f("pk_wake")),
    )
    op.create_index(op.f("ix_wake_at"), "wake", ["at"])
    op.add_column("ticket", sa.Column("merged_into", sa.BigInteger()))
    op.create_table(
        "turn",
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("agent", sa.String(80), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_turn_ticket_id")),
        sa.PrimaryKeyConstraint("organization", "agent", name=op.f("pk_turn")),
    )


def _satisfaction() -> None:
    """What customers think of it."""
