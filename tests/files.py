"""Files made for the tests: PDFs, Word documents and bad ones of each. The same bytes for every test that asks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


def pdf(pages: Sequence[Sequence[str]], password: str | None = None) -> bytes:
    """A PDF with these lines on its pages; with `password` (also an empty one) encrypted."""
    out = io.BytesIO()
    lock = None if password is None else StandardEncryption(password, ownerPassword="the-owner", strength=128)
    canvas = Canvas(out, encrypt=lock)
    for lines in pages:
        for place, line in enumerate(lines):
            canvas.drawString(72, 780 - 18 * place, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def raw_pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects as they stand, numbered from 1; the first is the catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer <</Root 1 0 R /Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + end


def stream(content: bytes) -> bytes:
    """A PDF stream."""
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def word(document: Any) -> bytes:
    """The bytes of a Word document made with python-docx."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_of(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return word(document)


def with_member(archive: bytes, name: str, data: bytes) -> bytes:
    """A zip archive with one member put in, in place of the one of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, data)
    return out.getvalue()
