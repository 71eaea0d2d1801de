"""How an intention stands, in plain words: its value, stage, route, state and kind of service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from handlers.intentions.times import when_words
from knowledge.services import service_names
from knowledge.timeline.nouns import Route, Stage, State, Terms

NOT_SAID = "not said yet"
_STAGES: dict[Stage, tuple[str, str]] = {
    Stage.ANALYSE: ("Analyse", "finding out what people need"),
    Stage.PLAN: ("Plan", "working out how it will be provided"),
    Stage.DO: ("Do", "choosing a provider and getting it running"),
    Stage.REVIEW: ("Review", "looking at how it went, and what comes next"),
}
_ROUTES: dict[Route, tuple[str, str]] = {
    Route.UNDECIDED: ("not decided yet", ""),
    Route.IN_HOUSE: ("in-house", "the council does it itself"),
    Route.GRANT: ("grant", "organisations apply for money"),
    Route.FRAMEWORK: ("framework", "work goes to providers on an approved list"),
    Route.TENDER: ("tender", "providers send in bids"),
    Route.LIGHT_TOUCH: ("light touch tender", "providers send in bids, under the lighter rules for care and the like"),
    Route.DIRECT: ("direct award", "it goes to one provider, without bids"),
}


# --- values ---------------------------------------------------------------------------------------------------------


def pounds_words(amount: Decimal | int) -> str:
    """Pounds: "£950,000", "£1.4 million"; to the penny only where there are pennies."""
    for size, name in ((1_000_000_000, "billion"), (1_000_000, "million")):
        hundredths = Decimal(amount) * 100 / size
        if abs(hundredths) >= 100 and hundredths == int(hundredths):
            return f"£{hundredths / 100:,.2f}".rstrip("0").rstrip(".") + f" {name}"
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def value_words(terms: Terms) -> str:
    """The value band: "£2.4 million to £3.1 million", "up to £180,000", "from £50,000", with or without VAT where that
    is said. "" where there is none."""
    said = band_words(terms.low, terms.high)
    vat = "" if terms.gross is None else " with VAT" if terms.gross else " without VAT"
    return said + vat if said else ""


def band_words(low: Decimal | int | None, high: Decimal | int | None) -> str:
    """A band of pounds, "" for none."""
    if low is None and high is None:
        return ""
    if low is None or (low == 0 and high):
        return f"up to {pounds_words(high or 0)}"
    if high is None:
        return f"from {pounds_words(low)}"
    return pounds_words(low) if low == high else f"{pounds_words(low)} to {pounds_words(high)}"


# --- how it stands --------------------------------------------------------------------------------------------------


def stage_name(stage: Stage) -> str:
    """A stage by its name: Plan."""
    return _STAGES[stage][0]


def stage_meaning(stage: Stage) -> str:
    """What is done in a stage."""
    return _STAGES[stage][1]


def stage_words(stage: Stage | None) -> str:
    """A stage with what is done in it: "Plan: working out how it will be provided". "" for none."""
    return ": ".join(_STAGES[stage]) if stage else ""


def route_words(route: Route | None) -> str:
    """A route: "grant: organisations apply for money". Where nobody said one: "not said yet"."""
    return ": ".join(filter(None, _ROUTES[route])) if route else NOT_SAID


def route_name(route: Route | None) -> str:
    """A route by its name: "light touch tender"."""
    return _ROUTES[route][0] if route else NOT_SAID


def state_words(terms: Terms, day: date) -> str:
    """How it stands on a day: "Planned", "Open for bids until 4 January 2027", "Awarded to Kindly Hours Ltd"."""
    return _STATES[terms.state or State.PLANNED](terms, day)


def _open(terms: Terms, day: date) -> str:
    what = "applications" if terms.route is Route.GRANT else "answers" if terms.posted_by else "bids"
    if terms.closes is None:
        return f"Open for {what}"
    if terms.closes.last < day:
        return f"Closed for {what} on {when_words(terms.closes)}" if terms.closes.is_day else f"Closed for {what}"
    return f"Open for {what} until {when_words(terms.closes)}"


def _awarded(terms: Terms, day: date) -> str:
    return f"Awarded to {listed(terms.awarded_to)}" if terms.awarded_to else "Awarded"


_STATES: dict[State, Callable[[Terms, date], str]] = {
    State.PLANNED: lambda terms, day: "Planned",
    State.OPEN: _open,
    State.CLOSED: lambda terms, day: "Closed: what came in is being looked at",
    State.AWARDED: _awarded,
    State.WITHDRAWN: lambda terms, day: "Withdrawn",
}


def kind_words(keys: Sequence[str], most: int = 2) -> str:
    """The kinds of service of these keys, by the catalogue's names, `most` of them: "Home care and Reablement"."""
    return listed([name for key in keys if (name := service_names().get(key))][:most])


def listed(names: Sequence[str]) -> str:
    """Names in a row: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
