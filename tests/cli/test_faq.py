"""`maild faq`: which entries there are, which answers a letter, what they have done and what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.cli.output import Exit
from maild.config.load import load_config
from maild.desk.decision import Suggested
from maild.store import open_database
from maild.store.suggestions import add_suggestions, note_helped
from tests.cli.call import call
from tests.daemon.desk import Desk
from tests.store.tickets import add_requests

FAQ = """
[organization.acme.faq.password]
title = "Как восстановить пароль"
url = "https://help.acme.example/password"
words = ["забыл пароль", "сбросить пароль"]
[organization.acme.faq.till]
title = "Подключение кассы"
words = ["онлайн-касса", "ККТ"]
answer = "Подключите кассу кабелем и нажмите «Найти»."
[organization.acme.faq.old]
title = "Как войти в старый кабинет"
words = ["старый кабинет"]
answer = "Его больше нет."
until = 2020-12-31
"""


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Seven requests: two were shown an entry, one of them says that it helped; four ask what no entry answers."""
    desk.write(tail=FAQ)
    assert call("db", "upgrade").status == 0
    now = datetime.now(UTC)
    database = open_database(load_config(desk.file).config)
    with database.write() as connection:
        ids = add_requests(
            connection,
            "acme",
            [
                ("Вход", "забыл пароль", now - timedelta(days=6)),
                ("Касса", "не видит ККТ", now - timedelta(days=5)),
                ("Справка", "пришлите справку для визы на сотрудника", now - timedelta(days=4)),
                ("Виза", "нужна справка для визы", now - timedelta(days=3)),
                ("Справка о работе", "справка в визовый центр, для визы", now - timedelta(days=2)),
                ("Спасибо", "спасибо", now - timedelta(days=1)),
                ("Старое", "пришлите справку для визы", now - timedelta(days=200)),
            ],
        )
        add_suggestions(connection, ids[0], "acme", [Suggested(entry="password", way="search")], now)
        both = [Suggested(entry="till", way="rule"), Suggested(entry="gone", way="agent")]
        add_suggestions(connection, ids[1], "acme", both, now)
        note_helped(connection, ids[0], ["password"], now)
        note_helped(connection, ids[1], ["till", "gone"], now)
    database.close()
    return desk


def test_entries_are_listed(desk: Desk) -> None:
    """In the order of the file, with the days on which they are suggested; as JSON with all they say."""
    desk.write(tail=FAQ)
    head, *lines = call("faq", "list").out.splitlines()
    assert head.split() == ["entry", "title", "link", "since", "until"]
    assert [line.split()[0] for line in lines] == ["password", "till", "old"]
    assert "2020-12-31" in lines[2]
    assert [one["id"] for one in call("faq", "list", "--json").json] == ["password", "till", "old"]


def test_no_entries(desk: Desk) -> None:
    """A desk without a FAQ says so."""
    assert call("faq", "list").out == "There are no entries.\n"
    done = call("faq", "find", "забыл пароль")
    assert (done.status, done.out) == (Exit.NO, "No entry comes near.\n")


def test_a_letter_is_tried(desk: Desk) -> None:
    """The entries that would be suggested, how sure that is, and by which words; today's entries only."""
    desk.write(tail=FAQ)
    done = call("faq", "find", "я забыла пароль, как его сбросить", "--json")
    assert done.status == 0
    [found] = done.json
    assert (found["entry"], found["suggested"]) == ("password", True)
    assert found["evidence"] == "забыла, пароль, сбросить"
    assert 0.5 < found["score"] <= 1
    head, line = call("faq", "find", "не подходит", "--subject", "забыл пароль").out.splitlines()
    assert head.split() == ["sure", "suggested", "entry", "title", "words"]
    assert line.split()[1:3] == ["yes", "password"]
    assert call("faq", "find", "не могу войти в старый кабинет", "--json").json == []


def test_none_is_sure_enough(desk: Desk) -> None:
    """What comes near is shown, so that an admin sees what is missing; the status says no."""
    desk.write(tail=FAQ)
    done = call("faq", "find", "какой пароль у беспроводной сети в вашем офисе на третьем этаже")
    assert done.status == Exit.NO
    assert " no " in done.out
    assert done.out.splitlines()[-1] == "None is suggested: the threshold is 0.35."


def test_what_the_faq_has_done(asked: Desk) -> None:
    """Which entry was suggested by whom and helped, idle ones with zeros; and what is asked without an entry."""
    report = call("faq", "stats", "--json").json
    assert {name: report[name] for name in ("requests", "answered", "solved")} == {
        "requests": 6, "answered": 2, "solved": 2.0,
    }  # fmt: skip
    figures = {
        one["entry"]: (one["suggested"], one["by_search"], one["by_rule"], one["by_agent"], one["helped"])
        for one in report["entries"]
    }
    assert figures == {
        "password": (1, 1, 0, 0, 1.0),
        "gone": (1, 0, 0, 1, 0.5),
        "till": (1, 0, 1, 0, 0.5),
        "old": (0, 0, 0, 0, 0.0),
    }
    assert list(figures) == ["password", "gone", "till", "old"]
    [cluster] = report["recurring"]
    assert cluster["size"] == 3
    assert set(cluster["words"]) >= {"справка", "виза"}
    assert cluster["numbers"] == ["ACME-3", "ACME-4", "ACME-5"]


def test_the_report_in_words(asked: Desk) -> None:
    """The same as tables."""
    out = call("faq", "stats").out
    since = datetime.now(UTC) - timedelta(days=90)
    assert out.startswith(f"since {since:%Y-%m-%d}: requests 6, with a suggestion 2, solved by it 2\n")
    assert "(no longer configured)" in out
    assert "ACME-3 ACME-4 ACME-5" in out
    assert call("faq", "stats", "--since", "1h").out.splitlines()[-1] == "Nothing."
    assert call("faq", "stats", "--since", "300d", "--json").json["recurring"][0]["size"] == 4


def test_a_wrong_stretch_of_time(asked: Desk) -> None:
    """The command line is wrong, and says what it takes."""
    done = call("faq", "stats", "--since", "quarter")
    assert done.status == Exit.USAGE
    assert "write 90d" in " ".join(done.stderr.split())
