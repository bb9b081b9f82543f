"""Whether a customer agrees to paid work. A yes that was none costs them money, so that it is the worst mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk.consent import MAX_TEXT, read_consent

YES = (
    "согласен",
    "Согласны.",
    "да",
    "Да!",
    "да, делайте",
    "ок, оплатим",
    "Да, конечно",
    "Добрый день! Согласны, выставляйте счёт.\n\nС уважением,\nИван Петров",
    "подтверждаю",
    "Подтверждаем оплату, приступайте",
    "хорошо, согласна",
    "Да, нас всё устраивает, приступайте",
    "согласен с ценой",
    "согласны на ваши условия",
    "утверждаю, начинайте",
    "давайте, оплатим",
    "не возражаю, делайте",
    "не против",
    "возражений нет",
    "оплату гарантируем, выполняйте",
    "готовы оплатить",
    "ок, давайте",
    "Здравствуйте, да, согласен, спасибо",
    "ладно, делайте",
    "берём",
    "договорились",
    "згоден",
    "так, робіть",
    "згодні, виставляйте рахунок",
    "погоджуюсь",
    "так",
    "підтверджуємо",
    "не заперечую",
    "дякую, згодна",
    "agree",
    "Yes",
    "Yes, please",
    "I agree",
    "Agreed, go ahead",
    "approved",
    "We accept the offer, please send us the invoice",
    "OK, proceed",
    "Yes, do it",
    "no objections",
    "Confirmed. Thanks!",
)
NO = (
    "нет",
    "Нет, спасибо",
    "не нужно",
    "Не надо",
    "отказываемся",
    "дорого, не будем",
    "Не согласны",
    "Отказываюсь от платных работ",
    "нет, мы передумали",
    "не нужно, разобрались сами",
    "слишком дорого для нас",
    "Спасибо, нам это не интересно",
    "уже неактуально",
    "нет, не нужно, спасибо",
    "не будем заказывать",
    "обойдёмся",
    "Добрый день. Нам такая доработка не нужна.",
    "Спасибо, сделаем сами",
    "отменяем заявку",
    "не планируем",
    "ні",
    "не потрібно, дякую",
    "не згоден",
    "відмовляємось",
    "занадто дорого",
    "no",
    "No, thanks",
    "we decline",
    "not interested",
    "too expensive",
    "We do not need it",
    "I don't agree",
    "Please cancel",
)
NEITHER = (
    "не нужно, если это платно",
    "дорого, подумаем",
    "не будем, пока не узнаем, что входит в работу",
    "не согласны с ценой, но можно обсудить",
    "дорого, как снизить цену",
    "согласен, если успеете до пятницы",
    "а сколько?",
    "А сколько это будет стоить?",
    "да, но дешевле",
    "да?",
    "согласны при условии оплаты в рассрочку",
    "согласен на 3000",
    "да, только сначала пришлите договор",
    "надо подумать",
    "подумаем",
    "посоветуюсь с директором",
    "ок",
    "хорошо",
    "понятно",
    "спасибо",
    "спасибо, понял",
    "+",
    "ок, понял, подумаем",
    "дорого, а дешевле можно?",
    "да нет",
    "нет, но если сделаете скидку, согласимся",
    "согласен частично",
    "с первым пунктом согласен, со вторым нет",
    "согласен, что работа платная, но пока не будем",
    "директор согласен",
    "не знаю",
    "Возможно, согласимся",
    "да, получил ваше письмо",
    "да, это я писал",
    "да уж, цены у вас",
    "так не пойдет",
    "так и думал",
    "хорошо бы",
    "когда сможете приступить?",
    "Да, а НДС включён?",
    "да, пожалуйста, перезвоните",
    "Согласны ли вы подождать",
    "Согласен с коллегой, дорого",
    "ни да ни нет",
    "Сколько времени займёт работа и входит ли в неё обучение",
    "",
    "как договаривались в прошлый раз бесплатно",
    "Мы не отказываемся, но просим отсрочку",
    "подтвердите сумму",
    "Да, пришлите счёт на изучение, потом решим",
    "нет времени сейчас, отвечу завтра",
    "нет, не отказываемся",
    "згоден, якщо зі знижкою",
    "а скільки?",
    "подумаємо",
    "так, але не зараз",
    "скільки це коштує?",
    "yes, if it is done by Friday",
    "how much?",
    "maybe",
    "yes but not now",
    "I agree in part",
    "let me think",
    "I agree to 100 dollars",
    "yes?",
    "can you do it cheaper?",
    "not sure",
    "ok",
    "no idea what you mean, explain please",
    "да ладно",
    "так все хорошо",
    "Согласны за ваш счёт",
    "да и спасибо",
    "да что вы",
    "недорого",
    "не так уж и дорого",
    "соглашусь, когда увижу смету",
)


@pytest.mark.parametrize("text", YES)
def test_plain_consent(text: str) -> None:
    """They agree."""
    assert read_consent(text).agrees is True


@pytest.mark.parametrize("text", NO)
def test_plain_refusal(text: str) -> None:
    """They do not."""
    assert read_consent(text).agrees is False


@pytest.mark.parametrize("text", NEITHER)
def test_anything_else_is_for_a_person(text: str) -> None:
    """Conditions, questions, sums, sarcasm, courtesy alone: a person reads it."""
    assert read_consent(text).agrees is None


@pytest.mark.parametrize(
    "after",
    [
        ", если до пятницы",
        ". А сколько времени это займёт?",
        ", но не дороже 5000",
        " наполовину",
        ", if it is cheap",
        " якщо зі знижкою",
    ],
)
@pytest.mark.parametrize("text", [text for text in YES if "\n" not in text])
def test_a_condition_is_no_consent(text: str, after: str) -> None:
    """Whatever the consent, a condition behind it takes it back."""
    assert read_consent(text.rstrip(" .!") + after).agrees is None


@pytest.mark.parametrize("text", YES)
def test_a_denied_consent_is_none(text: str) -> None:
    """ "Не согласен" is never read as "согласен"."""
    assert read_consent(f"не {text}").agrees is not True


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """No text breaks it; a long one is for a person."""
    assert read_consent(text).agrees in {True, False, None}
    assert read_consent("да" + " " * MAX_TEXT + text).agrees is None


@given(
    st.lists(
        st.sampled_from("да нет не согласны если ок дорого делайте но сколько через месяц 5000".split()),
        min_size=1,
        max_size=6,
    )
)
def test_words_of_refusing_never_agree(words: list[str]) -> None:
    """No yes holds a no, a condition, a question or a sum."""
    if read_consent(" ".join(words)).agrees is True:
        assert not {"нет", "не", "если", "дорого", "но", "сколько", "через", "месяц", "5000"} & set(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Добрый день! Согласны, выставляйте счёт.", ("согласны", "выставляйте")),
        ("не возражаю, делайте", ("не возражаю", "делайте")),
        ("нет, спасибо", ("нет",)),
        ("Спасибо, слишком дорого для нас", ("дорого",)),
        ("согласен, если успеете", ("согласен", "если")),
        ("да?", ("?",)),
        ("спасибо, понял", ()),
    ],
)
def test_what_decided_is_told(text: str, words: tuple[str, ...]) -> None:
    """The words of the letter, for the history and for people."""
    assert read_consent(text).evidence == words


ATTEMPTS = (
    "давайте попробуем",
    "ок",
    "Хорошо",
    "да, получил ваше письмо",
    "директор согласен",
    "Да, давайте так и сделаем",
    "добре",
    "ok",
)


@pytest.mark.parametrize("text", ATTEMPTS)
def test_a_short_reply_that_sounds_like_yes_is_worth_a_question(text: str) -> None:
    assert read_consent(text).attempt
    assert read_consent(text).agrees is None


@pytest.mark.parametrize("text", [one for one in (*YES, *NO, *NEITHER) if one not in ATTEMPTS])
def test_what_is_no_attempt(text: str) -> None:
    """Yes and no are settled; a question, a condition, a sum, a refusal, a long letter are for people alone."""
    found = read_consent(text)
    if found.attempt:
        assert text in ASKED_ABOUT
    assert not (found.attempt and found.agrees is not None)


ASKED_ABOUT = {
    "согласен частично",
    "да, это я писал",
    "да уж, цены у вас",
    "да, пожалуйста, перезвоните",
    "хорошо бы",
    "хорошо",
    "I agree in part",
    "так все хорошо",
}
