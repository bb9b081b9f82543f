"""The words of the samples in the languages that letters are shipped in. Pure.

The samples are written in Russian; what stands in them for a customer, a price or a date is said here for the others.
"""

from collections.abc import Mapping
from dataclasses import replace

from maild.model import Address

_WORDS = (  # Russian, Ukrainian, English
    ("Ромашка & Ко", "Ромашка & Ко", "Daisy & Co"),
    (
        "23.11.2026 09:10, Анна Петрова пишет:",
        "23.11.2026 09:10, Ганна Петренко пише:",
        "On 23 November 2026 at 09:10, Anna Peters wrote:",
    ),
    ("Анна Петрова", "Ганна Петренко", "Anna Peters"),
    ("Не печатает <принтер>", "Не друкує <принтер>", "The <printer> does not print"),
    ("Следующие обращения стоят <100> ₽.", "Наступні звернення коштують <100> ₴.", "Further requests cost <100> €."),
    ("ООО «Лютик» & Ко", "ТОВ «Жовтець» & Ко", "Buttercup & Co"),
    ("Базовый", "Базовий", "Basic"),
    ("Клиент", "Клієнт", "Client"),
    ("Уровень", "Рівень", "Level"),
    ("18:00 вторника, 24 ноября (МСК)", "18:00 вівторка, 24 листопада (за Києвом)", "18:00 on Tuesday, 24 November (London time)"),
    ("31 октября 2026 года", "31 жовтня 2026 року", "31 October 2026"),
    ("1 декабря 2026 года", "1 грудня 2026 року", "1 December 2026"),
    ("31 декабря 2026 года", "31 грудня 2026 року", "31 December 2026"),
    ("Не печатает <принтер>: что делать", "Не друкує <принтер>: що робити", "The <printer> does not print: what to do"),
    ("Выключите <его>.\nВключите снова.", "Вимкніть <його>.\nУвімкніть знову.", "Switch <it> off.\nSwitch it on again."),
    ("Второй ответ", "Друга відповідь", "The second answer"),
    ("Так.", "Ось так.", "Like this."),
    ("шаги, после которых появляется <ошибка>", "кроки, після яких з’являється <помилка>", "the steps that lead to the <error>"),
    ("снимок экрана", "знімок екрана", "a screenshot"),
    ("видео <1>.mp4", "відео <1>.mp4", "video <1>.mp4"),
    ("видео 2.mp4", "відео 2.mp4", "video 2.mp4"),
    ("10 МБ", "10 МБ", "10 MB"),
    ("25 МБ", "25 МБ", "25 MB"),
    ("сканы.pdf", "скани.pdf", "scans.pdf"),
    ("ещё сканы.pdf", "ще скани.pdf", "more scans.pdf"),
    ("изображения, pdf", "зображення, pdf", "images, pdf"),
    ("всё.zip", "усе.zip", "all.zip"),
    ("всё.rar", "усе.rar", "all.rar"),
    ("внутри setup.exe", "усередині setup.exe", "with setup.exe in it"),
    ("отчёт.pdf", "звіт.pdf", "report.pdf"),
    ("Написание <кода>", "Написання <коду>", "Writing <code>"),
    ("не входит в уровень «<Старт>»", "не входить до рівня «<Старт>»", "not included in the level “<Start>”"),
    ("#услуга НАЗВАНИЕ", "#послуга НАЗВА", "#service NAME"),
    ("#предложить <Код>", "#запропонувати <Код>", "#offer <Code>"),
    ("Настройка <принтера>", "Налаштування <принтера>", "Setting up the <printer>"),
    (
        "Работу выполняет выездной мастер.\nВ цену входит дорога.",
        "Роботу виконує виїзний майстер.\nДорога входить у ціну.",
        "A technician comes to you.\nThe price includes the journey.",
    ),
    ("1\u00a0500\u00a0₽\u00a0за\u00a0час", "1\u00a0500\u00a0₴\u00a0за\u00a0годину", "€1,500 per\u00a0hour"),
    ("обращением занимается отдел <разработки>", "зверненням займається відділ <розробки>", "the <development> department deals with it"),
    ("отдел <разработки>", "відділ <розробки>", "the <development> department"),
    ("Отдел <разработки>", "Відділ <розробки>", "The <development> department"),
    ("Обычно он отвечает за неделю.", "Зазвичай він відповідає за тиждень.", "It usually answers within a week."),
    ("Вид обращения", "Вид звернення", "Kind of request"),
    ("Печать", "Друк", "Printing"),
    ("Критичность", "Критичність", "Severity"),
    ("Высокая", "Висока", "High"),
    ("Чужая <программа>", "Чужа <програма>", "Not our <program>"),
    (
        "Мы обслуживаем только свои программы.\nЭта сделана не нами.",
        "Ми обслуговуємо лише свої програми.\nЦю зробили не ми.",
        "We look after our own programs only.\nThis one is not ours.",
    ),
    ("Напишите, пожалуйста, её <авторам>.", "Напишіть, будь ласка, її <авторам>.", "Please write to its <authors>."),
    ("Не печатает.\nСовсем <никак>.", "Не друкує.\nЗовсім <ніяк>.", "It does not print.\nNot <at all>."),
    ("Не печатает", "Не друкує", "It does not print"),
    ("<p>Не <b>печатает</b></p>", "<p>Не <b>друкує</b></p>", "<p>It does not <b>print</b></p>"),
    ("Посмотрите, пожалуйста", "Подивіться, будь ласка", "Please have a look"),
    ("Посмотрите <срочно>.", "Подивіться <терміново>.", "Have a look <soon>."),
    ("Она ответит\n<сама>.", "Вона відповість\n<сама>.", "It answers\n<itself>."),
    ("Разберитесь, <пожалуйста>.", "Розберіться, <будь ласка>.", "Look into it, <please>."),
    ("«да», «перезвоните»", "«так», «передзвоніть»", "«yes», «call»"),
    ("#переслать", "#переслати", "#release"),
    ("#отмена", "#скасувати", "#undo"),
    ("Сайт", "Сайт", "The site"),
    ("4 часа", "4 години", "4 hours"),
    ("2 часа", "2 години", "2 hours"),
    ("1 час", "1 година", "1 hour"),
    ("30 минут", "30 хвилин", "30 minutes"),
    ("Иван <Иванов>", "Іван <Іваненко>", "John <Johnson>"),
    ("Иван", "Іван", "John"),
    ("Перезвонить <Анне>", "Передзвонити <Анні>", "Call <Ann> back"),
    ("в работе", "у роботі", "in progress"),
    ("Не <печатает>", "Не <друкує>", "It does not <print>"),
    ("Первая <линия>", "Перша <лінія>", "The first <line>"),
    ("печать", "друк", "printing"),
    ("<склад>", "<склад>", "<stock>"),
    ("угроза: «в <суд>»", "погроза: «до <суду>»", "a threat: “see you in <court>”"),
    ("звонить до 12", "дзвонити до 12", "call before noon"),
    ("#отказать", "#відмовити", "#refuse"),
    ("#отложить", "#відкласти", "#postpone"),
    ("«1. Не печатает <принтер>»", "«1. Не друкує <принтер>»", "“1. The <printer> does not print”"),
    ("«и ещё вопрос»", "«і ще питання»", "“and one more question”"),
    ("Re: <принтер>", "Re: <принтер>", "Re: <printer>"),
    ("#решено", "#вирішено", "#resolved"),
    ("Готово, <проверьте>.\n#решено", "Готово, <перевірте>.\n#вирішено", "Done, please <check>.\n#resolved"),
    ("Здравствуйте!\nПерезагрузите <его>.", "Вітаємо!\nПерезавантажте <його>.", "Hello!\nPlease restart <it>."),
    ("Перезагрузите <его>.", "Перезавантажте <його>.", "Please restart <it>."),
    ("Перезагрузите <его>.\nИ напишите.", "Перезавантажте <його>.\nІ напишіть.", "Please restart <it>.\nAnd write to us."),
    ("Анна <anna@example.com>", "Ганна <anna@example.com>", "Anna <anna@example.com>"),
    (
        "<p>Здравствуйте!</p><p><b>Перезагрузите</b> &lt;его&gt;.</p>",
        "<p>Вітаємо!</p><p><b>Перезавантажте</b> &lt;його&gt;.</p>",
        "<p>Hello!</p><p><b>Please restart</b> &lt;it&gt;.</p>",
    ),
    ("#отмена", "#скасувати", "#undo"),
    ("Ждём ответа\n<производителя>.", "Чекаємо на відповідь\n<виробника>.", "We are waiting for\nthe <maker>."),
    ("взять", "взяти", "take"),
    ("ждать", "чекати", "wait"),
    (
        "исполнитель: никто → Иван <ivan@example.org>",
        "виконавець: ніхто → Іван <ivan@example.org>",
        "assigned to: nobody → John <ivan@example.org>",
    ),
    ("продлить до пятницы", "подовжити до п’ятниці", "extend until Friday"),
    ("срок уже прошёл", "строк уже минув", "the term has passed already"),
    ("10 часов", "10 годин", "10 hours"),
    ("14 часов", "14 годин", "14 hours"),
    ("3 000 ₽", "3 000 ₴", "€3,000"),
    ("23 нояб. 09:10", "23 лист. 09:10", "23 Nov 09:10"),
    ("23 нояб. 09:20", "23 лист. 09:20", "23 Nov 09:20"),
    ("ноябрь 2026", "листопад 2026", "November 2026"),
    ("Анна <Петрова>", "Ганна <Петренко>", "Anna <Peters>"),
    ("Не <печатает>", "Не <друкує>", "It does not <print>"),
    ("Смотрим", "Дивимося", "We are looking into it"),
    ("новое", "нове", "new"),
    ("новое → в работе", "нове → у роботі", "new → in progress"),
    ("обслуживается", "обслуговується", "served"),
    ("нет <оплаты>", "немає <оплати>", "not <paid>"),
    ("РМ-17/2026, <РМ-18>", "РМ-17/2026, <РМ-18>", "RM-17/2026, <RM-18>"),
    ("Лют<ик", "Жов<тець", "Butter<cup"),
    ("<пион>", "<півонія>", "<peony>"),
    ("очередь", "черга", "queue"),
    ("очер<едъ", "чер<ха", "que<e"),
    ("Отлично", "Чудово", "Great"),
    ("Нормально", "Нормально", "Fair"),
    ("Плохо", "Погано", "Bad"),
    ("Вышла <версия> 9", "Вийшла <версія> 9", "<Version> 9 is out"),
    ("Добавлено <главное>.", "Додано <головне>.", "The <main thing> is there."),
    ("Добавлено <главное>.\nИсправлены ошибки.", "Додано <головне>.\nВиправлено помилки.", "The <main thing> is there.\nBugs are gone."),
    ("статус НОМЕР", "статус НОМЕР", "status NUMBER"),
)  # fmt: skip
_IN: Mapping[str, Mapping[str, str]] = {
    "uk": {words[0]: words[1] for words in _WORDS},
    "en": {words[0]: words[2] for words in _WORDS},
}


def in_language(value: object, language: str) -> object:
    """Return a sample value with its words in a language: texts, people, and what they stand in."""
    said = _IN.get(language, {})
    if isinstance(value, str):
        return said.get(value, value)
    if isinstance(value, Address):
        return replace(value, name=said.get(value.name, value.name))
    if isinstance(value, Mapping):
        return {key: in_language(inner, language) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(in_language(inner, language) for inner in value)
    return value
