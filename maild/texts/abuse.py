"""Profanity, and insults aimed at people (CB-15, FN-12, TK-14). Angry words about things are neither (DE-3)."""

from maild.texts.disguise import spellings
from maild.texts.phrases import load_phrases
from maild.texts.prose import Written, joined, without_addresses, without_quotations
from maild.texts.sentences import read_sentences, shorten
from maild.texts.translit import is_translit

_DOGS = ("щен", "кобел", "пород", "кинолог", "собак", "вязк", "течк", "питомник", "цуцен")


def find_abuse(written: Written) -> str | None:
    """Return what is profane, its middle masked, or what insults, as it is written; or None."""
    subject = without_addresses(without_quotations(written.own_subject))
    return find_profanity(written, [subject, *written.lines]) or find_insult(subject, written)


def find_profanity(written: Written, lines: list[str]) -> str | None:
    """Return a profane word with its middle masked: agents need not read it."""
    about_dogs = any(root in line.casefold() for line in lines for root in _DOGS)
    meant: dict[str, str] = {}
    for spelling in (spelling for line in lines for spelling in spellings(line)):
        if not (about_dogs and spelling.plain.startswith("сук")):
            meant.setdefault(spelling.plain, spelling.written)
    in_latin = ["profanity-latin", *(["profanity-translit"] if is_translit(written) else [])]
    for words, lists in (
        (meant, ["profanity"]),
        ([word for word in meant if word.isascii()], in_latin),
    ):
        # two blanks, so that no phrase is found across two words
        found = load_phrases(*lists).offending.find(f" {'  '.join(words)} ")
        if found is not None:
            return masked(meant[found.strip()])
    return None


def find_insult(subject: str, written: Written) -> str | None:
    """Return the words that insult somebody."""
    return load_phrases("insults").find(read_sentences(f"{subject}\n{joined(written.lines)}"))


def masked(word: str) -> str:
    """Return a word of which the first and the last letter are left."""
    letters = [at for at, character in enumerate(word) if character.isalnum()]
    kept = {letters[0], letters[-1]} if len(letters) > 2 else set(letters[:1])
    return shorten("".join(word[at] if at in kept or not word[at].isalnum() else "*" for at in range(len(word))))
