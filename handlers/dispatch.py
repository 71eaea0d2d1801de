"""The one way in: which journey a message is for. Whatever happens, one reply comes out."""

from __future__ import annotations

import re
import secrets

from handlers import journeys
from handlers.concerns import commands
from handlers.desk import Desk
from handlers.intentions import keeping
from handlers.messages import PRIVATE, Message, Outcome, Reply
from handlers.postings import deciding
from handlers.subscriptions import typed as alerts
from knowledge.conversations import remember

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
    """The reply to a message. Never raises: what goes wrong becomes a reply with a reference, and is reported."""
    message = cleaned(message)
    try:
        reply = journeys.named(_route(message, desk))
        if message.thread and reply.outcome not in PRIVATE:
            _remember(message, reply, desk)
        return reply
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
    if message.action == journeys.ACTION:
        return journeys.act(message, desk)
    if message.action in keeping.ACTIONS:
        return keeping.act(message, desk)
    if message.action in alerts.ACTIONS:
        return alerts.act(message, desk)
    if message.action in deciding.ACTIONS:
        return deciding.act(message, desk)
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
    reply = keeping.read(message, desk) or deciding.read(message, desk) or commands.read(message, desk)
    return reply or journeys.answer(message, desk)


def _remember(message: Message, reply: Reply, desk: Desk) -> None:
    asked = message.text[: desk.longest_question]
    offers = tuple(choice for choice in reply.choices if choice.action != journeys.ACTION)
    reply = reply.model_copy(update={"choices": offers})
    with desk.store.writing() as connection:
        remember(connection, message.thread, desk.now(), asked, reply.model_dump(mode="json"))


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
    return Reply(
        outcome=Outcome.HELP,
        text=f"Ask me what {desk.council}'s commissioning papers say. I answer with the passage and its place, word "
        "for word, or say that the documents do not say.",
        notes=(
            f"{held}.",
            "Ask too what is planned and when: “what is coming up in adult social care”, “any grants for arts groups”.",
            "Say what you want to hear of as soon as it is public: “tell me about home care work under £500,000”. “My "
            "alerts” shows what you are told of, with ways to pause, change and stop it.",
            f"Try a question in your own words, a place (“{_place(message, desk)}”), a list (“what must a "
            "specification answer?”) or a status (“is it done?”). Ask on in the same thread and I keep the subject.",
        ),
    )
