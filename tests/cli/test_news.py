"""`maild news`: who gets news by the admin's word, and what the admin sends."""

from pathlib import Path

import pytest

from maild.cli.output import Exit
from tests.cli.call import call
from tests.daemon.desk import Desk


@pytest.fixture
def desk_with_news(desk: Desk) -> Desk:
    """A desk that has news, and a database."""
    desk.file.write_text(f"{desk.file.read_text('utf-8')}\n[organization.acme.news]\nper_minute = 5\n", "utf-8")
    assert call("db", "upgrade").status == 0
    return desk


def addresses(*options: str) -> list[str]:
    return [one["address"]["addr"] for one in call("news", "subscribers", "--json", *options).json]


@pytest.mark.usefixtures("desk_with_news")
def test_subscribing_by_hand() -> None:
    """An address is subscribed once; who has unsubscribed stays so, unless the admin insists."""
    assert call("news", "subscribe", "anna@client.example").out == "Subscribed: 1. Were subscribed already: 0.\n"
    assert call("news", "subscribe", "Anna@client.example").out == "Subscribed: 0. Were subscribed already: 1.\n"
    assert call("news", "unsubscribe", "ANNA@client.example").out == "ANNA@client.example gets no more news.\n"
    assert call("news", "unsubscribe", "anna@client.example").status == Exit.NO
    assert "anna@client.example (--again)" in call("news", "subscribe", "anna@client.example").out
    assert (addresses(), addresses("--all")) == ([], ["anna@client.example"])
    call("news", "subscribe", "anna@client.example", "--again")
    assert addresses() == ["anna@client.example"]


@pytest.mark.usefixtures("desk_with_news")
def test_subscribing_by_a_file(tmp_path: Path) -> None:
    """The address of each line, wherever it stands in it; one bad line, and nobody is subscribed."""
    file = tmp_path / "clients.csv"
    file.write_text(
        "Имя;Почта\nАнна;anna@client.example\n\n boris@client.example ;Борис\nАнна;ANNA@client.example\n", "utf-8-sig"
    )
    assert call("news", "subscribe", str(file), "--json").json["subscribed"] == [
        "anna@client.example",
        "boris@client.example",
    ]
    file.write_text("vera@client.example\nне адрес\nvera@\n", "utf-8")
    wrong = call("news", "subscribe", str(file))
    assert wrong.status == Exit.NO
    assert "line 2: не адрес; line 3: vera@" in wrong.stderr
    assert len(addresses()) == 2


@pytest.mark.parametrize("what", ["support@acme.example", "noreply@client.example", "nobody", "missing.csv"])
@pytest.mark.usefixtures("desk_with_news")
def test_what_cannot_be_subscribed(what: str) -> None:
    """Our own address, one that nobody reads, no address, no file."""
    assert call("news", "subscribe", what).status == Exit.NO
    assert addresses() == []


@pytest.mark.usefixtures("desk_with_news")
def test_sending_and_stopping(tmp_path: Path) -> None:
    """Nothing is sent before --yes; then everybody who is subscribed is a recipient, until it is stopped."""
    file = tmp_path / "news.txt"
    file.write_text("Добавлен импорт.\n", "utf-8")
    order = ("news", "send", str(file), "--subject", "Вышла версия 5.2")
    assert call(*order, "--yes").status == Exit.NO  # nobody is subscribed
    call("news", "subscribe", "anna@client.example")
    shown = call(*order).out
    assert shown == (
        "Subject: Вышла версия 5.2\n\nДобавлен импорт.\n\n"
        "Nothing is sent yet. Subscribers who would get it: 1. To send it, add --yes.\n"
    )
    assert call("news", "list").out == "No news was sent yet.\n"
    assert call(*order, "--yes").out == "News 1 goes out to 1. To stop it: maild news stop 1\n"
    call("news", "subscribe", "boris@client.example")  # too late for this one
    [one] = call("news", "list", "--json").json
    assert (one["title"], one["recipients"], one["sent"], one["left"]) == ("Вышла версия 5.2", 1, 0, 1)
    assert call("news", "stop", "1").out == "Stopped: 1 do not get it.\n"
    assert call("news", "stop", "2").status == Exit.NO
    [one] = call("news", "list", "--json").json
    assert (one["left"], bool(one["stopped_at"])) == (0, True)


def test_without_news(desk: Desk, tmp_path: Path) -> None:
    """The configuration says that there are none, and the command says what to add."""
    assert call("db", "upgrade").status == 0
    file = tmp_path / "news.txt"
    file.write_text("Добавлен импорт.", "utf-8")
    done = call("news", "send", str(file), "--subject", "Вышла", "--yes")
    assert (done.status, "[organization.acme.news]" in done.stderr) == (Exit.NO, True)
