"""A letter that breaks our code is set aside whole; the others go on, the admin is told once, replay brings it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.model import OutcomeKind, Participant, Purpose, Ticket
from maild.notices import TELL_AGAIN_AFTER
from maild.outbox.templates import Rendered, Templates
from maild.pipeline import Settled, receive, recover, settle
from maild.policy import MailboxPolicy, Policy
from maild.store import letters, views
from maild.tokens import Keyring, Token
from tests.walk.stage import START, SUPPORT, letter, loaded
from tests.walk.test_outcomes import Ledger

POISON = "яд"


@dataclass(frozen=True)
class BrokenTemplates(Templates):
    """Templates that fail on a poisoned subject, as a bug of ours would."""

    def render(self, purpose: Purpose, words: Mapping[str, object], *, ticket: Ticket | None = None) -> Rendered:
        if POISON in str(words.get("subject", "")):
            raise ZeroDivisionError("a bug in maild")
        return super().render(purpose, words, ticket=ticket)


@dataclass(frozen=True)
class BrokenKeyring(Keyring):
    """A keyring that fails on every token."""

    def holder(self, token: Token, participants: tuple[Participant, ...]) -> Participant | None:
        raise TypeError("another bug in maild")


def broken(policy: Policy) -> Policy:
    """The policy with a bug in the templates and another in the keyring."""
    boxes: dict[str, MailboxPolicy] = {}
    for name, box in policy.mailboxes.items():
        templates = BrokenTemplates(shelves=box.letterhead.templates.shelves)
        boxes[name] = replace(
            box, letterhead=replace(box.letterhead, templates=templates), keyring=BrokenKeyring(box.keyring.key)
        )
    return replace(policy, mailboxes=boxes)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path, loaded())
    yield ledger
    ledger.database.close()


def walk(ledger: Ledger, octets: list[bytes], policy: Policy, at: timedelta = timedelta(0)) -> list[Settled]:
    raws = [ledger._raw(one, SUPPORT) for one in octets]
    ids = receive(raws, ledger.database, ledger.blobs, START + at)
    return settle(ids, ledger.database, ledger.blobs, policy, START + at)


def kinds(settled: list[Settled]) -> list[str]:
    return [one.outcome.kind for one in settled]


def poisoned(n: int = 0) -> bytes:
    return letter(f"Письмо {n}", subject=f"{POISON} {n}")


def test_the_others_go_on(ledger: Ledger) -> None:
    """In one commit: the poisoned letter leaves nothing behind but itself, the tickets are numbered without a gap."""
    octets = poisoned()
    settled = walk(ledger, [letter("1"), octets, letter("3")], broken(ledger.policy))
    assert kinds(settled) == ["opened", "quarantined", "opened"]
    with ledger.database.read() as connection:
        assert [t.number for t in views.all_tickets(connection)] == ["ACME-1", "ACME-2"]
        (aside,) = views.quarantined(connection)
        kept = letters.load(connection, aside.letter_id, ledger.blobs)
    assert kept is not None
    assert kept.raw.octets == octets
    assert aside.error.startswith("ZeroDivisionError in render:")
    assert "a bug in maild" in aside.traceback
    assert POISON not in aside.error


def test_the_admin_hears_once_for_each_kind(ledger: Ledger) -> None:
    """Ten letters, two bugs: two letters to the admin, who is told again a day later, not a second earlier."""
    policy = broken(ledger.policy)
    with_token = [letter("x", headers=[("In-Reply-To", f"<t{n}.abcdefghijklmnop@acme.example>")]) for n in range(1, 4)]
    walk(ledger, [letter("ACME-1 должен существовать")], ledger.policy)
    settled = walk(ledger, [poisoned(1), poisoned(2), *with_token[:1], poisoned(3)], policy)
    assert kinds(settled) == ["quarantined"] * 4
    told = [outgoing for one in settled for outgoing in one.outgoing]
    assert [(one.purpose, one.recipient) for one in told] == [(Purpose.ADMIN, "admin@staff.example")] * 2
    for later, letters_out in ((TELL_AGAIN_AFTER - timedelta(seconds=1), 0), (TELL_AGAIN_AFTER, 1)):
        (one,) = walk(ledger, [poisoned(9)], policy, later)
        assert len(one.outgoing) == letters_out


def test_without_an_admin_the_log_says_it(ledger: Ledger) -> None:
    """No [admin]: the letter is set aside all the same."""
    (one,) = walk(ledger, [poisoned()], replace(broken(ledger.policy), admin=None))
    assert (one.outcome.kind, one.outgoing) == (OutcomeKind.QUARANTINED, ())


def test_replay_after_the_fix(ledger: Ledger) -> None:
    """Released, the letter goes its whole way as if it had come today; a second release finds nothing."""
    (aside,) = walk(ledger, [poisoned()], broken(ledger.policy))
    with ledger.database.write() as connection:
        assert letters.release(connection, aside.letter_id, START)
    (again,) = settle([aside.letter_id], ledger.database, ledger.blobs, ledger.policy, START)
    assert again.outcome.kind is OutcomeKind.OPENED
    assert [one.purpose for one in again.outgoing] == ["acknowledgement", "notification", "notification"]
    with ledger.database.write() as connection:
        assert not letters.release(connection, aside.letter_id, START)


def test_replay_without_the_fix(ledger: Ledger) -> None:
    """Replayed too early it is set aside again."""
    policy = broken(ledger.policy)
    (aside,) = walk(ledger, [poisoned()], policy)
    with ledger.database.write() as connection:
        letters.release(connection, aside.letter_id, START)
    assert kinds(settle([aside.letter_id], ledger.database, ledger.blobs, policy, START)) == ["quarantined"]


@pytest.mark.parametrize("backwards", [False, True])
def test_two_copies_in_quarantine(ledger: Ledger, backwards: bool) -> None:
    """Neither is a duplicate of the other while both wait: replayed, one opens the ticket, whichever is first."""
    octets = poisoned()
    settled = walk(ledger, [octets, octets], broken(ledger.policy))
    assert kinds(settled) == ["quarantined", "quarantined"]
    outcomes = []
    for one in reversed(settled) if backwards else settled:
        with ledger.database.write() as connection:
            letters.release(connection, one.letter_id, START)
        outcomes += kinds(settle([one.letter_id], ledger.database, ledger.blobs, ledger.policy, START))
    assert outcomes == ["opened", "duplicate"]


def test_a_letter_that_kills_the_process_three_times(ledger: Ledger) -> None:
    """Begun and never ended: the fourth start sets it aside unread and goes on with the next."""
    raws = [ledger._raw(octets, SUPPORT) for octets in (letter("убийца"), letter("следующее"))]
    first, second = receive(raws, ledger.database, ledger.blobs, START)
    for _ in range(3):  # three crashes in its walk
        with ledger.database.write() as connection:
            letters.begin_walks(connection, [first])
    settled = recover(ledger.database, ledger.blobs, ledger.policy, START)
    assert [(one.letter_id, one.outcome.kind) for one in settled] == [(first, "quarantined"), (second, "opened")]
    assert "RuntimeError" in settled[0].outcome.reason
