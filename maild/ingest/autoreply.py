"""Which letters a machine sent in answer to one (RFC 3834): by its fields, by its subject, by what it says. Pure.

Many autoresponders of small mail servers write no field at all, and people write about autoresponders and say that
they are on leave, too. So words never decide alone: a subject counts in the form that machines give it, and a text
where it is all that the letter says, short, at its beginning, without a quote, a question, a request or the fields of
a mail program. What is left open between a machine and a person is for people to read, and nothing answers it.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from maild.ingest.autoreply_wordings import (
    ABSENCES,
    ABSENT_SUBJECTS,
    DISCUSSING,
    OF_ITSELF,
    POLITENESS,
    RECEIVED,
    SUBJECTS,
)
from maild.ingest.fields import (
    answers,
    auto_submitted,
    by_mail_program,
    is_answer_by_subject,
    is_no_reply,
    precedence,
    untagged,
)
from maild.ingest.phrases import squeeze
from maild.model import Message

MAX_BRIEF = 1_500  # characters that an autoresponder says; a person who explains something says more
MAX_BRIEF_LINES = 20

# X-Autoreply, X-Mail-Autoreply, X-Autorespond, X-Autoresponder, X-Yandex-Autoreply, X-Vacation, …
_FIELD = re.compile(r"auto-?(?:repl|respon[ds]|answer)|vacation|out-?of-?office")
_SUPPRESSING = (
    "suppress",
    "x-no-",
    "exclude",
)  # X-Auto-Response-Suppress wishes that others do not answer by themselves
_DENIALS = frozenset({"no", "false", "0", "none", "off"})
# Another company's desk: what people say there comes with the same fields as what their machine says
_DESK_FIELDS = re.compile(
    r"x-(?:zendesk|freshdesk|fd|otrs|znuny|zammad|osticket|helpscout|hs|kayako|intercom|hubspot|front|groove|usedesk|omnidesk|jitbit|jira)(?:-.{1,60})?|x-rt-.{1,60}|rt-(?:ticket|originator)|managed-by"
)
_DESK_MAILERS = re.compile(
    r"zendesk|freshdesk|otrs|znuny|zammad|osticket|request tracker|helpdesk|usedesk|omnidesk|jitbit|kayako|help ?scout|redmine|atlassian|jira",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\s{0,9}[\[(*\"«]{0,3}([^:：\])»]{2,80}?)\s{0,5}(?:([:：\])»]|\s[-–—]+\s|\sre:)\s{0,5}(.*)|[-–—\s]*$)",
    re.IGNORECASE,
)
_NOTES = re.compile(r"\s{0,9}auto:\s{0,5}(.{1,200})", re.IGNORECASE)
_QUOTE_MARKS = (">", "|", "-----", "_____", "=====", "*****")
_HEADER_LINE = re.compile(
    r"\*{0,2}(?:from|от|кого|від|von|de|da|od|van|från|fra|lähettäjä|odesílatel|feladó|kimden)\s?\*{0,2}:\s?\*{0,2}\S",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:wrote|writes|писала?|пишет|написала?|пише|писав|написав|schrieb|écrit|escribió|escreveu|scritto|napisała?|schreef|skrev|kirjoitti|napsala?|írta|yazdı)\b"
    r"|<[^<>\s@]{1,100}@[^<>\s@]{1,100}>\s?[:：]$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:здравствуйте|добр\w{2,3} (?:день|утро|вечер|дня|времени суток)|приветствую|привет|вітаю|доброго дня|уважаем\w+|шановн\w+|hello|hi|dear|good (?:morning|afternoon|day)"
    r"|guten tag|hallo|liebe[r]?|sehr geehrte\w*|bonjour|hola|estimad\w+|buongiorno|gentile|salve|dzień dobry|witam|szanown\w+|olá|hej|hei|dobrý den|ahoj|tisztelt|merhaba|sayın)"
    r"(?P<name>[,\s]{1,3}(?!коллег|клиент|партн[её]р|пользовател|отправител|друзья|господа|колеги|клієнт|партнер|all|there|sender|sir|madam|colleague|customer|client|partner|everyone|damen|kund|ügyf|zákazn|klient|müşteri)[^\W\d_][\w .'-]{1,40})?\s*[!,.;]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class _Said:
    """What a letter says itself, above any quote and signature."""

    lines: tuple[str, ...]  # without blank ones
    quotes: bool  # whether a quote follows
    whole: bool  # whether that is all: there are not more lines or characters than an autoresponder writes

    @cached_property
    def opening(self) -> str:
        """The first two lines, a greeting not counted; squeezed."""
        skip = 1 if self.lines and self._greeting and len(self.lines[0]) - self._greeting.end() < 3 else 0
        return squeeze(" ".join(self.lines[skip : skip + 2])[:600])

    @cached_property
    def squeezed(self) -> str:
        """All of it, squeezed."""
        return squeeze("\n".join(self.lines))

    @property
    def brief(self) -> bool:
        """Whether an autoresponder may have said it, by its length."""
        return self.whole and bool(self.lines)

    @property
    def by_name(self) -> bool:
        """Whether it greets somebody by name."""
        return bool(self._greeting and self._greeting["name"])

    @cached_property
    def asks(self) -> bool:
        """Whether it wants something of its reader."""
        return self.discusses or any("?" in line for line in self.lines)

    @cached_property
    def discusses(self) -> bool:
        """Whether it speaks of autoresponders rather than being one, or asks for some work to be done."""
        return DISCUSSING.find(self.squeezed) is not None and OF_ITSELF.find(self.squeezed) is None

    @cached_property
    def _greeting(self) -> re.Match[str] | None:
        return _GREETING.match(self.lines[0][:120]) if self.lines else None


def says_auto_replied(message: Message) -> tuple[str, ...]:
    """Return the field by which a machine says that it answers a letter; empty where none does."""
    if auto_submitted(message) == "auto-replied":
        return ("Auto-Submitted: auto-replied",)
    for name, value in message.headers:
        if (
            name.startswith("x-")
            and _FIELD.search(name)
            and not any(word in name for word in _SUPPRESSING)
            and value.strip().lower() not in _DENIALS
        ):
            return (f"{name.title()} present",)
    if found := precedence(message, "auto_reply", "auto-reply", "autoreply"):
        return (f"Precedence: {found}",)
    if "reply" in (message.header("x-autogenerated") or "").lower():
        return ("X-Autogenerated: Reply",)
    if any(
        "autoresponder" in value.lower()
        for name in ("x-post-messageclass", "delivered-to")
        for value in message.values(name)
    ):
        return ("delivered by an autoresponder",)
    return ()


def find_auto_reply(message: Message) -> tuple[str, ...]:
    """Return the evidence that a machine answered a letter; empty where there is too little."""
    if said := says_auto_replied(message):
        return said
    submitted = auto_submitted(message)
    subject = machine_subject(message)
    absence = None if subject else _absent_subject(message)
    automatic = submitted not in (None, "no")
    topic = _answers_its_topic(message)
    if automatic and (subject or absence or topic or (answers(message) and not find_desk(message))):
        return (f"Auto-Submitted: {submitted}",)
    for name in ("x-fc-machinegenerated", "x-ms-exchange-generated-message-source"):
        if message.header(name) and (subject or absence or answers(message)):
            return (f"{name.title()} on an answer",)
    if message.envelope_sender == "" and (subject or absence or answers(message)) and not find_desk(message):
        return ("null reverse-path on an answer",)
    if submitted == "no":
        return ()
    if subject or absence is not None:
        return _by_subject(message, absence=absence is not None)
    return _by_words(message) if answers(message) else ()


def find_maybe_automatic(message: Message) -> tuple[str, ...]:
    """Return what an autoresponder or a person may have written, for a person to look at and nobody to answer.

    The subject of an absence over the words of one; or a letter that calls itself automatic and shows no id of what it
    answers, as people's letters do that quote without any mark.
    """
    said = _said(message)
    subject = machine_subject(message) or _absent_subject(message)
    if subject and not said.asks and (wording := ABSENCES.find(said.squeezed)):
        return (f"subject {message.subject[:60]!r}", f"wording {wording!r}", "as autoresponders write, or a person")
    itself = OF_ITSELF.find(said.opening)
    if itself and said.brief and not said.asks:
        return (f"of itself {itself!r}", "no id of a letter that it answers")
    return ()


def absence_wording(text: str) -> str | None:
    """Return the words with which an autoresponder speaks of an absence, or None. People use them as well."""
    return ABSENCES.find(squeeze(text[:3_000]))


def find_desk(message: Message) -> str | None:
    """Return the field by which another company's desk marks all that it sends, or None."""
    for name, value in message.headers:
        if (name.startswith(("x-", "rt-", "managed")) and _DESK_FIELDS.fullmatch(name)) or (
            name in ("x-mailer", "x-powered-by") and _DESK_MAILERS.search(value[:100])
        ):
            return name.title()
    return None


def machine_subject(message: Message) -> str | None:
    """Return the words of a subject that only a machine begins so: "Автоответ: …", "[Automatyczna odpowiedź] …"."""
    for subject in untagged(message.subject):
        head, _ = _head(subject)
        if SUBJECTS.is_one(squeeze(head)):
            return head
        notes = _NOTES.match(subject)
        if notes and ABSENCES.find(squeeze(notes[1])):
            return notes[0][:60]
    head, _ = _head(message.subject)
    # Exchange, in whatever language: its words, a colon, and the topic that it answers
    return head if _answers_its_topic(message) and SUBJECTS.find(squeeze(head)) else None


def _absent_subject(message: Message) -> str | None:
    """Return the words of a subject that announces an absence; people head letters so, too."""
    heads = (_head(subject)[0] for subject in untagged(message.subject))
    return next((head for head in heads if ABSENT_SUBJECTS.is_one(squeeze(head))), None)


def _answers_its_topic(message: Message) -> bool:
    """Whether the subject is some words, a colon and what Exchange calls the topic of the thread; not "Re:"."""
    topic = message.header("thread-topic")
    head, rest = _head(message.subject)
    return bool(topic) and rest == topic and len(head) > 3 and not is_answer_by_subject(message)


def _head(subject: str) -> tuple[str, str]:
    """Return what stands before the first colon, bracket or dash of a subject, and what stands behind it."""
    match = _HEAD.match(subject[:300])
    return (match[1].strip(), (match[3] or "").strip()) if match else ("", "")


def _by_subject(message: Message, *, absence: bool) -> tuple[str, ...]:
    """Return the evidence for a letter with the subject of a machine, or of an absence: it takes more than that."""
    evidence = f"subject {message.subject[:60]!r}"
    said = _said(message)
    wording = ABSENCES.find(said.squeezed)
    signs = []
    if answers(message):
        signs.append("answers a letter")
    if found := precedence(message, "bulk", "junk"):
        signs.append(f"Precedence: {found}")
    if message.header("x-auto-response-suppress"):
        # by itself a wish ("send me no auto-replies"), which Exchange and many notifiers write on people's mail, too
        signs.append("X-Auto-Response-Suppress")
    if message.header("x-loop"):
        signs.append("X-Loop")
    if _answers_its_topic(message):
        signs.append("the topic that it answers")
    if message.author and is_no_reply(message.author.key):
        signs.append("a no-reply address as author")
    if itself := OF_ITSELF.find(said.squeezed):
        signs.append(f"of itself {itself!r}")
    if absence and not wording:
        return ()
    if not signs:
        if absence or said.asks or not said.brief or said.quotes:
            return ()
        told = (
            wording or OF_ITSELF.find(said.squeezed) or RECEIVED.find(said.squeezed) or POLITENESS.find(said.squeezed)
        )
        return (evidence, f"wording {told!r}", "nothing else in it") if told else ()
    if said.discusses and signs == ["answers a letter"]:
        return ()  # their own subject, about an autoresponder
    return (evidence, *signs, *([f"wording {wording!r}"] if wording else []))


def _by_words(message: Message) -> tuple[str, ...]:
    """Return the evidence for an answer that says what only an autoresponder says, and nothing else."""
    said = _said(message)
    if not said.brief or said.by_name:
        return ()
    itself = OF_ITSELF.find(said.squeezed)
    absent = ABSENCES.find(said.opening)
    told = absent or RECEIVED.find(said.opening) or (POLITENESS.find(said.opening) if itself else None)
    if not told or said.asks:
        return ()
    if itself:
        return (f"wording {told!r}", f"of itself {itself!r}", "answers a letter")
    if absent is None or said.quotes or by_mail_program(message):
        return ()
    polite = POLITENESS.find(said.squeezed)
    if not polite:
        return ()
    return (f"wording {absent!r}", f"wording {polite!r}", "answers a letter", "no quote and no mail program's field")


def _said(message: Message) -> _Said:
    """Return what the letter says up to its first quote or signature, as far as an autoresponder's words can reach."""
    lines: list[str] = []
    room = MAX_BRIEF
    for given in message.text[: 4 * MAX_BRIEF].split("\n"):
        line = given.strip()
        if line == "--":
            break
        if (
            line.startswith(_QUOTE_MARKS)
            or _HEADER_LINE.match(line)
            or (line.endswith((":", "：")) and _WROTE.search(line[-400:]))
        ):
            return _Said(tuple(lines), quotes=True, whole=True)
        if line:
            room -= len(line)
            if room < 0 or len(lines) == MAX_BRIEF_LINES:
                return _Said(tuple(lines), quotes=False, whole=False)
            lines.append(line)
    return _Said(tuple(lines), quotes=False, whole=True)
