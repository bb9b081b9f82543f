"""A secret is read from where it is kept, and printed nowhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.config.load import load_config
from maild.config.render import render_problems
from maild.config.secret import SecretRef
from maild.errors import ConfigError, Problem
from tests.config.conftest import GOOD

# every way in which somebody has ever put a password where it does not belong; @ is the password in quotes
MISTAKES = [
    "password = @",
    "password = [@]",
    "password = { value = @ }",
    "password = { env = @ }",
    "password = { credential = @ }",
    "password = { env = 'A', file = @ }",
    "password.value = @",
    "pasword = @",
    "passwrod = @",
    "pass = @",
    "xyz = @",
    "xyz = { port = 1, abc = @ }",
    "helo = 3\nxyz = @ # port = 1",
    "password = @\npassword = @",
    "password @",
    "password = @ port = 1",
    "port = 1 password = @",
    "password = “@”",
    "password = [@",
    'password = """\n@',
    "password = '''\n@'''",
    "[log]\npassword = @",
    "[database]\nurl = @",
    "[database]\nurl = 'postgresql://maild:%@host/db'",
    "[database]\nurl = 'postgresql+psycopg://maild:%@host/db'",
    "[blobs]\ns3_endpoint = 'https://key:%@host'",
    "[tokens]\nkey = @",
]
secrets = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$%-_", min_size=8, max_size=90)


@pytest.mark.parametrize("mistake", MISTAKES)
@given(secret=secrets)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_misplaced_secret_is_never_printed(in_folder: Path, mistake: str, secret: str) -> None:
    """Neither the error, nor its rendering with source lines, holds the secret, whatever the mistake."""
    secret = "5" + secret  # no name of a variable, or it would be one
    line = mistake.replace("@host", "\0").replace("@", f'"{secret}"').replace("%", secret).replace("\0", "@host")
    Path("config.toml").write_text(GOOD.replace("[smtp]", "[smtp]\n" + line), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("config.toml"))
    printed = str(caught.value) + repr(caught.value.problems) + render_problems(caught.value.problems)
    assert secret not in printed
    assert secret[:7] not in printed


@pytest.mark.parametrize("host", ['"user:hunter2@mail.example.org"', '"hunter2@mail.example.org"', '"a:hunter2@b'])
def test_a_login_before_a_host_is_never_printed(in_folder: Path, host: str) -> None:
    """As in an URL; neither where the value is wrong nor where the line is no TOML."""
    Path("config.toml").write_text(re.sub(r'host = ".*"', f"host = {host}", GOOD, count=1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("config.toml"))
    assert "hunter2" not in str(caught.value) + render_problems(caught.value.problems)


def test_a_password_written_out(problems_of: Callable[..., list[Problem]]) -> None:
    """The problem says what stands there without showing it, and how to name it instead."""
    (problem,) = problems_of(GOOD.replace('{ env = "IMAP_PASSWORD" }', '"hunter2"'))
    assert problem.found == "a password written out"
    assert 'password = { env = "MAILD_PASSWORD" }' in problem.remedy
    assert "Change the secret if others could read this file." in problem.remedy


@pytest.mark.parametrize(
    ("table", "words"),
    [
        pytest.param("{}", "found an empty table", id="none"),
        pytest.param('{ env = "A", file = "b" }', "found env and file", id="two"),
    ],
)
def test_exactly_one_place(problems_of: Callable[..., list[Problem]], table: str, words: str) -> None:
    """A reference names one place."""
    (problem,) = problems_of(GOOD.replace('{ env = "IMAP_PASSWORD" }', table))
    assert words in str(problem)
    assert "exactly one of env, file, credential" in problem.expected


def test_a_dump_shows_references_only(in_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration as JSON or repr names where secrets are kept."""
    monkeypatch.setenv("IMAP_PASSWORD", "hunter2")
    Path("config.toml").write_text(GOOD, "utf-8")
    config = load_config(Path("config.toml")).config
    assert '"password":{"env":"IMAP_PASSWORD"' in config.model_dump_json()
    assert "hunter2" not in config.model_dump_json() + repr(config)


def test_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three kinds give the secret without its line end."""
    (tmp_path / "imap").write_text("пароль \n", "utf-8")
    monkeypatch.setenv("IMAP", "пароль ")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    for reference in (SecretRef(env="IMAP"), SecretRef(file=tmp_path / "imap"), SecretRef(credential="imap")):
        assert reference.read() == "пароль "


def test_reading_fails_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that is not there says which, and what to do."""
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "octets").write_bytes(b"\xff\xfe")
    for name in ("NOT_SET", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    for reference, words in {
        SecretRef(env="NOT_SET"): "NOT_SET is not set: set it",
        SecretRef(file=tmp_path / "none"): "does not exist: create it",
        SecretRef(file=tmp_path / "empty"): "is empty: put the secret into it",
        SecretRef(file=tmp_path / "octets"): "is not UTF-8 text: save it again",
        SecretRef(file=tmp_path): "cannot be read (Is a directory): let the maild user read it",
        SecretRef(credential="imap"): "LoadCredential=",
    }.items():
        with pytest.raises(LookupError) as caught:
            reference.read()
        assert words in str(caught.value)
