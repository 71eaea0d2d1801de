"""An officer publishes or refuses what a provider offers; and which messages are about postings at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.intentions.published import published
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.postings import forms, posting
from handlers.postings.showing import card, standing, what
from handlers.postings.who import DECIDERS, contract_of, tell_poster
from handlers.postings.words import wanted
from knowledge.audit import Deed, account
from knowledge.parties import address_of, party_of
from knowledge.postings import Posting, State, by_number, decide, number_of, place, waiting
from knowledge.register.contract import Contract
from knowledge.timeline.changing import CannotChange, begin, change
from knowledge.timeline.differing import as_record
from knowledge.timeline.history import whole
from knowledge.timeline.nouns import State as Standing
from knowledge.timeline.nouns import Terms

_NOT_YOURS = "The council's officers decide what is published."
_GONE = "There is no such posting any more."
_DECIDED = "Somebody else has decided meanwhile."
_MOST = 10


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks about postings; None where it asks for something else."""
    asked = wanted(message.text)
    if asked is None:
        return None
    if asked.action == "new_posting":
        return posting.offered(message, asked.about)
    if message.public or not (message.addresses or message.proved):
        return None
    if asked.action == "waiting_postings" and not message.roles & DECIDERS:
        return None
    pressed = {"text": "", "action": asked.action, "about": asked.about, "fields": {}}
    return act(message.model_copy(update=pressed), desk)


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does to a posting."""
    if message.public:
        return Reply(outcome=Outcome.REFUSED, text="Not here, where everybody reads along: write to me directly.")
    return ACTIONS[message.action](message, desk)


def _open(message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        one = _one(connection, message)
        insider = message.surface != "link" and is_decider(connection, message)  # any stranger may type its address
        if one is None or not (insider or posting.mine(connection, message)):
            return Reply(outcome=Outcome.REFUSED, text=_GONE)
        return card(one, contract_of(connection, one), desk, insider=insider)


def _waiting(message: Message, desk: Desk) -> Reply:
    with desk.store.reading() as connection:
        if not is_decider(connection, message):
            return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
        found = waiting(connection)
    if not found:
        return Reply(outcome=Outcome.POSTING, text="No posting waits for an officer.")
    lines = [f"{one.reference}: {what(one)}, {one.provider}" for one in found[:_MOST]]
    opens = [
        Choice(label=f"Open {one.reference}", action="open_posting", about=one.reference, opens_form=True)
        for one in found[:_MOST]
    ]
    more = f"{len(found) - _MOST} more wait." if len(found) > _MOST else ""
    said = "\n".join([f"{len(found)} wait{'s' if len(found) == 1 else ''} for an officer.", *lines, more]).strip()
    return Reply(outcome=Outcome.POSTING, text=said, choices=tuple(opens))


def _publish(message: Message, desk: Desk) -> Reply:
    try:
        with desk.store.writing() as connection:
            one = _to_decide(connection, message)
            if isinstance(one, Reply):
                return one
            reference = _put_on_timeline(connection, one, desk, _by(connection, message))
    except CannotChange as error:
        return Reply(outcome=Outcome.REFUSED, text=f"It cannot be published: {error}.")
    return published(reference, desk, "is published")


def _put_on_timeline(connection: Connection, one: Posting, desk: Desk, by: int) -> str:
    """Publishes it, or the change of what is published, and has its poster told. Raises CannotChange."""
    terms, now = public_terms(one, contract_of(connection, one)), desk.now()
    if not decide(connection, one.id, State.PUBLISHED, now, by=by):
        raise CannotChange("somebody else has decided meanwhile")
    if one.on_timeline:
        said = _changes(connection, one, terms, desk)
        entry = change(connection, one.on_timeline, said, one.why, now, desk.buyers, by=by)
    else:
        entry = begin(connection, terms.said(), now, desk.buyers, by=by)
        place(connection, one.id, entry.id)
    _account(connection, one, now, by)
    tell_poster(connection, one, desk)
    return entry.reference


def public_terms(one: Posting, contract: Contract | None) -> Terms:
    """A posting as everybody reads it: with the contract it belongs to."""
    if contract is None:
        return one.terms
    under = f"{posting.UNDER} {contract.reference}, {contract.title}."
    return one.terms.model_copy(update={"description": f"{one.terms.description}\n\n{under}"})


def _changes(connection: Connection, one: Posting, terms: Terms, desk: Desk) -> dict[str, object]:
    """The fields that say something else than what is on the timeline; one that is empty now empties it. Raises
    CannotChange where that is withdrawn."""
    found = whole(connection, one.on_timeline, desk.now())
    if found is None or found.intention.terms.state is Standing.WITHDRAWN:
        raise CannotChange(f"{one.on_timeline} is withdrawn")
    before, after = as_record(found.intention.terms), as_record(terms)
    changed = [name for name in Terms.model_fields if before.get(name) != after.get(name)]
    return {name: getattr(terms, name) for name in changed}


def _refuse(message: Message, desk: Desk) -> Reply:
    given = dict(message.fields)
    reason = given.get("reason", "").strip()
    with desk.store.writing() as connection:
        one = _to_decide(connection, message)
        if isinstance(one, Reply):
            return one
        if not reason:
            told = "Say why: whoever posted it is told." if given else ""
            return forms.explaining("refuse_posting", one.reference, f"Refuse {one.reference}", given, told)
        by = _by(connection, message)
        if not decide(connection, one.id, State.REFUSED, desk.now(), by=by, reason=reason[:4_000]):
            return Reply(outcome=Outcome.REFUSED, text=_DECIDED)
        _account(connection, one, desk.now(), by)
        tell_poster(connection, one, desk)
    return Reply(outcome=Outcome.POSTING, text=f"{one.reference} is refused. {one.provider} is told why.")


def _to_decide(connection: Connection, message: Message) -> Posting | Reply:
    """The posting that its sender may decide about, else why not."""
    if not is_decider(connection, message):
        return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
    one = _one(connection, message)
    if one is None:
        return Reply(outcome=Outcome.REFUSED, text=_GONE)
    return one if one.state is State.WAITING else Reply(outcome=Outcome.POSTING, text=standing(one))


def is_decider(connection: Connection, message: Message) -> bool:
    """Whether the sender of a message decides what is published."""
    return bool(sender(connection, message).roles & DECIDERS)


def _one(connection: Connection, message: Message) -> Posting | None:
    number = number_of(message.about)
    return by_number(connection, number) if number is not None else None


def _account(connection: Connection, one: Posting, now: datetime, by: int) -> None:
    account(connection, Deed.CHANGED, "posting", one.id, now, by=address_of(connection, by))


def _by(connection: Connection, message: Message) -> int:
    return party_of(connection, known_as(sender(connection, message)))


ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "new_posting": posting.new,
    "change_posting": posting.change,
    "withdraw_posting": posting.take_back,
    "open_posting": _open,
    "waiting_postings": _waiting,
    "publish_posting": _publish,
    "refuse_posting": _refuse,
}
