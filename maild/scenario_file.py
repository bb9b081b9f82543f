"""What a scenario file may say, and every problem with it at once. `docs/ru/rehearse.md` documents the keys."""

import difflib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from maild.clock import aware
from maild.config.lines import KeyPath, find_lines
from maild.config.load import Loaded, load_rehearsal
from maild.config.section import Section
from maild.config.syntax import SyntaxProblem, decode, parse_toml
from maild.config.types import Duration, HeaderName, Line, as_list, one_line, parse_duration
from maild.contracts.recognition import Standing
from maild.errors import ConfigError, Problem
from maild.model import Address, OutcomeKind, Status
from maild.outbox.compose import ascii_domain
from maild.sla.target import Moment
from maild.wording.asking import ASKED

_NAMING = {  # what of an expectation names a table of the configuration; clients may be in the register alone
    "level": "level", "category": "category", "service": "service", "severity": "severity", "team": "team", "agent": "agent",
    "ground": "ground", "offer": "offer", "unit": "unit", "asked": "missing", "faq": "faq", "rules": "rule",
}  # fmt: skip
_MANUAL = "The keys are described in docs/ru/rehearse.md."


def parse_instant(value: object) -> datetime:
    """Accept an instant with its offset, as TOML writes it; anything else raises ValueError."""
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value
    raise ValueError("an instant with its offset and without quotes, such as 2026-11-23T09:00:00+03:00")


def parse_at(value: object) -> datetime | timedelta:
    """Accept an instant, or "+5m" counted from the step before; anything else raises ValueError."""
    if isinstance(value, datetime):
        return parse_instant(value)
    if isinstance(value, timedelta):
        return value
    try:
        return parse_duration(value.removeprefix("+") if isinstance(value, str) else value)
    except ValueError:
        raise ValueError('an instant such as 2026-11-23T09:00:00+03:00, or a duration such as "+5m"') from None


def parse_sender(value: object) -> Address:
    """Accept "Анна <anna@example.com>" or a bare address; anything else raises ValueError.

    A domain in its own letters becomes what mail programs write for it.
    """
    if isinstance(value, str):
        name, addr = parseaddr(one_line(value))
        if (found := Address(name=name, addr=addr)).sendable:
            return replace(found, addr=f"{addr.rpartition('@')[0]}@{ascii_domain(found.domain)}")
    raise ValueError('an address such as "Анна <anna@example.com>"')


def parse_reply(value: object) -> bool | str:
    """Accept true, or words of the letter that is answered; anything else raises ValueError."""
    if isinstance(value, bool) or (isinstance(value, str) and value.strip()):
        return value
    raise ValueError("true for the latest letter to this address, or words that stand in it")


def parse_words(value: object) -> str | tuple[str, ...]:
    """Accept a whole text, or a list of what stands in it; anything else raises ValueError."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(words, str) for words in value):
        return tuple(value)
    raise ValueError('a list of words that stand in the text, ["…"], or the whole text, """…"""')


class ExpectedLetter(Section):
    """A letter that must leave: `subject` and every one of `text` must stand in it; one text alone is all of its words."""

    to: str
    subject: str = ""
    text: Annotated[str | tuple[str, ...], BeforeValidator(parse_words)] = ()
    without: tuple[str, ...] = ()  # words that must not stand in it
    withheld: bool | None = None  # whether it is kept, because its organisation only observes; None: either


class ClockState(StrEnum):
    """What may be expected of a term besides its instant."""

    NONE = "none"  # nothing is promised
    WAITING = "waiting"  # the clock rests
    MET = "met"
    LATE = "late"  # met after the term
    BREACHED = "breached"  # the term has passed, and it is not met yet
    OPEN = "open"  # it runs without a term


def parse_term(value: object) -> datetime | ClockState:
    """Accept an instant, or a word for what else may be true of a term; anything else raises ValueError."""
    if isinstance(value, str) and value in list(ClockState):
        return ClockState(value)
    try:
        return parse_instant(value)
    except ValueError:
        words = ", ".join(ClockState)
        raise ValueError(f"an instant such as 2026-11-23T09:00:00+03:00, or one of {words}") from None


Listed = Annotated[tuple[str, ...], BeforeValidator(as_list)]  # one, or a list
Terms = dict[Moment, Annotated[datetime | ClockState, BeforeValidator(parse_term)]]


class Expected(Section):
    """What must be true after a step; what is not named is not looked at."""

    outcome: OutcomeKind | None = None
    reason: str | None = None  # words that must stand in the reason
    ticket: str | None = None
    status: Status | None = None
    standing: Standing | None = None  # what the register says of the ticket's author
    client: str | None = None  # its key; "" for none
    level: str | None = None
    category: str | None = None  # ids of the configuration here and below; "" for none
    service: str | None = None
    included: Literal["", "yes", "no", "person"] | None = None  # what the table of services says of it
    severity: str | None = None
    team: str | None = None
    agent: str | None = None
    tags: Listed | None = None  # exactly these, in any order
    ground: str | None = None
    ground_state: Literal["", "proposed", "refused", "postponed"] | None = None
    offer: str | None = None
    offer_state: Literal["", "offered", "accepted", "declined", "lapsed"] | None = None
    unit: str | None = None
    asked: Listed | None = None  # what the customer was asked for and has not sent yet
    faq: Listed | None = None  # suggested answers, the best first
    rules: Listed | None = None  # that matched the step's letter, in the order of the file
    terms: Terms | None = None  # when the ticket's promises are due, by what meets them
    sent: tuple[ExpectedLetter, ...] | None = None


class Step(Section):
    """One thing that happens."""

    at: Annotated[datetime | timedelta | None, BeforeValidator(parse_at)] = None
    advance: Duration | None = None
    mailbox: str | None = None
    file: Path | None = None
    author: Annotated[Address | None, BeforeValidator(parse_sender)] = Field(default=None, alias="from")
    subject: Line = ""
    text: str = ""
    html: str | None = None
    headers: dict[HeaderName, Line] = Field(default={})
    reply: Annotated[bool | str, BeforeValidator(parse_reply)] = (
        False  # to the author's latest letter, or to that with these words
    )
    quote: bool = True  # below a reply; some phones leave it out
    sent: bool = False  # it lies among what was sent from the mailbox, and has not come to it
    attach: Annotated[tuple[Path, ...], BeforeValidator(as_list)] = ()  # files, counted from the scenario's folder
    expect: Expected = Expected()

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        given = self.model_fields_set - {"expect"}
        kinds = {
            "advance": {"advance"},
            "file": {"at", "mailbox", "file", "sent"},
            "author": set(Step.model_fields) - {"advance", "file"},
        }
        kind = next((kind for kind in kinds if kind in given), None)
        if kind is None or (kind != "advance" and "mailbox" not in given):
            raise ValueError("a step is a letter (`mailbox`, and `file` or `from`), or `advance`")
        if stray := sorted(given - kinds[kind]):
            own = "from" if kind == "author" else kind
            raise ValueError(
                f"a step with `{own}` and without {', '.join(f'`{name}`' for name in stray).replace('author', 'from')}"
            )
        return self


class Scenario(Section):
    """A whole play."""

    config: Path | None = None  # None: the nearest config.toml, in the scenario's folder or above
    start: Annotated[datetime, BeforeValidator(parse_instant)] = datetime(2026, 1, 12, 9, tzinfo=UTC)
    step: tuple[Step, ...] = Field(min_length=1)


def find_config(path: Path) -> Path | None:
    """Return the nearest config.toml, in the folder of a scenario or above; named as the scenario is."""
    folder = path.parent
    for depth in range(len(path.absolute().parents)):
        config = folder.joinpath(*[".."] * depth, "config.toml")
        if config.is_file():
            plain = Path(os.path.normpath(config))  # "desk/config.toml", not "desk/scenarios/../config.toml"
            return plain if plain.is_file() and plain.samefile(config) else config
    return None


class ScenarioFile:
    """A scenario with the file it stands in, which problems are told by."""

    def __init__(self, path: Path, load: Callable[[Path], Loaded] = load_rehearsal) -> None:
        """Read and check the file. Raises ConfigError with every problem in it.

        `load` is asked for the configuration by its file.
        """
        self.path = path
        self._lines: dict[KeyPath, int] = {}
        try:
            text = decode(path.read_bytes())
            data = parse_toml(text)
        except OSError as error:
            raise ConfigError(
                [
                    self.problem(
                        (),
                        found=error.strerror or str(error),
                        expected="a readable file",
                        remedy="Check the path.",
                    )
                ]
            ) from error
        except SyntaxProblem as error:
            wrong = error.mistake.in_file(str(path))
            raise ConfigError([wrong]) from error
        self._lines = find_lines(text)
        try:
            self.scenario = Scenario.model_validate(data)
        except ValidationError as errors:
            details = errors.errors(include_url=False)
            told = [d for d in details if d["type"] != "too_short" or len(details) == 1]  # bad steps are not counted
            raise ConfigError([self._explain(detail) for detail in told]) from errors
        self.loaded: Loaded = load(self._config())
        if problems := list(self._impossible()):
            raise ConfigError(problems)

    @property
    def organizations(self) -> frozenset[str]:
        """The organisations whose mailboxes its letters reach; all, where it is about none."""
        named = (step.mailbox.partition("/")[0] for step in self.scenario.step if step.mailbox)
        return frozenset(named) or frozenset(self.loaded.config.organization)

    @property
    def staged(self) -> Loaded:
        """The configuration without the others: their works that come round, digests and reports are no part of it."""
        config = self.loaded.config
        own = {name: one for name, one in config.organization.items() if name in self.organizations}
        return replace(self.loaded, config=config.model_copy(update={"organization": own}))

    def line(self, keys: KeyPath) -> int | None:
        """Return the line of a key, or of what it stands in."""
        return next((self._lines[keys[:n]] for n in range(len(keys), 0, -1) if keys[:n] in self._lines), None)

    def _config(self) -> Path:
        if self.scenario.config is not None:
            return self.path.parent / self.scenario.config
        if (found := find_config(self.path)) is not None:
            return found
        problem = self.problem(
            ("config",), found="nothing", expected="a config.toml in the scenario's folder or above it",
            remedy='Name the configuration: config = "../config.toml", counted from the folder of the scenario.',
        )  # fmt: skip
        raise ConfigError([problem])

    def problem(
        self,
        keys: KeyPath,
        *,
        found: str,
        expected: str,
        remedy: str = _MANUAL,
    ) -> Problem:
        """Return a problem at a key, with the line of the key or of what it stands in."""
        line = self.line(keys)
        return Problem(file=str(self.path), line=line, key=_dotted(keys), found=found, expected=expected, remedy=remedy)

    def address_of(self, mailbox: str) -> str:
        """Return the address of a mailbox ("organization/mailbox")."""
        organization, _, name = mailbox.partition("/")
        return self.loaded.config.organization[organization].mailbox[name].address

    def _impossible(self) -> Iterator[Problem]:
        """What is wrong with the steps together: unknown mailboxes, missing files, time that runs backwards."""
        organizations = self.loaded.config.organization
        mailboxes = [f"{name}/{box}" for name, organization in organizations.items() for box in organization.mailbox]
        now = aware(self.scenario.start)
        for n, step in enumerate(self.scenario.step):
            if step.mailbox is not None and step.mailbox not in mailboxes:
                near = difflib.get_close_matches(step.mailbox, mailboxes, 1)
                yield self.problem(
                    ("step", n, "mailbox"), found=f'"{step.mailbox}"', expected=f"one of {', '.join(mailboxes)}",
                    remedy=f'Did you mean "{near[0]}"?' if near else "Write it as organization/mailbox.",
                )  # fmt: skip
            if step.file is not None and not (self.path.parent / step.file).is_file():
                yield self.problem(
                    ("step", n, "file"), found=f"no file {step.file}", expected="a letter (.eml) beside the scenario",
                    remedy="Relative paths are counted from the folder of the scenario.",
                )  # fmt: skip
            yield from self._undefined(n, step)
            for index, file in enumerate(step.attach):
                if not (self.path.parent / file).is_file():
                    yield self.problem(
                        ("step", n, "attach", index), found=f"no file {file}", expected="a file beside the scenario",
                        remedy="Relative paths are counted from the folder of the scenario.",
                    )  # fmt: skip
            then = now + (step.advance or timedelta(0))
            if step.at is not None:
                then = now + step.at if isinstance(step.at, timedelta) else aware(step.at)
            if then < now:
                yield self.problem(
                    ("step", n, "at"), found=then.isoformat(), expected=f"no earlier than the step before, {now.isoformat()}",
                    remedy="Put the steps into the order in which they happen.",
                )  # fmt: skip
            now = max(now, then)

    def _undefined(self, n: int, step: Step) -> Iterator[Problem]:
        """What a step expects and the configuration has not: it could never be. Without a mailbox it may be anybody's."""
        name = (step.mailbox or "").partition("/")[0]
        organizations = [
            one for id_, one in self.loaded.config.organization.items() if step.mailbox is None or id_ == name
        ]
        for key, table in _NAMING.items():
            wanted: str | tuple[str, ...] | None = getattr(step.expect, key)
            defined = {id_ for one in organizations for id_ in getattr(one, table)}
            defined |= set(ASKED) if key == "asked" else set()
            for id_ in (wanted,) if isinstance(wanted, str) else wanted or ():
                if id_ and id_ not in defined and organizations:
                    near = difflib.get_close_matches(id_, sorted(defined), 1)
                    yield self.problem(
                        ("step", n, "expect", key), found=f'"{id_}", which is not configured',
                        expected=f"one of {', '.join(sorted(defined))}" if defined else f"none: there is no {table}",
                        remedy=f'Did you mean "{near[0]}"?' if near else "Correct it here or in the configuration.",
                    )  # fmt: skip

    def _explain(self, detail: ErrorDetails) -> Problem:
        keys, kind, context = tuple(detail["loc"]), detail["type"], detail.get("ctx", {})
        if keys[-1:] == ("[key]",):  # pydantic's way to say that a key itself is wrong
            keys = keys[:-2]
        if kind == "extra_forbidden":
            allowed = _keys_of(keys[:-1])
            near = difflib.get_close_matches(str(keys[-1]), allowed, 1)
            return self.problem(
                keys, found=f"the unknown key `{keys[-1]}`", expected=f"one of {', '.join(allowed)}",
                remedy=f"Did you mean `{near[0]}`?" if near else _MANUAL,
            )  # fmt: skip
        if kind in ("missing", "too_short"):
            return self.problem(keys, found="nothing", expected=f"`{keys[-1]}`, which is required")
        if kind in ("enum", "literal_error"):
            choices = str(context["expected"]).replace("'", "")
            near = difflib.get_close_matches(str(detail["input"]), choices.replace(" or ", ", ").split(", "), 1)
            remedy = f'Did you mean "{near[0]}"?' if near else "Choose one of these."
            return self.problem(keys, found=_shown(detail["input"]), expected=choices, remedy=remedy)
        expected = str(context["error"]) if kind == "value_error" else _TYPES.get(kind, detail["msg"])
        found = "something else" if isinstance(detail["input"], dict) else _shown(detail["input"])
        return self.problem(keys, found=found, expected=expected)


_TYPES = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list: […]",
    "path_type": "a path in quotes",
}


def _keys_of(place: KeyPath) -> list[str]:
    """Return the keys of the table at a place of the scenario."""
    tables: dict[str | int, type[BaseModel]] = {"step": Step, "expect": Expected, "sent": ExpectedLetter}
    model = next((tables[key] for key in reversed(place) if key in tables), Scenario)
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _dotted(keys: KeyPath) -> str:
    """Return "step 2, expect.sent" for ("step", 1, "expect", "sent"): people count from one."""
    if keys[:1] == ("step",) and len(keys) > 1:
        rest = ".".join(str(key) for key in keys[2:])
        return f"step {int(keys[1]) + 1}" + (f", {rest}" if rest else "")
    return ".".join(map(str, keys))


def _shown(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
