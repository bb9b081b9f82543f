"""Lines that mail clients write are recognised in every language we know; people's lines are not."""

import pytest

from maild.ingest.clients.lines import (
    Field,
    base_subject,
    find_field,
    is_end_line,
    is_forward_line,
    is_original_line,
    is_scissors,
    outer_mark,
    says_forwarded,
)


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("От: Анна Петрова <anna@client.example>", Field.FROM, "Анна Петрова <anna@client.example>"),
        ("*From:* Anna <anna@client.example>", Field.FROM, "Anna <anna@client.example>"),
        ("**Від**: Олена", Field.FROM, "Олена"),
        ("De : Anne", Field.FROM, "Anne"),
        ("  Дата отправки:\tсреда", Field.DATE, "среда"),
        ("Enviado el: martes", Field.DATE, "martes"),
        ("Кому: support@acme.example", Field.TO, "support@acme.example"),
        ("Копія:", Field.CC, ""),
        ("Asunto: Factura", Field.SUBJECT, "Factura"),
        ("Reply-To: a@client.example", Field.REPLY_TO, "a@client.example"),
        ("Важность: Высокая", Field.OTHER, "Высокая"),
    ],
)
def test_fields_of_a_quoted_header(line: str, field: Field, value: str) -> None:
    """The label tells the field in any language, however it is set off."""
    assert find_field(line) == (field, value)


@pytest.mark.parametrize(
    "line", ["В 09:20: всё упало", "https://acme.example", "Ошибка: файл не найден", "От нас: от вас", "", ":"]
)
def test_lines_that_are_no_fields(line: str) -> None:
    """A colon alone makes no header."""
    assert find_field(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "-------- Пересылаемое сообщение --------",
        "-------- Перенаправленное сообщение --------",
        "-------- Переслане повідомлення --------",
        "-------- Weitergeleitete Nachricht --------",
        "-------- Message transféré --------",
        "Begin forwarded message:",
        "Начало переадресованного сообщения:",
        "----- Forwarded by Anna Petrova/ACME on 12.11.2026 10:15 -----",
        "----- Переслано: Anna Petrova/ACME дата: 12.11.2026 10:15 -----",
        "----- Переслал(а) Anna Petrova/ACME (дата: 12.11.2026 10:15) -----",
        "----- Weitergeleitet von Anna Petrova/ACME am 12.11.2026 10:15 -----",
        "----- Forwarded message from Anna <anna@client.example> -----",
        "Это пересылаемое сообщение",
        "Початок листа, що пересилається:",
        "-------- Välitetty viesti / Fwd.Msg --------",
    ],
)
def test_lines_above_a_forwarded_letter(line: str) -> None:
    """A forward is told from an answer."""
    assert is_forward_line(line)
    assert not is_original_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "----- Исходное сообщение -----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
    ],
)
def test_lines_above_an_answered_letter(line: str) -> None:
    """An answer is told from a forward."""
    assert is_original_line(line)
    assert not is_forward_line(line)


@pytest.mark.parametrize(
    "line", ["Forwarded message", "Пересылаемое сообщение получил, спасибо", "-----", "- Исходное сообщение"]
)
def test_people_write_of_forwards_and_originals(line: str) -> None:
    """Words without the client's ornament are a person's."""
    assert not is_forward_line(line)
    assert not is_original_line(line)


@pytest.mark.parametrize(
    ("subject", "base", "forwarded"),
    [
        ("Re: [ACME-7] WG: Rechnung", "Rechnung", True),
        ("Отв: Пересл: счёт", "счёт", True),
        ("Re[2]: счёт", "счёт", False),
        ("Re: Счёт № 5, fwd: не пришёл", "Счёт № 5, fwd: не пришёл", False),
        ("Rúx: fwd: x", "Rúx: fwd: x", True),
        ("Re: Fwd: [ACME-1] Вопрос", "Вопрос", True),
        ("Re:", "", False),
        ("", "", False),
        ("Переход на новую версию", "Переход на новую версию", False),
        ("На складе нет света", "На складе нет света", False),
    ],
)
def test_marks_before_a_subject(subject: str, base: str, forwarded: bool) -> None:
    """What clients put before a subject comes off, and says whether the letter is forwarded."""
    assert (base_subject(subject), says_forwarded(subject)) == (base, forwarded)


@pytest.mark.parametrize(
    ("line", "end", "scissors"),
    [
        ("-------- Конец пересылаемого сообщения --------", True, False),
        ("----- End forwarded message -----", True, False),
        ("===8<===========Конец исходного текста сообщения===========", True, False),
        ("===8<==============Исходный текст сообщения===============", False, True),
        ("--- Конец. ---", False, False),
        ("-------- Пересылаемое сообщение --------", False, False),
    ],
)
def test_lines_around_the_words_of_a_forwarded_letter(line: str, end: bool, scissors: bool) -> None:
    """What stands below a forwarded letter, or between its header and its words, is told from the line above it."""
    assert (is_end_line(line), is_scissors(line)) == (end, scissors)


@pytest.mark.parametrize(
    ("subject", "mark"),
    [
        ("Fwd: Re: счёт", "forward"),
        ("[ACME-7] WG: Rechnung", "forward"),
        ("Re: Fwd: счёт", "answer"),
        ("[ACME-7] счёт", ""),
        ("Счёт № 5, fwd: не пришёл", ""),
    ],
)
def test_the_outermost_mark_says_what_a_letter_is(subject: str, mark: str) -> None:
    """An answer to a forward is an answer."""
    assert outer_mark(subject) == mark
