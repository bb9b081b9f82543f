"""What of an agent's reply reaches the customer: the words above the quoted notification, and nothing of ours. Pure."""

import re

from maild.ingest.clients.contact import judge
from maild.ingest.clients.quote import clean
from maild.ingest.clients.signature import BLOCK_LINES, SIGNATURE, find_closing_line
from maild.ingest.reply import REPLY_MARKER_PREFIX, Part, read_text
from maild.model import without_detail
from maild.tokens import TOKEN, hide_tokens

MAX_NAMED, MAX_NAME = 3, 60  # lines below a closing, and their characters
MAX_OURS = 300  # characters of a line in which a sentence of ours is looked for
_QUOTED = " \t\xa0>|*_"
_GREETING = re.compile(
    r"(?:здравствуйте|здравствуй|добрый (?:день|вечер)|доброе утро|привет|вітаю|доброго дня|добрий день|hello|hi|dear|good (?:day|morning|afternoon|evening))"
    r"(?:,? [^\W\d_]{2,20}){0,3}[ ,.!]{0,3}",
    re.IGNORECASE,
)
_FIELD = re.compile(r"[ \t*>]*[^\s:][^:]{0,30}:[ \t*]*\S")  # "De : …", "À : …", in any language
# What stands in every notification and what stands on lines of its own in many: whoever quotes one without its marker quotes these
_NOTIFICATION = re.compile(
    r"""(?:новое\ обращение|новое\ письмо\ в\ обращении|нове\ звернення|новий\ лист\ у\ зверненні|new\ request|new\ letter\ in\ request)\ \S{1,40}-\d{1,12}:
    |(?:клиент\ ещ[её]\ раз\ прислал\ то\ же\ обращение|клієнт\ ще\ раз\ надіслав\ те\ саме\ звернення|the\ customer\ has\ sent\ the\ same\ request)\ \S{1,40}-\d
    |(?:клиент\ не\ опознан|кто\ клиент,\ неясно|клієнта\ не\ впізнано|хто\ клієнт,\ незрозуміло|the\ client\ was\ not\ recognised|it\ is\ unclear\ who\ the\ client\ is)$
    |(?:обслуживание\ клиента\ приостановлено|договор\ клиента\ (?:закончился|ещ[её]\ не\ начался)|уровень\ клиента\ не\ описан\ в\ конфигурации)$
    |(?:обслуговування\ клієнта\ призупинено|договір\ клієнта\ (?:закінчився|ще\ не\ почався)|рівень\ клієнта\ не\ описано\ в\ конфігурації)$
    |the\ client[’']s\ (?:service\ is\ suspended|contract\ has\ (?:ended|not\ begun\ yet)|level\ is\ not\ in\ the\ configuration)$
    |(?:место\ в\ очереди:\ \d+\ из\ \d|місце\ в\ черзі:\ \d+\ з\ \d|place\ in\ the\ queue:\ \d+\ of\ \d)
    |(?:раньше\ в\ этом\ обращении|раніше\ в\ цьому\ зверненні|earlier\ in\ this\ request):$
    |(?:заметка\ для\ коллег,\ которую\ клиент\ не\ увидит|нотатка\ для\ колег,\ якої\ клієнт\ не\ побачить|a\ note\ for\ colleagues,\ which\ the\ customer\ does\ not\ see):
    |(?:ваш\ ответ\ на\ это\ письмо\ уйд[её]т\ клиенту|ваша\ відповідь\ на\ цей\ лист\ піде\ клієнтові|your\ reply\ to\ this\ letter\ goes\ to\ the\ customer)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'*@]{1,64}@[\w.-]{0,255}\w")
_BRACKETED = re.compile(r"<(?:mailto:)?([^\s<>]+@[^\s<>]+)>")


def relayed_text(text: str, ours: frozenset[str] = frozenset()) -> str | None:
    """Return the agent's new words, or None when nothing stands above the quotation.

    The notification begins with a marker line; whatever is at or below it is ours or the customer's, never new. Unlike
    a customer's letter, of which the whole is shown when nothing else is left, a quotation alone is not sent. `ours`
    are our own and the agents' addresses (casefolded): they tell the header that a mail client put above the marker.
    """
    return hide_tokens(_new_words(text, ours)) or None


def quoted_of_ours(text: str, ours: frozenset[str] = frozenset()) -> str | None:
    """Return what of a notification stands among the agent's new words, None where nothing does.

    Where a mail client or a thorough agent has taken the marker away, nothing tells their words from ours and the
    customer's. The footer holds a token, which stands nowhere else.
    """
    words = _new_words(text, ours)
    if TOKEN.search(words):
        return "a token"
    lines = (line.strip(_QUOTED)[:MAX_OURS] for line in words.splitlines())
    found = next(filter(None, map(_NOTIFICATION.match, lines)), None)
    return repr(found[0]) if found else None


def _new_words(text: str, ours: frozenset[str]) -> str:
    lines = text.splitlines()
    marker = find_marker(lines)
    reply = read_text("\n".join(lines[:marker]).strip(), strict=True)
    if reply.nothing_new:
        return ""
    said = reply.text.splitlines()
    words = "\n".join(said if marker is None else _without_header(said, ours))
    return without_signature(words, ours).strip()


def signature_of(text: str, ours: frozenset[str] = frozenset()) -> str:
    """Return what stands below an agent's words as their signature, above the quotation: some write their commands there."""
    above = _above(text, ours)
    reply = read_text(above, strict=True)
    lines = (above if reply.nothing_new else reply.text).splitlines()
    delimited = next((n for n, line in enumerate(lines) if clean(line) == SIGNATURE), None)
    if delimited is not None and not reply.nothing_new:
        return "\n".join(lines[delimited + 1 :])
    if not reply.hidden or reply.hidden[0].part is not Part.SIGNATURE:
        return ""
    written = [line for line in above.splitlines()[len(lines) :] if line.strip()]
    return "\n".join(written[: reply.hidden[0].lines])


def says_nothing(words: str) -> bool:
    """Whether words are no more than a greeting and a closing with a name: nothing that a customer misses."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    while lines and _GREETING.fullmatch(lines[0]):
        lines.pop(0)
    if not lines:
        return True
    rest = find_closing_line(lines[0])
    named = [*filter(None, [rest]), *lines[1:]] if rest is not None else ["?"]
    return len(named) <= MAX_NAMED and all(len(one) <= MAX_NAME and not one.endswith(("?", "!", ".")) for one in named)


def _above(text: str, ours: frozenset[str]) -> str:
    """Return what stands above the marker line of our letter."""
    lines = text.splitlines()
    marker = find_marker(lines)
    return "\n".join(lines if marker is None else _without_header(lines[:marker], ours)).strip()


def find_marker(lines: list[str]) -> int | None:
    """Return the line that is the marker of our letter, however it is quoted."""
    return next((n for n, line in enumerate(lines) if REPLY_MARKER_PREFIX in line), None)


def quotes_header(words: str, ours: frozenset[str]) -> bool:
    """Whether an address of ours stands in angle brackets, as mail clients write it and people do not."""
    return any(without_detail(match[1]) in ours for match in _BRACKETED.finditer(words.casefold()))


def _without_header(lines: list[str], ours: frozenset[str]) -> list[str]:
    """Return the lines without a header block or attribution of an unknown language that stands at their end.

    Words may stand right above an attribution: it begins where our address is.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and lines[begin - 1].strip():
        begin -= 1
    named = [
        n
        for n in range(begin, end)
        if any(without_detail(one) in ours for one in _ADDRESS.findall(lines[n].casefold()))
    ]
    if not named:
        return lines
    fields = [n for n in range(begin, end) if _FIELD.match(lines[n])]
    if len(fields) > 1:
        return lines[: fields[0]]
    return lines[: named[0]] if lines[end - 1].rstrip().endswith(":") else lines


def without_signature(words: str, ours: frozenset[str]) -> str:
    """Return the words above the agent's own signature: it holds a private address, and ours stands below the answer.

    Without the line that clients put above one, it is a last paragraph with their address, all of it a signature's lines.
    """
    lines = words.rstrip().split("\n")
    at = next((n for n, line in enumerate(lines) if clean(line) == SIGNATURE), len(lines))
    lines = "\n".join(lines[:at]).rstrip().split("\n")
    begin = next((n for n in range(len(lines), 0, -1) if not lines[n - 1].strip()), 0)
    block = lines[begin:]
    named = any(without_detail(one) in ours for line in block for one in _ADDRESS.findall(line.casefold()))
    if begin and named and len(block) <= BLOCK_LINES and all(map(_is_signed, block)):
        return "\n".join(lines[:begin])
    return "\n".join(lines)


def _is_signed(line: str) -> bool:
    return judge(line) is not None or find_closing_line(line) is not None
