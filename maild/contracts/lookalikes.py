"""The key that two spellings of one number have in common: Latin or Cyrillic letters, any case, dashes, spaces. Pure.

A customer copies a coupon from paper, types it with the keyboard still on Russian, or gets it through a client that puts
a soft hyphen in. What looks the same is the same: `fold` is how coupons, agreement numbers and names are compared, and
how they are stored to be found. A change here changes stored keys and needs a migration.
"""

import unicodedata
from collections.abc import Mapping

MAX_KEY = 100  # characters of a key; nobody types a longer number, and nothing a stranger sends may grow a database
MAX_KEPT = 4096  # characters whose keys are kept

# Each line: the character of the key, then what looks like it in capitals or small letters. "l" is a capital I, a
# digit one and a small L; as case does not count, L comes along.
_ALIKE: Mapping[str, str] = {
    "0": "oоοՕօ",
    "1": "ilіӏıι|",
    "3": "зӡ",
    "6": "б",
    "a": "аαᴀ",
    "b": "вβв",
    "c": "сϲⅽ",
    "d": "ԁ",
    "e": "еєε",
    "h": "нηһ",
    "j": "јϳ",
    "k": "кκқ",
    "m": "мμ",
    "n": "ν",  # the capital
    "p": "рρ",
    "q": "ԛ",
    "s": "ѕ",
    "t": "тτ",
    "w": "ԝѡ",
    "x": "хχ",
    "y": "уүυ",
    "z": "ζ",
}
_KEYS: Mapping[int, str] = {ord(one): key for key, alike in _ALIKE.items() for one in alike}
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Mc", "Pc", "Pd", "Pi", "Pf", "Zs", "Zl", "Zp"})
_NEVER = frozenset("№#'\"`´\u2212\u02bc\u30fc\uff70\u4e00\u2500")  # minus signs, quotes, what stands before a number


def _fold_character(character: str) -> str:
    """Return what one character contributes to a key, "" for a dash, a space, or what nobody sees."""
    if character in _NEVER:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = (one for one in parts if one not in _NEVER and unicodedata.category(one) not in _DROPPED)
    return "".join(_one_key(one) for one in kept)


def _one_key(character: str) -> str:
    decimal = unicodedata.decimal(character, None)
    return str(decimal) if decimal is not None else _KEYS.get(ord(character), character)


class _Folded(dict[int, str]):
    """What characters contribute, worked out as they come; of so many that a stranger cannot fill the memory."""

    def __missing__(self, code: int) -> str:
        if len(self) >= MAX_KEPT:
            self.clear()
        self[code] = key = _fold_character(chr(code))
        return key


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return the key of `text`, "" where nothing of it can be seen: at most `MAX_KEY` characters, ASCII where that can be.

    Compatibility forms are taken apart (Unicode NFKD: full-width letters, ligatures), case and accents do not count
    (Ё is Е, Й is И), dashes, spaces, quotation marks, "№" and invisible characters fall out, look-alikes become one.
    "/" and "." stay, which tell "12/25" from "1/225". Folding a key again changes nothing. Keys are for comparing: Б-12
    and 6-12 are one key, so that the register has to refuse the second of them.
    """
    key = text[:MAX_KEY].translate(_FOLDED)
    for at in range(MAX_KEY, len(text), MAX_KEY):  # where much of it falls out
        if len(key) >= MAX_KEY:
            break
        key += text[at : at + MAX_KEY].translate(_FOLDED)
    return key[:MAX_KEY]


def alike(character: str) -> str:
    """Return every single character that folds to the same key as `character`, itself included, both cases; for patterns."""
    key = fold(character)
    among = {key, key.upper(), *_ALIKE.get(key, ""), *(one.upper() for one in _ALIKE.get(key, ""))}
    return "".join(sorted(one for one in among if len(one) == 1 and fold(one) == key))
