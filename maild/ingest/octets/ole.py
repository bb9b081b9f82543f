"""What an OLE compound file is (MS-CFB): Word, Excel, PowerPoint before 2007, Outlook's letters, Windows installers."""

_INSTALLERS = {  # class of the root directory entry, as it stands in the file
    b"\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46": "msi",
    b"\x86\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46": "msp",
}
_STREAMS = {  # of what kind a file with this stream is; the names that Word, Excel … give their files
    "WordDocument": ("doc", "dot", "wps"),
    "Workbook": ("xls", "xlt"),
    "Book": ("xls", "xlt"),
    "PowerPoint Document": ("ppt", "pps", "pot"),
    "VisioDocument": ("vsd",),
    "Quill": ("pub",),
    "__properties_version1.0": ("msg",),
}
_SEALED = ("docx", "xlsx", "pptx", "docm", "xlsm", "xlsb", "pptm", "vsdx")  # are OLE files when they have a password
_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA")


def ole_kinds(octets: bytes, named: str) -> tuple[str, ...]:
    """Return what a compound file is: kinds, and "macro" or "encrypted" where it is that; () where that is nothing known.

    Directory entries are looked for by their names as they are written (MS-CFB §2.6.1: UTF-16, filled up with zeros to 64
    octets), wherever they stand: a damaged file still shows them, and nothing can lead round in circles.
    """
    root = octets.find(_entry("Root Entry"))
    if root < 0:
        return (*((named,) if any(named in kinds for kinds in _STREAMS.values()) else ()), "broken")
    if installer := _INSTALLERS.get(octets[root + 80 : root + 96]):
        return (installer,)
    if octets.find(_entry("EncryptedPackage")) >= 0:
        return (named if named in _SEALED else "document", "encrypted")
    found = [kinds for stream, kinds in _STREAMS.items() if octets.find(_entry(stream)) >= 0]
    marks = ("macro",) if any(octets.find(_entry(name)) >= 0 for name in _MACROS) else ()
    for kinds in found:
        if named in kinds:  # a workbook may stand inside a text, and the other way round
            return (named, *marks)
    return (found[0][0], *marks) if found else ()


def _entry(name: str) -> bytes:
    encoded = name.encode("utf-16-le")
    return encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little")
