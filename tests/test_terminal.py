"""The command `desk` as a child process: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cast
import pytest
from processes import child_environment, run_desk

from bot.commands import MODULES
from bot.settings import Settings, variable
from knowledge.models import LEFT_OUT
from knowledge.store import HEAD

Desk = Callable[..., "subprocess.CompletedProcess[str]"]
QUESTION = "Who signs off a contract worth £600,000?"
CEILING = "affordability ceiling"


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Desk:
    """Runs `desk` on the sample council, from another folder."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*arguments: str, given: str | bytes = b"", **more: str) -> subprocess.CompletedProcess[str]:
        return run_desk(child_environment(home, **more), *arguments, cwd=elsewhere, given=given)

    return run


@pytest.fixture
def new_desk(tmp_path: Path) -> Desk:
    """Runs `desk` where there is no record yet."""

    def run(*arguments: str, given: str | bytes = b"", **more: str) -> subprocess.CompletedProcess[str]:
        return run_desk(child_environment(tmp_path / "new", **more), *arguments, cwd=tmp_path, given=given)

    return run


def lines_of_json(text: str) -> list[Any]:
    """Every line, each of which is JSON."""
    return [json.loads(line) for line in text.splitlines()]


# --- ask ----------------------------------------------------------------------------------------------------------


def test_asking_prints_the_passage_and_its_place(desk: Desk) -> None:
    done = desk("ask", QUESTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert "9.5 · Commissioning Well" in done.stdout
    assert "9.5 From £250,000 and under £1 million" in done.stdout
    assert "in force" in done.stdout


def test_words_need_no_quotation_marks(desk: Desk) -> None:
    assert "M4 stood at “Behind” as of 30 June 2026." in desk("ask", "is", "M4", "done?").stdout


def test_json_has_the_shape_programs_rely_on(desk: Desk) -> None:
    done = desk("ask", "--json", QUESTION, DESK_URL="https://desk.example.org")
    [reply] = lines_of_json(done.stdout)
    assert done.returncode == 0
    assert {"outcome", "answer", "citations", "took_ms"} <= set(reply)
    assert reply["outcome"] == "answered"
    assert isinstance(reply["took_ms"], float)
    first = reply["citations"][0]
    assert {"source", "document", "title", "locator", "quote", "url"} <= set(first)
    assert (first["source"], first["document"], first["locator"]) == ("documents", "FW", "9.5")
    assert first["title"] == "Commissioning Well: Marlshire's commissioning framework"
    assert first["url"] == "https://desk.example.org/documents/FW#9.5"
    assert first["quote"].split(LEFT_OUT)[0].startswith("9.5 From £250,000")


def test_without_an_address_a_url_is_a_path(desk: Desk) -> None:
    [reply] = lines_of_json(desk("ask", "--json", QUESTION).stdout)
    assert reply["citations"][0]["url"] == "/documents/FW#9.5"


def test_what_is_not_said_is_an_answer_too(desk: Desk) -> None:
    done = desk("ask", "--json", "what is the best recipe for marmalade?")
    [reply] = lines_of_json(done.stdout)
    assert (done.returncode, reply["outcome"], reply["citations"]) == (0, "not_in_documents", [])
    assert reply["answer"].startswith("The documents do not say.")


def test_a_file_of_questions_is_asked_line_by_line_and_bad_lines_are_named(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    rows = [
        json.dumps({"id": "a", "question": QUESTION}).encode(),
        b"not json",
        b"",
        b'{"id": "no question"}',
        b'["a list"]',
        b'"a text"',
        b"7",
        b"null",
        b'{"id": "odd \xff bytes", "question": "Is M4 done?"}',
        json.dumps({"id": 7, "question": "line\u2028separated M4 done?"}, ensure_ascii=False).encode(),
        json.dumps({"id": "z", "question": "Is M4 done?", "more": 1}).encode(),
    ]
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(rows))
    done = desk("ask", "--file", str(path))
    replies = lines_of_json(done.stdout)
    assert [reply["id"] for reply in replies][0::3] == ["a", "z"]
    assert [reply["id"] for reply in replies] == ["a", "odd \ufffd bytes", 7, "z"]
    assert replies[-1]["outcome"] == "answered"
    assert re.findall(r"questions.jsonl, line (\d+):", done.stderr) == ["2", "4", "5", "6", "7", "8"]
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, "not all of it was done"
    path.write_bytes(rows[0])
    assert desk("ask", "--file", str(path)).returncode == 0


def test_roles_decide_what_is_read(desk: Desk) -> None:
    for role in ("manager", "administrator"):
        assert cast.CEILING in desk("ask", "--as", role, CEILING).stdout, role
    for role in ("member", "provider", "safeguarding"):
        assert cast.CEILING not in desk("ask", "--json", "--as", role, CEILING).stdout, role
    assert cast.CEILING not in desk("ask", CEILING).stdout, "an officer where nothing is said"
    unknown = desk("ask", "--as", "king", CEILING)
    assert unknown.returncode == 2
    assert "manager" in unknown.stderr


def test_asking_nothing_is_a_wrong_call(desk: Desk) -> None:
    done = desk("ask")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Ask something" in done.stderr


def test_odd_bytes_in_a_question_do_not_break_it(desk: Desk, home: Path) -> None:
    odd = b"Is M4 done\xff\xfe?".decode("utf-8", "surrogateescape")
    done = desk("ask", "--json", odd)
    [reply] = lines_of_json(done.stdout)
    assert (done.returncode, reply["outcome"]) == (0, "answered")
    assert desk("ask", "--json", "xyzzy\udcff plugh").returncode == 0
    assert desk("ask", "xyzzy\udcff plugh").returncode == 0


# --- chat ---------------------------------------------------------------------------------------------------------


def test_chat_by_a_pipe_keeps_the_subject_and_takes_a_choice_by_its_number(desk: Desk) -> None:
    done = desk("chat", given="What is CAB?\n1\nIs M4 done?\nwho owns it?\n")
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    assert (
        said.index("1. Commissioning Board") < said.index("M4 stood at “Behind”") < said.rindex("The three directors")
    )
    assert "Board" in said.split("2. Citizens Advice Bureau")[1].split("M4 stood")[0]


def test_what_explains_a_reply_is_printed_above_what_may_be_chosen(desk: Desk) -> None:
    said = desk("ask", "help").stdout
    assert said.index("I hold") < said.index("1. What is coming up")


def test_chat_takes_a_choice_in_its_own_words(desk: Desk) -> None:
    said = desk("chat", "--as", cast.OLIVE.email, given="What is principle 99?\nask a person\n\n").stdout
    assert "Passed on as E-1" in said


def test_chat_ends_with_an_empty_line_and_survives_odd_bytes(desk: Desk) -> None:
    done = desk("chat", given=b"xyzzy \xff\xfe plugh\nhello\n\nIs M4 done?\n")
    assert done.returncode == 0, done.stderr
    assert "Hello. Ask me" in done.stdout
    assert "Behind" not in done.stdout


# --- index, documents ---------------------------------------------------------------------------------------------


def test_indexing_reports_every_file_and_fails_where_one_could_not_be_read(new_desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.md").write_text("# Gulls\n\n1.1 Gulls are counted every May.\n", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    (folder / "odd.xyz").write_text("what is this", encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    done = new_desk("index", "--json", str(folder), str(tmp_path / "nowhere"))
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(one["file"], one["state"], one["passages"]) for one in report["documents"]] == [("good.md", "added", 1)]
    assert {one["file"] for one in report["problems"]} == {"empty.txt", "odd.xyz", "broken.pdf", "nowhere"}
    assert all(one["reason"] for one in report["problems"])
    again = new_desk("index", "--json", str(folder / "good.md"))
    assert again.returncode == 0
    assert [one["state"] for one in json.loads(again.stdout)["documents"]] == ["unchanged"]
    assert "Gulls are counted" in new_desk("ask", "when are gulls counted").stdout


def test_the_report_for_people_says_the_same(new_desk: Desk) -> None:
    done = new_desk("index", str(cast.PAPERS))
    assert done.returncode == 0
    assert "5 read with 151 passages, 0 not. Edition 1." in done.stdout
    assert "made a new record" in done.stderr


def test_indexing_nothing_fails(new_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert new_desk("index", str(tmp_path / "empty")).returncode == 1


def test_documents_are_listed_and_removed(desk: Desk) -> None:
    listed = json.loads(desk("documents", "--json").stdout)
    assert {one["id"] for one in listed} == {"FW", "AP", "ST", "CM", "MS"}
    assert next(one for one in listed if one["id"] == "MS")["access"] == "confidential"
    assert "Commissioning Well: Marlshire's commissioning framework" in desk("documents", COLUMNS="200").stdout
    done = desk("documents", "remove", "AP")
    assert (done.returncode, done.stdout) == (0, "Removed AP.\n")
    assert "Behind" not in desk("ask", "Is M4 done?").stdout
    gone = desk("documents", "remove", "AP", "--json")
    assert (gone.returncode, json.loads(gone.stdout)) == (1, {"id": "AP", "removed": False})
    assert "there is no document 'AP'" in gone.stderr


# --- people -------------------------------------------------------------------------------------------------------


def test_the_people_list_is_taken_and_bad_rows_are_named(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [
        "email,slack_id,name,role",
        "new@example.org,,Nell New,member",
        "nobody,,x,officer",
        "k@example.org,,x,king",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    trial = json.loads(desk("people", "import", "--dry-run", "--json", str(path)).stdout)
    assert (trial["rows"], trial["added"], trial["removed"]) == (1, 1, len(cast.LISTED))
    assert len(json.loads(desk("people", "--json").stdout)) == len(cast.LISTED), "a dry run changes nothing"
    done = desk("people", "import", str(path))
    assert done.returncode == 0
    assert f"Took 1 rows: 1 new, {len(cast.LISTED)} gone." in done.stdout
    assert "line 3: the email is not an address" in done.stdout
    assert "line 4: role is 'king'" in done.stdout
    [person] = json.loads(desk("people", "--json").stdout)
    assert (person["email"], person["roles"]) == ("new@example.org", ["member"])


def test_a_people_list_without_one_good_row_leaves_the_old_one(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,role\nx,officer\n", encoding="utf-8")
    assert desk("people", "import", str(path)).returncode == 1
    path.write_text("who,what\nx,y\n", encoding="utf-8")
    assert desk("people", "import", str(path)).returncode == 1
    assert len(json.loads(desk("people", "--json").stdout)) == len(cast.LISTED)


# --- settings, migrate, help --------------------------------------------------------------------------------------

SECRETS = {
    "DESK_SECRET_KEY": "hidden-key-of-the-desk",
    "SLACK_BOT_TOKEN": "xoxb-hidden",
    "SLACK_APP_TOKEN": "xapp-hidden",
    "SLACK_SIGNING_SECRET": "hidden-signing",
    "DATABASE_URL": "postgresql+psycopg://desk:hidden@127.0.0.1/desk",
}


def test_settings_are_shown_with_their_secrets_masked(desk: Desk) -> None:
    plain, as_json = desk("settings", **SECRETS), desk("settings", "--json", **SECRETS)
    assert (plain.returncode, as_json.returncode) == (0, 0)
    assert "hidden" not in plain.stdout + as_json.stdout + plain.stderr + as_json.stderr
    values = json.loads(as_json.stdout)
    assert set(values) == {variable(name) for name in Settings.model_fields}
    assert all(values[name] == "********" for name in SECRETS)
    assert values["DESK_COUNCIL"] == "Marlshire County Council"


def test_a_setting_that_does_not_exist_is_named_with_its_neighbour(desk: Desk) -> None:
    done = desk("ask", QUESTION, DESK_CONCIL="Marlshire", DESK_MAX_PAGES="many")
    assert (done.returncode, done.stdout) == (2, "")
    assert "DESK_CONCIL: there is no such setting (did you mean DESK_COUNCIL?)" in done.stderr
    assert "DESK_MAX_PAGES: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "names"),
    [("serve", ["DESK_SECRET_KEY"]), ("slack", ["DESK_SECRET_KEY", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"])],
)
def test_what_a_command_cannot_do_without_is_named(desk: Desk, command: str, names: list[str]) -> None:
    done = desk(command, DESK_SECRET_KEY="")
    assert done.returncode == 2
    assert re.findall(r"desk: (\w+): is needed here", done.stderr) == names


@pytest.mark.parametrize("command", ["serve", "slack", "work"])
def test_what_serves_members_does_not_start_where_a_concern_could_reach_nobody(
    desk: Desk, command: str, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    tokens = {"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_APP_TOKEN": "xapp-x", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    both, one = "no triage contact and no safeguarding contact", "no safeguarding contact"
    for listed, lacking in (([cast.OLIVE], both), ([cast.OLIVE, cast.TESS], one)):
        people.write_text(cast.people_csv(*listed), encoding="utf-8")
        taken = desk("people", "import", str(people))
        assert (taken.returncode, f"desk: this list names {lacking}: " in taken.stderr) == (0, True)
        done = desk(command, **tokens)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"desk: the people list names {lacking}, so a concern could reach nobody" in done.stderr
        assert "desk people import people.csv" in done.stderr
        assert "Traceback" not in done.stderr
    assert desk("ask", QUESTION).returncode == 0, "reading and asking need nobody"


def test_an_older_record_is_named_and_migrated_only_when_asked(desk: Desk, home: Path) -> None:
    connection = sqlite3.connect(home / "record.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    done = desk("ask", QUESTION)
    assert (done.returncode, done.stdout) == (1, "")
    assert "run `desk migrate`" in done.stderr


def test_migrate_says_what_it_did_and_may_be_run_again(new_desk: Desk) -> None:
    assert f"version none -> {HEAD}" in new_desk("migrate").stdout
    assert f"version {HEAD} -> {HEAD}" in new_desk("migrate").stdout


@pytest.mark.parametrize("command", [(), *((name,) for name in MODULES), ("documents", "remove"), ("people", "import")])
def test_every_command_has_help(new_desk: Desk, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = new_desk(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Usage: desk {' '.join(command)}".strip() in done.stdout
    assert len(done.stdout.splitlines()) > 4
    assert not (tmp_path / "new").exists(), "help makes no record"


def test_help_lists_every_command(new_desk: Desk) -> None:
    listed = new_desk("--help").stdout
    assert all(re.search(rf"^  {name} ", listed, re.MULTILINE) for name in MODULES)
    assert re.fullmatch(r"desk, version \d+\.\d+\.\d+\n", new_desk("--version").stdout)


def test_an_unknown_command_is_a_wrong_call(new_desk: Desk) -> None:
    assert new_desk("conjure").returncode == 2


def test_the_manifest_is_printed_as_json(new_desk: Desk) -> None:
    assert json.loads(new_desk("slack", "--manifest").stdout)["features"]["slash_commands"][0]["command"] == "/desk"


def test_the_installed_command_is_the_module(home: Path, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("desk")
    if not script.is_file():
        pytest.skip("the command desk is not installed beside this Python")
    environment = child_environment(home)
    by_module = run_desk(environment, "ask", QUESTION, cwd=tmp_path)
    assert run_desk(environment, "ask", QUESTION, cwd=tmp_path, prefix=[str(script)]).stdout == by_module.stdout


# --- nothing but JSON, nothing but text ---------------------------------------------------------------------------


def test_with_json_there_is_nothing_else_on_stdout(new_desk: Desk, tmp_path: Path) -> None:
    """From the very first call, which also makes the record and the index and says so."""
    people = tmp_path / "people.csv"
    people.write_text(cast.people_csv(cast.OLIVE), encoding="utf-8")
    for arguments in (
        ("documents", "--json"), ("ask", "--json", "hello"), ("index", "--json", str(cast.PAPERS)),
        ("ask", "--json", QUESTION), ("people", "import", "--json", str(people)), ("people", "--json"),
        ("documents", "--json"), ("documents", "remove", "--json", "FW"), ("settings", "--json"),
    ):  # fmt: skip
        done = new_desk(*arguments, DESK_LOG_LEVEL="debug")
        [_] = lines_of_json(done.stdout)
        assert done.returncode == 0, arguments


_FILLING = "1.2 Terns are another matter and are left to those who know them.\n" * 30
"""A file with more than one control character in a hundred is not taken for text."""
ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


@pytest.mark.parametrize("markup", ["[/red]", "[bold]"])
def test_control_characters_and_markup_in_a_paper_do_not_reach_the_terminal(
    new_desk: Desk, tmp_path: Path, markup: str
) -> None:
    nasty = f"{ESCAPE}{markup}"
    wide = {"DESK_COUNCIL": f"C {nasty}", "COLUMNS": "300"}
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / f"gulls{markup.replace('/', '')}.md").write_text(
        f"# Gulls {nasty}\n\n1.1 Gulls {nasty} are counted every May.\n\n" + _FILLING, encoding="utf-8"
    )
    cells = (
        "gulls",
        f"gulls{markup.replace('/', '')}.md",
        *(f"{letter} {nasty}" for letter in "TPDS"),
        f"N {nasty} {_FILLING}",
    )
    listed = "id,file,title,publisher,published,status,note\n" + ",".join(f'"{cell}"' for cell in cells) + "\n"
    (folder / "documents.csv").write_text(listed, encoding="utf-8")
    people = tmp_path / "people.csv"
    people.write_text(f"email,role,division,name\nx@example.org,officer,{'x' * 900},Nell {nasty}\n", encoding="utf-8")
    said = []
    for arguments in (
        ("index", str(folder)), ("documents",), ("ask", "when are gulls counted?"), ("people", "import", str(people)),
        ("people",), ("ask", f"quagga {nasty}"), ("documents", "remove", f"nowhere{nasty}"),
    ):  # fmt: skip
        done = new_desk(*arguments, **wide)
        assert "Traceback" not in done.stderr, arguments
        said.append(done.stdout + done.stderr)
    said.append(new_desk("settings", **wide).stdout)
    assert "are counted every May" in said[2]
    for text in said:
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text), repr(text)
    assert markup in said[1], "what stands in brackets is text"
    assert markup in said[4]
    assert markup in said[-1]


@pytest.mark.parametrize("home", ["/dev/null/desk", "/proc/desk"])
def test_a_home_that_cannot_be_is_told_and_not_traced(tmp_path: Path, home: str) -> None:
    done = run_desk(child_environment(Path(home)), "ask", QUESTION, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("desk: ")
