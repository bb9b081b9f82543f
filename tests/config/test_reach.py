"""A rule that can never do anything is reported; one that may matter for a single letter in the world is not.

The oracle is brute force: every letter of a small world, with the rule and without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from maild.config.checks.logic import Fact, World, is_possible
from maild.config.checks.reach import GAPS
from maild.config.model import Config
from maild.config.sources import Sources
from maild.config.terms import calendars_of
from maild.desk.ruling import Ruling
from maild.errors import Problem
from maild.rules.apply import apply_rules
from maild.rules.load import load_rules
from tests.config.conftest import GOOD
from tests.config.small_world import LETTERS, organization_of, rule_sets

ProblemsOf = Callable[..., list[Problem]]
ORG = "organization.acme"
DESK = (
    GOOD
    + """
[organization.acme.mailbox.sales]
address = "sales@acme.example"
maildir = { path = "box" }
[organization.acme.calendar.office.week]
mon-fri = "09:00-18:00"
[organization.acme.calendar.never]
zone = "Europe/Kyiv"
[organization.acme.calendar.special.days]
2026-12-31 = "10:00-14:00"
[organization.acme.form.site]
sender = "form@acme.example"
[organization.acme.level.gold]
name = "Gold"
[organization.acme.level.base]
name = "Base"
[organization.acme.category.outage]
name = "Outage"
[organization.acme.category.question]
name = "Question"
[organization.acme.severity.critical]
name = "Critical"
[organization.acme.ground.foreign]
name = "Foreign"
[organization.acme.ground.unclear]
name = "Unclear"
effect = "postpone"
"""
)


def desk(*rules: str) -> str:
    """Return a configuration with rules named a, b, c …"""
    return DESK + "".join(f"\n[{ORG}.rule.{name}]\n{text}\n" for name, text in zip("abcdef", rules, strict=False))


@pytest.fixture
def problems(in_folder: Any, problems_of: ProblemsOf) -> ProblemsOf:
    for part in ("new", "cur", "tmp"):
        (in_folder / "box" / part).mkdir(parents=True)
    return problems_of


TAG = 'then = { tags = "x" }\n'
STOP = "stop = true\n"


def when(text: str, on: str = "first") -> str:
    return f'on = "{on}"\nwhen = {{ {text} }}\n'


# (conditions of a rule that sets a tag; key; words)
NEVER = [
    pytest.param('in_hours = "office", out_of_hours = "office"', "out_of_hours", "`in_hours` and `out_of_hours`, which no letter can fulfil together", id="in and out of the hours"),
    pytest.param('in_hours = "never"', "in_hours", "`in_hours`, which no letter can fulfil", id="hours that never come"),
    pytest.param('attachments = false, attachment_types = "pdf"', "attachment_types", "`attachments` and `attachment_types`", id="types of no files"),
    pytest.param("attachments = false, all = [{ attachment_names = 'x' }]", "all", "`attachments` and `all`", id="names of no files"),
    pytest.param("attachments = false, any = [{ attachment_types = 'pdf' }, { attachment_names = 'x' }]", "any", "`attachments` and `any`", id="either of no files"),
    pytest.param('level = "gold", not = { level = ["base", "gold"] }', "not", "`level` and `not`", id="a level and not"),
    pytest.param('kind = "person", all = [{ kind = ["notification", "auto-generated"] }]', "all", "`kind` and `all`", id="two kinds"),
    pytest.param('not = { kind = ["person", "notification", "auto-generated"] }', "not", "`not`, which no letter", id="no kind at all"),
    pytest.param('not = { mailbox = ["support", "sales"] }', "not", "`not`, which no letter", id="no mailbox of ours"),
    pytest.param("not = { any = [{ over_quota = true }, { over_quota = false }] }", "not", "`not`", id="neither yes nor no"),
    pytest.param('words = "счёт", not = { words = ["акт", "счёт"] }', "not", "`words` and `not`", id="words and not"),
    pytest.param('subject_words = "счёт", not = { words = "счёт" }', "not", "`subject_words` and `not`", id="words in the subject and nowhere"),
    pytest.param('words = "счёт", not = { any = [{ subject_words = "счёт" }, { text_words = "счёт" }] }', "not", "`words` and `not`", id="words neither in subject nor text"),
    pytest.param("text_matches = 'a+', not = { matches = 'a+' }", "not", "`text_matches` and `not`", id="a pattern and not"),
    pytest.param("header = { List-Id = 'x' }, not = { header = { list-id = 'x' } }", "not", "`header` and `not`", id="a header and not"),
    pytest.param('from = "ann@x.example", not = { from = "@x.example" }', "not", "`from` and `not`", id="somebody of nobody's domain"),
    pytest.param('from = ["@x.example", "b@y.example"], all = [{ from = ["@z.example", "c@y.example"] }]', "all", "`from` and `all`", id="two authors"),
    pytest.param('to = "Sales@acme.example", not = { to = "@ACME.example" }', "not", "`to` and `not`", id="to a domain and not"),
    pytest.param('standing = "served", not = { any = [{ standing = "served", client = "x" }, { not = { client = "x" } }] }', "not", "`standing` and `not`", id="either way not"),
    pytest.param('coupon = "none", any = [{ coupon = "valid" }, { coupon = "expired" }]', "any", "`coupon` and `any`", id="none of any"),
    pytest.param('check = "abuse", not = { check = "abuse" }', "not", "`check` and `not`", id="a check and not"),
    pytest.param('words = "x", level = "gold", mailbox = "sales", not = { mailbox = "sales" }', "not", "`mailbox` and `not`, which", id="only what is to blame is told"),
    pytest.param('category = "outage"', "category", 'category "outage", which no rule before this one sets', id="a category that nobody sets"),
    pytest.param('severity = "critical"', "severity", 'on = "later"', id="a severity that nobody sets"),
    pytest.param('tag = ["a", "b"]', "tag", 'tag "a" or "b"', id="a tag that nobody sets"),
    pytest.param('any = [{ tag = "a" }, { category = "outage" }]', "any", "`any`, which no letter", id="neither is ever set"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "words"), NEVER)
def test_a_condition_that_no_letter_fulfils(problems: ProblemsOf, text: str, key: str, words: str) -> None:
    """It is told once, at a key that is to blame, and only those that are to blame are named."""
    (problem,) = problems(desk(when('client = "somebody"', "every") + TAG + STOP, when(text) + TAG))
    assert (f"{ORG}.rule.b.when.{key}", "config.toml") == (problem.key, problem.file)
    assert words in str(problem)


def test_what_later_letters_set_is_not_set_at_first(problems: ProblemsOf) -> None:
    """Nor is what a rule sets that stops."""
    for first in (when('words = "x"', "later") + SETS, when('words = "x"') + SETS + STOP):
        (problem,) = problems(desk(first, when('category = "outage"') + TAG))
        assert problem.key == f"{ORG}.rule.b.when.category"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (
            "over_quota = true",
            "over_quota",
            'over_quota = true in a rule with on = "later", expected it where a request is opened',
        ),
        ("any = [{ over_quota = true }]", "any", "`any`, which no letter can fulfil"),
        ("not = { over_quota = false }", "not", "`not`, which no letter can fulfil"),
    ],
)
def test_a_further_letter_is_never_over_the_quota(problems: ProblemsOf, text: str, key: str, words: str) -> None:
    """What opens a request is counted, and may be; and none of them is within it for nothing."""
    (problem,) = problems(desk(when(text, "later") + TAG))
    assert problem.key == f"{ORG}.rule.a.when.{key}"
    assert words in str(problem)
    for on in ("first", "every"):
        assert problems(desk(when(text, on) + TAG)) == []
    assert problems(desk(when("over_quota = false", "later") + TAG)) == []


SETS = 'then = { category = "outage" }\n'
# (rules; the one that is told; words)
LATE = [
    pytest.param([STOP + SETS, when('words = "x"') + TAG], "b", f"never tried: {ORG}.rule.a (config.toml:", id="below one for all"),
    pytest.param([when('words = ["x", "y"]') + SETS + STOP, when('words = "y"') + TAG], "b", "never tried", id="fewer words"),
    pytest.param([when('words = "x"') + SETS + STOP, when('text_words = "x"') + TAG], "b", "never tried", id="words in a narrower place"),
    pytest.param([when("matches = ['x', 'y']") + SETS + STOP, when("subject_matches = 'y'") + TAG], "b", "never tried", id="patterns in a narrower place"),
    pytest.param([when('level = ["gold", "base"]') + SETS + STOP, when('level = "gold", over_quota = true') + TAG], "b", "never tried", id="fewer levels and more asked"),
    pytest.param([when('from = ["@x.example", "b@y.example"]') + SETS + STOP, when('from = ["A@x.example", "B@Y.example"]') + TAG], "b", "never tried", id="addresses of a domain"),
    pytest.param([when('to = "@acme.example"') + SETS + STOP, when('to = "sales@acme.example"') + TAG], "b", "never tried", id="to an address of a domain"),
    pytest.param([when("attachments = true") + SETS + STOP, when('attachment_types = "pdf"') + TAG], "b", "never tried", id="files of a type are files"),
    pytest.param([when("attachments = true") + SETS + STOP, when("attachment_names = 'x'") + TAG], "b", "never tried", id="files of a name are files"),
    pytest.param([when("not = { attachments = false }") + SETS + STOP, when("attachment_names = 'x'") + TAG], "b", "never tried", id="not without files"),
    pytest.param([when('not = { in_hours = "office" }') + SETS + STOP, when('out_of_hours = "office"') + TAG], "b", "never tried", id="not in the hours is out of them"),
    pytest.param([when('any = [{ words = "x" }, { level = "gold" }]') + SETS + STOP, when('level = "gold"') + TAG], "b", "never tried", id="one of any"),
    pytest.param([when('words = "x"') + SETS + STOP, when('all = [{ level = "gold" }, { words = "x" }]') + TAG], "b", "never tried", id="one of all"),
    pytest.param([when('any = [{ words = "x" }, { level = "gold" }]') + SETS + STOP, when('any = [{ level = "gold", words = "z" }, { words = "x" }]') + TAG], "b", "never tried", id="any of any"),
    pytest.param([when('not = { level = "gold", words = "x" }') + SETS + STOP, when('not = { words = "x" }') + TAG], "b", "never tried", id="not both, not one"),
    pytest.param([when('kind = ["person", "notification"]') + SETS + STOP, when('not = { kind = "auto-generated" }') + TAG], "b", "never tried", id="all kinds but one"),
    pytest.param([when('not = { form = "site" }') + SETS + STOP, when('not = { form = "site" }, words = "x"') + TAG], "b", "never tried", id="the same not"),
    pytest.param(['on = "every"\n' + SETS + STOP, when('words = "x"', "later") + TAG], "b", "never tried", id="every letter, then later ones"),
    pytest.param(["since = 2026-01-01\n" + SETS + STOP, "since = 2026-02-01\nuntil = 2026-03-01\n" + TAG], "b", "never tried", id="days within days"),
    pytest.param(["since = 2026-02-01\nuntil = 2026-02-01\n" + SETS + STOP, "since = 2026-02-01\nuntil = 2026-02-01\n" + TAG], "b", "never tried", id="the same day"),
    pytest.param(["since = 2026-01-01\nuntil = 2026-04-01\n" + SETS + STOP, "since = 2026-02-01\nuntil = 2026-03-01\n" + TAG], "b", "never tried", id="days within days that end"),
    pytest.param([SETS, when('category = "outage", words = "x"') + SETS + STOP, when('words = "x", category = "outage"') + TAG], "c", f"{ORG}.rule.b (config.toml:", id="a category that cannot have changed between"),
    pytest.param([when('words = "x"') + 'then = { category = "outage", team = "t" }\n'.replace(', team = "t"', ', severity = "critical"'), when('words = "x", level = "gold"') + SETS.replace("outage", "question")], "b", f"always set by {ORG}.rule.a (config.toml:", id="a category too late"),
    pytest.param(['then = { category = "outage" }\n', 'then = { severity = "critical" }\n', when('words = "x"') + 'then = { category = "question", severity = "critical" }\n'], "c", f") and {ORG}.rule.b (config.toml:", id="set by two"),
    pytest.param(['then = { refuse = "foreign" }\n', when('words = "x"') + 'then = { postpone = "unclear" }\n'], "b", "always set", id="refused before it is put off"),
    pytest.param(['then = { tags = ["x", "y"], notify = "ivanov", hint = "h", category = "outage" }\n', when('words = "x"') + 'then = { tags = "y", notify = "ivanov", hint = "h", category = "question" }\n'], "b", "without effect", id="nothing new is gathered"),
    pytest.param([when('check = "vague"') + TAG, when('check = "vague", words = "x"') + TAG], "b", "without effect", id="a check of which agents have heard"),
    pytest.param([TAG, when('check = "abuse"') + TAG], "b", "without effect", id="a check of which agents hear anyway"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "late", "words"), LATE)
def test_a_rule_that_comes_too_late(problems: ProblemsOf, rules: list[str], late: str, words: str) -> None:
    """It is told at the rule, with the one that comes first and its line."""
    (problem,) = problems(desk(*rules))
    assert f"{ORG}.rule.{late}" == problem.key
    assert words in str(problem)


def test_only_what_is_needed_is_told(problems: ProblemsOf) -> None:
    """Of two rules that set the same the first is named."""
    both = 'then = { category = "question", severity = "critical" }\n'
    (problem,) = problems(desk(SETS, both, when('words = "x"') + SETS))
    assert f"{ORG}.rule.a" in problem.found
    assert f"{ORG}.rule.b" not in problem.found


FINE = [
    pytest.param([when('words = "x"') + SETS + STOP, when('words = "y"') + TAG], id="other words"),
    pytest.param([when('words = "x"') + SETS + STOP, when('words = ["x", "y"]') + TAG], id="more words"),
    pytest.param([when('subject_words = "x"') + SETS + STOP, when('words = "x"') + TAG], id="words in a wider place"),
    pytest.param([when('level = "gold"') + SETS + STOP, TAG], id="for all, second"),
    pytest.param([when('from = "a@x.example"') + SETS + STOP, when('from = "@x.example"') + TAG], id="a domain, second"),
    pytest.param([when('from = "@x.example"') + SETS + STOP, when('from = "a@sub.x.example"') + TAG], id="a domain below it"),
    pytest.param([when('attachment_types = "pdf"') + SETS + STOP, when("attachments = true") + TAG], id="any files, second"),
    pytest.param([SETS + STOP, 'on = "every"\n' + TAG], id="later letters"),
    pytest.param(["until = 2026-01-31\n" + SETS + STOP, "until = 2026-02-01\n" + TAG], id="one day more"),
    pytest.param(["since = 2026-01-02\n" + SETS + STOP, "since = 2026-01-01\n" + TAG], id="one day before"),
    pytest.param(["enabled = false\n" + SETS + STOP, when('words = "x"') + TAG], id="the first is disabled"),
    pytest.param([SETS + STOP, "enabled = false\n" + TAG], id="the second is disabled"),
    pytest.param([SETS, when('words = "x"') + TAG], id="another field"),
    pytest.param([SETS, when('words = "x"') + SETS + STOP], id="what stops matters"),
    pytest.param([SETS, when('words = "x"') + 'then = { category = "question", tags = "t" }\n'], id="one more tag"),
    pytest.param(['then = { hint = "h" }\n', when('words = "x"') + 'then = { hint = "hh" }\n'], id="another hint"),
    pytest.param(['then = { notify = "ivanov" }\n', when('words = "x"') + TAG], id="somebody told, and a tag"),
    pytest.param([TAG, when('check = "vague"') + TAG], id="agents hear of a check"),
    pytest.param([SETS, when('category = "outage"') + TAG], id="a category that is set"),
    pytest.param([SETS, when('not = { category = "outage" }') + TAG], id="a category that is usually set"),
    pytest.param([TAG, when('tag = "x"') + SETS], id="a tag that is set"),
    pytest.param([when('category = "outage"', "later") + TAG], id="the category of a request"),
    pytest.param([when('category = "outage"', "every") + TAG], id="the category of a request that there may be"),
    pytest.param([when('not = { category = "outage" }', "every") + 'then = { category = "outage" }\nstop = true\n', when('not = { category = "outage" }, words = "x"', "every") + TAG][:1], id="not yet set"),
    pytest.param([when('category = "question"', "every") + SETS, when('words = "x"') + SETS, when('category = "outage"', "every") + TAG + STOP, when('category = "outage", words = "x"', "every") + SETS.replace("category", "severity").replace("outage", "critical")][:3], id="categories that change"),
    pytest.param([when('not = { tag = "x" }', "every") + 'then = { severity = "critical" }\n', 'on = "every"\n' + TAG, when('not = { tag = "x" }', "every") + 'then = { severity = "critical", hint = "h" }\n'], id="tags that come between"),
    pytest.param([when('not = { client = "a" }') + TAG], id="clients are not known"),
    pytest.param([when('to = ["a@x.example"], not = { to = "b@x.example" }') + TAG], id="to one and not the other"),
    pytest.param([when('to = ["a@x.example", "c@x.example"], not = { to = "a@x.example" }') + TAG], id="to one of two and not the other"),
    pytest.param([when('from = "@x.example", all = [{ from = "b@x.example" }]') + TAG], id="from a domain and one in it"),
    pytest.param([when('from = "@x.example", not = { from = "b@x.example" }') + TAG], id="from all but one"),
    pytest.param([when("matches = 'a', not = { matches = 'b' }") + TAG], id="patterns that differ"),
    pytest.param([when('all = [{ words = "x" }, { words = "y" }]') + TAG], id="words and other words"),
    pytest.param([when('in_hours = "special"') + TAG], id="hours of a single day"),
    pytest.param([when('in_hours = "office", out_of_hours = "never"') + TAG], id="two calendars"),
]  # fmt: skip


@pytest.mark.parametrize("rules", FINE)
def test_a_rule_that_may_matter(problems: ProblemsOf, rules: list[str]) -> None:
    """Nothing is told of it."""
    assert problems(desk(*rules)) == []


def test_two_keys_of_one_letter_are_possible_at_first() -> None:
    """An empty question is possible, and a value that does not exist is not."""
    assert is_possible(World({}))
    assert not is_possible(World({"level": frozenset({"b"})}).also([Fact("level", frozenset({"a"}))]))


# ── against brute force ──────────────────────────────────────────────────────────────────────────────────────────────


def rulings(rules: Mapping[str, object]) -> list[Ruling]:
    organization = organization_of(rules)
    loaded = load_rules(organization, calendars_of(organization))
    return [replace(apply_rules(loaded, letter), trials=(), by={}) for letter in LETTERS]


@settings(max_examples=300, deadline=None)
@given(rule_sets())
def test_what_is_reported_never_matters(rules: dict[str, dict[str, Any]]) -> None:
    """No letter of a small world is treated differently without a rule that is reported."""
    config = Config.model_construct(organization={"acme": organization_of(rules)})
    reported = {problem.key.split(".")[3] for check in GAPS for problem in check(config, Sources())}
    if reported:
        expected = rulings(rules)
        for name in reported:
            assert expected == rulings({key: rule for key, rule in rules.items() if key != name})
