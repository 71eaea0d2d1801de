"""Takes in what Slack sends: writes down, answers, settles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.logs import log, where_of
from bot.slack.answering import SURFACE, Answering
from bot.slack.client import FOR_EVER_WRONG, PATIENCE, said
from bot.slack.events import event_of
from bot.slack.home import Home
from bot.slack.payloads import Payload
from bot.slack.posting import Posting
from bot.slack.retries import wait_asked
from bot.slack.status import Status
from handlers.messages import Outcome, Reply
from knowledge.away import Away
from knowledge.incoming import MOST_ATTEMPTS, claim, release, renew, settle, write_down
from knowledge.store import Store

_SOON = 1.0
"""Seconds until a process that found no record as it began looks again."""
Park = Callable[[str, int, Payload], object]
"""Leaves an event to a person, at this try, with what was written down of it; people are told."""
_AGAIN, _NOW = timedelta(seconds=20), timedelta(seconds=-1)


class Intake:
    """One process's part in answering what was written down."""

    def __init__(
        self, store: Store, answering: Answering, posting: Posting, home: Home, status: Status, park: Park
    ) -> None:
        self._store, self._park = store, park
        self._answering, self._posting, self._home, self._status = answering, posting, home, status
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="slack-answer")
        self._not_begun: dict[str, int] = {}
        self._stopping = threading.Event()
        self._taking_up = threading.Thread(target=self._keep_taking_up, name="slack-take-up", daemon=True)

    def start(self) -> None:
        """Begins to take up what was left."""
        self._taking_up.start()

    def cease(self) -> None:
        """Begins nothing more. Waits for nothing."""
        self._stopping.set()

    def stop(self) -> None:
        """Ends what is being answered; what still waits is written down, and given back to the next process."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        self._taking_up.join(timeout=PATIENCE)
        for id, attempts in tuple(self._not_begun.items()):
            try:
                release(self._store, id, _NOW, attempts)
            except Exception as error:  # its lease runs out by itself
                log.warning("slack", state="not given back", error=type(error).__name__, where=where_of(error))

    def write_down(self, body: Payload, context: Any, next: Callable[[], Any]) -> Any:
        """Bolt's middleware: what came in is written down before it is acknowledged; a repeat is acknowledged and goes
        no further."""
        event = event_of(body)
        if event is None:
            return next()
        id, payload = event
        if not write_down(self._store, id, SURFACE, payload):
            return BoltResponse(status=200, body="")
        context["incoming"] = (id, payload)
        return next()

    def later(self, id: str, payload: Payload, reply: Reply | None = None) -> None:
        """Has something answered by threads of our own: Bolt's few also acknowledge, and must not wait with us for a
        Slack that hangs. `reply`: what is already made of it."""
        self._not_begun[id] = 1
        self._pool.submit(self._begin, id, payload, reply)

    def _begin(self, id: str, payload: Payload, reply: Reply | None) -> None:
        if not self._stopping.is_set():
            self._work(id, payload, self._not_begun.pop(id, 1), reply)

    def take_up(self) -> int:
        """Handles what was acknowledged and not handled in time. Returns how many."""
        events = claim(self._store, SURFACE)
        self._not_begun |= {event.id: event.attempts for event in events}
        for event in events:
            if self._stopping.is_set():
                break
            self._not_begun.pop(event.id, None)
            self._work(event.id, event.payload, event.attempts)
        return len(events)

    def _keep_taking_up(self, every: float = 15.0) -> None:
        """Takes up at the start, and then from time to time."""
        ready = False
        while not self._stopping.is_set():
            try:
                if not ready:
                    self._answering.make_ready()
                ready = True
                self.take_up()
            except Exception as error:  # the record may be away for a minute
                log.warning("slack", state="take-up", error=type(error).__name__, where=where_of(error))
            self._stopping.wait(every if ready else _SOON)

    def _work(self, id: str, payload: Payload, attempts: int, reply: Reply | None = None) -> None:
        """Answers one event and settles it: handled, given back to be tried again, or parked. An event that waited
        past its lease belongs to whoever took it up, so it is looked at again before anything is sent."""
        try:
            if not renew(self._store, id, attempts):
                return
            with self._status.while_working(payload):
                reply = reply or self._answering.reply(id, payload)
                if not renew(self._store, id, attempts):
                    return
                self._posting.send(id, payload, reply)
                settle(self._store, id)
        except SlackApiError as error:
            status = getattr(error.response, "status_code", 0)
            wait = wait_asked(error.response.headers, 0) if status == 429 else 0.0
            self._unsettled(
                id, payload, attempts, error, lasting=said(error) in FOR_EVER_WRONG, status=status, wait=wait
            )
        except (SlackClientError, OSError) as error:
            self._unsettled(id, payload, attempts, error, lasting=False)
        except Away as error:
            self._unsettled(id, payload, attempts, error, lasting=False)
        except Exception as error:  # a poison event must not be tried for ever, nor vanish
            self._unsettled(id, payload, attempts, error, lasting=attempts >= 2)
        else:
            self._renew_home(payload, reply)

    def _renew_home(self, payload: Payload, reply: Reply) -> None:
        """After whatever somebody did to a concern, to their alerts or to an enquiry, their App Home shows it."""
        done = reply.concern or reply.outcome is Outcome.SUBSCRIPTION
        if not (done or str(payload.get("action") or "").endswith("_enquiry")) or payload.get("public"):
            return
        try:
            self._home.publish(payload)
        except Exception as error:  # it is made anew whenever it is opened
            log.warning("slack", state="home", error=type(error).__name__, where=where_of(error))

    def _unsettled(
        self, id: str, payload: Payload, attempts: int, error: Exception, *, lasting: bool, status: int = 0,
        wait: float = 0.0,
    ) -> None:  # fmt: skip
        """`wait`: seconds Slack asks to be left alone; tries made sooner would only use themselves up."""
        away = isinstance(error, Away)  # nothing is wrong with this one, however often it meets that
        parked = lasting or (attempts >= MOST_ATTEMPTS and not away)
        state = "parked" if parked else "again"
        log.warning("slack", event_id=id, state=state, error=type(error).__name__, where=where_of(error), status=status)
        if parked:
            self._park(id, attempts, payload)
        else:
            release(self._store, id, max(_AGAIN * attempts, timedelta(seconds=wait)), attempts)
