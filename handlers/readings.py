"""What each journey makes of a message beyond its words: the reasons that speak for it, and those against."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from handlers import contract, question, register, register_gaps, rows, timeline
from handlers.desk import Desk
from handlers.messages import Message, Outcome
from handlers.sought import sought
from handlers.subscriptions import typed as alerts
from handlers.threads import asked_before
from handlers.timeline_near import nears
from handlers.understanding import in_a_paper, names_papers, points_back
from knowledge.journeys import Journey
from knowledge.models import Role
from knowledge.register.asking.taking import names_company, speaks
from knowledge.register.finding.clues import read_clues
from knowledge.register.finding.enquiring import asks, leaning
from knowledge.subscriptions.understanding.cues import asks_for_alerts, may_ask, my_alerts
from knowledge.subscriptions.understanding.nouns import Cue

OWN = 7.0
"""What it weighs that a journey understands the whole of a message: about as much as words can."""
LEAST, MOST = -3.0, 1.0
"""What a search of the papers can say against them, and for them."""
_STEEP, _SURE = 2.0, 2.0
"""What each point of evidence weighs, and how much evidence speaks neither for the papers nor against them: passages
that only come near have some as well."""
_CERTAIN, NEVER = 50.0, -50.0
_PLAINLY = 25.0
"""What it weighs that a message can be about nothing but alerts."""
_TELLS = 12.0
"""The same of what may ask for alerts of a kind of work, though the timeline could answer it too."""
_PARTLY = -0.5
_SPEAKS, _OF_CONTRACTS, _OF_PAPERS, _IN_PAPERS = 2.0, 4.0, 8.0, 4.0
"""What it weighs that a message speaks of coming work, or of contracts there are, and not all of it is understood; and
that it asks what a paper says, or speaks of something in one."""
_SHORT, _SCRAP = 6, -3.0
"""Words up to which a message is a scrap where no reading makes anything of it, and what that weighs against whoever is
told much by words alone: the papers are searched for it."""
_POINTLESS, _NOTHING = -20.0, -8.0
_APART = -3.0
_INTENTION, _COMPANY = 4.0, 6.0
"""What a name weighs: of an intention, of a company that the register does not have."""
_NAMED = 0.75
"""How surely a name must be said to count."""
_LEANS = 4.0
"""How far a message may lean towards a concern, or away from one, that more of it says no more."""

_MINE = re.compile(r"\bmy (?:own )?(?:division|ward|patch)\b", re.IGNORECASE)


class Reason(NamedTuple):
    """Why a message may be for a journey, in words, and what that weighs; below 0 it speaks against."""

    says: str
    weighs: float


def of_search(message: Message, desk: Desk) -> Reason:
    """What a search of the papers says of a message: it takes longer than all the other readings."""
    weighs = max(LEAST, min(MOST, _STEEP * (question.evidence(message, desk) - _SURE)))
    return Reason("the papers have an answer" if weighs > 0 else "the papers have no plain answer", weighs)


def _documents(message: Message, desk: Desk) -> list[Reason]:
    it = sought(message, desk)
    asked, index = it.asked, it.index
    found = []
    if asked.subject:
        found.append(_goes_on("the papers"))
    if asked.references:
        known = any(place in index.references(message.readable) for place in asked.references)
        found.append(Reason("it names a place in the papers" if known else "it names a place as papers have them", 2.5))
    if in_a_paper(message.text):
        found.append(Reason("it speaks of what stands in a paper", _IN_PAPERS))
    if names_papers(message.text):
        found.append(Reason("it asks what a paper says", _OF_PAPERS))
    if rows.plainly(message, desk):
        found.append(Reason("it asks for rows of a paper's table", OWN))
    return found


def _goes_on(what: str) -> Reason:
    return Reason(f"it goes on from what was asked of {what}", 5.0)


def _register(message: Message, desk: Desk) -> list[Reason]:
    reader = desk.register()
    if not reader.size:
        return [Reason("there is no contract register", NEVER)]
    clues = read_clues(message.text, "", reader)
    named = clues.references or any(name.sure >= _NAMED for name in clues.names)
    known = register_gaps.answer(message, desk) or register.answer(message, desk)
    found = [Reason("it names a contract or a provider", 4.5 if known else 0.8)] if named else []
    if known and asked_before(message, desk, Outcome.REGISTER):
        found.append(_goes_on("the register"))
    if known:
        return [*found, Reason("all of it can be asked of the register", OWN)]
    if not found and names_company(message.text):
        return [Reason("it names a company", _COMPANY)]
    if speaks(message.text):
        return [*found, Reason("it speaks of contracts there are", _OF_CONTRACTS)]
    before = any(asked_before(message, desk, one) for one in (Outcome.REGISTER, Outcome.TIMELINE))
    if not found and points_back(message.text) and not before and len(message.text.split()) <= _SHORT:
        return [Reason("it points back to nothing", _POINTLESS)]
    return found or _scrap(message)


def _timeline(message: Message, desk: Desk) -> list[Reason]:
    if timeline.answer(message, desk):
        found = [_goes_on("the timeline")] if asked_before(message, desk, Outcome.TIMELINE) else []
        found += [Reason("it names an intention", _INTENTION)] if nears(message, desk).known else []
        return [*found, Reason("it can be asked of the timeline", OWN)]
    if not desk.holds(desk.store):
        return [Reason("the timeline holds nothing", NEVER)]
    if _MINE.search(message.text) and not message.division:
        return [Reason("it does not say which division", _POINTLESS)]
    near = nears(message, desk)
    before = any(asked_before(message, desk, one) for one in (Outcome.REGISTER, Outcome.TIMELINE))
    if points_back(message.text) and not (before or near.named):
        return [Reason("it points back to nothing", _POINTLESS)]
    found = [Reason("not all of it can be asked of the timeline", _PARTLY)]
    found += [Reason("it speaks of coming work", _SPEAKS)] if near.plain else _scrap(message)
    return (
        [*found, Reason("it asks of contracts there are, or how things are done", _APART)] if near.elsewhere else found
    )


def _concern(message: Message, desk: Desk) -> list[Reason]:
    reader = desk.register()
    if not message.roles - {Role.PROVIDER} or not reader.size:
        return [Reason("whoever writes cannot raise a concern here", NEVER)]
    if danger := desk.at_risk(message.text):
        return [Reason(f"somebody may be at risk: {danger}", _CERTAIN)]
    clues = read_clues(message.text, message.division, reader)
    lean = max(-_LEANS, min(_LEANS, leaning(message.text, clues) - contract.bar(message.roles)))
    about = "it tells of somebody's trouble" if lean > 0 else "it tells of nobody's trouble"
    found = [Reason(about, 0.5 * lean)]
    return [*found, Reason("it asks for information", -1.0)] if asks(message.text, clues) else found


def _subscription(message: Message, desk: Desk) -> list[Reason]:
    text = message.text
    if desk.at_risk(text):
        return [Reason("it tells of danger", NEVER)]
    if my_alerts(text) or alerts.NEW.match(text) or alerts.CHANGE.match(text):
        return [Reason("it is about the alerts one has", _PLAINLY)]
    cue = asks_for_alerts(text)
    if cue is Cue.STRONG:
        return [Reason("it asks for alerts", _PLAINLY)]
    if cue is Cue.WEAK:
        return [Reason("it may ask for alerts", _TELLS if alerts.TELLS.match(text) else 3.0)]
    if may_ask(text):
        return [Reason("it may ask to be told", 0.8)]
    return _scrap(message) if desk.holds(desk.store) else [Reason("there is nothing to be told of", _NOTHING)]


def _scrap(message: Message) -> list[Reason]:
    return [Reason("it is a few words that say nothing of this", _SCRAP)] if len(message.text.split()) <= _SHORT else []


JOURNEYS: dict[Journey, Callable[[Message, Desk], list[Reason]]] = {
    Journey.DOCUMENTS: _documents,
    Journey.REGISTER: _register,
    Journey.TIMELINE: _timeline,
    Journey.CONCERN: _concern,
    Journey.SUBSCRIPTION: _subscription,
}
"""The journeys, and what each makes of a message beyond its words."""
