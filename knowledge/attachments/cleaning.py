"""A file as it came, cleaned: known by what is in it and not by its name, made anew without its metadata.

Images and PDFs are taken apart in a process of their own, bounded in time and memory: a file made to harm must not take
the desk with it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from knowledge.models import Noun

_SECONDS = 20
_ENDINGS = {
    "image/jpeg": ("jpg", "jpeg"), "image/png": ("png",), "image/webp": ("webp",), "image/gif": ("gif",),
    "application/pdf": ("pdf",), "text/plain": ("txt", "text", "md", "csv", "log"),
}  # fmt: skip
_TAKEN = "The desk takes photographs (JPEG, PNG, WebP, GIF), PDF and plain text."
_UNPRINTABLE = re.compile(r"[^\w .,()&+'’–-]+")


class AttachmentError(Exception):
    """A file that is not kept. Its text says why, and what to do."""


@dataclass(frozen=True)
class AttachmentLimits:
    """How much is kept. `bytes`: of one file, as it came and as it is kept; `files`: with one concern; `pixels`: of an
    image; `pages`: of a PDF."""

    bytes: int = 10_000_000
    files: int = 5
    pixels: int = 50_000_000
    pages: int = 200


class Attachment(Noun):
    """A cleaned file. `type`: MIME; `checksum`: SHA-256 of the content, in hexadecimal."""

    name: str
    type: str
    checksum: str
    content: bytes


def clean_attachment(name: str, content: bytes, limits: AttachmentLimits | None = None) -> Attachment:
    """The file without metadata, under a safe name. Raises AttachmentError."""
    limits = limits or AttachmentLimits()
    if not content:
        raise AttachmentError("is empty. Choose it again.")
    if len(content) > limits.bytes:
        raise AttachmentError(f"is larger than {limits.bytes // 1_000_000} MB. Send a smaller copy.")
    kind = _kind(content)
    cleaned = _plain(content) if kind == "text/plain" else _apart(kind, content, limits)
    if len(cleaned) > limits.bytes:
        raise AttachmentError(f"is larger than {limits.bytes // 1_000_000} MB once unpacked. Send a smaller copy.")
    checksum = hashlib.sha256(cleaned).hexdigest()
    return Attachment(name=safe_name(name, kind), type=kind, checksum=checksum, content=cleaned)


def safe_name(name: str, kind: str) -> str:
    """A file's name without its path and what a disk or a header would stumble over, its ending that of its kind."""
    bare = _UNPRINTABLE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, _, ending = bare.rpartition(".") if "." in bare else (bare, "", "")
    fitting = ending.lower() if ending.lower() in _ENDINGS[kind] else _ENDINGS[kind][0]
    if ending and ending.lower() not in {one for endings in _ENDINGS.values() for one in endings} and stem:
        stem = bare
    return f"{(stem or 'file')[:200]}.{fitting}"


def _kind(content: bytes) -> str:
    """What a file is, by what it begins with."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if head[4:8] == b"ftyp":
        raise AttachmentError("is a kind of photograph or film the desk cannot read (HEIC?). Save it as JPEG.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise AttachmentError("is an Office file or an archive. Save it as PDF.")
    if _is_text(content):
        return "text/plain"
    raise AttachmentError(f"is no file the desk knows. {_TAKEN}")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text) and not re.match(
        r"\s*<(?:!doctype|html|script|svg|\?xml)", text, re.I
    )


def _plain(content: bytes) -> bytes:
    """Text as UTF-8 with its own line ends; it has no metadata."""
    return content.decode("utf-8-sig").encode("utf-8")


def _apart(kind: str, content: bytes, limits: AttachmentLimits) -> bytes:
    """What the child makes of a file."""
    command = [sys.executable, "-m", "knowledge.attachments.apart", kind, str(limits.pixels), str(limits.pages)]
    here = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of the file's in its arguments
            command, input=content, capture_output=True, timeout=_SECONDS, check=False, cwd=here
        )
    except subprocess.TimeoutExpired:
        raise AttachmentError(f"could not be read in {_SECONDS} seconds. Send a simpler copy.") from None
    if done.returncode == 3:
        raise AttachmentError(done.stderr.decode("utf-8", "replace").strip().splitlines()[-1])
    if done.returncode or not done.stdout:
        raise AttachmentError(
            "is damaged, or needs more memory than is allowed. Open it, save it again, and send that."
        )
    return done.stdout
