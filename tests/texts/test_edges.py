"""Where each check begins and ends: a text that it calls so, beside one that it does not."""

import pytest

from maild.texts.checks import check_text
from maild.texts.flaw import Check

WORDS = "мы купили у вас кассу и она сначала печатала а потом перестала и мы звонили мастеру но он не приехал "
CASES = [
    (Check.ABUSE, "Вы дебилы, касса стоит", "Вы меня за дебила держите? Касса стоит"),
    (Check.ABUSE, "Ваши программисты тупые, касса стоит", "Ваш тупой принтер стоит"),
    (Check.ABUSE, "Вы козлы. Касса стоит", "Козлы гимнастические, две штуки"),
    (Check.ABUSE, "Это хуйня, а не касса", "Это фигня, а не касса"),
    (Check.THREAT, "Убью вашего мастера", "Убью ваш процесс"),
    (Check.THREAT, "Сожгу ваш офис", "Сожгу ваш договор"),
    (Check.THREAT, "Я вас прибью", "Я прибью полку"),
    (Check.THREAT, "Я тебя найду и зарежу", "Мне угрожали: я тебя найду и зарежу"),
    (Check.THREAT, "Разнесу ваш магазин", "Разнесу оплату по договорам на ваш магазин"),
    (Check.THREAT, "I will kill you all", "I will kill the process"),
    (Check.CAPITALS, "КАССА НЕ ПЕЧАТАЕТ ЧЕКИ", "ООО РОМАШКА МОСКВА АДРЕС"),
    (Check.CAPITALS, "Привет. КАССА НЕ ПЕЧАТАЕТ ЧЕКИ", "Привет! КАССА НЕ ПЕЧАТАЕТ ЧЕКИ с утра, пришлите мастера"),
    (Check.CAPITALS, "ПОМОГИТЕ КАССА НЕ РАБОТАЕТ", "ПОМОГИТЕ! Касса"),
    (Check.TRANSLIT, "ne rabotaet kassa, pomogite", "ne radi kasa, molim pomozite"),
    (Check.TRANSLIT, "gde moy schet za oktyabr", "gde is moy schet the za and oktyabr please of"),
    (Check.TRANSLIT, "kassa ne rabotaet posle obnovleniya", "Касса kassa не работает ne rabotaet после"),
    (Check.UNSPLIT, WORDS * 4, WORDS * 2),
    (Check.UNSPLIT, WORDS * 4, (WORDS.strip() + ". ") * 4),
    (Check.UNSPLIT, WORDS * 4, (WORDS.strip().capitalize() + "\n") * 4),
    (Check.UNSPLIT, WORDS * 4, "Иванов Иван Иванович, Петров Пётр Петрович, и Сидоров Сидор, " * 12),
    (Check.UNSPLIT, WORDS * 4, WORDS * 4 + ("Это уже другое предложение. " * 30)),
    (Check.VAGUE, "Не работает", "Не печатает"),
    (Check.VAGUE, "Позвоните +7 916 123-45-67", "Позвоните по заказу 5512"),
    (Check.VAGUE, "Помогите.\nС уважением,\nМария Иванова", "Помогите.\nМария Иванова забыла пароль"),
    (Check.VAGUE, "Помогите. Спасибо", "Спасибо"),
    (Check.VAGUE, "Да что же это такое", "Да"),
    (Check.UNREADABLE, "ghbdtn yt hf,jnftn ghbynth", "hello my printer is broken"),
    (Check.UNREADABLE, "фывапролдж йцукен", "фывапролдж пишет касса на экране"),
    (Check.UNREADABLE, "оПХБЕР МЕ ПЮАНРЮЕР ЙЮЯЯЮ", "пРИВЕТ НЕ РАБОТАЕТ КАССА"),
    (Check.UNREADABLE, "?????? ?? ???????", "Касса ?????? ?? ??????? пишет вот так, ясно?"),
    (Check.UNREADABLE, "РџСЂРёРІРµС‚ РєР°СЃСЃР°", "Привет, касса"),
]


@pytest.mark.parametrize(("check", "so", "not_so"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)])
def test_each_check_tells_one_from_the_other(check: Check, so: str, not_so: str) -> None:
    assert check_text("", so, [check]), so
    assert check_text("", not_so, [check]) == (), not_so
