"""What a person wrote of a text: no quoted lines, code, logs, traces, error messages, addresses, names of files. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

MAX_TEXT = 20_000  # characters of a text that are looked at: ten pages
MAX_SUBJECT = 500
MAX_LINE = 5_000  # characters of a line; a longer one goes on as the next
MAX_QUOTATION = 300  # characters between quotation marks; where there are more, the second mark belongs to another pair
_FULL_LINE = 50  # characters from which a line is taken for one that a mail client has wrapped

_FENCE = re.compile(r"\s*(?:```|~~~)")
_MACHINE_LINE = re.compile(
    r"""\s*(?:
        [>|]
      | \[?\d{4}-\d\d-\d\d[T\s]\d\d:\d\d
      | \[?\d\d[./]\d\d[./]\d{2,4}\s\d\d:\d\d:\d\d
      | \[?\d\d:\d\d:\d\d\b
      | at\s+[\w.$<>]+\(
      | File\s"
      | Traceback\b | Caused\sby: | Exception\b | (?:[\w$]+\.)*\w+(?:Error|Exception)\b
      | (?:[\w$]+:\s)?(?:ERROR|FATAL|WARN(?:ING)?|INFO|DEBUG|ERR!)\b
      | npm\sERR! | ORA-\d+ | HTTP/\d | errno\b
      | \#include\b | import\s[\w.]+\s*(?:;|$|as\b|,) | from\s\S+\simport\b | def\s\w+\( | class\s\w+[(:{] | return\b.*[;()]
      | (?i:SELECT\s.*\bFROM\b | INSERT\sINTO\b | UPDATE\s\S+\sSET\b | DELETE\sFROM\b | (?:CREATE|ALTER|DROP)\s(?:TABLE|VIEW|INDEX|DATABASE)\b)
      | -----(?:BEGIN|END)\b
      | [$\#]\s+[a-z]
      | (?:ping|traceroute|nslookup|ssh|curl|tracert|telnet|ipconfig|netstat|sudo|rsync:|kubectl|systemctl|docker)\b[^?А-Яа-яё]*$
    )""",
    re.VERBOSE,
)
_CODE_MARKS = re.compile(r"[{}\[\]()<>=;\\|$&_#]")
_MASK = re.compile(r"(?<=[^\W\d_])[_#$&]{1,6}(?=[^\W\d_])")  # "бл_ть" is no code
_QUOTATION = re.compile(
    rf"«[^«»]{{1,{MAX_QUOTATION}}}»|„[^„“”]{{1,{MAX_QUOTATION}}}[“”]|“[^“”]{{1,{MAX_QUOTATION}}}”"
    rf'|(?<![^\s(,.:])"[^"]{{1,{MAX_QUOTATION}}}"|`[^`]{{1,{MAX_QUOTATION}}}`'
)
_ADDRESS = re.compile(
    r"""(?:https?|ftp|file|smb|ssh|tg)://\S+ | www\.\S+ | (?<!\S)\S{1,200}@[\w-]+\.\S+
      | [a-zA-Z]:\\\S* | \\\\\S+ | (?<!\S)[./~]?/\S{2,}
      | (?<!\S)\S{0,100}\w\.(?:[a-z0-9]{2,4}|online|site|shop|store|local|html|json|docx|xlsx|pptx|jpeg|XLSX?|DOCX?|PDF|ZIP|JPE?G|PNG|TXT|XML)(?:[/:?]\S*)?(?=[\s,;:!?.)»"]|$)
    """,
    re.VERBOSE,
)
_CODE_WORD = re.compile(
    r"""(?<!\S)(?:
        [^\s\w]{0,3}\S*(?:\w_\w|\w=\S|::|->|\w\(\))\S*       # an identifier, an assignment, a call
      | (?=\S*\d)\S{4,}(?<![,.;:!?])[,.;:!?)]*                # a number of a document, a hash
      | [A-Za-z0-9+/=_\-]{24,}                               # base64
    )(?!\S)""",
    re.VERBOSE,
)
_SUBJECT_PREFIX = re.compile(r"\s*(?:(?:re|fwd?|aw|wg|sv|на|ha|отв|пер|нд|відп)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Written:
    """A letter's words as its author wrote them: what all checks look at."""

    subject: str
    text: str

    @cached_property
    def own_subject(self) -> str:
        """The subject without "Re:", "" where there was one: those words are somebody else's."""
        subject = self.subject[:MAX_SUBJECT]
        return "" if _SUBJECT_PREFIX.match(subject) else subject.strip()

    @cached_property
    def any_subject(self) -> str:
        """The subject without "Re:", whoever's words it has."""
        return _SUBJECT_PREFIX.sub("", self.subject[:MAX_SUBJECT], count=1).strip()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of prose of the text, quotations and addresses left out; empty ones stay."""
        return tuple(map(without_addresses, map(without_quotations, self._prose)))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The same without numbers, identifiers, hashes."""
        return tuple(map(without_codes, self.lines))

    @cached_property
    def _prose(self) -> list[str]:
        return list(prose_lines(self.text))


def prose_lines(text: str) -> Iterator[str]:
    """Yield the lines that a person wrote: what is quoted, code, a log, a trace is left out."""
    fenced = False
    for line in text[:MAX_TEXT].split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and not is_machine_line(line):
            yield line[:MAX_LINE]


def is_machine_line(line: str) -> bool:
    """Whether a line is quoted, or what a machine wrote or reads."""
    if _MACHINE_LINE.match(line):
        return True
    marks = len(_CODE_MARKS.findall(_MASK.sub("", line[:MAX_LINE])))
    return marks >= 4 and marks * 10 >= len(line)


def without_quotations(line: str) -> str:
    """Return a line without what stands between quotation marks: a message, a name, somebody else's words."""
    return _QUOTATION.sub(" … ", line)


def without_addresses(line: str) -> str:
    """Return a line without addresses of pages and people, paths, names of files."""
    return _ADDRESS.sub(" … ", line) if "." in line or "/" in line or "\\" in line or "@" in line else line


def without_codes(line: str) -> str:
    """Return a line without numbers of documents, identifiers, hashes."""
    return _CODE_WORD.sub(" ", line)


def joined(lines: tuple[str, ...]) -> str:
    """Return lines as paragraphs: a line that a mail client has wrapped goes on in the next one."""
    pieces: list[str] = []
    for line, following in zip(lines, (*lines[1:], ""), strict=False):
        goes_on = len(line) >= _FULL_LINE and bool(_LETTER.match(following)) and following[0].islower()
        pieces.append(f"{line.rstrip()}{' ' if goes_on else chr(10)}")
    return "".join(pieces)
