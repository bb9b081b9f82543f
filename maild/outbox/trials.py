"""Every template of the admin tried on the sample words before a customer sees it: what fails, by file and line. Imports jinja2."""

from collections.abc import Iterable, Iterator
from types import TracebackType

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, meta

from maild.errors import Problem
from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import Purpose
from maild.outbox.environment import LetterEnvironment
from maild.outbox.samples import sample_words
from maild.outbox.shelves import LAYOUT, MARKED, OWN, PARTS, SENTENCES, TO_CUSTOMERS, Chain, Shelves, shipped

_PARSER = LetterEnvironment(shipped("en"), (), html=False)
_LETTERS = tuple(f"{purpose}.{part}" for purpose in Purpose for part in PARTS)


def try_templates(shelves: Shelves) -> list[Problem]:
    """Return everything wrong with the templates that are not shipped. What one file breaks is told once."""
    return list(dict.fromkeys(_Trial(shelves).run()))


class _Trial:
    """The templates of one organisation on trial."""

    def __init__(self, shelves: Shelves) -> None:
        self.shelves = shelves
        self.paths = {str(source.path) for files in shelves.files.values() for source in files.values()}
        self.uses: dict[str, frozenset[str] | None] = {}  # by path: what a template includes; None: that cannot be told

    def run(self) -> Iterator[Problem]:
        """Try every letter in which something counts that is not shipped, with every one or two shelves it may come from.

        Three shelves at once bring nothing new: a template fails by itself, or by what it includes.
        """
        for shelf, files in self.shelves.files.items():
            for name in (LAYOUT, *SENTENCES):
                if name in files and not self._is_shipped(shelf):
                    yield from self._alone((shelf,) if shelf != OWN else (), name)
        if self.shelves.files.get(OWN):
            yield from self.of((), [name for name in _LETTERS if OWN in self._shelves_of((), name)])
        letters = [f"{purpose}.{part}" for purpose in TO_CUSTOMERS for part in PARTS]
        chains: list[Chain] = [*((shelf,) for shelf in self.shelves.particular), *self.shelves.pairs()]
        for chain in chains:
            if names := [name for name in letters if self._shelves_of(chain, name).issuperset(chain)]:
                yield from self.of(chain, names)

    def of(self, chain: Chain, names: Iterable[str]) -> Iterator[Problem]:
        """Try some letters on all of their sample words."""
        environments = {html: LetterEnvironment(self.shelves, chain, html=html) for html in (False, True)}
        for name in names:
            purpose = Purpose(name.partition(".")[0])
            try:
                template = environments[name.endswith(".html")].get_template(name)
                rendered = [(words, template.render(words)) for words in sample_words(purpose)]
            except Exception as error:  # a template may fail in any way Python can
                yield self._problem(chain, name, error)
                continue
            if self._is_shipped(self._shelf(chain, name)):
                continue  # what is amiss is told of the file that it includes
            marked = [text for words, text in rendered if words["customer"]] if purpose in MARKED else []
            if not name.endswith(PARTS[0]) and not all(REPLY_MARKER_PREFIX in text for text in marked):
                yield self._unmarked(name)
            elif not all(text.strip() for _, text in rendered):
                yield self._empty(chain, name)

    def _alone(self, chain: Chain, name: str) -> Iterator[Problem]:
        """Look at what letters include: whether it is a template, and whether the frame has a place for the words."""
        try:
            html = name.endswith(".html")
            template = LetterEnvironment(self.shelves, chain, html=html).get_template(name)
        except TemplateError as error:
            yield self._problem(chain, name, error)
            return
        if name == LAYOUT and "letter" not in template.blocks:
            yield Problem(
                file=self._path(chain, name), line=None, key="", found="a frame without a place for the letter's words",
                expected="{% block letter %}{% endblock %} somewhere in it",
                remedy="Put the line where the words shall stand, or remove the file to go back to the shipped frame.",
            )  # fmt: skip

    def _shelves_of(self, chain: Chain, name: str) -> set[str]:
        """Return the shelves that a letter's files come from: its own and those it includes."""
        seen: set[str] = set()
        shelves: set[str] = set()
        waiting = [name]
        while waiting:
            one = waiting.pop()
            found = None if one in seen else self.shelves.find(one, chain)
            seen.add(one)
            if found is None:
                continue
            shelf, source = found
            shelves.add(shelf)
            used = self._used_by(str(source.path), source.text)
            if used is None:
                return {*chain, OWN}
            waiting += used
        return shelves

    def _used_by(self, path: str, text: str) -> frozenset[str] | None:
        if path not in self.uses:
            try:
                names = set(meta.find_referenced_templates(_PARSER.parse(text)))
                self.uses[path] = None if None in names else frozenset(name for name in names if name)
            except TemplateSyntaxError:
                self.uses[path] = frozenset()  # it is told of where it stands
        return self.uses[path]

    def _shelf(self, chain: Chain, name: str) -> str:
        found = self.shelves.find(name, chain)
        assert found is not None, "every letter is shipped"
        return found[0]

    def _is_shipped(self, shelf: str) -> bool:
        return shelf in shipped(self.shelves.language).files

    def _path(self, chain: Chain, name: str) -> str:
        found = self.shelves.find(name, chain)
        assert found is not None, "every letter is shipped"
        return str(found[1].path)

    def _problem(self, chain: Chain, name: str, error: Exception) -> Problem:
        path, line = self._path(chain, name), None
        if isinstance(error, TemplateSyntaxError):
            path, line = error.filename or path, error.lineno
        elif not isinstance(error, TemplateNotFound):
            path, line = self._place_of(error.__traceback__) or (path, None)
        kind = type(error).__name__
        what = kind if isinstance(error, TemplateError) else f"a {kind} when it is rendered"
        return Problem(
            file=path, line=line, key="", found=f"{what}: {error}",
            expected="a Jinja2 template that renders with the sample values",
            remedy="Mend the line, or remove the file to go back to the shipped template; templates/README.md lists the variables.",
        )  # fmt: skip

    def _place_of(self, traceback: TracebackType | None) -> tuple[str, int] | None:
        """Return the template's file and line where rendering failed, which Jinja2 puts into the traceback."""
        place = None
        while traceback is not None:
            path = traceback.tb_frame.f_code.co_filename
            if path in self.paths:
                place = path, traceback.tb_lineno
            traceback = traceback.tb_next
        return place

    def _empty(self, chain: Chain, name: str) -> Problem:
        """A file that was saved by half, or that says something in some cases only."""
        return Problem(
            file=self._path(chain, name), line=None, key="", found="a letter without a word, at least in some cases",
            expected="words in every case that the samples show",
            remedy="Finish the file, or remove it to go back to the shipped template.",
        )  # fmt: skip

    def _unmarked(self, name: str) -> Problem:
        """Without the marker, what an agent's mail client quotes below an answer would reach the customer."""
        return Problem(
            file=self._path((), name), line=None, key="", found="a letter to agents without the reply marker",
            expected=f'a first line that begins with "{REPLY_MARKER_PREFIX}", in every notification and receipt',
            remedy="Put the line back: maild cuts an agent's answer there, so that the customer gets no quotation.",
        )  # fmt: skip
