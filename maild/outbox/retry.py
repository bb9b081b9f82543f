"""When to try an outgoing letter again. Pure; imports nothing of ours."""

from datetime import datetime, timedelta

# The waits after the first, second, … failure; the last one repeats. RFC 5321 §4.5.4.1 asks for two tries in the first
# hour, then one every two or three hours. The early ones are for greylisting, which lets a letter in after minutes.
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))

# The wait after an answer that never came: a server slow in filing the letter gets time to finish, so that it can see
# the repeat's Message-ID for what it is (RFC 5321 §6.1 is about these duplicates).
UNCERTAIN_WAIT = timedelta(minutes=15)

# How often a letter is repeated after an answer that never came. Each repeat may be one more copy for the customer.
UNCERTAIN_REPEATS = 2

# A mailbox whose server cannot be used is tried again after the first of these, doubled each time up to the second.
# At most four logins an hour keeps a wrong password from locking the account.
SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=15)

# Waits are stretched by up to this share, so that letters that failed together do not return together.
STRETCH = 0.2

LONGEST_WAIT = BACKOFF[-1] * (1 + STRETCH)


def next_attempt(
    attempts: int, queued_at: datetime, now: datetime, retry_for: timedelta, *, uncertain: int, jitter: float
) -> datetime | None:
    """When a letter that has just failed is due again, or None when it has failed for good.

    `attempts` counts the failures so far, this one included. `uncertain` counts the answers that never came, this one
    included; 0 when this failure was definite. `jitter` is in [0, 1). The last try comes when the letter is
    `retry_for` old, not before; an uncertain letter that cannot wait its time before that is not repeated.
    """
    limit = queued_at + retry_for
    wait = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    if uncertain:
        at = now + _stretched(max(wait, UNCERTAIN_WAIT), jitter)
        return at if uncertain <= UNCERTAIN_REPEATS and at <= limit else None
    return min(now + _stretched(wait, jitter), limit) if now < limit else None


def rest_until(failures: int, now: datetime, *, jitter: float) -> datetime:
    """Until when a mailbox rests whose server failed `failures` (1 or more) times in a row."""
    doublings = min(max(failures, 1) - 1, 10)  # bounded, so that a week of failures does not overflow
    return now + _stretched(min(SHORTEST_REST * 2**doublings, LONGEST_REST), jitter)


def _stretched(wait: timedelta, jitter: float) -> timedelta:
    return wait * (1 + STRETCH * jitter)
