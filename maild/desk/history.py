"""What a ticket's history tells the agents: who wrote, its latest words in short, and who of them has answered already. Pure."""

from datetime import datetime, timedelta

from maild.desk.case import Case, EarlierWords
from maild.model import Address, Agent, Direction
from maild.wording import say_instant

SHOWN = 3  # entries; more is in the mail program's own thread
_OURS = (Direction.NOTE, Direction.UNIT)  # what the customer sees nothing of
AT_ONCE = timedelta(minutes=30)  # between two answers: later on a colleague knows what they do
SHORT = 200  # characters of each


def writer_of(case: Case) -> Address:
    """Who wrote the words: the author of a wrapped letter rather than whoever passed it on."""
    return case.said.author or case.message.author or case.author.address or Address(addr="")


def earlier_words(case: Case) -> list[dict[str, str]]:
    """Return the latest entries before this letter, oldest first: `.when`, `.who`, `.text` on one line, `.kind`."""
    return [
        {
            "when": _said(case, one.at),
            "who": one.author.name or one.author.addr,
            "text": _short(one),
            "kind": one.direction,
        }
        for one in case.past[-SHOWN:]
    ]


def crossed(case: Case) -> tuple[Agent, datetime] | None:
    """Return the other agent who has just answered the customer's latest letter, and when; notes are nobody's answer.

    Nobody where this agent knew of it: then theirs is another word on purpose.
    """
    last = next((one for one in reversed(case.past) if one.direction not in _OURS), None)
    if case.aware or last is None or last.direction is not Direction.OUT or case.now - last.at > AT_ONCE:
        return None
    others = (one for one in case.policy.agents if one != case.author.agent and one.address.key == last.author.key)
    return next(((other, last.at) for other in others), None)


def say_crossing(case: Case, other: Agent, at: datetime) -> str:
    """Return "Петра, сегодня в 10:05; Иван, сегодня в 10:07"."""
    agent = case.author.agent
    assert agent is not None, "only agents' answers cross"
    both = ((other, at), (agent, case.at))
    return "; ".join(f"{one.address.name or one.id}, {_said(case, when)}" for one, when in both)


def _said(case: Case, at: datetime) -> str:
    service = case.policy.service
    return say_instant(at, service.zone, service.language, case.now)


def _short(one: EarlierWords) -> str:
    line = " ".join(one.text.split())
    return line if len(line) <= SHORT else line[:SHORT].rstrip() + "…"
