"""How the register looks in a terminal, and in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich.table import Table

from bot.terminal import clean, console, plain
from knowledge.register.contract import State
from knowledge.register.gaps import OVER, WANTED, Gaps, Share
from knowledge.register.holding import Held
from knowledge.register.importing import Report
from knowledge.register.reading.file import Read
from knowledge.register.reading.rows import SHARES
from knowledge.reviews import Due

_MOST = 20
"""Changes and contracts told after an import; a dry run tells them all."""
_WORDS = {
    "manager": "contract manager", "manager_email": "", "director": "lead director", "director_email": "",
    "sme": "SME", "vcse": "VCSE", "ocid": "OCID", "cpv": "CPV code", "cpv_label": "CPV", "end_note": "of its end",
    "value_note": "of its value", "parent": "parent contract", "irrecoverable_vat": "irrecoverable VAT",
    "subcontractors": "sub-contractors", "subcontractor_terms": "sub-contractors paid",
    "sme_share": "% to SMEs", "vcse_share": "% to VCSEs",
}  # fmt: skip


def summary(held: Sequence[Held], day: date | None, problems: int, today: date) -> dict[str, Any]:
    """How the register stands."""
    states = [one.state(today) for one in held]
    return {
        "contracts": len(held),
        "in_force": states.count(State.IN_FORCE),
        "ended": states.count(State.ENDED),
        "to_come": states.count(State.TO_COME),
        "date": day.isoformat() if day else None,
        "missing": sum(bool(one.missing_since and not one.ended_on) for one in held),
        "problems": problems,
    }


def card(found: Held, today: date) -> None:
    """A contract for reading: what is known of it, and where from."""
    contract = found.contract
    console.print(f"{clean(contract.reference)}  {clean(contract.title)}", style="bold", markup=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("stands", found.state(today).value)
    for name in type(contract).model_fields:
        value = getattr(contract, name)
        if name in ("reference", "title", "other") or value in (None, ""):
            continue
        mark = "  (put right in the desk)" if name in found.corrected else ""
        said = f"{value}%" if name in SHARES else _said(value)
        table.add_row(_WORDS.get(name) or name.replace("_", " "), plain(said + mark))
    for heading, value in contract.other.items():
        table.add_row(plain(heading), plain(value))
    if found.missing_since:
        table.add_row("missing", f"from the register since {found.missing_since:%d/%m/%Y}")
    table.add_row("from", plain(f"{found.source}, line {found.line}"))
    console.print(table)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"£{value:,.2f}"
    return str(value)


def show_changes(report: Report, *, everything: bool) -> None:
    """What is new, what changed field by field, what the file lacked."""
    most = None if everything else _MOST
    for reference in report.new[:most] if report.changed or report.unchanged or everything else []:
        console.print(f"new: {clean(reference)}", markup=False)
    for one in report.changes[:most]:
        before, after = (
            clean(str(value)) if value not in (None, "") else "nothing" for value in (one.before, one.after)
        )
        stays = " (put right in the desk: that stays)" if one.corrected else ""
        console.print(f"{clean(one.reference)}: {clean(one.field)}: {before} → {after}{stays}", markup=False)
    for reference in report.lacked[:most]:
        console.print(f"not in the file: {clean(reference)}", markup=False)
    if not everything and max(len(report.changes), len(report.lacked)) > _MOST:
        console.print("and more; --json tells all", style="dim")


def show_notes(read: Read) -> None:
    """What people should know of how the file was read."""
    columns = read.columns
    for note in read.notes:
        console.print(f"note: {clean(note)}", markup=False)
    for heading, fields in columns.ambiguous.items():
        fits = " and ".join(fields)
        console.print(
            f'note: {clean(heading)!r} fits {fits}, so it is kept with the row; --map "{clean(heading)}={fields[0]}" '
            "settles it",
            markup=False,
        )
    for heading, name in columns.weaker.items():
        console.print(f"note: {clean(heading)!r} is kept with the row: another column is {name}", markup=False)
    if columns.unknown:
        told = ", ".join(repr(clean(heading)) for heading in columns.unknown)
        console.print(f"note: kept with the row, not being known: {told}", markup=False)


def gaps_as_json(found: Gaps) -> dict[str, Any]:
    """The gaps for programs. Shares are of 1, null where there is nothing to share."""
    return {
        "day": found.day.isoformat(),
        "over": f"{OVER:.2f}",
        **_share(found.share),
        "value_unknown": found.unvalued,
        "departments": [{"department": name or None, **_share(share)} for name, share in found.departments.items()],
        "lacking": [
            {
                "reference": one.reference, "title": one.title, "department": one.department or None,
                "lacks": list(one.lacks), "vacant": list(one.vacant),
            }
            for one in found.lacking
        ],
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    counts = {name: getattr(share, name) for name in (*WANTED, "whole")}
    shares = {name: share.of(count) for name, count in counts.items()}
    rounded = {name: None if one is None else round(one, 4) for name, one in shares.items()}
    return {"contracts": share.contracts, "with": counts, "shares": rounded}


def show_gaps(found: Gaps) -> None:
    """The gaps for people."""
    total = found.share.contracts
    console.print(f"{total:,} contracts over £{OVER:,} are in force; {found.unvalued:,} more do not say their value.")
    table = Table("department", "contracts", "manager", "director", "review", "all three", box=None, header_style="dim")
    for name, share in [*found.departments.items(), ("all", found.share)]:
        counts = (share.manager, share.director, share.review, share.whole)
        shares = ((count, share.of(count)) for count in counts)
        table.add_row(plain(name or "(none)"), str(share.contracts), *(f"{n} ({of or 0:.0%})" for n, of in shares))
    console.print(table)
    for one in found.lacking:
        words = [f"{name} (says it is vacant)" if name in one.vacant else name for name in one.lacks]
        console.print(f"{clean(one.reference)}  {clean(one.title)}: no {', no '.join(words)}", markup=False)


def due_as_json(one: Due) -> dict[str, Any]:
    """A contract whose review is due, for programs."""
    contract = one.contract
    return {
        "reference": contract.reference, "title": contract.title, "department": contract.department or None,
        "due_on": one.on.isoformat(), "manager": contract.manager_email or None,
        "director": contract.director_email or None,
    }  # fmt: skip


def show_missed(found: Sequence[Due]) -> None:
    """The reviews that were missed, for people."""
    for one in found:
        contract = one.contract
        said = f"{clean(contract.reference)}  {clean(contract.title)}: missed its review, due {_said(one.on)}"
        console.print(said, markup=False)
