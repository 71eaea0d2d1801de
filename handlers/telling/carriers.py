"""What is told to whoever carries a concern: manager, deputy, director, triage, safeguarding."""

from __future__ import annotations

from handlers.concerns import saying
from handlers.concerns.case import Case
from handlers.telling.parts import Said, about, by_when, carriers_buttons, event_told
from knowledge.concerns.clock import is_last_chase
from knowledge.concerns.nouns import UNACKNOWLEDGED, State
from knowledge.concerns.providers import request
from knowledge.models import Person
from knowledge.outbox.owed import Owed
from knowledge.parties import address_of, normal


def raised(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """It is theirs. Nothing where it has gone to somebody else, or is settled."""
    concern = case.concern
    if not concern.open or normal(concern.holder) != normal(owed.recipient):
        return None
    lead = f"{concern.reference}: a Member's concern about {saying.in_passing(saying.service(concern))}"
    if concern.state is State.REOPENED:
        lead = f"{concern.reference} is open again, because the Member says it is not fixed. It"
    lead += f" is with you as {concern.holder_role}."
    because = next((one.because for one in case.ladder if normal(one.email) == normal(concern.holder)), "")
    parts = [
        lead,
        f"It comes to you because {because}." if because else "",
        f"Contract: {saying.contract(case)}.",
        by_when(case),
    ]
    return (
        f"{concern.reference}: {saying.service(concern)}",
        " ".join(one for one in parts if one),
        carriers_buttons(case, person),
    )


def at_risk(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """Nothing where it was taken back, or is settled, meanwhile."""
    concern = case.concern
    if concern.state is State.CLOSED:
        return None
    text = (
        f"URGENT. A Member says that somebody may be at risk now: {concern.reference}, "
        f"{saying.in_passing(saying.service(concern))}, {saying.contract(case)}. "
        f"Raised {saying.when(concern.raised_at)} by {saying.person(concern.raised_by, case.people)}. "
        f"It is also with {saying.person(concern.holder, case.people)}, {concern.holder_role}."
    )
    return f"URGENT {concern.reference}: somebody may be at risk", text, carriers_buttons(case, person)


def reminded(case: Case, owed: Owed, person: Person | None) -> Said | None:
    concern, step = case.concern, str(owed.about.get("step", ""))
    if concern.state is State.CLOSED or not (concern.open or step == "promised"):
        return None
    if step.startswith("acknowledge"):
        if concern.state not in UNACKNOWLEDGED:
            return None
        text = f"{concern.reference} waits to be acknowledged by {saying.when(concern.acknowledge_by)}."
    elif step == "promised":
        text = f"The day has passed by which the provider promised that {concern.reference} would be right. Is it?"
    else:
        text = f"{concern.reference} waits for an answer to the Member by {saying.day(concern.answer_by)}."
    return f"{concern.reference}: reminder", f"{text} {about(case)}", carriers_buttons(case, person)


def escalated(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """Up the ladder. Nothing where it has been acknowledged, or answered, meanwhile."""
    concern, step = case.concern, str(owed.about.get("step", ""))
    if not concern.open:
        return None
    holder = f"{saying.person(concern.holder, case.people)}, {concern.holder_role},"
    if step.startswith("acknowledge"):
        if concern.state not in UNACKNOWLEDGED:
            return None
        late = (
            f"{holder} has not acknowledged {concern.reference}; that was due by {saying.when(concern.acknowledge_by)}."
        )
    else:
        due = saying.day(concern.answer_by)
        late = f"{concern.reference} is not answered; that was due by {due}. It is with {holder[:-1]}."
    return f"{concern.reference} is late", f"{late} {about(case)}", carriers_buttons(case, person)


def provider_answered(case: Case, owed: Owed, person: Person | None) -> Said | None:
    promised = saying.happened(event_told(case, owed), case, "").partition(" and promises it")[2]
    more = f" They promise it{promised}." if promised else ""
    text = f"The provider has answered about {case.concern.reference}.{more} {about(case)}"
    return f"{case.concern.reference}: the provider has answered", text, carriers_buttons(case, person)


def told_more(case: Case, owed: Owed, person: Person | None) -> Said | None:
    if not case.concern.open:
        return None
    text = f"The Member has told more about {case.concern.reference}. {about(case)}"
    return f"{case.concern.reference}: more from the Member", text, carriers_buttons(case, person)


def taken_back(case: Case, owed: Owed, person: Person | None) -> Said | None:
    text = f"{case.concern.reference} is withdrawn by the Member: nothing more is to be done."
    return f"{case.concern.reference} is withdrawn", text, ()


def put_right(case: Case, owed: Owed, person: Person | None) -> Said | None:
    text = f"The Member says that {case.concern.reference} was put right. Thank you."
    return f"{case.concern.reference} was put right", text, ()


def provider_late(case: Case, owed: Owed, person: Person | None) -> Said | None:
    if not case.concern.open:
        return None
    reminded = "was reminded"
    if is_last_chase(str(owed.about.get("step", ""))):
        reminded = "was reminded for the last time: from now on it is with you"
    text = f"The provider has not answered about {case.concern.reference} in time and {reminded}. {about(case)}"
    return f"{case.concern.reference}: the provider is late", text, carriers_buttons(case, person)


def provider_unreachable(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """Nothing where it is settled meanwhile."""
    asked = request(case.connection, int(owed.about["request"]))
    if asked is None or not case.concern.open:
        return None
    supplier = f" at {case.contract.supplier}" if case.contract and case.contract.supplier else ""
    text = (
        f"What you asked the provider about {case.concern.reference} did not arrive: messages to {asked.asked_of}"
        f"{supplier} come back ({owed.about.get('reason', 'no reason known')}). Ask again with another address. "
        f"{about(case)}"
    )
    subject = f"{case.concern.reference}: the provider's address does not work"
    return subject, text, carriers_buttons(case, person)


def undelivered(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """The reference and the address only: an administrator may read it."""
    whose = address_of(case.connection, owed.about.get("whose"))
    to = address_of(case.connection, owed.about.get("to"))
    then = f"; {saying.person(to, case.people)} was told instead" if to else ""
    text = (
        f"A notification about {case.concern.reference} to {whose or 'somebody'} could not be delivered "
        f"({owed.about.get('reason', 'no reason known')}){then}. Check the address in the register, the people list or "
        "the list of providers' contacts."
    )
    return f"{case.concern.reference}: an address does not work", text, carriers_buttons(case, person)
