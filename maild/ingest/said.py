"""Who speaks in a letter and what they say anew, put together from what `unwrap` and `reply` found. Pure."""

from maild.ingest.reply import Reply
from maild.ingest.unwrap import Unwrapped
from maild.model import Message, Said


def choose_said(message: Message, wrapped: Unwrapped, reply: Reply) -> Said:
    """Return the wrapped author's words where it is known whose they are, else those of the letter's own author.

    A form that names nobody is still no letter of its sender's. A forward that names nobody is: somebody has to be
    answered, and an agent who asks on behalf of a stranger is the one who can. Nothing that an agent wrote around a
    letter stands in for what the letter lacks: its subject goes back to the customer.
    """
    files = tuple(sorted({attachment.sha256 for attachment in message.attachments}))
    own = Said(subject=message.subject, text=reply.text, files=files)
    if wrapped.kind is None or (wrapped.author is None and wrapped.form is None):
        return own
    if wrapped.author and message.author and wrapped.author.key == message.author.key:
        # a letter of their own, sent once more
        return Said(subject=wrapped.subject or message.subject, text=wrapped.text or reply.text, files=files)
    if wrapped.kind == "attached":
        files = tuple(sorted({attachment.sha256 for attachment in wrapped.attachments}))
    return Said(
        wrapped=wrapped.kind, author=wrapped.author, subject=wrapped.subject, text=wrapped.text,
        note=wrapped.note, machine=wrapped.machine, files=files,
    )  # fmt: skip
