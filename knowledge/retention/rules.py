"""The one table of retention: what is kept, where, how long, from when on, and what clears it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.engine import Connection

from knowledge.retention import clearing
from knowledge.retention.concerns import clear_concerns
from knowledge.retention.periods import Periods


class Rule(NamedTuple):
    """What is kept for a while. `name`: the field of Periods, and so its setting; `where`: columns of the record, all
    that may hold it; `since`: from when on the time counts; `clear`: does it, and gives how much there was."""

    name: str
    what: str
    where: tuple[str, ...]
    since: str
    clear: Callable[[Connection, datetime, Periods], int]

    @property
    def setting(self) -> str:
        """The setting that says how long."""
        return setting_of(self.name)


class Staying(NamedTuple):
    """What is kept for good, or until a person takes it out, and why."""

    what: str
    where: tuple[str, ...]
    why: str


def setting_of(name: str) -> str:
    """The setting of a field of Periods."""
    return f"DESK_{name.upper()}_KEPT"


RULES: tuple[Rule, ...] = (
    Rule(
        "concerns", "what was written in a concern and the files with it, and where in Slack it was raised and told",
        ("personal_text.body", "attachment", "concern.origin", "concern.source", "concern_event.source",
         "follower.origin"),
        "it was closed, or answered and not heard of again",
        lambda connection, now, periods: clear_concerns(connection, periods.before("concerns", now), now),
    ),
    Rule("drafts", "a concern that was written and not raised, and its files",
         ("draft", "personal_text.body", "attachment"), "it was written", clearing.clear_drafts),
    Rule("conversations", "what was said in a conversation, so that one can ask on", ("turn",), "it was said",
         clearing.clear_conversations),
    Rule("questions", "what was asked of the papers, by whom, what they said of the answer, what an officer wrote back",
         ("question.text", "question.asker", "rating", "enquiry.asker", "enquiry.origin", "enquiry.answer"),
         "it was asked, and nobody has still to answer it", clearing.clear_questions),
    Rule("incoming", "that a message came in, and what one said that could not be handled", ("incoming",),
         "it came in", clearing.clear_incoming),
    Rule("notifications", "where a notification stands in Slack and what it was made from (numbers)",
         ("notification.about", "notification.place", "notification.problem"),
         "it was sent, and its concern is not open", clearing.clear_notifications),
    Rule("unconfirmed", "an alert that nobody has confirmed, and its address", ("subscription", "confirmation"),
         "it was asked for", clearing.clear_unconfirmed),
    Rule("addresses", "the address of whoever had alerts, where its webhooks went, and what it asked for",
         ("party.address", "subscription.sentence", "subscription.criteria", "subscription_match.why", "confirmation",
          "endpoint.url"), "its last alert ended", clearing.clear_addresses),
    Rule("postings", "what a provider posted and is refused, taken back or closed", ("posting",),
         "that, or it closed", clearing.clear_postings),
    Rule("links", "a link that signs somebody in", ("sign_in_link", "notification.about"), "it was made",
         clearing.clear_links),
    Rule("undo", "what was there before a file was taken in, to undo it", ("taking.before",), "it was taken in",
         clearing.clear_takings),
)  # fmt: skip
"""In the order in which they are done: addresses after what keeps them, but for postings, which see to theirs."""

STAYS: tuple[Staying, ...] = (
    Staying("figures of concerns: service, contract, states, moves and dates, numbers of people",
            ("concern", "concern_event", "provider_request", "pattern"), "reports to committees; nobody's words"),
    Staying("who is who", ("person", "party"), "for as long as somebody is on the people list, or deals with the desk"),
    Staying("whom to ask at a provider", ("provider_contact",), "until it is replaced, or that person is erased"),
    Staying("the contract register, with its managers and directors", ("contract", "unread_row", "contract_review"),
            "the council publishes it"),
    Staying("the timeline, with the contacts that were published", ("intention", "intention_version", "notice"),
            "published; its history shows that all were treated alike"),
    Staying("alerts and what each brought, by number", ("subscription", "subscription_match", "notification"),
            "shows that all were treated alike; no address once that is forgotten"),
    Staying("addresses that are not written to, as keyed hashes", ("suppression",),
            "so that an unsubscribing outlives the address"),
    Staying("what officers added to the digest and the vocabulary", ("own_entry", "own_saying"),
            "until it is retired: how the council answers"),
    Staying("checklists", ("checklist",), "until their owner deletes them, or is erased"),
    Staying("the audit", ("audit",), "numbers and keys only; nothing in it can be changed"),
    Staying("the list of what was erased (erasures.jsonl beside the record)", (),
            "numbers and keyed marks only, so that a restored backup brings nothing back"),
)  # fmt: skip
"""What no rule clears, and why."""
