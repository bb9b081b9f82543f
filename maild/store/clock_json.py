"""What a clock keeps besides instants to search by, as JSON: exact to the microsecond, strict, and versioned.

An instant is ISO 8601 in UTC, a duration a whole number of microseconds, a share "1/2". Anything else than what `dump_…`
writes raises StoreError: a clock read half would be a term that is silently wrong.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, ParamSpec, TypeVar

from maild.clock import aware
from maild.errors import StoreError
from maild.sla.clock import Extension, Pause, Span, Wait
from maild.sla.target import Audience, Hours, Mode, Moment, Target, Threshold

VERSION = 1  # of the target's form; the others have the clock's, whose target it is
_MICROSECOND = timedelta(microseconds=1)
P = ParamSpec("P")
T = TypeVar("T")


def _strict(load: Callable[P, T]) -> Callable[P, T]:
    def loaded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return load(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            what = f"{type(error).__name__}: {error}"
            raise StoreError(f"a stored clock cannot be read ({what}): restore the database from a backup") from error

    return loaded


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def dump_target(target: Target) -> dict[str, Any]:
    """Return a promise as JSON; sets are sorted, so that equal promises have equal JSON."""
    return {
        "version": VERSION,
        "name": target.name,
        "start": target.start,
        "until": target.until,
        "within": _dump_duration(target.within),
        "mode": target.mode,
        "calendar": target.calendar,
        "thresholds": [_dump_threshold(one) for one in target.thresholds],
        "up_to": _dump_duration(target.up_to),
        "levels": sorted(target.levels),
        "categories": sorted(target.categories),
        "severities": sorted(target.severities),
        "hours": sorted(target.hours),
    }


@_strict
def load_target(stored: Any) -> Target:
    """Return the promise that `dump_target` made this of. Raises StoreError."""
    values = dict(stored)
    if (version := values.pop("version")) != VERSION:
        raise ValueError(f"version {version!r}, not {VERSION}")
    return Target(
        name=_text(values.pop("name")),
        start=Moment(values.pop("start")),
        until=Moment(values.pop("until")),
        within=_load_duration(values.pop("within")),
        mode=Mode(values.pop("mode")),
        calendar=_text(values.pop("calendar")),
        thresholds=tuple(_load_threshold(one) for one in _list(values.pop("thresholds"))),
        up_to=_load_duration(values.pop("up_to")),
        levels=frozenset(map(_text, _list(values.pop("levels")))),
        categories=frozenset(map(_text, _list(values.pop("categories")))),
        severities=frozenset(map(_text, _list(values.pop("severities")))),
        hours=frozenset(map(Hours, _list(values.pop("hours")))),
        **values,  # whatever else stands there is refused
    )


def _dump_threshold(threshold: Threshold) -> dict[str, Any]:
    return {
        "text": threshold.text,
        "share": None if threshold.share is None else str(threshold.share),
        "offset": _dump_duration(threshold.offset),
        "to": list(threshold.to),
    }


def _load_threshold(stored: Any) -> Threshold:
    values = dict(stored)
    share = values.pop("share")
    return Threshold(
        text=_text(values.pop("text")),
        share=None if share is None else Fraction(_text(share)),
        offset=_load_duration(values.pop("offset")),
        to=tuple(map(Audience, _list(values.pop("to")))),
        **values,
    )


# ── what has become of it ────────────────────────────────────────────────────────────────────────────────────────────


def dump_pauses(pauses: Sequence[Pause]) -> list[list[Any]]:
    """Return rests as JSON, each [since, until, reason]."""
    return [[_dump_instant(one.since), _dump_instant(one.until), one.reason] for one in pauses]


@_strict
def load_pauses(stored: Any) -> tuple[Pause, ...]:
    """Return the rests that `dump_pauses` made this of. Raises StoreError."""
    return tuple(
        Pause(since=_load_instant(since), until=_load_instant_or_none(until), reason=Wait(reason))
        for since, until, reason in map(_list, _list(stored))
    )


def dump_spans(spans: Sequence[Span]) -> list[list[Any]]:
    """Return the reason of a term as JSON, each span [start, end, counts, why]."""
    return [[_dump_instant(one.start), _dump_instant(one.end), one.counts, one.why] for one in spans]


@_strict
def load_spans(stored: Any) -> tuple[Span, ...]:
    """Return the spans that `dump_spans` made this of. Raises StoreError."""
    return tuple(
        Span(start=_load_instant(start), end=_load_instant(end), counts=_bool(counts), why=_text(why))
        for start, end, counts, why in map(_list, _list(stored))
    )


def dump_extension(extension: Extension | None) -> dict[str, Any] | None:
    """Return an extension as JSON, None for none."""
    if extension is None:
        return None
    return {
        "to": _dump_duration(extension.to),
        "asked_at": _dump_instant(extension.asked_at),
        "notice": extension.notice,
        "left_at": _dump_instant(extension.left_at),
    }


@_strict
def load_extension(stored: Any) -> Extension | None:
    """Return the extension that `dump_extension` made this of. Raises StoreError."""
    if stored is None:
        return None
    values = dict(stored)
    return Extension(
        to=_MICROSECOND * _int(values.pop("to")),
        asked_at=_load_instant(values.pop("asked_at")),
        notice=_text(values.pop("notice")),
        left_at=_load_instant_or_none(values.pop("left_at")),
        **values,
    )


@_strict
def load_texts(stored: Any) -> tuple[str, ...]:
    """Return a list of words. Raises StoreError."""
    return tuple(map(_text, _list(stored)))


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _dump_instant(instant: datetime | None) -> str | None:
    return None if instant is None else aware(instant).replace(tzinfo=None).isoformat() + "Z"


def _load_instant_or_none(stored: Any) -> datetime | None:
    return None if stored is None else _load_instant(stored)


def _load_instant(stored: Any) -> datetime:
    text = _text(stored)
    naive = datetime.fromisoformat(text.removesuffix("Z"))
    if not text.endswith("Z") or naive.tzinfo is not None:
        raise ValueError(f"{text!r} is no instant in UTC")
    return naive.replace(tzinfo=UTC)


def _dump_duration(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _MICROSECOND


def _load_duration(stored: Any) -> timedelta | None:
    return None if stored is None else _MICROSECOND * _int(stored)


def _text(stored: Any) -> str:
    return _of(str, stored)


def _int(stored: Any) -> int:
    return _of(int, stored)


def _bool(stored: Any) -> bool:
    return _of(bool, stored)


def _list(stored: Any) -> list[Any]:
    return _of(list, stored)


def _of(kind: type[T], stored: Any) -> T:
    if type(stored) is not kind:  # True is no number here
        raise TypeError(f"{stored!r} is no {kind.__name__}")
    return stored
