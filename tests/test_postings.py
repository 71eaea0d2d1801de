"""Sub-contracts and partners: posted by providers, published by an officer, changed and taken back by their posters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from council import CARE, DOREEN, FARAH, HELEN, MONDAY, PRIYA, RUTH, SUNITA, WENDY, Council
from post import Sent

from bot.slack.events import form_asked
from handlers.messages import Outcome, Reply
from handlers.postings.words import wanted
from handlers.timed import run_due
from knowledge import postings
from knowledge.parties import parties_of
from knowledge.postings import Posting, State
from knowledge.subscriptions import record
from knowledge.subscriptions.nouns import Criteria, Offer
from knowledge.subscriptions.subject import kinds_of
from knowledge.subscriptions.suppressing import Reason, suppress
from knowledge.timeline.history import Whole, whole
from knowledge.timeline.nouns import State as Standing
from knowledge.timeline.selecting import select
from knowledge.timeline.wishing import Wish

LARK = "bids@larkfield.example.org"
"""A provider's address, known to nobody."""
FILLED = {
    "kind": "sub-contract", "provider": "Larkfield Care Ltd", "title": "Night sitting in Gullhaven",
    "description": "Two nights a week, for six people.", "service": "Home care", "area": "Gullhaven",
    "value": "£20k to £40k", "closes": "15/01/2027", "vcse": "yes", "contact_email": "team@larkfield.example.org",
}  # fmt: skip


def posts(council: Council, **more: str) -> Reply:
    """A stranger sends the form."""
    return council.send("", addresses=(), action="new_posting", fields={**FILLED, "email": LARK, **more})


def held(council: Council, number: int = 1) -> Posting:
    with council.store.reading() as connection:
        found = postings.by_number(connection, number)
    assert found is not None
    return found


def intention(council: Council, reference: str = "INT-1") -> Whole:
    with council.store.reading() as connection:
        found = whole(connection, reference, council.clock)
    assert found is not None
    return found


def public(council: Council) -> list[str]:
    with council.store.reading() as connection:
        return [one.reference for one in select(connection, Wish(past=True), council.desk.day).shown]


def last_to(council: Council, address: str) -> Sent:
    council.post.deliver()
    return council.post.to(address)[-1]


def published(council: Council, **more: str) -> str:
    """A posting that Priya has published. Gives its poster's address."""
    assert posts(council, contract=CARE, **more).outcome is Outcome.POSTING
    assert council.press(PRIYA, "publish_posting", "P-1").outcome is Outcome.TIMELINE
    return LARK


# --- posting ------------------------------------------------------------------------------------------------------


def test_what_a_provider_posts_is_read_by_nobody_before_an_officer_publishes_it(council: Council) -> None:
    reply = posts(council, contract=CARE.lower())
    assert "P-1 (Sub-contract available: Night sitting in Gullhaven) waits for an officer" in reply.text
    assert public(council) == []
    council.post.deliver()
    assert {one.recipient for one in council.post.sent} == {PRIYA, SUNITA}, "the manager, and whoever stands in for her"
    asked = last_to(council, PRIYA)
    assert "Larkfield Care Ltd asks to publish P-1" in asked.text
    assert "with Harbourlight Homecare Ltd" in asked.text, "its officer sees whose contract it is"
    assert asked.buttons == ("publish_posting", "open_posting", "refuse_posting")
    assert LARK not in asked.everything
    done = council.press(PRIYA, "publish_posting", "P-1")
    assert done.outcome is Outcome.TIMELINE
    terms = intention(council).intention.terms
    assert (terms.posted_by, terms.subcontract, terms.partner) == ("Larkfield Care Ltd", True, None)
    assert (terms.state, terms.low, terms.high, terms.area) == (Standing.OPEN, 20_000, 40_000, ("Gullhaven",))
    assert terms.description.endswith("It belongs to the council's contract MCC-0002, Home care: Brenmouth.")
    assert kinds_of(terms) == {Offer.SUBCONTRACT}
    assert public(council) == ["INT-1"], "no notice on Find a Tender is waited for"
    assert not intention(council).necessity.needed
    told = last_to(council, LARK)
    assert "published as INT-1, marked as posted by Larkfield Care Ltd and not by the council" in told.text
    assert told.buttons == ("change_posting", "withdraw_posting")


def test_a_partner_is_looked_for_without_a_contract_and_the_administrators_decide(council: Council) -> None:
    posts(council, kind="partner", title="A partner for day opportunities")
    council.post.deliver()
    assert {one.recipient for one in council.post.sent} == {RUTH, FARAH}
    council.press(FARAH, "publish_posting", "P-1")
    assert kinds_of(intention(council).intention.terms) == {Offer.PARTNER}
    again = council.press(RUTH, "publish_posting", "P-1")
    assert "P-1 is published as INT-1" in again.text
    assert public(council) == ["INT-1"], "the first who decides counts"


def test_without_administrators_triage_is_asked(council: Council) -> None:
    council.list(ruth_calloway=None, farah_lindqvist=None)
    posts(council)
    council.post.deliver()
    assert {one.recipient for one in council.post.sent} == {WENDY}
    assert council.press(WENDY, "publish_posting", "P-1").outcome is Outcome.TIMELINE


def test_what_is_decided_before_its_officer_reads_of_it_is_not_sent(council: Council) -> None:
    posts(council)
    council.press(RUTH, "publish_posting", "P-1")
    council.post.deliver()
    assert [(one.recipient, one.kind) for one in council.post.sent] == [(LARK, "posting_decided")]


def test_what_waits_for_a_week_comes_before_the_administrators_once(council: Council) -> None:
    posts(council, contract=CARE)
    for days, told in ((4, set()), (8, {RUTH, FARAH}), (12, {RUTH, FARAH})):
        council.clock = MONDAY + timedelta(days=days)
        run_due(council.desk)
        council.post.deliver()
        late = [one for one in council.post.sent if one.kind == "posting" and one.recipient not in (PRIYA, SUNITA)]
        assert {one.recipient for one in late} == told
        assert len(late) == len(told)
    assert "It waits since 23 November 2026." in last_to(council, FARAH).text


def test_refused_with_a_reason_which_the_poster_is_told(council: Council) -> None:
    posts(council, contract=CARE)
    form = council.press(PRIYA, "refuse_posting", "P-1").form
    assert form is not None
    assert council.press(PRIYA, "refuse_posting", "P-1", reason=" ").form is not None
    assert "is refused" in council.press(PRIYA, "refuse_posting", "P-1", reason="That is not your contract.").text
    assert last_to(council, LARK).text.endswith("The reason: That is not your contract.")
    assert council.press(PRIYA, "publish_posting", "P-1").outcome is Outcome.POSTING
    assert public(council) == []


@pytest.mark.parametrize("action", ["publish_posting", "refuse_posting"])
@pytest.mark.parametrize("who", [DOREEN, LARK])
def test_members_and_providers_decide_nothing(council: Council, who: str, action: str) -> None:
    posts(council)
    assert council.press(who, action, "P-1", reason="Because.").outcome is Outcome.REFUSED
    assert held(council).state is State.WAITING


def test_a_director_opens_what_waits_and_a_member_does_not(sqlite_council: Council) -> None:
    posts(sqlite_council)
    shown = sqlite_council.press(HELEN, "open_posting", "P-1")
    assert shown.table is not None
    assert ("Written by", LARK) in shown.table.rows
    assert [one.action for one in shown.choices] == ["publish_posting", "refuse_posting"]
    assert sqlite_council.press(DOREEN, "open_posting", "P-1").outcome is Outcome.REFUSED
    listed = sqlite_council.say(HELEN, "waiting postings")
    assert "P-1: Sub-contract available: Night sitting in Gullhaven, Larkfield Care Ltd" in listed.text


# --- what is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "tender"), ("kind", ""), ("provider", " "), ("title", ""), ("description", ""), ("closes", ""),
        ("closes", "soon"), ("closes", "2026-11-22"), ("closes", "2028-02-01"), ("value", "lots"), ("contract", "X-9"),
        ("contact_email", "team"), ("email", "nobody"), ("email", ""), ("title", "x" * 201),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_its_field_and_nothing_is_kept(council: Council, field: str, value: str) -> None:
    reply = posts(council, **{field: value})
    assert reply.form is not None
    assert set(reply.form.errors) == {field}
    with council.store.reading() as connection:
        assert postings.waiting(connection) == []


def test_the_form_sent_twice_is_one_posting_and_asks_once(council: Council) -> None:
    for _ in range(2):
        assert "P-1" in posts(council).text
    council.post.deliver()
    assert len(council.post.to(RUTH)) == 1


def test_of_too_many_that_wait_no_more_are_taken(sqlite_council: Council) -> None:
    for number in range(postings.MOST_WAITING):
        posts(sqlite_council, title=f"Night sitting {number}")
    assert posts(sqlite_council, title="One more").outcome is Outcome.REFUSED
    assert posts(sqlite_council, title="One more", email="other@example.org").outcome is Outcome.POSTING


# --- changing and taking back ------------------------------------------------------------------------------------


def test_a_change_is_published_by_an_officer_too_and_keeps_its_reason(council: Council) -> None:
    lark = published(council)
    form = council.press(lark, "change_posting", "P-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    assert (filled["closes"], filled["value"], filled["kind"]) == ("2027-01-15", "£20,000 to £40,000", "sub-contract")
    assert filled["description"] == "Two nights a week, for six people."
    assert council.press(lark, "change_posting", "P-1", **filled).form is not None, "no reason is given"
    moved = {**filled, "closes": "2027-02-01", "area": "", "reason": "More time was asked for."}
    assert "P-2 waits for an officer" in council.press(lark, "change_posting", "P-1", **moved).text
    assert intention(council).intention.version == 1
    assert "It changes INT-1" in last_to(council, PRIYA).text
    council.press(PRIYA, "publish_posting", "P-2")
    newest = intention(council).versions[0]
    assert [one.field for one in newest.changes] == ["closes", "area"]
    assert newest.reason == "More time was asked for."
    assert intention(council).intention.terms.area == ()


def test_what_is_changed_while_it_waits_takes_its_place_so_that_nobody_publishes_what_they_did_not_read(
    council: Council,
) -> None:
    posts(council)
    form = council.press(LARK, "change_posting", "P-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    council.press(LARK, "change_posting", "P-1", **{**filled, "title": "Night sitting", "reason": "Plainer."})
    assert "P-1 was taken back: replaced by P-2" in council.press(RUTH, "publish_posting", "P-1").text
    council.press(RUTH, "publish_posting", "P-2")
    assert intention(council).intention.terms.title == "Night sitting"
    assert public(council) == ["INT-1"]


def test_taken_back_with_a_reason_and_without_an_officer(council: Council) -> None:
    lark = published(council)
    assert council.press(lark, "withdraw_posting", "P-1").form is not None
    assert "INT-1 is withdrawn" in council.press(lark, "withdraw_posting", "P-1", reason="It is taken.").text
    assert intention(council).intention.terms.state is Standing.WITHDRAWN
    assert intention(council).versions[0].reason == "It is taken."
    assert council.press(lark, "change_posting", "P-1").outcome is Outcome.REFUSED


def test_a_change_that_waits_goes_with_what_is_taken_back(council: Council) -> None:
    lark = published(council)
    form = council.press(lark, "change_posting", "P-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    council.press(lark, "change_posting", "P-1", **{**filled, "title": "Nights", "reason": "Plainer."})
    council.press(lark, "withdraw_posting", "P-1", reason="It is taken.")
    assert council.press(PRIYA, "publish_posting", "P-2").outcome is Outcome.POSTING
    assert intention(council).intention.terms.state is Standing.WITHDRAWN


def test_a_change_of_what_an_officer_has_withdrawn_is_not_published(council: Council) -> None:
    lark = published(council)
    form = council.press(lark, "change_posting", "P-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    council.press(lark, "change_posting", "P-1", **{**filled, "title": "Nights", "reason": "Plainer."})
    council.press(PRIYA, "withdraw_intention", "INT-1", reason="The provider has closed.")
    refused = council.press(PRIYA, "publish_posting", "P-2")
    assert (refused.outcome, "INT-1 is withdrawn" in refused.text) == (Outcome.REFUSED, True)
    assert held(council, 2).state is State.WAITING, "nothing is half done"


@pytest.mark.parametrize("action", ["change_posting", "withdraw_posting"])
def test_nobody_else_changes_it(council: Council, action: str) -> None:
    published(council)
    for who in ("other@example.org", DOREEN, PRIYA):
        assert council.press(who, action, "P-1", **FILLED, reason="Because.").outcome is Outcome.REFUSED
    assert council.send("", addresses=(), action=action, about="P-1").outcome is Outcome.REFUSED
    assert len(intention(council).versions) == 1


def test_a_tender_of_the_councils_with_the_same_title_is_another_intention(council: Council) -> None:
    published(council)
    reply = council.press(PRIYA, "new_intention", "", title=FILLED["title"], tender="2027-09-01", anyway="yes")
    assert "INT-2" in reply.text
    assert public(council) == ["INT-1", "INT-2"] or public(council) == ["INT-2", "INT-1"]


def test_it_is_forgotten_who_posted_what_was_refused_and_what_has_closed(council: Council) -> None:
    posts(council)
    council.press(RUTH, "refuse_posting", "P-1", reason="No.")
    published_by(council, "P-2")
    council.clock = MONDAY + timedelta(days=27)
    run_due(council.desk)
    assert held(council).state is State.REFUSED
    council.clock = MONDAY + timedelta(days=29)
    run_due(council.desk)
    with council.store.reading() as connection:
        assert postings.by_number(connection, 1) is None
        assert postings.by_number(connection, 2) is not None
    council.press(LARK, "withdraw_posting", "P-2", reason="It is taken.")
    council.post.deliver()
    council.clock = MONDAY + timedelta(days=90)
    run_due(council.desk)
    with council.store.reading() as connection:
        assert postings.by_number(connection, 2) is None
        assert parties_of(connection, [LARK]) == set(), "nor is the address kept"
        assert parties_of(connection, [RUTH]) != set()
    assert public(council) == ["INT-1"], "what was published stays"


def published_by(council: Council, reference: str) -> None:
    posts(council, title="Another")
    assert council.press(RUTH, "publish_posting", reference).outcome is Outcome.TIMELINE


def test_a_number_is_given_once(council: Council) -> None:
    """A link to change a posting holds its number, and works for longer than what was refused is kept."""
    posts(council)
    council.press(RUTH, "refuse_posting", "P-1", reason="No.")
    council.clock = MONDAY + timedelta(days=29)
    run_due(council.desk)
    reply = posts(council, title="Somebody else's", email="else@example.org")
    assert "P-2" in reply.text
    assert council.press(LARK, "withdraw_posting", "P-1", reason="Mine.").outcome is Outcome.REFUSED
    assert held(council, 2).state is State.WAITING
    council.post.deliver()
    (told,) = [one for one in council.post.to(RUTH) if one.kind == "posting"]
    assert "P-2" in told.letter.subject


# --- what strangers may not ----------------------------------------------------------------------------------------


def test_officers_are_not_written_to_at_every_change_of_one_posting(council: Council) -> None:
    posts(council)
    for number in range(1, 40):
        given = {**FILLED, "title": f"Nights {number}", "reason": "Another night."}
        reply = council.press(LARK, "change_posting", f"P-{number}", **given)
        if reply.outcome is Outcome.REFUSED:
            break
    assert number == postings.MOST_A_DAY
    assert "try again" in reply.text.lower()
    assert held(council, number).state is State.WAITING, "what waits still waits"
    council.clock += timedelta(days=1)
    assert council.press(LARK, "change_posting", f"P-{number}", **given).outcome is Outcome.POSTING


def test_whoever_asked_not_to_be_written_to_is_not_for_a_strangers_posting(council: Council) -> None:
    with council.store.writing() as connection:
        suppress(connection, LARK, Reason.ASKED, council.clock)
    assert "We write to" in posts(council).text, "nobody learns of it"
    council.press(RUTH, "refuse_posting", "P-1", reason="No.")
    council.post.deliver()
    assert council.post.to(LARK) == []


def test_what_is_posted_has_no_characters_that_nobody_sees(sqlite_council: Council) -> None:
    """One turns the words round it: what is said of who posted it would read otherwise."""
    posts(sqlite_council, provider="Lark\u202efield\x07 Ltd\u200b")
    assert held(sqlite_council).terms.posted_by == "Larkfield Ltd"


@pytest.mark.parametrize(
    ("field", "value"),
    [("service", "x" * 1_001), ("area", ",".join(["Gullhaven"] * 200)), ("reason", "y" * 4_001)],
)  # fmt: skip
def test_no_field_takes_a_book(sqlite_council: Council, field: str, value: str) -> None:
    posts(sqlite_council)
    given = {**FILLED, "title": "Other", "reason": "Another night.", field: value}
    reply = sqlite_council.press(LARK, "change_posting", "P-1", **given)
    assert reply.form is not None
    assert reply.form.errors == {field: f"Up to {4_000 if field == 'reason' else 1_000:,} characters."}
    if field == "reason":
        assert sqlite_council.press(LARK, "withdraw_posting", "P-1", reason=value).form is not None
        assert held(sqlite_council).state is State.WAITING


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "action", "about"),
    [
        ("post a sub-contract", "new_posting", "sub-contract"), ("Post a subcontract!", "new_posting", "sub-contract"),
        ("sub-contract available", "new_posting", "sub-contract"), ("partner wanted", "new_posting", "partner"),
        ("we are looking for a consortium partner", "new_posting", "partner"), ("post", "new_posting", ""),
        ("we want to post a sub-contract notice", "new_posting", "sub-contract"),
        ("please offer sub-contracting work", "new_posting", "sub-contract"),
        ("withdraw P-12", "withdraw_posting", "P-12"), ("change posting p3", "change_posting", "P-3"),
        ("waiting postings", "waiting_postings", ""),
    ],
)  # fmt: skip
def test_a_few_words_are_understood(text: str, action: str, about: str) -> None:
    asked = wanted(text)
    assert asked is not None
    assert (asked.action, asked.about) == (action, about)
    opened = form_asked({"text": text})
    assert (opened is not None) is (action != "waiting_postings")


@pytest.mark.parametrize(
    "text",
    [
        "any sub-contracts available in Thanet?", "which partners do we work with", "the post has not come",
        "are there sub-contracts", "withdraw INT-3", "post office closures", "what does partnership mean", "",
        "tell me about sub-contracts",
    ],
)  # fmt: skip
def test_other_words_ask_for_something_else(text: str) -> None:
    assert wanted(text) is None


def test_typed_it_offers_the_form_even_where_others_read_along(sqlite_council: Council) -> None:
    for public_too in (False, True):
        reply = sqlite_council.send("", addresses=(), text="partner wanted", public=public_too)
        assert [(one.action, one.about, one.opens_form) for one in reply.choices] == [("new_posting", "partner", True)]
    form = sqlite_council.send("", addresses=(), action="new_posting", about="partner").form
    assert form is not None
    assert next(one.value for one in form.entries if one.name == "kind") == "partner"
    assert "email" in {one.name for one in form.entries}, "nobody knows whom to write to"
    known = sqlite_council.press(PRIYA, "new_posting").form
    assert known is not None
    assert "email" not in {one.name for one in known.entries}


# --- who hears ----------------------------------------------------------------------------------------------------


def test_those_who_asked_for_sub_contracts_hear_of_it_of_its_change_and_of_its_end(council: Council) -> None:
    small = "small@example.org"
    criteria = Criteria(services=("home-care",), kinds=(Offer.SUBCONTRACT,))
    with council.store.writing() as connection:
        id = record.propose(
            connection, MONDAY, recipient=small, owner=small, channel="screen", sentence="", criteria=criteria,
            every="at once",
        )  # fmt: skip
        record.agree(connection, id, MONDAY)
    lark = published(council)
    first = last_to(council, small)
    assert "Night sitting in Gullhaven" in first.everything
    assert "Posted by Larkfield Care Ltd, not by the council" in first.everything
    form = council.press(lark, "change_posting", "P-1").form
    assert form is not None
    filled = {one.name: one.value for one in form.entries}
    council.press(lark, "change_posting", "P-1", **{**filled, "closes": "2027-02-01", "reason": "More time."})
    council.press(PRIYA, "publish_posting", "P-2")
    assert "More time." in last_to(council, small).everything
    council.press(lark, "withdraw_posting", "P-1", reason="It is taken.")
    assert "It is taken." in last_to(council, small).everything
    assert len(council.post.to(small)) == 3


def test_whoever_types_an_officers_address_into_the_form_is_no_officer_by_its_link(council: Council) -> None:
    """The link is on the page that a stranger sees after sending the form, whatever address they typed."""
    assert posts(council, email=RUTH).outcome is Outcome.POSTING
    opened = council.send(RUTH, action="open_posting", about="P-1", surface="link")
    assert {choice.action for choice in opened.choices} == {"change_posting", "withdraw_posting"}
    assert RUTH not in opened.model_dump_json()
    assert "publish_posting" in {choice.action for choice in council.press(RUTH, "open_posting", "P-1").choices}


def test_the_same_change_of_two_offers_is_two_changes(council: Council) -> None:
    """It was once taken for a form sent twice: the second offer stayed as it was, and nobody said so."""
    for title in ("Night sitting in Gullhaven", "Laundry"):
        posts(council, title=title)
    for number in ("P-1", "P-2"):
        council.press(RUTH, "publish_posting", number)
    changed = {**FILLED, "title": "Sitting and laundry", "reason": "We do both now."}
    for number in ("P-1", "P-2", "P-2"):
        council.press(LARK, "change_posting", number, **changed)
    assert [held(council, number).on_timeline for number in (3, 4)] == ["INT-1", "INT-2"]
    for number in ("P-3", "P-4"):
        council.press(RUTH, "publish_posting", number)
    for reference in ("INT-1", "INT-2"):
        assert intention(council, reference).intention.terms.title == "Sitting and laundry"


def test_an_offer_changed_to_what_another_waiting_change_says_waits_no_more(council: Council) -> None:
    posts(council, title="Night sitting in Gullhaven")
    posts(council, title="Laundry")
    changed = {**FILLED, "title": "Sitting and laundry", "reason": "We do both now."}
    for number in ("P-1", "P-2"):
        council.press(LARK, "change_posting", number, **changed)
    assert [held(council, number).state for number in (1, 2)] == [State.WITHDRAWN, State.WITHDRAWN]


def test_what_cannot_be_taken_back_keeps_the_change_that_waits(council: Council) -> None:
    """A refusal changes nothing: the change of a withdrawn offer that waited was once thrown away by it."""
    published(council)
    council.press(LARK, "change_posting", "P-1", **FILLED, reason="A slip.")
    council.press(RUTH, "withdraw_intention", "INT-1", reason="Not ours to publish.")
    reply = council.press(LARK, "withdraw_posting", "P-1", reason="We have found somebody.")
    assert reply.outcome is Outcome.REFUSED
    assert held(council, 2).state is State.WAITING
