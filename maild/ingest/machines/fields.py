"""What a letter's header fields say of who wrote it, whatever the kind that is looked for. Pure; imports only model."""

import re

from maild.model import Message

_NO_REPLY = re.compile(
    r"(?:.*[-_.+])?(?:no|not|do[-_.]?not|don[-_.]?t)[-_.]?(?:reply|respond|answer|response)(?:[-_.+].*|\d*)"
    r"|mailer[-_.]?daemon|bounces?(?:[-_.+=].*)?",
    re.IGNORECASE,
)
_ANSWER_PREFIX = re.compile(
    r"\s*(?:re|ответ|отв|відп|aw|antw|rv|ref|odp|sv|vs|vá|ynt)\s?(?:\[\d{1,3}\])?\s?[:：]", re.IGNORECASE
)
# What people's mail programs write and autoresponders do not: the vacation services of the large providers, whose
# servers add the last ones to everything, always mark their letters
_CLIENT_FIELDS = frozenset({"user-agent", "x-mailer", "thread-index", "x-gm-message-state"})
# What gateways put before a subject: "[EXT]", "[External]", "***SPAM***", "Внешнее:"
_TAGS = re.compile(
    r"(?:\s{0,9}(?:\[[^\]]{0,80}\]|\*{2,9}[^*]{0,40}\*{2,9}|(?:external|внешнее)\s?:))+\s{0,9}", re.IGNORECASE
)


def untagged(subject: str) -> tuple[str, ...]:
    """Return a subject as it is, and without the tags that gateways put before it where there are some."""
    tags = _TAGS.match(subject)
    return (subject, subject[tags.end() :]) if tags and tags.end() < len(subject) else (subject,)


def auto_submitted(message: Message) -> str | None:
    """Return the keyword of Auto-Submitted (RFC 3834 §5), lower-case; "no" where it is all there is, None where nothing."""
    words = [re.split(r"[\s;(]", value.lower(), maxsplit=1)[0] for value in message.values("auto-submitted")]
    return next((word for word in words if word and word != "no"), "no" if words else None)


def precedence(message: Message, *wanted: str) -> str | None:
    """Return the first Precedence that is one of `wanted`; relays add a second field."""
    told = (value.strip().lower() for value in message.values("precedence"))
    return next((value for value in told if value in wanted), None)


def answers(message: Message) -> bool:
    """Whether the letter answers one, by its ids."""
    return bool(message.in_reply_to or message.references)


def is_answer_by_subject(message: Message) -> bool:
    """Whether the subject begins as mail programs begin that of an answer."""
    return _ANSWER_PREFIX.match(message.subject) is not None


def by_mail_program(message: Message) -> bool:
    """Whether a person's mail program left its fields."""
    return any(name in _CLIENT_FIELDS for name, _ in message.headers)


def is_no_reply(address: str) -> bool:
    """Whether an address asks by its name not to be answered, no-reply@…, jira-donotreply@…, or is where reports come back to."""
    return _NO_REPLY.fullmatch(address.strip().casefold().partition("@")[0]) is not None
