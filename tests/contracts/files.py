"""Files as people's programs write them."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl


def workbook(rows: Sequence[Sequence[object]], arrange: Callable[[Any], None] = lambda book: None) -> bytes:
    """Return an XLSX of one sheet, changed by `arrange` before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Лист1"
    for row in rows:
        sheet.append(row)
    arrange(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repack(octets: bytes, change: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a workbook with some of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change.get(part.filename, bytes)(old.read(part)))
    return out.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()
