"""The table of services (KR-2, A1, CB-10, CB-20): what is included at which level, played through real letters."""

from dataclasses import replace

import pytest

from maild.model import Purpose, Status
from maild.rehearsal import Rehearsal
from maild.rules.condition import Seen
from maild.rules.sight import Decided, Sight
from tests.walk.served import CODE, IVAN_ADDRESS, OLGA, STRANGER, open_served, order, write
from tests.walk.stage import SUPPORT, events, last, letter, ticket, to
from tests.walk.steered import STEERING, purposes, say

OLGA_ADDRESS = "olga@romashka.example"
ASKED = "Нужен отчёт по складу."
TELLS = "Входит ли услуга, решаете вы, клиенту об этом не писали."
VERBS = "Если услуга не входит: «#предложить» или «#отказать». Если просят о другом: «#услуга НАЗВАНИЕ».\n"
OUTSIDES = {
    "nothing": "",
    "offer": 'outside.offer = "training"',
    "refuse": 'outside.refuse = "beyond"',
    "propose": 'outside.refuse = "foreign"',
    "route": 'outside.route = "maker"',
}
GROUND = """
[organization.acme.ground.beyond]
name = "Не входит в тариф"
decided = "rule"
text = "Эта услуга не входит в ваш тариф."
"""


def open_table(
    cells: str, outside: str = "nothing", *, identity: str = "", extra: str = "", after: str = ""
) -> Rehearsal:
    """Return a desk with one service that reports are about; `cells` are what its row says."""
    row = f'[organization.acme.service.report]\nname = "Отчёты"\nincluded = {{ {cells} }}\n{OUTSIDES[outside]}\n'
    rule = '[organization.acme.rule.report]\nwhen.words = "отчёт"\nthen.service = "report"\n'
    return open_served(identity=identity, organization=STEERING + GROUND + extra + row + rule + after)


def details(desk: Rehearsal, kind: str) -> list[str]:
    return [one.text for one in events(desk) if one.kind == kind]


# ── a new request ────────────────────────────────────────────────────────────────────────────────────────────────────

CELLS = {
    "": "person",
    'base = "person"': "person",
    'base = "yes"': "yes",
    'base = "no"': "no",
    'gold = "yes"': "person",
}
FOLLOWS = {  # outside → status, ground, its state, offer, unit, what the customer gets
    "nothing": (Status.NEW, "", "", "", "", Purpose.ACKNOWLEDGEMENT),
    "offer": (Status.WAITING, "", "", "training", "", Purpose.OFFER),
    "refuse": (Status.CLOSED, "beyond", "refused", "", "", Purpose.REFUSAL),
    "propose": (Status.NEW, "foreign", "proposed", "", "", Purpose.ACKNOWLEDGEMENT),
    "route": (Status.WAITING, "", "", "", "maker", Purpose.ACKNOWLEDGEMENT),
}


@pytest.mark.parametrize("outside", OUTSIDES)
@pytest.mark.parametrize("cells", CELLS)
def test_the_cell_says_what_follows(cells: str, outside: str) -> None:
    """Only a "no" makes anything follow; of what a person decides the customer hears nothing."""
    with open_table(cells, outside) as desk:
        sent = write(desk, OLGA, ASKED)
        one, included = ticket(desk), CELLS[cells]
        assert (one.service, one.included) == ("report", included)
        follows = FOLLOWS[outside if included == "no" else "nothing"]
        mine = [letter for letter in sent if letter.recipient == OLGA_ADDRESS]
        state = (one.status, one.ground, one.ground_state, one.offer, one.unit)
        assert state == follows[:5]
        assert mine[0].purpose in (follows[5], Purpose.ACKNOWLEDGEMENT)
        assert (mine[0].purpose is Purpose.REFUSAL) == (outside == "refuse" and included == "no")
        (said,) = details(desk, "service")
        assert said.startswith('report at level "base": ')
        if included != "no":
            with open_served(organization=STEERING) as plain:
                (acknowledged,) = (x for x in write(plain, OLGA, ASKED) if x.recipient == OLGA_ADDRESS)
            body, _, _ = mine[0].message.text.partition("-- ")
            assert body == acknowledged.message.text.partition("-- ")[0]


SAID = {
    'base = "yes"': ("Услуга: Отчёты (входит в уровень «Базовый»)", None),
    'base = "no"': (
        "Услуга: Отчёты (не входит в уровень «Базовый»)",
        f"Услуга не входит в уровень клиента, и он об этом не знает.\n{VERBS}",
    ),
    "": (
        "Услуга: Отчёты (входит ли в уровень «Базовый», решает человек)",
        f"{TELLS}\n{VERBS}",
    ),
}


@pytest.mark.parametrize("cells", SAID)
def test_agents_read_the_cell_and_what_they_may_decide(cells: str) -> None:
    with open_table(cells) as desk:
        words = to(write(desk, OLGA, ASKED), IVAN_ADDRESS).message.text
        line, verbs = SAID[cells]
        assert f"\n{line}\n" in words
        assert (verbs or "Отчёты") in words
        assert ("Если услуга не входит" in words) == (verbs is not None)


def test_what_is_named_for_outside_is_what_agents_are_told() -> None:
    """The command that they read does it."""
    with open_table("", "offer") as desk:
        sent = write(desk, OLGA, ASKED)
        told = to(sent, IVAN_ADDRESS)
        assert "Если услуга не входит: «#предложить Обучение»." in told.message.text
        order(desk, told, "#предложить Обучение")
        assert (ticket(desk).offer, ticket(desk).offer_state) == ("training", "offered")
        again = to(say(desk, sent, "А когда начнёте?", OLGA), IVAN_ADDRESS).message.text
        assert "Услуга: Отчёты" in again
        assert "Если услуга не входит" not in again


def test_explain_shows_the_cell_and_the_row() -> None:
    with open_table('gold = "yes", base = "no"', "offer") as desk:
        write(desk, OLGA, ASKED)
        decision = last(desk).decision
        assert decision is not None
        (finding,) = (one for one in decision.findings if one.step == "service")
        assert finding.verdict == 'report at level "base": not included; offer training'
        assert finding.evidence == ("by report", "the row: base: no, gold: yes, free: person")
        assert details(desk, "offered") == ["training, by rule [service.report]"]


def test_a_rule_that_acts_goes_before_the_table() -> None:
    """Whoever wrote a rule for just these letters meant it."""
    rule = '[organization.acme.rule.school]\nwhen.words = "школа"\nthen.route = "maker"\n'
    with open_table('base = "no"', "refuse", extra=rule) as desk:
        write(desk, OLGA, "Нужен отчёт для школы.")
        assert (ticket(desk).included, ticket(desk).unit, ticket(desk).ground) == ("no", "maker", "")


def test_the_level_that_a_coupon_grants_is_the_one_that_counts() -> None:
    with open_table('base = "no", gold = "yes"', "refuse") as desk:
        write(desk, OLGA, f"{ASKED} Купон {CODE}.")
        assert (ticket(desk).level, ticket(desk).included, ticket(desk).status) == ("gold", "yes", Status.NEW)


# ── when more is known ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", ["", '\nunknown_level = "free"'])
@pytest.mark.parametrize("unknown", ["ask", "refuse"])
def test_a_stranger_who_says_who_they_are_gets_their_own_cell(unknown: str, level: str) -> None:
    """Before that nothing follows, whatever the level for strangers is; after it a ground is proposed, not carried out."""
    with open_table('base = "no", free = "no"', "refuse", identity=f'unknown = "{unknown}"{level}') as desk:
        sent = write(desk, STRANGER, ASKED)
        assert (ticket(desk).included, ticket(desk).ground) == ("person", "")
        (said,) = details(desk, "service")
        assert said.endswith(": a person decides, it is not known yet whose the request is")
        sent = say(desk, sent, "Мы ООО «Ромашка», договор РМ-17/2026.", STRANGER)
        one = ticket(desk)
        assert (one.level, one.included, one.ground, one.ground_state) == ("base", "no", "beyond", "proposed")
        assert "строкой «#отказать»" in to(sent, IVAN_ADDRESS).message.text
        assert not [x for x in sent if x.purpose is Purpose.REFUSAL]


def test_strangers_who_are_served_have_the_level_for_them() -> None:
    with open_table('free = "no"', "offer", identity='unknown_level = "free"') as desk:
        write(desk, STRANGER, ASKED)
        assert (ticket(desk).level, ticket(desk).included, ticket(desk).offer) == ("free", "no", "training")


def test_a_coupon_that_comes_later_takes_a_proposed_ground_back() -> None:
    with open_table('base = "no", gold = "yes"', "propose") as desk:
        sent = write(desk, OLGA, ASKED)
        assert ticket(desk).ground_state == "proposed"
        say(desk, sent, f"Купон {CODE}", OLGA)
        assert (ticket(desk).level, ticket(desk).included, ticket(desk).ground_state) == ("gold", "yes", "")


def test_what_a_person_has_decided_stands() -> None:
    """The cell is another, the refusal is not taken back by it."""
    with open_table('base = "no", gold = "yes"', "propose") as desk:
        sent = write(desk, OLGA, ASKED)
        order(desk, to(sent, IVAN_ADDRESS), "#предложить обучение")
        say(desk, sent, f"Купон {CODE}. Сколько часов?", OLGA)
        assert (ticket(desk).included, ticket(desk).offer_state) == ("yes", "offered")


def test_nothing_is_proposed_beside_an_offer_of_an_agents() -> None:
    """The cell of the other level would refuse what they have just offered."""
    with open_table('base = "person", gold = "no"', "propose") as desk:
        sent = write(desk, OLGA, ASKED)
        order(desk, to(sent, IVAN_ADDRESS), "#предложить обучение")
        say(desk, sent, f"Купон {CODE}. Сколько часов?", OLGA)
        one = ticket(desk)
        assert (one.included, one.offer_state, one.ground_state) == ("no", "offered", "")


def test_a_later_letter_says_what_it_is_about() -> None:
    """A rule fills in what is open; a ground is proposed."""
    extra = '[organization.acme.rule.late]\non = "later"\nwhen.words = "сводка"\nthen.service = "report"\n'
    with open_table('base = "no"', "refuse", extra=extra) as desk:
        sent = write(desk, OLGA, "Не сходится склад.")
        assert ticket(desk).included == ""
        say(desk, sent, "Тогда нужна сводка.", OLGA)
        assert (ticket(desk).service, ticket(desk).ground_state) == ("report", "proposed")
        assert details(desk, "service") == ['report at level "base": not included; refuse beyond']
        assert details(desk, "ground proposed") == ["beyond: [service.report]"]


# ── what agents say ──────────────────────────────────────────────────────────────────────────────────────────────────


def receipt(desk: Rehearsal, text: str) -> str:
    sent = order(desk, to(write(desk, OLGA, "Не сходится склад."), IVAN_ADDRESS), text)
    assert purposes(sent) == [Purpose.RECEIPT]
    return sent[0].message.text


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('base = "yes"', "входит в уровень «Базовый»"),
        ('base = "no"', "не входит в уровень «Базовый»"),
        ("", "входит ли в уровень «Базовый», решает человек"),
    ],
)
def test_an_agent_names_the_service_and_reads_what_follows(cells: str, said: str) -> None:
    """Nothing is sent to the customer by it; a ground is proposed, which `#отказать` confirms."""
    with open_table(cells, "propose") as desk:
        assert f"Сделано: #услуга отчёты (услуга: нет → Отчёты; {said})\n" in receipt(desk, "#услуга отчёты")
        assert ticket(desk).service == "report"
        assert ticket(desk).ground_state == ("proposed" if "no" in cells else "")


def test_naming_it_can_be_taken_back() -> None:
    with open_table('base = "no"', "propose") as desk:
        notified = to(write(desk, OLGA, "Не сходится склад."), IVAN_ADDRESS)
        order(desk, notified, "#услуга отчёты")
        sent = order(desk, notified, "#отмена")
        assert "услуга: Отчёты → нет" in sent[0].message.text
        assert (ticket(desk).service, ticket(desk).included, ticket(desk).ground) == ("", "", "")


def test_naming_whose_it_is_reads_the_table_again() -> None:
    with open_table('base = "no"', "propose") as desk:
        sent = write(desk, STRANGER, ASKED)
        assert ticket(desk).included == "person"
        told = order(desk, to(sent, IVAN_ADDRESS), "#клиент romashka")
        assert "не входит в уровень «Базовый»" in told[0].message.text
        assert (ticket(desk).included, ticket(desk).ground_state) == ("no", "proposed")


def test_a_rule_that_breaks_leaves_it_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule that failed might have said otherwise: the cell is shown, and nothing follows."""

    def bug(_sight: Sight, _decided: Decided) -> Seen:
        raise ZeroDivisionError("a bug of ours")

    last_rule = '[organization.acme.rule.last]\nwhen.words = "склад"\nthen.tags = "склад"\n'
    with open_table('base = "no"', "refuse", after=last_rule) as desk:
        box = desk._policy.mailboxes[SUPPORT]
        rules = box.steering.rules
        broken = tuple(replace(rule, holds=bug) if rule.name == "last" else rule for rule in rules.rules)
        steering = replace(box.steering, rules=replace(rules, rules=broken))
        monkeypatch.setitem(desk._policy.mailboxes, SUPPORT, replace(box, steering=steering))
        write(desk, OLGA, ASKED)
        one = ticket(desk)
        assert (one.service, one.included, one.status, one.ground_state) == ("report", "no", Status.NEW, "")


def test_a_letter_that_may_be_forged_is_refused_by_nobody_but_a_person() -> None:
    with open_table('base = "no"', "refuse") as desk:
        desk.deliver(letter(ASKED, author=OLGA, headers=[("Received-SPF", "fail")]), SUPPORT)
        assert (ticket(desk).included, ticket(desk).ground_state) == ("no", "proposed")


def test_what_is_split_off_is_about_no_service_yet() -> None:
    """It is another task."""
    with open_table('base = "no"') as desk:
        sent = write(desk, OLGA, "1. Нужен отчёт по складу.\n2. Не печатает принтер.")
        order(desk, to(sent, IVAN_ADDRESS), "#разделить 2")
        assert (ticket(desk, 1).service, ticket(desk, 2).service, ticket(desk, 2).included) == ("report", "", "")
