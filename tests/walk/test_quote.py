"""What stands below an answer: the customer's own last words, in short, and nothing that is not for who reads it."""

import pytest

from maild.ingest.html import html_to_text
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import hide_tokens
from tests.walk.stage import (
    ANNA,
    BETA,
    BORIS,
    CONFIG,
    IVAN,
    PETRA,
    SUPPORT,
    events,
    letter,
    open_desk,
    reply,
    ticket,
    to,
)

QUOTING = f'{CONFIG}[organization.acme.answers]\nquote = "last"\n'
ANNA_ADDRESS = "anna@client.example"
ANSWER = """\
Замените картридж.

ООО «Акме»
support@acme.example

23.11.2026 09:00, Анна Петрова пишет:
> Горит красная лампочка.
>\x20
> Что делать?

--\x20
Обращение ACME-1, код …"""
IN_ENGLISH = """\
Replace the toner.

Beta
help@beta.example

On 23 November 2026 at 09:00, Анна Петрова wrote:
> The red lamp is on.

--\x20
Request BETA-1, code …"""


@pytest.fixture
def desk() -> Rehearsal:
    return open_desk(QUOTING)


def text_of(one: SentLetter) -> str:
    return hide_tokens(one.message.text)


def answered(
    desk: Rehearsal, sent: list[SentLetter], text: str = "Замените картридж.", author: str = IVAN
) -> SentLetter:
    """Let an agent answer; return what Anna gets."""
    return to(desk.deliver(reply(to(sent, author), text, author=author), SUPPORT), ANNA_ADDRESS)


def quote_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(">")]


def test_their_own_last_words(desk: Rehearsal) -> None:
    """In text and in HTML, below our name and above the code."""
    with desk:
        sent = desk.deliver(letter("Горит красная лампочка.\n\nЧто делать?"), SUPPORT)
        answer = answered(desk, sent)
    assert text_of(answer) == ANSWER
    page = answer.message.html or ""
    assert '<blockquote class="words box" type="cite">Горит красная лампочка.<br><br>Что делать?</blockquote>' in page
    assert "23.11.2026 09:00, Анна Петрова пишет:" in html_to_text(page)


def test_in_the_organisations_language() -> None:
    with open_desk(f'{CONFIG}[organization.beta.answers]\nquote = "last"\n') as desk:
        sent = desk.deliver(letter("The red lamp is on.", to="help@beta.example"), BETA)
        olga = "olga@beta-staff.example"
        sent = desk.deliver(reply(to(sent, olga), "Replace the toner.", author=olga), BETA)
        assert text_of(to(sent, ANNA_ADDRESS)) == IN_ENGLISH


def test_nothing_where_the_desk_wants_none() -> None:
    with open_desk(QUOTING.replace('"last"', '"none"')) as desk:
        assert "пишет" not in answered(desk, desk.deliver(letter(), SUPPORT)).message.text


def test_once_answered_it_is_quoted_no_more(desk: Rehearsal) -> None:
    """A second answer to the same letter, a note between, and the next letter's own words."""
    with desk:
        sent = desk.deliver(letter(), SUPPORT)
        first = answered(desk, sent)
        assert quote_in(answered(desk, sent, "И почистите барабан.").message.text) == []
        heard = desk.deliver(reply(first, "Не помогло.", author=ANNA), SUPPORT)
        desk.deliver(reply(to(heard, IVAN), "#заметка Позвонить Борису", author=IVAN), SUPPORT)
        assert quote_in(answered(desk, heard, "Тогда приедем.").message.text) == ["> Не помогло."]


def test_a_letter_of_many_words_is_cut_short(desk: Rehearsal) -> None:
    """By lines and by characters; the customer has their letter."""
    with desk:
        lines = answered(desk, desk.deliver(letter("\n".join(f"Строка {n}" for n in range(40))), SUPPORT))
        assert quote_in(lines.message.text)[-2:] == ["> Строка 13", "> Строка 14…"]
        long = answered(desk, desk.deliver(letter("Очень длинное слово " * 60, subject="Другое"), SUPPORT))
        assert len("".join(quote_in(long.message.text))) < 520
        assert quote_in(long.message.text)[-1].endswith("…")


def test_what_they_quote_themselves_is_left_out(desk: Rehearsal) -> None:
    with desk:
        sent = desk.deliver(letter("Отвечаю ниже.\n\n> А что на экране?\n> Какая модель?\n\nМодель X-17."), SUPPORT)
        assert "А что на экране" not in answered(desk, sent).message.text


def test_no_code_comes_back(desk: Rehearsal) -> None:
    """Others read an answer: neither a coupon nor a token stands in it."""
    with desk:
        sent = desk.deliver(letter("Код 7KQ4-MX2P-9TRC, и ещё t1.k7f3abcdefghijkl, не печатает."), SUPPORT)
        text = answered(desk, sent).message.text
    assert "7KQ4" not in text
    assert "9TRC" not in text
    assert "k7f3abcdefghijkl" not in text
    assert "не печатает" in text


def test_words_of_who_does_not_read_the_answer_are_not_quoted(desk: Rehearsal) -> None:
    """Boris forwards the notice he got of Anna's request and is no part of it: what he says stays among agents."""
    with desk:
        sent = desk.deliver(letter(), SUPPORT)
        acknowledgement = to(sent, ANNA_ADDRESS)
        heard = desk.deliver(reply(acknowledgement, "Я её начальник, денег не дам.", author=BORIS), SUPPORT)
        one = ticket(desk)
        assert [each.address.addr for each in one.participants] == [ANNA_ADDRESS]
        assert (
            "денег"
            not in to(
                desk.deliver(reply(to(heard, PETRA), "Поняли.", author=PETRA), SUPPORT), ANNA_ADDRESS
            ).message.text
        )


CLIENTS = {
    "Gmail": "Не помогло.\n\nпн, 23 нояб. 2026 г. в 09:05, Иван Иванов (ООО «Акме») <support@acme.example>:\n\n{marked}",
    "Apple Mail": "Не помогло.\n\n> 23 нояб. 2026 г., в 09:05, Иван Иванов (ООО «Акме») <support@acme.example> написал(а):\n>\n{marked}",
    "mutt": "Не помогло.\n\nOn Mon, Nov 23, 2026 at 09:05:00AM +0300, Иван Иванов (ООО «Акме») wrote:\n{marked}",
    "Outlook": "Не помогло.\n\n-----Original Message-----\nFrom: Иван Иванов (ООО «Акме») <support@acme.example>\nSent: Monday, November 23, 2026 9:05 AM\nTo: Анна Петрова <anna@client.example>\nSubject: Re: [ACME-1] Не печатает принтер\n\n{bare}",
    "Outlook in Russian": "Не помогло.\n\nОт: Иван Иванов (ООО «Акме») <support@acme.example>\nОтправлено: 23 ноября 2026 г. 9:05\nКому: Анна Петрова <anna@client.example>\nТема: Re: [ACME-1] Не печатает принтер\n\n{bare}",
}  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
def test_a_customers_client_quotes_it_all_and_we_read_what_is_new(desk: Rehearsal, client: str) -> None:
    """Our quote, quoted once more, is none of their words: the history has the new ones alone, in the same request."""
    with desk:
        answer = answered(desk, desk.deliver(letter(), SUPPORT))
        bare = answer.message.text
        marked = "\n".join(f"> {line}" for line in bare.splitlines())
        body = CLIENTS[client].format(bare=bare, marked=marked)
        desk.deliver(reply(answer, body, author=ANNA, quote=False), SUPPORT)
        assert len(desk.tickets()) == 1
        assert [one.text for one in events(desk, 1) if one.kind == "in"][-1] == "Не помогло."


def test_a_client_that_takes_all_our_html_along(desk: Rehearsal) -> None:
    with desk:
        answer = answered(desk, desk.deliver(letter(), SUPPORT))
        page = f'<div dir="ltr">Не помогло.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">пн, 23 нояб. 2026 г. в 09:05, Иван &lt;support@acme.example&gt;:<br></div><blockquote class="gmail_quote">{answer.message.html}</blockquote></div>'
        plain = "\n".join(f"> {line}" for line in answer.message.text.splitlines())
        text = f"Не помогло.\n\nпн, 23 нояб. 2026 г. в 09:05, Иван <support@acme.example>:\n\n{plain}"
        desk.deliver(reply(answer, text, author=ANNA, quote=False, html=page), SUPPORT)
        assert [one.text for one in events(desk, 1) if one.kind == "in"][-1] == "Не помогло."
