"""Whether a contract, or a coupon, holds on a day, and if not, why. Pure; days are those of the organisation's zone."""

from datetime import date

from maild.contracts.client import Client, Coupon, Period
from maild.contracts.recognition import CouponState, Standing


def state_of(coupon: Coupon, today: date, renewed_by: Coupon | None = None) -> tuple[CouponState, str]:
    """Return what a coupon of the register is worth today, and that in words.

    A renewal takes its predecessor's place from its first day on, whatever becomes of it: the chain goes one way (CB-23).
    Who quotes a coupon that has expired and was renewed is told of the renewal, which is what helps.
    """
    if coupon.revoked is not None and coupon.revoked <= today:
        return CouponState.REVOKED, f"revoked on {coupon.revoked}"
    if renewed_by is not None and (renewed_by.since is None or renewed_by.since <= today):
        return CouponState.RENEWED, "another one has taken its place"
    if coupon.since is not None and today < coupon.since:
        return CouponState.NOT_YET_VALID, f"valid from {coupon.since} on"
    if coupon.until is not None and coupon.until < today:
        return CouponState.EXPIRED, f"expired, its last day was {coupon.until}"
    return CouponState.VALID, f"valid until {coupon.until}" if coupon.until else "valid without an end"


def standing_of(client: Client, level: str, levels: frozenset[str], today: date) -> tuple[Standing, str]:
    """Return how a client stands today, and that in words. `level` is what they are to get, `levels` those that exist.

    Suspended comes first: money is owed whatever the dates. In a gap between two periods the contract has expired: the
    next one grants nothing yet. No level at all is no fault: not every desk has levels.
    """
    if client.suspended:
        return Standing.SUSPENDED, f"suspended: {client.suspended}"
    if client.periods and not any(_holds(period, today) for period in client.periods):
        ended = [period.until for period in client.periods if period.until is not None and period.until < today]
        begins = [period.since for period in client.periods if period.since is not None and period.since > today]
        to_come = f"the next contract period begins on {min(begins)}" if begins else ""
        if not ended:
            return Standing.NOT_YET_VALID, to_come or "no contract period has begun"
        return Standing.EXPIRED, ", ".join(filter(None, (f"the contract's last day was {max(ended)}", to_come)))
    if level and level not in levels:
        return Standing.LEVEL_UNKNOWN, f"level {level} is not in the configuration"
    return Standing.SERVED, f"served at level {level}" if level else "served, without a level"


def _holds(period: Period, today: date) -> bool:
    return (period.since is None or period.since <= today) and (period.until is None or today <= period.until)
