"""What a customer thinks of our work, in answer to a letter that asks for one of three words. Pure.

The word has to stand by itself, first but for a greeting, thanks and names: "Плохо работает принтер" is no verdict. Another
word that plainly means the same counts, too; a figure or "хорошо" does not, for nobody offered them, and people write them
for other reasons. The subject counts where it is the one that we had ready.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from maild.desk.courtesy import above_name, is_courtesy, is_signed, read_courtesy
from maild.ingest.clients.contact import judge
from maild.model import Rating
from maild.tokens import TOKEN
from maild.wording.ratings import OFFERED

MAX_READ = 400  # characters in which the word is looked for
MAX_BEFORE = 8  # stretches of courtesy before it
MAX_COMMENT = 600  # characters; who writes more is answered by people


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A customer's verdict."""

    value: Rating
    words: str  # all of it, but for the line that leads the letter to its ticket
    besides: str  # what it says but for the verdict, courtesy and names; "": nothing
    asks: bool  # whether something in it still waits for us
    solved: bool  # whether it says that all is well
    ready: bool  # it is the letter that we had ready
    evidence: str


def read_rating(subject: str, text: str, number: str, names: Collection[str] = ()) -> Rated | None:
    """Return it where there is one; `number` is the ticket's, `names` are those that people call each other by."""
    words = "\n".join(line for line in text.split("\n") if not TOKEN.search(line)).strip()
    chosen = _subject(subject, number)
    found = _spoken(words[:MAX_READ], names)
    if found is None and chosen is None:
        return None
    value, begin, end = found or (chosen, 0, 0)
    assert value is not None, "one of both is there"
    rest = f"{words[:begin]}\n{words[end:]}"
    if found is None:
        rest = "\n".join(line for line in rest.split("\n") if OFFERED.get(line.strip(" .!").casefold()) != value)
    above = above_name(rest, names)
    rest = _above_signature(rest if above is None else above, names).strip(_EDGES)
    courtesy = read_courtesy(rest, names)
    besides = "" if is_courtesy(_HARMLESS.sub(" ", _plain(rest)), (*names, *_LABELS)) else rest
    asks = len(besides) > MAX_COMMENT or _asks(besides, _AND_GOOD if value is Rating.GOOD else None)
    if asks and value is Rating.GOOD and chosen is None:
        return None  # "отлично, но не работает" praises nobody
    evidence = f"{words[begin:end].strip()!r}" if found else f"the subject {subject!r}"
    solved = not besides and (value is Rating.GOOD or (courtesy is not None and courtesy.confirms))
    return Rated(
        value=value, words=words, besides=besides, asks=asks, solved=solved, ready=chosen is not None, evidence=evidence
    )


def _above_signature(text: str, names: Collection[str]) -> str:
    """Return the text above a last paragraph that a mail program has put there: a name, and what tells who that is."""
    above, _, last = text.rstrip().rpartition("\n\n")
    lines = [line.strip(" ,.") for line in last.strip().split("\n")]
    tells = {judge(line) for line in lines}
    signed = all(is_signed(line, names) for line in lines) and {True, False} <= tells
    return above if signed else text


def _subject(subject: str, number: str) -> Rating | None:
    """Return the verdict in the subject of the letter that we had ready; an answer to one has another."""
    match = re.fullmatch(rf"\[{re.escape(number)}\]\s*(\w+)", subject.strip(), re.IGNORECASE)
    value = OFFERED.get(match[1].casefold()) if match else None
    return Rating(value) if value else None


def _spoken(text: str, names: Collection[str]) -> tuple[Rating, int, int] | None:
    """Return the verdict in words, and where it stands."""
    if alone := _sign(text, names):
        return alone
    for count, stretch in enumerate(_STRETCH.finditer(text)):
        words = _WORD.findall(_plain(stretch[0]))
        if value := _value(words):
            return None if text[stretch.end() :].lstrip()[:1] == "?" else (value, stretch.start(), stretch.end())
        if count >= MAX_BEFORE or (words and not _LABELS.issuperset(words) and not is_courtesy(stretch[0], names)):
            return None
    return None


def _value(words: list[str]) -> Rating | None:
    plainly = [word for word in words if word not in _VERY]
    if value := _WORDS.get(" ".join(words)) or _WORDS.get(" ".join(plainly)):
        return value
    value = _WORDS.get(" ".join(word for word in plainly if word not in _ALL_IS))
    return value if value is not Rating.BAD else None  # "всё плохо" says that it does not work


def _sign(text: str, names: Collection[str]) -> tuple[Rating, int, int] | None:
    """Return the verdict of a thumb, where there are no words but of courtesy."""
    signs = {one for one in text if one in _SIGNS}
    if len(signs) != 1 or not is_courtesy(_SIGN.sub(" ", text), names):
        return None
    first = _SIGN.search(text)
    assert first is not None, "it is there"
    return _SIGNS[signs.pop()], first.start(), first.end()


def _asks(besides: str, more: re.Pattern[str] | None) -> bool:
    plain = _HARMLESS.sub(" ", _plain(besides))
    return "?" in plain or any(one.search(plain) for one in (_OPEN, more) if one)


def _plain(text: str) -> str:
    return " ".join(text.casefold().translate(_SAME).split())


def _entries(value: Rating, said: str) -> Iterator[tuple[str, Rating]]:
    for one in said.split(","):
        yield " ".join(one.split()), value


_WORD = re.compile(r"[\w']+")
_STRETCH = re.compile(r"(?:(?! [-–—] )[^\n.!?,;:…()«»\"“”„—–])+")
_EDGES = ' \t\n.,!;:…-–—()«»"“”'
_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'"})
_SIGNS = {"👍": Rating.GOOD, "👎": Rating.BAD}
_SIGN = re.compile("[👍👎][\U0001f3fb-\U0001f3ff\ufe0f]?")

_WORDS = dict(
    (
        *_entries(
            Rating.GOOD,
            """отлично, супер, прекрасно, великолепно, замечательно, превосходно, идеально, очень хорошо, на отлично,
            чудово, відмінно, дуже добре, great, excellent, perfect, outstanding, very good""",
        ),
        *_entries(
            Rating.FAIR,
            """нормально, норм, неплохо, не плохо, средне, удовлетворительно, так себе,
            непогано, не погано, задовільно, посередньо, fair, average, not bad, so so""",
        ),
        *_entries(
            Rating.BAD,
            """плохо, ужасно, отвратительно, неудовлетворительно, погано, жахливо, незадовільно,
            bad, poor, terrible, awful""",
        ),
    )
)
_VERY = frozenset(
    "в целом общем скорее очень просто прямо вполне совсем крайне весьма цілком зовсім дуже very just really quite".split()
)
_ALL_IS = frozenset("все всё было усе було it's its it is was everything all".split())
_LABELS = frozenset("оценка моя мой ответ оцениваю ставлю оцінка моя відповідь my rating verdict answer".split())

# Words that sound as if something were open, and nothing is
_HARMLESS = re.compile(
    r"\b(?:еще\s+раз\s+(?:большое\s+|огромное\s+)?(?:спасибо|благодар\w+)|ще\s+раз\s+(?:дуже\s+)?(?:дякую|дякуємо)|не\s+за\s+что|нет\s+слов|без\s+проблем"
    r"|(?:thanks|thank\s+you)\s+again|once\s+again\s+(?:thanks|thank\s+you)|no\s+problem)\b"
)
# Where one of these stands beside a verdict, something may be left to do
_OPEN = re.compile(
    r"""\b(?:не|нет|нету|ни|ничего|никто|никак|нельзя|опять|снова|еще|до\s+сих\s+пор|по-прежнему|жду|ждем|ожида\w+|когда|как|где|куда|почему|зачем|сколько
    |прошу|просим|просьба|пришлите|позвоните|перезвоните|сделайте|проверьте|исправьте|верните|откройте|помогите|подскажите|нуж\w+|надо|хоч\w+|хотел\w*|хотим
    |вопрос\w*|проблем\w+|ошибк\w+|слом\w+|завис\w*|пропал\w*|остал\w+|нов(?:ый|ая|ое|ые)|также|можно|можете|пожалуйста|требу\w+|жалоб\w+
    |ні|ніхто|нічого|ніяк|немає|знову|ще|досі|чекаю|чекаємо|коли|як|де|чому|навіщо|скільки|надішліть|зателефонуйте|зробіть|перевірте|виправте|поверніть|допоможіть
    |підкажіть|потріб\w+|треба|хотів\w*|питан\w+|помилк\w+|злам\w+|залиш\w+|також|можна|ласка
    |not|\w+n't|cannot|no|never|nothing|nobody|still|again|when|how|where|why|what|please|needs?|want\w*|would|could|can|should|wait\w*|questions?|problems?|issues?
    |errors?|broken|fail\w*|also|another|yet|does|did)\b""",
    re.VERBOSE,
)
_AND_GOOD = re.compile(
    r"\b(?:но|однако|только|хотя|если|але|проте|однак|тільки|хоча|якщо|but|however|only|though|although|if|except)\b"
)
