"""Two organisations in one configuration, with the same customer, a client of the same key and name: nothing of one shows in
the other's letters, whoever asks and however (C35), nor in what commands print for it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from maild.ingest.parse import parse
from maild.model import Message, Purpose
from maild.rehearsal import Rehearsal, SentLetter
from tests.cli.call import call
from tests.walk.stage import MALLORY, START, events, letter, loaded, reply, to

ANNA = "Анна Петрова <anna@client.example>"
IVAN = "Ксенофонт <ivan@alpha-staff.example>"  # of Alpha alone
OLGA = "Аристарх <olga@beta-staff.example>"  # of Beta alone
BOTH = "Борис <boris@both.example>"  # of both
BOXES = {"alpha": "alpha/desk", "beta": "beta/desk"}
OTHER = {"alpha": "beta", "beta": "alpha"}
AGENT = {"alpha": IVAN, "beta": OLGA}
# what stands in letters of one organisation alone: numbers, the customer's words, levels, agents, answers, notes
MARKS = {
    "alpha": (
        "ALPHA-",
        "жирафовый",
        "Платиновый",
        "Ксенофонт",
        "ivan@",
        "Страусиный ответ",
        "лемуровая заметка",
        "ALF-77",
    ),
    "beta": (
        "BETA-",
        "носороговый",
        "Алюминиевый",
        "Аристарх",
        "olga@",
        "Кенгуриный ответ",
        "панголиновая заметка",
        "BET-88",
    ),
}
_ONE = """
[organization.{id}]
name = "ООО «{id}»"
number_prefix = "{prefix}"
head = "{agent}"
[organization.{id}.limits]
per_address = 1000
per_agent = 10000
[organization.{id}.repeats]
window = "0s"
[organization.{id}.mailbox.desk]
address = "desk@{id}.example"
subaddress = true
[organization.{id}.agent.{agent}]
name = "{name}"
address = "{agent}@{id}-staff.example"
[organization.{id}.agent.boris]
name = "Борис"
address = "boris@both.example"
[organization.{id}.calendar.office]
[organization.{id}.calendar.office.week]
mon-fri = "09:00-18:00"
[organization.{id}.assignment]
calendar = "office"
[organization.{id}.digest]
agents = "09:00"
heads = "09:00"
[organization.{id}.level.base]
name = "{level}"
[organization.{id}.target.answer]
until = "answered"
within = "2h"
calendar = "office"
remind = ["50%"]
[organization.{id}.accounting]
price = 1500
[organization.{id}.confirmation]
within = "3d"
tell = true
[organization.{id}.chasing]
remind = "2d"
close = "4d"
[organization.{id}.satisfaction]
ask = "resolved"
[organization.{id}.client.romashka]
name = "ООО «Ромашка»"
level = "base"
agreements = "{agreement}"
addresses = "anna@client.example"
[organization.{id}.faq.reset]
title = "{answer}"
answer = "{answer}"
words = ["картридж"]
"""
CONFIG = (
    '[admin]\naddress = "admin@house.example"\n[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\n'
    + _ONE.format(id="alpha", prefix="ALPHA", agent="ivan", name="Ксенофонт", level="Платиновый", agreement="ALF-77/2026", answer="Страусиный ответ")
    + _ONE.format(id="beta", prefix="BETA", agent="olga", name="Аристарх", level="Алюминиевый", agreement="BET-88/2026", answer="Кенгуриный ответ")
)  # fmt: skip


class House:
    """Both desks, with a request of Anna's in each, and the letters that went out about them."""

    def __init__(self) -> None:
        self.desk = Rehearsal(loaded(CONFIG), start=START)
        self.told: dict[str, SentLetter] = {}  # the letter to the organisation's own agent
        self.told_both: dict[str, SentLetter] = {}  # … and to the agent of both
        self.first: dict[str, bytes] = {}  # Anna's letter
        self.acknowledged: dict[str, SentLetter] = {}
        self.sent: list[SentLetter] = []
        self.had: dict[str, str] = dict.fromkeys(BOXES, "")  # what each was written since, which it may say back
        for id_ in BOXES:
            mine = MARKS[id_][1]
            words, address = f"{mine} вопрос про картридж", f"desk@{id_}.example"
            self.first[id_] = letter(words, author=ANNA, to=address, subject=f"{mine} принтер")
            self.deliver(id_, self.first[id_])
            self.told[id_], self.told_both[id_] = to(self.sent, AGENT[id_]), to(self.sent, BOTH)
            self.acknowledged[id_] = next(one for one in self.sent if one.purpose is Purpose.ACKNOWLEDGEMENT)
            self.deliver(id_, reply(self.told[id_], f"#заметка {MARKS[id_][6]}\n#взять\n#время 30м", author=AGENT[id_]))
            self.sent.clear()
        self.had = dict.fromkeys(BOXES, "")

    def deliver(self, box: str, octets: bytes) -> list[SentLetter]:
        self.had[box] += _whole(parse(octets))
        sent = self.desk.deliver(octets, BOXES[box])
        self.sent += sent
        return sent

    def address_of(self, author: str, box: str) -> str:
        """Return the address at which an agent of a desk asks, with a token of theirs."""
        settings = self.desk._policy.mailboxes[BOXES[box]]
        agent = next(one for one in settings.desk.agents if one.address.addr in author)
        return settings.address_of(agent, 0)

    def ask(self, box: str, text: str, author: str, subject: str = "") -> list[SentLetter]:
        return self.deliver(box, letter(text, author=author, to=f"desk@{box}.example", subject=subject))


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    house.desk.close()


@pytest.fixture(scope="module")
def quiet() -> Iterator[House]:
    """One for all commands: they change nothing."""
    house = House()
    house.desk.advance(timedelta(hours=3))
    yield house
    house.desk.close()


def of(sent: SentLetter) -> str:
    """Return whose letter one of ours is: it comes from that desk's address."""
    author = sent.message.author
    assert author is not None
    return next(id_ for id_ in BOXES if author.addr == f"desk@{id_}.example")


def leaks(house: House) -> list[str]:
    """Return what stands in letters of one organisation of the other, unless somebody has just written it there."""
    return [
        f"{of(one)} to {one.recipient}: {mark}"
        for one in house.sent
        if one.purpose is not Purpose.ADMIN  # who runs both is told of both
        for mark in MARKS[OTHER[of(one)]]
        if mark.casefold() in _whole(one.message) and mark.casefold() not in house.had[of(one)]
    ]


def _whole(read: Message) -> str:
    return "\n".join((*(value for _, value in read.headers), read.text, read.html or "")).casefold()


TEXTS = (  # those that name the other organisation's things last: what was written there may be said back from then on
    "очередь", "мои", "просрочено", "сегодня", "помощь", "статус 1", "клиент Ромашка", "клиент romashka", "расход Ромашка",
    "#клиент anna@client.example", "#клиент {agreement}", "статус {number}", "#статус {number}",
    "очередь\nпросрочено\nстатус {number}\nклиент Ромашка\nмои",
)  # fmt: skip
ORDERS = (
    "#статус 1", "#клиент romashka", "#расход Ромашка", "#очередь", "#мои", "#faq reset", "#разделить", "#отмена", "#помощь",
    "#копия anna@client.example", "#исполнитель {agent}", "#передать {agent}", "#клиент {agreement}", "#статус {number}",
    "#объединить {number}",
)  # fmt: skip
THEIRS = {
    "alpha": {"number": "BETA-1", "agreement": "BET-88/2026", "agent": "olga"},
    "beta": {"number": "ALPHA-1", "agreement": "ALF-77/2026", "agent": "ivan"},
}
WHO: dict[str, Callable[[str], str]] = {
    "their own agent": lambda box: AGENT[box],
    "the agent of both": lambda _box: BOTH,
    "the other's agent": lambda box: AGENT[OTHER[box]],
    "the other's agent with a token of theirs": lambda box: AGENT[OTHER[box]],
    "a stranger": lambda _box: MALLORY,
    "Anna": lambda _box: ANNA,
}


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("who", WHO)
def test_questions_learn_nothing(house: House, who: str, box: str) -> None:
    """Whatever is asked, whoever asks: what is answered is of this organisation alone."""
    author, address = WHO[who](box), f"desk@{box}.example"
    if who in ("their own agent", "the agent of both"):
        address = house.address_of(author, box)
    elif "token" in who:
        address = house.address_of(author, OTHER[box]).partition("@")[0] + f"@{box}.example"
    for text in TEXTS:
        house.deliver(box, letter(text.format(**THEIRS[box]), author=author, to=address, subject=""))
        assert leaks(house) == [], text
    answered = [one for one in house.sent if one.purpose is Purpose.OVERVIEW]
    assert (len(answered) >= 10) == (who in ("their own agent", "the agent of both"))
    if answered:
        read = "\n".join(one.message.text for one in answered)
        assert [mark for mark in MARKS[box][:3] if mark not in read] == []


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("who", ["their own agent", "the agent of both"])
def test_orders_reach_nothing(house: House, who: str, box: str) -> None:
    """Commands and questions in a request of one organisation touch no other's, and no receipt tells of it."""
    before = events(house.desk, list(BOXES).index(OTHER[box]) + 1)
    told = house.told[box] if who == "their own agent" else house.told_both[box]
    for text in ORDERS:
        house.deliver(box, reply(told, text.format(**THEIRS[box]), author=WHO[who](box), quote=False))
        assert leaks(house) == [], text
    assert events(house.desk, list(BOXES).index(OTHER[box]) + 1) == before
    assert len([one for one in house.sent if one.purpose is Purpose.RECEIPT]) >= 5
    for one in house.desk.tickets():
        assert one.merged_into is None or one.organization == _organization(house.desk, one.merged_into)


def _answers(author: str, text: str, letter_of: str, *, token: bool = False) -> Callable[[House, str], bytes]:
    def write(house: House, box: str) -> bytes:
        sent = getattr(house, letter_of)[OTHER[box]]
        (address,) = sent.message.reply_to
        to_ = f"{address.addr.partition('@')[0] if token else 'desk'}@{box}.example"
        return reply(sent, text, author=AGENT[OTHER[box]] if author == "agent" else author, quote=False, to=to_)

    return write


CROSSED: dict[str, Callable[[House, str], bytes]] = {
    "Anna answers the other's letter here": _answers(ANNA, "Ещё вопрос", "acknowledged"),
    "Anna answers with the other's token here": _answers(ANNA, "Ещё вопрос", "acknowledged", token=True),
    "the other's agent answers here": _answers("agent", "Ответ\n#взять", "told"),
    "the other's agent answers with the token here": _answers("agent", "Ответ\n#взять", "told", token=True),
    "the agent of both answers the other's letter here": _answers(BOTH, "#статус 1\n#взять", "told_both"),
    "Anna names the other's number here": lambda _house, box: letter(
        "Что с ним?", author=ANNA, subject=f"Re: [{THEIRS[box]['number']}]"
    ),
    "the very letter that the other had": lambda house, box: house.first[OTHER[box]],
}


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("crossed", CROSSED.values(), ids=CROSSED)
def test_what_comes_to_the_wrong_box_enters_nothing(
    house: House, box: str, crossed: Callable[[House, str], bytes]
) -> None:
    """It is this organisation's letter, and no event of the other's request."""
    theirs = list(BOXES).index(OTHER[box]) + 1
    before = (events(house.desk, theirs), len([one for one in house.desk.tickets() if one.organization == OTHER[box]]))
    house.deliver(box, crossed(house, box))
    assert leaks(house) == []
    assert (
        events(house.desk, theirs),
        len([one for one in house.desk.tickets() if one.organization == OTHER[box]]),
    ) == before
    assert {of(one) for one in house.sent} <= {box}


def _organization(desk: Rehearsal, ticket_id: int) -> str:
    return next(one.organization for one in desk.tickets() if one.id == ticket_id)


def test_what_time_brings_is_each_organisation_s_own() -> None:
    """Reminders, breaches, digests for an agent of both and for heads, chasers, questions and closings, for two weeks."""
    house = House()
    for id_ in BOXES:
        house.deliver(id_, reply(house.told[id_], "Проверьте, пожалуйста.\n#ждём клиента", author=AGENT[id_]))
        house.ask(id_, f"{MARKS[id_][1]} второй вопрос", "Глеб <gleb@client.example>")
    house.sent += house.desk.advance(timedelta(days=14))
    kinds = {(of(one), one.purpose) for one in house.sent if one.purpose is not Purpose.ADMIN}
    for id_ in BOXES:
        mine = {purpose for whose, purpose in kinds if whose == id_}
        assert mine >= {Purpose.REMINDER, Purpose.OVERVIEW, Purpose.CHASER, Purpose.CLOSING}
    assert {of(one) for one in house.sent if one.recipient == "boris@both.example"} == set(BOXES)
    assert leaks(house) == []
    house.desk.close()


COMMANDS = (
    ("ticket", "list"), ("client", "list"), ("client", "show", "romashka"), ("client", "usage"), ("client", "usage", "romashka"),
    ("coupon", "list"), ("faq", "list"), ("faq", "find", "картридж"), ("faq", "stats"), ("satisfaction",),
    ("satisfaction", "--by", "client"), ("person", "show", "anna@client.example"), ("person", "log"),
    ("person", "erase", "anna@client.example", "--why", "№ 1", "--even-open", "--only-this"),
)  # fmt: skip


@pytest.mark.parametrize("id_", BOXES)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_commands_for_one_organisation(
    quiet: House, tmp_path: Path, command: tuple[str, ...], id_: str, *, as_json: bool
) -> None:
    """What they print for one organisation holds nothing of the other."""
    file = tmp_path / "config.toml"
    file.write_text(f'data_dir = "{quiet.desk.folder}"\n{CONFIG}', encoding="utf-8")
    done = call(*command, "--organization", id_, "--config", str(file), *(["--json"] if as_json else []))
    said = done.out + done.stderr
    assert [mark for mark in MARKS[OTHER[id_]] if mark.casefold() in said.casefold()] == []
    assert re.search(r"Traceback", said) is None


def test_the_same_person_is_two(quiet: House, tmp_path: Path) -> None:
    """Handed out for one organisation, the folder holds nothing of the other."""
    file = tmp_path / "config.toml"
    file.write_text(f'data_dir = "{quiet.desk.folder}"\n{CONFIG}', encoding="utf-8")
    for id_ in BOXES:
        arguments = (
            "person",
            "export",
            "anna@client.example",
            str(tmp_path / id_),
            "--why",
            "№ 1",
            "--organization",
            id_,
        )
        assert call(*arguments, "--config", str(file)).status == 0
        files = [path for path in (tmp_path / id_).rglob("*") if path.is_file()]
        octets = b"\n".join(path.read_bytes() for path in files)
        names = sorted(path.relative_to(tmp_path / id_).parts[0] for path in files)
        assert names == ["index.json", "index.txt", "letters", "sent"]
        assert [mark for mark in MARKS[OTHER[id_]] if mark.encode() in octets] == []
        assert MARKS[id_][1].encode() in octets
