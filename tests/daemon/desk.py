"""A configuration folder with real servers round it, and maild processes started in it. For tests of commands and daemon.

desk = Desk(tmp_path, smtp_port=smtp.port, mailboxes={"support": imap(dovecot)})
with desk.daemon() as daemon:
    daemon.wait_for("configuration reloaded")
desk.read("status")["ok"]
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from maild.outbox.serialize import serialize
from tests.cli.call import Done, call
from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 20.0  # seconds, on a machine with nothing else to do; a test that passes waits for far less
MAX_PATIENCE = 10  # times as long, where something still moves


def until(condition: Callable[[], Any], what: str, seen: Callable[[], str] = lambda: "") -> Any:
    """Wait until the condition holds, and return what it gave; else fail with what was `seen` instead.

    Patience is as long as others want the processors, too, and begins anew while what is seen goes on changing: then the
    machine is only busy. Not for ever, since what turns in circles changes it as well.
    """
    then = seen()
    for _ in range(MAX_PATIENCE):
        deadline = time.monotonic() + PATIENCE * find_crowd()
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.02)
        before, then = then, seen()
        if then == before:
            break
    raise AssertionError(f"waited in vain for {what}\n{then}")


def letter(
    text: str = "Помогите",
    *,
    sender: str = "anna@b.example",
    name: str = "Анна",
    subject: str = "Вопрос",
    id_: str = "1",
) -> bytes:
    """Write a letter as a customer would send it."""
    message = EmailMessage()
    message["From"] = f"{name} <{sender}>"
    message["To"] = "support@acme.example"
    message["Subject"] = subject
    message["Message-ID"] = f"<{id_}@b.example>"
    message.set_content(text)
    return serialize(message)


def imap(dovecot: Dovecot, password_file: str = "pw", **more: str) -> str:
    """Return the table of an IMAP account."""
    lines = {
        "host": '"127.0.0.1"', "port": str(dovecot.port), "security": '"none"', "username": f'"{dovecot.user}"',
        "password": f'{{ file = "{password_file}" }}', "poll": '"1s"',
    }  # fmt: skip
    return "\n".join(f"{key} = {value}" for key, value in (lines | more).items())


@dataclass
class Desk:
    """One config.toml, rewritten by `write`; `top` stands before all tables, `tail` at the end."""

    path: Path
    smtp_port: int = 1
    mailboxes: Mapping[str, str] = field(default_factory=lambda: {"support": ""})  # name → its IMAP table, "" for none
    top: str = ""
    tail: str = ""
    admin: bool = True

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.write()

    @property
    def file(self) -> Path:
        return self.path / "config.toml"

    @property
    def data(self) -> Path:
        return self.path / "data"

    def text(self) -> str:
        """Return the configuration. Old letters are answered: a test's letter may be there before the first look."""
        boxes = "".join(
            f'[organization.acme.mailbox.{name}]\naddress = "{name}@acme.example"\nold_letters = "answer"\n'
            + (f"[organization.acme.mailbox.{name}.imap]\n{table}\n" if table else "")
            for name, table in self.mailboxes.items()
        )
        return (
            f'data_dir = "data"\n{self.top}\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {self.smtp_port}\nsecurity = "none"\n'
            + ('[admin]\naddress = "admin@hq.example"\n' if self.admin else "")
            + f'[organization.acme]\nname = "Ромашка"\nnumber_prefix = "ACME"\n{boxes}'
            '[organization.acme.agent.ivan]\nname = "Иван"\naddress = "ivan@staff.example"\n'
            f"{self.tail}\n"
        )

    def write(self, **changes: object) -> None:
        """Save the configuration, as an editor that replaces the file would."""
        for key, value in changes.items():
            setattr(self, key, value)
        new = self.file.with_name("config.new")
        new.write_text(self.text(), "utf-8")
        new.replace(self.file)

    def maild(self, *arguments: str, stdin: bytes = b"", **more: Any) -> Done:
        """Run a command in a process of its own, started as `process` does."""
        with self.process(*arguments, stdin=subprocess.PIPE, **more) as process:
            out, err = process.communicate(stdin, timeout=60 * find_crowd())
            return Done(process.returncode, out, err.decode())

    def process(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        dev: bool = False,
        through: Sequence[str] = (),
        program: Sequence[str] = ("-m", "maild"),
        **more: Any,
    ) -> subprocess.Popen[bytes]:
        """Start a command, `through` another program that starts it in turn."""
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        command = [*through, sys.executable, *(["-X", "dev"] if dev else []), *program, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAILD_CONFIG": str(self.file), **(env or {})}
        return cast("subprocess.Popen[bytes]", subprocess.Popen(command, env=environment, cwd=self.path, **more))

    @contextlib.contextmanager
    def daemon(self, *, ready: bool = True, env: Mapping[str, str] | None = None, **more: Any) -> Iterator["Running"]:
        """Let the daemon run while the block lasts, and see that it ends well; it looks after itself every half second."""
        log = self.path / "log"
        environment = {"WATCHDOG_USEC": "1000000", **(env or {})}
        # through a pipe: a test that limits the size of the daemon's files does not mean its log
        with log.open("ab") as file, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as cat:
            assert cat.stdin is not None, "it was asked for"
            with (
                cat.stdin as pipe,
                self.process("run", env=environment, dev=True, stdout=pipe, stderr=pipe, **more) as process,
            ):
                daemon = Running(process, log)
                try:
                    if ready:
                        daemon.wait_for("maild runs")
                    yield daemon
                finally:
                    if process.poll() is None:
                        daemon.stop()

    def ask(self, *arguments: str, stdin: bytes = b"") -> Done:
        """Run a command in the test's own process, which is much faster."""
        return call(*arguments, "--config", str(self.file), stdin=stdin)

    def read(self, *arguments: str) -> Any:
        """Ask a command for JSON, whatever its status."""
        return self.ask(*arguments, "--json").json


@dataclass
class Running:
    """A daemon at work."""

    process: subprocess.Popen[bytes]
    log: Path

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What it has logged so far; every line is a JSON object."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.endswith("}")]
        return [line for line in lines if name in (None, line["event"])]

    def wait_for(self, name: str, count: int = 1) -> dict[str, Any]:
        """Wait until an event was logged so many times, and return the last one."""

        def happened() -> bool:
            assert self.process.poll() is None, self.log.read_text("utf-8")
            return len(self.events(name)) >= count

        until(happened, name, lambda: self.log.read_text("utf-8"))
        return self.events(name)[-1]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> float:
        """End it by SIGTERM; return how many seconds that took."""
        begun = time.monotonic()
        self.process.terminate()
        status = self.process.wait(15 * find_crowd())
        assert status == 0, self.log.read_text("utf-8")
        return time.monotonic() - begun
