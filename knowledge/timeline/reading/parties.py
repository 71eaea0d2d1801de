"""Who buys, whom to ask and who won, as a release says. People's names are left out: a mailbox and a role will do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from knowledge.personal.names import names_somebody
from knowledge.timeline.reading.keys import plain_name
from knowledge.timeline.reading.parts import Part, first, line, part, parts, word, words
from knowledge.timeline.reading.release import Release

_ROLE = re.compile(
    r"\b(team|procurement|department|office|council|commission\w+|enquir\w+|contracts?|purchasing|services?|support|"
    r"finance|legal|unit|hub|desk|group|help|admin\w*|corporate|directorate|division)\b",
    re.I,
)
_BETWEEN = re.compile(r"[,;|/()]| [-–—] ")
_EMAIL = re.compile(r"[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"']+\.[^\s@<>,;:\"'.]{2,}")
_NOBODY = re.compile(
    r"not? awarded.*|n/?a|none|various|see (notice|attach\w+|below|above).*|tb[ac]|unknown|redacted.*", re.I
)
_LEGAL_FORM = re.compile(r" (?:limited|ltd|plc|llp|cic|inc|company|co|the)\b")


class Buyer(NamedTuple):
    """`contact`: a team, or the organisation; `email`: its mailbox."""

    name: str = ""
    id: str = ""
    contact: str = ""
    email: str = ""


def buyer_of(release: Release) -> Buyer:
    """Who buys, and whom to ask."""
    entity = part(release.tender, "procuringEntity")
    buyers = [part(release.whole, "buyer"), *parts(release.tender, "buyers"), entity]
    named = next((one for one in buyers if word(one.get("id")) or line(one, "name")), {})
    own = word(named.get("id"))
    party = _party(release, own, ("buyer", "procuringEntity"))
    name = first((line(named, "name"), line(party, "name"), line(part(party, "identifier"), "legalName")))
    holders = (part(party, "contactPoint"), part(named, "contactPoint"), part(entity, "contactPoint"))
    email = first(address_of(word(one.get("email"))) for one in holders)
    team = first(team_of(line(one, "name")) for one in holders)
    return Buyer(name, own or word(party.get("id")), team or name, email)


def providers_of(release: Release) -> tuple[str, ...]:
    """The names of those it was awarded to, once each, whatever ids they have."""
    given = [one for award in (*release.awards, *release.contracts) for one in parts(award, "suppliers")]
    return once_each(line(one, "name") or _name_of(release, word(one.get("id"))) for one in given)


def once_each(names: Iterable[str]) -> tuple[str, ...]:
    """Names of providers, once each: "Acme Ltd" and "ACME LIMITED" are one. What is no name is left out."""
    found: dict[str, str] = {}
    for name in names:
        plain = _LEGAL_FORM.sub("", f" {plain_name(name)}").strip()
        if plain and not _NOBODY.fullmatch(name):
            found.setdefault(plain, name)
    return tuple(found.values())


def address_of(text: str) -> str:
    """The e-mail address in a text, "" for none."""
    found = _EMAIL.search(text)
    return found[0] if found else ""


def team_of(contact: str) -> str:
    """What of a contact's name is a team or an office, and names nobody: of "Jane Smith, Procurement" the latter."""
    given = (one.strip() for one in _BETWEEN.split(contact))
    return ", ".join(one for one in given if _ROLE.search(one) and not names_somebody(f"{one}."))


def _name_of(release: Release, own: str) -> str:
    party = _party(release, own, ())
    return line(party, "name") or line(part(party, "identifier"), "legalName")


def _party(release: Release, own: str, roles: tuple[str, ...]) -> Part:
    """The party with an id, else the first in one of the roles."""
    everyone = parts(release.whole, "parties")
    by_id = (one for one in everyone if own and word(one.get("id")) == own)
    by_role = (one for one in everyone if any(role in words(one.get("roles")) for role in roles))
    return next(by_id, None) or next(by_role, None) or {}
