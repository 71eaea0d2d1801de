"""What is searched by the benches: papers as they are, and beside them any number of passages recombined from their
sentences, so that a council of a million passages has the words of real ones. The same at every run."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import load_settings
from bot.wiring import Wiring
from knowledge import library
from knowledge.documents.filling import Papers
from knowledge.documents.importing import index_documents
from knowledge.models import Document, Part, Passage

_PAPER = 500
"""Passages in a recombined paper."""
_SENTENCES = 5
_SHORTEST = 30


@dataclass(frozen=True)
class Corpus:
    """Real papers, and how many passages there are to be in all."""

    documents: tuple[Document, ...]
    real: tuple[Passage, ...]
    size: int

    @property
    def papers(self) -> Papers:
        """All papers, as an index is filled with them."""
        more = max(0, self.size - len(self.real))
        made = [Document(id=f"S{n}", title=f"Paper {n}") for n in range(-(-more // _PAPER))]
        return Papers((*self.documents, *made), lambda about: list(self._of(about.id, more)))

    def texts(self) -> Iterator[str]:
        """The words of every passage, its headings first, in the order of their numbers."""
        for about in self.papers.documents:
            for passage in self.papers.passages(about):
                yield " ".join((passage.locator, *passage.headings, passage.text))

    def _of(self, id: str, more: int) -> Iterator[Passage]:
        if not id.startswith("S") or not id[1:].isdigit():
            yield from (passage for passage in self.real if passage.document == id)
            return
        chosen, sentences = random.Random(id), self._sentences
        for place in range(min(_PAPER, more - int(id[1:]) * _PAPER)):
            text = " ".join(chosen.choices(sentences, k=_SENTENCES))
            locator = f"{place // 50 + 1}.{place % 50 + 1}"
            yield Passage(document=id, locator=locator, position=place, parts=(Part(text=text),))

    @property
    def _sentences(self) -> Sequence[str]:
        key = id(self.real)
        if key not in _CUT:
            cut = (one for passage in self.real for one in re.split(r"(?<=[.;])\s+|\n", passage.text))
            _CUT[key] = [one for one in cut if len(one) >= _SHORTEST]
        return _CUT[key]


_CUT: dict[int, list[str]] = {}


def read_papers(folder: Path, file: Path, pack: str = "kent") -> None:
    """Reads a folder of papers and writes their passages into a file."""
    wiring = Wiring(load_settings({"DESK_HOME": str(file.parent / "home"), "DESK_PACKS": pack}))
    index_documents(wiring.store, [folder], wiring.pack, wiring.limits, lambda *_: None)
    with wiring.store.reading() as connection:
        held = list(library.everything(connection))
    about = {
        "documents": [one.model_dump(mode="json") for one, _ in held],
        "passages": [passage.model_dump(mode="json") for _, passages in held for passage in passages],
    }
    file.write_text(json.dumps(about), encoding="utf-8")
    wiring.store.close()


def open_corpus(file: Path, size: int) -> Corpus:
    """The corpus of the papers in a file, of so many passages; 0 for the papers alone."""
    about = json.loads(file.read_text(encoding="utf-8"))
    real = tuple(Passage.model_validate(one) for one in about["passages"])
    return Corpus(tuple(Document.model_validate(one) for one in about["documents"]), real, size)
