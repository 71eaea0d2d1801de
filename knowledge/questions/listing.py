"""What officers look at: asked and not found, rated badly, papers that answer nothing, questions that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from knowledge import library
from knowledge.models import Document, Noun
from knowledge.questions.asked import ANSWERED, NOT_FOUND, Question, asked_since, read
from knowledge.questions.enquiries import Enquiry, waiting
from knowledge.questions.likeness import Group, grouped
from knowledge.questions.ratings import counts, rated_badly
from knowledge.tables import question


class Bad(Noun):
    """A question whose answer somebody found bad. `times`: how many did; `reasons`: those they gave."""

    question: Question
    times: int
    reasons: tuple[str, ...]


class Report(Noun):
    """What there was between two moments. `asked`, `answered`: how many questions; `good`, `bad`: how many said so;
    `silent`: papers that answered nothing."""

    since: datetime
    until: datetime
    asked: int
    answered: int
    good: int
    bad: int
    not_found: tuple[Group, ...]
    rated_badly: tuple[Bad, ...]
    silent: tuple[Document, ...]
    waiting: tuple[Enquiry, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing for anybody to do about it."""
        return not (self.not_found or self.rated_badly or self.waiting)


def report(connection: Connection, since: datetime, until: datetime) -> Report:
    """What was asked between two moments, of what is still kept."""
    when = sa.and_(question.c.asked_at >= since, question.c.asked_at < until)
    query = sa.select(question.c.outcome, sa.func.count()).where(when).group_by(question.c.outcome)
    outcomes = {str(outcome): int(count) for outcome, count in connection.execute(query)}
    asked = asked_since(connection, since, until)
    said = counts(connection, since, until)
    return Report(
        since=since, until=until, asked=sum(outcomes.values()), answered=outcomes.get(ANSWERED, 0),
        good=said.get("good", 0), bad=said.get("bad", 0),
        not_found=tuple(grouped([(one.id, one.text) for one in asked if one.outcome == NOT_FOUND])),
        rated_badly=tuple(_badly(connection, since, until)), silent=tuple(silent(connection, since, until)),
        waiting=tuple(waiting(connection)),
    )  # fmt: skip


def _badly(connection: Connection, since: datetime, until: datetime) -> Sequence[Bad]:
    """Those whose words are still there, what most found bad first."""
    found = rated_badly(connection, since, until)
    asked = read(connection, sa.and_(question.c.id.in_(list(found)), question.c.text != ""))
    bad = [Bad(question=one, times=found[one.id].times, reasons=found[one.id].reasons) for one in asked]
    return sorted(bad, key=lambda one: (-one.times, one.question.id))


def silent(connection: Connection, since: datetime, until: datetime) -> list[Document]:
    """The papers of which no passage was cited first in any answer; none where nothing was asked."""
    when = sa.and_(question.c.asked_at >= since, question.c.asked_at < until, question.c.outcome == ANSWERED)
    cited = list(filter(None, connection.execute(sa.select(question.c.passages).where(when)).scalars()))
    spoke = {passages[0].partition("#")[0] for passages in cited}
    return [about for about in library.documents(connection) if cited and about.id not in spoke]
