"""Whether our own server vouches for From: real headers of the great providers, and everything that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.ingest.authentication import Verdict, authenticate
from maild.ingest.parse import parse
from tests.pace import find_slowness

FROM = "From: Ivan <ivan@staff.example>\r\n"

GMAIL = """Delivered-To: support@acme.example
Received: by 2002:a05:6402:4490:b0:5c9:6f5d with SMTP id er16csp1234567edb;
        Mon, 23 Nov 2026 00:10:00 -0800 (PST)
X-Received: by 2002:a17:906:7957:b0:a99:f1e6 with SMTP id a640c23a62f3a;
        Mon, 23 Nov 2026 00:10:00 -0800 (PST)
ARC-Authentication-Results: i=1; mx.google.com;
       dkim=pass header.i=@staff.example header.s=s1 header.b=AbC;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=staff.example
Return-Path: <ivan@staff.example>
Received: from mail.staff.example (mail.staff.example. [203.0.113.7])
        by mx.google.com with ESMTPS id x9si1234567ejb.12.2026.11.23.00.10.00
        for <support@acme.example>;
        Mon, 23 Nov 2026 00:10:00 -0800 (PST)
Received-SPF: pass (google.com: domain of ivan@staff.example designates 203.0.113.7 as permitted sender) client-ip=203.0.113.7;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@staff.example header.s=s1 header.b=AbC;
       spf=pass (google.com: domain of ivan@staff.example designates 203.0.113.7 as permitted sender) smtp.mailfrom=ivan@staff.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=staff.example
Received: from [192.168.1.5] (unknown [198.51.100.1]) by mail.staff.example (Postfix) with ESMTPSA id 4D1
"""
MICROSOFT = """Received: from AM0PR07MB1.eurprd07.prod.outlook.com (2603:10a6::1) by AM0PR07MB2.eurprd07.prod.outlook.com with HTTPS; Mon, 23 Nov 2026 08:10:00 +0000
Received: from mail.staff.example (203.0.113.7) by VE1EUR01FT010.mail.protection.outlook.com (10.152.2.227) with Microsoft SMTP Server
Authentication-Results: spf=pass (sender IP is 203.0.113.7)
 smtp.mailfrom=staff.example; dkim=pass (signature was verified)
 header.d=staff.example;dmarc=pass action=none
 header.from=staff.example;compauth=pass reason=100
Received-SPF: Pass (protection.outlook.com: domain of staff.example designates 203.0.113.7 as permitted sender)
"""
OPENDMARC = """Return-Path: <ivan@staff.example>
Delivered-To: support
Authentication-Results: mail.acme.example; dmarc=pass (p=none dis=none) header.from=staff.example
Authentication-Results: mail.acme.example;
\tdkim=pass (2048-bit key; unprotected) header.d=staff.example header.i=@staff.example header.a=rsa-sha256 header.s=s1 header.b="f/0aZ";
\tdkim-atps=neutral
Received: from mail.staff.example (mail.staff.example [203.0.113.7])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\tby mail.acme.example (Postfix) with ESMTPS id 4XyZ
\tfor <support@acme.example>; Mon, 23 Nov 2026 11:10:00 +0300 (MSK)
"""
RSPAMD = """Received: from mail.acme.example by mail.acme.example with LMTP id abc (envelope-from <ivan@staff.example>)
Received: from mail.staff.example (mail.staff.example [203.0.113.7]) by mail.acme.example (Postfix) with ESMTPS id 4XyZ
Authentication-Results: mail.acme.example;
\tdkim=pass header.d=staff.example header.s=s1 header.b=AbC;
\tdmarc=pass (policy=none) header.from=staff.example;
\tspf=pass (mail.acme.example: domain of ivan@staff.example designates 203.0.113.7 as permitted sender) smtp.mailfrom=ivan@staff.example
X-Rspamd-Server: mail
"""
YANDEX = """Received: from mxback-production-main-55.iva.yp-c.yandex.net (mxback [2a02:6b8::1]) by mail-nwsmtp-mxfront-production-main-81.iva.yp-c.yandex.net (mxfront/Yandex) with LMTPS id aBc
Received: from mail.staff.example (mail.staff.example [203.0.113.7]) by mail-nwsmtp-mxfront-production-main-81.iva.yp-c.yandex.net (mxfront/Yandex) with ESMTPS id dEf
X-Yandex-Front: mail-nwsmtp-mxfront-production-main-81.iva.yp-c.yandex.net
Authentication-Results: mail-nwsmtp-mxfront-production-main-81.iva.yp-c.yandex.net; spf=pass (domain of staff.example designates 203.0.113.7 as permitted sender, rule=[ip4:203.0.113.7]) smtp.mail=ivan@staff.example; dkim=pass header.i=@staff.example
X-Yandex-Spam: 1
"""
MAILRU = """Delivered-To: support@acme.example
Return-path: <ivan@staff.example>
Received: from mail.staff.example ([203.0.113.7]:42312)
\tby mx221.i.mail.ru with esmtp (envelope-from <ivan@staff.example>) id 1tEq
Authentication-Results: mxs.mail.ru; spf=pass (mx221.i.mail.ru: domain of staff.example designates 203.0.113.7 as permitted sender) smtp.mailfrom=ivan@staff.example smtp.helo=mail.staff.example;
\t dkim=pass header.d=staff.example;
\t dmarc=pass header.from=staff.example
"""
SERVERS = {
    "gmail": (GMAIL, "mx.google.com"),
    "microsoft": (MICROSOFT, "protection.outlook.com"),
    "opendmarc": (OPENDMARC, "mail.acme.example"),
    "rspamd": (RSPAMD, "mail.acme.example"),
    "yandex": (YANDEX, "*.yandex.net"),
    "mail.ru": (MAILRU, "mxs.mail.ru"),
}

HOP = "Received: from a.example by mx.acme.example with ESMTPS id 1\r\n"
ALIEN = "Received: from b.example by mx.evil.example with ESMTPS id 2\r\n"
GOOD = "Authentication-Results: mx.acme.example; dmarc=pass header.from=staff.example\r\n"


def verdict(head: str, *authserv: str, sender: str = FROM) -> Verdict:
    octets = head.replace("\r\n", "\n").replace("\n", "\r\n") + sender + "To: support@acme.example\r\n\r\nText\r\n"
    return authenticate(parse(octets.encode()), authserv or ("mx.acme.example",)).verdict


def test_a_good_word_of_each_provider_is_understood() -> None:
    """Written above or below the server's own Received, with comments, quotes, old property names, without an id."""
    assert {name: verdict(head, server) for name, (head, server) in SERVERS.items()} == dict.fromkeys(SERVERS, "pass")


def test_another_servers_id_is_not_ours() -> None:
    """Each provider's field means nothing where another one is configured, nor where none is."""
    for head, _ in SERVERS.values():
        assert verdict(head, "mx.other.example") is Verdict.NONE
        octets = (head.replace("\n", "\r\n") + FROM + "\r\nText").encode()
        assert authenticate(parse(octets), ()).verdict is Verdict.NONE


def test_the_word_is_about_from_alone() -> None:
    """What holds for the domain of one letter proves nobody of another domain, look-alikes included."""
    others = ["ivan@evil.example", "ivan@staff.example.evil.example", "ivan@stаff.example", "ivan@xn--stff-63d.example"]
    for head, server in SERVERS.values():
        for other in others:
            assert verdict(head, server, sender=f"From: ivan@staff.example <{other}>\r\n") is Verdict.NONE


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (GOOD + HOP, "pass"),
        (HOP + GOOD, "pass"),
        (HOP + HOP + GOOD, "pass"),
        (GOOD, "none"),  # nobody's Received
        (GOOD + ALIEN, "none"),
        (ALIEN + GOOD, "none"),
        (ALIEN.replace("b.example", "by (by mx.acme.example)") + GOOD, "none"),
        (HOP + ALIEN + GOOD, "none"),  # the sender brought it along
        (HOP + GOOD.replace("mx.acme", "mx.evil"), "none"),
        (HOP + GOOD.replace("mx.acme", "mx.evil") + GOOD, "pass"),
        (HOP + GOOD.replace("pass", "fail") + GOOD, "fail"),  # a second occurrence is not ours
        (HOP + GOOD.replace("pass", "none") + GOOD, "none"),
        (GOOD.replace("pass", "fail") + GOOD + HOP, "fail"),
        (GOOD.replace("pass", "none") + GOOD + HOP, "none"),  # of two words on one thing the worse
        (GOOD.replace("pass", "none") + HOP + GOOD, "none"),
        (HOP + "X-Authentication-Results: mx.acme.example; dmarc=pass\r\n", "none"),
        (HOP + "Authentication-Results: mx.acme.example.evil.example; dmarc=pass\r\n", "none"),
        (HOP + "Authentication-Results: evil mx.acme.example; dmarc=pass\r\n", "none"),
        (HOP + "Authentication-Results: (mx.acme.example;) evil; dmarc=pass\r\n", "none"),
    ],
)
def test_only_what_our_server_must_have_written_counts(head: str, expected: str) -> None:
    """The topmost of our id, under no foreign Received; a forged one above, below or beside it changes nothing."""
    assert verdict(head) == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=staff.example", "pass"),
        ("dmarc=pass", "pass"),
        ("dmarc = pass (p=none) header.from = staff.example", "pass"),
        ("DMARC=PASS header.From=Staff.Example", "pass"),
        ("dmarc=pass header.from=evil.example", "none"),
        ("dmarc=fail header.from=staff.example; dkim=pass header.d=staff.example", "fail"),
        ("dmarc=reject header.from=staff.example", "fail"),
        ("dmarc=pass; dmarc=fail", "fail"),
        ("dmarc=none; dkim=pass header.d=staff.example", "pass"),
        ("dmarc=temperror; dkim=pass header.i=ivan@staff.example", "pass"),
        ("dkim=pass header.d=example", "none"),  # nobody's domain
        ("dkim=pass header.d=evil.example", "none"),
        ("dkim=pass header.d=mail.staff.example", "none"),
        ("dkim=pass header.d=evilstaff.example", "none"),
        ("dkim=pass header.s=staff.example", "none"),
        ("dkim=pass", "none"),
        ("dkim=fail header.d=staff.example; dkim=pass header.d=evil.example", "none"),
        ("dkim=fail header.d=staff.example; dkim=pass header.d=staff.example", "pass"),
        ("dkim=fail header.d=staff.example", "none"),  # a forwarded letter looks the same
        ("spf=pass smtp.mailfrom=ivan@staff.example", "pass"),
        ("spf=pass smtp.mailfrom=staff.example", "pass"),
        ("spf=pass smtp.mailfrom=mallory@evil.example", "none"),
        ("spf=pass smtp.helo=staff.example", "none"),
        ("spf=fail smtp.mailfrom=ivan@staff.example", "none"),
        ('spf=pass smtp.mailfrom="a; dmarc=pass header.from=staff.example"@evil.example', "none"),
        (r'spf=pass smtp.mailfrom="a\"; dmarc=pass; b"@evil.example', "none"),
        ('spf=pass smtp.mailfrom="a(b"@evil.example; dkim=pass header.d=staff.example', "pass"),
        ("spf=pass (domain of a; dmarc=pass header.from=staff.example) smtp.mailfrom=a@evil.example", "none"),
        ("spf=pass (a (nested) ; dmarc=pass ) smtp.mailfrom=a@evil.example", "none"),
        ("spf=pass smtp.mailfrom==?utf-8?q?a=3B_dmarc=3Dpass=3B?=@evil.example", "none"),
        ("spf=pass smtp.mailfrom==?utf-8?b?YTsgZG1hcmM9cGFzczsgYg==?=@evil.example", "none"),
        ("none", "none"),
        ("", "none"),
        (";;;=;=pass;dmarc=", "none"),
    ],
)
def test_what_results_prove(results: str, expected: str) -> None:
    """DMARC's word first, else an aligned signature or envelope; what a stranger may have put into a field proves nothing."""
    assert verdict(f"{HOP}Authentication-Results: mx.acme.example; {results}\r\n") == expected


@pytest.mark.parametrize(
    "sender",
    [
        "From: ivan@staff.example, mallory@evil.example\r\n",
        "From: ivan@staff.example\r\nFrom: mallory@evil.example\r\n",
        "From: Ivan\r\n",
        "",
    ],
)
def test_two_authors_are_nobody(sender: str) -> None:
    """The server may have looked at the other one."""
    assert verdict(HOP + GOOD, sender=sender) is Verdict.NONE


def test_each_method_is_told_of_from_alone() -> None:
    """What is about another domain is neither good nor bad."""
    said = f"{HOP}Authentication-Results: mx.acme.example; dkim=fail header.d=evil.example; spf=fail smtp.mailfrom=a@staff.example"
    found = authenticate(parse(f"{said}\r\n{FROM}\r\n".encode()), ("mx.acme.example",))
    assert (found.dmarc, found.dkim, found.spf) == ("none", "none", "fail")
    assert found.evidence == "our server says of staff.example: dmarc=none, dkim=none, spf=fail"


def test_an_address_as_a_name_is_one_author() -> None:
    """Outlook writes the address once more in front."""
    assert verdict(HOP + GOOD, sender='From: "ivan@staff.example" <ivan@staff.example>\r\n') is Verdict.PASS


@given(st.text(alphabet='();="\\ \tadimrspfk.@xy<>?_:', max_size=300))
def test_any_field_is_read_and_never_proves_more_than_it_says(junk: str) -> None:
    """Whatever a stranger makes a server write behind one word on DMARC, it stays at least as bad."""
    head = f"{HOP}Authentication-Results: mx.acme.example; dmarc=fail; spf=pass smtp.mailfrom={junk}\r\n"
    assert verdict(head) is Verdict.FAIL


@pytest.mark.parametrize("piece", ["(", "a=", " = ", ";", '"', "\\", "()", "by ", "dkim=pass header.d=staff.example;"])
def test_long_fields_cost_little(piece: str) -> None:
    """A hundred fields of as much as is kept of each."""
    message = parse(
        (f"{HOP}Authentication-Results: mx.acme.example; {piece * 9_000}\r\n" * 100 + FROM + "\r\n").encode()
    )
    assert find_slowness(lambda: authenticate(message, ("mx.acme.example",)), slow=1) == ""


@pytest.mark.parametrize(
    ("head", "signed_by", "verdict"),
    [
        (FROM, "staff.example", Verdict.PASS),
        (FROM.replace("@staff", "@mail.staff"), "staff.example", Verdict.PASS),
        (FROM, "mail.staff.example", Verdict.NONE),
        (FROM, "evil.example", Verdict.NONE),
        (FROM, "example", Verdict.NONE),
        (FROM.replace("\r\n", ", petra@staff.example\r\n"), "staff.example", Verdict.NONE),
        ("To: support@acme.example\r\n", "staff.example", Verdict.NONE),
        (GMAIL.replace("dmarc=pass", "dmarc=fail").replace("\n", "\r\n") + FROM, "staff.example", Verdict.FAIL),
    ],
)
def test_a_signature_that_we_have_verified(head: str, signed_by: str, verdict: Verdict) -> None:
    """It counts for the one address in From, of its domain or one below, and where no server of ours says otherwise."""
    message = parse(f"{head}\r\nx".encode())
    assert authenticate(message, ("mx.google.com",), signed_by).verdict is verdict
