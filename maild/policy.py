"""The running configuration, ready for use: what the walk of a letter asks, per mailbox. Immutable; swapped whole.

Made from a loaded `Config` by `load_policy`, which also loads and tries the templates and reads the token key.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from maild.config.checks import check_secrets
from maild.config.load import Loaded, read_config, whole
from maild.config.model import Config, FormEntry, Mailbox, Organization
from maild.config.schema import walk
from maild.config.secret import SecretRef
from maild.config.terms import accounting_of, calendars_of, quota_of, targets_of
from maild.contracts.recognition import Standing
from maild.desk.case import Caps, DeskPolicy, Trust
from maild.desk.catalogue import catalogue_of
from maild.desk.files import files_policy
from maild.desk.service import Identity, Level, Service, Severity
from maild.desk.subscriber import NewsPolicy
from maild.errors import ConfigError, Problem
from maild.faq.search import FaqIndex
from maild.ingest.classify import OwnMail
from maild.ingest.clients.form_words import Slot
from maild.ingest.clients.forms import Form
from maild.model import Address, Agent
from maild.outbox.compose import Letterhead
from maild.outbox.templates import Templates
from maild.rules.load import load_rules
from maild.rules.steer import Steering
from maild.tokens import Keyring, address_with

KEY_OCTETS = 32  # as long as the digest of the HMAC it feeds (RFC 2104 §3)


@dataclass(frozen=True, kw_only=True)
class MailboxPolicy:
    """Everything the walk needs to know about the mailbox that a letter came through."""

    desk: DeskPolicy
    letterhead: Letterhead
    keyring: Keyring
    steering: Steering
    window: timedelta  # of the caps on automatic mail

    def address_of(self, agent: Agent, ticket_id: int) -> str:
        """Return where an agent writes to answer a ticket and nothing else will do; "" where only a notification can be answered."""
        own = self.desk.address.addr
        return address_with(self.keyring.token(ticket_id, agent.address.addr), own) if self.desk.subaddress else ""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One loaded configuration with everything derived from it."""

    config: Config
    files: tuple[Path, ...]  # that the configuration was read from, templates and secrets included
    mailboxes: Mapping[str, MailboxPolicy]  # by "organization/mailbox"
    admin: Address | None
    admin_templates: Templates | None  # in the admin's language
    keyring: Keyring

    def observes(self, mailbox: str) -> bool:
        """Whether a mailbox's organisation only observes: nothing is sent from it, nothing in it is touched."""
        return self.mailboxes[mailbox].letterhead.observes

    def settings(self, mailbox: str) -> Mailbox:
        """Return the configuration of a mailbox by its "organization/mailbox"; KeyError if there is none."""
        organization, _, name = mailbox.partition("/")
        return self.config.organization[organization].mailbox[name]


def load_policy(loaded: Loaded, *, key: bytes | None = None) -> Policy:
    """Return the policy of a configuration. Raises ConfigError with every template or key that cannot be used.

    `key` replaces the configured token key, for rehearsals that must leave no trace on disk.
    """
    config = loaded.config
    templates, problems = _load_templates(config)
    try:
        keyring = Keyring(key or _token_key(config))
    except (LookupError, OSError) as error:
        problems.append(_key_problem(loaded, error))
    if problems:
        raise ConfigError(problems)
    own = OwnMail(addresses=_own_addresses(config), loop_id=keyring.loop_id)
    services = {name: _service(organization) for name, organization in config.organization.items()}
    steering = {name: _steering(organization, services[name]) for name, organization in config.organization.items()}
    return Policy(
        config=config,
        files=(*loaded.files, *_other_files(config, templates)),
        mailboxes={
            f"{org_name}/{box_name}": _mailbox_policy(
                org_name,
                organization,
                box_name,
                box,
                templates[org_name],
                keyring,
                own,
                services[org_name],
                steering[org_name],
            )
            for org_name, organization in config.organization.items()
            for box_name, box in organization.mailbox.items()
        },
        admin=Address(addr=config.admin.address) if config.admin else None,
        admin_templates=Templates.load(config.admin.language, None)[0] if config.admin else None,
        keyring=keyring,
    )


def load_running(path: Path, *, key: bytes | None = None) -> Policy:
    """Return the policy of a configuration file for real work: secrets must be readable, too. Raises ConfigError.

    `key`: the token key that a running daemon has; a reload neither reads nor makes one.
    """
    return load_policy(load_checked(path), key=key)


def load_checked(path: Path) -> Loaded:
    """Return a configuration whose secrets can be read and whose templates render.

    Raises ConfigError with everything that is wrong with any file: what of the configuration is still readable is tried,
    so that a mistake in TOML does not hide one in a template.
    """
    reading = read_config(path)
    if reading.config is None:
        return whole(reading)
    problems = list(reading.problems)
    problems += check_secrets(reading.config, reading.sources)
    templates, found = _load_templates(reading.config)
    if problems or found:
        files = (*reading.sources.files, *_other_files(reading.config, templates))
        raise ConfigError([*problems, *found], files=files)
    return whole(reading)


def _load_templates(config: Config) -> tuple[dict[str, Templates], list[Problem]]:
    """Return each organisation's templates, and everything that is wrong with them."""
    loaded = {
        name: Templates.load(
            organization.language, organization.templates, categories=organization.category, levels=organization.level
        )
        for name, organization in config.organization.items()
    }
    return {name: one for name, (one, _) in loaded.items()}, [
        problem for _, found in loaded.values() for problem in found
    ]


def _other_files(config: Config, templates: Mapping[str, Templates]) -> tuple[Path, ...]:
    """Return the files that a configuration is made of besides TOML.

    A password that was changed is as good a reason to look again as any other change; so is a scenario that has to pass.
    """
    secrets_ = (ref.file for _, ref in walk(config) if isinstance(ref, SecretRef) and ref.file is not None)
    folders = [one.scenarios for one in config.organization.values() if one.scenarios] * config.rehearse_on_reload
    scenarios = (path for folder in folders for path in sorted(folder.rglob("*.toml")))
    overlays = [one.rehearsal for one in config.organization.values() if one.rehearsal] * config.rehearse_on_reload
    return (*(path for one in templates.values() for path in one.files), *secrets_, *overlays, *scenarios)


def _mailbox_policy(
    org_name: str,
    organization: Organization,
    box_name: str,
    box: Mailbox,
    templates: Templates,
    keyring: Keyring,
    own: OwnMail,
    service: Service,
    steering: Steering,
) -> MailboxPolicy:
    address = Address(name=box.name or organization.name, addr=box.address)
    limits = organization.limits
    agents = tuple(
        Agent(
            id=agent_id,
            address=Address(name=entry.name, addr=entry.address),
            notify=entry.notify,
            aliases=frozenset(alias.casefold() for alias in entry.aliases),
            skills=frozenset(entry.skills),
            calendar=entry.calendar or organization.assignment.calendar or "",
            absent=tuple((days.first, days.last) for days in entry.absent),
        )
        for agent_id, entry in organization.agent.items()
    )
    return MailboxPolicy(
        desk=DeskPolicy(
            mailbox=f"{org_name}/{box_name}",
            organization=org_name,
            address=address,
            prefix=organization.number_prefix,
            agents=agents,
            own=own,
            caps=Caps(per_address=limits.per_address, per_ticket=limits.per_ticket, per_agent=limits.per_agent),
            old_letters=box.old_letters,
            reopen_within=organization.reopen_within,
            repeat_window=organization.repeats.window,
            forms=_forms(organization),
            service=service,
            catalogue=catalogue_of(organization),
            assignment=organization.assignment.way,
            notifiers=frozenset(notifier.casefold() for notifier in organization.notifiers),
            subaddress=box.subaddress,
            news=_news(organization),
            answers_from=organization.answers.sender,
            receipts=organization.answers.receipts,
            followups=organization.answers.followups,
            quote=organization.answers.quote,
            trust=Trust(
                authserv=organization.trust.authserv_id,
                confirm_within=organization.trust.confirm_within,
                dkim=organization.trust.dkim,
            ),
        ),
        letterhead=Letterhead(
            mailbox=f"{org_name}/{box_name}",
            sender=address,
            organization=organization.name,
            subaddress=box.subaddress,
            templates=templates,
            keyring=keyring,
            zone=organization.zone,
            observes=organization.mode == "observe",
        ),
        keyring=keyring,
        steering=steering,
        window=limits.window,
    )


def _news(organization: Organization) -> NewsPolicy | None:
    wish = organization.news
    senders = {*wish.senders, *filter(None, [organization.head])} if wish else set()
    return NewsPolicy(senders=frozenset(senders), per_minute=wish.per_minute) if wish else None


def _steering(organization: Organization, service: Service) -> Steering:
    return Steering(
        rules=load_rules(organization, service.calendars),
        faq=FaqIndex(catalogue_of(organization).faq.values(), names=(organization.name,)),
        most=organization.suggestions.most,
        threshold=organization.suggestions.threshold,
        files=files_policy(organization.attachments),
    )


def _service(organization: Organization) -> Service:
    identity = organization.identity
    refused = {
        Standing.SUSPENDED: identity.suspended,
        Standing.EXPIRED: identity.expired,
        Standing.NOT_YET_VALID: identity.not_yet_valid,
    }
    return Service(
        targets=targets_of(organization),
        calendars=calendars_of(organization),
        levels={
            name: Level(name=entry.name, quota=quota_of(organization, name))
            for name, entry in organization.level.items()
        },
        categories={name: entry.name for name, entry in organization.category.items()},
        severities={
            name: Severity(name=entry.name, out_of_queue=entry.out_of_queue)
            for name, entry in organization.severity.items()
        },
        identity=Identity(
            unknown=identity.unknown,
            unknown_level=identity.unknown_level or "",
            refused=frozenset(standing for standing, answer in refused.items() if answer == "refuse"),
            guesses=identity.guesses,
            guesses_of_all=identity.guesses_of_all,
            window=identity.window,
        ),
        public_domains=frozenset(identity.public_domains),
        quota=organization.quota.per_month,
        offer=organization.quota.offer,
        head=organization.head or "",
        zone=organization.zone,
        language=organization.language,
        accounting={
            level: policy for level in ("", *organization.level) if (policy := accounting_of(organization, level))
        },
        currency=organization.accounting.currency if organization.accounting else "",
    )


def _forms(organization: Organization) -> tuple[Form, ...]:
    """Return the forms, those that ask for more of a letter first: a form of any subject takes what is left."""
    forms = (_form(name, entry) for name, entry in organization.form.items())
    return tuple(sorted(forms, key=lambda form: (-len(form.subject), not form.envelope)))


def _form(name: str, entry: FormEntry) -> Form:
    return Form(
        name=name,
        senders=frozenset(address.casefold() for address in entry.sender),
        subject=entry.subject,
        envelope=frozenset(sender.casefold() for sender in entry.envelope),
        labels={slot: labels for slot in Slot if (labels := getattr(entry.labels, slot)) is not None},
    )


def _own_addresses(config: Config) -> frozenset[str]:
    boxes = [box for organization in config.organization.values() for box in organization.mailbox.values()]
    return frozenset(address.casefold() for box in boxes for address in (box.address, *box.aliases))


def _token_key(config: Config) -> bytes:
    """Return the configured key, or the one in the data directory, which is made on the first start."""
    if config.tokens.key is not None:
        key = config.tokens.key.read().encode("utf-8")
        if len(key) < KEY_OCTETS:
            raise LookupError(f"the key in {config.tokens.key} has {len(key)} octets; {KEY_OCTETS} are needed")
        return key
    path = config.data_dir / "token.key"
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        descriptor, temporary = tempfile.mkstemp(dir=config.data_dir, prefix=".token-")  # readable by us alone
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(KEY_OCTETS).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # somebody else was first: theirs counts
            os.link(temporary, path)
        os.unlink(temporary)
    key = path.read_bytes()
    if len(key) < KEY_OCTETS:
        raise LookupError(f"{path} has {len(key)} octets, {KEY_OCTETS} are needed: put it back from a backup")
    return key


def _key_problem(loaded: Loaded, error: Exception) -> Problem:
    if isinstance(error, OSError) and loaded.config.tokens.key is None:
        return loaded.sources.problem(
            ("data_dir",),
            found=f"{loaded.config.data_dir}, which cannot be used ({error.strerror})",
            expected="a folder that maild may make and write to",
            remedy="Give it to the user that maild runs as, name another one, or make the disk writable.",
        )
    return Problem(
        file=str(loaded.files[0]),
        line=None,
        key="tokens.key",
        found=str(error),
        expected=f"a secret of at least {KEY_OCTETS} octets that maild can read",
        remedy="Write one (for example with: openssl rand -hex 32) where tokens.key points, readable by maild only.",
    )
