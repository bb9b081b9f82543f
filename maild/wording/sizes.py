"""Sizes as people say them: "5,5 МБ". Decimal, as the configuration has them."""

from babel.numbers import format_decimal

_UNITS = {
    "ru": ("Б", "КБ", "МБ", "ГБ"),
    "uk": ("Б", "КБ", "МБ", "ГБ"),
    "en": ("B", "KB", "MB", "GB"),
}


def say_size(octets: int, language: str) -> str:
    """Return a size in its largest whole unit with at most one digit behind the point: "5,5 МБ" (a no-break space).

    Rounded down, so that no limit is said to be higher than it is. A negative size raises ValueError.
    """
    if octets < 0:
        raise ValueError(f"a negative size cannot be said: {octets}")
    power = min((len(str(octets)) - 1) // 3, 3)
    tenths = octets * 10 // 1000**power
    return f"{format_decimal(tenths / 10, format='#,##0.#', locale=language)}\u00a0{_UNITS[language][power]}"
