"""From what was counted to what is shown: sums by contract, service and district, small numbers left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.reports.book import WHOLE, Book, Key, book_of, in_time
from knowledge.reports.disclosure import FEWEST, Rules
from knowledge.reports.nouns import Counted, Figures, Fixed, InTime, Kind, Tables, Timely, median

_DIMENSIONS = ("contract", "service", "district")
"""The first three traits of a kind."""


def tables(counted: Counted, suppliers: Mapping[str, str], *, guarded: bool = False) -> Tables:
    """What a report shows of some concerns. `suppliers`: the provider of each contract; `guarded`: small numbers of the
    whole are not shown either, for it is of one contract, or of one provider."""
    guarded = guarded or any(len({kind[place] for kind in counted.kinds}) == 1 for place in (0, 2))
    sorts = _sorts(counted.kinds, guarded)
    told = [place for place in range(len(_DIMENSIONS)) if len({sort[place] for sort in sorts}) > 1]
    book = book_of(sorts, _rules(guarded, told))
    rows = {name: _rows(book, counted, place) for place, name in enumerate(_DIMENSIONS)}
    everything = book if guarded else Book(_everything(counted.kinds), frozenset())
    all_providers, providers = _providers(counted, suppliers, guarded)
    return Tables(
        raised=everything.of("whole", "", "raised"), only_due=guarded, whole=_figures(book, *WHOLE, _days(counted)),
        ended=_named(everything, "ended:"), fixed=_named(everything, "fixed:"), contracts=rows["contract"],
        services=rows["service"], districts=rows["district"], all_providers=all_providers, providers=providers,
    )  # fmt: skip


def _sorts(kinds: Mapping[Kind, int], guarded: bool) -> Counter[Kind]:
    """The kinds whose answer is given or was due, as far as the guarded numbers tell them apart. Nobody waits for an
    acknowledgement but of what was handed on or opened again: it was not late so far."""
    found: Counter[Kind] = Counter()
    for kind, count in kinds.items():
        if kind.answered is not Timely.PENDING:
            acknowledged = Timely.LATE if kind.acknowledged is Timely.LATE else Timely.IN_TIME
            told = kind if guarded else kind._replace(ended="", fixed=Fixed.NOT_ASKED)
            found[told._replace(acknowledged=acknowledged)] += count
    return found


def _dear(key: Key) -> int:
    """How much a number is wanted: of the whole more than by row, how many concerns more than how they went."""
    return 4 * (key[0] == "whole") + (key[2] == "concerns")


def _rules(guarded: bool, told: Sequence[int]) -> Rules:
    """`told`: the dimensions with more than one row: a single one is the whole again."""
    trades = ((0, 1), *((place,) for place in range(2, len(Kind._fields))))

    def cells(kind: tuple[Any, ...]) -> tuple[Key, ...]:
        return (*_cells(kind, told), *(_cells_of_all(kind) if guarded else ()))

    return Rules(
        cells=cells, guarded=lambda key: guarded or key[0] != "whole", dear=_dear,
        trades=trades, together=((0, 1), (0, 2)),
    )  # fmt: skip


def _cells(kind: tuple[Any, ...], told: Sequence[int]) -> tuple[Key, ...]:
    """The numbers in which a concern counts whose answer is given or was due."""
    found = Kind(*kind)
    columns = (
        "concerns", f"acknowledged:{found.acknowledged}", f"answered:{found.answered}",
        "reopened" if found.reopened else "not reopened",
    )  # fmt: skip
    rows = (WHOLE, *((_DIMENSIONS[place], kind[place]) for place in told))
    return tuple((table, row, column) for table, row in rows for column in columns)


def _cells_of_all(kind: tuple[Any, ...]) -> tuple[Key, ...]:
    """The numbers in which every concern counts."""
    found = Kind(*kind)
    return tuple((*WHOLE, name) for name in ("raised", f"ended:{found.ended}", f"fixed:{found.fixed}"))


def _everything(kinds: Mapping[Kind, int]) -> Counter[Key]:
    values: Counter[Key] = Counter()
    for kind, count in kinds.items():
        values.update(dict.fromkeys(_cells_of_all(kind), count))
    return values


def _named(book: Book, start: str) -> dict[str, int | None]:
    """The numbers of the whole whose names begin so, by the rest of the name."""
    return {key[2].removeprefix(start): book.of(*key) for key in sorted(book.values) if key[2].startswith(start)}


def _rows(book: Book, counted: Counted, place: int) -> dict[str, Figures]:
    """The rows of a table: those shown first, the most first, then the others by name."""
    table = _DIMENSIONS[place]
    names = {row for name, row, _ in book.values if name == table}
    days: dict[str, Counter[int]] = {}
    for key, found in counted.days.items():
        days.setdefault(key[place], Counter()).update(found)
    figures = {name: _figures(book, table, name, days.get(name, Counter())) for name in names}
    return dict(sorted(figures.items(), key=lambda item: (-(item[1].concerns or 0), item[0])))


def _days(counted: Counted) -> Counter[int]:
    found: Counter[int] = Counter()
    for days in counted.days.values():
        found.update(days)
    return found


def _figures(book: Book, table: str, row: str, days: Counter[int]) -> Figures:
    concerns = book.of(table, row, "concerns")
    enough = concerns is not None and days.total() >= FEWEST
    return Figures(
        concerns=concerns, acknowledged=in_time(book, table, row, "acknowledged:"),
        answered=in_time(book, table, row, "answered:"), reopened=book.of(table, row, "reopened"),
        median_days=median(days) if enough else None,
    )  # fmt: skip


def _providers(counted: Counted, suppliers: Mapping[str, str], guarded: bool) -> tuple[InTime, dict[str, InTime]]:
    """How providers answered, all of them and each."""
    kinds: Counter[tuple[str, str]] = Counter()
    for asked, count in counted.asked.items():
        if asked.answered is not Timely.PENDING:
            kinds[suppliers.get(asked.contract, ""), asked.answered.value] += count
    guarded = guarded or len({provider for provider, _ in kinds}) == 1
    rules = Rules(
        lambda kind: tuple((*row, column) for row in (WHOLE, ("provider", kind[0])) for column in ("asked", kind[1])),
        lambda key: guarded or key[0] != "whole", trades=((0,), (1,)),
    )  # fmt: skip
    book = book_of(kinds, rules)
    names = sorted({row for table, row, _ in book.values if table == "provider"}, key=str.casefold)
    return in_time(book, *WHOLE, ""), {name: in_time(book, "provider", name, "") for name in names}
