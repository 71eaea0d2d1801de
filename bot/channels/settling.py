"""Settling a notification: sent, again later, undeliverable, or parked and a person told. And what is left lying."""

from __future__ import annotations

import os
import random
import secrets
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels import Never
from bot.logs import log, where_of
from handlers.letters import Letter
from knowledge.away import Away, as_away
from knowledge.outbox.claiming import (
    claim_stranded,
    park,
    settle_again,
    settle_moot,
    settle_sent,
    settle_undeliverable,
)
from knowledge.outbox.owed import Owed
from knowledge.outbox.retrying import most_attempts, wait_after
from knowledge.outbox.strangers import STRANGERS, put_off
from knowledge.store import Store

_POISON, _POISON_TWICE = "poison", "poison, twice"


def tell_nobody(owed: Owed, reason: str) -> None:
    """Where nobody wants to hear of what is parked."""


@dataclass(frozen=True)
class Duties:
    """What the handlers do about a notification. Each may be called again for the same one, and must bear it.

    `compose`: the letter, None where there is nothing left to say; `undeliverable`: nothing arrives at that address,
    so somebody else must be owed it; `tell_parked`: it is about to be left to a person, who must hear of it.
    """

    compose: Callable[[Owed], Letter | None]
    undeliverable: Callable[[Owed, str], None]
    tell_parked: Callable[[Owed, str], None] = tell_nobody


class Settler:
    """Settles what it has taken up under its own name."""

    def __init__(self, store: Store, duties: Duties, luck: Callable[[], float] = random.random) -> None:
        """`luck`: random numbers from 0 to 1, which keep what failed together from coming back together."""
        self.worker = f"{process_name()}:{secrets.token_hex(3)}"
        self._store = store
        self._duties = duties
        self._luck = luck

    def finish(self, owed: Owed, place: dict[str, Any] | None) -> None:
        """It stands in its place now; None: there was nothing left to say."""
        if place is None:
            held = settle_moot(self._store, owed, self.worker)
        else:
            held = settle_sent(self._store, owed, self.worker, place)
        _note(owed, ("moot" if place is None else "sent") if held else "late")

    def give_back(self, owed: Owed, reason: str, after: timedelta | None = None) -> None:
        """It is tried again later, until it has been tried often enough: then it is left to a person, or, where it goes
        to a server of the recipient's own, that counts as dead: nobody here could mend it."""
        if owed.attempts < most_attempts(owed.urgent, owed.channel):
            self._again(owed, reason, after)
        elif owed.channel in STRANGERS:
            self._pass_on(owed, reason)
        else:
            self.park(owed, reason)

    def give_up(self, owed: Owed, problem: Never) -> None:
        """It cannot be sent: somebody else is owed it, or, where it is not the address, a person sees to it."""
        if problem.unreachable:
            self._pass_on(owed, problem.reason)
        else:
            self.park(owed, problem.reason)

    def stumble(self, owed: Owed, error: Exception) -> None:
        """Writing or sending it raised what nobody expected: tried again twice, then parked."""
        _blame(owed, error)
        if isinstance(error, Away) or as_away(error):  # the record is away: nothing is wrong with this one
            self.give_back(owed, "record is away")
        elif owed.problem == _POISON_TWICE:
            self.park(owed, _POISON)
        else:
            self.give_back(owed, _POISON_TWICE if owed.problem == _POISON else _POISON)

    def park(self, owed: Owed, reason: str) -> None:
        """Told first, then parked: what is parked and told to nobody would be forgotten."""
        told = self._told(self._duties.tell_parked, owed, reason)
        if told or owed.attempts >= most_attempts(owed.urgent, owed.channel):
            park(self._store, owed, self.worker, reason)
            _note(owed, "parked", reason)
        else:
            self._again(owed, reason)

    def park_stranded(self, channels: Collection[str], late: timedelta) -> int:
        """Parks what has been due so long on a channel that is none of these. Returns how many."""
        found = claim_stranded(self._store, self.worker, channels, late)
        for owed in found:
            self.park(owed, "channel is switched off")
        return len(found)

    def _again(self, owed: Owed, reason: str, after: timedelta | None = None) -> None:
        wait = wait_after(owed.attempts, owed.urgent, owed.channel, asked=after, luck=self._luck())
        held = settle_again(self._store, owed, self.worker, reason, wait)
        _note(owed, "again", reason)
        if held and owed.channel in STRANGERS:
            put_off(self._store, owed, wait)

    def _pass_on(self, owed: Owed, reason: str) -> None:
        """Nothing arrives there. Whoever has to do something about that is told first; where that fails, it is tried
        again."""
        if self._told(self._duties.undeliverable, owed, reason):
            settle_undeliverable(self._store, owed, self.worker, reason)
            _note(owed, "undeliverable", reason)
        elif owed.channel not in STRANGERS and owed.attempts >= most_attempts(owed.urgent, owed.channel):
            self.park(owed, reason)
        else:
            self._again(owed, reason)

    def _told(self, tell: Callable[[Owed, str], None], owed: Owed, reason: str) -> bool:
        try:
            tell(owed, reason)
        except Exception as error:
            _blame(owed, error)
            return False
        return True


def process_name() -> str:
    """A name for this process that no other has, on any machine."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{secrets.token_hex(4)}"


def _note(owed: Owed, state: str, reason: str = "") -> None:
    more = {"error": reason} if reason else {}
    log.info("notification", event_id=owed.id, kind=owed.kind, surface=owed.channel, state=state,
             attempts=owed.attempts, **more)  # fmt: skip


def _blame(owed: Owed, error: Exception) -> None:
    log.error("notification", event_id=owed.id, kind=owed.kind, error=type(error).__name__, where=where_of(error))
