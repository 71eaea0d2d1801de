"""POSTING: a provider's form -> waits for an officer. Its poster may change it and take it back."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import goes_by, sender
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.postings import forms
from handlers.postings.showing import own_choices, standing, what
from handlers.postings.who import ask_officers
from knowledge.parties import normal
from knowledge.postings import Posting, State, TooMany, by_number, number_of, post
from knowledge.postings import take_back as withdraw_waiting
from knowledge.register.holding import contract as held_contract
from knowledge.timeline.changing import CannotChange, NoSuchIntention, withdraw
from knowledge.timeline.history import whole
from knowledge.timeline.nouns import State as Standing
from knowledge.timeline.nouns import Terms

UNDER = "It belongs to the council's contract"
"""How what the desk adds to a description begins."""
_FORM_FOR_IT = "There is a form for it. An officer of the council reads it before it is published."
_NOT_YOURS = "That is not yours to change, or it is not there any more."
_SETTLED = "Nothing can be changed there any more: {standing}"


def offered(message: Message, about: str) -> Reply:
    """The reply to somebody who types that they want to post: a button that opens the form."""
    opens = Choice(label="Fill in the form", action="new_posting", about=about, opens_form=True, style="primary")
    return Reply(outcome=Outcome.POSTING, text=_FORM_FOR_IT, choices=(opens,))


def new(message: Message, desk: Desk) -> Reply:
    """The form, and what was filled in: a posting that waits. Anybody may write one."""
    given, known = dict(message.fields), message.address or message.proved
    anonymous = not known
    if not given:
        return forms.writing({"kind": message.about} if message.about else {}, {}, anonymous=anonymous)
    terms, wrong = forms.read(given, desk.day)
    address, no_address = forms.address_in(given) if anonymous else (known, "")
    wrong |= {"email": no_address} if no_address else {}
    try:
        with desk.store.writing() as connection:
            wrong |= _of_contract(connection, given)
            if not wrong:
                one = _posted(connection, address, given, terms, desk)
                return _thanks(one, choices=not anonymous or message.surface == "web")
    except TooMany as error:
        return Reply(outcome=Outcome.REFUSED, text=str(error))
    return forms.writing(given, wrong, anonymous=anonymous)


def _posted(connection: Connection, address: str, given: dict[str, str], terms: Terms, desk: Desk) -> Posting:
    contract = given.get("contract", "").strip()
    one = _found(connection, post(connection, desk.now(), posted_by=address, contract=contract, terms=terms))
    ask_officers(connection, one, desk)
    return one


def _thanks(one: Posting, *, choices: bool) -> Reply:
    """That it waits. `choices`: what its poster may do is offered: whoever we know, or a page that gives a link."""
    waits = f"Thank you. {one.reference} ({what(one)}) waits for an officer."
    where = one.posted_by if "@" in one.posted_by else "you"
    text = f"{waits} We write to {where} once it is decided."
    return Reply(outcome=Outcome.POSTING, text=text, choices=own_choices(one) if choices else ())


def _of_contract(connection: Connection, given: dict[str, str]) -> dict[str, str]:
    """What is wrong with the contract that was named."""
    named = given.get("contract", "").strip()
    if not named or (len(named) <= 200 and held_contract(connection, named)):
        return {}
    return {"contract": f"The register has no contract {named[:60]}. Leave it empty, and say it in your own words."}


def change(message: Message, desk: Desk) -> Reply:
    """The form of what it says now, and what was filled in: a posting that waits in its place."""
    given = dict(message.fields)
    with desk.store.writing() as connection:
        one = mine(connection, message)
        if one is None or one.state not in (State.WAITING, State.PUBLISHED):
            return _not_yours(one)
        now_says = _terms_now(connection, one, desk)
        if now_says is None:
            return Reply(outcome=Outcome.REFUSED, text=f"{one.on_timeline} is withdrawn. Post it anew.")
        if not given:
            return forms.changing(one.reference, forms.filled_with(one, now_says), {})
        terms, wrong = forms.read(given, desk.day)
        wrong |= _of_contract(connection, given)
        why, no_reason = forms.reason_in(given)
        wrong |= {"reason": no_reason} if no_reason else {}
        if wrong:
            return forms.changing(one.reference, given, wrong)
        return _changed(connection, one, given.get("contract", "").strip(), terms, why, desk)


def _changed(connection: Connection, one: Posting, contract: str, terms: Terms, why: str, desk: Desk) -> Reply:
    try:
        number = post(
            connection, desk.now(), posted_by=one.posted_by, contract=contract, terms=terms, before=one, why=why
        )
    except TooMany as error:
        return Reply(outcome=Outcome.REFUSED, text=str(error))
    made = _found(connection, number)
    ask_officers(connection, made, desk)
    until = f"Until an officer has read it, everybody reads {one.on_timeline} as it was." if one.on_timeline else ""
    return Reply(outcome=Outcome.POSTING, text=f"{made.reference} waits for an officer. {until}".strip())


def take_back(message: Message, desk: Desk) -> Reply:
    """Its poster takes it back, with a reason: no officer is asked."""
    given = dict(message.fields)
    reason, wrong = forms.reason_in(given)
    try:
        with desk.store.writing() as connection:
            one = mine(connection, message)
            if one is None or one.state not in (State.WAITING, State.PUBLISHED):
                return _not_yours(one)
            if wrong:
                told = wrong if given else ""
                return forms.explaining("withdraw_posting", one.reference, f"Withdraw {one.reference}", given, told)
            return _taken_back(connection, one, reason, desk)
    except (CannotChange, NoSuchIntention) as error:  # and nothing that waits is taken back either
        return Reply(outcome=Outcome.REFUSED, text=f"{str(error)[:1].upper()}{str(error)[1:]}.")


def _taken_back(connection: Connection, one: Posting, reason: str, desk: Desk) -> Reply:
    withdraw_waiting(connection, one, reason, desk.now())
    if one.state is State.WAITING:
        stays = f"{one.on_timeline} stays as it was." if one.on_timeline else "Nobody reads it."
        return Reply(outcome=Outcome.POSTING, text=f"{one.reference} is taken back. {stays}")
    withdraw(connection, one.on_timeline, reason, desk.now(), desk.buyers)  # nobody's: they are forgotten
    told = f"{one.on_timeline} is withdrawn. It stays on the page, marked so, and those who were told of it hear."
    return Reply(outcome=Outcome.POSTING, text=told)


def mine(connection: Connection, message: Message) -> Posting | None:
    """The posting a message is about, where its sender wrote it."""
    number = number_of(message.about)
    one = by_number(connection, number) if number is not None else None
    if one is None:
        return None
    known = {normal(one) for one in (*goes_by(sender(connection, message), message), message.proved) if one}
    return one if normal(one.posted_by) in known else None


def _terms_now(connection: Connection, one: Posting, desk: Desk) -> Terms | None:
    """What it says: of one on the timeline what stands there; None where that is withdrawn."""
    found = whole(connection, one.on_timeline, desk.now()) if one.on_timeline and one.state is State.PUBLISHED else None
    if found is None:
        return one.terms
    terms = found.intention.terms
    if terms.state is Standing.WITHDRAWN:
        return None
    return terms.model_copy(update={"description": terms.description.partition(f"\n\n{UNDER}")[0]})


def _not_yours(one: Posting | None) -> Reply:
    text = _SETTLED.format(standing=standing(one)) if one else _NOT_YOURS
    return Reply(outcome=Outcome.REFUSED, text=text)


def _found(connection: Connection, number: int) -> Posting:
    found = by_number(connection, number)
    assert found is not None  # noqa: S101 - just written
    return found
