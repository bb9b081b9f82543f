"""Everything in one letter that may lead to a client, as keys for the register, with where each stood. Pure.

A clue is only something to look up. What the register answers is weighed in `recognise`. The letter is a stranger's: what is
kept of it is bounded, and the time it takes is in step with its size. Words are found by plain search, and only what stands
around them is read closely.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from maild.contracts.coupons import CODE, has_shape, has_valid_check, shorten, write_code
from maild.contracts.keys import Evidence, Key, inn_key, name_keys, organization_key
from maild.contracts.lookalikes import fold
from maild.contracts.prose import Region, Word, is_date, read_region, words_after
from maild.contracts.providers import address_key, find_client_domains, without_subaddress
from maild.model import Address, Message, Said

MAX_KEYS = 200  # looked up for one letter
MAX_OF_A_KIND = 20  # clues; a letter that names more leads nowhere
MAX_CODES = 100  # of our shape in one part of a letter
MAX_PLAIN = 40  # words with a letter and a digit that nobody calls a number of anything
MIN_CODE, MAX_CODE = 5, 40  # characters of a coupon that was not issued here
MIN_PLAIN = 6  # of a key; a shorter word with a digit is "1C77" or "B2B"
_JOINED = 4  # words that may be one number, "VIP 2025 77"


@dataclass(frozen=True, kw_only=True)
class Clue:
    """One thing said in a letter, with every key under which the register may know it."""

    kind: Evidence
    keys: tuple[str, ...]  # alternatives, the likeliest first
    place: str  # "From", "the subject", "the new words", "the whole text"
    shown: str  # for people; of a coupon only its end
    claimed: bool = True  # False: a word that may be a coupon or an agreement, and that nobody calls one
    doubt: str = ""  # "its check digits are wrong"


@dataclass(frozen=True, kw_only=True)
class ClientClues:
    """All clues of one letter, in the order in which they are weighed and stood."""

    author: Address | None = None
    clues: tuple[Clue, ...] = ()
    speaks_of_coupons: bool = False  # the word stands somewhere in the letter
    called_otherwise: frozenset[str] = frozenset()  # keys of what the letter calls an agreement or an INN

    def of(self, kind: Evidence) -> tuple[Clue, ...]:
        """The clues of one kind."""
        return tuple(clue for clue in self.clues if clue.kind is kind)

    @cached_property
    def lookups(self) -> tuple[Key, ...]:
        """What to ask the register, each once, coupons excepted: at most `MAX_KEYS` with them. An address may be anybody's alias."""
        pairs: dict[Key, None] = {}
        for clue in self.clues:
            for key in clue.keys if clue.kind is not Evidence.COUPON else ():
                pairs[clue.kind, key] = None
                if clue.kind is Evidence.ADDRESS:
                    pairs[Evidence.ALIAS, key] = None
        return tuple(pairs)

    @cached_property
    def coupons(self) -> tuple[str, ...]:
        """Keys of everything that may be a coupon, each once."""
        return tuple(dict.fromkeys(key for clue in self.of(Evidence.COUPON) for key in clue.keys))


# ── the letter ───────────────────────────────────────────────────────────────────────────────────────────────────────


def find_client_clues(message: Message, said: Said, author: Address | None) -> ClientClues:
    """Return the clues to whose letter this is. `author` is who speaks; None where a form or a forward does not tell.

    Read are the subject, the new words, and the whole text with its quotes: the coupon may stand in the letter before.
    """
    texts = [
        ("the subject", f"{said.subject}\n{message.subject}" if said.subject != message.subject else message.subject)
    ]
    texts += [("the new words", said.text)]
    texts += [("the whole text", message.text)] if message.text != said.text else []
    regions = [read_region(place, text) for place, text in texts]
    kept = _Kept()
    for clue in _of_author(author):
        kept.add(clue)
    for finder in (_find_coupons, _find_agreements, _find_inns, _find_people, _find_organizations):
        for region in regions:
            for clue in finder(region):
                kept.add(clue)
    otherwise = frozenset(
        key for clue in kept.clues if clue.kind in (Evidence.AGREEMENT, Evidence.INN) for key in clue.keys
    )
    for region in regions:
        for clue in _find_plain(region):
            kept.add(clue)
    return ClientClues(
        author=author, clues=tuple(sorted(kept.clues, key=lambda clue: _ORDER[clue.kind])), called_otherwise=otherwise,
        speaks_of_coupons=any(region.has(word) for region in regions for word in _COUPON_WORDS),
    )  # fmt: skip


_ORDER = {kind: at for at, kind in enumerate(Evidence)}


class _Kept:
    """Clues in the order in which they came, each key of a kind once, within the bounds."""

    def __init__(self) -> None:
        self.clues: list[Clue] = []
        self._seen: set[Key] = set()
        self._counts: dict[tuple[Evidence, bool], int] = {}
        self._keys = 0

    def add(self, clue: Clue) -> None:
        """Keep a clue that says something new."""
        keys = tuple(key for key in dict.fromkeys(clue.keys) if key and (clue.kind, key) not in self._seen)
        slot, cost = (clue.kind, clue.claimed), len(keys) * (2 if clue.kind is Evidence.ADDRESS else 1)
        most = MAX_OF_A_KIND if clue.claimed else MAX_PLAIN
        if not keys or clue.keys[0] not in keys or self._counts.get(slot, 0) >= most or self._keys + cost > MAX_KEYS:
            return
        self._counts[slot] = self._counts.get(slot, 0) + 1
        self._keys += cost
        self._seen.update((clue.kind, key) for key in keys)
        self.clues.append(
            Clue(kind=clue.kind, keys=keys, place=clue.place, shown=clue.shown, claimed=clue.claimed, doubt=clue.doubt)
        )


def _of_author(author: Address | None) -> Iterator[Clue]:
    if author is None:
        return
    yield from _person("From", author.name)
    if not author.domain:
        return
    key = address_key(author.addr)
    yield Clue(kind=Evidence.ADDRESS, keys=(key, without_subaddress(key)), place="From", shown=author.key)
    if domains := find_client_domains(author.domain):
        yield Clue(kind=Evidence.DOMAIN, keys=domains, place="From", shown=author.domain)


# ── coupons ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_COUPON_WORDS = ("купон", "coupon", "kupon")
_CALLED = frozenset("код кода коду кодом code номер номера номером номеру number no".split())
_FILLERS = _CALLED | frozenset(
    """на для по поддержки поддержку поддержка підтримки підтримку support technical техническую технической технічної технічну техподдержки техпідтримки срочной
    экстренной аварийной приоритетной priority emergency обслуживания обслуживание обслуговування is наш our мой my вот такой такий это це:
    выданный виданий от вас при себе есть имеется прилагаю привожу указываю the with""".split()
)
_MONEY = re.compile(
    r"(?:руб|₽|р$|р\.|грн|гривен|uah|rub|usd|eur|€|\$|%|процент|шт|дней|дня|день|днів|час|days?$|hours?$|год)"
)
# A number of our shape that the letter calls something else
_OTHER_NUMBER = re.compile(
    r"(?:заказ|order|серийн|serial|s/n|лиценз|licen[cs]e|ключ|key|активаци|activation|артикул|трек|track|накладн|устройств|device|mac|uuid|guid|пароль|password)"
    r"[^\n.!?]{0,30}$"
)


def _find_coupons(region: Region) -> Iterator[Clue]:
    """Yield what is presented as a coupon: what follows the word, and what is of our shape."""
    for end in region.find(_COUPON_WORDS):
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
    called = False
    words = words_after(region, end)
    while words and (words[0].lower in _FILLERS or words[0].is_mark):
        called = called or words[0].is_mark or words[0].lower in _CALLED
        words = words[1:]
    run = _run(words)
    if not run:
        return None
    if not run[0].has_digit and not called and not (run[0].text.isupper() and any(word.has_digit for word in run)):
        return None  # "a coupon for our office 5"
    together = "".join(word.text for word in _run(words, many=True))
    if has_shape(fold(together)[:12]):  # "7 K Q 4 - M X …"
        return _coupon(region, fold(together)[:12])
    if is_date(run[0].text) or (len(run) > 1 and _MONEY.match(run[1].lower)) or _MONEY.search(run[0].lower):
        return None
    keys = [fold("".join(word.text for word in run[:many])) for many in range(1, len(run) + 1)]
    fitting = [key for key in keys if MIN_CODE <= len(key) <= MAX_CODE]
    if not fitting or (run[0].text.isdecimal() and not called):
        return None
    text = run[0].text if fitting[0] == keys[0] else "".join(word.text for word in run)
    return _coupon(
        region,
        text if fold(text) in fitting else fitting[0],
        more=tuple(fitting),
        claimed=any(word.has_digit for word in run[:2]),
    )


_PREPOSITIONS = frozenset("от від of dated from и та and на для".split())


def _run(words: list[Word], *, many: bool = False) -> list[Word]:
    """Return the first words up to a mark or the end of a sentence."""
    run: list[Word] = []
    for word in words[: 24 if many else _JOINED]:
        if word.is_mark or word.lower.startswith(_STOPS) or word.lower in _PREPOSITIONS:
            break
        run.append(word)
        if word.ends:
            break
    return run


# ── agreements and taxpayer numbers ──────────────────────────────────────────────────────────────────────────────────

_AGREEMENT_WORDS = ("договор", "договір", "соглашен", "контракт", "угод", "agreement", "contract")
_NUMBER_MARKS = frozenset(("#", "номер", "номером", "number", "no", "no.", "n"))
_AFTER_YEARS = re.compile(r"(?:год|г\.?$|рік|року|р\.|лет|дн|day|year|мес|month|руб)")


def _find_agreements(region: Region) -> Iterator[Clue]:
    for end in region.find(_AGREEMENT_WORDS):
        words = words_after(region, end)
        while words and (words[0].is_mark or words[0].lower in _NUMBER_MARKS):
            words = words[1:]
        run = _run(words)
        if (
            not any(word.has_digit for word in run[:2])
            or is_date(run[0].text)
            or (not run[0].has_digit and len(run[0].text) > 5)
        ):
            # "договор на обслуживание от 01.02.2025 № 12/2025-ТП": the number behind its own sign
            words = _behind_sign(words)
            run = _run(words)
        clue = _number(region, run)
        if clue:
            yield clue


def _behind_sign(words: list[Word]) -> list[Word]:
    for at, word in enumerate(words[:14]):
        if word.text == "#" or word.lower in ("номер", "номером", "number"):
            return [one for one in words[at + 1 :] if not one.is_mark or one.text != "#"]
        if word.ends:
            break
    return []


def _number(region: Region, run: list[Word]) -> Clue | None:
    if not any(word.has_digit for word in run[:2]) or is_date(run[0].text):
        return None
    if run[0].text.isdecimal() and len(run) > 1 and _AFTER_YEARS.match(run[1].lower):
        return None
    shown, keys = "", []
    for many in range(1, len(run) + 1):
        joined = " ".join(word.text for word in run[:many])
        if any(word.has_digit for word in run[:many]):
            shown = shown or joined
            keys.append(fold(joined))
    return Clue(kind=Evidence.AGREEMENT, keys=tuple(keys), place=region.place, shown=shown[:MAX_CODE])


_STOPS = (*_COUPON_WORDS, *_AGREEMENT_WORDS, "инн", "іпн")
_INN_WORDS = ("инн", "іпн", "inn", "рнокпп")
_INN_DIGITS = re.compile(r"[\s:=#/кпп.(-]{0,12}((?:[0-9][ \xa0]?){9}[0-9](?:[ \xa0]?[0-9]){0,2})(?![0-9])")
_INN_LENGTHS = (10, 12)
_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_valid_inn(digits: str) -> bool:
    """Whether a number has the length and the check digits of a Russian INN (order ММВ-7-6/435@ of the Federal Tax Service, 2012)."""
    if len(digits) not in _INN_LENGTHS or not (digits.isascii() and digits.isdecimal()):
        return False
    values = [int(digit) for digit in digits]
    checked = (9,) if len(digits) == _INN_LENGTHS[0] else (10, 11)
    return all(
        sum(weight * value for weight, value in zip(_WEIGHTS[-at:], values, strict=False)) % 11 % 10 == values[at]
        for at in checked
    ) and any(values)


def _find_inns(region: Region) -> Iterator[Clue]:
    for end in region.find(_INN_WORDS, whole=True):
        match = _INN_DIGITS.match(region.lower, end)
        if match:
            key = inn_key(match[1])
            doubt = "" if is_valid_inn(key) else "its check digits are wrong"
            yield Clue(kind=Evidence.INN, keys=(key,), place=region.place, shown=key, doubt=doubt)


# ── people and organisations ─────────────────────────────────────────────────────────────────────────────────────────

_PERSON_WORDS = ("ответственн", "уповноважен", "відповідальн", "уполномоченн", "контактное лицо", "контактна особа", "responsible", "authorized", "authorised")  # fmt: skip
_CAPITALISED = r"[^\W\d_a-zа-яёіїєґ][^\W\d_'’ʼ]{1,30}(?:[-'’ʼ][^\W\d_'’ʼ]{1,30}){0,2}"
_INITIAL = r"[^\W\d_a-zа-яёіїєґ]\."
_NAME = re.compile(
    rf"{_CAPITALISED}[ ]{{1,3}}{_INITIAL}(?:[ ]?{_INITIAL})?|{_INITIAL}[ ]?(?:{_INITIAL}[ ]?)?{_CAPITALISED}"
    rf"|{_CAPITALISED}[ ]{{1,3}}{_CAPITALISED}(?:[ ]{{1,3}}{_CAPITALISED})?"
)
_ROLE = re.compile(r"[^\W\d_]{0,10}[\s:–—-]{0,5}(?:(?:технический |за )?(?:специалист|сотрудник|лицо|особа|особи|фахівець|працівник|person|specialist|employee|contact|поддержку)[^\W\d_]{0,3})?[\s:,(–—-]{0,5}")  # fmt: skip
_FAREWELL = re.compile(r"(?:с|з|с наилучшими|with|best|kind|warm)?[ ]?(?:уважением|повагою|пожеланиями|regards|wishes|sincerely|yours)[ ,.!–—-]{0,5}", re.IGNORECASE)  # fmt: skip
_EDGE = " \t*_>-–—~/,.;:!|"
_BEHIND = " \t*_>,;:!|"


def _find_people(region: Region) -> Iterator[Clue]:
    """Yield the persons whom a letter names as those who speak: by their office, or alone on a line, as people sign."""
    for end in region.find(_PERSON_WORDS):
        role = _ROLE.match(region.lower, end)
        match = _NAME.match(region.text, role.end() if role else end)
        if match:
            yield from _person(region.place, match[0])
    for line in region.lines():
        text = line.lstrip(_EDGE + "#").rstrip(_BEHIND)
        farewell = _FAREWELL.match(text)
        text = (text[farewell.end() :] if farewell else text).partition(",")[0].strip(_BEHIND)
        if _NAME.fullmatch(text) or _NAME.fullmatch(text.rstrip(".")):
            yield from _person(region.place, text)


def _person(place: str, name: str) -> Iterator[Clue]:
    if keys := name_keys(name):
        yield Clue(kind=Evidence.SPECIALIST, keys=keys, place=place, shown=name)


_ORGANIZATION_LINE = re.compile(
    r"(?:наша |ваша )?(?:название |наименование |назва )?(?:организаци[яи]|компани[яи]|предприятие|учреждение|організаці[яї]|компані[яї]|підприємство|company(?: name)?|organi[sz]ation)[ \t]*[:=|\t–—-][ \t|]*(.{2,150})",
    re.IGNORECASE,
)


def _find_organizations(region: Region) -> Iterator[Clue]:
    for line in region.lines():
        match = _ORGANIZATION_LINE.match(line.strip(_EDGE + "#"))
        if match and (key := organization_key(match[1])):
            yield Clue(kind=Evidence.ORGANIZATION, keys=(key,), place=region.place, shown=match[1].strip()[:100])


# ── plain words ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _find_plain(region: Region) -> Iterator[Clue]:
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
            if has_shape(word):
                continue
            yield _coupon(region, word, claimed=False)
            yield Clue(kind=Evidence.AGREEMENT, keys=(key,), place=region.place, shown=word, claimed=False)
