"""Templates: every shipped one renders, a broken one is told by file and line before any customer sees it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from maild.config.load import load_config
from maild.errors import ConfigError, Problem
from maild.ingest.html import html_to_text
from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import Address, Purpose
from maild.outbox.samples import AT_REST, sample_words
from maild.outbox.samples_translated import in_language
from maild.outbox.shelves import LAYOUT, MARKED, PARTS, SENTENCES, SHIPPED
from maild.outbox.templates import Templates
from maild.policy import load_policy
from tests.walk.stage import CONFIG

LANGUAGES = ["ru", "uk", "en"]
README = (SHIPPED / "README.md").read_text(encoding="utf-8")
CUSTOMERS_TEXT = "<script>alert(1)</script> & \"quotes\" 'single'\n{{ 7 * 7 }} {% raw %}"


def load(folder: Path, language: str = "ru", **files: str) -> list[Problem]:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return Templates.load(language, folder)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_templates(language: str) -> None:
    """All three languages have every letter, in every case of its words, without a hole."""
    templates, _ = Templates.load(language, None)
    for purpose in Purpose:
        for words in sample_words(purpose):
            rendered = templates.render(purpose, words)
            assert rendered.subject.strip()
            assert rendered.text.strip()
            assert "\n" not in rendered.subject
            for text in (rendered.text, rendered.html):
                assert "{{" not in text
                assert "None" not in text
            assert rendered.text.endswith("\n")
            assert not rendered.text.endswith("\n\n")
            if words.get("text", "said"):
                assert "\n\n\n" not in rendered.text, rendered.text
            assert f'<html lang="{language}">' in rendered.html
            if words.get("token"):
                # a unit that answers the customer in our place would quote the code to them
                shown = 0 if purpose is Purpose.PASSING and words["closed"] else 1
                assert rendered.text.count(str(words["token"])) == shown
                assert rendered.html.count(str(words["token"])) == shown
                # the answer to a question about a letter must not find the ticket where its token was lost
                number = str(words.get("number", ""))
                named = number != "" and number in rendered.subject
                assert named is (purpose not in (Purpose.CONFIRMATION, Purpose.EDITION, Purpose.SUBSCRIPTION))


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same(language: str) -> None:
    """Whichever a mail client shows, the reader learns the same."""
    templates, _ = Templates.load(language, None)
    for purpose in Purpose:
        for words in sample_words(purpose):
            rendered = templates.render(purpose, words)
            assert plain(html_to_text(rendered.html)) == plain(rendered.text)


@pytest.mark.parametrize("purpose", Purpose)
def test_what_is_at_rest_need_not_be_said(purpose: Purpose) -> None:
    """A draft names what it has to say; everything optional is filled in, in one place."""
    templates, _ = Templates.load("ru", None)
    rest = AT_REST[purpose]
    for words in sample_words(purpose):
        said = {name: value for name, value in words.items() if name not in rest or rest[name] != value}
        assert templates.render(purpose, said) == templates.render(purpose, words)


def plain(text: str) -> str:
    text = re.sub(r"[<(](mailto:[^\s>)]+)[>)]", r"<\1>", text)  # a letter that is ready, beside its word
    return " ".join(text.replace("-- \n", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", [Purpose.ANSWER, Purpose.NOTIFICATION])
def test_strangers_words_are_escaped(language: str, purpose: Purpose) -> None:
    """A customer's HTML and Jinja2 arrive as the characters they are; line breaks stay for Outlook too."""
    templates, _ = Templates.load(language, None)
    customer = Address(name="<b>Анна</b>", addr="anna@client.example")
    words: Mapping[str, object] = next(sample_words(purpose)) | {
        "text": CUSTOMERS_TEXT, "subject": "<i>{{ x }}</i>", "customer": customer, "author": customer, "left_out": ["<a>.pdf"],
    }  # fmt: skip
    rendered = templates.render(purpose, words)
    for forbidden in ("<script", "<b>Анна", "<i>", "<a>"):
        assert forbidden not in rendered.html
    assert "&lt;script&gt;" in rendered.html
    assert "{{ 7 * 7 }} {% raw %}" in rendered.html
    assert "<br>{{ 7 * 7 }}" in rendered.html
    assert CUSTOMERS_TEXT in rendered.text
    assert "49" not in rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", MARKED)
def test_what_agents_answer_begins_with_the_marker(language: str, purpose: Purpose) -> None:
    """In text and HTML alike: the agent's words above it are cut out by it."""
    templates, _ = Templates.load(language, None)
    for words in sample_words(purpose):
        answerable = words["customer"] is not None  # reminders of several tickets lead into none
        rendered = templates.render(purpose, words)
        assert rendered.text.startswith(REPLY_MARKER_PREFIX) is answerable
        assert html_to_text(rendered.html).lstrip().startswith(REPLY_MARKER_PREFIX) is answerable


# ── overrides ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_override_replaces_one_file(tmp_path: Path) -> None:
    """The rest stays as shipped, in the organisation's language."""
    (tmp_path / "acknowledgement.txt").write_text("Принято: {{ number }}", encoding="utf-8")
    templates, problems = Templates.load("uk", tmp_path)
    assert problems == []
    rendered = templates.render(Purpose.ACKNOWLEDGEMENT, next(sample_words(Purpose.ACKNOWLEDGEMENT)))
    assert rendered.text == "Принято: ACME-1042\n"
    assert 'lang="uk"' in rendered.html
    assert templates.files == (tmp_path, tmp_path / "acknowledgement.txt")


def test_the_frame_can_be_replaced(tmp_path: Path) -> None:
    """One letter.html changes the look of all."""
    (tmp_path / LAYOUT).write_text("<h1>Акме</h1>{% block letter %}{% endblock %}", encoding="utf-8")
    templates, problems = Templates.load("ru", tmp_path)
    assert problems == []
    for purpose in Purpose:
        assert templates.render(purpose, next(sample_words(purpose))).html.startswith("<h1>Акме</h1>")


BROKEN = {
    "never closed": ("answer.txt", "один\n{% if text %}\nдва", 3, "Unexpected end of template"),
    "not Jinja2": ("answer.txt", "{{ text", 1, "TemplateSyntaxError"),
    "unknown variable": ("answer.txt", "один\n\n{{ txt }}", 3, "'txt' is undefined"),
    "variable of another letter": ("acknowledgement.html", "{{ text }}", 1, "'text' is undefined"),
    "unknown filter": ("answer.html", "\n{{ text | shout }}", 2, "No filter named 'shout'"),
    "only in one case of the words": ("notification.txt", "##- x\n{% if notice == 'undelivered' %}\n{{ reason }}{% endif %}", 3, "'reason' is undefined"),
    "wrong type": ("answer.subject.txt", "{{ number + 1 }}", 1, "TypeError"),
    "division": ("admin.txt", "{{ 1 / 0 }}", 1, "ZeroDivisionError"),
    "includes what is not there": ("answer.txt", "\n{% include 'footer.txt' %}", None, "footer.txt"),
    "includes itself": ("answer.txt", "{% include 'answer.txt' %}", None, "Recursion"),
    "outside the folder": ("answer.txt", "{% include '../../../../../../etc/passwd' %}", None, "passwd"),
    "not UTF-8": ("answer.txt", "один\n\udcef\udcf0", 2, "octets that are not UTF-8"),
    "typographic quotes": ("notification.txt", "##- x\n{% if notice == “letter” %}{% endif %}", 2, "unexpected char '“'"),
    "saved by half": ("acknowledgement.html", "", None, "a letter without a word"),
    "silent in one case": ("closing.txt", "{% if why == 'declined' %}Жаль.{% endif %}", None, "a letter without a word"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_templates(tmp_path: Path, case: str) -> None:
    """One problem, with the file, the line and what is wrong there."""
    name, text, line, found = BROKEN[case]
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    (problem,) = load(tmp_path)
    assert problem.file == str(tmp_path / name)
    assert found in problem.found
    if line is not None:
        assert problem.line == line
    assert "shipped template" in problem.remedy


def test_a_broken_frame_is_told_once_and_by_its_own_name(tmp_path: Path) -> None:
    """Four letters use it; the mistake is one."""
    assert [(Path(p.file).name, p.line) for p in load(tmp_path, letter_html="\n{% block letter %}")] == [
        ("letter.html", 2)
    ]
    undefined = "<p>\n{{ slogan }}</p>{% block letter %}{% endblock %}"
    assert [(Path(p.file).name, p.line) for p in load(tmp_path, letter_html=undefined)] == [("letter.html", 2)]


@pytest.mark.parametrize("frame", ["", "<p>Акме</p>"])
def test_a_frame_without_a_place_for_words_is_told_once(tmp_path: Path, frame: str) -> None:
    """Every letter would be without its words; it is the frame that is to blame, not the letters."""
    (problem,) = load(tmp_path, letter_html=frame)
    assert problem.file == str(tmp_path / LAYOUT)
    assert "{% block letter %}" in problem.expected


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ customer.__class__.__init__.__globals__ }}",
    "{{ '{0.__class__}'.format(customer) }}{{ ().__class__ }}",
    "{% for x in range(10000000) %}{% endfor %}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ customer.__dict__.update(addr='x') }}",
    "{{ left_out.append('x') }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ request }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_the_sandbox_holds(tmp_path: Path, text: str) -> None:
    """A template words letters: reaching for Python, files or our values is an error like any other."""
    assert len(load(tmp_path, answer_txt=text)) == 1


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("acknowledgment.txt", "Did you mean acknowledgement.txt?"),
        ("answer.htm", "Did you mean answer.html?"),
        ("notification.subject", "Did you mean notification.subject.txt?"),
        ("Thumbs.db", "Remove it"),
    ],
)
def test_files_that_are_no_templates(tmp_path: Path, name: str, remedy: str) -> None:
    """A misspelt name would silently change nothing."""
    (tmp_path / name).write_bytes(b"x")
    (problem,) = load(tmp_path)
    assert remedy in problem.remedy


def test_editors_leftovers_are_passed_over(tmp_path: Path) -> None:
    """Hidden files and folders are nobody's templates."""
    (tmp_path / ".answer.txt.swp").write_bytes(b"\xff{{")
    (tmp_path / "old").mkdir()
    assert load(tmp_path) == []


def test_a_notification_without_the_marker_is_refused(tmp_path: Path) -> None:
    """Otherwise the quotation below an agent's answer would go to the customer."""
    (problem,) = load(tmp_path, notification_txt="{% if first %}##- x -##{% endif %}\n{{ text }}")
    assert "marker" in problem.found
    assert problem.file == str(tmp_path / "notification.txt")


def test_a_receipt_without_the_marker_is_refused(tmp_path: Path) -> None:
    """An agent may answer a receipt as well."""
    (problem,) = load(tmp_path, receipt_html="<p>{{ number }}</p>")
    assert "marker" in problem.found


def test_shared_sentences_can_be_replaced(tmp_path: Path) -> None:
    """One coupon.txt words the coupon in every letter that tells of it; a mistake in it is told once."""
    assert load(tmp_path, coupon_txt="{% if coupon %}Купон: {{ coupon }}{% endif %}") == []
    templates, _ = Templates.load("ru", tmp_path)
    for purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.REFUSAL):
        rendered = templates.render(purpose, next(sample_words(purpose)) | {"coupon": "valid"})
        assert "Купон: valid" in rendered.text
        assert "Купон: valid" in rendered.html
    (problem,) = load(tmp_path, coupon_txt="\n{{ slogan }}")
    assert (Path(problem.file).name, problem.line) == ("coupon.txt", 2)


def test_a_noun_without_all_of_its_forms(tmp_path: Path) -> None:
    """The filter that counts is checked with the rest."""
    (problem,) = load(tmp_path, admin_txt='{{ 5 | counted("час", "часов") }}')
    assert "3 forms" in problem.found


def test_problems_reach_the_owner(tmp_path: Path) -> None:
    """The configuration with a broken template is refused as a whole, with every problem of every organisation."""
    for name in ("acme", "beta"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "answer.txt").write_text("{{ txt }}", encoding="utf-8")
    config = CONFIG.replace('name = "Beta"', 'name = "Beta"\ntemplates = "beta"')
    config = config.replace('number_prefix = "ACME"', 'number_prefix = "ACME"\ntemplates = "acme"')
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_policy(load_config(tmp_path / "config.toml"), key=b"x" * 32)
    assert [Path(problem.file).parent.name for problem in caught.value.problems] == ["acme", "beta"]


# ── the manual ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_file_is_in_the_readme() -> None:
    """The table of files is complete, and names nothing that is not shipped."""
    shipped = {LAYOUT, *(path.name for language in LANGUAGES for path in (SHIPPED / language).iterdir())}
    assert shipped == {LAYOUT, *SENTENCES, *(f"{purpose}.{part}" for purpose in Purpose for part in PARTS)}
    assert set(re.findall(r"`((?:[a-z]+\.)+(?:txt|html))`", README)) == shipped


@pytest.mark.parametrize("purpose", Purpose)
def test_every_variable_is_in_the_readme(purpose: Purpose) -> None:
    """Each letter's variables, and every value of those that choose the words, stand in its section; and no others."""
    section = README.partition(f"\n### {purpose}\n")[2].partition("\n### ")[0]
    documented = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    samples = list(sample_words(purpose))
    assert sorted(documented) == sorted(set().union(*samples))
    assert len(documented) == len(set(documented))
    for choice in ("notice", "doubt", "kind", "standing", "coupon", "role"):
        values = {str(sample[choice]) for sample in samples if sample.get(choice)}
        assert [value for value in values if f"`{value}`" not in section] == []


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, Address):
        yield value.name
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_sample_is_said_in_every_language(purpose: Purpose) -> None:
    """Nothing Russian is left in it, whichever sample is looked at, and nothing that templates choose by is translated."""
    for russian, ukrainian, english in zip(*(sample_words(purpose, one) for one in ("ru", "uk", "en")), strict=True):
        assert [text for text in texts_of(english) if re.search("[А-яЁё№₽]", text)] == []
        assert [text for text in texts_of(ukrainian) if re.search("[ыэъёЫЭЪЁ₽]", text)] == []
        for one, two, three in zip(texts_of(russian), texts_of(ukrainian), texts_of(english), strict=True):
            if one.isascii():
                assert one == two == three
            assert one.count("<") == two.count("<") == three.count("<")
            assert one.count("\n") == two.count("\n") == three.count("\n")
    assert in_language(Address(name="Иван", addr="a@b.example"), "en") == Address(name="John", addr="a@b.example")
