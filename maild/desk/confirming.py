"""A letter in an agent's name that is not proven theirs: it is kept, and the agent is kept. Pure: a Case in, a Decision out.

It is no agent's letter, so that nothing of it happens; nor a customer's, so that it joins no ticket. The question goes to
the agent's registered address alone. Their yes walks the kept letter once more, as theirs; anything that is no plain yes
or no changes nothing. An answer counts once, within the term, and needs what an agent's letter needs: the token of the
question, and From.
"""

from dataclasses import replace

from maild.desk import news
from maild.desk.answer import staff_addresses
from maild.desk.attached import choose_attached
from maild.desk.case import Case, Kept
from maild.desk.commands import parse_commands
from maild.desk.consent import read_consent
from maild.desk.decision import Decision, Word
from maild.desk.forged import says_dmarc_failed
from maild.desk.relay import relayed_text, signature_of
from maild.desk.silence import absence_in, agents_limit, tickets_limit
from maild.desk.tickets import brought_along
from maild.ingest.authentication import Authentication, Verdict
from maild.ingest.classify import absence_wording
from maild.ingest.thread import Clues
from maild.model import Address, Agent, Draft, Kind, Message, Outcome, OutcomeKind, Purpose, Ticket, TicketEvent
from maild.tokens import Keyring, hide_tokens
from maild.wording import say_instant

# Questions to one agent about one ticket, and about new ones: forgeries must not use up what others are to hear of it
MAX_OPEN = 3
MAX_SHOWN = 4_000  # characters of the kept letter in the question; what says more is not confirmed by a yes


def find_confirmed(
    message: Message,
    clues: Clues,
    kept: tuple[Kept, ...],
    keyring: Keyring,
    agents: tuple[Agent, ...],
    authentication: Authentication,
) -> Kept | None:
    """Return the kept letter that this one is about, None where it is not proven to be that agent's."""
    for one in kept:
        agent = next((agent for agent in agents if agent.id == one.agent), None)
        if agent is None or keyring.confirmation(one.letter_id, agent.address.addr) not in clues.confirmations:
            continue
        author = message.author.key if message.author else ""
        vouched = authentication.verdict is Verdict.PASS and agent.writes_from(author)
        registered = author == agent.address.key and authentication.verdict is not Verdict.FAIL
        elsewhere = any(not agent.writes_from(address.key) for address in message.reply_to)
        if (registered or vouched) and not elsewhere:
            return one
    return None


def ask(case: Case, reason: str) -> Decision:
    """The letter is kept, and the agent is asked whether it is theirs, unless that is a machine's doing or surely forged."""
    agent, ticket = case.author.claims, case.author.claimed_in
    assert agent is not None, "the question asked for it"
    events = [TicketEvent(kind="not proven", detail=f"letter {case.letter.id} is {reason}")]
    if silence := _why_not_asked(case, agent, ticket):
        events.append(TicketEvent(kind="not asked", detail=silence))
        return Decision(
            outcome=Outcome(kind=OutcomeKind.IGNORED, reason=f"{reason}; the agent was not asked: {silence}"),
            ticket_id=ticket.id if ticket else None,
            events=tuple(events) if ticket else (),
        )
    until = case.now + case.policy.trust.confirm_within
    words = {
        "until": say_instant(until, case.policy.service.zone, case.policy.service.language, case.now),
        "author": case.message.author or Address(addr=""),
        "title": hide_tokens(case.message.subject),
        "asking": case.author.only_asks,
        **_shown(case, ticket),
        **({} if ticket else {"subject": hide_tokens(case.message.subject)}),
    }
    return Decision(
        outcome=Outcome(kind=OutcomeKind.IGNORED, reason=f"{reason}; kept until the agent confirms it"),
        ticket_id=ticket.id if ticket else None,
        events=tuple(events) if ticket else (),
        ask=(agent.id, until),
        drafts=(_letter(case.letter.id, agent, ticket, "asked", words),),
    )


def why_unseen(case: Case) -> str | None:
    """Return why the yes of an agent to their letter is not enough, or None: they say it of what they were shown."""
    if not case.letter.confirmed or (case.thread.ticket is None and case.behalf is None):
        return None
    left = len(_words(case)) - MAX_SHOWN
    return f"its agent has confirmed it, but was not shown {left} characters of it" if left > 0 else None


def refuse_unseen(case: Case, reason: str) -> Decision:
    """A confirmed letter of which the agent saw only a part: nothing of it happens, and they are asked to send it once more."""
    agent, ticket = case.author.agent or case.author.asks, case.thread.ticket
    agent = agent or (case.recorded.by if case.recorded else None)
    assert agent is not None, "only an agent confirms"
    held = _held_back(case, agent, ticket)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason),
        ticket_id=ticket.id if ticket else None,
        events=(TicketEvent(kind="not told", detail=held) if held else TicketEvent(kind="too long", detail=reason),)
        if ticket
        else (),
        drafts=() if held else (_letter(case.letter.id, agent, ticket, "too-long", {}),),
    )


def settle(case: Case, reason: str) -> Decision:
    """What the agent says of the kept letter: theirs, not theirs, or nothing that can be understood; they hear of the latter two."""
    kept = case.confirms
    assert kept is not None, "the question asked for it"
    agent = next(agent for agent in case.policy.agents if agent.id == kept.agent)
    if kept.edition is not None:
        return news.about_edition(case, kept, agent, reason)
    ticket = next((one.ticket for one in case.facts.candidates if one.ticket.id == kept.ticket_id), None)
    theirs = read_consent(case.said.text).agrees
    if kept.answered:
        state, done = "used", "it was answered before"
    elif case.at > kept.until:
        state, done = "late", "too late"
    elif theirs is None:
        state, done = "unclear", "neither yes nor no"
    else:
        state, done = ("confirmed", "it is") if theirs else ("disowned", "it is not")
    answers = theirs is not None and state in ("confirmed", "disowned")
    machine = state == "unclear" and absence_wording(case.message.text)
    drafts: tuple[Draft, ...] = ()
    events = [TicketEvent(kind="confirmation", detail=f"{reason}: {done}")]
    if state != "confirmed":
        if machine:
            events.append(TicketEvent(kind="not told", detail=f"it reads like an autoresponder's: {machine!r}"))
        elif held := _held_back(case, agent, ticket):
            events.append(TicketEvent(kind="not told", detail=held))
        else:
            letter = _letter(kept.letter_id, agent, ticket, state, {})
            drafts = (replace(letter, purpose=Purpose.EDITION) if kept.news else letter,)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.COMMAND, reason=f"{reason}: {done}"),
        ticket_id=ticket.id if ticket else None,
        events=tuple(events) if ticket else (),
        said=Word(letter_id=kept.letter_id, agent=agent.id, theirs=bool(theirs)) if answers else None,
        drafts=drafts,
    )


def _why_not_asked(case: Case, agent: Agent, ticket: Ticket | None) -> str | None:
    if case.kind.kind is not Kind.PERSON:
        return f"a machine wrote it: {'; '.join(case.kind.evidence)}"
    if absence := absence_in(case):
        return absence
    about = ticket.number if ticket else "new requests"
    if case.open_questions >= MAX_OPEN:
        return f"agent {agent.id} has {case.open_questions} such questions about {about} to answer yet"
    token = (case.thread.holder or case.thread.stray) is not None
    if not token and (forged := says_dmarc_failed(case.message)):
        return f"it is forged: {forged}"
    return _held_back(case, agent, ticket)


def _held_back(case: Case, agent: Agent, ticket: Ticket | None) -> str | None:
    return agents_limit(case, agent) or (tickets_limit(case, ticket) if ticket else None)


def _shown(case: Case, ticket: Ticket | None) -> dict[str, object]:
    """What a yes will set going: the words, how many characters of them are left out, commands, files, who else gets it."""
    words = _words(case)
    signature = signature_of(case.message.text, staff_addresses(case))
    commands, _ = parse_commands(words, case.at, case.policy.service.zone, signature=signature)
    commands = case.behalf.commands if case.behalf else commands
    shown = words if len(words) <= MAX_SHOWN else f"{words[:MAX_SHOWN].rstrip()} …"
    return {
        "text": shown,
        "left": max(0, len(words) - MAX_SHOWN),
        "commands": [hide_tokens(one.line) for one in commands],
        "people": [str(one.address) for one in brought_along(case, ticket)] if ticket else [],
        "files": [hide_tokens(one.name) for one in choose_attached(case, for_customer=True)[0]],
    }


def _words(case: Case) -> str:
    """Return the new words of the letter, and those that it passes on for somebody else."""
    words = relayed_text(case.message.text, staff_addresses(case)) or ""
    passed_on = case.behalf.said.text if case.behalf else ""
    return words if passed_on in words else "\n\n".join(filter(None, (words, passed_on)))


def _letter(letter_id: int, agent: Agent, ticket: Ticket | None, state: str, words: dict[str, object]) -> Draft:
    return Draft(
        purpose=Purpose.CONFIRMATION,
        recipient=agent.address,
        subject=ticket.subject if ticket else "",
        ticket=ticket,
        words={"state": state, "letter": letter_id} | words,
    )
