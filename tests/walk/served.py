"""A desk with promises: clients in the register, levels, coupons, terms; what the tests of serving play on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from maild.rehearsal import Rehearsal, SentLetter
from maild.sla.clock import Clock
from maild.sla.target import Moment
from tests.walk import stage
from tests.walk.stage import SUPPORT, letter, reply

OLGA = "Ольга <olga@romashka.example>"
STRANGER = "Пётр <petr@nowhere.example>"
IVAN = stage.IVAN
IVAN_ADDRESS = "ivan@staff.example"
HEAD_ADDRESS = "petra@staff.example"
CODE = "7KQ4-MX2P-9TRC"

PROMISES = """
[organization.acme]
head = "petra"
{organization}
[organization.acme.calendar.office]
holidays = "RU"
[organization.acme.calendar.office.week]
mon-fri = "09:00-18:00"
[organization.acme.level.base]
name = "Базовый"
[organization.acme.level.gold]
name = "Золотой"
[organization.acme.level.free]
name = "Бесплатный"
[organization.acme.category.outage]
name = "Авария"
[organization.acme.severity.critical]
name = "Критическая"
out_of_queue = true
[organization.acme.target.outage-answer]
until = "answered"
within = "1h"
calendar = "office"
category = "outage"
[organization.acme.target.gold-answer]
until = "answered"
within = "3h"
calendar = "office"
level = "gold"
[organization.acme.target.base-answer]
until = "answered"
within = "8h"
calendar = "office"
level = "base"
remind = ["50%", {{ at = "-1h", to = ["agent", "team"] }}]
[organization.acme.target.base-solution]
until = "resolved"
within = "24h"
calendar = "office"
level = "base"
up_to = "72h"
[organization.acme.identity]
{identity}
[organization.acme.client.romashka]
name = "ООО «Ромашка»"
level = "base"
agreements = "РМ-17/2026"
contacts = [{{ name = "Ольга", address = "olga@romashka.example", aliases = "buh@romashka.example" }}]
domains = "romashka.example"
coupons = [
    {{ code = "7KQ4-MX2P-9TRC", level = "gold", until = 2026-12-31 }},
    {{ code = "VIP-2025-77", level = "gold", until = 2025-12-31 }},
]
[organization.acme.client.lutik]
name = "ИП Лютиков"
level = "base"
addresses = "lutik@lutik.example"
suspended = "нет оплаты"
[organization.acme.client.pion]
name = "ООО «Пион»"
level = "base"
addresses = "pion@pion.example"
until = 2026-10-31
[organization.acme.client.tulip]
name = "ООО «Тюльпан»"
level = "base"
addresses = "tulip@tulip.example"
since = 2026-12-01
[organization.acme.client.iris]
name = "ООО «Ирис»"
level = "base"
addresses = "iris@iris.example"
coupons = ["АБВ-2026-11"]
"""


def open_served(*, identity: str = "", organization: str = "", per_address: int = 1000) -> Rehearsal:
    """Return an empty desk that serves; `identity` and `organization` are lines for these two tables."""
    config = stage.CONFIG.replace("[organization.acme]\n", "", 1).replace(
        'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', ""
    )
    config = config.replace("per_address = 1000", f"per_address = {per_address}")
    own = f'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n{organization}'
    return stage.open_desk(config + PROMISES.format(organization=own, identity=identity))


def write(
    desk: Rehearsal, author: str = OLGA, text: str = "Горит красная лампочка.", *, subject: str = "Не печатает принтер"
) -> list[SentLetter]:
    """Let a customer write a new letter."""
    return desk.deliver(letter(text, author=author, subject=subject), SUPPORT)


def order(desk: Rehearsal, notification: SentLetter, text: str, *, at: datetime | None = None) -> list[SentLetter]:
    """Let Ivan answer a notification: words, commands or both."""
    return desk.deliver(reply(notification, text, author=IVAN), SUPPORT, at)


def running(desk: Rehearsal, ticket_id: int = 1) -> dict[Moment, Clock]:
    """Return the clocks of a ticket that are still to be met, by what meets them."""
    return {clock.until: clock for clock in desk.clocks(ticket_id) if clock.running}


def due(desk: Rehearsal, until: Moment, ticket_id: int = 1) -> timedelta | None:
    """Return how long after the start of the rehearsal something is due; None: no term."""
    clock = running(desk, ticket_id).get(until)
    return clock.due_at - stage.START if clock and clock.due_at else None


def reminders(sent: Iterable[SentLetter]) -> list[str]:
    """Return who was reminded, and of what, in order."""
    return [f"{one.recipient}: {one.message.subject}" for one in sent if one.purpose == "reminder"]
