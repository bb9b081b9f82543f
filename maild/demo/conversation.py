"""The script: who writes what, and what maild must make of it. Knows the cast, how letters are written, and `model`.

Letters that answer ours are made from what SMTP really took: each scene is given the stage and writes its letter then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from maild.demo import letters
from maild.demo.cast import ANNA, BORIS, ELENA, IVAN, NEWS, POSTMASTER
from maild.demo.post import Envelope, PostOffice
from maild.model import Address, OutcomeKind, Purpose


@dataclass(kw_only=True)
class Stage:
    """What has happened so far."""

    post: PostOffice
    sent: list[Envelope] = field(default_factory=list)  # the letters of the script, in order


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One letter of the script, and all that may follow from it."""

    title: str
    author: Address
    write: Callable[[Stage, datetime], Envelope]  # raises LookupError when the letter it answers never came
    outcome: OutcomeKind
    ticket: str | None  # the number of the ticket it opens or enters
    sends: tuple[tuple[Purpose, Address], ...] = ()  # exactly these go out
    carries: str = ""  # words that must stand in what goes to the agent or, from the agent, to the customer


QUESTION = """\
Здравствуйте!

С утра в бухгалтерии не печатает принтер: горит красная лампочка, бумага есть.
К обеду нужно сдать акты, помогите, пожалуйста.

Анна Ковалёва
ООО «Василёк»"""

MORE = """\
Забыла написать модель: HP LaserJet P2055, сетевой.
Выключать и включать уже пробовала."""

ANSWER = """\
Анна, здравствуйте!

Красная лампочка у P2055 чаще всего означает, что снят или плохо защёлкнут картридж.
Откройте переднюю крышку, выньте картридж и вставьте его до щелчка.

Иван Петров"""

VACATION = """\
Здравствуйте! Я в отпуске до 30 ноября и не читаю почту.
По срочным вопросам пишите моей коллеге: olga@vasilek.example"""

INVOICE = """\
Добрый день.
Пришлите, пожалуйста, акт сверки за октябрь: в нашем экземпляре не хватает второй страницы.

С уважением, Борис Громов, завод «Прогресс»"""

SECOND_PAGE = """\
Борис, добрый день! Вторую страницу акта сверки нашли, высылаю её отдельным письмом сегодня до 18:00.

Иван Петров"""

HTML = """\
<html><body style="font-family: Arial"><table><tr><td><h2>Доступ к кабинету</h2>
<p>Добрый день! Подскажите, как <b>сменить пароль</b> от личного кабинета?<br>
Старый больше не подходит&nbsp;&mdash; пишет &laquo;неверный код&raquo;.</p>
<p><i>Елена Зуева</i><br><a href="https://lavanda.example">Цветочный салон &laquo;Лаванда&raquo;</a></p>
</td></tr></table></body></html>
"""

DIGEST = """\
Главное за неделю: новые формы отчётности, сроки уплаты налогов, ответы на вопросы читателей."""


SCRIPT = (
    Scene(
        title="a new question",
        author=ANNA,
        write=lambda _, now: letters.question(ANNA, "Не печатает принтер", QUESTION, now),
        outcome=OutcomeKind.OPENED,
        ticket="ROM-1",
        sends=((Purpose.ACKNOWLEDGEMENT, ANNA), (Purpose.NOTIFICATION, IVAN)),
        carries="горит красная лампочка",
    ),
    Scene(
        title="the same letter, repeated by a relay",
        author=ANNA,
        write=lambda stage, now: letters.relayed_again(stage.sent[0], now),
        outcome=OutcomeKind.DUPLICATE,
        ticket="ROM-1",
    ),
    Scene(
        title="an answer to the acknowledgement",
        author=ANNA,
        write=lambda stage, now: letters.reply(ANNA, stage.post.latest(ANNA), MORE, now),
        outcome=OutcomeKind.APPENDED,
        ticket="ROM-1",
        sends=((Purpose.NOTIFICATION, IVAN),),
        carries="HP LaserJet P2055",
    ),
    Scene(
        title="the agent answers, the notification quoted",
        author=IVAN,
        write=lambda stage, now: letters.reply(IVAN, stage.post.latest(IVAN), ANSWER, now),
        outcome=OutcomeKind.APPENDED,
        ticket="ROM-1",
        sends=((Purpose.ANSWER, ANNA),),
        carries="вставьте его до щелчка",
    ),
    Scene(
        title="an out-of-office notice",
        author=ANNA,
        write=lambda stage, now: letters.out_of_office(ANNA, stage.post.latest(ANNA), VACATION, now),
        outcome=OutcomeKind.IGNORED,
        ticket="ROM-1",
    ),
    Scene(
        title="windows-1251 from an old mail client",
        author=BORIS,
        write=lambda _, now: letters.in_windows_1251(BORIS, "Акт сверки за октябрь", INVOICE, now),
        outcome=OutcomeKind.OPENED,
        ticket="ROM-2",
        sends=((Purpose.ACKNOWLEDGEMENT, BORIS), (Purpose.NOTIFICATION, IVAN)),
        carries="не хватает второй страницы",
    ),
    Scene(
        title="the agent answers that one",
        author=IVAN,
        write=lambda stage, now: letters.reply(IVAN, stage.post.latest(IVAN), SECOND_PAGE, now),
        outcome=OutcomeKind.APPENDED,
        ticket="ROM-2",
        sends=((Purpose.ANSWER, BORIS),),
        carries="высылаю её отдельным письмом",
    ),
    Scene(
        title="the answer bounces: mailbox full",
        author=POSTMASTER,
        write=lambda stage, now: letters.undelivered(
            stage.post.latest(BORIS), "5.2.2", f"552 5.2.2 <{BORIS.addr}>: Mailbox full", now
        ),
        outcome=OutcomeKind.BOUNCE,
        ticket="ROM-2",
        sends=((Purpose.NOTIFICATION, IVAN),),
        carries="Mailbox full",
    ),
    Scene(
        title="a letter with nothing but HTML",
        author=ELENA,
        write=lambda _, now: letters.only_html(ELENA, "Пароль от кабинета", HTML, now),
        outcome=OutcomeKind.OPENED,
        ticket="ROM-3",
        sends=((Purpose.ACKNOWLEDGEMENT, ELENA), (Purpose.NOTIFICATION, IVAN)),
        carries="Старый больше не подходит",
    ),
    Scene(
        title="a newsletter",
        author=NEWS,
        write=lambda _, now: letters.newsletter("Вестник бухгалтера № 47", DIGEST, now),
        outcome=OutcomeKind.IGNORED,
        ticket=None,
    ),
)
