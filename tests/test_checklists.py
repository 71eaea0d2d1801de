"""Checklists: a list of the papers as a working list, in chat, in Slack, in the terminal and on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
from cast import MAX, OLIVE, Somebody, Visitor, seen
from click.testing import CliRunner, Result
from fake_slack import command_body
from workspace import within_limits, words

from bot.__main__ import desk as command
from bot.blocks.replies import blocks_of, renewed
from bot.slack.events import event_of
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from knowledge.checklists import record
from knowledge.checklists.record import MOST, Point
from knowledge.checklists.sources import Source, named, source_of, words_left
from knowledge.documents.importing import index_documents
from knowledge.pack import open_pack
from knowledge.store import Store
from webhooks import create_app

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SPEC = Source("specification", ("spec",), "Questions", "Plan", "FW", ("Figure 1: Specification",))
POINTS = tuple(Point(text=f"Point {n}?") for n in range(12))
SECRET = "a-secret-of-sixteen-characters"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    return cast.copy_home(sample_home, tmp_path / "desk")


@pytest.fixture
def wiring(home: Path) -> Iterator[Wiring]:
    made = Wiring(cast.settings(home, DESK_SECRET_KEY=SECRET))
    yield made
    made.store.close()


def send(wiring: Wiring, who: Somebody = OLIVE, text: str = "", **more: Any) -> Reply:
    addresses = tuple(filter(None, (who.email, who.slack_id)))
    return handle(Message(text=text, roles=frozenset({who.role}), addresses=addresses, **more), wiring.desk)


def press(wiring: Wiring, action: str, about: str = "", who: Somebody = OLIVE, **fields: str) -> Reply:
    return send(wiring, who, action=action, about=about, fields=fields)


# --- in the record ------------------------------------------------------------------------------------------------


def opened(store: Store, owner: str = OLIVE.email) -> int:
    with store.writing() as connection:
        return record.open_checklist(connection, owner, SPEC, POINTS, NOW).id


def ticked(store: Store, id: int, among: range, *places: int, by: str = OLIVE.email) -> list[int] | None:
    with store.writing() as connection:
        found = record.tick(connection, id, [by], among, places, NOW + timedelta(hours=1))
    return sorted(found.ticked) if found else None


def test_ticks_of_one_block_leave_those_of_another(store: Store) -> None:
    id = opened(store)
    assert ticked(store, id, range(10), 0, 3) == [0, 3]
    assert ticked(store, id, range(10, 12), 11) == [0, 3, 11]
    assert ticked(store, id, range(10), 3) == [3, 11]
    assert ticked(store, id, range(10_000), 1, 99) == [1]


def test_a_checklist_is_its_owners_only(store: Store) -> None:
    id = opened(store)
    assert ticked(store, id, range(10), 0, by=MAX.email) is None
    with store.writing() as connection:
        assert record.of_number(connection, id, [MAX.email]) is None
        assert not record.delete(connection, id, [MAX.email])
        assert record.delete(connection, id, [OLIVE.email])
        assert record.mine(connection, [OLIVE.email]) == []


def test_the_list_last_worked_on_comes_first(store: Store) -> None:
    first, second = opened(store), opened(store)
    ticked(store, first, range(10), 0)
    with store.reading() as connection:
        found = record.mine(connection, [OLIVE.email])
    assert [one.id for one in found] == [first, second]
    assert found[0].points == POINTS


# --- what there is, as the pack says ------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", ["kent", "sample"])
def test_every_checklist_of_a_pack_is_called_by_its_names(pack: str) -> None:
    sources = open_pack(pack).checklists
    assert len(sources) >= 6
    for source in sources:
        for name in (source.name, *source.also):
            assert named(f"a {name}", sources) == source, name


def test_a_row_that_lacks_something_is_named_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"checklists\.csv, line 3: needs document, locators"):
        source_of(3, {"name": "x", "title": "y"})


def test_what_a_question_asks_besides_a_lists_name_is_left() -> None:
    assert words_left("the spec", SPEC) == []
    assert words_left("who owns the data in the specification", SPEC) == ["own", "data"]


# --- in chat ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["checklist for a specification", "specification checklist", "open a checklist for my spec please"]
)
def test_a_checklist_is_opened_by_its_name(wiring: Wiring, said: str) -> None:
    reply = send(wiring, text=said)
    assert reply.outcome is Outcome.CHECKLIST
    assert reply.checklist
    assert len(reply.checklist.points) == 5
    assert reply.checklist.points[0].text == "What is to be better, for whom, by how much and by when?"
    assert reply.text == "Questions the specification answers: 0 of 5 done."


def test_ticks_are_kept_and_told(wiring: Wiring) -> None:
    send(wiring, text="checklist for a specification")
    assert press(wiring, "tick_checklist", "1.0.4", ticked="0,2").text.endswith("2 of 5 done.")
    again = send(wiring, text="checklist 1")
    assert again.checklist
    assert [point.done for point in again.checklist.points] == [True, False, True, False, False]
    mine = send(wiring, text="my checklists")
    assert mine.table
    assert mine.table.rows[0][1:3] == ("1", "2 of 5 done")


def test_nobody_sees_ticks_or_deletes_anothers_list(wiring: Wiring) -> None:
    send(wiring, text="checklist for a specification")
    for action in ("show_checklist", "checklist_markdown"):
        assert press(wiring, action, "1", MAX).outcome is Outcome.REFUSED
    assert press(wiring, "tick_checklist", "1.0.4", MAX, ticked="0").outcome is Outcome.REFUSED
    press(wiring, "delete_checklist", "1", MAX)
    assert press(wiring, "show_checklist", "1").text.endswith("0 of 5 done.")
    assert press(wiring, "delete_checklist", "1").text == "Checklist 1 is deleted."
    assert press(wiring, "show_checklist", "1").outcome is Outcome.REFUSED


def test_a_changed_paper_is_told_and_the_old_words_kept(home: Path, wiring: Wiring, tmp_path: Path) -> None:
    before = send(wiring, text="checklist for a review report").checklist
    papers = tmp_path / "papers"
    papers.mkdir()
    for file in cast.PAPERS.iterdir():
        text = file.read_text(encoding="utf-8").replace("What did it cost against what we planned", "The cost")
        (papers / file.name).write_text(text, encoding="utf-8")
    index_documents(wiring.store, [papers], wiring.pack, wiring.limits)
    after = press(wiring, "show_checklist", "1")
    assert after.checklist == before
    assert any("The paper has changed since" in note for note in after.notes)
    fresh = send(wiring, text="checklist for a review report")
    assert "The cost, and were" in fresh.model_dump_json()
    assert not any("changed" in note for note in fresh.notes)


def test_as_many_checklists_as_are_kept_and_no_more(wiring: Wiring) -> None:
    for _ in range(MOST):
        opened(wiring.store)
    assert send(wiring, text="checklist for a specification").outcome is Outcome.REFUSED


def test_markdown_shows_the_ticks_and_escapes_its_marks(wiring: Wiring) -> None:
    send(wiring, text="checklist for a specification")
    press(wiring, "tick_checklist", "1.0.4", ticked="1")
    body = press(wiring, "checklist_markdown", "1").written[0].body
    assert body.startswith("# Questions the specification answers\n\n- [ ] What is to be better")
    assert "- [x] Who may use the service" in body


def test_others_who_read_along_get_the_list_and_no_checklist(wiring: Wiring) -> None:
    reply = send(wiring, text="checklist for a specification", public=True)
    assert reply.outcome is Outcome.ANSWERED
    assert reply.citations[0].items == 5


def test_whom_nobody_knows_gets_the_words_to_take_away(wiring: Wiring) -> None:
    reply = handle(Message(text="", action="open_checklist", about="specification"), wiring.desk)
    assert reply.checklist is None
    assert "- [ ] What is to be better" in reply.written[0].body


def test_a_list_of_the_papers_offers_to_be_worked_through(wiring: Wiring) -> None:
    [choice] = send(wiring, text="what must a specification answer?").choices
    assert press(wiring, choice.action, choice.about).checklist


# --- in Slack -----------------------------------------------------------------------------------------------------


def boxes(reply: Reply) -> list[dict[str, Any]]:
    _, blocks = blocks_of(reply, "https://desk.example.org")
    within_limits(blocks)
    return [one for block in blocks for one in block.get("elements", ()) if one["type"] == "checkboxes"]


def clicked(element: dict[str, Any], *values: str, channel: str = "D0OLIVE") -> dict[str, Any]:
    chosen = [{"value": value} for value in values]
    action = {"type": "checkboxes", "action_id": element["action_id"], "block_id": "b", "selected_options": chosen}
    return {
        "type": "block_actions", "trigger_id": "1.2", "user": {"id": OLIVE.slack_id}, "channel": {"id": channel},
        "container": {"message_ts": "5.5"}, "message": {"blocks": []}, "actions": [action],
        "team": {"id": cast.HOME_TEAM},
    }  # fmt: skip


def test_boxes_come_ten_to_a_block_with_every_word(wiring: Wiring) -> None:
    send(wiring, text="checklist for a diagnostic report")
    id = opened(wiring.store)
    reply = press(wiring, "show_checklist", str(id))
    assert [len(one["options"]) for one in boxes(reply)] == [10, 2]
    long = press(wiring, "show_checklist", "1")
    said = words(blocks_of(long)[1])
    assert all(" ".join(point.text.split()) in said for point in long.checklist.points)  # type: ignore[union-attr]


def test_a_press_of_a_box_is_kept_and_the_message_brought_up_to_date(wiring: Wiring) -> None:
    id = opened(wiring.store)
    first, second = boxes(press(wiring, "show_checklist", str(id)))
    for element, values in ((first, ("0", "4")), (second, ("11",)), (first, ("4",))):
        found = event_of(clicked(element, *values))
        assert found
        told = found[1]
        reply = press(wiring, told["action"], told["about"], **told["fields"])
    assert reply.text.endswith("2 of 12 done.")
    anew = renewed([{"type": "divider"}], reply, "", "", "m")
    chosen = [one["value"] for block in anew for e in block.get("elements", ()) for one in e.get("initial_options", ())]
    assert chosen == ["4", "11"]
    assert {"type": "divider"} not in anew


def test_the_command_brings_a_checklist_into_ones_own_messages() -> None:
    body = dict(re.findall(r"([^=&]+)=([^&]*)", command_body(OLIVE, "x")))
    found = event_of({**body, "text": "checklist specification"})
    assert found
    assert found[1]["channel"] == OLIVE.slack_id
    assert not found[1].get("only_to_asker")


def test_a_checklist_opened_under_an_answer_in_a_channel_goes_to_ones_own_messages() -> None:
    body = clicked({"action_id": "do:open_checklist:0"}, channel="C0GENERAL")
    body["actions"] = [{"type": "button", "action_id": "do:open_checklist:0", "value": "specification"}]
    found = event_of(body)
    assert found
    assert (found[1]["channel"], found[1]["only_to_asker"]) == (OLIVE.slack_id, False)


def test_a_deleted_checklist_leaves_no_boxes_in_its_message(wiring: Wiring) -> None:
    id = opened(wiring.store)
    before = blocks_of(press(wiring, "show_checklist", str(id)))[1]
    after = renewed(before, press(wiring, "delete_checklist", str(id)), "", "", "m")
    assert "checkboxes" not in str(after)


# --- in the terminal ----------------------------------------------------------------------------------------------

Run = Callable[..., Result]


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in cast.environment(home).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(command, ["checklist", *arguments])


def test_the_command_lists_opens_ticks_and_deletes(run: Run) -> None:
    assert "diagnostic report" in run().output
    assert "0 of 5 done" in run("specification", "--as", OLIVE.email).output
    assert "2 of 5 done" in run("1", "--as", OLIVE.email, "--tick", "1,2").output
    found = json.loads(run("1", "--as", OLIVE.email, "--untick", "1", "--json").output)
    assert [point["done"] for point in found["checklist"]["points"]] == [False, True, False, False, False]
    assert "1 of 5 done" in run("mine", "--as", OLIVE.email).output
    assert run("1", "--as", MAX.email).exit_code == 1
    assert "is deleted" in run("1", "--as", OLIVE.email, "--delete").output


def test_markdown_is_all_that_is_printed(run: Run) -> None:
    lines = run("specification", "--markdown").output.splitlines()
    assert lines[0] == "# Questions the specification answers"
    assert sum(line.startswith("- [ ] ") for line in lines) == 5


def test_ticking_wants_a_number(run: Run) -> None:
    assert run("specification", "--tick", "1").exit_code == 2
    assert run("1", "--as", OLIVE.email, "--tick", "x").exit_code == 2


# --- on a page ----------------------------------------------------------------------------------------------------


def sit(wiring: Wiring, who: Somebody | None) -> Visitor:
    browser, now = Visitor(create_app(wiring)), int(datetime.now(UTC).timestamp())
    if who:
        with browser.client.session_transaction() as session:
            session.update(address=who.email, way="link", since=now, seen=now)
    return browser


def post(browser: Visitor, path: str, **fields: object) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.open("/checklists"))
    assert token
    return browser.client.post(path, data={"csrf_token": token[1], **fields})


def test_a_page_opens_ticks_and_deletes_a_checklist_without_javascript(wiring: Wiring) -> None:
    olive = sit(wiring, OLIVE)
    assert post(olive, "/checklists", name="specification").location == "/checklists/1"
    assert post(olive, "/checklists/1", ticked=["0", "4"]).status_code == 303
    page = olive.open("/checklists/1?kept=1")
    assert "2 of 5 done" in seen(page)
    assert re.findall(r'value="(\d)" checked', page) == ["0", "4"]
    file = olive.client.get("/checklists/1.md")
    assert file.headers["Content-Disposition"] == 'attachment; filename="checklist-1.md"'
    assert file.get_data(as_text=True).count("- [x]") == 2
    post(olive, "/checklists/1", do="delete")
    assert olive.client.get("/checklists/1").status_code == 404


def test_in_the_conversation_its_questions_stand_as_boxes_and_are_ticked_there(wiring: Wiring) -> None:
    olive = sit(wiring, OLIVE)
    asked = "checklist for a specification"
    page = post(olive, "/ask", text=asked).get_data(as_text=True)
    assert len(re.findall(r'type="checkbox"', page)) == 5
    assert "What is to be better, for whom, by how much and by when?" in seen(page)
    told = {"action": "tick_checklist", "about": "1", "said": asked, "ticked": ["1", "3"]}
    page = post(olive, "/do", **told).get_data(as_text=True)
    assert re.findall(r'value="(\d)" checked', page) == ["1", "3"]
    assert "2 of 5 done" in seen(page)


def test_another_finds_no_checklist_there(wiring: Wiring) -> None:
    send(wiring, text="checklist for a specification")
    other = sit(wiring, MAX)
    assert other.client.get("/checklists/1").status_code == 404
    assert other.client.get("/checklists/1.md").status_code == 404
    assert post(other, "/checklists/1", ticked="0").status_code == 404


def test_a_stranger_is_shown_where_to_sign_in(wiring: Wiring) -> None:
    assert "/sign-in" in sit(wiring, None).client.get("/checklists/1").location


def test_a_name_nobody_knows_is_said_on_the_page(wiring: Wiring) -> None:
    answer = post(sit(wiring, OLIVE), "/checklists", name="sandwich")
    assert answer.status_code == 422
    assert "There is no checklist called “sandwich”" in answer.get_data(as_text=True)
