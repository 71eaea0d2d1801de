"""What is asked and done about concerns: by button, by form, and in a few typed words."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy.engine import Connection

from handlers import contract
from handlers.concerns import forms, moving, proposing, raising, showing
from handlers.concerns.case import known_as, open_case, sender, somebody
from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from knowledge.concerns.drafts import draft_of, forget_draft
from knowledge.concerns.nouns import Move, number_of, reference_of
from knowledge.concerns.record import follow as follow_in_record
from knowledge.models import Person, Role
from knowledge.people import list_people
from knowledge.register.finding.routing import Matter
from knowledge.register.holding import contract as held_contract

_MINE = re.compile(
    r"^\W*(?:(?:show|list|see|what are|where are)\W+)?(?:me\W+)?(?:all\W+)?(?:of\W+)?(?:my|our|all|the)?\W*(?:open\W+)?"
    r"concerns?\W*$",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"^\W*(?:(?:i (?:want|need|would like) to|how do i|please|let me)\W+)?"
    r"(?:raise|report|new)\W+(?:a |an )?(?:new )?concern\W*$",
    re.IGNORECASE,
)
_WORDS: tuple[tuple[re.Pattern[str], Move], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), move)
    for pattern, move in (
        (
            r"\bnot (?:been )?(?:fixed|put right|sorted|mended|done)\b|"
            r"\bstill (?:broken|not|waiting|there)\b|\breopen\b",
            Move.NOT_FIXED,
        ),
        (r"\b(?:fixed|put right|sorted|mended)\b", Move.PUT_RIGHT),
        (r"\btake (?:it |that )?back\b", Move.TAKE_BACK),
        (r"\bwithdraw\b|\bcancel\b", Move.WITHDRAW),
        (r"\b(?:wrong|not this|not the right) contract\b", Move.WRONG_CONTRACT),
        (r"\backnowledged?\b", Move.ACKNOWLEDGE),
    )
)
_ONLY_A_COMMAND = 4
"""So few words say what to do, and nothing more."""
_MOST_WORDS = 14
"""A longer message that names a concern tells of something new, or asks the papers."""


def read(message: Message, desk: Desk) -> Reply | None:
    """What a typed message asks about concerns; None where it is about something else."""
    if message.public or not message.roles - {Role.PROVIDER}:
        return None
    if _NEW.match(message.text):
        return act(message.model_copy(update={"action": "new_concern", "about": "", "fields": {}}), desk)
    if _MINE.match(message.text):
        return showing.my_concerns(message, desk)
    number = number_of(message.text)
    if number is None or len(message.text.split()) > _MOST_WORDS:
        return None
    asked = message.model_copy(update={"about": reference_of(number)})
    wanted = next((move for pattern, move in _WORDS if pattern.search(message.text)), None)
    if wanted is None:
        return showing.show(asked, desk)
    told = message.text if len(message.text.split()) > _ONLY_A_COMMAND else ""
    fields = {"text": told} if wanted is Move.NOT_FIXED else {}
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
    risk or the contract was named."""
    given = {name: value.strip() for name, value in message.fields.items()}
    with desk.store.reading() as connection:
        person, people = sender(connection, message), list_people(connection)
        is_member = proposing.is_member(person)
        errors = _wrong(given, people, is_member, connection, desk) if message.fields else {}
    if not person.roles - {Role.PROVIDER}:
        return Reply(outcome=Outcome.REFUSED, text="Only people on the council's list raise concerns.")
    if not message.fields or errors:
        return forms.new_concern(given, people, is_member, errors)
    text = "\n".join(part for part in (given["text"], given.get("place", "")) if part)
    written = message.model_copy(update={"text": text, "action": "", "fields": {}})
    at_risk = given.get("at_risk") == "yes"
    if not (at_risk or given.get("contract")):
        return contract.propose(written, desk, given.get("member", ""))
    routed = contract.look(text, message.division, desk, desk.day)
    at_risk = at_risk or routed.matter is Matter.SAFEGUARDING
    about = proposing.about_of(routed, routed.contracts[:1], given.get("member", ""))
    with desk.store.writing() as connection:
        draft, wrong = proposing.keep(connection, written, person, about, desk)
    if at_risk:
        reply = raising.raise_at_risk(written, desk, draft, given.get("contract", ""), routed.danger, once=True)
    else:
        pressed = written.model_copy(update={"about": f"{draft}|{given['contract']}"})
        reply = raising.raise_draft(pressed, desk)
    return reply.model_copy(update={"notes": (*reply.notes, *wrong)})


def _wrong(
    given: dict[str, str], people: list[Person], is_member: bool, connection: Connection, desk: Desk
) -> dict[str, str]:
    errors = {}
    if len(given.get("text", "").split()) < 2:
        errors["text"] = "Say in a sentence what has happened."
    elif len(given["text"]) > desk.longest_question:
        errors["text"] = f"That is {len(given['text']):,} characters; the desk keeps up to {desk.longest_question:,}."
    if given.get("contract") and held_contract(connection, given["contract"]) is None:
        errors["contract"] = (
            f"The register has no contract {given['contract']}. Leave it empty and the desk looks for it."
        )
    if not is_member:
        member = somebody(given.get("member", ""), people)
        if member is None or Role.MEMBER not in member.roles:
            errors["member"] = "This is not a Member on the council's list."
    return errors


def follow(message: Message, desk: Desk) -> Reply:
    """Follows an open concern in place of raising the same again."""
    reference, _, draft = message.about.partition("|")
    number = number_of(reference)
    with desk.store.writing() as connection:
        person = sender(connection, message)
        mine = draft_of(connection, draft, message.addresses)
        case = open_case(connection, desk, number) if number is not None else None
        if case is None or Role.MEMBER not in person.roles or (mine is None and not case.relations(person)):
            return Reply(outcome=Outcome.REFUSED, text="That is not yours to follow.")
        follow_in_record(connection, case.concern.id, known_as(person), message.origin, desk.now())
        if mine:
            forget_draft(connection, mine)
        shown = showing.card(case, person)
    return shown.model_copy(update={"text": f"You follow {reference} now, and hear whenever it moves. {shown.text}"})


def at_risk(message: Message, desk: Desk) -> Reply:
    """Somebody is at risk now: of a concern that is raised, or of one that is only written."""
    if number_of(message.about) is not None:
        return moving.move(message, desk)
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
