"""Letters in agents' names whose signatures we verify ourselves, where no server of ours says anything (trust.dkim)."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from maild import pipeline
from maild.ingest.authentication import Signature, Verdict, load_signature
from maild.model import OutcomeKind, Place, RawMessage, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.letters import note_signature
from maild.store.schema import letter as letters
from tests.ingest.test_signatures import record, signed
from tests.walk.stage import ANNA, CONFIG, IVAN, START, SUPPORT, ended, last, letter, open_desk, reply, summary, ticket
from tests.walk.test_trust import ASKED, TO_ANNA, TRUSTING, WORDS, opened, threaded, vouched

Resolve = Callable[[str], bytes | None]
SIGNING = CONFIG.replace(
    "[organization.acme.mailbox.support]", "[organization.acme.trust]\ndkim = true\n[organization.acme.mailbox.support]"
)
BOTH = TRUSTING.replace('authserv_id = "mx.acme.example"\n', 'authserv_id = "mx.acme.example"\ndkim = true\n')


def there(_name: str) -> bytes:
    return record()


def fails(_name: str) -> bytes | None:
    raise LookupError("DNS does not answer: Timeout")


def desk_with(resolve: Resolve, config: str = SIGNING) -> Rehearsal:
    desk = open_desk(config)
    desk._office.resolve = resolve
    return desk


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    with desk_with(there) as found:
        yield found


def identified(desk: Rehearsal) -> str:
    """Return what `explain` says of the author."""
    decision = last(desk).decision
    assert decision is not None
    return next("; ".join(finding.evidence) for finding in decision.findings if finding.step == "identify")


def test_a_signed_letter_is_the_agents(desk: Rehearsal) -> None:
    """Without a token, as if a server of ours had vouched for it; and `explain` says on what."""
    sent = desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)
    assert summary(sent) == TO_ANNA
    assert "we have verified its signature of staff.example (trust.dkim)" in identified(desk)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda octets: octets + b"Plokho.\r\n",
        lambda octets: octets.partition(b"From:")[1] + octets.partition(b"From:")[2],  # no signature
        lambda octets: b"From: mallory@evil.example\r\n" + octets,
        lambda octets: octets.replace(b"s=s1", b"l=1; s=s1"),
    ],
)
def test_a_forged_one_is_not(desk: Rehearsal, spoil: Callable[[bytes], bytes]) -> None:
    """Another text, no signature, a second author: the agent is asked, or a stranger has written."""
    sent = desk.deliver(spoil(signed(threaded(opened(desk), WORDS))), SUPPORT)
    assert "answer anna@client.example" not in summary(sent)
    assert ticket(desk, 1).status is Status.NEW


def test_somebody_elses_signature(desk: Rehearsal) -> None:
    """A good one of another domain vouches for nobody."""
    assert summary(desk.deliver(signed(threaded(opened(desk), WORDS), domain="evil.example"), SUPPORT)) == ASKED


@pytest.mark.parametrize("word", ["fail", "none"])
def test_the_servers_word_counts_first(word: str) -> None:
    """Where a server of ours has looked, what we find ourselves is not asked; a disowned From is forged whatever signs it."""
    with desk_with(there, BOTH) as desk:
        sent = desk.deliver(vouched(signed(threaded(opened(desk), WORDS)), word=word), SUPPORT)
        assert "answer anna@client.example" not in summary(sent)
        assert summary(desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)) == TO_ANNA  # it says nothing here


def test_nobody_is_asked_unless_it_is_wanted() -> None:
    """Off by default, and then never for letters that are not in an agent's name."""
    asked: list[str] = []

    def resolve(name: str) -> bytes:
        asked.append(name)
        return record()

    with desk_with(resolve, CONFIG) as desk:
        assert summary(desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)) == ASKED
    with desk_with(resolve) as desk:
        desk.deliver(signed(letter(author=ANNA), domain="client.example"), SUPPORT)
        assert asked == []
        desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)
        assert asked == ["s1._domainkey.staff.example"]


def test_dns_that_fails_costs_the_letter_nothing() -> None:
    """It is unknown who signed it: the agent is asked, as ever; and `explain` says why."""
    with desk_with(fails) as desk:
        assert summary(desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)) == ASKED
        assert "the signature of staff.example could not be verified: DNS does not answer" in identified(desk)
        assert (
            summary(desk.deliver(signed(reply(opened(desk), WORDS, author=IVAN)), SUPPORT)) == TO_ANNA
        )  # by its token


def test_dns_that_never_answers_holds_no_letter_up() -> None:
    """After the time set for it the letter is walked without; it was on disk before anybody was asked."""
    stored: list[int] = []
    release = threading.Event()
    with desk_with(there) as desk:

        def stalls(_name: str) -> bytes | None:
            with desk._office.database.read() as connection:
                stored.extend(connection.execute(select(letters.c.id).where(letters.c.outcome.is_(None))).scalars())
            release.wait(10)
            return record()

        desk._office.resolve, desk._office.verified_within = stalls, timedelta(milliseconds=300)
        notification = opened(desk)
        sent = desk.deliver(signed(threaded(notification, WORDS)), SUPPORT)
        release.set()
        assert summary(sent) == ASKED
        assert stored == [last(desk).letter_id]


def test_nobody_is_asked_when_nobody_waits_any_more() -> None:
    """A look into DNS that is on its way ends; those of the other letters are not begun: Python would wait for them at its end."""
    asked: list[str] = []
    release, over = threading.Event(), threading.Event()
    with desk_with(there) as desk:
        one = signed(threaded(opened(desk), WORDS))

        def stalls(name: str) -> bytes | None:
            asked.append(name)
            release.wait(10)
            over.set()
            return None

        desk._office.resolve, desk._office.verified_within = stalls, timedelta(milliseconds=100)
        raws = [_raw(one, uid) for uid in ("901", "902")]
        asyncio.run(desk._office.take(raws))
        (looking,) = (thread for thread in threading.enumerate() if thread.name.startswith("maild-dkim"))
        release.set()
        looking.join(10)
        assert (over.is_set(), len(asked)) == (True, 1)


def _raw(octets: bytes, uid: str) -> RawMessage:
    place = Place(mailbox=SUPPORT, folder="INBOX", uidvalidity=1, uid=uid)
    return RawMessage(place=place, octets=octets, received_at=START)


def test_what_was_found_is_kept(desk: Rehearsal) -> None:
    """A letter is looked at once, as it comes: keys are taken out of DNS later."""
    desk.deliver(signed(threaded(opened(desk), WORDS)), SUPPORT)
    assert ended(desk) is OutcomeKind.APPENDED
    with desk._office.database.read() as connection:
        (stored,) = connection.execute(select(letters.c.dkim).where(letters.c.dkim.is_not(None))).scalars()
    assert load_signature(stored).verdict is Verdict.PASS


# ── a crash between a letter's being stored and its walk ─────────────────────────────────────────────────────────────

GOOD = Signature(verdict=Verdict.PASS, domain="staff.example", author="ivan@staff.example", why="its signature is good")


def left_behind(desk: Rehearsal, octets: bytes, uid: str = "90") -> RawMessage:
    """Store a letter of which a crash keeps the walk from beginning."""
    place = Place(mailbox=SUPPORT, folder="", uidvalidity=0, uid=uid)
    raw = RawMessage(octets=octets, place=place, received_at=desk.now)
    pipeline.receive([raw], desk._office.database, desk._office.blobs, desk.now)
    return raw


def start_again(desk: Rehearsal) -> list[SentLetter]:
    """Return what goes out once the desk has walked what was left."""
    before = len(desk._stage.sent)
    desk._runner.run(desk._office.recover_letters())
    desk._runner.run(desk._dispatcher.run_once())
    return desk._stage.sent[before:]


def stored(desk: Rehearsal) -> dict[str, str | None]:
    """Return what is kept of the letters' signatures, by their places."""
    with desk._office.database.read() as connection:
        return dict(connection.execute(select(letters.c.uid, letters.c.dkim)).all())


def walks(desk: Rehearsal) -> dict[str, int]:
    with desk._office.database.read() as connection:
        return dict(connection.execute(select(letters.c.uid, letters.c.walks)).all())


def test_what_a_crash_left_is_looked_at_again(desk: Rehearsal) -> None:
    """At the next start, as if it had only then come; of others nothing is asked."""
    left_behind(desk, signed(threaded(opened(desk), WORDS)))
    left_behind(desk, letter(author=ANNA), "91")
    assert "answer anna@client.example" in summary(start_again(desk))
    assert load_signature(stored(desk)["90"] or "") == GOOD
    assert stored(desk)["91"] is None
    assert walks(desk) == {"1": 1, "90": 2, "91": 2}


def test_a_letter_that_kills_us_as_we_look_is_looked_at_no_third_time() -> None:
    """It counts as a walk while it lasts, so that what never comes back from it is walked without."""
    asked: list[dict[str, int]] = []
    with desk_with(there) as desk:

        def resolve(_name: str) -> bytes:
            asked.append(walks(desk))
            return record()

        desk._office.resolve = resolve
        left_behind(desk, signed(threaded(opened(desk), WORDS)))
        desk._office._begin_left()  # … and the process is gone
        assert summary(start_again(desk)) == ASKED
        assert asked == []
        left_behind(desk, signed(threaded(opened(desk), WORDS)), "91")
        assert summary(start_again(desk)) == TO_ANNA
        assert [one["91"] for one in asked] == [2]


def test_a_desk_that_is_stopped_meanwhile_walks_with_what_it_knows() -> None:
    """Being cancelled while DNS is asked loses no letter."""
    asked, release = threading.Event(), threading.Event()

    def stalls(_name: str) -> None:
        asked.set()
        release.wait(10)

    with desk_with(stalls) as desk:
        raw = left_behind(desk, signed(threaded(opened(desk), WORDS)))

        async def stop() -> None:
            taking = asyncio.create_task(desk._office.take([raw]))
            await asyncio.to_thread(asked.wait)
            taking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await taking

        desk._runner.run(stop())
        release.set()
        assert ended(desk) is OutcomeKind.IGNORED  # held: the agent is asked
        assert last(desk).letter_id == 2


# ── what is kept counts as it was found, and for whom ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("found", "config"),
    [
        (GOOD, CONFIG),
        (replace(GOOD, verdict=Verdict.FAIL), SIGNING),
        (replace(GOOD, verdict=Verdict.NONE), SIGNING),
        (replace(GOOD, author="petra@staff.example"), SIGNING),
        (replace(GOOD, domain="evil.example"), SIGNING),
    ],
    ids=["switched off", "bad", "unknown", "another author", "another domain"],
)
def test_what_was_found_vouches_for_nobody_else(found: Signature, config: str) -> None:
    """Nor for anybody once we are not to look at signatures any more."""
    with open_desk(config) as desk:
        raw = left_behind(desk, threaded(opened(desk), WORDS))
        with desk._office.database.write() as connection:
            note_signature(connection, raw.place, found)
        assert summary(start_again(desk)) == ASKED
        assert ("its signature is good" in identified(desk)) is (config == SIGNING and found.domain != "evil.example")


def test_it_is_kept_with_its_own_letter_and_no_other(desk: Rehearsal) -> None:
    """Not with those beside it, and not anew once the letter has its outcome."""
    first, other = (left_behind(desk, letter(author=ANNA), uid) for uid in ("90", "91"))
    with desk._office.database.write() as connection:
        note_signature(connection, first.place, GOOD)
    assert stored(desk) == {"90": GOOD.dump(), "91": None}
    start_again(desk)
    with desk._office.database.write() as connection:
        note_signature(connection, first.place, Signature(why="later"))
        note_signature(connection, other.place, Signature(why="later"))
    assert stored(desk) == {"90": GOOD.dump(), "91": None}


@pytest.mark.parametrize("change", [{"sent": True}, {"size": 9_999}, {"place": "acme/none"}])
def test_whose_signature_is_of_no_use_is_not_looked_at(change: dict[str, object]) -> None:
    """What our people have sent, what was not fetched whole, and what comes to no mailbox of ours."""
    asked: list[str] = []

    def resolve(name: str) -> bytes:
        asked.append(name)
        return record()

    with desk_with(resolve) as desk:
        raw = left_behind(desk, signed(threaded(opened(desk), WORDS)))
        assert desk._office._is_to_be_verified(raw)
        if "place" in change:
            change = {"place": replace(raw.place, mailbox="acme/none")}
        assert not desk._office._is_to_be_verified(replace(raw, **change))  # type: ignore[arg-type]
        assert asked == []
