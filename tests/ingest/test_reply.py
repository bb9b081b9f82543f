"""The new words above the quote: none of them lost, the quote hidden where it plainly is one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.reply import REPLY_MARKER_PREFIX, new_text

MARKER = f"{REPLY_MARKER_PREFIX}Ответ выше этой строки уйдёт клиенту -##"

ATTRIBUTIONS = {
    "thunderbird ru": "12.11.2026 10:00, Иван Петров пишет:",
    "thunderbird en": "On 11/12/26 10:00, ACME Support wrote:",
    "gmail ru": "чт, 12 нояб. 2026 г. в 10:00, ACME <support@acme.example>:",
    "gmail en, wrapped": "On Thu, Nov 12, 2026 at 10:00 AM ACME Support\n<support@acme.example> wrote:",
    "gmail uk": "чт, 12 лист. 2026 р. о 10:00 ACME <support@acme.example> пише:",
    "yandex": '12.11.2026, 10:00, "ACME" <support@acme.example>:',
    "mail.ru": "Четверг, 12 ноября 2026, 10:00 +03:00 от ACME <support@acme.example>:",
    "apple ru": "12 нояб. 2026 г., в 10:00, ACME <support@acme.example> написал(а):",
    "german": "Am 12.11.2026 um 10:00 schrieb ACME Support:",
    "short": "ACME пишет:",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
@pytest.mark.parametrize("marked", [True, False], ids=["with our marker", "without"])
def test_attributions(attribution: str, marked: bool) -> None:
    """The attribution above a quote goes with the quote."""
    quote = f"> {MARKER}\n> Здравствуйте" if marked else "> Здравствуйте"
    assert new_text(f"Спасибо, помогло!\nИван\n\n{attribution}\n{quote}\n") == "Спасибо, помогло!\nИван"


HEADER_BLOCKS = {
    "outlook ru": "От: ACME <support@acme.example>\nОтправлено: 12 ноября 2026 г. 10:00\nКому: Иван\nТема: x",
    "outlook uk": "Від: ACME <support@acme.example>\nНадіслано: 12 листопада 2026 р. 10:00\nКому: Іван\nТема: x",
    "outlook en": "From: ACME <support@acme.example>\nSent: Thursday, November 12, 2026\nTo: Ivan\nSubject: x",
    "ruled": "________________________________\nОт: ACME\nДата: 12.11.2026\nТема: x",
    "separator": "-----Original Message-----\nFrom: ACME",
    "separator ru": "-----Исходное сообщение-----\nОт: ACME",
    "bold": "*От:* ACME\n*Отправлено:* 12.11.2026\n*Кому:* Иван",
}


@pytest.mark.parametrize("block", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS.keys())
@pytest.mark.parametrize("marked", [True, False], ids=["with our marker", "without"])
def test_header_blocks(block: str, marked: bool) -> None:
    """Outlook quotes without marks, below a copy of the header."""
    assert new_text(f"Готово.\n\n{block}\n\n{MARKER if marked else ''}\nЗдравствуйте") == "Готово."


@pytest.mark.parametrize(
    "marker", [MARKER, f"> {MARKER}", f">> {MARKER}", f"| {MARKER}", f" \u00a0{MARKER}", f"> *{MARKER}*"]
)
def test_marker(marker: str) -> None:
    """Our marker line ends the answer, however it was quoted."""
    assert new_text(f"Да.\n\n{marker}\nвсё остальное\nбез отметок") == "Да."


@pytest.mark.parametrize(
    "text",
    [
        "Жду ответа.\n12.11.2026 оператор мне написал:\nпозвоните завтра.\nНикто не ответил!",
        "Ошибка появилась 12.11.2026 в 10:00:\nошибка 500",
        "Иван написал так:\n- первое\n- второе",
        "Мне нужно:\n1. стул\n2. стол",
        "> Какая версия?\n2.0\n> Какая система?\nЛинукс",
        "12.11.2026 10:00, ACME пишет:\n> Вопрос?\nОтвет.",
        "От: меня\nпривет",
        "Текст про ##- решётки внутри строки",
        "-------- Пересылаемое сообщение --------\n12.11.2026, 10:00, Пётр <petr@x.example>:\n\nНе работает печать.",
    ],
)
def test_words_that_stay(text: str) -> None:
    """Prose that looks a little like a quote, answers between quotes, forwards and signatures are the author's words."""
    assert new_text(text) == text


@pytest.mark.parametrize(
    "text", [f"> {MARKER}\n> a", MARKER, "> только цитата", "\n\n", "", "On 11/12/26 10:00, ACME wrote:\n> x"]
)
def test_nothing_left_shows_everything(text: str) -> None:
    """An answer that would vanish as a whole shows as a whole."""
    assert new_text(text) == text.strip("\n")


HOSTILE = {
    "newlines": "\n" * 50_000,
    "colons": "a:\n" * 50_000,
    "dates": "12.11.2026 x:\n" * 50_000,
    "fields": "От: x\n" * 50_000,
    "quotes": ">\n" * 50_000,
    "levels": ">" * 50_000,
    "one line": "12:00 @ пишет " * 30_000 + ":",
    "marks": "* " * 200_000,
    "almost attributions": ("12.11 @ пишет" + "x " * 140 + ":\n") * 1_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_linear_time(text: str) -> None:
    """Twice the text takes about twice the time: 50,000 lines well under a second at rest."""
    started = time.monotonic()
    new_text(text)
    assert time.monotonic() - started < 3


@given(
    st.lists(
        st.sampled_from(
            ["слова", "> цитата", "", "ACME пишет:", f"> {MARKER}", "От: a", "Кому: b", "Тема: c", "____________"]
        )
    )
)
def test_result_is_part_of_the_text(lines: list[str]) -> None:
    """Nothing is invented or reordered: the result is the beginning of the text, or all of it."""
    text = "\n".join(lines)
    assert text.strip("\n").startswith(new_text(text))
