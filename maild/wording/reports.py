"""The names of a report's columns, in the languages that letters are written in."""

_COLUMNS = {
    "ru": ("Номер", "Тема", "Статус", "Закрыто", "Часы"),
    "uk": ("Номер", "Тема", "Статус", "Закрито", "Години"),
    "en": ("Number", "Subject", "Status", "Closed", "Hours"),
}


def say_columns(language: str) -> tuple[str, ...]:
    """Return the names of number, subject, status, day of the end and hours."""
    return _COLUMNS[language]
