"""What resends, split threads and relays that rewrite ids are recognised by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("author_key", sa.Text()))
    op.add_column("letter", sa.Column("subject", sa.Text()))
    op.add_column("letter", sa.Column("files", sa.JSON()))
    op.add_column("letter", sa.Column("no_repeat", sa.Text()))
    op.create_index(
        op.f("ix_letter_organization_author_key_received_at"), "letter", ["organization", "author_key", "received_at"]
    )
    op.add_column("outbox", sa.Column("relay_key", sa.Text()))
    op.create_index(op.f("ix_outbox_relay_key"), "outbox", ["relay_key"])
    op.create_table(
        "mentioned",
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("organization", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_mentioned_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", "message_id", name=op.f("pk_mentioned")),
    )
    op.create_index(op.f("ix_mentioned_organization_message_id"), "mentioned", ["organization", "message_id"])
