"""Attacks upon a desk that is steered: machines, strangers, units outside, letters that do not arrive, second thoughts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.errors import Permanent
from maild.model import OutcomeKind, Place, Purpose, RawMessage, Role, Status
from maild.policy import load_policy
from maild.rehearsal import KEY, Rehearsal, SentLetter
from maild.rules.condition import Seen
from maild.rules.sight import Decided, Sight
from maild.sla.target import Moment
from maild.store import letters
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, STRANGER, order, running, write
from tests.walk.stage import (
    SUPPORT,
    ended,
    events,
    letter,
    loaded,
    outside,
    reply,
    reply_address,
    ticket,
    to,
)
from tests.walk.steered import open_steered, purposes, say

OLGA_ADDRESS = "olga@romashka.example"
MAKER = "dev@maker.example"
TAX = "office@tax.example"


def bounce_of(sent: SentLetter, *, status: str = "5.1.1") -> bytes:
    """Return the delivery report of a letter of ours that did not arrive."""
    return f"""From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {reply_address(sent.message)}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{sent.message.message_id.partition("@")[0] if sent.message.message_id else ""}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{sent.recipient} does not exist.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {sent.recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: message/rfc822

Message-ID: <{sent.message.message_id}>
Subject: {sent.message.subject}

--b--
""".encode()


def cap(desk: Rehearsal, monkeypatch: pytest.MonkeyPatch, **caps: int) -> None:
    """Set limits of automatic mail."""
    box = desk._policy.mailboxes[SUPPORT]
    policy = replace(box.desk, caps=replace(box.desk.caps, **caps))
    monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, desk=policy))


def deliver_raw(desk: Rehearsal, raw: bytes, *, size: int = 0, at: datetime | None = None) -> list[SentLetter]:
    """Let a letter come of which only the beginning was taken (`size`), or that reached the mailbox server earlier (`at`)."""
    before, desk._uid = len(desk._stage.sent), desk._uid + 1
    place = Place(mailbox=SUPPORT, folder="", uidvalidity=0, uid=str(desk._uid))
    taken = RawMessage(octets=raw, place=place, received_at=at or desk.now, size=size or len(raw))
    desk._runner.run(desk._take(taken))
    return desk._stage.sent[before:]


def break_rules(desk: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every rule fail by a bug of ours."""

    def bug(_sight: Sight, _decided: Decided) -> Seen:
        raise ZeroDivisionError("a bug of ours")

    box = desk._policy.mailboxes[SUPPORT]
    broken = tuple(replace(rule, holds=bug, on="every") for rule in box.steering.rules.rules)
    steering = replace(box.steering, rules=replace(box.steering.rules, rules=broken))
    monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, steering=steering))


def refuse(desk: Rehearsal, *purposes: Purpose) -> None:
    """Let the mail server take no letter of these purposes."""
    desk._stage.refuse = lambda out: Permanent("550 no such user") if out.purpose in purposes else None


def deliver_all(desk: Rehearsal) -> list[SentLetter]:
    """Let what waits go out, and the mail server take everything from now on."""
    sent = desk.advance(timedelta(minutes=5))
    desk._stage.refuse = lambda _out: None
    desk._stage.refused = False  # else every minute of the days to come is looked at
    return sent


def kinds(desk: Rehearsal) -> list[str]:
    """Return what has happened to the ticket of the latest letter."""
    return [one.kind for one in events(desk)]


def told(sent: list[SentLetter], agent: str = IVAN_ADDRESS) -> list[str]:
    """Return the words of every notification to an agent."""
    return [one.message.text for one in sent if one.recipient == agent and one.purpose is Purpose.NOTIFICATION]


# ── units outside ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_a_unit_themselves_gets_no_letter_of_theirs_back() -> None:
    """Else a unit whose machine answers by a new letter would write to us for ever."""
    with open_steered() as desk:
        sent = write(desk, MAKER, "Где исходный код?")
        assert Purpose.PASSING not in purposes(sent)
        assert ticket(desk).status is Status.NEW
        assert told(sent)


def test_a_unit_has_no_more_letters_than_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine behind another address that answers each by a new letter comes to an end; the rest stays with us, and is seen."""
    with open_steered() as desk:
        cap(desk, monkeypatch, per_agent=3)
        for n in range(3):
            assert Purpose.PASSING in purposes(write(desk, f"machine{n}@else.example", "Где исходный код?"))
        sent = write(desk, "machine9@else.example", "Где исходный код?")
        assert Purpose.PASSING not in purposes(sent)
        one = ticket(desk)
        assert (one.status, one.unit) == (Status.NEW, "")
        assert "not passed on" in kinds(desk)
        assert "Разработчик" not in to(sent, "machine9@else.example").message.text


def test_what_could_not_be_passed_on_for_good_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_steered() as desk:
        cap(desk, monkeypatch, per_agent=1)
        write(desk, OLGA, "Вопрос в налоговую")
        sent = write(desk, OLGA, "Ещё вопрос в налоговую", subject="Другое")
        assert Purpose.PASSING not in purposes(sent)
        assert ticket(desk).status is Status.NEW
        assert running(desk, 2)


def test_a_units_colleagues_read_nothing() -> None:
    """Whom a unit puts in Cc would otherwise get every answer that an agent writes to the customer."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Где исходный код?")
        passing = to(sent, MAKER)
        desk.deliver(reply(passing, "Исправим.", author=MAKER, headers=[("Cc", "boss@maker.example")]), SUPPORT)
        answered = order(desk, to(sent, IVAN_ADDRESS), "Исправят к пятнице.")
        assert [one.recipient for one in answered if one.purpose is Purpose.ANSWER] == [OLGA_ADDRESS]
        assert {one.role for one in ticket(desk).participants} == {Role.REQUESTER, Role.UNIT}


def test_a_units_word_makes_it_nobodys_client() -> None:
    """A contract's number in the answer of a unit says nothing about who has asked."""
    with open_steered() as desk:
        sent = write(desk, "petr@nowhere.example", "Где исходный код?")
        told = desk.deliver(reply(to(sent, MAKER), "Наш договор РМ-17/2026.", author=MAKER), SUPPORT)
        assert ticket(desk).client == ""
        assert Purpose.ACKNOWLEDGEMENT not in purposes(told)


def test_no_key_travels_to_a_unit() -> None:
    """A letter of ours that a customer attaches or cites holds a token: whoever has it could write as its owner."""
    with open_steered() as desk:
        first = to(write(desk, "buh@romashka.example"), "buh@romashka.example")
        token = reply_address(first.message)
        raw = letter(
            "Где исходный код? Писали на " + token,
            author=OLGA,
            attachments={"письмо.eml": first.octets, "а.pdf": b"%PDF-1.4"},
        )
        passing = to(desk.deliver(raw, SUPPORT), MAKER)
        assert [one.name for one in passing.message.attachments] == ["а.pdf"]
        assert "письмо.eml" in passing.message.text
        assert token.partition("+")[2].partition("@")[0] not in passing.octets.decode("latin-1")
        assert token not in passing.message.text


def test_answers_still_thread_at_the_customers() -> None:
    with open_steered() as desk:
        raw = letter("Где исходный код?", author=OLGA, headers=[("Message-ID", "<hers@romashka.example>")])
        sent = desk.deliver(raw, SUPPORT)
        desk.deliver(reply(to(sent, MAKER), "Исправим.", author=MAKER), SUPPORT)
        answered = order(desk, to(sent, IVAN_ADDRESS), "Исправят к пятнице.")
        assert to(answered, OLGA_ADDRESS).message.in_reply_to == ("hers@romashka.example",)


@pytest.mark.parametrize("close", [True, False])
def test_a_unit_that_gets_no_mail(close: bool) -> None:
    """The request is ours again: open, with its terms, and agents hear why."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Вопрос в налоговую" if close else "Где исходный код?")
        answer = desk.deliver(bounce_of(to(sent, TAX if close else MAKER)), SUPPORT)
        assert ended(desk) is OutcomeKind.BOUNCE
        assert ticket(desk).status is Status.OPEN
        assert running(desk)[Moment.RESOLVED].resting is False
        assert "550 no such user" in told(answer)[0]


@pytest.mark.parametrize("close", [True, False])
def test_a_unit_whose_server_refuses(close: bool) -> None:
    """As when a bounce comes."""
    with open_steered() as desk:
        refuse(desk, Purpose.PASSING)
        sent = write(desk, OLGA, "Вопрос в налоговую" if close else "Где исходный код?")
        sent += deliver_all(desk)
        assert ticket(desk).status is Status.OPEN
        assert running(desk)[Moment.RESOLVED].resting is False
        assert [text for text in told(sent) if "550 no such user" in text]


# ── letters of ours that do not arrive ───────────────────────────────────────────────────────────────────────────────

ASKING = [
    ("Выходит ошибка", Purpose.ACKNOWLEDGEMENT),
    ("Нужно обучение", Purpose.ACKNOWLEDGEMENT),
    ("???", Purpose.POSTPONEMENT),
]


@pytest.mark.parametrize(("words", "purpose"), ASKING, ids=["asked", "offered", "postponed"])
@pytest.mark.parametrize("by", ["bounce", "server"])
def test_who_never_heard_the_question_is_not_given_up(words: str, purpose: Purpose, by: str) -> None:
    """We would close a request whose author does not know that we wait for them: agents hear, nobody is chased."""
    with open_steered() as desk:
        if by == "server":
            refuse(desk, purpose)
        sent = write(desk, OLGA, words, subject=words if words == "???" else "Помогите")
        if by == "bounce":
            (mine,) = (one for one in sent if one.purpose is purpose)
            sent = desk.deliver(bounce_of(mine), SUPPORT)
        else:
            sent += deliver_all(desk)
        assert ticket(desk).status is Status.OPEN
        assert running(desk)[Moment.RESOLVED].resting is False
        assert [text for text in told(sent) if "550 no such user" in text]
        later = purposes(desk.advance(timedelta(days=15)))
        assert Purpose.CHASER not in later
        assert Purpose.CLOSING not in later


def test_a_reminder_that_does_not_arrive_ends_the_chase() -> None:
    with open_steered() as desk:
        write(desk, OLGA, "Выходит ошибка")
        (chaser,) = (one for one in desk.advance(timedelta(days=4)) if one.purpose is Purpose.CHASER)
        answer = desk.deliver(bounce_of(chaser), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        assert "550 no such user" in told(answer)[0]
        assert Purpose.CLOSING not in purposes(desk.advance(timedelta(days=15)))


@pytest.mark.parametrize("line", ["#отказать не наша", "#отложить мало сведений", "#предложить обучение"])
@pytest.mark.parametrize("by", ["bounce", "server"])
def test_an_agents_verdict_that_does_not_arrive(line: str, by: str) -> None:
    """Whoever gave it hears: the customer knows of nothing."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        verdicts = (Purpose.REFUSAL, Purpose.POSTPONEMENT, Purpose.OFFER)
        if by == "server":
            refuse(desk, *verdicts)
        sent = order(desk, notification, line)
        if by == "bounce":
            sent = desk.deliver(bounce_of(to(sent, OLGA_ADDRESS)), SUPPORT)
        else:
            sent += deliver_all(desk)
        assert [text for text in told(sent) if "550 no such user" in text]
        if "отказать" not in line:
            assert ticket(desk).status is Status.OPEN
            assert Purpose.CLOSING not in purposes(desk.advance(timedelta(days=15)))


def test_a_bounced_word_of_the_end_changes_nothing() -> None:
    """The request stays closed: it was closed because nobody answered."""
    with open_steered() as desk:
        write(desk, OLGA, "Выходит ошибка")
        (closing,) = (one for one in desk.advance(timedelta(days=11)) if one.purpose is Purpose.CLOSING)
        desk.deliver(bounce_of(closing), SUPPORT)
        assert ticket(desk).status is Status.CLOSED


# ── second thoughts ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_refused_by_a_rule_and_writes_again_has_terms() -> None:
    """They did what the refusal says they can do: from now on it is a request like others (D12)."""
    with open_steered() as desk:
        refusal = to(write(desk, OLGA, "Ты дурак"), OLGA_ADDRESS)
        desk.deliver(reply(refusal, "Простите. Не печатает принтер.", author=OLGA), SUPPORT)
        one = ticket(desk)
        assert (one.status, one.ground, one.ground_state, one.counted) == (Status.OPEN, "", "", True)
        assert set(running(desk)) == {Moment.ANSWERED, Moment.RESOLVED}


def test_a_stranger_whom_a_rule_refused_has_no_terms_until_they_say_who_they_are() -> None:
    with open_steered() as desk:
        refusal = to(write(desk, STRANGER, "Ты дурак"), "petr@nowhere.example")
        again = desk.deliver(reply(refusal, "Простите. Не печатает принтер.", author=STRANGER), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        assert running(desk) == {}
        desk.deliver(reply(refusal, "Наш договор РМ-17/2026.", author=STRANGER), SUPPORT)
        assert ticket(desk).client == "romashka"
        assert (ticket(desk).ground_state, ticket(desk).counted) == ("", True)
        assert set(running(desk)) == {Moment.ANSWERED, Moment.RESOLVED}
        assert told(again)


CLOSED = {
    "refused": ("Ничего особенного", "#отказать не наша"),
    "solved": ("Забыла пароль, не могу войти", ""),
    "declined": ("Нужно обучение", ""),
    "given up": ("Выходит ошибка", ""),
    "passed on": ("Вопрос в налоговую", ""),
}


@pytest.mark.parametrize(("words", "line"), CLOSED.values(), ids=CLOSED)
def test_a_letter_opens_whatever_was_closed(words: str, line: str) -> None:
    """The reaction is owed anew, the solution goes on with the time it had left (D12)."""
    with open_steered() as desk:
        sent = write(desk, OLGA, words)
        first = (
            max(one.due_at for one in desk.clocks(1) if one.until is Moment.RESOLVED and one.due_at) if line else None
        )
        if line:
            order(desk, to(sent, IVAN_ADDRESS), line)
        elif words.startswith("Забыла"):
            say(desk, sent, "Спасибо, помогло!", OLGA)
        elif words.startswith("Нужно"):
            say(desk, sent, "Нет, не нужно", OLGA)
        elif words.startswith("Выходит"):
            desk.advance(timedelta(days=11))
        assert ticket(desk, 1).status is Status.CLOSED
        assert running(desk) == {}
        desk.advance(timedelta(days=1))
        mine = to(sent, OLGA_ADDRESS)
        desk.deliver(reply(mine, "Нет, так не пойдёт: помогите.", author=OLGA), SUPPORT)
        assert ticket(desk).status is Status.OPEN
        clocks = running(desk)
        assert set(clocks) == {Moment.ANSWERED, Moment.RESOLVED}
        assert clocks[Moment.ANSWERED].started_at == desk.now
        assert not clocks[Moment.RESOLVED].resting
        if first:
            assert clocks[Moment.RESOLVED].due_at == first + timedelta(days=1)
        order(desk, to(sent, IVAN_ADDRESS), "#обслужить")  # there is no ground to take back any more
        assert len(running(desk)) == 2
        assert len([one for one in desk.clocks(1) if one.running]) == 2


def test_what_was_put_off_counts_once_it_goes_on() -> None:
    with open_steered() as desk:
        sent = desk.deliver(letter("Помогите", author=OLGA, subject="???"), SUPPORT)
        assert ticket(desk).counted is False
        say(desk, sent, "Не открывается отчёт о продажах", OLGA)
        assert (ticket(desk).counted, ticket(desk).ground_state) == (True, "")


def test_paid_work_agreed_to_with_a_file_is_a_persons() -> None:
    """The file may be their own terms; and agents would not see it."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение")
        raw = reply(to(sent, OLGA_ADDRESS), "Согласны", author=OLGA, attachments={"условия.pdf": b"%PDF-1.4"})
        answered = desk.deliver(raw, SUPPORT)
        assert ticket(desk).offer_state == "offered"
        assert [one.name for one in to(answered, IVAN_ADDRESS).message.attachments] == ["условия.pdf"]


@pytest.mark.parametrize(
    "lines",
    [
        "#предложить обучение\n#предложить обучение",
        "#предложить обучение\n#отказать не наша",
        "#отказать не наша\n#предложить обучение",
        "#отложить мало сведений\n#отказать не наша",
        "#отказать не наша\n#отложить мало сведений",
        "#отложить мало сведений\n#предложить обучение",
        "#отказать не наша\n#обслужить",
        "#отложить мало сведений\n#обслужить",
        "#предложить обучение\n#обслужить",
        "#faq invoice\n#faq ерунда",
        "#отказать не наша\n#взять\n#ерунда",
    ],
)
def test_words_that_contradict_each_other_do_nothing(lines: str) -> None:
    """The customer would get two letters, of which one holds."""
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Ничего особенного"), IVAN_ADDRESS)
        was, clocks = ticket(desk), desk.clocks(1)
        sent = order(desk, notification, lines)
        assert [one.recipient for one in sent] == [IVAN_ADDRESS]
        assert ticket(desk) == was
        assert desk.clocks(1) == clocks
        assert not purposes(desk.advance(timedelta(days=15))).count(Purpose.CHASER)


@pytest.mark.parametrize("line", ["#ждём релиза", "#отложить позже", "#ждём третью сторону"])
def test_nobody_is_chased_while_we_wait_for_others(line: str) -> None:
    extra = """
    [organization.acme.ground.later]
    name = "Позже"
    effect = "postpone"
    wait = "release"
    """
    with open_steered(extra) as desk:
        notification = to(write(desk, OLGA, "Выходит ошибка"), IVAN_ADDRESS)
        order(desk, notification, line)
        later = purposes(desk.advance(timedelta(days=15)))
        assert Purpose.CHASER not in later
        assert Purpose.CLOSING not in later
        assert ticket(desk).status is Status.WAITING


def test_time_written_down_ends_no_chase() -> None:
    with open_steered() as desk:
        notification = to(write(desk, OLGA, "Выходит ошибка"), IVAN_ADDRESS)
        order(desk, notification, "#время 10м")
        assert Purpose.CHASER in purposes(desk.advance(timedelta(days=4)))


def test_what_has_been_solved_is_not_refused() -> None:
    """The ground was proposed before the FAQ solved it."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Винда не пускает: забыла пароль")
        assert ticket(desk).ground_state == "proposed"
        say(desk, sent, "Спасибо, помогло!", OLGA)
        assert ticket(desk).status is Status.CLOSED
        answered = order(desk, to(sent, IVAN_ADDRESS), "#отказать")
        assert Purpose.REFUSAL not in purposes(answered)
        assert ticket(desk).ground_state == "proposed"


def test_a_request_is_refused_after_it_was_answered() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Ничего особенного")
        order(desk, to(sent, IVAN_ADDRESS), "Посмотрим.")
        answered = order(desk, to(sent, IVAN_ADDRESS), "#отказать не наша")
        assert Purpose.REFUSAL in purposes(answered)
        one = ticket(desk)
        assert (one.status, one.counted, one.ground_state) == (Status.CLOSED, True, "refused")
        assert running(desk) == {}
        order(desk, to(sent, IVAN_ADDRESS), "#обслужить")
        assert (ticket(desk).status, ticket(desk).ground_state) == (Status.OPEN, "")
        assert Moment.RESOLVED in running(desk)
        assert len([one for one in desk.clocks(1) if one.running]) == len(running(desk))


def test_a_broken_rule_takes_nothing_off_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the customer was asked for is still wanted, though nobody could see whether they sent it."""
    with open_steered() as desk:
        sent = write(desk, OLGA, "Выходит ошибка")
        break_rules(desk, monkeypatch)
        say(desk, sent, "Сейчас пришлю", OLGA)
        assert ticket(desk).asked == ("version", "screenshot")


# ── machines and strangers ───────────────────────────────────────────────────────────────────────────────────────────

HEARD = {
    "asked": ("Выходит ошибка", Purpose.ACKNOWLEDGEMENT),
    "chaser": ("Выходит ошибка", Purpose.CHASER),
    "closing": ("Выходит ошибка", Purpose.CLOSING),
    "offered": ("Нужно обучение", Purpose.ACKNOWLEDGEMENT),
    "refused": ("Ты дурак", Purpose.REFUSAL),
    "postponed": ("???", Purpose.POSTPONEMENT),
    "suggested": ("Забыла пароль, не могу войти", Purpose.ACKNOWLEDGEMENT),
}


@pytest.mark.parametrize(("words", "purpose"), HEARD.values(), ids=HEARD)
@pytest.mark.parametrize("sign", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: bulk"])
def test_a_customers_machine_changes_nothing(words: str, purpose: Purpose, sign: str) -> None:
    """Whatever it says: it agrees to nothing, solves nothing, ends no wait and hears nothing."""
    with open_steered() as desk:
        sent = desk.deliver(letter(words, author=OLGA, subject=words), SUPPORT)
        sent += desk.advance(timedelta(days=11)) if purpose in (Purpose.CHASER, Purpose.CLOSING) else []
        mine = next(one for one in sent if one.purpose is purpose)
        was = ticket(desk, 1)
        for text in ("Я в отпуске.", "согласен", "Спасибо, помогло!"):
            answered = desk.deliver(f"{sign}\r\n".encode() + reply(mine, text, author=OLGA), SUPPORT)
            assert outside(answered) == []
            assert ticket(desk, 1) == was


@pytest.mark.parametrize("words", ["Выходит ошибка", "Нужно обучение", "Ты дурак", "???", "Забыла пароль"])
@pytest.mark.parametrize(
    "headers",
    [
        [("Auto-Submitted", "auto-generated")],
        [("From", "no-reply@shop.example")],
        [("Return-Path", "<>")],
        [("From", IVAN)],
    ],
    ids=["generated", "no-reply", "null sender", "forged agent"],
)
def test_whoever_cannot_be_asked_is_not_waited_for(words: str, headers: list[tuple[str, str]]) -> None:
    with open_steered() as desk:
        sent = desk.deliver(letter(words, author=OLGA, subject=words, headers=headers), SUPPORT)
        assert [one for one in outside(sent) if one.purpose is not Purpose.PASSING] == []
        assert ticket(desk).status is Status.NEW
        later = purposes(desk.advance(timedelta(days=15)))
        assert not {Purpose.CHASER, Purpose.CLOSING} & set(later)


CONSENTS = ["Согласны, начинайте", "да, согласен", "Спасибо, помогло!"]


@pytest.mark.parametrize("text", CONSENTS)
@pytest.mark.parametrize("words", ["Нужно обучение", "Забыла пароль, не могу войти"])
def test_nobody_else_decides_for_the_requester(text: str, words: str) -> None:
    """A stranger with the forwarded letter and its token, a colleague in Cc, the requester's name with another address."""
    with open_steered() as desk:
        sent = desk.deliver(letter(words, author=OLGA, headers=[("Cc", "boss@romashka.example")]), SUPPORT)
        mine = to(sent, OLGA_ADDRESS)
        was = ticket(desk, 1)
        for other in ("mallory@evil.example", "boss@romashka.example", "Ольга <olga@evil.example>"):
            desk.deliver(reply(mine, text, author=other), SUPPORT)
            one = ticket(desk, 1)
            assert (one.offer_state, one.faq) == (was.offer_state, was.faq)
            assert one.status is not Status.CLOSED


@pytest.mark.parametrize(
    "text",
    [
        "Нет\n\nИз письма директора:\n> Согласны, начинайте",
        "Подумаем.\n\n-- \nСогласен, директор",
        "Подумаем\n\nС уважением,\nООО «Согласие и Помогло»",
        "> Согласны, начинайте",
        "> Спасибо, помогло!",
        "----- Исходное сообщение -----\nСогласны, начинайте",
        "С уважением,\nСогласен",
    ],
)
@pytest.mark.parametrize("words", ["Нужно обучение", "Забыла пароль, не могу войти"])
def test_a_quotation_or_a_signature_agrees_to_nothing(text: str, words: str) -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, words)
        desk.deliver(reply(to(sent, OLGA_ADDRESS), text, author=OLGA), SUPPORT)
        assert ticket(desk, 1).offer_state in ("", "offered", "declined")
        assert ticket(desk, 1).offer_state != "accepted"
        assert "solved" not in [one.kind for one in events(desk, 1)]


def test_customers_and_units_read_nothing_that_is_ours() -> None:
    """Hints, evidence, rules, commands, grounds, agents: in letters of agents alone."""
    extra = """
    [organization.acme.rule.secret-hint]
    then = { hint = "Клиент скандальный.", tags = "тайный-ярлык", agent = "petra" }
    [organization.acme.rule.windows-too]
    when.words = "исходный код"
    then.refuse = "foreign"
    """
    with open_steered(extra) as desk:
        sent = write(
            desk, OLGA, "Где исходный код? Выходит ошибка, а то подам в суд, чёрт возьми. Нужно обучение, пароль."
        )
        sent += desk.advance(timedelta(days=16))
        foreign = [one for one in sent if one.recipient in (OLGA_ADDRESS, MAKER)]
        assert {one.recipient for one in foreign} == {OLGA_ADDRESS, MAKER}
        for one in foreign:
            page = one.message.text + (one.message.html or "") + one.message.subject
            for ours in (
                "скандальный",
                "тайный-ярлык",
                "secret-hint",
                "windows",
                "#отказать",
                "foreign",
                "Не наша программа",
            ):
                assert ours not in page
            assert "Петра" not in page
            assert "staff.example" not in one.octets.decode("latin-1")


def test_a_letter_that_was_cut_is_not_passed_on() -> None:
    """A unit that closes the request would have half of it, and nobody the rest."""
    with open_steered() as desk:
        sent = deliver_raw(desk, letter("Вопрос в налоговую " + "а" * 500, author=OLGA), size=10**8)
        assert Purpose.PASSING not in purposes(sent)
        assert ticket(desk).status is not Status.CLOSED


def test_words_in_a_letter_that_was_cut_settle_nothing() -> None:
    with open_steered() as desk:
        sent = write(desk, OLGA, "Нужно обучение")
        deliver_raw(desk, reply(to(sent, OLGA_ADDRESS), "Согласны", author=OLGA), size=10**8)
        assert ticket(desk).offer_state == "offered"


# ── what has left the configuration ──────────────────────────────────────────────────────────────────────────────────

STATES = {
    "asked": ("Выходит ошибка", ""),
    "offered": ("Нужно обучение", ""),
    "postponed": ("???", ""),
    "proposed": ("Винда не грузится", ""),
    "refused": ("Ничего", "#отказать не наша"),
    "suggested": ("Забыла пароль, не могу войти", ""),
    "team": ("Не проходит проводка", ""),
    "unit": ("Где исходный код?", ""),
    "urgent": ("Упал сервер", ""),
}
LATER = ["Вот ещё подробности", "Согласны", "Нет, не нужно", "Спасибо, помогло!", "помогло 1"]
LINES = [
    "#обслужить",
    "#отказать",
    "#отложить",
    "#предложить обучение",
    "#faq password",
    "Ответ.",
    "#категория вопрос",
    "#взять",
]


@pytest.mark.parametrize(("words", "line"), STATES.values(), ids=STATES)
@pytest.mark.parametrize("what", [*LATER, *LINES, "time", "bounce"])
def test_what_tickets_speak_of_may_leave_the_configuration(words: str, line: str, what: str) -> None:
    """Every letter, command, reminder and notification still works: nothing is set aside, nobody is left without an answer."""
    with open_steered() as desk:
        sent = desk.deliver(letter(words, author=OLGA, subject=words), SUPPORT)
        mine = to(sent, OLGA_ADDRESS)
        notification = next(one for one in sent if one.purpose is Purpose.NOTIFICATION)
        agent = f"A <{notification.recipient}>"
        if line:
            desk.deliver(reply(notification, line, author=agent), SUPPORT)
        desk._policy = desk._office.policy = load_policy(loaded(), key=KEY)
        if what == "time":
            later = desk.advance(timedelta(days=20))
            assert (Purpose.CHASER in purposes(later)) == (words in ("Выходит ошибка", "Нужно обучение", "???"))
        elif what == "bounce":
            desk.deliver(bounce_of(mine), SUPPORT)
        elif what in LATER:
            heard = desk.deliver(reply(mine, what, author=OLGA), SUPPORT)
            thanked = line and what == "Спасибо, помогло!"  # a request that is over: nobody is disturbed
            assert (Purpose.NOTIFICATION in purposes(heard)) != thanked
        else:
            assert [
                one
                for one in desk.deliver(reply(notification, what, author=agent), SUPPORT)
                if one.recipient == notification.recipient or one.purpose is Purpose.ANSWER
            ]
        assert OutcomeKind.QUARANTINED not in {one.outcome.kind for one in desk.settled}


# ── letters that are old, cut, or sent again ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    ["Выходит ошибка", "Нужно обучение", "Ты дурак", "???", "Где исходный код?", "Вопрос в налоговую", "Забыла пароль"],
)
def test_old_letters_set_nothing_going(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was in the mailbox before maild: neither refused nor asked, passed on or chased."""
    with open_steered() as desk:
        make_old(desk, monkeypatch)
        sent = desk.deliver(letter(words, author=OLGA, subject=words), SUPPORT)
        assert sent == []
        one = ticket(desk)
        assert (one.status, one.ground_state, one.offer_state, one.unit, one.asked) == (Status.NEW, "", "", "", ())
        later = set(purposes(desk.advance(timedelta(days=20))))
        assert not later & {Purpose.CHASER, Purpose.CLOSING, Purpose.PASSING, Purpose.REFUSAL}


@pytest.mark.parametrize("text", ["Нет, не нужно", "Согласны", "Наш договор РМ-17/2026"])
def test_an_old_answer_is_not_answered(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_steered() as desk:
        sent = write(desk, STRANGER, "Нужно обучение")
        make_old(desk, monkeypatch)
        answered = desk.deliver(reply(to(sent, "petr@nowhere.example"), text, author=STRANGER), SUPPORT)
        assert outside(answered) == []
        assert ticket(desk, 1).offer_state == "offered"


def make_old(desk: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every letter from now on be one that was in the mailbox before maild's first look, and be opened only."""
    box = desk._policy.mailboxes[SUPPORT]
    monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, desk=replace(box.desk, old_letters="open")))
    load = letters.load
    monkeypatch.setattr(letters, "load", lambda *args: (one := load(*args)) and replace(one, old=True))


def test_a_request_that_is_no_repeat_is_steered_like_any_other() -> None:
    """An agent's word lets it be walked once more, rules included."""
    with open_steered() as desk:
        set_window(desk)
        write(desk, OLGA, "Нужно обучение")
        desk.advance(timedelta(minutes=5))
        again = write(desk, OLGA, "Нужно обучение")
        assert ended(desk) is OutcomeKind.DUPLICATE
        assert Purpose.ACKNOWLEDGEMENT not in purposes(again)
        sent = order(desk, to(again, IVAN_ADDRESS), "не повтор")
        assert Purpose.ACKNOWLEDGEMENT in purposes(sent)
        assert (ticket(desk, 2).offer_state, ticket(desk, 2).status) == ("offered", Status.WAITING)


def set_window(desk: Rehearsal) -> None:
    """Let equal words be a repeat."""
    box = desk._policy.mailboxes[SUPPORT]
    policy = replace(box.desk, repeat_window=timedelta(days=7))
    desk._policy.mailboxes[SUPPORT] = replace(box, desk=policy)  # type: ignore[index]


# ── told once ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headers", [[], [("Reply-To", "victim@else.example")], [("Reply-To", "Olga@Romashka.example")]]
)
def test_a_flood_of_abuse_is_one_letter(headers: list[tuple[str, str]]) -> None:
    """Wherever the author wants it sent; and so many closed requests, none of which counts or rings."""
    with open_steered() as desk:
        raws = [letter(f"Ты дурак {n}", author=OLGA, subject=f"Дурак {n}", headers=headers) for n in range(12)]
        sent = [one for raw in raws for one in desk.deliver(raw, SUPPORT)]
        assert purposes(sent) == [Purpose.REFUSAL]


@pytest.mark.parametrize("words", ["Выходит ошибка", "Нужно обучение", "???", "Ты дурак"])
def test_who_has_had_enough_letters_is_seen_by_people(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked, offered, refused or put off that the customer would not hear of."""
    with open_steered() as desk:
        cap(desk, monkeypatch, per_address=1)
        write(desk, OLGA, "Первое")
        sent = desk.deliver(letter(words, author=OLGA, subject=words), SUPPORT)
        assert outside(sent) == []
        assert told(sent)
        assert ticket(desk).status is Status.NEW
        assert not {Purpose.CHASER, Purpose.CLOSING} & set(purposes(desk.advance(timedelta(days=20))))


@pytest.mark.parametrize("words", ["Выходит ошибка", "Нужно обучение", "Ты дурак", "???", "Забыла пароль"])
def test_a_forwarded_request_is_answered_to_its_author_alone(words: str) -> None:
    """An agent passes on what came to them: never is the agent refused, asked or given an offer."""
    with open_steered() as desk:
        raw = letter(
            f"---------- Forwarded message ---------\nFrom: Ольга <olga@romashka.example>\nDate: Mon, 23 Nov 2026 08:00:00 +0300\nSubject: {words}\nTo: <ivan@staff.example>\n\n{words}\n",
            author=IVAN,
            subject=f"Fwd: {words}",
        )
        sent = desk.deliver(raw, SUPPORT)
        assert {one.recipient for one in outside(sent)} <= {OLGA_ADDRESS}


def test_two_machines_of_units_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another maild stands at the unit's address: it acknowledges what it is passed, and passes on what it is sent."""
    with open_steered() as desk:
        passing = to(write(desk, OLGA, "Где исходный код?"), MAKER)
        for n in range(5):
            acknowledgement = reply(
                passing,
                f"Ваше обращение про исходный код зарегистрировано {n}.",
                author=MAKER,
                headers=[("Auto-Submitted", "auto-replied")],
            )
            assert outside(desk.deliver(acknowledgement, SUPPORT)) == []
            unmarked = letter(
                f"Ваше обращение про исходный код зарегистрировано {n}.", author=MAKER, subject=f"Принято {n}"
            )
            assert Purpose.PASSING not in purposes(desk.deliver(unmarked, SUPPORT))
