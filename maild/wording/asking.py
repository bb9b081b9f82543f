"""What maild itself knows to ask a customer for, in words that go on a list."""

_ASKED = {
    "steps": {
        "ru": "последовательность действий, после которых появляется ошибка",
        "uk": "послідовність дій, після яких з’являється помилка",
        "en": "the steps that lead to the error",
    },
    "screenshot": {
        "ru": "снимок экрана с ошибкой",
        "uk": "знімок екрана з помилкою",
        "en": "a screenshot of the error",
    },
    "version": {
        "ru": "номер версии программы",
        "uk": "номер версії програми",
        "en": "the version number of the program",
    },
    "contact": {
        "ru": "телефон или другой способ связи",
        "uk": "телефон або інший спосіб зв’язку",
        "en": "a phone number or another way to reach you",
    },
}  # fmt: skip
ASKED = frozenset(_ASKED)


def say_asked(item: str, language: str) -> str:
    """Return the words for an item that maild knows (`ASKED`), "" for any other."""
    return _ASKED.get(item, {}).get(language, "")
