"""docs/ru/attachments.md: its policy takes and refuses what the page says, and its examples have what it says they have."""

import re
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.config.steering import AttachmentsEntry
from maild.desk.checklist import KNOWN, has
from maild.desk.files import FilesPolicy, SeenFile, files_policy, files_words, look_at_files
from maild.ingest.octets.kinds import GROUP_OF
from maild.model import Attachment
from maild.wording.asking import say_asked
from tests.attached import build
from tests.config.conftest import GOOD

PAGE = (Path(__file__).parents[2] / "docs" / "ru" / "attachments.md").read_text("utf-8")

# What is in the files of the page's table, by their names there
IN_THEM = {
    "Заявление.docx": build.docx(),
    "Фото.JPEG": build.JPG,
    "Счёт.pdf": build.MZ,
    "Письмо.txt.js": b"WScript.Echo(1)",
    "readme.txt": b"#!/bin/sh\nls\n",
    "Выписка.xls": b"<html><table>",
    "Расчёт.docx": build.docm(),
    "Отчёт.docx": build.docx()[:-30],
    "Пустой.pdf": b"",
    "Документы.zip": build.zip_of(("a.pdf", build.PDF), ("b.pdf", build.PDF)),
    "Документы с программой.zip": build.zip_of(("a.pdf", build.PDF), ("setup.exe", build.MZ)),
    "Под паролем.zip": build.encrypted_zip("a.pdf", build.PDF),
    "Документы.rar": build.RAR,
}


def rows(first: str) -> list[list[str]]:
    """The cells of the table whose first column is headed so."""
    lines = PAGE[PAGE.index(f"| {first} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> FilesPolicy:
    """The policy that the page begins with."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    shown = re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE)[0]
    path.write_text(f"{GOOD}\n{shown}", "utf-8")
    entry = load_config(path).config.organization["acme"].attachments
    assert entry != AttachmentsEntry()
    return files_policy(entry)


def look(policy: FilesPolicy, name: str, octets: bytes) -> SeenFile:
    attachment = Attachment(index=0, name=name, media_type="application/octet-stream", size=len(octets), sha256="")
    return look_at_files([attachment], lambda index: octets, policy)[0]


def test_the_table_names_every_file_that_is_tried() -> None:
    """No row goes untried."""
    assert [row[0].strip("`") for row in rows("Файл")] == list(IN_THEM)


@pytest.mark.parametrize("row", rows("Файл"), ids=lambda row: row[0])
def test_what_the_page_says_of_a_file(policy: FilesPolicy, row: list[str]) -> None:
    """Taken, or not and why."""
    name = row[0].strip("`")
    untaken = look(policy, name, IN_THEM[name]).untaken
    assert row[2] == (f"нет, `{untaken}`" if untaken else "да")


def test_the_page_has_every_group() -> None:
    """Whatever may be written for several kinds at once."""
    told = {name for row in rows("Группа") for name in re.findall(r'"(\w+)"', row[0])}
    assert told == {"macro", *(group for groups in GROUP_OF.values() for group in groups)}


def test_what_the_sender_reads(policy: FilesPolicy) -> None:
    """The page quotes the letter: the file that is to blame, and what is locked."""
    for name in ("Документы с программой.zip", "Под паролем.zip"):
        (word,) = files_words([look(policy, name, IN_THEM[name])], "ru")
        told = {
            "archive": f"этот архив мы не принимаем ({word['limit']})",
            "broken": "файл повреждён или закрыт паролем",
        }
        assert f"– {name}: {told[word['why']]}\n" in PAGE


@pytest.mark.parametrize("row", rows("Ключ"), ids=lambda row: row[0])
def test_the_policy_has_every_key(row: list[str]) -> None:
    """Each row of the first table is a setting."""
    assert row[0].strip("`") in AttachmentsEntry.model_fields


CHECKLIST = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| `(?:steps|screenshot|version|contact)`", line)
]  # fmt: skip


def test_every_item_that_maild_knows_is_there() -> None:
    """And is asked for in the words that the page shows."""
    assert {row[0].strip("`") for row in CHECKLIST} == KNOWN
    assert f"– {say_asked('contact', 'ru')}\n" in PAGE


QUOTED = re.compile(r"«((?:[^«»]|«[^»]*»)+)»")


@pytest.mark.parametrize(
    ("item", "text", "there"),
    [
        (row[0].strip("`"), text, column == 2)
        for row in CHECKLIST
        for column in (2, 3)
        for text in QUOTED.findall(row[column])
    ],
)  # fmt: skip
def test_what_the_page_says_of_a_text(item: str, text: str, there: bool) -> None:
    """Each example counts, or does not."""
    assert there == (has(item, "", text) is not None)
