"""The cells of the desk's own template, column by column: each read, or refused with what would be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from knowledge.parties import is_email
from knowledge.register.reading.days import NoDay
from knowledge.register.reading.values import NotYesOrNo, read_yes_no
from knowledge.services import catalogue
from knowledge.timeline.nouns import Lot
from knowledge.timeline.reading.bands import NoBand, read_band
from knowledge.timeline.reading.headings import load_template
from knowledge.timeline.reading.mending import mend_text, plausible_day
from knowledge.timeline.when import When, read_when

MOST_LOTS = 200
_MOST_NUMBERED = 99
_LONGEST_WHEN = 80
_WHENS = "2027-03-15, March 2027, Q3 2026/27"
_NOTHING = re.compile(
    r"[-–—.?*/]+|n\.?/?a\.?|nil|none|null|tb[acd]|unknown|to be \w+|not (known|applicable|yet \w+)", re.I
)
_CPV = re.compile(r"(\d{8})(?:-\d)?")
_REGION = re.compile(r"[A-Z]{2}[A-Z0-9]{0,4}|[EWSN]\d{8}")
_NOTICE = re.compile(r"\b\d{6}-20\d\d\b|\bocds-[a-z0-9]{6}-[\w.:-]+", re.I)
_FINDER = re.compile(r"contractsfinder\S*/notice/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I)
_LENGTH = re.compile(r"\d+(\.\d+)?")


class BadCell(ValueError):
    """A cell that cannot be read. Its text names the cell and what would be read."""


def read_cell(name: str, text: str, heading: str) -> dict[str, Any]:
    """What a cell says, by field. `name`: of the column; `heading`: as the file has it. Nothing for a cell that says
    there is nothing ("tbc", "n/a"). Raises BadCell."""
    if not text.strip() or (name not in _TEXTS and _NOTHING.fullmatch(text.strip())):
        return {}
    return _READERS.get(name, _text)(name, text, heading)


def says_nothing(text: str) -> bool:
    """Whether a cell is empty or says there is nothing to say."""
    return not text.strip() or bool(_NOTHING.fullmatch(text.strip()))


def _text(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: _line(text)}


def _line(text: str) -> str:
    return " ".join(mend_text(text).split())


def _paragraphs(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: mend_text(text).strip()}


def _choice(name: str, text: str, heading: str) -> dict[str, Any]:
    template, said = load_template(), " ".join(text.casefold().replace("_", " ").split())
    column = template.of(name)
    choices = column.choices if column else ()
    chosen = template.words.get(name, {}).get(said, said)
    if chosen not in choices:
        raise BadCell(f"{text[:60]!r} is none of {', '.join(choices)}")
    return {name: chosen}


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


def _listed(text: str, between: str = r"[,;|\n]") -> list[str]:
    """The entries of a list, each once, without the mark by which a spreadsheet is told that one is no formula."""
    parts = (_line(part.strip().lstrip("'")) for part in re.split(between, text))
    return list(dict.fromkeys(part for part in parts if part))


def _places(name: str, text: str, heading: str) -> dict[str, Any]:
    return {name: tuple(_listed(text))}


def _cpv(name: str, text: str, heading: str) -> dict[str, Any]:
    codes = _listed(text, r"[\s,;|]+")
    if wrong := [code for code in codes if not _CPV.fullmatch(code)]:
        raise BadCell(f"{wrong[0][:60]!r} is no CPV code: eight digits, zeros in front included (85312400, 85312400-9)")
    return {name: tuple(dict.fromkeys(code[:8] for code in codes))}


def _regions(name: str, text: str, heading: str) -> dict[str, Any]:
    codes = [code.upper() for code in _listed(text, r"[\s,;|]+")]
    if wrong := [code for code in codes if not _REGION.fullmatch(code)]:
        raise BadCell(f"{wrong[0][:60]!r} is no region code (UKJ4, TLJ4, E10000016); names of places go under Area")
    return {name: tuple(dict.fromkeys(codes))}


def _lots(name: str, text: str, heading: str) -> dict[str, Any]:
    """One lot a line, or "; " between two. A mere number is so many lots that nobody has named."""
    if re.fullmatch(r"\d{1,4}", text.strip()):
        count = int(text)
        if count > _MOST_NUMBERED:
            raise BadCell(f"{text!r} is more lots than can be: one on each line is read (North (£100k-£200k))")
        return {name: tuple(Lot(title=f"Lot {number}") for number in range(1, count + 1)) if count > 1 else ()}
    parts = [part.strip().lstrip("•*'").strip() for part in re.split(r"\n|;(?=\s|$)", text)]
    lots = tuple(_lot(part) for part in parts if part)
    if len(lots) > MOST_LOTS:
        raise BadCell(f"{len(lots)} lots are more than the {MOST_LOTS} that are kept")
    return {name: lots}


def _lot(text: str) -> Lot:
    """A lot's title, and its value where brackets behind it hold one."""
    found = re.fullmatch(r"(?P<title>.*\S)\s*\((?P<band>[^()]*\d[^()]*)\)", text)
    if found:
        try:
            band = read_band(found["band"])
            return Lot(title=_line(found["title"]), low=band.low, high=band.high)
        except NoBand as error:
            if "£" in found["band"]:
                raise BadCell(str(error)) from None
    return Lot(title=_line(text))


def _service(name: str, text: str, heading: str) -> dict[str, Any]:
    """The kind of service in the file's words, and its key where they are the catalogue's own."""
    said = _line(text)
    same = said.casefold()
    key = next((one.key for one in catalogue().services if same in (one.key, one.name.casefold())), "")
    return {"category": said, **({"service": key} if key else {})}


def _duration(name: str, text: str, heading: str) -> dict[str, Any]:
    """As given; a mere number is so many months or years where the heading says so."""
    said = _line(text)
    if not _LENGTH.fullmatch(said):
        return {name: said}
    unit = next((unit for unit in ("month", "year") if unit in heading.casefold()), "")
    if not unit:
        raise BadCell(f"{said!r} does not say of what (3 years, 48 months)")
    return {name: f"{said} {unit}" if said == "1" else f"{said} {unit}s"}


def _contact(name: str, text: str, heading: str) -> dict[str, Any]:
    said = _line(text)
    return {"contact_email": said} if is_email(said) else {name: said}


def _email(name: str, text: str, heading: str) -> dict[str, Any]:
    said = _line(text).removeprefix("mailto:")
    if not is_email(said):
        raise BadCell(f"{said[:60]!r} is no e-mail address (commissioning@example.org)")
    return {name: said}


def _notices(name: str, text: str, heading: str) -> dict[str, Any]:
    found: dict[str, None] = {}
    for part in _listed(text, r"[,;|\n]|\s(?=\d{6}-|ocds-|https?:)"):
        if finder := _FINDER.search(part):
            found[f"cf:{finder[1].lower()}"] = None
        elif notice := _NOTICE.search(part):
            found[notice[0]] = None
        else:
            raise BadCell(f"{part[:60]!r} is no notice's number or OCID (012345-2027, ocds-h6vhtk-012345)")
    return {name: tuple(found)}


_TEXTS = frozenset(("reference", "title", "description", "reason"))
_Reader = Callable[[str, str, str], dict[str, Any]]
_READERS: dict[str, _Reader] = {
    "description": _paragraphs, "reason": _paragraphs, "stage": _choice, "route": _choice, "state": _choice,
    "engagement": _when, "tender": _when, "closes": _when, "award": _when, "start": _when, "end": _when,
    "low": _value, "high": _value, "value": _value, "sme": _yes_no, "vcse": _yes_no, "subcontract": _yes_no,
    "area": _places, "cpv": _cpv, "regions": _regions, "lots": _lots, "service": _service, "duration": _duration,
    "contact": _contact, "contact_email": _email, "notices": _notices,
}  # fmt: skip
