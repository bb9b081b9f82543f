"""What the tests of the walk play on: two organisations on a stage, and mail clients that write and answer letters."""

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from maild.config.load import Loaded, load_config
from maild.ingest.parse import parse
from maild.model import Message, OutcomeKind, Purpose, Ticket
from maild.outbox.serialize import serialize
from maild.pipeline import Settled
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.views import HistoryLine, history

START = datetime(2026, 11, 23, 6, tzinfo=UTC)  # Monday, 9:00 in Moscow

SUPPORT = "acme/support"  # support+token@… reaches it
PLAIN = "acme/plain"  # no subaddresses here
BETA = "beta/help"  # another organisation

ANNA = "Анна Петрова <anna@client.example>"
BORIS = "boris@client.example"
IVAN = "Иван Иванов <ivan@staff.example>"
PETRA = "petra@staff.example"
MALLORY = "mallory@evil.example"

CONFIG = """
[admin]
address = "admin@staff.example"
[smtp]
host = "127.0.0.1"
security = "none"

[organization.acme]
name = "ООО «Акме»"
number_prefix = "ACME"
[organization.acme.limits]
per_address = 1000
per_agent = 10000
[organization.acme.repeats]
window = "0s"  # these tests write the same words again and again; test_repeats.py asks what becomes of those
[organization.acme.mailbox.support]
address = "support@acme.example"
aliases = ["help@acme.example"]
subaddress = true
[organization.acme.mailbox.plain]
address = "desk@acme.example"
[organization.acme.agent.ivan]
name = "Иван Иванов"
address = "ivan@staff.example"
[organization.acme.agent.petra]
name = "Петра"
address = "petra@staff.example"

[organization.beta]
name = "Beta"
language = "en"
number_prefix = "BETA"
[organization.beta.repeats]
window = "0s"
[organization.beta.mailbox.help]
address = "help@beta.example"
subaddress = true
[organization.beta.agent.olga]
name = "Olga"
address = "olga@beta-staff.example"
"""

ADDRESSES = {SUPPORT: "support@acme.example", PLAIN: "desk@acme.example", BETA: "help@beta.example"}

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"  # real mail, beside the project; its README says whose

_numbers = count(1)


def need_corpora() -> None:
    """Skip the test with a word where the corpora are missing; in CI that is a failure."""
    if not CORPORA.is_dir():
        message = "not run: the corpora are not here; they lie in ../shared/corpora beside the project"
        (pytest.fail if os.environ.get("MAILD_REQUIRE_SERVERS") == "1" else pytest.skip)(message)


@cache
def loaded(config: str = CONFIG) -> Loaded:
    """Return a configuration as if it had been written to a file; answers quote nothing, unless it says so."""
    if "quote = " not in config:
        config = _quoting_nothing(config)
    with tempfile.TemporaryDirectory(prefix="maild-test-") as folder:
        path = Path(folder, "config.toml")
        path.write_text(config, encoding="utf-8")
        return load_config(path)


def _quoting_nothing(config: str) -> str:
    """Return a configuration without quotes below answers: whatever of a notification stands in one has leaked then."""
    for name in dict.fromkeys(re.findall(r"^\[organization\.(\w+)", config, re.MULTILINE)):
        head = f"[organization.{name}.answers]\n"
        config = config if head in config else f"{config}\n{head}"
        config = config.replace(head, f'{head}quote = "none"\n')
    return config


def open_desk(config: str = CONFIG) -> Rehearsal:
    """Return an empty desk whose clock stands at START."""
    return Rehearsal(loaded(config), start=START)


# ── mail clients ─────────────────────────────────────────────────────────────────────────────────────────────────────


def letter(
    text: str = "Горит красная лампочка.",
    *,
    author: str | None = ANNA,
    to: str = "support@acme.example",
    subject: str = "Не печатает принтер",
    html: str | None = None,
    attachments: Mapping[str, bytes] | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Return a letter as a mail client writes it, with a Message-ID of its own; `headers` add or, when "", take away."""
    message = EmailMessage()
    if author is not None:
        message["From"] = author
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(START)
    message["Message-ID"] = f"<{next(_numbers)}@mua.example>"
    for name, value in headers:
        if name in ("Message-ID", "Date", "To", "From", "Subject"):
            del message[name]
        if value:
            message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, octets in (attachments or {}).items():
        message.add_attachment(octets, maintype="application", subtype="pdf", filename=name)
    return serialize(message)


def reply(
    sent: SentLetter,
    text: str,
    *,
    author: str,
    quote: bool = True,
    to: str | None = None,
    html: str | None = None,
    attachments: Mapping[str, bytes] | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Return an answer to a letter of ours as a mail client writes it: to Reply-To, with ids and the quote."""
    received = sent.message
    quoted = "\n".join(f"> {line}" for line in received.text.splitlines())
    body = f"{text}\n\n23.11.2026 09:10, {received.author} пишет:\n{quoted}\n" if quote else text
    ids = (*received.references, received.message_id)
    threading = {"In-Reply-To": f"<{received.message_id}>", "References": " ".join(f"<{one}>" for one in ids)}
    return letter(
        body,
        author=author,
        to=to or reply_address(received),
        subject=f"Re: {received.subject}",
        html=html,
        attachments=attachments,
        headers=[*threading.items(), *headers],
    )


def reply_address(received: Message) -> str:
    """Return where a mail client sends the answer."""
    to = received.reply_to[0] if received.reply_to else received.author
    assert to is not None, "our letters have a From"
    return to.addr


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────────


def last(desk: Rehearsal) -> Settled:
    """Return how the latest letter ended."""
    return desk.settled[-1]


def ended(desk: Rehearsal) -> OutcomeKind:
    """Return the kind of outcome of the latest letter."""
    return last(desk).outcome.kind


def ticket(desk: Rehearsal, ticket_id: int | None = None) -> Ticket:
    """Return a ticket as stored now, by default that of the latest letter."""
    wanted = last(desk).ticket_id if ticket_id is None else ticket_id
    return next(ticket for ticket in desk.tickets() if ticket.id == wanted)


def events(desk: Rehearsal, ticket_id: int | None = None) -> list[HistoryLine]:
    """Return the history of a ticket, by default of the latest letter's."""
    wanted = last(desk).ticket_id if ticket_id is None else ticket_id
    assert wanted is not None, "the letter has no ticket"
    with desk._office.database.read() as connection:
        return list(history(connection, wanted))


def to(sent: Iterable[SentLetter], recipient: str) -> SentLetter:
    """Return the one letter that went to an address."""
    wanted = parse(f"From: {recipient}\n\n".encode()).author
    assert wanted is not None
    (one,) = (letter for letter in sent if letter.recipient.casefold() == wanted.key)
    return one


def summary(sent: Iterable[SentLetter]) -> list[str]:
    """Return who got what, sorted: "acknowledgement anna@client.example"."""
    return sorted(f"{letter.purpose} {letter.recipient}" for letter in sent)


def outside(sent: Iterable[SentLetter]) -> list[SentLetter]:
    """Return the letters that left our own people: neither to an agent nor to the admin."""
    return [letter for letter in sent if letter.purpose not in (Purpose.NOTIFICATION, Purpose.ADMIN)]


DAY = timedelta(days=1)
