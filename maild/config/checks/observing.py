"""Whether somebody reads what an organisation that only observes would have sent."""

from collections.abc import Iterator

from maild.config.checks.common import Check, organizations
from maild.config.model import Config
from maild.config.sources import Sources
from maild.errors import Problem


def _somebody_reads_it(config: Config, sources: Sources) -> Iterator[Problem]:
    for base, organization in organizations(config):
        if organization.mode == "observe" and config.admin is None:
            yield sources.problem(
                (*base, "mode"),
                found='"observe", and there is no [admin]',
                expected="an admin who reads every day what would have been sent",
                remedy='Write [admin] with their address, for example address = "admin@example.org".',
            )


CONFLICTS: tuple[Check, ...] = ()
GAPS: tuple[Check, ...] = (_somebody_reads_it,)
