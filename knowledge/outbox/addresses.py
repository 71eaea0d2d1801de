"""Addresses at which nobody reads."""

from __future__ import annotations

import re

_NOBODY = re.compile(r"(^|[._+-])((no|do[._-]?not|dont)[._-]?reply|mailer[._-]?daemon)")


def is_no_reply(address: str) -> bool:
    """Whether an e-mail address says of itself that nobody reads what arrives there: no-reply@, donotreply@ ..."""
    return bool(_NOBODY.search(address.rpartition("@")[0].lower()))
