"""The words of outgoing letters: Jinja2 templates, shipped or overridden, tried before they are used.

The only file that imports jinja2. Templates run in a sandbox, an unknown variable is an error, HTML is escaped.
Every letter has three files: `NAME.subject.txt`, `NAME.txt`, `NAME.html`. `templates/README.md` lists the variables.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import TracebackType

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.errors import Problem
from maild.ingest.reply import REPLY_MARKER_PREFIX
from maild.model import Purpose
from maild.outbox.samples import AT_REST, sample_words
from maild.wording.numbers import say_count

SHIPPED = Path(__file__).parent.parent / "templates"
PARTS = ("subject.txt", "txt", "html")
SENTENCES = ("coupon.txt",)  # what several letters say in the same words, in text and HTML alike: they include it
MARKED = (Purpose.NOTIFICATION, Purpose.RECEIPT, Purpose.REMINDER)  # what an agent's answer to a customer quotes
LAYOUT = "letter.html"  # the frame that every HTML letter extends; may be overridden too


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """One letter's words."""

    subject: str  # a single line
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Templates:
    """The templates of one organisation, compiled."""

    compiled: Mapping[str, Template]  # by file name
    files: tuple[Path, ...]  # the overriding files, to be watched for changes

    @classmethod
    def load(cls, language: str, override: Path | None) -> "tuple[Templates, list[Problem]]":
        """Compile every template and render it on sample values. Returns what is usable and everything wrong with it."""
        templates, problems = _shipped(language) if override is None else _try(language, override)
        return templates, list(problems)

    def render(self, purpose: Purpose, words: Mapping[str, object]) -> Rendered:
        """Return the words of one letter. Only a variable that the sample values did not foresee can raise."""
        words = {**AT_REST[purpose], **words}
        subject, text, html = (self.compiled[f"{purpose}.{part}"].render(words) for part in PARTS)
        return Rendered(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)


def _try(language: str, override: Path | None) -> tuple[Templates, tuple[Problem, ...]]:
    folders = [*([override] if override else []), SHIPPED / language, SHIPPED]
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    files = tuple(sorted(p for p in override.iterdir() if p.is_file())) if override and override.is_dir() else ()
    problems = [_unknown(path) for path in files if path.name not in _file_names() and not path.name.startswith(".")]
    text, html = (_environment(loader, language, html=escaped) for escaped in (False, True))
    compiled = {}
    for name in _file_names():
        try:
            compiled[name] = (html if name.endswith(".html") else text).get_template(name)
            if name != LAYOUT and name not in SENTENCES:
                purpose = Purpose(name.partition(".")[0])
                rendered = [(words, compiled[name].render(words)) for words in sample_words(purpose)]
                if purpose in MARKED and not name.endswith(PARTS[0]):
                    problems += _unmarked(name, folders, [text for words, text in rendered if words["customer"]])
        except Exception as error:  # a template may fail in any way Python can
            problems.append(_problem(name, folders, error))
    return Templates(compiled=compiled, files=files), tuple(dict.fromkeys(problems))


@cache
def _shipped(language: str) -> tuple[Templates, tuple[Problem, ...]]:
    """Return the shipped templates, tried once: they change with the program only."""
    return _try(language, None)


def _file_names() -> tuple[str, ...]:
    return (LAYOUT, *SENTENCES, *(f"{purpose}.{part}" for purpose in Purpose for part in PARTS))


class _Memory(BytecodeCache):
    """Code of templates as compiled before, by file: every organisation, and every reload, uses the shipped ones.

    Jinja2 takes it only for the very same source. Escaping is compiled in, so HTML and text have a memory each.
    """

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.get(bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_MEMORIES = {html: _Memory() for html in (False, True)}


def _environment(loader: BaseLoader, language: str, *, html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True,
        bytecode_cache=_MEMORIES[html],
    )  # fmt: skip
    environment.filters["counted"] = partial(_counted, language)
    return environment


def _counted(language: str, number: int, *forms: str) -> str:
    """The filter: {{ 5 | counted("час", "часа", "часов") }}."""
    return say_count(number, language, *forms)


def _unknown(path: Path) -> Problem:
    close = difflib.get_close_matches(path.name, _file_names(), 1)
    hint = f"Did you mean {close[0]}?" if close else "Remove it, or give it one of the names of the shipped templates."
    return Problem(
        file=str(path), line=None, key="", found=f"a file called {path.name}",
        expected="the name of a template", remedy=hint,
    )  # fmt: skip


def _unmarked(name: str, folders: list[Path], rendered: list[str]) -> list[Problem]:
    """Without the marker, what an agent's mail client quotes below an answer would reach the customer."""
    if all(REPLY_MARKER_PREFIX in text for text in rendered):
        return []
    return [
        Problem(
            file=str(_path_of(name, folders)), line=None, key="", found="a letter to agents without the reply marker",
            expected=f'a first line that begins with "{REPLY_MARKER_PREFIX}", in every notification and receipt',
            remedy="Put the line back: maild cuts an agent's answer there, so that the customer gets no quotation.",
        )
    ]  # fmt: skip


def _path_of(name: str, folders: list[Path]) -> Path:
    return next((folder / name for folder in folders if (folder / name).exists()), folders[0] / name)


def _problem(name: str, folders: list[Path], error: Exception) -> Problem:
    path, line = _path_of(name, folders), None
    if isinstance(error, TemplateSyntaxError):
        path, line = Path(error.filename or path), error.lineno
    elif not isinstance(error, TemplateNotFound):
        path, line = _place_of(error.__traceback__, folders) or (path, None)
    what = type(error).__name__ if isinstance(error, TemplateError) else f"a {type(error).__name__} when it is rendered"
    return Problem(
        file=str(path), line=line, key="", found=f"{what}: {error}",
        expected="a Jinja2 template that renders with the sample values",
        remedy="Mend the line, or remove the file to go back to the shipped template; templates/README.md lists the variables.",
    )  # fmt: skip


def _place_of(traceback: TracebackType | None, folders: list[Path]) -> tuple[Path, int] | None:
    """Return the template's file and line where rendering failed, which Jinja2 puts into the traceback."""
    place = None
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.parent in folders:
            place = path, traceback.tb_lineno
        traceback = traceback.tb_next
    return place
