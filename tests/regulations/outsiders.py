"""What a letter to somebody outside must never tell, looked for in everything that a scenario sends. Whatever it is about.

An agent's address; a token that is not the reader's own; a line that is a command or a question to the desk; words of a note;
what our templates say to agents alone; a line that stands in a letter to agents and that nobody said to the customer.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from email import message_from_bytes, policy
from functools import cache
from itertools import chain

from maild.config.load import Loaded
from maild.desk.arguments import plain
from maild.desk.queries import QUESTIONS
from maild.desk.verbs import VERBS
from maild.ingest.parse import parse
from maild.model import TO_OUR_OWN, Address, Purpose
from maild.outbox.shelves import SHIPPED
from maild.rehearsal import KEY, SentLetter
from maild.scenario import Played
from maild.scenario_file import ScenarioFile, Step
from maild.tokens import TOKEN, Keyring, Token

OURS = frozenset({"notification", "receipt", "reminder", "overview", "confirmation", "admin"})  # templates for agents
WORDED = frozenset({Purpose.ANSWER, Purpose.EXTENSION})  # letters with words of an agent's
PHRASE = 3  # words at least of a phrase that says enough to be looked for: labels are in letters to customers as well
SHORTEST = 8  # characters of a note's line likewise
LONG = 25  # of a line of words: shorter ones are said by anybody
ORDERS = frozenset(plain(word) for one in (*VERBS, *QUESTIONS) for word in one.words)
_ORDER = re.compile(r"[\s>*]*[#№]\s?([^\W\d_][\w'’]*)")
_NOTE = re.compile(r"[#№]\s?(?:заметка|примечание|нотатка|примітка|note)\b:?(.*)", re.IGNORECASE)
_CONFIRMATION = re.compile(r"\bc[1-9][0-9]*\.[a-z2-7]{16}\b")


def find_leaks(file: ScenarioFile, played: Sequence[Played]) -> list[str]:
    """Return what the letters of a scenario told people outside, a line each; nothing is as it should be."""
    staff = set(_staff(file.loaded))
    outside, inside, notes = _said(file, staff)
    hints = {rule.then.hint for one in file.loaded.config.organization.values() for rule in one.rule.values()} - {
        None,
        "",
    }
    told: set[str] = set()  # lines of letters to agents
    theirs = set(_lines(outside))
    known = theirs | {*_lines(_without_orders(inside))}
    leaks = []
    ours_last = (  # a receipt repeats what the customer was sent with it
        (one.number, letter)
        for one in played
        for letter in sorted(one.sent, key=lambda letter: letter.recipient.casefold() in staff)
    )
    for number, letter in ours_last:
        if letter.recipient.casefold() in staff:
            told |= set(_lines([letter.message.text]))
            continue
        everything, lines = _everything(letter), list(_lines([letter.message.text, _plain(letter.message.html or "")]))
        phrases = chain(_internal(_language(file.loaded, letter)), hints)
        found = chain(
            [f"a letter that is for our own: {letter.purpose}"] if letter.purpose in TO_OUR_OWN else [],
            (f"the address {one}" for one in staff if one in everything.casefold()),
            _wrong_sender(file.loaded, letter),
            _foreign_tokens(letter, everything),
            (
                f"the order {line}"
                for line in lines
                if (m := _ORDER.match(line)) and plain(m[1]) in ORDERS and line not in theirs
            ),
            (f"the note {one}" for one in notes if one in _spaced(everything)),
            (f"the words {one!r}" for one in phrases if one in _spaced(everything) and not _in_any(one, known)),
            (
                f"the line {line}"
                for line in lines
                if letter.purpose in WORDED
                and len(line) >= LONG
                and line in told
                and line not in known
                and not _in_any(line, theirs)
            ),
        )
        leaks += [f"{file.path.name} {number}, to {letter.recipient}: {one}" for one in dict.fromkeys(found)]
        known |= set(lines)
    return leaks


def _staff(loaded: Loaded) -> Iterator[str]:
    """Yield the addresses that nobody outside has any business with."""
    if loaded.config.admin:
        yield loaded.config.admin.address.casefold()
    for organization in loaded.config.organization.values():
        for agent in organization.agent.values():
            yield from (one.casefold() for one in (agent.address, *agent.aliases))


def _said(file: ScenarioFile, staff: set[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the texts that people outside wrote, those of agents, and the lines of notes among the latter."""
    outside, inside, notes = [], [], []
    for step in file.scenario.step:
        author, texts = _written(file, step)
        if author in staff or step.sent:
            inside += texts
            notes += [line for text in texts for line in _noted(text)]
            if re.search(r"\+n[0-9]", step.headers.get("To", "")):
                notes += [line for line in _lines([step.text]) if len(line) >= SHORTEST]
        else:
            outside += texts
    return outside, inside, [one for one in notes if not _in_any(one, set(_lines(outside)))]


def _written(file: ScenarioFile, step: Step) -> tuple[str, list[str]]:
    if step.file:
        message = parse((file.path.parent / step.file).read_bytes())
        return message.author.key if message.author else "", [message.subject, message.text]
    author = parse(f"From: {step.headers['From']}\n\n".encode()).author if "From" in step.headers else step.author
    return author.key if author else "", [step.subject, step.text, _plain(step.html or "")]


def _noted(text: str) -> Iterator[str]:
    """Yield the lines of notes: behind the command, and below it up to the next."""
    inside = False
    for line in map(str.strip, _spaced(text).splitlines()):
        begins = _NOTE.match(line)
        inside = bool(begins) or (inside and not line.startswith(("#", "№")))
        words = begins[1].strip() if begins else line
        if inside and len(words) >= SHORTEST:
            yield words


def _without_orders(texts: Iterable[str]) -> Iterator[str]:
    """Yield what agents wrote for customers: no orders, no notes."""
    for text in texts:
        notes = set(_noted(text))
        yield "\n".join(
            line for line in text.splitlines() if not _ORDER.match(line) and _spaced(line).strip() not in notes
        )


def _wrong_sender(loaded: Loaded, letter: SentLetter) -> Iterator[str]:
    """Say so where a letter does not come from a desk, or names an agent whose organisation keeps their names to itself."""
    author = letter.message.author or Address(addr="")
    for organization in loaded.config.organization.values():
        if author.key in {box.address.casefold() for box in organization.mailbox.values()}:
            named = [one.name for one in organization.agent.values() if one.name in author.name]
            yield from (f"the name {name}" for name in named if organization.answers.sender != "agent")
            return
    yield f"the sender {author}"


def _foreign_tokens(letter: SentLetter, everything: str) -> Iterator[str]:
    """Yield the tokens in a letter that open something for somebody else than its reader."""
    keys = Keyring(KEY)
    for kind, ticket, mac in TOKEN.findall(everything):
        token = Token(int(ticket), mac.lower(), note=kind.lower() == "n")
        if token != keys.token(token.ticket_id, letter.recipient):
            yield f"the token {token}"
    yield from (f"the code {one}" for one in _CONFIRMATION.findall(everything))


@cache
def _internal(language: str) -> tuple[str, ...]:
    """Return the phrases that stand in templates for agents alone."""
    texts = {path.name.partition(".")[0]: "" for path in (SHIPPED / language).glob("*.txt")}
    for path in (SHIPPED / language).glob("*.txt"):
        texts[path.name.partition(".")[0]] += path.read_text("utf-8")
    theirs = "".join(text for name, text in texts.items() if name not in OURS)
    ours = "".join(texts[name] for name in OURS)
    pieces = (_spaced(one).strip(" .:,()«»") for one in re.split(r"\{%.*?%\}|\{\{.*?\}\}|\n", ours, flags=re.DOTALL))
    return tuple(sorted({one for one in pieces if len(one.split()) >= PHRASE and one not in theirs}))


def _language(loaded: Loaded, letter: SentLetter) -> str:
    """Return the language of the organisation that a letter comes from."""
    author = letter.message.author.key if letter.message.author else ""
    organizations = loaded.config.organization.values()
    return next(
        (one.language for one in organizations for box in one.mailbox.values() if box.address.casefold() == author),
        "ru",
    )


def _everything(letter: SentLetter) -> str:
    """Return all that can be read in a letter: every header of every part, every text, every file."""
    read = []
    for part in message_from_bytes(letter.octets, policy=policy.default).walk():
        read += [f"{name}: {value}" for name, value in part.items()]
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            read.append(content.decode(part.get_content_charset("utf-8"), "replace"))
    return html.unescape("\n".join(read))


def _plain(page: str) -> str:
    """Return the words of HTML, a line for each block."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(?:br|/p|/div|/td|/li|/h\d)\b[^>]*>", "\n", page)))


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (line for one in text.splitlines() if (line := _spaced(one).lstrip("> ").strip()))


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\u00a0\u202f]+", " ", text)


def _in_any(words: str, texts: Iterable[str]) -> bool:
    return any(words in text for text in texts)
