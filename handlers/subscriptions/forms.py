"""The forms of an alert: a new one, and one that is changed."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.messages import Entry, Form, Message, Outcome, Reply
from knowledge.parties import is_slack_channel
from knowledge.subscriptions import pace
from knowledge.subscriptions.nouns import Criteria, Offer, Subscription
from knowledge.subscriptions.understanding.forms import fields_of, read_fields
from knowledge.subscriptions.understanding.nouns import Teller

_KINDS = {
    Offer.INTENTION: "Planned work, of any route", Offer.ENGAGEMENT: "Market engagement: what providers think is asked",
    Offer.TENDER: "Tenders", Offer.GRANT: "Grants", Offer.SUBCONTRACT: "Sub-contracts",
    Offer.PARTNER: "Partners wanted",
}  # fmt: skip
_SUITED = (("sme", "Small firms"), ("vcse", "Charities and social enterprises"))
_ON_DAYS = "days"
_EVERY = (
    (pace.AT_ONCE, "At once"), (pace.DAILY, "In a round-up every morning"),
    (pace.WEEKLY, "In a round-up every Monday morning"), (_ON_DAYS, "In a round-up on the days ticked below"),
)  # fmt: skip
_DAYS = tuple(
    zip(pace.DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_NOTE = "What you leave empty is not asked for. You hear of every intention that fits, and then of every change of it."
_HERE = "me"
_WHAT = "what"
"""The field of what it is about: on a page "about" says what a form is about."""


def empty(message: Message) -> Reply:
    """The form of a new alert for whoever has not said of what."""
    reply = new(message, {}, {})
    return reply.model_copy(update={"text": "What would you like to hear of? There is a form for it."})


def new(message: Message, given: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """The form of a new alert. What was typed to begin it stands in its first field."""
    begins = given or {_WHAT: message.about, "every": pace.AT_ONCE, "where": _HERE}
    where = _where(message, begins) if message.said_in else []
    return _form("new_alert", "", "New alert", [*_entries(begins, errors), *where], send="Start it")


def changing(one: Subscription, given: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """The form in which an alert is changed, filled with what it asks for now."""
    begins = given or _spread(fields_of(one.criteria, one.every))
    entries = _entries(begins, errors)
    return _form("change_alert", one.reference, f"Change {one.reference}", entries, send="Change it")


def read(given: Mapping[str, str], teller: Teller) -> tuple[Criteria, str, dict[str, str]]:
    """The criteria of a form, how often, and what is wrong with it, by field."""
    days = given.get("days", "")
    on_days = given.get("every") == _ON_DAYS
    every = days if on_days and days else given.get("every", "")
    if on_days and not days:
        every = pace.AT_ONCE
    criteria, often, wrong = read_fields({**given, "about": given.get(_WHAT, ""), "every": every}, teller)
    if "about" in wrong:
        wrong[_WHAT] = wrong.pop("about")
    if on_days and not days:
        wrong = {**wrong, "days": "Tick the days on which you want to hear."}
    return criteria, often, wrong


def where_in(given: Mapping[str, str]) -> str:
    """The Slack channel that a form asks to be told, "" for whoever fills it in."""
    where = given.get("where", "")
    return where if is_slack_channel(where) else ""


def _spread(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields with how often spread over the two that ask for it."""
    fields, every = {**fields, _WHAT: fields.get("about", "")}, fields.get("every", "")
    if every in (pace.AT_ONCE, pace.DAILY, pace.WEEKLY, ""):
        return {**fields, "every": every or pace.AT_ONCE}
    return {**fields, "every": _ON_DAYS, "days": every}


def _entries(given: Mapping[str, str], errors: Mapping[str, str]) -> list[Entry]:
    kinds = tuple((kind.value, label) for kind, label in _KINDS.items())
    made = [
        (_WHAT, "What about?", "text", "In your own words: home care, street lighting. With commas for several.", ()),
        ("area", "Where is the work?", "text", "Districts or towns, with commas; empty for the whole county.", ()),
        ("low", "From how much?", "text", "In pounds: £50k.", ()),
        ("high", "Up to how much?", "text", "In pounds: £500k.", ()),
        ("kinds", "What kind?", "several", "None ticked: any.", kinds),
        ("suited", "Only what is said to suit", "several", "", _SUITED),
        ("cpv", "CPV codes", "text", "A code covers all that is below it: 853. With commas for several.", ()),
        ("every", "How often?", "choice", "", _EVERY),
        ("days", "On which days?", "several", "", _DAYS),
    ]
    return [
        Entry(name=name, label=label, kind=kind, hint=hint, value=given.get(name, ""), required=name == "every",
              options=options, error=errors.get(name, ""))
        for name, label, kind, hint, options in made
    ]  # fmt: skip


def _where(message: Message, given: Mapping[str, str]) -> list[Entry]:
    """Where it goes: only in a Slack channel is there anything to choose."""
    options = ((_HERE, "My direct messages"), (message.said_in, "This Slack channel, for everybody in it"))
    hint = "In a channel the desk must be a member: /invite it first."
    asked = Entry(
        name="where", label="Where shall I tell it?", kind="choice", hint=hint, value=given.get("where", _HERE),
        options=options,
    )  # fmt: skip
    return [asked]


def _form(action: str, about: str, title: str, entries: list[Entry], *, send: str) -> Reply:
    asked = Form(action=action, about=about, title=title, note=_NOTE, entries=tuple(entries), send=send)
    return Reply(outcome=Outcome.FORM, text=" ".join(asked.errors.values()), form=asked)
