"""Whether a message asks for information (of a contract, the rules or the desk itself) or raises a concern."""

from __future__ import annotations

import re

_LONG = 40
"""Words from which a message tells a story: what it asks in passing is not what it is about."""
_ABOUT_CONTRACTS = re.compile(
    r"""
    \bcontract\s+(manager|owner|lead|officer|holder|register|value|end|expir|run|due|up\b)
    | \b(who|which|what|whose)\b[^.?!]{0,60}\b(firms?|compan(y|ies)|providers?|suppliers?|contractors?|agenc(y|ies))\b
      [^.?!]{0,40}\b(do|does|provides?|run|runs|hold|holds|has|have|deliver|delivers|cover|covers|use|got|won)\b
    | \b(who|whos|who's|which\s+officer)\b[^.?!]{0,30}\b(manag(es?|ing)|in\s+charge|responsible|looks?\s+after|leads?|
      runs|holds|owns)\b[^.?!]{0,60}\bcontracts?\b
    | \b(when|whens|when's|does|is)\b[^.?!]{0,60}\b(contracts?|agreements?|frameworks?|deals?)\b[^.?!]{0,40}
      \b(end|ends|expire|expires|finish|up|run\s+out|runs\s+out|due|renew\w*|review\w*|start|starts|extended)\b
    | \b(how\s+much|what)\b[^.?!]{0,40}\b(pay|paying|paid|spend|spending|spent|cost|costs|costing|worth|value)\b[^.?!]{0,60}
      \b(for|on|to|contracts?|a\s+year|with)\b(?![^.?!]*\b(fine|ticket|refund|compensation)\b)
    | \bhow\s+much\b[^.?!]{0,25}\b(are\s+we|do\s+we|does\s+the\s+council|is\s+the\s+council)\b
    | \b(how\s+many|list\s+(of|all|every)|all\s+the|show\s+me|give\s+me)\b[^.?!]{0,50}
      \b(contracts?|providers?|firms?|suppliers?|everyone|grants)\b
    | \blist\s+of\b
    | \b(re-?\s?tender\w*|re-?\s?procure\w*|re-?\s?let|forward\s+plan|pipeline|break\s+clause|up\s+for\s+renewal|
      coming?\s+up\s+(for|before|in|by)|come\s+up\s+(for|before|in|by)|out\s+to\s+tender)\b[^.!]{0,80}\?
    | \bcontracts?\b[^.?!]{0,40}\b(come|coming|comes)\s+up\b
    | \b(still|any\s*more)\b[^.?!]{0,20}\b(with\s+us|one\s+of\s+ours|on\s+(our|the)\s+books|our\s+(provider|contractor))\b
    | \bwhat\s+(else\s+)?(do|does|have|has)\b[^.?!]{0,40}\b(hold|do|got|get|run|provide)\b[^.?!]{0,20}\b(for|with)\s+us\b
    | \b(targets?|kpis?|performance)\b[^.?!]{0,60}\bscrutiny\b | \b(hit|met|meeting|missed)\s+(its|their|the)\s+(targets?|kpis?)\b
    | \b(for|at)\s+(a\s+question\s+at\s+)?scrutiny\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_RULES = re.compile(
    r"""
    \b(is|are)\s+(it|that|this|they)\s+us\s+or\b | \b(us|county|parish|district)\s*(,|or)\s*(the\s+)?(districts?|us|
      county|parish)\b[^.!]{0,60}\?? \s*general\s+question
    | \bis\s+it\s+(us|the\s+county|the\s+districts?)\s+or\s+(us|the\s+(county|districts?|parish))\b
    | \bwhose\s+(job|responsibility)\s+is\s+it\b | \bgeneral\s+(question|query)\b
    | \bwhat\s+(is|are|does|do)\s+(the|our)\s+(policy|rules?|process|procedure|framework|threshold|criteria|timescales?|
      guidance|constitution)\b
    | \b(threshold|policy|framework|constitution|standing\s+orders?|recommendation|principle)\b[^.!]{0,60}\?
    | \bwhat\s+(counts\s+as|is\s+(a|an|meant\s+by))\b | \bdifference\s+between\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_THE_DESK = re.compile(
    r"""
    \bhow\s+(do|does|can|should)\s+(i|this|it|we|you)\s+(use|work|raise|report|log|send|ask)\b
    | \bdo\s+i\s+just\b | \bcan\s+i\s+(attach|send|type|use|raise|put|share|upload|see|add)\b
    | \b(new\s+(councillor|member|cllr)|new\s+(here|to\s+this))\b
    | \bwho\s+(can\s+|will\s+|else\s+)?(sees?|reads?|gets\s+to\s+see)\b
    | \bhow\s+long\s+(do|does|will|is|are)\b[^.?!]{0,30}\b(keep|kept|keeps|hold|held|store|stored|retain)\b
    | \b(gdpr|data\s+protection)\b
    | \b(any|whats?\s+the|what's\s+the)\s+(update|news|progress|latest|joy)\b[^.?!]{0,40}\b(case|concern|one|ref|reference|
      issue|enquiry|ticket|thing)\b[^.?!]{0,30}\b(i|we)\b
    | \bref(erence)?\s+(no|number)?\s*(end(s|ed|ing)|is|was)\b
    | \b(status|progress)\s+of\s+(my|the)\s+(case|concern|enquiry)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COMPLAINT = re.compile(
    r"\b(my (constituent|resident)|a (resident|constituent)|mrs|mr|ms|miss) \w+[^.?!]{0,80}\b(hasn'?t|haven'?t|didn'?t|"
    r"wasn'?t|won'?t|never|still|broken|late|missed|cancelled|refused|rude|waiting|stuck)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a message asks for information. One that tells of somebody's trouble as well raises a concern."""
    if len(text.split()) > _LONG:
        return False
    if _ABOUT_THE_DESK.search(text):
        return True
    return bool(_ABOUT_CONTRACTS.search(text) or _ABOUT_RULES.search(text)) and not _COMPLAINT.search(text)
