"""What is told to a provider: that an answer is awaited, and where to give it. Never what the Member wrote."""

from __future__ import annotations

from handlers.concerns import saying
from handlers.concerns.case import Case
from handlers.messages import Choice
from handlers.telling.parts import Said
from knowledge.concerns.providers import request
from knowledge.models import Person
from knowledge.outbox.owed import Owed


def provider_asked(case: Case, owed: Owed, person: Person | None) -> Said | None:
    asked = request(case.connection, int(owed.about["request"]))
    if asked is None or not asked.open or not case.concern.open:
        return None
    late = owed.kind == "provider_chased"
    lead = "An answer is overdue" if late else f"{case.desk.council} asks you for an answer"
    supplier = case.contract.supplier if case.contract else ""
    text = (
        f"{lead} about {saying.contract(case)}{f', {supplier}' if supplier else ''}: {case.concern.reference}. "
        f"It {'was' if late else 'is'} due by {saying.when(asked.answer_by)}. The link shows what is asked and takes "
        "your answer; you need no account."
    )
    subject = f"{case.concern.reference}: {'an answer is overdue' if late else 'please answer'}"
    return (
        subject,
        text,
        (Choice(label="Read and answer", action="provider_answers", about=str(asked.id), style="primary"),),
    )
