"""The letters that are ready for a verdict: what a mail program makes of each is read as what it says."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from maild.desk.rating import read_rating
from maild.model import Purpose, Rating
from maild.outbox.choices import offer_choices
from maild.outbox.samples import sample_words
from maild.outbox.templates import Templates
from maild.tokens import find_tokens, hide_tokens

TOKEN = "t42.k7f3abcdefghijkl"
ADDRESS = f"support+{TOKEN}@acme.example"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["Отлично", "Нормально", "Плохо"]),
        ("uk", ["Чудово", "Нормально", "Погано"]),
        ("en", ["Great", "Fair", "Bad"]),
    ],
)
def test_each_is_read_as_what_it_says(language: str, words: list[str]) -> None:
    """The best first, in the organisation's language; subject and body come back as they were (RFC 6068)."""
    offered = offer_choices("ACME-42", TOKEN, ADDRESS, language)
    assert [one["word"] for one in offered] == words
    for one, value in zip(offered, Rating, strict=True):
        parts = urlsplit(one["url"])
        fields = parse_qs(parts.query, strict_parsing=True)
        assert (parts.scheme, unquote(parts.path)) == ("mailto", ADDRESS)
        assert fields == {"subject": [f"[ACME-42] {one['word']}"], "body": [f"{one['word']}\r\n\r\nACME-42:{TOKEN}"]}
        rated = read_rating(fields["subject"][0], fields["body"][0].replace("\r\n", "\n"), "ACME-42")
        assert rated
        assert (rated.value, rated.ready, rated.besides) == (value, True, "")


@pytest.mark.parametrize("local", ["support", "a&b", "100%", "who?", "a/b", "it's", "x=y", "a+b"])
def test_any_address(local: str) -> None:
    """What means something in an address of the web is written so that it means nothing."""
    address = f"{local}@acme.example"
    for one in offer_choices("ACME-42", TOKEN, address, "ru"):
        parts = urlsplit(one["url"])
        assert unquote(parts.path) == address
        assert parts.fragment == ""
        assert set(parse_qs(parts.query, strict_parsing=True)) == {"subject", "body"}


def test_the_code_is_found_and_hidden_where_the_address_is_quoted() -> None:
    """In answers and forwards the addresses stand as text; nobody's key reaches somebody else in them."""
    for one in offer_choices("ACME-42", TOKEN, ADDRESS, "ru"):
        assert one["url"].isascii()
        assert one["url"].count(TOKEN) == 2
        assert [str(token) for token in find_tokens(one["url"])] == [TOKEN]
        assert TOKEN not in hide_tokens(one["url"])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "uk",
            """Вітаємо, Анна Петрова!

Ми завершили роботу над вашим зверненням ACME-1042.

Як ми впоралися? Натисніть на слово й надішліть готовий лист або просто дайте відповідь цим словом:
Отлично <mailto:support@example.org?subject=%5BACME-1042%5D&body=1>
Нормально <mailto:support@example.org?subject=%5BACME-1042%5D&body=2>
Плохо <mailto:support@example.org?subject=%5BACME-1042%5D&body=3>

Якщо питання не вирішено, дайте відповідь на цей лист: звернення відкриється знову.

Ромашка & Ко
support@example.org
""",
        ),
        (
            "en",
            """Hello, Анна Петрова!

We have finished our work on your request ACME-1042.

How did we do? Press a word and send the letter that is ready, or just reply with that word:
Отлично <mailto:support@example.org?subject=%5BACME-1042%5D&body=1>
Нормально <mailto:support@example.org?subject=%5BACME-1042%5D&body=2>
Плохо <mailto:support@example.org?subject=%5BACME-1042%5D&body=3>

If it is not solved, reply to this letter: the request will be open again.

Ромашка & Ко
support@example.org
""",
        ),
    ],
)
def test_the_letter_that_only_asks(language: str, expected: str) -> None:
    """In the other languages; tests/walk/test_satisfaction.py has the Russian one. The sample's values are Russian."""
    templates, _ = Templates.load(language, None)
    rendered = templates.render(Purpose.SATISFACTION, next(sample_words(Purpose.SATISFACTION)))
    assert rendered.text.partition("\n-- ")[0] == expected
