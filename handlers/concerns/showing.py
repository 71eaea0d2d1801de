"""A concern as whoever asks may see it: how it stands, who has it, what was written, what may be done."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.concerns import saying
from handlers.concerns.case import Case, open_case, sender
from handlers.desk import Desk
from handlers.messages import Choice, Happening, Message, Outcome, Paper, Reply, Table, Written
from knowledge import tables
from knowledge.attachments import attachments_of
from knowledge.concerns import record
from knowledge.concerns.moves import TAKE_BACK_WITHIN, allowed, sight
from knowledge.concerns.nouns import OPEN, Concern, Move, Relation, Sight, number_of
from knowledge.concerns.texts import texts_of
from knowledge.models import Person, Role
from knowledge.parties import address_of, parties_of
from knowledge.register.contract import key_of
from knowledge.register.holding import contracts

SHOWN = 20
_LABELS: dict[Move, str] = {
    Move.ACKNOWLEDGE: "Acknowledge",
    Move.ASK_PROVIDER: "Ask the provider",
    Move.REPLY: "Reply to the Member",
    Move.ASK_MEMBER: "Ask the Member",
    Move.PASS_ON: "Pass on",
    Move.CLOSE: "Close",
    Move.TELL_MORE: "Tell more",
    Move.WRONG_CONTRACT: "Not this contract",
    Move.TAKE_BACK: "Take back",
    Move.WITHDRAW: "Withdraw",
    Move.NOT_FIXED: "Not fixed",
    Move.PUT_RIGHT: "It was put right",
    Move.AT_RISK: "Somebody is at risk now",
}
_FORMS = frozenset(
    {
        Move.ASK_PROVIDER, Move.REPLY, Move.ASK_MEMBER, Move.PASS_ON, Move.CLOSE, Move.TELL_MORE, Move.WRONG_CONTRACT,
        Move.NOT_FIXED,
    }
)  # fmt: skip
_DONE: dict[Move, str] = {
    Move.ACKNOWLEDGE: "You have {ref} in hand; the Member is told.",
    Move.ASK_PROVIDER: "The provider is asked about {ref}; the Member is told that it is with them.",
    Move.REPLY: "Your answer to {ref} is with the Member.",
    Move.ASK_MEMBER: "The Member is asked. Until they answer, the clock of {ref} stands.",
    Move.PASS_ON: "{ref} is passed on to {holder}.",
    Move.CLOSE: "{ref} is closed; the Member is told.",
    Move.TELL_MORE: "{holder} is told more of {ref}.",
    Move.WRONG_CONTRACT: "{ref} is with {holder} now.",
    Move.TAKE_BACK: "{ref} is taken back. What had not left was stopped; whoever had been told hears of it.",
    Move.WITHDRAW: "{ref} is withdrawn.",
    Move.NOT_FIXED: "{ref} is open again, with {holder}.",
    Move.PUT_RIGHT: "Good to hear. {ref} is closed as put right.",
    Move.AT_RISK: "The safeguarding contact is being told of {ref} at once. If anyone is in danger, call 999 now.",
}


def show(message: Message, desk: Desk) -> Reply:
    """One concern, by the reference in `about`."""
    number = number_of(message.about)
    with desk.store.reading() as connection:
        case = open_case(connection, desk, number) if number is not None else None
        person = sender(connection, message)
        if case is None or sight(case.relations(person)) in (Sight.NOTHING, Sight.RELEASED):
            return Reply(outcome=Outcome.REFUSED, text=f"There is no concern {message.about} that you may see.")
        return card(case, person)


def card(case: Case, person: Person, done: Move | None = None, by: str = "") -> Reply:
    """A concern with what this person may do to it. `done`: what they have just done."""
    concern, relations = case.concern, case.relations(person)
    whole = sight(relations) is Sight.WHOLE
    lead = f"{concern.reference} is {saying.state(concern)}."
    if done:
        lead = _DONE[done].format(ref=concern.reference, holder=saying.person(concern.holder, case.people))
    return Reply(
        outcome=Outcome.CONCERN, text=lead, table=_facts(case, whole), concern=concern.reference,
        written=_written(case) if whole else (), happened=_happened(case, whole), papers=_papers(case) if whole else (),
        choices=choices(case, relations),
    )  # fmt: skip


def choices(case: Case, relations: frozenset[Relation]) -> tuple[Choice, ...]:
    """What somebody who stands so to a concern may press."""
    reference = case.concern.reference
    return tuple(
        Choice(
            label=_LABELS[move], action=move.value, about=reference, opens_form=move in _FORMS,
            style="primary" if number == 0 and move is Move.ACKNOWLEDGE else "danger" if move is Move.AT_RISK else "",
        )
        for number, move in enumerate(allowed(case.concern, relations, case.now))
        if not (move is Move.AT_RISK and case.concern.at_risk)
        and not (move is Move.WITHDRAW and case.now - case.concern.raised_at <= TAKE_BACK_WITHIN)
    )  # fmt: skip


def my_concerns(message: Message, desk: Desk) -> Reply:
    """All that concerns whoever asks: what they raised and follow, and what is theirs to carry."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
        found = concerns_of(connection, person)
        rows = tuple(_row(Case(connection, desk, one, desk.now()), person) for one in found[:SHOWN])
    if not rows:
        return Reply(outcome=Outcome.CONCERN, text="There are no concerns of yours.")
    unsettled = sum(one.open for one in found)
    columns = ("About", "Concern", "State", "With", "Answer by")
    table = Table(columns=columns, rows=rows, total=len(found))
    said = f"{len(found)} {'concern' if len(found) == 1 else 'concerns'}, {unsettled} open."
    opens = tuple(Choice(label=f"Open {one.reference}", action="open", about=one.reference) for one in found[:SHOWN])
    return Reply(outcome=Outcome.CONCERN, text=said, table=table, choices=opens)


def concerns_of(connection: Connection, person: Person, limit: int = 500) -> list[Concern]:
    """The concerns somebody stands to, those that are open first, newest first."""
    if not person.roles - {Role.PROVIDER}:
        return []
    c, mine = tables.concern.c, parties_of(connection, (person.email, person.slack_id))
    f = tables.follower.c
    theirs: list[sa.ColumnElement[bool]] = [c.raised_by.in_(mine), c.entered_by.in_(mine), c.holder.in_(mine)]
    theirs.append(c.id.in_(sa.select(f.concern).where(f.party.in_(mine))))
    keys = _contracts_of(connection, person)
    if keys:
        theirs.append(c.contract.in_(keys))
    if Role.TRIAGE in person.roles:
        theirs += [c.contract == "", c.holder_role == "triage contact"]
    if Role.SAFEGUARDING in person.roles:
        theirs.append(c.at_risk)
    theirs.append(c.id.in_(_escalated_to(connection, mine)))
    found = record.concerns(connection, sa.or_(*theirs), limit=limit)
    return sorted(found, key=lambda one: (one.state not in OPEN, -one.id))


def _escalated_to(connection: Connection, mine: set[int]) -> list[int]:
    """Concerns that came to somebody up the ladder."""
    e = tables.concern_event.c
    rows = connection.execute(sa.select(e.concern, e.about).where(e.move == Move.ESCALATE.value))
    return sorted({row.concern for row in rows if row.about.get("to") in mine})


def _contracts_of(connection: Connection, person: Person) -> list[str]:
    """The contracts somebody manages, deputises for or directs."""
    address, own = person.email.lower(), person.directorate.strip().casefold()
    if not address or not person.roles & {Role.MANAGER, Role.DIRECTOR, Role.OFFICER}:
        return []
    directs = Role.DIRECTOR in person.roles and own
    return [
        key_of(held.contract.reference)
        for held in contracts(connection)
        if address
        in {
            held.contract.manager_email.lower(),
            held.contract.deputy_email.lower(),
            held.contract.director_email.lower(),
        }
        or (directs and held.contract.department.strip().casefold() == own)
    ]


def _row(case: Case, person: Person) -> tuple[str, ...]:
    concern = case.concern
    answer_by = saying.day(concern.answer_by) if concern.open else ""
    return saying.service(concern), concern.reference, saying.state(concern), holder(case, person), answer_by


def holder(case: Case, person: Person) -> str:
    """Who has a concern: by name to whoever sees all of it, as what they have it to whoever only follows."""
    if sight(case.relations(person)) is Sight.WHOLE:
        return saying.name(case.concern.holder, case.people)
    return case.concern.holder_role


def _facts(case: Case, whole: bool) -> Table:
    concern = case.concern
    rows = [
        ("State", saying.state(concern)),
        ("About", saying.service(concern)),
        ("Contract", saying.contract(case) if whole else ""),
        ("Provider", case.contract.supplier if whole and case.contract else ""),
        (
            "With",
            f"{saying.person(concern.holder, case.people)}, {concern.holder_role}" if whole else concern.holder_role,
        ),
        ("Raised by", saying.person(concern.raised_by, case.people) if whole else ""),
        ("Raised", saying.when(concern.raised_at)),
        ("Acknowledge by", saying.when(concern.acknowledge_by) if not concern.acknowledged_at else ""),
        ("Answer by", saying.day(concern.answer_by) if concern.open else ""),
        ("Provider promises", _promised(case) if whole else ""),
        ("At risk", "yes: safeguarding was told" if concern.at_risk and whole else ""),
    ]
    shown = tuple((name, said) for name, said in rows if said)
    return Table(columns=("", ""), rows=shown, total=len(shown), card=True)


def _promised(case: Case) -> str:
    days = [request.promised for request in case.requests if request.promised]
    return saying.day(days[-1]) if days else ""


_KINDS = {
    "concern": "The concern", "more": "More from the Member", "reply": "Answer to the Member",
    "question": "Question to the Member", "request": "Asked of the provider", "answer": "The provider's answer",
}  # fmt: skip


def _written(case: Case) -> tuple[Written, ...]:
    return tuple(
        Written(
            what=_KINDS.get(one.kind, one.kind), by=saying.name(one.written_by, case.people),
            when=saying.when(one.written_at), body=one.body,
        )
        for one in texts_of(case.connection, case.concern.id)
    )  # fmt: skip


def _happened(case: Case, whole: bool) -> tuple[Happening, ...]:
    """What happened, oldest first. Followers read state and dates, no names."""
    found = []
    for event in case.events:
        if whole:
            said = saying.happened(event, case, address_of(case.connection, event.about.get("to")))
        else:
            said = saying.happened_without_names(event)
        if said:
            found.append(Happening(when=saying.when(event.at), what=said))
    return tuple(found)


def _papers(case: Case) -> tuple[Paper, ...]:
    return tuple(
        Paper(id=one.id, name=one.name, type=one.type) for one in attachments_of(case.connection, case.concern.id)
    )
