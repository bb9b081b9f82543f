"""Reply tokens: a signature over ticket and recipient that opens the ticket to whoever got the letter. Pure.

A token reads `t1042.k7f3q2…`: the ticket's id and 16 base32 letters of an HMAC. It stands in the Reply-To subaddress
where the mailbox has subaddresses, always in the Message-ID, and once in the body, because relays rewrite ids and
clients drop References. Lower case and digits only: some servers fold the case of local parts.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from maild.model import Participant

MAC_LETTERS = (
    16  # 80 bits: out of reach for guessing by mail, short enough for a local part of 64 octets (RFC 5321 §4.5.3.1.1)
)
# ASCII: case folding would otherwise let in U+017F and U+212A, which no MAC holds and compare_digest refuses
TOKEN = re.compile(r"(?<![a-z0-9])t([1-9][0-9]{0,11})\.([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Token:
    """A token as found in a letter, not yet verified."""

    ticket_id: int
    mac: str

    def __str__(self) -> str:
        return f"t{self.ticket_id}.{self.mac}"


@dataclass(frozen=True)
class Keyring:
    """Makes and verifies tokens with a secret key of at least 32 octets."""

    key: bytes = field(repr=False)

    def token(self, ticket_id: int, recipient: str) -> Token:
        """Return the token of `recipient` (an addr-spec, any case) for a ticket."""
        return Token(ticket_id, self._mac(f"reply\0{ticket_id}\0{recipient.strip().casefold()}"))

    def holder(self, token: Token, participants: tuple[Participant, ...]) -> Participant | None:
        """Return the participant whom the token was made for, or None; every candidate is compared in constant time."""
        found = None
        for participant in participants:
            if hmac.compare_digest(self.token(token.ticket_id, participant.address.addr).mac, token.mac):
                found = participant
        return found

    @property
    def loop_id(self) -> str:
        """What our own loop header says; nobody without the key can make a letter look like ours."""
        return self._mac("loop")

    def _mac(self, text: str) -> str:
        digest = hmac.new(self.key, text.encode("utf-8"), hashlib.sha256).digest()
        return base64.b32encode(digest)[:MAC_LETTERS].decode("ascii").lower()


def find_tokens(text: str) -> tuple[Token, ...]:
    """Return every token that stands in `text`, in order, without repeats."""
    return tuple(dict.fromkeys(Token(int(number), mac.lower()) for number, mac in TOKEN.findall(text)))


def holds_token(octets: bytes) -> bool:
    """Whether a reply token can be read in a file: UTF-16 (.msg) and quoted-printable (.eml) included."""
    for gap in (b"\0", b"=\r\n", b"=\n"):
        octets = octets.replace(gap, b"")
    return bool(find_tokens(octets.decode("latin-1")))


def hide_tokens(text: str) -> str:
    """Return `text` without tokens, so that nobody's key reaches somebody else in a quotation."""
    return TOKEN.sub("…", text)
