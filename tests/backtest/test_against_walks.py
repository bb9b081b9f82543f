"""A backtest says of each letter just what the production walk would have done differently, then and there.

The oracle knows nothing of verdicts: it puts each letter into a copy of the database as it was before the letter came, lets
both configurations walk it and write, and reads from the tables what is another.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from maild.backtest.compare import Compared
from maild.backtest.run import Plan, comparing, enrol_aside
from maild.backtest.verdict import RANKS, Aspect
from maild.config.load import load_config
from maild.ingest.parse import parse
from maild.model import Place, Purpose, RawMessage
from maild.pipeline import walk
from maild.policy import Policy, load_policy
from maild.rehearsal import KEY
from maild.reminding import enrol_configured
from maild.store import letters
from maild.store.blobs import LocalBlobs
from maild.store.clocks import load_clocks
from maild.store.past import Stored, stored_letters
from maild.store.schema import event, letter, outbox, suggestion, ticket
from maild.store.unit import Transaction
from tests.backtest.month import CONFIG, FIRST, PHONE, Month, a_month
from tests.walk.stage import START

ACME = "[organization.acme]\n"
CHANGES = {
    "nothing": CONFIG,
    "a rule above all": CONFIG.replace(
        FIRST, '[organization.acme.rule.any]\nthen = { category = "question", tags = ["всё"] }\n' + FIRST
    ),
    "a rule that is gone": CONFIG.replace('[organization.acme.rule.rude]\nwhen.words = "дурак"\nthen.refuse = "abuse"\n', ""),
    "a rule that stops": CONFIG.replace(
        FIRST, f'[organization.acme.rule.stop]\nwhen = {{ words = ["ошибка", "дурак"], from = "@romashka.example" }}\nstop = true\n{FIRST}'
    ),
    "a rule for later letters": CONFIG.replace(
        FIRST, f'[organization.acme.rule.later]\non = "later"\nthen = {{ severity = "low", team = "accounting", category = "outage" }}\n{FIRST}'
    ),
    "other words": CONFIG.replace('when.words = "проводка"', 'when.words = "печатать"'),
    "a ground by a rule": CONFIG.replace('name = "Не наша программа"', 'name = "Не наша программа"\ndecided = "rule"'),
    "a ground by a person": CONFIG.replace('name = "Оскорбления"\ndecided = "rule"', 'name = "Оскорбления"'),
    "a checklist": CONFIG.replace('ask = ["version", "screenshot"]', 'ask = ["version"]'),
    "no offer": CONFIG.replace('then.offer = "training"', 'then.tags = "обучение"'),
    "a unit that does not close": CONFIG.replace("close = true\n", ""),
    "an entry of the FAQ": CONFIG + """
[organization.acme.faq.declaration]
title = "Не проходит проводка"
words = ["проводка", "не проходит проводка"]
answer = "Проверьте подпись."
""",
    "no suggestions": CONFIG + "[organization.acme.suggestions]\nmost = 0\n",
    "files": CONFIG + '[organization.acme.attachments]\nmax_size = "4KB"\n',
    "an agent less": CONFIG.replace("[organization.acme.agent.petra]\n", "[organization.acme.agent.petra]\nnotify = false\n"),
    "a longer term": CONFIG.replace('within = "8h"', 'within = "16h"'),
    "another level": CONFIG.replace('name = "ООО «Ромашка»"\nlevel = "base"', 'name = "ООО «Ромашка»"\nlevel = "gold"'),
    "a new client": CONFIG + """
[organization.acme.client.langer]
name = "Langer"
level = "gold"
domains = ["langer.example"]
""",
    "a rule for every letter that is gone": CONFIG.replace(PHONE, ""),
    "another coupon that is gone": CONFIG.replace('\ncoupons = ["АБВ-2026-11"]', ""),
    "a coupon that is gone": CONFIG.replace('    { code = "7KQ4-MX2P-9TRC", level = "gold", until = 2026-12-31 },\n', ""),
    "one guess": CONFIG.replace('expired = "refuse"', 'expired = "refuse"\nguesses = 1'),
    "strangers are asked": CONFIG.replace('expired = "refuse"', 'expired = "refuse"\nunknown = "ask"'),
    "a person decides on who has expired": CONFIG.replace('expired = "refuse"', ""),
    "no repeats": CONFIG.replace('window = "7d"', 'window = "0s"'),
    "few letters": CONFIG.replace("per_address = 1000", "per_address = 2"),
    "another prefix": CONFIG.replace('number_prefix = "ACME"', 'number_prefix = "ROM"'),
    "an agent who was a customer": CONFIG + '[organization.acme.agent.hans]\nname = "H"\naddress = "hans@langer.example"\n',
    "a form": CONFIG + '[organization.acme.form.site]\nsender = ["hans@langer.example"]\n',
}  # fmt: skip


@pytest.fixture(scope="module")
def month() -> Iterator[Month]:
    with a_month() as played:
        yield played


@pytest.fixture(scope="module")
def policies() -> dict[str, Policy]:
    return {}


def configured(folder: Path, config: str, data: Path) -> Path:
    """Write a configuration whose data lies there; return its file."""
    path = folder / "config.toml"
    folder.mkdir(exist_ok=True)
    path.write_text(f'data_dir = "{data}"\n{config}', "utf-8")
    return path


def backtest(month: Month, before: Path, after: Path) -> list[Compared]:
    database = month.desk._office.database
    with tempfile.TemporaryDirectory() as folder:
        policy = load_policy(load_config(after), key=KEY)
        register = enrol_aside(database, policy, Path(folder), month.desk.now)
        plan = Plan(before=load_policy(load_config(before), key=KEY), after=policy, registers=("", register))
        with comparing(plan, ledger(month), jobs=1) as compared:
            return list(compared)


def ledger(month: Month) -> list[Stored]:
    with month.desk._office.database.read() as connection:
        return stored_letters(connection, START)


# ── the oracle ───────────────────────────────────────────────────────────────────────────────────────────────────────


def walked(month: Month, number: int, policy: Policy) -> Mapping[Aspect, str]:
    """Return what a configuration makes of a letter in the database as it was before it came; what is written is undone."""
    raw, mailbox = month.letters[number - 1]
    with (
        month.desk._office.database.read() as now,
        month.before(number).write() as connection,
        connection.begin_nested() as trial,
    ):
        at = now.execute(select(letter.c.walked_at).where(letter.c.id == number)).scalar_one()
        tx = Transaction(connection)
        enrol_configured(tx, policy, at)
        place = Place(mailbox=mailbox, folder="", uidvalidity=0, uid=str(number))
        (letter_id,) = letters.add(connection, [RawMessage(octets=raw, place=place, received_at=at)], at)
        assert letter_id == number
        stored = letters.load(connection, letter_id, LocalBlobs(month.desk.folder / "blobs"))
        assert stored is not None
        done = walk(stored, tx, policy.mailboxes[mailbox], at)
        tx.apply(stored, done.message, done.said, done.decision, at)
        seen = written(connection, letter_id, policy)
        trial.rollback()
    return seen


def written(connection: Connection, letter_id: int, policy: Policy) -> Mapping[Aspect, str]:
    """Return what the tables say of a letter that has just been walked."""
    row = connection.execute(select(letter).where(letter.c.id == letter_id)).one()
    agents = {
        agent.address: id_ for section in policy.config.organization.values() for id_, agent in section.agent.items()
    }
    sent = connection.execute(select(outbox).where(outbox.c.letter_id == letter_id).order_by(outbox.c.id)).all()
    own = (Purpose.NOTIFICATION, Purpose.RECEIPT, Purpose.CONFIRMATION, Purpose.REMINDER, Purpose.PASSING)
    reply = next((one for one in sent if one.purpose not in (*own, Purpose.ANSWER, Purpose.EXTENSION)), None)
    untaken: list[str] = next((one["evidence"] for one in row.findings if one["step"] == "files"), [])
    seen = {
        Aspect.OUTCOME: row.outcome,
        Aspect.TOLD: ", ".join(
            sorted({agents.get(one.recipient, one.recipient) for one in sent if one.purpose in own})
        ),
        Aspect.FILES: ", ".join(": ".join(line.replace(":", "").split()[:2]) for line in untaken),
        Aspect.REPLY: reply.purpose if reply else "",
        Aspect.WORDS: f"{parse(reply.octets).subject}\n{parse(reply.octets).html}" if reply else "",
    }
    if row.ticket_id is not None:
        seen |= of_ticket(connection, letter_id, row.ticket_id, policy)
    return seen


def of_ticket(connection: Connection, letter_id: int, ticket_id: int, policy: Policy) -> dict[Aspect, str]:
    one = connection.execute(select(ticket).where(ticket.c.id == ticket_id)).one()
    opened = (event.c.ticket_id == ticket_id, event.c.kind == "opened", event.c.letter_id == letter_id)
    shown = select(suggestion.c.entry).where(suggestion.c.ticket_id == ticket_id).order_by(suggestion.c.id)
    new = connection.execute(select(event.c.id).where(*opened)).first() is not None
    clocks = load_clocks(connection, [ticket_id]).get(ticket_id, ())
    zone = policy.config.organization[one.organization].zone
    terms = sorted((c.due_at.timestamp() if c.due_at else 9e9, c.until, c.due_at) for c in clocks if c.running)
    return {
        Aspect.TICKET: "a new one" if new else one.number,
        Aspect.CLIENT: f"{one.client or 'nobody'}: {one.standing}",
        Aspect.GROUND: f"{one.ground}: {one.ground_state}" if one.ground else "",
        Aspect.OFFER: f"{one.offer}: {one.offer_state}" if one.offer else "",
        Aspect.ASKED: ", ".join(one.asked),
        Aspect.TAGS: ", ".join(one.tags),
        Aspect.PRIORITY: RANKS[one.rank],
        Aspect.FAQ: ", ".join(connection.execute(shown).scalars()) if new else "",
        Aspect.TERMS: ", ".join(
            f"{until} by {due.astimezone(zone):%Y-%m-%d %H:%M}" if due else f"{until} without a term" for _, until, due in terms
        ),
        **{
            aspect: getattr(one, str(aspect))
            for aspect in (
                Aspect.LEVEL, Aspect.CATEGORY, Aspect.SEVERITY, Aspect.UNIT, Aspect.STATUS, Aspect.TEAM, Aspect.AGENT,
            )
        },
    }  # fmt: skip


def expected(before: Mapping[Aspect, str], after: Mapping[Aspect, str]) -> dict[Aspect, tuple[str, str]]:
    """Return what is another, words as such: that they are."""
    changed = {}
    for aspect in Aspect:
        was, will = before.get(aspect, ""), after.get(aspect, "")
        if was != will and not (aspect is Aspect.WORDS and before[Aspect.REPLY] != after[Aspect.REPLY]):
            changed[aspect] = ("", "") if aspect is Aspect.WORDS else (was, will)
    return changed


@pytest.fixture(scope="module")
def as_it_is(month: Month, tmp_path_factory: pytest.TempPathFactory) -> list[Mapping[Aspect, str]]:
    path = configured(tmp_path_factory.mktemp("as-it-is"), CONFIG, month.desk.folder)
    policy = load_policy(load_config(path), key=KEY)
    return [walked(month, number, policy) for number in range(1, len(month.letters) + 1)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_backtest_says_what_walking_would_have_done(
    month: Month, as_it_is: list[Mapping[Aspect, str]], tmp_path: Path, change: str
) -> None:
    """Letter by letter and aspect by aspect; and some letter at least would end otherwise, if anything is changed."""
    before = configured(tmp_path / "before", CONFIG, month.desk.folder)
    after = configured(tmp_path / "after", CHANGES[change], month.desk.folder)
    found = backtest(month, before, after)
    assert [one.letter for one in found] == list(range(1, len(month.letters) + 1))
    policy = load_policy(load_config(after), key=KEY)
    wanted = [expected(was, walked(month, n, policy)) for n, was in enumerate(as_it_is, 1)]
    unwritten = (Aspect.HINTS, Aspect.BROKEN)  # these stand in no table
    shown = [
        {each.aspect: (each.before, each.after) for each in one.changes if each.aspect not in unwritten}
        for one in found
    ]
    for number, (mine, theirs) in enumerate(zip(shown, wanted, strict=True), 1):
        assert mine == theirs, (change, number)
    assert any(wanted) == (change != "nothing")


def test_as_it_was_then(month: Month, as_it_is: list[Mapping[Aspect, str]]) -> None:
    """The oracle itself: walked again in its copy, each letter ends as the ledger says that it has ended."""
    with month.desk._office.database.read() as connection:
        outcomes = connection.execute(select(letter.c.outcome).order_by(letter.c.id)).scalars().all()
    assert [seen[Aspect.OUTCOME] for seen in as_it_is] == outcomes
