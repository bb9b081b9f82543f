"""Whom a line of an agent's names as the one whose request it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.on_behalf import MAX_NAME, read_people
from maild.model import Address


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("ivan@acme.example", [("", "ivan@acme.example")]),
        ("ivan@acme.example Иван Петров", [("Иван Петров", "ivan@acme.example")]),
        ("Иван Петров <ivan@acme.example>", [("Иван Петров", "ivan@acme.example")]),
        ("Иван, ivan@acme.example.", [("Иван", "ivan@acme.example")]),
        ("[ivan@acme.example](mailto:Ivan@acme.example)", [("", "Ivan@acme.example")]),
        ("ivan@acme.example или anna@acme.example", [("", "ivan@acme.example"), ("", "anna@acme.example")]),
        ("+7 (495) 123-45-67", [("+7 (495) 123-45-67", "")]),
        ("84951234567 Иван", [("Иван, 84951234567", "")]),
        ("Иван +380 44 123 45 67", [("Иван, +380 44 123 45 67", "")]),
        ("без адреса", [("", "")]),
        ("Без адреса, Иван с рынка", [("Иван с рынка", "")]),
        ("без почты Иван", [("Иван", "")]),
        ("без пошти", [("", "")]),
        ("without an address", [("", "")]),
        ("Ромашка", []),
        ("без адресата", []),
        ("ooo-12", []),
        ("12345", []),
        ("@", []),
    ],
)
def test_whom_a_line_names(written: str, people: list[tuple[str, str]]) -> None:
    """Nobody means that the line asks about a client, or calls one by its key."""
    assert read_people(written) == tuple(Address(name=name, addr=addr) for name, addr in people)


@given(st.text(max_size=300))
def test_no_line_breaks_it(written: str) -> None:
    """A name is one line and short, whatever stands there."""
    for person in read_people(written):
        assert "\n" not in person.name
        assert len(person.name) <= MAX_NAME + 30
