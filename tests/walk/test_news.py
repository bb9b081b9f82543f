"""News: who gets them, by whose word, once each; who wants none gets none; and nothing goes out that nobody has confirmed."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from maild.desk.subscriber import Subscribe
from maild.errors import Permanent
from maild.model import Address, OutcomeKind, Outgoing, Purpose
from maild.persons import erase_person
from maild.policy import load_policy
from maild.rehearsal import KEY, Rehearsal, SentLetter
from maild.store import news as store
from maild.store.schema import edition_letter, outbox
from tests.walk.stage import (
    ANNA,
    BORIS,
    CONFIG,
    IVAN,
    MALLORY,
    PETRA,
    PLAIN,
    START,
    SUPPORT,
    ended,
    letter,
    loaded,
    reply,
    reply_address,
    summary,
    to,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEWS = CONFIG.replace(
    "[organization.acme.repeats]",
    '[organization.acme.trust]\nauthserv_id = "mx.acme.example"\n'
    '[organization.acme.news]\nsenders = ["ivan"]\nper_minute = 2\n[organization.acme.repeats]',
)
TITLE, TEXT = "Вышла версия 5.2", "Добавлен импорт из Excel.\n\nКак обновиться: https://acme.example/5.2"
SPOKEN = f"#новость\n{TEXT}"
ANNAS = "anna@client.example"


@pytest.fixture
def desk() -> Iterator[Rehearsal]:
    with Rehearsal(loaded(NEWS), start=START) as desk:
        yield desk


def vouched(octets: bytes, domain: str = "client.example") -> bytes:
    """Return a letter as our mail server hands it over, with its word on From's domain."""
    head = f"Authentication-Results: mx.acme.example;\r\n dmarc=pass header.from={domain}\r\n"
    return f"{head}Received: from a.example by mx.acme.example with ESMTPS id 1\r\n".encode() + octets


def wish(author: str = ANNA, text: str = "Подписаться на новости", subject: str = "", **given: object) -> bytes:
    return letter(text, author=author, subject=subject, **given)  # type: ignore[arg-type]


def subscribed(desk: Rehearsal, *authors: str) -> None:
    """Let these addresses want news."""
    for one in authors:
        desk.deliver(vouched(wish(one), one.rpartition("@")[2].rstrip(">")), SUPPORT)


def active(desk: Rehearsal) -> list[str]:
    with desk._office.database.read() as connection:
        return [one.address.addr for one in store.all_subscribers(connection, "acme")]


def order(text: str = SPOKEN, author: str = IVAN, subject: str = TITLE, **given: object) -> bytes:
    return letter(text, author=author, subject=subject, **given)  # type: ignore[arg-type]


def sent_out(desk: Rehearsal, *authors: str) -> list[SentLetter]:
    """Let Ivan send news to these; return the letters to them."""
    subscribed(desk, *authors)
    question = to(desk.deliver(order(), SUPPORT), IVAN)
    desk.deliver(reply(question, "да", author=IVAN), SUPPORT)
    return [one for one in desk.advance(HOUR) if one.purpose is Purpose.NEWS]


def erase(desk: Rehearsal, address: str) -> None:
    office = desk._office
    erase_person(office.database, office.blobs, "acme", [address], who="root", why="asked for it", now=desk.now)


def head(sent: SentLetter, name: str) -> str:
    value = sent.message.header(name)
    assert value is not None
    return value


# ── who wants news ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "Подписаться на новости"),
        ("Подписка", ""),
        ("Вопрос", "Здравствуйте! Подпишите меня, пожалуйста, на новости."),
        ("Подписка на новости", "Добрый день!\n\nС уважением,\nАнна"),
        ("", "Підписатися на новини"),
        ("subscribe", ""),
    ],
)
def test_a_plain_word_asks_for_news(desk: Rehearsal, subject: str, text: str) -> None:
    """Whom nobody vouches for is asked at that address, and gets news once they have said yes."""
    sent = desk.deliver(wish(text=text, subject=subject), SUPPORT)
    assert summary(sent) == [f"subscription {ANNAS}"]
    assert active(desk) == []
    told = desk.deliver(reply(to(sent, ANNA), "Да", author=ANNA), SUPPORT)
    assert (summary(told), active(desk)) == ([f"subscription {ANNAS}"], [ANNAS])
    assert not desk.tickets()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Подписка", "Здравствуйте, у нас не продлевается подписка на программу."),
        ("Не печатает принтер", "Горит лампочка."),
        ("", "Подписаться на новости не получается, что делать?"),
        ("Подписка " * 20, "Подписаться " * 50),
    ],
)
def test_whoever_says_more_has_a_request(desk: Rehearsal, subject: str, text: str) -> None:
    """A word about a subscription among others is a person's question: it opens a request, as ever."""
    desk.deliver(wish(text=text, subject=subject), SUPPORT)
    assert (ended(desk), active(desk)) == (OutcomeKind.OPENED, [])


def test_the_words_of_the_question(desk: Rehearsal) -> None:
    """They say who asks, what a yes does, and that silence does nothing."""
    sent = to(desk.deliver(wish(), SUPPORT), ANNA)
    token = re.search(r"s\d+\.[a-z2-7]{16}", sent.message.text)
    assert token
    assert sent.message.subject == "Подтвердите подписку на новости"
    assert sent.message.text == (
        "Здравствуйте!\n\n"
        "Кто-то, возможно вы, попросил присылать наши новости на этот адрес.\n\n"
        "Если это вы, ответьте на это письмо одним словом: да. Если не вы, ничего делать не нужно, новости приходить не будут.\n\n"
        "ООО «Акме»\nsupport@acme.example\n\n"
        f"-- \nЭто письмо отправлено автоматически. Код {token[0]}"
    )


def test_whom_our_server_vouches_for_is_not_asked(desk: Rehearsal) -> None:
    """They get news at once, and read how to end that."""
    told = to(desk.deliver(vouched(wish()), SUPPORT), ANNA)
    assert active(desk) == [ANNAS]
    assert told.message.subject == "Вы подписаны на новости"
    assert told.message.text == (
        "Здравствуйте!\n\n"
        "Вы подписаны на наши новости. Чтобы больше их не получать, ответьте на любое такое письмо одним словом: отписаться.\n\n"
        "ООО «Акме»\nsupport@acme.example\n\n-- \nЭто письмо отправлено автоматически."
    )


def test_nobody_is_subscribed_by_a_forger(desk: Rehearsal) -> None:
    """The question goes to the address itself, once in a while; whoever does not hold its code says nothing with a yes."""
    sent = desk.deliver(wish(), SUPPORT)
    assert summary(desk.deliver(wish(), SUPPORT)) == []
    assert summary(desk.deliver(wish(headers=[("Reply-To", MALLORY)]), SUPPORT)) == [f"subscription {MALLORY}"]
    forged = reply(to(sent, ANNA), "да", author=MALLORY, to="support@acme.example")
    forged = re.sub(rb"s1\.[a-z2-7]{16}", b"s1.aaaaaaaaaaaaaaaa", forged)
    desk.deliver(forged, SUPPORT)
    assert active(desk) == []


def test_whoever_says_anything_but_yes_is_not_subscribed(desk: Rehearsal) -> None:
    """A person reads what they say; a machine's reply says nothing."""
    question = to(desk.deliver(wish(), SUPPORT), ANNA)
    desk.deliver(reply(question, "Я в отпуске.", author=ANNA, headers=[("Auto-Submitted", "auto-replied")]), SUPPORT)
    assert (ended(desk), active(desk)) == (OutcomeKind.IGNORED, [])
    desk.deliver(reply(question, "Кто вы? Я ничего не просила.", author=ANNA), SUPPORT)
    assert (ended(desk), active(desk)) == (OutcomeKind.OPENED, [])


def test_a_yes_counts_once(desk: Rehearsal) -> None:
    """A second one is not answered, and whoever has ended it since is not brought back by it."""
    yes = reply(to(desk.deliver(wish(), SUPPORT), ANNA), "да", author=ANNA)
    desk.deliver(yes, SUPPORT)
    desk.deliver(wish(text="Отписаться"), SUPPORT)
    again = yes.replace(b"@mua.example>", b".2@mua.example>", 1)
    assert summary(desk.deliver(again, SUPPORT)) == []
    assert (ended(desk), active(desk)) == (OutcomeKind.COMMAND, [])


def test_whoever_left_may_come_back(desk: Rehearsal) -> None:
    """Asked anew, they say yes anew; the yes of then does not count."""
    old = reply(to(desk.deliver(wish(), SUPPORT), ANNA), "да", author=ANNA)
    desk.deliver(old, SUPPORT)
    desk.advance(HOUR)
    desk.deliver(wish(text="Отписаться"), SUPPORT)
    desk.advance(timedelta(days=8))
    question = to(desk.deliver(wish(), SUPPORT), ANNA)
    desk.advance(HOUR)
    desk.deliver(old.replace(b"@mua.example>", b".2@mua.example>", 1), SUPPORT)
    assert active(desk) == []
    assert summary(desk.deliver(reply(question, "да", author=ANNA), SUPPORT)) == [f"subscription {ANNAS}"]
    assert active(desk) == [ANNAS]


def test_without_news_a_word_about_them_is_a_request() -> None:
    """Where the organisation sends none, nobody can subscribe."""
    with Rehearsal(loaded(CONFIG), start=START) as desk:
        desk.deliver(wish(), SUPPORT)
        assert ended(desk) is OutcomeKind.OPENED


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_its_sender_reads_what_goes_to_how_many(desk: Rehearsal) -> None:
    """The very letter, the number, until when; nothing leaves before a yes, and then once to each."""
    subscribed(desk, ANNA, BORIS)
    sent = desk.deliver(order(), SUPPORT)
    assert summary(sent) == ["edition ivan@staff.example"]
    question = to(sent, IVAN)
    assert question.message.subject == f"Подтвердите новость: {TITLE}"
    assert question.message.text.partition("\n-- \n")[0] == (
        "Новость отложена: она уйдёт, когда вы её подтвердите. Её получат подписчики, всего 2. Каждому придёт отдельное письмо:\n\n"
        f"Тема: {TITLE}\n\n{TEXT}\n\n"
        "Чтобы отправить, ответьте на это письмо одним словом: да. Подтвердить можно до 09:00 вторника, 24 ноября (МСК).\n\n"
        "Если новость не ваша или отправлять её не нужно, ничего делать не нужно. Можно ответить: нет. Тогда её уже никто не подтвердит.\n"
    )
    assert summary(desk.advance(HOUR)) == []
    going = desk.deliver(reply(question, "да", author=IVAN), SUPPORT)
    assert summary(going) == ["edition ivan@staff.example"]
    assert to(going, IVAN).message.text.partition("\n-- \n")[0] == (
        "Новость отправляется. Её получат подписчики, всего 2. Письма уходят постепенно.\n\n"
        "Пока ушли не все, их можно остановить: ответьте на это письмо одним словом: отмена.\n"
    )
    assert summary(desk.advance(HOUR)) == [f"news {ANNAS}", f"news {BORIS}"]
    assert summary(desk.advance(24 * HOUR)) == []
    assert not desk.tickets()


def test_a_letter_of_news(desk: Rehearsal) -> None:
    """In the sender's words and no others; mail programs see what it is and how to end it."""
    (news,) = sent_out(desk, ANNA)
    assert news.message.subject == TITLE
    assert news.message.text == (
        f"{TEXT}\n\nООО «Акме»\nsupport@acme.example\n\n"
        "-- \nВы получили это письмо, потому что подписаны на наши новости. Чтобы больше их не получать, ответьте одним словом: "
        "отписаться. Если у вас есть вопрос, напишите его в ответ."
    )
    assert head(news, "list-id") == "<news.acme.acme.example>"
    assert re.fullmatch(
        r"<mailto:support\+(u1\.[a-z2-7]{16})@acme\.example\?subject=unsubscribe%20\1>", head(news, "list-unsubscribe")
    )
    assert (head(news, "precedence"), head(news, "auto-submitted")) == ("bulk", "auto-generated")
    assert b"\nList-Unsubscribe: <mailto:" in news.octets.replace(b"\r\n ", b" ")  # nothing encoded it
    assert news.message.header("list-unsubscribe-post") is None  # RFC 8058 is for web pages


def test_a_proven_letter_needs_the_yes_as_well(desk: Rehearsal) -> None:
    """Our server's word makes nobody send news by a slip of the hand."""
    subscribed(desk, ANNA)
    assert summary(desk.deliver(vouched(order(), "staff.example"), SUPPORT)) == ["edition ivan@staff.example"]
    assert summary(desk.advance(HOUR)) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"author": PETRA},
            "Новость не отправлена: рассылать новости вам не разрешено. Кому можно, решает администратор.",
        ),
        ({"subject": ""}, "Новость не отправлена: у письма нет темы, а она станет темой новости."),
        (
            {"text": "#новость\n"},
            "Новость не отправлена: в письме нет текста. Первая строка должна быть #новость, ниже идёт текст.",
        ),
        (
            {"attachments": {"a.pdf": b"%PDF-1.4"}},
            "Новость не отправлена: к письму приложены файлы, а новости уходят без файлов. Дайте на них ссылку.",
        ),
        (
            {"text": "#новость\n" + "Много слов. " * 2_000},
            "Новость не отправлена: она слишком длинная. Поместите подробности на страницу и дайте ссылку.",
        ),
    ],
)
def test_why_news_is_not_sent(desk: Rehearsal, given: dict[str, object], said: str) -> None:
    """The sender reads why, and nothing is asked that a yes could answer."""
    subscribed(desk, ANNA)
    (told,) = desk.deliver(order(**given), SUPPORT)  # type: ignore[arg-type]
    assert told.message.text.partition("\n\n-- \n")[0] == said
    desk.deliver(reply(told, "да", author=str(given.get("author", IVAN))), SUPPORT)
    assert [one for one in desk.advance(HOUR) if one.purpose is Purpose.NEWS] == []


def test_news_for_nobody(desk: Rehearsal) -> None:
    """Without subscribers there is nothing to confirm."""
    (told,) = desk.deliver(order(), SUPPORT)
    assert told.message.text.startswith("Новость не отправлена: подписчиков пока нет.")


def test_a_stranger_sends_no_news(desk: Rehearsal) -> None:
    """The command of somebody who is no agent is a customer's letter; a forger's question goes to the agent, who says no."""
    subscribed(desk, ANNA)
    desk.deliver(order(author=MALLORY), SUPPORT)
    assert ended(desk) is OutcomeKind.OPENED
    question = to(desk.deliver(order(), SUPPORT), IVAN)
    no = to(desk.deliver(reply(question, "нет", author=IVAN), SUPPORT), IVAN)
    assert no.message.text.startswith("Новость не отправлена: вы её не подтвердили.")
    desk.deliver(reply(question, "да", author=IVAN), SUPPORT)
    assert [one for one in desk.advance(HOUR) if one.purpose is Purpose.NEWS] == []


def test_the_pace(desk: Rehearsal) -> None:
    """So many a minute, of all editions together, and none twice."""
    authors = [f"c{n}@client.example" for n in range(5)]
    subscribed(desk, *authors)
    for title in ("Первая", "Вторая"):
        desk.deliver(reply(to(desk.deliver(order(subject=title), SUPPORT), IVAN), "да", author=IVAN), SUPPORT)
    left = [desk.advance(MINUTE) for _ in range(8)]
    assert [len(one) for one in left] == [2, 2, 1, 2, 2, 1, 0, 0]
    assert len({(one.recipient, one.message.subject) for each in left for one in each}) == 10


def test_answers_leave_before_news(desk: Rehearsal) -> None:
    """Whoever asked for something waits for no news: letters that wait leave in that order."""
    sent_out(desk, ANNA)
    desk._stage.refuse = lambda _letter: None
    with desk._office.database.write() as connection:
        waits = {"state": "queued", "sent_at": None}
        connection.execute(update(outbox).where(outbox.c.purpose == Purpose.NEWS).values(waits))
    sent = desk.deliver(letter("Не печатает", author=BORIS), SUPPORT)
    assert [one.purpose for one in sent][-1] is Purpose.NEWS
    assert len(sent) == 4  # two agents, Boris, and the news


def test_what_has_not_left_can_be_stopped(desk: Rehearsal) -> None:
    """The sender's word ends it where it stands, and says how many have it."""
    authors = [f"c{n}@client.example" for n in range(5)]
    subscribed(desk, *authors)
    question = to(desk.deliver(order(), SUPPORT), IVAN)
    going = to(desk.deliver(reply(question, "да", author=IVAN), SUPPORT), IVAN)
    assert len(desk.advance(MINUTE)) == 2
    told = to(desk.deliver(reply(going, "отмена", author=IVAN), SUPPORT), IVAN)
    assert told.message.text.partition("\n\n-- \n")[0] == (
        "Отправка новости остановлена. Письмо получили или получат: 2. Не получат: 3."
    )
    assert desk.advance(HOUR) == []
    again = to(desk.deliver(reply(going, "отмена", author=IVAN), SUPPORT), IVAN)
    assert again.message.text.startswith("Ваш ответ ничего не меняет")


def test_who_leaves_meanwhile_gets_none(desk: Rehearsal) -> None:
    """Whoever ends it while news goes out is not sent what has not left yet."""
    authors = [f"c{n}@client.example" for n in range(3)]
    subscribed(desk, *authors)
    question = to(desk.deliver(order(), SUPPORT), IVAN)
    desk.deliver(reply(question, "да", author=IVAN), SUPPORT)
    desk.advance(MINUTE)
    desk.deliver(wish("c2@client.example", "Отписаться"), SUPPORT)
    assert desk.advance(HOUR) == []


def test_who_is_erased_meanwhile_gets_none(desk: Rehearsal) -> None:
    """Nor does the pseudonym that has taken their place; the others do, and the edition ends."""
    subscribed(desk, ANNA, BORIS, "c1@client.example", "c2@client.example")
    desk.deliver(reply(to(desk.deliver(order(), SUPPORT), IVAN), "да", author=IVAN), SUPPORT)
    desk.advance(MINUTE)
    erase(desk, "c1@client.example")
    assert summary(desk.advance(HOUR)) == ["news c2@client.example"]
    with desk._office.database.read() as connection:
        assert store.next_edition(connection) is None


def test_what_breaks_on_the_way(desk: Rehearsal) -> None:
    """A letter that breaks our code costs only itself: nobody waits for it, nobody is left out, nobody gets it twice."""
    subscribed(desk, ANNA, BORIS, "c1@client.example", "c2@client.example")
    for title in ("Первая", "Вторая"):
        desk.deliver(reply(to(desk.deliver(order(subject=title), SUPPORT), IVAN), "да", author=IVAN), SUPPORT)
    with desk._office.database.write() as connection:
        fail = "CREATE TRIGGER crash BEFORE UPDATE ON edition_letter WHEN NEW.subscriber_id = 2 BEGIN SELECT RAISE(ABORT, 'x'); END"
        connection.execute(text(fail))
    others = [f"news {ANNAS}", "news c1@client.example", "news c2@client.example"]
    sent = desk.advance(HOUR / 2)
    assert [summary(one for one in sent if one.message.subject == title) for title in ("Первая", "Вторая")] == [
        others
    ] * 2
    with desk._office.database.write() as connection:
        connection.execute(text("DROP TRIGGER crash"))
    assert summary(desk.advance(2 * HOUR)) == [f"news {BORIS}", f"news {BORIS}"]


# ── who wants none ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_ends_where_news_is_set_up_no_more(desk: Rehearsal) -> None:
    """News on its way goes on once it is put back: not to those who have said meanwhile that they want none."""
    subscribed(desk, *(f"c{n}@client.example" for n in range(5)))
    desk.deliver(reply(to(desk.deliver(order(), SUPPORT), IVAN), "да", author=IVAN), SUPPORT)
    news, _ = desk.advance(MINUTE)
    desk._office.policy = load_policy(loaded(CONFIG), key=KEY)
    assert desk.advance(HOUR) == []
    desk.deliver(reply(news, "отписаться", author="c0@client.example"), SUPPORT)
    desk.deliver(wish("c3@client.example", "Отписаться"), SUPPORT)
    assert active(desk) == ["c1@client.example", "c2@client.example", "c4@client.example"]
    desk._office.policy = load_policy(loaded(NEWS), key=KEY)
    assert summary(desk.advance(2 * HOUR)) == ["news c2@client.example", "news c4@client.example"]


def test_the_word_in_reply_ends_it(desk: Rehearsal) -> None:
    """Whoever holds the letter may say so, from any address; they read that it is done."""
    (news,) = sent_out(desk, ANNA)
    told = desk.deliver(reply(news, "отписаться", author="anna@home.example"), SUPPORT)
    assert (summary(told), active(desk), ended(desk)) == ([f"subscription {ANNAS}"], [], OutcomeKind.COMMAND)
    assert told[0].message.text == (
        "Здравствуйте!\n\n"
        "Вы больше не будете получать наши новости. Если вы об этом не просили, ответьте на это письмо одним словом: подписаться.\n\n"
        "ООО «Акме»\nsupport@acme.example\n\n-- \nЭто письмо отправлено автоматически."
    )


@pytest.mark.parametrize("mailbox", [SUPPORT, PLAIN])
@pytest.mark.parametrize("machine", [(), (("Auto-Submitted", "auto-generated"),)])
def test_a_mail_program_ends_it(desk: Rehearsal, mailbox: str, machine: tuple[tuple[str, str], ...]) -> None:
    """The letter that List-Unsubscribe asks for counts, whoever and whatever sends it, and is not answered."""
    subscribed(desk, ANNA)
    own = {SUPPORT: "support@acme.example", PLAIN: "desk@acme.example"}[mailbox]
    question = to(desk.deliver(order(to=own), mailbox), IVAN)
    desk.deliver(reply(question, "да", author=IVAN), mailbox)
    (news,) = desk.advance(HOUR)
    link = re.fullmatch(r"<mailto:(\S+)\?subject=(\S+)>", head(news, "list-unsubscribe"))
    assert link
    subject = link[2].replace("%20", " ")
    sent = desk.deliver(letter("", author=ANNA, to=link[1], subject=subject, headers=machine), mailbox)
    assert (sent, active(desk), ended(desk)) == ([], [], OutcomeKind.COMMAND)


def test_nobody_is_unsubscribed_by_guessing(desk: Rehearsal) -> None:
    """A code that is not theirs ends nothing."""
    sent_out(desk, ANNA)
    desk.deliver(letter("", author=MALLORY, subject="unsubscribe u1.aaaaaaaaaaaaaaaa"), SUPPORT)
    assert active(desk) == [ANNAS]


def test_a_question_about_news_is_a_request(desk: Rehearsal) -> None:
    """A person asks, a person answers; an absence notice is ignored, and neither ends anything."""
    (news,) = sent_out(desk, ANNA)
    desk.deliver(reply(news, "Я в отпуске", author=ANNA, headers=[("Auto-Submitted", "auto-replied")]), SUPPORT)
    assert ended(desk) is OutcomeKind.IGNORED
    sent = desk.deliver(reply(news, "А импорт из CSV будет?", author=ANNA), SUPPORT)
    assert ended(desk) is OutcomeKind.OPENED
    assert f"acknowledgement {ANNAS}" in summary(sent)
    assert active(desk) == [ANNAS]


def report(news: SentLetter, status: str, action: str = "failed") -> bytes:
    """Return what a mail system says of a letter that it could not deliver."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {reply_address(news.message)}\r\nSubject: Undelivered\r\n"
        f'Message-ID: <{status}.{action}@mx.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {ANNAS}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{news.message.message_id}>\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "left"),
    [
        ("5.1.1", "failed", []),
        ("4.2.2", "delayed", [ANNAS]),
        ("4.4.7", "failed", [ANNAS]),  # given up after days: their server may come back
        ("5.7.1", "failed", [ANNAS]),  # they refuse us, not the address
    ],
)
def test_what_cannot_be_delivered(desk: Rehearsal, status: str, action: str, left: list[str]) -> None:
    """An address that does not exist gets no more news; a trouble that passes ends nothing; nothing is answered."""
    (news,) = sent_out(desk, ANNA)
    assert desk.deliver(report(news, status, action), SUPPORT) == []
    assert (ended(desk), active(desk)) == (OutcomeKind.BOUNCE, left)


@pytest.mark.parametrize(
    ("error", "left", "told"),
    [
        ("550 5.1.1 no such user", [], []),
        ("554 5.7.1 you are a spammer", [ANNAS], ["admin admin@staff.example"]),
        ("550 5.7.1 blocked", [ANNAS], ["admin admin@staff.example"]),
    ],
)
def test_what_a_server_does_not_take(desk: Rehearsal, error: str, left: list[str], told: list[str]) -> None:
    """Likewise where the server says so at once; what is about us the admin hears, once, and nobody leaves."""
    subscribed(desk, ANNA)
    desk.deliver(reply(to(desk.deliver(order(), SUPPORT), IVAN), "да", author=IVAN), SUPPORT)

    def refuse(outgoing: Outgoing) -> Permanent | None:
        return Permanent(error) if outgoing.purpose is Purpose.NEWS else None

    desk._stage.refuse = refuse
    assert summary(desk.advance(HOUR)) == told
    assert active(desk) == left


def test_organisations_are_apart(desk: Rehearsal) -> None:
    """Who subscribed here hears nothing from there."""
    with desk._office.database.write() as connection:
        store.subscribe(connection, "beta", Subscribe(address=Address(addr=BORIS), how="admin"), START)
    assert [one.recipient for one in sent_out(desk, ANNA)] == [ANNAS]


def test_our_own_addresses_get_none(desk: Rehearsal) -> None:
    """Whoever put one on the list: news to ourselves would come back to us."""
    with desk._office.database.write() as connection:
        for one in ("help@acme.example", "noreply@client.example", "desk+x@acme.example"):
            store.subscribe(connection, "acme", Subscribe(address=Address(addr=one), how="admin"), START)
    assert [one.recipient for one in sent_out(desk, ANNA)] == [ANNAS]
    with desk._office.database.read() as connection:
        dropped = connection.execute(select(func.count()).where(edition_letter.c.dropped != "")).scalar()
        assert dropped == 3
