"""What a request is filed under, named for customers: the first half of the pairs in an acknowledgement."""

_LABELS = {
    "client": {"ru": "Клиент", "uk": "Клієнт", "en": "Client"},
    "agreement": {"ru": "Договор", "uk": "Договір", "en": "Agreement"},
    "level": {"ru": "Уровень обслуживания", "uk": "Рівень обслуговування", "en": "Level of service"},
    "category": {"ru": "Вид обращения", "uk": "Вид звернення", "en": "Kind of request"},
    "severity": {"ru": "Критичность", "uk": "Критичність", "en": "Severity"},
    "hours": {"ru": "Время обслуживания", "uk": "Час обслуговування", "en": "Hours of service"},
}


def say_label(name: str, language: str) -> str:
    """Return the label of `client`, `agreement`, `level`, `category`, `severity` or `hours`."""
    return _LABELS[name][language]
