"""THE table of what an agent can tell us to do: each verb's words, what may follow it, and how it is typed. Pure.

Help, receipts, documents and tests derive from it. What a verb does stands in the ACTS of `acts`, `verdicts` and their like.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maild.desk.arguments import (
    PART,
    Argument,
    plain,
    read_duration,
    read_instant,
    read_name,
    read_nothing,
    read_number,
    read_optional_duration,
    read_optional_name,
    read_part,
    read_since,
    read_to_customer,
    read_until,
    read_wait,
)
from maild.desk.dispatches import read_dispatch
from maild.desk.mornings import read_later
from maild.desk.releases import read_plan, read_release
from maild.desk.sums import read_proposal


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A word for an act, what may follow it, and how that is shown in help."""

    name: str
    words: tuple[str, ...]
    usage: Mapping[str, str]  # by language: lines that can be typed
    read: Callable[[Argument], object]  # raises ValueError
    bare: tuple[str, ...] = ()  # of the words: those that are an order without "#", at the top of a letter
    alone: tuple[str, ...] = ()  # likewise, but only as all that a letter says: else they may be words for the customer
    block: bool = False  # the lines below, up to the next command, belong to it: editors put empty lines anywhere
    whole: re.Pattern[str] | None = None  # what stands behind a block's verb where the lines below do not belong to it
    beside: bool = False  # an answer in the same letter is as right without it, and goes out though this cannot be done
    ends: bool = False  # says where the request stands from now on: two that say different things contradict each other


def find_verb(word: str) -> Verb | None:
    """Return the verb that a word stands for, whatever its case and the punctuation behind it."""
    return _BY_WORD.get(plain(word).rstrip(":.,!…*_"))


def find_similar(word: str) -> Verb | None:
    """Return the verb that a misspelt word may have meant."""
    near = difflib.get_close_matches(plain(word), _BY_WORD, n=1)
    return _BY_WORD[near[0]] if near else None


def usage_of(verb: str, language: str) -> str:
    """Return how a verb is typed: "#срок 27.11 18:00"."""
    return verb_named(verb).usage[language]


def verb_named(name: str) -> Verb:
    """Return the verb with this name."""
    return next(one for one in VERBS if one.name == name)


VERBS = (
    Verb(
        name="take",
        words=("взять", "беру", "взяти", "take"),
        bare=("взять", "взяти", "take"),
        alone=("беру",),
        usage={"ru": "#взять", "uk": "#взяти", "en": "#take"},
        read=read_nothing,
    ),
    Verb(
        name="start",
        words=("начать", "начал", "начала", "розпочати", "почати", "start"),
        bare=("начать", "розпочати", "start"),
        usage={"ru": "#начать", "uk": "#розпочати", "en": "#start"},
        read=read_nothing,
    ),
    Verb(
        name="assign",
        words=("назначить", "передать", "призначити", "передати", "assign"),
        usage={"ru": "#назначить КОМУ", "uk": "#призначити КОМУ", "en": "#assign WHOM"},
        read=read_name,
        beside=True,
    ),
    Verb(
        name="route",
        words=("направить", "переадресовать", "спрямувати", "переадресувати", "route"),
        usage={
            "ru": "#направить ПОДРАЗДЕЛЕНИЕ (остальные слова письма прочтёт оно, а не клиент)",
            "uk": "#спрямувати ПІДРОЗДІЛ (решту слів листа прочитає він, а не клієнт)",
            "en": "#route UNIT (the unit reads the other words of the letter, the customer does not)",
        },
        read=read_name,
        ends=True,
    ),
    Verb(
        name="release",
        words=("переслать", "переслати", "надіслати", "release"),
        alone=("переслать", "переслати"),
        usage={
            "ru": "#переслать (клиенту слова подразделения)",
            "uk": "#переслати (клієнтові слова підрозділу)",
            "en": "#release (the words of the unit to the customer)",
        },
        read=read_to_customer,
    ),
    Verb(
        name="merge",
        words=("объединить", "склеить", "об'єднати", "об’єднати", "merge"),
        usage={"ru": "#объединить с ACME-12", "uk": "#об'єднати з ACME-12", "en": "#merge into ACME-12"},
        read=read_number,
        ends=True,
    ),
    Verb(
        name="split",
        words=("разделить", "выделить", "розділити", "виділити", "split"),
        usage={
            "ru": "#разделить 2 | ЧТО (и всё ниже, до следующей команды; эти слова увидит клиент)",
            "uk": "#розділити 2 | ЩО (і все нижче, до наступної команди; ці слова побачить клієнт)",
            "en": "#split 2 | WHAT (and all below, up to the next command; the customer sees these words)",
        },
        read=read_part,
        block=True,
        whole=PART,
    ),
    Verb(
        name="snooze",
        words=("позже", "потом", "пізніше", "згодом", "snooze", "later"),
        usage={"ru": "#позже 27.11 09:00", "uk": "#пізніше 27.11 09:00", "en": "#snooze 2026-11-27 09:00"},
        read=read_later,
    ),
    Verb(
        name="promise",
        words=("обещаю", "обещать", "обіцяю", "promise"),
        usage={"ru": "#обещаю 27.11 18:00 ЧТО", "uk": "#обіцяю 27.11 18:00 ЩО", "en": "#promise 2026-11-27 18:00 WHAT"},
        read=read_until,
    ),
    Verb(
        name="wait",
        words=("ждем", "жду", "ждать", "чекаємо", "чекати", "wait", "waiting"),
        bare=("ждать", "чекати"),
        usage={
            "ru": "#ждём клиента | согласования | третью сторону | релиза",
            "uk": "#чекаємо клієнта | погодження | третю сторону | реліз",
            "en": "#wait customer | approval | third party | release",
        },
        read=read_wait,
        ends=True,
    ),
    Verb(
        name="plan",
        words=("доработка", "доработать", "доопрацювання", "доопрацювати", "plan", "planned"),
        usage={
            "ru": "#доработка [ВЕРСИЯ] | снять",
            "uk": "#доопрацювання [ВЕРСІЯ] | зняти",
            "en": "#plan [RELEASE] | out",
        },
        read=read_plan,
        ends=True,
    ),
    Verb(
        name="ship",
        words=("выпуск", "вышло", "випуск", "вийшло", "ship", "shipped"),
        usage={
            "ru": "#выпуск ВЕРСИЯ ЧТО НОВОГО (и всё ниже, до следующей команды; эти слова увидят клиенты)",
            "uk": "#випуск ВЕРСІЯ ЩО НОВОГО (і все нижче, до наступної команди; ці слова побачать клієнти)",
            "en": "#ship RELEASE WHAT IS NEW (and all below, up to the next command; customers see these words)",
        },
        read=read_release,
        block=True,
    ),
    Verb(
        name="resume",
        words=("продолжить", "продолжаем", "продовжити", "resume"),
        bare=("продолжить", "продовжити", "resume"),
        usage={"ru": "#продолжить", "uk": "#продовжити", "en": "#resume"},
        read=read_nothing,
    ),
    Verb(
        name="resolve",
        words=("решено", "вирішено", "resolve", "resolved"),
        alone=("решено", "вирішено", "resolved"),
        usage={"ru": "#решено", "uk": "#вирішено", "en": "#resolved"},
        read=read_nothing,
        ends=True,
    ),
    Verb(
        name="close",
        words=("закрыть", "закрыто", "закрити", "закрито", "close", "closed"),
        bare=("закрыть", "закрити", "close"),
        alone=("закрыто", "закрито", "closed"),
        usage={"ru": "#закрыть", "uk": "#закрити", "en": "#close"},
        read=read_nothing,
        ends=True,
    ),
    Verb(
        name="reopen",
        words=("открыть", "переоткрыть", "відкрити", "перевідкрити", "reopen"),
        bare=("переоткрыть", "перевідкрити", "reopen"),
        usage={"ru": "#открыть", "uk": "#відкрити", "en": "#reopen"},
        read=read_nothing,
    ),
    Verb(
        name="spam",
        words=("спам", "spam"),
        alone=("спам", "spam"),
        usage={"ru": "#спам", "uk": "#спам", "en": "#spam"},
        read=read_nothing,
        ends=True,
    ),
    Verb(
        name="due",
        words=("срок", "строк", "термін", "due"),
        usage={
            "ru": "#срок 27.11 18:00 | до пятницы | завтра утром",
            "uk": "#строк 27.11 18:00 | до п’ятниці | завтра вранці",
            "en": "#due 2026-11-27 18:00 | by friday | tomorrow morning",
        },
        read=read_instant,
    ),
    Verb(
        name="count",
        words=("считать", "отсчет", "рахувати", "відлік", "count"),
        usage={"ru": "#считать с 30.11", "uk": "#рахувати з 30.11", "en": "#count from 2026-11-30"},
        read=read_since,
    ),
    Verb(
        name="extend",
        words=("продлить", "подовжити", "extend"),
        bare=("продлить", "подовжити", "extend"),
        usage={
            "ru": "#продлить 72ч (всего с получения; остальные слова письма увидит клиент)",
            "uk": "#подовжити 72г (усього від отримання; решту слів листа побачить клієнт)",
            "en": "#extend 72h (in total from receipt; the customer sees the other words of the letter)",
        },
        read=read_optional_duration,
    ),
    Verb(
        name="category",
        words=("категория", "категорія", "category"),
        usage={"ru": "#категория НАЗВАНИЕ", "uk": "#категорія НАЗВА", "en": "#category NAME"},
        read=read_name,
        beside=True,
    ),
    Verb(
        name="service",
        words=("услуга", "послуга", "service"),
        usage={"ru": "#услуга НАЗВАНИЕ", "uk": "#послуга НАЗВА", "en": "#service NAME"},
        read=read_name,
        beside=True,
    ),
    Verb(
        name="severity",
        words=("важность", "критичность", "важливість", "критичність", "severity"),
        usage={"ru": "#важность НАЗВАНИЕ", "uk": "#важливість НАЗВА", "en": "#severity NAME"},
        read=read_name,
        beside=True,
    ),
    Verb(
        name="client",
        words=("клиент", "клієнт", "client"),
        usage={"ru": "#клиент КЛЮЧ", "uk": "#клієнт КЛЮЧ", "en": "#client KEY"},
        read=read_name,
    ),
    Verb(
        name="refuse",
        words=("отказать", "отказ", "відмовити", "відмова", "refuse"),
        usage={"ru": "#отказать [ОСНОВАНИЕ]", "uk": "#відмовити [ПІДСТАВА]", "en": "#refuse [GROUND]"},
        read=read_optional_name,
        ends=True,
    ),
    Verb(
        name="postpone",
        words=("отложить", "відкласти", "postpone"),
        usage={"ru": "#отложить [ОСНОВАНИЕ]", "uk": "#відкласти [ПІДСТАВА]", "en": "#postpone [GROUND]"},
        read=read_optional_name,
        ends=True,
    ),
    Verb(
        name="serve",
        words=("обслужить", "обслужити", "serve"),
        bare=("обслужить", "обслужити"),
        usage={"ru": "#обслужить", "uk": "#обслужити", "en": "#serve"},
        read=read_nothing,
    ),
    Verb(
        name="offer",
        words=("предложить", "запропонувати", "offer"),
        usage={
            "ru": "#предложить УСЛУГА | УСЛУГА 15000 | 15 000 ₽ ЧТО",
            "uk": "#запропонувати ПОСЛУГА | ПОСЛУГА 15000 | 15 000 ₴ ЩО",
            "en": "#offer WORK | WORK 1500 | $1,500 WHAT",
        },
        read=read_proposal,
        ends=True,
    ),
    Verb(
        name="faq",
        words=("faq", "статья", "стаття", "article"),
        usage={"ru": "#faq СТАТЬЯ", "uk": "#faq СТАТТЯ", "en": "#faq ENTRY"},
        read=read_name,
    ),
    Verb(
        name="dispatch",
        words=("отправлено", "надіслано", "відправлено", "dispatched"),
        usage={
            "ru": "#отправлено курьером | заказным письмом НОМЕР (клиент получит письмо об этом)",
            "uk": "#надіслано кур’єром | рекомендованим листом НОМЕР (клієнт отримає лист про це)",
            "en": "#dispatched by courier | by registered post NUMBER (the customer gets a letter about it)",
        },
        read=read_dispatch,
    ),
    Verb(
        name="time",
        words=("время", "час", "time"),
        alone=("время", "time"),
        usage={"ru": "#время 1ч30м", "uk": "#час 1г30хв", "en": "#time 1h30m"},
        read=read_duration,
        beside=True,
    ),
    Verb(
        name="note",
        words=("заметка", "примечание", "нотатка", "примітка", "note"),
        usage={
            "ru": "#заметка ТЕКСТ (и всё ниже, до следующей команды; видят только сотрудники)",
            "uk": "#нотатка ТЕКСТ (і все нижче, до наступної команди; бачать лише співробітники)",
            "en": "#note TEXT (and all below, up to the next command; only agents see it)",
        },
        read=read_name,
        block=True,
    ),
    Verb(
        name="undo",
        words=("отмена", "отменить", "скасувати", "скасування", "undo", "cancel"),
        bare=("отменить", "скасувати", "undo"),
        alone=("отмена",),
        usage={"ru": "#отмена", "uk": "#скасувати", "en": "#undo"},
        read=read_nothing,
    ),
    Verb(
        name="help",
        words=("помощь", "допомога", "help"),
        alone=("помощь", "допомога", "help"),
        usage={"ru": "#помощь", "uk": "#допомога", "en": "#help"},
        read=read_nothing,
    ),
)
_BY_WORD: dict[str, Verb] = {word: verb for verb in VERBS for word in verb.words}
