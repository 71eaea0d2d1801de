"""The papers to go live with (docs/): what they name is there, what they promise is the code's, and the guides'
examples are answered as they say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cast
import pytest
from processes import ROOT
from test_browser import Seat, browser, demo, demo_home, nothing_found, play
from test_house import commands_and_more
from werkzeug.exceptions import HTTPException

from bot.settings import Settings, variable
from bot.wiring import Wiring
from handlers.desk import Desk
from handlers.dispatch import handle
from handlers.messages import Message
from knowledge.models import Role
from knowledge.retention.periods import Periods
from knowledge.retention.rules import RULES, STAYS
from knowledge.tables import metadata
from webhooks import create_app

DOCS = ROOT / "docs"
HANDBOOK = sorted((DOCS / "handbook").glob("*.md"))
PAPERS = sorted(set(DOCS.rglob("*.md")) - set(HANDBOOK))
GUIDES = sorted((DOCS / "guides").glob("*.md"))
NAMES = [str(path.relative_to(DOCS)) for path in PAPERS]
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
"""When the guides' examples were asked: what is coming has not come yet."""

__all__ = ["browser", "demo", "demo_home", "play"]

every_paper = pytest.mark.parametrize("name", NAMES)
every_guide = pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def code(name: str) -> list[str]:
    """What stands between backticks in a paper."""
    return re.findall(r"`([^`\n]+)`", read(name))


def rows(text: str, columns: int) -> list[list[str]]:
    """The rows of the tables that have so many columns, headings and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns]


# --- what is named is there ---------------------------------------------------------------------------------------


def test_the_papers_are_there() -> None:
    assert {"data-protection.md", "algorithmic-transparency.md", "security.md", "accessibility.md"} <= set(NAMES)
    assert [path.stem for path in GUIDES] == ["managers", "members", "officers", "providers"]


@every_paper
def test_every_command_named_is_one(name: str) -> None:
    known = set(commands_and_more())
    for text in code(name):
        if text.startswith("desk "):
            words = re.findall(r"^desk ([a-z]+)(?: ([a-z]+)\b(?!\.))?", text)
            assert words, text
            group, below = words[0]
            assert group in known, text
            if any(one.startswith(f"{group} ") for one in known) and below:
                assert f"{group} {below}" in known, text


@every_paper
def test_every_option_named_is_taken(name: str) -> None:
    from importlib import import_module

    from bot.commands import MODULES

    for text in code(name):
        if not text.startswith("desk ") or "--" not in text:
            continue
        words = text.split()
        command = getattr(import_module(f"bot.commands.{MODULES[words[1]]}"), words[1].replace("-", "_"))
        if len(words) > 2 and words[2] in getattr(command, "commands", {}):
            command = command.commands[words[2]]
        taken = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", text)) <= taken, text


@every_paper
def test_every_setting_named_is_one(name: str) -> None:
    known = {variable(field) for field in Settings.model_fields}
    named = {one for text in code(name) for one in re.findall(r"\b(?:DESK|SLACK|DATABASE)_[A-Z_]+\b", text)}
    assert named - known - {"DESK_MAX_"} == set()


@every_paper
def test_every_page_named_is_one(name: str, wiring: Wiring) -> None:
    pages = create_app(wiring).url_map.bind("localhost")
    for text in code(name):
        if re.fullmatch(r"/[a-z][\w./-]*", text) and text != "/desk":
            answered = [method for method in ("GET", "POST") if _answers(pages, text, method)]
            assert answered, text


def _answers(pages: object, path: str, method: str) -> bool:
    try:
        endpoint, given = pages.match(path, method=method)  # type: ignore[attr-defined]
    except HTTPException:
        return False
    return ("path" not in str(given) and "reference" not in given) or endpoint.endswith("calendar")


@every_paper
def test_every_file_and_test_named_is_there(name: str) -> None:
    for text in code(name):
        if not re.fullmatch(r"(?:knowledge|handlers|bot|webhooks|tests)/[\w./-]+(?:::\w+)?", text):
            continue
        path, _, test = text.partition("::")
        assert (ROOT / path).exists(), text
        if test:
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), text
    for module in (text.split()[2] for text in code(name) if text.startswith("python -m ")):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module


@every_paper
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(name)):
        assert not target.startswith(("/", "http:")), target
        if not target.startswith("https://"):
            assert ((DOCS / name).parent / target.partition("#")[0]).is_file(), target


def test_the_readme_leads_to_every_paper() -> None:
    linked = set(re.findall(r"\]\(docs/([^)#\s]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert linked == {*NAMES, *(f"handbook/{page.name}" for page in HANDBOOK)}


@pytest.mark.parametrize("page", HANDBOOK, ids=lambda page: page.stem)
def test_the_handbooks_links_lead_somewhere(page: Path) -> None:
    for to, heading in re.findall(r"\]\(([^)#:\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8")):
        if to == "https":
            continue
        told = (page.parent / to if to else page).read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)$", told, re.M)
        }
        assert not heading or heading in headings, (to, heading)


@every_paper
def test_nothing_is_of_one_machine(name: str) -> None:
    assert not re.search(r"localhost|/(?:tmp|home|Users|root)/|127\.0\.0\.1:\d", read(name))
    assert max(len(line) for line in read(name).splitlines() if not line.startswith("|")) <= 120


# --- what is promised is the code's -------------------------------------------------------------------------------


def test_the_retention_table_is_the_codes() -> None:
    kept = [
        [rule.what, ", ".join(f"`{one}`" for one in rule.where), Periods().words(rule.name), rule.since,
         f"`{rule.setting}`"]
        for rule in RULES
    ]  # fmt: skip
    assert [row for row in rows(read("data-protection.md"), 5) if row[4].endswith("_KEPT`")] == kept


def test_what_stays_is_the_codes() -> None:
    text = read("data-protection.md").partition("| what stays |")[2].partition("\n\n")[0]
    stays = [[one.what, ", ".join(f"`{where}`" for where in one.where) or "a file", one.why] for one in STAYS]
    assert rows(text, 3)[-len(STAYS) :] == stays


def test_the_age_of_backups_is_the_codes() -> None:
    assert f"(default {Periods().backups})" in read("data-protection.md")


def test_every_place_of_the_table_is_in_the_record() -> None:
    for place in (place for one in (*RULES, *STAYS) for place in one.where):
        table, _, column = place.partition(".")
        assert table in metadata.tables, place
        if column:
            assert column in metadata.tables[table].c, place


def held() -> Iterator[tuple[str, float, float, str]]:
    """Figures that a test holds: what, measured, bar, which test."""
    for what, _, measured, bar, by in rows(read("algorithmic-transparency.md"), 5):
        if "::" in by:
            yield what, float(measured), float(bar), by.strip("`")


@pytest.mark.parametrize(("what", "measured", "bar", "by"), list(held()))
def test_a_figure_is_within_the_bar_that_its_test_holds(what: str, measured: float, bar: float, by: str) -> None:
    path, _, test = by.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == test)
    numbers = {one.value for one in ast.walk(found) if isinstance(one, ast.Constant) and isinstance(one.value, float)}
    assert bar in numbers, "another bar than the paper's"
    assert measured <= bar if what.startswith(("answered though", "alarm")) else measured >= bar


def test_figures_that_no_test_holds_are_said_to_be_measured_only_and_when() -> None:
    text = read("algorithmic-transparency.md")
    figures = [row for row in rows(text, 5) if re.fullmatch(r"0\.\d+", row[2])]
    assert len(figures) >= 12
    assert {row[4] for row in figures if "::" not in row[4]} == {"measured only"}
    assert "Measured on 21 November 2026" in text


def test_the_paper_on_accessibility_agrees_with_the_page(wiring: Wiring) -> None:
    page = create_app(wiring).test_client().get("/accessibility").get_data(as_text=True)
    paper = read("accessibility.md")
    for said in ("partially compliant", "WCAG 2.2", "1.3.1", "10 working days", "21 November 2026"):
        assert said in re.sub(r"\s+", " ", paper), said
        assert said.removeprefix("WCAG ") in page, said


def test_what_the_statement_says_of_every_page_holds_on_a_phone(play: type[Seat]) -> None:
    seat = play(320)
    seat.be("Priya Venn, contract manager")
    for path in ("/checklists", "/concerns"):  # reports: test_report_browser.py
        nothing_found(seat.open(path), path)
        assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


# --- guides -------------------------------------------------------------------------------------------------------


@every_guide
def test_a_guide_is_a_page(path: Path) -> None:
    assert 30 <= len(path.read_text(encoding="utf-8").splitlines()) <= 60
    assert "What the desk never does" in path.read_text(encoding="utf-8")


WHO = {
    "members": ("imran.thackley@example.org", Role.MEMBER),
    "managers": ("priya.venn@example.org", Role.MANAGER),
    "officers": ("daniel.frome@example.org", Role.OFFICER),
    "providers": ("", Role.PROVIDER),
}
"""Who of the sample council asks the examples of a guide."""


def examples() -> Iterator[tuple[str, str, str]]:
    """Of every guide what somebody writes, and what the desk is to say."""
    for path in GUIDES:
        found = path.read_text(encoding="utf-8").split("| you write | the desk says |\n|---|---|\n")[1:]
        for table in found:
            for asked, said in rows(table.partition("\n\n")[0], 2):
                yield path.stem, asked, said


@pytest.fixture(scope="module")
def shown(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration's desk, on the day of the papers."""
    home = cast.copy_home(demonstration, tmp_path_factory.mktemp("docs") / "desk")
    made = Wiring(cast.settings(home))
    yield replace(made.desk, now=lambda: NOW)
    made.store.close()


def test_each_guide_has_examples() -> None:
    guides = [guide for guide, _, _ in examples()]
    assert min(guides.count(guide) for guide in WHO) >= 5


@pytest.mark.parametrize(("guide", "asked", "said"), list(examples()))
def test_an_example_is_answered_as_the_guide_says(guide: str, asked: str, said: str, shown: Desk) -> None:
    address, role = WHO[guide]
    message = Message(
        text=asked, roles=frozenset({role}), addresses=(address,) if address else (), thread=f"docs:{asked}"
    )
    reply = re.sub(r"\s+", " ", handle(message, shown).model_dump_json())
    assert [part for part in said.split(" … ") if part not in reply] == []
