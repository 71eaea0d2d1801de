"""FROM THE REGISTER TO THE TIMELINE: contracts that end and that nothing follows, told to those who manage them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for, known_as
from handlers.desk import Desk
from handlers.intentions.standing import pounds_words
from handlers.intentions.times import day_words
from handlers.messages import Choice
from knowledge.facts import fact, set_fact
from knowledge.models import Person, Role
from knowledge.outbox.owing import owe
from knowledge.parties import normal, unreachable
from knowledge.people import list_people
from knowledge.register import contacts
from knowledge.register.holding import contract as held_contract
from knowledge.timeline.ending import Ending, ending, ending_of, months_after
from knowledge.workdays import Calendar, Hours, opening

FOLLOWS = "follows:"
"""What the button that drafts an intention is about begins with, before the contract's reference."""
_TOLD = "ending_told"
_ANALYSED_FROM = 12
"""Months before the end until which there is time to find out what people need."""


def tell_ending(connection: Connection, desk: Desk) -> int:
    """The monthly work: from the first working day of a month on, once, everybody hears of their contracts. Returns how
    many were told."""
    day = desk.day
    month = f"{day:%Y-%m}"
    if day < first_working_day(day, desk.calendar) or fact(connection, _TOLD) == month:
        return 0
    set_fact(connection, _TOLD, month)
    due = opening(desk.now(), Hours(), desk.calendar)
    people, told = list_people(connection), carriers(connection, ending(connection, day, desk.ending_within), desk)
    for address, found in told.items():
        owe(
            connection, desk.now(), kind="ending", subject=f"ending:{month}", recipient=address, due=due,
            channel=channel_for(address, people, desk), about={"contracts": [one.contract.key for one in found]},
        )  # fmt: skip
    return len(told)


def carriers(connection: Connection, found: list[Ending], desk: Desk) -> Mapping[str, list[Ending]]:
    """Who hears of which: the contract's manager, else its deputy, its lead director, the administrators, triage."""
    people, deaf = list_people(connection), set(unreachable(connection))
    told: dict[str, list[Ending]] = {}
    for one in found:
        for address in _carriers(one, people, desk.day, deaf):
            told.setdefault(normal(address), []).append(one)
    return told


def _carriers(one: Ending, people: list[Person], day: date, deaf: set[str]) -> list[str]:
    steps = contacts.ladder(one.contract, people, day, deaf)
    if steps and contacts.rung(steps[0].role) != contacts.TRIAGE:
        return [steps[0].email]
    administrators = [known_as(person) for person in people if Role.ADMINISTRATOR in person.roles]
    return administrators or [step.email for step in steps[:1]]


def first_working_day(day: date, calendar: Calendar) -> date:
    """The first working day of a day's month."""
    first = day.replace(day=1)
    return next(one for one in (first + timedelta(days=n) for n in range(31)) if calendar.is_working(one))


# --- words --------------------------------------------------------------------------------------------------------


def line(one: Ending) -> str:
    """A contract and what is known of its end: "MCC-0002, Home care: Brenmouth: Harbourlight Ltd, ..."."""
    contract = one.contract
    told = (contract.supplier, end_words(one), value_words(one))
    return f"{contract.reference}, {contract.title}: {', '.join(filter(None, told))}"


def end_words(one: Ending) -> str:
    """When it ends, and to when it could be extended."""
    if one.overrun and one.contract.end:
        return f"its end, {day_words(one.contract.end)}, has passed; it can be extended to {day_words(one.ends)}"
    further = f" (can be extended to {day_words(one.extension)})" if one.extension else ""
    own = ", delivered in-house" if one.contract.delivered_by.casefold().replace("-", " ") == "in house" else ""
    return f"ends {day_words(one.ends)}{further}{own}"


def value_words(one: Ending) -> str:
    """Its value, "" for none."""
    return pounds_words(one.contract.value) if one.contract.value is not None else one.contract.value_note


def drafting(one: Ending, label: str = "") -> Choice:
    """The button that drafts the intention."""
    reference = one.contract.reference
    return Choice(
        label=label or f"Draft what follows {reference}", action="new_intention", about=FOLLOWS + reference,
        opens_form=True,
    )  # fmt: skip


def as_json(one: Ending) -> dict[str, object]:
    """A contract for programs."""
    contract, further = one.contract, one.extension
    return {
        "reference": contract.reference, "title": contract.title, "provider": contract.supplier,
        "ends": one.ends.isoformat(), "end": contract.end.isoformat() if contract.end else None,
        "extension": further.isoformat() if further else None, "manager": contract.manager_email,
        "value": float(contract.value) if contract.value is not None else None, "delivered_by": contract.delivered_by,
    }  # fmt: skip


# --- drafting -----------------------------------------------------------------------------------------------------


def drafted(connection: Connection, about: str, day: date) -> dict[str, str]:
    """What the form of a new intention begins with; nothing where it is not asked to follow a contract there is."""
    reference = about.removeprefix(FOLLOWS)
    held = held_contract(connection, reference) if about.startswith(FOLLOWS) and len(reference) <= 200 else None
    if held is None:
        return {}
    contract, one = held.contract, ending_of(held, day)
    found = {
        "title": contract.title, "description": _skeleton(one) if one else "", "directorate": contract.department,
        "service": contract.service, "area": contract.area, "follows": contract.reference, "route": "undecided",
        "value": f"£{contract.value:,.0f}" if contract.value is not None else "",
        "start": (one.ends + timedelta(days=1)).isoformat() if one else "",
        "stage": "analyse" if one is None or one.ends >= months_after(day, _ANALYSED_FROM) else "plan",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _skeleton(one: Ending) -> str:
    now = f" Now with {one.contract.supplier}." if one.contract.supplier else ""
    return (
        f"The contract {one.contract.reference} runs until {day_words(one.ends)}.{now} We are finding out what people "
        "will need after that, and how it should be provided."
    )
