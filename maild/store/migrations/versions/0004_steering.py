"""What rules decide about tickets, which answers were suggested, and who is waited for."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    columns: dict[str, tuple[sa.types.TypeEngine[Any], object]] = {
        "team": (sa.Text(), ""),
        "tags": (sa.JSON(), []),
        "ground": (sa.Text(), ""),
        "ground_state": (sa.String(length=20), ""),
        "offer": (sa.Text(), ""),
        "offer_state": (sa.String(length=20), ""),
        "unit": (sa.Text(), ""),
        "asked": (sa.JSON(), []),
        "faq": (sa.JSON(), []),
        "variant": (sa.Text(), ""),
    }
    for name, (kind, _) in columns.items():
        op.add_column("ticket", sa.Column(name, kind))
    ticket = sa.table("ticket", *(sa.column(name, kind) for name, (kind, _) in columns.items()))
    op.execute(sa.update(ticket).values({name: value for name, (_, value) in columns.items()}))
    with op.batch_alter_table("ticket") as batch:  # SQLite makes the table anew for it
        for name, (kind, _) in columns.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    where = sa.text("ground_state <> ''")
    op.create_index(
        op.f("ix_ticket_organization_requester"),
        "ticket",
        ["organization", "requester"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "suggestion",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("helped", sa.Float()),
        sa.Column("helped_at", Instant()),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_suggestion_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index(op.f("ix_suggestion_ticket_id"), "suggestion", ["ticket_id"])
    op.create_index(op.f("ix_suggestion_organization_at"), "suggestion", ["organization", "at"])
    op.create_table(
        "chase",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("remind_at", Instant()),
        sa.Column("close_at", Instant()),
        sa.Column("next_at", Instant()),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_chase_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_chase")),
    )
    op.create_index(op.f("ix_chase_next_at"), "chase", ["next_at"])
