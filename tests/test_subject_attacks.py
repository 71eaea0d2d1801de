"""Attacks on what is promised to data subjects: what would bring somebody back, or give away somebody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from council import CARE, DOREEN, PRIYA, RUTH, Council
from planting import in_record
from processes import ROOT

from handlers.retention import run as run_retention
from handlers.subjects.erasing import erase_concern, erase_person
from handlers.subjects.exporting import export_concern, export_person, find
from handlers.telling import compose
from handlers.undelivered import undeliverable
from knowledge import incoming, reviews, tables
from knowledge.facts import fact, set_fact
from knowledge.models import Role
from knowledge.outbox.owed import owed_of
from knowledge.outbox.owing import owe
from knowledge.parties import party_of
from knowledge.people import Read, Row
from knowledge.register.holding import contract as held_contract
from knowledge.retention.erasures import KEY, Erasures
from knowledge.store import Store
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria
from knowledge.takings.lists import take_people
from knowledge.takings.record import before_of

ROSA = "rosa.tamarind@charity.example.org"


def subscribed(council: Council, address: str = ROSA) -> int:
    with council.store.writing() as connection:
        id = record.propose(
            connection, council.clock, recipient=address, owner=address, channel="email", sentence="home care",
            criteria=Criteria(services=("home-care",)), every="daily",
        )  # fmt: skip
        assert record.agree(connection, id, council.clock)
    return id


def accounted(council: Council, deed: str) -> list[tuple[str, str]]:
    with council.store.reading() as connection:
        a = tables.audit.c
        rows = connection.execute(sa.select(a.kind, a.about).where(a.deed == deed).order_by(a.id))
        return [(row.kind, row.about) for row in rows]


def test_a_letter_that_was_in_flight_does_not_bring_an_erased_address_back(council: Council) -> None:
    subscribed(council)
    with council.store.writing() as connection:
        owe(connection, council.clock, kind="roundup", subject="r:1", recipient=ROSA, channel="email")
        n = tables.notification
        [owed] = owed_of(connection, connection.execute(sa.select(n).where(n.c.kind == "roundup")).all())
    assert erase_person(council.desk, ROSA, dry=False)
    undeliverable(owed, "bounced", council.desk)
    assert in_record(council.store, [ROSA]) == {}


def test_what_is_written_after_a_concern_was_erased_stays(sqlite_council: Council, tmp_path: Path) -> None:
    council = sqlite_council
    council.with_desk(erasures=Erasures(tmp_path / "erasures.jsonl"))
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    assert erase_concern(council.desk, 1, dry=False)
    council.clock += timedelta(hours=1)
    council.press(DOREEN, "tell_more", reference, text="A zeppelin came in place of the carer.")
    assert in_record(council.store, ["zeppelin"])
    run_retention(council.desk)
    assert in_record(council.store, ["zeppelin"])


def test_erasing_and_handing_out_is_accounted_for_somebody_without_a_number(sqlite_council: Council) -> None:
    council = sqlite_council
    council.add("newcomer@example.org", Role.OFFICER, name="New Comer")
    assert export_person(council.desk, "newcomer@example.org")
    assert erase_person(council.desk, "newcomer@example.org", dry=False)
    assert accounted(council, "exported")
    assert accounted(council, "erased")


def imported(council: Council, *rows: Row) -> int:
    with council.store.writing() as connection:
        old = [
            Row(row.email, row.slack_id, Role(row.role), row.about)
            for row in connection.execute(sa.select(tables.person)).all()
        ]
        take_people(connection, Read(rows=[*old, *rows]), "people.csv", council.clock)
        take_people(connection, Read(rows=old), "people.csv", council.clock)
        return int(connection.execute(sa.select(sa.func.max(tables.taking.c.id))).scalar_one())


def test_somebody_is_found_in_what_an_import_can_be_undone_by(sqlite_council: Council) -> None:
    imported(sqlite_council, Row(ROSA, "U0TAMARIND", Role.OFFICER, {"name": "Rosa Tamarind"}))
    assert "taking.before" in find(sqlite_council.desk, "Rosa Tamarind").elsewhere


def test_whoever_has_left_is_erased_by_their_slack_id_too(sqlite_council: Council) -> None:
    council = sqlite_council
    with council.store.writing() as connection:
        party_of(connection, "U0TAMARIND")
    subscribed(council)
    imported(council, Row(ROSA, "U0TAMARIND", Role.OFFICER, {"name": "Rosa Tamarind"}))
    assert erase_person(council.desk, ROSA, dry=False)
    assert in_record(council.store, ["tamarind"]) == {}


def test_erasing_one_address_leaves_another_that_ends_like_it(sqlite_council: Council) -> None:
    council = sqlite_council
    ann, joann = "ann@charity.example.org", "joann@charity.example.org"
    number = imported(council, Row(joann, "", Role.OFFICER, {"name": "Jo Ann"}))
    subscribed(council, ann)
    incoming.write_down(council.store, "Ev1", "web", {"text": "hello", "from": joann})
    assert erase_person(council.desk, ann, dry=False)
    with council.store.reading() as connection:
        assert before_of(connection, number)
        assert connection.execute(sa.select(tables.incoming.c.payload)).scalar()


def test_a_slack_id_is_known_in_small_letters_too(sqlite_council: Council) -> None:
    with sqlite_council.store.writing() as connection:
        party_of(connection, "U0TAMARIND")
    assert erase_person(sqlite_council.desk, " u0tamarind ", dry=False)
    assert in_record(sqlite_council.store, ["tamarind"]) == {}


def test_what_is_handed_out_leads_to_nobody_else(sqlite_council: Council) -> None:
    council = sqlite_council
    council.say(ROSA, "which tamarind permits?", addresses=(ROSA,))
    number = council.say(ROSA, "which tamarind permits do inspectors use?", addresses=(ROSA,)).question
    council.send(ROSA, action="ask_person", about=str(number), addresses=(ROSA,), origin={"channel": "U0TAMARIND"})
    council.press(RUTH, "claim_enquiry", "1")
    reference = council.raised()
    with council.store.writing() as connection:
        ruth = party_of(connection, RUTH)
        connection.execute(sa.update(tables.enquiry).values(claimed_by=ruth))
        connection.execute(sa.update(tables.concern).values(holder=ruth, origin={"channel": "D0DOREENS"}))
        said = {"terms": {"contact": ROSA}, "why": ""}
        row = {
            "kind": "partner",
            "posted_by": party_of(connection, ROSA),
            "provider": "Tamarind Ltd",
            "contract": "",
            "said": said,
            "state": "refused",
            "reason": "",
            "made_at": council.clock,
            "decided_by": ruth,
        }
        connection.execute(sa.insert(tables.posting).values(**row))
        contact = {
            "provider": "Tamarind Ltd",
            "contract": "",
            "party": party_of(connection, ROSA),
            "name": "Rosa Tamarind",
            "given_by": ruth,
            "given_at": council.clock,
        }
        connection.execute(sa.insert(tables.provider_contact).values(**contact))
    bundle = export_person(council.desk, RUTH)
    assert bundle
    assert {"enquiry", "concern", "posting", "provider_contact"} <= set(bundle.held["record"])
    held = json.dumps(bundle.held).lower()
    assert "u0tamarind" not in held
    assert "d0doreens" not in held
    assert "rosa" not in held
    assert reference in json.dumps(bundle.held)


def test_what_a_review_said_that_is_taken_back_is_gone(sqlite_council: Council) -> None:
    council = sqlite_council
    with council.store.writing() as connection:
        contract = held_contract(connection, CARE)
        assert contract
        args = (reviews.Finding.PARTLY, "Rosa Tamarind is to leave", None, council.clock)
        reviews.record(connection, contract.contract, *args)
    with council.store.writing() as connection:
        contract = held_contract(connection, CARE)
        assert contract
        reviews.undo(connection, contract.contract, council.clock)
    assert in_record(council.store, ["tamarind"]) == {}


def test_files_are_handed_out_under_names_no_disk_stumbles_over(sqlite_council: Council) -> None:
    council = sqlite_council
    council.raised()
    names = ("a\nb.png", "../../etc/passwd", "x:stream?.png", "\u202egnp.exe", "n" * 255, "CON")
    with council.store.writing() as connection:
        for number, name in enumerate(names):
            row = {"concern": 1, "name": name, "type": "image/png", "checksum": str(number), "content": b"x",
                   "added_at": council.clock}  # fmt: skip
            connection.execute(sa.insert(tables.attachment).values(**row))
    bundle = export_concern(council.desk, 1)
    assert bundle
    for name, _ in bundle.files:
        assert name.isprintable(), name
        assert not set(name) & set('/\\:*?"<>|'), name
        assert len(name.encode()) <= 200, name


def test_a_backup_from_before_the_list_of_erasures_has_its_key_once_it_is_brought_up(tmp_path: Path) -> None:
    keys = []
    for name in ("record", "backup"):
        store = Store(f"sqlite:///{tmp_path / name}.db")
        _upgrade(store, "0006")
        with store.writing() as connection:
            set_fact(connection, "suppression_key", "ab" * 32)
        _upgrade(store, "head")
        with store.reading() as connection:
            keys.append(fact(connection, KEY))
        store.close()
    assert keys[0] == keys[1]
    assert keys[0] not in (None, "ab" * 32)


def _upgrade(store: Store, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "knowledge" / "migrations"))
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def test_what_an_erasure_does_not_reach_is_said(sqlite_council: Council) -> None:
    sqlite_council.raised()
    done = erase_person(sqlite_council.desk, DOREEN, dry=True)
    assert done
    assert any("another address" in line for line in done.unreached)
    assert any("erase them again" in line for line in done.unreached)


def test_a_letter_in_hand_is_not_written_to_whoever_was_erased_meanwhile(sqlite_council: Council) -> None:
    council = sqlite_council
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "close", reference, outcome="put_right", text="Done.")
    council.list(doreen_haspell=None)
    with council.store.reading() as connection:
        n = tables.notification
        rows = connection.execute(sa.select(n).where(n.c.kind == "news")).all()
        owed = [one for one in owed_of(connection, rows) if one.recipient == DOREEN and compose(one, council.desk)]
    assert owed
    done = erase_person(council.desk, DOREEN, dry=False)
    assert done
    assert done.held == ()
    assert [compose(one, council.desk) for one in owed] == [None] * len(owed)
    assert in_record(council.store, [DOREEN]) == {}


def test_what_is_reopened_goes_to_somebody_where_its_holder_was_erased(sqlite_council: Council) -> None:
    council = sqlite_council
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "close", reference, outcome="put_right", text="Done.")
    council.list(priya_venn=None)
    with council.store.writing() as connection:
        for row in connection.execute(sa.select(tables.contract)).all():
            about = json.loads(json.dumps(row.about).replace(PRIYA, "").replace("Priya Venn", ""))
            mine = tables.contract.c.key == row.key
            connection.execute(sa.update(tables.contract).where(mine).values(about=about))
    done = erase_person(council.desk, PRIYA, dry=False)
    assert done
    assert done.held == ()
    assert council.concern(reference).holder.startswith("forgotten:")
    council.press(DOREEN, "not_fixed", reference, text="Nobody came.")
    found = council.concern(reference)
    assert found.state == "reopened"
    assert found.holder.endswith("@example.org"), "never nobody"
