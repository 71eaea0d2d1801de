"""How what somebody wants to hear of is shown back to them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.desk import Desk
from handlers.intentions.saying import next_words, state_words
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.forms import fields_of
from knowledge.subscriptions.understanding.nouns import Preview, Would
from knowledge.subscriptions.understanding.preview import would_have_matched
from knowledge.subscriptions.understanding.telling import in_words
from knowledge.timeline.selecting import shown_of
from webhooks.alerts_form import told


class Example(NamedTuple):
    """An intention that would have been told. `about`: what happens next, and what of the wish it fits."""

    reference: str
    title: str
    over: bool
    about: str


class Showing(NamedTuple):
    """What a page shows back. `lines`: labels and what is wanted; `kept`: it all, for the form to bring back."""

    lines: list[tuple[str, str]]
    preview: Preview
    examples: tuple[Example, ...]
    fields: dict[str, str]
    kept: dict[str, str]
    everything: bool


def showing(connection: Connection, desk: Desk, sentence: str, criteria: Criteria, every: str) -> Showing:
    """A wish as it is shown back, with what of the past year would have been told."""
    fields = fields_of(criteria, every)
    kept = {"sentence": sentence, "criteria": criteria.model_dump_json(), "shown": told(fields)}
    preview = would_have_matched(connection, criteria, desk.day)
    examples = tuple(_example(one, desk.day) for one in preview.newest)
    return Showing(lines_of(connection, criteria), preview, examples, fields, kept, criteria == Criteria())


def _example(one: Would, day: date) -> Example:
    terms = one.shown.terms
    said = next_words(terms, day) or state_words(terms, day)
    return Example(one.shown.reference, terms.title or one.shown.reference, one.over, f"{said} · {one.why}".strip(" ·"))


def with_titles(connection: Connection, criteria: Criteria, said: str) -> str:
    """What is said of criteria, with the titles of the intentions that are followed."""
    for one in shown_of(connection, criteria.follows) if criteria.follows else []:
        if one.terms.title:
            said = said.replace(one.reference, f"{one.terms.title} ({one.reference})")
    return said


def lines_of(connection: Connection, criteria: Criteria) -> list[tuple[str, str]]:
    """What criteria ask for, line by line."""
    return [(label, with_titles(connection, criteria, said)) for label, said in in_words(criteria)]


def masked(address: str) -> str:
    """An address as its owner knows it again and nobody else learns it."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else "you"
