"""Whatever an admin may write about steering changes something: for each key a letter that goes otherwise because of it."""

import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta

import pytest

from maild.model import Purpose
from maild.sla.target import Moment
from tests.walk.served import CODE, IVAN_ADDRESS, OLGA, STRANGER, open_served, running, write
from tests.walk.stage import PLAIN, SUPPORT, letter, ticket, to
from tests.walk.steered import STEERING, open_steered, say

OLGA_ADDRESS = "olga@romashka.example"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(**files: bytes) -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_", "."), content)
    return octets.getvalue()


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────

PLACES = """
[organization.acme.form.site]
sender = "noreply@site.example"
[organization.acme.quota]
per_month = 1
"""
FORM = "E-mail: olga@romashka.example\nСообщение: Горит красная лампочка."

# (condition, what the letter is that it holds for); it does not hold for a plain letter of Olga's.
CONDITIONS: list[tuple[str, Mapping[str, object]]] = [
    ('words = "лампа"', {"text": "Горят лампы"}),
    ('subject_words = "лампа"', {"subject": "Лампы"}),
    ('text_words = "лампа"', {"text": "Горят лампы"}),
    ("matches = 'E-\\d+'", {"text": "Ошибка E-17"}),
    ("subject_matches = 'E-\\d+'", {"subject": "Ошибка E-17"}),
    ("text_matches = 'E-\\d+'", {"text": "Ошибка E-17"}),
    ('from = "@nowhere.example"', {"author": STRANGER}),
    ('to = "help@acme.example"', {"to": "support@acme.example, help@acme.example"}),
    ('mailbox = "plain"', {"to": "desk@acme.example"}),
    ('header = { "X-Mailer" = "Bat" }', {"headers": [("X-Mailer", "The Bat! 9")]}),
    ('kind = "auto-generated"', {"headers": [("Auto-Submitted", "auto-generated")]}),
    ('form = "site"', {"author": "noreply@site.example", "text": FORM}),
    ('client = "pion"', {"author": "pion@pion.example"}),
    ('standing = "expired"', {"author": "pion@pion.example"}),
    ('level = "gold"', {"text": f"Купон {CODE}"}),
    ('coupon = "valid"', {"text": f"Купон {CODE}"}),
    ("attachments = true", {"attachments": {"a.pdf": PDF}}),
    ('attachment_types = "pdf"', {"attachments": {"a.bin": PDF}}),
    ("attachment_names = '^a'", {"attachments": {"a.pdf": PDF}}),
    ('check = "capitals"', {"text": "У НАС СНОВА НЕ РАБОТАЕТ ПЕЧАТЬ ЧЕКОВ, ПОМОГИТЕ, ПОЖАЛУЙСТА, СРОЧНО"}),
    ("several = true", {"text": "1. Не печатает принтер на складе.\n2. Не открывается отчёт о продажах.\n3. Нужен доступ."}),
    ('category = "fault"', {"text": "Выходит ошибка"}),
    ('severity = "critical"', {"text": "Упал сервер"}),
    ('tag = "авария"', {"text": "Упал сервер"}),
    ('any = [{ words = "лампа" }, { words = "люстра" }]', {"text": "Горят люстры"}),
    ('all = [{ words = "горит" }, { words = "люстра" }]', {"text": "Горят люстры"}),
    ('not = { subject_words = "принтер" }', {"subject": "Лампы"}),
]  # fmt: skip


def is_tagged(condition: str, **letters: object) -> bool:
    """Whether a rule with one condition holds for a letter that is plain but for what is named."""
    rule = f'[organization.acme.rule.probe]\nwhen.{condition}\nthen.tags = "probe"\n'
    mailbox = PLAIN if letters.get("to") == "desk@acme.example" else SUPPORT
    said: dict[str, object] = {"text": "Горит красная штука.", "author": OLGA} | letters
    with open_steered(PLACES + rule) as desk:
        desk.deliver(letter(**said), mailbox)  # type: ignore[arg-type]
        return "probe" in ticket(desk).tags


@pytest.mark.parametrize(("condition", "said"), CONDITIONS, ids=[condition for condition, _ in CONDITIONS])
def test_a_condition_sees_what_it_asks_about(condition: str, said: Mapping[str, object]) -> None:
    """The letter gets the tag that a plain one does not get."""
    assert is_tagged(condition, **said)
    assert not is_tagged(condition)


def test_a_rule_sees_what_is_beyond_the_quota() -> None:
    rule = '[organization.acme.rule.probe]\nwhen.over_quota = true\nthen.tags = "probe"\n'
    with open_steered(PLACES + rule) as desk:
        write(desk, text="Горит красная лампочка на принтере.")
        assert ticket(desk).tags == ()
        write(desk, text="Отчёт о продажах пуст.", subject="Отчёт")
        assert ticket(desk).tags == ("probe",)


def test_a_rule_sees_when_the_letter_came() -> None:
    rules = "".join(
        f'[organization.acme.rule.{key.replace("_", "-")}]\nwhen.{key} = "office"\nthen.tags = "{key}"\n'
        for key in ("in_hours", "out_of_hours")
    )
    with open_steered(rules) as desk:
        write(desk)
        assert ticket(desk).tags == ("in_hours",)
        desk.advance(timedelta(hours=12))
        write(desk, subject="Ночью", text="Отчёт о продажах пуст.")
        assert ticket(desk).tags == ("out_of_hours",)


# ── when a rule is tried ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "first", "later"),
    [
        ("", True, False),
        ('on = "first"', True, False),
        ('on = "later"', False, True),
        ('on = "every"', True, True),
        ("enabled = false", False, False),
        ("since = 2026-11-24", False, False),
        ("until = 2026-11-22", False, False),
        ("since = 2026-11-23\nuntil = 2026-11-23", True, False),
    ],
)
def test_a_rule_is_tried_on_its_letters_and_days(key: str, *, first: bool, later: bool) -> None:
    rule = f'[organization.acme.rule.probe]\n{key}\nthen.hint = "Вот и подсказка."\n'
    with open_steered(rule) as desk:
        sent = write(desk, OLGA, "Горит красная лампочка.")
        assert ("Вот и подсказка." in to(sent, IVAN_ADDRESS).message.text) is first
        again = say(desk, sent, "И ещё мигает.", OLGA)
        assert ("Вот и подсказка." in to(again, IVAN_ADDRESS).message.text) is later


def test_a_rule_that_stops_ends_it() -> None:
    rules = '[organization.acme.rule.first]\nwhen.words = "лампочка"\nthen.tags = "one"\n{}[organization.acme.rule.second]\nthen.tags = "two"\n'
    for stop, tags in (("", ("one", "two")), ("stop = true\n", ("one",))):
        with open_steered(rules.format(stop)) as desk:
            write(desk)
            assert ticket(desk).tags == tags


# ── what customers and agents read ───────────────────────────────────────────────────────────────────────────────────

LETTERS: dict[str, dict[str, object]] = {
    "plain": {"text": "Горит красная лампочка."},
    "invoice": {"text": "Где скачать счёт на оплату?"},
    "rude": {"text": "Ты дурак"},
    "taxes": {"text": "Что скажет налоговая?"},
    "fault": {"text": "Выходит ошибка"},
    "training": {"text": "Нам нужно обучение"},
    "capitals": {"text": "У НАС СНОВА НЕ РАБОТАЕТ ПЕЧАТЬ ЧЕКОВ, ПОМОГИТЕ, ПОЖАЛУЙСТА, СРОЧНО"},
    "files": {"attachments": {"a.pdf": PDF, "b.pdf": PDF + b"%" * 2000}},
    "archive": {"attachments": {"files.zip": archive(a_pdf=PDF, b_exe=b"MZ" + b"0" * 200)}},
}

INVOICE = 'url = "https://acme.example/faq/invoice"'
INVENTORY = '[organization.acme.missing.inventory]\ntext = "номер с наклейки"\n'
ASKED = '[organization.acme.rule.asked]\nthen.ask = "inventory"\n'


def table(name: str, text: str) -> str:
    return f"[organization.acme.{name}]\n{text}\n"


# (the letter, what is replaced in the configuration ("^": its beginning, "$": its end) by what, who reads it, words that are
# there because of it, or, behind "-", that are not there any more)
WORDS = [
    ("capitals", "^", 'text_hints = ["capitals"]\n', IVAN_ADDRESS, "заглавн"),
    ("plain", "$", table("faq.lamp", 'title = "Лампочка"\nwords = ["красная лампочка"]\nanswer = "Вытрите её."'), OLGA_ADDRESS, "Вытрите её."),
    ("plain", "$", table("faq.lamp", 'title = "Лампочка"\nquestions = ["Горит красная лампочка"]\nurl = "https://acme.example/lamp"'), OLGA_ADDRESS, "acme.example/lamp"),
    ("invoice", "$", table("suggestions", "most = 0"), OLGA_ADDRESS, "-faq/invoice"),
    ("invoice", "$", table("suggestions", "threshold = 1.0"), OLGA_ADDRESS, "-faq/invoice"),
    ("invoice", INVOICE, f"{INVOICE}\nuntil = 2026-11-22", OLGA_ADDRESS, "-faq/invoice"),
    ("invoice", INVOICE, f"{INVOICE}\nsince = 2026-11-24", OLGA_ADDRESS, "-faq/invoice"),
    ("fault", 'ask = ["version", "screenshot"]', 'ask = ["version", "screenshot", "contact"]', OLGA_ADDRESS, "телефон"),
    ("plain", "$", ASKED + INVENTORY, OLGA_ADDRESS, "– номер с наклейки"),
    ("fault", 'text = "номер версии программы"', 'text = "номер версии программы"\nthere = { words = "ошибка" }', OLGA_ADDRESS, "-– номер версии"),
    ("training", "price = 1500", "price = 900", OLGA_ADDRESS, "900"),
    ("training", 'per = "hour"', 'per = "request"', OLGA_ADDRESS, "за\u00a0обращение"),
    ("training", "Обучаем удалённо.", "Обучаем у вас.", OLGA_ADDRESS, "Обучаем у вас."),
    ("rude", 'decided = "rule"', 'decided = "person"', OLGA_ADDRESS, "-Письма с бранью"),
    ("rude", "Напишите ещё раз, без брани.", "Остыньте.", OLGA_ADDRESS, "Остыньте."),
    ("taxes", "Она ответит вам сама.", "Ждите.", OLGA_ADDRESS, "Ждите."),
    ("taxes", "close = true", "close = false", OLGA_ADDRESS, "-Дальше вам ответят оттуда"),
    ("files", "$", table("attachments", 'max_size = "1KB"'), OLGA_ADDRESS, "– b.pdf: файл слишком велик"),
    ("files", "$", table("attachments", 'max_total = "2KB"'), OLGA_ADDRESS, "– b.pdf: "),
    ("files", "$", table("attachments", 'types = ["png"]'), OLGA_ADDRESS, "– a.pdf: "),
    ("files", "$", table("attachments", 'refused = ["pdf"]'), OLGA_ADDRESS, "– a.pdf: "),
    ("archive", "$", table("attachments", 'refused = ["program"]'), OLGA_ADDRESS, "(b.exe)"),
    ("archive", "$", table("attachments", 'archives = "refuse"'), OLGA_ADDRESS, "– files.zip: "),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "who", "words"), WORDS)
def test_a_key_changes_what_people_read(kind: str, *, old: str, new: str, who: str, words: str) -> None:
    edited = {"^": new + STEERING, "$": STEERING + new}.get(old, STEERING.replace(old, new, 1))
    assert edited != STEERING
    absent, present = (edited, STEERING) if words.startswith("-") else (STEERING, edited)
    said = words.removeprefix("-")
    assert said in read_by(who, kind, present)
    assert said not in read_by(who, kind, absent)


def read_by(who: str, kind: str, organization: str) -> str:
    with open_served(organization=organization) as desk:
        sent = desk.deliver(letter(**{"author": OLGA, **LETTERS[kind]}), SUPPORT)  # type: ignore[arg-type]
        return to(sent, who).message.text


def test_archives_are_taken_unseen() -> None:
    """`archives = "take"` asks for the archive only, "look" for every file in it."""
    types = 'types = ["pdf", "archive"]'
    looked = read_by(OLGA_ADDRESS, "archive", STEERING + table("attachments", types))
    taken = read_by(OLGA_ADDRESS, "archive", STEERING + table("attachments", f'{types}\narchives = "take"'))
    assert "(b.exe)" in looked
    assert "files.zip" not in taken


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asking", "purposes_of_time"),
    [
        ('remind = "3d"\ngive_up = "10d"', [Purpose.CHASER, Purpose.CLOSING]),
        ('remind = "0s"\ngive_up = "10d"', [Purpose.CLOSING]),
        ('remind = "3d"\ngive_up = "0s"', [Purpose.CHASER]),
        ('remind = "0s"\ngive_up = "0s"', []),
    ],
)
def test_a_silent_customer_is_chased_as_the_admin_says(asking: str, purposes_of_time: list[Purpose]) -> None:
    edited = STEERING.replace('remind = "3d"\ngive_up = "10d"', asking)
    with open_served(organization=edited) as desk:
        write(desk, OLGA, "Выходит ошибка")
        sent = desk.advance(timedelta(days=40))
        assert [one.purpose for one in sent if one.recipient == OLGA_ADDRESS] == purposes_of_time


@pytest.mark.parametrize("wait", ["customer", "approval", "third_party", "release"])
def test_what_is_put_off_waits_for_what_its_ground_says(wait: str) -> None:
    """Only the customer is chased."""
    edited = STEERING.replace('effect = "postpone"', f'effect = "postpone"\nwait = "{wait}"')
    with open_served(organization=edited) as desk:
        desk.deliver(letter("Помогите", author=OLGA, subject="???"), SUPPORT)
        assert running(desk)[Moment.RESOLVED].pauses[-1].reason == wait
        sent = desk.advance(timedelta(days=5))
        assert (Purpose.CHASER in [one.purpose for one in sent]) is (wait == "customer")
