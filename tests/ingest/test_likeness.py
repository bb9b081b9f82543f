"""Whether two letters ask the same: what the unequal words are decides, not how many are equal."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maild.ingest.likeness import MAX_WORDS, Asked, compare
from tests.pace import find_growth

REQUEST = "Программа закрывается при печати отчёта по складу, перезагрузка компьютера ничего не изменила"

WHERE = " в магазине на кассе, продавцы записывают продажи в тетрадь, и покупатели уходят."


def same(first: str, then: str, subject: str = "Отчёт", other: str | None = None) -> bool:
    likeness = compare(
        Asked(subject=subject, text=first), Asked(subject=subject if other is None else other, text=then)
    )
    assert 0 <= likeness.similarity <= 1
    assert likeness.why
    return likeness.same


PAIRS = [  # the first, the second, whether they are one request
    (REQUEST, REQUEST, True),
    (REQUEST, f"Прошу вас ответить на моё письмо, отправляю его ещё раз. {REQUEST}", True),
    (REQUEST, f"{REQUEST}. Третий день нет ответа!", True),
    (REQUEST, f"{REQUEST}. Очень жду!", True),
    (REQUEST, f"Письмо от 12 ноября, повторно:\n{REQUEST}", True),
    (REQUEST, f"Чекаю на відповідь. {REQUEST}", True),
    (REQUEST, REQUEST.replace("склад", "скалд"), False),  # a word unlike any other: nobody can tell
    (REQUEST, REQUEST.replace("отчёта", "отчета"), True),
    (REQUEST, REQUEST.replace("изменила", "изменило"), True),
    (REQUEST, REQUEST.replace("складу", "кассе"), False),
    (REQUEST, REQUEST.replace("ничего не изменила", "всё изменила"), False),
    (REQUEST, f"Теперь ещё и так: {REQUEST}. А вчера пропали все остатки по двум складам.", False),
    (REQUEST, f"{REQUEST} (ошибка 0x80004005)", False),
    ("Вчера не работала касса в третьем магазине", "Сегодня не работала касса в третьем магазине", False),
    ("Прошу включить доступ к складу для бухгалтера", "Прошу выключить доступ к складу для бухгалтера", False),
    ("Прошу дать доступ к складу Иванову", "Прошу дать доступ к складу Иванова", False),
    ("Прошу дать доступ к складу Иванову", "Прошу дать доступ к складу Ивановой", False),
    ("Прошу выставить счёт на 1000 рублей за ноябрь", "Прошу выставить счёт на 2000 рублей за ноябрь", False),
    ("Прошу выставить счёт за ноябрь на продление", "Прошу выставить счёт за декабрь на продление", False),
    ("Please reset the password of the warehouse terminal", "Please reset the password of the warehouse terminal. Any news?", True),
    ("Please reset the password of the warehouse terminal", "Please do not reset the password of the warehouse terminal", False),
    ("Счёт на 12 500 рублей от 03.11.2026 не оплачен до сих пор", "Счёт на 12500 рублей от 3.11.26 не оплачен до сих пор", True),
    ("Счёт на 12 500 рублей от 03.11.2026 не оплачен до сих пор", "Счёт на 12 600 рублей от 03.11.2026 не оплачен до сих пор", False),
    ("Не открывается 1С на компьютере бухгалтера", "Не открывается 1C на компьютере бухгалтера", True),  # the second C is Latin
    ("Товара недостаточно для отгрузки, пишет программа", "Товара не достаточно для отгрузки, пишет программа", True),
    ("Страница acme.example/contacts не открывается у отдела", "Страница acme.example/contracts не открывается у отдела", False),
    ("Прошу отправить письма всем клиентам из списка", "Прошу отправить ещё 3 письма всем клиентам из списка", False),
    (REQUEST, f"Возможно, письмо попало в спам, поэтому отправляю ещё раз с другого адреса. {REQUEST}", True),
    (REQUEST, f"Прошу сообщить статус моего обращения от 12.11.2026: {REQUEST}", True),
    (REQUEST, f"{REQUEST}. Вопрос до сих пор не решён!", True),
    (REQUEST, f"{REQUEST}\n\nС уважением,\nАнна Петрова", True),
    (REQUEST, f"{REQUEST}\n\nС уважением отнеситесь к графику Петровой", False),
    (REQUEST, f"Ich schicke es nochmals: {REQUEST}", True),
    (REQUEST, f"Je renvoie mon message : {REQUEST}", True),
    (REQUEST, f"По-прежнему актуально! {REQUEST}", True),
    (REQUEST, f"До сих пор не получил ответа. {REQUEST}", True),
    (REQUEST, f"Sending again from my work address. {REQUEST}", True),
    (REQUEST, f"Досі немає відповіді, пишу вдруге. {REQUEST}", True),
    (REQUEST, f"Ponawiam: {REQUEST}", True),
    (REQUEST, f"{REQUEST}. Повторно проявилось вечером у кассира, там и звук пропал", False),
    *((REQUEST + WHERE, f"{REQUEST}{WHERE} {over}", False) for over in ("Вопрос снят.", "Письмо уже не актуально.", "Ответ получил!", "Заработало!", "Solved.", "Вирішено.")),
    *((REQUEST + WHERE, (REQUEST + WHERE).replace("на кассе", which), False) for which in ("на второй кассе", "только на кассе", "на другой кассе")),
    (REQUEST + WHERE, (REQUEST + WHERE).replace("на кассе", "на передней кассе"), True),
    ("Не печатает", "Не печатает", False),
    ("Не печатает", "Повторно отправляю письмо: не печатает", False),
    ("", "", False),
    ("ок", "ок", False),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "expected"), PAIRS)
def test_pairs(first: str, then: str, expected: bool) -> None:
    """The words that came, went or changed decide."""
    assert same(first, then) is expected


SUBJECTS = [
    ("Не печатает принтер", "Не печатает принтер", True),
    ("Не печатает принтер", "Повторно: не печатает принтер", True),
    ("Не печатает принтер", "Re: [ACME-1] Не печатает принтер", True),
    ("Не печатает принтер", "Не печатает сканер", False),
    ("Не печатает принтер", "Не печатает принтер 2", False),
    ("Счёт 12", "Счёт 13", False),
]


@pytest.mark.parametrize(("first", "then", "expected"), SUBJECTS)
def test_a_short_text_is_read_with_its_subject(first: str, then: str, expected: bool) -> None:
    """What few words ask depends on the subject above them."""
    assert same("Помогите, всё стоит, клиенты ждут", "Помогите, всё стоит, клиенты ждут", first, then) is expected


def test_a_whole_request_stands_for_itself() -> None:
    """Under another subject it is still the same, but a number in the subject counts."""
    whole = REQUEST + ", обновление до последней версии тоже"
    assert same(whole, whole, "Отчёт", "СРОЧНО! Печать")
    assert not same(whole, whole, "Отчёт 12", "Отчёт 13")


words = st.lists(
    st.sampled_from(["касса", "склад", "отчёт", "печать", "сеть", "ключ", "база", "обмен", "сервер", "доступ"]),
    min_size=6,
    max_size=40,
)


@given(words, st.sampled_from(["Повторно отправляю письмо.", "Ещё раз, ответа нет.", "Дублирую.", "Resending again."]))
def test_a_preface_changes_nothing(said: list[str], preface: str) -> None:
    """Whatever was asked, asking once more is no other request."""
    text = " ".join(said)
    assert same(text, text)
    assert same(text, f"{preface} {text}")
    assert same(text, f"{text}. {preface}")


@given(words, st.integers(min_value=1), st.integers(min_value=1), st.data())
def test_another_number_is_another_request(said: list[str], one: int, other: int, data: st.DataObject) -> None:
    """Wherever a number stands, and however long the letter is."""
    assume(one != other)
    at = data.draw(st.integers(min_value=0, max_value=len(said)))
    first, then = ([*said[:at], str(number), *said[at:]] for number in (one, other))
    assert not same(" ".join(first), " ".join(then))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_verdict(first: str, then: str) -> None:
    """Nothing raises, and the verdict on equal words does not depend on the order."""
    same(first, then)
    assert same(first, first) is same(first, f" {first}\n")


def test_long_texts_take_bounded_time() -> None:
    """Of texts beyond the bound only equal ones are the same; nothing is compared for long."""

    def compare(long: str) -> None:
        assert same(long, long)
        assert not same(long, f"другое {long}")
        many = len(long) // 4
        assert not same("Re: " * many, "[x]" * many, "Re: " * many, "[x]" * many)

    assert find_growth(compare, " ".join(f"слово{n % 977}" for n in range(4 * MAX_WORDS)), slow=8) == ""
