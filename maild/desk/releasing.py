"""What a unit outside has answered goes to the customer by an agent's word, as an answer of ours. Pure.

Until then it is nobody's but the agents'. What goes are the unit's new words and files: no quotation, no signature, no
address and no token of theirs. Where what stands above their quotation cannot be told from ours, nothing goes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from maild.desk.acts import Act, State, cannot, noted
from maild.desk.answer import staff_addresses
from maild.desk.case import Case, EarlierLetter
from maild.desk.relay import quoted_of_ours, relayed_text
from maild.desk.signed import without_name
from maild.faq.passages import unsigned
from maild.model import Role
from maild.wording.receipts import say_phrase, say_released

MAX_LINES = 2_000  # that are looked for: nobody has read more before letting them go
MIN_QUOTED = 16  # characters of a line: a greeting stands in anybody's letter
_ELSEWHERE = {"extend", "route", "refuse", "postpone", "offer"}  # commands that write to the customer in another letter
# A line of a signature that says where to write, and nothing else
_NOTHING_ELSE = re.compile(
    r"[ \t]*(?:(?:e-?mail|почта|пошта)[: ]*)?[<\[(]?(?:mailto:)?[^\s<>@]{1,64}@[\w.-]{1,255}[>\])]?[ \t]*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:mailto:)?[^\s<>()\[\]:;,\"'*@]{1,64}@[\w.-]{0,255}\w")


def released_letter(case: Case) -> EarlierLetter | None:
    """Return the letter of a unit whose words a command of this letter releases, if there are any."""
    return case.orders.units_letter if "release" in case.orders.verbs else None


def released_words(case: Case) -> str:
    """Return a unit's words as the customer reads them; "" where no command releases any."""
    theirs = released_letter(case)
    if theirs is None:
        return ""
    units, own = _units(case, theirs), case.policy.address.addr
    domains = {one.rpartition("@")[2] for one in units} - case.policy.service.public_domains

    def ours(match: re.Match[str]) -> str:
        address = match[0].casefold().removeprefix("mailto:")
        return own if address in units or address.rpartition("@")[2] in domains else match[0]

    lines = [_ADDRESS.sub(ours, line) for line in _lines(case, theirs) if not _NOTHING_ELSE.fullmatch(line)]
    return "\n".join(lines).strip()


def say_waiting(case: Case) -> tuple[str, ...]:
    """Return, for the receipt, that a unit's answer waits in a request that is merged or split, if one does."""
    waits = case.orders.waiting and "release" not in case.orders.verbs
    return (say_phrase("waiting", case.policy.service.language),) if waits else ()


def _lines(case: Case, theirs: EarlierLetter) -> list[str]:
    """Return the lines of a unit's new words, as they wrote them."""
    words = relayed_text(theirs.message.text, staff_addresses(case) | _units(case, theirs)) or ""
    lines = [line for line in unsigned(words).splitlines() if not line.lstrip().startswith(">")]
    return without_name(lines, (theirs.message.author or theirs.author).name)


def _release(case: Case, state: State, _value: object) -> tuple[State, str]:
    """The words have gone out with the answer already; what is left is that they go no second time."""
    theirs = case.orders.units_letter
    if theirs is None:
        raise cannot(case, "unseen" if case.orders.unseen else "nothing-of-units")
    if case.orders.verbs & _ELSEWHERE:
        raise cannot(case, "written")
    if theirs.cut:
        raise cannot(case, "units-cut")
    if _quotes_us(case, theirs):
        raise cannot(case, "units-quote")
    if not released_words(case):
        raise cannot(case, "units-no-words")
    name = _name(case, state, theirs)
    state = replace(state, released=theirs.letter_id)
    return noted(state, "released", f"letter {theirs.letter_id} of {theirs.author.addr}"), say_released(
        name, case.policy.service.language
    )


def _quotes_us(case: Case, theirs: EarlierLetter) -> bool:
    """Whether some of what we sent them stands among their words: an agent's covering note would go to the customer with it.

    Mail programs break lines anew, so that each line is looked for in the whole.
    """
    ours = " ".join(case.orders.passed.split())
    lines = [" ".join(line.split()) for line in _lines(case, theirs)]
    quoted = len(lines) > MAX_LINES or any(len(line) >= MIN_QUOTED and line in ours for line in lines)
    return quoted or quoted_of_ours(theirs.message.text, staff_addresses(case) | _units(case, theirs)) is not None


def _units(case: Case, theirs: EarlierLetter) -> frozenset[str]:
    """Return every address (casefolded) of those who answered."""
    ticket = case.thread.ticket
    taking_part = (one.address.key for one in ticket.participants if one.role is Role.UNIT) if ticket else ()
    return frozenset({theirs.author.key, *_authors(theirs), *taking_part})


def _authors(theirs: EarlierLetter) -> Iterator[str]:
    message = theirs.message
    return (one.key for one in (message.author, message.sender, *message.reply_to) if one)


def _name(case: Case, state: State, theirs: EarlierLetter) -> str:
    """Return what the unit is called; in a request that was merged it is another one than whoever has this one now."""
    units = case.policy.catalogue.units
    unit = next((one for one in units.values() if one.address and one.address.casefold() == theirs.author.key), None)
    if unit is None and theirs.ticket_id == state.ticket.id:
        unit = units.get(state.ticket.unit)
    return unit.name if unit else theirs.author.name or theirs.author.addr


ACTS: Mapping[str, Act] = {"release": _release}
