"""Whom an enquiry's moves are told to."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from handlers.concerns.case import channel_for
from handlers.desk import Desk
from handlers.questions.who import administrators, officers, tell
from knowledge.outbox.owed import Owed
from knowledge.outbox.owing import owe
from knowledge.outbox.standing import in_slack
from knowledge.people import list_people
from knowledge.questions.enquiries import Enquiry, by_number, is_late, waiting

TOLD = ("enquiry", "enquiry_late")
"""The notifications that tell those who answer of one, with buttons."""


def tell_asker(connection: Connection, one: Enquiry, desk: Desk) -> None:
    """Owes whoever asked the answer, or the reason why there is none."""
    channel = channel_for(one.asker, list_people(connection), desk)
    owe(
        connection, desk.now(), kind="enquiry_settled", subject=f"enquiry:{one.id}", recipient=one.asker,
        channel=channel, about={"enquiry": one.id},
    )  # fmt: skip


def tell_standing(connection: Connection, one: Enquiry, desk: Desk) -> None:
    """Where several officers read in one place, they are told that one of them has it, or has settled it; and what
    they were told first says so too."""
    who = [told for told in officers(connection, desk) if told.address == desk.officers_channel]
    about = {"enquiry": one.id}
    tell(connection, desk, who, "enquiry_claimed", f"enquiry:{one.id}:{desk.now():%Y%m%d%H%M%S}", about)
    renew(connection, one, desk)


def renew(connection: Connection, one: Enquiry, desk: Desk) -> None:
    """Has the messages in Slack that told of it brought up to date: a button that does nothing any more is a trap."""
    for letter in in_slack(connection, f"enquiry:{one.id}", TOLD):
        owe(
            connection, desk.now(), kind="enquiry_renewed", subject=f"letter:{letter.id}:{desk.now():%Y%m%d%H%M%S%f}",
            recipient=letter.recipient, channel="slack", about={"enquiry": one.id, "letter": letter.id},
        )  # fmt: skip


def tell_late(connection: Connection, desk: Desk) -> int:
    """Timed: officers and administrators are told, once, of each whose day has passed. Returns how many were."""
    late = [one for one in waiting(connection) if is_late(one, desk.now())]
    if not late:
        return 0
    who = [*officers(connection, desk), *administrators(connection, desk)]
    told = [tell(connection, desk, who, "enquiry_late", f"enquiry:{one.id}", {"enquiry": one.id}) for one in late]
    return sum(map(bool, told))


def pass_on(connection: Connection, owed: Owed, desk: Desk) -> None:
    """Nothing arrives where a question was to be told: whoever is there is told in their place. Where it is an answer
    that does not arrive, the administrators are."""
    one = by_number(connection, int(owed.about.get("enquiry", 0)))
    if one is None:
        return
    if owed.kind == "enquiry_settled":
        tell(connection, desk, administrators(connection, desk), "enquiry_stuck", owed.subject, owed.about)
    elif one.open:
        tell(connection, desk, officers(connection, desk), owed.kind, owed.subject, owed.about)
