"""What the demo found out: each letter against the script, and the balance of the whole. Pure values and checks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maild.demo.conversation import Scene
from maild.demo.post import Arrived
from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import OutcomeKind, Purpose
from maild.pipeline import Settled

# Why nothing goes back to the author, by the rule of `rules.builtin` that decided. What the rules hold back one by one
# (caps, no address, …) they say themselves, in the ticket's events.
SILENCE = {
    "copy": "the first copy has had its answer",
    "own-letter": "it is our own",
    "delivery-report": "nobody reads answers to a delivery report",
    "read-receipt": "a receipt asks for no answer",
    "auto-reply": "answering a machine is how mail loops begin",
    "mailing-list": "answering a list is how mail loops begin",
    "old-letter": "it was there before maild",
    "known-ticket": "only the letter that opens a ticket is acknowledged",
}
HELD_BACK = ("not acknowledged", "not notified", "not answered", "empty answer")  # events that say why


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A letter that SMTP took from maild."""

    purpose: Purpose
    to: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Played:
    """One letter of the script and what became of it."""

    number: int
    title: str
    author: str
    subject: str
    expected: OutcomeKind
    outcome: OutcomeKind | None  # None: it had none in time
    reason: str
    ticket: str | None
    sent: tuple[Sent, ...]
    not_sent: tuple[str, ...]  # what did not go out, and why not
    problems: tuple[str, ...]  # where it differs from the script; empty when all is well


@dataclass(frozen=True, kw_only=True)
class Report:
    """The demo as one value; `--json` prints it."""

    ok: bool
    letters: int
    outcomes: Mapping[str, int]  # by kind, zeros included
    tickets: int
    acknowledgements: int
    sent: int
    unaccounted: int  # letters in the support mailbox or in the ledger that have no outcome
    repeated: int  # letters of ours that SMTP took more than once
    seconds: float
    problems: tuple[str, ...]  # that no single letter is to blame for
    script: tuple[Played, ...]


def why_not_sent(settled: Settled) -> tuple[str, ...]:
    """Return what did not go out because of a letter, and why not, in words."""
    decision = settled.decision
    if decision is None:
        return ("nothing goes out: the letter is set aside",)
    held = [f"{event.kind}: {event.detail}" for event in decision.events if event.kind in HELD_BACK]
    rule = next((f.verdict.partition(":")[0] for f in decision.findings if f.step == "decide"), "")
    if rule in SILENCE:
        what = "no acknowledgement" if rule == "known-ticket" else "no answer to the author"
        held.insert(0, f"{what if settled.outgoing else 'nothing goes out'}: {SILENCE[rule]}")
    return tuple(held)


def differences(
    scene: Scene, settled: Settled, ticket: str | None, sent: Sequence[tuple[Sent, Arrived]]
) -> tuple[str, ...]:
    """Return where a letter's end differs from the script, in words; empty when it does not."""
    found = []
    if settled.outcome.kind is not scene.outcome:
        found.append(f"expected {scene.outcome}, got {settled.outcome.kind}")
    if ticket != scene.ticket:
        found.append(f"expected ticket {scene.ticket}, got {ticket}")
    wanted = Counter((purpose, address.addr) for purpose, address in scene.sends)
    got = Counter((one.purpose, one.to) for one, _ in sent)
    found += [f"expected {purpose} to {to}, which did not go out" for purpose, to in (wanted - got).elements()]
    found += [f"{purpose} to {to} went out unexpectedly" for purpose, to in (got - wanted).elements()]
    for one, arrived in sent:
        words = " ".join(arrived.message.text.split())
        if one.purpose is not Purpose.ACKNOWLEDGEMENT and scene.carries not in words:
            found.append(f"{one.purpose} to {one.to} lacks the words {scene.carries!r}")
        if one.purpose is Purpose.ANSWER and REPLY_MARKER_PREFIX in words:
            found.append(f"{one.purpose} to {one.to} shows the customer what the agent quoted")
    return tuple(found)


def repeated(letters: Iterable[Arrived], ours: frozenset[str]) -> int:
    """Return how many of the letters with our Message-IDs are there again for the same recipient."""
    taken = Counter(
        (one.message.message_id, one.envelope.recipient) for one in letters if one.message.message_id in ours
    )
    return sum(times - 1 for times in taken.values())
