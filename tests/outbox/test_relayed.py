"""Which id a relay gave our letter, by what it said when it took it."""

import pytest

from maild.outbox.relayed import find_relay_id, relay_key

ANSWERS = [
    ("250 Ok 0102019c5f1e2d3c-6a7b8c9d-0e1f-4a2b-8c3d-5e6f7a8b9c0d-000000", "0102019c5f1e2d3c-6a7b8c9d-0e1f-4a2b-8c3d-5e6f7a8b9c0d-000000"),
    ("250 2.0.0 OK <PAXPR04MB8255ABCDEF0123@x.eurprd04.prod.outlook.com> [Hostname=y.eurprd04.prod.outlook.com]", "PAXPR04MB8255ABCDEF0123"),
    ("250 2.0.0 Ok: queued as 4TkXYZ0abc", None),
    ("250 Great success", None),
    ("250 2.0.0 thisanswerhasnodigitsatall", None),
    ("", None),
    ("250 " + "1" * 10_000, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "key"), ANSWERS, ids=["SES", "Exchange Online", "Postfix", "words", "no digits", "nothing", "too long"]
)
def test_answers(answer: str, key: str | None) -> None:
    """The bracketed id, else the longest word that can be one."""
    assert find_relay_id(answer) == key


def test_what_is_compared() -> None:
    """The part before the @, if it is long enough to be unmistakable."""
    assert relay_key("0102019c5f1e2d3c-000000@eu-west-1.amazonses.com") == "0102019c5f1e2d3c-000000"
    assert relay_key("1@x.example") is None
