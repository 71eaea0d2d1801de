"""Where somebody wants to hear of work: the districts of the council's places, and names it does not know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from knowledge.gazetteer import Gazetteer, Mention
from knowledge.register.asking.reading import Reading
from knowledge.register.reader import RegisterReader
from knowledge.subscriptions.nouns import Area
from knowledge.subscriptions.understanding.phrases import said
from knowledge.text import STOPWORDS, stem

_IN = r"(?:in|near|around|across|within|throughout|serving|serves?|covering|covers?)"
_NAME = r"[A-Z][a-z'’]+(?:[ -](?:[A-Z][a-z'’]+|(?:on|upon|by|under|le|of|the|in|and)(?=[ -][A-Z])))*"
_UNKNOWN = re.compile(
    rf"(?<!\w){_IN} (?:the )?(?:area of |town of |district of )?"
    rf"(?P<names>{_NAME}(?:(?:,| or| and|, or|, and| &|/) ?(?:in )?(?!(?:Adult|Home|Care)\b){_NAME})*)"
)
_SMALL = re.compile(r"(?<!\w)(?:in|near|around) (?:the )?(?P<names>[a-z]{4,})(?!\w)")
_PART = re.compile(
    r"(?<!\w)(?:(?:in|for|across|around|within) )?(?:the )?(?:north|south|east|west|mid|central|north[- ]?east|"
    r"north[- ]?west|south[- ]?east|south[- ]?west)(?:ern)?(?: (?:of|side of|part of))?(?: the)?[ -](?P<of>\w+)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<!\w)(?:(?:in|near|around|postcodes?|post codes?) )*(?P<code>[A-Z]{1,2}\d{1,2}(?: ?\d[A-Z]{2})?)(?!\w)"
)
_KIND = r"(?:[- ](?:town|city|district|borough|parish|division|ward)(?! centre)(?:[- ]council(?:'s)?)?(?! ?\w*hall))?"
"""What kind of place it is, behind its name: "Brenmouth town" says no more than Brenmouth, its town centre does."""
_LITTLE = {"a", "an", "the", "my", "our", "your", "this", "that", "these", "those", "other", "general", "particular"}


def areas_in(
    reading: Reading, reader: RegisterReader, own: Collection[str]
) -> tuple[tuple[Area, ...], list[str], list[str]]:
    """The areas of a text, taken out of it; what could not be taken; and what is to be said of it."""
    notes, left = list[str](), list[str]()
    if far := reading.take(said("distance")["miles"]):
        notes.append(f"Distances are not known: “{far.group()}” is taken for the district.")
    _take_base(reading, reader.gazetteer, notes)
    _take_parts(reading, reader.gazetteer, own, notes, left)
    areas = list(_known(reading, reader.gazetteer, notes))
    unknown = list(_unknown(reading, reader, own))
    for name in unknown:
        if reader.gazetteer.places:
            notes.append(f"No place called {name} is known, so the alert is not limited to it.")
            left.append(name)
        else:
            areas.append(Area(name=name))
            notes.append(f"No places are known here: {name} is looked for by its name.")
    for code in _postcodes(reading):
        notes.append(f"Postcodes are not known: name the town or district instead of {code}.")
        left.append(code)
    reading.take_all(said("everywhere")["county"])
    for word in own:
        reading.take_all(
            re.compile(rf"(?<!\w)(?:(?:in|across|all over|all of|throughout) )?{word}[- ]?wide(?!\w)", re.I)
        )
    return tuple(dict.fromkeys(areas)), left, notes


def areas_of(name: str, gazetteer: Gazetteer) -> tuple[Area, ...]:
    """A place written alone; none where the council's places do not know it."""
    mentions = list(gazetteer.mentions(name, sure=True))
    whole = [one for one in mentions if len(one.name.replace(" ", "")) >= len(re.sub(r"[\W_]", "", name)) - 3]
    return tuple(dict.fromkeys(area for one in whole[:1] for area in _areas(one, gazetteer)))


def _known(reading: Reading, gazetteer: Gazetteer, notes: list[str]) -> Iterator[Area]:
    where = gazetteer.where(reading.text)
    for mention in where.mentions:
        if mention.street:
            continue
        name = r"\W+".join(map(re.escape, mention.name.split()))
        near = re.compile(
            rf"(?:(?<!\w)(?:{_IN}|for|at|from|of) (?:the )?)?(?<!\w){name}(?:'s)?{_KIND}(?:[- ]area)?(?!\w)", re.I
        )
        if not reading.take(near):
            reading.cut_words(mention.name.split())
        for area in _areas(mention, gazetteer):
            if not area.district:
                notes.append(f"{area.name} lies outside the county: it is looked for by its name.")
            yield area


def _areas(mention: Mention, gazetteer: Gazetteer) -> Iterator[Area]:
    districts = dict.fromkeys(place.district for place in mention.places)
    for district in districts:
        here = [place for place in mention.places if place.district == district]
        name = district if any(place.name == district for place in here) else here[0].name
        yield Area(name=name, district="" if district in gazetteer.outside else district)


def _take_base(reading: Reading, gazetteer: Gazetteer, notes: list[str]) -> None:
    """Where somebody has their office says nothing of where they work."""
    found = said("base")["in"].search(reading.text)
    if not found or not found["where"].strip():
        return
    place = found["where"].strip()
    if any(gazetteer.mentions(place, sure=True)) or place[0].isupper():
        reading.cut(*found.span())
        notes.append(f"{place} is taken for where you are based: the alert is not limited to it.")


def _take_parts(
    reading: Reading, gazetteer: Gazetteer, own: Collection[str], notes: list[str], left: list[str]
) -> None:
    for found in list(_PART.finditer(reading.text)):
        of = found["of"].lower()
        if of in own or of in ("county",):
            part = re.sub(r"^(?:in|for|across|around|within) (?:the )?", "", found.group(), flags=re.IGNORECASE)
            if any(place.name.lower() == part.lower() for place in gazetteer.places):
                continue
            reading.cut(*found.span())
            left.append(part)
            notes.append(f"“{part}” is no place the desk knows: name its districts. The alert is not limited to it.")


def _unknown(reading: Reading, reader: RegisterReader, own: Collection[str]) -> Iterator[str]:
    """Names written after "in" that are no ordinary words."""
    for pattern in (_UNKNOWN, *([] if reader.gazetteer.places else [_SMALL])):
        for found in list(pattern.finditer(reading.text)):
            names = [one for one in re.split(r",| or | and | & |/", found["names"]) if one.strip()]
            strange = [one for one in names if _is_strange(one, reader, own)]
            if strange:
                reading.cut(*found.span())
                yield from (re.sub(r"^in ", "", one.strip()).strip().title() for one in strange)


def _is_strange(name: str, reader: RegisterReader, own: Collection[str]) -> bool:
    tokens = re.findall(r"[a-z'’]+", name.lower())
    telling = [one for one in tokens if one not in STOPWORDS and one not in own and one not in _LITTLE]
    if not telling or _is_time(telling[0]):
        return False
    return not all(one in reader.ordinary or reader.kinds.knows(stem(one)) for one in telling)


def _is_time(word: str) -> bool:
    months = "january february march april may june july august september october november december"
    return word in f"{months} spring summer autumn winter monday tuesday wednesday thursday friday".split()


def _postcodes(reading: Reading) -> Iterator[str]:
    for found in list(_POSTCODE.finditer(reading.text)):
        code = found["code"]
        if re.fullmatch(r"(?:[A-Z]{1,2}\d{1,2})(?: ?\d[A-Z]{2})?", code) and not re.match(r"(?:[QMABR])\d$", code):
            reading.cut(*found.span())
            yield code
