"""Places in what people write: which towns and villages a message names, and the districts they lie in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz import fuzz, process

from knowledge.places import Place

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_JOINTS_WORDS = "in on under at le la by upon with next the of"
_JOINTS = frozenset(_JOINTS_WORDS.split())
"""Little words inside names of places: "Minster-in-Thanet" is said "Minster" too."""
_BEFORE_WORDS = "in at near from to around outside by round behind"
_BEFORE = frozenset(_BEFORE_WORDS.split())
"""Words after which an ordinary word may be a place: "in Deal"."""
_ROADS_WORDS = (
    "road rd street st lane ln avenue ave close cl drive dr way gardens gdns crescent cres terrace hill "
    "rise grove court place row walk mews square parade bypass roundabout"
)
_ROADS = frozenset(_ROADS_WORDS.split())
_LONGEST = 5
_NEAR = 86.0
"""How alike a misspelt name must be, of 100."""


@dataclass(frozen=True)
class Mention:
    """A place a text names. `street`: it is only part of a street's name."""

    name: str
    places: tuple[Place, ...]
    street: bool = False


@dataclass(frozen=True)
class Whereabouts:
    """Where a message is about. `districts`: from its text or else from the Member's division (`source` says which:
    "text", "division" or ""); `outside`: districts among them that are not the county's."""

    mentions: tuple[Mention, ...] = ()
    districts: frozenset[str] = frozenset()
    source: str = ""
    outside: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    """Places that the name of the Member's division has, in lower case."""

    @property
    def district(self) -> str:
        """The district it is about, "" where that is none, or more than one."""
        return next(iter(self.districts)) if len(self.districts) == 1 else ""

    @property
    def names(self) -> frozenset[str]:
        """The places named, in lower case; those of the division where the text names none."""
        said = frozenset(place.name.lower() for mention in self.mentions for place in mention.places)
        return said if self.source == "text" else said | self.home


class Gazetteer:
    """The council's places. `ordinary`: words, in lower case, that a place of the same name must prove itself against
    ("deal", "loose")."""

    def __init__(self, places: Sequence[Place], ordinary: Collection[str] = ()) -> None:
        self.places = tuple(places)
        self._ordinary = ordinary
        self._by_name: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        self.outside = frozenset(place.district for place in places if "unitary" in place.kind.lower())
        for place in places:
            for name in dict.fromkeys(_names(place.name)):
                self._by_name[name].append(place)

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Every district of the county, in order of name."""
        return tuple(sorted({place.district for place in self.places if place.district} - self.outside))

    @cached_property
    def _spellings(self) -> list[str]:
        return [" ".join(name) for name in self._by_name if len("".join(name)) >= 5]

    def where(self, text: str, division: str = "") -> Whereabouts:
        """Where a message is about. The place in the text wins over the Member's division."""
        home = self.of_division(division)
        mentions = tuple(self._settled(self.mentions(text), home, text))
        firm = [mention for mention in mentions if not mention.street]
        districts = frozenset(place.district for mention in firm for place in mention.places)
        source = "text" if districts else ""
        if not districts and home:
            districts, source = home, "division"
        if not districts:
            districts = frozenset(place.district for mention in mentions for place in mention.places)
            source = "text" if districts else ""
        near = frozenset(
            place.name.lower() for mention in self.mentions(division, sure=True) for place in mention.places
        )
        return Whereabouts(mentions, districts, source, districts & self.outside, near)

    def of_division(self, division: str) -> frozenset[str]:
        """The districts a Member's division lies in: by a place in its name, whole ("Elham Valley") or in part
        ("Malling East" for West Malling)."""
        found = list(self.mentions(division, sure=True)) if division else []
        if found:
            return frozenset(place.district for mention in found[:1] for place in mention.places)
        wanted = {token for token in _tokens(division) if len(token) > 4}
        counts = Counter(
            place.district for name, places in self._by_name.items() if wanted & set(name) for place in places
        )
        return frozenset([counts.most_common(1)[0][0]]) if counts else frozenset()

    def mentions(self, text: str, *, sure: bool = False) -> Iterator[Mention]:
        """The places a text names, in order. `sure`: every word of it may be taken for a place."""
        found = list(_TOKEN.finditer(text))
        tokens = [_plain(match.group()) for match in found]
        at = 0
        while at < len(tokens):
            taken = 0
            for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
                name = tuple(tokens[at : at + length])
                if not _unbroken(text, found[at : at + length]):
                    continue
                if name in self._by_name and (sure or self._is_meant(text, found, at, length)):
                    yield self._mention(name, tokens, at + length)
                    taken = length
                    break
            if not taken and not sure and (near := self._near(text, found, at)):
                yield self._mention(near, tokens, at + 1)
            at += taken or 1

    def _mention(self, name: tuple[str, ...], tokens: Sequence[str], after: int) -> Mention:
        street = after < len(tokens) and tokens[after] in _ROADS and name[-1] not in _ROADS
        return Mention(" ".join(name), tuple(self._by_name[name]), street)

    def _is_meant(self, text: str, found: Sequence[re.Match[str]], at: int, length: int) -> bool:
        """An ordinary word is a place where it is written as a name, or stands after "in" and the like."""
        if length > 1 or _plain(found[at].group()) not in self._ordinary:
            return True
        before = _plain(found[at - 1].group()) if at else ""
        opens = at == 0 or bool(re.search(r"[.!?\n]\W*$", text[found[at - 1].end() : found[at].start()]))
        named = found[at].group()[0].isupper() and not opens
        return named or (before in _BEFORE and not text[found[at].end() :].lstrip().startswith(("-", "'")))

    def _near(self, text: str, found: Sequence[re.Match[str]], at: int) -> tuple[str, ...] | None:
        """A misspelt name, or a clipped one ("in skeg"): written as a name or after "in", and no ordinary word."""
        word = found[at].group()
        plain = _plain(word)
        before = _plain(found[at - 1].group()) if at else ""
        if len(plain) < 4 or plain in self._ordinary or not (word[0].isupper() or before in _BEFORE):
            return None
        begun = [name for name in self._by_name if len(name) == 1 and name[0].startswith(plain)]
        if len(begun) == 1 and len(plain) >= 4 and before in _BEFORE:
            return begun[0]
        if len(plain) < 6:
            return None
        best = process.extractOne(plain, self._spellings, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return tuple(best[0].split()) if best else None

    def _settled(self, mentions: Iterable[Mention], home: frozenset[str], text: str) -> Iterator[Mention]:
        """A name that several districts have is the one whose district is named beside it, else the Member's."""
        mentions = list(mentions)
        others = frozenset(
            mention.places[0].district
            for mention in mentions
            if len({place.district for place in mention.places}) == 1
        )  # fmt: skip
        for mention in mentions:
            here = {place.district for place in mention.places}
            for wanted in (others, home):
                if len(here) > 1 and here & wanted:
                    places = tuple(place for place in mention.places if place.district in wanted)
                    mention = Mention(mention.name, places, mention.street)
                    here = {place.district for place in places}
            yield mention


def _unbroken(text: str, run: Sequence[re.Match[str]]) -> bool:
    """Whether nothing but spaces, hyphens and dots after "St" stands between the words of a run."""
    gaps = (text[one.end() : other.start()] for one, other in pairwise(run))
    return all(re.fullmatch(r"\s*-?\s*|\.\s", gap) for gap in gaps)


def _names(name: str) -> Iterator[tuple[str, ...]]:
    """A place's name in the ways it is said: whole, without what is in brackets, without "-on-Sea" or "Isle of"."""
    whole = _tokens(name)
    if not whole:
        return
    yield tuple(whole)
    bare = _tokens(re.sub(r"\(.*?\)", " ", name))
    if bare and bare != whole:
        yield tuple(bare)
    if bare[:2] == ["isle", "of"] and len(bare) > 2:
        yield tuple(bare[2:])
    for at, token in enumerate(bare):
        if at and token in _JOINTS and at + 1 < len(bare) and len("".join(bare[:at])) > 3:
            yield tuple(bare[:at])
            break


def _tokens(text: str) -> list[str]:
    return [_plain(match.group()) for match in _TOKEN.finditer(text)]


def _plain(word: str) -> str:
    plain = word.lower().replace("’", "").replace("'", "")
    return "st" if plain == "saint" else plain
