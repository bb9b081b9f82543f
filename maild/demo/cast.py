"""Who takes part in the demo. Knows `model` only."""

from maild.model import Address

PASSWORD = "demo"  # noqa: S105 - of mailboxes that live in this process's memory, on the loopback interface

SUPPORT = Address(name="Ромашка", addr="support@romashka.example")
IVAN = Address(name="Иван Петров", addr="ivan@romashka.example")
ADMIN = Address(name="Администратор", addr="admin@romashka.example")
ANNA = Address(name="Анна Ковалёва", addr="anna@vasilek.example")
ELENA = Address(name="Елена Зуева", addr="elena@lavanda.example")
BORIS = Address(name="Борис Громов", addr="boris@zavod.example")
NEWS = Address(name="Вестник бухгалтера", addr="news@vestnik.example")
POSTMASTER = Address(name="Mail Delivery System", addr="MAILER-DAEMON@mx.zavod.example")

# Those whose mailbox the IMAP server has, and what to say of them. Boris's is elsewhere, and full.
ACCOUNTS = {
    SUPPORT: "the support mailbox, which maild watches",
    IVAN: "the agent, who answers what maild notifies him of",
    ANNA: "a customer",
    ELENA: "another customer",
    ADMIN: "the admin, who hears of maild's own troubles",
}
