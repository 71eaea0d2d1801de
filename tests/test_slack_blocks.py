"""Forms, concerns and lists as blocks: every kind of field, everything literal, and within Slack's limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from workspace import harmless, mrkdwn_of, within_limits, words

from bot.blocks.buttons import choice_blocks, press_of, root_of
from bot.blocks.home import home_view
from bot.blocks.inputs import input_block, values_of
from bot.blocks.modals import card_modal, form_modal
from bot.blocks.quoting import quotation
from bot.blocks.replies import blocks_of, renewed
from handlers.concerns.overview import Line, Overview
from handlers.messages import Choice, Entry, Form, Happening, Outcome, Paper, Reply, Table, Written

NASTY = "<!channel> & <@U123> *x* <https://evil.example.org|click> "
CARD = Table(columns=("", ""), rows=(("State", "in hand"), ("About", NASTY)), total=2, card=True)
OPTIONS = (("a", "Ann"), ("b", "Bea"))


def concern(size: int = 1, **more: Any) -> Reply:
    return Reply(
        outcome=Outcome.CONCERN, text=NASTY, concern="C-0001", table=CARD, notes=(NASTY,) * size,
        written=tuple(Written(what="The concern", by=NASTY, when=NASTY, body=NASTY * size) for _ in range(size)),
        happened=tuple(Happening(when="Friday", what=f"{number} {NASTY}") for number in range(size)),
        papers=tuple(Paper(id=number, name=NASTY * 5, type="image/png") for number in range(min(size, 5))),
        choices=tuple(Choice(label=f"Do {number}", action="x", about="C-0001") for number in range(size)), **more,
    )  # fmt: skip


@pytest.mark.parametrize("link", ["", "https://desk.example.org"])
@pytest.mark.parametrize("size", [1, 40, 300])
def test_a_concern_stays_within_slacks_limits_and_nothing_in_it_becomes_a_mention(size: int, link: str) -> None:
    reply = concern(size)
    view = card_modal(reply, {"channel": "D0X"}, link)
    within_limits(view["blocks"], most=100)
    blocks = blocks_of(reply.model_copy(update={"written": reply.written[:1]}), link)[1]
    within_limits(blocks[:50])
    for text in mrkdwn_of([view, blocks]):
        assert harmless(text), text
    assert len(view["title"]["text"]) <= 24
    assert f"{size - 1} &lt;!channel" in words(view["blocks"]), "the latest that happened"


def test_what_was_written_stands_whole_and_literal_in_the_modal() -> None:
    body = NASTY + "word " * 2_000
    reply = concern().model_copy(update={"written": (Written(what="w", by="b", when="n", body=body),)})
    quotes = [block for block in card_modal(reply, {})["blocks"] if block["type"] == "rich_text"]
    texts = [one for quote in quotes for one in quote["elements"][0]["elements"]]
    assert "".join(one["text"] for one in texts) == body
    assert {one["type"] for one in texts} == {"text"}


def test_papers_are_named_and_linked_where_the_desk_has_an_address() -> None:
    assert "on the web" not in words(card_modal(concern(), {})["blocks"])
    there = card_modal(concern(), {}, "https://desk.example.org")
    assert "<https://desk.example.org/concerns/C-0001|open them on the web>" in words(there["blocks"])


def test_choices_are_buttons_five_in_a_row_and_no_more_than_twenty_five() -> None:
    choices = tuple(Choice(label="x" * 90, action="open", about=f"C-{number}") for number in range(40))
    rows = choice_blocks(choices, "1790000000.000001")
    assert [len(row["elements"]) for row in rows] == [5, 5, 5, 5, 5]
    within_limits(rows)
    assert {root_of(row["block_id"]) for row in rows} == {"1790000000.000001"}


@pytest.mark.parametrize(
    ("choice", "kind", "action", "value"),
    [
        (Choice(label="l", text="What is CAB?"), "choose", "", "What is CAB?"),
        (Choice(label="l", action="acknowledge", about="C-0001"), "do", "acknowledge", "C-0001"),
        (Choice(label="l", action="reply", about="C-0001", opens_form=True), "form", "reply", "C-0001"),
        (Choice(label="l", action="open", about="C-0001"), "form", "open", "C-0001"),
        (Choice(label="l", action="new_concern", opens_form=True), "form", "new_concern", ""),
    ],
)
def test_a_press_is_what_the_button_stood_for(choice: Choice, kind: str, action: str, value: str) -> None:
    [row] = choice_blocks((choice,))
    assert press_of(row["elements"][0]) == (kind, action, value)


def test_a_message_tells_a_press_once_and_keeps_eight_lines_of_what_was_done() -> None:
    blocks = blocks_of(Reply(outcome=Outcome.CONCERN, text="It is with you.", choices=concern(3).choices))[1]
    done = Reply(outcome=Outcome.CONCERN, text="Done.", choices=concern(2).choices, notes=("A note.",))
    once = renewed(blocks, done, "", "", "m1")
    assert renewed(once, done, "", "", "m1") == once
    assert words(once).count("Done.") == 1
    assert [len(block["elements"]) for block in once if block["type"] == "actions"] == [2]
    for number in range(30):
        once = renewed(once, done, "", "", f"n{number}")
    assert words(once).count("Done.") == 8
    assert words(once).startswith("It is with you.")
    within_limits(once)


@pytest.mark.parametrize(
    ("entry", "kind", "begins"),
    [
        (Entry(name="n", label="l"), "plain_text_input", None),
        (Entry(name="n", label="l", value="v"), "plain_text_input", "v"),
        (Entry(name="n", label="l", kind="long", value="v" * 9_000), "plain_text_input", "v" * 3_000),
        (Entry(name="n", label="l", kind="email", value="a@example.org"), "email_text_input", "a@example.org"),
        (Entry(name="n", label="l", kind="email", value="no address"), "email_text_input", None),
        (Entry(name="n", label="l", kind="date", value="2026-11-20"), "datepicker", "2026-11-20"),
        (Entry(name="n", label="l", kind="date", value="soon"), "datepicker", None),
        (Entry(name="n", label="l", kind="files", required=False), "file_input", None),
        (Entry(name="n", label="l", kind="choice", options=OPTIONS, value="b"), "radio_buttons", "b"),
        (Entry(name="n", label="l", kind="choice", options=OPTIONS, required=False), "static_select", None),
        (Entry(name="n", label="l", kind="person", options=OPTIONS * 10, value="a"), "static_select", "a"),
        (Entry(name="n", label="l", kind="person"), "plain_text_input", None),
        (Entry(name="n", label="l", kind="person", options=OPTIONS * 51), "plain_text_input", None),
        (Entry(name="n", label="l", kind="person", options=(("a" * 151, "Ann"),)), "plain_text_input", None),
    ],
)  # fmt: skip
def test_every_kind_of_field_is_an_input(entry: Entry, kind: str, begins: str | None) -> None:
    block = input_block(entry)
    element = block["element"]
    assert (block["block_id"], element["type"], block["optional"]) == ("n", kind, not entry.required)
    initial = element.get("initial_value") or element.get("initial_date")
    assert (initial or element.get("initial_option", {}).get("value")) == begins
    assert element.get("max_files", 5) == 5
    assert element.get("multiline", False) is (entry.kind == "long")


def test_a_form_keeps_what_it_is_for_and_stays_within_limits() -> None:
    entries = tuple(Entry(name=f"n{number}", label="l" * 3_000, hint="h" * 3_000) for number in range(5))
    form = Form(action="reply", about="C-0001", title="A title that is far too long", entries=entries, note=NASTY)
    view = form_modal(form, {"channel": "D0X", "ts": "1.1"})
    within_limits(view["blocks"], most=100)
    assert all(len(view[part]["text"]) <= 24 for part in ("title", "submit", "close"))
    kept = json.loads(view["private_metadata"])
    assert (kept["action"], kept["about"], kept["place"]["ts"]) == ("reply", "C-0001", "1.1")
    assert all(len(block.get("hint", {}).get("text", "")) <= 2_000 for block in view["blocks"])
    assert len(form_modal(form, {"channel": "x" * 4_000})["private_metadata"]) <= 3_000


def test_what_was_filled_in_is_read_of_every_kind_of_input() -> None:
    state = {
        "values": {
            "a": {"value": {"type": "plain_text_input", "value": "words"}},
            "b": {"value": {"type": "plain_text_input", "value": None}},
            "c": {"value": {"type": "static_select", "selected_option": {"value": "yes"}}},
            "d": {"value": {"type": "radio_buttons", "selected_option": None}},
            "e": {"value": {"type": "datepicker", "selected_date": "2026-11-20"}},
            "f": {"value": {"type": "file_input", "files": [{"name": "x"}]}},
            "g": {"value": {"type": "email_text_input", "value": "a@example.org"}},
        }
    }
    fields, files = values_of(state)
    assert fields == {"a": "words", "b": "", "c": "yes", "d": "", "e": "2026-11-20", "g": "a@example.org"}
    assert files == [{"name": "x"}]
    assert values_of({}) == ({}, [])


def test_app_home_stays_within_slacks_limits() -> None:
    line = Line("C-0001", NASTY, "in hand", NASTY, "Friday", "answer by Monday", late=True, at_risk=True)
    seen = Overview(True, True, (line,) * 20, 480, (line,) * 20, 480)
    view = home_view(seen, NASTY, "https://desk.example.org")
    within_limits(view["blocks"], most=100)
    for text in mrkdwn_of(view):
        assert harmless(text), text
    assert "And 480 more" in words(view["blocks"])


def test_app_home_lets_those_who_keep_the_timeline_write_an_intention() -> None:
    def labels(seen: Overview) -> list[str]:
        rows = [block["elements"] for block in home_view(seen, "Marlshire")["blocks"] if block["type"] == "actions"]
        return [button["text"]["text"] for row in rows for button in row]

    assert labels(Overview(True, keeps=True)) == ["Raise a concern", "Write an intention", "New alert"]
    assert labels(Overview(True)) == ["Raise a concern", "New alert"]


def test_what_explains_a_reply_stands_above_what_may_be_pressed() -> None:
    choices = (Choice(label="Look in the register", action="x", about="1"),)
    reply = Reply(outcome=Outcome.NOT_IN_DOCUMENTS, text="No.", notes=("Why.",), choices=choices, question=7)
    for native in (True, False):
        kinds = [one["type"] for one in blocks_of(reply, mark="m", native=native)[1]]
        assert kinds[:3] == ["section", "context", "actions"]
    again = renewed(blocks_of(reply)[1], reply, "", "", "m")
    assert [one["type"] for one in again][-2:] == ["context", "actions"]


def test_a_row_whose_title_begins_with_its_reference_says_it_once() -> None:
    rows = (("M4 Have an exit plan.", "M4", "Behind"), ("Home care", "MCC-0001", "in force"))
    table = Table(columns=("What", "Place", "Status"), rows=rows, total=2)
    first, second = [
        words([one]) for one in blocks_of(Reply(outcome=Outcome.REGISTER, text="Two.", table=table))[1][1:]
    ]
    assert first.count("M4") == 1
    assert "(MCC-0001)" in second


@pytest.mark.parametrize("channel", ["C0GENERAL|evil", "!channel", "U0OLIVE", ""])
def test_what_is_no_slack_channel_is_drawn_as_none(channel: str) -> None:
    notes = (f"The Slack channel is {channel}.",)
    text, blocks = blocks_of(Reply(outcome=Outcome.SETTING, text="So.", notes=notes, slack_channel=channel))
    assert "<" not in text + json.dumps(blocks)


def test_a_quotation_of_nothing_does_not_have_slack_refuse_the_message() -> None:
    (part,) = quotation("")["elements"]
    assert part["elements"] == [{"type": "text", "text": "…"}]
