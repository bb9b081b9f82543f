"""A test that needs a real server says so in one line; in CI a missing server is a failure."""

import os
import shutil

import pytest

SERVER_DIRECTORIES = "/usr/sbin:/usr/local/sbin:/usr/lib/postgresql/17/bin:/usr/lib/postgresql/15/bin:/usr/bin/mh"


def need(binary: str, how: str) -> str:
    """Return the path of `binary`, or skip the test saying how to get it (`MAILD_REQUIRE_SERVERS=1`: fail it)."""
    path = shutil.which(binary, path=os.environ.get("PATH", "") + ":" + SERVER_DIRECTORIES)
    if path is not None:
        return path
    message = f"not run: {binary} is not installed here; get it with: {how}"
    if os.environ.get("MAILD_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)
