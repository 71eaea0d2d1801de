"""A concern with a word planted wherever the desk keeps anything of it, and the search for these words in all of the
record and in every file beside it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from council import DOREEN, PRIYA, Council
from parked import park_one
from PIL import Image

from handlers.messages import File
from knowledge import incoming, tables
from knowledge.store import Store

SPOKEN = "Mrs Quillfeather of 14 Zanzibar Close in Gullhaven"
PROVIDER = "xylophone@carefirm.example.org"
WRITTEN = {
    "quillfeather": "the concern", "zanzibar": "the concern", "flugelhorn": "more from the Member",
    "marzipan": "what the provider is asked", "saskatoon": "the provider's answer", "periwinkle": "the answer",
    "tintinnabulum": "a question to the Member", "wombatphoto": "the name of a photograph",
    "d0xyzzyplace": "where in Slack it was raised", "bumblebroth": "where in Slack the desk posted",
    "4857773456": "what came in and could not be handled",
}  # fmt: skip
"""What is planted, and where."""
CARER = f"the carer hasn't come to {SPOKEN} three mornings running, her NHS number is 4857773456"


def photograph() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), (10, 200, 30)).save(out, "PNG")
    return out.getvalue()


def planted(council: Council) -> str:
    """A concern that has gone all its way, as people would send it there. Gives its reference."""
    photo = File(name="wombatphoto-quillfeather.png", content=photograph())
    place = {"channel": "D0XYZZYPLACE", "thread_ts": "17.5"}
    council.say(DOREEN, CARER, thread="another")
    found = council.say(DOREEN, CARER, files=(photo,), origin=place)
    choice = found.choices[0]
    reply = council.send(DOREEN, action=choice.action, about=choice.about, origin=place)
    assert reply.concern, reply.text
    reference = reply.concern
    council.press(DOREEN, "tell_more", reference, text="She plays the flugelhorn.")
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "ask_member", reference, text="Which tintinnabulum rang?")
    council.press(DOREEN, "tell_more", reference, text="The flugelhorn did.")
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="Why did nobody bring marzipan?")
    council.answer(1, "Our van broke down in Saskatoon.")
    council.press(PRIYA, "reply", reference, text="They will bring a periwinkle.")
    council.say(DOREEN, f"what do the papers say of {SPOKEN}", thread="asked")
    council.say(DOREEN, CARER, thread="asked once more", id="Ev9", surface="slack")
    _came_in(council.store)
    council.post.deliver()
    _posted(council.store)
    council.press(PRIYA, "close", reference, outcome="put_right", text="Done, with a periwinkle.")
    council.post.deliver()
    _posted(council.store)
    return reference


def _came_in(store: Store) -> None:
    """The same message once more, which could not be handled."""
    event = {"event": {"type": "message", "text": CARER, "user": "U0DOREEN"}}
    assert incoming.write_down(store, "Ev10", "slack", event)
    park_one(store, "Ev10")


def _posted(store: Store) -> None:
    """What was sent stands in Slack, as its channel would write down."""
    with store.writing() as connection:
        n = tables.notification
        place = {"channel": "D0BUMBLEBROTH", "ts": "17.6"}
        sent = sa.update(n).where(n.c.state == "sent")
        connection.execute(sent.values(place=place, channel="slack", problem="slack said bumblebroth"))


def in_record(store: Store, words: Iterable[str]) -> dict[str, list[str]]:
    """Where words stand: by word, the columns of the record. Every table of the database is looked through."""
    found: dict[str, list[str]] = {}
    with store.reading() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        for table in there.sorted_tables:
            for row in connection.execute(sa.select(table)):
                for name, value in row._mapping.items():
                    said = bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else str(value)
                    for word in words:
                        if word in said.lower():
                            found.setdefault(word, []).append(f"{table.name}.{name}")
    return {word: sorted(set(columns)) for word, columns in found.items()}


def in_files(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """The same in the bytes of every file of a folder, at any depth, in UTF-8 and UTF-16."""
    found: dict[str, list[str]] = {}
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        held = path.read_bytes().lower()
        for word in words:
            if word.encode() in held or word.encode("utf-16-le") in held:
                found.setdefault(word, []).append(path.name)
    return found
