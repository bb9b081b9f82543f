"""The demo as people watch it, coloured on a terminal and plain elsewhere, or as one JSON object. Knows rich."""

import shlex
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from maild.demo.cast import ACCOUNTS, BORIS, PASSWORD
from maild.demo.post import HOST, Arrived, PostOffice, base
from maild.demo.report import Played, Report, Sent
from maild.ingest.reply import REPLY_MARKER_PREFIX, new_text
from maild.model import Message, OutcomeKind
from maild.pipeline import Settled

WIDEST = 110  # columns of a line of words; longer ones are hard to read
MARGIN = 6  # columns in front of a label: its mark stands there
LABEL = 21  # columns for who or what, in front of the words
LINES = 2  # shown of a letter's words

COLOURS: Mapping[OutcomeKind, str] = {
    OutcomeKind.OPENED: "green",
    OutcomeKind.APPENDED: "cyan",
    OutcomeKind.COMMAND: "cyan",
    OutcomeKind.BOUNCE: "magenta",
    OutcomeKind.DUPLICATE: "yellow",
    OutcomeKind.IGNORED: "yellow",
    OutcomeKind.QUARANTINED: "red",
}
NAMES = {address.key: address.name for address in (*ACCOUNTS, BORIS)}


class Screen:
    """Writes the play to a console as it happens."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, WIDEST)
        self._room = max(self._width - MARGIN - LABEL, 20)  # for words beside a label

    def opening(self, post: PostOffice) -> None:
        """Say what is about to be seen."""
        self._console.print(Text("maild demo", "bold"))
        self._words(
            f"The real daemon, with its real store and connections. For it, this command has started an IMAP server "
            f"({HOST}:{post.imap.port}) and an SMTP server ({HOST}:{post.smtp.port}) on this machine. "
            "Nothing leaves it."
        )

    def letter(self, title: str, message: Message, number: int | None = None) -> None:
        """Show who writes what."""
        self._console.print()
        self._console.print(Text(f"{number or '*':>2}  {title}", "bold"))
        who = message.author.name or message.author.addr if message.author else "nobody"
        self._line("✉", who, message.subject or "(no subject)", style="bold")
        self._line("", "", new_text(message.text), style="italic dim", at_most=LINES)

    def settled(self, settled: Settled, ticket: str | None) -> None:
        """Show the outcome, the ticket and the reason."""
        outcome = settled.outcome
        self._line("●", f"{outcome.kind} {ticket or ''}", outcome.reason, mark_style=f"bold {COLOURS[outcome.kind]}")

    def sent(self, sent: Sent, arrived: Arrived) -> None:
        """Show a letter that goes out."""
        name = NAMES.get(base(sent.to), sent.to)
        self._line("→", name, f"{sent.purpose}: {arrived.message.subject}", mark_style="bold blue")
        lines = (line for line in arrived.message.text.splitlines() if not line.startswith(REPLY_MARKER_PREFIX))
        self._line("", "", " ".join(lines), style="italic dim", at_most=1)

    def not_sent(self, reasons: tuple[str, ...]) -> None:
        """Show what does not go out, and why not."""
        for reason in reasons:
            self._words(reason, "∅ ", style="dim")

    def problems(self, problems: tuple[str, ...]) -> None:
        """Show where the play differs from the script."""
        for problem in problems:
            self._words(problem, "✗ ", style="bold red")

    def summary(self, report: Report, config: Path, post: PostOffice, *, kept: bool) -> None:
        """Show the table of all letters, the balance and, when everything stays up, how to join in."""
        self._console.print()
        self._console.print(_table(report.script))
        self._console.print()
        outcomes = ", ".join(f"{n} {kind}" for kind, n in report.outcomes.items() if n)
        for name, value in (
            ("letters", f"{report.letters}: {outcomes}"),
            ("tickets", f"{report.tickets}, with {report.acknowledgements} acknowledgements"),
            ("sent", f"{report.sent} letters, {report.repeated} of them twice"),
            ("ledger", "balanced" if not report.unaccounted else f"{report.unaccounted} letters unaccounted for"),
        ):
            self._console.print(Text.assemble((f"{name:<10}", "bold"), value))
        for problem in report.problems:
            self._console.print(Text(f"✗ {problem}", "bold red"))
        self._console.print()
        if report.ok:
            self._console.print(
                Text("✓ Every letter ended as the script says; nothing was lost, nothing sent twice.", "bold green")
            )
        else:
            self._console.print(Text("✗ The demo did not go as its script says: see above.", "bold red"))
        if kept:
            self._invitation(config, post)

    def _invitation(self, config: Path, post: PostOffice) -> None:
        """Say how to join in with a mail client of one's own."""
        support, where = next(iter(ACCOUNTS)).addr, f"-c {shlex.quote(str(config))}"
        commands = ("ticket list", "ticket show ROM-1", "explain 2", "ledger --letters", "outbox list")
        lines: tuple[str | Text, ...] = (
            Text("The servers and the daemon stay up until Ctrl-C. Connect any mail client:", "bold"),
            "",
            f"  IMAP  {HOST}  port {post.imap.port}  no encryption  password: {PASSWORD}",
            f"  SMTP  {HOST}  port {post.smtp.port}  no encryption  no sign-in needed",
            "",
            *(f"  {address.addr:<26}{address.name}: {part}" for address, part in ACCOUNTS.items()),
            "",
            f"Write to {support} as anybody; what maild makes of it is shown here. Elsewhere, try:",
            "",
            *(f"  maild {command} {where}" for command in commands),
        )
        self._console.print()
        for line in lines:
            self._console.print(line if isinstance(line, Text) else Text(line))

    def _line(
        self, mark: str, label: str, words: str, *, mark_style: str = "", style: str = "", at_most: int | None = None
    ) -> None:
        """Print a line in three columns; the words are wrapped below themselves, into `at_most` lines."""
        words = " ".join(words.split())
        first, *more = textwrap.wrap(words, self._room, max_lines=at_most, placeholder=" …") or [""]
        self._console.print(Text.assemble("    ", (f"{mark or ' '} {label:<{LABEL}}", mark_style), (first, style)))
        for line in more:
            self._console.print(Text.assemble(" " * (MARGIN + LABEL), (line, style)))

    def _words(self, words: str, mark: str = "", *, style: str = "") -> None:
        indent = "    " if mark else ""
        for line in textwrap.wrap(
            words, self._width, initial_indent=indent + mark, subsequent_indent=indent + " " * len(mark)
        ):
            self._console.print(Text(line, style))


class JsonPrinter:
    """Says nothing until the end, then prints one object."""

    def __init__(self, print_object: Callable[[Mapping[str, object]], None]) -> None:
        self._print = print_object

    def opening(self, post: PostOffice) -> None:
        """Wait."""

    def letter(self, title: str, message: Message, number: int | None = None) -> None:
        """Wait."""

    def settled(self, settled: Settled, ticket: str | None) -> None:
        """Wait."""

    def sent(self, sent: Sent, arrived: Arrived) -> None:
        """Wait."""

    def not_sent(self, reasons: tuple[str, ...]) -> None:
        """Wait."""

    def problems(self, problems: tuple[str, ...]) -> None:
        """Wait: they are in the report."""

    def summary(self, report: Report, config: Path, post: PostOffice, *, kept: bool) -> None:
        """Print the report and, when everything stays up, how to connect."""
        connect = {
            "config": config,
            "imap": {"host": HOST, "port": post.imap.port},
            "smtp": {"host": HOST, "port": post.smtp.port},
            "users": [address.addr for address in ACCOUNTS],
            "password": PASSWORD,
        }
        self._print({**asdict(report), "connect": connect if kept else None})
        sys.stdout.flush()  # with `kept`, whoever reads it through a pipe must not wait for our end


def _table(script: tuple[Played, ...]) -> Table:
    table = Table("", "letter", "outcome", "ticket", "went out", box=None, pad_edge=False, header_style="bold")
    for one in script:
        otherwise = "" if one.outcome is one.expected else f", not {one.expected}"
        ending = f"{'✗' if one.problems else '✓'} {one.outcome or 'none'}{otherwise}"
        outcome = Text(ending, "bold red" if one.problems else "green")
        out = ", ".join(sent.purpose for sent in one.sent) or "nothing"
        table.add_row(Text(str(one.number)), Text(one.title), outcome, Text(one.ticket or "none"), Text(out))
    return table
