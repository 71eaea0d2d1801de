"""The register's search index: a SQLite file built with sqlite-utils from the record, the places and the catalogue.
It can be thrown away; it is made anew when the register's edition changes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sqlite_utils import Database

from knowledge.gazetteer import Gazetteer
from knowledge.indexfile import write_index
from knowledge.places import Place, places
from knowledge.register.contract import Contract, somebody
from knowledge.register.finding.classifying import Classifier, area_of
from knowledge.register.finding.kinds import REGISTERS, Kinds, Spoken, analyse, vocabulary
from knowledge.register.finding.names import named_in
from knowledge.register.holding import Held, contracts, register_edition
from knowledge.register.reading.terms import days_in
from knowledge.services import Catalogue, Service
from knowledge.store import Store
from knowledge.text import stems

FORMAT = "5"
"""Raised when the index is laid out or analysed in another way."""


def wanted_stamp(store: Store, catalogue: Catalogue) -> str:
    """What an index built now would be built from."""
    with store.reading() as connection:
        return _stamp(register_edition(connection), catalogue)


def _stamp(edition: int, catalogue: Catalogue) -> str:
    return f"{FORMAT}:{edition}:{catalogue.fingerprint}"


def build_index(store: Store, catalogue: Catalogue, path: Path) -> None:
    """Builds the index beside the old one, then puts it in its place in one step."""
    with store.reading() as connection:
        stamp = _stamp(register_edition(connection), catalogue)
        held, known = contracts(connection), places(connection)
    write_index(path, stamp, lambda db: _fill(db, held, known, catalogue.services))


def _fill(db: Database, held: Sequence[Held], known: Sequence[Place], services: Sequence[Service]) -> None:
    _tables(db)
    spoken = [analyse(service) for service in services]
    db.table("service").insert_all(
        {"n": n, "about": one.service.model_dump_json(exclude={"asks", "signs", "called"}), "said": json.dumps(one[1:])}
        for n, one in enumerate(spoken)
    )
    known_words = vocabulary(services)
    db.table("catalogue_word").insert_all({"surface": surface} for surface in sorted(known_words))
    _Filling(db, known, spoken, known_words).put(held)
    db.table("place").insert_all({"name": p.name, "kind": p.kind, "district": p.district} for p in known)
    db.table("contract").enable_fts(["head", "body"], tokenize="unicode61", create_triggers=False)


def _tables(db: Database) -> None:
    db.table("place").create({"name": str, "kind": str, "district": str})
    db.table("contract").create(
        {
            "n": int, "key": str, "reference": str, "title": str, "supplier": str, "service": str, "parent": str,
            "delivered_by": str, "start": str, "end": str, "ended_on": str, "areas": int, "districts": str,
            "places": str, "kinds": str, "links": str, "head": str, "body": str, "department": str,
            "contract_type": str, "review": str, "pence": int, "sme": int, "vcse": int, "manager": str, "deputy": str,
            "director": str, "titled": str, "subcontractors": str, "payment_terms": str, "subcontractor_terms": str,
            "payment_terms_days": int, "subcontractor_terms_days": int,
        },
        pk="n",
    )  # fmt: skip
    db.table("contract").create_index(["key"])
    db.table("of_kind").create({"kind": str, "n": int, "share": float, "areas": int})
    db.table("of_kind").create_index(["kind"])
    db.table("named").create({"name": str, "source": str, "n": int})
    db.table("named").create_index(["name"])
    db.table("term").create({"stem": str, "contracts": int}, pk="stem")
    db.table("word").create({"surface": str}, pk="surface")
    db.table("catalogue_word").create({"surface": str}, pk="surface")
    db.table("service").create({"n": int, "about": str, "said": str}, pk="n")


class _Filling:
    """One filling of the index."""

    def __init__(
        self, db: Database, known: Sequence[Place], spoken: Sequence[Spoken], vocabulary: frozenset[str]
    ) -> None:
        self._db = db
        self._classifier = Classifier(Kinds(spoken, REGISTERS))
        self._vocabulary = vocabulary
        self._places = known

    def put(self, held: Sequence[Held]) -> None:
        """Puts the contracts in."""
        surfaces = set(self._lower_words(one.contract for one in held))
        ordinary = surfaces | self._vocabulary
        gazetteer = Gazetteer(self._places, ordinary)
        bits = {district: 1 << min(place, 61) for place, district in enumerate(gazetteer.districts)}
        count: Counter[str] = Counter()
        rows, of_kind, named = [], [], []
        links = _Links(one.contract for one in held)
        for number, one in enumerate(held, start=1):
            contract = one.contract
            row = self._row(number, one, gazetteer, bits)
            row["links"] = json.dumps(links.of(contract))
            shares = self._kinds_of(contract)
            row["kinds"] = json.dumps(shares)
            rows.append(row)
            count.update({*str(row["head"]).split(), *str(row["body"]).split()})
            of_kind += [{"kind": k, "n": number, "share": s, "areas": row["areas"]} for k, s in shares.items()]
            named += [{"name": name, "source": source, "n": number} for name, source in _names(contract, ordinary)]
        self._db.table("contract").insert_all(rows, batch_size=500)
        self._db.table("of_kind").insert_all(of_kind, batch_size=2000)
        self._db.table("named").insert_all(named, batch_size=2000)
        self._db.table("term").insert_all(({"stem": s, "contracts": c} for s, c in count.items()), batch_size=2000)
        self._db.table("word").insert_all(({"surface": surface} for surface in sorted(surfaces)), batch_size=2000)

    @staticmethod
    def _lower_words(held: Iterable[Contract]) -> Iterable[str]:
        """Words that stand in lower case in descriptions: no names."""
        for contract in held:
            yield from re.findall(r"\b[a-z]{2,}\b", contract.description)

    def _row(self, number: int, one: Held, gazetteer: Gazetteer, bits: dict[str, int]) -> dict[str, object]:
        contract = one.contract
        districts, named = area_of(contract.area, contract.title, contract.description, gazetteer)
        return {
            "n": number,
            "key": contract.key,
            "reference": contract.reference,
            "title": contract.title,
            "supplier": contract.supplier,
            "service": contract.service,
            "parent": contract.parent,
            "delivered_by": contract.delivered_by,
            "start": contract.start.isoformat() if contract.start else "",
            "end": contract.end.isoformat() if contract.end else "",
            "ended_on": one.ended_on.isoformat() if one.ended_on else "",
            "areas": sum({bits[district] for district in districts if district in bits}),
            "districts": json.dumps(sorted(districts)),
            "places": json.dumps(sorted(named)),
            "head": " ".join(stems(f"{contract.title} {contract.service} {contract.reference}")),
            "body": " ".join(stems(f"{contract.description} {contract.supplier} {contract.area} {contract.cpv_label}")),
            **_filters(contract),
        }

    def _kinds_of(self, contract: Contract) -> dict[str, float]:
        whole = f"{contract.title} {contract.service} {contract.description} {contract.cpv_label}"
        return self._classifier.kinds_of(contract.title, whole, (contract.cpv.split("-")[0].strip()[:8],))


def _filters(contract: Contract) -> dict[str, object]:
    """What questions choose contracts by. People are those there are: a vacancy is nobody."""
    return {
        "department": contract.department,
        "contract_type": contract.contract_type,
        "review": contract.review.isoformat() if contract.review else "",
        "pence": int(contract.value * 100) if contract.value is not None else None,
        "sme": contract.sme,
        "vcse": contract.vcse,
        "manager": contract.manager.strip() if somebody(contract.manager) else "",
        "deputy": contract.deputy.strip() if somebody(contract.deputy) else "",
        "director": contract.director.strip() if somebody(contract.director) else "",
        "titled": " ".join(stems(contract.title)),
        "subcontractors": contract.subcontractors.strip(),
        "payment_terms": contract.payment_terms.strip(),
        "subcontractor_terms": contract.subcontractor_terms.strip(),
        "payment_terms_days": days_in(contract.payment_terms),
        "subcontractor_terms_days": days_in(contract.subcontractor_terms),
    }


def _names(contract: Contract, ordinary: Collection[str]) -> list[tuple[str, str]]:
    """The names by which a contract may be spoken of: its providers', its sub-contractors', and those in its title and
    description."""
    providers = [_without_address(part) for part in re.split(r"[;|\n]", contract.supplier) if part.strip()]
    below = [_without_address(part) for part in re.split(r"[;|\n]", contract.subcontractors) if part.strip()]
    found = dict.fromkeys(below, "below")
    found.update(dict.fromkeys(named_in(f"{contract.title}. {contract.description}", ordinary), "text"))
    found.update(dict.fromkeys(providers, "provider"))
    return list(found.items())


def _without_address(provider: str) -> str:
    """A provider's name, where a register has its address in the same cell."""
    name = re.match(r".*?\b(Ltd|Limited|LLP|PLC|CIC|CIO|Inc)\b\.?", provider, re.IGNORECASE)
    return (name.group() if name else provider.split(",")[0]).strip()


class _Links:
    """Contracts that name each other: "Replaced SC19077"."""

    def __init__(self, held: Iterable[Contract]) -> None:
        self._known = {contract.key for contract in held}

    def of(self, contract: Contract) -> list[str]:
        """The other contracts whose reference stands in this one's description."""
        if not re.search(r"\d", contract.description):
            return []
        said = {token.strip(".,;:()").casefold() for token in contract.description.split()}
        return sorted((said & self._known) - {contract.key})
