"""Whether what is said of signing in with access tokens fits together."""

from collections.abc import Iterator

from maild.config.checks.common import Check, not_defined
from maild.config.model import Config, Server
from maild.config.schema import dotted, walk
from maild.config.sources import Sources
from maild.errors import Problem


def _one_way_to_sign_in(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, server in walk(config):
        if isinstance(server, Server) and server.oauth is not None and server.password is not None:
            yield sources.problem(
                (*path, "oauth"),
                found="`oauth` beside `password`",
                expected="one way to sign in",
                remedy="Delete password: access tokens take its place. Or delete oauth.",
            )


def _tables_are_defined(config: Config, sources: Sources) -> Iterator[Problem]:
    for path, server in walk(config):
        if isinstance(server, Server) and server.oauth is not None and server.oauth not in config.oauth:
            yield not_defined(sources, (*path, "oauth"), server.oauth, config.oauth, ("oauth",))


def _applications_prove_themselves(config: Config, sources: Sources) -> Iterator[Problem]:
    for name, entry in config.oauth.items():
        if entry.client_secret is None and entry.refresh_token is None:
            yield sources.problem(
                ("oauth", name, "client_secret"),
                found="nothing",
                expected="the secret of the application, or a refresh token",
                remedy=f'Add client_secret = {{ file = "secrets/oauth" }} to [{dotted(("oauth", name))}].',
            )


CONFLICTS: tuple[Check, ...] = (_one_way_to_sign_in,)
GAPS: tuple[Check, ...] = (_tables_are_defined, _applications_prove_themselves)
