"""Letters to what is over: thanks leave it so, a real one opens it again, a late one opens another that is linked."""

from datetime import timedelta

import pytest

from maild.model import OutcomeKind, Status
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.served import IVAN, IVAN_ADDRESS, OLGA, open_served, order, write
from tests.walk.stage import SUPPORT, ended, events, last, letter, reply, summary, ticket, to

OLGA_ADDRESS = "olga@romashka.example"


def resolved(desk: Rehearsal, line: str = "#решено") -> SentLetter:
    """Let a request be solved, and return the answer that the customer has got."""
    sent = order(desk, to(write(desk), IVAN_ADDRESS), f"Поправили.\n{line}")
    return to(sent, OLGA_ADDRESS)


def say(desk: Rehearsal, answer: SentLetter, text: str, **more: object) -> list[SentLetter]:
    return desk.deliver(reply(answer, text, author=OLGA, **more), SUPPORT)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["Спасибо!", "Thank you, Иван! 👍", "Дякую\n\nС уважением,\nОльга"])
def test_thanks_are_kept_and_change_nothing(text: str) -> None:
    """They are in the history, the finding says on what evidence, nobody gets a letter, no clock starts."""
    with open_served() as desk:
        answer = resolved(desk)
        clocks = desk.clocks(1)
        assert say(desk, answer, text) == []
        assert (ticket(desk).status, ended(desk)) == (Status.RESOLVED, OutcomeKind.APPENDED)
        assert "nothing but courtesy" in last(desk).outcome.reason
        assert [one.kind for one in events(desk)][-2:] in (["thanks", "in"], ["in", "thanks"])
        assert desk.clocks(1) == clocks


def test_thanked_twice() -> None:
    """The second is no repeat of which agents hear."""
    with open_served() as desk:
        answer = resolved(desk)
        assert say(desk, answer, "Спасибо!") == []
        assert say(desk, answer, "Спасибо!") == []


@pytest.mark.parametrize("text", ["Спасибо, но не работает", "Мигает снова", "Спасибо?"])
def test_a_real_letter_opens_it_again(text: str) -> None:
    with open_served() as desk:
        answer = resolved(desk)
        assert summary(say(desk, answer, text)) == [f"notification {IVAN_ADDRESS}"]
        assert (ticket(desk).id, ticket(desk).status) == (1, Status.OPEN)


def test_thanks_with_a_file_are_for_people() -> None:
    with open_served() as desk:
        answer = resolved(desk)
        say(desk, answer, "Спасибо!", attachments={"акт.pdf": b"%PDF-1.4"})
        assert ticket(desk).status is Status.OPEN


def test_thanks_in_an_open_ticket_are_a_letter_like_any_other() -> None:
    with open_served() as desk:
        sent = write(desk)
        assert say(desk, to(sent, OLGA_ADDRESS), "Спасибо!") != []


def test_a_stranger_who_thanks_enters_nothing() -> None:
    with open_served() as desk:
        answer = resolved(desk)
        raw = letter("Спасибо!", author="mallory@evil.example", subject=f"Re: {answer.message.subject}")
        desk.deliver(raw, SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED


def test_a_late_letter_opens_another_that_is_linked() -> None:
    """To the second: at fourteen days it is opened again, after them there is another, and the customer is told why."""
    with open_served() as desk:
        answer = resolved(desk)
        desk.advance(timedelta(days=14) - timedelta(seconds=1))
        say(desk, answer, "Опять мигает.")
        assert ticket(desk).id == 1
    with open_served() as desk:
        answer = resolved(desk)
        desk.advance(timedelta(days=14, seconds=1))
        sent = say(desk, answer, "Опять мигает.")
        assert (ticket(desk).number, ticket(desk).status, ticket(desk, 1).status) == (
            "ACME-2",
            Status.NEW,
            Status.RESOLVED,
        )
        assert to(sent, OLGA_ADDRESS).message.subject == "Re: [ACME-2] Не печатает принтер"
        text = to(sent, OLGA_ADDRESS).message.text
        assert "завели по нему обращение ACME-2.\nОно продолжает обращение ACME-1, которое давно завершено" in text
        assert "В письме упомянуто: ACME-1." in to(sent, IVAN_ADDRESS).message.text
        assert "goes on where it was over for too long: ACME-1" in [
            one.text for one in events(desk) if one.kind == "linked"
        ]


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Re: Re: [ACME-1] Принтер", "Принтер"),
        ("Ответ: [acme-1] Принтер", "Принтер"),
        ("[ACME-1] Re: Принтер", "Принтер"),
        ("Re: [BETA-1] Принтер", "Re: [BETA-1] Принтер"),
        ("Re: Принтер", "Re: Принтер"),
        ("Принтер [ACME-1]", "Принтер [ACME-1]"),
        ("Re: [ACME-1]", "Re: [ACME-1]"),
    ],
)
def test_another_requests_number_is_not_in_its_subject(subject: str, own: str) -> None:
    """Two numbers before one subject tell nobody which is meant; what people wrote themselves stays."""
    with open_served() as desk:
        write(desk)
        desk.deliver(letter("Мигает.", author="somebody@elsewhere.example", subject=subject), SUPPORT)
        assert desk.tickets()[1].subject == own


def test_late_thanks_open_nothing() -> None:
    with open_served() as desk:
        answer = resolved(desk)
        desk.advance(timedelta(days=60))
        assert say(desk, answer, "Спасибо!") == []
        assert len(desk.tickets()) == 1


def test_an_agent_may_write_to_whatever_is_over() -> None:
    with open_served() as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "Поправили.\n#решено")
        desk.advance(timedelta(days=60))
        sent = desk.deliver(reply(notification, "Как дела?", author=IVAN), SUPPORT)
        assert summary(sent) == [f"answer {OLGA_ADDRESS}"]
        say(desk, to(sent, OLGA_ADDRESS), "Мигает.")
        assert ticket(desk).id == 1


def test_the_organisation_says_what_is_late() -> None:
    with open_served(organization='reopen_within = "0s"') as desk:
        answer = resolved(desk)
        desk.advance(timedelta(minutes=1))
        say(desk, answer, "Опять мигает.")
        assert ticket(desk).number == "ACME-2"
