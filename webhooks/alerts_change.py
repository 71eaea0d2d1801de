"""Changing an alert: a form, what it would find, and only then it counts."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.engine import Connection

from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.stopping import sent_to
from webhooks.alerts_form import DAYS, KINDS, OFTEN, SUITED, filled, teller_of
from webhooks.alerts_manage import GONE, Page, page_of, party_in, spent
from webhooks.alerts_showing import showing
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alerts_change", __name__)


@blueprint.get("/alerts/manage/<token>/<int:id>")
@limiter.limit("600/minute")
@public
def page(token: str, id: int) -> Page:
    """One of them, in a form."""
    with current_wiring().store.reading() as connection:
        found = _theirs(connection, token, id)
        return _change(connection, token, found) if isinstance(found, Subscription) else found


@blueprint.post("/alerts/manage/<token>/<int:id>")
@limiter.limit("60/minute")
@public
def change(token: str, id: int) -> Page:
    """Changes it; what was changed is shown back before it counts."""
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        found = _theirs(connection, token, id)
        if not isinstance(found, Subscription):
            return found
        form = filled(teller_of(connection, wiring.desk))
        if form.errors or form.changed or request.form.get("do") == "show":
            new = found.model_copy(update={"criteria": form.criteria, "every": form.every, "sentence": form.sentence})
            page = _change(connection, token, new, errors=form.errors, typed=form.fields)
            return (page, 422) if form.errors else page
    with wiring.store.writing() as connection:
        record.change(connection, id, criteria=form.criteria, every=form.every, sentence=form.sentence)
        return page_of(connection, token, party_in(token) or 0, told=f"{found.reference} is changed, from now on.")


def _change(
    connection: Connection, token: str, found: Subscription, *, errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> str:  # fmt: skip
    told = showing(connection, current_wiring().desk, found.sentence, found.criteria, found.every)
    wrong = {name: said for name, said in (typed or {}).items() if name in (errors or {})}
    return render_template(
        "alerts_change.html", token=token, one=found, found=told, fields={**told.fields, **wrong}, errors=errors or {},
        kinds=KINDS, suited=SUITED, often=OFTEN, days=DAYS, seen=typed is not None,
    )  # fmt: skip


def _theirs(connection: Connection, token: str, id: int) -> Subscription | Page:
    """One of those whose link it is, or the page that says why there is none."""
    party = party_in(token)
    if party is None:
        return spent()
    found = next((one for one in sent_to(connection, party) if one.id == id), None)
    return found or page_of(connection, token, party, told=GONE)
