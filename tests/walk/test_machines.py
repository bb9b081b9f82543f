"""Nothing automatic answers a machine, and no exchange between machines goes on for ever."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.model import OutboxState, OutcomeKind, Purpose, Status
from maild.notices import Notice
from maild.rehearsal import Rehearsal, SentLetter
from maild.store.views import outbox_rows
from tests.walk.stage import (
    ANNA,
    CONFIG,
    CORPORA,
    IVAN,
    MALLORY,
    PLAIN,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    need_corpora,
    open_desk,
    outside,
    reply,
    reply_address,
    summary,
    ticket,
    to,
)

# Each alone says that a machine wrote the letter.
MACHINES = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated",
    "Auto-Submitted: auto-notified",
    "X-Autoreply: yes",
    "X-Autorespond: 1",
    "X-Mail-Autoreply: yes",
    "X-Vacation: yes",
    "X-FC-MachineGenerated: true",
    "Precedence: bulk",
    "Precedence: list",
    "Precedence: junk",
    "Precedence: auto_reply",
    "List-Id: <news.example.org>",
    "Return-Path: <>",
    "From: no-reply@shop.example",
    "From: do-not-reply@shop.example",
    "From: MAILER-DAEMON@mx.example",
    "From: support@acme.example",
    "From: HELP@acme.example",
    "From: help@beta.example",
    "Reply-To: noreply@shop.example\r\nFrom: noreply@shop.example",
    "X-Cron-Env: <SHELL=/bin/sh>",
]
HARMLESS = [  # a person's Reply-To is not among them: with it a no-reply author is a web form, and the person is answered
    "Auto-Submitted: no",
    "X-Priority: 1",
    "Precedence: first-class",
    "Cc: boris@client.example",
    "Subject: Срочно!",
    "References: <a@b.example>",
]


def assemble(*headers: str) -> bytes:
    """A letter with these headers, and those of a person where they are missing."""
    given_names = {line.partition(":")[0].lower() for header in headers for line in header.split("\r\n")}
    person = ["From: anna@client.example", "To: support@acme.example", "Subject: Вопрос"]
    person = [line for line in person if line.partition(":")[0].lower() not in given_names]
    return ("\r\n".join([*headers, *person]) + "\r\n\r\nЗдравствуйте!\r\n").encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(MACHINES), st.lists(st.sampled_from(MACHINES + HARMLESS), max_size=4), st.randoms())
def test_no_machine_is_answered(desk: Rehearsal, sign: str, others: list[str], chance) -> None:  # type: ignore[no-untyped-def]
    """One sign of a machine is enough, whatever else the letter says and in whatever order."""
    headers = [sign, *others]
    chance.shuffle(headers)
    marked = [*headers, f"X-Case: {len(desk.settled)}"]
    first_from = next((h for h in headers if "From:" in h), None)
    if sign.startswith("From:") and first_from != sign:
        marked.remove(sign)
        marked.insert(0, sign)  # the first From counts
    sent = desk.deliver(assemble(*marked), SUPPORT)
    assert outside(sent) == [], last(desk)


@pytest.mark.parametrize("sign", MACHINES)
def test_no_machine_reopens_or_hears(desk: Rehearsal, sign: str) -> None:
    """In a ticket of its own, too: the customer's machine changes nothing there and is sent nothing."""
    sent = desk.deliver(letter(), SUPPORT)
    answer = to(desk.deliver(reply(to(sent, IVAN), "Готово.", author=IVAN), SUPPORT), ANNA)
    number = ticket(desk).id
    octets = reply(answer, "Я в отпуске.", author=ANNA)
    assert outside(desk.deliver(f"{sign}\r\n".encode() + octets, SUPPORT)) == []
    if ended(desk) is not OutcomeKind.BOUNCE:  # that of our answer reopens, see below
        assert ticket(desk, number).status is Status.WAITING


@pytest.mark.parametrize(
    "reply_to", ["no-reply@shop.example", "support+t1.abcdefghijklmnop@acme.example", "help@acme.example"]
)
def test_answers_wanted_where_none_are_read(desk: Rehearsal, reply_to: str) -> None:
    """A Reply-To that is no-reply or ours is passed over for the author's own address."""
    sent = desk.deliver(letter(headers=[("Reply-To", reply_to)]), SUPPORT)
    assert [one.recipient for one in outside(sent)] == ["anna@client.example"]


@pytest.mark.parametrize("header", ["Reply-To", "Sender", "Return-Path"])
def test_nobody_but_a_no_reply_address(desk: Rehearsal, header: str) -> None:
    """Where the author cannot be written to, and the only other address asks for no answers, it gets none."""
    octets = letter(author=None, headers=[(header, "<no-reply@shop.example>")])
    assert outside(desk.deliver("From: анна@client.example\r\n".encode() + octets, SUPPORT)) == []
    assert ended(desk) is OutcomeKind.OPENED


def test_real_reports_and_autoreplies_are_not_answered() -> None:
    """The corpora's delivery reports and auto-replies: none gets a letter (unlabelled oddities apart)."""
    need_corpora()
    files = list(machines_of_the_corpora())
    with open_desk() as desk:
        answered = [path for path in files if outside(desk.deliver(path.read_bytes(), SUPPORT))]
        assert OutcomeKind.QUARANTINED not in {one.outcome.kind for one in desk.settled}
    assert len(files) > 100
    assert len(answered) <= 0.03 * len(files), answered


def machines_of_the_corpora() -> Iterator[Path]:
    for manifest in sorted(CORPORA.glob("*/manifest.json")):
        told = json.loads(manifest.read_text(encoding="utf-8"))
        for name, expected in told.get("expected", {}).items():
            if expected.get("class") in ("bounce", "auto-reply"):
                yield manifest.parent / name


# ── our own letters come back ────────────────────────────────────────────────────────────────────────────────────────


def as_sent(octets: bytes) -> bytes:
    return octets


def with_another_id(octets: bytes) -> bytes:
    return b"Message-ID: <rewritten@relay.example>\r\n" + octets.replace(b"\r\nMessage-ID:", b"\r\nX-Old-ID:", 1)


def without_loop_header(octets: bytes) -> bytes:
    return octets.replace(b"\r\nX-Maild-Loop:", b"\r\nX-Gone:", 1)


def stripped(octets: bytes) -> bytes:
    for name in (b"X-Maild-Loop", b"Auto-Submitted", b"X-Auto-Response-Suppress"):
        octets = octets.replace(b"\r\n" + name + b":", b"\r\nX-Gone:", 1)
    return with_another_id(octets)


@pytest.mark.parametrize("change", [as_sent, with_another_id, without_loop_header, stripped], ids=lambda f: f.__name__)
@pytest.mark.parametrize("mailbox", [SUPPORT, PLAIN])
def test_our_own_letters_come_back(desk: Rehearsal, change: Callable[[bytes], bytes], mailbox: str) -> None:
    """Every letter that we send, delivered to ourselves, ends ignored and causes none."""
    sent = desk.deliver(letter(), SUPPORT)
    sent += desk.deliver(reply(to(sent, IVAN), "Готово.", author=IVAN), SUPPORT)
    sent += desk.deliver(reply(to(sent[:3], IVAN), "", author=IVAN), SUPPORT)
    assert {one.purpose for one in sent} == {Purpose.ACKNOWLEDGEMENT, Purpose.NOTIFICATION, Purpose.ANSWER}
    before = len(desk.tickets())
    for one in sent:
        assert desk.deliver(change(one.octets), mailbox) == []
        assert ended(desk) in (OutcomeKind.IGNORED, OutcomeKind.DUPLICATE)
    assert len(desk.tickets()) == before


# ── machines that nothing gives away ─────────────────────────────────────────────────────────────────────────────────


def play(
    desk: Rehearsal, first: bytes, answers: Callable[[SentLetter], bytes | None], rounds: int = 400
) -> list[SentLetter]:
    """Let machines answer every letter of ours until nobody writes any more; return all our letters."""
    waiting: list[bytes] = [first]
    ours: list[SentLetter] = []
    for _ in range(rounds):
        if not waiting:
            return ours
        sent = desk.deliver(waiting.pop(0), SUPPORT)
        ours += sent
        waiting += [octets for one in sent if (octets := answers(one)) is not None]
    raise AssertionError(f"still going on after {len(ours)} letters")


LIMITS = """[organization.acme.limits]
per_address = {per_address}
per_ticket = {per_ticket}
per_agent = {per_agent}
"""


def limited(per_address: int = 1000, per_ticket: int = 1000, per_agent: int = 10_000) -> str:
    """The configuration with these caps."""
    head, _, rest = CONFIG.partition("[organization.acme.limits]\nper_address = 1000\nper_agent = 10000\n")
    assert rest
    return head + LIMITS.format(per_address=per_address, per_ticket=per_ticket, per_agent=per_agent) + rest


def test_a_customers_machine_without_any_sign() -> None:
    """It answers each acknowledgement to the plain address, with no header and no subject: the cap per address ends it."""

    def answers(sent: SentLetter) -> bytes | None:
        return (
            letter("Спасибо за письмо!", to="support@acme.example", subject="")
            if sent.recipient == "anna@client.example"
            else None
        )

    with open_desk(limited(per_address=5)) as desk:
        ours = play(desk, letter(), answers)
        assert len(outside(ours)) == 5
        desk.advance(timedelta(days=2))
        assert len(outside(play(desk, letter(), answers))) == 5


@pytest.mark.parametrize("to_token", [True, False])
def test_machines_on_both_sides_without_any_sign(to_token: bool) -> None:
    """An agent's and a customer's machine answer everything: the caps per ticket and per agent end it."""

    def answers(sent: SentLetter) -> bytes | None:
        return reply(sent, "Меня нет.", author=sent.recipient, to=None if to_token else "support@acme.example")

    with open_desk(limited(per_ticket=8, per_agent=30)) as desk:
        ours = play(desk, letter(), answers)
        assert len(ours) <= 2 * 8 + 2


def test_an_agents_machine_that_answers_nothing() -> None:
    """Empty answers get receipts; a machine that sends them for ever does not get them for ever."""

    def answers(sent: SentLetter) -> bytes | None:
        return reply(sent, "", author=IVAN) if sent.recipient == "ivan@staff.example" else None

    with open_desk(limited(per_ticket=9)) as desk:
        assert len(play(desk, letter(), answers)) <= 9
        assert "not notified" in [line.kind for line in events(desk)]


# ── caps at their edges ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("later", "acknowledged"), [(timedelta(days=1, seconds=-1), False), (timedelta(days=1), True)])
@pytest.mark.parametrize(
    "who",
    [
        {"author": ANNA},
        {"author": ANNA.replace("anna", "ANNA")},
        {"author": "list@example.org", "headers": [("Reply-To", "anna@client.example")]},
        {"author": None, "headers": [("Sender", "anna@client.example")]},
        {"author": None, "headers": [("Return-Path", "<anna@client.example>")]},
    ],
    ids=["From", "upper case", "Reply-To", "Sender", "envelope sender"],
)
def test_cap_per_address(who: dict, later: timedelta, acknowledged: bool) -> None:  # type: ignore[type-arg]
    """Two a day to one customer address, however the letter names it; a letter leaves the window when it is a day old."""
    with open_desk(limited(per_address=2)) as desk:
        start = desk.now
        for n in range(3):
            sent = desk.deliver(letter(f"{n}", **who), SUPPORT)
            assert len(outside(sent)) == (1 if n < 2 else 0)
        assert "not acknowledged" in [line.kind for line in events(desk)]
        assert len(outside(desk.deliver(letter("потом", **who), SUPPORT, start + later))) == acknowledged


@pytest.mark.parametrize(("later", "notified"), [(timedelta(days=1, seconds=-1), 0), (timedelta(days=1), 2)])
@pytest.mark.parametrize("limits", [{"per_ticket": 3}, {"per_agent": 1}], ids=["per ticket", "per agent"])
def test_caps_of_notifications(limits: dict[str, int], later: timedelta, notified: int) -> None:
    """An acknowledgement and two notifications fill a ticket's cap of three, one letter an agent's cap of one."""
    with open_desk(limited(**limits)) as desk:
        start = desk.now
        ack = to(desk.deliver(letter(), SUPPORT), ANNA)
        assert desk.deliver(reply(ack, "Ещё вот что.", author=ANNA), SUPPORT) == []
        assert [line.kind for line in events(desk)].count("not notified") == 2
        assert len(desk.deliver(reply(ack, "И ещё.", author=ANNA), SUPPORT, start + later)) == notified


# ── bounces ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def bounce(sent: SentLetter, *, action: str = "failed", returned: bool = True, original: str | None = None) -> bytes:
    """A delivery report as Postfix writes it, to the envelope sender of a letter of ours."""
    status = {"failed": "5.1.1", "delayed": "4.4.1", "delivered": "2.0.0"}[action]
    copy = sent.octets.partition(b"\r\n\r\n")[0] if returned else b"Subject: nothing"
    if original is not None:
        copy = f"Message-ID: <{original}>".encode()
    return (
        "From: MAILER-DAEMON@mx.client.example (Mail Delivery System)\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Return-Path: <>\r\nTo: {reply_address(sent.message)}\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <{next(IDS)}@mx>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {sent.recipient}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    ).encode() + copy + b"\r\n\r\n--b--\r\n"  # fmt: skip


IDS = itertools.count(1)


@pytest.fixture
def exchange(desk: Rehearsal) -> dict[Purpose, SentLetter]:
    """A ticket with one letter of ours of each purpose; it waits for the customer."""
    sent = desk.deliver(letter(), SUPPORT)
    answer = to(desk.deliver(reply(to(sent, IVAN), "Готово.", author=IVAN), SUPPORT), ANNA)
    return {Purpose.ACKNOWLEDGEMENT: to(sent, ANNA), Purpose.NOTIFICATION: to(sent, IVAN), Purpose.ANSWER: answer}


def test_a_bounced_answer_reopens(desk: Rehearsal, exchange: dict[Purpose, SentLetter]) -> None:
    """The customer never read it: the ticket is open again, the agents are told why, the outbox says failed."""
    told = desk.deliver(bounce(exchange[Purpose.ANSWER]), SUPPORT)
    assert summary(told) == ["notification ivan@staff.example"]  # whose answer it was
    assert "550 no such user" in told[0].message.text
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.BOUNCE, Status.OPEN)
    decision = last(desk).decision
    assert decision is not None
    (report,) = [finding for finding in decision.findings if finding.step == "report"]
    assert report.verdict == "failed: anna@client.example"
    assert f"about <{exchange[Purpose.ANSWER].message.message_id}>" in report.evidence
    with desk._office.database.read() as connection:
        states = {row.letter.purpose: row.state for row in outbox_rows(connection, ticket_id=last(desk).ticket_id)}
    assert states[Purpose.ANSWER] is OutboxState.FAILED


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.NOTIFICATION])
def test_other_bounces_are_noted(desk: Rehearsal, exchange: dict[Purpose, SentLetter], purpose: Purpose) -> None:
    """A lost acknowledgement or notification stands in the history and causes no letter."""
    assert desk.deliver(bounce(exchange[purpose]), SUPPORT) == []
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.BOUNCE, Status.WAITING)
    assert "bounced" in [line.kind for line in events(desk)]


def test_a_bounced_letter_to_the_admin() -> None:
    """A report on a letter about maild itself belongs to no ticket, and causes none."""
    with open_desk() as desk:
        notice = Notice(kind="silence", key="x", summary="x", lines=[], command="maild status")
        desk._runner.run(desk._office.tell_admin(notice, again_after=timedelta(days=1)))
        (told,) = desk.advance(timedelta(minutes=2))
        assert told.purpose is Purpose.ADMIN
        assert desk.deliver(bounce(told), SUPPORT) == []
        assert (ended(desk), desk.tickets()) == (OutcomeKind.BOUNCE, [])


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_reports_that_are_no_failure(desk: Rehearsal, exchange: dict[Purpose, SentLetter], action: str) -> None:
    """A delayed or delivered answer changes nothing but the history."""
    assert desk.deliver(bounce(exchange[Purpose.ANSWER], action=action), SUPPORT) == []
    assert ticket(desk).status is Status.WAITING
    assert "delivery report" in [line.kind for line in events(desk)]


@pytest.mark.parametrize(
    "original",
    ["t1.abcdefghijklmnop.1@acme.example", "unknown@mx.example", None],
    ids=["made-up id", "unknown id", "no id"],
)
def test_forged_reports(desk: Rehearsal, exchange: dict[Purpose, SentLetter], original: str | None) -> None:
    """A report that names no letter of ours by its Message-ID reopens nothing and leaves no trace on the ticket it speaks of."""
    number = ticket(desk).number
    before = len(events(desk))
    ticket_id = last(desk).ticket_id
    forged = bounce(exchange[Purpose.ANSWER], returned=False, original=original)
    forged = forged.replace(b"Subject: Und", f"Subject: {number} Und".encode())
    forged = forged.replace(reply_address(exchange[Purpose.ANSWER].message).encode(), b"support@acme.example")
    assert desk.deliver(forged, SUPPORT) == []
    assert (ended(desk), last(desk).ticket_id) == (OutcomeKind.BOUNCE, None)
    assert len(events(desk, ticket_id)) == before
    assert ticket(desk, ticket_id).status is Status.WAITING


def test_a_bounce_twice_counts_once(desk: Rehearsal, exchange: dict[Purpose, SentLetter]) -> None:
    """The same report again is a duplicate: the agents are not told a second time."""
    octets = bounce(exchange[Purpose.ANSWER])
    assert len(desk.deliver(octets, SUPPORT)) == 1
    assert desk.deliver(octets, PLAIN) == []
    assert ended(desk) is OutcomeKind.DUPLICATE


def test_a_report_that_lost_the_letter_but_not_the_address(
    desk: Rehearsal, exchange: dict[Purpose, SentLetter]
) -> None:
    """The address it comes back to holds the token of ticket and recipient: the ticket's history knows."""
    desk.deliver(bounce(exchange[Purpose.ANSWER], returned=False), SUPPORT)
    assert "bounced" in [line.kind for line in events(desk)]
    assert MALLORY not in str(ticket(desk))


# ── complaints and challenges ────────────────────────────────────────────────────────────────────────────────────────


def complaint(about: SentLetter | None) -> bytes:
    """A provider's report that a reader called a letter of ours spam (RFC 5965)."""
    copy = f"From: support@acme.example\r\nMessage-ID: <{about.message.message_id}>\r\n" if about else "Subject: x\r\n"
    return (
        f"From: fbl@mail.example\r\nTo: support@acme.example\r\nSubject: FW: x\r\nMessage-ID: <{next(IDS)}@mail.example>\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\n\r\nThis is an email abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{copy}\r\n--b--\r\n"
    ).encode()


def test_a_complaint_stands_in_the_history(desk: Rehearsal, exchange: dict[Purpose, SentLetter]) -> None:
    """By the Message-ID of the letter complained about; nobody is written to, and the ticket waits as before."""
    assert desk.deliver(complaint(exchange[Purpose.ACKNOWLEDGEMENT]), SUPPORT) == []
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.IGNORED, Status.WAITING)
    assert "complaint" in [line.kind for line in events(desk)]


def test_a_complaint_about_no_letter_of_ours(desk: Rehearsal) -> None:
    """It opens nothing, and says so."""
    before = len(desk.tickets())
    assert desk.deliver(complaint(None), SUPPORT) == []
    assert (ended(desk), len(desk.tickets())) == (OutcomeKind.IGNORED, before)
    assert "no letter of ours" in last(desk).outcome.reason


def test_a_challenge_is_not_met(desk: Rehearsal, exchange: dict[Purpose, SentLetter]) -> None:
    """A machine that proves to be a person lies: the challenge stands in the history, and nothing answers it."""
    words = "Ваше письмо задержано. Подтвердите, что вы не робот: https://guard.example/8f3a"
    octets = b"Auto-Submitted: auto-generated\r\n" + reply(exchange[Purpose.ANSWER], words, author=ANNA)
    assert desk.deliver(octets, SUPPORT) == []
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.IGNORED, Status.WAITING)
    assert "challenge" in [line.kind for line in events(desk)]
