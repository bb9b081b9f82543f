"""What one key says about another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.config.checks import check_secrets
from maild.config.load import load_config
from maild.errors import Problem
from tests.config.conftest import GOOD, write

ProblemsOf = Callable[..., list[Problem]]
MAILBOX = "organization.acme.mailbox.support"
IMAP = f"{MAILBOX}.imap"
SALES = '\n[organization.acme.mailbox.sales]\naddress = "sales@acme.example"\n'
OTHER = '\n[organization.b]\nname = "B"\n[organization.b.mailbox.x]\naddress = "x@b.example"\n'
ADDRESS = '"support@acme.example"'
USER = 'username = "support"\n'
FORM = '\n[organization.acme.form.site]\nsender = "noreply@acme.example"\n'
SITE = "organization.acme.form.site"
DATABASE = '[database]\nurl = "{}"\n\n[smtp]'
PASSWORD = 'password = { env = "IMAP_PASSWORD" }'
OAUTH = """[oauth.mail]
token_url = "https://id.example/token"
client_id = "x"
client_secret = { env = "X" }
"""

CASES = [
    pytest.param("$", SALES.replace("sales@", "Support@"), "organization.acme.mailbox.sales.address", "(config.toml:8)", id="address"),
    pytest.param(
        "$", SALES + 'aliases = ["a@b.c", "support@acme.example"]\n', "organization.acme.mailbox.sales.aliases.1", "two desks", id="alias"
    ),
    pytest.param("ivanov@", "support@", "organization.acme.agent.ivanov.address", "write to itself", id="agent is a mailbox"),
    pytest.param(
        ADDRESS, ADDRESS + '\naliases = ["ivanov@acme.example"]', "organization.acme.agent.ivanov.address", "(config.toml:9)", id="agent is an alias"
    ),
    pytest.param(
        "$",
        '\n[organization.acme.agent.petrov]\nname = "П"\naddress = "Ivanov@acme.example"\n',
        "organization.acme.agent.petrov.address",
        "one address per agent",
        id="two agents, one address",
    ),
    pytest.param("$", '\n[admin]\naddress = "SUPPORT@acme.example"\n', "admin.address", "write to itself", id="admin is a mailbox"),
    pytest.param("$", FORM.replace("noreply", "Support"), f"{SITE}.sender.0", "(config.toml:8)", id="form writes from a mailbox"),
    pytest.param("$", FORM.replace("noreply", "ivanov"), f"{SITE}.sender.0", "no `subject`", id="form writes from an agent"),
    pytest.param("$", FORM.replace('"noreply@acme.example"', '["a@acme.example", "support@acme.example"]'), f"{SITE}.sender.1", "nobody else", id="form's second sender"),
    pytest.param(
        "$", FORM + FORM.replace("site", "shop").replace("noreply", "NoReply"), "organization.acme.form.shop.sender.0", "any subject", id="two forms"
    ),
    pytest.param(
        "$",
        FORM + 'subject = "Заявка"' + FORM.replace("site", "shop") + 'subject = "заявка"\n',
        "organization.acme.form.shop.sender.0",
        'the subject "заявка"',
        id="two forms, one subject",
    ),
    pytest.param("$", FORM + 'labels.email = "Почта"\nlabels.name = ["Имя", "почта:"]\n', f"{SITE}.labels.name.1", "`email` has too", id="label of two fields"),
    pytest.param("[organization.acme.m", 'notifiers = ["a@b.example", "Ivanov@acme.example"]\n[organization.acme.m', "organization.acme.notifiers.1", "machine", id="agent as notifier"),
    pytest.param("[organization.acme.m", 'notifiers = "@Acme.example"\n[organization.acme.m', "organization.acme.notifiers.0", "to which", id="our domain as notifier"),
    pytest.param(USER, USER + 'security = "none"\n', f"{IMAP}.security", "in clear", id="password in clear"),
    pytest.param(USER, USER + 'after = "move"\n', f"{IMAP}.after", "Add move_to", id="move nowhere"),
    pytest.param(USER, USER + 'after = "move"\nmove_to = "inbox"\n', f"{IMAP}.move_to", "read again", id="move in a circle"),
    pytest.param(USER, USER + 'folders = ["INBOX", "Inbox"]\n', f"{IMAP}.folders.1", "two tickets", id="folder twice"),
    pytest.param(USER, "", f"{IMAP}.username", "both", id="no user name"),
    pytest.param("[smtp]", '[smtp]\nusername = "x"', "smtp.password", "both", id="user name alone"),
    pytest.param("[smtp]", '[smtp]\npassword = { env = "X" }', "smtp.username", "both", id="password alone"),
    pytest.param('[smtp]\nhost = "smtp.example.org"', "", f"{MAILBOX}.smtp", "Add a table [smtp]", id="no smtp"),
    pytest.param("[smtp]", '[smtp]\nca_file = "no.pem"', "smtp.ca_file", "no such file", id="no CA file"),
    pytest.param('name = "Acme"', 'name = "Acme"\ntemplates = "t"', "organization.acme.templates", "no such folder", id="no templates"),
    pytest.param("$", "\n[organization.acme.mailbox.support.maildir]\npath = 'm'\n", f"{MAILBOX}.maildir.path", "not a Maildir", id="Maildir"),
    pytest.param(USER, USER + 'sent = ["Sent", "inbox"]\n', f"{IMAP}.sent.1", "each folder of an account", id="sent is read"),
    pytest.param(USER, USER + 'sent = "Sent"\nafter = "move"\nmove_to = "Sent"\n', f"{IMAP}.move_to", "`sent`", id="moved into sent"),
    pytest.param("$", OTHER, "organization.b.number_prefix", "share a number", id="number prefix"),
    pytest.param("[smtp]", DATABASE.format("mysql://x"), "database.url", "postgresql+psycopg://", id="database kind"),
    pytest.param("[smtp]", DATABASE.format("tickets.db"), "database.url", "sqlite:///path", id="database without scheme"),
    pytest.param("[smtp]", DATABASE.format("postgresql+psycopg://m:pw@h/d"), "database.url", "without a password", id="password in URL"),
    pytest.param("[smtp]", '[blobs]\ns3_prefix = "x"\n[smtp]', "blobs.s3_bucket", "the name of a bucket", id="no bucket"),
    pytest.param("[smtp]", '[blobs]\ns3_bucket = "x"\ns3_endpoint = "host"\n[smtp]', "blobs.s3_endpoint", "http or https", id="endpoint"),
    pytest.param("[smtp]", OAUTH + f'[smtp]\nusername = "x"\noauth = "mail"\n{PASSWORD}', "smtp.oauth", "access tokens take its place", id="password and tokens"),
    pytest.param("[smtp]", '[smtp]\noauth = "m"\nusername = "x"', "smtp.oauth", "Add a table [oauth.m]", id="tokens of nobody"),
    pytest.param("[smtp]", OAUTH + '[smtp]\noauth = "mali"\nusername = "x"', "smtp.oauth", 'Did you mean "mail"?', id="tokens of somebody else"),
    pytest.param("[smtp]", OAUTH + '[smtp]\noauth = "mail"', "smtp.username", "both", id="tokens without a user name"),
    pytest.param("[smtp]", OAUTH.replace("client_secret", "#") + "[smtp]", "oauth.mail.client_secret", "refresh token", id="application without a secret"),
    pytest.param("[smtp]", OAUTH.replace("https", "http") + "[smtp]", "oauth.mail.token_url", "https://", id="secret in clear"),
    pytest.param("[smtp]", OAUTH.replace("id.example", "me@id.example") + "[smtp]", "oauth.mail.token_url", "https://", id="user in the URL"),
    pytest.param(USER, USER + 'poll = "15m"\n', f"{IMAP}.poll", "alarm all the time", id="poll as long as silence"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), CASES)
def test_what_does_not_fit_together(problems_of: ProblemsOf, *, old: str, new: str, key: str, words: str) -> None:
    """Each contradiction is told once, at the key to change ("$" stands for the end of the file)."""
    text = GOOD + new if old == "$" else GOOD.replace(old, new, 1)
    assert text != GOOD
    (problem,) = problems_of(text)
    assert key == problem.key
    assert words in str(problem)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("['.Sent']", None),
        ("['.Sent', 'a/.Sent']", "accounted for"),
        ("'.Gone'", "not a Maildir"),
        ("'.'", "two tickets"),
    ],
)
def test_maildirs_of_what_was_sent(in_folder: Path, problems_of: ProblemsOf, sent: str, words: str | None) -> None:
    """They are there, none is read as something else, and each has a name of its own."""
    for name in (".", ".Sent", "a/.Sent"):
        for part in ("new", "cur", "tmp"):
            (in_folder / name / part).mkdir(parents=True)
    text = GOOD + f"\n[organization.acme.mailbox.support.maildir]\npath = '.'\nsent = {sent}\n"
    problems = problems_of(text)
    assert [words is not None and words in str(one) for one in problems] == [True] * (words is not None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GOOD + SALES, id="mailbox for maild receive only"),
        pytest.param(GOOD + OTHER.replace('"B"', '"B"\nnumber_prefix = "B"'), id="prefixes differ"),
        pytest.param(GOOD.replace('"imap.example.org"', '"127.0.0.1"\nsecurity = "none"'), id="plain on loopback"),
        pytest.param(GOOD.replace('"imap.example.org"', '"::1"\nsecurity = "none"'), id="plain on IPv6 loopback"),
        pytest.param(GOOD.replace('"imap.example.org"', '"localhost"\nsecurity = "none"'), id="plain on localhost"),
        pytest.param(GOOD.replace("[smtp]", '[smtp]\nsecurity = "none"'), id="relay without a password"),
        pytest.param(GOOD + FORM, id="form"),
        pytest.param(
            GOOD + FORM.replace("noreply", "support") + 'subject = "Заявка"',
            id="form that writes from a mailbox, by its subject",
        ),
        pytest.param(GOOD + FORM + FORM.replace("site", "shop") + 'subject = "Заказ"', id="two forms told apart"),
        pytest.param(
            GOOD.replace("[organization.acme.m", 'notifiers = ["@mon.acme.example"]\n[organization.acme.m', 1),
            id="a machines' domain as notifier",
        ),
        pytest.param(GOOD.replace("ivanov@", "support+ivanov@"), id="plus address that is not ours"),
        pytest.param(GOOD.replace("[smtp]", DATABASE.format("sqlite:///x.db")), id="SQLite"),
        pytest.param(GOOD.replace("[smtp]", DATABASE.format("postgresql+psycopg://m@h/d")), id="PostgreSQL"),
        pytest.param(GOOD.replace(USER, USER + 'poll = "14m59s"\n'), id="poll shorter than silence"),
        pytest.param(
            GOOD.replace(PASSWORD, 'oauth = "mail"').replace(
                "[smtp]", OAUTH + '[smtp]\nusername = "x"\noauth = "mail"'
            ),
            id="tokens in place of passwords",
        ),
        pytest.param(
            GOOD.replace("[smtp]", OAUTH.replace("client_secret", "refresh_token") + "[smtp]"), id="refresh token alone"
        ),
        pytest.param(
            GOOD.replace("[smtp]", OAUTH.replace("https://id.example", "http://127.0.0.1:8080") + "[smtp]"),
            id="provider on this machine",
        ),
    ],
)
def test_what_fits(problems_of: ProblemsOf, text: str) -> None:
    """The other side of each edge is accepted."""
    assert problems_of(text) == []


def test_subaddresses_are_ours_where_they_reach_the_mailbox(problems_of: ProblemsOf) -> None:
    """With `subaddress`, an agent at support+ivanov@ would be a loop."""
    (problem,) = problems_of(
        GOOD.replace("ivanov@", "support+ivanov@").replace(ADDRESS, ADDRESS + "\nsubaddress = true")
    )
    assert problem.key == "organization.acme.agent.ivanov.address"


def test_secrets_that_cannot_be_read(in_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading does not need the secrets; `check_secrets` says which are missing, where they are named and what to do."""
    write(in_folder / "config.toml", GOOD)
    loaded = load_config(Path("config.toml"))
    monkeypatch.delenv("IMAP_PASSWORD", raising=False)
    (problem,) = check_secrets(loaded.config, loaded.sources)
    assert (13, f"{IMAP}.password") == (problem.line, problem.key)
    assert "IMAP_PASSWORD is not set" in problem.found
    monkeypatch.setenv("IMAP_PASSWORD", "hunter2")
    assert check_secrets(loaded.config, loaded.sources) == []
