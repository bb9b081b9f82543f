"""Numbers with their nouns: every language has plural forms of its own."""

from babel import Locale
from babel.numbers import format_decimal

FORMS = {
    "ru": ("one", "few", "many"),
    "uk": ("one", "few", "many"),
    "en": ("one", "other"),
}  # CLDR's names, in our order


def say_number(number: int, language: str) -> str:
    """Return a whole number with its thousands apart, as the language has it: "12 000" (a no-break space), "12,000"."""
    return format_decimal(number, locale=language)


def say_count(number: int, language: str, *forms: str) -> str:
    """Return a number with the form of the noun that goes with it.

    For 5, "ru", "час", "часа", "часов" it is "5 часов".
    `forms` are for 1, 2, 5 in Russian and Ukrainian, for 1 and 2 in English; any other number of them raises ValueError.
    """
    names = FORMS[language]
    if len(forms) != len(names):
        raise ValueError(f"{language} has {len(names)} forms of a noun, not {len(forms)}")
    return (
        f"{say_number(number, language)} {dict(zip(names, forms, strict=True))[Locale(language).plural_form(number)]}"
    )
