"""Profanity is found in any disguise, and in no ordinary word."""

import pytest

from maild.texts.checks import check_text
from maild.texts.flaw import Check

DISGUISED = """
хуй|нахуй|похуй|хуйня|охуели|дохуя|пиздец|спиздили|заебали|ёбаный|ебанутые|долбоёб|блять|бля|блядский|мудак|пидорасы|гандон|сука|суки|говно|жопа
xуй|xyй|хyй|6ля|6лядь|пи3дец|пизд€ц|cука|cyka|сук@|бл@ть|мyдaк
х*й|х*ево|п*здец|п***ц|бл*ть|бл**ь|с*ка|м*дак|пид***сы|за***ли|нах**|на х**|ох*ели|бл_ть|п#здец|е*ать|г*вно
х.у.й|х-у-й|п.и.з.д.е.ц|п_и_з_д_е_ц|бля-ть|пиз.дец|х у й|с у к а|п и з д е ц|х\u200bу\u200bй|х\u00adуй|п\u0301издец
суууука|бляяяять|пииииздец|хуууй|ссссука|БЛЯТЬ|Сука
blyat|blyad|pizdec|nahuy|nahui|dolboeb|mudak|pidoras|zaebali
fuck|fucking|motherfucker|f*ck|f**k|fu*king|fuuuck|f.u.c.k|f u c k|sh1t|bullsh1t|$hit|b1tch|asshole|a$$hole|cunt
їбати|заїбали|йобаний|підорас|гівно|довбойоб|хуйло
"""
ORDINARY = """
оскорблять|хлебнуть|Скунс|скунсы|застрахуй|подстрахуйте|перестрахуемся|рубля|корабля|сабля|употреблять|потребление|психует|психую|сучок|сучки|сучья
мандарин|мандат|команда|командой|Херсон|херувим|гандбол|гондола|педагог|педаль|педикюр|небо|небеса|колебать|ребус|требовать|хулиган|хула|членство
плохую|сухую|глухую|тихую|лихую|эпоху|выхухоль|меховую|духи|ухудшить|махую|колхоз|Хуан|хутор|хурма|Хуссейн
учебный|хлеб|мебель|себе|тебе|стебель|вебинар|дебет|зебра|жеребец|погребать|грабеж|лебедь|служебный|потреб
бляха|бляшка|ублажать|облить|мудрый|мудрец|пидтвердження|запитання|сразу|сравнить|срабатывает|страна
говорит|говядина|жокей|курвиметр|шлюз|дрожать|ссылка|ссуда|рассрочка|касса|класс|ставка
assess|class|assassin|Scunthorpe|shitake|shiitake|Essex|Sussex|cocktail|peacock|analysis|Dickens|title|assume|bass|Penistone|hello|shut|sheet|beach|fork
найобережніший|підорлик|підорганізація|ебуліоскоп|Уебб|погребище|Елдаров|Екатеринбург
Huy|hui|suka|Sukarno|ebay|pizza|mudar|blyth|Yobe
"""


def is_abuse(word: str) -> bool:
    return bool(check_text("", f"Здравствуйте, {word} и касса не работают", [Check.ABUSE]))


@pytest.mark.parametrize("line", DISGUISED.strip().split("\n"))
def test_profanity_is_found(line: str) -> None:
    assert [word for word in line.split("|") if not is_abuse(word)] == []


@pytest.mark.parametrize("line", ORDINARY.strip().split("\n"))
def test_ordinary_words_are_not(line: str) -> None:
    assert [word for word in line.split("|") if is_abuse(word)] == []


def test_a_word_of_another_language_counts_only_among_russian_ones() -> None:
    assert is_abuse("suka") is False
    assert check_text("", "suka, opyat ne rabotaet kassa", [Check.ABUSE])


@pytest.mark.parametrize(
    "text",
    [
        "Заказ Х-У-12 и акт 6ЛЯ-14",
        "Хеш 6lya9f3c77aa0b и ключ FUCK-7781-AA",
        "Карта 4276 **** **** 1234, клиент И***в",
        "Шкафы А.С.У. и С.К.А.",
        "**важно** *срочно* с* п** х***",
        "Капитан Блядов и сотрудник Ебаков",
        "Кобыла Сука-Любовь и её жеребёнок",
        "Щенок корги, сука, два месяца",
        "а в с и у к о я",
    ],
)
def test_codes_masks_and_names_are_not(text: str) -> None:
    assert check_text("", text, [Check.ABUSE]) == ()
