"""What an administrator and an officer do, with words planted in all of it: files with bad rows, exports and erasures,
copies, reports, questions passed on, reviews, postings, endpoints. For test_logs.py."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from processes import run_desk

RUTH, SUNITA = "ruth.calloway@example.org", "sunita.marwood@example.org"
PRIYA, DOREEN = "priya.venn@example.org", "doreen.haspell@example.org"
HOOK = "https://hooks.xylophone.example.org/marzipan-0123456789"
PASSWORD = "glockenspiel-of-the-record"
FILES = {
    "register.csv": "Reference,Title,Supplier,Value,Contract manager email\n"
    "MCC-0002,Zanzibar home care,Flugelhorn Ltd,lots of marzipan,quillfeather@\n,Bumblebroth,,,\n",
    "places.csv": "place,district\nZanzibar,North\nZanzibar,Marzipan,South,=1+1\n,,\n",
    "people.csv": "email,slack_id,role,name\nquillfeather at example,U1,member,Mrs Quillfeather\n,,bumblebroth,\n",
    "providers.csv": "provider,email\nFlugelhorn Ltd,xylophone at nowhere\nMarzipan Ltd,xylophone@firm.example.org\n",
    "timeline.csv": "reference,title,starts\nINT-9001,Zanzibar flugelhorn,the day of marzipan\n,,\n",
    "timeline.json": '{"releases": [{"ocid": "zanzibar", "tender": {"title": 7, "value": "marzipan"}}, 5]}',
    "paper.md": "# Of the flugelhorn\n\n## 1 Zanzibar\n\nMrs Quillfeather eats marzipan at noon.\n",
    "broken.pdf": "%PDF-1.7 flugelhorn bumblebroth",
    "broken.xlsx": "PK\x03\x04 flugelhorn bumblebroth",
    "broken.json": '{"flugelhorn": ',
}  # fmt: skip
"""By name, what stands in them: bad rows, or all of it bad."""


def written(folder: Path) -> Path:
    """The files, in a folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="latin-1")
    return folder


COMMANDS = (
    ("register", "import", "register.csv"), ("register", "import", "broken.xlsx"), ("places", "import", "places.csv"),
    ("people", "import", "people.csv", "--dry-run"), ("providers", "import", "providers.csv"),
    ("timeline", "import", "timeline.csv"), ("timeline", "import", "timeline.json"),
    ("timeline", "import", "broken.json"), ("index", "paper.md", "broken.pdf"),
    ("digest", "import", "broken.json"), ("vocabulary", "import", "broken.json"),
    ("status",), ("status", "--json"), ("notifications", "--json"), ("check",),
    ("person", "find", "Quillfeather"), ("person", "export", DOREEN, "--out", "doreen.zip"),
    ("concern", "show", "C-0001", "--as", PRIYA), ("concern", "export", "C-0001", "--out", "concern.zip"),
    ("report", "committee", "--html", "report.html"), ("report", "provider", "Flugelhorn Ltd"),
    ("review", "record", "MCC-0010", "--outcome", "met", "--next", "2027-12-01", "--as", SUNITA),
    ("review", "record", "MCC-0002", "--outcome", "partly", "--changes", "Ring xylophone@example.org", "--as", DOREEN),
    ("enquiry", "answer", "E-1", "--as", RUTH, "--text", "It is in the flugelhorn of Zanzibar."),
    ("enquiry", "teach", "E-1", "--as", RUTH), ("enquiries",), ("questions",), ("assurance",),
    ("endpoints", "add", HOOK, "--owner", "xylophone@carefirm.example.org"), ("endpoints", "test", "1"),
    ("endpoints", "rotate", "1"), ("subscribe", "home care in Zanzibar", "--email", DOREEN),
    ("backup", "copy.zip"), ("backup", "copy.db"), ("restore", "broken.pdf"), ("restore", "copy.db"),
    ("move", "sqlite:///second/record.db", f"postgresql+psycopg://bassoon:{PASSWORD}@127.0.0.1:9/marzipan"),
    ("retention", "run", "--dry-run"), ("retention", "run"),
    ("concern", "erase", "C-0001", "--yes"), ("person", "erase", DOREEN, "--yes"),
)  # fmt: skip


def run_all(environment: Mapping[str, str], folder: Path) -> dict[str, int]:
    """Runs them all, and keeps in commands.log what they log: not the lines that are for whoever typed them. Gives how
    each ended."""
    ended: dict[str, int] = {}
    for words in COMMANDS:
        elsewhere = {"DESK_HOME": str(folder / "second")} if words[0] in ("restore", "move") else {}
        done = run_desk({**environment, **elsewhere}, *words, cwd=written(folder))
        ended[" ".join(words)] = done.returncode
        assert done.returncode in (0, 1), (words, done.stderr)
        assert PASSWORD not in done.stdout + done.stderr, words
        assert not re.search(r"\[(?:debug|info|warning|error|critical) +\]", done.stdout), (words, done.stdout)
        with (folder / "commands.log").open("a", encoding="utf-8") as log:
            log.writelines(f"{line}\n" for line in done.stderr.splitlines() if is_logged(line))
    return ended


def is_logged(line: str) -> bool:
    """Whether a line is one of the log, or what it must never be: a traceback's."""
    return line.startswith("{") or "Traceback" in line or line.startswith('  File "')


def as_form(fields: Mapping[str, str], name: str, content: str) -> tuple[bytes, str]:
    """A form with a file in it, and its type."""
    mark = "xxMARKxx"
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{one}"\r\n\r\n{it}\r\n' for one, it in fields.items()]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="flugelhorn-{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n{content}\r\n--{mark}--\r\n"
    )
    return "".join(parts).encode("latin-1"), f"multipart/form-data; boundary={mark}"


KINDS = {
    "register": "register.csv", "places": "places.csv", "people": "people.csv", "timeline": "timeline.csv",
    "documents": "paper.md", "": "broken.pdf",
}  # fmt: skip
POSTING = {
    "kind": "sub-contract", "provider": "Flugelhorn Ltd", "title": "Night sitting in Zanzibar",
    "description": "Two nights a week, with marzipan.", "service": "Home care", "area": "Gullhaven",
    "value": "£20k to £40k", "closes": "15/01/2027", "vcse": "yes", "contact_email": "xylophone@carefirm.example.org",
    "email": "xylophone@carefirm.example.org", "contract": "MCC-0002",
}  # fmt: skip


def envelopes(texts: list[str]) -> list[dict[str, object]]:
    """Socket Mode's, of events' bodies; and what is not one."""
    given: list[dict[str, object]] = [
        {"type": "events_api", "envelope_id": f"E{number}", "payload": json.loads(body)}
        for number, body in enumerate(texts)
    ]
    broken = {"type": "events_api", "envelope_id": "E90", "payload": {"event": {"type": "message", "user": ["x"]}}}
    return [*given, broken, {"type": "flugelhorn", "envelope_id": "E91", "payload": {"text": "Quillfeather"}}]
