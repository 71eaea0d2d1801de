"""What has become of a procurement, and why it changed, as a release says."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.timeline.notice_types import NoticeType
from knowledge.timeline.nouns import Stage, State
from knowledge.timeline.reading.parts import Part, first, line, part, parts, text, word
from knowledge.timeline.reading.release import DEAD, Release, status
from knowledge.timeline.reading.times import read_moment

_STATES = {
    "planning": State.PLANNED, "planned": State.PLANNED, "active": State.OPEN, "complete": State.CLOSED,
    "cancelled": State.WITHDRAWN, "unsuccessful": State.WITHDRAWN, "withdrawn": State.WITHDRAWN,
}  # fmt: skip
_STAGES = {State.PLANNED: Stage.PLAN, State.OPEN: Stage.DO, State.CLOSED: Stage.DO, State.AWARDED: Stage.DO}
_LONGEST_REASON = 2_000


def state_of(release: Release, kind: NoticeType) -> State | None:
    """What has become of it: the notice's kind says, and the statuses of the tender, its lots and awards say where
    that is not the whole of it. None where nothing tells."""
    said = _STATES.get(status(release.tender))
    if said == State.WITHDRAWN:
        return State.WITHDRAWN
    if kind.state == State.WITHDRAWN:
        return _of_what_is_left(release, said) if _partly(release) else State.WITHDRAWN
    if kind.state == State.AWARDED:
        return State.WITHDRAWN if _nothing_awarded(release) else State.AWARDED
    if kind.state in (State.PLANNED, State.CLOSED):
        return kind.state
    return _of_tender(release, kind, said)


def stage_of(kind: NoticeType, state: State | None) -> Stage | None:
    """Where in the cycle it stands: as its kind of notice says, else as its state does."""
    return kind.stage or (_STAGES.get(state) if state else None)


def reason_of(release: Release, state: State | None) -> str:
    """Why the notice changes what was said: its newest amendment, or why it was ended. "" where it does not say."""
    said = _amended(release)
    if state == State.WITHDRAWN or "contractTermination" in release.tags or not said:
        said = first(_ended(release)) or said
    return said[:_LONGEST_REASON]


def _of_tender(release: Release, kind: NoticeType, said: State | None) -> State | None:
    """Of a tender: over where bids are in, and awarded where the same release awards it."""
    if said == State.CLOSED and release.awards:
        return State.AWARDED
    return said or kind.state


def _partly(release: Release) -> bool:
    """Whether only some of it was ended: a lot or an award goes on."""
    lots = [status(lot) for lot in release.lots]
    if any(one in DEAD for one in lots):
        return any(one not in DEAD for one in lots if one)
    awards = [status(award) for award in parts(release.whole, "awards")]
    return any(one in DEAD for one in awards) and any(one in ("active", "pending") for one in awards)


def _of_what_is_left(release: Release, said: State | None) -> State | None:
    return State.AWARDED if any(status(one) == "active" for one in release.awards) else said


def _nothing_awarded(release: Release) -> bool:
    """Whether every award there is was called off, and no contract was signed."""
    return bool(parts(release.whole, "awards")) and not release.awards and not release.contracts


def _amended(release: Release) -> str:
    """The reason of the newest amendment that gives one."""
    found = [(_when(one), place, _reason(one)) for place, one in enumerate(_amendments(release))]
    return max(((at, place, why) for at, place, why in found if why), default=(0.0, 0, ""))[2]


def _amendments(release: Release) -> Iterator[Part]:
    holders = [release.planning, release.tender, *parts(release.whole, "awards"), *parts(release.whole, "contracts")]
    for holder in holders:
        yield from parts(holder, "amendments")
        yield from parts(holder, "proposedAmendments")
        yield from [part(holder, "amendment")] if part(holder, "amendment") else []


def _when(amendment: Part) -> float:
    at = read_moment(amendment.get("date"))
    return at.timestamp() if at else 0.0


def _reason(of: Part) -> str:
    named = "; ".join(line(one, "description") for one in parts(of, "rationaleClassifications"))
    return first((text(of, "rationale"), text(of, "description"), named.strip("; ")))


def _ended(release: Release) -> Iterator[str]:
    """Why a procurement, an award, a lot or a contract was ended, wherever that is said."""
    lots, awards = release.lots, parts(release.whole, "awards")
    for holder in (release.tender, *lots, *awards, *parts(release.whole, "contracts")):
        if status(holder) not in ("", "active", "planned", "planning", "pending", "complete"):
            yield from (text(holder, name) for name in ("cancellationRationale", "statusDetails"))
            yield text(part(holder, "finalStatusDetails"), "description") or text(holder, "finalStatusDetails")
        grounds = [
            *parts(holder, "terminationRationaleClassifications"),
            part(holder, "terminationRationaleClassification"),
        ]
        yield "; ".join(said for one in grounds if (said := line(one, "description")))
    yield from (
        text(one, "description") for one in release.documents
        if word(one.get("documentType")) in ("cancellationDetails", "unsuccessfulDetails")
    )  # fmt: skip
