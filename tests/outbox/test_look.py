"""How letters look, held without a browser: at a phone's width, in the dark, with images off. Found by looking at them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from maild.model import Purpose
from maild.outbox.samples import sample_words
from maild.outbox.shelves import LAYOUT, SHIPPED
from maild.outbox.templates import Templates

FRAME = (SHIPPED / LAYOUT).read_text("utf-8")
CSS = FRAME.partition("<style>")[2].partition("</style>")[0]
DARK = re.search(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}", CSS, re.DOTALL)
PHONE = 320  # CSS pixels of the narrowest that are still in use
LANGUAGES = ["ru", "uk", "en"]
READABLE = 4.5  # WCAG 2.1, 1.4.3


class Page(HTMLParser):
    """A letter's tags, and the words of its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append((dict(attrs)["href"] or "", ""))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "a" and not self.links[-1][1]:
            self.links[-1] = (self.links[-1][0], data)


def pages(language: str) -> Iterator[tuple[Purpose, Page]]:
    templates, _ = Templates.load(language, None)
    for purpose in Purpose:
        for words in sample_words(purpose):
            yield purpose, Page(templates.render(purpose, words).html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_and_nothing_depends_on_pictures(language: str) -> None:
    """A letter is whole with images off, tells nobody that it was opened, and its links show where they lead."""
    linked = 0
    for purpose, page in pages(language):
        names = {tag for tag, _ in page.tags}
        assert names.isdisjoint({"img", "link", "script", "iframe", "object", "video", "svg", "form", "input", "base"})
        attributes = {name for _, attributes in page.tags for name in attributes}
        assert attributes.isdisjoint({"src", "srcset", "background", "poster", "action"})
        links = [link for link in page.links if "&body=" not in link[0]]  # a letter that is ready begins from its word
        assert all(target.startswith("mailto:") for target, _ in set(page.links) - set(links))
        assert [link for link in links if link[0].removeprefix("mailto:").partition("?subject=")[0] != link[1]] == [], (
            purpose
        )
        linked += len(page.links)
    assert linked
    assert not re.search(r"url\(|@import|@font-face|https?:", FRAME)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_leave_the_look_to_the_frame(language: str) -> None:
    """One place says colours and sizes, so that dark mode and an admin's own frame reach every word."""
    known = set(re.findall(r"\.([a-z]+)\b(?=[^{}]*\{)", CSS))
    for purpose, page in pages(language):
        for tag, attributes in page.tags:
            assert attributes.keys().isdisjoint({"style", "bgcolor", "color", "width", "height", "align", "border"}), (
                tag
            )
            assert set((attributes.get("class") or "").split()) <= known, (purpose, attributes)


def test_a_telephone_shows_it_whole() -> None:
    """No width of its own, no line that cannot break but the number, and the browser is told that it is meant for phones."""
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in FRAME
    assert re.search(r"\.letter \{[^}]*max-width: \d+px[^}]*overflow-wrap: anywhere", CSS)
    widths = re.findall(r"(?<!max-)(?:width|flex-basis): (\d+)px", CSS)
    assert [width for width in widths if int(width) > PHONE] == []
    unbroken = re.findall(r"([^{}\n]+) \{[^}]*white-space: (?:nowrap|pre)\b(?!-)", CSS)
    assert unbroken == [".number"]
    padding = re.search(r"body \{[^}]*padding: (\d+)px", CSS)
    assert padding
    assert int(padding[1]) * 2 < PHONE / 5
    assert int(re.search(r"font: (\d+)px", CSS)[1]) >= 16  # type: ignore[index]  # smaller is enlarged by hand
    assert min(map(int, re.findall(r"font-size: (\d+)px", CSS))) >= 13


def rules(css: str) -> dict[str, dict[str, str]]:
    """What each selector says of colours; the later word counts."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        says = dict(re.findall(r"(?<![\w-])(color|background): (#[0-9a-f]{6})", body))
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(says)
    return found


def scheme(name: str) -> dict[str, dict[str, str]]:
    assert DARK
    light = rules(CSS.replace(DARK[0], ""))
    if name == "light":
        return light
    dark = rules(DARK[1])
    return {selector: {**light.get(selector, {}), **dark.get(selector, {})} for selector in light | dark}


def luminance(colour: str) -> float:
    """WCAG 2.1: relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast() -> None:
    """Against figures that others have published."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0000ff", "#ffffff") == pytest.approx(8.59, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_colour_can_be_read(name: str) -> None:
    """Text and links on the background, by day and in the dark; each scheme is told to the mail client."""
    assert '<meta name="color-scheme" content="light dark">' in FRAME
    says = scheme(name)
    ground = says["body"]["background"]
    texts = {selector: each["color"] for selector, each in says.items() if "color" in each}
    assert {"body", "a", ".quiet", ".marker"} <= texts.keys()
    assert {selector: colour for selector, colour in texts.items() if contrast(colour, ground) < READABLE} == {}
    assert (luminance(ground) < 0.1) == (name == "dark")
    assert [selector for selector, each in says.items() if "background" in each] == ["body"]
