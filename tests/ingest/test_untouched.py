"""A mailbox that is only observed: read like any other, and nothing in it is changed, then or later."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from maild.clock import ManualClock
from maild.config.model import Imap, Maildir
from maild.ingest.imap import Connection, Listed, Selected
from maild.ingest.look import look
from maild.ingest.maildir import MaildirSource
from tests.servers.sink import MemorySink

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)


class Recorded:
    """A folder with letters whose server refuses nothing, not even in a folder opened for reading; it keeps what it is told."""

    def __init__(self, uids: Sequence[int]) -> None:
        self.uids = list(uids)
        self.told: list[str] = []

    async def select(self, _folder: str, *, read_only: bool = False) -> Selected:
        self.told.append("examine" if read_only else "select")
        return Selected(uidvalidity=1, uidnext=None, exists=len(self.uids))

    async def search(self, first: int) -> list[int]:
        return [uid for uid in self.uids if uid >= first]

    async def list_letters(self, uids: Sequence[int]) -> dict[int, Listed]:
        return {uid: Listed(uid=uid, size=20, received_at=NOW) for uid in uids}

    async def bodies(self, uids: Sequence[int], _octets: int) -> dict[int, bytes | None]:
        return {uid: f"Subject: {uid}\r\n\r\n".encode().ljust(20) for uid in uids}

    async def add_flag(self, uids: Sequence[int], _flag: str) -> None:
        self.told.append(f"flag {uids}")

    async def move(self, uids: Sequence[int], _folder: str) -> None:
        self.told.append(f"move {uids}")

    async def delete(self, uids: Sequence[int]) -> None:
        self.told.append(f"delete {uids}")


@pytest.mark.parametrize("after", ["flag", "move", "delete"])
async def test_nothing_is_carried_out_nor_made_up_for(after: str) -> None:
    """Whatever `after` says; once it counts again, it counts for what comes from then on."""
    settings = Imap.model_validate({"host": "x", "after": after, "move_to": "Done"})
    server, sink = Recorded([1, 2]), MemorySink()
    known: dict[str, Any] = {"mailbox": "acme/support", "folder": "INBOX", "settings": settings, "sink": sink}
    known |= {"clock": ManualClock(NOW), "everything": True}
    connection = cast("Connection", server)
    assert await look(connection, untouched=True, **known) == []
    assert (server.told, len(sink.letters)) == (["examine"], 2)
    server.uids.append(3)
    assert await look(connection, **known) == []
    assert server.told == ["examine", "select", f"{after} [3]"]


def files(box: Path) -> list[str]:
    return sorted(str(path.relative_to(box)) for path in box.glob("*/*"))


async def test_letters_stay_in_new(tmp_path: Path) -> None:
    """Those of a Maildir, too; once it is no longer only observed, those that come then are moved."""
    for part in ("tmp", "new", "cur"):
        (tmp_path / part).mkdir()
    settings, sink = Maildir.model_validate({"path": tmp_path}), MemorySink()
    (tmp_path / "new" / "1.a").write_bytes(b"Subject: x\r\n\r\n")
    await MaildirSource("acme/support", settings, sink, ManualClock(NOW), untouched=True).sync_once()
    (tmp_path / "new" / "2.b").write_bytes(b"Subject: y\r\n\r\n")
    await MaildirSource("acme/support", settings, sink, ManualClock(NOW)).sync_once()
    assert files(tmp_path) == ["cur/2.b:2,", "new/1.a"]
    assert len(sink.letters) == 2
