"""A sweep over every point at which a process may die in the middle of any journey: `python tests/fault_sweep.py FOLDER
POINTS`, one JSON line a run. POINTS: how many points of each journey, spread over it; 0 for all of them.

A point is before each statement that writes, each commit, each file that is put in its place or deleted, and each
statement with which an index file is built. After a death another process looks at what there is, and does the same
again as whoever waits for it would: Slack and the worker always, a person only where it is not done.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import cast
import sqlalchemy as sa
import timeline
from council import CARE, CARER, DOREEN, HELEN, MONDAY, PRIYA, RUTH, Council, at, fill, open_council
from subscribing import subscribe
from sweep import NEVER, Points, forked, load
from telling_sweep import writes
from test_enquiries import ASKED, FILLED
from test_timeline_webhook import package

from bot.notices import SURFACE, take_read, take_up
from bot.wiring import Wiring
from handlers.parking import park_event
from handlers.retention import run as run_retention
from handlers.subjects.erasing import erase_concern, erase_person
from handlers.timed import run_due
from knowledge.attachments.cleaning import Attachment
from knowledge.attachments.keeping import keep
from knowledge.concerns.drafts import keep_draft
from knowledge.documents.importing import index_documents
from knowledge.documents.index import ensure_index, wanted_stamp
from knowledge.documents.search import Index
from knowledge.incoming import write_down
from knowledge.indexfile import stamp_of
from knowledge.people import read_people
from knowledge.places import read_places
from knowledge.register.reading.file import read_register
from knowledge.tables import draft, incoming, metadata
from knowledge.takings.lists import take_people, take_places
from knowledge.takings.registers import take_register
from knowledge.takings.undoing import undo
from knowledge.timeline.reading.jsonfile import read_json_text

GRITTING = "# Gritting\n\n## 1 When\n\nGritting lorries leave when the road falls to one degree.\n"
PLACES = "place,district\nMarl,North\nGull,South\n"
REGISTER = "Reference,Title,Supplier,Value\nC-1,Home care,Kindly Hours Ltd,1000\nC-2,Day care,Marl Trust,2000\n"
NOTICES = package(3)
ROSA = "rosa.tamarind@charity.example.org"


class World(NamedTuple):
    """What a journey has: the council, the desk it belongs to, a folder for its files."""

    council: Council
    wiring: Wiring
    folder: Path

    def file(self, name: str, text: str) -> Path:
        """A file that somebody sends."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


Step = Callable[[World], object]


class Journey(NamedTuple):
    """`before`: what has happened already; `do`: what may be killed; `always`: it is done again whatever is there;
    `steps`: it is done in several transactions, between which it may be broken off."""

    do: Step
    before: Step = lambda world: None
    always: bool = True
    steps: bool = False


# --- what happens -------------------------------------------------------------------------------------------------


def passes_on(world: World) -> None:
    world.council.send(DOREEN, action="ask_person", about="1", id="passed-on")


def has_asked(world: World) -> None:
    assert world.council.say(DOREEN, ASKED).question == 1


def has_passed_on(world: World) -> None:
    has_asked(world)
    passes_on(world)


def takes_register(world: World) -> None:
    read = read_register(world.file("register.csv", REGISTER))
    with world.council.store.writing() as connection:
        take_register(connection, read, "register.csv", MONDAY, by=RUTH, complete=True)


def takes_places(world: World) -> None:
    found = read_places(world.file("places.csv", PLACES))
    with world.council.store.writing() as connection:
        take_places(connection, found, "places.csv", MONDAY, by=RUTH)


def takes_people(world: World) -> None:
    kept = (cast.SAMPLE / "people.csv").read_text().splitlines()
    found = read_people(world.file("people.csv", "\n".join(kept[:-1]) + "\n"))
    with world.council.store.writing() as connection:
        take_people(connection, found, "people.csv", MONDAY, by=RUTH)


def undoes(world: World) -> None:
    with world.council.store.writing() as connection:
        undo(connection, 1, MONDAY + timedelta(hours=1), timeline.OURS, kept=30, by=RUTH)


def ticks(world: World) -> None:
    world.council.clock += timedelta(minutes=10)
    run_due(world.council.desk)


def has_raised_three(world: World) -> None:
    for text in (CARER, "the carer came at noon and not at eight", "no carer came on Sunday, medicines were missed"):
        world.council.raised(text=text)


def has_closed(world: World) -> None:
    name = world.council.raised()
    world.council.press(PRIYA, "acknowledge", name)
    world.council.press(PRIYA, "reply", name, text="The rounds have been changed.")
    world.council.press(DOREEN, "fixed", name)
    world.council.clock += timedelta(days=500)


def retains(world: World) -> None:
    world.council.clock = MONDAY + timedelta(days=500)
    run_retention(world.council.desk)


def indexes(world: World) -> None:
    paper = world.folder / "papers"
    paper.mkdir(exist_ok=True)
    (paper / "Gritting.md").write_text(GRITTING, encoding="utf-8")
    index_documents(world.wiring.store, [paper], world.wiring.pack, world.wiring.limits)
    ensure_index(world.wiring.store, world.wiring.pack, world.wiring.settings.index_path)


def has_drafted(world: World) -> None:
    with world.council.store.writing() as connection:
        keep_draft(connection, DOREEN, "", CARER, {"contracts": {CARE: "home-care"}}, MONDAY)


def raises_with_a_photograph(world: World) -> None:
    """As the form does: the file stands with the draft first, and then with the concern."""
    with world.council.store.writing() as connection:
        held = connection.execute(sa.select(draft.c.id)).scalar()
        one = Attachment(name="a.txt", type="text/plain", checksum="0" * 64, content=b"the lamp is out")
        if held:
            keep(connection, one, concern=None, draft=held, now=MONDAY)
            (world.folder / "draft.txt").write_text(held)
    name = (world.folder / "draft.txt").read_text()
    world.council.send(DOREEN, action="raise", about=f"{name}|{CARE}", id="raised")


def sends_notices(world: World) -> None:
    """As the door does, and then the worker."""
    if write_down(world.wiring.store, "notices:1", SURFACE, {"body": NOTICES}):
        take_read(world.wiring, read_json_text(NOTICES.encode(), "notices:1"), "notices:1")
    with world.wiring.store.writing() as connection:
        connection.execute(sa.update(incoming).values(lease_until=MONDAY - timedelta(days=900)))
    take_up(world.wiring)


def has_come(world: World) -> None:
    assert write_down(world.wiring.store, "slack:Ev1", "slack", {"text": CARER, "user": "U0DOREEN"})


def parks(world: World) -> None:
    """As Slack's part of the desk does, when the last try has failed."""
    desk = replace(world.council.desk, channels=frozenset({"slack"}))
    park_event(desk, "slack:Ev1", 1, "U0DOREEN")


def posts(world: World) -> None:
    from test_postings import FILLED as POSTED
    from test_postings import LARK

    fields = {**POSTED, "email": LARK, "contract": CARE}
    world.council.send("", addresses=(), action="new_posting", fields=fields, id="posted")


def subscribed_weekly(world: World) -> None:
    subscribe(world.council.store, recipient=ROSA, every="weekly", at=at("2026-11-13"))
    timeline.take(world.council.store, timeline.row(), now=at("2026-11-16"))
    world.council.clock = at("2026-11-23", "07:59")


def rounds_up(world: World) -> None:
    world.council.clock = at("2026-11-23", "08:05")
    run_due(world.council.desk)


def reviews(world: World) -> None:
    fields = {"outcome": "partly", "changes": "Visits at weekends are checked.", "next_on": "2027-12-01"}
    world.council.send(PRIYA, action="record_review", about=CARE, fields=fields, id="reviewed")


def opens_checklist(world: World) -> None:
    world.council.send(RUTH, action="open_checklist", about="specification", id="opened")


def ticks_checklist(world: World) -> None:
    world.council.press(RUTH, "tick_checklist", "1.0.4", ticked="0,2")


JOURNEYS: dict[str, Journey] = {
    "an enquiry is passed on": Journey(passes_on, has_asked),
    "an enquiry is claimed": Journey(lambda w: w.council.press(RUTH, "claim_enquiry", "E-1"), has_passed_on),
    "an enquiry is answered": Journey(
        lambda w: w.council.press(RUTH, "answer_enquiry", "E-1", **FILLED), has_passed_on
    ),
    "a register is taken in": Journey(takes_register, always=False),
    "a register is put back": Journey(undoes, takes_register, always=False),
    "places are taken in": Journey(takes_places, always=False),
    "places are put back": Journey(undoes, takes_places, always=False),
    "people are taken in": Journey(takes_people, always=False),
    "people are put back": Journey(undoes, takes_people, always=False),
    "a review is recorded": Journey(reviews),
    "a pattern is found": Journey(ticks, has_raised_three, steps=True),
    "retention runs": Journey(retains, has_closed),
    "a person is erased": Journey(
        lambda w: erase_person(w.council.desk, ROSA, dry=False), lambda w: subscribe(w.council.store, recipient=ROSA)
    ),
    "a concern is erased": Journey(lambda w: erase_concern(w.council.desk, 1, dry=False), has_raised_three),
    "a paper is taken in": Journey(indexes, always=False),
    "a concern with a photograph": Journey(raises_with_a_photograph, has_drafted, steps=True),
    "notices are sent in": Journey(sends_notices, steps=True),
    "a checklist is opened": Journey(opens_checklist),
    "a checklist is ticked": Journey(ticks_checklist, opens_checklist),
    "a posting is sent": Journey(posts),
    "a posting is published": Journey(lambda w: w.council.press(HELEN, "publish_posting", "P-1"), posts),
    "what came in is parked": Journey(parks, has_come),
    "a round-up is gathered": Journey(rounds_up, subscribed_weekly, steps=True),
}  # fmt: skip
"""Every journey that writes and is not in tests/sweep.py or tests/telling_sweep.py."""


# --- dying, and looking -------------------------------------------------------------------------------------------


def world_of(home: Path) -> World:
    """The council in a folder."""
    wiring = Wiring(cast.settings(home))
    council = open_council(wiring.store, replace(wiring.desk, kick=lambda: None))
    return World(council, wiring, home)


def run(home: Path, step: Step, deadly: int) -> int:
    """One process: does a step, and dies at a point of it. Tells how many points it passed."""
    world, points = world_of(home), Points(deadly)
    engine = world.council.store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *said: writes(said[2]) and points.pass_one())
    sa.event.listen(engine, "commit", points.pass_one)
    for name in ("replace", "unlink"):
        setattr(os, name, _counted(getattr(os, name), points))
    straight = sqlite3.connect

    def connect(path: Any, *args: Any, **named: Any) -> sqlite3.Connection:
        made = straight(path, *args, **named)
        if ".index-" in str(path):
            made.set_trace_callback(points.pass_one)
        return made

    sqlite3.connect = connect  # type: ignore[assignment]
    with redirect_stdout(sys.stderr):
        step(world)
    points.pass_one()
    assert not world.council.errors, world.council.errors
    return points.count


def _counted(straight: Callable[..., Any], points: Points) -> Callable[..., Any]:
    def counted(*args: Any, **named: Any) -> Any:
        points.pass_one()
        return straight(*args, **named)

    return counted


def found(home: Path) -> dict[str, Any]:
    """What there is: how many rows in each table, what waits, whether the index can be used and what is in it."""
    world = world_of(home)
    index = world.wiring.settings.index_path
    with world.council.store.reading() as connection:
        rows = {
            one.name: connection.execute(sa.select(sa.func.count()).select_from(one)).scalar()
            for one in metadata.sorted_tables
        }
        open = connection.execute(sa.select(incoming.c.id).where(incoming.c.state != "handled")).all()
        sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    return {
        "rows": {name: count for name, count in rows.items() if count and name not in _PASSING}, "open": len(open),
        "sound": sound, "index": list(Index(index, world.wiring.pack).documents) if stamp_of(index) else None,
        "behind": stamp_of(index) != wanted_stamp(world.wiring.store, world.wiring.pack),
    }  # fmt: skip


_PASSING = frozenset({"turn", "heartbeat", "timed"})
"""Tables of what is only remembered for a while."""


def looked(home: Path) -> dict[str, Any]:
    """The same, by a process of its own."""
    out = home / "found.json"
    forked(lambda: out.write_text(json.dumps(found(home))))
    return dict(json.loads(out.read_text()))


def make(home: Path) -> None:
    """The sample council."""
    cast.make_home(home)
    wiring = Wiring(cast.settings(home))
    fill(wiring.store)
    wiring.index.get()
    wiring.register.get()
    wiring.store.close()


def killed_at(made: Path, folder: Path, journey: Journey, deadly: int) -> dict[str, Any]:
    """One run: what there was after the death, and what there is after the next process."""
    home = Path(shutil.copytree(made, folder / "home"))
    passed = forked(lambda: run(home, journey.do, deadly))
    left = looked(home)
    if passed is None:
        again = journey.always or left["rows"] == looked(made)["rows"]
        forked(lambda: run(home, journey.do, NEVER) if again else 0)
    forked(lambda: len(world_of(home).wiring.index.get().documents))  # as whoever asks next does
    result = {"point": deadly, "killed": passed is None, "points": passed, "left": left, "after": looked(home),
              "steps": journey.steps}  # fmt: skip
    shutil.rmtree(home)
    return result


def main() -> None:
    """Each journey: once whole, then killed at its points."""
    folder, wanted = Path(sys.argv[1]), int(sys.argv[2])
    names = sys.argv[3:] or list(JOURNEYS)
    made = folder / "made"
    load()
    forked(lambda: make(made) or 0)
    for name in names:
        journey = JOURNEYS[name]
        begun = Path(shutil.copytree(made, folder / "begun"))
        forked(lambda: run(begun, journey.before, NEVER))  # noqa: B023
        whole = killed_at(begun, folder, journey, NEVER)
        total = whole["points"]
        print(json.dumps({"journey": name, "before": looked(begun), **whole}), flush=True)
        every = max(1, -(-total // wanted)) if wanted else 1
        for deadly in range(1 + every // 2, total + 1, every):
            print(json.dumps({"journey": name, **killed_at(begun, folder, journey, deadly)}), flush=True)
        shutil.rmtree(begun)


if __name__ == "__main__":
    main()
