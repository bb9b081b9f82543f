"""Golden answers: what agents' mail programs make of a real notification, and what the customer gets of that.

`tests/mail/answers/NNNN-program-language.eml` answers the first notification of `tests.walk.stage`'s desk, each with the
quotation, the attribution and the signature of its program, written by hand after letters of that program.
`.expected.txt` is what the customer gets: the text, then the HTML between the frame's lines, then the files.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.ingest.html import html_to_text
from maild.rehearsal import SentLetter
from tests.walk.stage import IVAN, SUPPORT, letter, open_desk, to

ANSWERS = Path(__file__).parents[1] / "mail" / "answers"
LESSONS = sorted(path.stem for path in ANSWERS.glob("*.eml"))
PRIVATE = ("ivan@staff.example", "900 000-00-00", "##-", "#взять", "Galaxy", "iPhone", "Outlook for iOS")


def printed(answer: SentLetter) -> Iterator[str]:
    """Yield what the customer reads."""
    yield answer.message.text
    yield "── HTML"
    page = re.search(r'<div class="letter">\n(.*)\n<p>ООО', answer.message.html or "", re.DOTALL)
    assert page is not None, "the frame is there"
    yield page[1]
    yield "── files"
    yield from (
        f"{one.name} {one.media_type}{', shown in place' * bool(one.content_id)}" for one in answer.message.attachments
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_customer_gets_what_the_agent_wrote(lesson: str) -> None:
    """The words, their layout and the pictures among them, in the organisation's template; of the notification not a line."""
    with open_desk() as desk:
        first = letter(headers=[("Message-ID", "<1@mua.example>")])
        notification = to(desk.deliver(first, SUPPORT), IVAN)
        heard = desk.deliver((ANSWERS / f"{lesson}.eml").read_bytes(), SUPPORT)
    (answer,) = (one for one in heard if one.recipient == "anna@client.example")
    assert "\n".join(printed(answer)) + "\n" == (ANSWERS / f"{lesson}.expected.txt").read_text("utf-8")
    lines = {line.strip() for line in notification.message.text.splitlines() if len(line.strip()) > 2}
    for read in (answer.message.text, html_to_text(answer.message.html or ""), answer.message.html or ""):
        assert [one for one in (*lines, *PRIVATE) if one in read] == []
    assert not [
        value for name, value in answer.message.headers if "staff.example" in value or "agents.example" in value
    ]
