"""Files that come with a concern: what is kept of them, what is not, and what is refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from knowledge.attachments import AttachmentError, AttachmentLimits, attachment, attachments_of, clean_attachment, keep
from knowledge.attachments.cleaning import safe_name
from knowledge.attachments.keeping import move_to_concern
from knowledge.concerns.drafts import keep_draft
from knowledge.concerns.record import raise_concern
from knowledge.store import Store

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WHERE = "51.3713N"


def photograph(form: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture with a camera, a place and a comment in it."""
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x010F] = f"Phone of Mrs Example at {WHERE}"
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[29] = "2026:11:20"
    out = io.BytesIO()
    more = {"exif": exif} if form in ("JPEG", "PNG", "WEBP") else {"comment": f"taken at {WHERE}"}
    picture.save(out, form, **more)
    return out.getvalue()


def paper(pages: int = 1, **more: str) -> bytes:
    """A PDF that says who made it, carries a file, and would run a script."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Mrs Example", "/Title": f"at {WHERE}"})
    writer.add_attachment("secret.txt", b"carried along")
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.add_annotation(0, FreeText(text=f"a remark {WHERE}", rect=(10, 10, 90, 90)))
    if password := more.get("password"):
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif")])
def test_a_photograph_is_kept_without_where_and_with_what_it_was_taken(form: str, kind: str) -> None:
    given = photograph(form)
    assert WHERE.encode() in given
    kept = clean_attachment(f"holiday.{kind}", given)
    assert kept.type == f"image/{kind}"
    assert WHERE.encode() not in kept.content
    assert b"Exif" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == ((60, 40) if form == "GIF" else (40, 60)), "it stands upright without being told to"


def test_a_pdf_is_kept_without_who_made_it_what_it_carries_and_what_it_would_do() -> None:
    given = paper()
    assert b"carried along" in given or b"EmbeddedFile" in given
    kept = clean_attachment("letter.pdf", given)
    reader = PdfReader(io.BytesIO(kept.content))
    assert kept.type == "application/pdf"
    assert len(reader.pages) == 1
    assert not {"/Author", "/Title"} & set(reader.metadata or {})
    assert reader.attachments == {}
    whole = kept.content
    for trace in (b"JavaScript", b"EmbeddedFile", b"Example", WHERE.encode(), b"OpenAction", b"a remark"):
        assert trace not in whole, trace


def test_a_photograph_inside_a_pdf_loses_where_it_was_taken_too() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(ImageReader(io.BytesIO(photograph())), 10, 10)
    canvas.save()
    writer = PdfWriter(io.BytesIO(out.getvalue()))
    for part in writer._objects:  # as scanners write them: the camera's own file, nothing around it
        if isinstance(part, StreamObject) and part.get("/Subtype") == "/Image":
            part._data = photograph()
            part[NameObject("/Filter")] = NameObject("/DCTDecode")
    scan = io.BytesIO()
    writer.write(scan)
    assert WHERE.encode() in scan.getvalue()
    kept = clean_attachment("scan.pdf", scan.getvalue())
    assert WHERE.encode() not in kept.content
    assert PdfReader(io.BytesIO(kept.content)).pages[0].images[0].image.size == (60, 40)


def test_a_photograph_of_16_bits_is_not_all_white() -> None:
    out = io.BytesIO()
    Image.new("I;16", (8, 8), 12_800).save(out, "PNG")
    with Image.open(io.BytesIO(clean_attachment("grey.png", out.getvalue()).content)) as picture:
        assert picture.convert("L").getpixel((3, 3)) == 50


def test_a_text_is_kept_as_it_is() -> None:
    kept = clean_attachment("note.txt", "The lamp at no. 3 – out\r\nsince May".encode("utf-8-sig"))
    assert (kept.type, kept.content.decode()) == ("text/plain", "The lamp at no. 3 – out\r\nsince May")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jpg", b"", "empty"),
        ("a.jpg", b"\xff\xd8\xff" + b"0" * 500, "damaged"),
        ("a.png", photograph("PNG")[:90], "damaged"),
        ("a.pdf", b"%PDF-1.7\n" + b"nonsense" * 50, "damaged"),
        ("a.pdf", paper(password="x"), "locked with a password"),
        ("a.pdf", paper(pages=4), "more than 3 pages"),
        ("a.jpg", b"MZ\x90\x00" + b"\x00" * 100, "no file the desk knows"),
        ("a.docx", b"PK\x03\x04" + b"0" * 100, "Save it as PDF"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"0" * 100, "Save it as JPEG"),
        ("a.txt", b"<script>alert(1)</script>", "no file the desk knows"),
        ("a.svg", b"<?xml version='1.0'?><svg onload='x'/>", "no file the desk knows"),
        ("a.txt", b"a\x00b", "no file the desk knows"),
        ("a.txt", b"x" * 2_000_001, "larger than 2 MB"),
        ("a.png", photograph("PNG", (1200, 1200)), "million points"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_kept_says_what_to_do(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(AttachmentError, match=reason):
        clean_attachment(name, content, AttachmentLimits(bytes=2_000_000, pixels=1_000_000, pages=3))


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 500_000
    with pytest.raises(AttachmentError, match="50 million points"):
        clean_attachment("bomb.png", bomb.getvalue())


@pytest.mark.parametrize(
    ("given", "kind", "safe"),
    [
        ("photo.JPG", "image/jpeg", "photo.jpg"),
        ("..\\..\\etc/passwd", "text/plain", "passwd.txt"),
        ("evil.exe", "image/png", "evil.exe.png"),
        ("holiday.png", "image/jpeg", "holiday.jpg"),
        ('a"b\r\nX: y.pdf', "application/pdf", "a_b_X_ y.pdf"),
        ("", "text/plain", "file.txt"),
        ("x" * 400 + ".pdf", "application/pdf", "x" * 200 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(given: str, kind: str, safe: str) -> None:
    assert safe_name(given, kind) == safe


def test_a_drafts_files_are_its_concerns_once_that_is_raised(store: Store) -> None:
    note = clean_attachment("note.txt", b"the lamp is out")
    with store.writing() as connection:
        draft = keep_draft(connection, "mo@example.org", "", "a lamp is out", {}, NOW)
        first = keep(connection, note, concern=None, draft=draft, now=NOW)
        assert keep(connection, note, concern=None, draft=draft, now=NOW) == first, "once, however often it comes"
        values = {
            "contract": "", "service": "", "level": "standard", "at_risk": False, "holder_role": "", "origin": {},
            "acknowledge_by": NOW, "answer_by": NOW,
        }  # fmt: skip
        made, _ = raise_concern(
            connection, source="x", raised_by="mo@example.org", entered_by="", holder="", now=NOW, values=values
        )
        move_to_concern(connection, draft, made.id)
    with store.reading() as connection:
        assert [(one.name, one.content) for one in attachments_of(connection, made.id)] == [("note.txt", b"")]
        kept = attachment(connection, first)
        assert kept is not None
        assert (kept.concern, kept.content) == (made.id, b"the lamp is out")
        assert attachment(connection, first + 1) is None
