"""The desk of a pack as its scenarios are played on it, and what its clients have used."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from maild.config.load import load_rehearsal
from maild.config.model import Organization
from maild.config.terms import accounting_of, quota_of
from maild.contracts.accounting import Month, Row
from maild.packs.shelf import find_packs, write_packs
from maild.rehearsal import Rehearsal, SentLetter
from maild.store import register
from maild.store.engine import Database
from maild.store.usage import read_usage
from tests.walk.stage import letter, reply, to

MOSCOW = "+03:00"

Amount = int | float  # requests, or hours


class Desk:
    """Letters in, receipts out, and the accounts. Instants are Moscow's, "2025-11-05T10:00"."""

    def __init__(self, rehearsal: Rehearsal, name: str, section: Organization, agent: str) -> None:
        """`agent`: who notes the time down."""
        self._rehearsal, self._name, self._section, self._agent = rehearsal, name, section, agent

    def ask(self, at: str, author: str) -> SentLetter:
        """Let a customer write, and return what the agent is told."""
        return self._deliver(letter(f"Задача от {at}.", author=author, subject=f"Задача {at}"), at)

    def note(self, notified: SentLetter, at: str, text: str) -> str:
        """Let the agent write time down, and return the receipt."""
        return self._deliver(reply(notified, text, author=self._agent), at).message.text

    def account(self, client: str, last: str, months: int = 1) -> list[tuple[int, Row[int] | Row[timedelta] | None]]:
        """Return the requests of a client and what they used, for so many months, the last being "2025-11" or such."""
        year, month = map(int, last.split("-"))
        place = year * 12 + month  # of the month after the last one
        asked = [Month(one // 12, one % 12 + 1) for one in range(place - months, place)]
        database = Database.open(f"sqlite:///{self._rehearsal.folder / 'maild.sqlite3'}", migrate=False)
        with closing(database), database.read() as connection:
            one = register.find_client(connection, self._name, client)
            assert one, client
            quota, policy = quota_of(self._section, one.level), accounting_of(self._section, one.level)
            found = read_usage(connection, self._name, one, asked, policy, quota, self._section.zone)
        return [(used.requests, used.row) for used in found]

    def _deliver(self, octets: bytes, at: str) -> SentLetter:
        self._rehearsal.advance(datetime.fromisoformat(at + MOSCOW))  # what is reminded of meanwhile is not looked at
        return to(self._rehearsal.deliver(octets, f"{self._name}/support"), self._agent)


@contextmanager
def desk_of(
    pack: str, folder: Path, start: str, agent: str, *, answers: Mapping[str, str] | None = None
) -> Iterator[Desk]:
    """Open the empty desk of a pack. `answers`: words of its rehearsal.toml → what stands there instead."""
    write_packs(find_packs([pack]), folder)
    overlay = folder / "organizations" / pack / "rehearsal.toml"
    text = overlay.read_text("utf-8")
    for there, instead in (answers or {}).items():
        assert there in text, there
        text = text.replace(there, instead)
    overlay.write_text(text, "utf-8")
    loaded = load_rehearsal(folder / "config.toml")
    with Rehearsal(loaded, start=datetime.fromisoformat(start + MOSCOW)) as rehearsal:
        yield Desk(rehearsal, pack, loaded.config.organization[pack], agent)


def hours(amount: int | timedelta) -> Amount:
    """Return time in hours; requests as they are."""
    return amount / timedelta(hours=1) if isinstance(amount, timedelta) else amount
