"""Whether the people list has everybody who must be on it, and whether word reaches them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from handlers.checking.findings import Finding, fine, missing, some, warning
from knowledge.models import Person, Role
from knowledge.outbox.addresses import is_no_reply
from knowledge.people import NEVER_LACKING
from knowledge.register.contacts import is_away, stand_in

ABOUT = "People"
_CARRY = frozenset({Role.MANAGER, Role.DIRECTOR, Role.TRIAGE, Role.SAFEGUARDING})
_IMPORT = "and run: desk people import people.csv"


def check_people(
    people: Sequence[Person], day: date, channels: Collection[str], deaf: Collection[str]
) -> list[Finding]:
    """The people list on a day. `channels`: the ways of delivery that are switched on; `deaf`: addresses at which
    nothing arrives."""
    found = [_contact(role, people, day, channels, deaf) for role in NEVER_LACKING]
    if not any(Role.MEMBER in one.roles for one in people):
        do = f"Add the Members to people.csv, {_IMPORT}"
        found.append(warning(ABOUT, "No Member is on the people list, so nobody can raise a concern.", do))
    found += _away(people, day)
    found += _nobody_reads(people)
    return found


def _contact(
    role: Role, people: Sequence[Person], day: date, channels: Collection[str], deaf: Collection[str]
) -> Finding:
    """Whether somebody has a role that somebody must have, can be reached, and is there."""
    listed = [one for one in people if role in one.roles]
    if not listed:
        what = f"No {role.value} contact is on the people list, so the desk does not serve Members."
        return missing(ABOUT, what, f"Add a row with the role {role.value} to people.csv, {_IMPORT}")
    why = {_name(one): _out_of_reach(one, channels, deaf) for one in listed}
    if all(why.values()):
        reasons = "; ".join(f"{name}: {reason}" for name, reason in why.items())
        what = f"No {role.value} contact can be reached ({reasons})."
        return missing(ABOUT, what, f"Give an address that is read to people.csv, {_IMPORT}")
    if all(is_away(one, day) for one in listed):
        away = some([f"{_name(one)} until {one.away_to or 'nobody knows when'}" for one in listed])
        stand_ins = (stand_in(one.email or one.slack_id, people, day, deaf) for one in listed)
        acting = [one for one in stand_ins if one]
        what = f"Every {role.value} contact is away: {away}."
        if any(acting):
            return warning(
                ABOUT, f"{what} Meanwhile: {some([one for one in acting if one])}.", "See that they know of it"
            )
        return missing(ABOUT, f"{what} Nobody acts for them.", f"Give them a deputy in people.csv, {_IMPORT}")
    return fine(ABOUT, f"{role.value.capitalize()} contact: {some(list(why))}")


def _out_of_reach(person: Person, channels: Collection[str], deaf: Collection[str]) -> str:
    """Why no channel that is on reaches somebody, "" where one does; by itself the screen reaches nobody, which is
    told by itself."""
    slack = "slack" in channels and not {person.slack_id or person.email} & set(deaf)
    if slack or not {"slack", "email"} & set(channels):
        return ""
    if not person.email:
        return "only a Slack id, and Slack does not reach it" if "slack" in channels else "only a Slack id"
    if is_no_reply(person.email):
        return f"nobody reads {person.email}"
    return f"messages to {person.email} come back" if person.email in deaf else ""


def _away(people: Sequence[Person], day: date) -> list[Finding]:
    """Those who are away, now or soon, with nobody to stand in."""
    without = [
        f"{_name(one)} ({one.away_from} to {one.away_to or 'open'})"
        for one in people
        if one.roles & _CARRY and one.away_from and (one.away_to or "9999") >= day.isoformat() and not one.deputy
    ]
    if not without:
        return []
    what = f"Away without a deputy: {some(without)}. Their concerns go to the lead director, else to triage."
    return [warning(ABOUT, what, f"Name a deputy in people.csv, {_IMPORT}")]


def _nobody_reads(people: Sequence[Person]) -> list[Finding]:
    addresses = [one.email for one in people if is_no_reply(one.email)]
    if not addresses:
        return []
    what = f"Addresses on the people list that nobody reads: {some(addresses)}."
    return [warning(ABOUT, what, f"Put the addresses people read into people.csv, {_IMPORT}")]


def _name(person: Person) -> str:
    address = person.email or person.slack_id
    return f"{person.name} ({address})" if person.name else address
