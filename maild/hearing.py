"""Who wrote a letter and which ticket it enters; and of our own people's, what it orders and what it asks.

What is read of the store here belongs to the one look of `pipeline.gather`; nothing is decided and nothing written.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from maild.desk.author import Author, identify, name_sender, named_in_from, vouched_agent
from maild.desk.case import DeskPolicy, EarlierLetter, Facts, Kept, Letter, Orders, Read
from maild.desk.commands import Command, Unknown, looks_like_command, parse_commands
from maild.desk.confirming import find_confirmed
from maild.desk.decision import Release
from maild.desk.interleaved import Woven, may_be_interleaved, read_interleaved
from maild.desk.merging import follow_merge
from maild.desk.news_words import read_edition
from maild.desk.queries import Query, Unclear, read_queries, take_queries
from maild.desk.relay import relayed_text, says_nothing, signature_of
from maild.desk.reopening import part_if_late
from maild.desk.seen import Answered
from maild.desk.silence import absence_of
from maild.desk.subscriber import Edition, Speaks, Subscriber
from maild.desk.theirs import doubted_lines, names_of, squeeze
from maild.desk.whom import settle_givings
from maild.ingest.authentication import Authentication, Verdict, authenticate
from maild.ingest.dedupe import answers
from maild.ingest.html import html_to_text
from maild.ingest.parse import parse
from maild.ingest.sent import choose_sent_ticket
from maild.ingest.thread import Clues, Thread, choose_ticket
from maild.model import Direction, Kind, Message, Ticket
from maild.policy import MailboxPolicy
from maild.store.overtaken import told_by
from maild.store.overviews import look_up
from maild.store.reads import Reads
from maild.store.tickets import find_merged
from maild.store.told import letters_named


def belongs(
    letter: Letter, read: Read, clues: Clues, facts: Facts, policy: MailboxPolicy, now: datetime
) -> tuple[Thread, Author, Kept | None]:
    """Return the ticket that the letter enters, who wrote it, and about which letter in an agent's name it answers us."""
    desk, message, said = policy.desk, read.message, read.said
    if letter.raw.sent:
        ours = desk.own.addresses | desk.staff
        thread = choose_sent_ticket(message, clues, facts.candidates, policy.keyring, ours)
        return follow_merge(thread, facts), name_sender(message, desk.agents, desk.address), None
    word = _authenticate(letter, message, desk)
    elsewhere = said.wrapped or facts.digest  # somebody else's words, or an answer that leads into no ticket
    vouched = None if elsewhere else vouched_agent(message, desk.agents, word, letter.confirmed)
    thread = choose_ticket(message, clues, facts.candidates, policy.keyring, desk.agents, said.author, vouched)
    thread = follow_merge(thread, facts)
    author = identify(message, said, thread, desk.agents, desk.own.addresses, word, letter.confirmed)
    alone = thread.ticket is None and not facts.digest
    if alone and (read.behalf or _only_asks(read, desk) or find_edition(letter, read, desk)):
        author = _in_their_name(letter, read, thread, author, desk, word)
    elif author.agent is None:
        thread = part_if_late(thread, said, message, read.kind, facts, desk, min(letter.raw.received_at, now))
    return thread, author, find_confirmed(message, clues, facts.kept, policy.keyring, desk.agents, word)


def _only_asks(read: Read, desk: DeskPolicy) -> bool:
    """Whether a letter that leads into no ticket would be for us alone if it were an agent's: questions and commands."""
    message = read.message
    if read.kind.kind is not Kind.PERSON or read.said.wrapped:
        return False
    words = relayed_text(message.text, desk.own.addresses | desk.staff) or ""
    return any(one.is_meant for one in read_queries("" if answers(message) else message.subject, words))


def find_edition(letter: Letter, read: Read, desk: DeskPolicy) -> Edition | None:
    """Return the news that a letter is, if it is an agent's and leads into no ticket; None: it is none."""
    message = read.message
    if read.kind.kind is not Kind.PERSON or read.said.wrapped or letter.raw.sent:
        return None
    words = relayed_text(message.text, desk.own.addresses | desk.staff) or ""
    return read_edition(message.subject, words) if named_in_from(message, desk.agents) else None


def find_speaker(clues: Clues, facts: Facts, policy: MailboxPolicy) -> Speaks | None:
    """Return which subscriber's token a letter holds; one to unsubscribe before all others."""
    known: dict[tuple[str, int], Subscriber] = {}
    for one in facts.subscribers:
        known |= {("u", one.id): one, ("w", one.id): one}
        if one.asked_in is not None:
            known["s", one.asked_in] = one
    for token in sorted(clues.news, key=lambda one: one.kind != "u"):
        found = known.get((token.kind, token.id))
        if found and policy.keyring.news_token(token.kind, token.id, found.address.addr) == token:
            return Speaks(kind=token.kind, subscriber=found)
    return None


def _in_their_name(
    letter: Letter, read: Read, thread: Thread, author: Author, desk: DeskPolicy, word: Authentication
) -> Author:
    """Return which agent writes to us in no ticket, and whether that is proven; of a letter that is passed on, too."""
    message, said = read.message, read.said
    named = named_in_from(message, desk.agents)
    if named is None or author.asks or author.claims:
        return author
    if letter.confirmed:
        return Author(address=named.address, asks=named, evidence=(f"agent {named.id} has confirmed it",))
    own = identify(message, replace(said, wrapped="", author=None), thread, desk.agents, desk.own.addresses, word)
    return own if own.asks else replace(own, claims=named, only_asks=read.behalf is None)


def _authenticate(letter: Letter, message: Message, desk: DeskPolicy) -> Authentication:
    """Return what our servers say of From; where they say nothing, what we found of its signature as it came."""
    found, author = letter.signature, message.author.key if message.author else ""
    signed = desk.trust.dkim and found.verdict is Verdict.PASS and found.author == author
    word = authenticate(message, desk.trust.authserv, found.domain if signed else "")
    looked = desk.trust.dkim and found.why and not signed
    return replace(word, evidence=f"{word.evidence}; {found.why}") if looked else word


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
    queries: tuple[Query | Unclear, ...], author: Author, tx: Reads, policy: MailboxPolicy, now: datetime
) -> tuple[Answered, ...]:
    """Return what is known of what an agent asks, with the addresses at which this agent answers the tickets shown.

    Nothing where no line of it is meant; beside one that is, all are answered, and be it that there is no such client.
    """
    agent = author.asker
    if agent is None or not queries:
        return ()
    asked = look_up(tx.connection, tx.enrolled, queries, policy.desk, agent, now)
    meant = any(one.is_meant for one in asked)
    return tuple(one.with_addresses(partial(policy.address_of, agent)) for one in asked) if meant else ()


def find_orders(
    words: str,
    message: Message,
    author: Author,
    thread: Thread,
    tx: Reads,
    policy: MailboxPolicy,
    at: datetime,
    *,
    letter: Letter,
) -> Orders:
    """Return what a proven agent says anew in a ticket, besides what they ask: commands, and words for the customer.

    `at` is when the letter arrived (D1): a date without its year is the next one from there. What was sent
    from the mailbox itself quotes the customer's own letter.
    """
    ticket = thread.ticket
    if author.agent is None or ticket is None:
        return Orders()
    ours = policy.desk.own.addresses | policy.desk.staff
    woven = _find_interleaved(message, ticket, tx, ours, letter)
    commands, rest = _read_commands(words, message, ticket, tx, policy.desk, at, letter)
    if commands:  # they may have stood among the lines of a signature
        rest = relayed_text(rest, ours) or ""
        rest = "" if says_nothing(rest) else rest
    orders = Orders(commands=commands, words="\n\n".join(filter(None, (rest, woven.text))), lost=woven.lost)
    return _with_what_they_need(orders, message, ticket, tx, policy) if commands else orders


def _read_commands(
    words: str, message: Message, ticket: Ticket, tx: Reads, desk: DeskPolicy, at: datetime, letter: Letter
) -> tuple[tuple[Command | Unknown, ...], str]:
    """Return an agent's commands and their other words; what others wrote is looked at only where anything looks like one."""
    signature = signature_of(message.text, desk.own.addresses | desk.staff)
    commands, rest = parse_commands(words, at, desk.service.zone, signature=signature)
    if commands:
        lines = [*words.splitlines(), *signature.splitlines()]
        others = squeeze(tx.words_said(ticket.id, Direction.IN, Direction.UNIT))
        doubted = doubted_lines(lines, looks_like_command, others, names_of(ticket) if letter.raw.sent else None)
        commands, rest = parse_commands(words, at, desk.service.zone, signature=signature, doubted=doubted)
    return settle_givings(commands, desk.agents, desk.catalogue.units), rest


def _with_what_they_need(orders: Orders, message: Message, ticket: Ticket, tx: Reads, policy: MailboxPolicy) -> Orders:
    """Return the orders with what is stored about what their commands name; nothing is looked up that none of them needs."""
    desk, verbs, files = policy.desk, orders.verbs, policy.steering.files
    key, work = orders.named_by("client"), tx.work_of(ticket.id) if not ticket.requester.addr else None
    spellings = dict.fromkeys((key, key.casefold()) if key else ())  # phones begin lines, and words, with a capital
    orders = replace(
        orders,
        named=next((found for one in spellings if (found := tx.client(desk.organization, one))), None),
        client=tx.client(desk.organization, ticket.client) if ticket.client else None,
        undoable=tx.undoable(ticket) if "undo" in verbs else None,
        work=work,
        latest=(tx.latest_words(ticket.id) or work or "") if verbs & {"assign", "merge", "route"} else "",
        customers_letters=tx.customers_letters(ticket.id, files) if "route" in verbs else (),
        heard=tx.heard(ticket.id) if "split" in verbs else (),
    )
    rearranged = bool(verbs & {"merge", "split"})
    if rearranged or "release" in verbs:
        tickets = find_merged(tx.connection, ticket.id)
        theirs = tuple(one for one in tx.units_letters(tickets, files) if not absence_of(one.text))
        seen = _seen(theirs, ticket, told_by(tx.connection, tickets, message.in_reply_to) if theirs else None)
        orders = replace(
            orders,
            units_letter=seen[-1] if seen else None,
            unseen=len(seen) < len(theirs),
            waiting=rearranged and bool(theirs),
            passed=tx.passed_on(tickets) if seen else "",
        )
    if shipped := next((one.value for one in orders.commands if isinstance(one, Command) and one.verb == "ship"), None):
        assert isinstance(shipped, Release), "the grammar gives one"
        orders = replace(orders, planned=tx.waiting_for(desk.organization, shipped.name))
    if "merge" in verbs and (other := tx.ticket_numbered(orders.named_by("merge"), desk)):
        clocks = tx.clocks([other.id]).get(other.id, ())
        orders = replace(orders, other=other, other_clocks=clocks)
    return replace(orders, known=rearranged and tx.has_written_to(ticket))


def _seen(theirs: Sequence[EarlierLetter], ticket: Ticket, told: tuple[int, int] | None) -> list[EarlierLetter]:
    """Return which letters of units' their reader has read: those of the ticket of whose letter the answered one of ours told.

    What was read in a ticket that went into this one is not what waits in this one. Where it is not known what they answer,
    they know of all that waits here.
    """
    where, until = told or (ticket.id, None)
    return [one for one in theirs if one.ticket_id == where and (until is None or one.letter_id <= until)]


def _find_interleaved(message: Message, ticket: Ticket, tx: Reads, ours: frozenset[str], letter: Letter) -> Woven:
    """Return what an agent wrote into the quotation of our letter; of a letter that they confirmed they have seen no such words."""
    if letter.raw.sent or not may_be_interleaved(message.text):
        return Woven()
    ids = (*message.in_reply_to, *message.references)
    quoted = [parse(octets) for octets in letters_named(tx.connection, ticket.id, ids, tx.seen_outgoing())]
    shown = "\n".join(part for one in quoted for part in (one.text, html_to_text(one.html) if one.html else ""))
    theirs = squeeze(tx.words_said(ticket.id, Direction.IN))  # a unit's words must not go out as the customer's
    woven = read_interleaved(message.text, shown, theirs, ours)
    return woven.unsent() if letter.confirmed else woven
