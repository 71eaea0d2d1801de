"""The question of a message to the register, and what a follow-up leaves unsaid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from knowledge.register.asking import chain
from knowledge.register.asking.nouns import Filters, RegisterQuestion, Shape, Subject, Want
from knowledge.register.asking.parts import Parts
from knowledge.register.asking.reading import Reading
from knowledge.register.asking.taking import FOLLOWS, never, taken
from knowledge.register.reader import RegisterReader


def understand(
    text: str,
    reader: RegisterReader,
    today: date,
    *,
    earlier: RegisterQuestion | None = None,
    own: Collection[str] = (),
) -> RegisterQuestion | None:
    """The question of a message to the register, None where it is none. `earlier`: what was asked before it in the
    conversation; `own`: words of the council's name, which tell no contracts apart."""
    if not reader.size:
        return None
    forbidden = never(Reading(text))
    if forbidden and not chain.asks(text):
        return None
    parts = Parts(text, reader, today, own)
    if forbidden and not _of_one_chain(parts):
        return None
    alone = taken(parts, back=False)
    if earlier is None or (alone and not FOLLOWS.match(text)):
        return _question(parts) if alone else None
    return _followed(earlier, _question(parts)) if alone or taken(parts, back=True) else None


def _of_one_chain(parts: Parts) -> bool:
    """Whether the supply chain of a contract there is, or of a provider's, is asked after: "how soon must Marlway pay
    its sub-contractors" asks for what the register says, not for a rule."""
    named = bool(parts.reference or parts.provider)
    return bool(parts.chain and parts.numbers) and (named or (parts.definite and parts.nouns["known"]))


def understand_anyway(
    text: str, reader: RegisterReader, today: date, own: Collection[str] = ()
) -> RegisterQuestion | None:
    """The question of a message that is meant for the register, whatever words it has over; None where nothing in it
    says which contracts."""
    parts = Parts(text, reader, today, own)
    named = parts.reference or parts.provider or parts.person or parts.unknown
    conditions = parts.filtered or parts.order
    if named or (conditions and (parts.numbers or not parts.words or parts.strange)):
        question = _question(parts)
        loose = not named and not parts.numbers and parts.words
        return replace(question, subject=Subject()) if loose else question
    return None


def _followed(earlier: RegisterQuestion, new: RegisterQuestion) -> RegisterQuestion:
    """What a follow-up asks, with what it leaves unsaid taken from before."""
    silent = new.wants == (Want.CARD,) and new.shape is Shape.TELL
    return replace(
        new,
        wants=earlier.wants if silent else new.wants,
        shape=earlier.shape if silent else new.shape,
        subject=earlier.subject if new.subject.numbers is None else new.subject,
        filters=earlier.filters.with_more(new.filters),
        order=new.order or earlier.order,
        most=new.most or earlier.most,
        definite=earlier.definite if new.subject.numbers is None else new.definite,
    )


def _question(parts: Parts) -> RegisterQuestion:
    strong = [want for want in parts.strong if want is not Want.CARD or len(parts.strong) == 1]
    weak = [want for want in parts.weak if want is not Want.CARD]
    told = [Want(field) for field in sorted(parts.having)]
    wants = tuple(dict.fromkeys((*strong, *told, *weak))) or (Want.CARD,)
    question = RegisterQuestion(
        wants=wants, subject=_subject(parts), filters=_filters(parts), shape=parts.shape, order=parts.order,
        most=parts.most, definite=parts.definite, yes_no=parts.yes_no,
    )  # fmt: skip
    one = parts.definite or bool(parts.reference or (parts.provider and not parts.nouns["contract"]))
    return _asked_whether(question) if parts.yes_no and one else question


def _subject(parts: Parts) -> Subject:
    named = bool(parts.reference or parts.provider or parts.unknown)
    nothing = not named and not parts.numbers and (not parts.words or bool(parts.person))
    said = parts.reference or parts.provider or parts.unknown or " ".join(word.surface for word in parts.words)
    return Subject(
        numbers=None if nothing else frozenset(parts.numbers), said=said, strange=parts.strange,
        provider=parts.provider if parts.is_provider else parts.unknown, nearest=parts.nearest,
        reference=parts.reference, named=named, under=parts.under, below=parts.below,
    )  # fmt: skip


def _filters(parts: Parts) -> Filters:
    return Filters(
        days=parts.days, value=parts.value, delivered=parts.delivered, sme=parts.sme, vcse=parts.vcse,
        lacking=parts.lacking, having=parts.having, paid=parts.paid, states=parts.states,
        districts=parts.districts - parts.outside, countywide=parts.countywide, outside=parts.outside,
        person=parts.person, person_as=_as(parts),
    )  # fmt: skip


def _as(parts: Parts) -> str:
    for want in (Want.DIRECTOR, Want.DEPUTY, Want.MANAGER):
        if want in parts.strong or want in parts.weak:
            return want.value
    return ""


def _asked_whether(question: RegisterQuestion) -> RegisterQuestion:
    """ "Is the meals contract in-house?" asks whether it is, of whatever contract is meant."""
    filters = question.filters
    asked = [
        want
        for want, given in (
            (Want.DELIVERED, filters.delivered), (Want.SME, filters.sme is not None),
            (Want.VCSE, filters.vcse is not None), (Want.STATE, filters.states),
            *((Want(field), True) for field in sorted(filters.having)),
        )
        if given
    ]  # fmt: skip
    wants = tuple(dict.fromkeys((*(want for want in question.wants if want is not Want.CARD), *asked)))
    plain = replace(filters, delivered="", sme=None, vcse=None, states=frozenset(), having=frozenset())
    return replace(question, filters=plain, wants=wants or (Want.CARD,), whether=filters.delivered)
