"""The cells of the desk's own template, column by column: each read, or refused with what would be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from knowledge.parties import is_email
from knowledge.register.reading.days import NoDay
from knowledge.register.reading.values import NotYesOrNo, read_yes_no
from knowledge.services import catalogue
from knowledge.timeline.nouns import Route, Stage, State
from knowledge.timeline.reading.bands import NoBand, read_band
from knowledge.timeline.reading.headings import load_template
from knowledge.timeline.reading.lists import BadCell, read_cpv, read_lots, read_notices, read_places, read_regions
from knowledge.timeline.reading.mending import mend_line, mend_text, plausible_day
from knowledge.timeline.when import When, read_when

__all__ = ["BadCell", "read_cell"]

_LONGEST_WHEN = 80
_WHENS = "2027-03-15, March 2027, Q3 2026/27"
_NOTHING = re.compile(
    r"[-–—.?*/]+|n\.?/?a\.?|nil|none|null|tb[acd]|unknown|to be \w+|not (known|applicable|yet \w+)", re.I
)
_LENGTH = re.compile(r"\d+(\.\d+)?")


def read_cell(name: str, text: str, heading: str) -> dict[str, Any]:
    """What a cell says, by field. `name`: of the column; `heading`: as the file has it. Nothing for a cell that says
    there is nothing ("tbc", "n/a"). Raises BadCell."""
    if not text or text.isspace():
        return {}
    if name in _TEXTS:
        return (_paragraphs if name in _LONG else _text)(name, text, heading)
    return _read(name, text, heading)


@lru_cache(maxsize=50_000)
def _read(name: str, text: str, heading: str) -> dict[str, Any]:
    """The same cell says the same, and is held once: the rows of a file repeat each other."""
    return {} if _NOTHING.fullmatch(text.strip()) else _READERS.get(name, _text)(name, text, heading)


def _text(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: mend_line(text)}


def _paragraphs(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: mend_text(text).strip()}


def _choice(name: str, text: str, heading: str) -> dict[str, Any]:
    template, said = load_template(), " ".join(text.casefold().replace("_", " ").split())
    column = template.of(name)
    choices = column.choices if column else ()
    chosen = template.words.get(name, {}).get(said, said)
    if chosen not in choices:
        raise BadCell(f"{text[:60]!r} is none of {', '.join(choices)}")
    return {name: _CHOICES[name](chosen)}


def _when(name: str, text: str, heading: str) -> dict[str, Any]:
    try:
        when = read_when(text)
    except NoDay as error:
        what = str(error)
        what = f"{what}, month or quarter" if what.endswith("is no day") else what
        raise BadCell(f"{what} ({_WHENS})") from None
    if when is None and re.fullmatch(r"\d{4}", text.strip()):
        raise BadCell(f"{text.strip()!r} is in no year of a plan ({_WHENS})")
    return {} if when is None else {name: _plausible(when, text)}


def _plausible(when: When, text: str) -> When:
    if plausible_day(when.first) is None or plausible_day(when.last) is None:
        raise BadCell(f"{text[:60]!r} is in no year of a plan ({_WHENS})")
    if len(when.said) > _LONGEST_WHEN:
        raise BadCell(f"{text[:60]!r} says more than a day, month or quarter ({_WHENS})")
    return when


def _value(name: str, text: str, heading: str) -> dict[str, Any]:
    """One end of the band, or both where the cell says both."""
    try:
        band = read_band(text)
    except NoBand as error:
        raise BadCell(str(error)) from None
    single = band.low == band.high
    low = None if single and name == "high" else band.low
    high = None if single and name == "low" else band.high
    said = {"low": low, "high": high, "gross": band.gross}
    return {key: value for key, value in said.items() if value is not None}


def _yes_no(name: str, text: str, heading: str) -> dict[str, Any]:
    try:
        said = read_yes_no(text)
    except NotYesOrNo:
        said = None
    if said is None:
        raise BadCell(f"{text[:60]!r} is neither Yes nor No")
    return {name: said}


def _service(name: str, text: str, heading: str) -> dict[str, Any]:
    """The kind of service in the file's words, and its key where they are the catalogue's own."""
    said = mend_line(text)
    same = said.casefold()
    key = next((one.key for one in catalogue().services if same in (one.key, one.name.casefold())), "")
    return {"category": said, **({"service": key} if key else {})}


def _duration(name: str, text: str, heading: str) -> dict[str, Any]:
    """As given; a mere number is so many months or years where the heading says so."""
    said = mend_line(text)
    if not _LENGTH.fullmatch(said):
        return {name: said}
    unit = next((unit for unit in ("month", "year") if unit in heading.casefold()), "")
    if not unit:
        raise BadCell(f"{said!r} does not say of what (3 years, 48 months)")
    return {name: f"{said} {unit}" if said == "1" else f"{said} {unit}s"}


def _contact(name: str, text: str, heading: str) -> dict[str, Any]:
    said = mend_line(text)
    return {"contact_email": said} if is_email(said) else {name: said}


def _email(name: str, text: str, heading: str) -> dict[str, Any]:
    said = mend_line(text).removeprefix("mailto:")
    if not is_email(said):
        raise BadCell(f"{said[:60]!r} is no e-mail address (commissioning@example.org)")
    return {name: said}


_LONG = frozenset(("description", "reason"))
_TEXTS = _LONG | {"reference", "title"}
_CHOICES: dict[str, type[StrEnum]] = {"stage": Stage, "route": Route, "state": State}
_Reader = Callable[[str, str, str], dict[str, Any]]
_READERS: dict[str, _Reader] = {
    "stage": _choice, "route": _choice, "state": _choice,
    "engagement": _when, "tender": _when, "closes": _when, "award": _when, "start": _when, "end": _when,
    "low": _value, "high": _value, "value": _value, "sme": _yes_no, "vcse": _yes_no, "subcontract": _yes_no,
    "partner": _yes_no,
    "area": read_places, "cpv": read_cpv, "regions": read_regions, "lots": read_lots, "service": _service,
    "duration": _duration, "contact": _contact, "contact_email": _email, "notices": read_notices,
}  # fmt: skip
