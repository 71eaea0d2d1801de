"""Administration without a shell: who may, and what things are called on its pages."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from knowledge.models import Role
from knowledge.people import find_person
from knowledge.takings.nouns import Kind

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

NAMES = {
    Kind.REGISTER: "contract register", Kind.PLACES: "places", Kind.PEOPLE: "people", Kind.TIMELINE: "timeline",
    Kind.DOCUMENT: "paper",
}  # fmt: skip
"""What people call the lists."""


def administers(connection: Connection, address: str) -> bool:
    """Whether somebody, by an e-mail address or a Slack id, is an administrator now."""
    found = find_person(connection, email=address) if "@" in address else find_person(connection, slack_id=address)
    if found and "@" in address and found.slack_id:
        found = find_person(connection, email=address, slack_id=found.slack_id)
    return found is not None and bool(found.roles & ADMINISTRATORS)
