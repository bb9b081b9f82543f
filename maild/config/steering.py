"""The shape of what an admin steers requests with: rules, grounds, teams, units, offers, checklists, FAQ, files.

`examples` on a required field is what the remedy for its absence shows. What concerns more than one field is in `checks/`.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from maild.config.hours import Day
from maild.config.section import Section
from maild.config.types import (
    Count,
    Extensions,
    HeaderName,
    Line,
    MailAddress,
    Name,
    Names,
    Paragraphs,
    Pattern,
    Patterns,
    Phrases,
    Price,
    Senders,
    Share,
    Size,
    Slug,
    Span,
    Switch,
    Texts,
    Url,
    Words,
    as_list,
)
from maild.contracts.recognition import CouponState, Standing
from maild.texts.flaw import Check


class ConditionEntry(Section):
    """What must be true of a letter: every key that is there. An empty one is true of every letter."""

    words: Phrases = ()  # any of these, in any form, in the subject or the new text
    subject_words: Phrases = ()
    text_words: Phrases = ()
    matches: Patterns = ()  # any of these, in the subject or the new text
    subject_matches: Patterns = ()
    text_matches: Patterns = ()
    sender: Senders = Field(default=(), alias="from")  # who wrote it: addresses, or "@domain"
    to: Senders = ()  # one of those it is addressed to, whether in To, Cc or as it was delivered
    mailbox: Names = ()  # through which of ours it came
    header: dict[HeaderName, Pattern] = Field(default={})
    kind: Annotated[
        tuple[Literal["person", "notification", "auto-generated"], ...], BeforeValidator(as_list)
    ] = ()  # who or what wrote it
    form: Names = ()  # through which web form it came
    client: Annotated[tuple[Words, ...], BeforeValidator(as_list)] = ()  # keys in the register
    standing: Annotated[tuple[Standing, ...], BeforeValidator(as_list)] = ()
    level: Names = ()  # of the author's client
    coupon: Annotated[tuple[CouponState | Literal["none"], ...], BeforeValidator(as_list)] = ()
    over_quota: Switch | None = None
    attachments: Switch | None = None  # whether there are any
    attachment_types: Extensions = ()  # one of them is really such a file: "pdf", "docx", or "image", "archive" …
    attachment_names: Patterns = ()
    in_hours: Name | None = None  # received in the working hours of this calendar
    out_of_hours: Name | None = None  # received outside of them
    check: Annotated[tuple[Check, ...], BeforeValidator(as_list)] = ()  # any of these is wrong with the text
    several: Switch | None = None  # whether it looks like several requests
    category: Names = ()  # as decided so far
    severity: Names = ()
    tag: Annotated[tuple[Words, ...], BeforeValidator(as_list)] = ()  # any of these
    any_: tuple["ConditionEntry", ...] | None = Field(default=None, alias="any", min_length=1)
    all_: tuple["ConditionEntry", ...] | None = Field(default=None, alias="all", min_length=1)
    not_: "ConditionEntry | None" = Field(default=None, alias="not")


class ThenEntry(Section):
    """What follows. For each key the first rule that sets it wins; tags, notify and hints of all rules are gathered."""

    category: Name | None = None
    service: Name | None = None  # a row of the table, which says what follows
    severity: Name | None = None
    level: Name | None = None
    agent: Name | None = None
    team: Name | None = None
    tags: Annotated[tuple[Words, ...], BeforeValidator(as_list)] = ()
    faq: Names = ()  # entries to suggest
    ask: Names = ()  # what is asked for if the letter does not have it
    refuse: Name | None = None  # a ground
    postpone: Name | None = None  # a ground
    offer: Name | None = None
    route: Name | None = None  # a unit
    template: Slug | None = None  # folder variant/<name> of the templates
    priority: Literal["first", "early", "usual", "late"] | None = None
    notify: Names = ()  # agents and teams who hear besides
    hint: Line = ""  # for agents


class RuleEntry(Section):
    """What to do with which letters. Rules are tried in the order of the file."""

    enabled: Switch = True
    on: Literal["first", "later", "every"] = "first"  # letters that open a request, that join one, or both
    since: Day | None = None  # first and last day, both included, in the organisation's zone
    until: Day | None = None
    when: ConditionEntry = ConditionEntry()
    then: ThenEntry = ThenEntry()
    stop: Switch = False  # whether the rules below are not tried


class GroundEntry(Section):
    """A ground for refusing or putting off (C15)."""

    name: Words = Field(examples=["The example ground"])
    effect: Literal["refuse", "postpone"] = "refuse"
    decided: Literal["rule", "person"] = "person"  # "rule": at once; "person": proposed, and an agent confirms
    text: Paragraphs = ""  # why, for the customer
    next: Paragraphs = ""  # what they can do
    counted: Switch = False  # against the quota
    wait: Literal["customer", "approval", "third_party", "release"] = "customer"  # for what it is put off


class TeamEntry(Section):
    """Agents who share work."""

    name: Words = Field(examples=["The example team"])
    agents: Annotated[tuple[Name, ...], BeforeValidator(as_list), Field(min_length=1, examples=["ivan"])]


class UnitEntry(Section):
    """To whom requests are passed on (C25)."""

    name: Words = Field(examples=["The example unit"])
    team: Name | None = None  # one of ours …
    address: MailAddress | None = None  # … or somebody else, who gets the letter by mail
    text: Paragraphs = ""  # what the customer is told besides
    close: Switch = False  # whether the request is no longer ours then


class OfferEntry(Section):
    """Paid work (C21)."""

    name: Words = Field(examples=["The example work"])
    text: Paragraphs = ""
    price: Price | None = None
    currency: Line | None = None  # of the price; None: that of `accounting`
    per: Literal["hour", "request"] | None = None  # None: the whole


class MissingEntry(Section):
    """Something that a request should have (C22)."""

    text: Words | None = None  # how the customer is asked for it; None: for those that maild knows, its own words
    there: ConditionEntry | None = None  # when a letter has it; None: for those that maild knows, its own look
    wait: Switch = True  # whether the request waits for it; else it is asked for, and work begins all the same


class AskingEntry(Section):
    """What becomes of a request whose author was asked for something."""

    remind: Span = timedelta(days=3)  # the customer, once; "0s": not at all
    give_up: Span = timedelta(days=14)  # then it is closed; "0s": never
    consent: Switch = (
        True  # whether a short reply to paid work that is no plain yes is asked about, once for each offer
    )


class FaqEntry(Section):
    """An answer that exists already (C14)."""

    title: Words = Field(examples=["The example question"])
    url: Url | None = None
    words: Texts | None = None  # how people call the matter
    questions: Texts | None = None  # how people have asked
    answer: Paragraphs = ""
    since: Day | None = None
    until: Day | None = None


class SuggestionsEntry(Section):
    """How answers are suggested."""

    most: Count = Field(default=3, ge=0, le=3)  # 0: none
    threshold: Share = Field(default=0.35, ge=0, le=1)  # how sure the search must be


class AttachmentsEntry(Section):
    """Which files are taken (C23)."""

    max_size: Size | None = None  # of one
    max_total: Size | None = None  # of all together
    types: Extensions = ()  # empty: all. Extensions, or "image", "document", "archive" …
    refused: Extensions = ()
    archives: Literal["take", "look", "refuse"] = "look"  # "look": what is inside must be such a file, too
