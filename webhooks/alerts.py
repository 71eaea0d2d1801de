"""Asking for alerts: a sentence, shown back as it was understood, then an e-mail address, to which a link is sent."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy.engine import Connection

from handlers.desk import Desk
from knowledge.outbox.shown import SCREEN
from knowledge.subscriptions import pace
from knowledge.subscriptions.confirming import Wanted, ask_for
from knowledge.subscriptions.limits import origin_of
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.understanding.understanding import understand
from knowledge.timeline.selecting import shown_of
from webhooks.alerts_form import DAYS, KINDS, OFTEN, SUITED, Filled, email_problem, filled, teller_of, text
from webhooks.alerts_showing import showing
from webhooks.safety import current_wiring, limiter, public

blueprint = Blueprint("alerts", __name__)

EXAMPLES = (
    "home care", "youth clubs, every Monday", "road repairs under £500,000", "grants for charities", "school transport"
)  # fmt: skip
RATE = "60/minute"
_TOO_OFTEN = "That was often. Wait a minute, then go on."
_EMPTY = "Say what you want to hear of, such as: home care"

Page = str | tuple[str, int]


@blueprint.get("/alerts")
@limiter.limit("600/minute")
@public
def start() -> Page:
    """What alerts are, and one field. `follow`: a reference, whose changes somebody wants to hear of."""
    reference = " ".join(request.args.get("follow", "").split())[:100]
    if not reference.isprintable() or not reference:
        return _start()
    with current_wiring().store.reading() as connection:
        found = [one for one in shown_of(connection, [reference]) if one.own]
        if not found:
            return render_template("intention_missing.html", reference=reference), 404
        wanted = Criteria(follows=(found[0].reference,))
        return _shown(connection, f"changes to {found[0].reference}", wanted, pace.AT_ONCE)


@blueprint.post("/alerts")
@limiter.limit(RATE, error_message=_TOO_OFTEN)
@public
def go_on() -> Page:
    """From the sentence to what was understood, from there to what was changed, and on to an address. What is asked
    for has always been shown before: whoever changes it and presses on sees it once more."""
    if "criteria" not in request.form:
        return _understood(text("example", 200) or text("say"))
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        form = filled(teller_of(connection, wiring.desk))
        problem = _problem(form)
        if form.errors or form.changed or problem is not None:
            asked = form.errors or not form.changed  # what was changed is shown first, and the address not spoken of
            errors = {**form.errors, **({"email": problem} if problem and asked else {})}
            page = _shown(connection, form.sentence, form.criteria, form.every, form=form, errors=errors)
            return (page, 422) if errors else page
    return _ask(form, wiring.desk)


def mail_channel(desk: Desk) -> str:
    """The channel by which e-mails go: the screen at a desk that has none at all; "" where there is no way."""
    return next((name for name in ("email", SCREEN) if name in desk.channels), "")


def origin() -> str:
    """Where this request comes from, as it is kept."""
    return origin_of(current_wiring().settings.secret_key.get_secret_value(), request.remote_addr or "")


def _start(problem: str = "", said: str = "") -> str:
    return render_template("alerts.html", problem=problem, said=said, examples=EXAMPLES, channel=_channel())


def _understood(said: str) -> Page:
    if not said:
        return _start(_EMPTY), 422
    wiring = current_wiring()
    with wiring.store.reading() as connection:
        wished = understand(said, teller_of(connection, wiring.desk))
        every = wished.every or pace.AT_ONCE
        left = [one for one in wished.left if not any(one in note for note in wished.notes)]
        return _shown(connection, said, wished.criteria, every, left=left, notes=wished.notes)


def _problem(form: Filled) -> str | None:
    """What is wrong with the address: None for nothing, "" where none is asked for yet."""
    if not form.email and request.form.get("do") == "show":
        return ""
    return email_problem(form.email) or None


def _shown(connection: Connection, said: str, criteria: Criteria, every: str, **more: object) -> str:
    form = more.get("form")
    found = showing(connection, current_wiring().desk, said, criteria, every)
    fields = {**found.fields, **_as_typed(form, more.get("errors"))}
    email = form.email if isinstance(form, Filled) else ""
    more = {"errors": {}, "left": (), "notes": (), "form": None, **more}
    return render_template(
        "alerts_shown.html", said=said, found=found, fields=fields, kinds=KINDS, suited=SUITED, often=OFTEN, days=DAYS,
        follows=_followed(connection, criteria), channel=_channel(), email=email, **more,
    )  # fmt: skip


def _followed(connection: Connection, criteria: Criteria) -> str:
    """The title of the one intention that is all somebody wants to hear of, "" otherwise."""
    if len(criteria.follows) != 1 or criteria != Criteria(follows=criteria.follows):
        return ""
    found = shown_of(connection, criteria.follows)
    return found[0].terms.title or found[0].reference if found else ""


def _as_typed(form: object, errors: object) -> dict[str, str]:
    """What was wrong stands in its field as it was typed, to be put right."""
    wrong = errors if isinstance(errors, dict) else {}
    return {name: said for name, said in form.fields.items() if name in wrong} if isinstance(form, Filled) else {}


def _ask(form: Filled, desk: Desk) -> str:
    """Has a link sent, and says the same whatever becomes of it."""
    channel = mail_channel(desk)
    if channel:
        wanted = Wanted(form.email, form.sentence, form.criteria, form.every, channel)
        with desk.store.writing() as connection:
            ask_for(connection, wanted, desk.now(), asked_from=origin())
    with desk.store.reading() as connection:
        found = showing(connection, desk, form.sentence, form.criteria, form.every)
    often = pace.in_words(form.every)
    return render_template("alerts_sent.html", email=form.email, found=found, often=often, channel=channel)


def _channel() -> str:
    return mail_channel(current_wiring().desk)
