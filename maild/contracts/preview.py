"""What an import would change in the register, before anything is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from maild.contracts.cells import format_date, format_hours
from maild.contracts.client import Client, Contact, Coupon, Package, Period
from maild.contracts.coupons import fold, shorten


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a client or a coupon, before and after, in words; "" for nothing."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before or '(nothing)'} → {self.after or '(nothing)'}"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A client or a coupon that would be another one."""

    what: str  # 'client "acme"', 'coupon …9TR5 of "acme"'
    fields: tuple[FieldChange, ...]

    def __str__(self) -> str:
        return f"{self.what}: {'; '.join(map(str, self.fields))}"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would do, in the order of the file; what would be gone in the order of the register."""

    new: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    same: int = 0
    gone: tuple[str, ...] = ()  # in the register, not in the file

    def __str__(self) -> str:
        """One line for each client and coupon that is touched, and the sum."""
        lines = [f"+ {one}" for one in self.new]
        lines += [f"~ {one}" for one in self.changed]
        lines += [f"- {one}" for one in self.gone]
        lines.append(f"{len(self.new)} new, {len(self.changed)} changed, {len(self.gone)} gone, {self.same} unchanged")
        return "\n".join(lines)


def compare(
    present: tuple[Sequence[Client], Sequence[Coupon]],
    wanted: tuple[Sequence[Client], Sequence[Coupon]],
) -> Preview:
    """Return what would become of the `present` clients and coupons if the register held the `wanted` ones instead.

    Clients are the same by key, coupons by what two spellings of a code have in common. Whole codes appear nowhere.
    """
    before, after = _by_identity(*present), _by_identity(*wanted)
    changed = [
        Change(what=_called(one), fields=tuple(_differences(before[key], one)))
        for key, one in after.items()
        if key in before and before[key] != one
    ]
    return Preview(
        new=tuple(_called(one) for key, one in after.items() if key not in before),
        changed=tuple(changed),
        same=sum(before.get(key) == one for key, one in after.items()),
        gone=tuple(_called(one) for key, one in before.items() if key not in after),
    )


def _by_identity(clients: Sequence[Client], coupons: Sequence[Coupon]) -> dict[tuple[str, str], Client | Coupon]:
    found: dict[tuple[str, str], Client | Coupon] = {("client", one.key): one for one in clients}
    found.update({("coupon", fold(one.code)): one for one in coupons})
    return found


def _called(one: Client | Coupon) -> str:
    if isinstance(one, Client):
        return f'client "{one.key}" ({one.name})'
    return f'coupon {shorten(one.code)} of "{one.client}"'


def _differences(before: Client | Coupon, after: Client | Coupon) -> Iterator[FieldChange]:
    for one in fields(after):
        was, becomes = getattr(before, one.name), getattr(after, one.name)
        if was != becomes:
            secret = one.name in ("code", "renews")
            words = [shorten(text) if secret and text else _words(text) for text in (was, becomes)]
            yield FieldChange(name=one.name, before=words[0], after=words[1])


def _words(value: object) -> str:
    """Return a field's value as a person would write it, on one line."""
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(_words, value))
        case Contact():
            return " ".join(
                filter(
                    None, [value.name, *(f"<{addr}>" for addr in value.addresses), value.specialist * "(specialist)"]
                )
            )
        case Period():
            return f"{_words(value.since)}–{_words(value.until)}"
        case Package():
            said = {
                "hours": "" if value.hours is None else format_hours(value.hours),
                "requests": _words(value.requests),
                "carried over": _words(value.carry_over or None),
                "price": _words(value.price),
            }
            return ", ".join(f"{name} {text}" for name, text in said.items() if text)
        case StrEnum():
            return value.value.replace("_", " ")
        case date():
            return format_date(value)
        case timedelta():
            return format_hours(value)
        case _:
            return " ".join(str(value).split())
