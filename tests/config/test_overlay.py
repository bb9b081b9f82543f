"""`rehearsal`: a file that lies over an organisation when scenarios are played, and only then."""

from datetime import date
from pathlib import Path

import pytest

from maild.config.load import load_config, load_rehearsal
from maild.errors import ConfigError
from maild.policy import load_policy

CONFIG = """
[admin]
address = "? Кому писать о неполадках?"
[smtp]
host = "? Через какой сервер уходят письма?"
username = "? Под каким именем?"
password = { env = "MAILD_NO_SUCH" }
[organization.acme]
name = "Acme"
rehearsal = "rehearsal.toml"
zone = "? По какому времени?"
[organization.acme.mailbox.support]
address = "support@acme.example"
[organization.acme.mailbox.support.imap]
host = "? Где лежит ящик?"
username = "u"
password = { env = "MAILD_NO_SUCH" }
[organization.acme.agent.ivan]
name = "? Как зовут сотрудника?"
address = "? Куда ему писать?"
skills = ["outage"]
[organization.acme.agent.petra]
name = "Пётр"
address = "petra@acme.example"
[organization.acme.category.outage]
name = "Авария"
[organization.acme.client.vasilek]
name = "ООО «Василёк»"
domains = ["vasilek.example", "v.example"]
"""
OVERLAY = """zone = "Europe/Kyiv"
[agent.ivan]
name = "Иван"
address = "ivan@acme.example"
[client.vasilek]
domains = "vasilek.test"
[client.romashka]
name = "Ромашка"
domains = "romashka.test"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "rehearsal.toml").write_text(OVERLAY, "utf-8")
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return tmp_path / "config.toml"


def refused(path: Path, *, rehearsal: bool) -> list[tuple[str, int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        (load_rehearsal if rehearsal else load_config)(path)
    return [(Path(one.file).name, one.line, one.key) for one in caught.value.problems]


def test_it_is_laid_over_key_by_key(path: Path) -> None:
    """Questions are answered, what is named is replaced, a list whole, and everything else is as the admin wrote it."""
    loaded = load_rehearsal(path)
    acme = loaded.config.organization["acme"]
    assert (str(acme.zone), acme.name) == ("Europe/Kyiv", "Acme")
    assert (acme.agent["ivan"].name, list(acme.agent["ivan"].skills)) == ("Иван", ["outage"])
    assert {id_: list(client.domains) for id_, client in acme.client.items()} == {
        "vasilek": ["vasilek.test"],
        "romashka": ["romashka.test"],
    }
    assert [file.name for file in loaded.files] == ["config.toml", "rehearsal.toml"]


def test_agents_that_it_does_not_know_hear_nothing(path: Path) -> None:
    """So that scenarios end alike, whoever works at the desk."""
    staff = load_rehearsal(path).config.organization["acme"].agent
    assert {id_: agent.notify for id_, agent in staff.items()} == {"ivan": True, "petra": False}


def test_clients_that_it_does_not_know_have_no_contract_yet(path: Path) -> None:
    """So that a month's reports and regular works are those of its own clients, however many there are in truth."""
    more = '[organization.acme.client.luna]\nname = "Луна"\ndomains = ["luna.example"]\nsince = 2026-01-01\nuntil = 2026-12-31\n'
    path.write_text(CONFIG + more, "utf-8")
    clients = load_rehearsal(path).config.organization["acme"].client
    assert {id_: (client.since, client.until) for id_, client in clients.items()} == {
        "vasilek": (None, None),
        "luna": (date(2099, 12, 31), None),
        "romashka": (None, None),
    }
    (path.parent / "rehearsal.toml").write_text(OVERLAY.partition("[client.")[0], "utf-8")
    assert load_rehearsal(path).config.organization["acme"].client["luna"].until == date(2026, 12, 31)


def test_mailboxes_whose_accounts_are_open_are_not_taken_for_one(path: Path) -> None:
    """Their hosts and names are asked for alike, and yet no folder seems to be read twice."""
    box = """[organization.acme.mailbox.{0}]
address = "{0}@acme.example"
[organization.acme.mailbox.{0}.imap]
host = "? Где лежит ящик?"
username = "? Под каким именем входить?"
password = {{ env = "MAILD_NO_SUCH" }}
"""
    path.write_text(path.read_text("utf-8") + box.format("head") + box.format("sales"), "utf-8")
    boxes = load_rehearsal(path).config.organization["acme"].mailbox
    assert len({box.imap.username for box in boxes.values() if box.imap}) == 3


def test_what_the_admin_has_deleted_stays_deleted(path: Path) -> None:
    """An answer to a question of a table that is there no more brings back neither it nor a mistake."""
    overlay = path.with_name("rehearsal.toml")
    overlay.write_text(
        f'{OVERLAY}[faq.backup]\nurl = "https://acme.example/backup"\n[category.outage]\nname = "Сбой"\n'
    )
    organization = load_rehearsal(path).config.organization["acme"]
    assert organization.faq == {}
    assert organization.category["outage"].name == "Сбой"


def test_nothing_else_takes_notice_of_it(path: Path) -> None:
    """The daemon and `maild check` have the admin's own words, and ask what is open."""
    open_ = [
        ("config.toml", 3, "admin.address"),
        ("config.toml", 5, "smtp.host"),
        ("config.toml", 6, "smtp.username"),
        ("config.toml", 11, "organization.acme.zone"),
        ("config.toml", 15, "organization.acme.mailbox.support.imap.host"),
        ("config.toml", 19, "organization.acme.agent.ivan.name"),
        ("config.toml", 20, "organization.acme.agent.ivan.address"),
    ]
    assert refused(path, rehearsal=False) == open_
    (path.parent / "rehearsal.toml").write_text("[[", "utf-8")
    assert refused(path, rehearsal=False) == open_


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (OVERLAY.replace("Europe/Kyiv", "Kyiv"), 1, "organization.acme.zone"),
        (OVERLAY.replace("zone", "zoen"), 1, "organization.acme.zoen"),
        (OVERLAY.replace('address = "ivan@acme.example"', 'address = "ivan"'), 4, "organization.acme.agent.ivan.address"),
        (OVERLAY + 'level = "gold"\n', 10, "organization.acme.client.romashka.level"),
        (OVERLAY.replace('"Ромашка"', '"? Чей это клиент?"'), 8, "organization.acme.client.romashka.name"),
        (OVERLAY.replace('"vasilek.test"', '"@"'), 6, "organization.acme.client.vasilek.domains.0"),
        ("zone = ", 1, ""),
    ],
)  # fmt: skip
def test_its_mistakes_are_its_own(path: Path, text: str, line: int, key: str) -> None:
    """They are told by its lines."""
    (path.parent / "rehearsal.toml").write_text(text, "utf-8")
    assert ("rehearsal.toml", line, key) in refused(path, rehearsal=True)


def answer(path: Path) -> None:
    """Answer what the configuration asks."""
    answers = {
        "? Кому писать о неполадках?": "a@b.example", "? Через какой сервер уходят письма?": "h.example",
        "? По какому времени?": "Europe/Kyiv", "? Под каким именем?": "u", "? Где лежит ящик?": "h.example", "? Как зовут сотрудника?": "И",
        "? Куда ему писать?": "i@b.example",
    }  # fmt: skip
    text = path.read_text("utf-8")
    for question, answer in answers.items():
        text = text.replace(question, answer)
    path.write_text(text, "utf-8")


def test_a_missing_file_is_told(path: Path) -> None:
    """Before anything is played, too."""
    answer(path)
    load_config(path)
    (path.parent / "rehearsal.toml").unlink()
    assert refused(path, rehearsal=False) == [("config.toml", 10, "organization.acme.rehearsal")]
    assert ("rehearsal.toml", None, "") in refused(path, rehearsal=True)


@pytest.mark.parametrize("name", ["", ".", "\\u0000"])
def test_what_is_no_file_is_told(path: Path, name: str) -> None:
    """Whatever stands there; maild goes on to the next mistake."""
    answer(path)
    path.write_text(path.read_text("utf-8").replace('"rehearsal.toml"', f'"{name}"'), "utf-8")
    for rehearsal in (False, True):
        assert ("config.toml", 10, "organization.acme.rehearsal") in refused(path, rehearsal=rehearsal)


@pytest.mark.parametrize("plays", [True, False])
def test_a_daemon_that_plays_scenarios_watches_it(path: Path, *, plays: bool) -> None:
    """What makes them end otherwise may be in it alone."""
    answer(path)
    scenario = path.parent / "scenarios" / "one.toml"
    scenario.parent.mkdir()
    scenario.write_text("", "utf-8")
    text = path.read_text("utf-8").replace('name = "Acme"', 'name = "Acme"\nscenarios = "scenarios"')
    path.write_text(f"rehearse_on_reload = {str(plays).lower()}\n{text}", "utf-8")
    files = load_policy(load_config(path), key=b"k" * 32).files
    assert ((path.parent / "rehearsal.toml") in files, scenario in files) == (plays, plays)


def test_two_mailboxes_whose_servers_are_not_known_yet_are_two(path: Path) -> None:
    """What is answered for them does not make them one: each letter would open two tickets."""
    mailbox = '[organization.acme.mailbox.support.imap]\nhost = "? Где лежит ящик?"\nusername = "u"\n'
    open_one = mailbox.replace('"u"', '"? Под каким именем?"')
    other = open_one.replace("support", "sales").replace(
        "[", '[organization.acme.mailbox.sales]\naddress = "s@acme.example"\n['
    )
    text = path.read_text("utf-8")
    assert mailbox in text
    path.write_text(text.replace(mailbox, open_one) + other + 'password = { env = "MAILD_NO_SUCH" }\n', "utf-8")
    boxes = load_rehearsal(path).config.organization["acme"].mailbox
    assert len({str(box.imap.username) for box in boxes.values() if box.imap}) == 2
