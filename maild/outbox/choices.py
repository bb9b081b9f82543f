"""The three answers to what a customer thinks of our work, each a letter that is ready to be sent. Pure.

No link that a scanner could follow: only a person who sends the letter votes (RFC 6068).
"""

from urllib.parse import quote

from maild.model import Rating
from maild.wording.ratings import say_rating

# What may stand as it is in a mailto (RFC 6068 §2). The "+" of a subaddress and the ":" before a token have to: encoded they
# would end in a letter or a digit, and the token could neither be found nor be hidden where the address is quoted.
_IN_ADDRESS = "!$'*+-._~@"
_IN_VALUE = "!$'()*-._~:@"


def offer_choices(number: str, token: str, address: str, language: str) -> tuple[dict[str, str], ...]:
    """Return the words and the addresses (mailto) of the answers, the best first.

    The letter says the word in its subject and in its first line; its last one holds the token, which leads it to the ticket
    where the address cannot.
    """
    return tuple(
        {"word": (word := say_rating(one, language)), "url": _mailto(word, number, token, address)} for one in Rating
    )


def _mailto(word: str, number: str, token: str, address: str) -> str:
    subject, body = f"[{number}] {word}", f"{word}\r\n\r\n{number}:{token}"
    return f"mailto:{quote(address, _IN_ADDRESS)}?subject={quote(subject, _IN_VALUE)}&body={quote(body, _IN_VALUE)}"
