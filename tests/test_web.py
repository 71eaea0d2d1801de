"""The web application: safe on every route, whole without JavaScript, honest when something is away."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from cast import Visitor
from flask import Flask
from werkzeug.test import TestResponse

from bot.settings import SettingsError
from bot.wiring import Wiring
from knowledge import library
from knowledge.documents.importing import index_documents
from knowledge.people import PeopleError, read_people, replace_people
from knowledge.store import HEAD
from knowledge.tables import turn
from webhooks import create_app

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.fixture
def app_with(home: Path) -> Iterator[Callable[..., Flask]]:
    """Makes an application with settings of one's own."""
    made: list[Wiring] = []

    def make(**more: str) -> Flask:
        made.append(Wiring(cast.settings(home, **more)))
        return create_app(made[-1])

    yield make
    for wiring in made:
        wiring.store.close()


def wiring_of(app: Flask) -> Wiring:
    found = app.extensions["wiring"]
    assert isinstance(found, Wiring)
    return found


def turns_in(wiring: Wiring) -> int:
    with wiring.store.reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(turn)).scalar_one())


# --- CSRF ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ask", "/new", "/role", "/sign-in", "/sign-out"])
@pytest.mark.parametrize("fields", [{}, {"csrf_token": "made up"}])
def test_a_form_without_its_token_is_refused(app: Flask, path: str, fields: dict[str, str]) -> None:
    answer = app.test_client().post(path, data={"text": "who signs?", "role": "manager", **fields})
    assert answer.status_code == 400
    assert "That form has expired" in answer.get_data(as_text=True)
    assert turns_in(wiring_of(app)) == 0


def test_a_token_of_another_session_is_refused(app: Flask) -> None:
    stolen, other = Visitor(app).token(), Visitor(app)
    other.open()
    assert other.client.post("/ask", data={"text": "who signs?", "csrf_token": stolen}).status_code == 400


# --- headers, cookies ---------------------------------------------------------------------------------------------


def every_kind_of_answer(app: Flask) -> dict[str, TestResponse]:
    visitor = Visitor(app)
    return {
        "chat": visitor.client.get("/"),
        "papers": visitor.client.get("/documents"),
        "viewer": visitor.client.get("/documents/FW"),
        "asked": visitor.send("/ask", text="Is M4 done?", follow=False),
        "fragment": visitor.send("/ask", text="Is M4 done?", headers={"X-Fragment": "turn"}),
        "empty": visitor.send("/ask", text=""),
        "new": visitor.send("/new", follow=False),
        "not found": visitor.client.get("/nowhere"),
        "not allowed": visitor.client.get("/ask"),
        "refused": visitor.client.post("/ask", data={}),
        "sign in": visitor.client.get("/sign-in"),
        "sent": visitor.send("/sign-in", email="mo@example.org"),
        "spent": visitor.client.get("/sign-in/link/made-up"),
        "health": visitor.client.get("/healthz"),
        "ready": visitor.client.get("/readyz"),
        "slack": visitor.client.post("/slack/events"),
    }


def test_security_headers_are_on_every_answer(app: Flask) -> None:
    for name, answer in every_kind_of_answer(app).items():
        for header, value in HEADERS.items():
            assert answer.headers.get(header) == value, f"{name}: {header}"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert "unsafe" not in policy, name


def test_static_files_carry_the_headers_too(app: Flask) -> None:
    for name in ("chat.js", "desk.css", "desk.svg"):
        answer = app.test_client().get(f"/static/{name}")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        answer.close()


def test_pages_hold_no_script_or_style_of_their_own(app: Flask) -> None:
    """What the policy forbids must not be there, or a page would break without anyone noticing."""
    for name, answer in every_kind_of_answer(app).items():
        page = answer.get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page), name
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page), name


def test_the_cookie_is_kept_from_scripts_and_other_sites(app_with: Callable[..., Flask]) -> None:
    cookie = app_with().test_client().get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "on plain http it would never come back"
    secure = app_with(DESK_URL="https://desk.example.org").test_client().get("/").headers["Set-Cookie"]
    assert "Secure" in secure


# --- pages for what goes wrong --------------------------------------------------------------------------------------


def test_there_is_a_page_for_what_is_not_there_and_for_what_cannot_be_done(app: Flask) -> None:
    visitor = Visitor(app)
    for path, status, says in (("/nowhere", 404, "There is no such page"), ("/ask", 405, "That cannot be done here")):
        answer = visitor.client.get(path)
        assert answer.status_code == status
        assert says in answer.get_data(as_text=True)
        assert "See the papers".lower() in answer.get_data(as_text=True).lower()
    assert "POST" in visitor.client.get("/ask").headers["Allow"]


def test_too_large_a_form_is_refused_with_a_page(app: Flask) -> None:
    answer = Visitor(app).send("/ask", text="a" * 1_100_000)
    assert answer.status_code == 413
    assert "That is too much at once" in answer.get_data(as_text=True)


def test_too_many_questions_at_once_are_refused_with_a_page(app_with: Callable[..., Flask]) -> None:
    visitor = Visitor(app_with(DESK_QUESTIONS_PER_MINUTE="3"))
    token = visitor.token()
    answers = [visitor.client.post("/ask", data={"csrf_token": token, "text": "hello"}) for _ in range(4)]
    assert [one.status_code for one in answers] == [303, 303, 303, 429]
    assert "Wait a minute, then ask again." in answers[-1].get_data(as_text=True)
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert visitor.client.get("/").status_code == 200, "reading is not limited"


def test_a_failure_shows_a_reference_and_no_trace(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> str:
        raise RuntimeError("the secret words")

    app.add_url_rule("/broken", view_func=broken)
    answer = app.test_client().get("/broken")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    reference = re.search(r"<strong>([0-9a-f]{8})</strong>", page)
    assert reference
    logged = "".join(capsys.readouterr())
    assert reference[1] in logged
    for leaked in ("Traceback", "RuntimeError", "secret words"):
        assert leaked not in page
    assert "secret words" not in logged


def test_an_answer_that_fails_is_shown_with_its_reference_without_javascript_too(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    wiring = wiring_of(app)
    wiring.__dict__["desk"] = replace(wiring.desk, index=lambda: 1 / 0)
    visitor = Visitor(app)
    answer = visitor.send("/ask", text="Is M4 done?")
    assert answer.status_code == 500
    found = re.search(r"quote ([0-9a-f]{8})", answer.get_data(as_text=True))
    assert found
    assert found[1] in "".join(capsys.readouterr())
    fragment = visitor.send("/ask", text="Is M4 done?", headers={"X-Fragment": "turn"})
    assert re.search(r"quote ([0-9a-f]{8})", fragment.get_data(as_text=True))


# --- asking -------------------------------------------------------------------------------------------------------


def test_without_javascript_a_question_is_sent_on_to_the_page_that_shows_it(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.send("/ask", text="Is M4 done?", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/#latest")
    page = visitor.open()
    assert page.index('id="latest"') < page.index("M4 stood at “Behind”")
    assert page.count('class="turn"') == 1


def test_with_javascript_only_the_new_turn_comes_back(app: Flask) -> None:
    fragment = Visitor(app).send("/ask", text="Is M4 done?", headers={"X-Fragment": "turn"}).get_data(as_text=True)
    assert fragment.lstrip().startswith("<article")
    assert "<html" not in fragment
    assert "M4 stood at “Behind”" in fragment


def test_an_empty_question_is_told_so(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.send("/ask", text="   ")
    assert answer.status_code == 422
    assert "Type a question first" in answer.get_data(as_text=True)
    assert "<title>Error:" in answer.get_data(as_text=True)
    assert visitor.send("/ask", text=" ", headers={"X-Fragment": "turn"}).status_code == 204


@pytest.mark.parametrize("headers", [{}, {"X-Fragment": "turn"}])
def test_html_in_a_question_is_text(app: Flask, headers: dict[str, str]) -> None:
    nasty = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7*7 }} who signs?'
    page = Visitor(app).send("/ask", text=nasty, headers=headers).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert html.escape("<script>alert(1)</script>") in page
    assert "{{ 7*7 }}" in page


def test_html_in_a_paper_is_text(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "odd.txt").write_text(
        "1.1 Zebra crossings <script>alert(1)</script> & <b>belisha beacons</b> are painted weekly.\n", encoding="utf-8"
    )
    listed = "id,file,title,access\nodd,odd.txt,Zebras <i>&</i> beacons,public\n"
    (folder / "documents.csv").write_text(listed, encoding="utf-8")
    wiring = wiring_of(app)
    assert index_documents(wiring.store, [folder], wiring.pack).problems == []
    visitor = Visitor(app)
    pages = (visitor.open("/documents/odd"), visitor.open("/documents"))
    asked = visitor.send("/ask", text="zebra crossings belisha beacons").get_data(as_text=True)
    for page in (*pages, asked):
        assert "<script>alert" not in page
        assert "<i>&</i>" not in page
    assert "belisha beacons" in asked
    assert html.escape("<script>alert(1)</script> & <b>") in pages[0]


def test_start_again_deletes_the_turns(app: Flask) -> None:
    visitor, other = Visitor(app), Visitor(app)
    visitor.ask("Is M4 done?")
    visitor.ask("who owns it?")
    other.ask("hello")
    wiring = wiring_of(app)
    assert turns_in(wiring) == 3
    page = visitor.send("/new").get_data(as_text=True)
    assert turns_in(wiring) == 1, "the other visitor's conversation stays"
    assert "M4 stood" not in page
    assert "Things to try" in page


def test_two_visitors_do_not_see_each_other(app: Flask) -> None:
    first, second = Visitor(app), Visitor(app)
    first.ask("Is M4 done?")
    assert "M4 stood" not in second.open()


def test_things_to_try_are_the_packs(app: Flask) -> None:
    page = html.unescape(Visitor(app).open())
    for question in (cast.SAMPLE / "questions.txt").read_text(encoding="utf-8").splitlines():
        assert question in page


# --- the viewer ---------------------------------------------------------------------------------------------------


def test_every_link_of_an_answer_leads_to_its_passage(app: Flask) -> None:
    visitor = Visitor(app)
    for question in (cast.SAMPLE / "questions.txt").read_text(encoding="utf-8").splitlines():
        answer = visitor.send("/ask", text=question, headers={"X-Fragment": "turn"}).get_data(as_text=True)
        for path, anchor in set(re.findall(r'href="(/documents/[^"#]+)#([^"]+)"', answer)):
            assert f'id="{anchor}"' in visitor.open(path), f"{path}#{anchor}"


def test_the_viewer_shows_each_passage_once_under_its_id(app: Flask) -> None:
    page = Visitor(app).open("/documents/FW")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    with wiring_of(app).store.reading() as connection:
        passages = library.passages(connection, "FW")
    assert {passage.anchor for passage in passages} <= set(ids)
    assert "9.5 From £250,000 and under £1 million" in html.unescape(page)


def test_a_strangers_list_of_papers_holds_public_ones_only(app: Flask) -> None:
    page = html.unescape(Visitor(app).open("/documents"))
    assert "Commissioning Well: Marlshire's commissioning framework" in page
    assert "Contract managers' guide" not in page
    assert "Market sensitivity" not in page


@pytest.mark.parametrize("document", ["CM", "MS", "nowhere", "..%2f..%2fetc%2fpasswd", "FW%00"])
def test_a_paper_that_is_not_public_does_not_exist(app: Flask, document: str) -> None:
    answer = Visitor(app).client.get(f"/documents/{document}")
    assert answer.status_code == 404
    assert "There is no such page" in answer.get_data(as_text=True)


def test_a_link_to_a_passage_that_has_gone_leads_to_the_nearest(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    rows = [
        f"1.{number} Rule number {number} is about matter {number}, and says what is to be done in it."
        for number in range(1, 6)
    ]
    (folder / "documents.csv").write_text("id,file,title,access\nrules,rules.txt,Rules,public\n", encoding="utf-8")
    wiring = wiring_of(app)
    for kept in (rows, [row for row in rows if not row.startswith("1.3")]):
        (folder / "rules.txt").write_text("\n\n".join(kept) + "\n", encoding="utf-8")
        index_documents(wiring.store, [folder], wiring.pack)
    page = Visitor(app).open("/documents/rules")
    gone = re.search(r'class="gone" id="1.3">([^<]+)</p>\s*<section class="place" id="([^"]+)"', page)
    assert gone, "the old anchor is still on the page"
    assert "1.3 is no longer in this paper" in gone[1]
    assert gone[2] in ("1.2", "1.4")


# --- roles --------------------------------------------------------------------------------------------------------

CEILING = "affordability ceiling"


def test_a_stranger_cannot_choose_a_role(app: Flask) -> None:
    visitor = Visitor(app)
    assert 'name="role"' not in visitor.open()
    visitor.send("/role", role="manager")
    assert cast.CEILING not in visitor.ask(CEILING)


def test_in_the_demo_a_visitor_chooses_a_role_and_reads_by_it(app_with: Callable[..., Flask]) -> None:
    visitor = Visitor(app_with(DESK_DEMO="true"))
    assert 'name="role"' in visitor.open()
    assert cast.CEILING not in visitor.ask(CEILING)
    visitor.send("/role", role="manager")
    assert cast.CEILING in visitor.ask(CEILING)
    visitor.send("/role", role="officer")
    assert cast.CEILING not in visitor.ask(CEILING)
    for role in ("administrator", "king"):
        visitor.send("/role", role=role)
        assert cast.CEILING not in visitor.ask(CEILING), role
    visitor.send("/role", role="director")
    assert cast.CEILING in visitor.ask(CEILING)


def test_a_role_chosen_in_a_demo_is_worth_nothing_elsewhere(app_with: Callable[..., Flask]) -> None:
    visitor = Visitor(app_with(DESK_DEMO="true"))
    visitor.send("/role", role="manager")
    cookie = visitor.client.get_cookie("session")
    assert cookie
    real = Visitor(app_with())
    real.client.set_cookie("session", cookie.value)
    assert cast.CEILING not in real.ask(CEILING)


@pytest.mark.parametrize(
    "more", [{"SLACK_BOT_TOKEN": "xoxb-1"}, {"DATABASE_URL": "postgresql+psycopg://desk@127.0.0.1/desk"}]
)
def test_the_demo_is_refused_where_it_would_be_dangerous(tmp_path: Path, more: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="DESK_DEMO"):
        cast.settings(tmp_path, DESK_DEMO="true", **more)


# --- health -------------------------------------------------------------------------------------------------------


def test_alive_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "ready")


def test_not_ready_where_the_record_is_away(app: Flask) -> None:
    wiring = wiring_of(app)
    assert app.test_client().get("/readyz").status_code == 200
    wiring.store.close()
    record = wiring.settings.home / "record.db"
    for path in wiring.settings.home.glob("record.db*"):
        path.unlink()
    record.write_bytes(b"this is no record" * 1_000)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "not ready")
    assert app.test_client().get("/healthz").status_code == 200


def test_not_ready_where_the_record_is_of_another_version(app: Flask) -> None:
    wiring = wiring_of(app)
    wiring.store.version()
    with sqlite3.connect(wiring.settings.home / "record.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["record"]) == (503, f"at version 0000, wants {HEAD}")


def test_not_ready_where_postgresql_does_not_answer(tmp_path: Path) -> None:
    url = "postgresql+psycopg://desk@127.0.0.1:9/desk?connect_timeout=2"
    app = create_app(Wiring(cast.settings(tmp_path, DATABASE_URL=url)))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["record"] == "cannot be reached"


def test_the_application_does_not_come_up_where_a_concern_could_reach_nobody(home: Path, tmp_path: Path) -> None:
    wiring, people = Wiring(cast.settings(home)), tmp_path / "people.csv"
    people.write_text(cast.people_csv(cast.OLIVE, cast.SAM), encoding="utf-8")
    with wiring.store.writing() as connection:
        replace_people(connection, read_people(people).rows)
    with pytest.raises(PeopleError, match="names no triage contact, so a concern could reach nobody"):
        create_app(wiring)
    cast.list_people(wiring.store, tmp_path)
    assert create_app(wiring).test_client().get("/readyz").status_code == 200


def test_slack_is_not_there_until_it_is_set_up(app: Flask) -> None:
    assert app.test_client().post("/slack/events", data=b"{}").status_code == 404


def test_what_explains_a_reply_stands_above_what_may_be_pressed(app: Flask) -> None:
    turn = Visitor(app).send("/ask", text="help", headers={"X-Fragment": "turn"}).get_data(as_text=True)
    assert turn.index("I hold") < turn.index("What is coming up")
