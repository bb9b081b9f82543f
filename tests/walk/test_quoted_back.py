"""What a customer answers to an answer of ours that quotes them, in the layouts of their programs: the new words alone are read.

Each layout is written by hand after letters of the program: text, HTML, or both as it sends them. The letter that it
quotes is the real one, with the customer's earlier words quoted in it by us.
"""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from maild.model import Message
from maild.rehearsal import Rehearsal
from tests.walk.stage import ANNA, SUPPORT, last, letter, open_desk, reply_address
from tests.walk.test_quote import QUOTING, answered

NEW = "Спасибо, заменили.\n\nТеперь мигает зелёная: это нормально?"
SIGNED = "-- \nС уважением,\n Анна                          mailto:anna@client.example"
US = "Иван Иванов (ООО «Акме») <support@acme.example>"
BAT = "Вы писали 23 ноября 2026 г., 9:00:00:"
OUTLOOK = "От: {us}\nОтправлено: 23 ноября 2026 г. 9:00\nКому: Анна Петрова <anna@client.example>\nТема: {subject}"

Layout = Callable[[Message], str]


def quoted(ours: Message, mark: str = "> ", *, blank: str = ">", deeper: str = "> > ") -> str:
    """Return our letter with a program's marks: on empty lines `blank`, where we quote ourselves `deeper`."""
    lines = (
        blank if not line.strip() else f"{deeper}{line[2:]}" if line.startswith("> ") else f"{mark}{line}"
        for line in ours.text.splitlines()
    )
    return "\n".join(lines)


def with_initials(ours: Message, initials: str) -> str:
    """Return our letter as The Bat! quotes it: whose words it quotes on every line that is not empty."""
    return quoted(ours, f"{initials}> ", blank="", deeper=f"{initials}>> ")


def without_marks(ours: Message) -> str:
    """Return our letter as Outlook copies it."""
    return "\n".join(line.removeprefix("> ") for line in ours.text.splitlines())


def header(ours: Message) -> str:
    return OUTLOOK.format(us=US, subject=ours.subject)


TEXT: dict[str, Layout] = {
    "Gmail": lambda ours: f"{NEW}\n\nпн, 23 нояб. 2026 г. в 09:00, {US}:\n\n{quoted(ours)}\n",
    "Gmail, signed": lambda ours: f"{NEW}\n\n-- \nАнна\n\nпн, 23 нояб. 2026 г. в 09:00, {US}:\n\n{quoted(ours)}\n",
    "Outlook": lambda ours: f"{NEW}\n\n{header(ours)}\n\n{without_marks(ours)}\n",
    "Outlook of old": lambda ours: f"{NEW}\n\n-----Исходное сообщение-----\n{header(ours)}\n\n{without_marks(ours)}\n",
    "Outlook, marks": lambda ours: f"{NEW}\n\n-----Исходное сообщение-----\n{header(ours)}\n\n{quoted(ours)}\n",
    "Apple Mail": lambda ours: f"{NEW}\n\n> 23 нояб. 2026 г., в 09:00, {US} написал(а):\n> \n{quoted(ours, blank='> ')}\n",
    "Apple Mail, en": lambda ours: f"{NEW}\n\n> On 23 Nov 2026, at 09:00, {US} wrote:\n> \n{quoted(ours, blank='> ')}\n",
    "Yandex": lambda ours: f"{NEW}\n\n23.11.2026, 09:00, {US}:\n\n{quoted(ours)}\n",
    "Mail.ru": lambda ours: (
        f"{NEW}\n\n--\nАнна Петрова\n\nПонедельник, 23 ноября 2026, 9:00 +03:00 от {US}:\n\n"
        f"{quoted(ours, '>', deeper='>> ')}\n"
    ),
    "The Bat!": lambda ours: f"{NEW}\n\n{BAT}\n\n{quoted(ours, blank='')}\n\n{SIGNED}\n",
    "The Bat!, initials": lambda ours: f"{NEW}\n\n{BAT}\n\n{with_initials(ours, 'ИИ')}\n\n{SIGNED}\n",
    "The Bat!, no attribution": lambda ours: f"{NEW}\n\n{quoted(ours, blank='')}\n",
    "The Bat!, initials alone": lambda ours: f"{NEW}\n\n{with_initials(ours, 'ИП')}\n",
    "The Bat!, initials, signed": lambda ours: f"{NEW}\n\n{with_initials(ours, 'ИП')}\n\n{SIGNED}\n",
    "Thunderbird": lambda ours: f"{NEW}\n\n23.11.2026 09:00, {US} пишет:\n{quoted(ours, deeper='>> ')}\n",
    "K-9": lambda ours: (
        f"{NEW}\n-- \nОтправлено с Android-устройства с помощью K-9 Mail. Простите за краткость.\n\n"
        f"23 ноября 2026 г. 9:00:00 GMT+03:00, {US} пишет:\n{quoted(ours, deeper='>> ')}\n"
    ),
}  # fmt: skip
HTML_US = US.replace("<", "&lt;").replace(">", "&gt;")
DIVS = "".join(f"<div>{line or '<br>'}</div>" for line in NEW.splitlines())
MSO = "".join(f"<p class=MsoNormal>{line or '&nbsp;'}<o:p></o:p></p>" for line in NEW.splitlines())


def body_of(ours: Message) -> str:
    """Return the body of our page, which all these programs keep as it is."""
    return (ours.html or "").partition("<body>")[2].partition("</body>")[0]


HTML: dict[str, Layout] = {
    "Gmail": lambda ours: (
        f'<div dir="ltr">{DIVS}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'пн, 23 нояб. 2026 г. в 09:00, {HTML_US}:<br></div><blockquote class="gmail_quote" style="margin:0px">{body_of(ours)}'
        "</blockquote></div>"
    ),
    "Outlook": lambda ours: (
        f"<html><body lang=RU><div class=WordSection1>{MSO}<div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
        f"<p class=MsoNormal><b>От:</b> {HTML_US}<br><b>Отправлено:</b> 23 ноября 2026 г. 9:00<br>"
        f"<b>Кому:</b> Анна Петрова &lt;anna@client.example&gt;<br><b>Тема:</b> {ours.subject}<o:p></o:p></p></div>"
        f"{body_of(ours)}</div></body></html>"
    ),
    "Apple Mail": lambda ours: (
        f'<html><body>{DIVS}<div><br><blockquote type="cite"><div>23 нояб. 2026 г., в 09:00, {HTML_US} написал(а):</div>'
        f'<br class="Apple-interchange-newline"><div>{body_of(ours)}</div></blockquote></div><br></body></html>'
    ),
    "Yandex": lambda ours: (
        f"{DIVS}<div> </div><div>23.11.2026, 09:00, {HTML_US}:</div><blockquote>{body_of(ours)}</blockquote>"
    ),
    "Mail.ru": lambda ours: (
        f"<HTML><BODY>{DIVS}<div>&nbsp;</div><div data-signature-widget=container><div>--<br>Анна Петрова</div></div>"
        "<div>&nbsp;</div><blockquote style='border-left:1px solid #0857A6'>Понедельник, 23 ноября 2026, 9:00 +03:00 от "
        f"{HTML_US}:<br>&nbsp;<div><div class=js-helper><div>{body_of(ours)}</div></div></div></blockquote></BODY></HTML>"
    ),
    "Thunderbird": lambda ours: (
        f'<html><body>{DIVS}<div class="moz-cite-prefix">23.11.2026 09:00, {HTML_US} пишет:<br></div>'
        f'<blockquote type="cite" cite="mid:1@acme.example">{body_of(ours)}</blockquote></body></html>'
    ),
    "K-9": lambda ours: (
        f'<html><body>{DIVS}<br><div class="gmail_quote"><div dir="auto">23 ноября 2026 г. 9:00:00 GMT+03:00, {HTML_US} пишет:'
        f'</div><blockquote class="gmail_quote" style="margin: 0pt">{body_of(ours)}</blockquote></div></body></html>'
    ),
}  # fmt: skip


def read_of(desk: Rehearsal, layout: Layout, subtype: str) -> str:
    """Return what is read as new of an answer to our answer."""
    sent = desk.deliver(letter("Горит красная лампочка.\n\nЧто делать?"), SUPPORT)
    ours = answered(desk, sent).message
    assert "> Горит красная лампочка." in ours.text
    written = EmailMessage(policy=SMTP)
    written["From"], written["To"], written["Subject"] = ANNA, reply_address(ours), ours.subject
    written["Message-ID"], written["In-Reply-To"] = "<2@client.example>", f"<{ours.message_id}>"
    written.set_content(layout(ours), subtype=subtype)
    desk.deliver(written.as_bytes(), SUPPORT)
    decision = last(desk).decision
    assert decision is not None
    (entry,) = decision.entries
    return entry.text


@pytest.mark.parametrize("program", TEXT)
def test_of_a_text_the_new_words_alone_are_read(program: str) -> None:
    with open_desk(QUOTING) as desk:
        assert read_of(desk, TEXT[program], "plain") == NEW


@pytest.mark.parametrize("program", HTML)
def test_of_a_page_the_new_words_alone_are_read(program: str) -> None:
    with open_desk(QUOTING) as desk:
        assert read_of(desk, HTML[program], "html") == NEW


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(lambda ours: f"Здравствуйте.\n\n{BAT}\n\n{quoted(ours, blank='')}\n\n{NEW}\n", id="The Bat!"),
        pytest.param(lambda ours: f"{with_initials(ours, 'ИИ')}\n\n{NEW}\n", id="The Bat!, initials"),
        pytest.param(lambda ours: f"23.11.2026 09:00, {US} пишет:\n{quoted(ours)}\n{NEW}\n", id="Thunderbird"),
    ],
)
def test_words_below_the_quotation_are_not_lost(layout: Layout) -> None:
    """It may be answered line by line, so that it stays above them."""
    with open_desk(QUOTING) as desk:
        assert read_of(desk, layout, "plain").endswith(f"\n{NEW}")


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("PS> dir\nPS> cd C:\\1C\nPS> dir", id="a shell's prompt"),
        pytest.param("ИП> 5 шт.\nИП> 6 шт.", id="two lines"),
        pytest.param("ИП> 5 шт.\nООО> 6 шт.\nАО> 7 шт.", id="of several"),
        pytest.param("И> 5 шт.\nИ> 6 шт.\nИ> 7 шт.", id="one letter"),
    ],
)
def test_what_only_looks_like_initials_stays(shown: str) -> None:
    with open_desk(QUOTING) as desk:
        assert read_of(desk, lambda _: f"{NEW}\n\n{shown}\n", "plain") == f"{NEW}\n\n{shown}"


def test_a_letter_of_nothing_else_stays() -> None:
    with open_desk(QUOTING) as desk:
        assert read_of(desk, lambda _: "ИП> 5 шт.\nИП> 6 шт.\n", "plain") == "ИП> 5 шт.\nИП> 6 шт."
