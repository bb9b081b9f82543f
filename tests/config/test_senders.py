"""Forms and notifiers reach the desk as they were configured."""

from pathlib import Path

from maild.config.load import load_config
from maild.desk.case import DeskPolicy
from maild.ingest.clients.form_words import Slot
from maild.ingest.clients.forms import Form
from maild.policy import load_policy
from tests.config.conftest import GOOD, write

FORMS = """
[organization.acme.form.any]
sender = ["NoReply@acme.example", "www@acme.example"]

[organization.acme.form.believed]
sender = "noreply@acme.example"
subject = "Вопрос"
envelope = ["WWW@acme.example", "@Site.example"]

[organization.acme.form.orders]
sender = "noreply@acme.example"
subject = "Новый заказ*№"

[organization.acme.form.orders.labels]
email = "Связь"
message = ["Что привезти", "Комментарий"]
"""


def desk(folder: Path, text: str) -> DeskPolicy:
    write(folder / "config.toml", text)
    return load_policy(load_config(Path("config.toml")), key=b"x" * 32).mailboxes["acme/support"].desk


def test_forms_reach_the_desk(in_folder: Path) -> None:
    """Addresses lose their case; the form that asks for more of a subject comes before the one that takes any."""
    assert desk(in_folder, GOOD + FORMS).forms == (
        Form(
            name="orders",
            senders=frozenset({"noreply@acme.example"}),
            subject="Новый заказ*№",
            labels={Slot.EMAIL: ("Связь",), Slot.MESSAGE: ("Что привезти", "Комментарий")},
        ),
        Form(
            name="believed",
            senders=frozenset({"noreply@acme.example"}),
            subject="Вопрос",
            envelope=frozenset({"www@acme.example", "@site.example"}),
        ),
        Form(name="any", senders=frozenset({"noreply@acme.example", "www@acme.example"})),
    )


def test_notifiers_reach_the_desk(in_folder: Path) -> None:
    """One, or several, in any case; and none by themselves."""
    assert desk(in_folder, GOOD).notifiers == frozenset()
    text = GOOD.replace("[organization.acme.m", 'notifiers = "Monitor@b.example"\n[organization.acme.m', 1)
    assert desk(in_folder, text).notifiers == {"monitor@b.example"}
    text = text.replace('"Monitor@b.example"', '["@B.example", "x@c.example"]')
    assert desk(in_folder, text).notifiers == {"@b.example", "x@c.example"}
