"""A small world: few words, few people, few days; every kind of condition, and letters to try it on."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from maild.config.model import Organization
from maild.contracts.recognition import Standing
from maild.desk.files import SeenFile
from maild.model import Address, Attachment, Kind
from maild.rules.sight import Sight

OPEN, CLOSED = datetime(2026, 11, 27, 10, tzinfo=UTC), datetime(2026, 11, 28, 10, tzinfo=UTC)  # a Friday, a Saturday
DAYS = (date(2026, 11, 27), date(2026, 11, 28))
BASE = {
    "name": "Acme",
    "mailbox": {"support": {"address": "support@acme.example"}},
    "agent": {"ivanov": {"name": "I", "address": "i@acme.example"}},
    "calendar": {"office": {"week": {"mon-fri": "09:00-18:00"}}},
    "level": {"gold": {"name": "G"}, "base": {"name": "B"}},
    "category": {"outage": {"name": "O"}, "question": {"name": "Q"}},
    "severity": {"critical": {"name": "C"}},
    "ground": {"no": {"name": "N"}, "wait": {"name": "W", "effect": "postpone"}},
}


def some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


KEYS: dict[str, st.SearchStrategy[object]] = {
    "words": some("альфа", "бета"),
    "subject_words": some("альфа", "бета"),
    "text_words": some("альфа", "бета"),
    "text_matches": some("альфа", "бет."),
    "matches": some("альфа", "бет."),
    "kind": some("person", "notification", "auto-generated"),
    "level": some("gold", "base"),
    "standing": some("served", "unknown"),
    "attachments": st.booleans(),
    "attachment_types": some("pdf", "image"),
    "from": some("ann@x.example", "@x.example", "bob@y.example"),
    "to": some("support@acme.example", "@acme.example", "c@z.example"),
    "in_hours": st.just("office"),
    "out_of_hours": st.just("office"),
    "category": some("outage", "question"),
    "severity": some("critical"),
    "tag": some("s", "t"),
}


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> dict[str, object]:
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=2, unique=True))
    found: dict[str, object] = {key: draw(KEYS[key]) for key in keys}
    if depth and draw(st.booleans()):
        key = draw(st.sampled_from(["any", "all", "not"]))
        inner = conditions(depth - 1)
        found[key] = draw(inner if key == "not" else st.lists(inner, min_size=1, max_size=2))
    return found


THEN = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(["outage", "question"]),
        "severity": st.just("critical"),
        "tags": some("s", "t"),
        "refuse": st.just("no"),
        "postpone": st.just("wait"),
        "hint": st.sampled_from(["h", "i"]),
        "notify": st.just("ivanov"),
    },
)
RULE = st.fixed_dictionaries(
    {"then": THEN, "when": conditions(), "stop": st.booleans()},
    optional={
        "on": st.sampled_from(["every", "first", "later"]),
        "since": st.sampled_from(DAYS),
        "until": st.sampled_from(DAYS),
    },
)


@st.composite
def rule_sets(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Rules, of which some are nearly those above them: a key more, a key less, turned round, within another condition."""
    found: list[dict[str, Any]] = [draw(RULE)]
    for _ in range(draw(st.integers(0, 3))):
        rule = draw(RULE)
        if draw(st.booleans()):
            when, more = dict(draw(st.sampled_from(found))["when"]), draw(conditions(1))
            change = draw(st.sampled_from(["more", "less", "not", "any", "all"]))
            if change == "less" and when:
                del when[draw(st.sampled_from(sorted(when)))]
            elif change in ("any", "all"):
                when = {change: [when, more]}
            else:
                when = {"not": when} if change == "not" else more | when
            rule = {**rule, "when": when}
        found.append(rule)
    return {f"r{n}": rule for n, rule in enumerate(found)}


PDF = SeenFile(
    attachment=Attachment(index=0, name="a.pdf", media_type="application/pdf", size=1, sha256=""),
    kinds=frozenset({"pdf"}),
)


FILES: dict[bool, Callable[[], tuple[SeenFile, ...]]] = {False: tuple, True: lambda: (PDF,)}


def letter(pick: random.Random) -> Sight:
    """Return a letter of a small world, all of it independent but what cannot be."""
    first, level = pick.random() < 0.6, pick.choice(["", "gold", "base"])
    author = pick.choice(["", "ann@x.example", "eve@x.example", "bob@y.example", "x@w.example"])
    return Sight(
        subject=pick.choice(["", "альфа", "беты"]),
        text=pick.choice(["", "альфа", "бета", "альфы и бета"]),
        author=Address(addr=author) if author else None,
        mailbox="support",
        recipients=frozenset(
            pick.sample(["support@acme.example", "b@acme.example", "c@z.example"], k=pick.randrange(3))
        ),
        kind=pick.choice([Kind.PERSON, Kind.NOTIFICATION, Kind.AUTO_GENERATED]),
        standing=pick.choice([Standing.SERVED, Standing.UNKNOWN, Standing.EXPIRED]),
        level=level,
        first=first,
        at=pick.choice([OPEN, CLOSED]),
        today=pick.choice(DAYS),
        look=FILES[pick.random() < 0.5],
        category="" if first else pick.choice(["", "outage", "question"]),
        severity="" if first else pick.choice(["", "critical"]),
        tags=() if first else tuple(pick.sample(["s", "t"], k=pick.randrange(3))),
    )


PICK = random.Random(5)
LETTERS = tuple(letter(PICK) for _ in range(800))


def organization_of(rules: Mapping[str, object]) -> Organization:
    return Organization.model_validate({**BASE, "rule": rules})
