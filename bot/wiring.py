"""The one wiring: settings in, a desk out."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.channels import Channel, channels_of, open_channels
from bot.channels.courier import Courier
from bot.channels.settling import Duties
from bot.logs import log, where_of
from bot.settings import Settings
from handlers.desk import Desk, utc_now
from handlers.letters import Letter
from handlers.messages import Choice
from handlers.telling import compose
from handlers.ticking import tell_parked
from handlers.undelivered import undeliverable
from knowledge.current import Current
from knowledge.danger import danger
from knowledge.documents.current import current_index
from knowledge.documents.reading import Limits
from knowledge.documents.search import Index
from knowledge.pack import Pack, open_pack
from knowledge.register.current import current_register
from knowledge.register.reader import RegisterReader
from knowledge.retention.erasures import Erasures
from knowledge.retention.periods import Periods
from knowledge.service_levels import Levels, load_levels
from knowledge.services import catalogue
from knowledge.store import Store, open_store, safe_url
from knowledge.subscriptions.endpoint import Endpoint
from knowledge.timeline.buyers import Buyers
from knowledge.workdays import Calendar

_LEARNS_WITHIN = 1.2
"""Seconds for which whoever adds something to the papers waits until it is found: Slack waits no longer for a form."""


@dataclass(frozen=True)
class Wiring:
    """Everything one process of the desk uses, made when first wanted."""

    settings: Settings

    @cached_property
    def store(self) -> Store:
        """The record. A new one is said on stderr."""
        store, made = open_store(self.settings.store_url)
        if made:
            print(f"desk: made a new record at {safe_url(store.url)}", file=sys.stderr)
        return store

    @cached_property
    def pack(self) -> Pack:
        """The pack the settings name."""
        return open_pack(self.settings.packs)

    @cached_property
    def index(self) -> Current[Index]:
        """The search index of this machine."""
        return current_index(self.store, self.pack, self.settings.index_path, report)

    @cached_property
    def register(self) -> Current[RegisterReader]:
        """This machine's search index of the register."""
        return current_register(self.store, catalogue(), self.settings.register_index_path, report)

    @property
    def limits(self) -> Limits:
        """How much of one file is read."""
        s = self.settings
        return Limits(s.max_file_bytes, s.max_pages, s.max_read_seconds, s.max_read_memory, s.max_unpacked_bytes)

    @cached_property
    def levels(self) -> Levels:
        """The service levels of the file that the settings name, else those that ship. Raises LevelError."""
        return load_levels(Path(self.settings.service_levels) if self.settings.service_levels else None)

    @cached_property
    def buyers(self) -> Buyers:
        """The council as feeds write it."""
        return Buyers.of(self.settings.buyers, self.settings.council)

    @cached_property
    def desk(self) -> Desk:
        """The desk the handlers work with."""
        return Desk(
            store=self.store,
            index=self.index.get,
            register=self.register.get,
            council=self.settings.council,
            questions=self.pack.questions,
            slack_mode=self.settings.slack_mode,
            buyers=self.buyers,
            longest_question=self.settings.max_question,
            at_risk=at_risk,
            on_error=report,
            levels=self.levels,
            calendar=Calendar(self.settings.closures),
            out_of_hours=self.settings.out_of_hours,
            ending_within=self.settings.ending_within,
            channels=channels_of(self.settings),
            kick=lambda: self.courier.kick(),
            address=self.settings.url,
            count=count,
            knock=self.knock,
            loopback_hooks=self.settings.webhook_loopback,
            kept=periods_of(self.settings),
            erasures=Erasures(self.settings.home / "erasures.jsonl"),
            enquiry_days=self.settings.enquiry_days,
            officers_channel=self.settings.officers_channel,
            contact=self.settings.contact,
            review_days=self.settings.review_days,
            pattern_concerns=self.settings.pattern_concerns,
            pattern_days=self.settings.pattern_days,
            learn=lambda: self.index.settle(_LEARNS_WITHIN),
        )

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The channels the settings switch on."""
        return open_channels(self.settings, self.link_for, lambda: self.store)

    def knock(self, endpoint: Endpoint, id: str, event: Mapping[str, Any]) -> str:
        """Sends an endpoint one event now, and gives why it was not taken, "" where it was."""
        from bot.channels.webhook import knock  # which takes its time to load
        from bot.outgoing import Outgoing

        return knock(Outgoing(loopback=self.settings.webhook_loopback), endpoint, id, event, utc_now())

    @cached_property
    def duties(self) -> Duties:
        """What the handlers do about a notification."""
        return Duties(
            compose=lambda owed: compose(owed, self.desk),
            undeliverable=lambda owed, reason: undeliverable(owed, reason, self.desk),
            tell_parked=lambda owed, reason: tell_parked(owed, self.desk),
        )

    @cached_property
    def courier(self) -> Courier:
        """Sends what is urgent at once: kicked by whoever has just committed it."""
        return Courier(self.store, self.channels, self.duties)

    def leave(self) -> None:
        """This process ends: what it has in hand is finished."""
        if "courier" in vars(self):
            self.courier.stop()

    def link_for(self, choice: Choice, letter: Letter) -> str:
        """Where a button of an e-mail leads, "" for nowhere."""
        from bot.links import path_for  # which needs this module

        return self.link(path_for(choice, letter, self)) or ""

    def link(self, path: str | None) -> str | None:
        """A public link to a path of the desk, or None where no address is set."""
        return self.settings.url + path if path and self.settings.url else None


def periods_of(settings: Settings) -> Periods:
    """How long each kind of personal text is kept, by the settings called after it."""
    return Periods(**{name: getattr(settings, f"{name}_kept") for name in Periods.model_fields})


def at_risk(text: str) -> str:
    """What danger somebody is in now by what a message tells, "" for none."""
    found = danger(text)
    return found.reason if found else ""


def report(reference: str, error: Exception) -> None:
    """Writes down what went wrong: the reference, the kind and the place, never what the error says."""
    log.error("failed", reference=reference, error=type(error).__name__, where=where_of(error))


def count(what: str, counts: Mapping[str, int]) -> None:
    """Writes counts into the log, a line each: how many of what, and nothing of whom."""
    for kind, number in counts.items():
        log.info("counted", call=what, kind=kind, count=number)
