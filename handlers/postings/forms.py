"""The forms in which providers post what they offer, and officers refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handlers.intentions.forms import FIELDS as OF_INTENTIONS
from handlers.intentions.forms import Field, filled
from handlers.messages import Entry, Form, Outcome, Reply
from knowledge.parties import is_email
from knowledge.postings import Posting
from knowledge.subscriptions.nouns import Offer
from knowledge.timeline.nouns import State, Terms
from knowledge.timeline.reading.cells import BadCell
from knowledge.timeline.reading.fields import read_named
from knowledge.timeline.reading.mending import mend_line, mend_text
from knowledge.timeline.reading.template_rows import unfitting

LONGEST_OPEN = timedelta(days=366)
_LONGEST = {"provider": 200, "title": 200, "description": 4_000, "reason": 4_000}
_LONGEST_OTHER = 1_000
"""Characters of any other field."""
_KINDS = ((Offer.SUBCONTRACT.value, "A sub-contract is available"), (Offer.PARTNER.value, "We look for a partner"))
_BY_NAME = {field.name: field for field in OF_INTENTIONS}
_NOTE = (
    "An officer reads it first. Once it is published, everybody can read it, with your organisation's name and the "
    "address for answers. Name no person."
)
_EMAIL = Field(
    "email", "Your own e-mail address", "email", hint="Where we write to you: only the council sees it.", required=True
)
_FIELDS = (
    Field("kind", "What do you offer?", "choice", options=_KINDS, required=True),
    Field("provider", "Your organisation", required=True),
    Field("title", "What it is, in a few words", hint="Night sitting in Gullhaven, two nights a week.", required=True),
    Field("description", "More about it", "long", hint="What is to be done, or what you look for.", required=True),
    Field("contract", "The council's contract it belongs to", hint="Its reference in the council's register, if any."),
    *(_BY_NAME[name] for name in ("service", "area", "value")),
    Field("closes", "Answers by", hint="A day: 15/03/2027.", required=True),
    *(_BY_NAME[name] for name in ("sme", "vcse")),
    Field("contact_email", "E-mail address for answers", "email", hint="A team's: everybody can read it.",
          required=True),
)  # fmt: skip
_READ = ("title", "description", "service", "area", "value", "closes", "sme", "vcse", "contact_email")
"""Fields that the template has too, and that are read as there."""


def writing(given: Mapping[str, str], errors: Mapping[str, str], *, anonymous: bool) -> Reply:
    """The form of a new posting. `anonymous`: nobody knows whose it is, so that it asks for an address."""
    fields = (*_FIELDS, _EMAIL) if anonymous else _FIELDS
    return _form("new_posting", "", "Sub-contract or partner", fields, given, errors)


def changing(about: str, given: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """The form in which its poster changes it."""
    why = Field("reason", "Why does it change?", "long", hint="Everybody reads it.", required=True)
    return _form("change_posting", about, f"Change {about}", (why, *_FIELDS), given, errors)


def explaining(action: str, about: str, title: str, given: Mapping[str, str], error: str) -> Reply:
    """The form of a reason, for refusing and for taking back."""
    refuses = action == "refuse_posting"
    hint = "Whoever posted it is told this." if refuses else "Where it is published, everybody reads it."
    why = Field("reason", "Why?", "long", hint=hint, required=True)
    send = "Refuse it" if refuses else "Withdraw it"
    return _form(action, about, title, (why,), given, {"reason": error} if error else {}, send=send, note="")


def filled_with(one: Posting, terms: Terms) -> dict[str, str]:
    """A posting as the form's fields write it. `terms`: what it says now."""
    found = filled(terms)
    return {
        **{name: found[name] for name in _READ if name in found}, "kind": one.kind.value, "provider": one.provider,
        "contract": one.contract, "closes": terms.closes.said if terms.closes else "",
    }  # fmt: skip


def read(given: Mapping[str, str], day: date) -> tuple[Terms, dict[str, str]]:
    """What was filled in, and what is wrong with it, by field."""
    said: dict[str, Any] = {}
    wrong = {one.name: f"{_ASKS.get(one.name, 'It is needed')}." for one in _FIELDS if _is_lacking(one, given)}
    wrong |= {one.name: long for one in _FIELDS if (long := too_long(one.name, given))}
    for name in _READ:
        try:
            said.update(read_named(name, given.get(name, ""), name))
        except BadCell as error:
            wrong.setdefault(name, f"{error}.")
    for reason in unfitting(said):
        wrong.setdefault("value", f"{reason}.")
    if not wrong and (late := _wrong_day(said["closes"].last, day)):
        wrong["closes"] = late
    if wrong:
        return Terms(), wrong
    said["partner" if given["kind"] == Offer.PARTNER.value else "subcontract"] = True
    return Terms(**said, posted_by=mend_line(given["provider"]), state=State.OPEN), {}


def reason_in(given: Mapping[str, str]) -> tuple[str, str]:
    """Why something changes or is taken back, and what is wrong with that."""
    reason = mend_text(given.get("reason", ""))
    return reason, too_long("reason", given) or ("" if reason else "Say why: everybody reads it.")


def too_long(name: str, given: Mapping[str, str]) -> str:
    """What is said of a field that takes no more, "" where it does."""
    most = _LONGEST.get(name, _LONGEST_OTHER)
    return f"Up to {most:,} characters." if len(given.get(name, "")) > most else ""


_ASKS = {
    "kind": "Choose what you offer: a sub-contract, or a search for a partner",
    "provider": "Give your organisation's name", "title": "Say what it is, in a few words",
    "description": "Say more about it, in a sentence at least", "closes": "Say by when you want answers",
    "contact_email": "Give the e-mail address for answers",
}  # fmt: skip


def _is_lacking(field: Field, given: Mapping[str, str]) -> bool:
    value = given.get(field.name, "").strip()
    return (field.required and not value) or (field.name == "kind" and value not in dict(_KINDS))


def _wrong_day(closes: date, day: date) -> str:
    if closes < day:
        return "That day has passed."
    return "At most a year from now." if closes > day + LONGEST_OPEN else ""


def address_in(given: Mapping[str, str]) -> tuple[str, str]:
    """Where its poster is written to, and what is wrong with that."""
    address = given.get("email", "").strip()
    return address, "" if is_email(address) else "Give your own e-mail address, such as team@example.org."


def _form(
    action: str, about: str, title: str, fields: tuple[Field, ...], given: Mapping[str, str],
    errors: Mapping[str, str], *, send: str = "Send it to the council", note: str = _NOTE,
) -> Reply:  # fmt: skip
    entries = tuple(
        Entry(
            name=one.name, label=one.label, kind=one.kind, hint=one.hint, required=one.required,
            value=given.get(one.name, ""), options=one.options, error=errors.get(one.name, ""),
        )
        for one in fields
    )  # fmt: skip
    asked = Form(action=action, about=about, title=title, note=note, entries=entries, send=send)
    return Reply(outcome=Outcome.FORM, text=" ".join(asked.errors.values()), form=asked)
