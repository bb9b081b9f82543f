"""The columns of a list of clients: what they are called, by us and by everybody else."""

import difflib
import re
from enum import StrEnum


class Column(StrEnum):
    """What a column holds. The value is its name in what we write."""

    KEY = "Клиент"
    NAME = "Название"
    LEVEL = "Уровень"
    HOURS = "Обслуживание"
    CONTACT = "Контакт"
    ADDRESSES = "Адреса"
    SPECIALISTS = "Специалисты"
    DOMAINS = "Домены"
    AGREEMENTS = "Договор"
    INN = "ИНН"
    SINCE = "С"
    UNTIL = "По"
    SUSPENDED = "Приостановлен"
    ZONE = "Часовой пояс"
    MANAGER = "Менеджер"
    PACKAGE_HOURS = "Пакет часов"
    PACKAGE_REQUESTS = "Пакет обращений"
    CARRY_OVER = "Перенос остатка"
    PRICE = "Цена сверх пакета"
    COUPON = "Купон"
    COUPON_SINCE = "Купон с"
    COUPON_UNTIL = "Купон по"
    COUPON_LEVEL = "Уровень купона"
    COUPON_HOURS = "Обслуживание купона"
    COUPON_REVOKED = "Купон отозван"
    RENEWS = "Продлевает"

    @property
    def of_coupon(self) -> bool:
        """Whether it tells something of the row's coupon."""
        return self.name.startswith(("COUPON", "RENEWS"))

    @property
    def is_secret(self) -> bool:
        """Whether its cells hold whole coupon codes, which are printed nowhere."""
        return self in (Column.COUPON, Column.RENEWS)


_ALSO = {  # Russian, Ukrainian, English; case, ё, dots and spaces do not matter
    Column.KEY: "код, код клиента, ключ, клієнт, код клієнта, key, id, client, client key",
    Column.NAME: "наименование, организация, компания, назва, організація, name, company, client name",
    Column.LEVEL: "тариф, уровень поддержки, рівень, level, plan, sla",
    Column.HOURS: "режим обслуживания, часы обслуживания, обслуговування, hours, service hours",
    Column.CONTACT: "контактное лицо, фио, контактна особа, contact, contact name, person",
    Column.ADDRESSES: "адрес, e-mail, email, эл. почта, электронная почта, почта, адреса почты, адрес e-mail, "
    "пошта, addresses, address, mail, emails",
    Column.SPECIALISTS: "специалист, ответственный специалист, фахівці, фахівець, specialists, specialist",
    Column.DOMAINS: "домен, домени, domains, domain",
    Column.AGREEMENTS: "договоры, номер договора, № договора, соглашение, договір, agreement, agreements, contract",
    Column.INN: "инн клиента, іпн, inn, tax id, taxpayer number",
    Column.SINCE: "c, действует с, начало, дата начала, договор с, з, діє з, since, from, start",  # the first is Latin
    Column.UNTIL: "до, действует по, действует до, окончание, дата окончания, договор по, діє до, until, to, end",
    Column.SUSPENDED: "приостановлено, приостановлена, обслуживание приостановлено, призупинено, suspended",
    Column.ZONE: "пояс, таймзона, часовий пояс, zone, time zone, timezone",
    Column.MANAGER: "персональный менеджер, manager",
    Column.PACKAGE_HOURS: "часов в месяц, часы пакета, пакет годин, package, package hours, hours package",
    Column.PACKAGE_REQUESTS: "обращений в месяц, пакет звернень, package requests, requests package",
    Column.CARRY_OVER: "перенос, перенесення залишку, carry over",
    Column.PRICE: "цена, цена часа, цена сверх, ціна, price",
    Column.COUPON: "код купона, coupon, coupon code",
    Column.COUPON_SINCE: "купон действует с, купон c, купон з, coupon since, coupon from",
    Column.COUPON_UNTIL: "купон до, купон действует по, купон действует до, coupon until, coupon to",
    Column.COUPON_LEVEL: "купон уровень, рівень купона, coupon level",
    Column.COUPON_HOURS: "купон обслуживание, режим купона, обслуговування купона, coupon hours",
    Column.COUPON_REVOKED: "отозван, купон отозван с, відкликано, coupon revoked, revoked",
    Column.RENEWS: "продлевает купон, вместо купона, подовжує, renews, renews coupon",
}


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold().replace("ё", "е")).split())


_NAMES = {_plain(name): column for column in Column for name in (column.value, column.name, *_ALSO[column].split(", "))}


def find_column(name: str) -> Column | None:
    """Return what a column of that name holds, None where nobody calls anything so."""
    return _NAMES.get(_plain(name))


def suggest_column(name: str) -> str:
    """Return the name that was probably meant, as we write it; "" where none comes near."""
    plain = _plain(name[:100])
    near = [plain.partition(" ")[0], *difflib.get_close_matches(plain, _NAMES, n=1, cutoff=0.7)]
    return next((_NAMES[one].value for one in near if one in _NAMES), "")
