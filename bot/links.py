"""Where the buttons of a letter lead for somebody who reads it outside Slack. A link holds numbers and words, never an
address, and is worth something for a while only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from bot import alert_links
from handlers.letters import Letter
from handlers.messages import Choice
from knowledge import sign_in_links, tokens
from knowledge.parties import parties_of, party_of
from knowledge.store import Store

if TYPE_CHECKING:
    from bot.wiring import Wiring

ACT, ANSWER, POSTING = "act", "answer", "posting"
"""What tokens are for."""
ACTS_FOR, ANSWERS_FOR, POSTING_FOR = timedelta(days=30), timedelta(days=60), timedelta(days=400)
"""How long a link works."""


class Act(NamedTuple):
    """What a link does: an action of somebody (by their number) on something ("C-0012")."""

    party: int
    action: str
    about: str


def path_for(choice: Choice, letter: Letter, wiring: Wiring) -> str:
    """Where a button of a letter leads for its reader, below the desk's address; "" for nowhere. Without a key to sign
    with, to where one signs in."""
    secret, now = wiring.settings.secret_key.get_secret_value(), wiring.desk.now()
    if not choice.action:
        return ""
    if choice.action in alert_links.ACTIONS:
        return alert_links.path_of(choice, letter, _number(wiring.store, letter.address), secret, now)
    if choice.action == "waiting_enquiries":
        return "/enquiries#latest"
    if choice.action == "open" or not secret:
        return f"/concerns/{letter.reply.concern or choice.about}"
    if choice.action == "sign_in":
        return sign_in_links.path_of(secret, choice.about, now)
    if page := _page_of(choice, secret, now):
        return page
    if choice.action == "provider_answers":
        return f"/answer/{tokens.sign(secret, ANSWER, {'request': int(choice.about)}, now)}"
    number = _number(wiring.store, letter.address)
    about: dict[str, str | int] = {"party": number, "action": choice.action, "about": choice.about}
    return f"/do/{tokens.sign(secret, ACT, about, now)}"


def _page_of(choice: Choice, secret: str, now: datetime) -> str:
    """The page of what is pressed nowhere but on a page of its own, "" for the rest."""
    if choice.action in ("publish_posting", "refuse_posting", "open_posting"):
        return f"/opportunities/waiting#{choice.about}"
    if choice.action in ("change_posting", "withdraw_posting"):
        return own_posting(secret, choice.about, now)
    if choice.action in ("record_review", "open_review", "undo_review"):
        return f"/reviews/{quote(choice.about.rpartition('|')[0] or choice.about)}"
    if choice.action == "new_intention":
        return f"/timeline/new?{urlencode({'about': choice.about})}" if choice.about else "/timeline/new"
    return "/opportunities/new" if choice.action == "new_posting" else ""


def own_posting(secret: str, reference: str, now: datetime) -> str:
    """The page on which whoever has the link changes a posting ("P-3"), or takes it back."""
    return f"/opportunities/mine/{tokens.sign(secret, POSTING, {'posting': reference}, now)}"


def posting_in(secret: str, token: str, now: datetime) -> str:
    """The posting whose page a token opens; "" as above."""
    return str((tokens.read(secret, POSTING, token, longest=POSTING_FOR, now=now) or {}).get("posting", ""))


def act_in(secret: str, token: str, now: datetime) -> Act | None:
    """What a token allows; None where the desk did not write it or it is too old."""
    about = tokens.read(secret, ACT, token, longest=ACTS_FOR, now=now) or {}
    party, action, thing = about.get("party"), about.get("action"), about.get("about")
    if not isinstance(party, int) or not isinstance(action, str) or not isinstance(thing, str):
        return None
    return Act(party, action, thing)


def request_in(secret: str, token: str, now: datetime) -> int | None:
    """The request a token lets a provider answer; None as above."""
    number = (tokens.read(secret, ANSWER, token, longest=ANSWERS_FOR, now=now) or {}).get("request")
    return number if isinstance(number, int) else None


def _number(store: Store, address: str) -> int:
    with store.reading() as connection:
        known = parties_of(connection, [address])
    if known:
        return min(known)
    with store.writing() as connection:
        return party_of(connection, address)
