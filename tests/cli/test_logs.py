"""The log: one JSON object a line where no person reads it, and nothing in it that belongs to a customer."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest
import structlog

from maild import logs

log = structlog.get_logger("test")


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, ours = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**ours)


def logged(level: str, style: logs.Style, *acts: Any) -> str:
    with redirect_stderr(io.StringIO()) as err:
        logs.configure(level, style)
        for act in acts:
            act()
    return err.getvalue()


def fail() -> None:
    secret = "body of a letter"  # a local variable
    try:
        raise ValueError(f"cannot decode {len(secret)} octets of anna@example.com")
    except ValueError:
        log.exception("it broke", mailbox="acme/support")


def test_json_lines() -> None:
    """One object a line, tracebacks and the libraries' warnings included; every one has level, event and an instant."""
    lines = logged(
        "info", "auto", lambda: log.info("letter", letter=7), fail, lambda: log.debug("not shown"),
        lambda: logging.getLogger("somebody").warning("low on %s", "luck"),
        lambda: logging.getLogger("somebody").info("not shown"),
        lambda: logging.getLogger("aioimaplib.x").warning("not shown"),
    ).splitlines()  # fmt: skip
    events = [json.loads(line) for line in lines]
    assert [(event["event"], event["level"]) for event in events] == [
        ("letter", "info"), ("it broke", "error"), ("low on luck", "warning")
    ]  # fmt: skip
    assert all(event["timestamp"].endswith("Z") for event in events)
    assert events[2]["logger"] == "somebody"


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_tells_where_and_not_what(style: logs.Style) -> None:
    """No local variables, and no address even where an exception's message has one."""
    text = logged("info", style, fail)
    assert "ValueError: cannot decode" in text
    assert "in fail" in text
    assert "body of a letter" not in text
    assert "anna" not in text
    assert "…@…" in text


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_server_cannot_command_the_terminal(style: logs.Style) -> None:
    """Servers' words are shown, whatever they hold; addresses, Message-IDs and tokens are masked above debug."""

    def act() -> None:
        log.warning("mailbox-trouble", error="\x1b[2J\x9bm<t1.abc@x.example> for anna@b.example", lines=["b@c.example"])

    text = logged("info", style, act)
    assert not {"\x1b[2J", "\x9b"} & {text[i : i + n] for i in range(len(text)) for n in (1, 4)}
    assert "x.example" not in text
    assert "b.example" not in text
    assert "c.example" not in text
    assert "anna@b.example" in logged("debug", style, lambda: log.debug("detail", who="anna@b.example"))


def test_a_log_that_cannot_be_written() -> None:
    """A full disk or a closed pipe under standard error stops nothing."""

    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    with redirect_stderr(Full()):
        logs.configure("info", "json")
        log.info("letter")
        fail()
        logging.getLogger("somebody").error("low on luck")
