"""Small real files, built here: nothing binary stands in the repository, and every test says what is in its file."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from openpyxl import Workbook

SECTOR = 512
MZ = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(44) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0L\x01" + bytes(400)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RTF = b"{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par}"
JPG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + b"\xff\xdb\0\x43\0" + bytes(range(64)) + b"\xff\xd9"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
TIF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
BMP = (
    b"BM"
    + struct.pack("<IHHI", 58, 0, 0, 54)
    + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0)
    + bytes(4)
)
RAR = b"Rar!\x1a\x07\x00\xcf\x90s\0\0\r\0\0\0\0\0\0\0"
RAR5 = b"Rar!\x1a\x07\x01\x00\x33\x92\xb5\xe5\n\x01\x05\x06\0\x05\x01\x01\x80\x80\0"
SEVEN = b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(24)
EML = b"Received: from a by b; Fri, 6 Mar 2026 10:00:00 +0300\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nWords\r\n"


def png(width: int = 1, height: int = 1, noise: int = 0) -> bytes:
    """A picture in one colour, with so many octets of metadata."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(3 * width)) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    extra = chunk(b"tEXt", b"Comment\0" + b"x" * noise) if noise else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def zip_of(*files: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files, in this order."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", packed) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return octets.getvalue()


def encrypted_zip(name: str, content: bytes) -> bytes:
    """An archive with a password: the flag is all that a reader without it sees."""
    octets = bytearray(zip_of((name, content), packed=zipfile.ZIP_STORED))
    octets[6] |= 1
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


def renamed_zip(content: bytes, name: bytes) -> bytes:
    """An archive whose one file has this name as octets, without a word about their charset, as Windows writes it."""
    stand_in = "x" * len(name)
    return zip_of((stand_in, content)).replace(stand_in.encode(), name)


_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def office(folder: str, main: str, *more: tuple[str, bytes]) -> bytes:
    """A document of Office 2007 and later, as small as it gets."""
    parts = (
        ("[Content_Types].xml", _TYPES.encode()),
        ("_rels/.rels", b"<Relationships/>"),
        (f"{folder}/{main}", b"<x/>"),
    )
    return zip_of(*parts, *more)


def docx(*more: tuple[str, bytes]) -> bytes:
    """A text of Word."""
    return office("word", "document.xml", *more)


def docm() -> bytes:
    """A text of Word with a macro."""
    return docx(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"))


def xlsx() -> bytes:
    """A workbook that openpyxl wrote."""
    book, octets = Workbook(), io.BytesIO()
    book.active["A1"] = "Счёт"
    book.save(octets)
    return octets.getvalue()


def open_document(media_type: str, *more: tuple[str, bytes]) -> bytes:
    """A document of LibreOffice."""
    return zip_of(
        ("mimetype", media_type.encode()), ("content.xml", b"<x/>"), ("META-INF/manifest.xml", b"<x/>"), *more
    )


def odt(*more: tuple[str, bytes]) -> bytes:
    """A text of LibreOffice."""
    return open_document("application/vnd.oasis.opendocument.text", *more)


def ole(*streams: str, root: bytes = bytes(16)) -> bytes:
    """A compound file with these streams, empty: header, one sector of FAT, then the directory (MS-CFB §2.2)."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    header = header.ljust(SECTOR, b"\xff")
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(SECTOR, b"\xff")
    entries = [_entry("Root Entry", 5, root), *(_entry(name, 2, bytes(16)) for name in streams)]
    entries += [bytes(128)] * (-len(entries) % 4)
    return header + fat + b"".join(entries)


def _entry(name: str, kind: int, class_id: bytes) -> bytes:
    encoded = name.encode("utf-16-le")
    start = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    return start + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF) + class_id + bytes(32)


def doc(*more: str) -> bytes:
    """A text of Word 97."""
    return ole("WordDocument", "1Table", "\x05SummaryInformation", *more)


def xls(*more: str) -> bytes:
    """A workbook of Excel 97."""
    return ole("Workbook", "\x05SummaryInformation", *more)


def tar_of(name: str, content: bytes) -> bytes:
    """An archive of Unix."""
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return octets.getvalue()


def gz(content: bytes) -> bytes:
    """A file of gzip."""
    return gzip.compress(content, mtime=0)
