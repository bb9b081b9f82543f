"""What customers read of paid work, and of what is passed on to a unit, in Ukrainian and English: each letter whole."""

import pytest

from maild.model import Purpose
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk import steered
from tests.walk.served import IVAN_ADDRESS, OLGA, open_served, order
from tests.walk.stage import SUPPORT, reply
from tests.walk.test_passing_on import MAKER, OLGA_ADDRESS, body, opened, to

WORDS = {
    "uk": {
        "agent": "Перенесемо базу за два дні.",
        "offer": "#запропонувати перенесення бази 15 000 ₴",
        "unclear": "Добре",
        "route": "#переадресувати розробнику",
        "theirs": "Доброго дня!\n\nВиправлено у версії 9.\n\nЗ повагою,\nПетро Сидоренко",
        "release": "Ольго, відповідь розробника:\n#переслати",
    },
    "en": {
        "agent": "We can move it within two days.",
        "offer": "#offer moving the database $1,500",
        "unclear": "Okay",
        "route": "#route developer",
        "theirs": "Hello,\n\nFixed in version 9.\n\nBest regards,\nPeter Smith",
        "release": "Olga, this is what the developers say:\n#release",
    },
}
UNITS = {"uk": "Розробник", "en": "Developer"}


def desk_in(language: str) -> Rehearsal:
    """Return an empty desk that writes so, with a unit outside."""
    unit = steered.STEERING.replace('name = "Разработчик"', f'name = "{UNITS[language]}"')
    return open_served(organization=f'language = "{language}"\n{unit}')


def hers(sent: list[SentLetter], purpose: Purpose) -> str:
    """The one letter that Olga gets, but for the footer."""
    (one,) = (one for one in sent if one.recipient == OLGA_ADDRESS)
    assert one.purpose is purpose
    return body(one)


FOOT = "\n\nООО «Акме»\nsupport@acme.example\n"
OFFERED = {
    "uk": (
        "Вітаємо, Ольга!\n\n"
        "Пишемо про ваше звернення ACME-1.\n\n"
        "Перенесемо базу за два дні.\n\n"
        "Те, про що ви просите, не входить до обслуговування, але ми можемо зробити це за окрему плату:\n"
        "перенесення бази: 15\xa0000\xa0₴\n\n"
        "Якщо ви згодні, дайте на цей лист відповідь словом «згоден» або «згодна»: роботу почнемо лише після цього. "
        "Якщо ні, дайте відповідь «відмовляюся».\n\n"
        "Якщо захочете щось уточнити, просто запитайте у відповідь на цей лист."
    ),
    "en": (
        "Hello, Ольга!\n\n"
        "This is about your request ACME-1.\n\n"
        "We can move it within two days.\n\n"
        "What you ask for is not part of your service, but we can do it for an extra charge:\n"
        "moving the database: $1,500\n\n"
        "If you agree, reply to this letter with the words “I agree”: work begins only after that. "
        "If not, reply with “no, thank you”.\n\n"
        "If anything is unclear, just ask in a reply to this letter."
    ),
}
ASKED = {
    "uk": (
        "Вітаємо, Ольга!\n\n"
        "Пишемо про ваше звернення ACME-1: ми запропонували вам платну роботу й не зрозуміли з вашої відповіді, чи ви згодні.\n\n"
        "перенесення бази: 15\xa0000\xa0₴\n\n"
        "Дайте, будь ласка, на цей лист відповідь одним словом: «згоден» або «не згоден». "
        "Без ясної згоди ми до роботи не візьмемося."
    ),
    "en": (
        "Hello, Ольга!\n\n"
        "This is about your request ACME-1: we offered you paid work and could not tell from your reply whether you agree.\n\n"
        "moving the database: $1,500\n\n"
        "Please reply to this letter with “I agree” or “I do not agree”. Without a clear yes we will not begin."
    ),
}
FORWARDED = {
    "uk": (
        "Вітаємо, Ольга!\n\n"
        "Пишемо про ваше звернення ACME-1.\n\n"
        "Ваше звернення передано за призначенням: Розробник.\n\n"
        "Коли ми дізнаємося відповідь, напишемо вам. Якщо захочете щось додати, просто дайте відповідь на цей лист."
    ),
    "en": (
        "Hello, Ольга!\n\n"
        "This is about your request ACME-1.\n\n"
        "Your request was passed on to: Developer.\n\n"
        "We will write to you when we know the answer. If you want to add something, just reply to this letter."
    ),
}
RELEASED = {
    "uk": "Ольго, відповідь розробника:\n\nДоброго дня!\n\nВиправлено у версії 9.",
    "en": "Olga, this is what the developers say:\n\nHello,\n\nFixed in version 9.",
}
# The words that the letters ask for, as people write them: a plain yes and a plain no
PLAIN = {
    "uk": [("Згодна.", "accepted"), ("не згоден", "declined"), ("Відмовляюся", "declined")],
    "en": [("I agree", "accepted"), ("I do not agree", "declined"), ("No, thank you.", "declined")],
}


@pytest.mark.parametrize("language", ["uk", "en"])
def test_what_is_offered_for_a_sum_and_asked_about(language: str) -> None:
    words = WORDS[language]
    with desk_in(language) as desk:
        sent = order(desk, opened(desk), f"{words['agent']}\n{words['offer']}")
        assert hers(sent, Purpose.OFFER) == OFFERED[language] + FOOT
        asked = desk.deliver(reply(to(sent, OLGA_ADDRESS), words["unclear"], author=OLGA), SUPPORT)
        assert hers(asked, Purpose.CHASER) == ASKED[language] + FOOT


@pytest.mark.parametrize(("language", "text", "state"), [(one, *plain) for one in PLAIN for plain in PLAIN[one]])
def test_the_words_that_we_ask_for_are_understood(language: str, text: str, state: str) -> None:
    with desk_in(language) as desk:
        sent = order(desk, opened(desk), WORDS[language]["offer"])
        desk.deliver(reply(to(sent, OLGA_ADDRESS), text, author=OLGA), SUPPORT)
        assert desk.tickets()[0].offer_state == state


@pytest.mark.parametrize("language", ["uk", "en"])
def test_what_is_passed_on_and_what_the_unit_answered(language: str) -> None:
    words = WORDS[language]
    with desk_in(language) as desk:
        sent = order(desk, opened(desk), words["route"])
        assert hers(sent, Purpose.FORWARDING) == FORWARDED[language] + FOOT
        answered = desk.deliver(reply(to(sent, MAKER), words["theirs"], author=MAKER), SUPPORT)
        released = order(desk, to(answered, IVAN_ADDRESS), words["release"])
        assert hers(released, Purpose.ANSWER) == RELEASED[language] + FOOT
