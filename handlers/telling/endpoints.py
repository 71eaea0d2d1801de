"""What is told to the owner of an endpoint that has ended of itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from handlers.desk import Desk
from handlers.telling.parts import Said
from knowledge.outbox.owed import Owed
from knowledge.subscriptions.endpoint import by_number
from knowledge.subscriptions.nouns import reference_of

_WHY = {
    "gone": "it answered that it is gone (410)",
    "failing": "it has not taken what we sent, in ten tries over three days",
}


def endpoint_failed(owed: Owed, desk: Desk) -> Said | None:
    """Only the server's name is told: the rest of an address may be a secret."""
    with desk.store.reading() as connection:
        found = by_number(connection, int(owed.about["endpoint"]), desk.now())
    if found is None:
        return None
    host = urlsplit(found.url).hostname
    why = _WHY.get(str(owed.about.get("why")), _WHY["failing"])
    last = f" The last time: {found.problem}." if found.problem and owed.about.get("why") != "gone" else ""
    ended = ", ".join(map(reference_of, owed.about.get("ended", ())))
    alerts = f" These alerts ended with it: {ended}." if ended else ""
    text = (
        f"We have stopped sending webhooks to {host}, because {why}.{last}{alerts} What is public is still on the "
        "timeline's page and in its feeds. To be told again, add the address anew once it works."
    )
    return f"Webhooks to {host} have stopped", text, ()
