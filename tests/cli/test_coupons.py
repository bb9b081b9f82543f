"""`maild coupon`: codes issued, renewed, revoked and listed; whole codes in two places only."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.contracts.coupons import has_valid_check
from tests.cli.call import call
from tests.daemon.desk import Desk

TODAY = datetime.now(ZoneInfo("Europe/Moscow")).date()
YEAR = timedelta(days=365)
LATIN, CYRILLIC = "ACEHKMOPTX", "АСЕНКМОРТХ"


def issue(*options: str) -> str:
    """Issue one coupon to vasilek and return its code."""
    done = call("coupon", "issue", "vasilek", *options)
    assert done.status == 0, done
    return done.out.splitlines()[0]


def states(*options: str) -> dict[str, str]:
    return {one["code"]: one["state"] for one in call("coupon", "list", "--codes", "--json", *options).json}


def test_a_coupon_is_issued(served: Desk) -> None:
    """The whole code on a line of its own, then what it grants; as many as are asked for, none alike."""
    until = TODAY + YEAR
    done = call("coupon", "issue", "VASILEK", "--level", "base", "--hours", "round_the_clock",
                "--until", f"{until:%d.%m.%Y}", "--count", "3")  # fmt: skip
    *codes, told = done.out.splitlines()
    assert len(set(codes)) == 3
    assert all(has_valid_check(code) for code in codes)
    assert told == f"for client vasilek (ООО «Василёк»): {TODAY} – {until}, round the clock, level base"
    listed = [one for one in call("coupon", "list", "--codes", "--json").json if one["code"] in codes]
    assert len(listed) == 3
    for one in listed:
        assert (one["level"], one["hours"], one["since"], one["until"], one["state"], one["source"]) == (
            "base", "round_the_clock", str(TODAY), str(until), "valid", "issued",
        )  # fmt: skip


def test_a_coupon_has_what_its_client_has(served: Desk) -> None:
    """Unless told otherwise: the client's level and hours, from today on, without an end."""
    served.write(
        tail=served.tail.replace('level = "extended"\naddr', 'level = "extended"\nhours = "round_the_clock"\naddr')
    )
    told = call("coupon", "issue", "vasilek", "--json").json["coupons"]
    assert [(one["level"], one["hours"], one["since"], one["until"]) for one in told] == [
        ("", "round_the_clock", str(TODAY), None)
    ]


def test_a_coupon_of_one_day(served: Desk) -> None:
    """First and last day are both included, so they may be one: today, or one to come."""
    for day in (TODAY, TODAY + YEAR):
        code = issue("--since", f"{day}", "--until", f"{day}")
        assert states()[code] == ("valid" if day == TODAY else "not-yet-valid")


def test_a_coupon_that_grants_nothing_for_now(served: Desk) -> None:
    """It is issued all the same, and whoever issues it is told why."""
    done = call("coupon", "issue", "debtor")
    assert done.status == 0
    assert "Mind: for now it grants nothing, for the client is suspended: нет оплаты." in done.out
    assert "Mind" not in call("coupon", "issue", "vasilek").out


REFUSED = [
    ("coupon issue nobody", 1, "there is no client nobody: `maild client list` shows all"),
    ("coupon issue vasilek --level gold", 1, "there is no level gold; there are: base, extended"),
    ("coupon issue vasilek --since 2030-02-02 --until 2030-02-01", 2, "last day 2030-02-01 is before its first day"),
    ("coupon issue vasilek --since 2020-01-01 --until 2020-12-31", 2, "2020-12-31 is over already"),
    ("coupon issue vasilek --until 31.02.2030", 2, '"31.02.2030" is no day: write 2026-12-31 or 31.12.2026'),
    ("coupon issue vasilek --hours always", 2, "'working', 'round_the_clock'"),
    ("coupon issue vasilek --count 0", 2, "greater than or equal to 1"),
    ("coupon renew 7KQ4-MX2P-9TR6", 1, "there is no coupon …9TR6, its check character says that it was mistyped"),
    ("coupon revoke WELCOME", 1, "there is no coupon …ME: `maild coupon list --codes` shows all"),
    ("coupon revoke 7KQ4-MX2P-9TR5", 1, "coupon …9TR5 stands in the configuration: set its `revoked` there"),
    ("coupon list --client nobody", 1, "there is no client nobody: `maild client list` shows all"),
]


@pytest.mark.parametrize(("command", "status", "words"), REFUSED, ids=[command for command, *_ in REFUSED])
def test_what_cannot_be(served: Desk, command: str, status: int, words: str) -> None:
    """A clear word about what is wrong and what to do, and nothing is changed."""
    before = call("coupon", "list", "--json").json
    done = call(*command.split())
    assert (done.status, done.out) == (status, "")
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert call("coupon", "list", "--json").json == before


SPELLINGS = {
    "small": str.lower,
    "without dashes": lambda code: code.replace("-", ""),
    "with spaces": lambda code: f" {code.replace('-', '  ')} ",
    "Cyrillic": lambda code: code.translate(str.maketrans(LATIN, CYRILLIC)),
    "long dashes": lambda code: code.replace("-", "–"),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_any_spelling_is_the_same_coupon(served: Desk, spell: object) -> None:
    """Case, spaces, dashes and look-alike letters do not matter."""
    assert callable(spell)
    code = issue()
    assert call("coupon", "revoke", spell(code)).status == 0
    assert states()[code] == "revoked"


def test_a_coupon_is_renewed_by_a_like_one(served: Desk) -> None:
    """Level, hours and length of the term are the old one's, the term goes on where the old one ends; one chain."""
    old = issue("--level", "base", "--hours", "round_the_clock", "--until", f"{TODAY + timedelta(days=9)}")
    done = call("coupon", "renew", old.lower())
    new, told = done.out.splitlines()
    assert told.startswith(f"for client vasilek (ООО «Василёк») in the place of …{old[-4:]}: {TODAY} – ")
    [one] = [one for one in call("coupon", "list", "--codes", "--json").json if one["code"] == new]
    until = TODAY + timedelta(days=19)
    assert (one["level"], one["hours"], one["since"], one["until"]) == (
        "base",
        "round_the_clock",
        str(TODAY),
        str(until),
    )
    assert one["renews"] == old
    assert states()[old] == "renewed"
    again = call("coupon", "renew", old)
    assert again.status == 1
    assert f"…{old[-4:]} was renewed already: …{new[-4:]} has its place, renew that one" in again.stderr
    assert call("coupon", "renew", new, "--until", f"{until + YEAR}").status == 0


def test_a_revoked_coupon_may_be_renewed(served: Desk) -> None:
    """As when its code has become known to others: the new one grants what the old one did."""
    old = issue()
    call("coupon", "revoke", old)
    new = call("coupon", "renew", old).out.splitlines()[0]
    assert (states()[old], states()[new]) == ("revoked", "valid")


def test_a_coupon_without_an_end_is_renewed_without_one(served: Desk) -> None:
    """As one of the configuration may be; with --until the new one ends."""
    new = call("coupon", "renew", "7KQ4-MX2P-9TR5", "--json").json["coupons"][0]
    assert (new["until"], new["renews"]) == (None, "…9TR5")
    newer = call("coupon", "renew", new["code"], "--until", f"{TODAY + YEAR}", "--json").json["coupons"][0]
    assert newer["until"] == str(TODAY + YEAR)


def test_how_long_nobody_can_tell(served: Desk) -> None:
    """A term without a beginning has no length: the new last day has to be named."""
    coupons = 'coupons = [{ code = "7KQ4-MX2P-9TR5", until = 2030-01-01 }]'
    served.write(tail=served.tail.replace('coupons = ["7KQ4-MX2P-9TR5"]', coupons))
    done = call("coupon", "renew", "7KQ4-MX2P-9TR5")
    assert done.status == 1
    assert "say its last day with --until" in done.stderr
    assert call("coupon", "renew", "7KQ4-MX2P-9TR5", "--until", f"{TODAY + YEAR}").status == 0


def test_a_coupon_is_revoked(served: Desk) -> None:
    """From today, or from a day to come until which it stays valid; who revokes again changes nothing to the worse."""
    code = issue()
    later = TODAY + timedelta(days=3)
    assert call("coupon", "revoke", code, "--on", f"{later}").out == (
        f"Coupon …{code[-4:]} of client vasilek grants nothing from {later} on.\n"
    )
    assert states()[code] == "valid"
    assert call("coupon", "revoke", code, "--json").json["state"] == "revoked"
    assert states()[code] == "revoked"
    assert (
        f"was revoked before: it grants nothing since {TODAY}."
        in call("coupon", "revoke", code, "--on", f"{later}").out
    )


def test_the_list(served: Desk) -> None:
    """What each is worth today, by client and age; codes are short unless asked for whole; one client's, one state's."""
    early = issue("--since", f"{TODAY + YEAR}")
    other = call("coupon", "issue", "debtor").out.splitlines()[0]
    whole = call("coupon", "list", "--codes").out
    assert [line.split()[0] for line in whole.splitlines()[1:]] == [other, "7KQ4-MX2P-9TR5", early]
    short = call("coupon", "list")
    assert [line.split()[0] for line in short.out.splitlines()[1:]] == [
        f"…{code[-4:]}" for code in (other, "9TR5", early)
    ]
    assert f"valid from {TODAY + YEAR} on" in short.out
    assert list(states("--client", "debtor")) == [other]
    assert list(states("--state", "not-yet-valid")) == [early]
    assert call("coupon", "list", "--state", "revoked").out == "No coupon.\n"


def test_whole_codes_are_shown_to_nobody_else(served: Desk) -> None:
    """Neither by what happens to a coupon, nor by what goes wrong, nor in JSON."""
    old = issue()
    renewed = call("coupon", "renew", old, "--json")
    new = renewed.json["coupons"][0]["code"]
    assert old not in renewed.out
    for command in (f"revoke {old}", f"renew {old}", f"revoke {new} --json", "list", "list --json"):
        done = call("coupon", *command.split())
        for code in (old, new, "7KQ4-MX2P-9TR5"):
            for spelt in (code, code.replace("-", "").lower()):
                assert spelt not in done.out + done.stderr, command


def test_a_coupon_of_a_client_that_is_gone(served: Desk) -> None:
    """It is still listed, with the word that it leads nowhere."""
    call("coupon", "issue", "former")
    start = served.tail.index("[organization.acme.client.former]")
    served.write(tail=served.tail[:start])
    call("coupon", "issue", "vasilek")
    gone = [one for one in call("coupon", "list", "--json").json if one["client"] == "former"]
    assert [one["because"] for one in gone] == ["valid without an end; client former is gone"]
