"""The table that decides what becomes of a letter: first match wins, and says why the rules before it did not hold."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.desk.author import Author
from maild.desk.case import Caps, Case, DeskPolicy, Facts, Letter, Orders, OwnLetter
from maild.desk.commands import Command
from maild.ingest.classify import OwnMail
from maild.ingest.dedupe import Earlier, Fingerprint, Repeat, Request
from maild.ingest.likeness import Asked
from maild.ingest.thread import Candidate, Spot, Thread
from maild.model import (
    Address,
    Agent,
    Classification,
    DeliveryReport,
    Kind,
    Message,
    OutcomeKind,
    Outgoing,
    Participant,
    Place,
    Purpose,
    RawMessage,
    Role,
    Said,
    Status,
    Ticket,
)
from maild.rules.builtin import TABLE, decide

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANNA = Address(addr="anna@client.example")
IVAN = Agent(id="ivan", address=Address(addr="ivan@staff.example"))
TICKET = Ticket(
    id=1, number="ACME-1", organization="acme", mailbox="acme/support", subject="x", status=Status.WAITING,
    requester=ANNA, participants=(Participant(address=ANNA, role=Role.REQUESTER),), opened_at=NOW,
)  # fmt: skip
RAW = RawMessage(octets=b"", place=Place(mailbox="acme/support", folder="", uidvalidity=0, uid="1"), received_at=NOW)
POLICY = DeskPolicy(
    mailbox="acme/support", organization="acme", address=Address(addr="support@acme.example"), prefix="ACME", agents=(IVAN,),
    own=OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="x"), caps=Caps(per_address=9, per_ticket=9, per_agent=9),
    old_letters="record",
)  # fmt: skip
EARLIER = Fingerprint(letter_id=7, sha256="x", message_id=None, content=None, ticket_id=1)
OURS = OwnLetter(
    outbox_id=3,
    letter=Outgoing(
        message_id="x@acme.example", mailbox="acme/support", purpose=Purpose.ANSWER, envelope_sender="", recipient=ANNA.addr,
        octets=b"", ticket_id=1,
    ),
)  # fmt: skip

# What can be true of a letter, each on its own: changes to a person's first letter
COPY: dict[str, Any] = {"repeat": Repeat(copy_of=EARLIER, evidence=("the same octets as letter 7",))}
FIRST = Earlier(letter_id=7, ticket=TICKET, request=Request(asked=Asked(subject="", text=""), files=frozenset()))
RESEND: dict[str, Any] = {"repeat": Repeat(resend_of=FIRST, evidence=("98% the same words",))}
COMPLETED: dict[str, Any] = {"repeat": Repeat(resend_of=FIRST, new_files=True, evidence=("1 new file",))}
WORD: dict[str, Any] = {"message": Message(author=IVAN.address, text="Не повтор!")}
ITSELF: dict[str, Any] = {"facts": Facts(itself=OURS)}
OLD: dict[str, Any] = {"letter": Letter(id=9, raw=RAW, old=True)}
THREAD: dict[str, Any] = {"thread": Thread(ticket=TICKET, spot=Spot.ADDRESS, evidence=("a token",))}
AGENT: dict[str, Any] = {"author": Author(address=IVAN.address, agent=IVAN, evidence=("token and From",))}
COMMAND: dict[str, Any] = {"orders": Orders(commands=(Command(verb="take", line="#взять"),))}
DIGEST: dict[str, Any] = {"facts": Facts(digest=True), "message": Message(author=IVAN.address, text="Слова.")}
REPORT: dict[str, Any] = {
    "report": DeliveryReport(action="failed", recipients=(), status="5.1.1", diagnostic="", original_message_id=None)
}


def kind(value: Kind) -> dict[str, Any]:
    return {"kind": Classification(kind=value, evidence=(f"{value} evidence",))}


def case(*changes: dict[str, Any]) -> Case:
    standing: dict[str, Any] = {
        "letter": Letter(id=9, raw=RAW), "message": Message(author=ANNA, text="Слова."), "report": None, "facts": Facts(),
        "said": Said(text="Слова."), "repeat": Repeat(evidence=("new",)), "thread": Thread(ticket=None, evidence=("no token",)),
        "author": Author(address=ANNA, evidence=("From",)), "policy": POLICY, "now": NOW, "orders": Orders(words="Слова."), **kind(Kind.PERSON),
    }  # fmt: skip
    for change in changes:
        standing |= change
    return Case(**standing)


@pytest.mark.parametrize(
    ("changes", "rule", "outcome"),
    [
        ((), "new-request", OutcomeKind.OPENED),
        ((COPY,), "copy", OutcomeKind.DUPLICATE),
        ((COPY, kind(Kind.DSN), REPORT), "copy", OutcomeKind.DUPLICATE),
        ((COPY, ITSELF, kind(Kind.LOOP)), "copy", OutcomeKind.DUPLICATE),
        ((ITSELF,), "own-letter", OutcomeKind.IGNORED),
        ((kind(Kind.LOOP),), "own-letter", OutcomeKind.IGNORED),
        ((kind(Kind.LOOP), THREAD, AGENT), "own-letter", OutcomeKind.IGNORED),
        ((kind(Kind.DSN), REPORT), "delivery-report", OutcomeKind.BOUNCE),
        ((kind(Kind.DSN), REPORT, THREAD, AGENT), "delivery-report", OutcomeKind.BOUNCE),
        ((kind(Kind.DSN),), "delivery-report", OutcomeKind.BOUNCE),
        ((kind(Kind.FEEDBACK),), "complaint", OutcomeKind.IGNORED),
        ((kind(Kind.FEEDBACK), THREAD, AGENT), "complaint", OutcomeKind.IGNORED),
        ((kind(Kind.CHALLENGE), THREAD), "challenge", OutcomeKind.IGNORED),
        ((kind(Kind.MDN), THREAD), "read-receipt", OutcomeKind.IGNORED),
        ((kind(Kind.AUTO_REPLY),), "auto-reply", OutcomeKind.IGNORED),
        ((kind(Kind.AUTO_REPLY), THREAD), "auto-reply", OutcomeKind.IGNORED),
        ((kind(Kind.AUTO_REPLY), THREAD, AGENT), "auto-reply", OutcomeKind.IGNORED),
        ((kind(Kind.LIST), THREAD), "mailing-list", OutcomeKind.IGNORED),
        ((OLD,), "old-letter", OutcomeKind.IGNORED),
        ((OLD, THREAD, AGENT), "old-letter", OutcomeKind.IGNORED),
        ((kind(Kind.AUTO_GENERATED), THREAD, AGENT), "agents-machine", OutcomeKind.IGNORED),
        ((THREAD, AGENT), "agents-answer", OutcomeKind.APPENDED),
        ((THREAD, AGENT, COMMAND), "command", OutcomeKind.COMMAND),
        ((THREAD, COMMAND), "known-ticket", OutcomeKind.APPENDED),  # nobody's but a proven agent's
        ((AGENT, COMMAND), "new-request", OutcomeKind.OPENED),
        ((DIGEST,), "answered-digest", OutcomeKind.IGNORED),
        ((DIGEST, kind(Kind.AUTO_REPLY)), "auto-reply", OutcomeKind.IGNORED),
        ((DIGEST, THREAD, AGENT), "agents-answer", OutcomeKind.APPENDED),
        ((THREAD, AGENT, WORD), "no-repeat", OutcomeKind.COMMAND),
        ((AGENT, WORD), "new-request", OutcomeKind.OPENED),
        ((THREAD, WORD), "known-ticket", OutcomeKind.APPENDED),
        ((RESEND,), "resend", OutcomeKind.DUPLICATE),
        ((RESEND, THREAD), "resend", OutcomeKind.DUPLICATE),
        ((RESEND, OLD), "old-letter", OutcomeKind.IGNORED),
        ((COMPLETED,), "completed", OutcomeKind.APPENDED),
        ((THREAD,), "known-ticket", OutcomeKind.APPENDED),
        ((kind(Kind.AUTO_GENERATED), THREAD), "known-ticket", OutcomeKind.APPENDED),
        ((kind(Kind.AUTO_GENERATED),), "new-request", OutcomeKind.OPENED),
        ((kind(Kind.NOTIFICATION),), "new-request", OutcomeKind.OPENED),
        ((kind(Kind.NOTIFICATION), THREAD), "known-ticket", OutcomeKind.APPENDED),
        ((AGENT,), "new-request", OutcomeKind.OPENED),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_first_match(changes: tuple[dict[str, Any], ...], rule: str, outcome: OutcomeKind) -> None:
    """Which rule decides, whatever else is true of the letter; those before it are named with their no."""
    decision = decide(case(*changes))
    finding = decision.findings[-1]
    names = [row.name for row in TABLE]
    assert (decision.outcome.kind, finding.verdict.partition(":")[0]) == (outcome, rule)
    assert finding.evidence == tuple(f"{name}: no" for name in names[: names.index(rule)])
    assert decision.outcome.reason


@pytest.mark.parametrize(
    "changes", [(kind(k), *more) for k in Kind for more in ((), (THREAD,), (AGENT,), (THREAD, AGENT), (DIGEST,))]
)
def test_a_machine_causes_no_letter_to_a_customer(changes: tuple[dict[str, Any], ...]) -> None:
    """Whatever the table decides about a machine's letter, the only letters it causes go to agents."""
    decision = decide(case(*changes))
    if changes[0]["kind"].kind is not Kind.PERSON:
        assert [draft for draft in decision.drafts if draft.purpose is not Purpose.NOTIFICATION] == []
        assert {draft.recipient for draft in decision.drafts} <= {IVAN.address}


@pytest.mark.parametrize("value", Kind)
def test_only_requests_wake_a_ticket(value: Kind) -> None:
    """A person's letter, or a configured machine's, opens a ticket that waits; no other letter does."""
    wakes = value in (Kind.PERSON, Kind.NOTIFICATION)
    assert (decide(case(kind(value), THREAD)).status is Status.OPEN) is wakes


def test_a_complaint_is_told_at_its_ticket() -> None:
    """By the id of the letter that is complained about, which leads to the ticket; nobody is written to."""
    facts = Facts(itself=None, reported=OURS, candidates=(Candidate(ticket=TICKET),))
    decision = decide(case(kind(Kind.FEEDBACK), {"facts": facts}))
    assert (decision.ticket_id, [event.kind for event in decision.events], decision.drafts) == (1, ["complaint"], ())
    assert "ACME-1" in decision.outcome.reason
    assert "no letter of ours" in decide(case(kind(Kind.FEEDBACK))).outcome.reason


@pytest.mark.parametrize(
    ("old_letters", "outcome", "purposes"),
    [
        ("record", OutcomeKind.IGNORED, []),
        ("open", OutcomeKind.OPENED, []),
        ("answer", OutcomeKind.OPENED, ["acknowledgement", "notification"]),
    ],
)
def test_the_first_start_on_a_full_mailbox(old_letters: Any, outcome: OutcomeKind, purposes: list[str]) -> None:
    """Letters from before are recorded, opened in silence, or answered, as the configuration says."""
    policy = replace(POLICY, old_letters=old_letters)
    decision = decide(case(OLD, {"policy": policy}))
    assert (decision.outcome.kind, [draft.purpose for draft in decision.drafts]) == (outcome, purposes)


def test_names_are_unique_and_the_last_rule_always_holds() -> None:
    """Names are what history and `explain` show; and no letter falls through."""
    names = [row.name for row in TABLE]
    assert len(names) == len(set(names))
    assert TABLE[-1].question(case(kind(Kind.AUTO_GENERATED))) is not None
