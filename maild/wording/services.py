"""How people are told whether a level of support includes a service, in ru, uk and en."""

_SAID = {
    "yes": {
        "ru": "входит в уровень «{level}»", "uk": "входить до рівня «{level}»", "en": "included in the level “{level}”",
    },
    "no": {
        "ru": "не входит в уровень «{level}»", "uk": "не входить до рівня «{level}»",
        "en": "not included in the level “{level}”",
    },
    "person": {
        "ru": "входит ли в уровень «{level}», решает человек", "uk": "чи входить до рівня «{level}», вирішує людина",
        "en": "whether the level “{level}” includes it is for a person to decide",
    },
    "nobody": {
        "ru": "уровень клиента неизвестен, решает человек", "uk": "рівень клієнта невідомий, вирішує людина",
        "en": "the client’s level is not known, a person decides",
    },
}  # fmt: skip


def say_included(included: str, level: str, language: str) -> str:
    """Return what a cell ("yes", "no", "person") says of a level: "не входит в уровень «Крыжик»"; `level` "": not known."""
    said = "nobody" if included == "person" and not level else included
    return _SAID[said][language].format(level=level)
