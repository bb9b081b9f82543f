"""config.example.toml is complete and loads; the defaults that it tells are the real ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from maild.config.load import load_config
from maild.config.schema import fields_of
from maild.config.section import Section

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TEXT = EXAMPLE.read_text("utf-8")


def below(section: type[Section]) -> Iterator[type[Section]]:
    """Every kind of table of the configuration, whichever of its files describes it; scenarios have their own page."""
    for kind in section.__subclasses__():
        if kind.__module__.startswith("maild.config."):
            yield kind
        yield from below(kind)


SECTIONS = sorted(set(below(Section)), key=lambda section: section.__name__)


def test_it_loads() -> None:
    """What an admin copies works, without any secret being present."""
    loaded = load_config(EXAMPLE)
    assert list(loaded.config.organization) == ["romashka"]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_is_documented(section: type[BaseModel]) -> None:
    """Every field of every model appears as `key = …`, `# key = …`, in the braces of such a line, or as a table."""
    for name in fields_of(section):
        assert re.search(
            rf"(?m)^(# )?({name} = |[^#]*[{{,] {name} = |\[(.*\.)?{name}(\..*)?\])|^    .*{{ {name} = ", TEXT
        ), name


COMMENTED = {  # table in the example → keys whose commented line shows the default
    "": ["silence_after", "rehearse_on_reload"],
    "admin": ["language"],
    "blobs": ["s3_prefix"],
    "log": ["level", "format"],
    "smtp": ["security", "timeout", "retry_for"],
    "organization.romashka": ["language", "zone", "text_hints", "reopen_within"],
    "organization.romashka.limits": ["per_address", "per_ticket", "window"],
    "organization.romashka.repeats": ["window"],
    "organization.romashka.answers": ["sender", "followups", "receipts", "quote"],
    "organization.romashka.trust": ["confirm_within", "dkim"],
    "organization.romashka.calendar.office": ["shorten_before_holidays"],
    "organization.romashka.target.reaction": ["start", "mode"],
    "organization.romashka.identity": [
        "unknown",
        "suspended",
        "expired",
        "not_yet_valid",
        "guesses",
        "guesses_of_all",
        "window",
    ],
    "organization.romashka.accounting": ["unit", "step", "currency"],
    "organization.romashka.rule.outage": ["enabled", "on", "stop"],
    "organization.romashka.ground.abuse": ["effect", "decided", "counted"],
    "organization.romashka.ground.unclear": ["wait"],
    "organization.romashka.unit.maker": ["close"],
    "organization.romashka.missing.order": ["wait"],
    "organization.romashka.asking": ["remind", "give_up"],
    "organization.romashka.assignment": ["way"],
    "organization.romashka.confirmation": ["within", "tell"],
    "organization.romashka.chasing": ["remind", "close"],
    "organization.romashka.retention": ["closed", "ignored", "quarantine", "at"],
    "organization.romashka.suggestions": ["most", "threshold"],
    "organization.romashka.attachments": ["archives"],
    "organization.romashka.client.vasilek": ["hours"],
    "organization.romashka.client.vasilek.contacts": ["specialist"],
    "organization.romashka.client.vasilek.coupons": ["hours"],
    "organization.romashka.mailbox.support": ["subaddress", "old_letters"],
    "organization.romashka.mailbox.support.imap": [
        "security",
        "timeout",
        "auth",
        "poll",
        "idle",
        "batch",
        "flag",
        "max_size",
    ],
}


def test_the_defaults_told_are_the_defaults(tmp_path: Path) -> None:
    """Taking the comment sign from every line that shows a default changes nothing."""
    lines, table = [], ""
    for line in TEXT.splitlines():
        table = header[1] if (header := re.match(r"(?:# )?\[\[?([^\[\]]*)\]?\]$", line)) else table
        key = line.removeprefix("# ").partition(" ")[0]
        lines.append(
            line.removeprefix("# ") if key in COMMENTED.get(table, []) and line.startswith(f"# {key} = ") else line
        )
    assert len([1 for keys in COMMENTED.values() for _ in keys]) == sum(
        a != b for a, b in zip(lines, TEXT.splitlines(), strict=True)
    )
    (tmp_path / "config.toml").write_text("\n".join(lines), "utf-8")
    assert load_config(EXAMPLE).config.model_dump(exclude={"data_dir"}) == load_config(
        tmp_path / "config.toml"
    ).config.model_dump(exclude={"data_dir"})
