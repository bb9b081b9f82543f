"""Promises of erasing a person: nothing of them is left anywhere, and nothing else is missing."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, LargeBinary, String, Table, func, insert, select, update

from maild import pipeline
from maild.config.load import load_config
from maild.errors import ErasureRefused, StoreError
from maild.ingest.parse import parse
from maild.model import OutboxState, OutcomeKind, Place, RawMessage, Status
from maild.persons import erase_person
from maild.policy import Policy, load_policy
from maild.store import letters, views
from maild.store.blobs import LocalBlobs
from maild.store.dossier import find_dossier
from maild.store.engine import Database
from maild.store.erasing import Erased
from maild.store.personal import HOLDS, is_pseudonym, records
from maild.store.schema import (
    contact,
    coupon_guess,
    erased_blob,
    letter,
    message,
    metadata,
    obeyed,
    outbox,
    report,
    ticket,
    wake,
    work,
)
from maild.store.tombstones import finish
from maild.store.unit import Transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=40)
ANNA = "anna@client.example"
SAID = "Принтер жёлтый мигает красным огоньком"
CONFIG = """
data_dir = "data"
[smtp]
host = "127.0.0.1"
security = "none"
[admin]
address = "admin@example.org"
[organization.acme]
name = "Acme"
number_prefix = "ACME"
[organization.acme.repeats]
window = "0s"
[organization.acme.mailbox.support]
address = "support@acme.example"
subaddress = true
[organization.acme.agent.ivan]
name = "Иван"
address = "ivan@staff.example"
[organization.beta]
name = "Beta"
number_prefix = "BETA"
[organization.beta.mailbox.help]
address = "help@beta.example"
"""


@dataclass
class Stage:
    """A desk that letters are handed to."""

    database: Database
    blobs: LocalBlobs
    policy: Policy
    uid: int = 0

    def deliver(
        self, text: str, author: str = f"Анна Петрова <{ANNA}>", *, subject: str = "Мигает", mailbox: str = "acme/support",
        headers: str = "", to: str = "support@acme.example", at: datetime = NOW,
    ) -> pipeline.Settled:  # fmt: skip
        self.uid += 1
        if "Message-ID" not in headers:
            headers += f"Message-ID: <m{self.uid}@mua.example>\n"
        octets = f"From: {author}\nTo: {to}\nSubject: {subject}\n{headers}Content-Type: text/plain; charset=utf-8\n\n{text}\n"
        return self.take(octets.encode(), mailbox, at)

    def take(self, octets: bytes, mailbox: str = "acme/support", at: datetime = NOW) -> pipeline.Settled:
        self.uid += 1
        place = Place(mailbox=mailbox, folder="INBOX", uidvalidity=1, uid=str(self.uid))
        raw = RawMessage(octets=octets, place=place, received_at=at)
        ids = pipeline.receive([raw], self.database, self.blobs, at)
        return pipeline.settle(ids, self.database, self.blobs, self.policy, at)[-1]

    def answer(self, number: int, text: str, author: str = "Иван <ivan@staff.example>") -> pipeline.Settled:
        """Answer the letter that the agent was sent about a ticket, quoting it."""
        with self.database.read() as connection:
            query = select(outbox.c.octets).where(
                outbox.c.ticket_id == number, outbox.c.recipient_key == "ivan@staff.example"
            )
            had = parse(bytes(connection.execute(query.order_by(outbox.c.id)).scalars().first() or b""))
        quoted = "\n".join(f"> {line}" for line in had.text.splitlines())
        ids = f"In-Reply-To: <{had.message_id}>\nReferences: <{had.message_id}>\n"
        return self.deliver(
            f"{text}\n\n{quoted}", author, subject=f"Re: {had.subject}", headers=ids, to=had.reply_to[0].addr
        )

    def of_beta(self) -> tuple[set[int], set[int]]:
        """Return the requests and letters of the other organisation."""
        with self.database.read() as connection:
            return (
                set(connection.execute(select(ticket.c.id).where(ticket.c.organization == "beta")).scalars()),
                set(connection.execute(select(letter.c.id).where(letter.c.organization == "beta")).scalars()),
            )

    def sent(self) -> None:
        """Let everything that waits leave."""
        with self.database.write() as connection:
            connection.execute(update(outbox).values(state=OutboxState.SENT, sent_at=NOW))

    def erase(
        self, *people: str, why: str = "a letter of 1 March", even_open: bool = True, dry: bool = False
    ) -> Erased:
        return erase_person(
            self.database, self.blobs, "acme", people or (ANNA,),
            who="root", why=why, now=LATER, even_open=even_open, dry=dry,
        )  # fmt: skip

    def dump(self, *, of: Callable[[Table], bool] = lambda _table: True) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table."""
        with self.database.read() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in metadata.sorted_tables
                if of(table)
            }


@pytest.fixture
def stage(database: Database, tmp_path: Path) -> Stage:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    policy = load_policy(load_config(tmp_path / "config.toml"), key=b"a key for tests, of thirty-two octets")
    return Stage(database, LocalBlobs(tmp_path / "blobs"), policy)


@pytest.fixture
def lived(stage: Stage) -> Stage:
    """A desk with two requests of Anna's, one of Boris' in which she takes part, and one of somebody who speaks of her."""
    stage.deliver(SAID)
    stage.answer(1, "Замените картридж, пожалуйста.")
    stage.answer(1, "#заметка Клиентка нервничает\n#закрыть")
    stage.deliver(f"{SAID} снова", subject="Опять")
    stage.deliver(
        "Не видит сканер", "Борис <boris@client.example>", subject="Сканер", headers=f"Cc: Анна Петрова <{ANNA}>\n"
    )
    with stage.database.read() as connection:
        told = connection.execute(select(outbox.c.message_id).where(outbox.c.ticket_id == 3).limit(1)).scalar()
    stage.deliver(f"У меня тоже. {SAID}!", headers=f"In-Reply-To: <{told}>\n")
    stage.answer(3, "Борис, проверьте кабель. Анна Петрова, и Вы тоже.")
    stage.deliver(f"Спросите Анну: {ANNA}", "Олег <oleg@other.example>", subject="Вопрос")
    stage.deliver("I am away", headers="Auto-Submitted: auto-replied\n")  # a machine's, of no request
    stage.deliver("Здравствуйте", mailbox="beta/help", to="help@beta.example")
    stage.deliver("Где счёт?", "Вера <vera@other.example>", subject="Счёт")  # who has nothing to do with her
    stage.sent()
    with stage.database.write() as connection:
        tx = Transaction(connection)
        _fill(tx)
    return stage


def _fill(tx: Transaction) -> None:
    """Add a row where letters alone bring none."""
    connection = tx.connection
    connection.execute(insert(coupon_guess).values(organization="acme", who=ANNA, digest="0" * 16, at=NOW))
    connection.execute(
        insert(work).values(
            ticket_id=1, organization="acme", client="", agent="ivan", spent=60, at=NOW, note="для Анны Петровой"
        )
    )
    connection.execute(
        insert(wake).values(
            ticket_id=2, kind="promise", agent="ivan", at=LATER, term=LATER, words="перезвонить Анне Петровой"
        )
    )
    sent = {"sent_to": f"other@client.example, {ANNA}", "why": "", "at": NOW}
    connection.execute(insert(report).values(sent | {"organization": "acme", "month": date(2026, 2, 1), "client": "x"}))
    letters.set_aside(connection, 1, f"KeyError: '{ANNA}'", f"Traceback: {SAID}", NOW)
    back = {"outcome": "opened", "reason": f"from {ANNA}"}
    connection.execute(update(letter).where(letter.c.id == 1).values(back))


def traces(stage: Stage) -> list[str]:
    """Return where in the database something of Anna is left, but for what she wrote to Beta."""
    wanted = [ANNA, "анна петрова", *SAID.casefold().split()]
    found = []
    for name, rows in stage.dump().items():
        columns = [column.name for column in metadata.tables[name].c]
        for row in rows:
            if _is_of_beta(stage, name, dict(zip(columns, row, strict=True))):
                continue
            for column, value in zip(columns, row, strict=True):
                said = _readable(value).casefold()
                found += [f"{name}.{column}: {word} in {said[:200]!r}" for word in wanted if word in said]
    return found


def _is_of_beta(stage: Stage, name: str, row: dict[str, Any]) -> bool:
    tickets, in_ledger = stage.of_beta()
    if row.get("ticket_id", row["id"] if name == "ticket" else None) in tickets:
        return True
    if row.get("letter_id", row["id"] if name == "letter" else None) in in_ledger:
        return True
    return row.get("organization") == "beta"


def _readable(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace") + parse(value).text
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)


def _raw(stage: Stage) -> str:
    """Return all raw letters, as they are and as they are read."""
    there = [path.read_bytes() for path in stage.blobs.directory.rglob("*") if path.is_file()]
    return "\n".join(_readable(one) for one in there).casefold()


def test_every_column_that_can_hold_something_says_what_becomes_of_it() -> None:
    """A new table or column of text, JSON or octets has to be entered in HOLDS, or nobody would erase it."""
    there = {
        table.name: {column.name for column in table.c if isinstance(column.type, String | JSON | LargeBinary)}
        for table in metadata.sorted_tables
    }
    missing = {name: columns - set(HOLDS.get(name, {})) for name, columns in there.items()}
    assert {name: columns for name, columns in missing.items() if columns or name not in HOLDS} == {}


def test_nothing_is_left_of_a_person(lived: Stage) -> None:
    """Neither an address, nor a name, nor a word of theirs: in no column of no table, in no raw letter."""
    assert len(traces(lived)) > 50
    lived.erase()
    assert traces(lived) == []
    lived.erase()  # once more finds nothing, and changes nothing of what is there


def test_raw_letters_hold_nothing_either(lived: Stage) -> None:
    """What is left is of others who do not name her, and what was written to another organisation."""
    assert "сканер" in _raw(lived)
    lived.erase()
    raw = _raw(lived)
    assert {word: word in raw for word in (SAID.casefold(), "сканер", "где счёт", "здравствуйте")} == {
        SAID.casefold(): False, "сканер": False, "где счёт": True, "здравствуйте": True
    }  # fmt: skip


# what may hold something of a person in rows of a request or a letter, whatever HOLDS says of it
ADDRESSES = """
    letter.envelope_sender letter.envelope_recipient letter.author_key letter.dkim letter.no_repeat letter.reason
    ticket.client_name event.detail message.author_name participant.name outbox.envelope_sender outbox.answer outbox.error
    clock.notice
""".split()
EVERYTHING = """
    letter.subject letter.findings letter.files ticket.subject ticket.requester_name message.text outbox.subject outbox.octets
    wake.words work.note
""".split()
INSIDE = "ticket.asked ticket_was.was obeyed.found".split()  # JSON


def test_a_word_in_any_column_at_all_is_found(lived: Stage) -> None:
    """Whatever stands in a column that may hold it goes from the rows of their own requests, and of another's in which they
    take part, also where no letter of this test would ever have put it."""
    planted = f"{ANNA} Анна Петрова {SAID}"
    with lived.database.write() as connection:
        obedience = {"ticket_id": 3, "letter_id": 5, "agent": "ivan", "at": NOW, "found": {}}
        connection.execute(insert(obeyed).values(obedience))
        for name in (*ADDRESSES, *EVERYTHING, *INSIDE):
            table = metadata.tables[name.partition(".")[0]]
            column = table.c[name.partition(".")[2]]
            value: Any = planted if name in EVERYTHING else ANNA
            if isinstance(column.type, JSON):
                value = [value] if name in EVERYTHING else {"people": [value]}
            elif isinstance(column.type, LargeBinary):
                value = value.encode()
            of = table.c.id if table is ticket else table.c.ticket_id
            connection.execute(update(table).where(of.in_((1, 3))).values({column.name: value}))
    lived.erase()
    assert traces(lived) == []


def test_what_is_counted_stays_as_it_was(lived: Stage) -> None:
    """Every letter keeps its one outcome, every request its number, instants, agent, clocks and votes."""
    kept = [ticket.c.id, ticket.c.number, ticket.c.received_at, ticket.c.agent, ticket.c.level, ticket.c.category]
    with lived.database.read() as connection:
        before = (views.ledger(connection), connection.execute(select(*kept).order_by(ticket.c.id)).all())
        rows = {name: len(found) for name, found in lived.dump().items()}
        spent = connection.execute(select(func.sum(work.c.spent))).scalar()
    lived.erase()
    with lived.database.read() as connection:
        assert (views.ledger(connection), connection.execute(select(*kept).order_by(ticket.c.id)).all()) == before
        assert connection.execute(select(func.sum(work.c.spent))).scalar() == spent
    now = {name: len(found) for name, found in lived.dump().items()}
    changed = {name: now[name] - count for name, count in rows.items() if now[name] != count}
    gone = {"contact": -1, "coupon_guess": -1, "wake": -1, "obeyed": -rows["obeyed"]}
    assert changed == gone | {"event": 2, "ticket_was": 1, "personal_record": 1, "erased_blob": changed["erased_blob"]}


def test_others_keep_what_is_theirs(lived: Stage) -> None:
    """Boris' request has his words and the agent's, without what the agent quoted of Anna; Oleg's has no address of hers."""
    lived.erase()
    with lived.database.read() as connection:
        texts = connection.execute(
            select(message.c.author, message.c.direction, message.c.text)
            .where(message.c.ticket_id.in_((3, 4)))
            .order_by(message.c.id)
        ).all()
    assert [(row.direction, row.text.strip()) for row in texts] == [
        ("in", "Не видит сканер"),
        ("in", ""),
        ("out", "Борис, проверьте кабель. …, и Вы тоже."),
        ("in", "Спросите Анну: erased-1-1@erased.invalid"),
    ]
    assert is_pseudonym(texts[1].author)


def test_another_organisation_is_not_touched(lived: Stage) -> None:
    """What she wrote to Beta is Beta's business: its rows and its raw letter are as they were."""

    def of_beta() -> list[tuple[Any, ...]]:
        return [
            row
            for name, rows in lived.dump().items()
            for row in rows
            if _is_of_beta(lived, name, dict(zip(metadata.tables[name].c.keys(), row, strict=True)))
        ]

    before = of_beta()
    assert len(before) >= 3
    lived.erase()
    assert of_beta() == before
    assert "здравствуйте" in _raw(lived)


def test_a_trial_changes_nothing(lived: Stage) -> None:
    """A dry run counts what the real one erases, and leaves every row and blob."""
    before, raw = lived.dump(), _raw(lived)
    tried = lived.erase(dry=True)
    assert (lived.dump(), _raw(lived)) == (before, raw)
    assert lived.erase().counts == tried.counts


def test_a_letter_that_is_read_once_more_stays_erased(lived: Stage) -> None:
    """The same octets under another UID are a repeat, recorded as one; they do not stay, and enter nothing."""
    with lived.database.read() as connection:
        hashes = connection.execute(select(letter.c.sha256).where(letter.c.organization == "acme")).scalars().all()
    again = [lived.blobs.get(one) for one in dict.fromkeys(hashes)]
    lived.erase()
    rows = len(lived.dump()["ticket"])
    for octets in again:
        if ANNA.encode() in octets:
            assert lived.take(octets, at=LATER).outcome.kind in (OutcomeKind.DUPLICATE, OutcomeKind.IGNORED)
    finish(lived.database, lived.blobs, LATER)
    assert len(lived.dump()["ticket"]) == rows
    assert SAID.casefold() not in _raw(lived)
    assert [one for one in traces(lived) if "letter." in one or "message." in one] == []


def test_a_copy_by_another_way_stays_erased_too(stage: Stage) -> None:
    """One that differs in its Received lines alone is known by its Message-ID and words."""
    stage.deliver(SAID, headers="Message-ID: <same@mua.example>\n")
    stage.sent()
    stage.erase()
    again = stage.deliver(SAID, headers="Received: by somebody\nMessage-ID: <same@mua.example>\n", at=LATER)
    finish(stage.database, stage.blobs, LATER)
    assert again.outcome.kind is OutcomeKind.DUPLICATE
    assert traces(stage) == []
    assert _raw(stage) == ""


def test_a_later_letter_is_of_somebody_new(lived: Stage) -> None:
    """Whoever was erased and writes again, even in answer to an old letter of ours, opens a request of their own."""
    with lived.database.read() as connection:
        query = select(outbox).where(outbox.c.recipient_key == ANNA, outbox.c.ticket_id == 1)
        had = parse(bytes(connection.execute(query.order_by(outbox.c.id)).first().octets))  # type: ignore[union-attr]
    lived.erase()
    settled = lived.deliver("Спасибо!", headers=f"In-Reply-To: <{had.message_id}>\n", to=had.reply_to[0].addr, at=LATER)
    assert settled.outcome.kind is OutcomeKind.OPENED
    with lived.database.read() as connection:
        known = connection.execute(
            select(contact).where(contact.c.address_key == ANNA, contact.c.organization == "acme")
        ).one()
    assert known.first_seen_at == LATER


def test_an_agent_s_late_answer_goes_to_nobody(lived: Stage) -> None:
    """Whoever answers an old notification of an erased request enters it no more: a pseudonym is written to by nobody."""
    with lived.database.read() as connection:
        query = select(outbox.c.octets).where(outbox.c.ticket_id == 2, outbox.c.recipient_key == "ivan@staff.example")
        had = parse(bytes(connection.execute(query).scalars().first() or b""))
    lived.erase()
    ids = f"In-Reply-To: <{had.message_id}>\n"
    settled = lived.deliver(
        "Готово.", "Иван <ivan@staff.example>", headers=ids, to=had.reply_to[0].addr, subject=f"Re: {had.subject}"
    )
    assert settled.ticket_id != 2
    with lived.database.read() as connection:
        queued = (
            connection.execute(select(outbox.c.recipient).where(outbox.c.state == OutboxState.QUEUED)).scalars().all()
        )
    assert not any(map(is_pseudonym, queued))


def test_octets_that_another_letter_needs_stay(stage: Stage) -> None:
    """The same octets in two organisations are one blob: it goes with the second of them."""
    octets = f"From: {ANNA}\nMessage-ID: <both@mua.example>\n\n{SAID}\n".encode()
    stage.take(octets)
    second = stage.take(octets, "beta/help")
    stage.sent()
    stage.erase()
    with stage.database.read() as connection:
        loaded = letters.load(connection, second.letter_id, stage.blobs)
        assert loaded is not None
        assert loaded.raw.octets == octets
        assert letters.load(connection, 1, stage.blobs) is None
    erase_person(stage.database, stage.blobs, "beta", [ANNA], who="root", why="", now=LATER, even_open=True)
    assert _raw(stage) == ""


class _Dying(LocalBlobs):
    """A disk that fails after so many removals."""

    left = 0

    def remove(self, sha256: str) -> None:
        if self.left == 0:
            raise StoreError("the disk is gone")
        self.left -= 1
        super().remove(sha256)


@pytest.mark.parametrize("removals", [0, 1, 2, 3])
def test_a_crash_on_the_way_is_made_good_by_a_repeat(lived: Stage, removals: int) -> None:
    """Rows are erased all at once; raw letters that are still there then are removed by the next call of either kind."""
    dying = _Dying(lived.blobs.directory)
    dying.left = removals
    with pytest.raises(StoreError):
        erase_person(lived.database, dying, "acme", [ANNA], who="root", why="", now=LATER, even_open=True)
    assert traces(lived) == []
    assert SAID.casefold() in _raw(lived)
    finish(lived.database, lived.blobs, LATER)
    assert SAID.casefold() not in _raw(lived)
    with lived.database.read() as connection:
        assert connection.execute(select(erased_blob).where(erased_blob.c.removed_at.is_(None))).all() == []


@pytest.mark.parametrize("statement", range(1, 120, 13))
def test_a_crash_within_the_transaction_leaves_all(
    lived: Stage, statement: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever statement it dies at, nothing is erased."""
    from sqlalchemy import event as sql_event

    before, counted = lived.dump(), 0

    def die(*_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == statement:
            raise KeyboardInterrupt

    sql_event.listen(lived.database.writer, "before_cursor_execute", die)
    try:
        with pytest.raises(KeyboardInterrupt):
            lived.erase()
    finally:
        sql_event.remove(lived.database.writer, "before_cursor_execute", die)
    assert lived.dump() == before


def test_octets_that_come_while_they_are_removed_are_stored_again(stage: Stage) -> None:
    """Between the storing of a letter and its row the same octets may be removed as somebody's who was erased."""
    octets = f"From: {ANNA}\nMessage-ID: <both@mua.example>\n\n{SAID}\n".encode()
    stage.take(octets)
    stage.sent()

    class Slow(LocalBlobs):
        first = True

        def put(self, octets: bytes) -> str:
            sha256 = super().put(octets)
            if self.first:
                self.first = False
                stage.erase()
                assert not self._path(sha256).exists()
            return sha256

    slow = Slow(stage.blobs.directory)
    place = Place(mailbox="beta/help", folder="INBOX", uidvalidity=1, uid="1")
    (id_,) = pipeline.receive([RawMessage(octets=octets, place=place, received_at=LATER)], stage.database, slow, LATER)
    (settled,) = pipeline.settle([id_], stage.database, slow, stage.policy, LATER)
    assert settled.outcome.kind is OutcomeKind.OPENED


def test_what_is_to_be_done_first_is_said(stage: Stage) -> None:
    """Open requests, and letters to others that wait: nothing is erased, and the reason named."""
    stage.deliver(SAID)
    with pytest.raises(ErasureRefused, match="ACME-1; close them, or say --even-open"):
        stage.erase(even_open=False)
    stage.deliver(f"Её адрес {ANNA}", "Олег <oleg@other.example>")
    with pytest.raises(ErasureRefused, match="wait to be sent"):
        stage.erase()
    stage.sent()
    stage.erase()
    with stage.database.read() as connection:
        assert connection.execute(select(ticket.c.status).where(ticket.c.id == 1)).scalar() == Status.CLOSED
        assert [one.counts["requests"] for one in records(connection, "acme", 10)] == [1]


def test_letters_to_them_that_wait_do_not_leave(stage: Stage) -> None:
    """What was queued about their own requests is withdrawn: its octets are gone."""
    stage.deliver(SAID)
    stage.erase()
    with stage.database.read() as connection:
        states = set(connection.execute(select(outbox.c.state)).scalars())
    assert states == {OutboxState.WITHDRAWN}


def test_the_record_names_nobody(stage: Stage) -> None:
    """Even where the admin wrote it into the grounds."""
    stage.deliver(SAID)
    stage.erase(why=f"Анна Петрова просит, {ANNA}")
    with stage.database.read() as connection:
        (one,) = records(connection, "acme", 10)
    assert (one.who, one.why) == ("root", "… просит, erased-1-1@erased.invalid")


def test_a_dossier_is_theirs_alone(lived: Stage) -> None:
    """Their letters, ours to them, their requests with their words and ours; of Boris' request their own words only."""
    with lived.database.read() as connection:
        known = find_dossier(connection, "acme", [ANNA])
    assert [(one.number, one.role) for one in known.requests] == [
        ("ACME-1", "requester"),
        ("ACME-2", "requester"),
        ("ACME-3", "copied"),
    ]
    everything = json.dumps([str(one) for one in known.requests], ensure_ascii=False)
    assert "нервничает" not in everything
    assert "boris@" not in everything
    assert "Не видит сканер" not in everything
    assert "Замените картридж" in everything
    assert not {one.number for one in known.sent} - {"ACME-1", "ACME-2", "ACME-3"}


def test_letters_that_come_meanwhile_are_all_accounted_for(lived: Stage) -> None:
    """A daemon takes letters, hers among them, while she is erased again and again: each has one outcome, no octets are
    missing that somebody needs, and what came before the last erasure is gone."""
    done, failures = threading.Event(), []

    def receive() -> None:
        try:
            for n in range(12):
                lived.deliver(f"Письмо {n} про сканер", "Вера <vera@other.example>", subject=f"Письмо {n}")
                lived.deliver(f"{SAID} {n}", subject=f"Опять {n}")
        except Exception as error:
            failures.append(error)
        finally:
            done.set()

    daemon = threading.Thread(target=receive)
    daemon.start()
    while not done.is_set():
        with suppress(ErasureRefused):  # a letter to somebody else may wait
            lived.erase()
    daemon.join()
    assert failures == []
    lived.sent()
    lived.erase()
    assert traces(lived) == []
    with lived.database.read() as connection:
        assert sum(one.unaccounted for one in views.ledger(connection)) == 0
        for id_ in connection.execute(select(letter.c.id).where(letter.c.erased_by.is_(None))).scalars():
            assert letters.load(connection, id_, lived.blobs) is not None
        mine = select(func.count()).where(message.c.text.contains("про сканер"))
        assert connection.execute(mine).scalar() == 12
