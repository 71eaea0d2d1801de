"""The form in which a review is recorded, and what was filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from handlers.messages import Entry, Form, Outcome, Reply
from handlers.reviews.saying import FOUND, due_words, named, since_table, since_words
from knowledge.concerns.since import Since
from knowledge.personal import personal
from knowledge.register.contract import Contract
from knowledge.register.reading.days import NoDay, read_day
from knowledge.reviews import LONGEST, Finding

_FURTHEST = timedelta(days=366 * 10)
_SOON_OVER = timedelta(days=366)
"""What ends within a year may go without another review."""
_MADE_FOR = re.compile(r"\|(\d{4}-\d\d-\d\d|\d*)$")
NOTE = "Officers read the outcome and the day. Name nobody in what changes."


class Given(NamedTuple):
    """What was filled in."""

    outcome: Finding
    changes: str
    next_on: date | None


def recording(
    contract: Contract, due: date | None, since: Since, day: date, given: Mapping[str, str], errors: Mapping[str, str]
) -> Reply:
    """The form, with the concerns since the last review beside it."""
    about = f"{named(contract)}. {due_words(due, day)}"
    form = Form(
        action="record_review", about=about_of(contract, due), title=f"Review {contract.reference}",
        note=f"{about} {NOTE}", entries=_entries(given, errors), send="Record it",
        heading=since_words(since), beside=since_table(since),
    )  # fmt: skip
    return Reply(outcome=Outcome.FORM, text=f"{about} {since_words(since)}", form=form)


def about_of(contract: Contract, due: date | None) -> str:
    """What the form is about: the contract, and the review that is due; once that is recorded the form is spent."""
    return f"{contract.reference}|{due.isoformat() if due else ''}"


def parts(about: str) -> tuple[str, str | None]:
    """The reference in what a form or a button is about, and what it was made for (a day, a number, "" for none); None
    where it is a reference alone."""
    found = _MADE_FOR.search(about)
    return (about[: found.start()].strip(), found[1]) if found else (about.strip(), None)


def _entries(given: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Entry, ...]:
    def entry(name: str, label: str, kind: str, **more: object) -> Entry:
        values = {"value": given.get(name, ""), "error": errors.get(name, ""), **more}
        return Entry(name=name, label=label, kind=kind, **values)  # type: ignore[arg-type]

    options = tuple((one.value, said[:1].upper() + said[1:]) for one, said in FOUND.items())
    return (
        entry("outcome", "What did the review find?", "choice", options=options),
        entry("changes", "What changes?", "long", required=False, hint="For the service, the contract or how it is "
              "managed. Leave it empty if nothing does."),
        entry("next_on", "When is the next review?", "date", required=False,
              hint="Leave it empty only where the contract ends within a year."),
    )  # fmt: skip


def read(given: Mapping[str, str], contract: Contract, day: date) -> tuple[Given | None, dict[str, str]]:
    """What was filled in; None with what is wrong with it, by field, where something is."""
    outcome, changes = given.get("outcome", "").replace("-", "_"), given.get("changes", "").strip()
    next_on, wrong_day = _next(given.get("next_on", "").strip(), contract, day)
    wrong = {"changes": _wrong_changes(changes), "next_on": wrong_day}
    if outcome not in set(Finding):
        wrong["outcome"] = "Choose what the review found."
    wrong = {name: said for name, said in wrong.items() if said}
    return (None, wrong) if wrong else (Given(Finding(outcome), changes, next_on), {})


def _wrong_changes(text: str) -> str:
    if len(text) > LONGEST:
        return f"Up to {LONGEST:,} characters."
    if found := personal(text):
        return (
            f"This seems to hold personal data ({', '.join(found)}). Officers and committees read of reviews: say it "
            "without naming or describing anybody."
        )
    return ""


def _next(text: str, contract: Contract, day: date) -> tuple[date | None, str]:
    if not text:
        over = contract.end is not None and contract.end <= day + _SOON_OVER
        return None, "" if over else "Say when the next review is: the contract runs for more than a year."
    try:
        next_on, _ = read_day(text)
    except NoDay:
        next_on = None
    if next_on is None:
        return None, "Give a day, such as 31/03/2027."
    if next_on <= day:
        return None, "The next review is after today."
    return next_on, "At most ten years from now." if next_on > day + _FURTHEST else ""
