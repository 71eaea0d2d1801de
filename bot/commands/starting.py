"""How a command begins: the desk as the settings have it, who does something with it, and whether in earnest."""

from __future__ import annotations

import click

from bot.logs import set_up_logs
from bot.settings import load_settings
from bot.wiring import Wiring

as_somebody = click.option(
    "--as", "who", required=True, metavar="EMAIL", help="Who does it: somebody on the people list."
)
rehearsed = click.option("--dry-run", is_flag=True, help="Say what would come of it, and change nothing.")


def wired() -> Wiring:
    """The desk, with its log begun. Raises SettingsError."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    return Wiring(settings)
