"""Promises of the migrations: they lead to the tables that the code uses, whole or not at all, and keep what is there."""

import contextlib
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)

from maild.desk.files import FilesPolicy
from maild.errors import StoreError
from maild.store import views
from maild.store.engine import MIGRATIONS, Database
from maild.store.reads import Reads
from maild.store.schema import Instant, counter, message, metadata
from tests.store.conftest import NOW

HEADER = """
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = "{after}"
branch_labels = depends_on = None
"""
GOOD = (
    HEADER
    + """
def upgrade():
    op.create_table("next_thing", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("insert into next_thing values (1)")
"""
)
BROKEN = (
    HEADER
    + """
def upgrade():
    op.create_table("later_thing", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("insert into counter (name, value) values ('half', 1)")
    raise ZeroDivisionError("the migration is broken")
"""
)
REBUILD = (
    HEADER
    + """
def upgrade():
    with op.batch_alter_table("parent") as parent:
        parent.alter_column("name", type_=sa.String(200))
"""
)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A copy of our migrations, to which a test may add."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")))


def _add(migrations: Path, source: str, revision: str, after: str) -> None:
    path = migrations / "versions" / f"{revision}.py"
    path.write_text(source.format(revision=revision, after=after), encoding="utf-8")


def _head(database: Database) -> str:
    revision = database.revision()
    assert revision is not None
    return revision


def test_a_fresh_database_gets_the_tables_of_the_code(database: Database) -> None:
    """What the migrations build and what `schema.py` says do not differ in any table, column, type, index or key."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert {*inspect(connection).get_table_names()} == {*metadata.tables, "alembic_version"}


def test_opening_again_changes_nothing(url: str) -> None:
    with contextlib.closing(Database.open(url)) as database, database.write() as connection:
        connection.execute(insert(counter).values(name="kept", value=7))
    with contextlib.closing(Database.open(url)) as database, database.read() as connection:
        assert connection.execute(select(counter.c.value)).scalar_one() == 7


def test_an_older_database_is_brought_up_to_date(url: str, migrations: Path) -> None:
    """The daemon migrates on start; commands that only look say that it has to."""
    with contextlib.closing(Database.open(url)) as database, database.write() as connection:
        before = _head(database)
        connection.execute(insert(counter).values(name="kept", value=7))
    _add(migrations, GOOD, "next", after=before)
    with pytest.raises(StoreError, match="maild db upgrade"):
        Database.open(url, migrate=False, migrations=migrations)
    with contextlib.closing(Database.open(url, migrations=migrations)) as database, database.read() as connection:
        assert database.revision() == "next"
        assert connection.execute(text("select count(*) from next_thing")).scalar() == 1
        assert connection.execute(select(counter.c.value)).scalar_one() == 7


def test_a_broken_upgrade_leaves_the_database_as_it_was(url: str, migrations: Path) -> None:
    """Several migrations are one transaction: of those before the broken one nothing stays either."""
    with contextlib.closing(Database.open(url)) as database:
        before, tables = _head(database), inspect(database.reader).get_table_names()
    _add(migrations, GOOD, "next", after=before)
    _add(migrations, BROKEN, "broken", after="next")
    with pytest.raises(ZeroDivisionError):
        Database.open(url, migrations=migrations)
    with contextlib.closing(Database.open(url)) as database, database.read() as connection:
        assert _head(database) == before
        assert inspect(connection).get_table_names() == tables
        assert connection.execute(select(func.count()).select_from(counter)).scalar() == 0


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(url: str, migrations: Path) -> None:
    """SQLite alters a table by making it anew; with foreign keys on, ON DELETE CASCADE would empty the others."""
    family = MetaData()
    parent = Table("parent", family, Column("id", Integer, primary_key=True), Column("name", String(9)))
    child = Table("child", family, Column("parent_id", ForeignKey("parent.id", ondelete="CASCADE")))
    with contextlib.closing(Database.open(url)) as database, database.write() as connection:
        family.create_all(connection)
        connection.execute(insert(parent).values(id=1))
        connection.execute(insert(child).values(parent_id=1))
        before = _head(database)
    _add(migrations, REBUILD, "rebuild", after=before)
    with contextlib.closing(Database.open(url, migrations=migrations)) as database:
        with database.write() as connection:
            assert connection.execute(select(func.count()).select_from(child)).scalar() == 1
        with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as connection:
            connection.execute(insert(child).values(parent_id=2))  # and they are on again


def _at(migrations: Path, revision: str) -> Path:
    """Leave out every migration after `revision`."""
    for path in (migrations / "versions").glob("[0-9]*.py"):
        if path.name[:4] > revision:
            path.unlink()
    return migrations


def test_tickets_older_than_the_register_keep_their_place(url: str, migrations: Path) -> None:
    """They were received when they were opened, as far as anybody knows, count, and belong to nobody in it (0003)."""
    opened = {"ACME-1": NOW, "ACME-2": NOW + timedelta(microseconds=1)}
    before = Database.open(url, migrations=_at(migrations, "0002"))
    with contextlib.closing(before), before.write() as connection:
        old = Table(
            "ticket", MetaData(), Column("opened_at", Instant), Column("updated_at", Instant), autoload_with=connection
        )
        for ticket_id, (number, at) in enumerate(opened.items(), 1):
            connection.execute(
                insert(old).values(
                    id=ticket_id, number=number, organization="acme", mailbox="acme/support", subject="S", status="open",
                    requester="a@x.example", requester_name="", opened_at=at, updated_at=at,
                )
            )  # fmt: skip
        connection.execute(
            text("insert into event (ticket_id, kind, detail, at) values (1, 'opened', '', '2026-03-02 09:00:00')")
        )
    with contextlib.closing(Database.open(url)) as database, database.write() as connection:
        tickets = [entry.ticket for entry in views.queue(connection, "acme")]
        assert {one.number: one.received_at for one in tickets} == opened
        assert {one.number: one.opened_at for one in tickets} == opened
        bare = {"standing": "", "client": "", "client_name": "", "level": "", "category": "", "severity": "",
                "hours": "working", "coupon": "", "agent": "", "rank": 2, "counted": True}  # fmt: skip
        assert [{name: getattr(one, name) for name in bare} for one in tickets] == [bare, bare]
        assert len(views.history(connection, 1)) == 1
        with pytest.raises(Exception, match=r"(?i)unique"), connection.begin_nested():
            connection.execute(text("update ticket set number = 'ACME-1'"))


def _insert(connection: Connection, table: str, **values: object) -> None:
    """Write a row as an older version had it: whatever else must not be empty is the emptiest of its type."""
    of = Table(table, MetaData(), autoload_with=connection)
    plain: dict[type, object] = {str: "", int: 0, bool: False, datetime: NOW, dict: [], object: []}
    needed = {one.name: plain[one.type.python_type] for one in of.columns if not (one.nullable or one.name == "id")}
    connection.execute(insert(of).values(needed | values))


def test_what_units_wrote_before_is_theirs_and_not_released(url: str, migrations: Path) -> None:
    """Their words stood among the customer's, told apart by an event of the same letter (0007)."""
    before = Database.open(url, migrations=_at(migrations, "0006"))
    with contextlib.closing(before), before.write() as connection:
        for id_ in (1, 2):
            _insert(connection, "ticket", id=id_, number=f"ACME-{id_}")
        for id_ in (1, 2, 3, 4):
            _insert(connection, "letter", id=id_, uid=str(id_), uidvalidity=1)
        said = [
            (1, 1, "in", "customer's"),
            (1, 2, "in", "unit's"),
            (1, 3, "out", "agent's"),
            (1, 3, "note", "agent's note"),
            (2, 4, "in", "another's"),
            (2, 2, "out", "sent with the unit's letter"),
            (1, None, "in", "of no letter"),
        ]
        for id_, (ticket_id, letter_id, direction, words) in enumerate(said, 1):
            values = {"ticket_id": ticket_id, "letter_id": letter_id, "direction": direction, "text": words}
            _insert(connection, "message", id=id_, **values)
        happened = [
            (1, 1, "appended"),
            (1, 2, "appended"),
            (1, 2, "unit wrote"),
            (2, None, "unit wrote"),
            (2, 4, "unit"),
        ]
        for id_, (ticket_id, letter_id, kind) in enumerate(happened, 1):
            _insert(connection, "event", id=id_, ticket_id=ticket_id, letter_id=letter_id, kind=kind)
    with contextlib.closing(Database.open(url)) as database, database.read() as connection:
        assert _head(database) >= "0007"
        rows = connection.execute(select(message).order_by(message.c.id)).all()
        expected = [(*one[:2], "unit" if one[3] == "unit's" else one[2], one[3]) for one in said]
        assert [(row.ticket_id, row.letter_id, row.direction, row.text) for row in rows] == expected
        assert {row.released_by for row in rows} == {None}
        waiting = Reads(connection).units_letters([1, 2], FilesPolicy())
        assert [(one.ticket_id, one.letter_id, one.text) for one in waiting] == [(1, 2, "unit's")]


def test_a_fresh_database_has_the_conditions_of_partial_indexes(database: Database) -> None:
    """Alembic's comparison overlooks them; without its condition an index of running clocks would refuse a second clock."""
    with database.read() as connection:
        found = {
            one["name"]: str(one["dialect_options"].get(f"{connection.dialect.name}_where", ""))
            for table in ("clock", "ticket")
            for one in inspect(connection).get_indexes(table)
        }
    partial = {name for name, condition in found.items() if condition}
    assert partial == {
        str(index.name)
        for table in (metadata.tables["clock"], metadata.tables["ticket"])
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
