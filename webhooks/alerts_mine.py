"""The link to one's alerts, sent again."""

from __future__ import annotations

from flask import Blueprint, render_template

from knowledge.subscriptions.linking import owe_link
from webhooks.alerts import mail_channel
from webhooks.alerts_form import email_problem, text
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alerts_mine", __name__)

_TOO_OFTEN = "That was too many tries. Wait an hour, then try again."


@blueprint.get("/alerts/mine")
@limiter.limit("600/minute")
@public
def page() -> str:
    """One field, for the address."""
    return _page()


@blueprint.post("/alerts/mine")
@limiter.limit("10/hour", error_message=_TOO_OFTEN)
@public
def send() -> str | tuple[str, int]:
    """Sends the link to an address that has alerts, and says the same of one that has none."""
    desk, address = current_wiring().desk, text("email", 254)
    if problem := email_problem(address):
        return _page(problem, address), 422
    if channel := mail_channel(desk):
        with desk.store.writing() as connection:
            owe_link(connection, address, channel, desk.now())
    return _page(sent=address)


def _page(problem: str = "", email: str = "", sent: str = "") -> str:
    return render_template(
        "alerts_mine.html", problem=problem, email=email, sent=sent, channel=mail_channel(current_wiring().desk)
    )
