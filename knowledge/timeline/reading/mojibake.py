"""Text in UTF-8 that somebody read as Windows-1252, once or twice, and entities of HTML, once or twice."""

from __future__ import annotations

import html
import re

_TIMES = 3
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)


def _byte_of() -> dict[str, int]:
    """The byte behind each character that Windows-1252, or Latin-1 where that has none, makes of 0x80 and above."""
    made = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        try:
            made[bytes([byte]).decode("cp1252")] = byte
        except UnicodeDecodeError:
            continue
    return made


_BYTES = _byte_of()
_FOLLOWING = "[" + "".join(re.escape(char) for char, byte in _BYTES.items() if 0x80 <= byte < 0xC0) + "]"
_BROKEN = re.compile(f"[Â-ß]{_FOLLOWING}|[à-ï]{_FOLLOWING}{{2}}|[ð-ô]{_FOLLOWING}{{3}}")
_HALF_A_QUOTE = re.compile("â€(?=[\\s.,;:)?!]|$)")
"""A closing quotation mark, whose third byte Windows-1252 has no character for."""
_HALF_A_BLANK = re.compile(r"(?<![A-Za-zÀ-ÿ])Â(?=\s|$)|(?<=[a-z.,;:)])Â(?=\s|$)")
"""A blank that does not break, whose second half somebody took for a blank."""
_LOST_APOSTROPHE = re.compile("(?<=[A-Za-z])\ufffd(?=(?:s|t|re|ll|ve|d|m)\\b)")


def mend_entities(text: str) -> str:
    """`&amp;#039;` is an apostrophe. Only what ends in a semicolon: "?a=1&region=2" is an address."""
    for _ in range(_TIMES):
        mended = _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text
        if mended == text:
            break
        text = mended
    return text


def mend_alphabet(text: str) -> str:
    """`Â£` is a pound sign, `â€™` an apostrophe, `Ã¢â‚¬â„¢` one that was broken twice."""
    for _ in range(_TIMES):
        mended = _BROKEN.sub(_decoded, text)
        if mended == text:
            break
        text = mended
    text = _HALF_A_BLANK.sub("", _HALF_A_QUOTE.sub("”", text))
    return _LOST_APOSTROPHE.sub("’", text)


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
