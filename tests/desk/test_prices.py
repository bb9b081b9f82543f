"""Whose money paid work costs: its own currency, else that in which work is counted."""

import pytest

from maild.config.model import Organization
from maild.desk.catalogue import catalogue_of

MAILBOX = {"support": {"address": "support@acme.example"}}
OFFER = {"name": "Training", "price": 1500}


@pytest.mark.parametrize(
    ("offer", "accounting", "currency"),
    [
        ({}, None, "₽"),
        ({}, {"currency": "₸"}, "₸"),
        ({"currency": "₴"}, None, "₴"),
        ({"currency": "₴"}, {"currency": "₸"}, "₴"),
        ({"currency": ""}, {"currency": "₸"}, ""),
    ],
)
def test_an_offer_has_its_own_currency_or_that_of_the_organisation(
    offer: dict[str, object], accounting: dict[str, object] | None, currency: str
) -> None:
    """A desk that does not count work may still name a price in its own money."""
    said = {"name": "Acme", "mailbox": MAILBOX, "offer": {"training": OFFER | offer}, "accounting": accounting}
    organization = Organization.model_validate(said)
    assert catalogue_of(organization).offers["training"].currency == currency
