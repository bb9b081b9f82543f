"""What our own mail server found out about who sent a letter (RFC 8601). Pure: knows `model`.

Anybody can write an Authentication-Results field. One counts only where our server must have put it: under an authserv-id
that the configuration names, and below no Received of a foreign server. What stands above the first Received of all is
ours for certain, since a server writes on top of what it gets; below it the first field alone counts, for what comes
after may be the sender's. RFC 8601 §5 has a server take away the fields that come in under its own name.

Read by hand: authres (the one parser there is, of 2019) raises on what Microsoft and Yahoo write, and neither ties a
result to From nor tells whose field it is, which is what matters here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from maild.model import Message

FIELD = "authentication-results"
UNNAMED = "protection.outlook.com"  # Microsoft names no server in its fields, but this one in its Received-SPF
MAX_FIELDS = 10  # of ours; each filter of a server writes one
MAX_FIELD = 4_000  # characters read of one
MAX_HOPS = 30  # Received fields looked at


class Verdict(StrEnum):
    """What was found out."""

    PASS = "pass"  # noqa: S105 - nobody's password
    FAIL = "fail"
    NONE = "none"  # nothing that would prove or disprove From


@dataclass(frozen=True, kw_only=True)
class Authentication:
    """Whether our server vouches for From; each method's verdict is about From's domain, none where it is about another."""

    verdict: Verdict = Verdict.NONE
    dmarc: Verdict = Verdict.NONE
    dkim: Verdict = Verdict.NONE
    spf: Verdict = Verdict.NONE
    evidence: str = "no server of ours has said who sent it"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a letter's DKIM signatures prove (`signatures`)."""

    verdict: Verdict = Verdict.NONE
    domain: str = ""  # whose signature is good …
    author: str = ""  # … and for which address in From, casefolded
    why: str = ""

    def dump(self) -> str:
        """Return it as it is stored."""
        return f"{self.verdict} {self.domain or '-'} {self.author or '-'} {self.why}"


def load_signature(stored: str) -> Signature:
    """Return what was stored; nothing for what was never looked at."""
    if not stored:
        return Signature()
    verdict, domain, author, why = stored.split(" ", 3)
    return Signature(verdict=Verdict(verdict), domain=domain.strip("-"), author=author.strip("-"), why=why)


@dataclass(frozen=True)
class _Result:
    """One method's result with its properties: "header.from" → "staff.example"."""

    method: str
    result: str
    properties: dict[str, str]


def authenticate(message: Message, authserv: tuple[str, ...], signed_by: str = "") -> Authentication:
    """Return what our servers say of From. `authserv`: their ids, "*.yandex.net" for any below; none: nobody is believed.

    `signed_by` is the domain whose good signature we have found ourselves, for this very author: it counts where no server
    of ours says anything.
    """
    fields = _ours(message.headers, tuple(name.casefold() for name in authserv))
    if signed_by and not fields:
        return _signed(message, signed_by)
    if not authserv:
        return Authentication(evidence="no server is trusted to say who sent it (trust.authserv_id)")
    if not fields:
        return Authentication()
    domain = ascii_domain(message.author.domain) if message.author else ""
    if not domain or message.co_authored:  # what the server vouches for may be another address than the one we took
        return Authentication(evidence="From does not name one address, so that our server's word is about nobody")
    results = [result for value in fields for result in _results(value)]
    dmarc, dkim, spf = _dmarc(results, domain), _aligned(results, _SIGNED, domain), _aligned(results, _SENT, domain)
    verdict = dmarc
    if dmarc is Verdict.NONE and Verdict.PASS in (dkim, spf):
        verdict = Verdict.PASS  # the other way round nothing follows: forwarding breaks signatures, too
    said = f"our server says of {domain}: dmarc={dmarc}, dkim={dkim}, spf={spf}"
    return Authentication(verdict=verdict, dmarc=dmarc, dkim=dkim, spf=spf, evidence=said)


def _signed(message: Message, by: str) -> Authentication:
    domain = ascii_domain(message.author.domain) if message.author else ""
    if not domain or message.co_authored or not covers(by, domain):
        return Authentication(evidence=f"its good signature of {by} is not for the one address in From")
    return Authentication(
        verdict=Verdict.PASS, dkim=Verdict.PASS, evidence=f"we have verified its signature of {by} (trust.dkim)"
    )


# ── whose field it is ────────────────────────────────────────────────────────────────────────────────────────────────


def _ours(headers: tuple[tuple[str, str], ...], authserv: tuple[str, ...]) -> list[str]:
    """Return the values that our server wrote."""
    found: list[str] = []
    hops = 0
    for name, value in headers:
        if name == FIELD and _is_named(value, authserv) and len(found) < MAX_FIELDS:
            found.append(value[:MAX_FIELD])
            if hops:
                return found
        elif name == "received":
            hops += 1
            if hops > MAX_HOPS or not _is_our_hop(value[:MAX_FIELD], authserv):
                return []
            if found:
                return found
    return []  # without any Received above or below it nobody can tell who wrote a field


def _is_named(value: str, authserv: tuple[str, ...]) -> bool:
    """Whether a field bears one of our ids."""
    words = _plain(value[:MAX_FIELD]).partition(";")[0].split()
    if not words:
        return False
    named = UNNAMED if "=" in words[0] else words[0].casefold()
    return any(named == one or (one.startswith("*.") and named.endswith(one[1:])) for one in authserv)


def _is_our_hop(value: str, authserv: tuple[str, ...]) -> bool:
    """Whether a Received was written within our server's domain, or under no name at all, as between Google's machines."""
    words = _plain(value).casefold().split()
    words = words[2:] if words[:1] == ["from"] else words  # the other side's own name may be "by"
    host = words[words.index("by") + 1 :][:1] if "by" in words else []
    if not host or not _HOST.fullmatch(host[0].rstrip(";")):
        return True
    by = host[0].rstrip(";.")
    return any(by == base or by.endswith(f".{base}") for base in map(_base, authserv))


_HOST = re.compile(r"(?=[^a-z]*[a-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?")  # "2002:a05:…", "[10.0.0.1]", "mail" are none


def _base(name: str) -> str:
    """Return the domain that a server shares with those beside it: "mx.google.com" → "google.com"."""
    labels = name.removeprefix("*.").split(".")
    return ".".join(labels[1:] if len(labels) > 2 else labels)


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────

_SIGNED = ("dkim", ("header.d", "header.i"))
_SENT = ("spf", ("smtp.mailfrom", "smtp.mail", "smtp.from"))


def _results(value: str) -> Iterator[_Result]:
    """Yield what stands between semicolons and begins with "method=result"; an authserv-id does not."""
    for statement in _plain(value).split(";"):
        words = " ".join(statement.split()).replace(" = ", "=").replace(" =", "=").replace("= ", "=").split()
        pairs = [word.casefold().partition("=") for word in words]
        if pairs and pairs[0][1]:
            properties: dict[str, str] = {}
            for key, equals, said in pairs[1:]:
                if equals:
                    properties.setdefault(key, said)
            yield _Result(pairs[0][0].partition("/")[0], pairs[0][2], properties)


def _dmarc(results: list[_Result], domain: str) -> Verdict:
    """Return what DMARC says of From's domain; of two words on it the worse."""
    said = [one for one in results if one.method == "dmarc"]
    if any(one.result in ("fail", "reject") for one in said):
        return Verdict.FAIL
    about = all(_domain(one.properties.get("header.from", domain)) == domain for one in said)
    return Verdict.PASS if said and about and all(one.result == "pass" for one in said) else Verdict.NONE


def _aligned(results: list[_Result], kind: tuple[str, tuple[str, ...]], domain: str) -> Verdict:
    """Return pass where a result is good for From's domain or the one above it, fail where the only word is a bad one."""
    method, properties = kind
    about = [
        one.result
        for one in results
        if one.method == method
        and (named := next((one.properties[key] for key in properties if key in one.properties), ""))
        and covers(_domain(named), domain)
    ]
    if "pass" in about:
        return Verdict.PASS
    return Verdict.FAIL if about and all(result in ("fail", "hardfail") for result in about) else Verdict.NONE


def covers(named: str, domain: str) -> bool:
    """Whether a domain is From's, or stands above it; one that stands below may be a customer's of theirs."""
    return "." in named and (named == domain or domain.endswith(f".{named}"))


def _domain(value: str) -> str:
    return ascii_domain(value.strip('"<>').rpartition("@")[2].rstrip("."))


def ascii_domain(domain: str) -> str:
    """Return a domain as DNS has it, so that look-alike letters stay apart; what cannot be one as it is."""
    try:
        return domain.encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return domain.casefold()


def _plain(value: str) -> str:
    """Return a field without comments; what is quoted keeps no character that would mean something outside of quotes."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped:
            escaped = False
            kept.append("" if depth else "_")
            continue
        if character == "\\":
            escaped = True
            continue
        if character == '"' and not depth:
            quoted = not quoted
            continue
        if not quoted and character == "(":
            depth += 1
            kept.append(" ")
            continue
        if depth and character == ")":
            depth -= 1
            continue
        if not depth:
            kept.append("_" if quoted and character in ' ;=()"\t' else character)
    return "".join(kept)
