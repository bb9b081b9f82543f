"""Reports of the month (NI-4, KR-9): on its day each client's goes out, to the client or to whoever checks it first.

The figures are those that `maild client usage` shows. That a client's month was reported is recorded in the transaction
that queues its letters; a month that was missed is reported late, but it is.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from maild.config.recurring import say_pattern
from maild.config.reports import ReportsEntry
from maild.contracts.accounting import Month
from maild.contracts.client import Client
from maild.contracts.tables import Format, write_table
from maild.desk.report import MonthReport, say_report, table_of
from maild.errors import StoreError
from maild.model import Address, Attachment, Draft, Purpose
from maild.notices import queue_drafts
from maild.policy import MailboxPolicy, Policy
from maild.rounds import go_round, next_round
from maild.sla.occurrences import Rhythm
from maild.store.engine import Database
from maild.store.register import all_clients
from maild.store.reports import note_reported, read_report, sent_reports
from maild.store.unit import Transaction

log = structlog.get_logger(__name__)

BUG = "not sent because of a bug: the log has it"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An organisation that wants reports."""

    entry: ReportsEntry
    box: MailboxPolicy  # that they are sent from
    name: str = ""  # by which it is seen to among works that come round, which all have names

    @property
    def organization(self) -> str:
        """Whose they are."""
        return self.box.desk.organization

    @property
    def rhythm(self) -> Rhythm:
        """When they go out."""
        service, entry = self.box.desk.service, self.entry
        calendar = service.calendars[entry.calendar] if entry.calendar else None
        return Rhythm(
            pattern=entry.on, at=entry.at, zone=calendar.zone if calendar else service.zone, calendar=calendar,
            off_day=entry.off_day,
        )  # fmt: skip

    @property
    def told(self) -> str:
        """The rhythm in one line."""
        entry = self.entry
        return f"{say_pattern(entry.on)}, {entry.at:%H:%M}, {entry.calendar or ''}, {entry.off_day}"


def desks(policy: Policy) -> Iterator[Desk]:
    """Yield the organisations that want reports."""
    for organization, section in policy.config.organization.items():
        if section.reports.monthly is not None:
            box = policy.mailboxes[f"{organization}/{next(iter(section.mailbox))}"]
            yield Desk(entry=section.reports, box=box)


def next_reports(database: Database, policy: Policy, now: datetime) -> datetime | None:
    """Return when the next reports are due: at once where an organisation is new."""
    return next_round(database, list(desks(policy)), now)


def send_reports(database: Database, policy: Policy, now: datetime) -> int:
    """Queue the reports that are due; return how many organisations were looked at."""
    return go_round(database, list(desks(policy)), now, _report_months)


def month_before(day: date) -> Month:
    """Return the month that is reported on a day: the last one that is over, also on its own last day."""
    if (day + timedelta(days=1)).day == 1:
        return Month(day.year, day.month)
    before = day.replace(day=1) - timedelta(days=1)
    return Month(before.year, before.month)


def _report_months(tx: Transaction, desk: Desk, days: Sequence[date], now: datetime) -> None:
    for month in dict.fromkeys(month_before(day) for day in days):
        _report_all(tx, desk, month, now)


def _report_all(tx: Transaction, desk: Desk, month: Month, now: datetime) -> None:
    """Report a month of every client; what breaks our code costs only one of them, and is not tried again."""
    had = sent_reports(tx.connection, desk.organization, month)
    for client, _ in all_clients(tx.connection, desk.organization):
        if client.key in had:
            continue
        try:
            with tx.savepoint():
                sent_to, why = _report(tx, desk, client, month, now)
                _note(tx, desk, month, client, now, sent_to, why)
        except StoreError:
            raise  # the disk's fault
        except Exception:
            log.exception("report not sent because of a bug", organization=desk.organization, client=client.key)
            _note(tx, desk, month, client, now, "", BUG)


def _note(tx: Transaction, desk: Desk, month: Month, client: Client, now: datetime, sent_to: str, why: str) -> None:
    note_reported(tx.connection, desk.organization, month, client.key, now, sent_to=sent_to, why=why)


def _report(tx: Transaction, desk: Desk, client: Client, month: Month, now: datetime) -> tuple[str, str]:
    """Queue a client's report; return who gets it, or why nobody does."""
    service = desk.box.desk.service
    report = read_report(
        tx.connection, desk.organization, client, month, service.accounting_of(client.level),
        service.quota_of(client.level), service.zone,
    )  # fmt: skip
    if not report.done and not _holds(client, month):
        return "", "no contract in this month, and nothing was done"
    if not _says_anything(report):
        return "", "nothing to say: no request, no work and no package in this month"
    contacts = [Address(name=one.name, addr=one.addresses[0]) for one in client.contacts if one.addresses]
    if desk.entry.monthly == "client":
        recipients, forward = contacts, None
    else:
        recipients, forward = _checker(desk, client), contacts
    if not recipients:
        return "", "nobody is there to get it: the client has no contact" if forward is None else "no manager, no head"
    drafts = [_draft(desk, report, to, forward) for to in recipients]
    digest = hashlib.sha256(client.key.encode()).hexdigest()[:16]  # a key may hold what no id can
    letters = queue_drafts(tx, drafts, desk.box.letterhead, f"report.{desk.organization}.{month}.{digest}", now)
    return ", ".join(one.recipient for one in letters), "" if letters else BUG


def _says_anything(report: MonthReport) -> bool:
    """Whether there is anything to tell: what was done, or what there is of a package."""
    row = report.used.row
    return bool(report.done or report.used.requests or (row and (row.allowance or row.carried_in or row.used)))


def _holds(client: Client, month: Month) -> bool:
    """Whether there is a contract that is not suspended on some day of the month."""
    touching = (
        (one.since is None or one.since <= month.last) and (one.until is None or month.first <= one.until)
        for one in client.periods
    )
    return not client.suspended and (not client.periods or any(touching))


def _checker(desk: Desk, client: Client) -> list[Address]:
    """Return who checks a client's report: their manager where that is wanted and there is one, else the head."""
    ids = [client.manager] * (desk.entry.monthly == "manager") + [desk.box.desk.service.head]
    found = (agent.address for id_ in ids for agent in desk.box.desk.agents if agent.id == id_)
    return list(found)[:1]


def _draft(desk: Desk, report: MonthReport, to: Address, forward: list[Address] | None) -> Draft:
    service, month = desk.box.desk.service, report.used.month
    table = write_table(table_of(report, service), Format.XLSX, title=str(month))
    file = Attachment(index=0, name=f"{month}.xlsx", media_type=XLSX, size=len(table), sha256="")
    return Draft(
        purpose=Purpose.REPORT,
        recipient=to,
        words=say_report(report, service, desk.entry.note, forward),
        attached=(file,) if report.done else (),
        earlier={0: lambda: table},
    )
