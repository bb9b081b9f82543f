"""An agent's word on which service of the table a request is about: the cell of its level says what follows. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from maild.desk.acts import Act, State, named, noted, proven_agent, say_changed
from maild.desk.case import Case
from maild.desk.matrix import read_again, say_row


def _service(case: Case, state: State, value: object) -> tuple[State, str]:
    names = {id_: row.name for id_, row in case.policy.catalogue.services.items()}
    chosen = named(case, str(value), names)
    before = names.get(state.ticket.service)
    ticket, events = read_again(state.ticket, replace(state.ticket, service=chosen), case.policy)
    state = noted(replace(state, ticket=ticket), "service", f"{chosen}, by agent {proven_agent(case).id}")
    said = say_changed(case, "service", before, names[chosen])
    return replace(state, events=(*state.events, *events)), f"{said}; {say_row(ticket, case.policy)}"


ACTS: Mapping[str, Act] = {"service": _service}
