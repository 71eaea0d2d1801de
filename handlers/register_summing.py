"""What is said of several contracts: how many there are, what they share, and how the question was understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.register_cells import CELLS
from handlers.register_saying import WAYS, is_delivered, is_of
from knowledge.register.answering import Found
from knowledge.register.asking.filters import pounds
from knowledge.register.asking.nouns import PEOPLE, RegisterQuestion, Shape, Want
from knowledge.register.contract import State, somebody
from knowledge.register.holding import Held

_NAMES = {
    "subcontractors": "sub-contractors named", "payment_terms": "payment terms",
    "subcontractor_terms": "payment terms of sub-contractors",
}  # fmt: skip
_NAMED = 6
"""Providers named in a sentence."""


def of_several(question: RegisterQuestion, found: Found, held: Sequence[Held], day: date, *, insider: bool) -> str:
    """The sentence over a table. `held`: the contracts shown."""
    many = _contracts(found.total)
    fit = "fits" if found.total == 1 else "fit"
    if question.shape is Shape.COUNT and Want.PROVIDER in question.wants:
        return f"{len(found.providers)} {'provider' if len(found.providers) == 1 else 'providers'}, with {many}."
    if question.shape is Shape.COUNT:
        live = {one.state for one in found.chosen} == {State.IN_FORCE}
        return f"{many[0].upper()}{many[1:]}{' in force' if live else ''}{_with(question)}."
    if question.shape is Shape.SUM or (found.total > 1 and question.wants == (Want.VALUE,) and not question.order):
        lacking = f"; {found.unvalued} of them give no value" if found.unvalued else ""
        return f"{many[0].upper()}{many[1:]}{_with(question)}, together worth {pounds(found.pence)}{lacking}."
    said = [f"{many[0].upper()}{many[1:]} {fit}{_with(question)}{_gone(found)}."]
    if Want.STATE in question.wants:
        said = [_still(found)]
    if Want.PROVIDER in question.wants:
        said.append(_providers(found))
    if insider and found.total == len(held):
        said += [_shared(want, held, day) for want in (Want.MANAGER, Want.DIRECTOR) if want in question.wants]
    elif not insider and PEOPLE & set(question.wants):
        said.append(
            "The published register does not name managers and directors; the table gives each contract's contact."
        )
    said += [_told_below(want, held, day, found) for want in _BELOW if want in question.wants and insider]
    said += [_when(want, held, day, found) for want in (Want.END, Want.START, Want.REVIEW) if want in question.wants]
    said += [_whether(question, want, held) for want in (Want.DELIVERED, Want.SME, Want.VCSE) if want in question.wants]
    return " ".join(one for one in said if one)


def _contracts(count: int) -> str:
    return "one contract" if count == 1 else f"{count:,} contracts"


def _with(question: RegisterQuestion) -> str:
    said = conditions_of(question)
    return ": " + ", ".join(said) if said else ""


def conditions_of(question: RegisterQuestion) -> list[str]:
    """The conditions as they were understood, so that a reader can check them."""
    filters = question.filters
    said = [span.said for span in filters.days.values()]
    said += [filters.value.said] if filters.value else []
    said += [WAYS[filters.delivered]] if filters.delivered else []
    said += [("with" if filters.sme else "not with") + " SMEs"] if filters.sme is not None else []
    said += [("with" if filters.vcse else "not with") + " VCSEs"] if filters.vcse is not None else []
    said += [f"without {_NAMES.get(name, f'a {name}')}" for name in sorted(filters.lacking)]
    said += [f"with {_NAMES.get(name, name)}" for name in sorted(filters.having)]
    said += [filters.paid.said] if filters.paid else []
    said += [state.value for state in sorted(filters.states) if question.shape is Shape.TELL]
    said += ["in " + ", ".join(sorted(places))] if (places := filters.districts | filters.outside) else []
    said += ["for the whole county"] if filters.countywide else []
    said += [f"of {filters.person}"] if filters.person else []
    return said


def _gone(found: Found) -> str:
    states = {one.state for one in found.chosen}
    if not found.gone:
        return ""
    return "; none is in force any more" if states == {State.ENDED} else "; none is in force"


def _still(found: Found) -> str:
    if found.gone:
        return f"No: {_contracts(found.total)}, none of them in force."
    return f"Yes: {_contracts(found.total)} in force."


def _providers(found: Found) -> str:
    names = found.providers
    rest = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{'The provider is' if len(names) == 1 else 'The providers are'} {listed}." if names else ""


def _shared(want: Want, held: Sequence[Held], day: date) -> str:
    """Who manages all of them, where one does."""
    names = {CELLS[want][1](one, day) for one in held}
    verb = "manages" if want is Want.MANAGER else "is lead director of"
    only = next(iter(names))
    return f"{only} {verb} {'both' if len(held) == 2 else 'all'}." if len(names) == 1 and somebody(only) else ""


def _when(want: Want, held: Sequence[Held], day: date, found: Found) -> str:
    """The day they share, where all are shown and share one."""
    days = {CELLS[want][1](one, day) for one in held}
    only = next(iter(days))
    if len(days) > 1 or found.total > len(held) or not only:
        return "The table says when each does." if want is not Want.REVIEW else ""
    verb = {Want.END: "end on", Want.START: "start on", Want.REVIEW: "are due for review on"}[want]
    return f"{'Both' if len(held) == 2 else 'All'} {verb} {only}."


_BELOW = {
    Want.SUBCONTRACTORS: "name sub-contractors", Want.PAYMENT: "give payment terms",
    Want.PAYMENT_BELOW: "say when sub-contractors are paid",
}  # fmt: skip


def _told_below(want: Want, held: Sequence[Held], day: date, found: Found) -> str:
    """How many of those shown say anything of it: an empty cell is no answer."""
    count = sum(bool(CELLS[want][1](one, day)) for one in held)
    return f"{count or 'None'} of them {_BELOW[want]}." if found.total == len(held) else ""


def _whether(question: RegisterQuestion, want: Want, held: Sequence[Held]) -> str:
    if want is Want.DELIVERED:
        so = sum(is_delivered(question.whether, one.contract) for one in held) if question.whether else 0
        ways = ", ".join(dict.fromkeys(one.contract.delivered_by or "not said" for one in held))
        return (
            f"{so or 'None'} of them {WAYS[question.whether]}; " if question.whether else ""
        ) + f"{'d' if question.whether else 'D'}elivered by: {ways}."
    values = {getattr(one.contract, want.value) for one in held}
    what = "a small or medium firm (SME)" if want is Want.SME else "of the voluntary sector (VCSE)"
    said = is_of(held[0], values.pop(), what) if len(values) == 1 else ""
    return said[:1].upper() + said[1:]
