"""What a poll has done so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from knowledge.timeline.importing import Report


@dataclass
class Summary:
    """`report`: what became of the releases of all pages, its problems numbered over all of them, from 1; `windows`:
    how many are whole; `until`: up to where everything is read, None where nothing is."""

    report: Report = field(default_factory=Report)
    windows: int = 0
    until: datetime | None = None

    @property
    def records(self) -> int:
        """How many releases came."""
        return self.report.records

    def count(self, page: Report) -> None:
        """Adds what became of a page."""
        whole = self.report
        whole.told.add(page.told)
        moved = [one.model_copy(update={"record": one.record + whole.records}) for one in page.problems]
        self.report = Report(
            records=whole.records + page.records,
            added=whole.added + page.added,
            changed=whole.changed + page.changed,
            unchanged=whole.unchanged + page.unchanged,
            others=whole.others + page.others,
            problems=[*whole.problems, *moved],
            held=[*whole.held, *page.held],
            told=whole.told,
            quiet=page.quiet,
        )
