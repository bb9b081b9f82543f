"""What all tests share: how hypothesis explores, and what the garbage collector looks at."""

import gc
import os

import pytest
import structlog
from hypothesis import settings

# Machines are shared and slow at times: a slow example is no failure. The gate tries the same examples every time, so
# that a change is judged by what it changed; everybody else's runs go on exploring.
settings.register_profile("explore", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("MAILD_REQUIRE_SERVERS") == "1" else "explore")

# As `maild.logs` has them. By default rich draws every traceback with all that the frames hold, the policy of a whole desk
# among it: a second for each, which was a sixth of all that the tests took.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])

# Half a million objects are there once all tests are collected, and stay until the end. To look through them for garbage
# again and again would be a third of the time of collecting, and a sixth of that of the tests.
gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Garbage is what the tests make."""
    gc.freeze()
    gc.enable()
