"""What becomes of a letter, as ONE table: (rule, question, action), tried in order, the first that holds decides.

A question returns its evidence or None. Every rule that was asked and did not hold is in the finding too, so that
`explain` can say why not. Pure; knows `desk` and `model`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maild.desk import replies, tickets
from maild.desk.answer import staff_addresses, why_no_answer
from maild.desk.case import Case
from maild.desk.decision import Decision
from maild.desk.orders import obey
from maild.desk.relay import relayed_text
from maild.desk.undo import says_no_repeat
from maild.model import Finding, Kind, Ticket

Question = Callable[[Case], str | None]
Action = Callable[[Case, str], Decision]


@dataclass(frozen=True)
class Rule:
    """One named question about a letter and what follows from a yes."""

    name: str
    question: Question
    action: Action


def decide(case: Case) -> Decision:
    """Return what the first rule that holds makes of the letter; the findings name the rules before it."""
    passed = []
    for rule in TABLE:
        reason = rule.question(case)
        if reason is None:
            passed.append(f"{rule.name}: no")
            continue
        decision = rule.action(case, reason)
        finding = Finding(step="decide", verdict=f"{rule.name}: {reason}", evidence=tuple(passed))
        return replace(decision, findings=(*decision.findings, finding))
    raise AssertionError("the last rule of the table holds for every letter")


def _copy(case: Case) -> str | None:
    return case.repeat.evidence[-1] if case.repeat.copy_of else None


def _own_letter(case: Case) -> str | None:
    if case.facts.itself:
        return "our own letter come back: its Message-ID is in the outbox"
    return _kind(Kind.LOOP)(case)


def _kind(*kinds: Kind) -> Question:
    def question(case: Case) -> str | None:
        return f"{case.kind.kind}: {'; '.join(case.kind.evidence)}" if case.kind.kind in kinds else None

    return question


def _old(case: Case) -> str | None:
    if case.letter.old and case.policy.old_letters == "record":
        return "it was in the mailbox before maild's first look (old_letters = record)"
    return None


def _agents_machine(case: Case) -> str | None:
    if case.author.agent and case.kind.kind is not Kind.PERSON:
        return f"an automatic letter of agent {case.author.agent.id}: {'; '.join(case.kind.evidence)}"
    return None


def _answered_digest(case: Case) -> str | None:
    """An agent's answer to reminders of several tickets would go to nobody, and open a ticket in the agent's own name."""
    author = case.message.author
    if case.facts.digest and case.thread.ticket is None and author and author.key in case.policy.staff:
        return "an agent answered a letter about several tickets: it leads into none of them"
    return None


def _not_an_answer(case: Case) -> str | None:
    agent, ticket = case.author.agent, case.thread.ticket
    if agent and ticket and _agents_answer(case) and (why := why_no_answer(case, ticket)):
        return f"a letter of agent {agent.id} in {ticket.number} that is not for the customer: {why}"
    return None


def _agents_answer(case: Case) -> str | None:
    agent, ticket = case.author.agent, case.thread.ticket
    if agent and ticket and ticket.requester.key != agent.address.key:  # in their own request they are the customer
        return f"an answer of agent {agent.id} in {ticket.number}"
    return None


def _command(case: Case) -> str | None:
    if case.orders.commands and (answers := _agents_answer(case)):
        return f"{answers}, with {len(case.orders.commands)} command(s)"
    return None


def _no_repeat(case: Case) -> str | None:
    agent = case.author.agent
    if agent and case.thread.ticket and says_no_repeat(relayed_text(case.message.text, staff_addresses(case))):
        return f"the word of agent {agent.id} in {case.thread.ticket.number}"
    return None


def _completed(case: Case) -> str | None:
    return _resend(case) if case.repeat.new_files else None


def _resend(case: Case) -> str | None:
    return f"sent again: {case.repeat.evidence[-1]}" if case.repeat.resend_of else None


def _solved(case: Case) -> str | None:
    entries = replies.solved_by(case)
    return f"its requester says that an answer has solved it: {', '.join(entries)}" if entries else None


def _agreed(case: Case) -> str | None:
    return "its requester agrees to the paid work" if replies.consent_of(case) is True else None


def _declined(case: Case) -> str | None:
    return "its requester does not want the paid work" if replies.consent_of(case) is False else None


def _known_ticket(case: Case) -> str | None:
    return f"it {case.thread.finding().verdict}: {case.thread.evidence[-1]}" if case.thread.ticket else None


def _always(case: Case) -> str | None:
    return f"a new request; {case.thread.evidence[-1]}"


def _in_ticket(action: Callable[[Case, Ticket, str], Decision]) -> Action:
    def act(case: Case, reason: str) -> Decision:
        assert case.thread.ticket is not None, "the question asked for it"
        return action(case, case.thread.ticket, reason)

    return act


TABLE = (
    Rule("copy", _copy, tickets.repeat),  # before all else: a bounce that comes twice must not count twice
    Rule("own-letter", _own_letter, tickets.ignore),  # nothing answers ourselves
    Rule("delivery-report", _kind(Kind.DSN), tickets.bounce),
    Rule("complaint", _kind(Kind.FEEDBACK), tickets.complaint),  # a reader called a letter of ours spam
    Rule("challenge", _kind(Kind.CHALLENGE), tickets.ignore),  # a person may answer it; a machine would lie
    Rule("read-receipt", _kind(Kind.MDN), tickets.ignore),
    Rule("auto-reply", _kind(Kind.AUTO_REPLY), tickets.ignore),  # an out-of-office neither opens nor reopens
    Rule("mailing-list", _kind(Kind.LIST), tickets.ignore),
    Rule("old-letter", _old, tickets.ignore),  # the first start on a full mailbox answers nothing
    Rule("agents-machine", _agents_machine, tickets.ignore),  # nor does it reach a customer
    Rule("answered-digest", _answered_digest, tickets.answer_nowhere),
    Rule("not-an-answer", _not_an_answer, _in_ticket(tickets.refuse)),  # a forwarded notification, an absence
    Rule("no-repeat", _no_repeat, _in_ticket(tickets.undo_repeat)),  # before the answer: the word is for us alone
    Rule("command", _command, _in_ticket(obey)),
    Rule("agents-answer", _agents_answer, _in_ticket(tickets.answer)),
    Rule("completed", _completed, tickets.complete),  # sent again with the file that was forgotten
    Rule("resend", _resend, tickets.resend),
    Rule("solved-by-faq", _solved, _in_ticket(replies.solved)),  # a word of the customer's that settles it
    Rule("agreed", _agreed, _in_ticket(replies.agreed)),
    Rule("declined", _declined, _in_ticket(replies.declined)),
    Rule("known-ticket", _known_ticket, _in_ticket(tickets.append)),
    Rule("new-request", _always, tickets.open_ticket),
)
