"""What strangers wrote is shown as text: no markup, no commands to the terminal, one row a line in pipes."""

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.cli.output import print_json, print_table, say
from maild.logs import visible
from maild.model import Address, Outgoing, Purpose

OBEYED = {*map(chr, range(32)), "\x7f", *map(chr, range(0x80, 0xA0)), *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e"}
OBEYED |= {*"\u2066\u2067\u2068\u2069"}
ANY = st.text(st.one_of(st.characters(exclude_categories=[]), st.sampled_from([*sorted(OBEYED), "[", "]", "/"])))


def printed(act: object, *arguments: object, **more: object) -> str:
    assert callable(act)
    with redirect_stdout(io.StringIO()) as out:
        act(*arguments, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[red]Срочно[/] [link=http://x]", "[red]Срочно[/] [link=http://x]"),
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("\x9b2J\x7f\x00\r", r"\x9b2J\x7f\x00\r"),
        ("invoice\u202efdp.exe", r"invoice\u202efdp.exe"),
        ("half \udc80", r"half \udc80"),
        ("Ёлка — 🎄", "Ёлка — 🎄"),
    ],
    ids=["markup", "escape sequences", "C1 and DEL", "direction", "surrogate", "letters stay"],
)
def test_hostile_text(written: str, shown: str) -> None:
    assert visible(written) == shown
    assert printed(say, written) == f"{shown}\n"


@given(text=ANY)
def test_nothing_reaches_the_terminal_raw(text: str) -> None:
    """Whatever is printed in whatever way, a terminal only ever sees letters and line ends; a table keeps its lines."""
    table = printed(print_table, ("a", "b"), [(text, 1), (text, 2)], empty="")
    assert len(table.split("\n")) == 4
    for shown in (printed(say, text), table, printed(print_json, {"text": text})):
        assert not set(shown) & (OBEYED - {"\n", "\t"})
        shown.encode()  # no half of a surrogate pair
    assert json.loads(printed(print_json, {"text": text})) == {"text": text}


def test_a_table_in_a_pipe() -> None:
    """Aligned, one line a row however long, no blanks at the ends; wide letters count twice."""
    rows = [("T-1", "ж" * 300, None), ("T-1000", "日本", datetime(2026, 11, 17, 9, tzinfo=UTC))]
    lines = printed(print_table, ("ticket", "subject", "at"), rows, empty="none").splitlines()
    assert lines == [
        "ticket  subject" + " " * 295 + "at",
        "T-1     " + "ж" * 300,
        "T-1000  日本" + " " * 298 + "2026-11-17 09:00:00",
    ]
    assert printed(print_table, ("ticket",), [], empty="No ticket.") == "No ticket.\n"


def test_json_of_our_values() -> None:
    """Instants are ISO 8601, durations seconds, enumerations their words, paths text; octets are left out."""
    outgoing = Outgoing(
        message_id="m", mailbox="a/b", purpose=Purpose.ANSWER, envelope_sender="", recipient="r", octets=b"secret"
    )
    value = {
        "at": datetime(2026, 11, 17, 9, tzinfo=UTC), "after": timedelta(minutes=1), "path": Path("a/b"),
        "people": (Address(addr="a@b"),), "letter": outgoing,
    }  # fmt: skip
    assert json.loads(printed(print_json, value)) == {
        "at": "2026-11-17T09:00:00+00:00", "after": 60.0, "path": "a/b", "people": [{"name": "", "addr": "a@b"}],
        "letter": {"message_id": "m", "mailbox": "a/b", "purpose": "answer", "envelope_sender": "", "recipient": "r",
                   "ticket_id": None, "subject": "", "withheld": False},
    }  # fmt: skip
