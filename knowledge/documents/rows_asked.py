"""Which rows of a table a question asks for: how they stand, whose they are, when they are due, how many."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.documents.rows import FILE, Plan, Row, state_of
from knowledge.register.asking.phrases import phrases
from knowledge.text import content, stem, words

_TIMES = re.compile(
    r"\b(?:(early|mid|late|spring|summer|autumn|winter|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?: of)?[- ]?)?((?:19|20)\d\d)\b"
    r"|\b(spring|summer|autumn|winter|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_SEASON = (
    "spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december"
)
_MOST = 2
"""Words of a question, besides what asks for rows, that may say which rows are meant."""


@dataclass(frozen=True)
class Wanted:
    """What a question asks of a table. `states`: any of them, named as in the data; `said`: statuses it names word for
    word; `who`: the stems of an owner's name; `time`: a time in words; `topic`: stems that the rows must hold; `count`:
    it asks how many."""

    states: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    who: frozenset[str] = frozenset()
    time: str = ""
    topic: frozenset[str] = frozenset()
    count: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """The cells it asks about."""
        asked = (("status", self.states), ("owner", self.who), ("when", self.time))
        return tuple(kind for kind, given in asked if given)


def wanted(text: str, plan: Plan) -> Wanted | None:
    """What a question asks of a table, None where it asks something else."""
    left, noun = _taken(text.replace("’", "'"), "nouns")
    left, who = _owner(left, plan)
    left, time = _time(left)
    said = _values(left, plan)
    left, states = _taken(left, "states", every=True)
    left, _ = _taken(left, "due", every=True) if time else (left, ())
    left, count = _taken(left, "frame", every=True)
    topic = frozenset(word.stem for word in content(words(left)))
    found = Wanted(tuple(states), said, who, time, topic, "count" in count)
    asks_all = bool(noun) and (bool(count) or bool(re.match(r"\W*(what|which|list|show|give|name|all)\b", text, re.I)))
    if not (found.kinds or (asks_all and not topic)) or (topic and (not noun or len(topic) > _MOST)):
        return None
    if not noun and not who and (states == ["any"] or (time and not states and not re.search(r"\bdue\b", text, re.I))):
        return None
    return found


def plainly(text: str, wanted: Wanted) -> bool:
    """Whether a question can be about nothing but such a table: it says what its rows are called, or whose they are."""
    return bool(wanted.who) or any(pattern.search(text) for pattern in phrases("nouns", FILE).values())


def chosen(wanted: Wanted, plan: Plan) -> list[Row]:
    """The rows of a table that are asked for, in its order."""
    return [row for row in plan.rows if _fits(row, wanted)]


def elsewhere(wanted: Wanted, plan: Plan) -> list[Row]:
    """Where no row's time is the one asked for: the rows that speak of it in another cell."""
    time = _flat(wanted.time)
    return [row for row in plan.rows if time and f" {time} " in f" {_flat(row.passage.text)} "]


def _fits(row: Row, wanted: Wanted) -> bool:
    if wanted.topic and not wanted.topic <= row.stems:
        return False
    if wanted.who and not any(wanted.who <= _name(owner) for owner in row.owners):
        return False
    if wanted.time and not set(_flat(wanted.time).split()) <= set(_flat(row.cell("when")).split()):
        return False
    return not wanted.states or _stands(row.cell("status"), wanted)


def _stands(status: str, wanted: Wanted) -> bool:
    if wanted.said:
        return status.lower() in wanted.said
    return any(_is(state, status) for state in wanted.states)


def _is(state: str, status: str) -> bool:
    """Whether a status is of a state that is asked for. Of a row without one nobody knows."""
    if state in ("any", "none"):
        return state == "any" or not status
    known = state_of(status)
    return known == state or (state == "not done" and bool(status) and known != "done")


def _values(text: str, plan: Plan) -> tuple[str, ...]:
    """The statuses of a table that a question names word for word and does not deny."""
    said = phrases("states", FILE)
    if any(said[other].search(text) for other in ("not done", "none", "partly")):
        return ()
    return tuple(value.lower() for value in plan.valued if value and re.search(rf"\b{re.escape(value)}\b", text, re.I))


def _owner(text: str, plan: Plan) -> tuple[str, frozenset[str]]:
    """The owner a question names, where some row has them, and the question without."""
    for match in phrases("owned", FILE)["who"].finditer(text):
        who = _name(next((one for one in match.groups() if one), ""))
        if who and any(who <= _name(owner) for row in plan.rows for owner in row.owners):
            return f"{text[: match.start()]} {text[match.end() :]}", who
    return text, frozenset()


def _time(text: str) -> tuple[str, str]:
    match = _TIMES.search(_long_years(text))
    return (_TIMES.sub(" ", _long_years(text)), match.group()) if match else (text, "")


def _taken(text: str, section: str, *, every: bool = False) -> tuple[str, list[str]]:
    """The names of the expressions that a text holds, and what is left of it. `every`: all of them, not the first."""
    found: list[str] = []
    for name, pattern in phrases(section, FILE).items():
        if pattern.search(text) and (every or not found):
            text = " ".join(pattern.sub(" ", text).split())
            found.append(name)
    return text, found


def _name(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in content(words(text))) - {stem("team"), stem("and")}


def _flat(text: str) -> str:
    return " ".join(word.stem for word in words(_long_years(text)))


def _long_years(text: str) -> str:
    """ "Autumn 14" as "Autumn 2014"."""
    return re.sub(rf"\b({_SEASON}) ['’]?(\d\d)\b(?!\d)", r"\1 20\2", text, flags=re.IGNORECASE)
