"""Whatever a file holds, its reader ends in good time with what it says or with a reason: no traceback, no hang, no
more memory than allowed, and of what can be read nothing is lost without a word."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cast
import docx
import openpyxl
import pytest
from files import pdf
from hypothesis import given
from hypothesis import strategies as st
from strategies import BOMB, json_values, mutated, nasty, repacked, table, tables, tried

from bot.filling import read_file
from handlers.evaluating import read_questions
from knowledge.attachments import AttachmentError, clean_attachment
from knowledge.concerns.provider_file import ProviderFileError, read_provider_file
from knowledge.documents.catalogue import load_catalogue
from knowledge.documents.importing import index_documents
from knowledge.documents.outline import OutlineError, load_outline
from knowledge.documents.reading import Limits, Unreadable, bytes_of, read
from knowledge.jsonlines import NoJson, json_lines
from knowledge.pack import Pack, PackError
from knowledge.people import PeopleError, read_people
from knowledge.places import PlacesError, read_places
from knowledge.register.exporting import COLUMNS
from knowledge.register.reading.file import MappingError, read_register
from knowledge.register.reading.grid import RegisterError, read_rows
from knowledge.retention.erasures import Erasures, ErasuresError
from knowledge.service_levels import LevelError, load_levels
from knowledge.services import CatalogueError
from knowledge.store import Store
from knowledge.timeline.reading.errors import TimelineFileError
from knowledge.timeline.reading.file import read_timeline
from knowledge.timeline.reading.headings import load_template
from knowledge.timeline.reading.jsonfile import read_json_text

TOLD = (
    Unreadable, RegisterError, MappingError, PeopleError, PlacesError, ProviderFileError, TimelineFileError,
    OutlineError, PackError, LevelError, CatalogueError, ErasuresError, AttachmentError,
)  # fmt: skip
"""What a reader may raise: each says for people what is wrong."""
PLACES = ("place", "kind", "district")
PEOPLE = ("email", "slack_id", "name", "role", "division", "directorate", "deputy", "away_from", "away_to")
PROVIDERS = ("provider", "email", "name", "contract")
DOCUMENTS = ("id", "file", "title", "publisher", "published", "kind", "status", "supersedes", "access", "note")
QUESTION = b'{"id": "q1", "question": "who signs?", "kind": "plain", "source": "FW", "gold": ["signs"]}\n'
ERASED = b'{"kind": "concern", "number": 3, "mark": "ab", "at": "2026-01-01T00:00:00+00:00"}\n'
HTML = b"<html><body><h1>T</h1><table><tr><td>a<td>b</tr></table><ul><li>x</ul><p>&lt;q&gt; <!-- c --></body></html>"
READERS: dict[str, tuple[str, Callable[[Path], Any], bytes]] = {
    "text": (".txt", read, (cast.PAPERS / "framework.md").read_bytes()[:3_000]),
    "markdown": (".md", read, (cast.PAPERS / "action-plan.md").read_bytes()[:5_000]),
    "html": (".html", read, HTML),
    "documents.csv": (".csv", load_catalogue, (cast.PAPERS / "documents.csv").read_bytes()),
    "register": (".csv", read_register, (cast.SAMPLE / "register.csv").read_bytes()[:6_000]),
    "people": (".csv", read_people, (cast.SAMPLE / "people.csv").read_bytes()),
    "places": (".csv", read_places, (cast.SAMPLE / "places.csv").read_bytes()[:2_000]),
    "providers": (".csv", lambda path: read_provider_file(path, ()), (cast.SAMPLE / "providers.csv").read_bytes()),
    "timeline": (".csv", read_timeline, (cast.SAMPLE / "timeline.csv").read_bytes()[:6_000]),
    "outline": (".toml", load_outline, b'drop = ["^p[0-9]+$"]\nspans = [["7.9", "heading", "The words"]]\n'),
    "service levels": (".toml", load_levels, Path("knowledge/data/service_levels.toml").read_bytes()[:2_000]),
    "questions": (".jsonl", read_questions, QUESTION * 3),
    "JSON lines": (".jsonl", lambda path: list(json_lines(path)), QUESTION * 2),
    "erasures": (".jsonl", lambda path: Erasures(path).all(), ERASED * 2),
}  # fmt: skip
"""Every reader of bytes that is called in this process: its file's ending, itself, and a whole file."""


def told(read_it: Callable[[Path], Any], path: Path) -> Any:
    """What a reader gives, or the reason it tells."""
    try:
        return read_it(path)
    except TOLD as error:
        return error


@pytest.mark.parametrize("name", READERS)
def test_a_file_after_any_accident_is_read_or_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    ending, read_it, whole = READERS[name]
    path = tmp_path / f"a{ending}"

    @tried(25)
    @given(mutated(whole))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        told(read_it, path)

    holds()


@pytest.mark.parametrize(
    ("name", "columns"),
    [("register", tuple(COLUMNS)), ("people", PEOPLE), ("places", PLACES), ("providers", PROVIDERS),
     ("timeline", tuple(one.heading for one in load_template().column)), ("documents.csv", DOCUMENTS)],
)  # fmt: skip
def test_a_table_of_anything_is_read_or_refused_with_a_reason(
    name: str, columns: tuple[str, ...], tmp_path: Path
) -> None:
    _, read_it, _ = READERS[name]
    path = tmp_path / "a.csv"

    @tried(25)
    @given(tables(columns))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        told(read_it, path)

    holds()


def workbook(*rows: list[Any]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_after_any_accident_is_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    whole = workbook(["Contract reference", "Contract title", "Value"], ["C1", "Care", 5], ["C2", "Roads", "=1+1"])
    path = tmp_path / "a.xlsx"

    @tried(25, 0.3)
    @given(st.one_of(mutated(whole), repacked(whole)))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        told(read_register, path)
        told(read_timeline, path)

    holds()


PDF = pdf([["Framework", "1. Principles", "We buy what people need."], ["2. Costs", "Grants are up to 5,000 pounds."]])


def test_a_pdf_after_any_accident_is_read_or_refused_with_a_reason_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"

    @tried(5, 0.05)
    @given(st.one_of(mutated(PDF), mutated(PDF.replace(b"/FlateDecode", b"/ASCIIHexDecode")), reckoned(PDF)))
    def holds(data: bytes) -> None:
        path.write_bytes(data)
        began = time.monotonic()
        found = told(lambda one: read(one, Limits(seconds=20)), path)
        assert time.monotonic() - began < 30
        if isinstance(found, Exception):
            assert 0 < len(str(found)) < 500
            assert "\n" not in str(found)
        else:
            json.dumps([line.text for line in found.lines], ensure_ascii=False).encode()

    holds()


def reckoned(whole: bytes) -> st.SearchStrategy[bytes]:
    """The same file with one of its numbers (a length, a count, a place of an object) another one."""
    places = [(one.start(), one.end()) for one in re.finditer(rb"\d+", whole)]
    numbers = st.sampled_from((b"0", b"-1", b"1", b"2", b"99999999999", b"1e9", b"4294967296", b"7 0 R"))
    put = st.tuples(st.sampled_from(places), numbers)
    return put.map(lambda one: whole[: one[0][0]] + one[1] + whole[one[0][1] :])


def test_a_notice_of_anything_is_read_or_refused_with_a_reason() -> None:
    @tried(100)
    @given(releases())
    def holds(value: Any) -> None:
        try:
            found = read_json_text(json.dumps(value).encode(), "x")
        except TimelineFileError:
            return
        else:
            entries = next((value[key] for key in ("records", "releases", "contracts") if value.get(key)), [value])
            assert found.records == len(entries), "each entry is one or the other"

    holds()


KEYS = ("id", "ocid", "date", "tag", "tender", "planning", "buyer", "parties", "awards", "contracts", "value", "amount",
        "currency", "title", "description", "items", "classification", "lots", "tenderPeriod", "endDate", "startDate",
        "roles", "name", "status", "amountGross", "documents", "noticeType", "compiledRelease", "releases", "records",
        "relatedProcesses", "techniques", "deliveryAddresses", "region", "contractPeriod", "milestones", "dueDate",
)  # fmt: skip
VALUES = (
    "GBP",
    "2026-05-01T10:00:00Z",
    "2026-02-31",
    "tender",
    "buyer",
    "active",
    "85312400",
    "UKJ4",
    5,
    -5,
    1e300,
    None,
)


def releases() -> st.SearchStrategy[Any]:
    """Packages as feeds send them, in which anything may stand anywhere."""
    leaf = st.one_of(st.sampled_from(VALUES), json_values)
    inner = st.recursive(
        leaf,
        lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(KEYS), one, max_size=6),
        max_leaves=25,
    )
    one = st.dictionaries(st.sampled_from(KEYS), inner, max_size=8).map(lambda found: {"ocid": "ocds-x", **found})
    listed = st.sampled_from(("releases", "records", "contracts"))
    return st.builds(lambda key, several: {key: several}, listed, st.lists(one, min_size=1, max_size=3))


# --- what stands behind a name ---


@pytest.fixture
def odd(tmp_path: Path) -> Callable[[str, str], Path]:
    """A name with this ending behind which something odd stands: a pipe, an endless device, a folder, a loop, nothing,
    a hundred megabytes of nothing that take no room."""

    def make(kind: str, ending: str) -> Path:
        path = tmp_path / f"odd{ending}"
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "zeros":
            with path.open("wb") as file:
                file.truncate(100_000_000)
        elif kind in ("/dev/zero", "/dev/tty", "/proc/self/mem"):
            path.symlink_to(kind)
        elif kind == "loop":
            path.symlink_to(path)
        elif kind == "nowhere":
            path.symlink_to(tmp_path / "nowhere")
        return path

    return make


@pytest.mark.parametrize(
    "kind", ["pipe", "folder", "zeros", "/dev/zero", "/dev/tty", "/proc/self/mem", "loop", "nowhere"]
)
@pytest.mark.parametrize("name", [one for one in READERS if one not in ("outline", "service levels", "erasures")])
def test_what_is_no_file_is_refused_without_being_waited_for(
    name: str, kind: str, odd: Callable[[str, str], Path]
) -> None:
    ending, read_it, _ = READERS[name]
    path = odd(kind, ending)
    tracemalloc.start()
    told(read_it, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < (450_000_000 if kind in ("zeros", "/proc/self/mem") else 20_000_000)


def test_a_file_to_send_along_is_one(odd: Callable[[str, str], Path]) -> None:
    with pytest.raises(OSError, match="not a file"):
        read_file(odd("/dev/zero", ".png"), 1_000)


def test_a_file_that_grows_while_it_is_read_is_not_read_without_end(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="more than the 10 bytes"):
        bytes_of(Path("/proc/self/status"), 10, "a limit")


@pytest.mark.parametrize("name", ["a" * 300 + ".md", "../../outside.md", "a\\x00b.md", "pipe.md", "/etc/passwd", "."])
def test_a_list_beside_the_papers_names_what_it_likes(name: str, sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("# Secret\n\nNobody reads this.\n")
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.md")
    (folder / "good.md").write_text("# Good\n\nThis is read.\n")
    rows = [["id", "file", "access"], ["X", name.replace("\\x00", "\x0b"), "public"], ["G", "good.md", "public"]]
    (folder / "documents.csv").write_bytes(table(rows))
    report = index_documents(sqlite_store, [folder], Pack(tmp_path))
    assert [one.file for one in report.taken] == ["good.md"]
    assert report.problems, "what is listed and not there is said"


# --- bombs ---

SMALL = Limits(seconds=20, memory_bytes=600_000_000, unpacked_bytes=5_000_000)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def parts_of(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as found:
        return {name: found.read(name) for name in found.namelist()}


def word() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("Words")
    made.save(out)
    return out.getvalue()


DEEP = b"<w:sdt xmlns:w='x'>" * 60_000 + b"</w:sdt>" * 60_000


@pytest.mark.parametrize("inside", [BOMB, DEEP, b"\0" * 8_000_000, b"", b"<a/>"])
def test_a_document_made_to_harm_is_refused_by_its_own_process(inside: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(packed({**parts_of(word()), "word/document.xml": inside}))
    with pytest.raises(Unreadable):
        read(path, SMALL)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("inside", [BOMB, b"<a>" * 50_000, b"\0" * 30_000_000, b""])
def test_a_workbook_made_to_harm_is_refused(part: str, inside: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed({**parts_of(workbook(["Contract reference", "Contract title"], ["a", "b"])), part: inside}))
    found = told(lambda one: read_register(one, limits=SMALL), path)
    assert isinstance(found, RegisterError) or [*found.contracts] == ["a"], "openpyxl may do without the part"


def png(width: int, height: int) -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [png(60_000, 60_000), png(0, 5), png(7_000, 7_000), png(2**31 - 1, 1)])
def test_a_picture_made_to_harm_is_refused(content: bytes) -> None:
    with pytest.raises(AttachmentError):
        clean_attachment("a.png", content)


# --- nothing is lost without a word, and nothing takes for ever ---


def test_every_row_of_a_table_is_a_contract_or_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    headings = ["ContractReference", "ContractTitle", "ContractValue", "StartDate", "SupplierName"]

    @tried(40)
    @given(st.lists(st.lists(nasty, min_size=5, max_size=5), min_size=1, max_size=8))
    def holds(cells: list[list[str]]) -> None:
        rows = [[f"R{number}", *row[1:]] for number, row in enumerate(cells)]
        path.write_bytes(table([headings, *rows]))
        found = told(read_register, path)
        if isinstance(found, Exception):
            return
        named = {one.contract.reference for one in found.contracts.values()} | {one.reference for one in found.problems}
        lost = {row[0] for row in rows} - named
        assert not lost or all(any(one in note for note in found.notes) for one in lost) or found.problems

    holds()


@pytest.mark.parametrize("line", ['x","x', 'x",', 'xx","', ',x","', '"x","', '"', 'a,"b', '""",'])
def test_four_times_as_many_broken_lines_take_no_more_than_eight_times_as_long(line: str) -> None:
    def took(count: int) -> float:
        text = "a,b,c\n" + f"{line}\n" * count
        begun = time.process_time()
        assert sum(1 for _ in read_rows(text, ",")) > 0
        return time.process_time() - begun

    assert took(8_000) < 8 * max(took(2_000), took(2_000), 0.02)


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"id": ' + "9" * 5_000 + "}", '{"id": "\\ud800\\u0000"}', "\0", "NaN"]
)
def test_a_line_of_json_that_cannot_be_kept_is_named_or_mended(line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line.encode() + b"\n" + QUESTION)
    found = list(json_lines(path))
    assert [number for number, _ in found] == [1, 2]
    assert isinstance(found[0][1], NoJson) or json.dumps(found[0][1], ensure_ascii=False).encode()
    asked, problems = read_questions(path)
    assert len(asked) == 1
    assert len(problems) == 1


@pytest.mark.parametrize("name", ["papers.csv", "vocabulary.csv", "same.csv", "questions.txt", "digest/FW.jsonl",
                                  "checklists.csv", "replaced.csv"])  # fmt: skip
@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b'id,say,means,kind,words\n"a\n', b"x\n1\n", b"[" * 50_000, b"9" * 9_000]
)
def test_a_pack_that_cannot_be_used_says_so(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    pack = Pack(tmp_path)
    for part in ("papers", "vocabulary", "same", "questions", "digest", "checklists", "replaced"):
        with contextlib.suppress(PackError):
            getattr(pack, part)


def test_a_command_given_a_pipe_ends(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "people.csv")
    command = [sys.executable, "-m", "bot", "people", "import", str(tmp_path / "people.csv")]
    home = {**os.environ, "DESK_HOME": str(tmp_path / "desk")}
    done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "not a file" in done.stderr
    assert "Traceback" not in done.stderr
