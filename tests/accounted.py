"""What every command, route, move and writing function accounts for in the audit, or why it accounts for nothing.

`test_accounted.py` walks the code and fails for one that is not here: whoever adds one says which it is. A deed stands
with the module in which it is accounted for; a reason is a sentence.
"""

from __future__ import annotations

from typing import NamedTuple

from knowledge.audit import Deed
from knowledge.concerns.nouns import Move


class Kept(NamedTuple):
    """The deed that is accounted for, and where."""

    deed: Deed
    where: str


PUBLIC = "It shows what anybody, or whoever holds a paper's access, may read, and nothing about a person."
REPLIES = "What it shows comes of a reply, and those that show a concern's text are accounted for where replies are."
LISTS = "It lists what the council itself brought, to whoever has the machine and the record on it."
STANDING = "It says how things stand by references and dates, without anything anybody wrote."
OWN = "It is its owner's own doing with what is theirs, which says itself when."
WORKING = "It is the desk's own working (queues, leases, clocks, links), which changes nothing anybody said."
FORM = "It shows an empty form."
MASKED = "It shows what was asked of the papers, in words masked of people when they were written down."
BESIDE = "What it changes is accounted for by what it calls."
SAID = "It shows what was sent to its reader, by references and dates."
INVENTED = "It is about the invented council of the demonstration."
FIGURES = "It shows figures, dates and what a review found, and nothing that was written in a concern."
REHEARSED = "It is tried in a record in which nothing stays, and shown to whoever is about to do it."
ADMINISTERED = "It shows administrators what they brought or may bring, and changes nothing in the record."

_CHANGED, _IMPORTED, _SAW, _MOVED, _EXPORTED = Deed.CHANGED, Deed.IMPORTED, Deed.SAW, Deed.MOVED, Deed.EXPORTED
_EVENTS = Kept(_MOVED, "knowledge/concerns/record.py")
_TEXT = Kept(_SAW, "handlers/accounting.py")
_ENQUIRY = Kept(_CHANGED, "handlers/questions/settling.py")
_ENDPOINT = Kept(_CHANGED, "handlers/endpoints.py")
_SUBSCRIPTION = Kept(_CHANGED, "bot/commands/subscription_moves.py")
_SETTINGS = Kept(_CHANGED, "knowledge/settings_kept.py")
_TIMELINE = Kept(_CHANGED, "bot/commands/timeline.py")
_TAKEN = Kept(_IMPORTED, "knowledge/takings/record.py")
_PUT_BACK = Kept(Deed.UNDID, "knowledge/takings/record.py")
_HANDED_OUT = Kept(_EXPORTED, "handlers/subjects/exporting.py")
_LOOKED_FOR = Kept(_SAW, "handlers/subjects/exporting.py")
_ERASED_CONCERN = Kept(Deed.ERASED, "knowledge/subjects/concern_erasing.py")
_ERASED_PERSON = Kept(Deed.ERASED, "knowledge/subjects/person_erasing.py")
_CLEARED = Kept(Deed.CLEARED, "knowledge/retention/running.py")
_CLEARED_CONCERN = Kept(Deed.CLEARED, "knowledge/retention/concerns.py")
_REVIEWED = Kept(_CHANGED, "knowledge/reviews/recording.py")
_NOT_REVIEWED = Kept(Deed.UNDID, "knowledge/reviews/recording.py")
_REPORT = Kept(_SAW, "handlers/reports/seeing.py")
_REPORT_FILE = Kept(_EXPORTED, "handlers/reports/seeing.py")
_NOT_THEIRS = Kept(Deed.REFUSED, "handlers/accounting.py")
_INTENTION = Kept(_CHANGED, "handlers/intentions/keeping.py")
_POSTING = Kept(_CHANGED, "handlers/postings/deciding.py")
_NOTICES = Kept(_IMPORTED, "bot/notices.py")
_POLL = Kept(_IMPORTED, "bot/polling.py")


MOVES: dict[Move, Kept | str] = {
    **dict.fromkeys(Move, _EVENTS),
    Move.FOLLOW: Kept(_MOVED, "handlers/concerns/commands.py"),
}

COMMANDS: dict[str, Kept | str] = {
    **dict.fromkeys(("ask", "chat", "checklist"), REPLIES),
    "index": _TAKEN,
    "documents": PUBLIC,
    "documents remove": Kept(_CHANGED, "knowledge/library.py"),
    "digest": LISTS,
    "digest import": Kept(_IMPORTED, "bot/commands/digest.py"),
    "digest retire": Kept(_CHANGED, "bot/commands/digest.py"),
    "vocabulary": LISTS,
    "vocabulary add": Kept(_IMPORTED, "bot/commands/vocabulary.py"),
    "vocabulary import": Kept(_IMPORTED, "bot/commands/vocabulary.py"),
    "vocabulary remove": Kept(_CHANGED, "bot/commands/vocabulary.py"),
    "evaluate": "It asks a set of questions of its own, and nothing of that is kept.",
    "people": LISTS,
    "people import": _TAKEN,
    "register": LISTS,
    "register import": _TAKEN,
    "register show": LISTS,
    "register correct": Kept(_CHANGED, "bot/commands/register.py"),
    "register problems": LISTS,
    "register gaps": LISTS,
    "register export": Kept(_EXPORTED, "bot/commands/register.py"),
    "register supply": FIGURES,
    "timeline": PUBLIC,
    "timeline import": _TAKEN,
    **dict.fromkeys(("timeline list", "timeline show", "timeline template"), PUBLIC),
    "timeline problems": LISTS,
    "timeline poll": _POLL,
    **dict.fromkeys(("timeline ending", "timeline clashes"), LISTS),
    **dict.fromkeys(("timeline change", "timeline withdraw", "timeline restore"), _TIMELINE),
    "subscribe": Kept(_CHANGED, "bot/commands/subscribing.py"),
    **dict.fromkeys(("subscriptions", "subscriptions show"), LISTS),
    **dict.fromkeys(
        ("subscriptions confirm", "subscriptions pause", "subscriptions resume", "subscriptions end"), _SUBSCRIPTION
    ),
    "subscriptions confirm-link": Kept(_EXPORTED, "bot/commands/subscription_moves.py"),
    **dict.fromkeys(("subscriptions suppress", "subscriptions allow"), Kept(_CHANGED, "bot/commands/suppression.py")),
    "places": LISTS,
    "places import": _TAKEN,
    "imports": LISTS,
    "imports undo": _PUT_BACK,
    "route": "It says where a made-up message would go, and keeps nothing of it.",
    "concern raise": _EVENTS,
    "concern list": STANDING,
    "concern show": _TEXT,
    "concern move": _EVENTS,
    "concern export": _HANDED_OUT,
    "concern erase": _ERASED_CONCERN,
    "person export": _HANDED_OUT,
    "person erase": _ERASED_PERSON,
    "person find": _LOOKED_FOR,
    "retention": "It says what is kept how long, and nothing of what is kept.",
    "retention run": _CLEARED,
    "review list": FIGURES,
    "review record": _REVIEWED,
    "review undo": _NOT_REVIEWED,
    **dict.fromkeys(("report committee", "report contract", "report provider"), _REPORT),
    "questions": MASKED,
    "enquiries": MASKED,
    "enquiry show": Kept(_SAW, "handlers/questions/settling.py"),
    **dict.fromkeys(("enquiry claim", "enquiry give-back", "enquiry answer", "enquiry drop"), _ENQUIRY),
    "enquiry teach": Kept(_CHANGED, "handlers/questions/answering.py"),
    **dict.fromkeys(("why", "treatment", "assurance", "status", "notifications"), STANDING),
    "providers": LISTS,
    "providers import": Kept(_IMPORTED, "bot/commands/providers.py"),
    "providers unreachable": Kept(_CHANGED, "bot/commands/providers.py"),
    "endpoints": LISTS,
    **dict.fromkeys(("endpoints add", "endpoints rotate", "endpoints end"), _ENDPOINT),
    "endpoints test": WORKING,
    "channels": Kept(_CHANGED, "bot/commands/slack_channels.py"),
    "check": STANDING,
    **dict.fromkeys(("serve", "slack", "work"), _SETTINGS),
    "demo": INVENTED,
    "migrate": "It changes how the record is kept, and nothing that it says.",
    "move": Kept(_EXPORTED, "bot/commands/copying.py"),
    "backup": Kept(_EXPORTED, "bot/commands/backups.py"),
    "restore": Kept(_IMPORTED, "knowledge/copying/restore.py"),
    "settings": "It shows settings, secrets masked, to whoever can read them anyway.",
    "audit": Kept(_SAW, "handlers/auditing.py"),
}
"""Every command as one types it. Groups that do nothing of themselves are not here."""

ROUTES: dict[str, Kept | str] = {
    **dict.fromkeys(
        (
            "alerts.start",
            "alerts.go_on",
            "alerts_change.page",
            "alerts_change.change",
            "alerts_confirm.page",
            "alerts_confirm.press",
            "alerts_manage.page",
            "alerts_manage.press",
            "alerts_mine.page",
            "alerts_mine.send",
            "alerts_stop.page",
            "alerts_stop.press",
            "alerts_stop.again_page",
            "alerts_stop.again",
            "alert_endpoints.page",
        ),
        OWN,
    ),
    "administration.page": "It shows settings, secrets masked, to administrators, who start the desk with them.",
    "alert_endpoints.press": _ENDPOINT,
    "answers.page": Kept(_SAW, "handlers/concerns/answering.py"),
    "answers.send": _EVENTS,
    "audit.listing": Kept(_SAW, "handlers/auditing.py"),
    **dict.fromkeys(("chat.page", "chat.ask", "chat.do"), REPLIES),
    "chat.contracts_csv": Kept(_EXPORTED, "handlers/register.py"),
    "chat.enquiries": MASKED,
    **dict.fromkeys(("chat.new", "chat.role"), OWN),
    **dict.fromkeys(
        ("checklists.begin", "checklists.listing", "checklists.markdown", "checklists.page", "checklists.press"), OWN
    ),
    "concerns.card": _TEXT,
    "concerns.file": _TEXT,
    "concerns.listing": STANDING,
    "concerns.press": _EVENTS,
    "described.openapi": PUBLIC,
    **dict.fromkeys(("documents.listing", "documents.viewer"), PUBLIC),
    **dict.fromkeys(("feeds.changes", "feeds.csv", "feeds.diary", "feeds.ocds", "feeds.one"), PUBLIC),
    **dict.fromkeys(("health.alive", "health.ready", "metrics.page", "status.page"), STANDING),
    "import_jobs.columns": REHEARSED,
    **dict.fromkeys(("import_jobs.drop", "import_jobs.page", "imports.listing"), ADMINISTERED),
    "import_jobs.take": _TAKEN,
    **dict.fromkeys(("imports.send", "imports.undo"), REHEARSED),
    "inbox.of_providers": INVENTED,
    "inbox.page": SAID,
    "links.page": "It shows what a link would do, by reference.",
    "links.press": _EVENTS,
    "new_concern.page": FORM,
    **dict.fromkeys(("new_concern.press", "new_concern.write"), _EVENTS),
    "notices.take": _NOTICES,
    "opportunities.decide": _POSTING,
    **dict.fromkeys(("opportunities.form", "planning.form"), FORM),
    **dict.fromkeys(("opportunities.own", "opportunities.post", "opportunities.press"), OWN),
    "opportunities.waiting_list": "It shows what is about to be published, to those who decide about it.",
    **dict.fromkeys(("planning.clashes", "planning.ending"), LISTS),
    "planning.write": _INTENTION,
    "receipts.from_notify": WORKING,
    **dict.fromkeys(("reports.committee", "reports.contract", "reports.provider"), _REPORT),
    "reports.listing": "It lists the reports there are for its reader, and shows none.",
    "reports.style": PUBLIC,
    **dict.fromkeys(("reviews.listing", "reviews.page"), FIGURES),
    "reviews.press": _REVIEWED,
    **dict.fromkeys(("sign_in.ask", "sign_in.link", "sign_in.page", "sign_in_slack.start"), WORKING),
    "sign_in.out": OWN,
    "sign_in.use_link": Kept(Deed.SIGNED_IN, "webhooks/sign_in.py"),
    "sign_in_slack.back": Kept(Deed.SIGNED_IN, "webhooks/sign_in_slack.py"),
    "slack.events": REPLIES,
    **dict.fromkeys(("statements.accessibility", "statements.privacy"), PUBLIC),
    **dict.fromkeys(("timeline.intention", "timeline.listing"), PUBLIC),
}
"""Every route by its endpoint."""

WRITERS: dict[str, Kept | str] = {
    "webhooks/alerts.py:_ask": OWN,
    "webhooks/alerts_change.py:change": OWN,
    "webhooks/alerts_confirm.py:press": OWN,
    "webhooks/alerts_manage.py:press": OWN,
    "webhooks/alerts_mine.py:send": OWN,
    "webhooks/alerts_stop.py:press": OWN,
    "webhooks/alerts_stop.py:again": OWN,
    "webhooks/administration.py:_account_for_trying": _NOT_THEIRS,
    "webhooks/audit.py:listing": _NOT_THEIRS,
    "webhooks/import_jobs.py:new_owner": "It gives whoever sends a file their number.",
    "webhooks/reports.py:_made": _REPORT_FILE,
    "webhooks/sessions.py:forget_conversation": OWN,
    "webhooks/sign_in.py:use_link": Kept(Deed.SIGNED_IN, "webhooks/sign_in.py"),
    "webhooks/sign_in.py:_send_link": WORKING,
    "webhooks/sign_in_slack.py:back": Kept(Deed.SIGNED_IN, "webhooks/sign_in_slack.py"),
    "bot/channels/webhook.py:send": WORKING,
    "bot/channels/webhook.py:_failed": WORKING,
    "bot/commands/assuring.py:assurance": WORKING,
    "bot/commands/digest.py:import_": COMMANDS["digest import"],
    "bot/commands/digest.py:retire_": COMMANDS["digest retire"],
    "bot/commands/imports.py:undo_": _PUT_BACK,
    "bot/commands/people.py:import_": COMMANDS["people import"],
    "bot/commands/places.py:import_": COMMANDS["places import"],
    "bot/commands/providers.py:import_": COMMANDS["providers import"],
    "bot/commands/providers.py:unreachable": COMMANDS["providers unreachable"],
    "bot/commands/register.py:import_": COMMANDS["register import"],
    "bot/commands/register.py:correct_": COMMANDS["register correct"],
    "bot/commands/register.py:export": COMMANDS["register export"],
    "bot/commands/reporting.py:_made": _REPORT_FILE,
    "bot/commands/reviews.py:undo": _NOT_REVIEWED,
    "bot/commands/slack_channels.py:_set": COMMANDS["channels"],
    "bot/commands/subscribing.py:_made": COMMANDS["subscribe"],
    "bot/commands/subscription_moves.py:confirm_link": COMMANDS["subscriptions confirm-link"],
    "bot/commands/subscription_moves.py:_moved": _SUBSCRIPTION,
    "bot/commands/suppression.py:suppress": COMMANDS["subscriptions suppress"],
    "bot/commands/suppression.py:allow": COMMANDS["subscriptions allow"],
    "bot/commands/timeline.py:import_": COMMANDS["timeline import"],
    "bot/commands/timeline.py:_moved": _TIMELINE,
    "bot/commands/backups.py:backup": Kept(_EXPORTED, "bot/commands/backups.py"),
    "bot/commands/copying.py:_move": Kept(_EXPORTED, "bot/commands/copying.py"),
    "bot/commands/vocabulary.py:remove": COMMANDS["vocabulary remove"],
    "bot/commands/vocabulary.py:_take": COMMANDS["vocabulary import"],
    "bot/feeds/asking.py:_turn": WORKING,
    "bot/feeds/asking.py:_rest": WORKING,
    "bot/feeds/asking.py:_sleep": WORKING,
    "bot/feeds/poller.py:_take_page": _POLL,
    "bot/feeds/poller.py:_claim": WORKING,
    "bot/feeds/poller.py:_let_go": WORKING,
    "bot/importing/reading.py:_do": _TAKEN,
    "bot/links.py:_number": WORKING,
    "bot/notices.py:take_read": _NOTICES,
    "bot/receipts.py:_is_ours": WORKING,
    "bot/sample.py:load_sample": INVENTED,
    "bot/sample_concerns.py:load_year": INVENTED,
    "bot/settings_kept.py:account_for_settings": _SETTINGS,
    "handlers/accounting.py:saw_text": _TEXT,
    "handlers/accounting.py:saw_written": _TEXT,
    "handlers/accounting.py:paper": _TEXT,
    "handlers/auditing.py:page": Kept(_SAW, "handlers/auditing.py"),
    "handlers/auditing.py:everything": Kept(_EXPORTED, "handlers/auditing.py"),
    "handlers/checklists.py:open_one": OWN,
    "handlers/checklists.py:_tick": OWN,
    "handlers/checklists.py:_delete": OWN,
    "handlers/concerns/answering.py:asked": Kept(_SAW, "handlers/concerns/answering.py"),
    "handlers/concerns/answering.py:answer": _EVENTS,
    "handlers/concerns/commands.py:new_concern": "It keeps its writer's own draft, for a day.",
    "handlers/concerns/commands.py:follow": Kept(_MOVED, "handlers/concerns/commands.py"),
    "handlers/concerns/moving.py:move": _EVENTS,
    "handlers/concerns/proposing.py:offer": "It keeps its writer's own draft, for a day.",
    "handlers/concerns/raising.py:raise_draft": _EVENTS,
    "handlers/concerns/raising.py:raise_at_risk": _EVENTS,
    "handlers/concerns/raising.py:raise_told_danger": "It keeps its writer's own draft, which another raises.",
    "handlers/concerns/showing.py:show": Kept(Deed.REFUSED, "handlers/accounting.py"),
    "handlers/dispatch.py:_remember": OWN,
    "handlers/ended_endpoints.py:give_up": WORKING,
    "handlers/endpoints.py:add": _ENDPOINT,
    "handlers/endpoints.py:_tried": WORKING,
    "handlers/endpoints.py:rotate": _ENDPOINT,
    "handlers/endpoints.py:end": _ENDPOINT,
    "handlers/endpoints.py:subscribe": OWN,
    "handlers/intentions/keeping.py:_new": _INTENTION,
    "handlers/intentions/keeping.py:_try": _INTENTION,
    "handlers/journeys.py:_hold": "It keeps its writer's own draft, for a day.",
    "handlers/postings/deciding.py:_publish": _POSTING,
    "handlers/postings/deciding.py:_refuse": _POSTING,
    "handlers/postings/posting.py:new": OWN,
    "handlers/postings/posting.py:change": OWN,
    "handlers/postings/posting.py:take_back": OWN,
    "handlers/questions/asking.py:ask_person": OWN,
    "handlers/questions/rating.py:_write": OWN,
    "handlers/questions/reviewing.py:_with_one": Kept(_CHANGED, "handlers/questions/reviewing.py"),
    "handlers/questions/settling.py:with_one": _ENQUIRY,
    "handlers/questions/writing.py:_number": OWN,
    "handlers/receipts.py:_settle": WORKING,
    "handlers/parking.py:park_event": WORKING,
    "handlers/register.py:download": Kept(_EXPORTED, "handlers/register.py"),
    "handlers/retention.py:erase_restored": _ERASED_CONCERN,
    "handlers/retention.py:rehearse": "It is tried in a record in which nothing stays, and only counted.",
    "handlers/retention.py:run": _CLEARED,
    "handlers/reviews/recording.py:_with_contract": _REVIEWED,
    "handlers/slack_channels.py:_set": Kept(_CHANGED, "handlers/slack_channels.py"),
    "handlers/subjects/erasing.py:erase_concern": _ERASED_CONCERN,
    "handlers/subjects/erasing.py:erase_person": _ERASED_PERSON,
    "handlers/subjects/exporting.py:export_concern": _HANDED_OUT,
    "handlers/subjects/exporting.py:export_person": _HANDED_OUT,
    "handlers/subjects/exporting.py:find": _LOOKED_FOR,
    "handlers/subscriptions/filling.py:_begun": OWN,
    "handlers/subscriptions/filling.py:change": OWN,
    "handlers/subscriptions/minding.py:_ended": Kept(_CHANGED, "handlers/subscriptions/minding.py"),
    "handlers/subscriptions/minding.py:_moved": OWN,
    "handlers/subscriptions/proposing.py:offer": OWN,
    "handlers/subscriptions/starting.py:start": OWN,
    "handlers/subscriptions/starting.py:no": OWN,
    "handlers/subscriptions/starting.py:follow": OWN,
    "handlers/subscriptions/starting.py:confirm": OWN,
    "handlers/ticking.py:_tick_one": _EVENTS,
    "handlers/ticking.py:tell_parked": WORKING,
    "handlers/timed.py:_run": _CLEARED_CONCERN,
    "handlers/undelivered.py:undeliverable": _EVENTS,
}
"""Every function outside `knowledge` that opens a transaction which writes."""

READERS: dict[str, Kept | str] = {
    "handlers/concerns/showing.py": _TEXT,
    "handlers/concerns/answering.py": Kept(_SAW, "handlers/concerns/answering.py"),
    "handlers/concerns/twins.py": "It compares texts, and shows none.",
    "handlers/subjects/exporting.py": _HANDED_OUT,
    "handlers/telling/__init__.py": _TEXT,
    "handlers/accounting.py": _TEXT,
}
"""Every module outside `knowledge` that reads what people wrote in a concern, or the files kept with one."""
