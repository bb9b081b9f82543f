"""Jinja2 as letters use it: in a sandbox, from memory, with filters of our own. One of the two files that import jinja2."""

from functools import partial
from types import CodeType

from jinja2 import BaseLoader, BytecodeCache, Environment, StrictUndefined, TemplateNotFound
from jinja2.bccache import Bucket
from jinja2.filters import FILTERS, do_mark_safe
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.outbox.shelves import Chain, Shelves
from maild.wording.numbers import say_count


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """The templates of one organisation as they are looked up for some tickets, for text or for HTML."""

    def __init__(self, shelves: Shelves, chain: Chain, *, html: bool) -> None:
        super().__init__(
            loader=_Loader(shelves, chain), undefined=StrictUndefined, autoescape=html, trim_blocks=True,
            lstrip_blocks=True, bytecode_cache=_MEMORIES[html], auto_reload=False,
        )  # fmt: skip
        self.filters["counted"] = partial(_counted, shelves.language)
        plain = {"lines": _own_lines, "strong": str, "link": str, "mailto": _own_mailto}
        rich = {"lines": _lines, "strong": _strong, "link": _link, "mailto": _mailto}
        self.filters |= rich if html else plain


class _Loader(BaseLoader):
    """Gives what was read and tried: a file that is edited meanwhile counts after it has been read and tried as well."""

    def __init__(self, shelves: Shelves, chain: Chain) -> None:
        self._shelves, self._chain = shelves, chain

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        """Return a file's text and path. Raises TemplateNotFound."""
        found = self._shelves.find(template, self._chain)
        if found is None:
            raise TemplateNotFound(template)
        return found[1].text, str(found[1].path), None


class _Memory(BytecodeCache):
    """Code of templates as compiled before, by file: one file is compiled once, however many letters and tickets use it.

    Jinja2 takes it only for the very same source. Escaping is compiled in, so HTML and text have a memory each.
    """

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType]] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the file that the code is of."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if the code is known."""
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of the bucket."""
        assert bucket.code is not None, "it was just compiled"
        self._code[bucket.key] = bucket.checksum, bucket.code


_MEMORIES = {html: _Memory() for html in (False, True)}


def _counted(language: str, number: int, *forms: str) -> str:
    """The filter: {{ 5 | counted("час", "часа", "часов") }}."""
    return say_count(number, language, *forms)


def _lines(text: object) -> str:
    """The filter of HTML for text with line breaks, {{ text | lines }}: Outlook honours no `white-space`."""
    return do_mark_safe(str(FILTERS["escape"](text)).strip("\n").replace("\n", "<br>"))


def _own_lines(text: object) -> str:
    """The same filter in text: what is included has lines of its own, however its file ends."""
    said = str(text).strip("\n")
    return f"{said}\n" if said else ""


def _strong(text: object) -> str:
    """The filter {{ title | strong }}: bold in HTML, as it is in text."""
    return do_mark_safe(f"<b>{FILTERS['escape'](text)}</b>")


def _link(url: object) -> str:
    """The filter {{ url | link }}: the address itself is what is shown, so that nobody is led elsewhere unawares."""
    shown = FILTERS["escape"](url)
    return do_mark_safe(f'<a href="{shown}">{shown}</a>' if str(url).startswith(("https://", "http://")) else shown)


def _mailto(word: object, url: object) -> str:
    """The filter {{ word | mailto(url) }}: a word that begins a letter, and nothing else, when it is touched."""
    shown = FILTERS["escape"](word)
    return do_mark_safe(f'<a href="{FILTERS["escape"](url)}">{shown}</a>' if str(url).startswith("mailto:") else shown)


def _own_mailto(word: object, url: object) -> str:
    """The same filter in text: the address stands beside its word, in brackets that end it (RFC 3986, appendix C)."""
    return f"{word} <{url}>"
