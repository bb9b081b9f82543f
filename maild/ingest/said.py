"""Who speaks in a letter and what they say anew, put together from what `unwrap` and `reply` found. Pure."""

from maild.ingest.reply import Reply
from maild.ingest.unwrap import Unwrapped
from maild.model import Message, Said


def choose_said(message: Message, wrapped: Unwrapped, reply: Reply) -> Said:
    """Return the wrapped author's words where it is known whose they are, else those of the letter's own author.

    A form that names nobody is still no letter of its sender's. A forward that names nobody is: somebody has to be
    answered, and an agent who asks on behalf of a stranger is the one who can.
    """
    files = tuple(sorted({attachment.sha256 for attachment in message.attachments}))
    own = Said(subject=message.subject, text=reply.text, files=files)
    if wrapped.kind is None or (wrapped.author is None and wrapped.form is None):
        return own
    subject, text = wrapped.subject or message.subject, wrapped.text or reply.text
    if wrapped.author and message.author and wrapped.author.key == message.author.key:
        return Said(subject=subject, text=text, files=files)  # a letter of their own, sent once more
    if wrapped.kind == "attached":
        files = tuple(sorted({attachment.sha256 for attachment in wrapped.attachments}))
    return Said(wrapped=wrapped.kind, author=wrapped.author, subject=subject, text=text, note=wrapped.note, files=files)
