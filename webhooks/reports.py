"""Reports on the web, for people who signed in: what there is for them, the report, and the report as a file."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import Blueprint, Response, abort, render_template, request, send_file
from sqlalchemy.engine import Connection

from bot.reports import FOLDER, STYLE, as_csv, as_html, shorten
from handlers.reports.making import contracts_of, make, past_year, subtitle
from handlers.reports.nouns import About, Report, Wish
from handlers.reports.seeing import (
    ALL,
    NoSuchReport,
    account_for,
    may_see,
    may_see_committee,
    seen_contracts,
)
from knowledge.register.holding import contracts
from knowledge.reports.nouns import Period
from webhooks.presses import message_of
from webhooks.safety import current_wiring, limiter, public, signed_in
from webhooks.visitors import visitor

blueprint = Blueprint("reports", __name__, template_folder=str(FOLDER))
blueprint.add_app_template_filter(shorten)

_FILES = {"html": (as_html, "text/html"), "csv": (as_csv, "text/csv")}


@blueprint.get("/reports")
@signed_in
def listing() -> str:
    """The reports this visitor may see."""
    desk, message = current_wiring().desk, message_of()
    if not may_see_committee(message):
        abort(404)
    with desk.store.reading() as connection:
        mine = seen_contracts(message, connection, desk)
        departments = _departments(connection)
    suppliers = {one.contract.supplier.strip() for one in mine} - {""} if visitor().roles & ALL else set()
    return render_template(
        "reports.html", contracts=sorted((one.contract for one in mine), key=lambda one: one.title.casefold()),
        providers=sorted(suppliers, key=str.casefold), directorates=departments, period=past_year(desk.day),
    )  # fmt: skip


@blueprint.get("/reports/committee")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def committee() -> str | Response:
    """The report to a committee: `?directorate=`, `from` and `to` as days."""
    return _page(About.COMMITTEE, request.args.get("directorate", "").strip())


@blueprint.get("/reports/contract/<path:reference>")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def contract(reference: str) -> str | Response:
    """The report on a contract."""
    return _page(About.CONTRACT, reference)


@blueprint.get("/reports/provider/<path:name>")
@limiter.limit(lambda: f"{current_wiring().settings.questions_per_minute}/minute")
@signed_in
def provider(name: str) -> str | Response:
    """The report on a provider, by its name in the register."""
    return _page(About.PROVIDER, name)


@blueprint.get("/reports.css")
@public
def style() -> Response:
    """How reports look."""
    return send_file(STYLE, mimetype="text/css")


def _page(about: About, subject: str) -> str | Response:
    """A report, or as a file (`?as=html`, `?as=csv`). To whoever may not see it, it does not exist."""
    desk = current_wiring().desk
    kind = request.args.get("as", "")
    if kind and kind not in _FILES:
        abort(404)
    made = _made(Wish(about=about, subject=subject, period=_period(desk.day)), exported=bool(kind))
    if kind:
        return _file(made, kind)
    with desk.store.reading() as connection:
        departments = _departments(connection)
    return render_template("report.html", report=made, subtitle=subtitle(made), directorates=departments)


def _made(wish: Wish, *, exported: bool) -> Report:
    """The report, accounted for."""
    desk, message = current_wiring().desk, message_of()
    with desk.store.reading() as connection:
        try:
            held = contracts_of(connection, wish)
        except NoSuchReport:
            abort(404)
        if not may_see(wish, held, message, connection, desk):
            abort(404)
        made = make(wish, connection, desk)
    with desk.store.writing() as connection:
        account_for(wish, held, connection, desk, next(iter(message.addresses), ""), exported=exported)
    return made


def _period(today: date) -> Period:
    """The days asked for; the past year where they are none, or make no period."""
    last = _day("to") or today
    first = _day("from") or past_year(last).first
    return Period(first, last) if first <= last else past_year(last)


def _day(name: str) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(request.args.get(name, ""))
        return found if 2000 <= found.year <= 2100 else None
    return None


def _departments(connection: Connection) -> list[str]:
    found = {one.contract.department.strip() for one in contracts(connection)} - {""}
    return sorted(found, key=str.casefold)


def _file(report: Report, kind: str) -> Response:
    """The report as a file to keep."""
    draw, type = _FILES[kind]
    body = draw(report)
    answer = Response(body.encode("utf-8-sig" if kind == "csv" else "utf-8"), mimetype=type)
    name = f"report-{report.wish.about}-{report.wish.period.last.isoformat()}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
