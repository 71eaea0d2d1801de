"""Every setting, in one place. All have a default but the secret key and what a switched-on channel needs."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from datetime import date
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from knowledge.parties import is_email
from knowledge.slack_channels import Mode

PREFIX = "DESK_"
PLAIN = ("DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "PORT")
"""The settings that go by their usual names."""
SHORTEST_KEY = 16
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class SettingsError(Exception):
    """Settings that do not do. Its text is a list for people, a line a setting."""


def _plain(name: str) -> Any:
    return AliasChoices(name, name.lower())


class Settings(BaseSettings):
    """What an administrator can set, by environment variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, case_sensitive=False)

    home: Path = Field(Path(".desk"), description="Folder of the record and the search index.")
    url: str = Field("", description="Public address of the desk, for links: https://desk.example.org")
    ocid_prefix: Annotated[str, Field(pattern="^ocds-[a-z0-9]{6}$")] = Field(
        "ocds-desk00", description="What identifiers of the council's contracting processes begin with; the one that "
        "ships is registered to nobody.",
    )  # fmt: skip
    secret_key: SecretStr = Field(
        SecretStr(""), description=f"Signs sessions and forms; {SHORTEST_KEY} characters or more."
    )
    council: str = Field("the council", description="The council's name as people say it.")
    buyers: str = Field(
        "",
        description="The council as feeds write it, for telling its notices from others': names and buyer numbers "
        "with semicolons between them. Without it, DESK_COUNCIL.",
    )
    out_of_hours: Annotated[str, Field(max_length=200)] = Field(
        "", description='Whom to ring when somebody is at risk: "01632 960 123". Members read it beside 999.'
    )
    contact: str = Field(
        "", description="E-mail address for whoever has trouble with the pages, or wants something in another format."
    )
    data_protection: str = Field(
        "", description="E-mail address of the council's data protection officer, for the privacy notice."
    )
    closure_days: str = Field(
        "", description="Days on which the council is closed besides bank holidays: 2026-12-29,2026-12-30."
    )
    ending_within: Annotated[int, Field(ge=1, le=120)] = Field(
        18, description="Months before its end from which on a contract needs an intention to follow it."
    )
    review_days: Annotated[int, Field(ge=1, le=366)] = Field(
        30, description="Days before a contract's review from which its manager is reminded of it."
    )
    pattern_concerns: Annotated[int, Field(ge=2, le=100)] = Field(
        3, description="Concerns on one contract of which its manager and director are told together."
    )
    pattern_days: Annotated[int, Field(ge=1, le=366)] = Field(
        30, description="Days within which these concerns are raised."
    )
    questions_kept: Annotated[int, Field(ge=1, le=3_650)] = Field(
        90, description="Days for which the words of a question about the papers are kept, and who asked it."
    )
    concerns_kept: Annotated[int, Field(ge=1, le=240)] = Field(
        12, description="Months after a concern is closed for which what was written in it is kept, and its files."
    )
    drafts_kept: Annotated[int, Field(ge=1, le=30)] = Field(
        1, description="Days for which a concern that is written and not raised is kept."
    )
    conversations_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        14, description="Days for which a conversation is kept, so that one can ask on."
    )
    incoming_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days for which it is kept that a message came in, and one that could not be handled."
    )
    notifications_kept: Annotated[int, Field(ge=7, le=3_650)] = Field(
        90, description="Days after which of a notification only kind, recipient and times are left, no place in Slack."
    )
    unconfirmed_kept: Annotated[int, Field(ge=1, le=90)] = Field(
        7, description="Days for which an alert is kept that nobody has confirmed."
    )
    addresses_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        28, description="Days after its last alert ended for which an address is kept, and what it asked for."
    )
    postings_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        28, description="Days for which a provider's posting is kept once it is refused, taken back or closed."
    )
    links_kept: Annotated[int, Field(ge=1, le=30)] = Field(1, description="Days for which a sign-in link is kept.")
    backups_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        35, description="Days for which the council keeps a backup of the desk: the desk cannot delete it."
    )
    undo_kept: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days for which a file taken in can be undone; for so long what was there before is kept."
    )
    enquiry_days: Annotated[int, Field(ge=1, le=60)] = Field(
        2, description="Working days within which officers answer a question that is passed on to them."
    )
    officers_channel: Annotated[str, Field(pattern="^([CG][A-Z0-9]{2,30})?$")] = Field(
        "", description="Id of the Slack channel in which officers are told of questions for a person, C...; without "
        "one, each officer on the people list is.",
    )  # fmt: skip
    service_levels: str = Field(
        "", description="A file of service levels; without one, those that ship (knowledge/data/service_levels.toml)."
    )
    packs: str = Field(
        "kent", description="The pack of digest, outlines and vocabulary: a name that ships, or a folder."
    )
    demo: bool = Field(
        False, description="A demonstration: the page offers a choice of role. Never with Slack or PostgreSQL."
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    web_workers: Annotated[int, Field(ge=1, le=32)] = Field(2, description="Processes of the web server.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    max_question: Annotated[int, Field(ge=100, le=100_000)] = Field(4_000, description="Characters of a question.")
    max_file_bytes: Annotated[int, Field(ge=1_000)] = Field(50_000_000, description="Bytes of a file to index.")
    max_pages: Annotated[int, Field(ge=1)] = Field(3_000, description="Pages of a PDF to index.")
    max_read_seconds: Annotated[float, Field(gt=0)] = Field(60.0, description="Seconds one file may take to read.")
    max_read_memory: Annotated[int, Field(ge=100_000_000)] = Field(
        1_500_000_000, description="Bytes of memory a reader may take."
    )
    max_unpacked_bytes: Annotated[int, Field(ge=1_000)] = Field(300_000_000, description="Bytes a DOCX may unpack to.")
    questions_per_minute: Annotated[int, Field(ge=1)] = Field(
        30, description="Questions a minute from one web address."
    )
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        0, description="Reverse proxies in front of the web server."
    )
    smtp_host: str = Field("", description="The council's mail server; without one, no e-mail is sent.")
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = Field(587, description="Its port.")
    smtp_user: str = Field("", description="The name to log in with there, where it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password to that name.")
    smtp_security: str = Field("starttls", description="starttls, tls, or none (only with a mail server on 127.0.0.1).")
    mail_from: str = Field(
        "", description="Whom e-mails come from: an address, or a name and <address>. Needed with DESK_SMTP_HOST."
    )
    notify_key: SecretStr = Field(
        SecretStr(""), description="An API key of GOV.UK Notify: e-mail goes by it, and not by the mail server."
    )
    notify_template: str = Field(
        "", description="Id of its template, with ((subject)), ((body)) and ((links)). Needed with DESK_NOTIFY_KEY."
    )
    notify_reply_to: str = Field("", description="Id of the reply-to address there, where not the service's own.")
    notify_token: SecretStr = Field(
        SecretStr(""), description=f"What Notify shows at /receipts/notify; {SHORTEST_KEY} characters or more."
    )
    notify_url: str = Field(
        "https://api.notifications.service.gov.uk", description="Where Notify is; another address only for tests."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description=f"What Prometheus shows at /metrics; {SHORTEST_KEY} characters or more. Without one, nothing is "
        "told there.",
    )
    webhook_loopback: bool = Field(
        False, description="Webhooks may go to 127.0.0.1, by http too: only for trying them out, never with Slack."
    )

    notices_url: str = Field(
        "https://www.find-tender.service.gov.uk", description="Where Find a Tender is; another address only for tests."
    )
    notices_since: str = Field(
        "", description="Day from which the first poll takes notices: 2026-04-01; without one, two days back."
    )
    notices_every: Annotated[int, Field(ge=0, le=10_080)] = Field(
        0, description="Minutes between two polls by the worker; 0: it does not poll."
    )
    notices_secret: SecretStr = Field(
        SecretStr(""), description="whsec_..., what senders sign /notices with; several with commas while they change."
    )
    max_notices_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = Field(
        1_000_000, description="Bytes that one sending to /notices may have."
    )

    database_url: SecretStr = Field(
        SecretStr(""),
        validation_alias=_plain("DATABASE_URL"),
        description="PostgreSQL's address, postgresql+psycopg://...; without one, SQLite under DESK_HOME.",
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""), validation_alias=_plain("SLACK_BOT_TOKEN"), description="xoxb-..., from the Slack app's page."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), validation_alias=_plain("SLACK_APP_TOKEN"), description="xapp-..., for Socket Mode (desk slack)."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""),
        validation_alias=_plain("SLACK_SIGNING_SECRET"),
        description="For Slack over HTTP (/slack/events).",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        validation_alias=_plain("SLACK_API_URL"),
        description="Where Slack's Web API is; another address only for tests.",
    )
    slack_client_id: str = Field("", description="The Slack app's client ID: switches signing in with Slack on.")
    slack_client_secret: SecretStr = Field(
        SecretStr(""), description="The Slack app's client secret, for signing in with Slack."
    )
    slack_team: Annotated[str, Field(pattern="^([TE][A-Z0-9]{2,30})?$")] = Field(
        "", description="Id of the council's workspace, T...: people of any other are not signed in."
    )
    slack_issuer: str = Field(
        "https://slack.com", description="Who vouches for people signing in with Slack; another only for tests."
    )
    slack_mode: Mode = Field(
        Mode.ALL, description="What the desk answers in Slack channels of which nobody has said anything else: all, "
        "documents (questions about the papers only) or off.",
    )  # fmt: skip
    port: Annotated[int, Field(ge=1, le=65_535)] = Field(
        8000, validation_alias=_plain("PORT"), description="Port of the web server."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` hands over counts, so that it can be tested and nothing slips in."""
        return (init_settings,)

    @field_validator("url")
    @classmethod
    def _https(cls, value: str) -> str:
        return _address(value.rstrip("/"), "DESK_URL") if value else value

    @field_validator("slack_api_url")
    @classmethod
    def _api(cls, value: str) -> str:
        return _address(value, "SLACK_API_URL").rstrip("/") + "/"

    @field_validator("slack_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        return _address(value.rstrip("/"), "DESK_SLACK_ISSUER")

    @field_validator("notices_url")
    @classmethod
    def _feed(cls, value: str) -> str:
        return _address(value.rstrip("/"), "DESK_NOTICES_URL")

    @field_validator("notify_url")
    @classmethod
    def _notify(cls, value: str) -> str:
        return _address(value.rstrip("/"), "DESK_NOTIFY_URL")

    @field_validator("notify_key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(rf".+-{_UUID}-{_UUID}", value.get_secret_value()):
            raise ValueError("is an API key as Notify shows it once: its name, and twice 36 characters")
        return value

    @field_validator("notify_template", "notify_reply_to")
    @classmethod
    def _id(cls, value: str) -> str:
        if value and not re.fullmatch(_UUID, value.strip()):
            raise ValueError("is an id as Notify shows it, 36 characters long")
        return value.strip()

    @field_validator("notices_since")
    @classmethod
    def _day(cls, value: str) -> str:
        if len(_dates(value)) > 1:
            raise ValueError("is one day like 2026-04-01")
        return value

    @field_validator("notices_secret")
    @classmethod
    def _signing(cls, value: SecretStr) -> SecretStr:
        if not all(map(_is_signing_secret, _parts(value.get_secret_value()))):
            raise ValueError("is whsec_ and base64 of 16 bytes or more; several with commas")
        return value

    @field_validator("secret_key", "notify_token", "metrics_token")
    @classmethod
    def _long(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"is shorter than {SHORTEST_KEY} characters")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.lower() not in ("debug", "info", "warning", "error"):
            raise ValueError("is one of debug, info, warning, error")
        return value.lower()

    @field_validator("out_of_hours")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("is one line of text")
        return value.strip().rstrip(".")

    @field_validator("contact", "data_protection")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not is_email(value.strip()):
            raise ValueError("is one e-mail address")
        return value.strip()

    @field_validator("closure_days")
    @classmethod
    def _days(cls, value: str) -> str:
        _dates(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not text.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("begins with postgresql+psycopg:// or sqlite:///")
        return value

    @field_validator("smtp_security")
    @classmethod
    def _security(cls, value: str) -> str:
        if value.lower() not in ("starttls", "tls", "none"):
            raise ValueError("is one of starttls, tls, none")
        return value.lower()

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        name, address = parseaddr(value)
        try:
            given = Address(name, addr_spec=address) if address else None
        except (ValueError, IndexError, MessageError):
            given = None
        if value and (given is None or not given.domain or not value.isprintable() or not address.isascii()):
            raise ValueError("is an address, or a name and <address>")
        return value

    @property
    def closures(self) -> frozenset[date]:
        """The days on which the council is closed besides bank holidays."""
        return _dates(self.closure_days)

    @property
    def notices_first(self) -> date | None:
        """The day from which the first poll takes notices, where one is set."""
        return next(iter(_dates(self.notices_since)), None)

    @property
    def notices_secrets(self) -> tuple[str, ...]:
        """What sendings to /notices may be signed with."""
        return _parts(self.notices_secret.get_secret_value())

    @property
    def store_url(self) -> str:
        """SQLAlchemy's address of the record."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.home / 'record.db').resolve()}"

    @property
    def index_path(self) -> Path:
        """This machine's search index of the documents."""
        return self.home / "index.db"

    @property
    def register_index_path(self) -> Path:
        """This machine's search index of the register."""
        return self.home / "register-index.db"

    @property
    def signs_in_with_slack(self) -> bool:
        """Whether people can sign in on the web with Slack."""
        return bool(self.slack_client_id) and not self._sign_in_problems()

    def _sign_in_problems(self) -> list[str]:
        given = {
            "DESK_SLACK_CLIENT_SECRET": self.slack_client_secret.get_secret_value(),
            "DESK_SLACK_TEAM": self.slack_team,
            "DESK_URL": self.url,
        }
        missing = [name for name, value in given.items() if not value] if self.slack_client_id else []
        return [f"{name}: is needed to sign in with Slack, where DESK_SLACK_CLIENT_ID is set" for name in missing]

    def problems(self) -> list[str]:
        """Settings that do not fit together."""
        found = self._sign_in_problems()
        if self.demo and self.slack_bot_token.get_secret_value():
            found.append("DESK_DEMO: the choice of role cannot be on where SLACK_BOT_TOKEN is set")
        if self.demo and self.store_url.startswith("postgresql"):
            found.append("DESK_DEMO: the choice of role cannot be on where DATABASE_URL names PostgreSQL")
        if self.notices_every and not self.buyers and self.council == type(self).model_fields["council"].default:
            found.append("DESK_BUYERS: is needed with DESK_NOTICES_EVERY, or DESK_COUNCIL: whose notices to take")
        if self.webhook_loopback and self.slack_bot_token.get_secret_value():
            found.append("DESK_WEBHOOK_LOOPBACK: webhooks to this machine cannot be on where SLACK_BOT_TOKEN is set")
        return found + self._mail_problems()

    def _mail_problems(self) -> list[str]:
        found = []
        if self.notify_key.get_secret_value() and not self.notify_template:
            found.append("DESK_NOTIFY_TEMPLATE: is needed where DESK_NOTIFY_KEY is set")
        if self.smtp_host and not self.mail_from:
            found.append("DESK_MAIL_FROM: is needed where DESK_SMTP_HOST is set")
        if self.smtp_host and self.smtp_security == "none" and not _loopback(self.smtp_host):
            found.append("DESK_SMTP_SECURITY: none only with a mail server on 127.0.0.1: letters would go in the clear")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            found.append("DESK_SMTP_USER: goes together with DESK_SMTP_PASSWORD")
        return found


def _dates(value: str) -> frozenset[date]:
    """The days of a list with commas. Raises ValueError, naming the first that is none."""
    found = set()
    for text in filter(None, (part.strip() for part in value.split(","))):
        day = _date(text)
        if day is None or day.isoformat() != text:
            raise ValueError(f"{text!r} is not a day like 2026-12-29")
        found.add(day)
    return frozenset(found)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _parts(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in value.split(","))))


def _is_signing_secret(text: str) -> bool:
    key = text.removeprefix("whsec_")
    try:
        return key != text and len(base64.b64decode(key + "=" * (-len(key) % 4), validate=True)) >= SHORTEST_KEY
    except ValueError:
        return False


def _address(value: str, name: str) -> str:
    parts = urlsplit(value)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError(f"is an https address (http only on 127.0.0.1), not {value!r}")
    return value


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return field.upper() if field.upper() in PLAIN else PREFIX + field.upper()


def shown(value: object) -> str:
    """A setting as it may be shown: a secret masked, and so a password within an address."""
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    return re.sub(r"(?<=://)([^/@\s:]*):[^/@\s]+@", r"\1:********@", str(value))


def load_settings(environment: Mapping[str, str] | None = None, needs: tuple[str, ...] = ()) -> Settings:
    """The settings of this environment. `needs`: fields this command cannot do without. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    known = {variable(field): field for field in Settings.model_fields}
    given, wrong = {}, []
    for name, value in environment.items():
        if name in known:
            if value != "":
                given[known[name]] = value
        elif name.startswith(PREFIX):
            wrong.append(f"{name}: there is no such setting{_nearest(name, list(known))}")
    try:
        settings = Settings(**_aliased(given))
    except ValidationError as error:
        wrong += [f"{variable(_field(e['loc']))}: {_reason(e['msg'])}" for e in error.errors()]
        raise SettingsError("\n".join(sorted(wrong))) from None
    for field in needs:
        value = getattr(settings, field)
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            wrong.append(f"{variable(field)}: is needed here. {Settings.model_fields[field].description}")
    wrong += settings.problems()
    if wrong:
        raise SettingsError("\n".join(sorted(wrong)))
    return settings


def _aliased(given: dict[str, str]) -> dict[str, Any]:
    return {name.upper() if name.upper() in PLAIN else name: value for name, value in given.items()}


def _field(where: tuple[int | str, ...]) -> str:
    return str(where[0]).lower() if where else ""


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")


def _nearest(name: str, known: list[str]) -> str:
    from rapidfuzz import process

    best = process.extractOne(name, known, score_cutoff=75)
    return f" (did you mean {best[0]}?)" if best else ""
