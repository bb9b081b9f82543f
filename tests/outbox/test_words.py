"""What the shipped letters say, sentence by sentence: no promise too much, no hint to a stranger, nothing left unsaid."""

from collections.abc import Mapping

import pytest

from maild.model import Address, Purpose
from maild.outbox.samples import sample_words
from maild.outbox.templates import Rendered, Templates

RUSSIAN, _ = Templates.load("ru", None)
LANGUAGES = {language: Templates.load(language, None)[0] for language in ("ru", "uk", "en")}
TERM = "18:00 вторника, 24 ноября (МСК)"


def say(purpose: Purpose, language: str = "ru", **words: object) -> Rendered:
    return LANGUAGES[language].render(purpose, next(sample_words(purpose)) | words)


def paragraphs(purpose: Purpose, **words: object) -> list[str]:
    """The letter's paragraphs, each as one line."""
    return [" ".join(one.split()) for one in say(purpose, "ru", **words).text.split("\n\n")]


# ── to customers ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("term", "said"),
    [
        (None, "Специалист прочитает его и ответит вам на это же письмо."),
        ({"text": TERM, "what": "answered"}, f"Специалист прочитает его и ответит вам до {TERM}."),
        ({"text": TERM, "what": "started"}, f"Специалист приступит к работе до {TERM}."),
        ({"text": TERM, "what": "resolved"}, f"Мы решим ваш вопрос до {TERM}."),
    ],
)
def test_the_term_that_binds(term: object, said: str) -> None:
    """What happens until the term is said as it is promised; without a term nothing is promised."""
    letter = paragraphs(Purpose.ACKNOWLEDGEMENT, term=term)
    assert letter[1] == f"Мы получили ваше письмо и завели по нему обращение ACME-1042. {said}"
    assert len(letter) == 5


SINCE, UNTIL = "1 декабря 2026 года", "31 декабря 2026 года"
COUPONS = {
    "valid": f"Купон …9TR5 принят, он действует по {UNTIL} включительно.",
    "expired": f"Купон …9TR5 уже не действует: последним днём было {UNTIL}. Если у вас есть новый, пришлите его код в ответ на это письмо.",
    "not-yet-valid": f"Купон …9TR5 ещё не действует: его срок начинается {SINCE}.",
    "revoked": "Купон …9TR5 отозван и больше не действует. Если у вас есть другой, пришлите его код в ответ на это письмо.",
    "renewed": "Вместо купона …9TR5 выдан новый. Пришлите, пожалуйста, код нового в ответ на это письмо.",
    "unknown": "Купон …9TR5 мы не нашли. Проверьте, пожалуйста, код и пришлите его в ответ на это письмо.",
    "unheard": "Купон из вашего письма проверит специалист.",
}


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.REFUSAL])
@pytest.mark.parametrize("state", COUPONS)
def test_the_coupon(purpose: Purpose, state: str) -> None:
    """Its state, and what to do; the same words in both letters, and nothing about it where there is none."""
    letter = {"coupon": state, "coupon_code": "…9TR5", "coupon_since": SINCE, "coupon_until": UNTIL}
    assert COUPONS[state] in paragraphs(purpose, **letter)
    assert "упон …" not in say(purpose).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["unknown", "unheard"])
def test_who_guesses_coupons_learns_nothing(language: str, state: str) -> None:
    """Of a coupon that is not theirs a stranger hears no date, and nothing at all once they have tried too many."""
    plain = say(Purpose.ACKNOWLEDGEMENT, language, coupon=state, coupon_code="…9TR5").text
    dated = {"coupon": state, "coupon_code": "…9TR5", "coupon_since": SINCE, "coupon_until": UNTIL}
    assert say(Purpose.ACKNOWLEDGEMENT, language, **dated).text == plain
    assert ("…9TR5" in plain) == (state == "unknown")


def test_what_was_understood_and_what_is_missing() -> None:
    """The customer can correct the one and send the other, by a reply."""
    pairs = [("Клиент", "ООО «Лютик»"), ("Уровень обслуживания", "Базовый")]
    letter = paragraphs(Purpose.ACKNOWLEDGEMENT, understood=pairs, missing=["identification"])
    assert letter[2] == (
        "В обращении записано: Клиент: ООО «Лютик» Уровень обслуживания: Базовый "
        "Если что-то записано неверно, сообщите об этом в ответ на это письмо."
    )
    assert letter[3].endswith("Срок нашего ответа считается с того момента, когда мы это получим.")
    assert "что-нибудь одно: номер договора или название организации." in letter[3]


WHO_YOU_ARE = {
    "ru": (
        "номер договора или название организации.",
        "номер договора или название организации и её ИНН.",
        "код купона, номер договора или название организации.",
        "код купона, номер договора или название организации и её ИНН.",
    ),
    "uk": (
        "номер договору або назву організації.",
        "номер договору або назву організації та її податковий номер.",
        "код купона, номер договору або назву організації.",
        "код купона, номер договору або назву організації та її податковий номер.",
    ),
    "en": (
        "your agreement number or the name of your organisation.",
        "your agreement number or the name of your organisation and its taxpayer number.",
        "your coupon code, your agreement number, or the name of your organisation.",
        "your coupon code, your agreement number, or the name of your organisation and its taxpayer number.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_is_asked_for_what_clients_have_here(language: str) -> None:
    """Nobody is sent to look for a coupon where there are none; the letter that asks and the one that refuses say the same."""
    known = (["name"], ["inn", "name"], ["coupon", "name"], ["coupon", "inn", "name"])
    for known_by, words in zip(known, WHO_YOU_ARE[language], strict=True):
        wanted = {"standing": "unknown", "known_by": known_by}
        for purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.REFUSAL):
            told = say(
                purpose,
                language,
                **wanted,
                **({"missing": ["identification"]} if purpose is Purpose.ACKNOWLEDGEMENT else {}),
            )
            line = next(one for one in told.text.splitlines() if words in one)
            assert line.rpartition(": ")[2] == words
            assert words in " ".join(told.html.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_doubtful_client_is_not_named(language: str) -> None:
    """Where a letter leads to several clients, its author is not told to which."""
    letter = {"standing": "conflict", "client": "ООО «Лютик»", "level": "Базовый"}
    assert "Лютик" not in say(Purpose.ACKNOWLEDGEMENT, language, **letter).text


def test_the_quota() -> None:
    """The request beyond it is counted, and the admin's offer stands beside the count."""
    quota = {"limit": 50, "number": 51, "offer": "Час работы стоит 1 500 ₽."}
    said = "Это обращение № 51 в текущем месяце, в обслуживание включено: 50 обращений в месяц."
    assert f"{said} Час работы стоит 1 500 ₽." in paragraphs(Purpose.ACKNOWLEDGEMENT, quota=quota)
    assert said in paragraphs(Purpose.ACKNOWLEDGEMENT, quota=quota | {"offer": ""})


REFUSED = {
    "unknown": "мы не нашли вас среди клиентов",
    "suspended": "сейчас приостановлено",
    "expired": "закончился: последним днём было 31 декабря 2026 года,",
    "not-yet-valid": "ещё не началось: оно начинается 1 декабря 2026 года.",
    "level-unknown": "Мы уточняем условия вашего обслуживания",
}


@pytest.mark.parametrize("standing", REFUSED)
def test_refusals(standing: str) -> None:
    """Why, and what to do; an answer reaches the same ticket, and the client's affairs are not told."""
    letter = say(Purpose.REFUSAL, standing=standing, since=SINCE, until=UNTIL)
    assert REFUSED[standing] in letter.text
    assert "на это письмо" in letter.text
    assert "Ваш ответ попадёт к специалисту под тем же номером." in letter.text
    assert letter.subject == "Re: [ACME-1042] Не печатает <принтер>"
    others = [words for other, words in REFUSED.items() if other != standing]
    assert not [words for words in others if words in letter.text]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("answered", f"Чтобы ответить вам, нам нужно больше времени. Мы ответим до {TERM}."),
        ("started", f"Чтобы приступить к работе, нам нужно больше времени. Мы начнём до {TERM}."),
        ("resolved", f"Чтобы решить ваш вопрос, нам нужно больше времени. Мы решим его до {TERM}."),
    ],
)
def test_extensions(what: str, said: str) -> None:
    """The new term, for what it is, and the reason in the agent's words."""
    letter = paragraphs(Purpose.EXTENSION, term={"text": TERM, "what": what}, reason="ждём поставщика")
    assert letter[1] == f"Пишем о вашем обращении ACME-1042. {said}"
    assert letter[2] == "Причина: ждём поставщика"
    assert "Причина" not in say(Purpose.EXTENSION, reason="").text


OFFER = {"name": "Выезд", "text": "Мастер приедет сам.", "price": "1 500 ₽ за час"}
ENTRIES = [
    {"number": 1, "title": "Принтер молчит", "url": "https://help.example.org/1", "answer": "Включите его."},
    {"number": 2, "title": "Бумага", "url": "", "answer": ""},
]
GROUND = {"name": "Чужая программа", "text": "Она не наша.", "next": "Напишите её авторам."}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            ENTRIES[:1],
            [
                "Возможно, ответ на ваш вопрос уже есть:",
                "Принтер молчит https://help.example.org/1 Включите его.",
                "Если это помогло, ответьте на это письмо одним словом: помогло. Тогда мы закроем обращение.",
            ],
        ),
        (
            ENTRIES,
            [
                "Возможно, среди этих ответов есть тот, который вам нужен:",
                "1. Принтер молчит https://help.example.org/1 Включите его.",
                "2. Бумага",
                (
                    "Если что-то из этого помогло, ответьте на это письмо словом «помогло» и номером ответа, например: помогло 1. "
                    "Тогда мы закроем обращение."
                ),
            ],
        ),
    ],
)
def test_answers_that_exist_already(entries: list[object], said: list[str]) -> None:
    """One has no number to name; of several the customer can say which; each with its link in full."""
    letter = paragraphs(Purpose.ACKNOWLEDGEMENT, faq=entries)
    start = letter.index(said[0])
    assert letter[start : start + len(said)] == said
    assert "помогло" not in say(Purpose.ACKNOWLEDGEMENT).text


ASKED = "Чтобы мы могли помочь, пришлите, пожалуйста, в ответ на это письмо: – номер версии – снимок экрана"


@pytest.mark.parametrize("purpose", [Purpose.ACKNOWLEDGEMENT, Purpose.POSTPONEMENT, Purpose.CHASER])
def test_what_we_ask_for(purpose: Purpose) -> None:
    """The same list in each letter that asks, a line for each; nothing where nothing is missing."""
    assert ASKED in paragraphs(purpose, asked=["номер версии", "снимок экрана"])
    assert "– номер версии\n– снимок экрана\n" in say(purpose, asked=["номер версии", "снимок экрана"]).text
    assert "пришлите" not in say(purpose, asked=[]).text


UNTAKEN = {
    ("size", "10 МБ"): "файл слишком велик, принимаем не больше 10 МБ",
    ("size", ""): "файл слишком велик",
    ("total", "25 МБ"): "все файлы вместе слишком велики, принимаем не больше 25 МБ",
    ("type", "изображения и pdf"): "файлы этого вида мы не принимаем, только изображения и pdf",
    ("type", ""): "файлы этого вида мы не принимаем",
    ("archive", ""): "этот архив мы не принимаем",
    ("broken", ""): "файл повреждён или закрыт паролем",
}


@pytest.mark.parametrize(("why", "limit"), UNTAKEN)
def test_files_that_are_not_taken(why: str, limit: str) -> None:
    """Customer and agent read the same reason; the customer also that the letter counts, and what to do."""
    file = {"name": "видео.mp4", "why": why, "limit": limit}
    line = f"– видео.mp4: {UNTAKEN[why, limit]}\n"
    customer = say(Purpose.ACKNOWLEDGEMENT, untaken=[file]).text
    assert f"Эти файлы мы принять не смогли:\n{line}\nСамо письмо зарегистрировано." in customer
    assert f"Эти файлы не приняты:\n{line}" in say(Purpose.NOTIFICATION, untaken=[file]).text


def test_paid_work() -> None:
    """What it is, what it costs, how to agree and how to decline; the same in both letters that offer it."""
    for purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.OFFER):
        letter = paragraphs(purpose, offer=OFFER)
        assert (
            "То, о чём вы просите, не входит в обслуживание, но мы можем сделать это за отдельную плату: "
            "Выезд: 1 500 ₽ за час Мастер приедет сам."
        ) in letter
        (answer,) = [one for one in letter if "согласен" in one]
        assert answer.startswith(
            "Если вы согласны, ответьте на это письмо словом «согласен» или «согласна»: работу начнём только после этого. "
            "Если нет, ответьте «отказываюсь»."
        )
    assert "плат" not in say(Purpose.ACKNOWLEDGEMENT).text


@pytest.mark.parametrize("closed", [False, True])
def test_who_deals_with_it(closed: bool) -> None:
    """Where others answer in our place, no answer and no term of ours is promised."""
    unit = {"name": "отдел разработки", "text": "", "closed": closed}
    letter = say(Purpose.ACKNOWLEDGEMENT, unit=unit, term={"text": TERM, "what": "answered"}).text
    assert "Ваше обращение передано по назначению: отдел разработки.\n" in letter
    assert (TERM in letter) is not closed
    assert ("Дальше вам ответят оттуда. Если ответа не будет, напишите нам" in letter) is closed
    assert ("Специалист" in letter) is not closed


@pytest.mark.parametrize("purpose", [Purpose.REFUSAL, Purpose.POSTPONEMENT])
def test_grounds(purpose: Purpose) -> None:
    """Why, in the admin's words or by its name; what to do next, always."""
    letter = paragraphs(purpose, standing="", ground=GROUND)
    assert letter[1].startswith("Ваше обращение зарегистрировано под номером ACME-1042")
    assert letter[1].endswith("мы не можем. Она не наша.")
    assert letter[2] == "Напишите её авторам."
    bare = paragraphs(purpose, standing="", ground=GROUND | {"text": "", "next": ""})
    assert bare[1].endswith("мы не можем. Причина: «Чужая программа».")
    assert bare[2].endswith("ответьте на это письмо.")
    others = [words for words in REFUSED.values() if words in say(purpose, standing="", ground=GROUND).text]
    assert others == []


def test_a_postponed_request_is_not_closed() -> None:
    """Nor is a term promised that nobody knows."""
    letter = say(Purpose.POSTPONEMENT, ground=GROUND).text
    assert "Обращение не закрыто." in letter
    assert " до " not in letter


@pytest.mark.parametrize("until", [TERM, ""])
def test_a_chaser_threatens_only_with_what_will_happen(until: str) -> None:
    """The day of closing where there is one, and that it does not end anything."""
    letter = say(Purpose.CHASER, asked=["номер"], until=until).text
    assert (f"Если ответа не будет до {TERM}, мы закроем обращение." in letter) is bool(until)
    assert ("закро" in letter) is bool(until)
    assert "предыдущее письмо" not in letter
    assert "Ответьте, пожалуйста, на наше предыдущее письмо или на это." in say(Purpose.CHASER, asked=[]).text


CLOSED = {
    ("silence", ()): "Если вопрос ещё не решён, ответьте на это письмо: обращение откроется снова.",
    (
        "silence",
        ("номер",),
    ): "Если вопрос ещё не решён, пришлите, пожалуйста, в ответ на это письмо: – номер Тогда обращение откроется снова.",
    ("declined", ()): "Если передумаете, ответьте на это письмо: обращение откроется снова.",
}


@pytest.mark.parametrize(("why", "asked"), CLOSED)
def test_closed_requests(why: str, asked: tuple[str, ...]) -> None:
    """Why, and how to open it again."""
    letter = paragraphs(Purpose.CLOSING, why=why, asked=asked, offer=OFFER)
    reason = {"silence": "Мы не дождались вашего ответа", "declined": "Вы отказались от платной работы «Выезд»"}[why]
    assert letter[1] == f"Пишем о вашем обращении ACME-1042. {reason}, поэтому мы закрыли обращение.".replace(
        "ответа, поэтому мы закрыли", "ответа, поэтому закрыли"
    )
    assert letter[2] == CLOSED[why, asked]


@pytest.mark.parametrize(
    ("closed", "author", "said"),
    [
        (False, "anna@example.com", "Ответьте, пожалуйста, на это письмо: клиенту напишем мы."),
        (True, "anna@example.com", "Ответьте, пожалуйста, клиенту сами: ответ на это письмо уйдёт прямо ему."),
        (True, "", "Дальше обращением занимаетесь вы. Адреса, на который можно ответить, в письме клиента нет."),
    ],
)
def test_what_a_unit_outside_is_told(closed: bool, author: str, said: str) -> None:
    """Who answers whom, before the customer's words; and no code that the unit would quote to the customer."""
    letter = say(Purpose.PASSING, closed=closed, author=Address(addr=author), unit="Разработка", text="Не печатает.")
    assert letter.text.index(said) < letter.text.index("Слова клиента:\n\nНе печатает.\n")
    assert ("код t1042" in letter.text) is not closed
    assert ("##-" in letter.text) is False


# ── to agents ────────────────────────────────────────────────────────────────────────────────────────────────────────

ITEM: Mapping[str, object] = {
    "number": "RO-17", "subject": "Не печатает", "client": "ООО «Ромашка»", "level": "Базовый", "what": "answered",
    "due": TERM, "left": "30 минут", "over": "", "kind": "before", "late": False, "threshold": "-30m", "agent": "Иван",
}  # fmt: skip
REMINDED = {
    "one to come": ([ITEM], 0, "Срок ответа через 30 минут: RO-17 Не печатает"),
    "one soon": ([{**ITEM, "left": ""}], 0, "Срок ответа подходит: RO-17 Не печатает"),
    "one now": ([{**ITEM, "left": "", "kind": "term", "what": "resolved"}], 0, "Срок решения наступил: RO-17 Не печатает"),
    "one over": ([{**ITEM, "left": "", "over": "1 минуту", "kind": "after"}], 0, "Срок ответа истёк 1 минуту назад: RO-17 Не печатает"),
    "one over, reminded late": ([{**ITEM, "left": "", "over": "2 часа", "late": True}], 0, "Срок ответа истёк 2 часа назад: RO-17 Не печатает"),
    "two": ([ITEM, {**ITEM, "number": "RO-18"}], 0, "Скоро срок: 2 (RO-17 и другие)"),
    "both kinds": ([ITEM, {**ITEM, "number": "RO-18", "kind": "term"}, {**ITEM, "over": "1 час"}], 0, "Просрочено: 2, скоро срок: 1 (RO-17 и другие)"),
    "all over": ([{**ITEM, "kind": "after"}, {**ITEM, "number": "RO-18", "kind": "term"}], 0, "Просрочено: 2 (RO-17 и другие)"),
    "two terms of one": ([{**ITEM, "kind": "term"}, {**ITEM, "kind": "term", "what": "resolved"}], 0, "Просрочено: 2 (RO-17 Не печатает)"),
    "more than fit": ([ITEM], 40, "Скоро срок: 1, ещё 40 (RO-17 и другие)"),
}  # fmt: skip


@pytest.mark.parametrize("case", REMINDED)
def test_what_a_reminder_is_about(case: str) -> None:
    """The subject alone tells how urgent it is: it is all that a telephone shows."""
    items, more, subject = REMINDED[case]
    assert say(Purpose.REMINDER, items=items, more=more).subject == subject


def test_a_reminder_of_many() -> None:
    """In the order of the queue, each with its term, client and level, and how many were left out."""
    over = {**ITEM, "number": "RO-18", "left": "", "over": "1 час", "kind": "after", "late": True, "client": ""}
    letter = paragraphs(Purpose.REMINDER, items=[over, ITEM], more=2, role="head")
    assert letter[:4] == [
        "Сроки, о которых следует знать руководителю, в порядке очереди:",
        f"RO-18: Не печатает Срок ответа истёк 1 час назад, был до {TERM} Исполнитель: Иван Напоминание отправлено с опозданием",
        f"RO-17: Не печатает Срок ответа через 30 минут: до {TERM} ООО «Ромашка», уровень Базовый Исполнитель: Иван",
        "В это письмо не поместилось: 2 срока.",
    ]


def test_a_reminder_at_the_term() -> None:
    """The term is not "until" any more: it is now."""
    letter = paragraphs(Purpose.REMINDER, items=[{**ITEM, "left": "", "kind": "term", "threshold": "0"}], role="head")
    assert f"Срок ответа наступил: {TERM} ООО" in " ".join(letter)


def test_receipts() -> None:
    """Every command with what became of it, and whether the customer got anything."""
    lines = [
        {"command": "взять", "done": True, "text": "никто → Иван"},
        {"command": "продлить", "done": False, "text": "срок уже прошёл"},
    ]
    letter = paragraphs(Purpose.RECEIPT, lines=lines, answered=True, help=["взять", "ждать"])
    assert letter[1] == (
        "Обращение ACME-1042: Не печатает <принтер> Сделано: взять (никто → Иван) "
        "Не сделано: продлить (срок уже прошёл) Остальной текст вашего письма отправлен клиенту."
    )
    assert letter[2] == "Такие команды понятны: взять ждать"
    assert "Клиенту ничего не отправлено." in say(Purpose.RECEIPT, lines=lines, answered=False).text


def test_what_an_agent_sees_first() -> None:
    """Who writes, for whom, until when, and where in the queue, before the customer's words."""
    letter = say(
        Purpose.NOTIFICATION, client="ООО «Ромашка»", level="Базовый", standing="served",
        terms=[
            {"what": "started", "due": TERM, "left": "", "over": "2 часа", "passed": True},
            {"what": "started", "due": TERM, "left": "", "over": "", "passed": True},
            {"what": "answered", "due": TERM, "left": "4 часа", "over": "", "passed": False},
            {"what": "resolved", "due": TERM, "left": "", "over": "", "passed": False},
        ],
        queue=(3, 12), coupon="valid", coupon_code="…9TR5", quota={"limit": 50, "number": 51, "offer": ""},
    ).text  # fmt: skip
    assert letter.split("\n\n")[1].splitlines() == [
        "Новое обращение ACME-1042: Не печатает <принтер>",
        "От: anna@example.com",
        "Клиент: ООО «Ромашка», уровень Базовый",
        f"Приступить до {TERM} (просрочено на 2 часа)",
        f"Приступить до {TERM} (срок наступил)",
        f"Ответить до {TERM} (через 4 часа)",
        f"Решить до {TERM}",
        "Место в очереди: 3 из 12",
        "Купон …9TR5: действует",
        "Обращение № 51 в текущем месяце, в обслуживание входит: 50",
    ]


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("unknown", "Клиент не опознан"),
        ("conflict", "Кто клиент, неясно"),
        ("suspended", "Обслуживание клиента приостановлено"),
        ("expired", "Договор клиента закончился"),
        ("not-yet-valid", "Договор клиента ещё не начался"),
        ("level-unknown", "Уровень клиента не описан в конфигурации"),
    ],
)
def test_an_agent_is_told_of_every_standing(standing: str, said: str) -> None:
    """A person decides, so a person must see it."""
    assert said in say(Purpose.NOTIFICATION, standing=standing).text.splitlines()


def test_an_agent_is_told_of_doubts_with_their_evidence() -> None:
    """Several clients, several requests: what speaks for it, in the customer's own words."""
    letter = say(Purpose.NOTIFICATION, several=["1. Не печатает", "2. Нужен доступ"], conflict=["купон …9TR5: Лютик"])
    blocks = letter.text.split("\n\n")
    assert "купон …9TR5: Лютик" in blocks[2]
    assert blocks[3].splitlines()[0] == "Похоже, в письме несколько вопросов. Обращение пока одно:"
    assert blocks[3].splitlines()[1:3] == ["1. Не печатает", "2. Нужен доступ"]


@pytest.mark.parametrize(
    ("notice", "said", "then"),
    [
        ("solved", "Клиент пишет, что ему помог готовый ответ: Бумага", "Обращение закрыто."),
        ("agreed", "Клиент согласен на платную работу: Бумага", "Можно приступать."),
        ("declined", "Клиент отказался от платной работы: Бумага", "Обращение закрыто."),
    ],
)
def test_what_a_customer_has_settled(notice: str, said: str, then: str) -> None:
    """What it means comes first, their own words after it."""
    letter = say(Purpose.NOTIFICATION, notice=notice, detail="Бумага", text="Да, спасибо").text
    assert f"{said}\n{then}\n\nОт: anna@example.com\n\nДа, спасибо\n" in letter


def test_what_did_not_come_about() -> None:
    """A customer given up with what they owe; an offer and a request that did not arrive, with the server's words."""
    asked = ["номер версии"]
    letter = say(Purpose.NOTIFICATION, notice="given-up", asked=asked, text="").text
    assert "Клиент так и не ответил, поэтому обращение закрыто.\n\nЕго просили прислать:\n– номер версии\n" in letter
    letter = say(Purpose.NOTIFICATION, notice="not-offered", detail="550 no", text="").text
    assert "Предложение платной работы клиенту не доставлено: 550 no\n" in letter
    letter = say(Purpose.NOTIFICATION, notice="not-passed", detail="550 no", unit="Разработка", text="").text
    assert "Обращение не передано (Разработка), письмо не доставлено: 550 no\n" in letter


def test_what_the_rules_made_of_it() -> None:
    """What was decided stands with what is known; what is proposed says how to confirm it, and that nobody was told."""
    letter = say(
        Purpose.NOTIFICATION, category="Печать", severity="Высокая", assigned="Иван", team="Линия", unit="Склад",
        offer={"name": "Выезд", "price": "1 500 ₽", "state": "accepted"}, tags=["печать", "срочно"], hints=["угроза: «в суд»"],
        proposed={"name": "Чужая программа", "effect": "postpone", "command": "#отложить"},
        asked=["номер"], faq=["Бумага"],
    ).text  # fmt: skip
    blocks = [block.splitlines() for block in letter.split("\n\n")]
    assert blocks[1][2:] == [
        "Вид обращения: Печать", "Критичность: Высокая", "Исполнитель: Иван", "Команда: Линия", "Передано: Склад",
        "Платная работа: Выезд (клиент согласен), 1 500 ₽", "Метки: печать, срочно",
    ]  # fmt: skip
    assert blocks[2] == [
        "По правилам здесь предлагается отложить обращение: Чужая программа",
        "Клиент об этом не знает. Если вы согласны, ответьте на это письмо строкой «#отложить», если нет, строкой «#обслужить».",
    ]
    assert blocks[3:6] == [
        ["Обратите внимание:", "угроза: «в суд»"],
        ["Клиента попросили прислать:", "– номер"],
        ["Клиенту предложены готовые ответы:", "– Бумага"],
    ]
    assert blocks[6][-2:] == ["Письмо клиента:", "Не печатает"]


# ── to nobody ────────────────────────────────────────────────────────────────────────────────────────────────────────

EVIL = "<script>alert(1)</script>"
CHOICES = frozenset(
    {
        "notice",
        "doubt",
        "kind",
        "standing",
        "coupon",
        "role",
        "what",
        "page",
        "missing",
        "token",
        "why",
        "state",
        "effect",
        "noticed",
        "daily",
        "by",
    }
)


def poisoned(value: object) -> object:
    if isinstance(value, str):
        return value and EVIL
    if isinstance(value, Mapping):
        return {key: inner if key in CHOICES else poisoned(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [poisoned(inner) for inner in value]
    return value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", Purpose)
def test_no_value_becomes_a_tag(language: str, purpose: Purpose) -> None:
    """Whatever a customer, an agent or an import put into any value, a mail client shows it as characters."""
    seen = False
    for words in sample_words(purpose):
        html = LANGUAGES[language].render(purpose, poisoned(words)).html  # type: ignore[arg-type]  # a mapping again
        assert "<script" not in html
        seen |= "&lt;script" in html
    assert seen
