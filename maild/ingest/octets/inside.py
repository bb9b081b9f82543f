"""What is in an archive, without trusting it: names, sizes and kinds of the files inside, archives in archives too."""

import zipfile
from contextlib import suppress
from dataclasses import dataclass

from maild.ingest.octets.charset import decode
from maild.ingest.octets.names import safe_name
from maild.ingest.octets.sniff import HEAD, kinds_by_name, kinds_of
from maild.ingest.octets.zips import UNPACKED, open_zip

MAX_FILES = 1_000  # looked at, in all layers together
MAX_UNPACKED = 50_000_000  # octets unpacked, in all layers together
MAX_DEPTH = 3  # archives in archives in archives
_UTF_8 = 0x800


@dataclass(frozen=True, kw_only=True)
class Inside:
    """One file in an archive; its kinds hold "unseen" where nobody can tell what it is or what is in it: `why` says the reason."""

    name: str  # safe to show; in an archive in an archive "inner.zip/file.txt"
    size: int  # octets, as the archive says
    kinds: frozenset[str]
    why: str = ""  # "encrypted", "broken", "too much", "unknown format", "unknown packing"; "": it was seen


def look_inside(octets: bytes, name: str = "") -> tuple[Inside, ...]:
    """Return the files in an archive, as many as are looked at; what cannot be looked at is one entry, "unseen". Never raises."""
    return tuple(_Look().inside(octets, name, "", 0))


class _Look:
    """One look into one archive; counts what is unpacked."""

    def __init__(self) -> None:
        self.files = MAX_FILES
        self.room = MAX_UNPACKED

    def inside(self, octets: bytes, name: str, path: str, depth: int) -> list[Inside]:
        kinds = kinds_of(octets, name)
        archive = open_zip(octets) if "zip" in kinds else None
        if archive is None:
            why = "broken" if "broken" in kinds else "unknown format"
            return [_unseen(path or name, len(octets), why, kinds)]
        found: list[Inside] = []
        for info in archive.infolist():
            if info.is_dir():
                continue
            self.files -= 1
            if self.files < 0:
                return [*found, _unseen(path or name, len(octets), "too much", kinds)]
            found += self._file(archive, info, path, depth)
        return found

    def _file(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, depth: int) -> list[Inside]:
        name = _name(info)
        shown = f"{path}/{name}" if path else name
        named = kinds_by_name(name)
        if info.flag_bits & 1:
            return [_unseen(shown, info.file_size, "encrypted", named)]
        if info.compress_type not in UNPACKED:
            return [_unseen(shown, info.file_size, "unknown packing", named)]
        try:
            with archive.open(info) as file:
                octets = file.read(min(HEAD, self.room))
                if octets.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
                    octets += file.read(max(0, self.room - len(octets)))
                more = bool(file.read(1))
        except Exception:  # zipfile, zlib, lzma, bz2 raise each its own on damaged data
            return [_unseen(shown, info.file_size, "broken", named)]
        self.room -= len(octets)
        if self.room <= 0:
            return [_unseen(shown, info.file_size, "too much", named)]
        kinds = kinds_of(octets, name)
        if "archive" not in kinds:
            return [Inside(name=shown, size=info.file_size, kinds=kinds)]
        if depth + 1 >= MAX_DEPTH or more:
            return [_unseen(shown, info.file_size, "too much", kinds)]
        return self.inside(octets, name, shown, depth + 1)


def _unseen(name: str, size: int, why: str, kinds: frozenset[str]) -> Inside:
    return Inside(name=name, size=size, kinds=kinds | {"unseen"}, why=why)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name without its folder, in whatever charset it is: Windows packs Russian names in cp866 and says so nowhere."""
    name = info.orig_filename
    if not info.flag_bits & _UTF_8:
        with suppress(UnicodeError):
            name = decode(name.encode("cp437"))[0]
    return safe_name(name, 0, "")
