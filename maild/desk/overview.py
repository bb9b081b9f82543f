"""What an agent reads who asked about the desk, or begins their day: headings with tickets in queue order below. Pure.

Nothing here touches a ticket. Who has had as many automatic letters as they may have gets no answer, as with all others.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from maild.contracts.client import Client
from maild.contracts.recognition import Standing
from maild.contracts.standing import standing_of
from maild.desk.case import MAX_COUNTED, Case, DeskPolicy
from maild.desk.decision import Decision
from maild.desk.queries import MAX_QUERIES, Unclear, usage_of, usages
from maild.desk.seen import Answered, Happened, Listing, SeenTicket, Used
from maild.desk.silence import agents_limit
from maild.desk.term_words import term_words
from maild.model import Draft, Finding, Outcome, OutcomeKind, Purpose, Status
from maild.tokens import hide_tokens
from maild.wording import say_date, say_duration, say_moment, say_month, say_number, say_price
from maild.wording.receipts import say_phrase, say_standing, say_status

MAX_EXCERPT = 160  # characters of somebody's words in a short history
_STATUSES = frozenset(map(str, Status))

Words = dict[str, object]


def answer_queries(case: Case, reason: str) -> Decision:
    """One letter with all the answers; no ticket is touched."""
    drafts, why = _answer(case)
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=f"{reason}{f'; not answered: {why}' if why else ''}")
    return Decision(outcome=outcome, drafts=drafts)


def also_answered(case: Case, decision: Decision) -> Decision:
    """Return what follows from the rest of a letter, with the answer to what it asks besides.

    That is looked up before anything follows from the letter, and says so.
    """
    if not case.asked:
        return decision
    drafts, why = _answer(case, before=decision.became is not None)
    finding = Finding(step="queries", verdict=f"not answered: {why}" if why else "answered", evidence=_lines(case))
    return replace(decision, drafts=(*decision.drafts, *drafts), findings=(*decision.findings, finding))


def _answer(case: Case, *, before: bool = False) -> tuple[tuple[Draft, ...], str]:
    """Return the letter, or why there is none."""
    agent = case.author.asker
    assert agent is not None, "only a proven agent is answered"
    if held := agents_limit(case, agent):
        return (), held
    draft = Draft(
        purpose=Purpose.OVERVIEW,
        recipient=agent.address,
        words={
            "sections": [say_answered(one, case.policy, case.now) for one in case.asked[:MAX_QUERIES]],
            "unanswered": len(case.asked[MAX_QUERIES:]),
            "direct": case.policy.subaddress,
            "before": before,
        },
        in_reply_to=case.message.message_id,
        references=case.message.references,
    )
    return (draft,), ""


def _lines(case: Case) -> tuple[str, ...]:
    return tuple(one.query.line for one in case.asked)


def say_answered(one: Answered, desk: DeskPolicy, now: datetime) -> Words:
    """Return one answer as the template has it."""
    language, query = desk.service.language, one.query
    if isinstance(query, Unclear):
        near = [usage_of(name, language) for name in query.near]
        return say_section(
            "unclear", None, desk, now, line=query.line, near=near, help=[] if near else usages(language)
        )
    more: Words = {"line": query.line, "about": query.about, "near": list(one.near)}
    more |= {"help": usages(language)} if query.name == "help" else {}
    more |= {"client": _say_client(one.client, desk, now)} if one.client else {}
    more |= {"used": _say_used(one.used, desk)} if one.used else {}
    more |= {"history": [_say_happened(line, desk) for line in one.history]}
    return say_section(query.name, one.listing, desk, now, **more)


def say_section(kind: str, listing: Listing | None, desk: DeskPolicy, now: datetime, **more: object) -> Words:
    """Return a heading with its tickets as the template has it."""
    found = listing or Listing()
    standing: Words = {"line": "", "about": "", "near": [], "help": [], "client": None, "used": None, "history": []}
    shown: Words = {
        "kind": kind,
        "total": found.total,
        "at_least": found.total >= MAX_COUNTED,
        "more": found.total - len(found.tickets),
        "tickets": [_say_ticket(one, desk, now) for one in found.tickets],
    }
    return standing | shown | more


def _say_ticket(one: SeenTicket, desk: DeskPolicy, now: datetime) -> Words:
    ticket, service = one.ticket, desk.service
    words: Words = {
        "number": ticket.number,
        "subject": ticket.subject,
        "client": ticket.client_name or str(ticket.requester),
        "level": service.level_name(ticket.level),
        "agent": next((each.address.name or each.id for each in desk.agents if each.id == ticket.agent), ticket.agent),
        "status": _say_status(one, service.language),
        "address": one.address,
    }
    words |= {"what": "", "due": "", "left": "", "over": "", "passed": False}
    return words | (term_words(one.term, service, now) if one.term and one.term.due_at else {})


def _say_status(one: SeenTicket, language: str) -> str:
    """Return where a ticket stands; for which update it waits, and for how many customers, where that is asked."""
    if not one.askers:
        return say_status(one.ticket.status, language)
    return say_phrase("awaited", language).format(
        release=one.ticket.release or say_phrase("some-release", language), askers=one.askers
    )


def _say_client(client: Client, desk: DeskPolicy, now: datetime) -> Words:
    service, language = desk.service, desk.service.language
    today = now.astimezone(service.zone).date()
    standing, _ = standing_of(client, client.level, frozenset(service.levels), today)
    ends = [one.until for one in client.periods if one.until and (one.since is None or one.since <= today)]
    manager = next((one.address.name or one.id for one in desk.agents if one.id == client.manager), "")
    return {
        "key": client.key,
        "name": client.name,
        "level": service.level_name(client.level),
        "served": standing is Standing.SERVED,
        "standing": say_standing(standing, language),
        "suspended": client.suspended,
        "until": say_date(max(ends), language) if ends else "",
        "agreements": ", ".join(client.agreements),
        "manager": manager,
    }


def _say_used(used: Used, desk: DeskPolicy) -> Words:
    service, language, row = desk.service, desk.service.language, used.row
    said: Words = {
        "month": say_month(used.month.first, language),
        "requests": used.requests,
        "quota": used.quota or 0,
        "by": used.by or "",
        "price": "",
    }
    amounts = ("allowance", "carried_in", "used", "left", "extra")
    said |= {name: say_amount(getattr(row, name), language) if row else "" for name in amounts}
    if row and row.price:
        said |= {"price": say_price(row.price, service.currency, "", language)}
    return said


def say_amount(amount: int | timedelta, language: str) -> str:
    """Return an amount in words, "" for none at all."""
    if isinstance(amount, timedelta):
        return say_duration(amount, language, in_hours=True) if amount else ""
    return say_number(amount, language) if amount else ""


def _say_happened(one: Happened, desk: DeskPolicy) -> Words:
    service = desk.service
    said: Words = {"at": say_moment(one.at, service.zone, service.language), "who": one.who, "ours": one.ours}
    if not one.who:
        return said | {"text": _say_move(one.text, service.language)}
    text = " ".join(hide_tokens(one.text).split())
    return said | {"text": text if len(text) <= MAX_EXCERPT else text[: MAX_EXCERPT - 1].rstrip() + "…"}


def _say_move(detail: str, language: str) -> str:
    """Return "new → open: why" of the history as people say it: "новое → в работе"."""
    statuses = re.split(r"[:,]", detail, maxsplit=1)[0].split(" → ")
    return " → ".join(say_status(one, language) if one in _STATUSES else one for one in statuses)
