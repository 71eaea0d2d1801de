"""Slack at both webs: questions, concerns written and raised by presses, forms, and what managers press. Everything is
delivered to both, and again, until one of them has acknowledged it."""

from __future__ import annotations

import random
import threading
import time
import urllib.error
import urllib.request
from itertools import count
from typing import Any

from cast import OLIVE, PRUE, Somebody
from fake_slack import click_body, direct, event_body, mention, signed
from marlshire import DOREEN, IMRAN
from slack_forms import form_body
from workspace import FORM

from tests.soak.ground import Ground
from tests.soak.ledger import Ledger

QUESTIONS = (
    "Who signs off a contract worth £600,000?", "Is M4 done?", "what must a specification answer?",
    "who manages the street lighting contract", "what's coming up in adult social care",
)  # fmt: skip
TROUBLES = (
    "no carer came to a lady in Gullhaven this morning", "a pothole as big as a bath on the road into Brenmouth",
    "the school taxi did not come to Pellingarth again", "street lights out in Marlchester high street",
    "the library in Pellingarth was shut when it should be open", "grass on the verge at Gullhaven is waist high",
)  # fmt: skip
_JSON = "application/json"
_PATIENCE = 40.0


class SlackLoad:
    """People at their keyboards. `over`: set when nothing new is to be begun."""

    def __init__(self, ground: Ground, ledger: Ledger, seed: int, over: threading.Event) -> None:
        self._ground, self._ledger, self._over = ground, ledger, over
        self._random = random.Random(seed)
        self._numbers = count(1)
        self._mark = f"{seed}x{int(time.time()) % 100_000}"

    def ask(self) -> None:
        """Somebody asks in a channel, and reads the answer in the thread."""
        event = mention(self._random.choice((PRUE, OLIVE)), self._random.choice(QUESTIONS))
        if self._deliver(event_body(event, event_id=self._id()), _JSON, "question"):
            self._ledger.questions[event["ts"]] = event["channel"]

    def raise_concern(self) -> None:
        """A Member writes what is wrong, and presses Raise under the answer."""
        who, number = self._random.choice((DOREEN, IMRAN)), next(self._numbers)
        event = direct(who, f"{TROUBLES[number % len(TROUBLES)]}, the {number}th time")
        if not self._deliver(event_body(event, event_id=self._id()), _JSON, "trouble"):
            return
        button = self._button(event["ts"])
        if button is None:
            return
        body = click_body(who, "do:raise_new:0", button, channel=event["channel"], trigger=self._id(),
                          message={"ts": "1.1"}, block_id=f"acts:{event['ts']}:0:x")  # fmt: skip
        if self._deliver(body, FORM, "press"):
            self._ledger.presses[f"draft:{button.partition('|')[0]}"] = event["ts"]

    def raise_at_risk(self) -> None:
        """A Member sends the form for somebody at risk now."""
        view = f"V{self._id()}"
        fields = {"text": f"she is hurt and alone, case {view}", "place": "Gullhaven", "contract": "", "at_risk": "yes"}
        if self._form(IMRAN, view, "new_concern", "", fields, "form"):
            self._ledger.forms.add(f"slack:{view}")

    def move(self) -> None:
        """Whoever carries a concern acknowledges it, and asks the provider."""
        found = self._ground.rows(
            "SELECT c.id, c.state, p.address FROM concern c JOIN party p ON p.id = c.holder "
            "WHERE c.state IN ('raised', 'acknowledged', 'transferred', 'reopened') AND NOT c.at_risk "
            "ORDER BY random() LIMIT 1"
        )
        for row in found:
            who = self._somebody(row.address)
            if who is None:
                continue
            reference, id = f"C-{row.id:04}", self._id()
            if row.state != "acknowledged":
                body = click_body(who, "do:acknowledge:0", reference, channel=f"D0{who.slack_id}", trigger=id,
                                  message={"ts": "1.1"})  # fmt: skip
                if self._deliver(body, FORM, "move"):
                    self._ledger.moves[f"slack:{id}"] = (row.id, "acknowledge")
            else:
                fields = {"to": f"help{row.id}@provider.example.org", "text": "Why was it missed?"}
                self._form(who, f"V{id}", "ask_provider", reference, fields, "move")

    def _form(self, who: Somebody, id: str, action: str, about: str, fields: dict[str, str], kind: str) -> bool:
        return self._deliver(form_body(who, id, action, about, fields, trigger=self._id()), FORM, kind)

    def _button(self, ts: str) -> str | None:
        """What the button Raise it under the answer to a message stands for, once there is one."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end and not self._over.is_set():
            for message in reversed(list(self._ground.slack.posted)):
                for block in message.get("blocks") or ():
                    mine = f":{ts}:" in str(block.get("block_id", ""))
                    for one in (block.get("elements") or ()) if mine else ():
                        if str(one.get("action_id", "")).startswith("do:raise:") and "|MCC" in one.get("value", ""):
                            return str(one["value"])
            time.sleep(0.1)
        return None

    def _somebody(self, address: str) -> Somebody | None:
        for id, person in self._ground.slack.people.items():
            if person["profile"]["email"] == address:
                return Somebody("", address, id, OLIVE.role)
        return None

    def _id(self) -> str:
        return f"{self._mark}.{next(self._numbers)}"

    def _deliver(self, body: str, kind: str, what: str) -> bool:
        """Delivers to one web, as often as Slack does until it is acknowledged, and at the same time to the other;
        then once more. Whether it was acknowledged."""
        webs = list(self._ground.webs)
        self._random.shuffle(webs)
        beside = threading.Thread(target=self._post, args=(webs[1], body, kind, what, {}))
        beside.start()
        headers, end, done = {}, time.monotonic() + _PATIENCE, False
        for attempt in count(1):
            done = self._post(webs[attempt % 2], body, kind, what, headers)
            if done or time.monotonic() > end:
                break
            headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"}
            time.sleep(0.5)
        beside.join()
        self._post(webs[1], body, kind, what, {"X-Slack-Retry-Num": "1"})
        return done

    def _post(self, web: str, body: str, kind: str, what: str, headers: dict[str, str]) -> bool:
        given: dict[str, Any] = {**signed(body, kind=kind), **headers}
        request = urllib.request.Request(f"{web}/slack/events", body.encode(), given)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                said = answer.read()
                self._ledger.told(what, answer.status)
                return b'"errors"' not in said
        except urllib.error.HTTPError as error:
            self._ledger.told(what, error.code)
        except OSError:
            self._ledger.told(what, 0)
        return False
