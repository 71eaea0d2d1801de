"""Whether the mail server takes what the desk would send."""

from __future__ import annotations

import ssl

from bot.channels import Again, Never
from bot.channels.smtp import SmtpChannel, server_of
from bot.checking.letter import letter_to
from bot.settings import Settings
from handlers.checking.findings import Finding, fine, missing

ABOUT = "E-mail"
PATIENCE = 5.0
"""Seconds to wait for the server's next word."""
_SAFELY = {"starttls": "over STARTTLS", "tls": "over TLS", "none": "without encryption, on this machine"}


def check_mail(settings: Settings, send_to: str = "", tls: ssl.SSLContext | None = None) -> list[Finding]:
    """What the mail server says to a greeting, and with `send_to` to one letter; nothing where there is no server,
    or Notify is used in its place. `tls`: trusted certificates, else the machine's."""
    if not settings.smtp_host or settings.notify_key.get_secret_value():
        return []
    server = server_of(settings)._replace(patience=PATIENCE)
    where = f"{server.host}:{server.port}"
    channel = SmtpChannel(server, settings.mail_from, lambda choice, letter: settings.url, tls)
    try:
        channel.greet()
        if send_to:
            channel.send(letter_to(send_to, settings.council), again=False)
    except (Again, Never) as error:
        what = f"{where}, {_SAFELY[server.security]}: {error.reason}."
        do = "Compare DESK_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD with what the council's mail team says"
        return [missing(ABOUT, what, do)]
    done = ", log-in works" if server.user else ""
    sent = f"; a letter is on its way to {send_to}: see that it arrives" if send_to else ""
    return [fine(ABOUT, f"{where} answers {_SAFELY[server.security]}{done}{sent}")]
