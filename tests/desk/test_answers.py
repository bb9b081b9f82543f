"""An agent's answer reaches the customer's side once each, and nothing of ours goes with it."""

import pytest

from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import OutcomeKind, Place, RawMessage, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import find_tokens
from tests.walk.stage import (
    ANNA,
    BORIS,
    CONFIG,
    IVAN,
    MALLORY,
    PETRA,
    PLAIN,
    SUPPORT,
    ended,
    events,
    last,
    letter,
    open_desk,
    reply,
    summary,
    ticket,
    to,
)

NOBODY_ELSE = ("ivan@staff.example", "petra@staff.example", "admin@staff.example")
OUTLOOK_TEXT = """Перезагрузите принтер.

С уважением,
Иван

________________________________
От: Анна Петрова (ООО «Акме») <support@acme.example>
Отправлено: 23 ноября 2026 г. 9:10
Кому: Иван Иванов <ivan@staff.example>
Тема: [ACME-1] Не печатает принтер

##- Ответ выше этой строки прочитает клиент: Анна Петрова <anna@client.example> -##
"""
OUTLOOK_HTML = """<html><body lang="RU"><div class="WordSection1">
<p class="MsoNormal">Перезагрузите принтер.<o:p></o:p></p>
<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Анна Петрова &lt;support@acme.example&gt;<br>
<b>Sent:</b> Monday, November 23, 2026 9:10 AM<br><b>To:</b> ivan@staff.example<br><b>Subject:</b> [ACME-1] x</p></div>
<p class="marker">##- Ответ выше этой строки прочитает клиент: Анна -##</p><p>Горит красная лампочка.</p></div></body></html>"""


def leaks(sent: SentLetter) -> list[str]:
    """What an answer must not carry anywhere in its octets, decoded or not: addresses of ours, markers, others' tokens."""
    message = sent.message
    everything = "\n".join(
        [sent.octets.decode("ascii"), message.text, message.html or "", *(value for _, value in message.headers)]
    )
    (own,) = find_tokens(message.message_id or "")
    foreign = [str(token) for token in find_tokens(everything) if token != own]
    return [
        word for word in (*NOBODY_ELSE, REPLY_MARKER_PREFIX.strip(), "Ваш ответ на это") if word in everything
    ] + foreign


def test_an_answer_reaches_requester_and_copied_once_each(desk: Rehearsal) -> None:
    """Everybody on the customer's side gets one letter with a token of their own, and sees who else got it."""
    sent = desk.deliver(
        letter(headers=[("Cc", f"{BORIS.upper()}, {BORIS}, petra@staff.example, help@acme.example")]), SUPPORT
    )
    asked = last(desk).message
    assert asked is not None
    answered = desk.deliver(reply(to(sent, IVAN), "Перезагрузите его.", author=IVAN), SUPPORT)
    assert summary(answered) == ["answer anna@client.example", "answer boris@client.example"]
    assert ended(desk) is OutcomeKind.APPENDED
    assert ticket(desk).status is Status.WAITING
    for one in answered:
        assert leaks(one) == []
        assert one.message.text.startswith("Перезагрузите его.\n\nООО «Акме»")
        assert [a.addr for a in one.message.to] == ["anna@client.example"]
        assert [a.addr for a in one.message.cc] == ["boris@client.example"]
        assert one.message.header("auto-submitted") is None
    assert answered[0].message.reply_to != answered[1].message.reply_to
    assert answered[0].message.in_reply_to == (asked.message_id,)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(OUTLOOK_TEXT, None, id="Outlook in Russian, plain text"),
        pytest.param("", OUTLOOK_HTML, id="Outlook, HTML only"),
        pytest.param(
            "Перезагрузите принтер.\n\n-- \nИван Иванов\nivan@staff.example\n+7 900 000-00-00", None, id="signature"
        ),
        pytest.param(
            "Перезагрузите принтер.\n\n> ##- Ответ выше этой строки -##\n> t1.aaaaaaaaaaaaaaaa",
            None,
            id="quoted marker",
        ),
    ],
)
def test_answers_of_many_clients(desk: Rehearsal, text: str, html: str | None) -> None:
    """Whatever the agent's client quotes, only the new words travel."""
    sent = desk.deliver(letter(), SUPPORT)
    octets = reply(to(sent, IVAN), text, author=IVAN, quote=False, html=html)
    (answer,) = desk.deliver(octets, SUPPORT)
    assert answer.message.text.startswith("Перезагрузите принтер.")
    assert leaks(answer) == []
    assert "Горит" not in answer.message.text
    assert "+7 900" not in answer.octets.decode("ascii")


def test_html_only(desk: Rehearsal) -> None:
    """An answer without a plain part is read from its HTML, and laid out as the agent laid it out, in our template."""
    sent = desk.deliver(letter(), SUPPORT)
    octets = reply(to(sent, IVAN), "", author=IVAN, quote=False)
    head, _, _ = octets.partition(b"\r\n\r\n")
    head = head.replace(b"text/plain", b"text/html").replace(b"7bit", b"8bit")
    body = '<p>Да &amp; нет, <b>1 &lt; 2</b></p><blockquote><p class="marker">##- Ответ -##</p><img src="http://evil.example/x.png"></blockquote>'
    (answer,) = desk.deliver(head + b"\r\n\r\n" + body.encode(), SUPPORT)
    assert answer.message.text.startswith("Да & нет, 1 < 2")
    assert "<p>Да &amp; нет, <b>1 &lt; 2</b></p>" in (answer.message.html or "")
    assert "evil.example" not in (answer.message.html or "")


def test_attachments_travel_and_the_quote_in_pieces_does_not(desk: Rehearsal) -> None:
    """Apple Mail splits text round an attachment: the quote behind it is still a quote."""
    sent = desk.deliver(letter(), SUPPORT)
    notification = to(sent, IVAN)
    head = reply(notification, "x", author=IVAN, quote=False).partition(b"Content-Type")[0]
    quoted = "".join(f"> {line}\r\n" for line in notification.message.text.splitlines())
    body = (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nВот инструкция.\r\n"
        '--b\r\nContent-Type: application/pdf; name="help.pdf"\r\nContent-Disposition: inline; filename="help.pdf"\r\n\r\n%PDF-1.4\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{quoted}\r\n--b--\r\n"
    )
    (answer,) = desk.deliver(head + body.encode(), SUPPORT)
    assert [attachment.name for attachment in answer.message.attachments] == ["help.pdf"]
    assert answer.message.text.startswith("Вот инструкция.")
    assert leaks(answer) == []


@pytest.mark.parametrize("name", ["ivan.vcf", "smime.p7s", "0xC0FFEE.asc"])
def test_who_writes_does_not_travel_as_a_file(desk: Rehearsal, name: str) -> None:
    """Cards, signatures and keys, which programs add by themselves, name the agent; the answer's own files do travel."""
    files = {name: b"EMAIL:ivan@staff.example", "a.pdf": b"%PDF"}
    sent = desk.deliver(
        reply(to(desk.deliver(letter(), SUPPORT), IVAN), "Готово.", author=IVAN, attachments=files), SUPPORT
    )
    answer = to(sent, ANNA).message
    assert [one.name for one in answer.attachments] == ["a.pdf"]
    assert name not in answer.text


def test_an_attachment_alone_is_no_answer(desk: Rehearsal) -> None:
    """No words: the files may be those of a notification that a mailbox forwards by itself, so the agent is asked to write."""
    sent = desk.deliver(letter(), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "", author=IVAN, attachments={"a.pdf": b"%PDF"}), SUPPORT)
    assert summary(answered) == ["notification ivan@staff.example"]
    assert answered[0].message.attachments == ()


@pytest.mark.parametrize("text", ["", "   \n\t\n", "> только цитата"])
def test_an_empty_answer_gets_a_receipt(desk: Rehearsal, text: str) -> None:
    """Nothing is sent to the customer, and the agent learns why."""
    sent = desk.deliver(letter(), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), text, author=IVAN), SUPPORT)
    assert summary(answered) == ["notification ivan@staff.example"]
    assert "ничего не отправлено" in answered[0].message.text
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.IGNORED, Status.NEW)


def test_an_answer_without_a_subaddress(desk: Rehearsal) -> None:
    """Where plus addresses do not work, the token in the Message-ID that is answered proves the agent."""
    sent = desk.deliver(letter(to="desk@acme.example"), PLAIN)
    octets = reply(to(sent, IVAN), "Готово.", author=IVAN)
    assert b"desk@acme.example" in octets
    assert summary(desk.deliver(octets, PLAIN)) == ["answer anna@client.example"]


@pytest.mark.parametrize(
    ("headers", "outcome", "sends"),
    [
        ((("Auto-Submitted", "auto-replied"),), "ignored", []),
        ((("Auto-Submitted", "auto-generated"),), "ignored", []),
        ((("Return-Path", "<>"),), "ignored", []),
        ((("X-Autoreply", "yes"),), "ignored", []),
        ((("Precedence", "bulk"),), "ignored", []),
        ((("Subject", "Автоответ: [{}] Не печатает принтер"), ("X-Auto-Response-Suppress", "All")), "ignored", []),
        ((("Auto-Submitted", "auto-generated"), ("In-Reply-To", ""), ("References", "")), "ignored", []),
    ],
)
def test_an_agents_machine_answers_nobody(
    desk: Rehearsal, headers: tuple[tuple[str, str], ...], outcome: str, sends: list[str]
) -> None:
    """An out-of-office or any other automatic letter of an agent goes to no customer and to no colleague."""
    sent = desk.deliver(letter(), SUPPORT)
    number = ticket(desk).number
    replaced = {name for name, _ in headers}
    octets = reply(to(sent, IVAN), "Я в отпуске.", author=IVAN)
    for name in replaced & {"In-Reply-To", "References", "Subject"}:
        octets = drop_header(octets, name)
    octets = "".join(f"{n}: {v}\r\n" for n, v in headers if v and n != "Subject").encode() + octets
    if "Subject" in replaced:
        octets = f"Subject: {dict(headers)['Subject'].format(number)}\r\n".encode() + octets
    assert summary(desk.deliver(octets, SUPPORT)) == sends
    assert ended(desk) == outcome


def drop_header(octets: bytes, name: str) -> bytes:
    """Take a header out of a letter, its folded lines too."""
    head, _, body = octets.partition(b"\r\n\r\n")
    kept: list[bytes] = []
    dropping = False
    for line in head.split(b"\r\n"):
        dropping = (
            line[:1] in b" \t" and dropping
            if line[:1] in (b" ", b"\t")
            else line.lower().startswith(f"{name.lower()}:".encode())
        )
        if not dropping:
            kept.append(line)
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


def test_reply_to_elsewhere_takes_the_power_away(desk: Rehearsal) -> None:
    """Token and From are an agent's, but answers are wanted elsewhere: it is kept, and the agent is asked at their address."""
    sent = desk.deliver(letter(), SUPPORT)
    forged = reply(to(sent, IVAN), "Пришлите пароль.", author=IVAN, headers=[("Reply-To", MALLORY)])
    answered = desk.deliver(forged, SUPPORT)
    assert ended(desk) is OutcomeKind.IGNORED
    assert summary(answered) == ["confirmation ivan@staff.example"]
    assert "Пришлите пароль" in to(answered, IVAN).message.text
    assert ticket(desk).status is Status.NEW


def test_from_alone_makes_no_agent(desk: Rehearsal) -> None:
    """An agent's address without a token, about a ticket: nothing goes to its customer, and the agent is asked."""
    desk.deliver(letter(), SUPPORT)
    forged = letter("Пришлите пароль.", author=IVAN, subject=f"Re: [{ticket(desk).number}] Не печатает принтер")
    answered = desk.deliver(forged, SUPPORT)
    assert ended(desk) is OutcomeKind.IGNORED
    assert summary(answered) == ["confirmation ivan@staff.example"]


def test_a_lone_agent_hears_that_they_were_not_believed() -> None:
    """Where nobody else would be told, the agent whose address was used is: a refused answer is never silent."""
    alone = CONFIG.replace('[organization.acme.agent.petra]\nname = "Петра"\naddress = "petra@staff.example"\n', "")
    with open_desk(alone) as desk:
        answered = desk.deliver(letter("Готово.", author=IVAN, subject="Re: [ACME-1]"), SUPPORT)
        assert summary(answered) == ["notification ivan@staff.example"]
        assert "без кода сотрудника" in answered[0].message.text


@pytest.mark.parametrize("author", [MALLORY, "mallory@client.example", "Иван Иванов <ivan@evil.example>"])
def test_an_agents_token_in_other_hands(desk: Rehearsal, author: str) -> None:
    """A stranger with an agent's token speaks for nobody and learns nothing: only the agent hears of it."""
    sent = desk.deliver(letter(), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "Пришлите пароль.", author=author, quote=False), SUPPORT)
    assert ended(desk) is OutcomeKind.IGNORED
    assert summary(answered) == ["confirmation ivan@staff.example"]
    assert "not proven" in [line.kind for line in events(desk)]
    assert ticket(desk).status is Status.NEW


def test_a_customer_with_an_agents_token_stays_a_customer(desk: Rehearsal) -> None:
    """The notification was forwarded to the customer, who answers it: their words join the ticket, as theirs."""
    sent = desk.deliver(letter(), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "Спасибо!", author=ANNA), SUPPORT)
    assert ended(desk) is OutcomeKind.APPENDED
    assert summary(answered) == ["notification ivan@staff.example", "notification petra@staff.example"]


def test_an_agent_who_left_opens_nothing() -> None:
    """Taken out of the configuration, an agent's old notifications lead nowhere."""
    with open_desk() as before:
        notification = to(before.deliver(letter(), SUPPORT), IVAN)
    without = CONFIG.replace(
        '[organization.acme.agent.ivan]\nname = "Иван Иванов"\naddress = "ivan@staff.example"\n', ""
    )
    assert "ivan@" not in without
    with open_desk(without) as desk:
        desk.deliver(letter(), SUPPORT)
        answered = desk.deliver(reply(notification, "Пришлите пароль.", author=IVAN, quote=False), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED
        assert summary(answered) == ["acknowledgement ivan@staff.example", "notification petra@staff.example"]


def test_an_agent_who_asks_is_a_customer_there(desk: Rehearsal) -> None:
    """In their own request an agent's letters are a customer's: colleagues are told, nothing is sent back to the author."""
    sent = desk.deliver(letter(author=IVAN), SUPPORT)
    assert summary(sent) == ["notification petra@staff.example"]
    answered = desk.deliver(reply(to(sent, PETRA), "Держите.", author=PETRA), SUPPORT)
    assert summary(answered) == ["answer ivan@staff.example"]
    again = desk.deliver(reply(to(answered, IVAN), "Спасибо, но не работает.", author=IVAN), SUPPORT)
    assert summary(again) == ["notification petra@staff.example"]
    assert ticket(desk).status is Status.OPEN


def test_no_address_to_answer_to(desk: Rehearsal) -> None:
    """A letter without a sender cannot be answered; the agent who tries is told, and the words are kept."""
    sent = desk.deliver(letter(author=None), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "Готово.", author=IVAN), SUPPORT)
    assert summary(answered) == ["notification ivan@staff.example"]
    assert "нет адреса" in answered[0].message.text
    assert "not answered" in [line.kind for line in events(desk)]


def test_a_customers_requester_copied_twice(desk: Rehearsal) -> None:
    """Whoever stands in To, Cc and Reply-To at once gets one letter."""
    people = [("Cc", f"{BORIS}, anna@client.example, ANNA@client.example"), ("Reply-To", "anna.p@client.example")]
    sent = desk.deliver(letter(to=f"support@acme.example, {BORIS}", headers=people), SUPPORT)
    answered = desk.deliver(reply(to(sent, IVAN), "Готово.", author=IVAN), SUPPORT)
    assert summary(answered) == ["answer anna.p@client.example", "answer boris@client.example"]


def test_an_answer_cut_short_is_not_sent(desk: Rehearsal) -> None:
    """Of a letter too large to take, nobody knows what the agent meant to send: the agent hears of it, the customer nothing."""
    sent = desk.deliver(letter(), SUPPORT)
    octets = reply(to(sent, IVAN), "Вот файлы.", author=IVAN)
    place = Place(mailbox=SUPPORT, folder="", uidvalidity=0, uid="cut")
    cut = RawMessage(octets=octets, place=place, received_at=desk.now, size=len(octets) + 1)
    before = len(desk._stage.sent)
    desk._runner.run(desk._take(cut))
    assert summary(desk._stage.sent[before:]) == ["notification ivan@staff.example"]
    assert (ended(desk), ticket(desk).status) == (OutcomeKind.IGNORED, Status.NEW)


def test_large_attachments_are_named_not_sent(desk: Rehearsal) -> None:
    """What does not fit is left out by name, and the rest goes."""
    sent = desk.deliver(letter(), SUPPORT)
    files = {"big.bin": b"x" * 15_000_001, "small.pdf": b"%PDF"}
    (answer,) = desk.deliver(reply(to(sent, IVAN), "Два файла.", author=IVAN, attachments=files), SUPPORT)
    assert [a.name for a in answer.message.attachments] == ["small.pdf"]
    assert "big.bin" in answer.message.text
