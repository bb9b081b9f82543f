"""Whether a customer's letter only thanks, or says that all is well: then it opens nothing again. Pure.

Every word has to be a word of courtesy. Whatever else there is, a "but", a question, a request however polite, a word or an
emoji that is not known here, makes it a letter for people: to look into one letter too many costs less than to leave a
customer alone.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from maild.ingest.clients.contact import judge
from maild.ingest.clients.signature import find_closing_line

MAX_TEXT = 600  # characters; who writes more has more to say than thanks
MAX_WORDS = 30


@dataclass(frozen=True, kw_only=True)
class Courtesy:
    """Nothing but thanks, or a word that it is solved."""

    confirms: bool  # whether it says so
    evidence: str


def read_courtesy(text: str, names: Collection[str] = ()) -> Courtesy | None:
    """Return it where there is nothing else in the text; `names` are those that people call each other by."""
    if len(text) > MAX_TEXT or "?" in unicodedata.normalize("NFKC", text) or not all(map(_is_friendly, text)):
        return None
    above = above_name(text, names)
    if above is None or _SAD.search(text):
        return None
    plain = " ".join(_SMILE.sub(" ", above).casefold().translate(_SAME).split())
    words = _WORD.findall(_CLOSE.sub(" закрыть ", _WISH.sub(" ", plain)))
    if not words:
        signs = "".join(dict.fromkeys(one for one in text if one in _SIGNS))
        return Courtesy(confirms=False, evidence=f"nothing but {signs}") if signs else None
    known = {part for name in names for part in _WORD.findall(name.casefold().translate(_SAME))}
    said = [word for word in words if word not in known]
    if len(words) > MAX_WORDS or not all(word in _ALL for word in said) or _ASKED.search(plain):
        return None
    if any(word in _GIVEN and _FOR.isdisjoint(said[max(0, at - 4) : at]) for at, word in enumerate(said)):
        return None
    confirming = [word for word in said if word in _SOLVED]
    if not _MATTER.isdisjoint(said) and _WEAK.issuperset(confirming):
        return None
    core = confirming or [word for word in said if word in _THANKS]
    if not core:
        return None
    return Courtesy(confirms=bool(confirming), evidence=f"nothing but courtesy: {', '.join(dict.fromkeys(core))}")


def _is_friendly(sign: str) -> bool:
    return sign in _SIGNS or unicodedata.category(sign) != "So"


def is_courtesy(text: str, names: Collection[str] = ()) -> bool:
    """Whether the text says nothing but thanks, greetings and names; also where it has no words at all."""
    plain = text.casefold().translate(_SAME)
    said = set(_WORD.findall(_WISH.sub(" ", plain)))
    said -= {part for name in names for part in _WORD.findall(name.casefold().translate(_SAME))}
    return (said <= _POLITE and "?" not in plain) or read_courtesy(text, names) is not None


def above_name(text: str, names: Collection[str]) -> str | None:
    """Return the text above its closing; None where more than a name, an office and how to reach them stands below it."""
    lines = text.strip().split("\n")
    for at, line in enumerate(lines[1:], 1):
        rest = find_closing_line(line)
        if rest is None:
            continue
        below = filter(None, (one.strip(" ,.") for one in (rest, *lines[at + 1 :])))
        return "\n".join(lines[:at]) if all(is_signed(one, names) for one in below) else None
    return text


def is_signed(line: str, names: Collection[str]) -> bool:
    """Whether a line is a name, an office, or how to reach somebody."""
    if line.casefold() in (one.casefold() for one in names):
        return True
    return judge(line) is not None and not _TOLD.search(line)


_WORD = re.compile(r"[\w']+")
_SMILE = re.compile(r"(?<!\w)[:;=]-?[)DPРд]+(?!\w)")
_SAD = re.compile(r"[:;=]'?-?\(|\(\(")
# "можно", "please" and "have" ask for something, but for these
_CLOSE = re.compile(
    r"\b(?:можно|можете|можна|please|пожалуйста|you can),? (?:закрыть|закривати|закрити|close|закройте|закрийте)\b"
)
_WISH = re.compile(r"\bhave a (?:very )?(?:nice|good|great|lovely) (?:day|evening|afternoon|weekend|one)\b")
_ASKED = re.compile(r"\b(?:is|was|are) (?:it|this|that|the|everything|all)\b")  # a question whose mark was forgotten
# what no name, office or telephone says: "оператор опять не отвечает"
_TOLD = re.compile(
    r"\b(?:не|нет|ні|немає|опять|снова|знову|жду|ждем|когда|please|пожалуйста|not?|again|still)\b", re.IGNORECASE
)
_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'"})
_SIGNS = "👍🙏👌✅❤😊🙂😀🤝💐🌹)"

_THANKS = frozenset(
    """
    спасибо спс спасибки спасибочки благодарю благодарим благодарна благодарен благодарны благодарность признательны признателен
    дякую дякуємо вдячний вдячна вдячні спасибі подяка thanks thank thx ty cheers grateful appreciated appreciate
    ок окей ok okay хорошо добре гаразд понял поняла поняли понятно ясно принято принял приняла зрозумів зрозуміла зрозуміло
    отлично супер прекрасно замечательно здорово чудово great perfect excellent understood noted
    """.split()
)
_SOLVED = frozenset(
    """
    да так yes подтверждаю подтверждаем подтверждено подтвердили підтверджую підтверджуємо confirm confirmed
    работает заработало заработала заработал заработали помогло помогли решено решен решена решили решилось получилось исправлено
    исправили починили наладилось печатает закрывайте закройте закрыть закрыт закрыта закрыто
    працює запрацювало запрацювала допомогло допомогли вирішено вирішили вирішилось вийшло виправлено закривайте закрийте
    works working worked solved fixed resolved helped close
    """.split()
)
_HARMLESS = frozenset(
    """
    большое огромное огромная вам тебе вас за оперативную оперативный быстрый быструю быстро быстрое и все всем всей всё теперь уже очень от души так вашу ваш ваше вашей мы я нам мне
    команде команда коллеги уважаемые уважаемый уважаемая здравствуйте добрый день вечер утро доброе доброго привет всего хорошего
    удачи заявку обращение хорошего дня выходных недели рабочего что отличную отличная качественную работы
    всегда рады с вами приятно работать до свидания наступающим
    дуже велике щиро за швидку швидкий і усе всім тепер вже вам вас мені
    колеги шановні вітаю день вечір добрий доброго дня ранку гарного заявку звернення
    you so very much a lot many for your the quick fast prompt it is it's all now everything
    and hi hello dear team good day morning afternoon evening nice i we that was
    ticket request this
    """.split()
)  # no "снова", "again": that it has happened again is no courtesy
_GIVEN = frozenset(
    """
    помощь поддержку работу оперативность ответ ответы решение внимание терпение допомогу підтримку роботу оперативність відповідь увагу
    help support reply response answer assistance
    """.split()
)  # thanks are for it; by itself it is asked for
_FOR = frozenset("за for".split())
_MATTER = frozenset(
    "вопрос вопросы проблема проблему ошибка питання проблеми помилка problem issue question error".split()
)
_WEAK = frozenset("да так yes".split())  # "да, проблема" says that it is there
_POLITE = _THANKS | _SOLVED | _HARMLESS  # by themselves
_ALL = _POLITE | _GIVEN | _MATTER
