"""INTENTION: an officer's form -> the timeline -> everybody, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection

from handlers.concerns.case import known_as, sender
from handlers.desk import Desk
from handlers.intentions import forms
from handlers.intentions.clashes import MATTERS, clashing
from handlers.intentions.ending import drafted
from handlers.intentions.published import published
from handlers.intentions.words import wanted
from handlers.messages import Message, Outcome, Reply
from knowledge.audit import Deed, account
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.timeline.changing import CannotChange, begin, change, restore, same_title, withdraw
from knowledge.timeline.differing import as_record, undone
from knowledge.timeline.entry import Entry as Intention
from knowledge.timeline.history import Whole, whole
from knowledge.timeline.locking import lock
from knowledge.timeline.nouns import Terms
from knowledge.timeline.rows import NotOurs, ReasonMissing

KEEPERS = frozenset({Role.OFFICER, Role.MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Who may write to the timeline."""
_AGAIN = timedelta(minutes=10)
"""So soon the same intention from the same hand is the same form sent twice."""
_NOT_YOURS = (
    "The timeline is kept by the council's officers. Ask what is coming up and I will show you; what is on it, and why "
    "it changed, anybody may read."
)


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks to be done to the timeline; None where it asks for something else."""
    asked = wanted(message.text)
    if asked is None or message.public or not message.roles & KEEPERS:
        return None
    if asked.about and not _found(asked.about, desk):
        return None
    return act(
        message.model_copy(update={"text": "", "action": asked.action, "about": asked.about, "fields": {}}), desk
    )


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does to the timeline."""
    with desk.store.reading() as connection:
        person = sender(connection, message)
    if message.public or not person.roles & KEEPERS:
        return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
    return ACTIONS[message.action](message, desk)


def _new(message: Message, desk: Desk) -> Reply:
    given = dict(message.fields)
    if not given:
        return _begun(message.about, desk)
    said, wrong = forms.read({"title": "", **given})
    if wrong:
        return forms.writing(given, wrong)
    with desk.store.writing() as connection:
        lock(connection)  # before it is looked whether there is one already
        twin = same_title(connection, str(said["title"]))
        if twin and not _sent_twice(connection, message, twin, said, desk):
            told = f"{twin} has this title already. Change that one, or say what tells them apart."
            return forms.writing(given, {"title": told})
        if twin is None:
            if told := _clash(connection, "", Terms.model_validate(dict(said)), given, desk):
                return forms.writing(given, {}, clash=told)
            begun = begin(connection, said, desk.now(), desk.buyers, by=_by(connection, message))
            _account(connection, begun, message, desk)
            twin = begun.reference
    return published(twin, desk, "is on the timeline now")


def _begun(about: str, desk: Desk) -> Reply:
    """The empty form; one that is to follow a contract begins with what the register has of it."""
    with desk.store.reading() as connection:
        return forms.writing(drafted(connection, about, desk.day), {})


def _clash(connection: Connection, reference: str, terms: Terms, given: Mapping[str, str], desk: Desk) -> str:
    """What an officer has not been told yet of tenders too near to this one."""
    return "" if forms.ANYWAY in given else clashing(connection, reference, terms, desk)


def _change(message: Message, desk: Desk) -> Reply:
    about, version = _about(message.about)
    found = _found(about, desk)
    if found is None:
        return _gone(about)
    given, reference = dict(message.fields), found.intention.reference
    if version is None or reference.casefold() != about.casefold():  # joined to another meanwhile
        version = found.intention.version
    if not given:
        return forms.changing(reference, version, forms.filled(found.intention.terms), {})
    said, wrong = forms.read({name: value for name, value in given.items() if name != "reason"})
    if wrong:
        return forms.changing(reference, version, given, wrong)
    news, reason = _news(said, _as_of(found, version)), given.get("reason", "").strip()
    if news.keys() & MATTERS:
        with desk.store.reading() as connection:
            told = _clash(connection, reference, found.intention.terms.model_copy(update=news), given, desk)
        if told:
            return forms.changing(reference, version, given, {}, clash=told)
    return _try(
        lambda connection: change(
            connection, reference, news, reason, desk.now(), desk.buyers, by=_by(connection, message)
        ),
        desk, message, lambda error: forms.changing(reference, version, given, {"reason": error}), "is changed",
    )  # fmt: skip


def _withdraw(message: Message, desk: Desk) -> Reply:
    return _explained(message, desk, withdraw, "Withdraw", "is withdrawn; it stays on the page, marked so")


def _restore(message: Message, desk: Desk) -> Reply:
    return _explained(message, desk, restore, "Take up again", "is taken up again")


def _explained(message: Message, desk: Desk, move: Callable[..., Intention], title: str, done: str) -> Reply:
    found = _found(message.about, desk)
    if found is None:
        return _gone(message.about)
    given, reference = dict(message.fields), found.intention.reference

    def again(error: str) -> Reply:
        return forms.explaining(message.action, reference, f"{title}: {reference}", given, error)

    reason = given.get("reason", "").strip()
    if not reason:
        return again("Say why: everybody reads it." if given else "")
    return _try(
        lambda connection: move(
            connection, reference, reason, desk.now(), desk.buyers, by=_by(connection, message)
        ),
        desk, message, again, done,
    )  # fmt: skip


def _try(
    move: Callable[[Connection], Intention], desk: Desk, message: Message, again: Callable[[str], Reply], done: str
) -> Reply:
    """Makes a change; what it cannot do is said in the form."""
    try:
        with desk.store.writing() as connection:
            changed = move(connection)
            _account(connection, changed, message, desk)
            reference = changed.reference
    except ReasonMissing as missing:
        return again(f"It {missing}.")
    except (CannotChange, NotOurs) as error:
        told = str(error)
        return again(f"{told[:1].upper()}{told[1:]}.")
    return published(reference, desk, done)


def _about(about: str) -> tuple[str, int | None]:
    """The reference a form is about, and the version that it was filled with, None where it does not say."""
    reference, _, version = about.rpartition("|")
    return (reference, int(version)) if reference and re.fullmatch("[0-9]{1,9}", version) else (about, None)


def _as_of(found: Whole, version: int) -> Terms:
    """The terms of a version: each later change undone."""
    said = as_record(found.intention.terms)
    for later in found.versions:
        said = undone(said, later.changes) if later.number > version else said
    return Terms.model_validate(said)


def _news(said: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """What the form says other than what it was filled with: a field left as it stood says nothing new, even where it
    has been changed by somebody else since."""
    before = forms.read(forms.filled(terms))[0]
    return {name: value for name, value in said.items() if before.get(name) != value}


def _found(reference: str, desk: Desk) -> Whole | None:
    with desk.store.reading() as connection:
        return whole(connection, reference, desk.now())


def _gone(reference: str) -> Reply:
    return Reply(outcome=Outcome.REFUSED, text=f"There is no intention {reference} on the timeline.")


def _account(connection: Connection, one: Intention, message: Message, desk: Desk) -> None:
    """By the number of the version, which says what was changed, and why."""
    by, counts = known_as(sender(connection, message)), {"version": one.version}
    account(connection, Deed.CHANGED, "intention", one.reference, desk.now(), by=by, counts=counts)


def _by(connection: Connection, message: Message) -> int:
    return party_of(connection, known_as(sender(connection, message)))


def _sent_twice(connection: Connection, message: Message, reference: str, said: Mapping[str, Any], desk: Desk) -> bool:
    """Whether this is the form that has just made this intention."""
    found = whole(connection, reference, desk.now())
    if found is None or len(found.versions) != 1 or found.versions[0].by != _by(connection, message):
        return False
    soon = found.versions[0].at > desk.now() - _AGAIN
    return soon and as_record(found.intention.terms) == as_record(Terms.model_validate(dict(said)))


ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "new_intention": _new,
    "change_intention": _change,
    "withdraw_intention": _withdraw,
    "restore_intention": _restore,
}
