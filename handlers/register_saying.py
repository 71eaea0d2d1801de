"""What is said of one contract in a sentence: exactly what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from handlers.register_cells import CELLS, contact_of, day_of, end_of, person, value_of
from knowledge.register.asking.nouns import KEPT, PEOPLE, RegisterQuestion, Want
from knowledge.register.contract import Contract, State, somebody
from knowledge.register.holding import Held

_Sentence = Callable[[Held, date], str]


def of_one(question: RegisterQuestion, held: Held, day: date, since: str, *, insider: bool) -> str:
    """The sentence that answers a question about one contract. `since`: what has taken its place."""
    contract = held.contract
    wants = [want for want in question.wants if want is not Want.CARD]
    said = [_standing(held, day, since)] if _tells_standing(held, day, wants) else []
    said += [_hidden(contract)] if not insider and PEOPLE & set(wants) else []
    said += [UNPUBLISHED] if not insider and (KEPT - PEOPLE) & set(wants) else []
    if question.whether and Want.DELIVERED in wants:
        said.append(_delivered_so(question.whether, contract))
        wants.remove(Want.DELIVERED)
    said += [_SAYS[want](held, day) for want in wants if want in _SAYS and (insider or want not in KEPT)]
    if not said:
        said = [_in_short(held, day)]
    first, *rest = [one for one in dict.fromkeys(said) if one]
    return " ".join(
        (f"{contract.title.strip()} ({contract.reference}): {first}", *(one[:1].upper() + one[1:] for one in rest))
    )


WAYS = {
    "in-house": "in-house", "not in-house": "outside the council", "external": "external", "sla": "under an SLA",
    "grant": "a grant",
}  # fmt: skip


def _delivered_so(asked: str, contract: Contract) -> str:
    """Whether it is delivered so, and how it is."""
    if not contract.delivered_by:
        return "the register does not say how it is delivered."
    return f"{'yes' if is_delivered(asked, contract) else 'no'}, the register says {contract.delivered_by}."


def is_delivered(asked: str, contract: Contract) -> bool:
    """Whether a contract is delivered in this way."""
    given = contract.delivered_by.casefold().replace(" ", "-")
    if asked == "not in-house":
        return not given.startswith("in-house")
    return given.startswith({"sla": ("sla", "service-level")}.get(asked, (asked,)))


def _tells_standing(held: Held, day: date, wants: Iterable[Want]) -> bool:
    return Want.STATE in wants or held.state(day) is not State.IN_FORCE


def _standing(held: Held, day: date, since: str) -> str:
    state = held.state(day)
    if state is State.IN_FORCE:
        end = end_of(held)
        return "it is in force" + (f", and ends on {end}." if held.contract.end else ".")
    if state is State.TO_COME:
        return f"it has not begun; it starts on {day_of(held.contract.start)}."
    return f"it ended on {end_of(held)}" + (f"; since then {since}." if since else ".")


def _hidden(contract: Contract) -> str:
    """A manager's name is not published; the contact point is."""
    where = contact_of(contract)
    said = "the published register does not name managers and directors"
    return f"{said}; the contact point is {where}." if where else f"{said}, and gives no contact point here."


UNPUBLISHED = "the published register tells nothing of sub-contractors and of payment terms."


def _in_short(held: Held, day: date) -> str:
    contract = held.contract
    who = contract.supplier or "no provider named"
    parts = [who] if not contract.service else [f"{contract.service}, {who}"]
    parts += [f"worth {value_of(contract)}"] if contract.value else []
    parts += [f"ends {end_of(held)}"] if held.state(day) is State.IN_FORCE and end_of(held) else []
    return "; ".join(parts) + "."


def _manager(held: Held, day: date) -> str:
    contract = held.contract
    director = person(contract.director, "") if somebody(contract.director) else ""
    if somebody(contract.manager):
        after = f"; lead director {director}." if director else "."
        address = f" ({contract.manager_email})" if contract.manager_email else ""
        return f"{contract.manager.strip()} manages it{address}{after}"
    post = f" (it says “{contract.manager.strip()}”)" if contract.manager.strip() else ""
    instead = f" The lead director is {person(contract.director, contract.director_email)}." if director else ""
    return f"the register names no contract manager{post}.{instead}"


def _somebody(what: str, name: str, email: str) -> str:
    if somebody(name):
        return f"the {what} is {person(name, email)}."
    return f"the register names no {what}" + (f" (it says “{name.strip()}”)." if name.strip() else ".")


def _end(held: Held, day: date) -> str:
    if held.state(day) is State.ENDED:
        return ""
    end = end_of(held)
    if not end:
        return "the register gives no end."
    return f"it ends on {end}." if held.contract.end else f"the register gives its end as “{end}”."


def _extension(held: Held, day: date) -> str:
    until = day_of(held.contract.extension)
    return f"it could be extended to {until}." if until else "the register gives no extension."


def is_of(held: Held, value: bool | None, what: str) -> str:
    who = held.contract.supplier or "the provider"
    if value is None:
        return f"the register does not say whether {who} is {what}."
    return f"{'yes' if value else 'no'}, {who} is {'' if value else 'not '}{what}."


def _goes_to(held: Held, sector: str, name: str) -> str:
    """How much of a contract's money goes to such firms: what the register states, else whether its provider is one."""
    share, is_so = getattr(held.contract, f"{sector}_share"), getattr(held.contract, sector)
    if share is not None:
        return f"{share}% of what it is worth goes to {name}, the register says."
    lacking = f"the register gives no share that goes to {name}"
    return f"{lacking}." if is_so is None else f"{lacking}; its provider is {'' if is_so else 'not '}one of them."


def _plain(want: Want, before: str, lacking: str) -> _Sentence:
    cell = CELLS[want][1]
    return lambda held, day: f"{before} {said}." if (said := cell(held, day).rstrip(".")) else lacking


_SAYS: dict[Want, _Sentence] = {
    Want.MANAGER: _manager,
    Want.DEPUTY: lambda held, day: _somebody("deputy", held.contract.deputy, held.contract.deputy_email),
    Want.DIRECTOR: lambda held, day: _somebody("lead director", held.contract.director, held.contract.director_email),
    Want.CONTACT: _plain(Want.CONTACT, "the contact point is", "the register gives no contact point."),
    Want.PROVIDER: _plain(Want.PROVIDER, "the provider is", "the register names no provider."),
    Want.START: lambda held, day: (
        f"it start{'s' if held.contract.start > day else 'ed'} on {day_of(held.contract.start)}."
        if held.contract.start
        else "the register gives no start."
    ),
    Want.END: _end,
    Want.REVIEW: _plain(Want.REVIEW, "its review date is", "the register gives no review date."),
    Want.EXTENSION: _extension,
    Want.VALUE: _plain(Want.VALUE, "it is worth", "the register gives no value."),
    Want.DELIVERED: _plain(Want.DELIVERED, "how it is delivered:", "the register does not say how it is delivered."),
    Want.SME: lambda held, day: is_of(held, held.contract.sme, "a small or medium firm (SME)"),
    Want.VCSE: lambda held, day: is_of(held, held.contract.vcse, "of the voluntary sector (VCSE)"),
    Want.DEPARTMENT: _plain(Want.DEPARTMENT, "it belongs to", "the register names no department."),
    Want.SERVICE: _plain(Want.SERVICE, "its service is", "the register names no service."),
    Want.AREA: _plain(Want.AREA, "it serves", "the register names no area."),
    Want.DESCRIPTION: _plain(Want.DESCRIPTION, "it is described as:", "the register gives no description."),
    Want.PROCESS: _plain(Want.PROCESS, "the process was:", "the register does not say how it was let."),
    Want.KIND: _plain(Want.KIND, "it is a", "the register gives no type."),
    Want.REFERENCE: _plain(Want.REFERENCE, "its reference is", ""),
    Want.PARENT: _plain(Want.PARENT, "its parent contract is", "the register names no parent contract."),
    Want.SUBCONTRACTORS: _plain(
        Want.SUBCONTRACTORS, "its sub-contractors are", "the register names no sub-contractors of it."
    ),
    Want.PAYMENT: _plain(Want.PAYMENT, "its payment terms are", "the register gives no payment terms."),
    Want.PAYMENT_BELOW: _plain(
        Want.PAYMENT_BELOW, "its sub-contractors are paid:", "the register does not say when sub-contractors are paid."
    ),
    Want.SME_SHARE: lambda held, day: _goes_to(held, "sme", "SMEs"),
    Want.VCSE_SHARE: lambda held, day: _goes_to(held, "vcse", "VCSEs"),
    Want.NUMBERS: _plain(Want.NUMBERS, "its numbers are:", "the register gives no such number."),
}
