"""Whether a letter bears a good DKIM signature (RFC 6376) of the domain that its From names: our own look, with dkimpy.

For mail servers that say nothing of what they receive. It needs the network, so it happens once, when a letter comes, and
what was found is kept with the letter. A good signature of ours is one that no recipient could have been made to believe of
another text, or of one about something else: all of the body, the one From, Subject, SHA-256, keys that nobody breaks.
Whatever cannot be found out is unknown.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime

import dkim
import dns.exception
import dns.resolver
from dkim.util import InvalidTagValueList, parse_tag_value

from maild.ingest.authentication import Signature, Verdict, ascii_domain, covers
from maild.ingest.parse import parse

Resolve = Callable[[str], bytes | None]  # a name's TXT record, None: there is none; raises LookupError where DNS fails

logging.getLogger("dkimpy").setLevel(logging.CRITICAL)  # it logs what it cannot read, of strangers' records and letters

# The library is quadratic in each of these.
MAX_HEADER = 64 * 1024  # octets
MAX_FIELDS = 1_000  # of a header
MAX_SIGNATURE = 4_000  # octets of one
MAX_RECORD = (
    2_000  # octets of a key in DNS, one of RSA with 8192 bits has 1,500; the arithmetic of longer ones takes hours
)

MAX_LETTER = 20 * 1024 * 1024
MAX_LINES = 500_000  # the library makes a list of them; twice as many as so large a file has in base64
MAX_SIGNATURES = 3  # of From's domain that are tried; a list and a mailer may each add one
MIN_BITS = 1024  # of an RSA key (RFC 8301 §3.2)
ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")
_LINES = re.compile(rb"\r(?!\n)|[\x00\x0b\x0c\x1c-\x1e]")  # an unsigned field might hold a second From behind one
_BLANKS = re.compile(rb"[\t ]+")
LOOKUP_SECONDS = 3.0  # of one look into DNS
# A second one above those that are signed would lead an old letter of the agent's where somebody else likes
_ONCE = frozenset({
    b"subject", b"to", b"cc", b"reply-to", b"in-reply-to", b"references", b"message-id", b"content-type",
})  # fmt: skip


def may_be_signed(octets: bytes, addresses: frozenset[str]) -> bool:
    """Whether it is worth looking: there is a signature, and From names one of the addresses (casefolded)."""
    header = _header(octets)
    if len(header) > MAX_HEADER or b"dkim-signature" not in header.lower():
        return False
    author = parse(header + b"\r\n\r\n").author
    return author is not None and author.key in addresses


def verify_signatures(octets: bytes, resolve: Resolve, now: datetime) -> Signature:
    """Return whether a signature of From's domain, or of one above it, is good. Blocks for DNS; never raises."""
    try:
        return _verify(octets, resolve, now)
    except Exception as error:  # the library trips over forgeries in many ways
        return Signature(why=f"its signatures cannot be read: {type(error).__name__}")


def look_up(name: str, resolver: dns.resolver.Resolver | None = None) -> bytes | None:
    """Return the TXT record of a name that holds a key, from DNS, the machine's unless given. Raises LookupError."""
    try:
        resolver = resolver or dns.resolver.get_default_resolver()
        answer = resolver.resolve(name, "TXT", lifetime=LOOKUP_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.DNSException as error:
        raise LookupError(f"DNS does not answer: {type(error).__name__}") from error
    records = [b"".join(record.strings) for record in answer]
    return next((record for record in records if b"p=" in record), None)


def _verify(octets: bytes, resolve: Resolve, now: datetime) -> Signature:
    header = _header(octets)
    if len(header) > MAX_HEADER or len(octets) > MAX_LETTER or octets.count(b"\n") > MAX_LINES:
        return Signature(why="it is too large to be verified")
    if _LINES.search(header):
        return Signature(why="its header has line ends that not everybody reads alike")
    author = parse(header + b"\r\n\r\n").author
    signed = dkim.DKIM(octets, minkey=MIN_BITS)
    if len(signed.headers) > MAX_FIELDS:
        return Signature(why="it has too many fields to be verified")
    named = [value for name, value in signed.headers if name.strip().lower() == b"from"]
    alone = parse(b"From: " + b" ".join(named[0].split()) + b"\r\n\r\n") if len(named) == 1 else None
    if author is None or alone is None or alone.author != author or alone.co_authored or " " in author.addr:
        return Signature(why="From does not name one address")
    names = Counter(name.strip().lower() for name, _ in signed.headers)
    if twice := sorted(name for name in _ONCE if names[name] > 1):
        return Signature(why=f"{twice[0].decode('ascii')} stands in it twice")
    domain = ascii_domain(author.domain)
    fields = [value for name, value in signed.headers if name.lower() == b"dkim-signature"]
    theirs = [
        (n, tags)
        for n, value in enumerate(fields)
        if len(value) <= MAX_SIGNATURE and covers(_domain(tags := _tags(value)), domain)
    ]
    found = Signature(why=f"it has no signature of {domain}")
    for n, tags in theirs[:MAX_SIGNATURES]:
        found = _judge(signed, n, tags, resolve, now)
        if found.verdict is Verdict.PASS:
            return replace(found, author=author.key)
    return found


def _judge(signed: dkim.DKIM, n: int, tags: dict[bytes, bytes], resolve: Resolve, now: datetime) -> Signature:
    """Return what one signature proves."""
    domain = _domain(tags)
    if flaw := _flaw(tags, now):
        return Signature(verdict=Verdict.FAIL, why=f"the signature of {domain} {flaw}")
    failed: list[str] = []

    def key(name: bytes | str, timeout: float = 0) -> bytes | None:
        del timeout  # the resolver has its own
        try:
            record = resolve((name.decode("ascii") if isinstance(name, bytes) else name).rstrip("."))
        except (LookupError, UnicodeError) as error:
            failed.append(str(error))
            return None
        if record and len(record) <= MAX_RECORD and not _is_test(record):
            return record
        if record:
            failed.append("the domain only tries DKIM out" if len(record) <= MAX_RECORD else "its key is too long")
        else:
            failed.append("the key is not in DNS")
        return None

    good = _verifies(_squeezed(signed, tags), n, key)
    if good:
        return Signature(verdict=Verdict.PASS, domain=domain, why="its signature is good")
    if failed:
        return Signature(why=f"the signature of {domain} could not be verified: {failed[0]}")
    return Signature(verdict=Verdict.FAIL, why=f"the signature of {domain} is not good")


def _squeezed(signed: dkim.DKIM, tags: dict[bytes, bytes]) -> dkim.DKIM:
    """Return the letter for one signature: the library takes hours for a row of blanks, where those do not count anyway."""
    if not tags.get(b"c", b"").endswith(b"/relaxed"):
        return signed
    squeezed = copy(signed)
    squeezed.body = _BLANKS.sub(b" ", signed.body)
    return squeezed


def _verifies(signed: dkim.DKIM, n: int, key: Callable[..., bytes | None]) -> bool:
    """Whether the library finds a signature good; what it finds malformed is not."""
    try:
        return bool(signed.verify(idx=n, dnsfunc=key))
    except dkim.DKIMException:
        return False


def _flaw(tags: dict[bytes, bytes], now: datetime) -> str:
    """Return why a signature proves too little, however good it is; "": nothing."""
    names = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    if not {b"from", b"subject"} <= set(names):
        return "does not sign From and Subject"
    if b"l" in tags:
        return "leaves the end of the letter open (l=)"
    if tags.get(b"a", b"").lower() not in ALGORITHMS:
        return f"is of a kind that is not trusted ({tags.get(b'a', b'').decode('ascii', 'replace')[:20]})"
    expires = tags.get(b"x", b"")
    if expires and not (expires.isdigit() and len(expires) <= 12 and int(expires) > now.timestamp()):
        return "has expired"
    return ""


def _is_test(record: bytes) -> bool:
    """Whether a domain only tries DKIM out: nothing follows from its signatures (RFC 6376 §3.6.1, t=y)."""
    try:
        flags = parse_tag_value(record).get(b"t", b"")
    except InvalidTagValueList:
        return False
    return b"y" in [flag.strip() for flag in flags.split(b":")]


def _tags(value: bytes) -> dict[bytes, bytes]:
    try:
        return dict(parse_tag_value(b"".join(value.splitlines())))
    except InvalidTagValueList:
        return {}


def _domain(tags: dict[bytes, bytes]) -> str:
    return tags.get(b"d", b"").decode("ascii", "replace").casefold()


def _header(octets: bytes) -> bytes:
    """Return the header, at most a few octets more than we look at."""
    beginning = octets[: MAX_HEADER + len(b"\r\n\r\n")]
    ends = [at for at in (beginning.find(b"\r\n\r\n"), beginning.find(b"\n\n")) if at >= 0]
    return beginning[: min(ends)] if ends else beginning
