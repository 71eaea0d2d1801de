"""What is filled in on the pages of alerts, and what stands on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from flask import request
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import is_email
from knowledge.subscriptions import pace
from knowledge.subscriptions.nouns import Criteria, Offer
from knowledge.subscriptions.understanding.forms import MOST, read_fields
from knowledge.subscriptions.understanding.nouns import Teller
from knowledge.subscriptions.understanding.telling import one_line
from knowledge.timeline.selecting import shown_of

LONGEST = 2_000
"""Characters of a sentence; of a field too."""
KINDS = (
    (Offer.INTENTION, "Plans", "work the council expects, long before anybody can bid"),
    (Offer.ENGAGEMENT, "Talks with the market", "the council asks providers before it decides what to buy"),
    (Offer.TENDER, "Tenders", "work you can bid for"),
    (Offer.GRANT, "Grants", "money you can apply for"),
    (Offer.SUBCONTRACT, "Sub-contracts", "work that a main contractor passes on"),
    (Offer.PARTNER, "Partners wanted", "somebody looks for others to bid with"),
)
SUITED = (
    ("sme", "Said to suit small and medium-sized firms"),
    ("vcse", "Said to suit charities and social enterprises"),
)
OFTEN = (
    (pace.AT_ONCE, "At once", "each time, as soon as it is public"),
    (pace.DAILY, "Every morning", "one e-mail, only if there is something"),
    (pace.WEEKLY, "Every Monday morning", "one e-mail, only if there is something"),
    ("days", "On days I choose", ""),
)
DAYS = tuple(zip(pace.DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
_LONGEST_PART, _LARGEST = 300, 10**15
"""Characters of an expression or a name, and pounds, of which nobody wants more."""
_PLAIN = ("about", "cpv", "area", "low", "high")


class Filled(NamedTuple):
    """A form as it was sent. `errors`: what is wrong, by field; `changed`: what is wanted is not what was shown."""

    sentence: str
    criteria: Criteria
    every: str
    fields: dict[str, str]
    errors: dict[str, str]
    changed: bool
    email: str


def teller_of(connection: Connection, desk: Desk) -> Teller:
    """What a sentence and a form are read with."""
    return Teller(
        desk.register(), desk.day, lambda said: [one.reference for one in shown_of(connection, said)], desk.own_words
    )


def filled(teller: Teller) -> Filled:
    """The form of this request. What was not changed counts as it was shown, and is not read again."""
    fields, errors = _fields()
    kept = _kept_criteria()
    changed = kept is None or told(fields) != request.form.get("shown", "")
    sentence = text("sentence")
    read, every, wrong = read_fields(fields, teller)
    if not changed and kept is not None:
        read, wrong = kept, {name: said for name, said in wrong.items() if name == "every"}
    else:
        sentence = one_line(read)
    return Filled(sentence, read, every, fields, {**wrong, **errors}, changed, text("email", 254))


def email_problem(address: str) -> str:
    """What is wrong with an e-mail address, "" for nothing."""
    if not is_email(address) or not address.isascii():
        return "Type your e-mail address, like name@example.org"
    return "Nobody reads what is sent to that address: give one where somebody does" if is_no_reply(address) else ""


def text(name: str, longest: int = LONGEST) -> str:
    """A field of this request on one line."""
    return " ".join(request.form.get(name, "").replace("\0", " ").split())[:longest]


def _fields() -> tuple[dict[str, str], dict[str, str]]:
    fields = {name: text(name) for name in _PLAIN}
    fields["kinds"] = _ticked("kinds", [kind.value for kind, *_ in KINDS])
    fields["suited"] = _ticked("suited", [value for value, _ in SUITED])
    often = text("every", 20)
    fields["every"] = _ticked("day", pace.DAYS) if often == "days" else often
    errors = {"every": "Choose one day at least"} if often == "days" and not fields["every"] else {}
    return fields, errors


def _ticked(name: str, offered: list[str] | tuple[str, ...]) -> str:
    given = request.form.getlist(name)
    return ",".join(one for one in offered if one in given)


def told(fields: Mapping[str, str]) -> str:
    """What is wanted, in one text: how often is no part of it. What a browser sends back of it is the same text."""
    wanted = {name: _in_order(name, " ".join(value.split())) for name, value in fields.items() if name != "every"}
    return json.dumps(wanted, sort_keys=True)


def _in_order(name: str, value: str) -> str:
    return ",".join(sorted(filter(None, value.split(",")))) if name in ("kinds", "suited") else value


def _kept_criteria() -> Criteria | None:
    """What a page brings back of what it showed; None for what no page of ours would show."""
    try:
        kept = Criteria.model_validate_json(request.form.get("criteria", "")[:8_000])
    except ValidationError:
        return None
    return kept if _is_ours(kept) else None


def _is_ours(kept: Criteria) -> bool:
    texts = [*kept.words, *kept.follows, *kept.services, *(f"{area.name}{area.district}" for area in kept.areas)]
    few = all(len(some) <= 2 * MOST for some in (kept.words, kept.cpv, kept.follows, kept.areas, kept.regions))
    sums = all(0 <= amount < _LARGEST for amount in (kept.low or 0, kept.high or 0))
    return few and sums and all(len(one) <= _LONGEST_PART and "\0" not in one for one in texts)
