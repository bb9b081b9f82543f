"""Every error maild raises on purpose, drawn as a tree. Imports nothing of ours.

    MaildError
    ├── ConfigError        the owner can mend it; carries every problem found, not the first
    ├── TableError         a file handed in to be imported is no table; carries every problem found
    ├── StoreError         the database or the blob directory cannot be used; says what to do
    │   ├── SchemaTooNew   written by a newer maild
    │   ├── StoreBusy      another daemon holds it
    │   ├── LetterLost     a raw letter is missing or damaged; the others are not concerned
    │   └── NotQueued      an outgoing letter that is no longer waiting must not be begun
    ├── RegisterConflict   clients or coupons that contradict each other; nothing of them was written
    ├── SourceError        a mailbox cannot be read for now; the source backs off and tries again
    │   └── SourceRefused  it will not get better by itself (wrong password, unknown folder, bad certificate)
    ├── SignInError        no access token for now, so no way into a mailbox or a way out
    │   └── SignInRefused  it will not get better by itself (a secret that has expired, a wrong scope)
    ├── Stopping           the daemon is going down: what was begun is rolled back and done after the next start
    └── DeliveryError      an outgoing letter did not leave
        ├── Transient      try again later (4xx)
        │   └── Unreachable    the server cannot be used for now: no letter is to blame
        ├── Permanent      never try again (5xx)
        └── Ambiguous      the answer to DATA never came: it may have been delivered

Anything else is a bug: it stays loud, and the letter it concerns is quarantined with the traceback.
"""

import traceback
from dataclasses import dataclass
from pathlib import Path


class MaildError(Exception):
    """Base of all errors that are answers rather than bugs."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong in the configuration, told so that the owner can mend it without reading code."""

    file: str
    line: int | None  # 1-based; None when the file as a whole is meant (missing, unreadable)
    key: str  # dotted path, e.g. "organization.acme.mailbox.support.imap.port"; "" for the file as a whole
    found: str  # what stands there, shortened; never a secret
    expected: str
    remedy: str
    question: bool = False  # it is no mistake: somebody has left a question there, whose words are the remedy

    def __str__(self) -> str:
        """`file:line: key: found …, expected …. Remedy.` on one line."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f" {self.key}:" if self.key else ""
        return f"{place}:{key} found {self.found}, expected {self.expected}. {self.remedy}"


class ConfigError(MaildError):
    """The configuration is not usable. `problems` is never empty and sorted by file and line.

    `files` are those that were looked at, where anybody asked: a change to one of them may mend it.
    """

    def __init__(self, problems: list[Problem], *, files: tuple[Path, ...] = ()) -> None:
        self.problems = sorted(problems, key=lambda p: (p.file, p.line or 0, p.key))
        self.files = files
        super().__init__("\n".join(map(str, self.problems)))


class TableError(MaildError):
    """A file is no table that can be read: nothing of it was taken. `problems` is never empty, in the file's order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class StoreError(MaildError):
    """The database or the blob directory cannot be used; the message says what to do."""


class SchemaTooNew(StoreError):  # noqa: N818 - a state of the world, not an exception's name
    """The database was written by a newer maild."""


class StoreBusy(StoreError):  # noqa: N818
    """Another daemon works on the same database."""


class LetterLost(StoreError):  # noqa: N818
    """A raw letter is missing or damaged: restore it from a backup, then replay it."""


class NotQueued(StoreError):  # noqa: N818
    """The letter is no longer queued: somebody else has taken it, or an admin has given it up."""


class RegisterConflict(MaildError):  # noqa: N818
    """Clients or coupons contradict each other, or what is there already. `problems` has a sentence for each, never empty."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class ErasureRefused(MaildError):  # noqa: N818
    """Something is to be done before a person can be erased; nothing was."""


class SourceError(MaildError):
    """A mailbox cannot be read for now; worth another try."""


class SourceRefused(SourceError):  # noqa: N818
    """A mailbox cannot be read until somebody changes something; the message says what."""


class SignInError(MaildError):
    """No access token can be had for now; worth another try."""


class SignInRefused(SignInError):  # noqa: N818
    """No access token will be given until somebody changes something; the message says what."""


class Stopping(MaildError):  # noqa: N818
    """The daemon is going down; nothing is wrong."""


class DeliveryError(MaildError):
    """An outgoing letter did not leave. `code` is the SMTP reply code, None when none came."""

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class Transient(DeliveryError):  # noqa: N818
    """Worth another try later."""


class Unreachable(Transient):
    """The server cannot be used for now (no connection, bad certificate, wrong password): no letter is to blame."""


class Permanent(DeliveryError):  # noqa: N818
    """Refused for good."""


class Ambiguous(DeliveryError):  # noqa: N818
    """The server had the whole letter, its answer never came: it may have been delivered (RFC 5321 §6.1)."""


def describe_bug(error: BaseException) -> tuple[str, str, str]:
    """Return an error's one-line summary, its whole traceback, and where it arose (the key to tell the admin once)."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    summary = f"{type(error).__name__} in {where}"
    trace = "".join(traceback.format_exception(error)).replace("\0", "\\x00")  # PostgreSQL stores no NUL
    return summary, trace.encode("utf-8", "backslashreplace").decode("utf-8"), f"{type(error).__name__}@{where}"
