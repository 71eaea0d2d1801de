"""Whether the settings fit together for going live."""

from __future__ import annotations

from datetime import date

from bot.channels import channels_of
from bot.settings import Settings
from handlers.checking.findings import Finding, fine, missing, warning

ABOUT = "Settings"
_EMAIL = "DESK_NOTIFY_KEY with DESK_NOTIFY_TEMPLATE, or DESK_SMTP_HOST with DESK_MAIL_FROM"


def check_settings(settings: Settings, day: date) -> list[Finding]:
    """What the settings lack on a day. What contradicts itself, `load_settings` has refused already."""
    found = [*_key(settings), *_channels(settings), *_demo(settings), *_out_of_hours(settings), _backups(settings)]
    if settings.closures and max(settings.closures) < day:
        what = "DESK_CLOSURE_DAYS names no day to come."
        found.append(warning(ABOUT, what, "Add the council's next closure days, or nobody will be there as promised"))
    return found


def _backups(settings: Settings) -> Finding:
    days = settings.backups_kept
    said = f"Backups are deleted after {days} {'day' if days == 1 else 'days'} (DESK_BACKUPS_KEPT)"
    return fine(ABOUT, f"{said}: the desk can erase nothing in them, and the council sees to it")


def _key(settings: Settings) -> list[Finding]:
    if settings.secret_key.get_secret_value():
        return [fine(ABOUT, "DESK_SECRET_KEY is set")]
    what = "DESK_SECRET_KEY is not set, so neither the web server nor the worker starts."
    return [missing(ABOUT, what, "Set it to 16 characters or more that nobody can guess, the same on every machine")]


def _channels(settings: Settings) -> list[Finding]:
    on = channels_of(settings)
    if on == {"screen"}:
        what = "Neither Slack nor e-mail is switched on: what is owed would only be listed on the worker's terminal."
        return [missing(ABOUT, what, f"Set SLACK_BOT_TOKEN, or {_EMAIL}, or both")]
    if "email" not in on:
        what = "No e-mail is sent: providers cannot be asked, and nobody outside Slack can be told."
        return [warning(ABOUT, what, f"Set {_EMAIL}")]
    if settings.url.startswith("http://"):
        do = "Set it to the https address under which others reach the desk"
        return [warning(ABOUT, f"DESK_URL is {settings.url}, which opens on this machine only.", do)]
    if settings.url:
        return [fine(ABOUT, f"E-mails lead to {settings.url}")]
    what = "DESK_URL is not set: an e-mail could not lead to the concern, nor a provider to what they are asked."
    return [missing(ABOUT, what, "Set it to the desk's public address: https://desk.example.org")]


def _demo(settings: Settings) -> list[Finding]:
    if not settings.demo:
        return []
    do = "Leave DESK_DEMO unset"
    if channels_of(settings) != {"screen"}:
        return [missing(ABOUT, "DESK_DEMO lets everybody choose a role, and real messages would be sent.", do)]
    return [warning(ABOUT, "DESK_DEMO lets everybody choose a role: that is for trying it out.", do)]


def _out_of_hours(settings: Settings) -> list[Finding]:
    if settings.out_of_hours:
        return [fine(ABOUT, f"Out of hours: {settings.out_of_hours}")]
    what = "DESK_OUT_OF_HOURS is empty: where somebody is at risk, a Member reads 999 and nobody else to ring."
    return [warning(ABOUT, what, "Set it to the council's out-of-hours line")]
