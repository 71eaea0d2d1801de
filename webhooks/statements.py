"""What the law asks a council's pages to say of themselves: accessibility, and privacy with the way to complain."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template

from handlers.intentions.saying import day_words
from webhooks.safety import current_wiring, public

blueprint = Blueprint("statements", __name__)

PREPARED = TESTED = date(2026, 11, 21)
"""When the accessibility statement was written, and when what it says was last tested."""


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement: the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility
    Regulations 2018."""
    contact = current_wiring().settings.contact
    return render_template(
        "accessibility.html", contact=contact, prepared=day_words(PREPARED), tested=day_words(TESTED)
    )


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """The privacy notice: UK GDPR, Articles 13 and 14; complaints: Data Protection Act 2018, section 164A."""
    settings, periods = current_wiring().settings, current_wiring().desk.kept
    contact = settings.data_protection or settings.contact
    kept = {name: periods.words(name) for name in type(periods).model_fields}
    return render_template("privacy.html", contact=contact, kept=kept)
