"""desk subscribe."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

import click

from bot.commands.starting import wired
from bot.commands.subscription_words import as_json, how_agreed, preview_as_json, unmade
from bot.terminal import complain, json_line, show
from bot.wiring import Wiring
from handlers import endpoints
from handlers.messages import Outcome, Reply
from handlers.subscriptions import saying
from handlers.subscriptions.asked import Asked
from handlers.subscriptions.proposing import asked_in
from knowledge.audit import Deed, account
from knowledge.outbox.addresses import is_no_reply
from knowledge.parties import is_email
from knowledge.subscriptions import confirming, pace, record
from knowledge.subscriptions.endpoint import WEBHOOK, address_of, number_of
from knowledge.subscriptions.nouns import Subscription
from knowledge.subscriptions.understanding.nouns import Preview
from knowledge.subscriptions.understanding.preview import would_have_matched

_SLACK_ID = re.compile(r"[UWCG][A-Z0-9]{2,30}")
_NOTHING = (
    "nothing in that says what to tell of: name the work, the place, a value, such as "
    '"home care work in Thanet under £500k"'
)


@click.command()
@click.argument("sentence", nargs=-1)
@click.option("--email", default="", metavar="ADDRESS", help="Who is to be told: an e-mail address.")
@click.option("--slack", default="", metavar="ID", help="Who is to be told: a Slack user's id, or a Slack channel's.")
@click.option("--endpoint", default="", metavar="ID", help="Where it is to be told: an endpoint of `desk endpoints`.")
@click.option("--every", default="", metavar="HOW", help='How often: "at once", daily, weekly, or days: "mon,thu".')
@click.option("--dry-run", is_flag=True, help="Say what is understood and what would have come, and write nothing.")
@click.option("--json", "as_object", is_flag=True, help="What came of it as one JSON object.")
def subscribe(
    sentence: tuple[str, ...], email: str, slack: str, endpoint: str, every: str, dry_run: bool, as_object: bool
) -> None:
    """Set up an alert for somebody: SENTENCE says of what, such as "home care work in Thanet under £500k".

    Nothing is sent before they agree: by the link or the button that `desk work` sends them; on a desk whose channel is
    the screen, by `desk subscriptions confirm`. An endpoint has agreed by answering its test.

    With --json: `id`, `reference`, `state` (null with --dry-run), `recipient`, `channel`, `every`, `sentence`,
    `criteria`, `in_words`, `would_have_matched` (`compared, total, coming, examples`), `notes`, and `confirm`: how it
    is agreed to. Exit code 1 where nothing could be set up, 2 where something is lacking or wrong.
    """
    text = " ".join(sentence).strip()
    if not text:
        raise click.UsageError('Say of what: desk subscribe --email ADDRESS "home care work in Thanet"')
    if len(text) > 2_000:
        raise click.UsageError("Say it in 2,000 characters.")
    recipient, often = _recipient(email.strip(), slack.strip(), endpoint.strip()), _often(every)
    wiring = wired()
    channel = _channel(recipient, wiring)
    with wiring.store.reading() as connection:
        asked = asked_in(connection, text, wiring.desk)
        if asked is None:
            _stop(_NOTHING)
        asked = asked._replace(every=often or asked.every or pace.AT_ONCE)
        found = would_have_matched(connection, asked.criteria, wiring.desk.day)
    made = None if dry_run else _made(wiring, asked, recipient, channel)
    _tell(wiring, made, asked, found, recipient, channel, as_object)


def _recipient(email: str, slack: str, endpoint: str) -> str:
    if [bool(email), bool(slack), bool(endpoint)].count(True) != 1:
        raise click.UsageError("Say who is to be told: --email ADDRESS, --slack ID or --endpoint ID.")
    if endpoint and number_of(endpoint) is None:
        raise click.BadParameter(f"{endpoint!r} is no number, such as 7", param_hint="--endpoint")
    if email and not is_email(email):
        raise click.BadParameter(f"{email!r} is no e-mail address", param_hint="--email")
    if email and is_no_reply(email):
        raise click.BadParameter(f"nobody reads what arrives at {email}", param_hint="--email")
    if slack and not _SLACK_ID.fullmatch(slack):
        raise click.BadParameter(f"{slack!r} is no Slack id, such as U012AB3CD or C034EF5GH", param_hint="--slack")
    return email or slack or address_of(number_of(endpoint) or 0)


def _often(every: str) -> str:
    try:
        return pace.read_every(every) if every.strip() else ""
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--every") from None


def _channel(recipient: str, wiring: Wiring) -> str:
    """The channel that carries it; stops where this desk has none."""
    if number_of(recipient) is not None:
        return WEBHOOK
    channels = wiring.desk.channels
    wanted = "email" if "@" in recipient else "slack"
    if wanted in channels:
        return wanted
    if wanted == "email" and "screen" in channels:
        return "screen"
    what = {
        "email": "this desk sends no e-mail: set DESK_SMTP_HOST or DESK_NOTIFY_KEY, or use --slack ID",
        "slack": "this desk is in no Slack workspace: set SLACK_BOT_TOKEN, or use --email ADDRESS",
    }
    _stop(what[wanted])


def _made(wiring: Wiring, asked: Asked, recipient: str, channel: str) -> Subscription:
    every = asked.every or pace.AT_ONCE
    if channel == WEBHOOK:
        return _sent_there(wiring, asked, recipient, every)
    wanted = confirming.Wanted(recipient, asked.sentence, asked.criteria, every, channel)
    with wiring.store.writing() as connection:
        id = confirming.ask_for(connection, wanted, wiring.desk.now())
        made = record.by_number(connection, id) if id is not None else None
        if made:
            account(connection, Deed.CHANGED, "subscription", made.id, wiring.desk.now(), counts={"asked": 1})
    if made is None:
        _stop(
            f"{recipient} is not written to: messages to it came back, or it was asked too often today, or it has as "
            "many alerts as one may have"
        )
    return made


def _sent_there(wiring: Wiring, asked: Asked, address: str, every: str) -> Subscription:
    id = endpoints.subscribe(wiring.desk, number_of(address) or 0, asked.sentence, asked.criteria, every)
    with wiring.store.reading() as connection:
        made = record.by_number(connection, id) if id is not None else None
    return made or _stop(
        f"{address} has not answered its test (desk endpoints test), has ended, or is told of it already"
    )


def _tell(
    wiring: Wiring, made: Subscription | None, asked: Asked, found: Preview, recipient: str, channel: str,
    as_object: bool,
) -> None:  # fmt: skip
    how = how_agreed(made, wiring.settings.url) if made else ""
    every = asked.every or pace.AT_ONCE
    if as_object:
        about: dict[str, Any] = as_json(made) if made else unmade(asked.sentence, asked.criteria)
        about |= {"recipient": recipient, "channel": channel, "every": every}
        print(json_line({
            **about, "would_have_matched": preview_as_json(found), "notes": list(asked.notes), "confirm": how or None,
        }))  # fmt: skip
        return
    name = f"{made.reference}, for {recipient}" if made else f"For {recipient} (nothing is written)"
    text = f"{name}. {saying.criteria_words(asked.criteria, every)} {saying.preview_words(found)}"
    table = saying.preview_table(found, wiring.desk.day)
    notes = (*asked.notes, *filter(None, (how,)))
    show(Reply(outcome=Outcome.SUBSCRIPTION, text=text, table=table, notes=notes), link=wiring.settings.url)


def _stop(text: str) -> NoReturn:
    complain(text)
    sys.exit(1)
