"""Names that agents shorten: what is meant, and when it is asked."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from maild.desk.acts import CannotError, named

NAMES = {"outage": "Авария на сервере", "fault": "Ошибка программы", "other": "Другая ошибка", "new": "Всё новое"}
CASE = cast("Any", SimpleNamespace(policy=SimpleNamespace(service=SimpleNamespace(language="ru"))))


@pytest.mark.parametrize(
    ("word", "id_"),
    [("Авария на сервере", "outage"), ("outage", "outage"), ("авар", "outage"), ("сервер", "outage"), ("Ошибка", "fault"), ("др", "other"), ("все нов", "new")],
)  # fmt: skip
def test_what_a_name_means(word: str, id_: str) -> None:
    """The name, its id, its beginning, else the beginning of a word in it; the surer way wins."""
    assert named(CASE, word, NAMES) == id_


@pytest.mark.parametrize(
    ("word", "said"),
    [("о", "так начинается не одно название"), ("вария", "такого названия нет"), ("пожар", "такого названия нет")],
)
def test_what_is_not_plain_is_asked(word: str, said: str) -> None:
    """With the names that there are; nothing is guessed."""
    names = NAMES | {"third": "Обучение"}
    with pytest.raises(CannotError, match=said):
        named(CASE, word, names)
