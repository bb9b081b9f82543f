"""Rules in a real daemon: letters through Dovecot, edits of the TOML while it runs, a wrong one among them."""

from email import message_from_bytes, policy

from tests.daemon.desk import Desk, letter, until
from tests.daemon.test_promises import answer, text_of
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

RULES = """
[organization.acme.category.printing]
name = "Печать"
ask = "contact"
[organization.acme.ground.abuse]
name = "Брань"
decided = "rule"
text = "Письма с бранью мы не рассматриваем."
[organization.acme.faq.printer]
title = "Принтер печатает полосы"
url = "https://acme.example/faq/printer"
words = ["принтер полосы", "полосит"]
[organization.acme.rule.printing]
when.words = "принтер"
then.category = "printing"
[organization.acme.rule.rude]
when.check = "abuse"
then.refuse = "abuse"
"""


def subject_of(octets: bytes) -> str:
    return str(message_from_bytes(octets, policy=policy.default)["Subject"])


def test_a_rule_works_a_wrong_edit_does_not_and_the_admin_hears_once(
    desk: Desk, dovecot: Dovecot, smtp: SmtpServer, folder: str
) -> None:
    """Checked, asked, suggested and refused by what stands in TOML; the mistake leaves all of that in force."""
    desk.write(tail=RULES)
    with desk.daemon() as daemon:
        daemon.wait_for("mailbox-connected")
        dovecot.append(letter("У нас полосит принтер в бухгалтерии", subject="Принтер", id_="1"), folder)
        until(lambda: len(smtp.letters) == 2, "an acknowledgement and a notification")
        by_recipient = {sent.recipient: sent.octets for sent in smtp.letters}
        words = text_of(by_recipient["anna@b.example"])
        assert "Печать" in words
        assert "https://acme.example/faq/printer" in words
        assert "телефон" in words

        desk.write(tail=RULES.replace('category = "printing"', 'categorie = "printing"'))
        until(lambda: len(smtp.letters) == 3, "word to the admin")
        told = smtp.letters[2]
        assert told.recipient == "admin@hq.example"
        assert "categorie" in text_of(told.octets)
        assert "category" in text_of(told.octets)
        daemon.wait_for("configuration refused, the old one stays in force")

        dovecot.append(letter("Вы там все дебилы", sender="boris@c.example", name="Борис", id_="2"), folder)
        until(lambda: len(smtp.letters) == 4, "a refusal by the rules that are in force")
        assert "Письма с бранью мы не рассматриваем." in text_of(smtp.letters[3].octets)

        dovecot.append(answer(by_recipient["anna@b.example"], "Спасибо, помогло!"), folder)
        until(lambda: len(smtp.letters) == 5, "word to the agent that it is solved")
        desk.write(tail=RULES)
        daemon.wait_for("configuration reloaded")
        (opened, refused) = sorted(desk.read("ticket", "list", "--all"), key=lambda one: str(one["number"]))
        assert (opened["status"], refused["status"]) == ("closed", "closed")
        (row,) = desk.read("faq", "stats")["entries"]
        assert (row["entry"], row["suggested"], row["helped"]) == ("printer", 1, 1.0)
