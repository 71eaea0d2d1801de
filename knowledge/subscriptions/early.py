"""Members hear early: of what is being analysed for the services they chose, before options are fixed (004, 3.9)."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from knowledge.models import Role
from knowledge.people import find_person
from knowledge.subscriptions.nouns import Criteria


def for_owner(connection: Connection, owner: str, criteria: Criteria) -> Criteria:
    """What somebody wants to hear of, with whether they hear early: who is a Member when the subscription is made or
    changed. `owner`: an address."""
    known = {"email": owner} if "@" in owner else {"slack_id": owner}
    person = find_person(connection, **known) if owner else None
    early = bool(person and Role.MEMBER in person.roles)
    return criteria if early == criteria.early else criteria.model_copy(update={"early": early})
