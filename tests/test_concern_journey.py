"""The whole journey of a concern on both engines, its clock moved by hand: what each person was sent, and when."""

from __future__ import annotations

from council import CARER, DOREEN, IMRAN, PRIYA, SUNITA, Council, at
from post import twice

from handlers.messages import Outcome, Reply
from knowledge.concerns.nouns import State
from knowledge.workdays import LONDON, Calendar, Hours

PROVIDER = "rota@harbourlight.example.org"
QUESTION = "Were the morning visits of 20 to 22 December missed, and what are you doing about it?"
ANSWER = "Two of our staff were off sick. A new rota starts on 11 January."
REPLY = "The firm was short of staff. A new rota starts on 11 January; I check it on the 12th."
SECRETS = ("Gullhaven", "old chap", "mornings", "rota starts", "short of staff", "off sick", "Were the morning")
"""Words of what was written: the constituent's, the officer's, the provider's."""

TRANSCRIPT = """
Wed 23 Dec 09:00 sunita raised: C-0001: Home care
Wed 23 Dec 13:00 sunita reminded: C-0001: reminder
Wed 23 Dec 15:24 sunita reminded: C-0001: reminder
Thu 24 Dec 09:00 helen escalated: C-0001 is late
Tue 29 Dec 09:00 wendy escalated: C-0001 is late
Tue 29 Dec 10:30 doreen news: C-0001: in hand
Tue 29 Dec 11:00 doreen news: C-0001: with the provider
Tue 29 Dec 11:00 rota provider_asked: C-0001: please answer
Mon 4 Jan 09:00 sunita reminded: C-0001: reminder
Thu 7 Jan 09:00 rota provider_chased: C-0001: an answer is overdue
Thu 7 Jan 09:00 priya provider_late: C-0001: the provider is late
Thu 7 Jan 09:00 priya reminded: C-0001: reminder
Thu 7 Jan 14:00 doreen news: C-0001: in hand
Thu 7 Jan 14:00 priya provider_answered: C-0001: the provider has answered
Fri 8 Jan 10:00 doreen news: C-0001: answered
Tue 12 Jan 09:00 priya reminded: C-0001: reminder
Wed 13 Jan 09:00 priya raised: C-0001: Home care
Wed 13 Jan 13:00 priya reminded: C-0001: reminder
Wed 13 Jan 15:24 priya reminded: C-0001: reminder
Thu 14 Jan 09:00 helen escalated: C-0001 is late
Thu 14 Jan 10:00 doreen news: C-0001: in hand
Fri 15 Jan 10:00 doreen news: C-0001: answered
Fri 12 Feb 10:00 doreen was_it_fixed: C-0001: was it put right?
Mon 15 Feb 09:00 priya put_right: C-0001 was put right
"""
"""In order, each once. Christmas Day is a Friday, the 28th is a bank holiday for the 26th, and so is 1 January. From 5
January Sunita is away in her turn, and Priya, who is back, acts for her."""


def pressed(council: Council, who: str, reply: Reply, label: str, **fields: str) -> Reply:
    """The press of the button that a reply shows with this label."""
    choice = next(one for one in reply.choices if one.label == label)
    return council.press(who, choice.action, choice.about, **fields)


def test_a_concern_is_carried_to_its_end(council: Council) -> None:
    council.worker_alive()
    council.list(priya_venn={"away_from": "2026-12-21", "away_to": "2027-01-04"})

    # Tuesday 22 December 2026, after hours: a Member writes in her own words
    council.clock = at("2026-12-22", "17:30")
    found = council.say(DOREEN, CARER)
    assert (
        "It would go to Sunita Marwood (sunita.marwood@example.org), deputy, because the contract manager is away"
        in (found.text)
    )
    raised = pressed(council, DOREEN, found, "Raise it")
    assert raised.outcome is Outcome.RAISED
    assert raised.text == (
        "C-0001 is raised: Home care: Brenmouth (MCC-0002). Sunita Marwood (sunita.marwood@example.org), deputy, has "
        "it, because the contract manager is away. They see it on Wednesday 23 December 2026 at 09:00, when their "
        "hours begin. You hear that it is in hand by Wednesday 23 December 2026 at 17:00, and have an answer by Friday "
        "8 January 2027."
    )

    # nobody acknowledges it before Christmas: the ladder waits for whoever works
    council.until(at("2026-12-29", "10:30"))
    late = council.post.to("wendy.larkspur@example.org")[-1]
    assert "Sunita Marwood (sunita.marwood@example.org), deputy, has not acknowledged C-0001" in late.text

    # the deputy does, asks the provider, and goes away herself
    council.press(SUNITA, "acknowledge", "C-0001")
    council.until(at("2026-12-29", "11:00"))
    council.press(SUNITA, "ask_provider", "C-0001", to=PROVIDER, text=QUESTION)
    council.until(at("2027-01-05", "08:00"))
    council.list(sunita_marwood={"away_from": "2027-01-05", "away_to": "2027-01-29"})

    # the provider is late, is chased, and answers with a day
    council.until(at("2027-01-07", "14:00"))
    assert council.requests("C-0001")[0].chased == 1
    thanks = council.answer(1, ANSWER, promised="2027-01-11")
    assert thanks.text.endswith("with Monday 11 January 2027 as the day by which it will be right.")
    council.until(at("2027-01-08", "10:00"))
    assert council.press(PRIYA, "reply", "C-0001", text=REPLY).outcome is Outcome.CONCERN

    # the promised day passes; the Member says that nothing is better
    council.until(at("2027-01-12", "19:00"))
    reopened = council.say(DOREEN, "C-0001 is still not fixed, the carer came at noon again")
    assert reopened.text == "C-0001 is open again, with Priya Venn (priya.venn@example.org)."
    assert council.concern("C-0001").answer_by == at("2027-01-26", "17:00")
    council.until(at("2027-01-14", "10:00"))
    council.press(PRIYA, "acknowledge", "C-0001")
    council.until(at("2027-01-15", "10:00"))
    council.press(PRIYA, "reply", "C-0001", text="The firm has put a second carer on the round. I rang the family.")

    # four weeks later she is asked, and says that it was put right
    council.until(at("2027-02-13", "11:00"))
    asked = council.post.to(DOREEN)[-1]
    assert asked.text.startswith("Four weeks ago C-0001 was answered. Was it put right?")
    done = pressed(council, DOREEN, asked.letter.reply, "It was put right")
    assert done.text == "Good to hear. C-0001 is closed as put right."
    council.until(at("2027-12-31", "12:00"))

    assert council.post.lines() == TRANSCRIPT.strip().splitlines()
    assert council.errors == []
    assert council.concern("C-0001").state is State.CLOSED
    assert twice(council.post.sent) == []
    assert secrets_sent(council) == []
    assert sent_when_nobody_works(council) == []
    assert len({one.id for one in council.post.sent}) == len(council.post.sent)


def secrets_sent(council: Council) -> list[str]:
    """Words of what was written that left in a notification."""
    return [f"{secret} in {one}" for one in council.post.sent for secret in SECRETS if secret in one.everything]


def sent_when_nobody_works(council: Council) -> list[str]:
    """What was sent at night, at a weekend or on a holiday, and was not urgent."""
    office, calendar, found = Hours(), Calendar(), []
    for one in council.post.sent:
        local = one.at.astimezone(LONDON)
        if not one.urgent and not (calendar.is_working(local.date()) and office.opens <= local.time() < office.closes):
            found.append(str(one))
    return found


def test_what_happened_reads_as_a_story(council: Council) -> None:
    """The same road, shorter, as the concern's page tells it."""
    reference = council.raised()
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "ask_provider", reference, to=PROVIDER, text=QUESTION)
    council.answer(1, ANSWER, promised="2026-12-01")
    council.press(PRIYA, "reply", reference, text=REPLY)
    page = council.press(DOREEN, "open", reference)
    assert [one.what for one in page.happened] == [
        "Raised",
        "Acknowledged by Priya Venn",
        "Priya Venn asked the provider",
        "The provider answered and promises it by Tuesday 1 December 2026",
        "Priya Venn answered",
    ]
    assert [(one.what, one.by, one.body) for one in page.written] == [
        ("The concern", "Cllr Doreen Haspell", CARER),
        ("Asked of the provider", "Priya Venn", QUESTION),
        ("The provider's answer", PROVIDER, ANSWER),
        ("Answer to the Member", "Priya Venn", REPLY),
    ]


def test_a_follower_reads_the_same_story_in_states_and_dates(council: Council) -> None:
    reference = council.raised()
    found = council.say(IMRAN, CARER.replace("chap", "man"))
    offered = pressed(council, IMRAN, found, "Raise it")
    pressed(council, IMRAN, offered, f"Follow {reference}")
    council.press(PRIYA, "acknowledge", reference)
    council.press(PRIYA, "reply", reference, text=REPLY)
    council.press(DOREEN, "not_fixed", reference, text="")
    council.press(PRIYA, "close", reference, outcome="explained", text="x")
    council.post.deliver()
    heard = council.post.to(IMRAN)
    assert [one.kind for one in heard] == ["followed"] * 4
    assert sorted(one.letter.subject for one in heard) == [
        "C-0001: acknowledged", "C-0001: answered", "C-0001: closed", "C-0001: reopened: not fixed",
    ]  # fmt: skip
    said = " ".join(one.everything for one in heard)
    for hidden in ("Priya", "Doreen", "Harbourlight", "MCC-0002", "Gullhaven", "doreen", "priya"):
        assert hidden not in said.replace('"address":"imran', "")


def test_somebody_at_risk_on_christmas_day(council: Council) -> None:
    council.worker_alive()
    council.clock = at("2026-12-25", "23:10")
    told: list[int] = []
    council.with_desk(kick=lambda: told.append(len(council.post.deliver())))
    reply = council.say(DOREEN, "old lady in Gullhaven, daughter shouting and hitting her right now, screams")
    assert reply.outcome is Outcome.SAFEGUARDING
    assert reply.text.startswith("If anyone is in danger, call 999 now. Out of hours: 01632 960 999. Colin Amadi "
                                 "(safeguarding) is being told at once of C-0001.")  # fmt: skip
    assert told == [2], "it was sent before the reply was given"
    assert council.post.sent[0].urgent
    assert council.post.sent[0].recipient == "colin.amadi@example.org"
    council.press("colin.amadi@example.org", "acknowledge", "C-0001")
    council.until(at("2026-12-26", "12:00"))
    assert [one.kind for one in council.post.sent if one.recipient != DOREEN][2:] == ["reminded"]
    assert secrets_sent(council) == []
