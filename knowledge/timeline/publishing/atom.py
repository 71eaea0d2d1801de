"""The changes of the timeline as a feed (RFC 4287): an entry a released version, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from lxml import etree
from lxml.builder import ElementMaker

from knowledge.timeline.history import Released
from knowledge.timeline.nouns import Kind
from knowledge.timeline.posted import posted_words
from knowledge.timeline.publishing.moments import moment
from knowledge.timeline.publishing.site import Site, Words, plain
from knowledge.timeline.selecting import Shown

_ATOM = "http://www.w3.org/2005/Atom"
_NONE_YET = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed."""
_KINDS = {
    Kind.ADDED: "New", Kind.CHANGED: "Changed", Kind.WITHDRAWN: "Withdrawn", Kind.RESTORED: "Taken up again",
}  # fmt: skip
_IN_TITLE = 2
"""Changes that fit in a title."""
_make = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})


def feed(
    changes: Sequence[Released], shown: Mapping[str, Shown], site: Site, words: Words, *, query: str = ""
) -> bytes:
    """The feed. `shown`: the intentions as they stand, by reference; `query`: the filters in its address, "" for
    none: a feed of its own, with the same entries."""
    own, updated = f"{site.url}/timeline.atom", changes[0].version.released_at if changes else _NONE_YET
    page = f"{site.url}/timeline"
    root = _make.feed(
        _make.id(f"tag:{site.host},2026:timeline" + (f"/{quote(query)}" if query else "")),
        _make.title(plain(f"Commissioning timeline of {site.council}")),
        _make.subtitle("Every change of what is planned, with its reason"),
        _make.updated(moment(updated or _NONE_YET)),
        _make.link(rel="self", type="application/atom+xml", href=own + (f"?{query}" if query else "")),
        _make.link(rel="alternate", type="text/html", href=page + (f"?{query}" if query else "")),
        _make.author(_make.name(plain(site.council)), _make.uri(site.url)),
        *(_entry(one, shown[one.reference], site, words) for one in changes if one.reference in shown),
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _entry(one: Released, shown: Shown, site: Site, words: Words) -> etree._Element:
    version = one.version
    name = quote(one.reference, safe="")
    entry: etree._Element = _make.entry(
        _make.id(f"tag:{site.host},2026:intention/{name}/v/{version.number}"),
        _make.title(plain(title(one, shown, words))),
        _make.updated(moment(version.released_at or version.at)),
        _make.link(rel="alternate", type="text/html", href=site.page(one.reference)),
        _make.content(plain(_content(one, shown, site, words)), type="html"),
    )
    if author := shown.terms.posted_by or ("" if shown.own else shown.buyer):
        entry.append(_make.author(_make.name(plain(author))))
    for kind in shown.kinds[:3]:
        entry.append(_make.category(term=kind, label=words.kinds((kind,)) or kind))
    return entry


def title(one: Released, shown: Shown, words: Words) -> str:
    """What happened, in a line: "Changed: Home care in Gullhaven: tender moved from July 2027 to January 2028"."""
    said = f"{_KINDS[one.version.kind]}: {shown.terms.title.rstrip('.')}"
    if one.version.kind is not Kind.CHANGED:
        return said
    told = [_small(words.change(change)) for change in one.version.changes]
    more = len(told) - _IN_TITLE
    rest = [f"{more} more change{'' if more == 1 else 's'}"] if more > 0 else []
    return f"{said}: {'; '.join([*told[:_IN_TITLE], *rest])}"


def _small(text: str) -> str:
    """A clause within a sentence; an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _content(one: Released, shown: Shown, site: Site, words: Words) -> str:
    """What was, what is, and why, as HTML: every text in it is escaped, and the whole is again in the feed."""
    told = [words.change(change) for change in one.version.changes] or _standing(shown, words)
    said = "".join(f"<li>{escape(text)}</li>" for text in told)
    why = f"<p>Why: {escape(one.version.reason)}</p>" if one.version.reason else ""
    link = f'<p><a href="{escape(site.page(one.reference))}">All of {escape(one.reference)}</a></p>'
    whose = f"<p>{escape(posted_words(shown.terms))}.</p>" if shown.terms.posted_by else ""
    return whose + (f"<ul>{said}</ul>" if said else "") + why + link


def _standing(shown: Shown, words: Words) -> list[str]:
    """What there is to say of a new intention: what it is and when, as it stands now."""
    terms = shown.terms
    times = [(what, getattr(terms, what)) for what in ("engagement", "tender", "closes", "award", "start")]
    said = [f"{words.label(what, terms.route)}: {words.when(when)}" for what, when in times if when]
    return [*([terms.description] if terms.description else []), *said]
