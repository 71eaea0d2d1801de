"""What is told to the Member who raised a concern, and to those who follow it."""

from __future__ import annotations

from handlers.concerns import saying
from handlers.concerns.case import Case
from handlers.messages import Choice
from handlers.telling.parts import Said, about, event_told, members_buttons, opens
from knowledge.concerns.nouns import Move
from knowledge.models import Person
from knowledge.outbox.owed import Owed


def news(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """What has happened, for the Member: each event once."""
    event, concern = event_told(case, owed), case.concern
    said = _NEWS.get(event.move)
    if said is None:
        return None
    ref = concern.reference
    text = said.format(
        ref=ref, by=saying.name(event.by, case.people), holder=saying.person(concern.holder, case.people)
    )
    ending = event.about.get("outcome")
    text += f" It was closed as {saying.ENDINGS[ending]}." if ending and event.move is Move.CLOSE else ""
    if event.move is Move.PROVIDER_ANSWERS and event.about.get("promised"):
        text += (
            saying.happened(event, case, "")
            .partition("The provider answered")[2]
            .replace(" and promises", " They promise")
            + "."
        )
    if concern.open and event.move is not Move.ASK_MEMBER:
        text += f" Your answer is due by {saying.day(concern.answer_by)}."
    return f"{ref}: {saying.state_then(event)}", f"{text} {about(case)}", members_buttons(case, person)


_NEWS: dict[Move, str] = {
    Move.ACKNOWLEDGE: "{by} has {ref} in hand.",
    Move.ASK_PROVIDER: "{by} has asked the provider about {ref}.",
    Move.PROVIDER_ANSWERS: "The provider has answered about {ref}.",
    Move.REPLY: "{by} has answered {ref}. Open it to read the answer; if it is not put right, say so within 28 days.",
    Move.ASK_MEMBER: "{by} needs to know something from you about {ref}. Until you answer, the clock stands.",
    Move.PASS_ON: "{ref} was passed on to {holder}.",
    Move.WRONG_CONTRACT: "{ref} was passed on to {holder}.",
    Move.UNDELIVERED: "{ref} is with {holder} now, because a message to whoever had it came back.",
    Move.CLOSE: "{by} has closed {ref}. Open it to read why; if it is not put right, say so within 28 days.",
    Move.TAKE_BACK: "{ref} was taken back.",
    Move.WITHDRAW: "{ref} was withdrawn.",
    Move.NOT_FIXED: "{ref} is open again.",
    Move.PUT_RIGHT: "{ref} is closed as put right.",
}


def followed(case: Case, owed: Owed, person: Person | None) -> Said | None:
    """State and dates, for those who follow: no names, no text."""
    event = event_told(case, owed)
    said = saying.happened_without_names(event)
    if not said:
        return None
    due = f" An answer is due by {saying.day(case.concern.answer_by)}." if case.concern.open else ""
    what = f"{case.concern.reference} about {saying.in_passing(saying.service(case.concern))}"
    text = f"{what}: {said.lower()}, {saying.day(event.at)}.{due}"
    return f"{case.concern.reference}: {said.lower()}", text, (opens(case),)


def raised_for_you(case: Case, owed: Owed, person: Person | None) -> Said | None:
    concern = case.concern
    by = saying.person(concern.entered_by, case.people)
    holder = saying.person(concern.holder, case.people)
    text = f"{by} has raised {concern.reference} for you. It is with {holder}. {about(case)}"
    return f"{concern.reference} was raised for you", text, members_buttons(case, person)


def was_it_fixed(case: Case, owed: Owed, person: Person | None) -> Said | None:
    concern = case.concern
    if concern.open:
        return None
    text = f"Four weeks ago {concern.reference} was {saying.state(concern)}. Was it put right? {about(case)}"
    buttons = (
        Choice(label="It was put right", action="put_right", about=concern.reference, style="primary"),
        Choice(label="Not fixed", action="not_fixed", about=concern.reference, opens_form=True),
        opens(case),
    )
    return f"{concern.reference}: was it put right?", text, buttons


def waited_for(case: Case, owed: Owed, person: Person | None) -> Said | None:
    if not case.concern.waiting_since:
        return None
    text = f"{case.concern.reference} still waits for your answer, and its clock stands. {about(case)}"
    return f"{case.concern.reference} waits for you", text, members_buttons(case, person)
