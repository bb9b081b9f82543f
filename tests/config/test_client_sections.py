"""Clients, contacts and coupons that do not fit together are told; no coupon is ever shown whole."""

from collections.abc import Callable

import pytest

from maild.config.render import render_problems
from maild.errors import Problem
from tests.config.conftest import GOOD

ProblemsOf = Callable[..., list[Problem]]
ORG = "organization.acme"
VASILEK, LANDYSH = f"{ORG}.client.vasilek", f"{ORG}.client.landysh"
CODE, NEXT = "W3FC-9KTH-4XM6", "H7KT-4CX2-P9M4"

DESK = (
    GOOD
    + f"""
[organization.acme.level.base]
name = "Base"

[organization.acme.client.vasilek]
name = "Vasilek"
level = "base"
addresses = ["info@vasilek.example"]
domains = ["vasilek.example"]
agreements = "ВС-12/2026"
inn = "7707083893"
manager = "ivanov"
contacts = [{{ name = "Anna", address = "anna@vasilek.example", aliases = ["anna@home.example"], specialist = true }}]
coupons = [{{ code = "{CODE}", until = 2026-06-30 }}, {{ code = "{NEXT}", renews = "{CODE}", since = 2026-07-01 }}]
"""
)
COUPONS = next(line for line in DESK.splitlines() if line.startswith("coupons"))


def landysh(text: str) -> str:
    return f'\n[{LANDYSH}]\nname = "Landysh"\n{text}\n'


def coupons(*tables: str) -> str:
    return "coupons = [" + ", ".join(f"{{ {table} }}" for table in tables) + "]"


# (what is replaced, by what; key; words). "$" stands for the end of the file.
CASES = [
    pytest.param("$", landysh('addresses = "Info@Vasilek.example"'), f"{LANDYSH}.addresses.0", f"{VASILEK}.addresses.0 (config.toml:25)", id="address of two clients"),
    pytest.param("$", landysh('addresses = "anna@home.example"'), f"{LANDYSH}.addresses.0", f"{VASILEK}.contacts.0.aliases.0", id="address that is an alias"),
    pytest.param("$", landysh('contacts = [{ address = "a@b.example", aliases = ["anna@vasilek.example"] }]'), f"{LANDYSH}.contacts.0.aliases.0", "each address with one client", id="alias that is an address"),
    pytest.param("anna@home.example", "info@vasilek.example", f"{VASILEK}.contacts.0.aliases.0", "each address once", id="address twice at one client"),
    pytest.param('"anna@home.example"', '"an@ya.ru", "an@yandex.ru"', f"{VASILEK}.contacts.0.aliases.1", "each address once", id="one box under two names"),
    pytest.param("$", landysh('domains = ["x.example", "VASILEK.example"]'), f"{LANDYSH}.domains.1", "the domain vasilek.example", id="domain of two clients"),
    pytest.param("$", landysh('domains = "gmail.com"'), f"{LANDYSH}.domains.0", "anybody may have an address", id="public provider"),
    pytest.param("$", landysh('domains = "spb.ru"'), f"{LANDYSH}.domains.0", "below which anybody", id="public suffix"),
    pytest.param("$", landysh('domains = "isp.example"') + f'[{ORG}.identity]\npublic_domains = "ISP.example"\n', f"{LANDYSH}.domains.0", "in `addresses`", id="provider of our own list"),
    pytest.param("$", landysh('agreements = ["A-1", "BC 12/2026"]'), f"{LANDYSH}.agreements.1", "look alike", id="agreement of two clients, in Latin letters"),
    pytest.param("$", landysh('inn = "7707083893"'), f"{LANDYSH}.inn", "the INN 7707083893", id="INN of two clients"),
    pytest.param(COUPONS, f'coupons = ["{CODE}", "{CODE.lower()}"]', f"{VASILEK}.coupons.1", "the coupon …4xm6, which", id="coupon twice"),
    pytest.param("anna@home.example", "Support@acme.example", f"{VASILEK}.contacts.0.aliases.0", f"{ORG}.mailbox.support.address (config.toml:8)", id="client is a support address"),
    pytest.param("anna@home.example", "ivanov@acme.example", f"{VASILEK}.contacts.0.aliases.0", f"{ORG}.agent.ivanov.address (config.toml:17)", id="client is an agent"),
    pytest.param('name = "Anna", ', "", f"{VASILEK}.contacts.0.specialist", "by which the contract names them", id="specialist without a name"),
    pytest.param('level = "base"', 'level = "bass"', f"{VASILEK}.level", 'Did you mean "base"?', id="unknown level"),
    pytest.param("until = 2026-06-30", 'level = "gold"', f"{VASILEK}.coupons.0.level", "there is base", id="unknown level of a coupon"),
    pytest.param("$", f'\n[{ORG}.identity]\nunknown_level = "free"\n', f"{ORG}.identity.unknown_level", f"Add a table [{ORG}.level.free]", id="unknown level of the unknown"),
    pytest.param('manager = "ivanov"', 'manager = "petrova"', f"{VASILEK}.manager", "there is ivanov", id="unknown manager"),
    pytest.param('manager = "ivanov"', "since = 2026-02-02\nuntil = 2026-02-01", f"{VASILEK}.until", "before `since` (2026-02-02)", id="contract runs backwards"),
    pytest.param("until = 2026-06-30", "since = 2026-07-02, until = 2026-07-01", f"{VASILEK}.coupons.0.until", "2026-07-01", id="coupon runs backwards"),
    pytest.param('manager = "ivanov"', "periods = [{ since = 2026-02-02, until = 2026-02-01 }]", f"{VASILEK}.periods.0.until", "a last day", id="period runs backwards"),
    pytest.param('manager = "ivanov"', "since = 2026-01-01\nperiods = [{ since = 2026-02-02 }]", f"{VASILEK}.periods", "one of the two ways", id="period and periods"),
    pytest.param('manager = "ivanov"', "periods = [{ since = 2026-02-01 }, { until = 2026-02-01 }]", f"{VASILEK}.periods.0", f"overlaps {VASILEK}.periods.1", id="periods share a day"),
    pytest.param('manager = "ivanov"', "periods = [{ since = 2026-01-01 }, { since = 2026-02-01 }]", f"{VASILEK}.periods.1", "without an end", id="first period without an end"),
    pytest.param('manager = "ivanov"', "periods = [{ until = 2026-01-01 }, { until = 2026-02-01 }]", f"{VASILEK}.periods.1", "without a beginning", id="last period without a beginning"),
    pytest.param(f'renews = "{CODE}"', 'renews = "AAAA-BBBB"', f"{VASILEK}.coupons.1.renews", "that is not listed", id="renews an unknown coupon"),
    pytest.param("$", landysh(coupons(f'code = "OTHER-1", renews = "{NEXT}"')), f"{LANDYSH}.coupons.0.renews", f"of another client ({VASILEK}.coupons.1", id="renews another client's coupon"),
    pytest.param(COUPONS, coupons(f'code = "{CODE}"', f'code = "{NEXT}", renews = "{CODE}"', f'code = "OTHER-1", renews = "{CODE.lower()}"'), f"{VASILEK}.coupons.2.renews", f"{VASILEK}.coupons.1 (config.toml:31) renews already", id="renewed twice"),
    pytest.param(COUPONS, coupons(f'code = "{CODE}", renews = "{CODE}"'), f"{VASILEK}.coupons.0.renews", "which renews itself", id="renews itself"),
    pytest.param(COUPONS, coupons(f'code = "{CODE}", renews = "{NEXT}"', f'code = "{NEXT}", renews = "{CODE}"'), f"{VASILEK}.coupons.0.renews", "by way of …P9M4", id="circle of two"),
    pytest.param('manager = "ivanov"', "package = { price = 100 }", f"{VASILEK}.package", "paid beforehand", id="empty package"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), CASES)
def test_clients_that_do_not_fit_together(problems_of: ProblemsOf, *, old: str, new: str, key: str, words: str) -> None:
    """Each contradiction is told once, at the key to change, and shows no coupon."""
    text = DESK + new if old == "$" else DESK.replace(old, new, 1)
    assert text != DESK
    (problem,) = problems_of(text)
    assert key == problem.key
    assert words in str(problem)
    assert CODE not in render_problems([problem])


def test_subaddresses_of_support_are_ours_where_they_reach_the_mailbox(problems_of: ProblemsOf) -> None:
    """With `subaddress`, a client at support+anna@ would be ourselves."""
    text = DESK.replace("anna@home.example", "Support+anna@acme.example")
    (problem,) = problems_of(text.replace('address = "support@', 'subaddress = true\naddress = "support@', 1))
    assert f"{VASILEK}.contacts.0.aliases.0" == problem.key
    assert f"{ORG}.mailbox.support.address" in problem.found


@pytest.mark.parametrize("spelling", ["w3fc9kth4xm6", "W3FС-9КТН-4ХМ6", "W3FC 9KTH 4XM6", "Ｗ3FC—9KTH—4XM6"])
def test_a_coupon_is_the_same_in_every_spelling(problems_of: ProblemsOf, spelling: str) -> None:
    """Case, dashes, spaces and Cyrillic look-alikes make no other coupon: a letter could not tell them apart."""
    (problem,) = problems_of(DESK + landysh(coupons(f'code = "{spelling}"')))
    assert f"{LANDYSH}.coupons.0" == problem.key
    assert f"{VASILEK}.coupons.0" in problem.found


def test_a_domain_is_the_same_in_both_spellings(problems_of: ProblemsOf) -> None:
    """What DNS is asked for decides."""
    punycode = "ландыш.рф".encode("idna").decode()
    text = DESK.replace('["vasilek.example"]', '["ландыш.рф"]') + landysh(f'domains = "{punycode}"')
    (problem,) = problems_of(text)
    assert f"{LANDYSH}.domains.0" == problem.key


def test_long_chains_and_circles(problems_of: ProblemsOf) -> None:
    """A chain of a thousand renewals is read once; a circle of them is told once, by a few of its coupons."""
    chain = [f'code = "CODE-{n}", renews = "CODE-{n + 1}"' for n in range(1000)]
    assert problems_of(DESK + landysh(coupons(*chain, 'code = "CODE-1000"'))) == []
    (problem,) = problems_of(DESK + landysh(coupons(*chain, 'code = "CODE-1000", renews = "CODE-0"')))
    assert f"{LANDYSH}.coupons.0.renews" == problem.key
    assert " and 995 more, expected" in str(problem)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("$", "", id="as it is"),
        pytest.param("$", landysh('addresses = ["info@mail.ru", "a@mail.vasilek.example"]\ndomains = "mail.vasilek.example"'), id="address at a provider, domain below another's"),
        pytest.param("$", landysh('inn = "500100732259"\nagreements = ["12/2026", "1/22026"]'), id="numbers that differ by a stroke"),
        pytest.param("$", landysh('agreements = "7707083893"'), id="agreement with the digits of another's INN"),
        pytest.param("anna@home.example", "support+anna@acme.example", id="plus address that is not ours"),
        pytest.param("$", landysh('contacts = [{ name = "Anna", address = "a@b.example", specialist = true }]'), id="two specialists of one name"),
        pytest.param('manager = "ivanov"', "since = 2026-02-01\nuntil = 2026-02-01", id="contract of one day"),
        pytest.param('manager = "ivanov"', "periods = [{ since = 2026-02-02 }, { until = 2026-02-01 }]", id="periods that touch, in any order"),
        pytest.param(COUPONS, 'coupons = ["ABCDE", "Купон №12345"]', id="short forms of coupons from elsewhere"),
        pytest.param("$", f'\n[[{LANDYSH}.coupons]]\ncode = "OTHER-1"\n[[{LANDYSH}.coupons]]\ncode = "OTHER-2"\n[{LANDYSH}]\nname = "L"\n', id="coupons as tables"),
        pytest.param(
            "$",
            '\n[organization.b]\nname = "B"\nnumber_prefix = "B"\n[organization.b.mailbox.x]\naddress = "x@b.example"\n'
            '[organization.b.client.c]\nname = "C"\naddresses = ["info@vasilek.example", "ivanov@acme.example"]\ncoupons = ["W3FC-9KTH-4XM6"]\n',
            id="another organisation's client",
        ),
    ],
)  # fmt: skip
def test_clients_that_fit(problems_of: ProblemsOf, old: str, new: str) -> None:
    """The other side of each edge is accepted."""
    text = DESK + new if old == "$" else DESK.replace(old, new, 1)
    assert problems_of(text) == []


@pytest.mark.parametrize(
    "coupons",
    [
        pytest.param(f'[{{ code = "{CODE}", levl = "x" }}]', id="misspelt key beside it"),
        pytest.param(f'[{{ cod = "{CODE}" }}]', id="misspelt key before it"),
        pytest.param(f'[{{ code = "{CODE}", since = "soon" }}]', id="bad value beside it"),
        pytest.param(f'[\n"{CODE}",\n"{CODE}",\n]', id="twice, each on a line"),
        pytest.param(f'[\n"{CODE}", {{ level = "gold" }},\n]', id="table without a code on its line"),
        pytest.param(f'[\n"{CODE}", {{ code = "OTHER-1", level = "gold" }},\n]', id="unknown level on its line"),
        pytest.param(f'"{CODE}"', id="no list"),
        pytest.param(f'[["{CODE}"]]', id="list of lists"),
        pytest.param(f'["{CODE}-{CODE}-{CODE}"]', id="too long"),
        pytest.param(f'[{{ code = "OTHER-1", renews = "{CODE}" }}]', id="renews an unknown one"),
        pytest.param(f'[{{ code = "OTHER-1", renews = ["{CODE}"] }}]', id="renews a list"),
        pytest.param(f'["{CODE}" "OTHER-1"]', id="no comma"),
        pytest.param(f'[\n"{CODE}"\n"OTHER-1"]', id="no comma at a line's end"),
        pytest.param(f'["{CODE}]', id="no closing quote"),
        pytest.param(f'["OTHER-1"]\ncoupon = "{CODE}"', id="misspelt list"),
        pytest.param(
            f'["OTHER-1"]\n[organization.acme]\nclient.x = {{ name = "X", level = "y", coupons = ["{CODE}"] }}',
            id="on one line with its client",
        ),
    ],
)
def test_a_broken_coupon_is_not_shown(problems_of: ProblemsOf, coupons: str) -> None:
    """Whatever is wrong with it, or beside it: who reads the problem could be served with a coupon."""
    problems = problems_of(GOOD + landysh(f"coupons = {coupons}"))
    assert problems
    assert "9KTH" not in render_problems(problems)
    assert "9KTH" not in "".join(map(str, problems))


def test_what_stands_beside_a_coupon_is_shown(problems_of: ProblemsOf) -> None:
    """A bad date or level is shown as it is; of a code, enough to find it."""
    text = f'[[{LANDYSH}.coupons]]\ncode = "{CODE}-{CODE}-{CODE}"\nhours = "always"\nsince = "soon"\n'
    problems = problems_of(GOOD + landysh("") + text)
    assert [problem.found for problem in problems] == ['"…4XM6"', '"always"', '"soon"']
    assert '│ since = "soon"' in render_problems(problems)


def test_a_broken_contact_does_not_hide_the_rest_of_its_client(problems_of: ProblemsOf) -> None:
    """Of a list with a table that lacks a key only the list is left out of further checks."""
    problems = problems_of(DESK + landysh('contacts = [{ name = "Olga" }]\ninn = "7707083893"'))
    assert [f"{LANDYSH}.contacts.0.address", f"{LANDYSH}.inn"] == [problem.key for problem in problems]
