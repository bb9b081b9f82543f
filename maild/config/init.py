"""`maild init`: a working folder with commented files to begin with."""

import json
import os
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from types import MappingProxyType

from maild.config.types import parse_address, parse_host, parse_prefix, parse_slug, some_words
from maild.errors import ConfigError, Problem

FIRST = MappingProxyType(  # what is written where nothing else is said
    {"organization": "desk", "name": "Служба поддержки", "address": "support@example.org", "prefix": "T"}
)
_SECRETS_MODE = 0o700  # passwords are for the user that runs maild


def write_folder(
    directory: Path,
    *,
    organization: str = FIRST["organization"],
    name: str = FIRST["name"],
    address: str = FIRST["address"],
    prefix: str = FIRST["prefix"],
    imap_host: str | None = None,
    smtp_host: str | None = None,
) -> list[Path]:
    """Write a configuration for one organisation into `directory`, made if need be, and return the files written.

    `organization` is the id (a-z, 0-9); hosts that are not given are imap. and smtp. of the address's domain.
    A .gitignore or a README that is there already stays. Raises ConfigError, having written nothing, when a value is not
    usable or a TOML file exists; also when the folder cannot be written.
    """
    domain = address.rpartition("@")[2]
    values = {
        "organization": organization,
        "name": name,
        "address": address,
        "prefix": prefix,
        "imap_host": imap_host or f"imap.{domain}",
        "smtp_host": smtp_host or f"smtp.{domain}",
    }
    _check_values(values)
    values |= {"domain": domain, "name": json.dumps(name, ensure_ascii=False)}
    folder = f"organizations/{organization}"
    own = {f"{folder}/agents.toml": "agents.toml", f"{folder}/organization.toml": "organization.toml"}
    return write_files(
        directory,
        {name: skeleton(source, values) for name, source in own.items()},
        config=skeleton("config.toml", values),
    )


def skeleton(name: str, values: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return one of the files to begin with, its placeholders filled in."""
    return Template((files("maild.config") / "skeleton" / name).read_text("utf-8")).substitute(values).encode()


def write_files(directory: Path, own: Mapping[str, bytes], *, config: bytes) -> list[Path]:
    """Write the files of organisations, by their paths in `directory`, with a config.toml, a .gitignore and a place for secrets.

    A .gitignore or a README that is there already stays. Raises ConfigError, having written nothing, when any other file
    exists; also when the folder cannot be written.
    """
    shared = {"secrets/README.txt": skeleton("secrets.txt"), ".gitignore": skeleton("gitignore.txt")}
    _check_absent([directory / name for name in (*own, "config.toml")])
    try:
        everything = {**shared, **own, "config.toml": config}
        return [directory / name for name, octets in everything.items() if _write(directory / name, octets)]
    except OSError as error:
        raise ConfigError(
            [
                _problem(
                    str(error.filename or directory),
                    found=f"a place that cannot be written ({error.strerror})",
                    expected="a folder of your own",
                    remedy="Name another folder, or make this one writable.",
                )
            ]
        ) from error


def _check_values(values: dict[str, str]) -> None:
    parsers: dict[str, Callable[[str], str]] = {
        "organization": parse_slug,
        "name": some_words,
        "address": parse_address,
        "prefix": parse_prefix,
        "imap_host": parse_host,
        "smtp_host": parse_host,
    }
    problems = []
    for key, parse in parsers.items():
        try:
            parse(values[key])
        except ValueError as error:
            remedy = "Choose another value."
            problems.append(
                _problem(
                    "maild init",
                    key=key,
                    found=json.dumps(values[key], ensure_ascii=False),
                    expected=str(error),
                    remedy=remedy,
                )
            )
    if problems:
        raise ConfigError(problems)


def _check_absent(paths: list[Path]) -> None:
    problems = [
        _problem(
            str(path),
            found="a file that is there already",
            expected="no such file",
            remedy="Nothing was written. Name another folder, or move the file away.",
        )
        for path in paths
        if os.path.lexists(path)
    ]
    if problems:
        raise ConfigError(problems)


def _problem(file: str, *, key: str = "", found: str, expected: str, remedy: str) -> Problem:
    return Problem(file=file, line=None, key=key, found=found, expected=expected, remedy=remedy)


def _write(path: Path, octets: bytes) -> bool:
    """Create a file and its folders, never overwriting; False if it was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.parent.name == "secrets":
        path.parent.chmod(_SECRETS_MODE)
    if os.path.lexists(path):
        return False
    with path.open("xb") as file:
        file.write(octets)
    return True
