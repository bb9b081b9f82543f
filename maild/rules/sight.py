"""Everything that the admin's rules may see of a letter, and nothing more. What costs is found when a rule first asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Literal

from maild.contracts.recognition import CouponState, Standing
from maild.desk.files import SeenFile
from maild.desk.several import Several, find_several
from maild.language.words import WordText
from maild.model import Address, Kind, Message, Said, without_detail
from maild.texts.checks import check_text
from maild.texts.flaw import Check, Flaw

# Two configurations that are compared look at one letter, right after one another.
_word_text, _several, _check_text = lru_cache(4)(WordText), lru_cache(2)(find_several), lru_cache(16)(check_text)

MAX_SUBJECT = 2_000  # characters of a subject that rules look through
MAX_TEXT = 65_536  # characters of a text that they look through: longer letters carry logs
MAX_HEADER = 16_384  # characters of all fields of one name
MAX_FILES = 500  # that rules see


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One letter as rules see it."""

    subject: str
    text: str  # the new words
    author: Address | None  # who wrote it, whoever passed it on
    recipients: frozenset[str] = frozenset()  # `recipients_of` the letter
    mailbox: str  # short name
    headers: Callable[[str], Sequence[str]] = field(default=lambda _name: ())  # values by lower-case name
    kind: Kind = Kind.PERSON
    form: str = ""  # the web form that it came through; "": none
    client: str = ""  # key in the register; "": nobody's
    standing: Standing = Standing.UNKNOWN
    level: str = ""
    coupon: CouponState | Literal["none"] = "none"
    over_quota: bool = False
    look: Callable[[], tuple[SeenFile, ...]] = tuple  # what is attached; called once, if at all
    first: bool = True  # whether it opens a ticket; else it joins one
    at: datetime  # when it was received
    today: date  # the day of that, in the organisation's zone
    category: str = ""  # of the ticket that it joins; what rules decide goes before
    severity: str = ""
    tags: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()  # what the customer was asked for, and has not sent yet

    @cached_property
    def files(self) -> tuple[SeenFile, ...]:
        """What somebody attached, looked at; pictures of a signature are no files of theirs."""
        return tuple(file for file in self.look()[:MAX_FILES] if not file.decoration)

    @cached_property
    def recipients_in_order(self) -> tuple[str, ...]:
        """Whom it is for, for people to read."""
        return tuple(sorted(self.recipients))

    @cached_property
    def recipient_by_domain(self) -> Mapping[str, str]:
        """One recipient of each domain ("@domain")."""
        return {f"@{key.rpartition('@')[2]}": key for key in reversed(self.recipients_in_order)}

    @cached_property
    def shown_subject(self) -> str:
        """As much of the subject as is looked through."""
        return self.subject[:MAX_SUBJECT]

    @cached_property
    def shown_text(self) -> str:
        """As much of the text as is looked through."""
        return self.text[:MAX_TEXT]

    @cached_property
    def subject_words(self) -> WordText:
        """The subject, ready to be looked through for words."""
        return _word_text(self.shown_subject)

    @cached_property
    def text_words(self) -> WordText:
        """The text, ready to be looked through for words."""
        return _word_text(self.shown_text)

    @cached_property
    def several(self) -> Several:
        """What makes it look like several requests."""
        return _several(self.shown_text)

    def flaw(self, check: Check) -> Flaw | None:
        """Return what is wrong with the text by one check."""
        if check not in self._flaws:
            found = _check_text(self.shown_subject, self.shown_text, (check,))
            self._flaws[check] = found[0] if found else None
        return self._flaws[check]

    def header(self, name: str) -> tuple[str, ...]:
        """Return the values of the header fields of a lower-case name, `MAX_HEADER` characters in all."""
        if name not in self._headers:
            values, left = [], MAX_HEADER
            for value in self.headers(name):
                if left <= 0:
                    break
                values.append(value[:left])
                left -= len(value) + 1
            self._headers[name] = tuple(values)
        return self._headers[name]

    @cached_property
    def _flaws(self) -> dict[Check, Flaw | None]:
        return {}

    @cached_property
    def _headers(self) -> dict[str, tuple[str, ...]]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the rules before this one have decided that conditions ask about; at first, how the ticket stands."""

    category: str = ""
    severity: str = ""
    tags: tuple[str, ...] = ()


def look_at_words(
    message: Message, said: Said, mailbox: str, kind: Kind, form: str, at: datetime, today: date
) -> Sight:
    """Return what rules see of a letter by itself, whoever wrote it; `mailbox` with its organisation."""
    return Sight(
        subject=said.subject or message.subject,
        text=said.text,
        author=None,
        recipients=recipients_of(message),
        mailbox=mailbox.partition("/")[2],
        headers=message.values,
        kind=kind,
        form=form,
        at=at,
        today=today,
    )


def recipients_of(message: Message) -> frozenset[str]:
    """Return every address that a letter is for, by its header or as it was delivered: casefolded, without subaddress too."""
    keys = [address.key for address in (*message.to, *message.cc)]
    keys += [address.strip().casefold() for address in message.delivered_to]
    return frozenset(one for key in keys if "@" in key for one in (key, without_detail(key)))
