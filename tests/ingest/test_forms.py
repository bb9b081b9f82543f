"""What somebody fills into a web form is read back from the form's letter; nobody steals a name by typing a label."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest.clients.form_words import LABELS, Slot, is_footer
from maild.ingest.clients.forms import Filled, Form, find_form, is_among, read_form
from maild.model import Address, Message
from tests.pace import find_growth

SENDER = "noreply@acme.example"
SITE = Form(name="site", senders=frozenset({SENDER}))
OWN = frozenset({"support@acme.example"})


def letter(
    text: str = "", *, sender: str = SENDER, subject: str = "Заявка", reply_to: str = "", envelope: str | None = None
) -> Message:
    return Message(
        author=Address(addr=sender),
        reply_to=(Address(addr=reply_to),) if reply_to else (),
        subject=subject,
        text=text,
        envelope_sender=envelope,
    )


def read(text: str, form: Form = SITE, reply_to: str = "") -> Filled:
    return read_form(form, letter(text, reply_to=reply_to), OWN)


def address(filled: Filled) -> str | None:
    return filled.author.addr if filled.author else None


# ── which letter is a form's ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("form", "message", "fits"),
    [
        pytest.param({}, letter(), True, id="sender"),
        pytest.param({}, letter(sender="NoReply@ACME.example"), True, id="sender in capitals"),
        pytest.param({}, letter(sender="noreply@acme.example.evil.example"), False, id="another domain"),
        pytest.param({}, letter(sender="anna@client.example"), False, id="stranger"),
        pytest.param({"subject": "заявка с САЙТА"}, letter(subject="[acme] Заявка  с сайта № 5"), True, id="words of the subject"),
        pytest.param({"subject": "Заявка*№"}, letter(subject="Заявка с сайта № 5"), True, id="pieces of the subject"),
        pytest.param({"subject": "№*Заявка"}, letter(subject="Заявка с сайта № 5"), False, id="pieces in another order"),
        pytest.param({"subject": "[acme] Заявка"}, letter(subject="[acme] Заявка"), True, id="brackets are brackets"),
        pytest.param({"subject": "Заказ"}, letter(), False, id="another subject"),
        pytest.param({"subject": "Заявка"}, letter(subject="Re: Заявка"), False, id="an answer to the form's letter"),
        pytest.param({"subject": "Заявка"}, letter(subject="Fwd: Заявка"), False, id="a forward of the form's letter"),
        pytest.param({"subject": "Re: Заявка"}, letter(subject="Re: Заявка"), True, id="a form that writes Re:"),
        pytest.param({}, letter(subject="Re: что угодно"), True, id="any subject"),
        pytest.param({"envelope": frozenset({"www@acme.example"})}, letter(envelope="WWW@acme.example"), True, id="envelope sender"),
        pytest.param({"envelope": frozenset({"@acme.example"})}, letter(envelope="x@acme.example"), True, id="envelope sender of the domain"),
        pytest.param({"envelope": frozenset({"@acme.example"})}, letter(envelope="x@mail.acme.example"), False, id="of a subdomain"),
        pytest.param({"envelope": frozenset({"@acme.example"})}, letter(envelope=""), False, id="null envelope sender"),
        pytest.param({"envelope": frozenset({"@acme.example"})}, letter(), False, id="unknown envelope sender"),
    ],
)  # fmt: skip
def test_which_letter_is_a_forms(form: dict[str, object], message: Message, fits: bool) -> None:
    """Sender, subject and envelope sender must all be those of the form."""
    one = Form(name="site", senders=frozenset({SENDER}), **form)  # type: ignore[arg-type]
    found, evidence = find_form(message, (one,))
    assert (one if fits else None) is found
    assert bool(evidence) == (message.author is not None and message.author.key == SENDER)


def test_the_first_form_that_fits() -> None:
    """A form with a subject of its own comes before the one that takes any."""
    orders = Form(name="orders", senders=frozenset({SENDER}), subject="Заказ")
    assert find_form(letter(subject="Заказ № 5"), (orders, SITE))[0] is orders
    assert find_form(letter(subject="Вопрос"), (orders, SITE))[0] is SITE


def test_why_a_letter_is_no_forms() -> None:
    """An unknown envelope sender and the null one are told apart, for whoever reads the evidence."""
    strict = Form(name="site", senders=frozenset({SENDER}), envelope=frozenset({"@acme.example"}))
    assert "envelope sender is unknown" in find_form(letter(), (strict,))[1][0]
    assert "envelope sender is <>" in find_form(letter(envelope=""), (strict,))[1][0]


def test_patterns_of_addresses() -> None:
    """An address, or all of one domain; a name without a domain is neither."""
    patterns = frozenset({"monitor@acme.example", "@alerts.example"})
    assert is_among("Monitor@acme.example", patterns)
    assert is_among("x@Alerts.example", patterns)
    assert not is_among("x@acme.example", patterns)
    assert not is_among("x@sub.alerts.example", patterns)
    assert not is_among("", patterns)
    assert not is_among("alerts.example", patterns)


# ── layouts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

LAYOUTS = {
    "colon": "{}: {}",
    "colon and blanks": "  {} :   {}",
    "dash": "{} - {}",
    "bold": "*{}:* {}",
    "bold label": "**{}**: {}",
    "required": "{}*: {}",
    "required in words": "{} (обязательно): {}",
    "table row": "{} | {}",
    "table row with colon": "{}: | {}",
    "tab": "{}\t{}",
    "blanks": "{}    {}",
    "equals": "{} = {}",
    "bullet": "• {}: {}",
    "below": "{}\n{}",
    "below, colon": "{}:\n{}\n",
    "below, gap": "{}:\n\n{}\n",
    "below, rule": "{}:\n*****************\n{}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_layouts_of_form_plugins(layout: str) -> None:
    """However a plugin writes label and value, they are found, and the message keeps its lines."""
    fields = [("Ваше имя", "Анна Петрова"), ("E-mail", "anna@client.example"), ("Телефон", "+7 900"), ("Тема", "Счёт")]
    head = "\n".join(layout.format(*field) for field in fields)
    filled = read(f"Новая заявка!\n\n{head}\n{layout.format('Сообщение', 'Не пришёл.')}\n\nВторой абзац: важный.")
    assert filled.author == Address(name="Анна Петрова", addr="anna@client.example")
    assert filled.subject == "Счёт"
    assert re.split(r"\n{2,}", filled.text) == ["Не пришёл.", "Второй абзац: важный.", "Телефон: +7 900"]


@pytest.mark.parametrize("slot", [slot for slot in Slot if slot is not Slot.OTHER])
def test_the_usual_labels(slot: Slot) -> None:
    """Every label that we say we know is read, in any case."""
    for label in LABELS[slot]:
        value = "anna@client.example" if slot is Slot.EMAIL else "Слово"
        filled = read(f"Ответ: да\n{label.upper()}: {value}\n")
        assert (label.upper().strip("*:# "), value) in filled.fields, label
    assert len(set(LABELS[slot])) >= 10


def test_labels_of_the_owner_replace_the_usual_ones() -> None:
    """Where the owner says how the form calls its message, "Комментарий" is another field."""
    form = Form(name="f", senders=frozenset({SENDER}), labels={Slot.MESSAGE: ("В чём дело?",), Slot.EMAIL: ("Связь",)})
    filled = read(
        "Комментарий: нет\nСвязь: anna@client.example\nВ чём дело?\nНе печатает\nE-mail: x@other.example", form
    )
    assert address(filled) == "anna@client.example"
    assert filled.text == "Не печатает\nE-mail: x@other.example\n\nКомментарий: нет"


def test_fields_that_nobody_named() -> None:
    """Whatever else the form asks for is shown below the message; headings and greetings are not."""
    filled = read(
        "Заявка с сайта\n\nДанные:\nE-mail: anna@client.example\nНомер договора: 417\nСайт: https://acme.example\nСообщение: Где счёт?"
    )
    assert filled.text == "Где счёт?\n\nНомер договора: 417\nСайт: https://acme.example"


@pytest.mark.parametrize(
    "value", ["Анна - бухгалтер", "Анна  Петрова", "в 10:30", "https://acme.example", "Кто? Анна", "a=b"]
)
def test_values_that_look_like_fields(value: str) -> None:
    """Below its label a value may hold what parts label and value elsewhere."""
    filled = read(f"E-mail:\nanna@client.example\nВаше имя\n{value}\nТелефон\n{value}\nСообщение\nНе печатает")
    assert [("Ваше имя", value), ("Телефон", value)] == list(filled.fields[1:3])
    filled = read(f"E-mail: anna@client.example\nСообщение: Не печатает\nТелефон: {value}")
    assert ("Телефон", value) in filled.fields


def test_a_name_in_pieces() -> None:
    """First and last name make one; a name beside the address does where there is no other."""
    text = "Имя: Анна\nФамилия: Петрова\nE-mail: anna@client.example\nСообщение: x"
    assert read(text).author == Address(name="Анна Петрова", addr="anna@client.example")
    assert read("От: Анна <anna@client.example>\nСообщение: x").author == Address(
        name="Анна", addr="anna@client.example"
    )
    assert read("От: Анна\nE-mail: anna@client.example\nСообщение: x").author == Address(
        name="Анна", addr="anna@client.example"
    )


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "reply_to", "expected"),
    [
        pytest.param("E-mail: anna@client.example\nСообщение: x", "other@client.example", "anna@client.example", id="field above the message"),
        pytest.param("E-mail: нет\nПочта: anna@client.example\nСообщение: x", "", "anna@client.example", id="the first that is an address"),
        pytest.param("Имя: Анна\nСообщение: x", "anna@client.example", "anna@client.example", id="Reply-To"),
        pytest.param("Сообщение: x\nE-mail: other@client.example", "anna@client.example", "anna@client.example", id="Reply-To before a field below"),
        pytest.param("Сообщение: x\nE-mail: anna@client.example", "", "anna@client.example", id="a field below"),
        pytest.param("E-mail: нет\nСообщение: x\nE-mail: other@client.example", "", None, id="no field below where one is above"),
        pytest.param("E-mail:\nСообщение: x\nE-mail: other@client.example", "", None, id="an empty field above"),
        pytest.param("E-mail: anna@client.example\nСообщение: x\nE-mail: other@client.example", "", "anna@client.example", id="typed at the end"),
        pytest.param("E-mail: anna@client.example\nСообщение: E-mail: other@client.example", "", "anna@client.example", id="typed at once"),
        pytest.param("Имя: Анна\nСообщение: x\nE-mail: other@client.example\nи ещё", "", None, id="typed in the middle"),
        pytest.param("Имя: Анна\nТелефон: 1\nE-mail: anna@client.example", "", "anna@client.example", id="no message"),
        pytest.param("Имя: Анна\nE-mail: other@client.example", "anna@client.example", "anna@client.example", id="no message, Reply-To"),
        pytest.param("E-mail: support@acme.example\nСообщение: x", "", None, id="our own address"),
        pytest.param("E-mail: support+7@acme.example\nСообщение: x", "", None, id="our own subaddress"),
        pytest.param("E-mail: noreply@acme.example\nСообщение: x", "", None, id="the form's own address"),
        pytest.param("E-mail: анна@client.example\nСообщение: x", "", None, id="no address that mail can be sent to"),
        pytest.param("E-mail: anna@client.example (mailto:anna@client.example)\nСообщение: x", "", "anna@client.example", id="link"),
        pytest.param("Имя: Анна\nСообщение: x", "noreply@acme.example", None, id="Reply-To of the form itself"),
        pytest.param("Имя: Анна\nСообщение: x", "анна@client.example", None, id="Reply-To that mail cannot be sent to"),
        pytest.param("", "", None, id="nothing"),
    ],
)  # fmt: skip
def test_whose_address_it_is(text: str, reply_to: str, expected: str | None) -> None:
    """The form's own field above the message; then Reply-To; then what stands below it; never ourselves."""
    filled = read(text, reply_to=reply_to)
    assert expected == address(filled)
    assert ("no address to answer to" in filled.evidence[0]) == (expected is None)


def test_the_end_of_a_message() -> None:
    """Known labels that reach to the end are the form's, and its footer; of the customer's words none is lost."""
    head = "E-mail: anna@client.example\nСообщение:\nНе печатает.\nОшибка: бумага\n--\nАнна"
    assert read(f"{head}\n\nТелефон: +7 900\nСтраница: https://acme.example").text == (
        "Не печатает.\nОшибка: бумага\n--\nАнна\n\nТелефон: +7 900\nСтраница: https://acme.example"
    )
    assert (
        read(f"{head}\n\n-- \nЭто сообщение отправлено с сайта ACME").text == "Не печатает.\nОшибка: бумага\n--\nАнна"
    )
    assert read(f"{head}\n\nСообщение сгенерировано автоматически.").text == "Не печатает.\nОшибка: бумага\n--\nАнна"
    assert "Телефон: +7 900\nжду" in read(f"{head}\nТелефон: +7 900\nжду").text


@pytest.mark.parametrize(
    "line",
    [
        "Это сообщение отправлено с сайта ACME (https://acme.example)",
        "Сообщение сгенерировано автоматически.",
        "Це повідомлення було надіслано з сайту ACME",
        "This is a notification that a contact form was submitted on your website (ACME https://acme.example).",
        "This e-mail was sent from a contact form on ACME (https://acme.example)",
        "You got this message because you subscribed to form notifications",
        "Для просмотра воспользуйтесь ссылкой:",
        "Дополнительная информация:",
        "Это письмо было отправлено с контактной формы на сайте ACME (https://acme.example)",
        "Отправлено с ACME (https://acme.example)",
    ],
)
def test_footers_of_templates(line: str) -> None:
    """A template's sentence below the message goes, and with it links and rules; in front of a customer's words it stays."""
    assert is_footer(line)
    head = "E-mail: anna@client.example\nСообщение:\nНе печатает."
    assert read(f"{head}\n\n-- \n{line}\nhttps://acme.example/form\n-----").text == "Не печатает."
    assert read(f"{head}\n{line}\nно всё равно пишу").text == f"Не печатает.\n{line}\nно всё равно пишу"


@pytest.mark.parametrize(
    "line", ["Это письмо отправлено повторно!", "Сообщение отправлено вчера", "Дополнительная информация: код 5"]
)
def test_words_of_customers_that_are_no_footer(line: str) -> None:
    """People say that they have sent something, too."""
    assert read(f"E-mail: anna@client.example\nСообщение:\nНе печатает.\n\n{line}").text == f"Не печатает.\n\n{line}"


def test_what_is_shown_below_a_message() -> None:
    """All that was filled in, in its order: of what stands below the message, the name and the address, too."""
    filled = read(
        "Сообщение: Не печатает\nИмя: Анна\nТелефон: \nE-mail: anna@client.example\nIP: 192.0.2.1\nСтраница: https://acme.example"
    )
    assert (
        filled.text
        == "Не печатает\n\nИмя: Анна\nE-mail: anna@client.example\nIP: 192.0.2.1\nСтраница: https://acme.example"
    )
    assert ("Телефон", "") in filled.fields
    filled = read("Данные:\nТелефон:\nГород: Тула\nE-mail: anna@client.example\nСообщение: Не печатает")
    assert filled.text == "Не печатает\n\nГород: Тула"
    assert filled.fields[:2] == (("Телефон", ""), ("Город", "Тула"))


def test_sentences_are_no_fields() -> None:
    """What a template says of the form, a number or a long sentence with a colon is not shown as filled in."""
    head = "Анна Петрова только что заполнила вашу форму: Поддержка\n12: 5"
    assert read(f"{head}\nE-mail: anna@client.example\nСообщение: Не печатает").text == "Не печатает"


def test_a_heading_is_no_message() -> None:
    """ "Message" above all fields is the letter's heading; below one of them it is the message."""
    filled = read("Обращение\n-----\nИмя: Анна\nE-mail: anna@client.example\nСообщение: Не печатает")
    assert (address(filled), filled.text) == ("anna@client.example", "Не печатает")
    filled = read("E-mail: anna@client.example\nСообщение:\nИмя: кот\nE-mail: other@client.example\nи всё")
    assert (address(filled), filled.text) == ("anna@client.example", "Имя: кот\nE-mail: other@client.example\nи всё")


def test_the_heads_of_a_table_are_no_message() -> None:
    """Some plugins write them above the fields."""
    filled = read("Question | Answer\nE-mail | anna@client.example\nYour message | Не печатает")
    assert (address(filled), filled.text) == ("anna@client.example", "Не печатает")


@pytest.mark.parametrize("label", ["Ваш_вопрос", "Комментарий или сообщение", "Comment or Message", "Суть проблемы"])
def test_labels_of_plugins_and_of_owners(label: str) -> None:
    """Tilda puts "_" for blanks; WPForms has a label of its own."""
    assert read(f"Email: anna@client.example\n{label}: Не печатает").text == "Не печатает"


def test_a_letter_without_a_message_is_shown_whole() -> None:
    """Nothing is hidden where we do not know what to show."""
    text = "Имя: Анна\nТелефон: +7 900\n\nПерезвоните мне"
    assert read(text).text == text
    text = "Имя: Анна\nСообщение:\nТелефон: +7 900"
    assert read(text).text == text
    assert "the whole letter is shown" in read(text).evidence[-1]
    assert "the whole letter is shown" not in read(f"{text}\nи всё").evidence[-1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Новая заявка!\nСообщение: Не печатает", "Не печатает"),
        ("Сообщение: Не печатает\nТелефон\n+7 900", "Не печатает\n\nТелефон: +7 900"),
        ("Сообщение: Пишите обоим:\nE-mail: b@x.example\nE-mail: a@x.example", "Пишите обоим:\nE-mail: b@x.example\n\nE-mail: a@x.example"),
        ("Один два три четыре пять: да\nСообщение: Не печатает", "Не печатает\n\nОдин два три четыре пять: да"),
        ("Один два три четыре пять шесть: да\nСообщение: Не печатает", "Не печатает"),
    ],
)  # fmt: skip
def test_what_is_the_forms_and_what_the_customers(text: str, shown: str) -> None:
    """Greetings go, fields stay, and what comes twice below the message was typed there."""
    assert read(text).text == shown


def test_words_without_a_label_are_no_field() -> None:
    """Neither a greeting alone nor a sentence where a name should be."""
    assert read("Новая заявка!").fields == ()
    filled = read(f"Имя: {'так и есть ' * 12}\nE-mail: anna@client.example\nСообщение: x")
    assert filled.author == Address(addr="anna@client.example")


# ── composed and taken apart ─────────────────────────────────────────────────────────────────────────────────────────

words = st.text(st.sampled_from("абвгдеё АБВabc,.!№0123456789"), min_size=1, max_size=40).filter(str.strip)
typed = st.one_of(
    words, st.sampled_from(["E-mail: other@client.example", "Имя: Другой", "Сообщение: нет", "Тема: чужая", ""])
)
addresses = st.builds("{}@{}.example".format, *[st.text(string.ascii_lowercase, min_size=1, max_size=12)] * 2)


@settings(deadline=None)
@given(
    layout=st.sampled_from(sorted(LAYOUTS)), name=words, addr=addresses, subject=words, reply_to=addresses | st.just(""),
    message=st.lists(typed, min_size=1, max_size=6), order=st.permutations(range(3)),
)  # fmt: skip
def test_a_composed_form_is_taken_apart(
    *, layout: str, name: str, addr: str, subject: str, reply_to: str, message: list[str], order: list[int]
) -> None:
    """Whatever is typed into the message, labels included, the author is who the form says; every word is shown."""
    fields = [("Имя", name), ("E-mail", addr), ("Тема", subject)]
    head = "\n".join(LAYOUTS[layout].format(*fields[at]) for at in order)
    filled = read(f"{head}\n{LAYOUTS[layout].format('Сообщение', 'Итак.')}\n" + "\n".join(message), reply_to=reply_to)
    assert addr == address(filled)
    assert filled.author is not None
    assert name.split() == filled.author.name.split() or not filled.author.name
    assert subject.strip(" *|").split() == filled.subject.split()
    assert sorted(" ".join(["Итак.", *message]).split()) == sorted(filled.text.split())


# ── hostile ──────────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "blank lines": "Сообщение:\n" + "\n" * 200_000,
    "known labels": "Имя: a\n" * 25_000,
    "labels below": "Сообщение: x\n" + "Телефон: a\n" * 20_000,
    "labels alone": "Сообщение: x\n" + "Имя\n" * 50_000,
    "labels and values in turn": "Сообщение: x\n" + "Телефон\n\n\n1\n\n" * 15_000,
    "unknown labels": "Что: то\n" * 25_000,
    "separators": ": " * 100_000,
    "blanks in a line": (" " * 150 + "\n") * 1_500,
    "one line": "E-mail: " + "a@" * 100_000,
    "a field that never ends": "Имя: a\n" + "б\n" * 100_000,
    "rules": "Сообщение:\n" + "-----\n" * 37_500,
    "footers": "Сообщение:\n" + "Сообщение сгенерировано автоматически\n" * 6_250,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """Four times as much of anything takes four times as long."""
    assert len(read(text).fields) <= 100
    assert find_growth(read, text) == ""
