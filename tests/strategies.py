"""What hypothesis draws: texts that break things, files as people and machines send them, and the settings of its runs.

`TEST_EXAMPLES=2000` draws so many of each; without it there are few, and the same ones every time.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "0"))
Test = TypeVar("Test", bound=Callable[..., object])


def tried(few: int = 30, share: float = 1.0) -> Callable[[Test], Test]:
    """How often a property is tried: `few` times, or TEST_EXAMPLES times `share` where it takes long."""
    count = max(few, int(EXAMPLES * share))
    return settings(max_examples=count, derandomize=True, deadline=None, database=None,
                    suppress_health_check=list(HealthCheck))  # fmt: skip


NASTY = (
    "", " ", "\0", "a\0b", "😀😀😀", "👩‍👩‍👧‍👦" * 20,
    "\u202eesrever\u202c", "\u200f\u200eשלום", "a\u200b\u200d\u2060b", "\ufeff",
    "Z" + "\u0300\u0301\u0302\u0303" * 60, "\ud800", "x\udfffy", "<!channel> <!here> <!everyone>",
    "<@U0123456> <@W999>",
    "<#C0123|general> <!subteam^S1>", "<https://evil.example.org|council.example.org>", "&lt;!channel&gt; &amp;amp;",
    "=HYPERLINK(\"http://evil.example.org\")", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", "|'cmd'!A1",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "%s%n%(x)s", "{0}{a}",
    "'; DROP TABLE concern; --", "../../etc/passwd", "..\\..\\x",
    "a\r\nBcc: all@example.org", "\x1b[2J\x1b]0;x\x07",
    "*bold* _it_ ~no~ `code` ```pre```", "> quoted", "NaN", "-0", "1e999", "9" * 400, "٣٤", "²³", "Ⅳ", "½", "①", "৳",
    "C-0001", "C-" + "9" * 30, "S-12", "E-4", "R24", "MCC-0002", "7.9.1", "£5m", "£1e400", "£" + "9" * 300,
    "32/13/2026",
    "29 February 2025", "0000-00-00", "9999-12-31", "Q5 2026", "2025/26", "\u2028\u2029", "İ", "ß", "ﬃ", "ǅ",
)  # fmt: skip
"""Texts that have broken something somewhere."""
SAID = (
    "the carer hasn't come", "who manages the", "contract", "home care in Thanet", "tell me about", "under £500k",
    "ending before April 2027", "what's coming up", "this autumn", "my bins were not emptied", "concern", "help",
    "C-0001", "stop", "withdraw", "raise", "is R24 done?", "and for grants?", "MCC-0002", "between 3 and 5 million",
    "every month", "except", "or", "not", "he hits her", "at 01632 960123", "Brenmouth", "social value", "last year",
    "checklist", "my checklists", "opportunity", "share of spend", "with SMEs", "by district", "CPV 85312400",
    "next Q2",
)  # fmt: skip
"""What people write, in pieces."""

unicode_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
"""Any text at all, half characters and nothings included."""
nasty = st.one_of(st.sampled_from(NASTY), unicode_text)
pieces = st.lists(st.one_of(st.sampled_from(SAID), st.sampled_from(NASTY), unicode_text), min_size=1, max_size=6)
sayings = st.tuples(st.sampled_from((" ", "\n", "", ", ", "\t", " and ")), pieces).map(lambda one: one[0].join(one[1]))
"""Messages: what people write, and what breaks things, in any mixture."""
whole_text = unicode_text.map(lambda text: text.replace("\0", "").encode("utf-8", "replace").decode())
"""Any text that a record can hold."""


def repeated(length: int = 4_000) -> st.SearchStrategy[str]:
    """A few characters, over and over: what makes an expression go back and try again."""
    return sayings.map(lambda text: _filled(text, length))


def _filled(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length] if text else "x" * length


MARKS = (b'"', b'""', b"\0", b"\r", b"\n\r", b",,,", b"\xff", b"\xef\xbb\xbf", b"\x1a", b'",', b"\xed\xa0\x80")
ENDS = (b"\r", b"\r\n", b"\n\n", b"\x0b", b"\x85")
ALPHABETS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-7", "utf-32")


@st.composite
def mutated(draw: st.DrawFn, whole: bytes, most: int = 6) -> bytes:
    """A file's bytes after some accidents: bytes flipped, cut, doubled, put elsewhere; its end lost; its line ends
    mixed; nothings put in."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(1, 1 + len(data) // draw(st.sampled_from((1, 2, 8, 64, 512)))))
        how = draw(st.sampled_from(("flip", "cut", "double", "end", "put", "marks", "lines")))
        if how == "flip" and data:
            data[at] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del data[at : at + length]
        elif how == "double":
            data[at:at] = data[at : at + length][:100_000]
        elif how == "end":
            del data[at:]
        elif how == "put":
            text = draw(nasty).encode("utf-8", "surrogatepass")
            data[at:at] = text
        elif how == "marks":
            data[at:at] = draw(st.sampled_from(MARKS))
        else:
            data = bytearray(bytes(data).replace(b"\n", draw(st.sampled_from(ENDS))))
    return bytes(data)


def table(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")


@st.composite
def tables(draw: st.DrawFn, columns: Sequence[str], cells: st.SearchStrategy[str] = nasty) -> bytes:
    """A CSV file with some of these headings over rows of such cells, in any alphabet and with any delimiter."""
    headings = draw(st.lists(st.sampled_from(list(columns)), min_size=1, max_size=len(columns), unique=True))
    rows = draw(st.lists(st.lists(cells, max_size=len(headings) + 2), max_size=8))
    ends = draw(st.sampled_from(("\n", "\r\n", "\r")))
    return table([headings, *rows], draw(st.sampled_from(",;\t|")), draw(st.sampled_from(ALPHABETS)), ends)


@st.composite
def repacked(draw: st.DrawFn, whole: bytes) -> bytes:
    """A packed file (DOCX, XLSX) of which one part was changed inside, so that its checksums still fit."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = packed.namelist()
        touched = draw(st.sampled_from(names))
        for name in names:
            data = packed.read(name)
            if name == touched:
                how = draw(st.sampled_from(("mutate", "empty", "gone", "bomb", "deep", "dtd")))
                if how == "gone":
                    continue
                data = _harmed(draw, data, how)
            made.writestr(name, data)
    return out.getvalue()


_LOLS = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)]
BOMB = f"<?xml version='1.0'?><!DOCTYPE x [{''.join(_LOLS)}]><x>&l9;</x>".encode()
"""A bomb of entities: a thousand million lols."""


def _harmed(draw: st.DrawFn, data: bytes, how: str) -> bytes:
    if how == "mutate":
        return bytes(draw(mutated(data)))
    if how == "empty":
        return b""
    if how == "bomb":
        return BOMB
    if how == "deep":
        return b"<a>" * 20_000 + b"</a>" * 20_000
    return b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + data


_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), nasty)
json_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nasty, inner, max_size=4), max_leaves=12
)
"""Anything that JSON can say, and NaN."""
