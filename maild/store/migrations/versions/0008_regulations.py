"""What regulations ask of a desk besides requests: news, releases, recurring works, reports, personal data, a silent beginning."""

import sqlalchemy as sa
from alembic import op

from maild.store.schema import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _observing()
    _news()
    _releases()
    _services()
    _recurring()
    _reports()
    _personal_data()


def _observing() -> None:
    """Since when an organisation only observes, and until when the admin has read what it would have sent."""
    op.create_table(
        "observing",
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("told_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization", name=op.f("pk_observing")),
    )


def _news() -> None:
    """Who wants to hear of versions and changes."""
    op.create_table(
        "subscriber",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("addr", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("since", Instant()),
        sa.Column("until", Instant()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant()),
        sa.Column("asked_in", _ID),
        sa.ForeignKeyConstraint(["asked_in"], ["letter.id"], name=op.f("fk_subscriber_asked_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("organization", "address_key", name=op.f("uq_subscriber_organization_address_key")),
    )
    op.create_index(op.f("ix_subscriber_organization_asked_in"), "subscriber", ["organization", "asked_in"])
    op.create_index(op.f("ix_outbox_letter_id"), "outbox", ["letter_id"])  # whether an agent was shown news by it
    op.create_table(
        "edition",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("mailbox", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("letter_id", _ID),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("stopped_at", Instant()),
        sa.Column("next_at", Instant()),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_edition_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_edition_letter_id")),
    )
    _create_partial("edition", "next_at", "id", where="next_at IS NOT NULL")
    op.create_table(
        "edition_letter",
        sa.Column("edition_id", _ID, nullable=False),
        sa.Column("subscriber_id", _ID, nullable=False),
        sa.Column("queued_at", Instant()),
        sa.Column("message_id", sa.Text()),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_letter_edition_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_edition_letter_subscriber_id")),
        sa.PrimaryKeyConstraint("edition_id", "subscriber_id", name=op.f("pk_edition_letter")),
    )
    op.create_index(op.f("ix_edition_letter_subscriber_id"), "edition_letter", ["subscriber_id"])
    _create_partial("edition_letter", "edition_id", "subscriber_id", where="queued_at IS NULL AND dropped = ''")


def _create_partial(table: str, *columns: str, where: str) -> None:
    """Make an index of some rows only."""
    name = op.f(f"ix_{table}_{'_'.join(columns)}")
    op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _releases() -> None:
    """Requests that wait for a release."""
    op.add_column("ticket", sa.Column("backlog", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ticket", sa.Column("release", sa.Text(), nullable=False, server_default=sa.text("''")))
    _create_partial("ticket", "organization", "id", where="backlog")
    op.create_table(
        "release",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("next_at", Instant()),
        sa.Column("told", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    _create_partial("release", "next_at", "id", where="next_at IS NOT NULL")


def _services() -> None:
    """Whether what is asked for is included in the level."""
    for name, kind in (("service", sa.Text()), ("included", sa.String(20))):
        op.add_column("ticket", sa.Column(name, kind, nullable=False, server_default=sa.text("''")))


def _recurring() -> None:
    """Works that come round, and when they came last."""
    op.create_table(
        "recurring",
        sa.Column("organization", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("rhythm", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
    )
    op.create_table(
        "occurrence",
        sa.Column("organization", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.BigInteger, sa.ForeignKey("ticket.id")),
        sa.Column("skipped", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )


def _reports() -> None:
    """Reports of hours and requests that clients have been sent."""
    op.create_table(
        "report",
        sa.Column("organization", sa.String(40), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("sent_to", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )


def _personal_data() -> None:
    """Whose data was exported or erased, by whom and why."""
    op.add_column("letter", sa.Column("erased_by", sa.BigInteger()))
    op.create_table(
        "personal_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("organization", sa.String(40), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_record")),
    )
    op.create_index(op.f("ix_personal_record_organization_id"), "personal_record", ["organization", "id"])
    op.create_table(
        "erased_blob",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("erased_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant()),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_erased_blob")),
    )
    _create_partial("erased_blob", "sha256", where="removed_at IS NULL")
