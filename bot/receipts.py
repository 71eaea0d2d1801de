"""ASKING what became of letters, where Notify has not said so by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.logs import log
from bot.wiring import Wiring
from handlers.receipts import awaited, take_receipt
from knowledge.timed import claim, is_due

EVERY = timedelta(minutes=15)
_NAME = "receipts"


def poll_receipts(wiring: Wiring) -> int:
    """The worker's part: asks Notify about letters that left over an hour ago and of which it has said nothing final.
    Once in the whole cluster. Returns of how many there was something to hear."""
    if not wiring.settings.notify_key.get_secret_value() or not _is_ours(wiring):
        return 0
    from bot.channels import Again
    from bot.channels.notify import Clients, notify_of

    client, heard = Clients(notify_of(wiring.settings)).mine(), 0
    for id, carried in awaited(wiring.desk):
        try:
            status = _asked(client.get_notification_by_id, carried)
        except Again as problem:
            log.warning("receipts", state="again", error=problem.reason, count=heard)
            break
        heard += take_receipt(wiring.desk, id, carried, status)
    return heard


def _is_ours(wiring: Wiring) -> bool:
    with wiring.store.reading() as connection:
        if not is_due(connection, _NAME, wiring.store.now(connection), EVERY):
            return False
    with wiring.store.writing() as connection:
        return claim(connection, _NAME, wiring.store.now(connection), EVERY)


def _asked(ask: Callable[[str], object], carried: str) -> str:
    """What Notify says of a letter, "" where it has forgotten it. Raises Again."""
    from notifications_python_client.errors import APIError

    from bot.channels.notify_errors import said_plainly
    from handlers.desk import utc_now

    with said_plainly(utc_now):
        try:
            found = ask(carried)
        except APIError as error:
            if error.response is not None and error.status_code == 404:
                return ""
            raise
        return str(found["status"])  # type: ignore[index]
