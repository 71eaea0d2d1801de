"""Alerts from end to end: somebody asks to hear, an officer changes a plan and says why, and the news arrives once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import cast
import pytest
from alerts import MAIL, ROSA
from cast import OLIVE, Clock
from council import FARAH, Council, at
from mail import MailServer

from bot.blocks import blocks_of
from bot.commands.working import worker_of
from bot.wiring import Wiring
from handlers.dispatch import handle
from handlers.messages import Message, Outcome, Reply
from handlers.timed import run_due
from knowledge.models import Role
from knowledge.subscriptions import confirming
from knowledge.subscriptions.confirming import Wanted
from knowledge.subscriptions.nouns import Area, Criteria
from webhooks import create_app

BIDS = "bids@marl-care.example.org"
WANTED = Criteria(services=("home-care",), areas=(Area(name="Gullhaven"),), high=500_000)
BEGAN = at("2025-11-17", "09:00")
"""A Monday that has passed: what is owed by it, a worker finds due."""
INTENTION = {
    "title": "Home care in Gullhaven", "description": "Visits to people at home, by day and by night.",
    "stage": "plan", "route": "tender", "value": "£200k to £450k", "tender": "June 2027", "start": "October 2027",
    "area": "Gullhaven", "vcse": "yes", "contact_email": "commissioning@example.org",
}  # fmt: skip
WHY = "Providers asked for more time to form partnerships."


@dataclass
class Town:
    """A desk with a mail server, its pages, and a clock moved by hand."""

    wiring: Wiring
    server: MailServer
    clock: Clock

    def works(self, now: datetime | None = None) -> list[EmailMessage]:
        """A worker does all that is due by a moment. Gives the letters that came of it, without those to the council's
        own people."""
        self.clock.now = now or self.clock.now
        before = len(self.server.arrived)
        worker_of(self.wiring).run_until_idle()
        return [mail for mail in self.server.arrived[before:] if str(mail["To"]) in (ROSA, BIDS)]

    def officer(self, action: str, about: str = "", **fields: str) -> Reply:
        """What the desk replies to an officer's form."""
        message = Message(
            text="", action=action, about=about, fields=fields, addresses=(OLIVE.email,), roles=frozenset({OLIVE.role})
        )
        return handle(message, self.wiring.desk)

    def moves(self, reference: str, reason: str, **said: str) -> None:
        """An officer opens the form of an intention, changes what it says, and gives the reason."""
        form = self.officer("change_intention", reference).form
        assert form is not None
        fields = {**{one.name: one.value for one in form.entries}, **said, "reason": reason}
        assert self.officer("change_intention", form.about, **fields).outcome is Outcome.TIMELINE


@pytest.fixture
def town(marlshire: Wiring) -> Iterator[Town]:
    home = Path(marlshire.settings.home)
    with MailServer() as server:
        wiring, clock = Wiring(cast.settings(home, **MAIL, DESK_SMTP_PORT=str(server.port))), Clock(BEGAN)
        cast.list_people(wiring.store, home, OLIVE)
        wiring.__dict__["desk"] = replace(wiring.desk, now=clock)
        yield Town(wiring, server, clock)
        wiring.store.close()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link(mail: EmailMessage, label: str) -> str:
    """Where a link of a letter leads, below the desk's address."""
    found = re.search(rf"{label}:\n{re.escape(MAIL['DESK_URL'])}(\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


def confirmed(town: Town, every: str = "weekly") -> EmailMessage:
    """Rosa asks, is written to, and says yes on the page. Gives the letter."""
    with town.wiring.store.writing() as connection:
        confirming.ask_for(connection, Wanted(ROSA, "home care in Gullhaven", WANTED, every), town.clock.now)
    (mail,) = town.works()
    client = create_app(town.wiring).test_client()
    page = client.get(link(mail, "Yes, tell me of coming work"))
    assert page.status_code == 200
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    data = {"csrf_token": token[1]} if token else {}
    assert client.post(link(mail, "Yes, tell me of coming work"), data=data).status_code < 400
    return mail


def test_a_charity_says_yes_an_officer_moves_a_date_and_monday_brings_the_round_up(town: Town) -> None:
    mail = confirmed(town)
    assert "Somebody, we hope you, asked Marlshire County Council to be told of coming work here" in text_of(mail)
    assert "Home care, in Gullhaven, up to £500,000." in text_of(mail)
    town.clock.now = at("2025-11-18")
    reference = re.search(r"\S+-\d+", town.officer("new_intention", **INTENTION).text)
    assert reference is not None
    town.clock.now = at("2025-11-20")
    town.moves(reference[0].strip(","), WHY, tender="September 2027")
    assert town.works() == []
    assert town.works(at("2025-11-24", "07:58")) == []
    (mail,) = town.works(at("2025-11-24", "08:00"))
    assert mail["Subject"] == "Your round-up of coming work: 1 new"
    text = text_of(mail)
    assert "1 new, since Tuesday 18 November." in text
    assert "Home care in Gullhaven (INT-1)\n  Visits to people at home, by day and by night.\n" in text
    assert "Next: tender, September 2027 · £200,000 to £450,000 · Gullhaven." in text
    assert f"The reason given: “{WHY}”" in text
    assert "because of your alert S-1: home care, in Gullhaven, up to £500,000, every Monday morning." in text


def test_the_next_round_up_tells_what_changed_and_one_click_ends_them(town: Town) -> None:
    confirmed(town)
    town.officer("new_intention", **INTENTION)
    town.works(at("2025-11-24", "08:00"))
    town.clock.now = at("2025-11-26")
    town.moves("INT-1", WHY, tender="September 2027")
    (mail,) = town.works(at("2025-12-01", "08:00"))
    assert mail["Subject"] == "Your round-up of coming work: 1 changed"
    assert "since Monday 24 November" in text_of(mail)
    assert "Tender moved from June 2027 to September 2027." in text_of(mail)
    (address,) = re.findall(r"<(.+)>", str(mail["List-Unsubscribe"]))
    client = create_app(town.wiring).test_client()
    stopped = client.post(address.removeprefix(MAIL["DESK_URL"]), data={"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    town.clock.now = at("2025-12-02")
    town.moves("INT-1", "Once more.", tender="October 2027")
    assert town.works(at("2025-12-08", "08:00")) == []


def test_at_once_is_at_once_and_working_twice_sends_nothing_twice(town: Town) -> None:
    confirmed(town, "at once")
    town.officer("new_intention", **INTENTION)
    (mail,) = town.works()
    assert mail["Subject"] == "New: Home care in Gullhaven"
    assert town.works() == []
    assert town.works(at("2025-11-24", "08:00")) == []
    town.moves("INT-1", WHY, tender="September 2027")
    (mail,) = town.works()
    assert mail["Subject"] == "Changed: Home care in Gullhaven – the tender moves to September 2027"
    assert "Tender\n  was: June 2027\n  is now: September 2027" in text_of(mail)
    client = create_app(town.wiring).test_client()
    page = client.get(link(mail, "Open it on the timeline"))
    assert (page.status_code, "September 2027" in page.text) == (200, True)
    assert client.get(link(mail, "Change this alert")).status_code == 200


def test_everybody_was_sent_the_same_words_and_the_record_knows_it(town: Town) -> None:
    for who in (ROSA, BIDS):
        with town.wiring.store.writing() as connection:
            id = confirming.ask_for(connection, Wanted(who, "", WANTED, "at once"), town.clock.now)
            assert id is not None
            from knowledge.subscriptions.record import agree

            agree(connection, id, town.clock.now)
    town.officer("new_intention", **INTENTION)
    assert len(town.works()) == 2
    with town.wiring.store.reading() as connection:
        import sqlalchemy as sa

        places = connection.execute(sa.text("SELECT place FROM notification WHERE kind = 'intention'")).scalars().all()
    words = {re.findall('"words": "([0-9a-f]{64})"', place)[0] for place in places}
    assert (len(places), len(words)) == (2, 1)


# --- in Slack ---------------------------------------------------------------------------------------------------------


def test_in_slack_a_charity_asks_hears_of_a_change_and_stops(sqlite_council: Council) -> None:
    council, charity = sqlite_council, "U0CHARITY"
    council.with_desk(channels=frozenset({"slack"}), address="https://desk.example.org")
    council.add(FARAH, Role.OFFICER)

    def says(text: str = "", action: str = "", about: str = "") -> Reply:
        message = Message(
            text=text, action=action, about=about, surface="slack", addresses=(charity,), proved=charity,
            id=f"m{text}{action}{about}", thread="dm",
        )  # fmt: skip
        return handle(message, council.desk)

    offer = says("tell me about home care work in Brenmouth under £500k")
    start = next(one for one in offer.choices if one.label == "Start: at once")
    assert says(action=start.action, about=start.about).outcome is Outcome.SUBSCRIPTION
    fields = {**INTENTION, "area": "Brenmouth"}
    assert council.press(FARAH, "new_intention", **fields).outcome is Outcome.TIMELINE
    (new,) = council.post.deliver()
    assert (new.recipient, new.letter.subject) == (charity, "New: Home care in Gullhaven")
    form = council.press(FARAH, "change_intention", "INT-1").form
    assert form is not None
    given = {one.name: one.value for one in form.entries} | {"tender": "September 2027", "reason": WHY}
    council.press(FARAH, "change_intention", form.about, **given)
    (sent,) = council.post.deliver()
    assert WHY in str(blocks_of(sent.letter.reply, "https://desk.example.org"))
    opens, _, stop = sent.letter.reply.choices
    assert says(action=opens.action, about=opens.about).table is not None
    assert says(action=stop.action, about=stop.about).outcome is Outcome.SUBSCRIPTION
    form = council.press(FARAH, "change_intention", "INT-1").form
    assert form is not None
    given = {one.name: one.value for one in form.entries} | {"tender": "October 2027", "reason": "Once more."}
    council.press(FARAH, "change_intention", form.about, **given)
    run_due(council.desk)
    assert [one for one in council.post.deliver() if one.recipient == charity] == []
    assert council.errors == []
