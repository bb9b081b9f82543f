"""What all tests share: how hypothesis explores."""

import os

from hypothesis import settings

# Machines are shared and slow at times: a slow example is no failure. The gate tries the same examples every time, so
# that a change is judged by what it changed; everybody else's runs go on exploring.
settings.register_profile("explore", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("MAILD_REQUIRE_SERVERS") == "1" else "explore")
