"""What a typed message asks about alerts, and what their buttons and forms do."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import timeline
from handlers.desk import Desk
from handlers.messages import Choice, Message, Outcome, Reply
from handlers.subscriptions import filling, minding, proposing, starting
from handlers.subscriptions.whose import mine
from handlers.timeline_absent import NOTHING
from knowledge.subscriptions.nouns import State, Subscription, reference_of
from knowledge.subscriptions.understanding.cues import asks_for_alerts, may_ask, my_alerts
from knowledge.subscriptions.understanding.nouns import Cue, Do, Mine
from knowledge.subscriptions.understanding.phrases import said

NEW = re.compile(
    r"^\W*(?:i (?:want|need|would like)(?: to)? |please |let me |can i )*(?:(?:set up|make|create|add|start) )?"
    r"(?:a |an )?new alert\W*$|^\W*(?:set up|make|create|add) (?:me )?an alert\W*$",
    re.IGNORECASE,
)
"""Where somebody wants an alert and does not say of what."""
TELLS = re.compile(
    r"^\W*(?:(?:please|hello|hi|can you|could you|would you)\W+)*(?:tell|inform|update) (?:me|us) (?:about|of|on)\b",
    re.IGNORECASE,
)
"""What may ask what there is, and for alerts as well: it gets both. Any other question is answered, with an offer."""
_SUCH = "Tell me of such work"
CHANGE = re.compile(r"^\W*(?:change|edit) (?:my )?(?:alert )?(?P<reference>s-?\d{1,9})\W*$", re.IGNORECASE)
_NOT_HERE = "Not here, where everybody reads along: write to me in a direct message, or type /desk alerts."


def plainly(message: Message, desk: Desk) -> Reply | None:
    """The reply to what can only be about alerts; None for anything else, and where it tells of danger."""
    wanted = my_alerts(message.text)
    new, change = NEW.match(message.text), CHANGE.match(message.text)
    if not (wanted or new or change) and asks_for_alerts(message.text) is not Cue.STRONG:
        return None
    if desk.at_risk(message.text):
        return None
    if message.public:
        return Reply(outcome=Outcome.REFUSED, text=_NOT_HERE)
    if wanted:
        return _about_mine(message, wanted, desk)
    if new or change:
        action, about = ("new_alert", "") if new else ("change_alert", change["reference"] if change else "")
        return act(message.model_copy(update={"text": "", "action": action, "about": about, "fields": {}}), desk)
    return proposing.propose(message, desk)


def perhaps(message: Message, desk: Desk) -> Reply | None:
    """The reply to what asks for alerts in words that may be a question as well, where it says of what."""
    if message.public or not TELLS.match(message.text) or asks_for_alerts(message.text) is not Cue.WEAK:
        return None
    return None if desk.at_risk(message.text) else proposing.perhaps(message, desk)


def answer_anyway(message: Message, desk: Desk) -> Reply:
    """The reply to what is taken to be about alerts, in whatever words: where it says of what, and asks for no change
    to those one has, something to start; else the alerts one has, with what can be done about them."""
    if message.public:
        return Reply(outcome=Outcome.REFUSED, text=_NOT_HERE)
    if not said("cue")["minding"].search(message.text) and (reply := proposing.perhaps(message, desk)):
        return reply
    return minding.my_alerts(message, desk)


def rather(message: Message, reply: Reply, desk: Desk) -> Reply:
    """The reply to what no paper says: where it may ask to be told, and speaks of a kind of work, an alert; the reply
    itself for anything else. Nobody who asked to be told is sent away with "the documents do not say"."""
    if reply.outcome is not Outcome.NOT_IN_DOCUMENTS or message.public or not may_ask(message.text):
        return reply
    return reply if desk.at_risk(message.text) else proposing.rather(message, reply, desk)


def offered(reply: Reply, message: Message) -> Reply:
    """A reply about coming work, with the offer to tell of such work from now on, for whom the surface knows. Where
    there is none yet, all the more."""
    known, several = message.address or message.proved, reply.table and not reply.table.card
    several = several or reply.text.startswith(NOTHING)
    if reply.outcome is not Outcome.TIMELINE or not known or not several or reply.choices:
        return reply
    return reply.model_copy(update={"choices": (Choice(label=_SUCH, action="propose_alert", about=message.text),)})


def _propose(message: Message, desk: Desk) -> Reply:
    return proposing.propose(message.model_copy(update={"text": message.about}), desk)


def act(message: Message, desk: Desk) -> Reply:
    """What a button or a form does."""
    if message.public:
        return Reply(outcome=Outcome.REFUSED, text=_NOT_HERE)
    return ACTIONS[message.action](message, desk)


# --- about those one has --------------------------------------------------------------------------------------------


def _about_mine(message: Message, wanted: Mine, desk: Desk) -> Reply:
    """One alert is meant, or the only one there is: it is done at once. Of several it is asked which."""
    if wanted.do is Do.LIST:
        return minding.my_alerts(message, desk, wanted.numbers)
    with desk.store.reading() as connection:
        found = [one for one in mine(connection, message) if _fits(one, wanted)]
    numbers = wanted.numbers or tuple(one.id for one in found)
    if len(numbers) == 1:
        return _MOVES[wanted.do](message.model_copy(update={"about": reference_of(numbers[0])}), desk)
    if not numbers:
        return minding.my_alerts(message, desk)
    if wanted.do is Do.STOP and wanted.numbers:
        return minding.unsubscribe(message.model_copy(update={"about": ",".join(map(str, numbers))}), desk)
    return _which(message, wanted, desk)


def _which(message: Message, wanted: Mine, desk: Desk) -> Reply:
    reply = minding.my_alerts(message, desk, wanted.numbers)
    return reply.model_copy(update={"text": f"Which of them? {reply.text}"})


def _fits(one: Subscription, wanted: Mine) -> bool:
    paused = one.state is State.PAUSED
    return {Do.PAUSE: not paused, Do.RESUME: paused}.get(wanted.do, True)


_MOVES: dict[Do, Callable[[Message, Desk], Reply]] = {
    Do.PAUSE: minding.pause,
    Do.RESUME: minding.resume,
    Do.STOP: minding.delete,
}
ACTIONS: dict[str, Callable[[Message, Desk], Reply]] = {
    "propose_alert": _propose,
    "new_alert": filling.new,
    "change_alert": filling.change,
    "start_alert": starting.start,
    "no_alert": starting.no,
    "again_alert": starting.start_again,
    "confirm_alert": starting.confirm,
    "follow_intention": starting.follow,
    "pause_alert": minding.pause,
    "resume_alert": minding.resume,
    "delete_alert": minding.delete,
    "unsubscribe": minding.unsubscribe,
    "stop_alert": minding.unsubscribe,
    "open_intention": timeline.card_of,
    "my_alerts": minding.my_alerts,
    "manage_alerts": minding.my_alerts,
}
