"""A message in its parts: whom or what it names, under what conditions, what it wants, and words that describe."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from knowledge.register.asking import chain
from knowledge.register.asking import filters as conditions
from knowledge.register.asking.naming import name_in, person_in, references_in, unknown_name
from knowledge.register.asking.nouns import Shape, Want
from knowledge.register.asking.phrases import phrases
from knowledge.register.asking.reading import Reading
from knowledge.register.asking.spans import spans
from knowledge.register.asking.subject import Fit, fitting, strange_words, telling_words
from knowledge.register.choosing import naming_below, under
from knowledge.register.reader import RegisterReader

STRAY = 1
"""Words a question may have over where it names a contract, a provider or a person."""
_OPENS_YES_NO = re.compile(r"^\W*(is|are|was|were|do|does|did|has|have|had|will)\b", re.IGNORECASE)
_COUNTYWIDE = re.compile(
    r"(?<![\w-])(county[- ]?wide|(?:across|for|in) the (?:whole|entire) county)(?![\w-])", re.IGNORECASE
)


class Parts:
    """One message, taken apart."""

    def __init__(self, text: str, reader: RegisterReader, today: date, own: Collection[str]) -> None:
        self.reading = Reading(text)
        self.reader, self.today, self.own = reader, today, own
        self.nouns = {name: bool(pattern.search(self.reading.whole)) for name, pattern in phrases("noun").items()}
        self.yes_no = bool(_OPENS_YES_NO.match(self.reading.whole))
        self._name()
        self._conditions()
        self._wants()
        self._describe()

    def _name(self) -> None:
        """References, then names: what they say is nothing else."""
        reading, reader = self.reading, self.reader
        self.person, self.person_as = person_in(reading, reader)
        self.numbers, self.reference, self.nearest = references_in(reading, reader)
        self.provider, self.is_provider = "", False
        if not self.reference and not self.person:
            self.numbers, self.provider, self.is_provider = name_in(reading, reader)
        self.below = bool(self.provider) and {source for _, source in reader.named(self.provider)} == {"below"}
        self._chain()

    def _chain(self) -> None:
        """What is asked of the supply chain: before anything else that sub-contractors and days could be taken for."""
        reading = self.reading
        self.lacking = conditions.lacking(reading)
        self.having, self.paid = chain.having(reading), chain.paid(reading)
        self.chain = chain.wants(reading)
        self.under = False
        before = reading.text
        if self.numbers and reading.take(phrases("noun")["under"]):
            self._go_under(before)
        self.chain += chain.names_below(reading)

    def _go_under(self, before: str) -> None:
        """Takes the contracts under those named, and those of them that name sub-contractors in a cell; where there are
        neither, those named are meant, and what they say of sub-contractors."""
        reader = self.reader
        lower = under(reader, [row.key for row in reader.rows_of(self.numbers)])
        naming = naming_below(reader, self.numbers) if chain.names_below(Reading(before)) else set()
        if lower or not naming:
            self.under, self.numbers = True, lower | naming
        self.chain += [Want.SUBCONTRACTORS] if naming else []

    def _conditions(self) -> None:
        reading = self.reading
        self.value = conditions.value_band(reading)
        self.days = spans(reading, self.today)  # before the order: "ending next year" is not "ending next"
        self.order, self.most = conditions.order(reading)
        self.delivered = conditions.delivered(reading)
        self.sme, self.vcse = conditions.sizes(reading)
        self.shape = conditions.shape(reading)
        self.countywide = bool(reading.take(_COUNTYWIDE))
        where = self.reader.gazetteer.where(reading.left)
        self.districts, self.outside = where.districts, where.outside
        for mention in where.mentions:
            reading.cut_words(mention.name.split())
        self.unknown = ""
        if not (self.numbers or self.person or self.reference):
            self.unknown, self.nearest = unknown_name(reading, self.reader, self.own)

    def _wants(self) -> None:
        self.strong = [*self.chain, *self._found("want")]
        self.states = conditions.states(self.reading)
        self.weak = self._found("weak")

    def _found(self, section: str) -> list[Want]:
        return [Want(name) for name, pattern in phrases(section).items() if self.reading.take(pattern)]

    def _describe(self) -> None:
        self.words = telling_words(self.reading, self.reader, self.own)
        self.definite = not self.nouns["plural"] and self.shape is Shape.TELL and not self.order
        self.fit = Fit.LOOSE
        self.strange = strange_words(self.words, self.reader)
        if not self.words or self.strange:
            return
        found, self.fit = fitting(self.words, self.reader, definite=self.definite)
        if self.person and len(self.words) <= STRAY and self.fit is not Fit.LABEL:
            return
        if not self.numbers:
            self.numbers = found
        elif both := self.numbers & found:
            self.numbers, self.words = both, []

    @property
    def filtered(self) -> int:
        """How many conditions there are."""
        given = (
            self.lacking, self.having, self.paid, self.value, self.days, self.delivered, self.districts,
            self.countywide, self.sme is not None, self.vcse is not None, self.person, self.states,
            self.shape is not Shape.TELL,
        )  # fmt: skip
        return sum(map(bool, given))
