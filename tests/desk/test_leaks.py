"""What an agent's mail client or mailbox adds by itself never reaches a customer: keys, addresses, internal words."""

from email import message_from_bytes, policy

import pytest

from maild.desk.answer import is_forward
from maild.desk.relay import quotes_header, relayed_text
from maild.ingest.parse import read_attachment
from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import OutcomeKind, Status, Ticket
from maild.rehearsal import Rehearsal, SentLetter
from tests.rules.test_builtin import TICKET
from tests.walk.stage import (
    ANNA,
    CONFIG,
    IVAN,
    PETRA,
    PLAIN,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    open_desk,
    reply,
    reply_address,
    summary,
    ticket,
    to,
)

OURS = frozenset({"support@acme.example", "ivan@staff.example"})
MARKER = f"{REPLY_MARKER_PREFIX}Ответ выше этой строки -##"
IVAN_TOLD = ["notification ivan@staff.example"]


def assert_refused(desk: Rehearsal, sent: list[SentLetter], told: list[str]) -> None:
    """Nothing for the customer, an event in the ticket, and for the agent the notice that it was no answer."""
    assert (ended(desk), summary(sent)) == (OutcomeKind.IGNORED, told), last(desk).outcome.reason
    assert "not an answer" in [line.kind for line in events(desk)]
    assert ticket(desk).status is Status.NEW
    assert all("не принято за ответ" in one.message.text for one in sent)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["message/rfc822", "octets", "UTF-16"])
def test_the_notification_as_a_file_stays_here(desk: Rehearsal, form: str) -> None:
    """Clients attach the letter that is answered: its token would make the customer an agent. The words still travel."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    octets = reply(notification, "Перезагрузите принтер.", author=IVAN, attachments={"help.pdf": b"%PDF"})
    answer = message_from_bytes(octets, policy=policy.default)
    if form == "message/rfc822":
        answer.add_attachment(message_from_bytes(notification.octets, policy=policy.default))
    else:
        content = notification.octets if form == "octets" else notification.message.text.encode("utf-16")
        answer.add_attachment(content, maintype="application", subtype="octet-stream", filename="n.eml")
    answered = to(desk.deliver(answer.as_bytes(), SUPPORT), ANNA)
    assert [attachment.name for attachment in answered.message.attachments] == ["help.pdf"]
    files = [read_attachment(answered.octets, a.index) for a in answered.message.attachments]
    everything = b"".join([answered.octets, *files])
    assert reply_address(notification.message).encode() not in everything
    assert b"ivan@staff.example" not in everything
    assert "Не поместилось" in answered.message.text


# ── forwards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("subject", "forward"),
    [
        ("FW: [ACME-1] x", True),
        ("Fwd: [ACME-1] x", True),
        ("Re: Fwd: [ACME-1] x", True),
        ("RE[2]: FW[3]: [ACME-1] x", True),
        ("[EXTERNAL] Fw: [ACME-1] x", True),
        ("WG: [ACME-1] x", True),
        ("Пересл: [ACME-1] x", True),
        ("ПД: [ACME-1] x", True),
        ("TR : [ACME-1] x", True),
        ("I: [ACME-1] x", True),
        ("fwd: x", True),
        ("Re: [ACME-1] x", False),
        ("Re: [ACME-1] Fwd: x", False),
        ("Re: Re: [ACME-1] FW: x", False),
        ("Ответ: [acme-1] x", False),
        ("Re: x", False),
        ("x", False),
    ],
)
def test_forwarded_subjects(subject: str, forward: bool) -> None:
    """Only what the agent's client put before the number counts: the customer's letter may have been a forward itself."""
    assert is_forward(subject, TICKET) is forward


def test_the_customers_own_forward_is_answered() -> None:
    """A template of subjects without the number: what the customer wrote before theirs is not the agent's."""
    own = Ticket(**{**vars(TICKET), "subject": "Fwd: счёт"})
    assert not is_forward("Re: Fwd: счёт", own)
    assert is_forward("Fwd: Fwd: счёт", own)


def forwarded(notification: SentLetter, words: str, **headers: str) -> bytes:
    text = f"{words}\n\n-----Original Message-----\nFrom: x\nSent: y\nTo: z\n\n{notification.message.text}"
    subject = headers.pop("Subject", f"FW: {notification.message.subject}")
    return letter(text, author=IVAN, subject=subject, to=headers.pop("To", PETRA), headers=headers.items())


@pytest.mark.parametrize("prefix", ["FW: ", "Re: "])
def test_words_to_a_colleague(desk: Rehearsal, prefix: str) -> None:
    """A notification passed on to a colleague with a copy to us, whatever the subject: the customer hears nothing."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    headers = {"Cc": "support@acme.example", "In-Reply-To": f"<{notification.message.message_id}>"}
    headers["Subject"] = prefix + notification.message.subject
    sent = desk.deliver(forwarded(notification, "Этот клиент ничего не смыслит, возьмёшь?", **headers), SUPPORT)
    assert_refused(desk, sent, IVAN_TOLD)


@pytest.mark.parametrize("header", ["Cc", "Delivered-To"])
def test_words_to_a_colleague_with_the_address_for_answers_in_copy(desk: Rehearsal, header: str) -> None:
    """Whom a letter is for stands in To: the token's address beside it, seen or hidden, makes it no answer."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    copied = [(header, reply_address(notification.message))]
    words = letter("Петра, клиент хам.", author=IVAN, to=PETRA, subject="Re: x", headers=copied)
    assert_refused(desk, desk.deliver(words, SUPPORT), IVAN_TOLD)


def test_without_subaddresses_an_answer_is_addressed_to_us(desk: Rehearsal) -> None:
    """There In-Reply-To proves the agent, and To tells an answer from a colleague's copy."""
    notification = to(desk.deliver(letter(to="desk@acme.example"), PLAIN), IVAN)
    sent = desk.deliver(
        reply(notification, "Возьмёшь?", author=IVAN, to=PETRA, headers=[("Cc", "desk@acme.example")]), PLAIN
    )
    assert_refused(desk, sent, IVAN_TOLD)
    assert summary(desk.deliver(reply(notification, "Готово.", author=IVAN), PLAIN)) == ["answer anna@client.example"]


def test_a_mailbox_that_forwards_everything() -> None:
    """The notification comes back with the token in its body: no junk ticket, no letter, and so no loop."""
    with open_desk() as desk:
        notification = to(desk.deliver(letter(attachments={"a.pdf": b"%PDF"}), SUPPORT), IVAN)
        back = f"---------- Forwarded message ---------\n{notification.message.text}"
        for subject in (f"Fwd: {notification.message.subject}", notification.message.subject):
            raw = letter(back, author=IVAN, subject=subject, attachments={"a.pdf": b"%PDF"})
            assert_refused(desk, desk.deliver(raw, SUPPORT), [])
        outlook = {"To": "support@acme.example", "In-Reply-To": f"<{notification.message.message_id}>"}
        assert_refused(desk, desk.deliver(forwarded(notification, "", **outlook), SUPPORT), [])
        assert len(desk.tickets()) == 1


# ── quoted headers ───────────────────────────────────────────────────────────────────────────────────────────────────

FRENCH = "De : Анна (Акме) <support@acme.example>\nEnvoyé : lundi 9:10\nÀ : Ivan <ivan@staff.example>\nObjet : x"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "block",
    [
        FRENCH,
        "De: support+t1.abcdefghijklmnop@acme.example\nPara: Ivan\nAsunto: x",
        "Ma 23. marras 2026 klo 9.10 Анна (support@acme.example) kirjoitti:",
    ],
    ids=["French", "Spanish", "Finnish attribution"],
)
def test_a_header_of_an_unknown_language_is_cut(block: str, gap: str) -> None:
    """Our address directly above the marker belongs to the quotation, in whatever language it is written."""
    assert relayed_text(f"Перезагрузите.\n\n{block}{gap}{MARKER}\nx", OURS) == "Перезагрузите."


@pytest.mark.parametrize("words", ["Пишите на support@acme.example.", "Срок: 3 дня\nЦена: 5", "Пункты:\nодин"])
def test_words_directly_above_the_marker_stay(words: str) -> None:
    """Prose may name our address, and lists have colons."""
    assert relayed_text(f"{words}\n\n{MARKER}\nx", OURS) == words
    assert not quotes_header(words, OURS)


def test_a_header_that_cannot_be_cut_is_not_sent(desk: Rehearsal) -> None:
    """Blank lines between its fields, or no marker below: the agent is asked to write again."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    text = "Перезагрузите.\n\n" + FRENCH.replace("\n", "\n\n")
    assert_refused(desk, desk.deliver(reply(notification, text, author=IVAN, quote=False), SUPPORT), IVAN_TOLD)


# ── absences ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("subject", [None, "Отпуск"])
def test_an_autoresponder_without_headers(desk: Rehearsal, subject: str | None) -> None:
    """Short, nothing quoted, and it speaks of an absence: no answer to the customer, nor one that it would answer."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    headers = [("Subject", subject)] if subject else []
    octets = reply(notification, "Здравствуйте! Я в отпуске до 5 мая.", author=IVAN, quote=False, headers=headers)
    assert_refused(desk, desk.deliver(octets, SUPPORT), [])


def test_an_agent_may_speak_of_absence(desk: Rehearsal) -> None:
    """Above the quotation these are an agent's words as any others."""
    notification = to(desk.deliver(letter(), SUPPORT), IVAN)
    sent = desk.deliver(reply(notification, "Мастер в отпуске, придёт другой.", author=IVAN), SUPPORT)
    assert summary(sent) == ["answer anna@client.example"]


def test_the_notice_exists_in_every_language() -> None:
    """An English organisation reads it in English."""
    english = CONFIG.replace('name = "ООО «Акме»"', 'name = "Acme"\nlanguage = "en"')
    with open_desk(english) as desk:
        notification = to(desk.deliver(letter(), SUPPORT), IVAN)
        (told,) = desk.deliver(forwarded(notification, "Yours?", To="support@acme.example"), SUPPORT)
        assert "was not taken for an answer" in told.message.text
