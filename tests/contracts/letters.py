"""Letters for these tests, and a register that answers as the store does."""

from collections.abc import Iterable

from maild.contracts.client import Client, Coupon
from maild.contracts.clues import ClientClues, find_client_clues
from maild.contracts.found import Found, FoundCoupon, Hit
from maild.contracts.keys import client_keys
from maild.contracts.lookalikes import fold
from maild.model import Address, Message, Said

STRANGER = "someone@gmail.com"


def read(
    text: str = "", *, subject: str = "Вопрос", author: str = STRANGER, name: str = "", quoted: str = ""
) -> ClientClues:
    """Return the clues of a letter with these new words above what it quotes."""
    address = Address(name=name, addr=author) if author else None
    whole = f"{text}\n\n{quoted}" if quoted else text
    return find_client_clues(
        Message(author=address, subject=subject, text=whole), Said(subject=subject, text=text), address
    )


def look_up(clues: ClientClues, clients: Iterable[Client], coupons: Iterable[Coupon] = (), **more: object) -> Found:
    """Return what a register of these clients and coupons has under the clues' keys."""
    by_key = {client.key: client for client in clients}
    wanted, codes, coupons = set(clues.lookups), set(clues.coupons), tuple(coupons)
    hits = [
        Hit(kind=kind, key=key, client=client)
        for client in by_key.values()
        for kind, key in client_keys(client)
        if (kind, key) in wanted
    ]
    found = [
        FoundCoupon(
            key=fold(coupon.code), coupon=coupon, client=by_key[coupon.client],
            renewed_by=next((later for later in coupons if fold(later.renews) == fold(coupon.code)), None),
        )
        for coupon in coupons
        if fold(coupon.code) in codes
    ]  # fmt: skip
    return Found(hits=tuple(hits), coupons=tuple(found), **more)  # type: ignore[arg-type]
