"""How papers were sent, in words for the customer: "заказным письмом"."""

GREETINGS = {"ru": "Здравствуйте!", "uk": "Вітаємо!", "en": "Hello!"}  # where nobody has written one
_WAYS = {
    "courier": {"ru": "курьером", "uk": "кур’єром", "en": "by courier"},
    "registered": {"ru": "заказным письмом", "uk": "рекомендованим листом", "en": "by registered post"},
}
_SENT = {
    "ru": ("Документы отправлены{way}.", "Номер отправления: {number}."),
    "uk": ("Документи надіслано{way}.", "Номер відправлення: {number}."),
    "en": ("The documents have been sent{way}.", "Tracking number: {number}."),
}


def say_way(way: str, language: str) -> str:
    """Return how something was sent: `courier` and `registered` as the language says it, anything else as it is."""
    return _WAYS[way][language] if way in _WAYS else way


def say_dispatched(way: str, number: str, language: str) -> str:
    """Return that the documents were sent, how, and under which number; what is "" is left out."""
    sent, under = _SENT[language]
    said = sent.format(way=f" {say_way(way, language)}" if way else "")
    return f"{said} {under.format(number=number)}" if number else said
