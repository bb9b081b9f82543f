"""A desk that is steered: rules, grounds, teams, units, offers, checklists, FAQ; what the tests of steering play on."""

from maild.model import Purpose
from maild.rehearsal import Rehearsal, SentLetter
from tests.walk.served import open_served
from tests.walk.stage import SUPPORT, reply

STEERING = """
[organization.acme.team.accounting]
name = "Бухгалтерия"
agents = ["petra"]
[organization.acme.category.fault]
name = "Неисправность"
ask = ["version", "screenshot"]
[organization.acme.category.question]
name = "Вопрос"
[organization.acme.severity.low]
name = "Низкая"
[organization.acme.missing.version]
text = "номер версии программы"
[organization.acme.missing.screenshot]
text = "снимок экрана с ошибкой"
[organization.acme.asking]
remind = "3d"
give_up = "10d"
[organization.acme.ground.abuse]
name = "Оскорбления"
decided = "rule"
text = "Письма с бранью мы не рассматриваем."
next = "Напишите ещё раз, без брани."
[organization.acme.ground.foreign]
name = "Не наша программа"
text = "Мы помогаем только с нашими программами."
next = "Обратитесь к её производителю."
counted = true
[organization.acme.ground.unclear]
name = "Мало сведений"
effect = "postpone"
decided = "rule"
text = "Мы не поняли, что случилось."
next = "Опишите, что вы делали и что увидели."
[organization.acme.unit.tax]
name = "Налоговая"
address = "office@tax.example"
text = "Она ответит вам сама."
close = true
[organization.acme.unit.maker]
name = "Разработчик"
address = "dev@maker.example"
[organization.acme.unit.books]
name = "Отдел учёта"
team = "accounting"
[organization.acme.offer.training]
name = "Обучение"
text = "Обучаем удалённо."
price = 1500
per = "hour"
[organization.acme.faq.password]
title = "Как восстановить пароль"
url = "https://acme.example/faq/password"
words = ["пароль", "забыл пароль", "не могу войти"]
answer = "Нажмите «Забыли пароль?» на странице входа."
[organization.acme.faq.invoice]
title = "Где скачать счёт"
url = "https://acme.example/faq/invoice"
words = ["счёт на оплату", "скачать счёт"]
[organization.acme.rule.outage]
when.words = ["ничего не работает", "упал сервер"]
then = { category = "outage", severity = "critical", priority = "first", tags = ["авария"] }
[organization.acme.rule.fault]
when.words = ["ошибка"]
then = { category = "fault", hint = "Проверьте журнал." }
[organization.acme.rule.rude]
when.words = "дурак"
then.refuse = "abuse"
[organization.acme.rule.windows]
when.words = "винда"
then.refuse = "foreign"
[organization.acme.rule.what]
when.subject_matches = "^[?]+$"
then.postpone = "unclear"
[organization.acme.rule.taxes]
when.words = "налоговая"
then.route = "tax"
[organization.acme.rule.code]
when.words = "исходный код"
then.route = "maker"
[organization.acme.rule.books]
when.words = "проводка"
then = { route = "books", agent = "petra" }
[organization.acme.rule.training]
when.words = "обучение"
then.offer = "training"
[organization.acme.rule.password]
when.words = "пароль"
then.faq = "password"
"""


def open_steered(extra: str = "") -> Rehearsal:
    """Return an empty desk that serves and is steered."""
    return open_served(organization=STEERING + extra)


def say(desk: Rehearsal, sent: list[SentLetter], text: str, author: str) -> list[SentLetter]:
    """Let somebody answer the letter that they got."""
    mine = next(one for one in sent if one.recipient in author)
    return desk.deliver(reply(mine, text, author=author), SUPPORT)


def purposes(sent: list[SentLetter]) -> list[Purpose]:
    """Return why each letter went out."""
    return [one.purpose for one in sent]
