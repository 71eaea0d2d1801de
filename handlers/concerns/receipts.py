"""What is said of a concern that was just raised: who has it, by when, the reference."""

from __future__ import annotations

from handlers.concerns import safeguarding, saying
from handlers.concerns.case import Case
from handlers.messages import Choice, Outcome, Reply
from knowledge.concerns.moves import TAKE_BACK_WITHIN


def receipt(case: Case) -> Reply:
    """Who has it, by when, the reference."""
    concern, desk = case.concern, case.desk
    about = saying.contract(case) if case.contract else "a service the desk could not name"
    sentences = [f"{concern.reference} is raised: {about}.", who_has_it(case), _seen(case), _dates(case)]
    notes = [*safeguarding.silence(case), f"Take back works for {int(TAKE_BACK_WITHIN.total_seconds() // 60)} minutes."]
    notes.append(f"If anyone is in danger, call 999.{safeguarding.out_of_hours(desk)}")
    return Reply(
        outcome=Outcome.RAISED, text=" ".join(part for part in sentences if part), notes=tuple(notes),
        choices=_after_raising(case), concern=concern.reference,
    )  # fmt: skip


def at_risk_reply(case: Case, danger: str) -> Reply:
    """The signpost first, then what was done."""
    notes = safeguarding.silence(case)
    if danger:
        notes.append(f"Why this comes first: {danger}.")
    if case.contract:
        notes.append(f"The contract it may touch: {saying.contract(case)}, {case.contract.supplier}.")
    return Reply(
        outcome=Outcome.SAFEGUARDING, text=f"{safeguarding.said(case)} {who_has_it(case)}", notes=tuple(notes),
        choices=_after_raising(case), concern=case.concern.reference,
    )  # fmt: skip


def who_has_it(case: Case) -> str:
    """Who has it, and why not somebody before them."""
    if not case.concern.holder:
        return "Nobody is named for it: tell the council's triage contact."
    because = next((one.because for one in case.ladder if one.email == case.concern.holder), "")
    why = f", because {because}" if because else ""
    return f"{saying.person(case.concern.holder, case.people)}, {case.concern.holder_role}, has it{why}."


def _seen(case: Case) -> str:
    """Out of hours: when whoever has it will see it."""
    at = case.clock.seen_at(case.now)
    return f"They see it on {saying.when(at)}, when their hours begin." if at > case.now else ""


def _dates(case: Case) -> str:
    concern = case.concern
    return (
        f"You hear that it is in hand by {saying.when(concern.acknowledge_by)}, and have an answer by "
        f"{saying.day(concern.answer_by)}."
    )


def _after_raising(case: Case) -> tuple[Choice, ...]:
    reference = case.concern.reference
    buttons = [
        Choice(label="Take back", action="take_back", about=reference),
        Choice(label="Not this contract", action="wrong_contract", about=reference, opens_form=True),
    ]
    if not case.concern.at_risk:
        buttons.append(Choice(label="Somebody is at risk now", action="at_risk", about=reference, style="danger"))
    return tuple(buttons)
