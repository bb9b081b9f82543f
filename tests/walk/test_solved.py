"""What an agent calls solved, played through: the customer hears, contradicts, confirms, or says nothing; and who is chased."""

from datetime import timedelta

import pytest

from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk import stage
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, open_served, order, write
from tests.walk.stage import SUPPORT, events, letter, reply, summary, ticket, to
from tests.walk.test_orders import RECEIPT, lines

OLGA_ADDRESS = "olga@romashka.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = '[organization.acme.confirmation]\nwithin = "3d"\ncalendar = "office"\n'
CHASING = '[organization.acme.chasing]\nremind = "2d"\nclose = "5d"\n'
TEXT = """Здравствуйте, Ольга!

Пишем о вашем обращении ACME-1: мы считаем, что вопрос решён.

Если это не так, ответьте на это письмо до 09:00 четверга, 26 ноября (МСК), и мы продолжим работу. Если всё в порядке, отвечать не нужно: потом мы закроем обращение.

ООО «Акме»
support@acme.example
"""


def solve(desk: Rehearsal, text: str = "#решено") -> list[SentLetter]:
    return order(desk, to(write(desk), IVAN_ADDRESS), text)


def say(desk: Rehearsal, sent: list[SentLetter], text: str) -> list[SentLetter]:
    return desk.deliver(reply(to(sent, OLGA_ADDRESS), text, author=OLGA), SUPPORT)


def test_the_customer_hears_that_it_is_solved() -> None:
    """In these words, and the receipt says so; three working days from Monday."""
    with open_served(organization=WINDOW) as desk:
        sent = solve(desk)
        assert summary(sent) == [RECEIPT, f"resolution {OLGA_ADDRESS}"]
        assert to(sent, OLGA_ADDRESS).message.text.partition("\n-- ")[0] == TEXT.rstrip("\n") + "\n"
        assert lines(sent)[-1] == "Клиенту отправляется письмо о том, что вопрос решён."
        assert ticket(desk).status is Status.RESOLVED


def test_days_off_do_not_count() -> None:
    with open_served(organization=WINDOW) as desk:
        desk.advance(4 * DAY)  # Friday
        assert "до 09:00 среды, 2 декабря" in to(solve(desk), OLGA_ADDRESS).message.text


def test_with_an_answer_it_is_one_letter() -> None:
    with open_served(organization=WINDOW) as desk:
        sent = solve(desk, "Поправили.\n#решено")
        assert summary(sent) == [f"answer {OLGA_ADDRESS}", RECEIPT]
        text = to(sent, OLGA_ADDRESS).message.text
        assert text.startswith(
            "Поправили.\n\nМы считаем, что вопрос решён. Если это не так, ответьте на это письмо до 09:00 четверга"
        )
        assert "#решено" not in text


def test_without_the_window_nobody_hears() -> None:
    with open_served() as desk:
        assert summary(solve(desk)) == [RECEIPT]
        assert desk.advance(60 * DAY) == []
        assert ticket(desk).status is Status.RESOLVED


def test_silence_closes_it_silently() -> None:
    """Not a second too early; the history says why."""
    with open_served(organization=WINDOW) as desk:
        solve(desk)
        desk.advance(3 * DAY - HOUR)
        assert ticket(desk).status is Status.RESOLVED
        assert desk.advance(2 * HOUR) == []
        assert ticket(desk).status is Status.CLOSED
        assert "the customer did not contradict" in [one.text for one in events(desk)]


def test_or_with_a_word_where_the_organisation_wants_it() -> None:
    with open_served(organization=WINDOW + "tell = true\n") as desk:
        solve(desk)
        sent = desk.advance(4 * DAY)
        assert summary(sent) == [f"closing {OLGA_ADDRESS}"]
        assert "Вопрос решён, поэтому мы закрыли обращение." in to(sent, OLGA_ADDRESS).message.text


@pytest.mark.parametrize("text", ["Да, спасибо!", "Подтверждаю", "Yes, it works"])
def test_a_yes_closes_it_at_once(text: str) -> None:
    with open_served(organization=WINDOW) as desk:
        assert say(desk, solve(desk), text) == []
        assert ticket(desk).status is Status.CLOSED
        assert desk.advance(10 * DAY) == []


def test_thanks_alone_leave_the_window_open() -> None:
    with open_served(organization=WINDOW) as desk:
        sent = solve(desk)
        assert say(desk, sent, "Спасибо!") == []
        assert ticket(desk).status is Status.RESOLVED
        desk.advance(4 * DAY)
        assert ticket(desk).status is Status.CLOSED


@pytest.mark.parametrize("text", ["Нет", "Не работает", "Да, спасибо, но не работает"])
def test_a_no_opens_it_again(text: str) -> None:
    with open_served(organization=WINDOW) as desk:
        sent = say(desk, solve(desk), text)
        assert summary(sent) == [f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}"]
        assert ticket(desk).status is Status.OPEN
        later = desk.advance(10 * DAY)
        assert ticket(desk).status is Status.OPEN
        assert not [one for one in later if one.recipient == OLGA_ADDRESS]


def test_a_colleagues_yes_closes_nothing() -> None:
    """Only the requester confirms; whoever else writes yes leaves it as it is."""
    with open_served(organization=WINDOW) as desk:
        sent = desk.deliver(letter(author=OLGA, headers=[("Cc", "pavel@romashka.example")]), SUPPORT)
        sent = order(desk, to(sent, IVAN_ADDRESS), "Поправили.\n#решено")
        mine = to(sent, "pavel@romashka.example")
        desk.deliver(reply(mine, "Да", author="pavel@romashka.example"), SUPPORT)
        assert ticket(desk).status is Status.RESOLVED


NEXT = "Дальше: обращение решено, клиент может возразить до 09:00 четверга, 26 ноября (МСК)"


def test_later_notifications_say_until_when_the_customer_may_contradict() -> None:
    """A colleague to whom it is given reads the instant that the customer was told, however much later; nobody, when it is open."""
    with open_served(organization=WINDOW) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#решено")
        desk.advance(DAY)
        sent = order(desk, notification, "#передать Петра")
        assert NEXT in to(sent, HEAD_ADDRESS).message.text.splitlines()
        order(desk, notification, "#взять")
        sent = order(desk, notification, "#открыть\n#передать Петра")
        assert "возразить" not in to(sent, HEAD_ADDRESS).message.text


@pytest.mark.parametrize("line", ["#заметка позвонил", "#передать Петра", "#время 15 мин", "#решено"])
def test_a_command_that_leaves_it_solved_leaves_it_to_be_closed(line: str) -> None:
    """The customer was told that it will be."""
    with open_served(organization=WINDOW) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#решено")
        desk.advance(DAY)
        order(desk, notification, line)
        desk.advance(2 * DAY - HOUR)
        assert ticket(desk).status is Status.RESOLVED
        desk.advance(2 * HOUR)
        assert ticket(desk).status is Status.CLOSED


def test_what_is_solved_while_the_customer_is_waited_for_is_not_chased() -> None:
    """Nor closed for their silence: we ask nothing of them any more."""
    with open_served(organization=CHASING) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "Какая у вас версия?")
        order(desk, notification, "#решено")
        assert chased(desk.advance(20 * DAY)) == []
        assert ticket(desk).status is Status.RESOLVED


def test_opened_again_by_an_agent_it_is_not_closed() -> None:
    with open_served(organization=WINDOW) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "#решено")
        order(desk, notification, "#открыть")
        desk.advance(10 * DAY)
        assert ticket(desk).status is Status.OPEN


# ── who does not reply to an answer ──────────────────────────────────────────────────────────────────────────────────


def chased(sent: list[SentLetter]) -> list[Purpose]:
    return [one.purpose for one in sent if one.recipient == OLGA_ADDRESS]


def test_who_does_not_reply_is_reminded_and_given_up() -> None:
    with open_served(organization=CHASING) as desk:
        solve(desk, "Какая у вас версия?")
        assert chased(desk.advance(2 * DAY - HOUR)) == []
        sent = desk.advance(2 * HOUR)
        assert chased(sent) == [Purpose.CHASER]
        assert "Ответьте, пожалуйста, на наше предыдущее письмо или на это." in to(sent, OLGA_ADDRESS).message.text
        assert chased(desk.advance(3 * DAY)) == [Purpose.CLOSING]
        assert ticket(desk).status is Status.CLOSED


def test_never_while_we_owe_the_answer() -> None:
    """The last word is the customer's: whether before an answer or after it, nobody is chased."""
    with open_served(organization=CHASING) as desk:
        write(desk)
        assert chased(desk.advance(20 * DAY)) == []
    with open_served(organization=CHASING) as desk:
        sent = solve(desk, "Какая у вас версия?")
        desk.advance(DAY)
        say(desk, sent, "Восьмая.")
        assert chased(desk.advance(20 * DAY)) == []
        assert ticket(desk).status is Status.OPEN


def test_nor_where_they_wrote_after_the_letter_that_was_answered() -> None:
    """The later letter is unanswered, whatever the earlier one was told; the answer to that one begins the wait."""
    with open_served(organization=CHASING) as desk:
        sent = write(desk)
        later = say(desk, sent, "И сканер сломан, когда почините?")
        order(desk, to(sent, IVAN_ADDRESS), "Пришлите фото.")
        assert chased(desk.advance(8 * DAY)) == []
        order(desk, to(later, IVAN_ADDRESS), "Какой сканер?")
        assert chased(desk.advance(2 * DAY + HOUR)) == [Purpose.CHASER]


@pytest.mark.parametrize("line", ["#ждём релиза", "#решено", "#закрыть", "#отложить"])
def test_nor_where_the_answer_waits_for_nobodys_reply(line: str) -> None:
    with open_served(organization=CHASING) as desk:
        solve(desk, f"Ответим позже.\n{line}" if line != "#отложить" else "#ждём третью сторону")
        assert chased(desk.advance(20 * DAY)) == []


def test_a_second_answer_begins_the_wait_anew() -> None:
    with open_served(organization=CHASING) as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        order(desk, notification, "Какая у вас версия?")
        desk.advance(DAY + 12 * HOUR)
        order(desk, notification, "И какой принтер?")
        assert chased(desk.advance(DAY)) == []
        assert chased(desk.advance(DAY + HOUR)) == [Purpose.CHASER]


FOLLOWUPS = '[organization.acme.answers]\nfollowups = "team"\n'


@pytest.mark.parametrize(
    ("agent", "organization", "told"),
    [
        ("", "", [IVAN_ADDRESS]),
        ("", FOLLOWUPS, [IVAN_ADDRESS, HEAD_ADDRESS]),
        ('absent = ["2026-11-28"]', "", [IVAN_ADDRESS, HEAD_ADDRESS]),
        ('absent = ["2026-11-29"]', "", [IVAN_ADDRESS]),
    ],
    ids=["whose it is", "all", "they are away", "they are back"],
)
def test_who_hears_that_a_customer_was_given_up(
    agent: str, organization: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever leads the request, as with every letter in it; nobody else need know."""
    named = f'name = "Иван Иванов"\naddress = "{IVAN_ADDRESS}"\n'
    monkeypatch.setattr(stage, "CONFIG", stage.CONFIG.replace(named, f"{named}{agent}\n"))
    with open_served(organization=CHASING + organization) as desk:
        order(desk, to(write(desk), IVAN_ADDRESS), "Пришлите снимок.")
        sent = desk.advance(5 * DAY)
        assert [one.recipient for one in sent if "так и не ответил" in one.message.text] == told
