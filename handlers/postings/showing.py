"""A posting as its officer and its poster read it before everybody does."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.intentions.saying import day_words, value_words, when_words
from handlers.messages import Choice, Outcome, Reply, Table
from knowledge.postings import Posting, State
from knowledge.register.contract import Contract
from knowledge.timeline.posted import offer_words
from knowledge.workdays import day_of

_STATES = {
    State.WAITING: "waits for an officer", State.PUBLISHED: "is published", State.REFUSED: "was refused",
    State.WITHDRAWN: "was taken back",
}  # fmt: skip


def what(one: Posting) -> str:
    """What it is, in a line: "Sub-contract available: Night sitting in Gullhaven"."""
    said = offer_words(one.terms)
    return f"{said[:1].upper()}{said[1:]}: {one.terms.title}"


def standing(one: Posting) -> str:
    """How it stands, in a sentence: "P-3 waits for an officer."."""
    on, why = f" as {one.on_timeline}" if one.on_timeline else "", f": {one.reason}" if one.reason else ""
    return f"{one.reference} {_STATES[one.state]}{on if one.state is State.PUBLISHED else ''}{why}".rstrip(".") + "."


def card(one: Posting, contract: Contract | None, desk: Desk, *, insider: bool) -> Reply:
    """All of it, and what may be done with it. `contract`: the one it names, where the register has it; `insider`: the
    reader decides about it."""
    changes = f" It changes {one.on_timeline}." if one.on_timeline and one.state is State.WAITING else ""
    return Reply(
        outcome=Outcome.POSTING, text=f"{what(one)}. {standing(one)}{changes}", table=_table(one, contract, insider),
        choices=deciding_choices(one, opens=False) if insider else own_choices(one),
    )  # fmt: skip


def deciding_choices(one: Posting, *, opens: bool = True) -> tuple[Choice, ...]:
    """What an officer may press."""
    if one.state is not State.WAITING:
        return ()
    found = (
        Choice(label="Publish", action="publish_posting", about=one.reference, style="primary"),
        Choice(label="Refuse", action="refuse_posting", about=one.reference, opens_form=True, style="danger"),
    )
    looks = Choice(label="Open", action="open_posting", about=one.reference, opens_form=True)
    return (found[0], looks, found[1]) if opens else found


def own_choices(one: Posting) -> tuple[Choice, ...]:
    """What its poster may press."""
    if one.state not in (State.WAITING, State.PUBLISHED):
        return ()
    return (
        Choice(label="Change it", action="change_posting", about=one.reference, opens_form=True),
        Choice(label="Withdraw it", action="withdraw_posting", about=one.reference, opens_form=True, style="danger"),
    )


def _table(one: Posting, contract: Contract | None, insider: bool) -> Table:
    terms = one.terms
    rows = [
        ("Offered by", one.provider), ("Written by", one.posted_by if insider else ""),
        ("Contract", contract_words(one.contract, contract)), ("More about it", terms.description),
        ("Why it changes", one.why), ("Kind of service", terms.category or terms.service),
        ("Where", ", ".join(terms.area)), ("Value", value_words(terms)),
        ("Answers by", when_words(terms.closes) if terms.closes else ""), ("Answers to", terms.contact_email),
        ("Posted", day_words(day_of(one.made_at))),
    ]  # fmt: skip
    shown = tuple((name, " ".join(said.split())[:2_000]) for name, said in rows if said.strip())
    return Table(columns=("", "What it says"), rows=shown, total=1, card=True, source="posting")


def contract_words(reference: str, contract: Contract | None) -> str:
    """A contract with its provider, so that its officer sees whether that is who writes."""
    if not reference or contract is None:
        return f"{reference} (not in the register)" if reference else ""
    held = f", with {contract.supplier}" if contract.supplier else ""
    return f"{contract.reference}: {contract.title}{held}"
