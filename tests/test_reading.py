"""Reading: every kind of file becomes lines; every bad one is refused with a reason that says what to do."""

from __future__ import annotations

import os
import time
import zlib
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.documents.reading import Extract, Limits, Line, Unreadable, read
from tests.files import pdf, raw_pdf, stream, with_member, word, word_of

PROSE = "The council buys the service again in the spring."
CATALOGUE = b"<</Type /Catalog /Pages 2 0 R>>"


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def told(extract: Extract) -> list[str]:
    return [line.text for line in extract.lines if line.text]


def kinds(extract: Extract) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in extract.lines if line.text]


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(Unreadable) as refused:
        read(path, limits)
    return str(refused.value)


# --- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "Café £5 – “fair”\nnext".encode(),
        "Café £5 – “fair”\nnext".encode("utf-8-sig"),
        "Café £5 – “fair”\r\nnext".encode("cp1252"),
        "Café £5 – “fair”\rnext".encode("utf-16"),
        b"\xfe\xff" + "Café £5 – “fair”\nnext".encode("utf-16-be"),
    ],
    ids=["utf-8", "byte order mark", "windows-1252", "utf-16", "utf-16 big-endian"],
)
def test_text_is_read_in_every_usual_encoding(tmp_path: Path, data: bytes) -> None:
    assert told(read(put(tmp_path, "a.txt", data))) == ["Café £5 – “fair”", "next"]


def test_form_feeds_count_the_pages_of_a_text(tmp_path: Path) -> None:
    found = read(put(tmp_path, "a.txt", "one\n\ftwo\nstill two\fthree"))
    assert [(line.text, line.page) for line in found.lines if line.text] == [
        ("one", 1), ("two", 2), ("still two", 2), ("three", 3),
    ]  # fmt: skip


def test_a_text_without_form_feeds_has_no_pages(tmp_path: Path) -> None:
    assert {line.page for line in read(put(tmp_path, "a.txt", "one\ntwo")).lines} == {None}


def test_control_characters_are_taken_out_of_a_text(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "a.txt", "a" * 300 + "\x1b[31m red"))) == ["a" * 300 + "[31m red"]


def test_the_ending_may_be_in_capitals(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "A.TXT", PROSE))) == [PROSE]


# --- Markdown -----------------------------------------------------------------------------------------------------


def test_markdown_gives_headings_items_and_rows(tmp_path: Path) -> None:
    text = "# Plan\n\nWe *buy* **well**\nand `soon`.\n\n- one\n- two\n\n"
    text += "| Ref | Owner |\n|---|---|\n| R1 | Ann |\n\n## Next\n"
    assert kinds(read(put(tmp_path, "a.md", text))) == [
        ("heading", "Plan"),
        ("text", "We buy well and soon."),
        ("item", "• one"),
        ("item", "• two"),
        ("row", "Ref | Owner"),
        ("row", "R1 | Ann"),
        ("heading", "Next"),
    ]


def test_markdown_headings_keep_their_level_and_rows_their_cells(tmp_path: Path) -> None:
    found = read(put(tmp_path, "a.md", "### Third\n\n| a | b |\n|---|---|\n| c | d |\n")).lines
    assert [line.level for line in found if line.kind == "heading"] == [3]
    assert [line.cells for line in found if line.kind == "row"] == [("a", "b"), ("c", "d")]


def test_an_ordered_list_in_markdown_keeps_its_numbers(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "a.md", "3. buy\n4. review\n"))) == ["3. buy", "4. review"]


def test_a_link_in_markdown_reads_as_its_words(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "a.md", "See [the **plan**](https://example.org) and __this__.\n"))) == [
        "See the plan and this."
    ]


def test_raw_html_in_markdown_is_not_lost(tmp_path: Path) -> None:
    text = "Before.\n\n<div>Inside <b>it</b>.</div>\n\n<!-- a remark -->\n\nAfter.\n"
    assert told(read(put(tmp_path, "a.md", text))) == ["Before.", "Inside it.", "After."]


def test_code_in_markdown_is_text(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "a.md", "```\nquarter 1\n```\n"))) == ["quarter 1"]


# --- HTML ---------------------------------------------------------------------------------------------------------


def html(tmp_path: Path, body: str) -> list[tuple[str, str]]:
    return kinds(read(put(tmp_path, "a.html", f"<html><head><title>No</title></head><body>{body}</body></html>")))


def test_html_gives_headings_items_and_rows_and_no_furniture(tmp_path: Path) -> None:
    body = (
        "<nav>Home</nav><script>var x = 'no';</script><style>p {}</style><h2>Plan</h2><p>We <b>buy</b> well.</p>"
        "<ul><li>one</li></ul><table><tr><th>Ref</th><th>Owner</th></tr><tr><td>R1</td><td>Ann</td></tr></table>"
    )
    assert html(tmp_path, body) == [
        ("heading", "Plan"),
        ("text", "We buy well."),
        ("item", "• one"),
        ("row", "Ref | Owner"),
        ("row", "R1 | Ann"),
    ]


def test_text_outside_paragraphs_is_not_lost(tmp_path: Path) -> None:
    assert html(tmp_path, "<div>Loose.</div>Looser.<p>Firm.</p><span>End.</span>") == [
        ("text", "Loose."), ("text", "Looser."), ("text", "Firm."), ("text", "End."),
    ]  # fmt: skip


def test_lines_broken_by_br_stay_apart(tmp_path: Path) -> None:
    assert html(tmp_path, "<p>Room 4<br>County Hall</p>") == [("text", "Room 4"), ("text", "County Hall")]


def test_a_list_in_a_list_gives_items_of_its_own(tmp_path: Path) -> None:
    assert html(tmp_path, "<ul><li>care<ul><li>at home</li></ul></li><li></li></ul><p>after</p>") == [
        ("item", "• care"), ("item", "• at home"), ("text", "after"),
    ]  # fmt: skip


def test_a_quotation_is_read_once(tmp_path: Path) -> None:
    assert html(tmp_path, "<blockquote><p>Once.</p></blockquote>") == [("text", "Once.")]


def test_paragraphs_in_a_cell_do_not_run_together(tmp_path: Path) -> None:
    assert html(tmp_path, "<table><tr><td><p>Ann</p><p>Bob</p></td><td>R<b>1</b></td></tr></table>") == [
        ("row", "Ann Bob | R1")
    ]


def test_a_table_used_for_layout_is_not_lost(tmp_path: Path) -> None:
    body = "<table><tr><td>Left</td><td>Text<table><tr><td>in</td><td>ner</td></tr></table>after</td></tr></table>"
    assert html(tmp_path, body) == [("text", "Left"), ("text", "Text"), ("row", "in | ner"), ("text", "after")]


def test_remarks_in_html_are_left_out_and_what_follows_them_is_not(tmp_path: Path) -> None:
    assert html(tmp_path, "<p>one <!-- hidden --> two</p>") == [("text", "one two")]


@pytest.mark.parametrize("tag", ["div", "b", "ul"])
def test_html_nested_too_deeply_is_refused_and_not_cut_short(tmp_path: Path, tag: str) -> None:
    reason = refusal(put(tmp_path, "a.html", f"<p>first</p>{f'<{tag}>' * 5_000}<p>deep</p>"))
    assert "nested too deeply" in reason
    assert "save it again" in reason


# --- DOCX ---------------------------------------------------------------------------------------------------------


def test_a_word_document_gives_headings_items_and_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Plan", level=2)
    document.add_paragraph("We buy well.")
    document.add_paragraph("one", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["Ref", "Owner", "R1", "Ann"], strict=True):
        cell.text = text
    found = read(put(tmp_path, "a.docx", word(document)))
    assert kinds(found) == [
        ("heading", "Plan"),
        ("text", "We buy well."),
        ("item", "• one"),
        ("row", "Ref | Owner"),
        ("row", "R1 | Ann"),
    ]
    assert [line.level for line in found.lines if line.kind == "heading"] == [2]
    assert found.lines[-2].cells == ("R1", "Ann")


def test_merged_cells_keep_the_columns_and_come_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "tall"
    table.cell(1, 0).text = "low"
    rows = [line.cells for line in read(put(tmp_path, "a.docx", word(document))).lines if line.kind == "row"]
    assert rows == [("wide", "", "tall"), ("low", "", "tall")]


def test_a_table_inside_a_cell_is_not_lost(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).add_table(rows=1, cols=1).cell(0, 0).text = "inner"
    assert told(read(put(tmp_path, "a.docx", word(document)))) == ["inner"]


def test_a_document_with_tracked_changes_reads_as_last_edited(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The ceiling is ")._p
    space = nsdecls("w")
    paragraph.append(parse_xml(f'<w:del {space} w:id="1" w:author="a"><w:r><w:delText>five</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins {space} w:id="2" w:author="a"><w:r><w:t>six</w:t></w:r></w:ins>'))
    assert told(read(put(tmp_path, "a.docx", word(document)))) == ["The ceiling is six"]


def test_what_stands_in_a_content_control_is_not_lost(tmp_path: Path) -> None:
    document = docx.Document()
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a form.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    assert told(read(put(tmp_path, "a.docx", word(document)))) == ["In a form."]


def test_a_word_document_does_not_read_other_files_of_the_machine(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.txt", "the secret")
    body = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><w:document {nsdecls("w")}><w:body><w:p><w:r>'
        "<w:t>before &x; after</w:t></w:r></w:p></w:body></w:document>"
    )
    path = put(tmp_path, "a.docx", with_member(word_of(PROSE), "word/document.xml", body.encode()))
    try:
        found = " ".join(told(read(path)))
    except Unreadable as refused:
        found = str(refused)
    assert "the secret" not in found


def test_a_word_document_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    bomb = with_member(word_of(PROSE), "word/media/bomb.bin", b"\x00" * 20_000_000)
    assert len(bomb) < 100_000
    began = time.monotonic()
    reason = refusal(put(tmp_path, "a.docx", bomb), Limits(unpacked_bytes=10_000_000))
    assert "unpacks to" in reason
    assert "DESK_MAX_UNPACKED_BYTES" in reason
    assert time.monotonic() - began < 5


def test_entities_that_grow_are_not_followed(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
    body = f"<!DOCTYPE d [{entities}]>{body}"
    path = put(tmp_path, "a.docx", with_member(word_of(PROSE), "word/document.xml", body.encode()))
    began = time.monotonic()
    refusal(path)
    assert time.monotonic() - began < 10


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_a_pdf_is_read_page_by_page_without_running_heads_and_page_numbers(tmp_path: Path) -> None:
    pages = [
        ["Framework 2026", f"This is {w}.", "More of it.", f"Page {n} of 7", str(n)] for n, w in enumerate("abcdefg", 1)
    ]
    found = read(put(tmp_path, "a.pdf", pdf(pages)))
    assert found.pages == 7
    assert [(line.page, line.text) for line in found.lines if line.text][:4] == [
        (1, "This is a."), (1, "More of it."), (2, "This is b."), (2, "More of it."),
    ]  # fmt: skip
    assert "Framework 2026" not in told(found)
    assert not [line for line in told(found) if line.isdigit()]


def test_numbered_headings_at_the_top_of_their_pages_are_kept(tmp_path: Path) -> None:
    pages = [
        [f"Principle {n}", "Our goal", f"Words {'x' * n}", "More words", "Last words", str(n + 2)] for n in range(1, 9)
    ]
    found = told(read(put(tmp_path, "a.pdf", pdf(pages))))
    assert [line for line in found if line.startswith("Principle")] == [f"Principle {n}" for n in range(1, 9)]


def test_lines_that_differ_in_a_figure_are_no_running_heads(tmp_path: Path) -> None:
    spent = [310, 120, 455, 87, 230, 99]
    pages = [[f"Home care cost {n} pounds", "b", "c", "d", "e", f"Page {p}"] for p, n in enumerate(spent, start=1)]
    found = told(read(put(tmp_path, "a.pdf", pdf(pages))))
    assert [line for line in found if line.startswith("Home")] == [f"Home care cost {n} pounds" for n in spent]
    assert not [line for line in found if line.startswith("Page")]


def test_a_line_that_stands_on_two_pages_only_is_kept(tmp_path: Path) -> None:
    pages = [["Costs", "a b c"], ["Costs", "d e f"], ["Other", "g h i"], ["Last", "j k l"]]
    assert told(read(put(tmp_path, "a.pdf", pdf(pages)))).count("Costs") == 2


def test_a_pdf_locked_only_against_changes_is_read(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, "a.pdf", pdf([[PROSE]], password="")))) == [PROSE]


def test_half_characters_in_a_pdf_do_not_reach_the_record(tmp_path: Path) -> None:
    codes = b"2 beginbfchar <41> <D800> <42> <0000> endbfchar"
    codes = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange " + codes
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>"
    objects = [
        CATALOGUE,
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        page,
        stream(b"BT /F1 12 Tf 72 720 Td (ABC) Tj ET"),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R>>",
        stream(codes + b" endcmap end"),
    ]
    assert told(read(put(tmp_path, "a.pdf", raw_pdf(objects)))) == ["C"]


# --- refused, with what to do -------------------------------------------------------------------------------------

AES = (
    b"/ID [<00><00>] /Encrypt "
    b"<</Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O <" + b"00" * 48 + b"> /U <" + b"00" * 48
    + b"> /OE <" + b"00" * 32 + b"> /UE <" + b"00" * 32 + b"> /Perms <" + b"00" * 16
    + b"> /CF <</StdCF <</CFM /AESV3 /AuthEvent /DocOpen /Length 32>>>> /StmF /StdCF /StrF /StdCF>>"
)  # fmt: skip
ITSELF = [CATALOGUE, b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 2>>"]
IN_A_RING = [
    CATALOGUE,
    b"<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>",
    b"<</Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1>>"
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "what", "do"),
    [
        ("a.pdf", pdf([[PROSE]], password="pass"), "encrypted", "without one"),
        ("a.pdf", raw_pdf([CATALOGUE, b"<</Type /Pages /Kids [] /Count 0>>"], AES), "encrypted", "Save a copy"),
        ("a.pdf", pdf([[], []]), "no text layer", "text recognition"),
        ("a.pdf", pdf([[PROSE]])[:400], "damaged", "save it again"),
        ("a.pdf", b"%PDF-1.7\n" + b"\x93\xd5" * 400, "damaged", "save it again"),
        ("a.pdf", raw_pdf(ITSELF), "damaged", "save it again"),
        ("a.pdf", raw_pdf(IN_A_RING), "damaged", "save it again"),
        ("a.pdf", word_of(PROSE), "not a PDF", "right ending"),
        ("a.pdf", PROSE.encode(), "not a PDF", "right ending"),
        ("a.docx", pdf([[PROSE]]), "not a Word document", "right ending"),
        ("a.docx", word_of(PROSE)[:3_000], "not a Word document", "save it again"),
        ("a.docx", with_member(word_of(PROSE), "word/document.xml", b"<w:document"), "damaged", "save it again"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old .doc", "save it as .docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "does not read .doc", "save it as .docx"),
        ("a.xlsx", b"PK\x03\x04", "does not read .xlsx", ".docx"),
        ("LICENSE", b"text", "without an ending", ".txt"),
        ("a.txt", b"", "empty", ""),
        ("a.txt", b" \n\t\n", "no text", ""),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "binary", "save it as UTF-8"),
        ("a.txt", b"\x01\x02\x03\x04" * 50, "binary", "save it as UTF-8"),
        ("a.txt", PROSE.encode("utf-16-le"), "binary", "save it as UTF-8"),
        ("a.txt", b"caf\x81", "neither UTF-8 nor Windows-1252", "save it as UTF-8"),
        ("a.txt", b"\xff\xfea\x00b", "UTF-16", ""),
        ("a.html", b"<script>only()</script>", "no text", ""),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, what: str, do: str
) -> None:
    reason = refusal(put(tmp_path, name, data), Limits(seconds=20))
    assert what in reason
    assert do in reason
    assert "\n" not in reason


def test_a_form_that_draws_itself_ends(tmp_path: Path) -> None:
    form = b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 5 0 R>>>> /Length 5>>"
    form += b"stream\n/X Do\nendstream"
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</XObject <</X 5 0 R>>>>>>"
    objects = [CATALOGUE, b"<</Type /Pages /Kids [3 0 R] /Count 1>>", page, stream(b"/X Do"), form]
    assert refusal(put(tmp_path, "a.pdf", raw_pdf(objects)), Limits(seconds=20))


def test_a_pdf_stream_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    packed = zlib.compress(b"BT (x) Tj ET\n" * 8_000_000, 9)
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <<>>>>"
    content = b"<</Filter /FlateDecode /Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    path = put(tmp_path, "a.pdf", raw_pdf([CATALOGUE, b"<</Type /Pages /Kids [3 0 R] /Count 1>>", page, content]))
    began = time.monotonic()
    assert refusal(path, Limits(seconds=10))
    assert time.monotonic() - began < 12


def test_three_thousand_and_one_pages_are_one_too_many(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", pdf([["p"]] * 3_001))
    assert refusal(path) == "3,001 pages, more than the 3,000 allowed (DESK_MAX_PAGES)"


def test_as_many_pages_as_allowed_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", pdf([["one"], ["two"]]))
    assert read(path, Limits(pages=2)).pages == 2
    assert "DESK_MAX_PAGES" in refusal(path, Limits(pages=1))


def test_a_file_of_exactly_the_limit_is_read_and_a_byte_more_is_not(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", PROSE)
    assert told(read(path, Limits(file_bytes=len(PROSE)))) == [PROSE]
    assert "DESK_MAX_FILE_BYTES" in refusal(path, Limits(file_bytes=len(PROSE) - 1))


@pytest.mark.parametrize(("name", "data"), [("a.pdf", pdf([[PROSE]])), ("a.docx", word_of(PROSE))])
def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, name: str, data: bytes) -> None:
    path = put(tmp_path, name, data)
    assert refusal(path, Limits(seconds=0.001)) == "not read within 0.001 seconds (DESK_MAX_READ_SECONDS)"


def test_a_word_document_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    body = f"<w:document {nsdecls('w')}><w:body>{'<w:p><w:r><w:t>a</w:t></w:r></w:p>' * 700_000}</w:body></w:document>"
    path = put(tmp_path, "a.docx", with_member(word_of(PROSE), "word/document.xml", body.encode()))
    assert "DESK_MAX_READ_MEMORY" in refusal(path, Limits(memory_bytes=100_000_000, seconds=20))


def test_a_pdf_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>"
    font, words = (
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
        stream(b"BT /F1 9 Tf (%s) Tj ET" % (b"x" * 30_000_000)),
    )
    path = put(tmp_path, "a.pdf", raw_pdf([CATALOGUE, b"<</Type /Pages /Kids [3 0 R] /Count 1>>", page, words, font]))
    assert "DESK_MAX_READ_MEMORY" in refusal(path, Limits(memory_bytes=100_000_000, seconds=20))


@pytest.mark.parametrize(("name", "data"), [("a.pdf", pdf([[PROSE]])), ("a.docx", word_of(PROSE))])
def test_the_least_memory_that_can_be_set_is_enough_for_a_small_file(tmp_path: Path, name: str, data: bytes) -> None:
    assert told(read(put(tmp_path, name, data), Limits(memory_bytes=100_000_000))) == [PROSE]


@pytest.mark.parametrize("name", ["a\nb\x1b[2J.pdf", "-rf.docx", "a b'\"$(x).pdf", "päper.docx"])
def test_no_name_of_a_file_leads_its_reader_astray(tmp_path: Path, name: str) -> None:
    data = pdf([[PROSE]]) if name.endswith(".pdf") else word_of(PROSE)
    assert told(read(put(tmp_path, name, data))) == [PROSE]


def test_a_pipe_or_a_folder_with_the_name_of_a_paper_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.md").mkdir()
    assert "pipe" in refusal(tmp_path / "pipe.txt")
    assert "folder" in refusal(tmp_path / "folder.md")


def test_the_pages_of_a_real_pdf_are_all_read(shared: Path) -> None:
    found = read(shared / "data/schemas/lga/LGTC_guidance_spending_and_procurement_v1.3.pdf")
    assert found.pages == 58
    pages = {line.page for line in found.lines if len(line.text) > 20}
    assert len(pages) >= 56
    assert max(pages, default=0) == 58


def test_a_line_knows_only_what_its_file_told() -> None:
    assert Line("a") == Line("a", "text", None, 0, ())
