"""Threats to life, health and property (FN-12). A court, a complaint, a bad review threaten nobody."""

from maild.texts.phrases import load_phrases
from maild.texts.prose import Written, joined, without_addresses, without_quotations
from maild.texts.sentences import read_sentences


def find_threat(written: Written) -> str | None:
    """Return the words that threaten, as they are written, or None."""
    subject = without_addresses(without_quotations(written.own_subject))
    sentences = read_sentences(f"{subject}\n{joined(written.lines)}")
    found = (load_phrases(name).find(sentences) for name in ("threats", "threats-en", "threats-latin"))
    return next((words for words in found if words is not None), None)
