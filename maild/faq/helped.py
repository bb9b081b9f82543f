"""Whether a customer says that an answer has solved it. Pure.

A yes closes a request, so that only plain words count: a doubt, a question, a "but", a new trouble leave it to a person.
"""

import re
from dataclasses import dataclass

from maild.faq.passages import unsigned

MAX_TEXT = 1_500  # characters; who writes more has more to say than that it helped
MAX_WORDS = 40


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """It has solved it."""

    number: int | None = None  # which of the answers, if they say so
    evidence: str = ""


def read_verdict(text: str) -> Verdict | None:
    """Return it, with the number of the answer if the text names one; None where it does not say so plainly."""
    if len(text) > MAX_TEXT:
        return None
    plain = " ".join(unsigned(text).casefold().translate(_SAME).split())
    if "?" in plain or len(_WORD.findall(plain)) > MAX_WORDS:
        return None
    plain = _HARMLESS.sub(" , ", plain)
    solved = _SOLVED.search(plain)
    if solved is None or _DOUBT.search(_SOLVED.sub(" , ", plain)):
        return None
    numbers = {_number(match) for pattern in _NUMBERED for match in pattern.finditer(plain)} - {None}
    number = numbers.pop() if len(numbers) == 1 else None
    return Verdict(number=number, evidence=solved[0].strip())


_WORD = re.compile(r"\w+")
_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'"})

# Words that sound like a doubt and are none: "больше не вылетает", "как вы написали"
_HARMLESS = re.compile(
    r"""больше\s+не\s+\w+(?:ет|ит|ют|ят|ется|ится|ются|ятся)\b|більше\s+не\s+\w+ть(?:ся)?\b
    |\b(?:вопросов|проблем|претензий|ошибок|питань|проблем)\s+(?:больше\s+|більше\s+)?(?:нет|не\s+осталось|немає)\b|\bнет\s+(?:вопросов|проблем)\b
    |\b(?:больше|уже|вже|більше)\s+(?:ничего\s+|нічого\s+)?не\s+(?:нужно|надо|требуется|потрібно|треба)\b
    |\bбольше\s+(?:проблем|вопросов)\s+нет\b|\bнет\s+слов\b|\bне\s+беспоко\w+|\bне\s+прошло\s+и\s+\w+\s+\w+
    |\bтак\s+как\b|\bкак\s+(?:вы\s+)?(?:написано|написали|указано|указали|в\s+инструкции|сказано|советовали|описано|раз|оказалось|часы)\b
    |\bяк\s+(?:ви\s+)?(?:написано|написали|вказано|в\s+інструкції|описано)\b
    |\bas\s+(?:you\s+)?(?:described|written|said|suggested)\b
    |\bno\s+(?:more\s+|further\s+)?(?:problems?|questions?|issues?|errors?)(?:\s+(?:left|anymore|any\s+more))?\b|\bno\s+longer\s+\w+|\bno\s+need\b
    |\b(?:ошибка|проблема|помилка)\s+(?:ушла|пропала|исчезла|зникла|больше\s+не\s+\w+)|\berror\s+is\s+gone\b""",
    re.VERBOSE,
)

_SOLVED = re.compile(
    r"""\b(?:помогл[оаи]|помог|выручил[оаи]?|сработал[оаи]?|заработал[оаи]?|разобрал(?:ся|ась|ись)|получилось|починилось|наладилось
    |(?:проблема|вопрос|задача|все|ошибка)\s+(?:уже\s+|успешно\s+)?(?:решен[ао]?|решил(?:ась|ось|ся|а|и)?|снята?|закрыт[ао]?|исправлен[ао]?|устранен[ао]?)
    |решен[ао]|решил(?:ось|ась|ся)|решил[аи]?\s+(?:проблему|вопрос)|исправил(?:ось|ась)|устранил(?:ось|ась)|закрывайте|(?:можно|можете)\s+(?:заявку\s+|вопрос\s+)?закры(?:вать|ть)
    |(?:все|теперь)\s+(?:уже\s+|снова\s+|теперь\s+)?(?:работает|печатает|открывается|запускается|ок|хорошо|отлично|получил[оа]с[ья])|теперь\s+все\s+\w+ет
    |то\s+что\s+(?:нужно|надо)|нашел\s+ответ|нашла\s+ответ
    |допомогл[оаи]|допоміг|вирішен[оаі]?|вирішил(?:ось|ася|ося)|вирішив|вирішила|запрацювал[оаи]|розібра(?:вся|лася|лись|лися)|спрацювал[оаи]|вийшло
    |(?:все|тепер)\s+(?:вже\s+|знову\s+)?працює|питання\s+(?:закрите|знято)|закривайте|виручил[оаи]
    |(?:it|that|this|which|link|article|answer|one|you|and|\d)\s+(?:has\s+|have\s+|really\s+|just\s+)?(?:helped|solved|fixed|worked|resolved|did)
    |solved|resolved|fixed|helped|worked|(?:all|everything|it|it's|its)\s+(?:is\s+)?(?:works?|working|ok|fine|good)|works\s+(?:now|again|fine|perfectly|great)|now\s+(?:it\s+)?works|figured\s+(?:it\s+)?out|did\s+the\s+trick)\b""",
    re.VERBOSE,
)

# Whatever of these is left: a person has to read it
_DOUBT = re.compile(
    r"""\b(?:не|ни|нет|нету|нельзя|ничего|ничем|без|бы|б|ли|но|однако|зато|хотя|правда|только|кроме|если|когда|пока|вдруг
    |частично|отчасти|почти|наполовину|временно|ненадолго|ненадовго|иногда|вроде|кажется|похоже|вероятно|видимо|наверное|возможно|может|можно(?!\s+(?:заявку\s+|вопрос\s+)?закры)|должно
    |надеюсь|думал[аи]?|думаю|якобы|будто|сначала|поначалу|вчера\s+помогло|прошл\w+|раньше|ранее|опять|снова\s+(?!работает)|по-прежнему|все\s+еще|до\s+сих|еще\s+(?:один|одна|есть|вопрос|бы|проблема)
    |друг(?:ая|ой|ие|ую|ое)|нов(?:ая|ой|ую|ые|ый)|теперь\s+(?:же\s+)?(?:пишет|выдает|ошибк\w+|появил\w+|выскакива\w+|проблем\w+|друг\w+|а)|появил\w+|ошибк\w+|проблем\w+\s+(?:остал|верн|повтор|с\b)\w*
    |как|где|куда|почему|зачем|сколько|какой|какая|какие|кто|подскаж\w+|помогите|прошу|просим|просьба|нужн[оаы]|надо(?!\b\s*$)|хотел\w*|хочу|хочется|пришлите|позвоните|перезвоните|объясните|сделайте|проверьте|попробу\w+|жду|ждем|посмотр\w+|провер\w+
    |ні|нічого|нічим|але|проте|однак|якщо|коли|поки|частково|майже|тимчасово|начебто|здається|можливо|мабуть|сподіваюсь|знову\s+(?!працює)|досі|інш[аеій]\w*|помилк\w+|як|де|чому|скільки|підкажіть|допоможіть|потрібно|треба|хочу|тільки
    |not|no|never|nothing|none|isn't|wasn't|doesn't|didn't|don't|hasn't|haven't|won't|cannot|can't|couldn't|n't|but|however|although|though|except|only|if|when|until|unless|almost|partly|partially|half|temporarily|maybe|perhaps|probably|seems?|might|hope|hopefully|would|could|should|thought
    |still|another|different|other|new|again(?!\s*$)|what|how|where|why|which\s+(?:one|of)|who|please\s+(?!close)|need|want|yet|before|last\s+time)\b""",
    re.VERBOSE,
)

_ORDINALS = {
    "перв": 1, "втор": 2, "трет": 3, "перш": 1, "друг": 2, "first": 1, "second": 2, "third": 3, "1st": 1, "2nd": 2, "3rd": 3,
    "один": 1, "два": 2, "три": 3, "one": 1, "two": 2, "three": 3,
}  # fmt: skip
_ORDINAL = r"(?P<ordinal>перв|втор|трет|перш|друг|first|second|third|1st|2nd|3rd)\w*"
_THING = r"(?:ссылк|вариант|пункт|стат[ья]|статей|ответ|совет|решени|способ|инструкци|посилан|варіант|порад|відповід|спосіб|link|option|article|answer|one\b|suggestion|item)\w*"
_CORE = r"(?:помог|допом|сработал|спрацюв|выручил|решил|вирішил|helped|worked|solved|fixed|did)\w*"
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:№|#|\bномер|\bnumber|\bno\.)\s*(?P<digit>[1-9])(?!\d)",
        r"(?:№|#|\bномер|\bnumber)\s+(?P<ordinal>один|два|три|one|two|three)\b",
        rf"\b{_THING}\s+(?:под\s+номером\s+|номер\s+)?(?P<digit>[1-9])(?!\d|\s*раза?\b)",
        rf"\b(?P<digit>[1-9])(?:-?(?:я|й|ый|ая|е|ое|st|nd|rd))?\s+{_THING}",
        rf"\b{_CORE}\s+(?P<digit>[1-9])(?:-?(?:я|й|ый|ая|е|ое))?(?=$|\s*[,.!)]|\s+(?:{_THING}|спасибо|дякую|thanks))",
        rf"(?:^|[,.!]\s*|спасибо\s+|дякую\s+)(?P<digit>[1-9])(?:-?(?:я|й|ый|ая|е|ое))?\s+{_CORE}",
        rf"\b{_ORDINAL}\s+(?:же\s+)?{_THING}",
        rf"\b{_CORE}\s+(?:the\s+|ваша\s+|ваш\s+)?{_ORDINAL}(?!\w|\s+(?:раз|попыт|день|спроб|time|try))",
        rf"\b{_ORDINAL}\s+{_CORE}",
    )
)


def _number(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if digit := groups.get("digit"):
        return int(digit)
    return _ORDINALS.get(groups.get("ordinal") or "")
