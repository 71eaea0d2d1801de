"""The forms in which officers answer a question, drop it, and change what the desk has learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from handlers.messages import Entry, Form, Outcome, Reply
from knowledge.models import Access
from knowledge.personal import personal
from knowledge.questions.learnt import OwnEntry

LONGEST, LONGEST_ASKS, MOST_ASKS = 3_000, 2_000, 12
"""Characters of an answer and of all ways of asking; ways of asking."""
OWN = "own"
_ANYWAY = "anyway"
_ACCESS = {
    Access.PUBLIC: "Everybody", Access.INTERNAL: "The council's own people",
    Access.CONFIDENTIAL: "Managers and directors only",
}  # fmt: skip
_TEACH = (
    ("yes", "Yes: the next who asks is answered with it"),
    ("no", "No: it is for whoever asked"),
    (_ANYWAY, "Yes, though it names somebody: I have looked"),
)


class Answer(NamedTuple):
    """What an officer filled in. `rests_on`: document and locator, "" for both where it is their own answer; `asks`:
    ways of asking; `teaches`: the desk is to know it."""

    text: str
    rests_on: tuple[str, str]
    access: Access
    asks: tuple[str, ...]
    teaches: bool


def answering(
    reference: str, note: str, places: Sequence[tuple[str, str]], readable: frozenset[Access],
    given: Mapping[str, str], errors: Mapping[str, str],
) -> Reply:  # fmt: skip
    """The form of an answer. `places`: passages it may rest on, their values and labels."""
    entries = (
        Entry(name="answer", label="Your answer", kind="long", hint=f"Up to {LONGEST:,} characters."),
        Entry(name="rests_on", label="What does it rest on?", kind="choice",
              options=((OWN, "Our own answer"), *places, ("place", "Another place, given below"))),
        Entry(name="place", label="Another place", hint="Paper and place, such as: 002, Principle 6", required=False),
        _access(readable),
        Entry(name="teach", label="Add it to what the desk knows?", kind="choice", options=_TEACH),
        _asks(),
    )  # fmt: skip
    defaults = {"rests_on": OWN, "access": Access.INTERNAL.value, "teach": "yes"}
    return _form("answer_enquiry", reference, f"Answer {reference}", entries, {**defaults, **given}, errors, note)


def changing(own: OwnEntry, readable: frozenset[Access], given: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """The form of what the desk has learnt, as it stands."""
    stands = {"answer": own.digest, "access": own.access.value, "asks": "\n".join(own.asks)}
    entries = (Entry(name="answer", label="The answer", kind="long"), _access(readable), _asks())
    return _form("change_entry", own.id, "Change the answer", entries, {**stands, **given}, errors, "")


def dropping(reference: str, given: Mapping[str, str], errors: Mapping[str, str]) -> Reply:
    """The form of a reason."""
    why = Entry(name="reason", label="Why?", kind="long", hint="Whoever asked is told this.")
    return _form("drop_enquiry", reference, f"Drop {reference}", (why,), given, errors, "", send="Drop it")


def read(given: Mapping[str, str], readable: frozenset[Access]) -> tuple[Answer | None, dict[str, str]]:
    """What was filled in, and what is wrong with it, by field. The place named is not looked up here."""
    text, wrong = given.get("answer", "").strip(), {}
    asks = tuple(dict.fromkeys(line for line in map(str.strip, given.get("asks", "").splitlines()) if line))
    if not text:
        wrong["answer"] = "Write the answer."
    elif len(text) > LONGEST:
        wrong["answer"] = f"Up to {LONGEST:,} characters."
    if len(asks) > MOST_ASKS or len(given.get("asks", "")) > LONGEST_ASKS:
        wrong["asks"] = f"Up to {MOST_ASKS} ways of asking, {LONGEST_ASKS:,} characters."
    access = given.get("access", Access.INTERNAL.value)
    if access not in {one.value for one in readable}:
        wrong["access"] = "Choose who may read it, among those who read what you may."
    teach = given.get("teach", "no")
    if teach == "yes" and (found := personal("\n".join((text, *asks)))):
        wrong["teach"] = f"It seems to hold {', '.join(found)}. Take that out, or say that it may be kept."
    if wrong:
        return None, wrong
    return Answer(text, _place(given), Access(access), asks, teach in ("yes", _ANYWAY)), {}


def _place(given: Mapping[str, str]) -> tuple[str, str]:
    said = given.get("rests_on", OWN)
    if said == OWN:
        return "", ""
    document, _, locator = (given.get("place", "") if said == "place" else said).partition(
        "," if said == "place" else "|"
    )
    return document.strip(), locator.strip()


def _access(readable: frozenset[Access]) -> Entry:
    options = tuple((access.value, label) for access, label in _ACCESS.items() if access in readable)
    return Entry(name="access", label="Who may read it?", kind="choice", options=options)


def _asks() -> Entry:
    hint = "One a line. The question itself is kept without whatever looks personal."
    return Entry(name="asks", label="Ways of asking for it", kind="long", hint=hint, required=False)


def _form(
    action: str, about: str, title: str, entries: tuple[Entry, ...], given: Mapping[str, str],
    errors: Mapping[str, str], note: str, *, send: str = "Send",
) -> Reply:  # fmt: skip
    filled = tuple(
        one.model_copy(update={"value": given.get(one.name, ""), "error": errors.get(one.name, "")}) for one in entries
    )
    form = Form(action=action, about=about, title=title, note=note, entries=filled, send=send)
    return Reply(outcome=Outcome.FORM, text=" ".join(form.errors.values()), form=form)
