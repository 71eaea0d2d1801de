"""Signing in by a link to a listed e-mail address, and signing out. The way by Slack is in `sign_in_slack`."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from knowledge.audit import Deed, account
from knowledge.outbox.owing import owe
from knowledge.people import find_person
from knowledge.register.named import named_in_register
from knowledge.sign_in_links import MOST_AN_HOUR, clean, link_in, make, recent, use, works
from webhooks.safety import current_wiring, limiter, public
from webhooks.sessions import enter, leave, own_path, want
from webhooks.visitors import listed, visitor

blueprint = Blueprint("sign_in", __name__)

NOBODY = "nobody"
"""Whose link is made where an address is sent none, so that the answer takes as long. It leads nowhere: nobody of this
name can be on the people list."""
_TOO_OFTEN = "That was too many tries to sign in. Wait an hour, then try again."


@blueprint.get("/sign-in")
@public
def page() -> str | AnyResponse:
    """The ways to sign in. `next`: the path to go on to, of this desk only."""
    onward = own_path(request.args.get("next"))
    return redirect(onward, code=303) if visitor().signed_in else _page(onward)


@blueprint.post("/sign-in")
@limiter.limit("10/hour", error_message=_TOO_OFTEN)
@public
def ask() -> str | tuple[str, int]:
    """Sends a link to a listed address. The page says the same for an address that is not listed."""
    onward, address = own_path(request.form.get("next")), request.form.get("email", "").strip().lower()
    if not 3 <= len(address) <= 254 or "@" not in address[1:-1]:
        return _page(onward, problem="Type your e-mail address, like name@council.example", email=address[:254]), 422
    want(onward)
    _send_link(address)
    return render_template("sign_in_sent.html")


@blueprint.get("/sign-in/link/<token>")
@public
def link(token: str) -> str | tuple[str, int]:
    """A page with a button: mail scanners follow links, and must use none up."""
    now = current_wiring().desk.now()
    with current_wiring().store.reading() as connection:
        good = works(connection, link_in(_secret(), token, now), now)
    return render_template("sign_in_link.html", token=token) if good else _spent()


@blueprint.post("/sign-in/link/<token>")
@limiter.limit("60/hour", error_message=_TOO_OFTEN)
@public
def use_link(token: str) -> AnyResponse | tuple[str, int]:
    """Signs in whom the link was made for, once."""
    now = current_wiring().desk.now()
    with current_wiring().store.writing() as connection:
        address = use(connection, link_in(_secret(), token, now), now)
        person = listed(connection, address) if address else None
        if address and person:
            account(connection, Deed.SIGNED_IN, "session", "link", now, by=address)
    if address is None:
        return _spent()
    return redirect(enter(address, "link"), code=303) if person else unlisted()


@blueprint.post("/sign-out")
@public
def out() -> AnyResponse:
    """Ends the session."""
    leave()
    return redirect(url_for("chat.page"), code=303)


def unlisted() -> tuple[str, int]:
    """The page for somebody the people list does not have, or not any more."""
    text = "Signing in is for Members and officers on the list. Ask whoever looks after the desk to add you."
    return render_template("error.html", title="You are not on the council’s list", text=text), 403


def _page(onward: str, problem: str = "", email: str = "") -> str:
    slack = current_wiring().settings.signs_in_with_slack
    return render_template("sign_in.html", onward=onward, problem=problem, email=email, slack=slack)


def _spent() -> tuple[str, int]:
    text = "A link works once, for 30 minutes, and only the newest one you were sent. Ask for another."
    return render_template("error.html", title="This link does not work any more", text=text, again=True), 410


def _send_link(address: str) -> None:
    """Owes a listed address a link, three times an hour. Otherwise the same is written for nobody and what is owed
    taken back, so that the time it takes does not tell who is listed."""
    wiring, now = current_wiring(), current_wiring().desk.now()
    with wiring.store.writing() as connection:
        clean(connection, now)
        asked, listed_one = recent(connection, address, now), find_person(connection, email=address)
        named = named_in_register(connection, address)  # asked of whoever is listed too: the time must not tell
        person = listed_one or named
        wanted = person is not None and asked < MOST_AN_HOUR
        recipient = address if wanted else NOBODY
        made = make(connection, recipient, now)
        with connection.begin_nested() as owed:
            owe(
                connection, now, kind="sign_in", subject=f"link:{made[:16]}", recipient=recipient,
                channel="email" if "email" in wiring.desk.channels else "screen", about={"link": made}, urgent=True,
            )  # fmt: skip
            if not wanted:
                owed.rollback()


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
