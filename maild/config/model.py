"""The shape of the configuration. Knows no file, no line and no network: `config.load` brings the values.

`examples` on a required field is what the remedy for its absence shows; `config.example.toml` documents every key.
What an organisation promises is in `promises.py`, whom it serves in `register.py`. What concerns more than one field is
in `checks/`.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from maild.config.assignment import Absences, AssignmentEntry
from maild.config.digest import DigestEntry
from maild.config.ending import ChasingEntry, ConfirmationEntry, SatisfactionEntry
from maild.config.news import NewsEntry
from maild.config.oauth import OAuthEntry
from maild.config.promises import (
    AccountingEntry,
    CalendarEntry,
    CategoryEntry,
    LevelEntry,
    QuotaEntry,
    SeverityEntry,
    TargetEntry,
)
from maild.config.recurring import RecurringEntry
from maild.config.register import ClientEntry, IdentityEntry
from maild.config.reports import ReportsEntry
from maild.config.retention import RetentionEntry
from maild.config.secret import SecretRef
from maild.config.section import Section
from maild.config.services import ServiceEntry
from maild.config.steering import (
    AskingEntry,
    AttachmentsEntry,
    FaqEntry,
    GroundEntry,
    MissingEntry,
    OfferEntry,
    RuleEntry,
    SuggestionsEntry,
    TeamEntry,
    UnitEntry,
)
from maild.config.types import (
    Addresses,
    Authserv,
    Count,
    Duration,
    FilePath,
    FilePaths,
    Folders,
    Host,
    ImapFlag,
    Line,
    MailAddress,
    Name,
    Names,
    Prefix,
    Senders,
    Size,
    Slug,
    Span,
    Switch,
    Texts,
    Words,
    Zone,
    as_list,
)
from maild.texts.flaw import Check

FIND_SENT = "auto"  # in place of a folder's name: the one that the server marks as \\Sent (RFC 6154)
DEFAULT_HINTS = (Check.ABUSE, Check.THREAT, Check.UNREADABLE)


class Server(Section):
    """How to reach one IMAP or SMTP server."""

    host: Host = Field(examples=["mail.example.org"])
    port: Count | None = Field(default=None, ge=1, le=65535)  # None: the standard port for `security`
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: FilePath | None = None  # extra certificate authority, PEM
    username: Words | None = None
    password: SecretRef | None = None
    oauth: Name | None = None  # in place of a password: a table [oauth.…], whose access tokens open the mailbox
    timeout: Duration = timedelta(seconds=30)  # for each answer of the server


class Imap(Server):
    """An IMAP account."""

    auth: Literal["login", "plain"] = "login"
    folders: tuple[Words, ...] = Field(default=("INBOX",), min_length=1)
    sent: Folders = ()  # with what our people sent from the account themselves; "auto": what the server calls \Sent
    poll: Duration = timedelta(minutes=1)  # safety net beside IDLE, and the only way where IDLE is missing
    idle: Switch = True
    batch: Count = Field(default=50, ge=1, le=200)
    after: Literal["nothing", "flag", "move", "delete"] = "nothing"
    flag: ImapFlag = "\\Seen"  # flag or keyword that `after = "flag"` sets
    move_to: Words | None = None  # folder for `after = "move"`
    max_size: Size = 50_000_000  # a larger letter is taken in part and left where it is

    @property
    def watched(self) -> tuple[str, ...]:
        """Every folder that is looked at, as the admin names it."""
        return (*self.folders, *self.sent)


class Maildir(Section):
    """A Maildir that some MTA or getmail delivers to; letters are moved from new/ to cur/."""

    path: FilePath = Field(examples=["/var/mail/support"])
    sent: FilePaths = ()  # Maildirs with what our people sent themselves: only read
    poll: Duration = timedelta(seconds=10)
    max_size: Size = 50_000_000


class Smtp(Server):
    """How letters leave."""

    helo: Host | None = None  # our name in EHLO; None: the domain of the mailbox's address
    retry_for: Duration = timedelta(days=3)  # then the letter has failed (RFC 5321 §4.5.4.1 advises 4-5 days)


class Mailbox(Section):
    """A support address."""

    address: MailAddress = Field(examples=["support@example.org"])
    name: Line = ""  # display name; "" means the organisation's
    aliases: tuple[MailAddress, ...] = ()  # other addresses of ours that lead here
    subaddress: Switch = False  # whether support+token@… reaches this mailbox
    imap: Imap | None = None
    maildir: Maildir | None = None
    smtp: Smtp | None = None  # None: the top-level [smtp]
    old_letters: Literal["record", "open", "answer"] = "record"


class AgentEntry(Section):
    """One of the staff."""

    name: Words = Field(examples=["Ivan of example"])
    address: MailAddress = Field(examples=["ivan@example.org"])
    aliases: tuple[MailAddress, ...] = ()  # other addresses that they write from
    notify: Switch = True
    skills: Names = ()  # categories and levels whose requests are theirs; empty: any
    calendar: Slug | None = None  # when they are at work; None: `assignment.calendar`
    absent: Absences = ()


class Limits(Section):
    """Caps on automatic mail, because no detection of machines is perfect."""

    per_address: Count = Field(default=10, ge=1)  # automatic letters to one customer address within `window`
    per_ticket: Count = Field(default=60, ge=1)  # automatic letters about one ticket, to whomever, within `window`
    per_agent: Count = Field(default=300, ge=1)  # automatic letters to one agent within `window`
    window: Duration = timedelta(days=1)


class Repeats(Section):
    """Which letters are one request sent again (C17)."""

    window: Span = timedelta(days=7)  # equal words of one author so far apart are one request; "0s": they never are


class TrustEntry(Section):
    """What proves that a letter in an agent's name is theirs."""

    authserv_id: Authserv = ()  # whose Authentication-Results are believed; none: nobody's
    confirm_within: Duration = timedelta(days=1)  # so long an agent may say that an unproven letter is theirs
    dkim: bool = False  # whether we verify signatures ourselves, where no such server says anything; asks DNS


class Answers(Section):
    """How agents' answers reach customers."""

    sender: Literal["agent", "team", "organization"] = "agent"  # whose name stands beside the support address
    followups: Literal["agent", "team"] = "agent"  # who hears of further letters once an agent has the request
    receipts: Switch = False  # whether an agent gets a receipt of an answer without commands, too
    quote: Literal["none", "last"] = "last"  # what stands below an answer of the customer's letter: their last words


class Labels(Section):
    """What a web form calls its fields; None: what the usual form plugins call them."""

    email: Texts | None = None  # where answers go
    name: Texts | None = None
    subject: Texts | None = None
    message: Texts | None = None  # below it everything is the customer's
    phone: Texts | None = None
    company: Texts | None = None
    other: Texts | None = None  # anything else that is no part of the message


class FormEntry(Section):
    """A web form, whose letters are those of who fills it in."""

    sender: Addresses = Field(examples=["noreply@example.org"])  # its letters' From
    subject: Line = ""  # what their subject contains; "*" stands for anything
    envelope: Senders = ()  # what their envelope sender must be one of; empty: it is not asked
    labels: Labels = Labels()


class Organization(Section):
    """A desk with its own numbers, mailboxes, staff and words."""

    name: Words = Field(examples=["The example company"])
    mode: Literal["live", "observe"] = (
        "live"  # "observe": everything is decided and recorded, nothing is sent or marked
    )
    language: Literal["ru", "uk", "en"] = "ru"
    zone: Zone = ZoneInfo("Europe/Moscow")
    number_prefix: Prefix = "T"
    templates: FilePath | None = None  # folder with overrides of the shipped templates
    mailbox: dict[Slug, Mailbox] = Field(min_length=1, examples=["support"])
    agent: dict[Slug, AgentEntry] = Field(default={})
    form: dict[Slug, FormEntry] = Field(default={})
    notifiers: Senders = ()  # machines whose letters are requests
    limits: Limits = Limits()
    repeats: Repeats = Repeats()
    answers: Answers = Answers()
    reopen_within: Span = timedelta(days=14)  # after which a letter to a request that is over opens another one
    trust: TrustEntry = TrustEntry()
    head: Name | None = None  # agent who is told of every breach; None: the team is
    calendar: dict[Slug, CalendarEntry] = Field(default={})
    level: dict[Slug, LevelEntry] = Field(default={})
    category: dict[Slug, CategoryEntry] = Field(default={})
    severity: dict[Slug, SeverityEntry] = Field(default={})
    target: dict[Slug, TargetEntry] = Field(default={})  # in the order of the file
    identity: IdentityEntry = IdentityEntry()
    quota: QuotaEntry = QuotaEntry()
    accounting: AccountingEntry | None = None  # None: work is not counted
    client: dict[Slug, ClientEntry] = Field(default={})
    team: dict[Slug, TeamEntry] = Field(default={})
    assignment: AssignmentEntry = AssignmentEntry()
    digest: DigestEntry = DigestEntry()
    recurring: dict[Slug, RecurringEntry] = Field(default={})
    reports: ReportsEntry = ReportsEntry()
    rule: dict[Slug, RuleEntry] = Field(default={})  # in the order of the file
    ground: dict[Slug, GroundEntry] = Field(default={})
    unit: dict[Slug, UnitEntry] = Field(default={})
    offer: dict[Slug, OfferEntry] = Field(default={})
    service: dict[Slug, ServiceEntry] = Field(default={})  # the table of what is included at which level
    missing: dict[Slug, MissingEntry] = Field(default={})
    asking: AskingEntry = AskingEntry()
    confirmation: ConfirmationEntry = ConfirmationEntry()
    chasing: ChasingEntry = ChasingEntry()
    satisfaction: SatisfactionEntry = SatisfactionEntry()
    retention: RetentionEntry = RetentionEntry()
    news: NewsEntry | None = None  # None: there are none, nobody can subscribe
    faq: dict[Slug, FaqEntry] = Field(default={})
    suggestions: SuggestionsEntry = SuggestionsEntry()
    attachments: AttachmentsEntry = AttachmentsEntry()
    text_hints: Annotated[tuple[Check, ...], BeforeValidator(as_list)] = DEFAULT_HINTS
    scenarios: FilePath | None = None  # folder with scenarios that `maild check --rehearse` plays
    rehearsal: FilePath | None = None  # file of examples that is laid over the organisation when they are played


class Database(Section):
    """Where tickets live."""

    url: Words | None = None  # None: SQLite in data_dir
    password: SecretRef | None = None


class Blobs(Section):
    """Where raw letters live."""

    s3_bucket: Words | None = None  # None: data_dir/blobs
    s3_endpoint: Words | None = None
    s3_prefix: Line = ""


class Admin(Section):
    """Who is told about maild's own troubles."""

    address: MailAddress = Field(examples=["admin@example.org"])
    language: Literal["ru", "uk", "en"] = "ru"


class Log(Section):
    """What the daemon says about itself."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Tokens(Section):
    """The key that signs reply tokens."""

    key: SecretRef | None = None  # None: data_dir/token.key, made on the first start


class Config(Section):
    """Everything an admin has said."""

    data_dir: FilePath = Field(default=Path("data"), validate_default=True)
    database: Database = Database()
    blobs: Blobs = Blobs()
    admin: Admin | None = None
    log: Log = Log()
    tokens: Tokens = Tokens()
    smtp: Smtp | None = None
    oauth: dict[Slug, OAuthEntry] = Field(default={})
    silence_after: Duration = timedelta(minutes=15)  # no good look at a mailbox for so long is an alarm
    rehearse_on_reload: Switch = False  # whether a configuration whose scenarios fail is refused
    organization: dict[Slug, Organization] = Field(min_length=1, examples=["acme"])
