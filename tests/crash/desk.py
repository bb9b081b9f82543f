"""A desk under test: a folder with a configuration, and the daemon as a process that is started, killed and asked.

Dovecot and the SMTP server outlive every daemon, as they do in the world.
"""

import contextlib
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.crash.flow import AGENT, PREFIX, SUPPORT, Flow, Opened, Sent
from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60  # seconds for a step that takes a second or two, on a machine with nothing else to do
POLL = 0.005  # seconds between two looks
DEAD_AT_ONCE = 0.2  # the share of kills that do not wait for any work: they hit the start and the recovery

CONFIG = """
data_dir = "data"
[log]
format = "json"
[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
[organization.acme]
name = "Acme"
number_prefix = "{prefix}"
[organization.acme.limits]
per_address = 100000
per_ticket = 100000
per_agent = 100000
[organization.acme.mailbox.support]
address = "{support}"
old_letters = "answer"
[organization.acme.mailbox.support.imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
username = "{user}"
password = {{ file = "password" }}
folders = ["{folder}"]
batch = {batch}
{after}
[organization.acme.agent.ivan]
name = "Ivan"
address = "{agent}"
"""


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the daemon's database says in the end."""

    outcomes: Mapping[int, str | None]  # by UID
    unmarked: int
    tickets: Sequence[Opened]
    sent: Counter[Sent]
    unsent: Sequence[str]  # state and error of outgoing letters that are not `sent`
    message_ids: Sequence[str]
    uncertain: int


class Desk:
    """One mailbox folder, one daemon. Leave it with `close`, which kills what still runs."""

    def __init__(
        self,
        path: Path,
        dovecot: Dovecot,
        smtp: SmtpServer,
        *,
        folder: str = "INBOX",
        after: str = "nothing",
        batch: int = 50,
    ) -> None:
        self.dovecot, self.smtp, self.folder, self.batch = dovecot, smtp, folder, batch
        self.archive = f"{folder}-done"
        self.kills = self.delivered = 0
        self._log_path = path / "daemon.log"
        self.database = path / "data" / "maild.sqlite3"
        self.config = path / "config.toml"
        self._process: subprocess.Popen[bytes] | None = None
        self._logger: subprocess.Popen[bytes] | None = None
        for name in (self.folder, self.archive):
            dovecot.create(name)
        (path / "password").write_text(dovecot.password)
        options = f'after = "move"\nmove_to = "{self.archive}"' if after == "move" else f'after = "{after}"'
        self.config.write_text(
            CONFIG.format(
                smtp_port=smtp.port, imap_port=dovecot.port, user=dovecot.user, support=SUPPORT, agent=AGENT,
                prefix=PREFIX, folder=folder, after=options, batch=batch,
            ),
            encoding="utf-8",
        )  # fmt: skip

    # ── the daemon's life ────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, *crash: str) -> None:
        """Start the daemon, or with `crash` (point, nth) one that kills itself there (see `launcher.py`)."""
        program = ["tests.crash.launcher", *crash, str(self.config)] if crash else None
        command = program or ["maild", "run", "-c", str(self.config)]
        with self._log_path.open("ab") as log:
            self._logger = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdin=subprocess.DEVNULL,
            stdout=self._logger.stdin, stderr=self._logger.stdin,
        )  # fmt: skip
        assert self._logger.stdin is not None
        self._logger.stdin.close()  # the daemon alone holds it now: `cat` ends with it

    @property
    def pid(self) -> int:
        """The daemon's process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self._process is not None
        self._process.kill()
        self.wait_for_end(10)
        self.kills += 1

    def wait_for_end(self, seconds: float = PATIENCE) -> int:
        """Return how the daemon ended, when all that it said is in the log."""
        assert self._process is not None
        assert self._logger is not None
        status = self._process.wait(seconds * find_crowd())
        self._logger.wait(10 * find_crowd())
        return status

    def stop(self) -> tuple[int, float]:
        """SIGTERM; return the exit status and how many seconds it took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.terminate()
        return self.wait_for_end(30), time.monotonic() - begun

    def close(self) -> None:
        """Leave nothing running."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self.wait_for_end(10)

    def log(self) -> str:
        """Everything the daemons of this desk have said."""
        return self._log_path.read_text("utf-8", "replace")

    # ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def deliver(self, letters: Sequence[bytes]) -> None:
        """Put letters into the mailbox."""
        self.dovecot.append_all(letters, self.folder)
        self.delivered += len(letters)

    def live_and_die(self, chunks: Sequence[Sequence[bytes]], kills: int, work: int, choose: random.Random) -> None:
        """Deliver the chunks while the daemon is killed at random moments; in the end it runs and has done all.

        `work` is how many steps there are in all (`Flow.work`), so that the kills spread over them.
        """
        waiting = list(chunks)
        for _ in range(kills):
            self.start()
            before = self.progress()
            if waiting:
                self.deliver(waiting.pop(0))
            steps = choose.randint(1, max(1, 3 * work // (2 * (kills + 1))))
            if choose.random() < DEAD_AT_ONCE:
                time.sleep(choose.uniform(0, 2))
            else:
                self.wait_until(lambda mark=before + steps: self.progress() >= mark or self.idle())  # type: ignore[misc]
                time.sleep(choose.uniform(0, 0.05))
            self.kill()
        self.start()
        for chunk in waiting:
            self.deliver(chunk)

    def wait_until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Look until the condition holds. Raises AssertionError with the daemon's log when it never does, or died."""
        deadline = time.monotonic() + seconds * find_crowd()
        while not condition():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{self._process.poll()=}, {self.progress()=}\n{self.log()[-5000:]}")
            time.sleep(POLL)

    # ── what the daemon has done ─────────────────────────────────────────────────────────────────────────────────────

    def progress(self) -> int:
        """How many letters have ended and how many have reached the SMTP server."""
        return self._count("select count(*) from letter where outcome is not null") + len(self.smtp.letters)

    def idle(self) -> bool:
        """Whether all that has come was walked, told to the IMAP server, and answered."""
        open_letters = "select count(*) from letter where outcome is null or marked_at is null"
        open_mail = "select count(*) from outbox where state in ('queued', 'sending')"
        seen = self._count("select count(*) from letter")
        return seen == self.delivered and not self._count(open_letters) and not self._count(open_mail)

    def finish(self) -> None:
        """Wait until nothing is left to do."""
        self.wait_until(self.idle)

    def _count(self, query: str) -> int:
        with contextlib.suppress(sqlite3.OperationalError), self._read() as connection:
            return int(connection.execute(query).fetchone()[0])
        return 0  # the first daemon has not made its tables yet

    @contextlib.contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as connection:
            yield connection

    def account(self) -> Account:
        """Read the books."""
        with self._read() as connection:
            letters = connection.execute("select uid, outcome, marked_at from letter order by id").fetchall()
            tickets = connection.execute("select number, subject, requester from ticket order by id").fetchall()
            mail = connection.execute(
                "select purpose, recipient, number, outbox.state, error, message_id, uncertain "
                "from outbox left join ticket on ticket.id = outbox.ticket_id order by outbox.id"
            ).fetchall()
        assert len({uid for uid, _, _ in letters}) == len(letters), "no letter has two rows"
        return Account(
            outcomes={int(uid): outcome for uid, outcome, _ in letters},
            unmarked=sum(marked_at is None for _, _, marked_at in letters),
            tickets=[Opened(*row) for row in tickets],
            sent=Counter((purpose, recipient, number) for purpose, recipient, number, *_ in mail),
            unsent=[f"{state}: {error}" for *_, state, error, _, _ in mail if state != "sent"],
            message_ids=[message_id for *_, message_id, _ in mail],
            uncertain=sum(uncertain for *_, uncertain in mail),
        )


@dataclass(frozen=True)
class Verdict:
    """Whether everything is as it would be without crashes. `wrong` says what is not."""

    account: Account
    repeats: int  # letters that reached the SMTP server more than once
    wrong: list[str]


def judge(desk: Desk, flow: Flow) -> Verdict:
    """Compare the books and what the SMTP server got with the flow's own account."""
    account, wrong = desk.account(), []
    uids = sorted(account.outcomes)
    received = Counter(message_id_of(letter.octets) for letter in desk.smtp.letters)
    repeats = received.total() - len(received)
    there, done = len(desk.dovecot.uids(desk.folder)), len(desk.dovecot.uids(desk.archive))

    def check(what: str, found: object, expected: object) -> None:
        if found != expected:
            wrong.append(f"{what}: found {found}, expected {expected}")

    check("outcomes", [account.outcomes[uid] for uid in uids], flow.outcomes)
    check("letters at the IMAP server", there + done, len(flow.letters))
    check("letters the IMAP server was not told of", account.unmarked, 0)
    check("tickets", list(account.tickets), flow.tickets)
    check("outgoing letters", account.sent, flow.sent)
    check("outgoing letters that did not leave", list(account.unsent), [])
    check("Message-IDs at the SMTP server", sorted(received), sorted(account.message_ids))
    check("octets of repeats that differ", _different_repeats(desk.smtp), [])
    if repeats > account.uncertain:
        wrong.append(f"repeats: {repeats}, but only {account.uncertain} sends were in doubt")
    return Verdict(account, repeats, wrong)


def message_id_of(octets: bytes) -> str:
    """Return the Message-ID of one of our letters, as the SMTP server got it."""
    for line in octets.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n"):
        if line.lower().startswith(b"message-id:"):
            return line.partition(b":")[2].strip().strip(b"<>").decode()
    raise AssertionError("our letters have a Message-ID")


def _different_repeats(smtp: SmtpServer) -> list[str]:
    first: dict[str, tuple[str, bytes]] = {}
    return [
        message_id
        for letter in smtp.letters
        for message_id in [message_id_of(letter.octets)]
        if first.setdefault(message_id, (letter.recipient, letter.octets)) != (letter.recipient, letter.octets)
    ]
