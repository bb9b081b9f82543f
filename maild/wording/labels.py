"""What a request is filed under, and what leads to its client, named for people: "Договор", "Купон"."""

_LABELS = {
    "client": {"ru": "Клиент", "uk": "Клієнт", "en": "Client"},
    "agreement": {"ru": "Договор", "uk": "Договір", "en": "Agreement"},
    "level": {"ru": "Уровень обслуживания", "uk": "Рівень обслуговування", "en": "Level of service"},
    "category": {"ru": "Вид обращения", "uk": "Вид звернення", "en": "Kind of request"},
    "severity": {"ru": "Критичность", "uk": "Критичність", "en": "Severity"},
    "hours": {"ru": "Время обслуживания", "uk": "Час обслуговування", "en": "Hours of service"},
    "token": {"ru": "Код обращения", "uk": "Код звернення", "en": "Code of the request"},
    "address": {"ru": "Адрес", "uk": "Адреса", "en": "Address"},
    "alias": {"ru": "Адрес", "uk": "Адреса", "en": "Address"},
    "domain": {"ru": "Домен", "uk": "Домен", "en": "Domain"},
    "coupon": {"ru": "Купон", "uk": "Купон", "en": "Coupon"},
    "inn": {"ru": "ИНН", "uk": "ІПН", "en": "Taxpayer number"},
    "specialist": {"ru": "Имя", "uk": "Ім’я", "en": "Name"},
    "organization": {"ru": "Организация", "uk": "Організація", "en": "Organisation"},
}


def say_label(name: str, language: str) -> str:
    """Return the label of `client`, `level`, `category`, `severity`, `hours`, or of a kind of evidence (`contracts.keys`)."""
    return _LABELS[name][language]
