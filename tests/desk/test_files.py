"""Which files of a letter are taken: size of one and of all, what they are, what is in archives (C23; FN-1 to FN-4)."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.steering import AttachmentsEntry
from maild.desk.attached import choose_attached
from maild.desk.author import Author
from maild.desk.case import Caps, Case, DeskPolicy, Facts, Letter
from maild.desk.files import (
    MAX_DECORATION,
    MAX_LOOKED_AT,
    MAX_NAMED,
    FilesPolicy,
    SeenFile,
    files_policy,
    files_words,
    look_at_files,
)
from maild.ingest.classify import OwnMail
from maild.ingest.dedupe import Repeat
from maild.ingest.parse import attachment_reader, parse
from maild.ingest.thread import Thread
from maild.model import Address, Attachment, Classification, Kind, Message, Place, RawMessage, Said
from tests.attached import build

MB = 1_000_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# What the form of the tax service takes (FN-2, FN-3, FN-4)
FN = files_policy(
    AttachmentsEntry.model_validate(
        {
            "max_size": "5MB",
            "max_total": "5.5MB",
            "types": "doc docx xls xlsx ppt pptx odt pdf rtf txt xml jpg png gif bmp tif".split(),
        }
    )
)
OFFICE = FilesPolicy(types=("document", "image", "archive"))  # archives are looked into
CAREFUL = FilesPolicy(refused=("program", "macro"))
LOOSE = FilesPolicy(types=("document", "archive"), archives="take")
CLOSED = FilesPolicy(archives="refuse")
EVERYTHING = FilesPolicy()
RARS = FilesPolicy(types=("pdf", "zip", "rar"))


def attachment(name: str, octets: bytes, index: int = 0, **more: object) -> Attachment:
    one = Attachment(
        index=index, name=name, media_type="application/octet-stream", size=len(octets),
        sha256=hashlib.sha256(octets).hexdigest(),
    )  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]


def look(policy: FilesPolicy, *files: tuple[str, bytes], wanted: bool = False) -> tuple[SeenFile, ...]:
    """Look at files that were attached in this order."""
    return look_at_files(
        [attachment(name, octets, index) for index, (name, octets) in enumerate(files)],
        [octets for _, octets in files].__getitem__, policy, wanted=wanted,
    )  # fmt: skip


def zipped(*files: tuple[str, bytes]) -> bytes:
    return build.zip_of(*files)


# policy, name, octets, why it is not taken ("": it is), what the evidence says
FILES = {
    # the sixteen types of FN-4, each as a real file
    "doc": (FN, "Заявление.doc", build.doc(), "", ""),
    "docx": (FN, "Заявление.docx", build.docx(), "", ""),
    "xls": (FN, "Расчёт.xls", build.xls(), "", ""),
    "xlsx": (FN, "Расчёт.xlsx", build.xlsx(), "", ""),
    "ppt": (FN, "a.ppt", build.ole("PowerPoint Document"), "", ""),
    "pptx": (FN, "a.pptx", build.office("ppt", "presentation.xml"), "", ""),
    "odt": (FN, "a.odt", build.odt(), "", ""),
    "pdf": (FN, "a.PDF", build.PDF, "", ""),
    "rtf": (FN, "a.rtf", build.RTF, "", ""),
    "txt": (FN, "a.txt", "Ошибка".encode("cp1251"), "", ""),
    "xml": (FN, "a.xml", b'<?xml version="1.0"?><x/>', "", ""),
    "jpg": (FN, "IMG_1.JPEG", build.JPG, "", ""),
    "png": (FN, "Снимок экрана.png", build.png(), "", ""),
    "gif": (FN, "a.gif", build.GIF, "", ""),
    "bmp": (FN, "a.bmp", build.BMP, "", ""),
    "tif": (FN, "a.tiff", build.TIF, "", ""),
    # and what is none of them
    "an archive is no type of FN": (FN, "a.zip", zipped(("a.pdf", build.PDF)), "type", "archive, zip"),
    "exe": (FN, "a.exe", build.MZ, "type", "exe, program"),
    "exe called pdf": (FN, "Счёт.pdf", build.MZ, "type", "exe, program"),
    "exe called pdf.exe": (FN, "Счёт.pdf.exe", build.MZ, "type", "exe, program"),
    "picture called exe": (FN, "a.exe", build.png(), "type", "program"),
    "script called txt.js": (FN, "a.txt.js", b"WScript.Echo(1)", "type", "js, program"),
    "script called txt": (FN, "a.txt", b"#!/bin/sh\nrm -rf /\n", "type", "program"),
    "html called xls": (FN, "Выписка.xls", b"<html><table>", "type", "html"),
    "svg is no picture": (FilesPolicy(types=("image",)), "a.svg", b"<svg/>", "type", "svg"),
    "docm called docx": (FN, "a.docx", build.docm(), "type", "docm"),
    "docm is a document": (OFFICE, "a.docm", build.docm(), "", ""),
    "macro refused": (CAREFUL, "a.docm", build.docm(), "type", "macro is refused"),
    "macro in an old doc refused": (CAREFUL, "a.doc", build.doc("_VBA_PROJECT"), "type", "macro is refused"),
    "rtf called doc is an rtf": (FilesPolicy(types=("doc",)), "a.doc", build.RTF, "type", "rtf"),
    "an old name of a kind": (FilesPolicy(types=("jpeg",)), "a.jpg", build.JPG, "", ""),
    "a kind that only its name tells": (FilesPolicy(types=("epf",)), "a.epf", b"\xff\xff\xff\x7f\0\1", "", ""),
    "a program that is taken by its name": (FilesPolicy(types=("pdf", "bat")), "a.bat", b"dir", "", ""),
    "any program is taken": (FilesPolicy(types=("program",)), "a.exe", build.MZ, "", ""),
    "program refused": (CAREFUL, "a.exe", build.MZ, "type", "program is refused"),
    "all the rest taken": (CAREFUL, "a.epf", b"\xff\xff\xff\x7f\0\1", "", ""),
    # damaged ones
    "empty": (FN, "a.pdf", b"", "broken", "it is empty"),
    "noise called pdf": (FN, "a.pdf", b"\0\1\2\3" * 100, "broken", "nothing that its name says"),
    "noise called mp3": (FN, "a.mp3", b"\0\1\2\3" * 100, "type", "unknown"),
    "docx cut short": (FN, "a.docx", build.docx()[:-30], "broken", "cannot be opened"),
    "doc cut short": (FN, "a.doc", build.doc()[:600], "broken", "cannot be opened"),
    "docx with a password": (FN, "a.docx", build.ole("EncryptedPackage"), "", ""),
    # sizes: decimal, the limit itself included
    "5 MB": (FN, "a.pdf", build.PDF.ljust(5 * MB), "", ""),
    "one octet more": (FN, "a.pdf", build.PDF.ljust(5 * MB + 1), "size", "5000001 octets, at most 5000000"),
    "the size is told first": (FN, "a.exe", build.MZ.ljust(5 * MB + 1), "size", "5000001"),
    # archives
    "looked into": (OFFICE, "a.zip", zipped(("a.pdf", build.PDF), ("b/c.docx", build.docx())), "", ""),
    "nothing in it": (OFFICE, "a.zip", zipped(), "", ""),
    "an empty file in it": (OFFICE, "a.zip", zipped(("a.pdf", build.PDF), ("empty.pdf", b"")), "", ""),
    "a program in it": (OFFICE, "a.zip", zipped(("a.pdf", build.PDF), ("b.pdf", build.MZ)), "archive", "b.pdf: it is exe, program"),
    "a text in it": (OFFICE, "a.zip", zipped(("a.txt", b"words")), "archive", "a.txt: it is text, txt"),
    "a program in an archive in it": (OFFICE, "a.zip", zipped(("b.zip", zipped(("c.exe", build.MZ)))), "archive", "b.zip/c.exe: it is exe"),
    "a refused program in it": (CAREFUL, "a.zip", zipped(("a.exe", build.MZ)), "archive", "a.exe: program is refused"),
    "a refused macro in it": (CAREFUL, "a.zip", zipped(("a.docx", build.docm())), "archive", "a.docx: macro is refused"),
    "a program named in an archive with a password": (CAREFUL, "a.zip", build.encrypted_zip("a.exe", build.MZ), "archive", "program is refused"),
    "a password": (OFFICE, "a.zip", build.encrypted_zip("a.pdf", build.PDF), "broken", "a.pdf: nobody can look into it (encrypted)"),
    "a rar where archives are taken": (OFFICE, "a.rar", build.RAR, "archive", "nobody can look into it (unknown format)"),
    "a rar where rar is taken": (RARS, "a.rar", build.RAR, "", ""),
    "a rar in a zip where both are": (RARS, "a.zip", zipped(("a.rar", build.RAR)), "", ""),
    "a password where zip is taken": (RARS, "a.zip", build.encrypted_zip("a.pdf", build.PDF), "broken", "encrypted"),
    "a 7z where rar is taken": (RARS, "a.7z", build.SEVEN, "type", "7z"),
    "a rar where programs are refused": (CAREFUL, "a.rar", build.RAR, "archive", "nobody can look into it"),
    "an archive that is cut short": (OFFICE, "a.zip", zipped(("a.pdf", build.PDF))[:-30], "broken", "cannot be opened"),
    "taken unseen": (LOOSE, "a.zip", zipped(("a.exe", build.MZ)), "", ""),
    "rar taken unseen": (LOOSE, "a.rar", build.RAR, "", ""),
    "refused": (CLOSED, "a.zip", zipped(("a.pdf", build.PDF)), "archive", "archives are not taken"),
    "rar refused": (CLOSED, "a.rar", build.RAR, "archive", "archives are not taken"),
    "a docx is no archive": (CLOSED, "a.docx", build.docx(), "", ""),
    "a program with an archive behind": (CLOSED, "a.exe", build.MZ + zipped(), "", ""),
    "refused by its kind": (FilesPolicy(refused=("archive",)), "a.rar", build.RAR, "type", "archive is refused"),
    # nothing configured
    "everything": (EVERYTHING, "a.exe", build.MZ, "", ""),
    "even nothing": (EVERYTHING, "a.pdf", b"", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_file_is_taken_or_not(case: str) -> None:
    """By its size, by what it is, by what is in it; and the evidence tells."""
    policy, name, octets, untaken, detail = FILES[case]
    (file,) = look(policy, (name, octets))
    assert untaken == file.untaken
    assert detail in file.detail
    assert bool(untaken) == bool(file.detail)


def sizes(policy: FilesPolicy, *octets: int) -> list[str]:
    files = [attachment(f"{index}.pdf", b"", index, size=size) for index, size in enumerate(octets)]
    return [file.untaken for file in look_at_files(files, lambda index: build.PDF, policy)]


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        ((5 * MB, MB // 2), ["", ""]),  # 5.5 MB: the limit itself
        ((5 * MB, MB // 2 + 1), ["", "total"]),
        ((5 * MB, MB, MB // 2), ["", "total", ""]),  # what is not taken takes no room
        ((6 * MB, 5 * MB, MB // 2), ["size", "", ""]),  # nor does what is too large by itself
        ((3 * MB, 3 * MB, 3 * MB), ["", "total", "total"]),
    ],
)
def test_all_files_together(octets: tuple[int, ...], expected: list[str]) -> None:
    """In the letter's order, the limit included (FN-2)."""
    assert expected == sizes(FN, *octets)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(1, 40), st.integers(1, 100))
def test_the_total_is_kept(octets: list[int], most: int, total: int) -> None:
    """What is taken never exceeds either limit, and nothing is left that would still have fitted when it came."""
    policy = FilesPolicy(max_size=most, max_total=total)
    taken = 0
    for size, untaken in zip(octets, sizes(policy, *octets), strict=True):
        expected = "size" if size > most else "total" if taken + size > total else ""
        assert expected == untaken
        taken += 0 if untaken else size
    assert taken <= total


def never(index: int) -> bytes:
    raise AssertionError(f"part {index} was read")


def test_nothing_is_read_where_nothing_depends_on_it() -> None:
    """With no policy, or with sizes alone, the octets stay where they are."""
    files = [attachment("a.exe", build.MZ), attachment("b.zip", b"PK", 1)]
    for policy in (EVERYTHING, FilesPolicy(max_size=5), FilesPolicy(max_total=5), FilesPolicy(archives="take")):
        seen = look_at_files(files, never, policy)
        assert [{"exe", "program", "unproven"}, {"zip", "archive", "unproven"}] == [file.kinds for file in seen]


def test_a_rule_may_want_to_know() -> None:
    """Where a rule asks what files are, they are read; what is in an archive is among its kinds."""
    octets = zipped(("Снимок.png", build.png()))
    seen = look(EVERYTHING, ("Счёт.pdf", build.MZ), ("a.zip", octets), wanted=True)
    assert [{"exe", "program"}, {"zip", "archive", "png", "image"}] == [file.kinds for file in seen]
    assert [file.untaken for file in seen] == ["", ""]


def test_what_cannot_be_read_is_not_taken() -> None:
    """A letter that was cut short has files that nobody can look at; without a policy that is no matter."""
    files = [attachment("a.pdf", build.PDF, 7)]
    assert [file.untaken for file in look_at_files(files, [b""].__getitem__, FN)] == ["broken"]
    assert [file.untaken for file in look_at_files(files, [b""].__getitem__, EVERYTHING, wanted=True)] == [""]


def test_so_many_files_are_looked_at_and_no_more() -> None:
    """The rest are not taken where it matters what they are: a program would stand behind the last one looked at."""
    files = [attachment(f"{index}.pdf", build.PDF, index) for index in range(MAX_LOOKED_AT + 2)]
    asked: list[int] = []

    def read(index: int) -> bytes:
        asked.append(index)
        return build.PDF

    seen = look_at_files(files, read, FN)
    assert list(range(MAX_LOOKED_AT)) == asked
    assert [file.untaken for file in seen] == [""] * MAX_LOOKED_AT + ["broken"] * 2


LOGO = {"media_type": "image/gif", "content_id": "image001.gif@01D9"}


@pytest.mark.parametrize(
    ("name", "octets", "more", "decoration"),
    [
        ("image001.gif", build.GIF, LOGO, True),
        ("image001.gif", build.GIF, {"media_type": "image/gif", "inline": True}, True),
        ("image001.gif", build.GIF, {"media_type": "image/gif"}, False),  # attached like any file
        ("image001.gif", build.GIF.ljust(MAX_DECORATION), LOGO, True),
        ("image001.gif", build.GIF.ljust(MAX_DECORATION + 1), LOGO, False),
        ("image001.gif", build.MZ, LOGO, False),
        ("image001.exe", build.GIF, LOGO, False),
        ("signature.asc", b"-----BEGIN PGP SIGNATURE-----", {"media_type": "application/pgp-signature"}, True),
        ("smime.p7s", b"0\x82\1\2\x06\x09", {"media_type": "application/pkcs7-signature"}, True),
        ("smime.p7s", build.MZ, {"media_type": "application/pkcs7-signature"}, False),
    ],
)
def test_decoration_is_no_file_that_somebody_sent(
    name: str, octets: bytes, more: dict[str, object], decoration: bool
) -> None:
    """A logo in a signature is not told to be of the wrong type, nor counted; a program in its clothes is."""
    policy = FilesPolicy(types=("pdf",), max_total=len(build.PDF))
    files = [attachment(name, octets, 0, **more), attachment("a.pdf", build.PDF, 1)]
    first, second = look_at_files(files, [octets, build.PDF].__getitem__, policy)
    assert decoration == first.decoration
    assert ("" if decoration else "type", "") == (first.untaken, second.untaken)


def test_files_of_a_letter_as_outlook_packs_it() -> None:
    """What is in winmail.dat is looked at as if it had been attached."""
    path = Path(__file__).parent.parent / "mail" / "parse" / "0037-winmail-dat-with-cyrillic-names.eml"
    octets = path.read_bytes()
    message = parse(octets)
    assert message.attachments
    seen = look_at_files(message.attachments, attachment_reader(octets), FilesPolicy(types=("image",)))
    assert [file.name for file in message.attachments] == [file.attachment.name for file in seen]
    assert all(file.untaken in ("type", "broken") for file in seen)
    assert "winmail.dat" not in [file.attachment.name for file in seen]


def test_files_of_a_letter() -> None:
    """From the octets of a letter to the files that are taken; the reader opens the letter once."""
    letter = EmailMessage()
    letter["From"] = "anna@client.example"
    letter.set_content("Слова")
    letter.add_attachment(build.MZ, maintype="application", subtype="pdf", filename="Счёт.pdf")
    letter.add_attachment(build.docx(), maintype="application", subtype="octet-stream", filename="Письмо.docx")
    octets = letter.as_bytes()
    seen = look_at_files(parse(octets).attachments, attachment_reader(octets), FN)
    assert [(file.attachment.name, file.untaken) for file in seen] == [("Счёт.pdf", "type"), ("Письмо.docx", "")]


@pytest.mark.parametrize("index", [-1, 4, 1_000])
def test_a_reader_knows_only_what_is_there(index: int) -> None:
    """An index that the letter does not have is an IndexError, not another part."""
    with pytest.raises(IndexError):
        attachment_reader(b"From: a@b.example\n\nwords")(index)


# ── what becomes of them ─────────────────────────────────────────────────────────────────────────────────────────────


def case(files: Sequence[SeenFile]) -> Case:
    anna = Address(addr="anna@client.example")
    place = Place(mailbox="acme/support", folder="", uidvalidity=0, uid="1")
    policy = DeskPolicy(
        mailbox="acme/support", organization="acme", address=Address(addr="support@acme.example"), prefix="ACME", agents=(),
        own=OwnMail(addresses=frozenset(), loop_id="x"), caps=Caps(per_address=9, per_ticket=9, per_agent=9), old_letters="record",
    )  # fmt: skip
    return Case(
        letter=Letter(id=1, raw=RawMessage(octets=b"", place=place, received_at=NOW)),
        message=Message(author=anna, attachments=tuple(file.attachment for file in files)),
        said=Said(text="Слова."), kind=Classification(kind=Kind.PERSON, evidence=()), report=None, repeat=Repeat(evidence=()),
        thread=Thread(ticket=None, evidence=()), author=Author(address=anna, evidence=()), facts=Facts(), policy=policy, now=NOW, files=tuple(files),
    )  # fmt: skip


@pytest.mark.parametrize("for_customer", [True, False])
def test_what_is_not_taken_travels_nowhere(for_customer: bool) -> None:
    """Neither to agents nor to customers, and it is not among the files for which there was no room either."""
    seen = look(FN, ("a.pdf", build.PDF), ("b.exe", build.MZ), ("c.png", build.png()))
    attached, left_out = choose_attached(case(seen), for_customer=for_customer)
    assert [file.name for file in attached] == ["a.pdf", "c.png"]
    assert left_out == ()


@pytest.mark.parametrize(
    ("language", "limits"),
    [
        ("ru", ["5\u00a0МБ", "doc, изображения", "", "5,5\u00a0МБ"]),
        ("uk", ["5\u00a0МБ", "doc, зображення", "", "5,5\u00a0МБ"]),
        ("en", ["5\u00a0MB", "doc, images", "", "5.5\u00a0MB"]),
    ],
)
def test_the_sender_is_told_what_is_not_taken(language: str, limits: list[str]) -> None:
    """Name, reason and limit, in their language; files that are taken are not named."""
    policy = replace(FN, types=("doc", "image"))
    some = [
        ("large.png", build.png().ljust(5 * MB + 1)), ("a.exe", build.MZ), ("b.png", build.png().ljust(5 * MB)),
        ("c.png", build.png().ljust(MB)),
    ]  # fmt: skip
    seen = look(policy, *some) + look(CLOSED, ("d.zip", zipped()))
    words = files_words(seen, language)
    assert [(word["name"], word["why"]) for word in words] == [
        ("large.png", "size"),
        ("a.exe", "type"),
        ("c.png", "total"),
        ("d.zip", "archive"),
    ]
    size, kind, total, none = (word["limit"] for word in words)
    assert limits == [size, kind, none, total]


def test_the_sender_is_told_which_file_of_an_archive_is_to_blame() -> None:
    """Whoever knows it can send the rest; of an archive that nobody can look into there is nothing to name."""
    seen = look(OFFICE, ("a.zip", zipped(("ok.pdf", build.PDF), ("b/setup.exe", build.MZ))), ("b.rar", build.RAR))
    assert [(one["why"], one["limit"]) for one in files_words(seen, "ru")] == [
        ("archive", "setup.exe"),
        ("archive", ""),
    ]


def test_so_many_are_named_and_no_more() -> None:
    """A letter with hundreds of refused files makes no letter of hundreds of lines."""
    assert len(files_words(look(FN, *[("a.exe", build.MZ)] * (MAX_NAMED + 5)), "ru")) == MAX_NAMED
