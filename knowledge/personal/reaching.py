"""How somebody is reached: telephone numbers and e-mail addresses, in the ways people write and spell them."""

from __future__ import annotations

import re

from knowledge.personal.known_names import known_names

_GAP = r"[ .\-–/()]{0,3}"
_NO_DATE = r"(?!\(?\d\d?[./\-]\d\d?[./\-]\d{2})"
_BRITISH = re.compile(
    rf"(?<![\w.\-/£]){_NO_DATE}(?:(?:\+|00){_GAP}44{_GAP}(?:0{_GAP})?|\(?0{_GAP})[1-9](?:{_GAP}\d){{8,9}}(?!{_GAP}\d)"
)
_FOREIGN = re.compile(r"(?<![\w+])\+\d(?:[ .\-()]{0,2}\d){8,14}(?!\d)")
_PUBLIC = re.compile(r"(?:(?:00)?44)?0?(?:3|8[047]|9)")
"""Numbers of bodies and of charged lines, never somebody's own: 03, 080, 084, 087, 09."""
_RING = "t|tel|telephone|phone|phones|mob|mobile|ring|rung|rings|call|called|contact|landline|ph|whatsapp|text"
_OTHER = (
    "job|refs?|reference|fault|enquiry|column|order|works|report|lamp|light|contract|permit|route|bus|stop|about|usrn"
)
_LOCAL = re.compile(
    rf"(?i)\b(?:{_RING})\b(?:[^\w\n]{{1,3}}(?!(?:{_OTHER})\b)[a-z]{{1,12}}){{0,3}}[^\w\n]{{1,4}}"
    r"([1-9]\d{2}[ \-.]?\d{3}(?:[ \-.]?\d{1,4})?)(?!\d)"
)
"""Six or seven figures, where one is told to ring them."""
_FIGURES = "one|two|three|four|five|six|seven|eight|nine|zero|nought|oh"
_SPOKEN = re.compile(rf"(?i)\b(?:oh|zero|nought)(?:[ ,\-]{{1,2}}(?:{_FIGURES}|double|treble|triple)\b){{5,12}}")
_LETTERS = re.compile(r"(?<![^\W\d_])[\doOlI](?:[ .\-]?[\doOlI]){9,14}(?![^\W\d_])")
_MAIL = re.compile(r"(?i)(?<![\w.+\-])([\w.+\-]{1,64})@[\w\-]{1,63}(?:\.[\w\-]{2,24}){1,4}")
_AT, _DOT = r"(?:[(\[{]at[)\]}]| at )", r"(?:[(\[{]dot[)\]}]| dot |\.)"
_MAIL_SAID = re.compile(
    rf"(?i)(?<![\w.\-])[\w.\-]{{2,64}} ?{_AT} ?[\w\-]{{2,63}}(?: ?{_DOT} ?[\w\-]{{2,30}}){{0,2}}"
    rf" ?{_DOT} ?(?:com|org|net|uk|co|eu|info)\b"
)


def telephone(written: str) -> bool:
    """Whether a text gives somebody's telephone number: British or foreign, spelt out, or local after "ring"."""
    mended = _LETTERS.sub(_figures, written)
    british = (re.sub(r"\D", "", match.group()) for match in _BRITISH.finditer(mended))
    return (
        any(not _PUBLIC.match(figures) for figures in british)
        or any(not re.sub(r"\D", "", match.group()).startswith("44") for match in _FOREIGN.finditer(mended))
        or bool(_LOCAL.search(mended))
        or bool(_SPOKEN.search(written))
    )


def _figures(match: re.Match[str]) -> str:
    """Figures among which letters were typed for noughts and ones; words and lone letters stay."""
    typed = match.group()
    if sum(sign.isdigit() for sign in typed) < 6:
        return typed
    return re.sub("[lI]", "1", re.sub("[oO]", "0", typed))


def mail(written: str) -> bool:
    """Whether a text gives an e-mail address, spelt out too; mailboxes of offices are nobody's."""
    offices = known_names().offices
    own = any(match[1].lower() not in offices for match in _MAIL.finditer(written))
    return own or bool(_MAIL_SAID.search(written))
