"""A letter inside the text of another one is found whole, whatever client passed it on; an answer is never taken for it."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.clients.forward import Forwarded, find_forwarded
from maild.ingest.clients.people import find_people, find_person, find_writer
from maild.model import Address
from tests.pace import find_growth

ANNA = Address(name="Анна Петрова", addr="anna@client.example")
MARK = "-------- Пересылаемое сообщение --------"


def found(text: str, subject: str = "Fwd: счёт") -> Forwarded:
    forwarded = find_forwarded(text, subject)
    assert forwarded is not None
    return forwarded


# ── in every language ────────────────────────────────────────────────────────────────────────────────────────────────

# the line that a client writes above a forward, and its words for From, Date, To, Subject
CLIENTS = {
    "gmail": ("---------- Forwarded message ---------", "From", "Date", "To", "Subject"),
    "gmail ru": ("---------- Forwarded message ---------", "От", "Date", "To", "Subject"),
    "gmail uk": ("---------- Forwarded message ---------", "Від", "Date", "To", "Subject"),
    "gmail de": ("---------- Forwarded message ---------", "Von", "Date", "To", "Subject"),
    "gmail et": ("---------- Forwarded message ---------", "Saatja", "Date", "To", "Subject"),
    "thunderbird en": ("-------- Forwarded Message --------", "From", "Date", "To", "Subject"),
    "thunderbird ru": ("-------- Перенаправленное сообщение --------", "От", "Дата", "Кому", "Тема"),
    "thunderbird uk": ("-------- Переслане повідомлення --------", "Від", "Дата", "Кому", "Тема"),
    "thunderbird de": ("-------- Weitergeleitete Nachricht --------", "Von", "Datum", "An", "Betreff"),
    "thunderbird fr": ("-------- Message transféré --------", "De ", "Date ", "Pour ", "Sujet "),
    "thunderbird es": ("-------- Mensaje reenviado --------", "De", "Fecha", "Para", "Asunto"),
    "thunderbird it": ("-------- Messaggio Inoltrato --------", "Mittente", "Data", "A", "Oggetto"),
    "thunderbird pl": ("--- Treść przekazanej wiadomości ---", "Nadawca", "Data", "Adresat", "Temat"),
    "thunderbird cs": ("-------- Přeposlaná zpráva --------", "Od", "Datum", "Komu", "Předmět"),
    "thunderbird pt": ("-------- Mensagem encaminhada --------", "De", "Data", "Para", "Assunto"),
    "apple en": ("Begin forwarded message:\n", "From", "Date", "To", "Subject"),
    "apple ru": ("Начало переадресованного сообщения:\n", "Отправитель", "Дата", "Кому", "Тема"),
    "apple uk": ("Початок листа, що пересилається:\n", "Від кого", "Дата", "Кому", "Тема"),
    "apple de": ("Anfang der weitergeleiteten Nachricht:\n", "Von", "Datum", "An", "Betreff"),
    "apple fr": ("Début du message réexpédié :\n", "De", "Date", "À", "Objet"),
    "apple es": ("Inicio del mensaje reenviado:\n", "De", "Fecha", "Para", "Asunto"),
    "apple it": ("Inizio messaggio inoltrato:\n", "Da", "Data", "A", "Oggetto"),
    "apple pl": ("Początek przekazywanej wiadomości:\n", "Od", "Data", "Do", "Temat"),
    "zimbra": ("----- Пересылаемое сообщение -----", "От", "Отправлено", "Кому", "Тема"),
    "yahoo": ("----- Forwarded Message -----", "From", "Sent", "To", "Subject"),
    "em client": ("------ Переслане повідомлення ------", "Від", "Надіслано", "Кому", "Тема"),
    "mail.ru": (MARK, "От", "Дата", "Кому", "Тема"),
    "the bat": ("Это пересылаемое сообщение", "От кого", "Дата", "Кому", "Тема"),
    "lotus": ("----- Forwarded by Ivan Ivanov/ACME on 12.11.2026 10:30 -----", "From", "Date", "To", "Subject"),
}
OUTLOOKS = {  # no line of their own: the header block, under a forward's subject
    "en": ("FW", "From", "Sent", "To", "Subject"),
    "ru": ("FW", "От", "Отправлено", "Кому", "Тема"),
    "uk": ("FW", "Від", "Надіслано", "Кому", "Тема"),
    "de": ("WG", "Von", "Gesendet", "An", "Betreff"),
    "fr": ("TR", "De ", "Envoyé ", "À ", "Objet "),
    "es": ("RV", "De", "Enviado el", "Para", "Asunto"),
    "it": ("I", "Da", "Inviato", "A", "Oggetto"),
    "pl": ("PD", "Od", "Wysłano", "Do", "Temat"),
    "nl": ("FW", "Van", "Verzonden", "Aan", "Onderwerp"),
    "pt": ("ENC", "De", "Enviada em", "Para", "Assunto"),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_clients_forward(client: str) -> None:
    """The line above a forward and the labels of its header are known in the languages of our users."""
    line, from_, date, to, subject = CLIENTS[client]
    header = f"{from_}: Анна Петрова <anna@client.example>\n{date}: 12.11.2026, 10:15\n{to}: ivan@acme.example\n{subject}: Не печатает"
    letter = found(f"К вам.\n\n{line}\n{header}\n\nПринтер молчит.", "без пометки")
    assert (letter.author, letter.subject) == (ANNA, "Не печатает")
    assert (letter.text, letter.note) == ("Принтер молчит.", "К вам.")


@pytest.mark.parametrize("language", OUTLOOKS)
def test_outlooks_forward_and_answer(language: str) -> None:
    """The same block is a forward under "FW:" and a quote under "RE:"; with nothing above it, it is no answer either."""
    mark, from_, date, to, subject = OUTLOOKS[language]
    block = f"{from_}: Анна Петрова <anna@client.example>\n{date}: 12.11.2026 10:15\n{to}: Иван\n{subject}: Не печатает\n\nПринтер молчит."
    letter = found(f"К вам.\n\n{block}", f"{mark}: Не печатает")
    assert (letter.author, letter.text, letter.note) == (ANNA, "Принтер молчит.", "К вам.")
    assert find_forwarded(f"Починили.\n\n{block}", "RE: Не печатает") is None
    assert find_forwarded(f"Починили.\n\n{block}", f"RE: {mark}: Не печатает") is None
    assert find_forwarded(f"Починили.\n\n{block}", "Не печатает") is None
    assert find_forwarded(block, "RE: Не печатает") is None
    assert found(block, "Не печатает").author == ANNA


def test_a_header_without_colons() -> None:
    """As eM Client writes it; words below its line are no header."""
    head = 'Від "Анна Петрова" <anna@client.example>\nКому ivan@acme.example\nДата 12.11.2026 10:15:00\nТема Re: Не печатает'
    letter = found(f"К вам.\n\n------ Переслане повідомлення ------\n{head}\n\nПринтер молчит.", "без пометки")
    assert (letter.author, letter.subject, letter.text) == (ANNA, "Не печатает", "Принтер молчит.")
    words = "От Анны <anna@client.example>\nпривет всем\nи до встречи"
    assert found(f"{MARK}\n{words}", "без пометки").text == words


def test_an_attribution_below_fields() -> None:
    """Yandex copies "To" and "Subject" above the line that names the author."""
    head = 'Кому: ivan@acme.example\nТема: Не печатает\n12.11.2026, 14:03, "Анна Петрова" <anna@client.example>:'
    letter = found(f"{MARK}\n{head}\n\nПринтер молчит.", "без пометки")
    assert (letter.author, letter.subject, letter.text) == (ANNA, "Не печатает", "Принтер молчит.")


# ── what is no forward ───────────────────────────────────────────────────────────────────────────────────────────────

BLOCK = "От: Анна <anna@client.example>\nДата: 12.11.2026\nКому: ivan@acme.example\nТема: счёт\n\nНе пришёл."
FORWARD = f"{MARK}\n{BLOCK}"
QUOTED = "\n".join(f"> {line}" for line in FORWARD.split("\n"))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        pytest.param("Re: счёт", f"Готово.\n\n12.11.2026, 10:15, Иван <ivan@acme.example>:\n\n{QUOTED}", id="answer to a forward, marked"),
        pytest.param("Re: счёт", f"Готово.\n\n12.11.2026, 10:15, Иван <ivan@acme.example>:\n\n{FORWARD.replace(MARK, 'К вам.')}", id="unmarked answer"),
        pytest.param("Re: счёт", f"Готово.\n\n-----Original Message-----\n{BLOCK.replace('Анна <anna@client.example>', 'Иван')}\n\n{FORWARD}", id="forward below an answered letter"),
        pytest.param("Re: счёт", f"Готово.\n\n{BLOCK}", id="answer"),
        pytest.param("счёт", "Анна пишет:\nОт: Анна <anna@client.example>\nнадо помочь", id="one field is no header"),
        pytest.param("счёт", "Пересылаемое сообщение не открывается.\nОт: Анна <anna@client.example>", id="talk of a forward"),
        pytest.param("Fwd: счёт", "Тема: звонок\nДата: вчера\nКому: поддержке\n\nПозвоните Анне.", id="fields without an author"),
        pytest.param("Fwd: счёт", "Позвоните Анне, anna@client.example, +7 900.", id="a forward's subject alone"),
        pytest.param("счёт", f"Готово.\n\n______________\n{BLOCK}", id="a rule is no beginning"),
        pytest.param("Re: счёт", f"-------- Исходное сообщение --------\n{BLOCK}", id="an empty answer"),
        pytest.param("счёт", "12.11.2026, 10:15, Анна <anna@client.example>:\n> Не пришёл.\n\nОтправлен.", id="answer below the quote"),
        pytest.param("счёт", "", id="nothing"),
    ],
)  # fmt: skip
def test_what_is_no_forward(subject: str, text: str) -> None:
    """Answers, talk and people who are merely named are left alone."""
    assert find_forwarded(text, subject) is None


@pytest.mark.parametrize("gap", [0, 4])
@pytest.mark.parametrize("quote", [FORWARD, QUOTED, "\n".join(f"> {line}" for line in BLOCK.split("\n")), BLOCK])
def test_far_down(quote: str, gap: int) -> None:
    """A long note changes nothing, nor do blank lines below the client's line."""
    note = "\n".join(["К вам."] * 70)
    letter = found(f"{note}\n\n{quote.replace(MARK, MARK + gap * chr(10))}", "Fwd: счёт")
    assert (letter.author and letter.author.addr, letter.text, letter.note) == (
        "anna@client.example",
        "Не пришёл.",
        note,
    )
    answer = f"{note}\n\n12.11.2026, 10:15, Иван <ivan@acme.example>:\n{gap * chr(10)}{QUOTED}"
    assert find_forwarded(answer, "Re: счёт") is None


def test_lines_that_the_author_indented() -> None:
    """Only where a client shifted all of them are they shifted back."""
    assert found(f"{FORWARD}\n    Код: 5").text == "Не пришёл.\n    Код: 5"
    assert (
        found(f"{MARK}\n{BLOCK.replace('Не пришёл.', '    Не пришёл.')}\n\n    Код: 5").text == "Не пришёл.\n\nКод: 5"
    )


def test_words_before_a_forward_are_no_attribution() -> None:
    """An agent may say when and who wrote; what a client wrote below still is a forward."""
    letter = found(f"12.11.2026 в 10:15 письмо от boris@client.example:\n\n{FORWARD}")
    assert letter.author is not None
    assert letter.author.key == "anna@client.example"


@pytest.mark.parametrize("line", ["", "---------- Original Message ----------\n"])
def test_a_quoted_header_and_an_answer(line: str) -> None:
    """Some mark a forward as they mark a quote, the header included: the subject tells, or that nothing stands above."""
    quote = "\n".join(f"> {one}" for one in f"{line}{BLOCK}".split("\n"))
    letter = found(f"К вам.\n\n{quote}", "FW: счёт")
    assert (letter.author and letter.author.key, letter.text, letter.note) == (
        "anna@client.example",
        "Не пришёл.",
        "К вам.",
    )
    assert found(f"\n\n{quote}", "счёт").text == "Не пришёл."
    assert find_forwarded(f"Отправлен.\n\n{quote}", "счёт") is None
    assert find_forwarded(f"Отправлен.\n\n{quote}", "RE: счёт") is None
    assert find_forwarded(quote, "RE: счёт") is None


def test_the_line_above_answers_with_nothing_above_it() -> None:
    """Roundcube, K-9 and Samsung write it above both: under a subject without a mark it is what somebody passed on."""
    assert found(f"-------- Исходное сообщение --------\n{BLOCK}", "счёт").text == "Не пришёл."


def test_a_forward_below_a_quote() -> None:
    """An agent may quote what they were asked before passing a letter on."""
    quote = "12.11.2026, 10:15, Мария <maria@acme.example>:\n\n> Чьё это?\n\nПоддержки."
    assert found(f"{quote}\n\n{FORWARD}", "счёт").note == quote
    assert found(f"> Чьё это?\n\nПоддержки.\n\n{BLOCK}", "FW: счёт").text == "Не пришёл."


@pytest.mark.parametrize(
    "header",
    [
        "От: Анна Петрова <anna@client.example>Кому: Иван <ivan@acme.example>Отправлено: вторник, 2 ноября 2026 г., 09:26:50 GMT+1Тема: Не печатает",
        "From: Анна Петрова <anna@client.example>To: Ivan <ivan@acme.example>Sent: Tuesday, 2 November 2026, 09:26:50 GMT+1Subject: Не печатает",
    ],
)
def test_a_header_run_together(header: str) -> None:
    """Yahoo writes the line above and the whole header on one line."""
    line = "----- Пересылаемое сообщение -----" if "Тема" in header else "----- Forwarded Message -----"
    letter = found(f"К вам.\n   {line} {header}\n Принтер молчит.", "Fw: Не печатает")
    assert (letter.author, letter.subject) == (ANNA, "Не печатает")
    assert (letter.text.strip(), letter.note) == ("Принтер молчит.", "К вам.")


def test_a_line_below_the_header_too() -> None:
    """Zoho draws the same line above the header and below it."""
    line = "============ Forwarded message ============"
    letter = found(
        f"{line}\nFrom: Анна Петрова <anna@client.example>\nDate : x\nSubject : y\n{line}\n\nПринтер молчит."
    )
    assert (letter.author, letter.text) == (ANNA, "Принтер молчит.")


def test_wide_colons() -> None:
    """Clients of Chinese and Japanese systems write them."""
    assert found(BLOCK.replace(":", "\uff1a"), "FW: счёт").text == "Не пришёл."


@pytest.mark.parametrize("above", ["\n\n", "________________________________\n", "\n-----\n\n"])
def test_blanks_and_rules_are_no_words(above: str) -> None:
    """A forward without a word above it may still begin with what the client drew."""
    letter = found(f"{above}{BLOCK}", "счёт")
    assert (letter.text, letter.note) == ("Не пришёл.", "")


# ── its header ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "name", "addr"),
    [
        ("От: Анна <anna@client.example>\nТема: x", "Анна", "anna@client.example"),
        ('От: "Петрова, Анна" <anna@client.example>\nТема: x', "Петрова, Анна", "anna@client.example"),
        ("*От:* Анна [mailto:anna@client.example] \n*Тема:* x", "Анна", "anna@client.example"),
        ("От: Анна\n<anna@client.example>\nТема: x", "Анна", "anna@client.example"),
        ("От:\nАнна <anna@client.example>\nТема: x", "Анна", "anna@client.example"),
        ("От:\n\nanna@client.example\n\nТема: x", "", "anna@client.example"),
        ("Тема: | x\nОт: | Анна <anna@client.example (mailto:anna@client.example)>", "Анна", "anna@client.example"),
        ("Тема:\tx\nОт:\tАнна <anna@client.example>", "Анна", "anna@client.example"),
        ("От: anna@client.example <mailto:anna@client.example>\nТема: x", "", "anna@client.example"),
        ("От: Анна\nОтветить: buh@client.example\nТема: x", "Анна", "buh@client.example"),
        ("От: Анна <anna@client.example>\nОтветить: buh@client.example\nТема: x", "Анна", "anna@client.example"),
        ("От: robot@lists.example от имени Анна <anna@client.example>\nТема: x", "Анна", "anna@client.example"),
        ("От: robot@lists.example от имени Анна\nТема: x", "Анна", None),
        ("От: Анна\nТема: x", "Анна", None),
        ("От: Анна <anna@клиент>\nТема: x", "Анна", "anna@клиент"),
        ("От: Анна <анна@client.example>\nТема: x", "", None),
        ("Тема: x", "", None),
        ("Aihe: x\nPäiväys uusi: eilen\nLähettäjä: Anna <anna@client.example>", "Anna", "anna@client.example"),
        ("X-Spam-Flag: NO\nFrom: Anna <anna@client.example>\nX-Mailer: y\nSubject: x", "Anna", "anna@client.example"),
        ('12.11.2026, 10:15, "Анна" <anna@client.example>:', "Анна", "anna@client.example"),
        ("12.11.2026, 10:15, Анна Петрова\n<anna@client.example>:", "Анна Петрова", "anna@client.example"),
        ("On Thu, Nov 12, 2026 at 10:15 AM Anna <anna@client.example> wrote:", "Anna", "anna@client.example"),
    ],
)
def test_the_author_in_the_header(header: str, name: str, addr: str | None) -> None:
    """However the header is laid out, its author is found; an address is never guessed."""
    letter = found(f"{MARK}\n{header}\n\nПишите лучше на other@client.example.")
    assert addr == (letter.author.addr if letter.author else None)
    assert name == letter.name
    assert letter.text == "Пишите лучше на other@client.example."


def test_the_address_of_a_name_from_an_older_header() -> None:
    """Outlook hides addresses of colleagues; an older header of the thread may have it, for this very name only."""
    older = "\n\nОт: Иван\nКому: Анна Петрова (anna@client.example); Анна (other@client.example)\nТема: x"
    assert found(f"{MARK}\nОт: Анна Петрова\nТема: x\n\nВсё ещё.{older}").author == ANNA
    assert found(f"{MARK}\nОт: Пётр Петров\nТема: x\n\nВсё ещё.{older}").author is None
    assert found(f"{MARK}\nОт: Анна Петрова\nТема: x\n\nАнна Петрова (other@client.example) в отпуске").author is None


def test_a_header_ends_where_the_words_begin() -> None:
    """What the forwarded letter itself says of From and Subject is its words, a blank line between or not."""
    letter = found(
        f"{MARK}\nОт: Анна <anna@client.example>\nДата: 12.11.2026\nКому: i@acme.example\nТема: счёт\n\nТема: важная\nОт: меня"
    )
    assert (letter.subject, letter.text) == ("счёт", "Тема: важная\nОт: меня")
    letter = found(f"{MARK}\nОт: Анна <anna@client.example>\nТема: счёт\nОшибка: нет доступа\nТема: важная")
    assert (letter.subject, letter.text) == ("счёт", "Ошибка: нет доступа\nТема: важная")


@pytest.mark.parametrize(
    "line", ["Пишите на anna@client.example:", "12.11.2026 10:15 звонила anna@client.example", "12.11.2026 10:15 Анна:"]
)
def test_words_below_the_line_are_no_header(line: str) -> None:
    """Without a header nobody is the author, whoever is named first."""
    letter = found(f"{MARK}\n{line}\nпомогите")
    assert (letter.author, letter.text) == (None, f"{line}\nпомогите")


def test_the_line_above_names_the_author() -> None:
    """Mutt's does; a header below it knows better."""
    line = "----- Forwarded message from Анна Петрова <anna@client.example> -----"
    assert found(f"{line}\n\nDate: x\nSubject: y\n\nz").author == ANNA
    assert found(f"{line}\n\nDate: x\nFrom: Борис\n\nz").author is None


def test_where_fields_end() -> None:
    """A value may stand below its label; a short subject goes no further; nor does a header that has all there is."""
    letter = found(f"{MARK}\nОт: anna@client.example\nТема:\nсчёт\n\nОн не пришёл")
    assert (letter.subject, letter.text) == ("счёт", "Он не пришёл")
    letter = found(f"{MARK}\nОт: anna@client.example\nТема: счёт\nОн")
    assert (letter.subject, letter.text) == ("счёт", "Он")
    whole = "От: anna@client.example\nДата: x\nКому: y\nТема: счёт"
    assert found(f"{MARK}\n{whole}\n\nВажность: любая").text == "Важность: любая"


def test_folded_fields() -> None:
    """Lists of recipients and long subjects go on in the next line, as clients fold them."""
    subject = "Не приходит счёт за октябрь по договору номер четыреста семнадцать от"
    letter = found(
        f"{MARK}\nТема: {subject}\nпервого января\nКому: Иван <ivan@acme.example>,\nМария <maria@acme.example>, Пётр\n"
        "<petr@acme.example>\nОт: Анна Петрова <anna@client.example>\n\nПомогите."
    )
    assert (f"{subject} первого января", ANNA, "Помогите.") == (letter.subject, letter.author, letter.text)


@pytest.mark.parametrize("mark", ["", "> "])
def test_a_forward_below_an_attribution(mark: str) -> None:
    """Outlook for Mac writes the same line above an answer and above a forward: the subject tells."""
    text = f'К вам.\n\n12.11.2026, 10:15 пользователь "Анна Петрова"<anna@client.example> написал:\n\n{mark}Не пришёл: 2 > 1.\n'
    letter = found(text, "FW: счёт")
    assert (letter.author, letter.text, letter.note) == (ANNA, "Не пришёл: 2 > 1.", "К вам.")
    assert find_forwarded(text, "RE: счёт") is None
    assert find_forwarded(text, "счёт") is None


def test_quote_marks_around_the_words_alone() -> None:
    """Some clients mark the words of what they forward and not its header; a quote in it is another matter."""
    assert found(f"{MARK}\nОт: a@client.example\nТема: x\n\n> Не пришёл.\n>\n> Анна").text == "Не пришёл.\n\nАнна"
    assert found(f"{MARK}\nОт: a@client.example\nТема: x\n\n> Не пришёл?\nПришёл.").text == "> Не пришёл?\nПришёл."


@pytest.mark.parametrize("marked", [FORWARD, FORWARD.replace(f"{MARK}\n", f"{MARK}\n\n")], ids=["plain", "gap"])
def test_quote_marks_around_a_forward(marked: str) -> None:
    """Apple Mail marks what it forwards, with or without its own line; the marks come off, the writer's words stay."""
    line, _, rest = marked.partition("\n")
    quoted = "\n".join(f"> {one}".rstrip() for one in rest.split("\n"))
    for text in (f"{line}\n\n{quoted}", f"> {line}\n{quoted}"):
        letter = found(f"К вам.\n\n{text}\n\nИван")
        assert (letter.text, letter.note) == ("Не пришёл.", "К вам.\n\nИван")
        assert (letter.author and letter.author.key) == "anna@client.example"


def test_the_end_line_of_a_forward() -> None:
    """What stands below it is the writer's; a forward inside the forward keeps its own end line."""
    end = "-------- Конец пересылаемого сообщения --------"
    letter = found(f"К вам.\n{FORWARD}\n{FORWARD}\n{end}\n{end}\n-- \nИван")
    assert letter.text == f"Не пришёл.\n{FORWARD}\n{end}"
    assert letter.note == "К вам.\n\n-- \nИван"


# ── people in text ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_people_in_a_list() -> None:
    """Commas and semicolons part people; a comma inside a name does not have to."""
    people = find_people("Анна <anna@client.example>, petr@client.example; Иван (ivan@acme.example)")
    assert [person.address.key for person in people if person.address] == [
        "anna@client.example",
        "petr@client.example",
        "ivan@acme.example",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [("anna@client.example (Анна)", "Анна"), ("«Анна» anna@client.example", "Анна"), ("<anna@client.example>.", "")],
)
def test_names_around_an_address(text: str, name: str) -> None:
    """The name may stand on either side."""
    person = find_person(text)
    assert (name, "anna@client.example") == (person.name, person.address and person.address.addr)


@pytest.mark.parametrize("text", ["Анна", "anna@", "@client.example", "", "a@b@c"])
def test_no_address(text: str) -> None:
    """What mail cannot be sent to is no address."""
    assert find_person(text).address is None
    assert find_writer(text).address is None


# ── composed and taken apart ─────────────────────────────────────────────────────────────────────────────────────────

words = st.text(st.sampled_from("абвгдеёжз АБВabc ,.!?«»№0123456789"), min_size=1, max_size=40)
lines = st.lists(words, min_size=1, max_size=6).map("\n".join)
names = st.text(st.sampled_from("АБВабвгд ABCabc"), max_size=20).map(lambda name: " ".join(name.split()))
addresses = st.builds(
    lambda local, host: f"{local}@{host}.example",
    st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12),
    st.text(string.ascii_lowercase, min_size=1, max_size=12),
)
SPELLINGS = ("{} <{}>", '"{}" <{}>', "{} [mailto:{}]", "{} ({})", "{} <{1} (mailto:{1})>".replace("{} ", "{0} "))


@settings(deadline=None)
@given(
    client=st.sampled_from(sorted(CLIENTS)), name=names, addr=addresses, subject=words, note=lines, body=lines,
    spelling=st.sampled_from(SPELLINGS), marked=st.booleans(), bold=st.booleans(), order=st.permutations(range(4)),
)  # fmt: skip
def test_a_composed_forward_is_taken_apart(
    *, client: str, name: str, addr: str, subject: str, note: str, body: str, spelling: str, marked: bool, bold: bool,
    order: list[int],
) -> None:  # fmt: skip
    """Whoever forwards whatever in whichever client: author, subject, words and note come back."""
    line, from_, date, to, about = CLIENTS[client]
    values = [
        (from_, spelling.format(name, addr)),
        (date, "12.11.2026, 10:15"),
        (to, "ivan@acme.example"),
        (about, subject),
    ]
    emphasis = "*" if bold else ""
    header = "\n".join(f"{emphasis}{label}:{emphasis} {value}" for label, value in (values[at] for at in order))
    rest = f"{header}\n\n{body}"
    if marked:
        rest = "\n".join(f"> {one}".rstrip() for one in rest.split("\n"))
    letter = found(f"{note}\n\n{line}\n{rest}", "x")
    assert (name, addr) == (letter.name, letter.author and letter.author.addr)
    assert " ".join(subject.split()) == letter.raw_subject or not subject.strip()
    assert body.split() == letter.text.split()
    assert note.split() == letter.note.split()


@settings(deadline=None)
@given(note=lines, body=lines, name=names, addr=addresses)
def test_a_composed_answer_is_no_forward(*, note: str, body: str, name: str, addr: str) -> None:
    """An answer with its quote, marked or not, is left alone whatever was said."""
    attribution = f"12.11.2026, 10:15, {name} <{addr}>:"
    marked = "\n".join(f"> {line}" for line in body.split("\n"))
    block = f"From: {name} <{addr}>\nSent: 12.11.2026\nTo: ivan@acme.example\nSubject: x"
    for quote in (f"{attribution}\n\n{marked}", f"{attribution}\n\n{body}", f"{block}\n\n{body}"):
        assert find_forwarded(f"{note}\n\n{quote}", "Re: x") is None


# ── hostile ──────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "blank lines": "\n" * 125_000,
    "fields": "От: Анна\n" * 15_000,
    "blocks": "От: a@b.example\nКому: x\nДата: x\n" * 6_250,
    "marks": "> " * 100_000,
    "quoted levels": "\n".join("> " * level + "x" for level in range(1, 700)),
    "attributions": "12.11.2026 10:15 a@b.example:\n" * 7_500,
    "one line": "a@" * 100_000,
    "one line of dashes": "-" * 200_000,
    "forward lines": f"{MARK}\n" * 5_000,
    "end lines": "----- End forwarded message -----\n" * 6_250,
    "almost a forward line": ("-" * 40 + " пересылаемое сообщение" + "-" * 41 + "\n") * 2_000,
    "a field that never ends": f"{MARK}\nКому: " + "a@b.example,\n" * 15_000,
    "a name without an address": f"{MARK}\nОт: Анна\n\n" + "Кому: a@b.example, b@c.example\n" * 6_250,
    "gaps": f"{MARK}\n" + "\n>\n" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("subject", ["Fwd: x", "x"])
def test_hostile_text_takes_linear_time(text: str, subject: str) -> None:
    """Four times as much of anything takes four times as long to be looked through."""
    assert find_growth(lambda some: find_forwarded(some, subject), text) == ""
