"""The small types: what is accepted, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.register import parse_agreement, parse_inn
from maild.config.types import (
    format_duration,
    parse_address,
    parse_code,
    parse_country,
    parse_domain,
    parse_duration,
    parse_flag,
    parse_host,
    parse_prefix,
    parse_price,
    parse_size,
    parse_slug,
    parse_zone,
)


@given(st.integers(0, 3650 * 86400).map(lambda seconds: timedelta(seconds=seconds)))
def test_durations_survive_a_round_trip(duration: timedelta) -> None:
    """What is shown can be written."""
    assert duration == parse_duration(format_duration(duration))


@pytest.mark.parametrize(
    ("parse", "good"),
    [
        (parse_duration, {"1h30m": timedelta(hours=1.5), "25h": timedelta(hours=25), "90s": timedelta(seconds=90)}),
        (
            parse_size,
            {
                "300KB": 300_000,
                "50 MB": 50_000_000,
                "1B": 1,
                7: 7,
                "5.5MB": 5_500_000,
                "0.5 KB": 500,
                "1.005GB": 1_005_000_000,
            },
        ),
        (parse_address, {value: value for value in ("a@b", "a.b+c@почта.рф", "root@localhost")}),
        (
            parse_host,
            {value: value for value in ("localhost", "mail_1", "xn--e1afmkfd.example", "127.0.0.1", "::1", "почта.рф")},
        ),
        (parse_domain, {"Example.org": "example.org", "@a.b": "a.b", "почта.рф": "почта.рф"}),
        (parse_country, {"": "", "RU": "RU"}),
        (parse_price, {0: Decimal(0), 1500: Decimal(1500), 99.9: Decimal("99.9"), "1500.50": Decimal("1500.50")}),
        (parse_code, {"ABCDE": "ABCDE", " a-b-c-d-e ": "a-b-c-d-e", "x" * 40: "x" * 40, "Купон №5": "Купон №5"}),
        (parse_inn, {value: value for value in ("7707083893", "7736050003", "500100732259")}),
        (parse_agreement, {value: value for value in ("12/2026", "№5", "ВС 12-а")}),
        (parse_slug, {"a": "a", "a" * 32: "a" * 32, "a-b_1": "a-b_1"}),
        (parse_prefix, {"T": "T", "A1": "A1"}),
        (parse_flag, {"\\Seen": "\\Seen", "$Junk": "$Junk", "Maild-1": "Maild-1"}),
    ],
)
def test_accepted(parse: Callable[[Any], Any], good: dict[Any, Any]) -> None:
    """Each spelling gives its value."""
    assert good == {text: parse(text) for text in good}


@pytest.mark.parametrize(
    ("parse", "bad"),
    [
        (parse_duration, ["", "5", "m", "5 m", "5M", "-5m", "1.5h", "٥m", 5, True, None]),
        (
            parse_size,
            [
                "",
                "0MB",
                "0.0MB",
                "-1",
                0,
                -1,
                True,
                "5Mb",
                "5MiB",
                "1.5B",
                "05MB",
                "5.MB",
                ".5MB",
                "5,5MB",
                "1.2345GB",
                5.5,
                None,
            ],
        ),
        (
            parse_address,
            [
                "",
                "a",
                "@b",
                "a@",
                "a b@c",
                "a@b c",
                "A <a@b>",
                "a@b\n",
                "a@b,c@d",
                ".a@b",
                "a..b@c",
                "a@b..c",
                "я@b.ru",
            ],
        ),
        (
            parse_host,
            [
                "",
                "a:993",
                "imaps://a",
                "a/b",
                "a b",
                "cafe:993",
                "-a",
                "mail..example.org",
                "a" * 64 + ".b",
                "я" * 60 + ".рф",
                "u:p@a",
                5,
                None,
            ],
        ),
        (
            parse_domain,
            ["", "a", "a..b", "@", "a@b.c", "http://a.b", "a b.c", ".a.b", "a.b.", "-a.b", "a" * 250 + ".org", 5, None],
        ),
        (parse_country, ["ru", "R", "RUS", "РУ", "RU\n", 7, None]),
        (
            parse_price,
            ["", "1 500", "1500 ₽", "1,5", "1e3", -1, 1e300, float("nan"), float("inf"), True, None, "1" * 13, 0.00001],
        ),
        (parse_code, ["", "ABCD", "a-b-c-d", "-----", "x" * 41, "ABC\nDE", "АБВ\u2028ГДЕ", 12345, None]),
        (
            parse_inn,
            [
                "",
                "0000000000",
                "770708389",
                "77070838930",
                "7707083890",
                "500100732258",
                "500100732269",
                "７707083893",
                7707083893,
                None,
            ],
        ),
        (parse_agreement, ["", "б/н", "1" * 101, "12\n26", 12, None]),
        (parse_slug, ["", "A", "1a", "я", "a b", "a" * 33, "a.b", "a\n"]),
        (parse_prefix, ["", "t", "1", "A-B", "Т", "A" * 11, "A\n"]),
        (parse_flag, ["", "\\", "\\Foo", "a b", "a(", 'a"', "я", "a\n"]),
        (parse_zone, ["", "Moscow", "../etc/passwd", "/etc/passwd", 3]),
    ],
)
def test_refused(parse: Callable[[Any], Any], bad: list[object]) -> None:
    """Each is refused with a ValueError that says what is expected."""
    for value in bad:
        with pytest.raises(ValueError, match=r"\w+"):
            parse(value)
