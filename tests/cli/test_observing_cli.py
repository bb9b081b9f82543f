"""What the commands say of an organisation that only observes: aloud, everywhere, and what it would have sent."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from maild.cli.output import Exit
from maild.config.load import load_config
from maild.store import open_database
from maild.store.schema import ticket
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

LETTER = letter("Принтер не печатает", subject="Принтер")


@pytest.fixture
def observing(desk: Desk) -> Desk:
    """A desk that observes and has had a letter."""
    set_mode(desk, "observe")
    assert call("receive", "--mailbox", "acme/support", stdin=LETTER).status == 0
    return desk


def set_mode(desk: Desk, mode: str) -> None:
    desk.file.write_text(desk.text().replace('name = "Ромашка"\n', f'name = "Ромашка"\nmode = "{mode}"\n', 1), "utf-8")


def test_nobody_observes_without_an_admin(desk: Desk) -> None:
    """The key, what is lacking and what to write."""
    desk.write(admin=False)
    set_mode(desk, "observe")
    done = call("check")
    assert done.status == Exit.CONFIG
    told = " ".join(done.stderr.split())
    assert "organization.acme.mode" in told
    assert '"observe", and there is no [admin]' in told


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("check", "acme: mode: it only observes: nothing is sent but a daily letter to admin@hq.example"),
        ("status", "acme only observes since "),
        ("ledger", "acme only observes: nothing is sent, maild observed shows what would have been"),
        ("outbox list --state withheld", "withheld"),
        ("outbox show 1", "it was never sent, and never will be"),
        ("explain 1 --again", "would withhold, for it only observes: acknowledgement to anna@b.example"),
    ],
)
def test_it_is_said_aloud(observing: Desk, command: str, said: str) -> None:
    """Wherever somebody looks."""
    assert observing
    assert said in call(*command.split()).out


def test_what_would_have_been_sent(observing: Desk) -> None:
    """In the words of the daily letter, or as JSON; of earlier days, too, and still after going live."""
    shown = call("observed").out
    assert "Пришло: 1 письмо. Из них новых обращений: 1." in shown
    assert "* подтверждение → anna@b.example: Re: [ACME-1] Принтер" in shown
    for since, count in (("7d", 2), ("0s", 0)):
        assert len(call("observed", "--since", since, "--json").json["withheld"]) == count
    set_mode(observing, "live")
    assert [one["purpose"] for one in call("observed", "--json").json["withheld"]] == [
        "acknowledgement",
        "notification",
    ]


def test_what_would_be_sent_by_command(observing: Desk, tmp_path: Path) -> None:
    """News and word of an update: they say that it stays here."""
    said = "acme only observes: nothing is sent, maild observed shows what would have been\n"
    observing.file.write_text(observing.file.read_text("utf-8") + "[organization.acme.news]\nsenders = []\n", "utf-8")
    file = tmp_path / "news.txt"
    file.write_text("Добавлен импорт.\n", "utf-8")
    assert call("news", "subscribe", "anna@b.example").status == 0
    assert call("news", "send", str(file), "--subject", "Вышла 5.2", "--yes").out.endswith(said)
    with closing(open_database(load_config(observing.file).config)) as database, database.write() as connection:
        connection.execute(update(ticket).values(backlog=True, release="5.2"))
    assert call("release", "5.2", "--yes").out.endswith(said)


@pytest.mark.parametrize("since", ["yesterday", "-1d", ""])
def test_a_span_that_is_none(observing: Desk, since: str) -> None:
    """It says which."""
    assert observing
    done = call("observed", f"--since={since}")
    assert done.status == Exit.USAGE
    assert "--since" in done.stderr


def test_retrying_sends_nothing_of_it(observing: Desk) -> None:
    """Neither all nor one by its number."""
    assert observing
    assert call("outbox", "retry", "--all", "--json").json == {"queued": []}
    assert "not failed: 1" in call("outbox", "retry", "1").stderr
