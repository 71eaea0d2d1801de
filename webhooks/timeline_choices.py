"""What the form of the timeline's page offers: only what can choose something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.engine import Connection

from handlers.intentions.saying import pounds_words, stage_words
from knowledge.services import catalogue
from knowledge.timeline.nouns import Stage, State
from knowledge.timeline.overview import Said, count_of, said_of
from knowledge.timeline.selecting import Choices, choices
from knowledge.timeline.wishing import Wish
from webhooks.timeline_filters import BANDS, Asked
from webhooks.timeline_quarters import quarters_from, read_quarter
from webhooks.timeline_services import Group, groups_of

FEW_KINDS = 12
"""Up to so many kinds of service they are all offered; with more, those of the group that is chosen."""


class Option(NamedTuple):
    """An entry of a list: what stands in the address, and what people read."""

    value: str
    label: str


class Field(NamedTuple):
    """A filter of the form. `kind`: words, choice or tick; `parts`: lists of options, each under a heading, "" for
    none; `more`: it stands among those that are folded away."""

    name: str
    label: str
    kind: str
    value: str
    parts: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    hint: str = ""
    any: str = "Any"
    more: bool = True


class Offer(NamedTuple):
    """What there is to choose by. `open`: how many a provider can bid or apply for now."""

    found: Choices
    said: Said
    open: int


def offer_of(connection: Connection, wish: Wish, day: date) -> Offer:
    """What the intentions of a wish can be chosen by."""
    bids = replace(wish, states=frozenset({State.OPEN}))
    return Offer(choices(connection, wish, day), said_of(connection, wish, day), count_of(connection, bids, day))


def fields_of(offer: Offer, asked: Asked, day: date, *, others: bool, council: str) -> list[Field]:
    """The filters that can choose something. `others`: other buyers' notices are held beside the council's."""
    found, said = offer.found, offer.said
    fields = [
        Field("words", "Words", "words", asked.given.get("words", ""), hint="Such as “carers” or “bus”", more=False),
        _services(asked, found),
        _choice(asked, "quarter", "When something happens", _quarters(asked, found, day), any="Any time", more=False),
        _choice(asked, "directorate", "Directorate", _plain(found.directorates)),
        _choice(asked, "area", "Area", _plain(found.districts), least=1, any="Anywhere"),
        _choice(asked, "stage", "Stage", _stages(found)),
        *_values(asked, said),
        *_ticks(asked, offer, others=others, council=council),
    ]  # fmt: skip
    return [one for one in fields if one]


def _choice(
    asked: Asked, name: str, label: str, options: list[Option], *, least: int = 2, any: str = "Any", more: bool = True
) -> Field | None:
    """A list, where it has enough to choose from; what is chosen is in it whatever there is."""
    value = asked.given.get(name, "")
    if value and value not in [one.value for one in options]:
        options = [*options, Option(value, value)]
    elif len(options) < least:
        return None
    return Field(name, label, "choice", value, (("", tuple(options)),), any=any, more=more)


def _plain(counted: dict[str, int]) -> list[Option]:
    return [Option(name, name) for name in counted]


def _stages(found: Choices) -> list[Option]:
    return [Option(stage.value, stage_words(stage)) for stage in Stage if stage.value in found.stages]


def _quarters(asked: Asked, found: Choices, day: date) -> list[Option]:
    offered = [one for one in quarters_from(day, 12) if found.last and found.first and one.period.first <= found.last]
    chosen = read_quarter(asked.given.get("quarter", ""))
    if chosen and chosen not in offered:
        offered = sorted([*offered, chosen], key=lambda one: one.period)
    return [Option(one.slug, f"{one.months} ({one.name})") for one in offered]


def _services(asked: Asked, found: Choices) -> Field | None:
    """Groups, and under a heading each the kinds within them where they are few."""
    held = [group for group in groups_of(catalogue()) if any(kind.key in found.kinds for kind in group.kinds)]
    value, few = asked.given.get("service", ""), len(found.kinds) <= FEW_KINDS
    groups = tuple(Option(group.slug, group.name) for group in held)
    open_ = [group for group in held if few or value in (group.slug, *(kind.key for kind in group.kinds))]
    parts = (("", groups), *((group.name, _kinds(group, found, value)) for group in open_))
    shown = tuple((name, options) for name, options in parts if options)
    known = [option.value for _, options in shown for option in options]
    if value and value not in known:
        name = next((one.name for one in catalogue().services if one.key == value), value)
        shown = (*shown, ("Also", (Option(value, name),)))
    elif len(found.kinds) < 2:
        return None
    return Field("service", "Service", "choice", value, shown, any="Any service", more=False)


def _kinds(group: Group, found: Choices, value: str) -> tuple[Option, ...]:
    kinds = [kind for kind in group.kinds if kind.key in found.kinds or kind.key == value]
    return tuple(Option(kind.key, kind.name) for kind in kinds)


def _values(asked: Asked, said: Said) -> list[Field | None]:
    if not said.value and not {"from", "to"} & asked.given.keys():
        return []
    bands = [Option(str(band), pounds_words(band)) for band in BANDS]
    return [
        _choice(asked, "from", "Worth at least", _with(asked, "from", bands)),
        _choice(asked, "to", "Worth at most", _with(asked, "to", bands)),
    ]


def _with(asked: Asked, name: str, bands: list[Option]) -> list[Option]:
    """The bands, and the figure somebody wrote into the address."""
    value = asked.given.get(name, "")
    if not value or value in [one.value for one in bands]:
        return bands
    return sorted([*bands, Option(value, pounds_words(int(value)))], key=lambda one: int(one.value))


def _ticks(asked: Asked, offer: Offer, *, others: bool, council: str) -> list[Field]:
    offered = (
        ("open", "Open now: you can bid or apply", bool(offer.open)),
        ("small", "Suited to small firms", bool(offer.said.sme)),
        ("charity", "Suited to charities and social enterprises", bool(offer.said.vcse)),
        ("past", "Also what is over: awarded, withdrawn, past", True),
        ("buyers", f"Also other buyers, not only {council}", others),
    )
    return [
        Field(name, label, "tick", asked.given.get(name, ""))
        for name, label, useful in offered
        if useful or name in asked.given
    ]
