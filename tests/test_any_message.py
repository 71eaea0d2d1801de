"""Whatever is written, pressed or filled in, by anybody, anywhere: a reply comes back that is no error, and a surface
can show it."""

from __future__ import annotations

from council import DANIEL, DOREEN, PRIYA, RUTH, WENDY, Council
from hypothesis import given
from hypothesis import strategies as st
from strategies import nasty, sayings, tried
from workspace import harmless, mrkdwn_of, within_limits

from bot.blocks import blocks_of
from bot.blocks.modals import card_modal, form_modal
from bot.reply_json import as_json
from bot.slack.answering import as_message
from handlers import checklists
from handlers.concerns import commands
from handlers.dispatch import handle
from handlers.intentions import keeping
from handlers.messages import File, Message, Outcome, Reply
from handlers.postings import deciding
from handlers.questions import enquiries
from handlers.reviews import recording
from handlers.subscriptions import typed
from knowledge.concerns.nouns import Move
from knowledge.journeys import Journey
from knowledge.models import Role

STRANGER = "prue@provider.example.org"
PEOPLE = (DOREEN, PRIYA, DANIEL, RUTH, WENDY, STRANGER, "")
ACTIONS = sorted(
    {*checklists.ACTIONS, *commands._ACTIONS, *keeping.ACTIONS, *deciding.ACTIONS, *enquiries.ACTIONS,
     *recording.ACTIONS, *typed.ACTIONS, *(move.value for move in Move), "journey", "channel_mode", "nothing_of_ours"}
)  # fmt: skip
FIELDS = (
    "text", "title", "description", "contract", "at_risk", "member", "place", "to", "promised", "outcome", "email",
    "service", "services", "area", "areas", "low", "high", "from", "until", "start", "end", "tender", "award", "closes",
    "stage", "route", "state", "reason", "kinds", "words", "codes", "how", "pace", "channel", "endpoint", "next_review",
    "finding", "answer", "asks", "document", "locator", "digest", "learn", "who", "cpv", "sme", "vcse", "value", "why",
    "contact", "contact_email", "directorate", "follows", "engagement", "duration", "review", "held", "note", "mode",
)  # fmt: skip
FILLED = (
    "yes", "no", "", "put_right", "not_ours", "MCC-0002", "doreen.haspell@example.org", "x@example.org", "2026-12-01",
    "2026-13-45", "9999-12-31", "0001-01-01", "home care", "1", "0", "-5", "500000", "85312400", "Thanet,Brenmouth",
    "weekly", "email", "slack", "public", "Spring 2027", "March 2027", "x" * 5_000, "https://example.org/a?b=<c>",
)  # fmt: skip
ABOUTS = (
    "", "C-0001", "C-0002|x", "C-0001|", "S-1", "S-1|", "E-1", "E-01|2", "1", "1.0.9", "0", "-1", "9" * 30, "MCC-0002",
    "MCC-0002|", "documents|who signs?", "concern#", "register|", "nothing|x", "up", "up|1", "1|up", "a|b|c", "|", "#",
    "FW|Principle 6", "FW", "ocds-x", "intention:1", "2026-11-01", "spec", "1|done", "D-1", "T-1", "P-1", "off", "all",
)  # fmt: skip


def messages(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Message]:
    """Messages by anybody on any surface: said, pressed or filled in."""
    abouts = st.one_of(st.sampled_from(ABOUTS), nasty)
    fields = st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.sampled_from(ABOUTS), sayings), max_size=8)
    return st.builds(
        _message, who=st.sampled_from(PEOPLE), text=texts, action=st.one_of(st.just(""), st.sampled_from(ACTIONS)),
        about=abouts, fields=fields, public=st.booleans(), thread=st.sampled_from(("", "t1", "t2\0")),
        journey=st.sampled_from((None, None, *Journey)), name=nasty,
        files=st.lists(st.builds(File, name=nasty, content=st.binary(max_size=40)), max_size=2).map(tuple),
    )  # fmt: skip


def _message(who: str, **more: object) -> Message:
    return Message.model_validate({"addresses": (who,) if who else (), **more})


def shown(reply: Reply) -> None:
    """Shows a reply on every surface; what Slack would refuse, or take for a mention, fails."""
    for link in ("", "https://desk.example.org"):
        text, blocks = blocks_of(as_message(reply), link)
        assert harmless(text), text
        within_limits(blocks)
        card = card_modal(reply, {}, link)
        assert all(map(harmless, (*mrkdwn_of(blocks), *mrkdwn_of(card))))
    if reply.form:
        form = form_modal(reply.form, {})
        within_limits(form["blocks"], most=100)
        assert all(map(harmless, mrkdwn_of(form)))
    as_json(reply, "https://desk.example.org")


class Monkey:
    """Somebody who presses whatever they are offered, and fills in forms with anything."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.offered: list[tuple[str, str, tuple[str, ...]]] = [("new_concern", "", ("text", "place", "at_risk"))]
        for who, text in BEGINNINGS:
            self.learn(self.put(Message(text=text, addresses=(who,))))

    def put(self, message: Message) -> Reply:
        """The reply to a message whose sender has the roles they have."""
        roles = self.council.roles(message.address) if message.address else frozenset({Role.PROVIDER})
        given = message.model_copy(update={"roles": roles, "id": self.council._id()})
        reply = handle(given, self.council.desk)
        if reply.outcome is Outcome.ERROR:
            raise self.council.errors[-1]
        return reply

    def learn(self, reply: Reply) -> None:
        """Remembers what may be pressed and filled in."""
        self.offered += [(one.action, one.about, ()) for one in reply.choices if one.action]
        if reply.form:
            form = reply.form
            self.offered.append((form.action, form.about, tuple(entry.name for entry in form.entries)))
            self.offered += [(form.action, form.about, (entry.name,)) for entry in form.entries]
        self.offered = list(dict.fromkeys(self.offered))[-400:]

    def press(self, who: str, at: int, values: list[str]) -> Reply:
        """Presses something that was offered to anybody, its fields filled with these values in turn."""
        action, about, names = self.offered[at % len(self.offered)]
        fields = {name: values[number % len(values)] for number, name in enumerate(names)} if values else {}
        return self.put(Message(text="", addresses=(who,) if who else (), action=action, about=about, fields=fields))


BEGINNINGS = (
    (DOREEN, "the carer hasn't come to an old chap in Gullhaven three mornings running"), (DOREEN, "raise a concern"),
    (PRIYA, "tell me about home care in Brenmouth, weekly"), (DANIEL, "checklist for a specification"),
    (DANIEL, "write an intention"), (RUTH, "waiting questions"), (PRIYA, "my concerns"),
    (STRANGER, "post an opportunity"),
    (STRANGER, "tell me of grants for arts groups"), (PRIYA, "reviews coming up"), (RUTH, "who decides?"),
    (DANIEL, "my checklists"), (STRANGER, "my alerts"), (RUTH, "who signs off a business case?"),
)  # fmt: skip
"""What people begin with, so that there is something to press."""
values = st.lists(st.one_of(st.sampled_from(FILLED), sayings), min_size=0, max_size=5)


def test_whatever_is_said_or_pressed_a_reply_comes_back(sqlite_council: Council) -> None:
    monkey = Monkey(sqlite_council)

    @tried(60)
    @given(messages(sayings))
    def holds(message: Message) -> None:
        reply = monkey.put(message)
        monkey.learn(reply)
        shown(reply)

    holds()


def test_whatever_is_offered_may_be_pressed_by_anybody(sqlite_council: Council) -> None:
    monkey = Monkey(sqlite_council)

    @tried(100)
    @given(st.sampled_from(PEOPLE), st.integers(0, 10_000), values)
    def holds(who: str, at: int, given: list[str]) -> None:
        reply = monkey.press(who, at, given)
        monkey.learn(reply)
        shown(reply)

    holds()


def test_so_it_is_on_the_other_engine(postgresql_council: Council) -> None:
    monkey = Monkey(postgresql_council)

    @tried(40, 0.3)
    @given(st.sampled_from(PEOPLE), st.integers(0, 10_000), values, messages(sayings))
    def holds(who: str, at: int, given: list[str], message: Message) -> None:
        for reply in (monkey.press(who, at, given), monkey.put(message)):
            monkey.learn(reply)
            shown(reply)

    holds()
