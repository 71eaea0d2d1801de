"""What the desk makes for others to read comes back as the very text that went in: calendars, feeds, tables, releases,
letters, reports, App Home."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cast import MAX
from feeds import ATOM, MARLSHIRE, Publisher, full, when
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from strategies import NASTY, nasty, tried
from test_any_taking import empty
from test_channels import link_for
from workspace import harmless, mrkdwn_of, within_limits

from bot.blocks import blocks_of
from bot.blocks.home import home_view
from bot.channels import Never
from bot.channels.mail import mail_of
from bot.channels.mail_parts import on_line
from bot.reports import as_csv, as_html, as_json
from bot.wiring import Wiring
from handlers.concerns.overview import Line, Overview
from handlers.home import Part, Row
from handlers.letters import Letter
from handlers.messages import Choice, Citation, Group, Item, Outcome, Reply, Table
from handlers.reports.making import make, past_year
from handlers.reports.nouns import About, Report, Wish
from handlers.subscriptions.overview import Alert, Alerts
from knowledge.documents.reading import Limits
from knowledge.register.contract import Contract, State
from knowledge.register.holding import Held
from knowledge.supply.figures import supply
from knowledge.supply.nouns import Shares, Where
from knowledge.timeline.importing import take_in
from knowledge.timeline.reading.mending import mend_line, mend_text
from knowledge.timeline.reading.tables import read_table

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def whole(text: str) -> bool:
    """Whether a record can hold it."""
    return text.encode("utf-8", "replace").decode() == text and "\0" not in text


TEXTS = st.one_of(nasty, st.lists(st.sampled_from(NASTY), max_size=3).map(" x ".join)).filter(whole)
TITLES = TEXTS.map(lambda text: mend_line(f"Care {text}")[:200].strip()).filter(lambda text: mend_line(text) == text)
REASONS = TEXTS.map(lambda text: mend_text(f"Because {text}\nso.")[:2_000].strip())


@pytest.fixture
def desk(home: Path) -> Iterator[Publisher]:
    made = Publisher(home)
    yield made
    made.wiring.store.close()


def words_in(page: str) -> str:
    """What a piece of HTML says, its spaces as one."""
    return " ".join("".join(html.fragment_fromstring(page, create_parent="div").itertext()).split())


def test_whatever_an_intention_says_every_feed_gives_it_back(desk: Publisher, tmp_path: Path) -> None:
    path = tmp_path / "timeline.csv"

    @tried(8, 0.1)
    @given(TITLES, REASONS, REASONS)
    def holds(title: str, description: str, reason: str) -> None:
        empty(desk.wiring.store)
        desk.begin("MARL-1", **full(gross=None, title=title, description=description))
        desk.change("MARL-1", reason, tender=when("August 2027"))
        event = desk.events()["MARL-1-tender"]
        assert str(event["SUMMARY"]) == f"Tender: {title}"
        assert " ".join(reason.split()) in " ".join(str(event["DESCRIPTION"]).split())
        newest, first = desk.feed().findall(f"{ATOM}entry")
        assert (first.findtext(f"{ATOM}title") or "").startswith(f"New: {title}"[:100])
        assert " ".join(reason.split()) in words_in(newest.findtext(f"{ATOM}content") or "")
        release = desk.release()
        assert (release["tender"]["title"], release["tender"]["description"]) == (title, description)
        path.write_bytes(desk.get("/timeline.csv").data)
        read = read_table(path, Limits())
        assert [(row.terms.title, row.terms.description) for _, row in read.rows] == [(title, description)]
        with desk.wiring.store.writing() as connection:
            report = take_in(connection, read, desk.now, MARLSHIRE, source="timeline.csv")
        assert (report.unchanged, report.problems) == (1, [])

    holds()


# --- letters ------------------------------------------------------------------------------------------------------


def letter(text: str, subject: str, name: str) -> Letter:
    """A letter that says a text wherever it can."""
    lines = tuple(line for line in (text, f"It says: {text}"))
    reply = Reply(
        outcome=Outcome.CONCERN, text=f"Dear reader.\n{text}", notes=(text,), concern="C-0012",
        choices=(Choice(label=text or "Open", action="acknowledge", about="12"),),
        citations=(Citation(document="FW", title=text, locator="7.9", quote=text),),
        table=Table(columns=("", text), rows=((text, text),), total=1, card=True),
        groups=(Group(heading=text, items=(Item(title=text, reference="INT-1", lines=lines),)),),
    )  # fmt: skip
    return Letter(id="0" * 32, kind="raised", address=MAX.email, name=name, subject=subject, reply=reply)


@tried(40)
@given(TEXTS, TEXTS, TEXTS)
def test_a_letter_says_its_texts_and_nothing_in_them_is_a_header_or_an_element(
    text: str, subject: str, name: str
) -> None:
    sender = Address("Council", "desk", "marl.example.org")
    try:
        made = mail_of(letter(text, subject, name), sender, link_for, NOW)
    except Never:
        raise AssertionError("its address is a good one") from None
    mail = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert {one.lower() for one in mail} <= {
        "message-id", "date", "from", "to", "subject", "auto-submitted", "mime-version", "content-type",
        "list-unsubscribe", "list-unsubscribe-post", "list-id",
    }  # fmt: skip
    assert [one.addr_spec for one in mail["To"].addresses] == [MAX.email]
    assert " ".join(str(mail["Subject"]).split()) == on_line(subject)
    page, plain = (mail.get_body((kind,)) for kind in ("html", "plain"))
    assert page
    assert plain
    assert on_line(text) in " ".join(plain.get_content().split())
    tree = html.document_fromstring(page.get_content())
    allowed = {"html", "head", "meta", "title", "body", "p", "table", "tr", "th", "td", "ul", "li", "h2", "h3", "div",
               "a", "blockquote", "hr"}  # fmt: skip
    assert {one.tag for one in tree.iter() if isinstance(one.tag, str)} <= allowed
    assert all(one.get("href", "").startswith("https://desk.example.org/") for one in tree.iter("a"))
    if seen(text):
        assert seen(text) in seen(" ".join(tree.itertext()))


def seen(text: str) -> str:
    """A text as a page shows it: its spaces as one."""
    return " ".join(on_line(text).split())


# --- Slack --------------------------------------------------------------------------------------------------------


@tried(40)
@given(st.text(max_size=5), TEXTS, st.integers(1, 40), st.integers(0, 9_999))
def test_app_home_and_a_letter_in_slack_hold_any_text_within_slacks_limits(
    before: str, text: str, times: int, more: int
) -> None:
    said = f"{before}{text}".encode("utf-8", "replace").decode() * times
    button = Choice(label=said or "Open", action="open_enquiry", about="E-1", opens_form=True)
    rows = tuple(Row(what=said, small=said, button=button) for _ in range(12))
    parts = [Part(title=said or "x", note=said, rows=rows, more=more, page="/x", empty=said) for _ in range(5)]
    line = Line("C-0001", said, said, said, said, said, late=True, at_risk=True)
    seen_by = Overview(True, True, (line,) * 18, more, (line,) * 18, more, True)
    alerts = Alerts((Alert("S-1", said, said, said, said, (button, button)),) * 10, more)
    view = home_view(seen_by, said, "https://desk.example.org", alerts, parts)
    assert len(view["blocks"]) <= 100
    within_limits(view["blocks"], most=100)
    assert all(map(harmless, mrkdwn_of(view["blocks"])))
    shown, blocks = blocks_of(letter(said[:400], said, "").reply, "https://desk.example.org")
    within_limits(blocks)
    assert harmless(shown)
    assert all(map(harmless, mrkdwn_of(blocks)))


# --- reports ------------------------------------------------------------------------------------------------------


def test_a_report_says_its_texts_and_none_is_an_element_or_a_formula(marlshire: Wiring) -> None:
    wish = Wish(about=About.COMMITTEE, period=past_year(NOW.date()))
    with marlshire.store.reading() as connection:
        plain = make(wish, connection, marlshire.desk)
    tags = {one.tag for one in html.document_fromstring(as_html(plain)).iter()}

    @tried(10)
    @given(TITLES)
    def holds(text: str) -> None:
        made = Report.model_validate(_said_everywhere(plain.model_dump(), text))
        tree = html.document_fromstring(as_html(made))
        assert {one.tag for one in tree.iter()} <= tags
        assert " ".join(text.split()) in " ".join(" ".join(tree.itertext()).split())
        rows = list(csv.reader(io.StringIO(as_csv(made), newline="")))
        assert {len(row) for row in rows} == {6}
        for cell in (cell for row in rows[1:] for cell in row):
            assert not re.match(r"\s*[=+\-@]|[\t\r\n]", cell), cell
        assert json.loads(json.dumps(as_json(made)))["title"] == text

    holds()


def _said_everywhere(value: Any, text: str) -> Any:
    """A report whose words are all this text."""
    if isinstance(value, dict):
        keep = ("name", "about", "subject", "period", "length", "value")
        return {key: one if key in keep else _said_everywhere(one, text) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_said_everywhere(one, text) for one in value]
    return text if isinstance(value, str) else value


NUMBERS = ("A", "B", "C", "D")
DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2033, 1, 1)), st.sampled_from((date.min, date.max)))
HELD = st.lists(
    st.builds(
        Contract, reference=st.sampled_from(NUMBERS), title=st.just("x"), parent=st.sampled_from(("", *NUMBERS)),
        start=DAYS, end=DAYS, value=st.one_of(st.none(), st.decimals(0, 10**10, places=2)),
        sme=st.sampled_from((None, True, False)), vcse=st.sampled_from((None, True, False)),
        sme_share=st.one_of(st.none(), st.decimals(0, 100, places=1)),
        area=st.sampled_from(("", "Countywide", "Oldmere")),
        delivered_by=st.sampled_from(("", "In-house", "Provider")),
        subcontractor_terms=st.sampled_from(("", "30 days")),
    ),
    max_size=4, unique_by=lambda one: one.key,
).map(lambda found: [Held(one) for one in found])  # fmt: skip
DISTRICTS = st.dictionaries(st.sampled_from(("a", "b", "c")), st.frozensets(st.sampled_from(("Oldmere", "Wexcombe"))))


@tried(150)
@given(HELD, DISTRICTS)
def test_the_supply_chain_adds_up_whatever_the_register_says(found: list[Held], of: dict[str, frozenset[str]]) -> None:
    day = date(2026, 11, 20)
    said = supply(found, Where(of, frozenset({"Oldmere", "Wexcombe"})), day)
    assert sum(said.districts.values(), Shares()) == said.whole
    live = [one for one in found if one.state(day) is State.IN_FORCE]
    assert said.whole.contracts + said.left.contracts == len(live), "each is counted, or said to be left out, once"
    for sector in (said.whole.sme, said.whole.vcse):
        assert 0 <= sector.pence + sector.passed + sector.unsaid <= said.whole.pence
        assert sector.contracts + sector.unsaid_contracts <= said.whole.contracts
