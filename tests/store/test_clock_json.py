"""Promises of clocks as JSON: what comes back is what was written, to the microsecond; anything else is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import StoreError
from maild.sla.clock import Extension, Pause, Span, Wait
from maild.sla.target import Audience, Hours, Mode, Moment, Target, Threshold
from maild.store import clock_json as form

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
DURATIONS = st.timedeltas(timedelta(days=-1000), timedelta(days=1000))
IDS = st.frozensets(WORDS, max_size=3)
THRESHOLDS = st.builds(
    Threshold,
    text=WORDS,
    share=st.none() | st.fractions(0, 2),
    offset=st.none() | DURATIONS,
    to=st.lists(st.sampled_from(Audience), max_size=3).map(tuple),
)
TARGETS = st.builds(
    Target,
    name=WORDS,
    start=st.sampled_from(Moment),
    until=st.sampled_from(Moment),
    within=st.none() | DURATIONS,
    mode=st.sampled_from(Mode),
    calendar=WORDS,
    thresholds=st.lists(THRESHOLDS, max_size=3).map(tuple),
    up_to=st.none() | DURATIONS,
    levels=IDS,
    categories=IDS,
    severities=IDS,
    hours=st.frozensets(st.sampled_from(Hours)),
)
PAUSES = st.lists(st.builds(Pause, since=INSTANTS, until=st.none() | INSTANTS, reason=st.sampled_from(Wait))).map(tuple)
SPANS = st.lists(st.builds(Span, start=INSTANTS, end=INSTANTS, counts=st.booleans(), why=WORDS)).map(tuple)
EXTENSIONS = st.none() | st.builds(
    Extension, to=DURATIONS, asked_at=INSTANTS, notice=WORDS, left_at=st.none() | INSTANTS
)


def stored(value: Any) -> Any:
    """What a database gives back."""
    return json.loads(json.dumps(value))


@given(TARGETS)
def test_every_target_comes_back(target: Target) -> None:
    assert form.load_target(stored(form.dump_target(target))) == target


@given(PAUSES, SPANS, EXTENSIONS)
def test_everything_else_of_a_clock_comes_back(
    pauses: tuple[Pause, ...], spans: tuple[Span, ...], extension: Extension | None
) -> None:
    assert form.load_pauses(stored(form.dump_pauses(pauses))) == pauses
    assert form.load_spans(stored(form.dump_spans(spans))) == spans
    assert form.load_extension(stored(form.dump_extension(extension))) == extension


TARGET = Target(
    name="answer",
    until=Moment.ANSWERED,
    within=timedelta(hours=24, microseconds=1),
    calendar="office",
    thresholds=(Threshold(text="50%", share=Fraction(1, 2)), Threshold(text="-30m", offset=timedelta(minutes=-30))),
    levels=frozenset({"b", "a"}),
)


def test_the_form_of_a_target_is_what_older_databases_hold() -> None:
    """A change here needs another version, and a way to read this one."""
    assert form.dump_target(TARGET) == {
        "version": 1, "name": "answer", "start": "registered", "until": "answered", "within": 86_400_000_001,
        "mode": "working", "calendar": "office", "up_to": None, "levels": ["a", "b"], "categories": [],
        "severities": [], "hours": [],
        "thresholds": [
            {"text": "50%", "share": "1/2", "offset": None, "to": ["agent"]},
            {"text": "-30m", "share": None, "offset": -1_800_000_000, "to": ["agent"]},
        ],
    }  # fmt: skip


def test_instants_are_stored_in_utc() -> None:
    noon = datetime.fromisoformat("2026-03-02T12:00:00.000001+03:00")
    assert form.dump_pauses([Pause(since=noon)]) == [["2026-03-02T09:00:00.000001Z", None, "customer"]]


GOOD = form.dump_target(TARGET)
WHEN = "2026-03-02T09:00:00Z"
EXTENSION = {"to": 1, "asked_at": WHEN, "notice": "", "left_at": None}


@pytest.mark.parametrize(
    ("load", "found"),
    [
        pytest.param(form.load_target, None, id="no target"),
        pytest.param(form.load_target, [], id="a list"),
        pytest.param(form.load_target, GOOD | {"version": 2}, id="a later version"),
        pytest.param(form.load_target, {k: v for k, v in GOOD.items() if k != "version"}, id="no version"),
        pytest.param(form.load_target, GOOD | {"more": 1}, id="more than we know"),
        pytest.param(form.load_target, {k: v for k, v in GOOD.items() if k != "up_to"}, id="less than we know"),
        pytest.param(form.load_target, GOOD | {"mode": "lunar"}, id="an unknown mode"),
        pytest.param(form.load_target, GOOD | {"within": 1.5}, id="half a microsecond"),
        pytest.param(form.load_target, GOOD | {"within": True}, id="a truth for a number"),
        pytest.param(form.load_target, GOOD | {"within": 10**30}, id="longer than time"),
        pytest.param(form.load_target, GOOD | {"name": 7}, id="a number for a word"),
        pytest.param(form.load_target, GOOD | {"levels": "gold"}, id="a word for a list"),
        pytest.param(form.load_target, GOOD | {"thresholds": [{"text": "0"}]}, id="half a threshold"),
        pytest.param(form.load_target, GOOD | {"thresholds": [GOOD["thresholds"][0] | {"share": "1/0"}]}, id="1/0"),
        pytest.param(form.load_pauses, None, id="no pauses"),
        pytest.param(form.load_pauses, [[WHEN, None]], id="a pause without a reason"),
        pytest.param(form.load_pauses, [[WHEN, None, "lunch"]], id="an unknown reason"),
        pytest.param(form.load_pauses, [["2026-03-02T09:00:00", None, "customer"]], id="an instant without a zone"),
        pytest.param(form.load_pauses, [["2026-03-02T09:00:00+03:00Z", None, "customer"]], id="two zones"),
        pytest.param(form.load_pauses, [[WHEN, "soon", "customer"]], id="no instant"),
        pytest.param(form.load_spans, [[WHEN, WHEN, 1, "open"]], id="a number for a truth"),
        pytest.param(form.load_spans, [WHEN], id="no span"),
        pytest.param(form.load_extension, EXTENSION | {"asked_at": None}, id="never asked"),
        pytest.param(form.load_extension, EXTENSION | {"by": "ivan"}, id="more of an extension"),
        pytest.param(form.load_texts, ["a", 1], id="a number among words"),
        pytest.param(form.load_texts, "words", id="letters for words"),
    ],
)
def test_what_is_not_ours_is_refused(load: Callable[[Any], Any], found: Any) -> None:
    """A clock read half would be a term that is silently wrong."""
    with pytest.raises(StoreError, match="a stored clock cannot be read"):
        load(found)
