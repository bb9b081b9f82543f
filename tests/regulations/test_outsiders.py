"""What `find_leaks` looks for it finds: an answer that tells it is complained of, the answer as it is sent is not."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from maild.model import Purpose
from maild.rehearsal import KEY, SentLetter
from maild.scenario import Played, play_file
from maild.scenario_file import ScenarioFile
from maild.tokens import Keyring
from tests.regulations.outsiders import find_leaks

CONFIG = """
[smtp]
host = "127.0.0.1"
security = "none"
[organization.acme]
name = "Акме"
number_prefix = "ACME"
[organization.acme.mailbox.support]
address = "support@acme.example"
subaddress = true
[organization.acme.answers]
sender = "organization"
[organization.acme.agent.ivan]
name = "Иван"
address = "ivan@staff.example"
aliases = ["ivan.private@mail.example"]
[organization.acme.rule.always]
when.words = "принтер"
then.hint = "Сначала проверьте оплату."
"""
SCENARIO = """
[[step]]
mailbox = "acme/support"
from = "anna@client.example"
subject = "Принтер"
text = "Горит лампочка.\\n#очередь занята"
[[step]]
mailbox = "acme/support"
from = "ivan@staff.example"
reply = true
text = "Выключите и включите.\\n#заметка Она уже звонила трижды."
"""
TO_IVAN = Keyring(KEY).token(1, "ivan@staff.example")
TO_ANNA = Keyring(KEY).token(1, "anna@client.example")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> ScenarioFile:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    (folder / "one.toml").write_text(SCENARIO, "utf-8")
    return ScenarioFile(folder / "one.toml")


@pytest.fixture(scope="module")
def played(file: ScenarioFile) -> tuple[Played, ...]:
    return tuple(play_file(file))


def telling(played: tuple[Played, ...], words: str = "", **headers: str) -> tuple[Played, ...]:
    """Return what was played, with more words in the answer that the customer gets, or with other headers."""
    (answer,) = [one for one in played[1].sent if one.purpose is Purpose.ANSWER]
    message = message_from_bytes(answer.octets, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    body.set_content(f"{body.get_content()}\n{words}\n")
    for name, value in headers.items():
        del message[name]
        message[name] = value
    octets = message.as_bytes()
    other = replace(answer, octets=octets)
    sent = tuple(other if one is answer else one for one in played[1].sent)
    return (played[0], replace(played[1], sent=sent))


LEAKS = {
    "an agent's address": ("Пишите: Ivan@staff.example", "the address ivan@staff.example"),
    "another address of theirs": ("ivan.private@mail.example", "the address ivan.private@mail.example"),
    "a token of an agent": (f"support+{TO_IVAN}@acme.example", f"the token {TO_IVAN}"),
    "an address for notes": (
        f"support+{Keyring(KEY).note_token(1, 'ivan@staff.example')}@acme.example", "the token n1."
    ),
    "a code that confirms": ("код c7.abcdefghijklmnop", "the code c7.abcdefghijklmnop"),
    "a command": ("#решено", "the order #решено"),
    "a question with the sign of a phone": ("№ мои", "the order № мои"),
    "a command in English, quoted": ("> #assign Petra", "the order #assign Petra"),
    "a note": ("Она  уже звонила трижды.", "the note Она уже звонила трижды."),
    "a hint of the rules": ("Сначала проверьте оплату.", "the words 'Сначала проверьте оплату.'"),
    "words of a notification": ("> ##- Ответ выше этой строки прочитает клиент: x", "the words 'Ответ выше этой"),
    "words of a receipt": ("Клиенту ничего не отправлено.", "the words 'Клиенту ничего не отправлено'"),
    "a line of a notification": ("Новое обращение ACME-1: Принтер", "the line Новое обращение ACME-1: Принтер"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "leak"), LEAKS.values(), ids=LEAKS)
def test_what_is_ours_is_found(file: ScenarioFile, played: tuple[Played, ...], words: str, leak: str) -> None:
    """Each kind, by the number of the step and the letter's reader."""
    found = find_leaks(file, telling(played, words))
    assert [one for one in found if one.startswith(f"one.toml 2, to anna@client.example: {leak}")], found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "Иван <ivan@staff.example>"),
        ("From", "Иван (Акме) <support@acme.example>"),
        ("From", "Акме <noreply@elsewhere.example>"),
        ("Cc", "ivan@staff.example"),
        ("Reply-To", f"support+{TO_IVAN}@acme.example"),
        ("References", f"<x.{TO_IVAN}@acme.example>"),
    ],
)
def test_headers_are_read_as_well(file: ScenarioFile, played: tuple[Played, ...], name: str, value: str) -> None:
    """What stands above a letter tells as much as its words."""
    assert find_leaks(file, telling(played, **{name: value}))


@pytest.mark.parametrize(
    "words", ["", "> Горит лампочка.", "> #очередь занята", "№ 12 в списке", f"support+{TO_ANNA}@acme.example"]
)
def test_what_customers_may_read(file: ScenarioFile, played: tuple[Played, ...], words: str) -> None:
    """The answer itself, their own words, their own token."""
    assert find_leaks(file, telling(played, words)) == []


def test_a_letter_for_agents_goes_to_nobody_else(file: ScenarioFile, played: tuple[Played, ...]) -> None:
    """A notification is none of a customer's business, whatever it says."""

    def astray(letter: SentLetter) -> SentLetter:
        return replace(letter, recipient="anna@client.example") if letter.purpose is Purpose.NOTIFICATION else letter

    sent = (replace(played[0], sent=tuple(map(astray, played[0].sent))), *played[1:])
    assert "one.toml 1, to anna@client.example: a letter that is for our own: notification" in find_leaks(file, sent)
