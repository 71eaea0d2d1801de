"""The forms of concerns: what is asked, and what is wrong with what was filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.concerns.case import Case, known_as
from handlers.desk import Desk
from handlers.messages import Entry, Form, Outcome, Reply
from knowledge.concerns.nouns import Ending
from knowledge.models import Person, Role

_MOST_OPTIONS = 100
NOT_TO_TYPE = (
    "Please type no names, addresses, dates of birth, health details or numbers of the person it is about, unless it "
    "cannot be understood without."
)


_EMPTY = "Write something first."


def wrong_text(text: str, desk: Desk) -> str:
    """What is wrong with a text that somebody wrote into a form, "" where it can be kept."""
    if len(text) > desk.longest_question:
        return too_long(text, desk.longest_question)
    return "" if text.strip() else _EMPTY


def too_long(text: str, longest: int) -> str:
    """What is said of a text of more characters than are kept."""
    return f"That is {len(text):,} characters; the desk keeps up to {longest:,}."


def form(action: str, about: str, title: str, entries: Sequence[Entry], *, note: str = "", send: str = "Send") -> Reply:
    """A reply that asks for more."""
    asked = Form(action=action, about=about, title=title, note=note, entries=tuple(entries), send=send)
    wrong = " ".join(asked.errors.values())
    return Reply(outcome=Outcome.FORM, text=wrong, form=asked)


def new_concern(given: Mapping[str, str], people: Sequence[Person], member: bool, errors: Mapping[str, str]) -> Reply:
    """The form in which a concern is written. `member`: whether whoever fills it in is one."""

    def entry(name: str, label: str, kind: str = "text", **more: object) -> Entry:
        values = {"value": given.get(name, ""), "error": errors.get(name, ""), **more}
        return Entry(name=name, label=label, kind=kind, **values)  # type: ignore[arg-type]

    entries = [
        entry("text", "What has happened?", "long", hint="What, since when, and what it means for them."),
        entry("place", "Where?", hint="A town, village, road or school.", required=False),
        entry("contract", "Contract, if you know it", hint="Its reference.", required=False),
    ]
    if not member:
        entries.append(entry("member", "For which Member?", "person", options=members(people)))
    entries.append(entry("files", "Photographs or papers", "files", required=False))
    entries.append(
        entry(
            "at_risk",
            "Is somebody at risk now?",
            "choice",
            options=(("no", "No"), ("yes", "Yes: tell safeguarding at once")),
        )
    )
    return form("new_concern", "", "Raise a concern", entries, note=NOT_TO_TYPE, send="Go on")


def for_a_member(about: str, people: Sequence[Person], value: str, error: str) -> Reply:
    """For which Member an officer raises it."""
    entry = Entry(
        name="member", label="For which Member?", kind="person", options=members(people), value=value, error=error
    )
    return form("raise", about, "Raise for a Member", [entry], send="Raise it")


def members(people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
    """The Members to choose from; none where they are too many for a list, and an address is typed."""
    found = [(known_as(one), one.name or known_as(one)) for one in people if Role.MEMBER in one.roles]
    return tuple(found) if len(found) <= _MOST_OPTIONS else ()


def written(
    action: str, case: Case, title: str, label: str, given: Mapping[str, str], error: str | None = None, **more: str
) -> Reply:
    """A form of one text. `error`: what is wrong with it, where that is not simply what `wrong_text` finds."""
    if error is None:
        error = wrong_text(given.get("text", ""), case.desk) if given else ""
    entry = Entry(
        name="text", label=label, kind="long", value=given.get("text", ""), error=error, hint=more.get("hint", "")
    )
    return form(
        action, case.concern.reference, title, [entry], note=more.get("note", ""), send=more.get("send", "Send")
    )


def ask_provider(
    case: Case, given: Mapping[str, str], known: Sequence[tuple[str, str]], errors: Mapping[str, str]
) -> Reply:
    """What a provider is asked, and whom. `known`: addresses the desk knows, with names."""
    supplier = case.contract.supplier if case.contract else "the provider"
    to = Entry(
        name="to", label=f"Address at {supplier}"[:70], kind="email",
        value=given.get("to") or (known[0][0] if known else ""),
        hint="Kept for the next time, with your name as who gave it.", error=errors.get("to", ""),
    )  # fmt: skip
    text = Entry(
        name="text", label="What they are asked", kind="long", value=given.get("text", ""), error=errors.get("text",
        ""),
        hint="They see only what you write here.",
    )  # fmt: skip
    note = (
        "The provider is not shown what the Member wrote. Leave the constituent's details out unless they are needed."
    )
    return form("ask_provider", case.concern.reference, "Ask the provider", [to, text], note=note, send="Ask them")


def close(case: Case, given: Mapping[str, str], endings: Mapping[Ending, str], errors: Mapping[str, str]) -> Reply:
    """How it ended, and what the Member is told."""
    how = Entry(
        name="outcome", label="How did it end?", kind="choice", value=given.get("outcome", ""),
        options=tuple((one.value, label.capitalize()) for one, label in endings.items()), error=errors.get("outcome",
        ""),
    )  # fmt: skip
    text = Entry(
        name="text",
        label="What the Member is told",
        kind="long",
        value=given.get("text", ""),
        error=errors.get("text", ""),
    )
    return form("close", case.concern.reference, f"Close {case.concern.reference}", [how, text], send="Close it")


def pass_on(
    case: Case, given: Mapping[str, str], options: Sequence[tuple[str, str]], errors: Mapping[str, str]
) -> Reply:
    """Whom it is passed on to, or which contract it belongs to."""
    to = Entry(
        name="to", label="To whom?", kind="person", value=given.get("to", ""), options=tuple(options), required=False,
        error=errors.get("to", ""),
    )  # fmt: skip
    contract = Entry(
        name="contract", label="Or to which contract?", value=given.get("contract", ""), required=False,
        hint="Its reference: it goes to whoever has that contract.", error=errors.get("contract", ""),
    )  # fmt: skip
    return form(
        "pass_on", case.concern.reference, f"Pass on {case.concern.reference}", [to, contract], send="Pass it on"
    )


def wrong_contract(case: Case, given: Mapping[str, str], options: Sequence[tuple[str, str]], error: str) -> Reply:
    """Which contract it is about instead."""
    contract = Entry(
        name="contract", label="Which contract is it about?", kind="choice" if options else "text",
        options=tuple(options),
        value=given.get("contract", ""), hint="If you do not know, triage finds out.", required=False, error=error,
    )  # fmt: skip
    title = f"{case.concern.reference}: not this one"
    return form("wrong_contract", case.concern.reference, title, [contract], send="Send it there")


def answer(token: str, title: str, given: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    """A provider's answer."""
    text = Entry(
        name="text", label="Your answer", kind="long", value=given.get("text", ""), error=errors.get("text", ""),
        hint="What happened, and what you do about it. The contract manager reads it.",
    )  # fmt: skip
    promised = Entry(
        name="promised", label="By which day will it be right?", kind="date", value=given.get("promised", ""),
        required=False, error=errors.get("promised", ""), hint="Leave empty if it is right already.",
    )  # fmt: skip
    return Form(action="provider_answers", about=token, title=title, entries=(text, promised), send="Send the answer")
