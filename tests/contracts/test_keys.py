"""What the register stores of a client, and what a letter is searched for, meet."""

import pytest

from maild.contracts.client import Client, Contact
from maild.contracts.keys import Evidence, client_keys, inn_key, name_keys, organization_key


def register(name: str) -> set[str]:
    contact = Contact(name=name, specialist=True)
    keys = client_keys(Client(key="a", name="", contacts=(contact,)))
    return {key for kind, key in keys if kind is Evidence.SPECIALIST}


MEET = [
    ("Петров Пётр Петрович", "Петров Петр"),
    ("Петров Пётр Петрович", "Пётр Петров"),
    ("Петров Пётр Петрович", "Пётр Петрович Петров"),
    ("Петров Пётр Петрович", "Петров П. П."),
    ("Петров Пётр Петрович", "П.П. Петров"),
    ("Петров Пётр Петрович", "ПЕТРОВ ПЁТР ПЕТРОВИЧ"),
    ("Пётр Петров", "Петров П."),
    ("Петров П. П.", "Петров П.П."),
    ("Петров П. П.", "Петров Пётр Петрович"),
    ("Петров П. П.", "Пётр Петров"),
    ("Коваль-Ткач Мар'яна Олексіївна", "Мар’яна Коваль-Ткач"),
    ("Anna Petrova", "Petrova, Anna"),
    ("Anna Petrova", "A. Petrova"),
    ("Petrov Petr Petrovich", "Petr Petrovich Petrov"),
    ("Petrova Anna Ivanovna", "Anna Petrova"),
    ("Иванова Анна Мария", "Анна Иванова"),  # of three words that are no patronymic the first two
]


@pytest.mark.parametrize(("stored", "written"), MEET)
def test_names_meet(stored: str, written: str) -> None:
    """A person is found whichever word comes first, with or without a patronymic, by initials."""
    assert register(stored) & set(name_keys(written))


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("Петров Пётр Петрович", "Павел Петров"),  # both are П. Петров
        ("Петров Пётр Петрович", "Петров С. П."),
        ("Петров Пётр Петрович", "Пётр Петрович"),
        ("Петров Пётр Петрович", "Петров"),
        ("Петров Пётр Петрович", "П. П."),
        ("Петров П. П.", "Сергей Петров"),
        ("Петров", "Петров"),
        ("Петров Пётр Петрович", "Петрова Пётр"),
        ("Пётр Петров", "Пётр Сидоров"),
    ],
)
def test_names_part(stored: str, written: str) -> None:
    """Two people of one surname are two, and a surname alone is nobody."""
    assert not register(stored) & set(name_keys(written))


@pytest.mark.parametrize(
    "name",
    ["ООО «Ромашка»", "ООО Ромашка", "«РОМАШКА», ООО", 'Общество с ограниченной ответственностью "Ромашка"', "Ромашка", "ТОВ Ромашка", "ромашка ООО."],
)  # fmt: skip
def test_organizations(name: str) -> None:
    """The legal form is no part of what an organisation is called."""
    assert organization_key(name) == organization_key("Ромашка") != ""


def test_organizations_differ() -> None:
    """What is left tells them apart; a bare legal form is nobody's name."""
    assert organization_key("ООО Ромашка-2") != organization_key("ООО Ромашка")
    assert organization_key("ООО") == organization_key("") == ""
    assert organization_key("Co Ltd Romashka Co., Ltd.") == organization_key("Romashka")


def test_client() -> None:
    """A client is known by everything the register has, the first address of a person apart from the others."""
    client = Client(
        key="a", name="ООО «Ромашка»", agreements=("№ 12/2025-ТП",), inn="7707 083893",
        contacts=(Contact(name="Пётр Петров", addresses=("p@a.ru", "P2@A.ru"), specialist=True), Contact(name="Анна Иванова", addresses=("p@a.ru",))),
        domains=("A.ru", "gmail.com", "com.ru", "yandex.kz", "фирма.рф"),
    )  # fmt: skip
    keys = client_keys(client)
    assert len(keys) == len(set(keys))
    assert [key for kind, key in keys if kind is Evidence.ADDRESS] == ["p@a.ru"]
    assert [key for kind, key in keys if kind is Evidence.ALIAS] == ["p2@a.ru"]
    assert [key for kind, key in keys if kind is Evidence.DOMAIN] == ["a.ru", "фирма.рф".encode("idna").decode()]
    assert [key for kind, key in keys if kind is Evidence.INN] == ["7707083893"] == [inn_key("7707083893")]
    assert not {key for kind, key in keys if kind is Evidence.SPECIALIST} & set(name_keys("Анна Иванова"))
    assert client_keys(Client(key="b", name="")) == ()
