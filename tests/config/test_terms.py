"""What an admin wrote reaches the clocks and the register as their values."""

from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maild.config.load import load_config
from maild.config.model import Organization
from maild.config.terms import (
    accounting_of,
    calendar_of,
    calendars_of,
    clients_of,
    levels_of,
    out_of_queue,
    quota_of,
    targets_of,
)
from maild.contracts.accounting import Policy, Unit
from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.sla.calendar import Calendar, Opening
from maild.sla.target import Audience, Hours, Mode, Moment, Target, Threshold
from tests.config.conftest import GOOD

NINE_TO_ONE, TWO_TO_SIX = Opening(start=time(9), end=time(13)), Opening(start=time(14), end=time(18))

BREACH = Threshold(text="0", offset=timedelta(0), to=(Audience.HEAD,))


def organization(folder: Path, text: str) -> Organization:
    good = GOOD.replace('name = "Acme"\n', 'name = "Acme"\nhead = "ivanov"\n')
    (folder / "config.toml").write_text(good + text.replace("[.", "[organization.acme."), "utf-8")
    return load_config(folder / "config.toml").config.organization["acme"]


def test_a_calendar(tmp_path: Path) -> None:
    """Spans come in the order of the day, days that are not named are off, and the organisation's zone is the default."""
    acme = organization(
        tmp_path,
        """
[.calendar.office]
holidays = "RU"
shorten_before_holidays = "1h"
confirmed_until = 2027-12-31
[.calendar.office.week]
mon-thu = ["14:00-18:00", "09:00-13:00"]
sun = "00:00-24:00"
[.calendar.office.days]
2026-12-31 = "off"
2027-02-20 = "working"
2027-02-27 = ["14:00-18:00", "09:00-13:00"]
[.calendar.kyiv]
zone = "Europe/Kyiv"
""",
    )
    workday, sunday = (NINE_TO_ONE, TWO_TO_SIX), (Opening(start=time(0), end=None),)
    office = Calendar(
        name="office",
        zone=ZoneInfo("Europe/Moscow"),
        week=(workday, workday, workday, workday, (), (), sunday),
        country="RU",
        shorten=timedelta(hours=1),
        own_days={date(2026, 12, 31): (), date(2027, 2, 20): None, date(2027, 2, 27): workday},
        confirmed_until=date(2027, 12, 31),
    )
    found = calendar_of(acme, "office")
    assert office == found
    assert (office.week, office.own_days, office.confirmed) == (found.week, found.own_days, found.confirmed)
    assert {"office": office, "kyiv": Calendar(name="kyiv", zone=ZoneInfo("Europe/Kyiv"), week=((),) * 7)} == (
        calendars_of(acme)
    )


def test_martial_law_holds_in_ukraine_unless_the_admin_says_otherwise(tmp_path: Path) -> None:
    """The law makes working days of Ukraine's holidays; a desk that closes on them says so; nobody else is concerned."""
    acme = organization(
        tmp_path,
        """
[.calendar.a]
holidays = "UA"
[.calendar.b]
holidays = "UA"
martial_law = true
[.calendar.c]
holidays = "UA"
martial_law = false
[.calendar.d]
holidays = "RU"
""",
    )
    assert [one.martial_law for one in calendars_of(acme).values()] == [True, True, False, False]


def test_targets(tmp_path: Path) -> None:
    """Every key arrives, one name or a list, and the order is that of the file."""
    acme = organization(
        tmp_path,
        """
[.calendar.office.week]
mon = "09:00-18:00"
[.level.base]
name = "B"
[.level.gold]
name = "G"
[.category.outage]
name = "O"
[.severity.critical]
name = "C"
out_of_queue = true
[.severity.low]
name = "L"
[.target.z]
start = "started"
until = "resolved"
within = "24h"
mode = "skip_days_off"
calendar = "office"
level = ["base", "gold"]
category = "outage"
severity = ["critical"]
hours = "round_the_clock"
up_to = "3d"
remind = ["50%", { at = "-1h30m", to = ["team", "manager"] }]
[.target.a]
until = "answered"
mode = "none"
""",
    )
    first, second = targets_of(acme)
    assert first == Target(
        name="z",
        start=Moment.STARTED,
        until=Moment.RESOLVED,
        within=timedelta(hours=24),
        mode=Mode.SKIP_DAYS_OFF,
        calendar="office",
        thresholds=(
            Threshold(text="50%", share=Fraction(1, 2)),
            Threshold(text="-1h30m", offset=-timedelta(minutes=90), to=(Audience.TEAM, Audience.MANAGER)),
            BREACH,
        ),
        up_to=timedelta(days=3),
        levels=frozenset({"base", "gold"}),
        categories=frozenset({"outage"}),
        severities=frozenset({"critical"}),
        hours=frozenset({Hours.ROUND_THE_CLOCK}),
    )
    assert second == Target(name="a", until=Moment.ANSWERED, mode=Mode.NONE, thresholds=(BREACH,))
    assert levels_of(acme) == {"base", "gold"}
    assert out_of_queue(acme) == {"critical"}


@pytest.mark.parametrize(
    ("remind", "told"),
    [
        pytest.param("", "0 head", id="nothing is said"),
        pytest.param('"50%"', "50% agent, 0 head", id="before the term only"),
        pytest.param('"0"', "0 agent head", id="at the term to the agent"),
        pytest.param('{ at = "0", to = "head" }', "0 head", id="at the term to the head"),
        pytest.param('"0", { at = "+1h", to = "head" }', "0 agent, +1h head", id="later to the head"),
        pytest.param('{ at = "-1h", to = "head" }', "-1h head, 0 head", id="the head before the term"),
        pytest.param('{ at = "50%", to = "head" }', "50% head, 0 head", id="the head at a share"),
        pytest.param('"+1h"', "+1h agent, 0 head", id="later to the agent"),
    ],
)
def test_the_head_hears_of_every_breach(tmp_path: Path, remind: str, told: str) -> None:
    """Where no reminder at the term or after it reaches the head, one at the term does."""
    text = f'[.target.t]\nuntil = "answered"\nmode = "none"\nremind = [{remind}]\n'
    (target,) = targets_of(organization(tmp_path, text))
    assert told == ", ".join(" ".join((one.text, *one.to)) for one in target.thresholds)


def test_clients_and_coupons(tmp_path: Path) -> None:
    """Named people come before bare addresses; periods come in order; a coupon knows whose it is."""
    acme = organization(
        tmp_path,
        """
[.level.base]
name = "B"
[.client.vasilek]
name = "Vasilek"
level = "base"
hours = "round_the_clock"
addresses = "info@v.example"
domains = "V.example"
agreements = ["12/2026"]
inn = "7707083893"
periods = [{ since = 2026-07-01 }, { since = 2025-01-01, until = 2025-12-31 }]
suspended = "no payment"
zone = "Europe/Kyiv"
manager = "ivanov"
package = { hours = "10h", requests = 3, carry_over = true, price = 99.5 }
contacts = [{ name = "Anna", address = "a@v.example", aliases = "b@v.example", specialist = true }]
coupons = [
    { code = "CODE-2", renews = "CODE-1", level = "base", hours = "round_the_clock", since = 2026-01-01, until = 2026-12-31, revoked = 2026-08-01 },
    "CODE-1",
]
[.client.landysh]
name = "Landysh"
until = 2026-12-31
""",
    )
    clients, coupons = clients_of(acme)
    assert clients == (
        Client(
            key="vasilek",
            name="Vasilek",
            level="base",
            hours=Hours.ROUND_THE_CLOCK,
            contacts=(
                Contact(name="Anna", addresses=("a@v.example", "b@v.example"), specialist=True),
                Contact(addresses=("info@v.example",)),
            ),
            domains=("v.example",),
            agreements=("12/2026",),
            inn="7707083893",
            periods=(Period(since=date(2025, 1, 1), until=date(2025, 12, 31)), Period(since=date(2026, 7, 1))),
            suspended="no payment",
            zone=ZoneInfo("Europe/Kyiv"),
            manager="ivanov",
            package=Package(hours=timedelta(hours=10), requests=3, carry_over=True, price=Decimal("99.5")),
        ),
        Client(key="landysh", name="Landysh", periods=(Period(until=date(2026, 12, 31)),)),
    )
    assert coupons == (
        Coupon(
            code="CODE-2",
            client="vasilek",
            level="base",
            hours=Hours.ROUND_THE_CLOCK,
            since=date(2026, 1, 1),
            until=date(2026, 12, 31),
            revoked=date(2026, 8, 1),
            renews="CODE-1",
        ),
        Coupon(code="CODE-1", client="vasilek"),
    )


def test_a_client_without_days_has_no_period(tmp_path: Path) -> None:
    """Nothing said means without a beginning and without an end."""
    clients, _ = clients_of(organization(tmp_path, '[.client.c]\nname = "C"\n'))
    assert clients == (Client(key="c", name="C"),)


def test_quotas_and_accounting(tmp_path: Path) -> None:
    """A level's own quota and package go before the organisation's; without [accounting] nothing is counted."""
    levels = """
[.level.base]
name = "B"
quota = 5
package = { hours = "10h" }
[.level.gold]
name = "G"
"""
    plain = organization(tmp_path, levels)
    assert [quota_of(plain, level) for level in ("base", "gold", "")] == [5, None, None]
    assert accounting_of(plain, "base") is None
    acme = organization(tmp_path, levels + '[.quota]\nper_month = 50\n[.accounting]\nstep = "1h"\nprice = 1500\n')
    assert [quota_of(acme, level) for level in ("base", "gold", "gone", "")] == [5, 50, 50, 50]
    package = Package(hours=timedelta(hours=10))
    counted = Policy(by=Unit.HOURS, step=timedelta(hours=1), price=Decimal(1500))
    assert accounting_of(acme, "gold") == accounting_of(acme, "") == counted
    assert accounting_of(acme, "base") == Policy(by=counted.by, step=counted.step, price=counted.price, package=package)
