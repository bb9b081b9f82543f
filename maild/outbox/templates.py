"""The words of outgoing letters: Jinja2 templates, shipped or overridden, tried before they are used.

Templates run in a sandbox, an unknown variable is an error, HTML is escaped. Every letter has three files:
`NAME.subject.txt`, `NAME.txt`, `NAME.html`. `templates/README.md` lists the variables, `shelves` says which file counts.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from maild.errors import Problem
from maild.model import Purpose, Ticket
from maild.outbox.environment import LetterEnvironment
from maild.outbox.samples import AT_REST
from maild.outbox.shelves import PARTS, Chain, Shelves, read_shelves, shipped
from maild.outbox.trials import try_templates

KEPT = 50  # environments ready for use; the one that was made longest ago is made again when it is needed


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One letter's words."""

    subject: str  # a single line
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Templates:
    """The templates of one organisation."""

    shelves: Shelves
    _ready: dict[tuple[Chain, bool], LetterEnvironment] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(
        cls,
        language: str,
        override: Path | None,
        *,
        categories: Collection[str] = (),
        levels: Collection[str] = (),
    ) -> "tuple[Templates, list[Problem]]":
        """Read every template and render it on sample values. Returns what is usable and everything wrong with it.

        `categories` and `levels` are the configured ones: words may depend on them. What is shipped changes with the
        program only, whose tests render all of it.
        """
        if override is None:
            return cls(shelves=shipped(language)), []
        shelves, problems = read_shelves(language, override, categories=categories, levels=levels)
        return cls(shelves=shelves), problems + try_templates(shelves)

    @property
    def files(self) -> tuple[Path, ...]:
        """The overriding files and their folders, to be watched for changes."""
        return self.shelves.watched

    def render(self, purpose: Purpose, words: Mapping[str, object], *, ticket: Ticket | None = None) -> Rendered:
        """Return the words of one letter: what the ticket is filed under may choose them, where it goes to a customer.

        Only a variable that the sample values did not foresee can raise.
        """
        words = {**AT_REST[purpose], **words}
        chain = self.shelves.chain(purpose, ticket)
        subject, text, html = (
            self._environment(chain, html=part == "html").get_template(f"{purpose}.{part}").render(words)
            for part in PARTS
        )
        return Rendered(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)

    def _environment(self, chain: Chain, *, html: bool) -> LetterEnvironment:
        ready = self._ready.get((chain, html))
        if ready is None:
            if len(self._ready) >= KEPT:
                self._ready.pop(next(iter(self._ready)), None)
            ready = self._ready[chain, html] = LetterEnvironment(self.shelves, chain, html=html)
        return ready
