"""Paid work that is offered to a customer (C21): what it is, what it costs, what stands of it on the ticket. Pure.

What was offered is kept on the ticket as it was said: whoever agrees, agrees to that, whatever the configuration says later.
"""

from dataclasses import replace
from decimal import Decimal

from maild.desk.acts import cannot, named, names_meant, usage
from maild.desk.case import Case
from maild.desk.catalogue import Catalogue, Offer
from maild.desk.sums import Proposal
from maild.model import Ticket
from maild.wording import say_price


def with_offer(ticket: Ticket, offer: Offer) -> Ticket:
    """Return a ticket in which this is offered, in place of whatever was before."""
    return replace(
        ticket, offer=offer.id, offer_state="offered", offer_name=offer.name,
        offer_price="" if offer.price is None else f"{offer.price.normalize():f}", offer_currency=offer.currency, offer_per=offer.per,
        offer_asked=False,
    )  # fmt: skip


def offer_of(ticket: Ticket, catalogue: Catalogue) -> Offer | None:
    """Return what was offered in a ticket; None: nothing."""
    known = catalogue.offers.get(ticket.offer)
    if not ticket.offer_name:  # it is older than what is kept of offers
        return known
    return Offer(
        id=ticket.offer, name=ticket.offer_name, text=known.text if known else "", per=ticket.offer_per,
        price=Decimal(ticket.offer_price) if ticket.offer_price else None, currency=ticket.offer_currency,
    )  # fmt: skip


def say_offer(offer: Offer, language: str) -> dict[str, object]:
    """Return what the customer is told of paid work."""
    price = say_price(offer.price, offer.currency, offer.per, language) if offer.price is not None else ""
    return {"name": offer.name, "text": offer.text, "price": price}


def say_offered(offer: Offer, language: str) -> str:
    """Return what is offered for how much, for agents: "Обучение, 1 500 ₽ за час"."""
    price = say_price(offer.price, offer.currency, offer.per, language) if offer.price is not None else ""
    return ", ".join(filter(None, (offer.name, price)))


def proposed(case: Case, proposal: Proposal) -> Offer:
    """Return the offer that an agent means: what is ready by its name, for its price or another, or work of another kind.

    That needs a sum with its currency, or the name may be a slip of the pen. Raises CannotError.
    """
    offers = case.policy.catalogue.offers
    names = {id_: one.name for id_, one in offers.items()}
    if names_meant(proposal.whole, names) or (proposal.price is None and offers):
        return offers[named(case, proposal.whole, names)]
    if proposal.price is not None and names_meant(proposal.name, names):
        ready = offers[named(case, proposal.name, names)]
        return replace(ready, price=proposal.price, per=proposal.per, currency=proposal.currency or ready.currency)
    if proposal.price is None or not proposal.currency:
        known = ", ".join(names.values())
        raise cannot(case, "no-offer" if known else "no-offers", names=known, usage=usage(case, "offer"))
    return Offer(id="", name=proposal.name, price=proposal.price, per=proposal.per, currency=proposal.currency)
