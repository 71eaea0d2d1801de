"""Whatever text is shown, it is that text and nothing else: no mention, no link, no element, no formula, no header; and
what the desk writes for others comes back as it was."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import NASTY, nasty, tried, whole_text
from workspace import harmless

from bot import alert_links, links
from bot.blocks.text import bounded, cut, escaped, plain
from bot.retry_after import asked_to_wait
from bot.slack.events import event_of, form_asked, without_mention
from bot.slack.presses import press, submission
from bot.terminal import json_line
from knowledge import tokens
from knowledge.register.contract import Contract
from knowledge.register.exporting import cell, export_register, safe_cell
from knowledge.register.reading.file import read_register
from knowledge.register.reading.values import read_text

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠\t\r]")
SECRET = "a key of tests, long enough"


def unescaped(text: str) -> str:
    """What Slack shows of a text it parses."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@tried(150)
@given(nasty, st.integers(1, 80))
def test_what_slack_shows_is_the_very_text(text: str, longest: int) -> None:
    assert harmless(escaped(text))
    assert unescaped(escaped(text)) == text
    kept = bounded(escaped(text), longest)
    assert len(kept) <= longest
    assert harmless(kept)
    assert text.startswith(unescaped(kept))
    assert len(cut(text, max(longest, 3))) <= max(longest, 3)
    assert len(plain(text, 75)["text"]) <= 75


@tried(150)
@given(st.one_of(nasty, st.sampled_from(NASTY)))
def test_no_cell_of_any_file_begins_a_formula(text: str) -> None:
    for make in (cell, safe_cell):
        made = make(text)
        assert not re.match(r"\s*[=+\-@]|[\t\r\n]", made), made
        if read_text(text) == text:  # what the desk holds has been read once
            assert read_text(made) == text, "an import takes the mark off again"


texts = whole_text.map(lambda text: " ".join(text.split())).filter(lambda text: read_text(text) == text)
CONTRACTS = st.lists(
    st.builds(
        Contract, reference=st.from_regex(r"\AR[0-9]{1,6}\Z"),
        title=texts.filter(lambda text: re.search(r"\w\w", text)),
        supplier=st.sampled_from(("Harbour Light Ltd", "=Marl & Sons", "+Care", "@home", "-")), description=texts,
        value=st.one_of(st.none(), st.decimals(0, 10**9, places=2)), start=st.one_of(st.none(), st.dates(
            datetime(1990, 1, 1).date(), datetime(2100, 1, 1).date())), sme=st.sampled_from((None, True, False)),
    ),
    min_size=1, max_size=5, unique_by=lambda one: one.key,
)  # fmt: skip


def test_a_register_that_is_exported_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    @tried(60)
    @given(CONTRACTS)
    def holds(contracts: list[Contract]) -> None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            export_register(contracts, file)
        found = read_register(path)
        assert not found.problems, found.problems
        back = {key: one.contract for key, one in found.contracts.items()}
        assert set(back) == {one.key for one in contracts}
        for one in contracts:
            for name in ("reference", "title", "description", "value", "start", "sme"):
                assert getattr(back[one.key], name) == getattr(one, name), name

    holds()


@tried(100)
@given(st.one_of(nasty, st.text("0123456789.-+eE "), st.sampled_from(("1.5", "3600", "inf", "nan", "1e400", "-5"))))
def test_however_long_a_server_asks_to_wait_the_wait_is_within_bounds(header: str) -> None:
    wait = asked_to_wait(header, NOW, timedelta(hours=1))
    assert wait is None or timedelta() <= wait <= timedelta(hours=1)


@tried(100)
@given(nasty, st.integers(0, 10**9))
def test_a_token_that_the_desk_did_not_sign_opens_nothing(text: str, number: int) -> None:
    good = tokens.sign(SECRET, "act", {"party": number}, NOW)
    assert tokens.read(SECRET, "act", good, longest=timedelta(hours=1), now=NOW) == {"party": number}
    assume(text not in ("",))
    at = number % len(good)
    for bad in (text, good + text, good[:at] + text + good[at:], good[:at], good.upper()):
        if bad != good:
            read = tokens.read(SECRET, "act", bad, longest=timedelta(hours=1), now=NOW)
            assert read in (None, {"party": number}), "a signature may be written in two ways; what is signed may not"
            assert links.act_in(SECRET, bad, NOW) is None
            assert links.request_in(SECRET, bad, NOW) is None
            assert links.posting_in(SECRET, bad, NOW) == ""
            assert alert_links.stop_in(SECRET, bad, NOW) is None
            assert alert_links.manager_in(SECRET, bad, NOW) is None


@tried(100)
@given(nasty)
def test_a_line_of_json_holds_any_text_and_stays_one_line(text: str) -> None:
    line = json_line({"text": text})
    line.encode()
    assert "\n" not in line
    assert json.loads(line)["text"].encode("utf-8", "replace") == text.encode("utf-8", "replace")


USER = st.sampled_from(("U0MO", "W1", ""))


@tried(100)
@given(nasty, USER, st.sampled_from(("im", "channel")), st.sampled_from(("message", "app_mention")))
def test_what_slack_sends_is_read_whatever_it_says(text: str, user: str, where: str, kind: str) -> None:
    event = {"type": kind, "channel_type": where, "channel": "D1", "user": user, "ts": "1.2", "text": text}
    found = event_of({"event": event, "event_id": "Ev1", "team_id": "T1"})
    assert found is None or found[1]["text"] == without_mention(text)
    form_asked({"text": text})
    assert "<@" not in without_mention(text) or "&lt;@" in text or not re.search(r"<[@!][^>]*>", text)


@tried(100)
@given(nasty, nasty, st.dictionaries(nasty, nasty, max_size=3))
def test_a_press_and_a_form_are_read_whatever_they_hold(id: str, value: str, fields: dict[str, str]) -> None:
    body = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": id, "value": value}], "team": None}
    press(body)
    values = {name: {"value": {"type": "plain_text_input", "value": said}} for name, said in fields.items()}
    view = {"id": "V1", "callback_id": "form", "private_metadata": value, "state": {"values": values}}
    submission({"user": {"id": "U1"}, "view": view})
