"""Where a webhook may go: an address that is fit to be told to somebody else's server. Only its words are looked at
here; whether its name leads into a private network is asked when something is sent there."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

LONGEST = 2_048
"""Characters of an address."""
PORTS = (443, 8443)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?!0x|\d+$){_LABEL}")
_STRANGE = re.compile(r"[^\x21-\x7e]|[\\<>\"`{}|^]")


class BadUrl(ValueError):
    """No webhook goes to that address. Its text says why, for whoever typed it."""


def hook_url(url: str, *, loopback: bool = False) -> str:
    """An address as it is kept. `loopback`: this machine is allowed as well, by http too and on any port. Raises
    BadUrl."""
    url = url.strip()
    if len(url) > LONGEST:
        raise BadUrl(f"The address has more than {LONGEST:,} characters.")
    if _STRANGE.search(url):
        raise BadUrl("The address has characters that no address has; a name such as müller.example begins with xn--.")
    parts = _parts(url)
    if "@" in parts.netloc:
        raise BadUrl("The address must not hold a user name or a password.")
    if parts.fragment:
        raise BadUrl("The address must not hold a # and what follows it.")
    if not (loopback and parts.scheme in ("http", "https") and parts.hostname in LOOPBACK):
        _public(parts)
    return url


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it says whether it is one
    except ValueError:
        raise BadUrl("This is no address; one looks like https://hooks.example.org/desk.") from None
    return parts


def _public(parts: SplitResult) -> None:
    if parts.scheme != "https":
        raise BadUrl("The address must begin with https://.")
    host = parts.hostname or ""
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise BadUrl("The address must name a public server, such as hooks.example.org, and not by its number.")
    if (443 if parts.port is None else parts.port) not in PORTS:
        raise BadUrl("The port must be 443 or 8443.")
