"""Which files of a letter travel on with its words, and which are only named. Pure."""

from maild.desk.case import Case
from maild.desk.page import quoted_pictures
from maild.model import Attachment

MAX_ATTACHMENTS = 50  # files in one outgoing letter; nobody reads more, and each costs a look through the letter
MAX_ATTACHED = 15_000_000  # decoded octets in one outgoing letter: base64 makes 20 MB of them, which most servers take
_NAMES_WRITER = frozenset({
    "text/vcard", "text/x-vcard", "text/directory", "application/pgp-keys", "application/pgp-signature",
    "application/pkcs7-signature", "application/x-pkcs7-signature",
})  # fmt: skip


def choose_attached(
    case: Case, *, for_customer: bool = False, outside: bool = False, shown: str = ""
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The attachments that travel on with the words, and the names of those for which there is no room.

    Files that are not taken (C23) are in neither: they travel nowhere, and are named with the reason (`files_words`).
    No letter goes to the customer as a file, nor any file with a token in it: it may be a notification of ours. Nor does
    what mail programs add by themselves to say who writes: a card, a signature, a key; it names the agent. Nor do
    the pictures that were merely quoted: they are what a customer sent, and others read the answer, too. To a unit `outside`
    goes no file with a token, either: that is the customer's. `shown` is the HTML that goes to the customer, if any: the
    pictures that the letter showed and this does not stood in the quotation or the signature.
    """
    if case.letter.raw.sent:  # whoever it was written to has them; to nobody else are they ours to give
        return (), ()
    quoted = quoted_pictures(case.message, shown) if for_customer else frozenset()
    untaken = {file.attachment.index for file in case.files if file.untaken}
    attached: list[Attachment] = []
    left_out: list[str] = []
    room = 0 if case.letter.raw.truncated else MAX_ATTACHED  # nobody can tell which file was cut
    for attachment in case.message.attachments:
        if (
            attachment.content_id in quoted
            or attachment.index in untaken
            or (for_customer and _names_writer(attachment))
        ):
            continue
        internal = for_customer and attachment.media_type.startswith("message/")
        internal |= (for_customer or outside) and attachment.index in case.with_tokens
        if not internal and attachment.size <= room and len(attached) < MAX_ATTACHMENTS:
            attached.append(attachment)
            room -= attachment.size
        else:
            left_out.append(attachment.name)
    if len(left_out) > MAX_ATTACHMENTS:
        left_out[MAX_ATTACHMENTS:] = ["…"]
    return tuple(attached), tuple(left_out)


def _names_writer(attachment: Attachment) -> bool:
    """Whether a file is its writer's card, signature or public key."""
    return attachment.media_type in _NAMES_WRITER or attachment.name.casefold().endswith((".vcf", ".p7s", ".asc"))
