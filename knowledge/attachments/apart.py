"""The child process that takes a file apart: `python -m knowledge.attachments.apart KIND PIXELS PAGES`, the file on
stdin, what is kept of it on stdout. Exit code 3 with the reason on stderr where it is refused."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfWriter

_MEMORY = 2_000_000_000


class Refused(Exception):
    """A file that is not kept. Its text says why."""


def image(content: bytes, kind: str, pixels: int) -> bytes:
    """The picture itself, upright, and nothing beside it: no camera, place, date, comment, thumbnail or colour profile.
    Of a moving one, the first frame. Raises Refused."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, checked before anything is unpacked
    form = kind.partition("/")[2].upper()
    with Image.open(io.BytesIO(content), formats=[form]) as opened:
        if opened.width * opened.height > pixels:
            raise Refused(f"has more than {pixels // 1_000_000} million points. Send a smaller copy.")
        upright = ImageOps.exif_transpose(opened)
        if upright.mode.startswith("I"):  # 16 bits a point: brought down to 8, or all of it would be white
            upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
        bare = upright.convert(_mode(upright.mode, form))
    fresh = Image.new(bare.mode, bare.size)
    fresh.paste(bare)
    out = io.BytesIO()
    fresh.save(out, form, **({"quality": 88, "optimize": True} if form == "JPEG" else {}))
    return out.getvalue()


def _mode(mode: str, form: str) -> str:
    if form == "JPEG":
        return "L" if mode == "L" else "RGB"
    return "RGBA" if mode in ("RGBA", "LA", "PA", "P") else "RGB"


def pdf(content: bytes, pages: int) -> bytes:
    """The pages, without what was said of the file, what it carries, and what it would do. Raises Refused."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("is locked with a password. Save a copy without one.")
    if len(reader.pages) > pages:
        raise Refused(f"has more than {pages} pages. Send the pages it is about.")
    writer = PdfWriter()
    for page in reader.pages:
        for name in ("/AA", "/Annots", "/Thumb"):
            page.pop(NameObject(name), None)
        writer.add_page(page)
    writer.metadata = None
    _bare_parts(writer)
    for name in ("/Names", "/OpenAction", "/AA", "/Metadata", "/AcroForm", "/PieceInfo"):
        writer.root_object.pop(NameObject(name), None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _bare_parts(writer: PdfWriter) -> None:
    """Takes what every part of a PDF says of itself, and what its photographs do: a scan keeps its camera's data."""
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    for part in writer._objects:
        if not isinstance(part, DictionaryObject):
            continue
        for name in ("/Metadata", "/PieceInfo", "/LastModified"):
            part.pop(NameObject(name), None)
        if not isinstance(part, StreamObject):
            continue
        filters = part.get("/Filter") or []
        named = [filters] if isinstance(filters, str) else list(filters)
        if part.get("/Type") == "/Metadata":
            part._data = b""
        elif named == ["/DCTDecode"]:
            part._data = bare_jpeg(part._data)
        elif "/DCTDecode" in named or "/JPXDecode" in named:
            raise Refused("has photographs in a form the desk cannot clean. Print it to PDF, and send that.")


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without the segments in which cameras and programs write (APP1 to APP15, save APP14, which says what its
    colours are) and without comments; its points are as they were."""
    kept, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker != 0xFE and not (0xE1 <= marker <= 0xEF and marker != 0xEE):
            kept += content[at : at + 2 + length]
        at += 2 + length
    return bytes(kept + content[at:])


def _bound() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, ValueError, OSError):
        pass


def main(kind: str, pixels: int, pages: int) -> int:
    """Reads, cleans, writes. What breaks a reader breaks this process, with another code than a refusal's."""
    content = sys.stdin.buffer.read()
    _bound()
    try:
        cleaned = pdf(content, pages) if kind == "application/pdf" else image(content, kind, pixels)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 3
    except Exception as error:  # a broken file may raise anything; what it says may quote the file
        print(type(error).__name__, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
