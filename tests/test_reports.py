"""Reports: what is counted, who may see it, that it is accounted for, and that it names nobody."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from council import CARE, DOREEN, HELEN, IMRAN, MONDAY, PRIYA, ROADS, RUTH, TOM, Council
from flask import Flask

from bot.reports import as_csv, as_html, as_json
from bot.sample_concerns import load_year
from bot.wiring import Wiring
from handlers.messages import Message
from handlers.reports.making import contracts_of, make, past_year
from handlers.reports.nouns import About, Report, Wish
from handlers.reports.seeing import NoSuchReport, may_see
from knowledge.models import Role
from knowledge.register.holding import contract, contracts
from knowledge.reports.counting import count
from knowledge.reports.days import london_day, working_days
from knowledge.reports.nouns import Fixed, Kind, Period, Scope, Timely, median
from knowledge.reviews import Finding, record
from knowledge.store import Store
from knowledge.supply.gathering import gather
from knowledge.tables import audit, concern
from knowledge.workdays import Calendar

YEAR = past_year(MONDAY.date())


FIELDS = {"text": "the carer has not come three mornings running", "contract": CARE, "at_risk": "no"}


def counted(council: Council) -> Counter[Kind]:
    period = Period(YEAR.first, YEAR.last + timedelta(days=30))
    with council.store.reading() as connection:
        return Counter(count(connection, Scope(period), council.desk.calendar, council.desk.now()).kinds)


def only(council: Council) -> Kind:
    """The kind of the one concern there is."""
    (kind,) = counted(council)
    return kind


def test_a_concern_keeps_the_district_of_the_place_it_names(council: Council) -> None:
    council.raised(text="the carer hasn't come to an old chap in Gullhaven three mornings running")
    assert only(council).district == "Brenmouth"


def test_every_way_of_raising_keeps_the_district(council: Council) -> None:
    """Typed and pressed, by the form with its place apart, by danger told at once, by an officer for a Member."""
    reply = council.say(DOREEN, "the carer hasn't come to an old chap in Gullhaven three mornings running")
    council.press(DOREEN, "raise", next(one.about for one in reply.choices if one.action == "raise"))
    council.raised(text="the carer never came to an old lady, twice this week", place="Gullhaven")
    council.say(DOREEN, "an old chap in Gullhaven is lying on the floor, his carer hit him and he is bleeding")
    council.raised(RUTH, text="the carer was two hours late in Gullhaven once more", member=DOREEN)
    assert Counter(kind.district for kind in counted(council).elements()) == {"Brenmouth": 4}


def test_where_no_place_is_named_it_is_the_members_division_also_when_an_officer_enters_it(council: Council) -> None:
    council.send(DOREEN, action="new_concern", division="Pellingarth Town", fields=FIELDS)
    council.raised(RUTH, text="meals came cold and late to a housebound lady for a week", member=IMRAN)
    assert sorted(kind.district for kind in counted(council)) == ["Brenmouth", "Pellingarth"]


def test_a_concern_that_goes_to_another_contract_stays_in_its_district(council: Council) -> None:
    reference = council.raised()
    council.press(PRIYA, "pass_on", reference, contract=ROADS)
    kind = only(council)
    assert (kind.contract, kind.district) == (ROADS.lower(), "Brenmouth")


def test_a_new_concern_is_neither_in_time_nor_late(council: Council) -> None:
    council.raised()
    kind = only(council)
    assert (kind.contract, kind.ended, kind.reopened, kind.fixed) == (CARE.lower(), "open", False, Fixed.NOT_ASKED)
    assert (kind.acknowledged, kind.answered) == (Timely.PENDING, Timely.PENDING)


def test_what_nobody_acknowledged_or_answered_in_time_is_late(council: Council) -> None:
    council.raised()
    council.clock = MONDAY + timedelta(days=25)
    kind = only(council)
    assert (kind.acknowledged, kind.answered) == (Timely.LATE, Timely.LATE)


def test_an_answer_in_time_counts_as_an_acknowledgement_too(council: Council) -> None:
    reference = council.raised()
    council.clock += timedelta(hours=1)
    council.press(PRIYA, "close", reference, outcome="explained", text="The rota was short and is full again.")
    kind = only(council)
    assert (kind.acknowledged, kind.answered, kind.ended) == (Timely.IN_TIME, Timely.IN_TIME, "explained")


def test_a_concern_that_was_late_once_stays_late_when_it_is_opened_again(council: Council) -> None:
    reference = council.raised()
    council.until(MONDAY + timedelta(days=25))
    council.press(PRIYA, "close", reference, outcome="put_right", text="It is mended.")
    council.press(DOREEN, "not_fixed", reference, text="It is not.")
    council.press(PRIYA, "close", reference, outcome="put_right", text="Now it is.")
    council.press(DOREEN, "put_right", reference)
    kind = only(council)
    assert (kind.acknowledged, kind.answered) == (Timely.LATE, Timely.LATE)
    assert (kind.reopened, kind.fixed) == (True, Fixed.YES)


def test_days_are_londons_on_either_engine(store: Store) -> None:
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    winter = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    with store.reading() as connection:
        for at, day in ((moment, "2026-07-02"), (winter, "2026-12-01")):
            written = sa.literal(at, sa.DateTime(timezone=True))
            asked = london_day(connection, written, date(2026, 1, 1), date(2026, 12, 31))
            assert connection.execute(sa.select(asked)).scalar() == day


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    numbers = working_days(Calendar(), date(2026, 12, 21), date(2027, 1, 5))
    assert numbers["2026-12-29"] - numbers["2026-12-24"] == 1, "Christmas, the weekend and Monday's bank holiday"


def test_the_middle_of_an_even_number_lies_between_two() -> None:
    assert median({1: 2, 4: 2}) == 2.5
    assert median({}) is None


def test_a_year_ends_on_its_day_in_leap_years_too() -> None:
    assert past_year(date(2028, 2, 29)) == Period(date(2027, 3, 1), date(2028, 2, 29))
    assert past_year(date(2028, 2, 28)) == Period(date(2027, 2, 28), date(2028, 2, 28))


# --- the sample council -------------------------------------------------------------------------------------------


@pytest.fixture
def year(marlshire: Wiring) -> Wiring:
    """The sample council with a year of concerns."""
    assert load_year(marlshire) > 400
    assert load_year(marlshire) == 0, "once is enough"
    return marlshire


def made(wiring: Wiring, about: About = About.COMMITTEE, subject: str = "") -> Report:
    with wiring.store.reading() as connection:
        return make(Wish(about=about, subject=subject, period=past_year(wiring.desk.day)), connection, wiring.desk)


def test_a_committees_report_has_its_tables_and_charts_and_says_what_it_leaves_out(year: Wiring) -> None:
    page = as_html(made(year))
    assert page.count("<svg role=") >= 6
    assert page.count("<caption>") >= 9
    assert "not shown" in page
    assert "fewer than five" in page
    assert [int(level) for level in re.findall(r"<h(\d)", page)][:3] == [1, 2, 2]
    assert not re.search(r"<script|https?://(?!www\.w3\.org/2000/svg)|style=", page)


def test_a_chart_shows_the_figures_of_its_table(year: Wiring) -> None:
    reports = (made(year), made(year, About.CONTRACT, CARE), made(year, About.PROVIDER, "Kindly Hours Care Ltd"))
    tables = [table for report in reports for section in report.sections for table in section.tables if table.chart]
    assert len(tables) > 12
    for table in tables:
        rows = {row[0].said: [cell.said.split(" (")[0] for cell in row[1:]] for row in table.rows}
        assert table.chart
        assert [bar.label for bar in table.chart.bars if bar.said not in rows[bar.label]] == [], table.name
        lengths = [bar.length for bar in table.chart.bars if bar.length is not None]
        assert all(0 <= length <= 1 for length in lengths)


def test_spend_in_a_report_is_what_the_register_says_of_its_contracts(year: Wiring) -> None:
    """All of it, and that of a contract: its value a year, with its provider's sort."""
    with year.store.reading() as connection:
        found = gather(contracts(connection), year.register.get(), year.desk.day)
    whole = as_json(made(year))["tables"]
    assert sum(row["pounds"] for row in whole["districts"][:-1]) == pytest.approx(found.whole.pence / 100, abs=1)
    assert [row["share"] for row in whole["sectors"]] == [
        pytest.approx(sector.pence / found.whole.pence, abs=1e-4) for sector in (found.whole.sme, found.whole.vcse)
    ]
    (small, _) = as_json(made(year, About.CONTRACT, CARE))["tables"]["sectors"]
    assert (small["contracts"], small["share"]) == (1, 1.0)


def test_sub_contractors_and_terms_are_only_counted_and_not_of_one_contract(year: Wiring) -> None:
    with year.store.reading() as connection:
        held = [one.contract for one in contracts(connection)]
    named = {name.strip() for one in held for name in one.subcontractors.split(";")} - {""}
    providers = {one.supplier.strip() for one in held}
    assert named - providers
    for about, subject in ((About.COMMITTEE, ""), (About.CONTRACT, ROADS), (About.PROVIDER, "Marlway Highways Ltd")):
        report = made(year, about, subject)
        page = as_html(report) + as_csv(report)
        assert [name for name in named - providers if name in page] == []
        assert ("chain" in as_json(report)["tables"]) == (about is About.COMMITTEE)


def test_reviews_are_told_without_what_was_written_in_them(year: Wiring) -> None:
    with year.store.writing() as connection:
        of = contract(connection, CARE)
        assert of
        record(connection, of.contract, Finding.PARTLY, "Rota to be redone", date(2027, 9, 30), year.desk.now())
    report = made(year, About.CONTRACT, CARE)
    (held,) = as_json(report)["tables"]["reviews_held"]
    assert (held["outcome"], held["next_on"]) == ("Outcomes partly met", "2027-09-30")
    assert "reviews_missed" not in as_json(report)["tables"]
    assert "Rota" not in as_html(report) + as_csv(report)


def test_no_report_names_anybody(year: Wiring) -> None:
    for report in (made(year), made(year, About.CONTRACT, CARE), made(year, About.PROVIDER, "Kindly Hours Care Ltd")):
        page = as_html(report) + as_csv(report) + str(as_json(report))
        assert "@" not in page.replace("@media", "").replace("@page", "")
        for name in ("Priya Venn", "Helen Straker", "Doreen", "Former"):
            assert name not in page


def test_no_number_by_contract_or_area_is_from_one_to_four(year: Wiring) -> None:
    tables = as_json(made(year))["tables"]
    for name in ("by_contract", "by_area", "by_service"):
        assert tables[name]
        for row in tables[name]:
            shown = [row[column] for column in ("concerns", "reopened") if row[column] is not None]
            assert [value for value in shown if 0 < value < 5] == []


def test_a_figure_in_a_file_is_no_formula(year: Wiring) -> None:
    with year.store.writing() as connection:
        connection.execute(sa.update(concern).values(district="=1+1"))
    rows = list(csv.reader(io.StringIO(as_csv(made(year)))))
    assert len(rows) > 50
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))] == []


def test_a_report_on_what_is_not_there_says_so(year: Wiring) -> None:
    for about, subject in ((About.CONTRACT, "MCC-9999"), (About.PROVIDER, "Nobody Ltd"), (About.COMMITTEE, "No such")):
        with pytest.raises(NoSuchReport):
            made(year, about, subject)


@pytest.mark.parametrize(
    ("who", "role", "sees"),
    [
        (RUTH, Role.OFFICER, "committee care roads provider"),
        (HELEN, Role.DIRECTOR, "committee care roads provider"),
        (PRIYA, Role.MANAGER, "committee care"),
        (TOM, Role.MANAGER, "committee roads"),
        (DOREEN, Role.MEMBER, "committee"),
        ("somebody@provider.example.org", Role.PROVIDER, ""),
    ],
)
def test_who_sees_which_report(marlshire: Wiring, who: str, role: Role, sees: str) -> None:
    message = Message(text="", roles=frozenset({role}), addresses=(who,))
    wanted = {
        "committee": (About.COMMITTEE, ""), "care": (About.CONTRACT, CARE), "roads": (About.CONTRACT, ROADS),
        "provider": (About.PROVIDER, "Kindly Hours Care Ltd"),
    }  # fmt: skip
    found = []
    with marlshire.store.reading() as connection:
        for name, (about, subject) in wanted.items():
            wish = Wish(about=about, subject=subject, period=YEAR)
            held = contracts_of(connection, wish)
            if may_see(wish, held, message, connection, marlshire.desk):
                found.append(name)
    assert " ".join(found) == sees


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in_first(app: Flask) -> None:
    for path in ("/reports", "/reports/committee", "/reports/contract/MCC-0002", "/reports/provider/x"):
        answer = app.test_client().get(path)
        assert (answer.status_code, "/sign-in" in answer.location) == (303, True)


def test_every_report_seen_or_taken_away_is_accounted_for(year: Wiring) -> None:
    from webhooks import create_app

    demo = Wiring(year.settings.model_copy(update={"demo": True}))
    app = create_app(demo)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as session:
        session["role"] = "officer"
    assert client.get("/reports").status_code == 200
    assert b"<svg" in client.get("/reports/committee?from=2026-01-01&to=nonsense").data
    assert client.get(f"/reports/contract/{CARE}").status_code == 200
    file = client.get("/reports/committee?as=csv")
    assert "attachment" in file.headers["Content-Disposition"]
    assert client.get("/reports/contract/MCC-9999").status_code == 404
    assert client.get("/reports/committee?as=exe").status_code == 404
    with demo.store.reading() as connection:
        rows = connection.execute(sa.select(audit).where(audit.c.kind == "report").order_by(audit.c.id)).all()
    assert [(row.deed, row.about, row.by is not None) for row in rows] == [
        ("saw", "committee", True), ("saw", f"contract:{CARE.lower()}", True), ("exported", "committee", True),
    ]  # fmt: skip
    demo.store.close()


def test_a_member_sees_the_committees_report_and_no_contracts(year: Wiring) -> None:
    from webhooks import create_app

    demo = Wiring(year.settings.model_copy(update={"demo": True}))
    client = create_app(demo).test_client()
    with client.session_transaction() as session:
        session["role"] = "member"
    assert client.get("/reports/committee").status_code == 200
    assert client.get(f"/reports/contract/{CARE}").status_code == 404
    assert client.get("/reports/provider/Kindly Hours Care Ltd").status_code == 404
    demo.store.close()
