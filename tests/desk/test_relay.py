"""What of an agent's reply reaches the customer: the words above the quotation, or nothing at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.relay import quoted_of_ours, relayed_text
from maild.ingest.reply import REPLY_MARKER_PREFIX

MARKER = "##- Ответ выше этой строки прочитает клиент: Анна -##"
SECRET = "внутреннее"

OURS = frozenset({"support@acme.example", "ivan@staff.example"})
WORDS = "Перезагрузите принтер.\nЕсли не поможет, напишите."


@pytest.mark.parametrize(
    "below",
    [
        f"{MARKER}\n{SECRET}",
        f"> {MARKER}\n> {SECRET}",
        f">> {MARKER}\n>> {SECRET}",
        f"| {MARKER}\n| {SECRET}",
        f"    {MARKER}\n    {SECRET}",
        f"23.11.2026 9:10, Анна (Акме) пишет:\n> {MARKER}\n> {SECRET}",
        f"23.11.2026 9:10, Анна (Акме) пишет:\n{MARKER}\n{SECRET}",
        f"On Mon, Nov 23, 2026 at 9:10 AM Анна (Акме) <support@acme.example> wrote:\n\n> {MARKER}\n> {SECRET}",
        f"On Mon, Nov 23, 2026 at 9:10 AM Анна (Акме)\n<support@acme.example> wrote:\n\n> {MARKER}\n> {SECRET}",
        f"Понедельник, 23 ноября 2026, 9:10 +03:00 от Анна <support@acme.example>:\n\n{MARKER}\n{SECRET}",
        f"-----Исходное сообщение-----\nОт: Анна <support@acme.example>\nДата: 23.11.2026\nТема: x\n\n{MARKER}\n{SECRET}",
        f"________________________________\nFrom: Анна <support@acme.example>\nSent: Monday\nTo: Иван\nSubject: x\n\n{MARKER}\n{SECRET}",
        f"От: Анна <support@acme.example>\nОтправлено: 23 ноября 2026 г.\nКому: Иван\nТема: x\n\n{SECRET}",
        f"-- \nИван\nivan@staff.example\n\n23.11.2026 9:10, Анна пишет:\n> {MARKER}\n> {SECRET}",
        f"\n\n-- \n{SECRET}",
        f"\n\n--\u00a0\n{SECRET}",
        f"-- \nИван\n\n{SECRET}, и это целое предложение!",
        "С уважением,\nИван Иванов, отдел поддержки\nivan@staff.example",
        "Иван Иванов\nВедущий инженер\nтел. 8 900 000-00-00\nivan@staff.example",
        "Иван\nivan@staff.example",
        "--\nИван Иванов\nОтправлено из Почты Mail",
        "Отправлено с iPhone",
        f"Отправлено с iPhone\n\n> 23 нояб. 2026 г., в 9:10, Анна <support@acme.example> написал(а):\n> {SECRET}",
        f"23.11.2026, 9:10, Анна <support@acme.example>:\n\n{SECRET}\n> {SECRET}",
        f"De : Анна <support@acme.example>\nEnvoyé : lundi 9:10\nÀ : Иван\nObjet : x\n\n> {SECRET}\n{SECRET}",
        f"-----Исходное сообщение-----\nОт: Анна <support@acme.example>\n\n> {SECRET}\n{SECRET}",
        f"От: Анна <support@acme.example>\n\nОтправлено: 23 ноября 2026 г.\n\nКому: Иван\n\nТема: x\n\n{SECRET}",
        f"Анна пишет:\n\n> {SECRET}",
        f"Анна <support@acme.example> 23 нояб. 2026 г., 9:10 написал(а):\n\n{SECRET}",
        "",
    ],
)
def test_only_the_words_above(below: str) -> None:
    """Every client's way to quote is cut, attribution and header block included."""
    assert relayed_text(f"{WORDS}\n\n{below}", OURS) == WORDS


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", MARKER, f"> {MARKER}\n> x", "> одна\n> цитата", f"23.11.2026 9:10, Анна пишет:\n> {MARKER}", "-- \nИван",
     "-----Исходное сообщение-----\nОт: Анна <support@acme.example>\nДата: 23.11.2026\nТема: x\n\nx"],
)  # fmt: skip
def test_nothing_is_nothing(text: str) -> None:
    """A quotation or a signature alone is not sent, though a customer's letter would show it."""
    assert relayed_text(text) is None


@pytest.mark.parametrize(
    "text",
    ["Да.", "Смотрите раздел -- там всё.", "--\nчерта без пробела", "- один\n- два", "1 > 0", "Цена: 5\nСрок: 3 дня", "От: и до: слова"],
)  # fmt: skip
def test_words_that_look_like_something_else_stay(text: str) -> None:
    """Lists, rules and comparisons of the agent's own reach the customer."""
    assert relayed_text(text) == text


@pytest.mark.parametrize(
    "attribution",
    [
        '23.11.2026, 09:00, "Анна (Акме)" <support+t1.abcdefghijklmnop@acme.example>:',
        "Ma 23. marras 2026 klo 9.10 Анна (support@acme.example) kirjoitti:",
    ],
    ids=["Yandex", "Finnish"],
)
def test_words_right_above_an_attribution_stay(attribution: str) -> None:
    """Programs that leave no blank line there take no word away: Yandex writes its HTML so."""
    assert relayed_text(f"Раз.\nДва.\n{attribution}\n> {MARKER}\n> x", OURS) == "Раз.\nДва."


def test_contacts_of_others_are_no_signature() -> None:
    """A last paragraph with a name and a telephone may be the answer itself: only the agents' own addresses tell."""
    text = "Звоните мастеру:\n\nПётр Петров\n+7 495 000-00-00\npetrov@service.example"
    assert relayed_text(text, OURS) == text


def test_answers_between_quoted_lines_stay_where_they_are() -> None:
    """An agent who answers point by point above the marker sends the points too."""
    text = "> не печатает\nВключите.\n> и не сканирует\nТоже включите."
    assert relayed_text(text) == text


@pytest.mark.parametrize("words", ["Ответы ниже красным.", "Вот что пишет клиент:"])
@pytest.mark.parametrize(
    "below",
    [
        f"От: Анна <support@acme.example>\nОтправлено: 23 ноября 2026 г.\nКому: Иван\nТема: x\n\n{SECRET}",
        f"23.11.2026, 9:10, Анна <support@acme.example>:\n> {SECRET}",
        f"> {SECRET}",
        f"> Начало переадресованного сообщения:\n>\n> {SECRET}",
    ],
)
def test_what_a_customer_may_point_at_an_agent_may_not(words: str, below: str) -> None:
    """A customer's quote stays where their words point into it; an agent's never does."""
    assert relayed_text(f"{words}\n\n{below}") == words


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_below_the_marker_ever_travels(above: str, below: str) -> None:
    """Whatever stands above, and whatever below."""
    secret = "тайна-" + "x" * 20
    sent = relayed_text(f"{above}\n{MARKER}\n{below}\n{secret}")
    assert sent is None or (secret not in sent and REPLY_MARKER_PREFIX not in sent)


def test_nobody_elses_key_travels() -> None:
    """A token among the agent's words is hidden."""
    assert relayed_text("Код t17.abcdefghijklmnop, адрес support+t17.abcdefghijklmnop@acme.example") == (
        "Код …, адрес support+…@acme.example"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Новое обращение ACME-1: Принтер",
        "Новое письмо в обращении ACME-1: Принтер",
        "Клиент не опознан",
        "Договор клиента закончился",
        "Место в очереди: 1 из 3",
        "Раньше в этом обращении:",
        "Заметка для коллег, которую клиент не увидит: …",
        "Ваш ответ на это письмо уйдёт клиенту без цитаты. Обращение ACME-1, ваш код …",
        "support+t17.abcdefghijklmnop@acme.example",
        "Новий лист у зверненні ACME-1: Принтер",
        "Клієнта не впізнано",
        "Ваша відповідь на цей лист піде клієнтові без цитати.",
        "New request ACME-1: Printer",
        "The client’s contract has ended",
        "Your reply to this letter goes to the customer without the quotation.",
    ],
)
@pytest.mark.parametrize("quote", ["", "> ", ">> ", "| "])
def test_a_notification_without_its_marker_is_known_by_its_lines(line: str, quote: str) -> None:
    """Whatever takes the marker away: a token, or a sentence that only we write."""
    assert quoted_of_ours(f"{quote}{line}\n{quote}{SECRET}\n{WORDS}", OURS)
    assert quoted_of_ours(f"{WORDS}\n\n{MARKER}\n{line}", OURS) is None


@pytest.mark.parametrize(
    "text",
    [WORDS, "> не печатает\nВключите.", "Ваше обращение ACME-1: приняли.", "Новое обращение заводить не нужно.", "Клиент не опознан сервером, войдите снова."],
)  # fmt: skip
def test_what_an_agent_writes_is_not_taken_for_ours(text: str) -> None:
    assert quoted_of_ours(text, OURS) is None
