"""The file of a backup: a ZIP with the record as SQLite, the list of erasures beside it, and what is said of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.copying.nouns import CopyError, Sum

RECORD, ERASURES, ABOUT = "record.db", "erasures.jsonl", "about.json"
_WHAT, _FORMAT = "a backup of a commissioning desk", 1
_FOLDER = ".desk-copying-"
_LEFT = 86_400
"""Seconds after which a folder of ours is one that somebody's end left behind."""
_NOT_OURS = (KeyError, ValueError, TypeError, AttributeError, RuntimeError)
"""What comes of reading a ZIP, or a description in it, that somebody else made."""
_LARGEST_ABOUT = 1_000_000


@dataclass(frozen=True)
class About:
    """What a backup says of itself. `version`: of the record; `engine`: of the record it was made of."""

    version: str
    engine: str
    made_at: datetime
    sums: Mapping[str, Sum]
    files: Mapping[str, str]


@contextmanager
def room(beside: Path) -> Iterator[Path]:
    """A folder that only its owner can look into, beside a file that is to be made, gone afterwards. What processes
    that were killed have left there is taken away."""
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_FOLDER, dir=beside) as folder:
        yield Path(folder)


def write_bundle(path: Path, folder: Path, about: About, *, replace: bool) -> None:
    """Makes the file of what lies in a folder, complete before it has its name. Raises CopyError where there is one."""
    part = folder / "bundle"
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as bundle:
            for name in about.files:
                bundle.write(folder / name, name)
            bundle.writestr(ABOUT, json.dumps(_as_json(about)))
        file.flush()
        os.fsync(file.fileno())
    _name(part, path, replace=replace)


def _name(part: Path, path: Path, *, replace: bool) -> None:
    if replace:
        os.replace(part, path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise CopyError(f"{path} is there already") from None
    except OSError:  # a file system without links
        os.rename(part, path)


def _as_json(about: About) -> dict[str, object]:
    sums = {name: list(one) for name, one in about.sums.items()}
    return {
        "what": _WHAT, "format": _FORMAT, "version": about.version, "engine": about.engine,
        "made_at": about.made_at.isoformat(), "tables": sums, "files": dict(about.files),
    }  # fmt: skip


def checksums(folder: Path, *names: str) -> dict[str, str]:
    """SHA-256 of these files of a folder, in hexadecimal."""
    return {name: _checksum(folder / name) for name in names}


def open_bundle(path: Path, folder: Path) -> About:
    """Unpacks a backup into a folder, and checks that its files are those that were put in. Raises CopyError."""
    try:
        with zipfile.ZipFile(path) as bundle:
            about = _about(bundle)
            for name in (RECORD, ERASURES):
                with bundle.open(name) as packed, (folder / name).open("xb") as file:
                    shutil.copyfileobj(packed, file)
                (folder / name).chmod(0o600)
    except FileNotFoundError:
        raise CopyError(f"there is no file {path}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, *_NOT_OURS) as error:
        raise CopyError(f"{path} is no backup of a desk, or is damaged ({type(error).__name__})") from None
    if checksums(folder, RECORD, ERASURES) != about.files:
        raise CopyError(f"{path} is damaged: what is in it is not what was put in")
    return about


def _about(bundle: zipfile.ZipFile) -> About:
    info = bundle.getinfo(ABOUT)
    if info.file_size > _LARGEST_ABOUT:
        raise ValueError(ABOUT)
    held = json.loads(bundle.read(info))
    if held["what"] != _WHAT:
        raise ValueError(ABOUT)
    if held["format"] != _FORMAT:
        raise CopyError(f"the backup is of format {int(held['format'])}, this desk reads {_FORMAT}: install a newer")
    sums = {str(name): Sum(int(rows), str(digest)) for name, (rows, digest) in held["tables"].items()}
    made_at = datetime.fromisoformat(held["made_at"])
    return About(str(held["version"]), str(held["engine"]), made_at, sums, dict(held["files"]))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
