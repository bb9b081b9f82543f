"""Whose requests become: dealt out when they come, or given by a colleague's word; and who hears of it."""

from datetime import timedelta

import pytest

from maild.ingest.parse import parse
from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal
from maild.store.schema import turn
from tests.walk import stage
from tests.walk.served import HEAD_ADDRESS, IVAN_ADDRESS, OLGA, PROMISES, STRANGER, order, write
from tests.walk.stage import DAY, IVAN, START, SUPPORT, events, last, letter, reply, summary, ticket, to
from tests.walk.test_orders import PETRA, RECEIPT, lines

DESK = stage.CONFIG.replace("[organization.acme]\n", "", 1).replace('name = "ООО «Акме»"\nnumber_prefix = "ACME"\n', "")
ZOYA = """[organization.acme.agent.zoya]
name = "Зоя Петрова"
address = "zoya@staff.example"
"""
MONITOR, AUTOMATIC = "monitor@romashka.example", ("Auto-Submitted", "auto-generated")
OLGA_ADDRESS = "olga@romashka.example"
OWN = 'name = "ООО «Акме»"\nnumber_prefix = "ACME"\n[organization.acme.assignment]\nway = "{way}"\ncalendar = "office"\n{more}'


def open_dealt(
    way: str = "round-robin", *, ivan: str = "", petra: str = "", zoya: str = "", more: str = ""
) -> Rehearsal:
    """Return a desk that deals out, of Ivan, Petra and Zoya, with lines of their tables."""
    config = DESK.replace('address = "ivan@staff.example"\n', f'address = "ivan@staff.example"\n{ivan}\n')
    config = config.replace('address = "petra@staff.example"\n', f'address = "petra@staff.example"\n{petra}\n')
    config += PROMISES.format(organization=OWN.format(way=way, more=more), identity="") + ZOYA + zoya + "\n"
    return stage.open_desk(config)


def dealt(desk: Rehearsal, author: str = OLGA, text: str = "Горит лампочка.") -> str:
    """Let somebody ask, and return whose it has become."""
    write(desk, author, text)
    return ticket(desk).agent


def found(desk: Rehearsal) -> str:
    decision = last(desk).decision
    assert decision is not None
    return "; ".join(one.verdict for one in decision.findings if one.step == "assign")


# ── dealing out ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_by_turns_whoever_it_falls_to_alone_is_told() -> None:
    """Three agents, four requests; the customer is acknowledged, one agent notified, and the letter says whose it is."""
    with open_dealt() as desk:
        sent = write(desk)
        assert summary(sent) == ["acknowledgement olga@romashka.example", f"notification {IVAN_ADDRESS}"]
        assert "Исполнитель: Иван Иванов" in to(sent, IVAN_ADDRESS).message.text
        assert [ticket(desk).agent, *(dealt(desk) for _ in range(3))] == ["ivan", "petra", "zoya", "ivan"]
        assert found(desk) == "agent ivan, by round-robin"


@pytest.mark.parametrize(
    ("way", "dealt_to"),
    [("round-robin", ["ivan", "petra", "zoya", "ivan"]), ("least-open", ["ivan", "petra", "zoya", "ivan"])],
)
def test_what_a_machine_asks_for_is_dealt_out_likewise(way: str, dealt_to: list[str]) -> None:
    """No client is sought for an alert, but whose turn it is, and its place in the queue, are known."""
    with open_dealt(way) as desk:
        for n, agent in enumerate(dealt_to, start=1):
            alert = letter(f"Disk {n} failed.", author=MONITOR, subject=f"Alert {n}", headers=[AUTOMATIC])
            sent = desk.deliver(alert, SUPPORT)
            assert ticket(desk).agent == agent
            assert f"{n} из {n}" in sent[0].message.text


def test_what_an_agent_asks_for_is_dealt_to_the_others_by_turns() -> None:
    with open_dealt() as desk:
        assert [dealt(desk, IVAN, f"Нужен доступ {n}.") for n in range(3)] == ["petra", "zoya", "petra"]


@pytest.mark.parametrize(
    ("followups", "heard"), [("agent", [IVAN_ADDRESS]), ("team", [IVAN_ADDRESS, HEAD_ADDRESS, "zoya@staff.example"])]
)
def test_who_hears_of_the_further_letters_is_said_apart(followups: str, heard: list[str]) -> None:
    """Of a new request whoever was dealt it hears; of the customer's next letter the team, where the team wants that."""
    with open_dealt(more=f'[organization.acme.answers]\nfollowups = "{followups}"\n') as desk:
        sent = write(desk)
        assert summary(sent)[1:] == [f"notification {IVAN_ADDRESS}"]
        further = desk.deliver(reply(to(sent, OLGA_ADDRESS), "Ещё вопрос.", author=OLGA), SUPPORT)
        assert summary(further) == [f"notification {each}" for each in heard]


def test_the_turn_is_kept_beside_the_ticket() -> None:
    with open_dealt() as desk:
        dealt(desk), dealt(desk)
        with desk._office.database.read() as connection:
            rows = {(row.agent, row.ticket_id) for row in connection.execute(turn.select())}
        assert rows == {("ivan", 1), ("petra", 2)}


def test_whoever_has_the_fewest_open_ones() -> None:
    """What is solved is no load, nor is what waits for the customer; among equals it goes by turns."""
    with open_dealt("least-open") as desk:
        sent = write(desk)
        assert [dealt(desk), dealt(desk)] == ["petra", "zoya"]
        order(desk, to(sent, IVAN_ADDRESS), "#решено")
        assert dealt(desk) == "ivan"
        assert dealt(desk) == "petra"


@pytest.mark.parametrize(
    ("lines_", "whose"),
    [
        ({"ivan": 'absent = ["2026-11-20..2026-11-23"]'}, "petra"),
        ({"ivan": 'absent = ["2026-11-20..2026-11-22", "2026-11-24"]'}, "ivan"),
        ({"ivan": 'calendar = "late"'}, "petra"),
        ({"ivan": "notify = false"}, "petra"),
        ({"ivan": 'aliases = ["olga@romashka.example"]'}, "petra"),
        ({"ivan": 'skills = "outage"'}, "petra"),
        ({"zoya": 'skills = ["outage", "base"]'}, "zoya"),
        ({"zoya": 'skills = "gold"'}, "ivan"),
        ({"more": '[organization.acme.team.books]\nname = "К"\nagents = "zoya"\n[organization.acme.rule.r]\nthen.team = "books"\n'}, "zoya"),
        ({"more": '[organization.acme.rule.r]\nthen.agent = "petra"\n'}, "petra"),
    ],
    ids=["absent", "back", "their calendar", "unnotified", "asks for it", "cannot", "specialist", "other skill", "team", "rule"],
)  # fmt: skip
def test_who_can_have_it(lines_: dict[str, str], whose: str) -> None:
    late = '[organization.acme.calendar.late.week]\nmon-fri = "12:00-21:00"\n'
    with open_dealt(**(lines_ | {"more": lines_.get("more", "") + late})) as desk:
        assert dealt(desk) == whose


def test_a_rules_word_takes_nobodys_turn() -> None:
    with open_dealt(more='[organization.acme.rule.r]\nwhen.words = "счёт"\nthen.agent = "ivan"\n') as desk:
        assert [dealt(desk, text="Пришлите счёт"), dealt(desk), dealt(desk)] == ["ivan", "ivan", "petra"]


def test_at_night_it_stays_in_the_queue_and_everybody_hears() -> None:
    with open_dealt() as desk:
        desk.advance(timedelta(hours=10))
        sent = write(desk)
        assert summary(sent) == [
            "acknowledgement olga@romashka.example", f"notification {IVAN_ADDRESS}", f"notification {HEAD_ADDRESS}",
            "notification zoya@staff.example",
        ]  # fmt: skip
        assert found(desk) == "left in the queue: nobody who can do it is at work"
        (why,) = [one.text for one in events(desk) if one.kind == "not assigned"]
        assert "ivan: not at work by calendar office" in why
        desk.advance(START + DAY)
        assert dealt(desk) == "petra"  # the night's was Ivan's


def test_a_further_letter_is_for_whose_it_is() -> None:
    with open_dealt() as desk:
        sent = write(desk)
        sent = desk.deliver(reply(to(sent, OLGA), "И ещё мигает.", author=OLGA), SUPPORT)
        assert summary(sent) == [f"notification {IVAN_ADDRESS}"]


def test_while_they_are_away_the_others_hear() -> None:
    with open_dealt(ivan='absent = "2026-11-24"') as desk:
        sent = write(desk)
        desk.advance(START + DAY)
        sent = desk.deliver(reply(to(sent, OLGA), "И ещё мигает.", author=OLGA), SUPPORT)
        assert f"notification {HEAD_ADDRESS}" in summary(sent)


def test_an_agents_own_request_is_not_theirs() -> None:
    with open_dealt() as desk:
        write(desk, IVAN)
        assert ticket(desk).agent == "petra"


@pytest.mark.parametrize("address", [IVAN_ADDRESS, "ivan@private.example"])
def test_who_asks_is_not_told_of_it(address: str) -> None:
    """At whichever of their addresses they ask: colleagues hear of it, even where it was given to themselves."""
    colleagues = [f"notification {HEAD_ADDRESS}", "notification zoya@staff.example"]
    with open_dealt("manual", ivan='aliases = ["ivan@private.example"]') as desk:
        asked = letter(author=address)
        sent = desk.deliver(asked, SUPPORT)
        assert [one for one in summary(sent) if one.startswith("notification")] == colleagues
        desk.deliver(reply(to(sent, HEAD_ADDRESS), "#назначить ivan", author=PETRA), SUPPORT)
        assert ticket(desk).agent == "ivan"
        further = letter("И ещё мигает.", author=address, headers=[("In-Reply-To", f"<{parse(asked).message_id}>")])
        assert summary(desk.deliver(further, SUPPORT)) == colleagues
        assert last(desk).ticket_id == 1


def test_a_refused_request_is_nobodys() -> None:
    with open_dealt(more="", zoya="") as desk:
        assert dealt(desk, STRANGER) == "ivan"
    refused = DESK + PROMISES.format(organization=OWN.format(way="round-robin", more=""), identity='unknown = "refuse"')
    with stage.open_desk(refused) as desk:
        assert dealt(desk, STRANGER) == ""
        assert ticket(desk).status is Status.CLOSED


# ── by a colleague's word ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "#назначить petra", "#назначить Петра", "#назначить ПЕТРА.", "#передать petra@staff.example", "#Назначить Петре",
        "#assign Petra", "# призначити  Петрі",
    ],
)  # fmt: skip
def test_given_to_a_colleague(line: str) -> None:
    """By id, name in any form, address; the receipt says from whom to whom, the new one gets the whole state."""
    with open_dealt("manual") as desk:
        notification = to(write(desk), IVAN_ADDRESS)
        sent = order(desk, notification, line)
        assert summary(sent) == [f"notification {HEAD_ADDRESS}", RECEIPT]
        assert lines(sent)[0].endswith("(ведёт: никто → Петра)")
        assert ticket(desk).agent == "petra"


def test_what_the_new_one_reads() -> None:
    with open_dealt("manual") as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "Посмотрим.\n#назначить Петра")
        text = to(sent, HEAD_ADDRESS).message.text
        assert (
            "Иван Иванов передаёт вам обращение ACME-1: Не печатает принтер\nКлиент: ООО «Ромашка», уровень Базовый\nСтатус: ждёт\n"
            in text
        )
        assert "Последнее письмо клиента:\nГорит красная лампочка." in text
        assert "Посмотрим" in to(sent, "olga@romashka.example").message.text
        assert "назначить" not in to(sent, "olga@romashka.example").message.text
        answered = desk.deliver(reply(to(sent, HEAD_ADDRESS), "Готово.", author=PETRA), SUPPORT)
        assert to(answered, "olga@romashka.example").purpose is Purpose.ANSWER


def test_the_new_one_sees_the_terms() -> None:
    with open_dealt("manual") as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#назначить Петра\n#срок 25.11 12:00")
        assert "Решить до 12:00 среды, 25 ноября (МСК)" in to(sent, HEAD_ADDRESS).message.text


def test_the_old_one_gets_a_line() -> None:
    with open_dealt("manual") as desk:
        sent = write(desk)
        desk.deliver(reply(to(sent, HEAD_ADDRESS), "#взять", author=PETRA), SUPPORT)
        sent = order(desk, to(sent, IVAN_ADDRESS), "#назначить Зоя")
        assert summary(sent) == [f"notification {HEAD_ADDRESS}", "notification zoya@staff.example", RECEIPT]
        assert (
            "Обращение ACME-1 теперь ведёт Зоя Петрова. Делать ничего не нужно." in to(sent, HEAD_ADDRESS).message.text
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Петр", "под это подходит не один сотрудник: Петра, Зоя Петрова; назовите имя целиком или адрес"),
        ("Василий", "такого сотрудника нет; есть Иван Иванов, Петра, Зоя Петрова"),
        ("olga@romashka.example", "такого сотрудника нет; есть Иван Иванов, Петра, Зоя Петрова"),
        ("", "не понятно, что стоит после команды; пишут так: #назначить КОМУ"),
    ],
)
def test_who_is_not_clear_changes_nothing(name: str, said: str) -> None:
    with open_dealt("manual") as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), f"#назначить {name}")
        assert summary(sent) == [RECEIPT]
        assert f"({said})" in lines(sent)[0]
        assert ticket(desk).agent == ""


def test_to_myself_is_taking_it() -> None:
    with open_dealt("manual") as desk:
        sent = order(desk, to(write(desk), IVAN_ADDRESS), "#назначить ivan")
        assert summary(sent) == [RECEIPT]
        assert ticket(desk).agent == "ivan"
