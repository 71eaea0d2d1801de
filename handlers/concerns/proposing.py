"""A concern that is written and not raised: what the desk found of it, and what its Member may press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Choice, File, Message, Reply
from knowledge.attachments import Attachment, AttachmentError, AttachmentLimits, clean_attachment
from knowledge.attachments import keep as keep_attachment
from knowledge.concerns.drafts import keep_draft
from knowledge.models import Person, Role
from knowledge.register.finding.routing import Routed
from knowledge.register.finding.scoring import Candidate

NOBODY, CONFIRMED = "-", "new"
"""In a button: no contract that anybody knows of; and that it is not one that is open already."""
PATIENCE = timedelta(minutes=30)
"""For how long the next message may be what a draft lacks."""
_NOT_RAISED = "Nothing has been raised yet."


def offer(
    reply: Reply, routed: Routed, message: Message, desk: Desk, likely: Sequence[Candidate], member: str = ""
) -> Reply:
    """The reply to a concern with what may be done about it. In the open, and to strangers, nothing may be.
    `member`: for which Member, where that is known."""
    if message.public:
        note = "To raise it, write to me in a direct message: here everybody reads along."
        return reply.model_copy(update={"notes": (*reply.notes, _NOT_RAISED, note), "choices": ()})
    files, wrong = clean(message.files)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        if not person.listed:
            return reply.model_copy(update={"notes": (*reply.notes, f"{_NOT_RAISED} Sign in to raise it.")})
        id = keep(connection, message, person, about_of(routed, likely, member), desk, files)
    choices = _choices(id, likely, for_somebody=not (is_member(person) or member), ours=not routed.body)
    return reply.model_copy(update={"choices": choices, "notes": (*reply.notes, *wrong, _NOT_RAISED)})


def about_of(routed: Routed, likely: Sequence[Candidate], member: str = "") -> dict[str, Any]:
    """What is kept of what the desk found: contracts with the kind of service, what is lacking, for which Member."""
    return {
        "contracts": {one.row.reference: _service(one, routed) for one in likely},
        "service": routed.service.key if routed.service else "", "lacks": routed.lacks, "member": member,
        "district": routed.clues.where.district,
    }  # fmt: skip


def clean(files: Sequence[File]) -> tuple[list[Attachment], list[str]]:
    """The files that came, cleaned, and what is wrong with those that cannot be kept. Before anything is locked: taking
    a large file apart takes seconds."""
    limits, kept, wrong = AttachmentLimits(), [], []
    for number, file in enumerate(files):
        if number >= limits.files:
            wrong.append(f"{file.name}: not kept, {limits.files} files are the most for one concern.")
            continue
        try:
            kept.append(clean_attachment(file.name, file.content, limits))
        except AttachmentError as error:
            wrong.append(f"{file.name}: {error}")
    return kept, wrong


def keep(
    connection: Connection,
    message: Message,
    person: Person,
    about: Mapping[str, Any],
    desk: Desk,
    files: Sequence[Attachment],
) -> str:
    """Keeps a draft with its files, and gives its id."""
    id = keep_draft(connection, known_as(person), message.thread, message.text, about, desk.now())
    for file in files:
        keep_attachment(connection, file, concern=None, draft=id, now=desk.now())
    return id


def _service(one: Candidate, routed: Routed) -> str:
    """The kind of service a message is about where it is this contract's: what it speaks of, if the contract is for
    that, else what the contract is for."""
    kinds = one.row.kinds
    if routed.service and routed.service.key in kinds:
        return routed.service.key
    return max(kinds, key=lambda key: kinds[key]) if kinds else ""


def _choices(draft: str, likely: Sequence[Candidate], *, for_somebody: bool, ours: bool) -> tuple[Choice, ...]:
    """Raise it with this contract, or one of these, or with none; and, always, that somebody is at risk now.
    `for_somebody`: first it is asked for which Member."""
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


def is_member(person: Person) -> bool:
    """Whether somebody is a Member; officers raise for one."""
    return Role.MEMBER in person.roles
