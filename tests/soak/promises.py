"""Every promise, looked at when all has come to rest: what was counted, and what is broken."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.soak.crew import Crew
from tests.soak.ground import AT_ONCE, DAILY, Ground
from tests.soak.ledger import Ledger


@dataclass
class Promise:
    """One of them. `looked_at`: how many; `broken`: those it does not hold for, in words; `said`: something more."""

    name: str
    looked_at: int
    broken: list[str] = field(default_factory=list)
    said: str = ""


_NO_WORKER = 3
"""gunicorn's exit code where its workers cannot begin."""
_NO_RECORD = (1, _NO_WORKER)
"""How a process ends that finds the record away as it begins: whoever watches over it starts it again."""


class Promises:
    """Looks. `crew`: whose kills excuse a repeat."""

    def __init__(self, ground: Ground, ledger: Ledger, crew: Crew, cuts: int) -> None:
        self._ground, self._ledger, self._crew = ground, ledger, crew
        self._excused, self._cuts = crew.kills + cuts, cuts
        self._rows = ground.rows

    def all(self) -> list[Promise]:
        """Every promise there is but those that need the webs."""
        looks: tuple[Callable[[], Promise], ...] = (
            self._events, self._questions, self._concerns, self._forms, self._moves, self._answers, self._told_of,
            self._sent, self._repeats, self._notices, self._matches, self._owed_once, self._round_ups, self._timers,
            self._audit, self._polls, self._stops, self._logs,
        )  # fmt: skip
        return [look() for look in looks]

    def _events(self) -> Promise:
        """Nothing that came in is left, or could not be handled."""
        rows = self._rows("SELECT state, count(*) AS many FROM incoming GROUP BY state")
        wrong = [f"{row.many} {row.state}" for row in rows if row.state != "handled"]
        return Promise("what came in is handled", sum(row.many for row in rows), wrong)

    def _questions(self) -> Promise:
        """Each question has its one reply, in its thread. An answer may stand there twice where whoever posted it died
        before they could write that down."""
        posted = [one for one in self._ground.slack.posted if one.get("thread_ts") in self._ledger.questions]
        replies = Counter(str(one["thread_ts"]) for one in posted)
        lost = [f"{ts}: no reply" for ts in self._ledger.questions if not replies[ts]]
        failed = [f"{one['thread_ts']}: it went wrong" for one in posted if "Something went wrong" in str(one)]
        twice = sum(many - 1 for many in replies.values())
        many = [f"{twice} replies twice, {self._excused} kills"] if twice > self._excused else []
        return Promise(
            "a reply to each question", len(self._ledger.questions), [*lost, *failed, *many], f"{twice} twice"
        )

    def _concerns(self) -> Promise:
        """Each press that was acknowledged raised one concern."""
        found = {row.source: row.id for row in self._rows("SELECT source, id FROM concern")}
        lost = [f"{source}: no concern" for source in self._ledger.presses if source not in found]
        threads = Counter(
            str((row.origin or {}).get("thread_ts"))
            for row in self._rows("SELECT origin FROM concern WHERE NOT at_risk")
        )
        twice = [f"{ts}: {threads[ts]} concerns" for ts in self._ledger.presses.values() if threads[ts] > 1]
        return Promise("a concern for each press", len(self._ledger.presses), lost + twice)

    def _forms(self) -> Promise:
        """Each form about somebody at risk raised one concern, and safeguarding had word of it."""
        found = {row.source: row.id for row in self._rows("SELECT source, id FROM concern WHERE at_risk")}
        lost = [f"{source}: no concern" for source in self._ledger.forms if source not in found]
        urgent = {
            row.concern
            for row in self._rows("SELECT concern FROM notification WHERE urgent AND state IN ('sent', 'moot')")
        }
        untold = [f"C-{id:04}: nobody told" for source, id in found.items() if id not in urgent]
        return Promise("somebody at risk: raised and told", len(self._ledger.forms), lost + untold)

    def _moves(self) -> Promise:
        """What a manager pressed has happened, and no move twice at one press."""
        rows = self._rows("SELECT concern, move, source FROM concern_event WHERE source IS NOT NULL")
        done = {(row.concern, row.move) for row in rows}
        lost = [f"C-{one[0]:04}: {one[1]} of {id}" for id, one in self._ledger.moves.items() if one not in done]
        firsts = Counter(row.concern for row in self._rows("SELECT concern FROM concern_event WHERE move = 'raise'"))
        begun = [f"C-{id:04}: raised {many} times" for id, many in firsts.items() if many != 1]
        return Promise("what managers pressed", len(self._ledger.moves), lost + begun)

    def _answers(self) -> Promise:
        """Each answer of a provider is there once."""
        rows = self._rows("SELECT about FROM concern_event WHERE move = 'provider_answers'")
        found = Counter(row.about.get("request") for row in rows)
        wrong = [f"request {number}: {found[number]} answers" for number in self._ledger.answers if found[number] != 1]
        twice = [f"request {number}: {many} answers" for number, many in found.items() if many > 1]
        return Promise("providers' answers", len(self._ledger.answers), [*wrong, *twice])

    def _told_of(self) -> Promise:
        """Of every concern somebody was owed word."""
        rows = self._rows(
            "SELECT c.id FROM concern c WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.concern = c.id AND "
            "n.kind IN ('raised', 'danger', 'safeguarding', 'at_risk'))"
        )
        many = self._rows("SELECT count(*) AS many FROM concern")[0].many
        return Promise("somebody told of each concern", many, [f"C-{row.id:04}: nobody" for row in rows])

    def _sent(self) -> Promise:
        """Everything owed has left, and its id has arrived."""
        rows = self._rows("SELECT id, kind, channel, state, problem FROM notification")
        good = ("sent", "moot", "stopped", "gathered")
        stuck = Counter(
            f"{row.kind} by {row.channel}: {row.state} {row.problem}" for row in rows if row.state not in good
        )
        arrived = Counter(self._arrived())
        lost = [f"{row.kind} by {row.channel}: sent, and did not arrive" for row in rows
                if row.state == "sent" and not arrived[row.id]]  # fmt: skip
        return Promise(
            "everything owed has arrived", len(rows), [f"{many} × {what}" for what, many in stuck.items()] + lost
        )

    def _arrived(self) -> Iterable[str]:
        """The ids of what arrived, anywhere, as often as it did."""
        yield from self._ground.mail.ids
        yield from self._ground.hooks.ids
        for call in list(self._ground.slack.calls):
            about = call.given.get("metadata") or {}
            about = json.loads(about) if isinstance(about, str) else about
            if call.method in ("chat.postMessage", "chat.update") and about.get("event_type") == "desk_notification":
                yield str(about["event_payload"]["notification"])

    def _repeats(self) -> Promise:
        """What arrived twice was in flight when something was killed, and nobody got what nobody was owed."""
        known = {row.id: row.attempts for row in self._rows("SELECT id, attempts FROM notification")}
        arrived = Counter(self._arrived())
        strange = [f"{id}: owed to nobody" for id in arrived if id not in known]
        twice = {id: many for id, many in arrived.items() if many > 1}
        idle = [f"{id}: came {many} times, tried {known[id]} times" for id, many in twice.items()
                if id in known and many > known[id]]  # fmt: skip
        many = sum(twice.values()) - len(twice)
        over = [f"{many} repeats, {self._excused} kills and cuts"] if many > 4 * self._excused else []
        return Promise("repeats", sum(arrived.values()), strange + idle + over, f"{many} repeated")

    def _notices(self) -> Promise:
        """Each notice that was taken is on the timeline once."""
        rows = self._rows("SELECT title FROM intention")
        titles = Counter(row.title for row in rows)
        twice = [f"{title}: {many} times" for title, many in titles.items() if " round " in title and many > 1]
        there = sum(" round " in title for title in titles)
        lost = [f"{len(self._ledger.notices)} taken, {there} there"] if there < len(self._ledger.notices) else []
        return Promise("notices", len(self._ledger.notices), twice + lost)

    def _matches(self) -> Promise:
        """Whoever wanted to hear of home care from the beginning has a match with each public version of it."""
        rows = self._rows(
            "SELECT v.intention, v.number, s.id FROM intention_version v JOIN intention i ON i.id = v.intention "
            "JOIN intention_kind k ON k.intention = i.id AND k.kind = 'home-care' "
            "JOIN subscription s ON s.state = 'active' JOIN party p ON p.id = s.recipient "
            "WHERE v.released_at > s.since AND v.at > s.since AND i.joined_to IS NULL AND i.own "
            f"AND p.address IN {(*AT_ONCE, *DAILY)} AND NOT EXISTS (SELECT 1 FROM subscription_match m WHERE "
            "m.intention = v.intention AND m.version = v.number AND m.subscription = s.id)"
        )
        many = self._rows("SELECT count(*) AS many FROM subscription_match")[0].many
        return Promise("a match for each subscription and version", many, [f"{tuple(row)}: no match" for row in rows])

    def _owed_once(self) -> Promise:
        """Each match is owed to its recipient, once."""
        rows = self._rows(
            "SELECT m.intention, m.version, s.id FROM subscription_match m "
            "JOIN subscription s ON s.id = m.subscription WHERE m.kind <> 'closing' AND "
            "(SELECT count(*) FROM notification n WHERE n.kind = 'intention' AND "
            "n.recipient = s.recipient AND n.channel = s.channel AND "
            "n.subject = 'intention:' || m.intention || ':' || m.version) <> 1"
        )
        many = self._rows("SELECT count(*) AS many FROM notification WHERE kind = 'intention'")[0].many
        return Promise("each match owed once", many, [f"{tuple(row)}: not owed once" for row in rows])

    def _round_ups(self) -> Promise:
        """What was gathered is in a round-up that was sent."""
        rows = self._rows(
            "SELECT g.subject, r.state FROM notification g LEFT JOIN notification r ON r.id = g.round_up "
            "WHERE g.state = 'gathered'"
        )
        wrong = [f"{row.subject}: its round-up is {row.state}" for row in rows if row.state not in ("sent", "moot")]
        left = self._rows("SELECT subject FROM notification WHERE state = 'gathering'")
        return Promise("round-ups", len(rows), wrong + [f"{row.subject}: not gathered" for row in left])

    def _timers(self) -> Promise:
        """No step of a concern's clock was taken twice."""
        rows = self._rows(
            "SELECT concern, move, about FROM concern_event WHERE move IN ('remind', 'escalate', 'chase', 'ask_fixed')"
        )
        steps = Counter((row.concern, row.move, row.about.get("step"), row.about.get("phase")) for row in rows)
        return Promise("timers", len(rows), [f"{one}: {many} times" for one, many in steps.items() if many > 1])

    def _audit(self) -> Promise:
        """Each event of a concern is accounted for, once."""
        rows = self._rows("SELECT counts FROM audit WHERE deed = 'moved' AND kind = 'concern'")
        told = Counter(int(row.counts.get("event", 0)) for row in rows)
        events = [row.id for row in self._rows("SELECT id FROM concern_event")]
        return Promise("the audit", len(events), [f"event {id}: {told[id]} rows" for id in events if told[id] != 1])

    def _polls(self) -> Promise:
        """Each window and page of the feed was asked for once, but for those asked by whoever was killed."""
        asked = Counter(json.dumps(one.query, sort_keys=True) for one in self._ground.feed.asked)
        twice = sum(asked.values()) - len(asked)
        return Promise("polls", sum(asked.values()), [f"{twice} asked twice"] if twice > self._excused else [])

    def _stops(self) -> Promise:
        """Whoever was told to stop did, by itself; and whoever was killed left nothing running."""
        words = {-999: "left orphans", -998: "did not stop"}
        fine = (0, -15)  # the second: told to stop before it had begun
        ends = [(one.name, code) for one in self._crew.hands for code in one.codes if code not in fine]
        wrong = [f"{name}: {words.get(code, f'ended with {code}')}" for name, code in ends]
        fallen = [(one.name, code) for one in self._crew.hands for code in one.fallen]
        expected = _NO_RECORD if self._cuts else ()
        wrong += [f"{name}: ended by itself with {code}" for name, code in fallen if code not in expected]
        stops = sum(one.stops for one in self._crew.hands)
        return Promise("told to stop, they stop", stops, wrong, f"{len(fallen)} found no record as they began")

    def _logs(self) -> Promise:
        """No line of any log is a traceback, and none tells of a fault of our own."""
        wrong: Counter[str] = Counter()
        count = 0
        away = ("Away", "StoreError")
        for one in self._crew.hands:
            for line in one.log.read_text(encoding="utf-8", errors="replace").splitlines() if one.log.exists() else ():
                count += 1
                if re.search(r"^Traceback|^\s+File \"|Error: ", line):
                    wrong[f"{one.name}: {line.strip()[:150]}"] += 1
                elif '"level": "error"' in line or '"level":"error"' in line:
                    told = next(json.loads(one) for one in re.findall(r"{[^{}]*}", line) if '"error"' in one)
                    of_gunicorn = told.get("event") == "gunicorn" and _NO_WORKER in one.fallen
                    if told.get("error") not in away and not of_gunicorn:
                        wrong[f"{one.name}: {told.get('event')} {told.get('error')} at {told.get('where')}"] += 1
        return Promise("the logs", count, [f"{many} × {what}" for what, many in wrong.most_common(25)])
