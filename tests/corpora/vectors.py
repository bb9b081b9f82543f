"""Header values with what they decode to, each put into a letter whose reading tells.

Only what our parser is asked in its work is asked here: addresses, ids, a subject, a date, an attachment's type and name.
Not asked: lists of keywords, Received fields, and the addresses of RFC 2369 fields, which are commands in URIs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_FIELDS = {"address": "To", "id": "References", "unstructured": "Subject", "date": "Date"}
_ADDR_SPEC = re.compile(r"[^\s<>()@:]+@[^\s<>()@:]+")
_UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # a safe name differs from the author's there, as it should

_ATTACHMENT = """\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=-vector"

--=-vector
Content-Type: text/plain

see attachment
--=-vector
Content-Disposition: attachment
Content-Type: {value}

content
--=-vector--
"""


def vector_letters(stem: str, values: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Yield number, letter and expected answers of the values of one file that can be asked; numbers count all."""
    for number, value in enumerate(values):
        wanted = _WANTED[stem](value["expected"]) if stem in _WANTED else None
        if wanted is None:
            continue
        written = str(value["header"]).rstrip("\r\n")
        if stem == "content_type":
            letter = _ATTACHMENT.format(value=written)
        else:
            letter = f"X-Vector: {number}\n{_FIELDS[stem]}: {written}\n\ntext\n"
        yield number, letter.encode("utf-8", "surrogatepass"), wanted


def _addresses(expected: Any) -> dict[str, Any] | None:
    groups = expected.get("Group") or [{"addresses": expected.get("List")}]
    people = [person for group in groups for person in group["addresses"] or ()]
    if not all(_ADDR_SPEC.fullmatch(person["address"] or "") for person in people):
        return None
    names = [" ".join((person["name"] or "").split()) for person in people]
    return {"vector_addresses": [person["address"] for person in people], "vector_names": names}


def _ids(expected: Any) -> dict[str, Any]:
    return {"vector_ids": list(expected or ())}


def _words(expected: Any) -> dict[str, Any]:
    return {"vector_words": (expected or "").split()}


def _date(expected: Any) -> dict[str, Any] | None:
    if expected is None:
        return {"vector_date": "no date"}
    offset = timedelta(hours=expected["tz_hour"], minutes=expected["tz_minute"])
    zone = timezone(-offset if expected["tz_before_gmt"] else offset)
    year, month, day, hour, minute, second = (
        expected[key] for key in ("year", "month", "day", "hour", "minute", "second")
    )
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return {"vector_date": moment.astimezone(UTC).isoformat()}


def _content_type(expected: Any) -> dict[str, Any] | None:
    """A multipart is no attachment, and one without a subtype is none of MIME's types (RFC 2045 §5.2)."""
    if expected is None or expected["c_subtype"] is None or expected["c_type"].lower() == "multipart":
        return None
    name = dict(expected.get("attributes") or ()).get("name")
    wanted = {"vector_type": f"{expected['c_type']}/{expected['c_subtype']}".lower()}
    if name and name.strip() and not _UNSAFE_IN_NAMES.search(name):
        wanted["vector_name"] = name
    return wanted


_WANTED = {
    "address": _addresses,
    "id": _ids,
    "unstructured": _words,
    "date": _date,
    "content_type": _content_type,
}
