"""Somebody who does what a page of docs/ru says, and compares: files are written, commands run, outputs compared.

```toml, ```eml, ```conf   the file whose `path` was named last; at the end of it where the text says so
```diff           lines with - in that file become those with +
```console        $ commands, and exactly what they print but for instants; `maild run` stays, and prints these lines among others
```log            what the running maild has printed since the last such block, among other lines; … is anything
"""

import contextlib
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.call import call
from tests.pace import find_crowd

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "ru"
BLOCK = re.compile(r"(?P<before>.*?)^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
KINDS = frozenset({"toml", "eml", "conf", "diff", "console", "log"})
PATIENCE = 60.0


@dataclass
class Newcomer:
    """Somebody who does what the guide says, and compares."""

    folder: Path
    shim: Path
    daemon: subprocess.Popen[bytes] | None = None
    log: bytearray = field(default_factory=bytearray)
    seen: int = 0  # of the log
    named: list[str] = field(default_factory=list)  # files, so far
    variables: dict[str, str] = field(default_factory=dict)  # of the environment, besides its own

    def read_page(self, text: str, kinds: frozenset[str] = KINDS) -> None:
        """Follow a text from its first block to its last; blocks of other `kinds` are only read."""
        blocks = list(BLOCK.finditer(text))
        assert text.count("```") == 2 * len(blocks)
        for block in blocks:
            if block["kind"] in kinds:
                self.follow(block["kind"], block["before"], block["text"])

    def follow(self, kind: str, before: str, text: str) -> None:
        self.named += re.findall(r"`([\w./-]+\.(?:toml|eml|conf))`", before)
        named = self.named
        if kind == "console":
            for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                self.run(command, output)
        elif kind == "log":
            self.wait_for(text)
        elif kind == "diff":
            path = self.folder / named[-1]
            old, new = ("".join(f"{line[1:]}\n" for line in text.splitlines() if line[0] == sign) for sign in "-+")
            whole = path.read_text("utf-8")
            started = [line for line in whole.splitlines() if line.startswith(old.rstrip("\n"))]
            if old not in whole and started:  # a comment stands behind what the guide shows
                old, new = started[0], new.rstrip("\n") + started[0].removeprefix(old.rstrip("\n"))
            assert whole.count(old) == 1, (path, old)
            path.write_text(whole.replace(old, new), "utf-8")
        else:
            path = self.folder / named[-1]
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = path.read_text("utf-8") + "\n" if "в конец" in before else ""
            path.write_text(kept + text, "utf-8")

    def run(self, command: str, output: str) -> None:
        if command.startswith("cd "):
            self.folder = (self.folder / command.removeprefix("cd ")).resolve()
        elif command == "maild run":
            self.start()
            self.wait_for(output)
        elif re.fullmatch(r"maild [^|<>$;]*", command):  # in this process, which is faster
            with contextlib.chdir(self.folder):
                ended = call(*shlex.split(command)[1:])
            assert timeless(ended.out + ended.stderr).rstrip("\n") == timeless(output).rstrip("\n"), command
        else:
            with tempfile.TemporaryFile() as printed:  # a pipe would be held open by what the command leaves running
                subprocess.run(
                    ["bash", "-c", command], cwd=self.folder, env=self.environment(), timeout=PATIENCE * find_crowd(),
                    stdout=printed, stderr=subprocess.STDOUT, check=False,
                )  # fmt: skip
                printed.seek(0)
                found = timeless(printed.read().decode()).rstrip("\n")
                assert found == timeless(output).rstrip("\n"), command

    def environment(self) -> dict[str, str]:
        return dict(os.environ) | {
            "PYTHONPATH": str(ROOT),
            "PATH": f"{self.shim}:{os.environ['PATH']}",
            "WATCHDOG_USEC": "1000000",
            **self.variables,
        }

    def start(self) -> None:
        """Run maild as on a terminal."""
        ours, its = pty.openpty()
        self.daemon = subprocess.Popen(
            [sys.executable, "-m", "maild", "run"], cwd=self.folder, env=self.environment(), stdout=its, stderr=its
        )
        os.close(its)
        os.set_blocking(ours, False)
        self.terminal = ours

    def wait_for(self, lines: str) -> None:
        """Wait until lines like these were printed, in this order, whatever stands between them."""
        wanted = [".*".join(map(re.escape, re.split("…", timeless(line)))) for line in lines.splitlines()]
        pattern = re.compile(r".*\n(?:.*\n)*?".join(f"{line}.*" for line in wanted))
        deadline = time.monotonic() + PATIENCE * find_crowd()
        while time.monotonic() < deadline:
            self.read()
            if match := pattern.search(printed := timeless(self.log.decode("utf-8", "replace")), self.seen):
                self.seen = match.end()
                return
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for\n{lines}\n{printed}")

    def read(self) -> None:
        while True:
            try:
                self.log += (more := os.read(self.terminal, 65536))
            except (BlockingIOError, OSError):
                return
            if not more:
                return


def timeless(text: str) -> str:
    """Return printed text without colours and instants."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "")
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "…", text).replace("… [", "[")


@contextlib.contextmanager
def newcomer_in(tmp_path: Path) -> Iterator[Newcomer]:
    """Let somebody begin in an empty folder; a maild that they have left running ends well."""
    shim = tmp_path / "bin"
    shim.mkdir()
    (shim / "maild").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m maild "$@"\n', "utf-8")
    (shim / "maild").chmod(0o755)
    one = Newcomer(tmp_path, shim)
    try:
        yield one
    finally:
        if one.daemon is not None:
            one.daemon.terminate()
            ended = one.daemon.wait(20)
    assert one.daemon is None or ended == 0
