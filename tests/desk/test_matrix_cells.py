"""No cell of a table of services is ever taken for a yes or a no that it does not say, whatever the table and whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.config.services import Included
from maild.contracts.recognition import Standing
from maild.desk.case import Caps, DeskPolicy
from maild.desk.catalogue import Catalogue, Ground, Row
from maild.desk.matrix import read_again, say_table, with_cell
from maild.desk.service import Identity, Service
from maild.ingest.classify import OwnMail
from maild.model import Address, Status, Ticket

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANNA = Address(addr="anna@client.example")
TICKET = Ticket(
    id=1, number="ACME-1", organization="acme", mailbox="acme/support", subject="x", status=Status.OPEN,
    requester=ANNA, participants=(), opened_at=NOW,
)  # fmt: skip
POLICY = DeskPolicy(
    mailbox="acme/support", organization="acme", address=Address(addr="support@acme.example"), prefix="ACME", agents=(),
    own=OwnMail(addresses=frozenset(), loop_id="x"), caps=Caps(per_address=9, per_ticket=9, per_agent=9), old_letters="record",
)  # fmt: skip
LEVELS = st.sampled_from(["a", "b", "c", ""])
ANY: st.SearchStrategy[Included] = st.sampled_from(["yes", "no", "person"])
CELLS: st.SearchStrategy[dict[str, Included]] = st.dictionaries(st.sampled_from(["a", "b"]), ANY, min_size=1)
TABLES = st.fixed_dictionaries({"x": CELLS}, optional={"y": CELLS})
ASKING = st.sampled_from(["serve", "ask", "refuse"])
TICKETS = st.builds(
    lambda service, level, standing, state: replace(
        TICKET, service=service, level=level, standing=standing, ground="beyond" if state else "", ground_state=state
    ),
    st.sampled_from(["x", "y", "", "gone"]),
    LEVELS,
    st.sampled_from([Standing.UNKNOWN, Standing.SERVED, ""]),
    st.sampled_from(["", "proposed", "refused", "postponed"]),
)


def desk(table: dict[str, dict[str, Included]], unknown: str) -> DeskPolicy:
    """A desk with a table whose rows all lead to a refusal."""
    rows = {id_: Row(id=id_, name=id_, included=cells, refuse="beyond") for id_, cells in table.items()}
    catalogue = Catalogue(services=rows, grounds={"beyond": Ground(id="beyond", name="B")})
    return replace(POLICY, catalogue=catalogue, service=Service(identity=Identity(unknown=unknown)))  # type: ignore[arg-type]


def written(table: dict[str, dict[str, Included]], one: Ticket, unknown: str) -> str:
    """What a person who reads the table would say."""
    if one.service not in table:
        return ""
    for level, cell in table[one.service].items():
        if level == one.level and not (one.standing == Standing.UNKNOWN and unknown != "serve"):
            return cell
    return "person"


@given(TABLES, TICKETS, ASKING)
def test_a_cell_is_what_is_written(table: dict[str, dict[str, Included]], one: Ticket, unknown: str) -> None:
    assert with_cell(one, desk(table, unknown)).included == written(table, one, unknown)


@given(TABLES, TICKETS, TICKETS, ASKING)
def test_only_a_no_proposes_and_no_decision_is_touched(
    table: dict[str, dict[str, Included]], was: Ticket, now: Ticket, unknown: str
) -> None:
    """However service, level and standing change."""
    policy = desk(table, unknown)
    was = with_cell(was, policy)
    now = replace(now, included=was.included, ground=was.ground, ground_state=was.ground_state)
    after, events = read_again(was, now, policy)
    assert after.included == written(table, now, unknown)
    if was.ground_state in ("refused", "postponed"):
        assert (after.ground, after.ground_state) == (was.ground, was.ground_state)
    elif after.ground_state != was.ground_state:
        assert (after.ground_state == "proposed") == (after.included == "no")
        assert events
    if (after.service, after.level, after.included) != (was.service, was.level, was.included):
        assert bool(events) == (now.service in table or after.ground_state != was.ground_state)


@pytest.mark.parametrize(
    ("state", "after"), [("", "proposed"), ("proposed", "proposed"), ("refused", "refused"), ("postponed", "postponed")]
)
def test_a_no_that_comes_later_proposes_where_nothing_is_decided(state: str, after: str) -> None:
    policy = desk({"x": {"a": "person", "b": "no"}}, "serve")
    was = with_cell(
        replace(TICKET, service="x", level="a", ground="beyond" if state else "", ground_state=state), policy
    )
    assert read_again(was, replace(was, level="b"), policy)[0].ground_state == after


@given(TABLES)
def test_every_cell_that_a_person_decides_is_counted(table: dict[str, dict[str, Included]]) -> None:
    rows = desk(table, "serve").catalogue.services
    left = sum(row.cell(level) == "person" for row in rows.values() for level in "abc")
    said = say_table(rows, "abc")
    assert f"{len(table)} service(s) by 3 level(s)" in said
    assert (
        f"a person decides in {left} of {len(table) * 3} cell(s)" if left else "no cell is left to a person"
    ) in said
