"""The catalogue of services: kinds of local service, who is responsible for each, and how people speak of it.

A folder of TOML files (`knowledge/data/services` ships one), each with any number of

  [[service]]
  key, name, group     a slug, what an officer calls it, and the part of the council it belongs to
  body                 who is responsible: one of BODIES, "county" for what the county council does
  why                  a sentence on who is responsible for what, said to whoever asks
  cpv                  CPV 2008 codes under which it is bought
  called               what registers and notices call it
  signs                words and short expressions that point to it on their own
  asks                 how people speak and complain of it
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from knowledge.models import Noun

COUNTY = "county"
UNITARY = "neighbouring unitary"
BODIES = (
    COUNTY, "district council", "NHS", "National Highways", "water company", "police", "train operator", "other",
)  # fmt: skip
"""Who may be responsible for a kind of service. A neighbouring unitary is responsible for places, not for kinds."""


class CatalogueError(Exception):
    """A catalogue that cannot be used. Its text names the file, the entry and the reason."""


class Service(Noun):
    """A kind of service."""

    key: str
    name: str
    group: str
    body: str
    why: str
    cpv: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether the county council is responsible."""
        return self.body == COUNTY


def shipped() -> Path:
    """The folder of the catalogue that comes with the desk."""
    return Path(str(files("knowledge").joinpath("data", "services")))


@dataclass(frozen=True)
class Catalogue:
    """The catalogue in a folder, read when it is wanted: most processes find it analysed in the register's index."""

    folder: Path

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """Every kind of service, in the order of the files. Raises CatalogueError."""
        return load_services(self.folder)

    @cached_property
    def fingerprint(self) -> str:
        """Changes when anything in the catalogue does."""
        told = hashlib.sha256()
        for path in sorted(self.folder.glob("*.toml")):
            told.update(path.name.encode() + path.read_bytes())
        return told.hexdigest()[:16]


def catalogue() -> Catalogue:
    """The catalogue that comes with the desk."""
    return Catalogue(shipped())


@cache
def service_names() -> dict[str, str]:
    """What the kinds of service of the shipped catalogue are called, by key."""
    return {service.key: service.name for service in catalogue().services}


@cache
def load_services(folder: Path | None = None) -> tuple[Service, ...]:
    """Every kind of service in a folder, in the order of its files. Raises CatalogueError."""
    found: dict[str, Service] = {}
    for path in sorted((folder or shipped()).glob("*.toml")):
        for service in _read(path):
            if service.key in found:
                raise CatalogueError(f"{path.name}: {service.key} stands in the catalogue twice")
            found[service.key] = service
    return tuple(found.values())


def _read(path: Path) -> list[Service]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("service", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(f"{path.name}: {error}") from None
    return [_service(path, number, entry) for number, entry in enumerate(entries, start=1)]


def _service(path: Path, number: int, entry: object) -> Service:
    try:
        service = Service.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{path.name}, service {number}: {where}: {first['msg']}") from None
    if service.body not in BODIES:
        raise CatalogueError(f"{path.name}, {service.key}: body is one of {', '.join(BODIES)}")
    return service
