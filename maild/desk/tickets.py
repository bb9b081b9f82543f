"""What happens to tickets: open one, append to it, answer from it, note on it. Pure: a Case in, a Decision out."""

from dataclasses import replace

from maild.contracts.providers import box_key
from maild.desk.acknowledgement import name_untaken, reply_to_author
from maild.desk.acts import State, proven_agent
from maild.desk.admission import admit, clocks_of, readmit
from maild.desk.answer import answered_page, is_machine_made, shown_name
from maild.desk.answered import answered
from maild.desk.attached import choose_attached, enclose_earlier
from maild.desk.case import Case
from maild.desk.chase import begin_chase
from maild.desk.dealing import deal
from maild.desk.decision import Decision
from maild.desk.history import crossed, say_crossing, writer_of
from maild.desk.matrix import cell_findings
from maild.desk.notifications import write_notifications
from maild.desk.passing import Request, is_units, pass_on
from maild.desk.quoting import quote_below
from maild.desk.releasing import released_letter
from maild.desk.reopening import go_on, ground_over, waits_for_others
from maild.desk.silence import absence_in, reason_for_silence
from maild.desk.steering import Steered, described, steer
from maild.desk.steering_later import steer_later
from maild.desk.undelivered import is_copy, ours_again, what_is_lost, whom_it_concerns
from maild.ingest.classify import absence_wording
from maild.ingest.clients.lines import base_subject
from maild.model import (
    PASSED_ON,
    Address,
    Agent,
    Direction,
    Draft,
    Entry,
    Kind,
    Outcome,
    OutcomeKind,
    Participant,
    Purpose,
    Role,
    Status,
    Ticket,
    TicketEvent,
    is_own,
)
from maild.sla.clock import Clock
from maild.sla.clocks import Change, notice_lost, resume
from maild.sla.moves import each

MAX_COPIED = 20  # people in Cc who join a ticket; beyond that it is a mailing, and we would multiply it


def open_ticket(case: Case, reason: str) -> Decision:
    """A new ticket, its acknowledgement where one may go out, and word to the agents."""
    steered = steer(case, admit(case, described(case, _new_ticket(case))))
    dealt = deal(case, steered.admission.ticket)
    admission, ticket = replace(steered.admission, ticket=dealt.ticket), dealt.ticket
    steered = replace(steered, admission=admission)
    events = [TicketEvent(kind="opened", detail=reason), *_passed_on(case), *admission.events, *dealt.events]
    if case.thread.linked:
        how = "goes on where it was over for too long" if case.thread.late else "the letter spoke of"
        events.append(TicketEvent(kind="linked", detail=f"{how}: {case.thread.linked.number}"))
    if case.letter.raw.truncated:
        events.append(truncated(case))
    drafts: tuple[Draft, ...] = ()
    refused = admission.verdict == "refuse" or steered.refused is not None
    if case.letter.old and case.policy.old_letters != "answer":
        events.append(TicketEvent(kind="not acknowledged", detail="it arrived before maild's first look at the folder"))
    else:
        silence, told = reason_for_silence(case, ticket), _told_already(case, steered)
        if silence or told:
            events.append(TicketEvent(kind="not acknowledged", detail=silence or told or ""))
        else:
            drafts = (reply_to_author(case, steered),)
        attached, left_out = choose_attached(case, outside=True) if steered.unit else ((), ())
        request = Request(author=writer_of(case), text=case.said.text, attached=attached, left_out=left_out)
        drafts += pass_on(steered.unit, ticket, request)
        if silence or not refused:  # a refusal that nobody hears of is a person's business
            notices, held = write_notifications(case, ticket, admission=admission, clocks=admission.clocks)
            drafts, events = drafts + notices, events + list(held)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.OPENED, reason=reason),
        ticket_id=ticket.id,
        opened=ticket,
        findings=(*cell_findings(ticket, case.policy, case.ruling.by.get("service", "an agent")), *dealt.findings),
        turn=dealt.turn,
        clocks=admission.clocks,
        suggested=tuple(suggested for _, suggested in steered.faq),
        chase=steered.chase,
        guessed=case.client.guessed,
        guessed_by=box_key(case.author.address.addr) if case.author.address else "",
        entries=(entry_of(case),),
        events=tuple(events),
        drafts=drafts,
    )


def _told_already(case: Case, steered: Steered) -> str | None:
    """Return why nobody is told once more why they are refused (A8), or None; what is put off waits for an answer each time."""
    ground = steered.refused
    if ground and ground.id in case.facts.refused:
        return f"its author has been told lately: {ground.id}"
    return None


def append(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The letter joins its ticket's history and the agents are told.

    Nothing goes back to the author, unless it says at last who they are: then they hear what that changes.
    """
    events = [TicketEvent(kind="appended", detail=reason), *_passed_on(case)]
    if case.letter.raw.truncated:
        events.append(truncated(case))
    events += (TicketEvent(kind="linked", detail=f"the letter speaks of {one.number}, too") for one in case.thread.also)
    units = is_units(case, ticket)
    # an autoresponder's that nothing marks answers nothing, and ends no wait
    absent = absence_in(case) if units else None
    asks = case.kind.kind in (Kind.PERSON, Kind.NOTIFICATION) and not absent
    if units:
        said = absent or "no word of the customer's, who does not see it unless an agent releases it"
        events.append(TicketEvent(kind="unit wrote", detail=f"{writer_of(case)}: {said}"))
    joined = () if units else copied(case, ticket)
    if joined and (case.thread.unproven or case.thread.ticket is None):  # None: only the words led here
        detail = "people in To and Cc: without a token of ours the letter admits nobody"
        events.append(TicketEvent(kind="not joined", detail=detail))
        joined = ()
    admission = None if units else readmit(case, ticket)
    if admission:
        clocks: tuple[Clock, ...] = admission.clocks
        events += admission.events
        silence = reason_for_silence(case, ticket)
        replies = () if silence else (reply_to_author(case, Steered(admission=admission)),)
    else:
        # to whom nothing was promised so far, a further letter promises nothing either
        change = go_on(case, ticket, unit=units) if asks else None
        clocks, replies = (change.clocks, ()) if change else ((), ())
        events += change.events if change else ()
    theirs = case.author.address is not None and case.author.address.key == ticket.requester.key
    if not replies and theirs and any(file.untaken for file in case.files) and not reason_for_silence(case, ticket):
        replies = (name_untaken(case, ticket),)
    later = steer_later(case, State(ticket=admission.ticket if admission else ticket, clocks=clocks))
    clocks, became = later.clocks, later.ticket
    events += later.events
    rests = ticket.status in (Status.WAITING, Status.RESOLVED, Status.CLOSED)
    still = any(one.running and one.resting for one in clocks)  # for somebody else than the customer
    still |= not units and waits_for_others(case, ticket, clocks)
    # a machine's letter that is no request wakes nobody up
    status = Status.OPEN if rests and asks and not still else None
    if status:
        events.append(TicketEvent(kind="status", detail=f"{ticket.status} → {status}"))
        became = ground_over(became)
    shown = replace(became, status=status or became.status, participants=(*became.participants, *joined))
    drafts, held = write_notifications(case, shown, admission=admission, clocks=clocks or None)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        joined=joined,
        status=status,
        became=became if admission or became != ticket else None,
        clocks=clocks,
        chase_over=asks and not units,
        woken=asks,
        guessed=case.client.guessed,
        guessed_by=box_key(case.author.address.addr) if case.author.address else "",
        entries=(entry_of(case, Direction.UNIT if units else Direction.IN),),
        events=(*events, *held),
        drafts=(*replies, *drafts),
    )


def thank(case: Case, ticket: Ticket, reason: str) -> Decision:
    """The customer thanks for what is over: it stays so, and nobody has to read it."""
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        entries=(entry_of(case),),
        events=(TicketEvent(kind="thanks", detail=reason),),
    )


def answer(
    case: Case, ticket: Ticket, reason: str, *, clocks: tuple[Clock, ...] | None = None, words: str | None = None
) -> Decision:
    """An agent's words go to the customer: the new words and the attachments only, nothing that was quoted.

    `clocks` are the ticket's, where the letter has changed them already; `words` is what goes out, where that is more than
    the agent wrote. `became` is set only where the words can be sent.
    """
    agent = case.author.agent
    assert agent is not None, "only a proven agent answers"
    text = case.orders.words if words is None else words
    page = answered_page(case) if text == case.orders.words else ""
    attached, left_out = choose_attached(case, for_customer=True, shown=page)
    theirs = released_letter(case)
    attached, without, earlier = enclose_earlier(attached, (theirs,) if theirs else (), for_customer=True)
    left_out += without
    if unsent := _unsent(case, ticket, reason, agent, text):
        return unsent
    staff = case.policy.staff
    # of a letter sent from the mailbox its words have gone where they were to go: what we add is the customer's alone
    joined = () if case.letter.raw.sent else brought_along(case, ticket)
    people = (*ticket.participants, *joined)
    copied = tuple(p.address for p in people if p.role is Role.COPIED and p.address.key not in staff)
    drafts = tuple(
        Draft(
            purpose=Purpose.ANSWER,
            recipient=recipient,
            subject=ticket.subject,
            ticket=ticket,
            words={
                "text": text,
                "page": page,
                "agent": agent.address.name,
                "left_out": left_out,
                "quote": quote_below(case, (ticket.requester, *copied)),
            },
            from_name=shown_name(case.policy, ticket, agent),
            shown_to=(ticket.requester,),
            shown_cc=copied,
            in_reply_to=ticket.answers,
            attached=attached,
            earlier=earlier,
        )
        for recipient in (ticket.requester, *copied)
    )
    before = State(ticket=ticket, clocks=clocks_of(case, ticket) if clocks is None else clocks)
    state = answered(case, before, f"by agent {agent.id} to {len(drafts)} recipient(s)")
    events = [*state.events]
    events += (TicketEvent(kind="joined", detail=f"{one.address}, by agent {agent.id}") for one in joined)
    told, crossing = tell_crossed(case, ticket)
    events += crossing
    return Decision(
        outcome=Outcome(kind=OutcomeKind.APPENDED, reason=reason),
        ticket_id=ticket.id,
        joined=joined,
        status=state.ticket.status,
        became=replace(state.ticket, participants=people),
        clocks=state.clocks,
        chase_over=True,
        # where the last word is the customer's, we owe them an answer yet
        chase=None if case.overtaken else begin_chase(ticket.id, case.policy.catalogue.chasing, case.now),
        entries=(Entry(direction=Direction.OUT, author=agent.address, text=text),),
        events=tuple(events),
        drafts=(*drafts, *told),
    )


def _unsent(case: Case, ticket: Ticket, reason: str, agent: Agent, text: str) -> Decision | None:
    """What becomes of an answer that cannot go to the customer, of which its agent hears; None: it can."""
    if case.letter.raw.truncated:
        cut = "the letter is too large and only its beginning was taken, so nothing was sent to the customer"
        drafts, held = write_notifications(case, ticket, to=(agent,), notice="too-large")
        return Decision(
            outcome=Outcome(kind=OutcomeKind.IGNORED, reason=cut),
            ticket_id=ticket.id,
            events=(truncated(case), TicketEvent(kind="not answered", detail=f"agent {agent.id}: {cut}"), *held),
            drafts=drafts,
        )
    if not text:  # files alone may be those of a notification that a mailbox forwards by itself
        empty = "nothing stands above the quoted notification, so nothing was sent to the customer"
        drafts, held = write_notifications(case, ticket, to=(agent,), notice="empty-answer")
        return Decision(
            outcome=Outcome(kind=OutcomeKind.IGNORED, reason=empty),
            ticket_id=ticket.id,
            events=(TicketEvent(kind="empty answer", detail=f"agent {agent.id}: {empty}"), *held),
            drafts=drafts,
        )
    if not ticket.requester.addr:
        nowhere = "the customer's letter named no address to answer to"
        drafts, held = write_notifications(case, ticket, to=(agent,), notice="no-address")
        return Decision(
            outcome=Outcome(kind=OutcomeKind.APPENDED, reason=f"{reason}; not sent: {nowhere}"),
            ticket_id=ticket.id,
            entries=(entry_of(case),),
            events=(TicketEvent(kind="not answered", detail=nowhere), *held),
            drafts=drafts,
        )
    return None


def tell_crossed(case: Case, ticket: Ticket) -> tuple[tuple[Draft, ...], tuple[TicketEvent, ...]]:
    """Word to both agents where a colleague has just answered the same letter, and what the history says of it."""
    crossing = crossed(case)
    if crossing is None:
        return (), ()
    both = tuple(one for one in (proven_agent(case), crossing[0]) if one.id)  # the mailbox itself reads nothing
    told, held = write_notifications(case, ticket, to=both, notice="crossed", detail=say_crossing(case, *crossing))
    return told, (TicketEvent(kind="crossed", detail=f"agent {crossing[0].id} had answered the same letter"), *held)


def refuse(case: Case, ticket: Ticket, reason: str) -> Decision:
    """An agent's letter that is not for the customer: noted, and the agent is told unless their mailbox seems to have written it by itself."""
    agent = case.author.agent
    assert agent is not None, "only a proven agent's letter can be mistaken for an answer"
    drafts: tuple[Draft, ...] = ()
    held: tuple[TicketEvent, ...] = ()
    if absence := absence_in(case):
        held = (TicketEvent(kind="not told", detail=absence),)
    elif case.told:
        held = (TicketEvent(kind="not told", detail=f"agent {agent.id} has been told of a forwarded one today"),)
    elif not is_machine_made(case):
        drafts, held = write_notifications(case, ticket, to=(agent,), notice="not-an-answer")
    return Decision(
        outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason),
        ticket_id=ticket.id,
        events=(TicketEvent(kind="not an answer", detail=reason), *held),
        drafts=drafts,
    )


def bounce(case: Case, reason: str) -> Decision:
    """A delivery report: noted on its ticket; an answer that its customer did not get reopens the wait, a failed notice ends its extension; agents hear."""
    report, reported = case.report, case.facts.reported
    ticket = _reported_ticket(case)
    if report is None or ticket is None:
        return Decision(outcome=Outcome(kind=OutcomeKind.BOUNCE, reason=f"{reason}; it concerns no letter of ours"))
    words = f"{report.action} {report.status or ''} {report.diagnostic}".strip()
    events = [TicketEvent(kind="bounced" if report.action == "failed" else "delivery report", detail=words)]
    status: Status | None = None
    clocks: tuple[Clock, ...] = ()
    drafts: tuple[Draft, ...] = ()
    failed = report.action == "failed" and reported is not None
    to = whom_it_concerns(reported.letter.purpose, reported.writer, ticket, case.policy.agents) if reported else ()
    copy = failed and reported is not None and is_copy(reported.letter, ticket)
    if copy and reported:
        detail = f"{reported.letter.recipient}: {words}"
        drafts, held = write_notifications(case, ticket, to=to, notice="copy-undelivered", detail=detail)
        events += held
    elif failed and reported and reported.letter.purpose is Purpose.ANSWER:
        status = Status.OPEN
        events.append(TicketEvent(kind="status", detail=f"{ticket.status} → {status}: the answer did not arrive"))
        drafts, held = write_notifications(case, ticket, to=to, notice="undelivered", detail=words)
        change = resume(clocks_of(case, ticket), case.policy.service.plan(ticket), case.at)
        clocks = change.clocks
        events += (*change.events, *held)
    lost = what_is_lost(reported.letter.purpose, ticket) if failed and reported else None
    if lost:
        if lost.opens:
            status = Status.OPEN
            events.append(TicketEvent(kind="status", detail=f"{ticket.status} → {status}: a letter did not arrive"))
            change = ours_again(clocks_of(case, ticket), case.policy.service.plan(ticket), ticket, case.at)
            clocks = change.clocks
            events += change.events
        drafts, held = write_notifications(case, ticket, to=to, notice=lost.notice, detail=words)
        events += held
    if failed and reported and reported.letter.purpose is Purpose.EXTENSION:
        change = _not_extended(case, ticket, reported.letter.message_id)
        drafts, held = write_notifications(case, ticket, notice="not-extended", detail=words)
        clocks = change.clocks
        events += (*change.events, *held)
    return Decision(
        outcome=Outcome(kind=OutcomeKind.BOUNCE, reason=f"{reason}; it concerns {ticket.number}"),
        ticket_id=ticket.id,
        status=status,
        clocks=clocks,
        events=tuple(events),
        drafts=drafts,
        chase_over=status is not None,
        woken=status is not None,
        bounced=reported.outbox_id if failed and reported else None,
    )


def _not_extended(case: Case, ticket: Ticket, notice: str) -> Change:
    """Return the ticket's clocks without the extension of which a letter that did not arrive should have told."""
    return each(
        clocks_of(case, ticket),
        lambda one: one.extension is not None and one.extension.notice == notice,
        lambda one: notice_lost(one, case.policy.service.calendars),
    )


def complaint(case: Case, reason: str) -> Decision:
    """A reader's complaint about a letter of ours: nothing follows, but the ticket's history says who complained."""
    ticket = _reported_ticket(case)
    return Decision(
        outcome=Outcome(
            kind=OutcomeKind.IGNORED, reason=f"{reason}; it concerns {ticket.number if ticket else 'no letter of ours'}"
        ),
        ticket_id=ticket.id if ticket else None,
        events=(TicketEvent(kind="complaint", detail=reason),) if ticket else (),
    )


def ignore(case: Case, reason: str) -> Decision:
    """Nothing follows, but if the letter belongs to a ticket its history says that it came."""
    ticket = case.thread.ticket
    return Decision(
        outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason),
        ticket_id=ticket.id if ticket else None,
        events=(TicketEvent(kind=str(case.kind.kind), detail=reason),) if ticket else (),
    )


def answer_nowhere(case: Case, reason: str) -> Decision:
    """An agent's answer that leads into no ticket: it stays in the ledger, and the agent is told to write it once more.

    From is all that says whose it is, and their mailbox answers by itself as well: what may be a machine's is not answered.
    So we write to their registered address alone, whichever of theirs From names.
    """
    author, facts = case.message.author, case.facts
    agent = next(one for one in case.policy.agents if author and one.writes_from(author.key))
    machine = case.kind.kind is not Kind.PERSON or absence_wording(case.said.text)
    told = not machine and facts.sent_to.get(agent.address.key, 0) < case.policy.caps.per_agent
    words = {
        "items": (),
        "role": "agent",
        "organization": case.policy.address.name,
        "address": case.policy.address.addr,
    }
    draft = Draft(purpose=Purpose.REMINDER, recipient=agent.address, subject=case.message.subject, words=words)
    return Decision(outcome=Outcome(kind=OutcomeKind.IGNORED, reason=reason), drafts=(draft,) if told else ())


def repeat(case: Case, reason: str) -> Decision:
    """A copy is counted and leads to the first letter's ticket; nothing else follows."""
    ticket_id = case.repeat.ticket_id
    return Decision(
        outcome=Outcome(kind=OutcomeKind.DUPLICATE, reason=reason),
        ticket_id=ticket_id,
        events=(TicketEvent(kind="duplicate", detail=reason),) if ticket_id is not None else (),
    )


def resend(case: Case, reason: str) -> Decision:
    """The same request once more: it leads to its first ticket, the author hears nothing, agents can say that it is none."""
    assert case.repeat.resend_of is not None, "the question asked for it"
    ticket = case.repeat.resend_of.ticket
    drafts, held = write_notifications(case, ticket, notice="repeat", detail=f"{case.repeat.similarity:.0%}")
    return Decision(
        outcome=Outcome(kind=OutcomeKind.DUPLICATE, reason=reason),
        ticket_id=ticket.id,
        events=(TicketEvent(kind="duplicate", detail=reason), *held),
        drafts=drafts,
    )


def complete(case: Case, reason: str) -> Decision:
    """The same request once more, with files that were missing: it joins the first ticket."""
    assert case.repeat.resend_of is not None, "the question asked for it"
    return append(case, case.repeat.resend_of.ticket, reason)


def undo_repeat(case: Case, ticket: Ticket, reason: str) -> Decision:
    """An agent says that a letter was no repeat: it is walked once more, and this time repeats nothing."""
    agent, letter = case.author.agent, case.facts.repeat
    assert agent is not None, "only a proven agent decides that"
    if letter is None:
        nothing = f"agent {agent.id} says that a letter is no repeat, but answers no notice of a repeat"
        drafts, held = write_notifications(case, ticket, to=(agent,), notice="nothing-to-undo")
        return Decision(
            outcome=Outcome(kind=OutcomeKind.COMMAND, reason=nothing),
            ticket_id=ticket.id,
            events=(TicketEvent(kind="nothing to undo", detail=nothing), *held),
            drafts=drafts,
        )
    return Decision(
        outcome=Outcome(kind=OutcomeKind.COMMAND, reason=f"{reason}: letter {letter} is no repeat"),
        ticket_id=ticket.id,
        events=(TicketEvent(kind="repeat undone", detail=f"letter {letter} is no repeat, says agent {agent.id}"),),
        undone=letter,
    )


def _reported_ticket(case: Case) -> Ticket | None:
    """Return the ticket of the letter that a report is about, else that of the token in the address it came back to.

    Of a ticket that was merged it is the one that it went into: there the customer is answered now.
    """
    reported, merged = case.facts.reported, case.facts.merged
    if reported and reported.letter.ticket_id is not None:
        found = next((c.ticket for c in case.facts.candidates if c.ticket.id == reported.letter.ticket_id), None)
        return merged.get(found.id, found) if found else None
    return case.thread.ticket


def _new_ticket(case: Case) -> Ticket:
    requester = case.author.address or Address(addr="")
    people = [requester] if case.said.wrapped else [requester, case.message.author or requester]
    ticket = Ticket(
        id=case.facts.next_ticket_id,
        number=f"{case.policy.prefix}-{case.facts.next_number}",
        organization=case.policy.organization,
        mailbox=case.policy.mailbox,
        subject=_own_subject(case),
        status=Status.NEW,
        requester=requester,
        participants=tuple(
            Participant(address=address, role=Role.REQUESTER)
            for address in {p.key: p for p in reversed(people)}.values()
            if address.sendable and not is_own(address.key, case.policy.own.addresses)
        ),
        opened_at=case.now,
        received_at=case.at,
    )
    return replace(ticket, participants=(*ticket.participants, *copied(case, ticket)))


def _own_subject(case: Case) -> str:
    """Return the subject without what our letters about another request put before it: their number is not this one's."""
    subject = case.said.subject
    own = base_subject(subject)
    before = subject[: len(subject) - len(own)].upper()
    return own if own and f"[{case.policy.prefix}-" in before else subject


def copied(case: Case, ticket: Ticket) -> tuple[Participant, ...]:
    """The people whom the author put in To and Cc and who are neither ours nor in the ticket yet."""
    taken = {p.address.key for p in ticket.participants}
    taken |= case.policy.staff
    people = {a.key: a for a in (*case.message.to, *case.message.cc) if a.sendable and a.key not in taken}
    people = {key: a for key, a in people.items() if not is_own(key, case.policy.own.addresses)}
    room = MAX_COPIED - sum(p.role is Role.COPIED for p in ticket.participants)
    if case.kind.kind is not Kind.PERSON or case.said.wrapped or len(people) > MAX_COPIED:
        return ()
    return tuple(Participant(address=a, role=Role.COPIED) for a in list(people.values())[: max(room, 0)])


def brought_along(case: Case, ticket: Ticket) -> tuple[Participant, ...]:
    """The people outside whom an agent put in To and Cc of an answer: they take part from now on.

    Colleagues do not, by their domain: the customer would see their private addresses.
    """
    inside = case.policy.internal_domains
    return tuple(one for one in copied(case, ticket) if one.address.domain not in inside)


def entry_of(case: Case, direction: Direction = Direction.IN) -> Entry:
    """Return the words of the customer, or of a unit outside, for the ticket's history."""
    author = writer_of(case)
    return Entry(direction=direction, author=author, text=case.said.text)


def _passed_on(case: Case) -> list[TicketEvent]:
    """Whose hand the letter came through, where it is not its author's."""
    if not case.said.wrapped:
        return []
    detail = f"{case.said.author or 'somebody'} wrote it, {case.message.author} sent it ({case.said.wrapped})"
    return [TicketEvent(kind=PASSED_ON, detail=detail)]


def truncated(case: Case) -> TicketEvent:
    """Return the event that says how much of a letter is here."""
    raw = case.letter.raw
    detail = f"only {len(raw.octets)} of {raw.size} octets were taken; the whole letter is still in {raw.place.folder}"
    return TicketEvent(kind="too large", detail=detail)
