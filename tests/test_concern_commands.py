"""desk concern, and desk chat as somebody on the people list: the journey of a concern in a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cast
import pytest
from click.testing import CliRunner, Result
from processes import child_environment, run_desk

from bot.__main__ import desk as desk_command
from bot.wiring import Wiring
from handlers.ticking import tick
from knowledge.concerns.record import concern as concern_of
from knowledge.outbox.heartbeats import beat
from knowledge.outbox.listing import notifications
from knowledge.people import PeopleError

Desk = Callable[..., Result]
DOREEN, IMRAN = "doreen.haspell@example.org", "imran.thackley@example.org"
PRIYA, TOM, RUTH, WENDY = (
    "priya.venn@example.org", "tom.arkell@example.org", "ruth.calloway@example.org", "wendy.larkspur@example.org",
)  # fmt: skip
CARER = "the carer hasn't come to an old chap in Gullhaven three mornings running"
POTHOLE = "pothole on the road to Pellingarth big as a bath"
KEYS = {
    "reference", "state", "ending", "service", "raised_at", "acknowledge_by", "answer_by", "acknowledged_at",
    "answered_at", "closed_at", "waiting_since",
}  # fmt: skip
WHOLE = KEYS | {"at_risk", "level", "contract", "holder", "holder_role"}


@pytest.fixture
def home(demonstration: Path, tmp_path: Path) -> Path:
    return cast.copy_home(demonstration, tmp_path / "desk")


@pytest.fixture
def desk(home: Path) -> Desk:
    """Runs `desk` on the sample council."""

    def run(*arguments: str, given: str = "", **more: str) -> Result:
        environment = {**cast.environment(home, **more), "COLUMNS": "200"}
        return CliRunner(env=environment).invoke(desk_command, [str(one) for one in arguments], input=given)

    return run


def told(done: Result) -> Any:
    [line] = done.stdout.splitlines()
    return json.loads(line)


def raised(desk: Desk, text: str = CARER, who: str = DOREEN, *more: str) -> dict[str, Any]:
    return dict(told(desk("concern", "raise", text, "--as", who, "--yes", "--json", *more)))


# --- raise --------------------------------------------------------------------------------------------------------


def test_a_member_raises_what_the_desk_found_and_reads_who_has_it_by_when(desk: Desk) -> None:
    done = desk("concern", "raise", CARER, "--as", DOREEN, given="1\n")
    assert done.exit_code == 0, done.output
    assert "  1. Raise it\n  0. Not this contract\n  r. Somebody is at risk now\n" in done.stdout
    said = done.stdout.partition("raise nothing) > ")[2]
    assert said.startswith("C-0001 is raised: Home care: Brenmouth (MCC-0002). Priya Venn")
    assert "have an answer by" in said
    assert "Raise it" not in said, "what can be pressed elsewhere is not offered here"


def test_the_same_as_one_object(desk: Desk) -> None:
    found = raised(desk)
    assert set(found) == WHOLE | {"concern", "outcome", "text", "notes"}
    assert (found["concern"], found["outcome"], found["state"], found["ending"]) == ("C-0001", "raised", "raised", None)
    assert (found["contract"], found["holder"], found["holder_role"]) == ("MCC-0002", PRIYA, "contract manager")
    assert found["service"] == "home-care"
    assert found["raised_at"] < found["acknowledge_by"] < found["answer_by"]


def test_none_of_these_goes_to_triage(desk: Desk) -> None:
    assert desk("concern", "raise", CARER, "--as", DOREEN, given="9\nx\n0\n").exit_code == 0
    [found] = told(desk("concern", "list", "--json"))
    assert (found["contract"], found["holder"], found["holder_role"]) == (None, WENDY, "triage contact")


@pytest.mark.parametrize("given", ["", "\n"])
def test_nothing_is_raised_where_nothing_is_chosen(desk: Desk, given: str) -> None:
    done = desk("concern", "raise", CARER, "--as", DOREEN, given=given)
    assert (done.exit_code, "desk: nothing was raised" in done.stderr) == (1, True)
    assert told(desk("concern", "list", "--json")) == []


def test_with_json_and_without_yes_nothing_is_asked_and_the_choices_are_told(desk: Desk) -> None:
    done = desk("concern", "raise", CARER, "--as", DOREEN, "--json", given="1\n")
    found = told(done)
    assert (done.exit_code, found["concern"], found["outcome"]) == (1, None, "contract")
    assert [choice["label"] for choice in found["choices"]] == [
        "Raise it",
        "Not this contract",
        "Somebody is at risk now",
    ]
    assert told(desk("concern", "list", "--json")) == []


def test_what_is_lacking_can_be_said_and_the_member_is_not_forgotten(desk: Desk) -> None:
    vague = ("concern", "raise", "it is still broken and nobody has come", "--as", RUTH, "--for", DOREEN)
    done = desk(*vague, given="8\npotholes on the road to Pellingarth\n1\n")
    assert done.exit_code == 0, done.output
    assert "  0. Let triage find out\n" in done.stdout
    [found] = told(desk("concern", "list", "--as", DOREEN, "--json"))
    assert (found["service"], found["contract"]) == ("pothole-repairs", "MCC-0032")


def test_what_is_another_bodys_matter_is_raised_by_people_only(desk: Desk) -> None:
    bins = ("concern", "raise", "bins not emptied in Gullhaven for three weeks", "--as", DOREEN)
    done = desk(*bins, "--yes", "--json")
    assert (done.exit_code, told(done)["outcome"], told(done)["concern"]) == (1, "not_ours", None)
    assert desk(*bins, given="0\n").exit_code == 0
    assert told(desk("concern", "list", "--json"))[0]["holder"] == WENDY


def test_an_officer_raises_for_a_member_and_sees_only_how_it_stands(desk: Desk) -> None:
    found = raised(desk, POTHOLE, RUTH, "--for", IMRAN)
    assert found["concern"] == "C-0001"
    assert set(found) == KEYS | {"concern", "outcome", "text", "notes"}
    assert told(desk("concern", "show", "1", "--as", RUTH, "--json"))["written"] == []
    assert told(desk("concern", "show", "1", "--as", IMRAN, "--json"))["written"][0]["body"] == POTHOLE


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--as", RUTH), "desk: --for: This is not a Member on the council's list."),
        (("--as", RUTH, "--for", PRIYA), "desk: --for: This is not a Member"),
        (("--as", DOREEN, "--for", IMRAN), "--for is for officers"),
        (("--as", DOREEN, "--contract", "MCC-9999"), "desk: --contract: The register has no contract MCC-9999"),
        (("--as", DOREEN, "--file", "nowhere.txt"), "nowhere.txt"),
        ((), "--as"),
    ],
)
def test_what_is_wrong_is_named_by_its_option(desk: Desk, more: tuple[str, ...], says: str) -> None:
    done = desk("concern", "raise", POTHOLE, "--yes", *more)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert told(desk("concern", "list", "--json")) == []


def test_a_stranger_raises_nothing(desk: Desk) -> None:
    done = desk("concern", "raise", POTHOLE, "--as", "eve@example.org", "--yes")
    assert isinstance(done.exception, PeopleError)
    assert str(done.exception) == "eve@example.org is not on the people list; `desk people` shows who is"


def test_with_the_contract_named_nothing_is_asked(desk: Desk) -> None:
    done = desk("concern", "raise", "carers shouting at each other", "--as", DOREEN, "--contract", "mcc-0002", "--json")
    assert (done.exit_code, told(done)["contract"]) == (0, "MCC-0002")


def test_somebody_at_risk_comes_first_and_safeguarding_is_owed_word_at_once(desk: Desk, home: Path) -> None:
    done = desk("concern", "raise", "an old lady", "--as", DOREEN, "--at-risk", DESK_OUT_OF_HOURS="01632 960 123")
    assert done.exit_code == 0
    assert done.stdout.startswith("If anyone is in danger, call 999 now. Out of hours: 01632 960 123. Colin Amadi")
    assert "Do not wait for it: ring." in done.stdout, "no worker is heard of"
    [urgent] = [one for one in notifications(Wiring(cast.settings(home)).store) if one.urgent]
    assert (urgent.kind, urgent.recipient, urgent.state) == ("at_risk", "colin.amadi@example.org", "waiting")
    assert told(desk("concern", "list", "--json"))[0]["at_risk"] is True


def test_with_a_worker_about_nobody_is_told_that_none_is(desk: Desk, home: Path) -> None:
    beat(Wiring(cast.settings(home)).store, "a worker of tests")
    assert "has not been heard of" not in " ".join(raised(desk)["notes"])


def test_the_same_concern_again_is_followed_and_shows_neither_text_nor_holder(desk: Desk) -> None:
    raised(desk)
    found = raised(desk, CARER.replace("chap", "man"), IMRAN)
    assert (found["concern"], found["outcome"], set(found) & {"holder", "contract", "at_risk"}) == (
        "C-0001", "concern", set(),
    )  # fmt: skip
    seen = told(desk("concern", "show", "C-0001", "--as", IMRAN, "--json"))
    assert set(seen) == KEYS | {"written", "happened", "papers", "may"}
    assert (seen["written"], [one["what"] for one in seen["happened"]]) == ([], ["Raised"])
    done = desk("concern", "raise", CARER, "--as", IMRAN, given="1\n2\n")
    assert "  1. Follow C-0001\n  2. Raise it all the same\n" in done.stdout
    assert [one["reference"] for one in told(desk("concern", "list", "--json"))] == ["C-0002", "C-0001"]


def test_a_file_is_sent_along_and_one_that_cannot_be_kept_is_told(desk: Desk, tmp_path: Path) -> None:
    letter, programme = tmp_path / "letter.txt", tmp_path / "run.exe"
    letter.write_text("They came on Tuesday.", encoding="utf-8")
    programme.write_bytes(b"MZ\x90\x00" * 100)
    assert raised(desk, CARER, DOREEN, "--file", str(letter))["notes"]
    seen = told(desk("concern", "show", "1", "--as", PRIYA, "--json"))
    assert [one["name"] for one in seen["papers"]] == ["letter.txt"]
    done = desk("concern", "raise", POTHOLE, "--as", DOREEN, "--yes", "--file", str(programme))
    assert done.exit_code == 1, "raised, and not all of it done"
    assert "run.exe: " in done.stdout
    assert "C-0002 is raised" in done.stdout


# --- list and show ------------------------------------------------------------------------------------------------


def test_an_administrator_lists_all_without_a_word_that_anybody_wrote(desk: Desk) -> None:
    raised(desk)
    raised(desk, POTHOLE)
    desk("concern", "move", "1", "close", "--as", PRIYA, "--outcome", "explained", "--text", "Snow blocked the road.")
    found = told(desk("concern", "list", "--json"))
    assert [(one["reference"], one["state"], one["ending"]) for one in found] == [
        ("C-0002", "raised", None), ("C-0001", "closed", "explained"),
    ]  # fmt: skip
    assert all(set(one) == WHOLE for one in found)
    done = desk("concern", "list")
    assert "C-0001" in done.stdout
    assert "Priya Venn" in done.stdout
    for word in ("Gullhaven", "Snow", "bath", DOREEN):
        assert word not in done.stdout + json.dumps(found)
    assert [one["reference"] for one in told(desk("concern", "list", "--open", "--json"))] == ["C-0002"]


def test_each_lists_what_is_theirs(desk: Desk) -> None:
    raised(desk)
    raised(desk, POTHOLE, IMRAN)
    theirs = {
        DOREEN: ["C-0001"], IMRAN: ["C-0002"], PRIYA: ["C-0001"], TOM: ["C-0002"], RUTH: [],
        "helen.straker@example.org": ["C-0001"],
    }  # fmt: skip
    for who, references in theirs.items():
        assert [one["reference"] for one in told(desk("concern", "list", "--as", who, "--json"))] == references, who
    assert desk("concern", "list", "--as", RUTH).stdout == "There are none.\n"


def test_a_concern_is_shown_to_those_it_concerns_and_to_nobody_else(desk: Desk) -> None:
    raised(desk)
    done = desk("concern", "show", "C-0001", "--as", PRIYA)
    assert done.exit_code == 0
    for part in ("C-0001 is raised", CARER, "Cllr Doreen Haspell", "Harbourlight Homecare Ltd"):
        assert part in done.stdout
    assert "desk concern move C-0001 --as priya.venn@example.org acknowledge | ask_provider" in done.stdout
    for reference, who in (("C-0001", TOM), ("C-0001", RUTH), ("C-0009", PRIYA), ("nonsense", PRIYA)):
        refused = desk("concern", "show", reference, "--as", who)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr == f"desk: There is no concern {reference} that you may see.\n"


# --- move ---------------------------------------------------------------------------------------------------------


def test_a_manager_carries_a_concern_to_its_end_and_the_member_reopens_it(desk: Desk) -> None:
    raised(desk)

    def move(action: str, who: str, *more: str) -> dict[str, Any]:
        done = desk("concern", "move", "C-0001", action, "--as", who, "--json", *more)
        assert done.exit_code == 0, done.output
        return dict(told(done))

    assert move("acknowledge", PRIYA)["state"] == "acknowledged"
    asked = ("--to", "help@provider.example.org", "--text", "Why were the calls missed?")
    assert move("ask_provider", PRIYA, *asked)["state"] == "with_provider"
    assert move("ask_member", PRIYA, "--text", "Which street?")["waiting_since"]
    assert move("tell_more", DOREEN, "--text", "Harbour Road.")["waiting_since"] is None
    answered = move("reply", PRIYA, "--text", "It is put right.")
    assert (answered["state"], "close" in answered["may"]) == ("answered", True)
    assert move("not_fixed", DOREEN)["state"] == "reopened"
    passed_on = move("pass_on", PRIYA, "--contract", "MCC-0032")
    assert passed_on["text"].startswith("C-0001 is passed on to Tom Arkell")
    assert "holder" not in passed_on, "it is no longer theirs to see"
    closed = move("close", TOM, "--outcome", "put_right", "--text", "Done.")
    assert (closed["state"], closed["ending"]) == ("closed", "put_right")
    seen = told(desk("concern", "show", "1", "--as", DOREEN, "--json"))
    assert [one["body"] for one in seen["written"]][-1] == "Done."


def test_a_refused_move_says_why(desk: Desk) -> None:
    raised(desk)
    for action, who, says in (
        ("put_right", DOREEN, "That cannot be done as it stands now. C-0001 is as it was."),
        ("acknowledge", DOREEN, "That is not yours to do."),
        ("acknowledge", TOM, ""),
    ):
        done = desk("concern", "move", "1", action, "--as", who)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"desk: {says}")
    assert told(desk("concern", "list", "--json"))[0]["state"] == "raised"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("reply",), ["--text"]),
        (("ask_provider", "--to", "x"), ["--to", "--text"]),
        (("close", "--outcome", "gone"), ["--outcome", "--text"]),
        (("pass_on", "--to", "nobody@example.org"), ["--to"]),
        (("pass_on", "--contract", "MCC-9999"), ["--contract"]),
    ],
)
def test_what_a_move_still_needs_is_named_by_its_option(
    desk: Desk, arguments: tuple[str, ...], names: list[str]
) -> None:
    raised(desk)
    done = desk("concern", "move", "1", *arguments, "--as", PRIYA)
    assert (done.exit_code, done.stdout) == (2, "")
    lines = [line.split(": ")[1] for line in done.stderr.splitlines() if line.startswith("desk: --")]
    assert lines == names
    assert told(desk("concern", "list", "--json"))[0]["state"] == "raised"


def test_the_endings_are_listed_where_none_of_them_was_given(desk: Desk) -> None:
    raised(desk)
    done = desk("concern", "move", "1", "close", "--as", PRIYA, "--text", "x")
    assert "desk:   put_right: Put right\n" in done.stderr


def test_a_move_nobody_knows_is_refused_with_those_there_are(desk: Desk) -> None:
    done = desk("concern", "move", "1", "forget", "--as", PRIYA)
    assert done.exit_code == 2
    assert "'acknowledge', 'ask_provider', 'reply'" in done.stderr


def test_errors_are_told_and_not_traced(home: Path, tmp_path: Path) -> None:
    done = run_desk(child_environment(home), "concern", "list", "--as", "eve@example.org", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "desk: eve@example.org is not on the people list; `desk people` shows who is\n"


# --- the settings of a council ------------------------------------------------------------------------------------


def test_closure_days_put_deadlines_off(desk: Desk, home: Path) -> None:
    raised(desk)
    store = Wiring(cast.settings(home)).store
    with store.reading() as connection:
        first = concern_of(connection, 1)
    assert first
    day = first.acknowledge_by.date()
    done = desk("concern", "raise", POTHOLE, "--as", DOREEN, "--yes", DESK_CLOSURE_DAYS=day.isoformat())
    assert done.exit_code == 0
    with store.reading() as connection:
        second = concern_of(connection, 2)
    assert second
    assert second.acknowledge_by - first.acknowledge_by >= timedelta(hours=20)


# --- chat ---------------------------------------------------------------------------------------------------------


def test_a_member_raises_in_chat_by_number_and_the_manager_fills_in_a_form(desk: Desk, home: Path) -> None:
    done = desk("chat", "--as", DOREEN, given=f"{CARER}\n1\nmy concerns\n1\n")
    assert done.exit_code == 0
    assert "C-0001 is raised" in done.stdout
    assert "1 concern, 1 open." in done.stdout
    carried = "C-0001\n1\n1\nnowhere\nWhy were the calls missed?\nTwice now.\n\nhelp@provider.example.org\n"
    done = desk("chat", "--as", PRIYA, given=carried)
    assert "You have C-0001 in hand" in done.stdout
    assert "Address at Harbourlight Homecare Ltd" in done.stdout
    assert "An e-mail address, please: name@" in done.stdout
    assert "[nowhere] The provider is asked about C-0001" in done.stdout, "only what was wrong is asked again"
    seen = told(desk("concern", "show", "1", "--as", PRIYA, "--json"))
    assert (seen["state"], seen["written"][-1]["body"]) == ("with_provider", "Why were the calls missed?\nTwice now.")
    wiring = Wiring(cast.settings(home))
    tick(wiring.desk)
    assert "provider_asked" in {one.kind for one in notifications(wiring.store)}


def test_a_form_in_chat_is_chosen_from_by_number_and_broken_off_without_harm(desk: Desk) -> None:
    raised(desk)
    done = desk("chat", "--as", PRIYA, given="C-0001\n7\n2\nSnow blocked the road.\n\n")
    assert "  2. Explained" in done.stdout
    assert "C-0001 is closed; the Member is told." in done.stdout
    raised(desk, POTHOLE)
    done = desk("chat", "--as", TOM, given="C-0002\n3\nhalf an ans")
    assert "Nothing was sent." in done.stdout
    assert told(desk("concern", "list", "--open", "--json"))[0]["state"] == "raised"


def test_a_new_concern_in_chat_takes_files(desk: Desk, tmp_path: Path) -> None:
    letter = tmp_path / "a letter.txt"
    letter.write_text("They came on Tuesday.", encoding="utf-8")
    form = f"raise a concern\n{CARER}\n\n\nmcc-0002\n{tmp_path / 'nowhere.txt'}\n{letter}\n\nno\n"
    done = desk("chat", "--as", DOREEN, given=form)
    assert "C-0001 is raised" in done.stdout
    assert "nowhere.txt: No such file" in done.stderr
    assert told(desk("concern", "show", "1", "--as", DOREEN, "--json"))["papers"][0]["name"] == "a letter.txt"


def test_chat_as_a_role_is_nobody_and_raises_nothing(desk: Desk) -> None:
    done = desk("chat", "--as", "member", given=f"{CARER}\n1\n")
    assert "Sign in to raise it" in done.stdout
    assert told(desk("concern", "list", "--json")) == []


def test_chat_as_nobody_known_is_refused(desk: Desk) -> None:
    assert desk("chat", "--as", "king").exit_code == 2
    assert isinstance(desk("chat", "--as", "eve@example.org").exception, PeopleError)


def test_control_characters_in_what_somebody_wrote_do_not_reach_the_terminal(desk: Desk) -> None:
    raised(desk, f"{CARER} \x1b]0;owned\x07\x1b[2J [red]loud[/red]")
    shown = desk("concern", "show", "1", "--as", PRIYA).stdout
    assert "\x1b" not in shown
    assert "[red]loud[/red]" in shown
