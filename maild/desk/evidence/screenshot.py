"""Whether a request shows what its author sees: a picture or a film that is attached, or a link to one.

A logo in a signature shows nothing of the kind, nor does "скриншот прилагаю" with nothing attached: that is when to ask.
"""

import re
from collections.abc import Sequence

from maild.desk.evidence.common import MAX_SEARCHED, quote
from maild.desk.files import SeenFile

MIN_SHOWN = 25_000  # octets of a picture that the words show; logos are smaller, pasted screenshots are larger
MIN_NAMED = 5_000  # the same where the words speak of a screenshot
MIN_ATTACHED = 2_000  # octets of a picture that is attached like any file; icons are smaller

_SPOKEN_OF = re.compile(
    r"скрин\w{0,8}|скрін\w{0,8}|снимок\w{0,3}\s+экрана|снимк\w{1,3}(?:\s+экрана)?|знімк?\w{0,3}\s+екрана|знімок\s+екрана|принтскрин\w{0,3}"
    r"|фото\s+экрана|см\.?\s+экран|экран\s+(?:ниже|во\s+вложении)|screen\s?shots?|видео\s+(?:ошибки|прилага\w{2,4}|во\s+вложении)",
    re.IGNORECASE,
)
_HOSTS = (
    r"prnt\.sc|prntscr\.com|skr\.sh|joxi\.(?:ru|net)|(?:i\.)?imgur\.com|ibb\.co|(?:i\.)?postimg\.(?:cc|org)|yapx\.ru|radikal\.\w{2,6}|monosnap\.com"
    r"|gyazo\.com|clip2net\.com|screencast\.com|nimb\.ws|snipboard\.io|lightshot\.\w{2,5}|(?:www\.)?loom\.com/share|youtu\.be|(?:www\.)?youtube\.com/watch"
    r"|rutube\.ru/video|vimeo\.com|disk\.yandex\.\w{2,3}/i|yadi\.sk/i|screenpal\.com|tinypic\.com|imgbb\.com"
)
_PICTURE = re.compile(rf"\b(?:{_HOSTS})[/?][\w@?=&%./-]{{3,200}}", re.IGNORECASE)
_ANY_LINK = re.compile(r"\bhttps?://[^\s<>\"]{4,300}", re.IGNORECASE)
_ADORNMENT = re.compile(
    r"logo|логотип|banner|баннер|icon|иконк|spacer|pixel|подпись|signature|facebook|telegram|whatsapp|vk\b",
    re.IGNORECASE,
)
_ERROR = re.compile(r"\bне\b|ошиб|помил|error|problem|bug", re.IGNORECASE)  # "подпись не работает.png" is no signature


def find_screenshot(text: str, files: Sequence[SeenFile]) -> str | None:
    """Return the file or the link that shows it, or None. Linear in the text, of which the first part is searched."""
    text = text[:MAX_SEARCHED]
    spoken_of = _SPOKEN_OF.search(text) is not None
    for file in files:
        if _shows(file, spoken_of=spoken_of):
            return quote(file.attachment.name)
    link = _PICTURE.search(text) or (_ANY_LINK.search(text) if spoken_of else None)
    return quote(link[0]) if link else None


def _shows(file: SeenFile, *, spoken_of: bool) -> bool:
    kinds, size, name = file.kinds, file.attachment.size, file.attachment.name
    if "program" in kinds:
        return False
    if "video" in kinds or (spoken_of and "document" in kinds):
        return True
    if "image" not in kinds or (_ADORNMENT.search(name) and not _ERROR.search(name)):
        return False
    if "archive" in kinds:  # of pictures of whatever
        return spoken_of or _SPOKEN_OF.search(name) is not None
    if not (file.attachment.inline or file.attachment.content_id):
        return size >= MIN_ATTACHED
    return "gif" not in kinds and size >= (MIN_NAMED if spoken_of else MIN_SHOWN)
