"""What tickets were before they changed."""

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ticket_was",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", _ID),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_was_ticket_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_ticket_was_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_was")),
    )
    op.create_index(op.f("ix_ticket_was_ticket_id_id"), "ticket_was", ["ticket_id", "id"])
