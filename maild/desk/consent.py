"""Whether a customer agrees to paid work. Pure.

A yes costs them money, so that every word of it has to be a word of consent: a condition, a sum, a question, a word that is
not known here leave the letter to a person. A no needs plain words, too, but may give its reason.
"""

import re
from dataclasses import dataclass

from maild.faq.passages import unsigned

MAX_TEXT = 1_000  # characters; who writes more has more to say than yes or no
MAX_WORDS_YES = 25
MAX_WORDS_NO = 30
MAX_WORDS_ATTEMPT = 12
MAX_EVIDENCE = 3  # words of each kind


@dataclass(frozen=True)
class Consent:
    """What a reply to an offer says."""

    agrees: bool | None  # None: a person has to read it
    evidence: tuple[str, ...] = ()  # the words that decided, as far as words did
    attempt: bool = False  # short, and sounds like a yes, but is not plain: worth a question


def read_consent(text: str) -> Consent:
    """Return whether they agree, and the words that say so."""
    if len(text) > MAX_TEXT:
        return Consent(None)
    plain = " ".join(unsigned(text).casefold().translate(_SAME).split())
    plain = _OF_COURSE.sub(" , ", _GREETING.sub(" ", plain))
    words = _WORD.findall(plain)
    if not words:
        return Consent(None)
    if "?" in plain:
        return Consent(None, ("?",))
    if trap := _TRAPS.search(plain):
        return Consent(None, (trap[0],))
    agreed = _HARMLESS.sub(" согласны ", plain)
    yes = _found(_HARMLESS, plain) + _found(_YES, _HARMLESS.sub(" ", plain))
    if len(words) <= MAX_WORDS_YES and _YES.search(agreed) and not _NO.search(agreed) and _says_only_yes(agreed):
        return Consent(True, yes)
    refused = len(words) <= MAX_WORDS_NO and (_NO.search(plain) or _says_only_no(words))
    if refused and not _YES.search(_NO.sub(" ", plain)) and not _OPEN.search(_NO.sub(" ", plain)):
        return Consent(False, _found(_NO, plain) or (words[0],))
    against = _found(_NO, agreed) + _found(_OPEN, plain) + _found(_AGAINST, plain)
    soft = yes or _found(_SOFT, plain)
    attempt = bool(soft and not against and len(words) <= MAX_WORDS_ATTEMPT and not _DIGIT.search(plain))
    return Consent(None, soft + against, attempt)


def _found(what: re.Pattern[str], plain: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0].strip() for match in what.finditer(plain)))[:MAX_EVIDENCE]


def _says_only_yes(plain: str) -> bool:
    return all(word in _YES_WORDS for word in _WORD.findall(plain))


def _says_only_no(words: list[str]) -> bool:
    return words[0] in {"нет", "ні", "no", "nope"} and all(word in _NO_WORDS for word in words)


_SAME = str.maketrans({"ё": "е", "’": "'", "ʼ": "'", "`": "'"})
_WORD = re.compile(r"[\w']+(?:-\w+)*")

_GREETING = re.compile(
    r"\b(?:здравствуйте|добрый\s+(?:день|вечер)|доброе\s+утро|добрый|приветствую|привет|уважаем\w+|коллеги|добрий\s+(?:день|вечір)|доброго\s+(?:дня|ранку|вечора)"
    r"|вітаю|шановн\w+|hello|hi|dear|good\s+(?:morning|afternoon|evening|day))\b"
)
_OF_COURSE = re.compile(r"\b(?:конечно|разумеется|безусловно|звичайно|звісно|of\s+course|sure)\b")
# Words of refusing that refuse nothing
_HARMLESS = re.compile(
    r"\b(?:не\s+(?:возража\w+|против)|(?:возражений|вопросов)\s+(?:нет|не\s+имеем)|нет\s+(?:возражений|вопросов)|без\s+возражений|не\s+заперечу\w+|не\s+проти"
    r"|no\s+(?:objections?|problem)|(?:do\s+not|don't)\s+(?:mind|object))\b"
)
_YES = re.compile(
    r"^\W*так\W*$|\b(?:да|согласен|согласна|согласны|согласовано|согласовываем|согласую|подтвержда\w+|утвержда\w+|одобря\w+|одобрено|принима(?:ем|ю)|устраивает|договорились"
    r"|делайте|приступайте|начинайте|выполняйте|оформляйте|выставляйте|оплатим|оплачу|готовы?\s+оплатить|берем|заказываем|заказываю|давайте"
    r"|згоден|згодна|згодні|погоджу\w+|погоджено|підтверджу\w+|робіть|починайте|виконуйте|виставляйте|сплатимо|оплатимо|влаштовує|домовились|замовляємо"
    r"|yes|agree|agreed|accept|accepted|approve|approved|confirm|confirmed|go\s+ahead|proceed|deal|we'll\s+pay|will\s+pay|do\s+it)\b"
)
_NO = re.compile(
    r"\b(?:не\s+(?:соглас(?:ен|на|ны)|нужн[оаы]?|надо|требуется|будем|буду|хотим|хочу|устраивает|подходит|интересует|интересно|актуально|готовы?|планируем|делайте|приступайте|выполняйте|начинайте|оформляйте|оплатим)"
    r"|(?<!не\s)отказ(?:ываемся|ываюсь|ываем)?|откажемся|откажусь|отказались|отклоня(?:ем|ю)|передумал[аи]?|отмен(?:яем|ите|а)|обойдемся|обойдусь|неактуально|(?<!не\s)дорого|дороговато|дорогая|справимся\s+сами|сделаем\s+сами"
    r"|не\s+(?:згоден|згодна|згодні|потрібно|треба|будемо|хочемо|влаштовує|цікавить|актуально|робіть)|відмовля\w+|передумал[аи]|скасу\w+|занадто\s+дорого|обійдемось|обійдемося"
    r"|(?:do\s+not|don't|cannot|can't|won't)\s+(?:agree|accept|want|need|proceed|do\s+it)|not\s+(?:interested|needed|necessary|agreed|agree|worth)|declin\w+|refus\w+|reject\w*|too\s+(?:expensive|much)|no\s+(?:thanks|thank\s+you|need)|cancel\w*)\b"
)
# Whatever of these is there: neither yes nor no
_OPEN = re.compile(
    r"\b(?:если|при\s+условии|когда|пока|сначала|сперва|после|потом|позже|подума\w+|обсуд\w+|посовету\w+|узна\w+|уточн\w+|сколько|как|какой|какая|почему|зачем|может|возможно|можно|наверное|скидк\w+|дешевле|торг\w*|вместо|но|однако|хотя|или|либо|лучше|хот\w+\s+бы"
    r"|якщо|коли|поки|спочатку|після|пізніше|подума\w+|скільки|як|чому|може|можливо|мабуть|знижк\w+|дешевше|замість|але|проте|або|чи"
    r"|if|when|unless|until|after|before|first|later|think|discuss|ask|how|what|why|maybe|perhaps|possibly|discount|cheaper|instead|but|however|or|rather)\b"
)

# Words of consent or refusal that are neither: "да ладно", "согласны за ваш счёт", "не так уж и дорого"
_TRAPS = re.compile(r"\bда\s+(?:и|ладно|уж|ну|что)\b|\bза\s+(?:\w+\s+)?(?:счет|рахунок)\b|\bне\s+(?:\w+\s+){1,3}дорого")

# Words that may mean yes where they stand alone, and what makes a yes a question, or none
_SOFT = re.compile(r"\b(?:ок|окей|хорошо|ладно|годится|подходит|добре|гаразд|підходить|ok|okay|fine|good)\b")
_AGAINST = re.compile(r"\b(?:ли|разве|неужели|чи|хіба|невже|не|нет|ни|ні|no|not)\b")
_DIGIT = re.compile(r"\d")

_YES_WORDS = frozenset(
    """
    да так согласен согласна согласны согласовано согласовываем согласую подтверждаю подтверждаем подтверждено утверждаю утверждаем
    одобряю одобряем одобрено принимаем принимаю устраивает нас меня все всё договорились делайте сделайте приступайте начинайте выполняйте
    оформляйте выставляйте выставьте оплатим оплачу готов готова готовы оплатить оплату гарантируем гарантирую берем заказываем заказываю давайте
    ок окей ok okay хорошо ладно отлично супер прекрасно замечательно добро ага угу пожалуйста спасибо благодарю благодарим заранее
    мы я с со на по за ваши ваше вашим вашими ваш вашу это эту этой этих ценой цена цену стоимость стоимостью условия условиями условиях предложение
    предложением работа работы работу работ работами счет счета к и в полностью вас вам просим прошу можете можно выполнение выполнить работать
    предложенную предложенной указанную указанной сумма сумму суммой сразу быстрее скорее поскорее
    згоден згодна згодні погоджуюсь погоджуюся погоджуємось погоджуємося погоджено підтверджую підтверджуємо робіть починайте виконуйте виставляйте рахунок сплатимо
    оплатимо влаштовує домовились замовляємо добре гаразд дякую дякуємо будь ласка ми з за на ціною умовами вартістю пропозицією роботу роботи так усе
    yes agree agreed accept accepted approve approved confirm confirmed go ahead proceed deal we i we'll will pay do it please thanks thank you ok okay fine great
    good perfect with the your this that price offer terms conditions to and for work invoice send us me is are have start sounds quote cost it's
    """.split()
)
_NO_WORDS = frozenset(
    """
    нет не спасибо благодарю благодарим пожалуйста ні дякую дякуємо no nope thanks thank you нам мне это ок хорошо понятно понял поняла ясно
    """.split()
)
