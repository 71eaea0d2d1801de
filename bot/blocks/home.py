"""App Home: all that somebody has to do with."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.buttons import choice_blocks, choice_button
from bot.blocks.text import Block, context, cut, divider, escaped, plain, section
from handlers.concerns.overview import Line, Overview
from handlers.home import Part, Row
from handlers.messages import Choice
from handlers.subscriptions.overview import NO_ALERTS, Alerts

_WHAT_IT_IS = (
    "Ask what {council}'s commissioning papers say, in your own words: in the *Messages* tab, with `/desk`, or by "
    "mentioning me in a channel. I answer with the passage, word for word, and its place in the paper."
)
_RAISE = Choice(label="Raise a concern", action="new_concern", opens_form=True, style="primary")
_ALERT = Choice(label="New alert", action="new_alert", opens_form=True)
_PLAN = Choice(label="Write an intention", action="new_intention", opens_form=True)
_MOST_BLOCKS = 100
_LONGEST_ROW = 300


def home_view(
    seen: Overview, council: str, link: str = "", alerts: Alerts = NO_ALERTS, parts: Sequence[Part] = ()
) -> Block:
    """The view that is published. `link`: the desk's public address, "" for none; `parts`: what else its owner has to
    do with, by their roles."""
    about = _WHAT_IT_IS.format(council=escaped(council))
    rest = [*(block for number, part in enumerate(parts) for block in _rows(part, number, link)), *_alerts(alerts)]
    if not seen.listed:
        title = plain("Commissioning Desk", 150)
        return {"type": "home", "blocks": [{"type": "header", "text": title}, section(about), *rest][:_MOST_BLOCKS]}
    blocks = choice_blocks((_RAISE, _PLAN) if seen.keeps else (_RAISE,))
    if seen.carried or seen.carries:
        blocks += _part("Yours to carry, soonest due first", seen.carried, seen.more_carried, link)
    if seen.raised or not seen.carries:
        blocks += _part("Raised or followed by you", seen.raised, seen.more_raised, link)
    return {"type": "home", "blocks": [*blocks, *rest, divider(), context(about)][:_MOST_BLOCKS]}


def _rows(part: Part, number: int, link: str) -> list[Block]:
    """A part, each row with its button. `number`: tells its buttons from those of other parts."""
    blocks: list[Block] = [{"type": "header", "text": plain(part.title, 150)}]
    blocks += [context(escaped(part.note))] if part.note else []
    blocks += [_row(row, f"{number}{place}") for place, row in enumerate(part.rows)]
    if not part.rows and part.empty:
        blocks.append(context(escaped(part.empty)))
    if part.more:
        where = f"<{link}{part.page}|on the web>" if link and part.page else ""
        blocks.append(context(f"And {part.more:,} more{f', {where}' if where else ''}."))
    return blocks


def _row(row: Row, mark: str) -> Block:
    block = section(f"*{escaped(cut(row.what, _LONGEST_ROW))}*\n{escaped(row.small)}".rstrip())
    return {**block, "accessory": choice_button(row.button, int(mark))} if row.button else block


def _alerts(found: Alerts) -> list[Block]:
    """Somebody's alerts, each with its buttons, and one for another."""
    blocks: list[Block] = [{"type": "header", "text": plain("Your alerts", 150)}]
    for one in found.shown:
        small = " · ".join(map(escaped, (one.state, one.how, f"came lately: {one.lately}")))
        blocks.append(section(f"*{one.reference}* {escaped(one.what)}\n{small}"))
        blocks += choice_blocks(one.buttons, mark=one.reference)
    if found.more:
        blocks.append(context(f"And {found.more:,} more: say “my alerts”."))
    if not found.shown:
        blocks.append(context("None yet. I tell you of coming work, and of every change of it, as you choose."))
    return [*blocks, *choice_blocks((_ALERT,), mark="new-alert")]


def _part(title: str, lines: Sequence[Line], more: int, link: str) -> list[Block]:
    blocks: list[Block] = [{"type": "header", "text": plain(title, 150)}]
    blocks += [_line(line, number) for number, line in enumerate(lines)] or [context("None at present.")]
    if more:
        where = f"<{link}/concerns|on the web>" if link else "on the desk's web page"
        blocks.append(context(f"And {more:,} more, {where}."))
    return blocks


def _line(line: Line, number: int) -> Block:
    marks = [":rotating_light: *somebody at risk*"] if line.at_risk else []
    marks += [":hourglass: *late*"] if line.late else []
    small = [line.state, f"carried by {line.holder}" if line.holder else "", line.due, f"raised {line.raised}"]
    said = " · ".join((*marks, *(escaped(part) for part in small if part)))
    opens = Choice(label="Open", action="open", about=line.reference, opens_form=True)
    block = section(f"*{line.reference}* {escaped(line.about)}\n{said}")
    return {**block, "accessory": choice_button(opens, number)}
