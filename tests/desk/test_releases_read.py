"""What may stand behind the verbs about updates."""

from datetime import UTC, datetime

import pytest

from maild.desk.arguments import Argument
from maild.desk.decision import Release
from maild.desk.releases import read_plan, read_release


def argument(text: str) -> Argument:
    return Argument(text=text, now=datetime(2026, 11, 23, tzinfo=UTC), zone=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", ""), ("5.2", "5.2"), ("  Лето-5 ", "Лето-5"), ("снять", None), ("Убрать.", None), ("зняти", None),
        ("out", None), ("x" * 60, "x" * 60),
    ],
)  # fmt: skip
def test_which_update_a_request_waits_for(said: str, meant: str | None) -> None:
    """Any, one, or none any more."""
    assert read_plan(argument(said)) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("5.2", Release(name="5.2")),
        ("5.2 Добавлен импорт.", Release(name="5.2", notes="Добавлен импорт.")),
        ("5.2\nДобавлен импорт.\n\nИ экспорт.", Release(name="5.2", notes="Добавлен импорт.\n\nИ экспорт.")),
        ("5.2 Лето:\nДобавлен импорт.", Release(name="5.2", notes="Лето:\nДобавлен импорт.")),
    ],
)
def test_which_update_is_out(said: str, meant: Release) -> None:
    """The first word names it; all the rest, wherever the line ends, is for customers."""
    assert read_release(argument(said)) == meant


@pytest.mark.parametrize(
    ("read", "said"), [(read_plan, "x" * 61), (read_plan, "5.2 Лето"), (read_release, ""), (read_release, "x" * 61)]
)
def test_what_is_none(read: object, said: str) -> None:
    """No name, or one that is too long."""
    with pytest.raises(ValueError, match="release"):
        read(argument(said))  # type: ignore[operator]
