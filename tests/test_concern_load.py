"""Concerns raised faster than one after the other, every delivery sent twice: each is raised once."""

from __future__ import annotations

from pathlib import Path

from bench.raising import raise_many


def test_concerns_raised_at_once_are_each_raised_once(tmp_path: Path) -> None:
    raised = raise_many(tmp_path / "desk", many=25, a_second=25)
    assert (raised.concerns, raised.failed) == (25, 0)
    assert len(raised.waits) >= 100, "a message and a press each, and all of it twice"
