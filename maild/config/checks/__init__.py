"""What one key says about another: checks on a `Config` whose shape is right. Looks at the file system, changes nothing.

Each check is a small generator of problems. `CONFLICTS` are true of any part of a configuration; `GAPS` are about what is
absent, so they are asked only when nothing had to be left out.
"""

from maild.config.checks import (
    assignment,
    catalogues,
    clients,
    digest,
    mail,
    oauth,
    observing,
    promises,
    reach,
    recurring,
    reports,
    scenarios,
    services,
    steering,
)
from maild.config.model import Config
from maild.config.schema import walk
from maild.config.secret import SecretRef
from maild.config.sources import Sources
from maild.errors import Problem

_ROOMS = (
    mail,
    oauth,
    promises,
    clients,
    steering,
    catalogues,
    services,
    assignment,
    reach,
    scenarios,
    digest,
    recurring,
    observing,
    reports,
)
_CONFLICTS = tuple(check for room in _ROOMS for check in room.CONFLICTS)
_GAPS = tuple(check for room in _ROOMS for check in room.GAPS)


def check_config(config: Config, sources: Sources, *, complete: bool = True) -> list[Problem]:
    """Return everything that does not fit together. `complete` is False for what is left of a broken configuration."""
    checks = (*_CONFLICTS, *_GAPS) if complete else _CONFLICTS
    return [problem for check in checks for problem in check(config, sources)]


def check_secrets(config: Config, sources: Sources) -> list[Problem]:
    """Return every secret that this process cannot read. Not part of loading: a check may run where no secret is kept."""
    problems = []
    for path, value in walk(config):
        if isinstance(value, SecretRef):
            try:
                value.read()
            except LookupError as error:
                reason, _, remedy = str(error.args[0]).partition(": ")
                remedy = remedy[:1].upper() + remedy[1:] + "."
                problems.append(
                    sources.problem(path, found=reason, expected="a secret that maild can read", remedy=remedy)
                )
    return problems
