"""What a file is: its octets decide, not its name; and what is in an archive."""

import zipfile
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.octets.inside import MAX_FILES, MAX_UNPACKED, look_inside
from maild.ingest.octets.kinds import GROUP_OF, KNOWN, MARKS, PROVEN, extension
from maild.ingest.octets.sniff import kinds_by_name, kinds_of
from tests.attached import build
from tests.pace import find_growth, find_slowness

MSI = b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
OPUS = b"OggS\0\x02" + bytes(22)
ISO = bytes(32769) + b"CD001\x01" + bytes(2048)
NOISE = bytes(range(256)) * 4  # no kind of file begins so
ZIP = build.zip_of(("readme.txt", b"words"))
FTYP = b"\0\0\0\x18ftyp"

# name of the file, octets, what it is (every group and mark; of kinds with several names the first)
FILES = {
    # documents
    "pdf": ("Счёт №5.pdf", build.PDF, "pdf document"),
    "pdf behind junk": ("a.pdf", b"\r\n\r\n" + build.PDF, "pdf document"),
    "docx": ("Письмо.docx", build.docx(), "docx document"),
    "dotx": ("a.dotx", build.docx(), "dotx document"),
    "docx without a name": ("", build.docx(), "docx document"),
    "docx called zip": ("a.zip", build.docx(), "docx document"),
    "docm": ("a.docm", build.docm(), "docm document macro"),
    "dotm": ("a.dotm", build.docm(), "dotm document macro"),
    "docm called docx": ("a.docx", build.docm(), "docm document macro"),
    "xlsx": ("Счёт.xlsx", build.xlsx(), "xlsx document"),
    "xltx": ("a.xltx", build.xlsx(), "xltx document"),
    "xlsm": ("a.xlsm", build.office("xl", "workbook.xml", ("xl/vbaProject.bin", b"x")), "xlsm document macro"),
    "xltm": ("a.xltm", build.office("xl", "workbook.xml", ("xl/vbaProject.bin", b"x")), "xltm document macro"),
    "xlsx with old macros": ("a.xlsx", build.office("xl", "workbook.xml", ("xl/macrosheets/sheet1.xml", b"x")), "xlsm document macro"),
    "xlsb": ("a.xlsb", build.office("xl", "workbook.bin"), "xlsb document"),
    "pptx": ("a.pptx", build.office("ppt", "presentation.xml"), "pptx document"),
    "ppsx": ("a.ppsx", build.office("ppt", "presentation.xml"), "ppsx document"),
    "potx": ("a.potx", build.office("ppt", "presentation.xml"), "potx document"),
    "pptm": ("a.pptm", build.office("ppt", "presentation.xml", ("ppt/vbaProject.bin", b"x")), "pptm document macro"),
    "ppsm": ("a.ppsm", build.office("ppt", "presentation.xml", ("ppt/vbaProject.bin", b"x")), "ppsm document macro"),
    "potm": ("a.potm", build.office("ppt", "presentation.xml", ("ppt/vbaProject.bin", b"x")), "potm document macro"),
    "vsdx": ("a.vsdx", build.office("visio", "document.xml"), "vsdx document"),
    "vsdm": ("a.vsdm", build.office("visio", "document.xml", ("visio/vbaProject.bin", b"x")), "vsdm document macro"),
    "xps": ("a.xps", build.zip_of(("[Content_Types].xml", b"<x/>"), ("Documents/1/Pages/1.fpage", b"<x/>")), "xps document"),
    "odt": ("a.odt", build.odt(), "odt document"),
    "odt with a macro": ("a.odt", build.odt(("Basic/Standard/Module1.xml", b"<x/>")), "odt document macro"),
    "ott": ("a.ott", build.open_document("application/vnd.oasis.opendocument.text-template"), "ott document"),
    "ods": ("a.ods", build.open_document("application/vnd.oasis.opendocument.spreadsheet"), "ods document"),
    "ots": ("a.ots", build.open_document("application/vnd.oasis.opendocument.spreadsheet-template"), "ots document"),
    "odp": ("a.odp", build.open_document("application/vnd.oasis.opendocument.presentation"), "odp document"),
    "odg": ("a.odg", build.open_document("application/vnd.oasis.opendocument.graphics"), "odg document"),
    "epub": ("a.epub", build.open_document("application/epub+zip"), "epub document"),
    "doc": ("Договор.doc", build.doc(), "doc document"),
    "doc without a name": ("", build.doc(), "doc document"),
    "dot": ("a.dot", build.doc(), "dot document"),
    "doc with a macro": ("a.doc", build.doc("Macros", "VBA", "_VBA_PROJECT"), "doc document macro"),
    "doc with a workbook in it": ("a.doc", build.doc("ObjectPool", "Workbook"), "doc document"),
    "workbook with a doc in it": ("a.xls", build.xls("WordDocument"), "xls document"),
    "xls": ("a.xls", build.xls(), "xls document"),
    "xls of Excel 5": ("a.xls", build.ole("Book"), "xls document"),
    "xlt": ("a.xlt", build.xls(), "xlt document"),
    "ppt": ("a.ppt", build.ole("PowerPoint Document"), "ppt document"),
    "pps": ("a.pps", build.ole("PowerPoint Document"), "pps document"),
    "pot": ("a.pot", build.ole("PowerPoint Document"), "pot document"),
    "vsd": ("a.vsd", build.ole("VisioDocument"), "vsd document"),
    "pub": ("a.pub", build.ole("Quill", "Contents"), "pub document"),
    "docx with a password": ("a.docx", build.ole("EncryptionInfo", "EncryptedPackage"), "docx document encrypted"),
    "password without a name": ("", build.ole("EncryptionInfo", "EncryptedPackage"), "document encrypted"),
    "rtf": ("a.rtf", build.RTF, "rtf document"),
    "rtf called doc": ("a.doc", build.RTF, "rtf document"),
    "djvu": ("a.djvu", b"AT&TFORM\0\0\0\x10DJVU", "djvu djv document"),
    "ps": ("a.ps", b"%!PS-Adobe-3.0\n", "ps document"),
    "mht": ("a.mht", b"From: <Saved by Blink>\r\nContent-Type: multipart/related\r\n\r\n", "mht mhtml document"),
    # pictures
    "png": ("Снимок.PNG", build.png(), "png image"),
    "png without a name": ("", build.png(), "png image"),
    "png called jpg": ("a.jpg", build.png(), "png image"),
    "png named after a site": ("Снимок example.com", build.png(), "png image"),
    "jpg": ("IMG_1.JPG", build.JPG, "jpg jpeg jpe jfif image"),
    "gif": ("a.gif", build.GIF, "gif image"),
    "tif": ("a.tif", build.TIF, "tif tiff image"),
    "tif of a Macintosh": ("a.tiff", b"MM\0*\0\0\0\x08\0\0", "tif tiff image"),
    "bmp": ("a.bmp", build.BMP, "bmp image"),
    "webp": ("a.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f", "webp image"),
    "heic": ("IMG_1.HEIC", FTYP + b"heic\0\0\0\0mif1heic", "heic heif image"),
    "avif": ("a.avif", FTYP + b"avif\0\0\0\0mif1", "avif image"),
    "ico": ("a.ico", b"\0\0\x01\0\x01\0\x10\x10" + bytes(20), "ico image"),
    "psd": ("a.psd", b"8BPS\0\x01" + bytes(20), "psd image"),
    "jp2, by puremagic": ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(20), "jp2 image"),
    # text
    "txt": ("a.txt", "Не открывается отчёт.\r\n".encode(), "txt text"),
    "txt of Windows": ("a.txt", "Не открывается отчёт.\r\n".encode("cp1251"), "txt text"),
    "txt of DOS": ("a.txt", "Не открывается отчёт.\r\n\x1a".encode("cp866"), "txt text"),
    "txt of Notepad": ("a.txt", "Не открывается отчёт.\r\n".encode("utf-16"), "txt text"),
    "txt without a name": ("", b"words", "txt text"),
    "txt called pdf": ("a.pdf", b"words", "txt text"),
    "log": ("server.log", b"2026-03-06 ERROR \x1b[31mno\x1b[0m\n", "log txt text"),
    "csv": ("a.csv", b"1;2\n", "csv txt text"),
    "tsv": ("a.tsv", b"1\t2\n", "tsv txt text"),
    "ini": ("a.ini", b"[x]\n", "ini txt text"),
    "json": ("a.json", b"{}", "json txt text"),
    "yaml": ("a.yaml", b"a: b", "yaml txt text"),
    "md": ("a.md", b"# a", "md txt text"),
    "sql": ("a.sql", b"SELECT 1;", "sql txt text"),
    "xml": ("a.xml", b'<?xml version="1.0"?><x/>', "xml text"),
    "xml of a kind of its own": ("a.gpx", b'<?xml version="1.0"?><gpx/>', "xml text gpx unproven"),
    "xml called xls": ("a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "xml text"),
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "svg text"),
    "svg called xml": ("a.xml", b'<?xml version="1.0"?>\n<svg/>', "svg text"),
    "html": ("a.html", b"<!DOCTYPE html><p>x", "html htm xhtml text"),
    "html called xls": ("a.xls", b"\xef\xbb\xbf\r\n<html><table>", "html htm xhtml text"),
    "html of Notepad": ("a.txt", "<html><body>".encode("utf-16"), "html htm xhtml text"),
    "ics": ("invite.ics", b"BEGIN:VCALENDAR\r\n", "ics text"),
    "vcf": ("a.vcf", b"BEGIN:VCARD\r\n", "vcf text"),
    "eml": ("a.eml", build.EML, "eml letter text"),
    "words called eml": ("a.eml", b"words", "txt text"),
    "a letter's words called txt": ("a.txt", build.EML, "txt text"),
    "dxf, a text of a kind of its own": ("plan.dxf", b"  0\r\nSECTION\r\n", "txt text dxf unproven"),
    "msg": ("a.msg", build.ole("__properties_version1.0", "__substg1.0_0037001F"), "msg letter"),
    # archives
    "zip": ("a.zip", ZIP, "zip archive"),
    "zip with nothing in it": ("a.zip", build.zip_of(), "zip archive"),
    "zip called docx": ("a.docx", ZIP, "zip archive"),
    "zip called pdf": ("a.pdf", ZIP, "zip archive"),
    "zip with a password": ("a.zip", build.encrypted_zip("a.txt", b"x"), "zip archive encrypted"),
    "zip cut short": ("a.zip", ZIP[:-30], "zip archive broken"),
    "docx cut short": ("a.docx", build.docx()[:-30], "zip archive broken"),
    "rar": ("a.rar", build.RAR, "rar archive"),
    "rar 5": ("a.rar", build.RAR5, "rar archive"),
    "7z": ("a.7z", build.SEVEN, "7z archive"),
    "gz": ("a.log.gz", build.gz(b"words"), "gz archive"),
    "tgz": ("a.tgz", build.gz(build.tar_of("a", b"x")), "gz tgz taz archive"),
    "tar": ("a.tar", build.tar_of("a", b"x"), "tar archive"),
    "bz2": ("a.bz2", b"BZh91AY&SY" + bytes(8), "bz2 tbz tbz2 archive"),
    "xz": ("a.xz", b"\xfd7zXZ\0\0\x04" + bytes(8), "xz txz archive"),
    "zst": ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(8), "zst archive"),
    "cab": ("a.cab", b"MSCF\0\0\0\0" + bytes(8), "cab archive"),
    "arj": ("a.arj", b"\x60\xea\x2b\0\x22\x0b", "arj archive"),
    "iso": ("a.iso", ISO, "iso archive"),
    "deb": ("a.deb", b"!<arch>\ndebian-binary   \x00", "deb archive"),
    "rpm": ("a.rpm", b"\xed\xab\xee\xdb\x03\0", "rpm archive"),
    # programs
    "exe": ("setup.exe", build.MZ, "exe program"),
    "exe called pdf": ("Счёт.pdf", build.MZ, "exe program"),
    "exe called pdf.exe": ("Счёт.pdf.exe", build.MZ, "exe program"),
    "exe with blanks behind": ("Счёт.pdf.exe  . ", build.MZ, "exe program"),
    "exe with a joiner behind": ("Счёт.pdf.exe\u200d", build.MZ, "exe program"),
    "exe without a name": ("", build.MZ, "exe program"),
    "exe with a zip behind": ("a.zip", build.MZ + ZIP, "exe program"),
    "dll": ("a.dll", build.MZ, "dll program"),
    "scr": ("a.scr", build.MZ, "scr program"),
    "noise called exe": ("a.exe", NOISE, "exe program unknown"),
    "com of DOS": ("a.com", b"\xeb\xfe\0\0\1\2", "com program unproven"),
    "picture called exe": ("a.exe", build.png(), "png image exe program"),
    "elf": ("a.out", b"\x7fELF\x02\x01\x01\0", "elf program"),
    "program of macOS": ("a", b"\xcf\xfa\xed\xfe\x07\0\0\x01", "elf program"),
    "class": ("A.class", b"\xca\xfe\xba\xbe\0\0\0\x34", "class program"),
    "jar": ("a.jar", build.zip_of(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x")), "jar program"),
    "jar called zip": ("a.zip", build.zip_of(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x")), "jar program"),
    "apk": ("a.apk", build.zip_of(("AndroidManifest.xml", b"x"), ("META-INF/MANIFEST.MF", b"x")), "apk program"),
    "msix": ("a.msix", build.zip_of(("AppxManifest.xml", b"x"), ("[Content_Types].xml", b"x")), "msix program"),
    "msi": ("a.msi", build.ole("x", root=MSI), "msi program"),
    "msi called doc": ("a.doc", build.ole("x", root=MSI), "msi program"),
    "lnk": ("Папка.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(20), "lnk program"),
    "chm": ("a.chm", b"ITSF\x03\0\0\0" + bytes(8), "chm program"),
    "swf": ("a.swf", b"CWS\x0a\0\1\2\3", "swf program"),
    "js": ("a.js", b"WScript.Echo(1)", "js program text"),
    "js behind txt": ("Письмо.txt.js", b"WScript.Echo(1)", "js program text"),
    "bat": ("a.cmd", b"@echo off\r\n", "cmd bat program text"),
    "ps1": ("a.ps1", b"Get-Date", "ps1 program text"),
    "vbs": ("a.vbs", b"MsgBox 1", "vbs program text"),
    "reg": ("a.reg", "Windows Registry Editor Version 5.00".encode("utf-16"), "reg program text"),
    "py": ("a.py", b"print()", "py program text"),
    "php": ("index.php", b"<?php echo 1;", "php program text"),
    "sh": ("a.sh", b"ls", "sh program text"),
    "sh called txt": ("readme.txt", b"#!/bin/sh\nls\n", "sh program text"),
    "py by its first line": ("tool", b"#!/usr/bin/env python3\nprint()\n", "py program text"),
    "html called hta": ("a.hta", b"<html><script>", "hta program text"),
    # sound and film
    "mp3": ("a.mp3", b"ID3\x03\0\0\0\0\0\0", "mp3 audio"),
    "mp3 without tags": ("a.mp3", b"\xff\xfb\x90\x00\0\0", "mp3 audio"),
    "wav": ("a.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "wav audio"),
    "ogg": ("a.ogg", OPUS, "ogg oga audio"),
    "flac": ("a.flac", b"fLaC\0\0\0\x22", "flac audio"),
    "amr": ("a.amr", b"#!AMR\n\x0c", "amr audio"),
    "m4a": ("a.m4a", FTYP + b"M4A \0\0\0\0", "m4a audio"),
    "wma": ("a.wma", b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0", "wma audio"),
    "mp4": ("a.mp4", FTYP + b"isom\0\0\2\0", "mp4 m4v video"),
    "mov": ("a.mov", FTYP + b"qt  \0\0\0\0", "mov video"),
    "mov of old": ("a.mov", b"\0\0\0\x08wide\0\0\0\0mdat", "mov video"),
    "3gp": ("a.3gp", FTYP + b"3gp4\0\0\0\0", "3gp video"),
    "avi": ("a.avi", b"RIFF\x24\0\0\0AVI LIST\0\0", "avi video"),
    "mkv": ("a.mkv", b"\x1aE\xdf\xa3\x93B\x82\x88matroska\0", "mkv video"),
    "webm": ("a.webm", b"\x1aE\xdf\xa3\x93B\x82\x84webm\0", "webm video"),
    "wmv": ("a.wmv", b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0", "wmv video"),
    "flv": ("a.flv", b"FLV\x01\x05\0\0\0\x09", "flv video"),
    # what only the name tells, and what nothing tells
    "empty": ("a.pdf", b"", "empty"),
    "empty program": ("a.exe", b"", "empty"),
    "dwg, by puremagic": ("plan.dwg", b"AC1021\0\0\0\0\0", "dwg"),
    "processing of 1C": ("a.epf", b"\xff\xff\xff\x7f\0\2\0\0\x0b\0\0\0", "epf unproven"),
    "compound file of a kind of its own": ("a.mpp", build.ole("Props"), "mpp unproven"),
    "compound file that 1C wrote": ("a.ert", build.ole("Main MetaData Stream"), "ert unproven"),
    "noise called pdf": ("a.pdf", NOISE, "unknown"),
    "noise called docx": ("a.docx", NOISE, "unknown"),
    "noise called jpeg": ("a.jpeg", NOISE, "unknown"),
    "noise called txt": ("a.txt", NOISE, "unknown"),
    "noise without a name": ("", NOISE, "unknown"),
    "noise with a number": ("Договор от 12.03.2024", NOISE, "unknown"),
    "compound file called doc": ("a.doc", build.ole("x"), "unknown"),
    "doc cut short": ("a.doc", build.doc()[:600], "doc document broken"),
    "a metafile of the first Windows that is none": ("a.bin", b"\x01\0\0\0\0\0\0\0\5", "bin unproven"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_octets_decide_what_a_file_is(case: str) -> None:
    """Whatever a file is called: kinds with all their names, groups and marks."""
    name, octets, kinds = FILES[case]
    assert set(kinds.split()) == kinds_of(octets, name)


def test_every_kind_that_is_known_by_its_octets_has_a_file_here() -> None:
    """What is refused for not being what its name says can be told when it is."""
    seen = {
        kind
        for _, _, kinds in FILES.values()
        if not {"unknown", "unproven"} & {*kinds.split()}
        for kind in kinds.split()
    }
    assert set() == PROVEN - seen


def test_names_of_kinds_mean_one_thing() -> None:
    """No extension is called like a group or a mark."""
    groups = {group for groups in GROUP_OF.values() for group in groups}
    assert set() == set(GROUP_OF) & (groups | MARKS)
    assert groups <= KNOWN


@pytest.mark.parametrize(
    ("name", "ends_in"),
    {
        "a.PDF": "pdf", "a.tar.gz": "gz", ".exe": "exe", "a": "", "": "", "a.": "", "a. ": "", "exe": "", "a.exe...": "exe",
        "a.12": "", "a.7z": "7z", "a.документ": "", "a.b c": "", "a.appref-ms": "appref-ms", "a." + "x" * 21: "",
    }.items(),
)  # fmt: skip
def test_what_a_name_ends_in(name: str, ends_in: str) -> None:
    """The last extension, as Windows sees it."""
    assert ends_in == extension(name)


@pytest.mark.parametrize(
    ("name", "media_type", "kinds"),
    [
        ("a.pdf", "application/octet-stream", "pdf document unproven"),
        ("a.jpeg", "", "jpg jpeg jpe jfif image unproven"),
        ("image", "IMAGE/PNG", "png image unproven"),
        ("image", "application/octet-stream", "unknown unproven"),
    ],
)
def test_a_name_alone_proves_nothing(name: str, media_type: str, kinds: str) -> None:
    """Where octets are not read, the name is taken, and said to be no proof."""
    assert set(kinds.split()) == kinds_by_name(name, media_type)


def test_an_attached_letter_needs_no_name() -> None:
    """Its label and its fields say what it is."""
    assert "letter" in kinds_of(build.EML, "Re: 5", "message/rfc822")


HEADS = [octets[:40] for _, octets, _ in FILES.values()]


@given(st.sampled_from(HEADS), st.binary(max_size=300), st.text(max_size=12))
def test_any_octets_have_kinds(head: bytes, rest: bytes, name: str) -> None:
    """Nothing is raised, whatever a file begins with and goes on with; and it is something."""
    for octets in (head + rest, rest + head, rest):
        assert kinds_of(octets, name)
        for inside in look_inside(octets, name):
            assert inside.kinds


@given(st.data())
def test_damaged_archives_are_read_as_far_as_they_go(data: st.DataObject) -> None:
    """One octet wrong anywhere in a document or an archive raises nothing."""
    octets = bytearray(
        data.draw(st.sampled_from([ZIP, build.docx(), build.odt(), build.encrypted_zip("a", b"b"), build.doc()]))
    )
    for _ in range(data.draw(st.integers(1, 3))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    assert kinds_of(bytes(octets), "a.docx")
    look_inside(bytes(octets), "a.docx")


@pytest.mark.parametrize(
    "unit",
    [b"PK\x03\x04", b"PK\x01\x02" + bytes(42), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"R\0o\0", b"<!--", b" ", b"<?xml ", b"From: a\n", b"\xff\xd8\xff"],
    ids=repr,
)  # fmt: skip
def test_kinds_take_time_in_proportion(unit: bytes) -> None:
    """Twenty megabytes of what begins like a file and goes nowhere: four times what a quarter takes, and not for long."""
    starts = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"#!/", b"<", b"%PDF"]
    for start in starts:
        octets = start + unit * (20_000_000 // len(unit))
        assert kinds_of(octets, "a.doc")
        assert find_growth(lambda some: kinds_of(some, "a.doc"), octets, slow=2) == ""


# ── archives ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def seen(octets: bytes, name: str = "a.zip") -> list[tuple[str, str, str]]:
    """Name, first kinds, why not."""
    return [(one.name, " ".join(sorted(one.kinds)), one.why) for one in look_inside(octets, name)]


def test_an_archive_shows_its_files() -> None:
    """Names without folders, sizes, and what the files are, whatever they are called."""
    octets = build.zip_of(("docs/", b""), ("docs/Счёт.pdf", build.MZ), ("a.docx", build.docx()), ("log.txt", b"words"))
    expected = [("Счёт.pdf", "exe program", ""), ("a.docx", "document docx", ""), ("log.txt", "text txt", "")]
    assert expected == seen(octets)
    assert [len(build.MZ), len(build.docx()), 5] == [one.size for one in look_inside(octets)]


@pytest.mark.parametrize("charset", ["utf-8", "cp866", "cp1251"])
def test_russian_names_are_readable(charset: str) -> None:
    """Windows packs names in cp866, others in UTF-8 or cp1251, and none says so."""
    octets = build.renamed_zip(b"words", "Договор поставки.txt".encode(charset))
    assert seen(octets) == [("Договор поставки.txt", "text txt", "")]


def test_names_inside_are_safe() -> None:
    """No path and no control character comes out of an archive."""
    octets = build.zip_of(("../../etc/pass\u202ewd", b"x"), ("C:\\a\\b.txt", b"x"))
    assert [one.name for one in look_inside(octets)] == ["passwd", "b.txt"]


def test_archives_in_archives_are_looked_into() -> None:
    """A program three layers down is found; what lies deeper is called unseen."""
    one = build.zip_of(("setup.exe", build.MZ), ("b.txt", b"x"))
    two = build.zip_of(("one.zip", one))
    assert seen(two) == [("one.zip/setup.exe", "exe program", ""), ("one.zip/b.txt", "text txt", "")]
    three = build.zip_of(("two.dat", two))
    assert ("two.dat/one.zip/setup.exe", "exe program", "") in seen(three)
    assert seen(build.zip_of(("three.zip", three))) == [("three.zip/two.dat/one.zip", "archive unseen zip", "too much")]


def test_a_document_is_no_archive_to_look_into() -> None:
    """A docx in a ZIP is a docx; its parts are nobody's files."""
    assert seen(build.zip_of(("a.docx", build.docx()))) == [("a.docx", "document docx", "")]


def test_what_cannot_be_looked_into_is_said() -> None:
    """Other formats, passwords, damage, packings that unpack bombs whole: each with its reason."""
    assert seen(build.RAR, "a.rar") == [("a.rar", "archive rar unseen", "unknown format")]
    assert seen(build.gz(b"x"), "a.gz") == [("a.gz", "archive gz unseen", "unknown format")]
    assert seen(build.zip_of(("b.7z", build.SEVEN))) == [("b.7z", "7z archive unseen", "unknown format")]
    assert seen(build.encrypted_zip("b.txt", b"x")) == [("b.txt", "text txt unproven unseen", "encrypted")]
    assert seen(ZIP[:-30]) == [("a.zip", "archive broken unseen zip", "broken")]
    assert seen(build.zip_of(("b.txt", b"x"), packed=zipfile.ZIP_LZMA)) == [
        ("b.txt", "text txt unproven unseen", "unknown packing")
    ]
    damaged = build.zip_of(("b.txt", b"words " * 50), packed=zipfile.ZIP_STORED).replace(b"words words", b"swords word")
    assert seen(damaged) == [("b.txt", "text txt unproven unseen", "broken")]


def test_a_bomb_is_unpacked_so_far_and_no_further() -> None:
    """What says that it holds gigabytes costs no more than what is looked at; so do many files, and bombs in bombs."""
    bomb = build.zip_of(("zeros.txt", b"PK" + bytes(MAX_UNPACKED + 10)))
    many = build.zip_of(*((f"{number}.txt", b"x") for number in range(MAX_FILES + 10)))
    nested = build.zip_of(*((f"{number}.zip", bomb) for number in range(20)))
    for octets, last in ((bomb, "zeros.txt"), (many, "a.zip"), (nested, "19.zip")):
        found = look_inside(octets, "a.zip")
        assert (last, "too much") == (found[-1].name, found[-1].why)
        assert find_slowness(partial(look_inside, octets, "a.zip"), slow=4) == ""
    assert len(look_inside(many, "a.zip")) == MAX_FILES + 1


def test_a_table_of_contents_is_read_within_bounds() -> None:
    """A million entries are not read: such an archive is broken."""
    octets = build.zip_of(("a.txt", b"x"))
    at = octets.index(b"PK\x01\x02")
    end = octets.index(b"PK\x05\x06")
    entry = octets[at:end]
    huge = (
        octets[:at]
        + entry * 100_000
        + octets[end : end + 12]
        + (len(entry) * 100_000).to_bytes(4, "little")
        + octets[end + 16 :]
    )
    assert {"zip", "archive", "broken"} == kinds_of(huge, "a.zip")
    assert find_slowness(lambda: kinds_of(huge, "a.zip"), slow=0.5) == ""
