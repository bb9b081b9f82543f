"""The words that form plugins write around what somebody fills in, in Russian, Ukrainian and English. Imports nothing of ours.

Data, and the recogniser of footers. Sources: the templates of Bitrix, Contact Form 7, Tilda, JotForm, Wix and others, and
what owners of sites call their fields.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Slot(StrEnum):
    """What a field of a form is for."""

    EMAIL = "email"
    NAME = "name"
    SUBJECT = "subject"
    MESSAGE = "message"
    PHONE = "phone"
    COMPANY = "company"
    OTHER = "other"


# What the usual plugins and their translations call them; an owner's own labels of a slot take their place
LABELS: Mapping[Slot, tuple[str, ...]] = {
    slot: tuple(label.strip() for label in labels.replace("\n", "").split("|"))
    for slot, labels in {
        Slot.EMAIL: """e-mail|email|mail|email address|e-mail address|your email|your e-mail|sender email|from|reply-to|почта|эл. почта|эл.почта|электронная почта
            |адрес электронной почты|адрес эл. почты|ваша почта|ваш email|ваш e-mail|ваша электронная почта|ваш адрес электронной почты|e-mail автора|email автора|e-mail отправителя
            |контактный e-mail|контактный email|e-mail для ответа|email для ответа|почта для связи|имейл|емейл|мейл|мэйл|от|от кого|отправитель|електронна пошта|пошта|ел. пошта|ваша пошта
            |ваша електронна пошта|від|e-mail-adresse|адрес e-mail|e-mail адрес|email адрес""",
        Slot.NAME: """имя|ваше имя|фио|ф.и.о.|ваше фио|имя и фамилия|фамилия и имя|фамилия, имя|имя отправителя|контактное лицо|автор|как вас зовут|как вас зовут?|как к вам обращаться|фамилия|отчество
            |как к вам обращаться?|представьтесь|представьтесь, пожалуйста|клиент|заказчик|name|your name|full name|first name|last name|surname|contact name|прізвище|sender name|ім'я|ім’я|ваше ім'я|ваше ім’я|піб|прізвище та ім'я""",
        Slot.SUBJECT: "тема|тема сообщения|тема обращения|тема письма|тема вопроса|заголовок|subject|your subject|topic|тема повідомлення|тема звернення",
        Slot.MESSAGE: """сообщение|ваше сообщение|текст сообщения|тело сообщения|текст обращения|обращение|ваше обращение|текст|текст письма|вопрос|ваш вопрос|текст вопроса|комментарий
            |ваш комментарий|комментарии|комментарий к заказу|комментарий или сообщение|комментарий или вопрос|примечание|примечания|подробности|описание|описание проблемы|опишите проблему|опишите вашу проблему|опишите ситуацию|суть обращения|суть проблемы|суть вопроса|описание обращения|содержание|содержание обращения|запрос|отзыв|ваш отзыв|пожелания
            |message|your message|message body|message text|comment or message|details|comment|comments|question|your question|questions|description|textarea|text|enquiry|inquiry
            |повідомлення|ваше повідомлення|текст повідомлення|зміст повідомлення|коментар|питання|ваше питання|опис|опис проблеми|звернення|текст звернення""",
        Slot.PHONE: """телефон|ваш телефон|номер телефона|ваш номер телефона|контактный телефон|мобильный телефон|телефон для связи|тел.|тел|phone|phone number|your phone|telephone|tel|mobile
            |номер телефону|контактний телефон""",
        Slot.COMPANY: "компания|ваша компания|название компании|организация|название организации|наименование организации|company|company name|your company|organization|organisation|компанія|назва компанії|організація",
        Slot.OTHER: """город|адрес|страница|адрес страницы|страница отправки|отправлено со страницы|url|url страницы|page|page url|ссылка|сайт|ip|ip-адрес|ip адрес|дата|дата и время|дата отправки
            |время|время отправки|браузер|user agent|user-agent|referer|referrer|источник|utm_source|utm_medium|utm_campaign|request id|form id|form name|block id|transaction id|id транзакции|id заявки|id формы|id блока|название формы
            |имя формы|номер заявки|отметка времени|согласие|согласие на обработку персональных данных|місто|сторінка|date|time|timestamp|powered by|remote ip|submission id|submission date|id""",
    }.items()
}  # fmt: skip

_BY_A_MACHINE = r"(?:с\ сайта|со?\ страницы|(?:с|из|через)\ (?:контактной\ |контактную\ )?форм[ыу]|с\ помощью|автоматически|роботом)\b"
_FOOTER = re.compile(
    rf"""(?:(?:это|данное)\ )?(?:сообщение|письмо|уведомление)\ (?:было\ )?(?:отправлено|создано|сформировано|сгенерировано)\ {_BY_A_MACHINE}
    |(?:це|дане)\ (?:повідомлення|лист)\ (?:було\ )?(?:надіслано|створено)\ (?:з\ сайту|зі?\ сторінки|через\ форму|автоматично)
    |this\ (?:e-?mail|message)\ was\ sent\ (?:from|via)\ (?:a|the)\ |this\ is\ a\ notification\ that\ a\ contact\ form|sent\ from\ .{{0,40}}(?:contact\ form|website)|(?:отправлено\ с|надіслано\ з|sent\ from)\ .{{1,60}}\ \(https?://\S{{1,200}}\)$
    |you\ (?:got|received|are\ receiving)\ this\ (?:e-?mail|message)\ because|to\ unsubscribe\b|вы\ получили\ это\ (?:сообщение|письмо),?\ (?:потому|так\ как)
    |для\ просмотра\ .{{0,40}}ссылк|(?:посмотреть|просмотреть|открыть)\ (?:заявку|ответ|результат)\b.{{0,40}}(?::|ссылк)|view\ (?:this|the|your)\ (?:submission|response|entry)
    |(?:пожалуйста,?\ )?не\ отвечайте\ на\ (?:это|данное)\ (?:письмо|сообщение)
    |(?:additional\ information|дополнительная\ информация|дополнительные\ данные|request\ details|данные\ заявки):?$""",
    re.IGNORECASE | re.VERBOSE,
)


def is_footer(line: str) -> bool:
    """Whether a form's template wrote the line below what was filled in; a person would hardly begin one like this."""
    return _FOOTER.match(line.strip()[:300]) is not None
