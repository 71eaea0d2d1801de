"""E-mail, by the council's own mail server."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, NamedTuple

from bot.channels import Again, LinkFor, Never
from bot.channels.mail import mail_address, mail_of
from bot.channels.smtp_errors import said_plainly
from bot.settings import Settings
from handlers.letters import Letter
from knowledge.outbox.addresses import is_no_reply

PATIENCE = 20.0
"""Seconds to wait for the server's next word."""
LONGEST = 40.0
"""Seconds one letter may take once the server has answered: with the time that may take, less than its lease."""
_GOODBYE = 2.0


class Server(NamedTuple):
    """A mail server. `security`: starttls, tls or none."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    security: str = "starttls"
    patience: float = PATIENCE


def server_of(settings: Settings) -> Server:
    """The mail server of these settings."""
    password = settings.smtp_password.get_secret_value()
    return Server(settings.smtp_host, settings.smtp_port, settings.smtp_user, password, settings.smtp_security)


class SmtpChannel:
    """Sends each letter over a connection of its own, so that threads share nothing."""

    def __init__(self, server: Server, sender: str, link_for: LinkFor, tls: ssl.SSLContext | None = None) -> None:
        """`sender`: an address, a name before it if wanted; `tls`: trusted certificates, else the machine's."""
        name, address = parseaddr(sender)
        self._server = server
        self._sender = Address(name, addr_spec=address)
        self._link_for = link_for
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: Letter, again: bool) -> dict[str, Any]:
        """Sends. A repeat carries the same Message-ID, by which the reader's server or eye may know it."""
        recipient = mail_address(letter)
        if is_no_reply(recipient):
            raise Never("no-reply address", unreachable=True)
        mail = mail_of(letter, self._sender, self._link_for, datetime.now(UTC))
        with said_plainly():
            self._hand_over(mail, recipient)
        return {"message_id": str(mail["Message-ID"])}

    def greet(self) -> None:
        """Connects, makes the connection safe, logs in, and sends nothing: to see whether that works. Raises Again."""
        with said_plainly():
            self._hand_over(None, "")

    def _hand_over(self, mail: EmailMessage | None, recipient: str) -> None:
        connection = self._connect()
        cut = threading.Timer(LONGEST, _cut, [connection])
        cut.daemon = True
        cut.start()
        try:
            self._converse(connection, mail, recipient)
            self._say_goodbye(connection)
        finally:
            cut.cancel()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port, patience = self._server.host, self._server.port, self._server.patience
        try:
            if self._server.security == "tls":
                return smtplib.SMTP_SSL(host, port, timeout=patience, context=self._tls)
            return smtplib.SMTP(host, port, timeout=patience)
        except ssl.SSLError:
            raise
        except OSError:
            raise Again("mail server does not answer", whole_channel=True) from None

    def _converse(self, connection: smtplib.SMTP, mail: EmailMessage | None, recipient: str) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            connection.starttls(context=self._tls)
        if self._server.user:
            connection.login(self._server.user, self._server.password)
        if mail is not None:
            connection.send_message(mail, self._sender.addr_spec, [recipient])

    def _say_goodbye(self, connection: smtplib.SMTP) -> None:
        """The letter is theirs now: however the goodbye ends, it must not be sent again."""
        with suppress(OSError, smtplib.SMTPException):
            if connection.sock:
                connection.sock.settimeout(min(_GOODBYE, self._server.patience))
            connection.quit()


def _cut(connection: smtplib.SMTP) -> None:
    """Ends a conversation that goes on and on: a time-out counts from one byte to the next, and never runs out where
    they drip."""
    if connection.sock:
        with suppress(OSError):
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
