"""PDF and DOCX are read in a process of their own, bounded in time and memory, because a file made to harm (a zip bomb,
a loop of objects) must not take the desk with it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from knowledge.documents.reading.lines import Extract, Limits, Line, Unreadable

_TOO_MUCH = "reading it took more memory than allowed (DESK_MAX_READ_MEMORY)"


def read_isolated(path: Path, limits: Limits) -> Extract:
    """Runs this module in a child with a time and a memory limit, and reads what it prints."""
    bounds = json.dumps([limits.pages, limits.memory_bytes, limits.unpacked_bytes])
    command = [sys.executable, "-m", "knowledge.documents.reading.isolated", bounds, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds, check=False, cwd=_here())  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Unreadable(f"not read within {limits.seconds:g} seconds (DESK_MAX_READ_SECONDS)") from None
    if done.returncode != 0 or not done.stdout:
        raise Unreadable(f"{_TOO_MUCH}, or broke the reader")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise Unreadable(answer["reason"])
    lines = tuple(Line(text, kind, page, level, tuple(cells)) for text, kind, page, level, cells in answer["lines"])
    return Extract(lines, answer["pages"])


def _here() -> Path:
    return Path(__file__).resolve().parents[3]


def _child(bounds: str, name: str) -> None:
    pages, memory, unpacked = json.loads(bounds)
    reader = _reader(name)  # before the limit: what is half imported seems to be missing
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
    try:
        extract = reader(Path(name), pages, unpacked)
        answer: dict[str, object] = {"lines": extract.lines, "pages": extract.pages}
    except Unreadable as refused:
        answer = {"reason": str(refused)}
    except MemoryError:
        answer = {"reason": _TOO_MUCH}
    except RecursionError:
        answer = {"reason": "its parts are nested too deeply"}
    except Exception as error:  # a broken file may raise anything; the reason names what it was
        answer = {"reason": _TOO_MUCH if _NO_MEMORY.search(str(error)) else _damage(error)}
    print(json.dumps(answer))


def _reader(name: str) -> Callable[[Path, int, int], Extract]:
    """What reads this file, loaded only here, in the child."""
    if name.lower().endswith(".pdf"):
        from knowledge.documents.reading.pdf import pdf_lines

        return pdf_lines
    from knowledge.documents.reading.word import word_lines

    return word_lines


_NO_MEMORY = re.compile(r"(?i)memory|\bError -4\b|failed to map|^unknown error")
"""How libraries say that they got no memory, which is no damage of the file: lxml, zlib, the loader."""


def _damage(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    return f"damaged ({type(error).__name__}: {said}): open it and save it again"


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2])
