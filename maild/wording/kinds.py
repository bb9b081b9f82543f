"""Kinds of files as people call them: "pdf, docx, изображения"."""

from collections.abc import Sequence

_GROUPS = {
    "image": {"ru": "изображения", "uk": "зображення", "en": "images"},
    "document": {"ru": "документы", "uk": "документи", "en": "documents"},
    "archive": {"ru": "архивы", "uk": "архіви", "en": "archives"},
    "program": {"ru": "программы", "uk": "програми", "en": "programs"},
    "audio": {"ru": "звукозаписи", "uk": "звукозаписи", "en": "sound recordings"},
    "video": {"ru": "видеозаписи", "uk": "відеозаписи", "en": "video recordings"},
    "text": {"ru": "текстовые файлы", "uk": "текстові файли", "en": "text files"},
    "letter": {"ru": "письма", "uk": "листи", "en": "letters"},
    "macro": {"ru": "документы с макросами", "uk": "документи з макросами", "en": "documents with macros"},
}


def say_kinds(kinds: Sequence[str], language: str) -> str:
    """Return kinds of files in one line, in the order given: "pdf, docx, изображения"; "" for none."""
    return ", ".join(_GROUPS[kind][language] if kind in _GROUPS else kind for kind in kinds)
