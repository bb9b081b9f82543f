"""`maild client list` and `client show`: what an admin sees of the register."""

import pytest

from tests.cli.call import call
from tests.daemon.desk import Desk, letter


def test_the_list_says_how_each_client_stands(served: Desk) -> None:
    """By key, with the reason where somebody is not served; in JSON with every field."""
    lines = call("client", "list").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["debtor", "former", "vasilek"]
    assert "suspended: нет оплаты" in lines[1]
    assert "expired" in lines[2]
    assert "the contract's last day was 2020-12-31" in lines[2]
    assert lines[3].split()[-2:] == ["served", "configuration"], "no reason is needed"
    found = call("client", "list", "--json").json
    assert [(one["client"]["key"], one["standing"]) for one in found] == [
        ("debtor", "suspended"),
        ("former", "expired"),
        ("vasilek", "served"),
    ]
    assert found[2]["client"]["periods"] == [{"since": "2026-01-01", "until": None}]


def test_a_level_has_its_clients(served: Desk) -> None:
    """Only those of the level; a level that does not exist is no empty list."""
    assert [one["client"]["key"] for one in call("client", "list", "--level", "base", "--json").json] == ["debtor"]
    done = call("client", "list", "--level", "gold")
    assert done.status == 1
    assert done.stderr == "maild: there is no level gold; there are: base, extended\n"


def test_a_client_is_shown_whole_but_its_coupons_are_not(served: Desk) -> None:
    """People, contract, package, standing and coupons; no whole code in words nor in JSON; the key in any case."""
    done = call("client", "show", "VASILEK")
    for words in (
        "vasilek · ООО «Василёк»", "today: served at level extended", "level: extended (Расширенный)",
        "contract: from 2026-01-01", "package: 10 h a month, what is left is carried over", "domains: vasilek.example",
        "agreements: ВС-12/2026", "INN: 7707083893", "manager: ivan", "from: configuration",
        "specialist: Анна Васильева <anna@vasilek.example> <anna@mail.example>", "contact: <info@vasilek.example>", "…9TR5",
    ):  # fmt: skip
        assert words in done.out
    as_json = call("client", "show", "vasilek", "--json")
    assert as_json.json["client"]["contacts"][0]["specialist"] is True
    assert as_json.json["package"]["hours"] == 36_000
    assert [one["code"] for one in as_json.json["coupons"]] == ["…9TR5"]
    assert "MX2P" not in (done.out + as_json.out).upper()


def test_a_client_has_used_so_many_requests(served: Desk) -> None:
    """What was received this month, against the level's quota."""
    served.write(tail=served.tail.replace('suspended = "нет оплаты"', 'addresses = "d@debtor.example"'))
    call("coupon", "issue", "debtor")  # enters what was edited
    call("receive", "-m", "acme/support", stdin=letter(sender="d@debtor.example"))
    assert call("client", "show", "debtor", "--json").json["used"]["requests"] == 1
    assert " of 2\n" in call("client", "show", "debtor").out


REFUSED = [
    ("client show nobody", "there is no client nobody: `maild client list` shows all"),
    ("client show x --organization other", "no organisation other is configured; there are: acme"),
    ("client usage nobody", "there is no client nobody: `maild client list` shows all"),
    ("client export no-such-folder/a.csv", "no-such-folder/a.csv cannot be written: No such file or directory"),
    ("client import no-such-file.csv", "no-such-file.csv cannot be read: No such file or directory"),
]


@pytest.mark.parametrize(("command", "words"), REFUSED, ids=[command for command, _ in REFUSED])
def test_what_is_not_there(served: Desk, command: str, words: str) -> None:
    """Status 1, one line with what to do, the same in JSON."""
    done = call(*command.split())
    assert (done.status, done.out, done.stderr) == (1, "", f"maild: {words}\n")
    as_json = call(*command.split(), "--json")
    assert (as_json.status, as_json.json["error"]) == (1, words)


def test_a_client_that_was_just_written_into_the_configuration(served: Desk) -> None:
    """Whoever looks before the daemon has read it is told so."""
    served.write(tail=f'{served.tail}[organization.acme.client.young]\nname = "Юный"\n')
    assert "not yet in the database: start the daemon once" in call("client", "show", "young").stderr
    assert call("coupon", "issue", "young").status == 0, "a command that writes enters it"
    assert call("client", "show", "young").status == 0


def test_several_organisations(served: Desk) -> None:
    """They keep their clients apart, so one has to be named."""
    other = '[organization.other]\nname = "Другая"\nnumber_prefix = "OT"\n[organization.other.mailbox.box]\naddress = "a@o.example"\n'
    served.write(tail=served.tail + other)
    done = call("client", "list")
    assert (done.status, done.stderr) == (1, "maild: say whose with --organization; there are: acme, other\n")
    assert call("client", "list", "--organization", "other").out == "No client.\n"
    assert len(call("client", "list", "--organization", "acme", "--json").json) == 3


def test_before_the_first_start(desk: Desk) -> None:
    """Without a database nothing is made; the admin is told to start the daemon."""
    for command in ("client list", "client show x", "client usage", "client export -", "coupon list", "coupon issue x"):
        done = call(*command.split())
        assert done.status == 1, command
        assert "start the daemon once" in done.stderr
    assert not desk.data.exists()
