"""A month of a steered desk, played by the production walk: what the tests of the backtest look back upon."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from maild.rehearsal import Rehearsal, SentLetter
from maild.store.engine import Database
from tests.walk import served, stage
from tests.walk.served import IVAN, OLGA, STRANGER
from tests.walk.stage import PETRA, SUPPORT, letter, reply, to
from tests.walk.steered import STEERING

HOUR = timedelta(hours=1)
PION = "pion@pion.example"
CONFIG = stage.CONFIG.replace("[organization.acme]\n", "", 1).replace(
    'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', ""
)
CONFIG = CONFIG.replace('[organization.acme.repeats]\nwindow = "0s"', '[organization.acme.repeats]\nwindow = "7d"', 1)
CONFIG += served.PROMISES.format(
    organization=f'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n{STEERING}', identity='expired = "refuse"'
)
PHONE = """
[organization.acme.rule.phone]
on = "every"
when.words = "телефон"
then = { team = "accounting", tags = ["связь"] }
"""
CONFIG += PHONE
FIRST = "[organization.acme.rule.outage]"  # before it another rule is the first


@dataclass
class Month:
    """The desk, and copies of its database as they were just before each letter was walked."""

    desk: Rehearsal
    copies: Path
    letters: list[tuple[bytes, str]] = field(default_factory=list)  # octets and mailbox, by number from 1 on
    opened: dict[int, Database] = field(default_factory=dict)

    def deliver(self, raw: bytes, mailbox: str = SUPPORT) -> list[SentLetter]:
        """Let a letter come, and keep what the database was before."""
        self.letters.append((raw, mailbox))
        self.desk._office.database.copy_to(self.copies / f"{len(self.letters)}.sqlite3")
        return self.desk.deliver(raw, mailbox)

    def before(self, number: int) -> Database:
        """Return the database as it was just before a letter was walked."""
        if number not in self.opened:
            self.opened[number] = Database.open(f"sqlite:///{self.copies}/{number}.sqlite3", migrate=False)
        return self.opened[number]

    def write(self, text: str, author: str = OLGA, subject: str = "Вопрос", **more: object) -> list[SentLetter]:
        """Let a customer write."""
        return self.deliver(letter(text, author=author, subject=subject, **more))  # type: ignore[arg-type]


@contextmanager
def a_month() -> Iterator[Month]:
    """Play a month: requests, answers, commands, chasers, repeats, a stranger who says who they are, machines."""
    copies = Path(tempfile.mkdtemp(prefix="maild-month-"))
    try:
        with stage.open_desk(CONFIG) as desk:
            month = Month(desk, copies)
            _play(month)
            yield month
            for database in month.opened.values():
                database.close()
    finally:
        shutil.rmtree(copies)


def _play(month: Month) -> None:
    desk, write = month.desk, month.write
    outage = write("Упал сервер, ничего не работает!", subject="Авария")
    desk.advance(HOUR)
    month.deliver(reply(to(outage, IVAN), "#взять\n#критичность низкая", author=IVAN))
    desk.advance(HOUR)
    month.deliver(reply(to(outage, "olga@romashka.example"), "И телефон не работает, и пароль забыли.", author=OLGA))
    desk.advance(HOUR)
    month.deliver(reply(to(outage, IVAN), "Починили, проверьте.", author=IVAN))
    fault = write("Программа выдаёт ошибку.", subject="Отчёт")  # in the same instant: asked for version and screenshot
    desk.advance(timedelta(days=1))
    month.deliver(reply(to(fault, "olga@romashka.example"), "Версия 8.3.21, ошибка та же.", author=OLGA))
    write("Программа выдаёт ошибку.", subject="Отчёт")  # sent again
    month.deliver(month.letters[0][0])  # a copy of the first
    write("Когда ответите?", subject="ACME-9")  # there is none yet
    write("Вы дурак.", subject="Жалоба")
    write("Вы дурак, и это всё.", subject="Жалоба ещё раз")  # told lately
    write("У меня винда не грузится.", subject="Компьютер")  # proposed to a person
    desk.advance(HOUR)
    write("Что-то не так", subject="??")
    write("Налоговая не приняла декларацию.", subject="Декларация")
    setup = write("Как настроить сканер?", subject="Настройка")
    desk.advance(HOUR)
    month.deliver(reply(to(setup, "olga@romashka.example"), "И второй тоже.", author=OLGA))
    month.deliver(reply(to(setup, IVAN), "#решено\nВ параметрах.", author=IVAN))
    training = write("Нужно обучение для двоих.", subject="Обучение")
    desk.advance(timedelta(days=1))
    month.deliver(reply(to(training, "olga@romashka.example"), "А сколько это займёт?", author=OLGA))
    books = write("Не проходит проводка за март.", subject="Проводка", author=STRANGER)
    month.deliver(
        reply(to(books, "petr@nowhere.example"), "Вот наш купон: АБВ-2026-11", author=STRANGER)
    )  # who they are
    month.deliver(reply(to(books, PETRA), "#клиент pion\nПроведите заново.", author=PETRA))
    desk.advance(timedelta(days=4))  # the first chasers have gone
    month.deliver(
        reply(
            to(fault, "olga@romashka.example"), "Снимок во вложении.", author=OLGA, attachments={"a.pdf": b"%PDF-1.4"}
        )
    )
    write("Забыли пароль от личного кабинета.", subject="Пароль", author=STRANGER)
    write("Не грузится отчёт, купон 7KQ4-MX2P-9TRC.", subject="По купону", author=STRANGER)
    write("Наш купон: 9ZZ4-MX2P-9TR1", subject="Купон", author="thief@guess.example")
    desk.advance(HOUR)
    write("Или вот этот купон: 8WW3-KQ7P-2AB5", subject="Другой", author="thief@guess.example")
    write("Купон VIP-2025-77, не печатает.", subject="Старый купон")
    write("Договор кончился, а вопрос есть.", subject="Вопрос", author=PION)
    write(
        "Где скачать счёт?",
        author="hans@langer.example",
        subject="Счёт",
        attachments={"big.pdf": b"%PDF-" + b"x" * 5000},
    )
    month.deliver(letter("Я в отпуске.", subject="Автоответ", headers=[("Auto-Submitted", "auto-replied")]))
    write("Диск полон", author="disk@machines.example", subject="Диск", headers=[("Auto-Submitted", "auto-generated")])
    month.deliver(letter("The report failed.", author="olga@beta-client.example", to="help@beta.example"), stage.BETA)
    desk.advance(timedelta(days=12))  # some have been given up
    month.deliver(reply(to(fault, "olga@romashka.example"), "Мы ещё здесь, ошибка есть.", author=OLGA))
    month.deliver(reply(to(outage, "olga@romashka.example"), "Спасибо, всё работает.", author=OLGA))
    desk.advance(HOUR)
    lamp = write("Горит красная лампочка.", subject="Лампочка")
    again = write("Мигает зелёная лампочка.", subject="Ещё лампочка")
    other = to(lamp, IVAN).message.subject.partition("[")[2].partition("]")[0]
    month.deliver(reply(to(again, IVAN), f"#объединить с {other}", author=IVAN))
    desk.advance(timedelta(days=8))  # beyond the window for repeats
    month.deliver(reply(to(again, "olga@romashka.example"), "Она ещё мигает.", author=OLGA))  # enters the other
