"""How an outgoing letter becomes octets. Pure.

The standard library's SMTP policy in Python 3.11 drops a space from one long Cyrillic subject in five, damages long
display names, and turns long Message-IDs in References into encoded words, which breaks threading (RFC 2047 §5
forbids them there). So we fold these headers ourselves and leave the rest to it.
"""

from email.header import Header
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import formataddr
from typing import Any

_IDS = frozenset({"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe"})
_ADDRESSES = frozenset({"from", "to", "cc", "reply-to", "sender"})
_LINE = 75  # RFC 2047 §2: an encoded word is at most 75 characters
_NAME_LINE = 60  # leaves room for the header's name before the first encoded word


class _OutPolicy(EmailPolicy):
    def _fold(self, name: str, value: Any, refold_binary: bool = False) -> str:
        lower, newline = name.lower(), self.linesep
        if lower in _IDS:
            return f"{name}: " + f"{newline} ".join(str(value).split()) + newline
        if lower in _ADDRESSES and hasattr(value, "addresses"):
            return f"{name}: " + f",{newline} ".join(self._address(a) for a in value.addresses) + newline
        if lower == "subject" and not str(value).isascii():
            header = Header(str(value), "utf-8", header_name=name, maxlinelen=_LINE)
            return f"{name}: " + header.encode(linesep=newline) + newline
        return str(super()._fold(name, value, refold_binary))  # type: ignore[misc]

    def _address(self, address: Any) -> str:
        if not address.display_name or address.display_name.isascii():
            return formataddr((address.display_name, address.addr_spec))
        name = Header(address.display_name, "utf-8", maxlinelen=_NAME_LINE).encode(linesep=self.linesep)
        return f"{name}{self.linesep} <{address.addr_spec}>"


_OUT = _OutPolicy(linesep="\r\n", cte_type="7bit")


def serialize(message: EmailMessage) -> bytes:
    """Return the octets to hand to SMTP: CRLF line ends, 7 bits, so that a server without 8BITMIME may take them."""
    for part in message.walk():
        _encode(part)
    return message.as_bytes(policy=_OUT)


def _encode(part: Message) -> None:
    """Put 8-bit text into 7 bits as the library would: it copies all headers for that, twice, with what they parse to."""
    charset = part.get_param("charset")
    if part.get("Content-Transfer-Encoding") != "8bit" or part.is_multipart() or not isinstance(charset, str):
        return
    encoded = EmailMessage()
    encoded["Content-Type"] = part["Content-Type"]
    encoded.set_payload(part.get_payload(), charset)
    part.replace_header("Content-Transfer-Encoding", encoded["Content-Transfer-Encoding"])
    part.set_payload(encoded.get_payload())
