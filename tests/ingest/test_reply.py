"""The new words of a letter: none of them lost, the quote and the signature hidden where they plainly are ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.reply import REPLY_MARKER_PREFIX, Part, is_forwarded, new_text, read_reply, read_text
from maild.model import Message
from tests.ingest.clients_lines import ATTRIBUTIONS, FORWARDS, HEADERS, MOBILE, UNMISTAKABLE
from tests.pace import find_growth

MARKER = f"{REPLY_MARKER_PREFIX}Ответ выше этой строки уйдёт клиенту -##"
WORDS = "Спасибо, теперь всё работает!\nИван"
QUOTED = "> Здравствуйте!\n>\n> Какая версия?"


def parts(text: str) -> list[Part]:
    return [hidden.part for hidden in read_text(text).hidden]


# ── quotes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["tight", "blank"])
def test_attribution_above_marked_lines(attribution: str, gap: str) -> None:
    """What the client wrote above the quote goes with it, in every client's and language's way."""
    assert new_text(f"{WORDS}{gap}{attribution}{gap}{QUOTED}\n") == WORDS


@pytest.mark.parametrize("client", UNMISTAKABLE)
def test_attribution_above_a_quote_that_lost_its_marks(client: str) -> None:
    """An attribution that no person writes is enough."""
    assert new_text(f"{WORDS}\n\n{ATTRIBUTIONS[client]}\n\nЗдравствуйте!\nКакая версия?\n") == WORDS


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["tight", "blank"])
def test_copied_header_above_a_quote(header: str, gap: str) -> None:
    """A copy of the header is enough, whatever stands above and below it."""
    assert new_text(f"{WORDS}{gap}{header}{gap}Здравствуйте!\nКакая версия?\n") == WORDS


def test_a_header_without_a_date_is_cut_of_an_agents_answer() -> None:
    """A customer who shows what a machine sent wants it read; what an agent's client may have quoted, no customer sees."""
    text = f"{WORDS}\n\nFrom: root@mail.client.example\nTo: root@mail.client.example\nSubject: Cron\n\ntar: failed"
    assert new_text(text) == text
    assert read_text(text, strict=True).text == WORDS


@pytest.mark.parametrize("mark", ["> ", ">", "> > ", ">>> ", "| ", " > ", ">\u00a0", "\u200e> "])
def test_marks(mark: str) -> None:
    """Every style of marks, and several levels of them."""
    quote = f"{mark}первое\n{mark}\n{mark}> второе\n{mark}"
    assert new_text(f"{WORDS}\n\n12.11.2026 10:15, Анна пишет:\n{quote}") == WORDS
    assert new_text(f"{WORDS}\n\n{quote}") == WORDS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Да.\n\n- Le 2026-11-12 10:15, Anne a écrit :\n", id="no quote below"),
        pytest.param(f"Да.\n\nACME пишет:\n{MARKER}\nx", id="our marker below"),
        pytest.param("Да.\n\n12.11.2026, 10:15, А <a@client.example>:\n\nВерсия?\n\n9:40, Б пишет:\n> Привет", id="a quote within"),
        pytest.param("Да.\n\n> Это\n> Версия:", id="a mark and a colon"),
        pytest.param("Да.\n\ntir. 18. apr. 2026 kl. 13:09 skrev Anna <anna@client.example\n>:\n\n> Ok", id="no mark but a bracket"),
        pytest.param("Да.\n\nОтправлено с моего устройства Android с помощью K-9 Mail. Прошу\nпростить за краткость.", id="wrapped mobile signature"),
    ],
)  # fmt: skip
def test_what_is_hidden_beside(text: str) -> None:
    """Odds and ends of clients."""
    assert new_text(text) == "Да."


def test_marks_of_the_bat() -> None:
    """Initials are marks below an attribution, and nowhere else."""
    quote = "АП> Какая версия?\nАП>\nАП>> Не печатает."
    assert new_text(f"2.0\n\nВы писали 12 ноября 2026 г., 10:15:45:\n\n{quote}") == "2.0"
    inline = f"Вы писали 12 ноября 2026 г., 10:15:45:\n\n{quote}\n\nВключите его."
    assert new_text(inline) == inline
    assert new_text("Запускаю:\nPS> Get-Printer\nPS> exit") == "Запускаю:\nPS> Get-Printer\nPS> exit"
    assert new_text("Запускаю\nPS> Get-Printer") == "Запускаю\nPS> Get-Printer"


def test_a_wrapped_line_of_a_quote_is_the_quotes() -> None:
    """What did not fit into a marked line lost its mark on the way; an answer between the lines has other looks."""
    long = "> Здравствуйте! Сообщите, пожалуйста, какая у вас версия программы и где"
    assert new_text(f"2.0\n\n12.11.2026 10:15, Анна пишет:\n{long}\nустановлена.\n> Анна") == "2.0"
    answered = f"2.0\n\n12.11.2026 10:15, Анна пишет:\n{long}\nВ бухгалтерии.\n> Анна"
    assert new_text(answered) == answered.removesuffix("\n> Анна")


@pytest.mark.parametrize(
    "marker", [MARKER, f"> {MARKER}", f">> {MARKER}", f"| {MARKER}", f" \u00a0{MARKER}", f"> *{MARKER}*"]
)
def test_marker(marker: str) -> None:
    """Our marker line ends the answer, however it was quoted, and its attribution goes with it."""
    assert new_text(f"Да.\n\n{marker}\nвсё остальное\nбез отметок") == "Да."
    assert new_text(f"Да.\n\n12.11.2026 10:15, ACME пишет:\n{marker}\nвсё остальное") == "Да."


# ── answers in the quote ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("> Версия?\n2.0\n> Система?\nЛинукс", "> Версия?\n2.0\n> Система?\nЛинукс", id="between the lines"),
        pytest.param("12.11.2026 10:15, Анна пишет:\n> Версия?\n2.0", "12.11.2026 10:15, Анна пишет:\n> Версия?\n2.0", id="below"),
        pytest.param("А пишет:\n> Версия?\n2.0\n> Анна", "А пишет:\n> Версия?\n2.0", id="the rest of the quote goes"),
        pytest.param("Пишу ниже.\n\nА пишет:\n> Версия?\n\n2.0\n\n-- \nИван", "Пишу ниже.\n\nА пишет:\n> Версия?\n\n2.0", id="with a signature"),
        pytest.param("От: А <a@client.example>\nДата: 12.11.2026\nТема: x\n\n> Версия?\n2.0", "От: А <a@client.example>\nДата: 12.11.2026\nТема: x\n\n> Версия?\n2.0", id="below a header"),
        pytest.param("Да.\n\n> De : A <a@client.example>\n> A : b\n> Objet : x\n>\n> Version ?\n2.0", "Да.\n\n> De : A <a@client.example>\n> A : b\n> Objet : x\n>\n> Version ?\n2.0", id="below a marked header"),
        pytest.param('Привет.\n\n12.11.2026, 10:15, "А" <a@client.example>:\n\nТут отвечу: 2.0\n> Версия?', 'Привет.\n\n12.11.2026, 10:15, "А" <a@client.example>:\n\nТут отвечу: 2.0\n> Версия?', id="words, and between attribution and quote"),
        pytest.param('12.11.2026, 10:15, "А" <a@client.example>:\n\nТут отвечу: 2.0\n> Версия?', '12.11.2026, 10:15, "А" <a@client.example>:\n\nТут отвечу: 2.0\n> Версия?', id="between attribution and quote"),
    ],
)  # fmt: skip
def test_answers_in_the_quote_stay_where_they_are(text: str, shown: str) -> None:
    """With the lines they answer; what is quoted below the last answer is hidden."""
    assert new_text(text) == shown


@pytest.mark.parametrize(
    "pointer",
    ["Ответы ниже красным.", "Мои комментарии в тексте письма", "Відповіді нижче, червоним", "See my answers inline.", "My comments are below in red", "Antworten unten im Text"],
)  # fmt: skip
def test_words_that_point_into_the_quote_show_it(pointer: str) -> None:
    """Outlook's quotes have no marks, and the answers in them no looks: the quote stays."""
    text = f"{pointer}\n\n{HEADERS['Outlook ru']}\n\nКакая версия? 2.0"
    assert new_text(text) == text
    assert "the words above say" in read_text(text).evidence[0]


# ── signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────

SIGNATURES = {
    "RFC 3676": "-- \nАнна Петрова\nотдел продаж, всегда рядом!",
    "RFC 3676, one name": "-- \nАнна",
    "Mail.ru": "--\nАнна Петрова",
    "Mail.ru, closing": "--\nС уважением,\nАнна Петрова",
    "The Bat!": "-- \nС уважением,\n Анна                          mailto:anna@client.example",
    "a dash": "—\nАнна Петрова\nГлавный бухгалтер\n\n@anna_petrova",
    "underscores": "___\nАнна Петрова\nООО «Ромашка»",
    "closing": "С уважением,\nАнна Петрова\nбухгалтер ООО «Ромашка»\nтел. +7 900 000-00-00",
    "closing in one line": "С уважением, Анна Петрова, +7 900 000-00-00",
    "closing, company": "С уважением,\nПетрова Анна Ивановна\nООО «Ромашка»",
    "closing, office": "С наилучшими пожеланиями,\nАнна Петрова,\nведущий специалист отдела закупок\n\nМоб.: 8 (900) 000-00-00\nE-mail: anna@client.example\nwww.client.example",
    "closing uk": "З повагою,\nОлена Коваль\nТОВ «Ромашка»\nтел. +380 44 000 00 00",
    "closing en": "Best regards,\n\nAnna Petrova\nSales Manager | Acme Ltd.\nM: +44 20 7946 0000",
    "closing de": "Mit freundlichen Grüßen\nAnna Petrova\nAcme GmbH\nTel.: +49 30 0000000",
    "closing fr": "Cordialement,\nAnne Petit\nTél. : +33 1 00 00 00 00",
    "closing pl": "Pozdrawiam\nAnna Nowak\ntel. 600 000 000",
    "closing es": "Saludos cordiales,\nAna Pérez\nTel. +34 900 000 000",
    "closing it": "Cordiali saluti\nAnna Rossi\nTel. +39 06 0000000",
    "a dash and a name": "-Anna Petrova",
    "two": "С уважением,\nАнна\n+7 900 000-00-00\n\n-- \nОтправлено с iPhone",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
@pytest.mark.parametrize(
    "below", ["", f"\n\n12.11.2026 10:15, Анна пишет:\n{QUOTED}"], ids=["at the end", "above a quote"]
)
def test_signatures(signature: str, below: str) -> None:
    """A client's delimiter, or a closing with an office, a company or a telephone."""
    assert new_text(f"{WORDS}\n\n{signature}{below}\n") == WORDS
    assert Part.SIGNATURE in parts(f"{WORDS}\n\n{signature}{below}")


@pytest.mark.parametrize("line", MOBILE)
@pytest.mark.parametrize(
    "below", ["", f"\n\n12.11.2026 10:15, Анна пишет:\n{QUOTED}"], ids=["at the end", "above a quote"]
)
def test_mobile_signatures(line: str, below: str) -> None:
    """Telephones sign in the language of their owner."""
    assert new_text(f"{WORDS}\n\n{line}{below}\n") == WORDS
    assert Part.MOBILE_SIGNATURE in parts(f"{WORDS}\n\n{line}{below}")


DISCLAIMERS = {
    "ru": "Настоящее сообщение и вложения конфиденциальны и предназначены только адресату. Если вы получили его по ошибке, удалите его и уведомите отправителя.",
    "ru, attention": "ВНИМАНИЕ! Это электронное сообщение может содержать конфиденциальную информацию.\nЕсли вы не являетесь получателем, его копирование и распространение запрещены.",
    "ru, information": "Информация, содержащаяся в этом письме, является конфиденциальной и предназначена исключительно адресату. Любое её раскрытие без разрешения отправителя запрещено.",
    "uk": "Це повідомлення є конфіденційним і призначене лише для одержувача. Якщо ви отримали його помилково, видаліть його та повідомте відправника.",
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received it in error, please notify the sender and delete it.",
    "en, in paragraphs": "DISCLAIMER\n\nThe information contained in this message is confidential and may be legally privileged.\n\nIf you are not the intended recipient, any disclosure or copying is prohibited.\n\nThis email has been scanned for viruses by Acme.",
    "de": "Diese E-Mail enthält vertrauliche Informationen und ist nur für den Empfänger bestimmt. Wenn Sie sie irrtümlich erhalten haben, löschen Sie sie bitte und informieren Sie den Absender.",
    "fr": "Ce message est confidentiel et destiné exclusivement à son destinataire. Si vous l'avez reçu par erreur, merci de le détruire; toute divulgation est interdite.",
    "pl": "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata. Jeśli nie są Państwo jej odbiorcą, jej kopiowanie jest zabronione.",
    "scanner": "Это сообщение проверено на вирусы антивирусом Avast.\nwww.avast.com",
    "of the woods": "Прежде чем распечатать это письмо, подумайте об окружающей среде!",
    "of the woods, en": "Please consider the environment before printing this e-mail.",
    "with its company": "Это сообщение конфиденциально и предназначено только адресату; если вы получили его по ошибке, удалите его.\n\nООО «Ромашка», тел. +7 900 000-00-00",
    "mailing list": "_______________________________________________\nhelp mailing list\nhelp@lists.client.example\nhttps://lists.client.example/mailman/listinfo/help",
    "framed": "----------------------------------------\nThis message is confidential and intended for the addressee only; if received in error, please delete it and notify us.\n----------------------------------------",
}


@pytest.mark.parametrize("disclaimer", DISCLAIMERS.values(), ids=DISCLAIMERS.keys())
def test_disclaimers(disclaimer: str) -> None:
    """A lawyer's paragraph at the end, also below a signature."""
    assert new_text(f"{WORDS}\n\n{disclaimer}\n") == WORDS
    assert new_text(f"{WORDS}\n\n-- \nАнна\n\n{disclaimer}\n") == WORDS
    assert Part.DISCLAIMER in parts(f"{WORDS}\n\n{disclaimer}")
    middle = f"{WORDS}\n\n{disclaimer}\n\nВот что стоит в их письмах, и это странно."
    assert new_text(middle) == middle


# ── what people write ────────────────────────────────────────────────────────────────────────────────────────────────

PEOPLES = [
    # like an attribution
    "12.11.2026 он написал:\nпозвоните завтра.\nНикто не позвонил!",
    "Жду ответа.\n12.11.2026 оператор мне написал:\nпозвоните завтра.",
    "Жду ответа.\n12.11.2026 он написал:\n> позвоните завтра.",
    "Жду ответа.\n12.11.2026 в 10:15 ваш оператор мне написал:\n> позвоните завтра.",
    "Жду.\n12.11.2026 в 10:15 Иван Петров написал:\nПозвоните завтра.\nНикто не позвонил!",
    "Вопрос.\nПрошу ответить Иванову <ivanov@client.example>:\n- первое\n- второе",
    "Вопрос.\n12.11.2026 отправили письмо Иванову <ivanov@client.example>:\n- акт\n- счёт",
    "Вопрос.\nВчера 12.11.2026 в 10:00 отправил письмо на адрес support@acme.example:\nответа нет",
    "Вопрос.\nОшибка появилась 12.11.2026 в 10:00:\nошибка 500",
    "Вопрос.\nИван написал так:\n- первое\n- второе",
    "Вопрос.\nВы писали:\nчто всё работает, а оно нет",
    "Вопрос.\nВы писали 12 ноября, что всё исправили:\nне исправили",
    "Не работает.\n2026-11-12 10:15:45 ERROR anna@client.example:\nmailbox full",
    "Не уходит.\n<anna@client.example>: host mx.client.example[192.0.2.7] said: 550 5.1.1 <anna@client.example>:\nRecipient address rejected",
    "Thanks.\nOn Monday 12/11/2026 our manager wrote:\ncall tomorrow",
    "Вопрос.\nАнна Петрова <anna@client.example> пишет:\nнет доступа",
    "Вопрос.\nПишет Анна <anna@client.example>:\nнет доступа",
    "Вопрос.\nДоступ для:\nАнна Петрова <anna@client.example>:\nпароль новый",
    "Вопрос.\nНачиная с 12.11.2026, 10:15, ящик <anna@client.example>:\n- не принимает\n- не шлёт",
    # like a mark
    "Холодно\n> 30 градусов",
    "Передайте Анне <anna@client.example>:\n> срочно",
    "Программа пишет:\n> Ошибка 500",
    "Не работает. Сегодня в 10:15 программа пишет:\n> Ошибка 500\n> Нет доступа",
    "Вот что выдаёт:\n\n> npm install\n> error 404",
    "Вот что ответил ваш оператор:\n\n12.11.2026, 10:15, ACME <support@acme.example>:\n> позвоните завтра",
    "Разница:\n1c1\n< старое\n---\n> новое",
    "Разница\n1c1\n< старое\n---\n> новое",
    "| Номер | Сумма |\n|---|---|\n| 1 | 100 |",
    "Таблица\n\n| Номер | Сумма |\n| 1 | 100 |",
    # like a header
    "Заявка\nФИО: Иванов\nТелефон: +7 900\nОт: отдел продаж\nТема: принтер\nДата: 12.11.2026 10:15",
    "Заявка\n\nТема: принтер\nДата: 12.11.2026 10:15\nОт: отдел продаж",
    "Рейс\n\nОт: Москва\nДо: Тверь\nДата: 12.11.2026 10:15\nКопия: паспорт",
    "Вопрос\n-----Original Message-----\nэто что за строка?",
    "От: меня\nпривет",
    "Вопрос.\nОт: меня\nКому: вам\nпривет",
    "Прошу доставить\nОт кого: ООО Ромашка\nКому: ООО Лютик\nДата: 12.11.2026\nТема: поставка\n\nСрочно!",
    "Где груз?\nОтправитель: ООО Ромашка\nПолучатель: ООО Лютик\nОтправлено: 12.11.2026\nНе пришёл.",
    "Пересылаю, что пришло от них:\n\nОт: Анна <anna@client.example>\nОтправлено: 12 ноября 2026 г. 10:15\nКому: Иван\nТема: Счёт\n\nОплатите!",
    "Это спам?\nReceived: from mx.client.example\nFrom: Anna <anna@client.example>\nTo: support@acme.example\nSubject: x\nMIME-Version: 1.0\n\nтекст",
    "Не уходит.\n\n----- Original message -----\n\nReceived: by mx.client.example\nDate: x\nFrom: a@client.example\n\nПочему?",
    "Поля\n* From: anna@client.example\n* To: boris@client.example\n* Subject: x\nчто в них писать?",
    # like a signature
    "Нужно\n-- стул\n-- стол",
    "Нужно купить\n--\nстул для бухгалтера\nстол",
    "Итого\n-- 100 руб",
    "Первое\n--\nВторое: пришлите акт",
    "Первое\n\n---\n\nВторое",
    "Заголовок\n-----\nтекст\n-----\nещё текст",
    "Смотрите\n___\nсм. выше",
    "Смотрите\n___\nвыше",
    "Смотрите\n--\n\nвыше",
    "Не могу отписаться.\n\nПробую через mailing list, там пишут unsubscribe",
    "Смотрите.\n--\nчерта без пробела",
    "Позвоните клиенту\n--\nИванов Иван Иванович\n+7 900 000-00-00\nон ждёт до обеда",
    "Что привезти\n\n-Принтер Canon\n-Тонер Brother",
    "Что привезти\n\n-Тонер Brother\n\n-Принтер Canon",
    "Вопрос.\n-Принтер Canon",
    "Вопрос.\n\n-Принтер не печатает",
    "Нужен вот такой:\n\n-Принтер Canon",
    "Вопрос.\n\nС уважением отношусь к вашей работе, но +7 900 000-00-00 не отвечает",
    "Вопрос.\n\nС уважением,\nАнна",
    "Вопрос.\n\nС уважением, Анна Петрова",
    "Вопрос.\n\nС уважением,\nАнна\n+7 900 000-00-00\n\nP.S. Забыла: принтер Canon.",
    "Вопрос.\n\nС уважением,\nАнна\n+7 900 000-00-00\nЗаявка 4512 очень срочная",
    "Вопрос.\n\nС уважением,\nАнна\nГлавный бухгалтер уволен!",
    "Вопрос.\n\nС уважением,\nАнна\nдоступ нужен сегодня вечером новому сотруднику anna@client.example",
    "Мой телефон в подписи.\n\n-- \nАнна\n+7 900 000-00-00",
    "Вопрос.\n-- \nАнна\n\nДа, и ещё: не печатает второй принтер, посмотрите, пожалуйста!",
    "Вопрос.\n-- \nАнна\n\nДа и ещё не печатает второй принтер",
    "Вопрос.\n\nLähetetty eilen",
    "Контакты\nИванов Иван, +7 900 000-00-00",
    # like a mobile signature
    "Отправлено с моего телефона, поэтому кратко: принтер не печатает.",
    "Счёт не пришёл.\n\nОтправлено с моего склада вчера",
    "Письмо ушло.\n\nОтправлено с телефона вчера в обед",
    "Груз выехал.\n\nОтправлено из Москвы Почтой России",
    "Позвоните.\n\nОтправлено с телефона 89160000000",
    "Груз.\n\nВідправлено з Нової Пошти",
    "Question.\n\nSent from my desk, is much easier than my mobile phone.",
    "Question.\n\nSent from my iPhone yesterday",
    "Загрузить Outlook для Android не получается",
    "Готово.\n\nОтправлено с iPhone. Завтра перезвоню",
    "Готово.\n\nОтправлено с iPhone: Фото, Чек",
    # like a disclaimer
    "Вопрос.\n\nЭто сообщение конфиденциально, поэтому пишу только вам: у нас уволили главного бухгалтера, закройте ей доступ сегодня.",
    "Вопрос.\n\nЭто сообщение конфиденциально, адресат его удалит, получатель тоже.",
    "Вопрос.\n\nЭто сообщение предназначено получателям накладной, отправитель просит распространить его среди адресатов как можно шире.",
    "Вопрос.\n\nПрошу это письмо считать конфиденциальным и не показывать получателям рассылки, удалите его после прочтения, отправитель просит.",
    "Вопрос.\n\nВажно! Накладная отправлена получателю по ошибке, удалите её, пожалуйста, и уведомите отправителя, иначе запретят отгрузку.",
    "Вопрос.\n\nЭто сообщение предназначено только для бухгалтера.",
    "Вопрос.\n\nБез вирусов работает? А с вирусами?",
    "Вопрос.\n\nЭто письмо пришло к нам по ошибке, оно конфиденциально и предназначено другому адресату, что делать?",
    "Вопрос.\n\nЭто письмо пришло мне по ошибке, оно конфиденциально и предназначено другому адресату, отправитель не отвечает.",
    # like a copied header
    "Каждую ночь приходит такое, что это?\n\nFrom: root@mail.client.example\nTo: root@mail.client.example\nSubject: Cron <root@mail> backup\n\ntar: /var: Cannot open\n\nКопий нет неделю.",
    "Это вы прислали?\n\nОт: Поддержка <no-reply@acme-help.example>\nКому: anna@client.example\nТема: Ваш пароль истекает\n\nПерейдите по ссылке.",
    # like a footer, and what an invoice is paid to
    f"Уберите из наших писем вот что:\n\n{DISCLAIMERS['ru']}",
    "Уберите у всех эту строку:\n\nОтправлено из Почты для Windows",
    "Смените реквизиты на эти.\n\nС уважением,\nАнна Петрова\nООО «Ромашка», тел. +7 900 000-00-00\nр/с 40702810000000000000\nБИК 044525000",
    "Прошу доставить.\n\nС уважением,\nАнна Петрова\n\nНовый адрес: г. Казань, ул. Баумана, 10, офис 3",
    "Вот страница с ошибкой:\n--\nhttps://acme.example/catalog/item?id=5",
    "Где теперь это меню? Раньше было тут\n\n> Настройки > Безопасность > Пароли",
    # like our marker
    "Текст про ##- решётки внутри строки",
]  # fmt: skip


@pytest.mark.parametrize("text", PEOPLES)
def test_words_of_people_stay(text: str) -> None:
    """Whatever only looks like a client's line is somebody's words, at the end of a letter and above a quote."""
    assert new_text(text) == text
    assert not read_text(text).nothing_new
    assert new_text(f"Здравствуйте.\n\n{text}\n\n12.11.2026, 10:15, Анна <anna@client.example>:\n{QUOTED}").startswith(
        f"Здравствуйте.\n\n{text}"
    )


@pytest.mark.parametrize(
    "text", [f"> {MARKER}\n> a", MARKER, "> только цитата", "-- \nАнна", "Отправлено с iPhone", "On 11/12/26 10:00, ACME wrote:\n> x",
             "On 11/12/26 10:00, ACME wrote:\n> x\n\n-- \nАнна\n\nОтправлено с iPhone", HEADERS["Outlook ru"]],
)  # fmt: skip
def test_nothing_new_shows_everything(text: str) -> None:
    """A letter that would vanish as a whole shows as a whole, and says so."""
    reply = read_text(f"\n{text}\n\n")
    assert (reply.text, reply.nothing_new, reply.hidden) == (text, True, ())
    assert reply.finding().verdict == "nothing new, shown whole"


@pytest.mark.parametrize("text", ["", "\n\n", " \n\t"])
def test_empty(text: str) -> None:
    """Nothing is neither new nor hidden."""
    reply = read_text(text)
    assert (reply.text, reply.nothing_new, reply.forward) == ("", False, False)


# ── forwards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("head", FORWARDS.values(), ids=FORWARDS.keys())
@pytest.mark.parametrize("above", ["Посмотрите, пожалуйста.\n\n", ""], ids=["with words", "without"])
def test_a_forwarded_letter_is_shown(head: str, above: str) -> None:
    """The words above it and all of it: quotes and signatures in it are what the author wants to be read."""
    passed_on = (
        f"{head}\n\nСчёт не пришёл.\n\n-- \nАнна\n\n12.11.2026, 9:00, ACME <support@acme.example>:\n> Отправили."
    )
    reply = read_text(above + passed_on)
    assert (reply.text, reply.forward, reply.nothing_new) == (above + passed_on, True, False)
    assert is_forwarded(passed_on)
    signed = read_text(f"Посмотрите.\n\n-- \nИван\n+7 900 000-00-00\n\n{passed_on}")
    assert (signed.text, [h.part for h in signed.hidden]) == (f"Посмотрите.\n\n{passed_on}", [Part.SIGNATURE])


@pytest.mark.parametrize(
    ("subject", "forward"), [("FW: Счёт", True), ("Пересл: Счёт", True), ("[EXT] Fwd: Счёт", True), ("Re: FW: Счёт", False), ("Счёт", False)]
)  # fmt: skip
def test_outlook_forwards_with_the_header_of_an_answer(subject: str, forward: bool) -> None:
    """Only the subject tells which it is."""
    text = f"Посмотрите.\n\n{HEADERS['Outlook ru']}\n\nСчёт не пришёл."
    reply = read_reply(Message(subject=subject, text=text))
    assert (reply.forward, reply.text) == (forward, text if forward else "Посмотрите.")


def test_apple_mail_marks_what_it_forwards() -> None:
    """Its forward looks like a quote, and is what the author wants to be read."""
    text = f"Почему так?\n\n{_mark(FORWARDS['Apple Mail'], '> ')}\n>\n> Счёт не пришёл."
    assert (read_text(text).text, read_text(text).forward) == (text, True)


def test_a_forward_within_a_quote_is_no_forward() -> None:
    """The letter answers one that passed on another."""
    reply = read_text(f"Да.\n\n12.11.2026, 10:15, А <a@client.example>:\n> {FORWARDS['Gmail'].splitlines()[0]}\n> x")
    assert (reply.text, reply.forward) == ("Да.", False)


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_evidence() -> None:
    """`explain` tells what is hidden, from the top of the letter, with its length."""
    finding = read_text(f"Да.\n\n-- \nИван\nООО\n\nОтправлено с iPhone\n\nА пишет:\n{QUOTED}").finding()
    assert (finding.step, finding.verdict) == ("reply", "a part is hidden")
    assert finding.evidence == (
        "signature, 3 lines",
        "mobile signature, 1 line",
        "attribution, 1 line",
        "quote, 3 lines",
    )
    assert read_text("Да.").finding().verdict == "all of it is new"
    assert read_text("Да.").finding().evidence == ("neither a quote nor a signature was found",)
    assert read_text(FORWARDS["Gmail"]).finding().verdict == "forward, all of it is new"


# ── against an independent oracle ────────────────────────────────────────────────────────────────────────────────────

_word = st.text("абвгдежзиклмнопрстуфхцчшщыэюяabcdefghijklmnopqrstuvwxyz", min_size=4, max_size=10)
_sentence = st.builds(
    lambda words, end: f"{words[0].capitalize()} {' '.join(words[1:])}{end}",
    st.lists(_word, min_size=3, max_size=9),
    st.sampled_from([".", "!", "?"]),
)
_line = st.one_of(
    _sentence,
    _sentence.map("- {}".format),
    _sentence.map("1) {}".format),
    st.sampled_from(["Ошибка 12.11.2026 в 10:15: нет доступа.", "см. https://acme.example/a?b=1", "ИНН 7700000000, договор № 4-12/К.", "=5*(2+1)>3"]),
)  # fmt: skip
_words = st.lists(st.lists(_line, min_size=1, max_size=4).map("\n".join), min_size=1, max_size=4).map("\n\n".join)
_typed = st.sampled_from(["", "\n\nС уважением,\nАнна", "\n\nСпасибо!\nАнна Петрова", "\n\nBest regards,\nAnna"])
_signature = st.sampled_from(
    ["", *(text for text in SIGNATURES.values() if text[:2] != "-A"), *MOBILE[:40:7], *list(DISCLAIMERS.values())[:4]]
)
_letter_below = st.lists(
    st.one_of(_line, st.just(""), st.sampled_from([*ATTRIBUTIONS.values(), *HEADERS.values(), *SIGNATURES.values()])),
    max_size=6,
).map("\n".join)


def _mark(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}" for line in text.split("\n"))


_marked = st.builds(
    lambda head, gap, quoted, mark: f"{head}{gap}{_mark(quoted, mark)}",
    st.sampled_from(sorted(ATTRIBUTIONS.values())),
    st.sampled_from(["\n", "\n\n"]),
    _letter_below,
    st.sampled_from(["> ", ">", ">> "]),
)
_unmarked = st.builds(
    lambda head, quoted: f"{head}\n\n{quoted}",
    st.sampled_from([*HEADERS.values(), *(ATTRIBUTIONS[client] for client in UNMISTAKABLE)]),
    st.lists(_line, min_size=1, max_size=6).map("\n".join),
)


@given(_words, _typed, _signature, st.one_of(st.just(""), _marked, _unmarked), st.sampled_from(["", "\n", "\n\n"]))
def test_the_words_of_a_composed_letter_come_back(words: str, typed: str, signature: str, quote: str, end: str) -> None:
    """Words, a closing typed by hand, a signature, a quote in any client's way: the first two are what is new."""
    letter = "\n\n".join(filter(None, [words + typed, signature, quote])) + end
    reply = read_text(letter)
    assert reply.text == words + typed
    assert bool(reply.hidden) == bool(signature or quote)
    assert read_text(reply.text).text == reply.text


@given(
    st.lists(st.tuples(_sentence, _sentence), min_size=1, max_size=5),
    _sentence,
    st.sampled_from(sorted(ATTRIBUTIONS.values())),
)
def test_the_answers_of_a_composed_letter_come_back(answered: list[tuple[str, str]], rest: str, head: str) -> None:
    """Question and answer in turn: all of them stay, and what is quoted below the last goes."""
    inline = "\n".join(f"> {question}\n\n{answer}\n" for question, answer in answered)
    letter = f"Добрый день!\n\n{head}\n{inline}\n> {rest}\n"
    assert read_text(letter).text == letter.removesuffix(f"\n> {rest}\n").rstrip()


_ANY_LINE = st.one_of(
    st.text(max_size=60).map(lambda text: text.replace("\n", " ")),
    st.sampled_from(
        ["", "> цитата", "ACME пишет:", f"> {MARKER}", MARKER, "От: a", "Кому: b", "Тема: c", "____________", "-- ", "--", "С уважением,",
         "Анна Петрова", "+7 900 000-00-00", *MOBILE[:3], *ATTRIBUTIONS.values(), *HEADERS.values(), *FORWARDS.values(), *DISCLAIMERS.values()]
    ),
)  # fmt: skip


@given(st.lists(_ANY_LINE, max_size=20).map("\n".join), st.booleans(), st.booleans())
def test_nothing_is_invented(text: str, strict: bool, forwarded: bool) -> None:
    """Any text: every line of the result is a line of the text, in order; there is a result where there is a text."""
    reply = read_text(text, strict=strict, forwarded=forwarded)
    lines = iter(line.rstrip() for line in text.split("\n"))
    assert all(line.rstrip() in lines for line in reply.text.split("\n"))
    assert bool(reply.text) == bool(text.strip("\n").rstrip())
    assert reply.finding().evidence


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "newlines": "\n" * 12_500,
    "colons": "a:\n" * 12_500,
    "dates": "12.11.2026 x:\n" * 12_500,
    "attributions": "12.11.2026 10:15, Иван пишет:\n" * 12_500,
    "wrapped attributions": "On Thu, Nov 12, 2026 at 10:15 AM\n<a@client.example> wrote\n" * 6_250,
    "fields": "От: x\n" * 12_500,
    "headers": "From: a@client.example\nTo: b\nSubject: c\n> x\n" * 3_000,
    "quotes": ">\n" * 12_500,
    "spaced quotes": "> x\n\n\n" * 4_250,
    "a mark": ">" * 12_500,
    "levels": "\n".join("> " * level + "x" for level in range(2_500)),
    "signatures": "-- \nx\n" * 6_250,
    "closings": "С уважением,\nИван\n" * 6_250,
    "names": "Иван\n" * 12_500,
    "telephones": ("8 900 " * 20 + "\n") * 2_500,
    "mobile signatures": "Sent from my iPhone\n" * 12_500,
    "rules": "-----\n" * 12_500,
    "disclaimers": (DISCLAIMERS["ru"] + "\n\n") * 2_500,
    "footers": (DISCLAIMERS["mailing list"] + "\n\n") * 2_500,
    "separators": "-----Original Message-----\n> x\n" * 6_250,
    "one line": "12:00 @ пишет " * 175_000 + ":",
    "one line of quotation marks": '"' * 2_500_000 + ":",
    "marks": "* " * 50_000,
    "almost attributions": ("12.11 @ пишет" + "x " * 140 + ":\n") * 1_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_linear_time(text: str) -> None:
    """Four times as many lines or levels, or a line four times as long, take four times as long."""
    assert find_growth(new_text, text) == ""
