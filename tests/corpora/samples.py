"""The files of the corpora as letters, with what is known about each. The manifest's format is the corpora's README's.

Bare bodies and header values become letters by a header around them, so that one reading serves all.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.corpora.vectors import vector_letters

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
MISSING = "not run: the corpora are not here; they lie in ../shared/corpora beside the project"

_BODY = """\
From: Customer <customer@example.com>
To: support@acme.example
Subject: Re: {name}
MIME-Version: 1.0
Content-Type: text/{subtype}; charset=utf-8
Content-Transfer-Encoding: 8bit

"""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One letter of the corpora."""

    source: str  # the folder of its manifest
    name: str  # the file as the manifest writes it; a header value has its number behind
    kind: str  # "letter"; "body" and "vector" are letters only by what was put around them
    octets: bytes = field(repr=False)
    expected: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.source}/{self.name}"


def samples(folder: Path = CORPORA) -> Iterator[Sample]:
    """Yield what lies under `folder`, which is one source or holds several; the same order every time."""
    manifests = [folder / "manifest.json"] if (folder / "manifest.json").is_file() else folder.glob("*/manifest.json")
    for manifest in sorted(manifests):
        yield from _of_source(manifest)


def _of_source(manifest: Path) -> Iterator[Sample]:
    told, source, folder = json.loads(manifest.read_text(encoding="utf-8")), manifest.parent.name, manifest.parent
    expected = told.get("expected", {})
    for name in told.get("messages", []):
        octets = (folder / name).read_bytes()
        yield Sample(source=source, name=name, kind="letter", octets=octets, expected=expected.get(name, {}))
    for name in told.get("bodies", []):
        octets = body_letter(name, (folder / name).read_bytes())
        yield Sample(source=source, name=name, kind="body", octets=octets, expected=expected.get(name, {}))
    for name in told.get("vectors", []):
        values = json.loads((folder / name).read_text(encoding="utf-8"))
        for number, octets, wanted in vector_letters(Path(name).stem, values):
            place = f"{name}#{number}"
            yield Sample(source=source, name=place, kind="vector", octets=octets, expected=wanted)


def body_letter(name: str, body: bytes) -> bytes:
    """Return the letter whose body this is; HTML by its file's name."""
    subtype = "html" if name.lower().endswith((".html", ".htm")) else "plain"
    return _BODY.format(name=Path(name).name, subtype=subtype).encode() + body
