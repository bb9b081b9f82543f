"""`maild news`: who wants news, and what is sent to them."""

import re
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from maild.cli.app import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    OrganizationOption,
    app,
    choose_organization,
    load,
    open_existing,
)
from maild.cli.files import read_text
from maild.cli.output import print_json, print_table, say, say_observing
from maild.config.types import parse_address
from maild.desk.news import MAX_TEXT, MAX_TITLE
from maild.desk.subscriber import Edition, Subscribe
from maild.errors import MaildError
from maild.ingest.classify import is_no_reply
from maild.model import Address
from maild.store import news as store

news = typer.Typer(help="News to everybody who subscribed.", no_args_is_help=True)
app.add_typer(news, name="news")

_CELL = re.compile(r"[;,\t]")
MAX_WRONG = 20  # lines of a file that are complained of at once


@news.command("list")
def news_list(
    config: ConfigOption = DEFAULT_CONFIG, *, organization: OrganizationOption = None, as_json: JsonOption = False
) -> None:
    """Show what was sent, the newest first: to how many, how many letters have left, how many have not yet."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.read() as connection:
        editions = store.all_editions(connection, name)
    if as_json:
        print_json(editions)
        return
    rows = [
        (one.id, one.at, one.agent or "(admin)", one.title, one.recipients, one.sent, one.left, one.stopped_at)
        for one in editions
    ]
    print_table(("id", "at", "by", "subject", "for", "sent", "left", "stopped"), rows, empty="No news was sent yet.")


@news.command("subscribers")
def news_subscribers(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    everybody: Annotated[
        bool,
        typer.Option("--all", help="Also who does not want news any more, and who was asked and has not answered."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show who gets news, since when, and how they subscribed."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.read() as connection:
        found = store.all_subscribers(connection, name, gone=everybody)
    if as_json:
        print_json(found)
        return
    rows = [(one.address.addr, one.since, one.how, one.until, one.why) for one in found]
    print_table(("address", "since", "how", "until", "why"), rows, empty="Nobody gets news.")


@news.command("subscribe")
def news_subscribe(
    what: Annotated[
        str, typer.Argument(metavar="ADDRESS|FILE.csv", help="An address, or a file with one in each line.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also those who have unsubscribed: only if they have asked you for it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let an address, or every address of a file, get news. Whoever has unsubscribed stays so; where one line is wrong, nothing is done."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    addresses = _read_addresses(what)
    ours = {box.address.casefold() for one in settings.organization.values() for box in one.mailbox.values()}
    if own := [one.addr for one in addresses if one.key in ours or is_no_reply(one.addr)]:
        raise MaildError(
            f"no news can go to {', '.join(own)}: it is an address of ours, or nobody reads what comes there"
        )
    now = datetime.now(UTC)
    with closing(open_existing(settings)) as database, database.write() as connection:
        known = store.find_subscribers(connection, name, {one.key for one in addresses}, (), ())
        left = {one.address.key for one in known if one.until is not None} if not again else set()
        wanted = [one for one in addresses if one.key not in left]
        added = [one for one in wanted if store.subscribe(connection, name, Subscribe(address=one, how="admin"), now)]
    if as_json:
        print_json({"subscribed": [one.addr for one in added], "unsubscribed_before": sorted(left)})
        return
    say(f"Subscribed: {len(added)}. Were subscribed already: {len(wanted) - len(added)}.")
    if left:
        say(f"Not subscribed, because they have unsubscribed: {', '.join(sorted(left))} (--again)")


@news.command("unsubscribe")
def news_unsubscribe(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="In any case.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an address get no more news, not even what has not left yet."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.write() as connection:
        found = store.find_subscribers(connection, name, {address.strip().casefold()}, (), ())
        done = any(store.unsubscribe(connection, one.id, "the admin", datetime.now(UTC)) for one in found)
    if not done:
        raise MaildError(f"{address} gets no news")
    if as_json:
        print_json({"unsubscribed": address})
        return
    say(f"{address} gets no more news.")


@news.command("send")
def news_send(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its text, UTF-8.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    subject: Annotated[str, typer.Option("--subject", metavar="WORDS", help="Its subject.")],
    organization: OrganizationOption = None,
    mailbox: Annotated[
        str | None, typer.Option("--mailbox", metavar="NAME", help="From which it goes out. Default: the first.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send it. Without this, only show what would be sent.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the news and how many get it; with --yes send it to each of them once, by and by."""
    settings = load(config).config
    name, section = choose_organization(settings, organization)
    if section.news is None:
        raise MaildError(f"no news are set up: add [organization.{name}.news]")
    box = mailbox or next(iter(section.mailbox))
    if box not in section.mailbox:
        raise MaildError(f"no mailbox {box} is configured; there are: {', '.join(section.mailbox)}")
    edition = _read_edition(file, subject)
    with closing(open_existing(settings)) as database, database.write() as connection:
        recipients = store.count_subscribers(connection, name)
        if yes and not recipients:
            raise MaildError("nobody is subscribed")
        id_ = store.publish(connection, f"{name}/{box}", edition, datetime.now(UTC)) if yes else None
    if as_json:
        print_json({"id": id_, "recipients": recipients, "subject": edition.title, "text": edition.text})
        return
    if id_ is None:
        say(f"Subject: {edition.title}\n\n{edition.text}\n")
        say(f"Nothing is sent yet. Subscribers who would get it: {recipients}. To send it, add --yes.")
    else:
        say(f"News {id_} goes out to {recipients}. To stop it: maild news stop {id_}")
    if section.mode == "observe":
        say_observing(name)


@news.command("stop")
def news_stop(
    id_: Annotated[int, typer.Argument(metavar="ID", help="As `maild news list` shows it.")],
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    organization: OrganizationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send no more of news that is on its way."""
    settings = load(config).config
    name, _ = choose_organization(settings, organization)
    with closing(open_existing(settings)) as database, database.write() as connection:
        if not any(one.id == id_ for one in store.all_editions(connection, name)):
            raise MaildError(f"there is no news {id_}: `maild news list` shows what there is")
        kept = store.stop(connection, id_, datetime.now(UTC))
    if as_json:
        print_json({"stopped": id_, "kept": kept})
        return
    say(f"Stopped: {kept} do not get it.")


def _read_addresses(what: str) -> Sequence[Address]:
    """Return the address, or those of a file, each once. Raises MaildError with every line that holds none."""
    lines = [what] if "@" in what and not Path(what).exists() else read_text(Path(what)).splitlines()
    found: dict[str, Address] = {}
    wrong = []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip(' "') for cell in _CELL.split(line)]
        written = next((cell for cell in cells if "@" in cell), "")
        try:
            one = Address(addr=parse_address(written)) if written else None
        except ValueError:
            one = None
        if one and one.sendable:
            found.setdefault(one.key, one)
        elif "".join(cells) and (number > 1 or written):  # the first line may name the columns
            wrong.append(f"line {number}: {line.strip()[:80]}")
    if wrong:
        raise MaildError(f"nothing was changed, these are no addresses: {'; '.join(wrong[:MAX_WRONG])}")
    if not found:
        raise MaildError(f"there is no address in {what}")
    return list(found.values())


def _read_edition(file: Path, subject: str) -> Edition:
    edition = Edition(title=" ".join(subject.split()), text=read_text(file).strip())
    if not edition.title or not edition.text:
        raise MaildError("news need a subject and a text")
    if len(edition.title) > MAX_TITLE or len(edition.text) > MAX_TEXT:
        raise MaildError(
            f"news may have {MAX_TITLE} characters of subject and {MAX_TEXT} of text: put the rest on a page"
        )
    return edition
