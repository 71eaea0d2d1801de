"""How concerns are spoken of: moments, states, people, in plain words."""

from __future__ import annotations

from datetime import date, datetime

from handlers.concerns.case import Case, somebody
from knowledge.concerns.nouns import Concern, Ending, Event, Move, State
from knowledge.models import Person
from knowledge.services import service_names
from knowledge.workdays import LONDON

STATES: dict[State, str] = {
    State.RAISED: "raised, not acknowledged yet",
    State.ACKNOWLEDGED: "in hand",
    State.WITH_PROVIDER: "with the provider",
    State.ANSWERED: "answered",
    State.CLOSED: "closed",
    State.REOPENED: "reopened, not acknowledged yet",
    State.TRANSFERRED: "passed on, not acknowledged yet",
}
ENDINGS: dict[Ending, str] = {
    Ending.PUT_RIGHT: "put right",
    Ending.EXPLAINED: "explained",
    Ending.NOT_UPHELD: "not upheld",
    Ending.NOT_OURS: "not the council's",
    Ending.WITHDRAWN: "withdrawn",
}


def day(moment: datetime | date) -> str:
    """A day: Monday 23 November 2026."""
    local = moment.astimezone(LONDON) if isinstance(moment, datetime) else moment
    return f"{local:%A} {local.day} {local:%B %Y}"


def hour(moment: datetime) -> str:
    """An hour of the day: 09:00."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def when(moment: datetime) -> str:
    """A moment: Monday 23 November 2026 at 09:00."""
    return f"{day(moment)} at {hour(moment)}"


def state(concern: Concern) -> str:
    """How a concern stands."""
    if concern.state is State.CLOSED and concern.outcome:
        return f"closed: {ENDINGS[concern.outcome]}"
    if concern.waiting_since and concern.open:
        return "waiting for the Member"
    return STATES[concern.state]


def state_in_short(concern: Concern) -> str:
    """The same in a word or two."""
    return state(concern).partition(",")[0]


def state_then(event: Event) -> str:
    """How a concern stood after an event, whatever has happened since."""
    ending = event.about.get("outcome")
    if event.state is State.CLOSED and ending:
        return f"closed: {ENDINGS[Ending(ending)]}"
    return "waiting for the Member" if event.move is Move.ASK_MEMBER else STATES[event.state]


def service(concern: Concern) -> str:
    """The service it is about, in the catalogue's words; "A council service" where nobody knows."""
    return service_names().get(concern.service, "A council service")


def in_passing(name: str) -> str:
    """A service's name in the middle of a sentence: "Home care" -> "home care", "SEND transport" as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def contract(case: Case) -> str:
    """The contract it is about, with its reference."""
    if case.contract:
        return f"{case.contract.title.strip()} ({case.contract.reference})"
    return "no contract yet" if not case.concern.contract else case.concern.contract


def person(address: str, people: list[Person]) -> str:
    """Somebody by name and address; by address where the list has no name."""
    found = somebody(address, people)
    if found and found.name:
        return f"{found.name} ({found.email})" if found.email else found.name
    return address or "nobody"


def name(address: str, people: list[Person]) -> str:
    """Somebody by name, by address where the list has none."""
    found = somebody(address, people)
    return found.name if found and found.name else address or "the desk"


_HAPPENED: dict[Move, str] = {
    Move.RAISE: "Raised",
    Move.ACKNOWLEDGE: "Acknowledged by {by}",
    Move.ASK_PROVIDER: "{by} asked the provider",
    Move.PROVIDER_ANSWERS: "The provider answered",
    Move.REPLY: "{by} answered",
    Move.ASK_MEMBER: "{by} asked the Member for more; the clock stands",
    Move.TELL_MORE: "The Member told more",
    Move.PASS_ON: "{by} passed it on to {to}",
    Move.WRONG_CONTRACT: "Said to be another contract's; it is with {to} now",
    Move.AT_RISK: "Marked: somebody is at risk",
    Move.CLOSE: "{by} closed it",
    Move.TAKE_BACK: "Taken back",
    Move.WITHDRAW: "Withdrawn by the Member",
    Move.NOT_FIXED: "The Member says it is not fixed",
    Move.PUT_RIGHT: "The Member says it was put right",
    Move.REMIND: "A reminder was sent",
    Move.ESCALATE: "Not {late} in time{told}",
    Move.CHASE: "The provider is late and was reminded",
    Move.ASK_FIXED: "The Member was asked whether it was put right",
    Move.UNDELIVERED: "A notification could not be delivered{told}",
    Move.FOLLOW: "Somebody follows it",
}


_WITHOUT_NAMES: dict[Move, str] = {
    Move.RAISE: "Raised",
    Move.ACKNOWLEDGE: "Acknowledged",
    Move.ASK_PROVIDER: "With the provider",
    Move.PROVIDER_ANSWERS: "The provider answered",
    Move.REPLY: "Answered",
    Move.PASS_ON: "Passed on",
    Move.WRONG_CONTRACT: "Passed on",
    Move.UNDELIVERED: "Passed on",
    Move.CLOSE: "Closed",
    Move.TAKE_BACK: "Taken back",
    Move.WITHDRAW: "Withdrawn",
    Move.NOT_FIXED: "Reopened: not fixed",
    Move.PUT_RIGHT: "Closed: put right",
}


def happened_without_names(event: Event) -> str:
    """The same for whoever only follows: state and date; "" for what is not theirs."""
    if event.move is Move.UNDELIVERED and event.state is not State.TRANSFERRED:
        return ""
    return _WITHOUT_NAMES.get(event.move, "")


def happened(event: Event, case: Case, to: str) -> str:
    """What an event was, in a sentence without its full stop. `to`: the address it names, "" for none."""
    step, who = str(event.about.get("step", "")), name(to, case.people)
    if step == "safeguarding":
        return f"Nobody for safeguarding could be reached: {who} was told"
    late = "acknowledged" if step.startswith("acknowledge") else "answered"
    told = f": {who} was told" if to else ""
    said = _HAPPENED[event.move].format(by=name(event.by, case.people), to=who, late=late, told=told)
    promised = event.about.get("promised")
    if promised:
        said += f" and promises it by {day(date.fromisoformat(promised))}"
    ending = event.about.get("outcome")
    return f"{said}: {ENDINGS[Ending(ending)]}" if ending else said
