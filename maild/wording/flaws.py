"""What agents read of how a letter is written: a hint each, with what shows it."""

_FLAWS = {
    "abuse": {
        "ru": "Брань или оскорбления: {evidence}",
        "uk": "Лайка чи образи: {evidence}",
        "en": "Profanity or insults: {evidence}",
    },
    "threat": {
        "ru": "Похоже на угрозу: {evidence}",
        "uk": "Схоже на погрозу: {evidence}",
        "en": "It looks like a threat: {evidence}",
    },
    "capitals": {
        "ru": "Всё письмо набрано заглавными буквами ({evidence})",
        "uk": "Увесь лист набрано великими літерами ({evidence})",
        "en": "The whole letter is in capitals ({evidence})",
    },
    "translit": {
        "ru": "Русский текст набран латиницей: {evidence}",
        "uk": "Текст набрано латиницею: {evidence}",
        "en": "It is in Latin letters instead of Cyrillic ones: {evidence}",
    },
    "unsplit": {
        "ru": "Текст не разбит на предложения ({evidence})",
        "uk": "Текст не розбито на речення ({evidence})",
        "en": "The text is not split into sentences ({evidence})",
    },
    "vague": {
        "ru": "В письме нет ничего конкретного ({evidence})",
        "uk": "У листі немає нічого конкретного ({evidence})",
        "en": "The letter says nothing concrete ({evidence})",
    },
    "unreadable": {
        "ru": "Текст не поддаётся прочтению ({evidence})",
        "uk": "Текст неможливо прочитати ({evidence})",
        "en": "The text cannot be read ({evidence})",
    },
    "rule": {
        "ru": "Правило не сработало из-за ошибки в программе, решите сами: {evidence}",
        "uk": "Правило не спрацювало через помилку в програмі, вирішіть самі: {evidence}",
        "en": "A rule failed because of a bug in maild, please decide yourself: {evidence}",
    },
}


def say_flaw(check: str, evidence: str, language: str) -> str:
    """Return a line for agents; `check` is a value of `texts.flaw.Check`, or "rule" for one that failed."""
    return _FLAWS[check][language].format(evidence=evidence)
