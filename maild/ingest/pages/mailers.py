"""What the markup of mail programs means: where they quote, begin a header block, sign. Pure tables and questions.

Each line names the programs that taught it. What is asked: a tag's name and its attributes (names lower case).
"""

import re
from collections.abc import Mapping
from enum import Enum, auto

MAX_LOOKED_AT = 300  # characters of a line or a style that are looked at


class Role(Enum):
    """What an element means in a letter."""

    QUOTE = auto()  # a quote, whatever it says
    BLOCKQUOTE = auto()  # a quote, unless what it holds is said to be forwarded
    BAR = auto()  # has a bar to its left: a quote if an attribution or a header block says so
    ATTRIBUTED = auto()  # its first line is the attribution, the rest is the quote
    REPLY = auto()  # holds attribution and quote; the words say where the quote begins
    HEADERS = auto()  # the header block above an Outlook's unmarked quote: a rule stands above it
    SIGNATURE = auto()


_CLASSES: Mapping[str, Role] = {
    "gmail_quote": Role.REPLY,  # Gmail, K-9, Samsung; the quote itself is a blockquote, what is forwarded is not
    "gmail_quote_container": Role.REPLY,
    "gmail_attr": Role.REPLY,
    "gmail_extra": Role.REPLY,
    "moz-cite-prefix": Role.REPLY,  # Thunderbird
    "moz-forward-container": Role.REPLY,
    "zmail_extra": Role.REPLY,  # Zoho
    "quoted-text": Role.REPLY,  # Samsung
    "yahoo_quoted": Role.ATTRIBUTED,
    "ms-outlook-mobile-reference-message": Role.REPLY,
    "gmail_signature": Role.SIGNATURE,
    "moz-signature": Role.SIGNATURE,
    "signature": Role.SIGNATURE,
    "protonmail_signature_block": Role.SIGNATURE,
    "tutanota_signature": Role.SIGNATURE,
    "k9mail-signature": Role.SIGNATURE,
    "ms-outlook-mobile-signature": Role.SIGNATURE,
    "bloop_sign": Role.SIGNATURE,  # Airmail
    "front-signature": Role.SIGNATURE,
    "mb_sig": Role.SIGNATURE,  # Mailbird
}
_IDS: Mapping[str, Role] = {
    "appendonsend": Role.REPLY,  # Outlook on the web, empty, at the end of the new words
    "reply-intro": Role.REPLY,  # Roundcube
    "replyheader": Role.REPLY,
    "composer_quoted": Role.REPLY,  # Samsung
    "replysplit": Role.REPLY,
    "divrplyfwdmsg": Role.HEADERS,  # Outlook on the web
    "mail-editor-reference-message-container": Role.REPLY,  # new Outlook
    "olk_src_body_section": Role.REPLY,  # Outlook for Mac
    "mail-app-auto-quote": Role.REPLY,  # Mail.ru on the phone
    "signature": Role.SIGNATURE,  # Outlook on the web
    "signature_old": Role.SIGNATURE,  # eM Client
    "_rc_sig": Role.SIGNATURE,  # Roundcube
    "ms-outlook-mobile-signature": Role.SIGNATURE,
    "applemailsignature": Role.SIGNATURE,  # iOS
    "composer_signature": Role.SIGNATURE,  # Samsung
    "mail-app-auto-default-signature": Role.SIGNATURE,  # Mail.ru on the phone
    "k9mail-signature": Role.SIGNATURE,
    "ymail_signature": Role.SIGNATURE,
    "zm-_id_-sgn": Role.SIGNATURE,  # Zoho
}
_SIGNED = (
    ("data-smartmail", "gmail_signature"),
    ("data-signature-widget", "container"),  # Mail.ru
    ("data-marker", "__SIG_PRE__"),  # Zimbra
    ("data-marker", "__SIG_POST__"),
    ("name", "messageSignatureSection"),  # Spark
)
# what programs put around the names of what they quote: Outlook, Yahoo, Gmail, Yandex; Mail.ru
_RENAMED = re.compile(
    r"^(?:x_|ydp[0-9a-f]{7,8}|yiv[0-9]{5,12}|m_-?[0-9]{5,20}|gmail-|[0-9a-f]{16}(?=wmi))+|(?:_mr_css_attr)+$"
)
# Word draws the line above the header block of a reply in one of these greys (2010, 2013, Mac, phone)
_GREY = r"(?:#e1e1e1|#b5c4df|rgb\(225, ?225, ?225\)|rgb\(181, ?196, ?223\))"
_HEADERS_BORDER = re.compile(
    rf"border-top: ?(?:solid {_GREY}|1(?:\.0)?pt solid {_GREY})|border-style: ?solid none none;[^:]{{0,20}}border-color: ?{_GREY}"
)
_BAR = re.compile(r"border-left(?:-(?:style|width))?:[^;]{0,40}(?:solid|[1-9][.0-9]{0,4}(?:px|pt))")
_NO_BORDER = re.compile(r"border(?:-left)?(?:-style|-width)?:\s?(?:none|0)")

_FORWARDED_WORDS = r"forward|пересл|пересыл|переадрес|перенаправ|weitergeleit|transf[ée]r|transmis|reenvia|rinviat|inoltra|przekaz|przesł"
_FORWARDED = re.compile(rf"[\s>]{{0,20}}[-–—_=*]{{2,}}[^\w]{{0,5}}[\w'’ ]{{0,40}}(?:{_FORWARDED_WORDS})", re.IGNORECASE)
_FIELD = re.compile(  # in the languages of the header blocks: ru uk en de fr es it pl
    r"[\s*_>]{0,10}(?:от(?: кого)?|отправлено|дата|кому|тема|від|надіслано|from|sent|date|to|subject|von|gesendet|datum|an|betreff"
    r"|de|envoyé|à|objet|enviado(?: el)?|fecha|para|asunto|da|inviato|data|oggetto|od|wysłano|do|temat)[* \u00a0]{0,3}:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[\s>]{0,20}(?:-{4,}|_{4,}|—{3,})")
_SIGNATURE_MARK = re.compile(r"(?:-{2,3}|[—–]{1,3}|_{2,})\s?$")


def find_role(name: str, attributes: Mapping[str, str]) -> Role | None:
    """Return what an element with these attributes means in a letter, or None."""
    if name == "blockquote":
        return _blockquote_role(attributes)
    for word in attributes.get("class", "").lower().split()[:20]:
        if role := _CLASSES.get(word) or _CLASSES.get(_RENAMED.sub("", word)):
            return role
    if (identity := attributes.get("id")) and (role := _IDS.get(_RENAMED.sub("", identity[:100].lower().strip()))):
        return role
    if any(attributes.get(key) == value for key, value in _SIGNED):
        return Role.SIGNATURE
    if (name == "div" and (style := attributes.get("style"))) and "border" in style.lower():
        style = style[:MAX_LOOKED_AT].lower()
        if _HEADERS_BORDER.search(style):
            return Role.HEADERS
        return Role.BAR if _BAR.search(style) else None
    return None


def _blockquote_role(attributes: Mapping[str, str]) -> Role | None:
    style = attributes.get("style", "")[:MAX_LOOKED_AT].lower()
    classes = attributes.get("class", "").lower().split()
    if attributes.get("type", "").lower() == "cite" or "gmail_quote" in classes:
        return Role.QUOTE
    if _NO_BORDER.search(style) and not _BAR.search(style):
        return None  # the button "indent more" of Gmail and others
    return Role.BLOCKQUOTE


def is_forward_line(line: str) -> bool:
    """Whether `line` says that a forwarded letter follows, as "---------- Forwarded message ---------" does."""
    return _FORWARDED.match(line[:MAX_LOOKED_AT]) is not None


def is_attribution(line: str) -> bool:
    """Whether `line` can say who wrote what follows: it ends with a colon and holds a date or an address."""
    return line.endswith(":") and any(sign.isdigit() or sign == "@" for sign in line[-MAX_LOOKED_AT:])


def begins_quote(line: str) -> bool:
    """Whether a quote may begin with or below `line`: an attribution, a header field or a rule."""
    return is_attribution(line) or is_field(line) or _RULE.match(line) is not None


def is_field(line: str) -> bool:
    """Whether `line` looks like one of a header block, "From: Ann"."""
    return _FIELD.match(line[:MAX_LOOKED_AT]) is not None


def is_signature_mark(line: str) -> bool:
    """Whether `line` is what people and programs put above a signature."""
    return _SIGNATURE_MARK.match(line[:MAX_LOOKED_AT]) is not None
