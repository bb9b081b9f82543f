"""Who really speaks: the customer whom a form or an agent's forward brings, and nobody who is merely talked of."""

from email.message import EmailMessage
from email.policy import SMTP
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.classify import OwnMail
from maild.ingest.clients.forms import Form
from maild.ingest.parse import parse, read_attachment
from maild.ingest.unwrap import MAX_LETTERS, MAX_LEVELS, Unwrapped, read_wrapped, unwrap
from tests.pace import find_growth

OWN = OwnMail(addresses=frozenset({"support@acme.example"}), loop_id="acme-7f3c")
STAFF = frozenset({"ivan@acme.example", "maria@acme.example"})
FORMS = (Form(name="site", senders=frozenset({"noreply@acme.example"})),)
HEADER = "От: Анна <anna@client.example>\nДата: 12.11.2026 10:15\nКому: {}\nТема: Счёт\n\nНе пришёл счёт."
MARK = "-------- Пересылаемое сообщение --------"
FORWARD = f"{MARK}\n{HEADER.format('ivan@acme.example')}"


def letter(
    text: str = "",
    *attached: EmailMessage,
    author: str = "ivan@acme.example",
    subject: str = "Fwd: Счёт",
    **headers: str,
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = author
    message["To"] = "support@acme.example"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for inner in attached:
        message.add_attachment(inner)
    return message


ANNAS = letter("Не пришёл счёт.", author="Анна <anna@client.example>", subject="Счёт", Message_ID="<a1@client.example>")


def unwrapped(message: EmailMessage | bytes) -> Unwrapped:
    octets = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
    read = partial(read_attachment, octets)
    return unwrap(parse(octets), forms=FORMS, staff=STAFF, own=OWN, read_attachment=read)


def who(found: Unwrapped) -> str | None:
    return found.author.addr if found.author else None


# ── whose forward counts ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agents_forward_is_the_customers_letter() -> None:
    """Author, subject and words are the customer's; what the agent wrote above is a note apart."""
    found = unwrapped(letter(f"Осторожно, скандалит.\n\n{FORWARD}"))
    assert (found.kind, who(found), found.subject) == ("forward", "anna@client.example", "Счёт")
    assert (found.text, found.note) == ("Не пришёл счёт.", "Осторожно, скандалит.")
    assert "claimed, not proven" in found.evidence[0]
    assert found.finding().verdict == "a forwarded letter, written by Анна <anna@client.example>"


def test_a_customers_forward_stays_theirs() -> None:
    """A customer may pass on anybody's letter: that makes nobody else a requester."""
    found = unwrapped(letter(FORWARD, author="boris@client.example"))
    assert (found.kind, found.author, found.text, found.note) == (None, None, "", "")
    assert "stays the author" in found.evidence[-1]
    nameless = FORWARD.replace("Анна <anna@client.example>", "Анна")
    assert unwrapped(letter(nameless, author="boris@client.example")).kind is None
    assert unwrapped(letter(nameless, author="")).kind is None
    assert found.finding().verdict == "nothing is wrapped in it"


def test_a_customer_forwards_their_own_letter() -> None:
    """Whoever hears nothing may forward the first letter: all of it is theirs, the words above included."""
    found = unwrapped(letter(f"Ответа нет!\n\n{FORWARD}", author="Анна П. <Anna@client.example>"))
    assert (found.kind, who(found)) == ("forward", "Anna@client.example")
    assert (found.text, found.note) == ("Ответа нет!\n\nНе пришёл счёт.", "")


def test_an_address_that_the_header_does_not_tell() -> None:
    """Something is wrapped, but nobody can be answered: no address is taken from the words."""
    found = unwrapped(letter(FORWARD.replace("Анна <anna@client.example>", "Анна") + "\nanna@client.example"))
    assert (found.kind, found.author, found.subject) == ("forward", None, "Счёт")
    assert "without an address" in found.evidence[-1]
    assert "does not name an address" in found.finding().verdict


# ── letters inside letters ───────────────────────────────────────────────────────────────────────────────────────────


def by(author: str, text: str, subject: str = "Fwd: Счёт") -> str:
    return f"{MARK}\nОт: {author}\nДата: 12.11.2026\nТема: {subject}\n\n{text}"


def test_down_to_the_first_who_is_none_of_us() -> None:
    """A colleague who passed the letter on is no customer; their notes stay among us."""
    found = unwrapped(letter(f"1\n\n{by('maria@acme.example', f'2{chr(10)}{FORWARD}')}"))
    assert (who(found), found.text, found.note) == ("anna@client.example", "Не пришёл счёт.", "1\n\n2")


def test_the_outermost_customer_is_the_author() -> None:
    """Whom a customer forwards is the customer's affair."""
    found = unwrapped(letter(by("boris@client.example", FORWARD)))
    assert (who(found), found.text) == ("boris@client.example", FORWARD)


@pytest.mark.parametrize("author", ["Мария <maria@acme.example>", "support@acme.example", "support+7-abc@acme.example"])
def test_letters_of_our_own(author: str) -> None:
    """What one of us wrote themselves, an answer to a customer included, is nobody's request."""
    quote = "> Не пришёл счёт."
    for text in ("Счёт отправлен.", f"Отправлен.\n\n12.11.2026, 10:15, Анна <anna@client.example>:\n\n{quote}"):
        found = unwrapped(letter(by(author, text, "Re: Счёт")))
        assert (found.kind, found.author) == (None, None)
        assert any("one of us" in evidence for evidence in found.evidence)


def test_forwards_inside_each_other_are_bounded() -> None:
    """Some levels are looked into, not any number."""
    text = FORWARD
    for _ in range(MAX_LEVELS - 1):
        text = by("maria@acme.example", text)
    assert who(unwrapped(letter(text))) == "anna@client.example"
    assert unwrapped(letter(by("maria@acme.example", text))).kind is None


def test_a_forwarded_letter_of_a_form() -> None:
    """The form's sender is no author either: who filled it in is."""
    filled = "Имя: Анна\nE-mail: anna@client.example\nСообщение: Не пришёл счёт.\nE-mail: other@client.example"
    found = unwrapped(letter(f"К вам.\n{by('Сайт <noreply@acme.example>', filled)}"))
    assert (found.kind, found.form, who(found), found.note) == ("forward", "site", "anna@client.example", "К вам.")
    assert (found.subject, found.text) == ("Счёт", "Не пришёл счёт.\nE-mail: other@client.example")
    filled = f"Тема: Доступ\n{filled}"
    assert unwrapped(letter(by("noreply@acme.example", filled))).subject == "Доступ"


# ── attached letters ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_attached_letter_is_the_customers() -> None:
    """Its author, subject, words, id and files; the agent's words are a note."""
    inner = letter(
        "Не пришёл счёт.", author="Анна <anna@client.example>", subject="Счёт", Message_ID="<a1@client.example>"
    )
    inner.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="счёт.pdf")
    message = letter("Разберитесь.", inner, subject="Письмо").as_bytes(policy=SMTP)
    found = unwrapped(message)
    assert (found.kind, who(found), found.subject, found.message_id) == (
        "attached",
        "anna@client.example",
        "Счёт",
        "a1@client.example",
    )
    assert (found.text, found.note) == ("Не пришёл счёт.", "Разберитесь.")
    (file,) = found.attachments
    assert (file.name, read_wrapped(found, file.index, partial(read_attachment, message))) == ("счёт.pdf", b"%PDF-")


def test_letters_attached_to_attached_letters_are_bounded() -> None:
    """All of them together: eight colleagues' letters with eight of customers each would cost 72 looks."""
    branch = letter("2", *[ANNAS] * 8, author="maria@acme.example")
    evidence = unwrapped(letter("1", *[branch] * 8)).evidence
    assert sum("is a letter of" in line or "one of us" in line for line in evidence) == MAX_LETTERS
    assert any("the others are not read" in line for line in evidence)


def test_an_attached_letter_of_a_colleague_is_looked_into() -> None:
    """A colleague attached the customer's letter to theirs, and the agent attached that one: the files are still found."""
    inner = letter("Не пришёл.", author="anna@client.example")
    inner.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="x.gif")
    message = letter("1", letter("2", inner, author="maria@acme.example")).as_bytes(policy=SMTP)
    found = unwrapped(message)
    assert (who(found), found.text, found.note) == ("anna@client.example", "Не пришёл.", "1\n\n2")
    assert read_wrapped(found, found.attachments[0].index, partial(read_attachment, message)) == b"GIF89a"


def test_the_files_of_a_colleagues_attached_forward() -> None:
    """What a colleague forwarded in their text keeps its files with the colleague's letter."""
    inner = letter(FORWARD, author="maria@acme.example")
    inner.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="x.gif")
    message = letter("", inner).as_bytes(policy=SMTP)
    found = unwrapped(message)
    assert who(found) == "anna@client.example"
    assert read_wrapped(found, found.attachments[0].index, partial(read_attachment, message)) == b"GIF89a"


def test_several_letters_of_one_person() -> None:
    """The first is the request, and the words of the others are not lost."""
    more = letter("Договор 417.", author="anna@client.example", subject="Ещё")
    found = unwrapped(letter("", ANNAS, more))
    assert (who(found), found.subject, found.text) == ("anna@client.example", "Счёт", "Не пришёл счёт.\n\nДоговор 417.")


@pytest.mark.parametrize("author", ["root@localhost@x", "анна@client.example", "Анна <>"])
def test_an_attached_letter_without_an_address(author: str) -> None:
    """A letter is attached, but its author cannot be answered."""
    octets = (
        letter("", ANNAS)
        .as_bytes(policy=SMTP)
        .replace(b"=?utf-8?b?0JDQvdC90LA=?= <anna@client.example>", author.encode())
    )
    assert author.encode() in octets
    found = unwrapped(octets)
    assert (found.kind, found.author, found.text) == ("attached", None, "Не пришёл счёт.")


def test_letters_of_several_people() -> None:
    """One ticket cannot be two people's: nobody is chosen, and nobody gets to see the other's letter."""
    found = unwrapped(letter("Два письма.", ANNAS, letter("x", author="boris@client.example")))
    assert (found.kind, found.author, found.text) == ("attached", None, "Два письма.")
    assert "2 people" in found.evidence[-1]


@pytest.mark.parametrize(
    ("media_type", "name", "is_letter"),
    [
        ("application/octet-stream", "letter.EML", True),
        ("application/octet-stream", "letter.eml.pdf", False),
        ("application/octet-stream", "letter.msg", False),
        ("application/pdf", "letter.eml", False),
    ],
)
def test_letters_that_are_labelled_as_octets(media_type: str, name: str, is_letter: bool) -> None:
    """Gateways attach letters as mere octets: their name tells them, and not that of another type."""
    message = letter("", subject="Письмо")
    maintype, _, subtype = media_type.partition("/")
    message.add_attachment(ANNAS.as_bytes(policy=SMTP), maintype=maintype, subtype=subtype, filename=name)
    assert (who(unwrapped(message)) == "anna@client.example") == is_letter


LOOP = letter("Ваше обращение принято", author="anna@client.example", X_Maild_Loop="acme-7f3c")
VACATION = letter("Я в отпуске", author="anna@client.example", Auto_Submitted="auto-replied")
OURS = letter("Ответ", author="support@acme.example")
COLLEAGUES = letter("Счёт отправлен", author="maria@acme.example", subject="Re: Счёт")


@pytest.mark.parametrize("inner", [LOOP, VACATION, OURS, COLLEAGUES], ids=["loop", "vacation", "ours", "colleague's"])
def test_attached_letters_that_are_no_customers(inner: EmailMessage) -> None:
    """Our own mail, machines' answers and colleagues' words make no request; beside them a customer's letter still does."""
    assert unwrapped(letter("", inner)).kind is None
    assert who(unwrapped(letter("", inner, ANNAS))) == "anna@client.example"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        pytest.param(letter("Вот оно.", ANNAS, subject="Re: Счёт"), "attached to an answer", id="answer"),
        pytest.param(letter("Вот оно.", ANNAS, author="boris@client.example"), "neither", id="customer"),
        pytest.param(letter("Вот оно."), "no letter attached", id="none"),
    ],
)
def test_attached_letters_that_are_not_passed_on(message: EmailMessage, why: str) -> None:
    """An answer may show a letter, a customer may send any."""
    found = unwrapped(message)
    assert found.kind is None
    assert why in found.evidence[-1]


def test_letters_attached_to_each_other_are_bounded() -> None:
    """Some levels are looked into, not any number."""
    message = ANNAS
    for _ in range(MAX_LEVELS):
        message = letter("", message)
    assert who(unwrapped(message)) == "anna@client.example"
    assert unwrapped(letter("", message)).kind is None


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

FILLED = "Имя: Анна\nE-mail: anna@client.example\nТема: Счёт\nСообщение: Не пришёл."


def test_a_forms_letter_is_the_visitors() -> None:
    """From the form's own sender, and from no other: agents and strangers write the same words in vain."""
    found = unwrapped(letter(FILLED, author="Сайт <noreply@acme.example>", subject="Заявка"))
    assert (found.kind, found.form, who(found)) == ("form", "site", "anna@client.example")
    assert (found.subject, found.text, found.note) == ("Счёт", "Не пришёл.", "")
    assert ("E-mail", "anna@client.example") in found.fields
    assert found.finding().verdict == "form site, written by Анна <anna@client.example>"
    for author in ("ivan@acme.example", "boris@client.example"):
        assert unwrapped(letter(FILLED, author=author, subject="Заявка")).kind is None


def test_a_form_without_an_address() -> None:
    """The request is somebody's, but nobody's address is known: least of all the form's is."""
    found = unwrapped(letter("Имя: Анна\nТелефон: +7", author="noreply@acme.example", subject="Звонок"))
    assert (found.kind, found.author, found.subject) == ("form", None, "Звонок")


@pytest.mark.parametrize(
    "headers",
    [{"X_Maild_Loop": "acme-7f3c"}, {"Auto_Submitted": "auto-replied; owner-email=x"}],
    ids=["our own letter", "automatic answer"],
)
def test_what_else_comes_from_a_forms_sender(headers: dict[str, str]) -> None:
    """Our own letter come back and a machine's answer to one of ours are no form's."""
    assert unwrapped(letter(FILLED, author="noreply@acme.example", **headers)).kind is None


@pytest.mark.parametrize("author", ["noreply@acme.example", "ivan@acme.example"])
def test_reports_wrap_nothing(author: str) -> None:
    """A read receipt of an agent, or of the address of a form, has our letter attached: nobody speaks in it."""
    octets = letter("", ANNAS, author=author).as_bytes(policy=SMTP)
    report = octets.replace(b"multipart/mixed;", b"multipart/report; report-type=disposition-notification;")
    part = b"Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    end = octets.rindex(b"--", 0, octets.rindex(b"--"))
    report = report.replace(
        b"\r\nContent-Type: message/rfc822",
        b"\r\n" + part + octets[end : octets.rindex(b"--")] + b"\r\nContent-Type: message/rfc822",
    )
    assert parse(report).report is not None
    assert unwrapped(report).kind is None
    assert unwrapped(octets).kind == ("form" if author == "noreply@acme.example" else "attached")


def test_a_form_marked_as_a_machines() -> None:
    """Forms say that they are machines: what a person typed is a request all the same."""
    assert unwrapped(letter(FILLED, author="noreply@acme.example", Auto_Submitted="auto-generated")).kind == "form"


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

PIECES = [
    MARK,
    HEADER,
    FORWARD,
    FILLED,
    "От: ",
    "> ",
    "\n",
    "12.11.2026, 10:15, a@b.example:",
    "----- End forwarded message -----",
    "===8<===x===",
    "\x00",
    "Сообщение:",
]


@settings(deadline=None)
@given(
    author=st.sampled_from(["ivan@acme.example", "noreply@acme.example", "anna@client.example", "", "@"]),
    subject=st.sampled_from(["Fwd: x", "Re: x", "x", ""]),
    pieces=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=30),
)
def test_no_letter_raises(author: str, subject: str, pieces: list[str]) -> None:
    """Whatever the pieces, there is an answer, and an author only where mail can be sent to and none of us."""
    head = f"From: {author}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    found = unwrapped((head + "".join(pieces)).encode("utf-8", "surrogatepass"))
    assert found.evidence
    if found.author:
        assert found.author.sendable
        assert found.author.key not in STAFF | OWN.addresses | FORMS[0].senders
    if found.kind is None:
        assert found == Unwrapped(evidence=found.evidence)


def test_a_large_letter_in_little_time() -> None:
    """Four times as many forwards of colleagues, each of which could be the last, take four times as long."""
    assert find_growth(lambda text: unwrapped(letter(text)), f"{by('maria@acme.example', '')}\n" * 4_000) == ""
