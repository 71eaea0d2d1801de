"""One soak from its beginning to its end."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cast import seen
from processes import ROOT

from knowledge.store import open_store
from tests.soak.crew import Crew
from tests.soak.ground import Ground, ground
from tests.soak.ledger import Ledger
from tests.soak.promises import Promise, Promises
from tests.soak.slack_load import QUESTIONS, SlackLoad
from tests.soak.trouble import Trouble
from tests.soak.web_load import Browser, WebLoad

_DRAIN = 90.0
"""Seconds without anything leaving after which the rest counts as lost."""


class Soak:
    """The whole. `say`: is told how it goes; `url`: an empty database, "" to start a server."""

    def __init__(
        self, folder: Path, seed: int, seconds: float, workers: int, indexers: int, url: str, say: Callable[[str], None]
    ) -> None:
        self._folder, self._seed, self._seconds, self._url, self._say = folder, seed, seconds, url, say
        self._workers, self._indexers = workers, indexers
        self._over = threading.Event()
        self._ledger = Ledger()
        self._faults: list[str] = []

    def run(self) -> list[Promise]:
        """Runs it, and gives every promise."""
        with ground(self._folder, self._url) as made:
            crew = Crew(made, self._workers, self._indexers)
            try:
                return self._run(made, crew)
            finally:
                crew.kill()

    def _run(self, made: Ground, crew: Crew) -> list[Promise]:
        self._tell("starting")
        crew.start()
        rough = self._seconds >= 60 and made.server is not None
        trouble = Trouble(crew, self._seed, self._tell, pause=1.5 if self._seconds < 60 else 3.0, rough=rough)
        threads = self._load(made)
        watching = threading.Thread(target=crew.watch, args=(self._over,), daemon=True)
        watching.start()
        trouble.begin()
        self._over.wait(self._seconds)
        trouble.end()
        self._over.set()
        for thread in (*threads, watching):
            thread.join()
        cuts = trouble.made["cut"] + 3 * trouble.made["restart"]
        self._tell(f"over: {dict(trouble.made)}; {self._acknowledged()}; stopping all")
        crew.stop()
        held = self._held(made)
        self._tell("starting all again, and draining")
        made.change("UPDATE incoming SET lease_until = now() WHERE state = 'received'")
        made.change("UPDATE notification SET lease_until = now() WHERE state = 'waiting'")
        for one in crew.hands:
            if not one.name.startswith("indexer"):
                one.start()
        crew.await_webs()
        rest = self._drain(made)
        found = [Promise("all the rest leaves", 1, rest), held, *self._webs(made)]
        crew.stop()
        found += [*Promises(made, self._ledger, crew, cuts).all(), self._assurance(made)]
        found.append(Promise("the load itself", len(self._ledger.statuses), self._faults, self._statuses()))
        return found

    def _load(self, made: Ground) -> list[threading.Thread]:
        slack = SlackLoad(made, self._ledger, self._seed, self._over)
        store, _ = open_store(made.url)
        web = WebLoad(made, self._ledger, self._seed, self._over, store)
        steps = (
            (slack.ask, 0.6), (slack.raise_concern, 0.5), (slack.raise_concern, 0.7), (slack.raise_at_risk, 3.0),
            (slack.move, 0.5), (web.answer, 0.5), (web.notice, 1.5), (web.publish, 7.0), (web.subscribe, 12.0),
            (web.hurry, 2.0),
        )  # fmt: skip
        threads = [threading.Thread(target=self._again, args=step, daemon=True) for step in steps]
        for thread in threads:
            thread.start()
        return threads

    def _again(self, step: Callable[[], None], every: float) -> None:
        while not self._over.wait(every):
            try:
                step()
            except Exception as error:
                self._faults.append(f"{getattr(step, '__name__', '')}: {type(error).__name__}: {error}"[:200])

    def _drain(self, made: Ground) -> list[str]:
        """Time is brought forward until nothing is owed any more. Gives what is left when nothing leaves any more."""
        end, least = time.monotonic() + _DRAIN, 10**9
        while True:
            made.change(
                "UPDATE notification SET due_at = now() WHERE state IN ('waiting', 'gathering') AND due_at > now()"
            )
            made.change("UPDATE timed SET next_at = now() WHERE name = 'round-ups'")
            left = made.rows(
                "SELECT state, count(*) AS many FROM (SELECT state FROM incoming WHERE state = 'received' UNION ALL "
                "SELECT state FROM notification WHERE state IN ('waiting', 'gathering')) AS open GROUP BY state"
            )
            if not left:
                return []
            if sum(row.many for row in left) < least:
                end, least = time.monotonic() + _DRAIN, sum(row.many for row in left)
            if time.monotonic() > end:
                return [f"{row.many} {row.state}" for row in left]
            self._over.wait(0.5)
            time.sleep(0.5)

    def _held(self, made: Ground) -> Promise:
        """Whoever stopped in good order holds nothing any more."""
        rows = made.rows(
            "SELECT n.kind, n.worker FROM notification n WHERE n.state = 'waiting' AND n.lease_until > now()"
        )
        return Promise("left in hand by the dead", len(rows), [], "another takes them up when their lease is out")

    def _webs(self, made: Ground) -> list[Promise]:
        """Both webs answer the same, from the newest edition."""
        differ, behind = [], []
        for web in made.webs:
            if said := _behind(web):
                behind.append(f"{web}: {said}")
        asked = (*QUESTIONS, "what is the kettle ceiling of the sluice committee", "home care visits", "help")
        for text in asked:
            first, second = (_plain(Browser().asks(web, text)) for web in made.webs)
            if first != second or not first:
                differ.append(f"{text}: {first[:200]!r} and {second[:200]!r}")
        return [
            Promise("each web is of the newest edition", 2, behind),
            Promise("both webs answer alike", len(asked), differ),
        ]

    def _assurance(self, made: Ground) -> Promise:
        """`desk assurance` finds nothing."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", "assurance", "--json"], env=made.environment("machine0"), cwd=ROOT,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        return Promise("desk assurance", 1, [] if done.returncode == 0 else [(done.stdout + done.stderr)[:600]])

    def _acknowledged(self) -> str:
        it = self._ledger
        return (
            f"{len(it.questions)} questions, {len(it.presses)} presses, {len(it.forms)} forms, {len(it.moves)} moves, "
            f"{len(it.answers)} answers, {len(it.notices)} notices, {len(it.subscribed)} alerts"
        )

    def _statuses(self) -> str:
        return ", ".join(f"{kind} {status}: {many}" for (kind, status), many in sorted(self._ledger.statuses.items()))

    def _tell(self, what: str) -> None:
        self._say(f"{time.strftime('%H:%M:%S')}  {what}")


def _behind(web: str, seconds: float = 45.0) -> str:
    """What a web says at /readyz that is not of the newest edition, "" once it is: a machine whose build failed, the
    record being away, rests half a minute."""
    end = time.monotonic() + seconds
    while True:
        status, page = Browser().send(f"{web}/readyz")
        told = json.loads(page or "{}") if status else {}
        if status == 200 and not told.get("behind", "behind" in str(told.get("index", "behind"))):
            return ""
        if time.monotonic() > end:
            return f"{status} {page.strip()}"
        time.sleep(0.5)


def _plain(page: str) -> str:
    """What a reader sees, less what stands for the moment."""
    return seen(page)
