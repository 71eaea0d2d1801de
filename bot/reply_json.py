"""Replies for programs."""

from __future__ import annotations

from typing import Any

from handlers.messages import Outcome, Reply, Table
from knowledge.journeys import Journey

_ROWS = {
    "register": "contracts",
    "timeline": "intentions",
    "change": "intentions",
    "documents": "places",
    "checklists": "checklists",
    "concerns": "concerns",
    "alerts": "alerts",
    "posting": "postings",
    "enquiry": "enquiries",
}
"""What the references of a table's rows are of."""


def as_json(reply: Reply, link: str, **more: Any) -> dict[str, Any]:
    """A reply for programs, as `desk ask --json` prints it. `outcome`: the journey, or for one about the papers what
    became of it; `detail`: what became of it on any journey."""
    return {
        **more,
        "outcome": _outcome(reply),
        "journey": reply.journey.value if reply.journey else "",
        "detail": reply.outcome.value,
        "answer": " ".join((reply.text, *reply.notes)) if not reply.citations else reply.text,
        "citations": [
            {
                "source": citation.source,
                "document": citation.document,
                "title": citation.title,
                "locator": citation.locator,
                "quote": citation.quote,
                "url": link + citation.path if citation.path else None,
                "published": citation.published,
                "status": citation.status,
                "note": citation.note,
                "also_in": list(citation.also_in),
                "page": citation.page,
            }
            for citation in reply.citations
        ],
        **({"table": _table_as_json(reply.table, link)} if reply.table else {}),
        **({"checklist": reply.checklist.model_dump()} if reply.checklist else {}),
        "choices": [choice.model_dump() for choice in reply.choices],
        "notes": list(reply.notes),
    }


def _outcome(reply: Reply) -> str:
    """The papers have outcomes of their own (answered, not_in_documents, clarify); so has what went wrong."""
    if reply.journey in (None, Journey.DOCUMENTS) or reply.outcome is Outcome.ERROR:
        return reply.outcome.value
    return str(reply.journey)


def _table_as_json(table: Table, link: str) -> dict[str, Any]:
    return {
        "source": table.source,
        "as_of": table.as_of,
        _ROWS[table.source]: list(table.contracts),
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "total": table.total,
        **({"page": link + table.page} if table.page else {}),
    }
