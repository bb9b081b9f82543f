"""`maild satisfaction` and what `maild ticket show` says of a verdict."""

from datetime import datetime, timedelta

import pytest

from maild.cli.output import Exit
from maild.config.load import load_config
from maild.desk.survey import Question, Vote
from maild.model import Place, Rating, RawMessage
from maild.store import letters, open_database
from maild.store.surveys import save_question, save_vote
from tests.cli.call import call
from tests.daemon.desk import Desk
from tests.store.tickets import add_requests

NOON = datetime.fromisoformat("2026-11-05T09:00+00:00")  # noon in Moscow
DAY = timedelta(days=1)
# whose the work was, when they were asked, what they have said
ASKED = (
    ("ivan", "first", "romashka", NOON, ("bad", "good")),
    ("ivan", "first", "lutik", NOON + DAY, ("fair",)),
    ("ivan", "", "", NOON + 2 * DAY, ()),
    ("petra", "", "", NOON - 12 * timedelta(hours=1) - timedelta(seconds=1), ("bad",)),  # the last second of 4 November
    ("", "", "", NOON - 12 * timedelta(hours=1), ("good",)),
)


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Five customers who were asked, of whom four have answered, one of them twice."""
    assert call("db", "upgrade").status == 0
    database = open_database(load_config(desk.file).config)
    with database.write() as connection:
        ids = add_requests(connection, "acme", [("Касса", "не видит", at) for *_, at, _ in ASKED])
        raws = [
            RawMessage(
                octets=b"%d" % one,
                place=Place(mailbox="acme/support", folder="", uidvalidity=0, uid=str(one)),
                received_at=NOON,
            )
            for one in ids
        ]
        vote_letters = letters.add(connection, raws, NOON)
        for ticket_id, letter_id, (agent, team, client, at, said) in zip(ids, vote_letters, ASKED, strict=True):
            question = Question(ticket_id=ticket_id, at=at, until=at + 14 * DAY, agent=agent, team=team, client=client)
            save_question(connection, "acme", question, None)
            for one in said:
                vote = Vote(ticket_id=ticket_id, value=Rating(one), author="olga@romashka.example")
                save_vote(connection, letter_id, vote, at + timedelta(hours=2))
    database.close()
    return desk


def rows(*options: str) -> list[tuple[str, ...]]:
    """Return the table's rows, cells by their columns."""
    lines = call("satisfaction", "--since", "2026-11-01", "--until", "2026-11-30", *options).out.splitlines()
    return [tuple(line.split()) for line in lines[1:]]


def test_all_together(asked: Desk) -> None:
    """Who was asked, who has answered; of each the latest word."""
    out = call("satisfaction", "--since", "2026-11-01", "--until", "2026-11-30").out.splitlines()
    assert out[0].split("  ")[0] == "of"
    assert rows() == [("all", "5", "4", "2", "1", "1", "50%")]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (
            "agent",
            [
                ("(nobody)", "1", "1", "1", "0", "0", "100%"),
                ("ivan", "3", "2", "1", "1", "0", "50%"),
                ("petra", "1", "1", "0", "0", "1", "0%"),
            ],
        ),
        ("team", [("(nobody)", "3", "2", "1", "0", "1", "50%"), ("first", "2", "2", "1", "1", "0", "50%")]),
        (
            "client",
            [
                ("(nobody)", "3", "2", "1", "0", "1", "50%"),
                ("lutik", "1", "1", "0", "1", "0", "0%"),
                ("romashka", "1", "1", "1", "0", "0", "100%"),
            ],
        ),
    ],
)
def test_by_whose_the_work_was(asked: Desk, by: str, expected: list[tuple[str, ...]]) -> None:
    assert rows("--by", by) == expected


def test_days_are_the_organisations(asked: Desk) -> None:
    """Both ends are included."""
    one_day = call("satisfaction", "--since", "2026-11-05", "--until", "2026-11-05", "--json").json
    assert (one_day["since"], one_day["until"], one_day["by"]) == ("2026-11-05", "2026-11-05", None)
    assert one_day["rows"] == [
        {"of": "", "asked": 2, "answered": 2, "good": 2, "fair": 0, "bad": 0, "share": 1.0},
    ]
    before = call("satisfaction", "--since", "2026-11-04", "--until", "2026-11-04", "--json").json
    assert [one["bad"] for one in before["rows"]] == [1]


def test_nobody_was_asked(asked: Desk) -> None:
    for options in ((), ("--by", "agent")):
        done = call("satisfaction", "--since", "2020-01-01", "--until", "2020-12-31", *options)
        assert (done.status, done.out) == (Exit.OK, "Nobody was asked.\n")


@pytest.mark.parametrize(
    "options", [("--since", "вчера"), ("--by", "weather"), ("--since", "2026-11-02", "--until", "2026-11-01")]
)
def test_mistakes_in_the_command_line(asked: Desk, options: tuple[str, ...]) -> None:
    assert call("satisfaction", *options).status == Exit.USAGE


def test_a_ticket_shows_what_was_said(asked: Desk) -> None:
    shown = call("ticket", "show", "ACME-1").out
    assert "  verdict on our work: bad, by olga@romashka.example on 2026-11-05, replaced later\n" in shown
    assert "  verdict on our work: good, by olga@romashka.example on 2026-11-05\n" in shown
    found = call("ticket", "show", "ACME-1", "--json").json["verdicts"]
    assert [(one["value"], one["counts"]) for one in found] == [("bad", False), ("good", True)]
