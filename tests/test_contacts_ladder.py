"""Who gets a concern when the first of them cannot: away, vacant, unreachable, nobody; and what happens when it shows
only as it is sent."""

from __future__ import annotations

from datetime import date

import pytest
from council import CARE, COLIN, DANIEL, DOREEN, FARAH, HELEN, MARCUS, PRIYA, RUTH, SUNITA, WENDY, Council, at

from handlers.messages import Outcome
from handlers.undelivered import undeliverable
from knowledge.concerns.nouns import State
from knowledge.models import Person, Role
from knowledge.outbox.owed import Owed, owed_of
from knowledge.parties import unreachable
from knowledge.register.contacts import contact_for, ladder, stand_in, stood_in_for
from knowledge.register.contract import Contract
from knowledge.register.correcting import correct
from knowledge.tables import notification

DAY = date(2026, 11, 20)
PROVIDER = "rota@harbourlight.example.org"
AWAY = {"away_from": "2026-11-16", "away_to": "2026-11-27"}


def person(name: str, role: Role = Role.MANAGER, **about: str) -> Person:
    """Somebody on the people list: person("ann", away_from=...)."""
    return Person(email=f"{name}@example.org", name=name.title(), roles=frozenset({role}), **about)


def about(**fields: str) -> Contract:
    """A contract with people: about(manager="ann", director="di")."""
    people = {f"{role}_email": f"{name}@example.org" for role, name in fields.items()}
    return Contract(reference="R", title="T", **fields, **people)


def names(contract: Contract | None, people: list[Person], deaf: tuple[str, ...] = ()) -> list[str]:
    """The ladder, by name."""
    return [one.email.partition("@")[0] for one in ladder(contract, people, DAY, deaf)]


ANN = about(manager="ann", deputy="dot", director="di")
VACANT = "the post of contract manager is vacant"
TRIAGE = person("tri", Role.TRIAGE)


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([TRIAGE], ["ann", "dot", "di", "tri"]),
        ([TRIAGE, person("ann", **AWAY)], ["dot", "di", "tri"]),
        ([TRIAGE, person("ann", **AWAY, deputy="sue@example.org")], ["dot", "di", "tri"]),
        ([TRIAGE, person("ann", **AWAY), person("dot", **AWAY, deputy="sue@example.org")], ["sue", "di", "tri"]),
        ([TRIAGE, person("di", **AWAY, deputy="bo@example.org"), person("bo")], ["ann", "dot", "bo", "tri"]),
        ([TRIAGE, person("di", away_from="2026-12-01", deputy="bo@example.org")], ["ann", "dot", "di", "tri"]),
        ([TRIAGE, person("ann", away_from="2026-11-21")], ["ann", "dot", "di", "tri"]),
        ([TRIAGE, person("ann", away_from="2026-11-20", away_to="2026-11-20")], ["dot", "di", "tri"]),
        ([TRIAGE, person("ann", away_from="2026-11-01")], ["dot", "di", "tri"]),
    ],
    ids=[
        "everybody there", "the manager away", "the register's deputy before the list's", "the deputy's deputy",
        "the director's deputy", "a director who goes later", "a manager who goes tomorrow", "away for one day",
        "away without an end",
    ],
)  # fmt: skip
def test_the_ladder_leaves_out_whoever_is_away(people: list[Person], expected: list[str]) -> None:
    assert names(ANN, people) == expected


def test_deputies_who_are_each_others_end_the_search() -> None:
    people = [
        TRIAGE,
        person("ann", **AWAY, deputy="bea@example.org"),
        person("bea", **AWAY, deputy="ann@example.org"),
    ]
    assert names(about(manager="ann"), people) == ["tri"]
    assert stand_in("ann@example.org", people, DAY) == ""


def test_a_deputy_who_is_only_a_name_is_nobody_to_write_to() -> None:
    people = [TRIAGE, person("ann", **AWAY, deputy="Sue Smith")]
    assert names(about(manager="ann"), people) == ["tri"]


def test_why_it_comes_to_somebody_names_everybody_passed_over() -> None:
    people = [
        TRIAGE,
        person("ann", **AWAY),
        person("dot", **AWAY),
        person("di", **AWAY, deputy="bo@example.org"),
        person("bo"),
    ]
    found = contact_for(ANN, people, DAY)
    assert found is not None
    assert (found.name, found.role) == ("Bo", "acting lead director")
    assert found.because == "the contract manager is away; the deputy is away; the lead director is away"


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"manager": "Vacant - recruiting", "manager_email": "pool@example.org"}, VACANT),
        ({"manager": "TBC", "manager_email": ""}, VACANT),
        ({"manager": "Ann", "manager_email": "ring me"}, "the register names no contract manager with an address"),
        ({"manager": "", "manager_email": ""}, "the register names no contract manager with an address"),
        ({"manager": "Ann", "manager_email": "no-reply@example.org"},
         "the contract manager cannot be reached (nobody reads that address)"),
        ({"manager": "Ann", "manager_email": "care.donotreply@example.org"},
         "the contract manager cannot be reached (nobody reads that address)"),
        ({"manager": "Ann", "manager_email": "Ann@Example.org"},
         "the contract manager cannot be reached (messages come back)"),
    ],
)  # fmt: skip
def test_a_manager_who_cannot_be_told_is_passed_over_with_the_reason(fields: dict[str, str], because: str) -> None:
    contract = Contract(reference="R", title="T", director="Di", director_email="di@example.org", **fields)
    found = contact_for(contract, [TRIAGE], DAY, ["ann@example.org"])
    assert found is not None
    assert (found.email, found.because) == ("di@example.org", because)


def test_an_address_in_other_letters_is_the_same_person() -> None:
    contract = about(manager="ann", director="ann")
    assert names(contract, [TRIAGE, person("ann", **AWAY)]) == ["tri"]
    capital = Contract(reference="R", title="T", manager="Ann", manager_email="ANN@example.org ", director="Ann",
                       director_email="ann@example.org")  # fmt: skip
    assert [one.email for one in ladder(capital, [TRIAGE], DAY)] == ["ANN@example.org", "tri@example.org"]


def test_a_deactivated_slack_user_without_an_address_is_passed_over() -> None:
    people = [
        Person(slack_id="U0TRIA", name="Tria", roles=frozenset({Role.TRIAGE})),
        Person(slack_id="U0TRIB", name="Trib", roles=frozenset({Role.TRIAGE})),
    ]
    assert [one.email for one in ladder(None, people, DAY, {"U0TRIA"})] == ["U0TRIB"]


def test_with_triage_away_their_deputy_acts_and_else_triage_has_it_all_the_same() -> None:
    away = person("tri", Role.TRIAGE, **AWAY, deputy="sue@example.org")
    found = contact_for(None, [away, person("sue", Role.OFFICER)], DAY)
    assert found is not None
    assert (found.email, found.role, found.because) == (
        "sue@example.org", "acting triage contact", "the triage contact is away",
    )  # fmt: skip
    alone = contact_for(None, [person("tri", Role.TRIAGE, **AWAY)], DAY)
    assert alone is not None
    assert (alone.email, alone.role, alone.because) == (
        "tri@example.org",
        "triage contact",
        "the triage contact is away",
    )


def test_with_nobody_at_all_nobody_is_named() -> None:
    assert ladder(about(manager="ann"), [person("ann", **AWAY)], DAY) == []


def test_somebody_acts_for_those_whose_live_deputy_they_are() -> None:
    ann, bea = person("ann", **AWAY, deputy="bea@example.org"), person("bea", **AWAY, deputy="cat@example.org")
    cat, don = person("cat"), person("don", deputy="cat@example.org")
    people = [ann, bea, cat, don]
    assert [one.name for one in stood_in_for(cat, people, DAY)] == ["Ann", "Bea"]
    assert stood_in_for(bea, people, DAY) == []


# --- what does not arrive -----------------------------------------------------------------------------------------


def lines(council: Council) -> list[tuple[str, str, str]]:
    """Kind, recipient and channel of what was sent."""
    return [(one.kind, one.recipient, one.channel) for one in council.post.sent]


def owed(council: Council) -> list[Owed]:
    """Everything that was ever owed."""
    import sqlalchemy as sa

    with council.store.reading() as connection:
        return owed_of(connection, connection.execute(sa.select(notification)).all())


def test_slack_fails_and_the_same_goes_by_email(council: Council) -> None:
    council.with_desk(channels=frozenset({"slack", "email"}))
    council.post.dead["slack", PRIYA] = "user_not_found"
    reference = council.raised()
    council.post.deliver()
    assert lines(council) == [("raised", PRIYA, "email")]
    assert council.concern(reference).holder == PRIYA
    with council.store.reading() as connection:
        assert unreachable(connection) == {}


def test_slack_and_email_fail_and_the_next_person_has_it_and_triage_is_told_once(council: Council) -> None:
    council.with_desk(channels=frozenset({"slack", "email"}))
    council.post.dead["", PRIYA] = "bounced"
    reference = council.raised()
    council.post.deliver()
    assert lines(council) == [
        ("news", DOREEN, "slack"), ("raised", SUNITA, "slack"), ("undelivered", WENDY, "slack"),
    ]  # fmt: skip
    made = council.concern(reference)
    assert (made.holder, made.holder_role, made.state) == (SUNITA, "deputy", State.RAISED)
    told = council.post.to(WENDY)[0].text
    assert "A notification about C-0001 to priya.venn@example.org could not be delivered (bounced)" in told
    assert "Sunita Marwood (sunita.marwood@example.org) was told instead" in told
    assert "C-0001 is with Sunita Marwood (sunita.marwood@example.org) now" in council.post.to(DOREEN)[0].text
    assert "messages come back" in council.post.to(SUNITA)[0].text
    second = council.raised(contract="MCC-0003")
    assert council.concern(second).holder == SUNITA, "the next concern does not even try"


def test_the_same_news_of_a_bounce_again_changes_nothing(council: Council) -> None:
    council.post.dead["", PRIYA] = "bounced"
    reference = council.raised()
    council.post.deliver()
    before = (council.moves(reference), council.owed(), council.concern(reference))
    first = next(one for one in owed(council) if one.recipient == PRIYA)
    for _ in range(2):
        undeliverable(first, "bounced", council.desk)
    council.post.deliver()
    assert (council.moves(reference), council.owed(), council.concern(reference)) == before


def test_down_the_whole_ladder_each_is_tried_once(council: Council) -> None:
    for who in (PRIYA, SUNITA, HELEN):
        council.post.dead["", who] = "bounced"
    reference = council.raised()
    council.post.deliver()
    made = council.concern(reference)
    assert (made.holder, made.holder_role) == (MARCUS, "acting lead director")
    assert council.moves(reference).count("undelivered") == 3
    assert [kind for kind, who, _ in lines(council) if who == WENDY] == ["undelivered"] * 3
    assert [who for kind, who, _ in lines(council) if kind == "raised"] == [MARCUS]


def test_where_nothing_arrives_anywhere_it_ends_and_an_administrator_is_told(council: Council) -> None:
    council.list(helen_straker={"deputy": ""}, wendy_larkspur={"deputy": ""})
    for who in (PRIYA, SUNITA, HELEN, WENDY):
        council.post.dead["", who] = "bounced"
    reference = council.raised()
    council.post.deliver()
    administrators = {one.recipient for one in council.post.sent if one.kind == "undelivered"}
    assert administrators <= {RUTH, FARAH}
    assert administrators
    assert council.concern(reference).holder, "never nobody"
    council.post.dead["", RUTH] = council.post.dead["", FARAH] = "bounced"
    council.until(at("2026-12-20"))
    assert council.errors == []


def test_an_address_that_dies_while_it_is_in_hand_has_the_next_person_acknowledge_anew(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.post.deliver()
    council.post.dead["", PRIYA] = "bounced"
    council.until(at("2026-12-01", "12:00"))
    made = council.concern(reference)
    assert (made.state, made.holder) == (State.TRANSFERRED, SUNITA)
    assert made.acknowledge_by > at("2026-12-01", "12:00")
    assert ("news", DOREEN) in [(one.kind, one.recipient) for one in council.post.sent]
    council.until(at("2026-12-04", "12:00"))
    assert ("escalated", HELEN) in [(one.kind, one.recipient) for one in council.post.sent]


def test_what_was_for_a_director_goes_to_the_next_of_the_ladder(council: Council) -> None:
    council.post.dead["", SUNITA] = "bounced"
    reference = council.raised()
    council.until(at("2026-11-25", "09:00"))
    told = [(one.kind, one.recipient) for one in council.post.sent if one.kind == "escalated"]
    assert told == [("escalated", HELEN)]
    assert council.press(HELEN, "open", reference).written
    council.until(at("2026-11-30", "09:00"))
    told = [(one.kind, one.recipient) for one in council.post.sent if one.kind == "escalated"]
    assert [who for _, who in told].count(WENDY) == 1


def test_danger_that_does_not_reach_safeguarding_reaches_triage_at_once(council: Council) -> None:
    council.clock = at("2026-11-22", "03:00")
    council.post.dead["", COLIN] = "bounced"
    reference = council.raised(at_risk="yes")
    council.post.deliver()
    assert [(one.kind, one.recipient) for one in council.post.sent if one.urgent] == [("at_risk", WENDY)]
    assert council.press(WENDY, "open", reference).written


def test_a_members_dead_address_is_told_to_triage_and_moves_nothing(council: Council) -> None:
    council.post.dead["", DOREEN] = "bounced"
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "reply", reference, text="Mended.")
    council.post.deliver()
    assert [one.recipient for one in council.post.sent if one.kind == "undelivered"] == [WENDY]
    assert council.concern(reference).state is State.ANSWERED
    assert "was told instead" not in council.post.to(WENDY)[0].text


# --- a provider's address -----------------------------------------------------------------------------------------


def test_a_providers_dead_address_comes_back_to_the_manager_who_gives_another(council: Council) -> None:
    council.post.dead["", PROVIDER] = "bounced"
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.post.deliver()
    told = council.post.to(PRIYA)[-1]
    assert (told.kind, "ask_provider" in told.buttons) == ("provider_unreachable", True)
    assert f"messages to {PROVIDER} at Harbourlight Homecare Ltd come back (bounced)" in told.text
    assert council.concern(reference).state is State.ACKNOWLEDGED, "nobody waits for what never arrived"
    assert [one.recipient for one in council.post.sent if one.kind == "undelivered"] == [WENDY]
    form = council.press(PRIYA, "ask_provider", reference).form
    assert form
    assert form.entries[0].value == ""
    wrong = council.press(PRIYA, "ask_provider", reference, to=PROVIDER.upper(), text="Again?").form
    assert wrong
    assert wrong.errors == {"to": "Messages to this address come back. Give another one."}
    council.press(PRIYA, "ask_provider", reference, to="other@harbourlight.example.org", text="What happened?")
    council.until(at("2026-12-02"))
    late = [one.recipient for one in council.post.sent if one.kind == "provider_chased"]
    assert late == ["other@harbourlight.example.org"], "the dead address is chased no more"


def test_a_provider_whose_address_dies_later_is_not_chased_any_more(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text="What happened?")
    council.post.deliver()
    council.post.dead["", PROVIDER] = "bounced"
    council.until(at("2027-01-15"))
    kinds = [one.kind for one in council.post.sent]
    assert (kinds.count("provider_unreachable"), kinds.count("provider_chased")) == (1, 0)
    assert council.concern(reference).state is State.ACKNOWLEDGED


@pytest.mark.parametrize("to", ["no-reply@harbourlight.example.org", "donotreply@harbourlight.example.org"])
def test_an_address_at_which_nobody_reads_is_not_asked(council: Council, to: str) -> None:
    reference = council.raised()
    form = council.press(PRIYA, "ask_provider", reference, to=to, text="What happened?").form
    assert form
    assert "Nobody reads" in form.errors["to"]


def test_addresses_of_the_register_at_which_nobody_reads_are_told_to_triage_once(council: Council) -> None:
    with council.store.writing() as connection:
        correct(connection, CARE, "manager_email", "no-reply@example.org")
    first, second = (
        council.raised(),
        council.raised(text="The carer shouted at her in Hexby."),
    )
    assert {council.concern(one).holder for one in (first, second)} == {HELEN}
    council.post.deliver()
    told = [one for one in council.post.sent if one.kind == "undelivered"]
    assert [one.recipient for one in told] == [WENDY]
    assert "no-reply@example.org" in told[0].text


def test_a_contract_given_to_it_goes_past_an_address_that_is_known_to_be_dead(council: Council) -> None:
    council.post.dead["", PRIYA] = "bounced"
    council.raised()
    council.post.deliver()
    other = council.raised(contract="MCC-0032", text="A pothole as big as a bath.")
    council.press(DOREEN, "wrong_contract", other, contract="MCC-0004")
    assert council.concern(other).holder == SUNITA


def test_an_officer_outside_the_ladder_who_cannot_be_told_is_passed_over(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "pass_on", reference, to=DANIEL)
    council.post.dead["", DANIEL] = "bounced"
    council.post.deliver()
    assert council.concern(reference).holder == PRIYA
    assert MARCUS not in [one.recipient for one in council.post.sent]


def test_a_manager_whom_only_the_register_names_is_told_and_can_act(council: Council) -> None:
    council.list(priya_venn=None)  # nobody has put her on the people list
    reference = council.raised()
    assert council.concern(reference).holder == PRIYA
    letter = next(one for one in council.post.deliver() if one.recipient == PRIYA).letter
    assert "Acknowledge" in [choice.label for choice in letter.reply.choices]
    assert council.press(PRIYA, "acknowledge", reference).text.startswith("You have C-0001 in hand")
    assert council.press(PRIYA, "open", reference).written, "it is hers, so she reads it"
    assert council.press("stranger@example.org", "open", reference).outcome is Outcome.REFUSED
