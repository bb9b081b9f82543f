"""A configuration may ask for what is not installed: that is told in one line, never as a traceback."""

import pytest

from maild.config.model import Config
from maild.store import missing_extra

ORGANIZATION = {"acme": {"name": "Acme", "mailbox": {"support": {"address": "support@acme.example"}}}}


@pytest.mark.parametrize(
    ("more", "lacking", "told"),
    [
        pytest.param({"blobs": {"s3_bucket": "letters"}}, "boto3", "maild[s3]", id="s3"),
        pytest.param(
            {"database": {"url": "postgresql+psycopg://maild@localhost/maild"}},
            "psycopg",
            "maild[postgres]",
            id="postgres",
        ),
    ],
)
def test_a_missing_extra_is_named(more: dict[str, object], lacking: str, told: str) -> None:
    """With the command that brings it; and nothing is said of an extra that is there or that nobody asked for."""
    config = Config.model_validate({"organization": ORGANIZATION, **more})
    assert told in (missing_extra(config, lambda package: package != lacking) or "")
    assert missing_extra(config, lambda _package: True) is None
    assert missing_extra(Config.model_validate({"organization": ORGANIZATION}), lambda _package: False) is None
