"""`maild rehearse`: a scenario of letters and clock moves in TOML, played on a `Rehearsal`, and what it expects.

config = "config.toml"                 # default: the nearest one in the scenario's folder or above
start = 2026-11-23T09:00:00+03:00

[[step]]                               # a letter reaches a mailbox …
at = "+5m"                             # … five minutes after the last step; or an instant; default: now
mailbox = "acme/support"
from = "Анна <anna@example.com>"       # or `file = "letters/question.eml"` instead of from/subject/text
subject = "Не печатает принтер"
text = "Горит красная лампочка."
reply = true                           # answers the latest letter that this address got
expect.outcome = "opened"
expect.ticket = "ACME-1"
expect.status = "new"
expect.sent = [{ to = "anna@example.com", subject = "ACME-1", text = ["Мы получили"] }]   # exactly these

[[step]]
advance = "4h"                         # … or only time passes
expect.sent = []
"""

import difflib
import mimetypes
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from maild.clock import aware
from maild.config.types import format_duration
from maild.errors import ConfigError, Problem
from maild.model import Message, Purpose, Ticket
from maild.outbox.serialize import serialize
from maild.pipeline import Settled
from maild.policy import Policy
from maild.rehearsal import Rehearsal, SentLetter
from maild.scenario_file import ClockState, Expected, ExpectedLetter, ScenarioFile, Step
from maild.sla.clock import Clock
from maild.sla.target import Moment


@dataclass(frozen=True, kw_only=True)
class Played:
    """What one step did, and where that differs from what was expected."""

    number: int  # from 1
    title: str
    at: datetime  # in the zone of the scenario's start
    outcome: str | None
    reason: str | None
    sent: tuple[SentLetter, ...]
    differences: tuple[str, ...]  # lines of a diff, "- expected", "+ actual"; empty when all is as expected


def play(path: Path) -> Iterator[Played]:
    """Play a scenario file, step by step. Raises ConfigError with everything that is wrong with it."""
    yield from play_file(ScenarioFile(path))


def play_file(file: ScenarioFile, policy: Policy | None = None) -> Iterator[Played]:
    """Play a scenario, step by step; `policy` is that of what is staged, where somebody has made it already."""
    with Rehearsal(file.staged, start=file.scenario.start, policy=policy) as desk:
        inboxes: dict[str, list[SentLetter]] = {}  # the oldest first
        for number, step in enumerate(file.scenario.step, 1):
            played = _play_step(number, step, desk, inboxes, file)
            for letter in played.sent:
                inboxes.setdefault(letter.recipient.casefold(), []).append(letter)
            yield played


def _play_step(
    number: int, step: Step, desk: Rehearsal, inboxes: Mapping[str, Sequence[SentLetter]], file: ScenarioFile
) -> Played:
    before = len(desk.settled)
    if step.advance is not None:
        sent = desk.advance(step.advance)
        title = f"{format_duration(step.advance)} pass"
    else:
        assert step.mailbox is not None, "the file was checked"
        answered = _find_answered(step, inboxes.get(step.author.key, ())) if step.author else None
        if step.reply and answered is None:
            raise ConfigError([_nothing_to_answer(number, step, file)])
        at = desk.now + step.at if isinstance(step.at, timedelta) else aware(step.at or desk.now)
        if step.file:
            octets = (file.path.parent / step.file).read_bytes()
        else:
            files = [(one.name, (file.path.parent / one).read_bytes()) for one in step.attach]
            local = at.astimezone(file.scenario.start.tzinfo)  # in which people's mail programs quote
            octets = _letter(step, local, file.address_of(step.mailbox), answered, files)
        sent = desk.deliver(octets, step.mailbox, at, sent=step.sent)
        title = f"{step.author or step.file} → {step.mailbox}{f': {step.subject}' if step.subject else ''}"
    settled = desk.settled[-1] if len(desk.settled) > before else None
    ticket = next((t for t in desk.tickets() if _concerns(t, settled, step)), None)
    actual: dict[str, Any] = {
        "outcome": settled.outcome.kind if settled else None,
        "ticket": ticket.number if ticket else None,
        **{name: getattr(ticket, name) if ticket else None for name in _OF_TICKETS},
        "rules": _matched(settled),
    }
    clocks = desk.clocks(ticket.id) if ticket else ()
    reason = settled.outcome.reason if settled else None
    return Played(
        number=number, title=title, at=desk.now.astimezone(file.scenario.start.tzinfo), outcome=actual["outcome"], reason=reason, sent=tuple(sent),
        differences=(
            *_differences(step.expect, actual, reason or "", sent),
            *_late_terms(step.expect.terms or {}, clocks, file.scenario.start),
        ),
    )  # fmt: skip


def _find_answered(step: Step, inbox: Sequence[SentLetter]) -> SentLetter | None:
    """Return the letter that a step replies to, if it replies and there is one."""
    words = step.reply if isinstance(step.reply, str) else ""
    if not step.reply:
        return None
    return next((one for one in reversed(inbox) if words in one.message.subject or words in one.message.text), None)


_OF_TICKETS = (
    "status", "standing", "client", "level", "category", "service", "included", "severity", "team", "agent", "tags", "ground", "ground_state",
    "offer", "offer_state", "unit", "asked", "faq",
)  # fmt: skip


def _matched(settled: Settled | None) -> tuple[str, ...] | None:
    """Return the names of the rules that matched a letter; None where there was none that rules see."""
    findings = settled.decision.findings if settled and settled.decision else ()
    lines = next((finding.evidence for finding in findings if finding.step == "rules"), ())
    return tuple(line.partition(": matched: ")[0] for line in lines if ": matched: " in line)


def _concerns(ticket: Ticket, settled: Settled | None, step: Step) -> bool:
    """Whether a step is about a ticket: its letter belongs to it, or, where only time passes, the expectation names it."""
    return ticket.id == settled.ticket_id if settled else ticket.number == step.expect.ticket


def _late_terms(
    wanted: Mapping[Moment, datetime | ClockState], clocks: Sequence[Clock], start: datetime
) -> Iterator[str]:
    for moment, term in wanted.items():
        latest = next((clock for clock in reversed(clocks) if clock.until is moment and not clock.stopped_at), None)
        states = _states(latest)
        if term not in states:
            shown = [one.astimezone(start.tzinfo).isoformat() if isinstance(one, datetime) else one for one in states]
            wanted_term = term.isoformat() if isinstance(term, datetime) else term
            yield f"- {moment}: {wanted_term}"
            yield f"+ {moment}: {' '.join(shown)}"


def _states(clock: Clock | None) -> list[datetime | ClockState]:
    """Return everything that may be said of a clock: its term, and how it stands."""
    if clock is None:
        return [ClockState.NONE]
    if clock.met_at:
        return [ClockState.LATE if clock.breached_at else ClockState.MET]
    if clock.resting:
        return [ClockState.WAITING]
    term = [clock.due_at] if clock.due_at else [ClockState.OPEN]
    return [*term, ClockState.BREACHED] if clock.breached_at else [*term]


def _nothing_to_answer(number: int, step: Step, file: ScenarioFile) -> Problem:
    return file.problem(
        ("step", number - 1, "reply"),
        found=f"a reply, but nothing{'' if step.reply is True else ' like this'} has been sent to {step.author.addr if step.author else ''} so far",
        expected="a letter of ours to this address in an earlier step",
        remedy="Write a letter without reply, or look at what the steps before really send: maild rehearse prints it.",
    )


def _differences(expect: Expected, actual: dict[str, Any], reason: str, sent: list[SentLetter]) -> Iterator[str]:
    for name, value in actual.items():
        wanted = getattr(expect, name)
        if isinstance(wanted, tuple):
            inorder = sorted if name == "tags" else tuple
            if value is None or inorder(wanted) != inorder(value):
                yield f"- {name}: {_listed(wanted)}"
                yield f"+ {name}: {_listed(value)}"
        elif wanted is not None and wanted != (value and str(value)):
            yield f"- {name}: {wanted}".rstrip()
            yield f"+ {name}: {value}".rstrip()
    if expect.reason is not None and expect.reason not in reason:
        yield f"- reason: … {expect.reason} …"
        yield f"+ reason: {reason}"
    if expect.sent is None:
        return
    left = list(sent)
    wanted_lines, actual_lines = [], []
    for letter in expect.sent:
        match = next((s for s in left if _fits(letter, s)), None)
        wanted_lines.append(_wanted(letter))
        if match:
            left.remove(match)
            actual_lines.append(_wanted(letter))
        else:
            near = next((s for s in left if s.recipient.casefold() == letter.to.casefold()), None)
            if near:
                left.remove(near)
                actual_lines.append(_described(near))
    # Nobody has to expect the daily letter of an organisation that observes: its scenarios are those of a live one.
    actual_lines += [_described(letter) for letter in left if letter.purpose is not Purpose.OBSERVED]
    if wanted_lines != actual_lines:
        diff = difflib.unified_diff(
            _lines(wanted_lines), _lines(actual_lines), "expected letters", "sent letters", n=1, lineterm=""
        )
        yield from (line for line in diff if not line.startswith("@@"))


def _lines(blocks: list[str]) -> list[str]:
    return "\n".join(blocks).split("\n") if blocks else []


def _listed(values: Sequence[str] | None) -> str:
    return "None" if values is None else f"[{', '.join(values)}]"


def _fits(letter: ExpectedLetter, sent: SentLetter) -> bool:
    subject, text = _spaced(sent.message.subject), _spaced(sent.message.text)
    if isinstance(letter.text, str):
        told = _stripped(text) == _stripped(_spaced(letter.text))
    else:
        told = all(_spaced(words) in text for words in letter.text)
    return (
        sent.recipient.casefold() == letter.to.casefold()
        and _spaced(letter.subject) in subject
        and told
        and not any(_spaced(words) in text for words in letter.without)
        and letter.withheld in (None, sent.withheld)
    )


def _spaced(text: str) -> str:
    """Return a text with plain spaces: nobody sees that those in "1 500 ₽" are others."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _stripped(text: str) -> str:
    """Return a text without what nobody sees: white space at the ends of its lines, empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


_KEPT = {True: "withheld, ", False: ""}


def _wanted(letter: ExpectedLetter) -> str:
    told = _stripped(letter.text).splitlines() if isinstance(letter.text, str) else letter.text
    lines = [
        f"{_KEPT[bool(letter.withheld)]}to {letter.to}: {letter.subject or '(any subject)'}",
        *(f"    {words}".rstrip() for words in told),
    ]
    return "\n".join(lines + [f"    without: {words}" for words in letter.without])


def _described(letter: SentLetter) -> str:
    words = "\n".join(f"    {line}".rstrip() for line in letter.message.text.strip().splitlines())
    return f"{_KEPT[letter.withheld]}to {letter.recipient}: {letter.message.subject}\n{words}"


def _letter(
    step: Step, at: datetime, to: str, answered: SentLetter | None, files: Sequence[tuple[str, bytes]] = ()
) -> bytes:
    """Return the octets of a letter written out in the scenario, as a mail client would send it."""
    author = step.author
    assert author is not None, "the file was checked"
    message = EmailMessage()
    message["From"] = HeaderAddress(display_name=author.name, addr_spec=author.addr)
    message["To"] = HeaderAddress(addr_spec=_reply_address(answered.message) if answered else to)
    text = step.text
    if answered:
        received = answered.message
        message["In-Reply-To"] = f"<{received.message_id}>"
        message["References"] = " ".join(f"<{r}>" for r in (*received.references, received.message_id))
        quoted = "\n".join(f"> {line}" for line in received.text.splitlines())
        if step.quote:
            text = f"{step.text}\n\n{at:%d.%m.%Y %H:%M}, {received.author} пишет:\n{quoted}\n"
    message["Subject"] = step.subject or (f"Re: {answered.message.subject}" if answered else "")
    message["Date"] = format_datetime(at)
    words = author.addr + step.subject + step.text + "".join(name for name, _ in files)
    unique = zlib.crc32(words.encode("utf-8"))
    message["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{unique:08x}@scenario.invalid>"
    for header, value in step.headers.items():
        del message[header]
        message[header] = value
    message.set_content(text)
    if step.html is not None:
        message.add_alternative(step.html, subtype="html")
    for name, octets in files:
        kind, _, subkind = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(octets, maintype=kind, subtype=subkind, filename=name)
    return serialize(message)


def _reply_address(received: Message) -> str:
    to = received.reply_to[0] if received.reply_to else received.author
    assert to is not None, "our letters have a From"
    return to.addr
