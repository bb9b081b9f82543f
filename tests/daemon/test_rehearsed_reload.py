"""`rehearse_on_reload`: what would do something else than its scenarios say does not come into force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.ingest.parse import parse
from tests.daemon.desk import Desk, Running, letter, until
from tests.pace import find_crowd
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

ADMIN = "admin@hq.example"
REFUSED = "configuration refused, the old one stays in force"
RULE = '[organization.acme.rule.urgent]\nwhen.words = "не работает"\nthen.tags = "urgent"\n'
SCENARIO = """
[[step]]
mailbox = "acme/support"
from = "anna@client.example"
text = "Принтер не работает"
expect.tags = "urgent"
"""
HOURS = '[[step]]\nadvance = "52w"\n' * 40  # takes longer than any test waits


@pytest.fixture
def rehearsed(desk: Desk) -> Desk:
    """A desk with a rule and its scenario, which a reload plays."""
    (desk.path / "scenarios").mkdir()
    (desk.path / "scenarios" / "urgent.toml").write_text(SCENARIO, "utf-8")
    desk.write(
        top="rehearse_on_reload = true",
        tail=f"{RULE}[organization.acme.suggestions]\nmost = 1\n",
    )
    text = desk.file.read_text("utf-8")
    desk.file.write_text(
        text.replace('number_prefix = "ACME"', 'number_prefix = "ACME"\nscenarios = "scenarios"'), "utf-8"
    )
    return desk


@pytest.fixture
def daemon(rehearsed: Desk) -> Iterator[Running]:
    with rehearsed.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        yield daemon


def told(smtp: SmtpServer) -> list[str]:
    return [parse(sent.octets).text for sent in smtp.letters if sent.recipient == ADMIN]


def test_rules_whose_scenarios_fail_are_refused(rehearsed: Desk, daemon: Running, smtp: SmtpServer) -> None:
    """The old set stays in force, one letter names scenario and step; what mends it, be it the scenario, is in force."""
    good = rehearsed.file.read_text("utf-8")
    rehearsed.file.write_text(good.replace("не работает", "сломался"), "utf-8")
    [problem] = daemon.wait_for(REFUSED)["problems"]
    assert "scenarios/urgent.toml:2: step 1: found tags: [], expected tags: [urgent]." in problem
    until(lambda: told(smtp), "a letter")
    rehearsed.file.write_text(good.replace("не работает", "сломался") + "\n# ещё\n", "utf-8")
    daemon.wait_for("configuration is still refused for the same problems")
    scenario = rehearsed.path / "scenarios" / "urgent.toml"
    scenario.write_text(SCENARIO.replace("не работает", "сломался"), "utf-8")
    daemon.wait_for("configuration reloaded")
    scenario.write_text(SCENARIO.replace("expect.tags", "expect.tgas"), "utf-8")
    [problem] = daemon.wait_for(REFUSED, 2)["problems"]
    assert "Did you mean `tags`?" in problem
    until(lambda: len(told(smtp)) == 2, "a letter about the scenario")
    assert "urgent.toml:2: step 1" in told(smtp)[0]


def test_mail_goes_on_while_scenarios_are_played(
    rehearsed: Desk, daemon: Running, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """And a stop does not wait for their end."""
    (rehearsed.path / "scenarios" / "years.toml").write_text(HOURS, "utf-8")
    until(lambda: players(daemon.process.pid), "a process that plays")
    [player] = players(daemon.process.pid)
    dovecot.append(letter(id_="meanwhile"), folder)
    until(lambda: [sent for sent in smtp.letters if sent.recipient == "anna@b.example"], "an acknowledgement")
    assert players(daemon.process.pid) == [player], "it still plays"
    assert daemon.stop() < 8 * find_crowd()
    until(lambda: not Path(f"/proc/{player}").exists(), "the end of the player")


def players(parent: int) -> list[int]:
    """Return the processes that the daemon has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    return [int(child) for child in children]


def test_what_is_still_asked_is_refused(rehearsed: Desk, daemon: Running) -> None:
    """A question in the place of a value is as bad as any wrong one: the old set stays in force, the log has the question."""
    good = rehearsed.file.read_text("utf-8")
    rehearsed.file.write_text(good.replace("most = 1", 'most = "? Сколько готовых ответов предлагать?"'), "utf-8")
    [problem] = daemon.wait_for(REFUSED)["problems"]
    assert "organization.acme.suggestions.most: found a question that is still open" in problem
    assert "Сколько готовых ответов предлагать?" in problem
