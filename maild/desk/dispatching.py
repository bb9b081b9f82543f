"""An agent's word that papers were sent: the customer reads how and under which number, the history keeps it (IN-11). Pure."""

from collections.abc import Mapping

from maild.desk.acts import Act, State, cannot, noted, usage
from maild.desk.case import Case
from maild.desk.commands import Command
from maild.desk.dispatches import Dispatch
from maild.wording.dispatches import GREETINGS, say_dispatched, say_way

_ALONE = ("extend", "route", "offer")  # the other words of a letter with one of these are no answer


def dispatches_of(case: Case) -> tuple[Dispatch, ...]:
    """Return what an agent's commands say was sent, in order."""
    commands = (one for one in case.orders.commands if isinstance(one, Command))
    return tuple(one.value for one in commands if isinstance(one.value, Dispatch))


def dispatched_words(case: Case) -> str:
    """Return what the customer reads of that; "" where nothing was sent."""
    language = case.policy.service.language
    said = [say_dispatched(one.way, one.number, language) for one in dispatches_of(case)]
    greeting = [GREETINGS[language]] if said and not case.orders.words else []
    return "\n\n".join((*greeting, *said))


def _dispatch(case: Case, state: State, value: object) -> tuple[State, str]:
    """The words went out with the answer already; what is left is to keep it."""
    assert isinstance(value, Dispatch), "the grammar gives one"
    if other := next((one for one in _ALONE if one in case.orders.verbs), ""):
        raise cannot(case, "against", command=usage(case, other).split()[0])
    language = case.policy.service.language
    said = ", ".join(filter(None, (say_way(value.way, language), value.number)))
    return noted(state, "dispatched", ", ".join(filter(None, (value.way, value.number)))), said


ACTS: Mapping[str, Act] = {"dispatch": _dispatch}
