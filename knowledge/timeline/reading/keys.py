"""What tells a procurement from all others, in every notice about it: the same key wherever the notice comes from."""

from __future__ import annotations

import re

from knowledge.timeline.reading.mending import mend_text

_GUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])", re.I)
_NUMBER = re.compile(r"(?<!\d)\d{6}-20\d\d(?!\d)")
_SERIES = re.compile(r"(?<!\d)(20\d\d)/S ?000-(\d{6})(?!\d)")
_NAMED = re.compile(r"find-tender\.service\.gov\.uk/Notice/\d{6}-\d{4}|\d{4}/S ?000-\d{6}", re.I)
_OCID = re.compile(r"ocds-\w{6}-\S+", re.I)
_OF_THE_AWARD = re.compile(r"\s*[-–]\s*award(?:ed)?\s*$", re.I)
_PORTAL = re.compile(r"(tender_\d+)/\d+", re.I)
_TIME = re.compile(r"\d{1,2}\D\d{1,2}\D(?:20)?\d\d|20\d\d\D?(?:20)?\d\d|20\d\d\D\d\d\D\d\d", re.I)
"""A day or a year: many procurements of one buyer have it."""
_LEAST = 5
"""Letters and digits of a reference: "Lot 1" and "2025" tell nothing from anything."""


def reference_key(buyer: str, reference: str) -> str:
    """The key of a buyer's own reference, "" where it is none: no digit in it, too short, a day or a year, or an
    identifier of somebody else's. What portals add for the award ("... - AWARD", "tender_480859/1445223") comes off."""
    reference = _PORTAL.sub(r"\1", _OF_THE_AWARD.sub("", mend_text(reference)))
    plain = re.sub(r"[\W_]+", "", reference.casefold())
    if (
        _TIME.fullmatch(reference.strip())
        or len(plain) < _LEAST
        or not any(one.isdigit() for one in plain)
        or plain.startswith("ocds")
    ):
        return ""
    name = plain_name(buyer)
    return f"ref:{name}|{plain}" if name else ""


def plain_name(name: str) -> str:
    """An organisation's name as it is compared: its words in small letters, without "the" before them."""
    name = mend_text(name).casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return re.sub(r"^the ", "", " ".join(re.findall(r"[^\W_]+", name)))


def ocid_key(ocid: str) -> str:
    """The key of an open contracting identifier."""
    return f"ocid:{ocid.strip().lower()}" if ocid.strip() else ""


def notice_key(text: str) -> str:
    """The key of a notice on Contracts Finder, from its address or its number; "" where there is none in the text. Of
    an address only a notice's counts: an attachment has a number of its own."""
    if "/" in text and ("/attachment" in text.lower() or "contractsfinder" not in text.lower()):
        return ""
    found = _GUID.search(text)
    return f"cf:{found[0].lower()}" if found else ""


def is_notice_number(text: str) -> bool:
    """Whether a text is the number of a notice on Find a Tender, and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def is_ocid(text: str) -> bool:
    """Whether a text is an open contracting identifier, and nothing else."""
    return _OCID.fullmatch(text) is not None


def ocids(text: str) -> list[str]:
    """The open contracting identifiers that stand in a text."""
    return _OCID.findall(text)


def notice_numbers(text: str) -> list[str]:
    """The numbers of notices on Find a Tender that stand in a text, as "012345-2026", which is also written
    "2026/S 000-012345"."""
    return list(dict.fromkeys([*_NUMBER.findall(text), *(f"{one[2]}-{one[1]}" for one in _SERIES.finditer(text))]))


def notices_named(text: str) -> list[str]:
    """The numbers of notices on Find a Tender that a text of people names: by their address, or in the journal's way.
    Other figures of that shape in it are none."""
    return notice_numbers(" ".join(_NAMED.findall(text)))
