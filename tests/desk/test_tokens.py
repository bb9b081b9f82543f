"""A token opens one ticket to one recipient; nothing else is one, and nothing about it can be guessed from another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model import Address, Participant, Role
from maild.tokens import MAC_LETTERS, Keyring, Token, find_confirmations, find_tokens, hide_tokens, holds_token

KEYRING = Keyring(b"a key for tests, thirty-two octets long")
PEOPLE = tuple(Participant(address=Address(addr=f"{n}@client.example"), role=Role.COPIED) for n in range(3))

tickets = st.integers(min_value=1, max_value=10**12 - 1)


@given(tickets, st.sampled_from(PEOPLE), st.text(max_size=30), st.text(max_size=30))
def test_what_is_made_is_found(ticket_id: int, person: Participant, before: str, after: str) -> None:
    """In any text that does not glue letters or digits to it; and it names its holder."""
    token = KEYRING.token(ticket_id, person.address.addr)
    assert token in find_tokens(f"{before} {token} {after}")
    assert token in find_tokens(f"<support+{token}@acme.example>".upper())
    assert KEYRING.holder(token, PEOPLE) == person
    assert KEYRING.holder(token, ()) is None
    assert str(token) not in hide_tokens(f"{before} {token} {after}")
    assert len(f"support+{token}") <= 64  # RFC 5321 §4.5.3.1.1


@given(tickets, tickets)
def test_signatures_are_not_shared(one: int, other: int) -> None:
    """Another ticket, recipient or key gives another signature; the case of an address does not."""
    token = KEYRING.token(one, "anna@client.example")
    assert token == KEYRING.token(one, " Anna@Client.Example ")
    assert token.mac != KEYRING.token(one, "boris@client.example").mac
    assert token.mac != Keyring(b"another key, just as long as the first one").token(one, "anna@client.example").mac
    assert (token.mac == KEYRING.token(other, "anna@client.example").mac) is (one == other)
    assert len(token.mac) == MAC_LETTERS


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    """No text breaks the search, and whatever is found can be verified and hidden."""
    for token in find_tokens(text):
        assert KEYRING.holder(token, PEOPLE) is None
    assert find_tokens(hide_tokens(text)) == ()


@pytest.mark.parametrize(
    "text",
    ["t1.abcdefghijklmno", "t1.abcdefghijklmnopq", "t00.abcdefghijklmnop", "t01.abcdefghijklmnop", "t.abcdefghijklmnop",
     "t1abcdefghijklmnop", "t1.abcdefghijklmno1", "xt1.abcdefghijklmnop", "9t1.abcdefghijklmnop", "t1.abcdefghijklmnopя"[:-1] + "a",
     f"t{'9' * 13}.abcdefghijklmnop", "t1." + "\u017f" * 16, "t1." + "\u212a" * 16, "t\u0661.abcdefghijklmnop"],
)  # fmt: skip
def test_almost_tokens(text: str) -> None:
    """Too short, too long, glued to a word, or written with letters that only look alike."""
    assert find_tokens(text) == ()


@given(tickets, st.text(max_size=30))
def test_confirmation_tokens_are_of_another_kind(letter_id: int, around: str) -> None:
    """Found where they stand, hidden like the others, and no key to a ticket; each of one letter and one recipient."""
    token = KEYRING.confirmation(letter_id, "Ivan@Staff.example ")
    assert token == KEYRING.confirmation(letter_id, "ivan@staff.example")
    assert token in find_confirmations(f"{around} <support+{token.upper()}@acme.example> {around}")
    assert token not in hide_tokens(f"{around} {token} {around}")
    assert not find_tokens(token)
    assert not find_confirmations(str(KEYRING.token(letter_id, "ivan@staff.example")))
    assert token.partition(".")[2] not in (
        KEYRING.token(letter_id, "ivan@staff.example").mac,
        KEYRING.confirmation(letter_id + 1, "ivan@staff.example").partition(".")[2],
        KEYRING.confirmation(letter_id, "petra@staff.example").partition(".")[2],
    )
    assert holds_token(f"код {token}".encode("utf-16-le"))


def test_a_key_never_shows() -> None:
    """Not in a representation that ends in a log or a traceback."""
    assert "thirty-two" not in repr(KEYRING)
    assert KEYRING.loop_id != KEYRING.token(1, "loop").mac
    assert find_tokens(str(Token(5, "a" * 16))) == (Token(5, "a" * 16),)
