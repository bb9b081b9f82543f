"""What `check_text` returns: which flaws, in which order, with which evidence."""

import pytest

from maild.texts.checks import check_text
from maild.texts.flaw import Check, Flaw

RUDE = "Какого хуя не работает касса?"


def checks(text: str, subject: str = "") -> set[Check]:
    return {flaw.check for flaw in check_text(subject, text)}


def test_each_flaw_once_in_a_fixed_order() -> None:
    flaws = check_text("", "ВЫ ИДИОТЫ, БЛЯТЬ. ПРИЕДУ И РАЗНЕСУ ВАШ ОФИС")
    assert [flaw.check for flaw in flaws] == [Check.ABUSE, Check.THREAT, Check.CAPITALS]


def test_only_what_is_wanted() -> None:
    text = "КАКОГО ХУЯ НЕ РАБОТАЕТ КАССА"
    assert check_text("", text, [Check.CAPITALS])[0].check is Check.CAPITALS
    assert len(check_text("", text, {Check.CAPITALS})) == 1
    assert check_text("", text, ()) == ()


def test_profanity_is_shown_with_its_middle_masked() -> None:
    assert check_text("", RUDE) == (Flaw(check=Check.ABUSE, evidence="х*я"),)
    assert check_text("", "П.и.з.д.е.ц с кассой")[0].evidence == "П.*.*.*.*.ц"
    assert check_text("", "х у й вам, а не касса")[0].evidence == "х * й"


@pytest.mark.parametrize(
    ("text", "check", "evidence"),
    [
        ("Ну что ж, Ваши операторы Тупые, касса стоит", Check.ABUSE, "Ваши операторы Тупые"),
        ("Касса стоит. Я тебя  найду и убью!", Check.THREAT, "тебя найду и убью"),
        ("НЕ РАБОТАЕТ КАССА, ПОМОГИТЕ", Check.CAPITALS, "23 of 23 letters are in capitals: НЕ РАБОТАЕТ КАССА"),
        (
            "ne rabotaet kassa, pomogite",
            Check.TRANSLIT,
            "3 of 4 words are Russian in Latin letters: ne rabotaet kassa pomogite",
        ),
        ("слово " * 70, Check.UNSPLIT, "70 words without the end of a sentence: слово слово слово слово слово слово …"),
        ("  Не   работает!\n", Check.VAGUE, "Не работает!"),
        ("", Check.VAGUE, "nothing is written"),
        (
            "ghbdtn, yt hf,jnftn ghbynth",
            Check.UNREADABLE,
            "typed with another keyboard layout: ghbdtn, yt hf,jnftn ghbynth",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_evidence_is_the_words_as_written_or_the_figures(text: str, check: Check, evidence: str) -> None:
    assert check_text("", text) == (Flaw(check=check, evidence=evidence),)


def test_the_subject_counts() -> None:
    assert checks("Не печатает касса", subject="Вы идиоты") == {Check.ABUSE}
    assert checks("Не печатает касса", subject="Найду и убью") == {Check.THREAT}
    assert checks("Не работает", subject="Касса") == set()
    assert checks("Не работает", subject="(без темы)") == {Check.VAGUE}


def test_the_subject_of_an_answer_is_somebody_elses() -> None:
    assert checks("Не печатает касса", subject="Re: Вы идиоты") == set()
    assert checks("Не печатает касса", subject="Отв: Найду и убью") == set()
    assert checks("Не работает", subject="Fwd: Касса") == set(), "yet it tells what the letter is about"


def test_what_cannot_be_read_is_not_judged_further() -> None:
    text = "GHBDTN YT HF<JNFTN GHBYNTH GJCKT J<YJDKTYBZ"
    assert checks(text) == {Check.UNREADABLE}
    assert check_text("", text, [Check.CAPITALS, Check.VAGUE]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Касса пишет «ВЫ ИДИОТЫ, БЛЯТЬ», это шутка программиста?",
        "> Вы идиоты, приеду и разнесу ваш офис\nТакое письмо пришло кассиру.",
        "Кассир прислал:\n```\nсука\n```\nчто с этим делать?",
        "Почта suka@example.com и https://example.com/blyat не открываются.",
        "Файл hui.xlsx и C:\\blyat\\suka.txt не открываются.",
    ],
)
def test_what_somebody_else_or_a_machine_wrote_is_no_flaw(text: str) -> None:
    assert checks(text) == set()
