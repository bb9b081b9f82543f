"""What it costs to tell whose letter it is, among a hundred thousand clients with a coupon each.

    make bench            or: python bench/register.py --clients 20000

A letter is searched for clues, the register is asked, the answer is weighed: what `pipeline.walk` does with every letter
that a person wrote. Goal: at most 2 ms for a letter, however many clients there are. The best of many turns counts.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import partial

from stand import BOX, ORG, databases, gather_statistics, milliseconds, policy_of, say_machine

from maild import logs
from maild.contracts.client import Client, Contact, Coupon
from maild.contracts.clues import find_client_clues
from maild.contracts.coupons import issue_code
from maild.contracts.recognise import recognise
from maild.ingest.parse import parse, read_attachment
from maild.ingest.reply import read_reply
from maild.ingest.said import choose_said
from maild.ingest.unwrap import unwrap
from maild.model import Message, Said
from maild.policy import Policy
from maild.store.engine import Database
from maild.store.enrol import apply_import
from maild.store.unit import Transaction

NOW = datetime(2026, 11, 25, 8, 2, tzinfo=UTC)
FEW = 1_000
GOAL = 2.0
ONE = 777  # the client whose letters these are
WORDS = "Здравствуйте, программа не открывает отчёт за прошлый месяц и показывает ошибку, помогите, пожалуйста."
SURNAMES = """Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев
Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов
Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв""".split()
NAMES = """Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман Егор Арсений Иван
Денис Евгений Даниил Тимофей""".split()


# ── the register ─────────────────────────────────────────────────────────────────────────────────────────────────────


def clients(count: int) -> Iterator[Client]:
    """Yield clients as a service company has them; many of their specialists bear the same names."""
    for n in range(count):
        specialist = f"{NAMES[n % len(NAMES)]} {SURNAMES[n // len(NAMES) % len(SURNAMES)]}"
        yield Client(
            key=f"k{n}", name=f"ООО «Клиент {n}»", level="base", inn=inn(n), domains=(f"client{n}.example",),
            agreements=(f"{n}/2026-ТП",),
            contacts=(
                Contact(name=specialist, addresses=(f"it@client{n}.example", f"it{n}@mail.ru"), specialist=True),
                Contact(name="Бухгалтерия", addresses=(f"buh{n}@yandex.ru",)),
            ),
        )  # fmt: skip


def inn(n: int) -> str:
    """Return a taxpayer number with the right check digit."""
    first = f"77{n:07}"
    return first + str(sum(w * int(d) for w, d in zip((2, 4, 10, 3, 5, 9, 4, 6, 8), first, strict=True)) % 11 % 10)


def coupons(count: int) -> list[Coupon]:
    """Return a coupon of each client, the same in every run."""
    chance = random.Random(4)  # noqa: S311 - of a bench
    codes = dict.fromkeys(issue_code(chance.randrange) for _ in range(count + 100))
    since, until = date(2026, 1, 1), date(2026, 12, 31)
    return [Coupon(code=code, client=f"k{n}", since=since, until=until) for n, code in enumerate(list(codes)[:count])]


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def letter(author: str, *lines: str, name: str = "Анна") -> bytes:
    """Return a letter of some two kilobytes of text, with these lines in the middle."""
    message = EmailMessage()
    message["From"] = f"{name} <{author}>"
    message["To"] = "support@bench.example"
    message["Subject"] = "Не открывается отчёт"
    message["Message-ID"] = "<bench@example.com>"
    message.set_content("\n".join([*[WORDS] * 5, *lines, *[WORDS] * 5, "", "--", "С уважением, Анна"]), cte="base64")
    return message.as_bytes()


def letters(coupon: Coupon) -> dict[str, tuple[bytes, str | None]]:
    """Return letters by what they are known by, with the client whom each must lead to."""
    mine = f"k{ONE}"
    candidates = "\n".join(
        f"Строка {n}: модуль KB-{n}X{n % 7}, заказ {n * 7919 % 100000}/26, ошибка E{n}0x{n:04X}, АБ{n}-77, купон дайте"
        for n in range(200)
    )
    somebody = f"{NAMES[3]} {SURNAMES[5]}"
    return {
        "the author's address": (letter(f"it@client{ONE}.example"), mine),
        "the author's domain": (letter(f"new@client{ONE}.example"), mine),
        "a coupon in the text": (letter("anna@gmail.com", f"Талон: {coupon.code}"), mine),
        "an agreement in the text": (letter("anna@gmail.com", f"Договор № {ONE}/2026-ТП от 11.01.2026"), mine),
        "an INN in the text": (letter("anna@gmail.com", f"ИНН {inn(ONE)}"), mine),
        "nothing: a stranger": (letter("anna@gmail.com"), None),
        "nothing: a name that many have": (letter("anna@gmail.com", somebody, name=somebody), None),
        "nothing: 800 words that may be numbers": (letter("anna@gmail.com", candidates), None),
    }


def read(octets: bytes, policy: Policy) -> tuple[Message, Said]:
    """Return the letter and whose words they are, as the walk has them by then."""
    desk, message = policy.mailboxes[BOX].desk, parse(octets)
    wrapped = unwrap(
        message, forms=desk.forms, staff=desk.staff, own=desk.own, read_attachment=partial(read_attachment, octets)
    )
    return message, choose_said(message, wrapped, read_reply(message))


# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def measure(url: str, policy: Policy, count: int) -> dict[str, tuple[float, float, float]]:
    """Fill a register, and return by letter how many milliseconds the search, the register and the weighing take."""
    desk = policy.mailboxes[BOX].desk
    database, issued = Database.open(url), coupons(count)
    began = time.perf_counter()
    with database.write() as connection:
        apply_import(connection, ORG, list(clients(count)), issued, NOW)
    print(f"  {count} clients and coupons imported in {time.perf_counter() - began:.1f} s", flush=True)
    gather_statistics(database)
    figures = {}
    with database.read() as connection:
        tx = Transaction(connection)
        for name, (octets, expected) in letters(issued[ONE]).items():
            message, said = read(octets, policy)
            search = partial(find_client_clues, message, said, message.author)
            clues = search()
            ask = partial(tx.known_of, clues, None, desk, since=NOW)

            def ask_anew(ask: Callable[[], object] = ask) -> object:
                for cached in ("lookups", "coupons"):
                    clues.__dict__.pop(cached, None)  # noqa: B023 - called here only
                return ask()

            found = ask()
            weigh = partial(recognise, clues, found, desk.service.register, NOW.date())
            client = weigh().client
            if (client.key if client else None) != expected:
                raise SystemExit(f"{name}: {weigh().evidence}")
            figures[name] = (milliseconds(search, 50), milliseconds(ask_anew, 50), milliseconds(weigh, 50))
    database.close()
    return figures


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--clients", type=int, default=100_000)
    count = arguments.parse_args().clients
    logs.configure("error", "json")
    say_machine()
    policy = policy_of()
    with databases() as kinds:
        for kind, make in kinds.items():
            few, many = (measure(make(), policy, some) for some in (FEW, count))
            print(f"{kind:41} {'search':>7} {'register':>9} {'weigh':>6} {'all':>6}   all, of {FEW}   ratio   (ms)")
            for name, each in many.items():
                search, ask, weigh = each
                print(
                    f"  {name:39} {search:7.2f} {ask:9.2f} {weigh:6.2f} {sum(each):6.2f} {sum(few[name]):13.2f}"
                    f" {sum(each) / sum(few[name]):7.2f}"
                )
            print(f"  goal: at most {GOAL:.0f} ms, whatever the number")


if __name__ == "__main__":
    main()
