"""Signs of danger in a text, as knowledge/data/danger/signs.toml has them. Here is only the reading.

A sign is a phrase, or several kinds of phrase near each other (who, what, now). It does not count where it is denied
("not hurt") or where words near it calm: it is past, dealt with, a joke, a question of policy. Words that say the
danger goes on ("still", "tonight") undo such a calm."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.danger.lexicon import plain
from knowledge.danger.phrases import STOP, Span, Token
from knowledge.danger.signs import Calm, Rule, signs_of_danger

LONGEST = 40_000
"""Characters. Nobody types more; what is pasted beyond is not read."""
Found = defaultdict[str, list[Span]]


class Sign(NamedTuple):
    """A sign found: the danger it is of, for a person, the words of the text that are it, and whether it is plain."""

    reason: str
    seen: tuple[str, ...]
    sure: bool = False

    @property
    def term(self) -> str:
        """What its weight goes by."""
        return f"{'sure' if self.sure else 'sign'} {self.reason}"


def signs_in(text: str) -> list[Sign]:
    """The signs a text has, in the order of signs.toml: one of each danger, or two where one of them is sure."""
    signs = signs_of_danger()
    written = plain(text[:LONGEST])
    tokens = signs.lexicon.tokens(written)
    found = signs.lexicon.find(tokens)
    signs_found = (_first(rule, found, tokens, written) for rule in signs.rules)
    by_term: dict[str, Sign] = {}
    for sign in signs_found:
        if sign:
            by_term.setdefault(sign.term, sign)
    return list(by_term.values())


def _first(rule: Rule, found: Found, tokens: list[Token], written: str) -> Sign | None:
    """The first place where a rule's words stand uncalmed."""
    calms = signs_of_danger().calms
    for spans in _occurrences(rule, found):
        if not any(_calmed(spans[0], calms[name], found[name], found, tokens) for name in rule.calmed_by):
            return Sign(rule.reason, tuple(_written(span, tokens, written) for span in sorted(set(spans))), rule.sure)
    return None


def _occurrences(rule: Rule, found: Found) -> Iterator[list[Span]]:
    """Each place where the rule's groups stand together."""
    if not all(found[name] for name in rule.together + rule.who):
        return
    first, *others = rule.together
    for span in found[first]:
        harmless = (_close(span, found[name], rule.unless_within) for name in rule.unless)
        if _near(span, found["denied"], 0) or any(harmless):
            continue
        mates = [_near(span, found[name], rule.within) for name in others]
        mates += [_close(span, found[name], rule.within) for name in rule.who]
        if all(mates):
            yield [span, *(mate for mate in mates if mate)]


def _near(span: Span, spans: list[Span], within: int) -> Span | None:
    """The first of these spans within so many words of a span, and apart from it. Within 0: right before it."""
    start, end = span
    for other in spans[max(0, bisect_left(spans, (start - within - 15, 0))) :]:
        if other[0] > end + within:
            return None
        if (other[1] <= start and start - other[1] <= within) or (within and other[0] >= end):
            return other
    return None


def _close(span: Span, spans: list[Span], within: int) -> Span | None:
    """The same, or one of them that shares words with the span."""
    start, end = span
    return next((other for other in spans if other[0] < end and start < other[1]), None) or _near(span, spans, within)


def _calmed(span: Span, calm: Calm, calming: list[Span], found: Found, tokens: list[Token]) -> bool:
    """Whether a sign here is calmed by one of these words, and nothing near says that it goes on."""
    near = _close(span, calming, calm.within)
    if near is None or (calm.sentence and _stop_between(span, near, tokens)):
        return False
    return calm.final or not _near(span, found["still"], calm.within)


def _stop_between(one: Span, other: Span, tokens: list[Token]) -> bool:
    first, second = sorted((one, other))
    return any(token.word == STOP for token in tokens[first[1] : second[0]])


def _written(span: Span, tokens: list[Token], written: str) -> str:
    return " ".join(written[tokens[span[0]].start : tokens[span[1] - 1].end].split())
