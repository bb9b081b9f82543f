"""What agents are told of what the rules made of a request. Pure."""

from maild.desk.case import Case
from maild.desk.files import files_words
from maild.desk.matrix import service_words
from maild.desk.offering import offer_of, say_offer
from maild.desk.verbs import usage_of
from maild.model import Ticket
from maild.tokens import hide_tokens
from maild.wording.flaws import say_flaw

_VERBS = {"refuse": "refuse", "postpone": "postpone"}  # what confirms a proposed ground, by its effect


def steered_words(case: Case, ticket: Ticket) -> dict[str, object]:
    """Return the notification's variables about rules, text, files and FAQ."""
    catalogue, service = case.policy.catalogue, case.policy.service
    flaws = [say_flaw(flaw.check, hide_tokens(flaw.evidence), service.language) for flaw in case.ruling.flaws]
    broken = [say_flaw("rule", case.ruling.broken, service.language)] if case.ruling.broken else []
    severity, unit = service.severities.get(ticket.severity), catalogue.units.get(ticket.unit)
    offer = offer_of(ticket, catalogue) if ticket.offer_state else None
    names = {agent.id: agent.address.name or agent.id for agent in case.policy.agents}
    return {
        "hints": [*case.ruling.hints, *flaws, *broken],
        "service": service_words(ticket, case.policy),
        "category": service.categories.get(ticket.category, ticket.category),
        "severity": severity.name if severity else ticket.severity,
        "tags": ticket.tags,
        "assigned": names.get(ticket.agent, ""),
        "team": catalogue.team_names.get(ticket.team, ""),
        "proposed": _proposed(case, ticket),
        "ground": _decided(case, ticket),
        "asked": [catalogue.items[one].text for one in ticket.asked if one in catalogue.items],
        "faq": [catalogue.faq[one].title for one in ticket.faq if one in catalogue.faq],
        "untaken": files_words(case.files, service.language),
        "unit": unit.name if unit else "",
        "offer": say_offer(offer, service.language) | {"state": ticket.offer_state} if offer else None,
    }


def _proposed(case: Case, ticket: Ticket) -> dict[str, str] | None:
    ground = case.policy.catalogue.grounds.get(ticket.ground)
    if ground is None or ticket.ground_state != "proposed":
        return None
    command = usage_of(_VERBS[ground.effect], case.policy.service.language).partition(" ")[0]
    return {"name": ground.name, "effect": ground.effect, "command": command}


def _decided(case: Case, ticket: Ticket) -> dict[str, str] | None:
    ground = case.policy.catalogue.grounds.get(ticket.ground)
    if ground is None or ticket.ground_state not in ("refused", "postponed"):
        return None
    return {"name": ground.name, "state": ticket.ground_state}
