"""Whether whoever holds a poll is still there, where that can be told sooner than by its lease."""

from __future__ import annotations

import os
import socket


def is_dead(holder: str) -> bool:
    """Whether a process of this machine, by the name it went by, lives no more."""
    host, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname()[:24] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
