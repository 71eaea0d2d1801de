"""The one table of who may do what: `data/rights.csv`, which `docs/rights.md` shows to people."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

TABLE = Path(__file__).parent / "data" / "rights.csv"
PAGE = Path(__file__).parent.parent / "docs" / "rights.md"
ROLES = (
    "stranger", "provider", "connect", "officer", "member", "other_member", "manager", "other_manager", "director",
    "other_director", "triage", "safeguarding", "administrator",
)  # fmt: skip
"""Who the table speaks of. `provider`: a Slack user of the council's workspace who is on no list; `connect`: one of
another workspace, whose Slack id and address are a Member's; `other_`: with other contracts, of other directorates."""
KINDS = {
    "page": "Pages, and what is sent to them",
    "link": "Signed links: whoever holds one has what it is for, whatever their role",
    "signed": "What other programs send, by their signatures",
    "button": "Buttons and forms, on the web and in Slack",
    "command": "What is typed: `/desk ...` in Slack, the same in the chat",
    "slack": "What Slack delivers: for whom the desk takes its sender",
    "terminal": "Commands of the terminal that act as somebody (`--as`)",
}


class Rule(NamedTuple):
    """A row: what is tried, on what, with what filled in, and what becomes of it, by role."""

    kind: str
    what: str
    on: str
    given: str
    cells: dict[str, str]


LEGEND = {
    "does": "it is done, and stands in the record",
    "sees": "they are shown it, or a form to fill in",
    "goes on": "they are led to a page of their own; nothing is done",
    "question": "it is taken for a question about what that reader may read; nothing else is done",
    "no": "it is refused; nothing is done",
    "hidden": "there is no such page for them: whether there is one for others is not said",
    "sign in": "nothing without signing in",
    "-": "they have no way there",
}
"""What stands in a cell. Under Slack's deliveries there stands the role for which the sender is taken."""
NAMES = {
    "{concern}": "a concern that the Member raised on the manager's contract in the director's directorate",
    "{asked}": "the same, with the provider", "{closed}": "the same, closed", "{draft}": "what the Member wrote and "
    "has not raised", "{file}": "a picture kept with it", "{contract}": "that contract", "{supplier}": "its provider",
    "{checklist}, {alert}, {question}, {enquiry}": "the officer's checklist, alert, question, and that with a person", "{answered}, {entry}": "one that is answered, and what the desk learnt of one",
    "{intention}, {withdrawn}": "intentions of the timeline", "{posting}": "what a provider offers, not published yet",
    "{review}": "the manager's review of the contract", "{confirm}": "a provider's alert that waits to be confirmed",
    "{import}": "a file that the administrator sent",
    "{act}, {answer}, {own}, {confirm_link}, {stop}, {manage}, {sign_in}": "links that work, each for one thing",
}  # fmt: skip
_HEADINGS = ("stranger", "provider", "abroad", "officer", "Member", "another", "manager", "another", "director",
             "another", "triage", "safe-guarding", "admin.")  # fmt: skip
_TOP = """# Who may do what

Made of `tests/data/rights.csv`, and tried row by row by `tests/test_rights_table.py`: each row as everybody, through
the web application with a real sign-in, and through Slack. What is refused must have changed nothing: the whole record
is compared before and after. A route, a button, a Slack listener, a link or a command that acts as somebody without a
row fails the tests. Each state of a concern against each way of standing to it: `tests/test_concern_rights.py`.

- *stranger*: at a browser, not signed in. *provider*: in the council's Slack, on no list. *abroad*: in Slack, of
  another workspace (Slack Connect), with a Slack id and an address that are a Member's on the list.
- *another*: a Member who did not raise it, a manager of other contracts, a director of another directorate.
"""


def as_page() -> str:
    """The table as `docs/rights.md` shows it."""
    parts = [_TOP.rstrip(), *(f"- **{word}**: {said}." for word, said in LEGEND.items()), ""]
    parts += ["What the words in braces stand for:", "", *(f"- `{name}`: {said}." for name, said in NAMES.items())]
    for kind, title in KINDS.items():
        parts += ["", f"## {title}", "", f"| what | {' | '.join(_HEADINGS)} |", f"|---|{'---|' * len(_HEADINGS)}"]
        parts += [_line(one) for one in rules(kind)]
    return "\n".join(parts) + "\n"


def _line(one: Rule) -> str:
    what = f"{one.what} {unquote(one.on)}".strip().replace("|", "\\|")
    return f"| `{what}` | {' | '.join(one.cells[role] for role in ROLES)} |"


def rules(*kinds: str) -> list[Rule]:
    """The rows of the table of these kinds, all for none."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = [
            Rule(row["kind"], row["what"], row["on"], row["given"], {role: row[role] for role in ROLES})
            for row in csv.DictReader(file)
        ]
    return [one for one in found if not kinds or one.kind in kinds]


if __name__ == "__main__":
    PAGE.write_text(as_page(), encoding="utf-8")
