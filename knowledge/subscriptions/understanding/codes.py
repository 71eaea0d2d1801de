"""Codes that stand in a sentence: CPV, regions, references of intentions to be followed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.register.asking.reading import Reading
from knowledge.subscriptions.codes import cpv_prefix, region_code
from knowledge.timeline.asking.parts import Known, references_in

_CODE = r"(?:\d{2}(?:-\d{2}){3}(?!\d)|\d[\w.]{1,9})(?:-\d)?"
_NAMED = re.compile(
    rf"(?<!\w)cpvs?(?:[ -]?(?:codes?|divisions?|groups?|class(?:es)?|categor(?:y|ies)|ranges?|numbers?))*"
    rf"(?: (?:is|are|of|like|under|starting(?: with)?|beginning(?: with)?))?[ :#-]*"
    rf"(?P<codes>{_CODE}(?:(?:\s*[,;/&]\s*|\s+(?:and|or)\s+|\s*,\s*(?:and|or)\s+|\s+)(?:cpv )?{_CODE})*)(?!\w)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w£.,-])(?:\d{8}|\d{2}(?:[. ]\d{2}){3})(?:-\d)?(?![\w])")
_REGION = re.compile(
    r"(?<!\w)(?:nuts|itl)?(?: (?:codes?|regions?))?:? ?(?P<code>(?:UK|TLU?)[C-N]\d?[0-9A-Z]{0,2}|"
    r"(?:uk|tl)[c-n]\d[0-9a-z]{0,2})(?!\w)"
)
_LIKE_ONE = re.compile(r"^[A-Z]{2,6}-\d{1,6}$")
_NO_REFERENCE = frozenset({"COVID-19"})


def cpv_in(reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """CPV codes, taken out of the text, and what was written for one and is none."""
    said = [one for found in _taken(reading, _NAMED) for one in re.findall(_CODE, found["codes"])]
    said += [found.group() for found in _taken(reading, _BARE)]
    return sort_codes(said)


def sort_codes(said: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that are CPV codes, in one form, and those that are none."""
    good, bad = list[str](), list[str]()
    for one in said:
        try:
            good.append(cpv_prefix(one.strip(".")))
        except ValueError:
            bad.append(one)
    return tuple(dict.fromkeys(good)), tuple(dict.fromkeys(bad))


def no_code(said: str) -> str:
    """What is said of something that is no CPV code."""
    return f"“{said.strip()[:40]}” is no CPV code: two to eight digits."


def regions_in(reading: Reading) -> tuple[str, ...]:
    """Codes of regions, without the country's letters, taken out of the text. In small letters they have a digit."""
    return tuple(dict.fromkeys(region_code(found["code"]) for found in _taken(reading, _REGION)))


def follows_in(reading: Reading, known: Known) -> tuple[tuple[str, ...], str]:
    """References of intentions, taken out of the text; else something like one that there is not."""
    found, like = references_in(reading, known)
    return found, like if _LIKE_ONE.match(like) and like not in _NO_REFERENCE else ""


def _taken(reading: Reading, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    while found := reading.take(pattern):
        yield found
