"""The council speaking for itself: a row of its template, or a form. What changes a promise needs a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from knowledge.timeline.book import Book, joining, staying
from knowledge.timeline.buyers import Buyers
from knowledge.timeline.differing import LABELS, as_record, unexplained
from knowledge.timeline.entry import Entry, together
from knowledge.timeline.folding import Own
from knowledge.timeline.gathering import TEMPLATE, Known
from knowledge.timeline.nouns import Change, Problem, Row, State, Terms, is_empty
from knowledge.timeline.reading.keys import notice_numbers, ocid_key, ocids
from knowledge.timeline.twins import agree, weak_key


class Taken(NamedTuple):
    """What became of a row. `made`: a version was; `held`: why it waits."""

    reference: str
    added: bool
    made: bool
    held: str


class NotOurs(Exception):
    """An intention of another buyer's, which the council cannot change. Its text says whose."""


class ReasonMissing(Exception):
    """A change that needs a reason has none. Its text says which."""


def twins_of_row(buyers: Buyers, row: Row) -> list[str]:
    """The keys by which a row's intention may be known already."""
    names = [weak_key(name, row.terms.title) for name in buyers.names]
    return [*notice_keys(row.notices), weak_key("", row.terms.title, own=True), *names]


def notice_keys(notices: Iterable[str]) -> list[str]:
    """Keys of the notices somebody names: numbers of Find a Tender, and OCIDs."""
    named = list(notices)
    keys = [f"find-a-tender:{found}" for one in named for found in notice_numbers(one)]
    return keys + [ocid_key(found) for one in named for found in ocids(one)]


def take_row(book: Book, at: int, row: Row) -> Taken | Problem:
    """Takes a row of the template. What it says anew of a field counts; what it repeats since the template was last
    read does not undo what was said in the desk meanwhile."""
    row = _naming_notices(row)
    last = book.notice(TEMPLATE, row.reference)
    found = _found(book, row, last)
    entry = staying(found) if found else None
    said = _news(last.row if last else None, row, entry)
    if entry and not said:
        return Taken(entry.reference, False, False, entry.held)
    try:
        reason = "" if entry and row.reason == book.last_reason(entry) else row.reason  # an export carries the last one
        if len(found) > 1:
            check(book, together(found[0], found[1:]), owned(said, book.now), reason)
            entry = book.join(found)
        entry, made = say(book, entry, said, reason, reference=row.reference, at=book.now)
    except (ReasonMissing, NotOurs) as wrong:
        return Problem(record=at, reference=row.reference, reason=str(wrong), cells=as_record(row.terms))
    book.add_keys(entry, notice_keys(row.notices))
    book.keep(entry, TEMPLATE, row.reference, TEMPLATE, book.now, row)
    return Taken(entry.reference, entry.version == 1 and made, made, entry.held)


def say(
    book: Book, entry: Entry | None, said: Mapping[str, Any], reason: str, *, reference: str = "", at: datetime,
    by: int | None = None,
) -> tuple[Entry, bool]:  # fmt: skip
    """Has the council say something of an intention, a new one where there is none. Gives it back, and whether a
    version was made of it. Raises ReasonMissing and NotOurs."""
    own = owned(said, at)
    if entry:
        check(book, entry, own, reason)
    else:
        entry = book.begin("", "", own=True, reference=reference)
        own = {name: one for name, one in own.items() if not is_empty(one.value)}
    entry.own_terms = {**entry.own_terms, **own}
    entry.own = True
    made = entry.settle(book.now, at, reason, by=by)
    if not entry.terms.posted_by:  # a notice of the council's with its title is about something else
        book.add_keys(entry, [weak_key("", entry.terms.title, own=True)])
    return entry, made


def owned(said: Mapping[str, Any], at: datetime) -> dict[str, Own]:
    """What the council says, as it is kept."""
    return {name: Own(value, at) for name, value in said.items()}


def check(book: Book, entry: Entry, own: Mapping[str, Own], reason: str) -> None:
    """Raises NotOurs where the council cannot say this, ReasonMissing where it has to say why as well."""
    if not entry.own and book.buyers.settled:
        raise NotOurs(f"{entry.reference} is an intention of {entry.buyer}, not the council's (DESK_BUYERS)")
    if not reason and (missing := unexplained(entry.saying(own))):
        raise ReasonMissing("needs a reason: " + "; ".join(_told(one) for one in missing))


def _naming_notices(row: Row) -> Row:
    """The row with the notices it names among its terms."""
    named = {"related"} if "notices" in row.says or row.notices else set()
    says = frozenset((row.says | named) & Terms.model_fields.keys())
    terms = row.terms.model_copy(update={"related": row.notices})
    return row.model_copy(update={"says": says, "terms": terms})


def _news(last: dict[str, Any] | None, row: Row, entry: Entry | None) -> dict[str, Any]:
    """The fields of which the row says something other than the template last did; the first time, other than what is
    held."""
    if last is None:
        before = Terms.model_validate(entry.about) if entry else Terms()
        known: Iterable[str] = row.says
    else:
        held = Row.model_validate(last)
        before, known = held.terms, held.says
    said = {
        name: getattr(row.terms, name)
        for name in sorted(row.says)
        if name not in known or getattr(row.terms, name) != getattr(before, name)
    }
    if before.service and row.terms.service == before.service:
        said.pop("category", None)  # the same kind of service, in other words
    return said


def _found(book: Book, row: Row, last: Known | None) -> list[Entry]:
    """The intention a row speaks of, the one that stays first: the one of its reference, that it spoke of before, or of
    the notices it names (then those that are to be joined to it); else the one that looks the same."""
    if known := book.by_reference(row.reference) or (book.entry(last.intention) if last else None):
        return [known]
    if named := [one for one in book.by_keys(notice_keys(row.notices)) if not one.rows]:
        stays = staying(named)
        return [stays, *joining(stays, named)]
    same = _same(book, row)
    return [same] if same else []


def _same(book: Book, row: Row) -> Entry | None:
    """The council's one intention of this title that no row has spoken of, and that agrees with it."""
    found = [entry for entry in book.by_keys(twins_of_row(book.buyers, row)) if entry.own]
    fitting = [one for one in found if one.statements and not one.own_terms and agree(one.terms, row.terms)]
    return fitting[0] if len(fitting) == 1 else None


def _told(one: Change) -> str:
    if one.field == "state" and one.after == State.WITHDRAWN:
        return "it is withdrawn"
    return f"{LABELS[one.field]} was {_short(one.before)} and is {_short(one.after)}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("said", value)
    return "not said" if value is None else f"{value!s}"[:60]
