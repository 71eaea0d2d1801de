"""How the world calls in: the only Flask. One blueprint a module, every route authenticated or declared public."""

from __future__ import annotations

from flask import Flask

from bot.wiring import Wiring
from knowledge.away import StoreError
from knowledge.people import require_contacts


def create_app(wiring: Wiring | None = None) -> Flask:
    """The web application. Without a wiring it reads its settings from the environment, as gunicorn calls it.

    Raises PeopleError without a triage and a safeguarding contact: what is raised on its pages must reach somebody.
    Where the record does not answer nothing is known of them: the application comes up, and /readyz says what is wrong.
    """
    from bot.logs import set_up_logs
    from bot.settings import load_settings
    from webhooks import (
        administration,
        alert_endpoints,
        alerts,
        alerts_change,
        alerts_confirm,
        alerts_manage,
        alerts_mine,
        alerts_stop,
        answers,
        audit,
        chat,
        checklists,
        concerns,
        demonstration,
        described,
        documents,
        feeds,
        health,
        import_jobs,
        imports,
        inbox,
        links,
        new_concern,
        notices,
        opportunities,
        planning,
        presses,
        receipts,
        replies,
        reports,
        reviews,
        safety,
        sign_in,
        sign_in_slack,
        slack,
        statements,
        timeline,
    )

    if wiring is None:
        settings = load_settings(needs=("secret_key",))
        set_up_logs(settings.log_level)
        wiring = Wiring(settings)
    _require_contacts(wiring)
    app = Flask(__name__)
    safety.protect(app, wiring)
    app.extensions["wiring"] = wiring
    pages = (
        answers, audit, chat, checklists, concerns, documents, feeds, health, inbox, links, new_concern, notices,
        opportunities, planning, receipts, reports, reviews, sign_in, sign_in_slack, slack, statements, timeline,
        alerts, alerts_change, alerts_confirm, alerts_manage, alerts_mine, alerts_stop, alert_endpoints, administration,
        imports, import_jobs, described,
    )  # fmt: skip
    for module in (*pages, demonstration, presses, replies):
        app.register_blueprint(module.blueprint)
    slack.connect(app, wiring)
    timeline.connect(app)
    sign_in_slack.connect(app, wiring)
    return app


def _require_contacts(wiring: Wiring) -> None:
    try:
        store = wiring.store
    except StoreError:
        return
    require_contacts(store)
