"""DKIM signatures that we verify ourselves: what a good one is, what proves nothing, and what forgers make of one."""

import base64
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.authentication import Signature, Verdict, load_signature
from maild.ingest.signatures import (
    MAX_FIELDS,
    MAX_HEADER,
    MAX_LETTER,
    MAX_LINES,
    MAX_RECORD,
    MAX_SIGNATURE,
    MAX_SIGNATURES,
    may_be_signed,
    verify_signatures,
)
from tests.pace import find_growth_between, find_slowness

NOW = datetime.now(UTC)  # the library looks at the machine's clock, too
LETTER = (
    b"From: =?utf-8?b?0JjQstCw0L0=?= <ivan@staff.example>\r\nTo: support@acme.example\r\n"
    b"Subject: Re: [ACME-1] x\r\nDate: Mon, 23 Nov 2026 09:00:00 +0300\r\nMessage-ID: <1@staff.example>\r\n"
    b"\r\nGotovo.\r\n"
)


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def edwards_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def record(bits: int = 1024, more: bytes = b"") -> bytes:
    """Return the TXT record of the RSA key."""
    public = rsa_key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; " + more + b"p=" + base64.b64encode(public)


def edwards_record() -> bytes:
    public = edwards_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public)


def signed(
    letter: bytes = LETTER, *, domain: str = "staff.example", bits: int = 1024, edwards: bool = False, **more: object
) -> bytes:
    """Return a letter with a signature above it."""
    if edwards:
        raw = edwards_key().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        key, more["signature_algorithm"] = base64.b64encode(raw), b"ed25519-sha256"
    else:
        key = rsa_key(bits).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    arguments = {"canonicalize": (b"relaxed", b"relaxed"), "include_headers": [b"from", b"to", b"subject"]} | more
    return bytes(dkim.sign(letter, b"s1", domain.encode(), key, **arguments)) + letter


def signed_with(tags: bytes, names: bytes = b"from:subject") -> bytes:
    """Return a letter whose signature has other tags than the library writes; relaxed by hand."""
    body = base64.b64encode(hashlib.sha256(b"Gotovo.\r\n").digest())
    head = (
        b"v=1; a=rsa-sha256; c=relaxed/relaxed; d=staff.example; s=s1; "
        + tags
        + b"h="
        + names
        + b"; bh="
        + body
        + b"; b="
    )
    author, to = (line.partition(b": ")[2] for line in LETTER.split(b"\r\n")[:2])
    text = b"to:" + to if names == b"to" else b"from:" + author + b"\r\nsubject:Re: [ACME-1] x"
    text += b"\r\ndkim-signature:" + head
    made = rsa_key(1024).sign(text, padding.PKCS1v15(), hashes.SHA256())
    return b"DKIM-Signature: " + head + base64.b64encode(made) + b"\r\n" + LETTER


def dns(known: bytes | None = None) -> Callable[[str], bytes | None]:
    """Return a DNS that has this record, the usual key if none is given, for whoever asks for a key."""
    return lambda name: (known or record()) if "._domainkey." in name else None


def verdict(octets: bytes, known: bytes | None = None, now: datetime = NOW) -> Verdict:
    return verify_signatures(octets, dns(known), now).verdict


def fails(_name: str) -> bytes | None:
    raise LookupError("DNS does not answer: LifetimeTimeout")


# ── good ones ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("octets", "known"),
    [
        (signed(), record()),
        (signed(canonicalize=(b"simple", b"simple")), record()),
        (signed(bits=2048, canonicalize=(b"relaxed", b"simple")), record(2048)),
        (signed(include_headers=[b"from", b"from", b"subject"]), record(more=b"t=s; s=email; ")),
        (signed().replace(b"\r\n", b"\n"), record()),
        (signed(edwards=True), edwards_record()),
        (signed(signed(domain="list.example")), record()),
        (signed(signed(), domain="list.example"), record()),
        (signed(signed(bits=2048)), record(2048)),  # the upper one is of another key
        (b"X-Added: \xd0\xb9\r\nReceived: by mx\r\n" + signed(), record()),
    ],
    ids=[
        "relaxed",
        "simple",
        "2048",
        "oversigned",
        "Unix",
        "ed25519",
        "above another",
        "below another",
        "second",
        "added",
    ],
)
def test_a_good_signature_proves_its_author(octets: bytes, known: bytes) -> None:
    """With RSA and Edwards keys, in every way to canonicalise, among others; and it is kept as it was found."""
    found = verify_signatures(octets, dns(known), NOW)
    assert found == Signature(
        verdict=Verdict.PASS, domain="staff.example", author="ivan@staff.example", why="its signature is good"
    )
    assert load_signature(found.dump()) == found


def test_a_domain_above_froms_signs_for_it() -> None:
    """Not one below, nor one that only ends alike, nor a whole country."""
    letter = LETTER.replace(b"staff.example", b"mail.staff.example")
    assert verdict(signed(letter, domain="staff.example")) is Verdict.PASS
    for domain in ("a.mail.staff.example", "il.staff.example", "example", "evil.example"):
        assert verdict(signed(letter, domain=domain)) is Verdict.NONE


def test_it_asks_for_the_one_key() -> None:
    """By selector and domain, and of no other domain than From's."""
    asked: list[str] = []

    def resolve(name: str) -> bytes:
        asked.append(name)
        return record()

    verify_signatures(signed(signed(domain="evil.example")), resolve, NOW)
    assert asked == ["s1._domainkey.staff.example"]


# ── forged, broken, weak ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("octets", "found"),
    [
        (LETTER, Verdict.NONE),
        (signed().replace(b"Gotovo", b"Plokho"), Verdict.FAIL),
        (signed().replace(b"[ACME-1]", b"[ACME-2]"), Verdict.FAIL),
        (signed().replace(b"<ivan@", b"<petra@"), Verdict.FAIL),
        (signed().replace(b"bh=", b"bh=AAAA"), Verdict.FAIL),
        (signed(length=True) + b"And this.\r\n", Verdict.FAIL),
        (signed().replace(b"d=staff.example", b"d=evil.example"), Verdict.NONE),
        (signed().replace(b"v=1;", b"v=1; v=1;"), Verdict.NONE),
        (signed().replace(b"a=rsa-sha256", b"a=rsa-sha1"), Verdict.FAIL),
        (signed().replace(b"h=from", b"h=x-from"), Verdict.FAIL),
        (b"DKIM-Signature: v=1; d=staff.example\r\n" + LETTER, Verdict.FAIL),
        (b"From: mallory@evil.example\r\n" + signed(), Verdict.NONE),
        (signed() .replace(b"To: ", b"from: mallory@evil.example\r\nTo: "), Verdict.NONE),
        (b"X: a\rFrom: petra@staff.example\r\n" + signed(), Verdict.NONE),
        (b"X: a\x0bFrom: petra@staff.example\r\n" + signed(), Verdict.NONE),
        (signed_with(b"", b"to"), Verdict.FAIL),
        (signed_with(b"l=9; "), Verdict.FAIL),
        (signed(signature_algorithm=b"rsa-sha1"), Verdict.FAIL),
        (signed(LETTER.replace(b"ivan@", b'"ivan petrov"@')), Verdict.NONE),
        (b"From : petra@staff.example\r\n" + signed(), Verdict.NONE),
        (b"Subject: [ACME-2]\r\n" + signed(), Verdict.NONE),
        (signed(include_headers=[b"from", b"to"]), Verdict.FAIL),
        (signed(LETTER.replace(b">\r\nTo", b">, mallory@evil.example\r\nTo")), Verdict.NONE),
        (b"", Verdict.NONE),
    ],
)  # fmt: skip
def test_what_proves_nothing(octets: bytes, found: Verdict) -> None:
    """Another text, another author, a second one, an end left open, a weak kind, somebody else's domain."""
    assert verdict(octets) is found


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (record(2048), Verdict.FAIL),  # another key
        (record(more=b"t=y; "), Verdict.NONE),  # only a test
        (record(more=b"t=s:y; "), Verdict.NONE),
        (b"v=DKIM1; p=", Verdict.FAIL),  # withdrawn
        (b"v=DKIM1; k=x; p=AAAA", Verdict.FAIL),
        (b"nonsense", Verdict.FAIL),
        (b"\xff=\xff", Verdict.FAIL),
    ],
)
def test_what_dns_says_of_the_key(known: bytes, found: Verdict) -> None:
    """It is another, a trial, withdrawn, or nothing that is one."""
    assert verdict(signed(), known) is found


WEAK = b"""\
-----BEGIN RSA PRIVATE KEY-----
MIIBOQIBAAJBAJqXe2RkLn6Tuc04hYZrjomyQ2Ny5ZhTkZgHgqGJx3A6buA8unSe
LZpd4WKWL2QOiarLr73qF9kILW6E0OF7MEECAwEAAQJAWi0k8EG0EWfwyTJASVHy
WoYe4yMBpOKSmkE/RSWOrfqv3BRtacFPJK0DpRLUKhXKKFM6bMbX+fBrgCSQ0oRo
5QIhAMhienggimYeCPtOR7f3Tt4BlkUmc7VxF/hJB8HfzXabAiEAxX9e6dVH+OtT
KYaXn8BqOMTBY1Um6zkv/tId5tqW9FMCIDDfU99YkGi3iplATl2gA6xB1tSmvDHU
k3QK28l9PC9hAiBiHIVdKowHl3gHwAog3WinbO8ZVprv7cfvEhiyr1KgawIgIoTX
NI2mh2B3ji5zCzDclY0teIJnKVpNBE0tIOtFUts=
-----END RSA PRIVATE KEY-----
"""
WEAK_RECORD = b"p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJqXe2RkLn6Tuc04hYZrjomyQ2Ny5ZhTkZgHgqGJx3A6buA8unSeLZpd4WKWL2QOiarLr73qF9kILW6E0OF7MEECAwEAAQ=="


def test_a_weak_key() -> None:
    """Of 512 bits a good signature proves nothing."""
    octets = bytes(dkim.sign(LETTER, b"s1", b"staff.example", WEAK)) + LETTER
    assert dkim.verify(octets, dnsfunc=lambda _name, timeout=0: WEAK_RECORD, minkey=512)
    assert verdict(octets, WEAK_RECORD) is Verdict.FAIL


def test_a_signature_has_a_term() -> None:
    """To the second, by the clock that we go by."""
    until = NOW + timedelta(minutes=1)
    stamp = str(int(until.timestamp())).encode()
    octets = signed_with(b"x=" + stamp + b"; ")
    second = datetime.fromtimestamp(int(stamp), UTC)
    assert verdict(octets, now=second - timedelta(microseconds=1)) is Verdict.PASS
    assert verdict(octets, now=second) is Verdict.FAIL
    assert verdict(signed_with(b"x=999999999999; ")) is Verdict.PASS
    for term in (b"9999999999999", b"9" * 3_000, b"soon", b"-1", b"1.5"):
        found = verify_signatures(signed_with(b"x=" + term + b"; "), dns(), NOW)
        assert found.why == "the signature of staff.example has expired"


@pytest.mark.parametrize("line_end", [b"\r", b"\x00", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e"])
def test_line_ends_that_not_everybody_knows(line_end: bytes) -> None:
    """A second From may stand behind one, for some reader or other."""
    found = verify_signatures(b"X: a" + line_end + b"b\r\n" + signed(), dns(), NOW)
    assert found == Signature(why="its header has line ends that not everybody reads alike")


@pytest.mark.parametrize("resolve", [fails, lambda _name: None], ids=["no answer", "no key"])
def test_what_dns_does_not_tell_is_unknown(resolve: Callable[[str], bytes | None]) -> None:
    """No proof, and no disproof either."""
    found = verify_signatures(signed(), resolve, NOW)
    assert found.verdict is Verdict.NONE
    assert found.why.startswith("the signature of staff.example could not be verified: ")


def test_a_thousand_signatures_cost_no_thousand_looks() -> None:
    """A few are tried, of From's domain alone."""
    asked: list[str] = []

    def resolve(name: str) -> None:
        asked.append(name)

    octets = signed()
    head = octets.partition(b"From:")[0]
    assert verify_signatures(head * 150 + octets, resolve, NOW).verdict is Verdict.NONE
    assert len(asked) == MAX_SIGNATURES


def filled(size: int) -> bytes:
    """Return a signed letter with a header of this size, its end not counted."""
    octets = signed()
    return b"X: " + b"x" * (size - len(octets.partition(b"\r\n\r\n")[0]) - 5) + b"\r\n" + octets


@pytest.mark.parametrize(
    ("octets", "known", "found"),
    [
        (filled(MAX_HEADER), record(), Verdict.PASS),
        (filled(MAX_HEADER + 1), record(), Verdict.NONE),
        (b"X: x\r\n" * (MAX_FIELDS - 6) + signed(), record(), Verdict.PASS),
        (b"X: x\r\n" * (MAX_FIELDS - 5) + signed(), record(), Verdict.NONE),
        (signed_with(b"z=" + b"x" * (MAX_SIGNATURE - 500) + b"; "), record(), Verdict.PASS),
        (signed_with(b"z=" + b"x" * MAX_SIGNATURE + b"; "), record(), Verdict.NONE),
        (signed(), record(more=b"n=" + b"x" * (MAX_RECORD - len(record()) - 4) + b"; "), Verdict.PASS),
        (signed(), record(more=b"n=" + b"x" * (MAX_RECORD - len(record()) - 3) + b"; "), Verdict.NONE),
    ],
    ids=["header", "long header", "fields", "many fields", "signature", "long signature", "key", "long key"],
)
def test_sizes(octets: bytes, known: bytes, found: Verdict) -> None:
    """What is larger than anybody's is not looked at."""
    assert verdict(octets, known) is found


def test_a_letter_can_be_too_large() -> None:
    """Of its own size, whatever its header's."""
    too_large = Signature(why="it is too large to be verified")
    assert verify_signatures(filled(MAX_HEADER + 1), dns(), NOW) == too_large
    for whole, more in (
        (signed() + b"x" * (MAX_LETTER - len(signed())), b"x"),
        (signed() + b"\nx" * (MAX_LINES - signed().count(b"\n")), b"\n"),
    ):
        assert verdict(whole) is Verdict.FAIL
        assert verify_signatures(whole + more, dns(), NOW) == too_large


def plain(
    names: bytes = b"from", *, tags: bytes = b"", value: bytes = b"AAAA", more: bytes = b"", body: bytes = b"x"
) -> bytes:
    """Return a letter with a signature that anybody can write: its hash of the body is right, its value is not."""
    digest = base64.b64encode(hashlib.sha256(b" ".join(body.split()) + b"\r\n").digest())
    return (
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=staff.example; s=s1; " + tags + b"h=" + names + b"; bh="
        + digest + b"; b=" + value + b"\r\nFrom: ivan@staff.example\r\n" + more + b"\r\n" + body + b"\r\n"
    )  # fmt: skip


def numbered(count: int) -> bytes:
    return b":".join(b"%x" % n for n in range(count))


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (lambda n: plain(body=b"x" + b" " * n + b"x"), 1_000_000),
        (lambda n: plain(body=b"x " * n), 200_000),
        (lambda n: plain(body=b"x" + b"\r\n" * n + b"x"), 200_000),
        (lambda n: plain(more=b"X: a\r\n" + b" b\r\n" * n), 12_000),
        (lambda n: plain(b"from:" + numbered(n // 20), more=b"a:\r\n" * n), 13_000),
        (lambda n: plain(b"from:" + numbered(n), more=b"a:\r\n" * (n // 40)), 13_000),
        (lambda n: plain(value=b"A" + b" " * n + b"!"), 60_000),
        (lambda n: plain(value=b"A" + b"\r\n " * n + b"!"), 20_000),
        (lambda n: plain(tags=b"z=a b" + b"\r\n " * n + b"; "), 20_000),
        (lambda n: plain(b"from" + b" " * n + b":x"), 60_000),
        (lambda n: plain(b"from:to", more=b"To: a" + b" " * n + b"b\r\n"), 60_000),
        (lambda n: plain(tags=b"".join(b"q%x=;" % m for m in range(n))), 8_000),
        (lambda n: plain() .partition(b"From:")[0] * n + plain(), 350),
        (lambda n: b"DKIM-Signature:" + b";" * n + b"\r\n" + plain(), 60_000),
    ],
    ids=[
        "blanks in the body", "words", "lines", "folds", "fields", "names", "blanks in b=", "folds in b=", "folds in z=",
        "blanks in h=", "blanks in a field", "tags", "signatures", "semicolons",
    ],
)  # fmt: skip
def test_whoever_makes_it_long_keeps_nobody_busy(make: Callable[[int], bytes], size: int) -> None:
    """The key of an agent's domain is known to everybody, so that all of the work is a forger's for the asking."""
    assert find_growth_between(verdict, make(size // 4), make(size), slow=4) == ""


def test_a_key_as_long_as_dns_allows() -> None:
    """To reckon with one of 100,000 bits takes hours."""
    raw = bytes(range(1, 256)) * 50
    number = b"\x02\x82" + (len(raw) + 1).to_bytes(2, "big") + b"\x00" + raw
    key = b"\x30\x82" + (2 * len(number)).to_bytes(2, "big") + number * 2
    known = b"p=" + base64.b64encode(key)
    assert find_slowness(lambda: verdict(signed(), known), slow=1) == ""


@pytest.mark.parametrize(
    "octets",
    [
        signed().replace(b"Gotovo.", b"Gotovo" + b" " * 1_000_000 + b"."),
        signed().replace(b" b=", b" b=a" + b" " * 60_000 + b"!"),
    ],
    ids=["body", "signature"],
)
def test_blanks_hold_up_nothing(octets: bytes) -> None:
    """The library would look at them for hours, and nothing else would run meanwhile."""
    begun = time.process_time()
    verify_signatures(octets, dns(), NOW)
    assert time.process_time() - begun < 5


def test_blanks_do_not_matter_where_the_signature_says_so() -> None:
    """Relaxed, they may be more or fewer within and at the end of a line; simple, they are the text."""
    letter = LETTER.replace(b"Gotovo.", b"Gotovo  i \t \r\n\r\nvse.\t")
    assert verdict(signed(letter).replace(b"Gotovo  i \t ", b"Gotovo\ti")) is Verdict.PASS
    assert verdict(signed(letter, canonicalize=(b"relaxed", b"simple"))) is Verdict.PASS
    assert verdict(signed(letter, canonicalize=(b"relaxed", b"simple")).replace(b"i \t", b"i")) is Verdict.FAIL


@given(st.binary(max_size=300), st.integers(0, 500), st.binary(max_size=5))
def test_nothing_breaks_it(noise: bytes, at: int, put: bytes) -> None:
    """Whatever a letter consists of, or is changed to, it is judged; and no change that is one leaves it good."""
    verify_signatures(noise, dns(), NOW)
    verify_signatures(b"DKIM-Signature: " + noise + b"\r\n" + LETTER, dns(), NOW)
    octets = signed()
    changed = octets[:at] + put + octets[at + len(put) :]
    verify_signatures(changed, dns(noise), NOW)
    body = octets.index(b"Gotovo")
    if put.strip():
        assert verdict(octets[:body] + put + octets[body:]) is not Verdict.PASS


BROKEN_RECORD = b"p=MIGfMA0GCSqGSIb3DQEBAQUwA4GNADCBiQKBgQDR5ULKYTOQp6NygHXU"  # it ends in the middle


@pytest.mark.parametrize(
    ("octets", "known", "why"),
    [
        (signed(), BROKEN_RECORD, "AssertionError"),
        (signed(edwards=True).replace(b" b=", b" b=AAAA"), edwards_record(), "ValueError"),
        (b"\xff\r\n" + signed(), record(), "MessageFormatError"),
    ],
    ids=["a key that breaks off", "a signature of another length", "a field without a name"],
)
def test_what_the_library_trips_over(octets: bytes, known: bytes, why: str) -> None:
    """Keys and signatures that are none make it raise what it does not declare; then nothing is known of the letter."""
    assert verify_signatures(octets, dns(known), NOW) == Signature(why=f"its signatures cannot be read: {why}")


BITS = st.sampled_from(
    [b"", b"=", b";", b":", b"\xff", b"\r\n ", b" ", b"A", b"-1", b"9" * 30, b"/", b"@", b"rsa", b"ed25519", b"tlsrpt", b"; q=http",
     b"; c=/", b"; i=@", b"; t=x", b"; t=99999999999", b"; i=x@evil.example", b"; c=a/b/c", b"; v=2", b"; h=", b"; s=*"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), BITS), max_size=3)


def changed(octets: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, put in changes:
        at = int(where * len(octets))
        octets = octets[:at] + put + octets[at + length :]
    return octets


@given(st.booleans(), CHANGES, CHANGES)
def test_no_signature_and_no_key_breaks_it(
    edwards: bool, of_signature: list[tuple[float, int, bytes]], of_key: list[tuple[float, int, bytes]]
) -> None:
    """Whatever stands in their tags, the letter is judged; and another text is never good."""
    head, name, rest = signed(edwards=edwards).partition(b"From:")
    known = changed(edwards_record() if edwards else record(), of_key)
    forged = changed(head, of_signature) + name + rest
    assert verify_signatures(forged, dns(known), NOW).why
    assert verdict(forged + b"And this.\r\n", known) is not Verdict.PASS


@pytest.mark.parametrize(
    ("octets", "worth"),
    [
        (signed(), True),
        (LETTER, False),
        (signed(LETTER.replace(b"ivan@", b"IVAN@")), True),
        (signed(LETTER.replace(b"ivan@", b"anna@")), False),
        (LETTER.replace(b"From", b"X-From") + b"DKIM-Signature: ivan@staff.example", False),
        (signed(LETTER.replace(b"ivan@staff", b"mallory@evil").replace(b"To: ", b"To: ivan@staff.example, ")), False),
        (signed(LETTER.replace(b"<ivan@staff", b'"ivan@staff.example" <mallory@evil')), False),
        (filled(MAX_HEADER), True),
        (filled(MAX_HEADER + 1), False),
        (b"", False),
    ],
)
def test_only_letters_in_agents_names_are_worth_a_look(octets: bytes, worth: bool) -> None:
    """Nobody else can make us ask DNS anything."""
    assert may_be_signed(octets, frozenset({"ivan@staff.example"})) is worth
