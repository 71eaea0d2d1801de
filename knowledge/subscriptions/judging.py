"""Whether an intention is what somebody wants to hear of, field by field. The only place where that is decided: what
is sent, what would have been sent, and `desk why` all ask here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from knowledge.register.finding.kinds import telling
from knowledge.services import service_names
from knowledge.subscriptions.nouns import Area, Criteria, Verdict
from knowledge.subscriptions.subject import Band, Subject
from knowledge.text import stems

_EARLY = "it is being analysed, of which a Member hears whatever the kind"
_SMALL, _CHARITIES = "small firms", "charities and social enterprises"


def judge(criteria: Criteria, subject: Subject) -> tuple[Verdict, ...]:
    """The comparison, a verdict for each thing that was asked for. None asked for: none, which fits."""
    return tuple(_verdicts(criteria, subject))


def _verdicts(criteria: Criteria, subject: Subject) -> Iterator[Verdict]:
    if criteria.about_something:
        yield _about(criteria, subject)
    if criteria.areas:
        yield _area(criteria, subject)
    if criteria.regions:
        yield _region(criteria, subject)
    if criteria.low is not None or criteria.high is not None:
        yield _value(criteria, subject)
    if criteria.kinds:
        yield _kind(criteria, subject)
    if criteria.sme or criteria.vcse:
        yield _suited(criteria, subject)


def _kind(criteria: Criteria, subject: Subject) -> Verdict:
    wanted, there = _any(criteria.kinds), [kind for kind in criteria.kinds if kind in subject.kinds]
    if not there and criteria.early and subject.analysed and subject.services & set(criteria.services):
        return Verdict("kind", wanted, _EARLY, True)
    return Verdict("kind", wanted, _any(sorted(there or subject.kinds)), bool(there))


def _about(criteria: Criteria, subject: Subject) -> Verdict:
    named = {one.casefold() for one in criteria.follows}
    found = [f"it is {one}" for one in subject.references if one.casefold() in named]
    found += [_service(key) for key in criteria.services if key in subject.services]
    found += [
        f"CPV {code}" for code in subject.cpv if any(code.startswith(one) for one in criteria.cpv)
    ]  # fmt: skip
    found += [f"“{phrase}”" for phrase in criteria.words if subject.stems.issuperset(_telling(phrase))]
    wanted = [*map(_service, criteria.services), *(f"CPV {code}" for code in criteria.cpv)]
    wanted += [f"“{phrase}”" for phrase in criteria.words] + list(criteria.follows)
    about = found or [*map(_service, sorted(subject.services)), *(f"CPV {code}" for code in subject.cpv)]
    return Verdict("about", _any(wanted), _any(about) or "nothing the catalogue knows", bool(found))


@lru_cache(maxsize=20_000)
def _telling(phrase: str) -> frozenset[str]:
    """The stems that must stand in the intention: the little words need not ("health and safety training")."""
    found = stems(phrase)
    return frozenset(telling(found) or found)


def _area(criteria: Criteria, subject: Subject) -> Verdict:
    wanted = _any(area.name for area in criteria.areas)
    if not subject.somewhere:
        return Verdict("area", wanted, "no area is said: the whole county", True)
    if not subject.districts and any(area.district for area in criteria.areas):
        return Verdict("area", wanted, "the whole county", True)
    there = [area.name for area in criteria.areas if _is_there(area, subject)]
    return Verdict("area", wanted, _any(there or sorted(subject.districts)) or "another area", bool(there))


def _is_there(area: Area, subject: Subject) -> bool:
    """A place that the council's places do not know is looked for by its name."""
    return area.district in subject.districts if area.district else subject.stems.issuperset(stems(area.name))


def _region(criteria: Criteria, subject: Subject) -> Verdict:
    """A region lies in another whose code its own begins with, either way round."""
    wanted = _any(criteria.regions)
    if not subject.regions:
        return Verdict("region", wanted, "no region is said", True)
    there = [code for code in subject.regions if any(_one_in_other(code, one) for one in criteria.regions)]
    return Verdict("region", wanted, _any(there or subject.regions), bool(there))


def _one_in_other(code: str, other: str) -> bool:
    return code.startswith(other) or other.startswith(code)


def _value(criteria: Criteria, subject: Subject) -> Verdict:
    """The bands overlap: the intention's own, or a lot's. What has no value yet cannot be ruled out."""
    wanted = band_in_words((criteria.low, criteria.high))
    if not subject.bands:
        return Verdict("value", wanted, "no value is said", True)
    there = [band for band in subject.bands if _overlap(band, (criteria.low, criteria.high))]
    return Verdict("value", wanted, band_in_words(there[0] if there else subject.bands[0]), bool(there))


def _overlap(one: Band, other: Band) -> bool:
    low, high = (one[0] if one[0] is not None else one[1]), (one[1] if one[1] is not None else one[0])
    above = other[0] is None or high is None or high >= other[0]
    return above and (other[1] is None or low is None or low <= other[1])


def _suited(criteria: Criteria, subject: Subject) -> Verdict:
    """Somebody said so; where both are wanted, either will do."""
    said = (
        (_SMALL, criteria.sme, subject.sme),
        (_CHARITIES, criteria.vcse, subject.vcse),
    )
    asked = [name for name, wanted, _ in said if wanted]
    there = [name for name, _, found in said if found]
    return Verdict("suited", _any(asked), _any(there) or "not said", bool(set(asked) & set(there)))


def band_in_words(band: Band) -> str:
    """Pounds, for people: "up to £500,000"."""
    low, high = band
    if low is None or high is None:
        return f"from £{low:,}" if low is not None else f"up to £{high:,}" if high is not None else "any"
    return f"£{low:,}" if low == high else f"£{low:,} to £{high:,}"


def _service(key: str) -> str:
    return service_names().get(key, key)


def _any(values: object) -> str:
    return " or ".join(map(str, values))  # type: ignore[call-overload]
