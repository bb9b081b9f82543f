"""The words in which customers are asked what they think of our work, and in which agents read their answers."""

_RATINGS = {
    "good": {"ru": "Отлично", "uk": "Чудово", "en": "Great"},
    "fair": {"ru": "Нормально", "uk": "Нормально", "en": "Fair"},
    "bad": {"ru": "Плохо", "uk": "Погано", "en": "Bad"},
}


def say_rating(value: str, language: str) -> str:
    """Return the word that is offered for a rating (`model.Rating`)."""
    return _RATINGS[value][language]


OFFERED = {word.casefold(): value for value, words in _RATINGS.items() for word in words.values()}  # in any language
