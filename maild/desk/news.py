"""News: who wants them and who does not, and what an agent sends to all who do. Pure: a Case in, a Decision out.

From proves nothing, so that nobody is subscribed by a letter that may be another's: they are asked, once, at that address.
To get rid of news is easy: the token of a letter of news will do, or the word of the subscriber's address. News goes out
only when its sender has seen the very letter and for how many it is, and has said yes (`desk.confirming`).
"""

import re
from dataclasses import replace

from maild.desk.case import Case, Kept
from maild.desk.consent import read_consent
from maild.desk.decision import Decision
from maild.desk.news_words import says_subscribe, says_unsubscribe
from maild.desk.silence import absence_in, agents_limit, why_not_to
from maild.desk.subscriber import ASK_AGAIN_AFTER, AskThem, Publish, Stop, Subscribe, Subscriber, Unsubscribe
from maild.ingest.authentication import Verdict, authenticate
from maild.ingest.classify import absence_wording, is_no_reply
from maild.ingest.dedupe import answers
from maild.model import Address, Agent, Draft, Kind, Outcome, OutcomeKind, Purpose, is_own
from maild.tokens import hide_tokens
from maild.wording import say_instant

MAX_TEXT = 20_000  # characters of news: what is longer belongs behind a link
MAX_TITLE = 200
MAX_OPEN = 3  # questions to one agent about news: forgeries must not fill a mailbox
_STOP = re.compile(r"[#№]?(?:отмена|отменить|стоп|скасувати|скасування|undo|cancel|stop|нет|ні|no)[.!]?", re.IGNORECASE)


# ── who wants news ───────────────────────────────────────────────────────────────────────────────────────────────────


def asks_to_end(case: Case) -> str | None:
    """Return what says that a subscriber wants no news any more, or None: a token made for that, in whosever letter."""
    speaks = case.speaks
    if speaks and speaks.kind == "u":
        return f"subscriber {speaks.subscriber.id} wants no news: a letter to the address for that"
    found = _wants_none(case)
    return f"subscriber {found.id} wants no news: in their own words" if found else None


def end(case: Case, reason: str) -> Decision:
    """Nothing is sent to them any more. Whoever said so in words reads that it is done; a mail program asks for no answer."""
    speaks, said = case.speaks, _wants_none(case)
    subscriber = said or (speaks.subscriber if speaks else None)
    assert subscriber is not None, "the question asked for it"
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=reason)
    if not subscriber.active:
        return Decision(outcome=replace(outcome, reason=f"{reason}; they had none already"))
    silent = said is None or why_not_to(case, subscriber.address)
    return Decision(
        outcome=outcome,
        news=Unsubscribe(id=subscriber.id, why="their word" if said else "List-Unsubscribe"),
        drafts=() if silent else (_tell(case, subscriber.address, "ended"),),
    )


def says_yes(case: Case) -> str | None:
    """Return what says that an address wants the news that somebody asked for in its name, or None."""
    speaks = case.speaks
    if not speaks or speaks.kind != "s" or not _is_persons(case):
        return None
    text = case.said.text
    if read_consent(text).agrees or says_subscribe("", text):
        return f"{speaks.subscriber.address.addr} says that they want news"
    return None


def begin(case: Case, reason: str) -> Decision:
    """They get news from now on, and read how to end that; a second yes changes nothing."""
    assert case.speaks is not None, "the question asked for it"
    subscriber = case.speaks.subscriber
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=reason)
    if not subscriber.asked:
        return Decision(outcome=replace(outcome, reason=f"{reason}; they have said so before"))
    silent = why_not_to(case, subscriber.address)
    return Decision(
        outcome=outcome,
        news=Subscribe(address=subscriber.address, how="confirmed"),
        drafts=() if silent else (_tell(case, subscriber.address, "begun"),),
    )


def wants_news(case: Case) -> str | None:
    """Return what says that a letter's author wants news and nothing else, or None."""
    if case.policy.news is None or not _is_persons(case) or case.thread.ticket or case.said.wrapped:
        return None
    subject = "" if answers(case.message) else case.message.subject
    return "its author wants news" if says_subscribe(subject, case.said.text) else None


def subscribe(case: Case, reason: str) -> Decision:
    """They get news where our server vouches for their address; else that address is asked, once in a while."""
    to = case.author.address
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=reason)
    if to is None or (why := why_not_news(case, to)):
        return Decision(
            outcome=replace(
                outcome, kind=OutcomeKind.IGNORED, reason=f"{reason}; but {why if to else 'it names nobody'}"
            )
        )
    known = next((one for one in case.facts.subscribers if one.address.key == to.key), None)
    silent = why_not_to(case, to)
    told = () if silent else (_tell(case, to, "begun"),)
    if known and known.active:
        return Decision(outcome=replace(outcome, reason=f"{reason}; they get them already"), drafts=told)
    genuine = authenticate(case.message, case.policy.trust.authserv)
    if genuine.verdict is Verdict.PASS and case.message.author and case.message.author.key == to.key:
        reason = f"{reason}; {genuine.evidence}"
        return Decision(outcome=replace(outcome, reason=reason), news=Subscribe(address=to, how="letter"), drafts=told)
    lately = known and known.asked_at and case.now - known.asked_at < ASK_AGAIN_AFTER
    if silent or lately:
        return Decision(outcome=replace(outcome, reason=f"{reason}; {silent or 'they have been asked lately'}"))
    return Decision(
        outcome=replace(outcome, reason=f"{reason}; {to.addr} is asked whether it is they"),
        news=AskThem(address=to),
        drafts=(_tell(case, to, "asked"),),
    )


def undelivered(case: Case) -> str | None:
    """Return which subscriber's letter of news did not arrive for good, or was called spam, or None."""
    found = _of_report(case)
    if found is None or case.report is None:
        return None
    status = case.report.status or "5"  # 5.7 is about us: that is how whole servers refuse what they hold to be spam
    lost = case.report.action == "failed" and status.startswith("5") and not status.startswith("5.7")
    what = "a complaint about" if case.kind.kind is Kind.FEEDBACK else "the end of" if lost else "a report on"
    return f"{what} news to subscriber {found.id}"


def give_up(case: Case, reason: str) -> Decision:
    """News to an address that does not exist, or to somebody who calls it spam, goes there no more."""
    found, report, reported = _of_report(case), case.report, case.facts.reported
    assert found is not None, "the question asked for it"
    assert report is not None, "the question asked for it"
    over = case.kind.kind is Kind.FEEDBACK or reason.startswith("the end")
    words = f"{report.action} {report.status or ''} {report.diagnostic}".strip()
    return Decision(
        outcome=Outcome(kind=OutcomeKind.BOUNCE, reason=f"{reason}: {words}"),
        news=Unsubscribe(id=found.id, why=words) if over and found.active else None,
        bounced=reported.outbox_id if reported and report.action == "failed" else None,
    )


def why_not_news(case: Case, to: Address) -> str | None:
    """Return why an address is none that news could go to, or None."""
    if not to.sendable or is_no_reply(to.addr):
        return f"nothing can be sent to {to.addr or 'them'}"
    if is_own(to.key, case.policy.own.addresses) or to.key in case.policy.notifiers:
        return f"{to.addr} is ours, or a machine's"
    return None


def _is_persons(case: Case) -> bool:
    letter = case.letter
    old = letter.old and case.policy.old_letters != "answer"
    return case.kind.kind is Kind.PERSON and not (letter.raw.sent or old or case.staffs or case.author.asks)


def _wants_none(case: Case) -> Subscriber | None:
    """Return which subscriber says in words that they want none: by the letter that they answer, or by their address."""
    if not _is_persons(case) or case.thread.ticket:  # also where news is set up no more: what is on its way may go on
        return None
    subject = "" if answers(case.message) else case.message.subject
    if not says_unsubscribe(subject, case.said.text):
        return None
    if case.speaks:
        return case.speaks.subscriber
    author = case.author.address
    return next(
        (one for one in case.facts.subscribers if author and one.active and one.address.key == author.key), None
    )


def _of_report(case: Case) -> Subscriber | None:
    """Return to whom the letter of news went that a report is about."""
    if case.kind.kind not in (Kind.DSN, Kind.FEEDBACK):
        return None
    reported, speaks = case.facts.reported, case.speaks
    if reported is None:
        return speaks.subscriber if speaks else None
    if reported.letter.purpose not in (Purpose.NEWS, Purpose.SUBSCRIPTION):
        return None
    key = reported.letter.recipient.casefold()
    return next((one for one in case.facts.subscribers if one.address.key == key), None)


def _tell(case: Case, to: Address, state: str) -> Draft:
    return Draft(
        purpose=Purpose.SUBSCRIPTION, recipient=to, subject=case.message.subject, words={"state": state},
        about_news=("s", case.letter.id) if state == "asked" else None,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip


# ── news of ours ─────────────────────────────────────────────────────────────────────────────────────────────────────


def sends(case: Case) -> str | None:
    """Return who sends news, or in whose name somebody does, or None."""
    agent = case.author.asks or case.author.claims
    return f"news {'by' if case.author.asks else 'in the name of'} agent {agent.id}" if case.edition and agent else None


def publish(case: Case, reason: str) -> Decision:
    """The sender is shown the letter and asked; once they have confirmed it, it goes out. Or they read why it cannot."""
    agent, edition = case.author.asks or case.author.claims, case.edition
    assert agent is not None, "the question asked for it"
    assert edition is not None, "the question asked for it"
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=reason)
    if silence := _why_not_told(case, agent):
        return Decision(outcome=replace(outcome, kind=OutcomeKind.IGNORED, reason=f"{reason}; not asked: {silence}"))
    if wrong := _what_is_wrong(case, agent):
        nothing = replace(outcome, reason=f"{reason}; nothing is sent: {wrong}")
        return Decision(outcome=nothing, drafts=(_say(case, agent, case.letter.id, wrong),))
    if case.letter.confirmed:
        going = replace(outcome, reason=f"{reason}, confirmed: it goes to {case.audience}")
        move = Publish(edition=edition, by=agent.id)
        return Decision(outcome=going, news=move, drafts=(_say(case, agent, case.letter.id, "going"),))
    until = case.now + case.policy.trust.confirm_within
    words = {"until": say_instant(until, case.policy.service.zone, case.policy.service.language, case.now)}
    return Decision(
        outcome=replace(outcome, kind=OutcomeKind.IGNORED, reason=f"{reason}; kept until they confirm it"),
        ask=(agent.id, until),
        drafts=(_say(case, agent, case.letter.id, "asked", **words),),
    )


def about_edition(case: Case, kept: Kept, agent: Agent, reason: str) -> Decision:
    """What a sender says of news that they have confirmed: that they are to stop, or nothing that could be done."""
    assert kept.edition is not None, "it is asked of what was confirmed"
    outcome = Outcome(kind=OutcomeKind.COMMAND, reason=reason)
    if not _STOP.fullmatch(case.said.text.strip()) or kept.left == 0:
        machine, held = absence_wording(case.message.text), agents_limit(case, agent)
        told = () if machine or held else (_say(case, agent, kept.letter_id, "used"),)
        return Decision(outcome=replace(outcome, reason=f"{reason}: nothing that could be done"), drafts=told)
    words = {"left": kept.left, "sent": kept.of - kept.left}
    return Decision(
        outcome=replace(outcome, reason=f"{reason}: stopped, {kept.left} of {kept.of} do not get it"),
        news=Stop(edition=kept.edition),
        drafts=(_say(case, agent, kept.letter_id, "stopped", **words),),
    )


def _what_is_wrong(case: Case, agent: Agent) -> str:
    """Return why news is not sent, as `wording` of the letter's states; "" where it can be."""
    edition, policy = case.edition, case.policy.news
    assert edition is not None, "the question asked for it"
    if policy is None:
        return "off"
    if agent.id not in policy.senders:
        return "not-allowed"
    if case.letter.raw.truncated or len(edition.text) > MAX_TEXT or len(edition.title) > MAX_TITLE:
        return "too-long"
    if not edition.title:
        return "no-title"
    if not edition.text:
        return "no-text"
    if any(not one.inline for one in case.message.attachments):
        return "files"
    return "" if case.audience else "nobody"


def _why_not_told(case: Case, agent: Agent) -> str | None:
    if case.kind.kind is not Kind.PERSON:
        return f"a machine wrote it: {'; '.join(case.kind.evidence)}"
    if case.letter.old:
        return "it arrived before maild's first look at the folder"
    if case.open_questions >= MAX_OPEN and not case.letter.confirmed:
        return f"agent {agent.id} has {case.open_questions} such questions to answer yet"
    return absence_in(case) or agents_limit(case, agent)


def _say(case: Case, agent: Agent, letter: int, state: str, **words: object) -> Draft:
    edition = case.edition
    shown = {"title": edition.title, "text": hide_tokens(edition.text)} if edition else {}
    known = {"state": state, "letter": letter, "recipients": case.audience}
    return Draft(
        purpose=Purpose.EDITION, recipient=agent.address, subject=case.message.subject, words=known | shown | words,
        in_reply_to=case.message.message_id, references=case.message.references,
    )  # fmt: skip
