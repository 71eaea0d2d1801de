"""A concern as whoever asks may see it: how it stands, who has it, what was written, what may be done."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from handlers.accounting import refused
from handlers.concerns import saying
from handlers.concerns.case import Case, open_case, sender
from handlers.desk import Desk
from handlers.messages import Choice, Happening, Message, Outcome, Paper, Reply, Table, Written
from knowledge import tables
from knowledge.attachments import attachments_of
from knowledge.concerns import record
from knowledge.concerns.clock import PASSED_OVER
from knowledge.concerns.moves import allowed, sight
from knowledge.concerns.nouns import UNACKNOWLEDGED, Concern, Move, Relation, Sight, number_of
from knowledge.concerns.standing import addresses
from knowledge.concerns.texts import texts_of
from knowledge.models import Person, Role
from knowledge.parties import address_of, normal, parties_of
from knowledge.people import list_people
from knowledge.register.contacts import ACTING_TRIAGE, TRIAGE, stood_in_for
from knowledge.register.holding import contracts_of

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
    Move.AT_RISK: "Somebody is at risk: {ref}.",
}


def show(message: Message, desk: Desk) -> Reply:
    """One concern, by the reference in `about`."""
    number = number_of(message.about)
    with desk.store.reading() as connection:
        case = open_case(connection, desk, number) if number is not None else None
        person = sender(connection, message)
        if case and sight(case.relations(person)) not in (Sight.NOTHING, Sight.RELEASED):
            return card(case, person)
    with desk.store.writing() as connection:
        return none_to_see(connection, person, message.about, desk)


def none_to_see(connection: Connection, person: Person, reference: str, desk: Desk) -> Reply:
    """The same where there is none of that reference as where it is not theirs to know of, and accounted for alike."""
    if (number := number_of(reference)) is not None:
        refused(connection, person, "concern", number, desk)
    return Reply(outcome=Outcome.REFUSED, text=f"There is no concern {reference} that you may see.")


def card(case: Case, person: Person, done: Move | None = None) -> Reply:
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
    reference, may = case.concern.reference, allowed(case.concern, relations, case.now)
    return tuple(
        Choice(
            label=_LABELS[move], action=move.value, about=reference, opens_form=move in _FORMS,
            style="primary" if number == 0 and move is Move.ACKNOWLEDGE else "danger" if move is Move.AT_RISK else "",
        )
        for number, move in enumerate(may)
        if not (move is Move.AT_RISK and case.concern.at_risk and case.concern.open)
        and not (move is Move.WITHDRAW and Move.TAKE_BACK in may)
    )  # fmt: skip


def my_concerns(message: Message, desk: Desk) -> Reply:
    """All that concerns whoever asks: what they raised and follow, and what is theirs to carry."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
        found = concerns_of(connection, person, day=desk.day)
        rows = tuple(_row(Case(connection, desk, one, desk.now()), person) for one in found[:SHOWN])
    if not rows:
        return Reply(outcome=Outcome.CONCERN, text="There are no concerns of yours.")
    unsettled = sum(one.open for one in found)
    columns = ("About", "Concern", "State", "With", "Answer by")
    table = Table(columns=columns, rows=rows, total=len(found))
    said = f"{len(found)} {'concern' if len(found) == 1 else 'concerns'}, {unsettled} open."
    opens = tuple(Choice(label=f"Open {one.reference}", action="open", about=one.reference) for one in found[:SHOWN])
    return Reply(outcome=Outcome.CONCERN, text=said, table=table, choices=opens)


def concerns_of(connection: Connection, person: Person, limit: int = 500, *, day: date | None = None) -> list[Concern]:
    """The concerns somebody stands to, those that are open first, newest first. `day`: with those of the people who
    are away on it, and for whom they act."""
    if not person.listed:
        return []
    c, mine = tables.concern.c, parties_of(connection, addresses(person))
    f, e = tables.follower.c, tables.concern_event.c
    told = sa.and_(e.move.in_((Move.ESCALATE, Move.UNDELIVERED)), e.about["to"].as_integer().in_(mine))
    theirs: list[sa.ColumnElement[bool]] = [c.raised_by.in_(mine), c.entered_by.in_(mine)]
    theirs.append(c.id.in_(sa.select(f.concern).where(f.party.in_(mine))))
    theirs.append(c.id.in_(sa.select(e.concern).where(told)))
    acts_for = stood_in_for(person, list_people(connection), day) if day else []
    for one in (person, *acts_for):
        theirs += _carried(connection, one)
    return record.concerns(connection, sa.or_(*theirs), limit=limit, open_first=True)


def _carried(connection: Connection, person: Person) -> list[sa.ColumnElement[bool]]:
    """What is somebody's to carry: what they have, and what they would by their contracts and their roles."""
    c = tables.concern.c
    theirs: list[sa.ColumnElement[bool]] = [
        c.holder.in_(parties_of(connection, addresses(person))),
        c.contract.in_(_contracts_of(connection, person)),
    ]
    if Role.TRIAGE in person.roles:
        theirs += [c.contract == "", c.holder_role.in_((TRIAGE, ACTING_TRIAGE))]
    if Role.SAFEGUARDING in person.roles:
        theirs.append(c.at_risk)
    return theirs


def _contracts_of(connection: Connection, person: Person) -> list[str]:
    """The contracts that somebody manages, deputises for or directs, of those that concerns are about."""
    address, own = person.email.lower(), person.directorate.strip().casefold()
    keys = connection.execute(sa.select(tables.concern.c.contract).where(tables.concern.c.contract != "").distinct())
    directs = own if Role.DIRECTOR in person.roles else ""
    found = [held.contract for held in contracts_of(connection, list(keys.scalars()))]
    return [
        one.key
        for one in found
        if (directs and one.department.strip().casefold() == directs)
        or (address and address in {normal(one.manager_email), normal(one.deputy_email), normal(one.director_email)})
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
        ("Acknowledge by", saying.when(concern.acknowledge_by) if concern.state in UNACKNOWLEDGED else ""),
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
        if event.about.get(PASSED_OVER):
            said = ""
        elif whole:
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
