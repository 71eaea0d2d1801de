"""The fields of a form as inputs, and what was filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.blocks.text import Block, plain
from handlers.messages import Entry

_LABEL = 2_000
_OPTION_LABEL, _OPTION_VALUE = 75, 150
_MOST_OPTIONS, _MOST_RADIOS, _MOST_BOXES = 100, 5, 10
_LONGEST_TEXT = 3_000
MOST_FILES = 5
VALUE = "value"
"""The action's id in every input's block, which is named after its field."""


def input_block(entry: Entry) -> Block:
    """One field."""
    made: Block = {
        "type": "input", "block_id": entry.name, "label": plain(entry.label, _LABEL), "optional": not entry.required,
        "element": {"action_id": VALUE, **_element(entry)},
    }  # fmt: skip
    if entry.hint:
        made["hint"] = plain(entry.hint, _LABEL)
    return made


def _element(entry: Entry) -> Block:
    if entry.options and entry.kind in ("choice", "person") and _fit(entry):
        return _options(entry)
    if entry.options and entry.kind == "several" and _fit(entry):
        return _several(entry)
    return _ELEMENTS.get(entry.kind, _text)(entry)


def _fit(entry: Entry) -> bool:
    """Whether Slack takes these options; where it does not, what is chosen is typed."""
    return len(entry.options) <= _MOST_OPTIONS and all(0 < len(value) <= _OPTION_VALUE for value, _ in entry.options)


def _options(entry: Entry) -> Block:
    options = _offered(entry)
    few = len(options) <= _MOST_RADIOS and entry.required
    made: Block = {"type": "radio_buttons" if few else "static_select", "options": options}
    chosen = next((one for one in options if one["value"] == entry.value), None)
    return {**made, "initial_option": chosen} if chosen else made


def _several(entry: Entry) -> Block:
    """Boxes to tick as far as Slack takes so many, else a menu from which several are chosen."""
    options, wanted = _offered(entry), entry.value.split(",")
    made: Block = {"type": "checkboxes" if len(options) <= _MOST_BOXES else "multi_static_select", "options": options}
    chosen = [one for one in options if one["value"] in wanted]
    return {**made, "initial_options": chosen} if chosen else made


def _offered(entry: Entry) -> list[Block]:
    return [{"text": plain(label or value, _OPTION_LABEL), "value": value} for value, label in entry.options]


def _text(entry: Entry) -> Block:
    made: Block = {"type": "plain_text_input", "multiline": entry.kind == "long", "max_length": _LONGEST_TEXT}
    return {**made, "initial_value": entry.value[:_LONGEST_TEXT]} if entry.value else made


def _email(entry: Entry) -> Block:
    made: Block = {"type": "email_text_input"}
    fits = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", entry.value)
    return {**made, "initial_value": entry.value} if fits else made


def _date(entry: Entry) -> Block:
    made: Block = {"type": "datepicker"}
    return {**made, "initial_date": entry.value} if re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry.value) else made


def _files(entry: Entry) -> Block:
    return {"type": "file_input", "max_files": MOST_FILES}


_ELEMENTS: dict[str, Callable[[Entry], Block]] = {"email": _email, "date": _date, "files": _files}


def values_of(state: Mapping[str, Any]) -> tuple[dict[str, str], list[Block]]:
    """What was filled in, by field, and the files that were added. `state`: a view's state."""
    fields: dict[str, str] = {}
    files: list[Block] = []
    for name, inputs in (state.get("values") or {}).items():
        given: Block = next(iter(inputs.values()), {})
        if given.get("type") == "file_input":
            files += given.get("files") or []
        else:
            fields[name] = str(_value(given) or "")
    return fields, files


def _value(given: Mapping[str, Any]) -> object:
    if "selected_options" in given:
        return ",".join(str(one["value"]) for one in given["selected_options"] or ())
    option = given.get("selected_option") or {}
    return given.get("value") or given.get("selected_date") or option.get("value")
