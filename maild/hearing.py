"""Who wrote a letter and which ticket it enters; and of our own people's, what it orders and what it asks.

What is read of the store here belongs to the one look of `pipeline.gather`; nothing is decided and nothing written.
"""

from datetime import datetime
from functools import partial

from maild.desk.author import Author, identify, name_sender, vouched_agent
from maild.desk.case import DeskPolicy, Facts, Kept, Letter, Orders, Read
from maild.desk.commands import Command, parse_commands
from maild.desk.confirming import find_confirmed
from maild.desk.merging import follow_merge
from maild.desk.queries import Query, Unclear, read_queries, take_queries
from maild.desk.relay import relayed_text, says_nothing, signature_of
from maild.desk.reopening import part_if_late
from maild.desk.seen import Answered
from maild.ingest.authentication import authenticate
from maild.ingest.dedupe import answers
from maild.ingest.sent import choose_sent_ticket
from maild.ingest.thread import Clues, Thread, choose_ticket
from maild.model import Kind, Message
from maild.policy import MailboxPolicy
from maild.store.overviews import look_up
from maild.store.unit import Transaction


def belongs(
    letter: Letter, read: Read, clues: Clues, facts: Facts, policy: MailboxPolicy, now: datetime
) -> tuple[Thread, Author, Kept | None]:
    """Return the ticket that the letter enters, who wrote it, and about which letter in an agent's name it answers us."""
    desk, message, said = policy.desk, read.message, read.said
    if letter.raw.sent:
        ours = desk.own.addresses | desk.staff
        thread = choose_sent_ticket(message, clues, facts.candidates, policy.keyring, ours)
        return follow_merge(thread, facts), name_sender(message, desk.agents, desk.address), None
    word = authenticate(message, desk.trust.authserv)
    elsewhere = said.wrapped or facts.digest  # somebody else's words, or an answer that leads into no ticket
    vouched = None if elsewhere else vouched_agent(message, desk.agents, word, letter.confirmed)
    thread = choose_ticket(message, clues, facts.candidates, policy.keyring, desk.agents, said.author, vouched)
    thread = follow_merge(thread, facts)
    author = identify(message, said, thread, desk.agents, desk.own.addresses, word, letter.confirmed)
    if author.agent is None:
        thread = part_if_late(thread, said, message, read.kind, facts, desk, min(letter.raw.received_at, now))
    return thread, author, find_confirmed(message, clues, facts.kept, policy.keyring, desk.agents, word)


def find_queries(
    letter: Letter, read: Read, author: Author, thread: Thread, desk: DeskPolicy
) -> tuple[tuple[Query | Unclear, ...], str]:
    """Return what a proven agent asks about the desk, and the other new words of their letter.

    Where it goes to nobody but us its words alone ask; its subject too, unless it answers a letter and the subject is that one's.
    """
    message, said = read.message, read.said
    if author.asker is None:
        return (), ""
    text = said.note if letter.raw.sent and said.wrapped else message.text
    words = relayed_text(text, desk.own.addresses | desk.staff) or ""
    if read.kind.kind is not Kind.PERSON or letter.raw.sent:  # a machine asks nothing; what was sent was said to others
        return (), words
    if thread.ticket is not None:
        return take_queries(words)
    return read_queries("" if answers(message) else message.subject, words), words


def looked_up(
    queries: tuple[Query | Unclear, ...], author: Author, tx: Transaction, policy: MailboxPolicy, now: datetime
) -> tuple[Answered, ...]:
    """Return what is known of what an agent asks, with the addresses at which this agent answers the tickets shown."""
    agent = author.asker
    if agent is None or not queries:
        return ()
    asked = look_up(tx.connection, tx.enrolled, queries, policy.desk, agent, now)
    return tuple(one.with_addresses(partial(policy.address_of, agent)) for one in asked if one.is_meant)


def find_orders(
    words: str, message: Message, author: Author, thread: Thread, tx: Transaction, desk: DeskPolicy, at: datetime
) -> Orders:
    """Return what a proven agent says anew in a ticket, besides what they ask: commands, and words for the customer.

    `at` is when the letter arrived (D1): a date without its year is the next one from there.
    """
    if author.agent is None or thread.ticket is None:
        return Orders()
    signature = signature_of(message.text, desk.own.addresses | desk.staff)
    commands, rest = parse_commands(words, at, desk.service.zone, signature=signature)
    if commands:  # they may have stood among the lines of a signature
        rest = relayed_text(rest, desk.own.addresses | desk.staff) or ""
        rest = "" if says_nothing(rest) else rest
    key = next((str(c.value) for c in commands if isinstance(c, Command) and c.verb == "client"), "")
    spellings = dict.fromkeys((key, key.casefold()) if key else ())  # phones begin lines, and words, with a capital
    named = next((found for one in spellings if (found := tx.client(desk.organization, one))), None)
    client = tx.client(desk.organization, thread.ticket.client) if commands and thread.ticket.client else None
    undo = any(isinstance(one, Command) and one.verb == "undo" for one in commands)
    undoable = tx.undoable(thread.ticket) if undo else None
    latest = tx.latest_words(thread.ticket.id) if any(one.verb in ("assign", "merge") for one in commands) else ""
    number = next((str(c.value) for c in commands if isinstance(c, Command) and c.verb == "merge"), "")
    other = tx.ticket_numbered(number, desk) if number else None
    other_clocks = tx.clocks([other.id]).get(other.id, ()) if other else ()
    return Orders(
        commands=commands,
        words=rest,
        named=named,
        client=client,
        latest=latest,
        undoable=undoable,
        other=other,
        other_clocks=other_clocks,
    )
