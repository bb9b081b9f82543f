"""What the templates of each letter may use: every variable, at rest and in samples that reach all of their words. Pure.

The one home of the variables' names: `Templates.load` tries every template on the samples, `Templates.render` fills in
what a draft leaves at rest, and the tests hold `templates/README.md` to both.
"""

from collections.abc import Callable, Iterator, Mapping

from maild.model import Address, Purpose
from maild.outbox import samples_of_customers as customers
from maild.outbox import samples_of_staff as staff
from maild.outbox.sample_values import CLIENT, COUPON
from maild.outbox.samples_translated import in_language

# What a draft need not say. A variable that is in no draft and not here is a mistake, and StrictUndefined tells of it.
AT_REST: Mapping[Purpose, Mapping[str, object]] = {
    Purpose.ACKNOWLEDGEMENT: CLIENT
    | COUPON
    | {"first": True, "term": None, "understood": (), "missing": (), "quota": None}
    | {"faq": (), "asked": (), "untaken": (), "offer": None, "unit": None, "continues": "", "recorded": None}
    | {"registered": "", "known_by": ()},
    Purpose.REFUSAL: COUPON | {"known_by": (), "since": "", "until": "", "ground": None, "untaken": ()},
    Purpose.POSTPONEMENT: {"asked": (), "untaken": (), "registered": ""},
    Purpose.OFFER: {"words": ""},
    Purpose.CHASER: {"asked": (), "until": "", "unclear": None},
    Purpose.RESOLUTION: {"choices": ()},
    Purpose.PLANNED: {},
    Purpose.UPDATED: {"notes": "", "until": "", "choices": ()},
    Purpose.CLOSING: {"into": "", "asked": (), "offer": None, "choices": ()},
    Purpose.SATISFACTION: {},
    Purpose.FORWARDING: {},
    Purpose.REPORT: {},
    Purpose.PASSING: {"left_out": (), "closed": False, "cover": ""},
    Purpose.NOTIFICATION: CLIENT
    | COUPON
    | {
        "copied": (),
        "note_address": "",
        "history": (),
        "terms": (),
        "next": "",
        "queue": None,
        "several": (),
        "conflict": (),
        "quota": None,
    }
    | {
        "hints": (),
        "category": "",
        "service": None,
        "severity": "",
        "tags": (),
        "assigned": "",
        "team": "",
        "proposed": None,
        "ground": None,
    }
    | {"asked": (), "faq": (), "untaken": (), "unit": "", "offer": None, "status": "", "latest": "", "until": ""}
    | {"recorded": None, "cover": "", "theirs": None, "unclear": None},
    Purpose.ANSWER: {"page": "", "solved_until": "", "planned": None, "choices": (), "quote": None},
    Purpose.EXTENSION: {"reason": ""},
    Purpose.RECEIPT: {
        "lines": (),
        "answered": False,
        "sent": "",
        "sent_to": (),
        "ready": 0,
        "released": False,
        "lost": (),
        "noticed": "",
        "kept": False,
        "seen": False,
        "copied": (),
        "letter": "",
        "undo": "",
        "help": (),
        "unfiled": "",
        "customer": None,
        "token": "",
        "number": "",
        "subject": "",
    },
    Purpose.CONFIRMATION: {
        "author": Address(addr=""),
        "title": "",
        "text": "",
        "left": 0,
        "asking": False,
        "commands": (),
        "files": (),
        "people": (),
        "until": "",
        "customer": None,
        "number": "",
        "subject": "",
    },
    Purpose.OVERVIEW: {"daily": "", "before": False, "unanswered": 0, "direct": False},
    Purpose.REMINDER: {
        "copied": (),
        "more": 0,
        "customer": None,
        "token": "",
        "number": "",
        "subject": "",
    },  # both are there for one ticket alone
    Purpose.NEWS: {},
    Purpose.SUBSCRIPTION: {"token": ""},
    Purpose.EDITION: {"title": "", "text": "", "recipients": 0, "until": "", "sent": 0, "left": 0},
    Purpose.ADMIN: {},
    Purpose.OBSERVED: {},
}


def sample_words(purpose: Purpose, language: str = "ru") -> Iterator[dict[str, object]]:
    """Yield values for every variable a template of this purpose may use, in every combination that changes its words."""
    for words in _SAMPLES[purpose]():
        yield {**AT_REST[purpose], **{name: in_language(value, language) for name, value in words.items()}}


_SAMPLES: Mapping[Purpose, Callable[[], Iterator[dict[str, object]]]] = {
    Purpose.ACKNOWLEDGEMENT: customers.acknowledgements,
    Purpose.REFUSAL: customers.refusals,
    Purpose.POSTPONEMENT: customers.postponements,
    Purpose.OFFER: customers.offers,
    Purpose.CHASER: customers.chasers,
    Purpose.RESOLUTION: customers.resolutions,
    Purpose.PLANNED: customers.planned,
    Purpose.UPDATED: customers.updated,
    Purpose.CLOSING: customers.closings,
    Purpose.SATISFACTION: customers.satisfactions,
    Purpose.FORWARDING: customers.forwardings,
    Purpose.REPORT: customers.reports,
    Purpose.PASSING: customers.passings,
    Purpose.ANSWER: customers.answers,
    Purpose.EXTENSION: customers.extensions,
    Purpose.NOTIFICATION: staff.notifications,
    Purpose.RECEIPT: staff.receipts,
    Purpose.CONFIRMATION: staff.confirmations,
    Purpose.OVERVIEW: staff.overviews,
    Purpose.REMINDER: staff.reminders,
    Purpose.NEWS: customers.news,
    Purpose.SUBSCRIPTION: customers.subscriptions,
    Purpose.EDITION: staff.editions,
    Purpose.ADMIN: staff.admin,
    Purpose.OBSERVED: staff.observed,
}
