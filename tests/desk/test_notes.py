"""Notes: what an agent writes to the address for notes is for colleagues, and reaches no customer whatever it says."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.model import OutcomeKind, Status
from maild.rehearsal import Rehearsal, SentLetter
from maild.tokens import Keyring, find_tokens
from tests.walk.stage import (
    ANNA,
    BORIS,
    IVAN,
    MALLORY,
    PETRA,
    PLAIN,
    SUPPORT,
    ended,
    events,
    letter,
    reply,
    reply_address,
    summary,
    ticket,
    to,
)

NOTE = "Клиент должен нам за март, осторожно."


def note_address(notification: SentLetter) -> str:
    """Return the address for notes as the notification names it."""
    found = re.search(r"support\+n\d+\.[a-z2-7]{16}@acme\.example", notification.message.text)
    assert found is not None, notification.message.text
    return found[0]


def opened(desk: Rehearsal) -> SentLetter:
    return to(desk.deliver(letter(headers=[("Cc", BORIS)]), SUPPORT), IVAN)


def notes(desk: Rehearsal) -> list[str]:
    return [line.text for line in events(desk) if line.kind == "note" and line.who]


def test_the_address_stands_in_the_notification(desk: Rehearsal) -> None:
    """With a word on who reads it, and as a link; it is the agent's own."""
    sent = desk.deliver(letter(), SUPPORT)
    ivans, petras = to(sent, IVAN), to(sent, PETRA)
    assert f"Заметка для коллег, которую клиент не увидит: {note_address(ivans)}" in ivans.message.text
    assert f'<a href="mailto:{note_address(ivans)}">' in (ivans.message.html or "")
    assert note_address(ivans) != note_address(petras)


def test_a_new_letter_to_it_is_a_note(desk: Rehearsal) -> None:
    """Nobody is sent anything while nobody else has the request; the words stand in its history, the wait is as it was."""
    notification = opened(desk)
    assert desk.deliver(letter(NOTE, author=IVAN, to=note_address(notification), subject="x"), SUPPORT) == []
    assert (ended(desk), notes(desk)) == (OutcomeKind.COMMAND, [NOTE])
    assert ticket(desk).status is Status.NEW


def test_an_answer_sent_to_both_addresses_is_a_note(desk: Rehearsal) -> None:
    """In doubt nothing goes out; the quoted notification is no part of the note."""
    notification = opened(desk)
    both = f"{reply_address(notification.message)}, {note_address(notification)}"
    assert desk.deliver(reply(notification, NOTE, author=IVAN, to=both), SUPPORT) == []
    assert notes(desk) == [NOTE]


def test_whose_the_request_is_gets_a_colleagues_note(desk: Rehearsal) -> None:
    """They read who wrote it, and that the customer does not see it."""
    sent = desk.deliver(letter(), SUPPORT)
    desk.deliver(reply(to(sent, PETRA), "#взять", author=PETRA), SUPPORT)
    (told,) = desk.deliver(letter(NOTE, author=IVAN, to=note_address(to(sent, IVAN))), SUPPORT)
    assert summary([told]) == [f"notification {PETRA}"]
    assert "Клиент её не видит.\nОт: Иван Иванов <ivan@staff.example>\n\n" + NOTE in told.message.text


def test_commands_in_a_note_are_obeyed(desk: Rehearsal) -> None:
    """The rest is the note, not an answer."""
    notification = opened(desk)
    sent = desk.deliver(letter(f"#взять\n{NOTE}", author=IVAN, to=note_address(notification)), SUPPORT)
    assert summary(sent) == ["receipt ivan@staff.example"]
    assert "Клиенту ничего не отправлено." in sent[0].message.text
    assert (notes(desk), ticket(desk).agent) == ([NOTE], "ivan")


@pytest.mark.parametrize(
    ("author", "outcome"),
    [(MALLORY, OutcomeKind.IGNORED), (PETRA, OutcomeKind.IGNORED), (ANNA, OutcomeKind.OPENED)],
)
def test_somebody_else_writes_no_note(desk: Rehearsal, author: str, outcome: OutcomeKind) -> None:
    """A copied address is worth nothing without the agent's From: it is kept until one confirms it, a customer's opens a ticket."""
    notification = opened(desk)
    number = ticket(desk).id
    desk.deliver(letter(NOTE, author=author, to=note_address(notification), subject="x"), SUPPORT)
    assert ended(desk) is outcome
    assert NOTE not in [line.text for line in events(desk, number)]


@pytest.mark.parametrize("also", [False, True])
def test_to_a_colleagues_address_for_notes_no_answer_is_sent(desk: Rehearsal, also: bool) -> None:
    """Whatever else proves the agent: words for colleagues go to no customer, and the agent hears that they went nowhere."""
    sent = desk.deliver(letter(), SUPPORT)
    ivans, petras = to(sent, IVAN), to(sent, PETRA)
    whom = f"{reply_address(petras.message)}, {note_address(ivans)}" if also else note_address(ivans)
    headers = [("In-Reply-To", f"<{petras.message.message_id}>")]
    told = desk.deliver(letter(NOTE, author=PETRA, to=whom, headers=headers), SUPPORT)
    assert summary(told) == [f"notification {PETRA}"]
    assert "клиенту ничего не отправлено" in told[0].message.text


def test_an_answer_that_quotes_the_address_is_an_answer(desk: Rehearsal) -> None:
    """It stands in the body of every notification, and so below every answer."""
    notification = opened(desk)
    assert "answer anna@client.example" in summary(desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT))


def test_without_subaddresses_there_is_the_command(desk: Rehearsal) -> None:
    """The notification says so."""
    notification = to(desk.deliver(letter(to="desk@acme.example"), PLAIN), IVAN)
    assert "начинается строкой «#заметка ТЕКСТ»" in notification.message.text
    assert (
        desk.deliver(reply(notification, f"#заметка {NOTE}", author=IVAN), PLAIN)[0].recipient == "ivan@staff.example"
    )
    assert notes(desk) == [NOTE]


def test_no_token_for_answers_can_be_made_of_one_for_notes() -> None:
    """Another letter before it does not fit."""
    keyring = Keyring(b"k" * 32)
    note, answer = keyring.note_token(7, "a@b.example"), keyring.token(7, "a@b.example")
    assert note.mac != answer.mac
    assert find_tokens(f"{note} {answer}") == (note, answer)


WORDS = st.text(alphabet=st.sampled_from("аб# \n>-:взятьответить«»@.1"), max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, quote=st.booleans(), copied=st.sampled_from(["", ANNA, "support@acme.example"]))
def test_whatever_it_says_no_customer_gets_it(desk: Rehearsal, words: str, quote: bool, copied: str) -> None:
    """No letter that a note causes goes to anybody but agents, nor does a later answer carry a word of it."""
    notification = opened(desk)
    octets = reply(
        notification,
        f"{words}\n{NOTE}",
        author=IVAN,
        quote=quote,
        to=note_address(notification),
        headers=[("Cc", copied)],
    )
    sent = desk.deliver(octets, SUPPORT)
    assert {one.recipient for one in sent} <= {"ivan@staff.example", "petra@staff.example"}
    answered = desk.deliver(reply(notification, "Готово.", author=IVAN), SUPPORT)
    assert all("осторожно" not in one.message.text for one in answered if one.purpose == "answer")
