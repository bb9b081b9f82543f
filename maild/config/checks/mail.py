"""Whether mailboxes, people, forms, servers and folders fit together. Looks at the file system, changes nothing."""

from collections.abc import Iterator
from ipaddress import ip_address

from maild.config.checks.common import Check, at
from maild.config.lines import KeyPath
from maild.config.model import Config, FormEntry, Imap, Mailbox, Maildir, Organization, Server
from maild.config.schema import dotted, walk
from maild.config.sources import Sources
from maild.errors import Problem
from maild.model import without_detail

_DATABASES = ("sqlite", "postgresql+psycopg")  # what store/ has a driver for


def _mailboxes(config: Config) -> Iterator[tuple[KeyPath, Mailbox]]:
    for id_, organization in config.organization.items():
        for name, mailbox in organization.mailbox.items():
            yield ("organization", id_, "mailbox", name), mailbox


def support_addresses(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """Yield every address that leads to a mailbox of ours, compared without regard to case."""
    for path, mailbox in _mailboxes(config):
        yield (*path, "address"), mailbox.address.casefold()
        for index, alias in enumerate(mailbox.aliases):
            yield (*path, "aliases", index), alias.casefold()


def our_addresses(config: Config) -> tuple[dict[str, KeyPath], dict[str, KeyPath]]:
    """Return the keys that make addresses ours, and those whose subaddresses (`support+x@…`) are ours too, by address."""
    ours = dict(reversed([(address, path) for path, address in support_addresses(config)]))
    mailboxes = dict(_mailboxes(config))
    return ours, {address: path for address, path in ours.items() if mailboxes[path[:4]].subaddress}


def _owner(config: Config, address: str) -> KeyPath | None:
    """Find the key that makes `address` one of ours, subaddresses included."""
    ours, subaddressed = our_addresses(config)
    return ours.get(address.casefold()) or subaddressed.get(without_detail(address.casefold()))


# ── conflicts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _one_mailbox_per_address(config: Config, sources: Sources) -> Iterator[Problem]:
    first: dict[str, KeyPath] = {}
    for path, address in support_addresses(config):
        if first.setdefault(address, path) != path:
            yield sources.problem(
                path,
                found=f"{address}, which {at(sources, first[address])} has too",
                expected="each support address in one mailbox only",
                remedy="Delete one of the two, or letters to it would reach two desks.",
            )


def _no_agent_is_a_mailbox(config: Config, sources: Sources) -> Iterator[Problem]:
    for id_, organization in config.organization.items():
        first: dict[str, KeyPath] = {}
        for path, address in _addresses_of_agents(id_, organization):
            if owner := _owner(config, address):
                yield _loop(sources, path, address, owner, "an agent's own address")
            if first.setdefault(address.casefold(), path) != path:
                yield sources.problem(
                    path,
                    found=f"{address}, which {at(sources, first[address.casefold()])} has too",
                    expected="one address per agent",
                    remedy="Give each agent an address of their own, or join the two agents.",
                )


def _no_admin_is_a_mailbox(config: Config, sources: Sources) -> Iterator[Problem]:
    if config.admin and (owner := _owner(config, config.admin.address)):
        yield _loop(
            sources, ("admin", "address"), config.admin.address, owner, "an address that somebody reads elsewhere"
        )


def _forms(config: Config) -> Iterator[tuple[KeyPath, FormEntry]]:
    for id_, organization in config.organization.items():
        for name, form in organization.form.items():
            yield ("organization", id_, "form", name), form


def _forms_have_senders_of_their_own(config: Config, sources: Sources) -> Iterator[Problem]:
    """A form that writes from the address of a person or of ours must be told from them by its subject."""
    for path, form in _forms(config):
        for index, sender in enumerate(form.sender):
            if form.subject:
                continue
            if owner := _owner(config, sender) or _agent(config, sender):
                yield sources.problem(
                    (*path, "sender", index),
                    found=f"{sender}, which {at(sources, owner)} has too, and no `subject`",
                    expected="an address that nobody else writes from, or a `subject` that only the form writes",
                    remedy='Let the form write from an address of its own, or add subject = "…" with words of its subjects.',
                )


def _forms_can_be_told_apart(config: Config, sources: Sources) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], KeyPath] = {}
    for path, form in _forms(config):
        for index, sender in enumerate(form.sender):
            key = (str(path[1]), sender.casefold(), form.subject.casefold())
            if first.setdefault(key, path) != path:
                with_subject = f'with the subject "{form.subject}"' if form.subject else "with any subject"
                yield sources.problem(
                    (*path, "sender", index),
                    found=f"{sender} {with_subject}, which {at(sources, first[key])} has too",
                    expected="a sender or a subject by which each form is told from the others",
                    remedy='Add subject = "…" with words that only this form writes, or delete one of the two.',
                )


def _labels_name_one_field(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, form in _forms(config):
        first: dict[str, str] = {}
        for slot in type(form.labels).model_fields:
            for index, label in enumerate(getattr(form.labels, slot) or ()):
                key = " ".join(label.strip("*: ").split()).casefold()
                if first.setdefault(key, slot) != slot:
                    yield sources.problem(
                        (*path, "labels", slot, index),
                        found=f'"{label}", which `{first[key]}` has too',
                        expected="each label at one field",
                        remedy="Delete one of the two: a field of the form is for one thing.",
                    )


def _notifiers_are_machines(config: Config, sources: Sources) -> Iterator[Problem]:
    for id_, organization in config.organization.items():
        for index, notifier in enumerate(organization.notifiers):
            people = (*support_addresses(config), *_agent_addresses(config))
            key = notifier.casefold()
            for owner, address in people:
                if address == key or (key.startswith("@") and address.endswith(key)):
                    yield sources.problem(
                        ("organization", id_, "notifiers", index),
                        found=f"{notifier}, {'to which' if key.startswith('@') else 'which'} {at(sources, owner)} "
                        f"{'belongs' if key.startswith('@') else 'has too'}",
                        expected="a machine that writes of its own accord, and none of us",
                        remedy="Name the machine's own address.",
                    )
                    break


def _agent(config: Config, address: str) -> KeyPath | None:
    """Find the key that makes `address` an agent's."""
    return next((path for path, agents in _agent_addresses(config) if agents == address.casefold()), None)


def _agent_addresses(config: Config) -> Iterator[tuple[KeyPath, str]]:
    for id_, organization in config.organization.items():
        for path, address in _addresses_of_agents(id_, organization):
            yield path, address.casefold()


def _addresses_of_agents(id_: str, organization: Organization) -> Iterator[tuple[KeyPath, str]]:
    for name, agent in organization.agent.items():
        path = ("organization", id_, "agent", name)
        yield (*path, "address"), agent.address
        yield from (((*path, "aliases", index), alias) for index, alias in enumerate(agent.aliases))


def _loop(sources: Sources, path: KeyPath, address: str, owner: KeyPath, expected: str) -> Problem:
    return sources.problem(
        path,
        found=f"{address}, a support address ({at(sources, owner)})",
        expected=expected,
        remedy="Name another address: maild would write to itself.",
    )


def _each_folder_read_once(config: Config, sources: Sources) -> Iterator[Problem]:
    first: dict[tuple[object, ...], KeyPath] = {}
    for path, mailbox in _mailboxes(config):
        for here, name, key in _folders(path, mailbox):
            if first.setdefault(key, here) != here:
                yield sources.problem(
                    here,
                    found=f"{name}, which {at(sources, first[key])} reads already",
                    expected="each folder of an account in one mailbox, once",
                    remedy="Delete one of the two, or each letter would open two tickets.",
                )


def _folders(path: KeyPath, mailbox: Mailbox) -> Iterator[tuple[KeyPath, str, tuple[object, ...]]]:
    """Yield the key, the name and what makes it unique, of every folder that a mailbox reads."""
    if mailbox.maildir:
        yield (*path, "maildir", "path"), str(mailbox.maildir.path), (mailbox.maildir.path,)
        for index, maildir in enumerate(mailbox.maildir.sent):
            yield (*path, "maildir", "sent", index), str(maildir), (maildir,)
    if imap := mailbox.imap:
        for key in ("folders", "sent"):
            for index, folder in enumerate(getattr(imap, key)):
                account = (imap.host.casefold(), imap.port, imap.username, _folder(folder))
                yield (*path, "imap", key, index), f'the folder "{folder}"', account


def _sent_maildirs_have_names(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, mailbox in _mailboxes(config):
        first: dict[str, KeyPath] = {}
        for index, maildir in enumerate(mailbox.maildir.sent if mailbox.maildir else ()):
            here = (*path, "maildir", "sent", index)
            if first.setdefault(maildir.name, here) != here:
                yield sources.problem(
                    here,
                    found=f"{maildir}, whose last part {at(sources, first[maildir.name])} has too",
                    expected="a name of its own for each: letters are accounted for by it",
                    remedy="Rename one of the two folders, or link to it under another name.",
                )


def _moved_letters_leave(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, imap in _imaps(config):
        if imap.after == "move" and imap.move_to and _folder(imap.move_to) in map(_folder, imap.watched):
            yield sources.problem(
                (*path, "move_to"),
                found=f'"{imap.move_to}", which is one of the folders that are read',
                expected="another folder",
                remedy="Name a folder outside `folders` and `sent`, or moved letters would be read again.",
            )


def _passwords_are_encrypted(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, server in walk(config):
        if not isinstance(server, Server) or server.security != "none" or _is_loopback(server.host):
            continue
        if isinstance(server, Imap) or server.username is not None:  # a relay without login has no password to lose
            yield sources.problem(
                (*path, "security"),
                found=f'"none" for {server.host}, which is another machine',
                expected='"tls" or "starttls": without them the password travels in clear',
                remedy="Delete the line to get TLS; for a private certificate authority set `ca_file`.",
            )


def _paths_exist(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, value in walk(config):
        if isinstance(value, Server) and value.ca_file is not None and not value.ca_file.is_file():
            remedy = "Put the certificate authority's PEM file there, or correct the path."
            yield sources.problem(
                (*path, "ca_file"), found=f"{value.ca_file}, no such file", expected="a file", remedy=remedy
            )
        if isinstance(value, Maildir):
            maildirs = [((*path, "path"), value.path)]
            maildirs += [((*path, "sent", index), sent) for index, sent in enumerate(value.sent)]
            for key, maildir in maildirs:
                if not all((maildir / part).is_dir() for part in ("new", "cur", "tmp")):
                    yield sources.problem(
                        key,
                        found=f"{maildir}, which is not a Maildir",
                        expected="a folder that holds new, cur and tmp",
                        remedy="Correct the path, or let the MTA deliver a letter there first (or run maildirmake).",
                    )
    for id_, organization in config.organization.items():
        if organization.templates is not None and not organization.templates.is_dir():
            yield sources.problem(
                ("organization", id_, "templates"),
                found=f"{organization.templates}, no such folder",
                expected="a folder with templates",
                remedy="Create it, or delete the line to use the shipped templates.",
            )


def _database_is_known(config: Config, sources: Sources) -> Iterator[Problem]:
    url, path = config.database.url, ("database", "url")
    if url is None:
        return
    scheme, separator, rest = url.partition("://")
    if scheme not in _DATABASES or not separator:
        yield sources.problem(
            path,
            found=f"{scheme}://…" if separator else "something else than an URL",
            expected="sqlite:///path or postgresql+psycopg://user@host/database",
            remedy="Write postgresql+psycopg:// for PostgreSQL, or delete the line to get SQLite in data_dir.",
        )
    elif ":" in rest.rpartition("@")[0] or "password=" in rest:
        yield sources.problem(
            path,
            found=f"{scheme}://… with a password written out",
            expected="an URL without a password",
            remedy='Take it out of the URL and set password = { env = "MAILD_DATABASE_PASSWORD" } below.',
        )


def _object_store_is_reachable(config: Config, sources: Sources) -> Iterator[Problem]:
    endpoint = config.blobs.s3_endpoint
    if endpoint is not None and (not endpoint.startswith(("http://", "https://")) or "@" in endpoint):
        yield sources.problem(
            ("blobs", "s3_endpoint"),
            found="an URL with a user in it" if "@" in endpoint else "something else than an http or https URL",
            expected="https://host[:port]",
            remedy="Write the URL alone; the access key comes from the environment (AWS_ACCESS_KEY_ID, …).",
        )


# ── gaps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _accounts_are_whole(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, server in walk(config):
        if not isinstance(server, Server):
            continue
        given = (server.username, server.password, server.oauth)
        needed = isinstance(server, Imap) or any(value is not None for value in given)
        for key in ("username", "password"):
            if needed and getattr(server, key) is None and (key == "username" or server.oauth is None):
                example = '"support@example.org"' if key == "username" else '{ env = "MAILD_PASSWORD" }'
                yield sources.problem(
                    (*path, key),
                    found="nothing",
                    expected="a user name and a password, both",
                    remedy=f"Add {key} = {example} to [{dotted(path)}].",
                )


def _moving_has_a_goal(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, imap in _imaps(config):
        if imap.after == "move" and imap.move_to is None:
            yield sources.problem(
                (*path, "after"),
                found='"move" without `move_to`',
                expected="a folder to move letters to",
                remedy='Add move_to = "Processed", or choose another `after`.',
            )


def _letters_can_leave(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, mailbox in _mailboxes(config):
        if mailbox.smtp is None and config.smtp is None:
            yield sources.problem(
                (*path, "smtp"),
                found="nothing here and no [smtp] at the top level",
                expected="a server that sends this mailbox's letters",
                remedy=f"Add a table [smtp] for all mailboxes, or [{dotted(path)}.smtp] for this one.",
            )


def _numbers_are_distinct(config: Config, sources: Sources) -> Iterator[Problem]:
    first: dict[str, KeyPath] = {}
    for id_, organization in config.organization.items():
        path: KeyPath = ("organization", id_, "number_prefix")
        if first.setdefault(organization.number_prefix, path) != path:
            yield sources.problem(
                path,
                found=f'"{organization.number_prefix}", which {at(sources, first[organization.number_prefix])} has too',
                expected="a prefix of its own for every organization",
                remedy="Set another number_prefix, or two tickets would share a number.",
            )


def _store_has_a_bucket(config: Config, sources: Sources) -> Iterator[Problem]:
    blobs = config.blobs
    if blobs.s3_bucket is None and (blobs.s3_endpoint is not None or blobs.s3_prefix):
        yield sources.problem(
            ("blobs", "s3_bucket"),
            found="nothing, though other s3 keys are set",
            expected="the name of a bucket",
            remedy='Add s3_bucket = "…", or delete the other s3 keys to keep raw letters in data_dir.',
        )


def _silence_is_longer_than_a_poll(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, source in walk(config):
        if isinstance(source, Imap | Maildir) and source.poll >= config.silence_after:
            yield sources.problem(
                (*path, "poll"),
                found="a time between two looks that is not below `silence_after`",
                expected="a shorter time",
                remedy="Shorten `poll` or raise `silence_after`, or the watchdog would alarm all the time.",
            )


CONFLICTS: tuple[Check, ...] = (
    _one_mailbox_per_address,
    _no_agent_is_a_mailbox,
    _no_admin_is_a_mailbox,
    _forms_have_senders_of_their_own,
    _forms_can_be_told_apart,
    _labels_name_one_field,
    _notifiers_are_machines,
    _each_folder_read_once,
    _sent_maildirs_have_names,
    _moved_letters_leave,
    _passwords_are_encrypted,
    _paths_exist,
    _database_is_known,
    _object_store_is_reachable,
)
GAPS: tuple[Check, ...] = (
    _accounts_are_whole,
    _moving_has_a_goal,
    _letters_can_leave,
    _numbers_are_distinct,
    _store_has_a_bucket,
    _silence_is_longer_than_a_poll,
)


def _imaps(config: Config) -> Iterator[tuple[KeyPath, Imap]]:
    for path, mailbox in _mailboxes(config):
        if mailbox.imap:
            yield (*path, "imap"), mailbox.imap


def _folder(name: str) -> str:
    """INBOX is the one folder whose case does not matter (RFC 9051 §5.1)."""
    return "INBOX" if name.upper() == "INBOX" else name


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".").casefold().endswith("localhost")
