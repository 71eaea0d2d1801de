"""A request as the pages read it: without the one character that no PostgreSQL holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

NUL = "\0"


class PlainValues(ImmutableMultiDict[str, Any]):
    """What stands in a query or a form, a NUL as a space. What has no name, as a part of a form may, is left out."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        named = [(name, value) for name, value in iter_multi_items(mapping or ()) if isinstance(name, str)]
        super().__init__([(_plain(name), _plain(value)) for name, value in named])


class PlainRequest(Request):
    """A request whose query and forms can be asked for in any record."""

    parameter_storage_class = PlainValues


def _plain(value: Any) -> Any:
    return value.replace(NUL, " ") if isinstance(value, str) else value
