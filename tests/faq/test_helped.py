"""Whether a customer says that an answer has solved it: plain words do, a doubt does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.faq.helped import MAX_TEXT, read_verdict

SOLVED: tuple[tuple[str, int | None], ...] = (
    ("помогло", None),
    ("Помогло!", None),
    ("помогла вторая ссылка", 2),
    ("спасибо, разобрался, помогло №2", 2),
    ("this solved it", None),
    ("вирішено, дякую", None),
    ("допомогло", None),
    ("Это помогло", None),
    ("Здравствуйте! Спасибо, всё заработало.\n\nС уважением,\nОльга", None),
    ("Спасибо большое, помогла первая инструкция", 1),
    ("помогло 2", 2),
    ("2 помогло", 2),
    ("вариант 3 помог", 3),
    ("пункт 1 помог, спасибо!", 1),
    ("разобралась, спасибо", None),
    ("Всё работает, можно закрывать заявку", None),
    ("Проблема решена", None),
    ("Вопрос решён, благодарю", None),
    ("решилось, спасибо за помощь", None),
    ("спс помогло", None),
    ("получилось!", None),
    ("да, помогло, больше не вылетает", None),
    ("Сделала как вы написали, все заработало", None),
    ("супер, то что нужно", None),
    ("по второй ссылке нашёл, помогло", 2),
    ("третий вариант сработал", 3),
    ("ПОМОГЛО СПАСИБО", None),
    ("помогла статья №1", 1),
    ("ссылка 2 помогла", 2),
    ("Спасибо! Помогло со второго раза", None),
    ("Помогло. Вопросов больше нет.", None),
    ("Дякую, допомогло друге посилання", 2),
    ("запрацювало, дякую", None),
    ("все працює, закривайте", None),
    ("розібралася, дякую", None),
    ("питання вирішено", None),
    ("допоміг варіант 1", 1),
    ("допомогла перша стаття", 1),
    ("That helped, thanks!", None),
    ("Solved, thank you", None),
    ("The second link solved it", 2),
    ("#2 worked", 2),
    ("it works now, thanks a lot", None),
    ("Thanks, option 3 fixed it", 3),
    ("fixed", None),
    ("Everything works now. No more questions.", None),
    ("this did the trick", None),
    ("I figured it out, thank you", None),
    ("Исправилось, ошибка пропала, спасибо", None),
    ("выручили, спасибо огромное", None),
    ("номер два помог", 2),
    ("Ok, all works now", None),
    ("Спасибо, по ссылке 1 разобрались", 1),
)
NOT_SOLVED = (
    "не помогло",
    "помогло, но теперь другая ошибка",
    "помогло частично, теперь другая ошибка",
    "а это поможет?",
    "если поможет напишу",
    "ничего не помогло",
    "ни одна ссылка не помогла",
    "пока не помогло",
    "вроде помогло",
    "кажется, помогло",
    "помогло? у меня нет",
    "спасибо, попробую",
    "спасибо",
    "ок",
    "Спасибо за ответ, посмотрю вечером",
    "помогите",
    "помогло бы, если бы я нашла кнопку",
    "первая не помогла, вторая тоже",
    "вчера помогло, сегодня опять то же самое",
    "почти помогло",
    "помогло на день, потом снова вылетело",
    "Помогло только на одном компьютере",
    "помогло, а как теперь напечатать второй экземпляр",
    "надеюсь помогло",
    "думала что помогло, нет",
    "Не решено",
    "так и не заработало",
    "всё ещё не работает",
    "не работает",
    "жду когда поможете",
    "Решил пока подождать",
    "решила обратиться к другому специалисту",
    "не получилось",
    "не до конца помогло",
    "в прошлый раз помогло, в этот нет",
    "",
    "не допомогло",
    "допомогло, але тепер інша помилка",
    "частково допомогло",
    "поки не вирішено",
    "як це допоможе?",
    "нічого не працює",
    "it did not help",
    "this didn't solve it",
    "it helped but now there is another error",
    "would that help?",
    "if it helps I will write",
    "partially solved",
    "still not working",
    "not fixed",
    "does not work",
    "it works only on one computer",
    "nothing helped",
    "I have not figured it out",
    "thanks",
    "helped? no",
    "Спасибо, с этим разобрались. Теперь вопрос по второй базе: как перенести её на сервер и кому дать права",
    "помогло, спасибо. пришлите ещё акт за октябрь",
    "помогло! И ещё один вопрос, где скачать акт",
    "Помог ваш сотрудник бы вчера",
    "помогло, но",
    "Решено: будем ждать вашего инженера?",
    "да уж, помогли, называется, ничего не изменилось",
)


@pytest.mark.parametrize(("text", "number"), SOLVED)
def test_plain_words_close(text: str, number: int | None) -> None:
    """It has solved it; with the number of the answer where one is named."""
    verdict = read_verdict(text)
    assert verdict is not None
    assert verdict.number == number
    assert verdict.evidence


@pytest.mark.parametrize("text", NOT_SOLVED)
def test_a_doubt_is_for_a_person(text: str) -> None:
    """Not solved, solved in part, solved but, will it, thank you: nothing is closed."""
    assert read_verdict(text) is None


@pytest.mark.parametrize(
    "after",
    [
        ", но теперь не открывается отчёт",
        "? Не понимаю, куда нажать",
        ". А как быть со второй базой?",
        ", если я правильно понял",
        " только наполовину",
    ],
)
@pytest.mark.parametrize("text", [text for text, _ in SOLVED if text.isascii() or "\n" not in text])
def test_what_follows_may_take_it_back(text: str, after: str) -> None:
    """Whatever solved it, a new trouble behind it needs a person."""
    assert read_verdict(text.rstrip(" .!") + after) is None


def test_a_long_letter_has_more_to_say() -> None:
    """Only a short reply is taken for a verdict."""
    assert read_verdict("помогло. " + "Расскажу по порядку о нашем предприятии. " * 10) is None
    assert read_verdict("помогло" + " " * MAX_TEXT) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text breaks it."""
    verdict = read_verdict(text)
    assert verdict is None or verdict.number is None or 1 <= verdict.number <= 9
