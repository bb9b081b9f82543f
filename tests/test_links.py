"""What the documents link to is there, and whoever begins at a table of contents finds every page."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parent.parent
CONTENTS = ROOT / "docs" / "ru" / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "maild").rglob("*.md")])
LINK = re.compile(r"\[[^\]\n]*\]\(([^()\s]+)\)")


def prose(page: Path) -> str:
    """A page without its examples."""
    text = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text("utf-8"))
    return re.sub(r"(``?)(?!`).*?\1", lambda code: code[0].replace("[", ""), text)


def links(page: Path) -> list[tuple[Path, str]]:
    """The files that a page links to, each with the anchor in it ("" for none)."""
    found = []
    for target in LINK.findall(prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = unquote(target).partition("#")
            found.append(((page.parent / path).resolve() if path else page, anchor))
    return found


def anchors(page: Path) -> set[str]:
    """The anchors that readers on the web get for its headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files and headings, none of them outside the project."""
    dead = [
        f"{path}#{anchor}"
        for path, anchor in links(page)
        if not path.exists() or ROOT not in path.parents or (anchor and anchor not in anchors(path))
    ]
    assert dead == []


def test_every_page_is_reached_from_the_contents() -> None:
    """By however many links; the ones in the contents come first."""
    reached, waiting = {CONTENTS}, [CONTENTS]
    while waiting:
        new = {path for path, _ in links(waiting.pop()) if path.suffix == ".md" and path.parent == CONTENTS.parent}
        waiting += new - reached
        reached |= new
    assert sorted(set(CONTENTS.parent.glob("*.md")) - reached) == []


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
def test_both_readmes_lead_to_the_contents(readme: str) -> None:
    """And to each other."""
    targets = {path for path, _ in links(ROOT / readme)}
    assert {CONTENTS, ROOT / "README.md", ROOT / "README.ru.md"} - {ROOT / readme} <= targets
