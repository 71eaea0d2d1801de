"""What is handed out, in Markdown that people can read and no text can break out of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_TITLES = {
    "asked_of_providers": "What providers were asked", "audit": "Who dealt with it in the desk",
    "checklist": "Checklists", "concern": "Concerns raised, entered or held", "concern_event": "Moves they made",
    "confirmation": "Links that confirmed an alert", "draft": "Concerns begun and not raised",
    "endpoint": "Where their webhooks go", "enquiry": "Questions for a person", "files": "Files beside this page",
    "follower": "Concerns they follow", "happened": "What happened", "notification": "Messages to them",
    "party": "What the desk knows of their address", "people_list": "On the people list",
    "personal_text": "What they wrote", "posting": "What they offered", "provider_contact": "Whom to ask at a provider",
    "provider_request": "What was asked of a provider", "question": "Questions to the papers",
    "rating": "What they said of answers", "register": "Contracts that name them", "sign_in_link": "Links to sign in",
    "subscription": "Alerts", "texts": "What was written", "told": "Who was told", "turn": "Conversations",
}  # fmt: skip
_CARE = (
    "Read this before it is handed on: what somebody wrote may tell of others, who have rights of their own "
    "(UK GDPR, Article 15(4))."
)


def concern_page(held: Mapping[str, Any]) -> str:
    """A concern in Markdown."""
    return _page(f"Concern {held['reference']}", held)


def person_page(held: Mapping[str, Any]) -> str:
    """What is held with a person in Markdown."""
    flat = {name: value for name, value in held.items() if name != "record"}
    return _page("What the commissioning desk holds", {**flat, **held["record"]})


def _page(title: str, held: Mapping[str, Any]) -> str:
    small = {name: value for name, value in held.items() if not _is_rows(value)}
    lines = [f"# {escaped(title)}", "", _CARE, "", *_fields(small)]
    for name, rows in held.items():
        if _is_rows(rows) and rows:
            lines += ["", f"## {_TITLES.get(name, _words(name))}", ""]
            for row in rows:
                lines += [*_fields(row), ""]
    return "\n".join(lines).rstrip() + "\n"


def _is_rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(one, Mapping) for one in value)


def _fields(row: Mapping[str, Any]) -> Iterator[str]:
    first = True
    for name, value in row.items():
        if value in (None, "", [], {}):
            continue
        said = escaped(_said(value))
        yield f"{'-' if first else ' '} {_words(name)}: {said}" if "\n" not in said else _long(name, said, first)
        first = False


def _long(name: str, said: str, first: bool) -> str:
    quoted = "\n".join(f"  > {line}" for line in said.split("\n"))
    return f"{'-' if first else ' '} {_words(name)}:\n\n{quoted}\n"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(
            f"{_words(name)}: {_said(one)}" for name, one in value.items() if one not in (None, "", [], {})
        )
    if isinstance(value, (list, tuple)):
        return "; ".join(_said(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def escaped(text: str) -> str:
    """A text that Markdown, and HTML made of it, shows as it is."""
    return _MARKS.sub(r"\\\1", text).replace("\\<", "&lt;").replace("\\>", "&gt;")
