"""What is asked and done about concerns: by button, by form, and in a few typed words."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers import contract
from handlers.concerns import forms, moving, proposing, raising, showing, words
from handlers.concerns.case import goes_by, known_as, open_case, sender, somebody
from handlers.concerns.twins import twin_of
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from knowledge.audit import Deed, account
from knowledge.concerns.drafts import draft_of, forget_draft
from knowledge.concerns.nouns import Move, Relation, number_of, reference_of
from knowledge.concerns.record import follow as follow_in_record
from knowledge.models import Person, Role
from knowledge.people import list_people
from knowledge.register.holding import contract as held_contract


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks about concerns; None where it is about something else. One that tells of danger is
    about nothing else, whatever it names."""
    if message.public or not message.roles - {Role.PROVIDER}:
        return None
    wanted = words.wanted(message.text)
    if wanted is words.Wanted.NEW:
        return act(message.model_copy(update={"text": "", "action": "new_concern", "about": "", "fields": {}}), desk)
    if wanted is words.Wanted.MINE:
        return showing.my_concerns(message, desk)
    number = number_of(message.text)
    if number is None or wanted is None or desk.at_risk(message.text):
        return None
    asked = message.model_copy(update={"about": reference_of(number)})
    if wanted is words.Wanted.SHOW or not isinstance(wanted, Move):
        return showing.show(asked, desk)
    fields = {"text": words.told(message.text)} if wanted is Move.NOT_FIXED else {}
    return moving.move(asked.model_copy(update={"action": wanted.value, "fields": fields}), desk)


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does."""
    if message.public:
        return Reply(
            outcome=Outcome.REFUSED, text="Not here, where everybody reads along: write to me in a direct message."
        )
    if message.action in _ACTIONS:
        return _ACTIONS[message.action](message, desk)
    if message.action in {move.value for move in moving.MOVERS}:
        return moving.move(message, desk)
    return Reply(outcome=Outcome.REFUSED, text="That button does nothing any more.")


def new_concern(message: Message, desk: Desk) -> Reply:
    """The form, and what was filled in: a draft with what the desk found, or a concern at once where somebody is at
    risk or the contract was named. `text`, with nothing filled in: what the form begins with."""
    if reply := unfinished(message, desk) or raising.raised_by(message, desk):
        return reply
    given = _given(message)
    with desk.store.reading() as connection:
        person = sender(connection, message)
    text = "\n".join(part for part in (given["text"], given.get("place", "")) if part)
    written = message.model_copy(update={"text": text, "action": "", "fields": {}})
    routed = contract.look(text, message.division, desk, desk.day)
    at_risk = given.get("at_risk") == "yes" or bool(routed.danger)
    if not (at_risk or given.get("contract")):
        return contract.propose(routed, written, desk, given.get("member", ""))
    about = proposing.about_of(routed, routed.contracts[:1], given.get("member", ""))
    files, wrong = proposing.clean(message.files)
    with desk.store.writing() as connection:
        draft = proposing.keep(connection, written, person, about, desk, files)
    if at_risk:
        likely = given.get("contract") or next(iter(about["contracts"]), "")
        reply = raising.raise_at_risk(written, desk, draft, likely, routed.danger, source=message.id)
    else:
        pressed = written.model_copy(update={"about": f"{draft}|{given['contract']}"})
        reply = raising.raise_draft(pressed, desk, source=message.id)
    return reply.model_copy(update={"notes": (*reply.notes, *wrong)})


def unfinished(message: Message, desk: Desk) -> Reply | None:
    """The form of a new concern where it is still to be filled in or something in it is wrong; None where it can be
    raised. Does nothing, so that a surface can ask before it fetches what was sent along."""
    given = _given(message)
    with desk.store.reading() as connection:
        person, people = sender(connection, message), list_people(connection)
        is_member = proposing.is_member(person)
        errors = _wrong(given, people, is_member, connection, desk) if given else {}
    if not person.listed:
        return Reply(outcome=Outcome.REFUSED, text=raising.NOT_LISTED)
    if given and not errors:
        return None
    return forms.new_concern(given or {"text": message.text}, people, is_member, errors)


def _given(message: Message) -> dict[str, str]:
    return {name: value.strip() for name, value in message.fields.items()}


def _wrong(
    given: dict[str, str], people: list[Person], is_member: bool, connection: Connection, desk: Desk
) -> dict[str, str]:
    errors = {}
    if len(given.get("text", "").split()) < 2:
        errors["text"] = "Say in a sentence what has happened."
    elif len(given["text"]) > desk.longest_question:
        errors["text"] = forms.too_long(given["text"], desk.longest_question)
    if given.get("contract") and held_contract(connection, given["contract"]) is None:
        errors["contract"] = (
            f"The register has no contract {given['contract']}. Leave it empty and the desk looks for it."
        )
    if not is_member:
        member = somebody(given.get("member", ""), people)
        if member is None or Role.MEMBER not in member.roles:
            errors["member"] = raising.NO_MEMBER
    return errors


def follow(message: Message, desk: Desk) -> Reply:
    """Follows an open concern in place of raising the same again: only one that was offered for what is written in a
    draft of one's own. An officer has the Member follow for whom they write."""
    reference, _, id = message.about.partition("|")
    number = number_of(reference)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        case = open_case(connection, desk, number) if number is not None else None
        draft = draft_of(connection, id, goes_by(person, message)) if person.listed else None
        known = case.relations(person) if case else frozenset()
        if case and (Relation.RAISER in known or (draft is None and Relation.FOLLOWER in known)):
            return showing.card(case, person)  # their own, or pressed once more
        member = raising.member_of(connection, person, draft) if draft else None
        twin = twin_of(connection, draft, case.concern.contract) if case and draft else None
        if case is None or draft is None or member is None or twin is None or twin.id != number:
            return Reply(outcome=Outcome.REFUSED, text="That is not yours to follow.")
        own = member == person
        if follow_in_record(connection, number, known_as(member), message.origin if own else {}, desk.now()):
            account(connection, Deed.MOVED, "concern", number, desk.now(), by=known_as(person), counts={"followers": 1})
        forget_draft(connection, draft)
        if not own:
            text = f"{member.name or known_as(member)} follows {reference} now, and hears whenever it moves."
            return Reply(outcome=Outcome.CONCERN, text=text, concern=reference)
        shown = showing.card(case, person)
    return shown.model_copy(update={"text": f"You follow {reference} now, and hear whenever it moves. {shown.text}"})


def at_risk(message: Message, desk: Desk) -> Reply:
    """Somebody is at risk now: of a concern that is raised, or of one that is only written."""
    if number_of(message.about) is not None:
        return moving.move(message, desk)
    if reference := raising.raised_from(message.about, message, desk):
        return moving.move(message.model_copy(update={"about": reference}), desk)
    return raising.raise_at_risk(message, desk, message.about)


_ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "new_concern": new_concern,
    "raise": raising.raise_draft,
    "raise_new": lambda message, desk: raising.raise_draft(message, desk, confirmed=True),
    "at_risk": at_risk,
    "follow": follow,
    "open": showing.show,
    "my_concerns": showing.my_concerns,
}
