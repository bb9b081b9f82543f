"""`maild template`: the words of letters: where each file comes from, what they look like, what is wrong with them."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from maild.cli.app import DEFAULT_CONFIG, ConfigOption, JsonOption, OrganizationOption, app, choose_organization, load
from maild.cli.output import print_json, print_table, say
from maild.config.model import Organization
from maild.desk.acknowledgement import say_ground, say_unit
from maild.desk.catalogue import catalogue_of
from maild.desk.offering import say_offer
from maild.errors import ConfigError, MaildError, Problem
from maild.model import Address, Purpose, Status, Ticket
from maild.outbox.samples import AT_REST, sample_words
from maild.outbox.shelves import OWN
from maild.outbox.templates import Rendered, Templates

_EFFECTS = {Purpose.REFUSAL: "refuse", Purpose.POSTPONEMENT: "postpone"}  # of the grounds that a letter may tell of
_TELLING_OF = {  # which letters tell of what
    "ground": tuple(_EFFECTS),
    "offer": (Purpose.OFFER, Purpose.ACKNOWLEDGEMENT),
    "unit": (Purpose.FORWARDING, Purpose.ACKNOWLEDGEMENT),
}
template = typer.Typer(help="The words of letters.", no_args_is_help=True)
app.add_typer(template, name="template")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One file of one organisation."""

    organization: str
    name: str  # "acknowledgement.txt"
    for_: str  # "variant/brief", "category/printing", "level/vip"; "": for every request
    file: Path
    shipped: bool


@template.command("list")
def list_(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: Annotated[str | None, typer.Option("--organization", help="Only this organisation's.")] = None,
    own: Annotated[bool, typer.Option("--own", help="Leave out what is shipped.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every file that letters are made of, for which requests it counts, and where it comes from."""
    loaded = load(config)
    chosen = dict([choose_organization(loaded.config, organization)]) if organization else loaded.config.organization
    files = [one for id_, entry in chosen.items() for one in _files(id_, _read(entry)) if not (own and one.shipped)]
    if as_json:
        rows = [
            {
                "organization": one.organization, "name": one.name, "for": one.for_, "file": one.file,
                "shipped": one.shipped,
            }
            for one in files
        ]  # fmt: skip
        print_json(rows)
        return
    print_table(
        ["organization", "name", "for", "from"],
        [(one.organization, one.name, one.for_, _place(one, loaded.base)) for one in files],
        empty="no files of your own: every letter is as it is shipped",
    )


@template.command()
def render(
    name: Annotated[str, typer.Argument(help="The letter: acknowledgement, refusal, notification …")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    language: Annotated[str | None, typer.Option("--language", help="ru, uk or en; else the organisation's.")] = None,
    level: Annotated[str, typer.Option("--level", help="As for a request of this level.")] = "",
    category: Annotated[str, typer.Option("--category", help="As for a request of this category.")] = "",
    variant: Annotated[str, typer.Option("--variant", help="As for a request whose rule names this variant.")] = "",
    ground: Annotated[str, typer.Option("--ground", help="With this ground, in a refusal or postponement.")] = "",
    offer: Annotated[str, typer.Option("--offer", help="With this paid work, in an offer or acknowledgement.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="As passed on to this unit, in an acknowledgement.")] = "",
    sample: Annotated[int | None, typer.Option("--sample", help="Which sample, from 1; else the fullest.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the HTML there, to look at in a browser.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text alone, without the subject.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a letter with sample values in it, as it would leave for a request of the given kind."""
    id_, entry = choose_organization(load(config).config, organization)
    purpose = _purpose(name)
    if language not in (None, "ru", "uk", "en"):
        raise typer.BadParameter(f"{language} is none of ru, uk, en")
    templates = _read(entry, language)
    _check_filing(entry, templates, variant=variant, category=category, level=level)
    ticket = Ticket(
        id=1042, number=f"{entry.number_prefix}-1042", organization=id_, mailbox="", subject="", status=Status.NEW,
        requester=Address(addr=""), participants=(), opened_at=datetime.now(UTC),
        variant=variant, category=category, level=level,
    )  # fmt: skip
    samples = list(sample_words(purpose, templates.shelves.language))
    number = sample if sample is not None else _fullest(purpose, samples)
    if not 1 <= number <= len(samples):
        raise typer.BadParameter(f"--sample is 1 to {len(samples)} for {purpose}")
    words = samples[number - 1]
    if "organization" in words:
        words |= {"organization": entry.name, "address": next(iter(entry.mailbox.values())).address}
    if words.get("number"):
        words |= {"number": f"{entry.number_prefix}-1042"}
    words |= _own_words(purpose, entry, templates.shelves.language, ground=ground, offer=offer, unit=unit)
    rendered = templates.render(purpose, words, ticket=ticket)
    if html is not None:
        _write(html, rendered)
    if as_json:
        letter = {"subject": rendered.subject, "text": rendered.text, "html": rendered.html}
        print_json(letter | {"sample": number, "samples": len(samples)})
    elif html is not None:
        say(f"{html}: {purpose}, sample {number} of {len(samples)}")
    elif text:
        say(rendered.text, end="")
    else:
        say(f"{rendered.subject}\n\n{rendered.text}", end="")


@template.command()
def check(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Try every template on sample values, and nothing else: what is wrong is told with file, line and remedy."""
    problems: list[Problem] = []
    checked = []
    for id_, entry in load(config).config.organization.items():
        templates, found = _load(entry)
        problems += found
        own = sum(not one.shipped for one in _files(id_, templates))
        checked.append({"organization": id_, "language": entry.language, "own": own})
    if problems:
        raise ConfigError(problems)
    if as_json:
        print_json({"ok": True, "problems": [], "organizations": checked})
        return
    for one in checked:
        say("ok", style="green", end="")
        say(f"  {one['organization']}: {one['own']} file(s) of its own, no problem")


def _load(entry: Organization, language: str | None = None) -> tuple[Templates, list[Problem]]:
    spoken = language or entry.language
    return Templates.load(spoken, entry.templates, categories=entry.category, levels=entry.level)


def _read(entry: Organization, language: str | None = None) -> Templates:
    """Return the organisation's templates. Raises ConfigError with everything wrong with them."""
    templates, problems = _load(entry, language)
    if problems:
        raise ConfigError(problems)
    return templates


def _files(organization: str, templates: Templates) -> Iterator[Listed]:
    """Yield the files that count: those for every request first, then those for some, by name."""
    shelves = templates.shelves
    names = sorted({name for files in shelves.files.values() for name in files})
    for name in names:
        if found := shelves.find(name):
            where, source = found
            yield Listed(organization=organization, name=name, for_="", file=source.path, shipped=where != OWN)
    for shelf in shelves.particular:
        for name, source in sorted(shelves.files[shelf].items()):
            yield Listed(organization=organization, name=name, for_=shelf, file=source.path, shipped=False)


def _place(one: Listed, base: Path) -> str:
    if one.shipped:
        return "shipped"
    return str(one.file.relative_to(base) if one.file.is_relative_to(base) else one.file)


def _purpose(name: str) -> Purpose:
    try:
        return Purpose(name)
    except ValueError:
        close = difflib.get_close_matches(name, [*Purpose], 1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(sorted(Purpose))}"
        raise typer.BadParameter(f"no letter is called {name}; {hint}") from None


def _check_filing(entry: Organization, templates: Templates, **filed: str) -> None:
    """Raise BadParameter for a variant, category or level that there is not."""
    variants = [shelf.partition("/")[2] for shelf in templates.shelves.particular if shelf.startswith("variant/")]
    there = {"variant": variants, "category": list(entry.category), "level": list(entry.level)}
    for kind, name in filed.items():
        if name and name not in there[kind]:
            raise typer.BadParameter(f"no {kind} is called {name}; there are: {', '.join(there[kind]) or 'none'}")


def _own_words(purpose: Purpose, entry: Organization, language: str, **named: str) -> dict[str, object]:
    """Return what the configuration says of the ground, offer and unit that are named, for a letter that tells of it.

    Raises BadParameter for one that there is not, and for a letter that never does.
    """
    effect, catalogue = _EFFECTS.get(purpose), catalogue_of(entry)
    known: dict[str, dict[str, dict[str, object]]] = {
        "ground": {id_: say_ground(one) for id_, one in catalogue.grounds.items() if one.effect == effect},
        "offer": {id_: {"offer": say_offer(one, language)} for id_, one in catalogue.offers.items()},
        "unit": {id_: {"unit": say_unit(one)} for id_, one in catalogue.units.items()},
    }
    words: dict[str, object] = {}
    for kind, id_ in named.items():
        if id_ and purpose not in _TELLING_OF[kind]:
            raise typer.BadParameter(f"--{kind} is for {' and '.join(_TELLING_OF[kind])}; {purpose} tells of none")
        if id_ and id_ not in known[kind]:
            to = f" to {effect}" if kind == "ground" else ""
            raise typer.BadParameter(f"no {kind}{to} is called {id_}; there are: {', '.join(known[kind]) or 'none'}")
        words |= known[kind][id_] if id_ else {}
    return words


def _fullest(purpose: Purpose, samples: list[dict[str, object]]) -> int:
    """Return the number, from 1, of the first sample in which most is said."""
    rest = AT_REST[purpose]
    said = [sum(bool(value) and rest.get(name) != value for name, value in words.items()) for words in samples]
    return said.index(max(said)) + 1


def _write(path: Path, rendered: Rendered) -> None:
    try:
        path.write_text(rendered.html, encoding="utf-8")
    except OSError as error:
        raise MaildError(f"{path} cannot be written: {error.strerror}") from error
