"""What a letter says about news: that its author wants them, or none any more; or it is news itself. Pure.

Whoever writes more than that has more to say: their letter is a request, which a person reads.
"""

import re

from maild.desk.arguments import plain
from maild.desk.subscriber import Edition
from maild.faq.passages import unsigned

MAX_WORDS = 14
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMMAND = re.compile(r"[#№](?:новость|новости|новина|новини|news)[.:]?", re.IGNORECASE)
_RE = re.compile(r"^(?:(?:re|aw|ответ|відповідь|на)\s*:\s*)+", re.IGNORECASE)

_POLITE = frozenset(
    "здравствуйте здравствуй добрый день вечер доброе утро пожалуйста спасибо прошу просим хочу хотим хотел хотела бы"
    " доброго дня добрий вітаю будь ласка дякую прошу хочу хочемо"
    " hello hi please thanks thank you i we want would like".split()
)
_ABOUT = frozenset(
    "на от из меня нас мне нам новости новостей ваши ваших вашу вашей рассылку рассылки рассылка"
    " від з мене мені новини новин розсилку розсилки вашої"
    " me us to from the your news newsletter mailing list".split()
)
_WANT = frozenset(
    "подписаться подпишите подписать подписка подписку подписываюсь"
    " підписатися підписатись підпишіть підписка підписку"
    " subscribe subscription".split()
)
_WANT_NONE = frozenset(
    "отписаться отпишите отписать отписка отписываюсь відписатися відписатись відпишіть відписка unsubscribe".split()
)


def says_subscribe(subject: str, text: str) -> bool:
    """Whether a letter says that its author wants news and nothing else; its subject alone will do."""
    return _says(_WANT, subject, text)


def says_unsubscribe(subject: str, text: str) -> bool:
    """Whether a letter says that its author wants news no longer and nothing else; its subject alone will do."""
    return _says(_WANT_NONE, subject, text)


def read_edition(subject: str, words: str) -> Edition | None:
    """Return the news that an agent's new words are, where their first line says so; the rest is its text."""
    first, _, rest = words.strip().partition("\n")
    if not _COMMAND.fullmatch(first.strip()):
        return None
    return Edition(title=" ".join(_RE.sub("", subject).split()), text=rest.strip())


def _says(wanted: frozenset[str], subject: str, text: str) -> bool:
    said = _words(unsigned(text))
    if said - _POLITE:
        return _is_only(wanted, said)
    return _is_only(wanted, _words(subject))


def _is_only(wanted: frozenset[str], said: frozenset[str]) -> bool:
    return bool(said & wanted) and said <= wanted | _POLITE | _ABOUT


def _words(text: str) -> frozenset[str]:
    """Return the words; more than a few as one that means nothing, so that nobody reads a book for a yes."""
    found = _WORD.findall(plain(text[:1_000]).replace("’", "'"))
    return frozenset(found) if len(found) <= MAX_WORDS and len(text) <= 1_000 else frozenset(("…",))
