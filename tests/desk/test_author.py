"""Who wrote a letter: an agent on token and From together, else a customer, who is answered where answers are read."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from maild.desk.author import identify, vouched_agent
from maild.ingest.authentication import Authentication, Verdict
from maild.ingest.thread import Thread
from maild.model import Address, Agent, Message, Participant, Role, Said, Status, Ticket, is_own

OWN = frozenset({"support@acme.example", "help@acme.example"})
IVAN = Agent(id="ivan", address=Address(name="Иван", addr="ivan@staff.example"))
IVAN_AND_MORE = Agent(id="ivan", address=IVAN.address, aliases=frozenset({"ivan@home.example"}))
PETRA = Agent(id="petra", address=Address(addr="petra@staff.example"))


TICKET = Ticket(
    id=1, number="ACME-1", organization="acme", mailbox="acme/support", subject="", status=Status.NEW,
    requester=Address(addr="anna@client.example"), participants=(), opened_at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip


def held_by(addr: str | None, role: Role = Role.AGENT, ticket: Ticket | None = TICKET) -> Thread:
    return Thread(
        ticket=ticket if addr else None, holder=Participant(address=Address(addr=addr), role=role) if addr else None
    )


def addresses(*specs: str) -> tuple[Address, ...]:
    return tuple(Address(addr=spec) for spec in specs)


@pytest.mark.parametrize(
    ("author", "token", "reply_to", "agent", "doubt"),
    [
        ("ivan@staff.example", "ivan@staff.example", (), "ivan", ""),
        ("IVAN@Staff.Example", "ivan@staff.example", (), "ivan", ""),
        ("ivan@staff.example", "ivan@staff.example", ("ivan@staff.example",), "ivan", ""),
        ("ivan@staff.example", "ivan@staff.example", ("IVAN@STAFF.EXAMPLE",), "ivan", ""),
        ("ivan@staff.example", "ivan@staff.example", ("m@evil.example",), None, "reply-to"),
        ("ivan@staff.example", "ivan@staff.example", ("ivan@staff.example", "m@evil.example"), None, "reply-to"),
        ("ivan@staff.example", "petra@staff.example", (), None, "no-token"),
        ("ivan@staff.example", None, (), None, "no-token"),
        ("anna@client.example", "ivan@staff.example", (), None, ""),
        ("anna@client.example", None, ("ivan@staff.example",), None, ""),
        ("ivan@staff.example.evil.example", "ivan@staff.example", (), None, ""),
    ],
)
def test_agents(author: str, token: str | None, reply_to: tuple[str, ...], agent: str | None, doubt: str) -> None:
    """From alone proves nothing, a token alone neither; answers wanted elsewhere take the power away."""
    message = Message(author=Address(addr=author), reply_to=addresses(*reply_to))
    found = identify(message, Said(), held_by(token), (IVAN, PETRA), OWN)
    assert (found.agent.id if found.agent else None, found.doubt) == (agent, doubt)
    assert found.evidence


NOBODY, REGISTERED, ALIAS, OTHER = None, "ivan@staff.example", "ivan@home.example", "mallory@evil.example"


@pytest.mark.parametrize(
    ("author", "token", "server", "elsewhere", "becomes"),
    [
        (REGISTERED, True, "none", False, "agent"),
        (REGISTERED, True, "pass", False, "agent"),
        (REGISTERED, False, "pass", False, "agent"),
        (REGISTERED, False, "none", False, "asked"),
        (REGISTERED, True, "fail", False, "asked"),
        (REGISTERED, False, "fail", False, "asked"),
        (REGISTERED, True, "pass", True, "asked"),
        (REGISTERED, False, "pass", True, "asked"),
        (ALIAS, True, "pass", False, "agent"),
        (ALIAS, True, "none", False, "asked"),
        (ALIAS, True, "fail", False, "asked"),
        (ALIAS, False, "pass", False, "asked"),
        (ALIAS, False, "none", False, "asked"),
        (ALIAS, True, "pass", True, "asked"),
        (OTHER, True, "pass", False, "asked"),
        (OTHER, True, "none", False, "asked"),
        (OTHER, False, "pass", False, "customer"),
    ],
)
@pytest.mark.parametrize("ticket", [True, False])
def test_two_of_three(author: str, token: bool, server: str, elsewhere: bool, becomes: str, ticket: bool) -> None:
    """Token, registered address and our server's word, whichever two; what has one is asked about, in a ticket only."""
    agents = (IVAN_AND_MORE, PETRA)
    message = Message(author=Address(addr=author), reply_to=addresses(OTHER) if elsewhere else ())
    word = Authentication(verdict=Verdict(server))
    vouched = vouched_agent(message, agents, word)
    assert (vouched is not None) == (author == REGISTERED and server == "pass" and not elsewhere)
    holder = Participant(address=IVAN.address, role=Role.AGENT) if token else None
    theirs = author in (REGISTERED, ALIAS)
    entered = TICKET if ticket and ((token and theirs) or vouched) else None
    thread = Thread(
        ticket=entered, holder=holder if theirs else None, stray=None if theirs else holder,
        refused=TICKET if ticket and not entered and (theirs or token) else None,
    )  # fmt: skip
    found = identify(message, Said(), thread, agents, OWN, word)
    agent = becomes == "agent" and ticket
    assert (found.agent is IVAN_AND_MORE) is agent
    assert (found.asks is IVAN_AND_MORE) is (becomes == "agent" and not ticket)
    assert (found.claims is IVAN_AND_MORE and found.claimed_in is TICKET) is (becomes == "asked" and ticket)
    if agent:
        assert found.address == IVAN.address


TICKET = Ticket(
    id=1, number="ACME-1", organization="acme", mailbox="acme/support", subject="", status=Status.NEW,
    requester=Address(addr="anna@client.example"), participants=(), opened_at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize("server", ["pass", "none", "fail"])
def test_agents_are_customers_in_their_own_requests(server: str) -> None:
    """Where they take part as a customer nothing is asked, and nothing is theirs to answer."""
    own = replace(TICKET, participants=(Participant(address=IVAN.address, role=Role.REQUESTER),))
    word = Authentication(verdict=Verdict(server))
    found = identify(Message(author=IVAN.address), Said(), Thread(ticket=own), (IVAN,), OWN, word)
    assert (found.agent, found.claims, found.address) == (None, None, IVAN.address)


def test_a_confirmed_letter_is_the_agents() -> None:
    """Whoever From names; without its ticket, or the agent, it is nobody's."""
    message = Message(author=Address(addr=OTHER), reply_to=addresses(OTHER))
    found = identify(message, Said(), Thread(ticket=TICKET), (IVAN,), OWN, confirmed="ivan")
    assert (found.agent, found.address) == (IVAN, IVAN.address)
    assert identify(message, Said(), Thread(ticket=TICKET), (PETRA,), OWN, confirmed="ivan").agent is None
    assert identify(message, Said(), Thread(ticket=None), (IVAN,), OWN, confirmed="ivan").agent is None


def test_who_proves_to_be_an_agent_in_no_ticket_may_only_ask() -> None:
    """For everything else they are a customer: what they write is a request of their own."""
    found = identify(Message(author=IVAN.address), Said(), held_by(IVAN.address.addr, ticket=None), (IVAN, PETRA), OWN)
    assert (found.agent, found.asker, found.address, found.doubt) == (None, IVAN, IVAN.address, "")
    forged = identify(
        Message(author=PETRA.address), Said(), held_by(IVAN.address.addr, ticket=None), (IVAN, PETRA), OWN
    )
    assert (forged.asker, forged.doubt) == (None, "no-token")


@pytest.mark.parametrize("server", list(Verdict))
@pytest.mark.parametrize(("asked_from", "writes_from"), [(REGISTERED, ALIAS), (ALIAS, REGISTERED), (ALIAS, ALIAS)])
def test_their_own_request_is_theirs_from_whichever_address(asked_from: str, writes_from: str, server: Verdict) -> None:
    """An agent who asked from another address of theirs serves no request of their own, nor is asked about it."""
    own = replace(TICKET, participants=(Participant(address=Address(addr=asked_from), role=Role.REQUESTER),))
    word = Authentication(verdict=server)
    message = Message(author=Address(addr=writes_from))
    found = identify(message, Said(), Thread(ticket=own), (IVAN_AND_MORE,), OWN, word)
    assert (found.agent, found.claims) == (None, None)


def test_a_customers_token_makes_no_agent() -> None:
    """An agent who is a customer in this ticket holds a customer's token."""
    message = Message(author=IVAN.address)
    assert identify(message, Said(), held_by(IVAN.address.addr, Role.REQUESTER), (IVAN,), OWN).agent is None


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ({"author": "anna@client.example"}, "anna@client.example"),
        ({"author": "anna@client.example", "reply_to": ("a.petrova@client.example",)}, "a.petrova@client.example"),
        ({"author": "anna@client.example", "reply_to": ("one@client.example", "two@client.example")}, "one@client.example"),
        ({"author": "anna@client.example", "reply_to": ("not an address", "two@client.example")}, "two@client.example"),
        ({"author": "anna@client.example", "reply_to": ("support@acme.example",)}, "anna@client.example"),
        ({"author": "anna@client.example", "reply_to": ("Support+T1.abcdefghijklmnop@acme.example",)}, "anna@client.example"),
        ({"author": "anna@client.example", "reply_to": ("no-reply@client.example",)}, "anna@client.example"),
        ({"author": "no-reply@client.example", "reply_to": ("anna@client.example",)}, "anna@client.example"),
        ({"author": "no-reply@client.example"}, "no-reply@client.example"),
        ({"author": "анна@client.example", "sender": "office@client.example"}, "office@client.example"),
        ({"envelope_sender": "anna@client.example"}, "anna@client.example"),
        ({"author": "support@acme.example"}, None),
        ({"author": '"quoted local"@client.example'}, None),
        ({"envelope_sender": ""}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_where_answers_go(message: dict[str, Any], address: str | None) -> None:
    """The first usable address of Reply-To, From, Sender and envelope; never ours; no-reply only for want of a better one."""
    given = dict(message)
    for name in ("author", "sender"):
        if name in given:
            given[name] = Address(addr=given[name])
    given["reply_to"] = addresses(*given.get("reply_to", ()))
    found = identify(Message(**given), Said(), held_by(None), (IVAN,), OWN)
    assert (found.address.addr if found.address else None) == address
    assert found.finding().verdict == ("a customer" if address else "unknown: the letter names no sender")


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("support@acme.example", True),
        ("support+anything@acme.example", True),
        ("support+@acme.example", True),
        ("support+a+b@acme.example", True),
        ("supporter@acme.example", False),
        ("a+support@acme.example", False),
        ("support@other.example", False),
        ("support+x@other.example", False),
        ("+@acme.example", False),
        ("", False),
    ],
)
def test_our_own_addresses(key: str, own: bool) -> None:
    """With everything that plus addresses make of them."""
    assert is_own(key, OWN) is own


@pytest.mark.parametrize(
    ("wrapped", "passed_on_by", "token", "address", "agent"),
    [
        ("anna@client.example", "ivan@staff.example", None, "anna@client.example", None),
        ("anna@client.example", "form@site.example", None, "anna@client.example", None),
        ("anna@client.example", "ivan@staff.example", "ivan@staff.example", "ivan@staff.example", "ivan"),
        (None, "form@site.example", None, None, None),
        ("support@acme.example", "form@site.example", None, None, None),
        ("not an address", "form@site.example", None, None, None),
    ],
    ids=["forwarded", "form", "proven agent", "no address in the form", "our own in the form", "nonsense in the form"],
)
def test_wrapped_letters(
    wrapped: str | None, passed_on_by: str, token: str | None, address: str | None, agent: str | None
) -> None:
    """Who passed a letter on is not its author, and never has the answers; only a proven agent speaks as themselves."""
    message = Message(author=Address(addr=passed_on_by), reply_to=())
    said = Said(wrapped="forward", author=Address(addr=wrapped) if wrapped else None)
    found = identify(message, said, replace(held_by(token), ticket=TICKET), (IVAN, PETRA), OWN)
    assert (found.address.addr if found.address else None) == address
    assert (found.agent.id if found.agent else None) == agent
