"""What a heading nobody has listed must mean by its words: "Accountable assistant director e-mail" can only be one."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"\bemail\b")
_PEOPLE = (
    ("deputy", re.compile(r"\b(deputy|deputies|stand in|second contact|alternate|cover)\b")),
    ("director", re.compile(r"\b(director|head of service|chief officer|executive|corporate lead|senior officer)\b")),
    ("manager", re.compile(r"\b(manager|manag(es|ing|ed)|contract (lead|owner|officer)|responsible (officer|person)|"
                           r"officer responsible|lead officer|owner)\b")),
)  # fmt: skip
_OTHERS = (
    ("sme_vcse", re.compile(r"(?=.*\b(sme|small)\b)(?=.*\b(vcse|vcs|vco|charity|voluntary|social enterprise)\b)")),
    ("parent", re.compile(r"\b(sub ?contract (of|to)|part of (contract|framework|agreement)|"
                          r"(main|head|parent|lead|prime|under) (contract|framework|agreement|reference))\b")),
    ("extension", re.compile(r"\b(extension|extended|extendable|latest|maximum|longest)\b.*\b(date|end|finish|until)\b|"
                             r"\b(date|end|finish|until|expiry)\b.*\b(extension|extended|maximum|latest)\b")),
    ("review", re.compile(r"\breview\b.*\b(date|due|on|by)\b|\b(date|next|due)\b.*\breview\b")),
    ("start", re.compile(r"^(contract )?(start|starts|begin|begins|commences?|commencement|from|live from|go live)"
                         r"( date| on)?$")),
    ("end", re.compile(r"^(contract )?(end|ends|finish|finishes|expiry|expires|until|to|runs to|completion|terminates)"
                       r"( date| on)?$")),
    ("delivered_by", re.compile(r"\bhow\b.*\b(delivered|provided|run)\b|\bin house\b|"
                                r"\b(delivery|provision|provider) (model|type|route|method)\b")),
    ("area", re.compile(r"\b(area|place|location|district|zone|geography)\b.*\b(covered|served|of|for)\b|"
                        r"\b(covers|serves|where)\b.*\b(area|place|district)\b")),
)  # fmt: skip


def by_words(words: str) -> str:
    """The field that a heading's words (`headings.words_of`) must mean, "" for none that is sure."""
    for name, pattern in _PEOPLE:
        if pattern.search(words):
            if _EMAIL.search(words):
                return f"{name}_email"
            return "" if re.search(r"\b(phone|telephone|tel|number|note|date|grade|post)\b", words) else name
    return next((name for name, pattern in _OTHERS if pattern.search(words)), "")
