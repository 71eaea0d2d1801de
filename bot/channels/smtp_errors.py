"""What a mail server's refusals mean for a letter: again, never, or ours to mend."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels import Again, Never


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what smtplib raises into Again and Never, in words of ours: a server's words quote addresses."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _of_recipient(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise _of_letter(error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise _of_server(error) from None
    except smtplib.SMTPNotSupportedError:
        raise Again("mail server lacks what the settings ask for", whole_channel=True) from None
    except ssl.SSLError:
        raise Again("mail server's certificate or TLS fails", whole_channel=True) from None
    except TimeoutError:
        raise Again("mail server took too long") from None
    except (smtplib.SMTPException, OSError):
        raise Again("mail server broke off") from None


def _of_recipient(code: int, said: bytes) -> Again | Never:
    """5xx is no such mailbox; but 530 and 5.7.x are about us (no relaying): by them everybody would seem gone."""
    if code < 500:
        return Again(f"recipient refused for now ({code})", whole_channel=code == 421)
    if code == 530 or said.startswith(b"5.7."):
        return Again(f"relaying refused ({code})", whole_channel=True)
    return Never(f"recipient refused ({code})", unreachable=True)


def _of_letter(code: int) -> Again | Never:
    if code < 500:
        return Again(f"letter refused for now ({code})", whole_channel=code == 421)
    return Never(f"letter refused ({code})", unreachable=False)


def _of_server(error: smtplib.SMTPResponseException) -> Again:
    """The greeting, TLS, the password or the sender is refused: for good, it is ours to mend, and nothing leaves."""
    refused = {smtplib.SMTPAuthenticationError: "password", smtplib.SMTPSenderRefused: "sender"}
    lasting = error.smtp_code >= 500 or error.smtp_code in (-1, 421)
    return Again(f"{refused.get(type(error), 'session')} refused ({error.smtp_code})", whole_channel=lasting)
