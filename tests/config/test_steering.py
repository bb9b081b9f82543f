"""Rules, grounds, teams, units, offers, checklists and FAQ that do not fit together are told, at their line, with what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.errors import Problem
from tests.config.conftest import GOOD

ProblemsOf = Callable[..., list[Problem]]
ORG = "organization.acme"
SERVICE = f"{ORG}.service.code"

DESK = (
    GOOD.replace('name = "Acme"\n', 'name = "Acme"\ntemplates = "templates"\n')
    + """
[organization.acme.agent.petrova]
name = "Петрова"
address = "petrova@acme.example"

[organization.acme.calendar.office.week]
mon-fri = "09:00-18:00"

[organization.acme.form.site]
sender = "form@acme.example"

[organization.acme.level.gold]
name = "Gold"

[organization.acme.category.outage]
name = "Авария"
ask = ["version", "contract"]

[organization.acme.severity.critical]
name = "Critical"

[organization.acme.team.second]
name = "Second line"
agents = ["ivanov"]

[organization.acme.ground.foreign]
name = "Не наша программа"

[organization.acme.ground.unclear]
name = "Непонятно"
effect = "postpone"

[organization.acme.unit.lawyers]
name = "Юристы"
address = "law@elsewhere.example"

[organization.acme.unit.inside]
name = "Вторая линия"
team = "second"

[organization.acme.offer.setup]
name = "Настройка"
price = 2500
per = "hour"

[organization.acme.missing.contract]
text = "номер договора"
there = { matches = '№ ?\\d+' }

[organization.acme.faq.password]
title = "Как сменить пароль"
url = "https://acme.example/password"

[organization.acme.rule.outage]
when = { words = "не работает", mailbox = "support", level = "gold", in_hours = "office" }
then = { category = "outage", severity = "critical", agent = "ivanov", team = "second", notify = ["petrova", "second"] }

[organization.acme.rule.foreign]
when = { any = [{ form = "site" }, { not = { words = "Acme" } }], subject_words = "чужая" }
then = { refuse = "foreign", faq = "password", template = "short" }

[organization.acme.rule.unclear]
when = { check = "vague" }
then = { postpone = "unclear", ask = ["steps", "contract"], offer = "setup", route = "lawyers", level = "gold" }

[organization.acme.rule.again]
on = "later"
when = { category = "outage", words = "до сих пор" }
then = { tags = "again" }

[organization.acme.service.code]
name = "Написание кода"
included = { gold = "no" }
outside = { offer = "setup" }
"""
)
OUTAGE, FOREIGN, UNCLEAR, AGAIN = (f"{ORG}.rule.{name}" for name in ("outage", "foreign", "unclear", "again"))
WORDS = 'words = "не работает"'
STEPS = 'ask = ["steps", "contract"]'
DEEP = "{ not = " * 10 + '{ words = "x" }' + " }" * 10


@pytest.fixture
def problems(in_folder: Path, problems_of: ProblemsOf) -> ProblemsOf:
    """Like `problems_of`, with a folder of templates that has the variant `short`."""
    (in_folder / "templates" / "variant" / "short").mkdir(parents=True)
    return problems_of


def table(name: str, text: str) -> str:
    return f"\n[{ORG}.{name}]\n{text}\n"


def rule(text: str, name: str = "more") -> str:
    return table(f"rule.{name}", text)


# (what is replaced, by what; key; words). "$" stands for the end of the file.
CASES = [
    # names that nothing defines
    pytest.param('mailbox = "support"', 'mailbox = "suport"', f"{OUTAGE}.when.mailbox.0", 'Did you mean "support"?', id="unknown mailbox"),
    pytest.param('{ form = "site" }', '{ form = "sites" }', f"{FOREIGN}.when.any.0.form.0", 'Did you mean "site"?', id="unknown form"),
    pytest.param('level = "gold", in', 'level = ["gold", "goldd"], in', f"{OUTAGE}.when.level.1", 'Did you mean "gold"?', id="unknown level"),
    pytest.param('{ category = "outage", words', '{ category = "outages", words', f"{AGAIN}.when.category.0", 'Did you mean "outage"?', id="unknown category"),
    pytest.param("$", rule('on = "later"\nwhen = { severity = "low" }\nthen = { tags = "x" }'), f"{ORG}.rule.more.when.severity.0", "there is critical", id="unknown severity"),
    pytest.param('in_hours = "office"', 'in_hours = "offise"', f"{OUTAGE}.when.in_hours", 'Did you mean "office"?', id="unknown calendar"),
    pytest.param('in_hours = "office"', 'out_of_hours = "night"', f"{OUTAGE}.when.out_of_hours", f"[{ORG}.calendar.night]", id="unknown calendar of the other hours"),
    pytest.param('{ not = { words = "Acme" } }', '{ not = { level = "silver" } }', f"{FOREIGN}.when.any.1.not.level.0", "there is gold", id="unknown level deep inside"),
    pytest.param("there = { matches = '№ ?\\d+' }", 'there = { all = [{ level = "silver" }] }', f"{ORG}.missing.contract.there.all.0.level.0", "there is gold", id="unknown level in what is looked for"),
    pytest.param('then = { category = "outage"', 'then = { category = "outrage"', f"{OUTAGE}.then.category", 'Did you mean "outage"?', id="unknown category to set"),
    pytest.param('severity = "critical", agent', 'severity = "low", agent', f"{OUTAGE}.then.severity", "there is critical", id="unknown severity to set"),
    pytest.param('agent = "ivanov", team', 'agent = "ivanoff", team', f"{OUTAGE}.then.agent", 'Did you mean "ivanov"?', id="unknown agent"),
    pytest.param('team = "second", notify', 'team = "first", notify', f"{OUTAGE}.then.team", "there is second", id="unknown team"),
    pytest.param('notify = ["petrova", "second"]', 'notify = ["petrova", "third"]', f"{OUTAGE}.then.notify.1", "there is ivanov, petrova, second", id="unknown people to tell"),
    pytest.param('refuse = "foreign"', 'refuse = "foreigner"', f"{FOREIGN}.then.refuse", 'Did you mean "foreign"?', id="unknown ground"),
    pytest.param('postpone = "unclear"', 'postpone = "uncle"', f"{UNCLEAR}.then.postpone", 'Did you mean "unclear"?', id="unknown ground for putting off"),
    pytest.param('faq = "password"', 'faq = ["password", "pasword"]', f"{FOREIGN}.then.faq.1", 'Did you mean "password"?', id="unknown answer"),
    pytest.param(STEPS, 'ask = ["steps", "contact", "kontrakt"]', f"{UNCLEAR}.then.ask.2", 'Did you mean "contract"?', id="unknown item"),
    pytest.param('offer = "setup"', 'offer = "set_up"', f"{UNCLEAR}.then.offer", 'Did you mean "setup"?', id="unknown offer"),
    pytest.param('route = "lawyers"', 'route = "lawyer"', f"{UNCLEAR}.then.route", 'Did you mean "lawyers"?', id="unknown unit"),
    pytest.param('level = "gold" }\n\n[organization.acme.rule.again]', 'level = "silver" }\n\n[organization.acme.rule.again]', f"{UNCLEAR}.then.level", "there is gold", id="unknown level to set"),
    pytest.param('template = "short"', 'template = "long"', f"{FOREIGN}.then.template", "there is short", id="unknown variant"),
    pytest.param('ask = ["version", "contract"]', 'ask = ["versions", "contract"]', f"{ORG}.category.outage.ask.0", 'Did you mean "version"?', id="unknown item of a category"),
    pytest.param('agents = ["ivanov"]', 'agents = ["ivanov", "sidorov"]', f"{ORG}.team.second.agents.1", f"[{ORG}.agent.sidorov]", id="unknown agent of a team"),
    pytest.param('team = "second"\n\n[organization.acme.offer', 'team = "first"\n\n[organization.acme.offer', f"{ORG}.unit.inside.team", "there is second", id="unknown team of a unit"),
    pytest.param("$", rule('enabled = false\nthen = { category = "x" }'), f"{ORG}.rule.more.then.category", "there is outage", id="unknown category of a disabled rule"),
    # rules that contradict themselves
    pytest.param('refuse = "foreign"', 'refuse = "unclear"', f"{FOREIGN}.then.refuse", 'Write postpone = "unclear" here', id="refused by a ground for putting off"),
    pytest.param('postpone = "unclear"', 'postpone = "foreign"', f"{UNCLEAR}.then.postpone", 'effect = "refuse" (config.toml:', id="put off by a ground for refusing"),
    pytest.param('refuse = "foreign"', 'refuse = "foreign", postpone = "unclear"', f"{FOREIGN}.then.postpone", "beside `refuse`", id="refused and put off"),
    pytest.param('then = { tags = "again" }', "", f"{AGAIN}.then", "or stop = true", id="nothing follows"),
    *[
        pytest.param('then = { tags = "again" }', f"then = {{ {key} = {value} }}", f"{AGAIN}.then.{key}", "where a request is opened", id=f"{key} later")
        for key, value in (
            ("ask", '"steps"'), ("faq", '"password"'), ("level", '"gold"'), ("offer", '"setup"'), ("priority", '"first"'),
            ("route", '"lawyers"'), ("template", '"short"'),
        )
    ],
    pytest.param("$", rule('since = 2026-12-31\nuntil = 2026-12-30\nwhen = { words = "x" }\nthen = { tags = "x" }'), f"{ORG}.rule.more.until", "before `since` (2026-12-31)", id="days of a rule"),
    pytest.param("$", rule(f"when = {{ words = 'x', not = {DEEP} }}\nthen = {{ tags = 'x' }}"), f"{ORG}.rule.more.when{'.not' * 11}", "at most 10 of", id="conditions too deep"),
    pytest.param('{ form = "site" }', "{}", f"{FOREIGN}.when.any.0", "true of every letter", id="empty condition among others"),
    pytest.param('{ not = { words = "Acme" } }', "{ not = {} }", f"{FOREIGN}.when.any.1.not", "true of every letter", id="not an empty condition"),
    pytest.param("$", rule("when = { not = {} }\nthen = { tags = 'x' }"), f"{ORG}.rule.more.when.not", "true of every letter", id="nothing but a not"),
    pytest.param("$", rule("when = { level = 'gold' }", "b"), f"{ORG}.rule.b.then", "nothing, and no", id="nothing follows of a level"),
    pytest.param("$", rule("when = { all = [{ words = 'x' }, {}] }\nthen = { tags = 'x' }"), f"{ORG}.rule.more.when.all.1", "what is looked for", id="empty condition among all"),
    pytest.param("there = { matches = '№ ?\\d+' }", "there = {}", f"{ORG}.missing.contract.there", "true of every letter", id="item that every letter has"),
    # the rest of the catalogue
    pytest.param('title = "Как сменить пароль"\nurl = "https://acme.example/password"', 'title = "Как сменить пароль"', f"{ORG}.faq.password", 'Add url = "https://…"', id="answer without an answer"),
    pytest.param("$", table("faq.more", 'title = "как  сменить ПАРОЛЬ"\nanswer = "Так."'), f"{ORG}.faq.more.title", f"{ORG}.faq.password.title (config.toml:", id="two answers of one title"),
    pytest.param("$", table("faq.more", 'title = "Password"\nanswer = "Так."'), f"{ORG}.faq.more.title", f"[{ORG}.faq.password] is called", id="title that is another one's id"),
    pytest.param("$", table("faq.more", 'title = "x"\nanswer = "Так."\nsince = 2026-12-31\nuntil = 2026-12-30'), f"{ORG}.faq.more.until", "before `since`", id="days of an answer"),
    *[
        pytest.param("$", table(f"{kind}.more", text), f"{ORG}.{kind}.more.name", "has too", id=f"two of a name: {kind}")
        for kind, text in (
            ("ground", 'name = "не наша программа"'), ("team", 'name = "Second Line"\nagents = "ivanov"'),
            ("unit", 'name = "юристы"\nteam = "second"'), ("offer", 'name = "НАСТРОЙКА"'), ("service", 'name = "написание кода"'),
        )
    ],
    # the table of services
    pytest.param('{ gold = "no" }', '{ glod = "no" }', f"{SERVICE}.included.glod", 'Did you mean "gold"?', id="cell of an unknown level"),
    pytest.param('{ gold = "no" }', '{ gold = "maybe" }', f"{SERVICE}.included.gold", '"person"', id="cell that says something else"),
    pytest.param('{ offer = "setup" }', '{ offer = "stup" }', f"{SERVICE}.outside.offer", 'Did you mean "setup"?', id="unknown work where it is not included"),
    pytest.param('{ offer = "setup" }', '{ refuse = "foreing" }', f"{SERVICE}.outside.refuse", 'Did you mean "foreign"?', id="unknown ground where it is not included"),
    pytest.param('{ offer = "setup" }', '{ route = "lawers" }', f"{SERVICE}.outside.route", 'Did you mean "lawyers"?', id="unknown unit where it is not included"),
    pytest.param('{ offer = "setup" }', '{ refuse = "unclear" }', f"{SERVICE}.outside.refuse", 'effect = "refuse"', id="put off where it is not included"),
    pytest.param('{ offer = "setup" }', '{ offer = "setup", route = "lawyers" }', f"{SERVICE}.outside.route", "one of `offer`, `refuse` and `route`", id="two things follow"),
    pytest.param('{ offer = "setup" }', "{}", f"{SERVICE}.outside", "delete the line", id="nothing follows of an outside"),
    pytest.param("$", rule("when = { words = 'x' }\nthen = { service = 'coed' }"), f"{ORG}.rule.more.then.service", 'Did you mean "code"?', id="unknown service of a rule"),
    pytest.param("$", table("ground.more", 'name = "Unclear"'), f"{ORG}.ground.more.name", f"[{ORG}.ground.unclear] is called", id="name that is another ground's id"),
    pytest.param("$", table("team.ivanov", 'name = "Team"\nagents = "ivanov"'), f"{ORG}.team.ivanov", f"{ORG}.agent.ivanov (config.toml:", id="team called as an agent is"),
    pytest.param("$", table("ground.more", 'name = "x"\nwait = "release"'), f"{ORG}.ground.more.wait", 'effect = "postpone"', id="refused requests wait for nothing"),
    pytest.param("price = 2500", 'price = "2500 руб"', f"{ORG}.offer.setup.price", "Write it in this form", id="price that cannot be read, told once"),
    pytest.param('price = 2500\nper = "hour"', 'per = "hour"', f"{ORG}.offer.setup.per", "Add price", id="price per hour without a price"),
    pytest.param('text = "номер договора"\n', "", f"{ORG}.missing.contract.text", "contact, screenshot, steps, version", id="item without words"),
    pytest.param('address = "law@elsewhere.example"', "", f"{ORG}.unit.lawyers", "neither `team` nor `address`", id="unit without anybody"),
    pytest.param('address = "law@elsewhere.example"', 'address = "law@elsewhere.example"\nteam = "second"', f"{ORG}.unit.lawyers.address", "make two units", id="unit with two ways"),
    pytest.param("law@elsewhere.example", "Support@acme.example", f"{ORG}.unit.lawyers.address", f"{ORG}.mailbox.support.address (config.toml:", id="passed on to ourselves"),
    pytest.param("$", table("asking", 'give_up = "3d"'), f"{ORG}.asking.give_up", 'remind = "0s"', id="given up before the reminder"),
    pytest.param("$", table("asking", 'remind = "2w"'), f"{ORG}.asking.remind", "remind = 2w and give_up = 2w", id="reminder when it is given up"),
    pytest.param("$", table("attachments", 'max_size = "6MB"\nmax_total = "5.5MB"'), f"{ORG}.attachments.max_size", "6MB, more than all files together may have (5.5MB)", id="one file larger than all"),
    pytest.param("$", table("attachments", 'types = ["pdf", "image"]\nrefused = ["exe", ".PDF"]'), f"{ORG}.attachments.refused.1", '"pdf", which `types` takes', id="taken and refused"),
    pytest.param("$", table("attachments", 'types = ["pdf", "archive"]\narchives = "refuse"'), f"{ORG}.attachments.archives", 'archives = "look"', id="archives taken and refused"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), CASES)
def test_what_does_not_fit_together(problems: ProblemsOf, *, old: str, new: str, key: str, words: str) -> None:
    """Each contradiction is told once, at the key to change, with its file and line."""
    text = DESK + new if old == "$" else DESK.replace(old, new, 1)
    assert text != DESK
    (problem,) = problems(text)
    assert (key, "config.toml") == (problem.key, problem.file)
    assert problem.line is not None
    assert words in str(problem)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("$", "", id="as it is"),
        pytest.param('included = { gold = "no" }\noutside = { offer = "setup" }', "", id="a row without cells"),
        pytest.param("$", rule("when = { words = 'x' }\nthen = { service = 'code' }"), id="a rule that names a service"),
        pytest.param('level = "gold", in', 'client = "nobody", in', id="clients may be in the register alone"),
        pytest.param("$", rule("stop = true\nwhen = { words = 'x' }"), id="a rule that only stops"),
        pytest.param('then = { tags = "again" }', 'then = { severity = "critical", agent = "ivanov", team = "second", notify = "petrova", hint = "x", postpone = "unclear" }', id="what further letters change"),
        pytest.param("$", rule("since = 2026-12-31\nuntil = 2026-12-31\nwhen = { words = 'x' }\nthen = { tags = 'x' }"), id="a rule of one day"),
        pytest.param("$", rule(f"when = {DEEP}\nthen = {{ tags = 'x' }}"), id="conditions just deep enough"),
        pytest.param("$", table("missing.version", 'there = { matches = "8\\\\.3" }'), id="a known item with a look of its own"),
        pytest.param("$", table("ground.more", 'name = "Later"\neffect = "postpone"\nwait = "release"'), id="put off for a release"),
        pytest.param("$", table("ground.more", 'name = "more"'), id="a name that is its own id"),
        pytest.param("$", table("ground.second", 'name = "Юристы"'), id="names are told apart in each table"),
        pytest.param("$", table("asking", 'remind = "0s"\ngive_up = "1d"'), id="no reminder"),
        pytest.param("$", table("asking", 'remind = "30d"\ngive_up = "0s"'), id="never given up"),
        pytest.param("$", table("attachments", 'max_size = "5MB"\nmax_total = "5MB"\ntypes = "pdf"\narchives = "refuse"'), id="files that are taken"),
        pytest.param("law@elsewhere.example", "support+law@acme.example", id="a subaddress that is not ours"),
        pytest.param("$", '\n[organization.other]\nname = "Other"\nnumber_prefix = "O"\n[organization.other.mailbox.support]\naddress = "o@other.example"\n[organization.other.mailbox.support.maildir]\npath = "box"\n[organization.other.ground.foreign]\nname = "Не наша программа"\n', id="two organisations have grounds of one name"),
    ],
)  # fmt: skip
def test_what_fits_together(problems: ProblemsOf, in_folder: Path, *, old: str, new: str) -> None:
    """What an admin may well mean is no problem."""
    for part in ("new", "cur", "tmp"):
        (in_folder / "box" / part).mkdir(parents=True)
    text = DESK + new if old == "$" else DESK.replace(old, new, 1)
    assert text != DESK or not new
    assert problems(text) == []


def test_a_subaddress_of_ours_is_no_unit(problems: ProblemsOf) -> None:
    """What is passed on to support+law@… comes back to us where the mailbox has subaddresses."""
    text = DESK.replace("law@elsewhere.example", "support+law@acme.example")
    text = text.replace('address = "support@acme.example"\n', 'address = "support@acme.example"\nsubaddress = true\n')
    (problem,) = problems(text)
    assert problem.key == f"{ORG}.unit.lawyers.address"


def test_variants_want_a_folder(problems_of: ProblemsOf) -> None:
    """A rule that names a variant is told what folder it means, once."""
    (problem,) = problems_of(DESK.replace('templates = "templates"\n', ""))
    assert problem.key == f"{FOREIGN}.then.template"
    assert 'Add templates = "templates"' in problem.remedy
    (problem,) = problems_of(DESK)
    assert problem.key == f"{ORG}.templates"  # the folder itself is absent, nothing else is told
