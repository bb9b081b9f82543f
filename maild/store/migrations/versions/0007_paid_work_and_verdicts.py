"""Work that is paid for, words of others that wait to be passed on, and what customers think of us."""

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _paid_work()
    _others_words()
    _satisfaction()
    _on_behalf()
    _dkim()


def _paid_work() -> None:
    """What an offer costs."""
    for name, kind in (
        ("name", sa.Text()),
        ("price", sa.String(40)),
        ("currency", sa.String(20)),
        ("per", sa.String(20)),
    ):
        op.add_column("ticket", sa.Column(f"offer_{name}", kind, nullable=False, server_default=sa.text("''")))
    op.add_column("ticket", sa.Column("offer_asked", sa.Boolean(), nullable=False, server_default=sa.false()))


def _others_words() -> None:
    """Answers of those to whom a request was passed on, until an agent lets the customer have them."""
    op.add_column("message", sa.Column("released_by", sa.BigInteger()))
    op.execute(
        "UPDATE message SET direction = 'unit' WHERE direction = 'in'"
        " AND letter_id IN (SELECT letter_id FROM event WHERE kind = 'unit wrote')"
    )
    gone = sa.text("merged_into IS NOT NULL")
    op.create_index(op.f("ix_ticket_merged_into"), "ticket", ["merged_into"], sqlite_where=gone, postgresql_where=gone)


def _satisfaction() -> None:
    """What customers say of how they were served."""
    op.create_table(
        "survey",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("letter_id", _ID),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_survey_ticket_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_survey_letter_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_survey")),
    )
    op.create_index(op.f("ix_survey_organization_at"), "survey", ["organization", "at"])
    op.create_table(
        "verdict",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", _ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("value", sa.String(10), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["survey.ticket_id"], name=op.f("fk_verdict_ticket_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_verdict_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_ticket_id_id"), "verdict", ["ticket_id", "id"])
    counts = sa.text("NOT superseded")
    op.create_index(
        op.f("ix_verdict_ticket_id"),
        "verdict",
        ["ticket_id"],
        unique=True,
        sqlite_where=counts,
        postgresql_where=counts,
    )


def _on_behalf() -> None:
    """Requests that came out of others, or that an agent wrote down."""


def _dkim() -> None:
    """What we have found of letters' signatures ourselves."""
    op.add_column("letter", sa.Column("dkim", sa.Text()))
