"""Erasing a concern and a person: nothing that was written outlives it, in any table or any file, on either engine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from council import DOREEN, PRIYA, Council
from fake_slack import BOT_TOKEN, Answer, FakeSlack
from planting import PROVIDER, SPOKEN, WRITTEN, in_files, in_record, planted

from bot.slack.taking_back import take_back
from handlers.retention import AGAIN
from handlers.retention import run as run_retention
from handlers.subjects.erasing import Erasing, Post, erase_concern, erase_person
from handlers.subjects.exporting import export_concern, export_person, find
from knowledge import tables
from knowledge.concerns.nouns import number_of
from knowledge.models import Role
from knowledge.parties import party_of
from knowledge.people import Row, replace_people
from knowledge.retention.erasures import Erasures
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria
from knowledge.subscriptions.suppressing import Reason, suppress, why_suppressed
from knowledge.takings.lists import people_rows

ROSA = "rosa.tamarind@charity.example.org"


@pytest.fixture
def erasures(tmp_path: Path) -> Erasures:
    return Erasures(tmp_path / "erasures.jsonl")


def erased(council: Council, reference: str = "C-0001", *, dry: bool = False) -> Erasing:
    found = erase_concern(council.desk, number_of(reference) or 0, dry=dry)
    assert found
    return found


def audited(council: Council, deed: str) -> list[tuple[str, str]]:
    with council.store.reading() as connection:
        a = tables.audit.c
        rows = connection.execute(sa.select(a.kind, a.about).where(a.deed == deed).order_by(a.id))
        return [(row.kind, row.about) for row in rows]


# --- a concern ----------------------------------------------------------------------------------------------------


def test_nothing_that_was_written_outlives_an_erased_concern(council: Council, tmp_path: Path) -> None:
    reference = planted(council)
    found = in_record(council.store, WRITTEN)
    assert set(found) == set(WRITTEN), "each word is found before it is erased, or not to find it would say nothing"
    assert {column for columns in found.values() for column in columns} >= {
        "personal_text.body", "attachment.name", "incoming.payload", "notification.place", "concern.origin",
        "notification.problem", "turn.question",
    }  # fmt: skip
    done = erased(council, reference)
    assert in_record(council.store, WRITTEN) == {}
    assert audited(council, "erased") == [("concern", "1")]
    assert done.left == ()
    assert (done.counts["texts"], done.counts["files"], done.problem) == (8, 1, "")
    if council.store.dialect == "sqlite":
        assert in_files(tmp_path, WRITTEN) == {}, "not in the file, nor in the log beside it"


def test_the_figures_of_an_erased_concern_stay(council: Council) -> None:
    before = council.concern(planted(council))
    moves = council.moves(before.reference)
    erased(council)
    after = council.concern(before.reference)
    assert after.model_copy(update={"origin": before.origin}) == before
    assert council.moves(before.reference) == moves
    assert len(council.requests(before.reference)) == 1
    page = council.press(PRIYA, "open", before.reference)
    assert (page.written, page.papers) == ((), ())


def test_a_dry_run_says_the_same_and_changes_nothing(sqlite_council: Council, erasures: Erasures) -> None:
    council = sqlite_council
    council.with_desk(erasures=erasures)
    planted(council)
    tried = erased(council, dry=True)
    assert set(in_record(council.store, WRITTEN)) == set(WRITTEN)
    assert erasures.all() == []
    assert audited(council, "erased") == []
    assert erased(council).counts == tried.counts


def test_another_concern_keeps_its_words(sqlite_council: Council) -> None:
    council = sqlite_council
    planted(council)
    other = council.raised(text="The bins of Mr Applewhite at Brenmouth home care were left, carer came late")
    erased(council)
    assert "personal_text.body" in in_record(council.store, ["applewhite"])["applewhite"]
    assert [one.body for one in council.press(DOREEN, "open", other).written]


def test_an_open_concern_is_erased_with_a_word_of_warning(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    assert "still open" in erased(sqlite_council, reference, dry=True).stays[0]


def test_a_concern_that_is_not_there_is_not_erased(sqlite_council: Council) -> None:
    assert erase_concern(sqlite_council.desk, 99, dry=False) is None


def test_a_concern_is_handed_out_with_its_texts_and_files(sqlite_council: Council) -> None:
    council = sqlite_council
    planted(council)
    bundle = export_concern(council.desk, 1)
    assert bundle
    assert [one["kind"] for one in bundle.held["texts"]][:2] == ["concern", "more"]
    assert bundle.held["asked_of_providers"][0]["answer"] == "Our van broke down in Saskatoon."
    [(name, content)] = bundle.files
    assert name.endswith("wombatphoto-quillfeather.png")
    assert content.startswith(b"\x89PNG")
    for word in ("Zanzibar", "flugelhorn", "Saskatoon", "periwinkle", "put right"):
        assert word in bundle.page.replace("\\_", " "), word
    assert audited(council, "exported") == [("concern", "1")]


def test_a_constituent_is_found_by_reference_only(sqlite_council: Council) -> None:
    council = sqlite_council
    planted(council)
    council.raised(text="The carer of Mr Applewhite came late again in Gullhaven")
    found = find(council.desk, "  QUILLFEATHER OF 14 ")
    assert found.concerns == ("C-0001",)
    assert found.elsewhere == {"incoming.payload": 1, "turn.question": 1}
    assert find(council.desk, "wombatphoto").concerns == ("C-0001",)
    assert find(council.desk, "nobody of that name") == ((), {})
    assert audited(council, "saw").count(("list", "texts")) == 3


# --- a person -----------------------------------------------------------------------------------------------------


def subscribed(council: Council, address: str = ROSA) -> int:
    with council.store.writing() as connection:
        id = record.propose(
            connection, council.clock, recipient=address, owner=address, channel="email",
            sentence="home care for rosa.tamarind's charity", criteria=Criteria(services=("home-care",)), every="daily",
        )  # fmt: skip
        assert record.agree(connection, id, council.clock)
    return id


def busy(council: Council) -> None:
    """A provider who has done all that one can at the desk."""
    subscribed(council)
    council.say(ROSA, "what is a tamarind specification?", addresses=(ROSA,))
    number = council.say(ROSA, "which tamarind permits do inspectors use?", addresses=(ROSA,)).question
    council.press(ROSA, "rate", f"{number}|bad")
    council.press(ROSA, "ask_person", str(number))
    with council.store.writing() as connection:
        suppress(connection, ROSA, Reason.ASKED, council.clock)
    council.post.deliver()


def gone(council: Council, address: str) -> Erasing:
    found = erase_person(council.desk, address, dry=False)
    assert found
    return found


def test_a_person_is_nowhere_once_erased_and_still_not_written_to(council: Council, tmp_path: Path) -> None:
    busy(council)
    assert "party.address" in in_record(council.store, ["rosa.tamarind"])["rosa.tamarind"]
    done = gone(council, ROSA)
    assert done.held == ()
    assert done.left == ()
    assert in_record(council.store, ["tamarind"]) == {}
    if council.store.dialect == "sqlite":
        assert in_files(tmp_path, ["tamarind"]) == {}
    with council.store.reading() as connection:
        assert why_suppressed(connection, ROSA) is Reason.ASKED
    assert erase_person(council.desk, ROSA, dry=False) is None


def test_all_that_is_held_with_a_person_is_handed_out(sqlite_council: Council) -> None:
    council = sqlite_council
    busy(council)
    bundle = export_person(council.desk, ROSA)
    assert bundle
    held = bundle.held
    assert held["not_written_to"] == ["asked"]
    assert {"subscription", "question", "rating", "enquiry", "turn", "party"} <= set(held["record"])
    assert held["record"]["subscription"][0]["recipient"] == "this person"
    assert "tamarind specification" in bundle.page
    assert audited(council, "exported") != []
    assert export_person(council.desk, "nobody@example.org") is None


def test_what_is_handed_out_with_a_person_stands_with_each_concern_in_which_they_wrote(sqlite_council: Council) -> None:
    council = sqlite_council
    planted(council)
    council.raised(text="The bins of Mr Applewhite were left, and the carer came late")
    assert export_person(council.desk, DOREEN)
    assert [about for kind, about in audited(council, "exported") if kind == "concern"] == ["1", "2"]


def test_somebody_whom_only_a_list_names_is_accounted_for_all_the_same(sqlite_council: Council) -> None:
    with sqlite_council.store.writing() as connection:
        rows = [*people_rows(connection), Row("idle@example.org", "", Role.OFFICER, {"name": "Ida Idle"})]
        replace_people(connection, rows)
    bundle = export_person(sqlite_council.desk, "idle@example.org")
    assert bundle
    assert bundle.name == "person-listed"
    assert erase_person(sqlite_council.desk, "idle@example.org", dry=False)
    assert audited(sqlite_council, "exported") == audited(sqlite_council, "erased") == [("party", "listed")]


def test_a_members_address_stays_while_they_are_on_the_list_and_it_is_said_why(sqlite_council: Council) -> None:
    council = sqlite_council
    planted(council)
    done = gone(council, DOREEN)
    assert any("people list" in reason for reason in done.held)
    assert any("C-0001" in reason for reason in done.stays), "their concern is the council's casework"
    assert "party.address" in in_record(council.store, [DOREEN])[DOREEN]
    assert "turn.question" not in in_record(council.store, ["zanzibar"])["zanzibar"]


def test_a_member_who_has_left_is_forgotten_and_their_concern_stays(sqlite_council: Council) -> None:
    council = sqlite_council
    reference = planted(council)
    council.list(doreen_haspell=None)
    done = gone(council, DOREEN)
    assert done.held == ()
    assert in_record(council.store, [DOREEN, "d0xyzzyplace"]) == {}
    assert council.concern(reference).raised_by.startswith("forgotten:")
    assert "zanzibar" in in_record(council.store, ["zanzibar"])


def test_whoever_has_an_open_concern_is_not_forgotten(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.list(doreen_haspell=None)
    assert any(reason.startswith(reference) for reason in gone(sqlite_council, DOREEN).held)
    assert sqlite_council.concern(reference).raised_by == DOREEN


def test_a_provider_who_is_still_to_answer_is_not_forgotten(sqlite_council: Council) -> None:
    reference = sqlite_council.raised()
    sqlite_council.press(PRIYA, "acknowledge", reference)
    sqlite_council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="Why?")
    assert gone(sqlite_council, PROVIDER).held
    sqlite_council.answer(1, "A van broke down.")
    assert gone(sqlite_council, PROVIDER).held == ()
    assert in_record(sqlite_council.store, [PROVIDER]) == {}


def test_nobody_is_erased_whom_the_desk_does_not_know(sqlite_council: Council) -> None:
    assert erase_person(sqlite_council.desk, "nobody@example.org", dry=False) is None


# --- a backup that is restored ------------------------------------------------------------------------------------


def test_what_a_restored_backup_brings_back_is_erased_again(sqlite_council: Council, erasures: Erasures) -> None:
    council = sqlite_council
    council.with_desk(erasures=erasures)
    planted(council)
    busy(council)
    with council.store.writing() as connection:
        backup = {table: connection.execute(sa.select(table)).all() for table in tables.metadata.sorted_tables}
    erased(council)
    gone(council, ROSA)
    _restore(council, backup)
    assert "zanzibar" in in_record(council.store, ["zanzibar"])
    counts, problem = run_retention(council.desk)
    assert (counts[AGAIN], problem) == (2, "")
    assert in_record(council.store, [*WRITTEN, "tamarind"]) == {}
    assert run_retention(council.desk)[0][AGAIN] == 0


def test_a_list_kept_elsewhere_does_the_same(sqlite_council: Council, erasures: Erasures, tmp_path: Path) -> None:
    council = sqlite_council
    planted(council)
    with council.store.writing() as connection:
        backup = {table: connection.execute(sa.select(table)).all() for table in tables.metadata.sorted_tables}
    council.with_desk(erasures=erasures)
    erased(council)
    _restore(council, backup)
    council.with_desk(erasures=Erasures(tmp_path / "a fresh machine" / "erasures.jsonl"))
    assert run_retention(council.desk)[0][AGAIN] == 0
    assert run_retention(council.desk, erasures.all())[0][AGAIN] == 1


def test_a_number_that_was_given_anew_is_not_erased(sqlite_council: Council, erasures: Erasures) -> None:
    """After a restore the next concern, and the next person, may have a number that was erased."""
    council = sqlite_council
    council.with_desk(erasures=erasures)
    council.raised()
    with council.store.writing() as connection:
        number = party_of(connection, ROSA)
    erased(council)
    gone(council, ROSA)
    with council.store.writing() as connection:
        later = council.clock + timedelta(hours=1)
        connection.execute(sa.update(tables.concern).values(raised_at=later))
        connection.execute(sa.update(tables.personal_text).values(body="another concern"))
        connection.execute(
            sa.update(tables.party).where(tables.party.c.id == number).values(address="else@example.org")
        )
    assert run_retention(council.desk)[0][AGAIN] == 0
    assert set(in_record(council.store, ["another concern", "else@example.org"])) == {
        "another concern",
        "else@example.org",
    }


def test_the_list_of_erasures_holds_numbers_only(sqlite_council: Council, erasures: Erasures) -> None:
    sqlite_council.with_desk(erasures=erasures)
    planted(sqlite_council)
    erased(sqlite_council)
    assert erasures.path
    text = erasures.path.read_text()
    assert not any(word in text.lower() for word in (*WRITTEN, "doreen", SPOKEN.lower()))
    assert erasures.path.stat().st_mode & 0o077 == 0


def _restore(council: Council, backup: dict[sa.Table, list[sa.Row]]) -> None:  # type: ignore[type-arg]
    """Puts rows back as they were, as a restored file would have them; the audit keeps what it has."""
    with council.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for table, rows in backup.items():
            if table is not tables.audit:
                connection.execute(sa.delete(table))
                for row in rows:
                    connection.execute(sa.insert(table).values(**row._mapping))
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


# --- the desk's own messages in Slack ------------------------------------------------------------------------------


def test_the_desks_own_messages_of_a_concern_are_deleted_in_slack(tmp_path: Path) -> None:
    posts = [Post("D0MO", "1.1"), Post("D0MO", "1.2"), Post("D0MO", "1.3")]
    with FakeSlack() as fake:
        settings = cast.settings(tmp_path, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_API_URL=fake.url)
        refused = (Answer({"ok": False, "error": error}) for error in ("message_not_found", "cant_delete_message"))
        fake.will("chat.delete", Answer(), *refused)
        assert take_back(settings, posts) == 1, "what is gone already is; what Slack refuses is told"
        assert [(one["channel"], one["ts"]) for one in fake.made("chat.delete")] == [tuple(post) for post in posts]
    assert take_back(cast.settings(tmp_path), posts) == 3


def test_where_the_desk_wrote_of_a_concern_is_known_before_it_is_forgotten(sqlite_council: Council) -> None:
    planted(sqlite_council)
    posts = erased(sqlite_council).posts
    assert set(posts) == {Post("D0BUMBLEBROTH", "17.6")}
    assert erased(sqlite_council).posts == ()


# --- pages ---------------------------------------------------------------------------------------------------------


def test_no_text_breaks_out_of_the_page_that_is_handed_out(sqlite_council: Council) -> None:
    wicked = "# Not a heading <script>alert(1)</script> [x](javascript:y) the carer in Gullhaven\n## nor this | `x`"
    sqlite_council.raised(text=wicked)
    bundle = export_concern(sqlite_council.desk, 1)
    assert bundle
    assert "<script" not in bundle.page
    assert "\n## nor" not in bundle.page
    assert "[x](" not in bundle.page
