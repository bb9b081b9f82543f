"""docs/ru/mailboxes.md and install.md: what they show for each provider loads as it stands."""

import re
from pathlib import Path

import pytest

import maild
from maild.config.load import load_config
from maild.config.model import Config

DOCS = Path(__file__).parents[2] / "docs" / "ru"
SOURCES = [Path(maild.__file__).parent / name for name in ("oauth.py", "ingest/imap.py", "outbox/smtp.py")]
CHAPTERS = dict(re.findall(r"(?ms)^## (.*?)\n(.*?)(?=^## |\Z)", (DOCS / "mailboxes.md").read_text("utf-8")))
FRAME = """
[organization.romashka]
name = "Ромашка"
[organization.romashka.agent.ivanov]
name = "Иванов"
address = "ivanov@romashka.example"
"""
SETTINGS = {  # chapter → IMAP and SMTP: host, port unless the usual one; how they are signed in to
    "Яндекс 360": ("imap.yandex.ru", "smtp.yandex.ru", "tls", None),
    "Mail.ru и VK WorkSpace": ("imap.mail.ru", "smtp.mail.ru", "tls", None),
    "Google Workspace": ("imap.gmail.com", "smtp.gmail.com", "tls", "google"),
    "Microsoft 365": ("outlook.office365.com", "smtp.office365.com", "starttls", "m365"),
    "Свой Postfix и Dovecot": ("mail.romashka.example", "mail.romashka.example", "starttls", None),
}


def blocks(text: str) -> list[str]:
    return re.findall(r"(?ms)^```toml\n(.*?)^```", text)


def load(folder: Path, *parts: str) -> Config:
    (folder / "config.toml").write_text(FRAME + "\n".join(parts), "utf-8")
    return load_config(folder / "config.toml").config


@pytest.mark.parametrize("chapter", SETTINGS)
def test_a_provider_is_set_up_as_shown(tmp_path: Path, chapter: str) -> None:
    """One block for mailbox, trust and the way out."""
    config = load(tmp_path, blocks(CHAPTERS[chapter])[0])
    organization = config.organization["romashka"]
    imap, smtp = organization.mailbox["support"].imap, config.smtp
    assert imap is not None
    assert smtp is not None
    assert (imap.host, smtp.host, smtp.security, imap.oauth) == SETTINGS[chapter]
    assert (imap.security, smtp.oauth, imap.sent) == ("tls", imap.oauth, ("auto",))
    assert organization.trust.authserv_id


def test_yandex_with_tokens_in_place_of_a_password(tmp_path: Path) -> None:
    """The second block goes beside the first."""
    first, tokens = blocks(CHAPTERS["Яндекс 360"])
    config = load(tmp_path, first.replace('password = { file = "secrets/mail" }', 'oauth = "yandex"'), tokens)
    assert config.oauth["yandex"].refresh_token is not None


def test_a_server_of_our_own(tmp_path: Path) -> None:
    """A relay without a password, and a Maildir instead of IMAP."""
    first, relay, maildir = blocks(CHAPTERS["Свой Postfix и Dovecot"])
    config = load(tmp_path, first.partition("[smtp]")[0], relay)
    assert (config.smtp and config.smtp.username) is None
    path = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (path / name).mkdir(parents=True)
    box = '[organization.romashka.mailbox.support]\naddress = "support@romashka.example"\n'
    config = load(tmp_path, box, relay, maildir.replace("/var/mail/romashka/support", str(path)))
    assert config.organization["romashka"].mailbox["support"].maildir is not None


def test_every_provider_believes_the_name_that_the_page_on_trust_has() -> None:
    """Both pages tell the same."""
    trust = (DOCS / "agents-trust.md").read_text("utf-8")
    for chapter in [*SETTINGS][:4]:
        [name] = re.findall(r'authserv_id = ("[^"]+")', CHAPTERS[chapter])
        assert f"`{name}`" in trust, chapter


OURS = [  # what the tables of troubles quote of maild's own words
    "the access token is refused",
    "refused the access token",
    "gives no access token (",
    "the login is refused",
    "its certificate is not trusted (",
    "the server does not speak TLS here",
    "the server takes no password here",
    "marks no folder as \\Sent",
    "cannot be opened",
]


@pytest.mark.parametrize("words", OURS)
def test_the_words_in_the_tables_of_troubles_are_ours(words: str) -> None:
    """Somebody looks for exactly what maild has printed."""
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    assert words in (DOCS / "mailboxes.md").read_text("utf-8")
    assert words.replace("\\", "\\\\") in source


@pytest.mark.parametrize("block", blocks((DOCS / "install.md").read_text("utf-8")))
def test_the_databases_of_the_page_on_installation(tmp_path: Path, block: str) -> None:
    """On this machine, and on another."""
    box = '[organization.romashka.mailbox.support]\naddress = "support@romashka.example"\n'
    config = load(tmp_path, box, '[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\n', block)
    assert (config.database.url or "").startswith("postgresql+psycopg://maild@")
