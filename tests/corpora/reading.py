"""The reading part of the walk on its own: octets in, everything that the pure steps make of them out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import partial

from maild.ingest.classify import OwnMail, classify
from maild.ingest.dsn import parse_delivery_report
from maild.ingest.parse import parse, read_attachment
from maild.ingest.reply import read_reply
from maild.ingest.said import choose_said
from maild.ingest.unwrap import unwrap
from maild.model import Classification, DeliveryReport, Message, Said

OWN = OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="acme-7f3c")
STAFF = frozenset({"ivan@staff.example"})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one letter turned out to be."""

    message: Message
    classification: Classification
    report: DeliveryReport | None
    said: Said  # the new words


def read(octets: bytes) -> Reading:
    """Return what the walk reads out of a letter before it looks anything up: the one place that knows the steps."""
    message = parse(octets)
    wrapped = unwrap(message, forms=(), staff=STAFF, own=OWN, read_attachment=partial(read_attachment, octets))
    return Reading(
        message=message,
        classification=classify(message, OWN),
        report=parse_delivery_report(message),
        said=choose_said(message, wrapped, read_reply(message)),
    )


def strings(value: object) -> Iterator[str]:
    """Yield every string in a value, however deep: what would be stored."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, tuple | list | frozenset | set):
        for inner in value:
            yield from strings(inner)


def find_unstorable(reading: Reading) -> str | None:
    """Return the first string that a database would refuse (a NUL, a lone surrogate), or None."""
    return next((text for text in strings(reading) if not _is_storable(text)), None)


def _is_storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in text
