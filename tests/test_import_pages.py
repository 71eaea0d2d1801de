"""Pages by which an administrator takes files in: who may, what is shown is what is taken, hostile files."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cast
import pytest
import sqlalchemy as sa
from cast import seen
from counties import settle_county
from flask import Flask
from openpyxl import Workbook
from test_timeline_pages import NASTY
from werkzeug.test import TestResponse

from bot.importing.doing import Doer
from bot.wiring import Wiring
from knowledge import tables
from knowledge.people import Row, replace_people
from knowledge.register.holding import contracts
from knowledge.store import Store
from knowledge.takings.jobs import Job, State
from knowledge.takings.lists import people_rows
from knowledge.takings.nouns import Kind
from knowledge.takings.record import takings
from knowledge.takings.staging import KEPT, Staging, TooLarge
from webhooks import create_app
from webhooks.safety import limiter

ADMIN, OTHER, OFFICER = "farah.lindqvist@example.org", "ruth.calloway@example.org", "daniel.frome@example.org"
REGISTER = "Reference,Title,Supplier,Value\nX-1,Home care,Kindly Hours Ltd,1000\nX-2,Day care,Marl Trust,2000\n"
FORMULA = '=HYPERLINK("http://evil.example.org","press")'


@pytest.fixture
def wiring(marlshire: Wiring) -> Wiring:
    """The sample council with its own register."""
    return marlshire


class Desk:
    """Somebody signed in at the pages, whose files are read in this process unless it is said otherwise."""

    def __init__(self, wiring: Wiring, address: str) -> None:
        self.wiring, now = wiring, int(datetime.now(UTC).timestamp())
        self.app: Flask = create_app(wiring)
        limiter.reset()
        self.client = self.app.test_client()
        with self.client.session_transaction() as session:
            session.update(address=address, way="link", since=now, seen=now)

    def open(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, path
        return answer.get_data(as_text=True)

    def press(self, path: str, **fields: object) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open("/"))
        assert token
        data = {"csrf_token": token[1], **fields}
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def send(self, kind: str, name: str, content: bytes | str, **more: str) -> str:
        """Sends a file. Gives its page's path."""
        raw = content.encode() if isinstance(content, str) else content
        answer = self.press("/administration/imports", kind=kind, file=(io.BytesIO(raw), name), **more)
        assert answer.status_code == 303, seen(answer.get_data(as_text=True))
        return str(answer.headers["Location"])

    def settled(self, path: str, status: int = 200) -> str:
        """A file's page once nobody is at it any more."""
        for _ in range(20):
            answer = self.client.get(path)
            if "Refresh" not in answer.headers:
                break
        assert answer.status_code == status, seen(answer.get_data(as_text=True))
        return answer.get_data(as_text=True)

    def take(self, path: str, page: str) -> str:
        digest = re.search(r'name="digest" value="([^"]+)"', page)
        assert digest, seen(page)
        assert self.press(f"{path}/take", digest=digest[1]).status_code == 303
        return self.settled(path)


@pytest.fixture
def admin(wiring: Wiring) -> Desk:
    return Desk(wiring, ADMIN)


def references(wiring: Wiring) -> set[str]:
    with wiring.store.reading() as connection:
        return {one.contract.reference for one in contracts(connection)}


# --- who may ------------------------------------------------------------------------------------------------------

PATHS = ["/administration", "/administration/imports", f"/administration/imports/{'x' * 32}"]


@pytest.mark.parametrize("path", PATHS)
def test_only_administrators_see_these_pages(wiring: Wiring, path: str) -> None:
    officer = Desk(wiring, OFFICER)
    assert "That is for administrators" in officer.open(path, 403)
    assert "/administration" not in officer.open("/")
    stranger = create_app(wiring).test_client().get(path)
    assert (stranger.status_code, "/sign-in" in stranger.headers["Location"]) == (303, True)


@pytest.mark.parametrize("path", ["", "/undo/1", f"/{'x' * 32}/take", f"/{'x' * 32}/columns", f"/{'x' * 32}/drop"])
def test_only_administrators_press_and_never_without_the_token(wiring: Wiring, path: str) -> None:
    officer, admin = Desk(wiring, OFFICER), Desk(wiring, ADMIN)
    assert officer.press(f"/administration/imports{path}").status_code == 403
    assert admin.client.post(f"/administration/imports{path}").status_code == 400
    assert "/administration" in admin.open("/")


def test_the_settings_are_shown_and_secrets_are_not(wiring: Wiring) -> None:
    page = Desk(wiring, ADMIN).open("/administration")
    assert "Marlshire County Council" in page
    assert "DESK_SECRET_KEY" in page
    assert wiring.settings.secret_key.get_secret_value() not in page


def test_the_password_in_an_address_is_masked() -> None:
    from bot.settings import shown

    assert shown("postgresql+psycopg://desk:hidden@db.example.org/desk") == (
        "postgresql+psycopg://desk:********@db.example.org/desk"
    )


def test_somebody_elses_file_is_not_found(wiring: Wiring, admin: Desk) -> None:
    path = admin.send("register", "ours.csv", REGISTER)
    admin.settled(path)
    other = Desk(wiring, OTHER)
    other.open(path, 404)
    assert other.press(f"{path}/take").status_code == 404
    assert other.press(f"{path}/drop").status_code == 404
    assert "Take it in" in admin.open(path)


# --- the whole way ------------------------------------------------------------------------------------------------


def test_a_register_is_shown_taken_in_and_undone_from_the_page(wiring: Wiring, admin: Desk) -> None:
    before = references(wiring)
    path = admin.send("register", "ours.csv", REGISTER + ",no reference,,\n")
    page = admin.settled(path)
    assert references(wiring) == before, "the dry run changes nothing"
    told = seen(page)
    assert "2 added" in told
    assert "X-1 new contract" in told
    assert "4 no reference" in told.lower().replace(" – ", " ") or "Rows that could not be taken" in told
    assert "You see" not in seen(admin.take(path, page)).split("Taken in")[0]
    assert references(wiring) == before | {"X-1", "X-2"}
    with wiring.store.reading() as connection:
        (one,) = takings(connection)
    listing = seen(admin.open("/administration/imports"))
    assert f"ours.csv number {one.id}" in listing
    assert ADMIN in listing
    back = admin.press(f"/administration/imports/undo/{one.id}").headers["Location"]
    page = admin.settled(back)
    assert "X-1 contract there gone" in seen(page)
    assert references(wiring) == before | {"X-1", "X-2"}
    assert "What was there before is there again" in admin.take(back, page)
    assert references(wiring) == before
    with wiring.store.reading() as connection:
        a = tables.audit.c
        deeds = list(connection.execute(sa.select(a.deed, a.by).where(a.about == "register").order_by(a.id)))
    assert [deed for deed, _ in deeds] == ["imported", "undid"]
    assert all(by is not None for _, by in deeds)


def test_the_page_of_a_file_waits_for_nobody_who_writes(wiring: Wiring, admin: Desk) -> None:
    path = admin.send("places", "places.csv", "place,district\nMarl,North\n")
    admin.settled(path)
    other = Store(wiring.settings.store_url)
    with other.writing():
        assert "Take it in" in admin.open(path)
    other.close()


def test_the_file_is_gone_once_it_is_taken_in_or_left(wiring: Wiring, admin: Desk) -> None:
    staging = Staging(wiring.settings.home)
    path = admin.send("places", "places.csv", "place,district\nMarl,North\n")
    admin.take(path, admin.settled(path))
    assert list(staging.folder(path.rpartition("/")[2]).rglob("*.csv")) == []
    left = admin.send("places", "places.csv", "place,district\nMarl,South\n")
    admin.settled(left)
    assert admin.press(f"{left}/drop").status_code == 303
    admin.open(left, 404)
    assert not staging.folder(left.rpartition("/")[2]).exists()


def test_columns_that_were_not_understood_are_given_a_meaning(wiring: Wiring, admin: Desk) -> None:
    path = admin.send("register", "odd.csv", "Zref,Zname,Zboss\nX-1,Home care,Ann Example\n")
    page = admin.settled(path, 422)
    assert "--map" not in page
    assert "Zref" in page
    given = {"heading-0": "Zref", "field-0": "reference", "heading-1": "Zname", "field-1": "title"}
    admin.press(f"{path}/columns", **given)
    page = admin.settled(path)
    assert "Columns that were not understood" in page
    assert "Zboss" in page
    admin.press(f"{path}/columns", **{"heading-0": "Zboss", "field-0": "manager"})
    page = admin.settled(path)
    assert "Columns that were not understood" not in page
    admin.take(path, page)
    with wiring.store.reading() as connection:
        (found,) = [one.contract for one in contracts(connection) if one.contract.reference == "X-1"]
    assert (found.title, found.manager) == ("Home care", "Ann Example")


# --- in this process: the rest of the rules ---------------------------------------------------------------------------


def job_of(wiring: Wiring, kind: Kind, name: str, content: bytes | str, address: str = ADMIN) -> Job:
    """A file that waits, as the page leaves it."""
    from knowledge.parties import party_of

    staging = Staging(wiring.settings.home)
    with wiring.store.writing() as connection:
        owner = party_of(connection, address)
    raw = content.encode() if isinstance(content, str) else content
    job = staging.begin(owner, kind, datetime.now(UTC))
    return staging.write(staging.keep_file(job, name, io.BytesIO(raw), 1_000_000))


def done(wiring: Wiring, job: Job) -> Job:
    """What the process makes of it."""
    staging = Staging(wiring.settings.home)
    Doer(wiring, staging).do(job)
    found = staging.read(job.id, datetime.now(UTC))
    assert found is not None
    return found


def taking(wiring: Wiring, job: Job) -> Job:
    return done(wiring, Staging(wiring.settings.home).write(job.model_copy(update={"state": State.TAKING})))


def test_what_is_taken_in_is_what_was_shown_or_it_is_shown_again(wiring: Wiring) -> None:
    first = done(wiring, job_of(wiring, Kind.REGISTER, "a.csv", REGISTER))
    taking(wiring, done(wiring, job_of(wiring, Kind.REGISTER, "b.csv", REGISTER.replace("X-2", "X-9"))))
    again = taking(wiring, first)
    assert (again.state, again.digest != first.digest) == (State.CHANGED, True)
    assert "X-2" not in references(wiring), "nothing of it was taken in"
    assert taking(wiring, again).state is State.DONE
    assert {"X-1", "X-2", "X-9"} <= references(wiring)


def test_another_file_than_was_shown_is_not_taken_in(wiring: Wiring) -> None:
    job = done(wiring, job_of(wiring, Kind.REGISTER, "a.csv", REGISTER))
    (Staging(wiring.settings.home).folder(job.id) / job.file).write_text(REGISTER + "X-3,Evil,E,1\n")
    found = taking(wiring, job)
    assert (found.state, "not the one that was shown" in found.reason) == (State.FAILED, True)
    assert "X-3" not in references(wiring)


def test_whoever_is_no_administrator_any_more_takes_nothing_in(wiring: Wiring) -> None:
    job = done(wiring, job_of(wiring, Kind.REGISTER, "a.csv", REGISTER))
    with wiring.store.writing() as connection:
        replace_people(connection, [one for one in people_rows(connection) if one.email != ADMIN])
    found = taking(wiring, job)
    assert (found.state, found.reason) == (State.FAILED, "Only an administrator takes files in.")
    assert "X-1" not in references(wiring)


def test_a_people_list_that_reaches_nobody_is_refused_and_one_that_locks_its_sender_out_says_so(wiring: Wiring) -> None:
    lacking = done(wiring, job_of(wiring, Kind.PEOPLE, "p.csv", f"email,role\n{ADMIN},administrator\n"))
    assert (lacking.state, "no triage contact" in lacking.reason) == (State.FAILED, True)
    with wiring.store.reading() as connection:
        rows: list[Row] = [one for one in people_rows(connection) if one.email != ADMIN]
    text = "email,role\n" + "".join(f"{one.email},{one.role.value}\n" for one in rows)
    out = done(wiring, job_of(wiring, Kind.PEOPLE, "p.csv", text))
    assert "no administrator any more" in Staging(wiring.settings.home).effect(out.id).warnings[0]


def test_a_paper_takes_the_place_of_another_and_is_put_back(wiring: Wiring, admin: Desk) -> None:
    with wiring.store.reading() as connection:
        before = json.dumps(sorted(map(repr, connection.execute(sa.select(tables.document)))))
    text = "# Framework\n\n## One\n\nWe do the first thing by the end of March.\n"
    path = admin.send("document", "new framework.md", text, replaces="FW", access="confidential")
    page = admin.settled(path)
    assert "FW access public confidential" in seen(page)
    admin.take(path, page)
    with wiring.store.reading() as connection:
        row = connection.execute(sa.select(tables.document).where(tables.document.c.id == "FW")).one()
        (one,) = takings(connection)
    assert (row.access, row.about["file"]) == ("confidential", "new-framework.md")
    undo = Staging(wiring.settings.home).begin(1, Kind.DOCUMENT, datetime.now(UTC), undoes=one.id)
    with wiring.store.writing() as connection:
        owner = connection.execute(sa.select(tables.party.c.id).where(tables.party.c.address == ADMIN)).scalar_one()
    shown = done(wiring, Staging(wiring.settings.home).write(undo.model_copy(update={"owner": owner})))
    assert taking(wiring, shown).state is State.DONE
    with wiring.store.reading() as connection:
        assert json.dumps(sorted(map(repr, connection.execute(sa.select(tables.document))))) == before


# --- hostile files ------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook that unpacks to more than is allowed."""
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Reference", "Title"])
    book.save(out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\x00" * 5_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        (Kind.REGISTER, "noise.xlsx", b"\x00\x01\x02not a workbook" * 50),
        (Kind.REGISTER, "page.csv", "<html><body><script>alert(1)</script></body></html>"),
        (Kind.PLACES, "noise.xlsx", b"PK\x03\x04broken"),
        (Kind.PEOPLE, "noise.csv", b"\xff\xfe\x00\x00\x01"),
        (Kind.TIMELINE, "noise.json", b'{"releases": [[[['),
        (Kind.DOCUMENT, "noise.pdf", b"%PDF-1.7 nothing else"),
        (Kind.REGISTER, "empty.csv", b""),
    ],
)
def test_what_is_no_such_file_changes_nothing_and_says_why(
    wiring: Wiring, kind: Kind, name: str, content: bytes | str
) -> None:
    job = done(wiring, job_of(wiring, kind, name, content))
    effect = Staging(wiring.settings.home).effect(job.id)
    assert job.state is State.FAILED or effect.rows == 0
    assert job.reason or effect.problems, "it says why"
    assert str(wiring.settings.home) not in job.reason
    with wiring.store.reading() as connection:
        assert takings(connection) == []


def test_a_workbook_that_unpacks_to_too_much_is_refused(wiring: Wiring) -> None:
    small = Wiring(wiring.settings.model_copy(update={"max_unpacked_bytes": 1_000_000}))
    job = done(small, job_of(wiring, Kind.REGISTER, "bomb.xlsx", bomb()))
    assert (job.state, "unpacks to 5,0" in job.reason) == (State.FAILED, True)
    small.store.close()


def test_a_file_that_is_too_large_is_refused_and_not_kept(wiring: Wiring, admin: Desk, tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    job = staging.begin(1, Kind.REGISTER, datetime.now(UTC))
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        staging.keep_file(job, "a.csv", io.BytesIO(b"x" * 1_000_001), 1_000_000)
    assert not staging.folder(job.id).exists()
    answer = admin.client.post("/administration/imports", environ_overrides={"CONTENT_LENGTH": "60000000"})
    assert (answer.status_code, "50 MB at most" in answer.get_data(as_text=True)) == (413, True)


def test_what_stands_in_cells_is_shown_as_it_was_typed(wiring: Wiring, admin: Desk) -> None:
    quoted = [f'"{one.replace(chr(34), chr(34) * 2)}"' for one in (NASTY, FORMULA)]
    text = f"Reference,Title,<b>odd</b>\nX-1,{quoted[0]},1\nX-2,{quoted[1]},2\n,{quoted[0]},3\n"
    path = admin.send("register", "<img src=x>.csv", text)
    page = admin.settled(path)
    assert "<img" not in page
    assert "<b>odd" not in page
    assert "<script" not in page
    assert "&lt;b&gt;odd&lt;/b&gt;" in page


def test_a_reader_that_hangs_is_ended_and_the_page_says_so(wiring: Wiring, tmp_path: Path) -> None:
    slow = Wiring(wiring.settings.model_copy(update={"max_read_seconds": 0.01}))
    admin = Desk(slow, ADMIN)
    rows = "".join(f"X-{at},Home care,Kindly Hours Ltd,1000\n" for at in range(9_000))
    page = admin.settled(admin.send("register", "long.csv", REGISTER + rows), 422)
    assert "more time or memory than is allowed" in page
    slow.store.close()


# --- what is kept, and for how long ----------------------------------------------------------------------------------


def test_a_file_waits_an_hour_at_most(tmp_path: Path) -> None:
    staging, now = Staging(tmp_path), datetime.now(UTC)
    job = staging.write(staging.begin(1, Kind.REGISTER, now))
    assert staging.read(job.id, now + KEPT - timedelta(seconds=1)) == job
    assert staging.read(job.id, now + KEPT) is None
    assert (staging.sweep(now), staging.sweep(now + KEPT + timedelta(minutes=1))) == (0, 1)
    assert not staging.folder(job.id).exists()


@pytest.mark.parametrize("id", ["../" + "x" * 29, "x" * 31, "..", "x" * 31 + "/", "x" * 32 + "\n"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, id: str) -> None:
    with pytest.raises(FileNotFoundError):
        Staging(tmp_path).folder(id)


@pytest.mark.parametrize("name", ["../../evil.csv", "documents.csv", "a\nb.csv", ".csv", "a.exe", "x:\\y\\z.XLSX"])
def test_a_file_is_kept_under_a_name_of_the_desks_own(tmp_path: Path, name: str) -> None:
    staging = Staging(tmp_path)
    job = staging.keep_file(staging.begin(1, Kind.REGISTER, datetime.now(UTC)), name, io.BytesIO(b"x"), 10)
    assert re.fullmatch(r"sent/[\w-]+\.(csv|txt|xlsx)", job.file)
    assert job.file != "sent/documents.csv"
    assert "\n" not in job.name


def test_only_one_press_of_two_takes_it_in(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    job = staging.begin(1, Kind.REGISTER, datetime.now(UTC))
    assert [staging.hold(job.id), staging.hold(job.id)] == [True, False]
    staging.let_go(job.id)
    assert staging.hold(job.id)


def test_the_same_way_on_postgresql(postgresql_store: Store, tmp_path: Path) -> None:
    url = postgresql_store.url.render_as_string(hide_password=False)
    there = Wiring(cast.settings(tmp_path / "desk", DATABASE_URL=url))
    settle_county(there, cast.SAMPLE)
    before = references(there)
    admin = Desk(there, ADMIN)
    path = admin.send("register", "ours.csv", REGISTER)
    admin.take(path, admin.settled(path))
    assert references(there) == before | {"X-1", "X-2"}
    there.store.close()
