"""What every process that serves does as it starts: it writes down which settings are not what they were."""

from __future__ import annotations

import secrets

from pydantic import SecretStr

from bot.settings import Settings, variable
from bot.wiring import Wiring
from knowledge.settings_kept import note_settings


def account_for_settings(wiring: Wiring, process: str) -> None:
    """Accounts for the settings that differ from this process's last start, by name. `process`: serve, slack, work."""
    values = {variable(name): _said(getattr(wiring.settings, name)) for name in Settings.model_fields}
    with wiring.store.writing() as connection:
        note_settings(connection, process, values, wiring.desk.now(), secrets.token_hex(16))


def _said(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
