"""One letter decided upon by two configurations: what rests on the same of both is done once, what is alike not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from maild.backtest.compare import Change, differences
from maild.backtest.untouched import Untouched, find_untouched
from maild.backtest.verdict import Verdict, set_aside, verdict_of
from maild.desk.case import Caps, Case, Letter, Read
from maild.desk.catalogue import Catalogue
from maild.desk.service import Service
from maild.errors import StoreError, describe_bug
from maild.model import Draft, Outcome, OutcomeKind
from maild.outbox.compose import word
from maild.pipeline import gather, read_letter, steer
from maild.policy import MailboxPolicy
from maild.rules.builtin import decide
from maild.store.past import Past


@dataclass(frozen=True, kw_only=True)
class Side:
    """A mailbox as one configuration has it."""

    box: MailboxPolicy
    lean: MailboxPolicy  # the same without what costs much and is alike on both sides
    style: str  # a digest of all that makes words a letter
    rules: frozenset[str]  # their names


@dataclass(frozen=True, kw_only=True)
class Sides:
    """A mailbox as two configurations have it; None: the configuration has no such mailbox."""

    name: str
    before: Side | None
    after: Side | None
    reads_alike: bool  # whether a letter reads the same for both
    gathers_alike: bool  # and whether all that rules and desk look at is the same
    desks_alike: bool  # and whether what the rules say is all that may be another
    untouched: Untouched | None  # letters of which they say the same; None: it takes more to tell


def make_sides(name: str, before: MailboxPolicy | None, after: MailboxPolicy | None, *, same_register: bool) -> Sides:
    """Return both sides of a mailbox, ready; `same_register` tells whether both have the same clients."""
    if before is None or after is None:
        sides = [_side(box, box) if box else None for box in (before, after)]
        return Sides(
            name=name, before=sides[0], after=sides[1], reads_alike=False, gathers_alike=False, desks_alike=False,
            untouched=None,
        )  # fmt: skip
    reads_alike = _reads_by(before) == _reads_by(after)
    gathers_alike = reads_alike and same_register and _gathers_by(before) == _gathers_by(after)
    desks_alike = gathers_alike and _decides_by(before) == _decides_by(after)
    lean = _without_what_is_alike(before, after)
    return Sides(
        name=name,
        before=_side(before, lean[0]),
        after=_side(after, lean[1]),
        reads_alike=reads_alike,
        gathers_alike=gathers_alike,
        desks_alike=desks_alike,
        untouched=find_untouched(before, after) if desks_alike else None,
    )


class TwoWalks:
    """One letter on its walks for both sides of its mailbox."""

    def __init__(self, letter: Letter, sides: Sides, seen: Sequence[Past], now: datetime) -> None:
        self._letter, self._sides, self._seen, self._now = letter, sides, seen, now
        self._reads: dict[bool, Read] = {}  # by whether it is the side `after`
        self._cases: dict[bool, Case] = {}
        self._steered: dict[tuple[bool, bool], Case] = {}

    @property
    def read(self) -> Read | None:
        """The letter as it was read for either side; None: for neither, or it could not be read."""
        return next(iter(self._reads.values()), None)

    def differences(self) -> tuple[Change, ...]:
        """Return in what the letter ends otherwise. Raises StoreError."""
        if (
            self._is_untouched()
            or self._steers_alike()
            or not differences(self._verdict(after=False, lean=True), self._verdict(after=True, lean=True))
        ):
            return ()
        return differences(self._verdict(after=False), self._verdict(after=True))

    def _is_untouched(self) -> bool:
        """Whether the words of the letter show that no rule which is another can hold."""
        before, untouched = self._sides.before, self._sides.untouched
        if before is None or untouched is None:
            return False
        try:
            return untouched.has(self._read_for(before.box, after=False), self._now)
        except Exception:
            return False  # the verdict says what broke

    def _steers_alike(self) -> bool:
        """Whether the sides cannot but decide alike: only their rules differ, and these say the same of this letter."""
        before, after = self._sides.before, self._sides.after
        if not self._sides.desks_alike or before is None or after is None:
            return False
        try:
            was, will = self._case(before, after=False, lean=True), self._case(after, after=True, lean=True)
        except StoreError:
            raise
        except Exception:
            return False  # the verdict says what broke
        return _steered_by(was) == _steered_by(will)

    def _verdict(self, *, after: bool, lean: bool = False) -> Verdict:
        """Return what one side makes of the letter; what breaks our code there would be quarantined, and that is the answer."""
        side = self._sides.after if after else self._sides.before
        if side is None:
            return _quarantined(f"mailbox {self._sides.name} is not configured")
        try:
            case = self._case(side, after=after, lean=lean)
            word_it = partial(_words, side.box)
            return verdict_of(case, decide(case), known=side.rules, style=side.style, word=word_it)
        except StoreError:
            raise
        except Exception as error:
            return _quarantined(describe_bug(error)[0])

    def _case(self, side: Side, *, after: bool, lean: bool) -> Case:
        """Return everything that one side decides upon."""
        if (after, lean) not in self._steered:
            box = side.lean if lean else side.box
            case = replace(self._gathered(box, after=after), policy=box.desk)
            self._steered[after, lean] = steer(case, self._read_for(box, after=after), box)
        return self._steered[after, lean]

    def _read_for(self, box: MailboxPolicy, *, after: bool) -> Read:
        if after not in self._reads:
            other = self._reads.get(not after) if self._sides.reads_alike else None
            self._reads[after] = other or read_letter(self._letter, box.desk)
        return self._reads[after]

    def _gathered(self, box: MailboxPolicy, *, after: bool) -> Case:
        if after not in self._cases:
            other = self._cases.get(not after) if self._sides.gathers_alike else None
            read, tx = self._read_for(box, after=after), self._seen[after]
            self._cases[after] = other or gather(self._letter, read, tx, box, self._now)
        return self._cases[after]


def _side(box: MailboxPolicy, lean: MailboxPolicy) -> Side:
    return Side(box=box, lean=lean, style=_style(box), rules=frozenset(rule.name for rule in box.steering.rules.rules))


def _reads_by(box: MailboxPolicy) -> tuple[object, ...]:
    """Return all that `pipeline.read_letter` asks of a configuration."""
    desk = box.desk
    return desk.own, desk.forms, desk.staff, desk.notifiers, desk.service.zone


def _gathers_by(box: MailboxPolicy) -> tuple[object, ...]:
    """Return all that `pipeline.gather` asks of a configuration about a letter that may touch a ticket: the rest decides only.

    What answers an agent's question about the desk, quotas and accounting, is left out: no ticket is touched by that, and
    a changed quota would have every letter looked at twice. So such an answer is the one of `before`.
    """
    desk, service = box.desk, box.desk.service
    asked = replace(desk, catalogue=Catalogue(), service=Service(), caps=Caps(per_address=0, per_ticket=0, per_agent=0))
    units = [(one.id, one.name, one.address) for one in desk.catalogue.units.values()]
    of_catalogue = (bool(desk.catalogue.grounds), desk.catalogue.outside, units)
    return asked, of_catalogue, box.steering.files, service.identity, service.register, service.zone, box.window


def _decides_by(box: MailboxPolicy) -> tuple[object, ...]:
    """Return all that `rules.builtin.decide`, and the words of a reply, ask of a configuration besides what rules say."""
    service = box.desk.service
    calendars = {name: calendar.fingerprint for name, calendar in service.calendars.items()}
    return replace(box.desk, service=replace(service, calendars={})), calendars, _style(box)


def _steered_by(case: Case) -> tuple[object, ...]:
    """Return all that rules, FAQ and the look at files have brought into a case, but for how."""
    return replace(case.ruling, by={}, trials=()), case.files, case.faq


def _without_what_is_alike(before: MailboxPolicy, after: MailboxPolicy) -> tuple[MailboxPolicy, MailboxPolicy]:
    """Return both without those text hints that both have, and without the FAQ where that and how it is told are the same.

    Where both make the same of a letter without them, so they do with them; where not, it is decided upon once more as it is.
    """
    hints = frozenset(before.steering.rules.hints) & frozenset(after.steering.rules.hints)
    searches = [
        (list(box.desk.catalogue.faq.items()), box.steering.most, box.steering.threshold, _style(box))
        for box in (before, after)
    ]

    def lean(box: MailboxPolicy) -> MailboxPolicy:
        rules = box.steering.rules
        rules = replace(rules, hints=tuple(one for one in rules.hints if one not in hints))
        most = 0 if searches[0] == searches[1] else box.steering.most
        return replace(box, steering=replace(box.steering, rules=rules, most=most))

    return lean(before), lean(after)


def _style(box: MailboxPolicy) -> str:
    """Return a digest of all that makes words a letter: who writes, in which zone, by which templates."""
    head, shelves = box.letterhead, box.letterhead.templates.shelves
    texts = {shelf: {name: source.text for name, source in files.items()} for shelf, files in shelves.files.items()}
    everything = (head.organization, head.sender, head.zone.key, shelves.language, texts)
    return sha256(repr(everything).encode("utf-8", "replace")).hexdigest()


def _words(box: MailboxPolicy, draft: Draft) -> tuple[str, str]:
    words = word(draft, box.letterhead)
    return f"{words.subject}\n\n{words.text}", words.html


def _quarantined(why: str) -> Verdict:
    return set_aside(Outcome(kind=OutcomeKind.QUARANTINED, reason=why))
