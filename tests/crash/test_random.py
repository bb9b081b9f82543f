"""Two hundred letters flow from Dovecot to the SMTP server while the daemon is killed, or told to stop, at any moment."""

import random

import pytest

from tests.crash.desk import Desk, judge
from tests.crash.flow import make_flow
from tests.pace import find_crowd

LETTERS, KILLS, SEED = 200, 6, 2026
STOPPED_AFTER = 80  # steps: in the middle of the letters
STOP_WITHIN = 10  # seconds


def test_killed_at_random_moments(desk: Desk) -> None:
    """In the end letters, tickets and outgoing letters are as without crashes, and repeats are those in doubt."""
    flow, chunk = make_flow(LETTERS, SEED), LETTERS // KILLS + 1
    chunks = [flow.letters[start : start + chunk] for start in range(0, LETTERS, chunk)]
    desk.live_and_die(chunks, KILLS, flow.work, random.Random(SEED))
    desk.finish()
    assert desk.stop()[0] == 0, desk.log()
    assert desk.kills == KILLS
    assert judge(desk, flow).wrong == []


@pytest.mark.parametrize("after", ["move"])
def test_told_to_stop_in_the_middle(desk: Desk) -> None:
    """SIGTERM under full load: exit status 0 within ten seconds, no traceback; after the start nothing is missing."""
    flow = make_flow(LETTERS, SEED + 1)
    desk.deliver(flow.letters)
    desk.start()
    desk.wait_until(lambda: desk.progress() >= STOPPED_AFTER)
    status, seconds = desk.stop()
    assert status == 0, desk.log()
    assert seconds < STOP_WITHIN * find_crowd()
    assert not desk.idle(), "it was stopped too late to show anything"
    desk.start()
    desk.finish()
    assert desk.stop()[0] == 0
    verdict = judge(desk, flow)
    assert verdict.wrong == []
    assert (verdict.repeats, verdict.account.uncertain) == (0, 0)  # a stop waits for the answer to the letter in hand
    assert "Traceback" not in desk.log()
    assert "never retrieved" not in desk.log()
