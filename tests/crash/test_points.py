"""Killed at any durable point and started again, the desk ends as if nothing had happened (promises 1 and 2).

The one repeat that SMTP makes unavoidable, a letter whose answer was not recorded, keeps its Message-ID and is counted.
"""

import signal

import pytest

from tests.crash.desk import Desk, Verdict, judge
from tests.crash.flow import Flow, make_flow

LETTERS, SEED = 10, 3  # this seed makes one of each kind


@pytest.fixture(scope="module")
def flow() -> Flow:
    return make_flow(LETTERS, SEED)


def crash(desk: Desk, flow: Flow, *points: tuple[str, int]) -> Verdict:
    """Let the daemon die at each point in turn, then run it to the end."""
    desk.deliver(flow.letters)
    for point, nth in points:
        desk.start(point, str(nth))
        assert desk.wait_for_end() == -signal.SIGKILL, desk.log()
    desk.start()
    desk.finish()
    assert desk.stop()[0] == 0, desk.log()
    return judge(desk, flow)


def test_the_flow_has_everything(flow: Flow) -> None:
    """The letters below are not all of one kind."""
    assert set(flow.outcomes) == {"opened", "appended", "duplicate", "ignored", "bounce"}


@pytest.mark.parametrize(
    ("point", "nth", "uncertain", "repeats"),
    [
        ("blob-written", 1, 0, 0),
        ("row-committed", 1, 0, 0),
        ("in-the-walk", 3, 0, 0),
        ("sending", 3, 1, 0),
        ("data-accepted", 3, 1, 1),
        ("sent-recorded", 3, 0, 0),
    ],
    ids=["blob-written", "row-committed", "in-the-walk", "sending", "data-accepted", "sent-recorded"],
)
def test_killed(desk: Desk, flow: Flow, point: str, nth: int, uncertain: int, repeats: int) -> None:
    """Only the letter whose answer was not recorded is sent twice; one whose DATA had not begun is in doubt as well."""
    verdict = crash(desk, flow, (point, nth))
    assert verdict.wrong == []
    assert (verdict.account.uncertain, verdict.repeats) == (uncertain, repeats)


@pytest.mark.parametrize(
    ("point", "nth", "after"),
    [
        ("blob-written", 6, "move"),  # of the second batch: what is moved is in the database
        ("walk-committed", 2, "nothing"),
        ("walk-committed", 2, "move"),
        ("imap-told", 2, "move"),
        ("imap-recorded", 1, "move"),
    ],
)
def test_killed_beside_the_mail_server(desk: Desk, flow: Flow, point: str, nth: int, after: str) -> None:
    """Whether the mail server had been told or not, it is told in the end, and no letter is read again.

    Letters of an earlier batch are on their way out meanwhile: one of them may be in doubt.
    """
    verdict = crash(desk, flow, (point, nth))
    assert verdict.wrong == []
    assert verdict.repeats <= verdict.account.uncertain <= 1
    assert len(desk.dovecot.uids(desk.archive)) == (LETTERS if after == "move" else 0)


def test_killed_while_recovering(desk: Desk, flow: Flow) -> None:
    """Crashes during the recovery from a crash are no reason to set a letter aside."""
    verdict = crash(desk, flow, ("row-committed", 1), ("in-the-walk", 2), ("in-the-walk", 2), ("data-accepted", 1))
    assert verdict.wrong == []
    assert (verdict.account.uncertain, verdict.repeats) == (1, 1)
