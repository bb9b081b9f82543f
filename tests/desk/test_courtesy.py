"""Which letters only thank, which say that it is solved, and which are for people: Russian, Ukrainian, English."""

import pytest

from maild.desk.courtesy import read_courtesy

SIGNED = "Спасибо!\nС уважением,\nАнна Петрова\nглавный бухгалтер\nтел. 123-45-67"
NAMES = ("Анна Петрова", "Иван Иванов", "ООО «Акме»")

THANKS = """
Спасибо!
спасибо
СПАСИБО БОЛЬШОЕ!!!
Спасибо :)
Спасибо 👍
👍
🙏🙏
Спасибо за помощь!
Спасибо большое за оперативность, Иван!
Здравствуйте, Иван! Благодарим за быстрый ответ.
Огромное спасибо вам и всей команде. Хорошего дня!
Благодарю.
Понял, спасибо
Принято
Ок
Хорошо, спасибо.
Отлично, спасибо
Дякую!
Дуже дякую за допомогу
Щиро дякуємо за швидку відповідь. Гарного дня!
Зрозуміло, дякую
Thank you!
Thanks a lot for your help
Great, thanks :)
Many thanks for the quick response. Have a nice day!
"""
SOLVED = """
Да, спасибо!
Да
Подтверждаю
Спасибо, всё работает!
Заработало, спасибо большое
Все работает, заявку можно закрыть.
Помогло, спасибо
Проблема решена, спасибо
Вопрос решен
Теперь печатает. Спасибо!
Так, дякую
Підтверджую
Дякую, все працює!
Допомогло, дуже дякую
Yes, thank you
It works now, thanks!
Solved, thank you very much
Please close the ticket
Дякую, заявку можна закрити
"""
FOR_PEOPLE = """
Спасибо, но не работает
Спасибо, не помогло
Нет
Нет, спасибо
Не работает
Снова не работает
Спасибо, жду ответа
Спасибо, а когда?
Спасибо. Ещё вопрос: как напечатать?
Спасибо! Можно вопрос
Да, проблема
Да, проблема та же
Спасибо, но принтер опять мигает
Работает, но медленно
Заработало, через час снова сломалось
Спасибо 😡
👎
Спасибо, что ничего не сделали
Быстро же вы закрыли, спасибо
Спасибо за ответ, попробую и напишу
Пожалуйста
Здравствуйте!
Добрый день
Дякую, але не працює
Ні, не допомогло
Дякую, ще питання
Thanks, but it does not work
It still fails
No
No, thank you
Thanks. One more question
Yes, the problem is back
Спасибо, перезвоните мне
Спасибо, счёт 123 оплачен
Please have this issue fixed. Thanks
have you fixed this request
Please help. Thanks
Please, help the team
Can you please fix this. Thanks
Could you answer. Thanks
is this fixed
Was everything resolved, thanks
Можно ответ пожалуйста. Спасибо
Ответ, пожалуйста. Спасибо
Можете решение. Спасибо
Помощь! Спасибо
Спасибо, нужно решение
Спасибо, когда ответ
Можна відповідь. Дякую
Допомогу, будь ласка. Дякую
Спасибо 🤦
Спасибо 🙄
Спасибо, работает ⁉
Спасибо :(
Спасибо((
Работает\uff1f
"""
COMPLAINT = """Спасибо!
С уважением,
Анна Петрова
Принтер опять не печатает, пришлите мастера"""
BELOW = "Спасибо!\nС уважением,\nОператор опять не отвечает"


def cases(text: str) -> list[str]:
    return [line.replace("\n", "\n") for line in text.strip().split("\n")]


@pytest.mark.parametrize("text", [*cases(THANKS), "Спасибо!\nАнна Петрова", SIGNED])
def test_mere_thanks(text: str) -> None:
    found = read_courtesy(text, NAMES)
    assert found is not None
    assert not found.confirms


@pytest.mark.parametrize("text", cases(SOLVED))
def test_it_is_solved(text: str) -> None:
    found = read_courtesy(text, NAMES)
    assert found is not None
    assert found.confirms


@pytest.mark.parametrize(
    "text", [*cases(FOR_PEOPLE), COMPLAINT, BELOW, "", "!!!", "спасибо " * 31, "Спасибо. " + "х" * 600]
)
def test_for_people(text: str) -> None:
    assert read_courtesy(text, NAMES) is None


def test_a_strangers_name_is_a_word_like_any_other() -> None:
    assert read_courtesy("Спасибо, Мефодий", NAMES) is None
