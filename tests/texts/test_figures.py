"""Each check is as good as docs/text-checks.md says, and as good as it must be."""

from pathlib import Path

import pytest

from maild.texts.flaw import Check
from tests.texts.__main__ import page
from tests.texts.floors import FLOORS
from tests.texts.labelled import labelled
from tests.texts.measure import count, golden_alarms

PAGE = Path(__file__).parents[2] / "docs" / "text-checks.md"


def test_the_page_says_what_is_measured() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make text-table`, and look at what got worse"


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize("held", [False, True], ids=["all", "held back"])
def test_no_check_is_below_its_floor(check: Check, held: bool) -> None:
    counted = count(text for text in labelled() if text.held or not held)[check]
    precision, recall = FLOORS[check]
    assert counted.precision >= precision, counted
    assert counted.recall >= recall, counted


def test_the_set_is_large_and_half_of_it_innocent() -> None:
    texts = labelled()
    assert len(texts) >= 300
    assert sum(not text.expected for text in texts) * 2 >= len(texts)
    assert len({(text.subject, text.text) for text in texts}) == len(texts), "a text stands there twice"


def test_no_golden_letter_of_a_person_is_called_anything() -> None:
    letters, alarms = golden_alarms()
    assert letters > 200
    assert alarms == []
