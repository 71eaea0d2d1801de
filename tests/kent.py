"""The county's real papers as a desk of its own, for tests that have the shared folder."""

from __future__ import annotations

import cast

from bot.wiring import Wiring
from knowledge.models import LEFT_OUT


def bare(text: str) -> str:
    """Words with nothing between them but a space, less the marks of lists."""
    return " ".join(" ".join(text.replace("\uf0b7", " ").replace("•", " ").split()).split())


def astray(wiring: Wiring, question: str, papers: dict[str, str]) -> list[str]:
    """Runs of what is quoted for a question that do not stand so in their paper."""
    found = []
    for citation in cast.ask(wiring, question, cast.MAX).citations:
        for run in (citation.quote or "").split(LEFT_OUT.strip()):
            for line in run.split("\n"):
                said = "".join(bare(line).split())
                if said not in papers[citation.document]:
                    found.append(f"{citation.locator}: {line}")
    return found
