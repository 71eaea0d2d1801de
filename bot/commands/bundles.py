"""What is handed out to a data subject, as a zip or a folder that only its owner may read."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from bot.terminal import json_line
from handlers.subjects.exporting import Bundle


def write_bundle(bundle: Bundle, out: Path) -> None:
    """Writes it to a .zip, or into a folder that is not there yet. Raises OSError; what is there already is left."""
    parts = [
        (f"{bundle.name}.json", json_line(bundle.held).encode()), (f"{bundle.name}.md", bundle.page.encode()),
        *((f"files/{name}", content) for name, content in bundle.files),
    ]  # fmt: skip
    if out.suffix.lower() == ".zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts:
                archive.writestr(f"{bundle.name}/{name}", content)
        _write(out, held.getvalue())
        return
    out.mkdir(mode=0o700, parents=True)
    for name, content in parts:
        (out / name).parent.mkdir(mode=0o700, exist_ok=True)
        _write(out / name, content)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
