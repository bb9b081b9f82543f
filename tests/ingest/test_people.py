"""People are named in text in more ways than in headers; what stands around a name is none of it."""

import pytest

from maild.ingest.clients.people import find_people, find_person, find_writer


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('12.11.2026, 10:15, "Анна Петрова" <anna@client.example>:', "Анна Петрова"),
        ('12.11.2026 10:15 пишет "Анна Петрова" <anna@client.example>:', "Анна Петрова"),
        ("On Thursday, Anna Berg <anna@client.example> wrote:", "Anna Berg"),
        ("12 Nov 2026 Anna Berg <anna@client.example>:", "Anna Berg"),
        ("Am 12.11.2026 um 10:15 schrieb Anna Berg <anna@client.example>:", "Anna Berg"),
        ("12.11.2026 10:15 von Anna Berg <anna@client.example>:", "Anna Berg"),
        ("12.11.2026 10:15 AM пользователь Анна Петрова <anna@client.example>:", "Анна Петрова"),
        ("12.11.2026 10:15 anna@client.example:", ""),
    ],
)
def test_writers(line: str, name: str) -> None:
    """The words before the address back to a date, a comma or a word that stands before names."""
    found = find_writer(line)
    assert (found.name, found.address and found.address.addr) == (name, "anna@client.example")


@pytest.mark.parametrize(("length", "kept"), [(120, True), (121, False)])
def test_names_are_no_sentences(length: int, kept: bool) -> None:
    """A name of 120 characters is one still."""
    assert find_person(f"{'а' * length} <anna@client.example>").name == ("а" * length if kept else "")


def test_people_between_semicolons_and_commas() -> None:
    """A comma inside a word parts nobody."""
    assert [one.name for one in find_people("Анна; Борис,Орлов, Пётр;Иван")] == ["Анна", "Борис,Орлов", "Пётр", "Иван"]
