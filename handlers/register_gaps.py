"""The register's own gaps, for officers: what share of contracts over £50,000 have a manager, a director and a review
date, which lack them, and which say that the post is vacant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.desk import Desk
from handlers.messages import Message, Outcome, Reply, Table
from handlers.register_cells import SHOWN, day_of
from knowledge.models import Role
from knowledge.register.gaps import Gaps, Lack, gaps
from knowledge.register.holding import contracts, register_date
from knowledge.reviews import missed

_SHARES = re.compile(
    r"(?=.*\b(contracts?|register)\b)"
    r"(?=.*\b(managers?|directors?|review dates?|gaps?|complete|completeness|missing)\b)"
    r".*\b(what|which|how)\b.{0,20}\b(share|percentage|per ?cent|proportion|part|fraction|complete|full)\b"
    r"|\b(gaps in|completeness of|holes in|how good is)\b.{0,20}\bregister\b"
    r"|\bregister\b.{0,15}\b(gaps|completeness)\b",
    re.IGNORECASE | re.DOTALL,
)
_VACANT = re.compile(
    r"(?=.*\b(contracts?|register)\b).*\b(says?|marked|shown|listed|down)\b.*\b(vacan\w*|recruiting)\b",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = {"manager": "contract manager", "director": "lead director", "review": "review date"}


def answer(message: Message, desk: Desk) -> Reply | None:
    """The reply to a question about gaps; None where it is none, or the asker is a provider."""
    vacant = bool(_VACANT.search(message.text))
    if not (vacant or _SHARES.search(message.text)) or message.public or not message.roles - {Role.PROVIDER}:
        return None
    if not desk.register().size:
        return None
    with desk.store.reading() as connection:
        held, as_of, late = contracts(connection), register_date(connection), len(missed(connection, desk.day))
    found = gaps(held, desk.day)
    source = f"The register as of {day_of(as_of)}." if as_of else "The register; of which day is not known."
    text, rows = _vacancies(found) if vacant else _shares(found)
    rest = f"{len(rows) - SHOWN:,} more are in `desk register gaps`. " if len(rows) > SHOWN else ""
    notes = (source, f"{rest}Counted are contracts in force worth over £50,000.", *_missed(late))
    return Reply(outcome=Outcome.REGISTER, text=text, notes=notes, table=_table(rows))


def _missed(count: int) -> tuple[str, ...]:
    """How many have missed their review, whatever they are worth."""
    said = "1 contract has" if count == 1 else f"{count:,} contracts have"
    return (f"{said} missed their review: ask which." if count > 1 else f"{said} missed its review.",) if count else ()


def _shares(found: Gaps) -> tuple[str, Sequence[Lack]]:
    share = found.share
    if not share.contracts:
        return "No contract over £50,000 is in force.", ()
    parts = [
        f"{count} ({100 * count / share.contracts:.0f} %) have a {_NAMES[name]}"
        for name, count in (("manager", share.manager), ("director", share.director), ("review", share.review))
    ]
    whole = f"{share.whole} ({100 * share.whole / share.contracts:.0f} %) have all three"
    return f"Of {share.contracts} contracts over £50,000, {', '.join(parts)}; {whole}.", found.lacking


def _vacancies(found: Gaps) -> tuple[str, Sequence[Lack]]:
    empty = [one for one in found.lacking if one.vacant]
    if not empty:
        return "No contract over £50,000 names a post as vacant.", ()
    said = "1 contract names a post as vacant." if len(empty) == 1 else f"{len(empty)} contracts name a post as vacant."
    return said, empty


def _table(rows: Sequence[Lack]) -> Table | None:
    """The first of the contracts that lack something."""
    if not rows:
        return None
    cells = tuple(
        (one.title.strip(), one.reference, ", ".join(_NAMES[name] for name in one.lacks), ", ".join(one.vacant))
        for one in rows[:SHOWN]
    )
    return Table(columns=("Contract", "Reference", "Lacks", "Says vacant"), rows=cells, total=len(cells),
                 contracts=tuple(one.reference for one in rows[:SHOWN]))  # fmt: skip
