"""An invitation in words: of the first event, in the language in which any of it is written."""

import pytest

from maild.ingest.octets.invitation import MAX_ATTENDEES, summarize


def calendar(*lines: str, more: str = "") -> str:
    event = "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n{event}\r\n{more}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["SUMMARY:Plan"], "Invitation: Plan"),
        (["SUMMARY:План"], "Приглашение: План"),
        (["SUMMARY:Plan", "LOCATION:Зал"], "Приглашение: Plan\nГде: Зал"),
        (["SUMMARY:Plan", "DESCRIPTION:Бюджет"], "Приглашение: Plan\n\nБюджет"),
        (["SUMMARY:Pl", " an", "a line that is no property", "LOCATION:Hall"], "Invitation: Plan\nWhere: Hall"),
        (["SUMMARY:Plan", "BEGIN:VALARM", "DESCRIPTION:Reminder", "END:VALARM", "LOCATION:Hall"], "Invitation: Plan\nWhere: Hall"),
    ],
)  # fmt: skip
def test_words_of_an_event(lines: list[str], words: str) -> None:
    """Folded lines are one, a reminder in the event is none of it, and what is no property is passed over."""
    assert summarize(calendar(*lines)) == words


def test_the_first_event_only() -> None:
    """A series has its exceptions behind it."""
    second = "BEGIN:VEVENT\r\nSUMMARY:Other\r\nLOCATION:Hall\r\nEND:VEVENT\r\n"
    assert summarize(calendar("SUMMARY:Plan", more=second)) == "Invitation: Plan"


@pytest.mark.parametrize(("people", "end"), [(MAX_ATTENDEES, ""), (MAX_ATTENDEES + 2, " and more: 2")])
def test_many_attendees(people: int, end: str) -> None:
    """The first fifty by name, the others counted."""
    lines = [f"ATTENDEE;CN=P{number}:mailto:p{number}@x.example" for number in range(people)]
    shown = summarize(calendar("SUMMARY:Plan", *lines)).split("\n")[-1]
    assert shown.count("@x.example") == MAX_ATTENDEES
    assert shown.endswith((f"p{MAX_ATTENDEES - 1}@x.example{end}", f"p{MAX_ATTENDEES - 1}@x.example>{end}"))
