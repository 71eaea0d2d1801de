"""The command `desk`. Each command lives in its own module and is loaded only when called, so that asking is quick."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from bot import commands
from bot.logs import keep_quiet

_EXPECTED = (
    "SettingsError", "StoreError", "Away", "PackError", "PeopleError", "CatalogueError", "RegisterError",
    "MappingError", "PlacesError", "LevelError", "ProviderFileError", "TimelineFileError", "NoSuchIntention",
    "CannotChange", "ReasonMissing", "NotOurs", "BadCell", "CannotUndo", "WrongVersion",
)  # fmt: skip
"""Errors that are told, not traced: their text says what to do."""
_USAGE = ("SettingsError", "MappingError", "LevelError")
"""Those of them that say the desk was called wrongly."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(commands.MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = commands.MODULES.get(cmd_name)
        if module is None:
            return None
        found = getattr(import_module(f"bot.commands.{module}"), cmd_name.replace("-", "_"))
        assert isinstance(found, click.Command)  # noqa: S101 - the table names commands only
        return found


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commissioning-desk", prog_name="desk")
def desk() -> None:
    """Commissioning Desk: what the council's commissioning papers say, with the place where they say it."""


def main() -> None:
    """Runs `desk`. Exit codes: 0 done, 1 not done or not all of it, 2 called wrongly."""
    keep_quiet()
    try:
        desk(prog_name="desk")
    except Exception as error:
        if type(error).__name__ not in _EXPECTED:
            raise
        for line in str(error).splitlines():
            print(f"desk: {line}", file=sys.stderr)
        sys.exit(2 if type(error).__name__ in _USAGE else 1)


if __name__ == "__main__":
    main()
