"""ENQUIRY: a question is passed on to a person, with what the desk found, and a day by which it is answered."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply
from handlers.questions.rating import number_in
from handlers.questions.showing import own_line
from handlers.questions.who import Told, asker_of, officers, tell
from knowledge.dates import in_words
from knowledge.models import Role
from knowledge.parties import normal
from knowledge.questions.asked import by_number
from knowledge.questions.enquiries import Enquiry, State, deadline, of_somebody
from knowledge.questions.moves import TooMany, make

_NOBODY = "Nobody of the council is on the desk's list of people yet, so there is nobody to pass it on to."
_NOT_YOURS = "Only whoever asked it can pass it on. Ask it yourself, and press there."
_MOST_NAMED = 3
_GONE = "That question is not kept any more. Ask it again, and press there."


def ask_person(message: Message, desk: Desk) -> Reply:
    """Passes on a question that its sender asked. Pressed once more, it says how it stands."""
    asker = asker_of(message)
    if not asker:
        return Reply(outcome=Outcome.REFUSED, text=_how(desk))
    try:
        with desk.store.writing() as connection:
            asked = by_number(connection, number_in(message.about))
            if asked is None or not asked.text:
                return Reply(outcome=Outcome.REFUSED, text=_GONE)
            if normal(asked.asker) not in {normal(one) for one in (*message.addresses, message.proved)}:
                return Reply(outcome=Outcome.REFUSED, text=_NOT_YOURS)
            who = officers(connection, desk)
            if not who:
                return Reply(outcome=Outcome.REFUSED, text=_NOBODY)
            one, new = make(
                connection, desk.now(), question_id=asked.id, asker=asker, origin=message.origin,
                due_on=deadline(desk.now(), desk.enquiry_days, desk.calendar),
            )  # fmt: skip
            if new:
                tell(connection, desk, who, "enquiry", f"enquiry:{one.id}", {"enquiry": one.id})
    except TooMany as error:
        return Reply(outcome=Outcome.REFUSED, text=str(error))
    return Reply(outcome=Outcome.ENQUIRY, text=_passed_on(one, who, message) if new else _stands(one))


def mine(message: Message, desk: Desk) -> Reply:
    """What somebody has asked people, and how it stands."""
    with desk.store.reading() as connection:
        found = of_somebody(connection, tuple(one for one in (*message.addresses, message.proved) if one))
    if not found:
        return Reply(
            outcome=Outcome.ENQUIRY, text="You have no question with a person. Under every answer is a button."
        )
    return Reply(outcome=Outcome.ENQUIRY, text="\n".join(own_line(one) for one in found[-20:]))


def _passed_on(one: Enquiry, who: list[Told], message: Message) -> str:
    """Who answers, and by when. Strangers read no names."""
    names, answers = [told.name for told in who], "one of the officers"
    if not message.roles - {Role.PROVIDER}:
        answers = "an officer of the council"
    elif len(names) == 1 and names[0] != "the officers":
        answers = names[0]
    elif 1 < len(names) <= _MOST_NAMED:
        answers = f"one of {'; '.join(names[:-1])} and {names[-1]}"
    return (
        f"Passed on as {one.reference}: {answers} answers you by {in_words(one.due_on.isoformat())}. "
        f"{'You hear here.' if message.origin else 'You are told when they have.'}"
    )


def _stands(one: Enquiry) -> str:
    by = in_words(one.due_on.isoformat())
    if one.open:
        return f"It is with a person already, as {one.reference}: you hear by {by}."
    what = "answered" if one.state is State.ANSWERED else "not answered"
    return f"{one.reference} was {what}; the reply went to you. Ask it again in other words if it does not help."


def _how(desk: Desk) -> str:
    write = f", or write to {desk.contact}" if desk.contact else ""
    return f"A person can answer you once the desk knows where to reach you: sign in and ask again{write}."
