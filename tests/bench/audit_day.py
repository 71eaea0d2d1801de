"""How many rows a working week writes into the audit of a council of 80 Members, and how much room they take:
`PYTHONPATH=tests python -m tests.bench.audit_day`.

What is assumed: a Member raises a concern a week; of each the manager looks in three different hours, the Member in
two and the director in one; it is acknowledged, every other one goes to the provider, who answers; it is answered and
closed; one in ten is escalated by the clock as nobody acts. Thirty people sign in a day.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import sqlalchemy as sa
from cast import SAMPLE, make_home, settings
from council import CARE, CARERS, HELEN, JOANNA, MONDAY, PRIYA, ROADS, SUNITA, TOM, Council, fill, open_council
from counties import settle_county

from bot.wiring import Wiring
from handlers.concerns.answering import asked
from knowledge.audit import Deed, Wanted, account, entries
from knowledge.models import Role

MEMBERS, DAYS, SIGN_INS = 80, 5, 30
_WHERE = ((CARE, PRIYA, HELEN), (CARERS, SUNITA, HELEN), (ROADS, TOM, JOANNA))
_FIRM = "contact@firm.example.org"


def main() -> None:
    """Plays the week and prints what it came to."""
    folder = Path(tempfile.mkdtemp(prefix="desk-audit-"))
    try:
        make_home(folder / "desk")
        wiring = Wiring(settings(folder / "desk"))
        settle_county(wiring, SAMPLE)
        fill(wiring.store)
        council = open_council(wiring.store, wiring.desk)
        members = [f"member{number}@example.org" for number in range(MEMBERS)]
        for one in members:
            council.add(one, Role.MEMBER, name=f"Cllr Number {one}")
        begun = len(_rows(council))
        _week(council, members)
        _report(council, begun)
    finally:
        shutil.rmtree(folder)


def _week(council: Council, members: list[str]) -> None:
    troubles = cycle(_WHERE)
    for day in range(DAYS):
        council.clock = MONDAY + timedelta(days=day)
        with council.store.writing() as connection:
            for one in members[:SIGN_INS]:
                account(connection, Deed.SIGNED_IN, "session", "link", council.clock, by=one)
        for number, member in enumerate(members[day::DAYS]):
            _concern(council, member, *next(troubles), day * 100 + number)
        council.until(council.clock + timedelta(hours=8))


def _concern(council: Council, member: str, contract: str, manager: str, director: str, number: int) -> None:
    """One from end to end, in the hours of a day."""
    began = council.clock
    reference = council.raised(member, contract, f"nobody came to house {number} of road {number * 7} on day {number}")
    if number % 10 == 9:
        council.clock = began
        return
    council.send(manager, action="open", about=reference, surface="web")
    council.press(manager, "acknowledge", reference)
    council.clock += timedelta(hours=1)
    if number % 2:
        council.press(manager, "ask_provider", reference, to=_FIRM, text="Why was that?")
        request = council.requests(reference)[-1].id
        asked(request, council.desk)
        council.answer(request)
    council.send(member, action="open", about=reference, surface="web")
    council.send(director, action="open", about=reference, surface="web")
    council.clock += timedelta(hours=1)
    council.send(manager, action="open", about=reference, surface="web")
    council.press(manager, "reply", reference, text="It is put right.")
    council.clock += timedelta(hours=1)
    council.send(member, action="open", about=reference, surface="web")
    council.press(manager, "close", reference, outcome="put_right", text="Done.")
    council.clock = began


def _rows(council: Council) -> list[tuple[str, str]]:
    with council.store.reading() as connection:
        return [(one.deed.value, one.kind) for one in entries(connection, Wanted())]


def _report(council: Council, begun: int) -> None:
    rows = _rows(council)
    written = rows[: len(rows) - begun]
    for (deed, kind), count in Counter(written).most_common():
        print(f"{deed:10} {kind:12} {count / DAYS:8.1f} a day")
    with council.store.reading() as connection:
        room = connection.execute(sa.text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'audit%'")).scalar_one()
    each, year = room / len(rows), len(written) / DAYS * 250
    print(f"{len(written) / DAYS:.0f} rows a working day, {each:.0f} bytes each with their indexes;")
    print(f"{year:,.0f} rows and {each * year / 1e6:.1f} MB a year of 250 working days")


if __name__ == "__main__":
    main()
