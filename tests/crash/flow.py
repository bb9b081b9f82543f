"""Letters to a desk, and what must become of them: an independent account, kept while they are made up.

The account knows maild's promises, not its code: who opens a ticket, who gets a letter, what is passed over.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

AGENT = "ivan@staff.example"
SUPPORT = "support@acme.example"
PREFIX = "CRASH"

KINDS = {  # how often each comes, in parts
    "question": 40, "reply": 20, "stranger": 4, "copy": 8, "relayed copy": 6, "out of office": 8, "bounce": 7, "list": 7,
}  # fmt: skip

QUESTION = """\
From: {name} <{author}>
To: {support}
Subject: {subject}
Message-ID: <{id}>
{headers}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{words}
"""
BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>
To: {support}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{id}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Somebody does not exist.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; nobody{n}@customer.example
Action: failed
Status: 5.1.1
--b--
"""

Sent = tuple[str, str, str]  # purpose, recipient, ticket number


@dataclass(frozen=True)
class Opened:
    """A ticket as it must stand in the end."""

    number: str
    subject: str
    requester: str


@dataclass(frozen=True)
class Flow:
    """Letters in the order in which they arrive, and the account."""

    letters: list[bytes] = field(default_factory=list, repr=False)
    outcomes: list[str] = field(default_factory=list)  # of each letter
    tickets: list[Opened] = field(default_factory=list)
    sent: Counter[Sent] = field(default_factory=Counter)

    @property
    def work(self) -> int:
        """How many steps the desk makes: letters that end, and letters that leave."""
        return len(self.letters) + self.sent.total()


def make_flow(count: int, seed: int) -> Flow:
    """Return `count` letters, the same ones for the same seed; each copy or reply comes after what it refers to."""
    choose = random.Random(seed)
    flow, writer = Flow(), _Writer()
    natures: list[str] = []  # how each letter ends, or the one that it is a copy of
    for n in range(count):
        kind = choose.choices(list(KINDS), list(KINDS.values()))[0] if n else "question"
        if kind in {"copy", "relayed copy"}:
            first = choose.randrange(n)
            octets, nature = flow.letters[first], natures[first]
            flow.letters.append(octets if kind == "copy" else b"Received: from relay%d.example\n" % n + octets)
            # What nobody was to see hides nothing: another way's copy of it ends as it did itself.
            same = kind == "copy" or nature not in {"ignored", "bounce"}
            flow.outcomes.append("duplicate" if same else nature)
            natures.append(nature)
            continue
        if kind == "bounce":
            flow.letters.append(BOUNCE.format(support=SUPPORT, id=f"m{n}@mx.customer.example", n=n).encode())
            flow.outcomes.append("bounce")
        elif kind in {"question", "stranger"}:
            author = f"{kind}{choose.randrange(20)}@customer.example"
            subject = f"{choose.choice(['Принтер', 'Накладная', 'Login', 'Склад'])} {n}"
            about = f"References: <{choose.choice(writer.questions)[0]}>\n" if kind == "stranger" else ""
            opened = Opened(f"{PREFIX}-{len(flow.tickets) + 1}", subject, author)
            flow.letters.append(writer.write(n, author, subject, about))
            flow.outcomes.append("opened")
            flow.tickets.append(opened)
            flow.sent.update([("acknowledgement", author, opened.number), ("notification", AGENT, opened.number)])
            if kind == "question":
                writer.questions.append((f"m{n}@customer.example", opened))
        else:
            message_id, ticket = choose.choice(writer.questions)
            subject, headers = f"Re: {ticket.subject}", f"In-Reply-To: <{message_id}>\nReferences: <{message_id}>\n"
            if kind == "out of office":
                headers += "Auto-Submitted: auto-replied\n"
            elif kind == "list":
                headers = "List-Id: <news.example>\nPrecedence: list\n"
            else:
                flow.sent["notification", AGENT, ticket.number] += 1
            flow.letters.append(writer.write(n, ticket.requester, subject, headers))
            flow.outcomes.append("appended" if kind == "reply" else "ignored")
        natures.append(flow.outcomes[-1])
    return flow


class _Writer:
    """What the people of the flow have written so far."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, Opened]] = []  # Message-ID, ticket

    def write(self, n: int, author: str, subject: str, headers: str) -> bytes:
        words = f"Здравствуйте! Помогите, пожалуйста, с вопросом {n}.\n\nС уважением"
        return QUESTION.format(
            name=f"Writer {n}", author=author, support=SUPPORT, subject=subject, id=f"m{n}@customer.example",
            headers=headers, words=words,
        ).encode()  # fmt: skip
