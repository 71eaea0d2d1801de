"""How the desk does now, for an administrator without a shell."""

from __future__ import annotations

from flask import Blueprint, render_template

from bot.looking import judged, look
from knowledge.status.judging import all_well
from webhooks.administration import administrators
from webhooks.safety import current_wiring

blueprint = Blueprint("status", __name__)


@blueprint.get("/administration/status")
@administrators
def page() -> str:
    """What waits, what is late, what is silent, and what to do about it."""
    wiring = current_wiring()
    lines = judged(wiring, look(wiring))
    return render_template("status.html", lines=lines, well=all_well(lines))
