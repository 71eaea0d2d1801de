"""The demonstration: whoever is at the browser plays somebody of the invented council."""

from __future__ import annotations

from flask import Blueprint, g, session

from knowledge.models import Person, Role
from knowledge.people import list_people
from webhooks.safety import current_wiring
from webhooks.sessions import forget_conversation

blueprint = Blueprint("demonstration", __name__)
"""Holds no route: only what templates use."""

TITLES = {
    Role.PROVIDER: "provider",
    Role.OFFICER: "officer",
    Role.MEMBER: "Member",
    Role.MANAGER: "contract manager",
    Role.DIRECTOR: "lead director",
    Role.TRIAGE: "triage contact",
    Role.SAFEGUARDING: "safeguarding contact",
    Role.ADMINISTRATOR: "administrator",
}
PLAYED = tuple(role for role in TITLES if role is not Role.ADMINISTRATOR)
"""The roles the demonstration offers."""


def played_role() -> Role:
    """The role chosen in the demonstration; provider where there is none to choose."""
    chosen = session.get("role", "")
    return Role(chosen) if current_wiring().settings.demo and chosen in PLAYED else Role.PROVIDER


def played() -> tuple[Role, Person | None]:
    """The role chosen, and who plays in it, with that role only: whoever was chosen, else the first with few others."""
    role = played_role()
    if role is Role.PROVIDER:
        return role, None
    cast = [one for one in _people() if role in one.roles]
    wanted = [one for one in cast if session.get("played", "") in (one.email, one.slack_id)]
    person = min(wanted or cast, key=lambda one: len(one.roles), default=None)
    return role, person.model_copy(update={"roles": frozenset({role})}) if person else None


@blueprint.app_template_global()
def playable() -> list[tuple[str, str]]:
    """Who can be played: values of the form, and names with roles."""
    if g.get("failed"):
        return []
    people, found = _people(), [(Role.PROVIDER.value, "a provider")]
    for role in PLAYED[1:]:
        cast = [one for one in people if role in one.roles]
        found += [(_value(role, one), f"{one.name}, {TITLES[role]}") for one in cast] or [(role.value, TITLES[role])]
    return found


@blueprint.app_template_global()
def playing() -> str:
    """Who is played now, as a value of the form."""
    return "" if g.get("failed") else _value(*played())


def play(chosen: str) -> None:
    """Makes the visitor somebody of the demonstration: a role, or somebody in it ("manager:ann@example.org")."""
    role, _, address = chosen.partition(":")
    if current_wiring().settings.demo and role in PLAYED:
        session.update(role=role, played=address[:254])
        session.pop("told", None)
        forget_conversation()  # what one role was told is not another's to read


def _value(role: Role, person: Person | None) -> str:
    return f"{role.value}:{person.email or person.slack_id}" if person else role.value


def _people() -> list[Person]:
    with current_wiring().store.reading() as connection:
        return list_people(connection)
