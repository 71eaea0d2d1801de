"""CONTRACTS: what does the register say? Which contracts, who manages them, until when, for how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers import supply
from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply, Table
from handlers.register_absent import NOT_PUBLISHED, absent
from handlers.register_cells import SHOWN, as_csv, card, day_of, table
from handlers.register_saying import UNPUBLISHED, of_one
from handlers.register_summing import of_several
from handlers.reviews.showing import beside as reviews_beside
from handlers.threads import TURNS, asked_before
from knowledge.audit import Deed, account
from knowledge.models import Role
from knowledge.register.answering import Found, evaluate, successor
from knowledge.register.asking.nouns import PEOPLE, RegisterQuestion, Shape, Want
from knowledge.register.asking.understanding import understand, understand_anyway
from knowledge.register.contract import State
from knowledge.register.finding.clues import read_clues
from knowledge.register.finding.scoring import find_contracts
from knowledge.register.holding import Held, contracts_of, register_date
from knowledge.register.reader import RegisterReader

_NEAREST = 3
"""Contracts shown for a question that is not understood."""
_UNTOLD = "I could not tell which contracts you mean."
_NAME_IT = "Name the service, the provider, the place or the reference."


def answer(message: Message, desk: Desk) -> Reply | None:
    """The reply to a question about contracts; None where it is no such question, or there is no register."""
    reader = desk.register()
    if not reader.size:
        return None
    if shares := supply.answer(message, desk):
        return shares
    asked = (*asked_before(message, desk, Outcome.REGISTER), message.text)
    question = _understood(asked, reader, desk)
    return _reply(question, asked, message, reader, desk) if question else None


def answer_anyway(message: Message, desk: Desk) -> Reply:
    """The reply to what is meant for the register, though not all of it is understood: by what is, or else the
    contracts that come nearest to its words."""
    reader = desk.register()
    question = understand_anyway(message.text, reader, desk.day, desk.own_words)
    if question:
        return _reply(question, (), message, reader, desk)
    clues = read_clues(message.text, message.division, reader)
    held = _held([one.row.key for one in find_contracts(clues, reader, desk.day)[:_NEAREST]], desk)
    if not held:
        return _said(_UNTOLD, (_NAME_IT,), desk)
    shown = table(held, desk.day, (), len(held), insider=_insider(message))
    return _said("I could not tell just what you ask. These contracts come nearest.", (_NAME_IT,), desk, shown)


def download(asked: Sequence[str], message: Message, desk: Desk) -> str | None:
    """All the contracts of a question as CSV. `asked`: the question, after those it follows up."""
    reader = desk.register()
    question = _understood(asked[-TURNS:], reader, desk) if reader.size else None
    if question is None or (not _insider(message) and (question.filters.of_people or question.subject.below)):
        return None
    day = desk.day
    held = _held([one.key for one in evaluate(question, reader, day).chosen], desk)
    if _insider(message):  # with the names of people; to all others what councils publish
        with desk.store.writing() as connection:
            by, counts = known_as(sender(connection, message)), {"rows": len(held)}
            account(connection, Deed.EXPORTED, "list", "register", desk.now(), by=by, counts=counts)
    return as_csv(held, day, insider=_insider(message))


def _understood(asked: Sequence[str], reader: RegisterReader, desk: Desk) -> RegisterQuestion | None:
    """The last of these questions, each read with the one before it behind it."""
    question = None
    for text in asked:
        question = understand(text, reader, desk.day, earlier=question, own=desk.own_words)
    return question


def _insider(message: Message) -> bool:
    """Whether names of managers and what the council keeps for itself may be told."""
    return not message.public and bool(message.roles - {Role.PROVIDER})


def _held(keys: Sequence[str], desk: Desk) -> list[Held]:
    with desk.store.reading() as connection:
        return contracts_of(connection, keys)


# --- replying -----------------------------------------------------------------------------------------------------


def _reply(
    question: RegisterQuestion, asked: Sequence[str], message: Message, reader: RegisterReader, desk: Desk
) -> Reply:
    insider, day = _insider(message), desk.day
    if not insider and (question.filters.of_people or question.subject.below):
        return _said(_unpublished(question), (), desk)
    found = evaluate(question, reader, day)
    held = _held([one.key for one in found.chosen[:SHOWN]], desk)
    if not held:
        return _said(*absent(question, reader), desk)
    one, beside = found.total == 1 and question.shape is Shape.TELL, []
    if one:
        text = of_one(question, held[0], day, _since(found, reader, day), insider=insider)
        shown = card(held[0], day, insider=insider)
        beside = reviews_beside(message, held[0].contract, desk)
    else:
        text = of_several(question, found, held, day, insider=insider)
        shown = table(held, day, _asked_for(question, found), found.total, insider=insider)
    return _said(text, [*_notes(question, found, reader, day), *beside], desk, shown, asked)


def _unpublished(question: RegisterQuestion) -> str:
    """Why a question by what is not published has no answer for a stranger."""
    filters = question.filters
    of_people = filters.person or filters.lacking & PEOPLE
    return NOT_PUBLISHED if of_people else UNPUBLISHED[:1].upper() + UNPUBLISHED[1:]


def _said(text: str, notes: Sequence[str], desk: Desk, shown: Table | None = None, asked: Sequence[str] = ()) -> Reply:
    with desk.store.reading() as connection:
        as_of = register_date(connection)
    source = f"The register as of {day_of(as_of)}." if as_of else "The register; of which day is not known."
    if shown:
        shown = shown.model_copy(update={"as_of": as_of.isoformat() if as_of else "", "asked": tuple(asked)})
    return Reply(outcome=Outcome.REGISTER, text=text, notes=(source, *notes), table=shown)


def _asked_for(question: RegisterQuestion, found: Found) -> list[Want]:
    """The columns beyond the usual: what was asked for, what was chosen by, how it stands where that differs."""
    filters = question.filters
    wants = list(question.wants)
    wants += [Want(by) for by in filters.days]
    wants += [Want(name) for name in sorted(filters.lacking)]
    wants += [Want(filters.paid.by)] if filters.paid else []
    wants += [Want.DELIVERED] if filters.delivered else []
    wants += [Want.AREA] if filters.districts or filters.countywide else []
    wants += [Want.CONTACT] if PEOPLE & set(wants) else []
    wants += [Want.STATE] if {one.state for one in found.chosen} != {State.IN_FORCE} else []
    return list(dict.fromkeys(wants))


def _since(found: Found, reader: RegisterReader, day: date) -> str:
    """What has taken the place of a contract that has ended."""
    gone = found.chosen[0]
    heir = successor(reader, gone.n, day) if gone.state is State.ENDED else None
    return f"{heir.supplier} has {heir.title.strip()} ({heir.reference})" if heir else ""


def _notes(question: RegisterQuestion, found: Found, reader: RegisterReader, day: date) -> list[str]:
    notes = []
    for state, said in ((State.ENDED, "ended"), (State.TO_COME, "are still to come")):
        count = sum(one.state is state for one in found.besides)
        notes += [f"Besides, {count} {_has(said) if count == 1 else _have(said)}."] if count else []
    wide = sum(one.countywide for one in found.chosen)
    if question.filters.districts and wide:
        notes.append(
            f"{wide} of {found.total:,} {_serve(wide)} no area."
            if found.total > 1
            else "It serves the whole county, or names no area."
        )
    if question.filters.outside:
        notes.append(", ".join(sorted(question.filters.outside)) + " is outside the county.")
    return notes


def _serve(count: int) -> str:
    return "serves the whole county, or names" if count == 1 else "serve the whole county, or name"


def _has(said: str) -> str:
    return "has ended" if said == "ended" else "is still to come"


def _have(said: str) -> str:
    return "have ended" if said == "ended" else said
