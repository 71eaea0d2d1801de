"""The forms in which officers keep the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.messages import Entry, Form, Outcome, Reply
from knowledge.services import catalogue
from knowledge.timeline.differing import as_record
from knowledge.timeline.nouns import Route, Stage, Terms
from knowledge.timeline.reading.cells import BadCell
from knowledge.timeline.reading.fields import read_named
from knowledge.timeline.reading.template_rows import unfitting

_YES_NO = (("", "Not said"), ("yes", "Yes"), ("no", "No"))
_HOW = "A day, a month or a quarter: 15/03/2027, March 2027, Q3 2026/27. Leave it empty where it is not known."
_NOTE = (
    "Everybody can read what you write here: on the page, in the feeds, in answers. No name or address of a person, "
    "unless it is given for the purpose."
)


ANYWAY = "anyway"
"""The field that is there only once the form has told of tenders too near to each other."""


class Field:
    """One field of the forms: of a column of the template, by the same reader."""

    def __init__(self, name: str, label: str, kind: str = "text", hint: str = "", **more: Any) -> None:
        self.name, self.label, self.kind, self.hint = name, label, kind, hint
        self.required: bool = more.get("required", False)
        self.options: tuple[tuple[str, str], ...] = more.get("options", ())


FIELDS = (
    Field(
        "title", "What is it for?", hint="As its readers would say it: Help at home for older people.", required=True
    ),
    Field("description", "In plain words", "long", hint="What people need, and what may be bought, made or granted."),
    Field("directorate", "Directorate"),
    Field("service", "Kind of service", hint="Home care, street lighting ..."),
    Field("stage", "Stage", "choice", options=tuple((one.value, one.value.capitalize()) for one in Stage)),
    Field(
        "route", "How it is to be had", "choice", options=tuple((one.value, one.value.capitalize()) for one in Route)
    ),
    Field("value", "Value", hint="In pounds: £200k, or £200k to £500k for the whole of it."),
    Field("engagement", "Market engagement", hint=_HOW),
    Field("tender", "Tender", hint="When bids are invited. " + _HOW),
    Field("closes", "Bids close"),
    Field("award", "Award"),
    Field("start", "Start"),
    Field("duration", "How long", hint="3 years, and up to 2 more."),
    Field("area", "Where", hint="Districts or towns, with commas; empty for the whole county."),
    Field("sme", "Suited to small firms?", "choice", options=_YES_NO),
    Field("vcse", "Suited to charities and social enterprises?", "choice", options=_YES_NO),
    Field("contact_email", "Whom to ask", "email", hint="A team's address: everybody can read it."),
    Field("follows", "The contract it follows", hint="Its reference in the register."),
    Field("notices", "Notices about it", hint="Numbers on Find a Tender, with commas: 012345-2027."),
)


def writing(given: Mapping[str, str], errors: Mapping[str, str], *, clash: str = "") -> Reply:
    """The form of a new intention. `clash`: what is too near to it, to be published anyway or with another date."""
    entries = [*_anyway(clash), *_entries(given, errors)]
    return _form("new_intention", "", "New intention", entries, send="Publish it", text=clash)


def changing(
    reference: str, version: int, given: Mapping[str, str], errors: Mapping[str, str], *, clash: str = ""
) -> Reply:
    """The form in which an intention is changed: it begins with what is said now, and keeps which version that was."""
    reason = Entry(
        name="reason", label="Why does it change?", kind="long", value=given.get("reason", ""), required=False,
        hint="Needed where a time, the value, the route or the stage changes. Everybody reads it.",
        error=errors.get("reason", ""),
    )  # fmt: skip
    return _form(
        "change_intention",
        f"{reference}|{version}",
        f"Change {reference}",
        [*_anyway(clash), reason, *_entries(given, errors)],
        send="Publish the change",
        text=clash,
    )


def _anyway(clash: str) -> list[Entry]:
    """The question that a form comes back with once: sent with its answer, whatever it is, it is published."""
    told = f"{clash} Publish anyway, or change the date below."
    options = (("yes", "Publish it as it stands below"),)
    asked = Entry(
        name=ANYWAY, label="Publish anyway?", kind="choice", value="yes", options=options, hint=told, required=False
    )
    return [asked] if clash else []


def explaining(action: str, reference: str, title: str, given: Mapping[str, str], error: str) -> Reply:
    """The form of a reason, for withdrawing and for taking up again."""
    reason = Entry(
        name="reason", label="Why?", kind="long", value=given.get("reason", ""), hint="Everybody reads it.", error=error
    )
    return _form(action, reference, title, [reason], send=_SENDS.get(action, "Publish"))


_SENDS = {"withdraw_intention": "Withdraw it", "restore_intention": "Take it up again"}


def filled(terms: Terms) -> dict[str, str]:
    """What an intention says, as the form's fields write it."""
    said = as_record(terms)
    found = {field.name: _as_typed(said.get(field.name)) for field in FIELDS}
    low, high = terms.low, terms.high
    found["value"] = " to ".join(f"£{one:,.0f}" for one in dict.fromkeys((low, high)) if one is not None)
    found["service"] = terms.category or next(
        (one.name for one in catalogue().services if one.key == terms.service), terms.service
    )
    found["notices"] = ", ".join(terms.related)
    return found


def read(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was filled in, by field of the terms (an emptied field empties it), and what is wrong, by field of the
    form."""
    said: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in FIELDS:
        if field.name not in given:
            continue
        try:
            said.update(read_named(field.name, given[field.name], field.label))
        except BadCell as error:
            wrong[field.name] = f"{error}."
    if "title" in given and not given["title"].strip():
        wrong["title"] = "It needs a title."
    for reason in unfitting(said):
        wrong.setdefault("value" if "£" in reason else "tender", f"{reason}.")
    return said, wrong


def _entries(given: Mapping[str, str], errors: Mapping[str, str]) -> list[Entry]:
    return [
        Entry(
            name=field.name, label=field.label, kind=field.kind, hint=field.hint, required=field.required,
            value=given.get(field.name, ""), options=field.options, error=errors.get(field.name, ""),
        )
        for field in FIELDS
    ]  # fmt: skip


def _form(action: str, about: str, title: str, entries: list[Entry], *, send: str, text: str = "") -> Reply:
    asked = Form(action=action, about=about, title=title, note=_NOTE, entries=tuple(entries), send=send)
    return Reply(outcome=Outcome.FORM, text=" ".join(asked.errors.values()) or text, form=asked)


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(value.get("said", ""))
    return ", ".join(value) if isinstance(value, list) else str(value)
