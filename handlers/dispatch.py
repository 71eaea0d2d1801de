"""The one way in: which journey a message is for. Whatever happens, one reply comes out, or the record is away."""

from __future__ import annotations

import re
import secrets

from handlers import checklists, contract, journeys, question, slack_channels
from handlers.accounting import saw_written
from handlers.concerns import commands
from handlers.desk import Desk
from handlers.examples import tried
from handlers.intentions import keeping
from handlers.messages import PRIVATE, Message, Outcome, Reply
from handlers.postings import deciding
from handlers.questions import enquiries
from handlers.questions.who import asker_of
from handlers.questions.writing import written_down
from handlers.reviews import asking as reviews
from handlers.reviews import recording
from handlers.subscriptions import typed as alerts
from knowledge.away import Away
from knowledge.conversations import remember
from knowledge.slack_channels import Mode

_GREETING = re.compile(
    r"^\W*((hi|hiya|hello|hey|morning|good (morning|afternoon|evening|day)|thanks?( you| a lot| so much| very much)?|"
    r"many thanks|ta|cheers|ok(ay)?|great|perfect|lovely|brilliant|bye|goodbye|how are you)"
    r"( there| desk| all| again)?\W*)+$",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"^\W*(help|help me|\?+|what (can|do) you do|what is this|who are you|how does (this|it) work|menu|commands?|"
    r"what can i (ask|do)( you| here)?|how (do|can) i use (this|you))\W*$",
    re.IGNORECASE,
)


def handle(message: Message, desk: Desk) -> Reply:
    """The reply to a message. What goes wrong becomes a reply with a reference, and is reported. Raises Away and
    nothing else: where the record does not answer, nothing was done, and the same message can be handled again."""
    message, desk = cleaned(message), desk.for_one_message()
    try:
        reply = written_down(message, journeys.named(_route(message, desk)), desk)
        saw_written(message, reply, desk)
        if message.thread and reply.outcome not in PRIVATE:
            _remember(message, reply, desk)
        return reply
    except Away:
        raise
    except Exception as error:  # whatever it was, the person gets a reply and we get the trace
        reference = secrets.token_hex(4)
        desk.on_error(reference, error)
        return Reply(
            outcome=Outcome.ERROR,
            text=f"Something went wrong on our side, and it has been noted. If you report it, quote {reference}.",
        )


def cleaned(message: Message) -> Message:
    """The message with text everywhere that can be written down."""
    fields = {name: _writable(value) for name, value in message.fields.items()}
    return message.model_copy(
        update={"text": _writable(message.text), "about": _writable(message.about), "fields": fields}
    )


def _writable(text: str) -> str:
    """Text that every record and every surface can hold: no NUL, which PostgreSQL refuses, and no half characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8").strip()


def _route(message: Message, desk: Desk) -> Reply:
    if reply := _of_slack_channels(message, desk):
        return reply
    if message.action == journeys.ACTION:
        return journeys.act(message, desk)
    if message.action in keeping.ACTIONS:
        return keeping.act(message, desk)
    if message.action in alerts.ACTIONS:
        return alerts.act(message, desk)
    if message.action in deciding.ACTIONS:
        return deciding.act(message, desk)
    if message.action in enquiries.ACTIONS:
        return enquiries.act(message, desk)
    if message.action in recording.ACTIONS:
        return recording.act(message, desk)
    if message.action in checklists.ACTIONS:
        return checklists.act(message, desk)
    if message.action:
        return commands.act(message, desk)
    text = message.text
    if len(text) > desk.longest_question:
        return Reply(
            outcome=Outcome.TOO_LONG,
            text=f"That is {len(text):,} characters, and I read up to {desk.longest_question:,}. "
            "What is the one thing you would like to know?",
        )
    if not re.search(r"\w", text) or _HELP.match(text):
        return _help(message, desk)
    if _GREETING.match(text):
        return Reply(outcome=Outcome.SMALLTALK, text=_small_answer(text))
    reply = checklists.read(message, desk) or keeping.read(message, desk) or deciding.read(message, desk)
    reply = reply or enquiries.read(message, desk) or reviews.read(message, desk) or commands.read(message, desk)
    return reply or journeys.answer(message, desk)


def _of_slack_channels(message: Message, desk: Desk) -> Reply | None:
    """The reply to what sets what is answered in a Slack channel, and to anything in one where not everything is:
    whoever tells of danger is told what to do there too. None for all other messages."""
    if message.action in slack_channels.ACTIONS:
        return slack_channels.act(message, desk)
    mode = slack_channels.mode(message, desk)
    if mode is Mode.OFF:
        return _endangered(message, desk) or slack_channels.switched_off()
    if reply := None if message.action else slack_channels.read(message, desk):
        return reply
    small = _HELP.match(message.text) or _GREETING.match(message.text) or not re.search(r"\w", message.text)
    if mode is Mode.ALL or small or len(message.text) > desk.longest_question:
        return None
    return _endangered(message, desk) or question.answer(message, desk)


def _endangered(message: Message, desk: Desk) -> Reply | None:
    return contract.answer(message, desk) if desk.at_risk(message.text) else None


def _remember(message: Message, reply: Reply, desk: Desk) -> None:
    asked = message.text[: desk.longest_question]
    offers = tuple(choice for choice in reply.choices if choice.action != journeys.ACTION)
    reply = reply.model_copy(update={"choices": offers})
    with desk.store.writing() as connection:
        said = reply.model_dump(mode="json")
        for thread in filter(None, (message.thread, message.below)):
            remember(connection, thread, desk.now(), asked, said, asker=asker_of(message))


def _small_answer(text: str) -> str:
    if re.search(r"thank|cheers|\bta\b", text, re.IGNORECASE):
        return "You are welcome. Ask me anything else the papers may say."
    if re.match(r"^\W*(ok(ay)?|great|perfect|lovely|brilliant)\b", text, re.IGNORECASE):
        return "Good. Ask me anything else the papers may say."
    if re.search(r"\bbye", text, re.IGNORECASE):
        return "Goodbye. I am here whenever you need a passage."
    return "Hello. Ask me what the commissioning papers say, in your own words, and I will show you the passage."


def _place(message: Message, desk: Desk) -> str:
    """A place that this desk's papers have, as an example."""
    places = desk.index().references(message.readable)
    return next((place.name for place in places if place.kind == "principle" or place.kind.isupper()), "principle 6")


def _help(message: Message, desk: Desk) -> Reply:
    count = desk.index().readable(message.readable)
    held = (
        f"I hold {count} {'paper' if count == 1 else 'papers'} that you may read here"
        if count
        else "I hold no papers yet"
    )
    lines, choices = tried(message, desk)
    return Reply(
        outcome=Outcome.HELP,
        text=f"Ask me what {desk.council}'s commissioning papers say. I answer with the passage and its place, word "
        "for word, or say that the documents do not say.",
        notes=(
            f"{held}.",
            *lines,
            f"Try a question in your own words, a place (“{_place(message, desk)}”), a list (“what must a "
            "specification answer?”) or a status (“is it done?”). Ask on in the same thread and I keep the subject.",
        ),
        choices=choices,
    )
