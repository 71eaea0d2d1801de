"""Parts of letters that several kinds have."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from handlers.concerns import saying
from handlers.concerns.case import Case
from handlers.concerns.showing import choices as choices_for
from handlers.messages import Choice
from knowledge.concerns.moves import sight
from knowledge.concerns.nouns import UNACKNOWLEDGED, Event, Sight
from knowledge.concerns.record import event as event_of
from knowledge.models import Person
from knowledge.outbox.owed import Owed

Said = tuple[str, str, tuple[Choice, ...]]
"""A subject line, what is said, and what may be pressed."""
WAITING = Choice(label="See what waits", action="waiting_enquiries")
"""What is offered of questions where no button can act: it leads to the page."""


class Word(NamedTuple):
    """A letter's words, the thread it belongs to and the message it is put in the place of, each empty for none."""

    said: Said
    origin: Mapping[str, str] = MappingProxyType({})
    replaces: Mapping[str, str] = MappingProxyType({})


def offered(owed: Owed, found: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Buttons about questions act in Slack; elsewhere they would be links that act, and one leads to the page."""
    return found if owed.channel == "slack" else (WAITING,)


def event_told(case: Case, owed: Owed) -> Event:
    found = event_of(case.connection, int(owed.about["event"])) if "event" in owed.about else None
    return found or case.events[0]


def about(case: Case) -> str:
    return f"It is about {saying.in_passing(saying.service(case.concern))}: {saying.contract(case)}."


def by_when(case: Case) -> str:
    concern = case.concern
    acknowledge = (
        "" if concern.state not in UNACKNOWLEDGED else f"Acknowledge by {saying.when(concern.acknowledge_by)}; "
    )
    return f"{acknowledge}{'answer' if acknowledge else 'Answer'} the Member by {saying.day(concern.answer_by)}."


def opens(case: Case) -> Choice:
    return Choice(label="Open", action="open", about=case.concern.reference, opens_form=True)


_CARRIED = ("acknowledge", "ask_provider", "reply", "pass_on", "close")


def carriers_buttons(case: Case, person: Person | None) -> tuple[Choice, ...]:
    """What whoever carries it may press: what they may do now, and Open."""
    mine = case.relations(person) if person else frozenset()
    offered = {choice.action: choice for choice in choices_for(case, mine)}
    acting = [offered[action] for action in _CARRIED if action in offered]
    looks = (opens(case),) if sight(mine) is Sight.WHOLE else ()
    return (*acting[:1], *looks, *acting[1:])


def members_buttons(case: Case, person: Person | None) -> tuple[Choice, ...]:
    mine = case.relations(person) if person else frozenset()
    wanted = ("tell_more",) if case.concern.waiting_since else ("not_fixed", "put_right")
    return (opens(case), *(one for one in choices_for(case, mine) if one.action in wanted))
