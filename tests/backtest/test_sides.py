"""Two configurations share what they make of a letter only as far as both ask the same of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.backtest.sides import make_sides
from maild.config.load import load_config
from maild.policy import MailboxPolicy, load_policy
from maild.rehearsal import KEY
from tests.backtest.month import CONFIG
from tests.backtest.test_against_walks import configured
from tests.walk.stage import SUPPORT


@pytest.fixture
def box(tmp_path: Path) -> MailboxPolicy:
    path = configured(tmp_path, CONFIG, tmp_path)
    return load_policy(load_config(path), key=KEY).mailboxes[SUPPORT]


def renamed(box: MailboxPolicy) -> MailboxPolicy:
    """A unit of another name: whom "#передать в бухгалтерию" names is another then."""
    units = {id_: replace(unit, name="Касса") for id_, unit in box.desk.catalogue.units.items()}
    return replace(box, desk=replace(box.desk, catalogue=replace(box.desk.catalogue, units=units)))


def without_files(box: MailboxPolicy) -> MailboxPolicy:
    """No files: those of earlier letters go to no unit then."""
    return replace(box, steering=replace(box.steering, files=replace(box.steering.files, max_size=0)))


def elsewhere(box: MailboxPolicy) -> MailboxPolicy:
    """Another zone: "до 18:00" is another instant then."""
    service = replace(box.desk.service, zone=ZoneInfo("Asia/Vladivostok"))
    return replace(box, desk=replace(box.desk, service=service))


@pytest.mark.parametrize(
    ("change", "reads", "gathers"),
    [(replace, True, True), (renamed, True, False), (without_files, True, False), (elsewhere, False, False)],
)
def test_what_agents_order_rests_on(
    box: MailboxPolicy, change: Callable[[MailboxPolicy], MailboxPolicy], reads: bool, gathers: bool
) -> None:
    sides = make_sides(SUPPORT, box, change(box), same_register=True)
    assert (sides.reads_alike, sides.gathers_alike) == (reads, gathers)
