"""Words for some requests only: the most particular file counts, each for itself, and every one is tried before."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.errors import Problem
from maild.ingest.parse import parse
from maild.model import Purpose, Ticket
from maild.outbox.samples import sample_words
from maild.outbox.shelves import KINDS, LAYOUT, SENTENCES, SHIPPED, TO_CUSTOMERS
from maild.outbox.templates import Rendered, Templates
from tests.outbox.test_compose import TICKET, head, written

CATEGORIES = ("printing", "access")
LEVELS = ("base", "vip")


def load(folder: Path, files: Mapping[str, str]) -> tuple[Templates, list[Problem]]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Templates.load("ru", folder, categories=CATEGORIES, levels=LEVELS)


def filed(variant: str = "", category: str = "", level: str = "") -> Ticket:
    return replace(TICKET, variant=variant, category=category, level=level)


def say(templates: Templates, ticket: Ticket | None, purpose: Purpose = Purpose.CLOSING, **words: object) -> Rendered:
    return templates.render(purpose, next(sample_words(purpose)) | words, ticket=ticket)


EVERYWHERE = {
    "closing.txt": "own",
    "level/vip/closing.txt": "vip",
    "category/printing/closing.txt": "printing",
    "variant/brief/closing.txt": "brief",
}


@pytest.mark.parametrize(
    ("ticket", "said"),
    [
        (None, "own"),
        (filed(), "own"),
        (filed(level="vip"), "vip"),
        (filed(category="printing", level="vip"), "printing"),
        (filed("brief", "printing", "vip"), "brief"),
        (filed("brief"), "brief"),
        (filed("gone", "access", "base"), "own"),  # no such folders: a variant may be deleted while tickets have it
        (filed("gone", "access", "vip"), "vip"),
    ],
)
def test_the_most_particular_file_counts(tmp_path: Path, ticket: Ticket | None, said: str) -> None:
    """Variant before category before level before the organisation's own."""
    templates, problems = load(tmp_path, EVERYWHERE)
    assert problems == []
    assert say(templates, ticket).text == f"{said}\n"


def test_each_file_falls_back_by_itself(tmp_path: Path) -> None:
    """Who words the text anew keeps subject and HTML, wherever they come from."""
    files = {"variant/brief/closing.txt": "Закрыто.", "level/vip/closing.subject.txt": "Важному клиенту"}
    templates, problems = load(tmp_path, files)
    assert problems == []
    shipped = say(Templates.load("ru", None)[0], None)
    said = say(templates, filed("brief", level="vip"))
    assert (said.subject, said.text, said.html) == ("Важному клиенту", "Закрыто.\n", shipped.html)


def test_what_a_letter_includes_is_looked_up_likewise(tmp_path: Path) -> None:
    """A sentence, and the frame, for one level change every letter to its customers, also those of a category."""
    files = {
        "level/vip/asked.txt": "Ждём: {{ asked | join(', ') }}.\n",
        "level/vip/letter.html": "<h1>VIP</h1>{% block letter %}{% endblock %}",
        "category/printing/chaser.txt": "Печать! {% include 'asked.txt' %}",
    }
    templates, problems = load(tmp_path, files)
    assert problems == []
    asked = {"asked": ("номер", "снимок")}
    assert (
        say(templates, filed("", "printing", "vip"), Purpose.CHASER, **asked).text == "Печать! Ждём: номер, снимок.\n"
    )
    assert "Чтобы мы могли помочь" in say(templates, filed("", "printing"), Purpose.CHASER, **asked).text
    for purpose in TO_CUSTOMERS:
        assert say(templates, filed(level="vip"), purpose).html.startswith("<h1>VIP</h1>")
        assert not say(templates, filed(level="base"), purpose).html.startswith("<h1>VIP</h1>")
    assert "Ждём: номер, снимок." in say(templates, filed(level="vip"), Purpose.ACKNOWLEDGEMENT, **asked).html


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - set(TO_CUSTOMERS)))
def test_letters_to_others_are_the_same_for_every_request(tmp_path: Path, purpose: Purpose) -> None:
    """Agents, units and the admin read what the organisation says, whatever frame or sentences the customer gets."""
    files = {
        "variant/brief/letter.html": "<i>{% block letter %}{% endblock %}</i>",
        "variant/brief/untaken.txt": "нет\n",
    }
    templates, problems = load(tmp_path, files)
    assert problems == []
    assert say(templates, filed("brief"), purpose) == say(templates, None, purpose)


SHELVES = [
    "",
    *(f"{kind}/{name}/" for kind, names in zip(KINDS, (("a", "b"), CATEGORIES, LEVELS), strict=True) for name in names),
]
FILES = ["chaser.subject.txt", "chaser.txt", "chaser.html", "asked.txt"]


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.tuples(st.sampled_from(SHELVES), st.sampled_from(FILES)), max_size=12),
    st.sampled_from([filed(*one) for one in product(("", "a", "b"), ("", *CATEGORIES), ("", *LEVELS))]),
)
def test_whatever_is_there_the_first_file_in_order_counts(there: set[tuple[str, str]], ticket: Ticket) -> None:
    """Any set of files, any ticket: each part says where it comes from, and so does the sentence in it."""
    with tempfile.TemporaryDirectory() as folder:
        include = "{% include 'asked.txt' %}"
        files = {f"{shelf}{name}": f"[{shelf}] " + (include if name != "asked.txt" else "") for shelf, name in there}
        templates, problems = load(Path(folder), files)
    assert problems == []
    said = say(templates, ticket, Purpose.CHASER)
    order = [f"variant/{ticket.variant}/", f"category/{ticket.category}/", f"level/{ticket.level}/", ""]
    sentence = next((f"[{shelf}]" for shelf in order if (shelf, "asked.txt") in there), "Чтобы мы могли помочь")
    for name, text in zip(FILES, (said.subject, said.text, said.html), strict=False):
        expected = next((f"[{shelf}]" for shelf in order if (shelf, name) in there), None)
        if expected:
            assert text.startswith(f"{expected} {sentence}")
        elif name != "chaser.subject.txt":
            assert sentence in text


def test_an_edit_counts_once_it_has_been_tried(tmp_path: Path) -> None:
    """What is in force was read as a whole: a file that is being edited changes no letter yet, included or not."""
    files = {"variant/brief/chaser.txt": "{% include 'asked.txt' %}", "asked.txt": "Было.", "closing.txt": "Было."}
    templates, problems = load(tmp_path, files)
    assert problems == []
    for path in (tmp_path / "asked.txt", tmp_path / "closing.txt"):
        path.write_text("{{ broken", encoding="utf-8")
    assert say(templates, filed("brief"), Purpose.CHASER).text == "Было.\n"
    assert say(templates, filed()).text == "Было.\n"
    templates, problems = load(tmp_path, {"asked.txt": "Стало.", "closing.txt": "Стало."})
    assert problems == []
    assert say(templates, filed("brief"), Purpose.CHASER).text == "Стало.\n"
    assert say(templates, filed()).text == "Стало.\n"


def test_new_files_are_noticed(tmp_path: Path) -> None:
    """Every folder is watched besides the files, so that the first file of a variant needs no restart."""
    templates, _ = load(tmp_path, EVERYWHERE)
    folders = {tmp_path, *(tmp_path / kind for kind in KINDS)}
    folders |= {tmp_path / "variant/brief", tmp_path / "category/printing", tmp_path / "level/vip"}
    assert set(templates.files) == {*folders, *(tmp_path / name for name in EVERYWHERE)}


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────

WRONG: Mapping[str, tuple[str, str, int | None, str, str]] = {
    "unknown variable": ("variant/brief/answer.txt", "Да:\n{{ txt }}", 2, "'txt' is undefined", "Mend the line"),
    "not Jinja2": ("category/printing/offer.html", "{% if %}", 1, "TemplateSyntaxError", "Mend the line"),
    "a sentence of one level": ("level/vip/unit.txt", "\n\n{{ unit.nome }}", 3, "nome", "Mend the line"),
    "variable of another letter": ("level/vip/asked.txt", "{{ coupon }}", 1, "'coupon' is undefined", "Mend the line"),
    "a frame without words": ("variant/brief/letter.html", "<p>Акме</p>", None, "a frame without a place", "Put the line"),
    "saved by half": ("variant/brief/answer.html", " \n", None, "a letter without a word", "Finish the file"),
    "windows-1251": ("level/vip/answer.txt", "\udcc4\udce0", 1, "octets that are not UTF-8", "Save the file again"),
    "UTF-16": ("level/vip/answer.txt", "\udcff\udcfe\x04", 1, "a file saved as UTF-16", "Save the file again"),
    "category that is not configured": ("category/printng/answer.txt", "Да", None, "the category printng", "Did you mean printing?"),
    "level that is not configured": ("level/gold/answer.txt", "Да", None, "the level gold", "Rename the folder"),
    "variant that no rule can name": ("variant/Кратко/answer.txt", "Да", None, "a variant called Кратко", "Rename the folder"),
    "misspelt kind": ("varaint/brief/answer.txt", "Да", None, "a folder called varaint", "Did you mean variant?"),
    "plural": ("levels/vip/answer.txt", "Да", None, "a folder called levels", "Did you mean level?"),
    "kind left out": ("vip/answer.txt", "Да", None, "a folder called vip", "Move it to level/vip."),
    "name left out": ("variant/answer.txt", "Да", None, "a file in the folder variant", "Move it to variant/NAME/answer.txt"),
    "misspelt name": ("variant/brief/anwser.txt", "Да", None, "a file called anwser.txt", "Did you mean answer.txt?"),
    "a letter to agents": ("category/access/notification.txt", "##- x", None, "notification.txt in the folder category/access", "Move it up"),
    "too deep": ("variant/brief/level/vip/answer.txt", "Да", None, "a folder", "Move its files up"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path, case: str) -> None:
    """One problem each, with file, line and remedy, though many letters may include it; the others stay usable."""
    name, text, line, found, remedy = WRONG[case]
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    templates, (problem,) = load(tmp_path, {})
    assert str(tmp_path / name).startswith(problem.file)
    assert problem.line == line
    assert found in problem.found
    assert remedy in problem.remedy
    assert "SYSTEM" not in say(templates, filed(), Purpose.OFFER).text


def test_a_byte_order_mark_reaches_no_customer(tmp_path: Path) -> None:
    """Windows editors add it; it is no part of the words."""
    templates, problems = load(tmp_path, {"variant/brief/answer.txt": "\ufeffДа: {{ text }}\r\nВсё."})
    assert problems == []
    assert say(templates, filed("brief"), Purpose.ANSWER, text="так").text == "Да: так\nВсё.\n"


def test_two_folders_that_do_not_fit_together(tmp_path: Path) -> None:
    """Each is right by itself; a letter of the one that includes a sentence of the other is not, and that is told."""
    files = {
        "variant/brief/unit.txt": "{{ (unit or {'name': understood}).name }}\n",
        "category/printing/refusal.txt": "{{ number }} {% set unit = None %}{% include 'unit.txt' ignore missing %}",
        "unit.txt": "Передано.\n",
    }
    _, problems = load(tmp_path, files)
    assert [(Path(p.file).parent.name, p.line, "'understood' is undefined" in p.found) for p in problems] == [
        ("brief", 1, True)
    ]


def test_every_shipped_letter_may_be_put_into_every_folder(tmp_path: Path) -> None:
    """A copy of what is shipped is right wherever it may stand, and says the same."""
    names = [LAYOUT, *SENTENCES, *(path.name for path in (SHIPPED / "ru").iterdir())]
    names = [
        name
        for name in names
        if name.partition(".")[0] in {*TO_CUSTOMERS, *(s.partition(".")[0] for s in (LAYOUT, *SENTENCES))}
    ]
    sources = {name: (SHIPPED / name if name == LAYOUT else SHIPPED / "ru" / name).read_text("utf-8") for name in names}
    folders = ("variant/brief", "category/printing", "level/vip")
    templates, problems = load(tmp_path, {f"{folder}/{name}": sources[name] for folder in folders for name in names})
    assert problems == []
    for purpose in TO_CUSTOMERS:
        assert say(templates, filed("brief", "printing", "vip"), purpose) == say(templates, None, purpose)


def test_many_folders_that_have_nothing_to_do_with_each_other_are_not_tried_together(tmp_path: Path) -> None:
    """Ten variants and a letter for each category cost what they are, not their product."""
    files = {f"variant/v{n}/closing.txt": "Закрыто." for n in range(10)}
    files |= {f"category/{one}/answer.txt": "{{ text }}" for one in CATEGORIES}
    templates, problems = load(tmp_path, files)
    assert problems == []
    assert len(templates.shelves.particular) == 12
    assert list(templates.shelves.pairs()) == []


def test_a_composed_letter_knows_what_its_ticket_is_filed_under(tmp_path: Path) -> None:
    """The words are chosen where the letter is made, without the desk's doing anything."""
    templates, _ = load(tmp_path, EVERYWHERE)
    octets = written(Purpose.CLOSING, head(templates=templates), ticket=filed("", "printing", "vip")).octets
    text = parse(octets).text
    assert text.strip() == "printing"


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "{% if asked %}{% endif %}\n"])
def test_however_a_sentence_ends_it_has_lines_of_its_own(tmp_path: Path, end: str) -> None:
    """An editor that writes no last line end glues nothing together, in text or HTML."""
    templates, problems = load(tmp_path, {"asked.txt": f"Пришлите {{{{ asked | join(', ') }}}}.{end}"})
    assert problems == []
    said = say(templates, None, Purpose.ACKNOWLEDGEMENT, asked=("номер",))
    assert "\n\nПришлите номер.\n\nЕсли захотите" in said.text
    assert "<p>Пришлите номер.</p>" in said.html
