"""What is asked of every desk whose scenarios are played here and in tests/packs: that they say what is, and tell nobody what is ours."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from maild.config.load import Loaded
from maild.scenario_file import ScenarioFile
from maild.scenarios import own_scenarios, rehearse
from tests.regulations.outsiders import find_leaks

TICKETS = ("ground", "offer", "unit", "team")  # tables whose keys stand on tickets


def find_faults(loaded: Loaded) -> list[str]:
    """Return every step of the desk's own scenarios that ends otherwise than expected, and every letter that leaks anything."""
    paths = [path for found in own_scenarios(loaded).values() for path in found.paths]
    played = list(rehearse(paths, loaded))
    problems = [str(problem) for one in played for problem in (*one.mistakes, *one.failures)]
    leaks = [leak for one in played for leak in find_leaks(ScenarioFile(one.path, lambda _: loaded), one.steps)]
    return problems + leaks


def find_unshown(loaded: Loaded, scenarios: Iterable[Path]) -> list[str]:
    """Return the rules, grounds, offers, units and teams that no scenario names: whoever adds one shows what it does."""
    shown: dict[str, set[str]] = {key: set() for key in ("rules", *TICKETS)}
    files = (tomllib.loads(path.read_text("utf-8")) for path in scenarios)
    for expect in (step.get("expect", {}) for file in files for step in file["step"]):
        for key, found in shown.items():
            found.update([one] if isinstance(one := expect.get(key, ""), str) else one)
    unshown = []
    for name, organization in loaded.config.organization.items():
        there = {"rules": organization.rule, **{key: getattr(organization, key) for key in TICKETS}}
        unshown += [f"{name}.{key}.{one}" for key, table in there.items() for one in table if one not in shown[key]]
    return unshown
