"""Two verdicts are compared aspect by aspect, and each difference says which rule or evidence makes it."""

from typing import Any

import pytest

from maild.backtest.compare import MAX_LINES, Change, differences
from maild.backtest.verdict import Aspect, Reply, Verdict
from maild.desk.ruling import Trial
from maild.model import Address, Draft, Purpose

YES = Trial(rule="bills", matched=True, told='words "счёт": "счёта" in the text')
NO = Trial(rule="bills", matched=False, told='words "счёт": not there')
STOP = Trial(rule="first", matched=True, told="it is for every letter")


def verdict(*trials: Trial, rules: dict[Aspect, str] | None = None, because: Any = (), **said: str) -> Verdict:
    named = {Aspect(name): words for name, words in said.items()}
    known = frozenset(trial.rule for trial in trials) | frozenset((rules or {}).values())
    return Verdict(said=named, rules=rules or {}, because=dict(because), trials=trials, known=known)


def hears(text: str, *, page: str = "", purpose: Purpose = Purpose.ACKNOWLEDGEMENT, style: str = "") -> Verdict:
    draft = Draft(purpose=purpose, recipient=Address(addr="a@x.example"), words={"text": text})
    reply = Reply(draft=draft, style=style, text=lambda: (text, page))
    return Verdict(said={Aspect.REPLY: str(purpose)}, reply=reply)


BILL = {Aspect.CATEGORY: "bills"}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param(verdict(category="x"), verdict(category="x"), [], id="nothing"),
        pytest.param(
            verdict(),
            verdict(YES, rules=BILL, category="bill"),
            ["category — → bill: rule bills (new): " + YES.told],
            id="a new rule",
        ),
        pytest.param(
            verdict(YES, rules=BILL, category="bill"),
            verdict(),
            ["category bill → —: rule bills (gone): " + YES.told],
            id="a rule that is gone",
        ),
        pytest.param(
            verdict(NO, category="x"),
            verdict(YES, rules=BILL, category="bill"),
            [f"category x → bill: rule bills: before: no: {NO.told}; after: {YES.told}"],
            id="a rule with other conditions",
        ),
        pytest.param(
            verdict(YES, rules=BILL, category="bill"),
            verdict(YES, rules=BILL, category="other"),
            ["category bill → other: rule bills: " + YES.told],
            id="a rule that says something else",
        ),
        pytest.param(
            verdict(YES, rules=BILL, category="bill"),
            Verdict(said={}, trials=(STOP,), known=frozenset({"first", "bills"})),
            [f"category bill → —: rule bills: before: {YES.told}; after: not tried: a rule above it stops"],
            id="a rule below one that stops",
        ),
        pytest.param(
            verdict(level="base", because={Aspect.LEVEL: "domain x.example"}),
            verdict(level="gold", because={Aspect.LEVEL: "coupon …9TRC"}),
            ["level base → gold: before: domain x.example | after: coupon …9TRC"],
            id="other evidence",
        ),
        pytest.param(
            verdict(level="base", because={Aspect.LEVEL: "domain x.example"}),
            verdict(level="gold", because={Aspect.LEVEL: "domain x.example"}),
            ["level base → gold: "],
            id="the same evidence says nothing",
        ),
        pytest.param(
            verdict(severity="high", outcome="opened"),
            verdict(outcome="appended", tags="a, b"),
            ["outcome opened → appended: ", "severity high → —: ", "tags — → a, b: "],
            id="in the order of the aspects",
        ),
    ],
)
def test_what_is_another_and_why(before: Verdict, after: Verdict, changes: list[str]) -> None:
    """From what to what, and the rule as either side sees it: new, gone, with other conditions, not reached."""
    assert [f"{one.aspect} {one}: {' | '.join(one.why)}" for one in differences(before, after)] == changes


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param(hears("Тема\n\nА\nБ"), hears("Тема\n\nА\nВ"), [(Aspect.WORDS, ("-Б", "+В"))], id="a line"),
        pytest.param(hears("А"), hears("А", style="other"), [], id="other templates that say the same"),
        pytest.param(
            hears("А", page="<p>"), hears("А", page="<b>", style="other"),
            [(Aspect.WORDS, ("its HTML alone looks otherwise",))], id="only its HTML",
        ),
        pytest.param(
            hears("А"), hears("Б", purpose=Purpose.REFUSAL), [(Aspect.REPLY, ("-А", "+Б"))], id="another letter"
        ),
        pytest.param(hears("А\n-- \nБ"), Verdict(said={}), [(Aspect.REPLY, ("-А", "--- ", "-Б"))], id="silence"),
        pytest.param(Verdict(said={}), hears("А"), [(Aspect.REPLY, ("+А",))], id="no silence"),
    ],
)  # fmt: skip
def test_what_the_author_would_read(before: Verdict, after: Verdict, changes: list[tuple[Aspect, Any]]) -> None:
    """Line by line, and only where it reads otherwise: other templates that say the same are no change."""
    assert [(one.aspect, one.lines) for one in differences(before, after)] == changes


def test_equal_letters_are_not_written() -> None:
    """Nobody renders what cannot differ: thousands of letters are compared."""

    def bomb() -> tuple[str, str]:
        raise AssertionError("it was rendered")

    draft = Draft(purpose=Purpose.ACKNOWLEDGEMENT, recipient=Address(addr="a@x.example"), words={"a": 1})
    sides = [Verdict(said={}, reply=Reply(draft=draft, style="s", text=lambda: bomb())) for _ in range(2)]  # noqa: PLW0108
    assert differences(*sides) == ()


def test_a_long_difference_is_cut() -> None:
    """A template written anew does not fill the screen with one letter."""
    (change,) = differences(hears("\n".join(map(str, range(50)))), hears("x"))
    assert isinstance(change, Change)
    assert len(change.lines) == MAX_LINES + 1
    assert change.lines[-1] == "… and 21 more lines"
