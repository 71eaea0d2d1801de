"""Whether GOV.UK Notify takes the desk's key, and its template has a place for everything."""

from __future__ import annotations

import re

from bot.channels import Again, Never
from bot.channels.notify import PLACEHOLDERS, Clients, NotifyChannel, notify_of
from bot.channels.notify_errors import said_plainly
from bot.checking.letter import letter_to
from bot.settings import Settings
from handlers.checking.findings import Finding, fine, missing, warning
from handlers.desk import utc_now

ABOUT = "E-mail"
PATIENCE = 5.0
"""Seconds to wait for Notify's next word."""


def check_notify(settings: Settings, send_to: str = "") -> list[Finding]:
    """What Notify says to the key and of the template, and with `send_to` to one letter; nothing where it is not
    switched on."""
    if not settings.notify_key.get_secret_value():
        return []
    service = notify_of(settings)._replace(patience=PATIENCE)
    try:
        with said_plainly(utc_now):
            template = Clients(service).mine().get_template(service.template)
        found = [_lacking(str(template["type"]), f"{template.get('subject')} {template['body']}")]
        if send_to:
            NotifyChannel(service, lambda choice, letter: settings.url).send(
                letter_to(send_to, settings.council), False
            )
            found.append(fine(ABOUT, f"A letter is on its way to {send_to}: see that it arrives"))
    except (Again, Never) as error:
        what = f"GOV.UK Notify, at {settings.notify_url}: {error.reason}."
        do = "Compare DESK_NOTIFY_KEY and DESK_NOTIFY_TEMPLATE with Notify's pages, and see to this machine's clock"
        return [missing(ABOUT, what, do)]
    return [*found, *_beside(settings)]


def _lacking(type: str, text: str) -> Finding:
    there = set(re.findall(r"\(\(([^)?]+)\)\)", text))
    lacking = [f"(({name}))" for name in PLACEHOLDERS if name not in there]
    if type != "email" or lacking:
        what = "The template is none for e-mail." if type != "email" else f"The template lacks {', '.join(lacking)}."
        return missing(ABOUT, what, "Make it on Notify's pages: subject ((subject)), message ((body)) and ((links))")
    if others := sorted(there - set(PLACEHOLDERS)):
        what = f"The template asks for what the desk does not send: {', '.join(others)}."
        return missing(ABOUT, what, "Take them out of the template: Notify refuses letters that lack something")
    return fine(ABOUT, "GOV.UK Notify takes the key, and the template has a place for everything")


def _beside(settings: Settings) -> list[Finding]:
    found = []
    if settings.smtp_host:
        what = "Both GOV.UK Notify and a mail server are set: Notify is used, the mail server is not."
        found.append(warning(ABOUT, what, "Take DESK_SMTP_HOST out, or DESK_NOTIFY_KEY"))
    if not settings.notify_token.get_secret_value():
        what = "Notify cannot tell the desk what became of a letter: the desk asks for it, an hour later and more."
        do = "Set DESK_NOTIFY_TOKEN, and on Notify's pages, under Callbacks, DESK_URL/receipts/notify with that token"
        found.append(warning(ABOUT, what, do))
    return found
