"""desk serve, desk slack, desk demo."""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.beating import Beating
from bot.children import run_together
from bot.logs import log, set_up_logs
from bot.sample import load_sample
from bot.sample_concerns import load_year
from bot.settings import Settings, load_settings
from bot.settings_kept import account_for_settings
from bot.terminal import console
from bot.wiring import Wiring
from knowledge.incoming import parked, unpark
from knowledge.outbox.heartbeats import SLACK
from knowledge.people import require_contacts

_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks for the folder."""


@click.command()
@click.option("--port", type=int, help="Port to listen on instead of PORT.")
@click.option("--all", "everything", is_flag=True, help="With the worker, and with Slack where its tokens are set.")
def serve(port: int | None, everything: bool) -> None:
    """Serve the chat page, the viewer and /slack/events with gunicorn, until Ctrl-C."""
    settings = load_settings(needs=("secret_key",))
    set_up_logs(settings.log_level)
    wiring = Wiring(settings)  # a record that is missing, old or away is said now, not at the first question
    require_contacts(wiring.store)
    account_for_settings(wiring, "serve")
    wiring.index.get()
    wiring.register.get()
    others = _others(settings) if everything else []
    sys.exit(_run([_gunicorn(settings, port or settings.port), *others], os.environ))


@click.command()
@click.option("--manifest", is_flag=True, help="Print the Slack app's manifest and stop.")
@click.option("--parked", "list_parked", is_flag=True, help="List messages that could not be answered, and stop.")
@click.option("--retry", is_flag=True, help="Give the parked messages another run of tries, and stop.")
@click.option("--json", "as_list", is_flag=True, help="With --parked: as a JSON array.")
def slack(manifest: bool, list_parked: bool, retry: bool, as_list: bool) -> None:
    """Answer in Slack over Socket Mode: mentions, direct messages and /desk, until Ctrl-C."""
    if manifest:
        print(files("bot").joinpath("data", "slack-manifest.json").read_text(encoding="utf-8"), end="")
        return
    if list_parked or retry:
        _show_parked(Wiring(load_settings()), retry=retry, as_list=as_list)
        return
    settings = load_settings(needs=("secret_key", "slack_bot_token", "slack_app_token"))
    set_up_logs(settings.log_level)
    _socket_mode(settings)


@click.command()
@click.option("--port", type=int, help="Port to listen on instead of PORT.")
def demo(port: int | None) -> None:
    """Load the sample council into DESK_HOME and serve it, with a choice of role, until Ctrl-C."""
    environment = {
        "DESK_PACKS": "sample",
        "DESK_OUT_OF_HOURS": "01632 960 123",
        "DESK_COUNCIL": "Marlshire County Council",
        "DESK_SECRET_KEY": secrets.token_hex(32),
        "DESK_HOME": ".desk/demo",
        **os.environ,
        "DESK_DEMO": "true",
    }
    settings = load_settings(environment)
    set_up_logs(settings.log_level)
    wiring = Wiring(settings)
    load_sample(wiring)
    load_year(wiring)
    port = port or settings.port
    console.print(f"\nThe desk is open on [bold]http://{settings.host}:{port}[/]  (Ctrl-C closes it)\nTry asking:")
    for question in wiring.pack.questions[:6]:
        console.print(f"  {question}", markup=False)
    sys.exit(_run([_gunicorn(settings, port), *_others(settings)], environment))


def _show_parked(wiring: Wiring, *, retry: bool, as_list: bool) -> None:
    found = parked(wiring.store)
    if as_list:
        rows = [{"id": one.id, "received_at": one.received_at.isoformat(), "attempts": one.attempts} for one in found]
        print(json.dumps(rows))
    for one in () if as_list else found:
        console.print(f"{one.received_at:%d %b %Y %H:%M} UTC  {one.id}  tried {one.attempts} times", markup=False)
    if retry:
        count = unpark(wiring.store)
        print(f"desk: {count} to be tried again by the running desk", file=sys.stderr)
    elif not found and not as_list:
        console.print("Nothing is parked.")


def _run(commands: list[list[str]], environment: Mapping[str, str]) -> int:
    """Runs them with a folder in which the processes of the web server keep what they count, so that any of them can
    tell it for all. It goes with them."""
    with TemporaryDirectory(prefix="desk-counts-") as folder:
        return run_together(commands, {**environment, _COUNTS: folder})


def _gunicorn(settings: Settings, port: int) -> list[str]:
    """gunicorn's command, with the application's name in words, so that no import turns back."""
    return [
        sys.executable, "-m", "gunicorn", "webhooks:create_app()", "--bind", f"{settings.host}:{port}",
        "--workers", str(settings.web_workers), "--worker-class", "bot.serving.PatientWorker", "--threads", "8",
        "--logger-class", "bot.serving_log.QuietLog", "--timeout", "60", "--graceful-timeout", "20",
        "--keep-alive", "75",  # longer than proxies keep a connection, else one sends into an end; it takes no thread
        "--log-level", "warning", "--config", "python:bot.web_process", "--chdir", str(Path.cwd()),
    ]  # fmt: skip


def _others(settings: Settings) -> list[list[str]]:
    """The commands of what stands beside the web server."""
    slack = all(token.get_secret_value() for token in (settings.slack_bot_token, settings.slack_app_token))
    return [[sys.executable, "-m", "bot", name] for name in (("work", "slack") if slack else ("work",))]


def _socket_mode(settings: Settings) -> None:
    from bot.slack import create_slack, slack_client
    from bot.slack.socket import Gently

    wiring = Wiring(settings)
    require_contacts(wiring.store)
    account_for_settings(wiring, "slack")
    wiring.index.get()
    wiring.register.get()
    app_token = settings.slack_app_token.get_secret_value()
    app, intake = create_slack(wiring)
    handler = Gently(app, app_token, web_client=slack_client(app_token, settings.slack_api_url))
    stopped = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda number, frame: stopped.set())
    beating = Beating(wiring.store, SLACK)
    beating.start()
    if handler.connect_when_there(stopped):
        log.info("slack", state="connected")
        console.print("Connected to Slack. Ctrl-C stops.")
    stopped.wait()
    handler.close()
    intake.stop()
    beating.stop()
    wiring.leave()
