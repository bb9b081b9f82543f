"""What a ZIP file is, and what is in it: documents of Office and OpenDocument are ZIP files, too. The one home of zipfile."""

import io
import zipfile

MAX_DIRECTORY = 1_000_000  # octets of a table of contents: some 10,000 files
UNPACKED = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # of the others zipfile unpacks a bomb whole, however little is asked for
_OPEN = {  # what the entry "mimetype" says (ODF 1.2 part 3 §3.3)
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "ott",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": "ots",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/epub+zip": "epub",
}
# where its parts are, what it is called without a macro and with one; the first name where it is called otherwise
_OFFICE = {
    "word/": (("docx", "dotx"), ("docm", "dotm")),
    "xl/": (("xlsx", "xltx"), ("xlsm", "xlsb", "xltm", "xlam")),
    "ppt/": (("pptx", "ppsx", "potx"), ("pptm", "ppsm", "potm")),
    "visio/": (("vsdx",), ("vsdm",)),
}
_MACROS = ("vbaproject.bin", "/macrosheets/", "/intlmacrosheets/")


class _Careful(io.BytesIO):
    """The octets of an archive, of which nobody takes a long piece at once: zipfile believes what an archive says of itself."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = len(self.getbuffer()) - self.tell()
        if min(size if size is not None and size >= 0 else left, left) > MAX_DIRECTORY:
            raise zipfile.BadZipFile("a table of contents that is too long")
        return super().read(size)


def open_zip(octets: bytes) -> zipfile.ZipFile | None:
    """Return the archive with its table of contents read, or None where that is damaged or too long. Never raises."""
    try:
        return zipfile.ZipFile(_Careful(octets))
    except Exception:  # zipfile raises a dozen things on damaged archives: struct.error, UnicodeDecodeError …
        return None


def zip_kinds(octets: bytes, named: str) -> tuple[str, ...]:
    """Return what a ZIP file is: kinds, and "macro" for a document with one; "zip", "broken" where it cannot be opened."""
    archive = open_zip(octets)
    if archive is None:
        return ("zip", "broken")
    names = {info.filename for info in archive.infolist()}
    if "[Content_Types].xml" in names:
        for folder, (plain, with_macro) in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                macro = any(part in name.lower() for name in names for part in _MACROS)
                if "xl/workbook.bin" in names:
                    return ("xlsb", "macro") if macro else ("xlsb",)
                called = with_macro if macro else plain
                return (named if named in called else called[0], *(("macro",) if macro else ()))
        if any(name.endswith(".fpage") for name in names):
            return ("xps",)
    if "mimetype" in names and (kind := _OPEN.get(_start(archive, "mimetype"))):
        macro = any(name.startswith(("Basic/", "Scripts/")) for name in names)
        return (kind, "macro") if macro else (kind,)
    if "AndroidManifest.xml" in names:
        return ("apk",)
    if "AppxManifest.xml" in names:
        return ("msix",)
    if "META-INF/MANIFEST.MF" in names:
        return ("jar",)
    encrypted = any(info.flag_bits & 1 for info in archive.infolist())
    return ("zip", "encrypted") if encrypted else ("zip",)


def _start(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).compress_type not in UNPACKED:
        return ""
    try:
        with archive.open(name) as file:
            return file.read(100).decode("ascii").strip()
    except Exception:  # whatever a damaged entry raises
        return ""
