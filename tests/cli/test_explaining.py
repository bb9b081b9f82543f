"""`maild explain` under rules: every rule in its order, matched or the first condition that failed and the value it saw."""

from email.message import EmailMessage

import pytest

from maild.outbox.serialize import serialize
from tests.cli.call import call
from tests.daemon.desk import Desk, letter

STEERED = """
[organization.acme.category.bill]
name = "Счета"
[organization.acme.ground.sales]
name = "Реклама"
[organization.acme.faq.bill]
title = "Где скачать счёт"
url = "https://acme.example/bill"
words = ["скачать счёт", "счёт на оплату"]
[organization.acme.attachments]
max_size = "1KB"
[organization.acme.rule.sales]
when.words = "скидка"
then.refuse = "sales"
[organization.acme.rule.bills]
when.all = [{ words = ["счёт", "оплата"] }, { from = "@b.example" }]
then = { category = "bill", tags = "деньги" }
[organization.acme.rule.served]
when.standing = "served"
then.tags = "договор"
[organization.acme.rule.joined]
on = "later"
then.tags = "ещё"
[organization.acme.rule.old]
when.words = "счёт"
until = 2020-12-31
then.tags = "давно"
[organization.acme.rule.enough]
when.attachments = true
stop = true
[organization.acme.rule.never]
when.words = "оплата"
then.tags = "никогда"
[organization.acme.rule.neither]
when.words = "где"
then.tags = "тоже"
"""
TOLD = """
rules     bills, enough
           · sales: no: no form of "скидка" in the subject or the text
           · bills: matched: words "счёт": "Счёт" in the subject; from anna@b.example
           · served: no: standing is "unknown", not "served"
           · joined: not tried: it is for letters that join a request
           · old: not tried: it held until 2020-12-31
           · enough: matched: something is attached
           · never: not tried, nor is the other one below it: rule "enough" stops
text      abuse
           · abuse: Вы дураки
faq       1 found
           · bill: 1.00: счёт, скачать, оплату
files     1 not taken
           · report.pdf: size 3000 octets, at most 1000
"""


def bill() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Анна <anna@b.example>", "support@acme.example"
    message["Subject"], message["Message-ID"] = "Счёт", "<1@b.example>"
    message.set_content("Вы дураки! Где скачать счёт на оплату?")
    message.add_attachment(b"%PDF-" + b"x" * 2995, maintype="application", subtype="pdf", filename="report.pdf")
    return serialize(message)


def steered(out: str) -> str:
    """Return what is told of the rules and what comes with them."""
    return "\nrules" + out.partition("\nrules")[2].partition("decide ")[0]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk without rules that has one letter, and a folder `new` with rules."""
    call("receive", "-m", "acme/support", stdin=bill())
    (desk.path / "new").mkdir()
    text = desk.text().replace('data_dir = "data"', 'data_dir = "../data"')
    (desk.path / "new" / "config.toml").write_text(text + STEERED, "utf-8")
    return desk


def test_every_rule_that_was_tried(desk: Desk) -> None:
    """A new letter from a file, under the rules that are to come."""
    (desk.path / "letter.eml").write_bytes(bill().replace(b"<1@b.example>", b"<2@b.example>") + b"\r\n")
    desk.write(tail='[organization.acme.repeats]\nwindow = "0s"\n')
    path = desk.path / "new" / "config.toml"
    path.write_text(path.read_text("utf-8") + '[organization.acme.repeats]\nwindow = "0s"\n', "utf-8")
    done = call("explain", "letter.eml", "-c", "new/config.toml")
    assert done.status == 0
    assert steered(done.out) == TOLD
    assert "\nrules " not in call("explain", "letter.eml").out, "those that run have none"


def test_a_stored_letter_again(desk: Desk) -> None:
    """What would become of a letter that is stored, if it came under the new rules; and as a program reads it."""
    done = call("explain", "1", "--again", "-c", "new/config.toml")
    assert steered(done.out) == TOLD
    findings = call("explain", "1", "--again", "-c", "new/config.toml", "--json").json["findings"]
    (rules,) = (one for one in findings if one["step"] == "rules")
    assert rules["verdict"] == "bills, enough"
    assert len(rules["evidence"]) == 7
    assert "\nrules " not in call("explain", "1").out, "as it was decided: without rules"


def test_a_rule_that_joins(desk: Desk) -> None:
    """A further letter sees the rules for such letters, and the others told why not."""
    answer = letter("И ещё одно.", subject="Re: Счёт", id_="3").replace(b"To:", b"In-Reply-To: <1@b.example>\r\nTo:")
    (desk.path / "answer.eml").write_bytes(answer)
    done = call("explain", "answer.eml", "-c", "new/config.toml")
    lines = steered(done.out).splitlines()
    assert lines[1] == "rules     joined"
    assert "           · bills: not tried: it is for letters that open a request" in lines
    assert "           · joined: matched: it is for every letter" in lines
