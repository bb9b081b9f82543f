"""The small types an admin writes in TOML: durations, sizes, addresses, hosts, zones, names, paths, patterns.

Each `parse_` takes what TOML gave and returns the value, or raises ValueError whose text completes "expected …".
"""

import re
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, Strict, ValidationInfo

from maild.language.patterns import PatternError, compile_pattern
from maild.language.words import compile_phrase

_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_SIZES = {"B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
_LONGEST = timedelta(days=3650)  # ten years; keeps `now - duration` inside what a datetime can hold

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"  # RFC 5321 §4.1.2 Dot-string
_LABEL = r"[^\W_](?:[^\W_]|-)*"  # letters and digits of any script: Cyrillic domains are welcome
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"


def parse_duration(value: object) -> timedelta:
    """Turn `"90s"`, `"5m"`, `"2h"`, `"3d"`, `"1h30m"` into a timedelta; anything else raises ValueError."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and re.fullmatch(r"([0-9]{1,9}[smhdw])+", value):
        seconds = sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"([0-9]+)([smhdw])", value))
        return timedelta(seconds=min(seconds, _LONGEST.total_seconds() + 1))
    raise ValueError('a duration in quotes such as "30s", "5m", "2h", "3d" or "1h30m"')


def format_duration(value: timedelta) -> str:
    """Return the shortest spelling that `parse_duration` reads back: `"1h30m"`. Parts of a second stay decimal: `"0.1s"`."""
    seconds, fraction = divmod(value, timedelta(seconds=1))
    if fraction or not seconds:
        return f"{value.total_seconds():g}s"
    parts = []
    for unit, length in _UNITS.items():
        count, seconds = divmod(seconds, length)
        parts.append(f"{count}{unit}" if count else "")
    return "".join(parts)


def parse_size(value: object) -> int:
    """Turn `"50MB"`, `"5.5MB"`, `"300KB"` or a plain number of octets into octets; anything else raises ValueError.

    Units are decimal: 1 MB is 1,000,000 octets. A size is at least one octet, and a whole number of them.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and (match := re.fullmatch(r"([0-9]{1,10}(?:\.[0-9]{1,3})?) ?([KMG]?B)", value)):
        octets = Decimal(match[1]) * _SIZES[match[2]]
        if octets > 0 and octets == int(octets) and not re.match("0[0-9]", value):
            return int(octets)
    raise ValueError('a size such as "50MB", "5.5MB" or "300KB"')


def parse_zone(value: object) -> ZoneInfo:
    """Return the ZoneInfo of an IANA zone name; anything else raises ValueError."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('an IANA time zone such as "Europe/Moscow"') from None


def parse_address(value: object) -> str:
    """Accept a bare addr-spec with an ASCII local part; anything else raises ValueError."""
    if isinstance(value, str) and len(value) <= 254 and re.fullmatch(rf"{_LOCAL}@{_DOMAIN}", value):
        return value
    raise ValueError('a bare mail address such as "support@example.org"')


def parse_sender(value: object) -> str:
    """Accept an addr-spec, or "@domain" for every address of that very domain; anything else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(rf"@{_DOMAIN}", value) and len(value) <= 254:
        return value
    try:
        return parse_address(value)
    except ValueError:
        raise ValueError(
            'a bare mail address such as "robot@example.org", or "@example.org" for a whole domain'
        ) from None


def as_list(value: object) -> object:
    """Take one text for a list of one."""
    return [value] if isinstance(value, str) else value


def parse_host(value: object) -> str:
    """Accept a host name or an IP address without scheme, port or path; anything else raises ValueError."""
    if isinstance(value, str) and (_is_ip(value) or (re.fullmatch(r"\w[\w.-]{0,252}", value) and _is_sayable(value))):
        return value
    raise ValueError('a host name alone, such as "mail.example.org"; the port has a key of its own, `port`')


def _is_sayable(name: str) -> bool:
    """Whether DNS can be asked for a name: no label is empty or longer than 63 octets (RFC 1035 §2.3.4)."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return all(name.removesuffix(".").split("."))


def _is_ip(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def is_slug(value: str) -> bool:
    """Whether a text may be the id of a table."""
    return re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", value) is not None


def parse_slug(value: object) -> str:
    """Accept a short id, which names a table and appears in logs; anything else raises ValueError."""
    if isinstance(value, str) and is_slug(value):
        return value
    raise ValueError('a short name: a-z, 0-9, "-" and "_", beginning with a letter, at most 32 characters')


def parse_prefix(value: str) -> str:
    """Accept what ticket numbers begin with; anything else raises ValueError."""
    if re.fullmatch(r"[A-Z][A-Z0-9]{0,9}", value):
        return value
    raise ValueError('1 to 10 capital Latin letters and digits, beginning with a letter, such as "ACME"')


def parse_flag(value: str) -> str:
    r"""Accept an IMAP flag (`\Seen`) or keyword (RFC 9051 §2.3.2: an atom); anything else raises ValueError."""
    if re.fullmatch(r"\\(Seen|Answered|Flagged|Deleted|Draft)|\$?[A-Za-z0-9_.-]{1,64}", value, re.IGNORECASE):
        return value
    raise ValueError(r"an IMAP flag such as '\Seen' (in single quotes) or a keyword such as \"Maild\"")


def one_line(value: str) -> str:
    """Accept text without control characters, because it ends up in mail headers; anything else raises ValueError."""
    if not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", value):
        return value
    raise ValueError("one line of text without tabs, line ends and other control characters")


def some_words(value: str) -> str:
    """Accept one line that holds more than spaces; anything else raises ValueError."""
    if value.strip():
        return one_line(value)
    raise ValueError("some text: this must not be empty")


def parse_domain(value: object) -> str:
    """Return a mail domain in small letters, with or without an @ before it; anything else raises ValueError."""
    if isinstance(value, str) and len(value) <= 253:
        domain = value.removeprefix("@").lower()
        if re.fullmatch(_DOMAIN, domain) and "." in domain:
            return domain
    raise ValueError('a mail domain such as "example.org"')


def parse_country(value: object) -> str:
    """Accept the ISO 3166 code of a country in capitals, or "" for none; anything else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"([A-Z]{2})?", value):
        return value
    raise ValueError('the two letters of a country in capitals such as "RU", or "" for no holidays')


def parse_price(value: object) -> Decimal:
    """Return a sum of money of at most 12 digits before the point; anything else raises ValueError."""
    if isinstance(value, Decimal):
        return value
    text = str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", text):
        return Decimal(text)
    raise ValueError("a sum such as 1500 or 1500.50, without a currency")


def parse_code(value: object) -> str:
    """Accept the code of a coupon: 5 to 40 characters, five letters and digits among them; else raises ValueError."""
    if isinstance(value, str) and len(value.strip()) <= 40 and sum(map(str.isalnum, value)) >= 5:
        return one_line(value.strip())
    raise ValueError('a coupon in quotes: 5 to 40 letters and digits, such as "7KQ4-MX2P-9TR5"')


def parse_paragraphs(value: str) -> str:
    """Accept text of several lines without other control characters; anything else raises ValueError."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", value):
        raise ValueError("text without control characters; several lines go between three quotes")
    return value.strip()


def parse_pattern(value: str) -> str:
    """Accept a regular expression that RE2 knows; anything else raises AdviceError with what is wrong and what to do."""
    try:
        compile_pattern(value)
    except PatternError as error:
        raise AdviceError(str(error), error.remedy) from None
    return value


class AdviceError(ValueError):
    """What was expected, and a remedy of its own instead of the usual one."""

    def __init__(self, expected: str, remedy: str) -> None:
        super().__init__(expected)
        self.remedy = remedy


def parse_phrase(value: str) -> str:
    """Accept words to look for; anything else raises ValueError."""
    compile_phrase(some_words(value))
    return value


def parse_extension(value: object) -> str:
    """Return a kind of files, "pdf" or ".PDF" or "image", in small letters without the dot; else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"\.?[A-Za-z0-9]{1,12}", value):
        return value.removeprefix(".").lower()
    raise ValueError('an extension such as "pdf", or a group: "image", "document", "archive", "program"')


def parse_url(value: object) -> str:
    """Accept an address of a page; anything else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"\x00-\x1f]{1,1000}", value):
        return value
    raise ValueError('the address of a page, beginning with "https://"')


def parse_header_name(value: str) -> str:
    """Accept the name of a header field (RFC 5322 §3.6.8); anything else raises ValueError."""
    if value.isascii() and value.isprintable() and value and not set(value) & set(": "):
        return value
    raise ValueError('the name of a header, such as "Auto-Submitted"')


def parse_authserv(value: object) -> str:
    """Accept an authserv-id (RFC 8601 §2.5), or "*.domain" for every one below a domain; anything else raises ValueError."""
    if isinstance(value, str) and re.fullmatch(r"(\*\.)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}", value):
        return value
    raise ValueError('the name that your server puts first in Authentication-Results, such as "mx.example.org"')


class Private:
    """Marks a field whose value must never be shown whole, though it is no secret: whoever quotes a coupon is served."""


def absolute_path(value: Path, info: ValidationInfo) -> Path:
    """`value` counted from the validation context's "base" folder, where one was given; `~` raises ValueError."""
    if value.parts[:1] and value.parts[0].startswith("~"):
        raise ValueError('a path without "~", whose meaning depends on who starts maild')
    if re.search(r"[\x00-\x1f\x7f]", str(value)):  # "C:\templates" has a tab in it
        raise AdviceError("a path without control characters", r"Put a path with \ in single quotes: 'C:\mail'.")
    return Path(info.context["base"], value) if info.context else value


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), Field(gt=timedelta(0), le=_LONGEST), PlainSerializer(format_duration)
]
Span = Annotated[
    timedelta, BeforeValidator(parse_duration), Field(ge=timedelta(0), le=_LONGEST), PlainSerializer(format_duration)
]  # a duration that may be nothing
Size = Annotated[int, BeforeValidator(parse_size)]
Zone = Annotated[ZoneInfo, BeforeValidator(parse_zone), PlainSerializer(str)]
MailAddress = Annotated[str, BeforeValidator(parse_address)]
Sender = Annotated[str, BeforeValidator(parse_sender)]
Addresses = Annotated[tuple[MailAddress, ...], BeforeValidator(as_list), Field(min_length=1)]  # one, or a list
Senders = Annotated[tuple[Sender, ...], BeforeValidator(as_list)]
Host = Annotated[str, BeforeValidator(parse_host)]
Slug = Annotated[str, BeforeValidator(parse_slug)]
Prefix = Annotated[str, AfterValidator(parse_prefix)]
ImapFlag = Annotated[str, AfterValidator(parse_flag)]
Line = Annotated[str, AfterValidator(one_line)]
Words = Annotated[str, AfterValidator(some_words)]
# Of a table that stands elsewhere. Which there are, only the checks know; a text that can be no id is no such table either.
Name = Words
Names = Annotated[tuple[Name, ...], BeforeValidator(as_list)]  # one, or a list
Texts = Annotated[tuple[Words, ...], BeforeValidator(as_list), Field(min_length=1)]  # one, or a list
Folders = Annotated[tuple[Words, ...], BeforeValidator(as_list)]  # one, a list, or none
FilePath = Annotated[Path, AfterValidator(absolute_path)]
FilePaths = Annotated[tuple[FilePath, ...], BeforeValidator(as_list)]  # one, a list, or none
Count = Annotated[int, Strict()]  # "993" and true are not numbers
Share = Annotated[float, Strict()]  # "0.35" and true are not numbers
Switch = Annotated[bool, Strict()]  # "yes" and 1 are not true
Domain = Annotated[str, BeforeValidator(parse_domain)]
Domains = Annotated[tuple[Domain, ...], BeforeValidator(as_list)]  # one, or a list
Country = Annotated[str, BeforeValidator(parse_country)]
Price = Annotated[Decimal, BeforeValidator(parse_price)]
Code = Annotated[str, BeforeValidator(parse_code), Private()]
Paragraphs = Annotated[str, AfterValidator(parse_paragraphs)]
Pattern = Annotated[str, AfterValidator(parse_pattern)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(as_list)]  # one, or a list
Phrases = Annotated[tuple[Annotated[str, AfterValidator(parse_phrase)], ...], BeforeValidator(as_list)]
Extensions = Annotated[tuple[Annotated[str, BeforeValidator(parse_extension)], ...], BeforeValidator(as_list)]
Url = Annotated[str, BeforeValidator(parse_url)]
Authserv = Annotated[tuple[Annotated[str, BeforeValidator(parse_authserv)], ...], BeforeValidator(as_list)]
HeaderName = Annotated[str, AfterValidator(parse_header_name)]
