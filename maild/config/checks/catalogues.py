"""Whether what rules name is whole: grounds, teams, units, offers, checklists, FAQ, files."""

from collections.abc import Iterator

from maild.config.checks.common import Check, as_written, at, not_defined, organizations
from maild.config.checks.mail import our_addresses
from maild.config.checks.steering import items_asked
from maild.config.lines import KeyPath
from maild.config.model import Config
from maild.config.schema import dotted
from maild.config.sources import Sources
from maild.config.types import format_duration
from maild.errors import Problem
from maild.model import without_detail
from maild.wording.asking import ASKED

_NAMED = (
    ("ground", "name"),
    ("team", "name"),
    ("unit", "name"),
    ("offer", "name"),
    ("service", "name"),
    ("faq", "title"),
)


# ── conflicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _names_are_told_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    """Agents say "#отказать Не наша программа": by id or name, whichever it is."""
    for base, organization in organizations(config):
        for table, key in _NAMED:
            entries = getattr(organization, table)
            first: dict[str, KeyPath] = {}
            for id_, entry in entries.items():
                path, name = (*base, table, id_, key), " ".join(getattr(entry, key).split())
                if first.setdefault(name.casefold(), path) != path:
                    yield sources.problem(
                        path,
                        found=f'"{name}", which {at(sources, first[name.casefold()])} has too',
                        expected=f"a {key} of its own",
                        remedy="Rename one of the two, or delete it.",
                    )
                elif name.casefold() != id_ and name.casefold() in entries:
                    yield sources.problem(
                        path,
                        found=f'"{name}", which is what [{dotted((*base, table, name.casefold()))}] is called',
                        expected=f"a {key} that is no other one's id",
                        remedy="Rename one of the two: agents may call it by either.",
                    )


def _people_and_teams_are_told_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name in organization.team:
            if name in organization.agent:
                yield sources.problem(
                    (*base, "team", name),
                    found=f'"{name}", which {at(sources, (*base, "agent", name))} is called, too',
                    expected="a name of its own: `notify` names agents and teams",
                    remedy="Rename one of the two.",
                )


def _units_lead_somewhere(config: Config, sources: Sources) -> Iterator[Problem]:
    ours, subaddressed = our_addresses(config)
    for base, organization in organizations(config):
        for name, unit in organization.unit.items():
            path = (*base, "unit", name)
            if unit.team is not None and unit.address is not None:
                yield sources.problem(
                    (*path, "address"),
                    found="`address` beside `team`",
                    expected="one of the two: a team of ours, or somebody else by mail",
                    remedy="Delete one of the two lines, or make two units of it.",
                )
            if unit.address is None:
                continue
            key = unit.address.casefold()
            if owner := ours.get(key) or subaddressed.get(without_detail(key)):
                yield sources.problem(
                    (*path, "address"),
                    found=f"{unit.address}, a support address of ours ({at(sources, owner)})",
                    expected="an address that somebody reads elsewhere",
                    remedy="Write their own address, or name a `team`: what is passed on would come back to us.",
                )


def _grounds_are_whole(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name, ground in organization.ground.items():
            if ground.effect == "refuse" and "wait" in ground.model_fields_set:
                yield sources.problem(
                    (*base, "ground", name, "wait"),
                    found='`wait` beside effect = "refuse"',
                    expected="it only where a request is put off",
                    remedy='Delete the line, or write effect = "postpone".',
                )


def _offers_have_a_price(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name, offer in organization.offer.items():
            price = (*base, "offer", name, "price")
            if (
                offer.per is not None and offer.price is None and price not in sources.spots
            ):  # else it is refused already
                yield sources.problem(
                    (*base, "offer", name, "per"),
                    found="`per` without `price`",
                    expected="what it costs",
                    remedy="Add price = 2500, or delete the line.",
                )


def _reminding_comes_before_giving_up(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        asking = organization.asking
        if asking.give_up and asking.remind >= asking.give_up:
            key = "remind" if "remind" in asking.model_fields_set else "give_up"
            yield sources.problem(
                (*base, "asking", key),
                found=f"remind = {format_duration(asking.remind)} and give_up = {format_duration(asking.give_up)}",
                expected="the reminder before the end",
                remedy='Remind earlier, or not at all: remind = "0s".',
            )


def _attachments_make_sense(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        entry, path = organization.attachments, (*base, "attachments")
        if entry.max_size is not None and entry.max_total is not None and entry.max_size > entry.max_total:
            yield sources.problem(
                (*path, "max_size"),
                found=f"{_size(sources, (*path, 'max_size'))}, more than all files together may have "
                f"({_size(sources, (*path, 'max_total'))})",
                expected="at most `max_total`",
                remedy="Correct one of the two, or delete the line.",
            )
        for index, kind in enumerate(entry.refused):
            if kind in entry.types:
                yield sources.problem(
                    (*path, "refused", index),
                    found=f'"{kind}", which `types` takes',
                    expected="each kind of files in one of the two",
                    remedy="Take it out of `types` or out of `refused`.",
                )
        if entry.archives == "refuse" and "archive" in entry.types:
            yield sources.problem(
                (*path, "archives"),
                found='archives = "refuse", and `types` takes "archive"',
                expected="one of the two",
                remedy='Take "archive" out of `types`, or write archives = "look".',
            )


def _size(sources: Sources, path: KeyPath) -> str:
    return str(as_written(sources, path))


# ── gaps ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _names_in_catalogues_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for id_, category in organization.category.items():
            yield from items_asked(sources, (*base, "category", id_, "ask"), category.ask, organization)
        for id_, team in organization.team.items():
            for index, name in enumerate(team.agents):
                if name not in organization.agent:
                    path = (*base, "team", id_, "agents", index)
                    yield not_defined(sources, path, name, organization.agent, (*base, "agent"))
        for id_, unit in organization.unit.items():
            if unit.team is not None and unit.team not in organization.team:
                path = (*base, "unit", id_, "team")
                yield not_defined(sources, path, unit.team, organization.team, (*base, "team"))


def _units_have_somebody(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name, unit in organization.unit.items():
            if unit.team is None and unit.address is None:
                yield sources.problem(
                    (*base, "unit", name),
                    found="neither `team` nor `address`",
                    expected="to whom requests go: a team of ours, or somebody else by mail",
                    remedy='Add team = "…" or address = "name@example.org".',
                )


def _answers_answer(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name, entry in organization.faq.items():
            if entry.url is None and not entry.answer:
                yield sources.problem(
                    (*base, "faq", name),
                    found="neither `url` nor `answer`",
                    expected="an answer, or where it stands",
                    remedy='Add url = "https://…" or answer = """…""".',
                )


def _items_have_words(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        for name, item in organization.missing.items():
            if item.text is None and name not in ASKED:
                yield sources.problem(
                    (*base, "missing", name, "text"),
                    found="nothing",
                    expected=f"in which words it is asked for; maild has its own only for {', '.join(sorted(ASKED))}",
                    remedy='Add text = "номер договора".',
                )


CONFLICTS: tuple[Check, ...] = (
    _names_are_told_apart,
    _people_and_teams_are_told_apart,
    _units_lead_somewhere,
    _grounds_are_whole,
    _offers_have_a_price,
    _reminding_comes_before_giving_up,
    _attachments_make_sense,
)
GAPS: tuple[Check, ...] = (
    _names_in_catalogues_are_defined,
    _units_have_somebody,
    _answers_answer,
    _items_have_words,
)
