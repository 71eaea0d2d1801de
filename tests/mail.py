"""A mail server on 127.0.0.1 that keeps what arrives, and refuses or hangs where a test says so."""

from __future__ import annotations

import asyncio
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from fake_slack import until
from processes import free_port


class MailServer:
    """The server. Use as a context manager. `refuses` and `answers`: by command (RCPT, DATA) or by recipient, what is
    said instead of yes; `hangs`: commands that are never answered; `slow`: seconds each letter takes."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None) -> None:
        self.arrived: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        self.hangs: set[str] = set()
        self.slow = 0.0
        self.conversations = 0
        self._lock = threading.Lock()
        self._tls, self._login = tls, login
        self._controller = _Here(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what arrived, without the domain."""
        with self._lock:
            return [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in self.arrived]

    def await_mail(self, count: int = 1, seconds: float = 10.0) -> list[EmailMessage]:
        """What arrived, once it is so many."""
        until(lambda: len(self.arrived) >= count, f"{count} letters, not {len(self.arrived)}", seconds)
        return self.arrived

    # what aiosmtpd calls

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        await self._hang("EHLO")
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._hang("MAIL")
        envelope.mail_from = address
        return self.refuses.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._hang("RCPT")
        envelope.rcpt_tos.append(address)
        return self.refuses.get(address) or self.refuses.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), self.slow)
        if "DATA" in self.refuses:
            return self.refuses["DATA"]
        mail = message_from_bytes(bytes(envelope.original_content or b""), policy=policy.default)
        with self._lock:
            self.arrived.append(mail)
        await self._hang("DATA")
        return "250 OK"

    async def _hang(self, command: str) -> None:
        if command in self.hangs:
            await asyncio.Event().wait()

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        """Who may log in."""
        assert isinstance(given, LoginPassword)
        known = self._login and (given.login.decode(), given.password.decode()) == self._login
        return AuthResult(success=bool(known), handled=False)


class _Here(Controller):
    """aiosmtpd's thread, with TLS and log-in as the server of the test wants them."""

    def factory(self) -> SMTP:
        ours: MailServer = self.handler
        more: dict[str, Any] = {"tls_context": ours._tls} if ours._tls else {}
        if ours._login:
            more |= {"authenticator": ours.authenticator, "auth_required": True}
        return SMTP(ours, hostname="mail.example.org", **more)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server on 127.0.0.1: its side, and the side of those who trust it."""
    from ipaddress import IPv4Address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(path)
    return theirs, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
