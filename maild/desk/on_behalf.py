"""A request that an agent writes down for somebody else (IN-3, NI-1): "#клиент ivan@acme.example Иван" in a new letter. Pure.

    #клиент ivan@acme.example Иван        #клиент +7 495 123-45-67 Иван        #клиент без адреса Иван
    Звонил, касса не печатает.

The words besides the commands are the request; of a letter that is passed on they are its own. `contracts` knows nothing of
whoever gives a telephone number, so that they have no address, and nobody writes to them. Without words it is a question
about a client (`desk.queries`), and in a ticket's letter a command like any other.
"""

import re
from dataclasses import replace
from datetime import datetime

from maild.desk.behalf import Behalf, Problem
from maild.desk.case import DeskPolicy
from maild.desk.commands import Command, parse_commands
from maild.desk.relay import relayed_text, signature_of
from maild.ingest.classify import is_no_reply
from maild.ingest.clients.signature import find_closing_line
from maild.ingest.unwrap import Unwrapped
from maild.model import Address, Message, Said, is_own
from maild.tokens import hide_tokens

MAX_NAME = 100  # characters
MAX_SUBJECT = 100  # characters of the first line, where the letter has no subject
_ADDRESS = re.compile(r"[^\s<>()\[\]{}:;,\"'«»|]{1,200}@[^\s<>()\[\]{}:;,\"'«»|]{1,200}")
_AROUND = re.compile(r"mailto:|[<>()\[\]{}:;,\"«»|]")
_PHONE = re.compile(r"\+?\d[\d ()–-]{5,24}\d")
_NOWHERE = re.compile(
    r"(?:без (?:адреса|адреси|почты|пошти)|(?:no|without) (?:an? )?(?:address|mail))(?!\w)", re.IGNORECASE
)


def find_behalf(message: Message, wrapped: Unwrapped, desk: DeskPolicy, at: datetime) -> Behalf | None:
    """Return what a letter with an agent's From writes down for somebody else; whether it is theirs is not looked at."""
    if message.author is None or message.author.key not in desk.staff:
        return None
    ours = desk.own.addresses | desk.staff
    passed_on = wrapped.kind in ("forward", "attached")
    text = wrapped.note if passed_on else message.text
    words = relayed_text(text, ours) or ""
    commands, rest = parse_commands(words, at, desk.service.zone, signature=signature_of(text, ours))
    rest = relayed_text(rest, ours) or ""
    named = [
        (place, people)
        for place, one in enumerate(commands)
        if isinstance(one, Command) and one.verb == "client" and (people := read_people(str(one.value)))
    ]
    request, note = (wrapped.text.strip(), rest) if passed_on else (rest, "")
    if not named or not request or find_closing_line(request.splitlines()[0]) is not None:
        return None
    people = tuple(person for _, some in named for person in some)
    who = people[0]
    if passed_on and wrapped.author and wrapped.author.key == who.key and not who.name:
        who = replace(who, name=wrapped.author.name)
    said = Said(
        wrapped="told",
        author=who,
        subject=_subject(message, wrapped, request),
        text=hide_tokens(request),
        note=note,
        files=tuple(sorted({attachment.sha256 for attachment in message.attachments})),
    )
    return Behalf(said=said, commands=commands, place=named[0][0], problem=_problem(people, desk))


def read_people(text: str) -> tuple[Address, ...]:
    """Return whom "ivan@acme.example Иван", a telephone number or "без адреса" names; nobody where it is another word."""
    addresses = {one.strip(".").casefold(): one.strip(".") for one in _ADDRESS.findall(text)}
    if addresses:
        name = _name(_ADDRESS.sub(" ", text))
        return tuple(Address(addr=one, name=name if len(addresses) == 1 else "") for one in addresses.values())
    found = _NOWHERE.match(text) or _PHONE.search(text)
    if found is None:
        return ()
    name = _name(f"{text[: found.start()]} {text[found.end() :]}")
    number = "" if found.re is _NOWHERE else found[0]
    return (Address(addr="", name=", ".join(filter(None, (name, number)))),)


def _name(text: str) -> str:
    return " ".join(_AROUND.sub(" ", text).split())[:MAX_NAME]


def _subject(message: Message, wrapped: Unwrapped, request: str) -> str:
    if wrapped.kind:
        return wrapped.subject
    first = next((line.strip() for line in request.splitlines() if line.strip()), "")
    return message.subject or (first if len(first) <= MAX_SUBJECT else f"{first[: MAX_SUBJECT - 1].rstrip()}…")


def _problem(people: tuple[Address, ...], desk: DeskPolicy) -> Problem:
    """Return why nobody is to be written to as the one whose request it is."""
    who = people[0]
    if len({(one.key, one.name) for one in people}) > 1:
        return "behalf-two"
    if not who.addr:
        return ""
    if who.key in desk.staff:
        return "behalf-agent"
    if is_own(who.key, desk.own.addresses):
        return "behalf-ours"
    if is_no_reply(who.addr):
        return "behalf-no-reply"
    return "" if who.sendable else "behalf-address"
