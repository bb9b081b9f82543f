"""Taking a person out of texts: addresses become pseudonyms, names and what the person wrote become "…". Pure, linear."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

GONE = "…"
RUN = 4  # words in a row that nobody writes like another by chance …
_WORD = re.compile(r"\w+")
_ANY_ADDRESS = re.compile(r"[\w.+%=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")  # … whoever's


def forms_of(address: str) -> tuple[str, str]:
    """Return the two ways in which a casefolded address stands in texts: as it is, and inside a return path."""
    return address, address.replace("@", "=")


class Redactor:
    """Knows a person by addresses (casefolded, each with its pseudonym), names, and what they have written."""

    def __init__(self, pseudonyms: Mapping[str, str], names: Iterable[str] = (), written: Iterable[str] = ()) -> None:
        self.pseudonyms = {form: pseudonym for one, pseudonym in pseudonyms.items() for form in forms_of(one)}
        self._addresses = _one_of(self.pseudonyms, r"(?<![\w.+%-])", r"(?![\w-]|\.\w)")
        called = {" ".join(name.split()) for name in names}
        self._names = _one_of((one for one in called if " " in one), r"(?<!\w)", r"(?!\w)")
        self._any_names = _one_of((one for one in called if len(one) > 2), r"(?<!\w)", r"(?!\w)")
        self._runs = {run for text in written for run in _runs(_words(text))}

    def addresses(self, text: str) -> str:
        """Return a text with pseudonyms for addresses."""
        if self._addresses is None or ("@" not in text and "=" not in text):
            return text
        return self._addresses.sub(lambda found: self.pseudonyms.get(found[0].casefold(), GONE), text)

    def note(self, text: str) -> str:
        """Return a line of ours without addresses, full names, and runs of what they wrote; one word may be an id there."""
        text = self.addresses(text)
        return self._without_runs(self._names.sub(GONE, text) if self._names else text)

    def text(self, text: str) -> str:
        """Return what somebody else wrote without all of it."""
        text = self.addresses(text)
        return self._without_runs(self._any_names.sub(GONE, text) if self._any_names else text)

    def _without_runs(self, text: str) -> str:
        if not self._runs:
            return text
        words = [(found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text)]
        theirs = [False] * len(words)
        for n, run in enumerate(_runs([word for *_, word in words])):
            if run in self._runs:
                theirs[n : n + RUN] = [True] * RUN
        parts, kept_to, n = [], 0, 0
        while n < len(words):
            if not theirs[n]:
                n += 1
                continue
            first = n
            while n < len(words) and theirs[n]:
                n += 1
            parts += [text[kept_to : words[first][0]], GONE]
            kept_to = words[n - 1][1]
        return "".join([*parts, text[kept_to:]])


def without_addresses(text: str) -> str:
    """Return a text without any address."""
    return _ANY_ADDRESS.sub(GONE, text)


def in_depth(value: Any, change: Any) -> Any:
    """Return a JSON value with every text in it changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [in_depth(one, change) for one in value]
    if isinstance(value, dict):
        return {key: in_depth(one, change) for key, one in value.items()}
    return value


def _one_of(words: Iterable[str], before: str, behind: str) -> re.Pattern[str] | None:
    there = sorted({word for word in words if word}, key=len, reverse=True)
    if not there:
        return None
    among = "|".join(r"\s+".join(map(re.escape, word.split())) for word in there)
    return re.compile(f"{before}(?:{among}){behind}", re.IGNORECASE)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1))
