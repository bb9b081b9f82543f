"""All regulations that are shipped in one daemon (C35): the first letter of each scenario through a real Dovecot and SMTP.

Each ends where it belongs, and nothing of one organisation shows in another's letters, numbers, or answers to its agents.
"""

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest

from maild.config.load import load_rehearsal
from maild.config.model import Organization
from maild.outbox.serialize import serialize
from maild.packs.shelf import shipped_packs, write_packs
from maild.scenario_file import ScenarioFile, Step
from maild.scenarios import own_scenarios
from tests.daemon.desk import Desk, until
from tests.daemon.test_promises import text_of
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

ADMIN = "admin@hq.example"


@dataclass(frozen=True)
class First:
    """The letter that a scenario begins with."""

    name: str  # the scenario
    mailbox: str  # "organization/mailbox"
    author: str
    octets: bytes
    message_id: str
    outcome: str  # as the scenario has it

    @property
    def people(self) -> set[str]:
        """Who may be answered: its author, or whom a form names."""
        return {parseaddr(self.author)[1], *re.findall(r"[\w.-]+@[\w.-]+\w", text_of(self.octets))}

    @property
    def organization(self) -> str:
        return self.mailbox.partition("/")[0]


def toml(value: Any) -> str:
    """Return a value as TOML, tables in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def letter_of(step: Step, to: str, message_id: str, folder: Path) -> bytes:
    """Return the letter of a step, as its author sends it now."""
    assert step.author is not None
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = str(step.author), to, step.subject
    message["Message-ID"] = message_id
    for name, value in step.headers.items():
        if name.casefold() != "message-id":  # ours says which scenario it is of
            message[name] = value
    message.set_content(step.text)
    for file in step.attach:
        kind, _, sub = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").partition("/")
        message.add_attachment((folder / file).read_bytes(), maintype=kind, subtype=sub, filename=file.name)
    return serialize(message)


def first_letters(config: Path) -> Iterator[First]:
    """Yield the first letter of each scenario of a folder; in some nobody but maild begins anything."""
    loaded = load_rehearsal(config)
    for found in own_scenarios(loaded).values():
        for path in found.paths:
            file = ScenarioFile(path, lambda _: loaded)
            begins = (step for step in file.scenario.step if step.author and not (step.sent or step.reply))
            if (step := next(begins, None)) is None:
                continue
            assert step.mailbox is not None
            name = f"{step.mailbox.partition('/')[0]}.{path.stem}"
            message_id = f"<{name}@live.example>"
            octets = letter_of(step, file.address_of(step.mailbox), message_id, path.parent)
            yield First(name, step.mailbox, str(step.author), octets, message_id, step.expect.outcome or "opened")


@pytest.fixture
def everybody(desk: Desk, dovecot: Dovecot, smtp: SmtpServer) -> tuple[Desk, list[First], dict[str, str]]:
    """One folder with all packs, their questions answered as their rehearsals do; and the IMAP folder of each mailbox."""
    folder = desk.path / "packs"
    write_packs(shipped_packs().values(), folder)
    firsts = list(first_letters(folder / "config.toml"))
    data = json.loads(json.dumps(load_rehearsal(folder / "config.toml").sources.data, default=lambda one: {"@": one.isoformat()}), object_hook=lambda one: datetime.fromisoformat(one["@"]).date() if set(one) == {"@"} else one)  # fmt: skip
    folders = {}
    for id_, organization in data["organization"].items():
        for key in ("scenarios", "rehearsal"):
            organization.pop(key)
        if "templates" in organization:
            organization["templates"] = str(folder / organization["templates"])
        for box, mailbox in organization["mailbox"].items():
            folders[f"{id_}/{box}"] = f"{id_}-{box}"
            dovecot.create(f"{id_}-{box}")
            mailbox["old_letters"] = "answer"
            mailbox["imap"] = {
                "host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": dovecot.user,
                "password": {"file": "pw"}, "poll": "1s", "folders": [folders[f"{id_}/{box}"]],
            }  # fmt: skip
    data |= {"data_dir": "data", "admin": {"address": ADMIN}}
    data["smtp"] = {"host": "127.0.0.1", "port": smtp.port, "security": "none"}
    organizations = data.pop("organization")
    lines = [f"{key} = {toml(value)}" for key, value in data.items()]
    for id_, organization in organizations.items():
        lines.append(f"[organization.{id_}]")
        lines += [f"{key} = {toml(value)}" for key, value in organization.items()]
    desk.file.write_text("\n".join(lines), "utf-8")
    return desk, firsts, folders


def test_all_regulations_live_in_one_daemon_apart(
    everybody: tuple[Desk, list[First], dict[str, str]], dovecot: Dovecot, smtp: SmtpServer
) -> None:
    """Each letter is registered in its own organisation; letters of one never speak of another, to anybody."""
    desk, firsts, folders = everybody
    assert desk.ask("check").status == 0
    organizations = load_rehearsal(desk.file).config.organization
    assert {one.organization for one in firsts} == set(organizations)
    for first in firsts:
        dovecot.append(first.octets, folders[first.mailbox])
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected", len(folders))

        def ends() -> dict[str, dict[str, Any]]:
            letters = desk.read("ledger", "--letters")["letters"]
            return {one["message_id"]: one for one in letters if one["message_id"]}

        until(lambda: len(ends()) >= len(firsts), "all letters to be settled", lambda: "\n".join(ends()))
        until(lambda: desk.read("outbox", "list", "--state", "queued") == [], "the outbox to be empty")
        ended = ends()
    for first in firsts:
        letter = ended[first.message_id.strip("<>")]
        assert letter["place"].startswith(f"{first.mailbox}:")
        assert letter["outcome"] in (first.outcome, "duplicate"), f"{first.name}: {letter['reason']}"
    tickets = desk.read("ticket", "list", "--all")
    opened = [first.organization for first in firsts if ended[first.message_id.strip("<>")]["outcome"] == "opened"]
    for id_, organization in organizations.items():
        numbers = {one["number"] for one in tickets if one["organization"] == id_}
        assert numbers == {f"{organization.number_prefix}-{n}" for n in range(1, opened.count(id_) + 1)}
    assert desk.ask("ledger").status == 0

    homes = {box.address: id_ for id_, one in organizations.items() for box in one.mailbox.values()}
    marks = {id_: marks_of(organization) for id_, organization in organizations.items()}
    people = {id_: {who for one in firsts if one.organization == id_ for who in one.people} for id_ in organizations}
    assert smtp.letters
    for sent in smtp.letters:
        message = message_from_bytes(sent.octets, policy=policy.default)
        own = homes[message["From"].addresses[0].addr_spec]
        staff = {agent.address for agent in organizations[own].agent.values()}
        units = {unit.address for unit in organizations[own].unit.values() if unit.address}
        assert sent.recipient in staff | units | people[own] | {ADMIN}
        words = f"{message['Subject']}\n{message['Reply-To']}\n{text_of(sent.octets)}"
        others = {mark for id_ in organizations if id_ != own for mark in marks[id_]} - set(marks[own])
        foreign = [mark for mark in others if re.search(mark, words)]
        assert foreign == [], f"{sent.recipient}: {words}"


def marks_of(organization: Organization) -> list[str]:
    """Return patterns of what stands in the letters of one organisation alone."""
    own = [rf"\b{organization.number_prefix}-\d", rf"(?<!\w){re.escape(organization.name)}(?!\w)"]
    own += [re.escape(box.address) for box in organization.mailbox.values()]
    own += [re.escape(agent.address) for agent in organization.agent.values()]
    return own + [re.escape(client.name) for client in organization.client.values()]
