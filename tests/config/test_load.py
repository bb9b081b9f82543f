"""One broken key, one problem: its file, line, key, and words that tell how to mend it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.errors import ConfigError, Problem
from tests.config.conftest import GOOD

ProblemsOf = Callable[..., list[Problem]]
IMAP = "organization.acme.mailbox.support.imap"
MAILBOX = "organization.acme.mailbox.support"


def test_a_good_configuration_loads(in_folder: Path) -> None:
    """Paths become absolute, counted from the folder of config.toml; the files read are named."""
    Path("config.toml").write_text(GOOD, "utf-8")
    loaded = load_config(Path("config.toml"))
    assert (in_folder, (in_folder / "config.toml",)) == (loaded.base, loaded.files)
    assert in_folder / "data" == loaded.config.data_dir
    assert loaded.config.organization["acme"].agent["ivanov"].name == "Иванов"


def test_a_secret_file_is_counted_from_the_folder(in_folder: Path) -> None:
    """A relative secret file does not depend on where maild is started."""
    (in_folder / "etc").mkdir()
    (in_folder / "etc" / "config.toml").write_text(
        GOOD.replace('env = "IMAP_PASSWORD"', 'file = "secrets/imap"'), "utf-8"
    )
    imap = load_config(Path("etc/config.toml")).config.organization["acme"].mailbox["support"].imap
    assert imap is not None
    assert imap.password is not None
    assert in_folder / "etc" / "secrets" / "imap" == imap.password.file


SITE = "organization.acme.form.site"
# (what is replaced, by what, line, key, words that must be told)
SHAPE = [
    pytest.param('name = "Acme"', 'nmae = "Acme"', 5, "organization.acme.nmae", "Did you mean `name`?", id="unknown key"),
    pytest.param('name = "Acme"', 'name = "Acme"\nqqq = 1', 6, "organization.acme.qqq", "there is accounting, agent, ", id="foreign key"),
    pytest.param('name = "Acme"', "", 4, "organization.acme.name", 'Add name = "The example company"', id="missing key"),
    pytest.param('name = "Acme"', "name = 7", 5, "organization.acme.name", "expected text in quotes", id="number for text"),
    pytest.param('name = "Acme"', 'name = "A\\nB"', 5, "organization.acme.name", "one line of text", id="line end in a name"),
    pytest.param('name = "Acme"', 'name = ""', 5, "organization.acme.name", "must not be empty", id="empty name"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\nport = "25"', 3, "smtp.port", "a whole number", id="text for a number"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\nport = 0', 3, "smtp.port", "a number from 1 to 65535", id="number too small"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\nport = true', 3, "smtp.port", "found true", id="true for a number"),
    pytest.param('"smtp.example.org"', '"smtp.example.org:25"', 2, "smtp.host", "a key of its own, `port`", id="port in the host"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\ntimeout = 30', 3, "smtp.timeout", 'such as "30s"', id="duration without unit"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\ntimeout = "0s"', 3, "smtp.timeout", "more than 0s", id="no duration"),
    pytest.param(
        '"smtp.example.org"', '"smtp.example.org"\nretry_for = "999999999w"', 3, "smtp.retry_for", "at most 521w3d", id="for ever"
    ),
    pytest.param(
        'name = "Acme"', 'name = "Acme"\nrepeats.window = "999w"', 6, "organization.acme.repeats.window", "from 0s to 521w3d", id="span"
    ),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\nsecurity = "tsl"', 3, "smtp.security", 'Did you mean "tls"?', id="choice"),
    pytest.param('"smtp.example.org"', '"smtp.example.org"\nca_file = "~/ca"', 3, "smtp.ca_file", 'without "~"', id="home folder"),
    pytest.param('username = "support"', 'username = "support"\nidle = "yes"', 13, f"{IMAP}.idle", "true or false", id="text for a yes"),
    pytest.param('username = "support"', 'username = "support"\nfolders = "INBOX"', 13, f"{IMAP}.folders", "a list", id="text for a list"),
    pytest.param('username = "support"', 'username = "support"\nfolders = []', 13, f"{IMAP}.folders", "an empty list", id="empty list"),
    pytest.param(
        'username = "support"', 'username = "support"\nfolders = [\n"INBOX",\n3]', 15, f"{IMAP}.folders.1", "text in quotes", id="element"
    ),
    pytest.param(
        'username = "support"', 'username = "support"\nmax_size = "50 Mb"', 13, f"{IMAP}.max_size", 'such as "50MB"', id="size"
    ),
    pytest.param('username = "support"', "username = \"support\"\nflag = 'a b'", 13, f"{IMAP}.flag", "an IMAP flag", id="flag"),
    pytest.param(
        '"support@acme.example"', '"Us <support@acme.example>"', 8, f"{MAILBOX}.address", "a bare mail address", id="display name"
    ),
    pytest.param(
        'name = "Acme"', 'name = "Acme"\nzone = "Moscow"', 6, "organization.acme.zone", "an IANA time zone", id="zone"
    ),
    pytest.param(
        'name = "Acme"', 'name = "Acme"\nnumber_prefix = "ац"', 6, "organization.acme.number_prefix", "capital Latin", id="prefix"
    ),
    pytest.param("agent.ivanov", "agent.'Иванов'", 15, "organization.acme.agent.Иванов", "a short name", id="table name"),
    pytest.param('[smtp]\nhost = "smtp.example.org"', "smtp = 3", 1, "smtp", "Open it with a line [smtp]", id="number for a table"),
    pytest.param("[smtp]", "[log]\ndata_dir = 'x'\n[smtp]", 2, "log.data_dir", "at the top of config.toml", id="key below a header"),
    pytest.param('name = "Acme"', 'name = "Acme"\npoll = "1m"', 6, "organization.acme.poll", "in [organization.<id>", id="key elsewhere"),
    pytest.param("[smtp]", "[log]\ninclude = []\n[smtp]", 2, "log.include", "at the top of a file", id="include elsewhere"),
    pytest.param(
        "[organization.acme.m", "[organization.acme.form.site]\nsubject = 'x'\n[organization.acme.m", 7, f"{SITE}.sender", 'Add sender = "noreply@example.org"', id="form without a sender"
    ),
    pytest.param(
        "[organization.acme.m", "[organization.acme.form.site]\nsender = 'site'\n[organization.acme.m", 8, f"{SITE}.sender.0", "a bare mail address", id="sender"
    ),
    pytest.param(
        "[organization.acme.m", "[organization.acme.form.site]\nsender = 'a@b.example'\nlabels.mesage = 'x'\n[organization.acme.m", 9, f"{SITE}.labels.mesage", "Did you mean `message`?", id="label"
    ),
    pytest.param(
        "[organization.acme.m", "[organization.acme.form.site]\nsender = 'a@b.example'\nlabels.name = []\n[organization.acme.m", 9, f"{SITE}.labels.name", "an empty list", id="no label"
    ),
    pytest.param(
        "[organization.acme.m",
        "[organization.acme.form.site]\nsender = []\n[organization.acme.m",
        8,
        f"{SITE}.sender",
        'Write sender = "noreply@example.org"',
        id="no sender",
    ),
    pytest.param(
        'name = "Acme"', 'name = "Acme"\nnotifiers = ["monitor"]', 6, "organization.acme.notifiers.0", '"@example.org" for a whole domain', id="notifier"
    ),
    *[
        pytest.param("$", f"[organization.acme.{text}", line, f"organization.acme.{key}", words, id=name)
        for name, text, line, key, words in (
            ("hours over midnight", 'calendar.c.week]\nmon = ["09:00-10:00",\n"22:00-06:00"]', 21, "calendar.c.week.mon.1", '"22:00-24:00" and "00:00-06:00"'),
            ("no weekday", "calendar.c.week]\nmonday = '09:00-10:00'", 20, "calendar.c.week.monday", "Rename the key."),
            ("no date as a key", "calendar.c.days]\n2026-02-29 = 'off'", 20, "calendar.c.days.2026-02-29", "that the calendar has"),
            ("no rule for a day", "calendar.c.days]\n2026-12-31 = 'closed'", 20, "calendar.c.days.2026-12-31", '"off", "working"'),
            ("hours for a week", "calendar.c]\nweek = '09:00-10:00'", 20, "calendar.c.week", "Open it with a line [organization.acme.calendar.c.week]"),
            ("unknown key of a calendar", "calendar.c]\nweeks = 1", 20, "calendar.c.weeks", "Did you mean `week`?"),
            ("country in small letters", "calendar.c]\nholidays = 'ru'", 20, "calendar.c.holidays", 'in capitals such as "RU"'),
            ("too much shorter", "calendar.c]\nshorten_before_holidays = '13h'", 20, "calendar.c.shorten_before_holidays", 'found "13h", expected from 0s to 12h'),
            ("date with a time", "calendar.c]\nconfirmed_until = 2026-12-31T00:00:00", 20, "calendar.c.confirmed_until", "a date without quotes"),
            ("negative duration", "target.t]\nuntil = 'answered'\nmode = 'none'\nwithin = '-5m'", 22, "target.t.within", "a duration in quotes"),
            ("absurd duration", "target.t]\nuntil = 'answered'\nmode = 'continuous'\nwithin = '9999999h'", 22, "target.t.within", "more than 0s and at most 521w3d"),
            ("no such moment", "target.t]\nmode = 'none'\nuntil = 'solved'", 21, "target.t.until", 'Did you mean "resolved"?'),
            ("no moment", "target.t]\nmode = 'none'", 19, "target.t.until", 'Add until = "answered"'),
            ("no such audience", "target.t]\nmode = 'none'\nuntil = 'answered'\nremind = ['50%',\n{ at = '0', to = 'boss' }]", 23, "target.t.remind.1.to.0", '"agent", "team", "manager" or "head"'),
            ("no such threshold", "target.t]\nmode = 'none'\nuntil = 'answered'\nremind = ['30m']", 22, "target.t.remind.0.at", '"-30m", "+1h", "-1d"'),
            ("number for a reminder", "target.t]\nmode = 'none'\nuntil = 'answered'\nremind = [30]", 22, "target.t.remind.0", "Write it in braces"),
            ("reminder without a time", "target.t]\nmode = 'none'\nuntil = 'answered'\nremind = [{ to = 'agent' }]", 22, "target.t.remind.0.at", "which is required"),
            ("price in words", "accounting]\nprice = '1 500 ₽'", 20, "accounting.price", "without a currency"),
            ("quota of nothing", "quota]\nper_month = 0", 20, "quota.per_month", "1 or more"),
            ("mistyped INN", "client.c]\nname = 'C'\ninn = '7707083894'", 21, "client.c.inn", "one of these digits is mistyped"),
            ("domain without a dot", "client.c]\nname = 'C'\ndomains = 'c'", 21, "client.c.domains.0", "a mail domain"),
            ("contact without an address", "client.c]\nname = 'C'\ncontacts = [{ name = 'A' }]", 21, "client.c.contacts.0.address", "anna@client.example"),
            ("key of a coupon", "client.c]\nname = 'C'\n[[organization.acme.client.c.coupons]]\ncode = 'ABCDE'\nlevle = 'x'", 23, "client.c.coupons.0.levle", "Did you mean `level`?"),
            ("coupon key elsewhere", "client.c]\nname = 'C'\nrenews = 'ABCDE'", 21, "client.c.renews", "in [organization.<id>.client.<id>.coupons.<n>]"),
            ("suspended for no reason", "client.c]\nname = 'C'\nsuspended = true", 21, "client.c.suspended", "text in quotes"),
        )
    ],
    pytest.param("[smtp]", "[database]\nurl = 1979-05-27\n[smtp]", 2, "database.url", "the date or time 1979-05-27", id="date for text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "words"), SHAPE)
def test_one_broken_key(problems_of: ProblemsOf, *, old: str, new: str, line: int, key: str, words: str) -> None:
    """Each mistake is told once, at its line, under its key, with what was found, expected and to be done ("$": at the end)."""
    text = f"{GOOD}\n{new}\n" if old == "$" else GOOD.replace(old, new, 1)
    assert text != GOOD
    (problem,) = problems_of(text)
    assert ("config.toml", line, key) == (problem.file, problem.line, problem.key)
    assert words in str(problem)


SYNTAX = [
    pytest.param("host = “smtp.example.org”", 2, "a typographic quote “", id="smart quotes"),
    pytest.param("host = «smtp.example.org»", 2, "a typographic quote «", id="guillemets"),
    pytest.param('host =\u00a0"smtp.example.org"', 2, "a no-break space", id="no-break space"),
    pytest.param('host = "smtp.example.org', 2, "a text without its closing quote", id="closing quote"),
    pytest.param("host = smtp.example.org", 2, 'Put text, durations and sizes in quotes: "5m".', id="no quotes"),
    pytest.param('host = "a"\ntimeout = 5m', 3, "Put it in quotes.", id="duration without quotes"),
    pytest.param('host = "a"\nidle = True', 3, "Write true or false in small letters.", id="Python's True"),
    pytest.param("host =", 2, 'no value after "="', id="no value"),
    pytest.param("host smtp.example.org", 2, 'a line without "="', id="no equals sign"),
    pytest.param('host = "a" port = 25', 2, "two things on one line", id="two on a line"),
    pytest.param('host = "a"\nflag = "\\Seen"', 3, "Double the backslash", id="backslash"),
    pytest.param('host = "a"\nport = 1\nhost = "b"', 4, "first on line 2", id="key twice"),
    pytest.param('host = "a"\n[smtp]\nport = 1', 3, "first on line 1", id="table twice"),
    pytest.param("x = {a = 1, a = 2}", 2, "first on line 2", id="inline key twice"),
    pytest.param("хост = 1", 2, "Rename the key or the table", id="Cyrillic key"),
    pytest.param("[organization.Ромашка]", 2, "Rename the key or the table", id="Cyrillic table"),
    pytest.param('a = ["x"\n"y"]', 3, "a comma between two elements", id="no comma"),
    pytest.param('a = ["x",', 4, "close the list with ]", id="list left open"),
    pytest.param('a = "b"\nc = """', 18, "the end of the file", id="text left open"),
    pytest.param("a = " + "[" * 5000, 2, "nested too deeply", id="deep"),
    pytest.param("a = \x00", 2, "a control character (U+0000)", id="NUL"),
]


@pytest.mark.parametrize(("text", "line", "words"), SYNTAX)
def test_text_that_is_not_toml(problems_of: ProblemsOf, text: str, line: int | None, words: str) -> None:
    """The sentence speaks of the mistake that people make, not of the parser's state."""
    (problem,) = problems_of(GOOD.replace('host = "smtp.example.org"', text))
    assert words in str(problem)
    assert line == problem.line


@pytest.mark.parametrize("tail", ["x = [1,\n2,", 'x = """\nabc', "x = { a = 1,", "x = ["])
def test_a_half_saved_file(problems_of: ProblemsOf, tail: str) -> None:
    """A file cut in the middle of a value says so and names its last line."""
    (problem,) = problems_of(GOOD + tail)
    assert (GOOD + tail).count("\n") + 1 == problem.line
    assert "save it again" in problem.remedy


@pytest.mark.parametrize(
    ("octets", "line", "words"),
    [
        pytest.param(GOOD.encode("cp1251"), 16, 'Save the file again with the encoding "UTF-8".', id="windows-1251"),
        pytest.param(GOOD.encode("utf-16"), 1, "a file saved as UTF-16", id="UTF-16"),
        pytest.param(b"", None, "an empty file", id="empty"),
        pytest.param(b" \n\t\n", None, "an empty file", id="blank"),
        pytest.param(b"# nothing yet\n", None, "at least one table [organization.<id>]", id="comments only"),
    ],
)
def test_octets_that_are_not_text(problems_of: ProblemsOf, octets: bytes, line: int | None, words: str) -> None:
    """Other encodings and emptied files are named for what they are."""
    (problem,) = problems_of(octets)
    assert line == problem.line
    assert words in str(problem)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(GOOD.replace("\nname =", "\n\tname\t="), id="tabs"),
        pytest.param(GOOD.rstrip(), id="no line end at the end"),
    ],
)
def test_what_editors_do_is_accepted(problems_of: ProblemsOf, text: str) -> None:
    """Marks, line ends and tabs that editors leave behind change nothing."""
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        pytest.param(lambda path: None, "maild init", id="missing"),
        pytest.param(lambda path: path.mkdir(), "a folder", id="folder"),
    ],
)
def test_no_file(in_folder: Path, prepare: Callable[[Path], None], words: str) -> None:
    """A config.toml that cannot be read says what to do instead of a traceback."""
    prepare(Path("config.toml"))
    with pytest.raises(ConfigError, match=words):
        load_config(Path("config.toml"))


def test_all_problems_in_one_go(problems_of: ProblemsOf) -> None:
    """Shape, what does not fit together, and broken files are told together; what is doubtful is not guessed at."""
    text = GOOD.replace('name = "Acme"', 'include = ["agents.toml", "none/*.toml"]\nnmae = 1').replace(
        "ivanov@", "support@"
    )
    problems = problems_of(text, **{"agents.toml": '[agent.petrov]\nname = "П'})
    assert [(problem.file, problem.line, problem.key) for problem in problems] == [
        ("agents.toml", 2, ""),
        ("config.toml", 5, "organization.acme.include"),
        ("config.toml", 6, "organization.acme.nmae"),
        ("config.toml", 18, "organization.acme.agent.ivanov.address"),
    ]


def test_a_missing_key_does_not_hide_the_rest(problems_of: ProblemsOf) -> None:
    """A table that lacks a key is still compared with the others, and nothing is said about what was made up for it."""
    text = GOOD.replace('name = "Acme"', "").replace("ivanov@", "support@").replace('host = "imap.example.org"', "")
    keys = [problem.key for problem in problems_of(text)]
    assert ["organization.acme.name", f"{IMAP}.host", "organization.acme.agent.ivanov.address"] == keys


def test_what_is_made_up_for_missing_keys_never_collides(problems_of: ProblemsOf) -> None:
    """Two mailboxes without an address are two missing keys, not one address twice."""
    sales = "\n[organization.acme.mailbox.sales]\nname = 'x'\n"
    problems = problems_of(GOOD.replace('address = "support@acme.example"', "") + sales)
    assert [f"{MAILBOX}.address", "organization.acme.mailbox.sales.address"] == [problem.key for problem in problems]
