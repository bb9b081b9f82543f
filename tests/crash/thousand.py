"""A thousand letters, the daemon killed twenty times on the way: `python -m tests.crash.thousand` (`make crash`).

Needs Dovecot. Prints what happened and ends with status 0 if the ledger balances and all is as without crashes, else 1.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.desk import Desk, Verdict, judge
from tests.crash.flow import Flow, make_flow
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer


def main() -> int:
    """Run, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.thousand", description=__doc__)
    parser.add_argument("--letters", type=int, default=1000, help="how many letters wait in the mailbox (1000)")
    parser.add_argument("--kills", type=int, default=20, help="how often the daemon is killed (20)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other letters and moments (1)")
    wanted = parser.parse_args()
    flow, begun = make_flow(wanted.letters, wanted.seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="maild-crash-") as folder, SmtpServer().in_thread() as smtp:
        try:
            dovecot = Dovecot(Path(folder))
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            print(missing)
            return 1
        desk = None
        try:
            dovecot.start()
            desk = Desk(Path(folder), dovecot, smtp)
            desk.deliver(flow.letters)
            desk.live_and_die([], wanted.kills, flow.work, random.Random(wanted.seed))
            desk.finish()
            status, _ = desk.stop()
            verdict = judge(desk, flow)
        finally:
            if desk is not None:
                desk.close()
            dovecot.close()
    show(verdict, flow, desk.kills, time.monotonic() - begun)
    return 0 if not verdict.wrong and status == 0 else 1


def show(verdict: Verdict, flow: Flow, kills: int, seconds: float) -> None:
    """Print the table: what was found beside what it would be without crashes."""
    account, found, expected = verdict.account, Counter(verdict.account.outcomes.values()), Counter(flow.outcomes)
    unaccounted = found.pop(None, 0)
    rows: list[tuple[str, object, object]] = [
        ("letters seen", len(account.outcomes), len(flow.letters)),
        *((f"  {kind}", found[kind], expected[str(kind)]) for kind in sorted({*map(str, found), *expected})),
        ("  unaccounted", unaccounted, 0),
        ("tickets", len(account.tickets), len(flow.tickets)),
        ("acknowledgements", _mails(account.sent, "acknowledgement"), _mails(flow.sent, "acknowledgement")),
        ("notifications", _mails(account.sent, "notification"), _mails(flow.sent, "notification")),
        ("not sent", len(account.unsent), 0),
        ("sends in doubt", account.uncertain, ""),
        ("repeats", verdict.repeats, f"at most {account.uncertain}"),
        ("kills", kills, ""),
        ("seconds", round(seconds), ""),
    ]
    print(f"{'':<18}{'found':>8}  expected")
    for name, value, wanted in rows:
        print(f"{name:<18}{value!s:>8}  {wanted}")
    for line in verdict.wrong:
        print(f"WRONG  {line[:2000]}")
    balanced = unaccounted == 0 and len(account.outcomes) == len(flow.letters)
    print("ledger balanced" if balanced else "LEDGER NOT BALANCED")
    if not verdict.wrong:
        print("everything is as it would be without crashes")


def _mails(sent: Counter[tuple[str, str, str]], purpose: str) -> int:
    return sum(count for (kind, _, _), count in sent.items() if kind == purpose)


if __name__ == "__main__":
    sys.exit(main())
