"""Which files of a letter are taken, and why the others are not (C23). Pure: the octets are handed in, and read only when needed.

All sizes are decimal, as the configuration has them: "5MB" is 5,000,000 octets, and a file of exactly that size is taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from maild.config.steering import AttachmentsEntry
from maild.ingest.octets.inside import Inside, look_inside
from maild.ingest.octets.kinds import PROGRAMS
from maild.ingest.octets.sniff import kinds_by_name, kinds_of
from maild.model import Attachment
from maild.wording import say_size
from maild.wording.kinds import say_kinds

Untaken = Literal["", "size", "total", "type", "archive", "broken"]
MAX_LOOKED_AT = 100  # files of one letter; each costs a look through it
MAX_DECORATION = 50_000  # octets of a picture that belongs to a signature; a screenshot is larger
MAX_NAMED = 50  # files in a letter about those that are not taken
MAX_SIGNATURE = 50_000  # octets of a signature by key or certificate
_PROGRAMS = PROGRAMS | {"program"}
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(frozen=True, kw_only=True)
class FilesPolicy:
    """Which files an organisation takes; with nothing set, all."""

    max_size: int | None = None  # octets of one
    max_total: int | None = None  # octets of all that are taken
    types: tuple[str, ...] = ()  # empty: all
    refused: tuple[str, ...] = ()
    archives: Literal["take", "look", "refuse"] = "look"

    @property
    def looks(self) -> bool:
        """Whether it depends on what a file really is."""
        return bool(self.types or self.refused or self.archives == "refuse")


def files_policy(entry: AttachmentsEntry) -> FilesPolicy:
    """Return the policy that a configuration has."""
    return FilesPolicy(
        max_size=entry.max_size, max_total=entry.max_total,
        types=entry.types, refused=entry.refused, archives=entry.archives,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SeenFile:
    """One file of a letter: what it is, and whether it is taken."""

    attachment: Attachment
    kinds: frozenset[
        str
    ]  # see `kinds_of`, of an archive also what is in it; "unproven" where only the name was looked at
    untaken: Untaken = ""  # why it is not taken; "": it is
    detail: str = ""  # the evidence, in one line
    limit: int = 0  # octets, for "size" and "total"
    types: tuple[str, ...] = ()  # those that are taken, for "type"
    blamed: str = ""  # the file in it on whose account an archive is not taken, for "archive"
    decoration: bool = False  # a picture of a signature, or the signature of a program: no file that anybody sent


def look_at_files(
    attachments: Sequence[Attachment],
    read: Callable[[int], bytes],
    policy: FilesPolicy,
    *,
    wanted: bool = False,
) -> tuple[SeenFile, ...]:
    """Return the files in the letter's order, each with the reason if it is not taken.

    `read` gives the octets of an index and may raise LookupError. It is asked only where the policy depends on what a
    file is, or where a rule does (`wanted`). `max_total` counts what is taken: behind a file for which there is no room a
    smaller one may still be taken. Decoration is always taken and never counted: nobody attached it.
    """
    seen: list[SeenFile] = []
    total = 0
    for place, attachment in enumerate(attachments):
        octets = _read(read, attachment.index) if (policy.looks or wanted) and place < MAX_LOOKED_AT else None
        file = _see(attachment, octets, policy)
        if not file.untaken and not file.decoration:
            if policy.max_total is not None and total + attachment.size > policy.max_total:
                left = f"{attachment.size} octets, {policy.max_total - total} left of {policy.max_total}"
                file = replace(file, untaken="total", limit=policy.max_total, detail=left)
            else:
                total += attachment.size
        seen.append(file)
    return tuple(seen)


def _read(read: Callable[[int], bytes], index: int) -> bytes | None:
    try:
        return read(index)
    except LookupError:
        return None


def _see(attachment: Attachment, octets: bytes | None, policy: FilesPolicy) -> SeenFile:
    """Return one file as it would be taken alone."""
    if octets is None:
        kinds = kinds_by_name(attachment.name, attachment.media_type)
    else:
        kinds = kinds_of(octets, attachment.name, attachment.media_type)
    inside = look_inside(octets, attachment.name) if octets is not None and "archive" in kinds else ()
    file = SeenFile(
        attachment=attachment,
        kinds=kinds.union(*(one.kinds for one in inside)),
        decoration=_is_decoration(attachment, kinds),
    )
    if file.decoration:
        return file
    if policy.max_size is not None and attachment.size > policy.max_size:
        over = f"{attachment.size} octets, at most {policy.max_size}"
        return replace(file, untaken="size", limit=policy.max_size, detail=over)
    if not policy.looks:
        return file
    untaken, why = _judge(attachment.name, octets, kinds, policy)
    if untaken:
        return replace(file, untaken=untaken, detail=why, types=policy.types if untaken == "type" else ())
    return _judge_inside(file, inside, policy) if "archive" in kinds and policy.archives == "look" else file


def _judge(name: str, octets: bytes | None, kinds: frozenset[str], policy: FilesPolicy) -> tuple[Untaken, str]:
    """Return why what a file is itself keeps it from being taken, and the evidence; ("", "") where nothing does."""
    if octets is None:
        return "broken", f"not looked at: it cannot be read, or is beyond the {MAX_LOOKED_AT} files that are"
    if "empty" in kinds:
        return "broken", "it is empty"
    if refused := sorted(kinds.intersection(policy.refused)):
        return "type", f"{refused[0]} is refused"
    if "broken" in kinds:
        return "broken", f"it begins as {_shown(kinds - {'broken'})} and cannot be opened"
    if "archive" in kinds and policy.archives == "refuse":
        return "archive", "archives are not taken"
    if why := _unlisted(kinds, policy):
        called = kinds_by_name(name).intersection(policy.types)
        return ("broken", "it is nothing that its name says") if "unknown" in kinds and called else ("type", why)
    return "", ""


def _judge_inside(file: SeenFile, inside: Sequence[Inside], policy: FilesPolicy) -> SeenFile:
    """Return an archive as it is taken on account of what is in it: the first file that must not be there is told.

    One that is locked is told to be so rather than to be the wrong archive: that is what its sender can change.
    """
    for one in inside:
        if why := _unwanted(one, policy):
            locked = one.why in ("encrypted", "broken") and "is refused" not in why
            blamed = one.name if one.name != file.attachment.name else ""
            return replace(file, untaken="broken" if locked else "archive", detail=f"{one.name}: {why}", blamed=blamed)
    return file


def _unlisted(kinds: frozenset[str], policy: FilesPolicy) -> str:
    """Return why a file is none of the types that are taken, "" where it is one. A program is taken as a program only."""
    wanted = kinds.intersection(policy.types)
    if not policy.types or (wanted and ("program" not in kinds or wanted & _PROGRAMS)):
        return ""
    return f"it is {_shown(kinds)}"


def _unwanted(inside: Inside, policy: FilesPolicy) -> str:
    """Return why a file in an archive keeps the archive from being taken, "" where it does not.

    Nobody can look into a RAR file. Who names "rar" among the types takes it as it is; "archive" alone does not say so.
    """
    if refused := sorted(inside.kinds.intersection(policy.refused)):
        return f"{refused[0]} is refused"
    if "unseen" in inside.kinds:
        named = inside.why == "unknown format" and inside.kinds.intersection(policy.types) - {"archive"}
        return "" if named else f"nobody can look into it ({inside.why})"
    if "empty" in inside.kinds:
        return ""
    return _unlisted(inside.kinds, policy)


def _shown(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds)) or "unknown"


def _is_decoration(attachment: Attachment, kinds: frozenset[str]) -> bool:
    """Whether it is a small picture that the words show, or the letter's own signature: nobody sent it as a file."""
    if "program" in kinds:
        return False
    if attachment.media_type in _SIGNATURES:
        return attachment.size <= MAX_SIGNATURE
    shown = attachment.inline or bool(attachment.content_id)
    return shown and "image" in kinds and attachment.size <= MAX_DECORATION


def files_words(files: Sequence[SeenFile], language: str) -> list[dict[str, str]]:
    """Return the files that are not taken, for templates: name, why, and what limits it, in words or "".

    That is the size for "size" and "total", the types that are taken for "type", the file to blame for "archive".
    """
    return [
        {"name": file.attachment.name, "why": file.untaken, "limit": _limit(file, language)}
        for file in [file for file in files if file.untaken][:MAX_NAMED]
    ]


def _limit(file: SeenFile, language: str) -> str:
    return say_size(file.limit, language) if file.limit else say_kinds(file.types, language) or file.blamed
