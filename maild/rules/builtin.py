"""What becomes of a letter, as ONE table: (rule, question, action), tried in order, the first that holds decides.

A question returns its evidence or None. Every rule that was asked and did not hold is in the finding too, so that
`explain` can say why not. Pure; knows `desk` and `model`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from maild.desk import confirming, news, replies, sent, solved, tickets, written_down
from maild.desk.answer import staff_addresses, why_no_answer
from maild.desk.case import Case
from maild.desk.commands import Command
from maild.desk.courtesy import Courtesy
from maild.desk.decision import Decision
from maild.desk.no_repeat import says_no_repeat
from maild.desk.notes import carry_out, keep_note
from maild.desk.orders import send
from maild.desk.overview import also_answered, answer_queries
from maild.desk.passing import is_units
from maild.desk.relay import quoted_of_ours, relayed_text
from maild.desk.reopening import courtesy_of
from maild.desk.sent import why_no_word
from maild.desk.sent_orders import obey_sent
from maild.desk.votes import vote, vote_in
from maild.ingest.sent import went_to_customer
from maild.model import Finding, Kind, Status, Ticket

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


def _sent_no_word(case: Case) -> str | None:
    return why_no_word(case) if case.letter.raw.sent else None


def _sent_command(case: Case) -> str | None:
    ticket = case.thread.ticket
    if case.letter.raw.sent and ticket and case.orders.commands:
        return f"sent from the mailbox in {ticket.number}, with {len(case.orders.commands)} command(s)"
    return None


def _sent_answer(case: Case) -> str | None:
    ticket = case.thread.ticket
    if case.letter.raw.sent and ticket and went_to_customer(case.message, ticket):
        return f"an answer in {ticket.number}, sent from the mailbox: {case.thread.evidence[-1]}"
    return None


def _sent_to_others(case: Case) -> str | None:
    return _sent(case) if case.thread.ticket else None


def _sent(case: Case) -> str | None:
    return f"sent from the mailbox: {case.thread.evidence[-1]}" if case.letter.raw.sent else None


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


def _query(case: Case) -> str | None:
    agent, orders = case.author.asker, case.orders
    alone = case.thread.ticket is None or not (orders.commands or orders.words)
    if agent and case.asked and alone:
        return f"agent {agent.id} asks: {'; '.join(one.query.line for one in case.asked)}"
    return None


def _answered_digest(case: Case) -> str | None:
    """An agent's answer to reminders of several tickets would go to nobody, and open a ticket in the agent's own name."""
    author = case.message.author
    if case.facts.digest and case.thread.ticket is None and author and author.key in case.policy.staff:
        return "an agent answered a letter about several tickets: it leads into none of them"
    return None


def _confirmation(case: Case) -> str | None:
    if case.confirms and case.kind.kind is Kind.PERSON:
        return f"agent {case.confirms.agent} answers whether letter {case.confirms.letter_id} is theirs"
    return None


def _unproven(case: Case) -> str | None:
    claims, ticket = case.author.claims, case.author.claimed_in
    if claims and (ticket or case.behalf or case.author.only_asks):
        where = f"in {ticket.number}" if ticket else "for somebody else" if case.behalf else "with questions to us"
        return f"in the name of agent {claims.id} {where}: {case.author.evidence[-1]}"
    return None


def _no_behalf(case: Case) -> str | None:
    if case.behalf and case.behalf.problem and case.author.asks:
        return (
            f"agent {case.author.asks.id} writes a request down for somebody whose it cannot be: {case.behalf.problem}"
        )
    return None


def _on_behalf(case: Case) -> str | None:
    if case.behalf and case.recorded:
        return f"a request that agent {case.recorded.by.id} has written down; {case.thread.evidence[-1]}"
    return None


def _not_an_answer(case: Case) -> str | None:
    agent, ticket = case.author.agent, case.thread.ticket
    if agent is None or ticket is None or not _agents_answer(case):
        return None
    why = why_no_answer(case, ticket)
    if why is None and (ours := quoted_of_ours(case.message.text, staff_addresses(case))):
        why = f"of our notification, {ours} stands among the words"
    return f"a letter of agent {agent.id} in {ticket.number} that is not for the customer: {why}" if why else None


def _agents_answer(case: Case) -> str | None:
    agent, ticket = case.author.agent, case.thread.ticket
    if agent and ticket and not agent.writes_from(ticket.requester.key):  # in their own request they are the customer
        return f"an answer of agent {agent.id} in {ticket.number}"
    return None


def _note(case: Case) -> str | None:
    if case.thread.note and case.author.agent and case.thread.ticket:
        return f"a note of agent {case.author.agent.id} in {case.thread.ticket.number}, for colleagues only"
    return None


def _command(case: Case) -> str | None:
    if case.orders.commands and (answers := _agents_answer(case)):
        return f"{answers}, with {len(case.orders.commands)} command(s)"
    return None


def _no_repeat(case: Case) -> str | None:
    """A word to undo is about the repeat where the letter answers the notice of one; else it is a command, or none."""
    agent, commands = case.author.agent, case.orders.commands
    said = bool(agent) and says_no_repeat(relayed_text(case.message.text, staff_addresses(case)))
    if case.facts.repeat is not None:
        said = said or [one.verb for one in commands if isinstance(one, Command)] == ["undo"]
    elif commands:
        said = False
    if agent and case.thread.ticket and said:
        return f"the word of agent {agent.id} in {case.thread.ticket.number}"
    return None


def _voted(case: Case) -> str | None:
    found = vote_in(case)
    return f"its requester's verdict on our work: {found[1].value}, in {found[1].evidence}" if found else None


def _confirmed(case: Case) -> str | None:
    ticket, courtesy, author = case.thread.ticket, _courtesy(case), case.author.address
    if ticket is None or courtesy is None or not courtesy.confirms or ticket.status is not Status.RESOLVED:
        return None
    theirs = author is not None and author.key == ticket.requester.key and not case.thread.unproven
    return f"its requester says that it is solved: {courtesy.evidence}" if theirs else None


def _thanks(case: Case) -> str | None:
    ticket, courtesy = case.thread.ticket, _courtesy(case)
    return f"{courtesy.evidence}, and {ticket.number} is over" if ticket and courtesy else None


def _courtesy(case: Case) -> Courtesy | None:
    """Return what makes a customer's letter mere courtesy in a ticket that is over."""
    ticket = case.thread.ticket
    if ticket is None or case.author.agent or case.kind.kind is not Kind.PERSON or case.letter.raw.truncated:
        return None
    return None if is_units(case, ticket) else courtesy_of(case.said, case.message, ticket, case.policy)


def _completed(case: Case) -> str | None:
    return _resend(case) if case.repeat.new_files else None


def _resend(case: Case) -> str | None:
    return f"sent again: {case.repeat.evidence[-1]}" if case.repeat.resend_of else None


def _solved(case: Case) -> str | None:
    entries = replies.solved_by(case)
    return f"its requester says that an answer has solved it: {', '.join(entries)}" if entries else None


def _agreed(case: Case) -> str | None:
    return f"its requester agrees to the paid work: {replies.words_of(case)}" if replies.consent_of(case) else None


def _declined(case: Case) -> str | None:
    declines = replies.consent_of(case) is False
    return f"its requester does not want the paid work: {replies.words_of(case)}" if declines else None


def _unclear(case: Case) -> str | None:
    """A yes that is not plain costs money where it was none: a person reads it, and the customer is asked."""
    return f"it may agree to the paid work: {replies.words_of(case)}" if replies.unclear(case) else None


def _known_ticket(case: Case) -> str | None:
    return f"it {case.thread.finding().verdict}: {case.thread.evidence[-1]}" if case.thread.ticket else None


def _always(case: Case) -> str | None:
    return f"a new request; {case.thread.evidence[-1]}"


def _besides(action: Action) -> Action:
    def act(case: Case, reason: str) -> Decision:
        return also_answered(case, action(case, reason))

    return act


def _in_ticket(action: Callable[[Case, Ticket, str], Decision]) -> Action:
    def act(case: Case, reason: str) -> Decision:
        assert case.thread.ticket is not None, "the question asked for it"
        return action(case, case.thread.ticket, reason)

    return act


TABLE = (
    Rule("copy", _copy, tickets.repeat),  # before all else: a bounce that comes twice must not count twice
    Rule("sent-no-word", _sent_no_word, sent.pass_over),  # ours, a machine's, one from before
    Rule("sent-command", _sent_command, _in_ticket(obey_sent)),
    Rule("sent-answer", _sent_answer, _in_ticket(sent.answer_sent)),
    Rule("sent-to-others", _sent_to_others, _in_ticket(sent.note_sent)),
    Rule("sent", _sent, sent.leave_sent),  # nothing that we wrote is a request
    Rule("own-letter", _own_letter, tickets.ignore),  # nothing answers ourselves
    Rule("news-undelivered", news.undelivered, news.give_up),  # before the reports, which know tickets alone
    Rule("delivery-report", _kind(Kind.DSN), tickets.bounce),
    Rule("complaint", _kind(Kind.FEEDBACK), tickets.complaint),  # a reader called a letter of ours spam
    Rule("unsubscribed", news.asks_to_end, news.end),  # mail programs may write it by themselves
    Rule("challenge", _kind(Kind.CHALLENGE), tickets.ignore),  # a person may answer it; a machine would lie
    Rule("read-receipt", _kind(Kind.MDN), tickets.ignore),
    Rule("auto-reply", _kind(Kind.AUTO_REPLY), tickets.ignore),  # an out-of-office neither opens nor reopens
    Rule("mailing-list", _kind(Kind.LIST), tickets.ignore),
    Rule("old-letter", _old, tickets.ignore),  # the first start on a full mailbox answers nothing
    Rule("agents-machine", _agents_machine, tickets.ignore),  # nor does it reach a customer
    Rule("query", _query, answer_queries),  # also in answer to a digest, or to such an answer
    Rule("answered-digest", _answered_digest, tickets.answer_nowhere),
    Rule("confirmation", _confirmation, confirming.settle),
    Rule("news", news.sends, news.publish),  # also where it is not proven: its agent has to confirm it in any case
    Rule("unproven", _unproven, confirming.ask),  # neither an agent's nor a customer's
    Rule("unseen", confirming.why_unseen, confirming.refuse_unseen),  # a yes to what was not shown
    Rule("no-behalf", _no_behalf, written_down.refuse_behalf),
    Rule("note", _note, _besides(_in_ticket(keep_note))),  # before all that could send a word of it
    Rule("not-an-answer", _not_an_answer, _in_ticket(tickets.refuse)),  # a forwarded notification, an absence
    Rule("no-repeat", _no_repeat, _in_ticket(tickets.undo_repeat)),  # before the answer: the word is for us alone
    Rule("command", _command, _besides(_in_ticket(carry_out))),
    Rule("agents-answer", _agents_answer, _besides(_in_ticket(send))),
    Rule("news-wanted", news.says_yes, news.begin),
    Rule("subscribing", news.wants_news, news.subscribe),
    Rule("voted", _voted, _in_ticket(vote)),  # before the thanks, which may be a verdict
    Rule("confirmed", _confirmed, _in_ticket(solved.confirm)),
    Rule("thanks", _thanks, _in_ticket(tickets.thank)),  # before the repeats: people thank twice
    Rule("completed", _completed, tickets.complete),  # sent again with the file that was forgotten
    Rule("resend", _resend, tickets.resend),
    Rule("solved-by-faq", _solved, _in_ticket(replies.solved)),  # a word of the customer's that settles it
    Rule("agreed", _agreed, _in_ticket(replies.agreed)),
    Rule("declined", _declined, _in_ticket(replies.declined)),
    Rule("unclear-consent", _unclear, _in_ticket(replies.ask_plainly)),
    Rule("known-ticket", _known_ticket, _in_ticket(tickets.append)),
    Rule("on-behalf", _on_behalf, written_down.open_on_behalf),
    Rule("new-request", _always, tickets.open_ticket),
)
