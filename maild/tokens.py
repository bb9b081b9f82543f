"""Reply tokens: a signature over ticket and recipient that opens the ticket to whoever got the letter. Pure.

A token reads `t1042.k7f3q2…`: the ticket's id and 16 base32 letters of an HMAC. It stands in the Reply-To subaddress
where the mailbox has subaddresses, always in the Message-ID, and once in the body, because relays rewrite ids and
clients drop References. Lower case and digits only: some servers fold the case of local parts. A letter to an agent about
several tickets, or none, carries a token for the desk as a whole, `t0.…`, which opens no ticket and says who answers.

A confirmation token, `c17.k7f3q2…`, is another kind: it opens nothing, and lets the one agent to whom it was sent say that
letter 17 of the ledger is theirs.

A token about news, `w17.…`, `u17.…`, `s17.…`, enters no ticket either: it says that subscriber 17 answers news, wants none
any more, or has been asked, in answer to letter 17 of the ledger, whether it is they who want it.

An agent's address for notes holds one of its own, `n1042.…`: whoever changes the letter has no valid token, so that a note
can never be made an answer.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Literal

from maild.model import Participant

MAC_LETTERS = (
    16  # 80 bits: out of reach for guessing by mail, short enough for a local part of 64 octets (RFC 5321 §4.5.3.1.1)
)
DESK = 0  # no ticket has this id
# ASCII: case folding would otherwise let in U+017F and U+212A, which no MAC holds and compare_digest refuses
TOKEN = re.compile(r"(?<![a-z0-9])([tn])(0|[1-9][0-9]{0,11})\.([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_CONFIRMATION = re.compile(r"(?<![a-z0-9])c[1-9][0-9]{0,11}\.[a-z2-7]{16}(?![a-z0-9])", re.IGNORECASE | re.ASCII)


_NEWS = re.compile(r"(?<![a-z0-9])([suw])([1-9][0-9]{0,11})\.([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE | re.ASCII)
NewsKind = Literal["s", "u", "w"]  # of a question whether they subscribe; to unsubscribe; of a letter of news


@dataclass(frozen=True)
class NewsToken:
    """A token about news as found in a letter, not yet verified."""

    kind: NewsKind
    id: int  # of the subscriber; with "s" of the letter that asked for news
    mac: str

    def __str__(self) -> str:
        return f"{self.kind}{self.id}.{self.mac}"


@dataclass(frozen=True)
class Token:
    """A token as found in a letter, not yet verified."""

    ticket_id: int
    mac: str
    note: bool = False  # of an address for notes

    def __str__(self) -> str:
        return f"{'n' if self.note else 't'}{self.ticket_id}.{self.mac}"


@dataclass(frozen=True)
class Keyring:
    """Makes and verifies tokens with a secret key of at least 32 octets."""

    key: bytes = field(repr=False)

    def token(self, ticket_id: int, recipient: str) -> Token:
        """Return the token of `recipient` (an addr-spec, any case) for a ticket."""
        return Token(ticket_id, self._mac(f"reply\0{ticket_id}\0{recipient.strip().casefold()}"))

    def note_token(self, ticket_id: int, agent: str) -> Token:
        """Return the token with which an agent writes notes on a ticket."""
        return Token(ticket_id, self._mac(f"note\0{ticket_id}\0{agent.strip().casefold()}"), note=True)

    def holder(self, token: Token, participants: tuple[Participant, ...]) -> Participant | None:
        """Return the participant whom the token was made for, or None; every candidate is compared in constant time."""
        found = None
        made = self.note_token if token.note else self.token
        for participant in participants:
            if hmac.compare_digest(made(token.ticket_id, participant.address.addr).mac, token.mac):
                found = participant
        return found

    def confirmation(self, letter_id: int, recipient: str) -> str:
        """Return the token with which `recipient` confirms that a letter is theirs."""
        mac = self._mac(f"confirm\0{letter_id}\0{recipient.strip().casefold()}")
        return f"c{letter_id}.{mac}"

    def news_token(self, kind: NewsKind, id_: int, recipient: str) -> NewsToken:
        """Return the token with which `recipient` speaks about news."""
        return NewsToken(kind, id_, self._mac(f"news {kind}\0{id_}\0{recipient.strip().casefold()}"))

    @property
    def loop_id(self) -> str:
        """What our own loop header says; nobody without the key can make a letter look like ours."""
        return self._mac("loop")

    def _mac(self, text: str) -> str:
        digest = hmac.new(self.key, text.encode("utf-8"), hashlib.sha256).digest()
        return base64.b32encode(digest)[:MAC_LETTERS].decode("ascii").lower()


def address_with(token: Token | NewsToken | str, address: str) -> str:
    """Return an address with a token as its subaddress (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def find_tokens(text: str) -> tuple[Token, ...]:
    """Return every token that stands in `text`, in order, without repeats."""
    return tuple(
        dict.fromkeys(Token(int(number), mac.lower(), note=kind in "nN") for kind, number, mac in TOKEN.findall(text))
    )


def find_confirmations(text: str) -> tuple[str, ...]:
    """Return every confirmation token that stands in `text`, in order, without repeats."""
    return tuple(dict.fromkeys(token.lower() for token in _CONFIRMATION.findall(text)))


def find_news_tokens(text: str) -> tuple[NewsToken, ...]:
    """Return every token about news that stands in `text`, in order, without repeats."""
    found = (NewsToken(kind.lower(), int(number), mac.lower()) for kind, number, mac in _NEWS.findall(text))
    return tuple(dict.fromkeys(found))


def holds_token(octets: bytes) -> bool:
    """Whether a token can be read in a file: UTF-16 (.msg) and quoted-printable (.eml) included."""
    for gap in (b"\0", b"=\r\n", b"=\n"):
        octets = octets.replace(gap, b"")
    text = octets.decode("latin-1")
    return bool(find_tokens(text) or find_confirmations(text) or find_news_tokens(text))


def hide_tokens(text: str) -> str:
    """Return `text` without tokens, so that nobody's key reaches somebody else in a quotation."""
    return _NEWS.sub("…", _CONFIRMATION.sub("…", TOKEN.sub("…", text)))
