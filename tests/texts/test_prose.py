"""What a person wrote is told from what was quoted, and from what a machine wrote or reads."""

import pytest

from maild.texts.prose import Written, joined, prose_lines, without_addresses, without_codes, without_quotations


@pytest.mark.parametrize(
    "line",
    [
        "> так написал кто-то другой",
        "2025-11-12 10:15:01 INFO start service",
        "[12.11.2025 10:15:01] ошибка соединения",
        "10:15:01 connection refused",
        "Traceback (most recent call last):",
        '  File "app.py", line 3, in <module>',
        "    at com.example.App.main(App.java:5)",
        "java.lang.NullPointerException: null",
        "ZeroDivisionError: division by zero",
        "ERROR: relation does not exist",
        "npm ERR! code ELIFECYCLE",
        "ORA-00942: TABLE OR VIEW DOES NOT EXIST",
        "SELECT * FROM orders WHERE id = 5",
        "#include <stdio.h>",
        "def main(): pass",
        "int main(void) { printf(x); return 0; }",
        "$ sudo systemctl restart nginx",
        "ping ya.ru",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_machine_lines_are_left_out(line: str) -> None:
    assert list(prose_lines(f"Здравствуйте\n{line}\nпомогите")) == ["Здравствуйте", "помогите"]


@pytest.mark.parametrize(
    "line",
    [
        "Здравствуйте! Не работает касса (вторая) [на складе].",
        "В 10:15 приехал мастер, в 10:30 уехал.",
        "12.11.2025 заказал кассу, до сих пор нет.",
        "Error in my invoice, please correct it.",
        "From Monday on nobody could import contacts.",
        "Select the best offer for us, please.",
        "Ping me when it is ready, why does it take so long?",
        "бл_ть, где мой акт",
        "- касса, 2 шт.",
        "№ 5; № 6; № 7",
    ],
)
def test_peoples_lines_stay(line: str) -> None:
    assert list(prose_lines(line)) == [line]


def test_fenced_code_is_left_out() -> None:
    assert list(prose_lines("до\n```\nкод\n```\nпосле")) == ["до", "после"]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("пишет «ВСЁ ПРОПАЛО» и молчит", "пишет … и молчит"),
        ('пишет "ВСЁ ПРОПАЛО", молчит', "пишет … , молчит"),
        ('экран 24" и 27" мигает', 'экран 24" и 27" мигает'),
        ("«" + "а" * 400 + "»", "«" + "а" * 400 + "»"),
    ],
)
def test_quotations_are_left_out(line: str, left: str) -> None:
    assert " ".join(without_quotations(line).split()) == left


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("сайт https://example.com/a?b=c не открывается", "сайт … не открывается"),
        ("почта ivan@example.com, жду", "почта … жду"),
        ("файл акт.pdf и C:\\temp\\a.txt.", "файл … и …"),
        ("бл@ть, касса стоит", "бл@ть, касса стоит"),
        ("касса стоит.Помогите", "касса стоит.Помогите"),
        ("и/или", "и/или"),
    ],
)
def test_addresses_are_left_out(line: str, left: str) -> None:
    assert " ".join(without_addresses(line).split()) == left


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("ошибка KKT_NOT_READY на кассе", "ошибка на кассе"),
        ("заказ FUCK-7781-AA и x=5, касса", "заказ и касса"),
        ("хеш ABCDEFGHIJKLMNOPQRSTUVWXYZ конец", "хеш конец"),
        ("в 5 часов", "в 5 часов"),
    ],
)
def test_codes_are_left_out(line: str, left: str) -> None:
    assert " ".join(without_codes(line).split()) == left


def test_wrapped_lines_are_one_paragraph() -> None:
    long = "эта строка такая длинная, что почтовая программа её перенесла и"
    assert joined((long, "продолжила ниже", "Новая")) == f"{long} продолжила ниже\nНовая\n"
    assert joined((long,)) == f"{long}\n"
    assert joined(()) == ""


def test_subjects() -> None:
    assert Written("Re: Fwd: касса", "").own_subject == ""
    assert Written("Re: Fwd: касса", "").any_subject == "касса"
    assert Written(" касса ", "").own_subject == "касса"
