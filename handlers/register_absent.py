"""What is said where the register holds no such contract: that it does not, and what is nearest."""

from __future__ import annotations

from handlers.register_summing import conditions_of
from knowledge.register.answering import nearest
from knowledge.register.asking.nouns import RegisterQuestion
from knowledge.register.reader import RegisterReader

NOT_PUBLISHED = (
    "Who manages a contract is not part of the published register. Ask me about a contract, and I will tell you its "
    "contact point."
)


def absent(question: RegisterQuestion, reader: RegisterReader) -> tuple[str, list[str]]:
    """A sentence, and a note on what is nearest where anything is."""
    subject = question.subject
    if subject.numbers is None or subject.numbers:
        parts = ([subject.said] if subject.said else []) + conditions_of(question)
        return f"No contract in the register fits{': ' + ', '.join(parts) if parts else ''}.", []
    if subject.reference:
        near = f"The nearest reference: {', '.join(subject.nearest)}."
        return f"There is no contract of the reference {subject.said} in the register.", [near] * bool(subject.nearest)
    if subject.provider:
        near = f"The nearest name: {', '.join(subject.nearest)}."
        return f"There is no contract with {subject.said} in the register.", [near] * bool(subject.nearest)
    found = [f"{title.strip()} ({reference})" for reference, title in nearest(subject.said, reader)]
    near = f"The nearest in it: {'; '.join(found)}."
    return f"There is no contract for “{subject.said}” in the register.", [near] * bool(found)
