"""Somebody at risk now: what must be found however it is said, and what is an ordinary complaint."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from knowledge.danger import danger
from knowledge.danger.finding import signs_in
from knowledge.danger.lexicon import Lexicon, plain
from knowledge.danger.phrases import Span, end, starts
from knowledge.danger.signs import signs_of_danger
from knowledge.personal.circumstances import load_circumstances

DATA = Path(__file__).parent / "data"
AT_RISK = (DATA / "at_risk.txt").read_text(encoding="utf-8").splitlines()
ORDINARY = (DATA / "ordinary.txt").read_text(encoding="utf-8").splitlines()


SAFEGUARDING = DATA / "safeguarding"


def _labelled(*names: str) -> list[tuple[str, bool]]:
    """The messages of these files, and whether somebody is at risk in them."""
    paths = [path for name in names for path in sorted(SAFEGUARDING.glob(name))]
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(row["text"], row.get("expect") == "safeguarding") for row in rows]


def _share(texts: list[str]) -> float:
    return sum(bool(danger(text)) for text in texts) / len(texts)


def test_nearly_all_the_labelled_examples_are_told_apart() -> None:
    examples = _labelled("dev.jsonl")
    assert _share([text for text, risk in examples if risk]) >= 0.9
    assert _share([text for text, risk in examples if not risk]) <= 0.03


def test_nearly_all_it_was_fitted_to_is_found() -> None:
    assert _share([text for text, risk in _labelled("train_*.jsonl") if risk]) >= 0.9


def test_hardly_any_ordinary_message_is_an_alarm() -> None:
    assert _share([text for text, _ in _labelled("plain_*.jsonl")]) <= 0.015


def test_nearly_all_of_our_own_wordings_are_found() -> None:
    missed = [text for text in AT_RISK if not danger(text)]
    assert len(missed) <= len(AT_RISK) * 0.12, missed


def test_hardly_any_ordinary_complaint_is_an_alarm() -> None:
    alarms = [text for text in ORDINARY if danger(text)]
    assert len(alarms) <= len(ORDINARY) * 0.02, alarms


def test_a_sure_sign_is_seldom_wrong() -> None:
    plain = [text for text, _ in _labelled("plain_*.jsonl")]
    sure = [text for text in plain if any(sign.sure for sign in signs_in(text))]
    assert len(sure) <= len(plain) * 0.003, sure


def test_signs_are_seldom_found_in_ordinary_messages() -> None:
    plain = [text for text, _ in _labelled("plain_*.jsonl")]
    assert sum(bool(signs_in(text)) for text in plain) <= len(plain) * 0.02


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("She says she wants to die and has her tablets lined up", "risk of suicide or self-harm"),
        ("boy left home alone all night", "a child left alone or neglected"),
        ("she took an overdose", "risk of suicide or self-harm"),
        ("suicidal and alone", "risk of suicide or self-harm"),
        ("says he'll HANG HIMSELF tonight", "risk of suicide or self-harm"),
        ("he has locked her in the bedroom", "somebody held, shut in or cut off"),
        ("he's at her door with a knife", "threat of violence"),
        ("her boy of 6 has cigarette burns on his arm, dad did it", "possible abuse of a child"),
        ("he said he's going to stab her tonight", "threat of violence"),
        ("the carer has her PIN and £400 has gone", "possible theft or financial abuse by somebody close"),
        ("the old man has no food in and has not eaten since Tuesday", "an adult without food, drink or care"),
    ],
)
def test_the_reason_says_what_kind_of_danger_it_is(text: str, reason: str) -> None:
    found = danger(text)
    assert found is not None
    assert found.reason == reason


def test_the_words_that_said_so_are_shown_as_they_were_typed() -> None:
    found = danger("Bins again. Also Mr Tate says he'll HANG HIMSELF tonight")
    assert found is not None
    assert "HANG HIMSELF" in found.seen


@pytest.mark.parametrize(
    "text",
    [
        "I could kill whoever designed that junction",
        "he'd rather die than fill the form in, only joking",
        "the new road layout is murder",
        "drowning in paperwork",
        '"I\'ll shoot myself if I have to ring again," said laughing',
        "what is our policy on self-neglect?",
        "posters for domestic abuse week please",
        "he hit her years ago, she moved away and is well supported",
        "she was assaulted in 2019",
        "the man who stabbed him has been charged and remanded",
        "he fell over but is not hurt",
        "she has no bruises",
        "nobody was hurt",
    ],
)
def test_a_joke_the_past_a_policy_and_a_thing_dealt_with_are_no_alarm(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "he was charged, but he's out on bail and threatened to stab her tonight",
        "he hit her years ago and he is still hitting her now",
        "the bin is sorted. Her husband strangled her last night and she is still shaking",
    ],
)
def test_what_goes_on_is_an_alarm_whatever_was_dealt_with(text: str) -> None:
    assert danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "she has bruses on her arms",
        "hes sucidal",
        "her partner strangeld her",
        "says she’s going to KILL HERSELF",
        "su\u00adicidal and alone",
        "𝐬𝐡𝐞 𝐢𝐬 𝐬𝐮𝐢𝐜𝐢𝐝𝐚𝐥",
        "he is suïcidal",
    ],
)
def test_slips_and_odd_letters_do_not_hide_it(text: str) -> None:
    assert danger(text)


@pytest.mark.parametrize("text", ["", " ", "...", "😀", "\n\n", "²①", "\x00", "a" * 20_000])
def test_nothing_in_it_is_no_alarm(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize("words", ["not ", "his ", "no one ", "he had the money ", "The bin is full. "])
def test_a_long_text_is_read_in_good_time(words: str) -> None:
    danger("ready")
    began = time.process_time()
    danger((words * 20_000)[:20_000])
    assert time.process_time() - began < 2


# --- finding phrases ----------------------------------------------------------------------------------------------


def found_one_by_one(lexicon: Lexicon, text: str) -> dict[str, list[Span]]:
    """Where each group occurs, every phrase of every group tried in turn."""
    tokens, standing = lexicon.tokens(plain(text)), dict[str, dict[int, int]]()
    for place, token in enumerate(tokens):
        for symbol in lexicon.symbols(token.word):
            standing.setdefault(symbol, {})[place] = place + 1
    found = {}
    for name, phrases in lexicon.groups.items():
        tried = ((at, end(one, 0, at, tokens, standing)) for one in phrases for at in starts(one, standing))
        if spans := sorted((at, after) for at, after in tried if after is not None):
            standing[f"<{name}>"] = dict(spans)
            found[name] = sorted(dict(spans).items())
    return found


@pytest.mark.parametrize("lexicon", [signs_of_danger().lexicon, load_circumstances().lexicon], ids=["danger", "told"])
def test_groups_that_nothing_in_a_text_is_of_need_not_be_tried(lexicon: Lexicon) -> None:
    for text in (*AT_RISK[:60], *ORDINARY[:60]):
        assert dict(lexicon.find(lexicon.tokens(plain(text)))) == found_one_by_one(lexicon, text)
