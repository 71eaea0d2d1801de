"""A concern that is written and not raised: what the desk found of it, and what its Member may press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Choice, Message, Reply
from knowledge.concerns.drafts import forget_draft, keep_draft, waiting_draft
from knowledge.models import Person, Role
from knowledge.register.finding.routing import Routed
from knowledge.register.finding.scoring import Candidate

NOBODY, CONFIRMED = "-", "new"
"""In a button: no contract that anybody knows of; and that it is not one that is open already."""
_PATIENCE = timedelta(minutes=30)
"""For how long the next message may be what a draft lacks."""
_LONGEST_ADDITION = 12
"""Words of a message that only says what was lacking."""
_NOT_RAISED = "Nothing has been raised yet."


def offer(reply: Reply, routed: Routed, message: Message, desk: Desk, likely: Sequence[Candidate]) -> Reply:
    """The reply to a concern with what may be done about it. In the open, and to strangers, nothing may be."""
    if message.public:
        note = "To raise it, write to me in a direct message: here everybody reads along."
        return reply.model_copy(update={"notes": (*reply.notes, _NOT_RAISED, note), "choices": ()})
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.roles - {Role.PROVIDER}:
            return reply.model_copy(update={"notes": (*reply.notes, f"{_NOT_RAISED} Sign in to raise it.")})
        about = {
            "contracts": {one.row.reference: _service(one, routed) for one in likely},
            "service": routed.service.key if routed.service else "", "lacks": routed.lacks,
        }  # fmt: skip
        id = keep_draft(connection, known_as(person), message.thread, message.text, about, desk.now())
    choices = _choices(id, person, likely, lacks=routed.lacks, ours=not routed.body)
    return reply.model_copy(update={"choices": choices, "notes": (*reply.notes, _NOT_RAISED)})


def with_what_was_lacking(message: Message, desk: Desk) -> Message:
    """A short message after a concern that lacked its place or service is what was lacking: both as one."""
    if message.public or not message.thread or len(message.text.split()) > _LONGEST_ADDITION:
        return message
    with desk.store.reading() as connection:
        draft = waiting_draft(connection, message.addresses, message.thread, desk.now() - _PATIENCE)
    return message.model_copy(update={"text": f"{draft.body}\n{message.text}"}) if draft else message


def forget_waiting(connection: Connection, message: Message, desk: Desk) -> None:
    """The conversation has gone on to something else."""
    if message.thread:
        draft = waiting_draft(connection, message.addresses, message.thread, desk.now() - _PATIENCE)
        if draft:
            forget_draft(connection, draft)


def _service(one: Candidate, routed: Routed) -> str:
    """The kind of service a message is about where it is this contract's: what it speaks of, if the contract is for
    that, else what the contract is for."""
    kinds = one.row.kinds
    if routed.service and routed.service.key in kinds:
        return routed.service.key
    return max(kinds, key=lambda key: kinds[key]) if kinds else ""


def _choices(
    draft: str, person: Person, likely: Sequence[Candidate], *, lacks: str, ours: bool
) -> tuple[Choice, ...]:
    """Raise it with this contract, or one of these, or with none; and, always, that somebody is at risk now."""
    for_somebody = not raises_in_their_own_name(person)
    buttons = [
        Choice(
            label=_raise_label(one, alone=len(likely) == 1, for_somebody=for_somebody),
            action="raise", about=f"{draft}|{one.row.reference}", opens_form=for_somebody,
            style="primary" if number == 0 else "",
        )
        for number, one in enumerate(likely)
    ]  # fmt: skip
    other = "None of these" if len(likely) > 1 else "Not this contract" if likely else "Let triage find out"
    if not ours:
        other = "Raise it all the same"
    buttons.append(Choice(label=other, action="raise", about=f"{draft}|{NOBODY}", opens_form=for_somebody))
    buttons.append(Choice(label="Somebody is at risk now", action="at_risk", about=draft, style="danger"))
    return tuple(buttons)


def _raise_label(one: Candidate, *, alone: bool, for_somebody: bool) -> str:
    if alone:
        return "Raise it for a Member" if for_somebody else "Raise it"
    title = one.row.title.strip()
    return f"{title} · {one.row.supplier}" if one.row.supplier else title


def raises_in_their_own_name(person: Person) -> bool:
    """Whether somebody is a Member; officers raise for one."""
    return Role.MEMBER in person.roles
