"""Which settings a process starts with otherwise than the last time, without any setting's value being kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from knowledge.audit import Deed, account
from knowledge.facts import hold_fact, set_fact

_CODE = 2
"""Bytes kept of each value's code: enough to see that it has changed (one change in 65,536 is missed), and too few to
try out what a password might have been."""


def note_settings(
    connection: Connection, process: str, values: Mapping[str, str], now: datetime, salt: str
) -> list[str]:
    """Compares the settings of a process that starts (serve, slack, work) with those of its last start, accounts for
    the names of those that differ, and gives these. `values`: by name; `salt`: random, used where none is kept yet."""
    name = f"settings_of:{process}"
    kept = json.loads(hold_fact(connection, name) or "{}")
    salt, before = kept.get("salt", salt), kept.get("codes", {})
    codes = {one: _code(salt, one, value) for one, value in values.items()}
    changed = sorted(one for one in codes.keys() | before.keys() if codes.get(one) != before.get(one))
    if not changed:
        return []
    set_fact(connection, name, json.dumps({"salt": salt, "codes": codes}))
    if not before:  # the first start: nothing was otherwise
        return []
    for one in changed:
        account(connection, Deed.CHANGED, "setting", one, now)
    return changed


def _code(salt: str, name: str, value: str) -> str:
    return hashlib.blake2b(f"{name}\0{value}".encode(), key=salt.encode(), digest_size=_CODE).hexdigest()
