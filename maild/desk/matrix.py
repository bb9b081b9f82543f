"""What a regulation's table of services says of a request: whether its level includes it, and what follows where not. Pure.

A rule, or an agent, says which service a request is about; the cell of its level says the rest. Where no cell stands, or it
is not known whose the request is, a person decides: nothing is taken for included, nor for excluded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from maild.contracts.recognition import Standing
from maild.desk.admission import Admission
from maild.desk.case import Case, DeskPolicy
from maild.desk.catalogue import Row
from maild.desk.ruling import Ruling
from maild.desk.verbs import usage_of
from maild.model import Finding, Ticket, TicketEvent
from maild.wording.services import say_included

MAX_CELLS = 12  # of a table that are named
_ACTING = ("refuse", "postpone", "offer", "route")  # what a rule says of that goes before the table


def with_cell(ticket: Ticket, desk: DeskPolicy) -> Ticket:
    """Return a ticket with what the table says of its service at its level; "" where it is about none."""
    row = desk.catalogue.services.get(ticket.service)
    return replace(ticket, included=row.cell(_level(ticket, desk)) if row else "")


def _level(ticket: Ticket, desk: DeskPolicy) -> str:
    """Return the level that a request has for certain: a stranger who is asked who they are has none yet."""
    asked = ticket.standing == Standing.UNKNOWN and desk.service.identity.unknown != "serve"
    return "" if asked else ticket.level


def by_table(case: Case, admission: Admission) -> tuple[Case, Admission]:
    """Return a new request with its cell, and the case in which what the table says follows as if a rule had said it."""
    ticket = with_cell(admission.ticket, case.policy)
    row = case.policy.catalogue.services.get(ticket.service)
    if row is None:
        return case, replace(admission, ticket=ticket)
    ruling = case.ruling
    follows = _outside(row) if ticket.included == "no" and admission.verdict == "serve" else {}
    if ruling.broken or any(getattr(ruling, name) for name in _ACTING):
        follows = {}
    if follows:
        by = {**ruling.by, **dict.fromkeys(follows, f"[service.{row.id}]")}
        case = replace(case, ruling=_ruled(ruling, follows, by))
    event = TicketEvent(kind="service", detail=say_cell(ticket, row))
    return case, replace(admission, ticket=ticket, events=(*admission.events, event))


def _ruled(ruling: Ruling, follows: dict[str, str], by: dict[str, str]) -> Ruling:
    return replace(ruling, by=by, **follows)  # type: ignore[arg-type]


def _outside(row: Row) -> dict[str, str]:
    said = {"offer": row.offer, "refuse": row.refuse, "route": row.route}
    return {name: value for name, value in said.items() if value}


def read_again(was: Ticket, ticket: Ticket, desk: DeskPolicy) -> tuple[Ticket, tuple[TicketEvent, ...]]:
    """Return a ticket whose service or level may be another than before, with its cell, and what that changes.

    In the middle of a conversation nothing is done by itself: a ground is proposed, and one that the old cell had proposed is
    no more. What a person has decided stands.
    """
    ticket = with_cell(ticket, desk)
    if (ticket.service, ticket.included, ticket.level) == (was.service, was.included, was.level):
        return ticket, ()
    rows = desk.catalogue.services
    row, before = rows.get(ticket.service), rows.get(was.service)
    events = [TicketEvent(kind="service", detail=say_cell(ticket, row))] if row else []
    refuse = row.refuse if row and ticket.included == "no" else ""
    theirs = before is not None and was.included == "no" and before.refuse == ticket.ground
    if ticket.ground_state == "proposed" and theirs and ticket.ground != refuse:
        events.append(
            TicketEvent(kind="ground withdrawn", detail=f"{ticket.ground}: the service is another, or included")
        )
        ticket = replace(ticket, ground="", ground_state="")
    if refuse and not ticket.ground_state and not ticket.offer_state:
        events.append(TicketEvent(kind="ground proposed", detail=f"{refuse}: [service.{ticket.service}]"))
        ticket = replace(ticket, ground=refuse, ground_state="proposed")
    return ticket, tuple(events)


def say_cell(ticket: Ticket, row: Row) -> str:
    """Return a cell and why it says so, for the history and for `explain`."""
    level = f'level "{ticket.level}"' if ticket.level else "no level"
    if ticket.included == "person":
        whys = {"person": "the table says so", None: "the table has no cell for it"}
        unknown = "it is not known yet whose the request is"
        why = whys.get(row.included.get(ticket.level), unknown) if ticket.level else unknown
        return f"{row.id} at {level}: a person decides, {why}"
    follows = ", ".join(f"{name} {value}" for name, value in _outside(row).items()) or "nothing by itself"
    return f"{row.id} at {level}: " + ("included" if ticket.included == "yes" else f"not included; {follows}")


def cell_findings(ticket: Ticket, desk: DeskPolicy, by: str) -> tuple[Finding, ...]:
    """Return what `explain` says of the table; nothing where the request is about none of its services."""
    row = desk.catalogue.services.get(ticket.service)
    if row is None:
        return ()
    cells = ", ".join(f"{level}: {row.cell(level)}" for level in desk.service.levels)
    return (
        Finding(
            step="service", verdict=say_cell(ticket, row), evidence=(f"by {by}", f"the row: {cells or 'no levels'}")
        ),
    )


def service_words(ticket: Ticket, desk: DeskPolicy) -> dict[str, object] | None:
    """Return what agents are told of a request's service: its name, whether it is included, and what they may decide."""
    row, language = desk.catalogue.services.get(ticket.service), desk.service.language
    if row is None:
        return None
    decided = ticket.ground_state or ticket.offer_state or ticket.unit or ticket.included == "yes"
    return {
        "name": row.name,
        "cell": say_row(ticket, desk),
        "included": ticket.included,
        "commands": () if decided else tuple(_commands(row, desk)),
        "other": usage_of("service", language),
    }


def say_row(ticket: Ticket, desk: DeskPolicy) -> str:
    """Return what the table says of a ticket's service, in the organisation's language."""
    return say_included(ticket.included, desk.service.level_name(_level(ticket, desk)), desk.service.language)


def _commands(row: Row, desk: DeskPolicy) -> Iterable[str]:
    """Yield the commands by which an agent decides on what is not included."""
    catalogue = desk.catalogue
    names = {
        "offer": {id_: one.name for id_, one in catalogue.offers.items()},
        "refuse": {id_: one.name for id_, one in catalogue.grounds.items()},
        "route": {id_: one.name for id_, one in catalogue.units.items()},
    }
    for verb, id_ in _outside(row).items():
        yield f"{_verb(verb, desk)} {names[verb].get(id_, id_)}"
    if not _outside(row):
        yield from (_verb(verb, desk) for verb in ("offer", "refuse"))


def _verb(name: str, desk: DeskPolicy) -> str:
    return usage_of(name, desk.service.language).partition(" ")[0]


def say_table(services: Mapping[str, Row], levels: Iterable[str]) -> str:
    """Return how large a table is, and which cells go to a person: "2 service(s) by 1 level(s); …"."""
    known = tuple(levels)
    cells = [f"{id_} at {level}" for id_, row in services.items() for level in known if row.cell(level) == "person"]
    said = f"{len(services)} service(s) by {len(known)} level(s); "
    if not cells:
        return f"{said}no cell is left to a person"
    more = f" and {len(cells) - MAX_CELLS} more" if len(cells) > MAX_CELLS else ""
    whole = len(services) * len(known)
    return f"{said}a person decides in {len(cells)} of {whole} cell(s): {', '.join(cells[:MAX_CELLS])}{more}"
