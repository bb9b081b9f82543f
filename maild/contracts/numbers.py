"""The coupons, agreements and taxpayer numbers that a part of a letter names. Pure.

Words are found by plain search, and only what stands around them is read closely, so that the time is in step with the
size. What nobody calls a coupon or an agreement may be one all the same: such a clue is not `claimed`.
"""

import re
from collections.abc import Iterator
from itertools import islice

from maild.contracts.clue import Clue
from maild.contracts.coupons import CODE, LENGTH, has_shape, has_valid_check, shorten, write_code
from maild.contracts.keys import Evidence, inn_key, is_valid_inn
from maild.contracts.lookalikes import fold
from maild.contracts.prose import Region, Word, is_date, words_after

MAX_CODES = 100  # of our shape in one part of a letter
MIN_CODE, MAX_CODE = 5, 40  # characters of a coupon that was not issued here
MIN_PLAIN = 6  # of a key; a shorter word with a digit is "1C77" or "B2B"
_JOINED = 4  # words that may be one number, "VIP 2025 77"
_SPELT = 24  # words that may be a code of ours, letter by letter

# ── coupons ──────────────────────────────────────────────────────────────────────────────────────────────────────────

COUPON_WORDS = ("купон", "coupon", "kupon")
_CALLED = frozenset("код кода коду кодом code номер номера номером номеру number no".split())
_FILLERS = _CALLED | frozenset(
    """на для по поддержки поддержку поддержка підтримки підтримку support technical техническую технической технічної технічну техподдержки техпідтримки срочной
    экстренной аварийной приоритетной priority emergency обслуживания обслуживание обслуговування is наш our мой my вот такой такий это це:
    выданный виданий от вас при себе есть имеется прилагаю привожу указываю the with""".split()
)
_UNITS = r"(?:руб|₽|р$|р\.|грн|гривен|uah|rub|usd|eur|€|\$|%|процент|шт|дней|дня|день|днів|час|days?$|hours?$|год)"
_UNIT, _AMOUNT = re.compile(_UNITS), re.compile(rf"[0-9][0-9.,]*{_UNITS}")
# A number of our shape that the letter calls something else
_OTHER_NUMBER = re.compile(
    r"(?:заказ|order|серийн|serial|s/n|лиценз|licen[cs]e|ключ|key|активаци|activation|артикул|трек|track|накладн|устройств|device|mac|uuid|guid|пароль|password)"
    r"[^\n.!?]{0,30}$"
)


def find_coupons(region: Region) -> Iterator[Clue]:
    """Yield what is presented as a coupon: what follows the word, and what is of our shape."""
    for end in region.find(COUPON_WORDS):
        clue = _after_coupon(region, end)
        if clue:
            yield clue
    for match in islice(CODE.finditer(region.text), MAX_CODES):
        before = region.lower[max(0, match.start() - 60) : match.start()]
        code = "".join(filter(str.isalnum, match[0]))
        yield _coupon(region, code, claimed=not _OTHER_NUMBER.search(before))


def _coupon(region: Region, text: str, *, more: tuple[str, ...] = (), claimed: bool = True) -> Clue:
    doubt = "" if not has_shape(text) or has_valid_check(text) else "its check character is wrong"
    return Clue(
        kind=Evidence.COUPON, keys=(fold(text), *more), place=region.place, shown=shorten(write_code(text)).upper(),
        claimed=claimed, doubt=doubt,
    )  # fmt: skip


def _after_coupon(region: Region, end: int) -> Clue | None:
    """Return what follows the word "coupon": the first words that can be a code, alone or together."""
    words, called = words_after(region, end), False
    while words and (words[0].lower in _FILLERS or words[0].is_mark):
        called = called or words[0].is_mark or words[0].lower in _CALLED
        words = words[1:]
    spelt = fold("".join(word.text for word in _run(words, _SPELT)))[:LENGTH]
    if has_shape(spelt):  # "7 K Q 4 - M X …"
        return _coupon(region, spelt)
    run = _run(words)
    if not run or not _may_be_code(run, called=called):
        return None
    numbers = ["".join(word.text for word in run[:many]) for many in range(1, len(run) + 1)]
    fitting = [number for number in numbers if MIN_CODE <= len(fold(number)) <= MAX_CODE]
    if not fitting:
        return None
    likeliest = numbers[0] if numbers[0] in fitting else fitting[-1]
    claimed = any(word.has_digit for word in run[:2])
    return _coupon(region, likeliest, more=tuple(map(fold, fitting)), claimed=claimed)


def _may_be_code(run: list[Word], *, called: bool) -> bool:
    """Whether words behind "coupon" may be its code; `called`: a colon, a "№", the word "code" stands before them."""
    first = run[0]
    if is_date(first.text) or _AMOUNT.match(first.lower):
        return False
    if first.text.isdecimal():  # "a coupon for 5000 roubles"
        return called and not (len(run) > 1 and _UNIT.match(run[1].lower))
    return called or first.has_digit or (first.text.isupper() and any(word.has_digit for word in run))


_PREPOSITIONS = frozenset("от від of dated from и та and на для".split())


def _run(words: list[Word], most: int = _JOINED) -> list[Word]:
    """Return the first words, up to a mark, the end of a sentence, or the name of another number."""
    run: list[Word] = []
    for word in words[:most]:
        if word.is_mark or word.lower.startswith(_STOPS) or word.lower in _PREPOSITIONS:
            break
        run.append(word)
        if word.ends:
            break
    return run


# ── agreements and taxpayer numbers ──────────────────────────────────────────────────────────────────────────────────

_AGREEMENT_WORDS = ("договор", "договір", "соглашен", "контракт", "угод", "agreement", "contract")
_NUMBER_WORDS = frozenset(("номер", "номером", "number", "no", "n"))
_SENTENCE = 14  # words behind "agreement" among which its number may stand behind a sign of its own
_SERIES = 5  # letters in front of a number, "ТП 12/2025"
_AFTER_YEARS = re.compile(r"(?:год|г\.?$|рік|року|р\.|лет|дн|day|year|мес|month|руб)")


def find_agreements(region: Region) -> Iterator[Clue]:
    """Yield the numbers that are called an agreement's, behind the word, or behind a "№" further on in its sentence."""
    for end in region.find(_AGREEMENT_WORDS):
        words = words_after(region, end)
        at = next((at for at, word in enumerate(words) if not _is_sign(word) and not word.is_mark), len(words))
        behind = next((at + 1 for at, word in enumerate(words[:_SENTENCE]) if _is_sign(word)), len(words))
        clue = _agreement(region, _run(words[at:])) or _agreement(region, _run(words[behind:]))
        if clue:
            yield clue


def _is_sign(word: Word) -> bool:
    return word.text == "#" or word.lower in _NUMBER_WORDS


def _agreement(region: Region, run: list[Word]) -> Clue | None:
    """Return the clue that these words are, alone or together, None where they are no number: a year, a date, "for five days"."""
    if not any(word.has_digit for word in run[:2]) or is_date(run[0].text):
        return None
    if not run[0].has_digit and len(run[0].text) > _SERIES:
        return None
    if run[0].text.isdecimal() and len(run) > 1 and _AFTER_YEARS.match(run[1].lower):
        return None
    numbers = [" ".join(word.text for word in run[:many]) for many in range(1, len(run) + 1)]
    numbers = [number for number in numbers if any(map(str.isdigit, number))]
    return Clue(
        kind=Evidence.AGREEMENT, keys=tuple(map(fold, numbers)), place=region.place, shown=numbers[0][:MAX_CODE]
    )


_STOPS = (*COUPON_WORDS, *_AGREEMENT_WORDS, "инн", "іпн")
_INN_WORDS = ("инн", "іпн", "inn", "рнокпп")
_INN_DIGITS = re.compile(r"[\s:=#/кпп.(-]{0,12}((?:[0-9][ \xa0]?){9}[0-9](?:[ \xa0]?[0-9]){0,2})(?![0-9])")


def find_inns(region: Region) -> Iterator[Clue]:
    """Yield what is called an INN, spaces within it or not; with wrong check digits it is a clue that says so."""
    for end in region.find(_INN_WORDS, whole=True):
        match = _INN_DIGITS.match(region.lower, end)
        if match:
            key = inn_key(match[1])
            doubt = "" if is_valid_inn(key) else "its check digits are wrong"
            yield Clue(kind=Evidence.INN, keys=(key,), place=region.place, shown=key, doubt=doubt)


# ── plain words ──────────────────────────────────────────────────────────────────────────────────────────────────────


def find_plain(region: Region) -> Iterator[Clue]:
    """Yield the words with a digit that may be somebody's number though nobody says so: "12/2025-ТП", "VIP-2025-77".

    Without a letter a word is as likely an order's number, a sum, or a telephone, so that nothing but an INN is looked up.
    """
    for word in region.numbers():
        if word.isdecimal():
            if is_valid_inn(word):
                yield Clue(kind=Evidence.INN, keys=(word,), place=region.place, shown=word, claimed=False)
            continue
        key = fold(word)
        if MIN_PLAIN <= len(key) <= MAX_CODE and any(one.isalpha() for one in word) and not is_date(word):
            if has_shape(key):
                continue
            shown = shorten(word).upper()
            yield Clue(kind=Evidence.COUPON, keys=(key,), place=region.place, shown=shown, claimed=False)
            yield Clue(kind=Evidence.AGREEMENT, keys=(key,), place=region.place, shown=word, claimed=False)
