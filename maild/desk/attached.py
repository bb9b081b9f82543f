"""Which files of a letter travel on with its words, and which are only named. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from maild.desk.case import Case, EarlierLetter
from maild.desk.page import quoted_pictures
from maild.model import Attachment, Message

MAX_ATTACHMENTS = 50  # files in one outgoing letter; nobody reads more, and each costs a look through the letter
MAX_ATTACHED = 15_000_000  # decoded octets in one outgoing letter: base64 makes 20 MB of them, which most servers take
_EARLIER = 1_000_000  # indexes from here on are of files of earlier letters
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
    goes no file with a token, either: that is the customer's; nor what names an agent. `shown` is the HTML that goes to the customer, if any: the
    pictures that the letter showed and this does not stood in the quotation or the signature.
    """
    if case.letter.raw.sent:  # whoever it was written to has them; to nobody else are they ours to give
        return (), ()
    if case.thread.note and (for_customer or outside):  # its commands may write to them, its files are for colleagues
        return (), ()
    untaken = frozenset(file.attachment.index for file in case.files if file.untaken)
    return _choose(
        case.message, case.with_tokens, untaken, cut=case.letter.raw.truncated, for_customer=for_customer, outside=outside,
        agents=for_customer or (outside and case.author.agent is not None), shown=shown,
    )  # fmt: skip


def enclose_earlier(
    attached: tuple[Attachment, ...], letters: Iterable[EarlierLetter], *, for_customer: bool
) -> tuple[tuple[Attachment, ...], tuple[str, ...], Mapping[int, Callable[[], bytes]]]:
    """The files of a letter and of earlier ones that travel together, the names of those without room, the earlier ones' octets."""
    chosen: list[tuple[Attachment, Callable[[], bytes] | None]] = [(one, None) for one in attached]
    left_out: list[str] = []
    for letter in letters:
        theirs, without = _choose(
            letter.message, letter.with_tokens, letter.untaken, cut=letter.cut, for_customer=for_customer,
            outside=not for_customer, agents=for_customer, shown="",
        )  # fmt: skip
        chosen += [(one, partial(letter.read, one.index)) for one in theirs]
        left_out += without
    kept: list[Attachment] = []
    earlier: dict[int, Callable[[], bytes]] = {}
    room = MAX_ATTACHED
    for attachment, read in chosen:
        if attachment.size > room or len(kept) == MAX_ATTACHMENTS:
            left_out.append(attachment.name)
            continue
        room -= attachment.size
        index = _EARLIER + len(earlier) if read else attachment.index
        if read:
            earlier[index] = read
        kept.append(replace(attachment, index=index))
    return tuple(kept), tuple(left_out[:MAX_ATTACHMENTS]), earlier


def _choose(
    message: Message,
    with_tokens: frozenset[int],
    untaken: frozenset[int],
    *,
    cut: bool,
    for_customer: bool,
    outside: bool,
    agents: bool,
    shown: str,
) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    quoted = quoted_pictures(message, shown) if for_customer else frozenset()
    attached: list[Attachment] = []
    left_out: list[str] = []
    room = 0 if cut else MAX_ATTACHED  # nobody can tell which file was cut
    for attachment in message.attachments:
        if attachment.content_id in quoted or attachment.index in untaken or (agents and _names_writer(attachment)):
            continue
        internal = for_customer and attachment.media_type.startswith("message/")
        internal |= (for_customer or outside) and attachment.index in with_tokens
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
