"""How an explanation of an answer looks in a terminal."""

from __future__ import annotations

from rich.table import Table

from bot.terminal import clean, console, plain
from handlers.explaining import Explanation, Spoken


def show_explanation(told: Explanation) -> None:
    """Prints why the desk answers as it does: read, put right, added; passages and voices; signs; journeys."""
    console.print(f"Read: {clean(told.read)}", markup=False, style="bold")
    if told.places:
        console.print(f"It names {clean(', '.join(told.places))}.", markup=False)
    for written, meant in told.repaired:
        console.print(f"“{clean(written)}” taken for “{clean(meant)}”", markup=False)
    console.print(f"Words, most telling first: {clean('; '.join(map(_word, told.words)))}", markup=False)
    console.print(_passages(told))
    against = f" Likest question that no paper answers: {told.unsaid:.2f}." if told.unsaid else ""
    counted = ", ".join(f"{name} {value:+.2f}" for name, value in told.signs.items())
    verdict = "answers" if told.evidence >= 0 else "does not answer"
    console.print(f"Evidence {told.evidence:+.2f}: the desk {verdict}. {counted}.{against}", markup=False)
    for claim in told.journeys:
        console.print(
            f"{claim.journey} {claim.weighs:+.1f}: {clean('; '.join(claim.reasons))}", markup=False, style="dim"
        )


def _word(word: Spoken) -> str:
    also = f" (also {', '.join(word.also[:6])}{' …' if len(word.also) > 6 else ''})" if word.also else ""
    return f"{word.word} {word.weight:.2f}{also}{'' if word.known else ' (in no paper)'}"


def _passages(told: Explanation) -> Table:
    table = Table("", "passage", "score", "what spoke for it", "closest way of asking", "missing", box=None)
    for place, one in enumerate(told.passages, start=1):
        voices = ", ".join(f"{name} {value:.2f}" for name, value in one.voices.items())
        where = f"{one.document}, {one.locator}"
        table.add_row(str(place), *map(plain, (where, f"{one.score:.2f}", voices, one.ask, ", ".join(one.missing))))
    return table
