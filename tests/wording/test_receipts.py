"""Receipts of agents' commands: every value that one can speak of has its words, in every language."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import maild.desk
from maild.contracts.recognition import Standing
from maild.desk.behalf import Problem
from maild.desk.commands import Slip
from maild.model import Status
from maild.sla.changes import Refusal
from maild.sla.clock import Wait
from maild.sla.target import Moment
from maild.wording import receipts

LANGUAGES = ("ru", "uk", "en")
FACTS = {
    "usage": "#x",
    "limit": "8 h",
    "term": "18:00",
    "status": "resolved",
    "names": "A, B",
    "command": "#y",
    "name": "C",
    "number": "T-1",
    "mine": "a",
    "theirs": "b",
    "held": "; c",
}


_REASON_AT = {"cannot": 1, "Obstacle": 0}  # which argument of a call names the sentence


def own_refusals() -> Iterator[str]:
    """The desk's own reasons, as its sources spell them."""
    for source in Path(maild.desk.__path__[0]).glob("*.py"):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _REASON_AT:
                reason = node.args[_REASON_AT[node.func.id]]
                assert not [one for one in ast.walk(reason) if isinstance(one, ast.JoinedStr)], "nobody would find it"
                yield from (one.value for one in ast.walk(reason) if isinstance(one, ast.Constant))  # type: ignore[misc]
    yield from (problem for problem in get_args(Problem) if problem)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_worded(language: str) -> None:
    """Whatever the terms, the grammar or the desk refuse has a sentence of its own, without a gap."""
    reasons = {*Refusal, *Slip, *own_refusals(), *filter(None, get_args(Problem)), "others"}
    assert len(reasons) > 20
    said = {reason: receipts.say_refusal(reason, language, **FACTS) for reason in reasons}
    assert len(set(said.values())) == len(reasons)
    assert not [sentence for sentence in said.values() if "{" in sentence or sentence.endswith(".")]
    assert set(receipts._REFUSALS) == {str(reason) for reason in reasons}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_is_worded(language: str) -> None:
    """Statuses, waits, moments and standings; a wait says more than that the ticket waits."""
    assert len({receipts.say_status(one, language) for one in Status}) == len(Status)
    waits = {receipts.say_status(Status.WAITING, language, one) for one in Wait if one is not Wait.RESOLVED}
    assert len(waits) == len(Wait) - 1
    assert receipts.say_status(Status.WAITING, language) not in waits
    moments = [one for one in Moment if one is not Moment.REGISTERED]
    assert len({receipts.say_term(one, "18:00", language) for one in moments}) == len(moments)
    assert len({receipts.say_standing(one, language) for one in Standing}) == len(Standing)


def test_no_language_speaks_another() -> None:
    """English has no Cyrillic; Ukrainian has none of the letters that only Russian has, Russian none of the Ukrainian ones."""
    tables = [table for name, table in vars(receipts).items() if name.isupper() and isinstance(table, dict)]
    assert len(tables) == 7
    for sentences in (one for table in tables for one in table.values()):
        assert set(sentences) == set(LANGUAGES)
        assert not any("а" <= letter <= "я" for letter in sentences["en"].casefold()), sentences["en"]
        assert set("ыэъё").isdisjoint(sentences["uk"].casefold()), sentences["uk"]
        assert set("іїєґ").isdisjoint(sentences["ru"].casefold()), sentences["ru"]
