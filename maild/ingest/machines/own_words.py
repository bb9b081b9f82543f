"""What a letter says itself in its first lines, and how: what tells an autoresponder's words from a person's. Pure.

Not the reply's text, which `reply` finds with care for every word: this looks no further than a machine's words reach,
and stops at whatever may be a quote.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from maild.ingest.machines.autoreply_wordings import DISCUSSING, OF_ITSELF
from maild.ingest.machines.phrases import squeeze
from maild.model import Message

MAX_BRIEF = 1_500  # characters that an autoresponder says; a person who explains something says more
MAX_BRIEF_LINES = 20

_QUOTE_MARKS = (">", "|", "-----", "_____", "=====", "*****")
_HEADER_LINE = re.compile(
    r"\*{0,2}(?:from|от|кого|від|von|de|da|od|van|från|fra|lähettäjä|odesílatel|feladó|kimden)\s?\*{0,2}:\s?\*{0,2}\S",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:wrote|writes|писала?|пишет|написала?|пише|писав|написав|schrieb|écrit|escribió|escreveu|scritto|napisała?|schreef|skrev|kirjoitti|napsala?|írta|yazdı)\b"
    r"|<[^<>\s@]{1,100}@[^<>\s@]{1,100}>\s?[:：]$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:здравствуйте|добр\w{2,3} (?:день|утро|вечер|дня|времени суток)|приветствую|привет|вітаю|доброго дня|уважаем\w+|шановн\w+|hello|hi|dear|good (?:morning|afternoon|day)"
    r"|guten tag|hallo|liebe[r]?|sehr geehrte\w*|bonjour|hola|estimad\w+|buongiorno|gentile|salve|dzień dobry|witam|szanown\w+|olá|hej|hei|dobrý den|ahoj|tisztelt|merhaba|sayın)"
    r"(?P<name>[,\s]{1,3}(?!коллег|клиент|партн[её]р|пользовател|отправител|друзья|господа|колеги|клієнт|партнер|all|there|sender|sir|madam|colleague|customer|client|partner|everyone|damen|kund|ügyf|zákazn|klient|müşteri)[^\W\d_][\w .'-]{1,40})?\s*[!,.;]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class OwnWords:
    """What a letter says itself, above any quote and signature."""

    lines: tuple[str, ...]  # without blank ones
    quotes: bool  # whether a quote follows
    whole: bool  # whether that is all: there are not more lines or characters than an autoresponder writes

    @cached_property
    def opening(self) -> str:
        """The first two lines, a greeting not counted; squeezed."""
        skip = 1 if self.lines and self._greeting and len(self.lines[0]) - self._greeting.end() < 3 else 0
        return squeeze(" ".join(self.lines[skip : skip + 2])[:600])

    @cached_property
    def squeezed(self) -> str:
        """All of it, squeezed."""
        return squeeze("\n".join(self.lines))

    @property
    def brief(self) -> bool:
        """Whether an autoresponder may have said it, by its length."""
        return self.whole and bool(self.lines)

    @property
    def by_name(self) -> bool:
        """Whether it greets somebody by name: "Bonjour, je suis absent" greets nobody."""
        if not self._greeting or not self._greeting["name"]:
            return False
        rest = self.lines[0][self._greeting.start("name") :].lstrip(", ")
        words = re.split(r"[,!;:.](?:\s|$)", rest, maxsplit=1)[0].split()
        return len(words) <= 2 or (len(words) <= 4 and all(word[0].isupper() for word in words))

    @cached_property
    def asks(self) -> bool:
        """Whether it wants something of its reader."""
        return self.discusses or any("?" in line for line in self.lines)

    @cached_property
    def discusses(self) -> bool:
        """Whether it speaks of autoresponders rather than being one, or asks for some work to be done."""
        return DISCUSSING.find(self.squeezed) is not None and OF_ITSELF.find(self.squeezed) is None

    @cached_property
    def _greeting(self) -> re.Match[str] | None:
        return _GREETING.match(self.lines[0][:120]) if self.lines else None


def own_words(message: Message) -> OwnWords:
    """Return what the letter says up to its first quote or signature, as far as an autoresponder's words can reach."""
    lines: list[str] = []
    room = MAX_BRIEF
    for given in message.text[: 4 * MAX_BRIEF].split("\n"):
        line = given.strip()
        if line == "--":
            break
        if (
            line.startswith(_QUOTE_MARKS)
            or _HEADER_LINE.match(line)
            or (line.endswith((":", "：")) and _WROTE.search(line[-400:]))
        ):
            return OwnWords(tuple(lines), quotes=True, whole=True)
        if line:
            room -= len(line)
            if room < 0 or len(lines) == MAX_BRIEF_LINES:
                return OwnWords(tuple(lines), quotes=False, whole=False)
            lines.append(line)
    return OwnWords(tuple(lines), quotes=False, whole=True)
