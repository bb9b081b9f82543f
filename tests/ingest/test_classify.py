"""Machines are recognised by more than one sign; people who write about machines stay people."""

import pytest

from maild.ingest.classify import OwnMail, classify, is_no_reply
from maild.ingest.parse import parse
from maild.model import Classification, Kind
from tests.pace import find_growth_between

OWN = OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="acme-7f3c")
ANSWER = "In-Reply-To: <t42.7@acme.example>"


def read(
    *headers: str, body: str = "Здравствуйте!", notifiers: frozenset[str] = frozenset(), form: str | None = None
) -> Classification:
    lines = ["From: Иван <ivan@client.example>", "Return-Path: <ivan@client.example>"]
    given = {line.partition(":")[0] for line in headers}
    kept = [line for line in lines if line.partition(":")[0] not in given]
    message = parse("\n".join([*kept, *headers, "", body, ""]).encode())
    return classify(message, OWN, notifiers=notifiers, form=form)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["Subject: Вопрос"], Kind.PERSON),
        (["Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["Auto-Submitted: AUTO-REPLIED (vacation)"], Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-replied; owner-email=a@x.example"], Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: auto-generated", "References: <t@acme.example>"], Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-notified"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: no"], Kind.PERSON),
        (["Auto-Submitted: no", "Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["Auto-Submitted:"], Kind.PERSON),
        (["X-Autoreply: yes"], Kind.AUTO_REPLY),
        (["X-Autorespond: Re: x"], Kind.AUTO_REPLY),
        (["X-Autoreply: no"], Kind.PERSON),
        (["X-Mail-Autoreply: yes"], Kind.AUTO_REPLY),
        (["X-Autoresponder: MDaemon"], Kind.AUTO_REPLY),
        (["X-Auto-Reply-From: support@x.example"], Kind.AUTO_REPLY),
        (["X-Yandex-Autoreply: yes"], Kind.AUTO_REPLY),
        (["X-Vacation: yes"], Kind.AUTO_REPLY),
        (["X-Yahoo-VacationResponse: 1"], Kind.AUTO_REPLY),
        (["X-Failed-Recipients: a@x.example"], Kind.DSN),
        (["X-Failed-Recipients: a@x.example", "User-Agent: Mozilla Thunderbird"], Kind.PERSON),
        (["Auto-Submitted: auto-generated", "Subject: Avtomatik cavab: Printer", "Thread-Topic: Printer"], Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-generated", "Subject: RE: Printer", "Thread-Topic: Printer"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: auto-generated", "Subject: Avtomatik cavab: Printer", "Thread-Topic: Other"], Kind.AUTO_GENERATED),
        (["Subject: Avtomatik cavab: Printer", "Thread-Topic: Printer"], Kind.PERSON),
        (["Auto-Submitted: auto-generated", "Subject: Fwd: Printer", "Thread-Topic: Printer"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: auto-generated", "Subject: Ответ: Printer", "Thread-Topic: Printer"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: auto-generated", "Subject: Printer:", "Thread-Topic:"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: auto-generated", "Subject: Автоответ: Заявка"], Kind.AUTO_REPLY),
        (["Auto-Submitted: auto-generated", "Subject: Вне офиса"], Kind.AUTO_REPLY),
        (["From: no-reply@x.example", "Subject: Автоответ: Заявка"], Kind.AUTO_REPLY),
        (["X-No-Auto-Reply: yes"], Kind.PERSON),
        (["X-Autoreply-Exclude: x"], Kind.PERSON),
        (["Delivered-To: Autoresponder"], Kind.AUTO_REPLY),
        (["X-FC-MachineGenerated: true"], Kind.AUTO_GENERATED),
        (["X-FC-MachineGenerated: true", ANSWER], Kind.AUTO_REPLY),
        (["X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"], Kind.AUTO_GENERATED),
        (["X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", ANSWER], Kind.AUTO_REPLY),
        (["X-FC-MachineGenerated: true", "Subject: Автоответ: Заявка"], Kind.AUTO_REPLY),
        (["X-FC-MachineGenerated: true", "Subject: Вне офиса"], Kind.AUTO_REPLY),
        (["Return-Path: <>", "Subject: Автоответ: Заявка"], Kind.AUTO_REPLY),
        (["Return-Path: <>", "Subject: Вне офиса"], Kind.AUTO_REPLY),
        (["Return-Path: <>", ANSWER, "RT-Ticket: x.example #1"], Kind.AUTO_GENERATED),
        (["Auto-Submitted: no", ANSWER, "Subject: Автоответ: Заявка"], Kind.PERSON),
        (["X-Loop: anna@x.example"], Kind.PERSON),
        (["X-Loop: anna@x.example", "Subject: Автоответ: Заявка"], Kind.AUTO_REPLY),
        (["Feedback-ID: 1.eu-west-1.x:AmazonSES"], Kind.PERSON),
        (["X-Zendesk-From-Account-Id: 1", ANSWER], Kind.AUTO_GENERATED),
        (["X-Zendesk-From-Account-Id: 1", ANSWER, "Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["X-Zendesk-From-Account-Id: 1", ANSWER, "Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["RT-Ticket: x.example #12", ANSWER, "Precedence: bulk"], Kind.AUTO_GENERATED),
        (["X-Mailer: OTRS Mail Service (6.0.30)", ANSWER, "Precedence: bulk"], Kind.AUTO_GENERATED),
        (["X-Powered-By: Zammad - Helpdesk/Support (https://zammad.org/)", ANSWER, "Precedence: bulk"], Kind.AUTO_GENERATED),
        (["X-Mailer: osTicket Mailer", ANSWER], Kind.AUTO_GENERATED),
        (["X-Freshdesk-Ticket-Id: 7", ANSWER], Kind.AUTO_GENERATED),
        (["X-JIRA-FingerPrint: 1", "Precedence: bulk"], Kind.LIST),
        (["X-GitHub-Reason: mention", "List-ID: acme/desk <desk.acme.github.com>", "Precedence: list"], Kind.LIST),
        (["X-GitLab-Project: desk", "Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["X-Mailer: iPhone Mail (20G75)", ANSWER], Kind.PERSON),
        (["X-Auto-Response-Suppress: All"], Kind.PERSON),
        (["X-Auto-Response-Suppress: All", "Subject: Automatic reply: x"], Kind.AUTO_REPLY),
        (["Precedence: auto_reply"], Kind.AUTO_REPLY),
        (["Precedence: bulk"], Kind.LIST),
        (["Precedence: bulk", "Subject: Автоответ: x"], Kind.AUTO_REPLY),
        (["Precedence: first-class"], Kind.PERSON),
        (["X-Autogenerated: Reply"], Kind.AUTO_REPLY),
        (["X-Autogenerated: Forward"], Kind.PERSON),
        (["X-POST-MessageClass: 9; Autoresponder"], Kind.AUTO_REPLY),
        (["Return-Path: <>"], Kind.AUTO_GENERATED),
        (["Return-Path: <>", "In-Reply-To: <t@acme.example>"], Kind.AUTO_REPLY),
        (["List-Id: <dev.lists.example>"], Kind.LIST),
        (["List-Id: <support.acme.example>"], Kind.PERSON),
        (["List-Id: <support@acme.example>"], Kind.PERSON),
        (["X-Mailing-List: <support@acme.example>"], Kind.PERSON),
        (["Mailing-List: list support@acme.example"], Kind.PERSON),
        (["List-Unsubscribe: <https://x.example>"], Kind.PERSON),
        (["List-Unsubscribe: <https://x.example>", "Feedback-ID: 1:x"], Kind.LIST),
        (["From: no-reply@x.example"], Kind.AUTO_GENERATED),
        (["List-Unsubscribe: <https://x.example>", "List-Post: <mailto:dev@x.example>"], Kind.LIST),
        (["From: Иван"], Kind.PERSON),
        (["From: noreply@x.example"], Kind.AUTO_GENERATED),
        (["From: jira-donotreply@x.example"], Kind.AUTO_GENERATED),
        (["From: noreply@x.example", "Reply-To: ivan@x.example"], Kind.PERSON),
        (["From: noreply@x.example", "Reply-To: noreply@x.example"], Kind.AUTO_GENERATED),
        (["From: noreen@x.example"], Kind.PERSON),
        (["From: replying@x.example"], Kind.PERSON),
        (["From: SUPPORT@Acme.example"], Kind.LOOP),
        (["X-Maild-Loop: acme-7f3c"], Kind.LOOP),
        (["X-Maild-Loop: other", "X-Maild-Loop: acme-7f3c"], Kind.LOOP),
        (["X-Maild-Loop: other"], Kind.PERSON),
        (["Reply-To: support@acme.example"], Kind.PERSON),
    ],
    ids=" | ".join,
)  # fmt: skip
def test_headers(headers: list[str], kind: Kind) -> None:
    """What each header field says, and what it does not."""
    assert read(*headers).kind == kind


@pytest.mark.parametrize(
    ("subject", "body", "kind", "alone"),
    [
        ("Автоответ: Заявка", "Я в отпуске до 20 ноября", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Автоматический ответ: Заявка", "Сейчас меня нет на рабочем месте", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("[Автоответ] Заявка", "Буду отсутствовать до 3 мая.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("[EXT] Автоответ: Заявка", "Буду отсутствовать до 3 мая.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("***SPAM*** Automatic reply: Ticket", "I am out of the office.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("[Автоответ] не работает", "Проверьте, почему не приходит автоответ.", Kind.PERSON, Kind.PERSON),
        ("Автоматична відповідь: Заявка", "Я у відпустці", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automatic reply: Ticket", "I am out of the office", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Out of Office AutoReply: Ticket", "I am away from my desk", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automatische Antwort: Ticket", "Ich bin nicht im Büro", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("AUTO: Anna Berg is out of the office (returning 05/01/2027)", "I am out of the office until 05/01.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Réponse automatique : ticket", "Je suis absent jusqu'au 3 mai.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Reponse automatique: ticket", "Je suis absent jusqu'au 3 mai.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("[Automatyczna odpowiedź] test", "Jestem na urlopie do 3 maja.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automatisch antwoord: ticket", "Ik ben afwezig tot 3 mei.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Autosvar: ärende", "Jag är på semester till 3 maj.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automaattinen vastaus: asia", "Olen lomalla 3.5. asti.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automatická odpověď: věc", "Jsem na dovolené do 3. května.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Automatikus válasz: ügy", "Szabadságon vagyok május 3-ig.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Otomatik yanıt: talep", "3 Mayıs'a kadar izindeyim.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Resposta automática: pedido", "Estou de férias até 3 de maio.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Risposta automatica: richiesta", "Sono in ferie fino al 3 maggio.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Respuesta automática: solicitud", "Estoy de vacaciones hasta el 3 de mayo.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Out of office", "I am on leave until Monday", Kind.AUTO_REPLY, Kind.AUTO_GENERATED),
        ("Нет на рабочем месте", "Я в отпуске до понедельника", Kind.AUTO_REPLY, Kind.AUTO_GENERATED),
        ("Fuera de la oficina: solicitud", "Estoy de vacaciones hasta el lunes", Kind.AUTO_REPLY, Kind.AUTO_GENERATED),
        ("Out of office", "Our calendar shows the wrong days.", Kind.PERSON, Kind.PERSON),
        ("Отпуск", "Я в отпуске до 20 ноября, отметьте у себя.", Kind.PERSON, Kind.PERSON),
        ("Автоответ не работает", "Я в отпуске, а автоответ не отправляется", Kind.PERSON, Kind.PERSON),
        ("Автоответ: Заявка", "Ваше обращение зарегистрировано.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Автоответ: Заявка", "Это письмо сформировано автоматически.", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Автоответ: Заявка", "Благодарим за обращение!", Kind.AUTO_REPLY, Kind.AUTO_REPLY),
        ("Автоответ: Заявка", "Принтер опять печатает чистые листы.", Kind.AUTO_REPLY, Kind.PERSON),
        ("Автоответ: Заявка", "Я в отпуске до 20 ноября.\n> Когда приедете?", Kind.AUTO_REPLY, Kind.AUTO_GENERATED),
        ("Автоответ: Заявка", "Я в отпуске до 20 ноября." + "\nПодробности." * 30, Kind.AUTO_REPLY, Kind.AUTO_GENERATED),
        ("Автоответ: не приходит клиентам", "Клиентам не приходит автоответ, проверьте.", Kind.PERSON, Kind.PERSON),
        ("Автоответчик: настройка", "Настройте, пожалуйста: «Я в отпуске до 20 ноября».", Kind.PERSON, Kind.PERSON),
        ("Out of office replies are sent twice", "My out of office message is sent twice", Kind.PERSON, Kind.PERSON),
        ("Автоматический ответ: Счёт", "Я в отпуске. Документы пришлите Ивановой: iv@x.example.", Kind.AUTO_REPLY, Kind.PERSON),
        ("Автоматический ответ", "Я в отпуске. Документы пришлите Ивановой: iv@x.example.", Kind.PERSON, Kind.PERSON),
        ("Автоответ: Счёт", "Я в отпуске с пятницы, включите автоответ.", Kind.PERSON, Kind.PERSON),
        ("Automatic reply setup: question", "I am out of the office next week, how do I set it up?", Kind.PERSON, Kind.PERSON),
        ("Re: Automatic reply: Ticket", "I am back from leave", Kind.PERSON, Kind.PERSON),
        ("Fwd: Автоответ: Заявка", "Он в отпуске, кому писать?", Kind.PERSON, Kind.PERSON),
        ("Заявка", "Я в отпуске, прошу перенести встречу", Kind.PERSON, Kind.PERSON),
    ],
)  # fmt: skip
def test_out_of_office_by_subject(subject: str, body: str, kind: Kind, alone: Kind) -> None:
    """A subject that only machines begin so counts over words that say no more; one that people write, in an answer."""
    assert read(f"Subject: {subject}", "References: <t@acme.example>", body=body).kind == kind
    assert read(f"Subject: {subject}", body=body).kind == alone


ABSENT = {
    "ru": "Здравствуйте!\n\nЯ в отпуске до 15 июля. По срочным вопросам прошу обращаться к Петру Орлову: orlov@client.example.\n\nАнна Берг",
    "ru-thanks": "Спасибо за письмо! Сейчас меня нет на рабочем месте, отвечу вам после 15 июля.",
    "ru-greeting": "Здравствуйте!\nСпасибо за письмо.\nЯ в отпуске до 15 июля.",
    "ru-trip": "Добрый день. Нахожусь в командировке с 1 по 5 июля, ограниченный доступ к почте. Срочные вопросы: +7 495 000-00-00",
    "ru-inclusive": "Добрый день! Я в отпуске с 1 по 15 июля включительно. По срочным вопросам обращайтесь к Петру Орлову.",
    "uk": "Вітаю!\nЯ у відпустці до 15 липня. З термінових питань звертайтеся до Петра Орленка.",
    "en": "Hello,\n\nI am out of the office until 15 July. For urgent matters please contact peter@client.example.\n\nAnna Berg",
    "en-limited": "Thank you for your email. I am currently out of the office with limited access to email.",
    "de": "Guten Tag,\nich bin im Urlaub bis 15.07. In dringenden Fällen wenden Sie sich bitte an Herrn Adler.",
    "de-inclusive": "Vielen Dank für Ihre Nachricht. Ich bin vom 01.07. bis einschließlich 15.07. im Urlaub.",
    "fr-one-line": "Bonjour, je suis absente jusqu'au 15 juillet. En cas d'urgence, merci de contacter Luc.",
    "fr": "Bonjour,\nJe suis en congés jusqu'au 15 juillet. En cas d'urgence, veuillez contacter Paul.",
    "es": "Hola,\nEstoy de vacaciones hasta el 15 de julio. Para asuntos urgentes puede contactar con Pablo.",
    "es-plural": "Estoy de vacaciones hasta el 15 de julio. Para urgencias contacten con Ana.",
    "it": "Buongiorno,\nsono in ferie fino al 15 luglio. Per urgenze contattare Paolo.",
    "pl": "Dzień dobry,\njestem na urlopie do 15 lipca. W pilnych sprawach proszę o kontakt z Pawłem.",
    "pt": "Olá,\nEstou de férias até 15 de julho. Em caso de urgência, contactar o Paulo.",
    "nl": "Hallo,\nIk ben met vakantie tot 15 juli. Voor dringende zaken kunt u contact opnemen met Piet.",
    "sv": "Hej,\nJag är på semester till den 15 juli. Vid brådskande ärenden kontakta Per.",
    "da": "Hej,\nJeg er på ferie til den 15. juli. Hvis det haster, kontakt venligst Per.",
    "no": "Hei,\nJeg er på ferie til 15. juli. Hvis det haster, kontakt Per.",
    "fi": "Hei,\nOlen lomalla 15.7. saakka. Kiireellisissä asioissa ota yhteyttä Pekkaan.",
    "cs": "Dobrý den,\njsem na dovolené do 15. července. V naléhavých případech kontaktujte Petra.",
    "hu": "Tisztelt Partnerünk!\nSzabadságon vagyok július 15-ig. Sürgős esetben forduljon Péterhez.",
    "tr": "Merhaba,\n15 Temmuz'a kadar izindeyim. Acil durumlarda lütfen Pınar ile iletişime geçin.",
}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Out of office", "I will be out of the office on Friday, so bring the printer back on Thursday."),
        ("Нет на месте", "Курьер приехал, а меня нет на месте. Оставьте заказ 4411 у охраны."),
        ("Отсутствую на рабочем месте", "Меня не будет в среду, курьера встретит Олег Орлов, кабинет 12."),
    ],
)
def test_absence_with_what_follows_from_it_is_a_persons(subject: str, body: str) -> None:
    """A machine adds the topic that it answers, or whom to turn to: "Нет на месте: Заявка", "обращайтесь к …"."""
    assert read(f"Subject: {subject}", body=body).kind is Kind.PERSON
    assert read(f"Subject: {subject}: Заявка", body=body).kind is Kind.AUTO_GENERATED
    assert (
        read(f"Subject: {subject}", body=f"{body}\nПо срочным вопросам обращайтесь к нему.").kind is Kind.AUTO_GENERATED
    )


@pytest.mark.parametrize("greeting", ["Bonjour Luc,\n", "Bonjour, Luc!\n", "Bonjour, Jean Luc Petit.\n"])
def test_absent_person_greets_by_name(greeting: str) -> None:
    """A person who answers is absent, too, and says so to somebody."""
    words = "je suis absente jusqu'au 15 juillet. En cas d'urgence, merci de contacter Paul."
    assert read("Subject: Re: devis", ANSWER, body=f"{greeting}{words}").kind is Kind.PERSON


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Это автоматическое списание, верните деньги.", Kind.PERSON),
        ("Це автоматичне списання, поверніть гроші.", Kind.PERSON),
        ("Это автоматический насос, второй месяц не качает.", Kind.PERSON),
        ("Это автоматическое уведомление.", Kind.AUTO_GENERATED),
        ("Это автоматически сформированное письмо.", Kind.AUTO_GENERATED),
        ("Це автоматичне повідомлення.", Kind.AUTO_GENERATED),
    ],
)
def test_not_all_that_is_automatic_is_the_letter(body: str, kind: Kind) -> None:
    """A letter calls itself automatic, not what it is about."""
    assert read("Subject: Вопрос", body=f"Добрый день.\n{body}").kind is kind


def test_absence_in_an_answer_to_no_letter() -> None:
    """People's mail programs write the id of what they answer; small autoresponders do not. Nobody answers either."""
    words = ABSENT["ru"]
    assert read("Subject: Re: Счёт", body=words).kind is Kind.AUTO_GENERATED
    assert read("Subject: Re: Счёт", "User-Agent: Mozilla Thunderbird", body=words).kind is Kind.PERSON
    assert read("Subject: Re: Счёт", body=f"{words}\n\n> Когда оплата?").kind is Kind.PERSON


@pytest.mark.parametrize("language", ABSENT)
def test_out_of_office_by_words(language: str) -> None:
    """An answer that says that and nothing else, with no trace of a person's mail program or of a quote."""
    words = ABSENT[language]
    subject = "Subject: Re: [ACME-42]"
    assert read(subject, ANSWER, body=words).kind is Kind.AUTO_REPLY
    assert read(subject, ANSWER, "User-Agent: Mozilla Thunderbird", body=words).kind is Kind.PERSON
    assert read(subject, ANSWER, body=f"{words}\n\n> Когда вам удобно?").kind is Kind.PERSON
    assert read(subject, ANSWER, body=f"Да, принтер работает.\n\nЕщё одно.\n\n{words}").kind is Kind.PERSON
    assert read(subject, ANSWER, body=f"{words}\nКогда придёт мастер?").kind is Kind.PERSON
    assert read("Subject: Вопрос", body=words).kind is Kind.PERSON
    assert read(subject, ANSWER, body=words + "\nПодробности ниже." * 20).kind is Kind.PERSON
    assert read(subject, ANSWER, body=f"{words}\n{'Подробности. ' * 200}").kind is Kind.PERSON


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Ваше обращение зарегистрировано под номером 8812.\nЭто письмо сформировано автоматически, отвечать на него не нужно.", Kind.AUTO_REPLY),
        ("We have received your request and will get back to you.\nThis is an automated response, please do not reply to this message.", Kind.AUTO_REPLY),
        ("Ваше звернення зареєстровано. Лист сформовано автоматично, не відповідайте на цей лист.", Kind.AUTO_REPLY),
        ("Ваше обращение зарегистрировано под номером 8812, исполнитель Орлов.", Kind.PERSON),
        ("Благодарим за обращение!\nЭто письмо сформировано автоматически.", Kind.AUTO_REPLY),
        ("Благодарим за обращение к нашему директору, он передаст.", Kind.PERSON),
        ("Ваше обращение зарегистрировано.\nЭто автоответ. Если ничего не работает, звоните.", Kind.AUTO_REPLY),
        ("Спасибо, жду.\n\nЗдравствуйте, Анна!\nМы получили ваше письмо. Это письмо отправлено автоматически.", Kind.PERSON),
        ("Готово.\n\n12.11.2026 10:00, Акме пишет:\nМы получили ваше письмо.\nЭто письмо отправлено автоматически.", Kind.PERSON),
        ("Анна, здравствуйте! Это автоматическое списание, как его отменить?", Kind.PERSON),
    ],
)  # fmt: skip
def test_answers_that_call_themselves_automatic(body: str, kind: Kind) -> None:
    """Such words count at the beginning of an answer, and not where ours are quoted without a mark."""
    assert read("Subject: Re: x", ANSWER, body=body).kind is kind


def test_automatic_by_its_own_word_without_an_id() -> None:
    """Nothing shows that it answers a letter, so people see it; but nothing answers it."""
    assert (
        read("Subject: Re: x", body="This is an automated response. I will be out of the office.").kind
        is Kind.AUTO_GENERATED
    )
    assert read("Auto-Submitted: no", body="This is an automated response.").kind is Kind.PERSON
    assert read("Subject: x", body="This is an automated response.\n" + "It says more.\n" * 30).kind is Kind.PERSON
    assert read("Subject: x", body=f"This is an automated response. {'It says more. ' * 200}").kind is Kind.PERSON


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Subject: Мне пришёл автоответ"], "Мне пришёл автоответ «Out of office», что с ним делать?"),
        (["Subject: Не доставлено письмо"], "Пришло «550 5.1.1 User unknown <petr@x.example>», что делать?"),
        (["Subject: Не доставлено письмо petr@x.example"], "Моё письмо не доставлено:\npetr@x.example\nпишет 550 User unknown"),
        (["Subject: Письмо не доставлено"], "Ваше письмо не доставлено Петру на petr@x.example, перешлите ещё раз."),
        (["Subject: Fwd: Undeliverable: Договор"], "-------- Forwarded message --------\nYour message to petr@x.example could not be delivered."),
        (["Subject: Undeliverable: Договор"], "Коллеги, помогите!\n\n----- The following addresses had permanent fatal errors -----\n<petr@x.example>"),
        (["Subject: Delivery failed: order 12"], "The courier did not come, and my order was not delivered. Refund please."),
        (["Subject: Доставка не удалась"], "Курьер не приехал, заказ не доставлен. Верните деньги."),
        (["Subject: Re: Прочитано: договор"], "Что значит «Ваше сообщение прочитано»?"),
        (["Subject: Прочитано: что это"], "Приходит письмо «Ваше сообщение прочитано». Откуда оно?"),
        (["Subject: Прочитано: 3 главы"], "Прочитал, замечания пришлю завтра."),
        (["Subject: Прочитано Вашей бухгалтерией"], "Письмо прочитано, оплатим во вторник."),
        (["Subject: Прочитано"], f"Письмо прочитано, замечания ниже.{' Пункт третий неясен.' * 60}"),
        (["Subject: Вы не робот", ANSWER], "Сайт просит: подтвердите, что вы не робот https://acme.example/c. Как пройти?"),
        (["Subject: Re: доступ", ANSWER, "X-Mailer: iPhone Mail (20G75)"], "Требует: подтвердите, что вы не робот https://acme.example/c"),
        (["Subject: Жалоба на спам", "From: abuse@client.example"], "Вы шлёте нам рассылку, прекратите."),
        (["Subject: Please confirm", ANSWER], "Please confirm this message reached you: https://acme.example/42 does not open for me."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)  # fmt: skip
def test_people_write_about_machines(headers: list[str], body: str) -> None:
    """Discussed, quoted, forwarded or met on a web site, a machine's words are a person's."""
    assert read(*headers, body=body).kind is Kind.PERSON


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Subject: Read: Договор"], "Your message was read on Monday, 2 March 2026 10:00:00."),
        (["Subject: Прочитано: Договор"], "Ваше сообщение\n\n  Кому: Анна\n  Тема: Договор\n\nбыло прочитано 02.03.2026 10:00:00."),
        (["Subject: Прочитане: Договір"], "Ваше повідомлення було прочитано 02.03.2026."),
        (["Subject: Gelesen: Vertrag"], "Ihre Nachricht wurde am 02.03.2026 gelesen."),
        (["Subject: Lu : Contrat"], "Votre message a été lu le 2 mars 2026."),
        (["Subject: Return Receipt (displayed) - Contract"], "This is a Return Receipt for the mail that you sent to anna@client.example."),
        (["Subject: Не прочитано: Договор"], "Ваше сообщение было удалено непрочитанным, удалено без прочтения 02.03.2026."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)  # fmt: skip
def test_receipts_of_text_alone(headers: list[str], body: str) -> None:
    """A receipt's subject over a receipt's words and nothing else."""
    assert read(*headers, body=body).kind is Kind.MDN
    assert read(*headers, body=f"{body}\nА ответ когда?").kind is Kind.PERSON
    assert read("Subject: Договор", body=body).kind is Kind.PERSON


@pytest.mark.parametrize(
    ("content_type", "text", "enclosed", "kind"),
    [
        ("report; report-type=disposition-notification", "Прочитано.", "disposition-notification", Kind.MDN),
        ("report; report-type=disposition-notification", "Прочитано.", None, Kind.MDN),
        ("mixed", "", "disposition-notification", Kind.MDN),
        ("mixed", "Пришло вот такое, что это?", "disposition-notification", Kind.PERSON),
        ("report; report-type=other", "Прочитано.", None, Kind.PERSON),
    ],
)
def test_receipts_of_the_standard(content_type: str, text: str, enclosed: str | None, kind: Kind) -> None:
    """By the part for machines or the type of the whole; a person who attaches a receipt has something to say."""
    part = f"\n--b\nContent-Type: message/{enclosed}\n\nDisposition: manual-action; displayed" if enclosed else ""
    body = f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}{part}\n--b--"
    assert read(f"Content-Type: multipart/{content_type}; boundary=b", body=body).kind is kind


LINK = "https://guard.example/v/8f3a"


@pytest.mark.parametrize(
    "field",
    ["X-TMDA-Fingerprint", "X-BoxTrapper-Match", "X-SpamArrest", "X-Bluebottle-Request", "X-Boxbe-Challenge", "X-ASK-Auth",
     "X-ASK-Version", "X-QConfirm", "X-UOL-AntiSpam", "X-Vanquish-Id", "X-ChoiceMail", "X-MailBlocks", "X-Challenge", "X-EarthLink-SpamBlocker"],
)  # fmt: skip
def test_fields_of_challenges(field: str) -> None:
    """Each with a demand, and none without one: TMDA marks its owner's own letters, too."""
    assert read(f"{field}: x", body="Please confirm your message by replying.").kind is Kind.CHALLENGE
    assert read(f"{field}: x", body="Please find the contract below.").kind is Kind.PERSON


@pytest.mark.parametrize("token", ["confirm#8f3a_ab", "verify:8f3a_ab", "challenge+8f3a_ab", "подтверждение-8f3a_ab"])
def test_tokens_of_challenges(token: str) -> None:
    """Where there is no link, the way is to send a word back."""
    assert read("Return-Path: <>", f"Subject: {token}", body="Verify you are human.").kind is Kind.CHALLENGE
    assert read("Return-Path: <>", body=f"Verify you are human: {token}").kind is Kind.CHALLENGE
    assert read("Return-Path: <>", body=f"Verify you are human: x{token}").kind is not Kind.CHALLENGE


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["X-Delivery-Agent: TMDA/1.0.3", "X-TMDA-Fingerprint: x", "Auto-Submitted: auto-replied"], "Please confirm your message by replying."),
        (["X-BoxTrapper: x", "Subject: Your email requires verification verify#8f3a_ab"], "The message you sent requires that you verify that you are a real live human being: requires verification"),
        (["Subject: Re: x (verification)", "Precedence: bulk"], f"I am using Spam Arrest. Click the link for a one-time verification: {LINK}"),
        (["From: no-reply@guard.example", "Subject: Подтвердите отправку письма"], f"Чтобы ваше письмо было доставлено, подтвердите, что вы не робот: {LINK}"),
        (["Subject: Re: Заявка", ANSWER], f"Здравствуйте. Подтвердите, что вы не робот, перейдите по ссылке {LINK}"),
        (["From: noreply@boxbe.example", "Subject: Re: Invoice (Action Required)"], f"Your message was waitlisted. Please add yourself to my Guest List: {LINK}"),
        (["Return-Path: <>", "Subject: Re: Invoice"], f"I'm protecting myself from receiving junk mail. Just this once, click the link: {LINK}"),
        (["Auto-Submitted: auto-replied", "Subject: Ваш лист очікує"], f"Підтвердьте, що ви не робот: {LINK}"),
        (["Return-Path: <>"], f"Verify you are human: {LINK}"),
        (["Precedence: auto_reply"], f"Verify you are human: {LINK}"),
        (["Subject: Re: x", "X-Mailer: PHP", "Auto-Submitted: auto-generated"], f"Verify you are human: {LINK}"),
        (["Subject: Re: x", "X-Mailer: PHP", "Precedence: bulk"], f"Verify you are human: {LINK}"),
        (["Subject: Re: x", "X-Mailer: PHP", "From: no-reply@guard.example"], f"Verify you are human: {LINK}"),
        (["Return-Path: <>", "Subject: AntiSpam UOL"], f"Este usuário ativou o Anti-Spam UOL. Confirme sua mensagem: {LINK}"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)  # fmt: skip
def test_challenges(headers: list[str], body: str) -> None:
    """What is demanded, the way to do it, and a machine that demands it; without the demand it is no challenge."""
    assert read(*headers, body=body).kind is Kind.CHALLENGE
    others = [header for header in headers if not header.startswith("Subject:")]
    assert read(*others, body=f"Спасибо, получили. {LINK}").kind is not Kind.CHALLENGE


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["From: no-reply@site.example", "Subject: Сообщение с сайта"], Kind.AUTO_GENERATED),
        (["From: no-reply@site.example", "Reply-To: ivan@x.example", "Subject: Вы не робот"], Kind.PERSON),
        (["From: no-reply@site.example", "Reply-To: ivan@x.example", "Subject: Re: x", "X-Mailer: PHP"], Kind.PERSON),
        (["From: Сайт", "Subject: Re: x", "X-Mailer: PHP"], Kind.PERSON),
        (["From: MAILER-DAEMON@x.example", "Return-Path: <>", "Subject: Undeliverable: x"], Kind.DSN),
        (["Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["Precedence: bulk"], Kind.LIST),
        (["List-Id: <dev.lists.example>", "Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
    ],
    ids=" | ".join,
)
def test_people_meet_demands(headers: list[str], kind: Kind) -> None:
    """Typed into a form, or told on a list, the same words are not demanded of us."""
    assert read(*headers, body=f"Сайт просит: подтвердите, что вы не робот: {LINK}").kind is kind


def test_people_who_answer_tell_of_a_demand() -> None:
    """Some phones leave no field of a mail program; a machine's envelope outweighs what it tells."""
    words = f"Не могу войти, просит: подтвердите, что вы не робот: {LINK}"
    assert read(ANSWER, body=words).kind is Kind.PERSON
    assert read(ANSWER, "Return-Path: <>", body=words).kind is Kind.CHALLENGE


def test_no_demand_in_a_configured_sender_s_letter() -> None:
    """Neither a configured form nor a configured machine demands a proof."""
    demand = ["From: alarm@monitor.example", ANSWER, "Auto-Submitted: auto-generated"]
    words = f"Подтвердите, что вы не робот: {LINK}"
    assert read(*demand, body=words).kind is Kind.CHALLENGE
    assert read(*demand, body=words, form="site").kind is Kind.PERSON
    assert read(*demand, body=words, notifiers=NOTIFIERS).kind is Kind.NOTIFICATION


def test_a_demand_needs_a_way() -> None:
    """Without link or token nothing can be proved: it is what the other signs say."""
    assert read(ANSWER, body="Подтвердите, что вы не робот.").kind is Kind.PERSON
    assert read(ANSWER, "Auto-Submitted: auto-replied", body="Подтвердите, что вы не робот.").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("author", "subject", "body", "kind"),
    [
        ("postmaster", "x", "User unknown.", Kind.AUTO_GENERATED),
        ("postmaster", "Недоставленное сообщение", "Здравствуйте! Смотрите ниже.", Kind.AUTO_GENERATED),
        ("postmaster", "x", "Пришлите, пожалуйста, счёт.", Kind.PERSON),
        ("anna", "x", "User unknown.", Kind.PERSON),
    ],
)
def test_a_postmaster_who_may_be_a_person(author: str, subject: str, body: str, kind: Kind) -> None:
    """With the words of a report people see the letter and nothing answers it."""
    assert read(f"From: {author}@x.example", f"Subject: {subject}", body=body).kind is kind


def test_every_verdict_has_evidence() -> None:
    """For a person the evidence says what was looked for and not found."""
    assert "no Auto-Submitted" in read("Subject: x").evidence
    assert "reverse-path not null" in read("Subject: x").evidence
    assert "no Return-Path to judge by" in classify(parse(b"From: ivan@client.example\n\nx"), OWN).evidence
    assert "Auto-Submitted: no" in read("Auto-Submitted: no").evidence
    assert read("Precedence: bulk").evidence == ("Precedence: bulk",)
    assert read("Mailing-List: dev@lists.example").evidence == ("Mailing-List",)
    assert read("List-Id: <dev.lists.example>", "Mailing-List: x").evidence == ("List-Id",)


def test_our_loop_goes_before_everything() -> None:
    """Our own auto-reply come back is a loop, not somebody's auto-reply."""
    assert read("X-Maild-Loop: acme-7f3c", "Auto-Submitted: auto-replied", "Return-Path: <>").kind == Kind.LOOP


NOTIFIERS = frozenset({"alarm@monitor.example", "@bank.example"})


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["From: alarm@monitor.example", "Auto-Submitted: auto-generated"], Kind.NOTIFICATION),
        (["From: ALARM@Monitor.example", "Precedence: bulk"], Kind.NOTIFICATION),
        (["From: alarm@monitor.example", "Return-Path: <>"], Kind.NOTIFICATION),
        (["From: alarm@monitor.example", "List-Id: <alarms.monitor.example>"], Kind.NOTIFICATION),
        (["From: alarm@monitor.example", "Auto-Submitted: auto-generated", "References: <incident-7@monitor.example>"], Kind.NOTIFICATION),
        (["From: no-reply@bank.example"], Kind.NOTIFICATION),
        (["From: anna@bank.example"], Kind.PERSON),
        (["From: no-reply@bank.example.org"], Kind.AUTO_GENERATED),
        (["From: no-reply@my.bank.example"], Kind.AUTO_GENERATED),
        (["From: other@monitor.example", "Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["From: Zabbix", "Auto-Submitted: auto-generated"], Kind.AUTO_GENERATED),
        (["From: alarm@monitor.example", "Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["From: alarm@monitor.example", "X-Autoreply: yes", "Precedence: bulk"], Kind.AUTO_REPLY),
        (["From: alarm@monitor.example", "X-Maild-Loop: acme-7f3c", "Precedence: bulk"], Kind.LOOP),
    ],
    ids=" | ".join,
)  # fmt: skip
def test_notifiers(headers: list[str], kind: Kind) -> None:
    """A configured machine's letter is a request, unless it answers one of ours by itself; its people stay people."""
    assert read(*headers, notifiers=NOTIFIERS).kind is kind


def test_the_notification_says_why() -> None:
    """Which entry of the configuration, and what made it a machine's."""
    found = read("From: no-reply@bank.example", notifiers=NOTIFIERS)
    assert found.evidence == (
        "@bank.example is configured as a sender of requests",
        "a no-reply address as author, and no other Reply-To",
    )


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["From: no-reply@site.example", "Auto-Submitted: auto-generated"], Kind.PERSON),
        (["From: support@acme.example"], Kind.PERSON),
        (["Precedence: bulk", "Return-Path: <>"], Kind.PERSON),
        (["Subject: Автоответ: не работает"], Kind.PERSON),
        (["Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["X-Maild-Loop: acme-7f3c"], Kind.LOOP),
        (["From: mailer-daemon@mx.example", "X-Failed-Recipients: a@x.example"], Kind.DSN),
    ],
    ids=" | ".join,
)
def test_forms(headers: list[str], kind: Kind) -> None:
    """What somebody typed into a configured form is that person's, however it was sent; a report or a loop is none."""
    found = read(*headers, form="site")
    assert found.kind is kind
    if kind is Kind.PERSON:
        assert found.evidence == ("the web form 'site' sent it",)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("no-reply@x.example", True), ("noreply@x.example", True), ("no_reply+7@x.example", True), ("donotreply@x.example", True),
        ("jira-donotreply@x.example", True), ("noreply2@x.example", True), ("noreen@x.example", False), ("reply@x.example", False),
        ("MAILER-DAEMON@x.example", True), ("bounces+17=a=b@x.example", True), ("bouncer@x.example", False),
    ],
)  # fmt: skip
def test_no_reply(address: str, expected: bool) -> None:
    """By the name alone, wherever the words stand in it."""
    assert is_no_reply(address) is expected


@pytest.mark.parametrize(
    "body",
    [" " * 400_000, "x" * 400_000, "> " * 200_000, "\n" * 400_000, "wrote:" * 60_000, "<a@b" * 100_000, "https://" * 50_000, "confirm#" * 50_000, "- " * 200_000],
    ids=lambda body: repr(body[:8]),
)  # fmt: skip
@pytest.mark.parametrize("subject", ["Re: x", "Undeliverable: x", "Автоответ: x", "[" * 900, "*" * 900, "Прочитано: x"])
def test_hostile_letters(subject: str, body: str) -> None:
    """No letter makes the question of its kind slow."""
    top = f"From: noreply@x.example\nSubject: {subject}\n{ANSWER}\nReturn-Path: <>\n\n"
    quarter, whole = (parse(f"{top}{some}\n".encode()) for some in (body[: len(body) // 4], body))
    assert find_growth_between(lambda message: classify(message, OWN), quarter, whole, slow=1) == ""
