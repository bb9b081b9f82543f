"""Which domains tell of a client, and which are anybody's."""

import pytest

from maild.contracts.providers import (
    address_key,
    domain_key,
    find_client_domains,
    is_public_provider,
    is_public_suffix,
    without_subaddress,
)


@pytest.mark.parametrize(
    "domain",
    """gmail.com googlemail.com mail.ru bk.ru inbox.ru list.ru internet.ru ya.ru yandex.ru yandex.ua yandex.com yandex.com.tr rambler.ru lenta.ru
    ro.ru myrambler.ru autorambler.ru ukr.net i.ua meta.ua bigmir.net outlook.com outlook.de hotmail.com hotmail.co.uk live.com icloud.com me.com
    yahoo.com yahoo.co.jp proton.me protonmail.com gmx.de gmx.net qq.com web.de tut.by GMAIL.COM mail.ru.""".split(),
)
def test_providers(domain: str) -> None:
    """A public provider is nobody's domain, however it is spelt."""
    assert is_public_provider(domain)
    assert find_client_domains(domain) == ()


@pytest.mark.parametrize(
    "domain", "client.ru corp.mail.ru yandex-team.ru gmail.com.client.ru mail.client.ru notgmail.com outlook.client.com live.client.ru proton.ru".split()
)  # fmt: skip
def test_not_providers(domain: str) -> None:
    """A company's domain is its own, whatever it contains."""
    assert not is_public_provider(domain)
    assert find_client_domains(domain)[0] == domain


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("client.ru", ["client.ru"]),
        ("sub.client.ru", ["sub.client.ru", "client.ru"]),
        ("a.b.client.com.ua", ["a.b.client.com.ua", "b.client.com.ua", "client.com.ua"]),
        ("client.spb.ru", ["client.spb.ru"]),
        ("client.msk.ru", ["client.msk.ru"]),
        ("mail.firma.kiev.ua", ["mail.firma.kiev.ua", "firma.kiev.ua"]),
        ("firm.co.uk", ["firm.co.uk"]),
        ("firm.com.br", ["firm.com.br"]),
        ("client.org.xn--p1ai", ["client.org.xn--p1ai"]),
        ("x.mail.ru", ["x.mail.ru"]),
        ("Почта.Клиент.РФ", ["xn--80a1acny.xn--e1affem4a.xn--p1ai", "xn--e1affem4a.xn--p1ai"]),
        ("1.2.3.4.5.6.client.ru", ["1.2.3.4.5.6.client.ru", "4.5.6.client.ru", "5.6.client.ru", "6.client.ru", "client.ru"]),
        *((nobody, []) for nobody in ("", "ru", "com.ru", "spb.ru", "msk.ru", "org.ua", "com.ua", "kiev.ua", "co.uk", "localhost", "[192.0.2.1]", "192.0.2.1", "x" * 300 + ".ru", "..")),
    ],
)  # fmt: skip
def test_domains(domain: str, found: list[str]) -> None:
    """A domain leads to itself and those above it, never to one under which anybody may register."""
    assert list(find_client_domains(domain)) == found


def test_a_long_name_is_bounded() -> None:
    """A stranger's domain of a hundred labels leads to six keys."""
    assert len(find_client_domains(".".join("abcdefghij" * 10) + ".client.ru")) <= 6
    assert find_client_domains("ж." * 100_000 + "ru") == ()
    assert len(address_key("a" * 1_000_000 + "@" + "ж" * 1_000_000)) < 600


@pytest.mark.parametrize(
    ("addr", "key", "plain"),
    [
        ("Anna@Client.RU", "anna@client.ru", "anna@client.ru"),
        (" anna+crm@client.ru ", "anna+crm@client.ru", "anna@client.ru"),
        ("+7916@client.ru", "+7916@client.ru", "+7916@client.ru"),
        ("anna@ya.ru", "anna@yandex.ru", "anna@yandex.ru"),
        ("anna@yandex.kz", "anna@yandex.ru", "anna@yandex.ru"),
        ("anna@googlemail.com", "anna@gmail.com", "anna@gmail.com"),
        ("инфо@почта.рф", "инфо@xn--80a1acny.xn--p1ai", "инфо@xn--80a1acny.xn--p1ai"),
        ('"a@b"@client.ru', '"a@b"@client.ru', '"a@b"@client.ru'),
    ],
)
def test_addresses(addr: str, key: str, plain: str) -> None:
    """One box has one key, under each name its provider gives it; a subaddress can be taken off."""
    assert address_key(addr) == key
    assert without_subaddress(key) == plain
    assert address_key(key) == key


def test_suffixes() -> None:
    """Only a registry's name is one, not a company's of the same beginning."""
    assert is_public_suffix("com.ua")
    assert is_public_suffix("odessa.ua")
    assert not is_public_suffix("odessa.ru")
    assert not is_public_suffix("company.com")
    assert not is_public_suffix("com.client.ru")
    assert domain_key("@Client.RU.") == "client.ru"
