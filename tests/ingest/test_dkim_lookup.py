"""What DNS is asked for a key: one name, once, for a few seconds; and whatever it answers, or does not."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.signatures import LOOKUP_SECONDS, look_up

NAME = "s1._domainkey.staff.example"
TTL = 60


def answer(query: dns.message.Message) -> dns.message.Message:
    """Return what our DNS knows: the first label of a name says what."""
    response = dns.message.make_response(query)
    name = query.question[0].name.to_text()
    records = {
        "s1": ['"v=spf1 -all"', '"v=DKIM1; k=rsa; p=" "AAAA" "BBBB"'],
        "spf": ['"v=spf1 -all"'],
        "octets": ['"p=\\255\\000"'],
        "empty": ['""'],
    }
    what = name.partition(".")[0]
    if what in records:
        response.answer.append(dns.rrset.from_text(query.question[0].name, TTL, "IN", "TXT", *records[what]))
    elif what == "broken":
        response.set_rcode(dns.rcode.SERVFAIL)
    elif what != "bare":
        response.set_rcode(dns.rcode.NXDOMAIN)
    response.flags |= dns.flags.RA
    return response


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks a server of ours."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    octets, where = server.recvfrom(65_535)
                    if not octets:
                        return
                    server.sendto(answer(dns.message.from_wire(octets)).to_wire(), where)

        thread = threading.Thread(target=serve)
        thread.start()
        found = dns.resolver.Resolver(configure=False)
        found.nameservers, found.port = ["127.0.0.1"], server.getsockname()[1]
        yield found
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.getsockname())
        thread.join()


@pytest.mark.parametrize(
    ("name", "record"),
    [
        (NAME, b"v=DKIM1; k=rsa; p=AAAABBBB"),  # put together, and not the other one of that name
        ("spf.staff.example", None),
        ("octets.staff.example", b"p=\xff\x00"),
        ("empty.staff.example", None),
        ("bare.staff.example", None),
        ("nobody.staff.example", None),
    ],
)
def test_what_is_there(resolver: dns.resolver.Resolver, name: str, record: bytes | None) -> None:
    """The record that holds a key, or that there is none."""
    assert look_up(name, resolver) == record


@pytest.mark.parametrize(
    "name", ["broken.staff.example", "a" * 64 + ".example", "a..b", ".".join(["a" * 60] * 5), "a\\999.b", "\\"]
)
def test_what_cannot_be_asked(resolver: dns.resolver.Resolver, name: str) -> None:
    """A server that fails, and what is no name: nobody knows whether there is a key."""
    with pytest.raises(LookupError, match=r"^DNS does not answer: \w+$"):
        look_up(name, resolver)


@given(name=st.text(max_size=80))
def test_any_name(resolver: dns.resolver.Resolver, name: str) -> None:
    """A signature names its key as it likes; it raises nothing but LookupError."""
    with contextlib.suppress(LookupError):
        look_up(name, resolver)


def test_a_silent_server_is_given_up_soon() -> None:
    """The name as it is, nothing of our own domain behind it."""
    asked: list[tuple[object, ...]] = []

    class Silent(dns.resolver.Resolver):
        def resolve(self, *names: object, **how: object) -> dns.resolver.Answer:
            asked.append((*names, how))
            raise dns.resolver.LifetimeTimeout

    with pytest.raises(LookupError, match="DNS does not answer: LifetimeTimeout"):
        look_up(NAME, Silent(configure=False))
    assert asked == [(NAME, "TXT", {"lifetime": LOOKUP_SECONDS, "search": False})]
