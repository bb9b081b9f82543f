"""Where a unit's words end and the name of who wrote them begins, though no closing stands above."""

import pytest

from maild.desk.signed import without_name

NAME = "Пётр Сидоров"
SAID = ["Исправлено в версии 9.", ""]


@pytest.mark.parametrize(
    "signed",
    [
        ["Пётр Сидоров", "инженер", "+7 495 123-45-67"],
        ["Петр Сидоров"],
        ["Пётр"],
        ["Сидоров Пётр Иванович", "Ведущий инженер", "ООО «Вендор»"],
        ["П. Сидоров"],
        ["Сидоров П.И.", "тел. 8 (495) 123-45-67 доб. 12"],
        ["Пётр Сидоров, инженер отдела разработки", "", "www.maker.example"],
        ["Пётр Сидоров | +7 495 123-45-67"],
        ["*Пётр Сидоров*", "Отдел разработки", "моб. +7 916 123-45-67", "dev@maker.example"],
    ],
)
def test_a_name_with_what_belongs_to_it_ends_the_words(signed: list[str]) -> None:
    assert without_name([*SAID, *signed], NAME) == SAID


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("Petro Sydorenko", ["Petro Sydorenko", "Support engineer", "+380 44 123 45 67"]),
        ("Петро Сидоренко", ["Петро Сидоренко", "провідний інженер"]),
        ("Smith, John (Maker Ltd)", ["John Smith", "Head of Support"]),
        ("Пётр Сидоров (ООО «Вендор»)", ["Пётр Сидоров"]),
        ("Пётр Иванович Сидоров", ["Пётр Сидоров, инженер отдела"]),
    ],
)
def test_names_of_other_languages_and_with_more_beside_them(name: str, signed: list[str]) -> None:
    assert without_name([*SAID, *signed], name) == SAID


def test_a_whole_name_needs_no_blank_line() -> None:
    assert without_name(["Исправлено.", "Пётр Сидоров", "инженер"], NAME) == ["Исправлено."]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (NAME, [*SAID, "Пётр Сидоров посмотрит это завтра и ответит вам."]),  # somebody tells something of him
        (NAME, [*SAID, "Пётр Сидоров", "+7 495 123-45-67", "", "Жду вашего ответа до среды."]),  # more is said below
        (NAME, [*SAID, "Мария Петрова", "инженер", "+7 495 123-45-67"]),  # another's: whom to call may be the answer
        (NAME, [*SAID, "Пётр Петров", "инженер"]),
        (NAME, [*SAID, "Сидоров А."]),
        (NAME, ["Позвоните инженеру:", "Пётр"]),  # a first name alone, not apart
        (NAME, ["Пётр Сидоров", "инженер"]),  # nothing would be left
        ("", [*SAID, "Пётр Сидоров"]),
        ("Разработчик", [*SAID, "Пётр Сидоров"]),
        (NAME, SAID[:1]),
        (NAME, []),
    ],
)
def test_what_is_no_signature_of_theirs_stays(name: str, lines: list[str]) -> None:
    assert without_name(lines, name) == lines


def test_very_long_words_cost_little() -> None:
    """However many lines hold the name, only the last ones are looked at."""
    lines = ["Пётр Сидоров посмотрит."] * 20_000 + ["Пётр Сидоров"]
    assert without_name(lines, NAME) == lines[:-1]
